import * as z from 'zod';
import { external, system } from './mark.ts';

/** HL7 table 0078 / FHIR v3-ObservationInterpretation, the codes that say normal or not; `unknown` when neither the lab nor the range can tell. */
export const LabFlag = z.enum(['N', 'L', 'LL', 'H', 'HH', 'A', 'AA', 'POS', 'NEG', 'IND', 'DET', 'ND', 'S', 'I', 'R', 'unknown']);
export type LabFlag = z.infer<typeof LabFlag>;

/** One resulted analyte. FHIR Observation, category laboratory; HL7 v2 OBX. Of value, value_text exactly one is present unless the result was cancelled. */
export const LabResult = z.object({
  lab_result_id: system('id').optional(),
  loinc: system('code').optional().describe('absent where the lab sent only its own code'),
  name: system('term'),
  value: z.number().optional(),
  /** FHIR Quantity.comparator: the value is beyond what the method measures. */
  comparator: z.enum(['<', '<=', '>', '>=']).optional(),
  value_text: system('term').optional(),
  unit: system('unit').optional().describe('UCUM'),
  unit_raw: system('unit').optional().describe('as the lab sent it, where it is not UCUM'),
  ref_low: z.number().optional(),
  ref_high: z.number().optional(),
  ref_text: system('range_text').optional(),
  flag: LabFlag,
  /** Present when the lab's flag and the lab's own range disagree. */
  flag_conflict: z.object({ lab: LabFlag, computed: LabFlag }).optional(),
  collected_at: system('instant'),
  /** Absent when final. */
  status: z.enum(['preliminary', 'corrected', 'amended', 'cancelled']).optional(),
  resulted_at: system('instant').optional(),
  panel: system('term').optional().describe('the panel it was ordered in'),
  specimen: system('term').optional(),
  performing_lab: system('term').optional(),
  method: system('term').optional(),
  lab_flag: LabFlag.optional(),
  computed_flag: LabFlag.optional(),
  order_id: system('id').optional(),
  comment: external().optional(),
});
export type LabResult = z.infer<typeof LabResult>;

export const LabAggregate = z.enum(['latest', 'average', 'count', 'change']);
export type LabAggregate = z.infer<typeof LabAggregate>;

/** One analyte of one patient in one figure, of final results. `average` and `change` are of plain numbers in one unit, by one method: what lies beyond the
 *  scale is counted in `beyond_scale` and never used as a number, and what cannot be brought to the unit is counted in `unknown_unit`. */
export const LabFigure = z.object({
  analyte: system('term'),
  method: system('term').optional().describe('where results by another method do not compare'),
  value: z.number().optional().describe('latest: the newest result; average: the mean; count: how many results; change: last less first'),
  comparator: z.enum(['<', '<=', '>', '>=']).optional(),
  value_text: system('term').optional(),
  unit: system('unit').optional(),
  n: z.number().int().describe('results in the figure'),
  first: z.number().optional(),
  last: z.number().optional(),
  change_pct: z.number().optional(),
  from_at: system('instant'),
  to_at: system('instant'),
  beyond_scale: z.number().int().optional(),
  unknown_unit: z.number().int().optional(),
});
export type LabFigure = z.infer<typeof LabFigure>;

export interface LabQuery {
  patient_id: string;
  panel?: string | undefined;
  codes?: readonly string[] | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** What a source may support for labs. */
export interface Labs {
  /** Results of one patient by collection time, newest first, from after the record `after`; at most `limit`, `more` says that others follow.
   *  A corrected result stands in the place of the one it corrects; entered-in-error is left out. `panel` is a name (CMP, lipid, TRT …) or a LOINC
   *  and selects by analyte code, not by the order's name; `unmapped` counts results with a local code only, which no panel can select.
   *  `codes` selects further analytes by LOINC. `since` and `until` are practice-local calendar days of collection, both inclusive.
   *  Throws Fault not_found (patient), invalid_input (unknown panel, stale cursor). Source: FHIR Observation; connectors.md §2.2. */
  list(query: LabQuery & { limit: number; after?: string | undefined }): Promise<{ labs: LabResult[]; more: boolean; unmapped: number }>;
  /** The same results, one figure for each analyte (lab_summary@1), the analyte with the newest result first. `preliminary` counts results that are not
   *  final yet and stand in no figure. Throws Fault not_found, invalid_input, as `list`. */
  summarize(query: LabQuery & { aggregate: LabAggregate }): Promise<{ figures: LabFigure[]; preliminary: number; unmapped: number }>;
}
