-- A vendor account and the writes to it: who may speak for it now, what became of its sign-in, and each write until it is known to be there or not. The role app_keeper works them by
-- functions, under a lease with a fence; it reads no table. Time is the database's. Owner in code: connections.

set role app_owner;

-- Who speaks for an account (or reads a mailbox) now. The fence grows with each holder: what an earlier one still wants to store is refused.
create table data.leases (
  tenant_id uuid not null references data.tenants,
  key text not null check (key ~ '^[a-z0-9:_.-]{1,200}$'),
  -- One process, new at each start.
  owner text not null check (owner ~ '^[a-zA-Z0-9 :_.-]*$' and length(owner) <= 300),
  fence bigint not null check (fence > 0),
  expires_at timestamptz not null,
  primary key (tenant_id, key)
);

-- The session of an account, and what its machine had decided to do when it was stored. What is secret in it is sealed.
create table data.vendor_sessions (
  tenant_id uuid not null references data.tenants,
  key text not null,
  revision int not null check (revision > 0),
  state jsonb not null,
  effects jsonb not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, key)
);

-- A write to a vendor, from the signature on.
create table data.vendor_writes (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  -- Whose signature it carries out.
  draft_id uuid,
  -- The recipe by which it is sent.
  surface text not null check (surface ~ '^[a-z0-9_.]{1,100}$'),
  -- What is sent, as it was signed.
  request jsonb not null,
  -- The same request of one connection twice is one write.
  request_key text not null check (length(request_key) between 1 and 200),
  version int not null default 0,
  -- As connections/write.ts has it.
  state jsonb not null,
  status text not null generated always as (state ->> 'is') stored
    check (status in ('planned', 'sending', 'in_doubt', 'confirmed', 'rejected', 'cancelled', 'parked')),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, connection_id) references data.connections (tenant_id, id),
  foreign key (tenant_id, draft_id) references data.pending_actions (tenant_id, id),
  unique (tenant_id, connection_id, request_key)
);
create index vendor_writes_open on data.vendor_writes (tenant_id, connection_id, created_at) where status in ('planned', 'sending', 'in_doubt');
create index vendor_writes_parked on data.vendor_writes (tenant_id, updated_at desc) where status = 'parked';

-- Every state that it was in, in order, with the fence under which it was stored: an attempt is here before a byte of it leaves.
create table data.vendor_write_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  write_id uuid not null,
  version int not null,
  fence bigint,
  state jsonb not null,
  at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  unique (tenant_id, write_id, version),
  foreign key (tenant_id, write_id) references data.vendor_writes (tenant_id, id)
);

reset role;
create trigger append_only before update or delete on data.vendor_write_events for each row execute function guard.refuse_change();
create trigger append_only_truncate before truncate on data.vendor_write_events for each statement execute function guard.refuse_change();
alter table data.vendor_write_events enable always trigger append_only;
alter table data.vendor_write_events enable always trigger append_only_truncate;
select guard.tenant_table(t) from unnest(array['leases', 'vendor_sessions', 'vendor_writes', 'vendor_write_events']) t;

set role app_guard;

create function guard.unix_ms(p_at timestamptz) returns double precision language sql immutable set search_path = pg_catalog, pg_temp as $$
  select extract(epoch from p_at) * 1000 $$;

-- Takes a lease that is free, has run out, or is the asker's own: a new fence each time. Otherwise it says whose it is.
create function app.take_lease(p_tenant uuid, p_key text, p_owner text, p_ms int) returns table (fence bigint, now_ms double precision, taken_by text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- More time for a lease that is still held; false: it is not.
create function app.renew_lease(p_tenant uuid, p_key text, p_owner text, p_fence bigint, p_ms int) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update data.leases x set expires_at = greatest(x.expires_at, clock_timestamp() + p_ms * interval '1 millisecond')
    where x.tenant_id = p_tenant and x.key = p_key and x.owner = p_owner and x.fence = p_fence and x.expires_at >= clock_timestamp();
  return found;
end $$;

create function app.release_lease(p_tenant uuid, p_key text, p_owner text, p_fence bigint) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update data.leases x set owner = '', expires_at = '-infinity' where x.tenant_id = p_tenant and x.key = p_key and x.owner = p_owner and x.fence = p_fence;
end $$;

-- How long the lease with this fence still runs, in ms; null: it is another's, or over. Asked right before something leaves.
create function app.lease_left(p_tenant uuid, p_key text, p_fence bigint) returns double precision language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select guard.unix_ms(x.expires_at) - guard.unix_ms(clock_timestamp()) from data.leases x
    where x.tenant_id = p_tenant and x.key = p_key and x.fence = p_fence and x.expires_at > clock_timestamp());
end $$;

-- Whether the fence is still the lease's: held so to the end of the transaction.
create function guard.holds_fence(p_tenant uuid, p_key text, p_fence bigint) returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform from data.leases x where x.tenant_id = p_tenant and x.key = p_key and x.fence = p_fence for share;
  return found;
end $$;

create function app.read_vendor_session(p_tenant uuid, p_key text) returns table (revision int, state jsonb, effects jsonb) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin return query select x.revision, x.state, x.effects from data.vendor_sessions x where x.tenant_id = p_tenant and x.key = p_key; end $$;

-- The next revision, under the fence; false: the lease is another's, or somebody stored before.
create function app.store_vendor_session(p_tenant uuid, p_key text, p_fence bigint, p_revision int, p_state jsonb, p_effects jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not guard.holds_fence(p_tenant, p_key, p_fence) then return false; end if;
  if p_revision = 1 then
    insert into data.vendor_sessions (tenant_id, key, revision, state, effects) values (p_tenant, p_key, 1, p_state, p_effects) on conflict do nothing;
  else
    update data.vendor_sessions x set revision = p_revision, state = p_state, effects = p_effects, updated_at = clock_timestamp()
      where x.tenant_id = p_tenant and x.key = p_key and x.revision = p_revision - 1;
  end if;
  return found;
end $$;

-- The connections on which a write waits, is being sent or is in doubt.
create function app.connections_with_writes() returns table (tenant_id uuid, connection_id uuid, vendor text, settings jsonb) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query select c.tenant_id, c.id, c.vendor, c.settings from data.connections c
    where exists (select from data.vendor_writes w where w.tenant_id = c.tenant_id and w.connection_id = c.id and w.status in ('planned', 'sending', 'in_doubt'));
end $$;

-- Its open writes, oldest first.
create function app.open_vendor_writes(p_tenant uuid, p_connection uuid) returns table (id uuid, version int, state jsonb, surface text, request jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select w.id, w.version, w.state, w.surface, w.request from data.vendor_writes w
    where w.tenant_id = p_tenant and w.connection_id = p_connection and w.status in ('planned', 'sending', 'in_doubt') order by w.created_at, w.id;
end $$;

-- A write's next state, with its event, in one transaction. `lost`: the lease is another's. `changed`: the write is not as whoever stores has read it.
create function app.store_vendor_write(p_tenant uuid, p_key text, p_fence bigint, p_id uuid, p_version int, p_state jsonb) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not guard.holds_fence(p_tenant, p_key, p_fence) then return 'lost'; end if;
  update data.vendor_writes w set version = p_version + 1, state = p_state, updated_at = clock_timestamp()
    where w.tenant_id = p_tenant and w.id = p_id and w.version = p_version and p_key = 'account:' || w.connection_id;
  if not found then return 'changed'; end if;
  insert into data.vendor_write_events (tenant_id, write_id, version, fence, state) values (p_tenant, p_id, p_version + 1, p_fence, p_state);
  return 'stored';
end $$;

reset role;
revoke all on function guard.unix_ms(timestamptz), app.take_lease(uuid, text, text, int), app.renew_lease(uuid, text, text, bigint, int), app.release_lease(uuid, text, text, bigint),
  app.lease_left(uuid, text, bigint), guard.holds_fence(uuid, text, bigint), app.read_vendor_session(uuid, text), app.store_vendor_session(uuid, text, bigint, int, jsonb, jsonb),
  app.connections_with_writes(), app.open_vendor_writes(uuid, uuid), app.store_vendor_write(uuid, text, bigint, uuid, int, jsonb) from public;
grant execute on function app.take_lease(uuid, text, text, int), app.renew_lease(uuid, text, text, bigint, int), app.release_lease(uuid, text, text, bigint),
  app.lease_left(uuid, text, bigint), app.read_vendor_session(uuid, text), app.store_vendor_session(uuid, text, bigint, int, jsonb, jsonb), app.connections_with_writes(),
  app.open_vendor_writes(uuid, uuid), app.store_vendor_write(uuid, text, bigint, uuid, int, jsonb) to app_keeper;

grant select, insert, update on data.leases, data.vendor_sessions to app_guard;
grant select, update on data.vendor_writes to app_guard;
grant insert on data.vendor_write_events to app_guard;
create policy guard on data.leases to app_guard using (true) with check (true);
create policy guard on data.vendor_sessions to app_guard using (true) with check (true);
create policy guard on data.vendor_writes to app_guard using (true) with check (true);
create policy guard on data.vendor_write_events to app_guard using (true) with check (true);
