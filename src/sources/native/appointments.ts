import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import type { Appointment, AppointmentStatus, Appointments } from '../../domains/appointments.ts';
import type { Surroundings } from '../connector.ts';
import { bookingWriting } from './appointments-write.ts';
import { attendance } from './attendance.ts';
import { openSlots } from './open-slots.ts';
import { cursorStands, patientStands, practitionerStands } from './standing.ts';

export function appointments(around: Surroundings): Appointments {
  const { tx, now } = around;
  return {
    ...bookingWriting(around),
    attendance: (query) => attendance(around, query),
    slots: (query) => openSlots(around, query),
    async list(query) {
      const [, , , rows] = await Promise.all([
        query.patient_id === undefined ? undefined : patientStands(tx, query.patient_id),
        practitionerStands(tx, query.practitioner_id),
        cursorStands(query.after, (id) => anchor(tx, id, query)),
        appointmentsOf(tx, { ...query, limit: query.limit + 1, now }),
      ]);
      return { appointments: rows.slice(0, query.limit).map(appointmentOf), more: rows.length > query.limit };
    },
  };
}

type Query = Parameters<Appointments['list']>[0];

async function anchor(tx: Tx, id: string, { from, to, patient_id, practitioner_id }: Query): Promise<object[]> {
  return tx.rows(
    `select from appointments a
     where a.id = $1 and a.start_at >= $2::date::timestamptz and a.start_at < ($3::date + 1)::timestamptz
       and ($4::uuid is null or a.patient_id = $4) and ($5::uuid is null or a.practitioner_id = $5)`,
    [id, from, to, patient_id ?? null, practitioner_id ?? null],
  );
}

type Row = Nullable<Omit<Appointment, 'status'>> & { status: Exclude<AppointmentStatus, 'unresolved'>; over: boolean };

/** The page first, then who they are of; a text for each index that can carry the page. Days begin at the clinic's own midnight: the transaction's time zone
 *  is the clinic's, also on the days of 23 and 25 hours. */
async function appointmentsOf(tx: Tx, query: Query & { now: Date }): Promise<Row[]> {
  return tx.rows<Row>(
    `with page as materialized (
       select a.* from appointments a
       where a.start_at >= $1::date::timestamptz and a.start_at < ($2::date + 1)::timestamptz and a.status <> 'entered_in_error'
         and ${query.patient_id === undefined ? '$3::uuid is null' : 'a.patient_id = $3'}
         and ${query.practitioner_id === undefined ? '$4::uuid is null' : 'a.practitioner_id = $4'}
         and ($5::uuid is null or (a.start_at, a.id) > (select b.start_at, b.id from appointments b where b.id = $5))
       order by a.start_at, a.id
       limit $6)
     select a.id as appointment_id, a.start_at, a.minutes, a.status, a.start_at + a.minutes * interval '1 minute' <= $7::timestamptz as over,
       a.visit_type, a.modality, a.patient_id, p.given_name || ' ' || p.family_name as patient, p.birth_date,
       a.practitioner_id, d.given_name || ' ' || d.family_name as practitioner, a.cancelled_by, a.cancelled_at, a.cancellation_reason, a.rescheduled_to, a.reason
     from page a
     join patients p on p.tenant_id = a.tenant_id and p.id = a.patient_id
     join practitioners d on d.tenant_id = a.tenant_id and d.id = a.practitioner_id
     order by a.start_at, a.id`,
    [
      query.from,
      query.to,
      query.patient_id ?? null,
      query.practitioner_id ?? null,
      query.after ?? null,
      query.limit,
      query.now.toISOString(),
    ],
  );
}

/** What is over and was never marked is unresolved, not a no-show (connectors.md §2.8). */
export function appointmentOf({ over, status, ...row }: Row): Appointment {
  const left_open = over && (status === 'booked' || status === 'confirmed');
  return { ...present(row), status: left_open ? 'unresolved' : status };
}
