import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, type DeliveryEvent, delivery, type Endpoint, endpoint, GIVE_UP_AFTER_MS, SCHEDULE_MS, settle } from './webhook.ts';

const NOW = Date.UTC(2026, 10, 20, 15);
const waiting: Delivery = { status: 'waiting', attempts: 0, due_at: null, claim: null, reason: null, answer: null };
const healthy: Endpoint = { status: 'enabled', failures: 0, failing_since: null, paused_until: null, disabled_reason: null };
const sending = (attempts = 1): Delivery => ({ ...waiting, status: 'sending', attempts, claim: 'c' });
const failing = (roll = 0): DeliveryEvent => ({ type: 'unanswered', claim: 'c', reason: 'timed_out', roll });

describe('a delivery', () => {
  it('is counted and claimed before it is sent', () => {
    expect(delivery(waiting, { type: 'take', claim: 'c' }, NOW)).toEqual({ state: sending(1), effects: [{ type: 'send', claim: 'c' }] });
    const later = { ...waiting, due_at: NOW + 1 };
    expect(delivery(later, { type: 'take', claim: 'c' }, NOW).state).toBe(later);
  });

  it.each([200, 204, 299])('is delivered by %i', (answer) => {
    expect(delivery(sending(), { type: 'answered', claim: 'c', answer, roll: 0 }, NOW)).toEqual({
      state: { ...sending(), status: 'delivered', claim: null, answer },
      effects: [{ type: 'endpoint', event: { type: 'succeeded' } }],
    });
  });

  it.each([0, 101, 199, 300, 302, 400, 401, 404, 429, 500, 503])('is not delivered by %i', (answer) => {
    expect(delivery(sending(), { type: 'answered', claim: 'c', answer, roll: 0 }, NOW).state).toMatchObject({
      status: 'waiting',
      reason: 'refused',
      answer,
    });
  });

  it('waits 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h between its eight attempts, and is dead after the last', () => {
    const waits: (number | null)[] = [];
    let state = waiting;
    for (let now = NOW; state.status === 'waiting'; now = Math.max(now, state.due_at ?? now)) {
      state = delivery(state, { type: 'take', claim: 'c' }, now).state;
      state = delivery(state, failing(), now).state;
      waits.push(state.due_at === null ? null : state.due_at - now);
    }
    expect(waits.map((wait) => (wait === null ? 'dead' : wait / 1000))).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000, 'dead']);
    expect(state).toMatchObject({ status: 'dead', attempts: SCHEDULE_MS.length, reason: 'timed_out' });
  });

  it('is never tried sooner than the schedule says, nor a fifth later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempts, roll) => {
        const wait = (delivery(sending(attempts), failing(roll), NOW).state.due_at ?? 0) - NOW;
        const planned = SCHEDULE_MS[attempts] as number;
        expect(wait).toBeGreaterThanOrEqual(planned);
        expect(wait).toBeLessThanOrEqual(planned * 1.2);
      }),
    );
  });

  it('whose sender has ended is tried again, and its last attempt counts too', () => {
    expect(delivery(sending(1), { type: 'lost', claim: 'c', roll: 0 }, NOW)).toEqual({
      state: { ...waiting, attempts: 1, due_at: NOW + 5_000, reason: 'process_ended' },
      effects: [],
    });
    expect(delivery(sending(8), { type: 'lost', claim: 'c', roll: 0 }, NOW).state.status).toBe('dead');
  });

  it('that may not be dialled is not tried again', () => {
    expect(delivery(sending(), { type: 'unanswered', claim: 'c', reason: 'not_allowed_outside', roll: 0 }, NOW).state).toMatchObject({
      status: 'dead',
      reason: 'not_allowed_outside',
    });
  });

  it('does not hear an answer to an attempt that was given up', () => {
    for (const event of [
      { type: 'answered', claim: 'of before', answer: 200, roll: 0 },
      { ...failing(), claim: 'of before' },
      { type: 'lost', claim: 'of before', roll: 0 },
    ] as DeliveryEvent[])
      expect(delivery(sending(2), event, NOW)).toEqual({ state: sending(2), effects: [] });
  });

  it('is sent again by a person from the first attempt, if it is dead', () => {
    const dead: Delivery = { ...waiting, status: 'dead', attempts: 8, reason: 'timed_out' };
    expect(delivery(dead, { type: 'replay' }, NOW).state).toEqual({ ...dead, status: 'waiting', attempts: 0 });
    for (const state of [waiting, sending(), { ...waiting, status: 'delivered' } as Delivery])
      expect(delivery(state, { type: 'replay' }, NOW).state).toBe(state);
  });

  it('answers an event without a meaning with the very same state, and never throws', () => {
    const means: Record<Delivery['status'], readonly DeliveryEvent['type'][]> = {
      waiting: ['take', 'endpoint_disabled'],
      sending: ['answered', 'unanswered', 'lost'],
      delivered: [],
      dead: ['replay'],
    };
    const events: DeliveryEvent[] = [
      { type: 'take', claim: 'c' },
      { type: 'answered', claim: 'c', answer: 200, roll: 0.5 },
      failing(),
      { type: 'lost', claim: 'c', roll: 0.5 },
      { type: 'endpoint_disabled' },
      { type: 'replay' },
    ];
    for (const [status, meant] of Object.entries(means))
      for (const event of events) {
        const state = { ...sending(), status: status as Delivery['status'], ...(status !== 'sending' && { claim: null }) };
        const step = delivery(state, event, NOW);
        expect([status, event.type, step.state !== state]).toEqual([status, event.type, meant.includes(event.type)]);
        if (!meant.includes(event.type)) expect(step.effects).toEqual([]);
      }
  });
});

describe('an endpoint', () => {
  it('that fails is left alone for 5 s, twice as long after each further failure, and never more than 5 min', () => {
    let state = healthy;
    const breaths: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      state = endpoint(state, { type: 'failed' }, NOW).state;
      breaths.push(((state.paused_until ?? 0) - NOW) / 1000);
    }
    expect(breaths).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300, 300]);
    expect(endpoint(state, { type: 'succeeded' }, NOW).state).toEqual(healthy);
  });

  it('is disabled after five days of nothing but failures, to the millisecond, and one success begins them anew', () => {
    const since = endpoint(healthy, { type: 'failed' }, NOW).state;
    const before = endpoint(since, { type: 'failed' }, NOW + GIVE_UP_AFTER_MS - 1).state;
    expect(before.status).toBe('enabled');
    expect(endpoint(before, { type: 'failed' }, NOW + GIVE_UP_AFTER_MS).state).toMatchObject({
      status: 'disabled',
      disabled_reason: 'five_days_of_failures',
    });
    const well = endpoint(before, { type: 'succeeded' }, NOW + GIVE_UP_AFTER_MS - 1).state;
    expect(endpoint(well, { type: 'failed' }, NOW + GIVE_UP_AFTER_MS).state.status).toBe('enabled');
  });

  it('is disabled by 410 and by a person, and hears of nothing until a person enables it', () => {
    const gone = endpoint(healthy, { type: 'gone' }, NOW).state;
    expect(gone).toMatchObject({ status: 'disabled', disabled_reason: 'gone' });
    expect(endpoint(healthy, { type: 'disable' }, NOW).state).toMatchObject({ status: 'disabled', disabled_reason: 'by_person' });
    for (const type of ['succeeded', 'failed', 'gone', 'disable'] as const) expect(endpoint(gone, { type }, NOW).state).toBe(gone);
    expect(endpoint(gone, { type: 'enable' }, NOW).state).toEqual(healthy);
    expect(endpoint(healthy, { type: 'enable' }, NOW).state).toBe(healthy);
  });
});

describe('both together', () => {
  it('what would wait for an endpoint that is disabled meanwhile is dead', () => {
    const off: Endpoint = { ...healthy, status: 'disabled', disabled_reason: 'by_person' };
    expect(settle({ delivery: sending(), endpoint: off }, failing(), NOW).delivery).toMatchObject({
      status: 'dead',
      reason: 'endpoint_disabled',
    });
    expect(
      settle({ delivery: sending(), endpoint: off }, { type: 'answered', claim: 'c', answer: 200, roll: 0 }, NOW).delivery.status,
    ).toBe('delivered');
  });
  it('what waits for an endpoint that was enabled again goes on waiting', () => {
    const both = { delivery: waiting, endpoint: healthy };
    expect(settle(both, { type: 'endpoint_disabled' }, NOW)).toEqual({ ...both, sends: false });
  });
  it('410 is the end of both', () => {
    const both = settle({ delivery: sending(), endpoint: healthy }, { type: 'answered', claim: 'c', answer: 410, roll: 0 }, NOW);
    expect([both.delivery, both.endpoint]).toMatchObject([
      { status: 'dead', reason: 'gone' },
      { status: 'disabled', disabled_reason: 'gone' },
    ]);
  });
});
