-- What a large clinic is asked every day is kept, so that the answer does not cost more with every year of its history. Owner in code: sources/native.

set role app_owner;

-- The latest result of each patient and code that says what the value was: final, with a value, corrected by no other. Nothing refers to it and it refers to
-- nothing: it is made from data.lab_results alone, by guard.keep_last_result.
create table data.last_lab_results (
  tenant_id uuid not null,
  loinc text not null,
  patient_id uuid not null,
  lab_result_id uuid not null,
  collected_at timestamptz not null,
  value numeric not null,
  unit text,
  -- One code of all patients from the index alone.
  primary key (tenant_id, loinc, patient_id) include (collected_at, value, unit)
);

reset role;
select guard.tenant_table('last_lab_results');
grant select on data.last_lab_results to app_api;
grant select, insert, update, delete on data.last_lab_results to app_guard;
grant select on data.lab_results to app_guard;
create policy guard on data.last_lab_results to app_guard using (true) with check (true);
create policy guard on data.lab_results to app_guard using (true) with check (true);

set role app_guard;

-- A session plans these statements once, and an import may begin while the table is nearly empty: by the indexes, whatever the table looks like then.
create function guard.is_corrected(of_tenant uuid, result uuid) returns boolean language plpgsql
  set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
begin
  return exists (select from data.lab_results c where c.tenant_id = of_tenant and c.corrects = result and c.status <> 'entered_in_error');
end $$;

-- Makes the row of one patient and code again; where only `gone` left their results, if it was the last. Whoever else changes their results waits at the
-- first statement, which takes the row or its place, and the statements behind it see what the other did. That holds where each statement sees what is
-- committed by then, and nowhere else.
create function guard.keep_last_of(of_tenant uuid, of_patient uuid, of_loinc text, gone uuid) returns void language plpgsql
  set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  latest record;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise feature_not_supported using message = 'laboratory results are corrected in transactions of isolation level READ COMMITTED';
  end if;
  insert into data.last_lab_results (tenant_id, loinc, patient_id, lab_result_id, collected_at, value)
    values (of_tenant, of_loinc, of_patient, coalesce(gone, of_patient), '-infinity', 0)
    on conflict (tenant_id, loinc, patient_id) do update set value = excluded.value where false;
  if gone <> (select k.lab_result_id from data.last_lab_results k where k.tenant_id = of_tenant and k.loinc = of_loinc and k.patient_id = of_patient) then return; end if;
  select r.id, r.collected_at, r.value, r.unit into latest
  from data.lab_results r
  where r.tenant_id = of_tenant and r.loinc = of_loinc and r.patient_id = of_patient
    and r.status in ('final', 'amended', 'corrected') and r.value is not null
    and not exists (select from data.lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error')
  order by r.collected_at desc, r.id desc limit 1;
  if found then
    update data.last_lab_results set lab_result_id = latest.id, collected_at = latest.collected_at, value = latest.value, unit = latest.unit
    where tenant_id = of_tenant and loinc = of_loinc and patient_id = of_patient;
  else
    delete from data.last_lab_results where tenant_id = of_tenant and loinc = of_loinc and patient_id = of_patient;
  end if;
end $$;

-- The same for a result that was corrected, or is so no longer. Another session may give it another code meanwhile: it is looked at again once its row is ours.
create function guard.keep_last_without(of_tenant uuid, result uuid) returns void language plpgsql
  set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  its record;
  seen record;
begin
  loop
    select r.patient_id, r.loinc into its from data.lab_results r where r.tenant_id = of_tenant and r.id = result and r.loinc is not null;
    exit when not found or its is not distinct from seen;
    perform guard.keep_last_of(of_tenant, its.patient_id, its.loinc, null);
    seen := its;
  end loop;
end $$;

-- Whoever writes a result, the last one is kept. A new one takes the place of an earlier one at once: none can correct it but those of its own transaction.
create function guard.keep_last_result() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  counted boolean := tg_op <> 'INSERT' and old.loinc is not null and old.value is not null and old.status in ('final', 'amended', 'corrected');
  counts boolean := tg_op <> 'DELETE' and new.loinc is not null and new.value is not null and new.status in ('final', 'amended', 'corrected');
begin
  if not counted and not counts and old.corrects is null and new.corrects is null then return null; end if;
  if tg_op = 'UPDATE' and (old.tenant_id, old.id, old.patient_id, old.loinc, old.value, old.unit, old.status, old.collected_at, old.corrects)
    is not distinct from (new.tenant_id, new.id, new.patient_id, new.loinc, new.value, new.unit, new.status, new.collected_at, new.corrects) then return null; end if;

  if tg_op = 'INSERT' and new.corrects is null then
    if guard.is_corrected(new.tenant_id, new.id) then return null; end if;
    insert into data.last_lab_results as kept (tenant_id, loinc, patient_id, lab_result_id, collected_at, value, unit)
      values (new.tenant_id, new.loinc, new.patient_id, new.id, new.collected_at, new.value, new.unit)
      on conflict (tenant_id, loinc, patient_id) do update
        set lab_result_id = excluded.lab_result_id, collected_at = excluded.collected_at, value = excluded.value, unit = excluded.unit
        where (excluded.collected_at, excluded.lab_result_id) > (kept.collected_at, kept.lab_result_id);
    return null;
  end if;

  if counted then perform guard.keep_last_of(old.tenant_id, old.patient_id, old.loinc, old.id); end if;
  if counts then perform guard.keep_last_of(new.tenant_id, new.patient_id, new.loinc, null); end if;
  if old.corrects is not null then perform guard.keep_last_without(old.tenant_id, old.corrects); end if;
  if new.corrects is not null then perform guard.keep_last_without(new.tenant_id, new.corrects); end if;
  return null;
end $$;

reset role;
revoke all on function guard.is_corrected(uuid, uuid), guard.keep_last_of(uuid, uuid, text, uuid), guard.keep_last_without(uuid, uuid),
  guard.keep_last_result() from public;
create trigger last_kept after insert or update or delete on data.lab_results for each row execute function guard.keep_last_result();

insert into data.last_lab_results (tenant_id, loinc, patient_id, lab_result_id, collected_at, value, unit)
select distinct on (r.tenant_id, r.loinc, r.patient_id) r.tenant_id, r.loinc, r.patient_id, r.id, r.collected_at, r.value, r.unit
from data.lab_results r
where r.status in ('final', 'amended', 'corrected') and r.value is not null and r.loinc is not null
  and not exists (select from data.lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error')
order by r.tenant_id, r.loinc, r.patient_id, r.collected_at desc, r.id desc;

-- What payers answered, from indexes alone: line by line, and apart what can be a denial (most adjustments are what the contract takes off or leaves to the patient).
set role app_owner;
drop index data.remittance_adjustments_claim;
create index remittance_adjustments_claim on data.remittance_adjustments (tenant_id, remittance_claim_id, remittance_line_id)
  include (reason_code, amount_cents, group_code, practitioner_id);
create index remittance_adjustments_denied on data.remittance_adjustments (tenant_id, remittance_claim_id)
  include (reason_code, amount_cents, group_code, remittance_line_id, practitioner_id)
  where amount_cents > 0 and reason_code not in ('1', '2', '3', '45', '253');
drop index data.payments_remittance;
create index payments_remittance on data.payments (tenant_id, remittance_claim_id) include (status, amount_cents, practitioner_id) where remittance_claim_id is not null;

-- The books of a whole clinic are walked in the order of its charges, and what was posted in a period is read from its own index.
drop index data.charges_ledger;
create index charges_ledger on data.charges (tenant_id, id)
  include (posted_on, service_on, period_end, voided_on, amount_cents, tax_cents, kind, responsible, practitioner_id);
drop index data.charges_voided;
create index charges_voided on data.charges (tenant_id, voided_on) include (id, practitioner_id) where voided_on is not null;
drop index data.adjustments_posted;
create index adjustments_posted on data.adjustments (tenant_id, posted_on) include (charge_id, kind, amount_cents, practitioner_id);
drop index data.payments_payout;
create index payments_payout on data.payments (tenant_id, payout_id) include (status, amount_cents, fee_cents, practitioner_id) where payout_id is not null;
reset role;
