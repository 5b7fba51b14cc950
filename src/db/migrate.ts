import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';

const FOLDER = path.join(import.meta.dirname, 'migrations');

/** One migration: its SQL and the sha256 that says whether it is still the one that was applied. */
export interface Migration {
  name: string;
  sha256: string;
  sql: string;
}

export function readMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(FOLDER, name), 'utf8');
      return { name, sha256: createHash('sha256').update(sql).digest('hex'), sql };
    });
}

/** Brings roles and schema up to date; a second run changes nothing. `admin` connects as the migrator: a superuser, or a role with CREATEROLE, BYPASSRLS and
 *  CREATE on the database. `api_password` is set for app_api, the only role that logs in to serve, `sender_password` for app_sender, the only one that takes messages to
 *  send them, `keeper_password` for app_keeper, the only one that works vendor accounts; without its password a role stays as it is, and a new one does not log in. Two at once
 *  wait for each other.
 *  Throws when an applied migration's file has changed, or the server is older than PostgreSQL 15. */
export async function migrate({
  admin,
  api_password,
  sender_password,
  keeper_password,
  log = () => {},
}: {
  admin: pg.ClientConfig;
  api_password: string;
  sender_password?: string | undefined;
  keeper_password?: string | undefined;
  log?: (line: string) => void;
}): Promise<void> {
  const client = new pg.Client(admin);
  await client.connect();
  try {
    const { rows } = await client.query<{ version: number; superuser: boolean }>(
      "select current_setting('server_version_num')::int as version, rolsuper as superuser from pg_roles where rolname = current_user",
    );
    const { version, superuser } = rows[0] as { version: number; superuser: boolean };
    if (version < 150_000) throw new Error(`PostgreSQL ${Math.floor(version / 10_000)} is too old: Attending needs 15 or newer.`);
    await client.query("select pg_advisory_lock(hashtextextended('attending:migrate', 0))");
    await client.query("set client_min_messages = warning; set app.migrating = 'on'");
    await createRoles(client, { app_api: api_password, app_sender: sender_password, app_keeper: keeper_password });
    await applyAll(client, log);
    await lockDown(client, superuser, log);
  } finally {
    await client.end();
  }
}

/** app_guard owns the seal, app_owner the tables; nobody logs in as either. app_api serves: it owns nothing, inherits nothing, and row security binds it. app_sender
 *  sends: it calls the functions of the outbox and reaches no table. app_keeper works the vendor accounts, by the functions of connections, and reaches no table. */
async function createRoles(
  client: pg.Client,
  passwords: Record<'app_api' | 'app_sender' | 'app_keeper', string | undefined>,
): Promise<void> {
  // Roles belong to the whole server: another database's migration may make them at this very moment.
  for (const [role, attributes] of [
    ['app_guard', 'nologin noinherit nobypassrls'],
    ['app_owner', 'nologin noinherit nobypassrls'],
    ['app_api', 'login noinherit nobypassrls nocreatedb nocreaterole'],
    ['app_sender', 'nologin noinherit nobypassrls nocreatedb nocreaterole'],
    ['app_keeper', 'nologin noinherit nobypassrls nocreatedb nocreaterole'],
  ] as const) {
    const { rows } = await client.query('select from pg_roles where rolname = $1', [role]);
    if (rows.length === 0) await client.query(`create role ${role} ${attributes}`).catch(unlessExists);
  }
  for (const [role, password] of Object.entries(passwords))
    if (password !== undefined) await client.query(`alter role ${role} with login noinherit password ${client.escapeLiteral(password)}`);
  const { rowCount } = await client.query(
    "select from pg_roles where rolname ~ '^app_(api|sender|keeper|guard|owner)$' and (rolsuper or rolbypassrls)",
  );
  if (rowCount !== 0)
    throw new Error(
      'A role of Attending (app_api, app_sender, app_keeper, app_guard, app_owner) is a superuser or bypasses row security on this server. Take that right away first.',
    );
  await client.query('grant app_guard, app_owner to current_user');
}

function unlessExists(error: unknown): void {
  // duplicate_object, or unique_violation where two sessions create it at once
  if (!(error instanceof pg.DatabaseError && (error.code === '42710' || error.code === '23505'))) throw error;
}

async function applyAll(client: pg.Client, log: (line: string) => void): Promise<void> {
  await client.query(
    'create table if not exists public.schema_migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
  );
  const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from public.schema_migrations');
  const applied = new Map(rows.map(({ name, sha256 }) => [name, sha256]));
  for (const { name, sha256, sql } of readMigrations()) {
    const before = applied.get(name);
    if (before === sha256) continue;
    if (before !== undefined)
      throw new Error(`Migration ${name} was changed after it was applied. Restore the file, and put the change in a new migration.`);
    await client.query('begin');
    try {
      await client.query(sql);
      await client.query('insert into public.schema_migrations (name, sha256) values ($1, $2)', [name, sha256]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
    log(`migrated ${name}`);
  }
}

/** What holds for the database as a whole: nobody makes objects or temporary tables in it, and audit books cannot be altered or dropped. Generic plans: every query
 *  goes by an index that begins with tenant_id whatever its values are, and planning one under row security costs more than running it. */
async function lockDown(client: pg.Client, superuser: boolean, log: (line: string) => void): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_database()) as name');
  const database = rows[0]?.name;
  await client.query(`
    revoke all on database ${database} from public;
    revoke all on schema public from public;
    grant connect on database ${database} to app_api;
    alter role app_api in database ${database} reset all;
    alter role app_api in database ${database} set search_path = data;
    alter role app_api in database ${database} set statement_timeout = '10s';
    alter role app_api in database ${database} set idle_in_transaction_session_timeout = '60s';
    alter role app_api in database ${database} set plan_cache_mode = force_generic_plan;
    alter role app_api in database ${database} set jit = off;
    ${['app_sender', 'app_keeper'].map((role) => functionsAlone(role, String(database))).join('')}`);
  if (!superuser) {
    log(
      'not a superuser: PUBLIC keeps the functions of large objects and of other sessions, and the event triggers that keep audit tables from being altered are left out; row and TRUNCATE triggers hold',
    );
    return;
  }
  await client.query(OUT_OF_REACH);
  await client.query(AUDIT_DDL);
}

/** The sessions of a role that calls functions and reads no table. */
const functionsAlone = (role: string, database: string) => `
    grant connect on database ${database} to ${role};
    alter role ${role} in database ${database} reset all;
    alter role ${role} in database ${database} set search_path = pg_catalog;
    alter role ${role} in database ${database} set statement_timeout = '10s';
    alter role ${role} in database ${database} set idle_in_transaction_session_timeout = '60s';`;

/** What everybody may call in a fresh database, and the serving role may not: it reaches into other sessions, or keeps something beyond a transaction. */
const OUT_OF_REACH = `
  do $$
  declare f regprocedure;
  begin
    for f in select p.oid from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace
      and (p.proname ~ '^lo_' or p.proname in ('loread', 'lowrite', 'pg_cancel_backend', 'pg_terminate_backend', 'pg_logical_emit_message')) loop
      execute format('revoke all on function %s from public', f);
    end loop;
  end $$`;

/** The audit books keep their shape, their triggers and these guards, in every mode of a session: only a migration changes them. */
const AUDIT_DDL = `
  create or replace function guard.refuse_audit_ddl() returns event_trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
  declare
    book text := '(mcp_audit_|taint_events|edge_log|refuse_change|refuse_audit_ddl)';
    touched boolean := false;
  begin
    if session_user in ('app_api', 'app_sender', 'app_keeper') then raise insufficient_privilege using message = 'the serving role changes no schema'; end if;
    if current_setting('app.migrating', true) = 'on' then return; end if;
    if tg_event = 'ddl_command_start' then
      touched := tg_tag ~ '(FUNCTION|PROCEDURE|ROUTINE|SCHEMA)';
    elsif tg_event = 'sql_drop' then
      touched := exists (select from pg_event_trigger_dropped_objects() o where o.object_identity ~ book);
    else
      touched := exists (select from pg_event_trigger_ddl_commands() o where o.object_identity ~ book
        or exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid where t.tgrelid = o.objid and p.proname = 'refuse_change'));
    end if;
    if touched then raise insufficient_privilege using message = 'audit tables are append-only, and their guards change by migration alone'; end if;
  end $$;
  revoke all on function guard.refuse_audit_ddl() from public;
  drop event trigger if exists audit_is_append_only;
  drop event trigger if exists audit_is_not_dropped;
  drop event trigger if exists schema_changes_by_migration;
  create event trigger audit_is_append_only on ddl_command_end execute function guard.refuse_audit_ddl();
  create event trigger audit_is_not_dropped on sql_drop execute function guard.refuse_audit_ddl();
  create event trigger schema_changes_by_migration on ddl_command_start execute function guard.refuse_audit_ddl();
  alter event trigger audit_is_append_only enable always;
  alter event trigger audit_is_not_dropped enable always;
  alter event trigger schema_changes_by_migration enable always`;
