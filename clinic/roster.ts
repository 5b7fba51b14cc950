// Who is in which clinic, and by which key a test calls them.
import { CEDAR } from './people/cedar.ts';
import { JUNIPER } from './people/juniper.ts';
import type { Mark, Person } from './people/person.ts';
import type { Options } from './rows.ts';

type ClinicName = Options['clinic'];

export const ROSTERS: Record<ClinicName, readonly Person[]> = { juniper: JUNIPER, cedar: CEDAR };

/** Keys of the charts that tests ask for by what is in them. The places are the same on both rosters. */
const WELL_KNOWN = {
  forty_labs: '15',
  long_note: '25',
  injection_note: '03',
  injection_reason: '12',
  spanish_note: '13',
  same_name: ['26', '31'],
  twins: ['23', '24'],
  duplicate: ['10', '32'],
  merged: '36',
  merged_into: '19',
  partial_birth_date: '34',
  deceased: '33',
  inactive: '08',
  hct_rising: '06',
  psa_rising: '07',
  labs_overdue: '09',
  unit_switch: '02',
  ifcc: '28',
  late_result: '05',
  haemolysed: '29',
  equation_switch: '29',
  true_decline: '30',
  biotin: '21',
  duplicate_ingredient: '20',
  lapsed_supply: '09',
  unknown_medication: '27',
  corrected_result: '06',
  visit_today: '31',
} as const;
type Known = keyof typeof WELL_KNOWN;
type Keys<K extends Known> = (typeof WELL_KNOWN)[K] extends string ? string : [string, string];

/** `knownKey('juniper', 'forty_labs')` is 'juniper-15'; `knownKey('juniper', 'same_name')` are the two John Smiths. */
export function knownKey<K extends Known>(clinic: ClinicName, known: K): Keys<K> {
  const places = WELL_KNOWN[known] as string | readonly string[];
  return (typeof places === 'string' ? `${clinic}-${places}` : places.map((place) => `${clinic}-${place}`)) as Keys<K>;
}

export function personOf(clinic: ClinicName, key: string): Person {
  const person = ROSTERS[clinic].find((each) => each.key === key);
  if (!person) throw new Error(`no ${key} on the roster of ${clinic}`);
  return person;
}

export function markedWith(clinic: ClinicName, mark: Mark): readonly Person[] {
  return ROSTERS[clinic].filter(({ marks }) => marks.includes(mark));
}

/** The person's place among those whom `same` puts together (a panel, an arc), from 0. */
export function rankOf(clinic: ClinicName, person: Person, same: (other: Person) => boolean): number {
  return ROSTERS[clinic].filter(same).findIndex(({ key }) => key === person.key);
}
