import { dateOf, dayOf } from '../days.ts';
import { knownKey } from '../roster.ts';
import type { Story } from '../story.ts';
import { shownStatus, type VisitFact } from '../visit.ts';
import type { Answer, Told } from './answer.ts';

interface Asked {
  trap: string;
  from: string;
  to: string;
  key?: string;
  clinician?: number;
  /** Today's are left out: what a booked one is depends on the hour. */
  says_status: boolean;
}

export function appointments(told: Told): Answer[] {
  const { options, all } = told;
  const { clinic, as_of } = options;
  const today = dayOf(as_of);
  const at = (days: number) => dateOf(today + days);
  const unresolved = all
    .flatMap(({ visits }) => visits)
    .find((visit) => visit.day > today - 640 && shownStatus(visit, today) === 'unresolved');
  const around = unresolved ? unresolved.day - today : -100;
  const ask = (asked: Asked): Answer => answered(told, asked);
  return [
    ask({ trap: 'today', from: as_of, to: as_of, says_status: false }),
    ask({ trap: 'tomorrow; an empty day is an empty list', from: at(1), to: at(1), says_status: true }),
    ask({ trap: 'two weeks past, every clinician, in the order of their start', from: at(-15), to: at(-2), says_status: true }),
    ask({ trap: 'over and still booked is unresolved, not a no-show', from: at(around - 3), to: at(around + 3), says_status: true }),
    ask({ trap: 'one clinician', from: at(-40), to: at(-1), clinician: 0, says_status: true }),
    ask({
      trap: 'one patient; rescheduled names the one that took its place',
      from: at(-150),
      to: at(-61),
      key: knownKey(clinic, 'labs_overdue'),
      says_status: true,
    }),
    ask({
      trap: 'a week with the change to or from daylight time',
      from: at(daylight(as_of) - 3),
      to: at(daylight(as_of) + 3),
      says_status: true,
    }),
    ask({ trap: 'what is booked for the next weeks', from: at(1), to: at(42), says_status: true }),
    ask({ trap: 'a chart without appointments', from: at(-90), to: at(0), key: knownKey(clinic, 'merged'), says_status: true }),
  ];
}

/** Days from as_of to the last Sunday on which clocks were changed: an offset that differs from the day before. */
function daylight(as_of: string): number {
  const today = dayOf(as_of);
  const year = Number(as_of.slice(0, 4));
  const sunday = (y: number, month: number, n: number) => {
    const first = dayOf(`${y}-${String(month).padStart(2, '0')}-01`);
    return first + ((7 - ((first + 4) % 7)) % 7) + (n - 1) * 7;
  };
  const changes = [sunday(year - 1, 3, 2), sunday(year - 1, 11, 1), sunday(year, 3, 2), sunday(year, 11, 1)].filter(
    (day) => day < today - 4,
  );
  return (changes[changes.length - 1] as number) - today;
}

function answered({ options, all, story }: Told, { trap, from, to, key, clinician, says_status }: Asked): Answer {
  const today = dayOf(options.as_of);
  const charts: readonly Story[] = key ? [story(key)] : all;
  const within = charts
    .flatMap(({ visits }) => visits)
    .filter(
      (visit) =>
        visit.appointment && visit.day >= dayOf(from) && visit.day <= dayOf(to) && (clinician === undefined || visit.with === clinician),
    );
  const listed = within
    .filter((visit) => shownStatus(visit, today) !== undefined)
    .sort((a, b) => startOf(a) - startOf(b) || (idOf(a) < idOf(b) ? -1 : 1));
  const practitioner = (all[0] as Story).setting.practitioner_id;
  return {
    tool: 'get_appointments',
    trap,
    arguments: {
      date_range: { from, to },
      ...(clinician !== undefined && { provider_id: practitioner(clinician) }),
      ...(key && { patient_id: story(key).patient.id }),
      limit: 200,
    },
    expect: {
      ids: listed.map(idOf),
      ...(says_status && { statuses: Object.fromEntries(listed.map((visit) => [idOf(visit), shownStatus(visit, today) ?? 'booked'])) }),
      absent: within.filter((visit) => shownStatus(visit, today) === undefined).map(idOf),
      moved: Object.fromEntries(
        listed.flatMap(({ appointment }) => (appointment?.rescheduled_to ? [[appointment.id, appointment.rescheduled_to]] : [])),
      ),
    },
  };
}

const startOf = ({ appointment }: VisitFact) => Date.parse(appointment?.start_at ?? '');
const idOf = ({ appointment }: VisitFact) => appointment?.id ?? '';
