-- Printed from pg_catalog by `npm run gen` (src/db/print-schema.ts); the truth is in migrations/.

create role app_api login noinherit nobypassrls;
create role app_guard nologin noinherit nobypassrls;
create role app_owner nologin noinherit nobypassrls;

grant connect on this database to app_api;
alter role app_api in this database set idle_in_transaction_session_timeout=60s;
alter role app_api in this database set jit=off;
alter role app_api in this database set plan_cache_mode=force_generic_plan;
alter role app_api in this database set search_path=data;
alter role app_api in this database set statement_timeout=10s;

create event trigger audit_is_append_only on ddl_command_end execute function guard.refuse_audit_ddl(); -- owner migrator, enabled: A

create event trigger audit_is_not_dropped on sql_drop execute function guard.refuse_audit_ddl(); -- owner migrator, enabled: A

create event trigger schema_changes_by_migration on ddl_command_start execute function guard.refuse_audit_ddl(); -- owner migrator, enabled: A

create schema app authorization app_guard;
grant usage on schema app to app_api;
grant usage on schema app to app_owner;

create schema data authorization app_owner;
grant usage on schema data to app_api;
grant usage on schema data to app_guard;

create schema guard authorization app_guard;

create schema public authorization pg_database_owner;

create domain data.partial_date as text CHECK ((VALUE ~ '^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$'::text)); -- owner app_owner

CREATE OR REPLACE FUNCTION app.begin(p_hash bytea, p_id uuid, p_request_id uuid, p_tool text, p_args jsonb, p_door text, p_client jsonb)
 RETURNS TABLE(grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  select i.grant_id, i.tenant_id, i.user_id, i.role, i.permissions, i.practitioner_id, i.tenant_name, i.time_zone, i.connections
    into grant_id, tenant_id, user_id, role, permissions, practitioner_id, tenant_name, time_zone, connections from app.identify(p_hash) i;
  if grant_id is null then return; end if;
  insert into data.mcp_audit_intent (tenant_id, id, user_id, credential_id, tool_name, args_redacted, request_id, door, client)
    values (begin.tenant_id, p_id, begin.user_id, begin.grant_id, p_tool, p_args, p_request_id, p_door, p_client);
  return next;
end $function$;
alter function app.begin(bytea,uuid,uuid,text,jsonb,text,jsonb) owner to app_guard;
grant execute on function app.begin(bytea,uuid,uuid,text,jsonb,text,jsonb) to app_api;

CREATE OR REPLACE FUNCTION app.begin_many(p_calls jsonb)
 RETURNS TABLE(n integer, grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare c record;
begin
  for c in select * from jsonb_to_recordset(p_calls) x (n int, hash text, id uuid, request_id uuid, tool text, args jsonb, door text, client jsonb) loop
    return query select c.n, b.* from app.begin(decode(c.hash, 'hex'), c.id, c.request_id, c.tool, c.args, c.door, c.client) b;
  end loop;
end $function$;
alter function app.begin_many(jsonb) owner to app_guard;
grant execute on function app.begin_many(jsonb) to app_api;

CREATE OR REPLACE FUNCTION app.enter(p_hash bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  context text;
  zone text;
begin
  if guard.opened_seal() is not null then raise insufficient_privilege using message = 'this transaction has its tenant'; end if;
  select g.tenant_id || ':' || g.user_id || ':' || g.id, t.time_zone into context, zone
    from guard.grants g
    join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id and u.active
    join data.tenants t on t.tenant_id = g.tenant_id
    where g.hash = p_hash and g.revoked_at is null and (g.expires_at is null or g.expires_at > clock_timestamp());
  if context is null then raise insufficient_privilege using message = 'the credential is not live'; end if;
  perform set_config('app.seal', context || ':' || guard.mac(context), true), set_config('TimeZone', zone, true);
end $function$;
alter function app.enter(bytea) owner to app_guard;
grant execute on function app.enter(bytea) to app_api;

CREATE OR REPLACE FUNCTION app.finish(p_hash bytea, p_id uuid, p_status text, p_outcome text, p_bytes integer, p_latency_ms integer, p_subjects text[], p_refs jsonb, p_delivered jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare i data.mcp_audit_intent;
begin
  select x.* into i from data.mcp_audit_intent x join guard.grants g on g.tenant_id = x.tenant_id and g.id = x.credential_id where g.hash = p_hash and x.id = p_id;
  if i.id is null then raise insufficient_privilege using message = 'no such intent of this credential'; end if;
  insert into data.mcp_audit_log (id, tenant_id, user_id, credential_id, tool_name, args_redacted, response_bytes, latency_ms, status, created_at)
    values (i.id, i.tenant_id, i.user_id, i.credential_id, i.tool_name, i.args_redacted, p_bytes, p_latency_ms, p_status, clock_timestamp());
  insert into data.mcp_audit_ext (tenant_id, audit_id, outcome, subjects, taint)
    values (i.tenant_id, i.id, p_outcome, p_subjects, case when p_delivered is not null then 'external' end);
  if p_refs is not null then
    insert into data.text_refs (tenant_id, ref, user_id, permission, kind, said_on, text, expires_at)
      -- In one order for everybody: two answers that hold the same references wait for each other and do not deadlock.
      select distinct on (r.ref) i.tenant_id, r.ref, i.user_id, r.permission, r.kind, r.said_on, r.text, r.expires_at
      from jsonb_to_recordset(p_refs) r (ref text, permission text, kind text, said_on text, text text, expires_at timestamptz) order by r.ref
      on conflict (tenant_id, user_id, ref) do update set expires_at = greatest(text_refs.expires_at, excluded.expires_at);
  end if;
  if p_delivered is not null then
    insert into data.taint_events (tenant_id, user_id, audit_id, source) select i.tenant_id, i.user_id, i.id, d from jsonb_array_elements(p_delivered) d;
    insert into data.taint_state (tenant_id, user_id, level) values (i.tenant_id, i.user_id, 'external')
      on conflict (tenant_id, user_id) do update set level = 'external', last_at = clock_timestamp();
  end if;
end $function$;
alter function app.finish(bytea,uuid,text,text,integer,integer,text[],jsonb,jsonb) owner to app_guard;
grant execute on function app.finish(bytea,uuid,text,text,integer,integer,text[],jsonb,jsonb) to app_api;

CREATE OR REPLACE FUNCTION app.finish_many(p_calls jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare c record;
begin
  for c in select * from jsonb_to_recordset(p_calls) x (hash text, id uuid, status text, outcome text, bytes int, latency_ms int, subjects text[], refs jsonb, delivered jsonb) loop
    perform app.finish(decode(c.hash, 'hex'), c.id, c.status, c.outcome, c.bytes, c.latency_ms, c.subjects, c.refs, c.delivered);
  end loop;
end $function$;
alter function app.finish_many(jsonb) owner to app_guard;
grant execute on function app.finish_many(jsonb) to app_api;

CREATE OR REPLACE FUNCTION app.identify(p_hash bytea)
 RETURNS TABLE(grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb, audit_key bytea)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query
    select g.id, g.tenant_id, g.user_id, u.role, g.permissions, u.practitioner_id, t.name, t.time_zone,
      coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'vendor', c.vendor, 'settings', c.settings, 'modules', c.modules) order by c.connected_at, c.id)
                from data.connections c where c.tenant_id = g.tenant_id), '[]'),
      (select k.key from guard.tenant_keys k where k.tenant_id = g.tenant_id and k.purpose = 'audit' order by k.version desc limit 1)
    from guard.grants g
    join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id and u.active
    join data.tenants t on t.tenant_id = g.tenant_id
    where g.hash = p_hash and g.revoked_at is null and (g.expires_at is null or g.expires_at > clock_timestamp());
end $function$;
alter function app.identify(bytea) owner to app_guard;
grant execute on function app.identify(bytea) to app_api;

CREATE OR REPLACE FUNCTION app.note_at_edge(p_reason text, p_hash bytea, p_door text, p_ip text, p_count integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare g guard.grants;
begin
  select x.* into g from guard.grants x where x.hash = p_hash;
  insert into guard.edge_log (reason, fingerprint, credential_id, door, ip, count)
    values (case when g.revoked_at is not null then 'revoked' when g.expires_at <= clock_timestamp() then 'expired' when g.id is not null then 'unknown' else p_reason end,
      left(encode(p_hash, 'hex'), 16), g.id, left(p_door, 16), left(p_ip, 45), greatest(p_count, 1));
end $function$;
alter function app.note_at_edge(text,bytea,text,text,integer) owner to app_guard;
grant execute on function app.note_at_edge(text,bytea,text,text,integer) to app_api;

CREATE OR REPLACE FUNCTION app.sweep(p_age interval)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  t record;
  since timestamptz;
  until timestamptz := clock_timestamp() - greatest(p_age, interval '5 seconds');
  n int;
  closed int := 0;
begin
  insert into guard.sweeps select x.tenant_id, '-infinity' from data.tenants x on conflict do nothing;
  -- A row's lock, which the serving role cannot take: two sweeps share the clinics between them.
  for t in select s.tenant_id, s.swept_to from guard.sweeps s order by s.tenant_id for update skip locked loop
    since := case when t.swept_to between clock_timestamp() - interval '1 hour' and clock_timestamp() then t.swept_to - interval '1 hour'
                  when t.swept_to = '-infinity' then t.swept_to else least(t.swept_to, clock_timestamp()) - interval '1 day' end;
    with orphan as (
      select i.* from data.mcp_audit_intent i
      where i.tenant_id = t.tenant_id and i.created_at >= since and i.created_at < until
        and not exists (select from data.mcp_audit_log l where l.id = i.id)
    ), logged as (
      insert into data.mcp_audit_log (id, tenant_id, user_id, credential_id, tool_name, args_redacted, response_bytes, latency_ms, status, created_at)
        select id, tenant_id, user_id, credential_id, tool_name, args_redacted, null, null, 'error', clock_timestamp() from orphan
        on conflict (id) do nothing returning id
    )
    insert into data.mcp_audit_ext (tenant_id, audit_id, outcome) select t.tenant_id, id, 'orphaned' from logged;
    get diagnostics n = row_count;
    closed := closed + n;
    delete from data.text_refs r where r.tenant_id = t.tenant_id and r.expires_at < clock_timestamp();
    update guard.sweeps set swept_to = until where tenant_id = t.tenant_id;
  end loop;
  return closed;
end $function$;
alter function app.sweep(interval) owner to app_guard;
grant execute on function app.sweep(interval) to app_api;

CREATE OR REPLACE FUNCTION app.tenant()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return (guard.opened_seal())[1]::uuid; end $function$;
alter function app.tenant() owner to app_guard;
grant execute on function app.tenant() to app_api;

CREATE OR REPLACE FUNCTION app.user_id()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return (guard.opened_seal())[2]::uuid; end $function$;
alter function app.user_id() owner to app_guard;
grant execute on function app.user_id() to app_api;

CREATE OR REPLACE FUNCTION guard.mac(context text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare k guard.seal_key;
begin
  select * into k from guard.seal_key;
  return encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(context || ':' || pg_backend_pid() || ':' || extract(epoch from transaction_timestamp()), 'UTF8'))), 'hex');
end $function$;
alter function guard.mac(text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.opened_seal()
 RETURNS text[]
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text := current_setting('app.seal', true);
  parts text[];
begin
  if seal is null or seal = '' then return null; end if;
  parts := string_to_array(seal, ':');
  if cardinality(parts) = 4 and parts[4] = guard.mac(parts[1] || ':' || parts[2] || ':' || parts[3]) then return parts; end if;
  raise insufficient_privilege using message = 'the tenant context is not sealed by this database';
end $function$;
alter function guard.opened_seal() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.pad(key bytea, mask integer)
 RETURNS bytea
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare padded bytea := key || decode(repeat('00', 64 - length(key)), 'hex');
begin
  for i in 0..63 loop padded := set_byte(padded, i, get_byte(padded, i) # mask); end loop;
  return padded;
end $function$;
alter function guard.pad(bytea,integer) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.refuse_audit_ddl()
 RETURNS event_trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    book text := '(mcp_audit_|taint_events|edge_log|refuse_change|refuse_audit_ddl)';
    touched boolean := false;
  begin
    if session_user = 'app_api' then raise insufficient_privilege using message = 'the serving role changes no schema'; end if;
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
  end $function$;
alter function guard.refuse_audit_ddl() owner to migrator;

CREATE OR REPLACE FUNCTION guard.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  raise insufficient_privilege using message = format('%s is append-only', tg_table_name);
end $function$;
alter function guard.refuse_change() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.tenant_table(name text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  execute format('alter table data.%I enable row level security', name);
  execute format('alter table data.%I force row level security', name);
  execute format('create policy tenant on data.%I using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()))', name);
end $function$;
alter function guard.tenant_table(text) owner to app_guard;

create table data.appointments (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid not null,
  start_at timestamp with time zone not null,
  minutes integer not null,
  status text not null,
  visit_type text not null,
  modality text not null,
  reason text,
  cancelled_by text,
  cancelled_at timestamp with time zone,
  rescheduled_to uuid,
  booked_at timestamp with time zone not null,
  constraint appointments_cancelled_by_check CHECK ((cancelled_by = ANY (ARRAY['patient'::text, 'practice'::text, 'system'::text]))),
  constraint appointments_minutes_check CHECK (((minutes >= 5) AND (minutes <= 480))),
  constraint appointments_modality_check CHECK ((modality = ANY (ARRAY['in_person'::text, 'telehealth'::text]))),
  constraint appointments_pkey PRIMARY KEY (tenant_id, id),
  constraint appointments_status_check CHECK ((status = ANY (ARRAY['booked'::text, 'confirmed'::text, 'arrived'::text, 'roomed'::text, 'completed'::text, 'no_show'::text, 'cancelled'::text, 'rescheduled'::text, 'entered_in_error'::text]))),
  constraint appointments_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint appointments_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id),
  constraint appointments_tenant_id_rescheduled_to_fkey FOREIGN KEY (tenant_id, rescheduled_to) REFERENCES data.appointments(tenant_id, id)
);
alter table data.appointments owner to app_owner;
alter table data.appointments enable row level security, force row level security;
create policy tenant on data.appointments as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX appointments_patient ON data.appointments USING btree (tenant_id, patient_id, start_at);
CREATE INDEX appointments_start ON data.appointments USING btree (tenant_id, start_at, id);
grant select on table data.appointments to app_api;

create table data.chart_notes (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  encounter_id uuid,
  author_id uuid not null,
  title text not null,
  status text not null,
  signed_at timestamp with time zone,
  amended_at timestamp with time zone,
  body jsonb not null,
  created_at timestamp with time zone not null,
  constraint chart_notes_check CHECK ((((status = ANY (ARRAY['signed'::text, 'amended'::text])) = (signed_at IS NOT NULL)) OR (status = ANY (ARRAY['voided'::text, 'entered_in_error'::text])))),
  constraint chart_notes_pkey PRIMARY KEY (tenant_id, id),
  constraint chart_notes_status_check CHECK ((status = ANY (ARRAY['unsigned'::text, 'signed'::text, 'amended'::text, 'voided'::text, 'entered_in_error'::text]))),
  constraint chart_notes_tenant_id_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES data.practitioners(tenant_id, id),
  constraint chart_notes_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES data.encounters(tenant_id, id),
  constraint chart_notes_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.chart_notes owner to app_owner;
alter table data.chart_notes enable row level security, force row level security;
create policy tenant on data.chart_notes as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX chart_notes_patient ON data.chart_notes USING btree (tenant_id, patient_id, signed_at DESC, id);
grant select on table data.chart_notes to app_api;

create table data.connections (
  tenant_id uuid not null,
  id uuid not null,
  vendor text not null,
  settings jsonb not null default '{}'::jsonb,
  modules text[] not null default '{}'::text[],
  connected_at timestamp with time zone not null default now(),
  constraint connections_pkey PRIMARY KEY (tenant_id, id),
  constraint connections_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.connections owner to app_owner;
alter table data.connections enable row level security, force row level security;
create policy guard on data.connections as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.connections as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant select on table data.connections to app_api;
grant select on table data.connections to app_guard;

create table data.coverages (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  rank integer not null,
  status text not null,
  kind text not null,
  payer text not null,
  plan text,
  member_id text,
  group_number text,
  relationship text not null,
  period_start date,
  period_end date,
  constraint coverages_kind_check CHECK ((kind = ANY (ARRAY['commercial'::text, 'medicare'::text, 'medicaid'::text, 'self_pay'::text, 'other'::text]))),
  constraint coverages_pkey PRIMARY KEY (tenant_id, id),
  constraint coverages_rank_check CHECK ((rank > 0)),
  constraint coverages_relationship_check CHECK ((relationship = ANY (ARRAY['self'::text, 'spouse'::text, 'child'::text, 'other'::text, 'unknown'::text]))),
  constraint coverages_status_check CHECK ((status = ANY (ARRAY['active'::text, 'cancelled'::text, 'draft'::text, 'entered_in_error'::text, 'unknown'::text]))),
  constraint coverages_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.coverages owner to app_owner;
alter table data.coverages enable row level security, force row level security;
create policy tenant on data.coverages as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX coverages_patient ON data.coverages USING btree (tenant_id, patient_id, rank);
grant select on table data.coverages to app_api;

create table data.encounters (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid not null,
  appointment_id uuid,
  class text not null,
  status text not null,
  start_at timestamp with time zone not null,
  end_at timestamp with time zone,
  constraint encounters_class_check CHECK ((class = ANY (ARRAY['ambulatory'::text, 'virtual'::text]))),
  constraint encounters_pkey PRIMARY KEY (tenant_id, id),
  constraint encounters_status_check CHECK ((status = ANY (ARRAY['in_progress'::text, 'finished'::text, 'entered_in_error'::text]))),
  constraint encounters_tenant_id_appointment_id_fkey FOREIGN KEY (tenant_id, appointment_id) REFERENCES data.appointments(tenant_id, id),
  constraint encounters_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint encounters_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.encounters owner to app_owner;
alter table data.encounters enable row level security, force row level security;
create policy tenant on data.encounters as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX encounters_patient ON data.encounters USING btree (tenant_id, patient_id, start_at DESC);
grant select on table data.encounters to app_api;

create table data.lab_results (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  order_id uuid,
  loinc text,
  local_code text,
  name_raw text not null,
  value numeric,
  comparator text,
  value_text text,
  unit text,
  unit_raw text,
  ref_low numeric,
  ref_high numeric,
  ref_text text,
  lab_flag text,
  status text not null,
  collected_at timestamp with time zone not null,
  resulted_at timestamp with time zone,
  panel_loinc text,
  panel_raw text,
  specimen text,
  performing_lab text,
  method text,
  comment text,
  corrects uuid,
  constraint lab_results_comparator_check CHECK ((comparator = ANY (ARRAY['<'::text, '<='::text, '>'::text, '>='::text]))),
  constraint lab_results_pkey PRIMARY KEY (tenant_id, id),
  constraint lab_results_status_check CHECK ((status = ANY (ARRAY['preliminary'::text, 'final'::text, 'amended'::text, 'corrected'::text, 'cancelled'::text, 'entered_in_error'::text]))),
  constraint lab_results_tenant_id_corrects_fkey FOREIGN KEY (tenant_id, corrects) REFERENCES data.lab_results(tenant_id, id),
  constraint lab_results_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.lab_results owner to app_owner;
alter table data.lab_results enable row level security, force row level security;
create policy tenant on data.lab_results as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX lab_results_corrects ON data.lab_results USING btree (tenant_id, corrects) WHERE (corrects IS NOT NULL);
CREATE INDEX lab_results_patient ON data.lab_results USING btree (tenant_id, patient_id, collected_at DESC, id DESC);
grant select on table data.lab_results to app_api;

create table data.mcp_audit_ext (
  tenant_id uuid not null,
  audit_id uuid not null,
  outcome text not null,
  subjects text[] not null default '{}'::text[],
  taint text,
  constraint mcp_audit_ext_pkey PRIMARY KEY (tenant_id, audit_id),
  constraint mcp_audit_ext_taint_check CHECK ((taint = 'external'::text))
);
alter table data.mcp_audit_ext owner to app_owner;
alter table data.mcp_audit_ext enable row level security, force row level security;
create policy guard on data.mcp_audit_ext as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.mcp_audit_ext as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.mcp_audit_ext FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.mcp_audit_ext FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.mcp_audit_ext to app_guard;

create table data.mcp_audit_intent (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  credential_id uuid not null,
  tool_name text not null,
  args_redacted jsonb not null,
  request_id uuid not null,
  door text not null,
  client jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint mcp_audit_intent_door_check CHECK ((door = ANY (ARRAY['mcp'::text, 'rest'::text, 'admin'::text, 'job'::text, 'command'::text]))),
  constraint mcp_audit_intent_id_key UNIQUE (id),
  constraint mcp_audit_intent_pkey PRIMARY KEY (tenant_id, id)
);
alter table data.mcp_audit_intent owner to app_owner;
alter table data.mcp_audit_intent enable row level security, force row level security;
create policy guard on data.mcp_audit_intent as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.mcp_audit_intent as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX mcp_audit_intent_time ON data.mcp_audit_intent USING btree (tenant_id, created_at);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.mcp_audit_intent FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.mcp_audit_intent FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.mcp_audit_intent to app_guard;

create table data.mcp_audit_log (
  id uuid not null,
  tenant_id uuid not null,
  user_id uuid not null,
  credential_id uuid not null,
  tool_name text not null,
  args_redacted jsonb,
  response_bytes integer,
  latency_ms integer,
  status text not null,
  created_at timestamp with time zone default now(),
  constraint mcp_audit_log_pkey PRIMARY KEY (id),
  constraint mcp_audit_log_status_check CHECK ((status = ANY (ARRAY['ok'::text, 'error'::text, 'rate_limited'::text, 'blocked_injection'::text])))
);
alter table data.mcp_audit_log owner to app_owner;
alter table data.mcp_audit_log enable row level security, force row level security;
create policy guard on data.mcp_audit_log as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.mcp_audit_log as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX mcp_audit_log_time ON data.mcp_audit_log USING btree (tenant_id, created_at);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.mcp_audit_log FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.mcp_audit_log FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.mcp_audit_log to app_guard;

create table data.medication_requests (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  rxnorm text,
  local_code text,
  name text not null,
  ingredient text,
  form text,
  sig text,
  status text not null,
  reported boolean not null default false,
  controlled text,
  start_on data.partial_date,
  end_on data.partial_date,
  days_supply integer,
  refills_left integer,
  prescriber_id uuid,
  reason_icd10 text,
  stop_reason text,
  authored_on data.partial_date,
  replaced_by uuid,
  constraint medication_requests_controlled_check CHECK ((controlled = ANY (ARRAY['CII'::text, 'CIII'::text, 'CIV'::text, 'CV'::text]))),
  constraint medication_requests_pkey PRIMARY KEY (tenant_id, id),
  constraint medication_requests_status_check CHECK ((status = ANY (ARRAY['active'::text, 'on_hold'::text, 'cancelled'::text, 'completed'::text, 'entered_in_error'::text, 'stopped'::text, 'draft'::text, 'unknown'::text]))),
  constraint medication_requests_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint medication_requests_tenant_id_prescriber_id_fkey FOREIGN KEY (tenant_id, prescriber_id) REFERENCES data.practitioners(tenant_id, id),
  constraint medication_requests_tenant_id_replaced_by_fkey FOREIGN KEY (tenant_id, replaced_by) REFERENCES data.medication_requests(tenant_id, id)
);
alter table data.medication_requests owner to app_owner;
alter table data.medication_requests enable row level security, force row level security;
create policy tenant on data.medication_requests as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX medication_requests_patient ON data.medication_requests USING btree (tenant_id, patient_id);
grant select on table data.medication_requests to app_api;

create table data.patient_tokens (
  tenant_id uuid not null,
  kind text collate "C" not null,
  token text collate "C" not null,
  patient_id uuid not null,
  constraint patient_tokens_pkey PRIMARY KEY (tenant_id, kind, token, patient_id),
  constraint patient_tokens_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id) ON DELETE CASCADE
);
alter table data.patient_tokens owner to app_owner;
alter table data.patient_tokens enable row level security, force row level security;
create policy tenant on data.patient_tokens as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX patient_tokens_patient ON data.patient_tokens USING btree (tenant_id, patient_id);
grant select on table data.patient_tokens to app_api;

create table data.patients (
  tenant_id uuid not null,
  id uuid not null,
  mrn text not null,
  family_name text not null,
  given_name text not null,
  middle_name text,
  name_suffix text,
  preferred_name text,
  previous_family_name text,
  birth_date data.partial_date,
  sex text not null,
  phone text,
  phone_alternate text,
  email text,
  address_line text,
  city text,
  state text,
  postal_code text,
  language text,
  practitioner_id uuid,
  contact_confirmed_at timestamp with time zone,
  active boolean not null default true,
  deceased_on data.partial_date,
  replaced_by uuid,
  created_at timestamp with time zone not null,
  constraint patients_pkey PRIMARY KEY (tenant_id, id),
  constraint patients_sex_check CHECK ((sex = ANY (ARRAY['female'::text, 'male'::text, 'other'::text, 'unknown'::text]))),
  constraint patients_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id),
  constraint patients_tenant_id_mrn_key UNIQUE (tenant_id, mrn),
  constraint patients_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id),
  constraint patients_tenant_id_replaced_by_fkey FOREIGN KEY (tenant_id, replaced_by) REFERENCES data.patients(tenant_id, id)
);
alter table data.patients owner to app_owner;
alter table data.patients enable row level security, force row level security;
create policy tenant on data.patients as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant select on table data.patients to app_api;

create table data.practitioners (
  tenant_id uuid not null,
  id uuid not null,
  family_name text not null,
  given_name text not null,
  credentials text,
  npi text,
  specialty text,
  active boolean not null default true,
  constraint practitioners_pkey PRIMARY KEY (tenant_id, id),
  constraint practitioners_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.practitioners owner to app_owner;
alter table data.practitioners enable row level security, force row level security;
create policy tenant on data.practitioners as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant select on table data.practitioners to app_api;

create table data.taint_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  audit_id uuid not null,
  source jsonb not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint taint_events_pkey PRIMARY KEY (tenant_id, id)
);
alter table data.taint_events owner to app_owner;
alter table data.taint_events enable row level security, force row level security;
create policy guard on data.taint_events as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.taint_events as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX taint_events_user ON data.taint_events USING btree (tenant_id, user_id, created_at);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.taint_events FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.taint_events FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.taint_events to app_guard;

create table data.taint_state (
  tenant_id uuid not null,
  user_id uuid not null,
  level text not null,
  epoch integer not null default 1,
  first_at timestamp with time zone not null default clock_timestamp(),
  last_at timestamp with time zone not null default clock_timestamp(),
  constraint taint_state_level_check CHECK ((level = 'external'::text)),
  constraint taint_state_pkey PRIMARY KEY (tenant_id, user_id),
  constraint taint_state_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.taint_state owner to app_owner;
alter table data.taint_state enable row level security, force row level security;
create policy guard on data.taint_state as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.taint_state as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.taint_state to app_guard;

create table data.tenants (
  tenant_id uuid not null,
  name text not null,
  time_zone text not null,
  tier text not null default 'sandbox'::text,
  created_at timestamp with time zone not null default now(),
  constraint tenants_pkey PRIMARY KEY (tenant_id),
  constraint tenants_tier_check CHECK ((tier = 'sandbox'::text))
);
alter table data.tenants owner to app_owner;
alter table data.tenants enable row level security, force row level security;
create policy guard on data.tenants as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.tenants as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant select on table data.tenants to app_guard;

create table data.text_refs (
  tenant_id uuid not null,
  ref text collate "C" not null,
  user_id uuid not null,
  permission text not null,
  kind text not null,
  said_on text,
  text text not null,
  expires_at timestamp with time zone not null,
  constraint text_refs_pkey PRIMARY KEY (tenant_id, user_id, ref),
  constraint text_refs_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.text_refs owner to app_owner;
alter table data.text_refs enable row level security, force row level security;
create policy guard on data.text_refs as permissive for all to app_guard using (true) with check (true);
create policy reader on data.text_refs as restrictive for all to public using (((user_id = ( SELECT app.user_id() AS user_id)) OR (CURRENT_USER = 'app_guard'::name))) with check (((user_id = ( SELECT app.user_id() AS user_id)) OR (CURRENT_USER = 'app_guard'::name)));
create policy tenant on data.text_refs as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX text_refs_expiry ON data.text_refs USING btree (tenant_id, expires_at);
grant delete, insert, select, update on table data.text_refs to app_guard;
grant select on table data.text_refs to app_api;

create table data.users (
  tenant_id uuid not null,
  id uuid not null,
  email text not null,
  display_name text not null,
  role text not null,
  practitioner_id uuid,
  active boolean not null default true,
  created_at timestamp with time zone not null default now(),
  constraint users_pkey PRIMARY KEY (tenant_id, id),
  constraint users_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'physician'::text, 'nurse'::text, 'front_desk'::text, 'scheduler'::text, 'biller'::text, 'quality'::text, 'compliance'::text, 'integration'::text]))),
  constraint users_tenant_id_email_key UNIQUE (tenant_id, email),
  constraint users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.users owner to app_owner;
alter table data.users enable row level security, force row level security;
create policy guard on data.users as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.users as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant select on table data.users to app_guard;

create table guard.edge_log (
  id uuid not null default gen_random_uuid(),
  at timestamp with time zone not null default clock_timestamp(),
  reason text not null,
  fingerprint text,
  credential_id uuid,
  door text not null,
  ip text,
  count integer not null default 1,
  constraint edge_log_pkey PRIMARY KEY (id),
  constraint edge_log_reason_check CHECK ((reason = ANY (ARRAY['missing'::text, 'malformed'::text, 'unknown'::text, 'expired'::text, 'revoked'::text, 'suppressed'::text])))
);
alter table guard.edge_log owner to app_guard;
alter table guard.edge_log disable row level security, no force row level security;
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON guard.edge_log FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON guard.edge_log FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always

create table guard.grants (
  id uuid not null,
  hash bytea not null,
  kind text not null,
  tenant_id uuid not null,
  user_id uuid not null,
  name text not null,
  permissions text[],
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint grants_hash_check CHECK ((length(hash) = 32)),
  constraint grants_hash_key UNIQUE (hash),
  constraint grants_kind_check CHECK ((kind = ANY (ARRAY['credential'::text, 'login'::text, 'job'::text]))),
  constraint grants_pkey PRIMARY KEY (id)
);
alter table guard.grants owner to app_guard;
alter table guard.grants disable row level security, no force row level security;
CREATE INDEX grants_tenant ON guard.grants USING btree (tenant_id, id);

create table guard.seal_key (
  inner_pad bytea not null,
  outer_pad bytea not null
);
alter table guard.seal_key owner to app_guard;
alter table guard.seal_key disable row level security, no force row level security;

create table guard.sweeps (
  tenant_id uuid not null,
  swept_to timestamp with time zone not null,
  constraint sweeps_pkey PRIMARY KEY (tenant_id)
);
alter table guard.sweeps owner to app_guard;
alter table guard.sweeps disable row level security, no force row level security;

create table guard.tenant_keys (
  tenant_id uuid not null,
  purpose text not null,
  version integer not null,
  key bytea not null,
  constraint tenant_keys_key_check CHECK ((length(key) = 32)),
  constraint tenant_keys_pkey PRIMARY KEY (tenant_id, purpose, version)
);
alter table guard.tenant_keys owner to app_guard;
alter table guard.tenant_keys disable row level security, no force row level security;

create table public.schema_migrations (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migrations_pkey PRIMARY KEY (name)
);
alter table public.schema_migrations owner to migrator;
alter table public.schema_migrations disable row level security, no force row level security;
