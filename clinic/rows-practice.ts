// The rows of the clinic's day and of what is planned with patients: one plain row a table of migrations 0006 and 0008, its keys the SQL columns.
import type { Span } from '../src/domains/mark.ts';

/** Minutes after midnight, [start, end); weekday 1 Monday … 7 Sunday. */
export interface PractitionerHoursRow {
  tenant_id: string;
  id: string;
  practitioner_id: string;
  weekday: number;
  start_minute: number;
  end_minute: number;
  modality: 'in_person' | 'telehealth' | 'any';
  from_on: string;
  to_on: string | null;
}

/** practitioner_id null: the whole clinic. */
export interface ScheduleBlockRow {
  tenant_id: string;
  id: string;
  practitioner_id: string | null;
  start_at: string;
  end_at: string;
  reason: 'holiday' | 'leave' | 'meeting' | 'training' | 'other';
}

export interface MessageRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  thread_id: string;
  direction: 'inbound' | 'outbound';
  channel: 'portal' | 'sms' | 'email' | 'phone';
  category: 'clinical' | 'administrative' | 'billing' | 'scheduling';
  practitioner_id: string | null;
  subject: string | null;
  body: Span[];
  sent_at: string;
  answered_by: string | null;
}

export interface MessageReadRow {
  tenant_id: string;
  message_id: string;
  user_id: string;
  read_at: string;
}

export interface MessageConsentRow {
  tenant_id: string;
  id: string;
  number: string;
  purpose: 'informational';
  decision: 'given' | 'revoked';
  source: 'in_person' | 'phone' | 'portal' | 'form' | 'inbound_text' | 'staff';
  patient_id: string;
  said_at: string;
  recorded_at: string;
  recorded_by: string | null;
}

export interface TaskRow {
  tenant_id: string;
  id: string;
  patient_id: string | null;
  kind: 'callback' | 'lab_follow_up' | 'paperwork' | 'prior_authorization' | 'outreach' | 'scheduling' | 'billing' | 'other';
  clinical: boolean;
  title: string;
  status: 'requested' | 'in_progress' | 'on_hold' | 'completed' | 'cancelled' | 'entered_in_error';
  priority: 'routine' | 'urgent' | 'asap' | 'stat';
  owner_id: string | null;
  owner_role: string | null;
  focus_id: string | null;
  created_at: string;
  due_on: string | null;
  ended_at: string | null;
}

export interface RefillRequestRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  medication_request_id: string;
  source: 'patient' | 'pharmacy';
  status: 'pending' | 'approved' | 'denied' | 'cancelled';
  comment: string | null;
  requested_at: string;
  decided_at: string | null;
  decided_by: string | null;
}

export interface IntakeFormRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  appointment_id: string | null;
  kind: 'new_patient' | 'annual_update' | 'consent' | 'medical_history' | 'phq9' | 'ams' | 'financial';
  channel: 'portal' | 'sms' | 'email' | 'paper';
  status: 'sent' | 'started' | 'completed' | 'expired' | 'cancelled';
  sent_at: string;
  completed_at: string | null;
  expires_at: string | null;
}

export interface CarePlanRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  title: string;
  status: 'draft' | 'active' | 'on_hold' | 'revoked' | 'completed' | 'entered_in_error';
  start_on: string | null;
  end_on: string | null;
  author_id: string | null;
  updated_at: string;
}

export interface CarePlanGoalRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  care_plan_id: string;
  description: string;
  loinc: string | null;
  target_low: number | null;
  target_high: number | null;
  unit: string | null;
  due_on: string | null;
  status: 'proposed' | 'planned' | 'accepted' | 'active' | 'on_hold' | 'completed' | 'cancelled' | 'entered_in_error';
  achievement:
    | 'in_progress'
    | 'improving'
    | 'worsening'
    | 'no_change'
    | 'achieved'
    | 'sustaining'
    | 'not_achieved'
    | 'not_attainable'
    | null;
}

/** Due: first_due_on, afterwards the last completion + every_days. */
export interface CarePlanActivityRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  care_plan_id: string;
  kind: 'lab' | 'visit' | 'vital' | 'education' | 'referral' | 'medication_review' | 'screening' | 'other';
  description: string;
  loinc: string | null;
  status: 'not_started' | 'scheduled' | 'in_progress' | 'on_hold' | 'completed' | 'cancelled' | 'entered_in_error';
  first_due_on: string;
  every_days: number | null;
  owner_id: string | null;
}

export interface CarePlanCompletionRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  activity_id: string;
  done_on: string;
}

export interface ReferralRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  direction: 'outgoing' | 'incoming';
  status: 'draft' | 'active' | 'on_hold' | 'revoked' | 'completed' | 'entered_in_error';
  priority: 'routine' | 'urgent' | 'asap' | 'stat';
  specialty: string;
  reason_icd10: string | null;
  practitioner_id: string | null;
  other_party: string | null;
  other_npi: string | null;
  created_on: string;
  sent_on: string | null;
  scheduled_on: string | null;
  report_received_on: string | null;
  expires_on: string | null;
  visits_allowed: number | null;
}

export interface PriorAuthorizationRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  coverage_id: string | null;
  practitioner_id: string | null;
  service_code: string | null;
  code_system: 'cpt' | 'hcpcs' | 'rxnorm' | 'ndc' | null;
  service_name: string;
  reason_icd10: string | null;
  status: 'draft' | 'submitted' | 'pended' | 'approved' | 'partially_approved' | 'denied' | 'cancelled';
  units_requested: number | null;
  units_approved: number | null;
  requested_at: string | null;
  decided_at: string | null;
  certification_number: string | null;
  valid_from: string | null;
  valid_to: string | null;
  decision_code: string | null;
}

export interface AuthorizationRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  coverage_id: string | null;
  prior_authorization_id: string | null;
  payer: string;
  service_code: string;
  modifier: string | null;
  service_name: string;
  unit_type: '15_min' | 'hour' | 'visit' | 'day';
  total_units: number;
  units_per_week: number | null;
  period_start: string;
  period_end: string;
  status: 'active' | 'cancelled' | 'entered_in_error';
}

export interface AuthorizationUseRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  authorization_id: string;
  appointment_id: string | null;
  service_on: string;
  units: number;
  status: 'scheduled' | 'delivered' | 'verified' | 'cancelled';
  billed: boolean;
  paid: boolean;
}

/** The rows of one patient. */
export interface PracticeChart {
  messages: MessageRow[];
  message_consents: MessageConsentRow[];
  tasks: TaskRow[];
  refill_requests: RefillRequestRow[];
  intake_forms: IntakeFormRow[];
  care_plans: CarePlanRow[];
  care_plan_goals: CarePlanGoalRow[];
  care_plan_activities: CarePlanActivityRow[];
  care_plan_completions: CarePlanCompletionRow[];
  referrals: ReferralRow[];
  prior_authorizations: PriorAuthorizationRow[];
  authorizations: AuthorizationRow[];
  authorization_uses: AuthorizationUseRow[];
}

/** The rows of the clinic as a whole. */
export interface PracticeHouse {
  practitioner_hours: PractitionerHoursRow[];
  schedule_blocks: ScheduleBlockRow[];
  message_reads: MessageReadRow[];
}
