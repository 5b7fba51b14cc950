// Random histories of a patient's charges and of what is posted to them.
import fc from 'fast-check';
import type { Admin } from '../../src/db/pool.ts';
import { loadRows } from '../../src/sources/native/load.ts';
import type { Row } from './chart.ts';
import { aCharge, anAdjustment, aPayment, aRefund, aTransfer } from './money.ts';

export const at = (day: number) => `2026-10-${String(day + 1).padStart(2, '0')}`;
export const DAYS = 8;

const CHANGES = [
  'charge',
  'pay',
  'pay',
  'adjust',
  'move',
  'give back',
  'give back',
  'void',
  'stand again',
  'charge more',
  'serve another day',
  'post another day',
  'make it a package',
  'let the insurer owe it',
  'settle',
  'fail',
  'pay for another',
  'pay for none',
  'use a package',
  'pay another day',
  'adjust more',
  'move back',
  'refund another',
  'refund the payment',
  'remove a payment',
  'remove an adjustment',
  'remove a move',
  'remove a refund',
  'remove a charge',
] as const;
export interface Step {
  what: (typeof CHANGES)[number];
  which: number;
  to: number;
  day: number;
  cents: number;
  of: number;
}
/** One posting to the charges of a patient, or one change of what was posted. */
export const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...CHANGES),
  which: fc.nat(50),
  to: fc.nat(50),
  day: fc.nat(DAYS - 1),
  cents: fc.integer({ min: 1, max: 300 }),
  of: fc.nat(11),
});

export interface Made {
  charges: Row[];
  payments: Row[];
  adjustments: Row[];
  moves: Row[];
  refunds: Row[];
}
const pick = <T>(rows: readonly T[], n: number): T | undefined => rows[n % Math.max(1, rows.length)];
const change = (admin: Admin) => (table: string, what: string, row: Row | undefined, value?: unknown) =>
  row && admin.query(`update data.${table} set ${what} where id = $1`, value === undefined ? [row.id] : [row.id, value]);
async function remove(admin: Admin, table: string, rows: Row[], n: number): Promise<void> {
  const row = pick(rows, n);
  if (!row) return;
  await admin.query(`delete from data.${table} where id = $1`, [row.id]);
  rows.splice(rows.indexOf(row), 1);
}

const KINDS = ['service', 'product', 'package', 'membership'];
export const PARTIES = ['insurance', 'patient'];
const WAIVERS = ['contractual', 'sequestration', 'discount', 'write_off', 'bad_debt'];

/** Does one step; what cannot be done to what is there is left out. */
export async function take(admin: Admin, patient: Row, { what, which, to, day, cents, of }: Step, made: Made): Promise<void> {
  const set = change(admin);
  const posted_on = at(day);
  const charge = pick(made.charges, which);
  const payment = pick(made.payments, which);
  const add = async (table: string, into: Row[], row: Row) => {
    await loadRows(admin, { [table]: [row] });
    into.push(row);
  };
  switch (what) {
    case 'charge':
      return add(
        'charges',
        made.charges,
        aCharge(patient, {
          kind: KINDS[of % 4],
          responsible: PARTIES[to % 2],
          amount_cents: cents,
          tax_cents: to % 3,
          service_on: at(to % DAYS),
          posted_on,
        }),
      );
    case 'pay':
      return charge && add('payments', made.payments, aPayment(charge, { source: PARTIES[to % 2], amount_cents: cents, posted_on }));
    case 'use a package':
      return (
        charge &&
        add(
          'payments',
          made.payments,
          aPayment(charge, { source: 'package', package_charge_id: pick(made.charges, to)?.id, amount_cents: cents, posted_on }),
        )
      );
    case 'adjust':
      return (
        charge &&
        add(
          'adjustments',
          made.adjustments,
          anAdjustment(charge, { kind: WAIVERS[of % 5], party: PARTIES[to % 2], amount_cents: of % 7 ? cents : -cents, posted_on }),
        )
      );
    case 'move':
      return (
        charge &&
        add('responsibility_transfers', made.moves, aTransfer(charge, { amount_cents: of % 5 ? cents : -cents, moved_on: posted_on }))
      );
    case 'give back':
      return (
        payment &&
        add(
          'refunds',
          made.refunds,
          aRefund(payment, {
            party: PARTIES[to % 2],
            amount_cents: cents,
            posted_on,
            charge_id: of % 3 ? null : pick(made.charges, to)?.id,
          }),
        )
      );
    case 'void':
      return void (await set('charges', 'voided_on = $2', charge, posted_on));
    case 'stand again':
      return void (await set('charges', 'voided_on = null', charge));
    case 'charge more':
      return void (await set('charges', 'amount_cents = $2', charge, cents));
    case 'serve another day':
      return void (await set('charges', 'service_on = $2', charge, posted_on));
    case 'post another day':
      return void (await set('charges', 'posted_on = $2', charge, posted_on));
    case 'make it a package':
      return void (await set('charges', 'kind = $2', charge, KINDS[of % 4]));
    case 'let the insurer owe it':
      return void (await set('charges', 'responsible = $2', charge, PARTIES[to % 2]));
    case 'settle':
      return void (await set('payments', "status = 'settled'", payment));
    case 'fail':
      return void (await set('payments', "status = 'failed'", payment));
    case 'pay for another':
      return void (await set('payments', 'charge_id = $2', payment, pick(made.charges, to)?.id));
    case 'pay for none':
      return void (await set('payments', 'charge_id = null', payment));
    case 'pay another day':
      return void (await set('payments', 'posted_on = $2', payment, posted_on));
    case 'adjust more':
      return void (await set('adjustments', 'amount_cents = $2', pick(made.adjustments, which), cents));
    case 'move back':
      return void (await set('responsibility_transfers', 'amount_cents = -amount_cents', pick(made.moves, which)));
    case 'refund another':
      return void (await set('refunds', 'payment_id = $2', pick(made.refunds, which), pick(made.payments, to)?.id));
    case 'refund the payment':
      return void (await set('refunds', 'charge_id = null', pick(made.refunds, which)));
    case 'remove a payment':
      if (made.refunds.length === 0) await remove(admin, 'payments', made.payments, which);
      return;
    case 'remove an adjustment':
      return remove(admin, 'adjustments', made.adjustments, which);
    case 'remove a move':
      return remove(admin, 'responsibility_transfers', made.moves, which);
    case 'remove a refund':
      return remove(admin, 'refunds', made.refunds, which);
    case 'remove a charge':
      if (made.payments.length + made.adjustments.length + made.moves.length + made.refunds.length === 0)
        await remove(admin, 'charges', made.charges, which);
  }
}
