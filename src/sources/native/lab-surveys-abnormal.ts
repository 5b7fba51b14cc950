// Abnormal results of the clinic, one row a patient and analyte (abnormal_labs@1, connectors.md §2.3).
import { Fault } from '../../base/fault.ts';
import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { excludedOf, rateOf } from '../../domains/definitions.ts';
import type { AbnormalLab, LabSurveys } from '../../domains/lab-surveys.ts';
import { ANALYTES } from '../../domains/loinc.ts';
import { groupsOfOrder } from '../../domains/order-coverage.ts';
import { analytesOf, PANELS } from '../../domains/panels.ts';
import type { Surroundings } from '../connector.ts';
import { HITS, PEOPLE, UNKNOWN } from './lab-surveys-abnormal-rows.ts';
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
  'analyte', h.analyte, 'loinc', h.loinc, 'value', r.value::text, 'comparator', r.comparator, 'value_text', r.value_text, 'unit', coalesce(r.unit, r.unit_raw),
  'ref_low', r.ref_low::text, 'ref_high', r.ref_high::text, 'ref_text', r.ref_text, 'flag', h.flag,
  'collected_at', h.collected_at, 'critical', h.critical, 'severity', h.severity::text, 'action', v.action, 'later_normal', h.later_normal, 'order_id', r.order_id)`;

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
    `with ${HITS},
     totals as (
       select (select count(*)::int from (select distinct patient_id from hits) x) as patients, count(*)::int as pairs,
         coalesce(sum(critical), 0)::int as critical, ${UNKNOWN} as unknown
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
     left join lab_results r on r.id = h.id
     left join patients p on p.id = h.patient_id
     left join lab_reviews v on v.lab_result_id = h.id
     order by h.critical desc, h.severity desc, h.collected_at desc, h.id desc`,
    [...scope, asked.mode === 'latest', asked.unacknowledged, asked.after ?? null, asked.limit],
  );
}

async function peopleOf(tx: Tx, scope: unknown[]): Promise<Record<string, number>[]> {
  return tx.rows<Record<string, number>>(`with ${PEOPLE} select * from counted, waiting, unnamed where $3::jsonb is not null`, scope);
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
