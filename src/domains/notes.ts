import * as z from 'zod';
import { Narrative, system } from './mark.ts';

/** One signed chart note. FHIR DocumentReference / Composition; the sections of a SOAP note. */
export const ChartNote = z.object({
  note_id: system('id'),
  encounter_id: system('id').optional(),
  title: system('term'),
  author: system('person_name'),
  author_credentials: system('term').optional(),
  signed_at: system('instant'),
  /** Present when the signed note was amended since. */
  amended_at: system('instant').optional(),
  subjective: Narrative.optional(),
  objective: Narrative.optional(),
  assessment: Narrative.optional(),
  plan: Narrative.optional(),
});
export type ChartNote = z.infer<typeof ChartNote>;

/** What a source may support for notes. */
export interface Notes {
  /** Signed notes of one patient, newest first by signing time, from after the record `after`. Unsigned, voided and entered-in-error notes are left out.
   *  `since` is a practice-local calendar day of signing, inclusive. Throws Fault not_found (patient), invalid_input (stale cursor). */
  list(query: {
    patient_id: string;
    since?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ notes: ChartNote[]; more: boolean }>;
}
