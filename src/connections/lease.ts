// The lease of one vendor account (or of one mailbox): who may speak for it now. Machine D of connectors.md §1.3. Its `now` is the monotonic clock of this process: the database
// alone decides when a lease ends, and what is written here is never later than that, whatever the wall clocks say.
import { type Machine, unmoved } from './machine.ts';

/** How long the database grants the lease of an account, from the moment at which it does. */
export const LEASE_MS = 60_000;
export const RENEW_MS = LEASE_MS / 3;
/** A request is over so long before the lease may be another's. */
const MARGIN_MS = 5_000;

export type Lease =
  | { readonly at: 'free' }
  | { readonly at: 'asking'; readonly asked_at: number }
  /** `good_until`: as if it had been granted at the moment before it was asked for. `asked_at`: since when a renewal is under way. */
  | { readonly at: 'held'; readonly fence: number; readonly good_until: number; readonly asked_at: number | null };

export type LeaseEvent =
  | { readonly on: 'wanted' }
  /** Answers to what was asked then, and to nothing else: one that was long under way is not the answer to a later question. */
  | { readonly on: 'granted'; readonly fence: number; readonly asked_at: number }
  | { readonly on: 'refused'; readonly asked_at: number }
  /** No answer, or the database cannot be reached: it may have been granted. */
  | { readonly on: 'unheard'; readonly asked_at: number }
  /** The database refused what was stored under it: another has it. */
  | { readonly on: 'disowned' }
  | { readonly on: 'tick' }
  | { readonly on: 'done' };

/** A release names the fence: the database ends the lease only where owner and fence are still these. */
export type LeaseEffect =
  | { readonly do: 'take' }
  | { readonly do: 'renew'; readonly fence: number }
  | { readonly do: 'release'; readonly fence: number };

export const FREE: Lease = { at: 'free' };

export type LeaseMachine = Machine<Lease, LeaseEvent, LeaseEffect>;

/** For leases of `lease_ms`. */
export const leaseMachine =
  (lease_ms: number): LeaseMachine =>
  (lease, event, now) => {
    switch (event.on) {
      case 'wanted':
        return lease.at === 'free' ? { state: { at: 'asking', asked_at: now }, effects: [{ do: 'take' }] } : unmoved(lease);
      case 'granted':
        if (lease.at === 'free' || lease.asked_at !== event.asked_at) return unmoved(lease);
        if (lease.at === 'held' && lease.fence !== event.fence) return { state: FREE, effects: [] };
        return { state: { at: 'held', fence: event.fence, good_until: lease.asked_at + lease_ms, asked_at: null }, effects: [] };
      case 'refused':
        return lease.at === 'free' || lease.asked_at !== event.asked_at ? unmoved(lease) : { state: FREE, effects: [] };
      case 'unheard':
        if (lease.at === 'free' || lease.asked_at !== event.asked_at) return unmoved(lease);
        return { state: lease.at === 'asking' ? FREE : { ...lease, asked_at: null }, effects: [] };
      case 'disowned':
        return lease.at === 'held' ? { state: FREE, effects: [] } : unmoved(lease);
      case 'tick':
        if (lease.at !== 'held') return unmoved(lease);
        if (!isGood(lease, now)) return { state: FREE, effects: [] };
        if (lease.asked_at !== null || lease.good_until - now > (lease_ms * 2) / 3) return unmoved(lease);
        return { state: { ...lease, asked_at: now }, effects: [{ do: 'renew', fence: lease.fence }] };
      case 'done':
        return lease.at === 'held' ? { state: FREE, effects: [{ do: 'release', fence: lease.fence }] } : unmoved(lease);
      default:
        return event satisfies never;
    }
  };

/** Whether it is held at `now`, by the same monotonic clock. The post asks this right before it writes to a socket. */
export function isGood(lease: Lease, now: number): lease is Lease & { at: 'held' } {
  return lease.at === 'held' && now < lease.good_until;
}

/** How many milliseconds a request may take that is sent at `now`: no longer than `limit_ms`, and over before another may speak for the account. Zero: it may not be sent. */
export function timeFor(lease: Lease, limit_ms: number, now: number): number {
  return isGood(lease, now) ? Math.max(0, Math.min(limit_ms, lease.good_until - now - MARGIN_MS)) : 0;
}
