import * as z from 'zod';
import type { Excluded } from './definitions.ts';
import { system } from './mark.ts';

export const ReferralStatus = z.enum(['draft', 'active', 'on_hold', 'revoked', 'completed']);
export const AWAITING = ['sending', 'appointment', 'visit', 'report'] as const;

/** A referral to or from somebody else. FHIR ServiceRequest, category referral. */
export const Referral = z.object({
  referral_id: system('id'),
  patient_id: system('id'),
  patient: system('person_name'),
  direction: z.enum(['outgoing', 'incoming']),
  status: ReferralStatus,
  priority: z.enum(['routine', 'urgent', 'asap', 'stat']),
  specialty: system('term'),
  reason_icd10: system('code').optional(),
  practitioner: system('person_name').optional().describe('ours'),
  other_party: system('term').optional().describe('whom it goes to or comes from'),
  other_npi: system('digits').optional(),
  created_on: system('partial_date'),
  sent_on: system('partial_date').optional(),
  scheduled_on: system('partial_date').optional(),
  report_received_on: system('partial_date').optional(),
  expires_on: system('partial_date').optional(),
  expired: z.literal(true).optional(),
  visits_allowed: z.number().int().optional(),
  awaiting: z.enum(AWAITING).optional().describe('the next step that has not happened; absent: closed'),
  waiting_days: z.number().int().optional(),
});
export type Referral = z.infer<typeof Referral>;

/** What a source may support for referrals. */
export interface Referrals {
  /** Referrals of one patient or, without, of all who are with us, newest first, from after the record `after`. An outgoing one that is not sent awaits
   *  `sending`; without a day, an `appointment`; with a day ahead, the `visit`; after it, until it is received, the `report`, also when somebody closed it.
   *  Revoked, on hold and drafts await nothing. `waiting_days` counts from the step before. Entered-in-error is left out.
   *  Throws Fault not_found (patient), invalid_input (stale cursor, unknown practitioner). */
  list(query: {
    patient_id?: string | undefined;
    practitioner_id?: string | undefined;
    status?: z.infer<typeof ReferralStatus> | undefined;
    direction?: 'outgoing' | 'incoming' | undefined;
    awaiting?: (typeof AWAITING)[number] | undefined;
    since?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ referrals: Referral[]; more: boolean; excluded: Excluded }>;
  /** Whether this patient can be referred. Throws Fault not_found (patient), conflict (a merged chart, a patient who died). */
  referable(query: { patient_id: string }): Promise<void>;
  /** Writes one active outgoing referral that is not sent yet; the same `referral_id` again is the same one. Only in the transaction of a signature. */
  create(referral: {
    referral_id: string;
    patient_id: string;
    practitioner_id: string;
    other_party: string;
    other_npi?: string | undefined;
    specialty: string;
    reason_icd10: string;
    reason: string;
    priority: Referral['priority'];
    created_on: string;
  }): Promise<void>;
}
