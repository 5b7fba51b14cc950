// Machine B: its whole table, pair by pair; what has no meaning in a state changes nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifies } from '../../test/promises.ts';
import { beganLogin, endedLogin, NO_LOGINS, nextLogin } from './login-budget.ts';
import { COLD, mayLoginAt, type Session, type SessionEvent, sessionMachine } from './session.ts';

const NOW = Date.UTC(2026, 10, 20, 14);
const RULE = { user_id: 'att-bot', practice_code: 'JUNIPER', lock_after: 5, lock_window_ms: 30 * 60_000 };
const step = sessionMachine(RULE);
const TOKENS = { jar: 'sealed', ttl_ms: 60 * 60_000, idle_limit_ms: 20 * 60_000, can_refresh: true };

type At = Session['stage']['at'];
const proven: Session = { ...COLD, is_proven: true, epoch: 7 };
const open = beganLogin(NO_LOGINS, RULE, NOW - 1_000);
const STATES: Record<At, Session> = {
  cold: proven,
  authenticating: { ...proven, budget: open, stage: { at: 'authenticating', is_probe: false } },
  mfa_pending: { ...proven, budget: open, stage: { at: 'mfa_pending', is_probe: false } },
  live: { ...proven, stage: { at: 'live', since: NOW - 50 * 60_000, used_at: NOW - 10 * 60_000, ...TOKENS } },
  refreshing: { ...proven, stage: { at: 'refreshing' } },
  refresh_in_doubt: { ...proven, stage: { at: 'refresh_in_doubt' } },
  expired: { ...proven, stage: { at: 'expired', not_before: NOW } },
  locked_out: { ...proven, stage: { at: 'locked_out', until: NOW } },
  blocked: { ...proven, stage: { at: 'blocked' } },
  dead: { ...proven, stage: { at: 'dead', why: 'AUTH_INVALID' } },
};
const EVENTS: Record<SessionEvent['on'], SessionEvent> = {
  need: { on: 'need' },
  home: { on: 'home', user_id: 'att-bot', practice_code: 'JUNIPER', lot: 0.5, ...TOKENS },
  mfa: { on: 'mfa' },
  mfa_expired: { on: 'mfa_expired', lot: 0.5 },
  mfa_human: { on: 'mfa_human' },
  wrong_code: { on: 'wrong_code', lot: 0.5 },
  bad_password: { on: 'bad_password' },
  no_password: { on: 'no_password' },
  stopped: { on: 'stopped', why: 'PASSWORD_CHANGE' },
  unanswered: { on: 'unanswered', lot: 0.5 },
  unsent: { on: 'unsent', lot: 0.5 },
  refreshed: { on: 'refreshed', ...TOKENS },
  refresh_refused: { on: 'refresh_refused' },
  used: { on: 'used' },
  auth_expired: { on: 'auth_expired', epoch: 7 },
  evicted: { on: 'evicted', epoch: 7 },
  tick: { on: 'tick', is_quiet: true },
  taken_over: { on: 'taken_over', is_code_out: false, lot: 0.5 },
  locked: { on: 'locked', window_ms: 60 * 60_000 },
  bot_wall: { on: 'bot_wall' },
  person_consents: { on: 'person_consents' },
  password_entered: { on: 'password_entered' },
};

/** Every pair that does something: where it goes, and what is done. The others change nothing. */
const TABLE: Partial<Record<At, Partial<Record<SessionEvent['on'], string>>>> = {
  cold: { need: 'authenticating login' },
  expired: { need: 'authenticating login' },
  refresh_in_doubt: { need: 'authenticating login' },
  authenticating: {
    home: 'live',
    mfa: 'mfa_pending',
    bad_password: 'dead tell AUTH_INVALID',
    no_password: 'dead tell AUTH_INVALID',
    stopped: 'dead tell PASSWORD_CHANGE',
    unanswered: 'expired',
    unsent: 'expired',
    taken_over: 'expired',
  },
  mfa_pending: {
    home: 'live',
    mfa_expired: 'expired',
    mfa_human: 'dead tell MFA_REQUIRED',
    wrong_code: 'mfa_pending',
    bad_password: 'dead tell AUTH_INVALID',
    no_password: 'dead tell AUTH_INVALID',
    stopped: 'dead tell PASSWORD_CHANGE',
    unanswered: 'expired',
    unsent: 'expired',
    taken_over: 'expired',
  },
  live: {
    stopped: 'dead tell PASSWORD_CHANGE',
    used: 'live',
    auth_expired: 'refreshing refresh',
    evicted: 'expired tell EVICTED',
    tick: 'refreshing refresh',
    password_entered: 'live',
  },
  refreshing: {
    unanswered: 'refresh_in_doubt',
    unsent: 'refresh_in_doubt',
    refreshed: 'live',
    refresh_refused: 'expired',
    taken_over: 'refresh_in_doubt',
  },
  locked_out: { person_consents: 'authenticating login', password_entered: 'locked_out' },
  blocked: { person_consents: 'authenticating login', password_entered: 'blocked' },
  dead: { person_consents: 'authenticating login', password_entered: 'cold' },
};
const meantBy = (at: At, on: SessionEvent['on']): string | undefined => {
  if (on === 'locked') return 'locked_out tell AUTH_LOCKED';
  if (on === 'bot_wall') return at === 'blocked' ? undefined : 'blocked tell AUTOMATION_BLOCKED';
  if (on === 'password_entered' && (at === 'cold' || at === 'expired' || at === 'refresh_in_doubt')) return at;
  return TABLE[at]?.[on];
};
const PAIRS = Object.keys(STATES).flatMap((at) => Object.keys(EVENTS).map((on) => [at as At, on as SessionEvent['on']] as const));

describe('the table of a session', () => {
  it.each(PAIRS)('%s, %s', (at, on) => {
    const { state, effects } = step(STATES[at], EVENTS[on], NOW);
    const meant = meantBy(at, on);
    if (meant === undefined) {
      expect(state).toBe(STATES[at]);
      expect(effects).toEqual([]);
    } else
      expect([state.stage.at, ...effects.map((effect) => ('what' in effect ? `tell ${effect.what}` : effect.do))].join(' ')).toBe(meant);
  });

  it('never throws, whatever comes when, and does nothing that it has not written down', () => {
    const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, NOW));
    const event = fc
      .constantFrom(...Object.values(EVENTS))
      .chain((each) =>
        fc
          .record({ lot: fc.double({ min: 0, max: 0.999, noNaN: true }), epoch: number, window_ms: number })
          .map((odd) => ({ ...each, ...odd })),
      );
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(STATES)), fc.array(fc.tuple(event, number), { maxLength: 30 }), (from, events) => {
        let session = from;
        for (const [happens, now] of events) {
          const { state, effects } = step(session, happens as SessionEvent, now);
          if (state === session) expect(effects).toEqual([]);
          for (const effect of effects) if (effect.do === 'login') expect(state.budget.logins.at(-1)?.answer).toBe('open');
          for (const effect of effects) if (effect.do === 'refresh') expect(JSON.stringify(state)).not.toContain('sealed');
          session = state;
        }
      }),
      { seed: 20_261_120, numRuns: 2_000 },
    );
  });
});

describe('a session', () => {
  const gone = (from: Session, ...events: SessionEvent[]) => events.reduce((state, event) => step(state, event, NOW).state, from);

  it('counts a page as home only with the user and the practice', () => {
    const splash = { ...EVENTS.home, user_id: null } as SessionEvent;
    expect(gone(STATES.authenticating, splash).stage.at).toBe('expired');
    const other = { ...EVENTS.home, practice_code: 'ELM' } as SessionEvent;
    expect(gone(STATES.authenticating, other).stage).toEqual({ at: 'dead', why: 'CONTRACT_DRIFT' });
  });

  it('takes no notice of an expiry of an older epoch, and does not spend a token early while people wait', () => {
    expect(gone(STATES.live, { on: 'auth_expired', epoch: 6 })).toBe(STATES.live);
    expect(gone(STATES.live, { on: 'tick', is_quiet: false })).toBe(STATES.live);
  });

  it('sends a password that never worked once: a lost answer waits for a person', () => {
    const first = { ...STATES.authenticating, is_proven: false };
    expect(gone(first, EVENTS.unanswered).stage).toEqual({ at: 'dead', why: 'IN_DOUBT' });
    expect(gone(first, EVENTS.taken_over, EVENTS.need).stage).toEqual({ at: 'dead', why: 'IN_DOUBT' });
  });

  it('asks a person once after a lock, and again after that one attempt', () => {
    const locked = gone(STATES.authenticating, { on: 'locked', window_ms: 60_000 });
    expect(locked.stage).toEqual({ at: 'locked_out', until: NOW + 30 * 60_000 });
    expect(gone(locked, EVENTS.need, EVENTS.person_consents)).toBe(locked);
    const later = NOW + 31 * 60_000;
    const probe = step(locked, EVENTS.person_consents, later).state;
    expect(probe.stage).toEqual({ at: 'authenticating', is_probe: true });
    expect(step(probe, EVENTS.unanswered, later).state.stage).toEqual({ at: 'dead', why: 'IN_DOUBT' });
  });

  it('leaves the account to a person who signed in with it for ten minutes, but not where it was our own late login', () => {
    expect(mayLoginAt(gone(STATES.live, EVENTS.evicted), RULE, NOW)).toBe(NOW + 10 * 60_000);
    const ours = { ...STATES.live, doubt_until: NOW + 1 };
    expect(mayLoginAt(gone(ours, EVENTS.evicted), RULE, NOW)).toBe(NOW);
  });

  it('never spends a token twice: whatever happens after it was written down, a login follows', () => {
    for (const on of ['unanswered', 'unsent', 'taken_over'] as const) {
      const { state, effects } = step(gone(STATES.refreshing, EVENTS[on]), EVENTS.need, NOW);
      expect([state.stage.at, effects]).toEqual(['authenticating', [{ do: 'login' }]]);
    }
  });
});

verifies('wires:login-budget', () => {
  const minute = fc.integer({ min: 0, max: 3 * 24 * 60 });
  const answer = fc.constantFrom('right', 'wrong', 'unknown', 'unsent');
  fc.assert(
    fc.property(fc.array(fc.tuple(minute, answer), { maxLength: 60 }), fc.integer({ min: 2, max: 10 }), (asked, lock_after) => {
      const rule = { lock_after, lock_window_ms: 30 * 60_000 };
      let budget = NO_LOGINS;
      const sent: { at: number; answer: string }[] = [];
      for (const [at_min, became] of asked.toSorted(([a], [b]) => a - b)) {
        const now = NOW + at_min * 60_000;
        if (nextLogin(budget, rule, now) > now) continue;
        budget = endedLogin(beganLogin(budget, rule, now), became as 'right');
        if (became !== 'unsent') sent.push({ at: now, answer: became });
      }
      const most = (window_ms: number, of: typeof sent) =>
        Math.max(0, ...of.map(({ at }) => of.filter((other) => other.at >= at && other.at < at + window_ms).length));
      expect(most(15 * 60_000, sent)).toBeLessThanOrEqual(2);
      expect(most(24 * 60 * 60_000, sent)).toBeLessThanOrEqual(6);
      expect(
        most(
          rule.lock_window_ms,
          sent.filter((login) => login.answer === 'wrong'),
        ),
      ).toBeLessThanOrEqual(Math.floor(lock_after / 2));
    }),
    { seed: 20_261_120, numRuns: 3_000 },
  );
});
