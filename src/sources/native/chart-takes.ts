// Whether something new may be written for a patient: asked when it is drafted, and again when it is signed.
import { Fault } from '../../base/fault.ts';
import type { Tx } from '../../db/tx.ts';
import { noSuchPatient } from './standing.ts';

/** `of_the_dead`: what is written after a death, as the note on it. Throws Fault not_found (patient; a visit that is none of this patient's), conflict (a merged chart, a patient who died, a visit entered in error). */
export async function chartTakes(
  tx: Tx,
  { patient_id, encounter_id }: { patient_id: string; encounter_id?: string | undefined },
  { of_the_dead = false }: { of_the_dead?: boolean } = {},
): Promise<{ birth_date: string | null }> {
  const [[patient], [encounter]] = await Promise.all([
    tx.rows<{ replaced_by: string | null; deceased: boolean; birth_date: string | null }>(
      'select p.replaced_by, p.deceased_on is not null as deceased, p.birth_date from patients p where p.id = $1',
      [patient_id],
    ),
    encounter_id === undefined
      ? []
      : tx.rows<{ status: string }>('select e.status from encounters e where e.id = $1 and e.patient_id = $2', [encounter_id, patient_id]),
  ]);
  if (!patient) throw noSuchPatient();
  if (patient.replaced_by !== null)
    throw new Fault('conflict', 'This chart was merged into another one. Call search_patients for the chart that stands.');
  if (patient.deceased && !of_the_dead) throw new Fault('conflict', 'The chart says that this patient has died.');
  if (encounter_id !== undefined && !encounter)
    throw new Fault('not_found', 'encounter_id: no such visit of this patient. Call get_encounters for this patient, or leave it out.');
  if (encounter?.status === 'entered_in_error') throw new Fault('conflict', 'encounter_id: this visit was entered in error.');
  return { birth_date: patient.birth_date };
}
