import * as z from 'zod';
import type { Excluded } from './definitions.ts';
import { system } from './mark.ts';

export const PriorAuthorizationStatus = z.enum(['draft', 'submitted', 'pended', 'approved', 'partially_approved', 'denied', 'cancelled']);

/** A request to a payer to agree before a service is given. X12 278; FHIR Claim, use preauthorization. */
export const PriorAuthorization = z.object({
  prior_authorization_id: system('id'),
  patient_id: system('id'),
  patient: system('person_name'),
  payer: system('term').optional(),
  practitioner: system('person_name').optional(),
  service_name: system('term'),
  service_code: system('code').optional(),
  code_system: z.enum(['cpt', 'hcpcs', 'rxnorm', 'ndc']).optional(),
  reason_icd10: system('code').optional(),
  status: PriorAuthorizationStatus,
  units_requested: z.number().int().optional(),
  units_approved: z.number().int().optional(),
  requested_at: system('instant').optional(),
  pending_days: z.number().int().optional().describe('days without a decision'),
  decided_at: system('instant').optional(),
  certification_number: system('member_id').optional(),
  valid_from: system('partial_date').optional(),
  valid_to: system('partial_date').optional(),
  validity: z.enum(['current', 'upcoming', 'expired']).optional().describe('of an approval, today; absent: not known'),
  decision_code: system('code').optional().describe('X12 278 HCR03 or AAA'),
});
export type PriorAuthorization = z.infer<typeof PriorAuthorization>;

/** What a source may support for prior authorizations. */
export interface PriorAuthorizations {
  /** Requests of one patient or, without, of all who are with us, the last asked first, from after the record `after`. `pending` stands for submitted
   *  and pended; `pending_days` wants these without a decision for at least so many days of the clinic.
   *  Throws Fault not_found (patient), invalid_input (stale cursor, unknown practitioner). */
  list(query: {
    patient_id?: string | undefined;
    practitioner_id?: string | undefined;
    statuses?: readonly z.infer<typeof PriorAuthorizationStatus>[] | undefined;
    pending_days?: number | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ prior_authorizations: PriorAuthorization[]; more: boolean; excluded: Excluded }>;
}
