// Rows that the questions across patients stand on.
import { aLabResult, type Row } from './chart.ts';

/** The results of one marker, in mg/dL and so on as `own` says, a list of [day, value]. */
export function aSeries(patient: Row, loinc: string, values: readonly (readonly [day: string, value: number])[], own: Row = {}): Row[] {
  return values.map(([day, value]) =>
    aLabResult(patient, { loinc, name_raw: loinc, value, ref_low: null, ref_high: null, collected_at: `${day}T08:00:00-05:00`, ...own }),
  );
}

export const aLabOrder = (patient: Row, own: Row = {}): Row => ({
  tenant_id: patient.tenant_id,
  id: crypto.randomUUID(),
  patient_id: patient.id,
  name: 'LIPID PANEL',
  status: 'active',
  ordered_at: '2026-11-10T09:00:00-05:00',
  ...own,
});

export const aLabReview = (result: Row, practitioner: Row, own: Row = {}): Row => ({
  tenant_id: result.tenant_id,
  id: crypto.randomUUID(),
  patient_id: result.patient_id,
  lab_result_id: result.id,
  reviewed_by: practitioner.id,
  reviewed_at: '2026-11-19T12:00:00-05:00',
  action: 'patient_called',
  ...own,
});

export const aCondition = (patient: Row, own: Row = {}): Row => ({
  tenant_id: patient.tenant_id,
  id: crypto.randomUUID(),
  patient_id: patient.id,
  category: 'problem',
  icd10: 'E11.9',
  name: 'Type 2 diabetes mellitus',
  clinical_status: 'active',
  ...own,
});
