// Notes into the chart: only in the transaction of a signature, the database sees to it.
import { Fault } from '../../base/fault.ts';
import type { Notes } from '../../domains/notes.ts';
import type { Surroundings } from '../connector.ts';
import { noSuchPatient } from './standing.ts';

export function noteWriting({ tx }: Surroundings): Pick<Notes, 'writable' | 'create'> {
  return {
    async writable({ patient_id, encounter_id }) {
      const [[patient], [encounter]] = await Promise.all([
        tx.rows<{ replaced_by: string | null; deceased: boolean }>(
          'select p.replaced_by, p.deceased_on is not null as deceased from patients p where p.id = $1',
          [patient_id],
        ),
        tx.rows<{ status: string; patient_id: string }>('select e.status, e.patient_id from encounters e where e.id = $1', [
          encounter_id ?? null,
        ]),
      ]);
      if (!patient) throw noSuchPatient();
      if (patient.replaced_by !== null)
        throw new Fault('conflict', 'This chart was merged into another one. Call search_patients for the chart that stands.');
      if (encounter_id === undefined) return { patient_id };
      if (!encounter || encounter.patient_id !== patient_id)
        throw new Fault('not_found', 'encounter_id: no such visit of this patient. Call get_encounters for this patient, or leave it out.');
      if (encounter.status === 'entered_in_error') throw new Fault('conflict', 'encounter_id: this visit was entered in error.');
      return { patient_id, encounter_id };
    },
    async create({ note_id, patient_id, encounter_id, author_id, title, signed_at, body }) {
      await tx.rows(
        `insert into chart_notes (tenant_id, id, patient_id, encounter_id, author_id, title, status, signed_at, body, created_at)
         values (app.tenant(), $1, $2, $3, $4, $5, 'signed', $6, $7, $6) on conflict (tenant_id, id) do nothing`,
        [note_id, patient_id, encounter_id ?? null, author_id, title, signed_at, JSON.stringify(body)],
      );
      return { note_id };
    },
  };
}
