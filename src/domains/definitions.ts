// What every figure says of itself (connectors.md §2.0): by which formula, of whom, and who was left out.
import * as z from 'zod';
import { system } from './mark.ts';

/** Name and version of the formula: `no_show_rate@1`. */
export const DefinitionId = system('definition');

/** A part of a whole. Without anybody in the denominator there is no rate. */
export const Rate = z.object({
  numerator: z.number().int(),
  denominator: z.number().int(),
  /** numerator / denominator, to four places. */
  rate: z.number().optional(),
});
export type Rate = z.infer<typeof Rate>;

/** What was not counted, and why; a reason with nobody in it is left out. */
export const Excluded = z.array(z.object({ reason: system('term'), count: z.number().int() }));
export type Excluded = z.infer<typeof Excluded>;

export function rateOf(numerator: number, denominator: number): Rate {
  return { numerator, denominator, ...(denominator > 0 && { rate: Math.round((numerator / denominator) * 10_000) / 10_000 }) };
}

/** The reasons that somebody was left out for, in the order given. */
export function excludedOf(counts: Readonly<Record<string, number>>): Excluded {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => ({ reason: reason.replaceAll('_', ' '), count }));
}
