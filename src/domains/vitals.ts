import * as z from 'zod';
import { DefinitionId, Excluded } from './definitions.ts';
import { system } from './mark.ts';
import { Implausible, VitalKind } from './vital-kinds.ts';

export const VitalSetting = z.enum(['office', 'home', 'inpatient', 'emergency']);
export type VitalSetting = z.infer<typeof VitalSetting>;

/** One reading as it was charted. A blood pressure is one row with both numbers. FHIR Observation, category vital-signs. */
export const VitalSign = z.object({
  vital_sign_id: system('id'),
  kind: z.enum([...VitalKind.options, 'other']),
  loinc: system('code'),
  taken_at: system('instant'),
  value: z.number().optional(),
  systolic: z.number().optional(),
  diastolic: z.number().optional(),
  unit: system('unit').optional().describe('as charted'),
  canonical_value: z.number().optional().describe('where the charted unit is another'),
  canonical_unit: system('unit').optional(),
  setting: VitalSetting,
  body_position: z.enum(['sitting', 'standing', 'supine']).optional(),
  /** Absent when final. */
  status: z.enum(['preliminary', 'amended', 'corrected']).optional(),
  implausible: Implausible.optional().describe('suspected slip; left out of figures'),
  /** kg/m², by bmi@1: from a weight and the latest height at or before it. */
  bmi_computed: z.number().optional(),
  /** The charted BMI and the computed one differ by more than 0.5. */
  bmi_conflict: z.boolean().optional(),
  /** A BMI that nobody charted: the row is the weight's. */
  computed: z.boolean().optional(),
  taken_by: system('person_name').optional(),
  encounter_id: system('id').optional(),
});
export type VitalSign = z.infer<typeof VitalSign>;

/** A reading, or the difference of two, in the kind's own unit. */
const Point = z.object({
  value: z.number().optional(),
  systolic: z.number().optional(),
  diastolic: z.number().optional(),
  taken_at: system('instant').optional(),
  setting: VitalSetting.optional(),
});
export type Point = z.infer<typeof Point>;

export const VitalAggregate = z.enum(['latest', 'average', 'count', 'change']);
export type VitalAggregate = z.infer<typeof VitalAggregate>;

/** What the readings of one kind say together. `count` is how many stood in it; without any there is no figure. */
export const VitalFigure = z.object({
  kind: VitalKind,
  unit: system('unit'),
  count: z.number().int(),
  latest: Point.optional(),
  /** Blood pressure: the mean of the last two readings of the latest one's day. */
  last_two_mean: Point.optional(),
  average: Point.optional(),
  first: Point.optional(),
  last: Point.optional(),
  /** last − first. */
  change: Point.optional(),
  change_percent: z.number().optional(),
  days: z.number().int().optional().describe('from first to last'),
  excluded: Excluded.optional(),
  definition: DefinitionId,
});
export type VitalFigure = z.infer<typeof VitalFigure>;

/** A reading that stands (neither implausible nor preliminary), in its kind's own unit; of a blood pressure `value` is the systolic one. */
export interface StandingReading {
  kind: VitalKind;
  taken_at: string;
  value: number;
  diastolic?: number;
}

interface VitalQuery {
  patient_id: string;
  kind?: VitalKind | undefined;
  setting?: VitalSetting | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** What a source may support for vitals. */
export interface Vitals {
  /** Readings of one patient, newest first by the time they were taken, from after the record `after`; entered-in-error is left out. `since` and `until` are
   *  days of the clinic, inclusive. `kind: 'bmi'` is the charted ones and, computed, one for each weight without one.
   *  Throws Fault not_found (patient), invalid_input (stale cursor). Source: FHIR vital signs; connectors.md §2.6. */
  list(query: VitalQuery & { limit: number; after?: string | undefined }): Promise<{ vitals: VitalSign[]; more: boolean }>;
  /** The figure of each kind that was read, or of the kind named. What is implausible, preliminary or in an unknown unit does not stand in it, and is counted.
   *  Throws Fault not_found (patient), invalid_input (more readings than one figure bears). */
  summarize(query: VitalQuery & { aggregate: VitalAggregate }): Promise<VitalFigure[]>;
  /** What a draft of new readings is held against: the readings that stand, newest first, and the birth date. Throws Fault not_found (patient, visit), conflict
   *  (a merged chart, a patient who died, a visit entered in error). */
  writable(query: {
    patient_id: string;
    encounter_id?: string | undefined;
  }): Promise<{ birth_date: string | null; known: StandingReading[] }>;
  /** Charts readings of one time, each a row; the same `draft_id` again is the same rows. Only in the transaction of a signature. Answers the first row's id. */
  create(taken: {
    draft_id: string;
    patient_id: string;
    encounter_id?: string | undefined;
    taken_at: string;
    taken_by?: string | undefined;
    setting: VitalSetting;
    body_position?: VitalSign['body_position'];
    readings: readonly {
      kind: VitalKind;
      value?: number | undefined;
      systolic?: number | undefined;
      diastolic?: number | undefined;
      unit: string;
    }[];
  }): Promise<{ vital_sign_id: string }>;
}
