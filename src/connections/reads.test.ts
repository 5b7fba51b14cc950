import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANES, type Lane } from './lanes.ts';
import { beginRead, type ReadEvent, type ReadState, stepRead } from './reads.ts';
import { isTrouble, TROUBLES, type Trouble } from './taxonomy.ts';

const NOW = Date.UTC(2026, 10, 20, 14);
const started = (epoch = 1): ReadEvent => ({ type: 'started', epoch });
const answered = (said: 'ok' | 'not_found' | Trouble, roll = 0.5, retry_after_s: number | null = null): ReadEvent => ({
  type: 'answered',
  said,
  roll,
  retry_after_s,
});
const WOKE: ReadEvent = { type: 'woke' };

/** Each with its moment, in ms from the beginning; answers the last step. */
function readOf({ lane = 'interactive' as Lane, last_good_at = null as number | null }, ...events: readonly [number, ReadEvent][]) {
  let step = beginRead({ lane, last_good_at }, NOW);
  for (const [ms, event] of events) step = stepRead(step.state, event, NOW + ms);
  return step;
}
const failed = (trouble: Trouble, retry_after_s: number | null = null) => ({
  type: 'answer',
  answer: { outcome: 'failed', trouble, retry_after_s },
});

describe('a read of a vendor', () => {
  it('is sent when the pacer says so, and answered', () => {
    expect(readOf({}, [0, started(4)]).effects).toEqual([{ type: 'send', epoch: 4 }]);
    expect(readOf({}, [0, started()], [90, answered('ok')]).effects).toEqual([{ type: 'answer', answer: { outcome: 'ok' } }]);
    for (const said of ['not_found', 'NOT_FOUND'] as const) {
      expect(readOf({}, [0, started()], [90, answered(said)]).effects).toEqual([{ type: 'answer', answer: { outcome: 'not_found' } }]);
    }
  });

  it.each<[Lane, number]>([
    ['interactive', 3],
    ['write', 3],
    ['batch', 5],
  ])('in the lane %s is tried at most %i times, and only where the trouble passes', (lane, most) => {
    const tries = (many: number) =>
      Array.from(
        { length: many },
        () =>
          [
            [1, started()],
            [2, answered('NETWORK', 0)],
            [3, WOKE],
          ] as [number, ReadEvent][],
      ).flat();
    expect(readOf({ lane }, ...tries(most - 1)).effects).toMatchObject([{ type: 'pace', lane }]);
    expect(readOf({ lane }, ...tries(most - 1), [4, started()], [5, answered('NETWORK', 0)]).effects).toEqual([failed('NETWORK')]);
    const lasting = Object.keys(TROUBLES)
      .filter(isTrouble)
      .filter((trouble) => !['RATE_LIMITED', 'VENDOR_DOWN', 'NETWORK', 'AUTH_EXPIRED', 'NOT_FOUND'].includes(trouble));
    for (const trouble of lasting) expect(readOf({ lane }, [0, started()], [1, answered(trouble)]).effects).toEqual([failed(trouble)]);
  });

  it('rests before it is tried again, by its own roll, and at least as long as the vendor asks', () => {
    expect(readOf({}, [0, started()], [100, answered('VENDOR_DOWN', 0.5)]).effects).toEqual([{ type: 'wake', at: NOW + 100 + 250 }]);
    expect(readOf({}, [0, started()], [100, answered('RATE_LIMITED', 0, 4)]).effects).toEqual([{ type: 'wake', at: NOW + 100 + 4000 }]);
    expect(readOf({}, [0, started()], [100, answered('VENDOR_DOWN', 0.5)], [200, WOKE]).effects).toEqual([]);
    expect(readOf({ lane: 'batch' }, [0, started()], [1, answered('NETWORK', 1)]).effects).toEqual([{ type: 'wake', at: NOW + 1 + 2000 }]);
  });

  it('is not tried again where that would come too late: it says so, and when to ask again', () => {
    expect(readOf({}, [0, started()], [100, answered('RATE_LIMITED', 0, 30)]).effects).toEqual([failed('RATE_LIMITED', 30)]);
    expect(readOf({}, [100, { type: 'refused', trouble: 'RATE_LIMITED', retry_after_s: 31 }]).effects).toEqual([
      failed('RATE_LIMITED', 31),
    ]);
  });

  it('has one free try on a new session when the sign-in has ended', () => {
    const once = [
      [0, started(7)],
      [50, answered('AUTH_EXPIRED')],
    ] as [number, ReadEvent][];
    expect(readOf({}, ...once).effects).toEqual([{ type: 'renew', epoch: 7 }]);
    expect(readOf({}, ...once, [60, { type: 'renewed', epoch: 7 }]).effects).toEqual([]);
    expect(readOf({}, ...once, [60, { type: 'renewed', epoch: 8 }]).effects).toMatchObject([{ type: 'pace' }]);
    expect(readOf({}, ...once, [60, { type: 'renewed', epoch: 8 }]).state.attempts).toBe(0);
    expect(readOf({}, ...once, [60, { type: 'not_renewed', trouble: 'MFA_REQUIRED' }]).effects).toEqual([failed('MFA_REQUIRED')]);
    const twice = [...once, [60, { type: 'renewed', epoch: 8 }], [61, started(8)], [90, answered('AUTH_EXPIRED')]] as [number, ReadEvent][];
    expect(readOf({}, ...twice).effects).toEqual([failed('AUTH_EXPIRED')]);
  });

  it('gives what was read earlier, with its date, where the trouble is the vendor’s, and not where we may not read any more', () => {
    const kept = { last_good_at: NOW - 60_000 };
    expect(readOf(kept, [0, started()], [1, answered('CONTRACT_DRIFT')]).effects).toEqual([
      { type: 'answer', answer: { outcome: 'stale_served', as_of: NOW - 60_000, because: 'CONTRACT_DRIFT' } },
    ]);
    expect(readOf(kept, [0, started()], [10_000, WOKE]).effects).toMatchObject([
      { answer: { outcome: 'stale_served', because: 'VENDOR_DOWN' } },
    ]);
    for (const trouble of ['FORBIDDEN_ROLE', 'AUTH_INVALID', 'AUTH_LOCKED', 'VALIDATION', 'AMBIGUOUS'] as const) {
      expect(readOf(kept, [0, started()], [1, answered(trouble)]).effects).toEqual([failed(trouble)]);
    }
  });

  it('ends after ten seconds, wherever it is', () => {
    expect(readOf({}, [10_000, WOKE]).effects).toEqual([{ type: 'withdraw' }, failed('RATE_LIMITED')]);
    expect(readOf({}, [0, started()], [10_000, WOKE]).effects).toEqual([failed('VENDOR_DOWN')]);
    expect(readOf({}, [0, started()], [1, answered('AUTH_EXPIRED')], [10_000, WOKE]).effects).toEqual([failed('AUTH_EXPIRED')]);
    expect(readOf({}, [10_000, started()]).effects).toEqual([{ type: 'withdraw' }, failed('RATE_LIMITED')]);
  });

  it('takes an answer that comes late, but before it was told that its time is over', () => {
    expect(readOf({}, [0, started()], [10_200, answered('ok')]).effects).toEqual([{ type: 'answer', answer: { outcome: 'ok' } }]);
    expect(readOf({}, [0, started()], [10_200, answered('NETWORK', 0)]).effects).toEqual([failed('NETWORK')]);
  });

  it('goes back to the pacer where it was not sent, and that was no try', () => {
    expect(readOf({}, [0, { type: 'not_sent' }]).effects).toMatchObject([{ type: 'pace' }]);
    expect(readOf({}, [0, started()], [1, { type: 'not_sent' }]).state).toMatchObject({ phase: 'queued', attempts: 0 });
  });
});

it('whatever happens to a read, it is sent at most as often as it may be, answered at most once, and answered by its deadline', () => {
  const trouble = fc.constantFrom(...Object.keys(TROUBLES).filter(isTrouble));
  const said = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom('ok' as const, 'not_found' as const) },
    { weight: 6, arbitrary: trouble },
    {
      weight: 9,
      arbitrary: fc.constantFrom('NETWORK' as const, 'VENDOR_DOWN' as const, 'AUTH_EXPIRED' as const),
    },
  );
  const event: fc.Arbitrary<ReadEvent> = fc.oneof(
    fc.record({ type: fc.constant('started' as const), epoch: fc.nat(9) }),
    fc.record({ type: fc.constant('refused' as const), trouble, retry_after_s: fc.nat(60) }),
    fc.constant({ type: 'not_sent' as const }),
    fc.record({
      type: fc.constant('answered' as const),
      said,
      retry_after_s: fc.option(fc.nat(9)),
      roll: fc.double({ min: 0, max: 0.999, noNaN: true }),
    }),
    fc.record({ type: fc.constant('renewed' as const), epoch: fc.nat(9) }),
    fc.record({ type: fc.constant('not_renewed' as const), trouble }),
    fc.constant(WOKE),
  );
  const lane = fc.constantFrom(...LANES);
  fc.assert(
    fc.property(
      lane,
      fc.option(fc.constant(NOW - 1)),
      fc.array(fc.tuple(fc.nat(3000), event), { maxLength: 60 }),
      (of, last_good_at, events) => {
        let { state }: { state: ReadState } = beginRead({ lane: of, last_good_at }, NOW);
        let now = NOW;
        let [sent, unsent, answers] = [0, 0, 0];
        for (const [ms, each] of events) {
          now += ms;
          if (each.type === 'not_sent' && state.phase === 'sent') unsent += 1;
          const step = stepRead(state, each, now);
          if (step.effects.length === 0) expect(step.state).toBe(state);
          sent += step.effects.filter(({ type }) => type === 'send').length;
          answers += step.effects.filter(({ type }) => type === 'answer').length;
          state = step.state;
        }
        expect(sent - unsent).toBeLessThanOrEqual((of === 'batch' ? 5 : 3) + 1);
        expect(answers).toBe(Number(state.phase === 'done'));
        if (state.deadline_at !== null) expect(stepRead(state, WOKE, state.deadline_at).state.phase).toBe('done');
      },
    ),
    { seed: 11, numRuns: 3000 },
  );
});
