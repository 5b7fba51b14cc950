import type { Tx } from '../../db/tx.ts';
import type { Billing, BillingSummary } from '../../domains/billing.ts';
import { plusDays } from '../../domains/days.ts';
import { excludedOf, rateOf } from '../../domains/definitions.ts';
import type { Surroundings } from '../connector.ts';
import { type Charged, chargesIn, type Flow, type Moved, moneyIn, netChargesIn, payoutsIn } from './billing-flows.ts';
import { netOf, receivablesOf } from './receivable.ts';
import { deferredAt, recognizedIn } from './revenue.ts';
import { practitionerStands } from './standing.ts';
import { seesAll, type WholeBooks, wholeBooks } from './whole-books.ts';

/** Days of charges that the average day of days in AR is made of. */
const AR_DAYS = 90;

export function billing({ tx }: Surroundings): Billing {
  return {
    async summary({ from, to, practitioner_id }) {
      const whose = practitioner_id ?? null;
      const [, charged, moved, recent, { opening, closing, recognized, deferred }, payouts] = await Promise.all([
        practitionerStands(tx, practitioner_id),
        chargesIn(tx, { from, to, whose }),
        moneyIn(tx, { from, to, whose }),
        netChargesIn(tx, { from: plusDays(to, 1 - AR_DAYS), to, whose }),
        booksOf(tx, { from, to, whose }),
        whose === null ? payoutsIn(tx, { from, to }) : undefined,
      ]);
      return {
        from,
        to,
        ...(practitioner_id !== undefined && { provider_id: practitioner_id }),
        ...ledgersOf(charged, moved),
        recognized_revenue: { ...recognized, definition: 'recognized_revenue@1' },
        deferred_liability: { on: to, ...deferred, definition: 'deferred_liability@1' },
        receivable: { opening, closing, definition: 'accounts_receivable@1' },
        days_in_ar: daysInAr(closing.net_cents, recent),
        identity: identityOf(opening.net_cents, closing.net_cents, charged, moved),
        ...(payouts && payouts.count > 0 && { payouts }),
        excluded: excludedOf({
          pending_payments: moved.pending_count,
          failed_payments: moved.failed_count,
          voided_charges: charged.voided_count,
        }),
      };
    },
  };
}

/** What one clinician's books are made of is read table by table, the whole clinic's in one walk. */
async function booksOf(tx: Tx, { from, to, whose }: Flow): Promise<WholeBooks> {
  const days = { opening: plusDays(from, -1), closing: to };
  if (whose === null && (await seesAll(tx))) return wholeBooks(tx, days);
  const [receivable, recognized, deferred] = await Promise.all([
    receivablesOf(tx, { ...days, whose }),
    recognizedIn(tx, { from, to, whose }),
    deferredAt(tx, { to, whose }),
  ]);
  return { ...receivable, recognized, deferred };
}

type Ledgers = Pick<BillingSummary, 'charges' | 'payments' | 'adjustments' | 'refunds' | 'net_collections_cents' | 'net_collection_rate'>;

function ledgersOf(charged: Charged, moved: Moved): Ledgers {
  const { by_kind, by_post_date_cents, by_service_date_cents, count, taxes_cents } = charged;
  const { payments, adjustments, refunds } = moved;
  const net_collections_cents = payments.new_money_cents - refunds.refunds_cents - refunds.chargebacks_cents;
  return {
    charges: { by_post_date_cents, by_service_date_cents, count, taxes_cents, by_kind },
    payments,
    adjustments,
    refunds,
    net_collections_cents,
    net_collection_rate: { ...rateOf(net_collections_cents, netChargesOf(charged, moved)), definition: 'net_collection_rate@1' },
  };
}

/** What could be collected: charges less what no contract lets the clinic ask for, and less what a package had paid before. */
function netChargesOf({ by_post_date_cents }: Charged, { adjustments, payments }: Moved): number {
  return by_post_date_cents - adjustments.contractual_cents - adjustments.sequestration_cents - payments.package_cents;
}

function daysInAr(receivable_cents: number, net_charges_90_days_cents: number): BillingSummary['days_in_ar'] {
  const days = Math.round((receivable_cents / (net_charges_90_days_cents / AR_DAYS)) * 10) / 10;
  return {
    receivable_cents,
    net_charges_90_days_cents,
    ...(net_charges_90_days_cents > 0 && { days }),
    definition: 'days_in_ar@1',
  };
}

function identityOf(opening_cents: number, closing_cents: number, charged: Charged, moved: Moved): BillingSummary['identity'] {
  const parts = {
    opening_cents,
    charges_cents: charged.posted_cents,
    taxes_cents: charged.posted_taxes_cents,
    voided_cents: charged.voided_cents,
    payments_cents: moved.payments.new_money_cents + moved.payments.package_cents,
    adjustments_cents: moved.adjustments.total_cents,
    refunds_cents: moved.refunds.refunds_cents + moved.refunds.chargebacks_cents,
  };
  return { ...parts, closing_cents, difference_cents: netOf(parts) - closing_cents };
}
