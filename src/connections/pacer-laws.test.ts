// What holds of a pacer whatever it hears, in whatever order.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LANES } from './lanes.ts';
import { MINUTE_MS } from './minute-budget.ts';
import { freshPacer, pacer } from './pacer.ts';
import { ECLINICALWORKS_PACE, type PacerEffect, type PacerEvent, type Said } from './pacer-state.ts';

const MINUTE = 29_900_000;
const START = MINUTE * MINUTE_MS;
const POLICY = ECLINICALWORKS_PACE;

const startsIn = (effects: readonly PacerEffect[]) => effects.flatMap((effect) => (effect.type === 'start' ? [effect.call_id] : []));

it('whatever happens, no call starts twice or without a grant, no session has more than it may, and nothing throws', () => {
  const roll = fc.double({ min: 0, max: 0.999, noNaN: true });
  const call_id = fc.nat(30).map(String);
  const date_ms = fc.option(
    fc.oneof(
      fc.integer({ min: -100, max: 100 }).map((s) => START + s * 1000),
      fc.constantFrom(Number.NaN, 0),
    ),
  );
  const event: fc.Arbitrary<PacerEvent> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        type: fc.constant('asked' as const),
        ...{ call_id, account: fc.constantFrom('a', 'b', '__proto__'), lane: fc.constantFrom(...LANES), roll },
        deadline_at: fc.option(fc.integer({ min: 0, max: 300_000 }).map((ms) => START + ms)),
      }),
    },
    fc.record({ type: fc.constant('withdrawn' as const), call_id }),
    {
      weight: 8,
      arbitrary: fc.record({
        type: fc.constant('ended' as const),
        call_id,
        said: fc.constantFrom<Said>('answered', 'slow_down', 'too_many', 'nothing'),
        date_ms,
        roll,
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        type: fc.constant('granted' as const),
        take_id: fc.nat(40).map(String),
        count: fc.nat(6),
        again_in_ms: fc.nat(30_000),
        roll,
      }),
    },
    fc.record({ type: fc.constant('not_granted' as const), take_id: fc.nat(40).map(String), roll }),
    fc.record({ type: fc.constant('frozen' as const), window: fc.integer({ min: MINUTE - 3, max: MINUTE + 3 }), roll }),
    fc.record({ type: fc.constant('account_left' as const), account: fc.constantFrom('a', 'b') }),
    fc.record({ type: fc.constant('woke' as const), roll }),
  );
  const policy = fc.record({ counts: fc.constantFrom('minute' as const, 'flow' as const), concurrency: fc.integer({ min: 1, max: 3 }) });
  fc.assert(
    fc.property(policy, fc.array(fc.tuple(fc.nat(4000), event), { maxLength: 120 }), (some, events) => {
      const full = { ...POLICY, ...some };
      const step = pacer(full);
      let state = freshPacer(full, START);
      let now = START;
      let granted = 0;
      let started = 0;
      let wake_at: number | null = null;
      for (const [ms, each] of events) {
        now += ms;
        const before = state;
        const next = step(state, each, now);
        state = next.state;
        if (each.type === 'granted' && before.takes.some(({ take_id }) => take_id === each.take_id)) granted += each.count;
        for (const id of startsIn(next.effects)) {
          started += 1;
          const call = state.under_way.filter((under_way) => under_way.call_id === id);
          expect(call).toHaveLength(1);
          expect(before.under_way.some((under_way) => under_way.call_id === id)).toBe(false);
          expect(call[0]?.deadline_at ?? now).toBeGreaterThanOrEqual(now);
          expect(now).toBeGreaterThanOrEqual(state.frozen_until);
        }
        for (const account of ['a', 'b', '__proto__']) {
          const mine = state.under_way.filter((call) => call.account === account);
          expect(mine.length).toBeLessThanOrEqual(some.concurrency);
          expect(mine.filter(({ lane }) => lane === 'batch').length).toBeLessThanOrEqual(Math.max(1, some.concurrency - 1));
        }
        expect(state.held.every(({ left }) => left > 0)).toBe(true);
        // What waits is never forgotten: something is under way that will wake it, or it has said when.
        if (each.type === 'woke' && wake_at !== null && now >= wake_at) wake_at = null;
        for (const effect of next.effects) if (effect.type === 'wake') wake_at = effect.at;
        expect(state.waiting.length === 0 || state.under_way.length + state.takes.length > 0 || wake_at !== null).toBe(true);
      }
      expect(started).toBeLessThanOrEqual(granted);
    }),
    { seed: 17, numRuns: 2000 },
  );
});
