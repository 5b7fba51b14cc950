// Patients due for laboratory checks (labs_due@1, connectors.md §2.5), by the rules of domains/lab-due-rules.ts in one pass over the clinic.
import type { Tx } from '../../db/tx.ts';
import { excludedOf, rateOf } from '../../domains/definitions.ts';
import { LAB_DUE_RULES } from '../../domains/lab-due-rules.ts';
import type { LabDue, LabSurveys } from '../../domains/lab-surveys.ts';
import { ANALYTES } from '../../domains/loinc.ts';
import { codesOf } from '../../domains/markers.ts';
import { groupsOfOrder } from '../../domains/order-coverage.ts';
import type { Surroundings } from '../connector.ts';
import { panelCodes } from './lab-surveys-abnormal.ts';
import { FINAL, LISTED, STANDS } from './lab-surveys-rows.ts';
import { type Nullable, present } from './present.ts';
import { practitionerStands } from './standing.ts';

export function labsDue({ tx, today }: Surroundings): LabSurveys['due'] {
  return async ({ within_days, panel, practitioner_id, include_pending, limit, after }) => {
    const wanted = panelCodes(panel);
    const [, named] = await Promise.all([practitionerStands(tx, practitioner_id), orderNames(tx)]);
    const checks = CHECKS.filter(({ codes }) => wanted === undefined || codes.some((code) => wanted.includes(code)));
    const covers = named.flatMap(({ key, groups }) =>
      checks.filter(({ check }) => check.some((group) => groups.includes(group))).map(({ check_key }) => ({ key, check_key })),
    );
    const values = [
      JSON.stringify(TRIGGERS),
      JSON.stringify(checks),
      JSON.stringify([...new Map(covers.map((each) => [`${each.key}|${each.check_key}`, each])).values()]),
      today,
      within_days,
      practitioner_id ?? null,
    ];
    const found = await listed(tx, values, {
      include_pending,
      limit: limit + 1,
      after,
      codes: [...new Set(checks.flatMap((check) => check.codes))],
    });
    const counts = found[0]?.counts;
    const rows = found.flatMap(({ row }) => row ?? []);
    const page = rows.slice(0, limit);
    const results = await resultsOf(tx, page);
    return {
      due: page.map((row) => dueOf(row, results)),
      more: rows.length > limit,
      summary: {
        patients: rateOf(counts?.patients_due ?? 0, counts?.patients ?? 0),
        due: counts?.due ?? 0,
        order_pending: counts?.order_pending ?? 0,
        by_rule: counts?.by_rule ?? [],
      },
      excluded: excludedOf(inOrder(counts?.excluded ?? {})),
    };
  };
}

const LEFT_OUT = ['patients_merged', 'patients_deceased', 'patients_inactive', 'checks_declined', 'checks_with_a_preliminary_result'];
const inOrder = (counts: Record<string, number>) => Object.fromEntries(LEFT_OUT.map((reason) => [reason, counts[reason] ?? 0]));

const TRIGGERS = LAB_DUE_RULES.map(({ rule, trigger, sex, ages }) => ({
  rule,
  drugs: 'drugs' in trigger ? trigger.drugs : [],
  ...('from' in trigger && { icd_from: trigger.from, icd_below: trigger.below }),
  sex,
  youngest: ages?.[0],
  oldest: ages?.[1],
}));

/** One row for each check of each rule. */
const CHECKS = LAB_DUE_RULES.flatMap(({ rule, checks, first, every, sooner }) =>
  checks.map((check) => ({
    rule,
    check,
    check_key: check.join(','),
    codes: check.flatMap((group) => [...codesOf(group)]),
    due_from: first?.days[0],
    due_to: first?.days[1],
    earliest: first?.earliest,
    every,
    above: sooner?.above,
    sooner: sooner?.every,
  })),
);

/** What the open and the declined orders are, each with the analytes that it covers. */
async function orderNames(tx: Tx): Promise<{ key: string; groups: string[] }[]> {
  const rows = await tx.rows<{ loinc: string | null; name: string }>(
    `select distinct o.loinc, o.name from lab_orders o
     where o.status in ('active', 'on_hold') or (o.status = 'revoked' and o.status_reason = 'declined')`,
  );
  return rows.map((order) => ({ key: `${order.loinc ?? ''}|${order.name}`, groups: groupsOfOrder(order) }));
}

/** The last day that a partial date can mean. */
const lastDay = (date: string) =>
  `case length(${date}) when 10 then ${date}::date when 7 then ((${date} || '-01')::date + interval '1 month')::date - 1 when 4 then (${date} || '-12-31')::date end`;

/** $1 triggers, $2 checks, $3 which order covers which check, $4 today, $5 days ahead, $6 the clinician.
 *  A drug counts while its order is active and not past its end; that the supply ran out says nothing of whether it is taken. Its start is that of the last dose: the first order of this name and these directions after one of others. */
const DUE = `triggers as materialized (
    select * from jsonb_to_recordset($1::jsonb) as t (rule text, drugs text[], icd_from text, icd_below text, sex text, youngest int, oldest int)),
  checks as materialized (
    select * from jsonb_to_recordset($2::jsonb) as t (rule text, "check" text[], check_key text, codes text[], due_from int, due_to int, earliest int,
      every int, above numeric, sooner int)),
  covers as materialized (select * from jsonb_to_recordset($3::jsonb) as t (key text, check_key text)),
  wanted as materialized (select t.rule, unnest(t.drugs) as ingredient from triggers t),
  ingredients as materialized (select distinct ingredient from wanted),
  parts as (
    select m.*, lower(m.ingredient) as part from medication_requests m where strpos(m.ingredient, ' / ') = 0
    union all
    select m.*, part from medication_requests m cross join lateral unnest(string_to_array(lower(m.ingredient), ' / ')) as part
    where strpos(m.ingredient, ' / ') > 0),
  orders as (
    select m.tenant_id, m.patient_id, m.part as ingredient, m.name, m.sig, m.id, coalesce(${lastDay('m.start_on')}, ${lastDay('m.authored_on')}) as began,
      m.status = 'active' and (s.id is null or s.status = 'entered_in_error') and coalesce(${lastDay('m.end_on')} >= $4::date, true)
        as active
    from parts m
    join ingredients i on i.ingredient = m.part
    left join medication_requests s on s.tenant_id = m.tenant_id and s.id = m.replaced_by
    where m.status not in ('entered_in_error', 'draft', 'cancelled')),
  doses as (
    select o.*, lag(o.name) over earlier is distinct from o.name or coalesce(lag(o.sig) over earlier <> o.sig, false) as is_new
    from orders o
    window earlier as (partition by o.patient_id, o.ingredient order by o.began nulls first, o.id)),
  drugs as (
    select d.tenant_id, d.patient_id, d.ingredient, max(d.began) filter (where d.is_new) as since, max(d.name) filter (where d.active) as because
    from doses d group by 1, 2, 3 having bool_or(d.active)),
  triggered as (
    select d.tenant_id, d.patient_id, w.rule, max(d.since) as since, max(d.because) as because
    from drugs d join wanted w on w.ingredient = d.ingredient group by 1, 2, 3
    union all
    select c.tenant_id, c.patient_id, t.rule, min(coalesce(${lastDay('c.onset_on')}, ${lastDay('c.recorded_on')})), min(c.name)
    from triggers t
    join conditions c on c.icd10 >= t.icd_from and c.icd10 < t.icd_below
    where c.category = 'problem' and c.clinical_status in ('active', 'recurrence', 'relapse') and c.verification_status not in ('refuted', 'entered_in_error')
    group by 1, 2, 3),
  covered as materialized (
    select g.*, p.given_name || ' ' || p.family_name as patient, p.birth_date, ${LISTED} as listed,
      case when p.replaced_by is not null then 'patients_merged' when p.deceased_on is not null then 'patients_deceased'
        when not p.active then 'patients_inactive' end as left_out
    from triggered g
    join triggers t on t.rule = g.rule
    join patients p on p.tenant_id = g.tenant_id and p.id = g.patient_id
    where exists (select from checks k where k.rule = g.rule) and ($6::uuid is null or p.practitioner_id = $6) and (t.sex is null or t.sex = p.sex)
      and (t.youngest is null or length(p.birth_date) = 10
        and date_part('year', age($4::date, p.birth_date::date)) between t.youngest and t.oldest)),
  -- One code after the other, each in the order of its index. Only a result with a value does what is due: QNS and cancelled do not; a preliminary one is awaited, for two months.
  last_results as materialized (
    select l.loinc, l.patient_id, l.at, l.loinc = any($7::text[]) and case when l.unit = 'mmol/mol' then 0.09148 * l.value + 2.152 else l.value end > $8::numeric as is_high
    from unnest($12::text[]) as code
    cross join lateral (
      select distinct on (r.patient_id) r.loinc, r.patient_id, r.collected_at as at, r.value, r.unit
      from lab_results r
      where r.loinc = code and ${FINAL} and r.value is not null and ${STANDS}
      order by r.patient_id, r.collected_at desc) l),
  awaited as materialized (
    select r.loinc, r.patient_id, max(r.collected_at) as at from lab_results r
    where r.collected_at >= ($4::date - 60)::timestamptz and r.collected_at < ($4::date + 1)::timestamptz
      and r.status = 'preliminary' and r.loinc = any($12::text[]) and ${STANDS}
    group by 1, 2),
  keys as materialized (select distinct check_key, unnest(codes) as loinc from checks),
  last_checks as (
    select l.patient_id, k.check_key, max(l.at)::date as last_on, max(l.at) filter (where l.is_high) = max(l.at) as is_high
    from keys k join last_results l on l.loinc = k.loinc
    group by 1, 2),
  ordered as materialized (
    select o.patient_id, v.check_key,
      max(coalesce(o.collected_at, o.ordered_at)) filter (where o.status in ('active', 'on_hold') and o.status_reason is distinct from 'declined')::date as order_on,
      max(coalesce(o.ended_at, o.ordered_at)) filter (where o.status_reason = 'declined')::date as declined_on
    from lab_orders o join covers v on v.key = coalesce(o.loinc, '') || '|' || o.name
    where o.status in ('active', 'on_hold') or (o.status = 'revoked' and o.status_reason = 'declined')
    group by 1, 2),
  known as (
    select patient_id, check_key, max(last_on) as last_on, max(pending_on) as pending_on, bool_or(is_high) as is_high, max(order_on) as order_on,
      max(declined_on) as declined_on
    from (
      select patient_id, check_key, last_on, null::date as pending_on, is_high, null::date as order_on, null::date as declined_on from last_checks
      union all
      select w.patient_id, k.check_key, null, w.at::date, null, null, null from keys k join awaited w on w.loinc = k.loinc
      union all
      select patient_id, check_key, null, null, null, order_on, declined_on from ordered) x
    group by 1, 2),
  needs as materialized (
    select c.*, k.check_key, k."check"[1] as analyte, l.last_on, w.*, n.pending, n.awaited, n.declined_on
    from covered c
    join checks k on k.rule = c.rule
    left join known l on l.patient_id = c.patient_id and l.check_key = k.check_key
    cross join lateral (
      select (l.last_on is null or k.earliest is not null and c.since is not null and l.last_on < c.since + k.earliest) as is_first,
        case when k.sooner is not null and l.is_high then k.sooner else k.every end as every) f
    cross join lateral (
      select case when f.is_first then coalesce(c.since + coalesce(k.due_from, 0), $4::date) else l.last_on + f.every end as due_on,
        case when f.is_first then coalesce(c.since + coalesce(k.due_to, 0), $4::date) else l.last_on + f.every end as late_on) w
    cross join lateral (
      select l.order_on is not null and (l.last_on is null or l.order_on > l.last_on) as pending,
        l.pending_on is not null and (l.last_on is null or l.pending_on > l.last_on) as awaited,
        case when l.declined_on > $4::date - 180 and (l.last_on is null or l.declined_on > l.last_on) then l.declined_on end as declined_on) n
    where c.listed and w.due_on <= $4::date + $5::int)`;

interface Counts {
  patients: number;
  patients_due: number;
  due: number;
  order_pending: number;
  by_rule: { rule: string; due: number; covered: number }[];
  excluded: Record<string, number>;
}
type Row = Nullable<Omit<LabDue, 'order_pending' | 'result_pending' | 'overdue_days' | 'analytes'>> & {
  patient_id: string;
  rule: string;
  overdue_days: number;
  analytes: string[];
  checks: string[];
  order_pending: boolean;
  result_pending: boolean;
};

/** One row a patient and rule: of its checks those that are due and, unless `include_pending`, not on their way and not declined. */
async function listed(
  tx: Tx,
  values: unknown[],
  {
    include_pending,
    limit,
    after,
    codes,
  }: { include_pending: boolean; limit: number; after: string | undefined; codes: readonly string[] },
): Promise<{ counts: Counts; row: Row | null }[]> {
  const a1c = codesOf('a1c');

  const above = LAB_DUE_RULES.find(({ sooner }) => sooner)?.sooner?.above ?? null;
  return tx.rows(
    `with ${DUE},
     due as materialized (
       select md5(n.patient_id::text || n.rule)::uuid as due_id, n.patient_id, n.patient, n.birth_date, n.rule, n.because, n.since,
         array_agg(n.analyte order by n.analyte) as analytes, array_agg(n.check_key) as checks, min(n.due_on) as due_on,
         greatest($4::date - min(n.late_on), 0) as overdue_days, min(n.last_on) as last_on, bool_or(n.pending) as order_pending,
         bool_or(n.awaited) as result_pending, max(n.declined_on) as declined_on
       from needs n
       where $9 or not (n.pending or n.awaited or n.declined_on is not null)
       group by 1, 2, 3, 4, 5, 6, 7),
     counts as (
       select jsonb_build_object(
         'patients', (select count(distinct patient_id) from covered where listed),
         'patients_due', (select count(distinct patient_id) from due), 'due', (select count(*) from due),
         'order_pending', (select count(*) from (select distinct patient_id, rule from needs where pending) x),
         'by_rule', (select coalesce(jsonb_agg(jsonb_build_object('rule', x.rule, 'due', coalesce(y.due, 0), 'covered', x.covered) order by x.rule), '[]')
           from (select rule, count(*) as covered from covered where listed group by 1) x
           left join (select rule, count(*) as due from due group by 1) y on y.rule = x.rule),
         'excluded', coalesce((select jsonb_object_agg(left_out, n) from (
           select left_out, count(distinct patient_id) as n from covered where left_out is not null group by 1) x), '{}')
           || jsonb_build_object('checks_declined', (select count(*) from needs where declined_on is not null),
             'checks_with_a_preliminary_result', (select count(*) from needs where awaited and not pending))) as counts),
     page as (
       select * from due d
       where $10::uuid is null or (-d.overdue_days, d.due_on, d.due_id) > (select -a.overdue_days, a.due_on, a.due_id from due a where a.due_id = $10)
       order by d.overdue_days desc, d.due_on, d.due_id
       limit $11)
     select c.counts, to_jsonb(p) as row from counts c left join page p on true order by p.overdue_days desc, p.due_on, p.due_id`,
    [...values, a1c, above, include_pending, after ?? null, limit, codes],
  );
}

interface Last {
  lab_result_id: string;
  patient_id: string;
  group: string;
  collected_at: string;
}

/** The last results of the analytes on a page, newest first: the evidence. */
async function resultsOf(tx: Tx, page: readonly Row[]): Promise<Last[]> {
  if (page.length === 0) return [];
  const codes = [
    ...new Set(page.flatMap(({ checks }) => checks.flatMap((check) => check.split(',').flatMap((group) => [...codesOf(group)])))),
  ];
  const rows = await tx.rows<{ lab_result_id: string; patient_id: string; loinc: string; collected_at: string }>(
    `select distinct on (r.patient_id, r.loinc) r.id as lab_result_id, r.patient_id, r.loinc, r.collected_at
     from lab_results r
     where r.patient_id = any($1) and r.loinc = any($2) and ${FINAL} and r.value is not null and ${STANDS}
     order by r.patient_id, r.loinc, r.collected_at desc, r.id desc`,
    [[...new Set(page.map(({ patient_id }) => patient_id))], codes],
  );
  return rows
    .map(({ loinc, ...row }) => ({ ...row, group: ANALYTES.get(loinc)?.group ?? loinc }))
    .sort((a, b) => Date.parse(b.collected_at) - Date.parse(a.collected_at));
}

function dueOf({ checks, order_pending, result_pending, ...row }: Row, results: readonly Last[]): LabDue {
  const groups = checks.flatMap((check) => check.split(','));
  const last = results.find(({ patient_id, group }) => patient_id === row.patient_id && groups.includes(group));
  return {
    ...(present(row) as LabDue),
    ...(last && { last_result_id: last.lab_result_id, last_on: last.collected_at.slice(0, 10) }),
    ...(order_pending && { order_pending: true }),
    ...(result_pending && { result_pending: true }),
  };
}
