import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEIGHT, inWords, laidOut, pathOf, roundValues, type Trend, type TrendPoint, WIDTH } from './trend.ts';

const point = (at: string, value: number, own: Partial<TrendPoint> = {}): TrendPoint => ({
  id: at,
  at: `${at}T09:00:00Z`,
  value,
  said: `${value} %`,
  isCited: false,
  ...own,
});
const trend = (points: TrendPoint[], own: Partial<Trend> = {}): Trend => ({
  name: 'Hemoglobin A1c',
  unit: '%',
  lines: [{ points }],
  from: '2024-11-20T00:00:00Z',
  to: '2026-11-20T12:00:00Z',
  ...own,
});
const dayOf = (at: string) => at.slice(0, 10);

describe('a trend as a picture', () => {
  it('has round values at its side, whatever is measured', () => {
    expect(roundValues(4.8, 9.8)).toEqual([4, 6, 8, 10]);
    expect(roundValues(132, 156)).toEqual([130, 140, 150, 160]);
    expect(roundValues(98, 98)).toHaveLength(new Set(roundValues(98, 98)).size);
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1e5, noNaN: true }), (least, spread) => {
        const values = roundValues(least, least + spread);
        expect(values.length).toBeGreaterThanOrEqual(2);
        expect(values.length).toBeLessThanOrEqual(7);
        expect(values[0]).toBeLessThanOrEqual(least + 1e-6 * Math.max(1, Math.abs(least) + spread));
        expect(values.at(-1)).toBeGreaterThanOrEqual(least + spread - 1e-6 * Math.max(1, Math.abs(least) + spread));
      }),
    );
  });

  it('has every point within it, and days that can be read', () => {
    const day = fc.integer({ min: 0, max: 729 }).map((days) => new Date(Date.UTC(2024, 10, 21 + days)).toISOString().slice(0, 10));
    const value = fc.double({ min: 0, max: 2000, noNaN: true });
    const points = fc.array(fc.tuple(day, value), { minLength: 1, maxLength: 60 });
    const edge = fc.option(value, { nil: undefined });
    fc.assert(
      fc.property(points, edge, edge, (made, low, high) => {
        const shown = made.map(([at, measured]) => point(at, measured));
        const band = { ...(low !== undefined && { low }), ...(high !== undefined && { high }), said: '' };
        const laid = laidOut(trend(shown, low === undefined && high === undefined ? {} : { band }));
        for (const each of shown) {
          expect(laid.x(each.at)).toBeGreaterThanOrEqual(laid.left);
          expect(laid.x(each.at)).toBeLessThanOrEqual(WIDTH);
          expect(laid.y(each.value)).toBeGreaterThanOrEqual(laid.top - 0.01);
          expect(laid.y(each.value)).toBeLessThanOrEqual(laid.bottom + 0.01);
        }
        expect(laid.bottom).toBeLessThan(HEIGHT);
        for (const [n, { x }] of laid.days.entries()) if (n > 0) expect(x - (laid.days[n - 1]?.x ?? 0)).toBeGreaterThan(40);
        if (laid.band) expect(laid.band.y + laid.band.height).toBeLessThanOrEqual(laid.bottom + 0.01);
      }),
    );
  });

  it('shows a range as a band, to the edge where it has one end only, and not where it is far away', () => {
    const points = [point('2025-03-01', 9), point('2026-03-01', 7)];
    const both = laidOut(trend(points, { band: { low: 4.8, high: 5.6, said: '' } }));
    expect(both.band?.y).toBeCloseTo(both.y(5.6));
    expect(both.band?.height).toBeCloseTo(both.y(4.8) - both.y(5.6));
    const below = laidOut(trend(points, { band: { high: 8, said: '' } }));
    expect((below.band?.y ?? 0) + (below.band?.height ?? 0)).toBeCloseTo(below.bottom);
    expect(laidOut(trend(points, { band: { low: 900, high: 1000, said: '' } })).band).toBeUndefined();
  });

  it('joins in the order of time what can be joined', () => {
    const points = [point('2026-03-01', 7), point('2025-09-01', 99, { apart: 'beyond the scale' }), point('2025-03-01', 9)];
    const path = pathOf(points, { x: (at) => Number(at.slice(0, 4)), y: (value) => value });
    expect(path).toBe('M2025.0 9.0L2026.0 7.0');
  });

  it('is told in a sentence: how many, when, from where to where, the range, and what is cited', () => {
    const points = [point('2026-11-03', 8.1, { isCited: true, flag: { way: 'up', word: 'high' } }), point('2026-05-01', 9.2)];
    expect(inWords(trend(points, { band: { low: 4.8, high: 5.6, said: '4.8 to 5.6' } }), dayOf)).toBe(
      'Hemoglobin A1c in %, 2 values between 2026-05-01 and 2026-11-03, from 8.1 to 9.2. Reference range 4.8 to 5.6. Cited: 8.1 % of 2026-11-03, high.',
    );
  });
});
