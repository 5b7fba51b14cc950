// T8 of connectors.md §1.5 at a tenth of its size (full: `npm run simulate -- --all`): fifty accounts at twelve practices, four processes that crash, clocks that are off, a batch that wants all there is.
import { describe, expect, it } from 'vitest';
import { verifies } from '../promises.ts';
import { PACING_BUGS, type PacingResult, simulatePacing, traceOfPacing } from './pacing.ts';

describe('a day of calls to vendors that count each minute', () => {
  let seen: PacingResult;

  verifies(
    'wires:paced-below-the-limit',
    async () => {
      seen = await simulatePacing({ hours: 2.4, accounts: 50, seed: 8 });
      expect(seen).toMatchObject({
        vendor_429: 0,
        over_budget_minutes: 0,
        uncharged_calls: 0,
        sent_after_429: 0,
        over_concurrency: 0,
        violations: 0,
      });
      expect(seen.calls).toBeGreaterThan(100_000);
    },
    120_000,
  );

  verifies('wires:interactive-first', () => {
    expect(seen.interactive_wait_p95_ms).toBeLessThanOrEqual(1_000);
    expect(seen.started_late).toBe(0);
    expect(seen.batch_share).toBeGreaterThanOrEqual(0.85);
    expect(seen.interactive_calls).toBeGreaterThan(10_000);
  });

  it('replays from its seed, byte for byte', async () => {
    const once = await traceOfPacing(4);
    expect(await traceOfPacing(4)).toEqual(once);
    expect(await traceOfPacing(5)).not.toEqual(once);
  });
});

describe('each planted design bug is caught', () => {
  /** What only a death brings to light needs more of them. */
  const HOURS: Readonly<Record<string, number>> = { given_back_at_death: 1.2 };
  it.each(Object.keys(PACING_BUGS))(
    '%s',
    async (bug) => {
      const { violations } = await simulatePacing({ hours: HOURS[bug] ?? 0.4, accounts: 50, seed: bug in HOURS ? 11 : 7, bug });
      expect(violations).toBeGreaterThan(0);
    },
    120_000,
  );
});
