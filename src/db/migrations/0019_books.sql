-- What the owner of a clinic sees and does in the books: credentials of AIs, and the audit of everything. A login asks; no credential reads or makes another.
-- Owner in code: governance.

set role app_guard;

-- The login's person, where her role is one of these. Throws AT001 otherwise.
create function guard.at_books(roles text[]) returns data.users language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.opened_seal();
  u data.users;
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  select * into u from data.users x where x.tenant_id = seal[1]::uuid and x.id = seal[2]::uuid;
  if u.role <> all (roles) then perform guard.refuse('not_permitted'); end if;
  return u;
end $$;

create function app.credentials() returns table (credential_id uuid, user_id uuid, person text, role text, name text, toolsets text[], state text, created_at timestamptz, revoked_at timestamptz, last_call_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me data.users := guard.at_books(array['owner', 'compliance']);
begin
  return query
    select g.id, g.user_id, u.display_name, u.role, g.name, g.toolsets,
      case when g.revoked_at is not null then 'revoked' when g.expires_at <= clock_timestamp() then 'expired' else 'live' end, g.created_at, g.revoked_at,
      (select max(i.created_at) from data.mcp_audit_intent i where i.tenant_id = g.tenant_id and i.credential_id = g.id and i.door <> 'command')
    from guard.grants g join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id
    where g.tenant_id = me.tenant_id and g.kind = 'credential' order by g.created_at desc, g.id;
end $$;

-- A credential for a person of this clinic who may use an AI. p_hash is the sha256 of the secret, which the database never sees.
create function app.mint_credential(p_id uuid, p_hash bytea, p_user uuid, p_name text, p_toolsets text[]) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- Ends a credential: the owner any, a person her own. Its next call answers 401.
create function app.revoke_credential(p_id uuid) returns timestamptz language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- Calls of this clinic by whatever way, the newest first; a call without a final row is still running, or its server ended.
create function app.audited(p_from timestamptz, p_to timestamptz, p_user uuid, p_tool text, p_status text, p_after uuid, p_limit int)
returns table (audit_id uuid, at timestamptz, user_id uuid, person text, role text, credential_id uuid, credential text, tool text, door text, status text, outcome text, latency_ms int, response_bytes int, args_redacted jsonb)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

reset role;
revoke all on function guard.at_books(text[]), app.credentials(), app.mint_credential(uuid, bytea, uuid, text, text[]), app.revoke_credential(uuid),
  app.audited(timestamptz, timestamptz, uuid, text, text, uuid, int) from public;
grant execute on function app.credentials(), app.mint_credential(uuid, bytea, uuid, text, text[]), app.revoke_credential(uuid),
  app.audited(timestamptz, timestamptz, uuid, text, text, uuid, int) to app_api;
