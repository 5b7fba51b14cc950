// The seal: only a live credential makes one, for one transaction of one session, and nobody can look at what it is made with.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../promises.ts';
import { CONTEXTS, sealOf } from './contexts.ts';
import { aStage, type Stage } from './stage.ts';

let stage: Stage;
let api: pg.Client;
let aside: pg.Client;
beforeAll(async () => {
  stage = await aStage();
  [api, aside] = [await stage.connect(), await stage.connect()];
});
afterAll(() => stage.close());

const SEES = "select app.tenant() as tenant, (select string_agg(family_name, ',') from data.patients) as names";
/** What a transaction sees, or the refusal. */
async function seen(sql: string, client = api): Promise<unknown> {
  try {
    const results = [await client.query(sql)].flat();
    return results.at(-1)?.rows[0];
  } catch (error) {
    return `${(error as pg.DatabaseError).code} ${(error as pg.DatabaseError).message}`;
  } finally {
    await client.query('rollback; reset all');
  }
}
const UNSEALED = '42501 the tenant context is not sealed by this database';
const NOBODY = { tenant: null, names: null };

verifies('tenancy:sealed-context', async () => {
  const who = { me: stage.a, them: stage.b, aside };
  const outcomes: Record<string, unknown> = {};
  for (const [name, context] of Object.entries(CONTEXTS)) {
    await context.open(api, who);
    outcomes[name] = await seen(SEES);
    await aside.query('rollback');
  }
  const own = { tenant: stage.a.tenant_id, names: stage.a.canary };
  expect(outcomes).toEqual({
    none: NOBODY,
    entered: own,
    'entered by a login': own,
    'a draft of its own clinic signed': own,
    'a clinic set by hand': UNSEALED,
    'a forged seal': UNSEALED,
    'the clinic swapped inside a seal': UNSEALED,
    "another clinic's seal of an earlier transaction": UNSEALED,
    "another clinic's seal of a session that is open now": UNSEALED,
    'a seal set for the session': UNSEALED,
    'a revoked credential': NOBODY,
    'an expired credential': NOBODY,
    'a second enter': own,
  });
});

describe('a seal is of one transaction', () => {
  it('its own, in a later transaction of the same session, is refused', async () => {
    const seal = await sealOf(api, stage.a);
    expect(await seen(`begin; select set_config('app.seal', '${seal}', true); ${SEES}`)).toBe(UNSEALED);
  });
  it('a change of any one character is refused', async () => {
    const seal = await sealOf(api, stage.a, 'stay');
    for (let at = 0; at < seal.length; at += 1) {
      const other = seal.charAt(at) === '0' ? '1' : '0';
      await api.query("savepoint s; select set_config('app.seal', '', true)");
      await api.query('select set_config($1, $2, true)', ['app.seal', seal.slice(0, at) + other + seal.slice(at + 1)]);
      await expect(api.query('select app.tenant()')).rejects.toMatchObject({ code: '42501' });
      await api.query('rollback to s');
    }
    await api.query('rollback');
  });
  it.each(['x', ':::', '::', '0'.repeat(2000), 'a:b:c:', '{}', 'null:null:null:null'])('$0 is no seal', async (forged) => {
    expect(await seen(`begin; select set_config('app.seal', '${forged}', true); ${SEES}`)).toBe(UNSEALED);
  });
  it('an empty one is no seal, and shows nothing', async () => {
    expect(await seen(`begin; select app.enter(${stage.a.live.sql}); select set_config('app.seal', '', true); ${SEES}`)).toEqual(NOBODY);
  });
  it('ends with a rollback to a savepoint before it', async () => {
    expect(await seen(`begin; savepoint s; select app.enter(${stage.a.live.sql}); rollback to s; ${SEES}`)).toEqual(NOBODY);
  });
  it('does not go on in a chained transaction', async () => {
    await api.query(`begin; select app.enter(${stage.a.live.sql})`);
    await api.query('commit and chain');
    expect(await seen(SEES)).toEqual(NOBODY);
  });
  it('who drops its own still needs the secret of another to enter', async () => {
    const entered = `begin; select app.enter(${stage.a.live.sql}); select set_config('app.seal', '', true); `;
    for (const { sql } of [
      stage.b.revoked,
      stage.b.expired,
      { sql: `'\\x${randomBytes(32).toString('hex')}'` },
      { sql: 'null' },
      { sql: "''" },
    ])
      expect(await seen(`${entered} select app.enter(${sql}); ${SEES}`)).toBe('42501 the credential is not live');
  });
});

describe('nobody gets around it', () => {
  const entered = () => `begin; select app.enter(${stage.a.live.sql});`;
  it.each([
    'app_owner',
    'app_guard',
    'the superuser',
    'pg_read_all_data',
    'pg_monitor',
    'pg_read_server_files',
    'pg_execute_server_program',
  ])('SET ROLE %s is refused', async (role) => {
    const name = role === 'the superuser' ? stage.database.admin.user : role;
    for (const set of [`set role ${name}`, `set local role ${name}`, `set session authorization ${name}`])
      expect(await seen(`${entered()} ${set}; ${SEES}`)).toMatch(/^42501 permission denied/);
  });
  it('row_security = off is refused', async () => {
    expect(await seen(`${entered()} set local row_security = off; ${SEES}`)).toMatch(
      /^42501 query would be affected by row-level security/,
    );
  });
  it.each([
    ['create function app.tenant() returns uuid language sql as $$ select null::uuid $$', '42501'],
    ['create or replace function app.tenant() returns uuid language sql as $$ select null::uuid $$', '42501'],
    ['alter function app.tenant() security invoker', '42501'],
    ['drop function app.tenant() cascade', '42501'],
    ['create function data.tenant() returns uuid language sql as $$ select null::uuid $$', '42501'],
    ['create function public.evil() returns uuid language sql as $$ select null::uuid $$', '42501'],
    ['create function pg_temp.tenant() returns uuid language sql as $$ select null::uuid $$', '42501'],
    ['create schema app2', '42501'],
    ['create schema authorization app_api', '42501'],
    ['create temp table patients (id uuid)', '42501'],
    ['create temp view tenants as select 1', '42501'],
    ['create domain pg_temp.uuid as text', '42501'],
    ['create view public.v as select * from data.patients', '42501'],
    ['create materialized view public.v as select * from data.patients', '42501'],
    ['create rule r as on select to data.patients do instead select 1', '42501'],
    ['create policy p on data.patients using (true)', '42501'],
    ['alter policy tenant on data.patients using (true)', '42501'],
    ['alter table data.patients disable row level security', '42501'],
    ['alter table data.patients no force row level security', '42501'],
    ['create trigger t before update on data.patients for each row execute function guard.refuse_change()', '42501'],
    ['create extension dblink', '42501'],
    ['create server s foreign data wrapper x', '42704|42501'],
    ['create event trigger e on sql_drop execute function guard.refuse_change()', '42501'],
    ['create publication p for table data.patients', '42501'],
    ['alter role app_api bypassrls', '42501'],
    ['alter role app_api superuser', '42501'],
    ['create role evil', '42501'],
    ['lock table data.patients in access exclusive mode', '42501'],
    ['select * from guard.seal_key', '42501'],
    ['select * from guard.grants', '42501'],
    ['select * from guard.tenant_keys', '42501'],
    ['select * from guard.edge_log', '42501'],
    ['select * from guard.sweeps', '42501'],
    ["select guard.mac('x')", '42501'],
    ["select guard.pad('x', 1)", '42501'],
    ['select guard.opened_seal()', '42501'],
    ["select guard.tenant_table('patients')", '42501'],
    ['select * from public.schema_migrations', '42501'],
    ['select * from pg_authid', '42501'],
    ['select * from pg_statistic', '42501'],
    ['select * from pg_user_mapping', '42501'],
    ['select * from pg_subscription', '42501'],
    ['select * from pg_largeobject', '42501'],
    ['update pg_class set relrowsecurity = false', '42501'],
  ])('%s is refused', async (sql, code) => {
    expect(await seen(`${entered()} ${sql}`)).toMatch(new RegExp(`^(${code}) `));
  });
  it('what it may read it cannot hand on', async () => {
    await seen(
      `${entered()} grant select on data.patients to public; grant execute on function app.sweep(interval) to public; commit; select`,
    );
    const { rows } = await stage.admin.query(
      "select from pg_class, aclexplode(relacl) where oid = 'data.patients'::regclass and grantee = 0 union all select from pg_proc, aclexplode(proacl) where proname = 'sweep' and grantee = 0",
    );
    expect(rows).toEqual([]);
  });
  it('a search_path of any kind shows the same rows', async () => {
    const own = { tenant: stage.a.tenant_id, names: stage.a.canary };
    for (const path of ['pg_temp, data, app', 'guard, data', 'public, pg_temp', "''"])
      expect(await seen(`${entered()} set local search_path = ${path}; ${SEES}`)).toEqual(own);
  });
  it('temporary types do not stand before the real ones, should it ever come to have any (a restored database lets everybody make them)', async () => {
    const client = await stage.connect(stage.database.admin);
    const heard: string[] = [];
    client.on('notice', ({ message }) => heard.push(message ?? ''));
    await client.query(`set app.migrating = 'on';
      create function pg_temp.spy(v text) returns bool language plpgsql as $$ begin raise notice 'spies as %', current_user; return true; end $$`);
    for (const type of ['uuid', 'text', 'bytea', 'jsonb', 'timestamptz', 'record'])
      await client.query(`create domain pg_temp.${type} as pg_catalog.text check (pg_temp.spy(value::pg_catalog.text))`);
    for (const table of ['tenants', 'grants', 'patients']) await client.query(`create temp table ${table} (id pg_catalog.int4)`);
    await client.query('set session authorization app_api');
    const hash = `${stage.a.live.sql}::pg_catalog.bytea`;
    expect(await seen(`begin; select app.enter(${hash}); ${SEES}`, client)).toMatchObject({ names: stage.a.canary });
    await seen(`select * from app.identify(${hash})`, client);
    await seen("select app.sweep('1 hour')", client);
    expect(heard.filter((message) => message.startsWith('spies'))).toEqual([]);
  });
  it('statistics of the columns are not shown', async () => {
    await stage.admin.query('analyze');
    for (const view of ['pg_stats', 'pg_stats_ext', 'pg_stats_ext_exprs'])
      expect(await seen(`${entered()} select count(*)::int as n from ${view} where schemaname in ('data', 'guard')`)).toEqual({ n: 0 });
  });
});
