// The laws of posting on random 835s: sums to the cent, any order, never twice, and the kept tables are what the rows say.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, type Row } from '../../../test/builders/chart.ts';
import { wronglyKept } from '../../../test/builders/kept.ts';
import { answerRows, aPayment, aRemittance } from '../../../test/builders/money.ts';
import { type Answer, adds, postingIn, sum } from '../../../test/builders/posting.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { aBilled, answered, aProviderAdjustment, type Said } from '../../../test/builders/remitted.ts';
import type { PaymentPosting } from '../../domains/payment-postings.ts';

let record: TestRecord;
beforeAll(async () => {
  record = await aRecord();
});
afterAll(() => record.close());
const { postable, post, ledgerOf } = postingIn(() => record);

describe('on random files', () => {
  const cents = fc.nat(20_000);
  const Line = fc.record({
    paid: cents,
    contract: cents,
    law: fc.constantFrom(0, 0, 250),
    share: fc.constantFrom(0, 0, 1_000, 2_550),
    code: fc.constantFrom('', '', '', 'CO-96 700', 'OA-18 450', 'PI-94 300'),
    denied: fc.constantFrom(false, false, false, true),
  });
  const ClaimSaid = fc.record({
    lines: fc.array(Line, { minLength: 1, maxLength: 3 }),
    status: fc.constantFrom('1', '1', '1', '1', '2', '19', '4', '23', '25', '7'),
    trouble: fc.constantFrom('none', 'none', 'none', 'none', 'stray', 'other patient', 'void', 'cent', 'paid before', 'answered twice'),
  });
  const File = fc.record({
    claims: fc.array(ClaimSaid, { minLength: 1, maxLength: 5 }),
    held: fc.array(fc.integer({ min: -500, max: 500 }).filter(Boolean), { maxLength: 2 }),
  });
  type File = typeof File extends fc.Arbitrary<infer T> ? T : never;

  const saidOf = ({ paid, contract, law, share, code, denied }: File['claims'][number]['lines'][number]): Said =>
    denied
      ? [0, `CO-50 ${paid + contract + 1}`]
      : [
          paid,
          ...(contract ? [`CO-45 ${contract}`] : []),
          ...(law ? [`CO-253 ${law}`] : []),
          ...(share ? [`PR-2 ${share}`] : []),
          ...(code && paid > 0 ? [code] : []),
        ];

  /** The rows of some files of one clinic, each with claims of its own. */
  function rowsOf(tenant_id: string, files: readonly File[]) {
    const [one, two] = [aPatient({ tenant_id }), aPatient({ tenant_id, given_name: 'Cora' })];
    const rows = {
      patients: [one, two] as Row[],
      remittances: [] as Row[],
      charges: [] as Row[],
      claims: [] as Row[],
      claim_lines: [] as Row[],
      payments: [] as Row[],
      remittance_provider_adjustments: [] as Row[],
    };
    const answers: Answer[] = [];
    for (const { claims, held } of files) {
      const remittance = aRemittance({ tenant_id });
      const own = claims.flatMap(({ lines, status, trouble }) => {
        const said = lines.map(saidOf);
        const charged = said.map(([paid, ...cas]) => paid + sum(cas.map((text) => Number(text.split(' ')[1]))));
        const billed = aBilled(one, charged, { charge: trouble === 'void' ? { voided_on: '2026-11-02' } : {} });
        if (trouble !== 'stray') {
          rows.charges.push(...billed.charges);
          rows.claims.push(billed.claim);
          rows.claim_lines.push(...billed.lines);
        }
        if (trouble === 'paid before' && charged[0])
          rows.payments.push(aPayment(billed.charges[0] as Row, { source: 'insurance', method: 'ach', amount_cents: charged[0] }));
        const answer = answered(remittance, trouble === 'stray' ? (billed.claim.claim_number as string) : billed, said, {
          status_code: status,
          ...(trouble === 'other patient' && { patient_id: two.id }),
        });
        if (trouble === 'cent') answer.clp.charged_cents = (answer.clp.charged_cents as number) + 1;
        return trouble === 'answered twice' ? [answer, answered(remittance, billed, said, { status_code: status })] : [answer];
      });
      const plb = held.map((each) => aProviderAdjustment(remittance, each));
      rows.remittances.push({ ...remittance, amount_cents: sum(own.map(({ clp }) => clp.paid_cents as number)) - sum(held) });
      rows.remittance_provider_adjustments.push(...plb);
      answers.push(...own);
    }
    return { rows, answers };
  }

  async function postAll(remittances: readonly Row[]): Promise<PaymentPosting[]> {
    const made: PaymentPosting[] = [];
    for (const remittance of remittances) {
      const shown = await postable(remittance).catch((refused: { type?: string }) => {
        expect(refused.type).toBe('conflict');
        return undefined;
      });
      if (!shown) continue;
      adds(shown);
      await post(remittance, shown);
      made.push(shown);
      // Once more is nothing: neither the same, nor what a new draft would say.
      await expect(post(remittance, shown)).rejects.toMatchObject({ type: 'conflict' });
      await expect(postable(remittance)).rejects.toMatchObject({ type: 'conflict' });
    }
    return made;
  }

  it('every cent is posted, an exception or posted before; the order is nothing, nor is once more; and what is kept is what the rows say', async () => {
    let posted = 0;
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(File, { minLength: 1, maxLength: 3 }), fc.infiniteStream(fc.nat()), async (files, turns) => {
        const tenant_id = randomUUID();
        const { rows, answers } = rowsOf(tenant_id, files);
        const all = { ...rows, ...answerRows(answers) };
        await record.load({ tenant_id, ...all });
        const before = await ledgerOf(tenant_id);
        const made = await postAll(rows.remittances);
        const ledger = await ledgerOf(tenant_id);
        const total = (what: string) => sum(ledger.filter((row) => row.what === what).map(({ amount_cents }) => amount_cents));
        const first = (what: string) => sum(before.filter((row) => row.what === what).map(({ amount_cents }) => amount_cents));
        expect(total('payment') - first('payment')).toBe(sum(made.map(({ posted_cents }) => posted_cents)));
        expect(total('adjustment')).toBe(
          sum(made.map(({ contractual_cents, sequestration_cents }) => contractual_cents + sequestration_cents)),
        );
        expect(total('transfer')).toBe(sum(made.map(({ to_patient_cents }) => to_patient_cents)));
        expect(await wronglyKept(record.admin, { from: '2026-10-01', days: 55 })).toEqual([]);
        const { rows: below } = await record.admin.query(
          "select from data.open_items where tenant_id = $1 and party = 'insurance' and until_on = 'infinity' and cents < 0",
          [tenant_id],
        );
        expect(below).toEqual([]);
        const { identity } = await record.ask(({ billing }) => billing.summary({ from: '2026-10-01', to: '2026-11-20' }), { tenant_id });
        expect(identity.difference_cents).toBe(0);
        // The same files, posted in another order, are the same ledger.
        for (const table of ['payments', 'adjustments', 'responsibility_transfers'])
          await record.admin.query(`delete from data.${table} where tenant_id = $1 and remittance_claim_id is not null`, [tenant_id]);
        const order = rows.remittances.map((row) => [turns.next().value as number, row] as const).sort(([a], [b]) => a - b);
        await postAll(order.map(([, row]) => row));
        expect(await ledgerOf(tenant_id)).toEqual(ledger);
        posted += made.length;
        for (const { exceptions } of made) for (const { kind } of exceptions) kinds.add(kind);
        // What the next clinic's recount has to look at is its own.
        for (const table of ['payments', 'adjustments', 'responsibility_transfers'])
          await record.admin.query(`delete from data.${table} where tenant_id = $1`, [tenant_id]);
      }),
      { seed: 835, numRuns: 40 },
    );
    expect(posted).toBeGreaterThan(30);
    expect([...kinds].sort()).toEqual(
      expect.arrayContaining([
        'adjustment_code',
        'denied',
        'denied_line',
        'other_patient',
        'out_of_balance',
        'overpaid',
        'provider_adjustment',
        'unmatched_claim',
        'voided',
      ]),
    );
  }, 120_000);
});
