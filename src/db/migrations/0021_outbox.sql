-- Messages that leave the house. What was signed goes in with the signature and is never changed; what became of it is kept beside it. The role app_sender, and no
-- other, takes messages one at a time to send them: it reads no table. Owner in code: sources/native; jobs/ asks the functions.

set role app_owner;

-- Exactly what is sent. A text message is the draft's own words; an e-mail only says that something waits in the portal.
create table data.outgoing_messages (
  tenant_id uuid not null,
  id uuid not null,
  -- Whose signature sends it.
  draft_id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  channel text not null check (channel in ('sms', 'email')),
  purpose text not null default 'informational' check (purpose = 'informational'),
  category text not null check (category in ('clinical', 'administrative', 'billing', 'scheduling')),
  -- E.164, or an e-mail address.
  recipient text not null,
  -- The clinic's name.
  sender text not null,
  subject text,
  body text not null,
  encoding text check (encoding in ('GSM-7', 'UCS-2')),
  segments int check (segments between 1 and 2),
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, draft_id) references data.pending_actions (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id),
  check (channel <> 'sms' or (subject is null and encoding is not null and segments is not null)),
  check (channel <> 'email' or (subject is not null and encoding is null and segments is null))
);
create index outgoing_messages_draft on data.outgoing_messages (tenant_id, draft_id);
create index outgoing_messages_recipient on data.outgoing_messages (tenant_id, recipient) where channel = 'sms';

-- What became of each, id by id. waiting → sending → sent | failed | unknown, or waiting → cancelled. sending: a process has it, and has said so before it spoke to anybody.
-- unknown: it may have left or not; nothing sends it again.
create table data.deliveries (
  tenant_id uuid not null,
  id uuid not null,
  status text not null default 'waiting' check (status in ('waiting', 'sending', 'sent', 'failed', 'unknown', 'cancelled')),
  -- Why it waits, failed, is unknown or was cancelled, in a word.
  reason text check (reason ~ '^[a-z0-9_]{1,40}$'),
  -- It waits until then, by the clock of that zone; null: until somebody takes it.
  not_before timestamptz,
  time_zone text,
  attempts int not null default 0,
  -- Of the last attempt: which one it is, when it began by the sender's clock, and by the database's.
  claim uuid,
  claimed_at timestamptz,
  claim_seen_at timestamptz,
  settled_at timestamptz,
  -- What the carrier calls it.
  provider_id text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, id) references data.outgoing_messages (tenant_id, id)
);
create index deliveries_open on data.deliveries (tenant_id, not_before, created_at) where status in ('waiting', 'sending');
create index deliveries_not_gone on data.deliveries (tenant_id, settled_at desc, id desc) where status in ('failed', 'unknown', 'cancelled');

-- Every change of it, in order.
create table data.delivery_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  message_id uuid not null,
  status text not null,
  reason text,
  attempt int not null,
  at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id)
);
create index delivery_events_message on data.delivery_events (tenant_id, message_id, at, id);

reset role;
select guard.tenant_table(t) from unnest(array['outgoing_messages', 'deliveries', 'delivery_events']) t;

set role app_guard;

create function guard.note_delivery(d data.deliveries) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin insert into data.delivery_events (tenant_id, message_id, status, reason, attempt) values (d.tenant_id, d.id, d.status, d.reason, d.attempts); end $$;

-- What was signed waits to be sent.
create function guard.await_delivery() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare d data.deliveries;
begin
  insert into data.deliveries (tenant_id, id) values (new.tenant_id, new.id) returning * into d;
  perform guard.note_delivery(d);
  return null;
end $$;

-- Takes one message whose time has come, with all that is asked before it may go; nothing where none is due. Its row, and its number, are held to the end of the
-- transaction: whoever would send to the same number at this moment waits, and then sees what was decided here. Of a chart that was merged meanwhile, what the one that stands
-- says: whether she lives, and which numbers and address are hers. p_now is the sender's clock.
create function app.take_message(p_now timestamptz)
returns table (tenant_id uuid, id uuid, channel text, recipient text, sender text, subject text, body text, attempts int, signed_at timestamptz,
  consent text, deceased boolean, phones text[], email text, state text, postal_code text, texted_at timestamptz[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  d data.deliveries;
  m data.outgoing_messages;
  p data.patients;
  has_died boolean;
begin
  select x.* into d from data.deliveries x where x.status = 'waiting' and (x.not_before is null or x.not_before <= p_now)
    order by coalesce(x.not_before, x.created_at), x.tenant_id, x.id limit 1 for update skip locked;
  if d.id is null then return; end if;
  select x.* into m from data.outgoing_messages x where x.tenant_id = d.tenant_id and x.id = d.id;
  perform pg_advisory_xact_lock(hashtextextended('messages to ' || m.tenant_id || ':' || m.recipient, 0));
  select x.* into p from data.patients x where x.tenant_id = m.tenant_id and x.id = m.patient_id;
  has_died := p.deceased_on is not null;
  for step in 1..20 loop
    exit when p.replaced_by is null;
    select x.* into p from data.patients x where x.tenant_id = m.tenant_id and x.id = p.replaced_by;
    has_died := has_died or p.deceased_on is not null;
  end loop;
  return query select m.tenant_id, m.id, m.channel, m.recipient, m.sender, m.subject, m.body, d.attempts, m.created_at,
    guard.consent_of(m.tenant_id, m.recipient, m.purpose), has_died, array_remove(array[p.phone, p.phone_alternate], null), p.email, p.state, p.postal_code,
    -- Whatever may have reached the number: not what provably never left.
    (select coalesce(array_agg(y.claimed_at), '{}') from data.outgoing_messages x join data.deliveries y on y.tenant_id = x.tenant_id and y.id = x.id
      where x.tenant_id = m.tenant_id and x.recipient = m.recipient and x.channel = 'sms' and y.status in ('sending', 'sent', 'unknown') and y.claimed_at > p_now - interval '8 days');
end $$;

-- The last word before somebody is spoken to: committed first, after take_message, in its transaction. Whoever claims a text without having asked is asked here: the number's
-- last word is a consent.
create function app.claim_message(p_tenant uuid, p_id uuid, p_claim uuid, p_now timestamptz) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare d data.deliveries;
begin
  if exists (select from data.outgoing_messages m where m.tenant_id = p_tenant and m.id = p_id and m.channel = 'sms' and guard.consent_of(m.tenant_id, m.recipient, m.purpose) is distinct from 'given') then
    perform guard.refuse('no_consent');
  end if;
  update data.deliveries x set status = 'sending', reason = null, not_before = null, time_zone = null, attempts = x.attempts + 1, claim = p_claim, claimed_at = p_now, claim_seen_at = clock_timestamp()
    where x.tenant_id = p_tenant and x.id = p_id and x.status = 'waiting' returning x.* into d;
  if d.id is null then perform guard.refuse('not_waiting'); end if;
  perform guard.note_delivery(d);
end $$;

-- It may not go now.
create function app.put_off_message(p_tenant uuid, p_id uuid, p_until timestamptz, p_time_zone text, p_reason text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare d data.deliveries;
begin
  update data.deliveries x set not_before = p_until, time_zone = p_time_zone, reason = p_reason where x.tenant_id = p_tenant and x.id = p_id and x.status = 'waiting' returning x.* into d;
  if d.id is null then perform guard.refuse('not_waiting'); end if;
  perform guard.note_delivery(d);
end $$;

-- It may never go.
create function app.cancel_message(p_tenant uuid, p_id uuid, p_reason text, p_now timestamptz) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare d data.deliveries;
begin
  update data.deliveries x set status = 'cancelled', reason = p_reason, not_before = null, time_zone = null, settled_at = p_now
    where x.tenant_id = p_tenant and x.id = p_id and x.status = 'waiting' returning x.* into d;
  if d.id is null then perform guard.refuse('not_waiting'); end if;
  perform guard.note_delivery(d);
end $$;

-- How the attempt ended, said by who made it. `waiting`: it provably did not leave, and is tried again at p_retry_at. Where the attempt was given up meanwhile, a late
-- answer still makes the unknown known; it is not tried again. Answers the status that stands. What was sent is in the chart from then on.
create function app.settle_message(p_tenant uuid, p_id uuid, p_claim uuid, p_status text, p_reason text, p_provider_id text, p_retry_at timestamptz, p_now timestamptz)
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  d data.deliveries;
  m data.outgoing_messages;
begin
  select x.* into d from data.deliveries x where x.tenant_id = p_tenant and x.id = p_id for update;
  if d.claim is distinct from p_claim or d.status not in ('sending', 'unknown') or p_status not in ('sent', 'failed', 'unknown', 'waiting') then perform guard.refuse('not_claimed'); end if;
  if d.status = 'unknown' and p_status = 'waiting' then p_status := 'failed'; end if;
  update data.deliveries x set status = p_status, reason = p_reason, provider_id = p_provider_id, not_before = case when p_status = 'waiting' then p_retry_at end,
      settled_at = case when p_status <> 'waiting' then p_now end
    where x.tenant_id = p_tenant and x.id = p_id returning x.* into d;
  perform guard.note_delivery(d);
  select x.* into m from data.outgoing_messages x where x.tenant_id = p_tenant and x.id = p_id;
  if d.status = 'sent' and m.channel = 'sms' then
    insert into data.messages (tenant_id, id, patient_id, thread_id, direction, channel, category, practitioner_id, body, sent_at)
      values (m.tenant_id, m.id, m.patient_id, m.id, 'outbound', 'sms', m.category, m.practitioner_id, jsonb_build_array(jsonb_build_object('text', m.body, 'origin', 'clinic')), p_now);
  end if;
  return d.status;
end $$;

-- What a process began and did not end within p_age (5 s at least, by the database's clock) is unknown: it may have left. Answers how many.
create function app.lose_messages(p_age interval, p_now timestamptz) returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  d data.deliveries;
  n int := 0;
begin
  for d in
    update data.deliveries x set status = 'unknown', reason = 'process_ended', settled_at = p_now
    where (x.tenant_id, x.id) in (select y.tenant_id, y.id from data.deliveries y
      where y.status = 'sending' and y.claim_seen_at < clock_timestamp() - greatest(p_age, interval '5 seconds') for update skip locked)
    returning x.*
  loop
    perform guard.note_delivery(d);
    n := n + 1;
  end loop;
  return n;
end $$;

reset role;
revoke all on function guard.note_delivery(data.deliveries), guard.await_delivery(), app.take_message(timestamptz), app.claim_message(uuid, uuid, uuid, timestamptz),
  app.put_off_message(uuid, uuid, timestamptz, text, text), app.cancel_message(uuid, uuid, text, timestamptz),
  app.settle_message(uuid, uuid, uuid, text, text, text, timestamptz, timestamptz), app.lose_messages(interval, timestamptz) from public;
grant usage on schema app to app_sender;
grant execute on function app.take_message(timestamptz), app.claim_message(uuid, uuid, uuid, timestamptz), app.put_off_message(uuid, uuid, timestamptz, text, text),
  app.cancel_message(uuid, uuid, text, timestamptz), app.settle_message(uuid, uuid, uuid, text, text, text, timestamptz, timestamptz), app.lose_messages(interval, timestamptz) to app_sender;

create trigger awaits after insert on data.outgoing_messages for each row execute function guard.await_delivery();
grant select, insert on data.outgoing_messages to app_api;
-- A form is told of by an e-mail, as a portal message is.
create policy signed on data.outgoing_messages as restrictive for insert
  with check ((select app.signs(array['message_draft', 'intake_form_draft'])) or current_user <> 'app_api');
grant select on data.deliveries, data.delivery_events to app_api;
grant select on data.outgoing_messages to app_guard;
grant select, insert, update on data.deliveries to app_guard;
grant insert on data.delivery_events to app_guard;
-- A text that went is written into the chart by whoever knows that it went.
grant insert on data.messages to app_guard;
create policy guard on data.messages to app_guard using (true) with check (true);

do $$
declare t text;
begin
  foreach t in array array['outgoing_messages', 'deliveries', 'delivery_events'] loop
    execute format('create policy guard on data.%I to app_guard using (true) with check (true)', t);
    -- What leaves the house is for its people: no AI reads it. A standing approval may write it in the call of an AI.
    execute format('create policy reader on data.%I as restrictive %s using ((select app.is_login()) or current_user = ''app_guard'')', t,
      case t when 'outgoing_messages' then 'for select' else '' end);
  end loop;
  foreach t in array array['outgoing_messages', 'delivery_events'] loop
    execute format('create trigger append_only before update or delete on data.%I for each row execute function guard.refuse_change()', t);
    execute format('create trigger append_only_truncate before truncate on data.%I for each statement execute function guard.refuse_change()', t);
    execute format('alter table data.%I enable always trigger append_only', t);
    execute format('alter table data.%I enable always trigger append_only_truncate', t);
  end loop;
end $$;
