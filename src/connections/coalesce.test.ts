import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CoalesceEvent, type CoalesceState, coalesce, type Question } from './coalesce.ts';

const QUESTION: Question = { tenant_id: 'a clinic', connection_id: 'eCW', role: 'nurse', request_sha256: 'labs of one patient' };
const asked = (call_id: string, change: Partial<Question> = {}): CoalesceEvent => ({
  type: 'asked',
  call_id,
  question: { ...QUESTION, ...change },
});
const answered = (call_id: string, isGood = true): CoalesceEvent => ({ type: 'answered', call_id, isGood });

/** Each with its moment in ms; answers the effects of the last. */
function effectsOf(...events: readonly [number, CoalesceEvent][]) {
  let state: CoalesceState = [];
  let effects: readonly unknown[] = [];
  for (const [now, event] of events) ({ state, effects } = coalesce(state, event, now));
  return { state, effects };
}

describe('the same read asked again', () => {
  it('while it is under way waits for the one that was sent', () => {
    expect(effectsOf([0, asked('1')], [10, asked('2')]).effects).toEqual([]);
    expect(effectsOf([0, asked('1')], [10, asked('2')], [20, answered('1')]).effects).toEqual([
      { type: 'answer', call_id: '1', of: '1' },
      { type: 'answer', call_id: '2', of: '1' },
      { type: 'wake', at: 3020 },
    ]);
  });

  it('within three seconds of its answer has that answer, and later is sent', () => {
    const begun = [
      [0, asked('1')],
      [20, answered('1')],
    ] as [number, CoalesceEvent][];
    expect(effectsOf(...begun, [3019, asked('2')]).effects).toEqual([{ type: 'answer', call_id: '2', of: '1' }]);
    expect(effectsOf(...begun, [3020, asked('2')]).effects).toEqual([
      { type: 'forget', call_id: '1' },
      { type: 'send', call_id: '2' },
    ]);
    expect(effectsOf(...begun, [3020, { type: 'woke' }])).toEqual({ state: [], effects: [{ type: 'forget', call_id: '1' }] });
  });

  it('for another role, clinic, connection or request is sent', () => {
    for (const change of [{ role: 'billing' }, { tenant_id: 'another' }, { connection_id: 'another' }, { request_sha256: 'another' }]) {
      expect(effectsOf([0, asked('1')], [1, asked('2', change)]).effects).toEqual([{ type: 'send', call_id: '2' }]);
      expect(effectsOf([0, asked('1')], [1, answered('1')], [2, asked('2', change)]).effects).toEqual([{ type: 'send', call_id: '2' }]);
    }
  });

  it('after trouble is sent: trouble is told only to those who waited', () => {
    expect(effectsOf([0, asked('1')], [1, answered('1', false)], [2, asked('2')]).effects).toEqual([{ type: 'send', call_id: '2' }]);
  });

  it('after a write is sent, also where the one before is still under way', () => {
    const wrote: CoalesceEvent = { type: 'wrote', tenant_id: 'a clinic', connection_id: 'eCW' };
    const elsewhere: CoalesceEvent = { ...wrote, connection_id: 'another' };
    expect(effectsOf([0, asked('1')], [1, wrote], [2, asked('2')]).effects).toEqual([{ type: 'send', call_id: '2' }]);
    expect(effectsOf([0, asked('1')], [1, answered('1')], [2, wrote], [3, asked('2')]).effects).toEqual([{ type: 'send', call_id: '2' }]);
    expect(effectsOf([0, asked('1')], [1, wrote], [2, answered('1')], [3, asked('2')]).effects).toEqual([{ type: 'send', call_id: '2' }]);
    expect(effectsOf([0, asked('1')], [1, elsewhere], [2, asked('2')]).effects).toEqual([]);
  });
});

it('whatever happens, every call is answered at most once, by a call of its own role that was sent after the last write', () => {
  const id = fc.integer({ min: 0, max: 11 });
  const role = (call: number) => `role ${call % 2}`;
  const event = fc.oneof(
    { weight: 5, arbitrary: id.map((n) => asked(String(n), { role: role(n) })) },
    { weight: 4, arbitrary: fc.tuple(id, fc.boolean()).map(([n, isGood]) => answered(String(n), isGood)) },
    fc.constant<CoalesceEvent>({ type: 'wrote', tenant_id: 'a clinic', connection_id: 'eCW' }),
    fc.constant<CoalesceEvent>({ type: 'woke' }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 2000 }), event), { maxLength: 60 }), (events) => {
      let state: CoalesceState = [];
      let now = 0;
      let wrote = -1;
      const asked_in = new Map<string, number>();
      const sent_in = new Map<string, number>();
      const known = new Set<string>();
      for (const [turn, [wait, each]] of events.entries()) {
        now += wait;
        if (each.type === 'asked') {
          if (asked_in.has(each.call_id)) continue; // ids of calls are not used twice
          asked_in.set(each.call_id, turn);
        }
        if (each.type === 'wrote') wrote = turn;
        const step = coalesce(state, each, now);
        state = step.state;
        for (const effect of step.effects) {
          if (effect.type === 'send') sent_in.set(effect.call_id, turn);
          if (effect.type !== 'answer') continue;
          expect(known.has(effect.call_id)).toBe(false);
          known.add(effect.call_id);
          expect(role(Number(effect.of))).toBe(role(Number(effect.call_id)));
          const asked_at = asked_in.get(effect.call_id) ?? 0;
          const lastWriteBefore = wrote <= asked_at ? wrote : -1;
          expect(sent_in.get(effect.of)).toBeGreaterThan(lastWriteBefore);
        }
      }
    }),
    { seed: 3, numRuns: 2000 },
  );
});
