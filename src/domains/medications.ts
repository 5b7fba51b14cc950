import * as z from 'zod';
import { clinic, Narrative, system } from './mark.ts';

/** connectors.md §2.7. active_unverified: called active, but the supply ended more than 90 days ago. unknown is never shown as active. */
export const MedicationStatus = z.enum(['active', 'active_unverified', 'on_hold', 'completed', 'stopped', 'cancelled', 'draft', 'unknown']);
export type MedicationStatus = z.infer<typeof MedicationStatus>;

/** One medication of the list, ordered or reported. FHIR MedicationRequest. */
export const Medication = z.object({
  medication_id: system('id'),
  rxnorm: system('code').optional().describe('absent for compounded and local items'),
  name: system('term'),
  ingredient: system('term').optional(),
  /** Directions as prescribed; of a reported one, what the patient said. */
  sig: Narrative.optional(),
  status: MedicationStatus,
  reported: z.boolean().describe('true: told by the patient, not prescribed here'),
  controlled: z.enum(['CII', 'CIII', 'CIV', 'CV']).optional(),
  start_on: system('partial_date').optional(),
  end_on: system('partial_date').optional(),
  days_supply: z.number().int().optional(),
  refills_left: z.number().int().optional(),
  prescriber: system('person_name').optional(),
  reason_icd10: system('code').optional(),
  stop_reason: clinic().optional(),
  authored_on: system('partial_date').optional(),
});
export type Medication = z.infer<typeof Medication>;

/** What a source may support for medications. */
export interface Medications {
  /** The medication list of one patient, active first, then by start, newest first, from after the record `after`. `active_only` keeps active, active_unverified,
   *  on_hold and unknown (listed as such, never hidden). Superseded orders and entered-in-error are left out. `duplicates` names ingredients that two
   *  active rows share. Throws Fault not_found (patient), invalid_input (stale cursor). */
  list(query: {
    patient_id: string;
    active_only: boolean;
    limit: number;
    after?: string | undefined;
  }): Promise<{ medications: Medication[]; more: boolean; duplicates: string[] }>;
}
