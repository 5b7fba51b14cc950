import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTRACT_LIMITS, type ContractEvent, type ContractState, maySend, newContract, stepContract, type Verdict } from './contract.ts';
import type { Difference } from './differences.ts';

const MINUTE = 60_000;
const CLEAN: Verdict = { differences: [] };
const difference = (severity: Difference['severity']): Difference => ({
  severity,
  kind: 'missing',
  where: '$.id',
  was: 'always there',
  is: 'missing or empty',
  times: 1,
});
const BROKEN: Verdict = { differences: [difference('break')] };

const on = (state: ContractState, now: number, ...events: ContractEvent[]): ContractState =>
  events.reduce((before, event) => stepContract(before, event, now).state, state);
const fresh = (effect: 'read' | 'write') => newContract({ effect, baseline: {}, now: 0 });

/** Ticks and answers every look, until so many were answered. */
function looked(state: ContractState, verdicts: readonly Verdict[], from: number): { state: ContractState; now: number } {
  let [now, at] = [from, state];
  for (const verdict of verdicts) {
    now = Math.max(now, at.next_look_at);
    at = on(at, now, { is: 'tick' });
    at = on(at, now + 1000, { is: 'looked', look: at.looks, verdict });
  }
  return { state: at, now };
}
const times = (count: number, verdict: Verdict) => Array.from({ length: count }, () => verdict);
const active = (effect: 'read' | 'write') => looked(on(fresh(effect), 0, { is: 'approved' }), times(20, CLEAN), 0).state;

describe('a contract', () => {
  it('lets nothing through before a person has let it be tried', () => {
    const { state, effects } = stepContract(fresh('read'), { is: 'page', page: 'p', of: 'answer', verdict: CLEAN }, 1);
    expect(effects).toEqual([{ do: 'withhold', page: 'p' }]);
    expect(maySend(state)).toBe(false);
  });

  it('is active after twenty clean looks on trial, five minutes apart', () => {
    const trial = on(fresh('write'), 0, { is: 'approved' });
    const { state, now } = looked(trial, times(19, CLEAN), 0);
    expect(state.standing).toBe('canary');
    expect(looked(state, [CLEAN], now).state.standing).toBe('active');
    expect(now).toBe(19 * 5 * MINUTE);
  });

  it('knows what is left out for as long as a page or a look shows it, and tells it once', () => {
    const DAY = 24 * 60 * MINUTE;
    const odd: Verdict = { differences: [{ ...difference('warn'), kind: 'new_value', where: '$.unit' }] };
    const read = (state: ContractState, verdict: Verdict, now: number) =>
      stepContract(state, { is: 'page', page: 'p', of: 'answer', verdict }, now);
    const first = read(active('read'), odd, 1);
    expect(first.effects.filter((effect) => effect.do === 'tell')).toHaveLength(1);
    const later = read(first.state, odd, 30 * DAY);
    expect(later.effects.filter((effect) => effect.do === 'tell')).toEqual([]);
    expect(later.state.left_out).toEqual([{ difference: odd.differences[0], seen_at: 30 * DAY }]);
    // A page without it says nothing of the others, for a week; so does a look.
    expect(read(later.state, CLEAN, 36 * DAY).state.left_out).toHaveLength(1);
    expect(read(later.state, CLEAN, 37 * DAY).state.left_out).toEqual([]);
    expect(looked(later.state, [odd], 36 * DAY).state.left_out).toEqual([{ difference: odd.differences[0], seen_at: 36 * DAY + 1000 }]);
  });

  it('refuses the form that broke and every one after it', () => {
    const first = stepContract(active('write'), { is: 'page', page: 'p1', of: 'form', verdict: BROKEN }, 1);
    expect(first.state.standing).toBe('quarantined');
    expect(first.effects).toMatchObject([
      { do: 'refuse_send', page: 'p1' },
      { do: 'tell', severity: 'break' },
    ]);
    expect(maySend(first.state)).toBe(false);
    expect(stepContract(first.state, { is: 'page', page: 'p2', of: 'form', verdict: CLEAN }, 2).effects).toEqual([
      { do: 'refuse_send', page: 'p2' },
    ]);
  });

  it('keeps an answer that broke, and reads nothing of it', () => {
    const { state, effects } = stepContract(active('read'), { is: 'page', page: 'p', of: 'answer', verdict: BROKEN }, 1);
    expect(effects[0]).toEqual({ do: 'withhold', page: 'p' });
    expect(stepContract(state, { is: 'page', page: 'q', of: 'answer', verdict: CLEAN }, 2).effects).toEqual([
      { do: 'withhold', page: 'q' },
    ]);
  });

  it('never sends for a surface that is only read', () => {
    expect(stepContract(active('read'), { is: 'page', page: 'p', of: 'form', verdict: CLEAN }, 1).effects).toEqual([
      { do: 'refuse_send', page: 'p' },
    ]);
  });

  it('opens again after twenty clean looks in a row, not after nineteen, a break and one', () => {
    const stopped = on(active('write'), 9e6, { is: 'page', page: 'p', of: 'form', verdict: BROKEN });
    const broken = looked(stopped, [...times(19, CLEAN), BROKEN, ...times(19, CLEAN)], 9e6);
    expect(broken.state.standing).toBe('quarantined');
    expect(looked(broken.state, [CLEAN], broken.now).state.standing).toBe('active');
  });

  it('counts the answer to one look once, and none to a look before the break', () => {
    let state = on(active('write'), 9e6, { is: 'tick' });
    const old = state.looks;
    state = on(state, 9e6, { is: 'page', page: 'p', of: 'form', verdict: BROKEN });
    expect(on(state, 9e6, { is: 'looked', look: old, verdict: CLEAN })).toBe(state);
    state = on(state, 9e6 + 5 * MINUTE, { is: 'tick' });
    const answer: ContractEvent = { is: 'looked', look: state.looks, verdict: CLEAN };
    state = on(state, 9e6 + 6 * MINUTE, answer);
    expect(state.clean).toBe(1);
    expect(on(state, 9e6 + 6 * MINUTE, answer)).toBe(state);
  });

  it('looks at a surface that nobody has read for five minutes, and not at one that was just read', () => {
    const now = 9e6;
    const read = on(active('read'), now, { is: 'page', page: 'p', of: 'answer', verdict: CLEAN });
    expect(stepContract(read, { is: 'tick' }, now + 4 * MINUTE).effects).toEqual([]);
    const deferred = on(read, now + 4 * MINUTE, { is: 'tick' });
    expect(stepContract(deferred, { is: 'tick' }, now + 5 * MINUTE).effects).toEqual([{ do: 'look', look: read.looks + 1 }]);
  });

  it('says a thing once', () => {
    const page: ContractEvent = { is: 'page', page: 'p', of: 'answer', verdict: { differences: [difference('warn')] } };
    const first = stepContract(active('read'), page, 1);
    expect(first.effects.map((effect) => effect.do)).toEqual(['normalize', 'count_unmapped', 'tell']);
    expect(stepContract(first.state, page, 2).effects.map((effect) => effect.do)).toEqual(['normalize', 'count_unmapped']);
  });

  it('takes any events in any order: none throws, and nothing is sent out of force', () => {
    const verdict = fc.constantFrom(CLEAN, BROKEN, { differences: [difference('warn')] });
    const event: fc.Arbitrary<ContractEvent> = fc.oneof(
      fc.constantFrom<ContractEvent>(
        { is: 'approved' },
        { is: 'tick' },
        { is: 'cleared' },
        { is: 'retired' },
        { is: 'baseline', baseline: {} },
      ),
      fc.record({
        is: fc.constant('page' as const),
        page: fc.constant('p'),
        of: fc.constantFrom('answer' as const, 'form' as const),
        verdict,
      }),
      fc.record({ is: fc.constant('looked' as const), look: fc.nat(30), verdict }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('read' as const, 'write' as const),
        fc.array(fc.tuple(event, fc.nat(10 * MINUTE)), { maxLength: 200 }),
        (effect, events) => {
          let [state, now, clean] = [fresh(effect), 0, 0];
          for (const [each, wait] of events) {
            now += wait;
            const next = stepContract(state, each, now);
            if (next.state === state)
              expect(next.effects.every(({ do: what }) => what === 'withhold' || what === 'refuse_send')).toBe(true);
            for (const { do: what } of next.effects) {
              if (what === 'let_send') expect(['canary', 'active', 'suspect']).toContain(state.standing);
              if (what === 'let_send' || what === 'normalize') expect(next.state.standing).not.toBe('quarantined');
            }
            if (each.is === 'looked' && next.state !== state) clean = each.verdict === BROKEN ? 0 : clean + 1;
            if (next.state.standing === 'quarantined' && state.standing !== 'quarantined') clean = 0;
            if (state.standing === 'quarantined' && !['quarantined', 'retired'].includes(next.state.standing))
              expect(clean).toBeGreaterThanOrEqual(CONTRACT_LIMITS.clean_looks);
            if (state.standing === 'retired') expect(next.state).toBe(state);
            state = next.state;
          }
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });
});
