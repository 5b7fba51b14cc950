// Who came, who did not, and who called it off (connectors.md §2.8).
import * as z from 'zod';
import { DefinitionId, type Excluded, type Rate, rateOf } from './definitions.ts';
import { system } from './mark.ts';
import { wilson } from './wilson.ts';

/** A rate with its formula and its 95 % Wilson interval. */
export const Figure = z.object({
  definition: DefinitionId,
  numerator: z.number().int(),
  denominator: z.number().int(),
  rate: z.number().optional(),
  low: z.number().optional().describe('95 % Wilson interval'),
  high: z.number().optional(),
});
export type Figure = z.infer<typeof Figure>;

/** What became of the appointments of a period; an appointment is in exactly one. */
export const Outcomes = z.object({
  completed: z.number().int(),
  no_show: z.number().int(),
  cancelled_by_patient: z.number().int(),
  cancelled_by_practice: z.number().int(),
  cancelled_by_system: z.number().int(),
  cancelled_by_unknown: z.number().int(),
  rescheduled: z.number().int().describe('moved: only where it ended counts'),
  unresolved: z.number().int().describe('over, and nobody said whether the patient came'),
  under_way: z.number().int(),
});
export type Outcomes = z.infer<typeof Outcomes>;

/** One count of a group: its outcomes, and of its cancellations what else is asked. */
export interface Attended extends Outcomes {
  /** By the patient, less than 24 hours before the start. */
  late_cancelled: number;
  /** Cancelled, with the time of the cancellation known. */
  timed_cancelled: number;
  /** Of those: another booking took the place. */
  refilled: number;
}

export const Figures = z.object({
  no_show: Figure.describe('no-shows of completed + no-shows'),
  no_show_of_booked: Figure.describe('no-shows of all booked (the slots of IHI)'),
  no_show_or_late_cancel: Figure.describe('with patient cancellations under 24 h in both'),
  cancellation: Figure.describe('cancelled of all booked'),
  late_cancellation: Figure.describe('by the patient under 24 h before, of all booked'),
  fill_back: Figure.describe('cancelled and booked again by somebody, of cancelled'),
});
export type Figures = z.infer<typeof Figures>;

/** Below this many appointments a group is counted, and neither rated nor ranked. */
export const LEAST_TO_RANK = 20;

export const Group = z.object({
  group: system('term'),
  practitioner_id: system('id').optional(),
  no_show: z.number().int(),
  denominator: z.number().int().describe('completed + no-shows'),
  rate: z.number().optional(),
  rank: z.number().int().optional().describe('1: the highest rate'),
  low: z.number().optional(),
  high: z.number().optional(),
  too_few: z.literal(true).optional().describe(`under ${LEAST_TO_RANK}: not rated, not ranked`),
});
export type Group = z.infer<typeof Group>;

/** One appointment that did not take place as booked. */
export const Missed = z.object({
  appointment_id: system('id'),
  patient_id: system('id'),
  patient: system('person_name'),
  start_at: system('instant'),
  status: z.enum(['no_show', 'cancelled', 'unresolved']),
  visit_type: system('term'),
  practitioner: system('person_name'),
  cancelled_by: z.enum(['patient', 'practice', 'system']).optional(),
  cancelled_at: system('instant').optional(),
  next_at: system('instant').optional().describe('a later visit, booked or made; absent: none'),
});
export type Missed = z.infer<typeof Missed>;

export const ATTENDANCE_BY = ['provider', 'visit_type', 'lead_time', 'weekday'] as const;
export const MISSED_KINDS = ['no_show', 'cancelled', 'late_cancelled', 'unresolved'] as const;

export interface AttendanceQuery {
  from: string;
  to: string;
  practitioner_id?: string | undefined;
  by?: (typeof ATTENDANCE_BY)[number] | undefined;
  list: (typeof MISSED_KINDS)[number];
  limit: number;
  after?: string | undefined;
}

/** `overview` is given with the first page only. */
export interface Attendance {
  overview?: { figures: Figures; outcomes: Outcomes; excluded: Excluded; groups?: Group[]; more_groups?: number };
  appointments: Missed[];
  /** Of the same kind and not listed: the patient is inactive, deceased or merged into another chart. */
  not_listed: Excluded;
  more: boolean;
}

export function figuresOf(count: Attended): Figures {
  const cancelled = count.cancelled_by_patient + count.cancelled_by_practice + count.cancelled_by_system + count.cancelled_by_unknown;
  const kept = count.completed + count.no_show;
  const booked = kept + cancelled + count.unresolved + count.under_way;
  const late = count.late_cancelled;
  return {
    no_show: figure('no_show_rate@1', rateOf(count.no_show, kept)),
    no_show_of_booked: figure('no_show_of_booked_rate@1', rateOf(count.no_show, booked)),
    no_show_or_late_cancel: figure('no_show_or_late_cancel_rate@1', rateOf(count.no_show + late, kept + late)),
    cancellation: figure('cancellation_rate@1', rateOf(cancelled, booked)),
    late_cancellation: figure('late_cancellation_rate@1', rateOf(late, booked)),
    fill_back: figure('fill_back_rate@1', rateOf(count.refilled, count.timed_cancelled)),
  };
}

const figure = (definition: string, rate: Rate): Figure => ({ definition, ...rate, ...wilson(rate.numerator, rate.denominator) });

/** The groups by rate, highest first, ranked; then those too small for a rate, by size. */
export function ranked(groups: readonly { group: string; practitioner_id?: string; completed: number; no_show: number }[]): Group[] {
  const all = groups.map(({ completed, no_show, ...named }) => ({ ...named, no_show, denominator: completed + no_show }));
  const rated = all
    .filter(({ denominator }) => denominator >= LEAST_TO_RANK)
    .map((group) => ({ ...group, ...rateOf(group.no_show, group.denominator), ...wilson(group.no_show, group.denominator) }))
    .map(({ numerator: _, ...group }) => group)
    .sort((a, b) => (b.rate ?? 0) - (a.rate ?? 0) || b.denominator - a.denominator || (a.group < b.group ? -1 : 1));
  const small = all
    .filter(({ denominator }) => denominator < LEAST_TO_RANK)
    .sort((a, b) => b.denominator - a.denominator || (a.group < b.group ? -1 : 1));
  // The same rate is the same rank.
  const rankOf = (rate: number | undefined) => rated.findIndex((other) => other.rate === rate) + 1;
  return [
    ...rated.map((group) => ({ ...group, rank: rankOf(group.rate) })),
    ...small.map((group) => ({ ...group, too_few: true as const })),
  ];
}
