// The sessions of app_sender, which takes messages to send them, and of app_keeper, which works vendor accounts: each turn is one short transaction, and calls functions alone.
import { type Pool, statement } from './pool.ts';
import type { Tx } from './tx.ts';

/** Runs `work` in one transaction and commits it. What it throws undoes it; a connection on which something broke is thrown away. */
export async function inTransaction<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const done = await work({
      rows: async <R extends object>(sql: string, values: readonly unknown[] = []) => (await client.query<R>(statement(sql, values))).rows,
    });
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back');
    client.release();
    return done;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
