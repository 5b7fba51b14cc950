-- What a signed posting of a remittance writes: payments of insurers, what the contract takes off, and what moves to the patient. Owner in code: sources/native.

set role app_guard;

-- One signature at a time for one record (a patient, a plan; the clinic for its ledger): to the end of the transaction, so that what it looked at stays so.
create function app.hold_record(of_record uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if app.signing() is null then perform guard.refuse('not_permitted'); end if;
  perform pg_advisory_xact_lock(hashtextextended('record ' || app.tenant() || ':' || of_record, 0));
end $$;

insert into guard.signing (kind, right_name, role, needs_licence)
  select 'payment_posting_draft', 'sign_payment_postings', r, false from unnest(array['owner', 'biller']) r;

reset role;
revoke all on function app.hold_record(uuid) from public;
grant execute on function app.hold_record(uuid) to app_api;

do $$
declare t text;
begin
  foreach t in array array['payments', 'adjustments', 'responsibility_transfers'] loop
    execute format('create policy signed on data.%I as restrictive for insert with check ((select app.signs(array[''payment_posting_draft''])) or current_user <> ''app_api'')', t);
    execute format('grant insert on data.%I to app_api', t);
  end loop;
end $$;
-- What was posted of one answer of a payer.
create index adjustments_remittance on data.adjustments (tenant_id, remittance_claim_id) where remittance_claim_id is not null;
create index responsibility_transfers_remittance on data.responsibility_transfers (tenant_id, remittance_claim_id) where remittance_claim_id is not null;
