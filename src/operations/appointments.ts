import * as z from 'zod';
import { Appointment } from '../domains/appointments.ts';
import { ATTENDANCE_BY, Figures, Group, MISSED_KINDS, Missed, Outcomes } from '../domains/attendance.ts';
import { dateRange, plusDays } from '../domains/days.ts';
import { Excluded } from '../domains/definitions.ts';
import { Modality, OpenSlot, PARTS_OF_DAY } from '../domains/open-slots.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { operation, pageOf, paging } from './operation.ts';

const MOST_DAYS = 92;

const DateRange = dateRange(MOST_DAYS).describe('clinic days, inclusive; default today');

export const getAppointments = operation({
  name: 'get_appointments',
  title: 'Get appointments',
  description:
    'The schedule: booked appointments by start time, of the clinic, one clinician or one patient. Without date_range: today. Days are the clinic’s own, at most 92. status "unresolved": over, and nobody said whether the patient came; that is not a no-show.',
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

export const getNoShowsAndCancellations = operation({
  name: 'get_no_shows_and_cancellations',
  title: 'Get no-shows and cancellations',
  description:
    'Who missed or cancelled appointments in a past period, and the no-show, cancellation, late-cancel and fill-back rates with their denominators. list chooses whom to name; by compares providers, visit types, lead times or weekdays. Default: the last 30 days. The rates come with the first page.',
  toolset: 'scheduling',
  rest: 'GET /appointments/no-shows-and-cancellations',
  doors: ['mcp', 'rest'],
  permission: 'appointments:read',
  effect: 'read',
  needs: ['appointments.attendance'],
  page: { list: 'appointments', id: 'appointment_id' },
  input: z.object({
    date_range: dateRange(366).optional().describe('clinic days, inclusive'),
    provider_id: PractitionerId.optional(),
    by: z.enum(ATTENDANCE_BY).optional(),
    list: z.enum(MISSED_KINDS).default('no_show'),
    ...paging(40),
  }),
  output: z.object({
    figures: Figures.optional(),
    outcomes: Outcomes.optional(),
    excluded: Excluded.optional(),
    groups: z.array(Group).optional(),
    more_groups: z.number().int().optional(),
    appointments: z.array(Missed),
    not_listed: Excluded.optional(),
  }),
  async run({ appointments, today }, { date_range, provider_id, by, list, ...page }) {
    const { from, to } = date_range ?? { from: plusDays(today, -30), to: today };
    const found = await appointments.attendance({ from, to, practitioner_id: provider_id, by, list, ...pageOf(page) });
    const { overview, not_listed, ...rows } = found;
    return { ...overview, ...rows, ...(not_listed.length > 0 && { not_listed }) };
  },
});

export const findOpenSlots = operation({
  name: 'find_open_slots',
  title: 'Find open slots',
  description:
    'Free times to book: each clinician’s hours less blocks and booked visits, from now on, earliest first. Default: the next 7 days, 30 minutes. Use it for the next available opening; get_appointments shows what is booked. Books nothing.',
  toolset: 'scheduling',
  rest: 'GET /open-slots',
  doors: ['mcp', 'rest'],
  permission: 'appointments:read',
  effect: 'read',
  needs: ['appointments.slots'],
  page: { list: 'slots', id: 'slot_id', hideId: () => true },
  input: z.object({
    date_range: dateRange(31).optional().describe('clinic days, inclusive'),
    provider_id: PractitionerId.optional(),
    minutes: z.number().int().min(5).max(480).default(30),
    modality: Modality.optional(),
    part_of_day: z.enum(PARTS_OF_DAY).optional().describe('to 12:00, to 17:00, after'),
    ...paging(20),
  }),
  output: z.object({ slots: z.array(OpenSlot), excluded: Excluded.optional() }),
  async run({ appointments, today }, { date_range, provider_id, minutes, modality, part_of_day, ...page }) {
    const { from, to } = date_range ?? { from: today, to: plusDays(today, 6) };
    const found = await appointments.slots({ from, to, practitioner_id: provider_id, minutes, modality, part_of_day, ...pageOf(page) });
    return { slots: found.slots, more: found.more, ...(found.excluded.length > 0 && { excluded: found.excluded }) };
  },
});
