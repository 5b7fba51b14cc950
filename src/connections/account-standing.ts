// What the session of an account says of its connection: how it stands for the clinic's people.
import type { Account } from './account.ts';
import type { ConnectionEvent } from './connection.ts';
import type { Trouble } from './taxonomy.ts';

/** After so many sign-ins in a row that never left, the vendor cannot be reached. */
const UNREACHED = 3;

/** Null: it says nothing new. `now`: the clock of the books. `share_failing`: of the accounts at this vendor. */
export function standingOf({ session, factor }: Account, now: number, share_failing: number): ConnectionEvent | null {
  const { stage, budget } = session;
  switch (stage.at) {
    case 'live':
      return { on: 'worked' };
    case 'blocked':
      return { on: 'stopped', reason: 'AUTOMATION_BLOCKED' };
    case 'locked_out':
      return { on: 'stopped', reason: 'AUTH_LOCKED' };
    case 'dead':
      return { on: 'stopped', reason: reasonOf(stage.why) };
    case 'mfa_pending': {
      const { challenge } = factor;
      const isPersons = challenge.at === 'waiting' && (challenge.channel === 'push' || challenge.channel === 'person');
      return isPersons ? { on: 'stopped', reason: 'MFA_REQUIRED' } : null;
    }
    case 'expired':
      if (session.unsent >= UNREACHED) return { on: 'failed', cause: 'NETWORK', share_failing };
      // Put off without an answer from the vendor; where somebody else signed in, the vendor answers well.
      return stage.not_before > now && budget.logins.at(-1)?.answer === 'unknown'
        ? { on: 'failed', cause: 'VENDOR_DOWN', share_failing }
        : null;
    case 'cold':
    case 'authenticating':
    case 'refreshing':
    case 'refresh_in_doubt':
      return null;
    default:
      return stage satisfies never;
  }
}

type Reason = Extract<ConnectionEvent, { on: 'stopped' }>['reason'];
const REASONS: readonly Trouble[] = [
  ...(['AUTH_INVALID', 'PASSWORD_CHANGE', 'AUTH_LOCKED', 'MFA_REQUIRED', 'ACTION_REQUIRED', 'AUTOMATION_BLOCKED'] as const),
  ...(['FORBIDDEN_ROLE', 'CONTRACT_DRIFT', 'IN_DOUBT', 'NETWORK', 'VENDOR_DOWN'] as const),
] satisfies readonly Reason[];

/** Of a session that is at its end; what else ended it a person has to look at. */
const reasonOf = (why: Trouble): Reason => (REASONS.includes(why) ? (why as Reason) : 'ACTION_REQUIRED');
