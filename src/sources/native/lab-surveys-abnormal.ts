// Abnormal results of the clinic, one row a patient and analyte (abnormal_labs@1, connectors.md §2.3).
import { Fault } from '../../base/fault.ts';
import type { Tx } from '../../db/tx.ts';
import { excludedOf, rateOf } from '../../domains/definitions.ts';
import type { AbnormalLab, LabSurveys } from '../../domains/lab-surveys.ts';
import { ANALYTES } from '../../domains/loinc.ts';
import { groupsOfOrder } from '../../domains/order-coverage.ts';
import { analytesOf, PANELS } from '../../domains/panels.ts';
import type { Surroundings } from '../connector.ts';
import { FINAL, LISTED, STANDS } from './lab-surveys-rows.ts';
import { type Nullable, present } from './present.ts';
import { cursorStands, practitionerStands } from './standing.ts';

export function abnormalLabs({ tx, now }: Surroundings): LabSurveys['abnormal'] {
  return async ({ panel, since, mode, practitioner_id, unacknowledged, limit, after }) => {
    const codes = panelCodes(panel);
    const scope = [codes ?? null, since, GROUPS, now.toISOString(), practitioner_id ?? null];
    const asked = { mode, unacknowledged };
    const [, , found, counts] = await Promise.all([
      practitionerStands(tx, practitioner_id),
      cursorStands(after, (id) => tx.rows('select from lab_results r where r.id = $1', [id])),
      listed(tx, scope, { ...asked, limit: limit + 1, after }),
      peopleOf(tx, scope),
    ]);
    const [totals] = found;
    const rows = found.flatMap(({ row }) => row ?? []);
    const page = rows.slice(0, limit);
    const orders = await openOrders(tx, [...new Set(page.map(({ patient_id }) => patient_id))]);
    const { with_result = 0, preliminary = 0, unmapped = 0, ...left_out } = counts[0] ?? {};
    const { patients = 0, pairs = 0, critical = 0, unknown = 0 } = totals ?? {};
    return {
      abnormal: page.map((row) => abnormalOf(row, orders.get(row.patient_id) ?? [])),
      more: rows.length > limit,
      summary: { abnormal: rateOf(patients, with_result), rows: pairs, critical, unknown, preliminary },
      excluded: excludedOf({ ...left_out, abnormal_results_without_a_LOINC: unmapped }),
    };
  };
}

/** LOINC → analyte group. */
const GROUPS = JSON.stringify(Object.fromEntries([...ANALYTES].map(([code, { group }]) => [code, group])));

export function panelCodes(panel: string | undefined): readonly string[] | undefined {
  const codes = panel === undefined ? undefined : analytesOf(panel);
  if (panel !== undefined && codes === undefined)
    throw new Fault(
      'invalid_input',
      `panel: not a panel, an analyte or a LOINC that this clinic knows. Panels: ${Object.keys(PANELS).join(', ')}. Or leave it out.`,
    );
  return codes;
}

/** As in the predicate of the index lab_results_abnormal. POS and DET are listed with their flag; whether they are bad news depends on the test. */
const ABNORMAL = "r.flag in ('L', 'LL', 'H', 'HH', 'A', 'AA', 'POS', 'DET')";
/** $1 codes, $2 since, $3 the analyte group of each code, $4 now, $5 the clinician. Both ends of the period are said, so that the database takes it for a short one. */
const PERIOD = 'r.collected_at >= $2::date::timestamptz and r.collected_at <= $4::timestamptz';
const SINCE = `${PERIOD} and ($1::text[] is null or r.loinc = any($1))`;
const ANALYTE = 'coalesce($3::jsonb ->> r.loinc, r.loinc)';
const HIS = '($5::uuid is null or p.practitioner_id = $5)';

/** The pairs of patient and analyte of which something in the period is not known to be normal, with what each was last, and when. */
const PAIRS = `pairs as materialized (
    select r.tenant_id, r.patient_id, ${ANALYTE} as analyte, max(r.collected_at) as last_at,
      max(r.collected_at) filter (where ${ABNORMAL}) as abnormal_at, max(r.collected_at) filter (where r.flag = 'unknown') as unknown_at
    from lab_results r
    where ${FINAL} and ${SINCE} and ${STANDS} and r.loinc is not null
    group by 1, 2, 3
    having max(r.collected_at) filter (where ${ABNORMAL} or r.flag = 'unknown') is not null),
  standing as materialized (
    select q.*, ${LISTED} and ${HIS} as listed from pairs q join patients p on p.tenant_id = q.tenant_id and p.id = q.patient_id)`;

/** $6 whether a later normal result takes the row away, $7 only those without a review. One row a pair: of two results of one blood draw, the worse. */
const ROWS = `hits as (
    select distinct on (r.patient_id, s.analyte)
      r.id, r.tenant_id, r.patient_id, s.analyte, r.loinc, r.value, r.comparator, r.value_text, coalesce(r.unit, r.unit_raw) as unit, r.ref_low, r.ref_high,
      r.ref_text, r.flag, r.collected_at, r.order_id, (r.flag in ('LL', 'HH', 'AA'))::int as critical, v.action, coalesce(z.severity, -1) as severity,
      s.last_at > r.collected_at and coalesce(s.unknown_at, '-infinity') < s.last_at as later_normal
    from standing s
    join lab_results r on r.tenant_id = s.tenant_id and r.patient_id = s.patient_id and r.collected_at = s.abnormal_at
    left join lab_reviews v on v.tenant_id = r.tenant_id and v.lab_result_id = r.id
    cross join lateral (
      select round(case when r.flag like 'H%' then (r.value - r.ref_high) / nullif(r.ref_high - coalesce(r.ref_low, 0), 0)
        when r.flag like 'L%' then (r.ref_low - r.value) / nullif(coalesce(r.ref_high - r.ref_low, r.ref_low), 0) end, 2) as severity) z
    where s.listed and ${ANALYTE} = s.analyte and ${ABNORMAL} and ${FINAL} and ${SINCE} and ${STANDS} and r.loinc is not null
      and (not $6 or s.abnormal_at = s.last_at) and (not $7 or v.id is null)
    order by r.patient_id, s.analyte, critical desc, severity desc, r.id)`;

type Row = Nullable<
  Omit<AbnormalLab, 'value' | 'ref_low' | 'ref_high' | 'severity' | 'critical' | 'acknowledged' | 'repeat_ordered' | 'later_normal'>
> & {
  patient_id: string;
  analyte: string;
  value: string | null;
  ref_low: string | null;
  ref_high: string | null;
  severity: string;
  critical: number;
  later_normal: boolean;
  collected_at: string;
  order_id: string | null;
};

/** Numerics as text, so that none is rounded on the way. */
const ROW = `jsonb_build_object('lab_result_id', h.id, 'patient_id', h.patient_id, 'patient', p.given_name || ' ' || p.family_name, 'birth_date', p.birth_date,
  'analyte', h.analyte, 'loinc', h.loinc, 'value', h.value::text, 'comparator', h.comparator, 'value_text', h.value_text, 'unit', h.unit,
  'ref_low', h.ref_low::text, 'ref_high', h.ref_high::text, 'ref_text', h.ref_text, 'flag', h.flag,
  'collected_at', h.collected_at, 'critical', h.critical, 'severity', h.severity::text, 'action', h.action, 'later_normal', h.later_normal, 'order_id', h.order_id)`;

interface Asked {
  mode: 'latest' | 'any';
  unacknowledged: boolean;
}

interface Found {
  patients: number;
  pairs: number;
  critical: number;
  unknown: number;
  row: Row | null;
}

/** The page, and beside each of its rows, or alone where it is empty, the totals of the whole list. */
async function listed(tx: Tx, scope: unknown[], asked: Asked & { limit: number; after: string | undefined }): Promise<Found[]> {
  return tx.rows<Found>(
    `with ${PAIRS}, ${ROWS},
     totals as (
       select count(distinct patient_id)::int as patients, count(*)::int as pairs, coalesce(sum(critical), 0)::int as critical,
         (select count(*)::int from standing s where s.listed and s.unknown_at = s.last_at and s.abnormal_at is distinct from s.last_at) as unknown
       from hits),
     page as (
       select * from hits h
       where $8::uuid is null
         or (h.critical, h.severity, h.collected_at, h.id) < (select a.critical, a.severity, a.collected_at, a.id from hits a where a.id = $8)
       order by h.critical desc, h.severity desc, h.collected_at desc, h.id desc
       limit $9)
     select t.*, case when h.id is not null then ${ROW} end as row
     from totals t
     left join page h on true
     left join patients p on p.tenant_id = h.tenant_id and p.id = h.patient_id
     order by h.critical desc, h.severity desc, h.collected_at desc, h.id desc`,
    [...scope, asked.mode === 'latest', asked.unacknowledged, asked.after ?? null, asked.limit],
  );
}

/** Of whom there is a result in the period: those who count, and those who do not. */
async function peopleOf(tx: Tx, scope: unknown[]): Promise<Record<string, number>[]> {
  return tx.rows<Record<string, number>>(
    `with people as materialized (
       select r.tenant_id, r.patient_id from lab_results r where ${FINAL} and ${SINCE} and r.loinc is not null group by 1, 2),
     counted as (
       select count(*) filter (where ${LISTED}) as with_result,
         count(*) filter (where p.replaced_by is not null) as patients_merged,
         count(*) filter (where p.replaced_by is null and p.deceased_on is not null) as patients_deceased,
         count(*) filter (where p.replaced_by is null and p.deceased_on is null and not p.active) as patients_inactive
       from people q join patients p on p.tenant_id = q.tenant_id and p.id = q.patient_id
       where ${HIS}),
     aside as materialized (
       select r.tenant_id, r.patient_id, r.loinc, r.status from lab_results r
       where ${ABNORMAL} and ${PERIOD} and (r.status = 'preliminary' or r.loinc is null) and ${STANDS}),
     waiting as (
       select count(*) filter (where ${LISTED} and r.status = 'preliminary' and r.loinc is not null and ($1::text[] is null or r.loinc = any($1))) as preliminary,
         count(*) filter (where ${LISTED} and r.loinc is null and ${FINAL}) as unmapped
       from aside r join patients p on p.tenant_id = r.tenant_id and p.id = r.patient_id
       where ${HIS})
     select * from counted, waiting where $3::jsonb is not null`,
    scope,
  );
}

interface Order {
  id: string;
  groups: string[];
  collected_at: string | null;
}

/** The open orders of these patients, by patient. */
async function openOrders(tx: Tx, patient_ids: readonly string[]): Promise<Map<string, Order[]>> {
  const orders = new Map<string, Order[]>();
  if (patient_ids.length === 0) return orders;
  const rows = await tx.rows<{ id: string; patient_id: string; loinc: string | null; name: string; collected_at: string | null }>(
    `select o.id, o.patient_id, o.loinc, o.name, o.collected_at from lab_orders o where o.status = 'active' and o.patient_id = any($1)`,
    [patient_ids],
  );
  for (const { patient_id, loinc, name, ...order } of rows)
    orders.set(patient_id, [...(orders.get(patient_id) ?? []), { ...order, groups: groupsOfOrder({ loinc, name }) }]);
  return orders;
}

function abnormalOf(
  { value, ref_low, ref_high, severity, critical, later_normal, order_id, ...row }: Row,
  orders: readonly Order[],
): AbnormalLab {
  const number = (name: string, numeral: string | null) => (numeral === null ? {} : { [name]: Number(numeral) });
  // The order that brought this very result is no repeat of it.
  const repeat_ordered = orders.some(
    ({ id, groups, collected_at }) =>
      id !== order_id && groups.includes(row.analyte) && (collected_at === null || Date.parse(collected_at) > Date.parse(row.collected_at)),
  );
  return {
    ...(present(row) as AbnormalLab),
    ...number('value', value),
    ...number('ref_low', ref_low),
    ...number('ref_high', ref_high),
    ...(critical === 1 && { critical: true }),
    ...(Number(severity) >= 0 && { severity: Number(severity) }),
    acknowledged: row.action !== null,
    repeat_ordered,
    ...(later_normal && { later_normal: true }),
  };
}
