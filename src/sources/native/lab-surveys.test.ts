import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLabResult, aMedication, aPatient, aPractitioner, type Row } from '../../../test/builders/chart.ts';
import { aCondition, aLabOrder, aLabReview, aSeries } from '../../../test/builders/lab-surveys.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { AbnormalLab, LabDue, type LabSurveys, TrendOutlier } from '../../domains/lab-surveys.ts';

const named = (given_name: string, own: Row = {}) => aPatient({ given_name, birth_date: '1980-05-05', ...own });

describe('abnormal labs across patients', () => {
  const doctor = aPractitioner({});
  const ada = named('Ada', { practitioner_id: doctor.id });
  const [ben, cora, dan, eve, fay, gus] = ['Ben', 'Cora', 'Dan', 'Eve', 'Fay', 'Gus'].map((name) => named(name)) as [
    Row,
    Row,
    Row,
    Row,
    Row,
    Row,
  ];
  const dead = named('Ida', { deceased_on: '2026-11-19' });
  const gone = named('Joe', { active: false });
  const merged = named('Kim', { replaced_by: ada.id });
  const on = (patient: Row, day: string, own: Row) => aLabResult(patient, { collected_at: `${day}T08:00:00-05:00`, ...own });
  const high = on(ada, '2026-11-10', { value: 130 });
  const critical = on(ben, '2026-11-01', { value: 480, lab_flag: 'HH' });
  const reviewed = on(cora, '2026-11-12', { value: 110 });
  const low = on(dan, '2026-11-11', { loinc: '2823-3', name_raw: 'K', value: 3.3, ref_low: 3.5, ref_high: 5.1, unit: 'mmol/L' });
  const was_high = on(eve, '2026-11-05', { value: 150, resulted_at: '2026-11-19T08:00:00-05:00' });
  const rows = [
    high,
    critical,
    reviewed,
    low,
    on(ada, '2026-10-20', { value: 300, lab_flag: 'H' }),
    was_high,
    on(eve, '2026-11-06', { value: 90, resulted_at: '2026-11-07T08:00:00-05:00' }),
    on(fay, '2026-11-06', { value: 150, status: 'preliminary' }),
    on(fay, '2026-11-07', { loinc: '2160-0', value: 0.9, ref_low: null, ref_high: null }),
    on(gus, '2026-11-08', { loinc: null, local_code: 'X1', value: 9, lab_flag: 'H' }),
    on(gus, '2026-01-08', { value: 200 }),
    ...[dead, gone, merged].map((patient) => on(patient, '2026-11-09', { value: 200 })),
  ];
  const wrong = on(gus, '2026-11-08', { loinc: '718-7', value: 3, lab_flag: 'LL' });
  const right = on(gus, '2026-11-08', { loinc: '718-7', value: 13, lab_flag: 'N', status: 'corrected', corrects: wrong.id });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      practitioners: [doctor],
      patients: [ada, ben, cora, dan, eve, fay, gus, dead, gone, merged],
      lab_results: [...rows, wrong, right],
      lab_orders: [
        aLabOrder(ada, { name: 'Basic Metabolic Panel', loinc: '51990-0' }),
        aLabOrder(ben, { name: 'LIPID PANEL', loinc: '24331-1' }),
      ],
      lab_reviews: [aLabReview(reviewed, doctor)],
    });
  });
  afterAll(() => record.close());
  const ask = (own: Partial<Parameters<LabSurveys['abnormal']>[0]> = {}) =>
    record.ask(({ lab_surveys }) =>
      lab_surveys.abnormal({ since: '2026-09-01', mode: 'latest', unacknowledged: false, limit: 20, ...own }),
    );
  const ids = async (own = {}) => (await ask(own)).abnormal.map(({ lab_result_id }) => lab_result_id);

  it('come one row a patient and analyte: critical first, then by severity; the latest collected decides, whenever it was resulted (trap 1)', async () => {
    expect(await ids()).toEqual([critical, high, reviewed, low].map(({ id }) => id));
  });

  it('say who, how far beyond, and what was done', async () => {
    const { abnormal } = await ask();
    expect(abnormal.map((row) => AbnormalLab.parse(row))).toEqual(abnormal);
    expect(abnormal[0]).toMatchObject({
      patient: 'Ben Okafor',
      birth_date: '1980-05-05',
      critical: true,
      flag: 'HH',
      repeat_ordered: false,
    });
    expect(abnormal[1]).toMatchObject({ analyte: 'glucose', severity: 1.07, flag: 'H', repeat_ordered: true, acknowledged: false });
    expect(abnormal[2]).toMatchObject({ acknowledged: true, action: 'patient_called' });
  });

  it('also those that later became normal, where any is asked', async () => {
    const { abnormal } = await ask({ mode: 'any' });
    expect(abnormal.find(({ lab_result_id }) => lab_result_id === was_high.id)).toMatchObject({ later_normal: true });
  });

  it('count the unknown as unknown, the preliminary apart, and nobody who is gone (trap 2)', async () => {
    expect(await ask()).toMatchObject({
      summary: { abnormal: { numerator: 4, denominator: 7 }, rows: 4, critical: 1, unknown: 1, preliminary: 1 },
      excluded: [
        { reason: 'patients merged', count: 1 },
        { reason: 'patients deceased', count: 1 },
        { reason: 'patients inactive', count: 1 },
        { reason: 'abnormal results without a LOINC', count: 1 },
      ],
    });
  });

  it('are narrowed by panel, clinician and review; a corrected result does not count', async () => {
    expect(await ids({ panel: 'potassium' })).toEqual([low.id]);
    expect(await ids({ panel: 'CBC' })).toEqual([]);
    expect(await ids({ practitioner_id: doctor.id })).toEqual([high.id]);
    expect(await ids({ unacknowledged: true })).not.toContain(reviewed.id);
    expect((await ask({ panel: 'CBC' })).summary).toMatchObject({ abnormal: { numerator: 0, denominator: 1 }, rows: 0 });
    await expect(ask({ panel: 'liver pannel' })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('come in pages that leave nothing out', async () => {
    const first = await ask({ limit: 2 });
    expect(first.more).toBe(true);
    const after = first.abnormal.at(-1)?.lab_result_id;
    expect([...first.abnormal.map(({ lab_result_id }) => lab_result_id), ...(await ids({ limit: 2, after }))]).toEqual(await ids());
  });
});

describe('two abnormal results of one analyte in one draw', () => {
  const doctor = aPractitioner({});
  const ada = named('Ada');
  const at = { collected_at: '2026-11-10T08:00:00-05:00' };
  const worse = aLabResult(ada, { ...at, value: 180 });
  const milder = aLabResult(ada, { ...at, value: 130 });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      practitioners: [doctor],
      patients: [ada],
      lab_results: [milder, worse],
      lab_reviews: [aLabReview(worse, doctor)],
    });
  });
  afterAll(() => record.close());

  it('are one row, the worse; where only unreviewed ones are asked for, the one that nobody looked at', async () => {
    const ids = async (unacknowledged: boolean) => {
      const query = { since: '2026-09-01', mode: 'latest', unacknowledged, limit: 20 } as const;
      const { abnormal } = await record.ask(({ lab_surveys }) => lab_surveys.abnormal(query));
      return abnormal.map(({ lab_result_id }) => lab_result_id);
    };
    expect(await ids(false)).toEqual([worse.id]);
    expect(await ids(true)).toEqual([milder.id]);
  });
});

describe('unusual trends', () => {
  const days = ['2025-09-01', '2025-12-01', '2026-03-01', '2026-06-01', '2026-09-01'];
  const series = (patient: Row, loinc: string, values: number[], own: Row = {}) =>
    aSeries(
      patient,
      loinc,
      values.map((value, at) => [days[at] as string, value]),
      own,
    );
  const egfr = { unit: 'mL/min/{1.73_m2}' };
  const [ada, ben, cora, dan, eve, fay, gus, hal] = ['Ada', 'Ben', 'Cora', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal'].map((name) =>
    named(name),
  ) as Row[];
  const falling = series(ada as Row, '98979-8', [88, 79, 71, 62, 55], egfr);
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada, ben, cora, dan, eve, fay, gus, hal] as Row[],
      lab_results: [
        ...falling,
        ...series(ben as Row, '98979-8', [88, 90, 86, 89, 88], egfr),
        // The equation changed: two years of it would look like a decline (trap 5).
        ...series(cora as Row, '62238-1', [92, 91, 93], egfr),
        ...aSeries(
          cora as Row,
          '98979-8',
          [
            ['2026-07-01', 75],
            ['2026-10-01', 74],
          ],
          egfr,
        ),
        // The lab went from ng/dL to nmol/L, as it says (trap 6).
        ...series(dan as Row, '2986-8', [600, 590, 610], { unit: 'ng/dL', method: 'ECLIA immunoassay' }),
        ...aSeries(
          dan as Row,
          '2986-8',
          [
            ['2026-06-01', 20.5],
            ['2026-09-01', 20.9],
          ],
          { unit: 'nmol/L', method: 'ECLIA immunoassay' },
        ),
        // And here without saying so.
        ...series(eve as Row, '2986-8', [600, 620, 590, 21, 20.5], { unit: 'ng/dL', method: 'ECLIA immunoassay' }),
        ...series(fay as Row, '2986-8', [300, 420, 520, 680, 900], { unit: 'ng/dL', method: 'LC/MS/MS' }),
        ...series(gus as Row, '98979-8', [90, 60, 58], egfr),
        ...series(hal as Row, '98979-8', [90, 80], { ...egfr, comparator: '>' }),
      ],
      medication_requests: [
        aMedication(ada as Row, { name: 'lisinopril 20 mg oral tablet', start_on: '2026-01-15' }),
        aMedication(ada as Row, { name: 'lisinopril 20 mg oral tablet', start_on: '2026-07-15' }),
      ],
    });
  });
  afterAll(() => record.close());
  const ask = (marker: string, own: Partial<Parameters<LabSurveys['trends']>[0]> = {}) =>
    record.ask(({ lab_surveys }) => lab_surveys.trends({ marker, direction: 'either', finding: 'trend', limit: 20, ...own }));

  it('find who falls steadily and far, with what began meanwhile', async () => {
    const { outliers, summary } = await ask('eGFR');
    expect(outliers.map((row) => TrendOutlier.parse(row))).toEqual(outliers);
    expect(outliers).toEqual([
      expect.objectContaining({
        lab_result_id: falling.at(-1)?.id,
        patient: 'Ada Okafor',
        direction: 'down',
        method: 'eGFR (CKD-EPI 2021)',
        n: 5,
        span_days: 365,
        first: 88,
        last: 55,
        first_on: '2025-09-01',
        p: 0.0083,
        confounders: [{ what: 'started', medication: 'lisinopril 20 mg oral tablet', on: '2026-01-15' }],
      }),
    ]);
    expect(outliers[0]?.slope_per_year).toBe(-33.6);
    expect(summary).toMatchObject({ marker: 'egfr', with_result: 4, tested: 3, trends: 1, changes: 1 });
  });

  it('only in the direction asked for', async () => {
    expect((await ask('eGFR', { direction: 'up' })).outliers).toEqual([]);
    expect((await ask('testosterone', { direction: 'up' })).outliers).toMatchObject([{ patient: 'Fay Okafor', method: 'LC/MS' }]);
  });

  it('no trend from three results: a change at most (trap 7)', async () => {
    expect((await ask('gfr', { finding: 'change' })).outliers).toMatchObject([{ patient: 'Gus Okafor', n: 3, direction: 'down' }]);
  });

  it('no trend of a new unit; one that the lab does not own to is told as what it is (trap 6)', async () => {
    const { outliers, summary } = await ask('testosterone', { finding: 'unit_error' });
    expect(outliers.map(({ patient }) => patient)).toEqual(['Eve Okafor']);
    expect(summary).toMatchObject({ trends: 1, unit_errors: 1 });
  });

  it('never of values beyond the scale (trap 3)', async () => {
    expect((await ask('egfr')).excluded).toEqual([{ reason: 'results beyond the scale', count: 2 }]);
  });

  it('refuse what is no single marker', async () => {
    await expect(ask('CMP')).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(ask('urine color')).rejects.toMatchObject({ type: 'invalid_input' });
  });
});

describe('patients due for labs', () => {
  const thyroid = (patient: Row, own: Row = {}) =>
    aMedication(patient, { name: 'levothyroxine 50 mcg', ingredient: 'levothyroxine', start_on: '2024-01-10', ...own });
  const tsh = (patient: Row, day: string, own: Row = {}) =>
    aLabResult(patient, { loinc: '3016-3', value: 2, unit: 'm[IU]/L', collected_at: `${day}T08:00:00-05:00`, ...own });
  const people = ['Ada', 'Ben', 'Cora', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal', 'Ivy', 'Jon', 'Leo'].map((name) => named(name, { sex: 'male' }));
  const [ada, ben, cora, dan, eve, fay, gus, hal, ivy, jon, leo] = people as [Row, Row, Row, Row, Row, Row, Row, Row, Row, Row, Row];
  const dead = named('Kim', { deceased_on: '2026-01-01' });
  const old = tsh(ada, '2025-10-01');
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [...people, dead],
      medication_requests: [
        ...[ada, ben, cora, dan, eve, fay, dead].map((patient) => thyroid(patient)),
        thyroid(gus, { start_on: '2026-10-05' }),
        thyroid(hal, { status: 'stopped' }),
        thyroid(leo, { start_on: '2026-01-05', status: 'completed', sig: 'half a tablet daily' }),
        thyroid(leo, { start_on: '2026-09-10', sig: '1 tablet daily' }),
        thyroid(leo, { start_on: '2026-11-10', sig: null }),
        thyroid(ivy, { start_on: '2026-01-05', status: 'completed' }),
        thyroid(ivy, { start_on: '2026-09-01', name: 'levothyroxine 75 mcg' }),
      ],
      conditions: [aCondition(jon), aCondition(dan, { icd10: 'E11.9', clinical_status: 'resolved' })],
      lab_results: [
        old,
        tsh(ben, '2026-06-01'),
        tsh(cora, '2025-01-05'),
        tsh(cora, '2026-11-01', { value: null, value_text: 'QNS', status: 'cancelled' }),
        tsh(dan, '2025-01-05'),
        tsh(eve, '2025-01-05'),
        tsh(eve, '2026-11-15', { status: 'preliminary' }),
        tsh(fay, '2025-02-05'),
        tsh(ivy, '2026-08-01'),
        tsh(leo, '2026-08-01'),
        aLabResult(jon, { loinc: '59261-8', value: 70, unit: 'mmol/mol', collected_at: '2026-08-01T08:00:00-04:00' }),
        ...['98979-8', '9318-7'].map((loinc) => aLabResult(jon, { loinc, collected_at: '2026-08-01T08:00:00-04:00' })),
      ],
      lab_orders: [
        aLabOrder(dan, { name: 'TSH + Free T4' }),
        aLabOrder(fay, {
          name: 'TSH',
          loinc: '3016-3',
          status: 'revoked',
          status_reason: 'declined',
          ended_at: '2026-11-01T09:00:00-05:00',
        }),
      ],
    });
  });
  afterAll(() => record.close());
  const ask = (own: Partial<Parameters<LabSurveys['due']>[0]> = {}) =>
    record.ask(({ lab_surveys }) => lab_surveys.due({ within_days: 0, include_pending: false, limit: 50, ...own }));
  const tshOf = async (patient: Row, own = {}) =>
    (await ask(own)).due.find(({ patient_id, rule }) => patient_id === patient.id && rule === 'levothyroxine_tsh');

  it('are those whose last final result is a year old, with the evidence', async () => {
    expect(await tshOf(ada)).toMatchObject({
      patient: 'Ada Okafor',
      due_on: '2026-10-01',
      overdue_days: 50,
      because: 'levothyroxine 50 mcg',
      last_result_id: old.id,
      last_on: '2025-10-01',
      analytes: ['tsh'],
    });
    expect(await tshOf(ben)).toBeUndefined();
    const { due } = await ask();
    expect(due.map((row) => LabDue.parse(row))).toEqual(due);
  });

  it('QNS does not satisfy', async () => {
    expect(await tshOf(cora)).toMatchObject({ due_on: '2026-01-05', last_on: '2025-01-05' });
  });

  it('an open order, a preliminary result and a refusal take the nudge away, not the gap', async () => {
    for (const patient of [dan, eve, fay]) expect(await tshOf(patient)).toBeUndefined();
    expect(await tshOf(dan, { include_pending: true })).toMatchObject({ order_pending: true, due_on: '2026-01-05' });
    expect(await tshOf(eve, { include_pending: true })).toMatchObject({ result_pending: true });
    expect(await tshOf(fay, { include_pending: true })).toMatchObject({ declined_on: '2026-11-01' });
    expect((await ask()).summary.order_pending).toBe(1);
  });

  it('six weeks after a start and after a change of dose, whatever came before', async () => {
    expect(await tshOf(gus)).toMatchObject({ due_on: '2026-11-16', overdue_days: 0, since: '2026-10-05' });
    expect(await tshOf(ivy)).toMatchObject({ due_on: '2026-10-13', overdue_days: 24, because: 'levothyroxine 75 mcg' });
    expect(await tshOf(leo)).toMatchObject({ due_on: '2026-10-22', since: '2026-09-10' });
  });

  it('not for a drug that was stopped, nor a condition that is over', async () => {
    expect(await tshOf(hal, { within_days: 365 })).toBeUndefined();
    expect(
      (await ask({ within_days: 365, include_pending: true })).due.some(
        ({ patient_id, rule }) => patient_id === dan.id && rule === 'diabetes_a1c',
      ),
    ).toBe(false);
  });

  it('three months after an A1c above 8 %, also where it was told in mmol/mol (trap 4)', async () => {
    expect((await ask({ panel: 'A1c' })).due).toMatchObject([{ rule: 'diabetes_a1c', due_on: '2026-10-31', overdue_days: 20 }]);
  });

  it('count whom the rules cover, and who is gone', async () => {
    const { summary, excluded } = await ask({ panel: 'TSH' });
    expect(summary).toMatchObject({
      patients: { numerator: 5, denominator: 9 },
      due: 5,
      by_rule: [{ rule: 'levothyroxine_tsh', due: 5, covered: 9 }],
    });
    expect(excluded).toEqual([
      { reason: 'patients deceased', count: 1 },
      { reason: 'checks declined', count: 1 },
      { reason: 'checks with a preliminary result', count: 1 },
    ]);
  });

  it('come in pages that leave nothing out', async () => {
    const all = (await ask({ include_pending: true })).due.map(({ due_id }) => due_id);
    const first = (await ask({ include_pending: true, limit: 3 })).due.map(({ due_id }) => due_id);
    const rest = (await ask({ include_pending: true, after: first.at(-1) })).due.map(({ due_id }) => due_id);
    expect([...first, ...rest]).toEqual(all);
    await expect(ask({ after: crypto.randomUUID() })).rejects.toMatchObject({ type: 'invalid_input' });
  });
});
