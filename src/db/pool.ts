import { createHash } from 'node:crypto';
import pg from 'pg';

/** Normalised once, here: int8 becomes a number (and throws past 2^53), instants RFC 3339 with the session's offset, numeric and date stay text, jsonb is parsed. */
const PARSERS: Record<number, (text: string) => unknown> = {
  20: safeInteger,
  1082: (text) => text,
  1114: (text) => text,
  1184: instant,
  1700: (text) => text,
};

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error('int8 out of the safe range');
  return value;
}

/** '2026-11-20 09:05:00.5-05' → '2026-11-20T09:05:00.5-05:00'. */
function instant(text: string): string {
  const offset = text.charAt(text.length - 3);
  const whole_hours = offset === '+' || offset === '-';
  return `${text.slice(0, 10)}T${text.slice(11)}${whole_hours ? ':00' : ''}`;
}

const types = { getTypeParser: (oid: number, format?: 'text' | 'binary') => PARSERS[oid] ?? pg.types.getTypeParser(oid, format ?? 'text') };

export type Pool = pg.Pool;
/** A session of the migrator: makes tenants, users and credentials, and loads the sandbox. Never held by the serving process. */
export type Admin = Pick<pg.Client, 'query'> & { end(): Promise<void> };
export type Connection = pg.ClientConfig;

/** Connections of the serving role. Statements sent without waiting are pipelined; each distinct SQL text is prepared once a connection. */
export function openPool(connection: Connection, { max, failed }: { max: number; failed: (error: unknown) => void }): Pool {
  const pool = new pg.Pool({
    ...connection,
    max,
    types: types as pg.CustomTypesConfig,
    pipeline: true,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
    application_name: 'attending',
  } as pg.PoolConfig);
  pool.on('error', failed);
  // Lost while a call holds it: that call's next statement says so. Without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

const names = new Map<string, string>();

/** A statement with its prepared name. SQL texts are few and ours; values never stand in them. */
export function statement(sql: string, values: readonly unknown[] = []): pg.QueryConfig {
  let name = names.get(sql);
  if (name === undefined) {
    name = createHash('sha256').update(sql).digest('base64url').slice(0, 22);
    names.set(sql, name);
  }
  return { name, text: sql, values: values as unknown[] };
}

/** Answers the rows of one statement in a transaction of its own. */
export async function query<R extends object>(pool: Pool, sql: string, values: readonly unknown[] = []): Promise<R[]> {
  const { rows } = await pool.query<R>(statement(sql, values));
  return rows;
}

/** Opens a session of the migrator. */
export async function openAdmin(connection: Connection): Promise<Admin> {
  const client = new pg.Client(connection);
  await client.connect();
  return client;
}
