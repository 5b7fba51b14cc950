// One series of one marker, judged a second time (connectors.md §2.4, docs/adr/0011): Kendall's pairs counted in whole numbers, slopes in a sorted list.
import type { Marker } from './books-trends-markers.ts';

export interface Point {
  /** Milliseconds since 1970. */
  at: number;
  value: number;
  /** What the laboratory wrote. */
  unit: string;
}

const DAY = 86_400_000;

export const middleOf = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = Math.floor((sorted.length - 1) / 2);
  return ((sorted[half] as number) + (sorted[sorted.length - 1 - half] as number)) / 2;
};

/** To the nearest day. */
export const daysBetween = (first: number, last: number) => Math.round((last - first) / DAY);

/** Multiplies by 1 + q + … + q^(k−1). */
const times = (polynomial: readonly bigint[], k: number): bigint[] =>
  Array.from({ length: polynomial.length + k - 1 }, (_, at) =>
    polynomial.slice(Math.max(0, at - k + 1), at + 1).reduce((sum, each) => sum + each, 0n),
  );

/** And divides by it, where nothing is left over. */
function over(polynomial: readonly bigint[], k: number): bigint[] {
  const quotient: bigint[] = [];
  for (let at = 0; at <= polynomial.length - k; at += 1) {
    const taken = quotient.slice(Math.max(0, at - k + 1)).reduce((sum, each) => sum + each, 0n);
    quotient.push((polynomial[at] as bigint) - taken);
  }
  return quotient;
}

const orders = new Map<string, bigint[]>();

/** In how many orders of these values so many pairs fall: [n]! / ∏ [t]! in q, over the sizes t of its ties (MacMahon 1915). */
export function fallingOrders(values: readonly number[]): bigint[] {
  const ties = [...Map.groupBy(values, (value) => value).values()].map(({ length }) => length).sort((a, b) => a - b);
  const known = orders.get(ties.join());
  if (known) return known;
  const upTo = (n: number) => Array.from({ length: n }, (_, at) => at + 1);
  const all = upTo(values.length).reduce(times, [1n]);
  const found = ties.flatMap(upTo).reduce(over, all);
  orders.set(ties.join(), found);
  return found;
}

/** The chance that no more pairs go against the direction than these do, as a fraction. */
export function kendall(values: readonly number[]): { direction: 'up' | 'down'; orders: bigint; of: bigint } {
  const pairs = values.flatMap((value, at) => values.slice(at + 1).map((later) => Math.sign(later - value)));
  const [rise, fall] = [pairs.filter((sign) => sign > 0).length, pairs.filter((sign) => sign < 0).length];
  const counts = fallingOrders(values);
  const sum = (some: readonly bigint[]) => some.reduce((total, each) => total + each, 0n);
  return { direction: fall > rise ? 'down' : 'up', orders: sum(counts.slice(0, Math.min(rise, fall) + 1)), of: sum(counts) };
}

type Dot = readonly [day: number, height: number];

function slopeOf(dots: readonly Dot[]): number {
  const slopes = dots.flatMap(([x, y], at) =>
    dots
      .slice(at + 1)
      .filter(([later]) => later > x)
      .map(([later, high]) => (high - y) / (later - x)),
  );
  return slopes.length === 0 ? 0 : middleOf(slopes);
}

const lengthOf = (dots: readonly Dot[]) => (dots.at(-1) as Dot)[0] - (dots[0] as Dot)[0];

/** σ of a steady person, and how far up and down that lets a second result be from the first. */
function noiseOf({ cv, isLinear }: Marker) {
  const [within, analytical] = [(cv[0] / 100) ** 2, (cv[1] / 100) ** 2];
  const sigma = isLinear ? Math.sqrt(within + analytical) : Math.sqrt(Math.log((1 + within) * (1 + analytical)));
  const apart = 1.96 * Math.sqrt(2) * sigma;
  return { apart, up: 100 * (isLinear ? apart : Math.exp(apart) - 1), down: 100 * (isLinear ? apart : 1 - Math.exp(-apart)) };
}

export interface Judged {
  verdict: 'trend' | 'change' | 'unit_error' | 'nothing';
  direction?: 'up' | 'down';
  p?: number;
  slope_per_year?: number;
  total_change_pct?: number;
  rcv_pct?: number;
  /** Values far off the line of their series. */
  stray: readonly number[];
}

/** `points`: one a week, in the order of time. */
export function judge(marker: Marker, points: readonly Point[]): Judged {
  if (points.length < 2) return { verdict: 'nothing', stray: [] };
  if (hasWrongUnit(marker, points)) return { verdict: 'unit_error', stray: [] };
  const dots = points.map(({ at, value }): Dot => [at / DAY, marker.isLinear ? value : Math.log(value)]);
  if (points.length < 4) return { ...changeOf(marker, dots), stray: [] };
  const stray = strayOf(marker, dots).map((at) => (points[at] as Point).value);
  if (daysBetween((points[0] as Point).at, (points.at(-1) as Point).at) < 90) return { verdict: 'nothing', stray };
  const a_year = 365.25 * slopeOf(points.map(({ at, value }): Dot => [at / DAY, value]));
  return { ...trendOf(marker, dots), slope_per_year: a_year, stray };
}

/** How far `moved` is from `level`, in per cent, and how far a steady person may be. */
function told(marker: Marker, { moved, level, direction }: { moved: number; level: number; direction: 'up' | 'down' }) {
  const part = marker.isLinear ? moved / level : Math.exp(moved) - 1;
  return { direction, total_change_pct: 100 * part, rcv_pct: noiseOf(marker)[direction] };
}

function changeOf(marker: Marker, dots: readonly Dot[]): Omit<Judged, 'stray'> {
  const level = middleOf(dots.slice(0, -1).map(([, y]) => y));
  const moved = (dots.at(-1) as Dot)[1] - level;
  const limit = noiseOf(marker).apart * (marker.isLinear ? level : 1);
  return {
    verdict: Math.abs(moved) < limit ? 'nothing' : 'change',
    ...told(marker, { moved, level, direction: moved < 0 ? 'down' : 'up' }),
  };
}

/** Monotone beyond chance, larger than the reference change value on its line and as seen, and at least six tenths of it without any one result. */
function trendOf(marker: Marker, dots: readonly Dot[]): Omit<Judged, 'stray'> {
  const heights = dots.map(([, y]) => y);
  const level = middleOf(heights);
  const limit = noiseOf(marker).apart * (marker.isLinear ? level : 1);
  const { direction, orders: rare, of } = kendall(heights);
  const goes = (some: readonly Dot[]) => slopeOf(some) * lengthOf(some) * (direction === 'up' ? 1 : -1);
  const isTrend =
    rare * 20n <= of &&
    goes(dots) >= limit &&
    Math.max(...heights) - Math.min(...heights) >= limit &&
    dots.every((one) => goes(dots.filter((other) => other !== one)) >= 0.6 * limit);
  const moved = slopeOf(dots) * lengthOf(dots);
  return { verdict: isTrend ? 'trend' : 'nothing', p: Number(rare) / Number(of), ...told(marker, { moved, level, direction }) };
}

/** Of eight results or more: off the line by three robust deviations (MAD / 0.6745), and by more than a steady person's results lie apart. */
function strayOf(marker: Marker, dots: readonly Dot[]): number[] {
  if (dots.length < 8) return [];
  const slope = slopeOf(dots);
  const rests = dots.map(([x, y]) => y - slope * x);
  const off = rests.map((rest) => Math.abs(rest - middleOf(rests)));
  const heights = dots.map(([, y]) => y);
  const limit = noiseOf(marker).apart * (marker.isLinear ? middleOf(heights) : 1);
  if (Math.max(...heights) - Math.min(...heights) < limit) return [];
  return [...off.keys()].filter((at) => (off[at] as number) > limit && 0.6745 * (off[at] as number) > 3 * middleOf(off));
}

/** Within ten per cent, by ratio. */
const isAbout = (number: number, target: number) => number < target * 1.1 && number * 1.1 > target;

/** A step of more than 15 % from one result to the next, with the middles before and after it a conversion apart. Where the unit stays, only by a factor that no
 *  body reaches, five; and the one step makes seven tenths of it, in logarithms. For A1c the step is the master equation. */
function hasWrongUnit(marker: Marker, points: readonly Point[]): boolean {
  return points.slice(1).some((next, before) => {
    const last = points[before] as Point;
    const jump = Math.max(next.value / last.value, last.value / next.value);
    if (!(jump >= 1.15)) return false;
    const values = points.map(({ value }) => value);
    const sides = [middleOf(values.slice(0, before + 1)), middleOf(values.slice(before + 1))];
    const [small, large] = [Math.min(...sides), Math.max(...sides)];
    if (small <= 0) return false;
    if (marker.codes.includes('4548-4')) return small < 20 && isAbout(large, (small - 2.152) / 0.09148);
    const isRenamed = next.unit !== last.unit;
    return marker.steps.some((factor) => (isRenamed || factor > 4.999) && isAbout(large / small, factor) && jump >= factor ** 0.7);
  });
}
