-- What is owed for each charge on each day, and what it earns, is kept: the books of any day are then read, and no more computed from every entry that was ever
-- posted. Owner in code: sources/native. Nothing refers to these tables and they refer to nothing: guard.keep_open_items makes them from the entries alone.

set role app_owner;

-- What a party owes for a charge at the end of each day from from_on until the day before until_on (infinity: to this day); negative is what it is owed back.
-- It ages from `since`: the insurer's part from the day of service, what was left to the patient from the day that it was left.
create table data.open_items (
  tenant_id uuid not null,
  charge_id uuid not null,
  party text not null check (party in ('insurance', 'patient')),
  from_on date not null,
  until_on date not null check (until_on > from_on),
  since date not null,
  cents bigint not null check (cents <> 0),
  primary key (tenant_id, charge_id, party, from_on)
);
create index open_items_day on data.open_items (tenant_id, until_on) include (from_on, party, since, cents);

-- What each charge earns, as known now: without what was never to be asked for, and of it what a package had paid before. Nothing where it was voided, and a
-- package of itself: it is earned as it is used up. Whoever makes the open items of a charge holds its row here.
create table data.earnings (
  tenant_id uuid not null,
  charge_id uuid not null,
  kind text not null,
  service_on date not null,
  period_end date,
  net_cents bigint not null,
  redeemed_cents bigint not null,
  primary key (tenant_id, charge_id)
);
create index earnings_service on data.earnings (tenant_id, service_on) include (kind, net_cents, redeemed_cents) where kind <> 'membership';
create index earnings_membership on data.earnings (tenant_id, service_on) include (period_end, net_cents) where kind = 'membership';
create index refunds_payment on data.refunds (tenant_id, payment_id) where charge_id is null;

reset role;
select guard.money_table(t, false) from unnest(array['open_items', 'earnings']) t;
grant select on data.open_items, data.earnings to app_api;
grant select, insert, update, delete on data.open_items, data.earnings to app_guard;
grant select on data.charges, data.payments, data.adjustments, data.refunds, data.responsibility_transfers to app_guard;

-- The keeper belongs to every clinic and to no finance scope.
do $$
declare t text;
begin
  foreach t in array array['charges', 'payments', 'adjustments', 'refunds', 'responsibility_transfers', 'open_items', 'earnings'] loop
    execute format('create policy guard on data.%I to app_guard using (true) with check (true)', t);
    execute format('alter policy finance on data.%I using ((select app.finance() = ''all'')%s or current_user = ''app_guard'')', t,
      case when t in ('open_items', 'earnings') then '' else ' or ((select app.finance() = ''own'') and practitioner_id = (select app.practitioner_id()))' end);
  end loop;
end $$;

set role app_guard;

-- Both make what is kept of some charges again. Whoever posts to one of them meanwhile waits for its row of earnings, and the statements behind that lock see what
-- the other posted; this holds where each statement sees what is committed by then, and nowhere else. A session plans these statements once, and an import may
-- begin while the tables are nearly empty: row by row by the indexes, whatever the tables look like then.
create function guard.keep_earnings_of(of_tenant uuid[], of_charge uuid[]) returns void language plpgsql
  set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise feature_not_supported using message = 'charges and what is posted to them are written in transactions of isolation level READ COMMITTED';
  end if;
  insert into data.earnings (tenant_id, charge_id, kind, service_on, period_end, net_cents, redeemed_cents)
  select c.tenant_id, c.id, c.kind, c.service_on, c.period_end, case when c.kind <> 'package' and c.voided_on is null then c.amount_cents else 0 end, 0 from data.charges c
  where (c.tenant_id, c.id) in (select t.tenant_id, t.id from unnest(of_tenant, of_charge) t (tenant_id, id))
  order by c.tenant_id, c.id
  on conflict (tenant_id, charge_id) do update set net_cents = 0 where false;
  update data.earnings e
  set kind = c.kind, service_on = c.service_on, period_end = c.period_end, net_cents = n.net_cents, redeemed_cents = n.redeemed_cents
  from data.charges c
  cross join lateral (select c.kind <> 'package' and c.voided_on is null as is_earned) x
  cross join lateral (
    select case when x.is_earned then c.amount_cents - coalesce((select sum(a.amount_cents) from data.adjustments a
        where a.tenant_id = c.tenant_id and a.charge_id = c.id and a.kind in ('contractual', 'sequestration', 'discount')), 0) else 0 end as net_cents,
      case when x.is_earned then coalesce((select sum(p.amount_cents) from data.payments p
        where p.tenant_id = c.tenant_id and p.charge_id = c.id and p.source = 'package' and p.status = 'settled'), 0) else 0 end as redeemed_cents) n
  where (c.tenant_id, c.id) in (select t.tenant_id, t.id from unnest(of_tenant, of_charge) t (tenant_id, id))
    and e.tenant_id = c.tenant_id and e.charge_id = c.id
    and (e.kind, e.service_on, e.period_end, e.net_cents, e.redeemed_cents) is distinct from (c.kind, c.service_on, c.period_end, n.net_cents, n.redeemed_cents);
  delete from data.earnings e using unnest(of_tenant, of_charge) t (tenant_id, id)
  where e.tenant_id = t.tenant_id and e.charge_id = t.id and not exists (select from data.charges c where c.tenant_id = t.tenant_id and c.id = t.id);
end $$;

create function guard.keep_open_items_of(of_tenant uuid[], of_charge uuid[]) returns void language plpgsql
  set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
begin
  perform guard.keep_earnings_of(of_tenant, of_charge);
  with touched as materialized (
    select distinct t.tenant_id, t.id from unnest(of_tenant, of_charge) t (tenant_id, id)
  ), accounts as (
    select c.*
    from touched t
    cross join lateral (
      select c.tenant_id, c.id, c.responsible, c.service_on, c.posted_on, c.voided_on, c.amount_cents + c.tax_cents as asked
      from data.charges c where c.tenant_id = t.tenant_id and c.id = t.id offset 0) c
  ), entries as (
    select a.*, e.*
    from accounts a
    cross join lateral (
      select a.posted_on as day, a.responsible as party, 0 as money, a.asked as paper, false as is_moved
      union all
      select a.voided_on, a.responsible, 0, 0, false where a.voided_on > a.posted_on
      union all
      select p.posted_on, case p.source when 'insurance' then 'insurance' else 'patient' end,
        case p.source when 'package' then 0 else -p.amount_cents end, case p.source when 'package' then -p.amount_cents else 0 end, false
      from data.payments p where p.tenant_id = a.tenant_id and p.charge_id = a.id and p.status = 'settled'
      union all
      select x.posted_on, x.party, 0, -x.amount_cents, false from data.adjustments x where x.tenant_id = a.tenant_id and x.charge_id = a.id
      union all
      select x.moved_on, side.party, 0, side.sign * x.amount_cents, x.amount_cents > 0
      from data.responsibility_transfers x cross join (values ('patient', 1), ('insurance', -1)) side (party, sign)
      where x.tenant_id = a.tenant_id and x.charge_id = a.id
      union all
      select r.posted_on, r.party, r.amount_cents, 0, false from data.refunds r where r.tenant_id = a.tenant_id and r.charge_id = a.id
      union all
      select r.posted_on, r.party, r.amount_cents, 0, false
      from data.payments p
      cross join lateral (
        select r.* from data.refunds r where r.tenant_id = p.tenant_id and r.payment_id = p.id and r.charge_id is null offset 0) r
      where p.tenant_id = a.tenant_id and p.charge_id = a.id
      offset 0) e
  ), days as (
    select e.tenant_id, e.id, e.day, e.posted_on, e.voided_on, e.service_on, e.responsible,
      coalesce(sum(e.money) filter (where e.party = 'patient'), 0) as patient_money, coalesce(sum(e.paper) filter (where e.party = 'patient'), 0) as patient_paper,
      coalesce(sum(e.money) filter (where e.party = 'insurance'), 0) as insurance_money, coalesce(sum(e.paper) filter (where e.party = 'insurance'), 0) as insurance_paper,
      bool_or(e.is_moved) as is_moved
    from entries e group by e.tenant_id, e.id, e.day, e.posted_on, e.voided_on, e.service_on, e.responsible
  ), ends as (
    select d.tenant_id, d.id, d.day, d.posted_on, d.voided_on, d.service_on, d.responsible,
      sum(d.patient_money) over until as patient_money, sum(d.patient_paper) over until as patient_paper,
      sum(d.insurance_money) over until as insurance_money, sum(d.insurance_paper) over until as insurance_paper,
      min(d.day) over until as first_on, min(d.day) filter (where d.is_moved) over until as left_on
    from days d window until as (partition by d.tenant_id, d.id order by d.day)
  ), balances as (
    select e.tenant_id, e.id, e.day, b.party, b.cents, case when b.cents <> 0 then b.since end as since
    from ends e
    -- What stands on a charge and is no money, the charge itself too, ends with the charge when it is voided; money that was paid for it becomes a credit.
    cross join lateral (select e.posted_on <= e.day as is_posted, e.posted_on <= e.day and coalesce(e.voided_on <= e.day, false) as is_void) x
    cross join lateral (select case when x.is_posted then e.service_on else e.first_on end as day) began
    cross join lateral (values
      ('insurance', e.insurance_money + case when x.is_void then 0 else e.insurance_paper end, began.day),
      ('patient', e.patient_money + case when x.is_void then 0 else e.patient_paper end,
        case when x.is_posted and e.responsible = 'insurance' then coalesce(e.left_on, began.day) else began.day end)) b (party, cents, since)
  ), turns as (
    select b.*, (b.cents, b.since) is distinct from (lag(b.cents) over earlier, lag(b.since) over earlier) as is_new
    from balances b window earlier as (partition by b.tenant_id, b.id, b.party order by b.day)
  ), made as materialized (
    select * from (
      select t.tenant_id, t.id as charge_id, t.party, t.day as from_on,
        coalesce(lead(t.day) over (partition by t.tenant_id, t.id, t.party order by t.day), 'infinity') as until_on, t.since, t.cents
      from turns t where t.is_new) t
    where t.cents <> 0
  ), gone as (
    delete from data.open_items o where o.ctid = any (array(
      select k.ctid
      from touched t
      cross join lateral (select o.ctid, o.* from data.open_items o where o.tenant_id = t.tenant_id and o.charge_id = t.id offset 0) k
      where (k.tenant_id, k.charge_id, k.party, k.from_on) not in (select m.tenant_id, m.charge_id, m.party, m.from_on from made m)))
  )
  insert into data.open_items as kept (tenant_id, charge_id, party, from_on, until_on, since, cents)
  select m.tenant_id, m.charge_id, m.party, m.from_on, m.until_on, m.since, m.cents from made m
  on conflict (tenant_id, charge_id, party, from_on) do update set until_on = excluded.until_on, since = excluded.since, cents = excluded.cents
    where (kept.until_on, kept.since, kept.cents) is distinct from (excluded.until_on, excluded.since, excluded.cents);
end $$;

-- After each statement that wrote charges or entries: of the charges that its rows name. A refund that names none is of the charge that was paid.
create function guard.keep_open_items() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  of_tenant uuid[];
  of_charge uuid[];
begin
  if tg_table_name = 'charges' then
    select array_agg(t.tenant_id), array_agg(t.id) into of_tenant, of_charge from touched t;
  elsif tg_table_name = 'refunds' then
    select array_agg(t.tenant_id), array_agg(coalesce(t.charge_id, (select p.charge_id from data.payments p where p.tenant_id = t.tenant_id and p.id = t.payment_id)))
      into of_tenant, of_charge from touched t;
  else
    select array_agg(t.tenant_id), array_agg(t.charge_id) into of_tenant, of_charge from touched t where t.charge_id is not null;
  end if;
  if of_charge is not null then perform guard.keep_open_items_of(of_tenant, of_charge); end if;
  return null;
end $$;

reset role;
revoke all on function guard.keep_earnings_of(uuid[], uuid[]), guard.keep_open_items_of(uuid[], uuid[]), guard.keep_open_items() from public;

do $$
declare t text;
begin
  foreach t in array array['charges', 'payments', 'adjustments', 'refunds', 'responsibility_transfers'] loop
    execute format('create trigger open_items_added after insert on data.%I referencing new table as touched for each statement execute function guard.keep_open_items()', t);
    execute format('create trigger open_items_before after update on data.%I referencing old table as touched for each statement execute function guard.keep_open_items()', t);
    execute format('create trigger open_items_after after update on data.%I referencing new table as touched for each statement execute function guard.keep_open_items()', t);
    execute format('create trigger open_items_removed after delete on data.%I referencing old table as touched for each statement execute function guard.keep_open_items()', t);
  end loop;
end $$;

select guard.keep_open_items_of(array_agg(c.tenant_id), array_agg(c.id))
from (select c.tenant_id, c.id, (row_number() over (order by c.tenant_id, c.id) - 1) / 5000 as part from data.charges c) c group by c.part;
