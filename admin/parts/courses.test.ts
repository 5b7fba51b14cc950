import { describe, expect, it } from 'vitest';
import type { CitedMeasure, LabResult, VitalSign } from '../api/types.ts';
import { courseOfLabs, courseOfVitals, firstDay } from './courses.ts';

const told = { since: '2024-11-20', as_of: '2026-11-20T10:00:00-05:00' };
const measure = (own: Partial<CitedMeasure>): CitedMeasure => ({ name: 'LDL cholesterol', cited: [], ...own });
const cites = (record_id: string, on = '2026-11-03') => [{ path: 'body', quote: '132', record_id, on, agrees: true }];
const lab = (lab_result_id: string, own: Partial<LabResult>): LabResult => ({
  lab_result_id,
  loinc: '13457-7',
  name: 'LDL cholesterol (calc)',
  value: 132,
  unit: 'mg/dL',
  flag: 'N',
  collected_at: '2026-11-03T08:00:00-05:00',
  ...own,
});
const withoutValue = ({ value: _, ...rest }: LabResult): LabResult => rest;
const vital = (vital_sign_id: string, own: Partial<VitalSign>): VitalSign => ({
  vital_sign_id,
  kind: 'weight',
  loinc: '29463-7',
  taken_at: '2026-11-03T08:00:00-05:00',
  setting: 'office',
  ...own,
});

describe('the first day of a course', () => {
  it('is two years ago, or that of an older record that is cited', () => {
    expect(firstDay(measure({ cited: cites('a') }), told.as_of)).toBe('2024-11-20');
    expect(firstDay(measure({ cited: cites('a', '2022-01-05') }), told.as_of)).toBe('2022-01-05');
  });
});

describe('the course of laboratory results', () => {
  it('joins what is of one code and one unit with what is cited, and says of every other why it is not', () => {
    const labs = [
      lab('new', { flag: 'H', ref_low: 0, ref_high: 99 }),
      lab('direct', { loinc: '18262-6', name: 'LDL cholesterol (direct)', value: 120 }),
      lab('beyond', { comparator: '>', value: 400 }),
      lab('other-unit', { value: 3.4, unit: 'mmol/L' }),
      lab('early', { status: 'preliminary', value: 140 }),
      withoutValue(lab('words', { value_text: 'see note' })),
      withoutValue(lab('gone', { status: 'cancelled' })),
    ];
    const { trend, rows } = courseOfLabs({ measure: measure({ cited: cites('new') }), labs, ...told });
    const drawn = trend.lines[0]?.points ?? [];
    expect(drawn.map(({ id, apart }) => [id, apart])).toEqual([
      ['new', undefined],
      ['direct', 'LDL cholesterol (direct)'],
      ['beyond', 'beyond the scale'],
      ['early', 'preliminary'],
    ]);
    expect(drawn.map(({ isCited }) => isCited)).toEqual([true, false, false, false]);
    expect(drawn[0]?.flag).toEqual({ way: 'up', word: 'high' });
    expect([trend.unit, trend.band]).toEqual(['mg/dL', { low: 0, high: 99, said: '0 to 99' }]);
    expect(rows.map(({ id, said }) => `${id} ${said}`)).toEqual([
      'new 132 mg/dL',
      'direct 120 mg/dL',
      'beyond >400 mg/dL',
      'other-unit 3.4 mmol/L',
      'early 140 mg/dL',
      'words see note mg/dL',
    ]);
    expect(rows[0]?.words).toEqual(['high', '0 to 99', 'cited']);
    expect(rows[3]?.words).toEqual(['not drawn']);
  });

  it('does not join units that the laboratory spelt otherwise, nor methods that are both said and not the same', () => {
    const raw = (id: string, own: Partial<LabResult>) => {
      const { unit: _, ...rest } = lab(id, own);
      return rest;
    };
    const labs = [
      raw('a', { unit_raw: 'U/L (37C)', method: 'HPLC' }),
      raw('b', { unit_raw: 'kU/L', value: 1 }),
      raw('c', { unit_raw: 'U/L (37C)', method: 'immunoassay' }),
      raw('d', { unit_raw: 'U/L (37C)' }),
    ];
    const { trend, rows } = courseOfLabs({ measure: measure({ cited: cites('a') }), labs, ...told });
    expect(trend.unit).toBe('U/L (37C)');
    expect(trend.lines[0]?.points.map(({ id, apart }) => [id, apart])).toEqual([
      ['a', undefined],
      ['c', 'immunoassay'],
      ['d', undefined],
    ]);
    expect(rows[1]).toMatchObject({ said: '1 kU/L', words: ['not drawn'] });
  });

  it('is of the newest where what is cited is not among them, and of nothing where there is nothing', () => {
    const { trend } = courseOfLabs({ measure: measure({ cited: cites('elsewhere') }), labs: [lab('a', {})], ...told });
    expect(trend.lines[0]?.points.map(({ isCited }) => isCited)).toEqual([false]);
    expect(courseOfLabs({ measure: measure({}), labs: [], ...told })).toMatchObject({ rows: [], trend: { lines: [], unit: '' } });
  });
});

describe('the course of vital signs', () => {
  it('of a pressure is two lines, both with what is cited', () => {
    const bp = (id: string, systolic: number, diastolic: number, own: Partial<VitalSign> = {}) =>
      vital(id, { kind: 'blood_pressure', systolic, diastolic, unit: 'mm[Hg]', ...own });
    const vitals = [bp('now', 148, 92), bp('slip', 92, 148, { implausible: 'swapped' }), bp('home', 140, 85, { setting: 'home' })];
    const { trend, rows } = courseOfVitals({ measure: measure({ kind: 'blood_pressure', cited: cites('now') }), vitals, ...told });
    expect(trend.lines.map(({ name, points }) => [name, points.map(({ value }) => value)])).toEqual([
      ['systolic', [148, 92, 140]],
      ['diastolic', [92, 148, 85]],
    ]);
    expect(trend.lines.every(({ points }) => points[0]?.isCited && points[1]?.apart === 'looks like a slip')).toBe(true);
    expect(rows.map(({ said, words }) => [said, words])).toEqual([
      ['148/92 mmHg', ['cited']],
      ['92/148 mmHg', ['looks like a slip']],
      ['140/85 mmHg', ['home']],
    ]);
  });

  it('is in the unit of all, or where they differ in the one that each can be told in', () => {
    const pounds = vital('lb', { value: 210, unit: '[lb_av]', canonical_value: 95.3, canonical_unit: 'kg' });
    const weight = measure({ kind: 'weight' });
    expect(courseOfVitals({ measure: weight, vitals: [pounds], ...told }).trend).toMatchObject({
      unit: 'lb',
      lines: [{ points: [{ value: 210 }] }],
    });
    const mixed = courseOfVitals({ measure: weight, vitals: [vital('kg', { value: 96, unit: 'kg' }), pounds], ...told });
    expect(mixed.trend).toMatchObject({ unit: 'kg', lines: [{ points: [{ value: 96 }, { value: 95.3 }] }] });
    expect(mixed.rows.map(({ said }) => said)).toEqual(['96 kg', '95.3 kg']);
  });

  it('never tells a number in a unit that it was not charted in', () => {
    const stones = vital('st', { value: 15, unit: 'stone' });
    const vitals = [
      vital('kg', { value: 96, unit: 'kg' }),
      stones,
      vital('lb', { value: 210, unit: '[lb_av]', canonical_value: 95.3, canonical_unit: 'kg' }),
    ];
    for (const listed of [vitals, vitals.toReversed(), [stones, ...vitals]]) {
      const { trend, rows } = courseOfVitals({ measure: measure({ kind: 'weight' }), vitals: listed, ...told });
      expect(trend.unit).toBe('kg');
      expect(trend.lines[0]?.points.map(({ value }) => value).toSorted()).toEqual([95.3, 96]);
      expect(rows.filter(({ words }) => words.includes('not drawn')).every(({ said }) => said === '15 stone')).toBe(true);
    }
  });

  it('of a BMI has the computed ones too', () => {
    const bmi = vital('w', { kind: 'bmi', value: 30.1, computed: true, unit: 'kg/m2' });
    const { trend, rows } = courseOfVitals({ measure: measure({ kind: 'bmi', cited: cites('w') }), vitals: [bmi], ...told });
    expect(trend.lines[0]?.points[0]).toMatchObject({ value: 30.1, isCited: true });
    expect(rows[0]?.words).toEqual(['computed', 'cited']);
  });
});
