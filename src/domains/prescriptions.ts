import * as z from 'zod';
import type { Excluded } from './definitions.ts';
import { Narrative, system } from './mark.ts';

export const PrescriptionStatus = z.enum(['pending', 'sent', 'accepted', 'filled', 'partially_filled', 'error', 'cancelled', 'unknown']);
export type PrescriptionStatus = z.infer<typeof PrescriptionStatus>;

/** One message to a pharmacy about one medication order, and what became of it. NCPDP SCRIPT NewRx, RxRenewal, RxChange, CancelRx and their answers. */
export const Prescription = z.object({
  prescription_id: system('id'),
  medication_id: system('id').describe('the order, as in get_medications'),
  medication: system('term'),
  rxnorm: system('code').optional(),
  controlled: z.enum(['CII', 'CIII', 'CIV', 'CV']).optional(),
  message: z.enum(['new', 'renewal', 'change', 'cancel']),
  status: PrescriptionStatus,
  pharmacy: system('term').optional(),
  pharmacy_ncpdp: system('digits').optional(),
  quantity: z.number().optional(),
  quantity_unit: system('term').optional(),
  refills: z.number().int().optional(),
  days_supply: z.number().int().optional(),
  sent_at: system('instant').optional().describe('absent: not sent, or not known'),
  last_filled_on: system('partial_date').optional().describe('absent: no fill was reported'),
  prescriber: system('person_name').optional(),
  /** What the pharmacy's system answered. */
  error_text: Narrative.optional(),
});
export type Prescription = z.infer<typeof Prescription>;

/** What a source may support for prescriptions. */
export interface Prescriptions {
  /** What was sent to pharmacies for one patient, unsent first, then newest sent first, from after the record `after`; of one order or one status where named.
   *  `since` is a day of the clinic of sending, inclusive; what was never sent stays in. Messages for an order entered in error are left out and counted.
   *  Throws Fault not_found (patient), invalid_input (stale cursor). Source: NCPDP SCRIPT. */
  list(query: {
    patient_id: string;
    medication_id?: string | undefined;
    status?: PrescriptionStatus | undefined;
    since?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ prescriptions: Prescription[]; more: boolean; excluded: Excluded }>;
}
