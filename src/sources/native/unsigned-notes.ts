import { Fault } from '../../base/fault.ts';
import { staleCursor } from '../../base/ids.ts';
import type { Tx } from '../../db/tx.ts';
import type { AuthorBacklog, Notes, UnsignedNote } from '../../domains/notes.ts';
import type { Surroundings } from '../connector.ts';
import { type Nullable, present } from './present.ts';
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

/** The page and the counts from one look: what waits is found once. Visits without a note are the difference of two sets that indexes hold whole; asking
 *  for each visit whether it has one takes as many probes as a year has visits. */
async function backlogOf(tx: Tx, query: Query & { today: string; now: string }): Promise<Backlog> {
  const [row] = await tx.rows<Backlog>(
    `with bare as materialized (
       select e.id
       from encounters e
       where e.status = 'finished' and e.class in ('ambulatory', 'virtual', 'home')
         and e.start_at >= $1::date::timestamptz and e.start_at <= $2::timestamptz
       except
       select n.encounter_id
       from chart_notes n
       where n.encounter_id is not null and n.status in ('signed', 'amended', 'unsigned')
     ), waiting as materialized (
       select n.tenant_id, n.id, 'unsigned_note' as kind, n.encounter_id, n.patient_id, n.author_id as practitioner_id, n.title,
         coalesce(e.start_at, n.created_at) as visit_at
       from chart_notes n
       left join encounters e on e.tenant_id = n.tenant_id and e.id = n.encounter_id and e.status <> 'entered_in_error'
       where n.status = 'unsigned'
       union all
       select e.tenant_id, e.id, 'missing_note', e.id, e.patient_id, e.practitioner_id, e.visit_type, e.start_at
       from bare b
       join encounters e on e.id = b.id
     ), asked as materialized (
       select w.tenant_id, w.id, w.kind, w.encounter_id, w.patient_id, w.practitioner_id, w.title, w.visit_at, $3::date - w.visit_at::date as age_days
       from waiting w
       where ($4::uuid is null or w.practitioner_id = $4) and ($5::int is null or $3::date - w.visit_at::date > $5)
     ), page as (
       select a.id, a.kind, a.encounter_id, a.patient_id, a.practitioner_id, a.title, a.visit_at, a.age_days, a.tenant_id
       from asked a
       where $6::uuid is null or (a.visit_at, a.id) > (select b.visit_at, b.id from asked b where b.id = $6)
       order by a.visit_at, a.id
       limit $7
     ), authors as (
       select a.tenant_id, a.practitioner_id, count(*) filter (where a.kind = 'unsigned_note') as unsigned_notes,
         count(*) filter (where a.kind = 'missing_note') as missing_notes, max(a.age_days) as oldest_days
       from asked a
       group by a.tenant_id, a.practitioner_id
       order by count(*) desc, a.practitioner_id
       limit 10
     )
     select
       (select coalesce(jsonb_agg(jsonb_build_object('unsigned_id', g.id, 'kind', g.kind, 'encounter_id', g.encounter_id, 'patient_id', g.patient_id,
            'patient', p.given_name || ' ' || p.family_name, 'practitioner_id', g.practitioner_id, 'author', d.given_name || ' ' || d.family_name,
            'title', g.title, 'visit_at', g.visit_at, 'age_days', g.age_days) order by g.visit_at, g.id), '[]')
          from page g
          join patients p on p.tenant_id = g.tenant_id and p.id = g.patient_id
          join practitioners d on d.tenant_id = g.tenant_id and d.id = g.practitioner_id) as page,
       (select coalesce(jsonb_agg(jsonb_build_object('practitioner_id', u.practitioner_id, 'author', d.given_name || ' ' || d.family_name,
            'unsigned_notes', u.unsigned_notes, 'missing_notes', u.missing_notes, 'oldest_days', u.oldest_days)
            order by u.unsigned_notes + u.missing_notes desc, u.practitioner_id), '[]')
          from authors u
          join practitioners d on d.tenant_id = u.tenant_id and d.id = u.practitioner_id) as by_author,
       (select count(*) filter (where a.kind = 'unsigned_note') from asked a)::int as unsigned_notes,
       (select count(*) filter (where a.kind = 'missing_note') from asked a)::int as missing_notes,
       exists (select from asked a where a.id = $6) as cursor_stands`,
    [query.since, query.now, query.today, query.practitioner_id ?? null, query.older_than_days ?? null, query.after ?? null, query.limit],
  );
  if (!row) throw new Error('an aggregate without a row');
  return row;
}
