import * as z from 'zod';
import { DefinitionId, Excluded } from './definitions.ts';
import { system } from './mark.ts';

/** What is the same in every measure of one name: what a model may call it, where its logic is published, and which way is good. */
export const MEASURES = {
  controlled_bp: {
    title: 'Controlling high blood pressure',
    definition: 'cbp_ecqm_like@2026',
    source: 'CMS165',
    direction: 'higher_is_better',
    closes: 'a blood pressure below 140/90 as the last one (office or home)',
  },
  glycemic_status: {
    title: 'Diabetes: glycemic status above 9 per cent',
    definition: 'gsd_ecqm_like@2026',
    source: 'CMS122',
    direction: 'lower_is_better',
    closes: 'an A1c or a glucose management indicator of 9 per cent or less',
  },
  kidney_evaluation: {
    title: 'Kidney health evaluation in diabetes',
    definition: 'ked_ecqm_like@2026',
    source: 'CMS951',
    direction: 'higher_is_better',
    closes: 'an eGFR, and a urine albumin/creatinine ratio',
  },
  breast_screening: {
    title: 'Breast cancer screening',
    definition: 'bcs_ecqm_like@2026',
    source: 'CMS125',
    direction: 'higher_is_better',
    closes: 'a mammogram',
  },
  colorectal_screening: {
    title: 'Colorectal cancer screening',
    definition: 'col_ecqm_like@2026',
    source: 'CMS130',
    direction: 'higher_is_better',
    closes: 'a colonoscopy, stool test, sigmoidoscopy or CT colonography',
  },
} as const;
export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as MeasureName[];
export const MeasureName = z.enum(MEASURE_NAMES as [MeasureName, ...MeasureName[]]);

/** unknown: the data cannot tell, and `why` says what is missing. */
export const GapState = z.enum(['open', 'closed', 'excluded', 'unknown', 'not_eligible']);
export type GapState = z.infer<typeof GapState>;

/** The days that a measure looks at, both inclusive, in the clinic's zone. */
export interface MeasurementPeriod {
  from: string;
  to: string;
}

/** One measure of the whole clinic, or of one clinician's patients. denominator = initial_population; rate = numerator / (denominator - exclusions). */
export const QualityMeasure = z.object({
  measure: MeasureName,
  title: system('term'),
  kind: z.literal('ecqm-like'),
  definition: DefinitionId,
  source: system('code').describe('the CMS eCQM whose published logic it follows'),
  direction: z.enum(['higher_is_better', 'lower_is_better']),
  initial_population: z.number().int(),
  denominator: z.number().int(),
  exclusions: z.number().int(),
  excluded: Excluded,
  numerator: z.number().int(),
  rate: z.number().optional(),
  /** Of the denominator less the exclusions. */
  open: z.number().int(),
  closed: z.number().int(),
  unknown: z.number().int().describe('what the record cannot decide; some may not belong to the population'),
});
export type QualityMeasure = z.infer<typeof QualityMeasure>;

export const GapEvidence = z.object({
  what: system('term'),
  value: z.number().optional(),
  unit: system('unit').optional(),
  on: system('partial_date').optional(),
});
export type GapEvidence = z.infer<typeof GapEvidence>;

/** One patient in one measure. */
export const CareGap = z.object({
  /** Of the list's cursor; no other tool takes it. */
  care_gap_id: system('id').optional(),
  measure: MeasureName,
  patient_id: system('id'),
  patient: system('person_name'),
  birth_date: system('partial_date').optional(),
  practitioner_id: system('id').optional(),
  state: GapState,
  /** needs_action: something is to be done. record_only: it may be done already, and the record is to be completed. */
  action: z.enum(['needs_action', 'record_only']).optional(),
  why: system('term'),
  /** The latest that counts, with its day. */
  evidence: z.array(GapEvidence),
  closes: system('term').optional().describe('what would close it'),
});
export type CareGap = z.infer<typeof CareGap>;

/** Whose patients, in which days. `practitioner_id` is the clinician that the patient is assigned to. */
interface Asked {
  measures: readonly MeasureName[];
  period: MeasurementPeriod;
  practitioner_id?: string | undefined;
}

/** What a source may support for quality measures. Source: the logic of the CMS eCQMs of reporting year 2026 (CMS165, CMS122, CMS951, CMS125, CMS130)
 *  on our own small value sets (value-sets.ts): like them, and never a HEDIS rate. connectors.md §2.5. */
export interface Measures {
  /** Each measure's populations. `left_out` are patients with a visit in the period who are deceased, inactive or merged into another chart.
   *  Throws Fault invalid_input (unknown practitioner). */
  summary(query: Asked): Promise<{ measures: QualityMeasure[]; left_out: Excluded }>;
  /** Patients by name, each measure a row, those in one of `states`, from after the row `after`. not_eligible can be asked of one patient only.
   *  Throws Fault not_found (patient), invalid_input (unknown practitioner, stale cursor). */
  gaps(
    query: Asked & { patient_id?: string | undefined; states: readonly GapState[]; limit: number; after?: string | undefined },
  ): Promise<{ care_gaps: CareGap[]; more: boolean }>;
}
