import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { localInstant } from '../src/base/zone.ts';
import { GRAMMARS, type Grammar, Span } from '../src/domains/mark.ts';
import { generateClinic } from './clinic.ts';

// The columns of 0003_chart.sql as shapes: names, checks, and the grammar that each text must fit to be shown as the clinic's own.
const text = (grammar: Grammar) => z.string().regex(GRAMMARS[grammar]);
const id = text('id');
const instant = text('instant').refine((at) => /[+-]\d\d:\d\d$/.test(at), 'with an offset');
const date = z.string().regex(/^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/);
const numeric = z.number().refine(Number.isFinite);
const words = z.string().min(1).max(4000);

const ROWS = {
  practitioners: z.strictObject({
    tenant_id: id,
    id,
    family_name: text('person_name'),
    given_name: text('person_name'),
    credentials: text('term').nullable(),
    npi: z
      .string()
      .regex(/^[12]\d{9}$/)
      .nullable(),
    specialty: text('term').nullable(),
    active: z.boolean(),
    role: z.enum(['physician', 'nurse_practitioner', 'physician_assistant', 'nurse']),
    accepts_new_patients: z.boolean().nullable(),
    email: text('email'),
    phone: text('phone'),
  }),
  patients: z.strictObject({
    tenant_id: id,
    id,
    mrn: text('mrn'),
    family_name: text('person_name'),
    given_name: text('person_name'),
    middle_name: text('person_name').nullable(),
    name_suffix: text('person_name').nullable(),
    preferred_name: text('person_name').nullable(),
    previous_family_name: text('person_name').nullable(),
    birth_date: date.nullable(),
    sex: z.enum(['female', 'male', 'other', 'unknown']),
    phone: text('phone').nullable(),
    phone_alternate: text('phone').nullable(),
    email: text('email').nullable(),
    address_line: text('address_line').nullable(),
    city: text('address_line').nullable(),
    state: text('code').nullable(),
    postal_code: text('postal_code').nullable(),
    language: text('language').nullable(),
    practitioner_id: id.nullable(),
    contact_confirmed_at: instant.nullable(),
    contact_confirmed_by: z.enum(['patient', 'staff']).nullable(),
    active: z.boolean(),
    deceased_on: date.nullable(),
    replaced_by: id.nullable(),
    created_at: instant,
  }),
  coverages: z.strictObject({
    tenant_id: id,
    id,
    patient_id: id,
    rank: z.number().int().positive(),
    status: z.enum(['active', 'cancelled', 'draft', 'entered_in_error', 'unknown']),
    kind: z.enum(['commercial', 'medicare', 'medicaid', 'self_pay', 'other']),
    payer: text('term'),
    plan: text('term').nullable(),
    member_id: text('member_id').nullable(),
    group_number: text('member_id').nullable(),
    relationship: z.enum(['self', 'spouse', 'child', 'other', 'unknown']),
    period_start: z.iso.date().nullable(),
    period_end: z.iso.date().nullable(),
  }),
  appointments: z.strictObject({
    tenant_id: id,
    id,
    patient_id: id,
    practitioner_id: id,
    start_at: instant,
    minutes: z.number().int().min(5).max(480),
    status: z.enum(['booked', 'confirmed', 'arrived', 'roomed', 'completed', 'no_show', 'cancelled', 'rescheduled', 'entered_in_error']),
    visit_type: text('term'),
    modality: z.enum(['in_person', 'telehealth']),
    reason: words.nullable(),
    cancelled_by: z.enum(['patient', 'practice', 'system']).nullable(),
    cancelled_at: instant.nullable(),
    rescheduled_to: id.nullable(),
    booked_at: instant,
  }),
  encounters: z.strictObject({
    tenant_id: id,
    id,
    patient_id: id,
    practitioner_id: id,
    appointment_id: id.nullable(),
    class: z.enum(['ambulatory', 'virtual']),
    visit_type: text('term').nullable(),
    status: z.enum(['in_progress', 'finished', 'entered_in_error']),
    start_at: instant,
    end_at: instant.nullable(),
  }),
  chart_notes: z
    .strictObject({
      tenant_id: id,
      id,
      patient_id: id,
      encounter_id: id.nullable(),
      author_id: id,
      title: text('term'),
      status: z.enum(['unsigned', 'signed', 'amended', 'voided', 'entered_in_error']),
      signed_at: instant.nullable(),
      amended_at: instant.nullable(),
      created_at: instant,
      body: z.strictObject(
        Object.fromEntries(
          ['subjective', 'objective', 'assessment', 'plan'].map((section) => [
            section,
            z
              .array(Span.extend({ text: z.string().min(1), on: text('partial_date').optional() }))
              .min(1)
              .optional(),
          ]),
        ),
      ),
    })
    .refine(
      ({ status, signed_at }) =>
        ['signed', 'amended'].includes(status) === (signed_at !== null) || ['voided', 'entered_in_error'].includes(status),
      'signed without a time',
    ),
  lab_results: z
    .strictObject({
      tenant_id: id,
      id,
      patient_id: id,
      order_id: id.nullable(),
      loinc: text('code').nullable(),
      local_code: text('code').nullable(),
      name_raw: text('term'),
      value: numeric.nullable(),
      comparator: z.enum(['<', '<=', '>', '>=']).nullable(),
      value_text: text('term').nullable(),
      unit: text('unit').nullable(),
      unit_raw: text('unit').nullable(),
      ref_low: numeric.nullable(),
      ref_high: numeric.nullable(),
      ref_text: text('range_text').nullable(),
      lab_flag: z.string().max(4).nullable(),
      status: z.enum(['preliminary', 'final', 'amended', 'corrected', 'cancelled', 'entered_in_error']),
      collected_at: instant,
      resulted_at: instant.nullable(),
      panel_loinc: text('code').nullable(),
      panel_raw: text('term').nullable(),
      specimen: text('term').nullable(),
      performing_lab: text('term').nullable(),
      method: text('term').nullable(),
      comment: words.nullable(),
      corrects: id.nullable(),
    })
    .refine(({ value, value_text, status }) => status === 'cancelled' || (value === null) !== (value_text === null), 'one value')
    .refine(({ loinc, local_code }) => loinc !== null || local_code !== null, 'a code')
    .refine(({ unit, unit_raw }) => unit_raw !== unit || unit === null, 'unit_raw only where it differs'),
  medication_requests: z.strictObject({
    tenant_id: id,
    id,
    patient_id: id,
    rxnorm: z
      .string()
      .regex(/^\d{4,7}$/)
      .nullable(),
    local_code: text('code').nullable(),
    name: text('term'),
    ingredient: text('term').nullable(),
    form: text('term').nullable(),
    sig: words.nullable(),
    status: z.enum(['active', 'on_hold', 'cancelled', 'completed', 'entered_in_error', 'stopped', 'draft', 'unknown']),
    reported: z.boolean(),
    controlled: z.enum(['CII', 'CIII', 'CIV', 'CV']).nullable(),
    start_on: date.nullable(),
    end_on: date.nullable(),
    days_supply: z.number().int().positive().nullable(),
    refills_left: z.number().int().min(0).nullable(),
    prescriber_id: id.nullable(),
    reason_icd10: text('code').nullable(),
    stop_reason: words.nullable(),
    authored_on: date.nullable(),
    replaced_by: id.nullable(),
  }),
};

describe.each(['juniper', 'cedar'] as const)('every row of %s fits its table', (clinic) => {
  const whole = generateClinic({ clinic, seed: 2026, as_of: '2026-11-20' });

  it.each(Object.keys(ROWS) as (keyof typeof ROWS)[])('%s: columns, checks and grammars', (table) => {
    const rows: readonly unknown[] = whole[table];
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(ROWS[table].safeParse(row).error?.issues ?? [], JSON.stringify(row)).toEqual([]);
  });

  it('instants are the wall clock of the clinic, summer and winter', () => {
    const instants = [
      ...whole.appointments.flatMap(({ start_at, booked_at }) => [start_at, booked_at]),
      ...whole.encounters.map(({ start_at }) => start_at),
      ...whole.chart_notes.flatMap(({ created_at, signed_at }) => (signed_at ? [created_at, signed_at] : [created_at])),
      ...whole.lab_results.flatMap(({ collected_at, resulted_at }) => (resulted_at ? [collected_at, resulted_at] : [collected_at])),
    ];
    const wrong = instants.filter((at) => localInstant(new Date(at), whole.tenant.time_zone) !== at);
    expect(wrong).toEqual([]);
    expect(new Set(instants.map((at) => at.slice(-6))).size).toBe(2);
  });

  it('what ends has begun', () => {
    const backwards = [
      ...whole.encounters.filter(({ start_at, end_at }) => end_at !== null && Date.parse(end_at) <= Date.parse(start_at)),
      ...whole.chart_notes.filter(
        ({ created_at, signed_at, amended_at }) =>
          (signed_at !== null && Date.parse(signed_at) <= Date.parse(created_at)) ||
          (amended_at !== null && Date.parse(amended_at) <= Date.parse(signed_at ?? '')),
      ),
      ...whole.lab_results.filter(
        ({ collected_at, resulted_at }) => resulted_at !== null && Date.parse(resulted_at) <= Date.parse(collected_at),
      ),
      ...whole.medication_requests.filter(({ start_on, end_on }) => start_on !== null && end_on !== null && end_on < start_on),
      ...whole.coverages.filter(
        ({ period_start, period_end }) => period_start !== null && period_end !== null && period_end < period_start,
      ),
    ];
    expect(backwards).toEqual([]);
  });
});
