// One plain row a table, its keys the SQL columns of src/db/migrations (0002, 0003). Instants are RFC 3339 with the clinic's offset; jsonb is an object.
import type { Span } from '../src/domains/mark.ts';
import type { ClinicalRows } from './rows-clinical.ts';
import type { AccountRows, MoneyRows } from './rows-money.ts';
import type { PracticeChart, PracticeHouse } from './rows-practice.ts';

export interface TenantRow {
  tenant_id: string;
  name: string;
  time_zone: string;
}

export interface ConnectionRow {
  tenant_id: string;
  id: string;
  vendor: string;
  settings: Record<string, unknown>;
  modules: string[];
  connected_at: string;
}

export interface PractitionerRow {
  tenant_id: string;
  id: string;
  family_name: string;
  given_name: string;
  credentials: string | null;
  npi: string | null;
  specialty: string | null;
  active: boolean;
  role: 'physician' | 'nurse_practitioner' | 'physician_assistant' | 'nurse' | 'therapist' | 'dietitian' | 'other' | null;
  accepts_new_patients: boolean | null;
  email: string | null;
  phone: string | null;
}

export interface PatientRow {
  tenant_id: string;
  id: string;
  mrn: string;
  family_name: string;
  given_name: string;
  middle_name: string | null;
  name_suffix: string | null;
  preferred_name: string | null;
  previous_family_name: string | null;
  birth_date: string | null;
  sex: 'female' | 'male' | 'other' | 'unknown';
  phone: string | null;
  phone_alternate: string | null;
  email: string | null;
  address_line: string | null;
  city: string | null;
  state: string | null;
  postal_code: string | null;
  language: string | null;
  practitioner_id: string | null;
  contact_confirmed_at: string | null;
  contact_confirmed_by: 'patient' | 'staff' | null;
  active: boolean;
  deceased_on: string | null;
  replaced_by: string | null;
  created_at: string;
}

export interface CoverageRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  rank: number;
  status: 'active' | 'cancelled' | 'draft' | 'entered_in_error' | 'unknown';
  kind: 'commercial' | 'medicare' | 'medicaid' | 'self_pay' | 'other';
  payer: string;
  plan: string | null;
  member_id: string | null;
  group_number: string | null;
  relationship: 'self' | 'spouse' | 'child' | 'other' | 'unknown';
  period_start: string | null;
  period_end: string | null;
}

export interface AppointmentRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  practitioner_id: string;
  start_at: string;
  minutes: number;
  status: 'booked' | 'confirmed' | 'arrived' | 'roomed' | 'completed' | 'no_show' | 'cancelled' | 'rescheduled' | 'entered_in_error';
  visit_type: string;
  modality: 'in_person' | 'telehealth';
  reason: string | null;
  cancelled_by: 'patient' | 'practice' | 'system' | null;
  cancelled_at: string | null;
  rescheduled_to: string | null;
  booked_at: string;
}

export interface EncounterRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  practitioner_id: string;
  appointment_id: string | null;
  class: 'ambulatory' | 'virtual';
  visit_type: string | null;
  status: 'in_progress' | 'finished' | 'entered_in_error';
  start_at: string;
  end_at: string | null;
}

/** A section that the author left out is absent. */
export type NoteBody = { subjective?: Span[]; objective?: Span[]; assessment?: Span[]; plan?: Span[] };

export interface ChartNoteRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  encounter_id: string | null;
  author_id: string;
  title: string;
  status: 'unsigned' | 'signed' | 'amended' | 'voided' | 'entered_in_error';
  signed_at: string | null;
  amended_at: string | null;
  body: NoteBody;
  created_at: string;
}

export interface LabResultRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  order_id: string | null;
  loinc: string | null;
  local_code: string | null;
  name_raw: string;
  value: number | null;
  comparator: '<' | '<=' | '>' | '>=' | null;
  value_text: string | null;
  unit: string | null;
  unit_raw: string | null;
  ref_low: number | null;
  ref_high: number | null;
  ref_text: string | null;
  lab_flag: string | null;
  status: 'preliminary' | 'final' | 'amended' | 'corrected' | 'cancelled' | 'entered_in_error';
  collected_at: string;
  resulted_at: string | null;
  panel_loinc: string | null;
  panel_raw: string | null;
  specimen: string | null;
  performing_lab: string | null;
  method: string | null;
  comment: string | null;
  corrects: string | null;
}

export interface MedicationRequestRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  rxnorm: string | null;
  local_code: string | null;
  name: string;
  ingredient: string | null;
  form: string | null;
  sig: string | null;
  status: 'active' | 'on_hold' | 'cancelled' | 'completed' | 'entered_in_error' | 'stopped' | 'draft' | 'unknown';
  reported: boolean;
  controlled: 'CII' | 'CIII' | 'CIV' | 'CV' | null;
  start_on: string | null;
  end_on: string | null;
  days_supply: number | null;
  refills_left: number | null;
  prescriber_id: string | null;
  reason_icd10: string | null;
  stop_reason: string | null;
  authored_on: string | null;
  replaced_by: string | null;
}

/** A user of the clinic (data.users: user_id is its id; the tenant is the clinic's). */
export interface StaffRow {
  user_id: string;
  email: string;
  display_name: string;
  role: 'owner' | 'physician' | 'nurse' | 'front_desk' | 'scheduler' | 'biller' | 'quality' | 'compliance' | 'integration';
  practitioner_id?: string;
}

/** The rows of one patient. */
export interface Chart extends PracticeChart, ClinicalRows, AccountRows {
  patients: PatientRow[];
  coverages: CoverageRow[];
  appointments: AppointmentRow[];
  encounters: EncounterRow[];
  chart_notes: ChartNoteRow[];
  lab_results: LabResultRow[];
  medication_requests: MedicationRequestRow[];
}

export interface Options {
  clinic: 'juniper' | 'cedar';
  seed: number;
  /** The day that counts as today, YYYY-MM-DD. */
  as_of: string;
}

/** A whole clinic, every array in an order in which its keys resolve. Insert the tables in the order of these fields. */
export interface Clinic extends Chart, PracticeHouse, MoneyRows {
  options: Options;
  tenant: TenantRow;
  connections: ConnectionRow[];
  practitioners: PractitionerRow[];
  staff: StaffRow[];
}
