// Rows of the chart for tests: each names only what the test is about.
import { randomUUID } from 'node:crypto';
import type { LabRow } from '../../src/sources/native/labs.ts';
import type { Candidate } from '../../src/sources/native/patient-match.ts';

export type Row = Record<string, unknown>;

export const TENANT = '00000000-0000-4000-8000-000000000001';

const row = (defaults: Row) => (own: Row) => ({ tenant_id: TENANT, id: randomUUID(), ...defaults, ...own });

let charts = 10_000;

export function aPatient(own: Row = {}): Row {
  charts += 1;
  return row({
    mrn: `SYN-${charts}`,
    family_name: 'Okafor',
    given_name: 'Ada',
    birth_date: '1950-02-01',
    sex: 'female',
    created_at: '2024-01-02T09:00:00-05:00',
  })(own);
}

export const aPractitioner = row({ family_name: 'Lind', given_name: 'Cora', credentials: 'MD' });
export const aConnection = row({ vendor: 'native', connected_at: '2024-11-20T09:00:00-05:00' });

/** Of a patient row: its tenant too. */
const of =
  (defaults: Row) =>
  (patient: Row, own: Row = {}) =>
    row({ tenant_id: patient.tenant_id, patient_id: patient.id, ...defaults })(own);

export const aLabResult = of({
  loinc: '2345-7',
  name_raw: 'GLUCOSE',
  value: 96,
  unit: 'mg/dL',
  ref_low: 70,
  ref_high: 99,
  status: 'final',
  collected_at: '2026-11-18T08:10:00-05:00',
});
export const aCoverage = of({ rank: 1, status: 'active', kind: 'commercial', payer: 'Example Health Plan', relationship: 'self' });
export const aMedication = of({
  name: 'lisinopril 10 mg oral tablet',
  ingredient: 'lisinopril',
  form: 'tablet',
  status: 'active',
  start_on: '2026-10-01',
});
export const anAppointment = of({
  start_at: '2026-11-20T09:00:00-05:00',
  minutes: 30,
  status: 'booked',
  visit_type: 'Follow-up',
  modality: 'in_person',
  booked_at: '2026-11-01T10:00:00-05:00',
});
export const aNote = of({
  title: 'Follow-up visit',
  status: 'signed',
  signed_at: '2026-11-18T17:00:00-05:00',
  created_at: '2026-11-18T16:00:00-05:00',
  body: { assessment: [{ text: 'Hypertension, at goal.', origin: 'clinic' }] },
});

/** A patient as patient-match.ts sees it. */
export function aCandidate(own: Partial<Candidate> = {}): Candidate {
  charts += 1;
  return {
    patient_id: randomUUID(),
    mrn: `SYN-${charts}`,
    family_name: 'Okafor',
    given_name: 'Ada',
    middle_name: null,
    name_suffix: null,
    preferred_name: null,
    previous_family_name: null,
    birth_date: '1950-02-01',
    sex: 'female',
    phone: null,
    phone_alternate: null,
    email: null,
    postal_code: null,
    replaced_by: null,
    ...own,
  };
}

/** A lab row as the database gives it. */
export function aLabRow(own: Partial<LabRow> = {}): LabRow {
  return {
    lab_result_id: randomUUID(),
    loinc: '2345-7',
    name_raw: 'GLUCOSE',
    value: '96',
    comparator: null,
    value_text: null,
    unit: 'mg/dL',
    unit_raw: null,
    ref_low: '70',
    ref_high: '99',
    ref_text: null,
    lab_flag: null,
    status: 'final',
    collected_at: '2026-11-18T08:10:00-05:00',
    resulted_at: null,
    panel: null,
    specimen: null,
    performing_lab: null,
    method: null,
    order_id: null,
    comment: null,
    ...own,
  };
}
