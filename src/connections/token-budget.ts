// The book of a budget that flows: so many calls a minute, saved up to a burst. Each lane has a vessel of its own that its reserve flows into; what is nobody's, and what a full
// vessel lets over, is everybody's.
import {
  type BudgetEffect,
  type BudgetEvent,
  type BudgetPolicy,
  FULL_RATE,
  halved,
  LANES,
  type PerLane,
  type Rate,
  rateIn,
} from './lanes.ts';
import { type Machine, unmoved } from './machine.ts';
import { MINUTE_MS } from './minute-budget.ts';

/** A vendor that refuses and names no minute is left alone so long. */
const FREEZE_MS = MINUTE_MS;
/** Fractions of calls are not exact. */
const NEARLY = 1e-9;

export interface TokenBudget {
  readonly rate: Rate;
  readonly lanes: PerLane<number>;
  readonly common: number;
  readonly filled_at: number;
  readonly frozen_until: number;
}

/** Full vessels. */
export function freshTokens(policy: BudgetPolicy & { burst: number }, now: number): TokenBudget {
  const { lanes, common } = vesselsOf(policy);
  return { rate: FULL_RATE, lanes, common, filled_at: now, frozen_until: 0 };
}

/** `burst`: calls that may be saved up. `now`: the store's clock; the windows of an event say nothing here. */
export function tokenBudget(policy: BudgetPolicy & { burst: number }): Machine<TokenBudget, BudgetEvent, BudgetEffect> {
  return (before, event, now) => {
    const minute = Math.floor(now / MINUTE_MS);
    const state = filled(policy, before, now);
    switch (event.type) {
      case 'take': {
        const { take_id, lane, wanted } = event;
        const granted = (count: number, again_in_ms: number) => ({ type: 'granted' as const, take_id, count, again_in_ms });
        if (now < state.frozen_until) return { state, effects: [granted(0, state.frozen_until - now)] };
        const own = state.lanes[lane];
        const count = Math.max(0, Math.min(wanted, Math.floor(own + state.common + NEARLY)));
        if (count === 0) {
          const per_ms = (flowOf(policy, state.rate, minute) * policy.reserves[lane]) / MINUTE_MS;
          const missing = 1 - own - state.common;
          return { state, effects: [granted(0, per_ms > 0 ? Math.min(MINUTE_MS, Math.ceil(missing / per_ms)) : MINUTE_MS)] };
        }
        const of_own = Math.min(own, count);
        const lanes = { ...state.lanes, [lane]: own - of_own };
        return { state: { ...state, lanes, common: Math.max(0, state.common - (count - of_own)) }, effects: [granted(count, 0)] };
      }
      case 'too_many':
        if (now < state.frozen_until) return unmoved(before);
        return {
          state: { ...state, rate: halved(state.rate, minute), frozen_until: now + FREEZE_MS },
          effects: [{ type: 'frozen', window: event.window }],
        };
      case 'slow_down':
        return { state: { ...state, rate: halved(state.rate, minute) }, effects: [] };
      default:
        event satisfies never;
        return unmoved(before);
    }
  };
}

const flowOf = ({ per_minute, share }: BudgetPolicy, rate: Rate, minute: number) => per_minute * share * rateIn(rate, minute);

function vesselsOf({ burst, reserves }: BudgetPolicy & { burst: number }): { lanes: PerLane<number>; common: number } {
  const lanes = { interactive: burst * reserves.interactive, write: burst * reserves.write, batch: burst * reserves.batch };
  return { lanes, common: burst - lanes.interactive - lanes.write - lanes.batch };
}

/** The same, with what flowed in since. A clock that was set back brings nothing, and it flows on from there. */
function filled(policy: BudgetPolicy & { burst: number }, state: TokenBudget, now: number): TokenBudget {
  const ms = Math.max(0, now - state.filled_at);
  const flown = (flowOf(policy, state.rate, Math.floor(now / MINUTE_MS)) * ms) / MINUTE_MS;
  const room = vesselsOf(policy);
  const lanes = { ...state.lanes };
  let common = state.common + flown;
  for (const lane of LANES) {
    const kept = Math.min(flown * policy.reserves[lane], Math.max(0, room.lanes[lane] - lanes[lane]));
    lanes[lane] += kept;
    common -= kept;
  }
  const total = lanes.interactive + lanes.write + lanes.batch;
  return { ...state, lanes, common: Math.min(common, policy.burst - total), filled_at: now };
}
