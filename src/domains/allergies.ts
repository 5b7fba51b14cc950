import * as z from 'zod';
import { Excluded } from './definitions.ts';
import { system } from './mark.ts';

/** What the record says of allergies as a whole. Never read as "none" unless it says so: `not_asked` is an empty record. */
export const AllergyStatus = z.enum(['recorded', 'only_inactive', 'no_known_allergies', 'no_known_drug_allergies', 'not_asked']);
export type AllergyStatus = z.infer<typeof AllergyStatus>;

/** What a "no known … allergies" row speaks of. */
export const NoKnown = z.enum(['any', 'drug', 'food', 'environment', 'latex', 'insect']);
export type NoKnown = z.infer<typeof NoKnown>;

/** One allergy or intolerance. FHIR AllergyIntolerance. */
export const Allergy = z.object({
  allergy_id: system('id'),
  substance: system('term'),
  code: system('code').optional(),
  code_system: z.enum(['rxnorm', 'snomed', 'unii']).optional(),
  type: z.enum(['allergy', 'intolerance']).optional(),
  category: z.enum(['medication', 'food', 'environment', 'biologic']).optional(),
  criticality: z.enum(['low', 'high', 'unable_to_assess']).optional(),
  clinical_status: z.enum(['active', 'inactive', 'resolved']),
  /** Absent when confirmed. */
  verification_status: z.enum(['unconfirmed', 'presumed']).optional(),
  reactions: z
    .array(
      z.object({
        manifestation: system('term'),
        snomed: system('code').optional(),
        severity: z.enum(['mild', 'moderate', 'severe']).optional(),
      }),
    )
    .optional(),
  onset_on: system('partial_date').optional(),
  recorded_on: system('partial_date').optional(),
  recorder: system('person_name').optional(),
});
export type Allergy = z.infer<typeof Allergy>;

/** The record of one patient's allergies as a whole. */
export const AllergyRecord = z.object({
  status: AllergyStatus,
  drug_allergies: z.enum(['recorded', 'none_known', 'unknown']),
  no_known: z.array(NoKnown).optional(),
  /** Says "no known …" and lists one all the same. */
  contradiction: z.boolean().optional(),
  active_count: z.number().int(),
  excluded: Excluded.optional(),
});
export type AllergyRecord = z.infer<typeof AllergyRecord>;

/** SNOMED CT: the rows that say that there is none. */
const STATEMENTS: Readonly<Record<string, NoKnown>> = {
  '716186003': 'any',
  '409137002': 'drug',
  '429625007': 'food',
  '428607008': 'environment',
  '716184000': 'latex',
  '428197003': 'insect',
};
/** The same in words, where nobody coded it. */
const IN_WORDS: readonly (readonly [RegExp, NoKnown])[] = [
  [/^(nka|no known allerg(y|ies))$/i, 'any'],
  [/^(nkda|no known (drug|medication) allerg(y|ies))$/i, 'drug'],
  [/^(nkfa|no known food allerg(y|ies))$/i, 'food'],
];

interface Known {
  substance: string;
  code: string | null;
  code_system: string | null;
  category: string | null;
  clinical_status: 'active' | 'inactive' | 'resolved';
}

/** What a "no known … allergies" row speaks of; undefined for a substance. */
export function noKnownOf({ substance, code, code_system }: Pick<Known, 'substance' | 'code' | 'code_system'>): NoKnown | undefined {
  const coded = code !== null && code_system !== 'rxnorm' && code_system !== 'unii' && Object.hasOwn(STATEMENTS, code);
  return coded ? STATEMENTS[code] : IN_WORDS.find(([words]) => words.test(substance.trim()))?.[1];
}

/** The rows that stand (neither refuted nor entered in error) as one answer. Trap 12: none known, none of drugs known, and nobody asked are three things. */
export function statusOf(rows: readonly Known[]): Omit<AllergyRecord, 'excluded'> {
  const no_known = [...new Set(rows.flatMap((row) => (row.clinical_status === 'active' ? (noKnownOf(row) ?? []) : [])))].sort();
  const substances = rows.filter((row) => noKnownOf(row) === undefined);
  const active = substances.filter(({ clinical_status }) => clinical_status === 'active');
  const of_drugs = active.filter(({ category }) => category === 'medication' || category === 'biologic');
  const uncertain = active.some(({ category }) => category === null);
  const none_of_drugs = no_known.includes('any') || no_known.includes('drug');
  const contradiction = (no_known.includes('any') && active.length > 0) || (none_of_drugs && of_drugs.length > 0);
  return {
    status: overall(active.length, substances.length, no_known),
    drug_allergies: of_drugs.length > 0 ? 'recorded' : none_of_drugs && !uncertain && !contradiction ? 'none_known' : 'unknown',
    ...(no_known.length > 0 && { no_known }),
    ...(contradiction && { contradiction }),
    active_count: active.length,
  };
}

function overall(active: number, substances: number, no_known: readonly NoKnown[]): AllergyStatus {
  if (active > 0) return 'recorded';
  if (no_known.includes('any')) return 'no_known_allergies';
  if (no_known.includes('drug')) return 'no_known_drug_allergies';
  return substances > 0 ? 'only_inactive' : 'not_asked';
}

/** What a source may support for allergies. */
export interface Allergies {
  /** The allergies of one patient, active first, then by criticality and substance, from after the record `after`, and what the record says as a whole.
   *  Inactive and resolved ones follow under their own status. Refuted and entered-in-error are left out and counted; rows that say "no known …" are no
   *  allergies and stand in `record`. Throws Fault not_found (patient), invalid_input (stale cursor). Source: FHIR AllergyIntolerance; connectors.md §2.7. */
  list(query: {
    patient_id: string;
    limit: number;
    after?: string | undefined;
  }): Promise<{ allergies: Allergy[]; more: boolean; record: AllergyRecord }>;
}
