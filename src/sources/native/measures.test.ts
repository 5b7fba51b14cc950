import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLabResult, aMedication, aPatient, type Row } from '../../../test/builders/chart.ts';
import { aBloodPressure, aCondition, aProcedure, aVisit, SEEN_BY } from '../../../test/builders/measures.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { CareGap, MEASURE_NAMES, type MeasureName, QualityMeasure } from '../../domains/measures.ts';
import type { ChartRows } from './load.ts';

/** Who is in the record: each case is a patient whose given name says what it is about. */
const cases: { says: string; measure: MeasureName; state: string; why?: string; rows: ChartRows; patient: Row }[] = [];
let letters = 0;

/** A patient with a visit in 2026, what is told of them, and what the measure is to say. */
function theCase(measure: MeasureName, says: string, state: string, told: (patient: Row) => ChartRows, own: Row = {}, why?: string): void {
  letters += 1;
  const name = [...String(letters)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  const patient = aPatient({ family_name: `Case${name}`, given_name: 'Ada', birth_date: '1970-06-15', ...own });
  const rows = told(patient);
  cases.push({ says, measure, state, patient, rows: { encounters: [aVisit(patient)], ...rows }, ...(why !== undefined && { why }) });
}

const bp = (says: string, state: string, rows: (patient: Row) => ChartRows, own: Row = {}, why?: string) =>
  theCase('controlled_bp', says, state, (patient) => ({ conditions: [aCondition(patient)], ...rows(patient) }), own, why);
const read = (patient: Row, systolic: number, diastolic: number, own: Row = {}) => aBloodPressure(patient, { systolic, diastolic, ...own });

bp('a reading below 140 over 90', 'closed', (p) => ({ vital_signs: [read(p, 139, 89)] }));
bp('a reading at 140', 'open', (p) => ({ vital_signs: [read(p, 140, 80)] }));
bp('the lowest of the last day, of two readings, not the mean (trap 8)', 'closed', (p) => ({
  vital_signs: [read(p, 138, 96), read(p, 162, 88, { taken_at: '2026-05-01T09:20:00-04:00' })],
}));
bp('a good day before a bad last day', 'open', (p) => ({
  vital_signs: [read(p, 120, 70), read(p, 150, 92, { taken_at: '2026-09-01T09:00:00-04:00' })],
}));
bp('a reading of the emergency department (trap 8)', 'closed', (p) => ({
  vital_signs: [read(p, 120, 70), read(p, 190, 110, { taken_at: '2026-09-01T09:00:00-04:00', setting: 'emergency' })],
}));
bp('a reading at home', 'closed', (p) => ({ vital_signs: [read(p, 130, 80, { setting: 'home' })] }));
bp(
  'an entered-in-error reading',
  'open',
  (p) => ({ vital_signs: [read(p, 130, 80, { status: 'entered_in_error' })] }),
  {},
  'no blood pressure',
);
bp('the last minute of the year, in the clinic’s zone (trap 24)', 'closed', (p) => ({
  vital_signs: [read(p, 130, 80, { taken_at: '2026-12-31T23:59:00-05:00' })],
}));
bp('the first minute of the next year', 'open', (p) => ({ vital_signs: [read(p, 130, 80, { taken_at: '2027-01-01T00:00:00-05:00' })] }));
bp('no reading', 'open', () => ({}), {}, 'no blood pressure');
bp('86 at the end', 'not_eligible', () => ({}), { birth_date: '1940-12-31' });
bp('18 on the last day', 'open', () => ({}), { birth_date: '2008-12-31' });
bp('17 on the last day', 'not_eligible', () => ({}), { birth_date: '2009-01-01' });
bp('hypertension that began in July', 'not_eligible', (p) => ({ conditions: [aCondition(p, { onset_on: '2026-07-01' })] }));
bp('hypertension that began on June 30', 'open', (p) => ({ conditions: [aCondition(p, { onset_on: '2026-06-30' })] }));
bp(
  'hypertension of some day of this year (trap 23)',
  'unknown',
  (p) => ({ conditions: [aCondition(p, { onset_on: '2026' })] }),
  {},
  'a diagnosis',
);
bp('hypertension that ended last year', 'not_eligible', (p) => ({
  conditions: [aCondition(p, { clinical_status: 'resolved', abated_on: '2025-12-31' })],
}));
bp('hypertension that is refuted', 'not_eligible', (p) => ({ conditions: [aCondition(p, { verification_status: 'refuted' })] }));
bp(
  'a pregnancy',
  'excluded',
  (p) => ({
    conditions: [aCondition(p), aCondition(p, { icd10: 'O09.90', onset_on: '2026-02', clinical_status: 'active' })],
  }),
  {},
  'left out: pregnancy',
);
bp('dialysis years ago', 'excluded', (p) => ({ procedures: [aProcedure(p, { code: '90935', performed_on: '2019' })] }));
bp(
  'hospice in the year',
  'excluded',
  (p) => ({
    procedures: [aProcedure(p, { code: 'G9473', code_system: 'hcpcs', performed_on: '2026-04-02' })],
  }),
  {},
  'left out: hospice',
);
bp('hospice the year before', 'open', (p) => ({
  procedures: [aProcedure(p, { code: 'G9473', code_system: 'hcpcs', performed_on: '2025-12-31' })],
}));
bp('frail at 81', 'excluded', (p) => ({ conditions: [aCondition(p), aCondition(p, { icd10: 'R54', onset_on: '2025' })] }), {
  birth_date: '1945',
});
bp('frail at 80, not gravely ill', 'open', (p) => ({ conditions: [aCondition(p), aCondition(p, { icd10: 'R54' })] }), {
  birth_date: '1946',
});
bp(
  'frail at 70 with a dementia medicine',
  'excluded',
  (p) => ({
    conditions: [aCondition(p), aCondition(p, { icd10: 'R54' })],
    medication_requests: [aMedication(p, { name: 'donepezil 10 mg', ingredient: 'donepezil', start_on: '2024', rxnorm: null })],
  }),
  { birth_date: '1956' },
);
bp('no visit in the year', 'not_eligible', (p) => ({ encounters: [aVisit(p, { start_at: '2025-12-31T10:00:00-05:00' })] }));
bp('an emergency visit only', 'not_eligible', (p) => ({ encounters: [aVisit(p, { class: 'emergency' })] }));

const gsd = (says: string, state: string, rows: (patient: Row) => ChartRows, own: Row = {}, why?: string) =>
  theCase('glycemic_status', says, state, (p) => ({ conditions: [aCondition(p, { icd10: 'E11.65' })], ...rows(p) }), own, why);
const a1c = (patient: Row, value: number | null, own: Row = {}) =>
  aLabResult(patient, {
    loinc: '4548-4',
    name_raw: 'HGB A1C',
    value,
    unit: '%',
    ref_low: null,
    ref_high: null,
    collected_at: '2026-05-04T08:00:00-04:00',
    ...own,
  });
const ifcc = { loinc: '59261-8', unit: 'mmol/mol' };

gsd('9.0 exactly', 'closed', (p) => ({ lab_results: [a1c(p, 9)] }));
gsd('9.1', 'open', (p) => ({ lab_results: [a1c(p, 9.1)] }), {}, 'the latest is above 9');
gsd(
  'none in the year is poor control (trap 9)',
  'open',
  (p) => ({ lab_results: [a1c(p, 7, { collected_at: '2025-12-31T23:30:00-05:00' })] }),
  {},
  'no A1c',
);
gsd('the lowest of the last day', 'closed', (p) => ({
  lab_results: [a1c(p, 9.6), a1c(p, 8.8, { collected_at: '2026-05-04T16:00:00-04:00' })],
}));
gsd('the latest by collection, not by result (trap 1)', 'closed', (p) => ({
  lab_results: [a1c(p, 10, { resulted_at: '2026-08-01T08:00:00-04:00' }), a1c(p, 7, { collected_at: '2026-06-01T08:00:00-04:00' })],
}));
gsd('74 mmol/mol, 8.9 per cent (trap 4)', 'closed', (p) => ({ lab_results: [a1c(p, 74, ifcc)] }));
gsd('75 mmol/mol, 9.01 per cent', 'open', (p) => ({ lab_results: [a1c(p, 75, ifcc)] }));
gsd('a number in no unit', 'unknown', (p) => ({ lab_results: [a1c(p, 7, { unit: null })] }), {}, 'a unit that cannot be compared');
gsd('words without a number', 'unknown', (p) => ({ lab_results: [a1c(p, null, { value_text: 'see report' })] }), {}, 'without a number');
gsd('above what the method measures', 'open', (p) => ({ lab_results: [a1c(p, 14, { comparator: '>' })] }));
gsd('below what the method measures', 'closed', (p) => ({ lab_results: [a1c(p, 4, { comparator: '<' })] }));
gsd('a glucose management indicator', 'closed', (p) => ({ lab_results: [a1c(p, 7.4, { loinc: '97506-0' })] }));
gsd('a result corrected to a good one', 'closed', (p) => {
  const wrong = a1c(p, 12);
  return { lab_results: [wrong, a1c(p, 7.2, { status: 'corrected', corrects: wrong.id })] };
});
gsd('preliminary only', 'open', (p) => ({ lab_results: [a1c(p, 7, { status: 'preliminary' })] }));
gsd('gestational diabetes', 'not_eligible', (p) => ({ conditions: [aCondition(p, { icd10: 'O24.410' })] }));
gsd('by SNOMED only', 'open', (p) => ({ conditions: [aCondition(p, { icd10: null, snomed: '44054006' })] }));
gsd('76 at the end', 'not_eligible', () => ({}), { birth_date: '1950-12-31' });
gsd('no birth date', 'unknown', () => ({}), { birth_date: null }, 'the birth date is missing');

const ked = (says: string, state: string, rows: (patient: Row) => ChartRows, own: Row = {}) =>
  theCase('kidney_evaluation', says, state, (p) => ({ conditions: [aCondition(p, { icd10: 'E11.9' })], ...rows(p) }), own);
const lab = (p: Row, loinc: string, day = '2026-05-04', own: Row = {}) =>
  aLabResult(p, {
    loinc,
    name_raw: 'X',
    value: 30,
    unit: 'mg/g',
    ref_low: null,
    ref_high: null,
    collected_at: `${day}T08:00:00-04:00`,
    ...own,
  });

ked('both tests', 'closed', (p) => ({ lab_results: [lab(p, '98979-8'), lab(p, '9318-7', '2026-10-01')] }));
ked('eGFR alone', 'open', (p) => ({ lab_results: [lab(p, '98979-8')] }));
ked('both parts of the ratio, 4 days apart', 'closed', (p) => ({
  lab_results: [lab(p, '98979-8'), lab(p, '14957-5', '2026-05-04'), lab(p, '2161-8', '2026-05-08')],
}));
ked('both parts of the ratio, 5 days apart', 'open', (p) => ({
  lab_results: [lab(p, '98979-8'), lab(p, '14957-5', '2026-05-04'), lab(p, '2161-8', '2026-05-09')],
}));
ked('diabetes that began on January 1', 'not_eligible', (p) => ({
  conditions: [aCondition(p, { icd10: 'E11.9', onset_on: '2026-01-01' })],
}));
ked('85 at the start, 86 at the end (trap 10)', 'open', () => ({}), { birth_date: '1940-06-01' });
ked('17 at the start, 18 at the end', 'not_eligible', () => ({}), { birth_date: '2008-06-01' });
ked('born some day of the year in which one is 18 or 17 at the start', 'unknown', () => ({}), { birth_date: '2008' });
ked('stage 5', 'excluded', (p) => ({ conditions: [aCondition(p, { icd10: 'E11.22' }), aCondition(p, { icd10: 'N18.5' })] }));
ked('a ratio that could not be computed', 'unknown', (p) => ({
  lab_results: [lab(p, '98979-8'), lab(p, '9318-7', '2026-10-01', { value: null, value_text: 'unable to calculate' })],
}));

const bcs = (says: string, state: string, on: string | null | undefined, own: Row = {}, more: ChartRows = {}) =>
  theCase(
    'breast_screening',
    says,
    state,
    (p) => ({ ...(on !== undefined && { procedures: [aProcedure(p, { code: '77067', performed_on: on })] }), ...more }),
    own,
  );
bcs('on October 1 two years before', 'closed', '2024-10-01');
bcs('on September 30 two years before', 'open', '2024-09-30');
bcs('in the year in which October 1 lies (trap 23)', 'unknown', '2024');
bcs('in October of it', 'closed', '2024-10');
bcs('without a date', 'unknown', null);
bcs('never', 'open', undefined);
bcs('41 at the end', 'not_eligible', undefined, { birth_date: '1985' });
bcs('42 at the end, born some day of 1984', 'open', undefined, { birth_date: '1984' });
bcs('a man', 'not_eligible', undefined, { sex: 'male' });
bcs('the sex is not known', 'unknown', undefined, { sex: 'unknown' });
theCase('breast_screening', 'both breasts removed, one after the other', 'excluded', (p) => ({
  conditions: [aCondition(p, { icd10: 'Z90.11' })],
  procedures: [aProcedure(p, { code: '0HTU0ZZ', code_system: 'icd10pcs', performed_on: '2015' })],
}));
theCase('breast_screening', 'one breast removed', 'open', (p) => ({ conditions: [aCondition(p, { icd10: 'Z90.11' })] }));

const col = (says: string, state: string, code: string, on: string, own: Row = {}) =>
  theCase('colorectal_screening', says, state, (p) => ({ procedures: [aProcedure(p, { code, performed_on: on, ...own })] }));
col('a colonoscopy on January 1 nine years before (trap 11)', 'closed', '45378', '2017-01-01');
col('a colonoscopy less than ten years before the end, in the tenth calendar year', 'open', '45378', '2016-12-31');
col('a colonoscopy of 2017, no more is known', 'closed', '45378', '2017');
col('a colonoscopy that was begun and stopped', 'open', '45378', '2020-01-01', { status: 'stopped' });
col('a sigmoidoscopy four years before', 'closed', '45330', '2022-01-01');
col('a sigmoidoscopy five years before', 'open', '45330', '2021-12-31');
col('a stool DNA test two years before', 'closed', '81528', '2024-01-01');
theCase('colorectal_screening', 'a stool blood test in the year', 'closed', (p) => ({
  lab_results: [lab(p, '57905-2', '2026-02-01', { value: null, value_text: 'negative' })],
}));
theCase('colorectal_screening', 'a stool blood test of last year', 'open', (p) => ({ lab_results: [lab(p, '57905-2', '2025-12-31')] }));
theCase('colorectal_screening', 'colon cancer long ago', 'excluded', (p) => ({
  conditions: [aCondition(p, { icd10: 'Z85.038', onset_on: '2001' })],
}));
theCase('colorectal_screening', '46 in September', 'open', () => ({}), { birth_date: '1980-09-01' });
theCase('colorectal_screening', '45 at the end', 'not_eligible', () => ({}), { birth_date: '1981' });

const period = { from: '2026-01-01', to: '2026-12-31' };
let record: TestRecord;
beforeAll(async () => {
  record = await aRecord({ practitioners: [SEEN_BY], patients: cases.map(({ patient }) => patient) });
  for (const { rows } of cases) await record.load(rows);
});
afterAll(() => record.close());

const gaps = (query: object) =>
  record.ask(({ measures }) => measures.gaps({ measures: MEASURE_NAMES, period, states: ['open'], limit: 1000, ...query }));
const every = ['open', 'closed', 'excluded', 'unknown', 'not_eligible'] as const;

describe.each(MEASURE_NAMES)('%s', (measure) => {
  it.each(cases.filter((each) => each.measure === measure))('$says: $state', async ({ patient, state, why }) => {
    const { care_gaps } = await gaps({ measures: [measure], patient_id: patient.id, states: every });
    expect(care_gaps.map((gap) => gap.state)).toEqual([state]);
    expect(care_gaps[0]?.why).toContain(why ?? '');
    expect(CareGap.safeParse(care_gaps[0]).success).toBe(true);
  });
});

describe('the list of gaps', () => {
  it('says the same of the whole clinic as of each patient', async () => {
    const { care_gaps } = await gaps({ states: every });
    for (const { patient, measure, state } of cases) {
      const told = care_gaps.find((gap) => gap.patient_id === patient.id && gap.measure === measure);
      expect([patient.family_name, told?.state ?? 'not_eligible']).toEqual([patient.family_name, state]);
    }
  });

  it('pages by the patient’s name without losing or doubling a row', async () => {
    const all = (await gaps({})).care_gaps.map(({ care_gap_id }) => care_gap_id);
    const paged: unknown[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page = await gaps({ limit: 7, after });
      paged.push(...page.care_gaps.map(({ care_gap_id }) => care_gap_id));
      after = page.care_gaps.at(-1)?.care_gap_id;
      more = page.more;
    }
    expect(paged).toEqual(all);
    expect(new Set(all).size).toBe(all.length);
    await expect(gaps({ after: SEEN_BY.id })).rejects.toThrow('not a cursor of this list');
  });
});

describe('the summary', () => {
  it('counts what the list shows', async () => {
    const { measures } = await record.ask(({ measures }) => measures.summary({ measures: MEASURE_NAMES, period }));
    const { care_gaps } = await gaps({ states: every });
    for (const told of measures) {
      const of = (state: string) => care_gaps.filter((gap) => gap.measure === told.measure && gap.state === state).length;
      expect(QualityMeasure.safeParse(told).success).toBe(true);
      expect([told.open, told.closed, told.unknown]).toEqual([of('open'), of('closed'), of('unknown')]);
      expect(told.excluded.reduce((sum, { count }) => sum + count, 0)).toBe(told.exclusions);
      expect(told.rate).toBe(Math.round((told.numerator / (told.denominator - told.exclusions)) * 10_000) / 10_000);
    }
  });

  it('never counts who is deceased, inactive or merged, and says how many they are', async () => {
    const other = '00000000-0000-4000-8000-000000000002';
    const clinician = { ...SEEN_BY, tenant_id: other };
    const people = [aPatient(), aPatient({ deceased_on: '2026-08' }), aPatient({ active: false })].map(
      (row): Row => ({ ...row, tenant_id: other }),
    );
    people.push({ ...aPatient({ replaced_by: people[0]?.id }), tenant_id: other });
    await record.load({
      tenant_id: other,
      practitioners: [clinician],
      patients: people.map((row) => ({ ...row, birth_date: '1970-01-01' })),
      encounters: people.map((row) => aVisit(row)),
    });
    const { measures, left_out } = await record.ask((native) => native.measures.summary({ measures: ['breast_screening'], period }), {
      tenant_id: other,
    });
    expect(measures[0]).toMatchObject({ initial_population: 1, numerator: 0, rate: 0, open: 1 });
    expect(left_out).toEqual([
      { reason: 'merged into another chart', count: 1 },
      { reason: 'deceased', count: 1 },
      { reason: 'inactive', count: 1 },
    ]);
  });

  it('counts as of today who has the age today', async () => {
    const turning = cases.find(({ says }) => says === '46 in September')?.patient.id;
    const asked = { measures: ['colorectal_screening'] as const, patient_id: turning, states: every };
    const of = async (to: string) => (await gaps({ ...asked, period: { from: '2026-01-01', to } })).care_gaps[0]?.state;
    expect([await of('2026-05-31'), await of('2026-12-31')]).toEqual(['not_eligible', 'open']);
  });
});
