// Whether the values of a field are distributed as they were for 28 days: the share that is empty, and the population stability index over classes, codes and magnitudes. It sees
// what no single answer shows, such as a unit that changed. Counts only, no value. Source: connectors.md §1.3, machine H.
import type { JsonFingerprint } from './fingerprint.ts';

/** How often a field was there or empty, and in which bucket its value fell. */
export interface Counts {
  of: number;
  empty: number;
  buckets: Record<string, number>;
}
/** By path. */
export type Distribution = Readonly<Record<string, Counts>>;

export interface Shift {
  path: string;
  /** Population stability index against the baseline, 0 = the same. */
  psi: number;
  /** Percentage points by which more, or fewer, are empty. */
  emptier_points: number;
}

/** For the page of the connections. */
export function shiftSentence({ path, psi, emptier_points }: Shift): string {
  const points = Math.round(Math.abs(emptier_points));
  const empty = points === 0 ? '' : `; ${points} of a hundred ${emptier_points > 0 ? 'more' : 'fewer'} are empty`;
  return `To be looked at: the values of ${path} are not distributed as in the last 28 days (index ${psi.toFixed(2)}${empty}).`;
}

export interface DriftLimits {
  least_values: number;
  most_psi: number;
  most_emptier_points: number;
}
export const DRIFT_LIMITS: DriftLimits = { least_values: 200, most_psi: 0.25, most_emptier_points: 20 };

/** A share that was never seen counts as this: the logarithm of nothing is none. */
const LEAST_SHARE = 0.0005;

/** Adds what was counted on a page, for the paths of the baseline. */
export function countedInto(window: Distribution, { fields }: Pick<JsonFingerprint, 'fields'>, baseline: Distribution): Distribution {
  const next: Record<string, Counts> = { ...window };
  for (const path of Object.keys(baseline)) {
    const seen = fields[path];
    if (!seen || seen.of === 0) continue;
    const { of, empty, buckets } = next[path] ?? { of: 0, empty: 0, buckets: {} };
    const sum = { ...buckets };
    for (const [bucket, n] of Object.entries(seen.buckets)) sum[bucket] = (sum[bucket] ?? 0) + n;
    next[path] = { of: of + seen.of, empty: empty + seen.of - seen.present, buckets: sum };
  }
  return next;
}

/** What was counted often enough is compared: which fields shifted, and the window without what was compared, so that the next comparison is of new values. How many are empty
 *  is known after so many records; how the values lie, after so many values. */
export function shiftsIn(
  window: Distribution,
  baseline: Distribution,
  limits: DriftLimits = DRIFT_LIMITS,
): { shifts: Shift[]; window: Distribution } {
  const shifts: Shift[] = [];
  const left: Record<string, Counts> = {};
  for (const [path, counts] of Object.entries(window)) {
    const before = baseline[path];
    if (!before) continue;
    const isCounted = Math.min(counts.of, before.of) >= limits.least_values;
    const isFilled = Math.min(total(counts.buckets), total(before.buckets)) >= limits.least_values;
    const psi = isFilled ? psiOf(before.buckets, counts.buckets) : 0;
    const emptier_points = isCounted ? 100 * (counts.empty / counts.of - before.empty / before.of) : 0;
    if (psi > limits.most_psi || Math.abs(emptier_points) > limits.most_emptier_points) shifts.push({ path, psi, emptier_points });
    left[path] = {
      ...(isCounted ? { of: 0, empty: 0 } : { of: counts.of, empty: counts.empty }),
      buckets: isFilled ? {} : counts.buckets,
    };
  }
  return { shifts, window: left };
}

const total = (buckets: Readonly<Record<string, number>>): number => Object.values(buckets).reduce((sum, n) => sum + n, 0);

/** Σ (now − then) · ln(now ÷ then) over the buckets of both; 0 where there is nothing to compare. */
export function psiOf(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>): number {
  const [then_total, now_total] = [total(before), total(now)];
  if (then_total === 0 || now_total === 0) return 0;
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].reduce((sum, bucket) => {
    const a = Math.max((before[bucket] ?? 0) / then_total, LEAST_SHARE);
    const b = Math.max((now[bucket] ?? 0) / now_total, LEAST_SHARE);
    return sum + (b - a) * Math.log(b / a);
  }, 0);
}
