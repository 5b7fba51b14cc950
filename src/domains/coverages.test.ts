import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inForce } from './coverages.ts';
import { plusDays } from './days.ts';

const TODAY = '2026-11-20';
type Plan = Parameters<typeof inForce>[0];
const plan = (status: Plan['status'], period_start: string | null, period_end: string | null): Plan => ({
  status,
  period_start,
  period_end,
});

describe('a plan was in force on a day (coverage_in_force@1)', () => {
  it.each<[string, Plan, string, string]>([
    ['inside its period', plan('active', '2026-01-01', '2026-12-31'), TODAY, 'yes'],
    ['on its first day', plan('active', '2026-11-20', null), TODAY, 'yes'],
    ['on its last day', plan('active', '2026-01-01', '2026-11-20'), TODAY, 'yes'],
    ['the day after its last', plan('active', '2026-01-01', '2026-11-19'), TODAY, 'no'],
    ['before its first', plan('active', '2026-11-21', null), TODAY, 'no'],
    ['open-ended and active', plan('active', '2026-01-01', null), TODAY, 'yes'],
    ['open-ended, of a day to come', plan('active', '2026-01-01', null), '2026-11-21', 'unknown'],
    ['with an end, of a day to come', plan('active', '2026-01-01', '2026-12-31'), '2026-12-01', 'yes'],
    ['active without any date', plan('active', null, null), TODAY, 'unknown'],
    ['active without a start', plan('active', null, '2026-12-31'), TODAY, 'unknown'],
    ['over, without a start', plan('active', null, '2025-12-31'), TODAY, 'no'],
    ['cancelled, on a day of its period', plan('cancelled', '2025-01-01', '2025-12-31'), '2025-06-01', 'yes'],
    ['cancelled, after its end', plan('cancelled', '2025-01-01', '2025-12-31'), TODAY, 'no'],
    ['cancelled nobody knows when, today', plan('cancelled', '2025-01-01', null), TODAY, 'no'],
    ['cancelled nobody knows when, on an earlier day', plan('cancelled', '2025-01-01', null), '2025-06-01', 'unknown'],
    ['a draft', plan('draft', '2026-01-01', null), TODAY, 'unknown'],
    ['of unknown status, inside its period', plan('unknown', '2026-01-01', '2026-12-31'), TODAY, 'unknown'],
    ['of unknown status, after its end', plan('unknown', '2026-01-01', '2026-02-01'), TODAY, 'no'],
  ])('%s', (_, it_, on, expected) => {
    expect(inForce(it_, on, TODAY)).toBe(expected);
  });

  it('never outside its period, whatever its status', () => {
    const days = fc.integer({ min: -800, max: 800 }).map((shift) => plusDays(TODAY, shift));
    const status = fc.constantFrom('active' as const, 'cancelled' as const, 'draft' as const, 'unknown' as const);
    fc.assert(
      fc.property(days, days, days, status, (start, end, on, is) => {
        const [first, last] = start < end ? [start, end] : [end, start];
        if (on < first || on > last) expect(inForce(plan(is, first, last), on, TODAY)).toBe('no');
        else expect(inForce(plan(is, first, last), on, TODAY)).not.toBe('no');
      }),
    );
  });
});
