-- What the people of a clinic see of its accounts at vendors and of the writes to them, and how one of them decides on a write that is parked. By functions: no role reads the tables, and of
-- a session these tell its stage, never what is sealed in it. A credential sees what became of its own person's drafts, and no more. Owner in code: connections.

set role app_owner;

-- Who decided, where a person did: stored under no lease.
alter table data.vendor_write_events
  add column user_id uuid,
  add check (num_nonnulls(fence, user_id) <= 1);
create index vendor_writes_draft on data.vendor_writes (tenant_id, draft_id) where draft_id is not null;

reset role;
set role app_guard;

-- Why this login may not decide on what carries out a draft of this kind; null: it may. The owner may, and whoever signs the kind. Nothing is signed by it, so no licence is asked for.
create function guard.why_not_resolve(of_kind text) returns text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.opened_seal();
begin
  if guard.login_id() is null then return 'not_permitted'; end if;
  if not exists (select from data.users u where u.tenant_id = seal[1]::uuid and u.id = seal[2]::uuid and u.role = 'owner') and coalesce(of_kind <> all (app.signable()), true) then
    return 'not_permitted';
  end if;
  if not guard.has_fresh_mfa(guard.login_id()) then return 'mfa_needed'; end if;
  return null;
end $$;

-- These writes of the clinic of this transaction, the oldest first. Not what was sent: that is the draft's, for whoever may read the draft. now_ms: the database's time.
create function guard.vendor_writes(ids uuid[]) returns table (write_id uuid, version int, connection_id uuid, vendor text, status text, state jsonb, draft_id uuid, kind text,
  patient_id uuid, patient text, birth_date text, signed_by text, signed_at timestamptz, why_not text, created_at timestamptz, updated_at timestamptz, now_ms double precision)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query select w.id, w.version, w.connection_id, c.vendor, w.status, w.state, w.draft_id, p.kind, p.patient_id, x.patient, x.birth_date, app.display_name(p.decided_by), p.decided_at,
      guard.why_not_resolve(p.kind), w.created_at, w.updated_at, guard.unix_ms(clock_timestamp())
    from data.vendor_writes w join data.connections c on c.tenant_id = w.tenant_id and c.id = w.connection_id
    left join data.pending_actions p on p.tenant_id = w.tenant_id and p.id = w.draft_id
    left join lateral app.patient_label(p.patient_id) x on true
    where w.tenant_id = app.tenant() and w.id = any (ids) order by w.created_at, w.id;
end $$;

-- A page of those in these states, for a person's login. Throws AT001 for a cursor that is none.
create function app.vendor_writes(p_status text[], p_after uuid, p_limit int) returns table (write_id uuid, version int, connection_id uuid, vendor text, status text, state jsonb,
  draft_id uuid, kind text, patient_id uuid, patient text, birth_date text, signed_by text, signed_at timestamptz, why_not text, created_at timestamptz, updated_at timestamptz, now_ms double precision)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- One of them: any of the clinic for a login, for a credential what carries out a draft of its own person. None: it is not there for who asks.
create function app.vendor_write(p_id uuid) returns table (write_id uuid, version int, connection_id uuid, vendor text, status text, state jsonb, draft_id uuid, kind text,
  patient_id uuid, patient text, birth_date text, signed_by text, signed_at timestamptz, why_not text, created_at timestamptz, updated_at timestamptz, now_ms double precision)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query select * from guard.vendor_writes(array(select w.id from data.vendor_writes w where w.tenant_id = app.tenant() and w.id = p_id
    and (guard.login_id() is not null or exists (select from data.pending_actions p where p.tenant_id = w.tenant_id and p.id = w.draft_id and p.proposed_by = app.user_id()))));
end $$;

-- Which write carries out a draft that the caller may ask for.
create function app.vendor_write_of(p_draft uuid) returns uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select w.id from data.vendor_writes w join data.pending_actions p on p.tenant_id = w.tenant_id and p.id = w.draft_id
    where w.tenant_id = app.tenant() and w.draft_id = p_draft and (guard.login_id() is not null or p.proposed_by = app.user_id()) order by w.created_at desc, w.id limit 1);
end $$;

-- What happened to it, in order, for a person's login.
create function app.vendor_write_events(p_id uuid) returns table (version int, state jsonb, at timestamptz, by text) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  return query select e.version, e.state, e.at, app.display_name(e.user_id) from data.vendor_write_events e where e.tenant_id = app.tenant() and e.write_id = p_id order by e.version;
end $$;

-- The clinic's connections, and how each stands, for a person's login. Of a session: its stage, why it ended, until when it is locked, since when it is live, and who is asked for a code.
create function app.vendor_accounts() returns table (connection_id uuid, vendor text, connected_at timestamptz, stage text, why text, live_since double precision, challenge text, channel text,
  changed_at timestamptz, waiting int, in_doubt int, parked int)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  return query select c.id, c.vendor, c.connected_at, s.state #>> '{session,stage,at}', s.state #>> '{session,stage,why}', (s.state #>> '{session,stage,since}')::double precision,
      s.state #>> '{factor,challenge,at}', s.state #>> '{factor,challenge,channel}', s.updated_at, n.waiting, n.in_doubt, n.parked
    from data.connections c left join data.vendor_sessions s on s.tenant_id = c.tenant_id and s.key = 'account:' || c.id
    cross join lateral (select count(*) filter (where w.status in ('planned', 'sending'))::int as waiting, count(*) filter (where w.status = 'in_doubt')::int as in_doubt,
      count(*) filter (where w.status = 'parked')::int as parked from data.vendor_writes w
      where w.tenant_id = c.tenant_id and w.connection_id = c.id and w.status in ('planned', 'sending', 'in_doubt', 'parked')) n
    where c.tenant_id = app.tenant() order by c.connected_at, c.id;
end $$;

-- A person's decision on a parked write, as the write machine made a state of it: sent again, there, or given up. Only on what she has seen, only once; the event bears her name.
create function app.resolve_vendor_write(p_id uuid, p_version int, p_state jsonb) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

reset role;
revoke all on function guard.why_not_resolve(text), guard.vendor_writes(uuid[]), app.vendor_writes(text[], uuid, int), app.vendor_write(uuid), app.vendor_write_of(uuid),
  app.vendor_write_events(uuid), app.vendor_accounts(), app.resolve_vendor_write(uuid, int, jsonb) from public;
grant execute on function app.vendor_writes(text[], uuid, int), app.vendor_write(uuid), app.vendor_write_of(uuid), app.vendor_write_events(uuid), app.vendor_accounts(),
  app.resolve_vendor_write(uuid, int, jsonb) to app_api;
grant select on data.vendor_write_events to app_guard;
