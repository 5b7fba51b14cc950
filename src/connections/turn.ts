// One turn of the pacer: whatever may start, starts; whatever would wait too long, is refused; what is missing, is asked of the budget.
import { LANES, type Lane } from './lanes.ts';
import type { Step } from './machine.ts';
import { MINUTE_MS } from './minute-budget.ts';
import type { Asked, Held, PacerEffect, PacerPolicy, PacerState, UnderWay } from './pacer-state.ts';
import { boundsAt } from './vendor-clock.ts';

/** Where we know the vendor's clock less well than this, one call at a time goes, and its answer tells us. */
const MOST_UNSURE_MS = 15_000;
/** One start in ten is batch's and one in five a write's where they wait: a session is never all of one lane. */
const BATCH_IN = 10;
const WRITE_IN = 5;

interface Moment {
  now: number;
  roll: number;
}

export function turn(policy: PacerPolicy, before: PacerState, moment: Moment): Step<PacerState, PacerEffect> {
  const { now } = moment;
  const refused = refuse(policy, before, now);
  if (refused.state.waiting.length === 0) return refused;
  if (now < before.frozen_until) return { state: refused.state, effects: [...refused.effects, ...wake(refused.state, now)] };
  const when = windowsAt(policy, before, now);
  const started = start(policy, refused.state, when, now);
  const asked = take(policy, started, when, moment);
  return { state: asked.state, effects: [...refused.effects, ...asked.effects, ...wake(asked.state, now)] };
}

interface When {
  /** The vendor's minutes in which a call that starts now may be counted. */
  windows: readonly number[];
  isSure: boolean;
  /** The vendor's time, at the earliest. */
  at: number;
  /** From then on (our clock) it is one minute again. */
  settled_at: number;
  /** What is sent later (our clock) may fall into another minute yet. */
  send_by: number;
}

function windowsAt({ counts, transit_ms }: PacerPolicy, { clock }: PacerState, now: number): When {
  if (counts === 'flow') return { windows: [0], isSure: true, at: now, settled_at: now, send_by: Number.MAX_SAFE_INTEGER };
  const { least_ms, most_ms } = boundsAt(clock, now);
  const [first, last] = [Math.floor((now + least_ms) / MINUTE_MS), Math.floor((now + most_ms + transit_ms) / MINUTE_MS)];
  const send_by = (last + 1) * MINUTE_MS - most_ms - transit_ms - 1;
  const windows = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  return { windows, isSure: most_ms - least_ms <= MOST_UNSURE_MS, at: now + least_ms, settled_at: last * MINUTE_MS - least_ms, send_by };
}

interface Started extends Step<PacerState, PacerEffect> {
  /** The lane of each call that only the budget keeps from starting. */
  missing: readonly Lane[];
}

function start(policy: PacerPolicy, state: PacerState, when: When, now: number): Started {
  let { waiting, under_way, passed } = state;
  let held: readonly Held[] = state.held.filter(({ window }) => window >= (when.windows[0] ?? 0));
  const missing: Lane[] = [];
  const effects: PacerEffect[] = [];
  for (const account of new Set(waiting.map((asked) => asked.account))) {
    const wanting = new Set<Lane>();
    for (;;) {
      if (!when.isSure && under_way.length > 0) break;
      const next = nextOf(policy, { account, waiting, under_way, passed }, (lane) => !wanting.has(lane) && mayCharge(lane, when));
      if (!next) break;
      const rest = spent(held, next.lane, when.windows);
      if (!rest) {
        wanting.add(next.lane);
        if (now < state.shut_until[next.lane]) continue;
        break; // its grant is a few milliseconds away: no page of batch goes before it and has the session for a second
      }
      held = rest;
      waiting = waiting.filter((asked) => asked !== next);
      under_way = [...under_way, { ...next, sent_at: now }];
      passed = passedBy(passed, next, waiting);
      effects.push({
        type: 'start',
        call_id: next.call_id,
        windows: when.windows,
        send_by: Math.min(when.send_by, next.deadline_at ?? when.send_by),
      });
    }
    missing.push(...wanting);
  }
  if (when.isSure) missing.push(...soonWanted(waiting, held, when.windows));
  return { state: { ...state, waiting, under_way, held, passed }, effects, missing };
}

/** The lanes of calls that only wait for their session: what they need is there when it is free. */
function soonWanted(waiting: readonly Asked[], held: readonly Held[], windows: readonly number[]): readonly Lane[] {
  return (['interactive', 'write'] as const).filter((lane) => waiting.some((asked) => asked.lane === lane) && !spent(held, lane, windows));
}

/** A call that may fall into two minutes is charged in both. Batch rather waits until it is one again, where that can be known. */
const mayCharge = (lane: Lane, { windows, isSure }: When) => lane !== 'batch' || windows.length === 1 || !isSure;

interface Queue {
  account: string;
  waiting: readonly Asked[];
  under_way: readonly UnderWay[];
  passed: PacerState['passed'];
}

/** The call of this account that is next, among the lanes that are left. */
function nextOf(
  { concurrency }: PacerPolicy,
  { account, waiting, under_way, passed }: Queue,
  isLeft: (lane: Lane) => boolean,
): Asked | null {
  const mine = under_way.filter((call) => call.account === account);
  if (mine.length >= concurrency) return null;
  const batches = mine.filter(({ lane }) => lane === 'batch').length;
  const first = (lane: Lane) => waiting.find((asked) => asked.account === account && asked.lane === lane);
  const { write, batch } = passed[account] ?? NEVER_PASSED;
  const order = [...(batch >= BATCH_IN - 1 ? (['batch'] as const) : []), ...(write >= WRITE_IN - 1 ? (['write'] as const) : []), ...LANES];
  for (const lane of order) {
    if (!isLeft(lane) || (lane === 'batch' && batches >= Math.max(1, concurrency - 1))) continue;
    const next = first(lane);
    if (next) return next;
  }
  return null;
}

const NEVER_PASSED = { write: 0, batch: 0 };

function passedBy(passed: PacerState['passed'], { account, lane }: Asked, waiting: readonly Asked[]): PacerState['passed'] {
  const before = passed[account] ?? NEVER_PASSED;
  const waits = (other: Lane) => waiting.some((asked) => asked.account === account && asked.lane === other);
  const count = (other: 'write' | 'batch') => (lane === other || !waits(other) ? 0 : before[other] + 1);
  const after = { write: count('write'), batch: count('batch') };
  if (after.write === before.write && after.batch === before.batch) return passed;
  if (after.write + after.batch > 0) return { ...passed, [account]: after };
  const { [account]: _, ...others } = passed;
  return others;
}

/** What is held after one call of the lane was charged in each window; null where one has none left. */
function spent(held: readonly Held[], lane: Lane, windows: readonly number[]): readonly Held[] | null {
  const isCharged = (each: Held) => each.lane === lane && windows.includes(each.window);
  if (held.filter(isCharged).length < windows.length) return null;
  return held.map((each) => (isCharged(each) ? { ...each, left: each.left - 1 } : each)).filter(({ left }) => left > 0);
}

function take(policy: PacerPolicy, { state, effects, missing }: Started, when: When, { now, roll }: Moment): Step<PacerState, PacerEffect> {
  let { takes, takes_made, shut_until } = state;
  const asks: PacerEffect[] = [];
  for (const lane of new Set(missing)) {
    if (now < shut_until[lane] || takes.some((each) => each.lane === lane)) continue;
    const has = (window: number) => state.held.some((held) => held.lane === lane && held.window === window);
    const windows = when.windows.filter((window) => !has(window));
    takes_made += 1;
    const take_id = String(takes_made);
    takes = [...takes, { take_id, lane, windows }];
    const wanted = when.isSure ? wantedOf(policy, state, lane, when, missing) : 1;
    asks.push({ type: 'budget', event: { type: 'take', take_id, lane, windows, wanted, at: when.at, isProbe: !when.isSure } });
  }
  const mustSettle = !mayCharge('batch', when) && state.waiting.some(({ lane }) => lane === 'batch');
  if (mustSettle && shut_until.batch < when.settled_at) shut_until = { ...shut_until, batch: when.settled_at + roll * policy.spread_ms };
  return { state: { ...state, takes, takes_made, shut_until }, effects: [...effects, ...asks] };
}

/** No more than wait; of batch, of which more will come, no more than this node can still send in this minute. */
function wantedOf(policy: PacerPolicy, { waiting, typical_ms }: PacerState, lane: Lane, { at }: When, missing: readonly Lane[]): number {
  const wait = waiting.filter((asked) => asked.lane === lane).length;
  if (lane !== 'batch') return Math.min(policy.block, wait);
  const left_ms = MINUTE_MS - (at % MINUTE_MS) - policy.transit_ms;
  const sendable = Math.floor((left_ms / Math.max(1, typical_ms)) * missing.filter((each) => each === 'batch').length);
  return Math.max(1, Math.min(policy.block, sendable));
}

/** Whoever cannot be served in time is told now, and when it may be. */
function refuse({ concurrency }: PacerPolicy, state: PacerState, now: number): Step<PacerState, PacerEffect> {
  const effects: PacerEffect[] = [];
  const ahead: Record<string, number> = {};
  const waiting = state.waiting.filter(({ call_id, account, lane, deadline_at }) => {
    const place = ahead[`${lane} ${account}`] ?? 0;
    const closed_ms = Math.max(state.frozen_until, state.shut_until[lane]) - now;
    const wait_ms = Math.max(0, closed_ms) + (place * state.typical_ms) / concurrency;
    if (deadline_at === null || (now < deadline_at && now + wait_ms <= deadline_at)) {
      ahead[`${lane} ${account}`] = place + 1;
      return true;
    }
    effects.push({ type: 'refuse', call_id, trouble: 'RATE_LIMITED', retry_after_s: Math.max(1, Math.ceil(wait_ms / 1000)) });
    return false;
  });
  return { state: effects.length === 0 ? state : { ...state, waiting }, effects };
}

/** The next moment at which something may be different without an event: the lanes that were shut, the end of a freeze, the first deadline. */
function wake({ waiting, shut_until, frozen_until }: PacerState, now: number): PacerEffect[] {
  const lanes = new Set(waiting.map(({ lane }) => lane));
  const opens = LANES.filter((lane) => lanes.has(lane)).map((lane) => shut_until[lane]);
  const ends = waiting.flatMap(({ deadline_at }) => (deadline_at === null ? [] : [deadline_at]));
  const moments = [frozen_until, ...opens, ...ends].filter((moment) => moment > now);
  return moments.length === 0 ? [] : [{ type: 'wake', at: Math.min(...moments) }];
}
