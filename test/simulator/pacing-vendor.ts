// A vendor that counts the calls for each practice by the minute of its clock, and is mostly quick.
import { ECLINICALWORKS_BUDGET } from '../../src/connections/lanes.ts';
import { MINUTE_MS } from '../../src/connections/minute-budget.ts';
import type { Said } from '../../src/connections/pacer-state.ts';
import type { World } from './world.ts';

export type Kind = 'read' | 'write' | 'batch' | 'token';

export interface Practice {
  counted: Record<Kind, number>;
  /** Calls of somebody else's software. */
  foreign: number;
  /** Calls that were longer under way than any pacer could know, and those of nodes that did not know the vendor's clock: both have a part of the limit that we leave alone. */
  of_the_margin: number;
  isBlocked: boolean;
  /** Not the vendor's usual hour before then. */
  disturbed_until: number;
  slow_until: number;
}

export function freshPractice(): Practice {
  return { ...freshMinute(), disturbed_until: 0, slow_until: 0 };
}

export function freshMinute() {
  return { counted: { read: 0, write: 0, batch: 0, token: 0 }, foreign: 0, of_the_margin: 0, isBlocked: false };
}

export interface Counted {
  practice: Practice;
  isRefused: boolean;
  /** The minute is one in which the call was charged, or it was too long on its way. */
  isCharged: boolean;
}

interface Delivery {
  kind: Kind;
  practice: Practice;
  /** In which the call was charged. */
  windows: readonly number[];
  /** The way back, which may end at a node that is gone. */
  after: World['after'];
  /** `minute`: by whose count it was refused or not. */
  answered: (said: Said, date_ms: number, minute: number) => void;
}

/** Takes a call to the vendor and its answer back. The vendor counts what arrives, whether or not anybody still waits for the answer. */
export function vendorOf({ chance, now, after: worldAfter }: World, counted: (what: Counted) => void) {
  function latency(isSlow: boolean): number {
    const roll = chance.next();
    const times = isSlow ? 15 : 1;
    if (roll < 0.97) return times * chance.between(100, 320);
    return times * (roll < 0.995 ? chance.between(600, 1800) : chance.between(2000, 7000));
  }

  return function deliver({ kind, practice, windows, after, answered }: Delivery): void {
    const isStraggler = chance.happens(0.0005);
    const usual_ms = chance.happens(0.05) ? chance.between(100, 900) : chance.between(10, 90);
    const way_ms = isStraggler ? chance.between(1100, 5000) : usual_ms;
    worldAfter(way_ms, () => {
      const minute = Math.floor(now() / MINUTE_MS);
      const isRefused = count(practice, { kind, isOfTheMargin: isStraggler || windows.length > 2 });
      counted({ practice, isRefused, isCharged: isStraggler || windows.includes(minute) });
      const isSlow = now() < practice.slow_until;
      const said = isSlow && chance.happens(0.02) ? 'slow_down' : 'answered';
      // The header was written a little before it is heard.
      after(isRefused ? 20 : latency(isSlow), () =>
        answered(isRefused ? 'too_many' : said, Math.floor((now() - 10) / 1000) * 1000, minute),
      );
    });
  };
}

/** 250 a minute, and a refusal for whatever comes in the rest of it. */
function count(practice: Practice, { kind, isOfTheMargin }: { kind: Kind; isOfTheMargin: boolean }): boolean {
  practice.counted[kind] += 1;
  if (isOfTheMargin) practice.of_the_margin += 1;
  const { read, write, batch, token } = practice.counted;
  if (read + write + batch + token + practice.foreign > ECLINICALWORKS_BUDGET.per_minute) practice.isBlocked = true;
  return practice.isBlocked;
}
