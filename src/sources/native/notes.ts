import * as z from 'zod';
import { present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { Narrative } from '../../domains/mark.ts';
import type { ChartNote, Notes } from '../../domains/notes.ts';
import type { Surroundings } from '../connector.ts';
import { noteWriting } from './notes-write.ts';
import { cursorStands, isOfPatient, patientStands } from './standing.ts';
import { unsignedNotes } from './unsigned-notes.ts';

/** chart_notes.body. */
const Body = z.strictObject({
  subjective: Narrative.optional(),
  objective: Narrative.optional(),
  assessment: Narrative.optional(),
  plan: Narrative.optional(),
});

export function notes(around: Surroundings): Notes {
  const { tx } = around;
  return {
    async list({ limit, ...query }) {
      const [, , , rows] = await Promise.all([
        patientStands(tx, query.patient_id),
        isOfPatient(tx, 'encounters', query.encounter_id, query.patient_id),
        cursorStands(query.after, (id) =>
          tx.rows('select from chart_notes n where n.id = $1 and n.patient_id = $2 and n.signed_at is not null', [id, query.patient_id]),
        ),
        signedNotes(tx, { ...query, limit: limit + 1 }),
      ]);
      return { notes: rows.slice(0, limit).map(noteOf), more: rows.length > limit };
    },
    unsigned: (query) => unsignedNotes(around, query),
    ...noteWriting(around),
  };
}

interface Row {
  note_id: string;
  encounter_id: string | null;
  title: string;
  author: string;
  author_credentials: string | null;
  signed_at: string;
  amended_at: string | null;
  body: unknown;
}

async function signedNotes(tx: Tx, query: Parameters<Notes['list']>[0]): Promise<Row[]> {
  return tx.rows<Row>(
    `select n.id as note_id, n.encounter_id, n.title, d.given_name || ' ' || d.family_name as author, d.credentials as author_credentials,
       n.signed_at, n.amended_at, n.body
     from chart_notes n
     join practitioners d on d.tenant_id = n.tenant_id and d.id = n.author_id
     where n.patient_id = $1 and n.status in ('signed', 'amended')
       and ($2::date is null or n.signed_at >= $2::date::timestamptz)
       and ($3::uuid is null or n.signed_at < (select a.signed_at from chart_notes a where a.id = $3 and a.patient_id = $1)
         or n.signed_at = (select a.signed_at from chart_notes a where a.id = $3 and a.patient_id = $1) and n.id > $3)
       and ($5::date is null or n.signed_at < ($5::date + 1)::timestamptz)
       and ($6::uuid is null or n.encounter_id = $6)
     order by n.signed_at desc, n.id
     limit $4`,
    [query.patient_id, query.since ?? null, query.after ?? null, query.limit, query.until ?? null, query.encounter_id ?? null],
  );
}

/** Sections without words are left out. A body that does not parse is our bug: it never came through the border. */
export function noteOf({ body, ...row }: Row): ChartNote {
  const parsed = Body.safeParse(body);
  if (!parsed.success) throw new Error(`chart_notes.body of ${row.note_id} is malformed`);
  const sections = Object.entries(parsed.data).filter(([, spans]) => spans?.some(({ text }) => text.trim().length > 0));
  return { ...present(row), ...Object.fromEntries(sections) };
}
