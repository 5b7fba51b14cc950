// The rows of money: one plain row a table of migration 0007, its keys the SQL columns. Amounts are integer cents, days YYYY-MM-DD in the clinic's zone.

export interface ChargeRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  practitioner_id: string | null;
  encounter_id: string | null;
  kind: 'service' | 'product' | 'package' | 'membership';
  code: string | null;
  description: string;
  units: number;
  amount_cents: number;
  tax_cents: number;
  responsible: 'insurance' | 'patient';
  service_on: string;
  period_end: string | null;
  posted_on: string;
  voided_on: string | null;
  goods_cost_cents: number | null;
  lab_cost_cents: number | null;
  clinician_minutes: number | null;
}

export interface ClaimRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  practitioner_id: string | null;
  encounter_id: string | null;
  coverage_id: string | null;
  payer: string;
  form: 'professional' | 'institutional';
  claim_number: string;
  payer_control_number: string | null;
  frequency: '1' | '7' | '8';
  replaces: string | null;
  status: 'draft' | 'submitted' | 'rejected' | 'accepted' | 'pended' | 'paid' | 'partially_paid' | 'denied' | 'voided';
  service_from: string;
  service_to: string;
  submitted_on: string | null;
  first_adjudicated_on: string | null;
  total_cents: number;
}

export interface ClaimLineRow {
  tenant_id: string;
  id: string;
  claim_id: string;
  patient_id: string;
  practitioner_id: string | null;
  charge_id: string | null;
  line_number: number;
  code: string;
  modifiers: string[];
  icd10: string[];
  units: number;
  amount_cents: number;
  service_on: string;
}

export interface RemittanceRow {
  tenant_id: string;
  id: string;
  payer: string;
  trace_number: string;
  method: 'ach' | 'check' | 'non_payment';
  paid_on: string;
  received_on: string;
  amount_cents: number;
}

export interface RemittanceClaimRow {
  tenant_id: string;
  id: string;
  remittance_id: string;
  claim_id: string | null;
  patient_id: string | null;
  practitioner_id: string | null;
  claim_number: string;
  payer_control_number: string | null;
  status_code: string;
  charged_cents: number;
  paid_cents: number;
  patient_responsibility_cents: number;
  remark_codes: string[];
}

export interface RemittanceLineRow {
  tenant_id: string;
  id: string;
  remittance_claim_id: string;
  claim_line_id: string | null;
  practitioner_id: string | null;
  line_number: number;
  code: string;
  charged_cents: number;
  paid_cents: number;
  allowed_cents: number | null;
  remark_codes: string[];
}

export interface RemittanceAdjustmentRow {
  tenant_id: string;
  id: string;
  remittance_claim_id: string;
  remittance_line_id: string | null;
  practitioner_id: string | null;
  group_code: 'CO' | 'PR' | 'OA' | 'PI' | 'CR';
  reason_code: string;
  amount_cents: number;
}

export interface RemittanceProviderAdjustmentRow {
  tenant_id: string;
  id: string;
  remittance_id: string;
  reason_code: string;
  reference: string | null;
  amount_cents: number;
}

export interface PayoutRow {
  tenant_id: string;
  id: string;
  arrived_on: string;
  amount_cents: number;
}

export interface PaymentRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  practitioner_id: string | null;
  charge_id: string | null;
  source: 'insurance' | 'patient' | 'gift_card' | 'package';
  method: 'card' | 'cash' | 'check' | 'ach' | 'transfer';
  status: 'settled' | 'pending' | 'failed';
  amount_cents: number;
  fee_cents: number | null;
  posted_on: string;
  package_charge_id: string | null;
  remittance_claim_id: string | null;
  payout_id: string | null;
}

export interface AdjustmentRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  practitioner_id: string | null;
  charge_id: string;
  kind: 'contractual' | 'sequestration' | 'discount' | 'write_off' | 'bad_debt';
  party: 'insurance' | 'patient';
  amount_cents: number;
  posted_on: string;
  remittance_claim_id: string | null;
}

export interface RefundRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  practitioner_id: string | null;
  payment_id: string;
  charge_id: string | null;
  kind: 'refund' | 'chargeback';
  party: 'insurance' | 'patient';
  amount_cents: number;
  fee_cents: number;
  posted_on: string;
  payout_id: string | null;
}

export interface TransferRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  practitioner_id: string | null;
  charge_id: string;
  amount_cents: number;
  moved_on: string;
  remittance_claim_id: string | null;
}

export interface StatementRow {
  tenant_id: string;
  id: string;
  patient_id: string;
  statement_number: string;
  channel: 'paper' | 'email' | 'portal';
  status: 'sent' | 'paid' | 'partially_paid' | 'voided' | 'in_collections';
  balance_cents: number;
  sent_on: string;
  due_on: string;
}

export interface MembershipRow {
  tenant_id: string;
  id: string;
  patient_id: string;
}

export interface MembershipEventRow {
  tenant_id: string;
  id: string;
  membership_id: string;
  patient_id: string;
  occurred_at: string;
  status: 'trialing' | 'active' | 'past_due' | 'paused' | 'cancelled' | 'unpaid';
  plan: string;
  interval: 'month' | 'quarter' | 'year';
  price_cents: number;
  discount_cents: number;
  discount: 'none' | 'permanent' | 'finite';
  cancel_at: string | null;
  ended_by: 'member' | 'clinic' | 'payment_failure' | null;
}

export interface LeadRow {
  tenant_id: string;
  id: string;
  kind: 'person' | 'spam' | 'test';
  given_name: string | null;
  family_name: string | null;
  phone: string | null;
  email: string | null;
  source: string;
  campaign: string | null;
  created_at: string;
  contacted_at: string | null;
  consult_booked_at: string | null;
  consult_appointment_id: string | null;
  consult_attended_at: string | null;
  patient_id: string | null;
}

/** The money of one patient. */
export interface AccountRows {
  charges: ChargeRow[];
  claims: ClaimRow[];
  claim_lines: ClaimLineRow[];
  remittance_claims: RemittanceClaimRow[];
  payments: PaymentRow[];
  adjustments: AdjustmentRow[];
  refunds: RefundRow[];
  responsibility_transfers: TransferRow[];
  statements: StatementRow[];
  memberships: MembershipRow[];
  membership_events: MembershipEventRow[];
}

/** All the money of a clinic: every account, and what holds several together. */
export interface MoneyRows extends AccountRows {
  remittances: RemittanceRow[];
  remittance_lines: RemittanceLineRow[];
  remittance_adjustments: RemittanceAdjustmentRow[];
  remittance_provider_adjustments: RemittanceProviderAdjustmentRow[];
  payouts: PayoutRow[];
  leads: LeadRow[];
}
