-- The clinic's money: charges, what was paid and written off, claims and what payers answered, statements, members, leads. Owner in code: sources/native.
-- Amounts are integer cents. Money is visible by the scope of the caller's role (M33), and the database itself sees to it: see the policy `finance`.

-- Whose money a role sees. roles.ts says the same; a test holds them equal. An integration sees all where it was granted a tool that tells of money.
set role app_guard;
create function guard.finance_of(role text, permissions text[]) returns text language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case
    when role in ('owner', 'biller') then 'all'
    when role = 'physician' then 'own'
    when role = 'integration' and permissions && array['billing:read', 'profits:read', 'leads:read', 'memberships:read', 'claims:read', 'remittances:read', 'balances:read', 'statements:read'] then 'all'
    else 'none'
  end
$$;

-- all | own | none, of the credential that entered this transaction; null before app.enter.
create function app.finance() returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.opened_seal();
begin
  return (select guard.finance_of(u.role, g.permissions) from guard.grants g join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id
    where g.id = seal[3]::uuid and g.tenant_id = seal[1]::uuid);
end $$;

-- The caller's own practitioner record; null where there is none.
create function app.practitioner_id() returns uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare seal text[] := guard.opened_seal();
begin
  return (select u.practitioner_id from data.users u where u.tenant_id = seal[1]::uuid and u.id = seal[2]::uuid);
end $$;

-- Row security for a table of money, on top of the tenant's: the scope all; and own, where `has_practitioner`, for the rows of the caller's own work.
-- Each comparison stands inside its select: once a query, and the planner takes a truth for one row in two, a comparison of text for one in two hundred.
create function guard.money_table(name text, has_practitioner boolean) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform guard.tenant_table(name);
  execute format('create policy finance on data.%I as restrictive using ((select app.finance() = ''all'')%s)', name,
    case when has_practitioner then ' or ((select app.finance() = ''own'') and practitioner_id = (select app.practitioner_id()))' else '' end);
end $$;
reset role;

revoke all on function app.finance(), app.practitioner_id(), guard.finance_of(text, text[]), guard.money_table(text, boolean) from public;
grant execute on function app.finance(), app.practitioner_id() to app_api;

set role app_owner;

-- One line of service or sale. A package is money for services still to come (a liability until `payments.package_charge_id` uses it up); a membership fee is earned
-- from service_on to period_end, day by day, both days with it. amount_cents is without tax.
create table data.charges (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  encounter_id uuid,
  kind text not null check (kind in ('service', 'product', 'package', 'membership')),
  -- CPT or HCPCS, or the clinic's own for what has none.
  code text,
  description text not null,
  units int not null default 1 check (units > 0),
  amount_cents int not null check (amount_cents >= 0),
  tax_cents int not null default 0,
  -- Who owes it at first.
  responsible text not null check (responsible in ('insurance', 'patient')),
  service_on date not null,
  period_end date,
  posted_on date not null,
  voided_on date,
  -- Direct costs, each null where it is not known and 0 where there is none: goods at lot cost, outside laboratory, minutes of clinician time.
  goods_cost_cents int,
  lab_cost_cents int,
  clinician_minutes int,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id),
  foreign key (tenant_id, encounter_id) references data.encounters (tenant_id, id)
);
create index charges_patient on data.charges (tenant_id, patient_id, service_on);
create index charges_voided on data.charges (tenant_id, voided_on) where voided_on is not null;
create index charges_prepaid on data.charges (tenant_id, kind, posted_on) where kind in ('package', 'membership');
-- The clinic's books walk every charge and what stands on it in the order of the charge, and what was posted between two days, by these indexes alone.
create index charges_ledger on data.charges (tenant_id, id) include (posted_on, service_on, voided_on, amount_cents, tax_cents, responsible, practitioner_id);
create index charges_posted on data.charges (tenant_id, posted_on) include (kind, amount_cents, tax_cents, voided_on, practitioner_id);
create index charges_service on data.charges (tenant_id, service_on) include (id, kind, amount_cents, voided_on, practitioner_id);

create table data.claims (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  encounter_id uuid,
  coverage_id uuid,
  payer text not null,
  form text not null check (form in ('professional', 'institutional')),
  -- CLM01 and, from the payer, CLP07.
  claim_number text not null,
  payer_control_number text,
  -- CLM05-3: 1 original, 7 replacement, 8 void; REF*F8 names the one it replaces.
  frequency text not null default '1' check (frequency in ('1', '7', '8')),
  replaces uuid,
  status text not null check (status in ('draft', 'submitted', 'rejected', 'accepted', 'pended', 'paid', 'partially_paid', 'denied', 'voided')),
  service_from date not null,
  service_to date not null,
  submitted_on date,
  first_adjudicated_on date,
  total_cents int not null check (total_cents >= 0),
  primary key (tenant_id, id),
  unique (tenant_id, claim_number),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, practitioner_id) references data.practitioners (tenant_id, id),
  foreign key (tenant_id, coverage_id) references data.coverages (tenant_id, id),
  foreign key (tenant_id, replaces) references data.claims (tenant_id, id)
);
create index claims_patient on data.claims (tenant_id, patient_id, service_from desc, id);
create index claims_service on data.claims (tenant_id, service_from desc, id);
create index claims_adjudicated on data.claims (tenant_id, first_adjudicated_on);
create index claims_replaces on data.claims (tenant_id, replaces) where replaces is not null;

create table data.claim_lines (
  tenant_id uuid not null,
  id uuid not null,
  claim_id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  charge_id uuid,
  line_number int not null,
  code text not null,
  modifiers text[] not null default '{}',
  icd10 text[] not null default '{}',
  units int not null,
  amount_cents int not null,
  service_on date not null,
  primary key (tenant_id, id),
  unique (tenant_id, claim_id, line_number),
  foreign key (tenant_id, claim_id) references data.claims (tenant_id, id),
  foreign key (tenant_id, charge_id) references data.charges (tenant_id, id)
);
create index claim_lines_charge on data.claim_lines (tenant_id, charge_id) where charge_id is not null;

-- An 835, as the payer sent it. amount_cents is BPR02: Σ CLP04 − Σ PLB.
create table data.remittances (
  tenant_id uuid not null,
  id uuid not null,
  payer text not null,
  trace_number text not null,
  method text not null check (method in ('ach', 'check', 'non_payment')),
  paid_on date not null,
  received_on date not null,
  amount_cents int not null,
  primary key (tenant_id, id),
  unique (tenant_id, payer, trace_number)
);
create index remittances_paid on data.remittances (tenant_id, paid_on desc, id);

-- CLP. status_code: 1 2 3 processed as primary, secondary, tertiary · 4 denied · 19 20 21 forwarded · 22 reversal of an earlier payment · 23 not ours · 25 predetermination.
create table data.remittance_claims (
  tenant_id uuid not null,
  id uuid not null,
  remittance_id uuid not null,
  claim_id uuid,
  patient_id uuid,
  practitioner_id uuid,
  claim_number text not null,
  payer_control_number text,
  status_code text not null,
  charged_cents int not null,
  paid_cents int not null,
  patient_responsibility_cents int not null,
  remark_codes text[] not null default '{}',
  primary key (tenant_id, id),
  foreign key (tenant_id, remittance_id) references data.remittances (tenant_id, id),
  foreign key (tenant_id, claim_id) references data.claims (tenant_id, id)
);
create index remittance_claims_remittance on data.remittance_claims (tenant_id, remittance_id);
create index remittance_claims_claim on data.remittance_claims (tenant_id, claim_id);

-- SVC.
create table data.remittance_lines (
  tenant_id uuid not null,
  id uuid not null,
  remittance_claim_id uuid not null,
  claim_line_id uuid,
  practitioner_id uuid,
  line_number int not null,
  code text not null,
  charged_cents int not null,
  paid_cents int not null,
  allowed_cents int,
  remark_codes text[] not null default '{}',
  primary key (tenant_id, id),
  foreign key (tenant_id, remittance_claim_id) references data.remittance_claims (tenant_id, id),
  foreign key (tenant_id, claim_line_id) references data.claim_lines (tenant_id, id)
);
create index remittance_lines_claim on data.remittance_lines (tenant_id, remittance_claim_id);

-- CAS, of a line or, where remittance_line_id is null, of the whole claim. amount_cents lowers what is paid; negative in a reversal.
create table data.remittance_adjustments (
  tenant_id uuid not null,
  id uuid not null,
  remittance_claim_id uuid not null,
  remittance_line_id uuid,
  practitioner_id uuid,
  group_code text not null check (group_code in ('CO', 'PR', 'OA', 'PI', 'CR')),
  reason_code text not null,
  amount_cents int not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, remittance_claim_id) references data.remittance_claims (tenant_id, id),
  foreign key (tenant_id, remittance_line_id) references data.remittance_lines (tenant_id, id)
);
create index remittance_adjustments_claim on data.remittance_adjustments (tenant_id, remittance_claim_id)
  include (reason_code, amount_cents, group_code, remittance_line_id, practitioner_id);

-- PLB: of the provider, never of a patient. A positive amount lowers the payment.
create table data.remittance_provider_adjustments (
  tenant_id uuid not null,
  id uuid not null,
  remittance_id uuid not null,
  reason_code text not null,
  reference text,
  amount_cents int not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, remittance_id) references data.remittances (tenant_id, id)
);
create index remittance_provider_adjustments_remittance on data.remittance_provider_adjustments (tenant_id, remittance_id);

-- What the card processor paid out: gross − fees − refunds − disputes.
create table data.payouts (
  tenant_id uuid not null,
  id uuid not null,
  arrived_on date not null,
  amount_cents int not null,
  primary key (tenant_id, id)
);

-- One payment applied to one charge; charge_id null: not applied yet, a credit of the patient. source package: paid for earlier, no new money.
create table data.payments (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  charge_id uuid,
  source text not null check (source in ('insurance', 'patient', 'gift_card', 'package')),
  method text not null check (method in ('card', 'cash', 'check', 'ach', 'transfer')),
  status text not null check (status in ('settled', 'pending', 'failed')),
  amount_cents int not null check (amount_cents <> 0),
  fee_cents int,
  posted_on date not null,
  package_charge_id uuid,
  remittance_claim_id uuid,
  payout_id uuid,
  primary key (tenant_id, id),
  -- A payer takes money back by a negative payment (reversal); nobody else does.
  check (amount_cents > 0 or source = 'insurance'),
  check ((source = 'package') = (package_charge_id is not null)),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, charge_id) references data.charges (tenant_id, id),
  foreign key (tenant_id, package_charge_id) references data.charges (tenant_id, id),
  foreign key (tenant_id, remittance_claim_id) references data.remittance_claims (tenant_id, id),
  foreign key (tenant_id, payout_id) references data.payouts (tenant_id, id)
);
create index payments_patient on data.payments (tenant_id, patient_id, posted_on);
create index payments_posted on data.payments (tenant_id, posted_on) include (status, source, amount_cents, practitioner_id);
create index payments_charge on data.payments (tenant_id, charge_id) include (posted_on, status, source, amount_cents, practitioner_id);
create index payments_package on data.payments (tenant_id, posted_on) where source = 'package';
create index payments_remittance on data.payments (tenant_id, remittance_claim_id) where remittance_claim_id is not null;
create index payments_payout on data.payments (tenant_id, payout_id) where payout_id is not null;

-- What is not asked for any more. amount_cents lowers the receivable of `party`; negative takes back an earlier one.
create table data.adjustments (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  charge_id uuid not null,
  kind text not null check (kind in ('contractual', 'sequestration', 'discount', 'write_off', 'bad_debt')),
  party text not null check (party in ('insurance', 'patient')),
  amount_cents int not null check (amount_cents <> 0),
  posted_on date not null,
  remittance_claim_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, charge_id) references data.charges (tenant_id, id),
  foreign key (tenant_id, remittance_claim_id) references data.remittance_claims (tenant_id, id)
);
create index adjustments_patient on data.adjustments (tenant_id, patient_id, posted_on);
create index adjustments_posted on data.adjustments (tenant_id, posted_on);
create index adjustments_charge on data.adjustments (tenant_id, charge_id) include (posted_on, kind, party, amount_cents, practitioner_id);

-- Money given back, on the day it was given back: by the clinic (refund) or taken by the card's bank (chargeback). It raises the receivable of the charge again.
create table data.refunds (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  payment_id uuid not null,
  charge_id uuid,
  kind text not null check (kind in ('refund', 'chargeback')),
  party text not null check (party in ('insurance', 'patient')),
  amount_cents int not null check (amount_cents > 0),
  fee_cents int not null default 0,
  posted_on date not null,
  payout_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, payment_id) references data.payments (tenant_id, id),
  foreign key (tenant_id, charge_id) references data.charges (tenant_id, id),
  foreign key (tenant_id, payout_id) references data.payouts (tenant_id, id)
);
create index refunds_patient on data.refunds (tenant_id, patient_id, posted_on);
create index refunds_posted on data.refunds (tenant_id, posted_on);
create index refunds_charge on data.refunds (tenant_id, charge_id) include (posted_on, party, amount_cents, practitioner_id);
create index refunds_payout on data.refunds (tenant_id, payout_id) where payout_id is not null;

-- A part of a charge that the payer left to the patient (PR), from moved_on; negative takes it back.
create table data.responsibility_transfers (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  practitioner_id uuid,
  charge_id uuid not null,
  amount_cents int not null check (amount_cents <> 0),
  moved_on date not null,
  remittance_claim_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, charge_id) references data.charges (tenant_id, id),
  foreign key (tenant_id, remittance_claim_id) references data.remittance_claims (tenant_id, id)
);
create index responsibility_transfers_charge on data.responsibility_transfers (tenant_id, charge_id) include (moved_on, amount_cents, practitioner_id);
create index responsibility_transfers_patient on data.responsibility_transfers (tenant_id, patient_id);

create table data.statements (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  statement_number text not null,
  channel text not null check (channel in ('paper', 'email', 'portal')),
  status text not null check (status in ('sent', 'paid', 'partially_paid', 'voided', 'in_collections')),
  balance_cents int not null,
  sent_on date not null,
  due_on date not null,
  primary key (tenant_id, id),
  unique (tenant_id, statement_number),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id)
);
create index statements_patient on data.statements (tenant_id, patient_id, sent_on desc, id);
create index statements_sent on data.statements (tenant_id, sent_on desc, id);

-- A membership is told by its events: each says how it stands from occurred_at on.
create table data.memberships (
  tenant_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id)
);
create table data.membership_events (
  tenant_id uuid not null,
  id uuid not null,
  membership_id uuid not null,
  patient_id uuid not null,
  occurred_at timestamptz not null,
  status text not null check (status in ('trialing', 'active', 'past_due', 'paused', 'cancelled', 'unpaid')),
  plan text not null,
  interval text not null check (interval in ('month', 'quarter', 'year')),
  price_cents int not null check (price_cents >= 0),
  discount_cents int not null default 0 check (discount_cents >= 0),
  -- A finite coupon does not lower MRR.
  discount text not null default 'none' check (discount in ('none', 'permanent', 'finite')),
  -- Ends at the end of the period paid for: counts until then.
  cancel_at timestamptz,
  -- Why it ended: by the member, or because the card failed.
  ended_by text check (ended_by in ('member', 'clinic', 'payment_failure')),
  primary key (tenant_id, id),
  foreign key (tenant_id, membership_id) references data.memberships (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id)
);
create index membership_events_time on data.membership_events (tenant_id, membership_id, occurred_at desc);

-- A person who asked, once a time they asked. One person is told by E.164 phone or by e-mail and name.
create table data.leads (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null default 'person' check (kind in ('person', 'spam', 'test')),
  given_name text,
  family_name text,
  phone text,
  email text,
  source text not null,
  campaign text,
  created_at timestamptz not null,
  contacted_at timestamptz,
  consult_booked_at timestamptz,
  consult_appointment_id uuid,
  consult_attended_at timestamptz,
  -- The chart that was opened for this person; earlier than the lead: an existing patient.
  patient_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references data.patients (tenant_id, id),
  foreign key (tenant_id, consult_appointment_id) references data.appointments (tenant_id, id)
);
create index leads_created on data.leads (tenant_id, created_at, id);

reset role;
select guard.money_table(t, true) from unnest(array['charges', 'claims', 'claim_lines', 'remittance_claims', 'remittance_lines', 'remittance_adjustments', 'payments', 'adjustments', 'refunds', 'responsibility_transfers']) t;
select guard.money_table(t, false) from unnest(array['remittances', 'remittance_provider_adjustments', 'payouts', 'statements', 'memberships', 'membership_events', 'leads']) t;
grant select on data.charges, data.claims, data.claim_lines, data.remittance_claims, data.remittance_lines, data.remittance_adjustments, data.payments, data.adjustments, data.refunds,
  data.responsibility_transfers, data.remittances, data.remittance_provider_adjustments, data.payouts, data.statements, data.memberships, data.membership_events, data.leads to app_api;

do $$
declare c record;
begin
  for c in select a.attrelid::regclass as rel, a.attname from pg_attribute a join pg_class r on r.oid = a.attrelid
    where r.relnamespace = 'data'::regnamespace and r.relname = 'leads' and a.attnum > 0 and not a.attisdropped and a.attname <> 'tenant_id' loop
    execute format('alter table %s alter column %I set statistics 0', c.rel, c.attname);
  end loop;
end $$;
