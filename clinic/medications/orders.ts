// One order as a row, and what get_medications must say of it.
import type { Medication } from '../../src/domains/medications.ts';
import type { Course } from '../arcs/arc.ts';
import { type Day, dateOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { MedicationRequestRow } from '../rows.ts';
import type { Setting } from '../setting.ts';
import type { Drug } from './drug.ts';
import { type DrugKey, drugOf } from './drugs.ts';

/** An order with what its maker knows of it. */
export interface MedicationFact {
  row: MedicationRequestRow;
  drug: DrugKey;
  /** What get_medications must say of it; undefined where it must not be listed. */
  shown?: Medication['status'];
}

const UNVERIFIED = 90;
/** An order written on `day`. */
export function orderOf(
  setting: Setting,
  { id, course, drug: key, day, isRenewal }: { id: string; course: Course; drug: DrugKey; day: Day; isRenewal: boolean },
): MedicationRequestRow {
  const { person, as_of, dice } = setting;
  const drug: Drug = drugOf(key);
  const words = dice(`order.${id}`);
  const used = Math.floor((as_of - day) / Math.max(1, drug.days));
  return {
    tenant_id: setting.tenant_id,
    id,
    patient_id: setting.patient_id,
    rxnorm: drug.rxnorm ?? null,
    local_code: drug.local ?? null,
    name: drug.name,
    ingredient: drug.ingredient,
    form: drug.form,
    sig: words.chance(0.97) ? dice(`sig.${key}`).pick(drug.sigs) : null,
    status: 'active',
    reported: false,
    controlled: drug.controlled ?? null,
    start_on: dateOf(isRenewal ? Math.min(day + words.int(0, 3), as_of) : day),
    end_on: null,
    days_supply: drug.days,
    refills_left: Math.max(0, drug.refills - used),
    prescriber_id: setting.practitioner_id(person.clinician),
    reason_icd10: course.icd10,
    stop_reason: null,
    authored_on: dateOf(day),
    replaced_by: null,
  };
}

/** The order before a change of dose. */
export function replaced(course: Course, next: { from: Day }, by: string): Partial<MedicationRequestRow> {
  if (course.leaves_active) return { status: 'active', replaced_by: by };
  return { status: 'stopped', replaced_by: by, end_on: dateOf(next.from), stop_reason: 'dose change', refills_left: 0 };
}

/** The last order of a treatment that is over. */
export function ending({ ends }: Course, until: Day): Partial<MedicationRequestRow> {
  if (!ends) return {};
  if ('completed' in ends) return { status: 'completed', end_on: dateOf(until), refills_left: 0 };
  return { status: 'stopped', end_on: dateOf(until), stop_reason: ends.reason, refills_left: 0 };
}

/** An order that nobody ever took. */
export function neverTaken(
  setting: Setting,
  { course, name, drug, day }: { course: Course; name: string; drug: DrugKey; day: Day },
): MedicationFact {
  const row = orderOf(setting, { id: idOf(setting.origin, 'medication', name), course, drug, day, isRenewal: false });
  const status = course.last as 'draft' | 'cancelled' | 'entered_in_error';
  const reason = { draft: null, cancelled: 'pharmacy cannot fill, not compounded any more', entered_in_error: 'wrong chart' }[status];
  Object.assign(row, {
    status,
    start_on: null,
    days_supply: status === 'draft' ? row.days_supply : null,
    refills_left: null,
    stop_reason: reason,
  });
  return { row, drug, ...(status !== 'entered_in_error' && { shown: status }) };
}

/** `last`: the course whose last order this is. */
export function factOf(row: MedicationRequestRow, drug: DrugKey, last: Course | undefined, as_of: Day): MedicationFact {
  if (row.replaced_by) return { row, drug };
  const isLapsed = last?.lapsed === true && row.status === 'active';
  if (isLapsed && as_of - 320 + (row.days_supply ?? 0) + UNVERIFIED >= as_of) throw new Error('a lapsed supply must have ended long ago');
  return { row, drug, shown: isLapsed ? 'active_unverified' : (row.status as Exclude<MedicationRequestRow['status'], 'entered_in_error'>) };
}
