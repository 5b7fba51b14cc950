// The tables that are filled at scale, and their rows as lines of COPY text (PostgreSQL): columns by tab, what is not known as \N.

/** In the order of their foreign keys, with the columns of a line. */
export const COLUMNS = {
  patients:
    'tenant_id id mrn family_name given_name middle_name birth_date sex phone email city state postal_code practitioner_id active deceased_on created_at',
  schedule_blocks: 'tenant_id id practitioner_id start_at end_at reason',
  coverages: 'tenant_id id patient_id rank status kind payer plan member_id relationship period_start',
  appointments: 'tenant_id id patient_id practitioner_id start_at minutes status visit_type modality cancelled_by cancelled_at booked_at',
  encounters: 'tenant_id id patient_id practitioner_id appointment_id class status start_at end_at visit_type',
  lab_results:
    'tenant_id id patient_id loinc name_raw value unit ref_low ref_high status collected_at resulted_at performing_lab order_id lab_flag',
  medication_requests: 'tenant_id id patient_id name ingredient form status start_on days_supply prescriber_id reason_icd10 authored_on',
  prescriptions:
    'tenant_id id patient_id medication_request_id prescriber_id message status pharmacy quantity quantity_unit refills days_supply sent_at last_filled_on error_text',
  refill_requests: 'tenant_id id patient_id medication_request_id source status comment requested_at decided_at decided_by',
  conditions: 'tenant_id id patient_id category icd10 name clinical_status onset_on recorded_on',
  allergies:
    'tenant_id id patient_id substance type category criticality clinical_status verification_status reactions recorded_on recorder_id',
  procedures: 'tenant_id id patient_id encounter_id code code_system name performed_on practitioner_id outside',
  vital_signs: 'tenant_id id patient_id encounter_id loinc value systolic diastolic unit taken_at',
  lab_orders: 'tenant_id id patient_id practitioner_id loinc name status ordered_at due_on',
  care_plans: 'tenant_id id patient_id title status start_on end_on author_id updated_at',
  care_plan_goals: 'tenant_id id patient_id care_plan_id description loinc target_low target_high unit due_on status achievement',
  care_plan_activities: 'tenant_id id patient_id care_plan_id kind description loinc status first_due_on every_days owner_id',
  care_plan_completions: 'tenant_id id patient_id activity_id done_on',
  referrals:
    'tenant_id id patient_id direction status priority specialty reason_icd10 practitioner_id other_party created_on sent_on scheduled_on report_received_on expires_on visits_allowed',
  prior_authorizations:
    'tenant_id id patient_id coverage_id practitioner_id service_code code_system service_name reason_icd10 status units_requested units_approved requested_at decided_at certification_number valid_from valid_to decision_code',
  authorizations:
    'tenant_id id patient_id coverage_id prior_authorization_id payer service_code service_name unit_type total_units units_per_week period_start period_end status',
  authorization_uses: 'tenant_id id patient_id authorization_id service_on units status billed paid',
  intake_forms: 'tenant_id id patient_id appointment_id kind channel status sent_at completed_at expires_at',
  tasks: 'tenant_id id patient_id kind clinical title status priority owner_id created_at due_on ended_at',
  charges:
    'tenant_id id patient_id practitioner_id encounter_id kind code description amount_cents responsible service_on period_end posted_on goods_cost_cents lab_cost_cents clinician_minutes',
  claims:
    'tenant_id id patient_id practitioner_id encounter_id coverage_id payer form claim_number payer_control_number frequency replaces status service_from service_to submitted_on first_adjudicated_on total_cents',
  claim_lines: 'tenant_id id claim_id patient_id practitioner_id charge_id line_number code modifiers icd10 units amount_cents service_on',
  remittances: 'tenant_id id payer trace_number method paid_on received_on amount_cents',
  remittance_claims:
    'tenant_id id remittance_id claim_id patient_id practitioner_id claim_number payer_control_number status_code charged_cents paid_cents patient_responsibility_cents remark_codes',
  remittance_lines:
    'tenant_id id remittance_claim_id claim_line_id practitioner_id line_number code charged_cents paid_cents allowed_cents remark_codes',
  remittance_adjustments: 'tenant_id id remittance_claim_id remittance_line_id practitioner_id group_code reason_code amount_cents',
  payouts: 'tenant_id id arrived_on amount_cents',
  payments:
    'tenant_id id patient_id practitioner_id charge_id source method status amount_cents fee_cents posted_on package_charge_id remittance_claim_id payout_id',
  adjustments: 'tenant_id id patient_id practitioner_id charge_id kind party amount_cents posted_on remittance_claim_id',
  refunds: 'tenant_id id patient_id practitioner_id payment_id charge_id kind party amount_cents fee_cents posted_on payout_id',
  responsibility_transfers: 'tenant_id id patient_id practitioner_id charge_id amount_cents moved_on remittance_claim_id',
  statements: 'tenant_id id patient_id statement_number channel status balance_cents sent_on due_on',
  memberships: 'tenant_id id patient_id',
  membership_events:
    'tenant_id id membership_id patient_id occurred_at status plan interval price_cents discount_cents discount cancel_at ended_by',
  leads:
    'tenant_id id kind given_name family_name phone email source campaign created_at contacted_at consult_booked_at consult_appointment_id consult_attended_at patient_id',
  chart_notes: 'tenant_id id patient_id encounter_id author_id title status signed_at body created_at',
  lab_reviews: 'tenant_id id patient_id lab_result_id reviewed_by reviewed_at action',
  messages: 'tenant_id id patient_id thread_id direction channel category practitioner_id body sent_at answered_by',
  message_reads: 'tenant_id message_id user_id read_at',
  record_changes: 'tenant_id id tx kind record_id patient_id change changed_at',
} as const;
export type ScaleTable = keyof typeof COLUMNS;
export const SCALE_TABLES = Object.keys(COLUMNS) as ScaleTable[];
export type Lines = Record<ScaleTable, string[]>;

export const noLines = (): Lines => Object.fromEntries(SCALE_TABLES.map((table) => [table, []])) as unknown as Lines;

export const NONE = '\\N';

/** One line by its cells, none of which holds a tab or a backslash; what is not known is undefined. */
export function line(...cells: readonly (string | number | boolean | undefined)[]): string {
  let text = String(cells[0]);
  for (let n = 1; n < cells.length; n++) text += `\t${cells[n] ?? NONE}`;
  return text;
}
