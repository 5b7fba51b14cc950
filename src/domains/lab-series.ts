// Results of one marker of one patient, made comparable: one unit, one method, at most one a week (connectors.md §2.4).
import { ANALYTES } from './loinc.ts';
import { canonical } from './unit-conversion.ts';

/** One numeric result, not censored, final. */
export interface Reading {
  /** Milliseconds since 1970. */
  at: number;
  value: number;
  /** UCUM; null where the lab's unit is not known. */
  unit: string | null;
  loinc: string;
  method: string | null;
}

export interface Point {
  at: number;
  value: number;
  /** What the lab said it measured in; a guard looks where it changes. */
  said_unit: string;
  /** When the latest result in it was collected. */
  last_at: number;
}

export interface Series {
  /** What the results have in common; absent where the method does not matter. */
  method?: string;
  unit: string;
  points: readonly Point[];
}

export const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** Results that only compare within one equation, one calculation or one way to measure. */
const BY_CODE: ReadonlySet<string> = new Set(['egfr', 'ldl', 'estradiol']);
const BY_METHOD: ReadonlySet<string> = new Set([
  'testosterone total',
  'free testosterone',
  'bioavailable testosterone',
  'estradiol',
  'vitamin d',
  'cortisol',
  'progesterone',
]);

/** The series of a marker, one for each method; `unknown_unit` results cannot be put in any. `readings` in the order of time. */
export function seriesOf(group: string, readings: readonly Reading[]): { series: Series[]; unknown_unit: number } {
  const strata = new Map<string, { method: string | undefined; unit: string; points: Point[] }>();
  let unknown_unit = 0;
  for (const { at, value, unit, loinc, method } of readings) {
    const quantity = unit === null ? undefined : canonical(group, value, unit);
    if (unit === null || quantity === undefined) {
      unknown_unit += 1;
      continue;
    }
    const stratum = methodOf(group, loinc, method);
    const key = `${stratum ?? ''}|${quantity.unit}`;
    const found = strata.get(key) ?? { method: stratum, unit: quantity.unit, points: [] };
    found.points.push({ at, value: quantity.value, said_unit: unit, last_at: at });
    strata.set(key, found);
  }
  const series = [...strata.values()].map(({ method, unit, points }) => ({ ...(method && { method }), unit, points: weekly(points) }));
  return { series, unknown_unit };
}

/** The name of the stratum that a result belongs to; undefined where the marker has one only. */
export function methodOf(group: string, loinc: string, method: string | null): string | undefined {
  const code = BY_CODE.has(group) ? ANALYTES.get(loinc)?.name : undefined;
  const way = BY_METHOD.has(group) ? wayOf(method) : undefined;
  return code === undefined ? way : [code, way].filter(Boolean).join(', ');
}

function wayOf(method: string | null): string {
  if (method === null) return 'method not stated';
  if (/\bms\b|mass spec|lc.?ms/i.test(method)) return 'LC/MS';
  if (/immuno|eclia|clia|cmia|icma|\beia\b|elisa|\bria\b/i.test(method)) return 'immunoassay';
  return /dialysis/i.test(method) ? 'equilibrium dialysis' : 'another method';
}

/** Results less than seven days after the first of them count as one, their median: repeats in a week are no evidence of a trend. */
function weekly(points: readonly Point[]): Point[] {
  const weeks: Point[][] = [];
  for (const point of points) {
    const week = weeks.at(-1);
    if (week && point.at - (week[0] as Point).at < WEEK_MS) week.push(point);
    else weeks.push([point]);
  }
  return weeks.map((week) =>
    week.length === 1
      ? (week[0] as Point)
      : { ...(week.at(-1) as Point), at: median(week.map(({ at }) => at)), value: median(week.map(({ value }) => value)) },
  );
}

/** Up to here it is quickest to put one number after the other into its place. */
const FEW = 24;

function inserted(numbers: readonly number[]): number[] {
  const sorted = [...numbers];
  for (let at = 1; at < sorted.length; at += 1) {
    const number = sorted[at] as number;
    let place = at;
    for (; place > 0 && (sorted[place - 1] as number) > number; place -= 1) sorted[place] = sorted[place - 1] as number;
    sorted[place] = number;
  }
  return sorted;
}

/** Of at least one number. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.length <= FEW ? inserted(numbers) : Float64Array.from(numbers).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
