// Keeps the pace of one budget in one process: the interpreter of the pacer (pacer.ts). Whoever wants to call the vendor passes here, waits for its turn, and is told right before the
// first byte whether it may still leave.
import type { Clock } from '../base/clock.ts';
import type { BudgetBooks } from './budget-books.ts';
import type { BudgetEvent, Lane } from './lanes.ts';
import { freshPacer, pacer } from './pacer.ts';
import type { PacerEffect, PacerEvent, PacerPolicy, Said } from './pacer-state.ts';
import type { Trouble } from './taxonomy.ts';

export interface Wish {
  /** Whose call: of one account no more are under way than its vendor knows sessions (PacerPolicy.concurrency). */
  readonly account: string;
  readonly lane: Lane;
  /** From now on; null: it waits as long as it must. */
  readonly deadline_ms: number | null;
}

/** One call, which is charged. */
export interface Start {
  /** Until when its first byte may leave: our clock, Unix milliseconds. */
  readonly send_by: number;
  /** Asked in the very turn in which the first byte leaves: yes once, no after `send_by` and once the call has ended. One start is one request. */
  mayLeave(): boolean;
}

/** What came of a call, for whoever asked and for the pace. */
export interface Went<T> {
  readonly value: T;
  /** `nothing` where nothing was written, or nothing was answered. */
  readonly said: Said;
  /** The Date header of the answer. */
  readonly date_ms: number | null;
}

export type Passed<T> =
  | { readonly is: 'passed'; readonly value: T }
  /** It would have had to wait too long: it was not begun. */
  | { readonly is: 'refused'; readonly trouble: Trouble; readonly retry_after_s: number }
  /** The account is another process's now, or this one ends: it was not begun. */
  | { readonly is: 'handed_back' };

export interface Pacer {
  /** Calls `go` once when it is its turn, and counts the call as under way until that is settled: `go` has to end. What it throws is thrown. */
  pass<T>(wish: Wish, go: (start: Start) => Promise<Went<T>>): Promise<Passed<T>>;
  /** The vendor refused a call, of whatever process, in this minute of its clock. */
  freeze(window: number): void;
  /** Hands back what waits of an account. */
  leave(account: string): void;
  /** Hands back all that waits; ends when what is under way has ended. */
  close(): Promise<void>;
}

export interface PacerParts {
  policy: PacerPolicy;
  books: Pick<BudgetBooks, 'ask'>;
  clock: Clock;
  /** A number in [0, 1). */
  chance: () => number;
  /** The books could not be asked. */
  failed: (error: unknown) => void;
}

/** What the books were not told is told again so often, once a second: by then the minute is over. */
const TELLINGS = 60;
const AGAIN_MS = 1_000;
/** An alarm that rings early is set again: so a clock that was set does not put it off for long. */
const LONGEST_SLEEP_MS = 60_000;

interface Waiting {
  start(send_by: number): void;
  end(how: Exclude<Passed<never>, { is: 'passed' }>): void;
}

export function openPacer({ policy, books, clock, chance, failed }: PacerParts): Pacer {
  const step = pacer(policy);
  // The wall's clock and not the steady one, which stands still where the machine sleeps: the vendor's minutes go by all the same.
  const now = () => clock.now().getTime();
  const waiting = new Map<string, Waiting>();
  const under_way = new Set<Promise<void>>();
  const closed = Promise.withResolvers<void>();
  let state = freshPacer(policy, now());
  let alarm = Promise.withResolvers<void>();
  let calls = 0;
  let isClosed = false;

  function feed(event: PacerEvent): void {
    const stepped = step(state, event, now());
    state = stepped.state;
    for (const effect of stepped.effects) perform(effect);
  }

  /** Nothing in here feeds in this turn: the effects of one event are carried out before the next is heard. */
  function perform(effect: PacerEffect): void {
    switch (effect.type) {
      case 'start':
        taken(effect.call_id)?.start(effect.send_by);
        break;
      case 'refuse':
        taken(effect.call_id)?.end({ is: 'refused', trouble: effect.trouble, retry_after_s: effect.retry_after_s });
        break;
      case 'hand_back':
        taken(effect.call_id)?.end({ is: 'handed_back' });
        break;
      case 'budget':
        if (effect.event.type === 'take') void take(effect.event);
        else during(tell(effect.event));
        break;
      case 'wake':
        wakeAt(effect.at);
        break;
      default:
        effect satisfies never;
    }
  }

  /** Closing waits for it. */
  function during(work: Promise<void>): void {
    const ending = work.finally(() => under_way.delete(ending));
    under_way.add(ending);
  }

  function taken(call_id: string): Waiting | undefined {
    const call = waiting.get(call_id);
    waiting.delete(call_id);
    return call;
  }

  function wakeAt(at: number): void {
    alarm.resolve();
    const mine = Promise.withResolvers<void>();
    alarm = mine;
    if (isClosed) return;
    const ms = Math.min(LONGEST_SLEEP_MS, Math.max(1, at - now()));
    clock
      .within(ms, mine.promise, () => new Error('rung'))
      .catch(() => {
        if (alarm === mine) feed({ type: 'woke', roll: chance() });
      });
  }

  async function take(event: BudgetEvent & { type: 'take' }): Promise<void> {
    try {
      await ask(event);
    } catch (error) {
      failed(error);
      feed({ type: 'not_granted', take_id: event.take_id, roll: chance() });
    }
  }

  async function tell(event: BudgetEvent): Promise<void> {
    for (let tellings = 1; ; tellings += 1) {
      try {
        return await ask(event);
      } catch (error) {
        failed(error);
      }
      if (isClosed || tellings === TELLINGS) return;
      await clock.within(AGAIN_MS, closed.promise, () => new Error('slept')).catch(() => undefined);
    }
  }

  async function ask(event: BudgetEvent): Promise<void> {
    for (const effect of await books.ask(event)) feed({ ...effect, roll: chance() });
  }

  const leave = (account: string) => feed({ type: 'account_left', account });

  return {
    pass<T>({ account, lane, deadline_ms }: Wish, go: (start: Start) => Promise<Went<T>>): Promise<Passed<T>> {
      if (isClosed) return Promise.resolve({ is: 'handed_back' });
      const told = Promise.withResolvers<Passed<T>>();
      calls += 1;
      const call_id = String(calls);
      const run = async (start: Start, over: () => void) => {
        let went: Went<T> | undefined;
        try {
          went = await go(start);
          told.resolve({ is: 'passed', value: went.value });
        } catch (error) {
          told.reject(error);
        }
        over();
        feed({ type: 'ended', call_id, said: went?.said ?? 'nothing', date_ms: went?.date_ms ?? null, roll: chance() });
      };
      waiting.set(call_id, {
        start(send_by) {
          const { start, over } = startOf(send_by, clock);
          during(Promise.resolve().then(() => run(start, over)));
        },
        end: told.resolve,
      });
      feed({ type: 'asked', call_id, account, lane, deadline_at: deadline_ms === null ? null : now() + deadline_ms, roll: chance() });
      return told.promise;
    },
    freeze: (window) => feed({ type: 'frozen', window, roll: chance() }),
    leave,
    async close() {
      isClosed = true;
      closed.resolve();
      alarm.resolve();
      for (const account of new Set(state.waiting.map((asked) => asked.account))) leave(account);
      while (under_way.size > 0) await Promise.all(under_way);
    },
  };
}

/** By both clocks: the wall's may have been set back since, the steady one may have stood still. */
function startOf(send_by: number, clock: Pick<Clock, 'now' | 'elapsed'>): { start: Start; over: () => void } {
  const until = clock.elapsed() + (send_by - clock.now().getTime());
  let isOpen = true;
  const mayLeave = () => {
    const may = isOpen && clock.now().getTime() <= send_by && clock.elapsed() <= until;
    isOpen = false;
    return may;
  };
  const over = () => {
    isOpen = false;
  };
  return { start: { send_by, mayLeave }, over };
}
