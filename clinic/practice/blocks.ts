// Time that is not to be booked. Nobody is away while somebody waits: leave and training lie where the book is empty, as they would be planned.
import { isHoliday } from '../calendar.ts';
import { type Day, dayOf, instantOf, weekdayOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { AppointmentRow, Options } from '../rows.ts';
import type { ScheduleBlockRow } from '../rows-practice.ts';
import { tenantIdOf } from '../setting.ts';
import { SITES } from '../sites.ts';
import { BEGINS } from './hours.ts';

/** How far ahead the book is open, in days. */
export const BOOKABLE = 56;

/** [from, to) in days and minutes of the clinic's wall clock. */
interface Span {
  at?: number;
  from: readonly [Day, number];
  to: readonly [Day, number];
  reason: ScheduleBlockRow['reason'];
}

/** Holidays of the whole clinic; leave of two clinicians, one over and one to come; training afternoons; a meeting of the owner. */
export function blocksOf(options: Options, appointments: readonly AppointmentRow[]): ScheduleBlockRow[] {
  const { zone } = SITES[options.clinic];
  const house = { seed: options.seed, tenant: options.clinic, patient: '' };
  const today = dayOf(options.as_of);
  const book = bookOf(options, appointments);
  const spans = [...holidays(today), ...leaves(today, book), ...trainings(today, book), ...meetings(today, book)];
  return spans.map(({ at, from, to, reason }, n) => ({
    tenant_id: tenantIdOf(options),
    id: idOf(house, 'block', n),
    practitioner_id: at === undefined ? null : idOf(house, 'practitioner', at),
    start_at: instantOf(zone, ...from),
    end_at: instantOf(zone, ...to),
    reason,
  }));
}

/** Whether `at` (anybody, where undefined) has a visit that stands between `from` and `to`. */
type Book = (at: number | undefined, from: readonly [Day, number], to: readonly [Day, number]) => boolean;

function bookOf(options: Options, appointments: readonly AppointmentRow[]): Book {
  const house = { seed: options.seed, tenant: options.clinic, patient: '' };
  const standing = appointments
    .filter(({ status }) => status !== 'cancelled' && status !== 'rescheduled' && status !== 'entered_in_error')
    .map(({ practitioner_id, start_at, minutes }) => {
      const begins = dayOf(start_at.slice(0, 10)) * 1440 + Number(start_at.slice(11, 13)) * 60 + Number(start_at.slice(14, 16));
      return { practitioner_id, begins, ends: begins + minutes };
    });
  const ids = SITES[options.clinic].clinicians.map((_, at) => idOf(house, 'practitioner', at));
  return (at, [from, start], [to, end]) =>
    standing.some(
      ({ practitioner_id, begins, ends }) =>
        (at === undefined || practitioner_id === ids[at]) && begins < to * 1440 + end && ends > from * 1440 + start,
    );
}

function holidays(today: Day): Span[] {
  return days(today - BEGINS, today + 2 * BOOKABLE)
    .filter((day) => isHoliday(day) && weekdayOf(day) !== 0 && weekdayOf(day) !== 6)
    .map((day) => ({ from: [day, 0], to: [day + 1, 0], reason: 'holiday' }));
}

/** A week, Saturday to the Sunday after next: one within the last year, one in the weeks to come. */
function leaves(today: Day, book: Book): Span[] {
  const saturday = today - ((weekdayOf(today) + 1) % 7);
  const week = (at: number, weeks: number): Span => ({
    at,
    from: [saturday + weeks * 7, 0],
    to: [saturday + weeks * 7 + 9, 0],
    reason: 'leave',
  });
  const free = (at: number, weeks: readonly number[]) => weeks.map((n) => week(at, n)).find(({ from, to }) => !book(at, from, to));
  const past = free(1, [-31, -22, -18, -40, -12, -44, -9]);
  const coming = free(3, [3, 2, 4, 5, 6, 7]) ?? free(2, [3, 4, 5, 6, 7]);
  return [past, coming].flatMap((span) => span ?? []);
}

/** An afternoon of everybody, once behind and once ahead. */
function trainings(today: Day, book: Book): Span[] {
  const afternoons = (list: readonly Day[]) =>
    list
      .filter((day) => weekdayOf(day) >= 1 && weekdayOf(day) <= 4 && !isHoliday(day))
      .map((day): Span => ({ from: [day, 780], to: [day, 1080], reason: 'training' }))
      .find(({ from, to }) => !book(undefined, from, to));
  return [afternoons(days(today - 95, today - 30)), afternoons(days(today + 9, today + BOOKABLE))].flatMap((span) => span ?? []);
}

/** The owner's hour with the accountant, the second Wednesday of the month, where nobody was booked over it. */
function meetings(today: Day, book: Book): Span[] {
  return days(today - 200, today + BOOKABLE)
    .filter((day) => weekdayOf(day) === 3 && !isHoliday(day) && isSecondWeek(day))
    .map((day): Span => ({ at: 0, from: [day, 960], to: [day, 1020], reason: 'meeting' }))
    .filter(({ from, to }) => !book(0, from, to));
}

function isSecondWeek(day: Day): boolean {
  const of = new Date(day * 86_400_000).getUTCDate();
  return of >= 8 && of <= 14;
}

const days = (from: Day, to: Day): Day[] => Array.from({ length: to - from }, (_, i) => from + i);
