import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { Appointment } from '../domains/appointments.ts';
import { ATTENDANCE_BY, Figures, Group, MISSED_KINDS, Missed, Outcomes } from '../domains/attendance.ts';
import {
  AppointmentId,
  Booking,
  CANCELLATION_REASONS,
  Cancellation,
  CancellationReason,
  CancelledBy,
  Minutes,
  Move,
  StartAt,
  VisitType,
} from '../domains/bookings.ts';
import { dateRange, plusDays } from '../domains/days.ts';
import { Excluded } from '../domains/definitions.ts';
import { phi } from '../domains/mark.ts';
import { Modality, OpenSlot, PARTS_OF_DAY } from '../domains/open-slots.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { draft, operation, pageOf, paging, repeatable } from './operation.ts';

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

export const draftAppointment = draft({
  name: 'draft_appointment',
  title: 'Draft an appointment',
  description:
    'Drafts the booking of one visit, in person or telehealth; nothing is in the calendar before a person signs. Call find_open_slots first and use its start_at; a time that is not open is refused with those near it. To move a visit use draft_reschedule.',
  toolset: 'scheduling',
  rest: 'POST /patients/{patient_id}/appointment-drafts',
  doors: ['mcp', 'rest'],
  permission: 'appointments:draft',
  kind: 'appointment_draft',
  sign: 'sign_appointments',
  needs: ['appointments.bookable'],
  commits: ['appointments.book'],
  input: z.object({
    patient_id: PatientId,
    provider_id: PractitionerId,
    visit_type: phi('visit_type', VisitType).describe('one that the clinic has'),
    start_at: phi('start_at', StartAt).describe('from find_open_slots'),
    modality: Modality,
    minutes: Minutes.optional().describe('default: as visits of this type'),
    ...repeatable,
  }),
  payload: Booking,
  async run({ appointments }, { patient_id, provider_id, visit_type, start_at, modality, minutes }) {
    return appointments.bookable({ patient_id, practitioner_id: provider_id, visit_type, start_at, modality, minutes });
  },
  async commit({ appointments, draft_id }, booking) {
    const { appointment_id } = await appointments.book({ ...booking, appointment_id: draft_id });
    return { record_id: appointment_id };
  },
});

export const draftReschedule = draft({
  name: 'draft_reschedule',
  title: 'Draft a reschedule',
  description:
    'Drafts moving one booked visit to another time, clinician or modality; what is left out stays. When a person signs, the new visit is booked and the old one points to it. Call get_appointments for the appointment_id and find_open_slots for the start_at.',
  toolset: 'scheduling',
  rest: 'POST /patients/{patient_id}/reschedule-drafts',
  doors: ['mcp', 'rest'],
  permission: 'appointments:draft',
  kind: 'reschedule_draft',
  sign: 'sign_appointments',
  needs: ['appointments.movable'],
  commits: ['appointments.move'],
  input: z.object({
    patient_id: PatientId,
    appointment_id: AppointmentId,
    start_at: phi('start_at', StartAt).describe('from find_open_slots'),
    provider_id: PractitionerId.optional(),
    modality: Modality.optional(),
    minutes: Minutes.optional(),
    ...repeatable,
  }),
  payload: Move,
  async run({ appointments }, { patient_id, appointment_id, start_at, provider_id, modality, minutes }) {
    return appointments.movable({ patient_id, appointment_id, start_at, practitioner_id: provider_id, modality, minutes });
  },
  async commit({ appointments, draft_id }, move) {
    const { appointment_id } = await appointments.move({ ...move, new_appointment_id: draft_id });
    return { record_id: appointment_id };
  },
});

export const draftCancellation = draft({
  name: 'draft_cancellation',
  title: 'Draft a cancellation',
  description:
    'Drafts calling off one appointment (cancel it), with who cancelled and why; a person signs before it happens. Call get_appointments for the appointment_id. Use draft_reschedule where the patient wants another time.',
  toolset: 'scheduling',
  rest: 'POST /patients/{patient_id}/cancellation-drafts',
  doors: ['mcp', 'rest'],
  permission: 'appointments:draft',
  kind: 'cancellation_draft',
  sign: 'sign_appointments',
  needs: ['appointments.cancellable'],
  commits: ['appointments.cancel'],
  input: z.object({
    patient_id: PatientId,
    appointment_id: AppointmentId,
    cancelled_by: CancelledBy,
    reason_code: CancellationReason,
    ...repeatable,
  }),
  payload: Cancellation,
  async run({ appointments }, { patient_id, appointment_id, cancelled_by, reason_code }) {
    checkReason({ cancelled_by, reason_code });
    return { ...(await appointments.cancellable({ patient_id, appointment_id })), appointment_id, cancelled_by, reason_code };
  },
  async commit({ appointments }, cancellation) {
    checkReason(cancellation);
    const { appointment_id } = await appointments.cancel(cancellation);
    return { record_id: appointment_id };
  },
});

function checkReason({ cancelled_by, reason_code }: Pick<Cancellation, 'cancelled_by' | 'reason_code'>): void {
  const reasons: readonly string[] = CANCELLATION_REASONS[cancelled_by];
  if (!reasons.includes(reason_code))
    throw new Fault('invalid_input', `reason_code: not a reason of the ${cancelled_by}; there are ${reasons.join(', ')}.`);
}
