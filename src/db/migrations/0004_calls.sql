-- The functions that a call passes: identify, begin, enter, finish; and those of the edge and the sweeper.
-- Each is SECURITY DEFINER as app_guard, finds names in pg_catalog (temporary ones last), takes the tenant from the grant and never from an argument.

set role app_guard;

-- Who a credential is, for lists and for the key a call is prepared with. No row for one that is unknown, expired or revoked. Writes nothing.
create function app.identify(p_hash bytea)
returns table (grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb, audit_key bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- Authenticates a call and commits its intent row, in one round trip and one transaction. No row, and nothing written, for a credential that may not call.
create function app.begin(p_hash bytea, p_id uuid, p_request_id uuid, p_tool text, p_args jsonb, p_door text, p_client jsonb)
returns table (grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select i.grant_id, i.tenant_id, i.user_id, i.role, i.permissions, i.practitioner_id, i.tenant_name, i.time_zone, i.connections
    into grant_id, tenant_id, user_id, role, permissions, practitioner_id, tenant_name, time_zone, connections from app.identify(p_hash) i;
  if grant_id is null then return; end if;
  insert into data.mcp_audit_intent (tenant_id, id, user_id, credential_id, tool_name, args_redacted, request_id, door, client)
    values (begin.tenant_id, p_id, begin.user_id, begin.grant_id, p_tool, p_args, p_request_id, p_door, p_client);
  return next;
end $$;

-- app.begin for calls that arrived together: one round trip and one commit for all of them, each under its own credential. p_calls: [{n, hash (hex), id, request_id,
-- tool, args, door, client}]; a call whose credential may not call has no row in the answer.
create function app.begin_many(p_calls jsonb)
returns table (n int, grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare c record;
begin
  for c in select * from jsonb_to_recordset(p_calls) x (n int, hash text, id uuid, request_id uuid, tool text, args jsonb, door text, client jsonb) loop
    return query select c.n, b.* from app.begin(decode(c.hash, 'hex'), c.id, c.request_id, c.tool, c.args, c.door, c.client) b;
  end loop;
end $$;

-- Seals this transaction for the credential's clinic and sets its time zone. Throws 42501 for a credential that may not call (any more), and for a second
-- entry. From here on, row security shows this clinic's rows.
create function app.enter(p_hash bytea) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- Writes the final audit row of an intent of this credential (live or not: what was begun is ended), with what was delivered: references made, outside text
-- given. Taint and the row commit together, before the first byte. Throws when the intent is not this credential's or already has its row.
create function app.finish(p_hash bytea, p_id uuid, p_status text, p_outcome text, p_bytes int, p_latency_ms int, p_subjects text[], p_refs jsonb, p_delivered jsonb)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- app.finish for calls that end together: one round trip and one commit for all of them. p_calls: [{hash (hex), id, status, outcome, bytes, latency_ms, subjects, refs, delivered}].
create function app.finish_many(p_calls jsonb) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare c record;
begin
  for c in select * from jsonb_to_recordset(p_calls) x (hash text, id uuid, status text, outcome text, bytes int, latency_ms int, subjects text[], refs jsonb, delivered jsonb) loop
    perform app.finish(decode(c.hash, 'hex'), c.id, c.status, c.outcome, c.bytes, c.latency_ms, c.subjects, c.refs, c.delivered);
  end loop;
end $$;

-- Notes a knock that no clinic answers for. Tells nothing back.
create function app.note_at_edge(p_reason text, p_hash bytea, p_door text, p_ip text, p_count int) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare g guard.grants;
begin
  select x.* into g from guard.grants x where x.hash = p_hash;
  insert into guard.edge_log (reason, fingerprint, credential_id, door, ip, count)
    values (case when g.revoked_at is not null then 'revoked' when g.expires_at <= clock_timestamp() then 'expired' when g.id is not null then 'unknown' else p_reason end,
      left(encode(p_hash, 'hex'), 16), g.id, left(p_door, 16), left(p_ip, 45), greatest(p_count, 1));
end $$;

-- Gives every intent older than p_age (5 s at least, whatever is asked) that has no final row one with status error, outcome orphaned;
-- forgets references past their time. Answers how many it closed. Each clinic's intents are looked through from an hour before the last sweep; from a day before,
-- where that sweep is long ago or its clock was ahead.
create function app.sweep(p_age interval) returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

reset role;

revoke all on all functions in schema guard, app from public;
grant execute on function app.tenant(), app.user_id(), app.identify(bytea), app.begin(bytea, uuid, uuid, text, jsonb, text, jsonb), app.begin_many(jsonb), app.enter(bytea),
  app.finish(bytea, uuid, text, text, int, int, text[], jsonb, jsonb), app.finish_many(jsonb), app.note_at_edge(text, bytea, text, text, int), app.sweep(interval) to app_api;
