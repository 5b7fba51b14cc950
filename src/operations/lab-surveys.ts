import * as z from 'zod';
import { Day, plusDays } from '../domains/days.ts';
import { DefinitionId, Excluded } from '../domains/definitions.ts';
import { AbnormalLab, AbnormalSummary, LabDue, LabDueSummary, TrendFinding, TrendOutlier, TrendSummary } from '../domains/lab-surveys.ts';
import { phi, system } from '../domains/mark.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { operation, pageOf, paging } from './operation.ts';

const Panel = phi('panel', z.string().min(1).max(40));
/** Where a caller names no day. */
const DAYS_BACK = 90;

export const findAbnormalLabs = operation({
  name: 'find_abnormal_labs_across_panel',
  title: 'Find abnormal labs across patients',
  description:
    'Abnormal or critical lab results across ALL patients (who has abnormal labs this week, unreviewed, not yet repeated), worst first; one row per patient and analyte. For one patient use get_labs; for slow rises or falls use find_lab_trend_outliers. unknown is not normal.',
  toolset: 'results',
  rest: 'GET /labs/abnormal',
  doors: ['mcp', 'rest'],
  permission: 'lab_surveys:read',
  effect: 'read',
  needs: ['lab_surveys.abnormal'],
  page: { list: 'abnormal', id: 'lab_result_id' },
  input: z.object({
    panel: Panel.optional().describe('CMP, CBC, lipid, A1c, thyroid, TRT …, an analyte, or a LOINC; absent: every analyte'),
    since: Day.optional().describe(`collected since, YYYY-MM-DD; default ${DAYS_BACK} days ago`),
    mode: z.enum(['latest', 'any']).default('latest').describe('any: also where a later result was normal'),
    unacknowledged: z.boolean().default(false).describe('true: only what nobody has reviewed'),
    provider_id: PractitionerId.optional(),
    ...paging(20),
  }),
  output: z.object({
    definition: DefinitionId,
    since: system('partial_date'),
    summary: AbnormalSummary,
    excluded: Excluded,
    abnormal: z.array(AbnormalLab),
  }),
  async run({ lab_surveys, today }, { panel, since = plusDays(today, -DAYS_BACK), mode, unacknowledged, provider_id, ...page }) {
    const found = await lab_surveys.abnormal({ panel, since, mode, unacknowledged, practitioner_id: provider_id, ...pageOf(page) });
    return { definition: 'abnormal_labs@1', since, ...found };
  },
});

export const findLabTrends = operation({
  name: 'find_lab_trend_outliers',
  title: 'Find unusual lab trends',
  description:
    'Patients whose marker (A1c, creatinine, eGFR, PSA, hematocrit, TSH …) is rising or falling over time beyond natural variation: a statistically unusual change, not a diagnosis. One marker a call. For single out-of-range results use find_abnormal_labs_across_panel.',
  toolset: 'results',
  rest: 'GET /labs/trends',
  doors: ['mcp', 'rest'],
  permission: 'lab_surveys:read',
  effect: 'read',
  needs: ['lab_surveys.trends'],
  page: { list: 'outliers', id: 'lab_result_id' },
  input: z.object({
    marker: phi('panel', z.string().min(1).max(40)).describe('one analyte by name or LOINC'),
    direction: z.enum(['up', 'down', 'either']).default('either'),
    finding: TrendFinding.default('trend').describe('change: patients with only 2 or 3 results; stray_value: one result off its series'),
    provider_id: PractitionerId.optional(),
    ...paging(15),
  }),
  output: z.object({ definition: DefinitionId, summary: TrendSummary, excluded: Excluded, outliers: z.array(TrendOutlier) }),
  async run({ lab_surveys }, { marker, direction, finding, provider_id, ...page }) {
    const found = await lab_surveys.trends({ marker, direction, finding, practitioner_id: provider_id, ...pageOf(page) });
    return { definition: 'lab_trend_outlier@1', ...found };
  },
});

export const findPatientsDueForLabs = operation({
  name: 'find_patients_due_for_labs',
  title: 'Find patients due for labs',
  description:
    'Patients due or overdue for lab work (monitoring of testosterone, levothyroxine, statins, diabetes, kidney, blood pressure drugs), longest overdue first, with why. Already ordered ones are counted apart. Open orders themselves: get_lab_orders.',
  toolset: 'results',
  rest: 'GET /labs/due',
  doors: ['mcp', 'rest'],
  permission: 'lab_surveys:read',
  effect: 'read',
  needs: ['lab_surveys.due'],
  page: { list: 'due', id: 'due_id', hideId: () => true },
  input: z.object({
    within_days: z.number().int().min(0).max(365).default(0).describe('also what comes due in so many days'),
    panel: Panel.optional().describe('only checks of these analytes: lipid, A1c, TRT …'),
    include_pending: z.boolean().default(false).describe('true: also where a lab order is open'),
    provider_id: PractitionerId.optional(),
    ...paging(20),
  }),
  output: z.object({ definition: DefinitionId, summary: LabDueSummary, excluded: Excluded, due: z.array(LabDue) }),
  async run({ lab_surveys }, { within_days, panel, include_pending, provider_id, ...page }) {
    const found = await lab_surveys.due({ within_days, panel, include_pending, practitioner_id: provider_id, ...pageOf(page) });
    return { definition: 'labs_due@1', ...found };
  },
});
