// The tables of 0006 and 0008 of a whole clinic.
import { dayOf } from '../days.ts';
import type { AppointmentRow, Options } from '../rows.ts';
import type { PracticeChart, PracticeHouse } from '../rows-practice.ts';
import { blocksOf } from './blocks.ts';
import { hoursOf } from './hours.ts';
import type { Practice } from './practice.ts';
import { houseTasksOf } from './tasks.ts';

/** What each chart holds, one after the other, and what belongs to nobody in particular. */
export function houseOf(
  options: Options,
  { charts, practices }: { charts: readonly (PracticeChart & { appointments: AppointmentRow[] })[]; practices: readonly Practice[] },
): PracticeChart & PracticeHouse {
  const all = <T extends keyof PracticeChart>(table: T) =>
    charts.flatMap((chart) => chart[table] as PracticeChart[T][number][]) as PracticeChart[T];
  return {
    practitioner_hours: hoursOf(options),
    schedule_blocks: blocksOf(
      options,
      charts.flatMap(({ appointments }) => appointments),
    ),
    messages: all('messages'),
    message_reads: practices.flatMap(({ reads }) => reads),
    message_consents: all('message_consents'),
    tasks: [...all('tasks'), ...houseTasksOf(options, dayOf(options.as_of))],
    refill_requests: all('refill_requests'),
    intake_forms: all('intake_forms'),
    care_plans: all('care_plans'),
    care_plan_goals: all('care_plan_goals'),
    care_plan_activities: all('care_plan_activities'),
    care_plan_completions: all('care_plan_completions'),
    referrals: all('referrals'),
    prior_authorizations: all('prior_authorizations'),
    authorizations: all('authorizations'),
    authorization_uses: all('authorization_uses'),
  };
}
