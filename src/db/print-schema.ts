import type { ClientBase } from 'pg';

// The schema as the database itself describes it, from pg_catalog: what `npm run gen` keeps in schema.sql, so that every policy, trigger, grant and function body
// is read in one file and in every diff. Byte-equal on PostgreSQL 15 to 18: no NOT NULL constraints (catalogued since 18), no MAINTAIN (granted since 17),
// no grant of an owner to itself, and every role that is not ours is `migrator`.

/** Prints the connected database. Throws when it holds a kind of object that is not printed: what cannot be read here would change unread. */
export async function printSchema(client: Pick<ClientBase, 'query'>): Promise<string> {
  await client.query("begin isolation level repeatable read read only; set local search_path = ''");
  try {
    const { rows: unknown } = await client.query<{ what: string }>(UNPRINTED);
    if (unknown.length > 0)
      throw new Error(`schema.sql cannot tell of ${unknown.map(({ what }) => what).join(', ')}: teach src/db/print-schema.ts`);
    const { rows } = await client.query<{ object: string; line: string }>(PRINTED);
    const blocks = Map.groupBy(rows, ({ object }) => object);
    return `-- Printed from pg_catalog by \`npm run gen\` (src/db/print-schema.ts); the truth is in migrations/.\n\n${[...blocks.values()].map((lines) => lines.map(({ line }) => `${line}\n`).join('')).join('\n')}`;
  } finally {
    await client.query('rollback');
  }
}

const OURS = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

const role = (oid: string) =>
  `(select case when r.rolname ~ '^(app|pg)_' then r.rolname else 'migrator' end from pg_catalog.pg_roles r where r.oid = ${oid})`;

/** One line a grantee: `grant select, insert on table data.t to app_api;`. A null acl is the default of its kind, which for a function lets everyone in. */
const grants = (acl: string, kind: string, owner: string, on: string) => `
  select 'grant ' || string_agg(lower(x.privilege_type), ', ' order by x.privilege_type collate "C") || ' on ' || ${on} || ' to '
    || case when x.grantee = 0 then 'public' else ${role('x.grantee')} end || case when x.is_grantable then ' with grant option' else '' end || ';' as line
  from pg_catalog.aclexplode(coalesce(${acl}, pg_catalog.acldefault('${kind}', ${owner}))) x
  where x.grantee <> ${owner} and x.privilege_type <> 'MAINTAIN' group by x.grantee, x.is_grantable`;

/** Each part answers (section, object, rank, line): objects in the order of sections and names, lines within an object by rank. */
const PARTS = {
  roles: `
    select 1, 'roles', 1, 'create role ' || rolname || case when rolcanlogin then ' login' else ' nologin' end || case when rolsuper then ' superuser' else '' end
      || case when rolinherit then ' inherit' else ' noinherit' end || case when rolbypassrls then ' bypassrls' else ' nobypassrls' end
      || case when rolcreatedb then ' createdb' else '' end || case when rolcreaterole then ' createrole' else '' end || case when rolreplication then ' replication' else '' end || ';'
    from pg_catalog.pg_roles where rolname ~ '^app_'`,
  memberships: `
    select 1, 'roles', 2, 'grant ' || g.rolname || ' to ' || m.rolname || ';'
    from pg_catalog.pg_auth_members a join pg_catalog.pg_roles g on g.oid = a.roleid join pg_catalog.pg_roles m on m.oid = a.member where m.rolname ~ '^app_'`,
  database: `
    select 2, 'database', 1, g.line from pg_catalog.pg_database d, lateral (${grants('d.datacl', 'd', 'd.datdba', "'this database'")}) g where d.datname = current_database()`,
  settings: `
    select 2, 'database', 2, 'alter role ' || case when s.setrole = 0 then 'all' else ${role('s.setrole')} end || ' in this database set ' || c || ';'
    from pg_catalog.pg_db_role_setting s join pg_catalog.pg_database d on d.oid = s.setdatabase and d.datname = current_database(), unnest(s.setconfig) c`,
  extensions: `
    select 2, 'database', 3, 'create extension ' || e.extname || ';' from pg_catalog.pg_extension e where e.extname <> 'plpgsql'`,
  event_triggers: `
    select 3, 'event trigger ' || e.evtname, 1, 'create event trigger ' || e.evtname || ' on ' || e.evtevent
      || coalesce(' when tag in (' || (select string_agg(quote_literal(t), ', ' order by t collate "C") from unnest(e.evttags) t) || ')', '')
      || ' execute function ' || e.evtfoid::regproc || '(); -- owner ' || ${role('e.evtowner')} || case e.evtenabled when 'O' then '' else ', enabled: ' || e.evtenabled::text end
    from pg_catalog.pg_event_trigger e`,
  schemas: `
    select 4, n.nspname, 1, 'create schema ' || n.nspname || ' authorization ' || ${role('n.nspowner')} || ';' from pg_catalog.pg_namespace n where ${OURS}
    union all
    select 4, n.nspname, 2, g.line from pg_catalog.pg_namespace n, lateral (${grants('n.nspacl', 'n', 'n.nspowner', "'schema ' || n.nspname")}) g where ${OURS}`,
  default_grants: `
    select 4, coalesce(n.nspname, '(database)'), 3, 'alter default privileges for role ' || ${role('d.defaclrole')} || ' on ' || d.defaclobjtype::text || ': ' || d.defaclacl::text
    from pg_catalog.pg_default_acl d left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace`,
  types: `
    select 5, n.nspname || '.' || t.typname, 1, case t.typtype
      when 'd' then 'create domain ' || n.nspname || '.' || t.typname || ' as ' || format_type(t.typbasetype, t.typtypmod) || case when t.typnotnull then ' not null' else '' end
        || coalesce((select string_agg(' ' || pg_get_constraintdef(c.oid), '' order by c.conname collate "C") from pg_catalog.pg_constraint c where c.contypid = t.oid and c.contype = 'c'), '')
      else 'create type ' || n.nspname || '.' || t.typname || ' as enum (' || (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid) || ')'
      end || '; -- owner ' || ${role('t.typowner')}
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace where ${OURS} and t.typtype in ('d', 'e')`,
  functions: `
    select 6, p.oid::regprocedure::text, 1, rtrim(pg_get_functiondef(p.oid), E'\\n') || E';\\nalter ' || case p.prokind when 'p' then 'procedure ' else 'function ' end
      || p.oid::regprocedure || ' owner to ' || ${role('p.proowner')} || ';'
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where ${OURS} and p.prokind in ('f', 'p')
    union all
    select 6, p.oid::regprocedure::text, 2, g.line from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace,
      lateral (${grants('p.proacl', 'f', 'p.proowner', "'function ' || p.oid::regprocedure")}) g where ${OURS} and p.prokind in ('f', 'p')`,
  tables: `
    select 7, c.oid::regclass::text, 1, 'create ' || case c.relpersistence when 'u' then 'unlogged ' else '' end || 'table ' || c.oid::regclass || E' (\\n' || (
      select string_agg(e.line, E',\\n' order by e.kind, e.place, e.line collate "C") from (
        select 1 as kind, a.attnum as place, '  ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
          || case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation else '' end || case when a.attnotnull then ' not null' else '' end
          || case a.attidentity when 'a' then ' generated always as identity' when 'd' then ' generated by default as identity' else '' end
          || coalesce(case when a.attgenerated <> '' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || case a.attgenerated when 's' then ') stored' else ') virtual' end
             else ' default ' || pg_get_expr(d.adbin, d.adrelid) end, '') as line
        from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        union all
        select 2, 0, '  constraint ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid) from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype not in ('n', 't')
      ) e) || E'\\n)' || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '') || E';\\nalter table ' || c.oid::regclass || ' owner to ' || ${role('c.relowner')} || ';'
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${OURS} and c.relkind = 'r'`,
  row_security: `
    select 7, c.oid::regclass::text, 2, 'alter table ' || c.oid::regclass || ' ' || case when c.relrowsecurity then 'enable' else 'disable' end || ' row level security, '
      || case when c.relforcerowsecurity then 'force' else 'no force' end || ' row level security;'
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${OURS} and c.relkind = 'r'`,
  policies: `
    select 7, c.oid::regclass::text, 3, 'create policy ' || quote_ident(p.polname) || ' on ' || c.oid::regclass || ' as ' || case when p.polpermissive then 'permissive' else 'restrictive' end
      || ' for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end || ' to '
      || (select string_agg(case when o = 0 then 'public' else ${role('o')} end, ', ' order by case when o = 0 then 'public' else ${role('o')} end) from unnest(p.polroles) o)
      || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') || ';'
    from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${OURS}`,
  indexes: `
    select 7, i.indrelid::regclass::text, 4, pg_get_indexdef(i.indexrelid) || ';' || case when i.indisvalid then '' else ' -- not valid' end
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where ${OURS} and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))`,
  triggers: `
    select 7, c.oid::regclass::text, 5, pg_get_triggerdef(t.oid) || ';' || case t.tgenabled when 'O' then '' else ' -- enabled: ' || case t.tgenabled when 'A' then 'always' when 'R' then 'replica' else 'never' end end
    from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${OURS} and not t.tgisinternal`,
  table_grants: `
    select 7, c.oid::regclass::text, 6, g.line from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace,
      lateral (${grants('c.relacl', 'r', 'c.relowner', "'table ' || c.oid::regclass")}) g where ${OURS} and c.relkind = 'r'
    union all
    select 7, c.oid::regclass::text, 7, g.line from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace,
      lateral (${grants('a.attacl', 'c', 'c.relowner', "'table ' || c.oid::regclass || ' column ' || quote_ident(a.attname)")}) g where ${OURS} and c.relkind = 'r' and a.attacl is not null`,
};

const PRINTED = `
  select section || ' ' || object as object, line from (${Object.values(PARTS).join(' union all ')}) as printed (section, object, rank, line)
  order by section, printed.object collate "C", rank, line collate "C"`;

const UNPRINTED = `
  select case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence ' else 'relation ' end || c.oid::regclass as what
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and c.relkind not in ('r', 'i', 't') and not exists (select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype = 'i')
  union all
  select 'rule ' || r.rulename from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${OURS}
  union all
  select 'type ' || t.oid::regtype from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace where ${OURS} and t.typtype in ('r', 'm')
  union all
  select 'function ' || p.oid::regprocedure from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where ${OURS} and p.prokind not in ('f', 'p')
  union all
  select 'operator ' || o.oprname from pg_catalog.pg_operator o join pg_catalog.pg_namespace n on n.oid = o.oprnamespace where ${OURS}
  union all
  select 'inheritance of ' || i.inhrelid::regclass from pg_catalog.pg_inherits i
  order by what`;
