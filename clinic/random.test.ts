import { describe, expect, it } from 'vitest';
import { isHoliday, isWorkday } from './calendar.ts';
import { dateOf, dayOf, instantOf, nthWeekday, weekdayOf } from './days.ts';
import { diceOf, idOf, normalQuantile } from './random.ts';

const origin = { seed: 2026, tenant: 'juniper', patient: 'juniper-01' };
const draws = (stream: string, n: number) => {
  const dice = diceOf(origin)(stream);
  return Array.from({ length: n }, () => dice.uniform());
};

describe('chance is a function of its name', () => {
  it('gives the same numbers on every machine', () => {
    const dice = diceOf(origin)('visit.12.outcome');
    expect([dice.u32(), dice.u32(), dice.u32()]).toMatchInlineSnapshot(`
      [
        2394698682,
        2458954014,
        621217616,
      ]
    `);
    expect(idOf(origin, 'patient', 0)).toMatchInlineSnapshot(`"b8233768-9a0e-821f-9faa-3565a364a70e"`);
  });

  it('gives streams that do not know each other', () => {
    const [a, b] = [draws('bp', 2000), draws('bq', 2000)];
    const products = a.map((x, i) => (x - 0.5) * ((b[i] as number) - 0.5));
    expect(Math.abs(products.reduce((sum, x) => sum + x, 0) / 2000)).toBeLessThan(0.006);
    expect(new Set([...a, ...b]).size).toBe(4000);
  });

  it('is even, and normal where it says so', () => {
    const all = draws('even', 20_000);
    for (let tenth = 0; tenth < 10; tenth++) expect(all.filter((x) => Math.floor(x * 10) === tenth).length).toBeGreaterThan(1850);
    const dice = diceOf(origin)('normal');
    const values = Array.from({ length: 20_000 }, () => dice.normal(10, 2));
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(mean).toBeCloseTo(10, 1);
    expect(Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length)).toBeCloseTo(2, 1);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 5);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232, 5);
  });

  it('makes ids of the shape of a UUID, each once', () => {
    const ids = Array.from({ length: 5000 }, (_, n) => idOf(origin, 'lab', n));
    expect(new Set(ids).size).toBe(5000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('days', () => {
  it('count from 1970, and know their weekday', () => {
    expect([dayOf('1970-01-01'), dateOf(20_777), weekdayOf(dayOf('2026-11-20'))]).toEqual([0, '2026-11-20', 5]);
    expect(dateOf(nthWeekday(2026, 11, 4, 4))).toBe('2026-11-26');
    expect(dateOf(nthWeekday(2026, 5, 1, -1))).toBe('2026-05-25');
  });

  it('keep federal holidays where they are observed', () => {
    for (const date of ['2026-07-03', '2026-11-26', '2026-12-25', '2027-01-01', '2027-12-31', '2026-10-12'])
      expect([date, isHoliday(dayOf(date))]).toEqual([date, true]);
    expect(isWorkday(dayOf('2026-11-27'))).toBe(true);
  });

  it('have the offset of their moment', () => {
    expect(instantOf('America/New_York', dayOf('2026-03-08'), 119)).toBe('2026-03-08T01:59:00-05:00');
    expect(instantOf('America/New_York', dayOf('2026-03-08'), 180)).toBe('2026-03-08T03:00:00-04:00');
    expect(instantOf('America/Chicago', dayOf('2026-11-01'), 600)).toBe('2026-11-01T10:00:00-06:00');
    expect(instantOf('America/Chicago', dayOf('2026-10-31'), 1500, 7)).toBe('2026-11-01T01:00:07-05:00');
  });
});
