import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import type { Authorization, Authorizations } from '../../domains/authorizations.ts';
import { excludedOf } from '../../domains/definitions.ts';
import type { Surroundings } from '../connector.ts';
import { cursorStands, LISTED, patientStands, unlistedOf } from './standing.ts';

type Query = Parameters<Authorizations['list']>[0];

export function authorizations({ tx, today }: Surroundings): Authorizations {
  return {
    async list(query) {
      const { patient_id, limit } = query;
      const [, , rows, unlisted] = await Promise.all([
        patient_id === undefined ? undefined : patientStands(tx, patient_id),
        cursorStands(query.after, (id) => grantsOf(tx, { ...query, after: undefined, limit: 1 }, today, id)),
        grantsOf(tx, { ...query, limit: limit + 1 }, today),
        patient_id === undefined && query.after === undefined
          ? unlistedOf(tx, { of: 'authorizations', x: 'z', where: `$4::boolean is not null and ${ASKED}` }, valuesOf(query, today))
          : {},
      ]);
      return { authorizations: rows.slice(0, limit).map(authorizationOf), more: rows.length > limit, excluded: excludedOf(unlisted) };
    },
  };
}

type Row = Nullable<Omit<Authorization, 'low'>> & { low: NonNullable<Authorization['low']> };

function authorizationOf({ low, unresolved_units, outside_period_units, ...row }: Row): Authorization {
  return {
    ...(present(row) as Omit<Authorization, 'low'>),
    ...(unresolved_units !== null && unresolved_units > 0 && { unresolved_units }),
    ...(outside_period_units !== null && outside_period_units > 0 && { outside_period_units }),
    ...(low.length > 0 && { low }),
  };
}

/** $1 is today. */
const STATE = `case when z.status = 'cancelled' then 'cancelled' when z.period_end < $1::date then 'expired' when z.period_start > $1::date then 'upcoming' else 'current' end`;
const ASKED = `z.status <> 'entered_in_error' and ($2::uuid is null or z.patient_id = $2) and ($3::text is null or ${STATE} = $3)
  and ($5::int is null or z.status = 'active' and z.period_start <= $1::date and z.period_end >= $1::date and z.period_end <= $1::date + $5)`;

/** Each use is in one column: used (verified), pending (delivered), scheduled (from today), unresolved (scheduled for a past day), or outside the period. */
const LEDGER = `select
    coalesce(sum(u.units) filter (where n.within and u.status = 'verified'), 0)::int as used,
    coalesce(sum(u.units) filter (where n.within and u.status = 'delivered'), 0)::int as pending,
    coalesce(sum(u.units) filter (where n.within and u.status = 'scheduled' and u.service_on >= $1::date), 0)::int as scheduled,
    coalesce(sum(u.units) filter (where n.within and u.status = 'scheduled' and u.service_on < $1::date), 0)::int as unresolved,
    coalesce(sum(u.units) filter (where not n.within), 0)::int as outside,
    coalesce(sum(u.units) filter (where n.within and u.billed), 0)::int as billed,
    coalesce(sum(u.units) filter (where n.within and u.paid), 0)::int as paid,
    coalesce(sum(u.units) filter (where n.within and u.status = 'scheduled' and u.service_on >= $1::date and u.service_on < $1::date + 14), 0)::int as next_14,
    coalesce(sum(u.units) filter (where n.within and u.status = 'scheduled' and u.service_on >= $1::date and u.service_on < $1::date + 28), 0)::int as next_28,
    coalesce(sum(u.units) filter (where n.within and u.status in ('verified', 'delivered') and u.service_on < $1::date and u.service_on >= $1::date - 28), 0)::int as last_28
  from authorization_uses u
  cross join lateral (select u.service_on between z.period_start and z.period_end as within) n
  where u.tenant_id = z.tenant_id and u.authorization_id = z.id and u.status <> 'cancelled'`;

/** The pace, as units in days: what is scheduled for the next 28 days of the period; where nothing is, what was delivered in the last 28. */
const PACE = `select case when l.next_28 > 0 then l.next_28 when l.last_28 > 0 then l.last_28 end as units,
    case when l.next_28 > 0 then least(28, z.period_end - $1::date + 1) else least(28, $1::date - z.period_start) end as days`;
/** Only asked of a current one with units left. */
const USED_UP_ON = '$1::date + l.left_over * e.days / e.units';

/** Why a current authorization runs low, in the order of LOW_REASONS. */
const LOW = `case when ${STATE} = 'current' then array_remove(array[
    case when l.left_over <= 0 then 'used_up' end,
    case when l.left_over < l.scheduled then 'overscheduled' end,
    case when l.left_over > 0 and ${USED_UP_ON} < z.period_end - 7 then 'runs_out_before_end' end,
    case when l.left_over - l.scheduled < l.next_14 then 'available_below_next_14_days' end,
    case when 100.0 * l.used / z.total_units - 100.0 * ($1::date - z.period_start) / (z.period_end - z.period_start + 1) > 15 then 'used_faster_than_time' end
  ], null) else '{}'::text[] end`;

/** Those that have not ended come first, by their end. */
async function grantsOf(tx: Tx, query: Query, today: string, id?: string): Promise<Row[]> {
  return tx.rows<Row>(
    `select z.id as authorization_id, z.patient_id, p.given_name || ' ' || p.family_name as patient, z.payer, z.service_code, z.modifier, z.service_name,
       z.unit_type, ${STATE} as state, z.period_start, z.period_end, z.units_per_week, z.total_units, l.used as used_units, l.pending as pending_units,
       l.scheduled as scheduled_units, l.left_over as remaining_units, l.left_over - l.scheduled as available_units, l.billed as billed_units,
       l.paid as paid_units, l.unresolved as unresolved_units, l.outside as outside_period_units,
       case when ${STATE} = 'current' and l.left_over > 0 and ${USED_UP_ON} <= z.period_end then ${USED_UP_ON} end as used_up_on, w.low
     from authorizations z
     join patients p on p.tenant_id = z.tenant_id and p.id = z.patient_id
     cross join lateral (select s.*, z.total_units - s.used - s.pending as left_over from (${LEDGER}) s) l
     cross join lateral (${PACE}) e
     cross join lateral (select ${LOW} as low) w
     where ${ASKED} and ($2 is not null or ${LISTED}) and (not $4::boolean or w.low <> '{}')
       and ($6::uuid is null or (z.period_end < $1::date, z.period_end, z.id) >
         (select b.period_end < $1::date, b.period_end, b.id from authorizations b where b.id = $6))
       and ($8::uuid is null or z.id = $8)
     order by z.period_end < $1::date, z.period_end, z.id
     limit $7`,
    [...valuesOf(query, today), query.after ?? null, query.limit, id ?? null],
  );
}

const valuesOf = ({ patient_id, state, low_only, ends_within_days }: Query, today: string) => [
  today,
  patient_id ?? null,
  state ?? null,
  low_only,
  ends_within_days ?? null,
];
