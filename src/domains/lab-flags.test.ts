import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computedFlag, disagree, flagOfCode } from './lab-flags.ts';

describe('a lab flag', () => {
  it('is read code by code of table 0078, never by substring', () => {
    expect(['N', 'LL', 'HH', 'AA', 'POS', 'NR', 'I'].map(flagOfCode)).toEqual(['N', 'LL', 'HH', 'AA', 'POS', 'NEG', 'I']);
    expect(['follow', 'Low', 'below', 'h', '', 'toString'].map(flagOfCode)).toEqual(Array(6).fill(undefined));
  });

  it('of change since the last result (U, D, B, W) or of the instrument (<, >) says nothing of abnormal', () => {
    expect(['U', 'D', 'B', 'W', '<', '>', 'null', null].map(flagOfCode)).toEqual(Array(8).fill(undefined));
  });
});

describe('a computed flag', () => {
  const of = (printed: string, ref_low?: number, ref_high?: number, ref_text?: string) => {
    const [, comparator, value] = /^([<>]=?)?(.+)$/.exec(printed) ?? [];
    return computedFlag({
      value: Number(value),
      ...(comparator && { comparator: comparator as '<' }),
      ...(ref_low !== undefined && { ref_low }),
      ...(ref_high !== undefined && { ref_high }),
      ...(ref_text !== undefined && { ref_text }),
    });
  };

  it.each([
    ['>60', 60, undefined, 'N'], // trap 3: eGFR
    ['<5', 0, 10, 'N'],
    ['<5', undefined, 10, 'N'],
    ['<0.01', 0.4, 4, 'L'],
    ['<0.4', 0.4, 4, 'L'],
    ['>1500', 0, 10, 'H'],
    ['>10', 0, 10, 'H'],
    ['<10', 0, 10, 'N'],
    ['>60', 60, 120, undefined],
    ['<5', 3, 10, undefined],
    ['<15', 0, 10, undefined],
    ['<=0.4', 0.4, 4, undefined],
    ['>=10', 0, 10, undefined],
  ] as const)('of %s against %s–%s is %s', (printed, low, high, flag) => {
    expect(of(printed, low, high)).toBe(flag);
  });

  it('takes the ends of a range as normal, but not the end of "<5"', () => {
    expect([of('70', 70, 99), of('99', 70, 99), of('69.9', 70, 99), of('99.1', 70, 99)]).toEqual(['N', 'N', 'L', 'H']);
    expect([
      of('5', undefined, undefined, '<5'),
      of('4.9', undefined, undefined, '<5.0'),
      of('60', undefined, undefined, '> OR = 60'),
    ]).toEqual(['H', 'N', 'N']);
    expect([of('100', undefined, undefined, '70 - 99'), of('85', undefined, undefined, '70–99')]).toEqual(['H', 'N']);
    expect([of('60', undefined, undefined, '>=60'), of('60', undefined, undefined, '>60')]).toEqual(['N', 'L']);
  });

  it('is not there without a range or a number: missing is never normal (trap 2)', () => {
    expect(of('5')).toBeUndefined();
    expect(computedFlag({ ref_low: 1, ref_high: 2 })).toBeUndefined();
    expect(of('5', undefined, undefined, 'see note')).toBeUndefined();
  });

  it('never says normal, low or high of a censored value that could be another', () => {
    const number = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        number,
        fc.constantFrom('<', '<=', '>', '>=') as fc.Arbitrary<'<'>,
        number,
        number,
        number,
        (value, comparator, a, b, truth) => {
          const [ref_low, ref_high] = [Math.min(a, b), Math.max(a, b)];
          const flag = computedFlag({ value, comparator, ref_low, ref_high });
          const possible = { '<': truth < value, '<=': truth <= value, '>': truth > value, '>=': truth >= value }[comparator];
          fc.pre(flag !== undefined && possible);
          expect(computedFlag({ value: truth, ref_low, ref_high })).toBe(flag);
        },
      ),
    );
  });
});

describe('two flags', () => {
  it('disagree only where they say another side of the range', () => {
    expect([disagree('N', 'H'), disagree('L', 'H'), disagree('A', 'N')]).toEqual([true, true, true]);
    expect([
      disagree('HH', 'H'),
      disagree('LL', 'L'),
      disagree('A', 'H'),
      disagree('POS', 'N'),
      disagree('NEG', 'H'),
      disagree('ND', 'L'),
    ]).toEqual(Array(6).fill(false));
  });
});
