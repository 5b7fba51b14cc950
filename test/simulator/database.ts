// The database of the simulator: what is committed stays, a lease belongs to one, and an acknowledgement can be lost.
import type { WriteState } from '../../src/connections/write.ts';
import type { StoredWrite } from '../../src/connections/write-keeper.ts';
import type { World } from './world.ts';

/** What the database's own time was when it answered, and how long the lease then still ran. */
export interface Lease {
  readonly fence: number;
  readonly now: number;
  readonly left_ms: number;
}

/** What a careless design would ask of it. */
export interface DatabaseBug {
  /** Stores whatever is sent, whoever holds the lease. */
  readonly stores_unfenced?: boolean;
  /** A lock instead of a lease with a fence: it runs out, anybody may end it, and nothing tells the one who has it from the one who had it. */
  readonly locks?: boolean;
  /** Stores over whatever is there. */
  readonly overwrites?: boolean;
  /** Writes down that something is being sent only with what became of it. */
  readonly writes_behind?: boolean;
}

export function databaseOf<Job>(world: World, { lease_ms, bug = {} }: { lease_ms: number; bug?: DatabaseBug | undefined }) {
  const { chance } = world;
  const writes = new Map<string, StoredWrite<Job>>();
  let lease = { owner: '', fence: 0, expires_at: 0 };
  let told: (id: string, state: WriteState) => void = () => {};

  /** A transaction: some time passes, it happens, some time passes. One in a hundred does not happen, of one in a hundred nobody hears, and about one in eighty happens when who
   *  asked has long been told that the connection broke. */
  const transaction = async <T>(run: () => T): Promise<T> => {
    await world.sleep(chance.between(1, 12));
    if (chance.happens(0.01)) throw new Error('the connection broke');
    if (chance.happens(0.012)) {
      world.after(chance.between(100, 60_000), run);
      throw new Error('the connection broke, and it will be done all the same');
    }
    const done = run();
    await world.sleep(chance.between(1, 12));
    if (chance.happens(0.01)) throw new Error('the acknowledgement was lost');
    return done;
  };
  const isHeld = (fence: number) => lease.fence === fence;

  return {
    writes,
    watch(tell: (id: string, state: WriteState) => void) {
      told = tell;
    },
    add(id: string, state: WriteState, job: Job) {
      writes.set(id, { id, version: 0, state, job });
    },
    lease: (owner: string): Promise<Lease | undefined> =>
      transaction(() => {
        const now = world.now();
        if (lease.owner !== owner && lease.expires_at > now) return undefined;
        lease = {
          owner,
          fence: bug.locks || (lease.owner === owner && lease.expires_at > now) ? lease.fence : lease.fence + 1,
          expires_at: now + lease_ms,
        };
        return { fence: lease.fence, now, left_ms: lease_ms };
      }),
    release: (owner: string, fence: number): Promise<void> =>
      transaction(() => {
        if (bug.locks) lease = { ...lease, owner: '', expires_at: 0 };
        else if (lease.owner === owner && lease.fence === fence) lease = { ...lease, owner: '', expires_at: 0 };
      }),
    /** Asked right before something leaves. */
    holds: (fence: number): Promise<boolean> => transaction(() => isHeld(fence) && lease.expires_at > world.now()),
    open: (_fence: number): Promise<readonly StoredWrite<Job>[]> => transaction(() => [...writes.values()]),
    store: (fence: number, write: { id: string; version: number; state: WriteState }): Promise<'stored' | 'lost' | 'changed'> =>
      transaction(() => {
        const { id, version, state } = write;
        const row = writes.get(id) as StoredWrite<Job>;
        if (!bug.stores_unfenced && !isHeld(fence)) return 'lost';
        if (!bug.overwrites && row.version !== version) return 'changed';
        if (bug.writes_behind && state.is === 'sending') {
          writes.set(id, { ...row, version: version + 1 });
          return 'stored';
        }
        writes.set(id, { ...row, version: version + 1, state });
        told(id, state);
        return 'stored';
      }),
  };
}
