-- What is measured, known and ordered of a patient. Owner in code: sources/native.

set role app_owner;

-- Times of a visit that took place elsewhere are kept too: a reading there does not count in every measure.
alter table data.encounters drop constraint encounters_class_check,
  add constraint encounters_class_check check (class in ('ambulatory', 'virtual', 'home', 'emergency', 'inpatient')),
  add column visit_type text;
create index encounters_start on data.encounters (tenant_id, start_at, id);
-- Who is in a room now.
create index encounters_open on data.encounters (tenant_id, start_at, id) where status = 'in_progress';
-- The visits that owe a note.
create index encounters_documented on data.encounters (tenant_id, start_at, id) include (patient_id, practitioner_id)
  where status = 'finished' and class in ('ambulatory', 'virtual', 'home');
-- Who was seen in a period, from the index alone.
create index encounters_seen on data.encounters (tenant_id, start_at) include (patient_id, class, status);

-- The visits elsewhere, of which a reading does not count.
create index encounters_hospital on data.encounters (tenant_id, id) where class in ('emergency', 'inpatient');
-- Patients by name, with what decides whom a measure concerns, from the index alone.
create index patients_name on data.patients (tenant_id, family_name, given_name, id)
  include (birth_date, sex, practitioner_id) where active and deceased_on is null and replaced_by is null;

-- FHIR Observation, category vital-signs. Blood pressure is one row (LOINC 85354-9) with both numbers, never two loose ones.
create table data.vital_signs (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  encounter_id uuid,
  loinc text not null,
  value numeric,
  systolic numeric,
  diastolic numeric,
  -- UCUM as charted ('mm[Hg]', '/min', 'kg', '[lb_av]', 'cm', '[in_i]', 'kg/m2', 'Cel', '[degF]', '%'); unit_raw where the unit is not known.
  unit text,
  unit_raw text,
  body_position text check (body_position in ('sitting', 'standing', 'supine')),
  setting text not null default 'office' check (setting in ('office', 'home', 'inpatient', 'emergency')),
  status text not null default 'final' check (status in ('preliminary', 'final', 'amended', 'corrected', 'entered_in_error')),
  taken_at timestamptz not null,
  taken_by uuid,
  primary key (tenant_id, id),
  check ((loinc = '85354-9') = (systolic is not null and diastolic is not null)),
  check ((loinc <> '85354-9') = (value is not null)),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, encounter_id) references data.encounters (tenant_id, id),
  foreign key (tenant_id, taken_by) references data.practitioners (tenant_id, id)
);
create index vital_signs_patient on data.vital_signs (tenant_id, patient_id, taken_at desc, id desc);
create index vital_signs_loinc on data.vital_signs (tenant_id, loinc, patient_id, taken_at desc);
-- The blood pressures of a period, of all patients, from the index alone.
create index vital_signs_pressure on data.vital_signs (tenant_id, taken_at)
  include (patient_id, systolic, diastolic, status, setting, encounter_id) where loinc = '85354-9';

-- FHIR Condition. A diagnosis of one encounter is not a problem of the list.
create table data.conditions (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  category text not null check (category in ('problem', 'encounter_diagnosis')),
  -- "C", so that a category and all below it are one range of the index.
  icd10 text collate "C",
  snomed text,
  name text not null,
  clinical_status text not null check (clinical_status in ('active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved', 'unknown')),
  verification_status text not null default 'confirmed' check (verification_status in ('confirmed', 'provisional', 'differential', 'unconfirmed', 'refuted', 'entered_in_error')),
  onset_on data.partial_date,
  abated_on data.partial_date,
  recorded_on data.partial_date,
  encounter_id uuid,
  recorder_id uuid,
  primary key (tenant_id, id),
  check (category = 'problem' or encounter_id is not null),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, encounter_id) references data.encounters (tenant_id, id),
  foreign key (tenant_id, recorder_id) references data.practitioners (tenant_id, id)
);
create index conditions_patient on data.conditions (tenant_id, patient_id);
create index conditions_icd10 on data.conditions (tenant_id, icd10, patient_id)
  include (clinical_status, verification_status, onset_on, abated_on, recorded_on);
create index conditions_snomed on data.conditions (tenant_id, snomed, patient_id) where snomed is not null;
create index conditions_encounter on data.conditions (tenant_id, encounter_id);

-- FHIR AllergyIntolerance. "No known allergies" (SNOMED 716186003) and "no known drug allergies" (409137002) are rows; no row means nobody asked.
create table data.allergies (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  code text,
  code_system text check (code_system in ('rxnorm', 'snomed', 'unii')),
  substance text not null,
  type text check (type in ('allergy', 'intolerance')),
  category text check (category in ('medication', 'food', 'environment', 'biologic')),
  criticality text check (criticality in ('low', 'high', 'unable_to_assess')),
  clinical_status text not null default 'active' check (clinical_status in ('active', 'inactive', 'resolved')),
  verification_status text not null default 'confirmed' check (verification_status in ('unconfirmed', 'presumed', 'confirmed', 'refuted', 'entered_in_error')),
  -- [{manifestation, snomed?, severity?: mild | moderate | severe}]
  reactions jsonb not null default '[]',
  onset_on data.partial_date,
  recorded_on data.partial_date,
  recorder_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, recorder_id) references data.practitioners (tenant_id, id)
);
create index allergies_patient on data.allergies (tenant_id, patient_id);

-- FHIR Procedure: done here or, `outside`, told by a record from elsewhere.
create table data.procedures (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  encounter_id uuid,
  code text not null,
  code_system text not null check (code_system in ('cpt', 'hcpcs', 'snomed', 'icd10pcs', 'loinc')),
  name text not null,
  status text not null default 'completed' check (status in ('in_progress', 'not_done', 'stopped', 'completed', 'entered_in_error', 'unknown')),
  performed_on data.partial_date,
  practitioner_id uuid,
  outside boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, encounter_id) references data.encounters (tenant_id, id),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id)
);
create index procedures_patient on data.procedures (tenant_id, patient_id);
create index procedures_code on data.procedures (tenant_id, code, patient_id);

-- FHIR ServiceRequest, category laboratory. lab_results.order_id names one.
create table data.lab_orders (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  encounter_id uuid,
  practitioner_id uuid,
  loinc text,
  name text not null,
  status text not null check (status in ('draft', 'active', 'on_hold', 'completed', 'revoked', 'entered_in_error', 'unknown')),
  -- Why an order is on hold or revoked.
  status_reason text check (status_reason in ('declined', 'not_collected', 'duplicate', 'replaced', 'other')),
  priority text not null default 'routine' check (priority in ('routine', 'urgent', 'asap', 'stat')),
  ordered_at timestamptz not null,
  -- The day on which blood is to be drawn, where the order says one.
  due_on date,
  collected_at timestamptz,
  ended_at timestamptz,
  reason_icd10 text,
  performing_lab text,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, encounter_id) references data.encounters (tenant_id, id),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id)
);
create index lab_orders_patient on data.lab_orders (tenant_id, patient_id, ordered_at desc, id desc);
create index lab_orders_ordered on data.lab_orders (tenant_id, ordered_at desc, id desc);
create index lab_orders_open on data.lab_orders (tenant_id, status, patient_id) where status in ('active', 'on_hold');

-- Who looked at a result, and what was done: a result without a row here is not reviewed.
create table data.lab_reviews (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  lab_result_id uuid not null,
  reviewed_by uuid not null,
  reviewed_at timestamptz not null,
  action text not null check (action in ('no_action', 'patient_called', 'message_sent', 'repeat_ordered', 'treatment_changed', 'referred')),
  primary key (tenant_id, id),
  unique (tenant_id, lab_result_id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, lab_result_id) references data.lab_results (tenant_id, id),
  foreign key (tenant_id, reviewed_by) references data.practitioners (tenant_id, id)
);
create index lab_reviews_patient on data.lab_reviews (tenant_id, patient_id);

-- The flag of a result (domains/lab-flags.ts, connectors.md §2.2): the lab's own word, else the lab's own range, also where it is in print only, else unknown.
-- Kept, so that the abnormal ones of a clinic are found by an index. A test holds the two tellings of it equal.
do $$
declare
  printed text := $x$regexp_replace(ref_text, '\s+|or(?=\s*=)', '', 'gi')$x$;
  numeral text := '\d+(?:\.\d+)?';
  low text := format($x$coalesce(ref_low, substring(%s from '^(?:(?:>=?|≥)(?=[\d.]+$)|(?=[\d.]+[-–]))(%2$s)(?:[-–]%2$s)?$')::numeric)$x$, printed, numeral);
  high text := format($x$coalesce(ref_high, substring(%s from '^(?:<=?|≤|%2$s[-–])(%2$s)$')::numeric)$x$, printed, numeral);
  open_low text := format($x$coalesce(substring(%s from '^>(%s)$')::numeric = value, false)$x$, printed, numeral);
  open_high text := format($x$coalesce(substring(%s from '^<(%s)$')::numeric = value, false)$x$, printed, numeral);
begin
  execute format($x$
    alter table data.lab_results add column flag text generated always as (
      case
        when lab_flag in ('N', 'L', 'LL', 'H', 'HH', 'A', 'AA', 'POS', 'NEG', 'IND', 'DET', 'ND', 'S', 'I', 'R') then lab_flag
        when lab_flag in ('LU', 'LX') then 'L'
        when lab_flag in ('HU', 'HX') then 'H'
        when lab_flag in ('RR', 'WR') then 'POS'
        when lab_flag = 'NR' then 'NEG'
        when lab_flag = 'E' then 'IND'
        when lab_flag = 'NS' then 'R'
        when value is null or (%1$s) is null and (%2$s) is null then 'unknown'
        when coalesce(comparator, '<') in ('<', '<=') and (value < %1$s or value = %1$s and (comparator = '<' or %3$s)) then 'L'
        when coalesce(comparator, '>') in ('>', '>=') and (value > %2$s or value = %2$s and (comparator = '>' or %4$s)) then 'H'
        when comparator in ('>', '>=') then
          case when (%2$s) is null and (value > %1$s or value = %1$s and (comparator = '>' or not %3$s)) then 'N' else 'unknown' end
        when comparator in ('<', '<=') then
          case when (coalesce(%1$s, -1) < 0 or %1$s = 0 and not %5$s) and ((%2$s) is null or value < %2$s or value = %2$s and (comparator = '<' or not %4$s)) then 'N' else 'unknown' end
        else 'N'
      end) stored$x$, low, high, open_low, open_high, replace(open_low, '= value', '= 0'));
end $$;
-- One marker of all patients from the index alone.
create index lab_results_loinc on data.lab_results (tenant_id, loinc, patient_id, collected_at desc)
  include (id, status, flag, value, comparator, unit, method);
-- All markers of a period from the index alone.
create index lab_results_collected on data.lab_results (tenant_id, collected_at) include (id, patient_id, loinc, status, flag);
-- What is not normal, with all that it takes to order it.
create index lab_results_not_normal on data.lab_results (tenant_id, collected_at) include (id, patient_id, loinc, status, flag, value, ref_low, ref_high)
  where flag in ('L', 'LL', 'H', 'HH', 'A', 'AA', 'POS', 'DET', 'unknown');
-- What is not final yet.
create index lab_results_preliminary on data.lab_results (tenant_id, collected_at) include (id, patient_id, loinc, flag) where status = 'preliminary';
-- Who is left out of a question across patients: few.
create index patients_left_out on data.patients (tenant_id, id) where not active or deceased_on is not null or replaced_by is not null;

-- The life of a prescription at the pharmacy (NCPDP SCRIPT): one row for each message that was sent for a medication order.
create table data.prescriptions (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  medication_request_id uuid not null,
  prescriber_id uuid,
  message text not null check (message in ('new', 'renewal', 'change', 'cancel')),
  status text not null check (status in ('pending', 'sent', 'accepted', 'filled', 'partially_filled', 'error', 'cancelled', 'unknown')),
  pharmacy text,
  pharmacy_ncpdp text,
  quantity numeric,
  quantity_unit text,
  refills int,
  days_supply int,
  sent_at timestamptz,
  last_filled_on date,
  -- What the pharmacy's system answered, in its own words.
  error_text text,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, medication_request_id) references data.medication_requests (tenant_id, id),
  foreign key (tenant_id, prescriber_id) references data.practitioners (tenant_id, id)
);
create index prescriptions_patient on data.prescriptions (tenant_id, patient_id, sent_at desc, id);
create index chart_notes_unsigned on data.chart_notes (tenant_id, created_at, id) where status = 'unsigned';
-- The notes of a visit, and whether one is signed.
create index chart_notes_encounter on data.chart_notes (tenant_id, encounter_id, status) where encounter_id is not null;
-- The results of an order.
create index lab_results_order on data.lab_results (tenant_id, order_id) where order_id is not null;

reset role;
select guard.tenant_table(t) from unnest(array['vital_signs', 'conditions', 'allergies', 'procedures', 'lab_orders', 'lab_reviews', 'prescriptions']) t;
grant select on data.vital_signs, data.conditions, data.allergies, data.procedures, data.lab_orders, data.lab_reviews, data.prescriptions to app_api;
