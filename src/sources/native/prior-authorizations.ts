import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { excludedOf } from '../../domains/definitions.ts';
import type { PriorAuthorization, PriorAuthorizations } from '../../domains/prior-authorizations.ts';
import type { Surroundings } from '../connector.ts';
import { priorAuthorizationAsking } from './prior-authorizations-write.ts';
import { cursorStands, LISTED, patientStands, practitionerStands, unlistedOf } from './standing.ts';

type Query = Parameters<PriorAuthorizations['list']>[0];
type Row = Nullable<PriorAuthorization>;

export function priorAuthorizations({ tx, today }: Surroundings): PriorAuthorizations {
  return {
    ...priorAuthorizationAsking(tx),
    async list(query) {
      const { patient_id, limit } = query;
      const [, , , rows, unlisted] = await Promise.all([
        patient_id === undefined ? undefined : patientStands(tx, patient_id),
        practitionerStands(tx, query.practitioner_id),
        cursorStands(query.after, (id) => requestsOf(tx, { ...query, after: undefined, limit: 1 }, today, id)),
        requestsOf(tx, { ...query, limit: limit + 1 }, today),
        patient_id === undefined && query.after === undefined
          ? unlistedOf(tx, { of: 'prior_authorizations', x: 'a', where: ASKED }, valuesOf(query, today))
          : {},
      ]);
      return {
        prior_authorizations: rows.slice(0, limit).map((row) => present(row) as PriorAuthorization),
        more: rows.length > limit,
        excluded: excludedOf(unlisted),
      };
    },
  };
}

/** $1 is today. */
const PENDING_DAYS = `case when a.status in ('submitted', 'pended') then $1::date - a.requested_at::date end`;
const ASKED = `($2::uuid is null or a.patient_id = $2) and ($3::uuid is null or a.practitioner_id = $3) and ($4::text[] is null or a.status = any($4))
  and ($5::int is null or ${PENDING_DAYS} >= $5)`;
/** A draft was not asked yet, and stands first. */
const ASKED_AT = `coalesce(a.requested_at, 'infinity')`;

async function requestsOf(tx: Tx, query: Query, today: string, id?: string): Promise<Row[]> {
  return tx.rows<Row>(
    `select a.id as prior_authorization_id, a.patient_id, p.given_name || ' ' || p.family_name as patient, c.payer,
       d.given_name || ' ' || d.family_name as practitioner, a.service_name, a.service_code, a.code_system, a.reason_icd10, a.status,
       case when a.status = 'draft' and a.requested_at is null then true end as not_sent, a.service_from, a.service_to, a.units_requested,
       a.units_approved, a.requested_at, ${PENDING_DAYS} as pending_days, a.decided_at, a.certification_number, a.valid_from, a.valid_to,
       case when a.status not in ('approved', 'partially_approved') then null when a.valid_to < $1::date then 'expired' when a.valid_from > $1::date then 'upcoming'
         when a.valid_from is not null and a.valid_to is not null then 'current' end as validity, a.decision_code
     from prior_authorizations a
     join patients p on p.tenant_id = a.tenant_id and p.id = a.patient_id
     left join coverages c on c.tenant_id = a.tenant_id and c.id = a.coverage_id
     left join practitioners d on d.tenant_id = a.tenant_id and d.id = a.practitioner_id
     where ${ASKED} and ($2 is not null or ${LISTED})
       and ($6::uuid is null or (${ASKED_AT}, a.id) < (select coalesce(b.requested_at, 'infinity'), b.id from prior_authorizations b where b.id = $6))
       and ($8::uuid is null or a.id = $8)
     order by ${ASKED_AT} desc, a.id desc
     limit $7`,
    [...valuesOf(query, today), query.after ?? null, query.limit, id ?? null],
  );
}

const valuesOf = ({ patient_id, practitioner_id, statuses, pending_days }: Query, today: string) => [
  today,
  patient_id ?? null,
  practitioner_id ?? null,
  statuses ?? null,
  pending_days ?? null,
];
