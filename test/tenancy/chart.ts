// One row of each table of migrations 0005 to 0008, for two clinics that must not see each other's.
import { randomUUID } from 'node:crypto';

type Json = Record<string, unknown>;

/** What the rows stand on, made before them. `canary` is in every text. */
export interface Ground {
  canary: string;
  user_id: string;
  practitioner_id: string;
  patient_id: string;
  appointment_id: string;
  encounter_id: string;
  coverage_id: string;
  lab_result_id: string;
  medication_request_id: string;
}

const AT = '2026-11-20T09:00:00-05:00';
const ON = '2026-11-20';

/** In the order of their foreign keys. */
export function chart(ground: Ground): Record<string, Json> {
  return { ...clinical(ground), ...practice(ground), ...money(ground), ...care(ground) };
}

function clinical({
  canary,
  practitioner_id,
  patient_id,
  encounter_id,
  lab_result_id,
  medication_request_id,
}: Ground): Record<string, Json> {
  const of = () => ({ id: randomUUID(), patient_id });
  return {
    vital_signs: {
      ...of(),
      encounter_id,
      loinc: '8867-4',
      value: 71,
      unit: '/min',
      unit_raw: canary,
      taken_at: AT,
      taken_by: practitioner_id,
    },
    conditions: { ...of(), category: 'problem', name: canary, clinical_status: 'active', encounter_id, recorder_id: practitioner_id },
    allergies: { ...of(), substance: canary, recorder_id: practitioner_id },
    procedures: { ...of(), encounter_id, practitioner_id, code: '93000', code_system: 'cpt', name: canary },
    lab_orders: { ...of(), encounter_id, practitioner_id, name: canary, status: 'active', ordered_at: AT },
    lab_reviews: { ...of(), lab_result_id, reviewed_by: practitioner_id, reviewed_at: AT, action: 'no_action' },
    prescriptions: {
      ...of(),
      medication_request_id,
      prescriber_id: practitioner_id,
      message: 'new',
      status: 'sent',
      pharmacy: canary,
      sent_at: AT,
    },
  };
}

function practice({ canary, user_id, practitioner_id, patient_id, appointment_id, medication_request_id }: Ground): Record<string, Json> {
  const of = () => ({ id: randomUUID(), patient_id });
  const message_id = randomUUID();
  return {
    practitioner_hours: { id: randomUUID(), practitioner_id, weekday: 1, start_minute: 480, end_minute: 720, from_on: ON },
    schedule_blocks: { id: randomUUID(), practitioner_id, start_at: AT, end_at: '2026-11-20T10:00:00-05:00', reason: 'leave' },
    messages: {
      ...of(),
      id: message_id,
      thread_id: randomUUID(),
      direction: 'inbound',
      channel: 'portal',
      category: 'clinical',
      practitioner_id,
      body: [{ text: canary, origin: 'external', kind: 'patient_reported' }],
      sent_at: AT,
      answered_by: message_id,
    },
    message_reads: { message_id, user_id, read_at: AT },
    message_consents: { ...of(), number: '+12155550117', decision: 'given', source: 'form', said_at: AT, recorded_at: AT },
    tasks: { ...of(), kind: 'callback', clinical: true, title: canary, status: 'requested', created_at: AT },
    refill_requests: {
      ...of(),
      medication_request_id,
      source: 'patient',
      status: 'approved',
      comment: canary,
      requested_at: AT,
      decided_by: practitioner_id,
    },
    intake_forms: { ...of(), appointment_id, kind: 'consent', channel: 'portal', status: 'sent', sent_at: AT },
  };
}

function money({ canary, practitioner_id, patient_id, encounter_id, coverage_id, appointment_id }: Ground): Record<string, Json> {
  const of = () => ({ id: randomUUID(), patient_id, practitioner_id });
  const [charge_id, claim_id, claim_line_id, remittance_id] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const [remittance_claim_id, remittance_line_id, payout_id, payment_id, membership_id] = Array.from({ length: 5 }, () => randomUUID());
  return {
    charges: {
      ...of(),
      id: charge_id,
      encounter_id,
      kind: 'service',
      description: canary,
      amount_cents: 18_400,
      responsible: 'insurance',
      service_on: ON,
      posted_on: ON,
    },
    claims: {
      ...of(),
      id: claim_id,
      encounter_id,
      coverage_id,
      payer: canary,
      form: 'professional',
      claim_number: canary,
      replaces: claim_id,
      status: 'submitted',
      service_from: ON,
      service_to: ON,
      total_cents: 18_400,
    },
    claim_lines: {
      ...of(),
      id: claim_line_id,
      claim_id,
      charge_id,
      line_number: 1,
      code: '99214',
      units: 1,
      amount_cents: 18_400,
      service_on: ON,
    },
    remittances: {
      id: remittance_id,
      payer: canary,
      trace_number: canary,
      method: 'ach',
      paid_on: ON,
      received_on: ON,
      amount_cents: 9_000,
    },
    remittance_claims: {
      ...of(),
      id: remittance_claim_id,
      remittance_id,
      claim_id,
      claim_number: canary,
      status_code: '1',
      charged_cents: 18_400,
      paid_cents: 9_000,
      patient_responsibility_cents: 2_000,
    },
    remittance_lines: {
      id: remittance_line_id,
      remittance_claim_id,
      claim_line_id,
      practitioner_id,
      line_number: 1,
      code: canary,
      charged_cents: 18_400,
      paid_cents: 9_000,
    },
    remittance_adjustments: {
      id: randomUUID(),
      remittance_claim_id,
      remittance_line_id,
      practitioner_id,
      group_code: 'CO',
      reason_code: canary,
      amount_cents: 7_400,
    },
    remittance_provider_adjustments: { id: randomUUID(), remittance_id, reason_code: 'WO', reference: canary, amount_cents: 100 },
    payouts: { id: payout_id, arrived_on: ON, amount_cents: 8_700 },
    payments: {
      ...of(),
      id: payment_id,
      charge_id,
      source: 'package',
      method: 'card',
      status: 'settled',
      amount_cents: 9_000,
      posted_on: ON,
      package_charge_id: charge_id,
      remittance_claim_id,
      payout_id,
    },
    adjustments: { ...of(), charge_id, kind: 'contractual', party: 'insurance', amount_cents: 7_400, posted_on: ON, remittance_claim_id },
    refunds: { ...of(), payment_id, charge_id, kind: 'refund', party: 'patient', amount_cents: 500, posted_on: ON, payout_id },
    responsibility_transfers: { ...of(), charge_id, amount_cents: 2_000, moved_on: ON, remittance_claim_id },
    statements: {
      id: randomUUID(),
      patient_id,
      statement_number: canary,
      channel: 'paper',
      status: 'sent',
      balance_cents: 2_000,
      sent_on: ON,
      due_on: ON,
    },
    memberships: { id: membership_id, patient_id },
    membership_events: {
      id: randomUUID(),
      membership_id,
      patient_id,
      occurred_at: AT,
      status: 'active',
      plan: canary,
      interval: 'month',
      price_cents: 14_900,
    },
    leads: { id: randomUUID(), given_name: canary, source: canary, created_at: AT, consult_appointment_id: appointment_id, patient_id },
  };
}

function care({ canary, practitioner_id, patient_id, appointment_id, coverage_id }: Ground): Record<string, Json> {
  const of = () => ({ id: randomUUID(), patient_id });
  const [care_plan_id, activity_id, prior_authorization_id, authorization_id] = Array.from({ length: 4 }, () => randomUUID());
  return {
    care_plans: { ...of(), id: care_plan_id, title: canary, status: 'active', author_id: practitioner_id, updated_at: AT },
    care_plan_goals: { ...of(), care_plan_id, description: canary, status: 'active' },
    care_plan_activities: {
      ...of(),
      id: activity_id,
      care_plan_id,
      kind: 'lab',
      description: canary,
      status: 'scheduled',
      first_due_on: ON,
      owner_id: practitioner_id,
    },
    care_plan_completions: { ...of(), activity_id, done_on: ON },
    referrals: { ...of(), direction: 'outgoing', status: 'active', specialty: canary, practitioner_id, created_on: ON },
    prior_authorizations: { ...of(), id: prior_authorization_id, coverage_id, practitioner_id, service_name: canary, status: 'submitted' },
    authorizations: {
      ...of(),
      id: authorization_id,
      coverage_id,
      prior_authorization_id,
      payer: canary,
      service_code: '97110',
      service_name: canary,
      unit_type: 'visit',
      total_units: 12,
      period_start: ON,
      period_end: '2026-12-31',
      status: 'active',
    },
    record_changes: { ...of(), kind: canary, record_id: randomUUID(), change: 'created' },
    authorization_uses: { ...of(), authorization_id, appointment_id, service_on: ON, units: 1, status: 'verified' },
  };
}
