-- What is planned with a patient, and what was asked of others for one: care plans, referrals, prior authorizations, granted units. Owner: sources/native.

set role app_owner;

create table data.care_plans (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  title text not null,
  status text not null check (status in ('draft', 'active', 'on_hold', 'revoked', 'completed', 'entered_in_error')),
  start_on date,
  end_on date,
  author_id uuid,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, author_id) references data.practitioners (tenant_id, id)
);
create index care_plans_patient on data.care_plans (tenant_id, patient_id, id);

-- FHIR Goal: measurable where a LOINC and a target stand.
create table data.care_plan_goals (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  care_plan_id uuid not null,
  description text not null,
  loinc text,
  target_low numeric,
  target_high numeric,
  unit text,
  due_on date,
  status text not null check (status in ('proposed', 'planned', 'accepted', 'active', 'on_hold', 'completed', 'cancelled', 'entered_in_error')),
  achievement text check (achievement in ('in_progress', 'improving', 'worsening', 'no_change', 'achieved', 'sustaining', 'not_achieved', 'not_attainable')),
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, care_plan_id) references data.care_plans (tenant_id, id)
);
create index care_plan_goals_plan on data.care_plan_goals (tenant_id, care_plan_id);
create index care_plan_goals_patient on data.care_plan_goals (tenant_id, patient_id);

-- FHIR CarePlan.activity: once (every_days null) or again and again. Due: first_due_on, afterwards the last completion + every_days.
create table data.care_plan_activities (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  care_plan_id uuid not null,
  kind text not null check (kind in ('lab', 'visit', 'vital', 'education', 'referral', 'medication_review', 'screening', 'other')),
  description text not null,
  -- LOINC of a lab or vital that does it.
  loinc text,
  status text not null check (status in ('not_started', 'scheduled', 'in_progress', 'on_hold', 'completed', 'cancelled', 'entered_in_error')),
  first_due_on date not null,
  every_days int check (every_days > 0),
  owner_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, care_plan_id) references data.care_plans (tenant_id, id),
  foreign key (tenant_id, owner_id) references data.practitioners (tenant_id, id)
);
create index care_plan_activities_plan on data.care_plan_activities (tenant_id, care_plan_id);
create index care_plan_activities_patient on data.care_plan_activities (tenant_id, patient_id);
create index care_plan_activities_open on data.care_plan_activities (tenant_id, first_due_on) where status in ('not_started', 'scheduled', 'in_progress', 'on_hold');

create table data.care_plan_completions (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  activity_id uuid not null,
  done_on date not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, activity_id) references data.care_plan_activities (tenant_id, id)
);
create index care_plan_completions_activity on data.care_plan_completions (tenant_id, activity_id, done_on desc);

-- FHIR ServiceRequest, category referral.
create table data.referrals (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  direction text not null check (direction in ('outgoing', 'incoming')),
  status text not null check (status in ('draft', 'active', 'on_hold', 'revoked', 'completed', 'entered_in_error')),
  priority text not null default 'routine' check (priority in ('routine', 'urgent', 'asap', 'stat')),
  specialty text not null,
  reason_icd10 text,
  practitioner_id uuid,
  -- The other side: whom it goes to, or comes from.
  other_party text,
  other_npi text,
  created_on date not null,
  sent_on date,
  scheduled_on date,
  report_received_on date,
  expires_on date,
  visits_allowed int,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id)
);
create index referrals_patient on data.referrals (tenant_id, patient_id, created_on desc);
create index referrals_created on data.referrals (tenant_id, created_on desc, id);

-- A request to a payer (X12 278), before anything is granted.
create table data.prior_authorizations (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  coverage_id uuid,
  practitioner_id uuid,
  service_code text,
  code_system text check (code_system in ('cpt', 'hcpcs', 'rxnorm', 'ndc')),
  service_name text not null,
  reason_icd10 text,
  status text not null check (status in ('draft', 'submitted', 'pended', 'approved', 'partially_approved', 'denied', 'cancelled')),
  units_requested int,
  units_approved int,
  requested_at timestamptz,
  decided_at timestamptz,
  certification_number text,
  valid_from date,
  valid_to date,
  -- X12 278 HCR03 / AAA.
  decision_code text,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, coverage_id) references data.coverages (tenant_id, id),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id)
);
create index prior_authorizations_patient on data.prior_authorizations (tenant_id, patient_id);
create index prior_authorizations_pending on data.prior_authorizations (tenant_id, requested_at) where status in ('submitted', 'pended');

-- Units that a payer granted, and what became of them.
create table data.authorizations (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  coverage_id uuid,
  prior_authorization_id uuid,
  payer text not null,
  service_code text not null,
  modifier text,
  service_name text not null,
  unit_type text not null check (unit_type in ('15_min', 'hour', 'visit', 'day')),
  total_units int not null check (total_units > 0),
  units_per_week int,
  period_start date not null,
  period_end date not null,
  status text not null check (status in ('active', 'cancelled', 'entered_in_error')),
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, coverage_id) references data.coverages (tenant_id, id),
  foreign key (tenant_id, prior_authorization_id) references data.prior_authorizations (tenant_id, id)
);
create index authorizations_patient on data.authorizations (tenant_id, patient_id, period_end);
create index authorizations_end on data.authorizations (tenant_id, period_end, id);

create table data.authorization_uses (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  authorization_id uuid not null,
  appointment_id uuid,
  service_on date not null,
  units int not null check (units > 0),
  status text not null check (status in ('scheduled', 'delivered', 'verified', 'cancelled')),
  billed boolean not null default false,
  paid boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, authorization_id) references data.authorizations (tenant_id, id),
  foreign key (tenant_id, appointment_id) references data.appointments (tenant_id, id)
);
create index authorization_uses_authorization on data.authorization_uses (tenant_id, authorization_id, service_on);

reset role;
select guard.tenant_table(t) from unnest(array['care_plans', 'care_plan_goals', 'care_plan_activities', 'care_plan_completions', 'referrals', 'prior_authorizations', 'authorizations', 'authorization_uses']) t;
grant select on data.care_plans, data.care_plan_goals, data.care_plan_activities, data.care_plan_completions, data.referrals, data.prior_authorizations,
  data.authorizations, data.authorization_uses to app_api;
