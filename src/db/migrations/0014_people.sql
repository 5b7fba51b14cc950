-- The acts of the owner on the people of the clinic: each looks at the sealed login of its own transaction, whatever the caller says. A refusal has SQLSTATE AT001.

set role app_guard;

-- The seal of a login that may read of the people (owner, compliance), or manage them (owner; with a fresh second factor). roles.ts says the same; a test holds them equal.
create function guard.people_roles(of_act text) returns text[] language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case of_act when 'read' then array['owner', 'compliance'] else array['owner'] end
$$;
create function guard.at_people(of_act text) returns text[] language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.opened_seal();
begin
  if not exists (select from guard.grants g join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id and u.active
      where g.id = seal[3]::uuid and g.tenant_id = seal[1]::uuid and g.kind = 'login' and guard.is_live(g) and u.role = any (guard.people_roles(of_act))) then
    raise exception using errcode = 'AT001', message = 'not_permitted';
  end if;
  if of_act = 'manage' and not guard.has_fresh_mfa(seal[3]::uuid) then raise exception using errcode = 'AT001', message = 'mfa_needed'; end if;
  return seal;
end $$;

create function app.people() returns table (user_id uuid, email text, display_name text, role text, practitioner_id uuid, active boolean, use_ai boolean, licensed boolean,
  login text, invited_until timestamptz, last_sign_in_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.at_people('read');
begin
  return query select u.id, u.email, u.display_name, u.role, u.practitioner_id, u.active, u.use_ai, guard.is_licensed(u.tenant_id, u.id),
      case when a.totp_seed is not null then 'ready' when a.user_id is not null then 'second_factor_reset' when i.until is not null then 'invited' else 'none' end,
      i.until, (select max(g.created_at) from guard.grants g where g.tenant_id = u.tenant_id and g.user_id = u.id and g.kind = 'login')
    from data.users u left join guard.staff a on a.tenant_id = u.tenant_id and a.user_id = u.id
    left join lateral (select max(x.expires_at) as until from guard.invitations x where x.tenant_id = u.tenant_id and x.user_id = u.id and x.used_at is null and x.expires_at > clock_timestamp()) i on true
    where u.tenant_id = seal[1]::uuid order by u.active desc, u.display_name, u.id;
end $$;

-- Puts a one-time link in the place of those this person had before.
create function guard.invite(of_tenant uuid, of_user uuid, of_kind text, of_hash bytea, by_user uuid) returns timestamptz language plpgsql set search_path = pg_catalog, pg_temp as $$
declare until timestamptz := clock_timestamp() + interval '7 days';
begin
  delete from guard.invitations i where i.tenant_id = of_tenant and i.user_id = of_user and i.used_at is null;
  insert into guard.invitations (hash, kind, tenant_id, user_id, invited_by, expires_at) values (of_hash, of_kind, of_tenant, of_user, by_user, until);
  return until;
end $$;

-- Invites by e-mail: a new person, or one who is here and has no login yet. p_user is the id of a new one; p_token the hash of the link's secret.
create function app.invite_person(p_user uuid, p_email text, p_display_name text, p_role text, p_practitioner uuid, p_use_ai boolean, p_token bytea)
returns table (user_id uuid, expires_at timestamptz) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- Role, whether active, whether an AI may be used; null leaves it. Who is no longer active, or may no longer use one, loses what was minted. One owner stays.
create function app.update_person(p_user uuid, p_role text, p_active boolean, p_use_ai boolean) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

create function app.logins() returns table (login_id uuid, user_id uuid, display_name text, email text, role text, signed_in_at timestamptz, seen_at timestamptz, mfa_at timestamptz,
  expires_at timestamptz, ip text, user_agent text, is_this boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.at_people('read');
begin
  return query select g.id, g.user_id, u.display_name, u.email, u.role, g.created_at, g.seen_at, g.mfa_at, g.expires_at, g.ip, g.user_agent, g.id = seal[3]::uuid
    from guard.grants g join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id
    where g.tenant_id = seal[1]::uuid and g.kind = 'login' and guard.is_live(g) order by g.seen_at desc, g.id;
end $$;

-- Ends a login of this clinic at once. No fresh second factor is asked for: this must not wait.
create function app.revoke_login(p_login uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.at_people('revoke');
begin
  update guard.grants g set revoked_at = clock_timestamp() where g.tenant_id = seal[1]::uuid and g.id = p_login and g.kind = 'login' and g.revoked_at is null;
  if not found then raise exception using errcode = 'AT001', message = 'not_found'; end if;
end $$;

create function app.licences() returns table (licence_id uuid, user_id uuid, practitioner_id uuid, display_name text, kind text, number text, state text, issued_on date, expires_on date,
  revoked_on date)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.at_people('read');
begin
  return query select l.id, u.id, l.practitioner_id, u.display_name, l.kind, l.number, l.state, l.issued_on, l.expires_on, l.revoked_on
    from data.licences l left join data.users u on u.tenant_id = l.tenant_id and (u.id = l.user_id or (l.user_id is null and u.practitioner_id = l.practitioner_id))
    where l.tenant_id = seal[1]::uuid order by u.display_name, l.kind, l.state, l.id;
end $$;

-- Records a licence of a person, or what became of one (kind, number and state say which). Answers its id.
create function app.record_licence(p_id uuid, p_user uuid, p_kind text, p_number text, p_state text, p_issued_on date, p_expires_on date, p_revoked_on date) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- Takes a person's second factor away and ends the logins. The link (p_token: its hash), with the person's own password or a recovery code, enrols a new one.
create function app.reset_second_factor(p_user uuid, p_token bytea) returns timestamptz language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.at_people('manage');
  t uuid := seal[1]::uuid;
begin
  update guard.staff a set totp_seed = null, changed_at = clock_timestamp() from data.users u where u.tenant_id = t and u.id = p_user and u.active and a.tenant_id = t and a.user_id = p_user;
  if not found then raise exception using errcode = 'AT001', message = 'not_found'; end if;
  perform guard.end_logins(t, p_user);
  return guard.invite(t, p_user, 'factor', p_token, seal[2]::uuid);
end $$;

reset role;
revoke all on function guard.people_roles(text), guard.at_people(text), guard.invite(uuid, uuid, text, bytea, uuid), app.people(),
  app.invite_person(uuid, text, text, text, uuid, boolean, bytea), app.update_person(uuid, text, boolean, boolean), app.logins(), app.revoke_login(uuid), app.licences(),
  app.record_licence(uuid, uuid, text, text, text, date, date, date), app.reset_second_factor(uuid, bytea) from public;
grant execute on function app.people(), app.invite_person(uuid, text, text, text, uuid, boolean, bytea), app.update_person(uuid, text, boolean, boolean), app.logins(),
  app.revoke_login(uuid), app.licences(), app.record_licence(uuid, uuid, text, text, text, date, date, date), app.reset_second_factor(uuid, bytea) to app_api;
