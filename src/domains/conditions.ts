import * as z from 'zod';
import type { Excluded } from './definitions.ts';
import { system } from './mark.ts';

export const ClinicalStatus = z.enum(['active', 'recurrence', 'relapse', 'remission', 'unknown', 'inactive', 'resolved']);
export type ClinicalStatus = z.infer<typeof ClinicalStatus>;

/** One entry of the problem list. FHIR Condition, category problem-list-item. */
export const Problem = z.object({
  condition_id: system('id'),
  icd10: system('code').optional().describe('ICD-10-CM as coded; absent where nobody coded it'),
  snomed: system('code').optional(),
  name: system('term'),
  clinical_status: ClinicalStatus,
  /** Absent when confirmed. */
  verification_status: z.enum(['provisional', 'differential', 'unconfirmed']).optional(),
  /** ICD-10-CM chapter 21 (Z00–Z99): a circumstance or a status, no disease. */
  not_a_disease: z.boolean().optional(),
  onset_on: system('partial_date').optional(),
  abated_on: system('partial_date').optional(),
  /** Called active and abated at once. */
  contradiction: z.boolean().optional(),
  recorded_on: system('partial_date').optional(),
  recorder: system('person_name').optional(),
});
export type Problem = z.infer<typeof Problem>;

/** A diagnosis of one encounter, which is no problem of the list. */
export const EncounterDiagnosis = z.object({
  icd10: system('code').optional(),
  name: system('term'),
  /** Absent when confirmed. */
  verification_status: z.enum(['provisional', 'differential', 'unconfirmed']).optional(),
});
export type EncounterDiagnosis = z.infer<typeof EncounterDiagnosis>;

/** Whether an ICD-10-CM code tells of no disease. A condition without a code may be either, and is not told apart. */
export function isNoDisease(icd10: string | null): boolean {
  return icd10 !== null && /^Z/i.test(icd10);
}

/** The ICD-10-CM categories (three characters) that two of these rows share on the same side: perhaps one problem twice. Left and right are two. */
export function repeatedCategories(rows: readonly { icd10: string | null; name: string }[]): string[] {
  const seen = new Map<string, number>();
  for (const { icd10, name } of rows) {
    if (icd10 === null) continue;
    const side = /\b(left|right|bilateral)\b/i.exec(name)?.[1]?.toLowerCase() ?? '';
    const key = `${icd10.slice(0, 3).toUpperCase()}|${side}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const shared = [...seen].filter(([, count]) => count > 1).map(([key]) => key.slice(0, 3));
  return [...new Set(shared)].sort();
}

/** What a source may support for conditions. */
export interface Conditions {
  /** The problem list of one patient from after the record `after`: diseases before Z-codes, active before the rest, then by onset, newest first. Inactive and
   *  resolved ones are on it only where `include_resolved`, and counted where not; refuted and entered-in-error never. Diagnoses of encounters are no problems.
   *  `repeated`: see repeatedCategories, of what is current. Throws Fault not_found (patient), invalid_input (stale cursor).
   *  Source: FHIR Condition; connectors.md §2.7. */
  list(query: {
    patient_id: string;
    include_resolved: boolean;
    limit: number;
    after?: string | undefined;
  }): Promise<{ problems: Problem[]; more: boolean; repeated: string[]; excluded: Excluded }>;
}
