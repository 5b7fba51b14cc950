import * as z from 'zod';
import type { Attendance, AttendanceQuery } from './attendance.ts';
import { type Bookings, CancellationReason } from './bookings.ts';
import { external, system } from './mark.ts';
import type { OpenSlots, SlotQuery } from './open-slots.ts';

/** connectors.md §2.8; FHIR Appointment.status in the clinic's words. `rescheduled` links to the one that took its place. */
export const AppointmentStatus = z.enum([
  'booked',
  'confirmed',
  'arrived',
  'roomed',
  'completed',
  'no_show',
  'cancelled',
  'rescheduled',
  'unresolved',
]);
export type AppointmentStatus = z.infer<typeof AppointmentStatus>;

/** One booked visit. FHIR Appointment. */
export const Appointment = z.object({
  appointment_id: system('id'),
  start_at: system('instant'),
  minutes: z.number().int(),
  status: AppointmentStatus.describe('unresolved: in the past and still booked'),
  visit_type: system('term'),
  modality: z.enum(['in_person', 'telehealth']),
  patient_id: system('id'),
  patient: system('person_name'),
  birth_date: system('partial_date').optional(),
  practitioner_id: system('id'),
  practitioner: system('person_name'),
  cancelled_by: z.enum(['patient', 'practice', 'system']).optional(),
  cancelled_at: system('instant').optional(),
  cancellation_reason: CancellationReason.optional(),
  rescheduled_to: system('id').optional(),
  /** What the person who booked wrote. */
  reason: external().optional(),
});
export type Appointment = z.infer<typeof Appointment>;

/** What a source may support for appointments. */
export interface Appointments extends Bookings {
  /** Appointments whose start lies in the practice-local days [from, to], by start time, from after the record `after`; of one practitioner or one patient where named.
   *  Entered-in-error is left out. Throws Fault invalid_input (stale cursor, unknown practitioner), not_found (patient). */
  list(query: {
    from: string;
    to: string;
    practitioner_id?: string | undefined;
    patient_id?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ appointments: Appointment[]; more: boolean }>;
  /** Figures of the appointments that began in the practice-local days [from, to] and not after now, and those of the kind `list`, by start time, from after
   *  the record `after`. Of a chain of reschedules only its end counts. Throws Fault invalid_input (stale cursor, unknown practitioner).
   *  Source: connectors.md §2.8; IHI for the second denominator. */
  attendance(query: AttendanceQuery): Promise<Attendance>;
  /** Openings of `minutes` from now on in the practice-local days [from, to], by start time, then clinician, from after the slot `after`.
   *  Throws Fault invalid_input (stale cursor, unknown practitioner). */
  slots(query: SlotQuery): Promise<OpenSlots>;
}
