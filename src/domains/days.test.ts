import { describe, expect, it } from 'vitest';
import { ageInYears, Day, isDay, latestDay, plusDays } from './days.ts';

describe('a day', () => {
  it('is one of the calendar', () => {
    expect(['2028-02-29', '2026-02-29', '2026-13-01', '0000-01-01', '2026-1-1', '2026-11-31'].map(isDay)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(Day.safeParse('2026-02-30').success).toBe(false);
  });

  it('moves over months and years', () => {
    expect([plusDays('2026-02-28', 1), plusDays('2026-01-01', -1), plusDays('2026-03-07', 2)]).toEqual([
      '2026-03-01',
      '2025-12-31',
      '2026-03-09',
    ]);
  });
});

describe('a partial date', () => {
  it('is a range, not its first day (trap 23)', () => {
    expect(['1980', '2028-02', '2026-11-20'].map(latestDay)).toEqual(['1980-12-31', '2028-02-29', '2026-11-20']);
  });

  it('has no age', () => {
    expect([ageInYears('1980', '2026-11-21'), ageInYears('1980-05', '2026-11-21'), ageInYears(null, '2026-11-21')]).toEqual(
      Array(3).fill(undefined),
    );
    expect([
      ageInYears('1980-11-21', '2026-11-21'),
      ageInYears('1980-11-22', '2026-11-21'),
      ageInYears('2026-11-21', '2026-11-21'),
    ]).toEqual([46, 45, 0]);
  });
});
