import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, aPractitioner, type Row } from '../../../test/builders/chart.ts';
import { aCharge, anAdjustment, aPayment, aPayout, aRefund, aTransfer } from '../../../test/builders/money.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };
const NOVEMBER = { from: '2026-11-01', to: '2026-11-20' };
const none = { total_cents: 0, days_0_30_cents: 0, days_31_60_cents: 0, days_61_90_cents: 0, days_91_120_cents: 0, days_over_120_cents: 0 };

/** The books of one small clinic, a few rows at a time. */
async function books(rows: Parameters<typeof aRecord>[0]) {
  const record = await aRecord(rows);
  const summary = (range = OCTOBER, practitioner_id?: string) =>
    record.ask(({ billing }) => billing.summary({ ...range, practitioner_id }));
  return { record, summary };
}

describe('the books of a month', () => {
  const ada = aPatient();
  let record: TestRecord;
  let summary: Awaited<ReturnType<typeof books>>['summary'];
  const sale = aCharge(ada, { amount_cents: 30_000, tax_cents: 1_500, kind: 'product', posted_on: '2026-10-03', service_on: '2026-10-03' });
  const paid = aPayment(sale, { amount_cents: 31_500, posted_on: '2026-10-03' });
  const late = aCharge(ada, { amount_cents: 20_000, service_on: '2026-10-30', posted_on: '2026-11-02' });
  const wrong = aCharge(ada, { amount_cents: 7_000, posted_on: '2026-10-06', voided_on: '2026-11-03' });
  const insured = aCharge(ada, { amount_cents: 25_000, responsible: 'insurance', service_on: '2026-08-10', posted_on: '2026-08-11' });

  beforeAll(async () => {
    ({ record, summary } = await books({
      patients: [ada],
      charges: [sale, late, wrong, insured],
      payments: [
        paid,
        aPayment(insured, { source: 'insurance', method: 'ach', amount_cents: 12_000, posted_on: '2026-10-20' }),
        aPayment(late, { status: 'pending', amount_cents: 20_000, posted_on: '2026-11-04' }),
        aPayment(late, { status: 'failed', amount_cents: 20_000, posted_on: '2026-11-03' }),
        aPayment(late, { charge_id: null, amount_cents: 2_500, posted_on: '2026-10-09' }),
        aPayment(late, { source: 'gift_card', amount_cents: 5_000, posted_on: '2026-11-05' }),
      ],
      adjustments: [
        anAdjustment(insured, { amount_cents: 9_000, posted_on: '2026-10-20' }),
        anAdjustment(insured, { kind: 'sequestration', amount_cents: 240, posted_on: '2026-10-20' }),
        anAdjustment(late, { kind: 'discount', party: 'patient', amount_cents: 1_000, posted_on: '2026-11-06' }),
      ],
      responsibility_transfers: [aTransfer(insured, { amount_cents: 3_760, moved_on: '2026-10-20' })],
      refunds: [
        aRefund(paid, { amount_cents: 4_000, posted_on: '2026-11-05' }),
        aRefund(paid, { kind: 'chargeback', amount_cents: 10_000, posted_on: '2026-11-10', fee_cents: 1_500 }),
      ],
    }));
  });
  afterAll(() => record.close());

  it('tells charges by the day of posting and by the day of service, each its own figure, taxes apart', async () => {
    expect((await summary()).charges).toMatchObject({ by_post_date_cents: 37_000, by_service_date_cents: 50_000, taxes_cents: 1_500 });
    expect((await summary(NOVEMBER)).charges).toMatchObject({ by_post_date_cents: 20_000, by_service_date_cents: 0, taxes_cents: 0 });
  });

  it('keeps a voided charge until the day it was voided', async () => {
    expect((await summary()).charges.by_kind).toEqual([
      { kind: 'service', cents: 7_000 },
      { kind: 'product', cents: 30_000 },
    ]);
    const november = await summary(NOVEMBER);
    expect(november.identity.voided_cents).toBe(7_000);
    expect(november.excluded).toContainEqual({ reason: 'voided charges', count: 1 });
    expect((await summary({ from: '2026-10-01', to: '2026-11-20' })).charges.by_post_date_cents).toBe(50_000);
  });

  it('counts money when it is settled, by where it came from; what is pending or failed only as a count', async () => {
    expect((await summary()).payments).toEqual({
      insurance_cents: 12_000,
      patient_cents: 34_000,
      gift_card_cents: 0,
      new_money_cents: 46_000,
      package_cents: 0,
    });
    const november = await summary(NOVEMBER);
    expect(november.payments).toMatchObject({ new_money_cents: 5_000, gift_card_cents: 5_000 });
    expect(november.excluded).toEqual(
      expect.arrayContaining([
        { reason: 'pending payments', count: 1 },
        { reason: 'failed payments', count: 1 },
      ]),
    );
  });

  it('tells a refund on the day it was given, never on the day of the sale (trap 15)', async () => {
    const october = await summary();
    expect([october.refunds.refunds_cents, october.refunds.chargebacks_cents, october.net_collections_cents]).toEqual([0, 0, 46_000]);
    const november = await summary(NOVEMBER);
    expect(november.refunds).toEqual({ refunds_cents: 4_000, chargebacks_cents: 10_000, count: 2 });
    expect(november.net_collections_cents).toBe(5_000 - 14_000);
  });

  it('never sets a credit against what others owe (trap 15)', async () => {
    const { closing } = (await summary()).receivable;
    expect(closing).toMatchObject({ credits_cents: 2_500, patient: { total_cents: 7_000 + 3_760 }, insurance: none });
    expect(closing.net_cents).toBe(7_000 + 3_760 - 2_500);
  });

  it('ages an insurer’s part from the day of service, the patient’s from the day it became theirs', async () => {
    const september = (await summary({ from: '2026-09-01', to: '2026-09-30' })).receivable.closing;
    expect(september.insurance).toEqual({ ...none, total_cents: 25_000, days_31_60_cents: 25_000 });
    const october = (await summary()).receivable.closing;
    expect(october.patient).toEqual({ ...none, total_cents: 10_760, days_0_30_cents: 10_760 });
    const later = (await summary({ from: '2026-12-01', to: '2026-12-31' })).receivable.closing;
    expect(later.patient.days_61_90_cents).toBe(3_760 + 14_000 + 0 + (20_000 - 1_000 - 5_000));
  });

  it('adds up: opening + charges + taxes − voided − payments − adjustments + refunds = closing', async () => {
    for (const range of [OCTOBER, NOVEMBER, { from: '2026-01-01', to: '2026-12-31' }]) {
      const { identity, receivable } = await summary(range);
      expect(identity).toMatchObject({ difference_cents: 0, closing_cents: receivable.closing.net_cents });
    }
  });

  it('gives the collection rate with what it is made of', async () => {
    expect((await summary()).net_collection_rate).toEqual({
      numerator: 46_000,
      denominator: 37_000 - 9_000 - 240,
      rate: Math.round((46_000 / 27_760) * 10_000) / 10_000,
      definition: 'net_collection_rate@1',
    });
  });

  it('counts days in AR on the charges of 90 days', async () => {
    const { days_in_ar, receivable } = await summary();
    expect(days_in_ar).toMatchObject({ receivable_cents: receivable.closing.net_cents, net_charges_90_days_cents: 62_000 - 9_240 });
    expect(days_in_ar.days).toBeCloseTo(8_260 / (52_760 / 90), 1);
    expect((await summary({ from: '2025-01-01', to: '2025-01-31' })).days_in_ar).not.toHaveProperty('days');
  });

  it('refuses a clinician that is not there', async () => {
    await expect(summary(OCTOBER, randomUUID())).rejects.toMatchObject({ type: 'invalid_input' });
  });
});

describe('a package whose payment the bank took back', () => {
  const [eve, doctor] = [aPatient(), aPractitioner({})];
  const of = { practitioner_id: doctor.id };
  const pack = aCharge(eve, { kind: 'package', amount_cents: 100_000, service_on: '2026-09-01', posted_on: '2026-09-01', ...of });
  const paid = aPayment(pack, { amount_cents: 100_000, posted_on: '2026-09-01', ...of });
  let record: TestRecord;
  let summary: Awaited<ReturnType<typeof books>>['summary'];
  beforeAll(async () => {
    // Of the payment, and of no charge by name.
    const taken = aRefund(paid, { kind: 'chargeback', charge_id: null, amount_cents: 30_000, posted_on: '2026-10-10', ...of });
    ({ record, summary } = await books({ patients: [eve], practitioners: [doctor], charges: [pack], payments: [paid], refunds: [taken] }));
  });
  afterAll(() => record.close());

  it('is owed as service for what is left of it, for all and for its clinician', async () => {
    expect((await summary()).deferred_liability.packages_cents).toBe(70_000);
    expect((await summary(OCTOBER, doctor.id as string)).deferred_liability.packages_cents).toBe(70_000);
  });
});

describe('money for what is still to come (trap 16)', () => {
  const ben = aPatient();
  const pack = aCharge(ben, { kind: 'package', amount_cents: 100_000, service_on: '2026-09-01', posted_on: '2026-09-01' });
  const first = aCharge(ben, { amount_cents: 10_000, service_on: '2026-10-02', posted_on: '2026-10-02' });
  const fee = aCharge(ben, {
    kind: 'membership',
    amount_cents: 31_000,
    service_on: '2026-10-22',
    period_end: '2026-11-21',
    posted_on: '2026-10-22',
  });
  let record: TestRecord;
  let summary: Awaited<ReturnType<typeof books>>['summary'];
  beforeAll(async () => {
    ({ record, summary } = await books({
      patients: [ben],
      charges: [pack, first, fee],
      payments: [
        aPayment(pack, { amount_cents: 100_000, posted_on: '2026-09-01' }),
        aPayment(first, { source: 'package', package_charge_id: pack.id, amount_cents: 10_000, posted_on: '2026-10-02' }),
        aPayment(fee, { amount_cents: 31_000, posted_on: '2026-10-22' }),
      ],
    }));
  });
  afterAll(() => record.close());

  it('a package is collected when it is paid, and earned when it is used', async () => {
    const september = await summary({ from: '2026-09-01', to: '2026-09-30' });
    expect(september).toMatchObject({ net_collections_cents: 100_000, recognized_revenue: { total_cents: 0 } });
    expect(september.deferred_liability).toMatchObject({ packages_cents: 100_000, memberships_cents: 0 });
    const october = await summary();
    expect(october).toMatchObject({ payments: { package_cents: 10_000, new_money_cents: 31_000 }, net_collections_cents: 31_000 });
    expect(october.recognized_revenue).toMatchObject({ packages_redeemed_cents: 10_000, services_cents: 0 });
    expect(october.deferred_liability.packages_cents).toBe(90_000);
    expect(october.net_collection_rate).toMatchObject({ numerator: 31_000, denominator: 31_000 });
  });

  it('a membership fee is earned day by day, both ends counted', async () => {
    const october = await summary();
    expect(october.recognized_revenue.memberships_cents).toBe(10_000);
    expect(october.deferred_liability.memberships_cents).toBe(21_000);
    const november = await summary({ from: '2026-11-01', to: '2026-11-30' });
    expect(november.recognized_revenue.memberships_cents).toBe(21_000);
    expect(november.deferred_liability.memberships_cents).toBe(0);
  });
});

describe('card payouts', () => {
  it('are gross − fees − refunds − disputes, and one that is not is counted', async () => {
    const ada = aPatient();
    const [good, bad] = [aPayout({ amount_cents: 10_000 - 320 - 2_000 }), aPayout({ amount_cents: 9_000 })];
    const charge = aCharge(ada);
    const [one, two] = [aPayment(charge, { payout_id: good.id, fee_cents: 320 }), aPayment(charge, { payout_id: bad.id, fee_cents: 320 })];
    const { record, summary } = await books({
      patients: [ada],
      charges: [charge],
      payouts: [good, bad],
      payments: [one, two],
      refunds: [aRefund(one, { amount_cents: 2_000, payout_id: good.id })],
    });
    expect((await summary()).payouts).toEqual({
      count: 2,
      paid_out_cents: 16_680,
      gross_cents: 20_000,
      fees_cents: 640,
      refunds_cents: 2_000,
      disputes_cents: 0,
      difference_cents: -680,
      not_matching: 1,
    });
    await record.close();
  });
});

describe('whose money (M33): the database shows it, whatever is asked', () => {
  const [ada, cora, dan] = [aPatient(), aPractitioner({}), aPractitioner({ given_name: 'Dan' })];
  const rows = (who: Row, amount_cents: number) => {
    const charge = aCharge(ada, { practitioner_id: who.id, amount_cents });
    const payment = aPayment(charge, { amount_cents: amount_cents - 1_000 });
    return { charge, payment, refund: aRefund(payment, { amount_cents: 500, posted_on: '2026-10-30' }) };
  };
  const [hers, his] = [rows(cora, 30_000), rows(dan, 50_000)];
  const everyone = { role: 'physician', practitioner_id: cora.id as string } as const;
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      practitioners: [cora, dan],
      patients: [ada],
      charges: [hers.charge, his.charge],
      payments: [hers.payment, his.payment],
      refunds: [hers.refund, his.refund],
    });
  });
  afterAll(() => record.close());

  it('a physician’s books hold their own rows only, and add up', async () => {
    const own = await record.ask(({ billing }) => billing.summary(OCTOBER), { as: everyone });
    expect(own.charges.by_post_date_cents).toBe(30_000);
    expect(own.net_collections_cents).toBe(28_500);
    expect(own.receivable.closing.net_cents).toBe(1_500);
    expect(own.identity.difference_cents).toBe(0);
    expect(own).not.toHaveProperty('payouts');
    const whole = await record.ask(({ billing }) => billing.summary({ ...OCTOBER, practitioner_id: cora.id as string }));
    expect(whole.charges).toEqual(own.charges);
    expect(whole.receivable).toEqual(own.receivable);
    expect((await record.ask(({ billing }) => billing.summary(OCTOBER))).charges.by_post_date_cents).toBe(80_000);
  });

  it('asked for another’s, a physician sees nothing of it', async () => {
    const other = await record.ask(({ billing }) => billing.summary({ ...OCTOBER, practitioner_id: dan.id as string }), { as: everyone });
    expect(other.charges.by_post_date_cents).toBe(0);
  });
});
