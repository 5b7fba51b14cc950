import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCoverage, aPatient } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

describe('the coverage of a patient', () => {
  const [ada, eve] = [aPatient(), aPatient()];
  const primary = aCoverage(ada, { kind: 'medicare', payer: 'Medicare Part B', member_id: '1EG4TE5MK72', period_start: '2025-02-01' });
  const secondary = aCoverage(ada, { rank: 2, period_start: '2024-01-01', period_end: '2026-11-19' });
  const former = aCoverage(ada, { status: 'cancelled', period_start: '2020-01-01', period_end: '2025-01-31' });
  const mistaken = aCoverage(ada, { status: 'entered_in_error' });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({ patients: [ada, eve], coverages: [former, secondary, primary, mistaken] });
  });
  afterAll(() => record.close());
  const list = (query = {}) =>
    record.ask(({ coverages }) => coverages.list({ patient_id: ada.id as string, on: '2026-11-20', limit: 10, ...query }));
  const forceOf = async (query = {}) => (await list(query)).coverages.map(({ coverage_id, in_force }) => [coverage_id, in_force]);

  it('comes in the order of billing, the active before the cancelled; entered in error is left out', async () => {
    expect(await forceOf()).toEqual([
      [primary.id, 'yes'],
      [secondary.id, 'no'],
      [former.id, 'no'],
    ]);
    expect((await list()).coverages[0]).toEqual({
      coverage_id: primary.id,
      rank: 1,
      status: 'active',
      kind: 'medicare',
      payer: 'Medicare Part B',
      member_id: '1EG4TE5MK72',
      relationship: 'self',
      period_start: '2025-02-01',
      in_force: 'yes',
    });
  });

  it('says what was in force on another day', async () => {
    expect((await forceOf({ on: '2025-01-15' })).map(([, in_force]) => in_force)).toEqual(['no', 'yes', 'yes']);
  });

  it('without a row says nothing: no plan on file is not uninsured', async () => {
    expect(await list({ patient_id: eve.id })).toEqual({ coverages: [], more: false });
  });

  it('comes in pages', async () => {
    const first = await list({ limit: 1 });
    expect([first.more, await forceOf({ after: primary.id, limit: 1 })]).toEqual([true, [[secondary.id, 'no']]]);
    await expect(list({ after: mistaken.id })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(list({ patient_id: primary.id })).rejects.toMatchObject({ type: 'not_found' });
  });
});
