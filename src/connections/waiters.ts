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
  join(wish: { stale_epoch: number; within_ms: number }): Promise<Told>;
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
  return {
    count: () => waiting.length,
    join({ stale_epoch, within_ms }) {
      return new Promise((resolve) => {
        waiting.push({ stale_epoch, until: clock.elapsed() + within_ms, isReported: stale_epoch === 0, resolve });
      });
    },
    settle(answer) {
      waiting = waiting.filter((waiter) => {
        const told = answer(waiter) ?? (clock.elapsed() >= waiter.until ? { is: 'later' as const, after_ms: AGAIN_MS } : null);
        if (told !== null) waiter.resolve(told);
        return told === null;
      });
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
    newestStale: () => waiting.reduce((newest, { stale_epoch }) => Math.max(newest, stale_epoch), 0),
    patience_ms: () => waiting.reduce((least, { until }) => Math.min(least, until - clock.elapsed()), Number.POSITIVE_INFINITY),
  };
}
