-- A credential carries toolsets (D1): it has the tools of these and no others. Null: all that its role has.
-- What app.identify says of a credential grows by it, and so does what app.begin hands on.

set role app_guard;

alter table guard.grants add column toolsets text[];

drop function app.begin_many(jsonb);
drop function app.begin(bytea, uuid, uuid, text, jsonb, text, jsonb);
drop function app.identify(bytea);

-- Who a credential is, for lists and for the key a call is prepared with. No row for one that is unknown, expired or revoked. Writes nothing.
create function app.identify(p_hash bytea)
returns table (grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], toolsets text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb, audit_key bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select g.id, g.tenant_id, g.user_id, u.role, g.permissions, g.toolsets, u.practitioner_id, t.name, t.time_zone,
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
returns table (grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], toolsets text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select i.grant_id, i.tenant_id, i.user_id, i.role, i.permissions, i.toolsets, i.practitioner_id, i.tenant_name, i.time_zone, i.connections
    into grant_id, tenant_id, user_id, role, permissions, toolsets, practitioner_id, tenant_name, time_zone, connections from app.identify(p_hash) i;
  if grant_id is null then return; end if;
  insert into data.mcp_audit_intent (tenant_id, id, user_id, credential_id, tool_name, args_redacted, request_id, door, client)
    values (begin.tenant_id, p_id, begin.user_id, begin.grant_id, p_tool, p_args, p_request_id, p_door, p_client);
  return next;
end $$;

-- app.begin for calls that arrived together: one round trip and one commit for all of them, each under its own credential. p_calls: [{n, hash (hex), id, request_id,
-- tool, args, door, client}]; a call whose credential may not call has no row in the answer.
create function app.begin_many(p_calls jsonb)
returns table (n int, grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], toolsets text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare c record;
begin
  for c in select * from jsonb_to_recordset(p_calls) x (n int, hash text, id uuid, request_id uuid, tool text, args jsonb, door text, client jsonb) loop
    return query select c.n, b.* from app.begin(decode(c.hash, 'hex'), c.id, c.request_id, c.tool, c.args, c.door, c.client) b;
  end loop;
end $$;

reset role;
revoke all on function app.identify(bytea), app.begin(bytea, uuid, uuid, text, jsonb, text, jsonb), app.begin_many(jsonb) from public;
grant execute on function app.identify(bytea), app.begin(bytea, uuid, uuid, text, jsonb, text, jsonb), app.begin_many(jsonb) to app_api;

-- An MCP resource that is read is a call like any other; its door says how it came.
alter table data.mcp_audit_intent drop constraint mcp_audit_intent_door_check,
  add constraint mcp_audit_intent_door_check check (door in ('mcp', 'rest', 'admin', 'job', 'command', 'resource'));
