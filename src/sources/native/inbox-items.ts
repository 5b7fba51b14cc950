// Which items wait: one branch a kind, each cut to the page before they are put together, so that a clinic of many years answers as fast as a new one.
import type { Tx } from '../../db/tx.ts';
import type { Inbox } from '../../domains/inbox.ts';

export type InboxQuery = Parameters<Inbox['list']>[0];

/** Where an item stands: `rank` 0 critical, 1 urgent, 2 needs action, 3 only unread or on hold; in a rank, newest first. */
export interface Place {
  kind: string;
  id: string;
  rank: number;
  since: string;
}

/** The predicate of the index lab_results_to_review: what is not known to be normal. */
const NOT_NORMAL = `r.flag not in ('N', 'NEG', 'ND', 'S') and r.status in ('preliminary', 'final', 'amended', 'corrected')`;
const IS_ABNORMAL = `r.flag in ('L', 'LL', 'H', 'HH', 'A', 'AA', 'POS', 'DET')`;
const IS_CRITICAL = `r.flag in ('LL', 'HH', 'AA')`;
const RESULTED = 'coalesce(r.resulted_at, r.collected_at)';
const IS_READ = `exists (select from message_reads o where o.tenant_id = m.tenant_id and o.message_id = m.id and o.user_id = (select app.user_id()))`;

/** $4 narrows to one clinician: `own` where the item names one, else the patient's own. */
const ofClinician = (own: string, row: string) => `($4::uuid is null or ${own} = $4
  or ${own} is null and exists (select from patients p where p.tenant_id = ${row}.tenant_id and p.id = ${row}.patient_id and p.practitioner_id = $4))`;

const MESSAGE = `'message' = any($1::text[]) and m.direction = 'inbound' and ($3::boolean or m.category <> 'clinical')
  and ${ofClinician('m.practitioner_id', 'm')} and ($5::uuid is null or m.patient_id = $5)`;
const TASK = `'task' = any($1::text[]) and t.status in ('requested', 'in_progress', 'on_hold') and ($3 or not t.clinical)
  and ${ofClinician('t.owner_id', 't')} and ($5::uuid is null or t.patient_id = $5)`;
const REFILL = `'refill' = any($1::text[]) and $3 and f.status = 'pending' and ($5::uuid is null or f.patient_id = $5)
  and ($4::uuid is null or exists (select from medication_requests q where q.tenant_id = f.tenant_id and q.id = f.medication_request_id and ${ofClinician('q.prescriber_id', 'q')}))`;
const NOTE = `'unsigned_note' = any($1::text[]) and $3 and n.status = 'unsigned' and ($4::uuid is null or n.author_id = $4) and ($5::uuid is null or n.patient_id = $5)`;
const TASK_RANK = `case when t.priority = 'stat' then 0 when t.priority in ('asap', 'urgent') then 1 when t.status = 'on_hold' then 3 else 2 end`;

/** One kind's part of the page. $6 is the item asked for; $8 to $10 the place to go on from. */
const branch = (kind: string, from: string, of: { id: string; rank: string; since: string; where: string }) => `(
    select '${kind}' as kind, ${of.id} as id, ${of.rank} as rank, ${of.since} as since
    from ${from}
    where ${of.where} and ($6::uuid is null or ${of.id} = $6)
      and ($8::int is null or ${of.rank} > $8 or ${of.rank} = $8 and (${of.since}, ${of.id}) < ($9::timestamptz, $10::uuid))
    order by rank, since desc, id desc limit $7)`;

/** Unreviewed results. Both the results and the reviews stand in the order of the result's id, so that what is reviewed is left out by walking two indexes side
 *  by side: it takes the same whether all or none of them are. What is asked besides is written into the statement, for a plan of its own. */
function waitingResult({ kinds, practitioner_id, patient_id, item_id }: InboxQuery): string {
  return `select r.id, r.flag, ${RESULTED} as since
    from lab_results r
    ${practitioner_id === undefined ? '' : RESPONSIBLE}
    where ${kinds.includes('result') ? '$3::boolean' : 'false'} and ${NOT_NORMAL}
      and not exists (select from lab_reviews v where v.tenant_id = r.tenant_id and v.lab_result_id = r.id)
      and not exists (select from lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error')
      ${practitioner_id === undefined ? '' : 'and coalesce(o.practitioner_id, p.practitioner_id) = $4'}
      ${patient_id === undefined ? '' : 'and r.patient_id = $5'}
      ${item_id === undefined ? '' : 'and r.id = $6'}
    ${patient_id === undefined && item_id === undefined ? 'order by r.id offset 0' : ''}`;
}

/** Who ordered the result, else whose patient it is. */
const RESPONSIBLE = `left join lab_orders o on o.tenant_id = r.tenant_id and o.id = r.order_id
    left join patients p on p.tenant_id = r.tenant_id and p.id = r.patient_id`;

const waiting = (query: InboxQuery) =>
  [
  branch('message', 'messages m', {
    id: 'm.id',
    rank: '2',
    since: 'm.sent_at',
    where: `${MESSAGE} and m.answered_by is null and (not $2::boolean or not ${IS_READ})`,
  }),
  branch('message', 'messages m', {
    id: 'm.id',
    rank: '3',
    since: 'm.sent_at',
    where: `${MESSAGE} and m.answered_by is not null and not ${IS_READ}`,
  }),
  branch('result', `(${waitingResult(query)}) r`, {
    id: 'r.id',
    rank: `case when ${IS_CRITICAL} then 0 else 2 end`,
    since: 'r.since',
    where: IS_ABNORMAL,
  }),
  branch('task', 'tasks t', { id: 't.id', rank: TASK_RANK, since: 't.created_at', where: TASK }),
  branch('refill', 'refill_requests f', { id: 'f.id', rank: '2', since: 'f.requested_at', where: REFILL }),
  branch('unsigned_note', 'chart_notes n', { id: 'n.id', rank: '2', since: 'n.created_at', where: NOTE }),
].join(' union all ');

/** The places of a page. */
export const placesOf = (query: InboxQuery) => `select w.kind, w.id, w.rank, w.since from (${waiting(query)}) w order by w.rank, w.since desc, w.id desc limit $7`;

export function placeValues(query: InboxQuery, from: Place | undefined, limit: number): unknown[] {
  const { kinds, unread_only, clinical, practitioner_id, patient_id, item_id } = query;
  return [
    kinds,
    unread_only,
    clinical,
    practitioner_id ?? null,
    patient_id ?? null,
    item_id ?? null,
    limit,
    from?.rank ?? null,
    from?.since ?? null,
    from?.id ?? null,
  ];
}

export interface Waiting {
  message: number | null;
  unread: number | null;
  result: number | null;
  critical: number | null;
  task: number | null;
  refill: number | null;
  unsigned_note: number | null;
  unknown: number;
}

/** How many wait of each kind looked at; `unknown` are unreviewed results that nothing calls normal or abnormal. */
export async function countWaiting(tx: Tx, query: InboxQuery): Promise<Waiting | undefined> {
  const { kinds, clinical, practitioner_id, patient_id } = query;
  const [row] = await tx.rows<Waiting>(
    `with result as (
       select count(*) filter (where ${IS_ABNORMAL})::int as abnormal, count(*) filter (where ${IS_CRITICAL})::int as critical,
         count(*) filter (where not ${IS_ABNORMAL})::int as unknown
       from (${waitingResult(query)}) r)
     select case when 'message' = any($1) then (select count(*)::int from messages m where ${MESSAGE} and m.answered_by is null) end as message,
       case when 'message' = any($1) then (select count(*)::int from messages m where ${MESSAGE} and not ${IS_READ}) end as unread,
       case when 'result' = any($1) then (select abnormal from result) end as result,
       case when 'result' = any($1) then (select critical from result) end as critical,
       case when 'task' = any($1) then (select count(*)::int from tasks t where ${TASK}) end as task,
       case when 'refill' = any($1) then (select count(*)::int from refill_requests f where ${REFILL}) end as refill,
       case when 'unsigned_note' = any($1) then (select count(*)::int from chart_notes n where ${NOTE}) end as unsigned_note,
       (select unknown from result) as unknown
     where $2::boolean is not null`,
    [kinds, false, clinical, practitioner_id ?? null, patient_id ?? null],
  );
  return row;
}
