// The clinic's books told again from its rows, by the words of connectors.md §2.10 and by no SQL: what get_billing_summary must say.
import { dateOf, dayOf } from '../days.ts';
import { deferred, recognized } from './earned.ts';
import { type Books, receivableAt, type Scope, sumOf, within } from './ledger-of.ts';

interface Range extends Scope {
  from: string;
  to: string;
  /** The day of asking. */
  today: string;
}

const four = (numerator: number, denominator: number) => ({
  numerator,
  denominator,
  ...(denominator > 0 && { rate: Math.round((numerator / denominator) * 10_000) / 10_000 }),
});

/** Charges of the days [from, to]: by the day they were posted (less what was voided by then) and by the day of service (as known on the day of asking). */
function chargesIn(books: Books, { from, to, today, ...scope }: Range) {
  const mine = books.charges.filter(within(scope));
  const posted = mine.filter(({ posted_on, voided_on }) => posted_on >= from && posted_on <= to && (voided_on === null || voided_on > to));
  const served = mine.filter(
    ({ service_on, posted_on, voided_on }) =>
      service_on >= from && service_on <= to && posted_on <= today && (voided_on === null || voided_on > today),
  );
  const kinds = (['service', 'product', 'package', 'membership'] as const)
    .map((kind) => ({ kind, cents: sumOf(posted.filter((row) => row.kind === kind)) }))
    .filter(({ cents }) => cents !== 0);
  return {
    by_post_date_cents: sumOf(posted),
    by_service_date_cents: sumOf(served),
    count: posted.length,
    taxes_cents: posted.reduce((sum, { tax_cents }) => sum + tax_cents, 0),
    by_kind: kinds,
  };
}

function cashIn(books: Books, { from, to, ...scope }: Range) {
  const inRange = ({ posted_on }: { posted_on: string }) => posted_on >= from && posted_on <= to;
  const paid = books.payments.filter(within(scope)).filter((row) => row.status === 'settled' && inRange(row));
  const source = (which: string) => sumOf(paid.filter((row) => row.source === which));
  const off = books.adjustments.filter(within(scope)).filter(inRange);
  const kind = (which: string) => sumOf(off.filter((row) => row.kind === which));
  const back = books.refunds.filter(within(scope)).filter(inRange);
  const payments = { insurance_cents: source('insurance'), patient_cents: source('patient'), gift_card_cents: source('gift_card') };
  const new_money_cents = payments.insurance_cents + payments.patient_cents + payments.gift_card_cents;
  const refunds_cents = sumOf(back.filter((row) => row.kind === 'refund'));
  const chargebacks_cents = sumOf(back.filter((row) => row.kind === 'chargeback'));
  return {
    payments: { ...payments, new_money_cents, package_cents: source('package') },
    adjustments: {
      contractual_cents: kind('contractual'),
      sequestration_cents: kind('sequestration'),
      discount_cents: kind('discount'),
      write_off_cents: kind('write_off'),
      bad_debt_cents: kind('bad_debt'),
      total_cents: sumOf(off),
    },
    refunds: { refunds_cents, chargebacks_cents, count: back.length },
    net_collections_cents: new_money_cents - refunds_cents - chargebacks_cents,
  };
}

/** Opening + charges + taxes − voided − payments − adjustments + refunds = closing; every posting of the range on its own day. */
function identityOf(books: Books, { from, to, ...scope }: Range) {
  const mine = books.charges.filter(within(scope));
  const inRange = (on: string | null) => on !== null && on >= from && on <= to;
  const posted = mine.filter(({ posted_on }) => inRange(posted_on));
  const voided = mine.filter(({ voided_on }) => inRange(voided_on)).reduce((sum, row) => sum + row.amount_cents + row.tax_cents, 0);
  const paid = books.payments.filter(within(scope)).filter((row) => row.status === 'settled' && inRange(row.posted_on));
  const off = books.adjustments.filter(within(scope)).filter(({ posted_on }) => inRange(posted_on));
  const back = books.refunds.filter(within(scope)).filter(({ posted_on }) => inRange(posted_on));
  const opening_cents = receivableAt(books, dateOf(dayOf(from) - 1), scope).net_cents;
  const closing_cents = receivableAt(books, to, scope).net_cents;
  const figures = {
    opening_cents,
    charges_cents: sumOf(posted),
    taxes_cents: posted.reduce((sum, { tax_cents }) => sum + tax_cents, 0),
    voided_cents: voided,
    payments_cents: sumOf(paid),
    adjustments_cents: sumOf(off),
    refunds_cents: sumOf(back),
    closing_cents,
  };
  const expected =
    opening_cents +
    figures.charges_cents +
    figures.taxes_cents -
    voided -
    figures.payments_cents -
    figures.adjustments_cents +
    figures.refunds_cents;
  return { ...figures, difference_cents: closing_cents - expected };
}

/** Payouts that arrived in the range against the card payments and what was taken back that they hold. */
function payoutsIn(books: Books, { from, to }: Range) {
  const arrived = books.payouts.filter(({ arrived_on }) => arrived_on >= from && arrived_on <= to);
  const parts = arrived.map((payout) => {
    const paid = books.payments.filter(({ payout_id, status }) => payout_id === payout.id && status === 'settled');
    const back = books.refunds.filter(({ payout_id }) => payout_id === payout.id);
    const gross = sumOf(paid);
    const fees = paid.reduce((sum, { fee_cents }) => sum + (fee_cents ?? 0), 0) + back.reduce((sum, { fee_cents }) => sum + fee_cents, 0);
    const refunds = sumOf(back.filter(({ kind }) => kind === 'refund'));
    const disputes = sumOf(back.filter(({ kind }) => kind === 'chargeback'));
    return { gross, fees, refunds, disputes, difference: payout.amount_cents - (gross - fees - refunds - disputes) };
  });
  const total = (of: (part: (typeof parts)[number]) => number) => parts.reduce((sum, part) => sum + of(part), 0);
  return {
    count: arrived.length,
    paid_out_cents: sumOf(arrived),
    gross_cents: total(({ gross }) => gross),
    fees_cents: total(({ fees }) => fees),
    refunds_cents: total(({ refunds }) => refunds),
    disputes_cents: total(({ disputes }) => disputes),
    difference_cents: total(({ difference }) => difference),
    not_matching: parts.filter(({ difference }) => difference !== 0).length,
  };
}

/** What there was to collect: charges of a range, less what contracts take off and less what a package had paid for before. */
function netCharges(books: Books, range: Range): number {
  const { adjustments, payments } = cashIn(books, range);
  const charged = chargesIn(books, range).by_post_date_cents;
  return charged - adjustments.contractual_cents - adjustments.sequestration_cents - payments.package_cents;
}

/** Every figure of the billing summary. */
export function booksOf(books: Books, range: Range) {
  const { from, to, today, ...scope } = range;
  const cash = cashIn(books, range);
  const closing = receivableAt(books, to, scope);
  const net_charges_90_days_cents = netCharges(books, { ...range, from: dateOf(dayOf(to) - 89) });
  const days = Math.round(((closing.net_cents * 90) / net_charges_90_days_cents) * 10) / 10;
  return {
    from,
    to,
    charges: chargesIn(books, range),
    ...cash,
    net_collection_rate: four(cash.net_collections_cents, netCharges(books, range)),
    recognized_revenue: recognized(books, range),
    deferred_liability: { on: to, ...deferred(books, to, scope) },
    receivable: { opening: receivableAt(books, dateOf(dayOf(from) - 1), scope), closing },
    days_in_ar: {
      receivable_cents: closing.net_cents,
      net_charges_90_days_cents,
      ...(net_charges_90_days_cents > 0 && { days }),
    },
    identity: identityOf(books, range),
    ...(scope.practitioner_id === undefined && { payouts: payoutsIn(books, range) }),
  };
}
