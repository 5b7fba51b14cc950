// Packages: paid in full before, used up visit by visit. What one use is worth is the price of the package by its parts; the rest of the list price is a discount.
import { type Day, dayOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { ChargeRow, PaymentRow } from '../rows-money.ts';
import { type Account, adjust, type Debt, pay } from './account.ts';
import { charge } from './charges.ts';
import { type Code, feeOf } from './fees.ts';

interface Pack {
  code: Code;
  of: Code;
  uses: number;
  /** How many are bought at most. */
  most: number;
}

const PACKS: Record<string, Pack> = {
  'trt.stable': { code: 'PKG-INJ10', of: 'INJ-T', uses: 10, most: 2 },
  'hrt.pellets': { code: 'PKG-PEL3', of: 'PEL-F', uses: 3, most: 2 },
  'glp1.compounded': { code: 'PKG-WGT6', of: 'WGT-V', uses: 6, most: 1 },
  'glp1.refund': { code: 'PKG-WGT6', of: 'WGT-V', uses: 6, most: 1 },
};

/** Buys a package on the day of its first use, pays for it by card, and uses it; the debts that it covers are taken out of the account's. */
export function packagesOf(account: Account): void {
  const pack = PACKS[account.story.setting.person.arc];
  if (!pack) return;
  const uses = account.debts.filter((debt) => debt.charge.code === pack.of && !isOver(account, debt.since));
  for (let bought = 0; bought < pack.most && bought * pack.uses < uses.length; bought++) {
    const part = uses.slice(bought * pack.uses, (bought + 1) * pack.uses);
    const day = (part[0] as Debt).since;
    const row = charge(account, { code: pack.code, day, name: `package.${bought}` });
    account.debts = account.debts.filter((debt) => debt.charge !== row && !part.includes(debt));
    pay(account, `package.${bought}`, { charge: row, day, source: 'patient', method: 'card', amount_cents: row.amount_cents });
    for (const [n, debt] of part.entries()) use(account, { row, pack, debt, name: `package.${bought}.${n}` });
  }
}

/** After the money was given back nothing is used up any more. */
const isOver = ({ story: { setting } }: Account, day: Day): boolean =>
  setting.person.arc === 'glp1.refund' && day > setting.as_of - GIVEN_BACK;

function use(account: Account, { row, pack, debt, name }: { row: ChargeRow; pack: Pack; debt: Debt; name: string }): void {
  const worth = Math.round(feeOf(pack.code).cents / pack.uses);
  pay(account, name, {
    charge: debt.charge,
    day: dayOf(debt.charge.posted_on),
    source: 'package',
    method: 'transfer',
    amount_cents: worth,
    package_charge_id: row.id,
  });
  adjust(account, name, {
    charge: debt.charge,
    day: dayOf(debt.charge.posted_on),
    kind: 'discount',
    party: 'patient',
    amount_cents: debt.cents - worth,
  });
}

/** The days before as_of on which the one who wanted the money back got what was not used. */
export const GIVEN_BACK = 118;

/** The payment of the first package of an account. */
export function packagePayment(account: Account): PaymentRow | undefined {
  const id = idOf(account.story.setting.origin, 'payment', 'package.0');
  return account.payments.find((row) => row.id === id);
}
