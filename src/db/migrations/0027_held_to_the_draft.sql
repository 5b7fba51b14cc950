-- What a signature reaches, held closer to what was signed: a text goes as the draft has it, contact details change as the draft says, and of what was
-- there before only what its kind changes. Owner in code: review; sources/native.

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

reset role;
revoke all on function guard.refuse_other_text(), guard.refuse_other_contact() from public;
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
