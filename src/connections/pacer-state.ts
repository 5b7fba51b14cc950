// What a pacer knows, hears and says. What it does with it: pacer.ts, turn.ts.
import type { BudgetEvent, Lane, PerLane } from './lanes.ts';
import type { Trouble } from './taxonomy.ts';
import type { VendorClock } from './vendor-clock.ts';

export interface PacerPolicy {
  /** `minute`: the vendor counts anew with each minute of its clock. `flow`: it does not, and a granted call is good at any time. */
  readonly counts: 'minute' | 'flow';
  /** Calls that one account may have under way: 1 where the vendor knows a session. Of more than one, one is never batch. */
  readonly concurrency: number;
  /** Calls taken out of the budget at a time. */
  readonly block: number;
  /** A call is counted by the vendor at most so long after we began it; one in a thousand that takes longer is covered by the part of the limit that we leave alone. */
  readonly transit_ms: number;
  /** Our clock and the vendor's differ by less, before anything is known. */
  readonly most_skew_ms: number;
  /** An answer slower than this, for one call in twenty, is a vendor that wants less. */
  readonly slow_ms: number;
  /** What waits for one moment sets out within this of it, each by its own roll. */
  readonly spread_ms: number;
}

export const ECLINICALWORKS_PACE: PacerPolicy = {
  ...{ counts: 'minute', concurrency: 1, block: 6, transit_ms: 1000, most_skew_ms: 120_000, slow_ms: 4000, spread_ms: 500 },
};

/** What the vendor's answer says of our pace. `nothing`: there was no answer. */
export type Said = 'answered' | 'slow_down' | 'too_many' | 'nothing';

export interface Asked {
  readonly call_id: string;
  readonly account: string;
  readonly lane: Lane;
  /** Our clock; null: it waits as long as it must. */
  readonly deadline_at: number | null;
}

/** `roll`: a number in [0, 1) drawn by the interpreter. */
export type PacerEvent =
  | ({ readonly type: 'asked'; readonly roll: number } & Asked)
  /** Whoever asked wants it no more. A call that has started ends as any other. */
  | { readonly type: 'withdrawn'; readonly call_id: string }
  /** `date_ms`: the Date header of the answer. */
  | {
      readonly type: 'ended';
      readonly call_id: string;
      readonly said: Said;
      readonly date_ms: number | null;
      readonly roll: number;
    }
  | {
      readonly type: 'granted';
      readonly take_id: string;
      readonly count: number;
      readonly again_in_ms: number;
      readonly roll: number;
    }
  /** The budget could not be asked. */
  | { readonly type: 'not_granted'; readonly take_id: string; readonly roll: number }
  /** Another node was refused by the vendor. */
  | { readonly type: 'frozen'; readonly window: number; readonly roll: number }
  /** The account is another node's now. */
  | { readonly type: 'account_left'; readonly account: string }
  | { readonly type: 'woke'; readonly roll: number };

export type PacerEffect =
  /** Send it now; each start ends with one `ended`. It is charged in these `windows`, so the egress writes it to the socket by `send_by` (our clock) or not at all: a process may
   *  have slept in between. What was not written ends as `nothing`. */
  | { readonly type: 'start'; readonly call_id: string; readonly windows: readonly number[]; readonly send_by: number }
  /** It was not sent, and would have to wait longer than it may. */
  | { readonly type: 'refuse'; readonly call_id: string; readonly trouble: Trouble; readonly retry_after_s: number }
  /** It was not sent: ask the account's new owner. */
  | { readonly type: 'hand_back'; readonly call_id: string }
  /** To the budget. A take is answered by `granted` or, in good time, by `not_granted`. */
  | { readonly type: 'budget'; readonly event: BudgetEvent }
  /** `woke` at that moment of our clock; the last one said stands. */
  | { readonly type: 'wake'; readonly at: number };

export interface UnderWay extends Asked {
  readonly sent_at: number;
}

/** Calls granted and not made yet, of one lane, to be counted in one window. */
export interface Held {
  readonly lane: Lane;
  readonly window: number;
  readonly left: number;
}

export interface PacerState {
  readonly clock: VendorClock;
  /** In the order in which they came. */
  readonly waiting: readonly Asked[];
  readonly under_way: readonly UnderWay[];
  readonly held: readonly Held[];
  /** What the budget was asked and has not answered. */
  readonly takes: readonly { readonly take_id: string; readonly lane: Lane; readonly windows: readonly number[] }[];
  readonly takes_made: number;
  /** The budget had nothing for the lane before then (our clock). */
  readonly shut_until: PerLane<number>;
  /** The vendor lets nothing through before then (our clock). */
  readonly frozen_until: number;
  /** How often calls of an account have gone before those of a lower lane that waited. */
  readonly passed: Readonly<Record<string, { readonly write: number; readonly batch: number }>>;
  /** Of the calls that are being looked at: how many have ended, and how many of those took longer than `slow_ms`. */
  readonly sample: { readonly calls: number; readonly slow: number };
  readonly typical_ms: number;
}
