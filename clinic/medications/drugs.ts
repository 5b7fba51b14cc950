// The products this clinic prescribes, and those that patients buy.
import { COUNTER_DRUGS } from './counter-drugs.ts';
import type { Drug } from './drug.ts';
import { HORMONE_DRUGS } from './hormone-drugs.ts';
import { METABOLIC_DRUGS } from './metabolic-drugs.ts';
import { OTHER_DRUGS } from './other-drugs.ts';

const DRUGS = { ...HORMONE_DRUGS, ...METABOLIC_DRUGS, ...OTHER_DRUGS, ...COUNTER_DRUGS } as const satisfies Record<string, Drug>;

export type DrugKey = keyof typeof DRUGS;

export function drugOf(key: DrugKey): Drug {
  return DRUGS[key];
}
