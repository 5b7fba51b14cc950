import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLabResult, aLabRow, aPatient } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { LabResult } from '../../domains/labs.ts';
import { resultOf } from './labs.ts';
import { readLab } from './load.ts';

describe('a result', () => {
  it('has the house’s name where its code is known, else the lab’s', () => {
    expect(resultOf(aLabRow()).name).toBe('Glucose');
    expect(resultOf(aLabRow({ loinc: null, name_raw: 'BPC-157 SCREEN' })).name).toBe('BPC-157 SCREEN');
  });

  it('has the lab’s flag, else the computed, else unknown: never normal for want of either (trap 2)', () => {
    const flags = (row: Parameters<typeof aLabRow>[0]) => resultOf(aLabRow(row)).flag;
    expect(flags({ lab_flag: 'HH', value: '180' })).toBe('HH');
    expect(flags({ value: '180' })).toBe('H');
    expect(flags({ value: '180', ref_low: null, ref_high: null })).toBe('unknown');
    expect(flags({ value: '180', ref_low: null, ref_high: null, lab_flag: 'W' })).toBe('unknown');
    expect(flags({ value: null, value_text: 'see note' })).toBe('unknown');
  });

  it('keeps the two when they disagree', () => {
    expect(resultOf(aLabRow({ lab_flag: 'N', value: '180' }))).toMatchObject({ flag: 'N', flag_conflict: { lab: 'N', computed: 'H' } });
    expect(resultOf(aLabRow({ lab_flag: 'HH', value: '180' }))).not.toHaveProperty('flag_conflict');
  });

  it('beyond the scale keeps its comparator (trap 3)', () => {
    const egfr = resultOf(aLabRow({ loinc: '98979-8', value: '60', comparator: '>', ref_low: '60', ref_high: null }));
    expect(egfr).toMatchObject({ value: 60, comparator: '>', flag: 'N' });
  });

  it('says its status unless final, its raw unit unless UCUM, and no null', () => {
    expect(resultOf(aLabRow())).not.toHaveProperty('status');
    expect(resultOf(aLabRow({ status: 'preliminary', unit: null, unit_raw: 'furlongs' }))).toMatchObject({
      status: 'preliminary',
      unit_raw: 'furlongs',
    });
    expect(resultOf(aLabRow({ unit_raw: 'MG/DL' }))).not.toHaveProperty('unit_raw');
    expect(Object.values(resultOf(aLabRow()))).not.toContain(null);
    expect(LabResult.safeParse(resultOf(aLabRow({ lab_flag: 'N' }))).success).toBe(true);
  });
});

describe('a lab row at the border', () => {
  it('becomes a number only where all of it is one', () => {
    expect(readLab({ value_text: '12', status: 'final' })).toMatchObject({ value: '12', value_text: null });
    expect(readLab({ value_text: '<0.01', status: 'final' })).toMatchObject({ value: '0.01', comparator: '<', value_text: null });
    expect(readLab({ value_text: '1:80', status: 'final' })).toMatchObject({ value: null, value_text: '1:80' });
    expect(readLab({ value_text: 'QNS', status: 'final' })).toMatchObject({ value_text: 'QNS', status: 'cancelled' });
    expect(readLab({ value: 5, value_text: 'five' })).toMatchObject({ value: 5, value_text: 'five' });
  });

  it('gets UCUM for the lab’s spelling, and keeps the spelling', () => {
    expect(readLab({ loinc: '6690-2', unit: 'K/uL' })).toMatchObject({ unit: '10*3/uL', unit_raw: 'K/uL' });
    expect(readLab({ loinc: '6690-2', unit_raw: 'K/uL' })).toMatchObject({ unit: '10*3/uL', unit_raw: 'K/uL' });
    expect(readLab({ loinc: '6690-2', unit_raw: 'bogus' })).toEqual({ loinc: '6690-2', unit_raw: 'bogus' });
    expect(readLab({ loinc: '2345-7', unit: 'mg/dL' })).toEqual({ loinc: '2345-7', unit: 'mg/dL' });
  });
});

describe('the lab results of a patient', () => {
  const [ada, ben] = [aPatient(), aPatient({ given_name: 'Ben' })];
  const at = (day: string, own = {}) => aLabResult(ada, { collected_at: `${day}T08:00:00-05:00`, ...own });
  const old = at('2026-01-10', { resulted_at: '2026-11-19T08:00:00-05:00' });
  const wrong = at('2026-06-01', { value: 680, name_raw: 'POTASSIUM', loinc: '2823-3' });
  const right = at('2026-06-01', { value: 4.3, loinc: '2823-3', status: 'corrected', corrects: wrong.id });
  const recent = at('2026-11-10', { loinc: '3016-3', resulted_at: '2026-11-12T08:00:00-05:00' });
  const local = at('2026-11-11', { loinc: null, local_code: 'X17', name_raw: 'LOCAL X17' });
  const error = at('2026-11-12', { status: 'entered_in_error' });
  const late = aLabResult(ada, { collected_at: '2026-03-08T23:30:00-04:00' }); // the day of 23 hours
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({ patients: [ada, ben], lab_results: [right, old, wrong, recent, local, error, late, aLabResult(ben)] });
  });
  afterAll(() => record.close());
  const list = (query = {}) => record.ask(({ labs }) => labs.list({ patient_id: ada.id as string, limit: 40, ...query }));
  const idsOf = async (query = {}) => (await list(query)).labs.map(({ lab_result_id }) => lab_result_id);

  it('come newest first by collection, not by result (trap 1); the corrected in place of the wrong; entered-in-error not at all', async () => {
    expect(await idsOf()).toEqual([local, recent, right, late, old].map(({ id }) => id));
  });

  it('are selected by analyte; what a panel cannot select is counted', async () => {
    expect(await list({ panel: 'thyroid' })).toMatchObject({ labs: [{ lab_result_id: recent.id }], unmapped: 1 });
    expect((await list()).unmapped).toBe(0);
    await expect(list({ panel: 'liver pannel' })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('since a day of the clinic, inclusive, also where the clock changed (trap 24)', async () => {
    expect(await idsOf({ since: '2026-03-08' })).toContain(late.id);
    expect(await idsOf({ since: '2026-03-09' })).not.toContain(late.id);
  });

  it('until a day of the clinic, inclusive, and by LOINC', async () => {
    expect(await idsOf({ until: '2026-03-08' })).toEqual([late, old].map(({ id }) => id));
    expect(await idsOf({ codes: ['3016-3'] })).toEqual([recent.id]);
    expect(await idsOf({ codes: ['3016-3'], panel: 'potassium' })).toEqual([recent, right].map(({ id }) => id));
  });

  it('come as one figure an analyte, where that is asked', async () => {
    const summarize = (aggregate: 'latest' | 'average') =>
      record.ask(({ labs }) => labs.summarize({ patient_id: ada.id as string, codes: ['2345-7', '2823-3'], aggregate }));
    expect(await summarize('average')).toMatchObject({
      figures: [
        { analyte: 'potassium', n: 1 },
        { analyte: 'glucose', value: 96, unit: 'mg/dL', n: 2 },
      ],
      preliminary: 0,
      unmapped: 1,
    });
    expect((await summarize('latest')).figures[1]).toMatchObject({ to_at: '2026-03-08T23:30:00-04:00' });
  });

  it('come in pages that leave nothing out and give nothing twice', async () => {
    const pages: unknown[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await list({ limit: 2, after });
      pages.push(...page.labs.map(({ lab_result_id }) => lab_result_id));
      after = page.labs.at(-1)?.lab_result_id;
      more = page.more;
    }
    expect(pages).toEqual(await idsOf());
  });

  it('are of this patient of this clinic, or not found', async () => {
    const elsewhere = '00000000-0000-4000-8000-000000000002';
    await record.load({ tenant_id: elsewhere });
    const fault = { type: 'not_found', message: 'No such patient in this clinic.' };
    await expect(
      record.ask(({ labs }) => labs.list({ patient_id: ada.id as string, limit: 1 }), { tenant_id: elsewhere }),
    ).rejects.toMatchObject(fault);
    await expect(list({ patient_id: elsewhere })).rejects.toMatchObject(fault);
    await expect(list({ patient_id: elsewhere, after: old.id })).rejects.toMatchObject(fault);
    await expect(list({ patient_id: ben.id, after: old.id })).rejects.toMatchObject({ type: 'invalid_input' });
  });
});
