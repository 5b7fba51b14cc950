// What a result's flag is: the lab's own word, else the lab's own range, else unknown (connectors.md §2.2).
import type { LabFlag, LabResult } from './labs.ts';

/** HL7 table 0078 and FHIR v3-ObservationInterpretation, code by code. A code that says nothing of normal or abnormal (U, D, B, W: change since the last;
 *  <, >: beyond the instrument's scale; null: no range) is not here. */
const CODES: Readonly<Record<string, LabFlag>> = {
  N: 'N',
  L: 'L',
  LL: 'LL',
  H: 'H',
  HH: 'HH',
  A: 'A',
  AA: 'AA',
  LU: 'L',
  HU: 'H',
  LX: 'L',
  HX: 'H',
  POS: 'POS',
  NEG: 'NEG',
  RR: 'POS',
  WR: 'POS',
  NR: 'NEG',
  IND: 'IND',
  E: 'IND',
  DET: 'DET',
  ND: 'ND',
  S: 'S',
  I: 'I',
  R: 'R',
  NS: 'R',
};

/** The flag that a lab's code says; undefined for none, and for a code that says something else. Never by substring. */
export function flagOfCode(code: string | null): LabFlag | undefined {
  return code !== null && Object.hasOwn(CODES, code) ? CODES[code] : undefined;
}

type Measured = Pick<LabResult, 'value' | 'comparator' | 'ref_low' | 'ref_high' | 'ref_text'>;
/** Numbers between two ends; an end belongs to it unless it is open. */
interface Stretch {
  low: number;
  high: number;
  low_open?: boolean;
  high_open?: boolean;
}

/** N, L or H where the value's own range decides it; undefined where it does not. What a lab measures is never below zero. */
export function computedFlag(result: Measured): 'N' | 'L' | 'H' | undefined {
  const range = rangeOf(result);
  const value = stretchOf(result);
  if (!range || !value) return undefined;
  if (isBelow(value, range)) return 'L';
  if (isBelow(range, value)) return 'H';
  return isWithin(value, range) ? 'N' : undefined;
}

/** Whether the lab's word and the lab's range contradict each other. POS, DET, S … say nothing of a range. */
export function disagree(lab: LabFlag, computed: LabFlag): boolean {
  const side = (flag: LabFlag) => (/^(N|L|H)/.test(flag) && flag !== 'NEG' && flag !== 'ND' ? flag.charAt(0) : undefined);
  if (lab === 'A' || lab === 'AA') return computed === 'N';
  const [said, found] = [side(lab), side(computed)];
  return said !== undefined && found !== undefined && said !== found;
}

/** The range in numbers; where the lab gave it in print only, '70-99', '<5.0' or '> OR = 60'. */
function rangeOf({ ref_low, ref_high, ref_text }: Measured): Stretch | undefined {
  const text = (ref_text ?? '')
    .replace(/\s+|or(?=\s*=)/gi, '')
    .replace('≤', '<=')
    .replace('≥', '>=');
  const [, sign, limit] = /^([<>]=?)(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const [, from, to] = /^(\d+(?:\.\d+)?)[-–](\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const low = ref_low ?? numberOf(sign?.startsWith('>') ? limit : from);
  const high = ref_high ?? numberOf(sign?.startsWith('<') ? limit : to);
  if (low === undefined && high === undefined) return undefined;
  return {
    low: low ?? Number.NEGATIVE_INFINITY,
    high: high ?? Number.POSITIVE_INFINITY,
    low_open: sign === '>' && low === Number(limit),
    high_open: sign === '<' && high === Number(limit),
  };
}

const numberOf = (numeral: string | undefined) => (numeral === undefined ? undefined : Number(numeral));

function stretchOf({ value, comparator }: Measured): Stretch | undefined {
  if (value === undefined) return undefined;
  if (comparator === undefined) return { low: value, high: value };
  if (comparator.startsWith('<')) return { low: Math.min(0, value), high: value, high_open: comparator === '<' };
  return { low: value, high: Number.POSITIVE_INFINITY, low_open: comparator === '>' };
}

function isBelow(a: Stretch, b: Stretch): boolean {
  return a.high < b.low || (a.high === b.low && Boolean(a.high_open || b.low_open) && Number.isFinite(a.high));
}

function isWithin(value: Stretch, range: Stretch): boolean {
  const low_fits = value.low > range.low || (value.low === range.low && (!range.low_open || Boolean(value.low_open)));
  const high_fits = value.high < range.high || (value.high === range.high && (!range.high_open || Boolean(value.high_open)));
  return low_fits && high_fits;
}
