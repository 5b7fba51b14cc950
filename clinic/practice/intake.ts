// Forms that patients are asked to fill in before a visit: sent when it is booked or days before, and mostly done the evening before.
import type { Topic } from '../arcs/arc.ts';
import { type Day, dayOf, instantOf } from '../days.ts';
import { type Dice, idOf } from '../random.ts';
import type { AppointmentRow } from '../rows.ts';
import type { IntakeFormRow } from '../rows-practice.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';

/** A form with what its maker knows of it. */
export interface FormFact {
  row: IntakeFormRow;
  visit: VisitFact;
}

type Kind = IntakeFormRow['kind'];

/** Everybody before a first visit but the one whose chart was opened twice: the desk thought that she was known. */
const NEVER_SENT = 'gen.duplicate';

/** All forms of one patient, by the time they were sent. */
export function formsOf(setting: Setting, visits: readonly VisitFact[]): FormFact[] {
  return visits
    .filter(({ appointment, kind }) => appointment && appointment.status !== 'entered_in_error' && kind !== 'labs')
    .flatMap((visit) => kindsOf(setting, visit).flatMap((kind) => formOf(setting, visit as Booked, kind)))
    .sort((a, b) => Date.parse(a.row.sent_at) - Date.parse(b.row.sent_at));
}

type Booked = VisitFact & { appointment: AppointmentRow };

function kindsOf({ arc, person, dice, as_of }: Setting, { kind, appointment, day }: VisitFact): Kind[] {
  if (person.arc === NEVER_SENT) return [];
  const words = dice(`forms.${appointment?.id}`);
  const isFollow = kind === 'follow' && (day >= as_of || words.chance(0.16));
  switch (kind) {
    case 'new':
      return [
        'new_patient',
        'consent',
        ...(words.chance(0.6) ? (['medical_history'] as const) : []),
        ...(words.chance(0.4) ? (['financial'] as const) : []),
      ];
    case 'annual':
      return ['annual_update', ...(words.chance(0.45) ? (['phq9'] as const) : [])];
    default:
      return isFollow && words.chance(0.7) ? [scoreOf(arc.topic, arc.conditions)] : [];
  }
}

/** The questionnaire that goes with what is treated. */
function scoreOf(topic: Topic, conditions: readonly string[]): Kind {
  if (conditions.some((code) => code.startsWith('F32') || code.startsWith('F41'))) return 'phq9';
  return topic === 'trt' ? 'ams' : 'annual_update';
}

/** One form; none where it would have been sent from today on. */
function formOf(setting: Setting, visit: Booked, kind: Kind): FormFact[] {
  const { as_of, site, origin } = setting;
  const { appointment } = visit;
  const dice = setting.dice(`form.${appointment.id}.${kind}`);
  const booked = dayOf(appointment.booked_at.slice(0, 10));
  const sends = kind === 'new_patient' || kind === 'consent' ? booked + 1 : Math.max(booked + 1, visit.day - dice.int(3, 9));
  const called = appointment.cancelled_at === null ? visit.day : dayOf(appointment.cancelled_at.slice(0, 10));
  if (sends >= Math.min(visit.day, called) || sends >= as_of) return [];
  const sent_minute = dice.int(540, 640);
  const fills = filledOn({ sends, visit, appointment }, dice);
  const would = statusOf({ fills, visit, appointment, as_of }, dice);
  // A consent does not expire: it stays asked for.
  const status = kind === 'consent' && would === 'expired' ? 'sent' : would;
  const at = (day: Day, minute: number) => instantOf(site.zone, day, minute, dice.int(0, 59));
  const row: IntakeFormRow = {
    tenant_id: setting.tenant_id,
    id: idOf(origin, 'form', `${appointment.id}.${kind}`),
    patient_id: setting.patient_id,
    appointment_id: appointment.id,
    kind,
    channel: setting.person.no_email
      ? 'sms'
      : dice.weighted([
          ['portal', 6],
          ['sms', 3],
          ['email', 2],
          ['paper', 1],
        ] as const),
    status,
    sent_at: at(sends, sent_minute),
    completed_at:
      status === 'completed'
        ? at(
            fills,
            fills === sends
              ? dice.int(sent_minute + 15, 1380)
              : fills === visit.day
                ? Math.max(390, visit.minute - dice.int(8, 45))
                : dice.int(420, 1400),
          )
        : null,
    // A link is good until the evening of the visit.
    expires_at: kind === 'consent' ? null : instantOf(site.zone, visit.day, 1439),
  };
  return [{ row, visit }];
}

/** The day on which it would be filled in. */
function filledOn({ sends, visit, appointment }: { sends: Day; visit: VisitFact; appointment: AppointmentRow }, dice: Dice): Day {
  const called = appointment.cancelled_at ? dayOf(appointment.cancelled_at.slice(0, 10)) : visit.day;
  const last = Math.min(visit.day, called);
  return dice.weighted([
    [Math.max(sends, last - 1), 45],
    [last, 20],
    [Math.min(sends + dice.int(0, 3), last), 35],
  ] as const);
}

function statusOf(
  { fills, visit, appointment, as_of }: { fills: Day; visit: VisitFact; appointment: AppointmentRow; as_of: Day },
  dice: Dice,
): IntakeFormRow['status'] {
  const isOff = appointment.status === 'cancelled' || appointment.status === 'rescheduled';
  if (isOff) return dice.chance(0.35) && fills < as_of && fills < visit.day ? 'completed' : 'cancelled';
  const isKept = ['completed', 'roomed', 'arrived'].includes(appointment.status);
  if (visit.day < as_of) return dice.chance(isKept ? 0.84 : 0.2) ? 'completed' : dice.chance(0.8) ? 'expired' : 'started';
  return dice.weighted<IntakeFormRow['status']>([
    ['sent', 4],
    ['started', 2],
    [fills < as_of ? 'completed' : 'sent', 4],
  ]);
}
