// What the serving role can reach in the server besides its tables: other sessions, files, places where one clinic could leave something for another.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../src/db/pool.ts';
import { openTenantTx } from '../../src/db/tenant.ts';
import { SIGNED } from '../catalog/reviewed.ts';
import { aStage, type Stage } from './stage.ts';

let stage: Stage;
let api: pg.Client;
let aside: pg.Client;
beforeAll(async () => {
  stage = await aStage();
  [api, aside] = [await stage.connect(), await stage.connect()];
});
afterAll(() => stage.close());

const refused = async (sql: string, code: string | RegExp = '42501') => {
  const error: unknown = await api.query(`begin; ${sql}`).then(
    () => `done: ${sql}`,
    (error: pg.DatabaseError) => error,
  );
  await api.query('rollback');
  expect(error, sql).toMatchObject({ code: typeof code === 'string' ? code : expect.stringMatching(code) });
};

describe('other sessions', () => {
  it('show no secret while they enter: the text of a statement holds no hash', async () => {
    const pool = openPool(stage.database.api, { max: 1, failed: () => {} });
    const tx = openTenantTx(pool, stage.b.live.hash);
    // The grants are locked, so that the other session stands still in the middle of app.enter.
    await stage.admin.query('begin; lock table guard.grants in access exclusive mode');
    const reading = tx.rows('select 1').catch(() => []);
    try {
      const hash = stage.b.live.hash.toString('hex');
      const activity = async () =>
        (await api.query<{ query: string }>('select query from pg_stat_activity where pid <> pg_backend_pid()')).rows.map(
          ({ query }) => query,
        );
      const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      await expect.poll(async () => (await aside.query(waiting)).rowCount, { timeout: 10_000 }).toBe(1);
      expect((await activity()).filter((query) => query.includes(hash))).toEqual([]);
    } finally {
      await stage.admin.query('rollback');
      await reading;
      await tx.abandon();
      await pool.end();
    }
  });
  it('of other roles show nothing', async () => {
    await stage.admin.query(`select 'of the migrator ${stage.b.canary}'`);
    const { rows } = await api.query<{ query: string }>('select query from pg_stat_activity');
    expect(rows.filter(({ query }) => query?.includes(stage.b.canary))).toEqual([]);
  });
  it.each(['pg_cancel_backend', 'pg_terminate_backend'])('cannot be ended by %s, those of the same role neither', async (end) => {
    const { rows } = await aside.query<{ pid: number }>('select pg_backend_pid() as pid');
    await refused(`select ${end}(${rows[0]?.pid})`);
    expect((await aside.query('select 1 as still')).rows).toEqual([{ still: 1 }]);
  });
});

describe('the machine', () => {
  it.each([
    "select pg_read_file('/etc/passwd')",
    "select pg_read_binary_file('/etc/passwd')",
    "select pg_ls_dir('.')",
    "select pg_stat_file('.')",
    'select pg_ls_logdir()',
    "copy (select 1) to '/tmp/loot'",
    "copy (select 1) to program 'cat'",
    "copy data.patients from program 'cat'",
    "copy data.patients from '/etc/passwd'",
    "select lo_import('/etc/passwd')",
    "select lo_export(1, '/tmp/loot')",
    'select pg_reload_conf()',
    'select pg_switch_wal()',
    "load '/tmp/evil.so'",
    'checkpoint',
    "create function public.f() returns int language c as 'x', 'y'",
    "create function public.f() returns int language internal as 'pg_backend_pid'",
    "set local session_replication_role = 'replica'",
    "set local session_preload_libraries = 'x'",
    "set local log_statement = 'all'",
    'set local allow_system_table_mods = on',
    'show data_directory',
    'show hba_file',
  ])('%s is refused', (sql) => refused(sql));
  it('its settings are not changed for the next start', async () => {
    await expect(api.query("alter system set log_statement = 'all'")).rejects.toMatchObject({ code: '42501' });
  });
  it.each(["select dblink('', '')", "select dblink_connect('dbname=postgres')", 'select * from postgres_fdw_get_connections()'])(
    '%s is not there',
    (sql) => refused(sql, '42883'),
  );
});

describe('nothing can be left for another clinic', () => {
  it.each([
    "select lo_from_bytea(0, 'words')",
    'select lo_create(0)',
    'select lo_creat(-1)',
    "select lo_put(1, 0, 'words')",
    'select lo_get(1)',
    'select lo_open(1, 131072)',
    'select lo_unlink(1)',
  ])('as a large object: %s', (sql) => refused(sql));
  it('as a table, a sequence, a comment, a security label', async () => {
    await refused('create table data.loot (x text)');
    await refused('create sequence public.loot');
    await refused("comment on table data.patients is 'words'");
    await refused(`comment on database ${stage.database.name} is 'words'`);
    await refused("security label on table data.patients is 'words'", /42501|22023/);
  });
  it('as a row of any table, but of those that a signature opens (signed.test.ts)', async () => {
    const { rows } = await stage.admin.query<{ tables: string }>(
      `select c.oid::regclass || ' ' || p as tables from pg_class c, unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
       where c.relkind in ('r', 'p', 'v', 'f', 'S') and c.relkind <> 'S' and has_table_privilege('app_api', c.oid, p) and c.oid <> 'pg_settings'::regclass`,
    );
    const signed = Object.entries(SIGNED).flatMap(([table, rights]) => rights.map((right) => `data.${table} ${right}`));
    expect(rows.map(({ tables }) => tables).sort()).toEqual(signed.sort()); // pg_settings takes UPDATE from everybody: it is SET by another name
  });
});
