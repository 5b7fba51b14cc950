// One vendor account as it stands in the books: its session and its second factor, stepped together so that both are stored in one transaction.
import { type Machine, type Step, unmoved } from './machine.ts';
import {
  type Channel,
  type Factor,
  type FactorEffect,
  type FactorEvent,
  type FactorRule,
  factorMachine,
  maySendAt,
  NO_FACTOR,
} from './mfa.ts';
import {
  COLD,
  mayLoginAt,
  type Session,
  type SessionEffect,
  type SessionEvent,
  type SessionRule,
  sessionMachine,
  type Tokens,
} from './session.ts';

export interface Account {
  readonly session: Session;
  readonly factor: Factor;
}

export interface AccountRule {
  readonly session: SessionRule;
  readonly factor: FactorRule;
}

/** What the vendor's answer to one order is, as its sentinels say. `date_ms`: its Date header. */
export type Answer =
  | ({ readonly page: 'home'; readonly user_id: string | null; readonly practice_code: string | null } & Tokens)
  | { readonly page: 'mfa'; readonly channel: Channel; readonly date_ms: number | null }
  | { readonly page: 'wrong_code'; readonly date_ms: number | null }
  | { readonly page: 'wrong_password' }
  /** None is kept here, or it cannot be opened: nothing was sent. */
  | { readonly page: 'no_password' }
  | { readonly page: 'no_code' }
  | { readonly page: 'stopped'; readonly why: 'PASSWORD_CHANGE' | 'ACTION_REQUIRED' | 'FORBIDDEN_ROLE' }
  | { readonly page: 'locked'; readonly window_ms: number }
  | { readonly page: 'bot_wall' }
  | ({ readonly page: 'refreshed' } & Tokens)
  | { readonly page: 'refresh_refused' }
  /** A person denied the sign-in on the phone. */
  | { readonly page: 'denied' }
  /** A code was sent, or a person has not approved yet. */
  | { readonly page: 'wait' }
  | { readonly page: 'unanswered' }
  /** It provably never left: no socket was written to. */
  | { readonly page: 'unsent' };

/** What a vendor is asked to do. */
export type Order = Exclude<SessionEffect | FactorEffect, { do: 'tell' }>;

export type AccountEffect = SessionEffect | FactorEffect;

/** The events of a session that do not come from an answer to an order. */
type Happening = Extract<
  SessionEvent,
  { on: 'need' | 'used' | 'auth_expired' | 'evicted' | 'locked' | 'bot_wall' | 'stopped' | 'tick' | 'person_consents' | 'password_entered' }
>;

export type AccountEvent =
  | Happening
  /** The lease is another process's than the one that wrote what is stored. */
  | { readonly on: 'taken_over'; readonly lot: number }
  | { readonly on: 'answered'; readonly to: Order['do']; readonly answer: Answer; readonly lot: number }
  | { readonly on: 'factor'; readonly event: Extract<FactorEvent, { on: 'tick' | 'mail' | 'typed' }>; readonly lot: number };

/** The two that are stepped; the simulator puts in others, with a fault. */
export interface Machines {
  readonly session: Machine<Session, SessionEvent, SessionEffect>;
  readonly factor: Machine<Factor, FactorEvent, FactorEffect>;
}

export const NEW_ACCOUNT: Account = { session: COLD, factor: NO_FACTOR };

export const machinesOf = (rule: AccountRule): Machines => ({ session: sessionMachine(rule.session), factor: factorMachine(rule.factor) });

/** From when on a sign-in may begin by itself: Infinity where only a person, or an answer that is waited for, can change that. */
export function maySignInAt({ session, factor }: Account, rule: AccountRule, now: number): number {
  const at = mayLoginAt(session, rule.session, now);
  return Math.max(at, maySendAt(factor, rule.factor, now));
}

export function accountMachine(rule: AccountRule, machines: Machines = machinesOf(rule)): Machine<Account, AccountEvent, AccountEffect> {
  const step = (account: Account, [one, other]: Pair, lot: number, now: number): Step<Account, AccountEffect> => {
    const session = one === null ? unmoved(account.session) : machines.session(account.session, one, now);
    const factor = other === null ? unmoved(account.factor) : machines.factor(account.factor, other, now);
    const effects = [...session.effects, ...factor.effects];
    const state =
      session.state === account.session && factor.state === account.factor ? account : { session: session.state, factor: factor.state };
    if (state === account) return { state, effects };
    const follow = followed(state, lot);
    if (follow === null) return { state, effects };
    const next = step(state, follow, lot, now);
    // A code is not sent for a sign-in that has just ended.
    const left = next.state.session.stage.at === 'mfa_pending' ? effects : effects.filter((effect) => effect.do === 'tell');
    return { state: next.state, effects: [...left, ...next.effects] };
  };
  return (account, event, now) => {
    switch (event.on) {
      case 'answered':
        return step(account, meaning(event.to, event.answer, event.lot), event.lot, now);
      case 'factor':
        return step(account, [null, event.event], event.lot, now);
      case 'need':
        return account.session.stage.at !== 'live' && maySendAt(account.factor, rule.factor, now) > now
          ? unmoved(account)
          : step(account, [event, null], 0, now);
      case 'taken_over': {
        const is_code_out = account.factor.challenge.at === 'submitted';
        return step(account, [{ ...event, is_code_out }, null], event.lot, now);
      }
      case 'person_consents':
      case 'password_entered':
        return step(account, [event, { on: 'person_acts' }], 0, now);
      default:
        return step(account, [event, null], 0, now);
    }
  };
}

type Pair = readonly [SessionEvent | null, FactorEvent | null];

/** What the one machine has to hear of where the other has got to. */
function followed({ session, factor }: Account, lot: number): Pair | null {
  const { at } = factor.challenge;
  const isOpen = at === 'waiting' || at === 'submitted';
  if (session.stage.at !== 'mfa_pending') return isOpen ? [null, { on: 'left' }] : null;
  if (at === 'human') return [{ on: 'mfa_human' }, null];
  return at === 'expired' ? [{ on: 'mfa_expired', lot }, null] : null;
}

function meaning(to: Order['do'], answer: Answer, lot: number): Pair {
  switch (answer.page) {
    case 'home':
      return [{ ...answer, on: 'home', lot }, { on: 'accepted' }];
    case 'mfa':
      return to === 'login' ? [{ on: 'mfa' }, { on: 'asked', channel: answer.channel, date_ms: answer.date_ms }] : [null, null];
    case 'wrong_code':
      return [
        { on: 'wrong_code', lot },
        { on: 'refused', date_ms: answer.date_ms },
      ];
    case 'wrong_password':
      return [{ on: 'bad_password' }, null];
    case 'no_password':
      return [{ on: 'no_password' }, null];
    case 'no_code':
      return [{ on: 'mfa_human' }, null];
    case 'stopped':
      return [{ on: 'stopped', why: answer.why }, null];
    case 'locked':
      return [{ on: 'locked', window_ms: answer.window_ms }, null];
    case 'bot_wall':
      return [{ on: 'bot_wall' }, null];
    case 'refreshed':
      return [{ ...answer, on: 'refreshed' }, null];
    case 'refresh_refused':
      return [{ on: 'refresh_refused' }, null];
    case 'denied':
      return [null, { on: 'denied' }];
    case 'wait':
      return [null, null];
    case 'unanswered':
    case 'unsent':
      // To have asked for another code, or after an approval, in vain says nothing of the sign-in.
      return to === 'resend' || to === 'check' ? [null, null] : [{ on: answer.page, lot }, null];
    default:
      return answer satisfies never;
  }
}
