// A visit that was billed, and what a payer answers to it, with the ties between answer, claim and charge.
import { randomUUID } from 'node:crypto';
import type { ChartRows } from '../../src/sources/native/load.ts';
import type { Row } from './chart.ts';
import { aCharge, aClaim, aClaimLine, anAnswer } from './money.ts';

export interface Billed {
  claim: Row;
  charges: Row[];
  lines: Row[];
}

/** A claim with a charge and a line for each of `cents`, owed by the insurer. */
export function aBilled(patient: Row, cents: readonly number[], own: { claim?: Row; charge?: Row } = {}): Billed {
  const total_cents = cents.reduce((sum, each) => sum + each, 0);
  const claim = aClaim(patient, {
    total_cents,
    claim_number: `N${randomUUID().slice(0, 8).toUpperCase()}`,
    status: 'accepted',
    ...own.claim,
  });
  const charges = cents.map((amount_cents) => aCharge(patient, { responsible: 'insurance', amount_cents, ...own.charge }));
  const lines = charges.map((charge, n) =>
    aClaimLine(claim, { charge_id: charge.id, line_number: n + 1, amount_cents: charge.amount_cents }),
  );
  return { claim, charges, lines };
}

/** What a payer says of one line: paid, and CAS such as `CO-45 2000`. */
export type Said = readonly [paid_cents: number, ...cas: string[]];

/** The answer to a billed claim, line by line; what is charged is the claim's, negative where it is taken back (22). */
export function answered(remittance: Row, billed: Billed | string, said: readonly Said[], own: Row & { whole?: readonly string[] } = {}) {
  const { whole = [], ...clp } = own;
  const sign = clp.status_code === '22' ? -1 : 1;
  const known = typeof billed === 'string' ? undefined : billed;
  const charged = (n: number) => {
    const [paid, ...cas] = said[n] ?? [0];
    const line = known?.lines[n]?.amount_cents as number | undefined;
    return line === undefined ? cas.reduce((sum, each) => sum + Number(each.split(' ')[1]), paid) : sign * line;
  };
  const answer = anAnswer(remittance, known?.claim ?? (billed as string), {
    charged_cents: said.reduce((sum, _, n) => sum + charged(n), 0),
    paid_cents: said.reduce((sum, [paid]) => sum + paid, 0),
    lines: said.map(([paid], n) => [charged(n), paid] as const),
    cas: [...said.flatMap(([, ...cas], n) => cas.map((each) => `${each} @${n + 1}`)), ...whole],
    ...clp,
  });
  return { ...answer, svc: answer.svc.map((row, n) => ({ ...row, claim_line_id: known?.lines[n]?.id ?? null })) };
}

/** The rows of billed claims, by table. */
export function billedRows(all: readonly Billed[]): ChartRows {
  return {
    charges: all.flatMap(({ charges }) => charges),
    claims: all.map(({ claim }) => claim),
    claim_lines: all.flatMap(({ lines }) => lines),
  };
}

/** PLB of a remittance. */
export const aProviderAdjustment = (remittance: Row, amount_cents: number, reason_code = 'WO'): Row => ({
  tenant_id: remittance.tenant_id,
  id: randomUUID(),
  remittance_id: remittance.id,
  reason_code,
  reference: 'REF1',
  amount_cents,
});
