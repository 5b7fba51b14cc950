// The posting of an 835 as a commit does it, for tests: drafted from the record, signed by the clinic's owner.
import { expect } from 'vitest';
import type { PaymentPosting } from '../../src/domains/payment-postings.ts';
import type { ChartRows } from '../../src/sources/native/load.ts';
import type { Row } from './chart.ts';
import { answerRows } from './money.ts';
import type { TestRecord } from './record.ts';
import type { answered } from './remitted.ts';

export type Answer = ReturnType<typeof answered>;
export const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** That the parts of a posting are its whole, to the cent. */
export function adds(it: PaymentPosting): void {
  expect(it.posted_cents + it.exceptions_cents + it.already_posted_cents).toBe(it.claims_paid_cents);
  expect(sum(it.exceptions.map(({ amount_cents }) => amount_cents))).toBe(it.exceptions_cents);
  expect(sum(it.claims.map(({ paid_cents }) => paid_cents))).toBe(it.posted_cents);
  for (const claim of it.claims) expect(sum(claim.lines.map(({ paid_cents }) => paid_cents))).toBe(claim.paid_cents);
}

export function postingIn(record: () => TestRecord) {
  const clinic = (remittance: Row) => ({ tenant_id: remittance.tenant_id as string });
  const postable = (remittance: Row) =>
    record().ask(({ remittances }) => remittances.postable({ remittance_id: remittance.id as string }), clinic(remittance));
  const post = (remittance: Row, shown: PaymentPosting) =>
    record().signed('payment_posting_draft', ({ remittances }, draft_id) => remittances.post({ draft_id, shown }), clinic(remittance));
  return {
    postable,
    post,
    async posting(remittance: Row): Promise<PaymentPosting> {
      const shown = await postable(remittance);
      await post(remittance, shown);
      return shown;
    },
    /** Loads a remittance with its answers, which adds up but for `off` cents. */
    async remitted(
      remittance: Row,
      answers: readonly Answer[],
      { plb = [], ...rows }: ChartRows & { plb?: readonly Row[] } = {},
      off = 0,
    ): Promise<void> {
      const amount_cents =
        sum(answers.map(({ clp }) => clp.paid_cents as number)) - sum(plb.map((row) => row.amount_cents as number)) + off;
      await record().load({
        ...clinic(remittance),
        ...rows,
        remittances: [{ ...remittance, amount_cents }],
        ...answerRows(answers),
        remittance_provider_adjustments: plb,
      });
    },
    /** The ledger of a clinic without its ids. */
    async ledgerOf(tenant_id: string) {
      const { rows } = await record().admin.query(
        `select p.charge_id, 'payment' as what, p.method as how, p.amount_cents, p.posted_on::text as on, p.remittance_claim_id from data.payments p where tenant_id = $1
         union all select charge_id, 'adjustment', kind || ' ' || party, amount_cents, posted_on::text, remittance_claim_id from data.adjustments where tenant_id = $1
         union all select charge_id, 'transfer', '', amount_cents, moved_on::text, remittance_claim_id from data.responsibility_transfers where tenant_id = $1
         order by 1, 2, 3, 4, 6`,
        [tenant_id],
      );
      return rows;
    },
  };
}
