// What the chart holds, for the tests of notes: of a man of 46 with diabetes and hypertension, seen on 2026-11-21.
import type { NoteChart } from '../../src/domains/note-chart.ts';

type Vital = NoteChart['vitals'][number];
type Lab = NoteChart['labs'][number];

const vital = (vital_sign_id: string, kind: Vital['kind'], own: Partial<Vital>): Vital => ({
  vital_sign_id,
  kind,
  taken_at: '2026-11-21T09:00:00-05:00',
  ...own,
});
const lab = (lab_result_id: string, loinc: string, name: string, own: Partial<Lab>): Lab => ({
  lab_result_id,
  loinc,
  name,
  collected_at: '2026-11-03T08:00:00-05:00',
  ...own,
});
const IN_MAY = '2026-05-01T08:00:00-04:00';

export const aChart = (own: Partial<NoteChart> = {}): NoteChart => ({
  today: '2026-11-21',
  birth_date: '1980-02-01',
  vitals: [
    vital('bp-now', 'blood_pressure', { systolic: 148, diastolic: 92, unit: 'mm[Hg]' }),
    vital('bp-repeat', 'blood_pressure', { systolic: 142, diastolic: 88, unit: 'mm[Hg]', taken_at: '2026-11-21T09:08:00-05:00' }),
    vital('bp-may', 'blood_pressure', { systolic: 156, diastolic: 96, unit: 'mm[Hg]', taken_at: IN_MAY }),
    vital('weight-now', 'weight', { value: 210, unit: '[lb_av]' }),
    vital('weight-may', 'weight', { value: 222, unit: '[lb_av]', taken_at: IN_MAY }),
    vital('height', 'height', { value: 177.8, unit: 'cm', taken_at: IN_MAY }),
    vital('temp', 'temperature', { value: 37, unit: 'Cel' }),
    vital('hr', 'heart_rate', { value: 78, unit: '/min' }),
    vital('rr', 'respiratory_rate', { value: 16, unit: '/min' }),
    vital('spo2', 'spo2', { value: 98, unit: '%' }),
  ],
  labs: [
    lab('a1c-new', '4548-4', 'Hemoglobin A1c', { value: 8.1, unit: '%' }),
    lab('a1c-old', '4548-4', 'Hemoglobin A1c', { value: 9.2, unit: '%', collected_at: IN_MAY }),
    lab('creatinine', '2160-0', 'Creatinine', { value: 1.3, unit: 'mg/dL' }),
    lab('egfr', '98979-8', 'eGFR (CKD-EPI 2021)', { value: 54, unit: 'mL/min/{1.73_m2}' }),
    lab('potassium', '2823-3', 'Potassium', { value: 4.4, unit: 'mmol/L' }),
    lab('sodium', '2951-2', 'Sodium', { value: 139, unit: 'mmol/L' }),
    lab('glucose', '1558-6', 'Glucose, fasting', { value: 148, unit: 'mg/dL' }),
    lab('ldl', '13457-7', 'LDL cholesterol (calc)', { value: 132, unit: 'mg/dL' }),
    lab('testosterone', '2986-8', 'Testosterone, total', { value: 512, unit: 'ng/dL' }),
    lab('psa', '2857-1', 'PSA', { value: 0.9, unit: 'ng/mL' }),
    lab('hct', '4544-3', 'Hematocrit', { value: 49.8, unit: '%' }),
    lab('platelets', '777-3', 'Platelets', { value: 250, unit: '10*3/uL' }),
    lab('wbc', '6690-2', 'WBC', { value: 6.1, unit: '10*3/uL' }),
    lab('tsh', '3016-3', 'TSH', { value: 0.01, comparator: '<', unit: 'm[IU]/L' }),
  ],
  medications: [
    {
      medication_id: 'metformin',
      name: 'metformin hydrochloride 1000 MG Oral Tablet',
      ingredient: 'metformin',
      sig: '1 tab PO BID with meals',
    },
    {
      medication_id: 'lisinopril',
      name: 'lisinopril 20 MG Oral Tablet',
      ingredient: 'lisinopril',
      sig: 'Take 1 tablet by mouth every day',
    },
    {
      medication_id: 'levothyroxine',
      name: 'levothyroxine sodium 0.075 MG Oral Tablet',
      ingredient: 'levothyroxine',
      sig: '1 tab PO qAM on empty stomach',
    },
    {
      medication_id: 'testosterone',
      name: 'testosterone cypionate 200 MG/ML Injectable Solution',
      ingredient: 'testosterone',
      sig: 'Inject 0.5 mL (100 mg) SUBQ once weekly.',
    },
  ],
  problems: [
    { condition_id: 'diabetes', name: 'Type 2 diabetes mellitus with hyperglycemia', icd10: 'E11.65' },
    { condition_id: 'hypertension', name: 'Essential (primary) hypertension', icd10: 'I10' },
  ],
  ...own,
});
