-- What we rely on at a vendor's surfaces, and whether it still is so: the state of each contract, every drift, the bytes that facts come from, tapes, and the recipes that were
-- delivered. app_keeper works them by functions and reads no table. What belongs to this installation and not to a clinic (recipes, the keys that may sign them) is in guard.
-- Owner in code: connections.

set role app_owner;

-- One surface of a vendor as a clinic meets it, for one version of its contract. The next state is stored on the one that was read, or not at all.
create table data.contract_states (
  tenant_id uuid not null references data.tenants,
  id uuid not null default gen_random_uuid(),
  vendor text not null check (vendor ~ '^[a-z0-9_]{1,60}$'),
  surface text not null check (surface ~ '^[a-z0-9_]{1,60}$'),
  version int not null check (version > 0),
  revision int not null check (revision > 0),
  -- As connections/contract.ts has it.
  state jsonb not null,
  standing text not null generated always as (state ->> 'standing') stored check (standing in ('candidate', 'canary', 'active', 'suspect', 'quarantined', 'retired')),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  unique (tenant_id, vendor, surface, version)
);

-- How the values of a surface lay on one day: how many of which class, and no value.
create table data.contract_days (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  contract_id uuid not null,
  day date not null,
  counts jsonb not null,
  primary key (tenant_id, id),
  unique (tenant_id, contract_id, day),
  foreign key (tenant_id, contract_id) references data.contract_states (tenant_id, id)
);

-- What was found to be otherwise, what came back, and what a person has seen: differences, which hold no value of a record.
create table data.drift_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  contract_id uuid not null,
  -- The state in which it was stored.
  revision int not null,
  severity text not null check (severity in ('info', 'warn', 'break', 'suspect', 'back', 'cleared')),
  differences jsonb not null,
  shifts jsonb not null,
  at timestamptz not null default clock_timestamp(),
  -- Who cleared it.
  user_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, contract_id) references data.contract_states (tenant_id, id),
  check ((severity = 'cleared') = (user_id is not null))
);
create index drift_events_newest on data.drift_events (tenant_id, contract_id, at desc);

-- The bytes of a vendor's answer, once for each clinic: sealed in the vault under this id.
create table data.raw_bytes (
  tenant_id uuid not null references data.tenants,
  secret_id uuid not null,
  raw_sha256 text not null check (raw_sha256 ~ '^[0-9a-f]{64}$'),
  primary key (tenant_id, secret_id),
  unique (tenant_id, raw_sha256)
);

-- Each time that they came.
create table data.raw_blobs (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  raw_sha256 text not null,
  vendor text not null check (vendor ~ '^[a-z0-9_]{1,60}$'),
  surface text not null check (surface ~ '^[a-z0-9_]{1,60}$'),
  recipe_version int not null,
  fetched_at timestamptz not null,
  -- As the vendor's Date header said it.
  http_date text check (length(http_date) <= 100),
  epoch int not null,
  operation_id text not null check (length(operation_id) <= 200),
  primary key (tenant_id, id),
  foreign key (tenant_id, raw_sha256) references data.raw_bytes (tenant_id, raw_sha256)
);
create index raw_blobs_newest on data.raw_blobs (tenant_id, vendor, surface, fetched_at desc);

-- A page that broke its contract, scrubbed: nobody's record is on it.
create table data.tapes (
  tenant_id uuid not null references data.tenants,
  id uuid not null default gen_random_uuid(),
  vendor text not null check (vendor ~ '^[a-z0-9_]{1,60}$'),
  surface text not null check (surface ~ '^[a-z0-9_]{1,60}$'),
  version int not null,
  -- Which page of the surface: the one that looks read, what a write is answered with, or the list in which it is looked for.
  page text not null check (page in ('looked_at', 'sent', 'listed')),
  tape text not null,
  -- The page as it came, and where it came from, in the clinic's vault; null where the vault took nothing.
  raw_sha256 text,
  url_secret uuid,
  at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, raw_sha256) references data.raw_bytes (tenant_id, raw_sha256),
  check ((raw_sha256 is null) = (url_secret is null))
);
create index tapes_newest on data.tapes (tenant_id, vendor, surface, at desc);

reset role;
select guard.tenant_table(t) from unnest(array['contract_states', 'contract_days', 'drift_events', 'raw_bytes', 'raw_blobs', 'tapes']) t;

set role app_guard;

-- The Ed25519 keys whose recipes are taken here.
create table guard.recipe_keys (
  key_id text primary key check (key_id ~ '^[A-Za-z0-9_-]{1,40}$'),
  -- 32 bytes in base64url (RFC 8037).
  x text not null unique check (x ~ '^[A-Za-z0-9_-]{43}$'),
  pinned_at timestamptz not null default clock_timestamp()
);

-- The bundles that were delivered and not refused, as they came.
create table guard.recipe_bundles (
  vendor text not null check (vendor ~ '^[a-z][a-z0-9_]{0,59}$'),
  surface text not null check (surface ~ '^[a-z][a-z0-9_]{0,59}$'),
  version int not null check (version > 0),
  key_id text not null references guard.recipe_keys,
  bytes bytea not null,
  delivered_at timestamptz not null default clock_timestamp(),
  primary key (vendor, surface, version)
);

-- Which version of a surface's recipe is waiting, tried and in force.
create table guard.recipe_deliveries (
  vendor text not null,
  surface text not null,
  revision int not null check (revision > 0),
  -- As connections/recipe-delivery.ts has it.
  state jsonb not null,
  -- The clinics that try what is tried.
  cohort uuid[] not null default '{}',
  updated_at timestamptz not null default clock_timestamp(),
  primary key (vendor, surface),
  check ((state ->> 'canary') is null or cardinality(cohort) > 0)
);

-- Each time that an operator let a recipe be tried: on how many pages that broke the one before it was tried first, and what of them breaks it too.
create table guard.recipe_approvals (
  vendor text not null,
  surface text not null,
  version int not null,
  cohort uuid[] not null,
  pages int not null check (pages >= 0),
  breaks text[] not null,
  approved_at timestamptz not null default clock_timestamp(),
  primary key (vendor, surface, version),
  foreign key (vendor, surface, version) references guard.recipe_bundles
);

-- What was taken back never returns, whoever stores it.
create function guard.refuse_taken_back() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.revision <> old.revision + 1 or (new.state ->> 'taken_back')::int < (old.state ->> 'taken_back')::int
    or (new.state ->> 'delivered')::int <= (new.state ->> 'taken_back')::int or (new.state ->> 'canary')::int <= (new.state ->> 'taken_back')::int
    or (new.state ->> 'active')::int <= (new.state ->> 'taken_back')::int
      and (new.state ->> 'active')::int is distinct from (old.state ->> 'active')::int and (new.state ->> 'active')::int is distinct from (old.state ->> 'previous')::int then
    raise exception 'what was taken back never returns' using errcode = 'AT001';
  end if;
  return new;
end $$;
create trigger taken_back before update on guard.recipe_deliveries for each row execute function guard.refuse_taken_back();

-- The contract of one surface with the counts of the last day that it has, and the time. Revision 0: there is none yet.
create function app.read_contract(p_tenant uuid, p_vendor text, p_surface text, p_version int)
returns table (revision int, state jsonb, day date, counts jsonb, today date, now_ms double precision) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare c data.contract_states;
begin
  select x.* into c from data.contract_states x where x.tenant_id = p_tenant and x.vendor = p_vendor and x.surface = p_surface and x.version = p_version;
  return query select coalesce(c.revision, 0), c.state, d.day, d.counts, (clock_timestamp() at time zone 'utc')::date, guard.unix_ms(clock_timestamp())
    from (select) x left join lateral (select y.day, y.counts from data.contract_days y where y.tenant_id = p_tenant and y.contract_id = c.id order by y.day desc limit 1) d on true;
end $$;

-- The counts of the 28 days before, one row a day; none from before the day on which a person cleared a shift: those lay otherwise.
create function app.contract_days(p_tenant uuid, p_vendor text, p_surface text, p_version int, p_before date) returns table (counts jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare c uuid := (select x.id from data.contract_states x where x.tenant_id = p_tenant and x.vendor = p_vendor and x.surface = p_surface and x.version = p_version);
begin
  return query select d.counts from data.contract_days d where d.tenant_id = p_tenant and d.contract_id = c and d.day < p_before and d.day >= p_before - 28
    and d.day > coalesce((select max((e.at at time zone 'utc')::date) from data.drift_events e where e.tenant_id = p_tenant and e.contract_id = c and e.severity = 'cleared'), '-infinity');
end $$;

-- The contract's next state, with what is told of it and the counts of the day, in one transaction. False: somebody stored before; nothing is stored.
create function app.store_contract(p_tenant uuid, p_vendor text, p_surface text, p_version int, p_revision int, p_state jsonb, p_told jsonb, p_day date, p_counts jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- Where the bytes with this hash lie in the clinic's vault; null: they are not kept.
create function app.raw_secret(p_tenant uuid, p_sha256 text) returns uuid language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin return (select x.secret_id from data.raw_bytes x where x.tenant_id = p_tenant and x.raw_sha256 = p_sha256); end $$;

-- Notes that the bytes with this hash lie under this id. False: they lie under another one already.
create function app.keep_raw_bytes(p_tenant uuid, p_sha256 text, p_secret uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into data.raw_bytes (tenant_id, secret_id, raw_sha256) values (p_tenant, p_secret, p_sha256) on conflict do nothing;
  return found;
end $$;

-- Notes that they came.
create function app.keep_raw_blob(p_tenant uuid, p_blob jsonb) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into data.raw_blobs (tenant_id, raw_sha256, vendor, surface, recipe_version, fetched_at, http_date, epoch, operation_id)
    select p_tenant, b.raw_sha256, b.vendor, b.surface, b.recipe_version, b.fetched_at, b.http_date, b.epoch, b.operation_id
    from jsonb_to_record(p_blob) as b (raw_sha256 text, vendor text, surface text, recipe_version int, fetched_at timestamptz, http_date text, epoch int, operation_id text);
end $$;

-- What came of a surface, the newest first.
create function app.raw_blobs(p_tenant uuid, p_vendor text, p_surface text, p_limit int) returns table (blob jsonb) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select to_jsonb(b) - 'tenant_id' - 'id' from data.raw_blobs b where b.tenant_id = p_tenant and b.vendor = p_vendor and b.surface = p_surface
    order by b.fetched_at desc, b.id limit p_limit;
end $$;

create function app.keep_tape(p_tenant uuid, p_vendor text, p_surface text, p_version int, p_page text, p_tape text, p_sha256 text, p_url_secret uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into data.tapes (tenant_id, vendor, surface, version, page, tape, raw_sha256, url_secret)
    values (p_tenant, p_vendor, p_surface, p_version, p_page, p_tape, p_sha256, p_url_secret);
end $$;

-- Of each of these clinics the newest page that is looked at and broke, for the trial of a recipe: none from before the recipe that is in force, or the contract of the program's own
-- that the clinic uses now. What a version on trial broke on is newer than both. An operator's act, by the migrator.
create function app.pages_to_try(p_vendor text, p_surface text, p_clinics uuid[]) returns table (tenant_id uuid, tape text, raw_sha256 text, url_secret uuid)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare in_force int := (select (d.state ->> 'active')::int from guard.recipe_deliveries d where d.vendor = p_vendor and d.surface = p_surface);
begin
  return query select distinct on (t.tenant_id) t.tenant_id, t.tape, t.raw_sha256, t.url_secret from data.tapes t
    where t.tenant_id = any (p_clinics) and t.vendor = p_vendor and t.surface = p_surface and t.page = 'looked_at' and t.version >= coalesce(greatest(in_force,
      (select c.version from data.contract_states c where c.tenant_id = t.tenant_id and c.vendor = p_vendor and c.surface = p_surface
        and not exists (select from guard.recipe_bundles b where b.vendor = p_vendor and b.surface = p_surface and b.version = c.version) order by c.updated_at desc limit 1)), 0)
    order by t.tenant_id, t.at desc, t.id;
end $$;

-- The version of a surface's recipe that this clinic is to use: what is tried, where it is of the cohort, else what is in force; null: none was delivered.
create function app.recipe_in_use(p_tenant uuid, p_vendor text, p_surface text) returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select case when p_tenant = any (d.cohort) and d.state ->> 'canary' is not null then (d.state ->> 'canary')::int else (d.state ->> 'active')::int end
    from guard.recipe_deliveries d where d.vendor = p_vendor and d.surface = p_surface);
end $$;

create function app.recipe_bundle(p_vendor text, p_surface text, p_version int) returns bytea language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin return (select b.bytes from guard.recipe_bundles b where b.vendor = p_vendor and b.surface = p_surface and b.version = p_version); end $$;

create function app.recipe_keys() returns table (key_id text, x text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin return query select k.key_id, k.x from guard.recipe_keys k order by k.pinned_at, k.key_id; end $$;

-- How the recipes of all surfaces, or of one, stand; p_hold: held so to the end of the transaction. `stood`: of the clinics that try it, those where its contract stood its trial.
create function app.recipe_deliveries(p_vendor text, p_surface text) returns table (vendor text, surface text, revision int, state jsonb, cohort uuid[], stood uuid[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query select d.vendor, d.surface, d.revision, d.state, d.cohort, array(select c.tenant_id from data.contract_states c
      where c.tenant_id = any (d.cohort) and c.vendor = d.vendor and c.surface = d.surface and c.version = (d.state ->> 'canary')::int and c.standing in ('active', 'suspect') order by 1)
    from guard.recipe_deliveries d where (p_vendor is null or d.vendor = p_vendor) and (p_surface is null or d.surface = p_surface) order by 1, 2;
end $$;

-- The end of a trial, as the process says that works the clinics' accounts: in force, or taken back, and nothing else. False: it stands otherwise by now.
create function app.end_recipe_trial(p_vendor text, p_surface text, p_revision int, p_state jsonb) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- An operator's acts, by the migrator: no other role may.
create function app.pin_recipe_key(p_key_id text, p_x text) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into guard.recipe_keys (key_id, x) values (p_key_id, p_x) on conflict do nothing;
  return found;
end $$;

-- The next state of a surface's recipes, with the bundle where one was delivered, and with what it was tried on where it was approved. False: somebody stored before; nothing is stored.
create function app.store_recipe_delivery(p_vendor text, p_surface text, p_revision int, p_state jsonb, p_cohort uuid[], p_version int, p_key_id text, p_bytes bytea, p_tried jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- The clinics with a connection to this vendor, the oldest first.
create function app.clinics_at(p_vendor text) returns table (tenant_id uuid, name text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query select t.tenant_id, t.name from data.tenants t join data.connections c on c.tenant_id = t.tenant_id and c.vendor = p_vendor
    group by t.tenant_id, t.name order by min(c.connected_at), t.tenant_id;
end $$;

-- What stands otherwise than it was at the clinic's vendors, for a person's login: of each surface the contract that was judged last. `since`: when it was found so.
create function app.drift_alerts() returns table (alert_id uuid, vendor text, surface text, version int, revision int, state jsonb, since timestamptz, why_not text, now_ms double precision)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- A person has seen the shifted values of a surface and knows why: the next state, as the contract machine made it, on the one that she has seen. Her name is on the event.
create function app.clear_drift(p_id uuid, p_revision int, p_state jsonb) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- Why this login may not see to the clinic's connections; null: it may. The owner alone.
create function guard.why_not_manage() returns text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.opened_seal();
begin
  if guard.login_id() is null or not exists (select from data.users u where u.tenant_id = seal[1]::uuid and u.id = seal[2]::uuid and u.role = 'owner') then return 'not_permitted'; end if;
  if not guard.has_fresh_mfa(guard.login_id()) then return 'mfa_needed'; end if;
  return null;
end $$;

reset role;
revoke all on function guard.refuse_taken_back(), guard.why_not_manage(), app.read_contract(uuid, text, text, int), app.contract_days(uuid, text, text, int, date),
  app.store_contract(uuid, text, text, int, int, jsonb, jsonb, date, jsonb), app.raw_secret(uuid, text), app.keep_raw_bytes(uuid, text, uuid), app.keep_raw_blob(uuid, jsonb),
  app.raw_blobs(uuid, text, text, int), app.keep_tape(uuid, text, text, int, text, text, text, uuid), app.pages_to_try(text, text, uuid[]), app.recipe_in_use(uuid, text, text),
  app.recipe_bundle(text, text, int), app.recipe_keys(), app.recipe_deliveries(text, text), app.end_recipe_trial(text, text, int, jsonb), app.pin_recipe_key(text, text),
  app.store_recipe_delivery(text, text, int, jsonb, uuid[], int, text, bytea, jsonb), app.clinics_at(text), app.drift_alerts(), app.clear_drift(uuid, int, jsonb) from public;
grant execute on function app.read_contract(uuid, text, text, int), app.contract_days(uuid, text, text, int, date),
  app.store_contract(uuid, text, text, int, int, jsonb, jsonb, date, jsonb), app.raw_secret(uuid, text), app.keep_raw_bytes(uuid, text, uuid), app.keep_raw_blob(uuid, jsonb),
  app.raw_blobs(uuid, text, text, int), app.keep_tape(uuid, text, text, int, text, text, text, uuid), app.recipe_in_use(uuid, text, text), app.recipe_bundle(text, text, int), app.recipe_keys(),
  app.recipe_deliveries(text, text), app.end_recipe_trial(text, text, int, jsonb) to app_keeper;
grant execute on function app.drift_alerts(), app.clear_drift(uuid, int, jsonb) to app_api;

grant select, insert, update on data.contract_states, data.contract_days to app_guard;
grant select, insert on data.drift_events, data.raw_bytes, data.raw_blobs, data.tapes to app_guard;
do $$
declare t text;
begin
  foreach t in array array['contract_states', 'contract_days', 'drift_events', 'raw_bytes', 'raw_blobs', 'tapes'] loop
    execute format('create policy guard on data.%I to app_guard using (true) with check (true)', t);
  end loop;
  foreach t in array array['data.drift_events', 'data.raw_bytes', 'data.raw_blobs', 'data.tapes', 'guard.recipe_bundles', 'guard.recipe_approvals'] loop
    execute format('create trigger append_only before update or delete on %s for each row execute function guard.refuse_change()', t);
    execute format('create trigger append_only_truncate before truncate on %s for each statement execute function guard.refuse_change()', t);
    execute format('alter table %s enable always trigger append_only', t);
    execute format('alter table %s enable always trigger append_only_truncate', t);
  end loop;
end $$;
