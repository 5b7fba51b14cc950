import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import {
  type Attendance,
  type AttendanceQuery,
  type Attended,
  figuresOf,
  type Missed,
  type Outcomes,
  ranked,
} from '../../domains/attendance.ts';
import { excludedOf } from '../../domains/definitions.ts';
import type { Surroundings } from '../connector.ts';
import { cursorStands, LISTED, practitionerStands } from './standing.ts';

/** Groups of one answer. */
const MOST_GROUPS = 15;

export async function attendance({ tx, now }: Pick<Surroundings, 'tx' | 'now'>, query: AttendanceQuery): Promise<Attendance> {
  const [, , rows, groups, unlisted] = await Promise.all([
    practitionerStands(tx, query.practitioner_id),
    cursorStands(query.after, (id) => missedOf(tx, { ...query, after: undefined, limit: 1 }, now, id)),
    missedOf(tx, { ...query, limit: query.limit + 1 }, now),
    query.after === undefined ? countsOf(tx, query, now) : [],
    query.after === undefined ? unlistedOf(tx, query, now) : {},
  ]);
  return {
    ...(query.after === undefined && { overview: overviewOf(groups, query.by) }),
    appointments: rows.slice(0, query.limit).map((row) => present(row) as Missed),
    not_listed: excludedOf(unlisted),
    more: rows.length > query.limit,
  };
}

type Count = Attended & { group: string; practitioner_id: string | null };

function overviewOf(counts: readonly Count[], by: AttendanceQuery['by']): NonNullable<Attendance['overview']> {
  const whole = counts.reduce<Attended>((sum, count) => added(sum, count), NOTHING);
  const { late_cancelled: _, timed_cancelled, refilled: __, ...outcomes } = whole;
  const cancelled =
    outcomes.cancelled_by_patient + outcomes.cancelled_by_practice + outcomes.cancelled_by_system + outcomes.cancelled_by_unknown;
  const { rescheduled, unresolved, under_way } = outcomes;
  const groups = ranked(counts.map(named));
  return {
    figures: figuresOf(whole),
    outcomes: outcomes satisfies Outcomes,
    // Of the no-show rate; the last of fill-back and late cancellations.
    excluded: excludedOf({ rescheduled, cancelled, unresolved, under_way, cancelled_at_an_unknown_time: cancelled - timed_cancelled }),
    ...(by !== undefined && {
      groups: groups.slice(0, MOST_GROUPS),
      ...(groups.length > MOST_GROUPS && { more_groups: groups.length - MOST_GROUPS }),
    }),
  };
}

function named({ group, practitioner_id, completed, no_show }: Count) {
  return { group, ...(practitioner_id !== null && { practitioner_id }), completed, no_show };
}

const NOTHING: Attended = {
  completed: 0,
  no_show: 0,
  cancelled_by_patient: 0,
  cancelled_by_practice: 0,
  cancelled_by_system: 0,
  cancelled_by_unknown: 0,
  rescheduled: 0,
  unresolved: 0,
  under_way: 0,
  late_cancelled: 0,
  timed_cancelled: 0,
  refilled: 0,
};

function added(sum: Attended, count: Attended): Attended {
  const keys = Object.keys(NOTHING) as (keyof Attended)[];
  return Object.fromEntries(keys.map((key) => [key, sum[key] + count[key]])) as unknown as Attended;
}

/** The state of an appointment `a` that began by $3 (now), in one word; `late_cancelled` beside it. What was moved is told by its link, whatever it is called. */
const OUTCOME = `case
    when a.status in ('completed', 'no_show') then a.status
    when a.status = 'rescheduled' or a.status = 'cancelled' and a.rescheduled_to is not null then 'rescheduled'
    when a.status = 'cancelled' then 'cancelled'
    when a.status in ('booked', 'confirmed') and a.start_at + a.minutes * interval '1 minute' <= $3::timestamptz then 'unresolved'
    else 'under_way' end`;
const LATE = `a.status = 'cancelled' and a.rescheduled_to is null and a.cancelled_by = 'patient' and a.cancelled_at > a.start_at - interval '24 hours'`;
const IN_PERIOD = `a.start_at >= $1::date::timestamptz and a.start_at < ($2::date + 1)::timestamptz and a.start_at <= $3::timestamptz
    and a.status <> 'entered_in_error' and ($4::uuid is null or a.practitioner_id = $4)`;

/** What a group is made by, and its name in words. */
const GROUPS = {
  provider: { by: 'a.practitioner_id', as: "(select d.given_name || ' ' || d.family_name from practitioners d where d.id = c.grp)" },
  visit_type: { by: 'a.visit_type', as: 'c.grp' },
  weekday: { by: 'extract(isodow from a.start_at)', as: "to_char(c.start_at, 'FMDay')" },
  lead_time: {
    by: `case
      when a.start_at::date <= a.booked_at::date then 'same day'
      when a.start_at::date - a.booked_at::date <= 7 then '1 to 7 days'
      when a.start_at::date - a.booked_at::date <= 14 then '8 to 14 days'
      when a.start_at::date - a.booked_at::date <= 28 then '15 to 28 days'
      else 'over 28 days' end`,
    as: 'c.grp',
  },
} as const satisfies Record<NonNullable<AttendanceQuery['by']>, { by: string; as: string }>;

/** Lead time is from booking to start of the appointment that counts. Each grouping is a statement of its own, for a plan of its own. */
async function countsOf(tx: Tx, { from, to, practitioner_id, by }: AttendanceQuery, now: Date): Promise<Count[]> {
  const group = by === undefined ? { by: "''", as: "''" } : GROUPS[by];
  return tx.rows<Count>(
    `with visit as (
       select a.start_at, a.cancelled_by, a.cancelled_at, ${OUTCOME} as outcome, ${LATE} as late, ${group.by} as grp,
         a.status = 'cancelled' and a.rescheduled_to is null and a.cancelled_at is not null and exists (
           select from appointments b
           where b.tenant_id = a.tenant_id and b.practitioner_id = a.practitioner_id and b.id <> a.id
             and b.status not in ('cancelled', 'rescheduled', 'entered_in_error') and b.booked_at >= a.cancelled_at
             and b.start_at > a.start_at - interval '8 hours' and b.start_at < a.start_at + a.minutes * interval '1 minute'
             and b.start_at + b.minutes * interval '1 minute' > a.start_at) as refilled
       from appointments a
       where ${IN_PERIOD}),
     counted as (
       select v.grp, max(v.start_at) as start_at,
         count(*) filter (where outcome = 'completed')::int as completed,
         count(*) filter (where outcome = 'no_show')::int as no_show,
         count(*) filter (where outcome = 'cancelled' and v.cancelled_by = 'patient')::int as cancelled_by_patient,
         count(*) filter (where outcome = 'cancelled' and v.cancelled_by = 'practice')::int as cancelled_by_practice,
         count(*) filter (where outcome = 'cancelled' and v.cancelled_by = 'system')::int as cancelled_by_system,
         count(*) filter (where outcome = 'cancelled' and v.cancelled_by is null)::int as cancelled_by_unknown,
         count(*) filter (where outcome = 'rescheduled')::int as rescheduled,
         count(*) filter (where outcome = 'unresolved')::int as unresolved,
         count(*) filter (where outcome = 'under_way')::int as under_way,
         count(*) filter (where late)::int as late_cancelled,
         count(*) filter (where outcome = 'cancelled' and v.cancelled_at is not null)::int as timed_cancelled,
         count(*) filter (where refilled)::int as refilled
       from visit v
       group by v.grp)
     select c.*, ${group.as} as group, ${by === 'provider' ? 'c.grp' : 'null::uuid'} as practitioner_id
     from counted c`,
    [from, to, now.toISOString(), practitioner_id ?? null],
  );
}

/** $5 is the kind of the list. */
const OF_KIND = `case $5::text when 'late_cancelled' then ${LATE} else ${OUTCOME} = $5 end`;
/** Who can be written to: alive, with us, and not two charts of one person. */

/** Walked by the day until the page is full, each patient asked by its key; then what belongs to the page's rows. */
async function missedOf(tx: Tx, query: AttendanceQuery, now: Date, id?: string): Promise<Nullable<Missed>[]> {
  return tx.rows<Nullable<Missed>>(
    `with page as (
       select a.tenant_id, a.id, a.patient_id, a.practitioner_id, a.start_at, a.visit_type, a.cancelled_by, a.cancelled_at
       from appointments a
       where ${IN_PERIOD} and ${OF_KIND} and (select ${LISTED} from patients p where p.tenant_id = a.tenant_id and p.id = a.patient_id)
         and ($6::uuid is null or (a.start_at, a.id) > (select b.start_at, b.id from appointments b where b.id = $6))
         and ($8::uuid is null or a.id = $8)
       order by a.start_at, a.id
       limit $7)
     select g.id as appointment_id, g.patient_id, p.given_name || ' ' || p.family_name as patient, g.start_at,
       case $5 when 'late_cancelled' then 'cancelled' else $5 end as status, g.visit_type,
       d.given_name || ' ' || d.family_name as practitioner, g.cancelled_by, g.cancelled_at,
       (select n.start_at from appointments n
        where n.tenant_id = g.tenant_id and n.patient_id = g.patient_id and n.start_at > g.start_at
          and n.status not in ('cancelled', 'rescheduled', 'no_show', 'entered_in_error')
          and (n.status not in ('booked', 'confirmed') or n.start_at + n.minutes * interval '1 minute' > $3::timestamptz)
        order by n.start_at limit 1) as next_at
     from page g
     cross join lateral (select p.given_name, p.family_name from patients p where p.tenant_id = g.tenant_id and p.id = g.patient_id offset 0) p
     join practitioners d on d.tenant_id = g.tenant_id and d.id = g.practitioner_id
     order by g.start_at, g.id`,
    [query.from, query.to, now.toISOString(), query.practitioner_id ?? null, query.list, query.after ?? null, query.limit, id ?? null],
  );
}

async function unlistedOf(tx: Tx, query: AttendanceQuery, now: Date): Promise<Record<string, number>> {
  const [row] = await tx.rows<Record<string, number>>(
    `select count(*) filter (where p.replaced_by is not null)::int as merged_charts,
       count(*) filter (where p.replaced_by is null and p.deceased_on is not null)::int as deceased_patients,
       count(*) filter (where p.replaced_by is null and p.deceased_on is null)::int as inactive_patients
     from appointments a
     join patients p on p.tenant_id = a.tenant_id and p.id = a.patient_id
     where ${IN_PERIOD} and ${OF_KIND} and not (${LISTED})`,
    [query.from, query.to, now.toISOString(), query.practitioner_id ?? null, query.list],
  );
  return row ?? {};
}
