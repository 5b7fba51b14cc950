// What payers denied, as SQL over the parameters $1 first day, $2 last day, $3 payer or null, $4 clinician or null, $5 patient or null, $6 the codes of denials,
// $7 the class of each. Every piece is a set of its own: a clinic's hundred thousand answers are walked once, not looked up one by one.
import { DENIALS, denialClassOf, NOT_DENIALS } from '../../domains/denial-codes.ts';

export interface Answers {
  from: string;
  to: string;
  payer?: string | undefined;
  practitioner_id?: string | undefined;
  patient_id?: string | undefined;
}

/** $1 … $7. */
export const answersOf = ({ from, to, payer, practitioner_id, patient_id }: Answers) => [
  from,
  to,
  payer ?? null,
  practitioner_id ?? null,
  patient_id ?? null,
  DENIALS,
  DENIALS.map(denialClassOf),
];

/** Answers `j` of remittances `r` in the range that decide. */
const DECIDES = `r.paid_on between $1::date and $2::date and j.status_code not in ('22', '25')
      and ($3::text is null or lower(r.payer) = lower($3)) and ($4::uuid is null or j.practitioner_id = $4) and ($5::uuid is null or j.patient_id = $5)`;

const ADJUDICATED = `adjudicated as (
    select j.id, j.claim_id, j.charged_cents from remittances r join remittance_claims j on j.remittance_id = r.id where ${DECIDES})`;

/** The few answers of a patient, by their own rows; those of the whole clinic are read in one pass with everything. */
const ofThose = ({ patient_id }: Answers, column: string, key: 'id' | 'claim_id') =>
  patient_id === undefined ? '' : `and ${column} = any(array(select j.${key} from adjudicated j))`;

/** Adjustments `a` that deny: a code that is nobody's does where its line, or the claim, was paid nothing. `codes`: the placeholder of those of denials. */
export const denies = (codes: string) => `a.amount_cents > 0 and a.reason_code <> all('{${NOT_DENIALS.join(',')}}'::text[])
      and (a.reason_code = any(${codes}::text[])
        or coalesce((select s.paid_cents from remittance_lines s where s.id = a.remittance_line_id),
          (select n.paid_cents from remittance_claims n where n.id = a.remittance_claim_id)) <= 0)`;

/** What was denied of an answer, in cents, with the class of its largest amount. */
const refused = (query: Answers) => `refused as materialized (
    select a.remittance_claim_id as id, sum(a.amount_cents)::bigint as denied_cents,
      coalesce(($7::text[])[array_position($6::text[], (array_agg(a.reason_code order by a.amount_cents desc, a.group_code || '-' || a.reason_code))[1])], 'other') as class
    from remittance_adjustments a
    where ${denies('$6')} ${ofThose(query, 'a.remittance_claim_id', 'id')}
    group by a.remittance_claim_id)`;

/** `denied`: the denials in the range. */
export const denialsIn = (query: Answers) => `${ADJUDICATED},
  ${refused(query)},
  denied as materialized (
    select j.id, j.claim_id, j.charged_cents, r.paid_on, d.denied_cents, d.class
    from refused d cross join lateral (select j.* from remittance_claims j where j.id = d.id offset 0) j join remittances r on r.id = j.remittance_id
    where ${DECIDES})`;

/** `stated`: each with what has become of it: paid later where what the payer paid afterwards, reversals taken off, is more than nothing. */
export const STATED = `again as materialized (
    select d.id, d.paid_on, v.id as claim_id, v.frequency from denied d join claims v on v.replaces = d.claim_id),
  family as (
    select d.id, d.paid_on, d.claim_id from denied d
    union all select v.id, v.paid_on, v.claim_id from again v
    union all select v.id, v.paid_on, w.id from again v join claims w on w.replaces = v.claim_id),
  later as materialized (
    select f.id, sum(n.paid_cents) as paid_cents, count(*) filter (where n.status_code <> '22') as decided
    from family f join remittance_claims n on n.claim_id = f.claim_id join remittances q on q.id = n.remittance_id
    where n.status_code <> '25' and q.paid_on > f.paid_on
    group by f.id),
  stated as materialized (
    select d.*, case when k.status = 'voided' or d.id in (select v.id from again v where v.frequency = '8') then 'voided'
        when d.id in (select l.id from later l where l.paid_cents > 0) then 'paid_later'
        when d.id in (select l.id from later l where l.decided > 0) or d.id in (select v.id from again v) then 'resubmitted'
        else 'open' end as state
    from denied d left join claims k on k.id = d.claim_id)`;

/** `first_pass`: answers of originals that are the first decision. Who may see remittances may see every claim, so what is no replacement is an original.
 *  Full joins: hashed or merged whatever the planner believes of the sizes. */
export const firstPass = (query: Answers) => `firsts as materialized (
    select distinct on (n.claim_id) n.claim_id, n.id
    from remittance_claims n join remittances q on q.id = n.remittance_id
    where n.status_code not in ('22', '25') and n.claim_id = any(array(
      select m.claim_id from remittance_claims m where m.status_code not in ('22', '25') ${ofThose(query, 'm.claim_id', 'claim_id')}
      group by m.claim_id having count(*) > 1))
    order by n.claim_id, q.paid_on, n.id),
  first_pass as (
    select m.charged_cents, m.denied_cents
    from (
      select j.id, j.claim_id, j.charged_cents, d.denied_cents, again.id as is_again, f.id as first
      from adjudicated j
      full join (select k.id from claims k where k.replaces is not null) again on again.id = j.claim_id
      full join firsts f on f.claim_id = j.claim_id
      full join denied d on d.id = j.id
      offset 0
    ) m
    where m.claim_id is not null and m.is_again is null and coalesce(m.first, m.id) = m.id)`;
