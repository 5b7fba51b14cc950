import { describe, expect, it } from 'vitest';
import { chanceOf } from '../../test/simulator/world.ts';
import { type Distribution, psiOf, shiftSentence, shiftsIn } from './value-drift.ts';

const counted = (of: number, empty: number, buckets: Record<string, number>): Distribution => ({ '$.unit': { of, empty, buckets } });
const BASELINE = counted(10_000, 500, { 'mg/dL': 9000, 'mmol/L': 500 });

describe('the values of a field', () => {
  it('are compared by the population stability index', () => {
    // Two buckets, 50:50 against 60:40: 0.1·ln(1.2) + 0.1·ln(1.25).
    expect(psiOf({ a: 50, b: 50 }, { a: 60, b: 40 })).toBeCloseTo(0.1 * Math.log(1.2) + 0.1 * Math.log(1.25), 10);
    expect(psiOf({ a: 5 }, { a: 500 })).toBe(0);
    expect(psiOf({}, { a: 500 })).toBe(0);
  });

  it('have shifted above an index of 0.25 or above 20 points more empty, and not below', () => {
    expect(shiftsIn(counted(200, 10, { 'mg/dL': 180, 'mmol/L': 20 }), BASELINE).shifts).toEqual([]);
    expect(shiftsIn(counted(400, 20, { 'mg/dL': 180, 'mmol/L': 180 }), BASELINE).shifts).toMatchObject([{ path: '$.unit' }]);
    expect(shiftsIn(counted(400, 95, { 'mg/dL': 290, 'mmol/L': 15 }), BASELINE).shifts).toEqual([]);
    const [emptier] = shiftsIn(counted(400, 104, { 'mg/dL': 280, 'mmol/L': 16 }), BASELINE).shifts;
    expect(emptier?.emptier_points).toBeCloseTo(21, 10);
  });

  it('are not judged by fewer than 200, and are counted on', () => {
    const few = counted(199, 199, {});
    expect(shiftsIn(few, BASELINE)).toEqual({ shifts: [], window: few });
    const half = shiftsIn(counted(210, 100, { 'mmol/L': 110 }), BASELINE);
    expect(half.shifts).toMatchObject([{ psi: 0 }]);
    expect(half.window).toEqual(counted(0, 0, { 'mmol/L': 110 }));
  });

  it('raise no alarm by chance, in ten thousand windows of 200', () => {
    const chance = chanceOf(8);
    for (let n = 0; n < 10_000; n += 1) {
      const buckets: Record<string, number> = {};
      let empty = 0;
      for (let value = 0; value < 200; value += 1) {
        const unit = chance.happens(0.947) ? 'mg/dL' : 'mmol/L';
        if (chance.happens(0.05)) empty += 1;
        else buckets[unit] = (buckets[unit] ?? 0) + 1;
      }
      expect(shiftsIn(counted(200, empty, buckets), BASELINE).shifts).toEqual([]);
    }
  });

  it('are told of in words, without a value', () => {
    expect(shiftSentence({ path: '$.unit', psi: 0.413, emptier_points: 21.2 })).toBe(
      'To be looked at: the values of $.unit are not distributed as in the last 28 days (index 0.41; 21 of a hundred more are empty).',
    );
  });
});
