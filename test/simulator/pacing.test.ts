// T8 of connectors.md §1.5 at a tenth of its size: 2.4 simulated hours of 50 accounts. The whole day: npm run simulate.
import { beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../promises.ts';
import { type PacingResult, simulatePacing, traceOfPacing } from './pacing.ts';
import { PACING_BUGS } from './pacing-parts.ts';

describe('fifty accounts at twelve practices, on four nodes that die now and then', () => {
  let result: PacingResult;
  beforeAll(async () => {
    result = await simulatePacing({ hours: 2.4, accounts: 50, seed: 2026 });
  });

  verifies('wires:paced-below-the-limit', () => {
    expect(result).toMatchObject({ vendor_429: 0, over_budget_minutes: 0, uncharged_calls: 0, sent_after_429: 0, over_concurrency: 0 });
    // It was tried: calls enough to break the limit, minutes that somebody else used up, nodes that died.
    expect(result.calls).toBeGreaterThan(250_000);
    expect(result.vendor_429_disturbed).toBeGreaterThan(0);
    expect(result.node_crashes).toBeGreaterThan(0);
  });

  verifies('wires:interactive-first', () => {
    expect(result.interactive_calls).toBeGreaterThan(20_000);
    expect(result.interactive_wait_p95_ms).toBeLessThanOrEqual(1000);
    expect(result.started_late).toBe(0);
    expect(result.interactive_refused / result.interactive_calls).toBeLessThan(0.01);
  });

  it('leave to batch what nobody else wanted, but for a tenth', () => {
    expect(result.batch_share).toBeGreaterThanOrEqual(0.85);
    expect(result.violations).toBe(0);
  });
});

describe('a design that looks sound and is not', () => {
  it.each(Object.keys(PACING_BUGS))('is caught: %s', async (bug) => {
    const seeds = [1, 2, 3, 4];
    for (const seed of seeds) {
      const { first_failing_seed } = await simulatePacing({ hours: 0.3, accounts: 50, seed, bug });
      if (first_failing_seed === seed) return;
    }
    expect.fail(`${bug} went through ${seeds.length} runs`);
  });

  it('has a name', async () => {
    await expect(simulatePacing({ hours: 0.1, accounts: 1, seed: 1, bug: 'none of these' })).rejects.toThrow('per_node_buckets');
  });
});

it('the same seed is the same run, line for line', async () => {
  const trace = await traceOfPacing(7);
  expect(trace.length).toBeGreaterThan(1000);
  expect(await traceOfPacing(7)).toEqual(trace);
  expect(await traceOfPacing(8)).not.toEqual(trace);
});
