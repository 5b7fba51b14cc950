// Visits into the calendar: read for a proposal, read again and written in the transaction of a signature. The database refuses a time booked twice (0016).
import { Fault } from '../../base/fault.ts';
import { present } from '../../base/present.ts';
import { localDay, localInstant } from '../../base/zone.ts';
import type { Booking, Bookings, BookingWanted, Move, MoveWanted } from '../../domains/bookings.ts';
import { plusDays } from '../../domains/days.ts';
import type { Modality } from '../../domains/open-slots.ts';
import type { Surroundings } from '../connector.ts';
import { freeTime, openSlots } from './open-slots.ts';
import { noSuchPatient, practitionerStands } from './standing.ts';

const FARTHEST_DAYS = 365;
const GIVES_TIME_BACK = "('cancelled', 'rescheduled', 'no_show', 'entered_in_error')";

export function bookingWriting(around: Surroundings): Bookings {
  const { tx, now } = around;
  return {
    bookable: (wanted) => bookingOf(around, wanted),
    async book({ appointment_id, ...booking }) {
      await hold(around, booking);
      isAsShown(booking, await bookingOf(around, booking));
      await insert(around, appointment_id, booking);
      return { appointment_id };
    },
    movable: (wanted) => moveOf(around, wanted, ''),
    async move({ new_appointment_id, ...move }) {
      const found = await moveOf(around, move, 'hold');
      isAsShown(move, found);
      isThatVisit(move, found, ['visit_type']);
      if (Date.parse(found.was.start_at) !== Date.parse(move.was.start_at) || found.was.practitioner !== move.was.practitioner)
        throw new Fault('conflict', 'This visit was moved since the draft was made. Call get_appointments for where it stands now.');
      // Its own time is free for the new one, which it can point at only once that is there.
      await tx.rows("update appointments set status = 'rescheduled' where id = $1", [move.appointment_id]);
      await insert(around, new_appointment_id, move);
      await tx.rows('update appointments set rescheduled_to = $2 where id = $1', [move.appointment_id, new_appointment_id]);
      return { appointment_id: new_appointment_id };
    },
    cancellable: (query) => standingVisit(around, query, ''),
    async cancel({ appointment_id, patient_id, cancelled_by, reason_code, ...shown }) {
      const found = await standingVisit(around, { patient_id, appointment_id }, LOCKED);
      isAsShown({ ...shown, patient_id }, found);
      isThatVisit({ ...shown, patient_id }, found, ['visit_type', 'minutes', 'modality']);
      if (Date.parse(found.start_at) !== Date.parse(shown.start_at))
        throw new Fault('conflict', 'This visit was moved since the draft was made. Call get_appointments for where it stands now.');
      await tx.rows(
        "update appointments set status = 'cancelled', cancelled_by = $2, cancelled_at = $3, cancellation_reason = $4 where id = $1",
        [appointment_id, cancelled_by, now.toISOString(), reason_code],
      );
      return { appointment_id };
    },
  };
}

/** Before what decides is read: nobody else writes these two calendars until this transaction ends. */
async function hold({ tx }: Surroundings, { practitioner_id, patient_id }: { practitioner_id: string; patient_id: string }): Promise<void> {
  await tx.rows('select app.hold_calendar($1, $2)', [practitioner_id, patient_id]);
}

async function insert({ tx, now }: Surroundings, id: string, booking: Booking): Promise<void> {
  await tx.rows(
    `insert into appointments (tenant_id, id, patient_id, practitioner_id, start_at, minutes, status, visit_type, modality, booked_at)
     values (app.tenant(), $1, $2, $3, $4, $5, 'booked', $6, $7, $8) on conflict (tenant_id, id) do nothing`,
    [
      id,
      booking.patient_id,
      booking.practitioner_id,
      booking.start_at,
      booking.minutes,
      booking.visit_type,
      booking.modality,
      now.toISOString(),
    ],
  );
}

/** What is moved or called off stays the visit that it is: what was shown of it is what stands. */
function isThatVisit(shown: Booking, found: Booking, parts: readonly ('visit_type' | 'minutes' | 'modality')[]): void {
  if (parts.some((part) => shown[part] !== found[part]))
    throw new Fault('conflict', 'What this draft says of the visit is not what stands in the calendar. Have it drafted anew.');
}

/** A signature is to what was read: a name beside an id must be that id's. */
function isAsShown(shown: Booking, found: Booking): void {
  if (shown.patient !== found.patient || shown.birth_date !== found.birth_date || shown.practitioner !== found.practitioner)
    throw new Fault('conflict', 'A name or birth date in this draft is not that of the record it names.');
}

async function bookingOf(around: Surroundings, wanted: BookingWanted): Promise<Booking> {
  const { patient_id, practitioner_id, modality } = wanted;
  const [who, type] = await Promise.all([people(around, wanted), visitType(around, wanted.visit_type)]);
  const minutes = wanted.minutes ?? type.minutes;
  const start_at = await openAt(around, { patient_id, practitioner_id, modality, minutes, start_at: wanted.start_at });
  return { patient_id, ...who, practitioner_id, visit_type: type.name, start_at, minutes, modality };
}

const LOCKED = 'for update of a';

async function moveOf(around: Surroundings, wanted: MoveWanted, how: '' | 'hold'): Promise<Move> {
  const { appointment_id, patient_id } = wanted;
  const { start_at, practitioner, ...was } = await standingVisit(around, { patient_id, appointment_id }, how === 'hold' ? LOCKED : '');
  const practitioner_id = wanted.practitioner_id ?? was.practitioner_id;
  const minutes = wanted.minutes ?? was.minutes;
  const modality = wanted.modality ?? was.modality;
  const same = practitioner_id === was.practitioner_id && minutes === was.minutes && modality === was.modality;
  if (same && Date.parse(wanted.start_at) === Date.parse(start_at))
    throw new Fault('invalid_input', 'start_at: the visit stands there already. Call find_open_slots for another time.');
  if (how === 'hold') await hold(around, { practitioner_id, patient_id });
  const who = await people(around, { patient_id, practitioner_id });
  const at = { patient_id, practitioner_id, modality, minutes, start_at: wanted.start_at, except: appointment_id };
  return {
    patient_id,
    ...who,
    practitioner_id,
    visit_type: was.visit_type,
    start_at: await openAt(around, at),
    minutes,
    modality,
    appointment_id,
    was: { practitioner, start_at, minutes: was.minutes, modality: was.modality },
  };
}

interface Who {
  patient: string;
  birth_date?: string;
  practitioner: string;
}

/** The names of whom it is about; both can have a visit. */
async function people(around: Surroundings, of: { patient_id: string; practitioner_id: string }): Promise<Who> {
  const { tx } = around;
  const [patient, [clinician]] = await Promise.all([
    visitor(around, of.patient_id),
    tx.rows<{ name: string; active: boolean }>(
      "select d.given_name || ' ' || d.family_name as name, d.active from practitioners d where d.id = $1",
      [of.practitioner_id],
    ),
    practitionerStands(tx, of.practitioner_id),
  ]);
  if (!clinician?.active)
    throw new Fault('conflict', 'provider_id: this clinician works here no more. Call find_open_slots for who is open.');
  return {
    patient: patient.name,
    ...(patient.birth_date !== undefined && { birth_date: patient.birth_date }),
    practitioner: clinician.name,
  };
}

/** A patient who can have a visit: of the record, or about to be. */
async function visitor({ tx, registering }: Surroundings, patient_id: string): Promise<{ name: string; birth_date?: string }> {
  const [patient] = await tx.rows<{ name: string; birth_date: string | null; merged: boolean; deceased: boolean; active: boolean }>(
    `select p.given_name || ' ' || p.family_name as name, p.birth_date, p.replaced_by is not null as merged, p.deceased_on is not null as deceased, p.active
     from patients p where p.id = $1`,
    [patient_id],
  );
  if (!patient) {
    const coming = await registering?.(patient_id);
    if (!coming) throw noSuchPatient();
    return coming;
  }
  if (patient.merged)
    throw new Fault('conflict', 'patient_id: this chart was merged into another one. Call search_patients for the chart that stands.');
  if (patient.deceased) throw new Fault('conflict', 'patient_id: this patient has died.');
  if (!patient.active)
    throw new Fault('conflict', 'patient_id: this patient is inactive. A person of the clinic makes the chart active first.');
  return { name: patient.name, ...(patient.birth_date !== null && { birth_date: patient.birth_date }) };
}

/** A type of visit that the clinic has, in its own spelling, and how long one usually is. A clinic without any visit yet names its own. */
async function visitType({ tx, now }: Surroundings, wanted: string): Promise<{ name: string; minutes: number }> {
  const types = await tx.rows<{ name: string; minutes: number }>(
    `select a.visit_type as name, mode() within group (order by a.minutes) as minutes from appointments a
     where a.start_at >= $1::timestamptz - interval '1 year' and a.status <> 'entered_in_error'
     group by a.visit_type order by count(*) desc, a.visit_type limit 100`,
    [now.toISOString()],
  );
  const found = types.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (found) return found;
  if (types.length === 0) return { name: wanted, minutes: 30 };
  const known = types.slice(0, 12).map(({ name }) => `"${name}"`);
  throw new Fault('invalid_input', `visit_type: not one of this clinic. It has ${known.join(', ')}.`);
}

interface Wanted {
  patient_id: string;
  practitioner_id: string;
  start_at: string;
  minutes: number;
  modality: Modality;
  /** The visit that gives its time up for this one. */
  except?: string;
}

/** Throws conflict unless the time lies ahead, within the clinician's hours, and is free for both. Answers it with the clinic's offset. */
async function openAt(around: Surroundings, wanted: Wanted): Promise<string> {
  const { tx, now, today, time_zone } = around;
  const start = new Date(wanted.start_at);
  const end = new Date(start.getTime() + wanted.minutes * 60_000);
  const day = localDay(start, time_zone);
  if (start <= now) throw new Fault('conflict', 'start_at: it is past. Call find_open_slots for times to come.');
  if (day > plusDays(today, FARTHEST_DAYS)) throw new Fault('conflict', 'start_at: more than a year ahead.');
  const query = { from: day, to: localDay(end, time_zone), practitioner_id: wanted.practitioner_id, minutes: wanted.minutes };
  const [free, elsewhere] = await Promise.all([
    freeTime(tx, { ...query, modality: wanted.modality, limit: 1 }, now, wanted.except),
    tx.rows(
      `select from appointments a where a.patient_id = $1 and a.id is distinct from $2::uuid and a.practitioner_id <> $5 and a.status not in ${GIVES_TIME_BACK}
         and a.start_at > $3::timestamptz - interval '8 hours' and a.start_at < $4 and a.start_at + a.minutes * interval '1 minute' > $3`,
      [wanted.patient_id, wanted.except ?? null, start.toISOString(), end.toISOString(), wanted.practitioner_id],
    ),
  ]);
  if (elsewhere.length > 0)
    throw new Fault('conflict', 'start_at: this patient has another visit at that time. Call get_appointments with this patient_id.');
  if (free.some(({ start_s, end_s }) => start_s * 1000 <= start.getTime() && end_s * 1000 >= end.getTime()))
    return localInstant(start, time_zone);
  throw await notOpen(around, wanted, start);
}

/** The refusal of a time that is not free, with the three open slots nearest to it (connectors.md: CONFLICT with 3 alternatives). */
async function notOpen(around: Surroundings, { practitioner_id, minutes, modality }: Wanted, start: Date): Promise<Fault> {
  const day = localDay(start, around.time_zone);
  const from = [plusDays(day, -3), around.today].sort()[1] as string;
  const { slots } = await openSlots(around, { from, to: plusDays(day, 7), practitioner_id, minutes, modality, limit: 1000 });
  const away = ({ start_at }: { start_at: string }) => Math.abs(Date.parse(start_at) - start.getTime());
  const near = slots
    .sort((a, b) => away(a) - away(b))
    .slice(0, 3)
    .map(({ start_at }) => start_at)
    .sort();
  const found =
    near.length > 0 ? `Open near it with this clinician: ${near.join(', ')}.` : 'None is open within a week of it: call find_open_slots.';
  return new Fault('conflict', `start_at: not open, it is taken or outside this clinician’s hours. ${found}`, { open_slots: near });
}

/** The visit, booked or confirmed and not begun. */
async function standingVisit(
  { tx, now }: Surroundings,
  { patient_id, appointment_id }: { patient_id: string; appointment_id: string },
  lock: '' | typeof LOCKED,
): Promise<Booking> {
  const [row] = await tx.rows<Omit<Booking, 'birth_date'> & { birth_date: string | null; status: string }>(
    `select a.patient_id, p.given_name || ' ' || p.family_name as patient, p.birth_date, a.practitioner_id, d.given_name || ' ' || d.family_name as practitioner,
       a.visit_type, a.start_at, a.minutes, a.modality, a.status
     from appointments a
     join patients p on p.tenant_id = a.tenant_id and p.id = a.patient_id
     join practitioners d on d.tenant_id = a.tenant_id and d.id = a.practitioner_id
     where a.id = $1 ${lock}`,
    [appointment_id],
  );
  if (!row || row.status === 'entered_in_error' || row.patient_id !== patient_id)
    throw new Fault('not_found', 'appointment_id: no such visit of this patient. Call get_appointments with this patient_id.');
  const { status, ...visit } = row;
  if (status !== 'booked' && status !== 'confirmed')
    throw new Fault('conflict', `appointment_id: this visit is ${status}. Only one that is booked or confirmed can be changed.`);
  if (Date.parse(visit.start_at) <= now.getTime())
    throw new Fault('conflict', 'appointment_id: its time is past. A person of the clinic says whether the patient came.');
  return present(visit) as Booking;
}
