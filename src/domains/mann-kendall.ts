// The Mann–Kendall test (Mann 1945, Kendall 1975), exact where the series is short: a chart holds five results more often than fifty.

/** Up to here the distribution is counted; beyond, the normal approximation is good to the third place. */
const EXACT_UP_TO = 40;

interface Kendall {
  /** Pairs that rise less pairs that fall. */
  s: number;
  /** One-sided: the chance of an S at least as high (`up`), at least as low (`down`), were the order of the values chance. */
  p: { up: number; down: number };
}

/** `values` in the order of time. Ties count neither way, and the distribution is that of the values as they are tied. */
export function mannKendall(values: readonly number[]): Kendall {
  let s = 0;
  for (const [at, value] of values.entries()) {
    for (let later = at + 1; later < values.length; later += 1) s += Math.sign((values[later] as number) - value);
  }
  const ties = tiesOf(values);
  if (values.length > EXACT_UP_TO) return { s, p: { up: normalTail(s, values.length, ties), down: normalTail(-s, values.length, ties) } };
  return { s, p: { up: exactTail(s, ties), down: exactTail(-s, ties) } };
}

/** How often each value occurs, largest first. */
function tiesOf(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => b - a);
}

const tails = new Map<string, Float64Array>();

/** The chance of `S ≥ s`. With t untied pairs and i of them falling, S = t − 2i. */
function exactTail(s: number, ties: readonly number[]): number {
  const falling = fallingPairs(ties);
  const most = (falling.length - 1 - s) / 2;
  let chance = 0;
  for (let count = 0; count <= most; count += 1) chance += falling[count] ?? 0;
  return Math.min(1, chance);
}

/** The chance of each number of falling pairs over all orders of a multiset: its inversions, whose counts are the q-multinomial coefficients (MacMahon).
 *  Groups of equal values enter one after the other; each adds a Mann–Whitney U against those before it. */
function fallingPairs(ties: readonly number[]): Float64Array {
  const key = ties.join(' ');
  const known = tails.get(key);
  if (known) return known;
  let sum = Float64Array.of(1);
  let before = 0;
  for (const size of ties) {
    sum = convolve(sum, mannWhitney(size, before));
    before += size;
  }
  if (tails.size > 2000) tails.clear();
  tails.set(key, sum);
  return sum;
}

/** The distribution of U for samples of `a` and `b`: the largest of all is of the one sample or of the other. */
function mannWhitney(a: number, b: number): Float64Array {
  let row: Float64Array[] = Array.from({ length: b + 1 }, () => Float64Array.of(1)); // a = 0
  for (let i = 1; i <= a; i += 1) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= b; j += 1) {
      const u = new Float64Array(i * j + 1);
      for (const [at, chance] of (row[j] as Float64Array).entries()) u[at + j] = (u[at + j] as number) + (chance * i) / (i + j);
      for (const [at, chance] of (next[j - 1] as Float64Array).entries()) u[at] = (u[at] as number) + (chance * j) / (i + j);
      next.push(u);
    }
    row = next;
  }
  return row[b] as Float64Array;
}

function convolve(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  const sum = new Float64Array(a.length + b.length - 1);
  for (const [i, one] of a.entries()) for (const [j, other] of b.entries()) sum[i + j] = (sum[i + j] as number) + one * other;
  return sum;
}

/** With the variance for ties and the correction for continuity. */
function normalTail(s: number, n: number, ties: readonly number[]): number {
  const term = (t: number) => t * (t - 1) * (2 * t + 5);
  const variance = (term(n) - ties.reduce((sum, size) => sum + term(size), 0)) / 18;
  if (variance <= 0) return 1;
  return upperTail((s - 1) / Math.sqrt(variance));
}

/** 1 − Φ(z), to 1e-7 (Abramowitz and Stegun 26.2.17). */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
