import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLabResult, aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { aLabOrder } from '../../../test/builders/clinical.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

describe('lab orders', () => {
  const [ada, ben] = [aPatient(), aPatient({ given_name: 'Ben' })];
  const [gone, left] = [aPatient({ deceased_on: '2026-10' }), aPatient({ active: false })];
  const duplicate = aPatient({ replaced_by: ada.id });
  const lind = aPractitioner({});
  const at = (day: string, own = {}) => ({ ordered_at: `${day}T10:00:00-04:00`, ...own });
  const late = aLabOrder(ada, at('2026-08-01', { due_on: '2026-09-01', practitioner_id: lind.id }));
  const yesterday = aLabOrder(ben, at('2026-10-01', { due_on: '2026-11-19', priority: 'urgent' }));
  const due_today = aLabOrder(ada, at('2026-10-02', { due_on: '2026-11-20' }));
  const undated = aLabOrder(ada, at('2024-10-03'));
  const drawn = aLabOrder(ada, at('2026-10-04', { due_on: '2026-10-10', collected_at: '2026-10-09T08:00:00-04:00' }));
  const resulted = aLabOrder(ada, at('2026-10-05', { due_on: '2026-10-10' }));
  const hemolyzed = aLabOrder(ada, at('2026-10-06', { due_on: '2026-11-10' }));
  const held = aLabOrder(ada, at('2026-10-07', { status: 'on_hold', status_reason: 'declined', due_on: '2026-10-10' }));
  const done = aLabOrder(ada, at('2026-10-08', { status: 'completed', ended_at: '2026-10-12T09:00:00-04:00' }));
  const revoked = aLabOrder(ben, at('2026-10-09', { status: 'revoked', status_reason: 'duplicate' }));
  const mistaken = aLabOrder(ada, at('2026-10-10', { status: 'entered_in_error' }));
  const left_out = [gone, left, duplicate].map((patient) => aLabOrder(patient, at('2026-10-11', { due_on: '2026-10-12' })));
  const result = (order: typeof ada, own = {}) => aLabResult(ada, { order_id: order.id, ...own });
  const first_value = result(resulted);
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada, ben, gone, left, duplicate],
      practitioners: [lind],
      lab_orders: [late, yesterday, due_today, undated, drawn, resulted, hemolyzed, held, done, revoked, mistaken, ...left_out],
      lab_results: [
        first_value,
        result(resulted, { status: 'corrected', corrects: first_value.id }),
        result(resulted, { status: 'preliminary', loinc: '2160-0' }),
        result(hemolyzed, { value: null, value_text: 'QNS' }),
        result(done),
        result(done, { loinc: '2160-0' }),
        result(done, { status: 'entered_in_error' }),
      ],
    });
  });
  afterAll(() => record.close());
  const list = (query = {}) => record.ask(({ lab_orders }) => lab_orders.list({ status: 'open', limit: 40, ...query }));
  const statesOf = async (query = {}) => (await list(query)).lab_orders.map(({ lab_order_id, state }) => [lab_order_id, state]);

  it('of the clinic are a worklist: longest due first, then those without a day', async () => {
    expect(await statesOf()).toEqual([
      [late.id, 'overdue'],
      [drawn.id, 'collected'],
      [resulted.id, 'results_in'],
      [hemolyzed.id, 'overdue'],
      [yesterday.id, 'overdue'],
      [due_today.id, 'open'],
      [undated.id, 'open'],
    ]);
  });

  it('are overdue from the day after the day they name, and never where they name none', async () => {
    const { lab_orders, count } = await list({ status: 'overdue' });
    expect(lab_orders.map(({ lab_order_id, overdue_days }) => [lab_order_id, overdue_days])).toEqual([
      [late.id, 80],
      [hemolyzed.id, 10],
      [yesterday.id, 1],
    ]);
    expect(count).toBe(3);
    expect(await statesOf({ patient_id: ada.id, status: 'overdue' })).toEqual([
      [hemolyzed.id, 'overdue'],
      [late.id, 'overdue'],
    ]);
  });

  it('leave out, and count, the orders of patients who are merged, deceased or inactive', async () => {
    expect(await list()).toMatchObject({
      count: 7,
      excluded: [
        { reason: 'merged', count: 1 },
        { reason: 'deceased', count: 1 },
        { reason: 'inactive', count: 1 },
      ],
    });
    expect(await statesOf({ patient_id: gone.id, status: 'all' })).toEqual([[left_out[0]?.id, 'overdue']]);
  });

  it('count the final results that came: corrected once, preliminary apart; what the lab gave up satisfies nothing', async () => {
    const { lab_orders } = await list({ patient_id: ada.id, status: 'all' });
    const of = (order: typeof ada) => lab_orders.find(({ lab_order_id }) => lab_order_id === order.id);
    expect(of(resulted)).toMatchObject({ state: 'results_in', results: 1, preliminary_results: 1 });
    expect(of(hemolyzed)).toMatchObject({ state: 'overdue', results: 0, failed_results: 1 });
    expect(of(done)).toMatchObject({ state: 'completed', results: 2, ended_at: '2026-10-12T09:00:00-04:00' });
    expect(of(done)).not.toHaveProperty('overdue_days');
    expect(of(late)).toMatchObject({ results: 0, practitioner: 'Cora Lind', due_on: '2026-09-01' });
    expect(of(late)).not.toHaveProperty('priority');
  });

  it('of a patient come newest ordered first, all of them; entered in error is left out', async () => {
    expect((await statesOf({ patient_id: ada.id, status: 'all' })).map(([id]) => id)).toEqual(
      [done, held, hemolyzed, resulted, drawn, due_today, late, undated].map(({ id }) => id),
    );
    expect(await list({ patient_id: ada.id, status: 'on_hold' })).toMatchObject({
      lab_orders: [{ state: 'on_hold', status_reason: 'declined' }],
      more: false,
    });
  });

  it('of the clinic that are over come newest ordered first', async () => {
    expect(await statesOf({ status: 'completed' })).toEqual([[done.id, 'completed']]);
    expect(await statesOf({ status: 'revoked', since: '2026-10-10' })).toEqual([]);
    expect((await statesOf({ status: 'all', since: '2026-10-08' })).map(([id]) => id)).toEqual([revoked.id, done.id]);
    expect(await list({ status: 'completed' })).not.toHaveProperty('count');
  });

  it('of one clinician', async () => {
    expect(await list({ practitioner_id: lind.id })).toMatchObject({ lab_orders: [{ lab_order_id: late.id }], count: 1 });
    await expect(list({ practitioner_id: ada.id })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('come in pages, also past those without a day', async () => {
    const all = await statesOf();
    const first = await list({ limit: 3 });
    expect(first.more).toBe(true);
    expect(await statesOf({ after: resulted.id })).toEqual(all.slice(3));
    expect(await statesOf({ after: due_today.id })).toEqual([[undated.id, 'open']]);
    expect((await statesOf({ patient_id: ada.id, status: 'all', after: late.id })).map(([id]) => id)).toEqual([undated.id]);
    await expect(list({ patient_id: ada.id, after: yesterday.id })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(list({ patient_id: lind.id })).rejects.toMatchObject({ type: 'not_found' });
  });
});
