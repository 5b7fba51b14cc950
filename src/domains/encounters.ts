import * as z from 'zod';
import { EncounterDiagnosis } from './conditions.ts';
import { phi, recordId, system } from './mark.ts';

/** The `encounter_id` of an input. */
export const EncounterId = phi('encounter_id', recordId('call get_encounters and use the encounter_id it returns')).describe(
  'from get_encounters',
);

export const EncounterStatus = z.enum(['in_progress', 'finished']);
export type EncounterStatus = z.infer<typeof EncounterStatus>;

/** One visit that took place or is taking place. A booking is no encounter. FHIR Encounter. */
export const Encounter = z.object({
  encounter_id: system('id'),
  patient_id: system('id'),
  patient: system('person_name'),
  birth_date: system('partial_date').optional(),
  practitioner_id: system('id'),
  practitioner: system('person_name'),
  start_at: system('instant'),
  end_at: system('instant').optional(),
  status: EncounterStatus,
  class: z.enum(['ambulatory', 'virtual', 'home', 'emergency', 'inpatient']),
  visit_type: system('term').optional(),
  appointment_id: system('id').optional(),
  /** What was diagnosed at this visit. */
  diagnoses: z.array(EncounterDiagnosis).optional(),
  note: z.enum(['none', 'unsigned', 'signed', 'amended']).describe('what the chart has of it'),
  /** Beside a signed one. */
  unsigned_notes: z.number().int().optional(),
});
export type Encounter = z.infer<typeof Encounter>;

/** What a source may support for encounters. */
export interface Encounters {
  /** Encounters, newest first by start, from after the record `after`: of one patient, of the clinic's days [from, to], or, where `status` is in_progress, all that
   *  are open. One of the three is given. Entered-in-error is left out. Refuted diagnoses, and notes voided or in error, do not count.
   *  Throws Fault not_found (patient), invalid_input (stale cursor, unknown practitioner). Source: FHIR Encounter. */
  list(query: {
    patient_id?: string | undefined;
    practitioner_id?: string | undefined;
    from?: string | undefined;
    to?: string | undefined;
    status?: EncounterStatus | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ encounters: Encounter[]; more: boolean }>;
}
