-- The calendar, written by signatures: a visit is booked, moved or called off, and no signature books a time twice. Owner in code: sources/native.

set role app_owner;

-- Why it was called off, in a word; `reason` stays what the person who booked wrote.
alter table data.appointments add column cancellation_reason text check (cancellation_reason in (
  'patient_request', 'patient_ill', 'transport', 'cost_or_coverage', 'no_longer_needed', 'weather', 'clinician_unavailable', 'clinic_closed', 'equipment', 'booked_in_error', 'other'));

reset role;
set role app_guard;

-- One at a time for one clinician's calendar, then for one patient's: to the end of the transaction. Always in this order, so that two never wait for each other.
create function guard.hold_calendar(of_tenant uuid, of_practitioner uuid, of_patient uuid) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('calendar of clinician ' || of_tenant || ':' || of_practitioner, 0));
  perform pg_advisory_xact_lock(hashtextextended('calendar of patient ' || of_tenant || ':' || of_patient, 0));
end $$;

-- For who signs, so that what a statement behind it sees stays so until the end.
create function app.hold_calendar(of_practitioner uuid, of_patient uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if app.signing() is null then perform guard.refuse('not_permitted'); end if;
  perform guard.hold_calendar(app.tenant(), of_practitioner, of_patient);
end $$;

-- What a signature books takes no time that is taken: of the clinician, of the patient. What a clinic brought with it may hold what it held.
create function guard.refuse_double_booking() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- Another clinic's row is refused by row security, in words that tell nothing of its calendar.
  if new.tenant_id is distinct from app.tenant() or app.signing() is null then return new; end if;
  perform guard.hold_calendar(new.tenant_id, new.practitioner_id, new.patient_id);
  if exists (
    select from data.appointments a
    where a.tenant_id = new.tenant_id and a.practitioner_id = new.practitioner_id and a.id <> new.id and a.status not in ('cancelled', 'rescheduled', 'no_show', 'entered_in_error')
      and a.start_at > new.start_at - interval '8 hours' and a.start_at < new.start_at + new.minutes * interval '1 minute' and a.start_at + a.minutes * interval '1 minute' > new.start_at)
  or exists (
    select from data.appointments a
    where a.tenant_id = new.tenant_id and a.patient_id = new.patient_id and a.id <> new.id and a.status not in ('cancelled', 'rescheduled', 'no_show', 'entered_in_error')
      and a.start_at > new.start_at - interval '8 hours' and a.start_at < new.start_at + new.minutes * interval '1 minute' and a.start_at + a.minutes * interval '1 minute' > new.start_at)
  then
    raise exclusion_violation using message = 'this time is taken';
  end if;
  return new;
end $$;

insert into guard.signing (kind, right_name, role, needs_licence)
  select k, 'sign_appointments', r, false
  from unnest(array['appointment_draft', 'reschedule_draft', 'cancellation_draft']) k, unnest(array['owner', 'physician', 'nurse', 'front_desk', 'scheduler']) r;

reset role;
revoke all on function guard.hold_calendar(uuid, uuid, uuid), app.hold_calendar(uuid, uuid), guard.refuse_double_booking() from public;
grant execute on function app.hold_calendar(uuid, uuid) to app_api;
grant select on data.appointments to app_guard;
create policy guard on data.appointments to app_guard using (true) with check (true);
create trigger no_double_booking before insert or update of tenant_id, id, practitioner_id, patient_id, start_at, minutes, status on data.appointments
  for each row when (new.status not in ('cancelled', 'rescheduled', 'no_show', 'entered_in_error')) execute function guard.refuse_double_booking();

create policy signed on data.appointments as restrictive for insert with check ((select app.signs(array['appointment_draft', 'reschedule_draft', 'cancellation_draft'])) or current_user <> 'app_api');
create policy signed_update on data.appointments as restrictive for update
  using ((select app.signs(array['appointment_draft', 'reschedule_draft', 'cancellation_draft'])) or current_user <> 'app_api') with check ((select app.signs(array['appointment_draft', 'reschedule_draft', 'cancellation_draft'])) or current_user <> 'app_api');
grant insert, update on data.appointments to app_api;
