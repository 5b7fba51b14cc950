// Machine E, the pacer: which call to a vendor starts now, which waits, and which is told at once that it would wait too long. One on each node for each budget (a practice's,
// or an account's); the budget itself is one for all nodes (minute-budget.ts, token-budget.ts), and a pacer starts only what it has been given there.
// Every call counts: reads, writes, /token, /authorize. Source: connectors.md §1.2, §1.3 E.
import type { Lane } from './lanes.ts';
import { type Machine, type Step, unmoved } from './machine.ts';
import { MINUTE_MS } from './minute-budget.ts';
import type { Held, PacerEffect, PacerEvent, PacerPolicy, PacerState } from './pacer-state.ts';
import { turn } from './turn.ts';
import { boundsAt, heard, isPossible, unknownClock } from './vendor-clock.ts';

/** The 95th centile of a hundred calls is slow when more than five are. Of fewer calls it would be chance: of 40 it turned a quick vendor down by half about once an hour. */
const SAMPLE = 100;
const SLOW_OF_SAMPLE = 5;
const NO_SAMPLE = { calls: 0, slow: 0 };
/** The budget that could not be asked is asked again after so long. */
const ASK_AGAIN_MS = 1000;

export function freshPacer(policy: PacerPolicy, now: number): PacerState {
  return {
    clock: unknownClock(policy.most_skew_ms, now),
    ...{ waiting: [], under_way: [], held: [], takes: [], takes_made: 0 },
    ...{ shut_until: { interactive: 0, write: 0, batch: 0 }, frozen_until: 0, passed: {}, sample: NO_SAMPLE, typical_ms: 300 },
  };
}

export function pacer(policy: PacerPolicy): Machine<PacerState, PacerEvent, PacerEffect> {
  return (state, event, now) => {
    switch (event.type) {
      case 'asked': {
        const { type: _, roll, ...asked } = event;
        if ([...state.waiting, ...state.under_way].some(({ call_id }) => call_id === asked.call_id)) return unmoved(state);
        return turn(policy, { ...state, waiting: [...state.waiting, asked] }, { now, roll });
      }
      case 'withdrawn': {
        const waiting = state.waiting.filter(({ call_id }) => call_id !== event.call_id);
        return waiting.length === state.waiting.length ? unmoved(state) : { state: { ...state, waiting }, effects: [] };
      }
      case 'ended':
        return ended(policy, state, event, now);
      case 'granted': {
        const take = state.takes.find(({ take_id }) => take_id === event.take_id);
        if (!take) return unmoved(state);
        const takes = state.takes.filter((each) => each !== take);
        if (event.count > 0)
          return turn(policy, { ...state, takes, held: added(state.held, take, event.count) }, { now, roll: event.roll });
        const again_at = now + event.again_in_ms + event.roll * policy.spread_ms;
        return turn(policy, { ...state, takes, shut_until: { ...state.shut_until, [take.lane]: again_at } }, { now, roll: event.roll });
      }
      case 'not_granted': {
        const take = state.takes.find(({ take_id }) => take_id === event.take_id);
        if (!take) return unmoved(state);
        const shut_until = { ...state.shut_until, [take.lane]: now + ASK_AGAIN_MS * (1 + event.roll) };
        return turn(policy, { ...state, takes: state.takes.filter((each) => each !== take), shut_until }, { now, roll: event.roll });
      }
      case 'frozen':
        return turn(policy, frozen(policy, state, event, now), { now, roll: event.roll });
      case 'account_left': {
        const left = state.waiting.filter(({ account }) => account === event.account);
        if (left.length === 0) return unmoved(state);
        const waiting = state.waiting.filter(({ account }) => account !== event.account);
        return { state: { ...state, waiting }, effects: left.map(({ call_id }) => ({ type: 'hand_back', call_id })) };
      }
      case 'woke':
        return turn(policy, state, { now, roll: event.roll });
      default:
        event satisfies never;
        return unmoved(state);
    }
  };
}

function ended(policy: PacerPolicy, before: PacerState, event: PacerEvent & { type: 'ended' }, now: number): Step<PacerState, PacerEffect> {
  const call = before.under_way.find(({ call_id }) => call_id === event.call_id);
  if (!call) return unmoved(before);
  const { said, roll } = event;
  const { sent_at } = call;
  const isDated = event.date_ms !== null && isPossible({ date_ms: event.date_ms, sent_at }, now, policy.most_skew_ms);
  const date_ms = isDated ? event.date_ms : null;
  const clock = date_ms === null ? before.clock : heard(before.clock, { date_ms, sent_at }, now);
  const took_ms = Math.max(0, now - sent_at);
  const slow = before.sample.slow + Number(took_ms > policy.slow_ms);
  const isSlow = slow > SLOW_OF_SAMPLE;
  const isFull = before.sample.calls + 1 >= SAMPLE;
  const state = {
    ...before,
    clock,
    under_way: before.under_way.filter((each) => each !== call),
    sample: isSlow || isFull ? NO_SAMPLE : { calls: before.sample.calls + 1, slow },
    typical_ms: before.typical_ms + (took_ms - before.typical_ms) / 16,
  };
  // The minute by whose count it was refused is the one that the answer is dated in; undated, the last that it can have been: to wait too long harms nobody.
  const window = Math.floor((date_ms ?? now + boundsAt(clock, now).most_ms) / MINUTE_MS);
  if (said === 'too_many') {
    const { state: after, effects } = turn(policy, frozen(policy, state, { window, roll }, now), { now, roll });
    return { state: after, effects: [{ type: 'budget', event: { type: 'too_many', window } }, ...effects] };
  }
  const { state: after, effects } = turn(policy, state, { now, roll });
  if (said !== 'slow_down' && !isSlow) return { state: after, effects };
  return { state: after, effects: [{ type: 'budget', event: { type: 'slow_down', window } }, ...effects] };
}

/** Nothing more starts before that minute of the vendor's is surely over; what was granted for it is void. */
function frozen(policy: PacerPolicy, state: PacerState, { window, roll }: { window: number; roll: number }, now: number): PacerState {
  const over_at = policy.counts === 'flow' ? now + MINUTE_MS : (window + 1) * MINUTE_MS - boundsAt(state.clock, now).least_ms;
  if (over_at <= now) return state;
  const until = Math.min(over_at, now + MINUTE_MS + 2 * policy.most_skew_ms) + roll * policy.spread_ms;
  return { ...state, frozen_until: Math.max(state.frozen_until, until), held: state.held.filter((held) => held.window > window) };
}

function added(held: readonly Held[], { lane, windows }: { lane: Lane; windows: readonly number[] }, count: number): readonly Held[] {
  const others = held.filter((each) => each.lane !== lane || !windows.includes(each.window));
  const left = (window: number) => held.find((each) => each.lane === lane && each.window === window)?.left ?? 0;
  return [...others, ...windows.map((window) => ({ lane, window, left: left(window) + count }))];
}
