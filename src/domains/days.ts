import * as z from 'zod';
import { clear } from './mark.ts';

/** Whether `text` is a day of the calendar, YYYY-MM-DD, between 1800 and 2199. */
export function isDay(text: string): boolean {
  if (!/^(18|19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** The day `days` after (before, where negative) `day`. */
export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The last day that a partial date can mean: a partial date is a range, never its first day. */
export function latestDay(partial: string): string {
  if (partial.length === 10) return partial;
  if (partial.length === 4) return `${partial}-12-31`;
  const [year = 0, month = 0] = partial.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** Completed years from a birth date to `today`; undefined unless the birth date is complete. */
export function ageInYears(birth_date: string | null, today: string): number | undefined {
  if (birth_date?.length !== 10) return undefined;
  const years = Number(today.slice(0, 4)) - Number(birth_date.slice(0, 4));
  return today.slice(5) < birth_date.slice(5) ? years - 1 : years;
}

/** A practice-local calendar day of an input. */
export const Day = clear(
  z
    .string()
    // Each ends the parsing: what builds on a day is given one.
    .regex(/^\d{4}-\d\d-\d\d$/, { error: 'a day, YYYY-MM-DD', abort: true })
    .refine(isDay, { error: 'not a day of the calendar', abort: true }),
);
export const Since = Day.describe('YYYY-MM-DD, inclusive');

/** The days `from` to `to`, both inclusive, at most `most_days` of them. */
export const dateRange = (most_days: number) =>
  z
    .object({ from: Day, to: Day })
    .refine(({ from, to }) => from <= to, 'to is before from')
    .refine(({ from, to }) => to < plusDays(from, most_days), `at most ${most_days} days`)
    .describe('YYYY-MM-DD');
