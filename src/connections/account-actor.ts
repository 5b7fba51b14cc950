// One vendor account while its lease is ours: one event after the other is stepped, stored under the fence, and only then carried out.
import type { Clock } from '../base/clock.ts';
import {
  type Account,
  type AccountEffect,
  type AccountEvent,
  type AccountRule,
  type Answer,
  accountMachine,
  type Machines,
  machinesOf,
  NEW_ACCOUNT,
  type Order,
} from './account.ts';
import { LEASE_MS, type LeaseMachine } from './lease.ts';
import { holdLease, type LeaseHolder } from './lease-holder.ts';
import type { Code } from './mfa.ts';
import type { Books, Stored, VendorDoor } from './session-ports.ts';
import type { Hold } from './write-keeper.ts';

export type Held = Stored & { readonly fence: number };

export interface ActorParts {
  /** This process: new at each start. */
  me: string;
  /** The account's, in the books. */
  key: string;
  rule: AccountRule;
  books: Books;
  vendor: VendorDoor;
  clock: Pick<Clock, 'elapsed' | 'within'>;
  /** A number in [0, 1). */
  chance: () => number;
  /** Tells people; never throws. The same `id` may come twice, after a crash. */
  tell: (what: (AccountEffect & { do: 'tell' })['what'], id: string) => void;
  /** How long the account's lease lasts, unless renewed. */
  lease_ms?: number;
  machines?: Machines & { readonly lease: LeaseMachine };
}

export interface AccountActor {
  readonly lease: LeaseHolder;
  /** What is stored, while it is ours to change. */
  held(): Held | null;
  /** The books' clock, as the lease told it. */
  now(): number;
  hold(): Hold | null;
  /** Answers whether it changed anything. */
  feed(event: AccountEvent): Promise<boolean>;
  /** The lease was granted: what its last owner began has an end that nobody knows, what it had to tell is told. */
  begin(taken: { fence: number; ahead_ms: number; behind_ms: number }): Promise<void>;
  /** It is ours no longer, as far as it was under this fence. */
  lose(fence: number): Promise<void>;
  /** After all that was fed. */
  release(): Promise<void>;
}

const REQUEST_MS = 30_000;
const PAUSE_MS = 1_000;

/** `codeOf`: the code to submit, undefined where it cannot be had now, null where there is none to be had. `changed`: called after each change. */
export function openAccountActor(
  parts: ActorParts,
  { codeOf, changed }: { codeOf: (by: Code) => Promise<string | null | undefined>; changed: () => void },
): AccountActor {
  const { me, key, rule, books, vendor, clock, chance } = parts;
  const step = accountMachine(rule, parts.machines ?? machinesOf(rule));
  const lease = holdLease({ books, clock, key, owner: me, lease_ms: parts.lease_ms ?? LEASE_MS, step: parts.machines?.lease });
  let stored: Held | null = null;
  let ahead_ms = 0;
  let behind_ms = 0;
  let turns: Promise<unknown> = Promise.resolve();
  const under_way = new Set<Promise<void>>();

  const held = () => (stored !== null && lease.fence() === stored.fence ? stored : null);
  const now = () => clock.elapsed() + ahead_ms;
  const sleep = (ms: number) => clock.within(ms, new Promise<never>(() => {}), () => new Error('slept')).catch(() => undefined);

  function feed(event: AccountEvent): Promise<boolean> {
    const turn = turns.then(() => taken(event));
    turns = turn.catch(() => false);
    return turn;
  }

  async function taken(event: AccountEvent): Promise<boolean> {
    const before = held();
    if (before === null) return false;
    const { state, effects } = step(before.account, event, now());
    if (state === before.account) return false;
    const next: Stored = { revision: before.revision + 1, account: state, effects };
    if (!(await isStored(before.fence, next))) {
      await lose(before.fence);
      return false;
    }
    stored = { ...next, fence: before.fence };
    for (const effect of effects) {
      const carried: Promise<void> = carryOut(effect, before).finally(() => under_way.delete(carried));
      under_way.add(carried);
    }
    changed();
    return true;
  }

  /** Where the answer of the books is lost, they are asked what they hold: it was stored, or it can be stored again, or the lease is over. */
  async function isStored(fence: number, next: Stored): Promise<boolean> {
    while (lease.fence() === fence) {
      const answer = await books.store(key, fence, next).catch(() => null);
      if (answer === true || (await stands(fence, next))) return true;
      if (answer === false) return false;
      await sleep(chance() * PAUSE_MS);
    }
    return false;
  }

  /** Only the holder of the fence stores, one thing at a time: while the lease is ours, this revision in the books is what we stored. */
  async function stands(fence: number, { revision }: Stored): Promise<boolean> {
    const found = await books.read(key).catch(() => null);
    return found?.revision === revision && lease.fence() === fence;
  }

  async function lose(fence: number): Promise<void> {
    if (stored?.fence !== fence) return;
    stored = null;
    await lease.disowned();
    changed();
  }

  async function carryOut(effect: AccountEffect, { account, fence }: Held): Promise<void> {
    if (effect.do === 'tell') return parts.tell(effect.what, `${key} ${stored?.revision ?? 0}`);
    const answer = await send(effect, account, fence).catch((): Answer => ({ page: 'unanswered' }));
    if (stored?.fence === fence) await feed({ on: 'answered', to: effect.do, answer, lot: chance() });
  }

  async function send(order: Order, { session }: Account, fence: number): Promise<Answer> {
    const code = order.do === 'submit' ? await codeOf(order.by).catch(() => undefined) : undefined;
    if (code === null) return { page: 'no_code' };
    if (order.do === 'submit' && code === undefined) return { page: 'unsent' };
    if (lease.timeFor(REQUEST_MS) < REQUEST_MS) await lease.renew();
    const time_ms = lease.timeFor(REQUEST_MS);
    if (time_ms === 0 || lease.fence() !== fence) return { page: 'unsent' };
    const jar = order.do === 'refresh' && session.stage.at === 'live' ? session.stage.jar : undefined;
    const mayLeave = () => lease.fence() === fence && lease.timeFor(1) > 0;
    return vendor.send(order, { fence, time_ms, mayLeave, ...(jar !== undefined && { jar }), ...(code !== undefined && { code }) });
  }

  return {
    lease,
    held,
    hold() {
      const now_held = held();
      if (now_held === null) return null;
      return {
        fence: now_held.fence,
        atLeast: () => clock.elapsed() + behind_ms,
        atMost: now,
        left_ms: () => (lease.fence() === now_held.fence ? lease.timeFor(Number.POSITIVE_INFINITY) : 0),
        elapsed: () => clock.elapsed(),
      };
    },
    now,
    feed,
    lose,
    async begin(granted) {
      const found = await books.read(key).catch(() => undefined);
      if (found === undefined || lease.fence() !== granted.fence) return;
      ({ ahead_ms, behind_ms } = granted);
      stored = { ...(found ?? { revision: 0, account: NEW_ACCOUNT, effects: [] }), fence: granted.fence };
      for (const effect of stored.effects) if (effect.do === 'tell') parts.tell(effect.what, `${key} ${stored.revision}`);
      await feed({ on: 'taken_over', lot: chance() });
      changed();
    },
    async release() {
      // A lease that is free while a sign-in is out lets another process begin one beside it: its answer is waited for, and where none comes the lease ends by itself.
      const settled = (async () => {
        for (await turns; under_way.size > 0; await turns) await Promise.all(under_way);
      })();
      const isSettled = await clock
        .within(REQUEST_MS + PAUSE_MS, settled, () => new Error('still out'))
        .then(
          () => true,
          () => false,
        );
      stored = null;
      await (isSettled ? lease.release() : lease.disowned());
    },
  };
}
