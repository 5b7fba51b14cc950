import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient } from '../../../test/builders/chart.ts';
import { aCharge, aClaim, aClaimLine, anAdjustment, aPayment, aRefund, aStatement, aTransfer } from '../../../test/builders/money.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

describe('what a patient owes', () => {
  const [ada, ben, cal] = [aPatient(), aPatient({ given_name: 'Ben' }), aPatient({ given_name: 'Cal' })];
  const insured = (day: string) => aCharge(ada, { responsible: 'insurance', service_on: day, posted_on: day });
  const [settled, waiting] = [insured('2026-08-03'), insured('2026-10-05')];
  const own = aCharge(ada, { service_on: '2026-09-10', posted_on: '2026-09-10', tax_cents: 600 });
  const overpaid = aCharge(ada, { service_on: '2026-07-01', posted_on: '2026-07-01', amount_cents: 5_000 });
  const closed = aCharge(ada, { service_on: '2026-06-01', posted_on: '2026-06-01', amount_cents: 5_000 });
  const deposit = aPayment(own, { charge_id: null, amount_cents: 2_000, posted_on: '2026-09-01' });
  const claim = aClaim(ada, { status: 'accepted' });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada, ben, cal],
      charges: [settled, waiting, own, overpaid, closed, aCharge(ben)],
      payments: [
        aPayment(settled, { source: 'insurance', amount_cents: 6_000, posted_on: '2026-08-20' }),
        aPayment(overpaid, { amount_cents: 5_500, posted_on: '2026-07-01' }),
        aPayment(closed, { amount_cents: 5_000, posted_on: '2026-06-01' }),
        aPayment(own, { status: 'pending', amount_cents: 10_600 }),
        deposit,
      ],
      adjustments: [anAdjustment(settled, { amount_cents: 2_500, posted_on: '2026-08-20' })],
      responsibility_transfers: [
        aTransfer(settled, { amount_cents: 1_500, moved_on: '2026-08-20' }),
        aTransfer(waiting, { amount_cents: 2_000, moved_on: '2026-10-25' }),
      ],
      refunds: [aRefund(deposit, { amount_cents: 500, charge_id: null, posted_on: '2026-10-01' })],
      claims: [claim],
      claim_lines: [aClaimLine(claim, { charge_id: waiting.id })],
      statements: [
        aStatement(ada, { sent_on: '2026-09-15', balance_cents: 1_500, due_on: '2026-10-15' }),
        aStatement(ada, { sent_on: '2026-11-01', status: 'voided' }),
        aStatement(ben, { sent_on: '2026-10-20', due_on: '2026-11-20' }),
        aStatement(ben, { sent_on: '2026-08-20', due_on: '2026-09-20', status: 'paid' }),
        aStatement(ben, { sent_on: '2026-07-20', due_on: '2026-08-20', status: 'partially_paid' }),
      ],
    });
  });
  afterAll(() => record.close());
  const balance = (patient = ada, query = {}) =>
    record.ask(({ balances }) => balances.get({ patient_id: patient.id as string, limit: 20, ...query }));
  const statements = (query = {}) => record.ask((native) => native.statements.list({ limit: 20, ...query }));

  it('is theirs, the insurer’s and the credit, each its own, and none netted', async () => {
    expect(await balance()).toMatchObject({
      patient_cents: 1_500 + 2_000 + 10_600,
      insurance_cents: 8_000,
      credit_cents: 500 + 1_500,
      unapplied_cents: 1_500,
      definition: 'patient_balance@1',
    });
  });

  it('the oldest part counts from the day it became the patient’s', async () => {
    expect(await balance()).toMatchObject({ oldest_on: '2026-08-20', oldest_days: 92 });
  });

  it('no statement goes while a claim is pending, and what it may still change is not billable', async () => {
    expect(await balance()).toMatchObject({ pending_claims: 1, statement_may_go: false, billable_cents: 12_100 });
    expect(await balance(ben)).toMatchObject({ pending_claims: 0, statement_may_go: true, billable_cents: 10_000 });
    expect(await balance(cal)).toMatchObject({ patient_cents: 0, statement_may_go: false, charges: [] });
  });

  it('names the charges with something open, oldest service first, and whose it is', async () => {
    const { charges } = await balance();
    expect(charges.map(({ charge_id }) => charge_id)).toEqual([overpaid.id, settled.id, own.id, waiting.id]);
    expect(charges[0]).toMatchObject({ patient_cents: 0, credit_cents: 500 });
    expect(charges[1]).toMatchObject({ patient_cents: 1_500, insurance_cents: 0, patient_since: '2026-08-20' });
    expect(charges[2]).toMatchObject({ charged_cents: 10_600, patient_cents: 10_600, patient_since: '2026-09-10' });
    expect(charges[3]).toMatchObject({ patient_cents: 2_000, insurance_cents: 8_000, claim_pending: true });
  });

  it('comes in pages; the figures are of all', async () => {
    const [first, second] = [await balance(ada, { limit: 3 }), await balance(ada, { limit: 3, after: own.id })];
    expect([first.charges.length, first.more, second.charges.length, second.more]).toEqual([3, true, 1, false]);
    expect(second.patient_cents).toBe(first.patient_cents);
    await expect(balance(ben, { after: own.id })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('tells the last statement that was not voided', async () => {
    expect((await balance()).last_statement).toMatchObject({ sent_on: '2026-09-15', days_overdue: 36 });
    expect(await balance(cal)).not.toHaveProperty('last_statement');
  });

  it('statements come newest first, of a patient, by status and day', async () => {
    const sent = async (query = {}) => (await statements(query)).statements.map(({ sent_on }) => sent_on);
    expect(await sent()).toEqual(['2026-11-01', '2026-10-20', '2026-09-15', '2026-08-20', '2026-07-20']);
    expect(await sent({ patient_id: ben.id })).toEqual(['2026-10-20', '2026-08-20', '2026-07-20']);
    expect(await sent({ status: 'paid' })).toEqual(['2026-08-20']);
    expect(await sent({ from: '2026-09-15', to: '2026-10-20' })).toEqual(['2026-10-20', '2026-09-15']);
    const { statements: rows, more } = await statements({ limit: 2 });
    expect([more, await sent({ after: rows[1]?.statement_id })]).toEqual([true, ['2026-09-15', '2026-08-20', '2026-07-20']]);
  });

  it('overdue is still to be paid and past due; the day it is due is not', async () => {
    const { statements: rows } = await statements({ overdue: true });
    expect(rows.map(({ sent_on, days_overdue }) => [sent_on, days_overdue])).toEqual([
      ['2026-09-15', 36],
      ['2026-07-20', 92],
    ]);
    expect(rows[0]).toMatchObject({ patient: 'Ada Okafor', claim_pending: true });
    expect(rows[1]).not.toHaveProperty('claim_pending');
    expect((await statements({ overdue: false })).statements).toHaveLength(3);
  });
});
