// Denials told again from the 835s (connectors.md §2.18): nothing paid, or a part not paid, for a reason that is a denial, in any group.
import type { Clinic } from '../rows.ts';
import type { RemittanceClaimRow } from '../rows-money.ts';

type Files = Pick<Clinic, 'claims' | 'remittances' | 'remittance_claims' | 'remittance_lines' | 'remittance_adjustments'>;

/** Contract, sequester, deductible, coinsurance, co-payment, what an earlier payer did: no denials. */
const AGREED: readonly string[] = ['1', '2', '3', '23', '45', '253'];

const four = (numerator: number, denominator: number) => ({
  numerator,
  denominator,
  ...(denominator > 0 && { rate: Math.round((numerator / denominator) * 10_000) / 10_000 }),
});

/** The cents of one answer that the payer refused. */
export function deniedCents({ remittance_adjustments }: Files, row: RemittanceClaimRow): number {
  if (row.status_code === '22' || row.status_code === '25') return 0;
  return remittance_adjustments
    .filter(
      ({ remittance_claim_id, reason_code, amount_cents }) =>
        remittance_claim_id === row.id && !AGREED.includes(reason_code) && amount_cents > 0,
    )
    .reduce((sum, { amount_cents }) => sum + amount_cents, 0);
}

export function denialsOf(files: Files, { from, to }: { from: string; to: string }) {
  const paid_on = new Map(files.remittances.map((row) => [row.id, row.paid_on]));
  const on = (row: RemittanceClaimRow) => paid_on.get(row.remittance_id) ?? '';
  const inRange = (day: string | null) => day !== null && day >= from && day <= to;
  const denied = files.remittance_claims
    .filter((row) => inRange(on(row)))
    .map((row) => ({ row, cents: deniedCents(files, row) }))
    .filter(({ cents }) => cents > 0);
  const first = files.claims
    .filter(({ first_adjudicated_on, frequency }) => frequency === '1' && inRange(first_adjudicated_on))
    .map((claim) => {
      const answers = files.remittance_claims.filter(({ claim_id }) => claim_id === claim.id).sort((a, b) => (on(a) < on(b) ? -1 : 1));
      return { claim, cents: answers[0] ? deniedCents(files, answers[0]) : 0 };
    });
  return {
    ids: denied.map(({ row }) => row.id),
    denials: denied.length,
    denied_cents: denied.reduce((sum, { cents }) => sum + cents, 0),
    first_pass_denial_rate: four(first.filter(({ cents }) => cents > 0).length, first.length),
    first_pass_denied_dollars: four(
      first.reduce((sum, { cents }) => sum + cents, 0),
      first.reduce((sum, { claim }) => sum + claim.total_cents, 0),
    ),
  };
}
