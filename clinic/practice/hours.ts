// The weekly hours of each clinician: those of calendar.ts, and a few that were added on top.
import { dateOf, dayOf, weekdayOf } from '../days.ts';
import { diceOf, idOf } from '../random.ts';
import type { Options } from '../rows.ts';
import type { PractitionerHoursRow } from '../rows-practice.ts';
import { NURSE, tenantIdOf } from '../setting.ts';
import { type Clinician, SITES } from '../sites.ts';

/** Days before as_of on which this record begins (the connection's day, clinic.ts). */
export const BEGINS = 765;
const [OPENS, NOON, BACK, CLOSES, FRIDAY] = [480, 720, 780, 1080, 960] as const;

interface Spell {
  weekday: number;
  start: number;
  end: number;
  modality: PractitionerHoursRow['modality'];
  from_on: string;
  to_on: string | null;
}

/** Monday to Friday without the day off; an early hour since last summer, an evening by video, and one that begins only next month. */
export function hoursOf(options: Options): PractitionerHoursRow[] {
  const house = { seed: options.seed, tenant: options.clinic, patient: '' };
  return SITES[options.clinic].clinicians.flatMap((clinician, at) =>
    spellsOf(options, clinician, at).map((spell, n) => ({
      tenant_id: tenantIdOf(options),
      id: idOf(house, 'hours', `${at}.${n}`),
      practitioner_id: idOf(house, 'practitioner', at),
      weekday: spell.weekday,
      start_minute: spell.start,
      end_minute: spell.end,
      modality: spell.modality,
      from_on: spell.from_on,
      to_on: spell.to_on,
    })),
  );
}

function spellsOf(options: Options, { key, off }: Clinician, at: number): Spell[] {
  const today = dayOf(options.as_of);
  const house = { seed: options.seed, tenant: options.clinic, patient: '' };
  const begins = dateOf(today - BEGINS);
  const modality = at === NURSE ? 'in_person' : 'any';
  const days = [1, 2, 3, 4, 5].filter((weekday) => weekday !== off);
  const usual = days.flatMap((weekday): Spell[] => [
    { weekday, start: OPENS, end: NOON, modality, from_on: begins, to_on: null },
    { weekday, start: BACK, end: weekday === 5 ? FRIDAY : CLOSES, modality, from_on: begins, to_on: null },
  ]);
  const dice = diceOf(house)(`hours.${key}`);
  const other = dice.pick(days.filter((weekday) => weekday !== 5));
  const monday = today - ((weekdayOf(today) + 6) % 7);
  switch (at) {
    // Evenings by video, given up and taken up again on another day.
    case 2:
      return [
        ...usual,
        { weekday: other, start: 1110, end: 1200, modality: 'telehealth', from_on: dateOf(monday - 420), to_on: dateOf(monday - 143) },
        { weekday: other === 4 ? 2 : other + 1, start: 1110, end: 1200, modality: 'telehealth', from_on: dateOf(monday - 28), to_on: null },
      ];
    // Early blood draws from the next month but one on.
    case NURSE:
      return [
        ...usual,
        ...[2, 4].map((weekday): Spell => ({ weekday, start: 420, end: OPENS, modality, from_on: dateOf(monday + 28), to_on: null })),
      ];
    // An early hour one day a week, since about half a year.
    case 1:
      return [...usual, { weekday: other, start: 420, end: OPENS, modality: 'any', from_on: dateOf(monday - 182), to_on: null }];
    default:
      return usual;
  }
}
