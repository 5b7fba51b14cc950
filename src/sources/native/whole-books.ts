// Of the whole clinic: what is owed at the end of two days, what was earned between them, and what was paid for and is still owed as service; read from what is
// kept of each charge (migration 0012). One clinician's part is read from the entries by receivable.ts and revenue.ts: an entry may be another clinician's than its charge.
import type { Tx } from '../../db/tx.ts';
import type { Receivable } from '../../domains/billing.ts';
import { type BucketRow, bucketOf, receivableOf } from './receivable.ts';
import { type Deferred, deferredAt, earnedBy, type Recognized, recognizedOf } from './revenue.ts';

export interface WholeBooks {
  opening: Receivable;
  closing: Receivable;
  recognized: Recognized;
  deferred: Deferred;
}

/** Whether the caller sees every clinician's money: then no entry shows without its charge. */
export async function seesAll(tx: Tx): Promise<boolean> {
  const [row] = await tx.rows<{ all: boolean }>("select app.finance() = 'all' as all");
  return row?.all === true;
}

export async function wholeBooks(tx: Tx, { opening, closing }: { opening: string; closing: string }): Promise<WholeBooks> {
  const [rows, recognized, deferred] = await Promise.all([
    bucketsAt(tx, { opening, closing }),
    earnedBetween(tx, { opening, closing }),
    deferredAt(tx, { to: closing, whose: null }),
  ]);
  return { opening: receivableOf(opening, rows, 'opening'), closing: receivableOf(closing, rows, 'closing'), recognized, deferred };
}

/** Money that is not applied, by the payment that brought it. */
const UNAPPLIED = `
  select e.party, sum(e.cents) filter (where e.posted_on <= $1::date) as opening, sum(e.cents) as closing, min(e.posted_on) as since
  from (
    select p.id as account, case p.source when 'insurance' then 'insurance' else 'patient' end as party, p.posted_on, -p.amount_cents as cents
    from payments p where p.charge_id is null and p.status = 'settled' and p.posted_on <= $2::date
    union all
    select r.payment_id, r.party, r.posted_on, r.amount_cents
    from refunds r join payments p on p.tenant_id = r.tenant_id and p.id = r.payment_id where r.charge_id is null and p.charge_id is null and r.posted_on <= $2::date
  ) e group by e.account, e.party`;

/** What is open at the end of either day stands in one row a charge and party for as long as it does not change. */
async function bucketsAt(tx: Tx, { opening, closing }: { opening: string; closing: string }): Promise<BucketRow[]> {
  return tx.rows<BucketRow>(
    `with owed as (
       select o.party, case when o.from_on <= $1::date then o.cents end as opening, case when o.until_on > $2::date then o.cents end as closing, o.since
       from open_items o where o.until_on > $1::date and o.from_on <= $2::date and (o.from_on <= $1::date or o.until_on > $2::date)
       union all
       (${UNAPPLIED})
     ), buckets as materialized (
       select o.party, ${bucketOf('o.opening', '$1::date - o.since')} as opening_bucket, ${bucketOf('o.closing', '$2::date - o.since')} as closing_bucket,
         sum(o.opening) as opening, sum(o.closing) as closing
       from owed o group by 1, 2, 3)
     select 'opening' as at, b.party, b.opening_bucket as bucket, sum(b.opening)::bigint as cents from buckets b where b.opening_bucket is not null group by 2, 3
     union all
     select 'closing', b.party, b.closing_bucket, sum(b.closing)::bigint from buckets b where b.closing_bucket is not null group by 2, 3`,
    [opening, closing],
  );
}

const RUNS = 'm.service_on <= $2::date and coalesce(m.period_end, m.service_on) > $1::date';

/** As revenue.ts defines it: services and products on the day of service, memberships day by day; a package when it is used up. */
async function earnedBetween(tx: Tx, { opening, closing }: { opening: string; closing: string }): Promise<Recognized> {
  const of = (kind: string) => `coalesce(sum(e.net_cents - e.redeemed_cents) filter (where e.kind = '${kind}'), 0)::bigint`;
  const [row] = await tx.rows<Omit<Recognized, 'total_cents'>>(
    `select ${of('service')} as services_cents, ${of('product')} as products_cents, coalesce(sum(e.redeemed_cents), 0)::bigint as packages_redeemed_cents,
       (select coalesce(sum(${earnedBy('$2::date')} - ${earnedBy('$1::date')}), 0)::bigint from earnings m where m.kind = 'membership' and ${RUNS}) as memberships_cents
     from earnings e where e.kind <> 'membership' and e.service_on > $1::date and e.service_on <= $2::date`,
    [opening, closing],
  );
  if (!row) throw new Error('an aggregate answers one row');
  return recognizedOf(row);
}
