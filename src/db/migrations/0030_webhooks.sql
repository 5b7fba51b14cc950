-- Webhooks: what happened in a clinic, told to its other programs. An event is written in the transaction of the change that it tells of, or not at all. It holds ids and a
-- number, and has no column in which a patient could stand. Owner in code: connections. The role app_keeper, and no other, takes what waits to send it.

set role app_owner;

create table data.webhook_endpoints (
  tenant_id uuid not null references data.tenants,
  id uuid not null,
  name text not null,
  url text not null,
  events text[] not null,
  status text not null default 'enabled' check (status in ('enabled', 'disabled')),
  disabled_reason text check (disabled_reason in ('gone', 'five_days_of_failures', 'by_person')),
  disabled_at timestamptz,
  -- In a row, since the last success.
  failures int not null default 0,
  failing_since timestamptz,
  paused_until timestamptz,
  last_delivered_at timestamptz,
  -- When a delivery to it was last taken: who waited longest is next.
  taken_at timestamptz,
  -- Where the vault has its secrets; the one before counts until then too.
  secret_id uuid not null,
  previous_secret_id uuid,
  previous_until timestamptz,
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  check ((status = 'disabled') = (disabled_reason is not null)),
  check ((previous_secret_id is null) = (previous_until is null))
);

-- How many events an object has had. Whoever counts holds the row until the end of the transaction: what has the later number was committed later.
create table data.webhook_sequences (
  tenant_id uuid not null,
  object_id uuid not null,
  seq bigint not null,
  primary key (tenant_id, object_id)
);

create table data.webhook_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  type text not null,
  object_id uuid not null,
  seq bigint not null,
  occurred_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  unique (tenant_id, object_id, seq)
);

-- One event on its way to one endpoint: waiting → sending → delivered | waiting | dead, and dead → waiting by a person.
create table data.webhook_deliveries (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  event_id uuid not null,
  endpoint_id uuid not null,
  object_id uuid not null,
  seq bigint not null,
  status text not null default 'waiting' check (status in ('waiting', 'sending', 'delivered', 'dead')),
  attempts int not null default 0,
  -- Null: at once.
  due_at timestamptz,
  -- Of the attempt under way: which, and when it began by the database's clock.
  claim uuid,
  claim_seen_at timestamptz,
  reason text check (reason ~ '^[a-z0-9_]{1,40}$'),
  -- HTTP status of the last answer.
  answer int,
  settled_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  unique (tenant_id, endpoint_id, event_id),
  foreign key (tenant_id, event_id) references data.webhook_events (tenant_id, id),
  foreign key (tenant_id, endpoint_id) references data.webhook_endpoints (tenant_id, id),
  check ((status = 'sending') = (claim is not null))
);
-- One at a time of an object, whoever sends.
create unique index webhook_deliveries_one on data.webhook_deliveries (tenant_id, endpoint_id, object_id) where status = 'sending';
create index webhook_deliveries_open on data.webhook_deliveries (tenant_id, endpoint_id, object_id, seq) where status in ('waiting', 'sending');
create index webhook_deliveries_due on data.webhook_deliveries (tenant_id, endpoint_id, created_at, seq) where status = 'waiting';
create index webhook_deliveries_newest on data.webhook_deliveries (tenant_id, created_at desc, id desc);

reset role;
select guard.tenant_table(t) from unnest(array['webhook_endpoints', 'webhook_sequences', 'webhook_events', 'webhook_deliveries']) t;

set role app_guard;

create function guard.webhook_types() returns text[] language sql immutable set search_path = pg_catalog, pg_temp as $$
  select array['draft.signed', 'draft.committed', 'draft.rejected', 'operation.updated', 'appointment.changed', 'practitioner.changed', 'connection.changed']
$$;

-- The next event of an object.
create function guard.webhook_event(p_tenant uuid, p_type text, p_object uuid) returns data.webhook_events language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  e data.webhook_events;
  n bigint;
begin
  insert into data.webhook_sequences as s (tenant_id, object_id, seq) values (p_tenant, p_object, 1)
    on conflict (tenant_id, object_id) do update set seq = s.seq + 1 returning s.seq into n;
  insert into data.webhook_events (tenant_id, type, object_id, seq) values (p_tenant, p_type, p_object, n) returning * into e;
  return e;
end $$;

-- Tells the endpoints that want it of an event of p_object, in the transaction of the caller: where that is undone, nothing was told. Where nobody wants it nothing is written.
create function guard.tell(p_tenant uuid, p_type text, p_object uuid) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare e data.webhook_events;
begin
  if p_type <> all (guard.webhook_types()) then raise exception 'there is no event %', p_type; end if;
  if not exists (select from data.webhook_endpoints x where x.tenant_id = p_tenant and x.status = 'enabled' and p_type = any (x.events)) then return; end if;
  e := guard.webhook_event(p_tenant, p_type, p_object);
  insert into data.webhook_deliveries (tenant_id, event_id, endpoint_id, object_id, seq)
    select p_tenant, e.id, x.id, e.object_id, e.seq from data.webhook_endpoints x where x.tenant_id = p_tenant and x.status = 'enabled' and p_type = any (x.events);
end $$;

create function guard.tell_draft() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform guard.tell(new.tenant_id, 'draft.' || new.status, new.id);
  return null;
end $$;

-- Of the changes that list_changes tells. What a clinic brought with it is no event.
create function guard.tell_change() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('app.baseline', true) is distinct from 'on' then perform guard.tell(new.tenant_id, new.kind || '.changed', new.record_id); end if;
  return null;
end $$;

-- What a sender has to know of a delivery; instants are milliseconds since 1970, as the machine counts.
create function guard.ms(of timestamptz) returns bigint language sql immutable set search_path = pg_catalog, pg_temp as $$ select round(extract(epoch from of) * 1000)::bigint $$;
create function guard.webhook(p_tenant uuid, p_id uuid, p_now timestamptz) returns jsonb language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('tenant_id', d.tenant_id, 'id', d.id, 'event_id', d.event_id, 'endpoint_id', d.endpoint_id, 'type', e.type, 'object_id', d.object_id, 'seq', d.seq,
    'occurred_at', guard.ms(e.occurred_at), 'url', x.url,
    'secret_ids', jsonb_build_array(x.secret_id) || case when x.previous_until > p_now then jsonb_build_array(x.previous_secret_id) else '[]' end,
    'delivery', jsonb_build_object('status', d.status, 'attempts', d.attempts, 'due_at', guard.ms(d.due_at), 'claim', d.claim, 'reason', d.reason, 'answer', d.answer),
    'endpoint', jsonb_build_object('status', x.status, 'failures', x.failures, 'failing_since', guard.ms(x.failing_since), 'paused_until', guard.ms(x.paused_until), 'disabled_reason', x.disabled_reason))
  from data.webhook_deliveries d join data.webhook_events e on e.tenant_id = d.tenant_id and e.id = d.event_id
  join data.webhook_endpoints x on x.tenant_id = d.tenant_id and x.id = d.endpoint_id
  where d.tenant_id = p_tenant and d.id = p_id
$$;

-- Takes one delivery that may be sent now; null: there is none. Its endpoint, and it, are held to the end of the transaction. An endpoint has at most p_most under way, one that fails
-- has one, and none while it is left alone. Of one object the earlier event goes first, and the next one when that is delivered or dead. p_now is the sender's clock.
create function app.take_webhook(p_now timestamptz, p_most int) returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- The delivery of an attempt that is over, held to the end of the transaction, its endpoint first.
create function app.webhook(p_tenant uuid, p_id uuid, p_now timestamptz) returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform from data.webhook_endpoints x where x.tenant_id = p_tenant and x.id = (select d.endpoint_id from data.webhook_deliveries d where d.tenant_id = p_tenant and d.id = p_id) for no key update;
  perform from data.webhook_deliveries d where d.tenant_id = p_tenant and d.id = p_id for update;
  return guard.webhook(p_tenant, p_id, p_now);
end $$;

-- Which deliveries go on only if somebody looks: a process began to send one and did not end within p_age (5 s at least, by the database's clock), or it waits for an endpoint that was
-- disabled meanwhile (claim: null).
create function app.stuck_webhooks(p_age interval, p_most int) returns table (tenant_id uuid, id uuid, claim uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select d.tenant_id, d.id, d.claim from data.webhook_deliveries d
    where d.status = 'sending' and d.claim_seen_at < clock_timestamp() - greatest(p_age, interval '5 seconds')
      or d.status = 'waiting' and exists (select from data.webhook_endpoints x where x.tenant_id = d.tenant_id and x.id = d.endpoint_id and x.status = 'disabled')
    order by d.created_at limit p_most;
end $$;

-- Writes down what the machine decided on a delivery that is held, and on its endpoint. What is delivered or dead stays so.
create function app.keep_webhook(p_tenant uuid, p_id uuid, p_delivery jsonb, p_endpoint jsonb, p_now timestamptz) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- What people do. The owner, with a fresh second factor; compliance reads too (guard.at_people).

create function app.webhook_endpoints() returns table (endpoint_id uuid, name text, url text, events text[], state text, disabled_reason text, disabled_at timestamptz,
  failing_since timestamptz, last_delivered_at timestamptz, two_secrets_until timestamptz, created_at timestamptz, waiting int, dead int)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.at_people('read');
begin
  return query select x.id, x.name, x.url, x.events, x.status, x.disabled_reason, x.disabled_at, x.failing_since, x.last_delivered_at,
      case when x.previous_until > clock_timestamp() then x.previous_until end, x.created_at, n.waiting::int, n.dead::int
    from data.webhook_endpoints x
    cross join lateral (select count(*) filter (where d.status in ('waiting', 'sending')) as waiting, count(*) filter (where d.status = 'dead') as dead
      from data.webhook_deliveries d where d.tenant_id = x.tenant_id and d.endpoint_id = x.id) n
    where x.tenant_id = seal[1]::uuid order by x.created_at, x.id;
end $$;

-- A clinic tells at most twenty at once. Whoever adds one waits for whoever is adding one.
create function guard.make_room_for_webhook(p_tenant uuid) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('webhooks:' || p_tenant, 0));
  if (select count(*) from data.webhook_endpoints x where x.tenant_id = p_tenant and x.status = 'enabled') >= 20 then perform guard.refuse('too_many'); end if;
end $$;

create function app.create_webhook_endpoint(p_id uuid, p_name text, p_url text, p_events text[], p_secret uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.at_people('manage');
begin
  perform guard.make_room_for_webhook(seal[1]::uuid);
  insert into data.webhook_endpoints (tenant_id, id, name, url, events, secret_id, created_by) values (seal[1]::uuid, p_id, p_name, p_url, p_events, p_secret, seal[2]::uuid);
end $$;

-- The endpoint of this clinic, held for one who may manage it.
create function guard.take_webhook_endpoint(p_id uuid) returns data.webhook_endpoints language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.at_people('manage');
  x data.webhook_endpoints;
begin
  select w.* into x from data.webhook_endpoints w where w.tenant_id = seal[1]::uuid and w.id = p_id for no key update;
  if x.id is null then perform guard.refuse('not_found'); end if;
  return x;
end $$;

-- A new secret; the one before counts for a day too. At most two count at once.
create function app.rotate_webhook_secret(p_id uuid, p_secret uuid) returns timestamptz language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
  until timestamptz := clock_timestamp() + interval '24 hours';
begin
  if x.previous_until > clock_timestamp() then perform guard.refuse('two_secrets'); end if;
  update data.webhook_endpoints w set secret_id = p_secret, previous_secret_id = x.secret_id, previous_until = until where w.tenant_id = x.tenant_id and w.id = x.id;
  return until;
end $$;

create function app.disable_webhook_endpoint(p_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
begin
  update data.webhook_endpoints w set status = 'disabled', disabled_reason = 'by_person', disabled_at = clock_timestamp(), paused_until = null
    where w.tenant_id = x.tenant_id and w.id = x.id and w.status = 'enabled';
end $$;

create function app.enable_webhook_endpoint(p_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
begin
  if x.status = 'enabled' then return; end if;
  perform guard.make_room_for_webhook(x.tenant_id);
  update data.webhook_endpoints w set status = 'enabled', disabled_reason = null, disabled_at = null, failures = 0, failing_since = null, paused_until = null
    where w.tenant_id = x.tenant_id and w.id = x.id;
end $$;

create function app.webhook_deliveries(p_endpoint uuid, p_status text, p_after uuid, p_limit int) returns table (delivery_id uuid, event_id uuid, endpoint_id uuid, type text, object_id uuid,
  seq bigint, status text, reason text, answer int, attempts int, due_at timestamptz, occurred_at timestamptz, settled_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
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
    where d.tenant_id = seal[1]::uuid and (p_endpoint is null or d.endpoint_id = p_endpoint) and (p_status is null or d.status = p_status)
      and (a.id is null or (d.created_at, d.id) < (a.created_at, a.id))
    order by d.created_at desc, d.id desc limit p_limit;
end $$;

-- Once more from the first attempt, under the id it had: a receiver that has it already knows it.
create function app.replay_webhook(p_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

-- An event of the endpoint itself, to it alone.
create function app.test_webhook(p_id uuid) returns uuid language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
  e data.webhook_events;
  made uuid;
begin
  if x.status = 'disabled' then perform guard.refuse('disabled'); end if;
  e := guard.webhook_event(x.tenant_id, 'webhook.test', x.id);
  insert into data.webhook_deliveries (tenant_id, event_id, endpoint_id, object_id, seq) values (x.tenant_id, e.id, x.id, e.object_id, e.seq) returning id into made;
  return made;
end $$;

reset role;
alter table data.webhook_endpoints add check (cardinality(events) between 1 and 20 and events <@ guard.webhook_types());
alter table data.webhook_events add check (type = any (guard.webhook_types()) or type = 'webhook.test');

create trigger tells after update of status on data.pending_actions for each row
  when (old.status is distinct from new.status and new.status in ('signed', 'committed', 'rejected')) execute function guard.tell_draft();
create trigger tells after insert on data.record_changes for each row when (new.kind in ('appointment', 'practitioner')) execute function guard.tell_change();

revoke all on function guard.webhook_types(), guard.webhook_event(uuid, text, uuid), guard.tell(uuid, text, uuid), guard.tell_draft(), guard.tell_change(), guard.ms(timestamptz),
  guard.webhook(uuid, uuid, timestamptz), app.take_webhook(timestamptz, int), app.webhook(uuid, uuid, timestamptz), app.stuck_webhooks(interval, int),
  app.keep_webhook(uuid, uuid, jsonb, jsonb, timestamptz), app.webhook_endpoints(), app.create_webhook_endpoint(uuid, text, text, text[], uuid), guard.take_webhook_endpoint(uuid), guard.make_room_for_webhook(uuid),
  app.rotate_webhook_secret(uuid, uuid), app.disable_webhook_endpoint(uuid), app.enable_webhook_endpoint(uuid), app.webhook_deliveries(uuid, text, uuid, int), app.replay_webhook(uuid),
  app.test_webhook(uuid) from public;
grant usage on schema app to app_keeper;
grant execute on function app.take_webhook(timestamptz, int), app.webhook(uuid, uuid, timestamptz), app.stuck_webhooks(interval, int), app.keep_webhook(uuid, uuid, jsonb, jsonb, timestamptz) to app_keeper;
grant execute on function app.webhook_endpoints(), app.create_webhook_endpoint(uuid, text, text, text[], uuid), app.rotate_webhook_secret(uuid, uuid), app.disable_webhook_endpoint(uuid),
  app.enable_webhook_endpoint(uuid), app.webhook_deliveries(uuid, text, uuid, int), app.replay_webhook(uuid), app.test_webhook(uuid) to app_api;
grant select, insert, update on data.webhook_endpoints, data.webhook_sequences, data.webhook_deliveries to app_guard;
grant select, insert on data.webhook_events to app_guard;

do $$
declare t text;
begin
  foreach t in array array['webhook_endpoints', 'webhook_sequences', 'webhook_events', 'webhook_deliveries'] loop
    execute format('create policy guard on data.%I to app_guard using (true) with check (true)', t);
  end loop;
end $$;
create trigger append_only before update or delete on data.webhook_events for each row execute function guard.refuse_change();
create trigger append_only_truncate before truncate on data.webhook_events for each statement execute function guard.refuse_change();
alter table data.webhook_events enable always trigger append_only;
alter table data.webhook_events enable always trigger append_only_truncate;
