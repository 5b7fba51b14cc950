// Entries of one patient's account as rows: charges, payments, what is written off, given back, or left to the patient.
import { dateOf } from '../days.ts';
import { payoutOf } from './cards.ts';
import type { To } from './patient.ts';
import { KIND } from './population.ts';
import { line } from './tables.ts';

interface Charged {
  n: number;
  /** Of a visit. */
  encounter?: string;
  kind?: 'service' | 'package' | 'membership';
  code: string;
  what: string;
  cents: number;
  by?: 'insurance' | 'patient';
  day: number;
  period_end?: number;
  goods_cents?: number;
  lab_cents?: number;
  minutes?: number;
}

/** Answers the id of the charge. */
export function charge(to: To, charged: Charged): string {
  const { n, encounter, kind = 'service', code, what, cents, by = 'patient', day, period_end, goods_cents, lab_cents, minutes } = charged;
  const id = to.id(KIND.charge, n);
  const on = dateOf(day);
  to.lines.charges.push(
    line(
      ...[to.tenant_id, id, to.person.id, to.practitioner_id, encounter, kind, code, what, cents, by, on],
      ...[period_end === undefined ? undefined : dateOf(period_end), on, goods_cents, lab_cents, minutes],
    ),
  );
  return id;
}

interface Paid {
  n: number;
  charge: string;
  source?: 'patient' | 'insurance' | 'package';
  method?: 'card' | 'check' | 'ach';
  cents: number;
  day: number;
  package_charge?: string;
  remittance_claim?: string;
}

/** Answers the id of the payment. A card takes 2.9 % and 30 cents. */
export function pay(
  to: To,
  { n, charge, source = 'patient', method = 'card', cents, day, package_charge, remittance_claim }: Paid,
): string {
  const id = to.id(KIND.payment, n);
  const isByCard = method === 'card' && source === 'patient';
  const fee = isByCard ? Math.round(cents * 0.029) + 30 : undefined;
  to.lines.payments.push(
    line(
      ...[to.tenant_id, id, to.person.id, to.practitioner_id, charge, source, method, 'settled', cents, fee, dateOf(day)],
      ...[package_charge, remittance_claim, isByCard ? payoutOf(to, day) : undefined],
    ),
  );
  return id;
}

interface Adjusted {
  n: number;
  charge: string;
  kind: 'contractual' | 'sequestration' | 'discount' | 'write_off' | 'bad_debt';
  party: 'insurance' | 'patient';
  cents: number;
  day: number;
  remittance_claim?: string;
}

export function adjust({ id, lines, tenant_id, practitioner_id, person }: To, adjusted: Adjusted): void {
  const { n, charge, kind, party, cents, day, remittance_claim } = adjusted;
  const of = [tenant_id, id(KIND.adjustment, n), person.id, practitioner_id];
  lines.adjustments.push(line(...of, charge, kind, party, cents, dateOf(day), remittance_claim));
}

interface Moved {
  n: number;
  charge: string;
  cents: number;
  day: number;
  remittance_claim: string;
}

/** The payer leaves a part to the patient. */
export function transfer({ id, lines, tenant_id, practitioner_id, person }: To, { n, charge, cents, day, remittance_claim }: Moved): void {
  const of = [tenant_id, id(KIND.transfer, n), person.id, practitioner_id];
  lines.responsibility_transfers.push(line(...of, charge, cents, dateOf(day), remittance_claim));
}

interface Returned {
  n: number;
  payment: string;
  charge: string;
  kind: 'refund' | 'chargeback';
  cents: number;
  day: number;
}

/** Money back to the patient's card, who does not owe it again: a discount, or lost. */
export function giveBack(to: To, { n, payment, charge, kind, cents, day }: Returned): void {
  const { id, lines, tenant_id, practitioner_id, person } = to;
  const of = [tenant_id, id(KIND.refund, n), person.id, practitioner_id];
  lines.refunds.push(
    line(...of, payment, charge, kind, 'patient', cents, kind === 'chargeback' ? 1_500 : 0, dateOf(day), payoutOf(to, day)),
  );
  adjust(to, { n: 4_000 + n, charge, kind: kind === 'refund' ? 'discount' : 'bad_debt', party: 'patient', cents, day });
}
