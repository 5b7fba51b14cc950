// Whether the record that a question stands on is there. Another clinic's is not: row security hides it, and the words are the same.
import { Fault } from '../../base/fault.ts';
import { staleCursor } from '../../base/ids.ts';
import type { Tx } from '../../db/tx.ts';

export function noSuchPatient(): Fault {
  return new Fault('not_found', 'No such patient in this clinic.');
}

/** Throws Fault not_found unless the patient is there. Sent beside the list itself, in one round trip. */
export async function patientStands(tx: Tx, patient_id: string): Promise<void> {
  const found = await tx.rows('select from patients p where p.id = $1', [patient_id]);
  if (found.length === 0) throw noSuchPatient();
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
