// Care plans as rows, with what was done of them.
import { type Day, dateOf, dayOf, instantOf } from '../days.ts';
import { type AnalyteKey, analyteOf } from '../labs/analytes.ts';
import type { LabFact } from '../labs/fact.ts';
import { movedAgo } from '../practice/messages/messages.ts';
import { idOf } from '../random.ts';
import type { CarePlanActivityRow, CarePlanCompletionRow, CarePlanGoalRow, CarePlanRow } from '../rows-practice.ts';
import { NURSE, type Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import type { PlannedActivity, PlannedGoal, PlannedPlan } from './plan.ts';
import { OTHER_PLANS } from './plan-words.ts';
import { HORMONE_PLANS } from './plan-words-hormones.ts';

const PLANS: Readonly<Record<string, readonly PlannedPlan[]>> = { ...HORMONE_PLANS, ...OTHER_PLANS };

/** A plan with what its maker knows of it. */
export interface PlanFact {
  row: CarePlanRow;
  goals: CarePlanGoalRow[];
  activities: { row: CarePlanActivityRow; done: CarePlanCompletionRow[] }[];
}

interface Past {
  visits: readonly VisitFact[];
  labs: readonly LabFact[];
}

export function plansOf(setting: Setting, past: Past): PlanFact[] {
  return (PLANS[setting.person.arc] ?? []).map((planned, n) => planOf(setting, { planned, n, past }));
}

function planOf(setting: Setting, { planned, n, past }: { planned: PlannedPlan; n: number; past: Past }): PlanFact {
  const { tenant_id, patient_id, origin, as_of, site, person } = setting;
  const day = (ago: number) => as_of - movedAgo(setting, ago);
  const starts = day(planned.since);
  const ends = planned.ends === undefined ? undefined : day(planned.ends);
  const dice = setting.dice(`plan.${n}`);
  const row: CarePlanRow = {
    tenant_id,
    id: idOf(origin, 'plan', n),
    patient_id,
    title: planned.title,
    status: planned.status,
    start_on: dateOf(starts),
    end_on: ends === undefined ? null : dateOf(ends),
    author_id: setting.practitioner_id(person.clinician),
    updated_at: instantOf(
      site.zone,
      Math.min(planned.updated === undefined ? starts : day(planned.updated), as_of - 1),
      dice.int(490, 1060),
      dice.int(0, 59),
    ),
  };
  return {
    row,
    goals: planned.goals.map((goal, k) => ({
      ...goalOf(goal, day),
      tenant_id,
      id: idOf(origin, 'goal', `${n}.${k}`),
      patient_id,
      care_plan_id: row.id,
    })),
    activities: planned.activities.map((activity, k) =>
      activityOf(setting, { activity, name: `${n}.${k}`, plan: row, starts, ends: ends ?? as_of, past }),
    ),
  };
}

function goalOf(
  { text, loinc, low, high, unit, due, status, achievement }: PlannedGoal,
  day: (ago: number) => Day,
): Omit<CarePlanGoalRow, 'tenant_id' | 'id' | 'patient_id' | 'care_plan_id'> {
  return {
    description: text,
    loinc: loinc ?? null,
    target_low: low ?? null,
    target_high: high ?? null,
    unit: unit ?? null,
    due_on: due === undefined ? null : dateOf(day(due)),
    status: status ?? 'active',
    achievement: achievement ?? null,
  };
}

function activityOf(
  setting: Setting,
  {
    activity,
    name,
    plan,
    starts,
    ends,
    past,
  }: { activity: PlannedActivity; name: string; plan: CarePlanRow; starts: Day; ends: Day; past: Past },
): PlanFact['activities'][number] {
  const { tenant_id, patient_id, origin, as_of, person } = setting;
  const id = idOf(origin, 'activity', name);
  const ticked = daysOf(setting, { activity, name, past }).filter((day) => day >= starts && day < Math.min(ends, as_of));
  const days = [...new Set(ticked)].sort((a, b) => a - b);
  const owners = { clinician: setting.practitioner_id(person.clinician), nurse: setting.practitioner_id(NURSE) };
  const row: CarePlanActivityRow = {
    tenant_id,
    id,
    patient_id,
    care_plan_id: plan.id,
    kind: activity.kind,
    description: activity.text,
    loinc: codeOf(past.labs, activity.loinc),
    status: activity.status ?? (days.length > 0 ? 'in_progress' : 'not_started'),
    first_due_on: dateOf(starts + activity.first),
    every_days: activity.every ?? null,
    owner_id: activity.owner ? owners[activity.owner] : null,
  };
  return {
    row,
    done: days.map((day, k) => ({
      tenant_id,
      id: idOf(origin, 'completion', `${name}.${k}`),
      patient_id,
      activity_id: id,
      done_on: dateOf(day),
    })),
  };
}

/** The days on which it was ticked off. */
function daysOf(setting: Setting, { activity, name, past }: { activity: PlannedActivity; name: string; past: Past }): Day[] {
  const { done, loinc } = activity;
  if (done === undefined) return [];
  if (typeof done !== 'string') return done.map((ago) => setting.as_of - movedAgo(setting, ago));
  const dice = setting.dice(`ticked.${name}`);
  if (done === 'labs')
    return past.labs
      .filter(
        ({ row, shown, analyte }) =>
          shown && isOf(analyte, loinc) && row.status !== 'preliminary' && row.status !== 'cancelled' && row.value !== null,
      )
      .map(({ row }) => dayOf(row.collected_at.slice(0, 10)))
      .filter(() => dice.chance(0.5));
  const kinds = { visits: ['follow', 'annual'], annuals: ['annual'], nurse: ['nurse', 'follow', 'annual'] }[done];
  return past.visits.filter(({ kind, encounter }) => encounter?.status === 'finished' && kinds.includes(kind)).map(({ day }) => day);
}

/** Whether a laboratory sends this analyte with that code; both ways of measuring an A1c are an A1c. */
function isOf(analyte: AnalyteKey, loinc: string | undefined): boolean {
  const { loinc: codes } = analyteOf(analyte === 'a1c_ifcc' ? 'a1c' : analyte);
  return loinc !== undefined && codes.includes(loinc);
}

/** The code that the patient's own laboratory sends, as the plan's author picked it from the newest result. */
function codeOf(labs: readonly LabFact[], loinc: string | undefined): string | null {
  return labs.findLast(({ analyte, shown }) => shown && isOf(analyte, loinc))?.row.loinc ?? loinc ?? null;
}
