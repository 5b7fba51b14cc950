// What was earned, and what was paid for and is still owed as service (connectors.md §2.10).
import type { Tx } from '../../db/tx.ts';
import type { BillingSummary } from '../../domains/billing.ts';

/** What a charge `c` earns at most: without what was never to be asked for. As known today. */
export const NET = `c.amount_cents - coalesce((select sum(a.amount_cents) from adjustments a
    where a.tenant_id = c.tenant_id and a.charge_id = c.id and a.kind in ('contractual', 'sequestration', 'discount')), 0)`;

/** Of a membership fee `m` (net_cents, service_on, period_end), what is earned by the end of `day`: by days, both ends counted, to the cent. */
export const earnedBy = (day: string) => `case when ${day} < m.service_on or m.period_end < m.service_on then 0
    when ${day} >= coalesce(m.period_end, m.service_on) then m.net_cents
    else round(m.net_cents::numeric * (${day} - m.service_on + 1) / (m.period_end - m.service_on + 1))::bigint end`;

/** Services and products of the range that stand today. */
const DELIVERED = `c.kind in ('service', 'product') and c.voided_on is null and c.service_on between $1::date and $2::date
         and ($3::uuid is null or c.practitioner_id = $3::uuid)`;

export type Recognized = Omit<BillingSummary['recognized_revenue'], 'definition'>;

/** Services and products on the day of service, memberships day by day; a package when it is used up. */
export async function recognizedIn(tx: Tx, query: { from: string; to: string; whose: string | null }): Promise<Recognized> {
  const [row] = await tx.rows<Omit<Recognized, 'total_cents'>>(
    `with taken as (
       select c.kind, a.amount_cents, 0 as package_cents
       from charges c join adjustments a on a.tenant_id = c.tenant_id and a.charge_id = c.id and a.kind in ('contractual', 'sequestration', 'discount') where ${DELIVERED}
       union all
       select c.kind, p.amount_cents, p.amount_cents
       from charges c join payments p on p.tenant_id = c.tenant_id and p.charge_id = c.id and p.source = 'package' and p.status = 'settled' where ${DELIVERED}
     ), sums as (
       select c.kind, sum(c.amount_cents) as cents, 0 as package_cents from charges c where ${DELIVERED} group by c.kind
       union all
       select t.kind, -sum(t.amount_cents), sum(t.package_cents) from taken t group by t.kind
     ), m as (
       select ${NET} as net_cents, c.service_on, c.period_end
       from charges c
       where c.kind = 'membership' and c.voided_on is null and c.service_on <= $2::date and coalesce(c.period_end, c.service_on) >= $1::date
         and ($3::uuid is null or c.practitioner_id = $3::uuid)
     )
     select coalesce(sum(s.cents) filter (where s.kind = 'service'), 0)::bigint as services_cents,
       coalesce(sum(s.cents) filter (where s.kind = 'product'), 0)::bigint as products_cents,
       coalesce(sum(s.package_cents), 0)::bigint as packages_redeemed_cents,
       (select coalesce(sum(${earnedBy('$2::date')} - ${earnedBy('($1::date - 1)')}), 0)::bigint from m) as memberships_cents
     from sums s`,
    [query.from, query.to, query.whose],
  );
  if (!row) throw new Error('an aggregate answers one row');
  return recognizedOf(row);
}

export function recognizedOf(parts: Omit<Recognized, 'total_cents'>): Recognized {
  return { ...parts, total_cents: Object.values(parts).reduce((total, cents) => total + cents, 0) };
}

export type Deferred = Pick<BillingSummary['deferred_liability'], 'packages_cents' | 'memberships_cents' | 'total_cents'>;

/** Money that was paid by the end of a day for packages and memberships, less what was given back (of the charge, or of a payment of it)
 *  and what was earned by then. */
export async function deferredAt(tx: Tx, { to, whose }: { to: string; whose: string | null }): Promise<Deferred> {
  const [row] = await tx.rows<Omit<Deferred, 'total_cents'>>(
    `with m as (
       select c.kind, c.service_on, c.period_end, ${NET} as net_cents,
         coalesce((select sum(p.amount_cents) from payments p
           where p.tenant_id = c.tenant_id and p.charge_id = c.id and p.status = 'settled' and p.posted_on <= $1::date), 0)
         - coalesce(back.cents, 0)
         - c.tax_cents as held_cents,
         case when c.kind = 'package' then coalesce((select sum(u.amount_cents) from payments u left join charges s on s.tenant_id = u.tenant_id and s.id = u.charge_id
           where u.tenant_id = c.tenant_id and u.patient_id = c.patient_id and u.package_charge_id = c.id and u.status = 'settled' and u.posted_on <= $1::date
             and (s.voided_on is null or s.voided_on > $1::date)), 0) else 0 end as used_cents
       from charges c
       left join (
         select coalesce(r.charge_id, paid.charge_id) as charge_id, sum(r.amount_cents) as cents
         from refunds r left join payments paid on r.charge_id is null and paid.tenant_id = r.tenant_id and paid.id = r.payment_id
         where r.posted_on <= $1::date group by 1
       ) back on back.charge_id = c.id
       where c.kind in ('package', 'membership') and c.posted_on <= $1::date and (c.voided_on is null or c.voided_on > $1::date)
         and ($2::uuid is null or c.practitioner_id = $2::uuid)
     )
     select coalesce(sum(greatest(0, m.held_cents - m.used_cents)) filter (where m.kind = 'package'), 0)::bigint as packages_cents,
       coalesce(sum(greatest(0, m.held_cents - ${earnedBy('$1::date')})) filter (where m.kind = 'membership'), 0)::bigint as memberships_cents
     from m`,
    [to, whose],
  );
  if (!row) throw new Error('an aggregate answers one row');
  return deferredOf(row);
}

export function deferredOf(parts: Omit<Deferred, 'total_cents'>): Deferred {
  return { ...parts, total_cents: parts.packages_cents + parts.memberships_cents };
}
