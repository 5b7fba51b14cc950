// Units that a payer granted, and what is left of them (connectors.md §2.19).
import * as z from 'zod';
import type { Excluded } from './definitions.ts';
import { system } from './mark.ts';

export const LOW_REASONS = [
  'used_up',
  'overscheduled',
  'runs_out_before_end',
  'available_below_next_14_days',
  'used_faster_than_time',
] as const;
export const AUTHORIZATION_STATES = ['current', 'upcoming', 'expired', 'cancelled'] as const;

/** One authorization. FHIR CoverageEligibilityResponse / X12 278 certification; units are the payer's (never minutes divided by 15). */
export const Authorization = z.object({
  authorization_id: system('id'),
  patient_id: system('id'),
  patient: system('person_name'),
  payer: system('term'),
  service_code: system('code'),
  modifier: system('code').optional(),
  service_name: system('term'),
  unit_type: z.enum(['15_min', 'hour', 'visit', 'day']),
  state: z.enum(AUTHORIZATION_STATES).describe('by its period, today'),
  period_start: system('partial_date'),
  period_end: system('partial_date'),
  units_per_week: z.number().int().optional(),
  total_units: z.number().int(),
  used_units: z.number().int().describe('delivered and verified'),
  pending_units: z.number().int().describe('delivered, not verified'),
  scheduled_units: z.number().int().describe('from today on'),
  remaining_units: z.number().int().describe('total - used - pending'),
  available_units: z.number().int().describe('remaining - scheduled; below 0: overscheduled'),
  billed_units: z.number().int(),
  paid_units: z.number().int(),
  unresolved_units: z.number().int().optional().describe('scheduled for a past day, and nobody said what became of it'),
  outside_period_units: z.number().int().optional().describe('not counted'),
  used_up_on: system('partial_date').optional().describe('projected, by the schedule of the next 28 days, else the pace of the last 28'),
  low: z.array(z.enum(LOW_REASONS)).optional().describe('why units run low; absent: they do not'),
});
export type Authorization = z.infer<typeof Authorization>;

/** What a source may support for authorizations. */
export interface Authorizations {
  /** Authorizations of one patient or, without, of all who are with us, the first to end first, from after the record `after`; `low_only` those
   *  that run low, `ends_within_days` those current ones that end so soon. Entered-in-error is left out. Only units of service days within the period count.
   *  Throws Fault not_found (patient), invalid_input (stale cursor). Source: connectors.md §2.19. */
  list(query: {
    patient_id?: string | undefined;
    state?: (typeof AUTHORIZATION_STATES)[number] | undefined;
    low_only: boolean;
    ends_within_days?: number | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ authorizations: Authorization[]; more: boolean; excluded: Excluded }>;
}
