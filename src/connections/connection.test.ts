// Machine A: what a clinic sees of its account at a vendor.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifies } from '../../test/promises.ts';
import { type Connection, type ConnectionEvent, DRAFT, stepConnection, wordsOf } from './connection.ts';

const DAY = 24 * 60 * 60_000;
const NOW = Date.UTC(2026, 10, 20, 14);
const STATES: Record<Connection['at'], Connection> = {
  draft: DRAFT,
  authorizing: { at: 'authorizing', since: NOW },
  healthy: { at: 'healthy', since: NOW },
  degraded: { at: 'degraded', since: NOW, cause: 'NETWORK', failed_days: [] },
  action_required: { at: 'action_required', since: NOW, reason: 'AUTH_INVALID' },
  suspended: { at: 'suspended', since: NOW },
  revoked: { at: 'revoked', since: NOW },
};
const EVENTS: Record<ConnectionEvent['on'], ConnectionEvent> = {
  worked: { on: 'worked' },
  failed: { on: 'failed', cause: 'VENDOR_DOWN', share_failing: 0.1 },
  stopped: { on: 'stopped', reason: 'AUTH_LOCKED' },
  person_acted: { on: 'person_acted' },
  person_suspended: { on: 'person_suspended' },
  person_resumed: { on: 'person_resumed' },
  person_revoked: { on: 'person_revoked' },
};
const atWork = { failed: 'degraded', stopped: 'action_required', person_suspended: 'suspended', person_revoked: 'revoked' };
const TABLE: Record<Connection['at'], Record<string, string>> = {
  draft: { person_acted: 'authorizing', person_revoked: 'revoked' },
  authorizing: { ...atWork, worked: 'healthy' },
  healthy: atWork,
  degraded: { ...atWork, worked: 'healthy' },
  action_required: { person_acted: 'authorizing', person_suspended: 'suspended', person_revoked: 'revoked' },
  suspended: { person_resumed: 'authorizing', person_revoked: 'revoked' },
  revoked: {},
};

describe('the table of a connection', () => {
  const pairs = Object.values(STATES).flatMap((state) => Object.values(EVENTS).map((event) => [state.at, event.on, state, event] as const));
  it.each(pairs)('%s, %s', (at, on, from, event) => {
    const { state, effects } = stepConnection(from, event, NOW);
    const meant = TABLE[at][on];
    if (meant === undefined) expect({ state: state === from, effects }).toEqual({ state: true, effects: [] });
    else expect([state.at, effects.at(-1)]).toEqual([meant, { do: 'tell_changed' }]);
  });
});

verifies('wires:person-leaves-action-required', () => {
  const anything = fc.constantFrom(...Object.values(EVENTS).filter(({ on }) => !on.startsWith('person')));
  fc.assert(
    fc.property(fc.array(fc.tuple(anything, fc.double()), { maxLength: 20 }), (events) => {
      let state = STATES.action_required;
      for (const [event, now] of events) ({ state } = stepConnection(state, event, now));
      expect(state).toBe(STATES.action_required);
    }),
    { seed: 20_261_120 },
  );
  const sentence = /^[A-Z“].*[.]$/;
  for (const state of Object.values(STATES)) {
    const { says, next } = wordsOf(state);
    expect([says, next].every((words) => sentence.test(words))).toBe(true);
  }
  expect(wordsOf(STATES.action_required).next).toBe('Sign in at the vendor yourself; when that works, enter the same password here.');
});

describe('a connection that fails', () => {
  const fail = (from: Connection, at: number, share_failing = 0.1) =>
    stepConnection(from, { on: 'failed', cause: 'VENDOR_DOWN', share_failing }, at);

  it('is given up on the fourth day, not after the thousandth time', () => {
    let state = STATES.healthy;
    for (let n = 0; n < 1_000; n += 1) ({ state } = fail(state, NOW + n));
    expect(state).toMatchObject({ at: 'degraded', failed_days: ['2026-11-20'] });
    for (const day of [1, 2]) ({ state } = fail(state, NOW + day * DAY));
    expect(state.at).toBe('degraded');
    ({ state } = fail(state, NOW + 3 * DAY));
    expect(state).toMatchObject({ at: 'action_required', reason: 'VENDOR_DOWN' });
    expect(wordsOf(state).next).toContain('Try once');
  });

  it('is not blamed for a day on which half of the vendor’s accounts fail', () => {
    let state = STATES.healthy;
    for (let day = 0; day < 30; day += 1) ({ state } = fail(state, NOW + day * DAY, 0.5));
    expect(state).toMatchObject({ at: 'degraded', since: NOW, failed_days: [] });
  });

  it('tells of a new cause once', () => {
    const first = fail(STATES.healthy, NOW);
    expect(first.effects).toEqual([{ do: 'tell_changed' }]);
    expect(fail(first.state, NOW + 1)).toEqual({ state: first.state, effects: [] });
  });
});
