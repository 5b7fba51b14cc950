// Those who wait for a session on this node: a thousand at once are one need.
import type { Clock } from '../base/clock.ts';
import type { Told } from './session-ports.ts';

export interface Waiter {
  /** The session that the vendor has refused; 0: none. */
  readonly stale_epoch: number;
  /** Until when it waits, by this process's monotonic clock. */
  readonly until: number;
}

export interface Waiters {
  count(): number;
  /** `isNews`: nobody has waited for a newer session yet, or with less patience. */
  join(wish: { stale_epoch: number; within_ms: number }): { told: Promise<Told>; isNews: boolean };
  /** Answers those for whom `answer` has one, and those whose time is over. */
  settle(answer: (waiter: Waiter) => Told | null): void;
  /** The epochs that were refused and not yet reported to the machine, each once. */
  unreported(): readonly number[];
  /** Another owner may not have heard them. */
  reportAgain(): void;
  newestStale(): number;
  /** Milliseconds to the next whose time is over. */
  patience_ms(): number;
}

/** Who is told to come back because its time is over does so after this. */
const AGAIN_MS = 1_000;

export function openWaiters(clock: Pick<Clock, 'elapsed'>): Waiters {
  let waiting: (Waiter & { isReported: boolean; resolve(told: Told): void })[] = [];
  let newest_stale = 0;
  let soonest = Number.POSITIVE_INFINITY;
  const measure = () => {
    newest_stale = waiting.reduce((newest, { stale_epoch }) => Math.max(newest, stale_epoch), 0);
    soonest = waiting.reduce((least, { until }) => Math.min(least, until), Number.POSITIVE_INFINITY);
  };
  return {
    count: () => waiting.length,
    join({ stale_epoch, within_ms }) {
      const until = clock.elapsed() + within_ms;
      const { promise, resolve } = Promise.withResolvers<Told>();
      waiting.push({ stale_epoch, until, isReported: stale_epoch === 0, resolve });
      const isNews = waiting.length === 1 || stale_epoch > newest_stale || until < soonest;
      if (isNews) measure();
      return { told: promise, isNews };
    },
    settle(answer) {
      waiting = waiting.filter((waiter) => {
        const told = answer(waiter) ?? (clock.elapsed() >= waiter.until ? { is: 'later' as const, after_ms: AGAIN_MS } : null);
        if (told !== null) waiter.resolve(told);
        return told === null;
      });
      measure();
    },
    unreported() {
      const epochs = new Set<number>();
      for (const waiter of waiting) {
        if (!waiter.isReported) epochs.add(waiter.stale_epoch);
        waiter.isReported = true;
      }
      return [...epochs];
    },
    reportAgain() {
      for (const waiter of waiting) waiter.isReported = waiter.stale_epoch === 0;
    },
    newestStale: () => newest_stale,
    patience_ms: () => soonest - clock.elapsed(),
  };
}
