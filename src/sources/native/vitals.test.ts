import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { aBloodPressure, aBmi, aHeight, aPulse, aTemperature, aWeight } from '../../../test/builders/clinical.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

describe('the vital signs of a patient', () => {
  const [ada, eve] = [aPatient(), aPatient()];
  const lind = aPractitioner({});
  const at = (taken_at: string, own = {}) => ({ taken_at, ...own });
  const height = aHeight(ada, at('2025-01-10T09:00:00-05:00', { value: 70, unit: '[in_i]' }));
  const spring = aWeight(ada, at('2026-03-08T23:30:00-04:00', { value: 198.4, unit: '[lb_av]' }));
  const summer = aWeight(ada, at('2026-07-01T09:00:00-04:00', { value: 85 }));
  const slip = aWeight(ada, at('2026-09-01T09:00:00-04:00', { value: 187, unit: 'kg' }));
  const autumn = aWeight(ada, at('2026-11-18T09:05:00-05:00', { value: 84, encounter_id: null, taken_by: lind.id }));
  const bmi = aBmi(ada, at('2026-11-18T09:06:00-05:00', { value: 31 }));
  const home = aBloodPressure(ada, at('2026-11-17T07:00:00-05:00', { setting: 'home', body_position: 'sitting' }));
  const swapped = aBloodPressure(ada, at('2026-11-18T09:00:00-05:00', { systolic: 76, diastolic: 122 }));
  const fever = aTemperature(ada, at('2026-11-18T09:01:00-05:00', { value: 100.4, unit: '[degF]', status: 'preliminary' }));
  const stone = aWeight(eve, { value: 12, unit: null, unit_raw: 'st' });
  const mistaken = aPulse(ada, { status: 'entered_in_error' });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada, eve],
      practitioners: [lind],
      vital_signs: [height, spring, summer, slip, autumn, bmi, home, swapped, fever, stone, mistaken],
    });
  });
  afterAll(() => record.close());
  const list = (query = {}) => record.ask(({ vitals }) => vitals.list({ patient_id: ada.id as string, limit: 20, ...query }));
  const idsOf = async (query = {}) => (await list(query)).vitals.map(({ vital_sign_id }) => vital_sign_id);
  const figures = (query: object) =>
    record.ask(({ vitals }) => vitals.summarize({ patient_id: ada.id as string, aggregate: 'latest', ...query }));

  it('come newest first by the time they were taken; entered in error is left out', async () => {
    expect(await idsOf()).toEqual([bmi, autumn, fever, swapped, home, slip, summer, spring, height].map(({ id }) => id));
  });

  it('are told as charted, with the canonical value beside another unit', async () => {
    const { vitals } = await list();
    expect(vitals.find(({ vital_sign_id }) => vital_sign_id === spring.id)).toEqual({
      vital_sign_id: spring.id,
      kind: 'weight',
      loinc: '29463-7',
      taken_at: '2026-03-08T23:30:00-04:00',
      value: 198.4,
      unit: '[lb_av]',
      canonical_value: 90,
      canonical_unit: 'kg',
      setting: 'office',
      bmi_computed: 28.5,
    });
    expect(vitals.find(({ vital_sign_id }) => vital_sign_id === fever.id)).toMatchObject({
      value: 100.4,
      canonical_value: 38,
      status: 'preliminary',
    });
    expect(vitals.find(({ vital_sign_id }) => vital_sign_id === autumn.id)).toMatchObject({ taken_by: 'Cora Lind' });
  });

  it('keep a blood pressure as one row, where it was taken and how', async () => {
    const { vitals } = await list({ kind: 'blood_pressure' });
    expect(vitals).toEqual([
      expect.objectContaining({ vital_sign_id: swapped.id, systolic: 76, diastolic: 122, implausible: 'swapped', setting: 'office' }),
      expect.objectContaining({ vital_sign_id: home.id, systolic: 128, diastolic: 78, setting: 'home', body_position: 'sitting' }),
    ]);
    expect(vitals[1]).not.toHaveProperty('value');
    expect(await idsOf({ kind: 'blood_pressure', setting: 'home' })).toEqual([home.id]);
  });

  it('flag pounds in the kilogram field and never delete them', async () => {
    const weights = (await list({ kind: 'weight' })).vitals;
    expect(weights.map(({ value, implausible }) => [value, implausible])).toEqual([
      [84, undefined],
      [187, 'unit'],
      [85, undefined],
      [198.4, undefined],
    ]);
    expect(weights[1]).not.toHaveProperty('bmi_computed');
  });

  it('recompute the BMI, keep the charted one, and say where they conflict', async () => {
    const { vitals } = await list({ kind: 'bmi' });
    expect(
      vitals.map(({ vital_sign_id, value, bmi_computed, bmi_conflict, computed }) => [
        vital_sign_id,
        value,
        bmi_computed,
        bmi_conflict,
        computed,
      ]),
    ).toEqual([
      [bmi.id, 31, 26.6, true, undefined],
      [summer.id, 26.9, 26.9, undefined, true],
      [spring.id, 28.5, 28.5, undefined, true],
    ]);
    const second = await list({ kind: 'bmi', limit: 1, after: bmi.id });
    expect([second.vitals[0]?.vital_sign_id, second.more]).toEqual([summer.id, true]);
    await expect(list({ kind: 'bmi', after: home.id })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('since and until are days of the clinic, both inclusive (trap 24)', async () => {
    expect(await idsOf({ since: '2026-03-08', until: '2026-03-08' })).toEqual([spring.id]);
    expect(await idsOf({ since: '2026-03-09', until: '2026-07-01' })).toEqual([summer.id]);
  });

  it('come in pages', async () => {
    const first = await list({ limit: 4 });
    const rest = await list({ after: first.vitals[3]?.vital_sign_id });
    expect([first.more, rest.more]).toEqual([true, false]);
    expect([...first.vitals, ...rest.vitals].map(({ vital_sign_id }) => vital_sign_id)).toEqual(await idsOf());
    await expect(list({ after: stone.id })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(list({ patient_id: lind.id })).rejects.toMatchObject({ type: 'not_found' });
  });

  it('as figures leave out what looks like a slip, and count it', async () => {
    expect(await figures({ kind: 'weight', aggregate: 'average' })).toEqual([
      {
        kind: 'weight',
        unit: 'kg',
        count: 3,
        average: { value: 86.3 },
        excluded: [{ reason: 'implausible', count: 1 }],
        definition: 'vital_average@1',
      },
    ]);
    expect(await figures({ kind: 'weight', aggregate: 'change', since: '2026-06-01' })).toMatchObject([
      { first: { value: 85 }, last: { value: 84 }, change: { value: -1 }, change_percent: -1.2 },
    ]);
    // The slip shows against the readings outside the time asked for.
    expect(await figures({ kind: 'weight', aggregate: 'count', since: '2026-08-01', until: '2026-10-01' })).toMatchObject([
      { count: 0, excluded: [{ reason: 'implausible', count: 1 }] },
    ]);
  });

  it('as figures of every kind that was read', async () => {
    const all = await figures({});
    expect(all.map(({ kind, count }) => [kind, count])).toEqual([
      ['blood_pressure', 1],
      ['temperature', 0],
      ['height', 1],
      ['weight', 3],
      ['bmi', 3],
    ]);
    expect(all[4]).toMatchObject({ latest: { value: 26.6, taken_at: '2026-11-18T09:06:00-05:00' } });
    expect(await figures({ kind: 'spo2' })).toEqual([{ kind: 'spo2', unit: '%', count: 0, definition: 'vital_latest@1' }]);
    await expect(figures({ patient_id: lind.id })).rejects.toMatchObject({ type: 'not_found' });
  });

  it('in a unit that is not known are shown, and never reckoned with', async () => {
    const { vitals } = await list({ patient_id: eve.id });
    expect(vitals).toEqual([expect.objectContaining({ value: 12, unit: 'st' })]);
    expect(vitals[0]).not.toHaveProperty('canonical_value');
    expect(await figures({ patient_id: eve.id, aggregate: 'average' })).toMatchObject([
      { count: 0, excluded: [{ reason: 'unknown unit', count: 1 }] },
    ]);
  });
});
