// When a clinic is open and who may be seen when. Each patient owns one hour a day of the usual clinician (and a quarter of an hour of the nurse), dealt
// anew every day: so patients can be generated one by one and still nobody is booked twice.
import { type Day, dateOf, dayOf, nthWeekday, weekdayOf } from './days.ts';
import { diceOf } from './random.ts';

/** Start of each hour that a clinician sees patients, in minutes after midnight; 12:00–13:00 is lunch. */
export const HOURS = [480, 540, 600, 660, 780, 840, 900, 960, 1020] as const;
const LAST_HOUR_OF_FRIDAY = 900;

const years = new Map<number, ReadonlySet<Day>>();

/** US federal holidays (5 USC 6103), on the weekday they are observed. */
function holidaysOf(year: number): ReadonlySet<Day> {
  const known = years.get(year);
  if (known) return known;
  const observed = (date: string) => {
    const day = dayOf(date);
    const weekday = weekdayOf(day);
    if (weekday === 6) return day - 1;
    return weekday === 0 ? day + 1 : day;
  };
  const days = new Set([
    ...[`${year}-01-01`, `${year + 1}-01-01`, `${year}-06-19`, `${year}-07-04`, `${year}-11-11`, `${year}-12-25`].map(observed),
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    nthWeekday(year, 5, 1, -1),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 10, 1, 2),
    nthWeekday(year, 11, 4, 4),
  ]);
  years.set(year, days);
  return days;
}

export function isHoliday(day: Day): boolean {
  return holidaysOf(Number(dateOf(day).slice(0, 4))).has(day);
}

export function isWorkday(day: Day): boolean {
  const weekday = weekdayOf(day);
  return weekday !== 0 && weekday !== 6 && !isHoliday(day);
}

/** The first working day on or after `day`; `step` -1 looks back. */
export function workdayFrom(day: Day, step: 1 | -1 = 1): Day {
  let at = day;
  while (!isWorkday(at)) at += step;
  return at;
}

export interface Place {
  seed: number;
  tenant: string;
  /** Who sees, and the weekday (1 Monday … 5 Friday) on which they do not. */
  practitioner: { key: string; off?: number; isNurse: boolean };
  /** The patient's place in the panel of that practitioner. */
  rank: number;
}

/** The minutes after midnight from which this patient may be seen on `day`, and how many there are; undefined when that day does not do. */
export function slotOf({ seed, tenant, practitioner, rank }: Place, day: Day): { from: number; minutes: number } | undefined {
  if (!isWorkday(day) || practitioner.off === weekdayOf(day)) return undefined;
  const dealt = diceOf({ seed, tenant, patient: '' })(`slots.${practitioner.key}.${day}`);
  const length = practitioner.isNurse ? 15 : 60;
  const grid = HOURS.flatMap((hour) => Array.from({ length: 60 / length }, (_, i) => hour + i * length));
  const order = dealt.shuffled(grid);
  const from = order[rank % order.length] as number;
  if (weekdayOf(day) === 5 && from > LAST_HOUR_OF_FRIDAY) return undefined;
  return { from, minutes: length };
}
