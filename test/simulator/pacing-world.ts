// The world in which pacers are tried: practices that count calls by the minute, nodes whose clocks are wrong and that die, one book of the budget in a store that is sometimes
// slow, and a vendor that is mostly quick. What is asked of it, and what is counted: pacing.ts.
import type { BudgetEvent, BudgetPolicy, Lane } from '../../src/connections/lanes.ts';
import { ECLINICALWORKS_BUDGET } from '../../src/connections/lanes.ts';
import { FRESH_MINUTES, MINUTE_MS, type MinuteBudget, minuteBudget } from '../../src/connections/minute-budget.ts';
import { freshPacer, pacer } from '../../src/connections/pacer.ts';
import {
  ECLINICALWORKS_PACE,
  type PacerEffect,
  type PacerEvent,
  type PacerPolicy,
  type PacerState,
  type Said,
} from '../../src/connections/pacer-state.ts';
import type { World } from './world.ts';

export const NODES = 4;

/** What a planted bug changes of the parts. */
export interface Parts {
  budget: BudgetPolicy;
  pace: Partial<PacerPolicy>;
  /** Whose book a node's pacer takes from. */
  bookOf: (practice: number, node: number) => string;
  laneOf: (lane: Lane) => Lane;
  hears: (event: PacerEvent) => PacerEvent;
  asks: (event: BudgetEvent) => BudgetEvent;
  before: (state: PacerState, event: PacerEvent) => PacerState;
  afterCrash: (budget: MinuteBudget) => MinuteBudget;
  /** What the egress asks right before the socket is written to. */
  sends: (start: PacerEffect & { type: 'start' }, now: number) => boolean;
}

export const SOUND: Parts = {
  budget: ECLINICALWORKS_BUDGET,
  pace: {},
  bookOf: (practice) => String(practice),
  laneOf: (lane) => lane,
  hears: (event) => event,
  asks: (event) => event,
  before: (state) => state,
  afterCrash: (budget) => budget,
  sends: ({ send_by }, now) => now <= send_by,
};

export type Kind = 'read' | 'write' | 'batch' | 'token';

export interface Call {
  id: string;
  kind: Kind;
  account: number;
  asked_at: number;
  deadline_at: number | null;
  /** Once: it was answered, or refused by us, or vanished with its node. */
  settled: (how: 'answered' | 'too_many' | 'nothing' | 'refused' | 'vanished') => void;
}

export interface Practice {
  counted: Record<Kind, number>;
  /** Calls of somebody else's software. */
  foreign: number;
  /** Calls that were longer under way than any pacer could know, and those of nodes that did not know the vendor's clock: both have a part of the limit that we leave alone. */
  of_the_margin: number;
  isBlocked: boolean;
  /** Not the vendor's usual hour before then. */
  disturbed_until: number;
  slow_until: number;
}

interface Pacing {
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
  counted: (practice: Practice, how: { isRefused: boolean; isCharged: boolean }) => void;
}

export interface Account {
  practice: number;
  node: number;
  concurrency: number;
  /** Between two owners: nobody takes its calls. */
  isLeaving: boolean;
}

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
  const minuteNow = () => Math.floor(world.now() / MINUTE_MS);
  const clockOf = ({ skew_ms, drift }: Node) => world.now() + skew_ms + (world.now() - begun) * drift;

  function pacingOf(node: Node, practice: number, concurrency: number): Pacing {
    const known = node.pacings.get(practice);
    if (known) return known;
    const policy = { ...ECLINICALWORKS_PACE, concurrency, ...parts.pace };
    const made = { state: freshPacer(policy, clockOf(node)), step: pacer(policy), wake_at: Number.POSITIVE_INFINITY, refused_in: 0 };
    node.pacings.set(practice, made);
    return made;
  }

  function tell(node: Node, practice: number, pacing: Pacing, heard: PacerEvent): void {
    const event = parts.hears(heard);
    const { state, effects } = pacing.step(parts.before(pacing.state, event), event, clockOf(node));
    pacing.state = state;
    for (const effect of effects) perform(node, practice, pacing, effect);
  }

  /** The same, after a while, to the same life of the node. */
  function later(ms: number, node: Node, run: () => void): void {
    const { life } = node;
    world.after(ms, () => {
      if (node.isAlive && node.life === life) run();
    });
  }

  function perform(node: Node, practice: number, pacing: Pacing, effect: PacerEffect): void {
    switch (effect.type) {
      case 'start': {
        const isPaused = chance.happens(0.0005);
        const knew = pacing.refused_in === minuteNow();
        const run = () => send({ node, practice, pacing, start: effect, knew });
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
        askBook(node, practice, pacing, parts.asks(effect.event));
        break;
      case 'wake':
        wakeAt(node, practice, pacing, effect.at - clockOf(node) + world.now());
        break;
      default:
        effect satisfies never;
    }
  }

  function wakeAt(node: Node, practice: number, pacing: Pacing, at: number): void {
    if (pacing.wake_at <= at && pacing.wake_at > world.now()) return;
    pacing.wake_at = at;
    later(Math.max(1, at - world.now()), node, () => {
      if (pacing.wake_at !== at) return;
      pacing.wake_at = Number.POSITIVE_INFINITY;
      tell(node, practice, pacing, { type: 'woke', roll: chance.next() });
    });
  }

  function askBook(node: Node, practice: number, pacing: Pacing, event: BudgetEvent): void {
    if (event.type === 'take' && chance.happens(0.002)) {
      const { take_id } = event;
      later(2000, node, () => tell(node, practice, pacing, { type: 'not_granted', take_id, roll: chance.next() }));
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
          later(chance.between(1, 5), node, () => tell(node, practice, pacing, { ...effect, roll: chance.next() }));
        } else
          for (const other of nodes) {
            const theirs = other.pacings.get(practice);
            if (theirs) later(chance.between(1, 60), other, () => tell(other, practice, theirs, { ...effect, roll: chance.next() }));
          }
      }
    });
  }

  interface Sending {
    node: Node;
    practice: number;
    pacing: Pacing;
    start: PacerEffect & { type: 'start' };
    /** The vendor had told the node before that it lets nothing through in this minute. */
    knew: boolean;
  }

  function send({ node, practice, pacing, start, knew }: Sending): void {
    const { call_id } = start;
    const call = calls.get(call_id);
    if (!call) throw new Error(`the pacer starts ${call_id}, which nobody asked or which has been started`);
    calls.delete(call_id);
    const ended = (said: Said, date_ms: number | null) => {
      tell(node, practice, pacing, { type: 'ended', call_id, said, date_ms, roll: chance.next() });
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
    deliver({ call, vendor, windows: start.windows, after: (ms, run) => later(ms, node, run) }, (said, date_ms, minute) => {
      under_way[call.account] = (under_way[call.account] ?? 0) - 1;
      sent.delete(call_id);
      if (said === 'too_many') pacing.refused_in = minute;
      ended(said, date_ms);
    });
  }

  interface Delivery {
    call: Call;
    vendor: Practice;
    windows: readonly number[];
    after: World['after'];
  }

  /** To the vendor and back. The vendor counts what arrives, whether or not anybody still waits for the answer. */
  function deliver({ call, vendor, windows, after }: Delivery, answered: (said: Said, date_ms: number, minute: number) => void): void {
    const isStraggler = chance.happens(0.0005);
    const way_ms = isStraggler ? chance.between(1100, 5000) : chance.happens(0.05) ? chance.between(100, 900) : chance.between(10, 90);
    world.after(way_ms, () => {
      const isRefused = count(vendor, call.kind, isStraggler || windows.length > 2);
      const minute = minuteNow();
      const isCharged = isStraggler || windows.includes(minute);
      watch.counted(vendor, { isRefused, isCharged });
      const isSlow = world.now() < vendor.slow_until;
      const ms = isRefused ? 20 : latency() * (isSlow ? 15 : 1);
      if (isRefused) world.tell(() => `the vendor refuses ${call.id}`);
      const said = isSlow && chance.happens(0.02) ? 'slow_down' : 'answered';
      after(ms, () => answered(isRefused ? 'too_many' : said, Math.floor((world.now() - 10) / 1000) * 1000, minute));
    });
  }

  const latency = () => {
    const roll = chance.next();
    if (roll < 0.97) return chance.between(100, 320);
    return roll < 0.995 ? chance.between(600, 1800) : chance.between(2000, 7000);
  };

  /** The vendor's own count: 250 a minute, and 429 for whatever comes in the rest of it. */
  function count(vendor: Practice, kind: Kind, isOfTheMargin: boolean): boolean {
    vendor.counted[kind] += 1;
    if (isOfTheMargin) vendor.of_the_margin += 1;
    const { read, write, batch, token } = vendor.counted;
    if (read + write + batch + token + vendor.foreign > ECLINICALWORKS_BUDGET.per_minute) vendor.isBlocked = true;
    return vendor.isBlocked;
  }

  let ids = 0;
  return {
    nodes,
    under_way,
    ask(call: Omit<Call, 'id'>, lane: Lane): void {
      const { practice, node: number, concurrency, isLeaving } = accounts[call.account] as Account;
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
      tell(node, practice, pacing, {
        type: 'asked',
        call_id: made.id,
        account: String(call.account),
        lane: parts.laneOf(lane),
        deadline_at,
        roll: chance.next(),
      });
    },
    /** Past the pacer. */
    sendUnpaced(call: Omit<Call, 'id'>): void {
      const vendor = practices[accounts[call.account]?.practice ?? 0] as Practice;
      deliver({ call: { ...call, id: 'unpaced' }, vendor, windows: [], after: world.after }, () => call.settled('answered'));
    },
    /** The account is given up by its node, which ends what it has under way, and taken by another. */
    leave(number: number, taker: () => number): void {
      const account = accounts[number] as Account;
      const node = nodes[account.node] as Node;
      const pacing = node.pacings.get(account.practice);
      if (!node.isAlive || !pacing || account.isLeaving) return;
      account.isLeaving = true;
      tell(node, account.practice, pacing, { type: 'account_left', account: String(number) });
      const take = () => {
        if (node.isAlive && pacing.state.under_way.some((call) => call.account === String(number))) return world.after(200, take);
        Object.assign(account, { isLeaving: false, node: taker() });
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
