-- The desk: what an AI proposes waits as a draft, or is held where outside text stood in the conversation; a person signs, and only that signature opens the record.
-- Owner in code: review. Written by these functions alone; a refusal has SQLSTATE AT001 and is a word.

set role app_owner;

-- A draft, as published. `payload_hash` covers id, version, kind and payload: a signature is bound to it. `content_hash`: what was asked for, so that the same is one draft.
create table data.pending_actions (
  tenant_id uuid not null references data.tenants,
  id uuid not null,
  operation text not null,
  kind text not null,
  payload jsonb not null,
  payload_hash bytea not null,
  version int not null default 1,
  proposed_payload jsonb not null,
  content_hash bytea not null,
  request_key text,
  patient_id uuid,
  status text not null default 'pending' check (status in ('pending', 'signed', 'committed', 'failed', 'parked', 'rejected', 'expired')),
  proposed_by uuid not null,
  credential_id uuid not null,
  hold_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  record_id uuid,
  primary key (tenant_id, id)
);
create index pending_actions_status on data.pending_actions (tenant_id, status, created_at, id);
create unique index pending_actions_same on data.pending_actions (tenant_id, proposed_by, operation, content_hash) where status = 'pending' and request_key is null;
create unique index pending_actions_key on data.pending_actions (tenant_id, proposed_by, request_key) where request_key is not null;

-- What may not become a draft yet: it was proposed when outside text stood in the conversation. `sources` is that text, as it was delivered.
create table data.held_proposals (
  tenant_id uuid not null references data.tenants,
  id uuid not null,
  operation text not null,
  kind text not null,
  payload jsonb not null,
  content_hash bytea not null,
  binding_hash bytea not null,
  request_key text,
  patient_id uuid,
  sources jsonb not null,
  status text not null default 'held' check (status in ('held', 'released', 'rejected', 'expired')),
  proposed_by uuid not null,
  credential_id uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  primary key (tenant_id, id)
);
create index held_proposals_status on data.held_proposals (tenant_id, status, created_at, id);
create unique index held_proposals_same on data.held_proposals (tenant_id, proposed_by, operation, content_hash) where status = 'held';

-- Everything that ever happened to a draft, a hold or a conversation, in order.
create table data.review_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  subject_id uuid not null,
  what text not null check (what in ('proposed', 'held', 'released', 'revised', 'signed', 'committed', 'rejected', 'expired', 'new_conversation')),
  user_id uuid not null,
  grant_id uuid,
  version int,
  payload_hash bytea,
  reason text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id)
);
create index review_events_subject on data.review_events (tenant_id, subject_id, created_at, id);

-- A person said that a new conversation has begun: what was delivered before stands in it no more.
alter table data.taint_state add column cleared_at timestamptz;
-- Rights given to one person beyond the role (a nurse who may sign notes).
alter table data.users add column signs text[] not null default '{}';

reset role;
select guard.tenant_table(t) from unnest(array['pending_actions', 'held_proposals', 'review_events']) t;

set role app_guard;

-- Who may sign which kind. governance/roles.ts says the same; a test holds them equal.
create table guard.signing (kind text not null, right_name text not null, role text not null, needs_licence boolean not null, primary key (kind, role));
insert into guard.signing (kind, right_name, role, needs_licence) values
  ('chart_note_draft', 'edit_charts', 'owner', true), ('chart_note_draft', 'edit_charts', 'physician', true),
  ('message_draft', 'send_messages', 'owner', false), ('message_draft', 'send_messages', 'physician', true), ('message_draft', 'send_messages', 'nurse', false);

-- The login of this transaction; null for a credential.
create function guard.login_id() returns uuid language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.opened_seal();
begin
  return (select g.id from guard.grants g where g.id = seal[3]::uuid and g.tenant_id = seal[1]::uuid and g.kind = 'login');
end $$;
create function app.is_login() returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin return guard.login_id() is not null; end $$;

-- null: may sign. Else why not: a right that the role does not have, a licence, a second factor that is too old.
create function guard.why_not(of_kind text) returns text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.opened_seal();
  login uuid := guard.login_id();
  s guard.signing;
  u data.users;
begin
  if login is null then return 'not_permitted'; end if;
  select * into u from data.users x where x.tenant_id = seal[1]::uuid and x.id = seal[2]::uuid;
  select * into s from guard.signing x where x.kind = of_kind and x.role = u.role;
  if s.kind is null then
    select x.kind, x.right_name, u.role, bool_or(x.needs_licence) into s from guard.signing x where x.kind = of_kind and x.right_name = any (u.signs) group by 1, 2;
  end if;
  if s.kind is null then return 'not_permitted'; end if;
  if s.needs_licence and not guard.is_licensed(u.tenant_id, u.id) then return 'licence_needed'; end if;
  if not guard.has_fresh_mfa(login) then return 'mfa_needed'; end if;
  return null;
end $$;
create function app.why_not(of_kind text) returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin return guard.why_not(of_kind); end $$;

-- The kinds that are this login's to decide on, whether or not a licence or a fresh factor is missing now: what else waits is not hers to read. None for a credential.
create function app.signable() returns text[] language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.opened_seal();
  u data.users;
begin
  if guard.login_id() is null then return '{}'; end if;
  select * into u from data.users x where x.tenant_id = seal[1]::uuid and x.id = seal[2]::uuid;
  return (select coalesce(array_agg(distinct s.kind), '{}') from guard.signing s where s.role = u.role or s.right_name = any (u.signs));
end $$;

-- Names for the queue: of a person of this clinic, of a patient of this clinic. Null for anybody else's.
create function app.display_name(of_user uuid) returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin return (select u.display_name from data.users u where u.tenant_id = (guard.opened_seal())[1]::uuid and u.id = of_user); end $$;
create function app.patient_label(of_patient uuid, out patient text, out birth_date text) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  select p.given_name || ' ' || p.family_name, p.birth_date into patient, birth_date from data.patients p where p.tenant_id = (guard.opened_seal())[1]::uuid and p.id = of_patient;
end $$;

create function guard.refuse(why text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin raise exception using errcode = 'AT001', message = why; end $$;

create function guard.hash_of(id uuid, version int, kind text, payload jsonb) returns bytea language sql immutable set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(id::text || ':' || version || ':' || kind || ':' || payload::text, 'UTF8'))
$$;

create function guard.note_review(of_subject uuid, of_what text, of_version int, of_hash bytea, of_reason text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.opened_seal();
begin
  insert into data.review_events (tenant_id, subject_id, what, user_id, grant_id, version, payload_hash, reason)
    values (seal[1]::uuid, of_subject, of_what, seal[2]::uuid, seal[3]::uuid, of_version, of_hash, of_reason);
end $$;

-- Files what a credential proposes. Where outside text was delivered to this user since the last new conversation, no draft is made: it is held, with that text.
-- The same content while it waits is the same row; the same request_key always. `state`: pending | held.
create function app.propose(p_operation text, p_kind text, p_content jsonb, p_payload jsonb, p_patient uuid, p_request_key text)
returns table (id uuid, state text, status text, repeated boolean, expires_at timestamptz, sources jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.opened_seal();
  t uuid := seal[1]::uuid;
  u uuid := seal[2]::uuid;
  content bytea := sha256(convert_to(p_operation || ':' || p_content::text, 'UTF8'));
  made uuid := gen_random_uuid();
  found_row record;
  outside jsonb;
begin
  if t is null or guard.login_id() is not null then perform guard.refuse('not_permitted'); end if;
  select p.id, p.status, p.expires_at, p.content_hash, p.operation into found_row from data.pending_actions p
    where p.tenant_id = t and p.proposed_by = u
      and case when p_request_key is null then p.request_key is null and p.operation = p_operation and p.content_hash = content and p.status = 'pending' and p.expires_at > clock_timestamp()
               else p.request_key = p_request_key end;
  if found_row.id is not null then
    if found_row.content_hash <> content then perform guard.refuse('other_content'); end if;
    return query select found_row.id, 'pending'::text, found_row.status::text, true, found_row.expires_at::timestamptz, null::jsonb;
    return;
  end if;

  if exists (select from data.taint_state s where s.tenant_id = t and s.user_id = u and (s.cleared_at is null or s.last_at > s.cleared_at)) then
    select h.id, h.expires_at, h.sources into found_row from data.held_proposals h
      where h.tenant_id = t and h.proposed_by = u and h.operation = p_operation and h.content_hash = content and h.status = 'held' and h.expires_at > clock_timestamp();
    if found_row.id is not null then
      return query select found_row.id, 'held'::text, 'held'::text, true, found_row.expires_at::timestamptz, found_row.sources::jsonb;
      return;
    end if;
    if (select count(*) from data.held_proposals h where h.tenant_id = t and h.proposed_by = u and h.status = 'held' and h.expires_at > clock_timestamp()) >= 50 then
      perform guard.refuse('too_many_holds');
    end if;
    select coalesce(jsonb_agg(jsonb_build_object('ref', e.ref, 'kind', coalesce(r.kind, 'unrecognised'), 'said_on', r.said_on, 'text', r.text, 'delivered_at', e.created_at) order by e.created_at desc), '[]') into outside
      from (
        select x.source ->> 'ref' as ref, max(x.created_at) as created_at from data.taint_events x
        where x.tenant_id = t and x.user_id = u and x.created_at > coalesce((select s.cleared_at from data.taint_state s where s.tenant_id = t and s.user_id = u), '-infinity')
        group by 1 order by 2 desc limit 50) e
      left join data.text_refs r on r.tenant_id = t and r.user_id = u and r.ref = e.ref;
    update data.held_proposals h set status = 'expired', decided_at = clock_timestamp()
      where h.tenant_id = t and h.proposed_by = u and h.operation = p_operation and h.content_hash = content and h.status = 'held';
    insert into data.held_proposals (tenant_id, id, operation, kind, payload, content_hash, binding_hash, request_key, patient_id, sources, proposed_by, credential_id, expires_at)
      values (t, made, p_operation, p_kind, p_payload, content, guard.hash_of(made, 1, p_kind, p_payload || jsonb_build_object('held_sources', outside)), p_request_key, p_patient, outside,
        u, seal[3]::uuid, clock_timestamp() + interval '72 hours')
      on conflict (tenant_id, proposed_by, operation, content_hash) where held_proposals.status = 'held' do nothing;
    if not found then
      return query select h.id, 'held'::text, 'held'::text, true, h.expires_at, h.sources from data.held_proposals h
        where h.tenant_id = t and h.proposed_by = u and h.operation = p_operation and h.content_hash = content and h.status = 'held';
      return;
    end if;
    perform guard.note_review(made, 'held', 1, guard.hash_of(made, 1, p_kind, p_payload), null);
    return query select made, 'held'::text, 'held'::text, false, clock_timestamp() + interval '72 hours', outside;
    return;
  end if;

  update data.pending_actions p set status = 'expired', decided_at = clock_timestamp()
    where p.tenant_id = t and p.proposed_by = u and p.operation = p_operation and p.content_hash = content and p.status = 'pending' and p.request_key is null and p.expires_at <= clock_timestamp();
  insert into data.pending_actions (tenant_id, id, operation, kind, payload, payload_hash, proposed_payload, content_hash, request_key, patient_id, proposed_by, credential_id, expires_at)
    values (t, made, p_operation, p_kind, p_payload, guard.hash_of(made, 1, p_kind, p_payload), p_payload, content, p_request_key, p_patient, u, seal[3]::uuid, clock_timestamp() + interval '30 days')
    on conflict do nothing;
  if not found then -- the same came at the same moment, and was first
    return query select p.id, 'pending'::text, p.status, true, p.expires_at, null::jsonb from data.pending_actions p
      where p.tenant_id = t and p.proposed_by = u and p.content_hash = content
        and case when p_request_key is null then p.request_key is null and p.operation = p_operation and p.status = 'pending' else p.request_key = p_request_key end;
    if not found then perform guard.refuse('other_content'); end if;
    return;
  end if;
  perform guard.note_review(made, 'proposed', 1, guard.hash_of(made, 1, p_kind, p_payload), null);
  return query select made, 'pending'::text, 'pending'::text, false, clock_timestamp() + interval '30 days', null::jsonb;
end $$;

-- Takes the row of a draft that still waits, in the version that the caller saw.
create function guard.take_draft(of_id uuid, of_version int) returns data.pending_actions language plpgsql set search_path = pg_catalog, pg_temp as $$
declare p data.pending_actions;
begin
  select * into p from data.pending_actions x where x.tenant_id = (guard.opened_seal())[1]::uuid and x.id = of_id for update;
  if p.id is null then perform guard.refuse('not_found'); end if;
  if p.status <> 'pending' or p.version <> of_version then perform guard.refuse('stale_draft'); end if;
  if p.expires_at <= clock_timestamp() then perform guard.refuse('expired'); end if;
  return p;
end $$;

-- The next version of a draft; whoever has the one before open cannot sign it any more.
create function app.revise_draft(p_id uuid, p_version int, p_payload jsonb) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  p data.pending_actions := guard.take_draft(p_id, p_version);
  why text := guard.why_not(p.kind);
begin
  if why is not null then perform guard.refuse(why); end if;
  update data.pending_actions x set payload = p_payload, version = p.version + 1, payload_hash = guard.hash_of(p.id, p.version + 1, p.kind, p_payload)
    where x.tenant_id = p.tenant_id and x.id = p.id;
  perform guard.note_review(p.id, 'revised', p.version + 1, guard.hash_of(p.id, p.version + 1, p.kind, p_payload), null);
end $$;

-- Whom this transaction is sealed for: clinic, person and login. A signature is good for them, and for nobody who enters behind.
create function guard.sealed_for() returns text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin return array_to_string((guard.opened_seal())[1:3], ':'); end $$;
create function guard.sign(of_id uuid, of_kind text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin perform set_config('app.signature', of_id || ':' || of_kind || ':' || guard.mac('signature:' || guard.sealed_for() || ':' || of_id || ':' || of_kind), true); end $$;

-- Signs exactly the version and the bytes that the page showed, and opens the record for the rest of this transaction.
create function app.sign_draft(p_id uuid, p_version int, p_hash bytea)
returns table (operation text, kind text, payload jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  p data.pending_actions := guard.take_draft(p_id, p_version);
  why text := guard.why_not(p.kind);
begin
  if why is not null then perform guard.refuse(why); end if;
  if p.payload_hash is distinct from p_hash then perform guard.refuse('stale_draft'); end if;
  update data.pending_actions x set status = 'signed', decided_at = clock_timestamp(), decided_by = (guard.opened_seal())[2]::uuid
    where x.tenant_id = p.tenant_id and x.id = p.id;
  perform guard.note_review(p.id, 'signed', p.version, p.payload_hash, null);
  perform guard.sign(p.id, p.kind);
  return query select p.operation, p.kind, p.payload;
end $$;

-- What was signed in this very transaction: draft and kind, sealed as the tenant is; null where nothing was. Throws 42501 for a signature that this database did not make for it.
create function guard.signature() returns text[] language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare parts text[] := string_to_array(nullif(current_setting('app.signature', true), ''), ':');
begin
  if parts is null or cardinality(parts) = 3 and parts[3] = guard.mac('signature:' || guard.sealed_for() || ':' || parts[1] || ':' || parts[2]) then return parts; end if;
  raise insufficient_privilege using message = 'this signature is not of this transaction';
end $$;
create function app.signing() returns uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin return (guard.signature())[1]::uuid; end $$;
-- Whether a draft of one of these kinds was signed: a signature opens the tables of its kind, and no other.
create function app.signs(kinds text[]) returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin return coalesce((guard.signature())[2] = any (kinds), false); end $$;

-- Names the record that a signed draft became.
create function app.settle_draft(p_id uuid, p_record uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare p data.pending_actions;
begin
  if app.signing() is distinct from p_id then perform guard.refuse('not_permitted'); end if;
  update data.pending_actions x set status = 'committed', record_id = p_record where x.tenant_id = (guard.opened_seal())[1]::uuid and x.id = p_id and x.status = 'signed' returning x.* into p;
  if p.id is null then perform guard.refuse('stale_draft'); end if;
  perform guard.note_review(p.id, 'committed', p.version, p.payload_hash, null);
end $$;

-- Ends a draft with a reason.
create function app.reject_draft(p_id uuid, p_version int, p_reason text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  p data.pending_actions := guard.take_draft(p_id, p_version);
  why text := guard.why_not(p.kind);
begin
  if why is not null then perform guard.refuse(why); end if;
  update data.pending_actions x set status = 'rejected', decided_at = clock_timestamp(), decided_by = (guard.opened_seal())[2]::uuid where x.tenant_id = p.tenant_id and x.id = p.id;
  perform guard.note_review(p.id, 'rejected', p.version, p.payload_hash, p_reason);
end $$;

-- Takes the row of what is held still, for one who may sign its kind.
create function guard.take_hold(of_id uuid) returns data.held_proposals language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  h data.held_proposals;
  why text;
begin
  select * into h from data.held_proposals x where x.tenant_id = (guard.opened_seal())[1]::uuid and x.id = of_id for update;
  if h.id is null then perform guard.refuse('not_found'); end if;
  if h.status <> 'held' then perform guard.refuse('stale_draft'); end if;
  if h.expires_at <= clock_timestamp() then perform guard.refuse('expired'); end if;
  why := guard.why_not(h.kind);
  if why is not null then perform guard.refuse(why); end if;
  return h;
end $$;

-- Makes a draft of what was held; bound to exactly what the person was shown, the outside text included.
create function app.release_hold(p_id uuid, p_hash bytea) returns uuid language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  h data.held_proposals := guard.take_hold(p_id);
  made uuid := gen_random_uuid();
begin
  if h.binding_hash is distinct from p_hash then perform guard.refuse('stale_draft'); end if;
  insert into data.pending_actions (tenant_id, id, operation, kind, payload, payload_hash, proposed_payload, content_hash, request_key, patient_id, proposed_by, credential_id, hold_id, expires_at)
    values (h.tenant_id, made, h.operation, h.kind, h.payload, guard.hash_of(made, 1, h.kind, h.payload), h.payload, h.content_hash, h.request_key, h.patient_id, h.proposed_by, h.credential_id, h.id,
      clock_timestamp() + interval '30 days')
    on conflict do nothing;
  if not found then perform guard.refuse('stale_draft'); end if;
  update data.held_proposals x set status = 'released', decided_at = clock_timestamp(), decided_by = (guard.opened_seal())[2]::uuid where x.tenant_id = h.tenant_id and x.id = h.id;
  perform guard.note_review(h.id, 'released', 1, h.binding_hash, null);
  perform guard.note_review(made, 'proposed', 1, guard.hash_of(made, 1, h.kind, h.payload), null);
  return made;
end $$;

create function app.reject_hold(p_id uuid, p_reason text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare h data.held_proposals := guard.take_hold(p_id);
begin
  update data.held_proposals x set status = 'rejected', decided_at = clock_timestamp(), decided_by = (guard.opened_seal())[2]::uuid where x.tenant_id = h.tenant_id and x.id = h.id;
  perform guard.note_review(h.id, 'rejected', 1, h.binding_hash, p_reason);
end $$;

-- A person says that her AI begins anew.
create function app.begin_conversation() returns timestamptz language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.opened_seal();
  login uuid := guard.login_id();
  at timestamptz := clock_timestamp();
begin
  if login is null then perform guard.refuse('not_permitted'); end if;
  if not guard.has_fresh_mfa(login) then perform guard.refuse('mfa_needed'); end if;
  update data.taint_state s set cleared_at = at, epoch = s.epoch + 1 where s.tenant_id = seal[1]::uuid and s.user_id = seal[2]::uuid;
  perform guard.note_review(seal[2]::uuid, 'new_conversation', null, null, null);
  return at;
end $$;

-- Ends what nobody decided in time. Answers how much.
create function app.expire_drafts() returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  n int;
  m int;
begin
  with gone as (
    update data.pending_actions p set status = 'expired', decided_at = clock_timestamp()
    where (p.tenant_id, p.id) in (select x.tenant_id, x.id from data.pending_actions x where x.status = 'pending' and x.expires_at <= clock_timestamp() for update skip locked)
    returning p.*)
  insert into data.review_events (tenant_id, subject_id, what, user_id, version, payload_hash) select g.tenant_id, g.id, 'expired', g.proposed_by, g.version, g.payload_hash from gone g;
  get diagnostics n = row_count;
  with gone as (
    update data.held_proposals h set status = 'expired', decided_at = clock_timestamp()
    where (h.tenant_id, h.id) in (select x.tenant_id, x.id from data.held_proposals x where x.status = 'held' and x.expires_at <= clock_timestamp() for update skip locked)
    returning h.*)
  insert into data.review_events (tenant_id, subject_id, what, user_id, version, payload_hash) select g.tenant_id, g.id, 'expired', g.proposed_by, 1, g.binding_hash from gone g;
  get diagnostics m = row_count;
  return n + m;
end $$;

reset role;
revoke all on function guard.login_id(), app.is_login(), app.signable(), guard.why_not(text), app.why_not(text), app.display_name(uuid),
  app.patient_label(uuid), guard.refuse(text), guard.hash_of(uuid, int, text, jsonb), guard.note_review(uuid, text, int, bytea, text), app.propose(text, text, jsonb, jsonb, uuid, text),
  guard.take_draft(uuid, int), app.revise_draft(uuid, int, jsonb), guard.sealed_for(), guard.sign(uuid, text), app.sign_draft(uuid, int, bytea), guard.signature(), app.signing(), app.signs(text[]), app.settle_draft(uuid, uuid),
  app.reject_draft(uuid, int, text), guard.take_hold(uuid), app.release_hold(uuid, bytea), app.reject_hold(uuid, text), app.begin_conversation(),
  app.expire_drafts() from public;
grant execute on function app.is_login(), app.signable(), app.why_not(text), app.display_name(uuid), app.patient_label(uuid), app.propose(text, text, jsonb, jsonb, uuid, text),
  app.revise_draft(uuid, int, jsonb), app.sign_draft(uuid, int, bytea), app.signing(), app.signs(text[]), app.settle_draft(uuid, uuid), app.reject_draft(uuid, int, text),
  app.release_hold(uuid, bytea), app.reject_hold(uuid, text), app.begin_conversation(), app.expire_drafts() to app_api;

do $$
declare t text;
begin
  foreach t in array array['pending_actions', 'held_proposals', 'review_events'] loop
    execute format('create policy guard on data.%I to app_guard using (true) with check (true)', t);
    execute format('grant select on data.%I to app_api', t);
    execute format('grant select, insert on data.%I to app_guard', t);
  end loop;
end $$;
grant update on data.pending_actions, data.held_proposals to app_guard;
-- A credential sees its own person's drafts, a person those of the kinds that she decides on too; what is held, and what happened, only a person sees.
create policy reader on data.pending_actions as restrictive
  using (proposed_by = (select app.user_id()) or kind = any ((select app.signable())::text[]) or current_user = 'app_guard');
create policy reader on data.held_proposals as restrictive
  using ((select app.is_login()) and (proposed_by = (select app.user_id()) or kind = any ((select app.signable())::text[])) or current_user = 'app_guard');
create policy reader on data.review_events as restrictive using ((select app.is_login()) or current_user = 'app_guard');
create trigger append_only before update or delete on data.review_events for each row execute function guard.refuse_change();
create trigger append_only_truncate before truncate on data.review_events for each statement execute function guard.refuse_change();
alter table data.review_events enable always trigger append_only;
alter table data.review_events enable always trigger append_only_truncate;
-- The names of patients for the queue.
grant select on data.patients to app_guard;
create policy guard on data.patients to app_guard using (true) with check (true);

-- The serving role writes into the record in a transaction in which a draft of the table's kind was signed, and in no other.
create policy signed on data.chart_notes as restrictive for insert with check ((select app.signs(array['chart_note_draft'])) or current_user <> 'app_api');
create policy signed on data.messages as restrictive for insert with check ((select app.signs(array['message_draft'])) or current_user <> 'app_api');
create policy signed_update on data.messages as restrictive for update
  using ((select app.signs(array['message_draft'])) or current_user <> 'app_api') with check ((select app.signs(array['message_draft'])) or current_user <> 'app_api');
grant insert on data.chart_notes to app_api;
grant insert, update on data.messages to app_api;
