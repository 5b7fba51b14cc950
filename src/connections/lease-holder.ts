// Holds one lease over the books: runs the effects of lease.ts and feeds it what came of them.
import type { Clock } from '../base/clock.ts';
import { FREE, isGood, type Lease, type LeaseEvent, type LeaseMachine, leaseMachine, timeFor } from './lease.ts';
import type { Books } from './session-ports.ts';

export interface LeaseHolder {
  /** Null while it is not ours. */
  fence(): number | null;
  /** How long a request may take that leaves now; zero: it may not leave. */
  timeFor(limit_ms: number): number;
  /** Asks for it. The books' clock less this process's monotonic one is not more than `ahead_ms` and not less than `behind_ms`. */
  take(): Promise<{ got: 'held'; fence: number; ahead_ms: number; behind_ms: number } | { got: 'taken'; by: string } | { got: 'unheard' }>;
  /** Renews it where a third of it is gone. */
  renew(): Promise<void>;
  release(): Promise<void>;
  /** The books refused what was stored under it. */
  disowned(): Promise<unknown>;
}

export interface LeaseParts {
  books: Books;
  clock: Pick<Clock, 'elapsed'>;
  key: string;
  /** One process; an account, where the lease is a mailbox's. */
  owner: string;
  lease_ms: number;
  step?: LeaseMachine | undefined;
}

export function holdLease({ books, clock, key, owner, lease_ms, step = leaseMachine(lease_ms) }: LeaseParts): LeaseHolder {
  let lease: Lease = FREE;
  let ahead_ms = 0;
  let behind_ms = 0;
  /** Answers what the machine wants the books to be asked, and when that began; sees to a release itself. */
  const feed = async (event: LeaseEvent): Promise<{ fence: number; asked_at: number } | null> => {
    const asked_at = clock.elapsed();
    const { state, effects } = step(lease, event, asked_at);
    lease = state;
    for (const effect of effects) {
      if (effect.do !== 'release') return { fence: effect.do === 'renew' ? effect.fence : 0, asked_at };
      await books.release(key, { owner, fence: effect.fence }).catch(() => undefined); // it ends by itself
    }
    return null;
  };
  return {
    fence: () => (isGood(lease, clock.elapsed()) ? lease.fence : null),
    timeFor: (limit_ms) => timeFor(lease, limit_ms, clock.elapsed()),
    async take() {
      if (isGood(lease, clock.elapsed())) return { got: 'held', fence: lease.fence, ahead_ms, behind_ms };
      await feed({ on: 'tick' }); // one that has run out is free
      const asked = await feed({ on: 'wanted' });
      if (asked === null) return { got: 'unheard' };
      const { asked_at } = asked;
      const answer = await books.take(key, owner, lease_ms).catch(() => null);
      if (answer === null) {
        await feed({ on: 'unheard', asked_at });
        return { got: 'unheard' };
      }
      if ('taken_by' in answer) {
        await feed({ on: 'refused', asked_at });
        return { got: 'taken', by: answer.taken_by };
      }
      ahead_ms = answer.now - asked_at;
      behind_ms = answer.now - clock.elapsed();
      await feed({ on: 'granted', fence: answer.fence, asked_at });
      return { got: 'held', fence: answer.fence, ahead_ms, behind_ms };
    },
    async renew() {
      const asked = await feed({ on: 'tick' });
      if (asked === null) return;
      const { fence, asked_at } = asked;
      const isRenewed = await books.renew(key, { owner, fence }, lease_ms).catch(() => null);
      if (isRenewed === null) await feed({ on: 'unheard', asked_at });
      else await feed(isRenewed ? { on: 'granted', fence, asked_at } : { on: 'refused', asked_at });
    },
    async release() {
      await feed({ on: 'done' });
    },
    disowned: () => feed({ on: 'disowned' }),
  };
}
