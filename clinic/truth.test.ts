import { describe, expect, it } from 'vitest';
import { generateClinic } from './clinic.ts';
import { flagOf } from './labs/flags.ts';
import { knownKey, markedWith } from './roster.ts';
import type { Clinic, LabResultRow } from './rows.ts';
import { patientIdOf } from './setting.ts';
import { answersOf } from './truth.ts';
import { INJECTION_REASON } from './visit-words.ts';

describe.each(['juniper', 'cedar'] as const)('%s holds its traps', (clinic) => {
  const whole: Clinic = generateClinic({ clinic, seed: 2026, as_of: '2026-11-20' });
  const labsOf = (key: string, loinc?: string): LabResultRow[] =>
    whole.lab_results
      .filter(({ patient_id, loinc: code }) => patient_id === patientIdOf(whole.options, key) && (loinc === undefined || code === loinc))
      .sort((a, b) => Date.parse(a.collected_at) - Date.parse(b.collected_at));
  const bodyOf = (key: string) =>
    whole.chart_notes
      .filter(({ patient_id }) => patient_id === patientIdOf(whole.options, key))
      .flatMap(({ body }) => Object.values(body).flat());

  it('one patient has exactly forty results, all of them plain', () => {
    const rows = labsOf(knownKey(clinic, 'forty_labs'));
    expect(rows).toHaveLength(40);
    expect(rows.every(({ status, corrects }) => status === 'final' && corrects === null)).toBe(true);
  });

  it('the wellness patients have nothing abnormal', () => {
    for (const { key } of markedWith(clinic, 'wellness')) {
      expect(labsOf(key).length).toBeGreaterThan(20);
      expect(labsOf(key).filter((row) => !['N', 'unknown'].includes(flagOf(row)))).toEqual([]);
    }
  });

  it('hematocrit rises 48, 52, 54.6', () => {
    const hct = labsOf(knownKey(clinic, 'hct_rising'), '4544-3').map(({ value }) => value);
    expect(hct[0]).toBe(48);
    expect(hct).toContain(52);
    expect(hct.at(-1)).toBe(54.6);
  });

  it('potassium is 6.8 in a hemolyzed tube and 4.3 a day later', () => {
    const k = labsOf(knownKey(clinic, 'haemolysed'), '2823-3');
    const at = k.findIndex(({ value }) => value === 6.8);
    expect(k[at]?.comment).toMatch(/HEMOLYZED/);
    expect(k[at + 1]?.value).toBe(4.3);
  });

  it('one eGFR changes with its equation while creatinine stands still; another falls with creatinine', () => {
    const still = labsOf(knownKey(clinic, 'equation_switch'));
    expect(new Set(still.filter(({ name_raw }) => /egfr/i.test(name_raw)).map(({ loinc }) => loinc))).toEqual(
      new Set(['62238-1', '98979-8']),
    );
    const creatinine = still.filter(({ loinc }) => loinc === '2160-0').map(({ value }) => value as number);
    expect(Math.max(...creatinine) - Math.min(...creatinine)).toBeLessThan(0.05);
    const falling = labsOf(knownKey(clinic, 'true_decline'), '98979-8').map(({ value }) => value as number);
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
    expect((falling[0] as number) - (falling.at(-1) as number)).toBeGreaterThan(12);
  });

  it('testosterone is in ng/dL, then in nmol/L; one A1c is in mmol/mol', () => {
    const testosterone = labsOf(knownKey(clinic, 'unit_switch'), '2986-8');
    expect([...new Set(testosterone.map(({ unit }) => unit))]).toEqual(['ng/dL', 'nmol/L']);
    const ifcc = whole.lab_results.filter(({ unit }) => unit === 'mmol/mol');
    expect(new Set(ifcc.map(({ patient_id }) => patient_id))).toEqual(new Set([patientIdOf(whole.options, knownKey(clinic, 'ifcc'))]));
  });

  it('an older draw is resulted after a newer one', () => {
    const rows = labsOf(knownKey(clinic, 'late_result'), '2986-8').slice(-2);
    expect(Date.parse(rows[0]?.resulted_at ?? '')).toBeGreaterThan(Date.parse(rows[1]?.resulted_at ?? ''));
    expect(rows.map(({ value }) => value)).toEqual([1090, 706]);
  });

  it('censored values, words, corrections, local codes, missing flags and ranges are there', () => {
    const { lab_results } = whole;
    for (const comparator of ['<', '>', '>=']) expect(lab_results.some((row) => row.comparator === comparator)).toBe(true);
    for (const said of ['QNS', 'see note', '1:80', 'Negative'])
      expect(lab_results.some(({ value_text }) => value_text === said)).toBe(true);
    for (const status of ['preliminary', 'final', 'amended', 'corrected', 'cancelled', 'entered_in_error'])
      expect(lab_results.some((row) => row.status === status)).toBe(true);
    expect(lab_results.filter(({ loinc }) => loinc === null).length).toBeGreaterThan(3);
    expect(
      lab_results.some(({ lab_flag, value, ref_high }) => lab_flag === null && value !== null && ref_high !== null && value > ref_high),
    ).toBe(true);
    expect(lab_results.some(({ order_id }) => order_id === null)).toBe(true);
    expect(lab_results.some(({ unit_raw }) => unit_raw === 'K/uL')).toBe(true);
  });

  it('notes hold an order to the machine, a message in Spanish, and one that goes on and on', () => {
    expect(
      bodyOf(knownKey(clinic, 'injection_note')).some(
        (span) => span?.kind === 'patient_reported' && /ignore previous instructions/i.test(span.text),
      ),
    ).toBe(true);
    expect(
      bodyOf(knownKey(clinic, 'spanish_note')).some((span) => span?.origin === 'external' && /¿Sigo con la misma dosis/.test(span.text)),
    ).toBe(true);
    const long = whole.chart_notes.filter(({ body, status }) => status === 'signed' && JSON.stringify(body).length > 8192);
    expect(new Set(long.map(({ patient_id }) => patient_id))).toEqual(new Set([patientIdOf(whole.options, knownKey(clinic, 'long_note'))]));
    for (const status of ['signed', 'unsigned', 'amended', 'voided', 'entered_in_error'])
      expect(whole.chart_notes.some((note) => note.status === status)).toBe(true);
    expect(whole.appointments.some(({ reason }) => reason === INJECTION_REASON)).toBe(true);
  });

  it('a note quotes only numbers that the laboratory reported', () => {
    for (const { body, patient_id, created_at, status } of whole.chart_notes) {
      if (status === 'entered_in_error') continue;
      const objective = (body.objective ?? [])
        .filter(({ origin }) => origin === 'clinic')
        .map(({ text }) => text)
        .join(' ');
      const known = new Set(
        whole.lab_results
          .filter((row) => row.patient_id === patient_id && (row.resulted_at ?? '') < `${created_at.slice(0, 10)}T99`)
          .map(({ value }) => String(value)),
      );
      for (const [, quoted] of objective.matchAll(
        /\b(?:TT|Hct|hematocrit|PSA|A1c|TSH|eGFR|creatinine|total testosterone) [<>=]*(\d+(?:\.\d+)?)/g,
      ))
        expect([quoted, known.has(quoted as string)]).toEqual([quoted, true]);
    }
  });

  it('twins share family name, birth date, phone and address; the duplicate has two digits the wrong way round; the same names do not share a birth date', () => {
    const patient = (key: string) => whole.patients.find(({ id }) => id === patientIdOf(whole.options, key));
    const [one, other] = knownKey(clinic, 'twins').map(patient);
    for (const field of ['family_name', 'birth_date', 'phone', 'address_line', 'postal_code'] as const)
      expect(one?.[field]).toBe(other?.[field]);
    expect(one?.given_name).not.toBe(other?.given_name);
    const [first, again] = knownKey(clinic, 'duplicate').map(patient);
    expect([again?.given_name, again?.family_name, again?.phone]).toEqual([first?.given_name, first?.family_name, first?.phone]);
    expect(again?.birth_date).not.toBe(first?.birth_date);
    const [john, smith] = knownKey(clinic, 'same_name').map(patient);
    expect(`${john?.given_name} ${john?.family_name}`).toBe(`${smith?.given_name} ${smith?.family_name}`);
    expect(john?.birth_date).not.toBe(smith?.birth_date);
    expect(patient(knownKey(clinic, 'merged'))?.replaced_by).toBe(patient(knownKey(clinic, 'merged_into'))?.id);
  });
});

describe.each(['2026-11-20', '2026-11-24', '2027-03-17'])('the answers as of %s', (as_of) => {
  it.each(['juniper', 'cedar'] as const)('%s: at least five questions for each tool, about records that exist', (clinic) => {
    const whole = generateClinic({ clinic, seed: 2026, as_of });
    const answers = answersOf(whole);
    const counts = new Map<string, number>();
    for (const { tool } of answers) counts.set(tool, (counts.get(tool) ?? 0) + 1);
    for (const tool of ['search_patients', 'get_patient', 'get_labs', 'get_chart_notes', 'get_appointments', 'get_medications'])
      expect(counts.get(tool)).toBeGreaterThanOrEqual(5);
    const ids = new Set(
      Object.values(whole)
        .filter(Array.isArray)
        .flat()
        .map(({ id }) => id),
    );
    const named = new Set(JSON.stringify(answers).match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []);
    expect([...named].filter((id) => !ids.has(id))).toEqual([]);
  });
});
