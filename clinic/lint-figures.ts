// The figures that lint.ts reads.
import type { LabResultRow } from './rows.ts';

/** Numbers by LOINC. */
export function groupsOf(rows: readonly LabResultRow[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const { loinc, value, unit } of rows)
    if (loinc && value !== null && unit !== 'nmol/L') groups.set(loinc, [...(groups.get(loinc) ?? []), value]);
  return groups;
}

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
export const variance = (values: readonly number[]) =>
  mean(values.map((value) => (value - mean(values)) ** 2)) * (values.length / Math.max(1, values.length - 1));

/** Of two analytes of the same draws. */
export function correlation(rows: readonly LabResultRow[], a: string, b: string): number {
  const draws = new Map<string, { x?: number; y?: number }>();
  for (const { loinc, value, comparator, patient_id, collected_at } of rows) {
    if (value === null || comparator !== null || (loinc !== a && loinc !== b)) continue;
    const key = `${patient_id} ${collected_at}`;
    draws.set(key, { ...draws.get(key), [loinc === a ? 'x' : 'y']: value });
  }
  const pairs = [...draws.values()].flatMap(({ x, y }) => (x === undefined || y === undefined ? [] : [[x, y] as const]));
  const [mx, my] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
  const covariance = mean(pairs.map(([x, y]) => (x - mx) * (y - my)));
  return covariance / Math.sqrt(mean(pairs.map(([x]) => (x - mx) ** 2)) * mean(pairs.map(([, y]) => (y - my) ** 2)));
}
