// What holds several patients of a clinic together in its money: each payer's remittances, summed over every claim in them.
import { dateOf } from '../days.ts';
import { claimsOf } from './claims.ts';
import { chartAt } from './patient.ts';
import { type Remit, remittanceId, traceOf } from './payers.ts';
import { type Population, tenantId } from './population.ts';
import { type Lines, line } from './tables.ts';

/** Looks at the claims of every patient of the clinic: some microseconds each. */
export function remittanceLines(population: Population, tenant: number, lines: Lines): void {
  const sums = new Map<string, { remit: Remit; cents: number }>();
  for (let patient = 0; patient < (population.clinics[tenant] as number); patient++)
    for (const { sent } of claimsOf(chartAt(population, tenant, patient)))
      for (const { answer } of sent) {
        if (!answer) continue;
        const key = `${answer.remit.payer.at}.${answer.remit.paid}`;
        const cents = (sums.get(key)?.cents ?? 0) + answer.lines.reduce((sum, { paid }) => sum + paid, 0);
        sums.set(key, { remit: answer.remit, cents });
      }
  const tenant_id = tenantId(population, tenant);
  for (const { remit, cents } of sums.values()) {
    const { payer, paid, received } = remit;
    const method = cents === 0 ? 'non_payment' : payer.method;
    lines.remittances.push(
      line(
        ...[tenant_id, remittanceId(population, tenant, remit), payer.name, traceOf(population, tenant, remit), method],
        ...[dateOf(paid), dateOf(received), cents],
      ),
    );
  }
}
