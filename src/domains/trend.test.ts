import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diceOf } from '../../clinic/random.ts';
import { verifies } from '../../test/promises.ts';
import { rcvPercent, type Variation, variationOf } from './biological-variation.ts';
import { DAY_MS, type Point, type Reading, seriesOf } from './lab-series.ts';
import { assess, falseDiscoveryRates, falseTrendRate, theilSen } from './trend.ts';

const at = (day: number) => Date.UTC(2025, 0, 1) + day * DAY_MS;
const reading = (day: number, value: number, own: Partial<Reading> = {}): Reading => ({
  at: at(day),
  value,
  unit: 'ng/dL',
  loinc: '2986-8',
  method: 'immunoassay',
  ...own,
});
const points = (values: readonly number[], every = 90): Point[] =>
  values.map((value, n) => ({ at: at(n * every), last_at: at(n * every), value, said_unit: 'x' }));
const verdict = (group: string, values: readonly number[], every?: number) =>
  assess(group, { unit: 'x', points: points(values, every) }, variationOf(group) as Variation);

const MIDDLE = { a1c: 6.2, creatinine: 0.95, tsh: 2, 'testosterone total': 520 } as const;
type Marker = keyof typeof MIDDLE;

/** The share, in per cent, of simulated patients who are said to have a trend. */
function flagged(
  group: Marker,
  { n, runs, change = 0, outlier = false }: { n: number; runs: number; change?: number; outlier?: boolean },
): number {
  const variation = variationOf(group) as Variation;
  const dice = diceOf({ seed: 11, tenant: 'trend', patient: `${group}${n}${change}${outlier}` })('series');
  let flags = 0;
  for (let run = 0; run < runs; run += 1) {
    const [bad, factor] = [dice.int(0, n - 1), dice.chance(0.5) ? 3 : 1 / 3];
    const values = Array.from({ length: n }, (_, i) => {
      const noise = Math.exp(dice.normal(0, variation.sigma));
      const drift = (1 + change) ** (i / (n - 1));
      return { day: i * 90 + dice.int(-10, 10), value: MIDDLE[group] * noise * drift * (outlier && i === bad ? factor : 1) };
    });
    const series = values.map(({ day, value }) => ({ at: at(day), last_at: at(day), value, said_unit: 'x' }));
    if (assess(group, { unit: 'x', points: series }, variation).verdict === 'trend') flags += 1;
  }
  return (100 * flags) / runs;
}

describe('simulated patients', () => {
  const markers = Object.keys(MIDDLE) as Marker[];
  // 10,000 stable patients of each marker, 8,000 with an outlier.
  verifies(
    'answers:few-false-trends',
    () => {
      for (const group of markers)
        for (const n of [4, 5, 6, 8]) {
          expect(flagged(group, { n, runs: 2500 }), `${group} ${n}`).toBeLessThanOrEqual(2);
          expect(flagged(group, { n, runs: 2000, outlier: true }), `${group} ${n} with an outlier`).toBeLessThanOrEqual(5);
        }
    },
    60_000,
  );

  it('a true rise of a quarter is seen in HbA1c; in TSH it is not distinguishable', () => {
    expect(flagged('a1c', { n: 5, runs: 4000, change: 0.25 })).toBeGreaterThanOrEqual(90);
    expect(flagged('creatinine', { n: 8, runs: 2000, change: 0.25 })).toBeGreaterThanOrEqual(70);
    expect(flagged('tsh', { n: 8, runs: 2000, change: 0.25 })).toBeLessThan(20);
  });

  it('are flagged by chance as often as is said beforehand', () => {
    for (const n of [4, 6, 8]) expect(Math.abs(flagged('tsh', { n, runs: 5000 }) - 100 * falseTrendRate(n))).toBeLessThan(0.5);
  });
});

describe('a trend', () => {
  it('needs four results over ninety days: three are a change at most (trap 7)', () => {
    expect(verdict('a1c', [5, 6, 8]).verdict).toBe('change');
    expect(verdict('a1c', [5, 6, 7, 8])).toMatchObject({ verdict: 'trend', n: 4, direction: 'up', p: expect.closeTo(1 / 24, 9) });
    expect(verdict('a1c', [5, 6, 7, 8], 20).verdict).toBe('too_short');
    expect(verdict('a1c', [5]).verdict).toBe('single');
  });

  it('needs more than a steady person moves', () => {
    expect(verdict('tsh', [2, 2.1, 2.2, 2.3, 2.4]).verdict).toBe('steady');
    expect(verdict('a1c', [6, 6.3, 6.6, 6.9, 7.2])).toMatchObject({ verdict: 'trend', total_change_pct: expect.closeTo(20, -1) });
  });

  it('is no single wrong result, neither in the middle nor at an end', () => {
    expect(verdict('creatinine', [1, 1.01, 1.02, 3]).verdict).toBe('steady');
    expect(verdict('creatinine', [1, 1.01, 3, 1.02, 1.03]).verdict).toBe('steady');
  });

  it('is told on its own scale where that is linear', () => {
    expect(verdict('hematocrit', [44, 47, 50, 53, 56])).toMatchObject({ verdict: 'trend', direction: 'up' });
    expect(verdict('sodium', [141, 138, 134, 131])).toMatchObject({ verdict: 'trend', direction: 'down' });
  });

  it('of eight results, one far off the rest is told apart', () => {
    const { stray, verdict: said } = verdict('a1c', [6, 6.1, 6, 5.9, 9, 6, 6.1, 6]);
    expect([said, stray.map(({ value }) => value)]).toEqual(['steady', [9]]);
  });
});

describe('one series', () => {
  it('is of one unit: ng/dL and nmol/L are the same hormone (trap 6)', () => {
    const { series } = seriesOf('testosterone total', [
      reading(0, 600),
      reading(90, 580),
      reading(180, 20.8, { unit: 'nmol/L' }),
      reading(270, 20.3, { unit: 'nmol/L' }),
    ]);
    expect(series).toHaveLength(1);
    expect(assess('testosterone total', series[0] as never, variationOf('testosterone total') as Variation).verdict).toBe('steady');
  });

  it('with a step as large as a conversion is a wrong unit, not a fall (trap 6)', () => {
    expect(verdict('testosterone total', [600, 590, 20.8, 20.1, 19.7]).verdict).toBe('unit_error');
    expect(verdict('a1c', [6.5, 6.4, 48, 47]).verdict).toBe('unit_error');
    expect(verdict('glucose', [95, 5.2]).verdict).toBe('unit_error');
    // Vitamin D that rises by two and a half, as it does on treatment, under one unit.
    expect(verdict('vitamin d', [12, 17, 24, 30]).verdict).toBe('trend');
  });

  it('is of one equation and one method (trap 5)', () => {
    const egfr = { unit: 'mL/min/{1.73_m2}', method: null };
    const switched = [
      reading(0, 92, { ...egfr, loinc: '62238-1' }),
      reading(90, 91, { ...egfr, loinc: '62238-1' }),
      reading(180, 75, { ...egfr, loinc: '98979-8' }),
    ];
    expect(seriesOf('egfr', switched).series.map(({ method, points: { length } }) => [method, length])).toEqual([
      ['eGFR (CKD-EPI 2009)', 2],
      ['eGFR (CKD-EPI 2021)', 1],
    ]);
    const assays = [reading(0, 600), reading(90, 420, { method: 'LC/MS-MS' })];
    expect(seriesOf('testosterone total', assays).series).toHaveLength(2);
  });

  it('has one result a week, the median; an unknown unit none', () => {
    const { series, unknown_unit } = seriesOf('testosterone total', [
      reading(0, 500),
      reading(2, 900),
      reading(4, 520),
      reading(30, 500, { unit: null }),
    ]);
    expect(series[0]?.points.map(({ value }) => value)).toEqual([520]);
    expect(unknown_unit).toBe(1);
  });
});

describe('laws', () => {
  const noisy = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 4, maxLength: 12 });

  it('whoever has any finding has results as far apart as the reference change value: the database may leave out all others', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a1c', 'creatinine', 'tsh', 'hematocrit', 'sodium', 'psa'),
        noisy,
        fc.integer({ min: 0, max: 3 }),
        (group, values, flat) => {
          const flattened = values.map((value) => 50 + (value - 50) / 10 ** flat);
          const { verdict: said, stray } = verdict(group, flattened);
          const [least, most] = [Math.min(...flattened), Math.max(...flattened)];
          const { scale } = variationOf(group) as Variation;
          const { up } = rcvPercent(variationOf(group) as Variation);
          const apart = scale === 'log' ? most / least - 1 : (most - least) / least;
          const isFound = said === 'trend' || said === 'change' || said === 'unit_error' || stray.length > 0;
          if (isFound) expect(apart).toBeGreaterThanOrEqual((up / 100) * (1 - 1e-6));
        },
      ),
      { seed: 5, numRuns: 3000 },
    );
  });

  it('time turned round, a rise is a fall', () => {
    fc.assert(
      fc.property(noisy, (values) => {
        const forth = verdict('creatinine', values);
        const back = verdict('creatinine', [...values].reverse());
        expect(back.verdict).toBe(forth.verdict);
        expect(back.p ?? 0).toBeCloseTo(forth.p ?? 0, 9);
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('the median slope of a line is its slope', () => {
    expect(theilSen([0, 1, 5, 9].map((x) => ({ x, y: 3 * x + 2 })))).toBe(3);
  });

  it('false discovery rates grow with the number tested, never fall with p', () => {
    expect(falseDiscoveryRates([0.01, 0.02, 0.5], 10)).toEqual([0.1, 0.1, 1]);
    expect(falseDiscoveryRates([0.02, 0.01], 2)).toEqual([0.02, 0.02]);
  });
});
