-- The clinic's day: who works when, what comes in, what is asked of whom, who wants to become a patient. Owner in code: sources/native.

set role app_owner;

alter table data.practitioners
  add column role text check (role in ('physician', 'nurse_practitioner', 'physician_assistant', 'nurse', 'therapist', 'dietitian', 'other')),
  add column accepts_new_patients boolean,
  add column email text,
  add column phone text;

-- Who confirmed the contact details last.
alter table data.patients add column contact_confirmed_by text check (contact_confirmed_by in ('patient', 'staff'));
alter table data.patients alter column contact_confirmed_by set statistics 0;

-- The weekly hours of one clinician, in minutes after the clinic's midnight; weekday 1 Monday … 7 Sunday (ISO 8601). Lunch is the gap between two rows.
create table data.practitioner_hours (
  tenant_id uuid not null,
  id uuid not null,
  practitioner_id uuid not null,
  weekday int not null check (weekday between 1 and 7),
  start_minute int not null check (start_minute between 0 and 1439),
  end_minute int not null check (end_minute between 1 and 1440),
  modality text not null default 'any' check (modality in ('in_person', 'telehealth', 'any')),
  -- First and last day on which these hours hold; inclusive.
  from_on date not null,
  to_on date,
  primary key (tenant_id, id),
  check (start_minute < end_minute),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id)
);

-- Time that is not to be booked: of one clinician, or of the whole clinic where practitioner_id is null. Half-open [start_at, end_at).
create table data.schedule_blocks (
  tenant_id uuid not null,
  id uuid not null,
  practitioner_id uuid,
  start_at timestamptz not null,
  end_at timestamptz not null,
  reason text not null check (reason in ('holiday', 'leave', 'meeting', 'training', 'other')),
  primary key (tenant_id, id),
  check (start_at < end_at),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id)
);
create index practitioner_hours_practitioner on data.practitioner_hours (tenant_id, practitioner_id, weekday);
-- What takes a clinician's time, from the index alone.
create index appointments_practitioner on data.appointments (tenant_id, practitioner_id, start_at) include (id, minutes, status, booked_at);
-- What became of the appointments of a period, from the index alone.
create index appointments_outcome on data.appointments (tenant_id, start_at, id)
  include (practitioner_id, patient_id, status, minutes, visit_type, booked_at, cancelled_by, cancelled_at, rescheduled_to);
create index schedule_blocks_time on data.schedule_blocks (tenant_id, start_at, end_at);

-- FHIR Communication. body: spans as in chart_notes (inbound text is external).
create table data.messages (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  thread_id uuid not null,
  direction text not null check (direction in ('inbound', 'outbound')),
  channel text not null check (channel in ('portal', 'sms', 'email', 'phone')),
  category text not null check (category in ('clinical', 'administrative', 'billing', 'scheduling')),
  practitioner_id uuid,
  subject text,
  body jsonb not null,
  sent_at timestamptz not null,
  -- The answer from the clinic that closed an inbound message; null: nobody has answered.
  answered_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id),
  foreign key (tenant_id, answered_by) references data.messages (tenant_id, id)
);
create index messages_patient on data.messages (tenant_id, patient_id, sent_at desc);
-- What patients wrote, counted from the index alone: what waits for an answer, and what has one.
create index messages_unanswered on data.messages (tenant_id, sent_at desc, id desc) include (category, practitioner_id, patient_id)
  where direction = 'inbound' and answered_by is null;
create index messages_answered on data.messages (tenant_id, sent_at desc, id desc) include (category, practitioner_id, patient_id)
  where direction = 'inbound' and answered_by is not null;

-- Unread is each user's own: no row means that this user has not read it.
create table data.message_reads (
  tenant_id uuid not null,
  message_id uuid not null,
  user_id uuid not null,
  read_at timestamptz not null,
  primary key (tenant_id, message_id, user_id),
  foreign key (tenant_id, message_id) references data.messages (tenant_id, id)
);
create index message_reads_user on data.message_reads (tenant_id, user_id, message_id);

-- Results for the inbox, from the index alone: what is not known to be normal.
create index lab_results_to_review on data.lab_results (tenant_id, id) include (flag, resulted_at, collected_at, patient_id, order_id)
  where flag not in ('N', 'NEG', 'ND', 'S') and status in ('preliminary', 'final', 'amended', 'corrected');

-- The abnormal ones as the inbox shows them: critical first, newest first.
create index lab_results_waiting on data.lab_results
  (tenant_id, (case when flag in ('LL', 'HH', 'AA') then 0 else 2 end), (coalesce(resulted_at, collected_at)) desc, id desc)
  where flag in ('L', 'LL', 'H', 'HH', 'A', 'AA', 'POS', 'DET') and status in ('preliminary', 'final', 'amended', 'corrected');

-- FHIR Task. `clinical`: telling of it tells of a patient's health.
create table data.tasks (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid,
  kind text not null check (kind in ('callback', 'lab_follow_up', 'paperwork', 'prior_authorization', 'outreach', 'scheduling', 'billing', 'other')),
  clinical boolean not null,
  -- Written by the clinic's own people.
  title text not null,
  status text not null check (status in ('requested', 'in_progress', 'on_hold', 'completed', 'cancelled', 'entered_in_error')),
  priority text not null default 'routine' check (priority in ('routine', 'urgent', 'asap', 'stat')),
  owner_id uuid,
  owner_role text,
  focus_id uuid,
  created_at timestamptz not null,
  due_on date,
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id)
);
create index tasks_open on data.tasks (tenant_id, created_at, id) where status in ('requested', 'in_progress', 'on_hold');

create table data.refill_requests (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  medication_request_id uuid not null,
  source text not null check (source in ('patient', 'pharmacy')),
  status text not null check (status in ('pending', 'approved', 'denied', 'cancelled')),
  -- The asker's own words.
  comment text,
  requested_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, medication_request_id) references data.medication_requests (tenant_id, id),
  foreign key (tenant_id, decided_by) references data.practitioners (tenant_id, id)
);
create index refill_requests_open on data.refill_requests (tenant_id, requested_at, id) where status = 'pending';

create table data.intake_forms (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  appointment_id uuid,
  kind text not null check (kind in ('new_patient', 'annual_update', 'consent', 'medical_history', 'phq9', 'ams', 'financial')),
  channel text not null check (channel in ('portal', 'sms', 'email', 'paper')),
  status text not null check (status in ('sent', 'started', 'completed', 'expired', 'cancelled')),
  sent_at timestamptz not null,
  completed_at timestamptz,
  expires_at timestamptz,
  primary key (tenant_id, id),
  check ((status = 'completed') = (completed_at is not null)),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, appointment_id) references data.appointments (tenant_id, id)
);
create index intake_forms_patient on data.intake_forms (tenant_id, patient_id, sent_at desc);
create index intake_forms_appointment on data.intake_forms (tenant_id, appointment_id);

reset role;
select guard.tenant_table(t) from unnest(array['practitioner_hours', 'schedule_blocks', 'messages', 'message_reads', 'tasks', 'refill_requests', 'intake_forms']) t;
grant select on data.practitioner_hours, data.schedule_blocks, data.messages, data.message_reads, data.tasks, data.refill_requests, data.intake_forms to app_api;
