// What we know of the vendor's clock: by how much it is ahead of ours, at least and at most. Each answer's Date header narrows it. Source: RFC 9110 §6.6.1 (whole seconds).

export interface VendorClock {
  /** The vendor's time minus ours, in ms: between these. */
  readonly least_ms: number;
  readonly most_ms: number;
  /** Ours, when this was known. */
  readonly as_of: number;
}

/** Two clocks drift apart by less: 100 ppm, a second in nearly three hours. */
const DRIFT = 1e-4;
/** The header names a second, not a moment. */
const SECOND_MS = 1000;

/** Before the first answer: any offset up to `most_skew_ms`. */
export function unknownClock(most_skew_ms: number, now: number): VendorClock {
  return { least_ms: -most_skew_ms, most_ms: most_skew_ms, as_of: now };
}

/** The bounds as they are at `now`: wider the longer nothing was heard. */
export function boundsAt({ least_ms, most_ms, as_of }: VendorClock, now: number): { least_ms: number; most_ms: number } {
  const drifted = Math.max(0, now - as_of) * DRIFT;
  return { least_ms: least_ms - drifted, most_ms: most_ms + drifted };
}

interface Dated {
  readonly date_ms: number;
  readonly sent_at: number;
}

/** Whether a date can be that of an answer which came at `now` to what was sent at `sent_at`: no clock is off by more than `most_skew_ms`. */
export function isPossible({ date_ms, sent_at }: Dated, now: number, most_skew_ms: number): boolean {
  return date_ms - now <= most_skew_ms && date_ms + SECOND_MS - sent_at >= -most_skew_ms;
}

/** An answer that was dated `date_ms` somewhere between `sent_at` and `now`, both by our clock. What contradicts all that was known (a clock was set) replaces it. */
export function heard(clock: VendorClock, { date_ms, sent_at }: Dated, now: number): VendorClock {
  const known = boundsAt(clock, now);
  const least_ms = Math.max(known.least_ms, date_ms - now);
  const most_ms = Math.min(known.most_ms, date_ms + SECOND_MS - sent_at);
  if (least_ms <= most_ms) return { least_ms, most_ms, as_of: now };
  return { least_ms: date_ms - now, most_ms: date_ms + SECOND_MS - sent_at, as_of: now };
}
