// Made by `npm run gen` from the operations with the door `admin` in src/operations/; client.ts asks by it.

/** Method, and path below /admin/v1. */
export const ROUTES = {
  begin_conversation: 'POST /conversation/new',
  clear_drift_alert: 'POST /drift-alerts/{alert_id}/clear',
  create_approval: 'POST /approvals',
  create_webhook_endpoint: 'POST /webhooks',
  disable_webhook_endpoint: 'POST /webhooks/{endpoint_id}/disable',
  enable_webhook_endpoint: 'POST /webhooks/{endpoint_id}/enable',
  get_labs: 'GET /patients/{patient_id}/labs',
  get_patient_summary: 'GET /patients/{patient_id}/summary',
  get_vendor_write: 'GET /vendor-writes/{write_id}',
  get_vitals: 'GET /patients/{patient_id}/vitals',
  get_webhook_delivery: 'GET /webhook-deliveries/{delivery_id}',
  invite_person: 'POST /people',
  list_approval_uses: 'GET /approvals/{approval_id}/uses',
  list_approvals: 'GET /approvals',
  list_connections: 'GET /connections',
  list_credentials: 'GET /credentials',
  list_deliveries: 'GET /drafts/{draft_id}/deliveries',
  list_draft_figures: 'GET /drafts/{draft_id}/figures',
  list_drafts: 'GET /drafts',
  list_drift_alerts: 'GET /drift-alerts',
  list_holds: 'GET /holds',
  list_licences: 'GET /licences',
  list_logins: 'GET /logins',
  list_message_consents: 'GET /patients/{patient_id}/message-consents',
  list_people: 'GET /people',
  list_practitioners: 'GET /practitioners',
  list_undelivered: 'GET /deliveries',
  list_vendor_writes: 'GET /vendor-writes',
  list_webhook_deliveries: 'GET /webhook-deliveries',
  list_webhook_endpoints: 'GET /webhooks',
  manage_connection: 'POST /connections/{connection_id}',
  mint_credential: 'POST /credentials',
  record_licence: 'POST /licences',
  record_message_consent: 'POST /patients/{patient_id}/message-consents',
  reject_draft: 'POST /drafts/{draft_id}/reject',
  reject_hold: 'POST /holds/{hold_id}/reject',
  release_hold: 'POST /holds/{hold_id}/release',
  remove_webhook_endpoint: 'POST /webhooks/{endpoint_id}/remove',
  replay_dead_webhooks: 'POST /webhooks/{endpoint_id}/replay',
  replay_webhook_delivery: 'POST /webhook-deliveries/{delivery_id}/replay',
  reset_second_factor: 'POST /people/{user_id}/second-factor/reset',
  resolve_vendor_write: 'POST /vendor-writes/{write_id}/resolve',
  review_draft: 'GET /drafts/{draft_id}',
  review_hold: 'GET /holds/{hold_id}',
  review_together: 'GET /drafts/together/{together_id}',
  revise_draft: 'POST /drafts/{draft_id}/revise',
  revoke_approval: 'POST /approvals/{approval_id}/revoke',
  revoke_credential: 'POST /credentials/{credential_id}/revoke',
  revoke_login: 'POST /logins/{login_id}/revoke',
  rotate_webhook_secret: 'POST /webhooks/{endpoint_id}/rotate',
  search_audit_log: 'GET /audit',
  send_test_webhook: 'POST /webhooks/{endpoint_id}/test',
  sign_draft: 'POST /drafts/{draft_id}/sign',
  sign_together: 'POST /drafts/together/{together_id}/sign',
  update_person: 'POST /people/{user_id}',
  update_webhook_endpoint: 'POST /webhooks/{endpoint_id}',
} as const;

/** What stands around every answer. */
interface Answer {
  source: string;
  as_of: string;
  time_zone: string;
  truncated?: boolean;
}

export interface Inputs {
  begin_conversation: Record<string, never>;
  clear_drift_alert: { alert_id: string; revision: number };
  create_approval: {
    kinds: ('appointment_draft' | 'reschedule_draft' | 'cancellation_draft' | 'intake_form_draft' | 'contact_update_draft' | 'payment_posting_draft')[];
    roles: ('owner' | 'physician' | 'nurse' | 'front_desk' | 'scheduler' | 'biller' | 'integration')[];
    modalities?: ('in_person' | 'telehealth')[] | undefined;
    visit_types?: string[] | undefined;
    practitioner_ids?: string[] | undefined;
    horizon_days?: number | undefined;
    form_kinds?: ('new_patient' | 'annual_update' | 'consent' | 'medical_history' | 'phq9' | 'ams' | 'financial')[] | undefined;
    amount_limit_cents?: number | undefined;
    daily_limit: number;
    expires_on: string;
  };
  create_webhook_endpoint: {
    name: string;
    url: string;
    events: ('draft.signed' | 'draft.committed' | 'draft.rejected' | 'operation.updated' | 'appointment.changed' | 'practitioner.changed' | 'connection.changed')[];
  };
  disable_webhook_endpoint: { endpoint_id: string };
  enable_webhook_endpoint: { endpoint_id: string };
  get_labs: {
    patient_id: string;
    panel?: string | undefined;
    codes?: string[] | undefined;
    since?: string | undefined;
    until?: string | undefined;
    aggregate?: 'latest' | 'average' | 'count' | 'change' | undefined;
    fields?: 'compact' | 'full' | undefined;
    limit?: number | undefined;
    cursor?: string | undefined;
  };
  get_patient_summary: { patient_id: string };
  get_vendor_write: { write_id: string };
  get_vitals: {
    patient_id: string;
    kind?: 'blood_pressure' | 'heart_rate' | 'respiratory_rate' | 'temperature' | 'height' | 'weight' | 'bmi' | 'spo2' | 'waist' | 'head_circumference' | 'bmi_percentile' | 'pain' | undefined;
    since?: string | undefined;
    until?: string | undefined;
    setting?: 'office' | 'home' | 'inpatient' | 'emergency' | undefined;
    aggregate?: 'latest' | 'average' | 'count' | 'change' | undefined;
    limit?: number | undefined;
    cursor?: string | undefined;
  };
  get_webhook_delivery: { delivery_id: string };
  invite_person: {
    email: string;
    display_name: string;
    role: 'owner' | 'physician' | 'nurse' | 'front_desk' | 'scheduler' | 'biller' | 'quality' | 'compliance';
    practitioner_id?: string | undefined;
    use_ai?: boolean | undefined;
  };
  list_approval_uses: { approval_id: string };
  list_approvals: Record<string, never>;
  list_connections: Record<string, never>;
  list_credentials: Record<string, never>;
  list_deliveries: { draft_id: string };
  list_draft_figures: { draft_id: string };
  list_drafts: {
    status?: 'pending' | 'signed' | 'committed' | 'failed' | 'parked' | 'rejected' | 'expired' | undefined;
    kind?: string | undefined;
    limit?: number | undefined;
    cursor?: string | undefined;
  };
  list_drift_alerts: Record<string, never>;
  list_holds: Record<string, never>;
  list_licences: Record<string, never>;
  list_logins: Record<string, never>;
  list_message_consents: { patient_id: string };
  list_people: Record<string, never>;
  list_practitioners: {
    active_only?: boolean | undefined;
    role?: 'physician' | 'nurse_practitioner' | 'physician_assistant' | 'nurse' | 'therapist' | 'dietitian' | 'other' | undefined;
    specialty?: string | undefined;
    name?: string | undefined;
    limit?: number | undefined;
    cursor?: string | undefined;
  };
  list_undelivered: { limit?: number | undefined; cursor?: string | undefined };
  list_vendor_writes: { state?: 'parked' | 'in_doubt' | 'waiting' | undefined; limit?: number | undefined; cursor?: string | undefined };
  list_webhook_deliveries: {
    endpoint_id?: string | undefined;
    status?: 'waiting' | 'sending' | 'delivered' | 'dead' | undefined;
    limit?: number | undefined;
    cursor?: string | undefined;
  };
  list_webhook_endpoints: Record<string, never>;
  manage_connection: {
    connection_id: string;
    act: 'try_once' | 'enter_password' | 'enter_code' | 'pause' | 'resume';
    entered?: string | undefined;
  };
  mint_credential: {
    user_id: string;
    name: string;
    toolsets?: ('patients' | 'scheduling' | 'chart' | 'results' | 'coverage' | 'billing' | 'quality' | 'practice' | 'finance' | 'knowledge')[] | undefined;
  };
  record_licence: {
    user_id: string;
    kind: 'MD' | 'DO' | 'NP' | 'PA' | 'CNM' | 'CRNA' | 'CNS' | 'RN' | 'LPN' | 'PharmD';
    number: string;
    state: string;
    issued_on?: string | undefined;
    expires_on?: string | undefined;
    revoked_on?: string | undefined;
  };
  record_message_consent: {
    consent_id: string;
    patient_id: string;
    number?: string | undefined;
    purpose?: 'informational' | undefined;
    decision: 'given' | 'revoked';
    source: 'in_person' | 'phone' | 'portal' | 'form' | 'inbound_text' | 'staff';
    said_at?: string | undefined;
  };
  reject_draft: { draft_id: string; version: number; reason: string };
  reject_hold: { hold_id: string; reason: string };
  release_hold: { hold_id: string; binding_hash: string; confirm: true };
  remove_webhook_endpoint: { endpoint_id: string };
  replay_dead_webhooks: { endpoint_id: string };
  replay_webhook_delivery: { delivery_id: string };
  reset_second_factor: { user_id: string };
  resolve_vendor_write: { write_id: string; version: number; decision: 'there' | 'send_again' | 'give_up'; vendor_id?: string | undefined };
  review_draft: { draft_id: string };
  review_hold: { hold_id: string };
  review_together: { together_id: string };
  revise_draft: { draft_id: string; version: number; payload: Record<string, unknown> };
  revoke_approval: { approval_id: string };
  revoke_credential: { credential_id: string };
  revoke_login: { login_id: string };
  rotate_webhook_secret: { endpoint_id: string };
  search_audit_log: {
    from?: string | undefined;
    to?: string | undefined;
    user_id?: string | undefined;
    tool?: string | undefined;
    status?: 'ok' | 'error' | 'rate_limited' | 'blocked_injection' | undefined;
    limit?: number | undefined;
    cursor?: string | undefined;
  };
  send_test_webhook: { endpoint_id: string };
  sign_draft: { draft_id: string; version: number; payload_hash: string };
  sign_together: { together_id: string; drafts: { draft_id: string; version: number; payload_hash: string }[] };
  update_person: {
    user_id: string;
    role?: 'owner' | 'physician' | 'nurse' | 'front_desk' | 'scheduler' | 'biller' | 'quality' | 'compliance' | undefined;
    active?: boolean | undefined;
    use_ai?: boolean | undefined;
  };
  update_webhook_endpoint: {
    endpoint_id: string;
    name: string;
    events: ('draft.signed' | 'draft.committed' | 'draft.rejected' | 'operation.updated' | 'appointment.changed' | 'practitioner.changed' | 'connection.changed')[];
  };
}

export interface Outputs {
  /** A new conversation has begun. */
  begin_conversation: Answer & { began_at: string };
  /** Clear shifted values. */
  clear_drift_alert: Answer & Record<string, never>;
  /** Approve ahead. */
  create_approval: Answer & { approval_id: string };
  /** Add a webhook endpoint. */
  create_webhook_endpoint: Answer & { endpoint_id: string; secret: string };
  /** Disable a webhook endpoint. */
  disable_webhook_endpoint: Answer & { endpoint_id: string };
  /** Enable a webhook endpoint. */
  enable_webhook_endpoint: Answer & { endpoint_id: string };
  /** Get lab results. */
  get_labs: Answer & {
    labs: { lab_result_id?: string; loinc?: string; name: string; value?: number; comparator?: '<' | '<=' | '>' | '>='; value_text?: string; unit?: string; unit_raw?: string; ref_low?: number; ref_high?: number; ref_text?: string; flag: 'N' | 'L' | 'LL' | 'H' | 'HH' | 'A' | 'AA' | 'POS' | 'NEG' | 'IND' | 'DET' | 'ND' | 'S' | 'I' | 'R' | 'unknown'; flag_conflict?: { lab: 'N' | 'L' | 'LL' | 'H' | 'HH' | 'A' | 'AA' | 'POS' | 'NEG' | 'IND' | 'DET' | 'ND' | 'S' | 'I' | 'R' | 'unknown'; computed: 'N' | 'L' | 'LL' | 'H' | 'HH' | 'A' | 'AA' | 'POS' | 'NEG' | 'IND' | 'DET' | 'ND' | 'S' | 'I' | 'R' | 'unknown' }; collected_at: string; status?: 'preliminary' | 'corrected' | 'amended' | 'cancelled'; resulted_at?: string; panel?: string; specimen?: string; performing_lab?: string; method?: string; lab_flag?: 'N' | 'L' | 'LL' | 'H' | 'HH' | 'A' | 'AA' | 'POS' | 'NEG' | 'IND' | 'DET' | 'ND' | 'S' | 'I' | 'R' | 'unknown'; computed_flag?: 'N' | 'L' | 'LL' | 'H' | 'HH' | 'A' | 'AA' | 'POS' | 'NEG' | 'IND' | 'DET' | 'ND' | 'S' | 'I' | 'R' | 'unknown'; order_id?: string; comment?: string }[];
    definition?: string;
    figures?: { analyte: string; method?: string; value?: number; comparator?: '<' | '<=' | '>' | '>='; value_text?: string; unit?: string; n: number; first?: number; last?: number; change_pct?: number; from_at: string; to_at: string; beyond_scale?: number; unknown_unit?: number }[];
    not_listed?: number;
    preliminary?: number;
    unmapped?: number;
    cursor?: string;
  };
  /** Patient on one page. */
  get_patient_summary: Answer & {
    patient: { patient_id: string; mrn: string; family_name: string; given_name: string; birth_date?: string; sex: 'female' | 'male' | 'other' | 'unknown'; status: 'active' | 'inactive' | 'deceased' | 'merged'; replaced_by?: string };
    problems: { icd10?: string; name: string; clinical_status: 'active' | 'recurrence' | 'relapse' | 'remission' | 'unknown' | 'inactive' | 'resolved'; not_a_disease?: boolean; onset_on?: string }[];
    medications: { name: string; status: 'active' | 'active_unverified' | 'on_hold' | 'completed' | 'stopped' | 'cancelled' | 'draft' | 'unknown'; reported: boolean; controlled?: 'CII' | 'CIII' | 'CIV' | 'CV'; start_on?: string }[];
    allergy_status: 'recorded' | 'only_inactive' | 'no_known_allergies' | 'no_known_drug_allergies' | 'not_asked';
    allergies: { substance: string; criticality?: 'low' | 'high' | 'unable_to_assess' }[];
    labs: { analyte: string; method?: string; value?: number; comparator?: '<' | '<=' | '>' | '>='; value_text?: string; unit?: string; to_at: string }[];
    vitals: { kind: 'blood_pressure' | 'heart_rate' | 'respiratory_rate' | 'temperature' | 'height' | 'weight' | 'bmi' | 'spo2' | 'waist' | 'head_circumference' | 'bmi_percentile' | 'pain'; unit: string; latest?: { value?: number; systolic?: number; diastolic?: number; taken_at?: string; setting?: 'office' | 'home' | 'inpatient' | 'emergency' } }[];
    next_appointments: { start_at: string; visit_type: string; practitioner: string }[];
    cut?: ('problems' | 'medications' | 'allergies' | 'labs' | 'vitals' | 'next_appointments')[];
  };
  /** One write to a vendor. */
  get_vendor_write: Answer & {
    write_id: string;
    version: number;
    connection_id: string;
    vendor: string;
    status: 'planned' | 'sending' | 'in_doubt' | 'confirmed' | 'rejected' | 'cancelled' | 'parked';
    draft_id?: string;
    kind?: string;
    patient_id?: string;
    patient?: string;
    birth_date?: string;
    signed_by?: string;
    signed_at?: string;
    attempts: number;
    says: string;
    created_at: string;
    changed_at: string;
    steps: { at: string; says: string; until?: string; by?: string }[];
    found: string[];
    vendor_id?: string;
    choices: { decision: 'there' | 'send_again' | 'give_up'; does: string; seen?: string }[];
    why_not?: 'not_permitted' | 'licence_needed' | 'mfa_needed';
  };
  /** Get vital signs. */
  get_vitals: Answer & {
    vitals: { vital_sign_id: string; kind: 'blood_pressure' | 'heart_rate' | 'respiratory_rate' | 'temperature' | 'height' | 'weight' | 'bmi' | 'spo2' | 'waist' | 'head_circumference' | 'bmi_percentile' | 'pain' | 'other'; loinc: string; taken_at: string; value?: number; systolic?: number; diastolic?: number; unit?: string; canonical_value?: number; canonical_unit?: string; setting: 'office' | 'home' | 'inpatient' | 'emergency'; body_position?: 'sitting' | 'standing' | 'supine'; status?: 'preliminary' | 'amended' | 'corrected'; implausible?: 'unit' | 'swapped' | 'range'; bmi_computed?: number; bmi_conflict?: boolean; computed?: boolean; taken_by?: string; encounter_id?: string }[];
    figures?: { kind: 'blood_pressure' | 'heart_rate' | 'respiratory_rate' | 'temperature' | 'height' | 'weight' | 'bmi' | 'spo2' | 'waist' | 'head_circumference' | 'bmi_percentile' | 'pain'; unit: string; count: number; latest?: { value?: number; systolic?: number; diastolic?: number; taken_at?: string; setting?: 'office' | 'home' | 'inpatient' | 'emergency' }; last_two_mean?: { value?: number; systolic?: number; diastolic?: number; taken_at?: string; setting?: 'office' | 'home' | 'inpatient' | 'emergency' }; average?: { value?: number; systolic?: number; diastolic?: number; taken_at?: string; setting?: 'office' | 'home' | 'inpatient' | 'emergency' }; first?: { value?: number; systolic?: number; diastolic?: number; taken_at?: string; setting?: 'office' | 'home' | 'inpatient' | 'emergency' }; last?: { value?: number; systolic?: number; diastolic?: number; taken_at?: string; setting?: 'office' | 'home' | 'inpatient' | 'emergency' }; change?: { value?: number; systolic?: number; diastolic?: number; taken_at?: string; setting?: 'office' | 'home' | 'inpatient' | 'emergency' }; change_percent?: number; days?: number; excluded?: { reason: string; count: number }[]; definition: string }[];
    definition?: string;
    cursor?: string;
  };
  /** One webhook delivery. */
  get_webhook_delivery: Answer & {
    delivery_id: string;
    event_id: string;
    endpoint_id: string;
    type: 'draft.signed' | 'draft.committed' | 'draft.rejected' | 'operation.updated' | 'appointment.changed' | 'practitioner.changed' | 'connection.changed' | 'webhook.test';
    object_id: string;
    seq: number;
    status: 'waiting' | 'sending' | 'delivered' | 'dead';
    reason?: 'refused' | 'gone' | 'timed_out' | 'not_reached' | 'no_answer' | 'not_allowed_outside' | 'process_ended' | 'endpoint_disabled';
    answer?: number;
    attempts: number;
    due_at?: string;
    occurred_at: string;
    settled_at?: string;
    ended: { reason?: 'refused' | 'gone' | 'timed_out' | 'not_reached' | 'no_answer' | 'not_allowed_outside' | 'process_ended' | 'endpoint_disabled'; answer?: number; ended_at: string }[];
  };
  /** Invite a person. */
  invite_person: Answer & { user_id: string; invitation_url: string; expires_at: string };
  /** What an approval signed. */
  list_approval_uses: Answer & { uses: { draft_id: string; used_on: string; created_at: string }[] };
  /** Standing approvals. */
  list_approvals: Answer & {
    approvals: { approval_id: string; author?: string; kinds: string[]; roles: string[]; modalities?: ('in_person' | 'telehealth')[]; visit_types?: string[]; practitioner_ids?: string[]; horizon_days?: number; form_kinds?: ('new_patient' | 'annual_update' | 'consent' | 'medical_history' | 'phq9' | 'ams' | 'financial')[]; amount_limit_cents?: number; daily_limit: number; expires_on: string; created_at: string; state: 'live' | 'revoked' | 'expired'; revoked_at?: string; revoked_by?: string; uses_today: number; uses: number }[];
  };
  /** Connections to record systems. */
  list_connections: Answer & {
    connections: { connection_id: string; vendor: string; health: 'kept_here' | 'works' | 'at_rest' | 'signing_in' | 'waiting' | 'needs_a_person' | 'paused'; says: string; next: string; changed_at: string; acts: ('try_once' | 'enter_password' | 'enter_code' | 'pause' | 'resume')[]; try_at?: string; last_act?: { act: 'try_once' | 'enter_password' | 'enter_code' | 'pause' | 'resume'; by: string; at: string; outcome: 'waits' | 'begun' | 'done' | 'not_now' | 'too_late' }; waiting: number; in_doubt: number; parked: number }[];
  };
  /** Credentials. */
  list_credentials: Answer & {
    credentials: { credential_id: string; user_id: string; person: string; role: string; name: string; toolsets?: string[]; state: 'live' | 'expired' | 'revoked'; created_at: string; revoked_at?: string; last_call_at?: string }[];
  };
  /** What became of a signed message. */
  list_deliveries: Answer & {
    deliveries: { message_id: string; draft_id: string; channel: 'sms' | 'email'; patient_id: string; patient?: string; to_last4?: string; status: 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled'; reason?: 'quiet_hours' | 'daily_cap' | 'weekly_cap' | 'not_reached' | 'opted_out' | 'no_consent' | 'patient_died' | 'address_changed' | 'no_common_hour' | 'too_late' | 'not_allowed_outside' | 'refused' | 'no_answer' | 'server_error' | 'process_ended'; signed_at: string; not_before?: string; time_zone?: string; attempts: number; settled_at?: string }[];
  };
  /** What a draft cites. */
  list_draft_figures: Answer & {
    patient_id?: string;
    measures: { name: string; codes?: string[]; kind?: 'blood_pressure' | 'heart_rate' | 'respiratory_rate' | 'temperature' | 'height' | 'weight' | 'bmi' | 'spo2' | 'waist' | 'head_circumference' | 'bmi_percentile' | 'pain'; cited: { path: string; quote: string; record_id: string; on: string; agrees: boolean }[] }[];
  };
  /** The queue. */
  list_drafts: Answer & {
    drafts: { draft_id: string; kind: string; operation: string; status: 'pending' | 'signed' | 'committed' | 'failed' | 'parked' | 'rejected' | 'expired'; version: number; patient_id?: string; patient?: string; birth_date?: string; proposed_by?: string; created_at: string; expires_at: string; released: boolean; decided_at?: string; decided_by?: string; record_id?: string; vendor_id?: string; batch_id?: string; bundle_id?: string }[];
    counts: { pending: number; held: number; by_kind: { kind: string; n: number }[] };
    cursor?: string;
  };
  /** What vendors have changed. */
  list_drift_alerts: Answer & {
    alerts: { alert_id: string; revision: number; vendor: string; surface: string; version: number; state: 'stopped' | 'shifted' | 'left_out'; changed_at: string; means: string; next: string; changes: { says: string; before: string; now: string }[]; may_clear: boolean; why_not?: 'not_permitted' | 'mfa_needed' }[];
  };
  /** What is held. */
  list_holds: Answer & {
    holds: { hold_id: string; kind: string; operation: string; patient_id?: string; patient?: string; birth_date?: string; proposed_by?: string; created_at: string; expires_at: string; why_not?: 'not_permitted' | 'licence_needed' | 'mfa_needed' }[];
  };
  /** Licences on record. */
  list_licences: Answer & {
    licences: { licence_id: string; user_id?: string; practitioner_id?: string; display_name?: string; kind: string; number: string; state: string; issued_on?: string; expires_on?: string; revoked_on?: string }[];
  };
  /** Who is signed in. */
  list_logins: Answer & {
    logins: { login_id: string; user_id: string; display_name: string; email: string; role: string; signed_in_at: string; seen_at: string; mfa_at: string; expires_at: string; ip?: string; user_agent?: string; is_this: boolean }[];
  };
  /** What was said of text messages. */
  list_message_consents: Answer & {
    numbers: { number: string; state: 'given' | 'revoked' | 'never_asked'; ledger: { consent_id: string; purpose: 'informational'; decision: 'given' | 'revoked'; source: 'in_person' | 'phone' | 'portal' | 'form' | 'inbound_text' | 'staff'; said_at: string; recorded_at: string; recorded_by?: string }[] }[];
  };
  /** The people of the clinic. */
  list_people: Answer & {
    people: { user_id: string; email: string; display_name: string; role: 'owner' | 'physician' | 'nurse' | 'front_desk' | 'scheduler' | 'biller' | 'quality' | 'compliance' | 'integration'; practitioner_id?: string; active: boolean; use_ai: boolean; licensed: boolean; login: 'ready' | 'second_factor_reset' | 'invited' | 'none'; invited_until?: string; last_sign_in_at?: string }[];
  };
  /** List practitioners. */
  list_practitioners: Answer & {
    practitioners: { practitioner_id: string; name: string; credentials?: string; npi?: string; npi_invalid?: true; role?: 'physician' | 'nurse_practitioner' | 'physician_assistant' | 'nurse' | 'therapist' | 'dietitian' | 'other'; specialty?: string; accepts_new_patients?: boolean; inactive?: true }[];
    cursor?: string;
  };
  /** Messages that did not go. */
  list_undelivered: Answer & {
    deliveries: { message_id: string; draft_id: string; channel: 'sms' | 'email'; patient_id: string; patient?: string; to_last4?: string; status: 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled'; reason?: 'quiet_hours' | 'daily_cap' | 'weekly_cap' | 'not_reached' | 'opted_out' | 'no_consent' | 'patient_died' | 'address_changed' | 'no_common_hour' | 'too_late' | 'not_allowed_outside' | 'refused' | 'no_answer' | 'server_error' | 'process_ended'; signed_at: string; not_before?: string; time_zone?: string; attempts: number; settled_at?: string }[];
    cursor?: string;
  };
  /** Writes to vendors that are not over. */
  list_vendor_writes: Answer & {
    writes: { write_id: string; version: number; connection_id: string; vendor: string; status: 'planned' | 'sending' | 'in_doubt' | 'confirmed' | 'rejected' | 'cancelled' | 'parked'; draft_id?: string; kind?: string; patient_id?: string; patient?: string; birth_date?: string; signed_by?: string; signed_at?: string; attempts: number; says: string; created_at: string; changed_at: string }[];
    counts: { parked: number; in_doubt: number; waiting: number };
    cursor?: string;
  };
  /** Webhook deliveries. */
  list_webhook_deliveries: Answer & {
    deliveries: { delivery_id: string; event_id: string; endpoint_id: string; type: 'draft.signed' | 'draft.committed' | 'draft.rejected' | 'operation.updated' | 'appointment.changed' | 'practitioner.changed' | 'connection.changed' | 'webhook.test'; object_id: string; seq: number; status: 'waiting' | 'sending' | 'delivered' | 'dead'; reason?: 'refused' | 'gone' | 'timed_out' | 'not_reached' | 'no_answer' | 'not_allowed_outside' | 'process_ended' | 'endpoint_disabled'; answer?: number; attempts: number; due_at?: string; occurred_at: string; settled_at?: string }[];
    cursor?: string;
  };
  /** Webhook endpoints. */
  list_webhook_endpoints: Answer & {
    endpoints: { endpoint_id: string; name: string; host: string; events: ('draft.signed' | 'draft.committed' | 'draft.rejected' | 'operation.updated' | 'appointment.changed' | 'practitioner.changed' | 'connection.changed')[]; state: 'enabled' | 'disabled'; disabled_reason?: 'gone' | 'five_days_of_failures' | 'by_person'; disabled_at?: string; failing_since?: string; last_failure?: { reason: 'refused' | 'gone' | 'timed_out' | 'not_reached' | 'no_answer' | 'not_allowed_outside' | 'process_ended' | 'endpoint_disabled'; answer?: number }; given_up_at?: string; paused_until?: string; last_delivered_at?: string; two_secrets_until?: string; created_at: string; waiting: number; dead: number }[];
  };
  /** Restore or pause a connection. */
  manage_connection: Answer & { connection_id: string };
  /** Make a credential. */
  mint_credential: Answer & { credential_id: string; token: string };
  /** Record a licence. */
  record_licence: Answer & {
    licence_id: string;
    user_id?: string;
    practitioner_id?: string;
    display_name?: string;
    kind: string;
    number: string;
    state: string;
    issued_on?: string;
    expires_on?: string;
    revoked_on?: string;
  };
  /** Record what a patient said of text messages. */
  record_message_consent: Answer & {
    number: string;
    state: 'given' | 'revoked' | 'never_asked';
    ledger: { consent_id: string; purpose: 'informational'; decision: 'given' | 'revoked'; source: 'in_person' | 'phone' | 'portal' | 'form' | 'inbound_text' | 'staff'; said_at: string; recorded_at: string; recorded_by?: string }[];
  };
  /** Reject a draft. */
  reject_draft: Answer & { draft_id: string; status: 'rejected' };
  /** Reject a hold. */
  reject_hold: Answer & { hold_id: string; status: 'rejected' };
  /** Release a hold. */
  release_hold: Answer & { draft_id: string };
  /** Remove a webhook endpoint. */
  remove_webhook_endpoint: Answer & { endpoint_id: string };
  /** Send a whole dead letter again. */
  replay_dead_webhooks: Answer & { replayed: number };
  /** Send a dead delivery again. */
  replay_webhook_delivery: Answer & { delivery_id: string };
  /** Reset a second factor. */
  reset_second_factor: Answer & { user_id: string; invitation_url: string; expires_at: string };
  /** Decide on a parked write. */
  resolve_vendor_write: Answer & {
    write_id: string;
    version: number;
    connection_id: string;
    vendor: string;
    status: 'planned' | 'sending' | 'in_doubt' | 'confirmed' | 'rejected' | 'cancelled' | 'parked';
    draft_id?: string;
    kind?: string;
    patient_id?: string;
    patient?: string;
    birth_date?: string;
    signed_by?: string;
    signed_at?: string;
    attempts: number;
    says: string;
    created_at: string;
    changed_at: string;
  };
  /** One draft. */
  review_draft: Answer & {
    draft_id: string;
    kind: string;
    operation: string;
    status: 'pending' | 'signed' | 'committed' | 'failed' | 'parked' | 'rejected' | 'expired';
    version: number;
    patient_id?: string;
    patient?: string;
    birth_date?: string;
    proposed_by?: string;
    created_at: string;
    expires_at: string;
    released: boolean;
    decided_at?: string;
    decided_by?: string;
    record_id?: string;
    vendor_id?: string;
    batch_id?: string;
    bundle_id?: string;
    payload: Record<string, unknown>;
    proposed_payload: Record<string, unknown>;
    payload_hash: string;
    marks: { path: string; level: 'warn' | 'error'; text: string; quote?: string }[];
    may_sign: boolean;
    why_not?: 'not_permitted' | 'licence_needed' | 'mfa_needed';
    events: { at: string; what: string; by?: string; version?: number; payload_hash?: string; reason?: string; approval_id?: string }[];
    carried?: { operation_id: string; vendor: string; status: 'pending' | 'confirmed' | 'rejected' | 'needs_a_person' | 'cancelled'; says: string };
  };
  /** One hold. */
  review_hold: Answer & {
    hold_id: string;
    kind: string;
    operation: string;
    patient_id?: string;
    patient?: string;
    birth_date?: string;
    proposed_by?: string;
    created_at: string;
    expires_at: string;
    why_not?: 'not_permitted' | 'licence_needed' | 'mfa_needed';
    payload: Record<string, unknown>;
    binding_hash: string;
    sources: { ref: string | null; kind: string; said_on: string | null; text: string | null; delivered_at: string }[];
  };
  /** A batch or a bundle. */
  review_together: Answer & {
    together_id: string;
    drafts: { draft_id: string; kind: string; operation: string; status: 'pending' | 'signed' | 'committed' | 'failed' | 'parked' | 'rejected' | 'expired'; version: number; patient_id?: string; patient?: string; birth_date?: string; proposed_by?: string; created_at: string; expires_at: string; released: boolean; decided_at?: string; decided_by?: string; record_id?: string; vendor_id?: string; batch_id?: string; bundle_id?: string; payload: Record<string, unknown>; proposed_payload: Record<string, unknown>; payload_hash: string; marks: { path: string; level: 'warn' | 'error'; text: string; quote?: string }[]; may_sign: boolean; why_not?: 'not_permitted' | 'licence_needed' | 'mfa_needed'; events: { at: string; what: string; by?: string; version?: number; payload_hash?: string; reason?: string; approval_id?: string }[] }[];
  };
  /** Mend a draft. */
  revise_draft: Answer & {
    draft_id: string;
    kind: string;
    operation: string;
    status: 'pending' | 'signed' | 'committed' | 'failed' | 'parked' | 'rejected' | 'expired';
    version: number;
    patient_id?: string;
    patient?: string;
    birth_date?: string;
    proposed_by?: string;
    created_at: string;
    expires_at: string;
    released: boolean;
    decided_at?: string;
    decided_by?: string;
    record_id?: string;
    vendor_id?: string;
    batch_id?: string;
    bundle_id?: string;
    payload: Record<string, unknown>;
    proposed_payload: Record<string, unknown>;
    payload_hash: string;
    marks: { path: string; level: 'warn' | 'error'; text: string; quote?: string }[];
    may_sign: boolean;
    why_not?: 'not_permitted' | 'licence_needed' | 'mfa_needed';
    events: { at: string; what: string; by?: string; version?: number; payload_hash?: string; reason?: string; approval_id?: string }[];
  };
  /** Revoke an approval. */
  revoke_approval: Answer & { approval_id: string; state: 'revoked' };
  /** Revoke a credential. */
  revoke_credential: Answer & { credential_id: string; revoked_at: string };
  /** End a login. */
  revoke_login: Answer & { login_id: string; status: 'revoked' };
  /** Change the secret of a webhook endpoint. */
  rotate_webhook_secret: Answer & { endpoint_id: string; secret: string; two_secrets_until: string };
  /** The audit log. */
  search_audit_log: Answer & {
    calls: { audit_id: string; at: string; user_id: string; person?: string; role?: string; credential_id: string; credential?: string; tool: string; door: string; status?: 'ok' | 'error' | 'rate_limited' | 'blocked_injection'; outcome?: string; latency_ms?: number; response_bytes?: number; args_redacted: Record<string, unknown> }[];
    cursor?: string;
  };
  /** Send a test event. */
  send_test_webhook: Answer & { delivery_id: string };
  /** Sign a draft. */
  sign_draft: Answer & {
    draft_id: string;
    status: 'committed' | 'signed';
    record_id?: string;
    operation_id?: string;
    vendor?: string;
    note: 'This draft was signed, and a person gave it up before it was known to be in the record system: it may be there or not. Do not draft it again unless the user asks for it.' | 'Nothing has changed in the record yet: a person of the clinic reads this draft and signs or rejects it.' | 'This draft was signed, by a person or by what a person approved ahead. Attending is writing it to the clinic’s record system: it is not known to be there yet. get_draft gives the operation_id, and get_operation tells when it is there. Do not draft it again.' | 'This draft was signed, by a person or by what a person approved ahead, and it is in the record.' | 'This draft was signed, and the record system did not take it: nothing has changed there. get_operation tells why.' | 'This draft was signed, and whether it is in the record is being found out by a person. Do not draft it again: it could be there twice.' | 'A person rejected this draft: nothing has changed in the record.' | 'Nobody decided on this draft in time: nothing has changed in the record.';
  };
  /** Sign several drafts. */
  sign_together: Answer & {
    signed: { draft_id: string; status: 'committed' | 'signed'; record_id?: string; operation_id?: string; vendor?: string; note: 'This draft was signed, and a person gave it up before it was known to be in the record system: it may be there or not. Do not draft it again unless the user asks for it.' | 'Nothing has changed in the record yet: a person of the clinic reads this draft and signs or rejects it.' | 'This draft was signed, by a person or by what a person approved ahead. Attending is writing it to the clinic’s record system: it is not known to be there yet. get_draft gives the operation_id, and get_operation tells when it is there. Do not draft it again.' | 'This draft was signed, by a person or by what a person approved ahead, and it is in the record.' | 'This draft was signed, and the record system did not take it: nothing has changed there. get_operation tells why.' | 'This draft was signed, and whether it is in the record is being found out by a person. Do not draft it again: it could be there twice.' | 'A person rejected this draft: nothing has changed in the record.' | 'Nobody decided on this draft in time: nothing has changed in the record.' }[];
  };
  /** Change a person’s rights. */
  update_person: Answer & {
    user_id: string;
    email: string;
    display_name: string;
    role: 'owner' | 'physician' | 'nurse' | 'front_desk' | 'scheduler' | 'biller' | 'quality' | 'compliance' | 'integration';
    practitioner_id?: string;
    active: boolean;
    use_ai: boolean;
    licensed: boolean;
    login: 'ready' | 'second_factor_reset' | 'invited' | 'none';
    invited_until?: string;
    last_sign_in_at?: string;
  };
  /** Change a webhook endpoint. */
  update_webhook_endpoint: Answer & { endpoint_id: string };
}
