import * as z from 'zod';
import { dateRange, plusDays } from '../domains/days.ts';
import { Excluded } from '../domains/definitions.ts';
import { Intake, IntakeForm } from '../domains/intake-forms.ts';
import { system } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getIntakeStatus = operation({
  name: 'get_intake_status',
  title: 'Get intake status',
  description:
    'Intake and consent forms of upcoming visits: sent, completed, missing, expired, and when and by whom contact details were confirmed. Default: the next 7 days; with patient_id the next 92 and other forms of that patient. missing_only: who has paperwork to do. Not the forms’ answers.',
  toolset: 'patients',
  rest: 'GET /intake-status',
  doors: ['mcp', 'rest'],
  permission: 'intake_forms:read',
  effect: 'read',
  needs: ['intake_forms.status'],
  page: { list: 'intakes', id: 'appointment_id' },
  input: z.object({
    patient_id: PatientId.optional(),
    date_range: dateRange(93).optional().describe('clinic days of the visits, inclusive'),
    provider_id: PractitionerId.optional(),
    missing_only: z.boolean().default(false),
    ...paging(20),
  }),
  output: z.object({
    intakes: z.array(Intake),
    other_forms: z.array(IntakeForm).optional(),
    contact: z
      .object({ contact_confirmed_at: system('instant').optional(), contact_confirmed_by: z.enum(['patient', 'staff']).optional() })
      .optional(),
    excluded: Excluded.optional(),
  }),
  async run({ intake_forms, today }, { patient_id, date_range, provider_id, missing_only, ...page }) {
    const { from, to } = date_range ?? { from: today, to: plusDays(today, patient_id === undefined ? 6 : 92) };
    const { excluded, ...found } = await intake_forms.status({
      from,
      to,
      patient_id,
      practitioner_id: provider_id,
      missing_only,
      ...pageOf(page),
    });
    return { ...found, ...(excluded.length > 0 && { excluded }) };
  },
});
