// The command line. `npm start` is `attending start`.
import { type ChildProcess, fork } from 'node:child_process';
import { type Made, openApp, VERSION } from './app.ts';
import { systemClock } from './base/clock.ts';
import { openLog, shapeOf } from './base/log.ts';
import { systemRandom } from './base/random.ts';
import { type Config, readConfig } from './config.ts';
import { openFolderVault } from './connections/vault.ts';
import { webhookSealer } from './connections/webhook-sealer.ts';
import { LockedError, lockFolder } from './db/lock.ts';
import { type Connection, openPool } from './db/pool.ts';
import { stopPrivatePostgres } from './db/postgres.ts';
import { addressOf, listen, openServer } from './http/server.ts';
import { bridgeStdio, runStdio } from './http/stdio.ts';
import { catalogue } from './operations/index.ts';
import { openCarriers } from './outbound/carriers.ts';
import {
  type Asked,
  credentialsCommand,
  HELP,
  inviteCommand,
  leave,
  migrateCommand,
  mintCommand,
  prepare,
  revokeCommand,
  usersCommand,
} from './start/commands.ts';
import { greeting, writeUrls } from './start/first-run.ts';
import { recipesCommand } from './start/recipes.ts';
import { vaultCommand } from './start/vault.ts';

// Who reads may go away (`… | head`): what was begun is still ended in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
const say = (line: string) => process.stdout.write(`${line}\n`);
const warn = (line: string) => process.stderr.write(`${line}\n`);

const COMMANDS: Record<string, (config: Config, asked: Asked) => Promise<void>> = {
  start,
  stdio,
  prepare: prepareForParent,
  migrate: (_, asked) => migrateCommand(asked),
  users: (_, asked) => usersCommand(asked),
  credentials: (_, asked) => credentialsCommand(asked),
  mint: (_, asked) => mintCommand(asked),
  revoke: (_, asked) => revokeCommand(asked),
  invite: (_, asked) => inviteCommand(asked),
  vault: (_, asked) => vaultCommand(asked),
  recipes: (_, asked) => recipesCommand(asked),
};

const [name = 'help', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (!command) {
  say(HELP);
  process.exitCode = ['help', '--help', '-h'].includes(name) ? 0 : 2;
} else {
  try {
    const config = readConfig();
    await command(config, { where: config, args, clock: systemClock, random: systemRandom, log: openLog(config.log_level), print: say });
  } catch (error) {
    warn(sayable(error));
    process.exitCode = 1;
  }
}

/** Serves until SIGINT or SIGTERM. The database is prepared by a child, so this process never holds the migrator's password. */
async function start(config: Config, { log }: Asked): Promise<void> {
  const lock = lockFolder(config.data_folder);
  const ends: (() => Promise<void> | void)[] = [() => lock.release()];
  let preparing: ChildProcess | undefined;
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= (async () => {
      preparing?.kill('SIGTERM');
      for (const step of ends.reverse()) await Promise.resolve(step()).catch((error) => log.error(shapeOf(error), 'while stopping'));
    })();
    return ending;
  };
  // A terminal's Ctrl-C arrives twice (npm passes it on): twice is one request.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end().then(() => process.exit(0)));

  try {
    if (config.database_url === undefined) ends.push(() => stopPrivatePostgres(config.data_folder));
    preparing = fork(import.meta.filename, ['prepare'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const { api, sender, keeper } = await readyFrom(preparing);
    if (ending) return;

    const home = config.public_url?.replace(/\/$/, '') ?? (config.port > 0 ? addressOf(config.host, config.port) : '');
    if (!sender) log.warn('ATTENDING_SENDER_URL is not set: this process sends no messages, what is signed waits');
    if (!keeper) log.warn('ATTENDING_KEEPER_URL is not set: this process has no vault, keeps no vendor accounts and tells no webhooks');
    const app = openApp({
      database: api,
      ...(keeper && (await withVault(keeper, config.data_folder, ends))),
      ...(sender && { sending: { database: sender, carriers: openCarriers(config.sending, systemClock.now) } }),
      call_timeout_ms: config.call_timeout_ms,
      admin_url: `${home}/admin`,
      log,
    });
    ends.push(() => app.close());
    await app.sweep();
    const { gate, logins, clock, random } = app;
    const server = openServer({
      gate,
      logins,
      catalogue,
      log,
      random,
      clock,
      version: VERSION,
      ...(config.public_url !== undefined && { public_url: config.public_url }),
    });
    const { url, close } = await listen(server, { host: config.host, port: config.port });
    ends.push(close);
    say(greeting(writeUrls(config.data_folder, config.public_url ?? url), config.data_folder));
  } catch (error) {
    await end();
    throw error;
  }
}

/** `prepare`, as the child of `start`: tells the parent where to serve and to send from. */
async function prepareForParent(_: Config, asked: Asked): Promise<void> {
  const { api, sender, keeper } = await prepare(asked);
  process.send?.({ api, sender, keeper } satisfies Ready);
  process.disconnect?.();
}

/** Webhooks and vendor accounts, whose secrets are in the vault of the data folder. */
async function withVault(
  database: Connection,
  data_folder: string,
  ends: (() => Promise<void> | void)[],
): Promise<Pick<Made, 'webhooks' | 'keeping'>> {
  const pool = openPool(database, { max: 2, failed: () => {} });
  ends.push(() => pool.end());
  const { vault } = await openFolderVault({ data_folder, pool, random: systemRandom });
  const sealerOf = (tenant_id: string) => webhookSealer({ vault, random: systemRandom, tenant_id });
  return { webhooks: { database, sealerOf }, keeping: { database, vault } };
}

type Ready = { api: Connection; sender?: Connection | undefined; keeper?: Connection | undefined };

function readyFrom(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.once('message', (ready) => resolve(ready as Ready));
    child.once('error', reject);
    // It has said why on standard error.
    child.once('exit', () => reject(new Error('The database is not ready, so Attending does not start.')));
  });
}

/** MCP over standard input and output: a bridge to a running Attending where ATTENDING_URL says which, else on this folder's own database. */
async function stdio(config: Config, asked: Asked): Promise<void> {
  if (config.token === undefined)
    throw new Error('ATTENDING_TOKEN is not set: put the bearer token of your clinic there (npm start prints one for each role).');
  if (config.url !== undefined) return bridgeStdio({ url: config.url, token: config.token });
  const database = await prepare({ ...asked, print: warn });
  const app = openApp({ database: database.api, call_timeout_ms: config.call_timeout_ms, connections: 4, log: asked.log });
  try {
    await runStdio({ gate: app.gate, token: config.token, version: VERSION, random: app.random, log: asked.log });
  } finally {
    await app.close();
    await leave(config, database);
  }
}

/** Our own errors are one plain line. Anything else is a bug, and its text may hold what it should not. */
function sayable(error: unknown): string {
  if (error instanceof LockedError || (error instanceof Error && error.constructor === Error && !('code' in error))) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'The port is taken. Set PORT to another one, for example: PORT=8788 npm start';
  if (code === 'EACCES') return 'The port may not be used by this user. Set PORT to one above 1023.';
  return `Attending stopped: ${JSON.stringify(shapeOf(error))}`;
}
