// The books of a simulated world: leases and accounts in one place, with a clock of their own; a commit may be lost, or only its acknowledgement.
import type { Books, Stored } from '../../src/connections/session-ports.ts';
import type { Faults, Process } from './nodes.ts';
import type { World } from './world.ts';

export interface BooksModel {
  /** For one process. */
  seenBy(process: Process, faults: () => Faults, struck: () => void): Books;
  now(): number;
  stored(key: string): Stored | null;
  put(key: string, stored: Stored): void;
  /** Whether this owner holds it at this moment. */
  holds(key: string, owner: string, fence: number): boolean;
  /** Ends a lease, whoever has it. */
  drop(key: string): void;
}

export function booksModel(world: World): BooksModel {
  const { chance } = world;
  const skew_ms = chance.between(-90_000, 90_000);
  const leases = new Map<string, { owner: string; fence: number; expires: number }>();
  const accounts = new Map<string, Stored>();
  const now = () => world.now() + skew_ms;
  const there_ms = () => (chance.happens(0.01) ? chance.between(200, 1_500) : chance.between(1, 6));

  return {
    now,
    stored: (key) => accounts.get(key) ?? null,
    put: (key, stored) => void accounts.set(key, stored),
    holds(key, owner, fence) {
      const lease = leases.get(key);
      return lease !== undefined && lease.owner === owner && lease.fence === fence && now() < lease.expires;
    },
    drop(key) {
      const lease = leases.get(key);
      if (lease) lease.expires = now();
    },
    seenBy(process, faults, struck) {
      /** A transaction: it may be lost before it is committed, or after. */
      const tx = <T>(run: () => T): Promise<T> => {
        const isLost = chance.happens(faults().commit);
        if (isLost) struck();
        const isCommitted = !isLost || chance.happens(0.5);
        return process.call(
          there_ms(),
          () => {
            const answer = isCommitted ? run() : undefined;
            if (isLost) throw new Error('the connection to the database was lost');
            return answer as T;
          },
          isLost ? 2_000 : back_ms(),
        );
      };
      /** Now and then an answer hangs for longer than a lease lasts. */
      const back_ms = () => (chance.happens(faults().commit / 4) ? chance.between(10_000, 90_000) : there_ms());
      return {
        take: (key, owner, lease_ms) =>
          tx(() => {
            const lease = leases.get(key);
            if (lease && lease.owner !== owner && now() <= lease.expires) return { taken_by: lease.owner };
            const fence = (lease?.fence ?? 0) + 1;
            leases.set(key, { owner, fence, expires: now() + lease_ms });
            world.tell(() => `${owner} has the lease of ${key}, fence ${fence}`);
            return { fence, now: now() };
          }),
        renew: (key, { owner, fence }, lease_ms) =>
          tx(() => {
            const lease = leases.get(key);
            if (!lease || lease.owner !== owner || lease.fence !== fence || now() > lease.expires) return false;
            lease.expires = now() + lease_ms;
            return true;
          }),
        release: (key, { owner, fence }) =>
          tx(() => {
            const lease = leases.get(key);
            if (lease && lease.owner === owner && lease.fence === fence) lease.expires = now() - 1;
          }),
        read: (key) => tx(() => accounts.get(key) ?? null),
        store: (key, fence, next) =>
          tx(() => {
            if (leases.get(key)?.fence !== fence || (accounts.get(key)?.revision ?? 0) !== next.revision - 1) return false;
            accounts.set(key, next);
            world.tell(() => `${process.me} stores ${key} revision ${next.revision}: ${next.account.session.stage.at}`);
            return true;
          }),
      };
    },
  };
}
