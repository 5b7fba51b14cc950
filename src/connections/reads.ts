// Machine F, one read of a vendor: asked of the pacer, sent, and tried again only where the trouble passes by itself. It ends with one answer: ok, not_found, what was read
// earlier and when, or what went wrong. Source: connectors.md §1.3 F.
import type { Lane, PerLane } from './lanes.ts';
import { type Machine, type Step, unmoved } from './machine.ts';
import type { Trouble } from './taxonomy.ts';

interface Patience {
  readonly attempts: number;
  /** From the first to the last moment; null: as long as the attempts last. */
  readonly within_ms: number | null;
  /** Before attempt n it rests at most so much times 2ⁿ, but never more than `longest_rest_ms`. */
  readonly rest_ms: number;
  readonly longest_rest_ms: number;
}

/** The lane of writes: the readings back of a write, each of which is one of many (write.ts). */
export const PATIENCE: PerLane<Patience> = {
  interactive: { attempts: 3, within_ms: 10_000, rest_ms: 250, longest_rest_ms: 2000 },
  write: { attempts: 3, within_ms: 30_000, rest_ms: 250, longest_rest_ms: 4000 },
  batch: { attempts: 5, within_ms: null, rest_ms: 1000, longest_rest_ms: 60_000 },
};

/** These pass by themselves, soon. */
const TRANSIENT: ReadonlySet<Trouble> = new Set(['RATE_LIMITED', 'VENDOR_DOWN', 'NETWORK']);
/** In these an earlier reading, with its date, is better than none. Not where the vendor account may not read or may not sign in any more: what it has lost it does not get from us. */
const EARLIER_WILL_DO: ReadonlySet<Trouble> = new Set([...TRANSIENT, 'CONTRACT_DRIFT']);

export type ReadAnswer =
  | { readonly outcome: 'ok' }
  | { readonly outcome: 'not_found' }
  /** What was read at `as_of`, because of the trouble. */
  | { readonly outcome: 'stale_served'; readonly as_of: number; readonly because: Trouble }
  | { readonly outcome: 'failed'; readonly trouble: Trouble; readonly retry_after_s: number | null };

export interface ReadState {
  readonly lane: Lane;
  /** `queued`: with the pacer. `renewing`: a new session is waited for. `resting`: until the next attempt. */
  readonly phase: 'queued' | 'sent' | 'renewing' | 'resting' | 'done';
  readonly deadline_at: number | null;
  /** Sent, but for the free one. */
  readonly attempts: number;
  readonly hasRenewed: boolean;
  /** Of the session with which it was last sent. */
  readonly epoch: number | null;
  /** When the same was last read well, and is kept; null: never, or it is not kept. */
  readonly last_good_at: number | null;
  /** Why it is not yet done. */
  readonly trouble: Trouble;
  readonly rests_until: number;
}

export type ReadEvent =
  /** By the pacer, on the session of this epoch. */
  | { readonly type: 'started'; readonly epoch: number }
  /** The pacer would have it wait too long. */
  | { readonly type: 'refused'; readonly trouble: Trouble; readonly retry_after_s: number }
  /** The account is another node's now, or the egress came too late to send: it was not sent. */
  | { readonly type: 'not_sent' }
  /** `retry_after_s`: the vendor's own word, if it gave one. `roll`: in [0, 1), drawn by the interpreter. */
  | {
      readonly type: 'answered';
      readonly said: 'ok' | 'not_found' | Trouble;
      readonly retry_after_s: number | null;
      readonly roll: number;
    }
  | { readonly type: 'renewed'; readonly epoch: number }
  | { readonly type: 'not_renewed'; readonly trouble: Trouble }
  | { readonly type: 'woke' };

export type ReadEffect =
  | { readonly type: 'pace'; readonly lane: Lane; readonly deadline_at: number | null }
  /** It is wanted no more: the pacer forgets it. */
  | { readonly type: 'withdraw' }
  | { readonly type: 'send'; readonly epoch: number }
  /** A session newer than this epoch; where there is one already, that one. */
  | { readonly type: 'renew'; readonly epoch: number }
  | { readonly type: 'wake'; readonly at: number }
  | { readonly type: 'answer'; readonly answer: ReadAnswer };

type Stepped = Step<ReadState, ReadEffect>;

export function beginRead({ lane, last_good_at }: { lane: Lane; last_good_at: number | null }, now: number): Stepped {
  const { within_ms } = PATIENCE[lane];
  const deadline_at = within_ms === null ? null : now + within_ms;
  const state: ReadState = {
    lane,
    phase: 'queued',
    deadline_at,
    attempts: 0,
    hasRenewed: false,
    epoch: null,
    last_good_at,
    trouble: 'RATE_LIMITED',
    rests_until: 0,
  };
  const { effects } = queue(state);
  return { state, effects: deadline_at === null ? effects : [...effects, { type: 'wake', at: deadline_at }] };
}

export const stepRead: Machine<ReadState, ReadEvent, ReadEffect> = (state, event, now) => {
  const { phase } = state;
  if (phase === 'done') return unmoved(state);
  if (state.deadline_at !== null && now >= state.deadline_at && event.type !== 'answered') return giveUp(state, event);
  switch (event.type) {
    case 'started':
      if (phase !== 'queued') return unmoved(state);
      return {
        state: { ...state, phase: 'sent', attempts: state.attempts + 1, epoch: event.epoch, trouble: 'VENDOR_DOWN' },
        effects: [{ type: 'send', epoch: event.epoch }],
      };
    case 'refused':
      return phase === 'queued' ? fail(state, event.trouble, event.retry_after_s) : unmoved(state);
    case 'not_sent':
      if (phase === 'queued') return queue(state);
      return phase === 'sent' ? queue({ ...state, attempts: state.attempts - 1 }) : unmoved(state);
    case 'answered':
      return phase === 'sent' ? answered(state, event, now) : unmoved(state);
    case 'renewed':
      return phase === 'renewing' && event.epoch > (state.epoch ?? 0) ? queue(state) : unmoved(state);
    case 'not_renewed':
      return phase === 'renewing' ? fail(state, event.trouble, null) : unmoved(state);
    case 'woke':
      return phase === 'resting' && now >= state.rests_until ? queue(state) : unmoved(state);
    default:
      event satisfies never;
      return unmoved(state);
  }
};

function queue(state: ReadState): Stepped {
  const { lane, deadline_at } = state;
  return { state: { ...state, phase: 'queued' }, effects: [{ type: 'pace', lane, deadline_at }] };
}

function answered(state: ReadState, { said, retry_after_s, roll }: ReadEvent & { type: 'answered' }, now: number): Stepped {
  if (said === 'ok' || said === 'not_found') return done(state, { outcome: said });
  if (said === 'NOT_FOUND') return done(state, { outcome: 'not_found' });
  if (said === 'AUTH_EXPIRED' && !state.hasRenewed && state.epoch !== null) {
    const renewing = { ...state, phase: 'renewing' as const, hasRenewed: true, attempts: state.attempts - 1, trouble: said };
    return { state: renewing, effects: [{ type: 'renew', epoch: state.epoch }] };
  }
  const { attempts, rest_ms, longest_rest_ms } = PATIENCE[state.lane];
  if (!TRANSIENT.has(said) || state.attempts >= attempts) return fail(state, said, retry_after_s);
  const until = now + Math.max(roll * Math.min(longest_rest_ms, rest_ms * 2 ** state.attempts), (retry_after_s ?? 0) * 1000);
  if (state.deadline_at !== null && until >= state.deadline_at) return fail(state, said, retry_after_s);
  return { state: { ...state, phase: 'resting', trouble: said, rests_until: until }, effects: [{ type: 'wake', at: until }] };
}

/** Its time is over. What is still under way is answered to nobody. */
function giveUp(state: ReadState, event: ReadEvent): Stepped {
  const trouble = event.type === 'refused' || event.type === 'not_renewed' ? event.trouble : state.trouble;
  const { state: after, effects } = fail(state, trouble, event.type === 'refused' ? event.retry_after_s : null);
  // What the pacer has just started is not sent; the egress tells it so.
  return { state: after, effects: state.phase === 'queued' ? [{ type: 'withdraw' }, ...effects] : effects };
}

function fail(state: ReadState, trouble: Trouble, retry_after_s: number | null): Stepped {
  if (state.last_good_at !== null && EARLIER_WILL_DO.has(trouble)) {
    return done(state, { outcome: 'stale_served', as_of: state.last_good_at, because: trouble });
  }
  return done(state, { outcome: 'failed', trouble, retry_after_s });
}

function done(state: ReadState, answer: ReadAnswer): Stepped {
  return { state: { ...state, phase: 'done' }, effects: [{ type: 'answer', answer }] };
}
