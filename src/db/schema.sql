-- Printed from pg_catalog by `npm run gen` (src/db/print-schema.ts); the truth is in migrations/.

create role app_api login noinherit nobypassrls;
create role app_guard nologin noinherit nobypassrls;
create role app_keeper login noinherit nobypassrls;
create role app_owner nologin noinherit nobypassrls;
create role app_sender login noinherit nobypassrls;

grant connect on this database to app_api;
grant connect on this database to app_keeper;
grant connect on this database to app_sender;
alter role app_api in this database set idle_in_transaction_session_timeout=60s;
alter role app_api in this database set jit=off;
alter role app_api in this database set plan_cache_mode=force_generic_plan;
alter role app_api in this database set search_path=data;
alter role app_api in this database set statement_timeout=10s;
alter role app_keeper in this database set idle_in_transaction_session_timeout=60s;
alter role app_keeper in this database set search_path=pg_catalog;
alter role app_keeper in this database set statement_timeout=10s;
alter role app_sender in this database set idle_in_transaction_session_timeout=60s;
alter role app_sender in this database set search_path=pg_catalog;
alter role app_sender in this database set statement_timeout=10s;

create event trigger audit_is_append_only on ddl_command_end execute function guard.refuse_audit_ddl(); -- owner migrator, enabled: A

create event trigger audit_is_not_dropped on sql_drop execute function guard.refuse_audit_ddl(); -- owner migrator, enabled: A

create event trigger schema_changes_by_migration on ddl_command_start execute function guard.refuse_audit_ddl(); -- owner migrator, enabled: A

create schema app authorization app_guard;
grant usage on schema app to app_api;
grant usage on schema app to app_keeper;
grant usage on schema app to app_owner;
grant usage on schema app to app_sender;

create schema data authorization app_owner;
grant usage on schema data to app_api;
grant usage on schema data to app_guard;

create schema guard authorization app_guard;

create schema public authorization pg_database_owner;

create domain data.partial_date as text CHECK ((VALUE ~ '^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$'::text)); -- owner app_owner

CREATE OR REPLACE FUNCTION app.account_turn(p_tenant uuid, p_connection uuid)
 RETURNS TABLE(revision integer, state jsonb, has_acts boolean, has_writes boolean, share_failing double precision)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select coalesce(s.revision, 0), s.state,
      exists (select from data.connection_acts a where a.tenant_id = c.tenant_id and a.connection_id = c.id and a.taken_at is null and guard.act_counts(a.at)),
      exists (select from data.vendor_writes w where w.tenant_id = c.tenant_id and w.connection_id = c.id and w.status in ('planned', 'sending', 'in_doubt')),
      (select case when count(*) > 2 then count(*) filter (where o.at = 'degraded')::double precision / count(*) else 0 end
        from data.connection_states o join data.connections oc on oc.tenant_id = o.tenant_id and oc.id = o.connection_id
        where oc.vendor = c.vendor and o.at in ('healthy', 'degraded'))
    from data.connections c left join data.connection_states s on s.tenant_id = c.tenant_id and s.connection_id = c.id
    where c.tenant_id = p_tenant and c.id = p_connection;
end $function$;
alter function app.account_turn(uuid,uuid) owner to app_guard;
grant execute on function app.account_turn(uuid,uuid) to app_keeper;

CREATE OR REPLACE FUNCTION app.accounts_with_work(p_me text)
 RETURNS TABLE(tenant_id uuid, connection_id uuid, vendor text, settings jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  return query select c.tenant_id, c.id, c.vendor, c.settings from data.connections c
    where (exists (select from data.vendor_writes w where w.tenant_id = c.tenant_id and w.connection_id = c.id and w.status in ('planned', 'sending', 'in_doubt'))
        or exists (select from data.connection_acts a where a.tenant_id = c.tenant_id and a.connection_id = c.id and a.taken_at is null and guard.act_counts(a.at)))
      and not exists (select from data.connection_states s where s.tenant_id = c.tenant_id and s.connection_id = c.id and s.at = 'suspended')
      and not exists (select from data.leases l where l.tenant_id = c.tenant_id and l.key = 'account:' || c.id and l.owner <> p_me and l.expires_at >= clock_timestamp());
end $function$;
alter function app.accounts_with_work(text) owner to app_guard;
grant execute on function app.accounts_with_work(text) to app_keeper;

CREATE OR REPLACE FUNCTION app.act_on_connection(p_connection uuid, p_act text, p_secret uuid, p_revision integer, p_state jsonb, p_tells boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  why text := guard.why_not_restore();
begin
  if why is not null then perform guard.refuse(why); end if;
  if not exists (select from data.connections c where c.tenant_id = seal[1]::uuid and c.id = p_connection) then perform guard.refuse('not_found'); end if;
  if p_state is not null and not guard.store_connection(seal[1]::uuid, p_connection, p_revision, p_state, p_tells) then perform guard.refuse('stale'); end if;
  -- Pressed twice is once: what waits still is enough.
  if p_act in ('try_once', 'resume') and exists (select from data.connection_acts a where a.tenant_id = seal[1]::uuid and a.connection_id = p_connection and a.act = p_act
      and a.taken_at is null and guard.act_counts(a.at)) then return; end if;
  insert into data.connection_acts (tenant_id, connection_id, act, user_id, secret_id, taken_at, outcome)
    values (seal[1]::uuid, p_connection, p_act, seal[2]::uuid, p_secret,
      case when p_act = 'pause' then clock_timestamp() end, case when p_act = 'pause' then 'done' end);
end $function$;
alter function app.act_on_connection(uuid,text,uuid,integer,jsonb,boolean) owner to app_guard;
grant execute on function app.act_on_connection(uuid,text,uuid,integer,jsonb,boolean) to app_api;

CREATE OR REPLACE FUNCTION app.add_vault_key(p_tenant uuid, p_version integer, p_kms_key_id text, p_wrapped bytea, p_known text[])
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare k data.vault_keys;
begin
  perform pg_advisory_xact_lock(hashtextextended('keys of the vault', 0));
  perform guard.hold_vault(p_tenant);
  k := guard.newest_vault_key(p_tenant);
  if k.shredded_at is not null then return 'shredded'; end if;
  if coalesce(k.version, 0) + 1 <> p_version then return 'exists'; end if;
  if exists (select from data.vault_keys x where x.wrapped is not null and x.kms_key_id <> all (p_known)) then return 'other_kms'; end if;
  insert into data.vault_keys (tenant_id, version, kms_key_id, wrapped) values (p_tenant, p_version, p_kms_key_id, p_wrapped);
  return 'added';
end $function$;
alter function app.add_vault_key(uuid,integer,text,bytea,text[]) owner to app_guard;
grant execute on function app.add_vault_key(uuid,integer,text,bytea,text[]) to app_keeper;

CREATE OR REPLACE FUNCTION app.audited(p_from timestamp with time zone, p_to timestamp with time zone, p_user uuid, p_tool text, p_status text, p_after uuid, p_limit integer)
 RETURNS TABLE(audit_id uuid, at timestamp with time zone, user_id uuid, person text, role text, credential_id uuid, credential text, tool text, door text, status text, outcome text, latency_ms integer, response_bytes integer, args_redacted jsonb)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  me data.users := guard.at_books(array['owner', 'compliance']);
  a data.mcp_audit_intent;
begin
  select * into a from data.mcp_audit_intent x where x.tenant_id = me.tenant_id and x.id = p_after;
  if p_after is not null and a.id is null then perform guard.refuse('not_found'); end if;
  return query
    select i.id, i.created_at, i.user_id, u.display_name, u.role, i.credential_id, g.name, i.tool_name, i.door, l.status, x.outcome, l.latency_ms, l.response_bytes, i.args_redacted
    from data.mcp_audit_intent i
    left join data.mcp_audit_log l on l.id = i.id
    left join data.mcp_audit_ext x on x.tenant_id = i.tenant_id and x.audit_id = i.id
    left join data.users u on u.tenant_id = i.tenant_id and u.id = i.user_id
    left join guard.grants g on g.tenant_id = i.tenant_id and g.id = i.credential_id
    where i.tenant_id = me.tenant_id and i.created_at >= p_from and i.created_at < p_to
      and (p_after is null or (i.created_at, i.id) < (a.created_at, a.id))
      and (p_user is null or i.user_id = p_user) and (p_tool is null or i.tool_name = p_tool) and (p_status is null or l.status = p_status)
    order by i.created_at desc, i.id desc limit p_limit;
end $function$;
alter function app.audited(timestamp with time zone,timestamp with time zone,uuid,text,text,uuid,integer) owner to app_guard;
grant execute on function app.audited(timestamp with time zone,timestamp with time zone,uuid,text,text,uuid,integer) to app_api;

CREATE OR REPLACE FUNCTION app.begin(p_hash bytea, p_id uuid, p_request_id uuid, p_tool text, p_args jsonb, p_door text, p_client jsonb)
 RETURNS TABLE(grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], toolsets text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb, kind text, mfa_at timestamp with time zone, mfa_fresh boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  select i.grant_id, i.tenant_id, i.user_id, i.role, i.permissions, i.toolsets, i.practitioner_id, i.tenant_name, i.time_zone, i.connections, i.kind, i.mfa_at, i.mfa_fresh
    into grant_id, tenant_id, user_id, role, permissions, toolsets, practitioner_id, tenant_name, time_zone, connections, kind, mfa_at, mfa_fresh from app.identify(p_hash) i;
  if grant_id is null or (kind = 'login') <> (p_door = 'admin') then return; end if;
  if kind = 'login' then
    -- Once a minute is enough, and a row that another call holds is being marked as seen already.
    update guard.grants g set seen_at = clock_timestamp() where g.id = (select x.id from guard.grants x
      where x.id = begin.grant_id and x.seen_at < clock_timestamp() - interval '1 minute' for no key update skip locked);
  end if;
  insert into data.mcp_audit_intent (tenant_id, id, user_id, credential_id, tool_name, args_redacted, request_id, door, client)
    values (begin.tenant_id, p_id, begin.user_id, begin.grant_id, p_tool, p_args, p_request_id, p_door, p_client);
  return next;
end $function$;
alter function app.begin(bytea,uuid,uuid,text,jsonb,text,jsonb) owner to app_guard;
grant execute on function app.begin(bytea,uuid,uuid,text,jsonb,text,jsonb) to app_api;

CREATE OR REPLACE FUNCTION app.begin_conversation()
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  login uuid := guard.login_id();
  at timestamptz := clock_timestamp();
begin
  if login is null then perform guard.refuse('not_permitted'); end if;
  if not guard.has_fresh_mfa(login) then perform guard.refuse('mfa_needed'); end if;
  update data.taint_state s set cleared_at = at, epoch = s.epoch + 1 where s.tenant_id = seal[1]::uuid and s.user_id = seal[2]::uuid;
  perform guard.note_review(seal[2]::uuid, 'new_conversation', null, null, null);
  return at;
end $function$;
alter function app.begin_conversation() owner to app_guard;
grant execute on function app.begin_conversation() to app_api;

CREATE OR REPLACE FUNCTION app.begin_enrolment(p_hash bytea, p_key bytea, p_cost integer, p_recovery bytea, p_challenge bytea, p_seed bytea, p_codes bytea[], p_ip text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  i guard.invitations;
  email text;
begin
  select x.* into i from guard.invitations x where x.hash = p_hash and x.used_at is null and x.expires_at > clock_timestamp() for update;
  select lower(u.email) into email from data.users u where u.tenant_id = i.tenant_id and u.id = i.user_id and u.active;
  if email is null then return false; end if;
  if i.kind = 'factor' and not (p_recovery is null and exists (select from guard.staff a where a.tenant_id = i.tenant_id and a.user_id = i.user_id and a.verifier = sha256(p_key)))
    and not guard.take_code(i.tenant_id, i.user_id, null, p_recovery) then
    perform guard.note_refused('wrong_password', email, null, p_ip);
    return false;
  end if;
  delete from guard.challenges c where c.invitation = p_hash;
  insert into guard.challenges (hash, kind, tenant_id, user_id, expires_at, invitation, email, salt, cost, verifier, seed, codes)
    values (p_challenge, 'enrol', i.tenant_id, i.user_id, clock_timestamp() + interval '5 minutes', p_hash, email, guard.salt_of(email), p_cost, sha256(p_key), p_seed, p_codes);
  return true;
end $function$;
alter function app.begin_enrolment(bytea,bytea,integer,bytea,bytea,bytea,bytea[],text) owner to app_guard;
grant execute on function app.begin_enrolment(bytea,bytea,integer,bytea,bytea,bytea,bytea[],text) to app_api;

CREATE OR REPLACE FUNCTION app.begin_many(p_calls jsonb)
 RETURNS TABLE(n integer, grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], toolsets text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb, kind text, mfa_at timestamp with time zone, mfa_fresh boolean)
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

CREATE OR REPLACE FUNCTION app.cancel_message(p_tenant uuid, p_id uuid, p_reason text, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare d data.deliveries;
begin
  update data.deliveries x set status = 'cancelled', reason = p_reason, not_before = null, time_zone = null, settled_at = p_now
    where x.tenant_id = p_tenant and x.id = p_id and x.status = 'waiting' returning x.* into d;
  if d.id is null then perform guard.refuse('not_waiting'); end if;
  perform guard.note_delivery(d);
end $function$;
alter function app.cancel_message(uuid,uuid,text,timestamp with time zone) owner to app_guard;
grant execute on function app.cancel_message(uuid,uuid,text,timestamp with time zone) to app_sender;

CREATE OR REPLACE FUNCTION app.claim_message(p_tenant uuid, p_id uuid, p_claim uuid, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare d data.deliveries;
begin
  if exists (select from data.outgoing_messages m where m.tenant_id = p_tenant and m.id = p_id and m.channel = 'sms' and guard.consent_of(m.tenant_id, m.recipient, m.purpose) is distinct from 'given') then
    perform guard.refuse('no_consent');
  end if;
  update data.deliveries x set status = 'sending', reason = null, not_before = null, time_zone = null, attempts = x.attempts + 1, claim = p_claim, claimed_at = p_now, claim_seen_at = clock_timestamp()
    where x.tenant_id = p_tenant and x.id = p_id and x.status = 'waiting' returning x.* into d;
  if d.id is null then perform guard.refuse('not_waiting'); end if;
  perform guard.note_delivery(d);
end $function$;
alter function app.claim_message(uuid,uuid,uuid,timestamp with time zone) owner to app_guard;
grant execute on function app.claim_message(uuid,uuid,uuid,timestamp with time zone) to app_sender;

CREATE OR REPLACE FUNCTION app.clear_drift(p_id uuid, p_revision integer, p_state jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  c data.contract_states;
  why text := guard.why_not_manage();
begin
  if why is not null then perform guard.refuse(why); end if;
  select x.* into c from data.contract_states x where x.tenant_id = seal[1]::uuid and x.id = p_id for update;
  if c.id is null then perform guard.refuse('not_found'); end if;
  if c.standing <> 'suspect' then perform guard.refuse('not_suspect'); end if;
  if c.revision <> p_revision or p_state ->> 'standing' <> 'active' or p_state ->> 'effect' <> c.state ->> 'effect' then perform guard.refuse('stale_write'); end if;
  update data.contract_states x set revision = c.revision + 1, state = p_state, updated_at = clock_timestamp() where x.tenant_id = c.tenant_id and x.id = c.id;
  insert into data.drift_events (tenant_id, contract_id, revision, severity, differences, shifts, user_id)
    values (c.tenant_id, c.id, c.revision + 1, 'cleared', '[]', c.state -> 'shifts', seal[2]::uuid);
end $function$;
alter function app.clear_drift(uuid,integer,jsonb) owner to app_guard;
grant execute on function app.clear_drift(uuid,integer,jsonb) to app_api;

CREATE OR REPLACE FUNCTION app.clinic_name()
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return (select t.name from data.tenants t where t.tenant_id = app.tenant()); end $function$;
alter function app.clinic_name() owner to app_guard;
grant execute on function app.clinic_name() to app_api;

CREATE OR REPLACE FUNCTION app.clinics_at(p_vendor text)
 RETURNS TABLE(tenant_id uuid, name text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  return query select t.tenant_id, t.name from data.tenants t join data.connections c on c.tenant_id = t.tenant_id and c.vendor = p_vendor
    group by t.tenant_id, t.name order by min(c.connected_at), t.tenant_id;
end $function$;
alter function app.clinics_at(text) owner to app_guard;

CREATE OR REPLACE FUNCTION app.connection_standings()
 RETURNS TABLE(connection_id uuid, revision integer, state jsonb, not_before double precision, waits_until double precision, act text, acted_by text, acted_at timestamp with time zone, outcome text, why_not text, now_ms double precision)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  return query select c.id, coalesce(s.revision, 0), s.state, b.not_before, case when a.try_at > clock_timestamp() then guard.unix_ms(a.try_at) end, a.act, app.display_name(a.user_id), a.at,
      case when a.act is null then null when a.outcome is not null then a.outcome when a.taken_at is null and not guard.act_counts(a.at) then 'too_late'
        when a.taken_at is null then 'waits' when a.taken_at > clock_timestamp() - interval '2 minutes' then 'begun' else 'not_now' end, guard.why_not_restore(), guard.unix_ms(clock_timestamp())
    from data.connections c left join data.connection_states s on s.tenant_id = c.tenant_id and s.connection_id = c.id
    left join data.vendor_sessions v on v.tenant_id = c.tenant_id and v.key = 'account:' || c.id
    left join lateral (select t.not_before from (select coalesce(v.state #>> '{session,stage,until}', v.state #>> '{session,stage,not_before}')::double precision as not_before) t
      where t.not_before > guard.unix_ms(clock_timestamp()) + 60000) b on true
    left join lateral (select x.* from data.connection_acts x where x.tenant_id = c.tenant_id and x.connection_id = c.id order by x.at desc, x.id limit 1) a on true
    where c.tenant_id = app.tenant();
end $function$;
alter function app.connection_standings() owner to app_guard;
grant execute on function app.connection_standings() to app_api;

CREATE OR REPLACE FUNCTION app.consent_of(of_number text, of_purpose text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return guard.consent_of(app.tenant(), of_number, of_purpose); end $function$;
alter function app.consent_of(text,text) owner to app_guard;
grant execute on function app.consent_of(text,text) to app_api;

CREATE OR REPLACE FUNCTION app.contract_days(p_tenant uuid, p_vendor text, p_surface text, p_version integer, p_before date)
 RETURNS TABLE(counts jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare c uuid := (select x.id from data.contract_states x where x.tenant_id = p_tenant and x.vendor = p_vendor and x.surface = p_surface and x.version = p_version);
begin
  return query select d.counts from data.contract_days d where d.tenant_id = p_tenant and d.contract_id = c and d.day < p_before and d.day >= p_before - 28
    and d.day > coalesce((select max((e.at at time zone 'utc')::date) from data.drift_events e where e.tenant_id = p_tenant and e.contract_id = c and e.severity = 'cleared'), '-infinity');
end $function$;
alter function app.contract_days(uuid,text,text,integer,date) owner to app_guard;
grant execute on function app.contract_days(uuid,text,text,integer,date) to app_keeper;

CREATE OR REPLACE FUNCTION app.create_approval(p_id uuid, p_kinds text[], p_roles text[], p_daily_limit integer, p_expires_on date, p_modalities text[], p_visit_types text[], p_practitioners uuid[], p_horizon_days integer, p_form_kinds text[], p_amount_limit_cents bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  today date := guard.clinic_day(seal[1]::uuid);
  why text;
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  select w into why from unnest(p_kinds) k cross join lateral guard.why_not(k) w where w is not null limit 1;
  if why is not null then perform guard.refuse(why); end if;
  if p_expires_on < today or p_expires_on > today + 366 then perform guard.refuse('expiry'); end if;
  insert into data.standing_approvals (tenant_id, id, author_id, grant_id, kinds, roles, daily_limit, expires_on, modalities, visit_types, practitioner_ids, horizon_days, form_kinds, amount_limit_cents)
    values (seal[1]::uuid, p_id, seal[2]::uuid, seal[3]::uuid, p_kinds, p_roles, p_daily_limit, p_expires_on, p_modalities, p_visit_types, p_practitioners, p_horizon_days, p_form_kinds, p_amount_limit_cents);
  perform guard.note_review(p_id, 'approved_ahead', null, null, null);
end $function$;
alter function app.create_approval(uuid,text[],text[],integer,date,text[],text[],uuid[],integer,text[],bigint) owner to app_guard;
grant execute on function app.create_approval(uuid,text[],text[],integer,date,text[],text[],uuid[],integer,text[],bigint) to app_api;

CREATE OR REPLACE FUNCTION app.create_webhook_endpoint(p_id uuid, p_name text, p_url text, p_events text[], p_secret uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.at_people('manage');
begin
  perform guard.make_room_for_webhook(seal[1]::uuid);
  insert into data.webhook_endpoints (tenant_id, id, name, url, events, secret_id, created_by) values (seal[1]::uuid, p_id, p_name, p_url, p_events, p_secret, seal[2]::uuid);
end $function$;
alter function app.create_webhook_endpoint(uuid,text,text,text[],uuid) owner to app_guard;
grant execute on function app.create_webhook_endpoint(uuid,text,text,text[],uuid) to app_api;

CREATE OR REPLACE FUNCTION app.credentials()
 RETURNS TABLE(credential_id uuid, user_id uuid, person text, role text, name text, toolsets text[], state text, created_at timestamp with time zone, revoked_at timestamp with time zone, last_call_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare me data.users := guard.at_books(array['owner', 'compliance']);
begin
  return query
    select g.id, g.user_id, u.display_name, u.role, g.name, g.toolsets,
      case when g.revoked_at is not null then 'revoked' when g.expires_at <= clock_timestamp() then 'expired' else 'live' end, g.created_at, g.revoked_at,
      (select max(i.created_at) from data.mcp_audit_intent i where i.tenant_id = g.tenant_id and i.credential_id = g.id and i.door <> 'command')
    from guard.grants g join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id
    where g.tenant_id = me.tenant_id and g.kind = 'credential' order by g.created_at desc, g.id;
end $function$;
alter function app.credentials() owner to app_guard;
grant execute on function app.credentials() to app_api;

CREATE OR REPLACE FUNCTION app.disable_webhook_endpoint(p_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
begin
  update data.webhook_endpoints w set status = 'disabled', disabled_reason = 'by_person', disabled_at = clock_timestamp(), paused_until = null
    where w.tenant_id = x.tenant_id and w.id = x.id and w.status = 'enabled';
end $function$;
alter function app.disable_webhook_endpoint(uuid) owner to app_guard;
grant execute on function app.disable_webhook_endpoint(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.display_name(of_user uuid)
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return (select u.display_name from data.users u where u.tenant_id = (guard.opened_seal())[1]::uuid and u.id = of_user); end $function$;
alter function app.display_name(uuid) owner to app_guard;
grant execute on function app.display_name(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.drift_alerts()
 RETURNS TABLE(alert_id uuid, vendor text, surface text, version integer, revision integer, state jsonb, since timestamp with time zone, why_not text, now_ms double precision)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  return query with newest as (
      select distinct on (c.vendor, c.surface) c.* from data.contract_states c where c.tenant_id = app.tenant() order by c.vendor, c.surface, c.updated_at desc)
    select c.id, c.vendor, c.surface, c.version, c.revision, c.state,
      coalesce((select max(e.at) from data.drift_events e where e.tenant_id = c.tenant_id and e.contract_id = c.id
        and e.severity = case c.standing when 'quarantined' then 'break' when 'suspect' then 'suspect' else 'warn' end), c.updated_at),
      guard.why_not_manage(), guard.unix_ms(clock_timestamp())
    from newest c where c.standing in ('quarantined', 'suspect') or (c.standing in ('canary', 'active') and jsonb_array_length(c.state -> 'left_out') > 0)
    order by case c.standing when 'quarantined' then 0 when 'suspect' then 1 else 2 end, 7, c.id;
end $function$;
alter function app.drift_alerts() owner to app_guard;
grant execute on function app.drift_alerts() to app_api;

CREATE OR REPLACE FUNCTION app.enable_webhook_endpoint(p_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
begin
  if x.status = 'enabled' then return; end if;
  perform guard.make_room_for_webhook(x.tenant_id);
  update data.webhook_endpoints w set status = 'enabled', disabled_reason = null, disabled_at = null, failures = 0, failing_since = null, paused_until = null
    where w.tenant_id = x.tenant_id and w.id = x.id;
end $function$;
alter function app.enable_webhook_endpoint(uuid) owner to app_guard;
grant execute on function app.enable_webhook_endpoint(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.end_connection_act(p_tenant uuid, p_id uuid, p_outcome text, p_after_ms double precision)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update data.connection_acts a set outcome = p_outcome, try_at = clock_timestamp() + p_after_ms * interval '1 millisecond' where a.tenant_id = p_tenant and a.id = p_id and a.taken_at is not null and a.outcome is null;
end $function$;
alter function app.end_connection_act(uuid,uuid,text,double precision) owner to app_guard;
grant execute on function app.end_connection_act(uuid,uuid,text,double precision) to app_keeper;

CREATE OR REPLACE FUNCTION app.end_recipe_trial(p_vendor text, p_surface text, p_revision integer, p_state jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare d guard.recipe_deliveries;
begin
  select x.* into d from guard.recipe_deliveries x where x.vendor = p_vendor and x.surface = p_surface for update;
  if d.revision is distinct from p_revision - 1 or d.state ->> 'canary' is null then return false; end if;
  if p_state not in (
    d.state || jsonb_build_object('canary', null, 'active', d.state -> 'canary', 'previous', d.state -> 'active'),
    d.state || jsonb_build_object('canary', null, 'taken_back', greatest((d.state ->> 'taken_back')::int, (d.state ->> 'canary')::int))) then
    raise exception 'that is no end of a trial' using errcode = 'AT001';
  end if;
  update guard.recipe_deliveries x set revision = p_revision, state = p_state, cohort = '{}', updated_at = clock_timestamp() where x.vendor = p_vendor and x.surface = p_surface;
  return true;
end $function$;
alter function app.end_recipe_trial(text,text,integer,jsonb) owner to app_guard;
grant execute on function app.end_recipe_trial(text,text,integer,jsonb) to app_keeper;

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
    where g.hash = p_hash and guard.is_live(g);
  if context is null then raise insufficient_privilege using message = 'the credential is not live'; end if;
  perform set_config('app.seal', context || ':' || guard.mac(context), true), set_config('TimeZone', zone, true);
end $function$;
alter function app.enter(bytea) owner to app_guard;
grant execute on function app.enter(bytea) to app_api;

CREATE OR REPLACE FUNCTION app.expire_drafts()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  n int;
  m int;
begin
  with gone as (
    update data.pending_actions p set status = 'expired', decided_at = clock_timestamp()
    where (p.tenant_id, p.id) in (
      select x.tenant_id, x.id from data.pending_actions x
      where x.status = 'pending' and (x.expires_at <= clock_timestamp()
        or exists (select from data.pending_actions r where r.tenant_id = x.tenant_id and r.id = x.bundle_id and r.id <> x.id and (r.status = 'expired' or r.status = 'pending' and r.expires_at <= clock_timestamp())))
      for update skip locked)
    returning p.*)
  insert into data.review_events (tenant_id, subject_id, what, user_id, version, payload_hash) select g.tenant_id, g.id, 'expired', g.proposed_by, g.version, g.payload_hash from gone g;
  get diagnostics n = row_count;
  with gone as (
    update data.held_proposals h set status = 'expired', decided_at = clock_timestamp()
    where (h.tenant_id, h.id) in (select x.tenant_id, x.id from data.held_proposals x where x.status = 'held' and x.expires_at <= clock_timestamp() for update skip locked)
    returning h.*)
  insert into data.review_events (tenant_id, subject_id, what, user_id, version, payload_hash) select g.tenant_id, g.id, 'expired', g.proposed_by, 1, g.binding_hash from gone g;
  get diagnostics m = row_count;
  return n + m;
end $function$;
alter function app.expire_drafts() owner to app_guard;
grant execute on function app.expire_drafts() to app_api;

CREATE OR REPLACE FUNCTION app.finance()
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.opened_seal();
begin
  return (select guard.finance_of(u.role, g.permissions) from guard.grants g join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id
    where g.id = seal[3]::uuid and g.tenant_id = seal[1]::uuid);
end $function$;
alter function app.finance() owner to app_guard;
grant execute on function app.finance() to app_api;

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

CREATE OR REPLACE FUNCTION app.forget_vault(p_tenant uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare n int;
begin
  perform guard.hold_vault(p_tenant);
  delete from data.vault_secrets s where s.tenant_id = p_tenant;
  get diagnostics n = row_count;
  delete from data.vault_keys k where k.tenant_id = p_tenant;
  return n;
end $function$;
alter function app.forget_vault(uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION app.hold_calendar(of_practitioner uuid, of_patient uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if app.signing() is null then perform guard.refuse('not_permitted'); end if;
  perform guard.hold_calendar(app.tenant(), of_practitioner, of_patient);
end $function$;
alter function app.hold_calendar(uuid,uuid) owner to app_guard;
grant execute on function app.hold_calendar(uuid,uuid) to app_api;

CREATE OR REPLACE FUNCTION app.hold_forms(of_patient uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if app.signing() is null then perform guard.refuse('not_permitted'); end if;
  perform pg_advisory_xact_lock(hashtextextended('forms of patient ' || app.tenant() || ':' || of_patient, 0));
end $function$;
alter function app.hold_forms(uuid) owner to app_guard;
grant execute on function app.hold_forms(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.hold_record(of_record uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if app.signing() is null then perform guard.refuse('not_permitted'); end if;
  perform pg_advisory_xact_lock(hashtextextended('record ' || app.tenant() || ':' || of_record, 0));
end $function$;
alter function app.hold_record(uuid) owner to app_guard;
grant execute on function app.hold_record(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.hold_registration()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if app.signing() is null then perform guard.refuse('not_permitted'); end if;
  perform pg_advisory_xact_lock(hashtextextended('registration of clinic ' || app.tenant(), 0));
end $function$;
alter function app.hold_registration() owner to app_guard;
grant execute on function app.hold_registration() to app_api;

CREATE OR REPLACE FUNCTION app.identify(p_hash bytea)
 RETURNS TABLE(grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], toolsets text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb, kind text, mfa_at timestamp with time zone, mfa_fresh boolean, audit_key bytea)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query
    select g.id, g.tenant_id, g.user_id, u.role, g.permissions, g.toolsets, u.practitioner_id, t.name, t.time_zone,
      coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'vendor', c.vendor, 'settings', c.settings, 'modules', c.modules) order by c.connected_at, c.id)
                from data.connections c where c.tenant_id = g.tenant_id), '[]'),
      g.kind, g.mfa_at, coalesce(g.mfa_at + make_interval(mins => t.mfa_minutes) > clock_timestamp(), false),
      (select k.key from guard.tenant_keys k where k.tenant_id = g.tenant_id and k.purpose = 'audit' order by k.version desc limit 1)
    from guard.grants g
    join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id and u.active
    join data.tenants t on t.tenant_id = g.tenant_id
    where g.hash = p_hash and guard.is_live(g);
end $function$;
alter function app.identify(bytea) owner to app_guard;
grant execute on function app.identify(bytea) to app_api;

CREATE OR REPLACE FUNCTION app.invite_person(p_user uuid, p_email text, p_display_name text, p_role text, p_practitioner uuid, p_use_ai boolean, p_token bytea)
 RETURNS TABLE(user_id uuid, expires_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.at_people('manage');
  t uuid := seal[1]::uuid;
begin
  if p_role = 'integration' then raise exception using errcode = 'AT001', message = 'not_permitted'; end if;
  -- One at a time of a clinic, so that two invitations of the same e-mail make one person.
  perform pg_advisory_xact_lock(hashtextextended('people:' || t, 0));
  select u.id into user_id from data.users u where u.tenant_id = t and lower(u.email) = lower(p_email);
  if user_id is null then
    insert into data.users (tenant_id, id, email, display_name, role, practitioner_id, use_ai) values (t, p_user, lower(p_email), p_display_name, p_role, p_practitioner, p_use_ai);
    user_id := p_user;
  elsif exists (select from guard.staff a where a.tenant_id = t and a.user_id = invite_person.user_id) then
    raise exception using errcode = 'AT001', message = 'has_login';
  else
    update data.users u set display_name = p_display_name, role = p_role, practitioner_id = coalesce(p_practitioner, u.practitioner_id), use_ai = p_use_ai, active = true
      where u.tenant_id = t and u.id = invite_person.user_id and u.role <> 'integration';
    if not found then raise exception using errcode = 'AT001', message = 'not_permitted'; end if;
  end if;
  expires_at := guard.invite(t, user_id, 'join', p_token, seal[2]::uuid);
  return next;
end $function$;
alter function app.invite_person(uuid,text,text,text,uuid,boolean,bytea) owner to app_guard;
grant execute on function app.invite_person(uuid,text,text,text,uuid,boolean,bytea) to app_api;

CREATE OR REPLACE FUNCTION app.is_login()
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return guard.login_id() is not null; end $function$;
alter function app.is_login() owner to app_guard;
grant execute on function app.is_login() to app_api;

CREATE OR REPLACE FUNCTION app.keep_raw_blob(p_tenant uuid, p_blob jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into data.raw_blobs (tenant_id, raw_sha256, vendor, surface, recipe_version, fetched_at, http_date, epoch, operation_id)
    select p_tenant, b.raw_sha256, b.vendor, b.surface, b.recipe_version, b.fetched_at, b.http_date, b.epoch, b.operation_id
    from jsonb_to_record(p_blob) as b (raw_sha256 text, vendor text, surface text, recipe_version int, fetched_at timestamptz, http_date text, epoch int, operation_id text);
end $function$;
alter function app.keep_raw_blob(uuid,jsonb) owner to app_guard;
grant execute on function app.keep_raw_blob(uuid,jsonb) to app_keeper;

CREATE OR REPLACE FUNCTION app.keep_raw_bytes(p_tenant uuid, p_sha256 text, p_secret uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into data.raw_bytes (tenant_id, secret_id, raw_sha256) values (p_tenant, p_secret, p_sha256) on conflict do nothing;
  return found;
end $function$;
alter function app.keep_raw_bytes(uuid,text,uuid) owner to app_guard;
grant execute on function app.keep_raw_bytes(uuid,text,uuid) to app_keeper;

CREATE OR REPLACE FUNCTION app.keep_tape(p_tenant uuid, p_vendor text, p_surface text, p_version integer, p_page text, p_tape text, p_sha256 text, p_url_secret uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into data.tapes (tenant_id, vendor, surface, version, page, tape, raw_sha256, url_secret)
    values (p_tenant, p_vendor, p_surface, p_version, p_page, p_tape, p_sha256, p_url_secret);
end $function$;
alter function app.keep_tape(uuid,text,text,integer,text,text,text,uuid) owner to app_guard;
grant execute on function app.keep_tape(uuid,text,text,integer,text,text,text,uuid) to app_keeper;

CREATE OR REPLACE FUNCTION app.keep_webhook(p_tenant uuid, p_id uuid, p_delivery jsonb, p_endpoint jsonb, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare d data.webhook_deliveries;
begin
  update data.webhook_deliveries x set status = p_delivery ->> 'status', attempts = (p_delivery ->> 'attempts')::int, due_at = to_timestamp((p_delivery ->> 'due_at')::numeric / 1000),
      claim = (p_delivery ->> 'claim')::uuid, claim_seen_at = case when p_delivery ->> 'status' = 'sending' then clock_timestamp() end,
      reason = p_delivery ->> 'reason', answer = (p_delivery ->> 'answer')::int, settled_at = case when p_delivery ->> 'status' in ('delivered', 'dead') then p_now end
    where x.tenant_id = p_tenant and x.id = p_id and x.status in ('waiting', 'sending') returning x.* into d;
  if d.id is null then perform guard.refuse('not_open'); end if;
  update data.webhook_endpoints x set status = p_endpoint ->> 'status', failures = (p_endpoint ->> 'failures')::int, failing_since = to_timestamp((p_endpoint ->> 'failing_since')::numeric / 1000),
      paused_until = to_timestamp((p_endpoint ->> 'paused_until')::numeric / 1000), disabled_reason = p_endpoint ->> 'disabled_reason',
      disabled_at = case when p_endpoint ->> 'status' = 'disabled' then coalesce(x.disabled_at, p_now) end,
      last_delivered_at = case when d.status = 'delivered' then p_now else x.last_delivered_at end
    where x.tenant_id = p_tenant and x.id = d.endpoint_id;
end $function$;
alter function app.keep_webhook(uuid,uuid,jsonb,jsonb,timestamp with time zone) owner to app_guard;
grant execute on function app.keep_webhook(uuid,uuid,jsonb,jsonb,timestamp with time zone) to app_keeper;

CREATE OR REPLACE FUNCTION app.keep_webhook_attempt(p_tenant uuid, p_id uuid, p_answer integer, p_reason text, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into data.webhook_attempts (tenant_id, delivery_id, n, endpoint_id, ended_at, answer, reason)
    select d.tenant_id, d.id, 1 + (select count(*) from data.webhook_attempts a where a.tenant_id = d.tenant_id and a.delivery_id = d.id), d.endpoint_id, p_now, p_answer, p_reason
    from data.webhook_deliveries d where d.tenant_id = p_tenant and d.id = p_id;
end $function$;
alter function app.keep_webhook_attempt(uuid,uuid,integer,text,timestamp with time zone) owner to app_guard;
grant execute on function app.keep_webhook_attempt(uuid,uuid,integer,text,timestamp with time zone) to app_keeper;

CREATE OR REPLACE FUNCTION app.kms_keys_in_use()
 RETURNS SETOF text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return query select distinct k.kms_key_id from data.vault_keys k where k.wrapped is not null order by 1; end $function$;
alter function app.kms_keys_in_use() owner to app_guard;
grant execute on function app.kms_keys_in_use() to app_keeper;

CREATE OR REPLACE FUNCTION app.lease_left(p_tenant uuid, p_key text, p_fence bigint)
 RETURNS double precision
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return (select guard.unix_ms(x.expires_at) - guard.unix_ms(clock_timestamp()) from data.leases x
    where x.tenant_id = p_tenant and x.key = p_key and x.fence = p_fence and x.expires_at > clock_timestamp());
end $function$;
alter function app.lease_left(uuid,text,bigint) owner to app_guard;
grant execute on function app.lease_left(uuid,text,bigint) to app_keeper;

CREATE OR REPLACE FUNCTION app.licences()
 RETURNS TABLE(licence_id uuid, user_id uuid, practitioner_id uuid, display_name text, kind text, number text, state text, issued_on date, expires_on date, revoked_on date)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.at_people('read');
begin
  return query select l.id, u.id, l.practitioner_id, u.display_name, l.kind, l.number, l.state, l.issued_on, l.expires_on, l.revoked_on
    from data.licences l left join data.users u on u.tenant_id = l.tenant_id and (u.id = l.user_id or (l.user_id is null and u.practitioner_id = l.practitioner_id))
    where l.tenant_id = seal[1]::uuid order by u.display_name, l.kind, l.state, l.id;
end $function$;
alter function app.licences() owner to app_guard;
grant execute on function app.licences() to app_api;

CREATE OR REPLACE FUNCTION app.logins()
 RETURNS TABLE(login_id uuid, user_id uuid, display_name text, email text, role text, signed_in_at timestamp with time zone, seen_at timestamp with time zone, mfa_at timestamp with time zone, expires_at timestamp with time zone, ip text, user_agent text, is_this boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.at_people('read');
begin
  return query select g.id, g.user_id, u.display_name, u.email, u.role, g.created_at, g.seen_at, g.mfa_at, g.expires_at, g.ip, g.user_agent, g.id = seal[3]::uuid
    from guard.grants g join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id
    where g.tenant_id = seal[1]::uuid and g.kind = 'login' and guard.is_live(g) order by g.seen_at desc, g.id;
end $function$;
alter function app.logins() owner to app_guard;
grant execute on function app.logins() to app_api;

CREATE OR REPLACE FUNCTION app.lose_messages(p_age interval, p_now timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  d data.deliveries;
  n int := 0;
begin
  for d in
    update data.deliveries x set status = 'unknown', reason = 'process_ended', settled_at = p_now
    where (x.tenant_id, x.id) in (select y.tenant_id, y.id from data.deliveries y
      where y.status = 'sending' and y.claim_seen_at < clock_timestamp() - greatest(p_age, interval '5 seconds') for update skip locked)
    returning x.*
  loop
    perform guard.note_delivery(d);
    n := n + 1;
  end loop;
  return n;
end $function$;
alter function app.lose_messages(interval,timestamp with time zone) owner to app_guard;
grant execute on function app.lose_messages(interval,timestamp with time zone) to app_sender;

CREATE OR REPLACE FUNCTION app.mint_credential(p_id uuid, p_hash bytea, p_user uuid, p_name text, p_toolsets text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  me data.users := guard.at_books(array['owner']);
  u data.users;
begin
  if not guard.has_fresh_mfa(guard.login_id()) then perform guard.refuse('mfa_needed'); end if;
  select * into u from data.users x where x.tenant_id = me.tenant_id and x.id = p_user and x.active;
  if u.id is null then perform guard.refuse('not_found'); end if;
  -- A program is granted its permissions one by one; that is not done here.
  if not u.use_ai or u.role = 'integration' then perform guard.refuse('use_ai_needed'); end if;
  insert into guard.grants (id, hash, kind, tenant_id, user_id, name, toolsets) values (p_id, p_hash, 'credential', u.tenant_id, u.id, p_name, p_toolsets);
end $function$;
alter function app.mint_credential(uuid,bytea,uuid,text,text[]) owner to app_guard;
grant execute on function app.mint_credential(uuid,bytea,uuid,text,text[]) to app_api;

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

CREATE OR REPLACE FUNCTION app.open_invitation(p_hash bytea, p_cost integer)
 RETURNS TABLE(kind text, email text, clinic text, salt bytea, cost integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare i guard.invitations;
begin
  update guard.invitations x set tries = x.tries + 1 where x.hash = p_hash and x.used_at is null and x.expires_at > clock_timestamp() and x.tries < 20 returning * into i;
  return query select i.kind, lower(u.email), t.name, guard.salt_of(lower(u.email)), coalesce(a.cost, p_cost)
    from data.users u join data.tenants t on t.tenant_id = u.tenant_id left join guard.staff a on a.tenant_id = u.tenant_id and a.user_id = u.id
    where u.tenant_id = i.tenant_id and u.id = i.user_id and u.active;
end $function$;
alter function app.open_invitation(bytea,integer) owner to app_guard;
grant execute on function app.open_invitation(bytea,integer) to app_api;

CREATE OR REPLACE FUNCTION app.open_vendor_writes(p_tenant uuid, p_connection uuid)
 RETURNS TABLE(id uuid, version integer, state jsonb, surface text, request jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select w.id, w.version, w.state, w.surface, w.request from data.vendor_writes w
    where w.tenant_id = p_tenant and w.connection_id = p_connection and w.status in ('planned', 'sending', 'in_doubt') order by w.created_at, w.id;
end $function$;
alter function app.open_vendor_writes(uuid,uuid) owner to app_guard;
grant execute on function app.open_vendor_writes(uuid,uuid) to app_keeper;

CREATE OR REPLACE FUNCTION app.pages_to_try(p_vendor text, p_surface text, p_clinics uuid[])
 RETURNS TABLE(tenant_id uuid, tape text, raw_sha256 text, url_secret uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare in_force int := (select (d.state ->> 'active')::int from guard.recipe_deliveries d where d.vendor = p_vendor and d.surface = p_surface);
begin
  return query select distinct on (t.tenant_id) t.tenant_id, t.tape, t.raw_sha256, t.url_secret from data.tapes t
    where t.tenant_id = any (p_clinics) and t.vendor = p_vendor and t.surface = p_surface and t.page = 'looked_at' and t.version >= coalesce(greatest(in_force,
      (select c.version from data.contract_states c where c.tenant_id = t.tenant_id and c.vendor = p_vendor and c.surface = p_surface
        and not exists (select from guard.recipe_bundles b where b.vendor = p_vendor and b.surface = p_surface and b.version = c.version) order by c.updated_at desc limit 1)), 0)
    order by t.tenant_id, t.at desc, t.id;
end $function$;
alter function app.pages_to_try(text,text,uuid[]) owner to app_guard;

CREATE OR REPLACE FUNCTION app.patient_label(of_patient uuid, OUT patient text, OUT birth_date text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare t uuid := (guard.opened_seal())[1]::uuid;
begin
  select p.given_name || ' ' || p.family_name, p.birth_date into patient, birth_date from data.patients p where p.tenant_id = t and p.id = of_patient;
  if patient is null then
    select (d.payload ->> 'given_name') || ' ' || (d.payload ->> 'family_name'), d.payload ->> 'birth_date' into patient, birth_date
      from data.pending_actions d where d.tenant_id = t and d.id = of_patient and d.kind = 'patient_draft';
  end if;
end $function$;
alter function app.patient_label(uuid) owner to app_guard;
grant execute on function app.patient_label(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.people()
 RETURNS TABLE(user_id uuid, email text, display_name text, role text, practitioner_id uuid, active boolean, use_ai boolean, licensed boolean, login text, invited_until timestamp with time zone, last_sign_in_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.at_people('read');
begin
  return query select u.id, u.email, u.display_name, u.role, u.practitioner_id, u.active, u.use_ai, guard.is_licensed(u.tenant_id, u.id),
      case when a.totp_seed is not null then 'ready' when a.user_id is not null then 'second_factor_reset' when i.until is not null then 'invited' else 'none' end,
      i.until, (select max(g.created_at) from guard.grants g where g.tenant_id = u.tenant_id and g.user_id = u.id and g.kind = 'login')
    from data.users u left join guard.staff a on a.tenant_id = u.tenant_id and a.user_id = u.id
    left join lateral (select max(x.expires_at) as until from guard.invitations x where x.tenant_id = u.tenant_id and x.user_id = u.id and x.used_at is null and x.expires_at > clock_timestamp()) i on true
    where u.tenant_id = seal[1]::uuid order by u.active desc, u.display_name, u.id;
end $function$;
alter function app.people() owner to app_guard;
grant execute on function app.people() to app_api;

CREATE OR REPLACE FUNCTION app.pin_recipe_key(p_key_id text, p_x text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into guard.recipe_keys (key_id, x) values (p_key_id, p_x) on conflict do nothing;
  return found;
end $function$;
alter function app.pin_recipe_key(text,text) owner to app_guard;

CREATE OR REPLACE FUNCTION app.plan_vendor_write(p_connection uuid, p_surface text, p_request jsonb)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  t uuid := app.tenant();
  signing uuid := app.signing();
  p data.pending_actions;
  made uuid := gen_random_uuid();
begin
  select * into p from data.pending_actions x
    where x.tenant_id = t and x.id = signing and x.status = 'signed' and x.payload_hash = guard.hash_of(x.id, x.version, x.kind, x.payload);
  if p.id is null then raise insufficient_privilege using message = 'no draft was signed in this transaction that a write could carry out'; end if;
  if not exists (select from data.connections c where c.tenant_id = t and c.id = p_connection and c.vendor <> 'native') then
    raise insufficient_privilege using message = 'this is no vendor account of the clinic';
  end if;
  if exists (select from data.pending_actions x where x.tenant_id = t and x.bundle_id = p.id and x.id <> p.id and x.status = 'pending') then perform guard.refuse('bundled'); end if;
  insert into data.vendor_writes (tenant_id, id, connection_id, draft_id, surface, request, request_key, payload_hash, state)
    values (t, made, p_connection, p.id, p_surface, p_request, p.id, p.payload_hash,
      jsonb_build_object('is', 'planned', 'due_at', guard.unix_ms(clock_timestamp()), 'attempts', 0, 'resends', 0));
  return made;
end $function$;
alter function app.plan_vendor_write(uuid,text,jsonb) owner to app_guard;
grant execute on function app.plan_vendor_write(uuid,text,jsonb) to app_api;

CREATE OR REPLACE FUNCTION app.practitioner_id()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.opened_seal();
begin
  return (select u.practitioner_id from data.users u where u.tenant_id = seal[1]::uuid and u.id = seal[2]::uuid);
end $function$;
alter function app.practitioner_id() owner to app_guard;
grant execute on function app.practitioner_id() to app_api;

CREATE OR REPLACE FUNCTION app.propose(p_operation text, p_kind text, p_content jsonb, p_payload jsonb, p_patient uuid, p_request_key text, p_batch uuid)
 RETURNS TABLE(id uuid, state text, status text, repeated boolean, expires_at timestamp with time zone, sources jsonb, batch_id uuid, bundle_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  t uuid := seal[1]::uuid;
  u uuid := seal[2]::uuid;
  content bytea := sha256(convert_to(p_operation || ':' || p_content::text, 'UTF8'));
  made uuid := gen_random_uuid();
  found_row record;
  outside jsonb;
  bundle uuid;
begin
  if t is null or guard.login_id() is not null then perform guard.refuse('not_permitted'); end if;
  select p.id, p.status, p.expires_at, p.content_hash, p.operation, p.batch_id, p.bundle_id into found_row from data.pending_actions p
    where p.tenant_id = t and p.proposed_by = u
      and case when p_request_key is null then p.request_key is null and p.operation = p_operation and p.content_hash = content
                 and (p.status = 'pending' and p.expires_at > clock_timestamp() or p.status in ('signed', 'parked'))
               else p.request_key = p_request_key end;
  if found_row.id is not null then
    if found_row.content_hash <> content then perform guard.refuse('other_content'); end if;
    return query select found_row.id, 'pending'::text, found_row.status::text, true, found_row.expires_at::timestamptz, null::jsonb, found_row.batch_id::uuid, found_row.bundle_id::uuid;
    return;
  end if;

  if exists (select from data.taint_state s where s.tenant_id = t and s.user_id = u and (s.cleared_at is null or s.last_at > s.cleared_at)) then
    select h.id, h.expires_at, h.sources, h.batch_id into found_row from data.held_proposals h
      where h.tenant_id = t and h.proposed_by = u and h.operation = p_operation and h.content_hash = content and h.status = 'held' and h.expires_at > clock_timestamp();
    if found_row.id is not null then
      return query select found_row.id, 'held'::text, 'held'::text, true, found_row.expires_at::timestamptz, found_row.sources::jsonb, found_row.batch_id::uuid, null::uuid;
      return;
    end if;
    if (select count(*) from data.held_proposals h where h.tenant_id = t and h.proposed_by = u and h.status = 'held' and h.expires_at > clock_timestamp()) >= 50 then
      perform guard.refuse('too_many_holds');
    end if;
    select coalesce(jsonb_agg(jsonb_build_object('ref', e.ref, 'kind', coalesce(r.kind, 'unrecognised'), 'said_on', r.said_on, 'text', r.text, 'delivered_at', e.created_at) order by e.created_at desc), '[]') into outside
      from (
        select x.source ->> 'ref' as ref, max(x.created_at) as created_at from data.taint_events x
        where x.tenant_id = t and x.user_id = u and x.created_at > coalesce((select s.cleared_at from data.taint_state s where s.tenant_id = t and s.user_id = u), '-infinity')
        group by 1 order by 2 desc limit 50) e
      left join data.text_refs r on r.tenant_id = t and r.user_id = u and r.ref = e.ref;
    update data.held_proposals h set status = 'expired', decided_at = clock_timestamp()
      where h.tenant_id = t and h.proposed_by = u and h.operation = p_operation and h.content_hash = content and h.status = 'held';
    insert into data.held_proposals (tenant_id, id, operation, kind, payload, content_hash, binding_hash, request_key, patient_id, sources, proposed_by, credential_id, batch_id, expires_at)
      values (t, made, p_operation, p_kind, p_payload, content, guard.hash_of(made, 1, p_kind, p_payload || jsonb_build_object('held_sources', outside)), p_request_key, p_patient, outside,
        u, seal[3]::uuid, p_batch, clock_timestamp() + interval '72 hours')
      on conflict (tenant_id, proposed_by, operation, content_hash) where held_proposals.status = 'held' do nothing;
    if not found then
      return query select h.id, 'held'::text, 'held'::text, true, h.expires_at, h.sources, h.batch_id, null::uuid from data.held_proposals h
        where h.tenant_id = t and h.proposed_by = u and h.operation = p_operation and h.content_hash = content and h.status = 'held';
      return;
    end if;
    perform guard.note_review(made, 'held', 1, guard.hash_of(made, 1, p_kind, p_payload), null);
    return query select made, 'held'::text, 'held'::text, false, clock_timestamp() + interval '72 hours', outside, p_batch, null::uuid;
    return;
  end if;

  update data.pending_actions p set status = 'expired', decided_at = clock_timestamp()
    where p.tenant_id = t and p.proposed_by = u and p.operation = p_operation and p.content_hash = content and p.status = 'pending' and p.request_key is null and p.expires_at <= clock_timestamp();
  bundle := guard.bundle_of(t, p_patient);
  insert into data.pending_actions (tenant_id, id, operation, kind, payload, payload_hash, proposed_payload, content_hash, request_key, patient_id, proposed_by, credential_id, batch_id, bundle_id, expires_at)
    values (t, made, p_operation, p_kind, p_payload, guard.hash_of(made, 1, p_kind, p_payload), p_payload, content, p_request_key, p_patient, u, seal[3]::uuid, p_batch, bundle,
      clock_timestamp() + interval '30 days')
    on conflict do nothing;
  if not found then -- the same came at the same moment, and was first
    return query select p.id, 'pending'::text, p.status, true, p.expires_at, null::jsonb, p.batch_id, p.bundle_id from data.pending_actions p
      where p.tenant_id = t and p.proposed_by = u and p.content_hash = content
        and case when p_request_key is null then p.request_key is null and p.operation = p_operation and p.status in ('pending', 'signed', 'parked') else p.request_key = p_request_key end;
    if not found then perform guard.refuse('other_content'); end if;
    return;
  end if;
  perform guard.note_review(made, 'proposed', 1, guard.hash_of(made, 1, p_kind, p_payload), null);
  return query select made, 'pending'::text, 'pending'::text, false, clock_timestamp() + interval '30 days', null::jsonb, p_batch, bundle;
end $function$;
alter function app.propose(text,text,jsonb,jsonb,uuid,text,uuid) owner to app_guard;
grant execute on function app.propose(text,text,jsonb,jsonb,uuid,text,uuid) to app_api;

CREATE OR REPLACE FUNCTION app.prove_password(p_ticket bytea, p_key bytea, p_clinic uuid, p_challenge bytea, p_ip text)
 RETURNS TABLE(tenant_id uuid, name text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  tried guard.attempts;
  fits uuid[];
begin
  delete from guard.attempts a where a.ticket = p_ticket and a.expires_at > clock_timestamp() returning * into tried;
  if tried.ticket is null then return; end if;
  fits := array(select a.tenant_id from guard.staff a join data.users u on u.tenant_id = a.tenant_id and u.id = a.user_id and u.active
    where a.email = tried.email and a.verifier = sha256(p_key) and (p_clinic is null or a.tenant_id = p_clinic));
  if cardinality(fits) = 0 then
    perform guard.note_refused('wrong_password', tried.email, null, p_ip);
    return;
  end if;
  perform guard.repay('password', tried.email, tried.prefix, tried.device);
  if cardinality(fits) = 1 then
    insert into guard.challenges (hash, kind, tenant_id, user_id, expires_at)
      select p_challenge, 'sign_in', a.tenant_id, a.user_id, clock_timestamp() + interval '5 minutes' from guard.staff a where a.email = tried.email and a.tenant_id = fits[1];
  end if;
  return query select t.tenant_id, t.name from data.tenants t where t.tenant_id = any (fits) order by t.name, t.tenant_id;
end $function$;
alter function app.prove_password(bytea,bytea,uuid,bytea,text) owner to app_guard;
grant execute on function app.prove_password(bytea,bytea,uuid,bytea,text) to app_api;

CREATE OR REPLACE FUNCTION app.put_off_message(p_tenant uuid, p_id uuid, p_until timestamp with time zone, p_time_zone text, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare d data.deliveries;
begin
  update data.deliveries x set not_before = p_until, time_zone = p_time_zone, reason = p_reason where x.tenant_id = p_tenant and x.id = p_id and x.status = 'waiting' returning x.* into d;
  if d.id is null then perform guard.refuse('not_waiting'); end if;
  perform guard.note_delivery(d);
end $function$;
alter function app.put_off_message(uuid,uuid,timestamp with time zone,text,text) owner to app_guard;
grant execute on function app.put_off_message(uuid,uuid,timestamp with time zone,text,text) to app_sender;

CREATE OR REPLACE FUNCTION app.put_secret(p_tenant uuid, p_id uuid, p_kind text, p_purpose text, p_version integer, p_nonce bytea, p_ciphertext bytea, p_wrapped_dek bytea, p_kek_version integer)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  k data.vault_keys;
  s data.vault_secrets;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('vault of ' || p_tenant, 0));
  k := guard.newest_vault_key(p_tenant);
  if k.shredded_at is not null then return 'shredded'; end if;
  if k.version is distinct from p_kek_version then return 'rekeyed'; end if;
  if p_version = 1 then
    insert into data.vault_secrets (tenant_id, id, kind, purpose, version, nonce, ciphertext, wrapped_dek, kek_version)
      values (p_tenant, p_id, p_kind, p_purpose, 1, p_nonce, p_ciphertext, p_wrapped_dek, p_kek_version) on conflict do nothing;
    return case when found then 'kept' else 'stale' end;
  end if;
  select x.* into s from data.vault_secrets x where x.tenant_id = p_tenant and x.id = p_id for update;
  if s.version is distinct from p_version - 1 then return 'stale'; end if;
  if (s.kind, s.purpose) <> (p_kind, p_purpose) then return 'other'; end if;
  update data.vault_secrets x set version = p_version, nonce = p_nonce, ciphertext = p_ciphertext, wrapped_dek = p_wrapped_dek, kek_version = p_kek_version, updated_at = clock_timestamp()
    where x.tenant_id = p_tenant and x.id = p_id;
  return 'kept';
end $function$;
alter function app.put_secret(uuid,uuid,text,text,integer,bytea,bytea,bytea,integer) owner to app_guard;
grant execute on function app.put_secret(uuid,uuid,text,text,integer,bytea,bytea,bytea,integer) to app_keeper;

CREATE OR REPLACE FUNCTION app.raw_blobs(p_tenant uuid, p_vendor text, p_surface text, p_limit integer)
 RETURNS TABLE(blob jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select to_jsonb(b) - 'tenant_id' - 'id' from data.raw_blobs b where b.tenant_id = p_tenant and b.vendor = p_vendor and b.surface = p_surface
    order by b.fetched_at desc, b.id limit p_limit;
end $function$;
alter function app.raw_blobs(uuid,text,text,integer) owner to app_guard;
grant execute on function app.raw_blobs(uuid,text,text,integer) to app_keeper;

CREATE OR REPLACE FUNCTION app.raw_secret(p_tenant uuid, p_sha256 text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return (select x.secret_id from data.raw_bytes x where x.tenant_id = p_tenant and x.raw_sha256 = p_sha256); end $function$;
alter function app.raw_secret(uuid,text) owner to app_guard;
grant execute on function app.raw_secret(uuid,text) to app_keeper;

CREATE OR REPLACE FUNCTION app.read_contract(p_tenant uuid, p_vendor text, p_surface text, p_version integer)
 RETURNS TABLE(revision integer, state jsonb, day date, counts jsonb, today date, now_ms double precision)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare c data.contract_states;
begin
  select x.* into c from data.contract_states x where x.tenant_id = p_tenant and x.vendor = p_vendor and x.surface = p_surface and x.version = p_version;
  return query select coalesce(c.revision, 0), c.state, d.day, d.counts, (clock_timestamp() at time zone 'utc')::date, guard.unix_ms(clock_timestamp())
    from (select) x left join lateral (select y.day, y.counts from data.contract_days y where y.tenant_id = p_tenant and y.contract_id = c.id order by y.day desc limit 1) d on true;
end $function$;
alter function app.read_contract(uuid,text,text,integer) owner to app_guard;
grant execute on function app.read_contract(uuid,text,text,integer) to app_keeper;

CREATE OR REPLACE FUNCTION app.read_secret(p_tenant uuid, p_id uuid)
 RETURNS TABLE(version integer, nonce bytea, ciphertext bytea, wrapped_dek bytea, kek_version integer, kms_key_id text, wrapped_kek bytea)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select s.version, s.nonce, s.ciphertext, s.wrapped_dek, s.kek_version, k.kms_key_id, k.wrapped
    from data.vault_secrets s join data.vault_keys k on k.tenant_id = s.tenant_id and k.version = s.kek_version where s.tenant_id = p_tenant and s.id = p_id;
end $function$;
alter function app.read_secret(uuid,uuid) owner to app_guard;
grant execute on function app.read_secret(uuid,uuid) to app_keeper;

CREATE OR REPLACE FUNCTION app.read_vendor_budget(p_tenant uuid, p_name text)
 RETURNS TABLE(revision bigint, kind text, state jsonb, now_ms double precision)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select coalesce(b.revision, 0), b.kind, b.state, guard.unix_ms(clock_timestamp())
    from (select) one left join data.vendor_budgets b on b.tenant_id = p_tenant and b.name = p_name;
end $function$;
alter function app.read_vendor_budget(uuid,text) owner to app_guard;
grant execute on function app.read_vendor_budget(uuid,text) to app_keeper;

CREATE OR REPLACE FUNCTION app.read_vendor_session(p_tenant uuid, p_key text)
 RETURNS TABLE(revision integer, state jsonb, effects jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return query select x.revision, x.state, x.effects from data.vendor_sessions x where x.tenant_id = p_tenant and x.key = p_key; end $function$;
alter function app.read_vendor_session(uuid,text) owner to app_guard;
grant execute on function app.read_vendor_session(uuid,text) to app_keeper;

CREATE OR REPLACE FUNCTION app.recipe_bundle(p_vendor text, p_surface text, p_version integer)
 RETURNS bytea
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return (select b.bytes from guard.recipe_bundles b where b.vendor = p_vendor and b.surface = p_surface and b.version = p_version); end $function$;
alter function app.recipe_bundle(text,text,integer) owner to app_guard;
grant execute on function app.recipe_bundle(text,text,integer) to app_keeper;

CREATE OR REPLACE FUNCTION app.recipe_deliveries(p_vendor text, p_surface text)
 RETURNS TABLE(vendor text, surface text, revision integer, state jsonb, cohort uuid[], stood uuid[])
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  return query select d.vendor, d.surface, d.revision, d.state, d.cohort, array(select c.tenant_id from data.contract_states c
      where c.tenant_id = any (d.cohort) and c.vendor = d.vendor and c.surface = d.surface and c.version = (d.state ->> 'canary')::int and c.standing in ('active', 'suspect') order by 1)
    from guard.recipe_deliveries d where (p_vendor is null or d.vendor = p_vendor) and (p_surface is null or d.surface = p_surface) order by 1, 2;
end $function$;
alter function app.recipe_deliveries(text,text) owner to app_guard;
grant execute on function app.recipe_deliveries(text,text) to app_keeper;

CREATE OR REPLACE FUNCTION app.recipe_in_use(p_tenant uuid, p_vendor text, p_surface text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return (select case when p_tenant = any (d.cohort) and d.state ->> 'canary' is not null then (d.state ->> 'canary')::int else (d.state ->> 'active')::int end
    from guard.recipe_deliveries d where d.vendor = p_vendor and d.surface = p_surface);
end $function$;
alter function app.recipe_in_use(uuid,text,text) owner to app_guard;
grant execute on function app.recipe_in_use(uuid,text,text) to app_keeper;

CREATE OR REPLACE FUNCTION app.recipe_keys()
 RETURNS TABLE(key_id text, x text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return query select k.key_id, k.x from guard.recipe_keys k order by k.pinned_at, k.key_id; end $function$;
alter function app.recipe_keys() owner to app_guard;
grant execute on function app.recipe_keys() to app_keeper;

CREATE OR REPLACE FUNCTION app.record_consent(p_id uuid, p_patient uuid, p_number text, p_purpose text, p_decision text, p_source text, p_said_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  me data.users := guard.at_books(array['owner', 'physician', 'nurse', 'front_desk']);
begin
  if p_said_at > clock_timestamp() then perform guard.refuse('not_yet'); end if;
  if not exists (select from data.patients p where p.tenant_id = me.tenant_id and p.id = p_patient) then perform guard.refuse('not_found'); end if;
  insert into data.message_consents (tenant_id, id, number, purpose, decision, source, patient_id, said_at, recorded_by)
    values (me.tenant_id, p_id, p_number, p_purpose, p_decision, p_source, p_patient, coalesce(p_said_at, clock_timestamp()), me.id) on conflict do nothing;
  if not found and not exists (select from data.message_consents c where c.tenant_id = me.tenant_id and c.id = p_id and c.patient_id = p_patient and c.number = p_number
    and c.decision = p_decision and c.source = p_source) then perform guard.refuse('other_content'); end if;
end $function$;
alter function app.record_consent(uuid,uuid,text,text,text,text,timestamp with time zone) owner to app_guard;
grant execute on function app.record_consent(uuid,uuid,text,text,text,text,timestamp with time zone) to app_api;

CREATE OR REPLACE FUNCTION app.record_licence(p_id uuid, p_user uuid, p_kind text, p_number text, p_state text, p_issued_on date, p_expires_on date, p_revoked_on date)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.at_people('manage');
  t uuid := seal[1]::uuid;
  made uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('people:' || t, 0));
  if not exists (select from data.users u where u.tenant_id = t and u.id = p_user and u.role <> 'integration') then raise exception using errcode = 'AT001', message = 'not_found'; end if;
  update data.licences l set user_id = p_user, issued_on = p_issued_on, expires_on = p_expires_on, revoked_on = p_revoked_on
    from data.users u where u.tenant_id = t and u.id = p_user and l.tenant_id = t and l.kind = p_kind and l.number = p_number and l.state = p_state
      and (l.user_id = p_user or (l.user_id is null and l.practitioner_id = u.practitioner_id)) returning l.id into made;
  if made is null then
    insert into data.licences (tenant_id, id, practitioner_id, user_id, kind, number, state, issued_on, expires_on, revoked_on)
      select t, p_id, u.practitioner_id, u.id, p_kind, p_number, p_state, p_issued_on, p_expires_on, p_revoked_on from data.users u where u.tenant_id = t and u.id = p_user returning id into made;
  end if;
  return made;
end $function$;
alter function app.record_licence(uuid,uuid,text,text,text,date,date,date) owner to app_guard;
grant execute on function app.record_licence(uuid,uuid,text,text,text,date,date,date) to app_api;

CREATE OR REPLACE FUNCTION app.reject_draft(p_id uuid, p_version integer, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  p data.pending_actions := guard.take_draft(p_id, p_version);
  why text := guard.why_not(p.kind);
  other data.pending_actions;
begin
  if why is not null then perform guard.refuse(why); end if;
  for other in
    select * from data.pending_actions x
    where x.tenant_id = p.tenant_id and x.status = 'pending' and (x.id = p.id or x.bundle_id = p.id) order by x.id for update
  loop
    update data.pending_actions x set status = 'rejected', decided_at = clock_timestamp(), decided_by = (guard.opened_seal())[2]::uuid where x.tenant_id = other.tenant_id and x.id = other.id;
    perform guard.note_review(other.id, 'rejected', other.version, other.payload_hash, p_reason);
  end loop;
end $function$;
alter function app.reject_draft(uuid,integer,text) owner to app_guard;
grant execute on function app.reject_draft(uuid,integer,text) to app_api;

CREATE OR REPLACE FUNCTION app.reject_hold(p_id uuid, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare h data.held_proposals := guard.take_hold(p_id);
begin
  update data.held_proposals x set status = 'rejected', decided_at = clock_timestamp(), decided_by = (guard.opened_seal())[2]::uuid where x.tenant_id = h.tenant_id and x.id = h.id;
  perform guard.note_review(h.id, 'rejected', 1, h.binding_hash, p_reason);
end $function$;
alter function app.reject_hold(uuid,text) owner to app_guard;
grant execute on function app.reject_hold(uuid,text) to app_api;

CREATE OR REPLACE FUNCTION app.release_hold(p_id uuid, p_hash bytea)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  h data.held_proposals := guard.take_hold(p_id);
  made uuid := gen_random_uuid();
begin
  if h.binding_hash is distinct from p_hash then perform guard.refuse('stale_draft'); end if;
  insert into data.pending_actions (tenant_id, id, operation, kind, payload, payload_hash, proposed_payload, content_hash, request_key, patient_id, proposed_by, credential_id, hold_id, batch_id, bundle_id, expires_at)
    values (h.tenant_id, made, h.operation, h.kind, h.payload, guard.hash_of(made, 1, h.kind, h.payload), h.payload, h.content_hash, h.request_key, h.patient_id, h.proposed_by, h.credential_id, h.id,
      h.batch_id, guard.bundle_of(h.tenant_id, h.patient_id), clock_timestamp() + interval '30 days')
    on conflict do nothing;
  if not found then perform guard.refuse('stale_draft'); end if;
  update data.held_proposals x set status = 'released', decided_at = clock_timestamp(), decided_by = (guard.opened_seal())[2]::uuid where x.tenant_id = h.tenant_id and x.id = h.id;
  perform guard.note_review(h.id, 'released', 1, h.binding_hash, null);
  perform guard.note_review(made, 'proposed', 1, guard.hash_of(made, 1, h.kind, h.payload), null);
  return made;
end $function$;
alter function app.release_hold(uuid,bytea) owner to app_guard;
grant execute on function app.release_hold(uuid,bytea) to app_api;

CREATE OR REPLACE FUNCTION app.release_lease(p_tenant uuid, p_key text, p_owner text, p_fence bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update data.leases x set owner = '', expires_at = '-infinity' where x.tenant_id = p_tenant and x.key = p_key and x.owner = p_owner and x.fence = p_fence;
end $function$;
alter function app.release_lease(uuid,text,text,bigint) owner to app_guard;
grant execute on function app.release_lease(uuid,text,text,bigint) to app_keeper;

CREATE OR REPLACE FUNCTION app.remove_webhook_endpoint(p_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
begin
  if x.status = 'enabled' then perform guard.refuse('enabled'); end if;
  update data.webhook_endpoints w set removed_at = clock_timestamp() where w.tenant_id = x.tenant_id and w.id = x.id;
end $function$;
alter function app.remove_webhook_endpoint(uuid) owner to app_guard;
grant execute on function app.remove_webhook_endpoint(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.renew_lease(p_tenant uuid, p_key text, p_owner text, p_fence bigint, p_ms integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update data.leases x set expires_at = greatest(x.expires_at, clock_timestamp() + p_ms * interval '1 millisecond')
    where x.tenant_id = p_tenant and x.key = p_key and x.owner = p_owner and x.fence = p_fence and x.expires_at >= clock_timestamp();
  return found;
end $function$;
alter function app.renew_lease(uuid,text,text,bigint,integer) owner to app_guard;
grant execute on function app.renew_lease(uuid,text,text,bigint,integer) to app_keeper;

CREATE OR REPLACE FUNCTION app.renew_mfa(p_login bytea, p_step bigint, p_device bytea, p_prefix text, p_ip text, p_id uuid, p_request_id uuid)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  g guard.grants;
  who text;
begin
  select x.* into g from guard.grants x where x.hash = p_login and x.kind = 'login' and guard.is_live(x) for update;
  if g.id is null then return null; end if;
  who := g.tenant_id || ':' || g.user_id;
  if p_step is null or not guard.take_code(g.tenant_id, g.user_id, p_step, null) then
    perform guard.note_refused('wrong_code', who, g.id, p_ip);
    return null;
  end if;
  perform guard.repay('code', who, p_prefix, guard.known_device(p_device, null, g.tenant_id, g.user_id));
  update guard.grants x set mfa_at = clock_timestamp(), seen_at = clock_timestamp() where x.id = g.id returning * into g;
  perform guard.record_act(p_id, p_request_id, g, 'renew_mfa');
  return g.mfa_at;
end $function$;
alter function app.renew_mfa(bytea,bigint,bytea,text,text,uuid,uuid) owner to app_guard;
grant execute on function app.renew_mfa(bytea,bigint,bytea,text,text,uuid,uuid) to app_api;

CREATE OR REPLACE FUNCTION app.replay_webhook(p_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.at_people('manage');
  d data.webhook_deliveries;
  x data.webhook_endpoints;
begin
  select y.* into d from data.webhook_deliveries y where y.tenant_id = seal[1]::uuid and y.id = p_id;
  if d.id is null then perform guard.refuse('not_found'); end if;
  x := guard.take_webhook_endpoint(d.endpoint_id);
  if x.status = 'disabled' then perform guard.refuse('disabled'); end if;
  update data.webhook_deliveries y set status = 'waiting', attempts = 0, due_at = null, settled_at = null where y.tenant_id = d.tenant_id and y.id = d.id and y.status = 'dead';
  if not found then perform guard.refuse('not_dead'); end if;
end $function$;
alter function app.replay_webhook(uuid) owner to app_guard;
grant execute on function app.replay_webhook(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.replay_webhooks(p_endpoint uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  x data.webhook_endpoints := guard.take_webhook_endpoint(p_endpoint);
  replayed int;
begin
  if x.status = 'disabled' then perform guard.refuse('disabled'); end if;
  update data.webhook_deliveries y set status = 'waiting', attempts = 0, due_at = null, settled_at = null where y.tenant_id = x.tenant_id and y.endpoint_id = x.id and y.status = 'dead';
  get diagnostics replayed = row_count;
  return replayed;
end $function$;
alter function app.replay_webhooks(uuid) owner to app_guard;
grant execute on function app.replay_webhooks(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.reset_second_factor(p_user uuid, p_token bytea)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.at_people('manage');
  t uuid := seal[1]::uuid;
begin
  update guard.staff a set totp_seed = null, changed_at = clock_timestamp() from data.users u where u.tenant_id = t and u.id = p_user and u.active and a.tenant_id = t and a.user_id = p_user;
  if not found then raise exception using errcode = 'AT001', message = 'not_found'; end if;
  perform guard.end_logins(t, p_user);
  return guard.invite(t, p_user, 'factor', p_token, seal[2]::uuid);
end $function$;
alter function app.reset_second_factor(uuid,bytea) owner to app_guard;
grant execute on function app.reset_second_factor(uuid,bytea) to app_api;

CREATE OR REPLACE FUNCTION app.resolve_vendor_write(p_id uuid, p_version integer, p_state jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  w data.vendor_writes;
  why text;
begin
  select x.* into w from data.vendor_writes x where x.tenant_id = seal[1]::uuid and x.id = p_id for update;
  if w.id is null then perform guard.refuse('not_found'); end if;
  why := guard.why_not_resolve((select p.kind from data.pending_actions p where p.tenant_id = w.tenant_id and p.id = w.draft_id));
  if why is not null then perform guard.refuse(why); end if;
  if w.status <> 'parked' or w.version <> p_version then perform guard.refuse('stale_write'); end if;
  -- How often it was sent is not forgotten: each attempt has a number of its own.
  if not coalesce(case p_state ->> 'is'
      when 'planned' then p_state -> 'attempts' = w.state -> 'attempts'
      when 'confirmed' then length(p_state ->> 'vendor_id') between 1 and 200
      when 'cancelled' then true end, false) then
    perform guard.refuse('no_decision');
  end if;
  update data.vendor_writes x set version = w.version + 1, state = p_state, updated_at = clock_timestamp() where x.tenant_id = w.tenant_id and x.id = w.id;
  insert into data.vendor_write_events (tenant_id, write_id, version, user_id, state) values (w.tenant_id, w.id, w.version + 1, seal[2]::uuid, p_state);
end $function$;
alter function app.resolve_vendor_write(uuid,integer,jsonb) owner to app_guard;
grant execute on function app.resolve_vendor_write(uuid,integer,jsonb) to app_api;

CREATE OR REPLACE FUNCTION app.retire_vault_keys(p_tenant uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare newest int;
begin
  perform guard.hold_vault(p_tenant);
  newest := (guard.newest_vault_key(p_tenant)).version;
  delete from data.vault_keys k where k.tenant_id = p_tenant and k.version < newest
    and not exists (select from data.vault_secrets s where s.tenant_id = p_tenant and s.kek_version = k.version);
  return (select count(*) from data.vault_keys k where k.tenant_id = p_tenant and k.version < newest);
end $function$;
alter function app.retire_vault_keys(uuid) owner to app_guard;
grant execute on function app.retire_vault_keys(uuid) to app_keeper;

CREATE OR REPLACE FUNCTION app.revise_draft(p_id uuid, p_version integer, p_payload jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  p data.pending_actions := guard.take_draft(p_id, p_version);
  why text := guard.why_not(p.kind);
begin
  if why is not null then perform guard.refuse(why); end if;
  update data.pending_actions x set payload = p_payload, version = p.version + 1, payload_hash = guard.hash_of(p.id, p.version + 1, p.kind, p_payload)
    where x.tenant_id = p.tenant_id and x.id = p.id;
  perform guard.note_review(p.id, 'revised', p.version + 1, guard.hash_of(p.id, p.version + 1, p.kind, p_payload), null);
end $function$;
alter function app.revise_draft(uuid,integer,jsonb) owner to app_guard;
grant execute on function app.revise_draft(uuid,integer,jsonb) to app_api;

CREATE OR REPLACE FUNCTION app.revoke_approval(p_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  a data.standing_approvals;
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  select * into a from data.standing_approvals x where x.tenant_id = seal[1]::uuid and x.id = p_id for update;
  if a.id is null then perform guard.refuse('not_found'); end if;
  if a.author_id <> seal[2]::uuid
    and not exists (select from data.users u where u.tenant_id = a.tenant_id and u.id = seal[2]::uuid and u.role = 'owner')
    and not exists (select from unnest(a.kinds) k where coalesce(guard.why_not(k), 'mfa_needed') = 'mfa_needed') then
    perform guard.refuse('not_permitted');
  end if;
  if a.revoked_at is not null then return; end if;
  update data.standing_approvals x set revoked_at = clock_timestamp(), revoked_by = seal[2]::uuid where x.tenant_id = a.tenant_id and x.id = a.id;
  perform guard.note_review(a.id, 'approval_revoked', null, null, null);
end $function$;
alter function app.revoke_approval(uuid) owner to app_guard;
grant execute on function app.revoke_approval(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.revoke_credential(p_id uuid)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  g guard.grants;
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  select * into g from guard.grants x where x.tenant_id = seal[1]::uuid and x.id = p_id and x.kind = 'credential' for update;
  if g.id is null then perform guard.refuse('not_found'); end if;
  if g.user_id <> seal[2]::uuid then perform guard.at_books(array['owner']); end if;
  if g.revoked_at is null then update guard.grants x set revoked_at = clock_timestamp() where x.id = p_id returning x.* into g; end if;
  return g.revoked_at;
end $function$;
alter function app.revoke_credential(uuid) owner to app_guard;
grant execute on function app.revoke_credential(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.revoke_login(p_login uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.at_people('revoke');
begin
  update guard.grants g set revoked_at = clock_timestamp() where g.tenant_id = seal[1]::uuid and g.id = p_login and g.kind = 'login' and g.revoked_at is null;
  if not found then raise exception using errcode = 'AT001', message = 'not_found'; end if;
end $function$;
alter function app.revoke_login(uuid) owner to app_guard;
grant execute on function app.revoke_login(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.rewrap_secrets(p_tenant uuid, p_kek_version integer, p_ids uuid[], p_versions integer[], p_from integer[], p_wrapped bytea[])
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare n int;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('vault of ' || p_tenant, 0));
  if (guard.newest_vault_key(p_tenant)).version is distinct from p_kek_version then return 0; end if;
  update data.vault_secrets s set wrapped_dek = r.wrapped, kek_version = p_kek_version
    from unnest(p_ids, p_versions, p_from, p_wrapped) r (id, version, from_version, wrapped)
    where s.tenant_id = p_tenant and s.id = r.id and s.version = r.version and s.kek_version = r.from_version;
  get diagnostics n = row_count;
  return n;
end $function$;
alter function app.rewrap_secrets(uuid,integer,uuid[],integer[],integer[],bytea[]) owner to app_guard;
grant execute on function app.rewrap_secrets(uuid,integer,uuid[],integer[],integer[],bytea[]) to app_keeper;

CREATE OR REPLACE FUNCTION app.rewrap_vault_key(p_tenant uuid, p_version integer, p_from text, p_to text, p_wrapped bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform guard.hold_vault(p_tenant);
  update data.vault_keys k set kms_key_id = p_to, wrapped = p_wrapped where k.tenant_id = p_tenant and k.version = p_version and k.kms_key_id = p_from and k.wrapped is not null;
  return found;
end $function$;
alter function app.rewrap_vault_key(uuid,integer,text,text,bytea) owner to app_guard;
grant execute on function app.rewrap_vault_key(uuid,integer,text,text,bytea) to app_keeper;

CREATE OR REPLACE FUNCTION app.rotate_webhook_secret(p_id uuid, p_secret uuid)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
  until timestamptz := clock_timestamp() + interval '24 hours';
begin
  if x.previous_until > clock_timestamp() then perform guard.refuse('two_secrets'); end if;
  update data.webhook_endpoints w set secret_id = p_secret, previous_secret_id = x.secret_id, previous_until = until where w.tenant_id = x.tenant_id and w.id = x.id;
  return until;
end $function$;
alter function app.rotate_webhook_secret(uuid,uuid) owner to app_guard;
grant execute on function app.rotate_webhook_secret(uuid,uuid) to app_api;

CREATE OR REPLACE FUNCTION app.secrets_under_older_keys(p_tenant uuid, p_kek_version integer, p_after uuid, p_limit integer)
 RETURNS TABLE(id uuid, kind text, purpose text, version integer, wrapped_dek bytea, kek_version integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select s.id, s.kind, s.purpose, s.version, s.wrapped_dek, s.kek_version from data.vault_secrets s
    where s.tenant_id = p_tenant and s.kek_version < p_kek_version and (p_after is null or s.id > p_after) order by s.id limit p_limit;
end $function$;
alter function app.secrets_under_older_keys(uuid,integer,uuid,integer) owner to app_guard;
grant execute on function app.secrets_under_older_keys(uuid,integer,uuid,integer) to app_keeper;

CREATE OR REPLACE FUNCTION app.settle_draft(p_id uuid, p_record uuid)
 RETURNS TABLE(operation_id uuid, vendor text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  t uuid := app.tenant();
  p data.pending_actions;
begin
  if app.signing() is distinct from p_id then perform guard.refuse('not_permitted'); end if;
  return query select w.id, c.vendor from data.vendor_writes w join data.connections c on c.tenant_id = w.tenant_id and c.id = w.connection_id where w.tenant_id = t and w.draft_id = p_id;
  if found then return; end if;
  update data.pending_actions x set status = 'committed', record_id = p_record where x.tenant_id = t and x.id = p_id and x.status = 'signed' returning x.* into p;
  if p.id is null then perform guard.refuse('stale_draft'); end if;
  perform guard.note_review(p.id, 'committed', p.version, p.payload_hash, null);
end $function$;
alter function app.settle_draft(uuid,uuid) owner to app_guard;
grant execute on function app.settle_draft(uuid,uuid) to app_api;

CREATE OR REPLACE FUNCTION app.settle_message(p_tenant uuid, p_id uuid, p_claim uuid, p_status text, p_reason text, p_provider_id text, p_retry_at timestamp with time zone, p_now timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  d data.deliveries;
  m data.outgoing_messages;
begin
  select x.* into d from data.deliveries x where x.tenant_id = p_tenant and x.id = p_id for update;
  if d.claim is distinct from p_claim or d.status not in ('sending', 'unknown') or p_status not in ('sent', 'failed', 'unknown', 'waiting') then perform guard.refuse('not_claimed'); end if;
  if d.status = 'unknown' and p_status = 'waiting' then p_status := 'failed'; end if;
  update data.deliveries x set status = p_status, reason = p_reason, provider_id = p_provider_id, not_before = case when p_status = 'waiting' then p_retry_at end,
      settled_at = case when p_status <> 'waiting' then p_now end
    where x.tenant_id = p_tenant and x.id = p_id returning x.* into d;
  perform guard.note_delivery(d);
  select x.* into m from data.outgoing_messages x where x.tenant_id = p_tenant and x.id = p_id;
  if d.status = 'sent' and m.channel = 'sms' then
    insert into data.messages (tenant_id, id, patient_id, thread_id, direction, channel, category, practitioner_id, body, sent_at)
      values (m.tenant_id, m.id, m.patient_id, m.id, 'outbound', 'sms', m.category, m.practitioner_id, jsonb_build_array(jsonb_build_object('text', m.body, 'origin', 'clinic')), p_now);
  end if;
  return d.status;
end $function$;
alter function app.settle_message(uuid,uuid,uuid,text,text,text,timestamp with time zone,timestamp with time zone) owner to app_guard;
grant execute on function app.settle_message(uuid,uuid,uuid,text,text,text,timestamp with time zone,timestamp with time zone) to app_sender;

CREATE OR REPLACE FUNCTION app.shred_vault(p_tenant uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform guard.hold_vault(p_tenant);
  insert into data.vault_keys (tenant_id, version, kms_key_id, shredded_at) select p_tenant, 1, 'none', clock_timestamp()
    where not exists (select from data.vault_keys k where k.tenant_id = p_tenant);
  update data.vault_keys k set wrapped = null, shredded_at = clock_timestamp() where k.tenant_id = p_tenant and k.wrapped is not null;
  return (select count(*) from data.vault_secrets s where s.tenant_id = p_tenant);
end $function$;
alter function app.shred_vault(uuid) owner to app_guard;
grant execute on function app.shred_vault(uuid) to app_keeper;

CREATE OR REPLACE FUNCTION app.sign_ahead(p_id uuid)
 RETURNS TABLE(approval_id uuid, operation text, payload jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  t uuid := seal[1]::uuid;
  today date := guard.clinic_day(t);
  p data.pending_actions;
  rule uuid;
  a data.standing_approvals;
begin
  if t is null or guard.login_id() is not null then return; end if;
  select * into p from data.pending_actions x
    where x.tenant_id = t and x.id = p_id and x.proposed_by = seal[2]::uuid and x.status = 'pending' and x.version = 1 and x.hold_id is null and x.xmin = pg_current_xact_id()::xid;
  if p.id is null then return; end if;
  if exists (select from data.taint_state s where s.tenant_id = t and s.user_id = p.proposed_by and (s.cleared_at is null or s.last_at > s.cleared_at)) then return; end if;
  for rule in
    select x.id from data.standing_approvals x join data.users u on u.tenant_id = t and u.id = p.proposed_by
    join data.tenants z on z.tenant_id = t
    where x.tenant_id = t and x.revoked_at is null and x.expires_on >= today and p.kind = any (x.kinds) and u.role = any (x.roles)
      and guard.covers(x, p.kind, p.payload, today, z.time_zone)
    order by x.created_at, x.id
  loop
    select * into a from data.standing_approvals x where x.tenant_id = t and x.id = rule and x.revoked_at is null for update;
    continue when a.id is null or not guard.still_signs(t, a.author_id, p.kind);
    continue when (select count(*) from data.approval_uses x where x.tenant_id = t and x.approval_id = a.id and x.used_on = today) >= a.daily_limit;
    insert into data.approval_uses (tenant_id, id, approval_id, used_on) values (t, p.id, a.id, today);
    update data.pending_actions x set status = 'signed', decided_at = clock_timestamp(), decided_by = a.author_id where x.tenant_id = t and x.id = p.id;
    insert into data.review_events (tenant_id, subject_id, what, user_id, grant_id, version, payload_hash, approval_id)
      values (t, p.id, 'signed', a.author_id, seal[3]::uuid, p.version, p.payload_hash, a.id);
    perform guard.sign(p.id, p.kind);
    return query select a.id, p.operation, p.payload;
    return;
  end loop;
end $function$;
alter function app.sign_ahead(uuid) owner to app_guard;
grant execute on function app.sign_ahead(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.sign_draft(p_id uuid, p_version integer, p_hash bytea)
 RETURNS TABLE(operation text, kind text, payload jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  p data.pending_actions := guard.take_draft(p_id, p_version);
  why text := guard.why_not(p.kind);
begin
  if why is not null then perform guard.refuse(why); end if;
  if p.payload_hash is distinct from p_hash then perform guard.refuse('stale_draft'); end if;
  update data.pending_actions x set status = 'signed', decided_at = clock_timestamp(), decided_by = (guard.opened_seal())[2]::uuid
    where x.tenant_id = p.tenant_id and x.id = p.id;
  perform guard.note_review(p.id, 'signed', p.version, p.payload_hash, null);
  perform guard.sign(p.id, p.kind);
  return query select p.operation, p.kind, p.payload;
end $function$;
alter function app.sign_draft(uuid,integer,bytea) owner to app_guard;
grant execute on function app.sign_draft(uuid,integer,bytea) to app_api;

CREATE OR REPLACE FUNCTION app.sign_in(p_challenge bytea, p_step bigint, p_recovery bytea, p_login bytea, p_login_id uuid, p_device bytea, p_new_device bytea, p_prefix text, p_ip text, p_user_agent text, p_id uuid, p_request_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  c guard.challenges;
  g guard.grants;
  who text;
  taken boolean;
begin
  select x.* into c from guard.challenges x join data.users u on u.tenant_id = x.tenant_id and u.id = x.user_id and u.active
    where x.hash = p_challenge and x.expires_at > clock_timestamp() for update of x;
  if c.hash is null then return false; end if;
  who := c.tenant_id || ':' || c.user_id;
  taken := case when num_nonnulls(p_step, p_recovery) = 0 then false when c.kind = 'enrol' then guard.enrol(c, p_step) else guard.take_code(c.tenant_id, c.user_id, p_step, p_recovery) end;
  if not taken then
    perform guard.note_refused('wrong_code', who, null, p_ip);
    return false;
  end if;
  delete from guard.challenges x where x.hash = c.hash;
  perform guard.repay('code', who, p_prefix, guard.known_device(p_device, null, c.tenant_id, c.user_id));
  insert into guard.grants (id, hash, kind, tenant_id, user_id, name, created_at, expires_at, mfa_at, seen_at, user_agent, ip)
    values (p_login_id, p_login, 'login', c.tenant_id, c.user_id, 'login', clock_timestamp(), clock_timestamp() + interval '12 hours', clock_timestamp(), clock_timestamp(),
      left(p_user_agent, 200), left(p_ip, 45)) returning * into g;
  -- Everybody who signed in with this browser goes on under its new name; one that somebody else put there is worth nothing after this.
  update guard.devices d set hash = p_new_device where d.hash = p_device;
  insert into guard.devices (tenant_id, user_id, hash) values (c.tenant_id, c.user_id, p_new_device) on conflict (tenant_id, user_id, hash) do update set last_at = clock_timestamp();
  delete from guard.devices d where d.tenant_id = c.tenant_id and d.user_id = c.user_id and d.last_at < clock_timestamp() - interval '180 days';
  perform guard.record_act(p_id, p_request_id, g, 'sign_in');
  return true;
end $function$;
alter function app.sign_in(bytea,bigint,bytea,bytea,uuid,bytea,bytea,text,text,text,uuid,uuid) owner to app_guard;
grant execute on function app.sign_in(bytea,bigint,bytea,bytea,uuid,bytea,bytea,text,text,text,uuid,uuid) to app_api;

CREATE OR REPLACE FUNCTION app.sign_out(p_login bytea, p_id uuid, p_request_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare g guard.grants;
begin
  update guard.grants x set revoked_at = clock_timestamp() where x.hash = p_login and x.kind = 'login' and x.revoked_at is null returning * into g;
  if g.id is null then return false; end if;
  perform guard.record_act(p_id, p_request_id, g, 'sign_out');
  return true;
end $function$;
alter function app.sign_out(bytea,uuid,uuid) owner to app_guard;
grant execute on function app.sign_out(bytea,uuid,uuid) to app_api;

CREATE OR REPLACE FUNCTION app.signable()
 RETURNS text[]
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  u data.users;
begin
  if guard.login_id() is null then return '{}'; end if;
  select * into u from data.users x where x.tenant_id = seal[1]::uuid and x.id = seal[2]::uuid;
  return (select coalesce(array_agg(distinct s.kind), '{}') from guard.signing s where s.role = u.role or s.right_name = any (u.signs));
end $function$;
alter function app.signable() owner to app_guard;
grant execute on function app.signable() to app_api;

CREATE OR REPLACE FUNCTION app.signing()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return (guard.signature())[1]::uuid; end $function$;
alter function app.signing() owner to app_guard;
grant execute on function app.signing() to app_api;

CREATE OR REPLACE FUNCTION app.signing_for()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return (select p.patient_id from data.pending_actions p where p.tenant_id = app.tenant() and p.id = app.signing()); end $function$;
alter function app.signing_for() owner to app_guard;
grant execute on function app.signing_for() to app_api;

CREATE OR REPLACE FUNCTION app.signs(kinds text[])
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return coalesce((guard.signature())[2] = any (kinds), false); end $function$;
alter function app.signs(text[]) owner to app_guard;
grant execute on function app.signs(text[]) to app_api;

CREATE OR REPLACE FUNCTION app.store_connection(p_tenant uuid, p_connection uuid, p_fence bigint, p_revision integer, p_state jsonb, p_tells boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not guard.holds_fence(p_tenant, 'account:' || p_connection, p_fence) then return false; end if;
  if exists (select from data.connection_states s where s.tenant_id = p_tenant and s.connection_id = p_connection and s.at = 'suspended') then return false; end if;
  return guard.store_connection(p_tenant, p_connection, p_revision, p_state, p_tells);
end $function$;
alter function app.store_connection(uuid,uuid,bigint,integer,jsonb,boolean) owner to app_guard;
grant execute on function app.store_connection(uuid,uuid,bigint,integer,jsonb,boolean) to app_keeper;

CREATE OR REPLACE FUNCTION app.store_contract(p_tenant uuid, p_vendor text, p_surface text, p_version integer, p_revision integer, p_state jsonb, p_told jsonb, p_day date, p_counts jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare c uuid;
begin
  if p_revision = 1 then
    insert into data.contract_states (tenant_id, vendor, surface, version, revision, state) values (p_tenant, p_vendor, p_surface, p_version, 1, p_state)
      on conflict do nothing returning id into c;
  else
    update data.contract_states x set revision = p_revision, state = p_state, updated_at = clock_timestamp()
      where x.tenant_id = p_tenant and x.vendor = p_vendor and x.surface = p_surface and x.version = p_version and x.revision = p_revision - 1 returning x.id into c;
  end if;
  if c is null then return false; end if;
  insert into data.drift_events (tenant_id, contract_id, revision, severity, differences, shifts)
    select p_tenant, c, p_revision, t.severity, t.differences, t.shifts from jsonb_to_recordset(p_told) as t (severity text, differences jsonb, shifts jsonb) where t.severity <> 'cleared';
  if p_counts is not null then
    insert into data.contract_days as d (tenant_id, contract_id, day, counts) values (p_tenant, c, p_day, p_counts)
      on conflict (tenant_id, contract_id, day) do update set counts = p_counts;
  end if;
  return true;
end $function$;
alter function app.store_contract(uuid,text,text,integer,integer,jsonb,jsonb,date,jsonb) owner to app_guard;
grant execute on function app.store_contract(uuid,text,text,integer,integer,jsonb,jsonb,date,jsonb) to app_keeper;

CREATE OR REPLACE FUNCTION app.store_recipe_delivery(p_vendor text, p_surface text, p_revision integer, p_state jsonb, p_cohort uuid[], p_version integer, p_key_id text, p_bytes bytea, p_tried jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if p_revision = 1 then
    insert into guard.recipe_deliveries (vendor, surface, revision, state, cohort) values (p_vendor, p_surface, 1, p_state, p_cohort) on conflict do nothing;
  else
    update guard.recipe_deliveries x set revision = p_revision, state = p_state, cohort = p_cohort, updated_at = clock_timestamp()
      where x.vendor = p_vendor and x.surface = p_surface and x.revision = p_revision - 1;
  end if;
  if not found then return false; end if;
  if p_bytes is not null then insert into guard.recipe_bundles (vendor, surface, version, key_id, bytes) values (p_vendor, p_surface, p_version, p_key_id, p_bytes); end if;
  if p_tried is not null then
    insert into guard.recipe_approvals (vendor, surface, version, cohort, pages, breaks)
      values (p_vendor, p_surface, (p_state ->> 'canary')::int, p_cohort, (p_tried ->> 'pages')::int, array(select jsonb_array_elements_text(p_tried -> 'breaks')));
  end if;
  return true;
end $function$;
alter function app.store_recipe_delivery(text,text,integer,jsonb,uuid[],integer,text,bytea,jsonb) owner to app_guard;

CREATE OR REPLACE FUNCTION app.store_vendor_budget(p_tenant uuid, p_name text, p_kind text, p_revision bigint, p_state jsonb, p_tells boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if p_revision = 1 then
    insert into data.vendor_budgets (tenant_id, name, kind, revision, state) values (p_tenant, p_name, p_kind, 1, p_state) on conflict do nothing;
  else
    update data.vendor_budgets x set revision = p_revision, state = p_state
      where x.tenant_id = p_tenant and x.name = p_name and x.kind = p_kind and x.revision = p_revision - 1;
  end if;
  if not found then return false; end if;
  if p_tells then perform pg_notify('vendor_budgets', encode(sha256(convert_to(p_tenant || ' ' || p_name, 'UTF8')), 'hex')); end if;
  return true;
end $function$;
alter function app.store_vendor_budget(uuid,text,text,bigint,jsonb,boolean) owner to app_guard;
grant execute on function app.store_vendor_budget(uuid,text,text,bigint,jsonb,boolean) to app_keeper;

CREATE OR REPLACE FUNCTION app.store_vendor_session(p_tenant uuid, p_key text, p_fence bigint, p_revision integer, p_state jsonb, p_effects jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not guard.holds_fence(p_tenant, p_key, p_fence) then return false; end if;
  if p_revision = 1 then
    insert into data.vendor_sessions (tenant_id, key, revision, state, effects) values (p_tenant, p_key, 1, p_state, p_effects) on conflict do nothing;
  else
    update data.vendor_sessions x set revision = p_revision, state = p_state, effects = p_effects, updated_at = clock_timestamp()
      where x.tenant_id = p_tenant and x.key = p_key and x.revision = p_revision - 1;
  end if;
  return found;
end $function$;
alter function app.store_vendor_session(uuid,text,bigint,integer,jsonb,jsonb) owner to app_guard;
grant execute on function app.store_vendor_session(uuid,text,bigint,integer,jsonb,jsonb) to app_keeper;

CREATE OR REPLACE FUNCTION app.store_vendor_write(p_tenant uuid, p_key text, p_fence bigint, p_id uuid, p_version integer, p_state jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare was jsonb := (select w.state from data.vendor_writes w where w.tenant_id = p_tenant and w.id = p_id and w.version = p_version);
begin
  if not guard.holds_fence(p_tenant, p_key, p_fence) then return 'lost'; end if;
  update data.vendor_writes w set version = p_version + 1, state = p_state, updated_at = clock_timestamp()
    where w.tenant_id = p_tenant and w.id = p_id and w.version = p_version and p_key = 'account:' || w.connection_id and w.status in ('planned', 'sending', 'in_doubt')
      -- Nothing is begun on a connection that a person has paused.
      and not (p_state ->> 'is' = 'sending' and w.status = 'planned'
        and exists (select from data.connection_states s where s.tenant_id = w.tenant_id and s.connection_id = w.connection_id and s.at = 'suspended'));
  if not found then return 'changed'; end if;
  -- That it waits on, for the same reason, is no event: a vendor's page that has changed may hold it for days.
  if was - 'due_at' is distinct from p_state - 'due_at' then
    insert into data.vendor_write_events (tenant_id, write_id, version, fence, state) values (p_tenant, p_id, p_version + 1, p_fence, p_state);
  end if;
  return 'stored';
end $function$;
alter function app.store_vendor_write(uuid,text,bigint,uuid,integer,jsonb) owner to app_guard;
grant execute on function app.store_vendor_write(uuid,text,bigint,uuid,integer,jsonb) to app_keeper;

CREATE OR REPLACE FUNCTION app.stuck_webhooks(p_age interval, p_most integer)
 RETURNS TABLE(tenant_id uuid, id uuid, claim uuid)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select d.tenant_id, d.id, d.claim from data.webhook_deliveries d
    where d.status = 'sending' and d.claim_seen_at < clock_timestamp() - greatest(p_age, interval '5 seconds')
      or d.status = 'waiting' and exists (select from data.webhook_endpoints x where x.tenant_id = d.tenant_id and x.id = d.endpoint_id and x.status = 'disabled')
    order by d.created_at limit p_most;
end $function$;
alter function app.stuck_webhooks(interval,integer) owner to app_guard;
grant execute on function app.stuck_webhooks(interval,integer) to app_keeper;

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

CREATE OR REPLACE FUNCTION app.take_connection_act(p_tenant uuid, p_connection uuid, p_fence bigint)
 RETURNS TABLE(id uuid, act text, secret_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  if not guard.holds_fence(p_tenant, 'account:' || p_connection, p_fence) then return; end if;
  update data.connection_acts a set taken_at = clock_timestamp(), outcome = 'too_late'
    where a.tenant_id = p_tenant and a.connection_id = p_connection and a.taken_at is null and not guard.act_counts(a.at);
  return query update data.connection_acts a set taken_at = clock_timestamp()
    where a.tenant_id = p_tenant and a.connection_id = p_connection and a.id = (select x.id from data.connection_acts x
      where x.tenant_id = p_tenant and x.connection_id = p_connection and x.taken_at is null order by x.at, x.id limit 1)
    returning a.id, a.act, a.secret_id;
end $function$;
alter function app.take_connection_act(uuid,uuid,bigint) owner to app_guard;
grant execute on function app.take_connection_act(uuid,uuid,bigint) to app_keeper;

CREATE OR REPLACE FUNCTION app.take_lease(p_tenant uuid, p_key text, p_owner text, p_ms integer)
 RETURNS TABLE(fence bigint, now_ms double precision, taken_by text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  at timestamptz;
  l data.leases;
begin
  insert into data.leases (tenant_id, key, owner, fence, expires_at) values (p_tenant, p_key, '', 1, '-infinity') on conflict do nothing;
  select x.* into l from data.leases x where x.tenant_id = p_tenant and x.key = p_key for update;
  at := clock_timestamp();
  if l.owner <> p_owner and l.expires_at >= at then return query select null::bigint, guard.unix_ms(at), l.owner; return; end if;
  update data.leases x set owner = p_owner, fence = x.fence + 1, expires_at = at + p_ms * interval '1 millisecond'
    where x.tenant_id = p_tenant and x.key = p_key returning x.* into l;
  return query select l.fence, guard.unix_ms(at), null::text;
end $function$;
alter function app.take_lease(uuid,text,text,integer) owner to app_guard;
grant execute on function app.take_lease(uuid,text,text,integer) to app_keeper;

CREATE OR REPLACE FUNCTION app.take_message(p_now timestamp with time zone)
 RETURNS TABLE(tenant_id uuid, id uuid, channel text, recipient text, sender text, subject text, body text, attempts integer, signed_at timestamp with time zone, consent text, deceased boolean, phones text[], email text, state text, postal_code text, texted_at timestamp with time zone[])
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  d data.deliveries;
  m data.outgoing_messages;
  p data.patients;
  has_died boolean;
begin
  select x.* into d from data.deliveries x where x.status = 'waiting' and (x.not_before is null or x.not_before <= p_now)
    order by coalesce(x.not_before, x.created_at), x.tenant_id, x.id limit 1 for update skip locked;
  if d.id is null then return; end if;
  select x.* into m from data.outgoing_messages x where x.tenant_id = d.tenant_id and x.id = d.id;
  perform pg_advisory_xact_lock(hashtextextended('messages to ' || m.tenant_id || ':' || m.recipient, 0));
  select x.* into p from data.patients x where x.tenant_id = m.tenant_id and x.id = m.patient_id;
  has_died := p.deceased_on is not null;
  for step in 1..20 loop
    exit when p.replaced_by is null;
    select x.* into p from data.patients x where x.tenant_id = m.tenant_id and x.id = p.replaced_by;
    has_died := has_died or p.deceased_on is not null;
  end loop;
  return query select m.tenant_id, m.id, m.channel, m.recipient, m.sender, m.subject, m.body, d.attempts, m.created_at,
    guard.consent_of(m.tenant_id, m.recipient, m.purpose), has_died, array_remove(array[p.phone, p.phone_alternate], null), p.email, p.state, p.postal_code,
    -- Whatever may have reached the number: not what provably never left.
    (select coalesce(array_agg(y.claimed_at), '{}') from data.outgoing_messages x join data.deliveries y on y.tenant_id = x.tenant_id and y.id = x.id
      where x.tenant_id = m.tenant_id and x.recipient = m.recipient and x.channel = 'sms' and y.status in ('sending', 'sent', 'unknown') and y.claimed_at > p_now - interval '8 days');
end $function$;
alter function app.take_message(timestamp with time zone) owner to app_guard;
grant execute on function app.take_message(timestamp with time zone) to app_sender;

CREATE OR REPLACE FUNCTION app.take_together(p_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  t uuid := (guard.opened_seal())[1]::uuid;
  bundles text;
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  perform from data.pending_actions x
    where x.tenant_id = t and (x.id = any (p_ids) or x.bundle_id in (select y.bundle_id from data.pending_actions y where y.tenant_id = t and y.id = any (p_ids)))
    order by x.id is distinct from x.bundle_id, x.id for update;
  if exists (
    select from data.pending_actions x
    where x.tenant_id = t and x.status = 'pending' and x.id <> all (p_ids) and x.bundle_id in (select y.bundle_id from data.pending_actions y where y.tenant_id = t and y.id = any (p_ids)))
  then
    perform guard.refuse('bundle');
  end if;
  select coalesce(string_agg(distinct x.bundle_id::text, ','), '') into bundles from data.pending_actions x where x.tenant_id = t and x.id = any (p_ids);
  perform set_config('app.together', bundles || ':' || guard.mac('together:' || guard.sealed_for() || ':' || bundles), true);
end $function$;
alter function app.take_together(uuid[]) owner to app_guard;
grant execute on function app.take_together(uuid[]) to app_api;

CREATE OR REPLACE FUNCTION app.take_webhook(p_now timestamp with time zone, p_most integer)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  x data.webhook_endpoints;
  passed uuid[] := '{}';
  taken uuid;
begin
  loop
    select w.* into x from data.webhook_endpoints w
      where w.status = 'enabled' and (w.paused_until is null or w.paused_until <= p_now) and w.id <> all (passed)
        and exists (select from data.webhook_deliveries d where d.tenant_id = w.tenant_id and d.endpoint_id = w.id and d.status = 'waiting' and (d.due_at is null or d.due_at <= p_now))
      order by w.taken_at nulls first, w.id limit 1 for no key update skip locked;
    if x.id is null then return null; end if;
    -- A statement of its own: it sees what was committed before the endpoint was held.
    if (select count(*) from data.webhook_deliveries d where d.tenant_id = x.tenant_id and d.endpoint_id = x.id and d.status = 'sending') < (case when x.failures = 0 then p_most else 1 end) then
      select d.id into taken from data.webhook_deliveries d
        where d.tenant_id = x.tenant_id and d.endpoint_id = x.id and d.status = 'waiting' and (d.due_at is null or d.due_at <= p_now)
          and not exists (select from data.webhook_deliveries b where b.tenant_id = d.tenant_id and b.endpoint_id = d.endpoint_id and b.object_id = d.object_id
            and b.status in ('waiting', 'sending') and (b.seq < d.seq or b.status = 'sending'))
        order by d.created_at, d.seq limit 1 for update;
      if taken is not null then
        update data.webhook_endpoints w set taken_at = clock_timestamp() where w.tenant_id = x.tenant_id and w.id = x.id;
        return guard.webhook(x.tenant_id, taken, p_now);
      end if;
    end if;
    passed := passed || x.id;
  end loop;
end $function$;
alter function app.take_webhook(timestamp with time zone,integer) owner to app_guard;
grant execute on function app.take_webhook(timestamp with time zone,integer) to app_keeper;

CREATE OR REPLACE FUNCTION app.tenant()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return (guard.opened_seal())[1]::uuid; end $function$;
alter function app.tenant() owner to app_guard;
grant execute on function app.tenant() to app_api;

CREATE OR REPLACE FUNCTION app.test_webhook(p_id uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
  e data.webhook_events;
  made uuid;
begin
  if x.status = 'disabled' then perform guard.refuse('disabled'); end if;
  e := guard.webhook_event(x.tenant_id, 'webhook.test', x.id);
  insert into data.webhook_deliveries (tenant_id, event_id, endpoint_id, object_id, seq) values (x.tenant_id, e.id, x.id, e.object_id, e.seq) returning id into made;
  return made;
end $function$;
alter function app.test_webhook(uuid) owner to app_guard;
grant execute on function app.test_webhook(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.try_code(p_proof bytea, p_prefix text, p_device bytea)
 RETURNS TABLE(seed bytea, now_s bigint, retry_after_s integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  c guard.challenges;
  g guard.grants;
  who record;
begin
  now_s := floor(extract(epoch from clock_timestamp()));
  retry_after_s := 0;
  select * into c from guard.challenges x where x.hash = p_proof and x.expires_at > clock_timestamp() for update;
  if c.kind = 'enrol' then
    seed := c.seed;
    return next;
    return;
  end if;
  if c.hash is null then select * into g from guard.grants x where x.hash = p_proof and x.kind = 'login' and guard.is_live(x); end if;
  select a.tenant_id, a.user_id, a.totp_seed into who from guard.staff a join data.users u on u.tenant_id = a.tenant_id and u.id = a.user_id and u.active
    where a.tenant_id = coalesce(c.tenant_id, g.tenant_id) and a.user_id = coalesce(c.user_id, g.user_id);
  if who.user_id is null or c.tries >= 5 then return; end if;
  retry_after_s := guard.pay('code', who.tenant_id || ':' || who.user_id, p_prefix, guard.known_device(p_device, null, who.tenant_id, who.user_id));
  if retry_after_s = 0 then
    update guard.challenges x set tries = x.tries + 1 where x.hash = c.hash;
    seed := who.totp_seed;
  end if;
  return next;
end $function$;
alter function app.try_code(bytea,text,bytea) owner to app_guard;
grant execute on function app.try_code(bytea,text,bytea) to app_api;

CREATE OR REPLACE FUNCTION app.try_password(p_email text, p_prefix text, p_device bytea, p_ticket bytea, p_cost integer)
 RETURNS TABLE(salt bytea, cost integer, retry_after_s integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare device bytea := guard.known_device(p_device, p_email, null, null);
begin
  retry_after_s := guard.pay('password', p_email, p_prefix, device);
  if retry_after_s = 0 then
    insert into guard.attempts (ticket, email, prefix, device, expires_at) values (p_ticket, p_email, p_prefix, device, clock_timestamp() + interval '2 minutes');
    salt := guard.salt_of(p_email);
    cost := coalesce((select max(a.cost) from guard.staff a where a.email = p_email), p_cost);
  end if;
  perform guard.forget();
  return next;
end $function$;
alter function app.try_password(text,text,bytea,bytea,integer) owner to app_guard;
grant execute on function app.try_password(text,text,bytea,bytea,integer) to app_api;

CREATE OR REPLACE FUNCTION app.update_person(p_user uuid, p_role text, p_active boolean, p_use_ai boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.at_people('manage');
  t uuid := seal[1]::uuid;
  was data.users;
begin
  perform pg_advisory_xact_lock(hashtextextended('people:' || t, 0));
  select * into was from data.users u where u.tenant_id = t and u.id = p_user;
  if was.id is null then raise exception using errcode = 'AT001', message = 'not_found'; end if;
  -- A program stays a program, and a person a person.
  if (coalesce(p_role, was.role) = 'integration') <> (was.role = 'integration') then raise exception using errcode = 'AT001', message = 'not_permitted'; end if;
  update data.users u set role = coalesce(p_role, u.role), active = coalesce(p_active, u.active), use_ai = coalesce(p_use_ai, u.use_ai) where u.tenant_id = t and u.id = p_user;
  if was.role = 'owner' and not exists (select from data.users u where u.tenant_id = t and u.role = 'owner' and u.active) then
    raise exception using errcode = 'AT001', message = 'last_owner';
  end if;
  if p_active = false then perform guard.end_logins(t, p_user); end if;
  if p_active = false or (p_use_ai = false and was.role <> 'integration') then
    update guard.grants g set revoked_at = clock_timestamp() where g.tenant_id = t and g.user_id = p_user and g.kind = 'credential' and g.revoked_at is null;
  end if;
end $function$;
alter function app.update_person(uuid,text,boolean,boolean) owner to app_guard;
grant execute on function app.update_person(uuid,text,boolean,boolean) to app_api;

CREATE OR REPLACE FUNCTION app.update_webhook_endpoint(p_id uuid, p_name text, p_events text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
begin
  update data.webhook_endpoints w set name = p_name, events = p_events where w.tenant_id = x.tenant_id and w.id = x.id;
end $function$;
alter function app.update_webhook_endpoint(uuid,text,text[]) owner to app_guard;
grant execute on function app.update_webhook_endpoint(uuid,text,text[]) to app_api;

CREATE OR REPLACE FUNCTION app.user_id()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return (guard.opened_seal())[2]::uuid; end $function$;
alter function app.user_id() owner to app_guard;
grant execute on function app.user_id() to app_api;

CREATE OR REPLACE FUNCTION app.vault_keys(p_tenant uuid)
 RETURNS TABLE(version integer, kms_key_id text, wrapped bytea)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return query select x.version, x.kms_key_id, x.wrapped from data.vault_keys x where x.tenant_id = p_tenant order by x.version; end $function$;
alter function app.vault_keys(uuid) owner to app_guard;
grant execute on function app.vault_keys(uuid) to app_keeper;

CREATE OR REPLACE FUNCTION app.vault_tenants(p_after uuid, p_limit integer)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select distinct k.tenant_id from data.vault_keys k where k.wrapped is not null and (p_after is null or k.tenant_id > p_after) order by k.tenant_id limit p_limit;
end $function$;
alter function app.vault_tenants(uuid,integer) owner to app_guard;
grant execute on function app.vault_tenants(uuid,integer) to app_keeper;

CREATE OR REPLACE FUNCTION app.vendor_accounts()
 RETURNS TABLE(connection_id uuid, vendor text, connected_at timestamp with time zone, stage text, why text, live_since double precision, challenge text, channel text, changed_at timestamp with time zone, waiting integer, in_doubt integer, parked integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  return query select c.id, c.vendor, c.connected_at, s.state #>> '{session,stage,at}', s.state #>> '{session,stage,why}', (s.state #>> '{session,stage,since}')::double precision,
      s.state #>> '{factor,challenge,at}', s.state #>> '{factor,challenge,channel}', s.updated_at, n.waiting, n.in_doubt, n.parked
    from data.connections c left join data.vendor_sessions s on s.tenant_id = c.tenant_id and s.key = 'account:' || c.id
    cross join lateral (select count(*) filter (where w.status in ('planned', 'sending'))::int as waiting, count(*) filter (where w.status = 'in_doubt')::int as in_doubt,
      count(*) filter (where w.status = 'parked')::int as parked from data.vendor_writes w
      where w.tenant_id = c.tenant_id and w.connection_id = c.id and w.status in ('planned', 'sending', 'in_doubt', 'parked')) n
    where c.tenant_id = app.tenant() order by c.connected_at, c.id;
end $function$;
alter function app.vendor_accounts() owner to app_guard;
grant execute on function app.vendor_accounts() to app_api;

CREATE OR REPLACE FUNCTION app.vendor_write(p_id uuid)
 RETURNS TABLE(write_id uuid, version integer, connection_id uuid, vendor text, status text, state jsonb, draft_id uuid, kind text, patient_id uuid, patient text, birth_date text, signed_by text, signed_at timestamp with time zone, why_not text, created_at timestamp with time zone, updated_at timestamp with time zone, now_ms double precision)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  return query select * from guard.vendor_writes(array(select w.id from data.vendor_writes w where w.tenant_id = app.tenant() and w.id = p_id
    and (guard.login_id() is not null or exists (select from data.pending_actions p where p.tenant_id = w.tenant_id and p.id = w.draft_id and p.proposed_by = app.user_id()))));
end $function$;
alter function app.vendor_write(uuid) owner to app_guard;
grant execute on function app.vendor_write(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.vendor_write_events(p_id uuid)
 RETURNS TABLE(version integer, state jsonb, at timestamp with time zone, by text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  return query select e.version, e.state, e.at, app.display_name(e.user_id) from data.vendor_write_events e where e.tenant_id = app.tenant() and e.write_id = p_id order by e.version;
end $function$;
alter function app.vendor_write_events(uuid) owner to app_guard;
grant execute on function app.vendor_write_events(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.vendor_write_of(p_draft uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return (select w.id from data.vendor_writes w join data.pending_actions p on p.tenant_id = w.tenant_id and p.id = w.draft_id
    where w.tenant_id = app.tenant() and w.draft_id = p_draft and (guard.login_id() is not null or p.proposed_by = app.user_id()) order by w.created_at desc, w.id limit 1);
end $function$;
alter function app.vendor_write_of(uuid) owner to app_guard;
grant execute on function app.vendor_write_of(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.vendor_writes(p_status text[], p_after uuid, p_limit integer)
 RETURNS TABLE(write_id uuid, version integer, connection_id uuid, vendor text, status text, state jsonb, draft_id uuid, kind text, patient_id uuid, patient text, birth_date text, signed_by text, signed_at timestamp with time zone, why_not text, created_at timestamp with time zone, updated_at timestamp with time zone, now_ms double precision)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  t uuid := app.tenant();
  after_at timestamptz;
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  if p_after is not null then
    select w.created_at into after_at from data.vendor_writes w where w.tenant_id = t and w.id = p_after;
    if after_at is null then perform guard.refuse('stale_cursor'); end if;
  end if;
  return query select * from guard.vendor_writes(array(select w.id from data.vendor_writes w
    where w.tenant_id = t and w.status = any (p_status) and (p_after is null or (w.created_at, w.id) > (after_at, p_after)) order by w.created_at, w.id limit p_limit));
end $function$;
alter function app.vendor_writes(text[],uuid,integer) owner to app_guard;
grant execute on function app.vendor_writes(text[],uuid,integer) to app_api;

CREATE OR REPLACE FUNCTION app.webhook(p_tenant uuid, p_id uuid, p_now timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform from data.webhook_endpoints x where x.tenant_id = p_tenant and x.id = (select d.endpoint_id from data.webhook_deliveries d where d.tenant_id = p_tenant and d.id = p_id) for no key update;
  perform from data.webhook_deliveries d where d.tenant_id = p_tenant and d.id = p_id for update;
  return guard.webhook(p_tenant, p_id, p_now);
end $function$;
alter function app.webhook(uuid,uuid,timestamp with time zone) owner to app_guard;
grant execute on function app.webhook(uuid,uuid,timestamp with time zone) to app_keeper;

CREATE OR REPLACE FUNCTION app.webhook_attempts(p_id uuid)
 RETURNS TABLE(ended_at timestamp with time zone, answer integer, reason text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.at_people('read');
begin
  return query select a.ended_at, a.answer, a.reason from data.webhook_attempts a where a.tenant_id = seal[1]::uuid and a.delivery_id = p_id order by a.n;
end $function$;
alter function app.webhook_attempts(uuid) owner to app_guard;
grant execute on function app.webhook_attempts(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.webhook_deliveries(p_endpoint uuid, p_status text, p_after uuid, p_limit integer)
 RETURNS TABLE(delivery_id uuid, event_id uuid, endpoint_id uuid, type text, object_id uuid, seq bigint, status text, reason text, answer integer, attempts integer, due_at timestamp with time zone, occurred_at timestamp with time zone, settled_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.at_people('read');
  a data.webhook_deliveries;
begin
  if p_after is not null then
    select d.* into a from data.webhook_deliveries d where d.tenant_id = seal[1]::uuid and d.id = p_after;
    if a.id is null then perform guard.refuse('stale_cursor'); end if;
  end if;
  return query select d.id, d.event_id, d.endpoint_id, e.type, d.object_id, d.seq, d.status, d.reason, d.answer, d.attempts, d.due_at, e.occurred_at, d.settled_at
    from data.webhook_deliveries d join data.webhook_events e on e.tenant_id = d.tenant_id and e.id = d.event_id
    join data.webhook_endpoints x on x.tenant_id = d.tenant_id and x.id = d.endpoint_id and x.removed_at is null
    where d.tenant_id = seal[1]::uuid and (p_endpoint is null or d.endpoint_id = p_endpoint) and (p_status is null or d.status = p_status)
      and (a.id is null or (d.created_at, d.id) < (a.created_at, a.id))
    order by d.created_at desc, d.id desc limit p_limit;
end $function$;
alter function app.webhook_deliveries(uuid,text,uuid,integer) owner to app_guard;
grant execute on function app.webhook_deliveries(uuid,text,uuid,integer) to app_api;

CREATE OR REPLACE FUNCTION app.webhook_delivery(p_id uuid)
 RETURNS TABLE(delivery_id uuid, event_id uuid, endpoint_id uuid, type text, object_id uuid, seq bigint, status text, reason text, answer integer, attempts integer, due_at timestamp with time zone, occurred_at timestamp with time zone, settled_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.at_people('read');
begin
  return query select d.id, d.event_id, d.endpoint_id, e.type, d.object_id, d.seq, d.status, d.reason, d.answer, d.attempts, d.due_at, e.occurred_at, d.settled_at
    from data.webhook_deliveries d join data.webhook_events e on e.tenant_id = d.tenant_id and e.id = d.event_id
    join data.webhook_endpoints x on x.tenant_id = d.tenant_id and x.id = d.endpoint_id and x.removed_at is null
    where d.tenant_id = seal[1]::uuid and d.id = p_id;
end $function$;
alter function app.webhook_delivery(uuid) owner to app_guard;
grant execute on function app.webhook_delivery(uuid) to app_api;

CREATE OR REPLACE FUNCTION app.webhook_endpoints()
 RETURNS TABLE(endpoint_id uuid, name text, url text, events text[], state text, disabled_reason text, disabled_at timestamp with time zone, failing_since timestamp with time zone, last_reason text, last_answer integer, paused_until timestamp with time zone, last_delivered_at timestamp with time zone, two_secrets_until timestamp with time zone, created_at timestamp with time zone, waiting integer, dead integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.at_people('read');
begin
  return query select x.id, x.name, x.url, x.events, x.status, x.disabled_reason, x.disabled_at, x.failing_since, f.reason, f.answer,
      case when x.paused_until > clock_timestamp() then x.paused_until end, x.last_delivered_at, case when x.previous_until > clock_timestamp() then x.previous_until end, x.created_at,
      (select count(*)::int from data.webhook_deliveries d where d.tenant_id = x.tenant_id and d.endpoint_id = x.id and d.status in ('waiting', 'sending')),
      (select count(*)::int from data.webhook_deliveries d where d.tenant_id = x.tenant_id and d.endpoint_id = x.id and d.status = 'dead')
    from data.webhook_endpoints x
    left join lateral (select a.reason, a.answer from data.webhook_attempts a
      where x.failing_since is not null and a.tenant_id = x.tenant_id and a.endpoint_id = x.id and a.reason is not null and a.reason <> 'process_ended'
      order by a.ended_at desc, a.n desc limit 1) f on true
    where x.tenant_id = seal[1]::uuid and x.removed_at is null order by x.created_at, x.id;
end $function$;
alter function app.webhook_endpoints() owner to app_guard;
grant execute on function app.webhook_endpoints() to app_api;

CREATE OR REPLACE FUNCTION app.whoami(p_login bytea)
 RETURNS TABLE(email text, display_name text, mfa_minutes integer, licensed boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select u.email, u.display_name, t.mfa_minutes, guard.is_licensed(u.tenant_id, u.id)
    from guard.grants g join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id and u.active join data.tenants t on t.tenant_id = g.tenant_id
    where g.hash = p_login and g.kind = 'login' and guard.is_live(g);
end $function$;
alter function app.whoami(bytea) owner to app_guard;
grant execute on function app.whoami(bytea) to app_api;

CREATE OR REPLACE FUNCTION app.why_not(of_kind text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return guard.why_not(of_kind); end $function$;
alter function app.why_not(text) owner to app_guard;
grant execute on function app.why_not(text) to app_api;

CREATE OR REPLACE FUNCTION guard.act_counts(p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ select p_at > clock_timestamp() - interval '10 minutes' $function$;
alter function guard.act_counts(timestamp with time zone) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.at_books(roles text[])
 RETURNS data.users
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  u data.users;
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  select * into u from data.users x where x.tenant_id = seal[1]::uuid and x.id = seal[2]::uuid;
  if u.role <> all (roles) then perform guard.refuse('not_permitted'); end if;
  return u;
end $function$;
alter function guard.at_books(text[]) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.at_people(of_act text)
 RETURNS text[]
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.opened_seal();
begin
  if not exists (select from guard.grants g join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id and u.active
      where g.id = seal[3]::uuid and g.tenant_id = seal[1]::uuid and g.kind = 'login' and guard.is_live(g) and u.role = any (guard.people_roles(of_act))) then
    raise exception using errcode = 'AT001', message = 'not_permitted';
  end if;
  if of_act = 'manage' and not guard.has_fresh_mfa(seal[3]::uuid) then raise exception using errcode = 'AT001', message = 'mfa_needed'; end if;
  return seal;
end $function$;
alter function guard.at_people(text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.await_delivery()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare d data.deliveries;
begin
  insert into data.deliveries (tenant_id, id) values (new.tenant_id, new.id) returning * into d;
  perform guard.note_delivery(d);
  return null;
end $function$;
alter function guard.await_delivery() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.budgets_of(act text, who text, prefix text, device bytea)
 RETURNS TABLE(key bytea, free integer, longest interval, is_own boolean)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select guard.keyed('budget|' || act || '|' || b.name), b.free, b.longest, b.is_own
    from (values ('device|' || encode(device, 'hex') || '|' || who, 10, case act when 'code' then interval '15 minutes' else interval '5 minutes' end, true, true),
                 ('place|' || prefix || '|' || who, 5, case act when 'code' then interval '1 hour' else interval '15 minutes' end, true, false),
                 ('all|' || who, 10, case act when 'code' then interval '1 hour' else interval '15 minutes' end, false, false),
                 ('from|' || prefix, 50, interval '1 minute', false, false)) b (name, free, longest, is_own, is_known)
    where b.is_known = (device is not null) and (b.name !~ '^from' or act = 'password')
    order by 1;
end $function$;
alter function guard.budgets_of(text,text,text,bytea) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.bundle_of(of_tenant uuid, of_patient uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare p data.pending_actions;
begin
  if of_patient is null then return null; end if;
  select * into p from data.pending_actions x where x.tenant_id = of_tenant and x.id = of_patient and x.kind = 'patient_draft' for update;
  if p.id is null or p.status = 'committed' then return null; end if;
  if p.status in ('signed', 'parked') then perform guard.refuse('being_registered'); end if;
  if p.status <> 'pending' or p.expires_at <= clock_timestamp() then perform guard.refuse('bundle_ended'); end if;
  update data.pending_actions x set bundle_id = x.id where x.tenant_id = of_tenant and x.id = p.id and x.bundle_id is null;
  return p.id;
end $function$;
alter function guard.bundle_of(uuid,uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.clinic_day(of_tenant uuid)
 RETURNS date
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return (select (clock_timestamp() at time zone t.time_zone)::date from data.tenants t where t.tenant_id = of_tenant); end $function$;
alter function guard.clinic_day(uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.consent_of(of_tenant uuid, of_number text, of_purpose text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return (select c.decision from data.message_consents c where c.tenant_id = of_tenant and c.number = of_number and c.purpose = of_purpose
    order by c.said_at desc, c.decision desc limit 1);
end $function$;
alter function guard.consent_of(uuid,text,text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.covers(a data.standing_approvals, of_kind text, payload jsonb, today date, time_zone text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  case
    when of_kind in ('appointment_draft', 'reschedule_draft', 'cancellation_draft') then
      return coalesce(payload ->> 'modality' = any (a.modalities)
        and (a.visit_types = '{}' or lower(payload ->> 'visit_type') in (select lower(v) from unnest(a.visit_types) v))
        and (a.practitioner_ids = '{}' or (payload ->> 'practitioner_id')::uuid = any (a.practitioner_ids))
        and ((payload ->> 'start_at')::timestamptz at time zone time_zone)::date <= today + a.horizon_days
        and (of_kind <> 'reschedule_draft' or exists (
          select from data.appointments v where v.tenant_id = a.tenant_id and v.id = (payload ->> 'appointment_id')::uuid
            and v.modality = any (a.modalities) and (a.practitioner_ids = '{}' or v.practitioner_id = any (a.practitioner_ids)))), false);
    when of_kind = 'intake_form_draft' then
      return coalesce(payload ->> 'kind' is not null and (a.form_kinds = '{}' or payload ->> 'kind' = any (a.form_kinds)), false);
    when of_kind = 'contact_update_draft' then
      -- Said to be right as they stand, and nothing changed by it.
      return coalesce(payload -> 'changes' = '[]' and payload #>> '{confirmed,by}' in ('patient', 'staff'), false);
    when of_kind = 'payment_posting_draft' then
      -- To the cent as the payer paid it, and nothing that a person must look at.
      if a.amount_limit_cents is null or jsonb_typeof(payload -> 'amount_cents') is distinct from 'number' then return false; end if;
      return coalesce((payload ->> 'amount_cents')::numeric between 0 and a.amount_limit_cents and trunc((payload ->> 'amount_cents')::numeric) = (payload ->> 'amount_cents')::numeric
        and payload -> 'exceptions' = '[]', false);
    else return false;
  end case;
end $function$;
alter function guard.covers(data.standing_approvals,text,jsonb,date,text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.end_logins(of_tenant uuid, of_user uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update guard.grants g set revoked_at = clock_timestamp() where g.tenant_id = of_tenant and g.user_id = of_user and g.kind = 'login' and g.revoked_at is null;
  delete from guard.challenges c where c.tenant_id = of_tenant and c.user_id = of_user;
end $function$;
alter function guard.end_logins(uuid,uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.enrol(c guard.challenges, of_step bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if of_step is null or abs(of_step - floor(extract(epoch from clock_timestamp()) / 30)) > 2 then return false; end if;
  update guard.invitations i set used_at = clock_timestamp() where i.hash = c.invitation and i.used_at is null;
  if not found then return false; end if;
  perform guard.end_logins(c.tenant_id, c.user_id);
  delete from guard.devices d where d.tenant_id = c.tenant_id and d.user_id = c.user_id;
  insert into guard.staff (tenant_id, user_id, email, salt, cost, verifier, totp_seed, totp_step) values (c.tenant_id, c.user_id, c.email, c.salt, c.cost, c.verifier, c.seed, of_step)
    on conflict (tenant_id, user_id) do update set email = excluded.email, salt = excluded.salt, cost = excluded.cost, verifier = excluded.verifier, totp_seed = excluded.totp_seed,
      totp_step = excluded.totp_step, changed_at = clock_timestamp();
  delete from guard.recovery_codes r where r.tenant_id = c.tenant_id and r.user_id = c.user_id;
  insert into guard.recovery_codes (tenant_id, user_id, hash) select c.tenant_id, c.user_id, code from unnest(c.codes) code;
  return true;
end $function$;
alter function guard.enrol(guard.challenges,bigint) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.finance_of(role text, permissions text[])
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case
    when role in ('owner', 'biller') then 'all'
    when role = 'physician' then 'own'
    when role = 'integration' and permissions && array['billing:read', 'profits:read', 'leads:read', 'memberships:read', 'claims:read', 'remittances:read', 'balances:read', 'statements:read'] then 'all'
    else 'none'
  end
$function$;
alter function guard.finance_of(text,text[]) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.follow_write()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  p data.pending_actions;
begin
  if guard.operation_status(old.status) = guard.operation_status(new.status) then return null; end if;
  perform guard.tell(new.tenant_id, 'operation.updated', new.id);
  if new.draft_id is null then return null; end if;
  update data.pending_actions x
    set status = case new.status when 'confirmed' then 'committed' when 'rejected' then 'failed' when 'cancelled' then 'failed' when 'parked' then 'parked' else 'signed' end,
      vendor_id = new.state ->> 'vendor_id'
    where x.tenant_id = new.tenant_id and x.id = new.draft_id and x.status in ('signed', 'parked') returning x.* into p;
  if p.id is null then raise exception 'the draft of this write has ended otherwise'; end if;
  insert into data.review_events (tenant_id, subject_id, what, user_id, grant_id, version, payload_hash) values (p.tenant_id, p.id,
    case new.status when 'confirmed' then 'committed' when 'rejected' then 'failed' when 'cancelled' then 'given_up' when 'parked' then 'parked' else 'sent_again' end,
    coalesce(seal[2]::uuid, p.decided_by), seal[3]::uuid, p.version, p.payload_hash);
  return null;
end $function$;
alter function guard.follow_write() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.forget()
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  delete from guard.budgets b where b.key in (select x.key from guard.budgets x where x.last_at < clock_timestamp() - interval '1 day' limit 20 for update skip locked);
  delete from guard.attempts a where a.ticket in (select x.ticket from guard.attempts x where x.expires_at < clock_timestamp() limit 20 for update skip locked);
  delete from guard.challenges c where c.hash in (select x.hash from guard.challenges x where x.expires_at < clock_timestamp() limit 20 for update skip locked);
end $function$;
alter function guard.forget() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.has_fresh_mfa(of_grant uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return exists (select from guard.grants g join data.tenants t on t.tenant_id = g.tenant_id
    where g.id = of_grant and g.kind = 'login' and guard.is_live(g) and g.mfa_at + make_interval(mins => t.mfa_minutes) > clock_timestamp());
end $function$;
alter function guard.has_fresh_mfa(uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.hash_of(id uuid, version integer, kind text, payload jsonb)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select sha256(convert_to(id::text || ':' || version || ':' || kind || ':' || payload::text, 'UTF8'))
$function$;
alter function guard.hash_of(uuid,integer,text,jsonb) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.hold_calendar(of_tenant uuid, of_practitioner uuid, of_patient uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock(hashtextextended('calendar of clinician ' || of_tenant || ':' || of_practitioner, 0));
  perform pg_advisory_xact_lock(hashtextextended('calendar of patient ' || of_tenant || ':' || of_patient, 0));
end $function$;
alter function guard.hold_calendar(uuid,uuid,uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.hold_vault(p_tenant uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin perform pg_advisory_xact_lock(hashtextextended('vault of ' || p_tenant, 0)); end $function$;
alter function guard.hold_vault(uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.holds_fence(p_tenant uuid, p_key text, p_fence bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform from data.leases x where x.tenant_id = p_tenant and x.key = p_key and x.fence = p_fence for share;
  return found;
end $function$;
alter function guard.holds_fence(uuid,text,bigint) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.invite(of_tenant uuid, of_user uuid, of_kind text, of_hash bytea, by_user uuid)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare until timestamptz := clock_timestamp() + interval '7 days';
begin
  delete from guard.invitations i where i.tenant_id = of_tenant and i.user_id = of_user and i.used_at is null;
  insert into guard.invitations (hash, kind, tenant_id, user_id, invited_by, expires_at) values (of_hash, of_kind, of_tenant, of_user, by_user, until);
  return until;
end $function$;
alter function guard.invite(uuid,uuid,text,bytea,uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.is_corrected(of_tenant uuid, result uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
begin
  return exists (select from data.lab_results c where c.tenant_id = of_tenant and c.corrects = result and c.status <> 'entered_in_error');
end $function$;
alter function guard.is_corrected(uuid,uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.is_licensed(of_tenant uuid, of_user uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return exists (select from data.users u join data.tenants t on t.tenant_id = u.tenant_id join data.licences l on l.tenant_id = u.tenant_id
    and (l.user_id = u.id or (l.user_id is null and l.practitioner_id = u.practitioner_id))
    cross join lateral (select (clock_timestamp() at time zone t.time_zone)::date as today) d
    where u.tenant_id = of_tenant and u.id = of_user and u.active and coalesce(l.issued_on <= d.today, true) and coalesce(l.expires_on >= d.today, true)
      and coalesce(l.revoked_on > d.today, true));
end $function$;
alter function guard.is_licensed(uuid,uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.is_live(g guard.grants)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return g.revoked_at is null and (g.expires_at is null or g.expires_at > clock_timestamp())
    and (g.kind <> 'login' or g.seen_at > clock_timestamp() - interval '60 minutes');
end $function$;
alter function guard.is_live(guard.grants) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.keep_earnings_of(of_tenant uuid[], of_charge uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise feature_not_supported using message = 'charges and what is posted to them are written in transactions of isolation level READ COMMITTED';
  end if;
  insert into data.earnings (tenant_id, charge_id, kind, service_on, period_end, net_cents, redeemed_cents)
  select c.tenant_id, c.id, c.kind, c.service_on, c.period_end, case when c.kind <> 'package' and c.voided_on is null then c.amount_cents else 0 end, 0 from data.charges c
  where (c.tenant_id, c.id) in (select t.tenant_id, t.id from unnest(of_tenant, of_charge) t (tenant_id, id))
  order by c.tenant_id, c.id
  on conflict (tenant_id, charge_id) do update set net_cents = 0 where false;
  update data.earnings e
  set kind = c.kind, service_on = c.service_on, period_end = c.period_end, net_cents = n.net_cents, redeemed_cents = n.redeemed_cents
  from data.charges c
  cross join lateral (select c.kind <> 'package' and c.voided_on is null as is_earned) x
  cross join lateral (
    select case when x.is_earned then c.amount_cents - coalesce((select sum(a.amount_cents) from data.adjustments a
        where a.tenant_id = c.tenant_id and a.charge_id = c.id and a.kind in ('contractual', 'sequestration', 'discount')), 0) else 0 end as net_cents,
      case when x.is_earned then coalesce((select sum(p.amount_cents) from data.payments p
        where p.tenant_id = c.tenant_id and p.charge_id = c.id and p.source = 'package' and p.status = 'settled'), 0) else 0 end as redeemed_cents) n
  where (c.tenant_id, c.id) in (select t.tenant_id, t.id from unnest(of_tenant, of_charge) t (tenant_id, id))
    and e.tenant_id = c.tenant_id and e.charge_id = c.id
    and (e.kind, e.service_on, e.period_end, e.net_cents, e.redeemed_cents) is distinct from (c.kind, c.service_on, c.period_end, n.net_cents, n.redeemed_cents);
  delete from data.earnings e using unnest(of_tenant, of_charge) t (tenant_id, id)
  where e.tenant_id = t.tenant_id and e.charge_id = t.id and not exists (select from data.charges c where c.tenant_id = t.tenant_id and c.id = t.id);
end $function$;
alter function guard.keep_earnings_of(uuid[],uuid[]) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.keep_last_of(of_tenant uuid, of_patient uuid, of_loinc text, gone uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  latest record;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise feature_not_supported using message = 'laboratory results are corrected in transactions of isolation level READ COMMITTED';
  end if;
  insert into data.last_lab_results (tenant_id, loinc, patient_id, lab_result_id, collected_at, value)
    values (of_tenant, of_loinc, of_patient, coalesce(gone, of_patient), '-infinity', 0)
    on conflict (tenant_id, loinc, patient_id) do update set value = excluded.value where false;
  if gone <> (select k.lab_result_id from data.last_lab_results k where k.tenant_id = of_tenant and k.loinc = of_loinc and k.patient_id = of_patient) then return; end if;
  select r.id, r.collected_at, r.value, r.unit into latest
  from data.lab_results r
  where r.tenant_id = of_tenant and r.loinc = of_loinc and r.patient_id = of_patient
    and r.status in ('final', 'amended', 'corrected') and r.value is not null
    and not exists (select from data.lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error')
  order by r.collected_at desc, r.id desc limit 1;
  if found then
    update data.last_lab_results set lab_result_id = latest.id, collected_at = latest.collected_at, value = latest.value, unit = latest.unit
    where tenant_id = of_tenant and loinc = of_loinc and patient_id = of_patient;
  else
    delete from data.last_lab_results where tenant_id = of_tenant and loinc = of_loinc and patient_id = of_patient;
  end if;
end $function$;
alter function guard.keep_last_of(uuid,uuid,text,uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.keep_last_result()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  counted boolean := tg_op <> 'INSERT' and old.loinc is not null and old.value is not null and old.status in ('final', 'amended', 'corrected');
  counts boolean := tg_op <> 'DELETE' and new.loinc is not null and new.value is not null and new.status in ('final', 'amended', 'corrected');
begin
  if not counted and not counts and old.corrects is null and new.corrects is null then return null; end if;
  if tg_op = 'UPDATE' and (old.tenant_id, old.id, old.patient_id, old.loinc, old.value, old.unit, old.status, old.collected_at, old.corrects)
    is not distinct from (new.tenant_id, new.id, new.patient_id, new.loinc, new.value, new.unit, new.status, new.collected_at, new.corrects) then return null; end if;

  if tg_op = 'INSERT' and new.corrects is null then
    if guard.is_corrected(new.tenant_id, new.id) then return null; end if;
    insert into data.last_lab_results as kept (tenant_id, loinc, patient_id, lab_result_id, collected_at, value, unit)
      values (new.tenant_id, new.loinc, new.patient_id, new.id, new.collected_at, new.value, new.unit)
      on conflict (tenant_id, loinc, patient_id) do update
        set lab_result_id = excluded.lab_result_id, collected_at = excluded.collected_at, value = excluded.value, unit = excluded.unit
        where (excluded.collected_at, excluded.lab_result_id) > (kept.collected_at, kept.lab_result_id);
    return null;
  end if;

  if counted then perform guard.keep_last_of(old.tenant_id, old.patient_id, old.loinc, old.id); end if;
  if counts then perform guard.keep_last_of(new.tenant_id, new.patient_id, new.loinc, null); end if;
  if old.corrects is not null then perform guard.keep_last_without(old.tenant_id, old.corrects); end if;
  if new.corrects is not null then perform guard.keep_last_without(new.tenant_id, new.corrects); end if;
  return null;
end $function$;
alter function guard.keep_last_result() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.keep_last_without(of_tenant uuid, result uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  its record;
  seen record;
begin
  loop
    select r.patient_id, r.loinc into its from data.lab_results r where r.tenant_id = of_tenant and r.id = result and r.loinc is not null;
    exit when not found or its is not distinct from seen;
    perform guard.keep_last_of(of_tenant, its.patient_id, its.loinc, null);
    seen := its;
  end loop;
end $function$;
alter function guard.keep_last_without(uuid,uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.keep_open_items()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  of_tenant uuid[];
  of_charge uuid[];
begin
  if tg_table_name = 'charges' then
    select array_agg(t.tenant_id), array_agg(t.id) into of_tenant, of_charge from touched t;
  elsif tg_table_name = 'refunds' then
    select array_agg(t.tenant_id), array_agg(coalesce(t.charge_id, (select p.charge_id from data.payments p where p.tenant_id = t.tenant_id and p.id = t.payment_id)))
      into of_tenant, of_charge from touched t;
  else
    select array_agg(t.tenant_id), array_agg(t.charge_id) into of_tenant, of_charge from touched t where t.charge_id is not null;
  end if;
  if of_charge is not null then perform guard.keep_open_items_of(of_tenant, of_charge); end if;
  return null;
end $function$;
alter function guard.keep_open_items() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.keep_open_items_of(of_tenant uuid[], of_charge uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
begin
  perform guard.keep_earnings_of(of_tenant, of_charge);
  with touched as materialized (
    select distinct t.tenant_id, t.id from unnest(of_tenant, of_charge) t (tenant_id, id)
  ), accounts as (
    select c.*
    from touched t
    cross join lateral (
      select c.tenant_id, c.id, c.responsible, c.service_on, c.posted_on, c.voided_on, c.amount_cents + c.tax_cents as asked
      from data.charges c where c.tenant_id = t.tenant_id and c.id = t.id offset 0) c
  ), entries as (
    select a.*, e.*
    from accounts a
    cross join lateral (
      select a.posted_on as day, a.responsible as party, 0 as money, a.asked as paper, false as is_moved
      union all
      select a.voided_on, a.responsible, 0, 0, false where a.voided_on > a.posted_on
      union all
      select p.posted_on, case p.source when 'insurance' then 'insurance' else 'patient' end,
        case p.source when 'package' then 0 else -p.amount_cents end, case p.source when 'package' then -p.amount_cents else 0 end, false
      from data.payments p where p.tenant_id = a.tenant_id and p.charge_id = a.id and p.status = 'settled'
      union all
      select x.posted_on, x.party, 0, -x.amount_cents, false from data.adjustments x where x.tenant_id = a.tenant_id and x.charge_id = a.id
      union all
      select x.moved_on, side.party, 0, side.sign * x.amount_cents, x.amount_cents > 0
      from data.responsibility_transfers x cross join (values ('patient', 1), ('insurance', -1)) side (party, sign)
      where x.tenant_id = a.tenant_id and x.charge_id = a.id
      union all
      select r.posted_on, r.party, r.amount_cents, 0, false from data.refunds r where r.tenant_id = a.tenant_id and r.charge_id = a.id
      union all
      select r.posted_on, r.party, r.amount_cents, 0, false
      from data.payments p
      cross join lateral (
        select r.* from data.refunds r where r.tenant_id = p.tenant_id and r.payment_id = p.id and r.charge_id is null offset 0) r
      where p.tenant_id = a.tenant_id and p.charge_id = a.id
      offset 0) e
  ), days as (
    select e.tenant_id, e.id, e.day, e.posted_on, e.voided_on, e.service_on, e.responsible,
      coalesce(sum(e.money) filter (where e.party = 'patient'), 0) as patient_money, coalesce(sum(e.paper) filter (where e.party = 'patient'), 0) as patient_paper,
      coalesce(sum(e.money) filter (where e.party = 'insurance'), 0) as insurance_money, coalesce(sum(e.paper) filter (where e.party = 'insurance'), 0) as insurance_paper,
      bool_or(e.is_moved) as is_moved
    from entries e group by e.tenant_id, e.id, e.day, e.posted_on, e.voided_on, e.service_on, e.responsible
  ), ends as (
    select d.tenant_id, d.id, d.day, d.posted_on, d.voided_on, d.service_on, d.responsible,
      sum(d.patient_money) over until as patient_money, sum(d.patient_paper) over until as patient_paper,
      sum(d.insurance_money) over until as insurance_money, sum(d.insurance_paper) over until as insurance_paper,
      min(d.day) over until as first_on, min(d.day) filter (where d.is_moved) over until as left_on
    from days d window until as (partition by d.tenant_id, d.id order by d.day)
  ), balances as (
    select e.tenant_id, e.id, e.day, b.party, b.cents, case when b.cents <> 0 then b.since end as since
    from ends e
    -- What stands on a charge and is no money, the charge itself too, ends with the charge when it is voided; money that was paid for it becomes a credit.
    cross join lateral (select e.posted_on <= e.day as is_posted, e.posted_on <= e.day and coalesce(e.voided_on <= e.day, false) as is_void) x
    cross join lateral (select case when x.is_posted then e.service_on else e.first_on end as day) began
    cross join lateral (values
      ('insurance', e.insurance_money + case when x.is_void then 0 else e.insurance_paper end, began.day),
      ('patient', e.patient_money + case when x.is_void then 0 else e.patient_paper end,
        case when x.is_posted and e.responsible = 'insurance' then coalesce(e.left_on, began.day) else began.day end)) b (party, cents, since)
  ), turns as (
    select b.*, (b.cents, b.since) is distinct from (lag(b.cents) over earlier, lag(b.since) over earlier) as is_new
    from balances b window earlier as (partition by b.tenant_id, b.id, b.party order by b.day)
  ), made as materialized (
    select * from (
      select t.tenant_id, t.id as charge_id, t.party, t.day as from_on,
        coalesce(lead(t.day) over (partition by t.tenant_id, t.id, t.party order by t.day), 'infinity') as until_on, t.since, t.cents
      from turns t where t.is_new) t
    where t.cents <> 0
  ), gone as (
    delete from data.open_items o where o.ctid = any (array(
      select k.ctid
      from touched t
      cross join lateral (select o.ctid, o.* from data.open_items o where o.tenant_id = t.tenant_id and o.charge_id = t.id offset 0) k
      where (k.tenant_id, k.charge_id, k.party, k.from_on) not in (select m.tenant_id, m.charge_id, m.party, m.from_on from made m)))
  )
  insert into data.open_items as kept (tenant_id, charge_id, party, from_on, until_on, since, cents)
  select m.tenant_id, m.charge_id, m.party, m.from_on, m.until_on, m.since, m.cents from made m
  on conflict (tenant_id, charge_id, party, from_on) do update set until_on = excluded.until_on, since = excluded.since, cents = excluded.cents
    where (kept.until_on, kept.since, kept.cents) is distinct from (excluded.until_on, excluded.since, excluded.cents);
end $function$;
alter function guard.keep_open_items_of(uuid[],uuid[]) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.keyed(words text)
 RETURNS bytea
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare k guard.login_key;
begin
  select * into k from guard.login_key;
  return sha256(k.outer_pad || sha256(k.inner_pad || convert_to(words, 'UTF8')));
end $function$;
alter function guard.keyed(text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.known_device(of_device bytea, of_email text, of_tenant uuid, of_user uuid)
 RETURNS bytea
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return (select d.hash from guard.devices d join guard.staff a on a.tenant_id = d.tenant_id and a.user_id = d.user_id
    where d.hash = of_device and (a.email = of_email or (a.tenant_id = of_tenant and a.user_id = of_user)) limit 1);
end $function$;
alter function guard.known_device(bytea,text,uuid,uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.login_id()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.opened_seal();
begin
  return (select g.id from guard.grants g where g.id = seal[3]::uuid and g.tenant_id = seal[1]::uuid and g.kind = 'login');
end $function$;
alter function guard.login_id() owner to app_guard;

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

CREATE OR REPLACE FUNCTION guard.make_room_for_webhook(p_tenant uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock(hashtextextended('webhooks:' || p_tenant, 0));
  if (select count(*) from data.webhook_endpoints x where x.tenant_id = p_tenant and x.status = 'enabled') >= 20 then perform guard.refuse('too_many'); end if;
end $function$;
alter function guard.make_room_for_webhook(uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.money_table(name text, has_practitioner boolean)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform guard.tenant_table(name);
  execute format('create policy finance on data.%I as restrictive using ((select app.finance() = ''all'')%s)', name,
    case when has_practitioner then ' or ((select app.finance() = ''own'') and practitioner_id = (select app.practitioner_id()))' else '' end);
end $function$;
alter function guard.money_table(text,boolean) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.ms(of timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ select round(extract(epoch from of) * 1000)::bigint $function$;
alter function guard.ms(timestamp with time zone) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.newest_vault_key(p_tenant uuid)
 RETURNS data.vault_keys
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare k data.vault_keys;
begin
  select x.* into k from data.vault_keys x where x.tenant_id = p_tenant order by x.version desc limit 1;
  return k;
end $function$;
alter function guard.newest_vault_key(uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.note_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  record jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  if current_setting('app.baseline', true) = 'on' then return null; end if;
  insert into data.record_changes (tenant_id, kind, record_id, patient_id, change) values (
    (record ->> 'tenant_id')::uuid, tg_argv[0], (record ->> 'id')::uuid,
    case when tg_argv[0] = 'patient' then record ->> 'id' else record ->> 'patient_id' end::uuid,
    case when tg_op = 'DELETE' or record ->> 'status' = 'entered_in_error' or record ->> 'verification_status' = 'entered_in_error' then 'deleted'
         when tg_op = 'INSERT' then 'created' else 'updated' end);
  return null;
end $function$;
alter function guard.note_change() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.note_delivery(d data.deliveries)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin insert into data.delivery_events (tenant_id, message_id, status, reason, attempt) values (d.tenant_id, d.id, d.status, d.reason, d.attempts); end $function$;
alter function guard.note_delivery(data.deliveries) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.note_refused(of_reason text, who text, of_grant uuid, of_ip text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into guard.edge_log (reason, fingerprint, credential_id, door, ip) values (of_reason, left(encode(guard.keyed('who|' || who), 'hex'), 16), of_grant, 'admin', left(of_ip, 45));
end $function$;
alter function guard.note_refused(text,text,uuid,text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.note_review(of_subject uuid, of_what text, of_version integer, of_hash bytea, of_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.opened_seal();
begin
  insert into data.review_events (tenant_id, subject_id, what, user_id, grant_id, version, payload_hash, reason)
    values (seal[1]::uuid, of_subject, of_what, seal[2]::uuid, seal[3]::uuid, of_version, of_hash, of_reason);
end $function$;
alter function guard.note_review(uuid,text,integer,bytea,text) owner to app_guard;

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

CREATE OR REPLACE FUNCTION guard.operation_status(of_write text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case when of_write in ('planned', 'sending', 'in_doubt') then 'pending' when of_write = 'parked' then 'needs_a_person' else of_write end
$function$;
alter function guard.operation_status(text) owner to app_guard;

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

CREATE OR REPLACE FUNCTION guard.pay(act text, who text, prefix text, device bytea)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  b record;
  wait interval := interval '0';
begin
  -- Rows are taken in the order of their keys, so that two guesses wait for each other and do not deadlock.
  for b in select * from guard.budgets_of(act, who, prefix, device) loop
    insert into guard.budgets (key) values (b.key) on conflict (key) do update set tries = case when budgets.last_at < clock_timestamp() - interval '1 day' then 0 else budgets.tries end;
    wait := greatest(wait, (select x.not_before - clock_timestamp() from guard.budgets x where x.key = b.key and x.not_before > clock_timestamp()));
  end loop;
  if wait > interval '0' then return greatest(1, ceil(extract(epoch from wait)))::int; end if;
  for b in select * from guard.budgets_of(act, who, prefix, device) loop
    update guard.budgets x set tries = x.tries + 1, last_at = clock_timestamp(),
      not_before = case when x.tries + 1 < b.free then '-infinity' else clock_timestamp() + least(b.longest, interval '1 second' * 2 ^ least(x.tries + 1 - b.free, 20)) end
      where x.key = b.key;
  end loop;
  return 0;
end $function$;
alter function guard.pay(text,text,text,bytea) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.people_roles(of_act text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case of_act when 'read' then array['owner', 'compliance'] else array['owner'] end
$function$;
alter function guard.people_roles(text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.record_act(of_id uuid, of_request uuid, g guard.grants, of_tool text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into data.mcp_audit_intent (tenant_id, id, user_id, credential_id, tool_name, args_redacted, request_id, door) values (g.tenant_id, of_id, g.user_id, g.id, of_tool, '{}', of_request, 'admin');
  insert into data.mcp_audit_log (id, tenant_id, user_id, credential_id, tool_name, args_redacted, response_bytes, latency_ms, status, created_at)
    values (of_id, g.tenant_id, g.user_id, g.id, of_tool, '{}', 0, 0, 'ok', clock_timestamp());
  insert into data.mcp_audit_ext (tenant_id, audit_id, outcome) values (g.tenant_id, of_id, 'ok');
end $function$;
alter function guard.record_act(uuid,uuid,guard.grants,text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.refuse(why text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin raise exception using errcode = 'AT001', message = why; end $function$;
alter function guard.refuse(text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.refuse_apart()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.bundle_id::text <> all (guard.together()) then perform guard.refuse('bundle'); end if;
  if new.id <> new.bundle_id and not exists (select from data.pending_actions x where x.tenant_id = new.tenant_id and x.id = new.bundle_id and x.status = 'committed') then
    perform guard.refuse('bundle');
  end if;
  return new;
end $function$;
alter function guard.refuse_apart() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.refuse_audit_ddl()
 RETURNS event_trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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

CREATE OR REPLACE FUNCTION guard.refuse_double_booking()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- Another clinic's row is refused by row security, in words that tell nothing of its calendar.
  if new.tenant_id is distinct from app.tenant() or app.signing() is null then return new; end if;
  perform guard.hold_calendar(new.tenant_id, new.practitioner_id, new.patient_id);
  if exists (
    select from data.appointments a
    where a.tenant_id = new.tenant_id and a.practitioner_id = new.practitioner_id and a.id <> new.id and a.status not in ('cancelled', 'rescheduled', 'no_show', 'entered_in_error')
      and a.start_at > new.start_at - interval '8 hours' and a.start_at < new.start_at + new.minutes * interval '1 minute' and a.start_at + a.minutes * interval '1 minute' > new.start_at)
  or exists (
    select from data.appointments a
    where a.tenant_id = new.tenant_id and a.patient_id = new.patient_id and a.id <> new.id and a.status not in ('cancelled', 'rescheduled', 'no_show', 'entered_in_error')
      and a.start_at > new.start_at - interval '8 hours' and a.start_at < new.start_at + new.minutes * interval '1 minute' and a.start_at + a.minutes * interval '1 minute' > new.start_at)
  then
    raise exclusion_violation using message = 'this time is taken';
  end if;
  return new;
end $function$;
alter function guard.refuse_double_booking() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.refuse_other_contact()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  draft jsonb;
  was jsonb;
  now_said jsonb;
begin
  if app.signing() is null then return new; end if;
  select p.payload into draft from data.pending_actions p where p.tenant_id = new.tenant_id and p.id = app.signing();
  was := to_jsonb(old);
  now_said := to_jsonb(new);
  if exists (
      select from unnest(array['preferred_name', 'phone', 'phone_alternate', 'email', 'address_line', 'city', 'state', 'postal_code', 'language']) f
      where now_said ->> f is distinct from was ->> f
        and not exists (select from jsonb_array_elements(coalesce(draft -> 'changes', '[]')) c where c ->> 'field' = f and c ->> 'after' is not distinct from now_said ->> f))
    or (new.contact_confirmed_at is distinct from old.contact_confirmed_at or new.contact_confirmed_by is distinct from old.contact_confirmed_by)
      and (new.contact_confirmed_at is distinct from (draft #>> '{confirmed,at}')::timestamptz or new.contact_confirmed_by is distinct from draft #>> '{confirmed,by}')
  then
    raise insufficient_privilege using message = 'these are not the contact details that were signed';
  end if;
  return new;
end $function$;
alter function guard.refuse_other_contact() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.refuse_other_text()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if app.signing() is null or new.channel <> 'sms' then return new; end if;
  if not exists (select from data.pending_actions p where p.tenant_id = new.tenant_id and p.id = app.signing() and p.payload ->> 'channel' = 'sms'
      and p.payload ->> 'to' = new.recipient and p.payload ->> 'sender' = new.sender and p.payload ->> 'body' = new.body) then
    raise insufficient_privilege using message = 'this is not the text that was signed';
  end if;
  return new;
end $function$;
alter function guard.refuse_other_text() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.refuse_taken_back()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.revision <> old.revision + 1 or (new.state ->> 'taken_back')::int < (old.state ->> 'taken_back')::int
    or (new.state ->> 'delivered')::int <= (new.state ->> 'taken_back')::int or (new.state ->> 'canary')::int <= (new.state ->> 'taken_back')::int
    or (new.state ->> 'active')::int <= (new.state ->> 'taken_back')::int
      and (new.state ->> 'active')::int is distinct from (old.state ->> 'active')::int and (new.state ->> 'active')::int is distinct from (old.state ->> 'previous')::int then
    raise exception 'what was taken back never returns' using errcode = 'AT001';
  end if;
  return new;
end $function$;
alter function guard.refuse_taken_back() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.refuse_unsettled()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if exists (select from data.pending_actions x where x.tenant_id = new.tenant_id and x.id = new.id and x.status = 'signed')
    and not exists (select from data.vendor_writes w where w.tenant_id = new.tenant_id and w.draft_id = new.id) then
    raise check_violation using message = 'this draft was signed, and nothing carries it out';
  end if;
  return null;
end $function$;
alter function guard.refuse_unsettled() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.repay(act text, who text, prefix text, device bytea)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare b record;
begin
  for b in select * from guard.budgets_of(act, who, prefix, device) loop
    update guard.budgets x set tries = case when b.is_own then 0 else greatest(0, x.tries - 1) end, not_before = '-infinity' where x.key = b.key;
  end loop;
end $function$;
alter function guard.repay(text,text,text,bytea) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.salt_of(of_email text)
 RETURNS bytea
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return substr(guard.keyed('salt|' || of_email), 1, 16); end $function$;
alter function guard.salt_of(text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.sealed_for()
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin return array_to_string((guard.opened_seal())[1:3], ':'); end $function$;
alter function guard.sealed_for() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.sign(of_id uuid, of_kind text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin perform set_config('app.signature', of_id || ':' || of_kind || ':' || guard.mac('signature:' || guard.sealed_for() || ':' || of_id || ':' || of_kind), true); end $function$;
alter function guard.sign(uuid,text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.signature()
 RETURNS text[]
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare parts text[] := string_to_array(nullif(current_setting('app.signature', true), ''), ':');
begin
  if parts is null or cardinality(parts) = 3 and parts[3] = guard.mac('signature:' || guard.sealed_for() || ':' || parts[1] || ':' || parts[2]) then return parts; end if;
  raise insufficient_privilege using message = 'this signature is not of this transaction';
end $function$;
alter function guard.signature() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.still_signs(of_tenant uuid, of_user uuid, of_kind text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return exists (
    select from data.users u join guard.signing s on s.kind = of_kind and (s.role = u.role or s.right_name = any (u.signs))
    where u.tenant_id = of_tenant and u.id = of_user and u.active and (not s.needs_licence or guard.is_licensed(u.tenant_id, u.id)));
end $function$;
alter function guard.still_signs(uuid,uuid,text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.store_connection(p_tenant uuid, p_connection uuid, p_revision integer, p_state jsonb, p_tells boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if p_revision = 1 then
    insert into data.connection_states (tenant_id, connection_id, revision, state) values (p_tenant, p_connection, 1, p_state) on conflict do nothing;
  else
    update data.connection_states s set revision = p_revision, state = p_state, updated_at = clock_timestamp()
      where s.tenant_id = p_tenant and s.connection_id = p_connection and s.revision = p_revision - 1;
  end if;
  if not found then return false; end if;
  if p_tells then perform guard.tell(p_tenant, 'connection.changed', p_connection); end if;
  return true;
end $function$;
alter function guard.store_connection(uuid,uuid,integer,jsonb,boolean) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.take_code(of_tenant uuid, of_user uuid, of_step bigint, of_recovery bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update guard.staff a set totp_step = of_step where a.tenant_id = of_tenant and a.user_id = of_user and a.totp_seed is not null and a.totp_step < of_step
    and abs(of_step - floor(extract(epoch from clock_timestamp()) / 30)) <= 2;
  if found then return true; end if;
  update guard.recovery_codes r set used_at = clock_timestamp() where r.tenant_id = of_tenant and r.user_id = of_user and r.hash = of_recovery and r.used_at is null;
  return found;
end $function$;
alter function guard.take_code(uuid,uuid,bigint,bytea) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.take_draft(of_id uuid, of_version integer)
 RETURNS data.pending_actions
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare p data.pending_actions;
begin
  select * into p from data.pending_actions x where x.tenant_id = (guard.opened_seal())[1]::uuid and x.id = of_id for update;
  if p.id is null then perform guard.refuse('not_found'); end if;
  if p.status <> 'pending' or p.version <> of_version then perform guard.refuse('stale_draft'); end if;
  if p.expires_at <= clock_timestamp() then perform guard.refuse('expired'); end if;
  return p;
end $function$;
alter function guard.take_draft(uuid,integer) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.take_hold(of_id uuid)
 RETURNS data.held_proposals
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  h data.held_proposals;
  why text;
begin
  select * into h from data.held_proposals x where x.tenant_id = (guard.opened_seal())[1]::uuid and x.id = of_id for update;
  if h.id is null then perform guard.refuse('not_found'); end if;
  if h.status <> 'held' then perform guard.refuse('stale_draft'); end if;
  if h.expires_at <= clock_timestamp() then perform guard.refuse('expired'); end if;
  why := guard.why_not(h.kind);
  if why is not null then perform guard.refuse(why); end if;
  return h;
end $function$;
alter function guard.take_hold(uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.take_webhook_endpoint(p_id uuid)
 RETURNS data.webhook_endpoints
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.at_people('manage');
  x data.webhook_endpoints;
begin
  select w.* into x from data.webhook_endpoints w where w.tenant_id = seal[1]::uuid and w.id = p_id and w.removed_at is null for no key update;
  if x.id is null then perform guard.refuse('not_found'); end if;
  return x;
end $function$;
alter function guard.take_webhook_endpoint(uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.tell(p_tenant uuid, p_type text, p_object uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare e data.webhook_events;
begin
  if p_type <> all (guard.webhook_types()) then raise exception 'there is no event %', p_type; end if;
  if not exists (select from data.webhook_endpoints x where x.tenant_id = p_tenant and x.status = 'enabled' and p_type = any (x.events)) then return; end if;
  e := guard.webhook_event(p_tenant, p_type, p_object);
  insert into data.webhook_deliveries (tenant_id, event_id, endpoint_id, object_id, seq)
    select p_tenant, e.id, x.id, e.object_id, e.seq from data.webhook_endpoints x where x.tenant_id = p_tenant and x.status = 'enabled' and p_type = any (x.events);
end $function$;
alter function guard.tell(uuid,text,uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.tell_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if current_setting('app.baseline', true) is distinct from 'on' then perform guard.tell(new.tenant_id, new.kind || '.changed', new.record_id); end if;
  return null;
end $function$;
alter function guard.tell_change() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.tell_draft()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform guard.tell(new.tenant_id, 'draft.' || new.status, new.id);
  return null;
end $function$;
alter function guard.tell_draft() owner to app_guard;

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

CREATE OR REPLACE FUNCTION guard.together()
 RETURNS text[]
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare parts text[] := string_to_array(nullif(current_setting('app.together', true), ''), ':');
begin
  if parts is null then return '{}'; end if;
  if cardinality(parts) = 2 and parts[2] = guard.mac('together:' || guard.sealed_for() || ':' || parts[1]) then return string_to_array(parts[1], ','); end if;
  raise insufficient_privilege using message = 'these drafts were not taken by this transaction';
end $function$;
alter function guard.together() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.unix_ms(p_at timestamp with time zone)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select extract(epoch from p_at) * 1000 $function$;
alter function guard.unix_ms(timestamp with time zone) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.vendor_writes(ids uuid[])
 RETURNS TABLE(write_id uuid, version integer, connection_id uuid, vendor text, status text, state jsonb, draft_id uuid, kind text, patient_id uuid, patient text, birth_date text, signed_by text, signed_at timestamp with time zone, why_not text, created_at timestamp with time zone, updated_at timestamp with time zone, now_ms double precision)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query select w.id, w.version, w.connection_id, c.vendor, w.status, w.state, w.draft_id, p.kind, p.patient_id, x.patient, x.birth_date, app.display_name(p.decided_by), p.decided_at,
      guard.why_not_resolve(p.kind), w.created_at, w.updated_at, guard.unix_ms(clock_timestamp())
    from data.vendor_writes w join data.connections c on c.tenant_id = w.tenant_id and c.id = w.connection_id
    left join data.pending_actions p on p.tenant_id = w.tenant_id and p.id = w.draft_id
    left join lateral app.patient_label(p.patient_id) x on true
    where w.tenant_id = app.tenant() and w.id = any (ids) order by w.created_at, w.id;
end $function$;
alter function guard.vendor_writes(uuid[]) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.webhook(p_tenant uuid, p_id uuid, p_now timestamp with time zone)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select jsonb_build_object('tenant_id', d.tenant_id, 'id', d.id, 'event_id', d.event_id, 'endpoint_id', d.endpoint_id, 'type', e.type, 'object_id', d.object_id, 'seq', d.seq,
    'occurred_at', guard.ms(e.occurred_at), 'url', x.url,
    'secret_ids', jsonb_build_array(x.secret_id) || case when x.previous_until > p_now then jsonb_build_array(x.previous_secret_id) else '[]' end,
    'delivery', jsonb_build_object('status', d.status, 'attempts', d.attempts, 'due_at', guard.ms(d.due_at), 'claim', d.claim, 'reason', d.reason, 'answer', d.answer),
    'endpoint', jsonb_build_object('status', x.status, 'failures', x.failures, 'failing_since', guard.ms(x.failing_since), 'paused_until', guard.ms(x.paused_until), 'disabled_reason', x.disabled_reason))
  from data.webhook_deliveries d join data.webhook_events e on e.tenant_id = d.tenant_id and e.id = d.event_id
  join data.webhook_endpoints x on x.tenant_id = d.tenant_id and x.id = d.endpoint_id
  where d.tenant_id = p_tenant and d.id = p_id
$function$;
alter function guard.webhook(uuid,uuid,timestamp with time zone) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.webhook_event(p_tenant uuid, p_type text, p_object uuid)
 RETURNS data.webhook_events
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  e data.webhook_events;
  n bigint;
begin
  insert into data.webhook_sequences as s (tenant_id, object_id, seq) values (p_tenant, p_object, 1)
    on conflict (tenant_id, object_id) do update set seq = s.seq + 1 returning s.seq into n;
  insert into data.webhook_events (tenant_id, type, object_id, seq) values (p_tenant, p_type, p_object, n) returning * into e;
  return e;
end $function$;
alter function guard.webhook_event(uuid,text,uuid) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.webhook_types()
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select array['draft.signed', 'draft.committed', 'draft.rejected', 'operation.updated', 'appointment.changed', 'practitioner.changed', 'connection.changed']
$function$;
alter function guard.webhook_types() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.why_not(of_kind text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text[] := guard.opened_seal();
  login uuid := guard.login_id();
  s guard.signing;
  u data.users;
begin
  if login is null then return 'not_permitted'; end if;
  select * into u from data.users x where x.tenant_id = seal[1]::uuid and x.id = seal[2]::uuid;
  select * into s from guard.signing x where x.kind = of_kind and x.role = u.role;
  if s.kind is null then
    select x.kind, x.right_name, u.role, bool_or(x.needs_licence) into s from guard.signing x where x.kind = of_kind and x.right_name = any (u.signs) group by 1, 2;
  end if;
  if s.kind is null then return 'not_permitted'; end if;
  if s.needs_licence and not guard.is_licensed(u.tenant_id, u.id) then return 'licence_needed'; end if;
  if not guard.has_fresh_mfa(login) then return 'mfa_needed'; end if;
  return null;
end $function$;
alter function guard.why_not(text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.why_not_manage()
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.opened_seal();
begin
  if guard.login_id() is null or not exists (select from data.users u where u.tenant_id = seal[1]::uuid and u.id = seal[2]::uuid and u.role = 'owner') then return 'not_permitted'; end if;
  if not guard.has_fresh_mfa(guard.login_id()) then return 'mfa_needed'; end if;
  return null;
end $function$;
alter function guard.why_not_manage() owner to app_guard;

CREATE OR REPLACE FUNCTION guard.why_not_resolve(of_kind text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.opened_seal();
begin
  if guard.login_id() is null then return 'not_permitted'; end if;
  if not exists (select from data.users u where u.tenant_id = seal[1]::uuid and u.id = seal[2]::uuid and u.role = 'owner') and coalesce(of_kind <> all (app.signable()), true) then
    return 'not_permitted';
  end if;
  if not guard.has_fresh_mfa(guard.login_id()) then return 'mfa_needed'; end if;
  return null;
end $function$;
alter function guard.why_not_resolve(text) owner to app_guard;

CREATE OR REPLACE FUNCTION guard.why_not_restore()
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare seal text[] := guard.opened_seal();
begin
  if guard.login_id() is null or not exists (select from data.users u
      where u.tenant_id = seal[1]::uuid and u.id = seal[2]::uuid and u.role in ('owner', 'biller', 'front_desk')) then return 'not_permitted'; end if;
  if not guard.has_fresh_mfa(guard.login_id()) then return 'mfa_needed'; end if;
  return null;
end $function$;
alter function guard.why_not_restore() owner to app_guard;

create table data.adjustments (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  charge_id uuid not null,
  kind text not null,
  party text not null,
  amount_cents integer not null,
  posted_on date not null,
  remittance_claim_id uuid,
  constraint adjustments_amount_cents_check CHECK ((amount_cents <> 0)),
  constraint adjustments_kind_check CHECK ((kind = ANY (ARRAY['contractual'::text, 'sequestration'::text, 'discount'::text, 'write_off'::text, 'bad_debt'::text]))),
  constraint adjustments_party_check CHECK ((party = ANY (ARRAY['insurance'::text, 'patient'::text]))),
  constraint adjustments_pkey PRIMARY KEY (tenant_id, id),
  constraint adjustments_tenant_id_charge_id_fkey FOREIGN KEY (tenant_id, charge_id) REFERENCES data.charges(tenant_id, id),
  constraint adjustments_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint adjustments_tenant_id_remittance_claim_id_fkey FOREIGN KEY (tenant_id, remittance_claim_id) REFERENCES data.remittance_claims(tenant_id, id)
);
alter table data.adjustments owner to app_owner;
alter table data.adjustments enable row level security, force row level security;
create policy finance on data.adjustments as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (( SELECT (app.finance() = 'own'::text)) AND (practitioner_id = ( SELECT app.practitioner_id() AS practitioner_id))) OR (CURRENT_USER = 'app_guard'::name)));
create policy guard on data.adjustments as permissive for all to app_guard using (true) with check (true);
create policy signed on data.adjustments as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['payment_posting_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.adjustments as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX adjustments_charge ON data.adjustments USING btree (tenant_id, charge_id) INCLUDE (posted_on, kind, party, amount_cents, practitioner_id);
CREATE INDEX adjustments_patient ON data.adjustments USING btree (tenant_id, patient_id, posted_on);
CREATE INDEX adjustments_posted ON data.adjustments USING btree (tenant_id, posted_on) INCLUDE (charge_id, kind, amount_cents, practitioner_id);
CREATE INDEX adjustments_remittance ON data.adjustments USING btree (tenant_id, remittance_claim_id) WHERE (remittance_claim_id IS NOT NULL);
CREATE TRIGGER open_items_added AFTER INSERT ON data.adjustments REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_after AFTER UPDATE ON data.adjustments REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_before AFTER UPDATE ON data.adjustments REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_removed AFTER DELETE ON data.adjustments REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
grant insert, select on table data.adjustments to app_api;
grant select on table data.adjustments to app_guard;

create table data.allergies (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  code text,
  code_system text,
  substance text not null,
  type text,
  category text,
  criticality text,
  clinical_status text not null default 'active'::text,
  verification_status text not null default 'confirmed'::text,
  reactions jsonb not null default '[]'::jsonb,
  onset_on data.partial_date,
  recorded_on data.partial_date,
  recorder_id uuid,
  constraint allergies_category_check CHECK ((category = ANY (ARRAY['medication'::text, 'food'::text, 'environment'::text, 'biologic'::text]))),
  constraint allergies_clinical_status_check CHECK ((clinical_status = ANY (ARRAY['active'::text, 'inactive'::text, 'resolved'::text]))),
  constraint allergies_code_system_check CHECK ((code_system = ANY (ARRAY['rxnorm'::text, 'snomed'::text, 'unii'::text]))),
  constraint allergies_criticality_check CHECK ((criticality = ANY (ARRAY['low'::text, 'high'::text, 'unable_to_assess'::text]))),
  constraint allergies_pkey PRIMARY KEY (tenant_id, id),
  constraint allergies_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint allergies_tenant_id_recorder_id_fkey FOREIGN KEY (tenant_id, recorder_id) REFERENCES data.practitioners(tenant_id, id),
  constraint allergies_type_check CHECK ((type = ANY (ARRAY['allergy'::text, 'intolerance'::text]))),
  constraint allergies_verification_status_check CHECK ((verification_status = ANY (ARRAY['unconfirmed'::text, 'presumed'::text, 'confirmed'::text, 'refuted'::text, 'entered_in_error'::text])))
);
alter table data.allergies owner to app_owner;
alter table data.allergies enable row level security, force row level security;
create policy tenant on data.allergies as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX allergies_patient ON data.allergies USING btree (tenant_id, patient_id);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.allergies FOR EACH ROW EXECUTE FUNCTION guard.note_change('allergy');
grant select on table data.allergies to app_api;

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
  cancellation_reason text,
  constraint appointments_cancellation_reason_check CHECK ((cancellation_reason = ANY (ARRAY['patient_request'::text, 'patient_ill'::text, 'transport'::text, 'cost_or_coverage'::text, 'no_longer_needed'::text, 'weather'::text, 'clinician_unavailable'::text, 'clinic_closed'::text, 'equipment'::text, 'booked_in_error'::text, 'other'::text]))),
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
create policy guard on data.appointments as permissive for all to app_guard using (true) with check (true);
create policy of_the_draft_update on data.appointments as restrictive for update to public using (((patient_id = ( SELECT app.signing_for() AS signing_for)) OR (CURRENT_USER <> 'app_api'::name)));
create policy signed on data.appointments as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['appointment_draft'::text, 'reschedule_draft'::text, 'cancellation_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy signed_update on data.appointments as restrictive for update to public using ((( SELECT app.signs(ARRAY['appointment_draft'::text, 'reschedule_draft'::text, 'cancellation_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name))) with check ((( SELECT app.signs(ARRAY['appointment_draft'::text, 'reschedule_draft'::text, 'cancellation_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.appointments as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX appointments_outcome ON data.appointments USING btree (tenant_id, start_at, id) INCLUDE (practitioner_id, patient_id, status, minutes, visit_type, booked_at, cancelled_by, cancelled_at, rescheduled_to);
CREATE INDEX appointments_patient ON data.appointments USING btree (tenant_id, patient_id, start_at);
CREATE INDEX appointments_practitioner ON data.appointments USING btree (tenant_id, practitioner_id, start_at) INCLUDE (id, minutes, status, booked_at);
CREATE INDEX appointments_start ON data.appointments USING btree (tenant_id, start_at, id);
CREATE TRIGGER no_double_booking BEFORE INSERT OR UPDATE OF tenant_id, id, practitioner_id, patient_id, start_at, minutes, status ON data.appointments FOR EACH ROW WHEN ((new.status <> ALL (ARRAY['cancelled'::text, 'rescheduled'::text, 'no_show'::text, 'entered_in_error'::text]))) EXECUTE FUNCTION guard.refuse_double_booking();
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.appointments FOR EACH ROW EXECUTE FUNCTION guard.note_change('appointment');
grant insert, select on table data.appointments to app_api;
grant select on table data.appointments to app_guard;
grant update on table data.appointments column cancellation_reason to app_api;
grant update on table data.appointments column cancelled_at to app_api;
grant update on table data.appointments column cancelled_by to app_api;
grant update on table data.appointments column rescheduled_to to app_api;
grant update on table data.appointments column status to app_api;

create table data.approval_uses (
  tenant_id uuid not null,
  id uuid not null,
  approval_id uuid not null,
  used_on date not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint approval_uses_pkey PRIMARY KEY (tenant_id, id),
  constraint approval_uses_tenant_id_approval_id_fkey FOREIGN KEY (tenant_id, approval_id) REFERENCES data.standing_approvals(tenant_id, id),
  constraint approval_uses_tenant_id_id_fkey FOREIGN KEY (tenant_id, id) REFERENCES data.pending_actions(tenant_id, id)
);
alter table data.approval_uses owner to app_owner;
alter table data.approval_uses enable row level security, force row level security;
create policy guard on data.approval_uses as permissive for all to app_guard using (true) with check (true);
create policy reader on data.approval_uses as restrictive for all to public using ((( SELECT app.is_login() AS is_login) OR (CURRENT_USER = 'app_guard'::name)));
create policy tenant on data.approval_uses as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX approval_uses_day ON data.approval_uses USING btree (tenant_id, approval_id, used_on);
grant insert, select on table data.approval_uses to app_guard;
grant select on table data.approval_uses to app_api;

create table data.authorization_uses (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  authorization_id uuid not null,
  appointment_id uuid,
  service_on date not null,
  units integer not null,
  status text not null,
  billed boolean not null default false,
  paid boolean not null default false,
  constraint authorization_uses_pkey PRIMARY KEY (tenant_id, id),
  constraint authorization_uses_status_check CHECK ((status = ANY (ARRAY['scheduled'::text, 'delivered'::text, 'verified'::text, 'cancelled'::text]))),
  constraint authorization_uses_tenant_id_appointment_id_fkey FOREIGN KEY (tenant_id, appointment_id) REFERENCES data.appointments(tenant_id, id),
  constraint authorization_uses_tenant_id_authorization_id_fkey FOREIGN KEY (tenant_id, authorization_id) REFERENCES data.authorizations(tenant_id, id),
  constraint authorization_uses_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint authorization_uses_units_check CHECK ((units > 0))
);
alter table data.authorization_uses owner to app_owner;
alter table data.authorization_uses enable row level security, force row level security;
create policy tenant on data.authorization_uses as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX authorization_uses_authorization ON data.authorization_uses USING btree (tenant_id, authorization_id, service_on);
grant select on table data.authorization_uses to app_api;

create table data.authorizations (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  coverage_id uuid,
  prior_authorization_id uuid,
  payer text not null,
  service_code text not null,
  modifier text,
  service_name text not null,
  unit_type text not null,
  total_units integer not null,
  units_per_week integer,
  period_start date not null,
  period_end date not null,
  status text not null,
  constraint authorizations_pkey PRIMARY KEY (tenant_id, id),
  constraint authorizations_status_check CHECK ((status = ANY (ARRAY['active'::text, 'cancelled'::text, 'entered_in_error'::text]))),
  constraint authorizations_tenant_id_coverage_id_fkey FOREIGN KEY (tenant_id, coverage_id) REFERENCES data.coverages(tenant_id, id),
  constraint authorizations_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint authorizations_tenant_id_prior_authorization_id_fkey FOREIGN KEY (tenant_id, prior_authorization_id) REFERENCES data.prior_authorizations(tenant_id, id),
  constraint authorizations_total_units_check CHECK ((total_units > 0)),
  constraint authorizations_unit_type_check CHECK ((unit_type = ANY (ARRAY['15_min'::text, 'hour'::text, 'visit'::text, 'day'::text])))
);
alter table data.authorizations owner to app_owner;
alter table data.authorizations enable row level security, force row level security;
create policy tenant on data.authorizations as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX authorizations_end ON data.authorizations USING btree (tenant_id, period_end, id);
CREATE INDEX authorizations_patient ON data.authorizations USING btree (tenant_id, patient_id, period_end);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.authorizations FOR EACH ROW EXECUTE FUNCTION guard.note_change('authorization');
grant select on table data.authorizations to app_api;

create table data.care_plan_activities (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  care_plan_id uuid not null,
  kind text not null,
  description text not null,
  loinc text,
  status text not null,
  first_due_on date not null,
  every_days integer,
  owner_id uuid,
  constraint care_plan_activities_every_days_check CHECK ((every_days > 0)),
  constraint care_plan_activities_kind_check CHECK ((kind = ANY (ARRAY['lab'::text, 'visit'::text, 'vital'::text, 'education'::text, 'referral'::text, 'medication_review'::text, 'screening'::text, 'other'::text]))),
  constraint care_plan_activities_pkey PRIMARY KEY (tenant_id, id),
  constraint care_plan_activities_status_check CHECK ((status = ANY (ARRAY['not_started'::text, 'scheduled'::text, 'in_progress'::text, 'on_hold'::text, 'completed'::text, 'cancelled'::text, 'entered_in_error'::text]))),
  constraint care_plan_activities_tenant_id_care_plan_id_fkey FOREIGN KEY (tenant_id, care_plan_id) REFERENCES data.care_plans(tenant_id, id),
  constraint care_plan_activities_tenant_id_owner_id_fkey FOREIGN KEY (tenant_id, owner_id) REFERENCES data.practitioners(tenant_id, id),
  constraint care_plan_activities_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.care_plan_activities owner to app_owner;
alter table data.care_plan_activities enable row level security, force row level security;
create policy signed on data.care_plan_activities as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['care_plan_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy signed_update on data.care_plan_activities as restrictive for update to public using ((( SELECT app.signs(ARRAY['care_plan_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name))) with check ((( SELECT app.signs(ARRAY['care_plan_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.care_plan_activities as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX care_plan_activities_open ON data.care_plan_activities USING btree (tenant_id, first_due_on) WHERE (status = ANY (ARRAY['not_started'::text, 'scheduled'::text, 'in_progress'::text, 'on_hold'::text]));
CREATE INDEX care_plan_activities_patient ON data.care_plan_activities USING btree (tenant_id, patient_id);
CREATE INDEX care_plan_activities_plan ON data.care_plan_activities USING btree (tenant_id, care_plan_id);
grant insert, select, update on table data.care_plan_activities to app_api;

create table data.care_plan_completions (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  activity_id uuid not null,
  done_on date not null,
  constraint care_plan_completions_pkey PRIMARY KEY (tenant_id, id),
  constraint care_plan_completions_tenant_id_activity_id_fkey FOREIGN KEY (tenant_id, activity_id) REFERENCES data.care_plan_activities(tenant_id, id),
  constraint care_plan_completions_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.care_plan_completions owner to app_owner;
alter table data.care_plan_completions enable row level security, force row level security;
create policy signed on data.care_plan_completions as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['care_plan_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.care_plan_completions as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX care_plan_completions_activity ON data.care_plan_completions USING btree (tenant_id, activity_id, done_on DESC);
grant insert, select on table data.care_plan_completions to app_api;

create table data.care_plan_goals (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  care_plan_id uuid not null,
  description text not null,
  loinc text,
  target_low numeric,
  target_high numeric,
  unit text,
  due_on date,
  status text not null,
  achievement text,
  constraint care_plan_goals_achievement_check CHECK ((achievement = ANY (ARRAY['in_progress'::text, 'improving'::text, 'worsening'::text, 'no_change'::text, 'achieved'::text, 'sustaining'::text, 'not_achieved'::text, 'not_attainable'::text]))),
  constraint care_plan_goals_pkey PRIMARY KEY (tenant_id, id),
  constraint care_plan_goals_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'planned'::text, 'accepted'::text, 'active'::text, 'on_hold'::text, 'completed'::text, 'cancelled'::text, 'entered_in_error'::text]))),
  constraint care_plan_goals_tenant_id_care_plan_id_fkey FOREIGN KEY (tenant_id, care_plan_id) REFERENCES data.care_plans(tenant_id, id),
  constraint care_plan_goals_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.care_plan_goals owner to app_owner;
alter table data.care_plan_goals enable row level security, force row level security;
create policy signed on data.care_plan_goals as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['care_plan_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy signed_update on data.care_plan_goals as restrictive for update to public using ((( SELECT app.signs(ARRAY['care_plan_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name))) with check ((( SELECT app.signs(ARRAY['care_plan_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.care_plan_goals as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX care_plan_goals_patient ON data.care_plan_goals USING btree (tenant_id, patient_id);
CREATE INDEX care_plan_goals_plan ON data.care_plan_goals USING btree (tenant_id, care_plan_id);
grant insert, select, update on table data.care_plan_goals to app_api;

create table data.care_plans (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  title text not null,
  status text not null,
  start_on date,
  end_on date,
  author_id uuid,
  updated_at timestamp with time zone not null,
  constraint care_plans_pkey PRIMARY KEY (tenant_id, id),
  constraint care_plans_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'on_hold'::text, 'revoked'::text, 'completed'::text, 'entered_in_error'::text]))),
  constraint care_plans_tenant_id_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES data.practitioners(tenant_id, id),
  constraint care_plans_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.care_plans owner to app_owner;
alter table data.care_plans enable row level security, force row level security;
create policy signed_update on data.care_plans as restrictive for update to public using ((( SELECT app.signs(ARRAY['care_plan_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name))) with check ((( SELECT app.signs(ARRAY['care_plan_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.care_plans as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX care_plans_patient ON data.care_plans USING btree (tenant_id, patient_id, id);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.care_plans FOR EACH ROW EXECUTE FUNCTION guard.note_change('care_plan');
grant select, update on table data.care_plans to app_api;

create table data.charges (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  encounter_id uuid,
  kind text not null,
  code text,
  description text not null,
  units integer not null default 1,
  amount_cents integer not null,
  tax_cents integer not null default 0,
  responsible text not null,
  service_on date not null,
  period_end date,
  posted_on date not null,
  voided_on date,
  goods_cost_cents integer,
  lab_cost_cents integer,
  clinician_minutes integer,
  constraint charges_amount_cents_check CHECK ((amount_cents >= 0)),
  constraint charges_kind_check CHECK ((kind = ANY (ARRAY['service'::text, 'product'::text, 'package'::text, 'membership'::text]))),
  constraint charges_pkey PRIMARY KEY (tenant_id, id),
  constraint charges_responsible_check CHECK ((responsible = ANY (ARRAY['insurance'::text, 'patient'::text]))),
  constraint charges_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES data.encounters(tenant_id, id),
  constraint charges_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint charges_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id),
  constraint charges_units_check CHECK ((units > 0))
);
alter table data.charges owner to app_owner;
alter table data.charges enable row level security, force row level security;
create policy finance on data.charges as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (( SELECT (app.finance() = 'own'::text)) AND (practitioner_id = ( SELECT app.practitioner_id() AS practitioner_id))) OR (CURRENT_USER = 'app_guard'::name)));
create policy guard on data.charges as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.charges as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX charges_ledger ON data.charges USING btree (tenant_id, id) INCLUDE (posted_on, service_on, period_end, voided_on, amount_cents, tax_cents, kind, responsible, practitioner_id);
CREATE INDEX charges_patient ON data.charges USING btree (tenant_id, patient_id, service_on);
CREATE INDEX charges_posted ON data.charges USING btree (tenant_id, posted_on) INCLUDE (kind, amount_cents, tax_cents, voided_on, practitioner_id);
CREATE INDEX charges_prepaid ON data.charges USING btree (tenant_id, kind, posted_on) WHERE (kind = ANY (ARRAY['package'::text, 'membership'::text]));
CREATE INDEX charges_service ON data.charges USING btree (tenant_id, service_on) INCLUDE (id, kind, amount_cents, voided_on, practitioner_id);
CREATE INDEX charges_voided ON data.charges USING btree (tenant_id, voided_on) INCLUDE (id, practitioner_id) WHERE (voided_on IS NOT NULL);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.charges FOR EACH ROW EXECUTE FUNCTION guard.note_change('charge');
CREATE TRIGGER open_items_added AFTER INSERT ON data.charges REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_after AFTER UPDATE ON data.charges REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_before AFTER UPDATE ON data.charges REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_removed AFTER DELETE ON data.charges REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
grant select on table data.charges to app_api;
grant select on table data.charges to app_guard;

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
create policy signed on data.chart_notes as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['chart_note_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.chart_notes as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX chart_notes_encounter ON data.chart_notes USING btree (tenant_id, encounter_id, status) WHERE (encounter_id IS NOT NULL);
CREATE INDEX chart_notes_patient ON data.chart_notes USING btree (tenant_id, patient_id, signed_at DESC, id);
CREATE INDEX chart_notes_unsigned ON data.chart_notes USING btree (tenant_id, created_at, id) WHERE (status = 'unsigned'::text);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.chart_notes FOR EACH ROW EXECUTE FUNCTION guard.note_change('chart_note');
grant insert, select on table data.chart_notes to app_api;

create table data.claim_lines (
  tenant_id uuid not null,
  id uuid not null,
  claim_id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  charge_id uuid,
  line_number integer not null,
  code text not null,
  modifiers text[] not null default '{}'::text[],
  icd10 text[] not null default '{}'::text[],
  units integer not null,
  amount_cents integer not null,
  service_on date not null,
  constraint claim_lines_pkey PRIMARY KEY (tenant_id, id),
  constraint claim_lines_tenant_id_charge_id_fkey FOREIGN KEY (tenant_id, charge_id) REFERENCES data.charges(tenant_id, id),
  constraint claim_lines_tenant_id_claim_id_fkey FOREIGN KEY (tenant_id, claim_id) REFERENCES data.claims(tenant_id, id),
  constraint claim_lines_tenant_id_claim_id_line_number_key UNIQUE (tenant_id, claim_id, line_number)
);
alter table data.claim_lines owner to app_owner;
alter table data.claim_lines enable row level security, force row level security;
create policy finance on data.claim_lines as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (( SELECT (app.finance() = 'own'::text)) AND (practitioner_id = ( SELECT app.practitioner_id() AS practitioner_id)))));
create policy tenant on data.claim_lines as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX claim_lines_charge ON data.claim_lines USING btree (tenant_id, charge_id) WHERE (charge_id IS NOT NULL);
grant select on table data.claim_lines to app_api;

create table data.claims (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  encounter_id uuid,
  coverage_id uuid,
  payer text not null,
  form text not null,
  claim_number text not null,
  payer_control_number text,
  frequency text not null default '1'::text,
  replaces uuid,
  status text not null,
  service_from date not null,
  service_to date not null,
  submitted_on date,
  first_adjudicated_on date,
  total_cents integer not null,
  constraint claims_form_check CHECK ((form = ANY (ARRAY['professional'::text, 'institutional'::text]))),
  constraint claims_frequency_check CHECK ((frequency = ANY (ARRAY['1'::text, '7'::text, '8'::text]))),
  constraint claims_pkey PRIMARY KEY (tenant_id, id),
  constraint claims_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'submitted'::text, 'rejected'::text, 'accepted'::text, 'pended'::text, 'paid'::text, 'partially_paid'::text, 'denied'::text, 'voided'::text]))),
  constraint claims_tenant_id_claim_number_key UNIQUE (tenant_id, claim_number),
  constraint claims_tenant_id_coverage_id_fkey FOREIGN KEY (tenant_id, coverage_id) REFERENCES data.coverages(tenant_id, id),
  constraint claims_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint claims_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id),
  constraint claims_tenant_id_replaces_fkey FOREIGN KEY (tenant_id, replaces) REFERENCES data.claims(tenant_id, id),
  constraint claims_total_cents_check CHECK ((total_cents >= 0))
);
alter table data.claims owner to app_owner;
alter table data.claims enable row level security, force row level security;
create policy finance on data.claims as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (( SELECT (app.finance() = 'own'::text)) AND (practitioner_id = ( SELECT app.practitioner_id() AS practitioner_id)))));
create policy tenant on data.claims as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX claims_adjudicated ON data.claims USING btree (tenant_id, first_adjudicated_on);
CREATE INDEX claims_patient ON data.claims USING btree (tenant_id, patient_id, service_from DESC, id);
CREATE INDEX claims_replaces ON data.claims USING btree (tenant_id, replaces) WHERE (replaces IS NOT NULL);
CREATE INDEX claims_service ON data.claims USING btree (tenant_id, service_from DESC, id);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.claims FOR EACH ROW EXECUTE FUNCTION guard.note_change('claim');
grant select on table data.claims to app_api;

create table data.conditions (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  category text not null,
  icd10 text collate "C",
  snomed text,
  name text not null,
  clinical_status text not null,
  verification_status text not null default 'confirmed'::text,
  onset_on data.partial_date,
  abated_on data.partial_date,
  recorded_on data.partial_date,
  encounter_id uuid,
  recorder_id uuid,
  constraint conditions_category_check CHECK ((category = ANY (ARRAY['problem'::text, 'encounter_diagnosis'::text]))),
  constraint conditions_check CHECK (((category = 'problem'::text) OR (encounter_id IS NOT NULL))),
  constraint conditions_clinical_status_check CHECK ((clinical_status = ANY (ARRAY['active'::text, 'recurrence'::text, 'relapse'::text, 'inactive'::text, 'remission'::text, 'resolved'::text, 'unknown'::text]))),
  constraint conditions_pkey PRIMARY KEY (tenant_id, id),
  constraint conditions_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES data.encounters(tenant_id, id),
  constraint conditions_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint conditions_tenant_id_recorder_id_fkey FOREIGN KEY (tenant_id, recorder_id) REFERENCES data.practitioners(tenant_id, id),
  constraint conditions_verification_status_check CHECK ((verification_status = ANY (ARRAY['confirmed'::text, 'provisional'::text, 'differential'::text, 'unconfirmed'::text, 'refuted'::text, 'entered_in_error'::text])))
);
alter table data.conditions owner to app_owner;
alter table data.conditions enable row level security, force row level security;
create policy tenant on data.conditions as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX conditions_encounter ON data.conditions USING btree (tenant_id, encounter_id);
CREATE INDEX conditions_icd10 ON data.conditions USING btree (tenant_id, icd10, patient_id) INCLUDE (clinical_status, verification_status, onset_on, abated_on, recorded_on);
CREATE INDEX conditions_patient ON data.conditions USING btree (tenant_id, patient_id);
CREATE INDEX conditions_snomed ON data.conditions USING btree (tenant_id, snomed, patient_id) WHERE (snomed IS NOT NULL);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.conditions FOR EACH ROW EXECUTE FUNCTION guard.note_change('condition');
grant select on table data.conditions to app_api;

create table data.connection_acts (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  connection_id uuid not null,
  act text not null,
  user_id uuid not null,
  secret_id uuid,
  at timestamp with time zone not null default clock_timestamp(),
  taken_at timestamp with time zone,
  outcome text,
  try_at timestamp with time zone,
  constraint connection_acts_act_check CHECK ((act = ANY (ARRAY['try_once'::text, 'enter_password'::text, 'enter_code'::text, 'pause'::text, 'resume'::text]))),
  constraint connection_acts_check CHECK (((secret_id IS NOT NULL) = (act = ANY (ARRAY['enter_password'::text, 'enter_code'::text])))),
  constraint connection_acts_check1 CHECK (((outcome IS NULL) OR (taken_at IS NOT NULL))),
  constraint connection_acts_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'not_now'::text, 'too_late'::text]))),
  constraint connection_acts_pkey PRIMARY KEY (tenant_id, id),
  constraint connection_acts_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES data.connections(tenant_id, id)
);
alter table data.connection_acts owner to app_owner;
alter table data.connection_acts enable row level security, force row level security;
create policy guard on data.connection_acts as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.connection_acts as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX connection_acts_newest ON data.connection_acts USING btree (tenant_id, connection_id, at DESC);
CREATE INDEX connection_acts_waiting ON data.connection_acts USING btree (tenant_id, connection_id, at) WHERE (taken_at IS NULL);
grant insert, select, update on table data.connection_acts to app_guard;

create table data.connection_states (
  tenant_id uuid not null,
  connection_id uuid not null,
  revision integer not null,
  state jsonb not null,
  at text not null generated always as ((state ->> 'at'::text)) stored,
  updated_at timestamp with time zone not null default clock_timestamp(),
  constraint connection_states_at_check CHECK ((at = ANY (ARRAY['authorizing'::text, 'healthy'::text, 'degraded'::text, 'action_required'::text, 'suspended'::text]))),
  constraint connection_states_pkey PRIMARY KEY (tenant_id, connection_id),
  constraint connection_states_revision_check CHECK ((revision > 0)),
  constraint connection_states_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES data.connections(tenant_id, id)
);
alter table data.connection_states owner to app_owner;
alter table data.connection_states enable row level security, force row level security;
create policy guard on data.connection_states as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.connection_states as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.connection_states to app_guard;

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

create table data.contract_days (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  contract_id uuid not null,
  day date not null,
  counts jsonb not null,
  constraint contract_days_pkey PRIMARY KEY (tenant_id, id),
  constraint contract_days_tenant_id_contract_id_day_key UNIQUE (tenant_id, contract_id, day),
  constraint contract_days_tenant_id_contract_id_fkey FOREIGN KEY (tenant_id, contract_id) REFERENCES data.contract_states(tenant_id, id)
);
alter table data.contract_days owner to app_owner;
alter table data.contract_days enable row level security, force row level security;
create policy guard on data.contract_days as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.contract_days as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.contract_days to app_guard;

create table data.contract_states (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  vendor text not null,
  surface text not null,
  version integer not null,
  revision integer not null,
  state jsonb not null,
  standing text not null generated always as ((state ->> 'standing'::text)) stored,
  updated_at timestamp with time zone not null default clock_timestamp(),
  constraint contract_states_pkey PRIMARY KEY (tenant_id, id),
  constraint contract_states_revision_check CHECK ((revision > 0)),
  constraint contract_states_standing_check CHECK ((standing = ANY (ARRAY['candidate'::text, 'canary'::text, 'active'::text, 'suspect'::text, 'quarantined'::text, 'retired'::text]))),
  constraint contract_states_surface_check CHECK ((surface ~ '^[a-z0-9_]{1,60}$'::text)),
  constraint contract_states_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id),
  constraint contract_states_tenant_id_vendor_surface_version_key UNIQUE (tenant_id, vendor, surface, version),
  constraint contract_states_vendor_check CHECK ((vendor ~ '^[a-z0-9_]{1,60}$'::text)),
  constraint contract_states_version_check CHECK ((version > 0))
);
alter table data.contract_states owner to app_owner;
alter table data.contract_states enable row level security, force row level security;
create policy guard on data.contract_states as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.contract_states as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.contract_states to app_guard;

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
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.coverages FOR EACH ROW EXECUTE FUNCTION guard.note_change('coverage');
grant select on table data.coverages to app_api;

create table data.deliveries (
  tenant_id uuid not null,
  id uuid not null,
  status text not null default 'waiting'::text,
  reason text,
  not_before timestamp with time zone,
  time_zone text,
  attempts integer not null default 0,
  claim uuid,
  claimed_at timestamp with time zone,
  claim_seen_at timestamp with time zone,
  settled_at timestamp with time zone,
  provider_id text,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint deliveries_pkey PRIMARY KEY (tenant_id, id),
  constraint deliveries_reason_check CHECK ((reason ~ '^[a-z0-9_]{1,40}$'::text)),
  constraint deliveries_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text]))),
  constraint deliveries_tenant_id_id_fkey FOREIGN KEY (tenant_id, id) REFERENCES data.outgoing_messages(tenant_id, id)
);
alter table data.deliveries owner to app_owner;
alter table data.deliveries enable row level security, force row level security;
create policy guard on data.deliveries as permissive for all to app_guard using (true) with check (true);
create policy reader on data.deliveries as restrictive for all to public using ((( SELECT app.is_login() AS is_login) OR (CURRENT_USER = 'app_guard'::name)));
create policy tenant on data.deliveries as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX deliveries_not_gone ON data.deliveries USING btree (tenant_id, settled_at DESC, id DESC) WHERE (status = ANY (ARRAY['failed'::text, 'unknown'::text, 'cancelled'::text]));
CREATE INDEX deliveries_open ON data.deliveries USING btree (tenant_id, not_before, created_at) WHERE (status = ANY (ARRAY['waiting'::text, 'sending'::text]));
grant insert, select, update on table data.deliveries to app_guard;
grant select on table data.deliveries to app_api;

create table data.delivery_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  message_id uuid not null,
  status text not null,
  reason text,
  attempt integer not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint delivery_events_pkey PRIMARY KEY (tenant_id, id)
);
alter table data.delivery_events owner to app_owner;
alter table data.delivery_events enable row level security, force row level security;
create policy guard on data.delivery_events as permissive for all to app_guard using (true) with check (true);
create policy reader on data.delivery_events as restrictive for all to public using ((( SELECT app.is_login() AS is_login) OR (CURRENT_USER = 'app_guard'::name)));
create policy tenant on data.delivery_events as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX delivery_events_message ON data.delivery_events USING btree (tenant_id, message_id, at, id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.delivery_events FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.delivery_events FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert on table data.delivery_events to app_guard;
grant select on table data.delivery_events to app_api;

create table data.drift_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  contract_id uuid not null,
  revision integer not null,
  severity text not null,
  differences jsonb not null,
  shifts jsonb not null,
  at timestamp with time zone not null default clock_timestamp(),
  user_id uuid,
  constraint drift_events_check CHECK (((severity = 'cleared'::text) = (user_id IS NOT NULL))),
  constraint drift_events_pkey PRIMARY KEY (tenant_id, id),
  constraint drift_events_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warn'::text, 'break'::text, 'suspect'::text, 'back'::text, 'cleared'::text]))),
  constraint drift_events_tenant_id_contract_id_fkey FOREIGN KEY (tenant_id, contract_id) REFERENCES data.contract_states(tenant_id, id)
);
alter table data.drift_events owner to app_owner;
alter table data.drift_events enable row level security, force row level security;
create policy guard on data.drift_events as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.drift_events as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX drift_events_newest ON data.drift_events USING btree (tenant_id, contract_id, at DESC);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.drift_events FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.drift_events FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.drift_events to app_guard;

create table data.earnings (
  tenant_id uuid not null,
  charge_id uuid not null,
  kind text not null,
  service_on date not null,
  period_end date,
  net_cents bigint not null,
  redeemed_cents bigint not null,
  constraint earnings_pkey PRIMARY KEY (tenant_id, charge_id)
);
alter table data.earnings owner to app_owner;
alter table data.earnings enable row level security, force row level security;
create policy finance on data.earnings as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (CURRENT_USER = 'app_guard'::name)));
create policy guard on data.earnings as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.earnings as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX earnings_membership ON data.earnings USING btree (tenant_id, service_on) INCLUDE (period_end, net_cents) WHERE (kind = 'membership'::text);
CREATE INDEX earnings_service ON data.earnings USING btree (tenant_id, service_on) INCLUDE (kind, net_cents, redeemed_cents) WHERE (kind <> 'membership'::text);
grant delete, insert, select, update on table data.earnings to app_guard;
grant select on table data.earnings to app_api;

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
  visit_type text,
  constraint encounters_class_check CHECK ((class = ANY (ARRAY['ambulatory'::text, 'virtual'::text, 'home'::text, 'emergency'::text, 'inpatient'::text]))),
  constraint encounters_pkey PRIMARY KEY (tenant_id, id),
  constraint encounters_status_check CHECK ((status = ANY (ARRAY['in_progress'::text, 'finished'::text, 'entered_in_error'::text]))),
  constraint encounters_tenant_id_appointment_id_fkey FOREIGN KEY (tenant_id, appointment_id) REFERENCES data.appointments(tenant_id, id),
  constraint encounters_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint encounters_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.encounters owner to app_owner;
alter table data.encounters enable row level security, force row level security;
create policy tenant on data.encounters as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX encounters_documented ON data.encounters USING btree (tenant_id, start_at, id) INCLUDE (patient_id, practitioner_id) WHERE ((status = 'finished'::text) AND (class = ANY (ARRAY['ambulatory'::text, 'virtual'::text, 'home'::text])));
CREATE INDEX encounters_hospital ON data.encounters USING btree (tenant_id, id) WHERE (class = ANY (ARRAY['emergency'::text, 'inpatient'::text]));
CREATE INDEX encounters_open ON data.encounters USING btree (tenant_id, start_at, id) WHERE (status = 'in_progress'::text);
CREATE INDEX encounters_patient ON data.encounters USING btree (tenant_id, patient_id, start_at DESC);
CREATE INDEX encounters_seen ON data.encounters USING btree (tenant_id, start_at) INCLUDE (patient_id, class, status);
CREATE INDEX encounters_start ON data.encounters USING btree (tenant_id, start_at, id);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.encounters FOR EACH ROW EXECUTE FUNCTION guard.note_change('encounter');
grant select on table data.encounters to app_api;

create table data.held_proposals (
  tenant_id uuid not null,
  id uuid not null,
  operation text not null,
  kind text not null,
  payload jsonb not null,
  content_hash bytea not null,
  binding_hash bytea not null,
  request_key text,
  patient_id uuid,
  sources jsonb not null,
  status text not null default 'held'::text,
  proposed_by uuid not null,
  credential_id uuid not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decided_by uuid,
  batch_id uuid,
  constraint held_proposals_pkey PRIMARY KEY (tenant_id, id),
  constraint held_proposals_status_check CHECK ((status = ANY (ARRAY['held'::text, 'released'::text, 'rejected'::text, 'expired'::text]))),
  constraint held_proposals_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.held_proposals owner to app_owner;
alter table data.held_proposals enable row level security, force row level security;
create policy guard on data.held_proposals as permissive for all to app_guard using (true) with check (true);
create policy reader on data.held_proposals as restrictive for all to public using (((( SELECT app.is_login() AS is_login) AND ((proposed_by = ( SELECT app.user_id() AS user_id)) OR (kind = ANY (( SELECT app.signable() AS signable)::text[])))) OR (CURRENT_USER = 'app_guard'::name)));
create policy tenant on data.held_proposals as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX held_proposals_status ON data.held_proposals USING btree (tenant_id, status, created_at, id);
CREATE UNIQUE INDEX held_proposals_same ON data.held_proposals USING btree (tenant_id, proposed_by, operation, content_hash) WHERE (status = 'held'::text);
grant insert, select, update on table data.held_proposals to app_guard;
grant select on table data.held_proposals to app_api;

create table data.intake_forms (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  appointment_id uuid,
  kind text not null,
  channel text not null,
  status text not null,
  sent_at timestamp with time zone not null,
  completed_at timestamp with time zone,
  expires_at timestamp with time zone,
  constraint intake_forms_channel_check CHECK ((channel = ANY (ARRAY['portal'::text, 'sms'::text, 'email'::text, 'paper'::text]))),
  constraint intake_forms_check CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL))),
  constraint intake_forms_kind_check CHECK ((kind = ANY (ARRAY['new_patient'::text, 'annual_update'::text, 'consent'::text, 'medical_history'::text, 'phq9'::text, 'ams'::text, 'financial'::text]))),
  constraint intake_forms_pkey PRIMARY KEY (tenant_id, id),
  constraint intake_forms_status_check CHECK ((status = ANY (ARRAY['sent'::text, 'started'::text, 'completed'::text, 'expired'::text, 'cancelled'::text]))),
  constraint intake_forms_tenant_id_appointment_id_fkey FOREIGN KEY (tenant_id, appointment_id) REFERENCES data.appointments(tenant_id, id),
  constraint intake_forms_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.intake_forms owner to app_owner;
alter table data.intake_forms enable row level security, force row level security;
create policy of_the_draft on data.intake_forms as restrictive for insert to public with check (((patient_id = ( SELECT app.signing_for() AS signing_for)) OR (CURRENT_USER <> 'app_api'::name)));
create policy signed on data.intake_forms as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['intake_form_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.intake_forms as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX intake_forms_appointment ON data.intake_forms USING btree (tenant_id, appointment_id);
CREATE INDEX intake_forms_patient ON data.intake_forms USING btree (tenant_id, patient_id, sent_at DESC);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.intake_forms FOR EACH ROW EXECUTE FUNCTION guard.note_change('intake_form');
grant insert, select on table data.intake_forms to app_api;

create table data.lab_orders (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  encounter_id uuid,
  practitioner_id uuid,
  loinc text,
  name text not null,
  status text not null,
  status_reason text,
  priority text not null default 'routine'::text,
  ordered_at timestamp with time zone not null,
  due_on date,
  collected_at timestamp with time zone,
  ended_at timestamp with time zone,
  reason_icd10 text,
  performing_lab text,
  constraint lab_orders_pkey PRIMARY KEY (tenant_id, id),
  constraint lab_orders_priority_check CHECK ((priority = ANY (ARRAY['routine'::text, 'urgent'::text, 'asap'::text, 'stat'::text]))),
  constraint lab_orders_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'on_hold'::text, 'completed'::text, 'revoked'::text, 'entered_in_error'::text, 'unknown'::text]))),
  constraint lab_orders_status_reason_check CHECK ((status_reason = ANY (ARRAY['declined'::text, 'not_collected'::text, 'duplicate'::text, 'replaced'::text, 'other'::text]))),
  constraint lab_orders_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES data.encounters(tenant_id, id),
  constraint lab_orders_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint lab_orders_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.lab_orders owner to app_owner;
alter table data.lab_orders enable row level security, force row level security;
create policy signed on data.lab_orders as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['order_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.lab_orders as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX lab_orders_open ON data.lab_orders USING btree (tenant_id, status, patient_id) WHERE (status = ANY (ARRAY['active'::text, 'on_hold'::text]));
CREATE INDEX lab_orders_ordered ON data.lab_orders USING btree (tenant_id, ordered_at DESC, id DESC);
CREATE INDEX lab_orders_patient ON data.lab_orders USING btree (tenant_id, patient_id, ordered_at DESC, id DESC);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.lab_orders FOR EACH ROW EXECUTE FUNCTION guard.note_change('lab_order');
grant insert, select on table data.lab_orders to app_api;

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
  flag text generated always as (
CASE
    WHEN (lab_flag = ANY (ARRAY['N'::text, 'L'::text, 'LL'::text, 'H'::text, 'HH'::text, 'A'::text, 'AA'::text, 'POS'::text, 'NEG'::text, 'IND'::text, 'DET'::text, 'ND'::text, 'S'::text, 'I'::text, 'R'::text])) THEN lab_flag
    WHEN (lab_flag = ANY (ARRAY['LU'::text, 'LX'::text])) THEN 'L'::text
    WHEN (lab_flag = ANY (ARRAY['HU'::text, 'HX'::text])) THEN 'H'::text
    WHEN (lab_flag = ANY (ARRAY['RR'::text, 'WR'::text])) THEN 'POS'::text
    WHEN (lab_flag = 'NR'::text) THEN 'NEG'::text
    WHEN (lab_flag = 'E'::text) THEN 'IND'::text
    WHEN (lab_flag = 'NS'::text) THEN 'R'::text
    WHEN ((value IS NULL) OR ((COALESCE(ref_low, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:(?:>=?|≥)(?=[\d.]+$)|(?=[\d.]+[-–]))(\d+(?:\.\d+)?)(?:[-–]\d+(?:\.\d+)?)?$'::text))::numeric) IS NULL) AND (COALESCE(ref_high, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:<=?|≤|\d+(?:\.\d+)?[-–])(\d+(?:\.\d+)?)$'::text))::numeric) IS NULL))) THEN 'unknown'::text
    WHEN ((COALESCE(comparator, '<'::text) = ANY (ARRAY['<'::text, '<='::text])) AND ((value < COALESCE(ref_low, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:(?:>=?|≥)(?=[\d.]+$)|(?=[\d.]+[-–]))(\d+(?:\.\d+)?)(?:[-–]\d+(?:\.\d+)?)?$'::text))::numeric)) OR ((value = COALESCE(ref_low, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:(?:>=?|≥)(?=[\d.]+$)|(?=[\d.]+[-–]))(\d+(?:\.\d+)?)(?:[-–]\d+(?:\.\d+)?)?$'::text))::numeric)) AND ((comparator = '<'::text) OR COALESCE((("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^>(\d+(?:\.\d+)?)$'::text))::numeric = value), false))))) THEN 'L'::text
    WHEN ((COALESCE(comparator, '>'::text) = ANY (ARRAY['>'::text, '>='::text])) AND ((value > COALESCE(ref_high, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:<=?|≤|\d+(?:\.\d+)?[-–])(\d+(?:\.\d+)?)$'::text))::numeric)) OR ((value = COALESCE(ref_high, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:<=?|≤|\d+(?:\.\d+)?[-–])(\d+(?:\.\d+)?)$'::text))::numeric)) AND ((comparator = '>'::text) OR COALESCE((("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^<(\d+(?:\.\d+)?)$'::text))::numeric = value), false))))) THEN 'H'::text
    WHEN (comparator = ANY (ARRAY['>'::text, '>='::text])) THEN
    CASE
        WHEN ((COALESCE(ref_high, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:<=?|≤|\d+(?:\.\d+)?[-–])(\d+(?:\.\d+)?)$'::text))::numeric) IS NULL) AND ((value > COALESCE(ref_low, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:(?:>=?|≥)(?=[\d.]+$)|(?=[\d.]+[-–]))(\d+(?:\.\d+)?)(?:[-–]\d+(?:\.\d+)?)?$'::text))::numeric)) OR ((value = COALESCE(ref_low, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:(?:>=?|≥)(?=[\d.]+$)|(?=[\d.]+[-–]))(\d+(?:\.\d+)?)(?:[-–]\d+(?:\.\d+)?)?$'::text))::numeric)) AND ((comparator = '>'::text) OR (NOT COALESCE((("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^>(\d+(?:\.\d+)?)$'::text))::numeric = value), false)))))) THEN 'N'::text
        ELSE 'unknown'::text
    END
    WHEN (comparator = ANY (ARRAY['<'::text, '<='::text])) THEN
    CASE
        WHEN (((COALESCE(COALESCE(ref_low, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:(?:>=?|≥)(?=[\d.]+$)|(?=[\d.]+[-–]))(\d+(?:\.\d+)?)(?:[-–]\d+(?:\.\d+)?)?$'::text))::numeric), ('-1'::integer)::numeric) < (0)::numeric) OR ((COALESCE(ref_low, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:(?:>=?|≥)(?=[\d.]+$)|(?=[\d.]+[-–]))(\d+(?:\.\d+)?)(?:[-–]\d+(?:\.\d+)?)?$'::text))::numeric) = (0)::numeric) AND (NOT COALESCE((("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^>(\d+(?:\.\d+)?)$'::text))::numeric = (0)::numeric), false)))) AND ((COALESCE(ref_high, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:<=?|≤|\d+(?:\.\d+)?[-–])(\d+(?:\.\d+)?)$'::text))::numeric) IS NULL) OR (value < COALESCE(ref_high, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:<=?|≤|\d+(?:\.\d+)?[-–])(\d+(?:\.\d+)?)$'::text))::numeric)) OR ((value = COALESCE(ref_high, ("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^(?:<=?|≤|\d+(?:\.\d+)?[-–])(\d+(?:\.\d+)?)$'::text))::numeric)) AND ((comparator = '<'::text) OR (NOT COALESCE((("substring"(regexp_replace(ref_text, '\s+|or(?=\s*=)'::text, ''::text, 'gi'::text), '^<(\d+(?:\.\d+)?)$'::text))::numeric = value), false)))))) THEN 'N'::text
        ELSE 'unknown'::text
    END
    ELSE 'N'::text
END) stored,
  constraint lab_results_comparator_check CHECK ((comparator = ANY (ARRAY['<'::text, '<='::text, '>'::text, '>='::text]))),
  constraint lab_results_pkey PRIMARY KEY (tenant_id, id),
  constraint lab_results_status_check CHECK ((status = ANY (ARRAY['preliminary'::text, 'final'::text, 'amended'::text, 'corrected'::text, 'cancelled'::text, 'entered_in_error'::text]))),
  constraint lab_results_tenant_id_corrects_fkey FOREIGN KEY (tenant_id, corrects) REFERENCES data.lab_results(tenant_id, id),
  constraint lab_results_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.lab_results owner to app_owner;
alter table data.lab_results enable row level security, force row level security;
create policy guard on data.lab_results as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.lab_results as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX lab_results_collected ON data.lab_results USING btree (tenant_id, collected_at) INCLUDE (id, patient_id, loinc, status, flag);
CREATE INDEX lab_results_corrects ON data.lab_results USING btree (tenant_id, corrects) WHERE (corrects IS NOT NULL);
CREATE INDEX lab_results_loinc ON data.lab_results USING btree (tenant_id, loinc, patient_id, collected_at DESC) INCLUDE (id, status, flag, value, comparator, unit, method);
CREATE INDEX lab_results_not_normal ON data.lab_results USING btree (tenant_id, collected_at) INCLUDE (id, patient_id, loinc, status, flag, value, ref_low, ref_high) WHERE (flag = ANY (ARRAY['L'::text, 'LL'::text, 'H'::text, 'HH'::text, 'A'::text, 'AA'::text, 'POS'::text, 'DET'::text, 'unknown'::text]));
CREATE INDEX lab_results_order ON data.lab_results USING btree (tenant_id, order_id) WHERE (order_id IS NOT NULL);
CREATE INDEX lab_results_patient ON data.lab_results USING btree (tenant_id, patient_id, collected_at DESC, id DESC);
CREATE INDEX lab_results_preliminary ON data.lab_results USING btree (tenant_id, collected_at) INCLUDE (id, patient_id, loinc, flag) WHERE (status = 'preliminary'::text);
CREATE INDEX lab_results_to_review ON data.lab_results USING btree (tenant_id, id) INCLUDE (flag, resulted_at, collected_at, patient_id, order_id) WHERE ((flag <> ALL (ARRAY['N'::text, 'NEG'::text, 'ND'::text, 'S'::text])) AND (status = ANY (ARRAY['preliminary'::text, 'final'::text, 'amended'::text, 'corrected'::text])));
CREATE INDEX lab_results_waiting ON data.lab_results USING btree (tenant_id, (
CASE
    WHEN (flag = ANY (ARRAY['LL'::text, 'HH'::text, 'AA'::text])) THEN 0
    ELSE 2
END), COALESCE(resulted_at, collected_at) DESC, id DESC) WHERE ((flag = ANY (ARRAY['L'::text, 'LL'::text, 'H'::text, 'HH'::text, 'A'::text, 'AA'::text, 'POS'::text, 'DET'::text])) AND (status = ANY (ARRAY['preliminary'::text, 'final'::text, 'amended'::text, 'corrected'::text])));
CREATE TRIGGER last_kept AFTER INSERT OR DELETE OR UPDATE ON data.lab_results FOR EACH ROW EXECUTE FUNCTION guard.keep_last_result();
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.lab_results FOR EACH ROW EXECUTE FUNCTION guard.note_change('lab_result');
grant select on table data.lab_results to app_api;
grant select on table data.lab_results to app_guard;

create table data.lab_reviews (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  lab_result_id uuid not null,
  reviewed_by uuid not null,
  reviewed_at timestamp with time zone not null,
  action text not null,
  note text,
  constraint lab_reviews_action_check CHECK ((action = ANY (ARRAY['no_action'::text, 'patient_called'::text, 'message_sent'::text, 'repeat_ordered'::text, 'treatment_changed'::text, 'referred'::text]))),
  constraint lab_reviews_pkey PRIMARY KEY (tenant_id, id),
  constraint lab_reviews_tenant_id_lab_result_id_fkey FOREIGN KEY (tenant_id, lab_result_id) REFERENCES data.lab_results(tenant_id, id),
  constraint lab_reviews_tenant_id_lab_result_id_key UNIQUE (tenant_id, lab_result_id),
  constraint lab_reviews_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint lab_reviews_tenant_id_reviewed_by_fkey FOREIGN KEY (tenant_id, reviewed_by) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.lab_reviews owner to app_owner;
alter table data.lab_reviews enable row level security, force row level security;
create policy signed on data.lab_reviews as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['task_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.lab_reviews as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX lab_reviews_patient ON data.lab_reviews USING btree (tenant_id, patient_id);
grant insert, select on table data.lab_reviews to app_api;

create table data.last_lab_results (
  tenant_id uuid not null,
  loinc text not null,
  patient_id uuid not null,
  lab_result_id uuid not null,
  collected_at timestamp with time zone not null,
  value numeric not null,
  unit text,
  constraint last_lab_results_pkey PRIMARY KEY (tenant_id, loinc, patient_id) INCLUDE (collected_at, value, unit)
);
alter table data.last_lab_results owner to app_owner;
alter table data.last_lab_results enable row level security, force row level security;
create policy guard on data.last_lab_results as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.last_lab_results as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant delete, insert, select, update on table data.last_lab_results to app_guard;
grant select on table data.last_lab_results to app_api;

create table data.leads (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null default 'person'::text,
  given_name text,
  family_name text,
  phone text,
  email text,
  source text not null,
  campaign text,
  created_at timestamp with time zone not null,
  contacted_at timestamp with time zone,
  consult_booked_at timestamp with time zone,
  consult_appointment_id uuid,
  consult_attended_at timestamp with time zone,
  patient_id uuid,
  constraint leads_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'spam'::text, 'test'::text]))),
  constraint leads_pkey PRIMARY KEY (tenant_id, id),
  constraint leads_tenant_id_consult_appointment_id_fkey FOREIGN KEY (tenant_id, consult_appointment_id) REFERENCES data.appointments(tenant_id, id),
  constraint leads_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.leads owner to app_owner;
alter table data.leads enable row level security, force row level security;
create policy finance on data.leads as restrictive for all to public using (( SELECT (app.finance() = 'all'::text)));
create policy tenant on data.leads as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX leads_created ON data.leads USING btree (tenant_id, created_at, id);
grant select on table data.leads to app_api;

create table data.leases (
  tenant_id uuid not null,
  key text not null,
  owner text not null,
  fence bigint not null,
  expires_at timestamp with time zone not null,
  constraint leases_fence_check CHECK ((fence > 0)),
  constraint leases_key_check CHECK ((key ~ '^[a-z0-9:_.-]{1,200}$'::text)),
  constraint leases_owner_check CHECK (((owner ~ '^[a-zA-Z0-9 :_.-]*$'::text) AND (length(owner) <= 300))),
  constraint leases_pkey PRIMARY KEY (tenant_id, key),
  constraint leases_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.leases owner to app_owner;
alter table data.leases enable row level security, force row level security;
create policy guard on data.leases as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.leases as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.leases to app_guard;

create table data.licences (
  tenant_id uuid not null,
  id uuid not null,
  practitioner_id uuid,
  user_id uuid,
  kind text not null,
  number text not null,
  state text not null,
  issued_on date,
  expires_on date,
  revoked_on date,
  constraint licences_check CHECK ((num_nonnulls(practitioner_id, user_id) > 0)),
  constraint licences_kind_check CHECK ((kind ~ '^[A-Za-z]{2,8}(-[A-Za-z]{1,4})?$'::text)),
  constraint licences_number_check CHECK (((length(number) >= 1) AND (length(number) <= 40))),
  constraint licences_pkey PRIMARY KEY (tenant_id, id),
  constraint licences_state_check CHECK ((state ~ '^[A-Z]{2}$'::text)),
  constraint licences_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id),
  constraint licences_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES data.users(tenant_id, id)
);
alter table data.licences owner to app_owner;
alter table data.licences enable row level security, force row level security;
create policy guard on data.licences as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.licences as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.licences to app_guard;

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
  constraint mcp_audit_intent_door_check CHECK ((door = ANY (ARRAY['mcp'::text, 'rest'::text, 'admin'::text, 'job'::text, 'command'::text, 'resource'::text]))),
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
  quantity numeric,
  quantity_unit text,
  constraint medication_requests_controlled_check CHECK ((controlled = ANY (ARRAY['CII'::text, 'CIII'::text, 'CIV'::text, 'CV'::text]))),
  constraint medication_requests_pkey PRIMARY KEY (tenant_id, id),
  constraint medication_requests_quantity_check CHECK ((quantity > (0)::numeric)),
  constraint medication_requests_status_check CHECK ((status = ANY (ARRAY['active'::text, 'on_hold'::text, 'cancelled'::text, 'completed'::text, 'entered_in_error'::text, 'stopped'::text, 'draft'::text, 'unknown'::text]))),
  constraint medication_requests_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint medication_requests_tenant_id_prescriber_id_fkey FOREIGN KEY (tenant_id, prescriber_id) REFERENCES data.practitioners(tenant_id, id),
  constraint medication_requests_tenant_id_replaced_by_fkey FOREIGN KEY (tenant_id, replaced_by) REFERENCES data.medication_requests(tenant_id, id)
);
alter table data.medication_requests owner to app_owner;
alter table data.medication_requests enable row level security, force row level security;
create policy signed on data.medication_requests as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['order_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.medication_requests as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX medication_requests_ingredient ON data.medication_requests USING btree (tenant_id, ingredient, patient_id) INCLUDE (id, status, start_on, authored_on, end_on, replaced_by) WHERE (length(ingredient) <= 500);
CREATE INDEX medication_requests_patient ON data.medication_requests USING btree (tenant_id, patient_id);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.medication_requests FOR EACH ROW EXECUTE FUNCTION guard.note_change('medication_request');
grant insert, select on table data.medication_requests to app_api;

create table data.membership_events (
  tenant_id uuid not null,
  id uuid not null,
  membership_id uuid not null,
  patient_id uuid not null,
  occurred_at timestamp with time zone not null,
  status text not null,
  plan text not null,
  "interval" text not null,
  price_cents integer not null,
  discount_cents integer not null default 0,
  discount text not null default 'none'::text,
  cancel_at timestamp with time zone,
  ended_by text,
  constraint membership_events_discount_cents_check CHECK ((discount_cents >= 0)),
  constraint membership_events_discount_check CHECK ((discount = ANY (ARRAY['none'::text, 'permanent'::text, 'finite'::text]))),
  constraint membership_events_ended_by_check CHECK ((ended_by = ANY (ARRAY['member'::text, 'clinic'::text, 'payment_failure'::text]))),
  constraint membership_events_interval_check CHECK (("interval" = ANY (ARRAY['month'::text, 'quarter'::text, 'year'::text]))),
  constraint membership_events_pkey PRIMARY KEY (tenant_id, id),
  constraint membership_events_price_cents_check CHECK ((price_cents >= 0)),
  constraint membership_events_status_check CHECK ((status = ANY (ARRAY['trialing'::text, 'active'::text, 'past_due'::text, 'paused'::text, 'cancelled'::text, 'unpaid'::text]))),
  constraint membership_events_tenant_id_membership_id_fkey FOREIGN KEY (tenant_id, membership_id) REFERENCES data.memberships(tenant_id, id),
  constraint membership_events_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.membership_events owner to app_owner;
alter table data.membership_events enable row level security, force row level security;
create policy finance on data.membership_events as restrictive for all to public using (( SELECT (app.finance() = 'all'::text)));
create policy tenant on data.membership_events as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX membership_events_time ON data.membership_events USING btree (tenant_id, membership_id, occurred_at DESC);
grant select on table data.membership_events to app_api;

create table data.memberships (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  constraint memberships_pkey PRIMARY KEY (tenant_id, id),
  constraint memberships_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.memberships owner to app_owner;
alter table data.memberships enable row level security, force row level security;
create policy finance on data.memberships as restrictive for all to public using (( SELECT (app.finance() = 'all'::text)));
create policy tenant on data.memberships as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant select on table data.memberships to app_api;

create table data.message_consents (
  tenant_id uuid not null,
  id uuid not null,
  number text not null,
  purpose text not null default 'informational'::text,
  decision text not null,
  source text not null,
  patient_id uuid,
  said_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  constraint message_consents_check CHECK (((decision = 'revoked'::text) OR (source <> 'staff'::text))),
  constraint message_consents_decision_check CHECK ((decision = ANY (ARRAY['given'::text, 'revoked'::text]))),
  constraint message_consents_number_check CHECK ((number ~ '^\+1[2-9]\d{9}$'::text)),
  constraint message_consents_pkey PRIMARY KEY (tenant_id, id),
  constraint message_consents_purpose_check CHECK ((purpose = 'informational'::text)),
  constraint message_consents_source_check CHECK ((source = ANY (ARRAY['in_person'::text, 'phone'::text, 'portal'::text, 'form'::text, 'inbound_text'::text, 'staff'::text]))),
  constraint message_consents_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id),
  constraint message_consents_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.message_consents owner to app_owner;
alter table data.message_consents enable row level security, force row level security;
create policy guard on data.message_consents as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.message_consents as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX message_consents_number ON data.message_consents USING btree (tenant_id, number, purpose, said_at DESC);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.message_consents FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.message_consents FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.message_consents to app_guard;
grant select on table data.message_consents to app_api;

create table data.message_reads (
  tenant_id uuid not null,
  message_id uuid not null,
  user_id uuid not null,
  read_at timestamp with time zone not null,
  constraint message_reads_pkey PRIMARY KEY (tenant_id, message_id, user_id),
  constraint message_reads_tenant_id_message_id_fkey FOREIGN KEY (tenant_id, message_id) REFERENCES data.messages(tenant_id, id)
);
alter table data.message_reads owner to app_owner;
alter table data.message_reads enable row level security, force row level security;
create policy tenant on data.message_reads as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX message_reads_user ON data.message_reads USING btree (tenant_id, user_id, message_id);
grant select on table data.message_reads to app_api;

create table data.messages (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  thread_id uuid not null,
  direction text not null,
  channel text not null,
  category text not null,
  practitioner_id uuid,
  subject text,
  body jsonb not null,
  sent_at timestamp with time zone not null,
  answered_by uuid,
  constraint messages_category_check CHECK ((category = ANY (ARRAY['clinical'::text, 'administrative'::text, 'billing'::text, 'scheduling'::text]))),
  constraint messages_channel_check CHECK ((channel = ANY (ARRAY['portal'::text, 'sms'::text, 'email'::text, 'phone'::text]))),
  constraint messages_direction_check CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))),
  constraint messages_pkey PRIMARY KEY (tenant_id, id),
  constraint messages_tenant_id_answered_by_fkey FOREIGN KEY (tenant_id, answered_by) REFERENCES data.messages(tenant_id, id),
  constraint messages_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint messages_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.messages owner to app_owner;
alter table data.messages enable row level security, force row level security;
create policy guard on data.messages as permissive for all to app_guard using (true) with check (true);
create policy of_the_draft_update on data.messages as restrictive for update to public using (((patient_id = ( SELECT app.signing_for() AS signing_for)) OR (CURRENT_USER <> 'app_api'::name)));
create policy signed on data.messages as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['message_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy signed_update on data.messages as restrictive for update to public using ((( SELECT app.signs(ARRAY['message_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name))) with check ((( SELECT app.signs(ARRAY['message_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.messages as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX messages_answered ON data.messages USING btree (tenant_id, sent_at DESC, id DESC) INCLUDE (category, practitioner_id, patient_id) WHERE ((direction = 'inbound'::text) AND (answered_by IS NOT NULL));
CREATE INDEX messages_patient ON data.messages USING btree (tenant_id, patient_id, sent_at DESC);
CREATE INDEX messages_unanswered ON data.messages USING btree (tenant_id, sent_at DESC, id DESC) INCLUDE (category, practitioner_id, patient_id) WHERE ((direction = 'inbound'::text) AND (answered_by IS NULL));
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.messages FOR EACH ROW EXECUTE FUNCTION guard.note_change('message');
grant insert on table data.messages to app_guard;
grant insert, select on table data.messages to app_api;
grant update on table data.messages column answered_by to app_api;

create table data.open_items (
  tenant_id uuid not null,
  charge_id uuid not null,
  party text not null,
  from_on date not null,
  until_on date not null,
  since date not null,
  cents bigint not null,
  constraint open_items_cents_check CHECK ((cents <> 0)),
  constraint open_items_check CHECK ((until_on > from_on)),
  constraint open_items_party_check CHECK ((party = ANY (ARRAY['insurance'::text, 'patient'::text]))),
  constraint open_items_pkey PRIMARY KEY (tenant_id, charge_id, party, from_on)
);
alter table data.open_items owner to app_owner;
alter table data.open_items enable row level security, force row level security;
create policy finance on data.open_items as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (CURRENT_USER = 'app_guard'::name)));
create policy guard on data.open_items as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.open_items as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX open_items_day ON data.open_items USING btree (tenant_id, until_on) INCLUDE (from_on, party, since, cents);
grant delete, insert, select, update on table data.open_items to app_guard;
grant select on table data.open_items to app_api;

create table data.outgoing_messages (
  tenant_id uuid not null,
  id uuid not null,
  draft_id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  channel text not null,
  purpose text not null default 'informational'::text,
  category text not null,
  recipient text not null,
  sender text not null,
  subject text,
  body text not null,
  encoding text,
  segments integer,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint outgoing_messages_category_check CHECK ((category = ANY (ARRAY['clinical'::text, 'administrative'::text, 'billing'::text, 'scheduling'::text]))),
  constraint outgoing_messages_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint outgoing_messages_check CHECK (((channel <> 'sms'::text) OR ((subject IS NULL) AND (encoding IS NOT NULL) AND (segments IS NOT NULL)))),
  constraint outgoing_messages_check1 CHECK (((channel <> 'email'::text) OR ((subject IS NOT NULL) AND (encoding IS NULL) AND (segments IS NULL)))),
  constraint outgoing_messages_encoding_check CHECK ((encoding = ANY (ARRAY['GSM-7'::text, 'UCS-2'::text]))),
  constraint outgoing_messages_pkey PRIMARY KEY (tenant_id, id),
  constraint outgoing_messages_purpose_check CHECK ((purpose = 'informational'::text)),
  constraint outgoing_messages_segments_check CHECK (((segments >= 1) AND (segments <= 2))),
  constraint outgoing_messages_tenant_id_draft_id_fkey FOREIGN KEY (tenant_id, draft_id) REFERENCES data.pending_actions(tenant_id, id),
  constraint outgoing_messages_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint outgoing_messages_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.outgoing_messages owner to app_owner;
alter table data.outgoing_messages enable row level security, force row level security;
create policy guard on data.outgoing_messages as permissive for all to app_guard using (true) with check (true);
create policy of_the_draft on data.outgoing_messages as restrictive for insert to public with check ((((id = ( SELECT app.signing() AS signing)) AND (draft_id = id) AND (patient_id = ( SELECT app.signing_for() AS signing_for))) OR (CURRENT_USER <> 'app_api'::name)));
create policy reader on data.outgoing_messages as restrictive for select to public using ((( SELECT app.is_login() AS is_login) OR (CURRENT_USER = 'app_guard'::name)));
create policy signed on data.outgoing_messages as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['message_draft'::text, 'intake_form_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.outgoing_messages as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX outgoing_messages_draft ON data.outgoing_messages USING btree (tenant_id, draft_id);
CREATE INDEX outgoing_messages_recipient ON data.outgoing_messages USING btree (tenant_id, recipient) WHERE (channel = 'sms'::text);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.outgoing_messages FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.outgoing_messages FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER as_signed BEFORE INSERT ON data.outgoing_messages FOR EACH ROW EXECUTE FUNCTION guard.refuse_other_text();
CREATE TRIGGER awaits AFTER INSERT ON data.outgoing_messages FOR EACH ROW EXECUTE FUNCTION guard.await_delivery();
grant insert, select on table data.outgoing_messages to app_api;
grant select on table data.outgoing_messages to app_guard;

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
create policy of_the_draft on data.patient_tokens as restrictive for insert to public with check (((patient_id = ANY (ARRAY[( SELECT app.signing() AS signing), ( SELECT app.signing_for() AS signing_for)])) OR (CURRENT_USER <> 'app_api'::name)));
create policy signed on data.patient_tokens as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['patient_draft'::text, 'contact_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.patient_tokens as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX patient_tokens_patient ON data.patient_tokens USING btree (tenant_id, patient_id);
grant insert, select on table data.patient_tokens to app_api;

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
  contact_confirmed_by text,
  constraint patients_contact_confirmed_by_check CHECK ((contact_confirmed_by = ANY (ARRAY['patient'::text, 'staff'::text]))),
  constraint patients_pkey PRIMARY KEY (tenant_id, id),
  constraint patients_sex_check CHECK ((sex = ANY (ARRAY['female'::text, 'male'::text, 'other'::text, 'unknown'::text]))),
  constraint patients_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id),
  constraint patients_tenant_id_mrn_key UNIQUE (tenant_id, mrn),
  constraint patients_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id),
  constraint patients_tenant_id_replaced_by_fkey FOREIGN KEY (tenant_id, replaced_by) REFERENCES data.patients(tenant_id, id)
);
alter table data.patients owner to app_owner;
alter table data.patients enable row level security, force row level security;
create policy guard on data.patients as permissive for all to app_guard using (true) with check (true);
create policy of_the_draft on data.patients as restrictive for insert to public with check (((id = ( SELECT app.signing() AS signing)) OR (CURRENT_USER <> 'app_api'::name)));
create policy of_the_draft_update on data.patients as restrictive for update to public using (((id = ( SELECT app.signing_for() AS signing_for)) OR (CURRENT_USER <> 'app_api'::name))) with check (((id = ( SELECT app.signing_for() AS signing_for)) OR (CURRENT_USER <> 'app_api'::name)));
create policy signed on data.patients as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['patient_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy signed_update on data.patients as restrictive for update to public using ((( SELECT app.signs(ARRAY['contact_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name))) with check ((( SELECT app.signs(ARRAY['contact_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.patients as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX patients_left_out ON data.patients USING btree (tenant_id, id) WHERE ((NOT active) OR (deceased_on IS NOT NULL) OR (replaced_by IS NOT NULL));
CREATE INDEX patients_name ON data.patients USING btree (tenant_id, family_name, given_name, id) INCLUDE (birth_date, sex, practitioner_id) WHERE (active AND (deceased_on IS NULL) AND (replaced_by IS NULL));
CREATE TRIGGER as_signed BEFORE UPDATE ON data.patients FOR EACH ROW EXECUTE FUNCTION guard.refuse_other_contact();
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.patients FOR EACH ROW EXECUTE FUNCTION guard.note_change('patient');
grant insert, select on table data.patients to app_api;
grant select on table data.patients to app_guard;
grant update on table data.patients column address_line to app_api;
grant update on table data.patients column city to app_api;
grant update on table data.patients column contact_confirmed_at to app_api;
grant update on table data.patients column contact_confirmed_by to app_api;
grant update on table data.patients column email to app_api;
grant update on table data.patients column language to app_api;
grant update on table data.patients column phone to app_api;
grant update on table data.patients column phone_alternate to app_api;
grant update on table data.patients column postal_code to app_api;
grant update on table data.patients column preferred_name to app_api;
grant update on table data.patients column state to app_api;

create table data.payments (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  charge_id uuid,
  source text not null,
  method text not null,
  status text not null,
  amount_cents integer not null,
  fee_cents integer,
  posted_on date not null,
  package_charge_id uuid,
  remittance_claim_id uuid,
  payout_id uuid,
  constraint payments_amount_cents_check CHECK ((amount_cents <> 0)),
  constraint payments_check CHECK (((amount_cents > 0) OR (source = 'insurance'::text))),
  constraint payments_check1 CHECK (((source = 'package'::text) = (package_charge_id IS NOT NULL))),
  constraint payments_method_check CHECK ((method = ANY (ARRAY['card'::text, 'cash'::text, 'check'::text, 'ach'::text, 'transfer'::text]))),
  constraint payments_pkey PRIMARY KEY (tenant_id, id),
  constraint payments_source_check CHECK ((source = ANY (ARRAY['insurance'::text, 'patient'::text, 'gift_card'::text, 'package'::text]))),
  constraint payments_status_check CHECK ((status = ANY (ARRAY['settled'::text, 'pending'::text, 'failed'::text]))),
  constraint payments_tenant_id_charge_id_fkey FOREIGN KEY (tenant_id, charge_id) REFERENCES data.charges(tenant_id, id),
  constraint payments_tenant_id_package_charge_id_fkey FOREIGN KEY (tenant_id, package_charge_id) REFERENCES data.charges(tenant_id, id),
  constraint payments_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint payments_tenant_id_payout_id_fkey FOREIGN KEY (tenant_id, payout_id) REFERENCES data.payouts(tenant_id, id),
  constraint payments_tenant_id_remittance_claim_id_fkey FOREIGN KEY (tenant_id, remittance_claim_id) REFERENCES data.remittance_claims(tenant_id, id)
);
alter table data.payments owner to app_owner;
alter table data.payments enable row level security, force row level security;
create policy finance on data.payments as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (( SELECT (app.finance() = 'own'::text)) AND (practitioner_id = ( SELECT app.practitioner_id() AS practitioner_id))) OR (CURRENT_USER = 'app_guard'::name)));
create policy guard on data.payments as permissive for all to app_guard using (true) with check (true);
create policy signed on data.payments as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['payment_posting_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.payments as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX payments_charge ON data.payments USING btree (tenant_id, charge_id) INCLUDE (posted_on, status, source, amount_cents, practitioner_id);
CREATE INDEX payments_package ON data.payments USING btree (tenant_id, posted_on) WHERE (source = 'package'::text);
CREATE INDEX payments_patient ON data.payments USING btree (tenant_id, patient_id, posted_on);
CREATE INDEX payments_payout ON data.payments USING btree (tenant_id, payout_id) INCLUDE (status, amount_cents, fee_cents, practitioner_id) WHERE (payout_id IS NOT NULL);
CREATE INDEX payments_posted ON data.payments USING btree (tenant_id, posted_on) INCLUDE (status, source, amount_cents, practitioner_id);
CREATE INDEX payments_remittance ON data.payments USING btree (tenant_id, remittance_claim_id) INCLUDE (status, amount_cents, practitioner_id) WHERE (remittance_claim_id IS NOT NULL);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.payments FOR EACH ROW EXECUTE FUNCTION guard.note_change('payment');
CREATE TRIGGER open_items_added AFTER INSERT ON data.payments REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_after AFTER UPDATE ON data.payments REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_before AFTER UPDATE ON data.payments REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_removed AFTER DELETE ON data.payments REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
grant insert, select on table data.payments to app_api;
grant select on table data.payments to app_guard;

create table data.payouts (
  tenant_id uuid not null,
  id uuid not null,
  arrived_on date not null,
  amount_cents integer not null,
  constraint payouts_pkey PRIMARY KEY (tenant_id, id)
);
alter table data.payouts owner to app_owner;
alter table data.payouts enable row level security, force row level security;
create policy finance on data.payouts as restrictive for all to public using (( SELECT (app.finance() = 'all'::text)));
create policy tenant on data.payouts as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant select on table data.payouts to app_api;

create table data.pending_actions (
  tenant_id uuid not null,
  id uuid not null,
  operation text not null,
  kind text not null,
  payload jsonb not null,
  payload_hash bytea not null,
  version integer not null default 1,
  proposed_payload jsonb not null,
  content_hash bytea not null,
  request_key text,
  patient_id uuid,
  status text not null default 'pending'::text,
  proposed_by uuid not null,
  credential_id uuid not null,
  hold_id uuid,
  created_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decided_by uuid,
  record_id uuid,
  batch_id uuid,
  bundle_id uuid,
  vendor_id text,
  constraint pending_actions_check CHECK (((vendor_id IS NULL) OR (status = 'committed'::text))),
  constraint pending_actions_pkey PRIMARY KEY (tenant_id, id),
  constraint pending_actions_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'signed'::text, 'committed'::text, 'failed'::text, 'parked'::text, 'rejected'::text, 'expired'::text]))),
  constraint pending_actions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.pending_actions owner to app_owner;
alter table data.pending_actions enable row level security, force row level security;
create policy guard on data.pending_actions as permissive for all to app_guard using (true) with check (true);
create policy reader on data.pending_actions as restrictive for all to public using (((proposed_by = ( SELECT app.user_id() AS user_id)) OR (kind = ANY (( SELECT app.signable() AS signable)::text[])) OR (CURRENT_USER = 'app_guard'::name)));
create policy tenant on data.pending_actions as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX pending_actions_batch ON data.pending_actions USING btree (tenant_id, batch_id) WHERE (batch_id IS NOT NULL);
CREATE INDEX pending_actions_bundle ON data.pending_actions USING btree (tenant_id, bundle_id) WHERE (bundle_id IS NOT NULL);
CREATE INDEX pending_actions_status ON data.pending_actions USING btree (tenant_id, status, created_at, id);
CREATE UNIQUE INDEX pending_actions_key ON data.pending_actions USING btree (tenant_id, proposed_by, request_key) WHERE (request_key IS NOT NULL);
CREATE UNIQUE INDEX pending_actions_same ON data.pending_actions USING btree (tenant_id, proposed_by, operation, content_hash) WHERE ((status = ANY (ARRAY['pending'::text, 'signed'::text, 'parked'::text])) AND (request_key IS NULL));
CREATE CONSTRAINT TRIGGER settled AFTER UPDATE OF status ON data.pending_actions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.status = 'signed'::text)) EXECUTE FUNCTION guard.refuse_unsettled();
CREATE TRIGGER tells AFTER UPDATE OF status ON data.pending_actions FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) AND ((new.status = ANY (ARRAY['committed'::text, 'rejected'::text])) OR ((new.status = 'signed'::text) AND (old.status = 'pending'::text))))) EXECUTE FUNCTION guard.tell_draft();
CREATE TRIGGER together BEFORE UPDATE OF status ON data.pending_actions FOR EACH ROW WHEN (((new.status = 'signed'::text) AND (old.status = 'pending'::text) AND (new.bundle_id IS NOT NULL))) EXECUTE FUNCTION guard.refuse_apart();
grant insert, select, update on table data.pending_actions to app_guard;
grant select on table data.pending_actions to app_api;

create table data.practitioner_hours (
  tenant_id uuid not null,
  id uuid not null,
  practitioner_id uuid not null,
  weekday integer not null,
  start_minute integer not null,
  end_minute integer not null,
  modality text not null default 'any'::text,
  from_on date not null,
  to_on date,
  constraint practitioner_hours_check CHECK ((start_minute < end_minute)),
  constraint practitioner_hours_end_minute_check CHECK (((end_minute >= 1) AND (end_minute <= 1440))),
  constraint practitioner_hours_modality_check CHECK ((modality = ANY (ARRAY['in_person'::text, 'telehealth'::text, 'any'::text]))),
  constraint practitioner_hours_pkey PRIMARY KEY (tenant_id, id),
  constraint practitioner_hours_start_minute_check CHECK (((start_minute >= 0) AND (start_minute <= 1439))),
  constraint practitioner_hours_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id),
  constraint practitioner_hours_weekday_check CHECK (((weekday >= 1) AND (weekday <= 7)))
);
alter table data.practitioner_hours owner to app_owner;
alter table data.practitioner_hours enable row level security, force row level security;
create policy tenant on data.practitioner_hours as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX practitioner_hours_practitioner ON data.practitioner_hours USING btree (tenant_id, practitioner_id, weekday);
grant select on table data.practitioner_hours to app_api;

create table data.practitioners (
  tenant_id uuid not null,
  id uuid not null,
  family_name text not null,
  given_name text not null,
  credentials text,
  npi text,
  specialty text,
  active boolean not null default true,
  role text,
  accepts_new_patients boolean,
  email text,
  phone text,
  constraint practitioners_pkey PRIMARY KEY (tenant_id, id),
  constraint practitioners_role_check CHECK ((role = ANY (ARRAY['physician'::text, 'nurse_practitioner'::text, 'physician_assistant'::text, 'nurse'::text, 'therapist'::text, 'dietitian'::text, 'other'::text]))),
  constraint practitioners_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.practitioners owner to app_owner;
alter table data.practitioners enable row level security, force row level security;
create policy tenant on data.practitioners as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.practitioners FOR EACH ROW EXECUTE FUNCTION guard.note_change('practitioner');
grant select on table data.practitioners to app_api;

create table data.prescriptions (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  medication_request_id uuid not null,
  prescriber_id uuid,
  message text not null,
  status text not null,
  pharmacy text,
  pharmacy_ncpdp text,
  quantity numeric,
  quantity_unit text,
  refills integer,
  days_supply integer,
  sent_at timestamp with time zone,
  last_filled_on date,
  error_text text,
  constraint prescriptions_message_check CHECK ((message = ANY (ARRAY['new'::text, 'renewal'::text, 'change'::text, 'cancel'::text]))),
  constraint prescriptions_pkey PRIMARY KEY (tenant_id, id),
  constraint prescriptions_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'sent'::text, 'accepted'::text, 'filled'::text, 'partially_filled'::text, 'error'::text, 'cancelled'::text, 'unknown'::text]))),
  constraint prescriptions_tenant_id_medication_request_id_fkey FOREIGN KEY (tenant_id, medication_request_id) REFERENCES data.medication_requests(tenant_id, id),
  constraint prescriptions_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint prescriptions_tenant_id_prescriber_id_fkey FOREIGN KEY (tenant_id, prescriber_id) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.prescriptions owner to app_owner;
alter table data.prescriptions enable row level security, force row level security;
create policy tenant on data.prescriptions as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX prescriptions_patient ON data.prescriptions USING btree (tenant_id, patient_id, sent_at DESC, id);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.prescriptions FOR EACH ROW EXECUTE FUNCTION guard.note_change('prescription');
grant select on table data.prescriptions to app_api;

create table data.prior_authorizations (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  coverage_id uuid,
  practitioner_id uuid,
  service_code text,
  code_system text,
  service_name text not null,
  reason_icd10 text,
  status text not null,
  units_requested integer,
  units_approved integer,
  requested_at timestamp with time zone,
  decided_at timestamp with time zone,
  certification_number text,
  valid_from date,
  valid_to date,
  decision_code text,
  service_from date,
  service_to date,
  reason text,
  constraint prior_authorizations_code_system_check CHECK ((code_system = ANY (ARRAY['cpt'::text, 'hcpcs'::text, 'rxnorm'::text, 'ndc'::text]))),
  constraint prior_authorizations_pkey PRIMARY KEY (tenant_id, id),
  constraint prior_authorizations_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'submitted'::text, 'pended'::text, 'approved'::text, 'partially_approved'::text, 'denied'::text, 'cancelled'::text]))),
  constraint prior_authorizations_tenant_id_coverage_id_fkey FOREIGN KEY (tenant_id, coverage_id) REFERENCES data.coverages(tenant_id, id),
  constraint prior_authorizations_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint prior_authorizations_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.prior_authorizations owner to app_owner;
alter table data.prior_authorizations enable row level security, force row level security;
create policy signed on data.prior_authorizations as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['prior_authorization_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.prior_authorizations as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX prior_authorizations_patient ON data.prior_authorizations USING btree (tenant_id, patient_id);
CREATE INDEX prior_authorizations_pending ON data.prior_authorizations USING btree (tenant_id, requested_at) WHERE (status = ANY (ARRAY['submitted'::text, 'pended'::text]));
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.prior_authorizations FOR EACH ROW EXECUTE FUNCTION guard.note_change('prior_authorization');
grant insert, select on table data.prior_authorizations to app_api;

create table data.procedures (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  encounter_id uuid,
  code text not null,
  code_system text not null,
  name text not null,
  status text not null default 'completed'::text,
  performed_on data.partial_date,
  practitioner_id uuid,
  outside boolean not null default false,
  constraint procedures_code_system_check CHECK ((code_system = ANY (ARRAY['cpt'::text, 'hcpcs'::text, 'snomed'::text, 'icd10pcs'::text, 'loinc'::text]))),
  constraint procedures_pkey PRIMARY KEY (tenant_id, id),
  constraint procedures_status_check CHECK ((status = ANY (ARRAY['in_progress'::text, 'not_done'::text, 'stopped'::text, 'completed'::text, 'entered_in_error'::text, 'unknown'::text]))),
  constraint procedures_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES data.encounters(tenant_id, id),
  constraint procedures_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint procedures_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.procedures owner to app_owner;
alter table data.procedures enable row level security, force row level security;
create policy tenant on data.procedures as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX procedures_code ON data.procedures USING btree (tenant_id, code, patient_id);
CREATE INDEX procedures_patient ON data.procedures USING btree (tenant_id, patient_id);
grant select on table data.procedures to app_api;

create table data.raw_blobs (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  raw_sha256 text not null,
  vendor text not null,
  surface text not null,
  recipe_version integer not null,
  fetched_at timestamp with time zone not null,
  http_date text,
  epoch integer not null,
  operation_id text not null,
  constraint raw_blobs_http_date_check CHECK ((length(http_date) <= 100)),
  constraint raw_blobs_operation_id_check CHECK ((length(operation_id) <= 200)),
  constraint raw_blobs_pkey PRIMARY KEY (tenant_id, id),
  constraint raw_blobs_surface_check CHECK ((surface ~ '^[a-z0-9_]{1,60}$'::text)),
  constraint raw_blobs_tenant_id_raw_sha256_fkey FOREIGN KEY (tenant_id, raw_sha256) REFERENCES data.raw_bytes(tenant_id, raw_sha256),
  constraint raw_blobs_vendor_check CHECK ((vendor ~ '^[a-z0-9_]{1,60}$'::text))
);
alter table data.raw_blobs owner to app_owner;
alter table data.raw_blobs enable row level security, force row level security;
create policy guard on data.raw_blobs as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.raw_blobs as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX raw_blobs_newest ON data.raw_blobs USING btree (tenant_id, vendor, surface, fetched_at DESC);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.raw_blobs FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.raw_blobs FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.raw_blobs to app_guard;

create table data.raw_bytes (
  tenant_id uuid not null,
  secret_id uuid not null,
  raw_sha256 text not null,
  constraint raw_bytes_pkey PRIMARY KEY (tenant_id, secret_id),
  constraint raw_bytes_raw_sha256_check CHECK ((raw_sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint raw_bytes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id),
  constraint raw_bytes_tenant_id_raw_sha256_key UNIQUE (tenant_id, raw_sha256)
);
alter table data.raw_bytes owner to app_owner;
alter table data.raw_bytes enable row level security, force row level security;
create policy guard on data.raw_bytes as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.raw_bytes as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.raw_bytes FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.raw_bytes FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.raw_bytes to app_guard;

create table data.record_changes (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  tx xid8 not null default pg_current_xact_id(),
  kind text not null,
  record_id uuid not null,
  patient_id uuid,
  change text not null,
  changed_at timestamp with time zone not null default clock_timestamp(),
  constraint record_changes_change_check CHECK ((change = ANY (ARRAY['created'::text, 'updated'::text, 'deleted'::text]))),
  constraint record_changes_pkey PRIMARY KEY (tenant_id, id)
);
alter table data.record_changes owner to app_owner;
alter table data.record_changes enable row level security, force row level security;
create policy finance on data.record_changes as restrictive for all to public using (((kind <> ALL (ARRAY['charge'::text, 'claim'::text, 'payment'::text, 'statement'::text])) OR (( SELECT app.finance() AS finance) = 'all'::text) OR (CURRENT_USER = 'app_guard'::name)));
create policy guard on data.record_changes as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.record_changes as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX record_changes_order ON data.record_changes USING btree (tenant_id, tx, changed_at, id);
CREATE INDEX record_changes_patient ON data.record_changes USING btree (tenant_id, patient_id, tx, changed_at, id);
CREATE INDEX record_changes_time ON data.record_changes USING btree (tenant_id, changed_at);
CREATE TRIGGER tells AFTER INSERT ON data.record_changes FOR EACH ROW WHEN ((new.kind = ANY (ARRAY['appointment'::text, 'practitioner'::text]))) EXECUTE FUNCTION guard.tell_change();
grant insert on table data.record_changes to app_guard;
grant select on table data.record_changes to app_api;

create table data.referrals (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  direction text not null,
  status text not null,
  priority text not null default 'routine'::text,
  specialty text not null,
  reason_icd10 text,
  practitioner_id uuid,
  other_party text,
  other_npi text,
  created_on date not null,
  sent_on date,
  scheduled_on date,
  report_received_on date,
  expires_on date,
  visits_allowed integer,
  reason text,
  constraint referrals_direction_check CHECK ((direction = ANY (ARRAY['outgoing'::text, 'incoming'::text]))),
  constraint referrals_pkey PRIMARY KEY (tenant_id, id),
  constraint referrals_priority_check CHECK ((priority = ANY (ARRAY['routine'::text, 'urgent'::text, 'asap'::text, 'stat'::text]))),
  constraint referrals_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'on_hold'::text, 'revoked'::text, 'completed'::text, 'entered_in_error'::text]))),
  constraint referrals_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint referrals_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.referrals owner to app_owner;
alter table data.referrals enable row level security, force row level security;
create policy signed on data.referrals as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['referral_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.referrals as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX referrals_created ON data.referrals USING btree (tenant_id, created_on DESC, id);
CREATE INDEX referrals_patient ON data.referrals USING btree (tenant_id, patient_id, created_on DESC);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.referrals FOR EACH ROW EXECUTE FUNCTION guard.note_change('referral');
grant insert, select on table data.referrals to app_api;

create table data.refill_requests (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  medication_request_id uuid not null,
  source text not null,
  status text not null,
  comment text,
  requested_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decided_by uuid,
  constraint refill_requests_pkey PRIMARY KEY (tenant_id, id),
  constraint refill_requests_source_check CHECK ((source = ANY (ARRAY['patient'::text, 'pharmacy'::text]))),
  constraint refill_requests_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'approved'::text, 'denied'::text, 'cancelled'::text]))),
  constraint refill_requests_tenant_id_decided_by_fkey FOREIGN KEY (tenant_id, decided_by) REFERENCES data.practitioners(tenant_id, id),
  constraint refill_requests_tenant_id_medication_request_id_fkey FOREIGN KEY (tenant_id, medication_request_id) REFERENCES data.medication_requests(tenant_id, id),
  constraint refill_requests_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.refill_requests owner to app_owner;
alter table data.refill_requests enable row level security, force row level security;
create policy tenant on data.refill_requests as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX refill_requests_open ON data.refill_requests USING btree (tenant_id, requested_at, id) WHERE (status = 'pending'::text);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.refill_requests FOR EACH ROW EXECUTE FUNCTION guard.note_change('refill_request');
grant select on table data.refill_requests to app_api;

create table data.refunds (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  payment_id uuid not null,
  charge_id uuid,
  kind text not null,
  party text not null,
  amount_cents integer not null,
  fee_cents integer not null default 0,
  posted_on date not null,
  payout_id uuid,
  constraint refunds_amount_cents_check CHECK ((amount_cents > 0)),
  constraint refunds_kind_check CHECK ((kind = ANY (ARRAY['refund'::text, 'chargeback'::text]))),
  constraint refunds_party_check CHECK ((party = ANY (ARRAY['insurance'::text, 'patient'::text]))),
  constraint refunds_pkey PRIMARY KEY (tenant_id, id),
  constraint refunds_tenant_id_charge_id_fkey FOREIGN KEY (tenant_id, charge_id) REFERENCES data.charges(tenant_id, id),
  constraint refunds_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint refunds_tenant_id_payment_id_fkey FOREIGN KEY (tenant_id, payment_id) REFERENCES data.payments(tenant_id, id),
  constraint refunds_tenant_id_payout_id_fkey FOREIGN KEY (tenant_id, payout_id) REFERENCES data.payouts(tenant_id, id)
);
alter table data.refunds owner to app_owner;
alter table data.refunds enable row level security, force row level security;
create policy finance on data.refunds as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (( SELECT (app.finance() = 'own'::text)) AND (practitioner_id = ( SELECT app.practitioner_id() AS practitioner_id))) OR (CURRENT_USER = 'app_guard'::name)));
create policy guard on data.refunds as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.refunds as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX refunds_charge ON data.refunds USING btree (tenant_id, charge_id) INCLUDE (posted_on, party, amount_cents, practitioner_id);
CREATE INDEX refunds_patient ON data.refunds USING btree (tenant_id, patient_id, posted_on);
CREATE INDEX refunds_payment ON data.refunds USING btree (tenant_id, payment_id) WHERE (charge_id IS NULL);
CREATE INDEX refunds_payout ON data.refunds USING btree (tenant_id, payout_id) WHERE (payout_id IS NOT NULL);
CREATE INDEX refunds_posted ON data.refunds USING btree (tenant_id, posted_on);
CREATE TRIGGER open_items_added AFTER INSERT ON data.refunds REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_after AFTER UPDATE ON data.refunds REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_before AFTER UPDATE ON data.refunds REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_removed AFTER DELETE ON data.refunds REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
grant select on table data.refunds to app_api;
grant select on table data.refunds to app_guard;

create table data.remittance_adjustments (
  tenant_id uuid not null,
  id uuid not null,
  remittance_claim_id uuid not null,
  remittance_line_id uuid,
  practitioner_id uuid,
  group_code text not null,
  reason_code text not null,
  amount_cents integer not null,
  constraint remittance_adjustments_group_code_check CHECK ((group_code = ANY (ARRAY['CO'::text, 'PR'::text, 'OA'::text, 'PI'::text, 'CR'::text]))),
  constraint remittance_adjustments_pkey PRIMARY KEY (tenant_id, id),
  constraint remittance_adjustments_tenant_id_remittance_claim_id_fkey FOREIGN KEY (tenant_id, remittance_claim_id) REFERENCES data.remittance_claims(tenant_id, id),
  constraint remittance_adjustments_tenant_id_remittance_line_id_fkey FOREIGN KEY (tenant_id, remittance_line_id) REFERENCES data.remittance_lines(tenant_id, id)
);
alter table data.remittance_adjustments owner to app_owner;
alter table data.remittance_adjustments enable row level security, force row level security;
create policy finance on data.remittance_adjustments as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (( SELECT (app.finance() = 'own'::text)) AND (practitioner_id = ( SELECT app.practitioner_id() AS practitioner_id)))));
create policy tenant on data.remittance_adjustments as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX remittance_adjustments_claim ON data.remittance_adjustments USING btree (tenant_id, remittance_claim_id, remittance_line_id) INCLUDE (reason_code, amount_cents, group_code, practitioner_id);
CREATE INDEX remittance_adjustments_denied ON data.remittance_adjustments USING btree (tenant_id, remittance_claim_id) INCLUDE (reason_code, amount_cents, group_code, remittance_line_id, practitioner_id) WHERE ((amount_cents > 0) AND (reason_code <> ALL (ARRAY['1'::text, '2'::text, '3'::text, '45'::text, '253'::text])));
grant select on table data.remittance_adjustments to app_api;

create table data.remittance_claims (
  tenant_id uuid not null,
  id uuid not null,
  remittance_id uuid not null,
  claim_id uuid,
  patient_id uuid,
  practitioner_id uuid,
  claim_number text not null,
  payer_control_number text,
  status_code text not null,
  charged_cents integer not null,
  paid_cents integer not null,
  patient_responsibility_cents integer not null,
  remark_codes text[] not null default '{}'::text[],
  constraint remittance_claims_pkey PRIMARY KEY (tenant_id, id),
  constraint remittance_claims_tenant_id_claim_id_fkey FOREIGN KEY (tenant_id, claim_id) REFERENCES data.claims(tenant_id, id),
  constraint remittance_claims_tenant_id_remittance_id_fkey FOREIGN KEY (tenant_id, remittance_id) REFERENCES data.remittances(tenant_id, id)
);
alter table data.remittance_claims owner to app_owner;
alter table data.remittance_claims enable row level security, force row level security;
create policy finance on data.remittance_claims as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (( SELECT (app.finance() = 'own'::text)) AND (practitioner_id = ( SELECT app.practitioner_id() AS practitioner_id)))));
create policy tenant on data.remittance_claims as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX remittance_claims_claim ON data.remittance_claims USING btree (tenant_id, claim_id);
CREATE INDEX remittance_claims_remittance ON data.remittance_claims USING btree (tenant_id, remittance_id);
grant select on table data.remittance_claims to app_api;

create table data.remittance_lines (
  tenant_id uuid not null,
  id uuid not null,
  remittance_claim_id uuid not null,
  claim_line_id uuid,
  practitioner_id uuid,
  line_number integer not null,
  code text not null,
  charged_cents integer not null,
  paid_cents integer not null,
  allowed_cents integer,
  remark_codes text[] not null default '{}'::text[],
  constraint remittance_lines_pkey PRIMARY KEY (tenant_id, id),
  constraint remittance_lines_tenant_id_claim_line_id_fkey FOREIGN KEY (tenant_id, claim_line_id) REFERENCES data.claim_lines(tenant_id, id),
  constraint remittance_lines_tenant_id_remittance_claim_id_fkey FOREIGN KEY (tenant_id, remittance_claim_id) REFERENCES data.remittance_claims(tenant_id, id)
);
alter table data.remittance_lines owner to app_owner;
alter table data.remittance_lines enable row level security, force row level security;
create policy finance on data.remittance_lines as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (( SELECT (app.finance() = 'own'::text)) AND (practitioner_id = ( SELECT app.practitioner_id() AS practitioner_id)))));
create policy tenant on data.remittance_lines as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX remittance_lines_claim ON data.remittance_lines USING btree (tenant_id, remittance_claim_id);
grant select on table data.remittance_lines to app_api;

create table data.remittance_provider_adjustments (
  tenant_id uuid not null,
  id uuid not null,
  remittance_id uuid not null,
  reason_code text not null,
  reference text,
  amount_cents integer not null,
  constraint remittance_provider_adjustments_pkey PRIMARY KEY (tenant_id, id),
  constraint remittance_provider_adjustments_tenant_id_remittance_id_fkey FOREIGN KEY (tenant_id, remittance_id) REFERENCES data.remittances(tenant_id, id)
);
alter table data.remittance_provider_adjustments owner to app_owner;
alter table data.remittance_provider_adjustments enable row level security, force row level security;
create policy finance on data.remittance_provider_adjustments as restrictive for all to public using (( SELECT (app.finance() = 'all'::text)));
create policy tenant on data.remittance_provider_adjustments as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX remittance_provider_adjustments_remittance ON data.remittance_provider_adjustments USING btree (tenant_id, remittance_id);
grant select on table data.remittance_provider_adjustments to app_api;

create table data.remittances (
  tenant_id uuid not null,
  id uuid not null,
  payer text not null,
  trace_number text not null,
  method text not null,
  paid_on date not null,
  received_on date not null,
  amount_cents integer not null,
  constraint remittances_method_check CHECK ((method = ANY (ARRAY['ach'::text, 'check'::text, 'non_payment'::text]))),
  constraint remittances_pkey PRIMARY KEY (tenant_id, id),
  constraint remittances_tenant_id_payer_trace_number_key UNIQUE (tenant_id, payer, trace_number)
);
alter table data.remittances owner to app_owner;
alter table data.remittances enable row level security, force row level security;
create policy finance on data.remittances as restrictive for all to public using (( SELECT (app.finance() = 'all'::text)));
create policy tenant on data.remittances as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX remittances_paid ON data.remittances USING btree (tenant_id, paid_on DESC, id);
grant select on table data.remittances to app_api;

create table data.responsibility_transfers (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  charge_id uuid not null,
  amount_cents integer not null,
  moved_on date not null,
  remittance_claim_id uuid,
  constraint responsibility_transfers_amount_cents_check CHECK ((amount_cents <> 0)),
  constraint responsibility_transfers_pkey PRIMARY KEY (tenant_id, id),
  constraint responsibility_transfers_tenant_id_charge_id_fkey FOREIGN KEY (tenant_id, charge_id) REFERENCES data.charges(tenant_id, id),
  constraint responsibility_transfers_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint responsibility_transfers_tenant_id_remittance_claim_id_fkey FOREIGN KEY (tenant_id, remittance_claim_id) REFERENCES data.remittance_claims(tenant_id, id)
);
alter table data.responsibility_transfers owner to app_owner;
alter table data.responsibility_transfers enable row level security, force row level security;
create policy finance on data.responsibility_transfers as restrictive for all to public using ((( SELECT (app.finance() = 'all'::text)) OR (( SELECT (app.finance() = 'own'::text)) AND (practitioner_id = ( SELECT app.practitioner_id() AS practitioner_id))) OR (CURRENT_USER = 'app_guard'::name)));
create policy guard on data.responsibility_transfers as permissive for all to app_guard using (true) with check (true);
create policy signed on data.responsibility_transfers as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['payment_posting_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.responsibility_transfers as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX responsibility_transfers_charge ON data.responsibility_transfers USING btree (tenant_id, charge_id) INCLUDE (moved_on, amount_cents, practitioner_id);
CREATE INDEX responsibility_transfers_patient ON data.responsibility_transfers USING btree (tenant_id, patient_id);
CREATE INDEX responsibility_transfers_remittance ON data.responsibility_transfers USING btree (tenant_id, remittance_claim_id) WHERE (remittance_claim_id IS NOT NULL);
CREATE TRIGGER open_items_added AFTER INSERT ON data.responsibility_transfers REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_after AFTER UPDATE ON data.responsibility_transfers REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_before AFTER UPDATE ON data.responsibility_transfers REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
CREATE TRIGGER open_items_removed AFTER DELETE ON data.responsibility_transfers REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard.keep_open_items();
grant insert, select on table data.responsibility_transfers to app_api;
grant select on table data.responsibility_transfers to app_guard;

create table data.review_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  subject_id uuid not null,
  what text not null,
  user_id uuid not null,
  grant_id uuid,
  version integer,
  payload_hash bytea,
  reason text,
  created_at timestamp with time zone not null default clock_timestamp(),
  approval_id uuid,
  constraint review_events_pkey PRIMARY KEY (tenant_id, id),
  constraint review_events_what_check CHECK ((what = ANY (ARRAY['proposed'::text, 'held'::text, 'released'::text, 'revised'::text, 'signed'::text, 'committed'::text, 'rejected'::text, 'expired'::text, 'new_conversation'::text, 'approved_ahead'::text, 'approval_revoked'::text, 'failed'::text, 'parked'::text, 'sent_again'::text, 'given_up'::text])))
);
alter table data.review_events owner to app_owner;
alter table data.review_events enable row level security, force row level security;
create policy guard on data.review_events as permissive for all to app_guard using (true) with check (true);
create policy reader on data.review_events as restrictive for all to public using ((( SELECT app.is_login() AS is_login) OR (CURRENT_USER = 'app_guard'::name)));
create policy tenant on data.review_events as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX review_events_subject ON data.review_events USING btree (tenant_id, subject_id, created_at, id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.review_events FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.review_events FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.review_events to app_guard;
grant select on table data.review_events to app_api;

create table data.schedule_blocks (
  tenant_id uuid not null,
  id uuid not null,
  practitioner_id uuid,
  start_at timestamp with time zone not null,
  end_at timestamp with time zone not null,
  reason text not null,
  constraint schedule_blocks_check CHECK ((start_at < end_at)),
  constraint schedule_blocks_pkey PRIMARY KEY (tenant_id, id),
  constraint schedule_blocks_reason_check CHECK ((reason = ANY (ARRAY['holiday'::text, 'leave'::text, 'meeting'::text, 'training'::text, 'other'::text]))),
  constraint schedule_blocks_tenant_id_practitioner_id_fkey FOREIGN KEY (tenant_id, practitioner_id) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.schedule_blocks owner to app_owner;
alter table data.schedule_blocks enable row level security, force row level security;
create policy tenant on data.schedule_blocks as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX schedule_blocks_time ON data.schedule_blocks USING btree (tenant_id, start_at, end_at);
grant select on table data.schedule_blocks to app_api;

create table data.standing_approvals (
  tenant_id uuid not null,
  id uuid not null,
  author_id uuid not null,
  grant_id uuid not null,
  kinds text[] not null,
  modalities text[],
  roles text[] not null,
  visit_types text[],
  practitioner_ids uuid[],
  horizon_days integer,
  daily_limit integer not null,
  expires_on date not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  revoked_at timestamp with time zone,
  revoked_by uuid,
  form_kinds text[],
  amount_limit_cents bigint,
  constraint standing_approvals_check CHECK (
CASE
    WHEN (kinds && ARRAY['appointment_draft'::text, 'reschedule_draft'::text, 'cancellation_draft'::text]) THEN ((modalities IS NOT NULL) AND (modalities <> '{}'::text[]) AND (modalities <@ ARRAY['in_person'::text, 'telehealth'::text]) AND (visit_types IS NOT NULL) AND (practitioner_ids IS NOT NULL) AND (horizon_days IS NOT NULL) AND ((horizon_days >= 0) AND (horizon_days <= 365)))
    ELSE (num_nonnulls(modalities, visit_types, practitioner_ids, horizon_days) = 0)
END),
  constraint standing_approvals_check1 CHECK (
CASE
    WHEN ('intake_form_draft'::text = ANY (kinds)) THEN ((form_kinds IS NOT NULL) AND (form_kinds <@ ARRAY['new_patient'::text, 'annual_update'::text, 'consent'::text, 'medical_history'::text, 'phq9'::text, 'ams'::text, 'financial'::text]))
    ELSE (form_kinds IS NULL)
END),
  constraint standing_approvals_check2 CHECK (
CASE
    WHEN ('payment_posting_draft'::text = ANY (kinds)) THEN ((amount_limit_cents IS NOT NULL) AND (amount_limit_cents > 0))
    ELSE (amount_limit_cents IS NULL)
END),
  constraint standing_approvals_daily_limit_check CHECK (((daily_limit >= 1) AND (daily_limit <= 1000))),
  constraint standing_approvals_kinds_check CHECK (((kinds <> '{}'::text[]) AND (kinds <@ ARRAY['appointment_draft'::text, 'reschedule_draft'::text, 'cancellation_draft'::text, 'intake_form_draft'::text, 'contact_update_draft'::text, 'payment_posting_draft'::text]))),
  constraint standing_approvals_pkey PRIMARY KEY (tenant_id, id),
  constraint standing_approvals_roles_check CHECK (((roles <> '{}'::text[]) AND (roles <@ ARRAY['owner'::text, 'physician'::text, 'nurse'::text, 'front_desk'::text, 'scheduler'::text, 'biller'::text, 'integration'::text]))),
  constraint standing_approvals_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.standing_approvals owner to app_owner;
alter table data.standing_approvals enable row level security, force row level security;
create policy guard on data.standing_approvals as permissive for all to app_guard using (true) with check (true);
create policy reader on data.standing_approvals as restrictive for all to public using ((( SELECT app.is_login() AS is_login) OR (CURRENT_USER = 'app_guard'::name)));
create policy tenant on data.standing_approvals as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.standing_approvals to app_guard;
grant select on table data.standing_approvals to app_api;

create table data.statements (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  statement_number text not null,
  channel text not null,
  status text not null,
  balance_cents integer not null,
  sent_on date not null,
  due_on date not null,
  constraint statements_channel_check CHECK ((channel = ANY (ARRAY['paper'::text, 'email'::text, 'portal'::text]))),
  constraint statements_pkey PRIMARY KEY (tenant_id, id),
  constraint statements_status_check CHECK ((status = ANY (ARRAY['sent'::text, 'paid'::text, 'partially_paid'::text, 'voided'::text, 'in_collections'::text]))),
  constraint statements_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint statements_tenant_id_statement_number_key UNIQUE (tenant_id, statement_number)
);
alter table data.statements owner to app_owner;
alter table data.statements enable row level security, force row level security;
create policy finance on data.statements as restrictive for all to public using (( SELECT (app.finance() = 'all'::text)));
create policy tenant on data.statements as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX statements_patient ON data.statements USING btree (tenant_id, patient_id, sent_on DESC, id);
CREATE INDEX statements_sent ON data.statements USING btree (tenant_id, sent_on DESC, id);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.statements FOR EACH ROW EXECUTE FUNCTION guard.note_change('statement');
grant select on table data.statements to app_api;

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
  cleared_at timestamp with time zone,
  constraint taint_state_level_check CHECK ((level = 'external'::text)),
  constraint taint_state_pkey PRIMARY KEY (tenant_id, user_id),
  constraint taint_state_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.taint_state owner to app_owner;
alter table data.taint_state enable row level security, force row level security;
create policy guard on data.taint_state as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.taint_state as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.taint_state to app_guard;

create table data.tapes (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  vendor text not null,
  surface text not null,
  version integer not null,
  page text not null,
  tape text not null,
  raw_sha256 text,
  url_secret uuid,
  at timestamp with time zone not null default clock_timestamp(),
  constraint tapes_check CHECK (((raw_sha256 IS NULL) = (url_secret IS NULL))),
  constraint tapes_page_check CHECK ((page = ANY (ARRAY['looked_at'::text, 'sent'::text, 'listed'::text]))),
  constraint tapes_pkey PRIMARY KEY (tenant_id, id),
  constraint tapes_surface_check CHECK ((surface ~ '^[a-z0-9_]{1,60}$'::text)),
  constraint tapes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id),
  constraint tapes_tenant_id_raw_sha256_fkey FOREIGN KEY (tenant_id, raw_sha256) REFERENCES data.raw_bytes(tenant_id, raw_sha256),
  constraint tapes_vendor_check CHECK ((vendor ~ '^[a-z0-9_]{1,60}$'::text))
);
alter table data.tapes owner to app_owner;
alter table data.tapes enable row level security, force row level security;
create policy guard on data.tapes as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.tapes as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX tapes_newest ON data.tapes USING btree (tenant_id, vendor, surface, at DESC);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.tapes FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.tapes FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.tapes to app_guard;

create table data.tasks (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid,
  kind text not null,
  clinical boolean not null,
  title text not null,
  status text not null,
  priority text not null default 'routine'::text,
  owner_id uuid,
  owner_role text,
  focus_id uuid,
  created_at timestamp with time zone not null,
  due_on date,
  ended_at timestamp with time zone,
  outcome text,
  ended_by uuid,
  constraint tasks_kind_check CHECK ((kind = ANY (ARRAY['callback'::text, 'lab_follow_up'::text, 'paperwork'::text, 'prior_authorization'::text, 'outreach'::text, 'scheduling'::text, 'billing'::text, 'other'::text]))),
  constraint tasks_pkey PRIMARY KEY (tenant_id, id),
  constraint tasks_priority_check CHECK ((priority = ANY (ARRAY['routine'::text, 'urgent'::text, 'asap'::text, 'stat'::text]))),
  constraint tasks_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'in_progress'::text, 'on_hold'::text, 'completed'::text, 'cancelled'::text, 'entered_in_error'::text]))),
  constraint tasks_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id)
);
alter table data.tasks owner to app_owner;
alter table data.tasks enable row level security, force row level security;
create policy signed_update on data.tasks as restrictive for update to public using ((( SELECT app.signs(ARRAY['task_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name))) with check ((( SELECT app.signs(ARRAY['task_update_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.tasks as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX tasks_open ON data.tasks USING btree (tenant_id, created_at, id) WHERE (status = ANY (ARRAY['requested'::text, 'in_progress'::text, 'on_hold'::text]));
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.tasks FOR EACH ROW EXECUTE FUNCTION guard.note_change('task');
grant select on table data.tasks to app_api;
grant update on table data.tasks column ended_at to app_api;
grant update on table data.tasks column ended_by to app_api;
grant update on table data.tasks column outcome to app_api;
grant update on table data.tasks column status to app_api;

create table data.tenants (
  tenant_id uuid not null,
  name text not null,
  time_zone text not null,
  tier text not null default 'sandbox'::text,
  created_at timestamp with time zone not null default now(),
  mfa_minutes integer not null default 480,
  constraint tenants_mfa_minutes_check CHECK (((mfa_minutes >= 5) AND (mfa_minutes <= 1440))),
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
  use_ai boolean not null default false,
  signs text[] not null default '{}'::text[],
  constraint users_pkey PRIMARY KEY (tenant_id, id),
  constraint users_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'physician'::text, 'nurse'::text, 'front_desk'::text, 'scheduler'::text, 'biller'::text, 'quality'::text, 'compliance'::text, 'integration'::text]))),
  constraint users_tenant_id_email_key UNIQUE (tenant_id, email),
  constraint users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.users owner to app_owner;
alter table data.users enable row level security, force row level security;
create policy guard on data.users as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.users as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.users to app_guard;

create table data.vault_keys (
  tenant_id uuid not null,
  version integer not null,
  kms_key_id text not null,
  wrapped bytea,
  created_at timestamp with time zone not null default clock_timestamp(),
  shredded_at timestamp with time zone,
  constraint vault_keys_check CHECK (((wrapped IS NULL) = (shredded_at IS NOT NULL))),
  constraint vault_keys_kms_key_id_check CHECK ((kms_key_id ~ '^[a-zA-Z0-9:/_.-]{1,200}$'::text)),
  constraint vault_keys_pkey PRIMARY KEY (tenant_id, version),
  constraint vault_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id),
  constraint vault_keys_version_check CHECK ((version > 0))
);
alter table data.vault_keys owner to app_owner;
alter table data.vault_keys enable row level security, force row level security;
create policy guard on data.vault_keys as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.vault_keys as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant delete, insert, select, update on table data.vault_keys to app_guard;

create table data.vault_secrets (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  purpose text not null,
  version integer not null,
  nonce bytea not null,
  ciphertext bytea not null,
  wrapped_dek bytea not null,
  kek_version integer not null,
  updated_at timestamp with time zone not null default clock_timestamp(),
  constraint vault_secrets_ciphertext_check CHECK ((length(ciphertext) >= 16)),
  constraint vault_secrets_kind_check CHECK ((kind ~ '^[a-z0-9_-]{1,60}$'::text)),
  constraint vault_secrets_nonce_check CHECK ((length(nonce) = 12)),
  constraint vault_secrets_pkey PRIMARY KEY (tenant_id, id),
  constraint vault_secrets_purpose_check CHECK ((purpose ~ '^[a-z0-9_-]{1,60}$'::text)),
  constraint vault_secrets_tenant_id_kek_version_fkey FOREIGN KEY (tenant_id, kek_version) REFERENCES data.vault_keys(tenant_id, version),
  constraint vault_secrets_version_check CHECK ((version > 0))
);
alter table data.vault_secrets owner to app_owner;
alter table data.vault_secrets enable row level security, force row level security;
create policy guard on data.vault_secrets as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.vault_secrets as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX vault_secrets_key ON data.vault_secrets USING btree (tenant_id, kek_version, id);
grant delete, insert, select, update on table data.vault_secrets to app_guard;

create table data.vendor_budgets (
  tenant_id uuid not null,
  name text not null,
  kind text not null,
  revision bigint not null,
  state jsonb not null,
  constraint vendor_budgets_kind_check CHECK ((kind = ANY (ARRAY['minute'::text, 'flow'::text]))),
  constraint vendor_budgets_name_check CHECK ((name ~ '^[a-zA-Z0-9:_.-]{1,200}$'::text)),
  constraint vendor_budgets_pkey PRIMARY KEY (tenant_id, name),
  constraint vendor_budgets_revision_check CHECK ((revision > 0)),
  constraint vendor_budgets_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.vendor_budgets owner to app_owner;
alter table data.vendor_budgets enable row level security, force row level security;
create policy guard on data.vendor_budgets as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.vendor_budgets as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.vendor_budgets to app_guard;

create table data.vendor_sessions (
  tenant_id uuid not null,
  key text not null,
  revision integer not null,
  state jsonb not null,
  effects jsonb not null,
  updated_at timestamp with time zone not null default clock_timestamp(),
  constraint vendor_sessions_pkey PRIMARY KEY (tenant_id, key),
  constraint vendor_sessions_revision_check CHECK ((revision > 0)),
  constraint vendor_sessions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.vendor_sessions owner to app_owner;
alter table data.vendor_sessions enable row level security, force row level security;
create policy guard on data.vendor_sessions as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.vendor_sessions as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.vendor_sessions to app_guard;

create table data.vendor_write_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  write_id uuid not null,
  version integer not null,
  fence bigint,
  state jsonb not null,
  at timestamp with time zone not null default clock_timestamp(),
  user_id uuid,
  constraint vendor_write_events_check CHECK ((num_nonnulls(fence, user_id) <= 1)),
  constraint vendor_write_events_pkey PRIMARY KEY (tenant_id, id),
  constraint vendor_write_events_tenant_id_write_id_fkey FOREIGN KEY (tenant_id, write_id) REFERENCES data.vendor_writes(tenant_id, id),
  constraint vendor_write_events_tenant_id_write_id_version_key UNIQUE (tenant_id, write_id, version)
);
alter table data.vendor_write_events owner to app_owner;
alter table data.vendor_write_events enable row level security, force row level security;
create policy guard on data.vendor_write_events as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.vendor_write_events as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.vendor_write_events FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.vendor_write_events FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.vendor_write_events to app_guard;

create table data.vendor_writes (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  draft_id uuid,
  surface text not null,
  request jsonb not null,
  request_key text not null,
  version integer not null default 0,
  state jsonb not null,
  status text not null generated always as ((state ->> 'is'::text)) stored,
  created_at timestamp with time zone not null default clock_timestamp(),
  updated_at timestamp with time zone not null default clock_timestamp(),
  payload_hash bytea,
  constraint vendor_writes_pkey PRIMARY KEY (tenant_id, id),
  constraint vendor_writes_request_key_check CHECK (((length(request_key) >= 1) AND (length(request_key) <= 200))),
  constraint vendor_writes_status_check CHECK ((status = ANY (ARRAY['planned'::text, 'sending'::text, 'in_doubt'::text, 'confirmed'::text, 'rejected'::text, 'cancelled'::text, 'parked'::text]))),
  constraint vendor_writes_surface_check CHECK ((surface ~ '^[a-z0-9_.]{1,100}$'::text)),
  constraint vendor_writes_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES data.connections(tenant_id, id),
  constraint vendor_writes_tenant_id_connection_id_request_key_key UNIQUE (tenant_id, connection_id, request_key),
  constraint vendor_writes_tenant_id_draft_id_fkey FOREIGN KEY (tenant_id, draft_id) REFERENCES data.pending_actions(tenant_id, id)
);
alter table data.vendor_writes owner to app_owner;
alter table data.vendor_writes enable row level security, force row level security;
create policy guard on data.vendor_writes as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.vendor_writes as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX vendor_writes_open ON data.vendor_writes USING btree (tenant_id, connection_id, created_at) WHERE (status = ANY (ARRAY['planned'::text, 'sending'::text, 'in_doubt'::text]));
CREATE INDEX vendor_writes_parked ON data.vendor_writes USING btree (tenant_id, updated_at DESC) WHERE (status = 'parked'::text);
CREATE UNIQUE INDEX vendor_writes_draft ON data.vendor_writes USING btree (tenant_id, draft_id) WHERE (draft_id IS NOT NULL);
CREATE TRIGGER draft_follows AFTER UPDATE OF state ON data.vendor_writes FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION guard.follow_write();
grant insert, select, update on table data.vendor_writes to app_guard;

create table data.vital_signs (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  encounter_id uuid,
  loinc text not null,
  value numeric,
  systolic numeric,
  diastolic numeric,
  unit text,
  unit_raw text,
  body_position text,
  setting text not null default 'office'::text,
  status text not null default 'final'::text,
  taken_at timestamp with time zone not null,
  taken_by uuid,
  constraint vital_signs_body_position_check CHECK ((body_position = ANY (ARRAY['sitting'::text, 'standing'::text, 'supine'::text]))),
  constraint vital_signs_check CHECK (((loinc = '85354-9'::text) = ((systolic IS NOT NULL) AND (diastolic IS NOT NULL)))),
  constraint vital_signs_check1 CHECK (((loinc <> '85354-9'::text) = (value IS NOT NULL))),
  constraint vital_signs_pkey PRIMARY KEY (tenant_id, id),
  constraint vital_signs_setting_check CHECK ((setting = ANY (ARRAY['office'::text, 'home'::text, 'inpatient'::text, 'emergency'::text]))),
  constraint vital_signs_status_check CHECK ((status = ANY (ARRAY['preliminary'::text, 'final'::text, 'amended'::text, 'corrected'::text, 'entered_in_error'::text]))),
  constraint vital_signs_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES data.encounters(tenant_id, id),
  constraint vital_signs_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES data.patients(tenant_id, id),
  constraint vital_signs_tenant_id_taken_by_fkey FOREIGN KEY (tenant_id, taken_by) REFERENCES data.practitioners(tenant_id, id)
);
alter table data.vital_signs owner to app_owner;
alter table data.vital_signs enable row level security, force row level security;
create policy signed on data.vital_signs as restrictive for insert to public with check ((( SELECT app.signs(ARRAY['vitals_draft'::text]) AS signs) OR (CURRENT_USER <> 'app_api'::name)));
create policy tenant on data.vital_signs as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX vital_signs_loinc ON data.vital_signs USING btree (tenant_id, loinc, patient_id, taken_at DESC);
CREATE INDEX vital_signs_patient ON data.vital_signs USING btree (tenant_id, patient_id, taken_at DESC, id DESC);
CREATE INDEX vital_signs_pressure ON data.vital_signs USING btree (tenant_id, taken_at) INCLUDE (patient_id, systolic, diastolic, status, setting, encounter_id) WHERE (loinc = '85354-9'::text);
CREATE TRIGGER noted AFTER INSERT OR DELETE OR UPDATE ON data.vital_signs FOR EACH ROW EXECUTE FUNCTION guard.note_change('vital_sign');
grant insert, select on table data.vital_signs to app_api;

create table data.webhook_attempts (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  delivery_id uuid not null,
  n integer not null,
  endpoint_id uuid not null,
  ended_at timestamp with time zone not null,
  answer integer,
  reason text,
  constraint webhook_attempts_pkey PRIMARY KEY (tenant_id, id),
  constraint webhook_attempts_reason_check CHECK ((reason ~ '^[a-z0-9_]{1,40}$'::text)),
  constraint webhook_attempts_tenant_id_delivery_id_fkey FOREIGN KEY (tenant_id, delivery_id) REFERENCES data.webhook_deliveries(tenant_id, id),
  constraint webhook_attempts_tenant_id_delivery_id_n_key UNIQUE (tenant_id, delivery_id, n),
  constraint webhook_attempts_tenant_id_endpoint_id_fkey FOREIGN KEY (tenant_id, endpoint_id) REFERENCES data.webhook_endpoints(tenant_id, id)
);
alter table data.webhook_attempts owner to app_owner;
alter table data.webhook_attempts enable row level security, force row level security;
create policy guard on data.webhook_attempts as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.webhook_attempts as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX webhook_attempts_failed ON data.webhook_attempts USING btree (tenant_id, endpoint_id, ended_at DESC, n DESC) WHERE (reason IS NOT NULL);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.webhook_attempts FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.webhook_attempts FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.webhook_attempts to app_guard;

create table data.webhook_deliveries (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  event_id uuid not null,
  endpoint_id uuid not null,
  object_id uuid not null,
  seq bigint not null,
  status text not null default 'waiting'::text,
  attempts integer not null default 0,
  due_at timestamp with time zone,
  claim uuid,
  claim_seen_at timestamp with time zone,
  reason text,
  answer integer,
  settled_at timestamp with time zone,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint webhook_deliveries_check CHECK (((status = 'sending'::text) = (claim IS NOT NULL))),
  constraint webhook_deliveries_pkey PRIMARY KEY (tenant_id, id),
  constraint webhook_deliveries_reason_check CHECK ((reason ~ '^[a-z0-9_]{1,40}$'::text)),
  constraint webhook_deliveries_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'sending'::text, 'delivered'::text, 'dead'::text]))),
  constraint webhook_deliveries_tenant_id_endpoint_id_event_id_key UNIQUE (tenant_id, endpoint_id, event_id),
  constraint webhook_deliveries_tenant_id_endpoint_id_fkey FOREIGN KEY (tenant_id, endpoint_id) REFERENCES data.webhook_endpoints(tenant_id, id),
  constraint webhook_deliveries_tenant_id_event_id_fkey FOREIGN KEY (tenant_id, event_id) REFERENCES data.webhook_events(tenant_id, id)
);
alter table data.webhook_deliveries owner to app_owner;
alter table data.webhook_deliveries enable row level security, force row level security;
create policy guard on data.webhook_deliveries as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.webhook_deliveries as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE INDEX webhook_deliveries_dead ON data.webhook_deliveries USING btree (tenant_id, endpoint_id) WHERE (status = 'dead'::text);
CREATE INDEX webhook_deliveries_due ON data.webhook_deliveries USING btree (tenant_id, endpoint_id, created_at, seq) WHERE (status = 'waiting'::text);
CREATE INDEX webhook_deliveries_newest ON data.webhook_deliveries USING btree (tenant_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_of ON data.webhook_deliveries USING btree (tenant_id, endpoint_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_open ON data.webhook_deliveries USING btree (tenant_id, endpoint_id, object_id, seq) WHERE (status = ANY (ARRAY['waiting'::text, 'sending'::text]));
CREATE UNIQUE INDEX webhook_deliveries_one ON data.webhook_deliveries USING btree (tenant_id, endpoint_id, object_id) WHERE (status = 'sending'::text);
grant insert, select, update on table data.webhook_deliveries to app_guard;

create table data.webhook_endpoints (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  url text not null,
  events text[] not null,
  status text not null default 'enabled'::text,
  disabled_reason text,
  disabled_at timestamp with time zone,
  failures integer not null default 0,
  failing_since timestamp with time zone,
  paused_until timestamp with time zone,
  last_delivered_at timestamp with time zone,
  taken_at timestamp with time zone,
  secret_id uuid not null,
  previous_secret_id uuid,
  previous_until timestamp with time zone,
  created_by uuid not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  removed_at timestamp with time zone,
  constraint webhook_endpoints_check CHECK (((status = 'disabled'::text) = (disabled_reason IS NOT NULL))),
  constraint webhook_endpoints_check1 CHECK (((previous_secret_id IS NULL) = (previous_until IS NULL))),
  constraint webhook_endpoints_check2 CHECK (((removed_at IS NULL) OR (status = 'disabled'::text))),
  constraint webhook_endpoints_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['gone'::text, 'five_days_of_failures'::text, 'by_person'::text]))),
  constraint webhook_endpoints_events_check CHECK ((((cardinality(events) >= 1) AND (cardinality(events) <= 20)) AND (events <@ guard.webhook_types()))),
  constraint webhook_endpoints_pkey PRIMARY KEY (tenant_id, id),
  constraint webhook_endpoints_status_check CHECK ((status = ANY (ARRAY['enabled'::text, 'disabled'::text]))),
  constraint webhook_endpoints_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES data.tenants(tenant_id)
);
alter table data.webhook_endpoints owner to app_owner;
alter table data.webhook_endpoints enable row level security, force row level security;
create policy guard on data.webhook_endpoints as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.webhook_endpoints as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.webhook_endpoints to app_guard;

create table data.webhook_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  type text not null,
  object_id uuid not null,
  seq bigint not null,
  occurred_at timestamp with time zone not null default clock_timestamp(),
  constraint webhook_events_pkey PRIMARY KEY (tenant_id, id),
  constraint webhook_events_tenant_id_object_id_seq_key UNIQUE (tenant_id, object_id, seq),
  constraint webhook_events_type_check CHECK (((type = ANY (guard.webhook_types())) OR (type = 'webhook.test'::text)))
);
alter table data.webhook_events owner to app_owner;
alter table data.webhook_events enable row level security, force row level security;
create policy guard on data.webhook_events as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.webhook_events as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.webhook_events FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON data.webhook_events FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
grant insert, select on table data.webhook_events to app_guard;

create table data.webhook_sequences (
  tenant_id uuid not null,
  object_id uuid not null,
  seq bigint not null,
  constraint webhook_sequences_pkey PRIMARY KEY (tenant_id, object_id)
);
alter table data.webhook_sequences owner to app_owner;
alter table data.webhook_sequences enable row level security, force row level security;
create policy guard on data.webhook_sequences as permissive for all to app_guard using (true) with check (true);
create policy tenant on data.webhook_sequences as permissive for all to public using ((tenant_id = ( SELECT app.tenant() AS tenant))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)));
grant insert, select, update on table data.webhook_sequences to app_guard;

create table guard.attempts (
  ticket bytea not null,
  email text not null,
  prefix text not null,
  device bytea,
  expires_at timestamp with time zone not null,
  constraint attempts_pkey PRIMARY KEY (ticket),
  constraint attempts_ticket_check CHECK ((length(ticket) = 32))
);
alter table guard.attempts owner to app_guard;
alter table guard.attempts disable row level security, no force row level security;

create table guard.budgets (
  key bytea not null,
  tries integer not null default 0,
  last_at timestamp with time zone not null default clock_timestamp(),
  not_before timestamp with time zone not null default '-infinity'::timestamp with time zone,
  constraint budgets_pkey PRIMARY KEY (key)
);
alter table guard.budgets owner to app_guard;
alter table guard.budgets disable row level security, no force row level security;
CREATE INDEX budgets_last ON guard.budgets USING btree (last_at);

create table guard.challenges (
  hash bytea not null,
  kind text not null,
  tenant_id uuid not null,
  user_id uuid not null,
  expires_at timestamp with time zone not null,
  tries integer not null default 0,
  invitation bytea,
  email text,
  salt bytea,
  cost integer,
  verifier bytea,
  seed bytea,
  codes bytea[],
  constraint challenges_check CHECK (((kind = 'enrol'::text) = (num_nonnulls(invitation, email, salt, cost, verifier, seed, codes) = 7))),
  constraint challenges_hash_check CHECK ((length(hash) = 32)),
  constraint challenges_kind_check CHECK ((kind = ANY (ARRAY['sign_in'::text, 'enrol'::text]))),
  constraint challenges_pkey PRIMARY KEY (hash)
);
alter table guard.challenges owner to app_guard;
alter table guard.challenges disable row level security, no force row level security;

create table guard.devices (
  tenant_id uuid not null,
  user_id uuid not null,
  hash bytea not null,
  last_at timestamp with time zone not null default clock_timestamp(),
  constraint devices_hash_check CHECK ((length(hash) = 32)),
  constraint devices_pkey PRIMARY KEY (tenant_id, user_id, hash)
);
alter table guard.devices owner to app_guard;
alter table guard.devices disable row level security, no force row level security;
CREATE INDEX devices_hash ON guard.devices USING btree (hash);

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
  constraint edge_log_reason_check CHECK ((reason = ANY (ARRAY['missing'::text, 'malformed'::text, 'unknown'::text, 'expired'::text, 'revoked'::text, 'suppressed'::text, 'wrong_password'::text, 'wrong_code'::text])))
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
  toolsets text[],
  mfa_at timestamp with time zone,
  seen_at timestamp with time zone,
  user_agent text,
  ip text,
  constraint grants_hash_check CHECK ((length(hash) = 32)),
  constraint grants_hash_key UNIQUE (hash),
  constraint grants_kind_check CHECK ((kind = ANY (ARRAY['credential'::text, 'login'::text, 'job'::text]))),
  constraint grants_login CHECK (((kind <> 'login'::text) OR ((expires_at IS NOT NULL) AND (mfa_at IS NOT NULL) AND (seen_at IS NOT NULL)))),
  constraint grants_pkey PRIMARY KEY (id)
);
alter table guard.grants owner to app_guard;
alter table guard.grants disable row level security, no force row level security;
CREATE INDEX grants_tenant ON guard.grants USING btree (tenant_id, id);

create table guard.invitations (
  hash bytea not null,
  kind text not null,
  tenant_id uuid not null,
  user_id uuid not null,
  invited_by uuid not null,
  expires_at timestamp with time zone not null,
  tries integer not null default 0,
  used_at timestamp with time zone,
  constraint invitations_hash_check CHECK ((length(hash) = 32)),
  constraint invitations_kind_check CHECK ((kind = ANY (ARRAY['join'::text, 'factor'::text]))),
  constraint invitations_pkey PRIMARY KEY (hash)
);
alter table guard.invitations owner to app_guard;
alter table guard.invitations disable row level security, no force row level security;
CREATE INDEX invitations_user ON guard.invitations USING btree (tenant_id, user_id);

create table guard.login_key (
  inner_pad bytea not null,
  outer_pad bytea not null
);
alter table guard.login_key owner to app_guard;
alter table guard.login_key disable row level security, no force row level security;

create table guard.recipe_approvals (
  vendor text not null,
  surface text not null,
  version integer not null,
  cohort uuid[] not null,
  pages integer not null,
  breaks text[] not null,
  approved_at timestamp with time zone not null default clock_timestamp(),
  constraint recipe_approvals_pages_check CHECK ((pages >= 0)),
  constraint recipe_approvals_pkey PRIMARY KEY (vendor, surface, version),
  constraint recipe_approvals_vendor_surface_version_fkey FOREIGN KEY (vendor, surface, version) REFERENCES guard.recipe_bundles(vendor, surface, version)
);
alter table guard.recipe_approvals owner to app_guard;
alter table guard.recipe_approvals disable row level security, no force row level security;
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON guard.recipe_approvals FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON guard.recipe_approvals FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always

create table guard.recipe_bundles (
  vendor text not null,
  surface text not null,
  version integer not null,
  key_id text not null,
  bytes bytea not null,
  delivered_at timestamp with time zone not null default clock_timestamp(),
  constraint recipe_bundles_key_id_fkey FOREIGN KEY (key_id) REFERENCES guard.recipe_keys(key_id),
  constraint recipe_bundles_pkey PRIMARY KEY (vendor, surface, version),
  constraint recipe_bundles_surface_check CHECK ((surface ~ '^[a-z][a-z0-9_]{0,59}$'::text)),
  constraint recipe_bundles_vendor_check CHECK ((vendor ~ '^[a-z][a-z0-9_]{0,59}$'::text)),
  constraint recipe_bundles_version_check CHECK ((version > 0))
);
alter table guard.recipe_bundles owner to app_guard;
alter table guard.recipe_bundles disable row level security, no force row level security;
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON guard.recipe_bundles FOR EACH ROW EXECUTE FUNCTION guard.refuse_change(); -- enabled: always
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON guard.recipe_bundles FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change(); -- enabled: always

create table guard.recipe_deliveries (
  vendor text not null,
  surface text not null,
  revision integer not null,
  state jsonb not null,
  cohort uuid[] not null default '{}'::uuid[],
  updated_at timestamp with time zone not null default clock_timestamp(),
  constraint recipe_deliveries_check CHECK ((((state ->> 'canary'::text) IS NULL) OR (cardinality(cohort) > 0))),
  constraint recipe_deliveries_pkey PRIMARY KEY (vendor, surface),
  constraint recipe_deliveries_revision_check CHECK ((revision > 0))
);
alter table guard.recipe_deliveries owner to app_guard;
alter table guard.recipe_deliveries disable row level security, no force row level security;
CREATE TRIGGER taken_back BEFORE UPDATE ON guard.recipe_deliveries FOR EACH ROW EXECUTE FUNCTION guard.refuse_taken_back();

create table guard.recipe_keys (
  key_id text not null,
  x text not null,
  pinned_at timestamp with time zone not null default clock_timestamp(),
  constraint recipe_keys_key_id_check CHECK ((key_id ~ '^[A-Za-z0-9_-]{1,40}$'::text)),
  constraint recipe_keys_pkey PRIMARY KEY (key_id),
  constraint recipe_keys_x_check CHECK ((x ~ '^[A-Za-z0-9_-]{43}$'::text)),
  constraint recipe_keys_x_key UNIQUE (x)
);
alter table guard.recipe_keys owner to app_guard;
alter table guard.recipe_keys disable row level security, no force row level security;

create table guard.recovery_codes (
  tenant_id uuid not null,
  user_id uuid not null,
  hash bytea not null,
  used_at timestamp with time zone,
  constraint recovery_codes_hash_check CHECK ((length(hash) = 32)),
  constraint recovery_codes_pkey PRIMARY KEY (tenant_id, user_id, hash)
);
alter table guard.recovery_codes owner to app_guard;
alter table guard.recovery_codes disable row level security, no force row level security;

create table guard.seal_key (
  inner_pad bytea not null,
  outer_pad bytea not null
);
alter table guard.seal_key owner to app_guard;
alter table guard.seal_key disable row level security, no force row level security;

create table guard.signing (
  kind text not null,
  right_name text not null,
  role text not null,
  needs_licence boolean not null,
  constraint signing_pkey PRIMARY KEY (kind, role)
);
alter table guard.signing owner to app_guard;
alter table guard.signing disable row level security, no force row level security;

create table guard.staff (
  tenant_id uuid not null,
  user_id uuid not null,
  email text not null,
  salt bytea not null,
  cost integer not null,
  verifier bytea not null,
  totp_seed bytea,
  totp_step bigint not null default 0,
  changed_at timestamp with time zone not null default clock_timestamp(),
  constraint staff_cost_check CHECK (((cost >= 1) AND (cost <= 24))),
  constraint staff_pkey PRIMARY KEY (tenant_id, user_id),
  constraint staff_salt_check CHECK ((length(salt) = 16)),
  constraint staff_totp_seed_check CHECK ((length(totp_seed) >= 16)),
  constraint staff_verifier_check CHECK ((length(verifier) = 32))
);
alter table guard.staff owner to app_guard;
alter table guard.staff disable row level security, no force row level security;
CREATE UNIQUE INDEX staff_email ON guard.staff USING btree (email, tenant_id);

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
