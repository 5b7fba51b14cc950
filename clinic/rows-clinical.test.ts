import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { GRAMMARS, type Grammar } from '../src/domains/mark.ts';
import { generateClinic } from './clinic.ts';
import { DIAGNOSES } from './clinical/diagnoses.ts';

// The columns of 0005_clinical.sql as shapes: names, checks, and the grammar that each text must fit to be shown as the clinic's own.
const text = (grammar: Grammar) => z.string().regex(GRAMMARS[grammar]);
const id = text('id');
const instant = text('instant').refine((at) => /[+-]\d\d:\d\d$/.test(at), 'with an offset');
const date = z.string().regex(/^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/);
const own = { tenant_id: id, id, patient_id: id };
const icd10 = z
  .string()
  .regex(/^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$/)
  .nullable();

/** Verhoeff's check of a SNOMED CT identifier. */
function isSnomed(code: string): boolean {
  const turn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const times = (a: number, b: number) => (a < 5 ? (b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)) : b < 5 ? 5 + ((a - b) % 5) : (a - b + 5) % 5);
  let check = 0;
  for (const [i, digit] of [...code].reverse().entries()) {
    let placed = Number(digit);
    for (let n = 0; n < i % 8; n++) placed = turn[placed] as number;
    check = times(check, placed);
  }
  return check === 0;
}
const snomed = z
  .string()
  .regex(/^\d{6,18}$/)
  .refine(isSnomed, 'a SNOMED CT identifier with its check digit');

const ROWS = {
  vital_signs: z
    .strictObject({
      ...own,
      encounter_id: id.nullable(),
      loinc: text('code'),
      value: z.number().nullable(),
      systolic: z.number().int().nullable(),
      diastolic: z.number().int().nullable(),
      unit: text('unit').nullable(),
      unit_raw: text('unit').nullable(),
      body_position: z.enum(['sitting', 'standing', 'supine']).nullable(),
      setting: z.enum(['office', 'home', 'inpatient', 'emergency']),
      status: z.enum(['preliminary', 'final', 'amended', 'corrected', 'entered_in_error']),
      taken_at: instant,
      taken_by: id.nullable(),
    })
    .refine(({ loinc, systolic, diastolic }) => (loinc === '85354-9') === (systolic !== null && diastolic !== null))
    .refine(({ loinc, value }) => (loinc !== '85354-9') === (value !== null)),
  conditions: z
    .strictObject({
      ...own,
      category: z.enum(['problem', 'encounter_diagnosis']),
      icd10,
      snomed: snomed.nullable(),
      name: text('term'),
      clinical_status: z.enum(['active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved', 'unknown']),
      verification_status: z.enum(['confirmed', 'provisional', 'differential', 'unconfirmed', 'refuted', 'entered_in_error']),
      onset_on: date.nullable(),
      abated_on: date.nullable(),
      recorded_on: date.nullable(),
      encounter_id: id.nullable(),
      recorder_id: id.nullable(),
    })
    .refine(({ category, encounter_id }) => category === 'problem' || encounter_id !== null)
    .refine(({ onset_on, abated_on }) => onset_on === null || abated_on === null || onset_on <= abated_on, 'ends after it began'),
  allergies: z
    .strictObject({
      ...own,
      code: z.string().regex(/^\d+$/).nullable(),
      code_system: z.enum(['rxnorm', 'snomed', 'unii']).nullable(),
      substance: text('term'),
      type: z.enum(['allergy', 'intolerance']).nullable(),
      category: z.enum(['medication', 'food', 'environment', 'biologic']).nullable(),
      criticality: z.enum(['low', 'high', 'unable_to_assess']).nullable(),
      clinical_status: z.enum(['active', 'inactive', 'resolved']),
      verification_status: z.enum(['unconfirmed', 'presumed', 'confirmed', 'refuted', 'entered_in_error']),
      reactions: z.array(
        z.strictObject({
          manifestation: text('term'),
          snomed: snomed.optional(),
          severity: z.enum(['mild', 'moderate', 'severe']).optional(),
        }),
      ),
      onset_on: date.nullable(),
      recorded_on: date.nullable(),
      recorder_id: id.nullable(),
    })
    .refine(({ code, code_system }) => code_system !== 'snomed' || snomed.safeParse(code).success, 'a SNOMED CT code'),
  procedures: z
    .strictObject({
      ...own,
      encounter_id: id.nullable(),
      code: text('code'),
      code_system: z.enum(['cpt', 'hcpcs', 'snomed', 'icd10pcs', 'loinc']),
      name: text('term'),
      status: z.enum(['in_progress', 'not_done', 'stopped', 'completed', 'entered_in_error', 'unknown']),
      performed_on: date.nullable(),
      practitioner_id: id.nullable(),
      outside: z.boolean(),
    })
    .refine(({ code, code_system }) => code_system !== 'snomed' || snomed.safeParse(code).success, 'a SNOMED CT code')
    .refine(({ code, code_system }) => code_system !== 'cpt' || /^\d{5}$/.test(code), 'a CPT code'),
  lab_orders: z.strictObject({
    ...own,
    encounter_id: id.nullable(),
    practitioner_id: id.nullable(),
    loinc: text('code').nullable(),
    name: text('term'),
    status: z.enum(['draft', 'active', 'on_hold', 'completed', 'revoked', 'entered_in_error', 'unknown']),
    status_reason: z.enum(['declined', 'not_collected', 'duplicate', 'replaced', 'other']).nullable(),
    priority: z.enum(['routine', 'urgent', 'asap', 'stat']),
    ordered_at: instant,
    due_on: z.iso.date().nullable(),
    collected_at: instant.nullable(),
    ended_at: instant.nullable(),
    reason_icd10: icd10,
    performing_lab: text('term').nullable(),
  }),
  lab_reviews: z.strictObject({
    ...own,
    lab_result_id: id,
    reviewed_by: id,
    reviewed_at: instant,
    action: z.enum(['no_action', 'patient_called', 'message_sent', 'repeat_ordered', 'treatment_changed', 'referred']),
  }),
  prescriptions: z.strictObject({
    ...own,
    medication_request_id: id,
    prescriber_id: id.nullable(),
    message: z.enum(['new', 'renewal', 'change', 'cancel']),
    status: z.enum(['pending', 'sent', 'accepted', 'filled', 'partially_filled', 'error', 'cancelled', 'unknown']),
    pharmacy: text('term').nullable(),
    pharmacy_ncpdp: z
      .string()
      .regex(/^99\d{5}$/)
      .nullable(),
    quantity: z.number().positive().nullable(),
    quantity_unit: text('term').nullable(),
    refills: z.number().int().min(0).nullable(),
    days_supply: z.number().int().positive().nullable(),
    sent_at: instant.nullable(),
    last_filled_on: z.iso.date().nullable(),
    error_text: z.string().min(1).max(500).nullable(),
  }),
};

describe.each([
  ['juniper', 2026, '2026-11-20'],
  ['cedar', 2026, '2026-11-20'],
  ['juniper', 7, '2027-03-17'],
  ['cedar', 11, '2026-07-05'],
] as const)('the clinical rows of %s (seed %i, as of %s)', (clinic, seed, as_of) => {
  const whole = generateClinic({ clinic, seed, as_of });
  const idsOf = (rows: readonly { id: string }[]) => new Set(rows.map((row) => row.id));

  it.each(Object.keys(ROWS) as (keyof typeof ROWS)[])('%s: columns, checks and grammars', (table) => {
    const rows: readonly unknown[] = whole[table];
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(ROWS[table].safeParse(row).error?.issues ?? [], JSON.stringify(row)).toEqual([]);
  });

  it('have no id twice, and point to rows of the same patient', () => {
    const tables = Object.keys(ROWS) as (keyof typeof ROWS)[];
    const all = tables.flatMap((table) => whole[table] as { id: string }[]);
    expect(idsOf(all).size).toBe(all.length);
    const patientOf = new Map(
      [whole.encounters, whole.lab_results, whole.medication_requests].flat().map((row) => [row.id, row.patient_id] as const),
    );
    const astray = tables.flatMap((table) =>
      (whole[table] as unknown as Record<string, string | null>[]).filter(
        ({ patient_id, encounter_id, lab_result_id, medication_request_id }) =>
          [encounter_id, lab_result_id, medication_request_id].some((target) => target && patientOf.get(target) !== patient_id),
      ),
    );
    expect(astray).toEqual([]);
    const practitioners = idsOf(whole.practitioners);
    const named = tables.flatMap((table) =>
      (whole[table] as unknown as Record<string, string | null>[]).flatMap((row) => [
        row.taken_by,
        row.recorder_id,
        row.practitioner_id,
        row.reviewed_by,
        row.prescriber_id,
      ]),
    );
    expect(named.filter((each) => each != null && !practitioners.has(each))).toEqual([]);
  });

  it('an order is there for every result that names one, and its times follow one another', () => {
    const orders = new Map(whole.lab_orders.map((row) => [row.id, row]));
    expect(whole.lab_results.filter(({ order_id }) => order_id !== null && !orders.has(order_id))).toEqual([]);
    const backwards = whole.lab_orders.filter(({ ordered_at, collected_at, ended_at }) =>
      [
        [ordered_at, collected_at],
        [ordered_at, ended_at],
        [collected_at, ended_at],
      ].some(([a, b]) => a && b && Date.parse(a) > Date.parse(b)),
    );
    expect(backwards).toEqual([]);
  });

  it('a result is reviewed once, after it came', () => {
    const resulted = new Map(whole.lab_results.map((row) => [row.id, Date.parse(row.resulted_at ?? '')]));
    expect(new Set(whole.lab_reviews.map(({ lab_result_id }) => lab_result_id)).size).toBe(whole.lab_reviews.length);
    expect(
      whole.lab_reviews.filter(({ lab_result_id, reviewed_at }) => !(Date.parse(reviewed_at) > (resulted.get(lab_result_id) ?? 0))),
    ).toEqual([]);
  });

  it('a visit says of what type it was', () => {
    expect(whole.encounters.filter(({ visit_type }) => !visit_type || !GRAMMARS.term.test(visit_type))).toEqual([]);
  });

  it('every diagnosis has one name, and SNOMED where one is sure', () => {
    for (const { icd10: code, name, category } of whole.conditions)
      if (code && category === 'encounter_diagnosis') expect(name).toBe(DIAGNOSES[code]?.name);
  });
});

it('no file of the clinical half is longer than 250 lines', () => {
  for (const file of readdirSync(new URL('clinical', import.meta.url)))
    expect([file, readFileSync(new URL(`clinical/${file}`, import.meta.url), 'utf8').split('\n').length <= 250]).toEqual([file, true]);
});
