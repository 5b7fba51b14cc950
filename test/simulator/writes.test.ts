// Writes to a vendor that knows no idempotency key, against everything that can go wrong at once; and the proof that this simulator would notice.
import { describe, expect, it } from 'vitest';
import { verifies } from '../promises.ts';
import { PLANTED } from './planted-writes.ts';
import { simulateWrites, traceOfWrites } from './writes.ts';

describe('twenty writes of one vendor account, three processes, a database and a vendor that fail', () => {
  verifies(
    'wires:write-once',
    async () => {
      const seen = await simulateWrites({ schedules: 1_000, seed: 20_261_120 });
      expect(seen).toMatchObject({ schedules: 1_000, writes: 20_000, duplicate: 0, lost: 0, phantom: 0, first_failing_seed: null });
      expect(seen.faults / seen.sends).toBeGreaterThan(0.2);
      expect(seen.in_doubt).toBeGreaterThan(3_000);
    },
    60_000,
  );

  verifies(
    'wires:rarely-asks-a-person',
    async () => {
      const { parked, writes } = await simulateWrites({ schedules: 1_000, seed: 41 });
      expect(parked).toBeLessThanOrEqual(writes / 1_000);
    },
    60_000,
  );

  it('replay from their seed, byte for byte', async () => {
    const [once, again, another] = [await traceOfWrites(77), await traceOfWrites(77), await traceOfWrites(78)];
    expect(again).toEqual(once);
    expect(another).not.toEqual(once);
    expect(once.length).toBeGreaterThan(50);
  });
});

describe('each planted design bug is caught within 2,000 schedules', () => {
  it.each(Object.keys(PLANTED))(
    '%s',
    async (bug) => {
      const seen = await simulateWrites({ schedules: 2_000, seed: 5_000_000, bug, until_failing: true });
      expect(seen.duplicate + seen.lost + seen.phantom).toBeGreaterThan(0);
      const trace = await traceOfWrites(seen.first_failing_seed as number, bug);
      expect(trace.at(-1)).toMatch(/"duplicate":[1-9]|"lost":[1-9]|"phantom":[1-9]/);
    },
    60_000,
  );
});
