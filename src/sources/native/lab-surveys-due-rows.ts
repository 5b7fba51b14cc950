// Who is due for which check (labs_due@1), by the rules of domains/lab-due-rules.ts: the part of the question that reads the whole clinic.
import { LAB_DUE_RULES } from '../../domains/lab-due-rules.ts';
import { codesOf } from '../../domains/markers.ts';
import { LEFT_OUT, STANDS } from './lab-surveys-rows.ts';

/** What brings patients under rules, each once: several rules share a list of drugs, or a range of diagnoses. */
const GROUNDS = [...new Set(LAB_DUE_RULES.map(({ trigger }) => JSON.stringify(trigger)))];

/** The rules by their place, which is shorter to sort by than their names; `g` is the place of the ground. */
export const TRIGGERS = LAB_DUE_RULES.map(({ rule, trigger, sex, ages }, r) => ({
  r,
  g: GROUNDS.indexOf(JSON.stringify(trigger)),
  rule,
  drugs: 'drugs' in trigger ? trigger.drugs : [],
  ...('from' in trigger && { icd_from: trigger.from, icd_below: trigger.below }),
  sex,
  youngest: ages?.[0],
  oldest: ages?.[1],
}));

/** Each set of analytes that some rule looks for, once. */
const SETS = [...new Set(LAB_DUE_RULES.flatMap(({ checks }) => checks.map(setOf)))];

function setOf(check: readonly string[]): string {
  return [...check].sort().join(',');
}

export function groupsOfCheck(k: number): readonly string[] {
  return SETS[k]?.split(',') ?? [];
}

/** One row for each check of each rule; `k` is the set of analytes that does it. */
export const CHECKS = LAB_DUE_RULES.flatMap(({ checks, first, every, sooner }, r) =>
  checks.map((check) => ({
    r,
    k: SETS.indexOf(setOf(check)),
    check,
    codes: check.flatMap((group) => [...codesOf(group)]),
    due_from: first?.days[0],
    due_to: first?.days[1],
    earliest: first?.earliest,
    every,
    above: sooner?.above,
    sooner: sooner?.every,
  })),
);

/** The last day that a partial date can mean. */
const lastDay = (date: string) =>
  `case length(${date}) when 10 then ${date}::date when 7 then ((${date} || '-01')::date + interval '1 month')::date - 1 when 4 then (${date} || '-12-31')::date end`;

/** An order `m` counts while it is active and not past its end; that the supply ran out says nothing of whether it is taken. */
const IS_TAKEN = `(m.status = 'active' and coalesce(${lastDay('m.end_on')} >= $4::date, true)
  and (m.replaced_by is null or m.replaced_by in (select s.id from medication_requests s where s.status = 'entered_in_error')))`;
/** A longer one is no name of an ingredient; the index leaves it out. */
const IS_NAME = 'length(m.ingredient) <= 500';
const IS_ORDER = "m.status not in ('entered_in_error', 'draft', 'cancelled')";
/** A problem `c` that its patient has. */
const IS_PROBLEM = `c.category = 'problem' and c.clinical_status in ('active', 'recurrence', 'relapse') and c.verification_status not in ('refuted', 'entered_in_error')`;

/** Whether rule `t` is about patient `c`, who has its ground. */
export const MEETS = '(not t.is_picky or ((t.r, c.patient_id) in (select m.r, m.patient_id from meeting m)) is true)';

/** Whom the rules cover, one row a patient and ground. $1 triggers, $2 checks, $4 today, $6 the clinician. A drug's start is that of the last dose: the first
 *  order of this name and these directions after one of others. Most have one order, and need not be put in the order of time. */
const COVERED = `triggers as materialized (
    select t.*, t.sex is not null or t.youngest is not null as is_picky
    from jsonb_to_recordset($1::jsonb) as t (r int, g int, rule text, drugs text[], icd_from text, icd_below text, sex text, youngest int, oldest int)
    where t.r in (select x.r from jsonb_to_recordset($2::jsonb) as x (r int))),
  grounds as materialized (select distinct t.g, t.drugs, t.icd_from, t.icd_below from triggers t),
  ingredients as materialized (
    select x.g, x.name, dense_rank() over (order by x.name)::int as ingredient from (select y.g, unnest(y.drugs) as name from grounds y) x),
  -- What is prescribed here, by name: each the next one in the index.
  names as (
    select min(m.ingredient) as name from medication_requests m where ${IS_NAME}
    union all
    select (select min(m.ingredient) from medication_requests m where ${IS_NAME} and m.ingredient > n.name) from names n where n.name is not null),
  orders as materialized (
    select m.patient_id, w.g, w.ingredient, m.id, m.began, m.active
    from (
      select n.name, i.g, i.ingredient
      from names n cross join lateral unnest(string_to_array(lower(n.name), ' / ')) as part join ingredients i on i.name = part) w
    cross join lateral (
      select m.patient_id, m.id, coalesce(${lastDay('m.start_on')}, ${lastDay('m.authored_on')}) as began, ${IS_TAKEN} as active
      from medication_requests m where m.ingredient = w.name and ${IS_NAME} and ${IS_ORDER} offset 0) m),
  drugs as materialized (
    select o.patient_id, o.g, min(o.began order by o.patient_id) as since, count(*) > 1 as again from orders o group by 1, 2 having bool_or(o.active)),
  doses as (
    select d.patient_id, d.g, d.ingredient, max(d.began) filter (where d.is_new) as since
    from (
      select o.patient_id, o.g, o.ingredient, o.began, o.active,
        lag(m.name) over earlier is distinct from m.name or coalesce(lag(m.sig) over earlier <> m.sig, false) as is_new
      from orders o
      cross join lateral (select m.name, m.sig from medication_requests m where m.id = o.id offset 0) m
      where (o.patient_id, o.g) in (select v.patient_id, v.g from drugs v where v.again)
      window earlier as (partition by o.patient_id, o.g, o.ingredient order by o.began nulls first, o.id)) d
    group by 1, 2, 3 having bool_or(d.active)),
  grounded as materialized (
    select d.patient_id, d.g, d.since from drugs d where not d.again
    union all
    select d.patient_id, d.g, max(d.since) from doses d group by 1, 2
    union all
    select c.patient_id, y.g, min(c.since)
    from grounds y
    cross join lateral (
      select c.patient_id, coalesce(${lastDay('c.onset_on')}, ${lastDay('c.recorded_on')}) as since
      from conditions c where c.icd10 >= y.icd_from and c.icd10 < y.icd_below and ${IS_PROBLEM} offset 0) c
    group by 1, 2),
  meeting as materialized (
    select t.r, t.g, p.id as patient_id
    from (
      select p.id, p.sex, p.birth_date from patients p
      where p.id = any(array(select x.patient_id from grounded x where x.g in (select t.g from triggers t where t.is_picky))) offset 0) p
    join triggers t on t.is_picky and (t.sex is null or t.sex = p.sex) and (t.youngest is null or length(p.birth_date) = 10
      and date_part('year', age($4::date, p.birth_date::date)) between t.youngest and t.oldest)),
  covered as materialized (
    select x.*, ${LEFT_OUT('x')} as left_out
    from grounded x
    where ($6::uuid is null or (x.patient_id in (select p.id from patients p where p.practitioner_id = $6)) is true)
      and (x.g in (select t.g from triggers t where not t.is_picky) or ((x.g, x.patient_id) in (select m.g, m.patient_id from meeting m)) is true)
    order by x.patient_id)`;

/** For `d`, a row of rule `t`: the name of the drug or of the condition. */
export const BECAUSE = `coalesce(
    (select max(m.name) from medication_requests m cross join lateral unnest(string_to_array(lower(m.ingredient), ' / ')) as part
     where m.patient_id = d.patient_id and part = any(t.drugs) and ${IS_ORDER} and ${IS_TAKEN}),
    (select min(c.name) from conditions c where c.patient_id = d.patient_id and c.icd10 >= t.icd_from and c.icd10 < t.icd_below and ${IS_PROBLEM}))`;

/** The last result of each patient of the list `f` and code `y` of its set. */
const LAST_RESULTS = (which: string) => `
      select l.*
      from present y
      cross join lateral (
        select l.patient_id, l.collected_at as at,
          case when y.loinc = any($7::text[]) and case when l.unit = 'mmol/mol' then 0.09148 * l.value + 2.152 else l.value end > $8::numeric then l.collected_at end as high_at
        from last_lab_results l where l.loinc = y.loinc and l.patient_id = any(f.patients) offset 0) l
      where y.k = f.k and ${which}`;

/** What is known of each patient and set of analytes. $3 which order covers which set, $7 the codes of A1c, $8 above what it is high, $12 the codes of all checks.
 *  Each code is read once, in the order of its index, which passes over whoever is not looked for. */
const KNOWN = `checks as materialized (
    select k.*, t.g, t.is_picky, count(*) over (partition by k.r) > 1 as is_one_of_many
    from jsonb_to_recordset($2::jsonb) as k (r int, k int, "check" text[], codes text[], due_from int, due_to int, earliest int, every int, above numeric, sooner int)
    join triggers t on t.r = k.r),
  covers as materialized (select * from jsonb_to_recordset($3::jsonb) as t (key text, k int)),
  keys as materialized (select distinct x.k, unnest(x.codes) as loinc from checks x),
  present as materialized (
    select y.k, y.loinc, count(*) over (partition by y.k) > 1 as is_one_of_many from keys y where exists (select from last_lab_results l where l.loinc = y.loinc)),
  looked_for as materialized (
    select c.g, array_agg(c.patient_id) as patients, array_agg(c.since) as since from covered c where not c.left_out group by 1),
  known as not materialized (
    select f.g, f.k, l.*
    from (select x.g, x.k, f.patients, f.since from (select distinct k.g, k.k from checks k) x join looked_for f on f.g = x.g) f
    cross join lateral (
      select c.patient_id, c.since, l.last_on, l.is_high
      from unnest(f.patients, f.since) c (patient_id, since)
      full join (
        select l.patient_id, l.at::date as last_on, l.high_at = l.at as is_high from (${LAST_RESULTS('not y.is_one_of_many')}) l
        union all
        select l.patient_id, max(l.at)::date, max(l.high_at) = max(l.at) from (${LAST_RESULTS('y.is_one_of_many')}) l group by 1
        offset 0) l on l.patient_id = c.patient_id
      offset 0) l)`;

/** What stands in the way of asking for a check now. A preliminary result is awaited, for two months. */
const WAITING = `awaited as materialized (
    select r.loinc, r.patient_id, r.collected_at as at from lab_results r
    where r.collected_at >= ($4::date - 60)::timestamptz and r.collected_at < ($4::date + 1)::timestamptz
      and r.status = 'preliminary' and r.loinc = any($12::text[]) and ${STANDS}),
  waiting as materialized (
    select t.patient_id, t.k, max(t.awaited_at)::date as awaited_on, max(t.order_at)::date as order_on, max(t.declined_at)::date as declined_on
    from (
      select w.patient_id, y.k, w.at as awaited_at, null::timestamptz as order_at, null::timestamptz as declined_at
      from awaited w join keys y on y.loinc = w.loinc
      union all
      select o.patient_id, v.k, null,
        case when o.status in ('active', 'on_hold') and o.status_reason is distinct from 'declined' then coalesce(o.collected_at, o.ordered_at) end,
        case when o.status_reason = 'declined' then coalesce(o.ended_at, o.ordered_at) end
      from lab_orders o join covers v on v.key = coalesce(o.loinc, '') || '|' || o.name
      where o.status in ('active', 'on_hold') or (o.status = 'revoked' and o.status_reason = 'declined')) t
    group by 1, 2)`;

/** The checks that are due by $4 today and $5 days, and why not to ask for one now: CTE `needs`, a row a patient, rule and check. */
export const NEEDS = `${COVERED}, ${KNOWN}, ${WAITING},
  needs as materialized (
    select n.patient_id, n.r, n.k, n.is_one_of_many, n.since, n.last_on, n.due_on, n.late_on,
      coalesce(w.order_on > n.last_on or n.last_on is null and w.order_on is not null, false) as pending,
      coalesce(w.awaited_on > n.last_on or n.last_on is null and w.awaited_on is not null, false) as awaited,
      case when w.declined_on > $4::date - 180 and (n.last_on is null or w.declined_on > n.last_on) then w.declined_on end as declined_on
    from (
      select c.patient_id, k.r, c.since, k.k, k.is_one_of_many, c.last_on, d.*
      from checks k
      join known c on c.g = k.g and c.k = k.k
      cross join lateral (
        select (c.last_on is null or k.earliest is not null and c.since is not null and c.last_on < c.since + k.earliest) as is_first,
          case when k.sooner is not null and c.is_high then k.sooner else k.every end as every) f
      cross join lateral (
        select case when f.is_first then coalesce(c.since + coalesce(k.due_from, 0), $4::date) else c.last_on + f.every end as due_on,
          case when f.is_first then coalesce(c.since + coalesce(k.due_to, 0), $4::date) else c.last_on + f.every end as late_on) d
      where ${MEETS.replaceAll('t.', 'k.')} and d.due_on <= $4::date + $5::int) n
    left join waiting w on w.patient_id = n.patient_id and w.k = n.k)`;
