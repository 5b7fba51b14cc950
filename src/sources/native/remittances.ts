import { Fault } from '../../base/fault.ts';
import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { outcomeOf } from '../../domains/claims.ts';
import type { ProviderAdjustment, Remittance, Remittances, RemittedClaim } from '../../domains/remittances.ts';
import type { Surroundings } from '../connector.ts';
import { remittancePosting } from './remittances-write.ts';
import { cursorStands } from './standing.ts';

/** Claims of one remittance in an answer: what a model can read at once. */
const CLAIMS_AT_ONCE = 10;

export function remittances(around: Surroundings): Remittances {
  const { tx } = around;
  return {
    ...remittancePosting(around),
    async list({ limit, claims_from, ...query }) {
      const { remittance_id } = query;
      const [, rows, claims, provider_adjustments] = await Promise.all([
        cursorStands(query.after, (id) => tx.rows('select from remittances r where r.id = $1', [id])),
        remittancesOf(tx, { ...query, limit: limit + 1 }),
        remittance_id === undefined ? undefined : claimsIn(tx, remittance_id, claims_from),
        remittance_id === undefined ? undefined : providerAdjustmentsIn(tx, remittance_id),
      ]);
      if (remittance_id !== undefined && rows.length === 0)
        throw new Fault('not_found', 'No such remittance in this clinic. Call get_remittances without remittance_id.');
      const page = rows.slice(0, limit).map(remittanceOf);
      return {
        remittances: claims && provider_adjustments ? page.map((row) => withClaims(row, claims, provider_adjustments, claims_from)) : page,
        more: rows.length > limit,
      };
    },
  };
}

type Query = Omit<Parameters<Remittances['list']>[0], 'claims_from'>;
type Row = Omit<Remittance, 'posted' | 'balanced'> & {
  claims_out_of_balance: number;
  lines_out_of_balance: number;
  claims_not_posted: number;
};

/** The page first; then each with what the CAS of its claims and lines say, and what was posted of them. */
async function remittancesOf(tx: Tx, query: Query): Promise<Row[]> {
  const { remittance_id, needs_work } = query;
  return tx.rows<Row>(
    `with ${needs_work === undefined ? '' : `${UNFINISHED},`}
     page as materialized (
       select r.id from remittances r
       where ($1::date is null or r.paid_on >= $1::date) and r.paid_on <= coalesce($2::date, 'infinity')
         and ($3::text is null or lower(r.payer) = lower($3)) and ${remittance_id === undefined ? '$4::uuid is null' : 'r.id = $4'}
         and r.paid_on <= coalesce((select s.paid_on from remittances s where s.id = $5), 'infinity')
         and ($5::uuid is null or r.paid_on < (select s.paid_on from remittances s where s.id = $5) or r.id > $5)
         and ${needs_work === undefined ? '$6::boolean is null' : '(r.id in (select u.id from unfinished u)) = $6'}
       order by r.paid_on desc, r.id
       limit $7
     )
     select r.id as remittance_id, r.payer, r.trace_number, r.method, r.paid_on, r.received_on, r.amount_cents,
       coalesce(j.paid, 0)::bigint as claims_paid_cents, coalesce(b.cents, 0)::bigint as provider_adjustments_cents, j.claims, j.denied_claims, j.reversals,
       j.unmatched_claims, coalesce(j.posted, 0)::bigint as posted_cents,
       (r.amount_cents - (coalesce(j.paid, 0) - coalesce(b.cents, 0)))::bigint as difference_cents, j.claims_out_of_balance, j.lines_out_of_balance, j.claims_not_posted
     from remittances r
     left join lateral (select sum(x.amount_cents) as cents from remittance_provider_adjustments x where x.tenant_id = r.tenant_id and x.remittance_id = r.id) b on true
     cross join lateral (
       select count(*)::int as claims, sum(c.paid_cents) as paid, count(*) filter (where c.status_code = '4')::int as denied_claims,
         count(*) filter (where c.status_code = '22')::int as reversals, count(*) filter (where c.claim_id is null)::int as unmatched_claims,
         sum(c.posted) as posted, count(*) filter (where c.posted <> c.paid_cents)::int as claims_not_posted,
         count(*) filter (where c.charged_cents - c.adjusted <> c.paid_cents)::int as claims_out_of_balance, coalesce(sum(c.lines_out), 0)::int as lines_out_of_balance
       from (
         select k.status_code, k.claim_id, k.charged_cents, k.paid_cents,
           coalesce((select sum(y.amount_cents) from payments y where y.tenant_id = k.tenant_id and y.remittance_claim_id = k.id and y.status = 'settled'), 0) as posted,
           coalesce((select sum(a.amount_cents) from remittance_adjustments a where a.tenant_id = k.tenant_id and a.remittance_claim_id = k.id), 0) as adjusted,
           (select count(*) from remittance_lines l where l.tenant_id = k.tenant_id and l.remittance_claim_id = k.id
             and l.charged_cents - coalesce((select sum(a.amount_cents) from remittance_adjustments a
               where a.tenant_id = k.tenant_id and a.remittance_claim_id = k.id and a.remittance_line_id = l.id), 0) <> l.paid_cents) as lines_out
         from remittance_claims k where k.tenant_id = r.tenant_id and k.remittance_id = r.id
       ) c
     ) j
     where r.id = any(array(select page.id from page))
     order by r.paid_on desc, r.id`,
    [
      query.from ?? null,
      query.to ?? null,
      query.payer ?? null,
      remittance_id ?? null,
      query.after ?? null,
      needs_work ?? null,
      query.limit,
    ],
  );
}

/** The remittances of the whole clinic that are not posted in full, unmatched or out of balance. Every table is walked once in the order of its claims and merged
 *  with the others (order by, offset 0): a few days alone would seem so few to the planner that it looks through them again for each claim. */
const UNFINISHED = `adjusted as (
       select a.remittance_claim_id as id, sum(a.amount_cents) as cents from remittance_adjustments a group by a.remittance_claim_id order by 1 offset 0
     ),
     lines_out as (
       select l.remittance_claim_id as id
       from remittance_lines l
       left join (
         select a.remittance_claim_id as id, a.remittance_line_id as line_id, sum(a.amount_cents) as cents from remittance_adjustments a
         group by a.remittance_claim_id, a.remittance_line_id order by 1, 2 offset 0
       ) a on a.id = l.remittance_claim_id and a.line_id = l.id
       where l.charged_cents - coalesce(a.cents, 0) <> l.paid_cents
       group by l.remittance_claim_id order by 1 offset 0
     ),
     posted as (
       select y.remittance_claim_id as id, sum(y.amount_cents) as cents from payments y
       where y.remittance_claim_id is not null and y.status = 'settled' group by y.remittance_claim_id order by 1 offset 0
     ),
     open_claims as (
       select k.remittance_id
       from (select k.id, k.remittance_id, k.claim_id, k.charged_cents, k.paid_cents from remittance_claims k order by k.id offset 0) k
       left join adjusted a on a.id = k.id left join lines_out l on l.id = k.id left join posted y on y.id = k.id
       where k.claim_id is null or coalesce(y.cents, 0) <> k.paid_cents or k.charged_cents - coalesce(a.cents, 0) <> k.paid_cents or l.id is not null
     ),
     unfinished as materialized (
       select r.id
       from remittances r
       left join (select k.remittance_id as id, sum(k.paid_cents) as cents from remittance_claims k group by k.remittance_id) j on j.id = r.id
       left join (select x.remittance_id as id, sum(x.amount_cents) as cents from remittance_provider_adjustments x group by x.remittance_id) b on b.id = r.id
       where r.amount_cents <> coalesce(j.cents, 0) - coalesce(b.cents, 0)
       union select k.remittance_id from open_claims k
     )`;

function remittanceOf({ difference_cents = 0, claims_out_of_balance, lines_out_of_balance, claims_not_posted, ...row }: Row): Remittance {
  const partly = claims_not_posted < row.claims && row.posted_cents !== 0 ? 'partly' : 'not_posted';
  return {
    ...row,
    posted: claims_not_posted === 0 ? 'posted' : partly,
    balanced: difference_cents === 0 && claims_out_of_balance === 0 && lines_out_of_balance === 0,
    ...(difference_cents !== 0 && { difference_cents }),
    ...(claims_out_of_balance > 0 && { claims_out_of_balance }),
    ...(lines_out_of_balance > 0 && { lines_out_of_balance }),
  };
}

type ClaimRow = Nullable<Omit<RemittedClaim, 'outcome'>> & { status_code: string };

async function claimsIn(tx: Tx, remittance_id: string, claims_from: number): Promise<ClaimRow[]> {
  return tx.rows<ClaimRow>(
    `select k.claim_number, k.claim_id, k.patient_id, k.status_code, k.charged_cents, k.paid_cents, k.patient_responsibility_cents,
       nullif(k.remark_codes || coalesce((select array_agg(rc) from remittance_lines l, unnest(l.remark_codes) rc
         where l.tenant_id = k.tenant_id and l.remittance_claim_id = k.id), '{}'), '{}') as remark_codes,
       coalesce(cas.adjustments, '[]') as adjustments, k.charged_cents - coalesce(cas.cents, 0) = k.paid_cents as balanced
     from remittance_claims k
     left join lateral (
       select jsonb_agg(jsonb_build_object('group', g.group_code, 'reason', g.reason_code, 'cents', g.cents) order by g.group_code, g.reason_code) as adjustments, sum(g.cents) as cents
       from (select a.group_code, a.reason_code, sum(a.amount_cents)::bigint as cents from remittance_adjustments a
         where a.tenant_id = k.tenant_id and a.remittance_claim_id = k.id group by a.group_code, a.reason_code) g
     ) cas on true
     where k.remittance_id = $1 order by k.claim_number, k.id offset $2 limit $3`,
    [remittance_id, claims_from - 1, CLAIMS_AT_ONCE],
  );
}

async function providerAdjustmentsIn(tx: Tx, remittance_id: string): Promise<Nullable<ProviderAdjustment>[]> {
  return tx.rows(
    `select b.reason_code as reason, b.reference, b.amount_cents as cents from remittance_provider_adjustments b
     where b.remittance_id = $1 order by b.reason_code, b.id limit 20`,
    [remittance_id],
  );
}

function withClaims(
  row: Remittance,
  claims: readonly ClaimRow[],
  provider_adjustments: readonly Nullable<ProviderAdjustment>[],
  claims_from: number,
): Remittance {
  const claims_left = row.claims - (claims_from - 1) - claims.length;
  return {
    ...row,
    ...(provider_adjustments.length > 0 && { provider_adjustments: provider_adjustments.map(present) }),
    claim_list: claims.map(({ status_code, ...claim }) => ({ ...present(claim), outcome: outcomeOf(status_code) })),
    ...(claims_left > 0 && { claims_left }),
  };
}
