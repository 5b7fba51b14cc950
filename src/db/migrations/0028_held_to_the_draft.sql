-- What a signature reaches, held closer to what was signed: a text goes as the draft has it, contact details change as the draft says, a rule moves no visit away from a
-- clinician whom it does not name. Locks of drafts that are signed together, in one order. Owner in code: review; sources/native.

set role app_guard;

-- A text is, to the letter, what was signed. Loads, which nobody signs, bring what they bring.
create function guard.refuse_other_text() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if app.signing() is null or new.channel <> 'sms' then return new; end if;
  if not exists (select from data.pending_actions p where p.tenant_id = new.tenant_id and p.id = app.signing() and p.payload ->> 'channel' = 'sms'
      and p.payload ->> 'to' = new.recipient and p.payload ->> 'sender' = new.sender and p.payload ->> 'body' = new.body) then
    raise insufficient_privilege using message = 'this is not the text that was signed';
  end if;
  return new;
end $$;

-- Of contact details what the signed draft changes, to what it says; a confirmation is the one that it holds.
create function guard.refuse_other_contact() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  draft jsonb;
  was jsonb;
  now_said jsonb;
begin
  if app.signing() is null then return new; end if;
  select p.payload into draft from data.pending_actions p where p.tenant_id = new.tenant_id and p.id = app.signing();
  was := to_jsonb(old);
  now_said := to_jsonb(new);
  if exists (
      select from unnest(array['preferred_name', 'phone', 'phone_alternate', 'email', 'address_line', 'city', 'state', 'postal_code', 'language']) f
      where now_said ->> f is distinct from was ->> f
        and not exists (select from jsonb_array_elements(coalesce(draft -> 'changes', '[]')) c where c ->> 'field' = f and c ->> 'after' is not distinct from now_said ->> f))
    or (new.contact_confirmed_at is distinct from old.contact_confirmed_at or new.contact_confirmed_by is distinct from old.contact_confirmed_by)
      and (new.contact_confirmed_at is distinct from (draft #>> '{confirmed,at}')::timestamptz or new.contact_confirmed_by is distinct from draft #>> '{confirmed,by}')
  then
    raise insufficient_privilege using message = 'these are not the contact details that were signed';
  end if;
  return new;
end $$;

-- As in 0023; and a visit is moved only where the rule covers it as it stands, too: a rule for one clinician takes no visit away from another.
create or replace function guard.covers(a data.standing_approvals, of_kind text, payload jsonb, today date, time_zone text) returns boolean language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  case
    when of_kind in ('appointment_draft', 'reschedule_draft', 'cancellation_draft') then
      return coalesce(payload ->> 'modality' = any (a.modalities)
        and (a.visit_types = '{}' or lower(payload ->> 'visit_type') in (select lower(v) from unnest(a.visit_types) v))
        and (a.practitioner_ids = '{}' or (payload ->> 'practitioner_id')::uuid = any (a.practitioner_ids))
        and ((payload ->> 'start_at')::timestamptz at time zone time_zone)::date <= today + a.horizon_days
        and (of_kind <> 'reschedule_draft' or exists (
          select from data.appointments v where v.tenant_id = a.tenant_id and v.id = (payload ->> 'appointment_id')::uuid
            and v.modality = any (a.modalities) and (a.practitioner_ids = '{}' or v.practitioner_id = any (a.practitioner_ids)))), false);
    when of_kind = 'intake_form_draft' then
      return coalesce(payload ->> 'kind' is not null and (a.form_kinds = '{}' or payload ->> 'kind' = any (a.form_kinds)), false);
    when of_kind = 'contact_update_draft' then
      -- Said to be right as they stand, and nothing changed by it.
      return coalesce(payload -> 'changes' = '[]' and payload #>> '{confirmed,by}' in ('patient', 'staff'), false);
    when of_kind = 'payment_posting_draft' then
      -- To the cent as the payer paid it, and nothing that a person must look at.
      if a.amount_limit_cents is null or jsonb_typeof(payload -> 'amount_cents') is distinct from 'number' then return false; end if;
      return coalesce((payload ->> 'amount_cents')::numeric between 0 and a.amount_limit_cents and trunc((payload ->> 'amount_cents')::numeric) = (payload ->> 'amount_cents')::numeric
        and payload -> 'exceptions' = '[]', false);
    else return false;
  end case;
end $$;

-- As in 0021, and when it was signed; and of a chart that was merged meanwhile what the one that stands says: whether she lives, and which numbers and address are hers.
drop function app.take_message(timestamptz);
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

-- As in 0021; and whoever claims a text without having asked is asked here: the number's last word is a consent.
create or replace function app.claim_message(p_tenant uuid, p_id uuid, p_claim uuid, p_now timestamptz) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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

-- As in 0026. Rows are held in one order by whoever holds several, so that no two wait for each other: who is registered first, then by id.
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

create or replace function app.take_together(p_ids uuid[]) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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

reset role;
revoke all on function guard.refuse_other_text(), guard.refuse_other_contact(), app.take_message(timestamptz) from public;
grant execute on function app.take_message(timestamptz) to app_sender;
create trigger as_signed before insert on data.outgoing_messages for each row execute function guard.refuse_other_text();
create trigger as_signed before update on data.patients for each row execute function guard.refuse_other_contact();
-- One message a draft, to the patient whom it is about.
create policy of_the_draft on data.outgoing_messages as restrictive for insert
  with check (id = (select app.signing()) and draft_id = id and patient_id = (select app.signing_for()) or current_user <> 'app_api');

-- Of a row that was there before, a signature changes what its kind changes, of the patient whom it is about; and nothing that was said, booked or asked.
revoke update on data.messages, data.appointments, data.tasks from app_api;
grant update (answered_by) on data.messages to app_api;
grant update (status, rescheduled_to, cancelled_by, cancelled_at, cancellation_reason) on data.appointments to app_api;
grant update (status, outcome, ended_at, ended_by) on data.tasks to app_api;
create policy of_the_draft_update on data.messages as restrictive for update using (patient_id = (select app.signing_for()) or current_user <> 'app_api');
create policy of_the_draft_update on data.appointments as restrictive for update using (patient_id = (select app.signing_for()) or current_user <> 'app_api');
