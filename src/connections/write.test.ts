import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TROUBLES, type Trouble } from './taxonomy.ts';
import { type Attempt, dueAt, isOver, plannedWrite, type WriteEvent, type WriteRules, type WriteState, writeMachine } from './write.ts';

const RULES: WriteRules = {
  kind: 'create',
  marked: true,
  quiet_ms: 240_000,
  negatives_needed: 3,
  most_resends: 2,
  most_attempts: 5,
  look_for_ms: 3_600_000,
};
const NOW = 1_000_000;
const sent = { fence: 4, epoch: 2, sent_by: NOW + 30_000, body_sha256: 'ab' };
const attempt: Attempt = { ...sent, n: 1 };
const sending: WriteState = { is: 'sending', attempt, attempts: 1, resends: 0 };
const inDoubt: WriteState = { is: 'in_doubt', attempt, attempts: 1, resends: 0, since: NOW, looks: 0, negatives: 0, due_at: NOW };
const QUIET = attempt.sent_by + RULES.quiet_ms;
const looked = (began_at: number, ...there: string[]): WriteEvent => ({ type: 'looked', n: 1, began_at, finding: { there } });
const machine = writeMachine(RULES);
const stateAfter = (state: WriteState, event: WriteEvent, now = NOW, rules = RULES) => writeMachine(rules)(state, event, now).state;
const notApplied = (trouble: Trouble): WriteEvent => ({ type: 'answered', n: 1, roll: 0.5, outcome: { as: 'not_applied', trouble } });

describe('a write to a vendor', () => {
  it('is written down as being sent before it is sent', () => {
    const step = machine(plannedWrite(NOW), { type: 'taken', attempt: sent }, NOW);
    expect(step.state).toEqual(sending);
    expect(step.effects).toEqual([{ do: 'send', attempt }]);
  });
  it('is not begun before its time', () => {
    expect(stateAfter(plannedWrite(NOW + 1), { type: 'taken', attempt: sent })).toEqual(plannedWrite(NOW + 1));
  });
  it('is confirmed by a positive answer, and in doubt where the answer was lost or the process died', () => {
    expect(stateAfter(sending, { type: 'answered', n: 1, roll: 0, outcome: { as: 'applied', vendor_id: 'v1' } })).toEqual({
      is: 'confirmed',
      vendor_id: 'v1',
    });
    expect(stateAfter(sending, { type: 'answered', n: 1, roll: 0, outcome: { as: 'unknown' } }).is).toBe('in_doubt');
    expect(stateAfter(sending, { type: 'interrupted' }).is).toBe('in_doubt');
  });
  it('is sent again at once only where it was provably not applied and the trouble passes by itself', () => {
    for (const [trouble, { retry }] of Object.entries(TROUBLES) as [Trouble, { retry: string }][]) {
      const state = stateAfter(sending, notApplied(trouble));
      const is_over = retry === 'never' || trouble === 'FORBIDDEN_ROLE';
      expect([trouble, state.is]).toEqual([trouble, is_over ? 'rejected' : 'planned']);
    }
    expect(dueAt(stateAfter(sending, notApplied('AUTH_EXPIRED')))).toBe(NOW);
    expect(dueAt(stateAfter(sending, notApplied('RATE_LIMITED')))).toBeGreaterThan(NOW);
  });
  it('ends as not applied after so many attempts that the vendor provably refused', () => {
    expect(stateAfter({ ...sending, attempts: 5 }, notApplied('VENDOR_DOWN'))).toEqual({ is: 'rejected', trouble: 'VENDOR_DOWN' });
  });
  it('that the vendor says it has already may be ours: it is looked for where it was sent before', () => {
    expect(stateAfter(sending, notApplied('DUPLICATE'))).toEqual({ is: 'rejected', trouble: 'DUPLICATE' });
    expect(stateAfter({ ...sending, attempts: 2 }, notApplied('DUPLICATE')).is).toBe('in_doubt');
  });
  it('in doubt is confirmed as soon as its mark is found, and a second record with it goes to a person', () => {
    expect(stateAfter(inDoubt, looked(NOW, 'v7'))).toEqual({ is: 'confirmed', vendor_id: 'v7' });
    expect(stateAfter(inDoubt, looked(NOW, 'v7', 'v8'))).toMatchObject({ is: 'parked', why: 'found_twice', found: ['v7', 'v8'] });
  });
  it('in doubt is sent again only after three looks that did not find it, the last of them when nothing can come any more', () => {
    const one = stateAfter(inDoubt, looked(NOW));
    expect(one).toMatchObject({ is: 'in_doubt', negatives: 1 });
    const early = stateAfter({ ...inDoubt, negatives: 9 }, looked(QUIET - 1));
    expect(early).toMatchObject({ is: 'in_doubt', negatives: 10 });
    expect(stateAfter({ ...inDoubt, negatives: 1 }, looked(QUIET), QUIET)).toMatchObject({ is: 'in_doubt', negatives: 2 });
    expect(stateAfter({ ...inDoubt, negatives: 2 }, looked(QUIET), QUIET)).toEqual({
      is: 'planned',
      attempts: 1,
      resends: 1,
      due_at: QUIET,
    });
  });
  it('is sent again twice at most; then a person decides', () => {
    expect(stateAfter({ ...inDoubt, negatives: 2, resends: 2 }, looked(QUIET), QUIET)).toMatchObject({ is: 'parked', why: 'never_found' });
  });
  it('whose list cannot be read is not sent again, and goes to a person after an hour', () => {
    const blind: WriteEvent = { type: 'looked', n: 1, began_at: QUIET, finding: 'nothing' };
    expect(stateAfter({ ...inDoubt, negatives: 2 }, blind, QUIET)).toMatchObject({ is: 'in_doubt', negatives: 2 });
    expect(stateAfter({ ...inDoubt, negatives: 2 }, blind, NOW + RULES.look_for_ms)).toMatchObject({ is: 'parked', why: 'cannot_look' });
  });
  it('without a mark is told from the records that were there before, only when nothing more can come, and is never sent again by itself', () => {
    const rules = { ...RULES, marked: false };
    const doubt: WriteState = { ...inDoubt, negatives: 2, attempt: { ...attempt, before: ['v1'] } };
    expect(stateAfter(doubt, looked(NOW, 'v1', 'v2'), NOW, rules).is).toBe('in_doubt');
    expect(stateAfter(doubt, looked(QUIET, 'v1', 'v2'), QUIET, rules)).toEqual({ is: 'confirmed', vendor_id: 'v2' });
    expect(stateAfter(doubt, looked(QUIET, 'v1', 'v2', 'v3'), QUIET, rules)).toMatchObject({ is: 'parked', why: 'not_told_apart' });
    expect(stateAfter(doubt, looked(QUIET, 'v1'), QUIET, rules)).toMatchObject({ is: 'parked', why: 'not_told_apart' });
  });
  it('over a record that is not as its drafter saw it is refused before anything is sent, and one that reads so already is done', () => {
    const rules = { ...RULES, kind: 'update' as const };
    const saw = (finding: Extract<WriteEvent, { type: 'looked' }>['finding']): WriteEvent => ({
      type: 'looked',
      n: 0,
      began_at: NOW,
      finding,
    });
    expect(stateAfter(plannedWrite(NOW), saw('other'), NOW, rules)).toEqual({ is: 'rejected', trouble: 'CONFLICT' });
    expect(stateAfter(plannedWrite(NOW), saw({ there: ['v1'] }), NOW, rules)).toEqual({ is: 'confirmed', vendor_id: 'v1' });
    expect(stateAfter(plannedWrite(NOW), saw({ there: [] }), NOW, rules)).toEqual(plannedWrite(NOW));
    expect(stateAfter(inDoubt, { type: 'looked', n: 1, began_at: NOW, finding: 'other' }, NOW, rules)).toMatchObject({
      why: 'changed_by_another',
    });
  });
  it('that was in doubt before is looked for where the vendor says that the slot is taken: it may be ours', () => {
    const sent = (more: object): WriteState => ({ is: 'sending', attempt: { ...attempt, n: 2 }, attempts: 2, resends: 0, ...more });
    const taken: WriteEvent = { type: 'answered', n: 2, outcome: { as: 'not_applied', trouble: 'CONFLICT' }, roll: 0.5 };
    expect(stateAfter(sent({ resends: 1 }), taken)).toMatchObject({ is: 'in_doubt', attempts: 2, resends: 1 });
    // Where each attempt before was proven not to be there, it is somebody else's.
    expect(stateAfter(sent({}), taken)).toEqual({ is: 'rejected', trouble: 'CONFLICT' });
    const by_person = stateAfter({ is: 'parked', why: 'cannot_look', attempt, attempts: 1, resends: 0, found: [] }, SEND_AGAIN);
    expect(by_person).toMatchObject({ is: 'planned', resends: 1 });
  });
  it('can be taken back only while nothing of it was ever sent', () => {
    expect(stateAfter(plannedWrite(NOW), { type: 'cancelled' })).toEqual({ is: 'cancelled' });
    const begun: WriteState = { is: 'planned', attempts: 1, resends: 0, due_at: NOW };
    expect(stateAfter(begun, { type: 'cancelled' })).toBe(begun);
  });
  it('that is parked moves by a person alone', () => {
    const parked: WriteState = { is: 'parked', why: 'never_found', attempt, attempts: 3, resends: 2, found: [] };
    expect(stateAfter(parked, { type: 'resolved', by: { is: 'there', vendor_id: 'v3' } })).toEqual({ is: 'confirmed', vendor_id: 'v3' });
    expect(stateAfter(parked, { type: 'resolved', by: { is: 'given_up' } })).toEqual({ is: 'cancelled' });
    expect(stateAfter(parked, { type: 'resolved', by: { is: 'send_again' } })).toEqual({
      is: 'planned',
      attempts: 3,
      resends: 3,
      due_at: NOW,
    });
    expect(stateAfter(parked, looked(QUIET, 'v3'))).toBe(parked);
  });
});

const SEND_AGAIN: WriteEvent = { type: 'resolved', by: { is: 'send_again' } };
const instant = fc.integer({ min: 0, max: 2_000_000 });
const counts = { attempts: fc.integer({ min: 0, max: 20 }), resends: fc.integer({ min: 0, max: 3 }) };
const someAttempt = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  fence: fc.nat(),
  epoch: fc.nat(),
  sent_by: instant,
  body_sha256: fc.constant('ab'),
});
const trouble = fc.constantFrom(...(Object.keys(TROUBLES) as Trouble[]));
const states: fc.Arbitrary<WriteState> = fc.oneof(
  fc.record({ is: fc.constant('planned' as const), due_at: instant, ...counts }),
  fc.record({ is: fc.constant('sending' as const), attempt: someAttempt, ...counts }),
  fc.record({
    is: fc.constant('in_doubt' as const),
    attempt: someAttempt,
    since: instant,
    looks: fc.nat(9),
    negatives: fc.nat(5),
    due_at: instant,
    ...counts,
  }),
  fc.record({ is: fc.constant('confirmed' as const), vendor_id: fc.string() }),
  fc.record({ is: fc.constant('rejected' as const), trouble }),
  fc.constant({ is: 'cancelled' as const }),
  fc.record({
    is: fc.constant('parked' as const),
    why: fc.constant('never_found' as const),
    attempt: someAttempt,
    found: fc.constant([]),
    ...counts,
  }),
);
const events: fc.Arbitrary<WriteEvent> = fc.oneof(
  fc.record({ type: fc.constant('taken' as const), attempt: someAttempt }),
  fc.record({
    ...{ type: fc.constant('answered' as const), n: fc.integer({ min: 1, max: 3 }), roll: fc.double({ min: 0, max: 0.999, noNaN: true }) },
    outcome: fc.oneof(
      fc.constant({ as: 'unknown' as const }),
      fc.record({ as: fc.constant('applied' as const), vendor_id: fc.string() }),
      fc.record({ as: fc.constant('not_applied' as const), trouble }),
    ),
  }),
  fc.constant({ type: 'interrupted' as const }),
  fc.record({
    ...{ type: fc.constant('looked' as const), n: fc.integer({ min: 0, max: 3 }), began_at: instant },
    finding: fc.oneof(
      fc.constant('other' as const),
      fc.constant('nothing' as const),
      fc.record({ there: fc.array(fc.string(), { maxLength: 3 }) }),
    ),
  }),
  fc.record({ type: fc.constant('held' as const), trouble, roll: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
  fc.record({ type: fc.constant('resolved' as const), by: fc.constantFrom({ is: 'send_again' as const }, { is: 'given_up' as const }) }),
  fc.constant({ type: 'cancelled' as const }),
);
const rules = fc.record({
  kind: fc.constantFrom('create' as const, 'update' as const),
  marked: fc.boolean(),
  quiet_ms: fc.nat(300_000),
  negatives_needed: fc.constant(3),
  most_resends: fc.constant(2),
  most_attempts: fc.constant(12),
  look_for_ms: fc.constant(3_600_000),
});

describe('whatever comes, in whatever state', () => {
  it('nothing throws, what has no meaning changes nothing, and what is over stays so', () => {
    fc.assert(
      fc.property(rules, states, events, instant, (each, state, event, now) => {
        const { state: next, effects } = writeMachine(each)(state, event, now);
        if (isOver(state)) expect(next).toBe(state);
        if (next === state) expect(effects).toEqual([]);
      }),
      { seed: 20_261_122, numRuns: 20_000 },
    );
  });
  it('it is sent only out of `planned`, and from doubt it goes back to `planned` only when nothing of it can come any more', () => {
    fc.assert(
      fc.property(rules, states, events, instant, (each, state, event, now) => {
        const { state: next, effects } = writeMachine(each)(state, event, now);
        if (effects.some((effect) => effect.do === 'send')) expect([state.is, next.is]).toEqual(['planned', 'sending']);
        if (state.is === 'in_doubt' && next.is === 'planned') {
          expect(event.type === 'looked' && event.began_at >= state.attempt.sent_by + each.quiet_ms).toBe(true);
          expect(each.marked || each.kind === 'update').toBe(true);
        }
      }),
      { seed: 7, numRuns: 20_000 },
    );
  });
});
