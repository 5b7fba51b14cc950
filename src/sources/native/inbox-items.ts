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
const IS_RESULT = `r.status in ('preliminary', 'final', 'amended', 'corrected')`;
const NOT_NORMAL = `r.flag not in ('N', 'NEG', 'ND', 'S') and ${IS_RESULT}`;
const IS_ABNORMAL = `r.flag in ('L', 'LL', 'H', 'HH', 'A', 'AA', 'POS', 'DET')`;
const IS_CRITICAL = `r.flag in ('LL', 'HH', 'AA')`;
const RANK = `case when ${IS_CRITICAL} then 0 else 2 end`;
const RESULTED = 'coalesce(r.resulted_at, r.collected_at)';
const IS_READ = `exists (select from message_reads o where o.tenant_id = m.tenant_id and o.message_id = m.id and o.user_id = (select app.user_id()))`;
/** The same, for a question of many messages: the set is held. */
const IS_AMONG_READ = '(m.id in (select o.message_id from message_reads o where o.user_id = (select app.user_id())))';

/** $4 narrows to one clinician: `own` where the item names one, else the patient's own. */
const ofClinician = (own: string, row: string) => `($4::uuid is null or ${own} = $4
  or ${own} is null and exists (select from patients p where p.tenant_id = ${row}.tenant_id and p.id = ${row}.patient_id and p.practitioner_id = $4))`;

const MESSAGE = `'message' = any($1::text[]) and m.direction = 'inbound' and ($3::boolean or m.category <> 'clinical')
  and ${ofClinician('m.practitioner_id', 'm')} and ($5::uuid is null or m.patient_id = $5)`;
const ORDERED_BY = '(select o.practitioner_id from lab_orders o where o.tenant_id = r.tenant_id and o.id = r.order_id)';
const CARED_FOR_BY = '(select p.practitioner_id from patients p where p.tenant_id = r.tenant_id and p.id = r.patient_id)';
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

const HAS_REVIEW = 'select from lab_reviews v where v.tenant_id = r.tenant_id and v.lab_result_id = r.id';
const HAS_CORRECTION = "select from lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error'";
/** Looked up for each result: a count is never made a join. */
const WAITS = `(select count(*) from (${HAS_REVIEW}) v) = 0 and (select count(*) from (${HAS_CORRECTION}) c) = 0`;

/** Unreviewed results. Both the results and the reviews stand in the order of the result's id, so that what is reviewed is left out by walking two indexes side
 *  by side: it takes the same whether all or none of them are. The results of one clinician are few and are looked up one by one.
 *  What is asked besides is written into the statement, for a plan of its own. */
function waitingResult({ kinds, practitioner_id, patient_id, item_id }: InboxQuery): string {
  const is_of_one = patient_id !== undefined || item_id !== undefined;
  const asked = `${kinds.includes('result') ? '$3::boolean' : 'false'} and ${NOT_NORMAL}
      ${patient_id === undefined ? '' : 'and r.patient_id = $5'}
      ${item_id === undefined ? '' : 'and r.id = $6'}`;
  if (practitioner_id !== undefined)
    return `select r.id, r.flag, ${RESULTED} as since
    from (select r.tenant_id, r.id, r.flag, r.resulted_at, r.collected_at from lab_results r where ${asked} ${RESPONSIBLE} offset 0) r
    where ${WAITS}`;
  return `select r.id, r.flag, ${RESULTED} as since
    from lab_results r
    where ${asked} and not exists (${HAS_REVIEW}) and not exists (${HAS_CORRECTION})
    ${is_of_one ? '' : 'order by r.id offset 0'}`;
}

/** Ordered by $4, or by nobody named and of a patient of $4: two sets that are small and held whole. */
const RESPONSIBLE = `and (r.order_id in (select o.id from lab_orders o where o.practitioner_id = $4)
    or r.patient_id in (select p.id from patients p where p.practitioner_id = $4)
      and not exists (select from lab_orders o where o.tenant_id = r.tenant_id and o.id = r.order_id and o.practitioner_id is not null))`;

/** How many of the newest abnormal results are looked at one by one, before all that wait are put in order. */
const NEWEST = 5000;

/** The page's results of the whole clinic or of one clinician. Those of one rank are walked from the newest on, by the index lab_results_waiting, until the page
 *  is full: of the critical all, of the others the newest. Only where these do not fill the page is everything that waits put in order. */
function pageOfResults(query: InboxQuery): string {
  const walk = (rank: 0 | 2, most: string) => `(
      select r.id, ${rank} as rank, r.since
      from (
        select r.tenant_id, r.id, r.patient_id, r.order_id, ${RESULTED} as since
        from lab_results r
        where ${query.kinds.includes('result') ? '$3::boolean' : 'false'} and ${IS_ABNORMAL} and ${IS_RESULT} and ${RANK} = ${rank}
          and ($8::int is null or ${rank} > $8 or ${rank} = $8 and (${RESULTED}, r.id) < ($9::timestamptz, $10::uuid))
        order by ${RESULTED} desc, r.id desc ${most}) r
      where ${WAITS}
        ${query.practitioner_id === undefined ? '' : `and coalesce(${ORDERED_BY}, ${CARED_FOR_BY}) = $4`}
      order by r.since desc, r.id desc limit $7)`;
  const whole = branch('result', `(${waitingResult(query)}) r`, {
    id: 'r.id',
    rank: RANK,
    since: 'r.since',
    where: `${IS_ABNORMAL} and (select count(*) from walked) < $7`,
  });
  return `(
    with walked as materialized (${walk(0, '')} union all ${walk(2, `limit ${NEWEST}`)})
    select 'result' as kind, w.id, w.rank, w.since from walked w where (select count(*) from walked) >= $7
    union all ${whole})`;
}

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
    query.patient_id === undefined && query.item_id === undefined
      ? pageOfResults(query)
      : branch('result', `(${waitingResult(query)}) r`, { id: 'r.id', rank: RANK, since: 'r.since', where: IS_ABNORMAL }),
    branch('task', 'tasks t', { id: 't.id', rank: TASK_RANK, since: 't.created_at', where: TASK }),
    branch('refill', 'refill_requests f', { id: 'f.id', rank: '2', since: 'f.requested_at', where: REFILL }),
    branch('unsigned_note', 'chart_notes n', { id: 'n.id', rank: '2', since: 'n.created_at', where: NOTE }),
  ].join(' union all ');

/** The places of a page. */
export const placesOf = (query: InboxQuery) =>
  `select w.kind, w.id, w.rank, w.since from (${waiting(query)}) w order by w.rank, w.since desc, w.id desc limit $7`;

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

const countsOf = (results: string) => `
  select count(*) filter (where ${IS_ABNORMAL})::int as abnormal, count(*) filter (where ${IS_CRITICAL})::int as critical,
    count(*) filter (where not ${IS_ABNORMAL})::int as unknown
  from (${results}) r`;

/** Of the whole clinic the reviewed are counted and taken off: a result has one review at most, and to find those of given results takes half as long as to walk
 *  through all reviews. By slices of the ids, so that never more than a part of them is held. */
const COUNTS_OF_ALL = `
  select (sum(w.whole) - sum(w.unknown))::int as abnormal, sum(w.unknown)::int as unknown,
    (select count(*)::int from lab_results r where $3::boolean and ${IS_ABNORMAL} and ${IS_RESULT} and ${RANK} = 0 and ${WAITS}) as critical
  from unnest('{0,1,2,3,4,5,6,7,8,9,a,b,c,d,e,f}'::text[]) s (digit)
  cross join lateral (
    select array_agg(r.id) as whole, array_agg(r.id) filter (where not ${IS_ABNORMAL}) as unknown
    from lab_results r
    where $3::boolean and ${NOT_NORMAL} and r.id between (s.digit || '0000000-0000-0000-0000-000000000000')::uuid and (s.digit || 'fffffff-ffff-ffff-ffff-ffffffffffff')::uuid
      and r.id not in (select c.corrects from lab_results c where c.corrects is not null and c.status <> 'entered_in_error')
    offset 0
  ) i
  cross join lateral (select ${unreviewed('whole')}, ${unreviewed('unknown')} offset 0) w`;

function unreviewed(ids: string): string {
  return `coalesce(cardinality(i.${ids}), 0) - (select count(*) from lab_reviews v where v.lab_result_id = any(i.${ids})) as ${ids}`;
}

/** How many wait of each kind looked at; `unknown` are unreviewed results that nothing calls normal or abnormal. */
export async function countWaiting(tx: Tx, query: InboxQuery): Promise<Waiting | undefined> {
  const { kinds, clinical, practitioner_id, patient_id } = query;
  const is_whole = practitioner_id === undefined && patient_id === undefined;
  const [row] = await tx.rows<Waiting>(
    `with result as (${is_whole && kinds.includes('result') ? COUNTS_OF_ALL : countsOf(waitingResult(query))})
     select case when 'message' = any($1) then (select count(*)::int from messages m where ${MESSAGE} and m.answered_by is null) end as message,
       case when 'message' = any($1) then (select count(*)::int from messages m where ${MESSAGE} and m.answered_by is null and not ${IS_READ})
         + (select count(*)::int from messages m where ${MESSAGE} and m.answered_by is not null and not ${is_whole ? IS_AMONG_READ : IS_READ}) end as unread,
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
