// The interval of a rate. Source: Wilson, J Am Stat Assoc 1927;22:209–212.

const Z = 1.959963984540054; // 97.5th percentile of the normal distribution

/** The 95 % Wilson score interval of `numerator` of `denominator`, to four places; undefined where the denominator is 0. */
export function wilson(numerator: number, denominator: number): { low: number; high: number } | undefined {
  if (denominator === 0) return undefined;
  const rate = numerator / denominator;
  const scale = 1 + (Z * Z) / denominator;
  const centre = (rate + (Z * Z) / (2 * denominator)) / scale;
  const half = (Z / scale) * Math.sqrt((rate * (1 - rate)) / denominator + (Z * Z) / (4 * denominator * denominator));
  const placed = (bound: number) => Math.round(Math.min(1, Math.max(0, bound)) * 10_000) / 10_000;
  return { low: placed(centre - half), high: placed(centre + half) };
}
