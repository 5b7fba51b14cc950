// The clinic's connections as its people see them: how each is, why, what to do next; and what they do about it. The law is in the database (migration 0033); the machine of a connection
// makes its next state.
import { Fault } from '../base/fault.ts';
import { secretOf } from '../base/secret.ts';
import { type Refusals, refusing } from '../db/refusals.ts';
import type { Tx } from '../db/tx.ts';
import type { CONNECTION_ACTS, ConnectionRow, Connections } from '../domains/connections.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { type Connection, type ConnectionEvent, NOT_TRIED, stepConnection } from './connection.ts';
import { actsOf, healthOf, type Known } from './connection-health.ts';

type Act = (typeof CONNECTION_ACTS)[number];

export interface ConnectionsParts {
  tx: Tx;
  /** The vendor whose record is this database's own. */
  kept_here: string;
  /** The vault of one of the clinic's accounts, where this process has it. */
  secretsOf?: ((connection_id: string) => Pick<AccountSecrets, 'keepEntered'>) | undefined;
}

const REFUSALS: Refusals = {
  not_permitted: ['not_permitted', 'The owner, billers and the front desk restore a connection.'],
  mfa_needed: ['mfa_needed', 'Your second factor was entered too long ago.'],
  not_found: ['not_found', 'There is no such connection here.'],
  stale: ['conflict', 'The connection changed at this moment. Look at it again.'],
};

interface Standing {
  connection_id: string;
  revision: number;
  state: Connection | null;
  /** Before then its account is left alone, Unix milliseconds. */
  not_before: number | null;
  /** What a person did last begins then: only so many sign-ins are made. */
  waits_until: number | null;
  act: Act | null;
  acted_by: string | null;
  acted_at: string | null;
  outcome: 'waits' | 'begun' | 'done' | 'not_now' | 'too_late' | null;
  why_not: 'not_permitted' | 'mfa_needed' | null;
  /** The clock of the books. */
  now_ms: number;
}

/** What the machine hears of what a person does. */
const EVENTS = {
  try_once: 'person_acted',
  enter_password: 'person_acted',
  enter_code: 'person_acted',
  pause: 'person_suspended',
  resume: 'person_resumed',
} as const satisfies Record<Act, ConnectionEvent['on']>;

export function openConnections({ tx, kept_here, secretsOf }: ConnectionsParts): Pick<Connections, 'list' | 'act'> {
  const books = refusing(tx, REFUSALS);
  const standings = async () => {
    const rows = await books.rows<Standing>('select * from app.connection_standings()');
    return new Map(rows.map((row) => [row.connection_id, row]));
  };

  /** Nothing is put into the vault for somebody who may not, or for a connection that is not the clinic's. */
  async function mayAct(connection_id: string): Promise<Standing> {
    const standing = (await standings()).get(connection_id);
    if (!standing) throw new Fault(...(REFUSALS.not_found as [never, string]));
    if (standing.why_not !== null) throw new Fault(...(REFUSALS[standing.why_not] as [never, string]));
    return standing;
  }

  async function list(): Promise<ConnectionRow[]> {
    const [rows, known] = await Promise.all([books.rows<Account>('select * from app.vendor_accounts()'), standings()]);
    return rows.map((row) =>
      rowOf(row, { standing: known.get(row.connection_id), isOurs: row.vendor === kept_here, isAlone: rows.length === 1 }),
    );
  }

  return {
    list,
    async act({ connection_id, act, entered }) {
      const { state, revision, now_ms } = await mayAct(connection_id);
      const before = state ?? NOT_TRIED;
      if (before.at === 'suspended' && act !== 'resume') throw new Fault('conflict', 'The connection is paused. Resume it first.');
      const { acts = [] } = (await list()).find((row) => row.connection_id === connection_id) ?? {};
      if (!acts.includes(act)) throw new Fault('conflict', 'The connection does not need that now. Look at it again.');
      const secret_id = entered === undefined ? null : await keep(connection_id, entered);
      const { state: next, effects } = stepConnection(before, { on: EVENTS[act] }, now_ms);
      const tells = effects.some((effect) => effect.do === 'tell_changed');
      await books.rows('select app.act_on_connection($1, $2, $3, $4, $5, $6)', [
        ...[connection_id, act, secret_id, revision + 1],
        ...[next === before ? null : JSON.stringify(next), tells],
      ]);
    },
  };

  async function keep(connection_id: string, entered: string): Promise<string> {
    if (!secretsOf)
      throw new Fault(
        'conflict',
        'This Attending has no vault (ATTENDING_KEEPER_URL is not set), so nothing can be entered here. Tell whoever runs it.',
      );
    return secretsOf(connection_id).keepEntered(secretOf(entered));
  }
}

interface Account extends Known, Pick<ConnectionRow, 'waiting' | 'in_doubt' | 'parked'> {
  connection_id: string;
  vendor: string;
  connected_at: string;
  changed_at: string | null;
  live_since: number | null;
}

function rowOf(
  { connection_id, vendor, connected_at, changed_at, live_since, waiting, in_doubt, parked, ...known }: Account,
  { standing, isOurs, isAlone }: { standing: Standing | undefined; isOurs: boolean; isAlone: boolean },
): ConnectionRow {
  const counts = { waiting, in_doubt, parked };
  if (isOurs) return { connection_id, vendor, ...counts, ...keptHere(isAlone), changed_at: connected_at, acts: [] };
  const state = standing?.state ?? null;
  const stands_since = known.stage === 'live' && live_since !== null ? new Date(live_since).toISOString() : (changed_at ?? connected_at);
  const { act, acted_by, acted_at, outcome, not_before = null, waits_until = null } = standing ?? {};
  const waits = { isLeftAlone: not_before !== null, isSparing: not_before === null && waits_until !== null };
  const try_at = not_before ?? waits_until;
  return {
    ...{ connection_id, vendor, ...counts, ...healthOf({ ...known, ...waits }, state) },
    changed_at: state?.at === 'suspended' ? new Date(state.since).toISOString() : stands_since,
    acts: standing?.why_not === 'not_permitted' ? [] : actsOf(known, state),
    ...(try_at !== null && known.stage !== 'live' && { try_at: new Date(try_at).toISOString() }),
    ...(act && acted_by && acted_at && outcome && { last_act: { act, by: acted_by, at: acted_at, outcome } }),
  };
}

const keptHere = (isAlone: boolean) => ({
  health: 'kept_here' as const,
  says: `This clinic’s record is kept here, in Attending.${isAlone ? ' There is no account at a vendor: nothing has to be signed in to, and what is signed is in the record at once.' : ''}`,
  next: 'Nothing to do.',
});
