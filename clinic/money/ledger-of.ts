// The subsidiary ledger of a clinic, told again from its rows: who owed what for which charge at the end of a day. Independent of any SQL.
import type { Aged } from '../../src/domains/billing.ts';
import { dayOf } from '../days.ts';
import type { Clinic } from '../rows.ts';
import type { ChargeRow } from '../rows-money.ts';

export type Books = Pick<
  Clinic,
  | 'options'
  | 'charges'
  | 'payments'
  | 'adjustments'
  | 'refunds'
  | 'responsibility_transfers'
  | 'payouts'
  | 'claims'
  | 'memberships'
  | 'membership_events'
>;

/** Whose money: of one clinician, of one patient, of all. */
export interface Scope {
  practitioner_id?: string;
  patient_id?: string;
}

export const within =
  ({ practitioner_id, patient_id }: Scope) =>
  (row: { practitioner_id: string | null; patient_id: string }): boolean =>
    (practitioner_id === undefined || row.practitioner_id === practitioner_id) &&
    (patient_id === undefined || row.patient_id === patient_id);

export const sumOf = <T extends { amount_cents: number }>(rows: readonly T[]): number =>
  rows.reduce((sum, { amount_cents }) => sum + amount_cents, 0);

const indexes = new WeakMap<object, Map<string, unknown[]>>();

/** The rows of one charge, out of all. */
export function ofCharge<T extends { charge_id: string | null }>(rows: readonly T[], charge_id: string): readonly T[] {
  const known = indexes.get(rows) ?? Map.groupBy(rows, (row) => row.charge_id ?? '');
  indexes.set(rows, known);
  return (known.get(charge_id) ?? []) as T[];
}

/** What is open of one charge, each part positive or negative. */
export interface Open {
  /** undefined: payments that are applied to nothing, of one patient. */
  charge?: ChargeRow;
  patient_id: string;
  insurance: number;
  patient: number;
  /** The day the patient's part became the patient's. */
  since: string;
}

/** Every charge with something open at the end of `day`, and what is not applied. */
export function openAt(
  books: Pick<Books, 'charges' | 'payments' | 'adjustments' | 'refunds' | 'responsibility_transfers'>,
  day: string,
  scope: Scope = {},
): Open[] {
  const mine = within(scope);
  const byId = new Map(books.charges.map((row) => [row.id, row]));
  const open = new Map<string, Open>();
  const of = (charge_id: string | null, patient_id: string): Open => {
    const key = charge_id ?? `unapplied ${patient_id}`;
    const found = open.get(key);
    if (found) return found;
    const charge = charge_id === null ? undefined : byId.get(charge_id);
    const made: Open = { ...(charge && { charge }), patient_id, insurance: 0, patient: 0, since: charge?.service_on ?? '' };
    open.set(key, made);
    return made;
  };
  for (const row of books.charges.filter(mine)) {
    if (row.posted_on > day || (row.voided_on !== null && row.voided_on <= day)) continue;
    of(row.id, row.patient_id)[row.responsible] += row.amount_cents + row.tax_cents;
  }
  const first = new Map<string, string>();
  for (const row of books.responsibility_transfers.filter(mine)) {
    if (row.moved_on > day) continue;
    const part = of(row.charge_id, row.patient_id);
    part.patient += row.amount_cents;
    part.insurance -= row.amount_cents;
    if (row.amount_cents > 0 && row.moved_on < (first.get(row.charge_id) ?? '9')) first.set(row.charge_id, row.moved_on);
  }
  for (const row of books.payments.filter(mine))
    if (row.status === 'settled' && row.posted_on <= day)
      of(row.charge_id, row.patient_id)[row.source === 'insurance' ? 'insurance' : 'patient'] -= row.amount_cents;
  for (const row of books.adjustments.filter(mine))
    if (row.posted_on <= day) of(row.charge_id, row.patient_id)[row.party] -= row.amount_cents;
  for (const row of books.refunds.filter(mine)) if (row.posted_on <= day) of(row.charge_id, row.patient_id)[row.party] += row.amount_cents;
  for (const part of open.values()) if (part.charge?.responsible === 'insurance') part.since = first.get(part.charge.id) ?? part.since;
  return [...open.values()].filter(({ insurance, patient }) => insurance !== 0 || patient !== 0);
}

/** What was given back of a charge: by its own name, or as a payment of it. */
export function refundsOf(books: Books, charge_id: string): readonly Books['refunds'][number][] {
  const paid = new Set(ofCharge(books.payments, charge_id).map(({ id }) => id));
  return books.refunds.filter((row) => row.charge_id === charge_id || (row.charge_id === null && paid.has(row.payment_id)));
}

/** Amounts by age: both ends of 0–30, 31–60, 61–90, 91–120 count. */
function agedOf(parts: readonly { cents: number; since: string }[], on: string): Aged {
  const aged: Aged = {
    total_cents: 0,
    days_0_30_cents: 0,
    days_31_60_cents: 0,
    days_61_90_cents: 0,
    days_91_120_cents: 0,
    days_over_120_cents: 0,
  };
  for (const { cents, since } of parts) {
    const days = dayOf(on) - dayOf(since);
    const bucket =
      days <= 30
        ? 'days_0_30_cents'
        : days <= 60
          ? 'days_31_60_cents'
          : days <= 90
            ? 'days_61_90_cents'
            : days <= 120
              ? 'days_91_120_cents'
              : 'days_over_120_cents';
    aged[bucket] += cents;
    aged.total_cents += cents;
  }
  return aged;
}

/** The receivable at the end of a day: insurance by the day of service, the patient's by the day it became the patient's, credits apart. */
export function receivableAt(books: Books, on: string, scope: Scope = {}) {
  const open = openAt(books, on, scope);
  const insurance = agedOf(
    open.filter((part) => part.insurance > 0).map((part) => ({ cents: part.insurance, since: part.charge?.service_on ?? on })),
    on,
  );
  const patient = agedOf(
    open.filter((part) => part.patient > 0).map((part) => ({ cents: part.patient, since: part.since || on })),
    on,
  );
  const credits_cents = 0 - open.reduce((sum, part) => sum + Math.min(0, part.insurance) + Math.min(0, part.patient), 0);
  return { on, insurance, patient, credits_cents, net_cents: insurance.total_cents + patient.total_cents - credits_cents };
}
