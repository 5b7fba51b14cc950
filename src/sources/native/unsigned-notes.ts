import { Fault } from '../../base/fault.ts';
import { staleCursor } from '../../base/ids.ts';
import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import type { AuthorBacklog, Notes, UnsignedNote } from '../../domains/notes.ts';
import type { Surroundings } from '../connector.ts';
import { practitionerStands } from './standing.ts';

type Query = Parameters<Notes['unsigned']>[0];
type Found = Awaited<ReturnType<Notes['unsigned']>>;

export async function unsignedNotes({ tx, now, today }: Surroundings, query: Query): Promise<Found> {
  if (query.since > today) throw new Fault('invalid_input', 'since: is after today. Use today or a day before.');
  const [, found] = await Promise.all([
    practitionerStands(tx, query.practitioner_id),
    backlogOf(tx, { ...query, limit: query.limit + 1, today, now: now.toISOString() }),
  ]);
  if (query.after !== undefined && !found.cursor_stands) throw staleCursor();
  return {
    unsigned: found.page.slice(0, query.limit).map(present),
    more: found.page.length > query.limit,
    by_author: found.by_author,
    unsigned_notes: found.unsigned_notes,
    missing_notes: found.missing_notes,
  };
}

interface Backlog {
  page: Nullable<UnsignedNote>[];
  by_author: AuthorBacklog[];
  unsigned_notes: number;
  missing_notes: number;
  cursor_stands: boolean;
}

/** A visit that owes a note. */
const OWES = `e.status = 'finished' and e.class in ('ambulatory', 'virtual', 'home')
         and e.start_at >= $1::date::timestamptz and e.start_at <= $2::timestamptz`;

/** The page and the counts from one look: what waits is found once, by what is needed to count and to order it. Visits without a note are the difference of two
 *  sets that indexes hold whole; asking for each visit whether it has one takes as many probes as a year has visits. `is true` keeps the difference one set that
 *  is held, so that a clinic where nobody writes notes is not asked visit by visit either. */
async function backlogOf(tx: Tx, query: Query & { today: string; now: string }): Promise<Backlog> {
  const [row] = await tx.rows<Backlog>(
    `with bare as materialized (
       select e.id
       from encounters e
       where ${OWES}
       except
       select n.encounter_id
       from chart_notes n
       where n.encounter_id is not null and n.status in ('signed', 'amended', 'unsigned')
     ), waiting as (
       select n.id, true as is_note, n.encounter_id, n.patient_id, n.author_id as practitioner_id, coalesce(e.start_at, n.created_at) as visit_at
       from chart_notes n
       left join encounters e on e.tenant_id = n.tenant_id and e.id = n.encounter_id and e.status <> 'entered_in_error'
       where n.status = 'unsigned'
       union all
       select e.id, false, e.id, e.patient_id, e.practitioner_id, e.start_at
       from encounters e
       where ${OWES} and (e.id in (select b.id from bare b)) is true
     ), asked as materialized (
       select w.*
       from waiting w
       where ($4::uuid is null or w.practitioner_id = $4) and ($5::int is null or w.visit_at < ($3::date - $5)::timestamptz)
     ), page as (
       select a.*
       from asked a
       where $6::uuid is null or (a.visit_at, a.id) > (select b.visit_at, b.id from asked b where b.id = $6)
       order by a.visit_at, a.id
       limit $7
     ), authors as materialized (
       select a.practitioner_id, count(*) filter (where a.is_note) as unsigned_notes, count(*) filter (where not a.is_note) as missing_notes,
         $3::date - min(a.visit_at)::date as oldest_days
       from asked a
       group by a.practitioner_id
     ), most as (
       select u.* from authors u order by u.unsigned_notes + u.missing_notes desc, u.practitioner_id limit 10
     )
     select
       (select coalesce(jsonb_agg(jsonb_build_object('unsigned_id', g.id, 'kind', case when g.is_note then 'unsigned_note' else 'missing_note' end,
            'encounter_id', g.encounter_id, 'patient_id', g.patient_id, 'patient', p.given_name || ' ' || p.family_name,
            'practitioner_id', g.practitioner_id, 'author', d.given_name || ' ' || d.family_name,
            'title', t.title, 'visit_at', g.visit_at, 'age_days', $3::date - g.visit_at::date) order by g.visit_at, g.id), '[]')
          from page g
          cross join lateral (select p.given_name, p.family_name from patients p where p.id = g.patient_id offset 0) p
          cross join lateral (select case when g.is_note then (select n.title from chart_notes n where n.id = g.id)
            else (select e.visit_type from encounters e where e.id = g.id) end as title) t
          join practitioners d on d.id = g.practitioner_id) as page,
       (select coalesce(jsonb_agg(jsonb_build_object('practitioner_id', u.practitioner_id, 'author', d.given_name || ' ' || d.family_name,
            'unsigned_notes', u.unsigned_notes, 'missing_notes', u.missing_notes, 'oldest_days', u.oldest_days)
            order by u.unsigned_notes + u.missing_notes desc, u.practitioner_id), '[]')
          from most u
          join practitioners d on d.id = u.practitioner_id) as by_author,
       (select coalesce(sum(u.unsigned_notes), 0) from authors u)::int as unsigned_notes,
       (select coalesce(sum(u.missing_notes), 0) from authors u)::int as missing_notes,
       $6::uuid is not null and exists (select from asked a where a.id = $6) as cursor_stands`,
    [query.since, query.now, query.today, query.practitioner_id ?? null, query.older_than_days ?? null, query.after ?? null, query.limit],
  );
  if (!row) throw new Error('an aggregate without a row');
  return row;
}
