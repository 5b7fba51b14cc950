// When an activity of a care plan is due (0008_care.sql): `a` is the activity, `c` its plan.
import type { Tx } from '../../db/tx.ts';
import type { CareItem, CarePlans } from '../../domains/care-plans.ts';
import { plusDays } from '../../domains/days.ts';
import { type Excluded, excludedOf } from '../../domains/definitions.ts';
import type { Nullable } from './present.ts';
import { present } from './present.ts';
import { LISTED } from './standing.ts';

type Query = Parameters<CarePlans['due']>[0];

/** The last day on which somebody recorded that it was done. */
export const COMPLETED_ON = `(select max(k.done_on) from care_plan_completions k where k.tenant_id = a.tenant_id and k.activity_id = a.id)`;

/** A result does what is done once only from the plan's start on; what is done again and again, whenever it was. */
const COUNTS_FROM = `case when a.every_days is null then coalesce(c.start_on, a.first_due_on)::timestamptz else '-infinity'::timestamptz end`;
const BLOOD_PRESSURE = `case when a.loinc in ('8480-6', '8462-4') then '85354-9' else a.loinc end`;

/** The day of the last final lab or vital of the activity's LOINC. */
export const RESULT_ON = `greatest(
  (select r.collected_at from lab_results r
   where r.tenant_id = a.tenant_id and r.loinc = a.loinc and r.patient_id = a.patient_id and r.status in ('final', 'amended', 'corrected')
     and r.collected_at >= ${COUNTS_FROM}
     and not exists (select from lab_results x where x.tenant_id = r.tenant_id and x.corrects = r.id and x.status <> 'entered_in_error')
   order by r.collected_at desc limit 1),
  (select v.taken_at from vital_signs v
   where v.tenant_id = a.tenant_id and v.loinc = ${BLOOD_PRESSURE} and v.patient_id = a.patient_id and v.status in ('final', 'amended', 'corrected')
     and v.taken_at >= ${COUNTS_FROM}
   order by v.taken_at desc limit 1))::date`;

/** Of `w.completed_on` and `w.result_on`; null where it was to be done once and is. */
export const DUE_ON = `case when a.every_days is not null then greatest(a.first_due_on, greatest(w.completed_on, w.result_on) + a.every_days)
  when w.completed_on is null and w.result_on is null then a.first_due_on end`;

const OPEN_PLAN = `c.status = 'active' and (c.end_on is null or c.end_on >= $1::date)`;
const ASKED = `a.first_due_on <= $2::date and ($3::uuid is null or coalesce(a.owner_id, c.author_id) = $3) and ($4::text is null or a.kind = $4)`;

/** $1 today, $2 the last day asked for. Results can only put a day off, so they are looked for where the completions alone leave an activity due. */
const DUE = `open as materialized (
    select a.*, c.title as plan, c.start_on, p.given_name || ' ' || p.family_name as patient, k.completed_on
    from care_plan_activities a
    join care_plans c on c.tenant_id = a.tenant_id and c.id = a.care_plan_id
    join patients p on p.tenant_id = a.tenant_id and p.id = a.patient_id
    cross join lateral (select ${COMPLETED_ON} as completed_on) k
    where a.status in ('not_started', 'scheduled', 'in_progress') and ${ASKED} and ${OPEN_PLAN} and ${LISTED}
      and (k.completed_on is null or k.completed_on + a.every_days <= $2::date)),
  due as materialized (
    select a.*, w.result_on, u.due_on
    from open a
    join care_plans c on c.tenant_id = a.tenant_id and c.id = a.care_plan_id
    cross join lateral (select a.completed_on, ${RESULT_ON} as result_on offset 0) w
    cross join lateral (select ${DUE_ON} as due_on) u
    where u.due_on <= $2::date)`;

interface Total {
  total: number;
  overdue: number;
  patients: number;
}

/** A page of what is due, and of how many it is a page. */
export async function dueItems(tx: Tx, query: Query, today: string, id?: string): Promise<{ items: CareItem[]; total: Total }> {
  const rows = await tx.rows<Nullable<CareItem> & Total>(
    `with ${DUE},
     whole as materialized (
       select count(*)::int as total, count(*) filter (where b.due_on < $1::date)::int as overdue, count(distinct b.patient_id)::int as patients from due b)
     select a.id as activity_id, a.care_plan_id, a.patient_id, a.patient, a.plan, a.kind, a.description, a.status, a.due_on,
       case when a.due_on < $1::date then $1::date - a.due_on end as overdue_days, greatest(a.completed_on, a.result_on) as last_done_on, a.every_days,
       case when a.result_on > coalesce(a.completed_on, '-infinity') then 'result' when a.completed_on is not null then 'recorded' end as done_by,
       d.given_name || ' ' || d.family_name as owner, w.total, w.overdue, w.patients
     from due a
     cross join whole w
     left join practitioners d on d.tenant_id = a.tenant_id and d.id = a.owner_id
     where ($5::uuid is null or (a.due_on, a.id) > (select b.due_on, b.id from due b where b.id = $5))
       and ($7::uuid is null or a.id = $7)
     order by a.due_on, a.id
     limit $6`,
    [...valuesOf(query, today), query.after ?? null, query.limit, id ?? null],
  );
  const { total, overdue, patients } = rows[0] ?? { total: 0, overdue: 0, patients: 0 };
  return {
    items: rows.map(({ total: _, overdue: __, patients: ___, ...row }) => present(row) as CareItem),
    total: { total, overdue, patients },
  };
}

function valuesOf({ within_days, practitioner_id, kind }: Query, today: string): unknown[] {
  return [today, plusDays(today, within_days), practitioner_id ?? null, kind ?? null];
}

/** The activities whose first day has come that are not looked at. */
export async function notLookedAt(tx: Tx, query: Query, today: string): Promise<Excluded> {
  const [left] = await tx.rows<Record<string, number>>(
    `select count(*) filter (where ${LISTED} and c.status = 'on_hold')::int as plan_on_hold,
       count(*) filter (where ${LISTED} and (c.status in ('revoked', 'completed') or c.status = 'active' and c.end_on < $1::date))::int as plan_ended,
       count(*) filter (where ${LISTED} and c.status = 'draft')::int as plan_in_draft,
       count(*) filter (where ${LISTED} and ${OPEN_PLAN} and a.status = 'on_hold')::int as activity_on_hold,
       count(*) filter (where p.replaced_by is not null)::int as merged_charts,
       count(*) filter (where p.replaced_by is null and p.deceased_on is not null)::int as deceased_patients,
       count(*) filter (where p.replaced_by is null and p.deceased_on is null and not p.active)::int as inactive_patients
     from care_plan_activities a
     join care_plans c on c.tenant_id = a.tenant_id and c.id = a.care_plan_id
     join patients p on p.tenant_id = a.tenant_id and p.id = a.patient_id
     where a.status in ('not_started', 'scheduled', 'in_progress', 'on_hold') and c.status <> 'entered_in_error' and ${ASKED}`,
    valuesOf(query, today),
  );
  return excludedOf(left ?? {});
}
