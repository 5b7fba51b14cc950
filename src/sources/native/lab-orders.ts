import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { excludedOf } from '../../domains/definitions.ts';
import type { LabOrder, LabOrderFilter, LabOrders } from '../../domains/lab-orders.ts';
import type { Surroundings } from '../connector.ts';
import { labOrdering } from './orders-write.ts';
import { cursorStands, patientStands, practitionerStands } from './standing.ts';

export function labOrders({ tx, today }: Surroundings): LabOrders {
  return {
    ...labOrdering(tx),
    async list(query) {
      const asked = { ...query, today, limit: query.limit + 1 };
      const is_worklist = query.patient_id === undefined && WORK.includes(query.status);
      const [, , , rows, counts] = await Promise.all([
        query.patient_id === undefined ? undefined : patientStands(tx, query.patient_id),
        practitionerStands(tx, query.practitioner_id),
        cursorStands(query.after, (id) =>
          tx.rows('select from lab_orders o where o.id = $1 and ($2::uuid is null or o.patient_id = $2)', [id, query.patient_id ?? null]),
        ),
        is_worklist ? worklist(tx, asked) : newestFirst(tx, asked),
        is_worklist ? workOf(tx, asked) : undefined,
      ]);
      const { count, ...others } = counts ?? {};
      return {
        lab_orders: rows.slice(0, query.limit).map(orderOf),
        more: rows.length > query.limit,
        ...(count !== undefined && { count, excluded: excludedOf(others) }),
      };
    },
  };
}

type Query = Parameters<LabOrders['list']>[0] & { today: string };

/** What the clinic still has to do. */
const WORK: readonly LabOrderFilter[] = ['open', 'overdue', 'on_hold'];

/** Final results, those that may still change, and those the lab gave up. A result that another one corrects is history: counted one by one by its index,
 *  since `not exists` may be planned as a scan of all results for each order. */
const RESULTS = `left join lateral (
    select count(*) filter (where r.status in ('final', 'amended', 'corrected'))::int as results,
      count(*) filter (where r.status = 'preliminary')::int as preliminary_results, count(*) filter (where r.status = 'cancelled')::int as failed_results
    from lab_results r
    where r.tenant_id = o.tenant_id and r.order_id = o.id
      and (select count(*) from lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error') = 0
  ) r on true`;

/** lab_order_state@1; $1 is today. */
const STATE = `case when o.status <> 'active' then o.status when r.results > 0 then 'results_in' when o.collected_at is not null then 'collected'
    when o.due_on < $1::date then 'overdue' else 'open' end`;

const COLUMNS = `o.id as lab_order_id, o.patient_id, p.given_name || ' ' || p.family_name as patient, o.name, o.loinc, ${STATE} as state, o.status_reason,
    o.priority, o.ordered_at, o.due_on, $1::date - o.due_on as overdue_days, o.collected_at, o.ended_at, r.results, r.preliminary_results, r.failed_results,
    o.practitioner_id, d.given_name || ' ' || d.family_name as practitioner, o.reason_icd10, o.performing_lab, o.encounter_id`;

/** Whether a final result came, asked for one order: only of what is past its day. */
const RESULTED = `(select count(*) from lab_results r
    where r.tenant_id = o.tenant_id and r.order_id = o.id and r.status in ('final', 'amended', 'corrected')
      and (select count(*) from lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error') = 0) > 0`;

/** $1 today, $2 status, $3 clinician, $4 ordered since. Overdue is the state of that name. */
const ASKED = `o.status <> 'entered_in_error'
    and ($2::text = 'all' or o.status = case when $2::text in ('open', 'overdue') then 'active' else $2::text end)
    and ($2::text <> 'overdue' or o.due_on < $1::date and o.collected_at is null and not ${RESULTED})
    and ($3::uuid is null or o.practitioner_id = $3)
    and ($4::date is null or o.ordered_at >= $4::date::timestamptz)`;

/** A patient that somebody still cares for here. */
const CURRENT = 'p.replaced_by is null and p.deceased_on is null and p.active';
/** The same asked for one order, so that a list can stop at its limit. */
const OF_CURRENT = `(select ${CURRENT} from patients p where p.tenant_id = o.tenant_id and p.id = o.patient_id)`;

type Row = Nullable<Omit<LabOrder, 'priority'>> & {
  priority: 'routine' | NonNullable<LabOrder['priority']>;
};

const valuesOf = ({ today, status, practitioner_id, since }: Query) => [today, status, practitioner_id ?? null, since ?? null];

/** The page first, by `where` and in `order`; then what belongs to its rows. */
async function pageOf(tx: Tx, { where, order, query }: { where: string; order: string; query: Query }): Promise<Row[]> {
  return tx.rows<Row>(
    `select ${COLUMNS}
     from (select o.* from lab_orders o where ${where} and ${ASKED} order by ${order} limit $6) o
     join patients p on p.tenant_id = o.tenant_id and p.id = o.patient_id
     left join practitioners d on d.tenant_id = o.tenant_id and d.id = o.practitioner_id
     ${RESULTS}
     order by ${order}`,
    [...valuesOf(query), query.after ?? null, query.limit, ...(query.patient_id === undefined ? [] : [query.patient_id])],
  );
}

/** Longest due first, then those without a day, longest ordered first. */
async function worklist(tx: Tx, query: Query): Promise<Row[]> {
  const key = (of: string) => `coalesce(${of}.due_on, 'infinity'::date), ${of}.ordered_at, ${of}.id`;
  const where = `o.status in ('active', 'on_hold') and ${OF_CURRENT}
    and ($5::uuid is null or (${key('o')}) > (select ${key('a')} from lab_orders a where a.id = $5))`;
  return pageOf(tx, { where, order: key('o'), query });
}

type Counts = Record<'count' | 'merged' | 'deceased' | 'inactive', number>;

/** How many orders the worklist has, and how many are of patients that it leaves out. */
async function workOf(tx: Tx, query: Query): Promise<Counts> {
  const [row] = await tx.rows<Counts>(
    `select count(*) filter (where ${CURRENT})::int as count, count(*) filter (where p.replaced_by is not null)::int as merged,
       count(*) filter (where p.replaced_by is null and p.deceased_on is not null)::int as deceased,
       count(*) filter (where p.replaced_by is null and p.deceased_on is null and not p.active)::int as inactive
     from lab_orders o
     join patients p on p.tenant_id = o.tenant_id and p.id = o.patient_id
     where o.status in ('active', 'on_hold') and ${ASKED}`,
    valuesOf(query),
  );
  return row ?? { count: 0, merged: 0, deceased: 0, inactive: 0 };
}

/** Newest ordered first: of one patient by the patient's index, of the clinic by the day of ordering. */
async function newestFirst(tx: Tx, query: Query): Promise<Row[]> {
  const since = "o.ordered_at >= coalesce($4::date, '-infinity'::date)::timestamptz";
  const where = `${query.patient_id === undefined ? `${since} and ${OF_CURRENT}` : 'o.patient_id = $7'}
    and ($5::uuid is null or (o.ordered_at, o.id) < (select a.ordered_at, a.id from lab_orders a where a.id = $5))`;
  return pageOf(tx, { where, order: 'o.ordered_at desc, o.id desc', query });
}

function orderOf({ priority, overdue_days, preliminary_results, failed_results, ...row }: Row): LabOrder {
  return {
    ...present(row),
    ...(priority !== 'routine' && { priority }),
    ...(row.state === 'overdue' && overdue_days !== null && { overdue_days }),
    ...(preliminary_results !== null && preliminary_results > 0 && { preliminary_results }),
    ...(failed_results !== null && failed_results > 0 && { failed_results }),
  };
}
