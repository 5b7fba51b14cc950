// From courses of treatment to orders: started at a visit, titrated at a visit, renewed in between, ended for a reason.
import type { Course } from '../arcs/arc.ts';
import { workdayFrom } from '../calendar.ts';
import { type Day, dateOf } from '../days.ts';
import type { Exposure } from '../labs/physiology.ts';
import { idOf } from '../random.ts';
import type { MedicationRequestRow } from '../rows.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import type { Drug } from './drug.ts';
import { type DrugKey, drugOf } from './drugs.ts';
import { ending, factOf, type MedicationFact, neverTaken, orderOf, replaced } from './orders.ts';

/** Something that a prescriber did on a day, for the note of that day. */
export interface Change {
  day: Day;
  what: 'start' | 'change' | 'stop' | 'hold';
  to?: DrugKey;
  from?: DrugKey;
  reason?: string;
}

/** One product as it was taken, whatever orders it took. */
export interface Taken {
  course: number;
  drug: DrugKey;
  from: Day;
  until: Day;
}

export interface Medicated {
  facts: MedicationFact[];
  taken: Taken[];
  exposures: Exposure[];
  changes: Change[];
}

/** Days in the past from which orders are still in this record. */
const KEPT = 745;
const FOREVER = 1_000_000;

/** Everything one patient is or was given or takes. */
export function medicationsOf(setting: Setting, visits: readonly VisitFact[]): Medicated {
  const all: Medicated = { facts: [], taken: [], exposures: [], changes: [] };
  for (const [n, course] of setting.arc.courses.entries()) addCourse(all, setting, { course, n, visits });
  for (const [n, taken] of (setting.arc.reported ?? []).entries()) addReported(all, setting, n, taken);
  return all;
}

interface Step {
  drug: DrugKey;
  from: Day;
  until: Day;
}

function addCourse(
  all: Medicated,
  setting: Setting,
  { course, n, visits }: { course: Course; n: number; visits: readonly VisitFact[] },
): void {
  const { as_of, person } = setting;
  // A drug is begun, changed or stopped when somebody who prescribes sees the patient.
  const seen = (ago: number): Day => {
    const target = as_of - ago;
    const found = visits.find(
      ({ day, encounter, kind, with: who }) =>
        encounter?.status === 'finished' &&
        who === person.clinician &&
        (kind !== 'phone' || ago < 300) &&
        day >= target - 2 &&
        day < as_of &&
        day <= target + 45,
    );
    return found?.day ?? Math.min(workdayFrom(target), as_of - 1);
  };
  if (course.last === 'draft' || course.last === 'cancelled' || course.last === 'entered_in_error') {
    const [ago, drug] = course.steps[0] as readonly [number, DrugKey];
    all.facts.push(neverTaken(setting, { course, name: `${n}`, drug, day: seen(ago) }));
    return;
  }
  const begun = course.steps.map(([ago]) => (ago > KEPT ? as_of - ago : seen(ago)));
  // Two changes are not made in one visit.
  const starts = begun.map((day, k) => begun.slice(0, k).reduce((latest, other) => Math.max(latest, other + 14), day));
  const [last_ago] = course.steps[course.steps.length - 1] as readonly [number, DrugKey];
  const last_start = starts[starts.length - 1] as Day;
  const ended = course.ends ? endOf(course.ends, { seen, last_ago, last_start, as_of }) : FOREVER;
  const steps = course.steps.map(([, drug], i): Step => ({ drug, from: starts[i] as Day, until: starts[i + 1] ?? ended }));
  const ids = (i: number, k: number) => idOf(setting.origin, 'medication', `${n}.${i}.${k}`);
  for (const [i, step] of steps.entries()) {
    const isLast = i === steps.length - 1;
    const isDoubled = course.doubled === true && i === steps.length - 2;
    const until = isDoubled ? FOREVER : step.until;
    if (until < as_of - KEPT + 30) continue;
    const days = renewals(setting, { course, step: { ...step, until }, name: `${n}.${i}`, isLast });
    for (const [k, day] of days.entries()) {
      const isFinal = k === days.length - 1;
      const row = orderOf(setting, { id: ids(i, k), course, drug: step.drug, day, isRenewal: k > 0 || day > step.from });
      const next = days[k + 1];
      if (next !== undefined) Object.assign(row, { status: 'completed', end_on: dateOf(next), refills_left: 0 });
      else if (until < FOREVER && !isLast) Object.assign(row, replaced(course, steps[i + 1] as Step, ids(i + 1, 0)));
      else if (until < FOREVER) Object.assign(row, ending(course, until));
      else if (course.last)
        Object.assign(row, {
          status: course.last,
          ...(course.last === 'unknown' && { days_supply: null, refills_left: null, authored_on: null, prescriber_id: null }),
        });
      all.facts.push(factOf(row, step.drug, isFinal ? course : undefined, as_of));
    }
    if (i === 0 && step.from >= as_of - KEPT) all.changes.push({ day: step.from, what: 'start', to: step.drug });
    if (i > 0 && step.from >= as_of - KEPT)
      all.changes.push({ day: step.from, what: 'change', from: (steps[i - 1] as Step).drug, to: step.drug });
  }
  const final = steps[steps.length - 1] as Step;
  if (course.ends && 'reason' in course.ends) all.changes.push({ day: ended, what: 'stop', from: final.drug, reason: course.ends.reason });
  if (course.last === 'on_hold') all.changes.push({ day: final.from, what: 'hold', from: final.drug });
  all.taken.push(...steps.map((step) => ({ ...step, course: n })));
  all.exposures.push(...steps.flatMap(({ drug, from, until }) => exposureOf(drug, from, until)));
}

/** A treatment that is completed lasts as long as it was meant to, from when it was really begun; one that is stopped ends when that is decided. */
function endOf(
  ends: NonNullable<Course['ends']>,
  { seen, last_ago, last_start, as_of }: { seen: (ago: number) => Day; last_ago: number; last_start: Day; as_of: Day },
): Day {
  if ('completed' in ends) return Math.min(last_start + last_ago - ends.ago, as_of - 1);
  return Math.max(seen(ends.ago), last_start + 10);
}

function exposureOf(key: DrugKey, from: Day, until: Day): Exposure[] {
  const [agent, dose] = drugOf(key).does ?? [];
  return agent && dose !== undefined ? [{ agent, dose, from, until }] : [];
}

/** The days on which the orders of one step were written: so often that one that goes on never ran out long ago. */
function renewals(setting: Setting, { course, step, name, isLast }: { course: Course; step: Step; name: string; isLast: boolean }): Day[] {
  const { as_of, person, dice } = setting;
  const drug = drugOf(step.drug);
  const every = Math.min(165, drug.days + 82, drug.days * (drug.refills + 1) + 5);
  const clock = dice(`renewals.${name}`);
  const isLapsed = course.lapsed === true && isLast;
  const gone = person.marks.includes('deceased') ? as_of - 200 : as_of;
  const last = Math.min(step.until - 20, gone - 1, isLapsed ? as_of - 320 : FOREVER);
  const days: Day[] = [];
  let at = step.from;
  while (at < as_of - KEPT) at += every - 4;
  if (at > last && at !== step.from) at = Math.max(step.from, as_of - KEPT);
  while (days.length === 0 || at <= last) {
    days.push(days.length === 0 && at === step.from ? at : workdayFrom(at, -1));
    at += every - clock.int(0, 9);
  }
  return days;
}

function addReported(all: Medicated, setting: Setting, n: number, [ago, key, until]: readonly [number, DrugKey, number?]): void {
  const { as_of, dice } = setting;
  const drug: Drug = drugOf(key);
  const started = dateOf(as_of - ago);
  const row: MedicationRequestRow = {
    ...orderOf(setting, {
      id: idOf(setting.origin, 'medication', `r${n}`),
      course: { icd10: '', steps: [] },
      drug: key,
      day: as_of - ago,
      isRenewal: false,
    }),
    reported: true,
    sig: drug.sigs[0] ?? null,
    // Patients know the year, sometimes the month.
    start_on: ago > 500 ? started.slice(0, 4) : started.slice(0, dice(`reported.${n}`).chance(0.6) ? 7 : 4),
    days_supply: null,
    refills_left: null,
    prescriber_id: null,
    reason_icd10: null,
    authored_on: dateOf(workdayFrom(as_of - Math.min(ago, setting.arc.since))),
  };
  if (until !== undefined)
    Object.assign(row, { status: 'stopped', end_on: dateOf(as_of - until), stop_reason: 'interferes with thyroid assay' });
  all.facts.push({ row, drug: key, shown: row.status as 'active' | 'stopped' });
  const taken = { drug: key, from: as_of - ago, until: until === undefined ? FOREVER : as_of - until };
  all.taken.push({ ...taken, course: -1 });
  all.exposures.push(...exposureOf(taken.drug, taken.from, taken.until));
}
