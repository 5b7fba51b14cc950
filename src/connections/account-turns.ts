// One vendor account in the books, as the process that works it asks: what there is to do, what people did, and how the connection stands. Each call is one transaction of app_keeper.
import { type Pool, query } from '../db/pool.ts';
import type { Connection } from './connection.ts';
import type { AccountKey } from './write-books.ts';

export interface Turn {
  /** How the connection stands, and which revision that is; null before it was ever tried. */
  readonly revision: number;
  readonly state: Connection | null;
  readonly has_acts: boolean;
  readonly has_writes: boolean;
  readonly share_failing: number;
}

/** What a person did. */
export interface Act {
  readonly id: string;
  readonly act: 'try_once' | 'resume' | 'enter_password' | 'enter_code';
  /** Of what was entered, in the vault. */
  readonly secret_id: string | null;
}

export interface AccountTurns {
  /** Undefined: there is no such connection any more. */
  turn(): Promise<Turn | undefined>;
  /** The oldest of what people did and nobody took yet. It is taken once, and never again. */
  act(fence: number): Promise<Act | undefined>;
  /** `after_ms`: what comes of it begins so much later. */
  end(act: Act, came: { outcome: 'done' | 'not_now'; after_ms?: number }): Promise<void>;
  /** The next revision. False: somebody else stored one, a person has paused the connection, or the lease is another's. */
  store(fence: number, next: { revision: number; state: Connection; tells: boolean }): Promise<boolean>;
}

export function openAccountTurns(pool: Pool, { tenant_id, connection_id }: AccountKey): AccountTurns {
  const account = [tenant_id, connection_id];
  return {
    turn: async () => (await query<Turn>(pool, 'select * from app.account_turn($1, $2)', account))[0],
    act: async (fence) => (await query<Act>(pool, 'select * from app.take_connection_act($1, $2, $3)', [...account, fence]))[0],
    async end({ id }, { outcome, after_ms }) {
      await query(pool, 'select app.end_connection_act($1, $2, $3, $4)', [tenant_id, id, outcome, after_ms ?? null]);
    },
    async store(fence, { revision, state, tells }) {
      const [row] = await query<{ stored: boolean }>(pool, 'select app.store_connection($1, $2, $3, $4, $5, $6) as stored', [
        ...[...account, fence, revision, JSON.stringify(state), tells],
      ]);
      return row?.stored ?? false;
    },
  };
}

/** An account on which there is something to do, and that no other process has. */
export interface AccountWithWork extends AccountKey {
  readonly vendor: string;
  readonly settings: unknown;
}

export function accountsWithWork(pool: Pool, me: string): Promise<AccountWithWork[]> {
  return query(pool, 'select * from app.accounts_with_work($1)', [me]);
}
