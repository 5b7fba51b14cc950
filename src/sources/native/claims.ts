import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { type Adjudication, type Adjustment, type Claim, type ClaimLine, type Claims, outcomeOf } from '../../domains/claims.ts';
import type { Surroundings } from '../connector.ts';
import { denialsOf } from './denials.ts';
import { cursorStands, patientStands } from './standing.ts';
import { PENDING_CLAIM } from './statements.ts';

export function claims({ tx, today }: Surroundings): Claims {
  return {
    async list({ limit, lines, ...query }) {
      const [, , rows] = await Promise.all([
        query.patient_id === undefined ? undefined : patientStands(tx, query.patient_id),
        cursorStands(query.after, (id) =>
          tx.rows('select from claims k where k.id = $1 and ($2::uuid is null or k.patient_id = $2)', [id, query.patient_id ?? null]),
        ),
        claimsOf(tx, { ...query, today, limit: limit + 1 }),
      ]);
      const page = rows.slice(0, limit);
      const details = lines ? await detailsOf(tx, page) : undefined;
      return { claims: page.map((row) => claimOf(row, details)), more: rows.length > limit };
    },
    denials: (query) => denialsOf(tx, query),
  };
}

type Plain = Omit<Claim, 'adjudication' | 'lines' | 'frequency'>;
type Row = Nullable<Plain> & {
  frequency: '1' | '7' | '8';
  adjudication_id: string | null;
  adjudicated_on: string | null;
  status_code: string | null;
  last_paid_cents: number | null;
  patient_responsibility_cents: number | null;
  remittance_id: string | null;
  remark_codes: string[] | null;
};

/** The page first, by the index of the narrowest question; then each with its last adjudication: of one file the corrected claim, not its reversal. */
async function claimsOf(tx: Tx, query: Omit<Parameters<Claims['list']>[0], 'lines'> & { today: string }): Promise<Row[]> {
  return tx.rows<Row>(
    `with page as materialized (
       select k.id from claims k
       where ${query.patient_id === undefined ? '$1::uuid is null' : 'k.patient_id = $1'} and ($2::text is null or k.status = $2)
         and ($3::date is null or k.service_to >= $3::date) and k.service_from <= coalesce($4::date, 'infinity')
         and ($5::text is null or lower(k.payer) = lower($5))
         and ($7::int is null or (k.status in ${PENDING_CLAIM} and $6::date - coalesce(k.submitted_on, k.service_from) > $7))
         and ${query.claim_number === undefined ? '$8::text is null' : 'k.claim_number = $8'}
         and k.service_from <= coalesce((select b.service_from from claims b where b.id = $9), 'infinity')
         and ($9::uuid is null or k.service_from < (select b.service_from from claims b where b.id = $9) or k.id > $9)
       order by k.service_from desc, k.id
       limit $10
     )
     select k.id as claim_id, k.claim_number, k.patient_id, p.given_name || ' ' || p.family_name as patient, k.payer, k.status, k.service_from,
       nullif(k.service_to, k.service_from) as service_to, k.submitted_on,
       case when k.status in ${PENDING_CLAIM} then $6::date - coalesce(k.submitted_on, k.service_from) end as age_days, k.total_cents as charged_cents,
       (select coalesce(sum(paid.paid_cents), 0)::bigint from remittance_claims paid
         where paid.tenant_id = k.tenant_id and paid.claim_id = k.id and paid.status_code <> '25') as paid_cents,
       k.form, k.frequency, k.replaces, k.payer_control_number, k.practitioner_id,
       last.id as adjudication_id, last.paid_on as adjudicated_on, last.status_code, last.paid_cents as last_paid_cents, last.patient_responsibility_cents,
       last.remittance_id, last.remark_codes
     from claims k
     join patients p on p.tenant_id = k.tenant_id and p.id = k.patient_id
     left join lateral (
       select j.id, r.paid_on, j.status_code, j.paid_cents, j.patient_responsibility_cents, j.remittance_id, j.remark_codes
       from remittance_claims j join remittances r on r.tenant_id = j.tenant_id and r.id = j.remittance_id
       where j.tenant_id = k.tenant_id and j.claim_id = k.id order by r.paid_on desc, (j.status_code = '22'), j.id desc limit 1
     ) last on true
     where k.id = any(array(select page.id from page))
     order by k.service_from desc, k.id`,
    [
      query.patient_id ?? null,
      query.status ?? null,
      query.from ?? null,
      query.to ?? null,
      query.payer ?? null,
      query.today,
      query.older_than_days ?? null,
      query.claim_number ?? null,
      query.after ?? null,
      query.limit,
    ],
  );
}

interface Details {
  lines: (Nullable<ClaimLine> & { claim_id: string })[];
  adjustments: { adjudication_id: string; adjustments: Adjustment[] }[];
}

/** A CAS segment of `a` as it stands in an answer. */
const CAS = "jsonb_build_object('group', a.group_code, 'reason', a.reason_code, 'cents', a.amount_cents)";

async function detailsOf(tx: Tx, rows: readonly Row[]): Promise<Details> {
  const claim_ids = rows.map(({ claim_id }) => claim_id);
  const adjudication_ids = rows.flatMap(({ adjudication_id }) => adjudication_id ?? []);
  const [lines, adjustments] = await Promise.all([
    linesOf(tx, claim_ids, adjudication_ids),
    tx.rows<Details['adjustments'][number]>(
      `select a.remittance_claim_id as adjudication_id, jsonb_agg(${CAS} order by a.group_code, a.reason_code) as adjustments
       from remittance_adjustments a where a.remittance_claim_id = any($1::uuid[]) and a.remittance_line_id is null group by a.remittance_claim_id`,
      [adjudication_ids],
    ),
  ]);
  return { lines, adjustments };
}

async function linesOf(tx: Tx, claim_ids: readonly string[], adjudication_ids: readonly string[]): Promise<Details['lines']> {
  return tx.rows(
    `select l.claim_id, l.line_number, l.code, nullif(l.modifiers, '{}') as modifiers, nullif(l.icd10, '{}') as icd10, l.units, l.service_on,
       l.amount_cents as charged_cents, s.allowed_cents, s.paid_cents, nullif(s.remark_codes, '{}') as remark_codes,
       (select jsonb_agg(${CAS} order by a.group_code, a.reason_code) from remittance_adjustments a
         where a.tenant_id = s.tenant_id and a.remittance_claim_id = s.remittance_claim_id and a.remittance_line_id = s.id) as adjustments
     from claim_lines l
     left join remittance_lines s on s.tenant_id = l.tenant_id and s.claim_line_id = l.id and s.remittance_claim_id = any($2::uuid[])
     where l.claim_id = any($1::uuid[])
     order by l.claim_id, l.line_number`,
    [claim_ids, adjudication_ids],
  );
}

const FREQUENCY = { '1': undefined, '7': 'replacement', '8': 'void' } as const;

function claimOf(row: Row, details: Details | undefined): Claim {
  const { form, frequency, replaces, payer_control_number, practitioner_id, ...known } = present(row);
  const {
    adjudication_id,
    adjudicated_on,
    status_code,
    last_paid_cents,
    patient_responsibility_cents,
    remittance_id,
    remark_codes,
    ...claim
  } = known;
  const said = FREQUENCY[frequency];
  const adjudication: Adjudication | undefined =
    adjudicated_on === undefined || status_code === undefined
      ? undefined
      : {
          on: adjudicated_on,
          outcome: outcomeOf(status_code),
          paid_cents: last_paid_cents ?? 0,
          patient_responsibility_cents: patient_responsibility_cents ?? 0,
          ...(remark_codes && remark_codes.length > 0 && { remark_codes }),
        };
  const ids = present({ form: form ?? null, replaces: replaces ?? null, payer_control_number: payer_control_number ?? null });
  if (!details) return { ...claim, ...(said && { frequency: said }), ...(replaces && { replaces }), ...(adjudication && { adjudication }) };
  const adjustments = details.adjustments.find((each) => each.adjudication_id === adjudication_id)?.adjustments;
  return {
    ...claim,
    ...ids,
    ...(said && { frequency: said }),
    ...(practitioner_id && { practitioner_id }),
    ...(adjudication && {
      adjudication: { ...adjudication, ...(remittance_id && { remittance_id }), ...(adjustments && { adjustments }) },
    }),
    lines: details.lines.filter(({ claim_id }) => claim_id === claim.claim_id).map(({ claim_id, ...line }) => present(line)),
  };
}
