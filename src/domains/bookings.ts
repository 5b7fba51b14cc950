// What a person reads and signs before a visit is booked, moved or called off (mission.md D16).
import * as z from 'zod';
import { GRAMMARS, phi, recordId } from './mark.ts';
import { Modality } from './open-slots.ts';

/** When a visit begins: an instant, to the minute. */
export const StartAt = z
  .string()
  .regex(/^20\d\d-\d\d-\d\dT\d\d:\d\d(:00)?(Z|[+-]\d\d:\d\d)$/, {
    error: 'an instant to the minute with its offset, as find_open_slots gives it: 2026-11-23T09:00:00-05:00',
    abort: true,
  })
  .refine((text) => !Number.isNaN(Date.parse(text)), 'not a time of the calendar');
export const VisitType = z.string().trim().regex(GRAMMARS.term, 'a visit type as get_appointments shows it, at most 80 characters');
export const Minutes = z.number().int().min(5).max(480);
export const AppointmentId = phi('appointment_id', recordId('call get_appointments and use the appointment_id it returns')).describe(
  'from get_appointments',
);

/** Why a visit is called off, by who called it off; FHIR appointment-cancellation-reason in the clinic's words. */
export const CANCELLATION_REASONS = {
  patient: ['patient_request', 'patient_ill', 'transport', 'cost_or_coverage', 'no_longer_needed', 'weather', 'other'],
  practice: ['clinician_unavailable', 'clinic_closed', 'equipment', 'booked_in_error', 'weather', 'other'],
} as const;
export const CancellationReason = z.enum([...new Set([...CANCELLATION_REASONS.patient, ...CANCELLATION_REASONS.practice])]);
export type CancellationReason = z.infer<typeof CancellationReason>;
export const CancelledBy = z.enum(['patient', 'practice']);

const Id = z.string().regex(GRAMMARS.id);
const Name = z.string().max(200);

/** A visit to be booked. The names are those of the record, for the reader: a commit refuses a name that is not the id's. */
export const Booking = z.object({
  patient_id: Id,
  patient: Name,
  birth_date: z.string().optional(),
  practitioner_id: Id,
  practitioner: Name,
  visit_type: VisitType,
  start_at: StartAt,
  minutes: Minutes,
  modality: Modality,
});
export type Booking = z.infer<typeof Booking>;

/** A booked visit and the one that is to take its place. `was`: what stood in the calendar when this was proposed. */
export const Move = Booking.extend({
  appointment_id: Id,
  was: z.object({ practitioner: Name, start_at: StartAt, minutes: Minutes, modality: Modality }),
});
export type Move = z.infer<typeof Move>;

/** A booked visit that is to be called off. */
export const Cancellation = Booking.extend({ appointment_id: Id, cancelled_by: CancelledBy, reason_code: CancellationReason });
export type Cancellation = z.infer<typeof Cancellation>;

/** What is asked for; what is left out stays as it is, or as visits of this type usually are. */
export interface BookingWanted {
  patient_id: string;
  practitioner_id: string;
  visit_type: string;
  start_at: string;
  minutes?: number | undefined;
  modality: Modality;
}
export interface MoveWanted {
  patient_id: string;
  appointment_id: string;
  start_at: string;
  practitioner_id?: string | undefined;
  minutes?: number | undefined;
  modality?: Modality | undefined;
}

/** Writing the calendar. What cannot be is a Fault: not_found (patient, appointment), invalid_input (clinician, visit type), conflict (a merged chart, a patient who
 *  died or is inactive, a clinician who left, a time that is past, over a year ahead, outside the clinician's hours or taken: with the open slots near it). */
export interface Bookings {
  /** The booking as it would stand. */
  bookable(wanted: BookingWanted): Promise<Booking>;
  /** Books it under `appointment_id`; the same again is the same. Only in the transaction of a signature. */
  book(booking: Booking & { appointment_id: string }): Promise<{ appointment_id: string }>;
  movable(wanted: MoveWanted): Promise<Move>;
  /** Books the new one under `new_appointment_id` and marks the old one rescheduled to it. Throws conflict where the old one is not what `was` says. */
  move(move: Move & { new_appointment_id: string }): Promise<{ appointment_id: string }>;
  /** The visit as it stands, booked or confirmed and not begun. */
  cancellable(query: { patient_id: string; appointment_id: string }): Promise<Booking>;
  cancel(cancellation: Cancellation): Promise<{ appointment_id: string }>;
}
