-- What people at the page of connections need of webhooks besides 0030: what came of each attempt, an endpoint that is changed or removed, and a whole dead letter sent again. An
-- endpoint that is removed stays, with what was sent to it, and nobody is shown it again. Owner in code: connections.

set role app_owner;

-- Each attempt that is over. Like the rest it holds ids and a number: no word of an answer.
create table data.webhook_attempts (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  delivery_id uuid not null,
  -- Counts on where the delivery is sent again from its first attempt.
  n int not null,
  endpoint_id uuid not null,
  -- By the sender's clock.
  ended_at timestamptz not null,
  -- HTTP status, where it answered.
  answer int,
  -- Why it was not taken; null: it was.
  reason text check (reason ~ '^[a-z0-9_]{1,40}$'),
  primary key (tenant_id, id),
  unique (tenant_id, delivery_id, n),
  foreign key (tenant_id, delivery_id) references data.webhook_deliveries (tenant_id, id),
  foreign key (tenant_id, endpoint_id) references data.webhook_endpoints (tenant_id, id)
);
create index webhook_attempts_failed on data.webhook_attempts (tenant_id, endpoint_id, ended_at desc, n desc) where reason is not null;

alter table data.webhook_endpoints add column removed_at timestamptz, add check (removed_at is null or status = 'disabled');
create index webhook_deliveries_dead on data.webhook_deliveries (tenant_id, endpoint_id) where status = 'dead';
create index webhook_deliveries_of on data.webhook_deliveries (tenant_id, endpoint_id, created_at desc, id desc);

reset role;
select guard.tenant_table('webhook_attempts');
set role app_guard;

-- What came of an attempt, written with what it did to its delivery, which the sender holds (app.webhook).
create function app.keep_webhook_attempt(p_tenant uuid, p_id uuid, p_answer int, p_reason text, p_now timestamptz) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into data.webhook_attempts (tenant_id, delivery_id, n, endpoint_id, ended_at, answer, reason)
    select d.tenant_id, d.id, 1 + (select count(*) from data.webhook_attempts a where a.tenant_id = d.tenant_id and a.delivery_id = d.id), d.endpoint_id, p_now, p_answer, p_reason
    from data.webhook_deliveries d where d.tenant_id = p_tenant and d.id = p_id;
end $$;

-- Those that were not removed. last_reason, last_answer: of the newest attempt that failed, while it fails; that a process of ours ended says nothing of the endpoint.
drop function app.webhook_endpoints();
create function app.webhook_endpoints() returns table (endpoint_id uuid, name text, url text, events text[], state text, disabled_reason text, disabled_at timestamptz,
  failing_since timestamptz, last_reason text, last_answer int, paused_until timestamptz, last_delivered_at timestamptz, two_secrets_until timestamptz, created_at timestamptz, waiting int, dead int)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;

create or replace function guard.take_webhook_endpoint(p_id uuid) returns data.webhook_endpoints language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.at_people('manage');
  x data.webhook_endpoints;
begin
  select w.* into x from data.webhook_endpoints w where w.tenant_id = seal[1]::uuid and w.id = p_id and w.removed_at is null for no key update;
  if x.id is null then perform guard.refuse('not_found'); end if;
  return x;
end $$;

-- What it is called, and what it is told of from now on. What waits goes on waiting.
create function app.update_webhook_endpoint(p_id uuid, p_name text, p_events text[]) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
begin
  update data.webhook_endpoints w set name = p_name, events = p_events where w.tenant_id = x.tenant_id and w.id = x.id;
end $$;

create function app.remove_webhook_endpoint(p_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare x data.webhook_endpoints := guard.take_webhook_endpoint(p_id);
begin
  if x.status = 'enabled' then perform guard.refuse('enabled'); end if;
  update data.webhook_endpoints w set removed_at = clock_timestamp() where w.tenant_id = x.tenant_id and w.id = x.id;
end $$;

create or replace function app.webhook_deliveries(p_endpoint uuid, p_status text, p_after uuid, p_limit int) returns table (delivery_id uuid, event_id uuid, endpoint_id uuid, type text, object_id uuid,
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
    join data.webhook_endpoints x on x.tenant_id = d.tenant_id and x.id = d.endpoint_id and x.removed_at is null
    where d.tenant_id = seal[1]::uuid and (p_endpoint is null or d.endpoint_id = p_endpoint) and (p_status is null or d.status = p_status)
      and (a.id is null or (d.created_at, d.id) < (a.created_at, a.id))
    order by d.created_at desc, d.id desc limit p_limit;
end $$;

-- One of them; none: it is not there for who asks.
create function app.webhook_delivery(p_id uuid) returns table (delivery_id uuid, event_id uuid, endpoint_id uuid, type text, object_id uuid,
  seq bigint, status text, reason text, answer int, attempts int, due_at timestamptz, occurred_at timestamptz, settled_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.at_people('read');
begin
  return query select d.id, d.event_id, d.endpoint_id, e.type, d.object_id, d.seq, d.status, d.reason, d.answer, d.attempts, d.due_at, e.occurred_at, d.settled_at
    from data.webhook_deliveries d join data.webhook_events e on e.tenant_id = d.tenant_id and e.id = d.event_id
    join data.webhook_endpoints x on x.tenant_id = d.tenant_id and x.id = d.endpoint_id and x.removed_at is null
    where d.tenant_id = seal[1]::uuid and d.id = p_id;
end $$;

-- What came of each of its attempts, in order; of attempts before this migration nothing is known.
create function app.webhook_attempts(p_id uuid) returns table (ended_at timestamptz, answer int, reason text) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.at_people('read');
begin
  return query select a.ended_at, a.answer, a.reason from data.webhook_attempts a where a.tenant_id = seal[1]::uuid and a.delivery_id = p_id order by a.n;
end $$;

-- The whole dead letter of an endpoint, each as app.replay_webhook does it. Answers how many.
create function app.replay_webhooks(p_endpoint uuid) returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  x data.webhook_endpoints := guard.take_webhook_endpoint(p_endpoint);
  replayed int;
begin
  if x.status = 'disabled' then perform guard.refuse('disabled'); end if;
  update data.webhook_deliveries y set status = 'waiting', attempts = 0, due_at = null, settled_at = null where y.tenant_id = x.tenant_id and y.endpoint_id = x.id and y.status = 'dead';
  get diagnostics replayed = row_count;
  return replayed;
end $$;

reset role;
revoke all on function app.keep_webhook_attempt(uuid, uuid, int, text, timestamptz), app.webhook_endpoints(), app.update_webhook_endpoint(uuid, text, text[]), app.remove_webhook_endpoint(uuid),
  app.webhook_delivery(uuid), app.webhook_attempts(uuid), app.replay_webhooks(uuid) from public;
grant execute on function app.keep_webhook_attempt(uuid, uuid, int, text, timestamptz) to app_keeper;
grant execute on function app.webhook_endpoints(), app.update_webhook_endpoint(uuid, text, text[]), app.remove_webhook_endpoint(uuid), app.webhook_delivery(uuid), app.webhook_attempts(uuid),
  app.replay_webhooks(uuid) to app_api;
grant select, insert on data.webhook_attempts to app_guard;
create policy guard on data.webhook_attempts to app_guard using (true) with check (true);
create trigger append_only before update or delete on data.webhook_attempts for each row execute function guard.refuse_change();
create trigger append_only_truncate before truncate on data.webhook_attempts for each statement execute function guard.refuse_change();
alter table data.webhook_attempts enable always trigger append_only;
alter table data.webhook_attempts enable always trigger append_only_truncate;
