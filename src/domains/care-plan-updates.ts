// What a draft of a care-plan update says: goals and activities that are new, and of those that stand what they were and what they become. FHIR CarePlan, Goal.
import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { Achievement, ActivityKind, ActivityStatus, GoalStatus } from './care-plan-codes.ts';
import { Day, isDay } from './days.ts';
import { ANALYTES, isLoinc } from './loinc.ts';
import { clear, GRAMMARS, phi, recordId } from './mark.ts';
import { ucumOf } from './units.ts';
import { canonicalOf, kindOf } from './vital-kinds.ts';

const Words = phi('care_plan_words', z.string().trim().min(5).max(300));
const Loinc = clear(z.string().refine(isLoinc, 'no LOINC: its check digit does not hold'));
const Unit = clear(z.string().regex(GRAMMARS.unit, 'a unit in UCUM, like % or mm[Hg]'));
const EveryDays = z.number().int().min(0).max(730).describe('0: once');
const GoalId = clear(recordId('call get_care_plans and use a goal_id of the answer'));
const ActivityId = clear(recordId('call get_care_plans and use an activity_id of the answer'));

/** Measurable: LOINC, unit and a target together, or none of them. */
export const NewGoal = z.object({
  description: Words,
  loinc: Loinc.optional(),
  target_low: z.number().optional(),
  target_high: z.number().optional(),
  unit: Unit.optional(),
  due_on: Day.optional(),
});
type NewGoal = z.infer<typeof NewGoal>;

export const NewActivity = z.object({
  kind: ActivityKind,
  description: Words,
  loinc: Loinc.optional(),
  first_due_on: Day,
  every_days: EveryDays.optional(),
});

export const GoalChange = z.object({ goal_id: GoalId, status: GoalStatus.optional(), achievement: Achievement.optional() });
export const ActivityChange = z.object({ activity_id: ActivityId, status: ActivityStatus.optional(), every_days: EveryDays.optional() });
export const Done = z.object({ activity_id: ActivityId, done_on: Day });

const GoalAs = z.object({ status: GoalStatus, achievement: Achievement.optional() });
const ActivityAs = z.object({ status: ActivityStatus, every_days: z.number().int().optional() });
const ShownDay = z.string().refine(isDay, 'a day, YYYY-MM-DD');

/** `plan_state`: a digest of the whole plan as it stood; an update is to that plan and to no other. */
export const CarePlanUpdate = z.object({
  patient_id: z.string(),
  care_plan_id: z.string(),
  plan: z.string(),
  plan_state: z.string().regex(/^[0-9a-f]{32}$/),
  add_goals: z.array(NewGoal),
  goals: z.array(z.object({ goal_id: z.string(), description: z.string(), before: GoalAs, after: GoalAs })),
  add_activities: z.array(NewActivity),
  activities: z.array(z.object({ activity_id: z.string(), description: z.string(), before: ActivityAs, after: ActivityAs })),
  done: z.array(z.object({ activity_id: z.string(), description: z.string(), done_on: ShownDay, last_done_on: z.string().optional() })),
});
export type CarePlanUpdate = z.infer<typeof CarePlanUpdate>;

/** A plan as it stands: its goals and activities by id. */
export interface CarePlanState {
  plan: string;
  plan_state: string;
  birth_date: string | null;
  goals: ReadonlyMap<string, { description: string } & z.infer<typeof GoalAs>>;
  activities: ReadonlyMap<string, { description: string; done_on: readonly string[] } & z.infer<typeof ActivityAs>>;
}

/** What is asked to change. */
export interface CarePlanWish {
  add_goals: readonly NewGoal[];
  goals: readonly z.infer<typeof GoalChange>[];
  add_activities: readonly z.infer<typeof NewActivity>[];
  activities: readonly z.infer<typeof ActivityChange>[];
  done: readonly z.infer<typeof Done>[];
}

/** The update that a wish is of a plan. Throws Fault invalid_input for a wish that says nothing, says one thing twice or cannot be; not_found for a goal or activity
 *  that is none of this plan; conflict for what stands so already. */
export function updateOf(
  { patient_id, care_plan_id, today }: { patient_id: string; care_plan_id: string; today: string },
  wish: CarePlanWish,
  state: CarePlanState,
): CarePlanUpdate {
  const { plan, plan_state } = state;
  if (Object.values(wish).every((list: readonly unknown[]) => list.length === 0))
    throw new Fault('invalid_input', 'Nothing is to change. Give at least one of add_goals, goals, add_activities, activities, done.');
  once(
    'goals',
    wish.goals.map(({ goal_id }) => goal_id),
  );
  once(
    'activities',
    wish.activities.map(({ activity_id }) => activity_id),
  );
  once(
    'done',
    wish.done.map(({ activity_id, done_on }) => `${activity_id} ${done_on}`),
  );
  for (const goal of wish.add_goals) checkGoal(goal);
  for (const { kind, loinc } of wish.add_activities)
    if (loinc !== undefined && kind !== 'lab' && kind !== 'vital')
      throw new Fault('invalid_input', 'add_activities: a LOINC is for a lab or a vital sign, whose result does it.');
  return {
    ...{ patient_id, care_plan_id, plan, plan_state },
    add_goals: [...wish.add_goals],
    goals: wish.goals.map((change) => goalOf(change, state)),
    add_activities: [...wish.add_activities],
    activities: wish.activities.map((change) => activityOf(change, state)),
    done: wish.done.map((each) => doneOf(each, state, today)),
  };
}

function once(field: string, keys: readonly string[]): void {
  if (new Set(keys).size < keys.length) throw new Fault('invalid_input', `${field}: the same is there twice.`);
}

function checkGoal({ loinc, target_low, target_high, unit }: NewGoal): void {
  const has_target = target_low !== undefined || target_high !== undefined;
  if ((loinc !== undefined) !== has_target || has_target !== (unit !== undefined))
    throw new Fault(
      'invalid_input',
      'add_goals: a measurable goal has loinc, unit and target_low or target_high; any other has none of them.',
    );
  if (target_low !== undefined && target_high !== undefined && target_low > target_high)
    throw new Fault('invalid_input', 'add_goals: target_low is above target_high.');
  if (loinc !== undefined && unit !== undefined && !isUnitOf(loinc, unit))
    throw new Fault(
      'invalid_input',
      'add_goals: unit is none that this LOINC is measured in. Use the unit of its last value in get_care_plans, get_labs or get_vitals.',
    );
}

const BLOOD_PRESSURE = ['8480-6', '8462-4'];

/** Of a vital sign one of its units, of an analyte of the house one that is read for it; of any other LOINC the house cannot tell. */
function isUnitOf(loinc: string, unit: string): boolean {
  const kind = BLOOD_PRESSURE.includes(loinc) ? 'blood_pressure' : kindOf(loinc);
  if (kind !== undefined) return canonicalOf(kind, 1, unit) !== undefined;
  return !ANALYTES.has(loinc) || ucumOf(unit, loinc) !== undefined;
}

function goalOf(
  { goal_id, status, achievement }: CarePlanWish['goals'][number],
  { goals }: CarePlanState,
): CarePlanUpdate['goals'][number] {
  const found = goals.get(goal_id);
  if (!found) throw new Fault('not_found', 'goals: no such goal in this plan. Call get_care_plans and use a goal_id of this plan.');
  const { description, ...before } = found;
  const after = { ...before, ...(status && { status }), ...(achievement && { achievement }) };
  if (same(before, after)) throw new Fault('conflict', 'goals: a goal stands so already. Call get_care_plans for how it stands.');
  return { goal_id, description, before, after };
}

function activityOf(
  { activity_id, status, every_days }: CarePlanWish['activities'][number],
  state: CarePlanState,
): CarePlanUpdate['activities'][number] {
  const { description, done_on: _, ...before } = activityIn('activities', activity_id, state);
  const { every_days: was, ...rest } = before;
  const becomes = every_days ?? was ?? 0;
  const after = { ...rest, ...(status && { status }), ...(becomes > 0 && { every_days: becomes }) };
  if (same(before, after)) throw new Fault('conflict', 'activities: an activity stands so already. Call get_care_plans for how it stands.');
  return { activity_id, description, before, after };
}

const ENDED: readonly string[] = ['completed', 'cancelled'];

function doneOf(
  { activity_id, done_on }: CarePlanWish['done'][number],
  state: CarePlanState,
  today: string,
): CarePlanUpdate['done'][number] {
  const { description, done_on: days, status } = activityIn('done', activity_id, state);
  if (ENDED.includes(status)) throw new Fault('conflict', `done: this activity is ${status}. Call get_care_plans for those that are not.`);
  if (done_on > today) throw new Fault('invalid_input', 'done: done_on is in the future. Give the day on which it was done.');
  if (state.birth_date !== null && done_on.slice(0, state.birth_date.length) < state.birth_date)
    throw new Fault('invalid_input', "done: done_on is before this patient's birth. Check the day, and the patient.");
  if (days.includes(done_on)) throw new Fault('conflict', 'done: that it was done on this day is recorded already.');
  const last_done_on = [...days].sort().at(-1);
  return { activity_id, description, done_on, ...(last_done_on !== undefined && { last_done_on }) };
}

function activityIn(field: string, activity_id: string, { activities }: CarePlanState) {
  const found = activities.get(activity_id);
  if (!found)
    throw new Fault('not_found', `${field}: no such activity in this plan. Call get_care_plans and use an activity_id of this plan.`);
  return found;
}

type Standing = { status: string; achievement?: string | undefined; every_days?: number | undefined };
const same = (a: Standing, b: Standing) => a.status === b.status && a.achievement === b.achievement && a.every_days === b.every_days;

/** The wish that an update was made of, as it stands now after a signer's edits: what is new, and what changes. */
export function wishOf({ add_goals, goals, add_activities, activities, done }: CarePlanUpdate): CarePlanWish {
  return {
    add_goals,
    goals: goals.map(({ goal_id, after }) => ({ goal_id, ...after })),
    add_activities,
    activities: activities.map(({ activity_id, after }) => ({ activity_id, status: after.status, every_days: after.every_days ?? 0 })),
    done: done.map(({ activity_id, done_on }) => ({ activity_id, done_on })),
  };
}
