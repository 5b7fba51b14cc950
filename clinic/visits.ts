// From intentions to what happened: every planned visit gets a day on which both are there, an hour, and an outcome.
import type { PlannedVisit, VisitKind } from './arcs/arc.ts';
import { bookedAt, findDay, isGone } from './booking.ts';
import { isWorkday, workdayFrom } from './calendar.ts';
import { type Day, instantOf, weekdayOf } from './days.ts';
import { type Dice, idOf } from './random.ts';
import type { AppointmentRow } from './rows.ts';
import { NURSE, type Setting } from './setting.ts';
import { encounterOf, phoneCall, type VisitFact } from './visit.ts';
import { MINUTES, reasonOf, visitTypeOf } from './visit-words.ts';

interface Wish extends PlannedVisit {
  draw?: string;
  /** Where this one was put off from, and when. */
  moved?: { booked_at: string; depth: number; day: Day };
}

const OUTCOMES = {
  well: [
    ['completed', 85],
    ['no_show', 3],
    ['cancelled', 8],
    ['rescheduled', 5],
  ],
  usual: [
    ['completed', 66],
    ['no_show', 13.5],
    ['cancelled', 15],
    ['rescheduled', 9],
    ['booked', 1.6],
    ['entered_in_error', 0.7],
  ],
  badly: [
    ['completed', 46],
    ['no_show', 24],
    ['cancelled', 20],
    ['rescheduled', 10],
    ['booked', 1],
  ],
} as const satisfies Record<string, readonly (readonly [AppointmentRow['status'], number])[]>;

const BY_NURSE: readonly VisitKind[] = ['labs', 'injection', 'nurse', 'phlebotomy'];

/** All visits of one patient, by day. */
export function visitsOf(setting: Setting): VisitFact[] {
  const { arc, as_of } = setting;
  const draws = arc.draws
    .filter(({ at }) => at === 'clinic')
    .map(({ ago, label }): Wish => ({ ago, kind: 'labs', sure: true, draw: label }));
  const wishes: Wish[] = [...arc.visits, ...draws];
  const taken = new Set<Day>();
  const facts: VisitFact[] = [];
  const sure = (wish: Wish) => wish.sure || wish.kind === 'labs';
  // Those that must happen choose their day first.
  const order = [...wishes.keys()].sort((a, b) => Number(!sure(wishes[a] as Wish)) - Number(!sure(wishes[b] as Wish)) || a - b);
  for (const n of order) {
    const wish = wishes[n] as Wish;
    const jitter = Math.abs(wish.ago) <= 1 || wish.sure || wish.outcome ? 0 : setting.dice(`visit.${n}.day`).int(-6, 6);
    facts.push(...arrange(setting, { wish, name: `${n}`, target: as_of - wish.ago + jitter, taken }));
  }
  return facts.sort((a, b) => a.day - b.day || a.minute - b.minute);
}

interface Asked {
  wish: Wish;
  /** Names the streams and ids of this visit. */
  name: string;
  target: Day;
  taken: Set<Day>;
}

/** One visit and those it is put off to. */
function arrange(setting: Setting, { wish, name, target, taken }: Asked): VisitFact[] {
  const { as_of, person, dice } = setting;
  const isRoomed = wish.roomed === true && isWorkday(as_of);
  const who = isRoomed ? onDuty(setting) : BY_NURSE.includes(wish.kind) ? NURSE : person.clinician;
  const isPast = wish.ago > 0;
  const search = { who, target, isPast, taken, isFasting: wish.kind === 'labs', after: wish.moved?.day ?? 0 };
  // Who sits in the room today was squeezed in first thing in the morning.
  const found = isRoomed ? { day: as_of, from: 480, minutes: 60 } : findDay(setting, search);
  if (!found) return [];
  const { day, from, minutes: room } = found;
  taken.add(day);
  const outcome = dice(`visit.${name}.outcome`);
  const clock = dice(`visit.${name}.clock`);
  if (wish.kind === 'phone') {
    const call = { name, day, minute: clock.int(500, 1050), with: clock.chance(0.4) ? NURSE : person.clinician };
    return [phoneCall(setting, { ...call, ...(wish.note && { note: wish.note }) })];
  }
  const minutes = Math.min(room, MINUTES[wish.kind]);
  // Nobody is booked on the hour only: the day runs in fives and tens.
  const minute = isRoomed ? 490 : from + 5 * clock.int(0, Math.floor((room - minutes) / 5));
  const status = statusOf(setting, { wish, day, outcome });
  const lead = wish.kind === 'acute' ? outcome.int(0, 3) : Math.round(3 + 55 * outcome.uniform() * outcome.uniform());
  const isRemote = wish.kind === 'follow' && !wish.roomed && dice(`visit.${name}.remote`).chance(0.27);
  const appointment: AppointmentRow = {
    tenant_id: setting.tenant_id,
    id: idOf(setting.origin, 'appointment', name),
    patient_id: setting.patient_id,
    practitioner_id: setting.practitioner_id(who),
    start_at: instantOf(setting.site.zone, day, minute),
    minutes,
    status,
    visit_type: visitTypeOf(wish.kind, setting.arc.topic, isRemote),
    modality: isRemote ? 'telehealth' : 'in_person',
    reason: reasonOf(setting, wish, name),
    cancelled_by: null,
    cancelled_at: null,
    rescheduled_to: null,
    booked_at:
      wish.moved?.booked_at ??
      bookedAt(setting, Math.max(as_of - setting.arc.since - 20, Math.min(day - lead, as_of - 1)), { clock, start: [day, minute] }),
  };
  const fact: VisitFact = {
    kind: wish.kind,
    day,
    minute,
    with: who,
    appointment,
    ...(wish.note && { note: wish.note }),
    ...(wish.draw && { draw: wish.draw }),
  };
  if (status === 'completed' || status === 'roomed' || status === 'entered_in_error') fact.encounter = encounterOf(setting, fact, clock);
  return [fact, ...sequel(setting, { wish, name, taken, fact, outcome })];
}

/** The usual clinician, or the first who works today. */
function onDuty(setting: Setting): number {
  const { as_of, person } = setting;
  return [person.clinician, 0, 1, 2, 3].find((at) => setting.clinician(at).off !== weekdayOf(as_of)) ?? person.clinician;
}

function statusOf(setting: Setting, { wish, day, outcome }: { wish: Wish; day: Day; outcome: Dice }): AppointmentRow['status'] {
  const ahead = day - setting.as_of;
  if (ahead === 0)
    return wish.roomed
      ? 'roomed'
      : outcome.weighted([
          ['booked', 1],
          ['confirmed', 3],
        ] as const);
  if (ahead > 0) {
    const sure =
      ahead <= 3
        ? ([
            ['confirmed', 7],
            ['booked', 3],
          ] as const)
        : ([
            ['booked', 8],
            ['confirmed', 1],
            ['cancelled', 0.9],
            ['rescheduled', 0.6],
          ] as const);
    return outcome.weighted<AppointmentRow['status']>(sure);
  }
  if (wish.outcome && !wish.moved) return wish.outcome;
  if (wish.sure || wish.kind === 'labs') return 'completed';
  const usual = OUTCOMES[setting.person.keeps ?? 'usual'] as readonly (readonly [AppointmentRow['status'], number])[];
  const depth = wish.moved?.depth ?? 0;
  return outcome.weighted(usual.filter(([status]) => status !== 'rescheduled' || depth < 2));
}

/** What follows on a visit that did not take place: the link, the cancellation, the new appointment. */
function sequel(
  setting: Setting,
  { wish, name, taken, fact, outcome }: Omit<Asked, 'target'> & { fact: VisitFact; outcome: Dice },
): VisitFact[] {
  const { as_of, site } = setting;
  const appointment = fact.appointment as AppointmentRow;
  const { status } = appointment;
  if (status !== 'cancelled' && status !== 'rescheduled' && status !== 'no_show') return [];
  const isLate = outcome.chance(0.3);
  const before = isLate ? 0 : outcome.int(1, 9);
  const said = Math.min(fact.day - before, as_of - 1);
  const calling = isLate && said === fact.day ? Math.max(425, fact.minute - outcome.int(35, 160)) : outcome.int(486, 1060);
  const said_at = later(instantOf(site.zone, said, calling), appointment.booked_at);
  if (status === 'cancelled') {
    appointment.cancelled_by = outcome.weighted([
      ['patient', 75],
      ['practice', 21],
      ['system', 4],
    ] as const);
    appointment.cancelled_at = said_at;
  }
  const again = status === 'rescheduled' || outcome.chance(status === 'no_show' ? 0.7 : 0.62);
  if (!again) return [];
  const depth = (wish.moved?.depth ?? 0) + 1;
  const target = Math.max(fact.day, said) + outcome.int(3, 16);
  if (depth > 3 || target > as_of + 43 || isGone(setting, target)) {
    if (status === 'rescheduled') Object.assign(appointment, { status: 'cancelled', cancelled_by: 'patient', cancelled_at: said_at });
    return [];
  }
  const { roomed: _, ...rest } = wish;
  const called = Math.min(workdayFrom(fact.day + 1), as_of - 1);
  const booked_at = status === 'no_show' ? instantOf(site.zone, called, outcome.int(490, 1010)) : said_at;
  const next = arrange(setting, {
    wish: { ...rest, ago: as_of - target, moved: { booked_at, depth, day: Math.max(fact.day, said, status === 'no_show' ? called : 0) } },
    name: `${name}.${depth}`,
    target,
    taken,
  });
  const successor = next[0]?.appointment;
  if (status === 'rescheduled' && successor) appointment.rescheduled_to = successor.id;
  if (status === 'rescheduled' && !successor)
    Object.assign(appointment, { status: 'cancelled', cancelled_by: 'patient', cancelled_at: said_at });
  return next;
}

const later = (a: string, b: string): string => (Date.parse(a) > Date.parse(b) ? a : b);
