// Machine D: a lease is never thought to last longer than the database lets it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FREE, isGood, LEASE_MS, type Lease, type LeaseEvent, leaseMachine, RENEW_MS, timeFor } from './lease.ts';

const step = leaseMachine(LEASE_MS);
const ASKING: Lease = { at: 'asking', asked_at: 1_000 };
const HELD: Lease = { at: 'held', fence: 4, good_until: 61_000, asked_at: null };
const RENEWING: Lease = { ...HELD, asked_at: 22_000 };
const STATES = { free: FREE, asking: ASKING, held: HELD, renewing: RENEWING };
const EVENTS: LeaseEvent[] = [
  { on: 'wanted' },
  { on: 'granted', fence: 4, asked_at: 1_000 },
  { on: 'granted', fence: 4, asked_at: 22_000 },
  { on: 'refused', asked_at: 1_000 },
  { on: 'refused', asked_at: 22_000 },
  { on: 'unheard', asked_at: 1_000 },
  { on: 'unheard', asked_at: 22_000 },
  { on: 'disowned' },
  { on: 'tick' },
  { on: 'done' },
];
/** At 22 s: what each pair leads to; the others change nothing. */
const TABLE: Record<string, string> = {
  'free wanted': 'asking take',
  'asking granted 1000': 'held',
  'asking refused 1000': 'free',
  'asking unheard 1000': 'free',
  'held disowned': 'free',
  'held tick': 'held renew',
  'held done': 'free release',
  'renewing granted 22000': 'held',
  'renewing refused 22000': 'free',
  'renewing unheard 22000': 'held',
  'renewing disowned': 'free',
  'renewing done': 'free release',
};

describe('the table of a lease', () => {
  const pairs = Object.entries(STATES).flatMap(([at, state]) =>
    EVENTS.map((event) => [`${at} ${event.on}${'asked_at' in event ? ` ${event.asked_at}` : ''}`, state, event] as const),
  );
  it.each(pairs)('%s', (pair, from, event) => {
    const { state, effects } = step(from, event, 22_000);
    if (TABLE[pair] === undefined) expect({ state: state === from, effects }).toEqual({ state: true, effects: [] });
    else expect([state.at, ...effects.map((effect) => effect.do)].join(' ')).toBe(TABLE[pair]);
  });
});

describe('a lease', () => {
  it('lasts from before it was asked for, whenever the answer is read', () => {
    const { state } = step(ASKING, { on: 'granted', fence: 9, asked_at: 1_000 }, 55_000);
    expect(state).toEqual({ at: 'held', fence: 9, good_until: 1_000 + LEASE_MS, asked_at: null });
    expect([isGood(state, 60_999), isGood(state, 61_000)]).toEqual([true, false]);
  });

  it('that was granted anew under another fence is not the one that is held', () => {
    expect(step(RENEWING, { on: 'granted', fence: 5, asked_at: 22_000 }, 23_000).state).toBe(FREE);
  });

  it('is renewed when a third is gone, and given up when it has run out', () => {
    expect(step(HELD, { on: 'tick' }, 1_000 + RENEW_MS - 1).state).toBe(HELD);
    expect(step(HELD, { on: 'tick' }, 1_000 + RENEW_MS).effects).toEqual([{ do: 'renew', fence: 4 }]);
    expect(step(HELD, { on: 'tick' }, 61_000).state).toBe(FREE);
  });

  it('lets a request take no longer than five seconds before its end', () => {
    expect([timeFor(HELD, 30_000, 1_000), timeFor(HELD, 30_000, 40_000), timeFor(HELD, 30_000, 57_000), timeFor(FREE, 30_000, 0)]).toEqual([
      30_000, 16_000, 0, 0,
    ]);
  });

  it('is never good after the database may have given it to another, in any order of events', () => {
    const event = fc.oneof(
      fc.constantFrom(...EVENTS),
      fc.record({ on: fc.constant('granted' as const), fence: fc.nat(4), asked_at: fc.constant(-1) }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.nat(40_000)), { maxLength: 40 }), (events) => {
        let [lease, now, last_asked]: [Lease, number, number] = [FREE, 0, Number.NEGATIVE_INFINITY];
        for (const [happens, ms] of events) {
          now += ms;
          // Mostly the answer to what was asked last.
          const answer = 'asked_at' in happens && happens.asked_at < 0 ? { ...happens, asked_at: last_asked } : happens;
          const { state, effects } = step(lease, answer, now);
          if (effects.some((effect) => effect.do !== 'release')) last_asked = now;
          lease = state;
          if (isGood(lease, now)) expect(lease.good_until).toBeLessThanOrEqual(last_asked + LEASE_MS);
          expect(timeFor(lease, 30_000, now)).toBeLessThanOrEqual(30_000);
        }
        for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, -1]) for (const each of EVENTS) step(lease, each, odd);
      }),
      { seed: 20_261_120, numRuns: 2_000 },
    );
  });
});
