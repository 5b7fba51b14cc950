// What the keeper of a session asks of the world. The same keeper runs over PostgreSQL and real sockets, and in the simulator.
import type { Account, AccountEffect, Answer, Order } from './account.ts';
import type { Message } from './mfa.ts';
import type { Trouble } from './taxonomy.ts';

/** Who holds a lease: `owner` is one process, new at each start (of a mailbox: one account); the fence grows with each holder. */
export interface Tenure {
  readonly owner: string;
  readonly fence: number;
}

/** The books. Their clock alone decides when a lease ends. Each call is one transaction; one that rejects may have been committed or not. `now`: their clock, Unix milliseconds. */
export interface Books {
  /** `update lease set owner, fence = fence + 1, expires = db_now() + $lease_ms where key = $k and (owner = $me or expires < db_now()) returning fence`; otherwise who has it. */
  take(
    key: string,
    owner: string,
    lease_ms: number,
  ): Promise<{ readonly fence: number; readonly now: number } | { readonly taken_by: string }>;
  /** `lease_ms` from now on, the same fence: only while `owner` and `fence` are these and it has not ended. False: it is lost. */
  renew(key: string, tenure: Tenure, lease_ms: number): Promise<boolean>;
  /** Ends it, only where `owner` and `fence` are these. */
  release(key: string, tenure: Tenure): Promise<void>;
  /** What stands in the books of the account, and by whose hand: null before anything was stored. */
  read(key: string): Promise<Stored | null>;
  /** Replaces it only where the lease is still at `fence` and the revision is the one before this. False: it is not; nothing was stored. */
  store(key: string, fence: number, next: Stored): Promise<boolean>;
}

/** State and effects, stored together before any effect runs. Effects hold no secret; the jar in a live session is sealed. */
export interface Stored {
  readonly revision: number;
  readonly account: Account;
  readonly effects: readonly AccountEffect[];
}

/** The way to the vendor, which leads through the post (outbound/). */
export interface VendorDoor {
  /** Does what the order says and answers what came of it, no later than `time_ms` from now (`unanswered`). Asks `mayLeave` right before the first byte is written to the
   *  socket; where it says no, nothing leaves (`unsent`). The jar is the sealed one of the session before a refresh; `code` goes with a submit. */
  send(order: Order, sending: Sending): Promise<Answer>;
}

export interface Sending {
  readonly fence: number;
  readonly time_ms: number;
  readonly mayLeave: () => boolean;
  readonly jar?: string;
  readonly code?: string;
}

export interface Mailbox {
  /** Its key in the books, so that no two challenges are out for it at once. */
  readonly key: string;
  /** What has arrived with a Date header later than `since` (Unix milliseconds). */
  read(since: number): Promise<readonly Message[]>;
}

/** A session that may be used, or why there is none now. */
export type Told =
  /** Only the node `owner` has it and sends for the others; on that node itself, `mayLeave` is asked before each request. */
  | { readonly is: 'live'; readonly epoch: number; readonly fence: number; readonly owner: string }
  /** Nothing is wrong that time does not mend. */
  | { readonly is: 'later'; readonly after_ms: number }
  | { readonly is: 'person'; readonly why: Trouble };

/** What one node asks of the node that has the account: a session newer than this one, or to take in what a person did. */
export type Question = { readonly stale_epoch: number } | PersonEvent;

export type PersonEvent =
  | { readonly on: 'person_consents' }
  | { readonly on: 'password_entered' }
  | { readonly on: 'typed'; readonly code: string };

export interface Peers {
  /** Asks the keeper of this account on another node (`hear`); rejects where it does not answer within some ten seconds. */
  ask(owner: string, key: string, question: { readonly stale_epoch: number }): Promise<Told | 'not_mine'>;
  ask(owner: string, key: string, question: PersonEvent): Promise<boolean | 'not_mine'>;
}
