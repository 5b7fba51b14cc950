import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { ask, privateServers } from '../../test/private-servers.ts';
import { isRoot } from './os-user.ts';
import { asSuperuser, stopPrivatePostgres } from './postgres.ts';
import { isAlive } from './processes.ts';

const { aDataFolder, anOwner, start, stopAll } = privateServers();

const gone = async (pid: number) => {
  while (isAlive(pid)) await sleep(10);
};

describe('a data folder has its own PostgreSQL', () => {
  it('the first start makes it, the second finds what was written', async () => {
    const data_folder = aDataFolder();
    const first = await start(data_folder);
    expect(first).toMatchObject({ database: 'attending', superuser: 'attending_super', adopted: false });
    await ask(first, 'create table kept as select 42 as answer');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start(data_folder);
    expect(second.adopted).toBe(false);
    expect(await ask(second, 'select answer from kept')).toEqual([42]);
    expect(second.socket_folder).toBe(first.socket_folder);
  });

  it('it writes to disk before it answers, checks its pages, and speaks UTF-8', async () => {
    const server = await start(aDataFolder());
    const names = [
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'data_checksums',
      'server_encoding',
      'password_encryption',
      'lc_ctype',
    ];
    const shown = await ask(server, `select ${names.map((name) => `current_setting('${name}', true)`).join()}`);
    expect(shown.slice(0, 6)).toEqual(['on', 'on', 'on', 'on', 'UTF8', 'scram-sha-256']);
    expect(await ask(server, `select lower('ÉÑ'), 'a' < 'B'`)).toEqual(['éñ', false]);
  });

  it('two that start at once share one server', async () => {
    const data_folder = aDataFolder();
    const [a, b] = await Promise.all([start(data_folder), start(data_folder)]);
    expect(a.pid).toBe(b.pid);
    expect([a.adopted, b.adopted].toSorted()).toEqual([false, true]);
  });

  it('stop ends it within 5 s while somebody is in the middle of a transaction', async () => {
    const server = await start(aDataFolder());
    const client = new pg.Client(asSuperuser(server));
    client.on('error', () => {});
    await client.connect();
    await client.query('begin');
    const sleeping = client.query('select pg_sleep(60)').catch(({ code }) => code);
    const begun = performance.now();
    await server.stop();
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await sleeping).toBe('57P01');
    expect(isAlive(server.pid)).toBe(false);
    expect(existsSync(server.socket_folder)).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('a server that hangs', () => {
  it('is ended by force within 5 s, and opens again', async () => {
    const data_folder = aDataFolder();
    const server = await start(data_folder);
    const client = new pg.Client(asSuperuser(server));
    client.on('error', () => {});
    await client.connect();
    const { rows } = await client.query('select pg_backend_pid() as pid');
    process.kill(rows[0].pid, 'SIGSTOP');
    const begun = performance.now();
    await server.stop();
    // A killed process is there until the kernel has taken it away, which a busy machine does a moment later; the 5 s hold for that too.
    const left_ms = 5_000 - (performance.now() - begun);
    expect(left_ms).toBeGreaterThan(0);
    await expect.poll(() => [server.pid, rows[0].pid].filter(isAlive), { timeout: left_ms, interval: 20 }).toEqual([]);
    expect((await start(data_folder)).adopted).toBe(false);
  });
});

describe('stopPrivatePostgres', () => {
  it('ends the server that another process started, without its password', async () => {
    const data_folder = aDataFolder();
    const owner = await anOwner(data_folder);
    await owner.kill();
    rmSync(path.join(data_folder, 'pg.password'));
    await stopPrivatePostgres(data_folder);
    expect(isAlive(owner.pid)).toBe(false);
    await stopPrivatePostgres(data_folder);
    await stopPrivatePostgres(aDataFolder());
  });
});

describe('a killed Attending loses nothing', () => {
  it('after kill -9 of its owner the server lives on and is adopted', async () => {
    const data_folder = aDataFolder();
    const owner = await anOwner(data_folder);
    await owner.kill();
    const server = await start(data_folder);
    expect(server).toMatchObject({ adopted: true, pid: owner.pid });
    await server.stop();
    expect(isAlive(owner.pid)).toBe(false);
  });

  it('after kill -9 of both, a committed row is there again', async () => {
    const data_folder = aDataFolder();
    const owner = await anOwner(data_folder);
    const first = await start(data_folder);
    await ask(first, 'create table kept as select 42 as answer');
    const idle = new pg.Client(asSuperuser(first));
    idle.on('error', () => {});
    await idle.connect();
    await owner.kill();
    process.kill(owner.pid, 'SIGKILL');
    const second = await start(data_folder); // at once: its last processes may still hold the shared memory
    expect(second.adopted).toBe(false);
    expect(await ask(second, 'select answer from kept')).toEqual([42]);
    await idle.end().catch(() => {});
  });

  it('a pid file whose pid is another process by now stops nobody, and that process is left alone', async () => {
    const data_folder = aDataFolder();
    const first = await start(data_folder);
    const pidFile = path.join(realpathSync(path.join(data_folder, 'pg')), 'postmaster.pid');
    const left = readFileSync(pidFile, 'utf8');
    process.kill(first.pid, 'SIGKILL');
    await gone(first.pid);
    const other = spawn('sleep', ['60'], { ...(isRoot() && owner(path.dirname(pidFile))) });
    writeFileSync(pidFile, left.replace(String(first.pid), String(other.pid)));
    const second = await start(data_folder);
    expect(second.adopted).toBe(false);
    await second.stop();
    expect(isAlive(other.pid as number)).toBe(true);
    other.kill();
  });

  it('a server whose socket was cleaned away is stopped and started anew', async () => {
    const data_folder = aDataFolder();
    const first = await start(data_folder);
    rmSync(first.socket_folder, { recursive: true });
    const second = await start(data_folder);
    expect(second.adopted).toBe(false);
    expect(second.pid).not.toBe(first.pid);
  });

  it('a start that died in initdb leaves nothing that the next one trusts', async () => {
    const data_folder = aDataFolder();
    await start(data_folder);
    const home = path.dirname(realpathSync(path.join(data_folder, 'pg')));
    await stopAll();
    rmSync(path.join(home, 'pg'), { recursive: true });
    rmSync(path.join(data_folder, 'pg'), { force: true });
    mkdirSync(path.join(home, 'pg.new-dead', 'data'), { recursive: true });
    writeFileSync(path.join(home, 'pg.new-dead', 'data', 'PG_VERSION'), '18');
    await start(data_folder);
    expect(readdirSync(home).filter((name) => name.startsWith('pg.new'))).toEqual([]);
  });
});

function owner(file: string): { uid: number; gid: number } {
  const { uid, gid } = statSync(file);
  return { uid, gid };
}
