/** A payload of a kind that has no form of its own, in words: what its fields are called, and its codes, days and instants as people say them. */
import { day, minuteOf } from './times.ts';
import { labelWord } from './words.ts';

/** `Medication · Sig`; the first of a list is 1. */
export const labelAt = (path: string) =>
  path
    .replaceAll(/\.(\d+)/g, (_, at: string) => ` ${Number(at) + 1}`)
    .split('.')
    .map(labelWord)
    .join(' · ');

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const CODE = /^[a-z]+(_[a-z0-9]+)+$/;

/** `time_zone`: the clinic's. */
export function wordsOf(text: string, time_zone: string): string {
  if (INSTANT.test(text)) return minuteOf(text, time_zone);
  if (DAY.test(text)) return day(text);
  if (CODE.test(text)) return labelWord(text);
  if (text === 'true') return 'Yes';
  return text === 'false' ? 'No' : text;
}

const last = (path: string) => path.split('.').at(-1) ?? path;
/** The order in which people read them: the record keeps none. What is not named here comes after, as it came. */
const ORDER = [
  ...['given_name', 'middle_name', 'family_name', 'preferred_name', 'suffix', 'birth_date', 'sex', 'phone', 'phone_alternate', 'email'],
  ...[
    'address_line',
    'city',
    'state',
    'postal_code',
    'item_kind',
    'about',
    'test',
    'name',
    'specialty',
    'npi',
    'drug',
    'ingredient',
    'sig',
  ],
  ...[
    'quantity',
    'quantity_unit',
    'refills',
    'days_supply',
    'priority',
    'urgency',
    'due_on',
    'indication',
    'reason_icd10',
    'reason',
    'action',
  ],
];
const placeOf = (path: string) => (ORDER.includes(last(path)) ? ORDER.indexOf(last(path)) : ORDER.length);
export const inOrder = <T extends { path: string }>(rows: readonly T[]): T[] => rows.toSorted((a, b) => placeOf(a.path) - placeOf(b.path));

/** Warnings stand above what they are about. */
export const isWarning = (path: string) => /^warnings(\.|$)/.test(path);
/** What the record says, or what decides which record it is: a signature would refuse it, or pass over it, where a person had changed it. */
export const isOfTheRecord = (path: string) =>
  /^(warnings|allergies|not_the_same_as)(\.|$)|^lab\.(test|name)$/.test(path) ||
  /^(about|item_kind|patient|practitioner|kind|given)$/.test(last(path));

/** The codes of the fields that are one (src/domains). */
const PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;
const CHOICES: Record<string, readonly string[]> = {
  modality: ['in_person', 'telehealth'],
  urgency: PRIORITIES,
  priority: PRIORITIES,
  body_position: ['sitting', 'standing', 'supine'],
  setting: ['office', 'home', 'inpatient', 'emergency'],
  action: ['no_action', 'patient_called', 'message_sent', 'repeat_ordered', 'treatment_changed', 'referred'],
};
export const choicesAt = (path: string) => (Object.hasOwn(CHOICES, last(path)) ? CHOICES[last(path)] : undefined);
