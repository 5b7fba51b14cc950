// What was posted between two days: each ledger by itself. What stands on a charge that was voided by the last day is void with it, but for money.
import type { Tx } from '../../db/tx.ts';
import type { BillingSummary } from '../../domains/billing.ts';
import { ledgered } from './ledger.ts';

export interface Flow {
  from: string;
  to: string;
  /** One clinician, or everyone whom row security shows. */
  whose: string | null;
}

const values = ({ from, to, whose }: Flow) => [from, to, whose];
const WHICH = { until: '$2::date', practitioner: '$3' };
const standing = (row: string, day: string) => `${ledgered(row, day, WHICH)} and ${row}.${day} >= $1::date`;
/** Of a row with a charge_id: its charge had not been voided by the last day. Few charges are: they have an index, and are held. */
const STANDS = '(x.charge_id in (select c.id from charges c where c.voided_on <= $2::date)) is not true';
/** What packages paid, and still do. */
const PACKAGE = `coalesce((select sum(x.amount_cents) from payments x
         where x.source = 'package' and x.status = 'settled' and ${standing('x', 'posted_on')} and ${STANDS}), 0)`;

type Kind = BillingSummary['charges']['by_kind'][number]['kind'];
export interface Charged {
  by_post_date_cents: number;
  by_service_date_cents: number;
  taxes_cents: number;
  count: number;
  by_kind: { kind: Kind; cents: number }[];
  voided_count: number;
  /** Everything that was posted in the range, also what was voided in it since, and by how much the voids of the range lowered what was owed. */
  posted_cents: number;
  posted_taxes_cents: number;
  voided_cents: number;
}

export async function chargesIn(tx: Tx, flow: Flow): Promise<Charged> {
  const [posted, [others]] = await Promise.all([postedIn(tx, flow), otherChargesOf(tx, flow)]);
  if (!others) throw new Error('an aggregate answers one row');
  const sum = (of: Exclude<keyof Posted, 'kind'>) => posted.reduce((total, row) => total + row[of], 0);
  return {
    by_post_date_cents: sum('cents'),
    by_service_date_cents: others.by_service_date_cents,
    taxes_cents: sum('taxes_cents'),
    count: sum('count'),
    by_kind: posted.filter(({ count }) => count > 0).map(({ kind, cents }) => ({ kind, cents })),
    voided_count: others.voided_count,
    posted_cents: sum('posted_cents'),
    posted_taxes_cents: sum('posted_taxes_cents'),
    voided_cents: others.voided_cents,
  };
}

/** Charges that stand at the end of the range; and, as posted_*, those that stood when it began too. */
interface Posted {
  kind: Kind;
  cents: number;
  taxes_cents: number;
  count: number;
  posted_cents: number;
  posted_taxes_cents: number;
}

async function postedIn(tx: Tx, flow: Flow): Promise<Posted[]> {
  const sum = (column: string, voided: string) =>
    `coalesce(sum(x.${column}) filter (where x.voided_on is null or x.voided_on ${voided}), 0)::bigint`;
  return tx.rows<Posted>(
    `select x.kind, ${sum('amount_cents', '> $2::date')} as cents, ${sum('tax_cents', '> $2::date')} as taxes_cents,
       count(*) filter (where x.voided_on is null or x.voided_on > $2::date)::int as count,
       ${sum('amount_cents', '>= $1::date')} as posted_cents, ${sum('tax_cents', '>= $1::date')} as posted_taxes_cents
     from charges x where ${standing('x', 'posted_on')}
     group by x.kind order by array_position(array['service', 'product', 'package', 'membership'], x.kind)`,
    values(flow),
  );
}

type Others = Pick<Charged, 'by_service_date_cents' | 'voided_count' | 'voided_cents'>;

/** A void takes back its charge, and what stood on it before the range and was no money. */
async function otherChargesOf(tx: Tx, flow: Flow): Promise<Others[]> {
  const mine = (row: string) => `($3::uuid is null or ${row}.practitioner_id = $3::uuid)`;
  return tx.rows<Others>(
    `with voided as (
       select x.id, x.amount_cents + x.tax_cents as cents from charges x where x.voided_on between $1::date and $2::date and x.posted_on <= $2::date and ${mine('x')}
     ), with_them as (
       select sum(a.amount_cents) as cents from adjustments a join voided v on v.id = a.charge_id where a.posted_on < $1::date and ${mine('a')}
       union all
       select sum(p.amount_cents) from payments p join voided v on v.id = p.charge_id
       where p.source = 'package' and p.status = 'settled' and p.posted_on < $1::date and ${mine('p')}
     )
     select (select coalesce(sum(x.amount_cents), 0)::bigint from charges x
         where x.service_on between $1::date and $2::date and x.voided_on is null and ${mine('x')}) as by_service_date_cents,
       (select count(*)::int from voided) as voided_count,
       (coalesce((select sum(v.cents) from voided v), 0) - coalesce((select sum(w.cents) from with_them w), 0))::bigint as voided_cents`,
    values(flow),
  );
}

/** What could be collected: charges less what no contract lets the clinic ask for, and less what a package had paid before. */
export async function netChargesIn(tx: Tx, flow: Flow): Promise<number> {
  const [row] = await tx.rows<{ cents: number }>(
    `select (coalesce((select sum(x.amount_cents) from charges x where ${standing('x', 'posted_on')} and (x.voided_on is null or x.voided_on > $2::date)), 0)
       - coalesce((select sum(x.amount_cents) from adjustments x where x.kind in ('contractual', 'sequestration') and ${standing('x', 'posted_on')} and ${STANDS}), 0)
       - ${PACKAGE})::bigint as cents`,
    values(flow),
  );
  if (!row) throw new Error('an aggregate answers one row');
  return row.cents;
}

export interface Moved extends Pick<BillingSummary, 'payments' | 'adjustments' | 'refunds'> {
  pending_count: number;
  failed_count: number;
}

export async function moneyIn(tx: Tx, flow: Flow): Promise<Moved> {
  const [[payments], [adjustments], [refunds]] = await Promise.all([paymentsIn(tx, flow), adjustmentsIn(tx, flow), refundsIn(tx, flow)]);
  if (!payments || !adjustments || !refunds) throw new Error('an aggregate answers one row');
  const { pending_count, failed_count, ...sources } = payments;
  const { insurance_cents, patient_cents, gift_card_cents, package_cents } = sources;
  return {
    payments: {
      insurance_cents,
      patient_cents,
      gift_card_cents,
      new_money_cents: insurance_cents + patient_cents + gift_card_cents,
      package_cents,
    },
    adjustments: { ...adjustments, total_cents: Object.values(adjustments).reduce((total, cents) => total + cents, 0) },
    refunds,
    pending_count,
    failed_count,
  };
}

const centsOf = (column: string, names: readonly string[]) =>
  names.map((name) => `coalesce(sum(x.amount_cents) filter (where x.${column} = '${name}'), 0)::bigint as ${name}_cents`).join(', ');

type Payments = Record<
  'insurance_cents' | 'patient_cents' | 'gift_card_cents' | 'package_cents' | 'pending_count' | 'failed_count',
  number
>;

async function paymentsIn(tx: Tx, flow: Flow): Promise<Payments[]> {
  const settled = (name: string) =>
    `coalesce(sum(x.amount_cents) filter (where x.status = 'settled' and x.source = '${name}'), 0)::bigint as ${name}_cents`;
  return tx.rows<Payments>(
    `select ${settled('insurance')}, ${settled('patient')}, ${settled('gift_card')},
       ${PACKAGE}::bigint as package_cents,
       count(*) filter (where x.status = 'pending')::int as pending_count, count(*) filter (where x.status = 'failed')::int as failed_count
     from payments x where ${standing('x', 'posted_on')}`,
    values(flow),
  );
}

type Adjustments = Omit<BillingSummary['adjustments'], 'total_cents'>;

async function adjustmentsIn(tx: Tx, flow: Flow): Promise<Adjustments[]> {
  return tx.rows<Adjustments>(
    `select ${centsOf('kind', ['contractual', 'sequestration', 'discount', 'write_off', 'bad_debt'])}
     from adjustments x where ${standing('x', 'posted_on')} and ${STANDS}`,
    values(flow),
  );
}

/** On the day they were given back: nothing is taken off the day of the sale. */
async function refundsIn(tx: Tx, flow: Flow): Promise<BillingSummary['refunds'][]> {
  return tx.rows(
    `select coalesce(sum(x.amount_cents) filter (where x.kind = 'refund'), 0)::bigint as refunds_cents,
       coalesce(sum(x.amount_cents) filter (where x.kind = 'chargeback'), 0)::bigint as chargebacks_cents, count(*)::int as count
     from refunds x where ${standing('x', 'posted_on')}`,
    values(flow),
  );
}

type Payouts = NonNullable<BillingSummary['payouts']>;

export async function payoutsIn(tx: Tx, { from, to }: Omit<Flow, 'whose'>): Promise<Payouts | undefined> {
  const [row] = await tx.rows<Payouts>(
    `with arrived as (
       select o.id, o.amount_cents, p.gross, p.fees + r.fees as fees, r.refunded, r.disputed
       from payouts o
       cross join lateral (select coalesce(sum(p.amount_cents), 0) as gross, coalesce(sum(p.fee_cents), 0) as fees
         from payments p where p.tenant_id = o.tenant_id and p.payout_id = o.id and p.status = 'settled' offset 0) p
       cross join lateral (select coalesce(sum(r.fee_cents), 0) as fees, coalesce(sum(r.amount_cents) filter (where r.kind = 'refund'), 0) as refunded,
           coalesce(sum(r.amount_cents) filter (where r.kind = 'chargeback'), 0) as disputed
         from refunds r where r.tenant_id = o.tenant_id and r.payout_id = o.id offset 0) r
       where o.arrived_on between $1::date and $2::date
     )
     select count(*)::int as count, coalesce(sum(amount_cents), 0)::bigint as paid_out_cents, coalesce(sum(gross), 0)::bigint as gross_cents,
       coalesce(sum(fees), 0)::bigint as fees_cents, coalesce(sum(refunded), 0)::bigint as refunds_cents, coalesce(sum(disputed), 0)::bigint as disputes_cents,
       coalesce(sum(amount_cents - (gross - fees - refunded - disputed)), 0)::bigint as difference_cents,
       count(*) filter (where amount_cents <> gross - fees - refunded - disputed)::int as not_matching
     from arrived`,
    [from, to],
  );
  return row;
}
