// Of the whole clinic in one walk through every charge and what stands on it: what is owed at the end of two days, what was earned between them, and what was paid
// for and is still owed as service. One clinician's part is read by receivable.ts and revenue.ts, by other ways to the same figures: few rows of each table are theirs.
import type { Tx } from '../../db/tx.ts';
import type { Receivable } from '../../domains/billing.ts';
import { type BucketRow, bucketOf, receivableOf } from './receivable.ts';
import { type Deferred, deferredOf, earnedBy, type Recognized, recognizedOf } from './revenue.ts';

export interface WholeBooks {
  opening: Receivable;
  closing: Receivable;
  recognized: Recognized;
  deferred: Deferred;
}

/** Whether the caller sees every clinician's money: then no entry shows without its charge. */
export async function seesAll(tx: Tx): Promise<boolean> {
  const [row] = await tx.rows<{ all: boolean }>("select app.finance() = 'all' as all");
  return row?.all === true;
}

const PARTIES = ['patient', 'insurance'] as const;
const DAYS = { opening: '$1::date', closing: '$2::date' } as const;
type At = keyof typeof DAYS;
const ENDS = (['opening', 'closing'] as const).flatMap((at) => PARTIES.map((party) => ({ at, party, name: `${at}_${party}` as const })));

/** Accounts of the same kind and the same four buckets (null: nothing is owed); of no kind is money that is not applied. */
type Row = {
  kind: 'service' | 'product' | 'package' | 'membership' | null;
  earned_cents: number;
  redeemed_cents: number;
  deferred_cents: number;
} & {
  [E in (typeof ENDS)[number]['name'] as `${E}_bucket`]: number | null;
} & Record<(typeof ENDS)[number]['name'], number>;

export async function wholeBooks(tx: Tx, { opening, closing }: { opening: string; closing: string }): Promise<WholeBooks> {
  const rows = await groupsOf(tx, { opening, closing });
  const buckets = rows.flatMap((row) =>
    ENDS.flatMap(({ at, party, name }): BucketRow[] => {
      const bucket = row[`${name}_bucket`];
      return bucket === null ? [] : [{ at, party, bucket, cents: row[name] }];
    }),
  );
  const total = (of: 'earned_cents' | 'redeemed_cents' | 'deferred_cents', kind?: Row['kind']) =>
    rows.filter((row) => kind === undefined || row.kind === kind).reduce((sum, row) => sum + row[of], 0);
  return {
    opening: receivableOf(opening, buckets, 'opening'),
    closing: receivableOf(closing, buckets, 'closing'),
    recognized: recognizedOf({
      services_cents: total('earned_cents', 'service'),
      products_cents: total('earned_cents', 'product'),
      packages_redeemed_cents: total('redeemed_cents'),
      memberships_cents: total('earned_cents', 'membership'),
    }),
    deferred: deferredOf({ packages_cents: total('deferred_cents', 'package'), memberships_cents: total('deferred_cents', 'membership') }),
  };
}

/** What was given back by the closing day: of a charge, or of the charge that was paid, or of a payment that is not applied. */
const RETURNED = `
  select coalesce(r.charge_id, paid.charge_id) as charge_id, r.payment_id, r.party, r.posted_on, r.amount_cents
  from refunds r left join payments paid on r.charge_id is null and paid.tenant_id = r.tenant_id and paid.id = r.payment_id
  where r.posted_on <= $2::date`;

/** What stands on each charge, each table in the order of an index that holds all that is read, so that they merge without a sort. `late`: after the opening day. */
const sum = (row: string, filter: string) => `sum(${row}.amount_cents) filter (where ${filter})`;
const late = (row: string) => `${row}.posted_on > $1::date and ${row}.posted_on <= $2::date`;
const PAID = `
  select p.charge_id, ${sum('p', 'p.posted_on <= $2::date')} as cents,
    ${sum('p', "p.posted_on <= $2::date and p.source = 'insurance'")} as insurance, ${sum('p', "p.posted_on <= $2::date and p.source = 'package'")} as package,
    ${sum('p', late('p'))} as late, ${sum('p', `${late('p')} and p.source = 'insurance'`)} as late_insurance,
    ${sum('p', `${late('p')} and p.source = 'package'`)} as late_package, ${sum('p', "p.posted_on > $2::date and p.source = 'package'")} as redeemed_later
  from payments p where p.charge_id is not null and p.status = 'settled' group by p.charge_id order by 1 offset 0`;
const ADJUSTED = `
  select a.charge_id, ${sum('a', 'a.posted_on <= $2::date')} as cents, ${sum('a', "a.posted_on <= $2::date and a.party = 'patient'")} as patient,
    ${sum('a', late('a'))} as late, ${sum('a', `${late('a')} and a.party = 'patient'`)} as late_patient,
    ${sum('a', "a.kind in ('contractual', 'sequestration', 'discount')")} as waived
  from adjustments a group by a.charge_id order by 1 offset 0`;
const MOVED = `
  select t.charge_id, min(t.moved_on) filter (where t.amount_cents > 0) as left_on, sum(t.amount_cents) as cents,
    ${sum('t', 't.moved_on > $1::date')} as late
  from responsibility_transfers t where t.moved_on <= $2::date group by t.charge_id order by 1 offset 0`;
const GIVEN_BACK = `
  select r.charge_id, min(r.posted_on) as first_on, ${sum('r', "r.party = 'patient'")} as patient, ${sum('r', "r.party = 'insurance'")} as insurance,
    ${sum('r', "r.posted_on > $1::date and r.party = 'patient'")} as late_patient, ${sum('r', "r.posted_on > $1::date and r.party = 'insurance'")} as late_insurance
  from returned r where r.charge_id is not null group by r.charge_id order by 1 offset 0`;

/** What is settled on both sides before the opening day, and neither earned nor held since, is left out at once: of a large clinic nearly everything. */
const TOLD = `(case when c.posted_on > $2::date then p.cents is not null or a.cents is not null or t.cents is not null or r.first_on is not null
      else c.posted_on > $1::date or p.late is not null or a.late is not null or t.late is not null or r.first_on is not null or c.voided_on is not null
        or c.amount_cents + c.tax_cents <> coalesce(p.cents, 0) + coalesce(a.cents, 0)
        or case c.responsible when 'patient' then c.amount_cents + c.tax_cents else 0 end + coalesce(t.cents, 0)
          <> coalesce(p.cents, 0) - coalesce(p.insurance, 0) + coalesce(a.patient, 0) end
    or c.service_on > $1::date and c.service_on <= $2::date or c.kind = 'package' and c.posted_on <= $2::date
    or c.kind = 'membership' and c.service_on <= $2::date and (a.charge_id is not null or coalesce(c.period_end, c.service_on) > $1::date))`;

/** What was used of a package by the closing day: by the patient who bought it, for charges that stand. */
const USED = `
  select coalesce(sum(u.amount_cents), 0)
  from charges k
  join payments u on u.tenant_id = k.tenant_id and u.patient_id = k.patient_id and u.package_charge_id = k.id
  where k.tenant_id = c.tenant_id and k.id = c.id and u.status = 'settled' and u.posted_on <= $2::date
    and (u.charge_id in (select s.id from charges s where s.voided_on <= $2::date)) is not true`;

/** Of a charge that was posted later: what came before it tells its age. */
const FIRST = `
  select min(e.day) from (
    select x.posted_on as day from payments x where x.tenant_id = c.tenant_id and x.charge_id = c.id and x.status = 'settled'
    union all select x.posted_on from adjustments x where x.tenant_id = c.tenant_id and x.charge_id = c.id
    union all select x.moved_on from responsibility_transfers x where x.tenant_id = c.tenant_id and x.charge_id = c.id
    union all select r.first_on
  ) e`;

/** Paper (what is asked) and money of each party at the closing day, and of it what is late. */
const PARTS = `
  select c.kind, c.service_on, c.period_end, c.posted_on, c.voided_on, c.responsible, c.amount_cents - coalesce(a.waived, 0) as net_cents,
    coalesce(p.package, 0) + coalesce(p.redeemed_later, 0) as redeemed_cents, coalesce(p.cents, 0) - coalesce(r.patient, 0) - coalesce(r.insurance, 0) - c.tax_cents as held_cents,
    case when c.kind = 'package' then (${USED}) else 0 end as used_cents, c.amount_cents + c.tax_cents as asked,
    coalesce(t.cents, 0) - coalesce(a.patient, 0) - coalesce(p.package, 0) as patient_paper,
    coalesce(t.late, 0) - coalesce(a.late_patient, 0) - coalesce(p.late_package, 0) as late_patient_paper,
    coalesce(a.patient, 0) - coalesce(a.cents, 0) - coalesce(t.cents, 0) as insurance_paper,
    coalesce(a.late_patient, 0) - coalesce(a.late, 0) - coalesce(t.late, 0) as late_insurance_paper,
    coalesce(r.patient, 0) - coalesce(p.cents, 0) + coalesce(p.insurance, 0) + coalesce(p.package, 0) as patient_money,
    coalesce(r.late_patient, 0) - coalesce(p.late, 0) + coalesce(p.late_insurance, 0) + coalesce(p.late_package, 0) as late_patient_money,
    coalesce(r.insurance, 0) - coalesce(p.insurance, 0) as insurance_money, coalesce(r.late_insurance, 0) - coalesce(p.late_insurance, 0) as late_insurance_money,
    t.left_on, case when c.posted_on <= $2::date then c.service_on else (${FIRST}) end as since
  from charges c
  left join (${PAID}) p on p.charge_id = c.id
  left join (${ADJUSTED}) a on a.charge_id = c.id
  left join (${MOVED}) t on t.charge_id = c.id
  left join (${GIVEN_BACK}) r on r.charge_id = c.id
  where ${TOLD} offset 0`;

/** What stands on a charge and is no money, the charge itself too, ends with the charge when it is voided. */
function balance(at: At, party: string): string {
  const of = (part: string) => (at === 'closing' ? `c.${party}_${part}` : `c.${party}_${part} - c.late_${party}_${part}`);
  return `${of('money')} + case when c.posted_on <= $2::date and c.voided_on <= ${DAYS[at]} then 0
      else ${of('paper')} + case when c.responsible = '${party}' and c.posted_on <= ${DAYS[at]} then c.asked else 0 end end`;
}
const CHARGES = `
  select ${ENDS.map(({ at, party, name }) => `${balance(at, party)} as ${name}`).join(',\n    ')}, c.since as insurance_since,
    case when c.responsible = 'insurance' and c.posted_on <= $2::date then coalesce(c.left_on, c.since) else c.since end as patient_since,
    c.kind, c.service_on, c.period_end, c.posted_on, c.voided_on, c.net_cents, c.redeemed_cents, c.held_cents, c.used_cents
  from (${PARTS}) c`;

/** Money that is not applied: the account is the payment. */
const UNAPPLIED = `
  select ${ENDS.map(({ at, party, name }) => `coalesce(sum(e.cents) filter (where e.party = '${party}' and e.posted_on <= ${DAYS[at]}), 0) as ${name}`).join(',\n    ')},
    min(e.posted_on) as insurance_since, min(e.posted_on) as patient_since, null, null, null, null, null, null, null, null, null
  from (
    select p.id as account, case p.source when 'insurance' then 'insurance' else 'patient' end as party, p.posted_on, -p.amount_cents as cents
    from payments p where p.charge_id is null and p.status = 'settled' and p.posted_on <= $2::date
    union all
    select r.payment_id, r.party, r.posted_on, r.amount_cents from returned r where r.charge_id is null
  ) e group by e.account`;

const DELIVERED = "m.kind in ('service', 'product') and m.voided_on is null and m.service_on > $1::date and m.service_on <= $2::date";
const RUNS = 'm.voided_on is null and m.service_on <= $2::date and coalesce(m.period_end, m.service_on) > $1::date';
const HELD = 'm.posted_on <= $2::date and (m.voided_on is null or m.voided_on > $2::date)';
const EARNED = `case when ${DELIVERED} then m.net_cents - m.redeemed_cents
    when m.kind = 'membership' and ${RUNS} then ${earnedBy(DAYS.closing)} - ${earnedBy(DAYS.opening)} end`;
const DEFERRED = `case when m.kind = 'package' and ${HELD} then greatest(0, m.held_cents - m.used_cents)
    when m.kind = 'membership' and ${HELD} then greatest(0, m.held_cents - ${earnedBy(DAYS.closing)}) end`;

/** Accounts by the buckets they stand in on both days, with all sums of them: so the walk is read once and nothing of it is kept. */
async function groupsOf(tx: Tx, { opening, closing }: { opening: string; closing: string }): Promise<Row[]> {
  return tx.rows<Row>(
    `with returned as materialized (${RETURNED})
     select ${ENDS.map(({ at, party, name }) => `${bucketOf(`m.${name}`, `${DAYS[at]} - m.${party}_since`)} as ${name}_bucket`).join(',\n       ')},
       m.kind, ${ENDS.map(({ name }) => `sum(m.${name})::bigint as ${name}`).join(', ')}, coalesce(sum(${EARNED}), 0)::bigint as earned_cents,
       coalesce(sum(m.redeemed_cents) filter (where m.redeemed_cents <> 0 and ${DELIVERED}), 0)::bigint as redeemed_cents,
       coalesce(sum(${DEFERRED}), 0)::bigint as deferred_cents
     from ((${CHARGES}) union all (${UNAPPLIED})) m
     group by 1, 2, 3, 4, 5`,
    [opening, closing],
  );
}
