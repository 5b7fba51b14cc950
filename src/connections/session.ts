// The session of one vendor account, owned by exactly one node at a time. Machine B of connectors.md §1.3; its `now` is the clock of the books, which all nodes share.
import {
  beganLogin,
  endedLogin,
  type LockRule,
  type LoginAnswer,
  type LoginBudget,
  mayBeWrong,
  NO_LOGINS,
  nextLogin,
  provenPassword,
  refusedCode,
} from './login-budget.ts';
import { type Machine, type Step, unmoved } from './machine.ts';
import type { Trouble } from './taxonomy.ts';

type Stage =
  | { readonly at: 'cold' }
  /** `is_probe`: a person asked for this one attempt; nothing follows it by itself. */
  | { readonly at: 'authenticating'; readonly is_probe: boolean }
  | { readonly at: 'mfa_pending'; readonly is_probe: boolean }
  | ({ readonly at: 'live'; readonly since: number; readonly used_at: number } & Tokens)
  /** Written before the token is spent. The token is no longer in the books from here on: whatever happens, nobody can spend it a second time. */
  | { readonly at: 'refreshing' }
  | { readonly at: 'refresh_in_doubt' }
  | { readonly at: 'expired'; readonly not_before: number }
  | { readonly at: 'locked_out'; readonly until: number }
  | { readonly at: 'blocked' }
  | { readonly at: 'dead'; readonly why: Trouble };

/** What the vendor gave: `jar` is sealed (cookies, tokens, CSRF, session storage) and is never read here. */
export interface Tokens {
  readonly jar: string;
  readonly ttl_ms: number;
  readonly idle_limit_ms: number;
  /** It holds a token that can be exchanged for the next, once. */
  readonly can_refresh: boolean;
}

export interface Session {
  readonly stage: Stage;
  /** Of the last session that was live; the first is 1. */
  readonly epoch: number;
  readonly budget: LoginBudget;
  /** The password has worked. One that never has is sent once, whatever becomes of the answer. */
  readonly is_proven: boolean;
  /** How many sign-ins in a row provably never left. */
  readonly unsent: number;
  /** Until then a login whose answer was lost may still take effect at the vendor, and end the session that we have: then it was we. */
  readonly doubt_until: number;
}

export type SessionEvent =
  | { readonly on: 'need' }
  /** The vendor shows its home page. It counts as one only with the user and the practice that we signed in for. */
  | ({ readonly on: 'home'; readonly user_id: string | null; readonly practice_code: string | null; readonly lot: number } & Tokens)
  | { readonly on: 'mfa' }
  | { readonly on: 'mfa_expired'; readonly lot: number }
  | { readonly on: 'mfa_human' }
  | { readonly on: 'wrong_code'; readonly lot: number }
  | { readonly on: 'bad_password' }
  /** There is none to be sent. */
  | { readonly on: 'no_password' }
  /** A page that only a person may answer. */
  | { readonly on: 'stopped'; readonly why: 'PASSWORD_CHANGE' | 'ACTION_REQUIRED' | 'FORBIDDEN_ROLE' }
  /** No answer, or one that does not tell what was done: time-out, 5xx, cut off. `lot` is drawn in [0, 1). */
  | { readonly on: 'unanswered'; readonly lot: number }
  | { readonly on: 'unsent'; readonly lot: number }
  | ({ readonly on: 'refreshed' } & Tokens)
  | { readonly on: 'refresh_refused' }
  | { readonly on: 'used' }
  | { readonly on: 'auth_expired'; readonly epoch: number }
  | { readonly on: 'evicted'; readonly epoch: number }
  /** `is_quiet`: nobody in front of a screen waits for this account. */
  | { readonly on: 'tick'; readonly is_quiet: boolean }
  /** The lease is another process's than the one that wrote this state. */
  | { readonly on: 'taken_over'; readonly is_code_out: boolean; readonly lot: number }
  | { readonly on: 'locked'; readonly window_ms: number }
  | { readonly on: 'bot_wall' }
  /** “Try once”. */
  | { readonly on: 'person_consents' }
  | { readonly on: 'password_entered' };

export type SessionEffect =
  | { readonly do: 'login' }
  | { readonly do: 'refresh'; readonly epoch: number }
  | { readonly do: 'tell'; readonly what: Trouble | 'EVICTED' };

export interface SessionRule extends LockRule {
  readonly user_id: string;
  readonly practice_code: string;
}

export const COLD: Session = { stage: { at: 'cold' }, epoch: 0, budget: NO_LOGINS, is_proven: false, unsent: 0, doubt_until: 0 };

const LOCKED_MS = 30 * 60_000;
/** A second person signed in with the account: it is theirs for a while. */
const EVICTED_MS = 10 * 60_000;
/** A login may take effect so long after its answer was given up (connectors.md §1.6, web). */
export const LATE_MS = 120_000;
const BACKOFF_MS = 2_000;
const LONGEST_BACKOFF_MS = 60_000;

/** From when on a login may be sent by itself: Infinity where only a person can say so. */
export function mayLoginAt({ stage, budget }: Session, rule: LockRule, now: number): number {
  switch (stage.at) {
    case 'cold':
    case 'refresh_in_doubt':
      return nextLogin(budget, rule, now);
    case 'expired':
      return nextLogin(budget, rule, Math.max(now, stage.not_before));
    default:
      return Number.POSITIVE_INFINITY;
  }
}

export function sessionMachine(rule: SessionRule): Machine<Session, SessionEvent, SessionEffect> {
  return (session, event, now) => {
    const { stage, budget } = session;
    const isSigningIn = stage.at === 'authenticating' || stage.at === 'mfa_pending';
    switch (event.on) {
      case 'need':
        if (stage.at === 'live') return now < stage.since + stage.ttl_ms ? unmoved(session) : renewed(session, now);
        return mayLoginAt(session, rule, now) <= now ? signIn(session, rule, now, false) : unmoved(session);
      case 'home': {
        if (!isSigningIn) return unmoved(session);
        const { user_id, practice_code } = event;
        // A splash or a maintenance page stands at the same address; another practice's home is worse than none.
        if (user_id === null || practice_code === null) return unanswered(session, event.lot, now);
        if (user_id !== rule.user_id || practice_code !== rule.practice_code) return stopped(session, 'CONTRACT_DRIFT', 'right');
        return live({ ...session, budget: endedLogin(budget, 'right'), is_proven: true }, event, now);
      }
      case 'mfa':
        if (stage.at !== 'authenticating') return unmoved(session);
        return { state: { ...session, stage: { ...stage, at: 'mfa_pending' }, budget: provenPassword(budget), unsent: 0 }, effects: [] };
      case 'wrong_code': {
        if (stage.at !== 'mfa_pending') return unmoved(session);
        const after = { ...session, budget: refusedCode(budget, now) };
        if (mayBeWrong(after.budget, rule, now)) return { state: after, effects: [] };
        return stage.is_probe ? stopped(after, 'MFA_REQUIRED', 'right') : later(after, 'right', event.lot, now);
      }
      case 'mfa_human':
        return stage.at === 'mfa_pending' ? stopped(session, 'MFA_REQUIRED', 'right') : unmoved(session);
      case 'mfa_expired':
        if (stage.at !== 'mfa_pending') return unmoved(session);
        return stage.is_probe ? stopped(session, 'MFA_REQUIRED', 'right') : later(session, 'right', event.lot, now);
      case 'bad_password':
        return isSigningIn ? stopped(session, 'AUTH_INVALID', 'wrong') : unmoved(session);
      case 'no_password':
        return isSigningIn ? stopped(session, 'AUTH_INVALID', 'unsent') : unmoved(session);
      case 'stopped':
        return isSigningIn || stage.at === 'live' ? stopped(session, event.why, 'right') : unmoved(session);
      case 'unanswered':
        if (stage.at === 'refreshing') return { state: { ...session, stage: { at: 'refresh_in_doubt' } }, effects: [] };
        return isSigningIn ? unanswered(session, event.lot, now) : unmoved(session);
      case 'unsent':
        if (stage.at === 'refreshing') return { state: { ...session, stage: { at: 'refresh_in_doubt' } }, effects: [] };
        if (stage.at === 'mfa_pending') return later(session, 'right', event.lot, now); // the password was sent, the code was not
        if (stage.at !== 'authenticating') return unmoved(session);
        return stage.is_probe ? stopped(session, 'NETWORK', 'unsent') : later(session, 'unsent', event.lot, now);
      case 'refreshed':
        return stage.at === 'refreshing' ? live(session, event, now) : unmoved(session);
      case 'refresh_refused':
        return stage.at === 'refreshing'
          ? { state: { ...session, stage: { at: 'expired', not_before: now } }, effects: [] }
          : unmoved(session);
      case 'used':
        // Written down ten times in an idle limit, not at each use.
        if (stage.at !== 'live' || !(now - stage.used_at > stage.idle_limit_ms / 10)) return unmoved(session);
        return { state: { ...session, stage: { ...stage, used_at: now } }, effects: [] };
      case 'auth_expired':
        return stage.at === 'live' && event.epoch === session.epoch ? renewed(session, now) : unmoved(session);
      case 'evicted': {
        if (stage.at !== 'live' || event.epoch !== session.epoch) return unmoved(session);
        const isOurs = now < session.doubt_until;
        const state: Session = { ...session, stage: { at: 'expired', not_before: isOurs ? now : now + EVICTED_MS } };
        return { state, effects: isOurs ? [] : [{ do: 'tell', what: 'EVICTED' }] };
      }
      case 'tick': {
        if (stage.at !== 'live' || !stage.can_refresh || !event.is_quiet) return unmoved(session);
        const isOld = now - stage.since > 0.8 * stage.ttl_ms || now - stage.used_at > 0.7 * stage.idle_limit_ms;
        return isOld ? renewed(session, now) : unmoved(session);
      }
      case 'taken_over':
        if (stage.at === 'refreshing') return { state: { ...session, stage: { at: 'refresh_in_doubt' } }, effects: [] };
        if (stage.at === 'mfa_pending' && !event.is_code_out && !stage.is_probe) return later(session, 'right', event.lot, now);
        return isSigningIn ? unanswered(session, event.lot, now) : unmoved(session);
      case 'locked': {
        const until = now + Math.max(event.window_ms, LOCKED_MS);
        if (stage.at === 'locked_out' && !(until > stage.until)) return unmoved(session);
        return {
          state: { ...session, stage: { at: 'locked_out', until }, budget: endedLogin(budget, 'wrong') },
          effects: [tell('AUTH_LOCKED')],
        };
      }
      case 'bot_wall':
        if (stage.at === 'blocked') return unmoved(session);
        return {
          state: { ...session, stage: { at: 'blocked' }, budget: endedLogin(budget, 'unknown') },
          effects: [tell('AUTOMATION_BLOCKED')],
        };
      case 'person_consents': {
        const waitsForOne = stage.at === 'dead' || stage.at === 'blocked' || (stage.at === 'locked_out' && now >= stage.until);
        return waitsForOne && nextLogin(budget, rule, now) <= now ? signIn(session, rule, now, true) : unmoved(session);
      }
      case 'password_entered':
        if (isSigningIn || stage.at === 'refreshing') return unmoved(session);
        return { state: { ...session, stage: stage.at === 'dead' ? { at: 'cold' } : stage, is_proven: false }, effects: [] };
      default:
        return event satisfies never;
    }
  };
}

type Stepped = Step<Session, SessionEffect>;

const tell = (what: Trouble): SessionEffect => ({ do: 'tell', what });

function signIn(session: Session, rule: LockRule, now: number, is_probe: boolean): Stepped {
  return {
    state: { ...session, stage: { at: 'authenticating', is_probe }, budget: beganLogin(session.budget, rule, now) },
    effects: [{ do: 'login' }],
  };
}

function live(session: Session, { jar, ttl_ms, idle_limit_ms, can_refresh }: Tokens, now: number): Stepped {
  const stage = { at: 'live', since: now, used_at: now, jar, ttl_ms, idle_limit_ms, can_refresh } as const;
  return { state: { ...session, stage, epoch: session.epoch + 1, unsent: 0 }, effects: [] };
}

/** The session that was live is no longer, or soon: its token is spent, or a login is waited for. */
function renewed(session: Session, now: number): Stepped {
  if (session.stage.at === 'live' && session.stage.can_refresh)
    return { state: { ...session, stage: { at: 'refreshing' } }, effects: [{ do: 'refresh', epoch: session.epoch }] };
  return { state: { ...session, stage: { at: 'expired', not_before: now } }, effects: [] };
}

/** Nothing goes on by itself any more. */
function stopped(session: Session, why: Trouble, answer: LoginAnswer): Stepped {
  return { state: { ...session, stage: { at: 'dead', why }, budget: endedLogin(session.budget, answer) }, effects: [tell(why)] };
}

/** Another login may follow, after a while and within the budget. */
function later(session: Session, answer: LoginAnswer, lot: number, now: number): Stepped {
  const budget = endedLogin(session.budget, answer);
  const unsent = answer === 'unsent' ? session.unsent + 1 : 0;
  return { state: { ...session, stage: { at: 'expired', not_before: now + backoff(budget, unsent, lot) }, budget, unsent }, effects: [] };
}

/** A sign-in of which nobody knows what became: the password, or the code after it, may have been refused. A password that has worked before is tried again, later and within the
 *  budget; any other waits for a person. */
function unanswered(session: Session, lot: number, now: number): Stepped {
  const { stage, budget, is_proven } = session;
  const isCode = stage.at === 'mfa_pending';
  const after: Session = { ...session, doubt_until: now + LATE_MS, budget: isCode ? refusedCode(budget, now) : budget };
  const waitsForPerson = !is_proven || ('is_probe' in stage && stage.is_probe);
  const answer = isCode ? 'right' : 'unknown';
  return waitsForPerson ? stopped(after, 'IN_DOUBT', answer) : later(after, answer, lot, now);
}

/** Full jitter. */
function backoff({ logins }: LoginBudget, unsent: number, lot: number): number {
  const lost = logins.filter(({ answer }) => answer === 'unknown').length;
  return lot * Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** Math.min(Math.max(lost, unsent), 10));
}
