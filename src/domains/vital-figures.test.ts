import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bmiOf, bmiSeries, figureOf, type Judged, judged, type Reading, stands } from './vital-figures.ts';
import { canonicalOf, type VitalKind } from './vital-kinds.ts';

let made = 0;
function reading(kind: VitalKind, value: number, unit: string | undefined, own: Partial<Reading> = {}): Reading {
  made += 1;
  return {
    vital_sign_id: `v${made}`,
    kind,
    value,
    ...(unit !== undefined && { unit }),
    taken_at: '2026-11-18T09:00:00-05:00',
    setting: 'office',
    preliminary: false,
    ...own,
  };
}
const on = (day: string) => ({ taken_at: `${day}T09:00:00-05:00` });
const pressure = (systolic: number, diastolic: number, own: Partial<Reading> = {}) =>
  reading('blood_pressure', systolic, 'mm[Hg]', { diastolic, ...own });
const causeOf = (it: Reading, ...others: Reading[]) => judged([it, ...others])[0]?.implausible;

describe('a charted unit', () => {
  it.each<[VitalKind, number, string | undefined, number | undefined]>([
    ['weight', 180, '[lb_av]', 81.6466],
    ['weight', 180, 'lbs', 81.6466],
    ['weight', 80, 'kg', 80],
    ['height', 70, '[in_i]', 177.8],
    ['height', 1.78, 'm', 178],
    ['temperature', 98.6, '[degF]', 37],
    ['temperature', 98.6, 'F', 37],
    ['blood_pressure', 120, 'mmHg', 120],
    ['blood_pressure', 120, undefined, 120],
    ['heart_rate', 72, undefined, 72],
    ['spo2', 0.97, '1', 97],
    ['weight', 12, 'stone', undefined],
    ['weight', 80, undefined, undefined],
    ['temperature', 37, undefined, undefined],
  ])('%s %d %s is %s', (kind, value, unit, expected) => {
    const canonical = canonicalOf(kind, value, unit);
    if (expected === undefined) expect(canonical).toBeUndefined();
    else expect(canonical).toBeCloseTo(expected, 3);
  });
});

describe('a reading that looks like a slip is flagged with its suspected cause, and kept', () => {
  it.each<[string, Reading, string | undefined]>([
    ['an ordinary pressure', pressure(128, 78), undefined],
    ['a crisis is no slip', pressure(230, 130), undefined],
    ['systolic and diastolic changed places', pressure(78, 128), 'swapped'],
    ['both the same', pressure(100, 100), 'range'],
    ['a digit too many', pressure(1280, 78), 'range'],
    ['kPa charted as mm[Hg]', pressure(17, 10.6), 'unit'],
    ['°F charted as °C', reading('temperature', 98.6, 'Cel'), 'unit'],
    ['°C charted as °F', reading('temperature', 37, '[degF]'), 'unit'],
    ['a fever', reading('temperature', 41.2, 'Cel'), undefined],
    ['cm charted as inches', reading('height', 178, '[in_i]'), 'unit'],
    ['metres charted as cm', reading('height', 1.78, 'cm'), 'unit'],
    ['grams charted as kg', reading('weight', 3400, 'kg'), 'unit'],
    ['a weight no body has', reading('weight', 990_000, 'kg'), 'range'],
    ['a fraction charted as per cent', reading('spo2', 0.97, '%'), 'unit'],
    ['a saturation no one lives with', reading('spo2', 12, '%'), 'range'],
    ['an unknown unit is not judged', reading('weight', 12, 'stone'), undefined],
  ])('%s', (_, it, cause) => {
    expect(causeOf(it)).toBe(cause);
  });

  it('also inside the gate, where it is off from the patient’s others by exactly the factor of a unit', () => {
    const [a, b] = [reading('weight', 82, 'kg', on('2026-09-01')), reading('weight', 81, 'kg', on('2026-10-01'))];
    expect(causeOf(reading('weight', 180, 'kg'), a, b)).toBe('unit');
    expect(causeOf(reading('weight', 82, '[lb_av]'), a, b)).toBe('unit');
    expect(causeOf(reading('weight', 74, 'kg'), a, b)).toBeUndefined();
    // One other does not say which of the two is the slip.
    expect(causeOf(reading('weight', 180, 'kg'), a)).toBeUndefined();
    const [tall, taller] = [reading('height', 178, 'cm', on('2026-09-01')), reading('height', 177, 'cm', on('2026-10-01'))];
    expect(causeOf(reading('height', 70, 'cm'), tall, taller)).toBe('unit');
  });

  it('but a child that grew over the years is not measured against its first weights', () => {
    const small = ['2018-01-01', '2018-03-01', '2018-05-01'].map((day) => reading('weight', 10, 'kg', on(day)));
    expect(causeOf(reading('weight', 22, 'kg'), ...small)).toBeUndefined();
  });
});

describe('the body mass index (bmi@1)', () => {
  const bmi = (readings: Reading[], birth_date: string | null) => {
    const all = judged(readings);
    const weight = all.find(({ kind }) => kind === 'weight') as Judged;
    const value = bmiOf(weight, all, birth_date);
    return value === undefined ? undefined : Math.round(value * 10) / 10;
  };
  const weight = reading('weight', 80, 'kg');
  const height = (day: string, value = 178, unit = 'cm') => reading('height', value, unit, on(day));

  it.each<[string, Reading[], string | null, number | undefined]>([
    ['weight and height of one visit', [weight, height('2026-11-18')], '1950-02-01', 25.2],
    ['in pounds and inches', [reading('weight', 176.37, '[lb_av]'), height('2026-11-18', 70.08, '[in_i]')], '1950-02-01', 25.2],
    ['an adult’s height of years ago', [weight, height('2019-01-05')], '1950-02-01', 25.2],
    ['the latest height before, not the nearest after', [weight, height('2020-01-05', 180), height('2026-11-19', 160)], '1950-02-01', 24.7],
    ['no height before: not known', [weight, height('2026-11-19')], '1950-02-01', undefined],
    ['a child’s height of 90 days ago', [reading('weight', 30, 'kg'), height('2026-08-20', 130)], '2018-02-01', 17.8],
    ['a child’s height of 91 days ago: not known', [reading('weight', 30, 'kg'), height('2026-08-19', 130)], '2018-02-01', undefined],
    ['birth date not known: as a child', [weight, height('2019-01-05')], null, undefined],
    ['a partial birth date is a range, and its latest day counts (trap 23)', [weight, height('2019-01-05')], '2008', undefined],
    ['a partial birth date that can only be an adult’s', [weight, height('2019-01-05')], '2007', 25.2],
    ['an implausible weight', [reading('weight', 900, 'kg'), height('2026-11-18')], '1950-02-01', undefined],
    ['an implausible height is passed over', [weight, height('2020-01-05'), height('2026-11-18', 1.78)], '1950-02-01', 25.2],
    ['a weight in an unknown unit', [reading('weight', 80, undefined), height('2026-11-18')], '1950-02-01', undefined],
  ])('%s', (_, readings, birth_date, expected) => {
    expect(bmi(readings, birth_date)).toBe(expected);
  });

  it('of a charted one beside the computed one: they conflict beyond 0.5', () => {
    const series = (charted: number) =>
      bmiSeries(judged([weight, height('2026-11-18'), reading('bmi', charted, 'kg/m2')]), '1950-02-01').map(
        ({ conflict, canonical, charted: own }) => [own, Math.round((canonical ?? 0) * 100) / 100, conflict],
      );
    expect(series(25.2)).toEqual([[25.2, 25.25, false]]);
    expect(series(25.7)).toEqual([[25.7, 25.25, false]]);
    expect(series(25.8)).toEqual([[25.8, 25.25, true]]);
    expect(series(31)).toEqual([[31, 25.25, true]]);
  });

  it('is one a day: a weight of a day with a charted one makes no second', () => {
    const later = reading('weight', 79, 'kg', on('2026-11-20'));
    const series = bmiSeries(judged([weight, height('2026-11-18'), reading('bmi', 25.2, 'kg/m2'), later]), '1950-02-01');
    expect(series.map(({ from }) => from)).toEqual(['bmi', 'weight']);
  });

  it('is weight over height squared, for any plausible body', () => {
    fc.assert(
      fc.property(fc.double({ min: 40, max: 200, noNaN: true }), fc.double({ min: 140, max: 210, noNaN: true }), (kg, cm) => {
        const all = judged([reading('weight', kg, 'kg'), reading('height', cm, 'cm')]);
        expect(bmiOf(all[0] as Judged, all, '1950-02-01')).toBeCloseTo(kg / (cm / 100) ** 2, 6);
      }),
    );
  });
});

describe('a figure', () => {
  const three = [
    pressure(140, 90, on('2026-09-01')),
    pressure(130, 80, { ...on('2026-11-18'), setting: 'home' }),
    pressure(120, 76, { taken_at: '2026-11-18T09:10:00-05:00' }),
  ];
  const of = (kind: VitalKind, aggregate: Parameters<typeof figureOf>[1], readings: Reading[]) =>
    figureOf(kind, aggregate, judged(readings));

  it('latest is the last taken; of blood pressures also the mean of the day’s last two', () => {
    expect(of('blood_pressure', 'latest', [...three].reverse())).toEqual({
      kind: 'blood_pressure',
      unit: 'mm[Hg]',
      count: 3,
      latest: { systolic: 120, diastolic: 76, taken_at: '2026-11-18T09:10:00-05:00', setting: 'office' },
      last_two_mean: { systolic: 125, diastolic: 78 },
      definition: 'vital_latest@1',
    });
    expect(of('blood_pressure', 'latest', three.slice(0, 1))).not.toHaveProperty('last_two_mean');
  });

  it('average leaves out what is implausible, preliminary or in an unknown unit, and says so', () => {
    expect(
      of('weight', 'average', [
        reading('weight', 80, 'kg'),
        reading('weight', 180, '[lb_av]'),
        reading('weight', 990_000, 'kg'),
        reading('weight', 12, 'stone'),
        reading('weight', 70, 'kg', { preliminary: true }),
      ]),
    ).toEqual({
      kind: 'weight',
      unit: 'kg',
      count: 2,
      average: { value: 80.8 },
      excluded: [
        { reason: 'implausible', count: 1 },
        { reason: 'unknown unit', count: 1 },
        { reason: 'preliminary', count: 1 },
      ],
      definition: 'vital_average@1',
    });
    expect(of('blood_pressure', 'average', [...three, pressure(78, 128)])).toMatchObject({
      count: 3,
      average: { systolic: 130, diastolic: 82 },
      excluded: [{ reason: 'implausible', count: 1 }],
    });
  });

  it('change is last minus first, with the days between', () => {
    expect(
      of('weight', 'change', [reading('weight', 80, 'kg', on('2026-11-18')), reading('weight', 220.46, '[lb_av]', on('2026-05-18'))]),
    ).toMatchObject({
      first: { value: 100 },
      last: { value: 80 },
      change: { value: -20 },
      change_percent: -20,
      days: 184,
    });
    expect(of('blood_pressure', 'change', three)).toMatchObject({ change: { systolic: -20, diastolic: -14 }, days: 78 });
  });

  it('without readings there is no figure: never a zero', () => {
    for (const aggregate of ['latest', 'average', 'count', 'change'] as const)
      expect(of('weight', aggregate, [])).toEqual({ kind: 'weight', unit: 'kg', count: 0, definition: `vital_${aggregate}@1` });
    expect(of('weight', 'change', [reading('weight', 80, 'kg')])).not.toHaveProperty('change');
  });

  it('lies between the least and the most of what stands in it', () => {
    const body = fc.record({ value: fc.double({ min: 1, max: 600, noNaN: true }), unit: fc.constantFrom('kg', '[lb_av]', 'stone') });
    fc.assert(
      fc.property(fc.array(body, { minLength: 1, maxLength: 20 }), (bodies) => {
        const all = judged(bodies.map(({ value, unit }) => reading('weight', value, unit)));
        const values = all.filter(stands).map(({ canonical }) => canonical as number);
        const { count, average, excluded = [] } = figureOf('weight', 'average', all);
        expect(count + excluded.reduce((sum, each) => sum + each.count, 0)).toBe(bodies.length);
        if (average?.value === undefined) expect(count).toBe(0);
        else {
          expect(average.value).toBeGreaterThanOrEqual(Math.min(...values) - 0.051);
          expect(average.value).toBeLessThanOrEqual(Math.max(...values) + 0.051);
        }
      }),
    );
  });
});
