import * as z from 'zod';
import { Appointment } from '../domains/appointments.ts';
import { dateRange } from '../domains/days.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { operation, pageOf, paging } from './operation.ts';

const MOST_DAYS = 92;

const DateRange = dateRange(MOST_DAYS).describe('clinic days, inclusive; default today');

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
    provider_id: PractitionerId.optional(),
    patient_id: PatientId.optional(),
    ...paging(40),
  }),
  output: z.object({ appointments: z.array(Appointment) }),
  async run({ appointments, today }, { date_range, provider_id, patient_id, ...page }) {
    const { from, to } = date_range ?? { from: today, to: today };
    return appointments.list({ from, to, practitioner_id: provider_id, patient_id, ...pageOf(page) });
  },
});
