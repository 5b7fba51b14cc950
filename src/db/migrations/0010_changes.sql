-- What changed in the record, in an order in which a reader misses nothing (D11). Owner in code: sources/native.

set role app_owner;

-- One row for each change of a record that a tool can show. `tx` is the transaction that made it: a reader takes only what is older than every transaction
-- still under way, so that nothing appears later before a place it has passed. What a clinic brought with it has tx 0 and the record's own times; a database
-- that is restored into another server sets all of tx to 0, since transactions are counted anew there.
create table data.record_changes (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  tx xid8 not null default pg_current_xact_id(),
  kind text not null,
  record_id uuid not null,
  patient_id uuid,
  -- deleted: gone, or marked as entered in error.
  change text not null check (change in ('created', 'updated', 'deleted')),
  changed_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id)
);
create index record_changes_order on data.record_changes (tenant_id, tx, changed_at, id);
create index record_changes_patient on data.record_changes (tenant_id, patient_id, tx, changed_at, id);
create index record_changes_time on data.record_changes (tenant_id, changed_at);

set role app_guard;

-- Whoever writes a record, the change is noted. A load that notes its records itself says so: app.baseline = on.
create function guard.note_change() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  record jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  if current_setting('app.baseline', true) = 'on' then return null; end if;
  insert into data.record_changes (tenant_id, kind, record_id, patient_id, change) values (
    (record ->> 'tenant_id')::uuid, tg_argv[0], (record ->> 'id')::uuid,
    case when tg_argv[0] = 'patient' then record ->> 'id' else record ->> 'patient_id' end::uuid,
    case when tg_op = 'DELETE' or record ->> 'status' = 'entered_in_error' or record ->> 'verification_status' = 'entered_in_error' then 'deleted'
         when tg_op = 'INSERT' then 'created' else 'updated' end);
  return null;
end $$;

reset role;
revoke all on function guard.note_change() from public;
select guard.tenant_table('record_changes');
grant select on data.record_changes to app_api;
grant insert on data.record_changes to app_guard;
create policy guard on data.record_changes to app_guard using (true) with check (true);
-- A change of money is told to whom money is told.
create policy finance on data.record_changes as restrictive
  using (kind not in ('charge', 'claim', 'payment', 'statement') or (select app.finance()) = 'all' or current_user = 'app_guard');

do $$
declare
  t record;
begin
  for t in select * from (values
    ('patients', 'patient'), ('practitioners', 'practitioner'), ('coverages', 'coverage'), ('appointments', 'appointment'), ('encounters', 'encounter'),
    ('chart_notes', 'chart_note'), ('lab_results', 'lab_result'), ('medication_requests', 'medication_request'), ('vital_signs', 'vital_sign'),
    ('conditions', 'condition'), ('allergies', 'allergy'), ('lab_orders', 'lab_order'), ('prescriptions', 'prescription'), ('messages', 'message'),
    ('tasks', 'task'), ('refill_requests', 'refill_request'), ('intake_forms', 'intake_form'), ('care_plans', 'care_plan'), ('referrals', 'referral'),
    ('prior_authorizations', 'prior_authorization'), ('authorizations', 'authorization'), ('charges', 'charge'), ('claims', 'claim'),
    ('payments', 'payment'), ('statements', 'statement')) v (name, kind) loop
    execute format('create trigger noted after insert or update or delete on data.%I for each row execute function guard.note_change(%L)', t.name, t.kind);
  end loop;
end $$;
