// The private PostgreSQL of one data folder: made, started, adopted when an earlier run of ours left it behind, stopped.
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { systemClock } from '../base/clock.ts';
import { findBinaries, type Wanted } from './binaries.ts';
import { clusterMajor, linkCluster, makeCluster, passwordFile, readableBinaries, SUPERUSER, setAside } from './cluster.ts';
import { type Lock, LockedError, takeLock } from './lock.ts';
import { findPlace, makeSocketFolder, type Place, socketFolderOf } from './place.ts';
import { findPostmaster, launch, type Postmaster, settledPostmaster, stopPostmaster } from './postmaster.ts';
import { processesIn } from './processes.ts';
import { SERVER_SETTINGS } from './settings.ts';

const DATABASE = 'attending';
const TURN_LIMIT_MS = 120_000;
const UNREACHABLE = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];
/** cannot_connect_now: it starts, or replays its log after one of its processes crashed. */
const RECOVERS = '57P03';

export interface PrivatePostgres {
  /** As pg's `host`: a folder with the socket of `port`. There is no TCP. */
  socket_folder: string;
  port: number;
  database: typeof DATABASE;
  superuser: typeof SUPERUSER;
  /** 0600 and ours; who serves need not read it. */
  password_file: string;
  /** '18.4' */
  version: string;
  pid: number;
  /** It ran already: an earlier run was killed, or another process of Attending holds it. */
  adopted: boolean;
  /** Ends the server within 5 s; safe to call twice. */
  stop(): Promise<void>;
}

export interface StartOptions {
  data_folder: string;
  log: (line: string) => void;
  /** ATTENDING_POSTGRES_BIN: looks nowhere else. */
  bin_folder?: string | undefined;
  only?: Wanted['only'];
  /** Over SERVER_SETTINGS. With fsync off the new cluster is not synced either: for tests. */
  settings?: Readonly<Record<string, string>>;
}

/** Answers the running private server of `data_folder`, its database `attending` made. Two processes may ask at once: the second gets the first one's server.
 *  Throws an Error whose message is one plain line for a person. */
export async function startPrivatePostgres(options: StartOptions): Promise<PrivatePostgres> {
  mkdirSync(options.data_folder, { recursive: true, mode: 0o700 });
  const data_folder = realpathSync(options.data_folder);
  const turn = await takeTurn(path.join(data_folder, 'pg.starting'));
  try {
    const place = await findPlace(data_folder);
    await clearForgotten(place, options.log);
    return (await adopt(place, options.log)) ?? (await start(place, options));
  } finally {
    turn.release();
  }
}

/** How pg connects to it as the superuser: for the migrator and for seeding. The password is read when it is asked for. */
export function asSuperuser(
  server: Pick<PrivatePostgres, 'socket_folder' | 'port' | 'password_file'>,
  database: string = DATABASE,
): pg.ClientConfig {
  const password = () => readFile(server.password_file, 'utf8');
  return {
    host: server.socket_folder,
    port: server.port,
    user: SUPERUSER,
    database,
    password,
    ssl: false,
    connectionTimeoutMillis: 10_000,
  };
}

async function start(place: Place, { log, bin_folder, only, settings: ours }: StartOptions): Promise<PrivatePostgres> {
  const settings = { ...SERVER_SETTINGS, ...ours };
  const major = clusterMajor(place);
  const binaries = await readableBinaries(await findBinaries({ bin_folder, only, major }), place);
  const password_file = passwordFile(place, major !== undefined);
  if (major === undefined) {
    log(`making a database in ${place.cluster_folder} (PostgreSQL ${binaries.version})`);
    await makeCluster({ place, binaries, password_file, sync: settings.fsync !== 'off' });
  }
  const socket = makeSocketFolder(place);
  for (const left of ['', '.lock']) rmSync(path.join(socket.socket_folder, `.s.PGSQL.${socket.port}${left}`), { force: true }); // of a dead server: the pid in it may be anybody's now
  const { pid } = await launch({
    place,
    binaries,
    log,
    settings: { ...settings, unix_socket_directories: socket.socket_folder, port: String(socket.port) },
  });
  try {
    const version = await prepare(asSuperuser({ ...socket, password_file }, 'postgres'));
    return opened(place, { ...socket, password_file, version, pid, adopted: false });
  } catch (error) {
    await stopPostmaster(pid, place);
    throw error;
  }
}

/** The server of an earlier run, when it answers and is this cluster's; one that nobody can reach any more (its socket was cleaned away) is stopped. */
async function adopt(place: Place, log: (line: string) => void): Promise<PrivatePostgres | undefined> {
  for (let turn = 1; ; turn++) {
    const running = await settledPostmaster(place);
    if (!running) return undefined;
    try {
      const server = await join(place, running);
      log(`PostgreSQL ${server.version} was running already (pid ${server.pid})`);
      return server;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code !== RECOVERS && !UNREACHABLE.includes(code) && !/terminated unexpectedly/.test(String(error))) throw error;
      // Between its death and the end of its process it is found and does not answer.
      if (code === RECOVERS || turn < 20) await sleep(100);
      else {
        log(`the PostgreSQL of an earlier run (pid ${running.pid}) cannot be reached; stopping it`);
        await stopPostmaster(running.pid, place);
      }
    }
  }
}

async function join(place: Place, { pid, socket_folder }: Postmaster): Promise<PrivatePostgres> {
  const socket = makeSocketFolder(place);
  if (socket_folder !== socket.socket_folder)
    throw new Error(`PostgreSQL (pid ${pid}) serves this folder from ${socket_folder}. Stop it, and start again.`);
  const password_file = passwordFile(place, true);
  const admin = asSuperuser({ ...socket, password_file }, 'postgres');
  const served = await shown(admin, 'data_directory');
  if (realpathSync(served) !== place.cluster_folder)
    throw new Error(`${socket_folder} answers for another cluster (${served}). Stop that PostgreSQL, and start again.`);
  return opened(place, { ...socket, password_file, version: await prepare(admin), pid, adopted: true });
}

/** Ends the private server of `data_folder`, whoever started it, within 5 s; where none runs nothing happens. Needs no password. */
export async function stopPrivatePostgres(data_folder: string): Promise<void> {
  if (!isThere(path.join(data_folder, 'pg'))) return;
  const place = await findPlace(realpathSync(data_folder));
  for (let turn = 1; turn < 50; turn++) {
    const running = findPostmaster(place);
    if (running) return end(place, running.pid);
    if (processesIn(place.cluster_folder).length === 0) return;
    await sleep(20); // its first or its last moments, without a pid file
  }
}

async function end(place: Place, pid: number): Promise<void> {
  const socket_folder = socketFolderOf(place);
  await stopPostmaster(pid, place);
  if (!findPostmaster(place)) rmSync(socket_folder, { recursive: true, force: true });
}

function opened(place: Place, server: Omit<PrivatePostgres, 'database' | 'superuser' | 'stop'>): PrivatePostgres {
  let stopping: Promise<void> | undefined;
  return {
    ...server,
    database: DATABASE,
    superuser: SUPERUSER,
    stop() {
      stopping ??= end(place, server.pid);
      return stopping;
    },
  };
}

/** Makes the database where it is missing, and answers the server's version. Nobody but the superuser has business in the databases that initdb made. */
async function prepare(admin: pg.ClientConfig): Promise<string> {
  await within(admin, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 1) return;
    await client.query('revoke all on database postgres, template1 from public');
    await client.query(`create database ${DATABASE}`);
  });
  return (await shown(admin, 'server_version')).split(' ')[0] ?? '';
}

function shown(admin: pg.ClientConfig, setting: string): Promise<string> {
  return within(
    admin,
    async (client) => (await client.query<{ value: string }>('select current_setting($1) as value', [setting])).rows[0]?.value ?? '',
  );
}

async function within<T>(admin: pg.ClientConfig, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(admin);
  client.on('error', () => {}); // the statement's own rejection tells
  try {
    await client.connect();
    return await act(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** As root the cluster stands outside of the data folder, and the data folder may have been removed without it. */
async function clearForgotten(place: Place, log: (line: string) => void): Promise<void> {
  const { link, data_folder } = place;
  if (link === undefined || isThere(link) || clusterMajor(place) === undefined) return;
  if (isThere(path.join(data_folder, 'pg.password'))) return linkCluster(place); // we died between making the cluster and linking it
  const running = findPostmaster(place);
  if (running) await stopPostmaster(running.pid, place);
  log(`a database of an earlier ${data_folder} was set aside: ${setAside(place)}`);
}

function isThere(file: string): boolean {
  try {
    realpathSync(file);
    return true;
  } catch {
    return false;
  }
}

/** One process at a time makes, starts or adopts. */
async function takeTurn(file: string): Promise<Lock> {
  const begun = systemClock.elapsed();
  for (;;) {
    try {
      return takeLock(file);
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      if (systemClock.elapsed() - begun > TURN_LIMIT_MS)
        throw new Error(
          `Another process (pid ${error.pid}) has been starting the database of this folder for too long. Stop it, and start again.`,
        );
      await sleep(50);
    }
  }
}
