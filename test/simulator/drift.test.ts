import { describe, expect, it } from 'vitest';
import { worstOf } from '../../src/connections/differences.ts';
import { judge } from '../../src/connections/judge.ts';
import { verifies } from '../promises.ts';
import { DRIFT_BUGS, meaningOf, simulateDrift, traceOfDrift } from './drift.ts';
import { MUTATIONS } from './drift-mutations.ts';
import { SURFACES } from './drift-surfaces.ts';
import { chanceOf } from './world.ts';

describe('a vendor changes its pages', () => {
  verifies(
    'wires:drift-stops-writes',
    async () => {
      const run = await simulateDrift({ mutations: 100, benign_pages: 0, seed: 1 });
      expect(run).toMatchObject({ harmful: 0, late: 0, violations: 0, first_failing_seed: null });
      expect(run.breaking).toBeGreaterThan(70);
    },
    120_000,
  );

  verifies(
    'wires:drift-no-false-alarm',
    async () => {
      const run = await simulateDrift({ mutations: 0, benign_pages: 10_000, seed: 1 });
      expect(run.false_quarantines).toBeLessThanOrEqual(1);
      expect(run.false_suspects).toBe(0);
    },
    60_000,
  );

  it('in every way of the catalogue, and each is judged as what it is', () => {
    for (const { surface, name, outcome, change } of MUTATIONS) {
      const { page, expected, url } = SURFACES[surface];
      const judged = new Set<string>();
      for (let seed = 0; seed < 8; seed += 1) {
        const body = page(chanceOf(seed));
        const shown = change(body, chanceOf(seed));
        if (meaningOf(shown) !== meaningOf(body)) judged.add(worstOf(judge(shown, expected, { url }).differences));
      }
      if (outcome === 'break' || outcome === 'warn') expect([name, ...judged]).toEqual([name, outcome]);
      else expect([name, judged.has('break') || judged.has('warn')]).toEqual([name, false]);
    }
  });

  it('in at least two hundred ways that break, each with a name of its own', () => {
    expect(MUTATIONS.filter(({ outcome }) => outcome === 'break').length).toBeGreaterThanOrEqual(200);
    expect(new Set(MUTATIONS.map(({ surface, name }) => `${surface} ${name}`)).size).toBe(MUTATIONS.length);
  });

  it('goes the same way from the same seed', () => {
    for (const seed of [3, 77]) expect(traceOfDrift(seed)).toEqual(traceOfDrift(seed));
    expect(traceOfDrift(3)).not.toEqual(traceOfDrift(3 + MUTATIONS.length));
  });
});

describe('a mistake in the design does harm that is seen', () => {
  it.each(Object.keys(DRIFT_BUGS))(
    '%s',
    async (bug) => {
      let run = await simulateDrift({ mutations: 0, benign_pages: 40, seed: 1, bug });
      for (let seed = 1; run.violations === 0 && seed < MUTATIONS.length; seed += 8)
        run = await simulateDrift({ mutations: 8, benign_pages: 0, seed, bug });
      expect(run.violations).toBeGreaterThan(0);
      const { first_failing_seed } = run;
      if (first_failing_seed !== null) expect(traceOfDrift(first_failing_seed, bug).at(-1)).toMatch(/^VIOLATION/);
    },
    60_000,
  );
});
