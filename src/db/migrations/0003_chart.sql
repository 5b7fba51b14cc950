-- The clinic's own record (native). Owner in code: sources/native.
-- Every row belongs to a tenant; every key begins with it; instants are timestamptz, partial dates are text (YYYY, YYYY-MM or YYYY-MM-DD).

set role app_owner;

create domain data.partial_date as text check (value ~ '^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$');

revoke all on type data.partial_date from public;

create table data.connections (
  tenant_id uuid not null references data.tenants,
  id uuid not null,
  vendor text not null,
  settings jsonb not null default '{}',
  modules text[] not null default '{}',
  connected_at timestamptz not null default now(),
  primary key (tenant_id, id)
);

create table data.practitioners (
  tenant_id uuid not null references data.tenants,
  id uuid not null,
  family_name text not null,
  given_name text not null,
  credentials text,
  npi text,
  specialty text,
  active boolean not null default true,
  primary key (tenant_id, id)
);

create table data.patients (
  tenant_id uuid not null references data.tenants,
  id uuid not null,
  mrn text not null,
  family_name text not null,
  given_name text not null,
  middle_name text,
  name_suffix text,
  preferred_name text,
  previous_family_name text,
  birth_date data.partial_date,
  sex text not null check (sex in ('female', 'male', 'other', 'unknown')),
  phone text,
  phone_alternate text,
  email text,
  address_line text,
  city text,
  state text,
  postal_code text,
  language text,
  practitioner_id uuid,
  contact_confirmed_at timestamptz,
  active boolean not null default true,
  deceased_on data.partial_date,
  replaced_by uuid,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, mrn),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id),
  foreign key (tenant_id, replaced_by) references data.patients (tenant_id, id)
);

-- Search tokens: equality and range on text collate "C" only, so that row security keeps the index (connectors.md §2.1).
create table data.patient_tokens (
  tenant_id uuid not null,
  kind text collate "C" not null,
  token text collate "C" not null,
  patient_id uuid not null,
  primary key (tenant_id, kind, token, patient_id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id) on delete cascade
);
create index patient_tokens_patient on data.patient_tokens (tenant_id, patient_id);

create table data.coverages (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  rank int not null check (rank > 0),
  status text not null check (status in ('active', 'cancelled', 'draft', 'entered_in_error', 'unknown')),
  kind text not null check (kind in ('commercial', 'medicare', 'medicaid', 'self_pay', 'other')),
  payer text not null,
  plan text,
  member_id text,
  group_number text,
  relationship text not null check (relationship in ('self', 'spouse', 'child', 'other', 'unknown')),
  period_start date,
  period_end date,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id)
);
create index coverages_patient on data.coverages (tenant_id, patient_id, rank);

create table data.appointments (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid not null,
  start_at timestamptz not null,
  minutes int not null check (minutes between 5 and 480),
  status text not null check (status in ('booked', 'confirmed', 'arrived', 'roomed', 'completed', 'no_show', 'cancelled', 'rescheduled', 'entered_in_error')),
  visit_type text not null,
  modality text not null check (modality in ('in_person', 'telehealth')),
  reason text,
  cancelled_by text check (cancelled_by in ('patient', 'practice', 'system')),
  cancelled_at timestamptz,
  rescheduled_to uuid,
  booked_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id),
  foreign key (tenant_id, rescheduled_to) references data.appointments (tenant_id, id)
);
create index appointments_start on data.appointments (tenant_id, start_at, id);
create index appointments_patient on data.appointments (tenant_id, patient_id, start_at);

create table data.encounters (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid not null,
  appointment_id uuid,
  class text not null check (class in ('ambulatory', 'virtual')),
  status text not null check (status in ('in_progress', 'finished', 'entered_in_error')),
  start_at timestamptz not null,
  end_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id),
  foreign key (tenant_id, appointment_id) references data.appointments (tenant_id, id)
);
create index encounters_patient on data.encounters (tenant_id, patient_id, start_at desc);

-- body: {subjective, objective, assessment, plan}, each an array of spans {text, origin: clinic | external, kind?, on?} (domains/mark.ts Span).
create table data.chart_notes (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  encounter_id uuid,
  author_id uuid not null,
  title text not null,
  status text not null check (status in ('unsigned', 'signed', 'amended', 'voided', 'entered_in_error')),
  signed_at timestamptz,
  amended_at timestamptz,
  body jsonb not null,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  check ((status in ('signed', 'amended')) = (signed_at is not null) or status in ('voided', 'entered_in_error')),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, encounter_id) references data.encounters (tenant_id, id),
  foreign key (tenant_id, author_id) references data.practitioners (tenant_id, id)
);
create index chart_notes_patient on data.chart_notes (tenant_id, patient_id, signed_at desc, id);

-- One resulted analyte (OBX). value, comparator and value_text as parsed at the border; *_raw as the lab sent them.
create table data.lab_results (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  order_id uuid,
  loinc text,
  local_code text,
  name_raw text not null,
  value numeric,
  comparator text check (comparator in ('<', '<=', '>', '>=')),
  value_text text,
  unit text,
  unit_raw text,
  ref_low numeric,
  ref_high numeric,
  ref_text text,
  lab_flag text,
  status text not null check (status in ('preliminary', 'final', 'amended', 'corrected', 'cancelled', 'entered_in_error')),
  collected_at timestamptz not null,
  resulted_at timestamptz,
  panel_loinc text,
  panel_raw text,
  specimen text,
  performing_lab text,
  method text,
  comment text,
  corrects uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, corrects) references data.lab_results (tenant_id, id)
);
create index lab_results_patient on data.lab_results (tenant_id, patient_id, collected_at desc, id desc);
create index lab_results_corrects on data.lab_results (tenant_id, corrects) where corrects is not null;

create table data.medication_requests (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  rxnorm text,
  local_code text,
  name text not null,
  ingredient text,
  form text,
  sig text,
  status text not null check (status in ('active', 'on_hold', 'cancelled', 'completed', 'entered_in_error', 'stopped', 'draft', 'unknown')),
  reported boolean not null default false,
  controlled text check (controlled in ('CII', 'CIII', 'CIV', 'CV')),
  start_on data.partial_date,
  end_on data.partial_date,
  days_supply int,
  refills_left int,
  prescriber_id uuid,
  reason_icd10 text,
  stop_reason text,
  authored_on data.partial_date,
  replaced_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, prescriber_id) references data.practitioners (tenant_id, id),
  foreign key (tenant_id, replaced_by) references data.medication_requests (tenant_id, id)
);
create index medication_requests_patient on data.medication_requests (tenant_id, patient_id);

reset role;
select guard.tenant_table(t) from unnest(array['connections', 'practitioners', 'patients', 'patient_tokens', 'coverages', 'appointments', 'encounters', 'chart_notes', 'lab_results', 'medication_requests']) t;
grant select on data.connections, data.practitioners, data.patients, data.patient_tokens, data.coverages, data.appointments, data.encounters, data.chart_notes,
  data.lab_results, data.medication_requests to app_api;
-- app.begin hands a call its clinic's connections.
grant select on data.connections to app_guard;
create policy guard on data.connections to app_guard using (true) with check (true);

-- PostgreSQL keeps one statistic for the rows of all clinics, and EXPLAIN tells it: none is kept of what a patient can be known by. Every query on these
-- columns goes by an index that begins with tenant_id, so the plans do not need it.
do $$
declare c record;
begin
  for c in select a.attrelid::regclass as rel, a.attname from pg_attribute a join pg_class r on r.oid = a.attrelid
    where r.relnamespace = 'data'::regnamespace and r.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and r.relname in ('patients', 'patient_tokens', 'coverages') and a.attname <> 'tenant_id' loop
    execute format('alter table %s alter column %I set statistics 0', c.rel, c.attname);
  end loop;
end $$;
