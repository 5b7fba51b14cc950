import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, type Row, TENANT } from '../../../test/builders/chart.ts';
import { aClaim, anAnswer, answerRows, aPayment, aRemittance } from '../../../test/builders/money.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

const plb = (remittance: Row, amount_cents: number, reason_code = 'WO'): Row => ({
  tenant_id: remittance.tenant_id,
  id: randomUUID(),
  remittance_id: remittance.id,
  reason_code,
  reference: 'REF1',
  amount_cents,
});

describe('the remittances of a clinic', () => {
  const ada = aPatient();
  const claims = [aClaim(ada), aClaim(ada), aClaim(ada)] as const;
  const good = aRemittance({ paid_on: '2026-10-20', amount_cents: 11_500 });
  const odd = aRemittance({ paid_on: '2026-10-22', amount_cents: 9_000, payer: 'Other Mutual' });
  const denial = aRemittance({ paid_on: '2026-10-24', amount_cents: 0, method: 'non_payment' });
  const answers = [
    anAnswer(good, claims[0], { paid_cents: 8_000, lines: [[10_000, 8_000]], cas: ['CO-45 2000 @1'] }),
    anAnswer(good, claims[1], {
      paid_cents: 4_000,
      lines: [[10_000, 4_000]],
      cas: ['CO-45 5000 @1', 'PR-1 1000 @1'],
      patient_responsibility_cents: 1_000,
    }),
    anAnswer(odd, 'X-404', { paid_cents: 8_000, lines: [[10_000, 8_000]], cas: ['CO-45 1500 @1'] }),
    anAnswer(odd, claims[1], {
      status_code: '22',
      charged_cents: -10_000,
      paid_cents: -4_000,
      lines: [[-10_000, -4_000]],
      cas: ['CR-45 -6000 @1'],
    }),
    anAnswer(denial, claims[2], { status_code: '4', lines: [[10_000, 0]], cas: ['CO-197 10000 @1'], remark_codes: ['N54'] }),
  ];
  const posted = (at: number, amount_cents: number) =>
    aPayment({ tenant_id: TENANT, patient_id: ada.id, id: null } as Row, {
      source: 'insurance',
      method: 'ach',
      amount_cents,
      remittance_claim_id: answers[at]?.clp.id,
    });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada],
      claims,
      remittances: [good, odd, denial],
      ...answerRows(answers),
      remittance_provider_adjustments: [plb(good, 800), plb(good, -300, 'L6')],
      payments: [posted(0, 8_000), posted(1, 4_000), posted(3, -4_000)],
    });
  });
  afterAll(() => record.close());
  const list = (query = {}) => record.ask(({ remittances }) => remittances.list({ limit: 20, claims_from: 1, ...query }));
  const one = async (remittance: Row) => (await list({ remittance_id: remittance.id })).remittances[0];

  it('come by the day of payment, newest first, narrowed by payer, day and what needs work', async () => {
    const idsOf = async (query = {}) => (await list(query)).remittances.map(({ remittance_id }) => remittance_id);
    expect(await idsOf()).toEqual([denial.id, odd.id, good.id]);
    expect(await idsOf({ after: odd.id })).toEqual([good.id]);
    expect(await idsOf({ payer: 'other mutual' })).toEqual([odd.id]);
    expect(await idsOf({ from: '2026-10-21', to: '2026-10-24' })).toEqual([denial.id, odd.id]);
    expect(await idsOf({ needs_work: true })).toEqual([odd.id]);
    expect(await idsOf({ needs_work: false })).toEqual([denial.id, good.id]);
  });

  it('balance: what the claims were paid, less what was held from the provider, is the payment; and no PLB is a patient’s (trap 19)', async () => {
    const row = await one(good);
    expect(row).toMatchObject({
      amount_cents: 11_500,
      claims_paid_cents: 12_000,
      provider_adjustments_cents: 500,
      balanced: true,
      claims: 2,
    });
    expect(row?.provider_adjustments).toEqual([
      { reason: 'L6', reference: 'REF1', cents: -300 },
      { reason: 'WO', reference: 'REF1', cents: 800 },
    ]);
    const owes = await record.ask(({ balances }) => balances.get({ patient_id: ada.id as string, limit: 5 }));
    expect([owes.patient_cents, owes.insurance_cents, owes.credit_cents]).toEqual([0, 4_000, 12_000]);
  });

  it('say where they do not: the file, a claim, a line', async () => {
    expect(await one(odd)).toMatchObject({ balanced: false, difference_cents: 5_000, claims_out_of_balance: 1, lines_out_of_balance: 1 });
  });

  it('say what is posted, what matches no claim, and what was taken back', async () => {
    expect(await one(good)).toMatchObject({ posted: 'posted', posted_cents: 12_000, unmatched_claims: 0, reversals: 0 });
    expect(await one(odd)).toMatchObject({ posted: 'partly', posted_cents: -4_000, unmatched_claims: 1, reversals: 1 });
    expect(await one(denial)).toMatchObject({ posted: 'posted', denied_claims: 1, method: 'non_payment' });
  });

  it('asked for by id have their claims with codes; the list has none', async () => {
    expect((await one(odd))?.claim_list).toMatchObject([
      {
        claim_number: claims[1].claim_number,
        outcome: 'reversed',
        paid_cents: -4_000,
        adjustments: [{ group: 'CR', reason: '45', cents: -6_000 }],
      },
      { claim_number: 'X-404', balanced: false },
    ]);
    expect((await one(odd))?.claim_list?.[1]).not.toHaveProperty('claim_id');
    expect((await one(denial))?.claim_list).toMatchObject([{ outcome: 'denied', remark_codes: ['N54'], patient_id: ada.id }]);
    expect((await list()).remittances.some(({ claim_list }) => claim_list)).toBe(false);
  });

  it('that are not there are not found', async () => {
    await expect(list({ remittance_id: randomUUID() })).rejects.toMatchObject({ type: 'not_found' });
    await expect(list({ after: randomUUID() })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('with many claims give ten at a time', async () => {
    const tenant_id = randomUUID();
    const patient = aPatient({ tenant_id });
    const big = aRemittance({ tenant_id });
    const many = Array.from({ length: 23 }, () => aClaim(patient));
    const said = many.map((claim) => anAnswer(big, claim, { lines: [[10_000, 0]], cas: ['PR-1 10000 @1'] }));
    await record.load({ tenant_id, patients: [patient], claims: many, remittances: [big], ...answerRows(said) });
    const seen: string[] = [];
    for (const claims_from of [1, 11, 21]) {
      const page = await record.ask(({ remittances }) => remittances.list({ remittance_id: big.id as string, claims_from, limit: 1 }), {
        tenant_id,
      });
      seen.push(...(page.remittances[0]?.claim_list ?? []).map(({ claim_number }) => claim_number));
      expect(page.remittances[0]?.claims_left).toBe(claims_from === 21 ? undefined : 23 - claims_from - 9);
    }
    expect(seen).toEqual(many.map(({ claim_number }) => claim_number).sort());
  });

  it('any file that adds up is balanced, and one cent more anywhere is not', async () => {
    const Line = fc.record({ paid: fc.nat(50_000), contract: fc.nat(20_000), share: fc.nat(9_000) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(Line, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: -900, max: 900 }), { maxLength: 2 }),
        fc.constantFrom('nowhere', 'file', 'claim', 'line'),
        async (file, held, where) => {
          const tenant_id = randomUUID();
          const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
          const paid = file.map((lines) => sum(lines.map((line) => line.paid)));
          const remittance = aRemittance({ tenant_id, amount_cents: sum(paid) - sum(held) + (where === 'file' ? 1 : 0) });
          const said = file.map((lines, at) =>
            anAnswer(remittance, `C${at}`, {
              charged_cents: sum(lines.map((line) => line.paid + line.contract + line.share)) + (where === 'claim' && at === 0 ? 1 : 0),
              paid_cents: paid[at],
              lines: lines.map((line, n) => [
                line.paid + line.contract + line.share + (where === 'line' && at + n === 0 ? 1 : 0),
                line.paid,
              ]),
              cas: lines.flatMap((line, n) => [`CO-45 ${line.contract} @${n + 1}`, `PR-2 ${line.share} @${n + 1}`]),
            }),
          );
          await record.load({
            tenant_id,
            remittances: [remittance],
            ...answerRows(said),
            remittance_provider_adjustments: held.map((cents) => plb(remittance, cents)),
          });
          const {
            remittances: [row],
          } = await record.ask((native) => native.remittances.list({ limit: 5, claims_from: 1 }), { tenant_id });
          expect(row?.balanced).toBe(where === 'nowhere');
          expect([row?.difference_cents, row?.claims_out_of_balance, row?.lines_out_of_balance]).toEqual(
            ['file', 'claim', 'line'].map((each) => (each === where ? 1 : undefined)),
          );
        },
      ),
      { numRuns: 40, seed: 3 },
    );
  });
});
