// What the keeper of writes does with a turn that comes late.
import { expect, it } from 'vitest';
import { systemRandom } from '../base/random.ts';
import { plannedWrite, type WriteRules, type WriteState } from './write.ts';
import { type Hold, type StoredWrite, type VendorDoor, workWrites } from './write-keeper.ts';

const UNMARKED: WriteRules & { request_ms: number } = {
  ...{ kind: 'create', marked: false, quiet_ms: 60_000, negatives_needed: 3, most_resends: 1, most_attempts: 12 },
  ...{ look_for_ms: 60_000, request_ms: 30_000 },
};

/** One write, and a vendor at which its turn comes after so long. */
function aWrite(rules: typeof UNMARKED) {
  let [now, version, state] = [1_000_000, 0, plannedWrite(0) as WriteState];
  const seen = { looks: 0, turns: [] as number[], sent: 0 };
  const stored: WriteState['is'][] = [];
  const hold: Hold = { fence: 1, atLeast: () => now, atMost: () => now, left_ms: () => 50_000, elapsed: () => now };
  const door: VendorDoor<null> = {
    session: async () => ({ epoch: 1 }),
    async send(_job, begin) {
      now += seen.turns.shift() ?? 0;
      if (!(await begin())) return { as: 'not_begun' };
      seen.sent += 1;
      return { as: 'applied', vendor_id: 'V-1' };
    },
    async look() {
      seen.looks += 1;
      return { there: [] };
    },
  };
  const work = () =>
    workWrites(
      {
        books: {
          open: async (): Promise<StoredWrite<null>[]> => [{ id: 'w', version, state, job: null }],
          async store(_fence, next) {
            [version, state] = [version + 1, next.state];
            stored.push(state.is);
            return 'stored';
          },
        },
        ...{ door, rulesOf: () => rules, sha256Of: () => '0', random: systemRandom, unsent: new Set() },
      },
      hold,
    );
  return { seen, stored, work };
}

it('what was read before a write is read again where its turn came late, and nothing is written down or sent on what was old', async () => {
  const { seen, stored, work } = aWrite(UNMARKED);
  seen.turns = [5_001, 5_000];
  await work();
  expect([seen.looks, seen.sent, stored]).toEqual([1, 0, []]);
  await work();
  expect([seen.looks, seen.sent, stored]).toEqual([2, 1, ['sending', 'confirmed']]);
});

it('a write of which nothing was read before goes however late its turn came', async () => {
  const { seen, stored, work } = aWrite({ ...UNMARKED, marked: true });
  seen.turns = [60_000];
  await work();
  expect([seen.looks, seen.sent, stored]).toEqual([0, 1, ['sending', 'confirmed']]);
});
