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

/** What a source may support for labs. */
export interface Labs {
  /** Results of one patient by collection time, newest first, from after the record `after`; at most `limit`, `more` says that others follow.
   *  A corrected result stands in the place of the one it corrects; entered-in-error is left out. `panel` is a name (CMP, lipid, TRT …) or a LOINC
   *  and selects by analyte code, not by the order's name; `unmapped` counts results with a local code only, which no panel can select.
   *  `since` is a practice-local calendar day of collection, inclusive.
   *  Throws Fault not_found (patient), invalid_input (unknown panel, stale cursor). Source: FHIR Observation; connectors.md §2.2. */
  list(query: {
    patient_id: string;
    panel?: string | undefined;
    since?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ labs: LabResult[]; more: boolean; unmapped: number }>;
}
