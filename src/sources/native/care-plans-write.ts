// Updates of a care plan: only in the transaction of a signature, the database sees to it.
import { Fault } from '../../base/fault.ts';
import type { Tx } from '../../db/tx.ts';
import type { CarePlanState } from '../../domains/care-plan-updates.ts';
import type { CarePlans } from '../../domains/care-plans.ts';
import { chartTakes } from './chart-takes.ts';

export function carePlanWriting(tx: Tx): Pick<CarePlans, 'updatable' | 'update'> {
  return {
    async updatable({ patient_id, care_plan_id, exclusive = false }) {
      if (exclusive) await tx.rows('select app.hold_record($1)', [care_plan_id]);
      const [{ birth_date }, [plan], goals, activities] = await Promise.all([
        chartTakes(tx, { patient_id }),
        planOf(tx, { patient_id, care_plan_id }),
        goalsOf(tx, care_plan_id),
        activitiesOf(tx, care_plan_id),
      ]);
      if (!plan)
        throw new Fault(
          'not_found',
          'care_plan_id: no such care plan of this patient. Call get_care_plans and use a care_plan_id of the answer.',
        );
      if (['revoked', 'completed'].includes(plan.status))
        throw new Fault(
          'conflict',
          `care_plan_id: this plan is ${plan.status}. Call get_care_plans with active_only for those that go on.`,
        );
      return {
        plan: plan.title,
        plan_state: plan.plan_state,
        birth_date,
        goals: new Map(goals.map(({ id, achievement, ...goal }) => [id, { ...goal, ...(achievement !== null && { achievement }) }])),
        activities: new Map(
          activities.map(({ id, every_days, ...activity }) => [id, { ...activity, ...(every_days !== null && { every_days }) }]),
        ),
      };
    },
    async update({ draft_id, care_plan_id, patient_id, updated_at, ...update }) {
      const marked = (rows: readonly object[]) => JSON.stringify(rows.map((row, n) => ({ ...row, n })));
      await tx.rows('update care_plans set updated_at = $2 where id = $1', [care_plan_id, updated_at]);
      await tx.rows(
        `insert into care_plan_goals (tenant_id, id, patient_id, care_plan_id, description, loinc, target_low, target_high, unit, due_on, status)
         select app.tenant(), md5($1::uuid || ':goal:' || r.n)::uuid, $2, $3, r.description, r.loinc, r.target_low, r.target_high, r.unit, r.due_on, 'active'
         from jsonb_to_recordset($4::jsonb) as r (n int, description text, loinc text, target_low numeric, target_high numeric, unit text, due_on date)
         on conflict (tenant_id, id) do nothing`,
        [draft_id, patient_id, care_plan_id, marked(update.add_goals)],
      );
      await tx.rows(
        `update care_plan_goals g set status = r.after ->> 'status', achievement = r.after ->> 'achievement'
         from jsonb_to_recordset($2::jsonb) as r (goal_id uuid, after jsonb) where g.id = r.goal_id and g.care_plan_id = $1`,
        [care_plan_id, JSON.stringify(update.goals)],
      );
      await tx.rows(
        `insert into care_plan_activities (tenant_id, id, patient_id, care_plan_id, kind, description, loinc, status, first_due_on, every_days)
         select app.tenant(), md5($1::uuid || ':activity:' || r.n)::uuid, $2, $3, r.kind, r.description, r.loinc, 'not_started', r.first_due_on, nullif(r.every_days, 0)
         from jsonb_to_recordset($4::jsonb) as r (n int, kind text, description text, loinc text, first_due_on date, every_days int)
         on conflict (tenant_id, id) do nothing`,
        [draft_id, patient_id, care_plan_id, marked(update.add_activities)],
      );
      await tx.rows(
        `update care_plan_activities a set status = r.after ->> 'status', every_days = (r.after ->> 'every_days')::int
         from jsonb_to_recordset($2::jsonb) as r (activity_id uuid, after jsonb) where a.id = r.activity_id and a.care_plan_id = $1`,
        [care_plan_id, JSON.stringify(update.activities)],
      );
      await tx.rows(
        `insert into care_plan_completions (tenant_id, id, patient_id, activity_id, done_on)
         select app.tenant(), md5($1::uuid || ':done:' || r.n)::uuid, $2, r.activity_id, r.done_on
         from jsonb_to_recordset($3::jsonb) as r (n int, activity_id uuid, done_on date)
         on conflict (tenant_id, id) do nothing`,
        [draft_id, patient_id, marked(update.done)],
      );
    },
  };
}

/** The digest is of every row of the plan: whatever changes in it, another one. */
const planOf = (tx: Tx, { patient_id, care_plan_id }: { patient_id: string; care_plan_id: string }) =>
  tx.rows<{ title: string; status: string; plan_state: string }>(
    `select c.title, c.status, md5(concat_ws('|', c::text,
       (select string_agg(g::text, '|' order by g.id) from care_plan_goals g where g.tenant_id = c.tenant_id and g.care_plan_id = c.id),
       (select string_agg(a::text, '|' order by a.id) from care_plan_activities a where a.tenant_id = c.tenant_id and a.care_plan_id = c.id),
       (select string_agg(k::text, '|' order by k.id) from care_plan_completions k
        join care_plan_activities a on a.tenant_id = k.tenant_id and a.id = k.activity_id where k.tenant_id = c.tenant_id and a.care_plan_id = c.id))) as plan_state
     from care_plans c where c.id = $1 and c.patient_id = $2 and c.status <> 'entered_in_error'`,
    [care_plan_id, patient_id],
  );

type Of<M> = M extends ReadonlyMap<string, infer V> ? V : never;
type GoalRow = Omit<Of<CarePlanState['goals']>, 'achievement'> & {
  id: string;
  achievement: Of<CarePlanState['goals']>['achievement'] | null;
};
type ActivityRow = Omit<Of<CarePlanState['activities']>, 'every_days'> & { id: string; every_days: number | null };

const goalsOf = (tx: Tx, care_plan_id: string) =>
  tx.rows<GoalRow>(
    "select g.id, g.description, g.status, g.achievement from care_plan_goals g where g.care_plan_id = $1 and g.status <> 'entered_in_error' order by g.id",
    [care_plan_id],
  );

const activitiesOf = (tx: Tx, care_plan_id: string) =>
  tx.rows<ActivityRow>(
    `select a.id, a.description, a.status, a.every_days,
       array(select k.done_on::text from care_plan_completions k where k.tenant_id = a.tenant_id and k.activity_id = a.id order by k.done_on) as done_on
     from care_plan_activities a where a.care_plan_id = $1 and a.status <> 'entered_in_error' order by a.id`,
    [care_plan_id],
  );
