import * as z from 'zod';
import { Narrative, phi, system } from './mark.ts';

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

/** One piece of documentation that waits for its author: a note that was not signed, or a finished visit that has no note at all. Its words are not told. */
export const UnsignedNote = z.object({
  unsigned_id: system('id').describe('of the note, or of the visit where there is none'),
  kind: z.enum(['unsigned_note', 'missing_note']),
  encounter_id: system('id').optional(),
  patient_id: system('id'),
  patient: system('person_name'),
  practitioner_id: system('id'),
  author: system('person_name'),
  title: system('term').optional(),
  /** When the visit began; of a note without one, when it was begun. */
  visit_at: system('instant'),
  age_days: z.number().int().describe('clinic days since visit_at'),
});
export type UnsignedNote = z.infer<typeof UnsignedNote>;

/** What waits for one author. */
export const AuthorBacklog = z.object({
  practitioner_id: system('id'),
  author: system('person_name'),
  unsigned_notes: z.number().int(),
  missing_notes: z.number().int(),
  oldest_days: z.number().int(),
});
export type AuthorBacklog = z.infer<typeof AuthorBacklog>;

/** A section of a draft: the words as they will stand, with {{u_…}} where the patient's own words come in. */
const Section = phi('note', z.string().max(8000));
export const Soap = z.object({ subjective: Section, objective: Section, assessment: Section, plan: Section }).partial();
export type Soap = z.infer<typeof Soap>;

/** Words from outside that a draft quotes by reference: the model placed them without reading them. */
export const Quote = z.object({ ref: z.string(), kind: z.string(), said_on: z.string().optional(), text: z.string() });
export type Quote = z.infer<typeof Quote>;

/** What a source may support for notes. */
export interface Notes {
  /** Whether a note can be written for this patient, and for this visit where one is named. Throws Fault not_found (patient; a visit that is none of hers), conflict
   *  (the chart was merged into another, the visit was entered in error). */
  writable(query: { patient_id: string; encounter_id?: string | undefined }): Promise<void>;
  /** Writes one signed note; the same `note_id` again is the same note. Its author is the signer. Only in the transaction of a signature. Throws as `writable`. */
  create(note: {
    note_id: string;
    patient_id: string;
    encounter_id?: string | undefined;
    author_id: string;
    title: string;
    signed_at: string;
    body: { subjective?: Narrative; objective?: Narrative; assessment?: Narrative; plan?: Narrative };
  }): Promise<{ note_id: string }>;
  /** Signed notes of one patient, newest first by signing time, from after the record `after`. Unsigned, voided and entered-in-error notes are left out.
   *  `since` and `until` are practice-local calendar days of signing, inclusive. Throws Fault not_found (patient), invalid_input (stale cursor). */
  list(query: {
    patient_id: string;
    encounter_id?: string | undefined;
    since?: string | undefined;
    until?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ notes: ChartNote[]; more: boolean }>;
  /** What still waits to be written or signed, oldest first, from after the record `after`: every unsigned note, and every finished visit at the clinic, at home or by
   *  video since the day `since` that has no note (unsigned_notes@1). A visit still going on waits for nothing. `older_than_days`: more than so many clinic days.
   *  Whoever the patient is now (merged, deceased), the note is still owed. `by_author` is the ten with most; the counts are of all.
   *  Throws Fault invalid_input (stale cursor, unknown practitioner). */
  unsigned(query: {
    practitioner_id?: string | undefined;
    older_than_days?: number | undefined;
    since: string;
    limit: number;
    after?: string | undefined;
  }): Promise<{ unsigned: UnsignedNote[]; more: boolean; by_author: AuthorBacklog[]; unsigned_notes: number; missing_notes: number }>;
}
