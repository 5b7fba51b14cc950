import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, type Row } from '../../../test/builders/chart.ts';
import { aCharge, aMembership, anAdjustment, aPayment, aRefund } from '../../../test/builders/money.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

let record: TestRecord;
beforeAll(async () => {
  record = await aRecord();
});
afterAll(() => record.close());

async function profitOf(rows: (patient: Row) => Record<string, Row[]>) {
  const tenant_id = randomUUID();
  const ada = aPatient({ tenant_id });
  await record.load({ tenant_id, patients: [ada], ...rows(ada) });
  return record.ask(({ profits }) => profits.get({ patient_id: ada.id as string }), { tenant_id });
}

const known = { goods_cost_cents: 3_000, lab_cost_cents: 0 };

describe('what a patient has been worth', () => {
  it('is the patient’s own money and the insurers’, each less what was given back', async () => {
    const profit = await profitOf((ada) => {
      const charge = aCharge(ada, { amount_cents: 50_000 });
      const paid = aPayment(charge, { amount_cents: 30_000, posted_on: '2026-03-01' });
      const by_payer = aPayment(charge, { source: 'insurance', amount_cents: 10_000, posted_on: '2026-05-01' });
      return {
        charges: [charge],
        payments: [
          paid,
          by_payer,
          aPayment(charge, { source: 'gift_card', amount_cents: 5_000, posted_on: '2026-04-01' }),
          aPayment(charge, { status: 'failed', amount_cents: 99_000, posted_on: '2026-10-01' }),
          aPayment(charge, { source: 'insurance', amount_cents: -2_000, posted_on: '2026-09-01' }),
        ],
        refunds: [
          aRefund(paid, { amount_cents: 4_000 }),
          aRefund(paid, { amount_cents: 1_000, kind: 'chargeback' }),
          aRefund(by_payer, { amount_cents: 500, party: 'insurance' }),
        ],
      };
    });
    expect(profit).toMatchObject({
      total_spend_cents: 30_000,
      insurance_paid_cents: 7_500,
      lifetime_net_collections_cents: 37_500,
      refunded_cents: 5_500,
      first_payment_on: '2026-03-01',
      last_payment_on: '2026-05-01',
    });
  });

  it('without known costs there is no margin, not one of all (trap)', async () => {
    const profit = await profitOf((ada) => ({ charges: [aCharge(ada), aCharge(ada, { goods_cost_cents: 1_000 })] }));
    expect(profit).not.toHaveProperty('margin_cents');
    expect(profit).not.toHaveProperty('margin_rate');
    expect(profit.cost_completeness).toEqual({ numerator: 0, denominator: 20_000, rate: 0 });
    expect(profit.direct_costs.goods_cents).toBe(1_000);
  });

  it('the margin is of the charges whose costs are known, with the fees of their payments', async () => {
    const profit = await profitOf((ada) => {
      const [with_costs, without] = [aCharge(ada, { ...known, amount_cents: 30_000, clinician_minutes: 30 }), aCharge(ada)];
      return {
        charges: [with_costs, without],
        payments: [aPayment(with_costs, { fee_cents: 900 }), aPayment(without, { fee_cents: 320 })],
        adjustments: [anAdjustment(with_costs, { kind: 'discount', party: 'patient', amount_cents: 5_000 })],
      };
    });
    expect(profit).toMatchObject({
      net_revenue_cents: 35_000,
      direct_costs: { goods_cents: 3_000, lab_cents: 0, processing_fees_cents: 1_220, clinician_minutes: 30 },
      cost_completeness: { numerator: 25_000, denominator: 35_000, rate: 0.7143 },
      margin_cents: 25_000 - 3_000 - 900,
      margin_rate: { numerator: 21_100, denominator: 25_000, rate: 0.844 },
    });
  });

  it('what costs nothing is known; a voided charge is nothing', async () => {
    const nothing = { goods_cost_cents: 0, lab_cost_cents: 0 };
    const profit = await profitOf((ada) => ({
      charges: [aCharge(ada, nothing), aCharge(ada, { ...known, voided_on: '2026-10-06' })],
    }));
    expect(profit).toMatchObject({ net_revenue_cents: 10_000, margin_cents: 10_000, cost_completeness: { rate: 1 } });
  });

  it('a package earns where it is used, a membership by the day (trap 16)', async () => {
    const profit = await profitOf((ada) => {
      const pack = aCharge(ada, { kind: 'package', amount_cents: 100_000, ...known });
      const used = aCharge(ada, { ...known, amount_cents: 10_000 });
      const fee = aCharge(ada, { kind: 'membership', amount_cents: 30_000, service_on: '2026-11-11', period_end: '2026-12-10' });
      return {
        charges: [pack, used, fee],
        payments: [aPayment(pack, { amount_cents: 100_000 }), aPayment(used, { source: 'package', package_charge_id: pack.id })],
      };
    });
    expect(profit).toMatchObject({ total_spend_cents: 100_000, net_revenue_cents: 10_000 + 10_000, margin_cents: 7_000 });
  });

  it('a write-off is no less earned; the contract is', async () => {
    const profit = await profitOf((ada) => {
      const charge = aCharge(ada);
      return { charges: [charge], adjustments: [anAdjustment(charge), anAdjustment(charge, { kind: 'bad_debt', amount_cents: 2_000 })] };
    });
    expect(profit.net_revenue_cents).toBe(9_000);
  });

  it('credit is what was paid too much, and what is not applied', async () => {
    const profit = await profitOf((ada) => {
      const charge = aCharge(ada);
      return {
        charges: [charge],
        payments: [aPayment(charge, { amount_cents: 12_000 }), aPayment(charge, { charge_id: null, amount_cents: 700 })],
      };
    });
    expect(profit.credit_cents).toBe(2_700);
  });

  it('months of membership are those with a day of active or past due', async () => {
    const months = async (events: readonly (readonly [string, Row])[]) =>
      (
        await profitOf((ada) => {
          const made = aMembership(ada, events);
          return { memberships: [made.membership], membership_events: made.events };
        })
      ).membership_months;
    expect(await months([['2026-01-31T10:00:00-05:00', {}]])).toBe(11);
    expect(
      await months([
        ['2026-08-10T10:00:00-04:00', {}],
        ['2026-09-20T10:00:00-04:00', { status: 'paused' }],
      ]),
    ).toBe(2);
    expect(
      await months([
        ['2026-08-10T10:00:00-04:00', {}],
        ['2026-10-01T00:00:00-04:00', { status: 'cancelled' }],
      ]),
    ).toBe(2);
    expect(await months([['2026-08-10T10:00:00-04:00', { cancel_at: '2026-09-10T10:00:00-04:00' }]])).toBe(2);
    expect(await months([['2026-08-10T10:00:00-04:00', { status: 'trialing' }]])).toBe(0);
  });

  it('of a patient without money is nothing, and of one who is not there not found', async () => {
    const profit = await profitOf(() => ({}));
    expect(profit).toMatchObject({ lifetime_net_collections_cents: 0, cost_completeness: { numerator: 0, denominator: 0 } });
    expect(profit).not.toHaveProperty('first_payment_on');
    await expect(record.ask(({ profits }) => profits.get({ patient_id: randomUUID() }))).rejects.toMatchObject({ type: 'not_found' });
  });
});
