// Why payers of a clinic at scale do not pay, how often each reason comes, and what becomes of it.
import type { Chance } from './chance.ts';

export interface Denial {
  group: 'CO' | 'PR';
  reason: string;
  remark?: string;
  /** Of the claims denied so, in hundredths. */
  weight: number;
  /** The share that is sent again, corrected. */
  again: number;
  /** The claim as a whole, without lines; or its last line only, where it has several. */
  of?: 'whole' | 'last_line';
  /** Given up at once; else it is worked on for a while. */
  lost?: true;
}

const DENIALS: readonly Denial[] = [
  { group: 'CO', reason: '16', remark: 'N290', weight: 22, again: 0.75 },
  { group: 'CO', reason: '197', weight: 14, again: 0.4 },
  { group: 'CO', reason: '97', remark: 'M15', weight: 14, again: 0, of: 'last_line', lost: true },
  { group: 'CO', reason: '50', remark: 'N115', weight: 12, again: 0.35 },
  { group: 'CO', reason: '18', weight: 8, again: 0, lost: true },
  { group: 'CO', reason: '22', weight: 7, again: 0.7 },
  { group: 'PR', reason: '27', weight: 7, again: 0, of: 'whole' },
  { group: 'PR', reason: '204', remark: 'N130', weight: 6, again: 0 },
  { group: 'CO', reason: '4', remark: 'N519', weight: 5, again: 0.8 },
  { group: 'CO', reason: '29', weight: 5, again: 0, lost: true },
];

export const TIMELY = '29';

export function denialOf(chance: Chance, stream: number, i: number): Denial {
  let left = chance.uniform(stream, i) * 100;
  for (const denial of DENIALS) {
    left -= denial.weight;
    if (left < 0) return denial;
  }
  return DENIALS[0] as Denial;
}
