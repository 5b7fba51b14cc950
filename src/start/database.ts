// Which database a data folder runs on: the one in DATABASE_URL, or a private PostgreSQL of its own.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Random } from '../base/random.ts';
import { migrate } from '../db/migrate.ts';
import type { Connection } from '../db/pool.ts';
import { asSuperuser, startPrivatePostgres } from '../db/postgres.ts';

export interface Where {
  data_folder: string;
  database_url?: string;
  api_url?: string;
  postgres_bin?: string;
}

export interface Database {
  /** The migrator. Only `prepare` and the credential commands hold it; the serving process does not. */
  admin: Connection;
  /** The serving role. */
  api: Connection;
  /** The private server ran already. */
  adopted: boolean;
  /** Ends the private server; a given one is not ours to end. */
  stop(): Promise<void>;
}

/** Finds or starts the database, and brings its schema up to date. Throws an Error of one plain line. */
export async function bringUp(where: Where, { random, log }: { random: Random; log: (line: string) => void }): Promise<Database> {
  mkdirSync(where.data_folder, { recursive: true, mode: 0o700 });
  const database = where.database_url === undefined ? await ownServer(where, random, log) : givenServer(where, where.database_url);
  await migrate({ admin: database.admin, api_password: (database.api.password as string | undefined) ?? passwordIn(where.api_url), log });
  return database;
}

async function ownServer({ data_folder, postgres_bin }: Where, random: Random, log: (line: string) => void): Promise<Database> {
  const server = await startPrivatePostgres({ data_folder, log, bin_folder: postgres_bin });
  return {
    admin: asSuperuser(server),
    api: {
      host: server.socket_folder,
      port: server.port,
      database: server.database,
      user: 'app_api',
      password: keptSecret(path.join(data_folder, 'api-password'), random),
    },
    adopted: server.adopted,
    stop: () => server.stop(),
  };
}

function givenServer({ api_url }: Where, database_url: string): Database {
  if (api_url === undefined)
    throw new Error(
      'DATABASE_URL is set: set ATTENDING_API_URL too, the same database as role app_api (postgres://app_api:<password>@host/database).',
    );
  return { admin: { connectionString: database_url }, api: { connectionString: api_url }, adopted: true, stop: () => Promise.resolve() };
}

function passwordIn(url: string | undefined): string {
  const password = url === undefined || !URL.canParse(url) ? '' : decodeURIComponent(new URL(url).password);
  if (password === '') throw new Error('ATTENDING_API_URL: must be a URL with the password of role app_api in it.');
  return password;
}

/** A secret of this folder: made once, readable by its owner alone. */
function keptSecret(file: string, random: Random): string {
  if (!existsSync(file)) writeFileSync(file, random.bytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8');
}
