-- How each connection stands, and what people did to bring one back: pressed “Try once”, entered a password or a code, paused it. A process of app_keeper takes what was done under the
-- account's lease, at most once: a sign-in too many can lock the account, a person can press again. No secret is in these tables; those are in the vault. Owner in code: connections.

set role app_owner;

-- As connections/connection.ts has it. Without a row a connection has not been tried yet.
create table data.connection_states (
  tenant_id uuid not null,
  connection_id uuid not null,
  revision int not null check (revision > 0),
  state jsonb not null,
  at text not null generated always as (state ->> 'at') stored check (at in ('authorizing', 'healthy', 'degraded', 'action_required', 'suspended')),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references data.connections (tenant_id, id)
);

create table data.connection_acts (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  connection_id uuid not null,
  act text not null check (act in ('try_once', 'enter_password', 'enter_code', 'pause', 'resume')),
  user_id uuid not null,
  -- Of what was entered, in the vault.
  secret_id uuid,
  at timestamptz not null default clock_timestamp(),
  taken_at timestamptz,
  -- done: it was carried out. not_now: it had no meaning, or was too much, when it was taken. too_late: nobody took it in time.
  outcome text check (outcome in ('done', 'not_now', 'too_late')),
  -- It was carried out, and what comes of it begins then: only so many sign-ins are made.
  try_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, connection_id) references data.connections (tenant_id, id),
  check ((secret_id is not null) = (act in ('enter_password', 'enter_code'))),
  check (outcome is null or taken_at is not null)
);
create index connection_acts_newest on data.connection_acts (tenant_id, connection_id, at desc);
create index connection_acts_waiting on data.connection_acts (tenant_id, connection_id, at) where taken_at is null;

reset role;
select guard.tenant_table(t) from unnest(array['connection_states', 'connection_acts']) t;

set role app_guard;

-- A person waits in front of a page: what nobody took within ten minutes is not begun any more.
create function guard.act_counts(p_at timestamptz) returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$ select p_at > clock_timestamp() - interval '10 minutes' $$;

-- Accounts on which there is something to do, and that no other process has: a write that is not over, or something that a person did.
create function app.accounts_with_work(p_me text) returns table (tenant_id uuid, connection_id uuid, vendor text, settings jsonb) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query select c.tenant_id, c.id, c.vendor, c.settings from data.connections c
    where (exists (select from data.vendor_writes w where w.tenant_id = c.tenant_id and w.connection_id = c.id and w.status in ('planned', 'sending', 'in_doubt'))
        or exists (select from data.connection_acts a where a.tenant_id = c.tenant_id and a.connection_id = c.id and a.taken_at is null and guard.act_counts(a.at)))
      and not exists (select from data.connection_states s where s.tenant_id = c.tenant_id and s.connection_id = c.id and s.at = 'suspended')
      and not exists (select from data.leases l where l.tenant_id = c.tenant_id and l.key = 'account:' || c.id and l.owner <> p_me and l.expires_at >= clock_timestamp());
end $$;

-- What one turn of an account needs to know. share_failing: of the accounts at this vendor, those that fail for a reason that is not theirs; of two or fewer nobody can say.
create function app.account_turn(p_tenant uuid, p_connection uuid) returns table (revision int, state jsonb, has_acts boolean, has_writes boolean, share_failing double precision)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select coalesce(s.revision, 0), s.state,
      exists (select from data.connection_acts a where a.tenant_id = c.tenant_id and a.connection_id = c.id and a.taken_at is null and guard.act_counts(a.at)),
      exists (select from data.vendor_writes w where w.tenant_id = c.tenant_id and w.connection_id = c.id and w.status in ('planned', 'sending', 'in_doubt')),
      (select case when count(*) > 2 then count(*) filter (where o.at = 'degraded')::double precision / count(*) else 0 end
        from data.connection_states o join data.connections oc on oc.tenant_id = o.tenant_id and oc.id = o.connection_id
        where oc.vendor = c.vendor and o.at in ('healthy', 'degraded'))
    from data.connections c left join data.connection_states s on s.tenant_id = c.tenant_id and s.connection_id = c.id
    where c.tenant_id = p_tenant and c.id = p_connection;
end $$;

-- The oldest of what people did and nobody took yet: taken now, under the fence, and never again. None where the lease is another's.
create function app.take_connection_act(p_tenant uuid, p_connection uuid, p_fence bigint) returns table (id uuid, act text, secret_id uuid)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  if not guard.holds_fence(p_tenant, 'account:' || p_connection, p_fence) then return; end if;
  update data.connection_acts a set taken_at = clock_timestamp(), outcome = 'too_late'
    where a.tenant_id = p_tenant and a.connection_id = p_connection and a.taken_at is null and not guard.act_counts(a.at);
  return query update data.connection_acts a set taken_at = clock_timestamp()
    where a.tenant_id = p_tenant and a.connection_id = p_connection and a.id = (select x.id from data.connection_acts x
      where x.tenant_id = p_tenant and x.connection_id = p_connection and x.taken_at is null order by x.at, x.id limit 1)
    returning a.id, a.act, a.secret_id;
end $$;

create function app.end_connection_act(p_tenant uuid, p_id uuid, p_outcome text, p_after_ms double precision) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update data.connection_acts a set outcome = p_outcome, try_at = clock_timestamp() + p_after_ms * interval '1 millisecond' where a.tenant_id = p_tenant and a.id = p_id and a.taken_at is not null and a.outcome is null;
end $$;

-- The next revision of how a connection stands; false: somebody stored before. p_tells: the clinic's other programs hear of it.
create function guard.store_connection(p_tenant uuid, p_connection uuid, p_revision int, p_state jsonb, p_tells boolean) returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- What came of the account's own work. Never over what a person decided: a connection that is paused stays so.
create function app.store_connection(p_tenant uuid, p_connection uuid, p_fence bigint, p_revision int, p_state jsonb, p_tells boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not guard.holds_fence(p_tenant, 'account:' || p_connection, p_fence) then return false; end if;
  if exists (select from data.connection_states s where s.tenant_id = p_tenant and s.connection_id = p_connection and s.at = 'suspended') then return false; end if;
  return guard.store_connection(p_tenant, p_connection, p_revision, p_state, p_tells);
end $$;

-- Why this login may not act on the clinic's connections; null: it may. The owner, billers and the front desk, with a fresh second factor.
create function guard.why_not_restore() returns text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.opened_seal();
begin
  if guard.login_id() is null or not exists (select from data.users u
      where u.tenant_id = seal[1]::uuid and u.id = seal[2]::uuid and u.role in ('owner', 'biller', 'front_desk')) then return 'not_permitted'; end if;
  if not guard.has_fresh_mfa(guard.login_id()) then return 'mfa_needed'; end if;
  return null;
end $$;

-- How each of the clinic's connections stands, before when its account is left alone where that is more than a minute away (it is locked, or somebody else signed in to it), and what a person did last, for a login.
create function app.connection_standings() returns table (connection_id uuid, revision int, state jsonb, not_before double precision, waits_until double precision, act text, acted_by text, acted_at timestamptz, outcome text, why_not text, now_ms double precision)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- What a person does, with the state that the connection's machine made of it (null: it stays as it is), in one transaction.
create function app.act_on_connection(p_connection uuid, p_act text, p_secret uuid, p_revision int, p_state jsonb, p_tells boolean) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

reset role;
revoke all on function guard.act_counts(timestamptz), app.accounts_with_work(text), app.account_turn(uuid, uuid), app.take_connection_act(uuid, uuid, bigint),
  app.end_connection_act(uuid, uuid, text, double precision), guard.store_connection(uuid, uuid, int, jsonb, boolean), app.store_connection(uuid, uuid, bigint, int, jsonb, boolean),
  guard.why_not_restore(), app.connection_standings(), app.act_on_connection(uuid, text, uuid, int, jsonb, boolean) from public;
grant execute on function app.accounts_with_work(text), app.account_turn(uuid, uuid), app.take_connection_act(uuid, uuid, bigint), app.end_connection_act(uuid, uuid, text, double precision),
  app.store_connection(uuid, uuid, bigint, int, jsonb, boolean) to app_keeper;
grant execute on function app.connection_standings(), app.act_on_connection(uuid, text, uuid, int, jsonb, boolean) to app_api;
grant select, insert, update on data.connection_states, data.connection_acts to app_guard;
create policy guard on data.connection_states to app_guard using (true) with check (true);
create policy guard on data.connection_acts to app_guard using (true) with check (true);
drop function app.connections_with_writes();
