// When money is earned: a service or a product when it is given, a package when it is used, a membership day by day (connectors.md §2.10: prepaid is a liability).
import { type Day, dayOf } from '../days.ts';
import type { ChargeRow } from '../rows-money.ts';
import { type Books, ofCharge, refundsOf, type Scope, sumOf, within } from './ledger-of.ts';

/** What never was the clinic's to have: the contract, the sequester, the discount. */
const CONCESSIONS: readonly string[] = ['contractual', 'sequestration', 'discount'];

/** What a charge brings, less what is not asked for. */
export function netOf(books: Books, charge: ChargeRow, until = '9'): number {
  return (
    charge.amount_cents -
    sumOf(ofCharge(books.adjustments, charge.id).filter((row) => row.posted_on <= until && CONCESSIONS.includes(row.kind)))
  );
}

/** The part of `cents` that falls on the days of a period up to and with `day`; whole cents, so that the parts make the whole. */
export function earnedBy(cents: number, { service_on, period_end }: Pick<ChargeRow, 'service_on' | 'period_end'>, day: Day): number {
  const from = dayOf(service_on);
  const days = dayOf(period_end ?? service_on) - from + 1;
  const gone = Math.max(0, Math.min(days, day - from + 1));
  return Math.round((cents * gone) / days);
}

/** Revenue of the days [from, to] as it is known at the end of `today`. */
export function recognized(books: Books, { from, to, today, ...scope }: { from: string; to: string; today: string } & Scope) {
  const charges = books.charges
    .filter(within(scope))
    .filter(({ voided_on, posted_on }) => posted_on <= today && (voided_on === null || voided_on > today));
  const inRange = charges.filter(({ service_on }) => service_on >= from && service_on <= to);
  const used = (charge: ChargeRow) =>
    sumOf(
      ofCharge(books.payments, charge.id).filter((row) => row.source === 'package' && row.status === 'settled' && row.posted_on <= today),
    );
  const sum = (list: readonly ChargeRow[], of: (charge: ChargeRow) => number) => list.reduce((total, charge) => total + of(charge), 0);
  const kind = (which: ChargeRow['kind']) => inRange.filter((charge) => charge.kind === which);
  const given = [...kind('service'), ...kind('product')];
  const memberships = sum(
    charges.filter((charge) => charge.kind === 'membership'),
    (charge) => {
      const cents = netOf(books, charge, today);
      return earnedBy(cents, charge, dayOf(to)) - earnedBy(cents, charge, dayOf(from) - 1);
    },
  );
  const services_cents = sum(kind('service'), (charge) => netOf(books, charge, today) - used(charge));
  const products_cents = sum(kind('product'), (charge) => netOf(books, charge, today) - used(charge));
  const packages_redeemed_cents = sum(given, used);
  return {
    services_cents,
    products_cents,
    packages_redeemed_cents,
    memberships_cents: memberships,
    total_cents: services_cents + products_cents + packages_redeemed_cents + memberships,
  };
}

/** Paid for and not given yet, at the end of a day. */
export function deferred(books: Books, on: string, scope: Scope = {}) {
  const mine = within(scope);
  const stands = ({ posted_on, voided_on }: ChargeRow) => posted_on <= on && (voided_on === null || voided_on > on);
  const paid = (charge: ChargeRow) =>
    sumOf(ofCharge(books.payments, charge.id).filter((row) => row.status === 'settled' && row.posted_on <= on)) -
    sumOf(refundsOf(books, charge.id).filter((row) => row.posted_on <= on));
  const used = (charge: ChargeRow) =>
    sumOf(books.payments.filter((row) => row.package_charge_id === charge.id && row.status === 'settled' && row.posted_on <= on));
  const charges = books.charges.filter(mine).filter(stands);
  const packages_cents = charges
    .filter(({ kind }) => kind === 'package')
    .reduce((sum, charge) => sum + Math.max(0, paid(charge) - used(charge)), 0);
  const memberships_cents = charges
    .filter(({ kind }) => kind === 'membership')
    .reduce((sum, charge) => sum + Math.max(0, paid(charge) - earnedBy(netOf(books, charge, on), charge, dayOf(on))), 0);
  return { packages_cents, memberships_cents, total_cents: packages_cents + memberships_cents };
}
