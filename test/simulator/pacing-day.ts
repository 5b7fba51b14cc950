// What is asked in a day: batch always has more to do, people and AIs come in bursts, sessions are renewed, nodes die, accounts move, and now and then a vendor is slow.
import type { Lane } from '../../src/connections/lanes.ts';
import { MINUTE_MS } from '../../src/connections/minute-budget.ts';
import type { Kind, Practice } from './pacing-vendor.ts';
import { type Account, type Call, type Fleet, NODES, type Node } from './pacing-world.ts';
import { BEGINNING, type World } from './world.ts';

/** Accounts at a practice, over and over: from a network's billing office to a doctor alone. */
const SIZES = [10, 8, 6, 5, 5, 4, 3, 3, 2, 2, 1, 1];
export const HOUR_MS = 3_600_000;
/** A rate that was halved to a tenth is whole again after so long. */
export const RECOVERY_MS = 20 * MINUTE_MS;
const DEADLINE_MS = 10_000;
/** So long after the death of a node its accounts are another's. */
const LEASE_MS = 60_000;

const LANE_OF: Record<Kind, Lane> = { read: 'interactive', token: 'interactive', write: 'write', batch: 'batch' };

export function accountsOf({ chance }: World, many: number): Account[] {
  const of = SIZES.flatMap((size, n) => Array.from({ length: size }, () => ({ practice: n, size })));
  return Array.from({ length: many }, (_, n) => {
    const { practice, size } = of[n % of.length] as { practice: number; size: number };
    // A practice with few accounts has a connection that knows no session (backend services), and may have more calls under way.
    const concurrency = size > 2 ? 1 : 4 - size;
    return {
      practice: practice + Math.floor(n / of.length) * SIZES.length,
      node: chance.between(0, NODES - 1),
      concurrency,
      isLeaving: false,
    };
  });
}

interface Day {
  accounts: Account[];
  practices: Practice[];
  fleet: Fleet;
  /** A read that we refused to send. */
  refused: (practice: Practice) => void;
  crashed: () => void;
}

export function begin(world: World, { accounts, practices, fleet, refused, crashed }: Day): void {
  const { chance } = world;

  /** Asks, and asks again where it did not come to anything through no fault of its own. */
  function call(account: number, kind: Kind, done: () => void = () => {}): void {
    const deadline_at = kind === 'read' ? world.now() + DEADLINE_MS : null;
    const settled: Call['settled'] = (how) => {
      if (how === 'answered') return done();
      if (how === 'refused' && kind === 'read') {
        refused(practices[accounts[account]?.practice ?? 0] as Practice);
        return done();
      }
      world.after(how === 'too_many' ? 0 : chance.between(0, 1000), () => call(account, kind, done));
    };
    fleet.ask({ kind, account, asked_at: world.now(), deadline_at, settled }, LANE_OF[kind]);
  }

  const often = (mean_ms: () => number, what: () => void) => {
    const next = () =>
      world.after(Math.ceil(-Math.log(1 - chance.next()) * mean_ms()), () => {
        what();
        next();
      });
    next();
  };
  const isBusiness = () => {
    const hour = (9 + (world.now() - BEGINNING) / HOUR_MS) % 24;
    return hour >= 8 && hour < 18;
  };
  for (const [account, { concurrency }] of accounts.entries()) {
    const pages = () => call(account, 'batch', pages);
    for (let n = 0; n <= concurrency; n += 1) world.after(chance.between(0, 2000), pages);
    const chain = (left: number): void => {
      if (left > 0) call(account, 'read', () => world.after(chance.between(100, 3000), () => chain(left - 1)));
    };
    often(
      () => (isBusiness() ? 120_000 : 1_200_000),
      () => {
        for (let n = chance.between(1, 2); n > 0; n -= 1) chain(chance.between(3, 12));
      },
    );
    often(
      () => (isBusiness() ? 180_000 : 3_600_000),
      () => call(account, 'write', () => world.after(2000, () => call(account, 'write'))),
    );
    often(
      () => 5 * MINUTE_MS,
      () => call(account, 'token', () => call(account, 'token')),
    );
  }
  const alive = () => fleet.nodes.filter(({ isAlive }) => isAlive);
  const die = (node: Node) => {
    if (!node.isAlive || alive().length < 3) return;
    crashed();
    fleet.crash(node);
    const { life } = node;
    world.after(chance.between(20_000, 120_000), () => fleet.rise(node));
    world.after(LEASE_MS, () => {
      if (node.isAlive || node.life !== life) return;
      for (const account of accounts) if (account.node === node.number) account.node = chance.one(alive()).number;
    });
  };
  for (const node of fleet.nodes) {
    often(
      () => 3 * HOUR_MS,
      () => die(node),
    );
  }
  for (const account of accounts.keys()) {
    often(
      () => 6 * HOUR_MS,
      () => fleet.leave(account, () => chance.one(alive()).number),
    );
  }
  for (const practice of practices) {
    often(
      () => 8 * HOUR_MS,
      () => {
        practice.slow_until = world.now() + 5 * MINUTE_MS;
        practice.disturbed_until = practice.slow_until + RECOVERY_MS;
      },
    );
  }
}
