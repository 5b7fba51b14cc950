// The budgets of vendors in PostgreSQL, as a pacer asks them. A row is read, stepped here with the database's time, and stored only if nobody stored it in between; otherwise all of it
// again. It is not held by a lock meanwhile: a process that is put to sleep or cut off between two statements would keep a clinic's every call waiting for as long as the server believes
// in it. Of those who store at once one always gets through, and a take is rare (a block of calls each), so that few ever do it twice.
import type { Clock } from '../base/clock.ts';
import { type Pool, query } from '../db/pool.ts';
import type { BudgetEffect, BudgetEvent, BudgetPolicy } from './lanes.ts';
import type { Step } from './machine.ts';
import { BELIEVED_MINUTES, FRESH_MINUTES, MINUTE_MS, type MinuteBudget, minuteBudget } from './minute-budget.ts';
import { freshTokens, type TokenBudget, tokenBudget } from './token-budget.ts';

/** How a vendor counts (PacerPolicy.counts), and what it allows. */
export type Allowance =
  | (BudgetPolicy & { readonly counts: 'minute' })
  | (BudgetPolicy & { readonly counts: 'flow'; readonly burst: number });

export interface BudgetBooks {
  /** Stores what the event makes of the budget, and then answers what it says: first what is frozen in it, so that whoever missed the telling hears of it with the next take.
   *  Rejects after some two seconds: it may be stored or not, and what it granted then is lost. */
  ask(event: BudgetEvent): Promise<readonly BudgetEffect[]>;
  /** The minutes that are frozen in it. Rejects likewise. */
  frozen(): Promise<readonly number[]>;
}

export interface BudgetKey {
  readonly tenant_id: string;
  /** The vendor and whatever it counts by: eclinicalworks:FFEDBB. */
  readonly name: string;
}

type Budget = MinuteBudget | TokenBudget;

interface Row {
  revision: number;
  kind: 'minute' | 'flow' | null;
  state: Budget | null;
  now_ms: number;
}

const ASK_MS = 2_000;

/** `pool`: of app_keeper. */
export function openBudgetBooks(
  { pool, clock }: { pool: Pool; clock: Pick<Clock, 'elapsed' | 'within'> },
  { tenant_id, name }: BudgetKey,
  allowance: Allowance,
): BudgetBooks {
  const machine = machineOf(allowance);

  async function read(): Promise<Row> {
    const [row] = await query<Row>(pool, 'select * from app.read_vendor_budget($1, $2)', [tenant_id, name]);
    if (!row) throw new Error('the books gave no answer');
    if (row.kind !== null && row.kind !== allowance.counts)
      throw new Error(
        `The budget ${name} is kept as ${row.kind}, not as ${allowance.counts}. Give the one that is counted otherwise another name.`,
      );
    return row;
  }

  async function store({ revision }: Row, { state, effects }: Step<Budget, BudgetEffect>): Promise<boolean> {
    const tells = effects.some(({ type }) => type === 'frozen');
    const [row] = await query<{ stored: boolean }>(pool, 'select app.store_vendor_budget($1, $2, $3, $4, $5, $6) as stored', [
      ...[tenant_id, name, allowance.counts, revision + 1, JSON.stringify(state), tells],
    ]);
    return row?.stored ?? false;
  }

  /** `isLate`: nobody waits for it any more, and it takes nothing. */
  async function step(event: BudgetEvent, isLate: () => boolean): Promise<readonly BudgetEffect[]> {
    while (!isLate()) {
      const row = await read();
      if (event.type === 'take' && Math.abs(event.at - row.now_ms) > BELIEVED_MINUTES * MINUTE_MS) throw new ClocksApart();
      const stepped = machine.step(row.state ?? machine.fresh(row.now_ms), event, row.now_ms);
      const told = machine.frozen(stepped.state, row.now_ms).map((window) => ({ type: 'frozen' as const, window }));
      const others = stepped.effects.filter((effect) => effect.type !== 'frozen');
      if (stepped.state === row.state) return [...told, ...others];
      if (isLate()) break;
      if (await store(row, stepped)) return [...told, ...others];
    }
    throw late();
  }

  return {
    ask(event) {
      const until = clock.elapsed() + ASK_MS;
      return clock.within(
        ASK_MS,
        step(event, () => clock.elapsed() >= until),
        late,
      );
    },
    async frozen() {
      const { state, now_ms } = await clock.within(ASK_MS, read(), late);
      return state === null ? [] : machine.frozen(state, now_ms);
    },
  };
}

/** The clock of this machine, or the vendor's, and the database's are minutes apart: no minute of one is a minute of the other, and nothing may be sent. Set the clocks. */
class ClocksApart extends Error {
  override readonly name = 'ClocksApart';
}

const late = () => new Error('the books gave no answer in time');

interface Kept {
  fresh(now: number): Budget;
  step(state: Budget, event: BudgetEvent, now: number): Step<Budget, BudgetEffect>;
  /** The vendor's minutes in which nothing more goes. One that flows has none: any. */
  frozen(state: Budget, now: number): number[];
}

/** What is stored under a kind is of that kind: `read` has looked. */
function machineOf(allowance: Allowance): Kept {
  if (allowance.counts === 'minute') {
    const step = minuteBudget(allowance);
    return {
      fresh: () => FRESH_MINUTES,
      step: (state, event, now) => step(state as MinuteBudget, event, now),
      frozen: (state) => (state as MinuteBudget).pages.flatMap(({ minute, frozen }) => (frozen ? [minute] : [])),
    };
  }
  const step = tokenBudget(allowance);
  return {
    fresh: (now) => freshTokens(allowance, now),
    step: (state, event, now) => step(state as TokenBudget, event, now),
    frozen: (state, now) => (now < (state as TokenBudget).frozen_until ? [0] : []),
  };
}
