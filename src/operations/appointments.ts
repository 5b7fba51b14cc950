import * as z from 'zod';
import { Appointment } from '../domains/appointments.ts';
import { Day, plusDays } from '../domains/days.ts';
import { clear } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

const MOST_DAYS = 92;

const DateRange = z
  .object({ from: Day, to: Day })
  .refine(({ from, to }) => from <= to, 'to is before from')
  .refine(({ from, to }) => to < plusDays(from, MOST_DAYS), `at most ${MOST_DAYS} days`)
  .describe('clinic days, inclusive; default today');

export const getAppointments = operation({
  name: 'get_appointments',
  title: 'Get appointments',
  description:
    'Appointments by start time, of the clinic, one clinician or one patient. Without date_range: today. Days are the clinic’s own, at most 92. status "unresolved": over, and nobody said whether the patient came; that is not a no-show.',
  toolset: 'scheduling',
  rest: 'GET /appointments',
  doors: ['mcp', 'rest'],
  permission: 'appointments:read',
  effect: 'read',
  needs: ['appointments.list'],
  page: { list: 'appointments', id: 'appointment_id' },
  input: z.object({
    date_range: DateRange.optional(),
    provider_id: clear(
      z.string().regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'not an id; use a practitioner_id that an answer named'),
    )
      .optional()
      .describe('a practitioner_id'),
    patient_id: PatientId.optional(),
    ...paging(40),
  }),
  output: z.object({ appointments: z.array(Appointment) }),
  async run({ appointments, today }, { date_range, provider_id, patient_id, ...page }) {
    const { from, to } = date_range ?? { from: today, to: today };
    return appointments.list({ from, to, practitioner_id: provider_id, patient_id, ...pageOf(page) });
  },
});
