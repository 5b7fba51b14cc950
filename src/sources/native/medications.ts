import { staleCursor } from '../../base/ids.ts';
import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { latestDay, plusDays } from '../../domains/days.ts';
import { excludedOf } from '../../domains/definitions.ts';
import type { Span } from '../../domains/mark.ts';
import { type Medication, type MedicationStatus, type Medications, scheduleOf } from '../../domains/medications.ts';
import type { Surroundings } from '../connector.ts';
import { drugOrdering } from './orders-write.ts';
import { patientStands } from './standing.ts';

/** In the order of the list. */
const CURRENT: readonly MedicationStatus[] = ['active', 'active_unverified', 'on_hold', 'unknown'];
const RANK: readonly MedicationStatus[] = [...CURRENT, 'draft', 'completed', 'stopped', 'cancelled'];

export function medications({ tx, today }: Surroundings): Medications {
  return {
    ...drugOrdering(tx),
    async list({ patient_id, active_only, limit, after }) {
      const [, orders] = await Promise.all([patientStands(tx, patient_id), ordersOf(tx, patient_id)]);
      const listed = orders
        .filter(({ superseded }) => !superseded)
        .map((row) => ({ ...row, status: statusOf(row, today) }))
        .filter(({ status }) => !active_only || CURRENT.includes(status));
      listed.sort(inOrder);
      const from = after === undefined ? 0 : listed.findIndex(({ medication_id }) => medication_id === after) + 1;
      if (after !== undefined && from === 0) throw staleCursor();
      const page = listed.slice(from, from + limit);
      return {
        medications: page.map(medicationOf),
        more: listed.length > from + limit,
        duplicates: duplicatesOf(listed),
        excluded: excludedOf({ superseded: orders.filter(({ superseded }) => superseded).length }),
      };
    },
  };
}

type Row = Nullable<Omit<Medication, 'status' | 'sig' | 'stop_reason'>> & {
  form: string | null;
  sig: string | null;
  stop_reason: string | null;
  superseded: boolean;
  status: Exclude<MedicationStatus, 'active_unverified'>;
};
type Listed = Omit<Row, 'status'> & { status: MedicationStatus };

/** All orders of a patient that were meant; a list is short enough to be ranked in code. An order is superseded only by one that stands itself. */
async function ordersOf(tx: Tx, patient_id: string): Promise<Row[]> {
  return tx.rows<Row>(
    `select m.id as medication_id, m.rxnorm, m.local_code, m.name, m.ingredient, m.form, m.sig, m.status, m.reported, m.controlled, m.start_on, m.end_on,
       m.days_supply, m.refills_left, d.given_name || ' ' || d.family_name as prescriber, m.reason_icd10, m.stop_reason, m.authored_on,
       r.id is not null and r.status <> 'entered_in_error' as superseded
     from medication_requests m
     left join practitioners d on d.tenant_id = m.tenant_id and d.id = m.prescriber_id
     left join medication_requests r on r.tenant_id = m.tenant_id and r.id = m.replaced_by
     where m.patient_id = $1 and m.status <> 'entered_in_error'
     limit 2000`,
    [patient_id],
  );
}

/** The status as of `today` (connectors.md §2.7). An order whose last possible day is past is completed; one whose supply, with the refills left,
 *  ended more than 90 days ago is active only by name. Unknown stays unknown. Nothing here says that a drug was taken. */
export function statusOf(
  row: Pick<Row, 'status' | 'start_on' | 'authored_on' | 'end_on' | 'days_supply' | 'refills_left'>,
  today: string,
): MedicationStatus {
  if (row.status !== 'active') return row.status;
  if (row.end_on !== null && latestDay(row.end_on) < today) return 'completed';
  const began = row.start_on ?? row.authored_on;
  if (began === null || row.days_supply === null) return 'active';
  const supplied = plusDays(latestDay(began), row.days_supply * (1 + (row.refills_left ?? 0)));
  return plusDays(supplied, 90) < today ? 'active_unverified' : 'active';
}

/** Active first, then by start, newest first; an unknown start comes last. */
function inOrder(a: Listed, b: Listed): number {
  const ranked = RANK.indexOf(a.status) - RANK.indexOf(b.status);
  if (ranked !== 0) return ranked;
  const [ours, theirs] = [a.start_on ?? a.authored_on ?? '', b.start_on ?? b.authored_on ?? ''];
  if (ours !== theirs) return ours < theirs ? 1 : -1;
  return a.medication_id < b.medication_id ? -1 : 1;
}

/** Ingredients, or where there is none the coded items, of which two active rows have the same form. A gel beside an injection is no duplicate. */
export function duplicatesOf(
  rows: readonly (Pick<Listed, 'status' | 'ingredient' | 'form'> & Partial<Pick<Listed, 'name' | 'rxnorm' | 'local_code'>>)[],
): string[] {
  const seen = new Map<string, { name: string; count: number }>();
  const active = rows.filter(({ status }) => status === 'active' || status === 'active_unverified');
  for (const { ingredient, form, name, rxnorm, local_code } of active) {
    const code = rxnorm ?? local_code;
    if (ingredient === null && code == null) continue;
    const key = `${ingredient?.toLowerCase() ?? code}|${form?.toLowerCase() ?? ''}`;
    seen.set(key, { name: ingredient?.toLowerCase() ?? name ?? '', count: (seen.get(key)?.count ?? 0) + 1 });
  }
  return [...new Set([...seen.values()].filter(({ count }) => count > 1).map(({ name }) => name))].sort();
}

/** What a patient says he takes is his word; what was prescribed is the clinic's. */
function medicationOf({ form: _, superseded: __, sig, stop_reason, controlled, ...row }: Listed): Medication {
  const whose: Omit<Span, 'text'> = row.reported ? { origin: 'external', kind: 'patient_reported' } : { origin: 'clinic' };
  return present({
    ...row,
    controlled: controlled ?? scheduleOf(row.ingredient) ?? null,
    sig: sig === null ? null : [{ text: sig, ...whose }],
    stop_reason: stop_reason === null ? null : [{ text: stop_reason, ...whose }],
  });
}
