import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figuresOf, ranked } from './attendance.ts';
import { wilson } from './wilson.ts';

describe('the interval of a rate (Wilson 1927)', () => {
  it.each([
    [0, 10, 0, 0.2775],
    [1, 10, 0.0179, 0.4042],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [8, 100, 0.0411, 0.15],
    [81, 263, 0.2553, 0.3662], // Newcombe, Stat Med 1998;17:857, table I
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i of %i is %f to %f', (numerator, denominator, low, high) => {
    expect(wilson(numerator, denominator)).toEqual({ low, high });
  });

  it('is not there without anybody', () => {
    expect(wilson(0, 0)).toBeUndefined();
  });

  it('holds the rate, within 0 and 1', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (some, others) => {
        const { low, high } = wilson(some, some + others + 1) as { low: number; high: number };
        const rate = some / (some + others + 1);
        return low >= 0 && low <= rate + 1e-4 && rate - 1e-4 <= high && high <= 1;
      }),
    );
  });
});

describe('the groups', () => {
  it('are ranked by rate from 20 on; the same rate is the same rank; the small are counted only', () => {
    const of = (group: string, no_show: number, denominator: number) => ({ group, no_show, completed: denominator - no_show });
    const told = ranked([of('few', 19, 19), of('b', 2, 20), of('a', 10, 40), of('c', 5, 20), of('d', 0, 30)]);
    expect(told.map(({ group, rank, rate, too_few }) => [group, rank ?? too_few, rate])).toEqual([
      ['a', 1, 0.25],
      ['c', 1, 0.25],
      ['b', 3, 0.1],
      ['d', 4, 0],
      ['few', true, undefined],
    ]);
  });
});

describe('the figures', () => {
  it('of nothing have no rate', () => {
    const nothing = {
      completed: 0,
      no_show: 0,
      rescheduled: 4,
      unresolved: 0,
      under_way: 0,
      late_cancelled: 0,
      timed_cancelled: 0,
      refilled: 0,
    };
    const by = { cancelled_by_patient: 0, cancelled_by_practice: 0, cancelled_by_system: 0, cancelled_by_unknown: 0 };
    for (const figure of Object.values(figuresOf({ ...nothing, ...by }))) expect(figure).toMatchObject({ numerator: 0, denominator: 0 });
    expect(figuresOf({ ...nothing, ...by }).no_show).not.toHaveProperty('rate');
  });
});
