// Private servers for the tests of the private server: each in a folder of its own, all gone afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, inject } from 'vitest';
import { asSuperuser, type PrivatePostgres, type StartOptions, startPrivatePostgres } from '../src/db/postgres.ts';
import { aSweptFolder } from './sweep.ts';

const SOURCE = path.join(import.meta.dirname, '../src/db/postgres.ts');

/** Call once at the top of a test file: what it starts is stopped after each test, and swept at the end. */
export function privateServers() {
  const { folder, sweep } = aSweptFolder();
  const { bin_folder } = inject('cluster');
  const started: PrivatePostgres[] = [];
  let count = 0;

  const stopAll = async () => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
  };
  afterEach(stopAll);
  afterAll(sweep);

  return {
    bin_folder,
    stopAll,
    aDataFolder: () => path.join(folder, String(++count)),
    async start(data_folder: string, more: Partial<StartOptions> = {}): Promise<PrivatePostgres> {
      const server = await startPrivatePostgres({ data_folder, bin_folder, log: () => {}, ...more });
      started.push(server);
      return server;
    },
    /** Another Attending, as far as its database goes: a process that starts it and then only stands there. `pid` is its server's. */
    async anOwner(data_folder: string): Promise<{ pid: number; kill(): Promise<void> }> {
      const code = `
        import { startPrivatePostgres } from ${JSON.stringify(SOURCE)};
        const { pid } = await startPrivatePostgres({ data_folder: process.argv[1], bin_folder: process.argv[2], log: () => {} });
        console.log(pid);
        setInterval(() => {}, 1000);`;
      const owner = spawn(process.execPath, ['--input-type=module', '-e', code, data_folder, bin_folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(owner.stdout, 'data');
      return {
        pid: Number(line),
        async kill() {
          owner.kill('SIGKILL');
          await once(owner, 'exit');
        },
      };
    },
  };
}

/** The values of one statement's rows, in one list. */
export async function ask(server: PrivatePostgres, sql: string, as: pg.ClientConfig = {}): Promise<unknown[]> {
  const client = new pg.Client({ ...asSuperuser(server), ...as });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows.flat();
  } finally {
    await client.end();
  }
}
