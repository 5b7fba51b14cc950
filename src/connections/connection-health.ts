// How an account stands, in words for somebody who has never heard of sessions, and what a person can do about it here.
import type { CONNECTION_ACTS, CONNECTION_HEALTH } from '../domains/connections.ts';
import { type Connection, wordsOf } from './connection.ts';
import type { Session } from './session.ts';
import { isTrouble, TROUBLES, type Trouble } from './taxonomy.ts';

/** What is told of a session: nothing that is sealed in it. */
export interface Known {
  readonly stage: Session['stage']['at'] | null;
  readonly why: string | null;
  readonly challenge: string | null;
  readonly channel: string | null;
  /** For more than a minute nothing is tried, though nothing is wrong. */
  readonly isLeftAlone?: boolean;
  /** A sign-in waits until one more may be made. */
  readonly isSparing?: boolean;
}

interface Told {
  readonly health: (typeof CONNECTION_HEALTH)[number];
  readonly says: string;
  readonly next: string;
}

const AT_REST: Told = {
  health: 'at_rest',
  says: 'Nobody is signed in to the account at the moment. Attending signs in when there is something to do.',
  next: 'Nothing to do.',
};
/** The answer to a sign-in was lost, and the password has never worked before: a second attempt could lock the account. */
const UNPROVEN = {
  says: 'The answer to the sign-in was lost, and this password has not worked yet. Nothing is tried again by itself, so that the account is not locked.',
  next: 'Sign in at the vendor yourself; when that works, press “Try once”.',
};

const SPARING = {
  says: 'Attending makes few sign-ins, so that the account is never locked: two in a quarter of an hour, six a day. The next one waits until it may be made.',
  next: 'Nothing to do.',
};
const EVICTED = {
  says: 'Somebody else signed in with the account, so the vendor ended our session. For ten minutes the account is theirs.',
  next: 'Nothing to do. An account of its own for Attending would not be disturbed.',
};

/** From what the connection's own machine says, where it says more than the session: a person has paused it, or it is not waited for any longer. */
export function healthOf(known: Known, connection: Connection | null): Told {
  if (connection?.at === 'suspended') return { health: 'paused', ...wordsOf(connection) };
  if (isExhausted(known, connection)) return { health: 'needs_a_person', ...wordsOf(connection) };
  if (connection?.at === 'degraded' && known.stage === 'expired') return { health: 'waiting', ...wordsOf(connection) };
  return byStage(known);
}

/** What a person can do here to bring it back, the likeliest first. */
export function actsOf(known: Known, connection: Connection | null): (typeof CONNECTION_ACTS)[number][] {
  if (connection?.at === 'suspended') return ['resume'];
  return [...toRestore(known, connection), 'pause'];
}

function toRestore(known: Known, connection: Connection | null): ('try_once' | 'enter_password' | 'enter_code')[] {
  const { stage, why } = known;
  if (isExhausted(known, connection) || stage === 'locked_out' || stage === 'blocked') return ['try_once'];
  if (isPersons(known)) return known.channel === 'push' ? [] : ['enter_code'];
  if (stage === null) return ['enter_password'];
  if (stage !== 'dead') return [];
  if (why === 'AUTH_INVALID' || why === 'PASSWORD_CHANGE') return ['enter_password'];
  return why === 'IN_DOUBT' ? ['try_once', 'enter_password'] : ['try_once'];
}

/** It failed on days enough, and is not tried by itself any longer. */
function isExhausted({ stage }: Known, connection: Connection | null): connection is Connection & { at: 'action_required' } {
  return connection?.at === 'action_required' && TROUBLES[connection.reason].retry === 'later' && stage === 'expired';
}

const isPersons = ({ stage, challenge, channel }: Known) =>
  stage === 'mfa_pending' && challenge === 'waiting' && (channel === 'push' || channel === 'person');

function byStage(known: Known): Told {
  const { stage, why } = known;
  switch (stage) {
    case null:
    case 'cold':
      return known.isSparing ? { health: 'waiting', ...SPARING } : AT_REST;
    case 'authenticating':
      return { health: 'signing_in', ...wordsOf({ at: 'authorizing', since: 0 }) };
    case 'mfa_pending':
      return isPersons(known) ? needsPerson('MFA_REQUIRED') : { health: 'signing_in', ...wordsOf({ at: 'authorizing', since: 0 }) };
    case 'live':
      return { health: 'works', ...wordsOf({ at: 'healthy', since: 0 }) };
    case 'refreshing':
    case 'refresh_in_doubt':
    case 'expired':
      if (known.isLeftAlone) return { health: 'waiting', ...EVICTED };
      if (known.isSparing) return { health: 'waiting', ...SPARING };
      return { health: 'waiting', says: TROUBLES.AUTH_EXPIRED.says, next: TROUBLES.AUTH_EXPIRED.next };
    case 'locked_out':
      return needsPerson('AUTH_LOCKED');
    case 'blocked':
      return needsPerson('AUTOMATION_BLOCKED');
    case 'dead':
      return needsPerson(why !== null && isTrouble(why) ? why : 'ACTION_REQUIRED');
    default:
      return stage satisfies never;
  }
}

/** Nothing goes on by itself: what otherwise passes is a person's too. */
function needsPerson(why: Trouble): Told {
  if (why === 'IN_DOUBT') return { health: 'needs_a_person', ...UNPROVEN };
  const { says, next, retry } = TROUBLES[why];
  return {
    health: 'needs_a_person',
    says,
    next: retry === 'later' ? 'Nothing is tried again by itself. Press “Try once” when the vendor can be reached.' : next,
  };
}
