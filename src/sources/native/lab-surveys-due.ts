// Patients due for laboratory checks (labs_due@1, connectors.md §2.5), by the rules of domains/lab-due-rules.ts in one pass over the clinic.
import { staleCursor } from '../../base/ids.ts';
import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { excludedOf, rateOf } from '../../domains/definitions.ts';
import { LAB_DUE_RULES } from '../../domains/lab-due-rules.ts';
import type { LabDue, LabSurveys } from '../../domains/lab-surveys.ts';
import { ANALYTES } from '../../domains/loinc.ts';
import { codesOf } from '../../domains/markers.ts';
import { groupsOfOrder } from '../../domains/order-coverage.ts';
import type { Surroundings } from '../connector.ts';
import { panelCodes } from './lab-surveys-abnormal.ts';
import { BECAUSE, CHECKS, groupsOfCheck, MEETS, NEEDS, TRIGGERS } from './lab-surveys-due-rows.ts';
import { FINAL, STANDS, WHY_LEFT_OUT } from './lab-surveys-rows.ts';
import { practitionerStands } from './standing.ts';

export function labsDue({ tx, today }: Surroundings): LabSurveys['due'] {
  return async ({ within_days, panel, practitioner_id, include_pending, limit, after }) => {
    const wanted = panelCodes(panel);
    const [, named] = await Promise.all([practitionerStands(tx, practitioner_id), orderNames(tx)]);
    const checks = CHECKS.filter(({ codes }) => wanted === undefined || codes.some((code) => wanted.includes(code)));
    const covers = named.flatMap(({ key, groups }) =>
      checks.filter(({ check }) => check.some((group) => groups.includes(group))).map(({ k }) => ({ key, k })),
    );
    const values = [
      JSON.stringify(TRIGGERS),
      JSON.stringify(checks),
      JSON.stringify([...new Map(covers.map((each) => [`${each.key}|${each.k}`, each])).values()]),
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
    if (after !== undefined && counts?.anchors === 0) throw staleCursor();
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

/** What the open and the declined orders are, each with the analytes that it covers. */
async function orderNames(tx: Tx): Promise<{ key: string; groups: string[] }[]> {
  const rows = await tx.rows<{ loinc: string | null; name: string }>(
    `select distinct o.loinc, o.name from lab_orders o
     where o.status in ('active', 'on_hold') or (o.status = 'revoked' and o.status_reason = 'declined')`,
  );
  return rows.map((order) => ({ key: `${order.loinc ?? ''}|${order.name}`, groups: groupsOfOrder(order) }));
}

interface Counts {
  /** Whether the row that the cursor names is still due. */
  anchors: number;
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
  checks: number[];
  order_pending: boolean;
  result_pending: boolean;
};

/** A row of `due` d and its rule, as one id. */
const DUE_ID = 'md5(d.patient_id::text || t.rule)::uuid';

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
    `with recursive ${NEEDS},
     asked as not materialized (select * from needs n where $9 or not (n.pending or n.awaited or n.declined_on is not null)),
     due as materialized (
       select n.patient_id, n.r, n.due_on, greatest($4::date - n.late_on, 0) as overdue_days from asked n where not n.is_one_of_many
       union all
       select n.patient_id, n.r, min(n.due_on), greatest($4::date - min(n.late_on), 0) from asked n where n.is_one_of_many group by 1, 2),
     anchor as materialized (
       select d.overdue_days, d.due_on from due d join triggers t on t.r = d.r where $10::uuid is not null and ${DUE_ID} = $10),
     counts as (
       select jsonb_build_object(
         'anchors', (select count(*) from anchor),
         'patients', (select count(*) from (select patient_id from covered where not left_out group by 1) x),
         'patients_due', (select count(*) from (select patient_id from due group by 1) x),
         'due', coalesce(sum(y.due), 0),
         'order_pending', (select count(*) from (select patient_id, r from needs where pending group by 1, 2) x),
         'by_rule', coalesce(jsonb_agg(jsonb_build_object('rule', t.rule, 'due', coalesce(y.due, 0), 'covered', x.covered) order by t.rule), '[]'),
         'excluded', coalesce((select jsonb_object_agg(left_out, n) from (
           select ${WHY_LEFT_OUT('c')} as left_out, count(*) as n from (select patient_id from covered where left_out group by 1) c group by 1) x), '{}')
           || (select jsonb_build_object('checks_declined', count(*) filter (where n.declined_on is not null),
             'checks_with_a_preliminary_result', count(*) filter (where n.awaited and not n.pending)) from needs n)) as counts
       from (
         select t.r, case when t.is_picky then (select count(*) from unnest(f.patients) c (patient_id) where ${MEETS}) else cardinality(f.patients) end as covered
         from triggers t join looked_for f on f.g = t.g) x
       join triggers t on t.r = x.r
       left join (select r, count(*) as due from due group by 1) y on y.r = x.r
       where x.covered > 0),
     reached as (
       select d.* from due d
       where $10::uuid is null or case
         when (d.overdue_days, d.due_on) = (select a.overdue_days, a.due_on from anchor a) then (select ${DUE_ID} from triggers t where t.r = d.r) > $10
         else (-d.overdue_days, d.due_on) > (select -a.overdue_days, a.due_on from anchor a) end
       order by d.overdue_days desc, d.due_on
       fetch first $11 rows with ties),
     page as (select d.*, ${DUE_ID} as due_id from reached d join triggers t on t.r = d.r order by d.overdue_days desc, d.due_on, due_id limit $11),
     those as materialized (select n.*, (select k."check"[1] from checks k where k.r = n.r and k.k = n.k) as analyte from asked n where (n.patient_id in (select d.patient_id from page d)) is true),
     shown as (
       select d.due_id, d.patient_id, p.given_name || ' ' || p.family_name as patient, p.birth_date, t.rule, ${BECAUSE} as because, d.due_on, d.overdue_days, n.*
       from page d
       join triggers t on t.r = d.r
       join patients p on p.id = d.patient_id
       cross join lateral (
         select array_agg(n.analyte order by n.analyte) as analytes, array_agg(n.k) as checks, min(n.last_on) as last_on, min(n.since) as since,
           bool_or(n.pending) as order_pending, bool_or(n.awaited) as result_pending, max(n.declined_on) as declined_on
         from those n where n.patient_id = d.patient_id and n.r = d.r) n)
     select c.counts, to_jsonb(p) as row from counts c left join shown p on true order by p.overdue_days desc, p.due_on, p.due_id`,
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
  const codes = [...new Set(page.flatMap(({ checks }) => checks.flatMap((k) => groupsOfCheck(k).flatMap((group) => [...codesOf(group)]))))];
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
  const groups = checks.flatMap(groupsOfCheck);
  const last = results.find(({ patient_id, group }) => patient_id === row.patient_id && groups.includes(group));
  return {
    ...(present(row) as LabDue),
    ...(last && { last_result_id: last.lab_result_id, last_on: last.collected_at.slice(0, 10) }),
    ...(order_pending && { order_pending: true }),
    ...(result_pending && { result_pending: true }),
  };
}
