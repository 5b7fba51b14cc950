// The book of a budget that the vendor counts anew with each minute of its clock: one for all accounts and all nodes that share the limit, stored as one row and stepped in a
// transaction that holds it. Nodes take calls out of it in blocks, so that a call costs a fraction of a statement, and the death of a node at most the block that it held.
//
// Why a row and blocks, and not a fixed part for each node: a practice's accounts lie on the nodes unevenly and move when one dies; fixed parts would leave most of the minute
// unused on three nodes while the fourth waits. Why not an owner node: it would be one hop more for each call, and a gap of a lease with every death.
import {
  type BudgetEffect,
  type BudgetEvent,
  type BudgetPolicy,
  FULL_RATE,
  halved,
  LANES,
  type Lane,
  type PerLane,
  type Rate,
  rateIn,
} from './lanes.ts';
import { type Machine, type Step, unmoved } from './machine.ts';

export const MINUTE_MS = 60_000;
/** A minute further than this from the store's own is not believed; older ones are forgotten. Clocks of nodes, store and vendor differ by less than two minutes. */
export const BELIEVED_MINUTES = 5;
/** Reserves are kept whole for half of the minute and then let go evenly: who comes after that has not long to wait for the next. */
const LET_GO_IN_THE_LAST = 1 / 2;
/** To the end of the minute this part of a reserve is kept: what may be asked in its last second or two. */
const KEPT_TO_THE_END = 1 / 12;
/** While they are let go there is soon more. */
const AGAIN_MS = 1500;

interface Page {
  readonly minute: number;
  readonly given: PerLane<number>;
  /** Calls of nodes that do not know the vendor's clock yet, beyond what we allow ourselves: out of the part of the limit that we leave alone. */
  readonly probes: number;
  readonly frozen: boolean;
}

export interface MinuteBudget {
  readonly rate: Rate;
  readonly pages: readonly Page[];
}

export const FRESH_MINUTES: MinuteBudget = { rate: FULL_RATE, pages: [] };

const NOTHING: PerLane<number> = { interactive: 0, write: 0, batch: 0 };

/** `now`: the store's clock. */
export function minuteBudget(policy: BudgetPolicy): Machine<MinuteBudget, BudgetEvent, BudgetEffect> {
  return (state, event, now) => {
    const this_minute = Math.floor(now / MINUTE_MS);
    const isBelieved = (minute: number) => Math.abs(minute - this_minute) <= BELIEVED_MINUTES;
    switch (event.type) {
      case 'take':
        return take(policy, state, event, isBelieved);
      case 'too_many': {
        if (!isBelieved(event.window) || pageOf(state, event.window).frozen) return unmoved(state);
        const frozen = withPages(state, [{ ...pageOf(state, event.window), frozen: true }], isBelieved);
        return { state: { ...frozen, rate: halved(state.rate, event.window) }, effects: [{ type: 'frozen', window: event.window }] };
      }
      case 'slow_down':
        if (!isBelieved(event.window)) return unmoved(state);
        return { state: { ...state, rate: halved(state.rate, event.window) }, effects: [] };
      default:
        event satisfies never;
        return unmoved(state);
    }
  };
}

function take(
  policy: BudgetPolicy,
  state: MinuteBudget,
  { take_id, lane, windows, wanted, at, isProbe }: BudgetEvent & { type: 'take' },
  isBelieved: (minute: number) => boolean,
): Step<MinuteBudget, BudgetEffect> {
  const granted = (count: number, again_in_ms: number) => ({ type: 'granted' as const, take_id, count, again_in_ms });
  if (windows.length === 0 || !windows.every(isBelieved)) return { state, effects: [granted(0, MINUTE_MS)] };
  const pages = windows.map((minute) => {
    const page = pageOf(state, minute);
    return { page, free: freeFor(policy, state.rate, page, lane, at) };
  });
  const count = Math.max(0, Math.min(wanted, ...pages.map(({ free }) => free)));
  const isProbed = count === 0 && isProbe && pages.every(({ page, free }) => free > 0 || hasProbeLeft(policy, page));
  if (count === 0 && !isProbed) return { state, effects: [granted(0, againIn(policy, state.rate, pages, at))] };
  const calls = isProbed ? 1 : count;
  const charged = pages.map(({ page, free }) =>
    free > 0 ? { ...page, given: { ...page.given, [lane]: page.given[lane] + calls } } : { ...page, probes: page.probes + 1 },
  );
  return { state: withPages(state, charged, isBelieved), effects: [granted(calls, 0)] };
}

/** Half of what we leave alone may go to probes; the other half is for calls that are long on their way. */
function hasProbeLeft({ per_minute, share }: BudgetPolicy, { probes, frozen }: Page): boolean {
  return !frozen && probes < Math.floor((per_minute * (1 - share)) / 2);
}

/** Where a lane was given nothing: when it may be given something, from the vendor's time `at` on. */
function againIn(policy: BudgetPolicy, rate: Rate, pages: readonly { page: Page }[], at: number): number {
  const next_minute = (Math.floor(at / MINUTE_MS) + 1) * MINUTE_MS;
  const isSpent = pages.some(({ page }) => page.frozen || sum(page.given) >= callsIn(policy, rate, page.minute));
  if (isSpent) return next_minute - at;
  const let_go = next_minute - MINUTE_MS * LET_GO_IN_THE_LAST;
  return Math.min(Math.max(AGAIN_MS, let_go - at), next_minute - at);
}

/** What a lane may still have of a minute: what is not given, but for what the others may yet want of their reserves. `at`: the vendor's time. */
function freeFor(policy: BudgetPolicy, rate: Rate, { minute, given, frozen }: Page, lane: Lane, at: number): number {
  if (frozen) return 0;
  const calls = callsIn(policy, rate, minute);
  const kept_part = Math.min(1, Math.max(KEPT_TO_THE_END, (minute + 1 - at / MINUTE_MS) / LET_GO_IN_THE_LAST));
  const kept = LANES.filter((other) => other !== lane).reduce((all, other) => {
    const reserve = Math.floor(calls * policy.reserves[other]);
    return all + Math.max(0, Math.min(reserve - given[other], Math.ceil(reserve * kept_part)));
  }, 0);
  return calls - sum(given) - kept;
}

/** The calls that we allow ourselves in a minute. */
function callsIn({ per_minute, share }: BudgetPolicy, rate: Rate, minute: number): number {
  return Math.floor(per_minute * share * rateIn(rate, minute));
}

function pageOf({ pages }: MinuteBudget, minute: number): Page {
  return pages.find((page) => page.minute === minute) ?? { minute, given: NOTHING, probes: 0, frozen: false };
}

function withPages(state: MinuteBudget, changed: readonly Page[], isBelieved: (minute: number) => boolean): MinuteBudget {
  const kept = state.pages.filter(({ minute }) => isBelieved(minute) && !changed.some((page) => page.minute === minute));
  return { ...state, pages: [...kept, ...changed] };
}

const sum = ({ interactive, write, batch }: PerLane<number>) => interactive + write + batch;
