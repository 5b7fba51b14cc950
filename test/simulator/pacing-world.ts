// The fleet in which pacers are tried: nodes whose clocks are wrong and that sleep and die, and one book of the budget in a store that is sometimes slow. What is asked of it:
// pacing-day.ts. What is counted: pacing.ts.
import type { BudgetEvent, Lane } from '../../src/connections/lanes.ts';
import { FRESH_MINUTES, MINUTE_MS, type MinuteBudget, minuteBudget } from '../../src/connections/minute-budget.ts';
import { freshPacer, pacer } from '../../src/connections/pacer.ts';
import { ECLINICALWORKS_PACE, type PacerEffect, type PacerEvent, type PacerState, type Said } from '../../src/connections/pacer-state.ts';
import type { Parts } from './pacing-parts.ts';
import { type Counted, type Kind, type Practice, vendorOf } from './pacing-vendor.ts';
import type { World } from './world.ts';

export const NODES = 4;

export interface Call {
  id: string;
  kind: Kind;
  account: number;
  asked_at: number;
  deadline_at: number | null;
  /** Once: it was answered, or refused by us, or vanished with its node. */
  settled: (how: 'answered' | 'too_many' | 'nothing' | 'refused' | 'vanished') => void;
}

/** A node's pacer for one practice. */
interface Pacing {
  node: Node;
  practice: number;
  state: PacerState;
  step: ReturnType<typeof pacer>;
  wake_at: number;
  /** The vendor's minute of which it was last told that it is over for us. */
  refused_in: number;
}

export interface Node {
  number: number;
  life: number;
  isAlive: boolean;
  skew_ms: number;
  drift: number;
  pacings: Map<number, Pacing>;
}

export interface Watch {
  started: (call: Call, practice: Practice, sent_after_429: boolean) => void;
  counted: (what: Counted) => void;
}

export interface Account {
  practice: number;
  node: number;
  concurrency: number;
  /** Between two owners: nobody takes its calls. */
  isLeaving: boolean;
}

export type Fleet = ReturnType<typeof fleetOf>;

/** The parts put together. `ask` gives a call to the pacer of whichever node has the account. */
export function fleetOf(
  world: World,
  { accounts, practices, parts, watch }: { accounts: Account[]; practices: Practice[]; parts: Parts; watch: Watch },
) {
  const { chance } = world;
  const begun = world.now();
  const books = new Map<string, MinuteBudget>();
  const keep = minuteBudget(parts.budget);
  const store_skew = chance.between(-90_000, 90_000);
  const calls = new Map<string, Call>();
  const sent = new Map<string, Call>();
  const under_way = accounts.map(() => 0);
  const nodes: Node[] = Array.from({ length: NODES }, (_, number) => ({
    ...{ number, life: 0, isAlive: true, pacings: new Map() },
    ...{ skew_ms: chance.between(-90_000, 90_000), drift: (chance.next() - 0.5) * 1e-4 },
  }));
  const deliver = vendorOf(world, watch.counted);
  const minuteNow = () => Math.floor(world.now() / MINUTE_MS);
  const clockOf = ({ skew_ms, drift }: Node) => world.now() + skew_ms + (world.now() - begun) * drift;

  function pacingOf(node: Node, practice: number, concurrency: number): Pacing {
    const known = node.pacings.get(practice);
    if (known) return known;
    const policy = { ...ECLINICALWORKS_PACE, concurrency, ...parts.pace };
    const fresh = { state: freshPacer(policy, clockOf(node)), step: pacer(policy), wake_at: Number.POSITIVE_INFINITY, refused_in: 0 };
    const made = { node, practice, ...fresh };
    node.pacings.set(practice, made);
    return made;
  }

  function tell(pacing: Pacing, heard: PacerEvent): void {
    const event = parts.hears(heard);
    const { state, effects } = pacing.step(parts.before(pacing.state, event), event, clockOf(pacing.node));
    pacing.state = state;
    for (const effect of effects) perform(pacing, effect);
  }

  /** The same, after a while, to the same life of the node. */
  function later(ms: number, node: Node, run: () => void): void {
    const { life } = node;
    world.after(ms, () => {
      if (node.isAlive && node.life === life) run();
    });
  }

  function perform(pacing: Pacing, effect: PacerEffect): void {
    const { node } = pacing;
    switch (effect.type) {
      case 'start': {
        const isPaused = chance.happens(0.0005);
        const knew = pacing.refused_in === minuteNow();
        const run = () => send({ pacing, start: effect, knew });
        if (isPaused) later(chance.between(1000, 30_000), node, run);
        else run();
        break;
      }
      case 'refuse':
      case 'hand_back': {
        const call = calls.get(effect.call_id);
        world.tell(() => `node ${node.number} does not send ${effect.call_id}`);
        calls.delete(effect.call_id);
        call?.settled(effect.type === 'refuse' ? 'refused' : 'vanished');
        break;
      }
      case 'budget':
        askBook(pacing, parts.asks(effect.event));
        break;
      case 'wake':
        wakeAt(pacing, effect.at - clockOf(node) + world.now());
        break;
      default:
        effect satisfies never;
    }
  }

  function wakeAt(pacing: Pacing, at: number): void {
    if (pacing.wake_at <= at && pacing.wake_at > world.now()) return;
    pacing.wake_at = at;
    later(Math.max(1, at - world.now()), pacing.node, () => {
      if (pacing.wake_at !== at) return;
      pacing.wake_at = Number.POSITIVE_INFINITY;
      tell(pacing, { type: 'woke', roll: chance.next() });
    });
  }

  function askBook(pacing: Pacing, event: BudgetEvent): void {
    const { node, practice } = pacing;
    if (event.type === 'take' && chance.happens(0.002)) {
      const { take_id } = event;
      later(2000, node, () => tell(pacing, { type: 'not_granted', take_id, roll: chance.next() }));
      return;
    }
    const key = parts.bookOf(practice, node.number);
    world.after(chance.happens(0.01) ? chance.between(20, 150) : chance.between(1, 5), () => {
      const { state, effects } = keep(books.get(key) ?? FRESH_MINUTES, event, world.now() + store_skew);
      books.set(key, state);
      for (const effect of effects) {
        if (effect.type === 'granted') {
          world.tell(
            () =>
              `book ${key} gives ${effect.count} to node ${node.number} (${event.type === 'take' ? `${event.lane} ${event.windows}` : ''})`,
          );
          later(chance.between(1, 5), node, () => tell(pacing, { ...effect, roll: chance.next() }));
        } else
          for (const other of nodes) {
            const theirs = other.pacings.get(practice);
            if (theirs) later(chance.between(1, 60), other, () => tell(theirs, { ...effect, roll: chance.next() }));
          }
      }
    });
  }

  interface Sending {
    pacing: Pacing;
    start: PacerEffect & { type: 'start' };
    /** The vendor had told the node before that it lets nothing through in this minute. */
    knew: boolean;
  }

  function send({ pacing, start, knew }: Sending): void {
    const { node, practice } = pacing;
    const { call_id } = start;
    const call = calls.get(call_id);
    if (!call) throw new Error(`the pacer starts ${call_id}, which nobody asked or which has been started`);
    calls.delete(call_id);
    const ended = (said: Said, date_ms: number | null) => {
      tell(pacing, { type: 'ended', call_id, said, date_ms, roll: chance.next() });
      call.settled(said === 'answered' || said === 'slow_down' ? 'answered' : said);
    };
    if (!parts.sends(start, clockOf(node))) {
      ended('nothing', null);
      return;
    }
    const vendor = practices[practice] as Practice;
    watch.started(call, vendor, knew);
    world.tell(() => `node ${node.number} sends ${call.kind} ${call_id}`);
    under_way[call.account] = (under_way[call.account] ?? 0) + 1;
    sent.set(call_id, call);
    const answered = (said: Said, date_ms: number, minute: number) => {
      under_way[call.account] = (under_way[call.account] ?? 0) - 1;
      sent.delete(call_id);
      if (said === 'too_many') pacing.refused_in = minute;
      ended(said, date_ms);
    };
    deliver({ kind: call.kind, practice: vendor, windows: start.windows, after: (ms, run) => later(ms, node, run), answered });
  }

  let ids = 0;
  return {
    nodes,
    under_way,
    ask(call: Omit<Call, 'id'>, lane: Lane): void {
      const { practice, node: number, concurrency, isLeaving } = accounts[call.account] as Account;
      if (!parts.isPaced(call.kind)) {
        const answered = () => call.settled('answered');
        deliver({ kind: call.kind, practice: practices[practice] as Practice, windows: [], after: world.after, answered });
        return;
      }
      const node = nodes[number] as Node;
      ids += 1;
      const made = { ...call, id: `c${ids}` };
      if (!node.isAlive || isLeaving) {
        world.after(1000, () => call.settled('vanished'));
        return;
      }
      calls.set(made.id, made);
      const pacing = pacingOf(node, practice, concurrency);
      const deadline_at = call.deadline_at === null ? null : call.deadline_at - world.now() + clockOf(node);
      tell(pacing, {
        type: 'asked',
        call_id: made.id,
        account: String(call.account),
        lane: parts.laneOf(lane),
        deadline_at,
        roll: chance.next(),
      });
    },
    /** The account is given up by its node, which ends what it has under way, and taken by another. */
    leave(number: number, taker: () => number): void {
      const account = accounts[number] as Account;
      const node = nodes[account.node] as Node;
      const pacing = node.pacings.get(account.practice);
      if (!node.isAlive || !pacing || account.isLeaving) return;
      account.isLeaving = true;
      tell(pacing, { type: 'account_left', account: String(number) });
      const take = () => {
        const isDone = !pacing.state.under_way.some((call) => call.account === String(number));
        if (node.isAlive && !isDone) return world.after(200, take);
        Object.assign(account, { isLeaving: false, ...(node.isAlive && { node: taker() }) });
      };
      world.after(200, take);
    },
    /** The node dies, with all that it knew. What it had sent arrives all the same. */
    crash(node: Node): void {
      world.tell(() => `node ${node.number} dies`);
      const theirs = [...calls.values(), ...sent.values()].filter(({ account }) => accounts[account]?.node === node.number);
      Object.assign(node, { isAlive: false, life: node.life + 1, pacings: new Map() });
      for (const [key, budget] of books) books.set(key, parts.afterCrash(budget));
      for (const [number, { node: owner }] of accounts.entries()) if (owner === node.number) under_way[number] = 0;
      for (const call of theirs) {
        calls.delete(call.id);
        sent.delete(call.id);
        call.settled('vanished');
      }
    },
    rise(node: Node): void {
      Object.assign(node, { isAlive: true, skew_ms: chance.between(-90_000, 90_000) });
    },
  };
}
