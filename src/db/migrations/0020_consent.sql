-- What patients said of text messages to a number (connectors.md §2.16): a ledger that only grows. Owner in code: sources/native.

set role app_owner;

-- One row each time somebody said it (FHIR Consent, permit or deny); what was said last holds. It is of the number: it stays whichever chart has the number.
create table data.message_consents (
  tenant_id uuid not null references data.tenants,
  id uuid not null,
  -- E.164
  number text not null check (number ~ '^\+1[2-9]\d{9}$'),
  purpose text not null default 'informational' check (purpose = 'informational'),
  decision text not null check (decision in ('given', 'revoked')),
  -- By what means the patient said it; staff: nobody said it, the clinic found out (a wrong number).
  source text not null check (source in ('in_person', 'phone', 'portal', 'form', 'inbound_text', 'staff')),
  -- Whose chart was open.
  patient_id uuid,
  said_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  -- Nobody consents in a patient's place.
  check (decision = 'revoked' or source <> 'staff')
);
create index message_consents_number on data.message_consents (tenant_id, number, purpose, said_at desc);

reset role;
select guard.tenant_table('message_consents');

set role app_guard;

-- What was said last of messages to a number: given, revoked, or null where nobody ever said. Of two that were said at one time the one that ends it holds.
create function guard.consent_of(of_tenant uuid, of_number text, of_purpose text) returns text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select c.decision from data.message_consents c where c.tenant_id = of_tenant and c.number = of_number and c.purpose = of_purpose
    order by c.said_at desc, c.decision desc limit 1);
end $$;
create function app.consent_of(of_number text, of_purpose text) returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin return guard.consent_of(app.tenant(), of_number, of_purpose); end $$;

-- Writes down what a patient said of a number of the chart; p_said_at null: now. The same id again is the same entry.
create function app.record_consent(p_id uuid, p_patient uuid, p_number text, p_purpose text, p_decision text, p_source text, p_said_at timestamptz)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me data.users := guard.at_books(array['owner', 'physician', 'nurse', 'front_desk']);
begin
  if p_said_at > clock_timestamp() then perform guard.refuse('not_yet'); end if;
  if not exists (select from data.patients p where p.tenant_id = me.tenant_id and p.id = p_patient) then perform guard.refuse('not_found'); end if;
  insert into data.message_consents (tenant_id, id, number, purpose, decision, source, patient_id, said_at, recorded_by)
    values (me.tenant_id, p_id, p_number, p_purpose, p_decision, p_source, p_patient, coalesce(p_said_at, clock_timestamp()), me.id) on conflict do nothing;
  if not found and not exists (select from data.message_consents c where c.tenant_id = me.tenant_id and c.id = p_id and c.patient_id = p_patient and c.number = p_number
    and c.decision = p_decision and c.source = p_source) then perform guard.refuse('other_content'); end if;
end $$;

-- The name that a patient knows the clinic by.
create function app.clinic_name() returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin return (select t.name from data.tenants t where t.tenant_id = app.tenant()); end $$;

reset role;
revoke all on function guard.consent_of(uuid, text, text), app.consent_of(text, text), app.record_consent(uuid, uuid, text, text, text, text, timestamptz), app.clinic_name() from public;
grant execute on function app.consent_of(text, text), app.record_consent(uuid, uuid, text, text, text, text, timestamptz), app.clinic_name() to app_api;
grant select on data.message_consents to app_api;
grant select, insert on data.message_consents to app_guard;
create policy guard on data.message_consents to app_guard using (true) with check (true);
create trigger append_only before update or delete on data.message_consents for each row execute function guard.refuse_change();
create trigger append_only_truncate before truncate on data.message_consents for each statement execute function guard.refuse_change();
alter table data.message_consents enable always trigger append_only;
alter table data.message_consents enable always trigger append_only_truncate;
