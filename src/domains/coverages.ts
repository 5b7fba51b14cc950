import * as z from 'zod';
import { system } from './mark.ts';

/** FHIR Coverage, one row a plan. */
export const Coverage = z.object({
  coverage_id: system('id'),
  rank: z.number().int().describe('1 is billed first'),
  status: z.enum(['active', 'cancelled', 'draft', 'unknown']),
  kind: z.enum(['commercial', 'medicare', 'medicaid', 'self_pay', 'other']),
  payer: system('term'),
  plan: system('term').optional(),
  member_id: system('member_id').optional(),
  group_number: system('member_id').optional(),
  relationship: z.enum(['self', 'spouse', 'child', 'other', 'unknown']),
  period_start: system('partial_date').optional(),
  period_end: system('partial_date').optional(),
});
export type Coverage = z.infer<typeof Coverage>;

/** Whether the plan was in force on a day, by what the record says of it (coverage_in_force@1). */
export const InForce = z.enum(['yes', 'no', 'unknown']);
export type InForce = z.infer<typeof InForce>;

export const CoverageOnDay = Coverage.extend({ in_force: InForce });
export type CoverageOnDay = z.infer<typeof CoverageOnDay>;

/** Outside its period a plan is not in force, whatever its status; inside it is, where it is active or was cancelled with a known end. What is not written is
 *  not known: no start, no status, a cancelled plan without its end. A plan without an end goes on, for as long as its status can speak: up to `today`. */
export function inForce(
  plan: Pick<Coverage, 'status'> & { period_start: string | null; period_end: string | null },
  on: string,
  today: string,
): InForce {
  const { status, period_start, period_end } = plan;
  if (period_start !== null && on < period_start) return 'no';
  if (period_end !== null && on > period_end) return 'no';
  if (status === 'cancelled' && period_end === null) return on >= today ? 'no' : 'unknown';
  if (period_start === null || status === 'draft' || status === 'unknown') return 'unknown';
  return period_end === null && on > today ? 'unknown' : 'yes';
}

/** What a source may support for coverages. */
export interface Coverages {
  /** The plans on file of one patient, active ones first, then by rank, from after the record `after`; each with whether it was in force on the day `on`.
   *  Entered-in-error is left out. No row: no plan is on file, which is not "uninsured". It is not what the payer says (eligibility, X12 270/271).
   *  Throws Fault not_found (patient), invalid_input (stale cursor). Source: FHIR Coverage. */
  list(query: {
    patient_id: string;
    on: string;
    limit: number;
    after?: string | undefined;
  }): Promise<{ coverages: CoverageOnDay[]; more: boolean }>;
}
