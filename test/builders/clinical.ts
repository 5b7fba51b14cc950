// Rows of what is measured, known and ordered of a patient: each names only what the test is about.
import { randomUUID } from 'node:crypto';
import type { Row } from './chart.ts';

/** Of a patient row: its tenant too. */
const of =
  (defaults: Row) =>
  (patient: Row, own: Row = {}): Row => ({ tenant_id: patient.tenant_id, id: randomUUID(), patient_id: patient.id, ...defaults, ...own });

export const anEncounter = of({ class: 'ambulatory', status: 'finished', start_at: '2026-11-18T09:00:00-05:00', visit_type: 'Follow-up' });
export const aCondition = of({ category: 'problem', icd10: 'I10', name: 'Essential hypertension', clinical_status: 'active' });
export const anAllergy = of({ substance: 'Penicillin', category: 'medication', type: 'allergy' });
export const aLabOrder = of({ name: 'Lipid panel', loinc: '57698-3', status: 'active', ordered_at: '2026-11-02T10:00:00-05:00' });
export const aPrescription = of({ message: 'new', status: 'sent', pharmacy: 'Example Pharmacy', sent_at: '2026-11-02T10:00:00-05:00' });

const taken = (defaults: Row) => of({ taken_at: '2026-11-18T09:05:00-05:00', ...defaults });
export const aWeight = taken({ loinc: '29463-7', value: 80, unit: 'kg' });
export const aHeight = taken({ loinc: '8302-2', value: 178, unit: 'cm' });
export const aBmi = taken({ loinc: '39156-5', value: 25.2, unit: 'kg/m2' });
export const aTemperature = taken({ loinc: '8310-5', value: 37, unit: 'Cel' });
export const aPulse = taken({ loinc: '8867-4', value: 72, unit: '/min' });
export const aBloodPressure = taken({ loinc: '85354-9', systolic: 128, diastolic: 78, unit: 'mm[Hg]' });
