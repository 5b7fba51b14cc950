-- The calls that a vendor allows: one row for each limit that it counts, out of which every process takes. The role app_keeper works them by functions; it reads no table. Time is the
-- database's. Owner in code: connections.

set role app_owner;

create table data.vendor_budgets (
  tenant_id uuid not null references data.tenants,
  -- The vendor and whatever it counts by, as a practice's code: no person's.
  name text not null check (name ~ '^[a-zA-Z0-9:_.-]{1,200}$'),
  -- Counted anew with each minute of the vendor's clock, or saved up to a burst.
  kind text not null check (kind in ('minute', 'flow')),
  revision bigint not null check (revision > 0),
  -- As connections/minute-budget.ts or token-budget.ts has it.
  state jsonb not null,
  primary key (tenant_id, name)
);

reset role;
select guard.tenant_table('vendor_budgets');

set role app_guard;

-- The budget as it stands, and the time; revision 0 with no state: nobody has taken of it yet.
create function app.read_vendor_budget(p_tenant uuid, p_name text) returns table (revision bigint, kind text, state jsonb, now_ms double precision)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select coalesce(b.revision, 0), b.kind, b.state, guard.unix_ms(clock_timestamp())
    from (select) one left join data.vendor_budgets b on b.tenant_id = p_tenant and b.name = p_name;
end $$;

-- The next revision; false: somebody stored it before. p_tells: the vendor has refused a call, and every process that keeps this budget looks at it as this commits. What is told is a
-- digest of whose it is: any session of this database may listen, and learns from it neither a clinic nor a vendor; any may tell it, and does no more by it than have a row read.
create function app.store_vendor_budget(p_tenant uuid, p_name text, p_kind text, p_revision bigint, p_state jsonb, p_tells boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if p_revision = 1 then
    insert into data.vendor_budgets (tenant_id, name, kind, revision, state) values (p_tenant, p_name, p_kind, 1, p_state) on conflict do nothing;
  else
    update data.vendor_budgets x set revision = p_revision, state = p_state
      where x.tenant_id = p_tenant and x.name = p_name and x.kind = p_kind and x.revision = p_revision - 1;
  end if;
  if not found then return false; end if;
  if p_tells then perform pg_notify('vendor_budgets', encode(sha256(convert_to(p_tenant || ' ' || p_name, 'UTF8')), 'hex')); end if;
  return true;
end $$;

reset role;
revoke all on function app.read_vendor_budget(uuid, text), app.store_vendor_budget(uuid, text, text, bigint, jsonb, boolean) from public;
grant execute on function app.read_vendor_budget(uuid, text), app.store_vendor_budget(uuid, text, text, bigint, jsonb, boolean) to app_keeper;
grant select, insert, update on data.vendor_budgets to app_guard;
create policy guard on data.vendor_budgets to app_guard using (true) with check (true);
