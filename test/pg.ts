// A database for each test file, copied from the migrated template of the project's cluster (test/global-setup.ts).
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestCluster {
  host: string;
  port: number;
  user: string;
  password: string;
  api_password: string;
  sender_password: string;
  keeper_password: string;
  template: string;
  /** The PostgreSQL under test, for a private server of one's own. */
  bin_folder: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    cluster: TestCluster;
  }
}

export interface TestDatabase {
  name: string;
  /** As the superuser. */
  admin: pg.ClientConfig;
  /** As app_api, the role that serves. */
  api: pg.ClientConfig;
  /** As app_sender, the role that sends messages. */
  sender: pg.ClientConfig;
  /** As app_keeper, the role that works vendor accounts. */
  keeper: pg.ClientConfig;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

/** A migrated, empty database. Any number may be made at once. */
export async function aDatabase(): Promise<TestDatabase> {
  const { template, api_password, sender_password, keeper_password } = inject('cluster');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const api = { ...connection(name), user: 'app_api', password: api_password };
  const sender = { ...connection(name), user: 'app_sender', password: sender_password };
  const keeper = { ...connection(name), user: 'app_keeper', password: keeper_password };
  await maintain(async (client) => {
    await copy(client, template, name);
    // CREATE DATABASE copies what is in the template, not what is said of it: who may connect, and the settings of roles in it. A superuser may write catalogs.
    await client.query('update pg_database set datacl = (select datacl from pg_database where datname = $2) where datname = $1', [
      name,
      template,
    ]);
    await client.query(
      `insert into pg_db_role_setting select made.oid, setrole, setconfig from pg_db_role_setting, pg_database made
       where made.datname = $1 and setdatabase = (select oid from pg_database where datname = $2)`,
      [name, template],
    );
  });
  return {
    name,
    admin: connection(name),
    api,
    sender,
    keeper,
    drop: () => maintain(async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  };
}

function connection(database: string): pg.ClientConfig {
  const { host, port, user, password } = inject('cluster');
  return { host, port, user, password, database, ssl: false };
}

/** Copying files beats logging each page where fsync is off. Somebody (autovacuum) may be in the template for a moment. */
async function copy(client: pg.Client, template: string, name: string): Promise<void> {
  for (let turn = 1; ; turn++) {
    try {
      await client.query(`create database ${name} template ${template} strategy file_copy`);
      return;
    } catch (error) {
      if (turn === 20 || !(error instanceof pg.DatabaseError && error.code === '55006')) throw error;
      await sleep(50 * turn);
    }
  }
}

async function maintain(act: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(connection('postgres'));
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}

/** Waits until list_changes tells all that was written before now: a transaction under way in any database of the server, as of another test, holds it back. */
export async function settled(admin: { query(sql: string, values?: unknown[]): Promise<{ rows: object[] }> }): Promise<void> {
  const { rows } = await admin.query('select pg_snapshot_xmax(pg_current_snapshot())::text as reached');
  const { reached } = rows[0] as { reached: string };
  const isPast = async () =>
    (await admin.query('select where pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8', [reached])).rows.length > 0;
  while (!(await isPast())) await new Promise((resolve) => setTimeout(resolve, 20));
}
