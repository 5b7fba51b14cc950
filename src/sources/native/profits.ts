import { present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { rateOf } from '../../domains/definitions.ts';
import type { PatientProfit, Profits } from '../../domains/profits.ts';
import type { Surroundings } from '../connector.ts';
import { accounts } from './ledger.ts';
import { earnedBy, NET } from './revenue.ts';
import { patientStands } from './standing.ts';

export function profits({ tx, today }: Surroundings): Profits {
  return {
    async get({ patient_id }) {
      const [, [paid], [earned], [credit], [member]] = await Promise.all([
        patientStands(tx, patient_id),
        paidBy(tx, patient_id, today),
        earnedOn(tx, patient_id, today),
        creditOf(tx, patient_id, today),
        membershipMonthsOf(tx, patient_id, today),
      ]);
      if (!paid || !earned || !credit || !member) throw new Error('an aggregate answers one row');
      return profitOf(paid, earned, credit.credit_cents, member.months);
    },
  };
}

function profitOf(paid: Paid, earned: Earned, credit_cents: number, membership_months: number): PatientProfit {
  const { own_cents, insurance_cents, refunded_own_cents, refunded_insurance_cents, fees_cents, known_fees_cents, ...days } = paid;
  const { net_revenue_cents, known_revenue_cents, known_costs_cents, known_lines, goods_cents, lab_cents, clinician_minutes } = earned;
  const total_spend_cents = own_cents - refunded_own_cents;
  const insurance_paid_cents = insurance_cents - refunded_insurance_cents;
  const margin_cents = known_revenue_cents - known_costs_cents - known_fees_cents;
  return {
    total_spend_cents,
    insurance_paid_cents,
    lifetime_net_collections_cents: total_spend_cents + insurance_paid_cents,
    refunded_cents: refunded_own_cents + refunded_insurance_cents,
    net_revenue_cents,
    direct_costs: { goods_cents, lab_cents, processing_fees_cents: fees_cents, clinician_minutes },
    cost_completeness: rateOf(known_revenue_cents, net_revenue_cents),
    ...(known_lines > 0 && { margin_cents, margin_rate: rateOf(margin_cents, known_revenue_cents) }),
    credit_cents,
    ...present(days),
    membership_months,
    definition: 'patient_profit@1',
  };
}

interface Paid {
  own_cents: number;
  insurance_cents: number;
  refunded_own_cents: number;
  refunded_insurance_cents: number;
  fees_cents: number;
  /** Of payments and refunds that stand on a charge of known cost. */
  known_fees_cents: number;
  first_payment_on: string | null;
  last_payment_on: string | null;
}

/** Whether the costs of charge `c` are known. */
const KNOWN = '(c.voided_on is null and c.goods_cost_cents is not null and c.lab_cost_cents is not null)';

async function paidBy(tx: Tx, patient_id: string, today: string): Promise<Paid[]> {
  return tx.rows<Paid>(
    `with paid as (
       select p.source, p.amount_cents, coalesce(p.fee_cents, 0) as fee_cents, p.posted_on, coalesce(${KNOWN}, false) as known
       from payments p left join charges c on c.tenant_id = p.tenant_id and c.id = p.charge_id
       where p.patient_id = $1 and p.status = 'settled' and p.source <> 'package' and p.posted_on <= $2::date
     ), returned as (
       select r.party, r.amount_cents, r.fee_cents, coalesce(${KNOWN}, false) as known
       from refunds r left join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
       where r.patient_id = $1 and r.posted_on <= $2::date
     )
     select coalesce(sum(amount_cents) filter (where source <> 'insurance'), 0)::bigint as own_cents,
       coalesce(sum(amount_cents) filter (where source = 'insurance'), 0)::bigint as insurance_cents,
       (select coalesce(sum(r.amount_cents) filter (where r.party = 'patient'), 0)::bigint from returned r) as refunded_own_cents,
       (select coalesce(sum(r.amount_cents) filter (where r.party = 'insurance'), 0)::bigint from returned r) as refunded_insurance_cents,
       (coalesce(sum(fee_cents), 0) + (select coalesce(sum(r.fee_cents), 0) from returned r))::bigint as fees_cents,
       (coalesce(sum(fee_cents) filter (where known), 0) + (select coalesce(sum(r.fee_cents) filter (where r.known), 0) from returned r))::bigint as known_fees_cents,
       min(posted_on) filter (where amount_cents > 0) as first_payment_on, max(posted_on) filter (where amount_cents > 0) as last_payment_on
     from paid`,
    [patient_id, today],
  );
}

interface Earned {
  net_revenue_cents: number;
  known_revenue_cents: number;
  known_costs_cents: number;
  known_lines: number;
  goods_cents: number;
  lab_cents: number;
  clinician_minutes: number;
}

/** What each charge earned by today (a package earns where it is used up), and what it cost. */
async function earnedOn(tx: Tx, patient_id: string, today: string): Promise<Earned[]> {
  return tx.rows<Earned>(
    `with m as (
       select c.kind, c.service_on, c.period_end, ${NET} as net_cents, ${KNOWN} as known, c.goods_cost_cents, c.lab_cost_cents, c.clinician_minutes
       from charges c
       where c.patient_id = $1 and c.kind <> 'package' and c.voided_on is null and c.service_on <= $2::date
     ), earned as (
       select case m.kind when 'membership' then ${earnedBy('$2::date')} else m.net_cents end as cents, m.* from m
     )
     select coalesce(sum(cents), 0)::bigint as net_revenue_cents,
       coalesce(sum(cents) filter (where known), 0)::bigint as known_revenue_cents,
       coalesce(sum(goods_cost_cents + lab_cost_cents) filter (where known), 0)::bigint as known_costs_cents,
       count(*) filter (where known)::int as known_lines,
       coalesce(sum(goods_cost_cents), 0)::bigint as goods_cents, coalesce(sum(lab_cost_cents), 0)::bigint as lab_cents,
       coalesce(sum(clinician_minutes), 0)::bigint as clinician_minutes
     from earned`,
    [patient_id, today],
  );
}

async function creditOf(tx: Tx, patient_id: string, today: string): Promise<{ credit_cents: number }[]> {
  return tx.rows(
    `with accounts as (${accounts({ until: '$2::date', patient: '$1' }, { now: '$2::date' })})
     select coalesce(sum(-least(a.now_patient, 0) - least(a.now_insurance, 0)), 0)::bigint as credit_cents from accounts a`,
    [patient_id, today],
  );
}

/** Calendar months of the clinic with a day on which a membership was active or past due. */
async function membershipMonthsOf(tx: Tx, patient_id: string, today: string): Promise<{ months: number }[]> {
  return tx.rows(
    `with spans as (
       select v.status, v.occurred_at as begins, least(v.cancel_at, lead(v.occurred_at) over w, ($2::date + 1)::timestamptz) as ends
       from membership_events v where v.patient_id = $1 and v.occurred_at < ($2::date + 1)::timestamptz
       window w as (partition by v.membership_id order by v.occurred_at, v.id)
     )
     select count(distinct months.month)::int as months
     from spans s cross join lateral generate_series(date_trunc('month', s.begins::timestamp), (s.ends - interval '1 microsecond')::timestamp, interval '1 month') months (month)
     where s.status in ('active', 'past_due') and s.begins < s.ends`,
    [patient_id, today],
  );
}
