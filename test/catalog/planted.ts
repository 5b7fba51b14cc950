// For each rule of the catalog, faults that break it: SQL for a transaction that is rolled back, and what the rule has to say.
import type { RULES } from './rules.ts';

const T = 'alter table data.patients';
const aFunction = (name: string, more = '') => `create function ${name} returns int language plpgsql ${more} as $$ begin return 1; end $$;`;

export const PLANTED: Record<keyof typeof RULES, [sql: string, told: RegExp][]> = {
  'data holds tables and views that run as their reader, nothing else': [
    ['create view data.v as select * from data.patients', /^v is of kind v/],
    ['create view data.v with (security_invoker = false) as select * from data.patients', /^v is of kind v/],
    ['create materialized view data.m as select * from data.patients', /^m is of kind m/],
    ['create sequence data.s', /^s is of kind S/],
    ['create type data.pair as (a int)', /^pair is of kind c/],
  ],
  'no view, materialized view, foreign table, sequence or composite type in the other schemas': [
    ['create view public.v as select * from data.patients', /v is of kind v/],
    ['create materialized view guard.m as select 1 as one', /guard\.m is of kind m/],
    ['create sequence app.s', /app\.s is of kind S/],
  ],
  'every table of data has tenant_id uuid not null': [
    ['create table data.x (id uuid primary key)', /^x$/],
    ['create table data.x (tenant_id uuid)', /^x$/],
    ['create table data.x (tenant_id text not null)', /^x$/],
  ],
  'row security is enabled and forced on every table of data, partitions too': [
    ['create table data.x (tenant_id uuid not null)', /^x is not enabled/],
    [`${T} no force row level security`, /^patients is not forced/],
    [`${T} disable row level security`, /^patients is not enabled/],
    [
      "create table data.x (tenant_id uuid not null) partition by list (tenant_id); select guard.tenant_table('x'); create table data.x_1 partition of data.x default",
      /^x_1 is not enabled/,
    ],
  ],
  'every table of data has the one permissive policy, for all commands and everybody': [
    ['drop policy tenant on data.patients', /^patients$/],
    ['alter policy tenant on data.patients to app_api', /^patients$/],
    ['alter policy tenant on data.patients using (true)', /^patients$/],
    ['alter policy tenant on data.patients with check (true)', /^patients$/],
    ['alter policy tenant on data.patients using (tenant_id = app.tenant())', /^patients$/], // once a row, 72 ms for 10,000 (stack.md §2)
    [
      'drop policy tenant on data.patients; create policy tenant on data.patients for select using (tenant_id = (select app.tenant()))',
      /^patients$/,
    ],
  ],
  'any other policy is a reviewed one': [
    ['create policy more on data.patients using (true)', /^unreviewed: patients\.more lets -/],
    ['create policy guard on data.coverages to app_guard using (true)', /^unreviewed: coverages\.guard lets app_guard/],
    ['alter policy guard on data.users to app_guard, app_api', /^unreviewed: users\.guard lets /],
    ['drop policy reader on data.text_refs', /^missing: text_refs\.reader takes away/],
    ['create policy p on guard.grants using (true)', /^unreviewed: grants\.p/],
  ],
  'what the serving role may write, it writes in the transaction of a signature': [
    ['drop policy signed on data.chart_notes', /^chart_notes INSERT$/],
    ['alter policy signed on data.chart_notes with check (true)', /^chart_notes INSERT$/],
    ['grant insert on data.lab_results to app_api', /^lab_results INSERT$/],
    ['grant update on data.coverages to app_api', /^coverages UPDATE$/],
    ['grant update (status) on data.encounters to public', /^encounters UPDATE$/],
  ],
  'every key of data, unique, foreign or excluding, holds tenant_id': [
    [`${T} add unique (mrn)`, /^patients_mrn_key/],
    [`${T} add foreign key (tenant_id) references data.tenants; alter table data.coverages add unique (id)`, /^coverages_id_key/],
    ['create table data.x (tenant_id uuid not null, id uuid primary key)', /^x_pkey/],
    [`${T} add exclude (mrn with =)`, /^patients_mrn_excl/],
  ],
  'a foreign key pairs tenant_id with tenant_id, in data': [
    ['alter table data.text_refs add column audit_id uuid references data.mcp_audit_log (id)', /^text_refs_audit_id_fkey/],
    [
      'alter table data.users add column other uuid; alter table data.users add foreign key (other, id) references data.users (tenant_id, id)',
      /^users_other_id_fkey/,
    ],
    ['create table data.x (tenant_id uuid not null references guard.sweeps)', /^x_tenant_id_fkey/],
  ],
  'every index of data begins with tenant_id': [
    ['create index by_name on data.patients (family_name, tenant_id)', /by_name/],
    ['create unique index by_mrn on data.patients (mrn)', /by_mrn/],
    ['create index by_expression on data.patients (lower(family_name))', /by_expression/],
  ],
  'primary keys are UUIDs, nothing counts': [
    [
      'create table data.x (tenant_id uuid not null, id bigint generated always as identity, primary key (tenant_id, id))',
      /^data\.x\.id is an identity/,
    ],
    ['create table data.x (tenant_id uuid not null, id serial, primary key (tenant_id, id))', /data\.x_id_seq is a sequence/],
    ['create table data.x (tenant_id uuid not null, id text, primary key (tenant_id, id))', /^x\.id$/],
    ['create table data.x (tenant_id uuid not null)', /^data\.x has no primary key/],
  ],
  'the books only grow: their triggers are there, always on, and the only ones': [
    ['alter table data.mcp_audit_log disable trigger append_only', /^unreviewed: data\.mcp_audit_log append_only 27 D/],
    ['alter table data.mcp_audit_ext enable trigger append_only_truncate', /append_only_truncate 34 O/],
    ['drop trigger append_only on data.taint_events', /^missing: data\.taint_events append_only 27 A/],
    ['drop trigger append_only on guard.edge_log', /^missing: guard\.edge_log append_only/],
    [
      'create trigger spy after insert on data.patients for each row execute function guard.refuse_change()',
      /^unreviewed: data\.patients spy/,
    ],
  ],
  'no rule rewrites a statement, no table inherits': [
    ['create rule r as on update to data.mcp_audit_log do instead nothing', /^r on data\.mcp_audit_log/],
    ['create table guard.kid () inherits (guard.sweeps)', /guard\.kid inherits/],
  ],
  'tables belong to app_owner and app_guard': [
    ['create table data.x (tenant_id uuid)', /^data\.x belongs to/],
    ['alter table guard.grants owner to app_owner', /^guard\.grants belongs to app_owner/],
  ],
  'grants on tables and columns are the reviewed ones, and cannot be handed on': [
    ['grant insert on data.coverages to app_api', /^unreviewed: data\.coverages: app_api INSERT/],
    ['grant select on guard.grants to app_api', /^unreviewed: guard\.grants: app_api SELECT/],
    ['grant select on data.patients to app_api with grant option', /WITH GRANT OPTION/],
    ['grant select on data.patients to public', /PUBLIC SELECT/],
    ['grant update (mrn) on data.patients to app_api', /^unreviewed: data\.patients\.mrn: app_api UPDATE/],
    ['revoke update (phone) on data.patients from app_api', /^missing: data\.patients\.phone: app_api UPDATE/],
    ['grant update on data.mcp_audit_log to app_guard', /app_guard UPDATE/],
    ['revoke select on data.patients from app_api', /^missing: data\.patients: app_api SELECT/],
    ['grant select on data.patients to pg_monitor', /pg_monitor SELECT/],
  ],
  'app_api serves and is nothing else': [
    ['alter role app_api bypassrls', /BYPASSRLS/],
    ['alter role app_api createrole', /CREATEROLE/],
    ['alter role app_api createdb', /CREATEDB/],
    ['alter role app_api inherit', /INHERIT/],
    ['alter role app_api superuser', /SUPERUSER/],
    ['alter role app_api replication', /REPLICATION/],
  ],
  'app_sender logs in to call the functions of the outbox, and has no other right to anything of ours': [
    ['alter role app_sender bypassrls', /BYPASSRLS/],
    ['grant select on data.outgoing_messages to app_sender', /outgoing_messages: SELECT/],
    ['grant delete on data.deliveries to app_sender', /deliveries: DELETE/],
    ['grant usage on schema data to app_sender', /data: USAGE/],
    ['grant execute on function app.begin_many(jsonb) to app_sender', /unreviewed: app\.begin_many/],
    ['revoke execute on function app.take_message(timestamptz) from app_sender', /missing: app\.take_message/],
  ],
  'app_keeper logs in to call the functions of the vendor accounts, and has no other right to anything of ours': [
    ['alter role app_keeper bypassrls', /BYPASSRLS/],
    ['grant select on data.vault_secrets to app_keeper', /vault_secrets: SELECT/],
    ['grant delete on data.vault_keys to app_keeper', /vault_keys: DELETE/],
    ['grant usage on schema data to app_keeper', /data: USAGE/],
    ['grant execute on function app.forget_vault(uuid) to app_keeper', /unreviewed: app\.forget_vault/],
    ['revoke execute on function app.read_secret(uuid, uuid) from app_keeper', /missing: app\.read_secret/],
    ['grant select on data.webhook_endpoints to app_keeper', /webhook_endpoints: SELECT/],
    ['grant execute on function app.take_message(timestamptz) to app_keeper', /unreviewed: app\.take_message/],
    ['revoke execute on function app.keep_webhook(uuid, uuid, jsonb, jsonb, timestamptz) from app_keeper', /missing: app\.keep_webhook/],
  ],
  'app_guard and app_owner cannot log in, and are nothing else': [
    ['alter role app_guard login', /app_guard/],
    ['alter role app_owner bypassrls', /app_owner/],
  ],
  'no role of ours is a member of any; only the migrator is one of app_guard and app_owner': [
    ['grant app_guard to app_api', /app_api is a member of app_guard/],
    ['grant pg_read_all_data to app_api', /app_api is a member of pg_read_all_data/],
    ['grant app_owner to app_guard', /app_guard is a member of app_owner/],
    ['grant app_owner to pg_monitor', /pg_monitor is a member of app_owner/],
  ],
  'app_api owns nothing, no large object either': [
    ['create table guard.x (a int); alter table guard.x owner to app_api', /guard\.x/],
    ["select lo_from_bytea(0, 'x')", /large object/],
  ],
  'app_api may do nothing to a table but what is granted': [
    ['grant truncate on data.patients to app_api', /patients: TRUNCATE/],
    ['grant references, trigger on data.patients to app_api', /patients: (REFERENCES|TRIGGER)/],
    ['grant delete on data.patients to public', /patients: DELETE/],
    ['grant insert on guard.grants to public', /guard\.grants: INSERT/],
    ['grant update (mrn) on data.patients to public', /columns UPDATE/],
    ['alter role app_api inherit; grant pg_write_all_data to app_api', /coverages: INSERT/],
  ],
  'app_api uses the schemas app and data, makes nothing anywhere, and only connects': [
    ['grant usage on schema guard to app_api', /guard: USAGE/],
    ['grant create on schema data to app_api', /data: CREATE/],
    ['grant usage on schema public to public', /public: USAGE/],
    ["do $$ begin execute format('grant temp on database %I to public', current_database()); end $$", /database: TEMP/],
    ["do $$ begin execute format('grant create on database %I to app_api', current_database()); end $$", /database: CREATE/],
  ],
  'app_api may call the reviewed functions of ours': [
    [aFunction('app.more()'), /^unreviewed: app\.more\(\)/], // PUBLIC may call a function from its birth
    ['grant execute on function guard.mac(text) to app_api', /^unreviewed: guard\.mac\(text\)/],
    ['revoke execute on function app.tenant() from app_api', /^missing: app\.tenant\(\)/],
  ],
  'app_api cannot call what reaches other sessions, files or large objects': [
    ['grant execute on function pg_read_file(text) to app_api', /pg_read_file/],
    ['grant execute on function lo_get(oid) to public', /lo_get\(oid\)/],
  ],
  'app_api begins its sessions as reviewed': [
    ['alter role app_api set default_transaction_read_only = on', /unreviewed: default_transaction_read_only=on in every database/],
    [
      "do $$ begin execute format('alter role app_api in database %I set search_path = guard', current_database()); end $$",
      /unreviewed: search_path=guard/,
    ],
    [
      "do $$ begin execute format('alter role app_api in database %I reset all', current_database()); end $$",
      /missing: statement_timeout=10s/,
    ],
  ],
  'app_api may set no protected parameter': [
    ['grant set on parameter session_replication_role to app_api', /session_replication_role/],
    ['grant set on parameter log_statement to public', /log_statement/],
  ],
  'PUBLIC has no right to anything of ours': [
    ['grant select on guard.seal_key to public', /guard\.seal_key/],
    [aFunction('guard.more()'), /guard\.more\(\)/],
    ['grant usage on schema guard to public', /^guard$/],
    ["create type data.kind as enum ('a')", /data\.kind/],
    ["do $$ begin execute format('grant connect on database %I to public', current_database()); end $$", /./],
  ],
  'new objects come without rights for app_api or PUBLIC': [
    ['alter default privileges in schema data grant select on tables to app_api', /r SELECT/],
    ['alter default privileges for role app_guard grant execute on functions to app_api', /app_guard f EXECUTE/],
  ],
  'every function is a reviewed one, and runs as reviewed': [
    [aFunction('app.more()'), /^unreviewed: app\.more\(\)/],
    [aFunction('public.more()', 'security definer'), /^unreviewed: more\(\) definer|^unreviewed: public\.more\(\) definer/],
    ['alter function app.tenant() security invoker', /^missing: app\.tenant\(\) definer/],
    ['create aggregate data.total (int) (sfunc = int4pl, stype = int)', /^unreviewed: data\.total/],
    ['create procedure app.proc() language plpgsql as $$ begin end $$', /^unreviewed: app\.proc/],
  ],
  'SECURITY DEFINER runs as app_guard, in plpgsql, and looks names up in pg_catalog, in pg_temp last': [
    ['alter function app.tenant() reset search_path', /app\.tenant/],
    ['alter function app.tenant() set search_path = data', /app\.tenant/],
    ["alter function app.tenant() set search_path = ''", /app\.tenant/], // temporary types would come first
    ['alter function app.enter(bytea) set row_security = off', /app\.enter/],
    ['alter function app.finish(bytea, uuid, text, text, int, int, text[], jsonb, jsonb) owner to current_user', /app\.finish/],
    [
      "create schema other; create function other.f() returns int language sql security definer set search_path = '' as 'select 1'",
      /other\.f/,
    ],
  ],
  'no function of ours claims to be leakproof': [['alter function guard.mac(text) leakproof', /guard\.mac/]],
  'functions belong to app_guard': [['alter function app.tenant() owner to app_owner', /app\.tenant\(\) belongs to app_owner/]],
  'schemas are ours, and belong to whom they should': [
    ['create schema other', /^unreviewed: other of/],
    ['alter schema guard owner to app_owner', /^unreviewed: guard of app_owner/],
  ],
  'public holds the list of migrations and nothing else': [['create table public.x (a int)', /^x$/]],
  'no operator, cast, conversion, text search, collation, type or statistic is made besides': [
    ['create operator data.=== (leftarg = uuid, rightarg = uuid, function = uuid_eq)', /^operator data\.===/],
    ["create type data.kind as enum ('a')", /^type data\.kind/],
    ['create domain app.uuid as text', /^type app\.uuid/],
    ['create statistics data.s on family_name, given_name from data.patients', /^statistics s/],
  ],
  'nothing leads out: no extension, foreign server, publication, subscription, untrusted language': [
    ['create foreign data wrapper w; create server s foreign data wrapper w', /^foreign server s/],
    ['create publication p for table data.patients', /^publication p/],
    ['create foreign data wrapper w', /^foreign data wrapper w/],
  ],
  'the event triggers that guard the books are there, and fire in every mode of the session': [
    ['drop event trigger audit_is_not_dropped', /^missing: audit_is_not_dropped/],
    ['alter event trigger audit_is_append_only disable', /audit_is_append_only on ddl_command_end D/],
    ['create event trigger spy on sql_drop execute function guard.refuse_audit_ddl()', /^unreviewed: spy/],
  ],
};
