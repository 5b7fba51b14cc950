// Whether the record that a question stands on is there. Another clinic's is not: row security hides it, and the words are the same.
import { Fault } from '../../base/fault.ts';
import { staleCursor } from '../../base/ids.ts';
import type { Tx } from '../../db/tx.ts';

export function noSuchPatient(): Fault {
  return new Fault('not_found', 'No such patient in this clinic.');
}

/** Whether a question across patients lists patient `p`. */
export const LISTED = 'p.active and p.deceased_on is null and p.replaced_by is null';

/** How many rows of table `of` (as `x`) for which `where` holds are of patients whom a question across patients does not list. */
export async function unlistedOf(
  tx: Tx,
  { of, x, where }: { of: string; x: string; where: string },
  values: unknown[],
): Promise<Record<string, number>> {
  const [row] = await tx.rows<Record<string, number>>(
    `select count(*)::int as of_inactive_or_deceased_patients_or_merged_charts
     from ${of} ${x} join patients p on p.tenant_id = ${x}.tenant_id and p.id = ${x}.patient_id
     where ${where} and not (${LISTED})`,
    values,
  );
  return row ?? {};
}

/** Throws Fault not_found unless the patient is there. Sent beside the list itself, in one round trip. */
export async function patientStands(tx: Tx, patient_id: string): Promise<void> {
  const found = await tx.rows('select from patients p where p.id = $1', [patient_id]);
  if (found.length === 0) throw noSuchPatient();
}

/** Throws Fault not_found unless the record that narrows a patient's list is that patient's: an empty list would say that there is nothing. None named, no question. */
export async function isOfPatient(
  tx: Tx,
  table: 'encounters' | 'medication_requests',
  id: string | undefined,
  patient_id: string,
): Promise<void> {
  if (id === undefined) return;
  const found = await tx.rows(`select from ${table} x where x.id = $1 and x.patient_id = $2`, [id, patient_id]);
  if (found.length === 0)
    throw new Fault(
      'not_found',
      table === 'encounters'
        ? 'encounter_id: no such visit of this patient. Call get_encounters for this patient, or leave it out.'
        : 'medication_id: no such order of this patient. Call get_medications for this patient, or leave it out.',
    );
}

/** Throws Fault invalid_input unless the cursor's record is of this very list. `rows` looks for it; no cursor, no question. */
export async function cursorStands(after: string | undefined, rows: (after: string) => Promise<object[]>): Promise<void> {
  if (after !== undefined && (await rows(after)).length === 0) throw staleCursor();
}

/** Throws Fault invalid_input unless the clinician is there; none named, no question. */
export async function practitionerStands(tx: Tx, practitioner_id: string | undefined): Promise<void> {
  if (practitioner_id === undefined) return;
  const found = await tx.rows('select from practitioners d where d.id = $1', [practitioner_id]);
  if (found.length === 0)
    throw new Fault(
      'invalid_input',
      'provider_id: no such clinician in this clinic. Call list_practitioners and use a practitioner_id, or leave it out.',
    );
}
