// The life of each order at the pharmacy: what was sent, what the pharmacy said, and whether anybody picked it up.
import { DIED_AGO } from '../arcs/arcs.ts';
import { dateOf, dayOf, instantOf } from '../days.ts';
import type { Drug } from '../medications/drug.ts';
import { drugOf } from '../medications/drugs.ts';
import type { MedicationFact } from '../medications/orders.ts';
import { idOf } from '../random.ts';
import type { PrescriptionRow } from '../rows-clinical.ts';
import type { Setting } from '../setting.ts';
import { pharmacyOf, quantityOf } from './pharmacy.ts';

/** A message to a pharmacy with what its maker knows of it. */
export interface PrescriptionFact {
  row: PrescriptionRow;
  medication: MedicationFact;
}

/** What becomes of the newest order of a drug, by arc and ingredient. */
const FATE: Readonly<Record<string, Partial<PrescriptionRow>>> = {
  'trt.titrating_late testosterone': { status: 'pending' },
  'dm.improving empagliflozin': { status: 'partially_filled' },
  // Accepted long ago, and nobody came for it.
  'thyroid.twin doxycycline': { status: 'accepted', last_filled_on: null },
  'hrt.pellets testosterone': { status: 'accepted', last_filled_on: null },
};
const REFUSED = 'glp1.plateau phentermine';
const ERROR = 'Transaction error 601: receiver cannot process controlled substance, prescriber DEA schedule not on file for this pharmacy.';

/** Every message about the drugs that were prescribed here, oldest first. */
export function prescriptionsOf(setting: Setting, medications: readonly MedicationFact[]): PrescriptionFact[] {
  const sent = medications.filter(
    ({ row }) => !row.reported && row.authored_on !== null && !['draft', 'unknown', 'entered_in_error'].includes(row.status),
  );
  const facts = sent.flatMap((medication) => messagesOf(setting, medication, sent));
  return facts.sort((a, b) => Date.parse(a.row.sent_at ?? '') - Date.parse(b.row.sent_at ?? '') || (a.row.id < b.row.id ? -1 : 1));
}

function messagesOf(setting: Setting, medication: MedicationFact, all: readonly MedicationFact[]): PrescriptionFact[] {
  const { as_of, person, site, dice } = setting;
  const { row: order, drug: key } = medication;
  const drug: Drug = drugOf(key);
  const own = dice(`prescription.${order.id}`);
  const day = dayOf(order.authored_on as string);
  const same = all.filter((other) => other.drug === key);
  const isRenewal = same.some(({ row }) => (row.authored_on as string) < (order.authored_on as string));
  const alike = all.filter(({ row }) => row.ingredient === order.ingredient);
  const isNewest = alike.every(({ row }) => (row.authored_on as string) <= (order.authored_on as string));
  const { pharmacy, pharmacy_ncpdp } = pharmacyOf(setting, drug);
  const fate = `${person.arc} ${drug.ingredient}`;
  const { quantity, quantity_unit } = quantityOf(drug, order.sig);
  const picked =
    day +
    own.weighted([
      [0, 30],
      [1, 30],
      [2, 16],
      [4, 12],
      [7, 8],
      [11, 4],
    ] as const);
  const refilled = lastFill(setting, { picked, days: drug.days, refills: drug.refills, end: order.end_on });
  const minute = own.int(505, 1085);
  const message: PrescriptionRow = {
    tenant_id: setting.tenant_id,
    id: idOf(setting.origin, 'prescription', order.id),
    patient_id: setting.patient_id,
    medication_request_id: order.id,
    prescriber_id: order.prescriber_id,
    message: isRenewal ? 'renewal' : 'new',
    status: refilled === null ? (own.chance(0.6) ? 'accepted' : 'sent') : 'filled',
    pharmacy,
    pharmacy_ncpdp,
    quantity,
    quantity_unit,
    refills: drug.refills,
    days_supply: drug.days,
    sent_at: instantOf(site.zone, day, minute, own.int(0, 59)),
    last_filled_on: refilled,
    error_text: null,
    ...(isNewest && FATE[fate]),
    ...(isNewest && FATE[fate]?.status === 'pending' && { last_filled_on: null }),
    ...(order.status === 'cancelled' && { status: 'cancelled', last_filled_on: null }),
  };
  const facts: PrescriptionFact[] = [{ row: message, medication }];
  if (isNewest && fate === REFUSED) {
    const failed: PrescriptionRow = {
      ...message,
      id: idOf(setting.origin, 'prescription', `${order.id}.error`),
      status: 'error',
      last_filled_on: null,
      error_text: ERROR,
    };
    Object.assign(message, { sent_at: instantOf(site.zone, Math.min(day + 1, as_of - 1), Math.max(minute + 20, 520), 14) });
    facts.unshift({ row: failed, medication });
  }
  if ((order.status === 'stopped' && order.replaced_by === null && order.end_on !== null) || order.status === 'cancelled') {
    const ends = order.end_on === null ? Math.min(day + 2, as_of - 1) : Math.min(dayOf(order.end_on), as_of - 1);
    facts.push({
      medication,
      row: {
        ...message,
        id: idOf(setting.origin, 'prescription', `${order.id}.cancel`),
        message: 'cancel',
        status: own.chance(0.85) ? 'accepted' : 'sent',
        sent_at: instantOf(site.zone, Math.max(ends, day), Math.max(minute + 25, own.int(600, 1100)), own.int(0, 59)),
        last_filled_on: null,
        error_text: null,
      },
    });
  }
  return facts;
}

/** The day on which the last of the refills that fell due was picked up; null before the first. */
function lastFill(
  { as_of, person }: Setting,
  { picked, days, refills, end }: { picked: number; days: number; refills: number; end: string | null },
): string | null {
  const last = person.marks.includes('deceased') ? as_of - DIED_AGO - 9 : as_of - 1;
  const until = Math.min(last, end === null ? last : dayOf(end));
  if (picked > until) return null;
  const times = Math.min(refills, Math.floor((until - picked) / Math.max(1, days)));
  return dateOf(picked + times * days);
}
