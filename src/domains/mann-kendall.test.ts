import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mannKendall } from './mann-kendall.ts';

const rising = (n: number) => Array.from({ length: n }, (_, at) => at + 1);

/** Every order of `values`, by brute force: the share whose S is at least that of the order given. */
function counted(values: readonly number[]): number {
  const { s } = mannKendall(values);
  let [all, hit] = [0, 0];
  const visit = (left: readonly number[], chosen: readonly number[]) => {
    if (left.length > 0) {
      for (const at of left.keys()) visit([...left.slice(0, at), ...left.slice(at + 1)], [...chosen, left[at] as number]);
      return;
    }
    all += 1;
    if (mannKendall(chosen).s >= s) hit += 1;
  };
  visit(values, []);
  return hit / all;
}

describe('the exact Mann–Kendall test', () => {
  it('has the p of the highest S: three results can never be a trend (trap 7)', () => {
    expect(mannKendall(rising(3)).p.up).toBeCloseTo(1 / 6, 12);
    expect(mannKendall(rising(4)).p.up).toBeCloseTo(1 / 24, 12);
    expect(mannKendall(rising(5)).p.up).toBeCloseTo(1 / 120, 12);
  });

  it('needs S ≥ 8 of five and S ≥ 11 of six for p ≤ 0.05', () => {
    expect(mannKendall([1, 2, 3, 5, 4])).toMatchObject({ s: 8, p: { up: expect.closeTo(5 / 120, 12) } });
    expect(mannKendall([1, 2, 4, 3, 6, 5])).toMatchObject({ s: 11, p: { up: expect.closeTo(0.02778, 4) } });
  });

  it('falls as it rises', () => {
    const { p } = mannKendall([...rising(6)].reverse());
    expect(p).toMatchObject({ up: expect.closeTo(1, 12), down: expect.closeTo(1 / 720, 12) });
  });

  it('is what counting every order gives, with ties and without', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 6 }), (values) => {
        expect(mannKendall(values).p.up).toBeCloseTo(counted(values), 10);
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  it('goes over into the normal approximation without a step', () => {
    const wave = (n: number) => rising(n).map((at) => at + 30 * Math.sin(at));
    expect(mannKendall(wave(41)).p.up).toBeLessThan(mannKendall(wave(40)).p.up * 1.5 + 0.01);
    expect(mannKendall(rising(60).map(() => 5)).p).toEqual({ up: 1, down: 1 });
  });
});
