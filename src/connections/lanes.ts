// The three lanes of a vendor's budget, and what the pacers of all nodes say to the one book in which it is kept.

/** In the order in which they go: a person or an AI waits · a write and the reading back of it · what nobody waits for. */
export const LANES = ['interactive', 'write', 'batch'] as const;
export type Lane = (typeof LANES)[number];
export type PerLane<T> = Readonly<Record<Lane, T>>;

/** The share of the budget that is kept for a lane as long as it may still want it; who needs more takes of what is nobody's. Source: connectors.md §1.3 E. */
export const RESERVES: PerLane<number> = { interactive: 0.4, write: 0.2, batch: 0.1 };

export interface BudgetPolicy {
  /** Calls that the vendor allows in a minute, of every kind: reads, writes, /token, /authorize. */
  readonly per_minute: number;
  /** The part of it that we use. */
  readonly share: number;
  readonly reserves: PerLane<number>;
}

/** eClinicalWorks FHIR: 250 calls a wall-clock minute for each practice code, since 2025-10-07 (connectors.md §1.2). */
export const ECLINICALWORKS_BUDGET: BudgetPolicy = { per_minute: 250, share: 0.9, reserves: RESERVES };

/** What a pacer says to the book. `windows`: the vendor's minutes (Unix minutes, by its clock) in which the calls may be counted there; each is charged in every one of them.
 *  `at`: the vendor's time now, at the earliest. */
export type BudgetEvent =
  | {
      readonly type: 'take';
      readonly take_id: string;
      readonly lane: Lane;
      readonly windows: readonly number[];
      readonly wanted: number;
      readonly at: number;
      /** One call, by whose answer a node learns the vendor's clock: of many minutes, some of which are spent. */
      readonly isProbe: boolean;
    }
  /** The vendor refused a call for there having been too many (429). */
  | { readonly type: 'too_many'; readonly window: number }
  /** The vendor asks us to slow down, or has become slow. */
  | { readonly type: 'slow_down'; readonly window: number };

/** What the book says. Granted calls that are not made are not given back: whoever took them may have died after making them. */
export type BudgetEffect =
  /** To the asker. Where nothing was to be had: in how long it may be. */
  | { readonly type: 'granted'; readonly take_id: string; readonly count: number; readonly again_in_ms: number }
  /** To every node. */
  | { readonly type: 'frozen'; readonly window: number };

/** How far the budget is turned down, between 1 and `SLOWEST`. `halved_in`: the minute in which it last was; the slowness that four nodes see at once is one slowness. */
export interface Rate {
  readonly rate: number;
  readonly halved_in: number;
}

export const FULL_RATE: Rate = { rate: 1, halved_in: 0 };
const SLOWEST = 0.1;
const REGAINED_PER_MINUTE = 0.05;

/** Halved at once, regained by a twentieth of the whole each minute. */
export function rateIn({ rate, halved_in }: Rate, minute: number): number {
  return Math.min(1, rate + Math.max(0, minute - halved_in) * REGAINED_PER_MINUTE);
}

export function halved(rate: Rate, minute: number): Rate {
  if (minute <= rate.halved_in) return rate;
  return { rate: Math.max(SLOWEST, rateIn(rate, minute) / 2), halved_in: minute };
}
