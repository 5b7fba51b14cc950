-- The front desk's drafts, written by signatures: a patient registered, contact details changed or confirmed, a form asked for. Owner in code: sources/native.

set role app_guard;

-- One at a time: whoever signs looks for the same person once more behind this, and what she sees stays so until the end.
create function app.hold_registration() returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if app.signing() is null then perform guard.refuse('not_permitted'); end if;
  perform pg_advisory_xact_lock(hashtextextended('registration of clinic ' || app.tenant(), 0));
end $$;

-- One at a time for one patient's forms.
create function app.hold_forms(of_patient uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if app.signing() is null then perform guard.refuse('not_permitted'); end if;
  perform pg_advisory_xact_lock(hashtextextended('forms of patient ' || app.tenant() || ':' || of_patient, 0));
end $$;

-- The patient whom the signed draft is about; null where nothing was signed, or where it is about nobody yet.
create function app.signing_for() returns uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin return (select p.patient_id from data.pending_actions p where p.tenant_id = app.tenant() and p.id = app.signing()); end $$;

insert into guard.signing (kind, right_name, role, needs_licence)
  select x.kind, x.right_name, r, false
  from (values ('patient_draft', 'sign_patients'), ('contact_update_draft', 'sign_contacts'), ('intake_form_draft', 'sign_intake_forms')) x (kind, right_name),
    unnest(array['owner', 'front_desk']) r;

reset role;
revoke all on function app.hold_registration(), app.hold_forms(uuid), app.signing_for() from public;
grant execute on function app.hold_registration(), app.hold_forms(uuid), app.signing_for() to app_api;

create policy signed on data.patients as restrictive for insert with check ((select app.signs(array['patient_draft'])) or current_user <> 'app_api');
create policy signed_update on data.patients as restrictive for update
  using ((select app.signs(array['contact_update_draft'])) or current_user <> 'app_api') with check ((select app.signs(array['contact_update_draft'])) or current_user <> 'app_api');
create policy signed on data.patient_tokens as restrictive for insert with check ((select app.signs(array['patient_draft', 'contact_update_draft'])) or current_user <> 'app_api');
create policy signed on data.intake_forms as restrictive for insert with check ((select app.signs(array['intake_form_draft'])) or current_user <> 'app_api');
-- Also what a standing approval signs in a call of an AI reaches one patient: a new chart has the id of its draft, and everything else is of the patient whom the draft is about.
create policy of_the_draft on data.patients as restrictive for insert with check (id = (select app.signing()) or current_user <> 'app_api');
create policy of_the_draft_update on data.patients as restrictive for update using (id = (select app.signing_for()) or current_user <> 'app_api') with check (id = (select app.signing_for()) or current_user <> 'app_api');
create policy of_the_draft on data.patient_tokens as restrictive for insert with check (patient_id in ((select app.signing()), (select app.signing_for())) or current_user <> 'app_api');
create policy of_the_draft on data.intake_forms as restrictive for insert with check (patient_id = (select app.signing_for()) or current_user <> 'app_api');
grant insert on data.patients, data.patient_tokens, data.intake_forms to app_api;
-- Contact details and no other column: no signature changes a name, a birth date or a sex, or merges a chart.
grant update (preferred_name, phone, phone_alternate, email, address_line, city, state, postal_code, language, contact_confirmed_at, contact_confirmed_by) on data.patients to app_api;
