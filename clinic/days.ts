// Calendar days as whole numbers (days since 1970-01-01), and a US clinic's wall clock as RFC 3339. No clock is read.

export type Day = number;
export type Zone = 'America/New_York' | 'America/Chicago';

const MINUTES_WEST = { 'America/New_York': 300, 'America/Chicago': 360 } as const satisfies Record<Zone, number>;

/** The day of a complete date, YYYY-MM-DD. */
export function dayOf(date: string): Day {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

/** The days that were asked for: a few thousand, each a hundred times. */
const dates = new Map<Day, string>();

/** YYYY-MM-DD. */
export function dateOf(day: Day): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
  dates.set(day, date);
  return date;
}

/** 0 is Sunday. */
export function weekdayOf(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The `n`-th `weekday` of a month; -1 is the last. */
export function nthWeekday(year: number, month: number, weekday: number, n: number): Day {
  const text = (m: number, y = year) => `${y}-${String(m).padStart(2, '0')}-01`;
  if (n > 0) {
    const first = dayOf(text(month));
    return first + ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7;
  }
  const last = dayOf(month === 12 ? text(1, year + 1) : text(month + 1)) - 1;
  return last - ((weekdayOf(last) - weekday + 7) % 7);
}

/** Whole years completed on `day` by somebody born on a complete date. */
export function ageOn(day: Day, born: string): number {
  const [now, then] = [dateOf(day), born];
  return Number(now.slice(0, 4)) - Number(then.slice(0, 4)) - (now.slice(5) < then.slice(5) ? 1 : 0);
}

/** Minutes that local time is behind UTC. Daylight time: 2:00 on the second Sunday of March until 2:00 on the first of November (15 USC 260a). */
function minutesWest(zone: Zone, day: Day, minute: number): number {
  const year = Number(dateOf(day).slice(0, 4));
  const [spring, autumn] = [nthWeekday(year, 3, 0, 2), nthWeekday(year, 11, 0, 1)];
  const isDaylight = (day > spring || (day === spring && minute >= 120)) && (day < autumn || (day === autumn && minute < 120));
  return MINUTES_WEST[zone] - (isDaylight ? 60 : 0);
}

/** An instant of a clinic's wall clock, `minute` after its midnight (may run into other days), with the offset of that moment. */
export function instantOf(zone: Zone, day: Day, minute: number, second = 0): string {
  const on = day + Math.floor(minute / 1440);
  const of = ((minute % 1440) + 1440) % 1440;
  const two = (n: number) => String(n).padStart(2, '0');
  return `${dateOf(on)}T${two(Math.floor(of / 60))}:${two(of % 60)}:${two(second)}-${two(minutesWest(zone, on, of) / 60)}:00`;
}
