// What is owed at the end of a day: by party and age, with the credits apart.
import type { Tx } from '../../db/tx.ts';
import type { Aged, Receivable } from '../../domains/billing.ts';

const BUCKETS = ['days_0_30_cents', 'days_31_60_cents', 'days_61_90_cents', 'days_91_120_cents', 'days_over_120_cents'] as const;
const CREDIT = -1;

export interface BucketRow {
  at: 'opening' | 'closing';
  party: 'insurance' | 'patient';
  /** Index of BUCKETS, or CREDIT. */
  bucket: number;
  cents: number;
}

interface Query {
  opening: string;
  closing: string;
  whose: string | null;
}

/** The receivable at the end of two days, as it stood then, read in one walk through the ledger. */
export async function receivablesOf(tx: Tx, query: Query): Promise<{ opening: Receivable; closing: Receivable }> {
  const rows = await bucketsOf(tx, query);
  return { opening: receivableOf(query.opening, rows, 'opening'), closing: receivableOf(query.closing, rows, 'closing') };
}

/** Every entry of a clinic as in ledger.ts, whatever its day. Each branch comes in the order of an index that holds all it reads, so that they merge without a sort. */
const entriesOf = (whose: string | null) => {
  const mine = (row: string) => (whose === null ? '' : ` and ${row}.practitioner_id = $3::uuid`);
  return `
      (select c.id as account, c.responsible = 'patient' as of_patient, true as is_paper, false as is_moved, c.posted_on as posted, c.amount_cents + c.tax_cents as cents,
        c.service_on, c.voided_on, c.responsible = 'insurance' as by_insurer
      from charges c where true${mine('c')} order by 1)
      union all
      (select p.charge_id, p.source <> 'insurance', p.source = 'package', false, p.posted_on, -p.amount_cents, null, null, null
      from payments p where p.charge_id is not null and p.status = 'settled'${mine('p')} order by 1)
      union all
      (select p.id, p.source <> 'insurance', p.source = 'package', false, p.posted_on, -p.amount_cents, null, null, null
      from payments p where p.charge_id is null and p.status = 'settled'${mine('p')} order by 1)
      union all
      (select a.charge_id, a.party = 'patient', true, false, a.posted_on, -a.amount_cents, null, null, null from adjustments a where true${mine('a')} order by 1)
      union all
      (select t.charge_id, true, true, t.amount_cents > 0, t.moved_on, t.amount_cents, null, null, null from responsibility_transfers t where true${mine('t')} order by 1)
      union all
      (select t.charge_id, false, true, false, t.moved_on, -t.amount_cents, null, null, null from responsibility_transfers t where true${mine('t')} order by 1)
      union all
      (select r.charge_id, r.party = 'patient', false, false, r.posted_on, r.amount_cents, null, null, null from refunds r where r.charge_id is not null${mine('r')} order by 1)
      union all
      (select coalesce(paid.charge_id, r.payment_id), r.party = 'patient', false, false, r.posted_on, r.amount_cents, null, null, null
      from refunds r left join payments paid on paid.tenant_id = r.tenant_id and paid.id = r.payment_id where r.charge_id is null${mine('r')} order by 1)`;
};

const SIDES = ['patient', 'insurance'] as const;
type Side = (typeof SIDES)[number];
type At = BucketRow['at'];
const DAYS: Readonly<Record<At, string>> = { opening: '$1::date', closing: '$2::date' };
const each = (column: (at: At, side: Side) => string) =>
  (['opening', 'closing'] as const).flatMap((at) => SIDES.map((side) => column(at, side)));

const sumOf = (what: 'money' | 'paper') => (at: At, side: Side) =>
  `sum(e.cents) filter (where ${side === 'patient' ? '' : 'not '}e.of_patient and ${what === 'paper' ? '' : 'not '}e.is_paper and e.posted <= ${DAYS[at]}) as ${at}_${side}_${what}`;

/** What stands on a charge and is no money, the charge itself too, ends with the charge when it is voided. */
const balance = (at: At, side: Side) =>
  `coalesce(s.${at}_${side}_money, 0) + case when s.posted_on <= ${DAYS[at]} and s.voided_on <= ${DAYS[at]} then 0 else coalesce(s.${at}_${side}_paper, 0) end as ${at}_${side}`;

/** Since when, as it was known at the end of that day; before the charge itself is posted, since the first entry. */
const since = (at: At, side: Side) =>
  `case when s.posted_on <= ${DAYS[at]} then ${side === 'patient' ? `coalesce(case when s.by_insurer and s.moved_on <= ${DAYS[at]} then s.moved_on end, s.service_on)` : 's.service_on'}
            else s.first_on end as ${at}_${side}_since`;

/** Index of BUCKETS of what is owed since so many days, CREDIT of what is owed back; null where nothing is. */
export const bucketOf = (cents: string, days: string) =>
  `case when ${cents} < 0 then ${CREDIT} when ${cents} > 0 then width_bucket(${days}, array[31, 61, 91, 121]) end`;

/** An ordered aggregate keeps the walk in the order of the indexes: no hash of every account. */
async function bucketsOf(tx: Tx, { opening, closing, whose }: Query): Promise<BucketRow[]> {
  const buckets = each(
    (at, side) => `
     select '${at}' as at, '${side}' as party, ${bucketOf(`a.${at}_${side}`, `${DAYS[at]} - a.${at}_${side}_since`)} as bucket,
       sum(a.${at}_${side})::bigint as cents
     from accounts a where a.${at}_${side} <> 0 group by 3`,
  );
  return tx.rows<BucketRow>(
    `with sums as (
       select e.account, max(e.service_on order by e.account) as service_on, max(e.posted) filter (where e.service_on is not null) as posted_on,
         max(e.voided_on) as voided_on, bool_or(e.by_insurer) as by_insurer, min(e.posted) as first_on, min(e.posted) filter (where e.is_moved) as moved_on,
         ${[...each(sumOf('money')), ...each(sumOf('paper'))].join(',\n         ')}
       from (${entriesOf(whose)}) e group by e.account
     ), accounts as materialized (
       select * from (
         select ${[...each(balance), ...each(since)].join(',\n           ')}
         from sums s
       ) a where ${each((at, side) => `a.${at}_${side} <> 0`).join(' or ')}
     )${buckets.join(' union all')}`,
    [opening, closing, ...(whose === null ? [] : [whose])],
  );
}

export function receivableOf(on: string, rows: readonly BucketRow[], at: BucketRow['at']): Receivable {
  const these = rows.filter((row) => row.at === at);
  const aged = (party: BucketRow['party']): Aged => {
    const of = (bucket: number) =>
      these.filter((row) => row.party === party && row.bucket === bucket).reduce((total, { cents }) => total + cents, 0);
    const buckets = Object.fromEntries(BUCKETS.map((name, bucket) => [name, of(bucket)])) as Omit<Aged, 'total_cents'>;
    return { total_cents: BUCKETS.reduce((total, _, bucket) => total + of(bucket), 0), ...buckets };
  };
  const [insurance, patient] = [aged('insurance'), aged('patient')];
  const credits_cents = these.filter(({ bucket }) => bucket === CREDIT).reduce((total, { cents }) => total - cents, 0);
  return { on, insurance, patient, credits_cents, net_cents: insurance.total_cents + patient.total_cents - credits_cents };
}

/** Where the receivable must end, from where it began and what moved it. */
export function netOf(parts: {
  opening_cents: number;
  charges_cents: number;
  taxes_cents: number;
  voided_cents: number;
  payments_cents: number;
  adjustments_cents: number;
  refunds_cents: number;
}): number {
  const { opening_cents, charges_cents, taxes_cents, voided_cents, payments_cents, adjustments_cents, refunds_cents } = parts;
  return opening_cents + charges_cents + taxes_cents - voided_cents - payments_cents - adjustments_cents + refunds_cents;
}
