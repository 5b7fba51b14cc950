import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANALYTES } from './loinc.ts';
import { canonical, unitFactors } from './unit-conversion.ts';

describe('one analyte in one unit', () => {
  it.each([
    ['testosterone total', 20.8, 'nmol/L', 599.9, 'ng/dL'],
    ['testosterone total', 6, 'ng/mL', 600, 'ng/dL'],
    ['glucose', 5.5, 'mmol/L', 99.09, 'mg/dL'],
    ['creatinine', 88.4, 'umol/L', 1, 'mg/dL'],
    ['ldl', 2.6, 'mmol/L', 100.53, 'mg/dL'],
    ['triglycerides', 1.7, 'mmol/L', 150.5, 'mg/dL'],
    ['bun', 5, 'mmol/L', 14.01, 'mg/dL'],
    ['vitamin d', 75, 'nmol/L', 30.05, 'ng/mL'],
    ['a1c', 48, 'mmol/mol', 6.543, '%'],
    ['uacr', 3.4, 'mg/mmol', 30.06, 'mg/g'],
    ['calcium', 5, 'meq/L', 10.02, 'mg/dL'],
    ['potassium', 4.2, 'meq/L', 4.2, 'mmol/L'],
    ['hematocrit', 0.45, 'L/L', 45, '%'],
    ['wbc', 6.1, '10*9/L', 6.1, '10*3/uL'],
    ['tsh', 2.5, 'u[IU]/mL', 2.5, 'm[IU]/L'],
  ])('%s %d %s', (group, value, unit, expected, told) => {
    const found = canonical(group, value, unit);
    expect(found?.unit).toBe(told);
    expect(found?.value).toBeCloseTo(expected, expected > 100 ? 0 : 1);
  });

  it('does not convert what has no one molar mass, and says so by answering nothing', () => {
    expect(canonical('hemoglobin', 9, 'mmol/L')).toBeUndefined();
    expect(canonical('hematocrit', 9, 'mmol/L')).toBeUndefined();
    expect(canonical('a1c', 9, 'mg/dL')).toBeUndefined();
    expect(canonical('lp(a)', 75, 'nmol/L')).toEqual({ value: 75, unit: 'nmol/L' });
    expect(canonical('shbg', 75, 'nmol/L')).toEqual({ value: 75, unit: 'nmol/L' });
  });

  it('keeps order and ratio, whatever the analyte and the unit', () => {
    const groups = [...new Set([...ANALYTES.values()].map(({ group }) => group))].filter((group) => group !== 'a1c');
    const units = ['mg/dL', 'ng/dL', 'nmol/L', 'mmol/L', 'meq/L', '10*3/uL', '%', 'U/L', 'mg/g'];
    fc.assert(
      fc.property(
        fc.constantFrom(...groups),
        fc.constantFrom(...units),
        fc.double({ min: 0.01, max: 1e4, noNaN: true }),
        (group, unit, value) => {
          const [one, ten] = [canonical(group, value, unit), canonical(group, 10 * value, unit)];
          expect(one === undefined).toBe(ten === undefined);
          if (one && ten) expect(ten.value / one.value).toBeCloseTo(10, 9);
        },
      ),
      { seed: 2 },
    );
  });

  it('knows what a wrong unit makes of a value', () => {
    expect(unitFactors('testosterone total').some((factor) => Math.abs(factor - 28.84) < 0.1)).toBe(true);
    expect(unitFactors('tsh')).toEqual([]);
  });
});
