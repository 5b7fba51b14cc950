// What is kept of each charge, held against its entries: two hands that have to agree.
import type { Admin } from '../../src/db/pool.ts';
import { accounts } from '../../src/sources/native/ledger.ts';
import { NET } from '../../src/sources/native/revenue.ts';

/** As the ledger of a patient adds the entries up, of every charge on every one of the days; and as it is kept: what either says alone. */
const WRONG = `
  with days as (select $1::date + d as day from generate_series(0, $2::int) d),
  said as (
    select d.day, a.account, x.party, x.since, x.cents
    from days d
    cross join lateral (select a.* from (${accounts({ until: 'd.day' }, { now: 'd.day' }).replace(/\b(charges|adjustments|responsibility_transfers|payments|refunds)\b(?= [a-z]+[ \n])/g, 'data.$1')}) a offset 0) a
    cross join lateral (values ('patient', a.patient_since, a.now_patient), ('insurance', a.insurance_since, a.now_insurance)) x (party, since, cents)
    where x.cents <> 0 and a.account in (select c.id from data.charges c)),
  kept as (
    select d.day, o.charge_id, o.party, o.since, o.cents
    from days d join data.open_items o on o.from_on <= d.day and o.until_on > d.day)
  (select 'kept' as what, k.* from kept k except select 'kept', s.* from said s)
  union all
  (select 'said', s.* from said s except select 'said', k.* from kept k)`;
/** The same of what is earned. */
const WRONGLY_EARNED = `
  with said as (
    select c.id, c.kind, c.service_on, c.period_end, case when c.voided_on is null and c.kind <> 'package' then ${NET.replaceAll('adjustments a', 'data.adjustments a')} else 0 end,
      case when c.voided_on is null and c.kind <> 'package' then coalesce((select sum(p.amount_cents) from data.payments p
        where p.charge_id = c.id and p.status = 'settled' and p.source = 'package'), 0) else 0 end
    from data.charges c),
  kept as (select e.charge_id, e.kind, e.service_on, e.period_end, e.net_cents, e.redeemed_cents from data.earnings e)
  (select 'kept' as what, k.* from kept k except select 'kept', s.* from said s)
  union all
  (select 'said', s.* from said s except select 'said', k.* from kept k)`;
/** What the kept tables say of these days, and of what is earned, that the entries do not; and the other way round. Nothing, where all is well. */
export async function wronglyKept(client: Admin, { from, days }: { from: string; days: number }): Promise<object[]> {
  return [...(await client.query(WRONG, [from, days])).rows, ...(await client.query(WRONGLY_EARNED)).rows];
}
