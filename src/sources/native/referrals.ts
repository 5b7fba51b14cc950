import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { excludedOf } from '../../domains/definitions.ts';
import type { Referral, Referrals } from '../../domains/referrals.ts';
import type { Surroundings } from '../connector.ts';
import { chartTakes } from './chart-takes.ts';
import { cursorStands, LISTED, patientStands, practitionerStands, unlistedOf } from './standing.ts';

type Query = Parameters<Referrals['list']>[0];

export function referrals({ tx, today }: Surroundings): Referrals {
  return {
    async list(query) {
      const { patient_id, limit } = query;
      const [, , , rows, unlisted] = await Promise.all([
        patient_id === undefined ? undefined : patientStands(tx, patient_id),
        practitionerStands(tx, query.practitioner_id),
        cursorStands(query.after, (id) => referralsOf(tx, { ...query, after: undefined, limit: 1 }, today, id)),
        referralsOf(tx, { ...query, limit: limit + 1 }, today),
        patient_id === undefined && query.after === undefined
          ? unlistedOf(tx, { of: 'referrals', x: 'r', where: ASKED }, valuesOf(query, today))
          : {},
      ]);
      return { referrals: rows.slice(0, limit).map(referralOf), more: rows.length > limit, excluded: excludedOf(unlisted) };
    },
    async referable(query) {
      await chartTakes(tx, query);
    },
    async create(made) {
      const { referral_id, patient_id, practitioner_id, other_party, other_npi, specialty, reason_icd10, reason, priority, created_on } =
        made;
      await tx.rows(
        `insert into referrals (tenant_id, id, patient_id, direction, status, priority, specialty, reason_icd10, reason, practitioner_id, other_party, other_npi, created_on)
         values (app.tenant(), $1, $2, 'outgoing', 'active', $3, $4, $5, $6, $7, $8, $9, $10) on conflict (tenant_id, id) do nothing`,
        [referral_id, patient_id, priority, specialty, reason_icd10, reason, practitioner_id, other_party, other_npi ?? null, created_on],
      );
    },
  };
}

type Row = Nullable<Omit<Referral, 'expired'>> & { expired: boolean };

function referralOf({ expired, ...row }: Row): Referral {
  return { ...present(row), ...(expired && { expired: true as const }) };
}

/** $1 is today. */
const AWAITING = `case
    when r.status = 'active' and r.direction = 'outgoing' and r.sent_on is null and r.scheduled_on is null then 'sending'
    when r.status = 'active' and r.scheduled_on is null then 'appointment'
    when r.status = 'active' and r.scheduled_on >= $1::date and r.report_received_on is null then 'visit'
    when r.status in ('active', 'completed') and r.direction = 'outgoing' and r.scheduled_on < $1::date and r.report_received_on is null then 'report' end`;
/** The day of the step before. */
const WAITS_SINCE = `case w.awaiting when 'sending' then r.created_on when 'appointment' then coalesce(r.sent_on, r.created_on)
    when 'report' then r.scheduled_on end`;
const ASKED = `r.status <> 'entered_in_error' and ($2::uuid is null or r.patient_id = $2) and ($3::uuid is null or r.practitioner_id = $3)
  and ($4::text is null or r.status = $4) and ($5::text is null or r.direction = $5) and ($6::text is null or ${AWAITING} = $6)
  and ($7::date is null or r.created_on >= $7)`;

async function referralsOf(tx: Tx, query: Query, today: string, id?: string): Promise<Row[]> {
  return tx.rows<Row>(
    `select r.id as referral_id, r.patient_id, p.given_name || ' ' || p.family_name as patient, r.direction, r.status, r.priority, r.specialty, r.reason_icd10,
       d.given_name || ' ' || d.family_name as practitioner, r.other_party, r.other_npi, r.created_on, r.sent_on, r.scheduled_on, r.report_received_on,
       r.expires_on, coalesce(r.status = 'active' and r.expires_on < $1::date, false) as expired, r.visits_allowed, w.awaiting,
       $1::date - ${WAITS_SINCE} as waiting_days
     from referrals r
     join patients p on p.tenant_id = r.tenant_id and p.id = r.patient_id
     left join practitioners d on d.tenant_id = r.tenant_id and d.id = r.practitioner_id
     cross join lateral (select ${AWAITING} as awaiting) w
     where ${ASKED} and ($2 is not null or ${LISTED})
       and ($8::uuid is null or (r.created_on, r.id) < (select b.created_on, b.id from referrals b where b.id = $8))
       and ($10::uuid is null or r.id = $10)
     order by r.created_on desc, r.id desc
     limit $9`,
    [...valuesOf(query, today), query.after ?? null, query.limit, id ?? null],
  );
}

const valuesOf = ({ patient_id, practitioner_id, status, direction, awaiting, since }: Query, today: string) => [
  today,
  patient_id ?? null,
  practitioner_id ?? null,
  status ?? null,
  direction ?? null,
  awaiting ?? null,
  since ?? null,
];
