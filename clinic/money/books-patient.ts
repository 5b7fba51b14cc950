// One patient's money told again from the rows: what was brought and earned (connectors.md §2.11), what is owed (§2.18).
import { dayOf } from '../days.ts';
import type { Clinic } from '../rows.ts';
import type { ChargeRow } from '../rows-money.ts';
import { earnedBy, netOf } from './earned.ts';
import { type Books, openAt, sumOf, within } from './ledger-of.ts';

const four = (numerator: number, denominator: number) => ({
  numerator,
  denominator,
  ...(denominator > 0 && { rate: Math.round((numerator / denominator) * 10_000) / 10_000 }),
});

/** What a charge has earned by the end of a day: a package earns nothing, its uses do. */
function earned(books: Books, charge: ChargeRow, today: string): number {
  if (charge.kind === 'package') return 0;
  const net = netOf(books, charge, today);
  return charge.kind === 'membership' ? earnedBy(net, charge, dayOf(today)) : net;
}

export function profitOf(books: Books, { patient_id, today }: { patient_id: string; today: string }) {
  const mine = within({ patient_id });
  const paid = books.payments
    .filter(mine)
    .filter(({ status, posted_on, source }) => status === 'settled' && posted_on <= today && source !== 'package');
  const back = books.refunds.filter(mine).filter(({ posted_on }) => posted_on <= today);
  const charges = books.charges
    .filter(mine)
    .filter(({ posted_on, voided_on }) => posted_on <= today && (voided_on === null || voided_on > today));
  const insurance = sumOf(paid.filter(({ source }) => source === 'insurance')) - sumOf(back.filter(({ party }) => party === 'insurance'));
  const spend = sumOf(paid.filter(({ source }) => source !== 'insurance')) - sumOf(back.filter(({ party }) => party === 'patient'));
  const total = (list: readonly ChargeRow[], of: (charge: ChargeRow) => number) => list.reduce((sum, charge) => sum + of(charge), 0);
  const known = charges.filter(({ goods_cost_cents, lab_cost_cents }) => goods_cost_cents !== null && lab_cost_cents !== null);
  const all_earned = total(charges, (charge) => earned(books, charge, today));
  const known_earned = total(known, (charge) => earned(books, charge, today));
  const fees = paid.reduce((sum, { fee_cents }) => sum + (fee_cents ?? 0), 0) + back.reduce((sum, { fee_cents }) => sum + fee_cents, 0);
  const costs = total(known, ({ goods_cost_cents, lab_cost_cents }) => (goods_cost_cents ?? 0) + (lab_cost_cents ?? 0));
  const onKnown = ({ charge_id }: { charge_id: string | null }) => known.some(({ id }) => id === charge_id);
  const known_fees =
    paid.filter(onKnown).reduce((sum, { fee_cents }) => sum + (fee_cents ?? 0), 0) +
    back.filter(onKnown).reduce((sum, { fee_cents }) => sum + fee_cents, 0);
  const margin = known_earned - costs - known_fees;
  const days = paid
    .filter(({ amount_cents }) => amount_cents > 0)
    .map(({ posted_on }) => posted_on)
    .sort();
  const credit =
    0 - openAt(books, today, { patient_id }).reduce((sum, part) => sum + Math.min(0, part.insurance) + Math.min(0, part.patient), 0);
  return {
    total_spend_cents: spend,
    insurance_paid_cents: insurance,
    lifetime_net_collections_cents: spend + insurance,
    refunded_cents: sumOf(back),
    net_revenue_cents: all_earned,
    direct_costs: {
      goods_cents: total(charges, ({ goods_cost_cents }) => goods_cost_cents ?? 0),
      lab_cents: total(charges, ({ lab_cost_cents }) => lab_cost_cents ?? 0),
      processing_fees_cents: fees,
      clinician_minutes: total(charges, ({ clinician_minutes }) => clinician_minutes ?? 0),
    },
    cost_completeness: four(known_earned, all_earned),
    ...(known.some(({ kind }) => kind !== 'package') && { margin_cents: margin, margin_rate: four(margin, known_earned) }),
    credit_cents: credit,
    ...(days.length > 0 && { first_payment_on: days[0], last_payment_on: days.at(-1) }),
    membership_months: monthsOf(books, patient_id, today).size,
  };
}

/** The calendar months with a day of a membership that was active or past due. */
function monthsOf(books: Books, patient_id: string, today: string): Set<string> {
  const months = new Set<string>();
  for (const { id } of books.memberships.filter((row) => row.patient_id === patient_id)) {
    const events = books.membership_events.filter(({ membership_id }) => membership_id === id);
    for (const [n, event] of events.entries()) {
      if (event.status !== 'active' && event.status !== 'past_due') continue;
      const stop = [events[n + 1]?.occurred_at, event.cancel_at]
        .filter((at) => at != null)
        .map((at) => at as string)
        .sort()[0];
      const last = stop === undefined || stop.slice(0, 10) > today ? today : stop.slice(0, 10);
      for (let month = event.occurred_at.slice(0, 7); month <= last.slice(0, 7); month = nextMonth(month)) months.add(month);
    }
  }
  return months;
}

const nextMonth = (month: string): string => {
  const [year, at] = month.split('-').map(Number) as [number, number];
  return at === 12 ? `${year + 1}-01` : `${year}-${String(at + 1).padStart(2, '0')}`;
};

/** Claims that a payer still has, or should have: a bill to the patient would be too early. */
const PENDING: readonly string[] = ['draft', 'submitted', 'rejected', 'accepted', 'pended'];

export function balanceOf(books: Books & Pick<Clinic, 'claim_lines'>, { patient_id, today }: { patient_id: string; today: string }) {
  const open = openAt(books, today, { patient_id });
  const pending = books.claims.filter((claim) => claim.patient_id === patient_id && PENDING.includes(claim.status));
  const asked = new Set(pending.map(({ id }) => id));
  const waiting = new Set(books.claim_lines.filter(({ claim_id }) => asked.has(claim_id)).map(({ charge_id }) => charge_id));
  const owing = open.filter(({ patient }) => patient > 0);
  const patient_cents = owing.reduce((sum, { patient }) => sum + patient, 0);
  const oldest_on = owing.map(({ since }) => since).sort()[0];
  const unapplied = open.filter(({ charge }) => charge === undefined).reduce((sum, { patient }) => sum - Math.min(0, patient), 0);
  return {
    patient_cents,
    insurance_cents: open.reduce((sum, { insurance }) => sum + Math.max(0, insurance), 0),
    credit_cents: 0 - open.reduce((sum, part) => sum + Math.min(0, part.insurance) + Math.min(0, part.patient), 0),
    unapplied_cents: unapplied,
    billable_cents: owing.filter(({ charge }) => !waiting.has(charge?.id ?? '')).reduce((sum, { patient }) => sum + patient, 0),
    ...(oldest_on && { oldest_on, oldest_days: dayOf(today) - dayOf(oldest_on) }),
    pending_claims: pending.length,
  };
}
