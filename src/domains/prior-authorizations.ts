import * as z from 'zod';
import type { Coverage } from './coverages.ts';
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
  not_sent: z.literal(true).optional().describe('no payer was asked yet: it is to be sent'),
  service_from: system('partial_date').optional().describe('first day asked for'),
  service_to: system('partial_date').optional(),
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

type Plan = Pick<Coverage, 'status' | 'kind' | 'payer'> & { period_start: string | null; period_end: string | null };

/** A request of the patient that stands. Its days are those asked for or, of an approval, those granted; null where nobody wrote them down. */
export interface StandingRequest {
  status: z.infer<typeof PriorAuthorizationStatus>;
  service_code: string | null;
  service_name: string;
  on: string | null;
  from: string | null;
  to: string | null;
}

/** What the record says of a request. */
export interface RequestRecord {
  plan: Plan;
  standing: readonly StandingRequest[];
  /** ICD-10-CM codes of the problem list that are active. */
  problems: readonly string[];
}

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
  /** What the record says of a request that would be made. `exclusive`: in the transaction of a signature, and nobody signs another for this patient meanwhile.
   *  Throws Fault not_found (patient, a plan or problem that is none of this patient's), conflict (a merged chart, a patient who died). */
  requestable(query: {
    patient_id: string;
    coverage_id: string;
    condition_id?: string | undefined;
    exclusive?: boolean;
  }): Promise<RequestRecord>;
  /** Writes the request as a draft that no payer has seen: requested_at stays empty. The same id writes once. */
  create(request: {
    prior_authorization_id: string;
    patient_id: string;
    coverage_id: string;
    practitioner_id: string;
    service_code: string;
    code_system: 'cpt' | 'hcpcs' | 'rxnorm' | 'ndc';
    service_name: string;
    units: number;
    service_from: string;
    service_to: string;
    reason_icd10: string;
    reason: string;
  }): Promise<void>;
}
