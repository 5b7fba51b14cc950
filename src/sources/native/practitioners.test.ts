import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPractitioner } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

const cora = aPractitioner({ npi: '1234567893', role: 'physician', specialty: 'Endocrinology', accepts_new_patients: false });
const dana = aPractitioner({ family_name: 'Reyes', given_name: 'Dana', npi: '1234567890', role: 'nurse_practitioner', credentials: null });
const noor = aPractitioner({ family_name: 'Abbas', given_name: 'Noor', specialty: 'Family medicine' });
const left = aPractitioner({ family_name: 'Zed', given_name: 'Al', active: false });

describe('the clinicians', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({ practitioners: [cora, dana, noor, left] });
  });
  afterAll(() => record.close());
  const ask = (query = {}) => record.ask(({ practitioners }) => practitioners.list({ active_only: true, limit: 20, ...query }));
  const names = async (query = {}) => (await ask(query)).practitioners.map(({ name }) => name);

  it('come by family name; what is not on file is absent, and a wrong NPI is said to be wrong', async () => {
    expect((await ask()).practitioners).toEqual([
      { practitioner_id: noor.id, name: 'Noor Abbas', credentials: 'MD', specialty: 'Family medicine' },
      {
        practitioner_id: cora.id,
        name: 'Cora Lind',
        credentials: 'MD',
        npi: '1234567893',
        role: 'physician',
        specialty: 'Endocrinology',
        accepts_new_patients: false,
      },
      { practitioner_id: dana.id, name: 'Dana Reyes', npi: '1234567890', npi_invalid: true, role: 'nurse_practitioner' },
    ]);
  });

  it('are found by role, by a part of the name or specialty', async () => {
    expect(await names({ role: 'physician' })).toEqual(['Cora Lind']);
    expect(await names({ specialty: 'FAMILY' })).toEqual(['Noor Abbas']);
    expect(await names({ name: 'lind' })).toEqual(['Cora Lind']);
    expect(await names({ name: 'reyes, d' })).toEqual(['Dana Reyes']);
    expect(await names({ name: '%' })).toEqual([]);
  });

  it('who left are listed when asked for', async () => {
    expect(await names({ active_only: false })).toEqual(['Noor Abbas', 'Cora Lind', 'Dana Reyes', 'Al Zed']);
    expect((await ask({ active_only: false })).practitioners.at(-1)).toMatchObject({ inactive: true });
  });

  it('come in pages', async () => {
    const one = await ask({ limit: 2 });
    expect(one.more).toBe(true);
    expect(await names({ after: one.practitioners.at(-1)?.practitioner_id })).toEqual(['Dana Reyes']);
    await expect(ask({ after: left.id })).rejects.toMatchObject({ type: 'invalid_input' });
  });
});
