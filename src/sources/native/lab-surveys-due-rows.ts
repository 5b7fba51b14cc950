// Who is due for which check (labs_due@1), by the rules of domains/lab-due-rules.ts: the part of the question that reads the whole clinic.
import { LAB_DUE_RULES } from '../../domains/lab-due-rules.ts';
import { codesOf } from '../../domains/markers.ts';
import { FINAL, STANDS } from './lab-surveys-rows.ts';
import { LISTED } from './standing.ts';

/** The rules by their place, which is shorter to sort by than their names. */
export const TRIGGERS = LAB_DUE_RULES.map(({ rule, trigger, sex, ages }, r) => ({
  r,
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

/** Whom a rule covers, one row a patient and rule. $1 triggers, $2 checks, $4 today, $6 the clinician.
 *  A drug counts while its order is active and not past its end; that the supply ran out says nothing of whether it is taken. Its start is that of the last dose: the first order of this name and these directions after one of others. */
const COVERED = `triggers as materialized (
    select * from jsonb_to_recordset($1::jsonb) as t (r int, rule text, drugs text[], icd_from text, icd_below text, sex text, youngest int, oldest int)
    where t.r in (select x.r from jsonb_to_recordset($2::jsonb) as x (r int))),
  ingredients as materialized (
    select i.name, row_number() over ()::int as ingredient from (select distinct unnest(t.drugs) as name from triggers t) i),
  parts as (
    select m.*, lower(m.ingredient) as part from medication_requests m where strpos(m.ingredient, ' / ') = 0
    union all
    select m.*, part from medication_requests m cross join lateral unnest(string_to_array(lower(m.ingredient), ' / ')) as part
    where strpos(m.ingredient, ' / ') > 0),
  orders as (
    select m.patient_id, i.ingredient, m.name, m.sig, m.id, coalesce(${lastDay('m.start_on')}, ${lastDay('m.authored_on')}) as began,
      m.status = 'active' and coalesce(${lastDay('m.end_on')} >= $4::date, true)
        and (m.replaced_by is null or m.replaced_by in (select s.id from medication_requests s where s.status = 'entered_in_error')) as active
    from parts m
    join ingredients i on i.name = m.part
    where m.status not in ('entered_in_error', 'draft', 'cancelled')),
  doses as (
    select o.*, lag(o.name) over earlier is distinct from o.name or coalesce(lag(o.sig) over earlier <> o.sig, false) as is_new
    from orders o
    window earlier as (partition by o.patient_id, o.ingredient order by o.began nulls first, o.id)),
  drugs as (
    select d.patient_id, d.ingredient, max(d.began) filter (where d.is_new) as since, max(d.name) filter (where d.active) as because
    from doses d group by 1, 2 having bool_or(d.active)),
  triggered as (
    select d.patient_id, w.r, max(d.since) as since, max(d.because) as because
    from drugs d
    join ingredients i on i.ingredient = d.ingredient
    join (select t.r, unnest(t.drugs) as name from triggers t) w on w.name = i.name
    group by 1, 2
    union all
    select c.patient_id, t.r, min(coalesce(${lastDay('c.onset_on')}, ${lastDay('c.recorded_on')})), min(c.name)
    from triggers t
    join conditions c on c.icd10 >= t.icd_from and c.icd10 < t.icd_below
    where c.category = 'problem' and c.clinical_status in ('active', 'recurrence', 'relapse') and c.verification_status not in ('refuted', 'entered_in_error')
    group by 1, 2),
  covered as materialized (
    select g.*, ${LISTED} as listed,
      case when p.replaced_by is not null then 'patients_merged' when p.deceased_on is not null then 'patients_deceased'
        when not p.active then 'patients_inactive' end as left_out
    from triggered g
    join triggers t on t.r = g.r
    join patients p on p.id = g.patient_id
    where ($6::uuid is null or p.practitioner_id = $6) and (t.sex is null or t.sex = p.sex)
      and (t.youngest is null or length(p.birth_date) = 10
        and date_part('year', age($4::date, p.birth_date::date)) between t.youngest and t.oldest))`;

/** Only a result with a value does what is due: QNS and cancelled do not. */
const DOES = `${FINAL} and r.value is not null and ${STANDS}`;

/** What is known of each patient and set of analytes. $3 which order covers which set, $7 the codes of A1c, $8 above what it is high, $12 the codes of all checks.
 *  A preliminary result is awaited, for two months. Each code is read once, in the order of its index, which passes over
 *  whoever is not looked for. */
const KNOWN = `checks as materialized (
    select * from jsonb_to_recordset($2::jsonb) as t (r int, k int, "check" text[], codes text[], due_from int, due_to int, earliest int,
      every int, above numeric, sooner int)),
  covers as materialized (select * from jsonb_to_recordset($3::jsonb) as t (key text, k int)),
  keys as materialized (
    select y.k, y.loinc from (select distinct k, unnest(codes) as loinc from checks) y
    where exists (select from lab_results r where r.loinc = y.loinc)),
  looked_for as materialized (select x.k, array_agg(c.patient_id) as patients from covered c join checks x on x.r = c.r where c.listed group by 1),
  last_results as (
    select l.patient_id, y.k, y.loinc, l.at, l.value, l.unit
    from keys y
    join looked_for f on f.k = y.k
    cross join lateral (
      select distinct on (r.patient_id) r.patient_id, r.collected_at as at, r.value, r.unit
      from lab_results r
      where r.loinc = y.loinc and r.patient_id = any(f.patients) and ${DOES}
      order by r.patient_id, r.collected_at desc) l),
  awaited as materialized (
    select r.loinc, r.patient_id, r.collected_at as at from lab_results r
    where r.collected_at >= ($4::date - 60)::timestamptz and r.collected_at < ($4::date + 1)::timestamptz
      and r.status = 'preliminary' and r.loinc = any($12::text[]) and ${STANDS}),
  told as (
    select l.patient_id, l.k, l.at,
      case when l.loinc = any($7::text[]) and case when l.unit = 'mmol/mol' then 0.09148 * l.value + 2.152 else l.value end > $8::numeric then l.at end as high_at,
      null::timestamptz as awaited_at, null::timestamptz as order_at, null::timestamptz as declined_at
    from last_results l
    union all
    select w.patient_id, y.k, null, null, w.at, null, null from awaited w join keys y on y.loinc = w.loinc
    union all
    select o.patient_id, v.k, null, null, null,
      case when o.status in ('active', 'on_hold') and o.status_reason is distinct from 'declined' then coalesce(o.collected_at, o.ordered_at) end,
      case when o.status_reason = 'declined' then coalesce(o.ended_at, o.ordered_at) end
    from lab_orders o join covers v on v.key = coalesce(o.loinc, '') || '|' || o.name
    where o.status in ('active', 'on_hold') or (o.status = 'revoked' and o.status_reason = 'declined')),
  known as materialized (
    select t.patient_id, t.k, max(t.at)::date as last_on, max(t.high_at) = max(t.at) as is_high, max(t.awaited_at)::date as awaited_on,
      max(t.order_at)::date as order_on, max(t.declined_at)::date as declined_on
    from told t group by 1, 2)`;

/** The checks that are due by $4 today and $5 days, and why not to ask for one now: CTE \`needs\`, a row a patient, rule and check. */
export const NEEDS = `${COVERED}, ${KNOWN},
  needs as materialized (
    select c.patient_id, c.r, k.k, k."check"[1] as analyte, l.last_on, w.*, n.pending, n.awaited, n.declined_on
    from covered c
    join checks k on k.r = c.r
    left join known l on l.patient_id = c.patient_id and l.k = k.k
    cross join lateral (
      select (l.last_on is null or k.earliest is not null and c.since is not null and l.last_on < c.since + k.earliest) as is_first,
        case when k.sooner is not null and l.is_high then k.sooner else k.every end as every) f
    cross join lateral (
      select case when f.is_first then coalesce(c.since + coalesce(k.due_from, 0), $4::date) else l.last_on + f.every end as due_on,
        case when f.is_first then coalesce(c.since + coalesce(k.due_to, 0), $4::date) else l.last_on + f.every end as late_on) w
    cross join lateral (
      select l.order_on is not null and (l.last_on is null or l.order_on > l.last_on) as pending,
        l.awaited_on is not null and (l.last_on is null or l.awaited_on > l.last_on) as awaited,
        case when l.declined_on > $4::date - 180 and (l.last_on is null or l.declined_on > l.last_on) then l.declined_on end as declined_on) n
    where c.listed and w.due_on <= $4::date + $5::int)`;
