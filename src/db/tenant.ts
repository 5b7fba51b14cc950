import type { Writable } from 'node:stream';
import type { PoolClient } from 'pg';
import { type Pool, statement } from './pool.ts';
import type { Tx } from './tx.ts';

/** One call's transaction in its clinic's sealed context: read-only, but for a call that changes something. It begins with the first statement, so a call that
 *  reads nothing holds no connection. */
export interface TenantTx extends Tx {
  /** Ends it: what was read is read, the connection goes back clean. What was written is committed, or this rejects. */
  end(): Promise<void>;
  /** Ends it after a failure; safe to call at any time, also twice. `broken` throws the connection away with whatever it is still doing. */
  abandon(broken?: boolean): Promise<void>;
}

// What SQL could leave on a connection for the next call: a WITH HOLD cursor, a setting, a lock.
const CLEAN = 'close all; reset all; select pg_advisory_unlock_all()';
/** A call reads. What begins otherwise (PREPARE under the name of one of ours, LISTEN, EXPLAIN …) could outlive it, or tell of others. */
const READS = /^\s*(select|with)\b/i;
/** One that changes something may also write rows: the database says which, and when. */
const WRITES = /^\s*(select|with|insert|update)\b/i;

interface Opened {
  client: PoolClient;
  entered: Promise<unknown>;
}

/** `hash` is the sha256 of the caller's secret: the database looks the grant up, seals the transaction for its clinic, and refuses (42501) a dead one. */
export function openTenantTx(pool: Pool, hash: Buffer, { writes = false }: { writes?: boolean } = {}): TenantTx {
  let opening: Promise<Opened> | undefined;
  let ended = false;

  const open = async (): Promise<Opened> => {
    const client = await pool.connect();
    together(client);
    // Statements sent behind these without waiting are pipelined, and fail with them. The hash travels as a parameter: the text of a statement can be read in
    // pg_stat_activity by every session of the role.
    const entered = Promise.all([
      client.query(writes ? 'begin' : 'begin read only'),
      client.query(statement('select app.enter($1)', [hash])),
    ]);
    entered.catch(() => {});
    return { client, entered };
  };

  const leave = async (word: 'commit' | 'rollback', broken = false) => {
    if (ended) return;
    ended = true;
    const opened = await opening?.catch(() => undefined);
    if (!opened) return;
    if (broken) return opened.client.release(true);
    if (writes && word === 'commit') await committed(opened.client);
    await opened.client.query(writes && word === 'commit' ? CLEAN : `${word}; ${CLEAN}`).then(
      () => opened.client.release(),
      () => opened.client.release(true),
    );
  };

  return {
    async rows<R extends object>(sql: string, values: readonly unknown[] = []) {
      if (ended) throw new Error('the call has ended');
      if (!(writes ? WRITES : READS).test(sql)) throw new Error(`a call ${writes ? 'reads and writes rows' : 'reads: select or with'}`);
      opening ??= open();
      const { client, entered } = await opening;
      const asked = client.query<R>(statement(sql, values));
      asked.catch(() => {});
      await entered;
      return (await asked).rows;
    },

    end: () => leave('commit'),
    abandon: (broken = false) => leave('rollback', broken),
  };
}

/** Commits, and knows it: PostgreSQL answers ROLLBACK, and no error, to a COMMIT of a transaction in which something failed. */
async function committed(client: PoolClient): Promise<void> {
  try {
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back');
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Lets the statements that this turn sends leave in one write: a system call costs more than a statement. */
function together(client: PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
