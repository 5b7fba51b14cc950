import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BudgetEffect, type BudgetEvent, ECLINICALWORKS_BUDGET, LANES, type Lane, RESERVES } from './lanes.ts';
import type { Machine } from './machine.ts';
import { FRESH_MINUTES, MINUTE_MS, type MinuteBudget, minuteBudget } from './minute-budget.ts';
import { freshTokens, tokenBudget } from './token-budget.ts';

const MINUTE = 29_900_000;
const START = MINUTE * MINUTE_MS;
const step = minuteBudget(ECLINICALWORKS_BUDGET);

interface Ask {
  lane: Lane;
  wanted: number;
  ms: number;
  windows?: readonly number[];
  isProbe?: boolean;
}
const take = ({ lane, wanted, ms, windows = [MINUTE], isProbe = false }: Ask): BudgetEvent => ({
  type: 'take',
  take_id: '1',
  lane,
  windows,
  wanted,
  at: START + ms,
  isProbe,
});
const countOf = (effects: readonly BudgetEffect[]) =>
  effects.reduce((all, effect) => all + (effect.type === 'granted' ? effect.count : 0), 0);

function told<State>(machine: Machine<State, BudgetEvent, BudgetEffect>, begun: State, ...events: readonly [number, BudgetEvent][]) {
  let step = { state: begun, effects: [] as readonly BudgetEffect[] };
  for (const [ms, event] of events) step = machine(step.state, event, START + ms);
  return step;
}

const asks = fc.array(
  fc.record({ lane: fc.constantFrom(...LANES), wanted: fc.integer({ min: 1, max: 30 }), ms: fc.integer({ min: 0, max: 59_999 }) }),
  { maxLength: 80 },
);

describe('a budget that is counted by the minute', () => {
  it('gives no more than 225 of the 250 calls of a minute, whoever asks and however', () => {
    fc.assert(
      fc.property(asks, (all) => {
        const sorted = all.toSorted((a, b) => a.ms - b.ms);
        let state: MinuteBudget = FRESH_MINUTES;
        let given = 0;
        for (const ask of sorted) {
          const { state: next, effects } = step(state, take(ask), START + ask.ms);
          state = next;
          given += countOf(effects);
        }
        expect(given).toBeLessThanOrEqual(225);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('keeps for each lane its reserve in the first half of the minute, whatever the others took before', () => {
    const early = fc.array(fc.record({ lane: fc.constantFrom(...LANES), wanted: fc.integer({ min: 1, max: 60 }), ms: fc.constant(0) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(early, fc.constantFrom(...LANES), fc.integer({ min: 0, max: 30_000 }), (others, lane, ms) => {
        const before = others.filter((ask) => ask.lane !== lane).map((ask): [number, BudgetEvent] => [0, take(ask)]);
        const { state } = told(step, FRESH_MINUTES, ...before);
        const reserve = Math.floor(225 * RESERVES[lane]);
        expect(countOf(step(state, take({ lane, wanted: reserve, ms }), START + ms).effects)).toBe(reserve);
      }),
      { seed: 2, numRuns: 1000 },
    );
  });

  it('lets batch have what nobody else wanted of it, by the end of the minute', () => {
    let state: MinuteBudget = FRESH_MINUTES;
    let given = 0;
    for (let ms = 0; ms < MINUTE_MS; ms += 500) {
      const { state: next, effects } = step(state, take({ lane: 'batch', wanted: 6, ms }), START + ms);
      state = next;
      given += countOf(effects);
    }
    expect(given).toBeGreaterThanOrEqual(225 * 0.94);
  });

  it('keeps to the end of the minute what may be asked in its last second', () => {
    const batch: [number, BudgetEvent] = [59_900, take({ lane: 'batch', wanted: 225, ms: 59_900 })];
    const asked: [number, BudgetEvent] = [59_950, take({ lane: 'interactive', wanted: 9, ms: 59_950 })];
    expect(countOf(told(step, FRESH_MINUTES, batch, asked).effects)).toBe(8);
  });

  it('tells who gets nothing when there may be something', () => {
    const spent: [number, BudgetEvent] = [0, take({ lane: 'interactive', wanted: 225, ms: 0 })];
    const again = (ms: number) => told(step, FRESH_MINUTES, spent, [ms, take({ lane: 'interactive', wanted: 1, ms })]).effects;
    // 45 calls for writes and 22 for batch are kept until half of the minute is over.
    expect(countOf(told(step, FRESH_MINUTES, spent).effects)).toBe(225 - 45 - 22);
    expect(again(10_000)).toEqual([{ type: 'granted', take_id: '1', count: 0, again_in_ms: 20_000 }]);
    const batch: [number, BudgetEvent][] = [
      spent,
      [0, take({ lane: 'write', wanted: 45, ms: 0 })],
      [0, take({ lane: 'batch', wanted: 22, ms: 0 })],
    ];
    const all_spent = told(step, FRESH_MINUTES, ...batch, [45_000, take({ lane: 'batch', wanted: 1, ms: 45_000 })]).effects;
    expect(all_spent).toEqual([{ type: 'granted', take_id: '1', count: 0, again_in_ms: 15_000 }]);
  });

  it('charges a call that may fall into two minutes in both', () => {
    const both = [MINUTE, MINUTE + 1];
    const { state, effects } = told(step, FRESH_MINUTES, [59_500, take({ lane: 'interactive', wanted: 2, ms: 59_500, windows: both })]);
    expect(countOf(effects)).toBe(2);
    expect(state.pages.map(({ minute, given }) => [minute, given.interactive])).toEqual([
      [MINUTE, 2],
      [MINUTE + 1, 2],
    ]);
  });

  it('gives a node that does not know the vendor’s clock one call, also where a minute is spent, and twelve of those at most', () => {
    const many = [MINUTE - 1, MINUTE, MINUTE + 1];
    const spent: [number, BudgetEvent][] = LANES.map((lane) => [0, take({ lane, wanted: 225, ms: 0 })]);
    const probe: [number, BudgetEvent] = [100, take({ lane: 'batch', wanted: 1, ms: 100, windows: many, isProbe: true })];
    expect(countOf(told(step, FRESH_MINUTES, ...spent, [100, take({ lane: 'batch', wanted: 1, ms: 100, windows: many })]).effects)).toBe(0);
    expect(countOf(told(step, FRESH_MINUTES, ...spent, ...Array.from({ length: 12 }, () => probe)).effects)).toBe(1);
    expect(countOf(told(step, FRESH_MINUTES, ...spent, ...Array.from({ length: 13 }, () => probe)).effects)).toBe(0);
    expect(countOf(told(step, FRESH_MINUTES, ...spent, [50, { type: 'too_many', window: MINUTE }], probe).effects)).toBe(0);
  });

  it('gives nothing more of a minute that the vendor has closed, tells every node once, and gives half from then on, more each minute', () => {
    const closed: [number, BudgetEvent] = [5000, { type: 'too_many', window: MINUTE }];
    expect(told(step, FRESH_MINUTES, closed).effects).toEqual([{ type: 'frozen', window: MINUTE }]);
    expect(told(step, FRESH_MINUTES, closed, closed).effects).toEqual([]);
    expect(told(step, FRESH_MINUTES, closed, [6000, take({ lane: 'interactive', wanted: 1, ms: 6000 })]).effects).toEqual([
      { type: 'granted', take_id: '1', count: 0, again_in_ms: 54_000 },
    ]);
    const interactive = (minutes: number) => {
      const ms = minutes * MINUTE_MS;
      const all = take({ lane: 'interactive', wanted: 225, ms, windows: [MINUTE + minutes] });
      return countOf(told(step, FRESH_MINUTES, closed, [ms, all]).effects);
    };
    // A minute later half and a twentieth of 225 are 123 calls: all but the 24 and the 12 that are kept for the others.
    expect([1, 4, 10, 20].map(interactive)).toEqual([87, 111, 158, 158]);
  });

  it('takes the slowness that several nodes tell of in one minute for one', () => {
    const slow: [number, BudgetEvent] = [1000, { type: 'slow_down', window: MINUTE }];
    expect(told(step, FRESH_MINUTES, slow, slow, slow).state.rate.rate).toBe(0.5);
    expect(told(step, FRESH_MINUTES, slow, [61_000, { type: 'slow_down', window: MINUTE + 1 }]).state.rate.rate).toBeCloseTo(0.275);
  });

  it('is never turned down below a tenth, from which it could not come back', () => {
    const slow = Array.from({ length: 9 }, (_, n): [number, BudgetEvent] => [n * MINUTE_MS, { type: 'slow_down', window: MINUTE + n }]);
    expect(told(step, FRESH_MINUTES, ...slow).state.rate.rate).toBe(0.1);
  });

  it('does not believe a minute that is far from its own, and forgets what is over', () => {
    for (const minute of [MINUTE - 6, MINUTE + 6, 0, 1e9]) {
      expect(countOf(told(step, FRESH_MINUTES, [0, take({ lane: 'batch', wanted: 1, ms: 0, windows: [minute] })]).effects)).toBe(0);
      expect(told(step, FRESH_MINUTES, [0, { type: 'too_many', window: minute }]).state).toBe(FRESH_MINUTES);
    }
    const days = Array.from({ length: 2000 }, (_, n): [number, BudgetEvent] => [
      n * MINUTE_MS,
      take({ lane: 'batch', wanted: 1, ms: n * MINUTE_MS, windows: [MINUTE + n] }),
    ]);
    expect(told(step, FRESH_MINUTES, ...days).state.pages.length).toBeLessThanOrEqual(6);
  });
});

describe('a budget that flows', () => {
  const policy = { per_minute: 120, share: 0.5, reserves: RESERVES, burst: 20 };
  const flow = tokenBudget(policy);
  const full = freshTokens(policy, START);

  it('gives in any time no more than its burst and what flowed in', () => {
    fc.assert(
      fc.property(asks, (all) => {
        let state = full;
        let given = 0;
        for (const ask of all.toSorted((a, b) => a.ms - b.ms)) {
          const { state: next, effects } = flow(state, take(ask), START + ask.ms);
          state = next;
          given += countOf(effects);
          expect(given).toBeLessThanOrEqual(20 + Math.ceil(ask.ms / 1000));
        }
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  it('keeps for each lane its part of the burst and of the flow, whatever the others take', () => {
    for (const lane of LANES) {
      const others = LANES.filter((other) => other !== lane).map((other): [number, BudgetEvent] => [
        0,
        take({ lane: other, wanted: 99, ms: 0 }),
      ]);
      const { state } = told(flow, full, ...others);
      expect(countOf(flow(state, take({ lane, wanted: 99, ms: 0 }), START).effects)).toBe(Math.floor(20 * RESERVES[lane]));
      let [greedy, own] = [state, 0];
      for (let ms = 0; ms < 60_000; ms += 250) {
        for (const other of LANES.filter((each) => each !== lane))
          greedy = flow(greedy, take({ lane: other, wanted: 99, ms }), START + ms).state;
        if (ms % 1000 > 0) continue;
        const mine = flow(greedy, take({ lane, wanted: 1, ms }), START + ms);
        greedy = mine.state;
        own += countOf(mine.effects);
      }
      // 60 flow in within a minute.
      expect(own).toBeGreaterThanOrEqual(Math.floor(60 * RESERVES[lane]));
    }
  });

  it('gives one lane alone all that flows in', () => {
    let [state, given] = [full, 0];
    for (let ms = 0; ms <= 120_000; ms += 250) {
      const next = flow(state, take({ lane: 'batch', wanted: 6, ms }), START + ms);
      state = next.state;
      given += countOf(next.effects);
    }
    expect(given).toBeGreaterThanOrEqual(120);
  });

  it('gives nothing for a minute after the vendor refused, and then half', () => {
    const refused: [number, BudgetEvent] = [0, { type: 'too_many', window: MINUTE }];
    expect(told(flow, full, refused, [10_000, take({ lane: 'write', wanted: 1, ms: 10_000 })]).effects).toEqual([
      { type: 'granted', take_id: '1', count: 0, again_in_ms: 50_000 },
    ]);
    expect(told(flow, full, refused, refused).effects).toEqual([]);
    expect(told(flow, full, refused, [60_000, take({ lane: 'write', wanted: 1, ms: 60_000 })]).state.rate.rate).toBe(0.5);
  });

  it('saves up no more than its burst, however long nobody asks', () => {
    const later = 3_600_000;
    const all = LANES.map((lane): [number, BudgetEvent] => [later, take({ lane, wanted: 99, ms: 0 })]);
    const given = all.reduce(
      ({ state, count }, [, event]) => {
        const next = flow(state, event, START + later);
        return { state: next.state, count: count + countOf(next.effects) };
      },
      { state: full, count: 0 },
    );
    expect(given.count).toBe(20);
  });

  it('gives nothing where the clock is set back, and flows on from there', () => {
    const empty = told(flow, full, ...LANES.map((lane): [number, BudgetEvent] => [0, take({ lane, wanted: 99, ms: 0 })])).state;
    const back = flow(empty, take({ lane: 'batch', wanted: 1, ms: 0 }), START - 3_600_000);
    expect(countOf(back.effects)).toBe(0);
    expect(countOf(flow(back.state, take({ lane: 'batch', wanted: 9, ms: 0 }), START - 3_590_000).effects)).toBe(4);
  });
});
