import * as z from 'zod';
import { Day, Since } from '../domains/days.ts';
import { DefinitionId } from '../domains/definitions.ts';
import { EncounterId } from '../domains/encounters.ts';
import { clear, GRAMMARS } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { checkTaken, DraftReading, Measurement, readingsOf, warningsOf } from '../domains/vital-drafts.ts';
import { VitalKind } from '../domains/vital-kinds.ts';
import { VitalAggregate, VitalFigure, VitalSetting, VitalSign } from '../domains/vitals.ts';
import { draft, operation, pageOf, paging, repeatable } from './operation.ts';

export const getVitals = operation({
  name: 'get_vitals',
  title: 'Get vital signs',
  description:
    'Vital signs of one patient, newest first: blood pressure (BP), pulse, weight, height, BMI, temperature, oxygen. Call search_patients first. aggregate gives the latest, average, count or change instead of a list. implausible marks a suspected slip, kept out of figures.',
  toolset: 'results',
  rest: 'GET /patients/{patient_id}/vitals',
  doors: ['mcp', 'rest', 'admin'],
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

const TakenAt = clear(z.string().regex(GRAMMARS.instant, 'RFC 3339 with the offset'));
const BodyPosition = VitalSign.shape.body_position;

export const draftVitals = draft({
  name: 'draft_vitals',
  title: 'Draft vital signs',
  description:
    'Drafts vital signs that were measured at one time (blood pressure, pulse, weight, height, temperature, oxygen …), for a person to sign; nothing is charted before that. Say the unit that was read: it is converted. What no body shows is refused with the range; what is far from the last value is kept, with a warning to the signer.',
  toolset: 'results',
  rest: 'POST /patients/{patient_id}/vital-drafts',
  doors: ['mcp', 'rest'],
  permission: 'vitals:draft',
  kind: 'vitals_draft',
  sign: 'sign_vitals',
  needs: ['vitals.writable'],
  commits: ['vitals.writable', 'vitals.create'],
  input: z.object({
    patient_id: PatientId,
    taken_at: TakenAt.describe('RFC 3339 with offset'),
    measurements: z.array(Measurement).min(1).max(12),
    setting: VitalSetting.default('office'),
    body_position: BodyPosition,
    encounter_id: EncounterId.optional(),
    ...repeatable,
  }),
  payload: z.object({
    patient_id: z.string(),
    encounter_id: z.string().optional(),
    taken_at: TakenAt,
    setting: VitalSetting,
    body_position: BodyPosition,
    measurements: z.array(DraftReading).min(1).max(12),
    warnings: z.array(z.string().max(300)),
  }),
  async run({ vitals, now }, { patient_id, taken_at, measurements, setting, body_position, encounter_id }) {
    const { birth_date, known } = await vitals.writable({ patient_id, encounter_id });
    checkTaken(taken_at, { now, birth_date });
    const readings = readingsOf(measurements);
    return {
      patient_id,
      ...(encounter_id !== undefined && { encounter_id }),
      taken_at,
      setting,
      ...(body_position !== undefined && { body_position }),
      measurements: readings,
      warnings: warningsOf(readings, { taken_at, known, birth_date }),
    };
  },
  async commit({ vitals, caller, now, draft_id }, { measurements, warnings: _, ...taken }) {
    const { birth_date } = await vitals.writable(taken);
    checkTaken(taken.taken_at, { now, birth_date });
    const { vital_sign_id } = await vitals.create({
      ...taken,
      draft_id,
      taken_by: caller.practitioner_id,
      readings: readingsOf(measurements),
    });
    return { record_id: vital_sign_id };
  },
});
