import { describe, expect, it } from 'vitest';
import { generateClinic } from './clinic.ts';
import { knownKey } from './roster.ts';
import type { Clinic } from './rows.ts';
import { patientIdOf } from './setting.ts';
import { answersOf } from './truth.ts';

describe.each([
  ['juniper', '2026-11-20'],
  ['cedar', '2026-11-20'],
  ['juniper', '2027-03-17'],
  ['cedar', '2026-07-05'],
] as const)('%s holds its clinical traps as of %s', (clinic, as_of) => {
  const whole: Clinic = generateClinic({ clinic, seed: 2026, as_of });
  const year = Number(as_of.slice(0, 4));
  const of = <T extends { patient_id: string }>(rows: readonly T[], place: string): T[] =>
    rows.filter(({ patient_id }) => patient_id === patientIdOf(whole.options, `${clinic}-${place}`));
  const pressures = (place: string) =>
    of(whole.vital_signs, place)
      .filter(({ systolic }) => systolic !== null)
      .sort((a, b) => Date.parse(a.taken_at) - Date.parse(b.taken_at));
  const day = (at: string) => at.slice(0, 10);

  it('a pressure is controlled only by the lowest of two readings, and an emergency department reads higher afterwards', () => {
    const last = pressures('26').slice(-2);
    expect(last.map(({ systolic, diastolic }) => [systolic, diastolic])).toEqual([
      [146, 84],
      [136, 88],
    ]);
    const readings = pressures('17');
    const office = readings.findLast(({ setting }) => setting === 'office');
    expect(office).toMatchObject({ systolic: 128, diastolic: 78 });
    expect(readings.at(-1)).toMatchObject({ setting: 'emergency', systolic: 164 });
    const same_day = pressures('29').slice(-2);
    expect(same_day.map(({ setting }) => setting)).toEqual(['office', 'emergency']);
    expect(new Set(same_day.map(({ taken_at }) => day(taken_at))).size).toBe(1);
  });

  it('one with hypertension has no pressure this year', () => {
    const places = pressures(knownKey(clinic, 'labs_overdue').slice(-2));
    expect(places.length).toBeGreaterThan(2);
    expect(places.filter(({ taken_at }) => taken_at.startsWith(String(year)))).toEqual([]);
  });

  it('each slip of the hand is there once', () => {
    expect(whole.vital_signs.filter(({ systolic, diastolic }) => systolic !== null && systolic < (diastolic as number))).toHaveLength(1);
    expect(whole.vital_signs.filter(({ status }) => status === 'entered_in_error')).toHaveLength(2);
    expect(whole.vital_signs.filter(({ status }) => status === 'corrected')).toHaveLength(1);
    const [degrees, scale] = clinic === 'cedar' ? ['Cel', (t: number) => t > 60] : ['[degF]', (t: number) => t < 60];
    const temperatures = whole.vital_signs.filter(({ loinc }) => loinc === '8310-5');
    expect(temperatures.every(({ unit }) => unit === degrees)).toBe(true);
    expect(temperatures.filter(({ value }) => (scale as (t: number) => boolean)(value as number))).toHaveLength(1);
  });

  it('who loses weight on an injection loses it on the scale', () => {
    const kg = of(whole.vital_signs, '15')
      .filter(({ loinc, status }) => loinc === '29463-7' && status === 'final')
      .map(({ value, unit }) => (value as number) * (unit === 'kg' ? 1 : 0.45359237));
    expect((kg.at(-1) as number) / (kg[0] as number)).toBeLessThan(0.93);
  });

  it('allergies: none, none of drugs, nobody asked, refuted, entered in error, inactive', () => {
    const codes = (place: string) => of(whole.allergies, place).map(({ code }) => code);
    expect(codes('01')).toEqual(['716186003']);
    expect(codes('03')).toEqual(['409137002']);
    expect(codes('09')).toEqual([]);
    for (const status of ['refuted', 'entered_in_error', 'unconfirmed', 'presumed'])
      expect(whole.allergies.some(({ verification_status }) => verification_status === status)).toBe(true);
    expect(whole.allergies.some(({ clinical_status }) => clinical_status === 'inactive')).toBe(true);
  });

  it('problems: refuted, entered in error, resolved, in remission, coming back, without a code', () => {
    const problems = whole.conditions.filter(({ category }) => category === 'problem');
    for (const status of ['active', 'recurrence', 'remission', 'inactive', 'resolved'])
      expect(
        problems.some(({ clinical_status }) => clinical_status === status),
        status,
      ).toBe(true);
    for (const status of ['refuted', 'entered_in_error', 'provisional'])
      expect(
        problems.some(({ verification_status }) => verification_status === status),
        status,
      ).toBe(true);
    expect(problems.filter(({ icd10 }) => icd10 === null)).toHaveLength(2);
    const perVisit = Map.groupBy(
      whole.conditions.filter(({ encounter_id }) => encounter_id !== null),
      ({ encounter_id }) => encounter_id,
    );
    expect(perVisit.size).toBe(whole.encounters.filter(({ status }) => status === 'finished').length);
    expect(Math.max(...[...perVisit.values()].map((rows) => rows.length))).toBe(3);
  });

  it('of two who are overdue one has an order out, the other none', () => {
    const open = (place: string) => of(whole.lab_orders, place).filter(({ status }) => status === 'active');
    expect(open('09')).toEqual([]);
    expect(open('27').length).toBe(2);
    expect(open('27').every(({ due_on }) => (due_on as string) < as_of)).toBe(true);
    // The tube that was not sufficient.
    expect(open('03')).toHaveLength(1);
  });

  it('one critical result of these days was reviewed by nobody', () => {
    const seen = new Set(whole.lab_reviews.map(({ lab_result_id }) => lab_result_id));
    const unseen = whole.lab_results.filter(({ id, lab_flag }) => lab_flag === 'HH' && !seen.has(id));
    expect(unseen.map(({ patient_id, value }) => [patient_id, value])).toEqual([
      [patientIdOf(whole.options, knownKey(clinic, 'true_decline')), 6.4],
    ]);
  });

  it('a colonoscopy of nine calendar years ago counts and one of eleven does not; a mammogram three days into the window, and one three days before it', () => {
    const on = (place: string, code: string) => of(whole.procedures, place).flatMap((row) => (row.code === code ? [row.performed_on] : []));
    expect(on('07', '45378')).toEqual([`${year - 9}-01-17`]);
    expect(on('17', '45378')).toEqual([`${year - 11}-11-04`]);
    expect(on('10', '77067')).toEqual([`${year - 2}-10-03`]);
    expect(on('17', '77067')).toEqual([`${year - 2}-09-28`]);
  });

  it('prescriptions: an error in words of the pharmacy, one pending, one in part, one never picked up', () => {
    const by = (status: string) => whole.prescriptions.filter((row) => row.status === status);
    expect(by('error').map(({ error_text }) => error_text)).toEqual([expect.stringMatching(/601/)]);
    expect(by('pending')).toHaveLength(1);
    expect(by('partially_filled')).toHaveLength(1);
    expect(of(whole.prescriptions, '23').some((row) => row.status === 'accepted' && row.last_filled_on === null)).toBe(true);
    expect(whole.prescriptions.some(({ message }) => message === 'cancel')).toBe(true);
  });
});

describe('the clinical questions', () => {
  it.each(['juniper', 'cedar'] as const)('%s: at least five for each tool, each with its trap', (clinic) => {
    const counts = Map.groupBy(answersOf({ options: { clinic, seed: 2026, as_of: '2026-11-20' } }), ({ tool }) => tool);
    for (const tool of [
      'get_encounters',
      'get_problem_list',
      'get_allergies',
      'get_vitals',
      'get_lab_orders',
      'get_prescriptions',
      'find_unsigned_notes',
      'find_abnormal_labs_across_panel',
      'find_lab_trend_outliers',
      'find_patients_due_for_labs',
      'find_care_gaps',
      'get_quality_measures',
      'list_practitioners',
    ]) {
      expect([tool, counts.get(tool)?.length]).toEqual([tool, expect.toSatisfy((n) => n >= 5)]);
      expect(new Set(counts.get(tool)?.map(({ trap }) => trap)).size).toBe(counts.get(tool)?.length);
    }
  });
});
