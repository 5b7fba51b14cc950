// Rows that quality measures look at: each names only what the test is about.
import { randomUUID } from 'node:crypto';
import { aPractitioner, type Row, TENANT } from './chart.ts';

/** The clinician of every visit below. Load it before them. */
export const SEEN_BY = aPractitioner({ id: '00000000-0000-4000-8000-0000000000d1' });

const of =
  (defaults: Row) =>
  (patient: Row, own: Row = {}): Row => ({
    tenant_id: patient.tenant_id ?? TENANT,
    id: randomUUID(),
    patient_id: patient.id,
    ...defaults,
    ...own,
  });

export const aVisit = of({ practitioner_id: SEEN_BY.id, class: 'ambulatory', status: 'finished', start_at: '2026-03-10T10:00:00-04:00' });
export const aCondition = of({ category: 'problem', icd10: 'I10', name: 'a condition', clinical_status: 'active', onset_on: '2020-05-01' });
export const aProcedure = of({ code: '45378', code_system: 'cpt', name: 'a procedure', performed_on: '2022-06-01' });
export const aBloodPressure = of({ loinc: '85354-9', systolic: 128, diastolic: 78, unit: 'mm[Hg]', taken_at: '2026-05-01T09:00:00-04:00' });
