// What payers denied (connectors.md §2.18): by reason codes, never by the status of the claim alone.

import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import type { Claims, Denial, DenialSummary } from '../../domains/claims.ts';
import { rateOf } from '../../domains/definitions.ts';
import { ACTIONS, DENIALS } from '../../domains/denial-codes.ts';
import { answersOf, denialsIn, denies, firstPass, STATED } from './denied.ts';
import { cursorStands, patientStands, practitionerStands } from './standing.ts';

type Query = Parameters<Claims['denials']>[0];

export async function denialsOf(tx: Tx, { limit, ...query }: Query): ReturnType<Claims['denials']> {
  const [, , , [figures]] = await Promise.all([
    query.patient_id === undefined ? undefined : patientStands(tx, query.patient_id),
    practitionerStands(tx, query.practitioner_id),
    cursorStands(query.after, (id) => tx.rows('select from remittance_claims j where j.id = $1', [id])),
    figuresOf(tx, query, limit + 1),
  ]);
  if (!figures) throw new Error('an aggregate answers one row');
  const page = figures.page.slice(0, limit);
  const details = page.length === 0 ? [] : await detailsOf(tx, page);
  return { summary: summaryOf(figures), denials: details.map(denialOf), more: figures.page.length > limit };
}

type Found = Pick<Denial, 'class' | 'denied_cents' | 'state'> & { id: string };

interface Figures {
  page: Found[];
  by_class: { class: Denial['class']; denials: number; open: number; denied_cents: number }[];
  claims: number;
  denied: number;
  charged_cents: number;
  denied_cents: number;
}

/** The whole selection in figures, and the page of it, newest first. */
async function figuresOf(tx: Tx, query: Omit<Query, 'limit'>, limit: number): Promise<Figures[]> {
  return tx.rows<Figures>(
    `with ${denialsIn(query)}, ${STATED}, ${firstPass(query)},
     asked as materialized (select d.* from stated d where ($8::text is null or d.class = $8) and ($9::text is null or d.state = $9)),
     page as (
       select d.* from asked d
       where $10::uuid is null
         or (d.paid_on, d.id) < (select q.paid_on, n.id from remittance_claims n join remittances q on q.tenant_id = n.tenant_id and q.id = n.remittance_id where n.id = $10)
       order by d.paid_on desc, d.id desc limit $11),
     classes as (
       select d.class, count(*) as denials, count(*) filter (where d.state = 'open') as open, sum(d.denied_cents) as denied_cents from asked d group by d.class)
     select (select coalesce(jsonb_agg(d order by d.paid_on desc, d.id desc), '[]') from page d) as page,
       (select coalesce(jsonb_agg(c order by c.denied_cents desc, c.class), '[]') from classes c) as by_class,
       count(*)::int as claims, count(j.denied_cents)::int as denied, coalesce(sum(j.charged_cents), 0)::bigint as charged_cents,
       coalesce(sum(least(coalesce(j.denied_cents, 0), j.charged_cents)), 0)::bigint as denied_cents
     from first_pass j`,
    [...answersOf(query), query.class ?? null, query.state ?? null, query.after ?? null, limit],
  );
}

type Row = Nullable<Omit<Denial, 'action' | 'partial'>> & { partial: boolean };

async function detailsOf(tx: Tx, page: readonly Found[]): Promise<Row[]> {
  return tx.rows<Row>(
    `select j.id as denial_id, j.claim_id, j.claim_number, j.patient_id, r.payer, j.practitioner_id, k.service_from, r.paid_on as denied_on, j.charged_cents, j.paid_cents,
       d.denied_cents, d.class, told.codes,
       not told.is_whole and (j.paid_cents > 0 or told.lines < (select count(*) from remittance_lines s where s.tenant_id = j.tenant_id and s.remittance_claim_id = j.id)) as partial,
       nullif(array(select distinct c from unnest(j.remark_codes || coalesce((select array_agg(rc) from remittance_lines s, unnest(s.remark_codes) rc
         where s.tenant_id = j.tenant_id and s.remittance_claim_id = j.id), '{}')) c order by c), '{}') as remark_codes,
       d.state, p.given_name || ' ' || p.family_name as patient
     from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) as d (id, denied_cents, class, state)
     join remittance_claims j on j.id = d.id join remittances r on r.tenant_id = j.tenant_id and r.id = j.remittance_id
     left join claims k on k.tenant_id = j.tenant_id and k.id = j.claim_id left join patients p on p.tenant_id = j.tenant_id and p.id = j.patient_id
     cross join lateral (
       select array_agg(distinct a.group_code || '-' || a.reason_code) as codes, bool_or(a.remittance_line_id is null) as is_whole, count(distinct a.remittance_line_id) as lines
       from remittance_adjustments a where a.tenant_id = j.tenant_id and a.remittance_claim_id = j.id and ${denies('$5')}
     ) told
     order by r.paid_on desc, j.id desc`,
    [page.map(({ id }) => id), page.map((row) => row.denied_cents), page.map((row) => row.class), page.map(({ state }) => state), DENIALS],
  );
}

function summaryOf({ page, by_class, ...first }: Figures): DenialSummary {
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
