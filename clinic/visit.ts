// A visit as it happened, and the encounter in it.
import type { PlannedVisit, VisitKind } from './arcs/arc.ts';
import { type Day, instantOf } from './days.ts';
import { type Dice, idOf } from './random.ts';
import type { AppointmentRow, EncounterRow } from './rows.ts';
import type { Setting } from './setting.ts';
import { visitTypeOf } from './visit-words.ts';

export type Shown = AppointmentRow['status'] | 'unresolved';

/** A visit with what its maker knows of it. A telephone call has no appointment. */
export interface VisitFact {
  kind: VisitKind;
  day: Day;
  /** Minutes after midnight, as booked; and how many were really needed. */
  minute: number;
  with: number;
  note?: PlannedVisit['note'];
  /** The draw that this visit is for. */
  draw?: string;
  appointment?: AppointmentRow;
  encounter?: EncounterRow;
}

/** What took place in the room, or on the screen. */
export function encounterOf({ tenant_id, patient_id, origin, site }: Setting, fact: VisitFact, clock: Dice): EncounterRow {
  const appointment = fact.appointment as AppointmentRow;
  const begun = fact.minute + (appointment.modality === 'telehealth' ? clock.int(-2, 9) : clock.int(-4, 17));
  const took = Math.max(4, Math.round(appointment.minutes * (0.55 + 0.65 * clock.uniform())));
  const isOpen = appointment.status === 'roomed';
  return {
    tenant_id,
    id: idOf(origin, 'encounter', appointment.id),
    patient_id,
    practitioner_id: appointment.practitioner_id,
    appointment_id: appointment.id,
    class: appointment.modality === 'telehealth' ? 'virtual' : 'ambulatory',
    visit_type: appointment.visit_type,
    status: isOpen ? 'in_progress' : appointment.status === 'entered_in_error' ? 'entered_in_error' : 'finished',
    start_at: instantOf(site.zone, fact.day, begun, clock.int(0, 59)),
    end_at: isOpen ? null : instantOf(site.zone, fact.day, begun + took, clock.int(0, 59)),
  };
}

/** A telephone call: an encounter without an appointment. */
export function phoneCall(
  setting: Setting,
  call: { name: string; day: Day; minute: number; with: number; note?: PlannedVisit['note'] },
): VisitFact {
  const { tenant_id, patient_id, origin, site, dice } = setting;
  const { day, minute } = call;
  const took = dice(`visit.${call.name}.call`).int(4, 13);
  const encounter: EncounterRow = {
    tenant_id,
    id: idOf(origin, 'encounter', `call.${call.name}`),
    patient_id,
    practitioner_id: setting.practitioner_id(call.with),
    appointment_id: null,
    class: 'virtual',
    visit_type: visitTypeOf('phone', setting.arc.topic, false),
    status: 'finished',
    start_at: instantOf(site.zone, day, minute, took * 3),
    end_at: instantOf(site.zone, day, minute + took, took * 4),
  };
  return { kind: 'phone', day, minute, with: call.with, encounter, ...(call.note && { note: call.note }) };
}

/** What get_appointments says of a visit on or before a day that is over. */
export function shownStatus({ appointment, day }: VisitFact, as_of: Day): Shown | undefined {
  if (!appointment || appointment.status === 'entered_in_error') return undefined;
  return day < as_of && appointment.status === 'booked' ? 'unresolved' : appointment.status;
}
