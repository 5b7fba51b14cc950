// What is posted of an 835, and what is left for a person: each sort of exception once. The laws on random files: remittances-laws.test.ts.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCoverage, aPatient, type Row, TENANT } from '../../../test/builders/chart.ts';
import { anAdjustment, aPayment, aRemittance } from '../../../test/builders/money.ts';
import { adds, postingIn } from '../../../test/builders/posting.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { aBilled, answered, aProviderAdjustment, type Billed, billedRows, type Said } from '../../../test/builders/remitted.ts';
import type { PaymentPosting } from '../../domains/payment-postings.ts';
import type { ChartRows } from './load.ts';

const ada = aPatient();
const ben = aPatient({ given_name: 'Ben', family_name: 'Ruiz' });
let record: TestRecord;
beforeAll(async () => {
  record = await aRecord({ patients: [ada, ben] });
});
afterAll(() => record.close());

const { postable, post, posting, remitted, ledgerOf } = postingIn(() => record);
const told = ({ exceptions }: PaymentPosting) => exceptions.map(({ kind, amount_cents }) => [kind, amount_cents]);
const PAID: Said = [6_000, 'CO-45 3000', 'PR-2 1000'];

/** A claim of one charge of 100 $, answered as said, beside one that is paid as it should be. */
async function besideAGoodOne(
  said: readonly Said[],
  {
    cents = [10_000],
    answer = {},
    billed = {},
    patient = ada,
    more = () => ({}),
  }: {
    cents?: number[];
    answer?: Row & { whole?: readonly string[] };
    billed?: Parameters<typeof aBilled>[2];
    patient?: Row;
    more?: (it: Billed) => ChartRows;
  } = {},
) {
  const remittance = aRemittance();
  const [odd, good] = [aBilled(patient, cents, billed), aBilled(ada, [10_000])];
  const extra = more(odd);
  await remitted(remittance, [answered(remittance, odd, said, answer), answered(remittance, good, [PAID])], {
    ...extra,
    ...billedRows([odd, good]),
  });
  const shown = await postable(remittance);
  adds(shown);
  return { shown, odd, good, remittance };
}

describe('a remittance that is as it should be', () => {
  it('is posted: payments, what the contract and the law take off, and what moves to the patient', async () => {
    const remittance = aRemittance({ method: 'check' });
    const billed = aBilled(ada, [10_000, 5_000]);
    await remitted(
      remittance,
      [answered(remittance, billed, [[6_000, 'CO-45 2900', 'CO-253 100', 'PR-1 600', 'PR-2 400'], [5_000]])],
      billedRows([billed]),
    );
    const shown = await posting(remittance);
    adds(shown);
    expect(shown).toMatchObject({
      posted_cents: 11_000,
      contractual_cents: 2_900,
      sequestration_cents: 100,
      to_patient_cents: 1_000,
      exceptions: [],
    });
    const [first, second] = billed.charges.map(({ id }) => id);
    const rows = (await ledgerOf(TENANT)).filter(({ charge_id }) => charge_id === first || charge_id === second);
    expect(rows).toHaveLength(5);
    expect(rows).toContainEqual(
      expect.objectContaining({ charge_id: first, what: 'payment', how: 'check', amount_cents: 6_000, on: '2026-11-20' }),
    );
    expect(rows).toContainEqual(expect.objectContaining({ charge_id: first, how: 'contractual insurance', amount_cents: 2_900 }));
    expect(rows).toContainEqual(expect.objectContaining({ charge_id: first, how: 'sequestration insurance', amount_cents: 100 }));
    expect(rows).toContainEqual(expect.objectContaining({ charge_id: first, what: 'transfer', amount_cents: 1_000 }));
    expect(rows).toContainEqual(expect.objectContaining({ charge_id: second, what: 'payment', amount_cents: 5_000 }));
    const { remittances } = await record.ask((native) =>
      native.remittances.list({ remittance_id: remittance.id as string, claims_from: 1, limit: 1 }),
    );
    expect(remittances[0]).toMatchObject({ posted: 'posted', posted_cents: 11_000 });
  });

  it('is posted once: not by another draft, and by the same draft into the same rows', async () => {
    const remittance = aRemittance();
    const billed = aBilled(ada, [10_000]);
    await remitted(remittance, [answered(remittance, billed, [PAID])], billedRows([billed]));
    const shown = await postable(remittance);
    await record.signed('payment_posting_draft', async ({ remittances }, draft_id) => {
      await remittances.post({ draft_id, shown });
      await remittances.post({ draft_id, shown });
    });
    const before = await ledgerOf(TENANT);
    await expect(post(remittance, shown)).rejects.toMatchObject({ type: 'conflict' });
    await expect(postable(remittance)).rejects.toMatchObject({ type: 'conflict', message: expect.stringContaining('1 already posted') });
    expect(await ledgerOf(TENANT)).toEqual(before);
  });

  it('keeps the share of the patient with the insurers where another payer is still to answer, and the second finishes it', async () => {
    const [first, second] = [aRemittance(), aRemittance({ payer: 'Example Supplement' })];
    const billed = aBilled(ada, [10_000]);
    await remitted(first, [answered(first, billed, [[6_400, 'CO-45 2000', 'PR-2 1600']], { status_code: '19' })], billedRows([billed]));
    await remitted(second, [answered(second, billed, [[1_500, 'OA-23 8400', 'PR-1 100']], { status_code: '2' })]);
    expect(await posting(first)).toMatchObject({ to_patient_cents: 0, exceptions: [] });
    // What the first payer did is what the ledger has: nobody needs to look at it.
    expect(await posting(second)).toMatchObject({ posted_cents: 1_500, to_patient_cents: 100, exceptions: [] });
    const { rows } = await record.admin.query(
      "select party, cents::int from data.open_items where charge_id = $1 and until_on = 'infinity'",
      [billed.charges[0]?.id],
    );
    expect(rows).toEqual([{ party: 'patient', cents: 100 }]);
  });

  it('takes back by a reversal what stands, and posts the corrected claim after it', async () => {
    const [first, again] = [aRemittance(), aRemittance()];
    const old = aBilled(ada, [10_000]);
    const corrected = { ...aBilled(ada, []), charges: old.charges };
    corrected.lines = old.lines.map((line) => ({ ...line, id: randomUUID(), claim_id: corrected.claim.id }));
    await remitted(first, [answered(first, old, [PAID])], billedRows([old, { ...corrected, charges: [] }]));
    await posting(first);
    await remitted(again, [
      answered(again, corrected, [[7_000, 'CO-45 3000']], { claim_number: corrected.claim.claim_number }),
      answered(again, old, [[-6_000, 'CO-45 -3000', 'PR-2 -1000']], { status_code: '22' }),
    ]);
    const shown = await posting(again);
    expect(shown).toMatchObject({ posted_cents: 1_000, to_patient_cents: -1_000, contractual_cents: 0, exceptions: [] });
    expect(shown.claims.map(({ outcome, paid_cents }) => [outcome, paid_cents])).toEqual([
      ['reversed', -6_000],
      ['processed', 7_000],
    ]);
    expect(
      (
        await record.admin.query('select party from data.open_items where charge_id = $1 and until_on = $2', [
          old.charges[0]?.id,
          'infinity',
        ])
      ).rows,
    ).toEqual([]);
  });
});

describe('is left for a person', () => {
  const held: Record<string, () => ReturnType<typeof besideAGoodOne>> = {
    other_patient: () => besideAGoodOne([PAID], { answer: { patient_id: ben.id } }),
    other_claim: () => besideAGoodOne([PAID], { answer: { claim_number: 'X-1' } }),
    denied: () => besideAGoodOne([[0, 'CO-197 10000']], { answer: { status_code: '4' } }),
    not_ours: () => besideAGoodOne([[0, 'OA-109 10000']], { answer: { status_code: '23' } }),
    predetermination: () => besideAGoodOne([PAID], { answer: { status_code: '25' } }),
    unknown_status: () => besideAGoodOne([PAID], { answer: { status_code: '5' } }),
    out_of_balance: () => besideAGoodOne([[6_000, 'CO-45 2999', 'PR-2 1000']]),
    not_by_line: () => besideAGoodOne([], { answer: { charged_cents: 10_000, paid_cents: 6_000, whole: ['CO-45 4000'] } }),
    voided: () => besideAGoodOne([PAID], { billed: { charge: { voided_on: '2026-11-01' } } }),
    'voided ': () => besideAGoodOne([PAID], { billed: { claim: { status: 'voided' } } }),
    mixed_signs: () => besideAGoodOne([[11_000, 'CO-45 -1000']]),
    overpaid: () =>
      besideAGoodOne([PAID], {
        more: ({ charges: [charge] }) => ({ payments: [aPayment(charge as Row, { source: 'insurance', method: 'ach', amount_cents: 1 })] }),
      }),
    reversal_unmatched: () => besideAGoodOne([[-6_000, 'CO-45 -3000', 'PR-2 -1000']], { answer: { status_code: '22' } }),
  };
  it.each(Object.entries(held))('a claim: %s, and the other claim of the file is posted', async (name, make) => {
    const { shown, odd, good } = await make();
    const [exception] = shown.exceptions;
    expect(shown.exceptions).toHaveLength(1);
    expect(exception).toMatchObject({
      kind: name.trim(),
      patient: expect.any(String),
      text: expect.stringMatching(/\.$/),
      next: expect.stringMatching(/\.$/),
    });
    expect(shown.claims.map(({ claim_number }) => claim_number)).toEqual([good.claim.claim_number]);
    expect(shown.posted_cents).toBe(6_000);
    expect(exception?.claim_number).toBe(name === 'other_claim' ? 'X-1' : odd.claim.claim_number);
  });

  it('a claim that matches none, and one without a charge or with one charge twice', async () => {
    const remittance = aRemittance();
    const [good, odd] = [aBilled(ada, [10_000]), aBilled(ada, [10_000, 10_000])];
    const stray = answered(remittance, 'MX-77', [PAID]);
    const twice = { ...odd, lines: odd.lines.map((line) => ({ ...line, charge_id: odd.charges[0]?.id })) };
    await remitted(
      remittance,
      [stray, answered(remittance, twice, [PAID, PAID]), answered(remittance, good, [PAID])],
      billedRows([good, twice]),
    );
    const shown = await postable(remittance);
    adds(shown);
    expect(told(shown).sort()).toEqual([
      ['unmatched_claim', 6_000],
      ['unmatched_line', 12_000],
    ]);
  });

  it('a line that is denied and a code that is no contract, while the rest of the claim is posted', async () => {
    const { shown, odd } = await besideAGoodOne([PAID, [0, 'CO-97 5000'], [3_000, 'CO-96 1500', 'PI-94 500']], {
      cents: [10_000, 5_000, 5_000],
    });
    expect(shown.exceptions.map(({ kind, line_number, code, open_cents }) => [kind, line_number, code, open_cents])).toEqual([
      ['denied_line', 2, 'CO-97', 5_000],
      ['adjustment_code', 3, 'CO-96', 1_500],
      ['adjustment_code', 3, 'PI-94', 500],
    ]);
    const claim = shown.claims.find(({ claim_number }) => claim_number === odd.claim.claim_number);
    expect(claim?.lines.map(({ line_number, paid_cents }) => [line_number, paid_cents])).toEqual([
      [1, 6_000],
      [3, 3_000],
    ]);
  });

  it('what another payer is said to have done, where the ledger has it otherwise', async () => {
    const { shown } = await besideAGoodOne([[1_000, 'OA-23 9000']], { answer: { status_code: '2' } });
    expect(shown.exceptions).toMatchObject([{ kind: 'adjustment_code', code: 'OA-23', open_cents: 9_000 }]);
  });

  it('the share of a patient who has a second plan', async () => {
    const plan = aCoverage(ben, { rank: 1, period_start: '2020-01-01' });
    const { shown } = await besideAGoodOne([PAID], {
      patient: ben,
      billed: { claim: { coverage_id: plan.id } },
      more: () => ({ coverages: [plan, aCoverage(ben, { rank: 2, period_start: '2020-01-01' })] }),
    });
    expect(shown.exceptions).toMatchObject([{ kind: 'second_payer', amount_cents: 0, open_cents: 1_000, patient: 'Ben Ruiz' }]);
    expect(shown.to_patient_cents).toBe(1_000); // the other claim's
  });

  it('what the payer takes from the practice, which is no patient’s', async () => {
    const remittance = aRemittance();
    const billed = aBilled(ada, [10_000]);
    await remitted(remittance, [answered(remittance, billed, [PAID])], {
      ...billedRows([billed]),
      plb: [aProviderAdjustment(remittance, 800)],
    });
    expect(await postable(remittance)).toMatchObject({
      amount_cents: 5_200,
      posted_cents: 6_000,
      exceptions: [{ kind: 'provider_adjustment', code: 'WO REF1', amount_cents: 0, open_cents: 800 }],
    });
  });

  it('a file whose payment is not its claims: nothing of it is posted', async () => {
    const remittance = aRemittance();
    const billed = aBilled(ada, [10_000]);
    await remitted(remittance, [answered(remittance, billed, [PAID])], billedRows([billed]), 1);
    await expect(postable(remittance)).rejects.toMatchObject({
      type: 'conflict',
      message: expect.stringContaining('1 file out of balance'),
    });
  });

  it('what stands in the ledger already, in full or in part', async () => {
    const remittance = aRemittance();
    const [full, part, good] = [aBilled(ada, [10_000]), aBilled(ada, [10_000]), aBilled(ada, [10_000])];
    const answers = [full, part, good].map((billed) => answered(remittance, billed, [PAID]));
    const stands = (at: number, amount_cents: number) =>
      aPayment([full, part][at]?.charges[0] as Row, {
        source: 'insurance',
        method: 'ach',
        amount_cents,
        remittance_claim_id: answers[at]?.clp.id,
      });
    await remitted(remittance, answers, { ...billedRows([full, part, good]), payments: [stands(0, 6_000), stands(1, 2_000)] });
    const shown = await posting(remittance);
    adds(shown);
    expect(shown).toMatchObject({ posted_cents: 6_000, already_posted_cents: 8_000, exceptions_cents: 4_000 });
    expect(told(shown).sort()).toEqual([
      ['already_posted', 0],
      ['partly_posted', 4_000],
    ]);
    const { remittances } = await record.ask((native) =>
      native.remittances.list({ remittance_id: remittance.id as string, claims_from: 1, limit: 1 }),
    );
    expect(remittances[0]).toMatchObject({ posted: 'partly', posted_cents: 14_000 });
  });

  it('a remittance of another clinic, as one that is not there', async () => {
    const tenant_id = randomUUID();
    const theirs = aRemittance({ tenant_id });
    const patient = aPatient({ tenant_id });
    const billed = aBilled(patient, [10_000]);
    await remitted(theirs, [answered(theirs, billed, [PAID])], { patients: [patient], ...billedRows([billed]) });
    const ask = (remittance_id: unknown) =>
      record.ask(({ remittances }) => remittances.postable({ remittance_id: remittance_id as string })).catch(String);
    expect(await ask(theirs.id)).toBe(await ask(randomUUID()));
  });
});

describe('a commit', () => {
  it('refuses what was signed where a charge, a claim or the ledger changed since, and where the payload was touched', async () => {
    const remittance = aRemittance();
    const billed = aBilled(ada, [10_000]);
    await remitted(remittance, [answered(remittance, billed, [PAID])], billedRows([billed]));
    const shown = await postable(remittance);
    const refused = () => expect(post(remittance, shown)).rejects.toMatchObject({ type: 'conflict' });
    const charge = billed.charges[0] as Row;
    await record.admin.query("update data.charges set voided_on = '2026-11-19' where id = $1", [charge.id]);
    await refused();
    await record.admin.query('update data.charges set voided_on = null where id = $1', [charge.id]);
    const adjusted = anAdjustment(charge, { kind: 'write_off', amount_cents: 1 });
    await record.load({ adjustments: [adjusted] });
    await refused();
    await record.admin.query('delete from data.adjustments where id = $1', [adjusted.id]);
    const [claim] = shown.claims;
    await expect(post(remittance, { ...shown, posted_cents: 1 })).rejects.toMatchObject({ type: 'conflict' });
    await expect(post(remittance, { ...shown, claims: [{ ...(claim as (typeof shown.claims)[0]), lines: [] }] })).rejects.toMatchObject({
      type: 'conflict',
    });
    await post(remittance, shown);
  });
});
