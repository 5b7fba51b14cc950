// Notes into the chart: only in the transaction of a signature, the database sees to it.
import type { Notes } from '../../domains/notes.ts';
import type { Surroundings } from '../connector.ts';
import { chartTakes } from './chart-takes.ts';

export function noteWriting({ tx }: Surroundings): Pick<Notes, 'writable' | 'create'> {
  return {
    async writable(wanted) {
      await chartTakes(tx, wanted, { of_the_dead: true });
    },
    async create({ note_id, patient_id, encounter_id, author_id, title, signed_at, body }) {
      await chartTakes(tx, { patient_id, encounter_id }, { of_the_dead: true });
      await tx.rows(
        `insert into chart_notes (tenant_id, id, patient_id, encounter_id, author_id, title, status, signed_at, body, created_at)
         values (app.tenant(), $1, $2, $3, $4, $5, 'signed', $6, $7, $6) on conflict (tenant_id, id) do nothing`,
        [note_id, patient_id, encounter_id ?? null, author_id, title, signed_at, JSON.stringify(body)],
      );
      return { note_id };
    },
  };
}
