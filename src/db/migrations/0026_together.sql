-- Drafts that are read together. A batch: one call, the same for several patients; each draft is decided on by itself or with others. A bundle: a draft that registers a
-- patient, and those that are for that patient before she is in the record; all of them are signed together, or none. Owner in code: review.

set role app_owner;

-- bundle_id is the id of the draft that registers the patient; that id is the patient's.
alter table data.pending_actions add column batch_id uuid, add column bundle_id uuid;
alter table data.held_proposals add column batch_id uuid;
create index pending_actions_batch on data.pending_actions (tenant_id, batch_id) where batch_id is not null;
create index pending_actions_bundle on data.pending_actions (tenant_id, bundle_id) where bundle_id is not null;

reset role;
set role app_guard;

-- The bundle of a draft for this patient: null where the patient is in the record, or nobody registers her. Whoever registers her is held until the end of the transaction.
create function guard.bundle_of(of_tenant uuid, of_patient uuid) returns uuid language plpgsql set search_path = pg_catalog, pg_temp as $$
declare p data.pending_actions;
begin
  if of_patient is null then return null; end if;
  select * into p from data.pending_actions x where x.tenant_id = of_tenant and x.id = of_patient and x.kind = 'patient_draft' for update;
  if p.id is null or p.status = 'committed' then return null; end if;
  if p.status <> 'pending' or p.expires_at <= clock_timestamp() then perform guard.refuse('bundle_ended'); end if;
  update data.pending_actions x set bundle_id = x.id where x.tenant_id = of_tenant and x.id = p.id and x.bundle_id is null;
  return p.id;
end $$;

drop function app.propose(text, text, jsonb, jsonb, uuid, text);

-- Files what a credential proposes. Where outside text was delivered to this user since the last new conversation, no draft is made: it is held, with that text.
-- The same content while it waits is the same row; the same request_key always. `state`: pending | held.
create function app.propose(p_operation text, p_kind text, p_content jsonb, p_payload jsonb, p_patient uuid, p_request_key text, p_batch uuid)
returns table (id uuid, state text, status text, repeated boolean, expires_at timestamptz, sources jsonb, batch_id uuid, bundle_id uuid)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.opened_seal();
  t uuid := seal[1]::uuid;
  u uuid := seal[2]::uuid;
  content bytea := sha256(convert_to(p_operation || ':' || p_content::text, 'UTF8'));
  made uuid := gen_random_uuid();
  found_row record;
  outside jsonb;
  bundle uuid;
begin
  if t is null or guard.login_id() is not null then perform guard.refuse('not_permitted'); end if;
  select p.id, p.status, p.expires_at, p.content_hash, p.operation, p.batch_id, p.bundle_id into found_row from data.pending_actions p
    where p.tenant_id = t and p.proposed_by = u
      and case when p_request_key is null then p.request_key is null and p.operation = p_operation and p.content_hash = content and p.status = 'pending' and p.expires_at > clock_timestamp()
               else p.request_key = p_request_key end;
  if found_row.id is not null then
    if found_row.content_hash <> content then perform guard.refuse('other_content'); end if;
    return query select found_row.id, 'pending'::text, found_row.status::text, true, found_row.expires_at::timestamptz, null::jsonb, found_row.batch_id::uuid, found_row.bundle_id::uuid;
    return;
  end if;

  if exists (select from data.taint_state s where s.tenant_id = t and s.user_id = u and (s.cleared_at is null or s.last_at > s.cleared_at)) then
    select h.id, h.expires_at, h.sources, h.batch_id into found_row from data.held_proposals h
      where h.tenant_id = t and h.proposed_by = u and h.operation = p_operation and h.content_hash = content and h.status = 'held' and h.expires_at > clock_timestamp();
    if found_row.id is not null then
      return query select found_row.id, 'held'::text, 'held'::text, true, found_row.expires_at::timestamptz, found_row.sources::jsonb, found_row.batch_id::uuid, null::uuid;
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
    insert into data.held_proposals (tenant_id, id, operation, kind, payload, content_hash, binding_hash, request_key, patient_id, sources, proposed_by, credential_id, batch_id, expires_at)
      values (t, made, p_operation, p_kind, p_payload, content, guard.hash_of(made, 1, p_kind, p_payload || jsonb_build_object('held_sources', outside)), p_request_key, p_patient, outside,
        u, seal[3]::uuid, p_batch, clock_timestamp() + interval '72 hours')
      on conflict (tenant_id, proposed_by, operation, content_hash) where held_proposals.status = 'held' do nothing;
    if not found then
      return query select h.id, 'held'::text, 'held'::text, true, h.expires_at, h.sources, h.batch_id, null::uuid from data.held_proposals h
        where h.tenant_id = t and h.proposed_by = u and h.operation = p_operation and h.content_hash = content and h.status = 'held';
      return;
    end if;
    perform guard.note_review(made, 'held', 1, guard.hash_of(made, 1, p_kind, p_payload), null);
    return query select made, 'held'::text, 'held'::text, false, clock_timestamp() + interval '72 hours', outside, p_batch, null::uuid;
    return;
  end if;

  update data.pending_actions p set status = 'expired', decided_at = clock_timestamp()
    where p.tenant_id = t and p.proposed_by = u and p.operation = p_operation and p.content_hash = content and p.status = 'pending' and p.request_key is null and p.expires_at <= clock_timestamp();
  bundle := guard.bundle_of(t, p_patient);
  insert into data.pending_actions (tenant_id, id, operation, kind, payload, payload_hash, proposed_payload, content_hash, request_key, patient_id, proposed_by, credential_id, batch_id, bundle_id, expires_at)
    values (t, made, p_operation, p_kind, p_payload, guard.hash_of(made, 1, p_kind, p_payload), p_payload, content, p_request_key, p_patient, u, seal[3]::uuid, p_batch, bundle,
      clock_timestamp() + interval '30 days')
    on conflict do nothing;
  if not found then -- the same came at the same moment, and was first
    return query select p.id, 'pending'::text, p.status, true, p.expires_at, null::jsonb, p.batch_id, p.bundle_id from data.pending_actions p
      where p.tenant_id = t and p.proposed_by = u and p.content_hash = content
        and case when p_request_key is null then p.request_key is null and p.operation = p_operation and p.status = 'pending' else p.request_key = p_request_key end;
    if not found then perform guard.refuse('other_content'); end if;
    return;
  end if;
  perform guard.note_review(made, 'proposed', 1, guard.hash_of(made, 1, p_kind, p_payload), null);
  return query select made, 'pending'::text, 'pending'::text, false, clock_timestamp() + interval '30 days', null::jsonb, p_batch, bundle;
end $$;

-- Makes a draft of what was held; bound to exactly what the person was shown, the outside text included.
create or replace function app.release_hold(p_id uuid, p_hash bytea) returns uuid language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  h data.held_proposals := guard.take_hold(p_id);
  made uuid := gen_random_uuid();
begin
  if h.binding_hash is distinct from p_hash then perform guard.refuse('stale_draft'); end if;
  insert into data.pending_actions (tenant_id, id, operation, kind, payload, payload_hash, proposed_payload, content_hash, request_key, patient_id, proposed_by, credential_id, hold_id, batch_id, bundle_id, expires_at)
    values (h.tenant_id, made, h.operation, h.kind, h.payload, guard.hash_of(made, 1, h.kind, h.payload), h.payload, h.content_hash, h.request_key, h.patient_id, h.proposed_by, h.credential_id, h.id,
      h.batch_id, guard.bundle_of(h.tenant_id, h.patient_id), clock_timestamp() + interval '30 days')
    on conflict do nothing;
  if not found then perform guard.refuse('stale_draft'); end if;
  update data.held_proposals x set status = 'released', decided_at = clock_timestamp(), decided_by = (guard.opened_seal())[2]::uuid where x.tenant_id = h.tenant_id and x.id = h.id;
  perform guard.note_review(h.id, 'released', 1, h.binding_hash, null);
  perform guard.note_review(made, 'proposed', 1, guard.hash_of(made, 1, h.kind, h.payload), null);
  return made;
end $$;

-- Ends a draft with a reason; with the one that registers a patient, those that wait for her. Rows are held in one order by whoever holds several, so that no two wait for
-- each other: who is registered first, then by id.
create or replace function app.reject_draft(p_id uuid, p_version int, p_reason text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  p data.pending_actions := guard.take_draft(p_id, p_version);
  why text := guard.why_not(p.kind);
  other data.pending_actions;
begin
  if why is not null then perform guard.refuse(why); end if;
  for other in
    select * from data.pending_actions x
    where x.tenant_id = p.tenant_id and x.status = 'pending' and (x.id = p.id or x.bundle_id = p.id) order by x.id for update
  loop
    update data.pending_actions x set status = 'rejected', decided_at = clock_timestamp(), decided_by = (guard.opened_seal())[2]::uuid where x.tenant_id = other.tenant_id and x.id = other.id;
    perform guard.note_review(other.id, 'rejected', other.version, other.payload_hash, p_reason);
  end loop;
end $$;

-- Ends what nobody decided in time, and what waited for a patient whom nobody registers any more. Answers how much.
create or replace function app.expire_drafts() returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  n int;
  m int;
begin
  with gone as (
    update data.pending_actions p set status = 'expired', decided_at = clock_timestamp()
    where (p.tenant_id, p.id) in (
      select x.tenant_id, x.id from data.pending_actions x
      where x.status = 'pending' and (x.expires_at <= clock_timestamp()
        or exists (select from data.pending_actions r where r.tenant_id = x.tenant_id and r.id = x.bundle_id and r.id <> x.id and (r.status = 'expired' or r.status = 'pending' and r.expires_at <= clock_timestamp())))
      for update skip locked)
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

-- Takes the rows that are to be signed together, always in the same order; what of a bundle still waits must be among them. From then on, in this transaction and for
-- this login, their bundles may be signed, draft by draft: what refuses one undoes them all.
create function app.take_together(p_ids uuid[]) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  t uuid := (guard.opened_seal())[1]::uuid;
  bundles text;
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  perform from data.pending_actions x
    where x.tenant_id = t and (x.id = any (p_ids) or x.bundle_id in (select y.bundle_id from data.pending_actions y where y.tenant_id = t and y.id = any (p_ids)))
    order by x.id is distinct from x.bundle_id, x.id for update;
  if exists (
    select from data.pending_actions x
    where x.tenant_id = t and x.status = 'pending' and x.id <> all (p_ids) and x.bundle_id in (select y.bundle_id from data.pending_actions y where y.tenant_id = t and y.id = any (p_ids)))
  then
    perform guard.refuse('bundle');
  end if;
  select coalesce(string_agg(distinct x.bundle_id::text, ','), '') into bundles from data.pending_actions x where x.tenant_id = t and x.id = any (p_ids);
  perform set_config('app.together', bundles || ':' || guard.mac('together:' || guard.sealed_for() || ':' || bundles), true);
end $$;

-- The bundles that this transaction took. Throws 42501 for what this database did not write for it.
create function guard.together() returns text[] language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare parts text[] := string_to_array(nullif(current_setting('app.together', true), ''), ':');
begin
  if parts is null then return '{}'; end if;
  if cardinality(parts) = 2 and parts[2] = guard.mac('together:' || guard.sealed_for() || ':' || parts[1]) then return string_to_array(parts[1], ','); end if;
  raise insufficient_privilege using message = 'these drafts were not taken by this transaction';
end $$;

-- Whatever signs: what belongs to a bundle is signed where the whole of it was taken, the patient before what is for her.
create function guard.refuse_apart() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.bundle_id::text <> all (guard.together()) then perform guard.refuse('bundle'); end if;
  if new.id <> new.bundle_id and not exists (select from data.pending_actions x where x.tenant_id = new.tenant_id and x.id = new.bundle_id and x.status = 'committed') then
    perform guard.refuse('bundle');
  end if;
  return new;
end $$;

-- The name of a patient who is yet to be registered is that of the draft.
create or replace function app.patient_label(of_patient uuid, out patient text, out birth_date text) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare t uuid := (guard.opened_seal())[1]::uuid;
begin
  select p.given_name || ' ' || p.family_name, p.birth_date into patient, birth_date from data.patients p where p.tenant_id = t and p.id = of_patient;
  if patient is null then
    select (d.payload ->> 'given_name') || ' ' || (d.payload ->> 'family_name'), d.payload ->> 'birth_date' into patient, birth_date
      from data.pending_actions d where d.tenant_id = t and d.id = of_patient and d.kind = 'patient_draft';
  end if;
end $$;

reset role;
revoke all on function guard.bundle_of(uuid, uuid), app.propose(text, text, jsonb, jsonb, uuid, text, uuid), app.take_together(uuid[]), guard.together(), guard.refuse_apart() from public;
grant execute on function app.propose(text, text, jsonb, jsonb, uuid, text, uuid), app.take_together(uuid[]) to app_api;
create trigger together before update of status on data.pending_actions for each row
  when (new.status = 'signed' and new.bundle_id is not null) execute function guard.refuse_apart();
