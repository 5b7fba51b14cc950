// get_no_shows_and_cancellations: counted by hand over the visits as they happened (connectors.md §2.8).

import { dateOf, dayOf } from '../days.ts';
import type { AppointmentRow } from '../rows.ts';
import type { Story } from '../story.ts';
import { shownStatus, type VisitFact } from '../visit.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';

/** A booked visit and whose it is. */
interface Booked {
  story: Story;
  visit: VisitFact;
  row: AppointmentRow;
  start: number;
}
type Kind = 'no_show' | 'cancelled' | 'late_cancelled' | 'unresolved';

const DAY = 86_400_000;

export function attendance(told: Told): Question[] {
  const { options, all } = told;
  const today = dayOf(options.as_of);
  const at = (days: number) => dateOf(today + days);
  const practitioner = (all[0] as Story).setting.practitioner_id;
  const base = { told, booked: bookedOf(all) };
  const sunday = today - ((((today + 4) % 7) + 7) % 7) - 7;
  return [
    question(base, {
      ask: 'How many no-shows did we have over the last year, and what is the rate?',
      trap: 'no-shows of those who came or did not; cancelled and moved ones are in neither; both denominators',
      from: at(-365),
      to: at(-1),
      list: 'no_show',
    }),
    question(base, {
      ask: 'Who cancelled at the last minute in the past six months?',
      trap: 'late is by the patient and under 24 hours before; what the practice called off is not late',
      from: at(-180),
      to: at(-1),
      list: 'late_cancelled',
    }),
    question(base, {
      ask: 'Which past appointments were never closed out this year?',
      trap: 'over and still booked is unresolved: not a no-show, and in no rate of them',
      from: at(-360),
      to: at(-2),
      list: 'unresolved',
    }),
    question(base, {
      ask: 'Show me the cancellations of the nurse schedule for the last two quarters.',
      trap: 'one provider; a moved appointment is not a cancellation',
      from: at(-182),
      to: at(-1),
      list: 'cancelled',
      clinician: 4,
    }),
    question(base, {
      ask: 'Any no-shows on Sunday a week ago?',
      trap: 'nobody was booked: no rate, not a rate of zero',
      from: dateOf(sunday),
      to: dateOf(sunday),
      list: 'no_show',
    }),
    grouped(base, {
      ask: 'Which provider has the worst no-show rate over the last twelve months?',
      trap: 'ranked by rate, and only who has twenty or more',
      args: { date_range: { from: at(-365), to: at(-1) }, by: 'provider', list: 'unresolved', limit: 100 },
      within: within(base.booked, at(-365), at(-1)),
      name: ({ visit }) => practitioner(visit.with),
    }),
  ];
}

function bookedOf(all: readonly Story[]): Booked[] {
  return all
    .flatMap((story) =>
      story.visits.flatMap((visit) => {
        const row = visit.appointment;
        return row && row.status !== 'entered_in_error' ? [{ story, visit, row, start: Date.parse(row.start_at) }] : [];
      }),
    )
    .sort((a, b) => a.start - b.start || (a.row.id < b.row.id ? -1 : 1));
}

const within = (booked: readonly Booked[], from: string, to: string, clinician?: number) =>
  booked.filter(({ visit }) => visit.day >= dayOf(from) && visit.day <= dayOf(to) && (clinician === undefined || visit.with === clinician));

/** Whom one can write to: alive, with us, and not two charts of one person. */
const isListed = ({ story: { patient } }: Booked) => patient.active && patient.deceased_on === null && patient.replaced_by === null;
const isLate = ({ row, start }: Booked) =>
  row.status === 'cancelled' && row.cancelled_by === 'patient' && row.cancelled_at !== null && Date.parse(row.cancelled_at) > start - DAY;

interface Base {
  told: Told;
  booked: readonly Booked[];
}
interface Asked {
  ask: string;
  trap: string;
  from: string;
  to: string;
  list: Kind;
  clinician?: number;
}

function question({ told, booked }: Base, { ask, trap, from, to, list, clinician }: Asked): Question {
  const { options, all } = told;
  const today = dayOf(options.as_of);
  const those = within(booked, from, to, clinician);
  const said = ({ visit }: Booked) => shownStatus(visit, today);
  const n = (test: (each: Booked) => boolean) => those.filter(test).length;
  const [completed, no_show] = [n((each) => said(each) === 'completed'), n((each) => said(each) === 'no_show')];
  const unresolved = n((each) => said(each) === 'unresolved' || said(each) === 'confirmed');
  const cancelled = n(({ row }) => row.status === 'cancelled');
  const late = n(isLate);
  const [kept, whole] = [completed + no_show, completed + no_show + cancelled + unresolved];
  const listed = those.filter(isListed).filter((each) => {
    if (list === 'late_cancelled') return isLate(each);
    return list === 'unresolved' ? said(each) === 'unresolved' || said(each) === 'confirmed' : said(each) === list;
  });
  const same = {
    'figures.no_show.numerator': no_show,
    'figures.no_show.denominator': kept,
    'figures.no_show.rate': rate(no_show, kept),
    'figures.no_show_of_booked.denominator': whole,
    'figures.no_show_or_late_cancel.numerator': no_show + late,
    'figures.cancellation.numerator': cancelled,
    'figures.late_cancellation.numerator': late,
    'figures.fill_back.numerator': n((each) => isRefilled(each, booked)),
    'figures.fill_back.denominator': cancelled,
    'outcomes.completed': completed,
    'outcomes.rescheduled': n(({ row }) => row.status === 'rescheduled'),
    'outcomes.unresolved': unresolved,
    'outcomes.cancelled_by_practice': n(({ row }) => row.status === 'cancelled' && row.cancelled_by === 'practice'),
  };
  return {
    tool: 'get_no_shows_and_cancellations',
    ask,
    trap,
    arguments: {
      date_range: { from, to },
      list,
      ...(clinician !== undefined && { provider_id: (all[0] as Story).setting.practitioner_id(clinician) }),
      limit: 100,
    },
    expect: {
      rows: {
        list: 'appointments',
        id: 'appointment_id',
        ids: listed.map(({ row }) => row.id),
        fields: Object.fromEntries(
          listed.map(({ row }) => [
            row.id,
            { patient_id: row.patient_id, visit_type: row.visit_type, cancelled_by: row.cancelled_by ?? undefined },
          ]),
        ),
      },
      same,
    },
  };
}

const rate = (part: number, whole: number) => (whole === 0 ? undefined : Math.round((part / whole) * 10_000) / 10_000);

/** Somebody else took the place after it was called off. */
function isRefilled({ row, start, visit }: Booked, booked: readonly Booked[]): boolean {
  if (row.status !== 'cancelled' || row.cancelled_at === null) return false;
  const called = Date.parse(row.cancelled_at);
  const end = start + row.minutes * 60_000;
  return booked.some(
    (other) =>
      other.row.id !== row.id &&
      other.visit.with === visit.with &&
      other.row.status !== 'cancelled' &&
      other.row.status !== 'rescheduled' &&
      Date.parse(other.row.booked_at) >= called &&
      other.start < end &&
      other.start + other.row.minutes * 60_000 > start,
  );
}

function grouped(
  { told }: Base,
  {
    ask,
    trap,
    args,
    within: those,
    name,
  }: { ask: string; trap: string; args: Record<string, unknown>; within: readonly Booked[]; name: (each: Booked) => string },
): Question {
  const today = dayOf(told.options.as_of);
  const groups = [...Map.groupBy(those, name)].map(([practitioner_id, own]) => {
    const no_show = own.filter(({ row }) => row.status === 'no_show').length;
    const denominator = no_show + own.filter(({ visit }) => shownStatus(visit, today) === 'completed').length;
    return { practitioner_id, no_show, denominator };
  });
  const ranked = groups
    .filter(({ denominator }) => denominator >= 20)
    .sort((a, b) => (rate(b.no_show, b.denominator) ?? 0) - (rate(a.no_show, a.denominator) ?? 0) || b.denominator - a.denominator);
  const first = ranked[0];
  return {
    tool: 'get_no_shows_and_cancellations',
    ask,
    trap,
    arguments: args,
    expect: {
      same: {
        'groups.0.practitioner_id': first?.practitioner_id,
        'groups.0.no_show': first?.no_show,
        'groups.0.denominator': first?.denominator,
        'groups.0.rank': first && 1,
        'groups.length': groups.length,
      },
    },
  };
}
