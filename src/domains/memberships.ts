import * as z from 'zod';
import { DefinitionId, Rate } from './definitions.ts';
import { clear, system } from './mark.ts';

const cents = () => z.number().int();
const count = () => z.number().int();

/** A calendar month of an input. */
export const Month = clear(z.string().regex(/^(19|20)\d\d-(0[1-9]|1[0-2])$/, 'a month, YYYY-MM')).describe(
  'YYYY-MM; default this month to now',
);

/** How monthly recurring revenue (MRR) went from the start of a month to its end. start + new + expansion + reactivation − contraction − churn = end. */
export const MembershipBridge = z.object({
  month: system('partial_date'),
  start_mrr_cents: cents(),
  new_cents: cents(),
  expansion_cents: cents(),
  reactivation_cents: cents(),
  contraction_cents: cents().describe('with pauses'),
  churn_cents: cents(),
  end_mrr_cents: cents(),
  new_members: count(),
  reactivated_members: count(),
  paused_members: count(),
  churned_members: count(),
  churned_voluntary: count(),
  churned_involuntary: count().describe('the card failed'),
  churned_by_clinic: count(),
  /** churned members ÷ members with MRR at the start of the month */
  logo_churn: Rate,
  /** (start − contraction − churn) ÷ start */
  gross_revenue_retention: Rate,
  /** (start + expansion − contraction − churn) ÷ start */
  net_revenue_retention: Rate,
  definition: DefinitionId,
});
export type MembershipBridge = z.infer<typeof MembershipBridge>;

/** connectors.md §2.13: members as they stand at `at`, each patient once, and how the month and the one before moved. */
export const MembershipMetrics = z.object({
  at: system('instant'),
  active: count(),
  past_due: count().describe('counted in MRR'),
  paused: count().describe('not in MRR'),
  trialing: count().describe('not in MRR'),
  scheduled_churn: z.object({ members: count(), mrr_cents: cents() }).describe('will end with the period paid for; still in MRR'),
  paying_members: count(),
  mrr_cents: cents(),
  arr_cents: cents(),
  arpa_cents: cents().optional().describe('MRR ÷ paying members'),
  by_plan: z.array(z.object({ plan: system('term'), members: count(), mrr_cents: cents() })),
  current: MembershipBridge,
  previous: MembershipBridge,
  definition: DefinitionId,
});
export type MembershipMetrics = z.infer<typeof MembershipMetrics>;

/** What a source may support for memberships. */
export interface Memberships {
  /** Members and MRR at the end of `month` (YYYY-MM), or now where it is not over, with the bridges of that month and the one before; months begin at the clinic's midnight.
   *  MRR of a membership, active or past_due and before its cancel_at: (price − permanent discount) ÷ months of its interval, rounded to the cent.
   *  New has never had MRR before; reactivation has; a pause is a contraction; churn is cancelled or unpaid and MRR 0. Source: connectors.md §2.13. */
  metrics(query: { month: string }): Promise<MembershipMetrics>;
}
