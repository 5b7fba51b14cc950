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
  sender_url?: string;
  keeper_url?: string;
  postgres_bin?: string;
}

export interface Database {
  /** The migrator. Only `prepare` and the credential commands hold it; the serving process does not. */
  admin: Connection;
  /** The serving role. */
  api: Connection;
  /** The role that sends messages; absent where none was said: then this process sends nothing. */
  sender?: Connection;
  /** The role that works vendor accounts; absent where none was said: then this process has no vault. */
  keeper?: Connection;
  /** The private server ran already. */
  adopted: boolean;
  /** Ends the private server; a given one is not ours to end. */
  stop(): Promise<void>;
}

/** Finds or starts the database, and brings its schema up to date. Throws an Error of one plain line. */
export async function bringUp(where: Where, { random, log }: { random: Random; log: (line: string) => void }): Promise<Database> {
  mkdirSync(where.data_folder, { recursive: true, mode: 0o700 });
  const database = where.database_url === undefined ? await ownServer(where, random, log) : givenServer(where, where.database_url);
  const { api, sender, keeper } = database;
  await migrate({
    admin: database.admin,
    api_password: (api.password as string | undefined) ?? passwordIn('ATTENDING_API_URL', where.api_url),
    ...(sender && { sender_password: (sender.password as string | undefined) ?? passwordIn('ATTENDING_SENDER_URL', where.sender_url) }),
    ...(keeper && { keeper_password: (keeper.password as string | undefined) ?? passwordIn('ATTENDING_KEEPER_URL', where.keeper_url) }),
    log,
  });
  return database;
}

async function ownServer({ data_folder, postgres_bin }: Where, random: Random, log: (line: string) => void): Promise<Database> {
  const server = await startPrivatePostgres({ data_folder, log, bin_folder: postgres_bin });
  const as = (user: string, secret: string): Connection => ({
    host: server.socket_folder,
    port: server.port,
    database: server.database,
    user,
    password: keptSecret(path.join(data_folder, secret), random),
  });
  return {
    admin: asSuperuser(server),
    api: as('app_api', 'api-password'),
    sender: as('app_sender', 'sender-password'),
    keeper: as('app_keeper', 'keeper-password'),
    adopted: server.adopted,
    stop: () => server.stop(),
  };
}

function givenServer({ api_url, sender_url, keeper_url }: Where, database_url: string): Database {
  if (api_url === undefined)
    throw new Error(
      'DATABASE_URL is set: set ATTENDING_API_URL too, the same database as role app_api (postgres://app_api:<password>@host/database).',
    );
  return {
    admin: { connectionString: database_url },
    api: { connectionString: api_url },
    ...(sender_url !== undefined && { sender: { connectionString: sender_url } }),
    ...(keeper_url !== undefined && { keeper: { connectionString: keeper_url } }),
    adopted: true,
    stop: () => Promise.resolve(),
  };
}

const ROLES = { ATTENDING_API_URL: 'app_api', ATTENDING_SENDER_URL: 'app_sender', ATTENDING_KEEPER_URL: 'app_keeper' };

function passwordIn(name: keyof typeof ROLES, url: string | undefined): string {
  const password = url === undefined || !URL.canParse(url) ? '' : decodeURIComponent(new URL(url).password);
  if (password === '') throw new Error(`${name}: must be a URL with the password of role ${ROLES[name]} in it.`);
  return password;
}

/** A secret of this folder: made once, readable by its owner alone. */
function keptSecret(file: string, random: Random): string {
  if (!existsSync(file)) writeFileSync(file, random.bytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8');
}
