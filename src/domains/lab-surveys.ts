// Questions of laboratory results across all patients of a clinic (connectors.md §2.3 to §2.5).
import * as z from 'zod';
import type { Excluded } from './definitions.ts';
import { Rate } from './definitions.ts';
import { LabFlag, LabResult } from './labs.ts';
import { system } from './mark.ts';

const Who = {
  patient_id: system('id'),
  patient: system('person_name'),
  birth_date: system('partial_date').optional(),
};

/** The result that decides for one patient and one analyte. */
export const AbnormalLab = z.object({
  lab_result_id: system('id'),
  ...Who,
  analyte: system('term'),
  loinc: system('code'),
  ...LabResult.pick({ value: true, comparator: true, value_text: true, unit: true, ref_low: true, ref_high: true, ref_text: true }).shape,
  flag: LabFlag,
  collected_at: system('instant'),
  critical: z.literal(true).optional().describe('LL, HH or AA'),
  severity: z.number().optional().describe('how far beyond the limit, in widths of the range'),
  acknowledged: z.boolean().describe('somebody of the clinic reviewed it'),
  action: z.enum(['no_action', 'patient_called', 'message_sent', 'repeat_ordered', 'treatment_changed', 'referred']).optional(),
  repeat_ordered: z.boolean().describe('an open order covers the analyte'),
  later_normal: z.literal(true).optional().describe('a later result was normal'),
});
export type AbnormalLab = z.infer<typeof AbnormalLab>;

/** Of whom the list was made. */
export const AbnormalSummary = z.object({
  abnormal: Rate.describe('patients with an abnormal row, of patients with a result'),
  rows: z.number().int(),
  critical: z.number().int(),
  unknown: z.number().int().describe('patient and analyte pairs whose result has neither flag nor range: not normal, not abnormal'),
  preliminary: z.number().int().describe('abnormal but not final yet: in no row'),
});
export type AbnormalSummary = z.infer<typeof AbnormalSummary>;

export const TrendFinding = z.enum(['trend', 'change', 'stray_value', 'unit_error']);
export type TrendFinding = z.infer<typeof TrendFinding>;

/** One series that moved by more than a steady person's does. */
export const TrendOutlier = z.object({
  /** The last result of the series. */
  lab_result_id: system('id'),
  ...Who,
  direction: z.enum(['up', 'down']).optional(),
  method: system('term').optional(),
  other_methods: z.number().int().optional().describe('further series of this patient by another method, looked at apart'),
  n: z.number().int().describe('results, at most one a week'),
  span_days: z.number().int(),
  first: z.number(),
  last: z.number(),
  unit: system('unit'),
  first_on: system('partial_date'),
  last_on: system('partial_date'),
  slope_per_year: z.number().optional().describe('in unit'),
  total_change_pct: z.number().optional(),
  rcv_pct: z.number().optional().describe('how far a steady person moves by chance'),
  p: z.number().optional().describe('one-sided, exact Mann-Kendall'),
  q: z.number().optional().describe('share of false ones if the list ended here'),
  stray: z
    .array(z.object({ value: z.number(), on: system('partial_date') }))
    .optional()
    .describe('results far off the rest of their series'),
  confounders: z
    .array(
      z.object({
        what: z.enum(['started', 'changed', 'stopped', 'pregnancy']),
        medication: system('term').optional(),
        on: system('partial_date').optional(),
      }),
    )
    .optional(),
});
export type TrendOutlier = z.infer<typeof TrendOutlier>;

export const TrendSummary = z.object({
  marker: system('term'),
  unit: system('unit').optional(),
  variation: system('code').describe('version of the table of biological variation'),
  with_result: z.number().int().describe('patients with a numeric result'),
  tested: z.number().int().describe('patients with four results or more over 90 days or more'),
  trends: z.number().int(),
  changes: z.number().int().describe('two or three results: no trend can be told, the last is unusual'),
  stray_values: z.number().int(),
  unit_errors: z.number().int().describe('a step as large as a unit conversion: left out of the rest'),
  expected_false_flags: z.number().describe('how many of the trends chance alone would make'),
});
export type TrendSummary = z.infer<typeof TrendSummary>;

/** One check that one patient is due for. */
export const LabDue = z.object({
  /** patient and rule, as one id. */
  due_id: system('id'),
  ...Who,
  rule: system('code'),
  analytes: z.array(system('term')).describe('what is missing or old'),
  due_on: system('partial_date'),
  overdue_days: z.number().int().describe('negative: days to go'),
  because: system('term').describe('the drug or the condition'),
  since: system('partial_date').optional().describe('since when'),
  last_result_id: system('id').optional(),
  last_on: system('partial_date').optional().describe('absent: never done here'),
  order_pending: z.literal(true).optional(),
  result_pending: z.literal(true).optional().describe('preliminary: not final yet'),
  declined_on: system('partial_date').optional(),
});
export type LabDue = z.infer<typeof LabDue>;

export const LabDueSummary = z.object({
  patients: Rate.describe('patients due, of patients whom a rule covers'),
  due: z.number().int(),
  order_pending: z.number().int().describe('due and already ordered: in no row unless include_pending'),
  by_rule: z.array(z.object({ rule: system('code'), due: z.number().int(), covered: z.number().int() })),
});
export type LabDueSummary = z.infer<typeof LabDueSummary>;

interface Page {
  limit: number;
  after?: string | undefined;
}

/** What a source may support for questions across patients. Each leaves out patients who are inactive, deceased or merged, and counts them in `excluded`. */
export interface LabSurveys {
  /** Abnormal results of the clinic since a day, one row a patient and analyte (abnormal_labs@1): critical first, then by severity, then the newest.
   *  mode `latest`: the latest final result since then decides; `any`: the latest abnormal one, though a later one be normal. Protocol thresholds (a hematocrit of
   *  54 % on testosterone) are not flags and not here. Throws Fault invalid_input (unknown panel, stale cursor). Source: connectors.md §2.3. */
  abnormal(
    query: Page & {
      panel?: string | undefined;
      since: string;
      mode: 'latest' | 'any';
      practitioner_id?: string | undefined;
      unacknowledged: boolean;
    },
  ): Promise<{ abnormal: AbnormalLab[]; more: boolean; summary: AbnormalSummary; excluded: Excluded }>;
  /** Patients whose marker moved by more than biological and analytical variation (lab_trend_outlier@1), the smallest p first. Source: connectors.md §2.4.
   *  Throws Fault invalid_input (a marker without known variation, stale cursor). */
  trends(
    query: Page & { marker: string; direction: 'up' | 'down' | 'either'; finding: TrendFinding; practitioner_id?: string | undefined },
  ): Promise<{ outliers: TrendOutlier[]; more: boolean; summary: TrendSummary; excluded: Excluded }>;
  /** Patients who are due for a laboratory check by the rules of domains/lab-due-rules.ts (labs_due@1), longest overdue first.
   *  `within_days`: also what comes due in so many days. Throws Fault invalid_input (unknown panel or rule, stale cursor). Source: connectors.md §2.5. */
  due(
    query: Page & {
      within_days: number;
      panel?: string | undefined;
      practitioner_id?: string | undefined;
      include_pending: boolean;
    },
  ): Promise<{ due: LabDue[]; more: boolean; summary: LabDueSummary; excluded: Excluded }>;
}
