import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import type { CareActivity, CareGoal, CarePlan, CarePlans } from '../../domains/care-plans.ts';
import type { Surroundings } from '../connector.ts';
import { COMPLETED_ON, DUE_ON, dueItems, notLookedAt, RESULT_ON } from './care-plan-due.ts';
import { carePlanWriting } from './care-plans-write.ts';
import { cursorStands, patientStands, practitionerStands } from './standing.ts';

export function carePlans({ tx, today }: Surroundings): CarePlans {
  return {
    ...carePlanWriting(tx),
    async list(query) {
      const { patient_id, after, limit } = query;
      const page = planIds(tx, { ...query, limit: limit + 1 }, today);
      const [, , plans, goals, activities] = await Promise.all([
        patientStands(tx, patient_id),
        cursorStands(after, (id) => tx.rows('select from care_plans c where c.id = $1 and c.patient_id = $2', [id, patient_id])),
        page,
        goalsOf(tx, patient_id),
        activitiesOf(tx, patient_id, today),
      ]);
      return {
        care_plans: plans.slice(0, limit).map((plan) => planOf(plan, goals, activities)),
        more: plans.length > limit,
      };
    },
    async due(query) {
      const [, found, excluded] = await Promise.all([
        practitionerStands(tx, query.practitioner_id),
        dueItems(tx, { ...query, limit: query.limit + 1 }, today),
        query.after === undefined ? notLookedAt(tx, query, today) : undefined,
      ]);
      const { items, total } = found;
      return { items: items.slice(0, query.limit), more: items.length > query.limit, ...(excluded && { summary: { ...total, excluded } }) };
    },
  };
}

type PlanRow = Nullable<Omit<CarePlan, 'goals' | 'activities' | 'ended'>> & { ended: boolean };
type GoalRow = Nullable<Omit<CareGoal, 'target_low' | 'target_high' | 'latest_value'>> & {
  care_plan_id: string;
  target_low: string | null;
  target_high: string | null;
  latest_value: string | null;
};
type ActivityRow = Nullable<CareActivity> & { care_plan_id: string };

function planOf({ ended, ...plan }: PlanRow, goals: readonly GoalRow[], activities: readonly ActivityRow[]): CarePlan {
  const own = <T extends { care_plan_id: string }>(rows: readonly T[]) =>
    rows.filter(({ care_plan_id }) => care_plan_id === plan.care_plan_id).map(({ care_plan_id: _, ...row }) => row);
  return {
    ...present(plan),
    ...(ended && { ended: true as const }),
    goals: own(goals).map(({ target_low, target_high, latest_value, ...goal }) => ({
      ...present(goal),
      ...(target_low !== null && { target_low: Number(target_low) }),
      ...(target_high !== null && { target_high: Number(target_high) }),
      ...(latest_value !== null && { latest_value: Number(latest_value) }),
    })),
    activities: own(activities).map((activity) => present(activity)),
  };
}

/** The active first, then by the last change. */
async function planIds(tx: Tx, query: Parameters<CarePlans['list']>[0], today: string): Promise<PlanRow[]> {
  return tx.rows<PlanRow>(
    `select c.id as care_plan_id, c.title, c.status, c.start_on, c.end_on, coalesce(c.end_on < $5::date and c.status = 'active', false) as ended,
       d.given_name || ' ' || d.family_name as author, c.updated_at
     from care_plans c
     left join practitioners d on d.tenant_id = c.tenant_id and d.id = c.author_id
     where c.patient_id = $1 and c.status <> 'entered_in_error'
       and (not $2::boolean or c.status = 'active' and (c.end_on is null or c.end_on >= $5::date))
       and ($3::uuid is null or (c.status <> 'active', -extract(epoch from c.updated_at), c.id) >
         (select b.status <> 'active', -extract(epoch from b.updated_at), b.id from care_plans b where b.id = $3))
     order by c.status <> 'active', -extract(epoch from c.updated_at), c.id
     limit $4`,
    [query.patient_id, query.active_only, query.after ?? null, query.limit, today],
  );
}

/** With the last final lab or vital of the goal's LOINC; of a blood pressure (85354-9) the systolic and the diastolic each have their own. */
async function goalsOf(tx: Tx, patient_id: string): Promise<GoalRow[]> {
  return tx.rows<GoalRow>(
    `select g.care_plan_id, g.id as goal_id, g.description, g.loinc, g.target_low, g.target_high, g.unit, g.due_on, g.status, g.achievement,
       l.value as latest_value, l.unit as latest_unit, l.at::date as latest_on
     from care_plan_goals g
     left join lateral (
       select o.value, o.unit, o.at from (
         (select r.value, coalesce(r.unit, r.unit_raw) as unit, r.collected_at as at from lab_results r
          where r.tenant_id = g.tenant_id and r.loinc = g.loinc and r.patient_id = g.patient_id and r.status in ('final', 'amended', 'corrected')
            and r.value is not null and r.comparator is null
            and not exists (select from lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error')
          order by r.collected_at desc, r.id desc limit 1)
         union all
         (select case g.loinc when '8480-6' then v.systolic when '8462-4' then v.diastolic else v.value end, coalesce(v.unit, v.unit_raw), v.taken_at
          from vital_signs v
          where v.tenant_id = g.tenant_id and v.loinc = case when g.loinc in ('8480-6', '8462-4') then '85354-9' else g.loinc end
            and v.patient_id = g.patient_id and v.status in ('final', 'amended', 'corrected')
          order by v.taken_at desc, v.id desc limit 1)) o
       where o.value is not null
       order by o.at desc limit 1) l on true
     where g.patient_id = $1 and g.status <> 'entered_in_error'
     order by g.due_on nulls last, g.id`,
    [patient_id],
  );
}

async function activitiesOf(tx: Tx, patient_id: string, today: string): Promise<ActivityRow[]> {
  return tx.rows<ActivityRow>(
    `select a.care_plan_id, a.id as activity_id, a.kind, a.description, a.loinc, a.status, a.every_days, u.due_on,
       case when u.due_on < $2::date then $2::date - u.due_on end as overdue_days,
       greatest(w.completed_on, w.result_on) as last_done_on,
       case when w.result_on > coalesce(w.completed_on, '-infinity') then 'result' when w.completed_on is not null then 'recorded' end as done_by,
       d.given_name || ' ' || d.family_name as owner
     from care_plan_activities a
     join care_plans c on c.tenant_id = a.tenant_id and c.id = a.care_plan_id
     left join practitioners d on d.tenant_id = a.tenant_id and d.id = a.owner_id
     cross join lateral (select ${COMPLETED_ON} as completed_on, ${RESULT_ON} as result_on) w
     cross join lateral (select case when c.status = 'active' and (c.end_on is null or c.end_on >= $2::date)
         and a.status in ('not_started', 'scheduled', 'in_progress') then ${DUE_ON} end as due_on) u
     where a.patient_id = $1 and a.status <> 'entered_in_error'
     order by u.due_on nulls last, a.id`,
    [patient_id, today],
  );
}
