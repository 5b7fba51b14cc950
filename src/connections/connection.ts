// What a clinic sees of its account at a vendor: how it is, why, and what to do next. Machine A of connectors.md §1.3; its `now` is the clock of the books.
import { type Machine, unmoved } from './machine.ts';
import { TROUBLES, type Trouble } from './taxonomy.ts';

/** What passes by itself, and what only a person can end. */
type Degraded = Extract<Trouble, 'VENDOR_DOWN' | 'NETWORK' | 'RATE_LIMITED' | 'CONTRACT_DRIFT' | 'STALE'>;
type Reason = Extract<
  Trouble,
  | 'AUTH_INVALID'
  | 'PASSWORD_CHANGE'
  | 'AUTH_LOCKED'
  | 'MFA_REQUIRED'
  | 'ACTION_REQUIRED'
  | 'AUTOMATION_BLOCKED'
  | 'FORBIDDEN_ROLE'
  | 'CONTRACT_DRIFT'
  | 'IN_DOUBT'
  | Degraded
>;

export type Connection =
  | { readonly at: 'draft' }
  | { readonly at: 'authorizing'; readonly since: number }
  | { readonly at: 'healthy'; readonly since: number }
  /** Reads serve what was read last, and say so. `failed_days`: the days (UTC, ISO) on which it failed by no general outage. */
  | { readonly at: 'degraded'; readonly since: number; readonly cause: Degraded; readonly failed_days: readonly string[] }
  | { readonly at: 'action_required'; readonly since: number; readonly reason: Reason }
  /** A person has put it to rest. */
  | { readonly at: 'suspended'; readonly since: number }
  | { readonly at: 'revoked'; readonly since: number };

export type ConnectionEvent =
  /** A session was got, or a request on it answered. */
  | { readonly on: 'worked' }
  /** `share_failing`: of all accounts of this vendor that were tried of late. From half on it is the vendor's trouble. */
  | { readonly on: 'failed'; readonly cause: Degraded; readonly share_failing: number }
  | { readonly on: 'stopped'; readonly reason: Reason }
  /** A person did what the reason asks for, or entered what is needed. */
  | { readonly on: 'person_acted' }
  | { readonly on: 'person_suspended' }
  | { readonly on: 'person_resumed' }
  | { readonly on: 'person_revoked' };

export type ConnectionEffect =
  /** To `connection.changed` of the webhooks, and to the admin page. */
  | { readonly do: 'tell_changed' }
  | { readonly do: 'try_sign_in' }
  /** Sessions and secrets of the account are destroyed. */
  | { readonly do: 'forget' };

/** A connection that failed on so many days, however often on each, is not waited for any longer. */
const MOST_FAILED_DAYS = 4;
const OUTAGE_SHARE = 0.5;

export const DRAFT: Connection = { at: 'draft' };
/** There is an account, and nobody has signed in to it yet. */
export const NOT_TRIED: Connection = { at: 'authorizing', since: 0 };

export const stepConnection: Machine<Connection, ConnectionEvent, ConnectionEffect> = (connection, event, now) => {
  const changed = (state: Connection, ...effects: ConnectionEffect[]) => ({
    state,
    effects: [...effects, { do: 'tell_changed' } as const],
  });
  const isAtWork = connection.at === 'authorizing' || connection.at === 'healthy' || connection.at === 'degraded';
  switch (event.on) {
    case 'worked':
      return connection.at === 'authorizing' || connection.at === 'degraded' ? changed({ at: 'healthy', since: now }) : unmoved(connection);
    case 'failed': {
      if (!isAtWork) return unmoved(connection);
      const was = connection.at === 'degraded' ? connection : null;
      const known = was?.failed_days ?? [];
      const failed_days = event.share_failing >= OUTAGE_SHARE ? known : withDay(known, now);
      if (failed_days.length >= MOST_FAILED_DAYS) return changed({ at: 'action_required', since: now, reason: event.cause });
      const isNews = was?.cause !== event.cause;
      if (was !== null && !isNews && failed_days === known) return unmoved(connection);
      const state: Connection = { at: 'degraded', since: was?.since ?? now, cause: event.cause, failed_days };
      return isNews ? changed(state) : { state, effects: [] };
    }
    case 'stopped':
      return isAtWork ? changed({ at: 'action_required', since: now, reason: event.reason }) : unmoved(connection);
    case 'person_acted':
      if (connection.at !== 'draft' && connection.at !== 'action_required') return unmoved(connection);
      return changed({ at: 'authorizing', since: now }, { do: 'try_sign_in' });
    case 'person_suspended':
      return isAtWork || connection.at === 'action_required' ? changed({ at: 'suspended', since: now }) : unmoved(connection);
    case 'person_resumed':
      return connection.at === 'suspended' ? changed({ at: 'authorizing', since: now }, { do: 'try_sign_in' }) : unmoved(connection);
    case 'person_revoked':
      return connection.at === 'revoked' ? unmoved(connection) : changed({ at: 'revoked', since: now }, { do: 'forget' });
    default:
      return event satisfies never;
  }
};

function withDay(days: readonly string[], now: number): readonly string[] {
  const day = Number.isFinite(now) ? new Date(now).toISOString().slice(0, 10) : undefined;
  return day === undefined || days.includes(day) ? days : [...days, day];
}

/** What it means and what to do next, for a person who has never heard of sessions. */
export function wordsOf(connection: Connection): { readonly says: string; readonly next: string } {
  switch (connection.at) {
    case 'draft':
      return {
        says: 'The account is not connected yet.',
        next: 'Enter the user name and the password of the account, then press “Connect”.',
      };
    case 'authorizing':
      return { says: 'Attending signs in.', next: 'Wait a moment; if the vendor asks for a code, enter it here.' };
    case 'healthy':
      return { says: 'The connection works.', next: 'Nothing to do.' };
    case 'degraded':
    case 'action_required': {
      const { says, next, retry } = TROUBLES[connection.at === 'degraded' ? connection.cause : connection.reason];
      const isExhausted = connection.at === 'action_required' && retry === 'later';
      return isExhausted
        ? {
            says: `${says} That was so on ${MOST_FAILED_DAYS} days, so it is not tried any longer.`,
            next: 'Ask the vendor, then press “Try once”.',
          }
        : { says, next };
    }
    case 'suspended':
      return { says: 'A person has paused the connection. Nothing is read or written.', next: 'Press “Resume” when it may go on.' };
    case 'revoked':
      return {
        says: 'The connection was removed, with its password and its sessions.',
        next: 'Connect the account anew if it is needed again.',
      };
    default:
      return connection satisfies never;
  }
}
