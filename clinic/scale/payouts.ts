// What the card processor paid out to a clinic: gross − fees − refunds − disputes, summed over the accounts of every patient.
import { dateOf, dayOf } from '../days.ts';
import { billingLines } from './account.ts';
import { arrivalOf, payoutIdOf } from './cards.ts';
import { chartAt, toLines } from './patient.ts';
import { type Population, tenantId } from './population.ts';
import { COLUMNS, type Lines, line, noLines, type ScaleTable } from './tables.ts';

/** The accounts are made once more, without ids and for their sums alone. */
export function payoutLines(population: Population, tenant: number, lines: Lines): void {
  const sums = new Map<number, number>();
  const last_day = dayOf(population.as_of) - 1;
  const add = (posted_on: string, cents: number) => {
    const arrival = arrivalOf(dayOf(posted_on));
    if (arrival <= last_day) sums.set(arrival, (sums.get(arrival) ?? 0) + cents);
  };
  for (let patient = 0; patient < (population.clinics[tenant] as number); patient++) {
    const own = noLines();
    billingLines({ ...toLines(chartAt(population, tenant, patient), own), id: () => '' });
    for (const { method, source, amount_cents, fee_cents, posted_on } of read(own, 'payments'))
      if (method === 'card' && source === 'patient') add(posted_on as string, Number(amount_cents) - Number(fee_cents));
    for (const { amount_cents, fee_cents, posted_on } of read(own, 'refunds'))
      add(posted_on as string, -Number(amount_cents) - Number(fee_cents));
  }
  for (const [arrival, cents] of sums)
    lines.payouts.push(line(tenantId(population, tenant), payoutIdOf(population, tenant, arrival), dateOf(arrival), cents));
}

function read(lines: Lines, table: ScaleTable): Record<string, string>[] {
  const columns = COLUMNS[table].split(' ');
  return lines[table].map((row) => Object.fromEntries(row.split('\t').map((cell, i) => [columns[i], cell])));
}
