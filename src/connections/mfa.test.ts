// Machine C: codes by a seed, by mail and by people; none is used twice, and none of somebody else's.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Factor, type FactorEvent, type FactorRule, factorMachine, type Message, maySendAt, NO_FACTOR } from './mfa.ts';
import { nextStep, totpCode } from './totp.ts';

const NOW = Date.UTC(2026, 10, 20, 14, 0, 10);
const MAIL: FactorRule = { channel: 'mail_code', senders: ['no-reply@vendor.example'], pattern: /code is (\d{6})/ };
const rules = { totp: { ...MAIL, channel: 'totp' }, mail: MAIL, push: { ...MAIL, channel: 'push' } } as const;
const message = (id: string, change: Partial<Message> = {}): Message => ({
  ...{ id, from: 'No-Reply@vendor.example', sent_at: NOW + 1_000, text: 'Your code is 123456.' },
  ...change,
});
const asked = (rule: FactorRule, from = NO_FACTOR) =>
  factorMachine(rule)(from, { on: 'asked', channel: rule.channel, date_ms: NOW - 500 }, NOW).state;

const EVENTS: Record<FactorEvent['on'], FactorEvent> = {
  asked: { on: 'asked', channel: 'mail_code', date_ms: NOW },
  tick: { on: 'tick' },
  mail: { on: 'mail', messages: [message('m1')] },
  typed: { on: 'typed' },
  refused: { on: 'refused', date_ms: NOW },
  denied: { on: 'denied' },
  accepted: { on: 'accepted' },
  left: { on: 'left' },
  person_acts: { on: 'person_acts' },
};
const waiting = asked(MAIL);
const sent = factorMachine(MAIL)(waiting, EVENTS.mail, NOW).state;
const STATES: Record<Factor['challenge']['at'], Factor> = {
  none: NO_FACTOR,
  waiting,
  submitted: sent,
  accepted: { ...sent, challenge: { at: 'accepted' } },
  expired: { ...sent, challenge: { at: 'expired' } },
  human: { ...sent, challenge: { at: 'human' } },
};
/** Half a minute after it was asked for; the pairs that are not here change nothing. */
const TABLE: Record<string, string> = {
  'none asked': 'waiting',
  'accepted asked': 'waiting',
  'expired asked': 'waiting',
  'human asked': 'waiting',
  'waiting tick': 'waiting resend',
  'waiting mail': 'submitted submit',
  'waiting typed': 'submitted submit',
  'waiting accepted': 'accepted',
  'waiting left': 'expired',
  'submitted refused': 'waiting',
  'submitted accepted': 'accepted',
  'submitted left': 'expired',
};

describe('the table of a second factor', () => {
  const pairs = Object.entries(STATES).flatMap(([at, state]) =>
    Object.values(EVENTS).map((event) => [`${at} ${event.on}`, state, event] as const),
  );
  it.each(pairs)('%s', (pair, from, event) => {
    const { state, effects } = factorMachine(MAIL)(from, event, NOW + 30_000);
    if (TABLE[pair] === undefined) expect({ state: state === from, effects }).toEqual({ state: true, effects: [] });
    else expect([state.challenge.at, ...effects.map((effect) => effect.do)].join(' ')).toBe(TABLE[pair]);
  });

  it('never throws, never goes back to a step, and keeps no text of a message', () => {
    const number = fc.oneof(fc.double(), fc.integer({ min: NOW - 200_000, max: NOW + 200_000 }));
    const events = fc.array(fc.tuple(fc.constantFrom(...Object.values(EVENTS)), number, number), { maxLength: 30 });
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(rules)), events, (rule, happening) => {
        const step = factorMachine(rule);
        let factor = asked(rule);
        for (const [event, date_ms, now] of happening) {
          const { state, effects } = step(factor, 'date_ms' in event ? { ...event, date_ms } : event, now);
          if (state === factor) expect(effects).toEqual([]);
          expect(state.last_used_step).toBeGreaterThanOrEqual(factor.last_used_step);
          expect(JSON.stringify([state, effects])).not.toContain('123456');
          for (const effect of effects)
            if (effect.do === 'submit' && 'step' in effect.by) expect(effect.by.step).toBe(state.last_used_step);
          factor = state;
        }
      }),
      { seed: 20_261_120, numRuns: 2_000 },
    );
  });
});

describe('a code of a seed', () => {
  it('is the one of RFC 6238, appendix B', () => {
    const seed = new TextEncoder().encode('12345678901234567890');
    const at = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000, 20_000_000_000];
    expect(at.map((s) => totpCode(seed, Math.floor(s / 30)))).toEqual(['287082', '081804', '050471', '005924', '279037', '353130']);
  });

  it('is of the present step by the vendor’s clock, of the next where less than four seconds are left or the present was used', () => {
    const start = 60_000_000;
    expect(nextStep(0, start + 26_000)).toEqual({ step: 2_000, from: start + 26_000 });
    expect(nextStep(0, start + 26_001)).toEqual({ step: 2_001, from: start + 30_000 });
    expect(nextStep(2_000, start + 5_000)).toEqual({ step: 2_001, from: start + 30_000 });
  });

  it('is written down before it leaves; two refused ones are a person’s matter, over several sign-ins too', () => {
    const step = factorMachine(rules.totp);
    const first = asked(rules.totp);
    expect(first.challenge).toMatchObject({ at: 'submitted', by: { step: first.last_used_step } });
    const refused = step(first, EVENTS.refused, NOW + 500).state;
    expect([refused.challenge.at, refused.rejections]).toEqual(['waiting', 1]);
    const again = asked(rules.totp, step(refused, EVENTS.left, NOW + 600).state);
    const later = step(again, EVENTS.tick, NOW + 40_000).state;
    expect(step(later, EVENTS.refused, NOW + 41_000).state.challenge).toEqual({ at: 'human' });
  });

  it('is not waited for where a clock must be wrong', () => {
    expect(asked(rules.totp, { ...NO_FACTOR, last_used_step: Math.floor(NOW / 30_000) + 20 }).challenge).toEqual({ at: 'human' });
  });
});

describe('a mailed code', () => {
  const step = factorMachine(MAIL);
  const used = (messages: readonly Message[], from = waiting) => step(from, { on: 'mail', messages }, NOW + 5_000).state.challenge;

  it('is the newest that was sent for us after we asked, by whom we expect, with one code in it', () => {
    expect(used([message('a', { sent_at: NOW - 5_001 })])).toBe(waiting.challenge);
    expect(used([message('a', { from: 'news@vendor.example' })])).toBe(waiting.challenge);
    expect(used([message('a', { text: 'Your code is 111111. Your code is 222222.' })])).toBe(waiting.challenge);
    expect(used([message('a'), message('b', { sent_at: NOW + 3_000 }), message('c', { sent_at: NOW + 2_000 })])).toMatchObject({
      by: { message_id: 'b' },
    });
  });

  it('is used once', () => {
    const refused = step(sent, { on: 'refused', date_ms: null }, NOW + 2_000).state;
    expect(used([message('m1')], refused)).toBe(refused.challenge);
  });

  it('is asked for twice in a quarter of an hour, and given up after two minutes', () => {
    const again = step(waiting, EVENTS.tick, NOW + 30_000);
    expect(again.effects).toEqual([{ do: 'resend' }]);
    const still = step(again.state, EVENTS.tick, NOW + 60_000);
    expect(still.effects).toEqual([]);
    expect(step(still.state, EVENTS.tick, NOW + 120_000).state.challenge).toEqual({ at: 'expired' });
    expect(maySendAt(still.state, MAIL, NOW + 120_000)).toBe(NOW + 15 * 60_000);
  });
});

describe('a person', () => {
  it('has ten minutes to approve a sign-in, and is asked for a code by a channel that we do not know', () => {
    const step = factorMachine(rules.push);
    const { state, effects } = step(NO_FACTOR, { on: 'asked', channel: 'push', date_ms: null }, NOW);
    expect(effects).toEqual([{ do: 'tell', what: 'MFA_REQUIRED' }]);
    expect(step(state, EVENTS.tick, NOW + 5_000).effects).toEqual([{ do: 'check' }]);
    expect(step(state, EVENTS.tick, NOW + 600_000).state.challenge).toEqual({ at: 'human' });
    expect(step(state, EVENTS.denied, NOW + 1_000).state.challenge).toEqual({ at: 'human' });
    const unknown = factorMachine(MAIL)(NO_FACTOR, { on: 'asked', channel: 'sms', date_ms: null }, NOW).state.challenge;
    expect(unknown).toMatchObject({ at: 'waiting', channel: 'person' });
  });
});
