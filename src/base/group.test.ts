import { describe, expect, it } from 'vitest';
import { grouped } from './group.ts';

describe('work that arrives together shares a run', () => {
  it('what comes in one turn runs together, each with its own result', async () => {
    const runs: number[][] = [];
    const double = grouped(
      async (items: readonly number[]) => {
        runs.push([...items]);
        return items.map((item) => item * 2);
      },
      { isOfOne: () => true },
    );
    expect(await Promise.all([1, 2, 3, 4].map(double))).toEqual([2, 4, 6, 8]);
    expect(runs).toEqual([[1, 2, 3, 4]]);
  });
  it('one bad item takes no other with it', async () => {
    const careful = grouped(
      async (items: readonly number[]) => {
        if (items.includes(3)) throw new Error('three');
        return items;
      },
      { isOfOne: () => true },
    );
    const settled = await Promise.allSettled([1, 2, 3, 4].map(careful));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });
  it('no run carries more than the most, and nothing is left waiting', async () => {
    const sizes: number[] = [];
    const run = grouped(
      async (items: readonly number[]) => {
        sizes.push(items.length);
        return items;
      },
      { isOfOne: () => true, most: 10 },
    );
    await Promise.all(Array.from({ length: 35 }, (_, n) => run(n)));
    await run(99);
    expect(sizes).toEqual([10, 10, 10, 5, 1]);
  });
  it('a lost connection is the error of all: nobody is made to wait for it again', async () => {
    let runs = 0;
    const lost = grouped(
      async (): Promise<number[]> => {
        runs += 1;
        throw new Error('lost');
      },
      { isOfOne: () => false },
    );
    expect((await Promise.allSettled([1, 2, 3].map(lost))).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(runs).toBe(1);
  });
});
