// What payers denied (connectors.md §2.18): by reason codes, never by the status of the claim alone.
import type { Tx } from '../../db/tx.ts';
import type { Claims, Denial, DenialSummary } from '../../domains/claims.ts';
import { rateOf } from '../../domains/definitions.ts';
import { ACTIONS, DENIALS, denialClassOf, NOT_DENIALS } from '../../domains/denial-codes.ts';
import { type Nullable, present } from './present.ts';
import { cursorStands, patientStands, practitionerStands } from './standing.ts';

type Query = Parameters<Claims['denials']>[0];

export async function denialsOf(tx: Tx, { limit, ...query }: Query): ReturnType<Claims['denials']> {
  const [, , , rows, by_class, [first]] = await Promise.all([
    query.patient_id === undefined ? undefined : patientStands(tx, query.patient_id),
    practitionerStands(tx, query.practitioner_id),
    cursorStands(query.after, (id) => tx.rows('select from remittance_claims j where j.id = $1', [id])),
    deniedRows(tx, query, limit + 1),
    byClass(tx, query),
    firstPass(tx, query),
  ]);
  if (!first) throw new Error('an aggregate answers one row');
  return { summary: summaryOf(by_class, first), denials: rows.slice(0, limit).map(denialOf), more: rows.length > limit };
}

/** $1 … $9: from, to, payer, clinician, patient, the codes of denials with the class of each, and the codes that are none. */
const values = ({ from, to, payer, practitioner_id, patient_id }: Query) => [
  from,
  to,
  payer ?? null,
  practitioner_id ?? null,
  patient_id ?? null,
  DENIALS,
  DENIALS.map(denialClassOf),
  NOT_DENIALS,
];

/** Every answer of a payer in the range that decides. */
const ADJUDICATED = `
    select j.tenant_id, j.id, j.claim_id, j.patient_id, j.practitioner_id, j.claim_number, j.status_code, j.charged_cents, j.paid_cents, j.remark_codes, r.paid_on, r.payer
    from remittances r join remittance_claims j on j.tenant_id = r.tenant_id and j.remittance_id = r.id
    where r.paid_on between $1::date and $2::date and j.status_code not in ('22', '25')
      and ($3::text is null or lower(r.payer) = lower($3)) and ($4::uuid is null or j.practitioner_id = $4) and ($5::uuid is null or j.patient_id = $5)`;

/** What was denied of an answer `j`: no row where nothing was. A code that is nobody's denies where its line, or the claim, was paid nothing.
 *  Lateral: one look into an index for each answer, however many the planner expects. */
const DENIED = `lateral (
    select sum(x.amount_cents)::bigint as denied_cents, array_agg(distinct x.code) as codes, (array_agg(x.class order by x.amount_cents desc, x.code))[1] as class,
      bool_or(x.remittance_line_id is null) as is_whole, count(distinct x.remittance_line_id) as lines
    from (
      select a.group_code || '-' || a.reason_code as code, a.amount_cents, a.remittance_line_id, coalesce(($7::text[])[array_position($6::text[], a.reason_code)], 'other') as class
      from remittance_adjustments a
      where a.tenant_id = j.tenant_id and a.remittance_claim_id = j.id and a.amount_cents > 0 and a.reason_code <> all($8::text[])
        and (a.reason_code = any($6::text[])
          or coalesce((select s.paid_cents from remittance_lines s where s.tenant_id = a.tenant_id and s.id = a.remittance_line_id), j.paid_cents) <= 0)
    ) x
    having count(*) > 0
  ) d`;

/** What has become of denial `j`: paid later where what the payer paid afterwards, reversals taken off, is more than nothing. A subquery: only where it is asked. */
const STATE = `(
  select case when k.status = 'voided' or exists (select from claims v where v.tenant_id = j.tenant_id and v.replaces = j.claim_id and v.frequency = '8') then 'voided'
    when later.paid_cents > 0 then 'paid_later'
    when later.decided > 0 or exists (select from claims v where v.tenant_id = j.tenant_id and v.replaces = j.claim_id) then 'resubmitted'
    else 'open' end
  from (
    select coalesce(sum(n.paid_cents), 0) as paid_cents, count(*) filter (where n.status_code <> '22') as decided
    from (
      select j.claim_id as id union all select v.id from claims v where v.tenant_id = j.tenant_id and v.replaces = j.claim_id
      union all select w.id from claims v join claims w on w.tenant_id = v.tenant_id and w.replaces = v.id where v.tenant_id = j.tenant_id and v.replaces = j.claim_id
    ) f
    join remittance_claims n on n.tenant_id = j.tenant_id and n.claim_id = f.id
    join remittances q on q.tenant_id = n.tenant_id and q.id = n.remittance_id
    where n.status_code <> '25' and q.paid_on > j.paid_on
  ) later left join claims k on k.tenant_id = j.tenant_id and k.id = j.claim_id)`;

type Row = Nullable<Omit<Denial, 'action' | 'partial'>> & { partial: boolean };

async function deniedRows(tx: Tx, query: Omit<Query, 'limit'>, limit: number): Promise<Row[]> {
  return tx.rows<Row>(
    `with picked as (
       select j.*, d.denied_cents, d.class, d.codes, d.is_whole, d.lines
       from (${ADJUDICATED}) j cross join ${DENIED}
       where ($9::text is null or d.class = $9) and ($10::text is null or ${STATE} = $10)
         and ($11::uuid is null or (j.paid_on, j.id) < (select q.paid_on, n.id from remittance_claims n join remittances q on q.tenant_id = n.tenant_id and q.id = n.remittance_id where n.id = $11))
       order by j.paid_on desc, j.id desc
       limit $12
     )
     select j.id as denial_id, j.claim_id, j.claim_number, j.patient_id, j.payer, j.practitioner_id, k.service_from, j.paid_on as denied_on, j.charged_cents, j.paid_cents,
       j.denied_cents, j.class, j.codes,
       not j.is_whole and (j.paid_cents > 0 or j.lines < (select count(*) from remittance_lines s where s.tenant_id = j.tenant_id and s.remittance_claim_id = j.id)) as partial,
       nullif(array(select distinct c from unnest(j.remark_codes || coalesce((select array_agg(rc) from remittance_lines s, unnest(s.remark_codes) rc
         where s.tenant_id = j.tenant_id and s.remittance_claim_id = j.id), '{}')) c order by c), '{}') as remark_codes,
       ${STATE} as state, p.given_name || ' ' || p.family_name as patient
     from picked j left join claims k on k.tenant_id = j.tenant_id and k.id = j.claim_id left join patients p on p.tenant_id = j.tenant_id and p.id = j.patient_id
     order by j.paid_on desc, j.id desc`,
    [...values({ ...query, limit }), query.class ?? null, query.state ?? null, query.after ?? null, limit],
  );
}

interface ClassRow {
  class: Denial['class'];
  denials: number;
  open: number;
  denied_cents: number;
}

async function byClass(tx: Tx, query: Omit<Query, 'limit'>): Promise<ClassRow[]> {
  return tx.rows<ClassRow>(
    `with told as (
       select d.class, d.denied_cents, ${STATE} as state from (${ADJUDICATED}) j cross join ${DENIED}
     )
     select class, count(*)::int as denials, count(*) filter (where state = 'open')::int as open, sum(denied_cents)::bigint as denied_cents
     from told where ($9::text is null or class = $9) and ($10::text is null or state = $10)
     group by class order by denied_cents desc, class`,
    [...values({ ...query, limit: 0 }), query.class ?? null, query.state ?? null],
  );
}

interface FirstPass {
  claims: number;
  denied: number;
  charged_cents: number;
  denied_cents: number;
}

/** Originals whose first decision lies in the range. */
async function firstPass(tx: Tx, query: Omit<Query, 'limit'>): Promise<FirstPass[]> {
  return tx.rows<FirstPass>(
    `select count(*)::int as claims, count(d.denied_cents)::int as denied, coalesce(sum(j.charged_cents), 0)::bigint as charged_cents,
       coalesce(sum(least(coalesce(d.denied_cents, 0), j.charged_cents)), 0)::bigint as denied_cents
     from (${ADJUDICATED}) j
     join claims k on k.tenant_id = j.tenant_id and k.id = j.claim_id and k.replaces is null
     left join ${DENIED} on true
     where not exists (select from remittance_claims n join remittances q on q.tenant_id = n.tenant_id and q.id = n.remittance_id
       where n.tenant_id = j.tenant_id and n.claim_id = j.claim_id and n.status_code not in ('22', '25') and (q.paid_on, n.id) < (j.paid_on, j.id))`,
    values({ ...query, limit: 0 }),
  );
}

function summaryOf(by_class: readonly ClassRow[], first: FirstPass): DenialSummary {
  const sum = (of: 'denials' | 'open' | 'denied_cents') => by_class.reduce((total, row) => total + row[of], 0);
  return {
    denials: sum('denials'),
    denied_cents: sum('denied_cents'),
    open: sum('open'),
    by_class: by_class.map(({ open, ...row }) => row),
    first_pass_denial_rate: rateOf(first.denied, first.claims),
    first_pass_denied_dollars: rateOf(first.denied_cents, first.charged_cents),
    definition: 'first_pass_denial_rate@1',
  };
}

function denialOf({ partial, ...row }: Row): Denial {
  return { ...present(row), ...(partial && { partial }), action: ACTIONS[row.class] };
}
