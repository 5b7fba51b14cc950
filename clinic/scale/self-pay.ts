// Visits that the patient pays: most on the day, some later, some in part.
import type { Debt } from './debts.ts';
import { charge, giveBack, pay } from './ledger.ts';
import type { To, Visit } from './patient.ts';
import { KIND } from './population.ts';

const S = { money: 208, back: 214 };

export const FEES = [11_237, 14_512, 18_933, 9_841, 25_075];

/** Answers what is left to be paid. */
export function selfPayLines(to: To, { n, day }: Visit): Debt[] {
  const { chance, last_day, id } = to;
  const cents = FEES[chance.int(S.money, 0, FEES.length - 1, n)] as number;
  const isKnown = chance.uniform(S.money, 100 + n) < 0.7;
  const costs = isKnown ? { goods_cents: Math.round(cents * 0.2), lab_cents: 0, minutes: 30 } : {};
  const of = charge(to, { n, encounter: id(KIND.encounter, n), code: '99214', what: 'Office visit', cents, day, ...costs });
  const u = chance.uniform(S.money, 200 + n);
  const on = day + (u < 0.6 ? 0 : 1 + chance.int(S.money, 0, 40, 300 + n));
  if (u > 0.88 || on > last_day) return [{ charge: of, cents, since: day, from: 'clinic' }];
  const paid = u > 0.8 ? Math.round(cents / 3) : cents;
  const payment = pay(to, { n, charge: of, cents: paid, day: on });
  const back = chance.uniform(S.back, n * 2);
  const returned = on + 2 + chance.int(S.back, 0, 30, n * 2 + 1);
  if (back < 0.008 && returned <= last_day)
    giveBack(to, { n, payment, charge: of, kind: back < 0.001 ? 'chargeback' : 'refund', cents: paid, day: returned });
  return paid < cents ? [{ charge: of, cents: cents - paid, since: day, from: 'clinic' }] : [];
}
