// The clinic's connections as its people see them: how each is, why, and what to do next.
import type { Tx } from '../db/tx.ts';
import type { CONNECTION_HEALTH, ConnectionRow, Connections } from '../domains/connections.ts';
import { wordsOf } from './connection.ts';
import type { Session } from './session.ts';
import { isTrouble, TROUBLES, type Trouble } from './taxonomy.ts';

type Health = (typeof CONNECTION_HEALTH)[number];

/** What is told of a session: nothing that is sealed in it. */
export interface Known {
  readonly stage: Session['stage']['at'] | null;
  readonly why: string | null;
  readonly challenge: string | null;
  readonly channel: string | null;
}

/** `kept_here`: the vendor whose record is this database's own. */
export function openConnections(tx: Tx, { kept_here }: { kept_here: string }): Pick<Connections, 'list'> {
  return {
    async list() {
      const rows = await tx.rows<
        Known & {
          connection_id: string;
          vendor: string;
          connected_at: string;
          changed_at: string | null;
          live_since: number | null;
        } & Pick<ConnectionRow, 'waiting' | 'in_doubt' | 'parked'>
      >('select * from app.vendor_accounts()');
      return rows.map(({ connection_id, vendor, connected_at, changed_at, live_since, waiting, in_doubt, parked, ...known }) => {
        const isOurs = vendor === kept_here;
        const stands_since =
          known.stage === 'live' && live_since !== null ? new Date(live_since).toISOString() : (changed_at ?? connected_at);
        return {
          ...{ connection_id, vendor, waiting, in_doubt, parked },
          ...(isOurs ? keptHere(rows.length === 1) : healthOf(known)),
          changed_at: isOurs ? connected_at : stands_since,
        };
      });
    },
  };
}

interface Told {
  readonly health: Health;
  readonly says: string;
  readonly next: string;
}

const keptHere = (isAlone: boolean): Told => ({
  health: 'kept_here',
  says: `This clinic’s record is kept here, in Attending.${isAlone ? ' There is no account at a vendor: nothing has to be signed in to, and what is signed is in the record at once.' : ''}`,
  next: 'Nothing to do.',
});
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

/** How an account stands, from the stage of its session. */
export function healthOf({ stage, why, challenge, channel }: Known): Told {
  switch (stage) {
    case null:
    case 'cold':
      return AT_REST;
    case 'authenticating':
      return { health: 'signing_in', ...wordsOf({ at: 'authorizing', since: 0 }) };
    case 'mfa_pending':
      return challenge === 'waiting' && (channel === 'push' || channel === 'person')
        ? needsPerson('MFA_REQUIRED')
        : { health: 'signing_in', ...wordsOf({ at: 'authorizing', since: 0 }) };
    case 'live':
      return { health: 'works', ...wordsOf({ at: 'healthy', since: 0 }) };
    case 'refreshing':
    case 'refresh_in_doubt':
    case 'expired':
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
