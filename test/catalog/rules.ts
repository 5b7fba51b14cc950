// The rules of security.md G3 (1), each a query over pg_catalog that answers one complaint a row; none on a database as it is migrated.
import type pg from 'pg';
import {
  APPEND_ONLY,
  COLUMN_GRANTS,
  GUARDED,
  KEPT,
  KEYS_WITHOUT_TENANT,
  NOT_UUID,
  NOTED,
  OF_THE_DRAFT,
  OUT_OF_REACH,
  RESTRICTIVE,
  SETTINGS,
  SIGNED,
  SIGNED_COLUMNS,
  TABLE_GRANTS,
} from './reviewed.ts';
import { FUNCTIONS } from './reviewed-functions.ts';

export interface Rule {
  sql: string;
  values?: unknown[];
}

const list = (names: readonly string[]) => `array[${names.map((name) => `'${name}'`).join(', ')}]::text[]`;
const OURS = "n.nspname in ('app', 'data', 'guard', 'public')";
const DATA = "data_class as (select c.* from pg_class c where c.relnamespace = to_regnamespace('data') and c.relkind in ('r', 'p'))";
const column = (rel: string, num: string) => `(select a.attname::text from pg_attribute a where a.attrelid = ${rel} and a.attnum = ${num})`;
const GRANTEE = "case when x.grantee = 0 then 'PUBLIC' else (select rolname::text from pg_roles where oid = x.grantee) end";
/** is not, and should be; is, and should not be */
const differs = (is: string, reviewed: string) =>
  `select coalesce('unreviewed: ' || is_.line, 'missing: ' || r.line) as complaint from (${is}) is_ (line) full join unnest(${reviewed}) r (line) on r.line = is_.line where is_.line is null or r.line is null`;

/** The policies behind what a signature may write. */
const SIGNATURES = [
  ...Object.entries(SIGNED).flatMap(([table, rights]) =>
    rights.map((right) => (right === 'INSERT' ? `${table}.signed takes away a` : `${table}.signed_update takes away w`)),
  ),
  ...Object.keys(SIGNED_COLUMNS).map((table) => `${table}.signed_update takes away w`),
];

export const TABLE_RULES: Record<string, Rule> = {
  'data holds tables and views that run as their reader, nothing else': {
    sql: `select c.relname || ' is of kind ' || c.relkind::text as complaint from pg_class c where c.relnamespace = to_regnamespace('data')
      and c.relkind not in ('r', 'p', 'i', 'I', 't') and not (c.relkind = 'v' and coalesce(c.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on'])`,
  },
  'no view, materialized view, foreign table, sequence or composite type in the other schemas': {
    sql: `select c.oid::regclass || ' is of kind ' || c.relkind::text as complaint from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('app', 'guard', 'public') and c.relkind not in ('r', 'i', 't')`,
  },
  'every table of data has tenant_id uuid not null': {
    sql: `with ${DATA} select relname as complaint from data_class c where not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull and a.atttypid = 'uuid'::regtype and not a.attisdropped)`,
  },
  'row security is enabled and forced on every table of data, partitions too': {
    sql: `with ${DATA} select relname || case when relrowsecurity then ' is not forced' else ' is not enabled' end as complaint from data_class where not (relrowsecurity and relforcerowsecurity)`,
  },
  'every table of data has the one permissive policy, for all commands and everybody': {
    sql: `with ${DATA} select relname as complaint from data_class c where 1 <> (select count(*) from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant' and p.polpermissive and p.polcmd = '*' and p.polroles = '{0}'
      and pg_get_expr(p.polqual, c.oid) = '(tenant_id = ( SELECT app.tenant() AS tenant))' and pg_get_expr(p.polwithcheck, c.oid) = '(tenant_id = ( SELECT app.tenant() AS tenant))')`,
  },
  'any other policy is a reviewed one': {
    sql: differs(
      `select c.relname || '.' || p.polname || case when p.polpermissive then ' lets ' || (select string_agg(o::regrole::text, ',') from unnest(p.polroles) o) else ' takes away' end || case p.polcmd when '*' then '' else ' ' || p.polcmd::text end
       from pg_policy p join pg_class c on c.oid = p.polrelid where p.polname <> 'tenant' or c.relnamespace <> to_regnamespace('data')`,
      list([
        ...GUARDED.map((table) => `${table}.guard lets app_guard`),
        ...RESTRICTIVE.map((policy) => `${policy} takes away`),
        ...OF_THE_DRAFT,
        ...SIGNATURES,
      ]),
    ),
  },
  'what the serving role may write, it writes in the transaction of a signature': {
    sql: `with ${DATA}, may (cmd, word) as (values ('a'::"char", 'INSERT'), ('w', 'UPDATE'))
      select relname || ' ' || word as complaint from data_class c, may where has_any_column_privilege('app_api', c.oid, word) and not exists (
        select from pg_policy p where p.polrelid = c.oid and not p.polpermissive and p.polroles = '{0}' and p.polcmd in (may.cmd, '*')
          and pg_get_expr(p.polwithcheck, c.oid) ~ '^\\(\\( SELECT app\\.signs\\(ARRAY\\[(''[a-z_]+''::text(, )?)+\\]\\) AS signs\\) OR \\(CURRENT_USER <> ''app_api''::name\\)\\)$'
          and (may.cmd = 'a' or pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid)))`,
  },
  'every key of data, unique, foreign or excluding, holds tenant_id': {
    sql: `with ${DATA} select k.conname || ' of ' || c.relname as complaint from pg_constraint k join data_class c on c.oid = k.conrelid where k.contype in ('p', 'u', 'x', 'f') and k.conname <> all (${list(KEYS_WITHOUT_TENANT)})
      and not exists (select from unnest(k.conkey) a where ${column('c.oid', 'a')} = 'tenant_id')`,
  },
  'a foreign key pairs tenant_id with tenant_id, in data': {
    sql: `with ${DATA} select k.conname as complaint from pg_constraint k join data_class c on c.oid = k.conrelid where k.contype = 'f' and (k.confrelid not in (select oid from data_class)
      or not exists (select from unnest(k.conkey, k.confkey) u (mine, its) where ${column('k.conrelid', 'u.mine')} = 'tenant_id' and ${column('k.confrelid', 'u.its')} = 'tenant_id'))`,
  },
  'every index of data begins with tenant_id': {
    sql: `with ${DATA} select i.indexrelid::regclass::text as complaint from pg_index i join data_class c on c.oid = i.indrelid where coalesce(${column('c.oid', 'i.indkey[0]')}, '') <> 'tenant_id'
      and (select relname from pg_class where oid = i.indexrelid) <> all (${list(KEYS_WITHOUT_TENANT)})`,
  },
  'primary keys are UUIDs, nothing counts': {
    sql: `with ${DATA} select c.relname || '.' || a.attname as complaint from data_class c join pg_index i on i.indrelid = c.oid and i.indisprimary join pg_attribute a on a.attrelid = c.oid and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1])
      where a.atttypid <> 'uuid'::regtype and c.relname || '.' || a.attname <> all (${list(NOT_UUID)})
      union all select c.oid::regclass || ' has no primary key' from data_class c where not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
      union all select a.attrelid::regclass || '.' || a.attname || ' is an identity' from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace where ${OURS} and a.attidentity <> ''
      union all select c.oid::regclass || ' is a sequence' from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${OURS} and c.relkind = 'S'`,
  },
  'the books only grow: their triggers are there, always on, and the only ones': {
    sql: differs(
      `select c.oid::regclass || ' ' || t.tgname || ' ' || t.tgtype || ' ' || t.tgenabled::text || ' ' || t.tgfoid::regproc from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where ${OURS} and not t.tgisinternal`,
      // 27: a row, before, delete or update; 34: a statement, before, truncate; 29: a row, after, insert, delete or update
      list([
        ...NOTED.map((table) => `data.${table} noted 29 O guard.note_change`),
        ...KEPT,
        ...APPEND_ONLY.flatMap((table) => [
          `${table} append_only 27 A guard.refuse_change`,
          `${table} append_only_truncate 34 A guard.refuse_change`,
        ]),
      ]),
    ),
  },
  'no rule rewrites a statement, no table inherits': {
    sql: `select r.rulename || ' on ' || r.ev_class::regclass as complaint from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace where ${OURS} and c.relkind <> 'v'
      union all select i.inhrelid::regclass || ' inherits' from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace where ${OURS} and c.relkind in ('r', 'p', 'f') and not c.relispartition`,
  },
  'tables belong to app_owner and app_guard': {
    sql: `select c.oid::regclass || ' belongs to ' || c.relowner::regrole as complaint from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind <> 't'
      and c.relowner::regrole::text <> case n.nspname when 'data' then 'app_owner' when 'guard' then 'app_guard' when 'app' then 'app_guard' else c.relowner::regrole::text end`,
  },
  'grants on tables and columns are the reviewed ones, and cannot be handed on': {
    sql: `${differs(
      `select c.oid::regclass || ': ' || ${GRANTEE} || ' ' || x.privilege_type || case when x.is_grantable then ' WITH GRANT OPTION' else '' end
       from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x where ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and x.grantee <> c.relowner`,
      list(TABLE_GRANTS),
    )} union all ${differs(
      `select a.attrelid::regclass || '.' || a.attname || ': ' || ${GRANTEE} || ' ' || x.privilege_type || case when x.is_grantable then ' WITH GRANT OPTION' else '' end
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace, aclexplode(a.attacl) x where ${OURS} and x.grantee <> c.relowner`,
      list(COLUMN_GRANTS),
    )}`,
  },
};

/** A role that logs in to call its functions, and has no other right to anything of ours. */
const functionsAlone = (role: 'app_sender' | 'app_keeper', may: 'sends' | 'keeps'): Rule => ({
  sql: `select concat_ws(', ', case when rolsuper then 'SUPERUSER' end, case when rolbypassrls then 'BYPASSRLS' end, case when rolcreaterole then 'CREATEROLE' end, case when rolcreatedb then 'CREATEDB' end,
        case when rolreplication then 'REPLICATION' end, case when rolinherit then 'INHERIT' end, case when not rolcanlogin then 'NOLOGIN' end) as complaint
      from pg_roles where rolname = '${role}' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit or not rolcanlogin)
      union all select '${role} is not there' where to_regrole('${role}') is null
      union all select c.oid::regclass || ': ' || p from pg_class c join pg_namespace n on n.oid = c.relnamespace, unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p
      where ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f') and has_any_column_privilege('${role}', c.oid, p)
      union all select c.oid::regclass || ': ' || p from pg_class c join pg_namespace n on n.oid = c.relnamespace, unnest(array['DELETE', 'TRUNCATE', 'TRIGGER']) p
      where ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f') and has_table_privilege('${role}', c.oid, p)
      union all select n.nspname || ': ' || p from pg_namespace n, unnest(array['USAGE', 'CREATE']) p where has_schema_privilege('${role}', n.oid, p) and not (p = 'USAGE' and n.nspname in ('app', 'pg_catalog', 'information_schema'))
      union all select 'database: ' || p from unnest(array['CREATE', 'TEMP']) p where has_database_privilege('${role}', current_database(), p)
      union all select pg_describe_object(classid, objid, objsubid) from pg_shdepend where refobjid = to_regrole('${role}') and refclassid = 'pg_authid'::regclass and deptype = 'o' and dbid in (0, (select oid from pg_database where datname = current_database()))
      union all ${differs(
        `select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS} and has_function_privilege('${role}', p.oid, 'EXECUTE')`,
        list(Object.entries(FUNCTIONS).flatMap(([signature, reviewed]) => (reviewed[may] ? [signature] : []))),
      )}`,
});

export const ROLE_RULES: Record<string, Rule> = {
  'app_api serves and is nothing else': {
    sql: `select concat_ws(', ', case when rolsuper then 'SUPERUSER' end, case when rolbypassrls then 'BYPASSRLS' end, case when rolcreaterole then 'CREATEROLE' end, case when rolcreatedb then 'CREATEDB' end,
        case when rolreplication then 'REPLICATION' end, case when rolinherit then 'INHERIT' end, case when not rolcanlogin then 'NOLOGIN' end) as complaint
      from pg_roles where rolname = 'app_api' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit or not rolcanlogin)
      union all select 'app_api is not there' where to_regrole('app_api') is null`,
  },
  'app_sender logs in to call the functions of the outbox, and has no other right to anything of ours': functionsAlone(
    'app_sender',
    'sends',
  ),
  'app_keeper logs in to call the functions of the vendor accounts, and has no other right to anything of ours': functionsAlone(
    'app_keeper',
    'keeps',
  ),
  'app_guard and app_owner cannot log in, and are nothing else': {
    sql: `select rolname as complaint from pg_roles where rolname in ('app_guard', 'app_owner') and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin or rolinherit)`,
  },
  'no role of ours is a member of any; only the migrator is one of app_guard and app_owner': {
    sql: `select m.member::regrole || ' is a member of ' || m.roleid::regrole as complaint from pg_auth_members m where m.member::regrole::text ~ '^app_' or (m.roleid::regrole::text ~ '^app_' and m.member <> current_user::regrole)`,
  },
  'app_api owns nothing, no large object either': {
    sql: `select pg_describe_object(classid, objid, objsubid) as complaint from pg_shdepend where refobjid = to_regrole('app_api') and refclassid = 'pg_authid'::regclass and deptype = 'o' and dbid in (0, (select oid from pg_database where datname = current_database()))
      union all select 'large object ' || oid from pg_largeobject_metadata`,
  },
  'app_api may do nothing to a table but what is granted': {
    sql: `select c.oid::regclass || ': ' || p as complaint from pg_class c join pg_namespace n on n.oid = c.relnamespace,
        unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] || case when current_setting('server_version_num')::int >= 170000 then array['MAINTAIN'] else '{}' end) p
      where ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f') and has_table_privilege('app_api', c.oid, p) and c.oid::regclass || ': app_api ' || p <> all (${list(TABLE_GRANTS)})
      union all select distinct c.oid::regclass || ': columns ' || p from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid,
        unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p
      where ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f') and not a.attisdropped and has_column_privilege('app_api', c.oid, a.attnum, p)
        and c.oid::regclass || ': app_api ' || p <> all (${list(TABLE_GRANTS)}) and c.oid::regclass || '.' || a.attname || ': app_api ' || p <> all (${list(COLUMN_GRANTS)})`,
  },
  'app_api uses the schemas app and data, makes nothing anywhere, and only connects': {
    sql: `select n.nspname || ': ' || p as complaint from pg_namespace n, unnest(array['USAGE', 'CREATE']) p where has_schema_privilege('app_api', n.oid, p) and not (p = 'USAGE' and n.nspname in ('app', 'data', 'pg_catalog', 'information_schema'))
      union all select 'database: ' || p from unnest(array['CREATE', 'TEMP']) p where has_database_privilege('app_api', current_database(), p)
      union all select 'tablespace ' || spcname from pg_tablespace where spcname !~ '^pg_' and has_tablespace_privilege('app_api', oid, 'CREATE')`,
  },
  'app_api may call the reviewed functions of ours': {
    sql: differs(
      `select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS} and has_function_privilege('app_api', p.oid, 'EXECUTE')`,
      list(Object.entries(FUNCTIONS).flatMap(([signature, { serves }]) => (serves ? [signature] : []))),
    ),
  },
  'app_api cannot call what reaches other sessions, files or large objects': {
    sql: `select p.oid::regprocedure::text as complaint from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.proname = any (${list(OUT_OF_REACH)}) and has_function_privilege('app_api', p.oid, 'EXECUTE')`,
  },
  'app_api begins its sessions as reviewed': {
    sql: differs(
      "select unnest(setconfig) || case when setdatabase = 0 then ' in every database' else '' end from pg_db_role_setting where setrole = to_regrole('app_api') and setdatabase in (0, (select oid from pg_database where datname = current_database()))",
      list(SETTINGS),
    ),
  },
  'app_api may set no protected parameter': {
    sql: "select parname as complaint from pg_parameter_acl, unnest(array['SET', 'ALTER SYSTEM']) p where has_parameter_privilege('app_api', parname, p)",
  },
  'PUBLIC has no right to anything of ours': {
    sql: `select c.oid::regclass::text as complaint from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) x where ${OURS} and x.grantee = 0
      union all select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x where ${OURS} and x.grantee = 0
      union all select n.nspname from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x where ${OURS} and x.grantee = 0
      union all select t.oid::regtype::text from pg_type t join pg_namespace n on n.oid = t.typnamespace, aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) x where ${OURS} and t.typtype in ('d', 'e', 'r', 'm') and x.grantee = 0
      union all select d.datname from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x where d.datname = current_database() and x.grantee = 0`,
  },
  'new objects come without rights for app_api or PUBLIC': {
    sql: `select d.defaclrole::regrole || ' ' || d.defaclobjtype::text || ' ' || x.privilege_type as complaint from pg_default_acl d, aclexplode(d.defaclacl) x where x.grantee in (0, to_regrole('app_api'))`,
  },
};

export const FUNCTION_RULES: Record<string, Rule> = {
  'every function is a reviewed one, and runs as reviewed': {
    sql: differs(
      `select p.oid::regprocedure || case when p.prosecdef then ' definer' else '' end from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS}`,
      list(Object.entries(FUNCTIONS).map(([signature, { definer }]) => signature + (definer ? ' definer' : ''))),
    ),
  },
  'SECURITY DEFINER runs as app_guard, in plpgsql, and looks names up in pg_catalog, in pg_temp last': {
    sql: `select p.oid::regprocedure::text as complaint from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and p.prosecdef
      and (p.proowner <> to_regrole('app_guard') or coalesce(p.proconfig, '{}') <> array['search_path=pg_catalog, pg_temp'] or (select lanname from pg_language l where l.oid = p.prolang) <> 'plpgsql')`,
  },
  'no function of ours claims to be leakproof': {
    sql: `select p.oid::regprocedure::text as complaint from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS} and p.proleakproof`,
  },
  'functions belong to app_guard': {
    sql: `select p.oid::regprocedure || ' belongs to ' || p.proowner::regrole as complaint from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS} and p.proowner <> to_regrole('app_guard') and p.oid::regprocedure::text <> 'guard.refuse_audit_ddl()'`,
  },
  'schemas are ours, and belong to whom they should': {
    sql: differs(
      "select nspname || ' of ' || case nspname when 'public' then 'the database' else nspowner::regrole::text end from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'",
      list(['app of app_guard', 'data of app_owner', 'guard of app_guard', 'public of the database']),
    ),
  },
  'public holds the list of migrations and nothing else': {
    sql: `select c.relname as complaint from pg_class c where c.relnamespace = to_regnamespace('public') and c.relname !~ '^schema_migrations(_pkey)?$' and c.relkind <> 't'`,
  },
  'no operator, cast, conversion, text search, collation, type or statistic is made besides': {
    sql: `select 'operator ' || o.oid::regoperator as complaint from pg_operator o where o.oid >= 16384 union all select 'cast ' || castsource::regtype from pg_cast where oid >= 16384
      union all select 'conversion ' || conname from pg_conversion where oid >= 16384 union all select 'text search ' || cfgname from pg_ts_config where oid >= 16384
      union all select 'dictionary ' || dictname from pg_ts_dict where oid >= 16384 union all select 'operator class ' || opcname from pg_opclass where oid >= 16384
      union all select 'statistics ' || stxname from pg_statistic_ext union all select 'collation ' || collname from pg_collation where oid >= 16384 and collnamespace <> 'pg_catalog'::regnamespace
      union all select 'type ' || t.oid::regtype from pg_type t join pg_namespace n on n.oid = t.typnamespace where ${OURS} and t.typtype in ('d', 'e', 'r', 'm') and t.oid::regtype::text <> 'data.partial_date'`,
  },
  'nothing leads out: no extension, foreign server, publication, subscription, untrusted language': {
    sql: `select 'extension ' || extname as complaint from pg_extension where extname <> 'plpgsql' union all select 'foreign data wrapper ' || fdwname from pg_foreign_data_wrapper union all select 'foreign server ' || srvname from pg_foreign_server
      union all select 'publication ' || pubname from pg_publication union all select 'subscription ' || s.oid from pg_subscription s where s.subdbid = (select oid from pg_database where datname = current_database())
      union all select 'language ' || lanname from pg_language where lanname not in ('internal', 'c', 'sql', 'plpgsql')`,
  },
  'the event triggers that guard the books are there, and fire in every mode of the session': {
    sql: differs(
      "select evtname || ' on ' || evtevent || ' ' || evtenabled::text || ' ' || evtfoid::regproc from pg_event_trigger",
      list([
        'audit_is_append_only on ddl_command_end A guard.refuse_audit_ddl',
        'audit_is_not_dropped on sql_drop A guard.refuse_audit_ddl',
        'schema_changes_by_migration on ddl_command_start A guard.refuse_audit_ddl',
      ]),
    ),
  },
};

export const RULES = { ...TABLE_RULES, ...ROLE_RULES, ...FUNCTION_RULES };

export async function complaints(client: Pick<pg.ClientBase, 'query'>, rule: string): Promise<string[]> {
  const found = RULES[rule];
  if (!found) throw new Error(`there is no rule "${rule}"`);
  const { rows } = await client.query<{ complaint: string }>(found.sql);
  return rows.map(({ complaint }) => complaint).sort();
}
