/** The port for time: everything that asks what time it is, or waits, asks a Clock. Tests and the simulator bring their own. */
export interface Clock {
  now(): Date;
  /** Monotonic milliseconds, for durations. */
  elapsed(): number;
  /** Calls `run` every `ms` until the answer is called. An error in `run` goes to `failed`, and the next turn still comes. */
  every(ms: number, run: () => Promise<void>, failed: (error: unknown) => void): () => void;
  /** Rejects with `late()` when `work` takes more than `ms`; the work itself is not stopped. */
  within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T>;
}

/** After everything that has arrived by now has been taken in. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  every(ms, run, failed) {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      run()
        .catch(failed)
        .finally(() => {
          busy = false;
        });
    }, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
  within(ms, work, late) {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(late()), ms);
    });
    return Promise.race([work, limit]).finally(() => clearTimeout(timer));
  },
};
