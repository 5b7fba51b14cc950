// Rows of the clinic's money for tests: each names only what the test is about.
import { randomUUID } from 'node:crypto';
import { type Row, TENANT } from './chart.ts';

/** Of a patient row: its tenant too. */
const of =
  (defaults: Row) =>
  (patient: Row, own: Row = {}): Row => ({ tenant_id: patient.tenant_id, id: randomUUID(), patient_id: patient.id, ...defaults, ...own });

/** Of a row with a patient_id: its tenant, patient, clinician and, under `key`, its id. */
const on =
  (key: string, defaults: Row) =>
  (owner: Row, own: Row = {}): Row => ({
    tenant_id: owner.tenant_id,
    id: randomUUID(),
    patient_id: owner.patient_id,
    practitioner_id: owner.practitioner_id,
    [key]: owner.id,
    ...defaults,
    ...own,
  });

export const aCharge = of({
  kind: 'service',
  code: '99213',
  description: 'Office visit, established',
  amount_cents: 10_000,
  responsible: 'patient',
  service_on: '2026-10-05',
  posted_on: '2026-10-05',
});
/** Paid by the patient for a charge; not applied: `{ charge_id: null }`. */
export const aPayment = on('charge_id', {
  source: 'patient',
  method: 'card',
  status: 'settled',
  amount_cents: 10_000,
  posted_on: '2026-10-05',
});
export const anAdjustment = on('charge_id', { kind: 'contractual', party: 'insurance', amount_cents: 1_000, posted_on: '2026-10-20' });
export const aTransfer = on('charge_id', { amount_cents: 1_000, moved_on: '2026-10-20' });
/** Of a payment. */
export const aRefund = (payment: Row, own: Row = {}): Row =>
  on('payment_id', { kind: 'refund', party: 'patient', amount_cents: 1_000, posted_on: '2026-11-05', charge_id: payment.charge_id })(
    payment,
    own,
  );
export const aPayout = (own: Row = {}): Row => ({
  tenant_id: TENANT,
  id: randomUUID(),
  arrived_on: '2026-10-07',
  amount_cents: 10_000,
  ...own,
});

let claims = 0;
export function aClaim(patient: Row, own: Row = {}): Row {
  claims += 1;
  return of({
    payer: 'Example Health Plan',
    form: 'professional',
    claim_number: `C${1000 + claims}`,
    status: 'submitted',
    service_from: '2026-10-05',
    service_to: '2026-10-05',
    submitted_on: '2026-10-06',
    total_cents: 10_000,
  })(patient, own);
}
export const aClaimLine = on('claim_id', { line_number: 1, code: '99213', units: 1, amount_cents: 10_000, service_on: '2026-10-05' });

let traces = 0;
export function aRemittance(own: Row = {}): Row {
  traces += 1;
  return {
    tenant_id: TENANT,
    id: randomUUID(),
    payer: 'Example Health Plan',
    trace_number: `T${1000 + traces}`,
    method: 'ach',
    paid_on: '2026-10-20',
    received_on: '2026-10-21',
    amount_cents: 0,
    ...own,
  };
}

/** A CAS: `CO-45 2000`, or `CO-45 2000 @1` of line 1. */
type Cas = string;

/** A payer's answer to a claim in a remittance: its CLP, one SVC for each `lines` [charged, paid], and CAS. A claim that is no row of ours: give its number. */
export function anAnswer(
  remittance: Row,
  claim: Row | string,
  { cas = [], lines = [], ...own }: Row & { cas?: readonly Cas[]; lines?: readonly (readonly [number, number])[] },
) {
  const known = typeof claim === 'string' ? undefined : claim;
  const clp: Row = {
    tenant_id: remittance.tenant_id,
    id: randomUUID(),
    remittance_id: remittance.id,
    claim_id: known?.id,
    patient_id: known?.patient_id,
    practitioner_id: known?.practitioner_id,
    claim_number: known?.claim_number ?? claim,
    status_code: '1',
    charged_cents: known?.total_cents ?? 10_000,
    paid_cents: 0,
    patient_responsibility_cents: 0,
    ...own,
  };
  const svc = lines.map(([charged_cents, paid_cents], n) => ({
    tenant_id: remittance.tenant_id,
    id: randomUUID(),
    remittance_claim_id: clp.id,
    practitioner_id: clp.practitioner_id,
    line_number: n + 1,
    code: '99213',
    charged_cents,
    paid_cents,
  }));
  const adjustments = cas.map((text) => {
    const [code = '', cents, line] = text.split(' ');
    const [group_code, reason_code] = code.split('-');
    return {
      tenant_id: remittance.tenant_id,
      id: randomUUID(),
      remittance_claim_id: clp.id,
      remittance_line_id: line === undefined ? null : svc[Number(line.slice(1)) - 1]?.id,
      practitioner_id: clp.practitioner_id,
      group_code,
      reason_code,
      amount_cents: Number(cents),
    };
  });
  return { clp, svc, adjustments };
}

/** The rows of several answers, by table. */
export function answerRows(answers: readonly ReturnType<typeof anAnswer>[]) {
  return {
    remittance_claims: answers.map(({ clp }) => clp),
    remittance_lines: answers.flatMap(({ svc }) => svc),
    remittance_adjustments: answers.flatMap(({ adjustments }) => adjustments),
  };
}

let statements = 0;
export function aStatement(patient: Row, own: Row = {}): Row {
  statements += 1;
  return of({
    statement_number: `S${1000 + statements}`,
    channel: 'portal',
    status: 'sent',
    balance_cents: 5_000,
    sent_on: '2026-10-20',
    due_on: '2026-11-10',
  })(patient, own);
}

/** A membership told by its events: `[when, what]`, each on top of the one before. */
export function aMembership(patient: Row, events: readonly (readonly [string, Row])[]): { membership: Row; events: Row[] } {
  const membership = of({})(patient);
  let state: Row = { status: 'active', plan: 'Wellness', interval: 'month', price_cents: 15_000 };
  return {
    membership,
    events: events.map(([occurred_at, change]) => {
      state = { ...state, ...change };
      return of({ membership_id: membership.id, occurred_at, ...state })(patient);
    }),
  };
}

export const aLead = (own: Row = {}): Row => ({
  tenant_id: TENANT,
  id: randomUUID(),
  source: 'referral',
  created_at: '2026-05-10T10:00:00-04:00',
  ...own,
});
