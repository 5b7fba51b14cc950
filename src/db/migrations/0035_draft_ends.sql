-- What a signed draft becomes where it is carried out at a vendor. The write is planned in the transaction of the signature, or there is no signature; from then on the draft follows its write:
-- signed until it is known, then committed (there), failed (provably not there, or given up by a person) or parked (a person has to look). Nothing else moves it. And what is told of it:
-- operation.updated. Owner in code: review; connections.

set role app_owner;

-- The number that the vendor gave the record, once it is there.
alter table data.pending_actions add column vendor_id text, add check (vendor_id is null or status = 'committed');
-- While it is carried out the same is one draft still: asked for again, it would be there twice.
drop index data.pending_actions_same;
create unique index pending_actions_same on data.pending_actions (tenant_id, proposed_by, operation, content_hash) where status in ('pending', 'signed', 'parked') and request_key is null;
-- Of the payload that was signed. One write a draft.
alter table data.vendor_writes add column payload_hash bytea;
drop index data.vendor_writes_draft;
create unique index vendor_writes_draft on data.vendor_writes (tenant_id, draft_id) where draft_id is not null;

alter table data.review_events drop constraint review_events_what_check;
alter table data.review_events add constraint review_events_what_check check (what in
  ('proposed', 'held', 'released', 'revised', 'signed', 'committed', 'rejected', 'expired', 'new_conversation', 'approved_ahead', 'approval_revoked', 'failed', 'parked', 'sent_again', 'given_up'));

reset role;
set role app_guard;

-- Plans the write that carries out the draft which this very transaction has signed: that one, its payload as the signature's hash has it, at an account of its own clinic. Throws 42501 where
-- nothing was signed, or it is settled; 23505 for a second write. Where others wait for the patient whom the draft registers it refuses: they cannot be written before she is there.
create function app.plan_vendor_write(p_connection uuid, p_surface text, p_request jsonb) returns uuid language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  t uuid := app.tenant();
  signing uuid := app.signing();
  p data.pending_actions;
  made uuid := gen_random_uuid();
begin
  select * into p from data.pending_actions x
    where x.tenant_id = t and x.id = signing and x.status = 'signed' and x.payload_hash = guard.hash_of(x.id, x.version, x.kind, x.payload);
  if p.id is null then raise insufficient_privilege using message = 'no draft was signed in this transaction that a write could carry out'; end if;
  if not exists (select from data.connections c where c.tenant_id = t and c.id = p_connection and c.vendor <> 'native') then
    raise insufficient_privilege using message = 'this is no vendor account of the clinic';
  end if;
  if exists (select from data.pending_actions x where x.tenant_id = t and x.bundle_id = p.id and x.id <> p.id and x.status = 'pending') then perform guard.refuse('bundled'); end if;
  insert into data.vendor_writes (tenant_id, id, connection_id, draft_id, surface, request, request_key, payload_hash, state)
    values (t, made, p_connection, p.id, p_surface, p_request, p.id, p.payload_hash,
      jsonb_build_object('is', 'planned', 'due_at', guard.unix_ms(clock_timestamp()), 'attempts', 0, 'resends', 0));
  return made;
end $$;

drop function app.settle_draft(uuid, uuid);

-- Names the record that a signed draft became. Where a write carries it out it stays signed, and this answers which, and whose account it goes to.
create function app.settle_draft(p_id uuid, p_record uuid) returns table (operation_id uuid, vendor text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  t uuid := app.tenant();
  p data.pending_actions;
begin
  if app.signing() is distinct from p_id then perform guard.refuse('not_permitted'); end if;
  return query select w.id, c.vendor from data.vendor_writes w join data.connections c on c.tenant_id = w.tenant_id and c.id = w.connection_id where w.tenant_id = t and w.draft_id = p_id;
  if found then return; end if;
  update data.pending_actions x set status = 'committed', record_id = p_record where x.tenant_id = t and x.id = p_id and x.status = 'signed' returning x.* into p;
  if p.id is null then perform guard.refuse('stale_draft'); end if;
  perform guard.note_review(p.id, 'committed', p.version, p.payload_hash, null);
end $$;

-- Whatever signs: a signature ends in the record or in a planned write within its transaction, or is none.
create function guard.refuse_unsettled() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from data.pending_actions x where x.tenant_id = new.tenant_id and x.id = new.id and x.status = 'signed')
    and not exists (select from data.vendor_writes w where w.tenant_id = new.tenant_id and w.draft_id = new.id) then
    raise check_violation using message = 'this draft was signed, and nothing carries it out';
  end if;
  return null;
end $$;

-- How a write stands for those who wait for it, as get_operation says it.
create function guard.operation_status(of_write text) returns text language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when of_write in ('planned', 'sending', 'in_doubt') then 'pending' when of_write = 'parked' then 'needs_a_person' else of_write end
$$;

-- The draft follows its write, in the same transaction. Who is named: the person who decided on what was parked, otherwise whose signature is carried out.
create function guard.follow_write() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.opened_seal();
  p data.pending_actions;
begin
  if guard.operation_status(old.status) = guard.operation_status(new.status) then return null; end if;
  perform guard.tell(new.tenant_id, 'operation.updated', new.id);
  if new.draft_id is null then return null; end if;
  update data.pending_actions x
    set status = case new.status when 'confirmed' then 'committed' when 'rejected' then 'failed' when 'cancelled' then 'failed' when 'parked' then 'parked' else 'signed' end,
      vendor_id = new.state ->> 'vendor_id'
    where x.tenant_id = new.tenant_id and x.id = new.draft_id and x.status in ('signed', 'parked') returning x.* into p;
  if p.id is null then raise exception 'the draft of this write has ended otherwise'; end if;
  insert into data.review_events (tenant_id, subject_id, what, user_id, grant_id, version, payload_hash) values (p.tenant_id, p.id,
    case new.status when 'confirmed' then 'committed' when 'rejected' then 'failed' when 'cancelled' then 'given_up' when 'parked' then 'parked' else 'sent_again' end,
    coalesce(seal[2]::uuid, p.decided_by), seal[3]::uuid, p.version, p.payload_hash);
  return null;
end $$;

-- A write's next state, with its event, in one transaction. `lost`: the lease is another's. `changed`: the write is not as whoever stores has read it, or waits for a person, or is over.
create or replace function app.store_vendor_write(p_tenant uuid, p_key text, p_fence bigint, p_id uuid, p_version int, p_state jsonb) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare was jsonb := (select w.state from data.vendor_writes w where w.tenant_id = p_tenant and w.id = p_id and w.version = p_version);
begin
  if not guard.holds_fence(p_tenant, p_key, p_fence) then return 'lost'; end if;
  update data.vendor_writes w set version = p_version + 1, state = p_state, updated_at = clock_timestamp()
    where w.tenant_id = p_tenant and w.id = p_id and w.version = p_version and p_key = 'account:' || w.connection_id and w.status in ('planned', 'sending', 'in_doubt')
      -- Nothing is begun on a connection that a person has paused.
      and not (p_state ->> 'is' = 'sending' and w.status = 'planned'
        and exists (select from data.connection_states s where s.tenant_id = w.tenant_id and s.connection_id = w.connection_id and s.at = 'suspended'));
  if not found then return 'changed'; end if;
  -- That it waits on, for the same reason, is no event: a vendor's page that has changed may hold it for days.
  if was - 'due_at' is distinct from p_state - 'due_at' then
    insert into data.vendor_write_events (tenant_id, write_id, version, fence, state) values (p_tenant, p_id, p_version + 1, p_fence, p_state);
  end if;
  return 'stored';
end $$;

-- The bundle of a draft for this patient: null where the patient is in the record, or nobody registers her. Whoever registers her is held until the end of the transaction.
create or replace function guard.bundle_of(of_tenant uuid, of_patient uuid) returns uuid language plpgsql set search_path = pg_catalog, pg_temp as $$
declare p data.pending_actions;
begin
  if of_patient is null then return null; end if;
  select * into p from data.pending_actions x where x.tenant_id = of_tenant and x.id = of_patient and x.kind = 'patient_draft' for update;
  if p.id is null or p.status = 'committed' then return null; end if;
  if p.status in ('signed', 'parked') then perform guard.refuse('being_registered'); end if;
  if p.status <> 'pending' or p.expires_at <= clock_timestamp() then perform guard.refuse('bundle_ended'); end if;
  update data.pending_actions x set bundle_id = x.id where x.tenant_id = of_tenant and x.id = p.id and x.bundle_id is null;
  return p.id;
end $$;

-- Files what a credential proposes. Where outside text was delivered to this user since the last new conversation, no draft is made: it is held, with that text.
-- The same content while it waits, or is carried out at a vendor, is the same row; the same request_key always. `state`: pending | held.
create or replace function app.propose(p_operation text, p_kind text, p_content jsonb, p_payload jsonb, p_patient uuid, p_request_key text, p_batch uuid)
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
      and case when p_request_key is null then p.request_key is null and p.operation = p_operation and p.content_hash = content
                 and (p.status = 'pending' and p.expires_at > clock_timestamp() or p.status in ('signed', 'parked'))
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
        and case when p_request_key is null then p.request_key is null and p.operation = p_operation and p.status in ('pending', 'signed', 'parked') else p.request_key = p_request_key end;
    if not found then perform guard.refuse('other_content'); end if;
    return;
  end if;
  perform guard.note_review(made, 'proposed', 1, guard.hash_of(made, 1, p_kind, p_payload), null);
  return query select made, 'pending'::text, 'pending'::text, false, clock_timestamp() + interval '30 days', null::jsonb, p_batch, bundle;
end $$;

reset role;
grant insert on data.vendor_writes to app_guard;
revoke all on function app.plan_vendor_write(uuid, text, jsonb), app.settle_draft(uuid, uuid), guard.refuse_unsettled(), guard.operation_status(text), guard.follow_write() from public;
grant execute on function app.plan_vendor_write(uuid, text, jsonb), app.settle_draft(uuid, uuid) to app_api;

create constraint trigger settled after update of status on data.pending_actions deferrable initially deferred for each row
  when (new.status = 'signed') execute function guard.refuse_unsettled();
create trigger draft_follows after update of state on data.vendor_writes for each row when (old.status is distinct from new.status) execute function guard.follow_write();
-- What is sent again is not signed again: it is not told as such, and no bundle is asked for.
drop trigger together on data.pending_actions;
create trigger together before update of status on data.pending_actions for each row
  when (new.status = 'signed' and old.status = 'pending' and new.bundle_id is not null) execute function guard.refuse_apart();
drop trigger tells on data.pending_actions;
create trigger tells after update of status on data.pending_actions for each row
  when (old.status is distinct from new.status and (new.status in ('committed', 'rejected') or new.status = 'signed' and old.status = 'pending')) execute function guard.tell_draft();
