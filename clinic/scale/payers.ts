// The payers of a clinic at scale: what they allow, how long they take, and their remittances, one a payer and business day, known from the day alone.
import { workdayFrom } from '../calendar.ts';
import { dateOf } from '../days.ts';
import { type Chance, chanceOf, idOf } from './chance.ts';
import type { Coverage } from './patient.ts';
import { KIND, type Population } from './population.ts';

interface Payer {
  /** Its place among the payers of a clinic. */
  at: number;
  name: string;
  /** What the contract allows of a visit and of a laboratory test, in thousandths. */
  visit: number;
  lab: number;
  /** Days from a claim to its payment. */
  lag: readonly [number, number];
  method: 'ach' | 'check';
}

export const PAYERS: Readonly<Record<Coverage['kind'], Payer>> = {
  medicare: { at: 0, name: 'Medicare Part B', visit: 487, lab: 236, lag: [14, 17], method: 'ach' },
  medicaid: { at: 1, name: 'State Medicaid', visit: 391, lab: 208, lag: [18, 34], method: 'check' },
  commercial: { at: 2, name: 'Example Mutual', visit: 602, lab: 331, lag: [8, 33], method: 'ach' },
};

export interface Remit {
  payer: Payer;
  paid: number;
  received: number;
  posted: number;
}

const S = { remit: 280 };
const chances = new Map<string, Chance>();

function chanceOfPayer({ seed }: Population, tenant: number, { at }: Payer): Chance {
  const key = `${seed}.${tenant}.${at}`;
  const chance = chances.get(key) ?? chanceOf(seed, tenant, -11 - at);
  chances.set(key, chance);
  return chance;
}

/** The remittance in which a claim comes that the payer has done with on `ready`. Most are posted within days, one in thirty after six weeks. */
export function remitOf(population: Population, tenant: number, payer: Payer, ready: number): Remit {
  const chance = chanceOfPayer(population, tenant, payer);
  const paid = workdayFrom(ready);
  const received = workdayFrom(paid + chance.int(S.remit, 0, 2, paid * 4));
  const lies = chance.uniform(S.remit, paid * 4 + 1) < 0.03 ? 41 : chance.int(S.remit, 1, 8, paid * 4 + 2);
  return { payer, paid, received, posted: workdayFrom(received + lies) };
}

export const remittanceId = ({ seed }: Population, tenant: number, { payer, paid }: Remit) =>
  idOf(seed, tenant, -1, KIND.remittance, payer.at * 100_000 + paid);

/** The payer's number of the payment (TRN02). */
export function traceOf(population: Population, tenant: number, { payer, paid }: Remit): string {
  const number = chanceOfPayer(population, tenant, payer).int(S.remit, 1_000, 9_999, paid * 4 + 3);
  return `${payer.method === 'ach' ? 'EFT' : ''}${dateOf(paid).replaceAll('-', '')}${number}`;
}
