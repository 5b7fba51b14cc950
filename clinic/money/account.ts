// The money of one patient, row by row: everything that is posted goes through here, so that every row knows its patient, its clinician and its day.
import { type Day, dateOf } from '../days.ts';
import { idOf } from '../random.ts';
import type {
  AccountRows,
  AdjustmentRow,
  ChargeRow,
  PaymentRow,
  RefundRow,
  RemittanceAdjustmentRow,
  RemittanceLineRow,
  TransferRow,
} from '../rows-money.ts';
import type { Story } from '../story.ts';
import type { Remit } from './remits.ts';

/** What is still open of a charge for the patient to pay, since when, and how that was meant to go. */
export interface Debt {
  charge: ChargeRow;
  cents: number;
  since: Day;
  /** The payer left it: nobody could be asked on the day of the visit. */
  isFromPayer: boolean;
}

export interface Account extends AccountRows {
  story: Story;
  remittance_lines: RemittanceLineRow[];
  remittance_adjustments: RemittanceAdjustmentRow[];
  debts: Debt[];
  /** The remittances in which this account's claims were answered. */
  remits: Remit[];
}

export function openAccount(story: Story): Account {
  return {
    story,
    charges: [],
    claims: [],
    claim_lines: [],
    remittance_claims: [],
    payments: [],
    adjustments: [],
    refunds: [],
    responsibility_transfers: [],
    statements: [],
    memberships: [],
    membership_events: [],
    remittance_lines: [],
    remittance_adjustments: [],
    debts: [],
    remits: [],
  };
}

const whose = ({ story: { setting } }: Account) => ({ tenant_id: setting.tenant_id, patient_id: setting.patient_id });
const idIn = ({ story: { setting } }: Account, kind: string, name: string) => idOf(setting.origin, kind, name);

export type Paid = Pick<PaymentRow, 'source' | 'method' | 'amount_cents'> &
  Partial<Pick<PaymentRow, 'status' | 'package_charge_id' | 'remittance_claim_id'>>;

/** A payment of `day`, applied to a charge or, without one, a credit. A card costs 2.9 % and 30 cents. */
export function pay(account: Account, name: string, { charge, day, ...paid }: Paid & { charge: ChargeRow | null; day: Day }): PaymentRow {
  const row: PaymentRow = {
    ...whose(account),
    id: idIn(account, 'payment', name),
    practitioner_id: charge?.practitioner_id ?? null,
    charge_id: charge?.id ?? null,
    status: 'settled',
    package_charge_id: null,
    remittance_claim_id: null,
    payout_id: null,
    posted_on: dateOf(day),
    ...paid,
    fee_cents: paid.method === 'card' && paid.status !== 'failed' ? Math.round(paid.amount_cents * 0.029) + 30 : null,
  };
  account.payments.push(row);
  return row;
}

/** Lowers what is asked of `party` for a charge. */
export function adjust(
  account: Account,
  name: string,
  {
    charge,
    day,
    ...given
  }: Pick<AdjustmentRow, 'kind' | 'party' | 'amount_cents'> & {
    charge: ChargeRow;
    day: Day;
    remittance_claim_id?: string;
  },
): void {
  account.adjustments.push({
    ...whose(account),
    id: idIn(account, 'adjustment', name),
    practitioner_id: charge.practitioner_id,
    charge_id: charge.id,
    posted_on: dateOf(day),
    remittance_claim_id: null,
    ...given,
  });
}

/** What the payer leaves to the patient, from `day` on. */
export function transfer(
  account: Account,
  name: string,
  { charge, day, ...given }: Pick<TransferRow, 'amount_cents'> & { charge: ChargeRow; day: Day; remittance_claim_id: string },
): void {
  account.responsibility_transfers.push({
    ...whose(account),
    id: idIn(account, 'transfer', name),
    practitioner_id: charge.practitioner_id,
    charge_id: charge.id,
    moved_on: dateOf(day),
    ...given,
  });
}

/** Money of a payment given back. */
export function giveBack(
  account: Account,
  name: string,
  { payment, day, ...given }: Pick<RefundRow, 'kind' | 'amount_cents'> & { payment: PaymentRow; day: Day },
): void {
  account.refunds.push({
    ...whose(account),
    id: idIn(account, 'refund', name),
    practitioner_id: payment.practitioner_id,
    payment_id: payment.id,
    charge_id: payment.charge_id,
    party: 'patient',
    fee_cents: given.kind === 'chargeback' ? 1_500 : 0,
    posted_on: dateOf(day),
    payout_id: null,
    ...given,
  });
}

/** What a party owes for a charge by the rows of the account, on the morning after `day`; negative is a credit. */
export function owed(account: Account, charge: ChargeRow, party: 'insurance' | 'patient', day: Day): number {
  const until = dateOf(day);
  const sum = <T extends { charge_id: string | null; amount_cents: number }>(
    rows: readonly T[],
    on: (row: T) => string,
    which: (row: T) => boolean,
  ) => rows.reduce((total, row) => total + (row.charge_id === charge.id && on(row) <= until && which(row) ? row.amount_cents : 0), 0);
  const stands = charge.posted_on <= until && (charge.voided_on === null || charge.voided_on > until);
  const asked = stands && charge.responsible === party ? charge.amount_cents + charge.tax_cents : 0;
  const moved = sum(
    account.responsibility_transfers,
    ({ moved_on }) => moved_on,
    () => true,
  );
  const posted = ({ posted_on }: { posted_on: string }) => posted_on;
  return (
    asked +
    (party === 'patient' ? moved : -moved) -
    sum(account.payments, posted, ({ source, status }) => status === 'settled' && (source === 'insurance') === (party === 'insurance')) -
    sum(account.adjustments, posted, (row) => row.party === party) +
    sum(account.refunds, posted, (row) => row.party === party)
  );
}
