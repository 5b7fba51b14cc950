// One pass over the writes of an account: what cannot be begun stands in nobody's way, and nothing spins.
import { describe, expect, it } from 'vitest';
import { systemRandom } from '../base/random.ts';
import { plannedWrite, type WriteRules, type WriteState } from './write.ts';
import { type StoredWrite, type VendorDoor, type WritePorts, workWrites } from './write-keeper.ts';

const NOW = 1_000_000;
type Job = { surface: string };
const RULES: WriteRules & { request_ms: number } = {
  ...{ kind: 'create', marked: true, quiet_ms: 60_000, negatives_needed: 3, most_resends: 2, most_attempts: 12 },
  ...{ look_for_ms: 3_600_000, request_ms: 30_000 },
};
const hold = { fence: 1, atLeast: () => NOW, atMost: () => NOW, left_ms: () => 60_000, elapsed: () => 0 };

/** Books in memory with these surfaces, and the states they end in. */
function books(...surfaces: string[]) {
  const rows = surfaces.map(
    (surface, n): StoredWrite<Job> => ({ id: `w${n}`, version: 0, state: plannedWrite(NOW - 1), job: { surface } }),
  );
  const states = new Map<string, WriteState>();
  const ports = (more: Partial<VendorDoor<Job>>): WritePorts<Job> => ({
    books: {
      open: async () => rows,
      async store(_fence, { id, state }) {
        states.set(id, state);
        return 'stored';
      },
    },
    door: {
      session: async () => ({ epoch: 1 }),
      async send(_job, begin) {
        await begin();
        return { as: 'applied', vendor_id: 'V-1' };
      },
      look: async () => 'nothing',
      ...more,
    },
    ...{
      rulesOf: ({ surface }) => (surface === 'known' ? RULES : undefined),
      sha256Of: () => 'ab',
      random: systemRandom,
      unsent: new Set(),
    },
  });
  return { ports, states };
}

describe('a pass over the writes of an account', () => {
  it('leaves those of which no recipe is known, and names nothing as due that it cannot begin', async () => {
    const { ports, states } = books('unknown', 'unknown');
    expect(await workWrites(ports({}), hold)).toEqual({ next_at: undefined, known: 0, lost: false });
    expect(states.size).toBe(0);
  });

  it('asks once for a session and not once for each write, and ends where there is none', async () => {
    let asked = 0;
    const { ports } = books('known', 'known', 'known');
    const session = async () => {
      asked += 1;
      return undefined;
    };
    expect(await workWrites(ports({ session }), hold)).toEqual({ next_at: undefined, known: 3, lost: false });
    expect(asked).toBe(1);
  });

  it('goes on to the others where a recipe breaks over one of them, and tells of it at the end', async () => {
    const { ports, states } = books('known', 'known');
    let sends = 0;
    const door: Partial<VendorDoor<Job>> = {
      async send(_job, begin) {
        sends += 1;
        if (sends === 1) throw new TypeError('a recipe that breaks');
        await begin();
        return { as: 'applied', vendor_id: 'V-2' };
      },
    };
    await expect(workWrites(ports(door), hold)).rejects.toThrow('a recipe that breaks');
    expect(states.get('w1')).toEqual({ is: 'confirmed', vendor_id: 'V-2' });
  });

  it('begins no other write once it may not go on', async () => {
    const { ports, states } = books('known', 'known');
    let asked = 0;
    const mayGoOn = () => {
      asked += 1;
      return asked === 1;
    };
    await workWrites({ ...ports({}), mayGoOn }, hold);
    expect([...states.keys()]).toEqual(['w0']);
  });
});
