// What a clinic has beside its patients' charts at scale. Made once a clinic, whoever makes the charts.
import { dateOf, dayOf } from '../days.ts';
import { chanceOf, idOf } from './chance.ts';
import { strangerLines } from './leads.ts';
import { payoutLines } from './payouts.ts';
import { cliniciansOf, KIND, type Population, practitionerId, tenantId } from './population.ts';
import { remittanceLines } from './remittances.ts';
import { type Lines, line } from './tables.ts';

const S = { leave: 330 };

export function clinicOf(population: Population, tenant: number, lines: Lines): void {
  remittanceLines(population, tenant, lines);
  payoutLines(population, tenant, lines);
  strangerLines(population, tenant, lines);
  blockLines(population, tenant, lines);
}

/** The staff's meeting of the next Mondays, and each clinician's leave: a week some time in the next two months for one in three. */
function blockLines(population: Population, tenant: number, lines: Lines): void {
  const { seed, as_of, clinics } = population;
  const chance = chanceOf(seed, tenant, -22);
  const today = dayOf(as_of);
  let n = 0;
  const add = (of: string | undefined, from: string, to: string, reason: string) =>
    lines.schedule_blocks.push(line(tenantId(population, tenant), idOf(seed, tenant, -1, KIND.block, n++), of, from, to, reason));
  for (let day = today - 365; day < today + 90; day++)
    if ((day + 4) % 7 === 1) add(undefined, `${dateOf(day)}T13:00:00Z`, `${dateOf(day)}T14:00:00Z`, 'meeting');
  for (let of = 0; of < cliniciansOf(clinics[tenant] as number); of++) {
    if (chance.uniform(S.leave, of * 2) > 0.35) continue;
    const from = today + chance.int(S.leave, 1, 60, of * 2 + 1);
    add(practitionerId(population, tenant, of), `${dateOf(from)}T05:00:00Z`, `${dateOf(from + 7)}T05:00:00Z`, 'leave');
  }
}
