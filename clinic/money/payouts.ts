// The card processor pays out two working days later, all cards of a day together: gross − fees − refunds − disputes.
import { workdayFrom } from '../calendar.ts';
import { type Day, dateOf, dayOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { PaymentRow, PayoutRow, RefundRow } from '../rows-money.ts';
import type { Setting } from '../setting.ts';
import type { Account } from './account.ts';

type Where = Pick<Setting, 'options' | 'as_of'>;

const arrival = (day: Day): Day => workdayFrom(workdayFrom(day + 1) + 1);

function payoutId({ options, as_of }: Where, posted_on: string): string | null {
  const day = arrival(dayOf(posted_on));
  return day < as_of ? idOf({ seed: options.seed, tenant: options.clinic, patient: '' }, 'payout', dateOf(day)) : null;
}

/** Lays every card payment, and what was taken back of one, into the payout in which it came. */
export function payOut({ story: { setting }, payments, refunds }: Account): void {
  const byCard = new Set<string>();
  for (const row of payments) {
    if (row.method !== 'card' || row.status !== 'settled') continue;
    byCard.add(row.id);
    row.payout_id = payoutId(setting, row.posted_on);
  }
  for (const row of refunds) if (byCard.has(row.payment_id)) row.payout_id = payoutId(setting, row.posted_on);
}

/** The payouts of a clinic, by day. */
export function payoutsOf(tenant_id: string, payments: readonly PaymentRow[], refunds: readonly RefundRow[]): PayoutRow[] {
  const payouts = new Map<string, PayoutRow>();
  const add = (id: string | null, posted_on: string, cents: number) => {
    if (id === null) return;
    const row = payouts.get(id) ?? { tenant_id, id, arrived_on: dateOf(arrival(dayOf(posted_on))), amount_cents: 0 };
    row.amount_cents += cents;
    payouts.set(id, row);
  };
  for (const row of payments) add(row.payout_id, row.posted_on, row.amount_cents - (row.fee_cents ?? 0));
  for (const row of refunds) add(row.payout_id, row.posted_on, -row.amount_cents - row.fee_cents);
  return [...payouts.values()].sort((a, b) => (a.arrived_on < b.arrived_on ? -1 : 1));
}
