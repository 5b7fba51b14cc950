// Whether a marker moved further, and more steadily, than a steady person's does (connectors.md §2.4). A statistically unusual change, never a diagnosis.
import { rcvOf, rcvPercent, type Variation } from './biological-variation.ts';
import { DAY_MS, median, type Point, type Series } from './lab-series.ts';
import { mannKendall } from './mann-kendall.ts';
import { unitFactors } from './unit-conversion.ts';

/** trend: four results or more over 90 days, rising or falling by the exact Mann–Kendall test, and by more than the reference change value.
 *  change: of two or three results the last is beyond it. unit_error: a step as large as a unit conversion. steady: none of these. */
type Verdict = 'trend' | 'change' | 'unit_error' | 'steady' | 'too_short' | 'single';

export interface Assessment {
  verdict: Verdict;
  n: number;
  span_days: number;
  direction?: 'up' | 'down';
  /** One-sided, in `direction`. */
  p?: number;
  /** In the unit of the series. */
  slope_per_year?: number;
  total_change_pct?: number;
  /** The reference change value in `direction`. */
  rcv_pct?: number;
  /** Of eight results or more, those far off their own line. */
  stray: readonly Point[];
}

/** A chance of exactly one in twenty counts, whatever is lost to binary fractions. */
const ALPHA = 0.05 + 1e-9;
export const TREND_N = 4;
export const TREND_DAYS = 90;
const STRAY_N = 8;

export function assess(group: string, { points }: Series, variation: Variation): Assessment {
  const usable = variation.scale === 'log' ? points.filter(({ value }) => value > 0) : points;
  const [n, span_days] = [usable.length, daysOf(usable)];
  const base = { n, span_days, stray: [] };
  if (n < 2) return { ...base, verdict: 'single' };
  if (hasUnitStep(group, usable)) return { ...base, verdict: 'unit_error' };
  const scaled = usable.map(({ at, value }) => ({ x: at / DAY_MS, y: variation.scale === 'log' ? Math.log(value) : value }));
  if (n < TREND_N) return { ...base, ...changeOf(scaled, variation) };
  const stray = n >= STRAY_N ? strayOf(scaled, variation).map((at) => usable[at] as Point) : [];
  if (span_days < TREND_DAYS) return { ...base, stray, verdict: 'too_short' };
  const slope_per_year = 365.25 * theilSen(usable.map(({ at, value }) => ({ x: at / DAY_MS, y: value })));
  return { ...base, stray, ...trendOf(scaled, variation), slope_per_year };
}

interface Scaled {
  /** Days. */
  x: number;
  /** ln(value), or the value. */
  y: number;
}

/** What must be left of a trend when any one result is taken away, as a part of the reference change value: one wrong result makes no trend. */
const WITHOUT_ONE = 0.6;

/** A trend must be monotone beyond chance, larger from end to end of its line than the reference change value, seen (the results themselves lie as far
 *  apart), and rest on no single result. */
function trendOf(scaled: readonly Scaled[], variation: Variation): Partial<Assessment> & { verdict: Verdict } {
  const ys = scaled.map(({ y }) => y);
  const slope = theilSen(scaled);
  const moved = slope * spanOf(scaled);
  const kendall = mannKendall(ys);
  const direction = kendall.s < 0 ? 'down' : 'up';
  const sign = direction === 'up' ? 1 : -1;
  const p = kendall.p[direction];
  const limit = limitOf(ys, variation);
  const isTrend =
    p <= ALPHA &&
    sign * moved >= limit &&
    Math.max(...ys) - Math.min(...ys) >= limit &&
    leastWithoutOne(scaled, sign) >= WITHOUT_ONE * limit;
  return { verdict: isTrend ? 'trend' : 'steady', direction, p, ...told(moved, median(ys), direction, variation) };
}

const spanOf = (scaled: readonly Scaled[]) => (scaled.at(-1) as Scaled).x - (scaled[0] as Scaled).x;

/** How far the line still moves in the direction `sign` without the result that carries it most. */
function leastWithoutOne(scaled: readonly Scaled[], sign: number): number {
  const rests = scaled.map((_, left_out) => scaled.filter((__, at) => at !== left_out));
  return Math.min(...rests.map((rest) => sign * theilSen(rest) * spanOf(rest)));
}

/** The last result against the median of those before. */
function changeOf(scaled: readonly Scaled[], variation: Variation): Partial<Assessment> & { verdict: Verdict } {
  const ys = scaled.map(({ y }) => y);
  const before = median(ys.slice(0, -1));
  const moved = (ys.at(-1) as number) - before;
  const direction = moved < 0 ? 'down' : 'up';
  const verdict = Math.abs(moved) >= limitOf([before], variation) ? 'change' : 'steady';
  return { verdict, direction, ...told(moved, before, direction, variation) };
}

function told(moved: number, middle: number, direction: 'up' | 'down', variation: Variation) {
  const total_change_pct = 100 * (variation.scale === 'log' ? Math.expm1(moved) : moved / middle);
  return { total_change_pct, rcv_pct: rcvPercent(variation)[direction] };
}

/** The reference change value on the scale of `ys`. */
function limitOf(ys: readonly number[], variation: Variation): number {
  return rcvOf(variation) * (variation.scale === 'log' ? 1 : Math.abs(median(ys)));
}

/** The median of the slopes of all pairs (Theil 1950, Sen 1968), a day. */
export function theilSen(points: readonly Scaled[]): number {
  const slopes: number[] = [];
  for (let at = 0; at < points.length; at += 1) {
    const from = points[at] as Scaled;
    for (let next = at + 1; next < points.length; next += 1) {
      const to = points[next] as Scaled;
      if (to.x > from.x) slopes.push((to.y - from.y) / (to.x - from.x));
    }
  }
  return slopes.length === 0 ? 0 : median(slopes);
}

/** Which lie off the line by more than three robust standard deviations, and by more than a steady person's results do. */
function strayOf(scaled: readonly Scaled[], variation: Variation): number[] {
  const slope = theilSen(scaled);
  const level = median(scaled.map(({ x, y }) => y - slope * x));
  const ys = scaled.map(({ y }) => y);
  const off = scaled.map(({ x, y }) => Math.abs(y - slope * x - level));
  const chance = limitOf(ys, variation);
  if (Math.max(...ys) - Math.min(...ys) < chance) return [];
  const limit = Math.max((3 * median(off)) / 0.6745, chance);
  return [...off.keys()].filter((at) => (off[at] as number) > limit);
}

/** Whether somewhere the results step by what a wrong unit would make of them. A factor that a body can reach counts only where the lab changed its unit. */
export function hasUnitStep(group: string, points: readonly Point[]): boolean {
  const factors = unitFactors(group);
  for (let at = 1; at < points.length; at += 1) {
    const [last, next] = [points[at - 1] as Point, points[at] as Point];
    const jump = next.value / last.value;
    if (jump > 1 / 1.15 && jump < 1.15) continue;
    const before = median(points.slice(0, at).map(({ value }) => value));
    const after = median(points.slice(at).map(({ value }) => value));
    const [small, large] = before < after ? [before, after] : [after, before];
    if (small <= 0) continue;
    if (group === 'a1c' && isNear(large, (small - 2.152) / 0.09148) && small < 20) return true;
    const relabelled = next.said_unit !== last.said_unit;
    const steps = factors.filter((factor) => relabelled || factor >= 5);
    // The step itself, not a slow change that ends as far away.
    if (steps.some((factor) => isNear(large / small, factor) && Math.abs(Math.log(jump)) >= 0.7 * Math.log(factor))) return true;
  }
  return false;
}

const isNear = (number: number, target: number) => number > target / 1.1 && number < target * 1.1;

function daysOf(points: readonly Point[]): number {
  const [first, last] = [points[0], points.at(-1)];
  return first && last ? Math.round((last.at - first.at) / DAY_MS) : 0;
}

/** How often steady people are said to have a trend, up or down, by the number of results: the same for every marker, since the limits grow with its own
 *  variation. 60,000 simulated series each (trend.test.ts); beyond twelve it is less. */
const FALSE_TRENDS: readonly number[] = [0, 0, 0, 0, 0.0079, 0.0096, 0.0085, 0.01, 0.0075, 0.0079, 0.0057, 0.0051, 0.0035];

export function falseTrendRate(n: number): number {
  return FALSE_TRENDS[Math.min(n, FALSE_TRENDS.length - 1)] ?? 0;
}

/** The share of false ones that a list would hold, were it to end at each of these (Benjamini and Hochberg 1995): of `of` tested, the p of those listed. */
export function falseDiscoveryRates(ps: readonly number[], of: number): number[] {
  const order = [...ps.keys()].sort((a, b) => (ps[a] as number) - (ps[b] as number));
  const rates = new Array<number>(ps.length);
  let lowest = 1;
  for (let rank = order.length; rank >= 1; rank -= 1) {
    const at = order[rank - 1] as number;
    lowest = Math.min(lowest, ((ps[at] as number) * of) / rank);
    rates[at] = lowest;
  }
  return rates;
}
