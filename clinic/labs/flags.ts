// Whether a result is normal, as the person who made it up knows: the laboratory's word first, then its range, else nobody can tell (connectors.md §2.2).
import type { LabFlag } from '../../src/domains/labs.ts';

export interface Judged {
  value: number | null;
  comparator: '<' | '<=' | '>' | '>=' | null;
  ref_low: number | null;
  ref_high: number | null;
  ref_text?: string | null;
}

/** N, L or H where the range decides; a censored value decides only when every value it can stand for falls on the same side. */
export function judge({ value, comparator, ref_low: low, ref_high: high, ref_text }: Judged): 'N' | 'L' | 'H' | 'unknown' {
  // The one range that these laboratories print as words and that is a number all the same.
  const [, goal] = /^<(\d+)$/.exec(ref_text ?? '') ?? [];
  if (goal !== undefined && value !== null && comparator === null) return value < Number(goal) ? 'N' : 'H';
  if (value === null || (low === null && high === null)) return 'unknown';
  if (comparator === null) {
    if (low !== null && value < low) return 'L';
    return high !== null && value > high ? 'H' : 'N';
  }
  if (comparator === '<' || comparator === '<=') {
    const isBelow = low !== null && low > 0 && (comparator === '<' ? value <= low : value < low);
    if (isBelow) return 'L';
    // Nothing measured here is negative: a lower limit of 0 is no limit.
    return (low === null || low <= 0) && high !== null && value <= high ? 'N' : 'unknown';
  }
  if (high !== null) return (comparator === '>' ? value >= high : value > high) ? 'H' : 'unknown';
  return low !== null && value >= low ? 'N' : 'unknown';
}

const SAYS_NORMAL_OR_NOT = [
  'N',
  'L',
  'LL',
  'H',
  'HH',
  'A',
  'AA',
  'POS',
  'NEG',
  'IND',
  'DET',
  'ND',
  'S',
  'I',
  'R',
] as const satisfies readonly LabFlag[];

/** The flag of a row: HL7 0078 codes that say normal or not are believed; U, D, B and W speak of change only. */
export function flagOf(row: Judged & { lab_flag: string | null }): LabFlag {
  return SAYS_NORMAL_OR_NOT.find((code) => code === row.lab_flag) ?? judge(row);
}

/** Limits at which a laboratory telephones. */
const CRITICAL: Record<string, readonly [number, number]> = {
  k: [2.8, 6.2],
  na: [120, 158],
  glucose: [50, 450],
  hgb: [7, 20.5],
  ca: [6.5, 13],
  plt: [30, 900],
};

/** What the laboratory writes in OBX-8 for a number: H, L, HH, LL or N. */
export function writtenFlag(analyte: string, judged: Judged): 'N' | 'L' | 'LL' | 'H' | 'HH' | null {
  const flag = judge(judged);
  const [low, high] = CRITICAL[analyte] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (flag === 'H') return (judged.value as number) > high ? 'HH' : 'H';
  if (flag === 'L') return (judged.value as number) < low ? 'LL' : 'L';
  return flag === 'N' ? 'N' : null;
}
