import * as z from 'zod';
import { AppointmentId } from '../domains/bookings.ts';
import { dateRange, plusDays } from '../domains/days.ts';
import { Excluded } from '../domains/definitions.ts';
import { AskingChannel, FormAsked, Intake, IntakeForm, IntakeKind } from '../domains/intake-forms.ts';
import { system } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { draft, operation, pageOf, paging, repeatable } from './operation.ts';

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

export const draftIntakeForm = draft({
  name: 'draft_intake_form',
  title: 'Draft an intake form',
  description:
    'Drafts sending one patient an intake, consent or history form to fill in, for a visit or without one; a person signs it. Call get_intake_status first: a form that is open already is refused.',
  toolset: 'patients',
  rest: 'POST /patients/{patient_id}/intake-form-drafts',
  doors: ['mcp', 'rest'],
  permission: 'intake_forms:draft',
  kind: 'intake_form_draft',
  sign: 'sign_intake_forms',
  needs: ['intake_forms.askable'],
  commits: ['intake_forms.ask'],
  input: z.object({
    patient_id: PatientId,
    kind: IntakeKind,
    channel: AskingChannel.default('portal'),
    appointment_id: AppointmentId.optional(),
    ...repeatable,
  }),
  payload: FormAsked,
  async run({ intake_forms }, { patient_id, kind, channel, appointment_id }) {
    return intake_forms.askable({ patient_id, kind, channel, appointment_id });
  },
  async commit({ intake_forms, draft_id }, form) {
    const { form_id } = await intake_forms.ask({ ...form, form_id: draft_id });
    return { record_id: form_id };
  },
});
