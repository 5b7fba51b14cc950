// What is owed at the end of a day: by party and age, with the credits apart.
import type { Tx } from '../../db/tx.ts';
import type { Aged, Receivable } from '../../domains/billing.ts';
import { ledgered } from './ledger.ts';

const BUCKETS = ['days_0_30_cents', 'days_31_60_cents', 'days_61_90_cents', 'days_91_120_cents', 'days_over_120_cents'] as const;

interface BucketRow {
  at: 'opening' | 'closing';
  party: 'insurance' | 'patient';
  bucket: 'credit' | (typeof BUCKETS)[number];
  cents: number;
}

/** The receivable at the end of two days, read in one walk through the ledger. */
export async function receivablesOf(
  tx: Tx,
  { opening, closing, whose }: { opening: string; closing: string; whose: string | null },
): Promise<{ opening: Receivable; closing: Receivable }> {
  const rows = await bucketsOf(tx, { opening, closing, whose });
  return { opening: receivableOf(opening, rows, 'opening'), closing: receivableOf(closing, rows, 'closing') };
}

const WHICH = { until: '$2::date', practitioner: '$3' };

/** What moved each account since its charge: every branch in the order of an index that holds all it reads, so that they merge unsorted. Entries as in ledger.ts, a
 *  clinic at a time. */
const MOVES = `
    select p.charge_id as account, p.source <> 'insurance' as of_patient, p.source = 'package' as is_paper, false as is_moved, p.posted_on as posted, -p.amount_cents as cents
    from payments p where p.charge_id is not null and p.status = 'settled' and ${ledgered('p', 'posted_on', WHICH)}
    union all
    select p.id, p.source <> 'insurance', p.source = 'package', false, p.posted_on, -p.amount_cents
    from payments p where p.charge_id is null and p.status = 'settled' and ${ledgered('p', 'posted_on', WHICH)}
    union all
    select a.charge_id, a.party = 'patient', true, false, a.posted_on, -a.amount_cents from adjustments a where ${ledgered('a', 'posted_on', WHICH)}
    union all
    select t.charge_id, true, true, t.amount_cents > 0, t.moved_on, t.amount_cents from responsibility_transfers t where ${ledgered('t', 'moved_on', WHICH)}
    union all
    select t.charge_id, false, true, false, t.moved_on, -t.amount_cents from responsibility_transfers t where ${ledgered('t', 'moved_on', WHICH)}
    union all
    select r.charge_id, r.party = 'patient', false, false, r.posted_on, r.amount_cents from refunds r where r.charge_id is not null and ${ledgered('r', 'posted_on', WHICH)}
    union all
    select coalesce(paid.charge_id, r.payment_id), r.party = 'patient', false, false, r.posted_on, r.amount_cents
    from refunds r left join payments paid on paid.tenant_id = r.tenant_id and paid.id = r.payment_id where r.charge_id is null and ${ledgered('r', 'posted_on', WHICH)}`;

const moved = (side: 'patient' | 'insurance', what: 'money' | 'paper', at: 'opening' | 'closing') =>
  `sum(e.cents) filter (where ${side === 'patient' ? '' : 'not '}e.of_patient and ${what === 'paper' ? '' : 'not '}e.is_paper${
    at === 'opening' ? ' and e.posted <= $1::date' : ''
  }) as ${at}_${side}_${what}`;
const SIDES = ['patient', 'insurance'] as const;
const DAYS = { opening: '$1::date', closing: '$2::date' } as const;
const each = (column: (at: 'opening' | 'closing', side: 'patient' | 'insurance') => string) =>
  (['opening', 'closing'] as const).flatMap((at) => SIDES.map((side) => column(at, side))).join(',\n         ');

/** What stands on a charge and is no money, the charge itself too, ends with the charge when it is voided. */
const balance = (at: 'opening' | 'closing', side: 'patient' | 'insurance') => `coalesce(m.${at}_${side}_money, 0)
           + case when c.voided_on <= ${DAYS[at]} then 0 else coalesce(m.${at}_${side}_paper, 0)
             + case when c.responsible = '${side}'${at === 'opening' ? ' and c.posted_on <= $1::date' : ''} then c.amount_cents + c.tax_cents else 0 end end as ${at}_${side}`;

async function bucketsOf(tx: Tx, query: { opening: string; closing: string; whose: string | null }): Promise<BucketRow[]> {
  return tx.rows<BucketRow>(
    `with moves as (
       select e.account, min(e.posted) as first_on, min(e.posted) filter (where e.is_moved) as moved_on,
         ${each((at, side) => `${moved(side, 'money', at)}, ${moved(side, 'paper', at)}`)}
       from (${MOVES}) e group by e.account
     ), accounts as (
       select coalesce(c.service_on, m.first_on) as insurance_since,
         coalesce(case when c.responsible = 'insurance' then m.moved_on end, c.service_on, m.first_on) as patient_since,
         ${each(balance)}
       from (select c.id, c.responsible, c.posted_on, c.service_on, c.voided_on, c.amount_cents, c.tax_cents from charges c where ${ledgered('c', 'posted_on', WHICH)}) c
       full join moves m on m.account = c.id
     ), told as (
       select side.at, side.party, side.cents, side.day - side.since as age
       from accounts a cross join lateral (values
         ('opening', 'patient', $1::date, a.opening_patient, a.patient_since), ('opening', 'insurance', $1::date, a.opening_insurance, a.insurance_since),
         ('closing', 'patient', $2::date, a.closing_patient, a.patient_since), ('closing', 'insurance', $2::date, a.closing_insurance, a.insurance_since)
       ) side (at, party, day, cents, since)
       where side.cents <> 0 and (a.opening_patient <> 0 or a.opening_insurance <> 0 or a.closing_patient <> 0 or a.closing_insurance <> 0)
     )
     select at, party, case when cents < 0 then 'credit' when age <= 30 then 'days_0_30_cents' when age <= 60 then 'days_31_60_cents'
         when age <= 90 then 'days_61_90_cents' when age <= 120 then 'days_91_120_cents' else 'days_over_120_cents' end as bucket,
       sum(cents)::bigint as cents
     from told group by 1, 2, 3`,
    [query.opening, query.closing, query.whose],
  );
}

function receivableOf(on: string, rows: readonly BucketRow[], at: BucketRow['at']): Receivable {
  const these = rows.filter((row) => row.at === at);
  const aged = (party: BucketRow['party']): Aged => {
    const of = (bucket: BucketRow['bucket']) => these.find((row) => row.party === party && row.bucket === bucket)?.cents ?? 0;
    const buckets = Object.fromEntries(BUCKETS.map((bucket) => [bucket, of(bucket)])) as Omit<Aged, 'total_cents'>;
    return { total_cents: BUCKETS.reduce((total, bucket) => total + of(bucket), 0), ...buckets };
  };
  const [insurance, patient] = [aged('insurance'), aged('patient')];
  const credits_cents = these.filter(({ bucket }) => bucket === 'credit').reduce((total, { cents }) => total - cents, 0);
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
