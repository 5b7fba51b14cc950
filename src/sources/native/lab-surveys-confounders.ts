// What else happened to a patient while a marker moved.
import type { Tx } from '../../db/tx.ts';
import { latestDay } from '../../domains/days.ts';

export interface Change {
  what: 'started' | 'changed' | 'stopped' | 'pregnancy';
  medication?: string;
  on: string;
  /** The days that it can have been on. */
  from: string;
  until: string;
}

interface Order {
  patient_id: string;
  name: string;
  sig: string | null;
  replaced: boolean;
  ingredient: string | null;
  status: string;
  began: string | null;
  end_on: string | null;
}

/** Medications begun, changed (another strength, form or directions) and stopped, and pregnancies, by patient and in the order of time. A renewal is no change,
 *  and an order that another replaced did not end. */
export async function changesOf(tx: Tx, patient_ids: readonly string[]): Promise<Map<string, Change[]>> {
  const [orders, pregnancies] = await Promise.all([
    tx.rows<Order>(
      `select m.patient_id, m.name, m.sig, m.replaced_by is not null as replaced, lower(m.ingredient) as ingredient, m.status, coalesce(m.start_on, m.authored_on) as began, m.end_on
       from medication_requests m
       where m.patient_id = any($1) and m.status not in ('entered_in_error', 'draft', 'cancelled')
       order by began, m.id
       limit 20000`,
      [patient_ids],
    ),
    tx.rows<{ patient_id: string; on: string }>(
      `select c.patient_id, coalesce(c.onset_on, c.recorded_on) as on
       from conditions c
       where c.patient_id = any($1) and (c.icd10 like 'O%' or c.icd10 like 'Z33%' or c.icd10 like 'Z34%')
         and c.verification_status not in ('refuted', 'entered_in_error') and coalesce(c.onset_on, c.recorded_on) is not null`,
      [patient_ids],
    ),
  ]);
  const changes = new Map<string, Change[]>();
  const add = (patient_id: string, change: Omit<Change, 'from' | 'until'>) => {
    const whole = { ...change, from: firstDay(change.on), until: latestDay(change.on) };
    changes.set(patient_id, [...(changes.get(patient_id) ?? []), whole]);
  };
  const last = new Map<string, Order>();
  for (const order of orders) {
    const key = `${order.patient_id}|${order.ingredient ?? order.name}`;
    const before = last.get(key);
    if (order.began !== null && (before?.name !== order.name || isOther(before.sig, order.sig)))
      add(order.patient_id, { what: before ? 'changed' : 'started', medication: order.name, on: order.began });
    if (order.status === 'stopped' && !order.replaced && order.end_on !== null)
      add(order.patient_id, { what: 'stopped', medication: order.name, on: order.end_on });
    last.set(key, order);
  }
  for (const { patient_id, on } of pregnancies) add(patient_id, { what: 'pregnancy', on });
  for (const list of changes.values()) list.sort((a, b) => (a.from < b.from ? -1 : 1));
  return changes;
}

/** Directions that are not known are not other ones. */
const isOther = (before: string | null, now: string | null) => before !== null && now !== null && before !== now;

/** The first day that a partial date can mean. */
const firstDay = (partial: string) => `${partial}-01-01`.slice(0, 10);
