import * as z from 'zod';
import { Day, Since } from '../domains/days.ts';
import { DefinitionId } from '../domains/definitions.ts';
import { PatientId } from '../domains/patients.ts';
import { VitalKind } from '../domains/vital-kinds.ts';
import { VitalAggregate, VitalFigure, VitalSetting, VitalSign } from '../domains/vitals.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getVitals = operation({
  name: 'get_vitals',
  title: 'Get vital signs',
  description:
    'Vital signs of one patient, newest first: blood pressure (BP), pulse, weight, height, BMI, temperature, oxygen. Call search_patients first. aggregate gives the latest, average, count or change instead of a list. implausible marks a suspected slip, kept out of figures.',
  toolset: 'results',
  rest: 'GET /patients/{patient_id}/vitals',
  doors: ['mcp', 'rest'],
  permission: 'vitals:read',
  effect: 'read',
  needs: ['vitals.list', 'vitals.summarize'],
  page: { list: 'vitals', id: 'vital_sign_id' },
  input: z.object({
    patient_id: PatientId,
    kind: VitalKind.optional(),
    since: Since.optional(),
    until: Day.optional().describe('YYYY-MM-DD, inclusive'),
    setting: VitalSetting.optional().describe('where it was taken'),
    aggregate: VitalAggregate.optional(),
    ...paging(20),
  }),
  output: z.object({
    vitals: z.array(VitalSign),
    figures: z.array(VitalFigure).optional(),
    definition: DefinitionId.optional(),
  }),
  async run({ vitals }, { patient_id, kind, since, until, setting, aggregate, ...page }) {
    const query = { patient_id, kind, since, until, setting };
    if (aggregate !== undefined) return { vitals: [], figures: await vitals.summarize({ ...query, aggregate }) };
    const found = await vitals.list({ ...query, ...pageOf(page) });
    return { ...found, ...(found.vitals.some(({ bmi_computed }) => bmi_computed !== undefined) && { definition: 'bmi@1' }) };
  },
});
