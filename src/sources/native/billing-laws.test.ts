// The identities of the books on random ledgers: what SQL says against a recomputation here, row by row.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, type Row } from '../../../test/builders/chart.ts';
import { aCharge, anAdjustment, aPayment, aRefund, aTransfer } from '../../../test/builders/money.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { plusDays } from '../../domains/days.ts';

const FIRST = '2026-03-01';
const day = (most: number) => fc.nat(most).map((days) => plusDays(FIRST, days));
const cents = fc.integer({ min: 1, max: 60_000 });
const party = fc.constantFrom('insurance', 'patient');

const Happening = fc.record({
  amount_cents: cents,
  tax_cents: fc.constantFrom(0, 0, 120),
  kind: fc.constantFrom('service', 'service', 'product', 'package', 'membership'),
  responsible: party,
  service_on: day(200),
  lag: fc.nat(9),
  period: fc.option(fc.nat(60), { nil: null }),
  voided: fc.option(fc.nat(80), { nil: null, freq: 6 }),
  payments: fc.array(
    fc.record({
      amount_cents: cents,
      source: fc.constantFrom('insurance', 'patient', 'gift_card', 'package'),
      status: fc.constantFrom('settled', 'settled', 'settled', 'pending', 'failed'),
      posted_on: day(240),
      applied: fc.boolean(),
      back: fc.option(fc.record({ amount_cents: cents, kind: fc.constantFrom('refund', 'chargeback'), lag: fc.nat(60) }), {
        nil: null,
      }),
    }),
    { maxLength: 3 },
  ),
  adjustments: fc.array(
    fc.record({
      kind: fc.constantFrom('contractual', 'sequestration', 'discount', 'write_off', 'bad_debt'),
      party,
      amount_cents: cents,
      posted_on: day(240),
    }),
    { maxLength: 2 },
  ),
  transfers: fc.array(fc.record({ amount_cents: fc.integer({ min: -9_000, max: 20_000 }).filter(Boolean), moved_on: day(240) }), {
    maxLength: 2,
  }),
});
type Happening = typeof Happening extends fc.Arbitrary<infer T> ? T : never;

interface Ledger {
  charges: Row[];
  payments: Row[];
  adjustments: Row[];
  responsibility_transfers: Row[];
  refunds: Row[];
}

function ledgerOf(patient: Row, happenings: readonly Happening[]): Ledger {
  const ledger: Ledger = { charges: [], payments: [], adjustments: [], responsibility_transfers: [], refunds: [] };
  const pack = aCharge(patient, { kind: 'package', service_on: FIRST, posted_on: FIRST, tax_cents: 0, voided_on: null });
  ledger.charges.push(pack);
  for (const { payments, adjustments, transfers, lag, voided, period, ...own } of happenings) {
    const posted_on = plusDays(own.service_on, lag);
    const charge = aCharge(patient, {
      ...own,
      posted_on,
      voided_on: voided === null ? null : plusDays(posted_on, voided),
      period_end: period === null ? null : plusDays(own.service_on, period),
    });
    ledger.charges.push(charge);
    for (const { applied, back, ...paid } of payments) {
      const is_package = paid.source === 'package';
      const payment = aPayment(charge, {
        ...paid,
        charge_id: applied || is_package ? charge.id : null,
        package_charge_id: is_package ? pack.id : null,
      });
      ledger.payments.push(payment);
      if (!back || paid.status !== 'settled' || is_package) continue;
      // Nobody gives back more than was paid, or before.
      const given = {
        kind: back.kind,
        amount_cents: Math.min(back.amount_cents, paid.amount_cents),
        posted_on: plusDays(paid.posted_on, back.lag),
      };
      ledger.refunds.push(aRefund(payment, { ...given, party: paid.source === 'insurance' ? 'insurance' : 'patient' }));
    }
    for (const given of adjustments) ledger.adjustments.push(anAdjustment(charge, given));
    // No payer leaves anything to a patient before the charge is there.
    for (const given of transfers)
      ledger.responsibility_transfers.push(
        aTransfer(charge, { ...given, moved_on: given.moved_on < posted_on ? posted_on : given.moved_on }),
      );
  }
  return ledger;
}

const num = (row: Row, column = 'amount_cents') => row[column] as number;
const total = (rows: readonly Row[], column?: string) => rows.reduce((sum, row) => sum + num(row, column), 0);
const by = (row: Row, column: string, until: string) => (row[column] as string) <= until;
const age = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** Every account and party with its balance at the end of `on`, and since when it ages. */
function accountsAt(ledger: Ledger, on: string): { party: string; cents: number; since: string }[] {
  const settled = ledger.payments.filter((row) => row.status === 'settled' && by(row, 'posted_on', on));
  const sideOf = ({ source }: Row) => (source === 'insurance' ? 'insurance' : 'patient');
  const accounts = ledger.charges.flatMap((charge) =>
    ['insurance', 'patient'].map((side) => {
      const mine = (rows: readonly Row[], column: string) => rows.filter((row) => row.charge_id === charge.id && by(row, column, on));
      const paid = mine(settled, 'posted_on').filter((row) => sideOf(row) === side);
      const moved = mine(ledger.responsibility_transfers, 'moved_on');
      const is_void = charge.voided_on !== null && by(charge, 'voided_on', on);
      const asked = charge.responsible === side && by(charge, 'posted_on', on) ? num(charge) + num(charge, 'tax_cents') : 0;
      const paper =
        asked +
        (side === 'patient' ? 1 : -1) * total(moved) -
        total(mine(ledger.adjustments, 'posted_on').filter((row) => row.party === side)) -
        total(paid.filter(({ source }) => source === 'package'));
      const money =
        total(mine(ledger.refunds, 'posted_on').filter((row) => row.party === side)) -
        total(paid.filter(({ source }) => source !== 'package'));
      const left = moved
        .filter((row) => num(row) > 0)
        .map(({ moved_on }) => moved_on as string)
        .sort()[0];
      const since = side === 'patient' && charge.responsible === 'insurance' && left ? left : (charge.service_on as string);
      return { party: side, cents: money + (is_void ? 0 : paper), since };
    }),
  );
  const unapplied = settled
    .filter(({ charge_id }) => charge_id === null)
    .map((payment) => ({
      party: sideOf(payment),
      cents: total(ledger.refunds.filter((row) => row.payment_id === payment.id && by(row, 'posted_on', on))) - num(payment),
      since: payment.posted_on as string,
    }));
  return [...accounts, ...unapplied];
}

function receivableAt(ledger: Ledger, on: string) {
  const accounts = accountsAt(ledger, on);
  const aged = (side: string) => {
    const open = accounts.filter(({ party, cents }) => party === side && cents > 0);
    const between = (low: number, high: number) =>
      open.filter(({ since }) => age(since, on) > low && age(since, on) <= high).reduce((sum, { cents }) => sum + cents, 0);
    return {
      total_cents: open.reduce((sum, { cents }) => sum + cents, 0),
      days_0_30_cents: between(Number.NEGATIVE_INFINITY, 30),
      days_31_60_cents: between(30, 60),
      days_61_90_cents: between(60, 90),
      days_91_120_cents: between(90, 120),
      days_over_120_cents: between(120, Number.POSITIVE_INFINITY),
    };
  };
  const credits_cents = accounts.filter(({ cents }) => cents < 0).reduce((sum, { cents }) => sum - cents, 0);
  const [insurance, patient] = [aged('insurance'), aged('patient')];
  return { on, insurance, patient, credits_cents, net_cents: insurance.total_cents + patient.total_cents - credits_cents };
}

/** Recognized revenue of [from, to]. */
function earnedIn(ledger: Ledger, from: string, to: string): number {
  const NET = ['contractual', 'sequestration', 'discount'];
  return ledger.charges
    .filter(({ kind, voided_on }) => kind !== 'package' && voided_on === null)
    .reduce((sum, charge) => {
      const begins = charge.service_on as string;
      const net = num(charge) - total(ledger.adjustments.filter((row) => row.charge_id === charge.id && NET.includes(row.kind as string)));
      if (charge.kind !== 'membership') return sum + (begins >= from && begins <= to ? net : 0);
      const ends = (charge.period_end ?? begins) as string;
      const by_end_of = (last: string) => {
        const exact = (net * Math.max(0, Math.min(age(begins, last), age(begins, ends)) + 1)) / (age(begins, ends) + 1);
        return Math.sign(exact) * Math.round(Math.abs(exact));
      };
      return sum + by_end_of(to) - by_end_of(plusDays(from, -1));
    }, 0);
}

describe('on any ledger', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord();
  });
  afterAll(() => record.close());

  it('the receivable, its ages and credits, and what was earned are as recomputed, and the identity holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(Happening, { minLength: 1, maxLength: 9 }), day(220), fc.nat(60), async (happenings, from, length) => {
        const tenant_id = randomUUID();
        const patient = aPatient({ tenant_id });
        const ledger = ledgerOf(patient, happenings);
        await record.load({ tenant_id, patients: [patient], ...ledger });
        const to = plusDays(from, length);
        const books = await record.ask(({ billing }) => billing.summary({ from, to }), { tenant_id });
        expect(books.receivable.closing).toEqual(receivableAt(ledger, to));
        expect(books.receivable.opening).toEqual(receivableAt(ledger, plusDays(from, -1)));
        expect(books.identity.difference_cents).toBe(0);
        expect(books.recognized_revenue.total_cents).toBe(earnedIn(ledger, from, to));
        const owes = await record.ask(({ balances }) => balances.get({ patient_id: patient.id as string, limit: 1 }), {
          tenant_id,
          now: `${to}T16:00:00Z`,
        });
        const { patient: own, insurance, credits_cents } = receivableAt(ledger, to);
        expect([owes.patient_cents, owes.insurance_cents, owes.credit_cents]).toEqual([
          own.total_cents,
          insurance.total_cents,
          credits_cents,
        ]);
      }),
      { numRuns: 50, seed: 7 },
    );
  });
});
