// When an activity of a care plan is due (0008_care.sql): `a` is the activity.
import { staleCursor } from '../../base/ids.ts';
import type { Nullable } from '../../base/present.ts';
import { present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import type { CareItem, CarePlans } from '../../domains/care-plans.ts';
import { plusDays } from '../../domains/days.ts';
import { type Excluded, excludedOf } from '../../domains/definitions.ts';
import { LISTED } from './standing.ts';

type Query = Parameters<CarePlans['due']>[0];

/** The last day on which somebody recorded that it was done. */
export const COMPLETED_ON = `(select max(k.done_on) from care_plan_completions k where k.tenant_id = a.tenant_id and k.activity_id = a.id)`;

/** A result does what is done once only from the plan's start on; what is done again and again, whenever it was. */
const countsFrom = (plan_start: string) =>
  `case when a.every_days is null then coalesce(${plan_start}, a.first_due_on)::timestamptz else '-infinity'::timestamptz end`;
const vitalOf = (loinc: string) => `case when ${loinc} in ('8480-6', '8462-4') then '85354-9' else ${loinc} end`;

/** When the last final lab of the activity's LOINC was drawn, and the last final vital taken. */
const labAt = (plan_start: string) => `(select r.collected_at from lab_results r
   where r.tenant_id = a.tenant_id and r.loinc = a.loinc and r.patient_id = a.patient_id and r.status in ('final', 'amended', 'corrected')
     and r.collected_at >= ${countsFrom(plan_start)}
     and not exists (select from lab_results x where x.tenant_id = r.tenant_id and x.corrects = r.id and x.status <> 'entered_in_error')
   order by r.collected_at desc limit 1)`;
const vitalAt = (plan_start: string) => `(select v.taken_at from vital_signs v
   where v.tenant_id = a.tenant_id and v.loinc = ${vitalOf('a.loinc')} and v.patient_id = a.patient_id and v.status in ('final', 'amended', 'corrected')
     and v.taken_at >= ${countsFrom(plan_start)}
   order by v.taken_at desc limit 1)`;

/** The day of the last result; `c` is the plan. */
export const RESULT_ON = `greatest(${labAt('c.start_on')}, ${vitalAt('c.start_on')})::date`;

/** Of `w.completed_on` and `w.result_on`; null where it was to be done once and is. */
export const DUE_ON = `case when a.every_days is not null then greatest(a.first_due_on, greatest(w.completed_on, w.result_on) + a.every_days)
  when w.completed_on is null and w.result_on is null then a.first_due_on end`;

const OPEN_PLAN = `c.status = 'active' and (c.end_on is null or c.end_on >= $1::date)`;
const ASKED = `a.first_due_on <= $2::date and ($4::text is null or a.kind = $4)`;
const OF_CLINICIAN = '($3::uuid is null or coalesce(x.owner_id, x.author_id) = $3)';

/** $1 today, $2 the last day asked for. The sets of the clinic meet by full joins, which are hashed or merged whatever the planner believes of their sizes.
 *  Results can only put a day off, so they are looked for where the completions alone leave an activity due, and only where its LOINC has any. */
const DUE = `open as materialized (
    select x.* from (
      select a.tenant_id, a.id, a.patient_id, a.loinc, a.first_due_on, a.every_days, a.owner_id, c.author_id, c.start_on, k.completed_on,
        c.id is not null and g.id is null as counts
      from (select * from care_plan_activities a where a.status in ('not_started', 'scheduled', 'in_progress') and ${ASKED} offset 0) a
      full join (select c.id, c.author_id, c.start_on from care_plans c where ${OPEN_PLAN} offset 0) c on c.id = a.care_plan_id
      full join (select k.activity_id, max(k.done_on) as completed_on from care_plan_completions k group by k.activity_id offset 0) k on k.activity_id = a.id
      full join (select p.id from patients p where not (${LISTED}) offset 0) g on g.id = a.patient_id
      offset 0) x
    where x.id is not null and x.counts and ${OF_CLINICIAN} and (x.completed_on is null or x.completed_on + x.every_days <= $2::date)),
  named as materialized (
    select n.loinc, exists (select from lab_results r where r.loinc = n.loinc) as is_lab, exists (select from vital_signs v where v.loinc = ${vitalOf('n.loinc')}) as is_vital
    from (select distinct o.loinc from open o where o.loinc is not null) n),
  due as materialized (
    select a.id, a.patient_id, a.completed_on, w.result_on, u.due_on
    from open a
    cross join lateral (
      select a.completed_on, greatest(
        case when a.loinc = any(array(select n.loinc from named n where n.is_lab)) then ${labAt('a.start_on')} end,
        case when a.loinc = any(array(select n.loinc from named n where n.is_vital)) then ${vitalAt('a.start_on')} end)::date as result_on
      offset 0) w
    cross join lateral (select ${DUE_ON} as due_on) u
    where u.due_on <= $2::date)`;

interface Total {
  total: number;
  overdue: number;
  patients: number;
}

type Row = Nullable<CareItem> & Total & { stands: boolean };

/** A page of what is due, and of how many it is a page. Throws Fault invalid_input (stale cursor). */
export async function dueItems(tx: Tx, query: Query, today: string): Promise<{ items: CareItem[]; total: Total }> {
  const rows = await tx.rows<Row>(
    `with ${DUE},
     whole as materialized (
       select count(*)::int as total, count(*) filter (where b.due_on < $1::date)::int as overdue, count(distinct b.patient_id)::int as patients,
         $5::uuid is null or bool_or(b.id = $5) is true as stands
       from due b),
     page as materialized (
       select b.* from due b
       where $5::uuid is null or (b.due_on, b.id) > (select n.due_on, n.id from due n where n.id = $5)
       order by b.due_on, b.id
       limit $6)
     select g.id as activity_id, a.care_plan_id, a.patient_id, p.given_name || ' ' || p.family_name as patient, c.title as plan, a.kind, a.description,
       a.status, g.due_on, case when g.due_on < $1::date then $1::date - g.due_on end as overdue_days,
       greatest(g.completed_on, g.result_on) as last_done_on, a.every_days,
       case when g.result_on > coalesce(g.completed_on, '-infinity') then 'result' when g.completed_on is not null then 'recorded' end as done_by,
       d.given_name || ' ' || d.family_name as owner, w.*
     from whole w
     left join page g on true
     left join care_plan_activities a on a.id = g.id
     left join care_plans c on c.id = a.care_plan_id
     left join patients p on p.id = a.patient_id
     left join practitioners d on d.id = a.owner_id
     order by g.due_on, g.id`,
    [...valuesOf(query, today), query.after ?? null, query.limit],
  );
  const [{ total, overdue, patients, stands }] = rows as [Row];
  if (!stands) throw staleCursor();
  return {
    items: rows.flatMap(({ total: _, overdue: __, patients: ___, stands: ____, ...row }) =>
      row.activity_id === null ? [] : [present(row) as CareItem],
    ),
    total: { total, overdue, patients },
  };
}

function valuesOf({ within_days, practitioner_id, kind }: Query, today: string): unknown[] {
  return [today, plusDays(today, within_days), practitioner_id ?? null, kind ?? null];
}

/** The activities whose first day has come that are not looked at. */
export async function notLookedAt(tx: Tx, query: Query, today: string): Promise<Excluded> {
  const [left] = await tx.rows<Record<string, number>>(
    `select count(*) filter (where x.is_listed and x.plan_status = 'on_hold')::int as plan_on_hold,
       count(*) filter (where x.is_listed and (x.plan_status in ('revoked', 'completed') or x.plan_status = 'active' and not x.is_open))::int as plan_ended,
       count(*) filter (where x.is_listed and x.plan_status = 'draft')::int as plan_in_draft,
       count(*) filter (where x.is_listed and x.is_open and x.status = 'on_hold')::int as activity_on_hold,
       count(*) filter (where x.is_merged)::int as merged_charts,
       count(*) filter (where not x.is_merged and x.is_deceased)::int as deceased_patients,
       count(*) filter (where not x.is_listed and not x.is_merged and not x.is_deceased)::int as inactive_patients
     from (
       select a.id, a.status, a.owner_id, c.author_id, c.status as plan_status, ${OPEN_PLAN} as is_open, g.id is null as is_listed,
         g.replaced_by is not null as is_merged, g.deceased_on is not null as is_deceased
       from (select * from care_plan_activities a where a.status in ('not_started', 'scheduled', 'in_progress', 'on_hold') and ${ASKED} offset 0) a
       full join (select * from care_plans c offset 0) c on c.id = a.care_plan_id
       full join (select p.id, p.replaced_by, p.deceased_on from patients p where not (${LISTED}) offset 0) g on g.id = a.patient_id
       offset 0) x
     where x.id is not null and x.plan_status <> 'entered_in_error' and ${OF_CLINICIAN}`,
    valuesOf(query, today),
  );
  return excludedOf(left ?? {});
}
