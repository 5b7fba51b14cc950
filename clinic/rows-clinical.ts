// The rows of 0005_clinical.sql, one interface a table: measured, known and ordered of a patient. Partial dates are text.

export interface VitalSignRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  encounter_id: string | null;
  loinc: string;
  value: number | null;
  systolic: number | null;
  diastolic: number | null;
  unit: string | null;
  unit_raw: string | null;
  body_position: 'sitting' | 'standing' | 'supine' | null;
  setting: 'office' | 'home' | 'inpatient' | 'emergency';
  status: 'preliminary' | 'final' | 'amended' | 'corrected' | 'entered_in_error';
  taken_at: string;
  taken_by: string | null;
}

export interface ConditionRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  category: 'problem' | 'encounter_diagnosis';
  icd10: string | null;
  snomed: string | null;
  name: string;
  clinical_status: 'active' | 'recurrence' | 'relapse' | 'inactive' | 'remission' | 'resolved' | 'unknown';
  verification_status: 'confirmed' | 'provisional' | 'differential' | 'unconfirmed' | 'refuted' | 'entered_in_error';
  onset_on: string | null;
  abated_on: string | null;
  recorded_on: string | null;
  encounter_id: string | null;
  recorder_id: string | null;
}

export interface Reaction {
  manifestation: string;
  snomed?: string;
  severity?: 'mild' | 'moderate' | 'severe';
}

export interface AllergyRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  code: string | null;
  code_system: 'rxnorm' | 'snomed' | 'unii' | null;
  substance: string;
  type: 'allergy' | 'intolerance' | null;
  category: 'medication' | 'food' | 'environment' | 'biologic' | null;
  criticality: 'low' | 'high' | 'unable_to_assess' | null;
  clinical_status: 'active' | 'inactive' | 'resolved';
  verification_status: 'unconfirmed' | 'presumed' | 'confirmed' | 'refuted' | 'entered_in_error';
  reactions: Reaction[];
  onset_on: string | null;
  recorded_on: string | null;
  recorder_id: string | null;
}

export interface ProcedureRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  encounter_id: string | null;
  code: string;
  code_system: 'cpt' | 'hcpcs' | 'snomed' | 'icd10pcs' | 'loinc';
  name: string;
  status: 'in_progress' | 'not_done' | 'stopped' | 'completed' | 'entered_in_error' | 'unknown';
  performed_on: string | null;
  practitioner_id: string | null;
  outside: boolean;
}

export interface LabOrderRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  encounter_id: string | null;
  practitioner_id: string | null;
  loinc: string | null;
  name: string;
  status: 'draft' | 'active' | 'on_hold' | 'completed' | 'revoked' | 'entered_in_error' | 'unknown';
  status_reason: 'declined' | 'not_collected' | 'duplicate' | 'replaced' | 'other' | null;
  priority: 'routine' | 'urgent' | 'asap' | 'stat';
  ordered_at: string;
  due_on: string | null;
  collected_at: string | null;
  ended_at: string | null;
  reason_icd10: string | null;
  performing_lab: string | null;
}

export interface LabReviewRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  lab_result_id: string;
  reviewed_by: string;
  reviewed_at: string;
  action: 'no_action' | 'patient_called' | 'message_sent' | 'repeat_ordered' | 'treatment_changed' | 'referred';
}

export interface PrescriptionRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  medication_request_id: string;
  prescriber_id: string | null;
  message: 'new' | 'renewal' | 'change' | 'cancel';
  status: 'pending' | 'sent' | 'accepted' | 'filled' | 'partially_filled' | 'error' | 'cancelled' | 'unknown';
  pharmacy: string | null;
  pharmacy_ncpdp: string | null;
  quantity: number | null;
  quantity_unit: string | null;
  refills: number | null;
  days_supply: number | null;
  sent_at: string | null;
  last_filled_on: string | null;
  error_text: string | null;
}

/** The clinical rows of one patient. */
export interface ClinicalRows {
  vital_signs: VitalSignRow[];
  conditions: ConditionRow[];
  allergies: AllergyRow[];
  procedures: ProcedureRow[];
  lab_orders: LabOrderRow[];
  lab_reviews: LabReviewRow[];
  prescriptions: PrescriptionRow[];
}
