import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCoverage, aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

const ELSEWHERE = '00000000-0000-4000-8000-000000000002';
const CONFIRMED = { contact_confirmed_at: '2026-10-01T09:00:00-04:00', contact_confirmed_by: 'staff' };

describe('the patients of a clinic', () => {
  const lind = aPractitioner({});
  const ada = aPatient({ mrn: 'SYN-0007', phone: '+15125550134', city: 'Austin', postal_code: '78701', practitioner_id: lind.id });
  const emma = aPatient({ given_name: 'Emma', family_name: 'Reyes', birth_date: '2015-03-02', phone: '+15125550160', ...CONFIRMED });
  const olivia = aPatient({ ...emma, id: aPatient().id, mrn: 'SYN-0902', given_name: 'Olivia' });
  const duplicate = aPatient({ ...ada, id: aPatient().id, mrn: 'SYN-0903', replaced_by: ada.id });
  const older = aPatient({ given_name: 'Greta', family_name: 'Hallberg', birth_date: null, replaced_by: duplicate.id });
  const bill = aPatient({ given_name: 'William', family_name: "O'Brien-Muñoz", birth_date: '1980', deceased_on: '2026-02' });
  const foreign = aPatient({ tenant_id: ELSEWHERE, mrn: 'SYN-0007' });
  const smiths = Array.from({ length: 320 }, (_, at) =>
    aPatient({ given_name: `G${String.fromCharCode(65 + (at % 26), 65 + Math.floor(at / 26))}`, family_name: 'Smith', birth_date: null }),
  );
  let record: TestRecord;
  beforeAll(async () => {
    const coverages = [
      aCoverage(ada, { rank: 2, payer: 'Second Plan' }),
      aCoverage(ada, { period_start: '2026-01-01' }),
      aCoverage(ada, { status: 'entered_in_error' }),
    ];
    record = await aRecord({ practitioners: [lind], patients: [duplicate, older, ada, emma, olivia, bill, ...smiths], coverages });
    await record.load({ tenant_id: ELSEWHERE, patients: [foreign] });
  });
  afterAll(() => record.close());
  const get = (patient: { id?: unknown }) => record.ask(({ patients }) => patients.get({ patient_id: patient.id as string }));
  const search = (query: string, page = {}) => record.ask(({ patients }) => patients.search({ query, limit: 10, ...page }));
  const idsOf = async (query: string) => (await search(query)).patients.map(({ patient_id }) => patient_id);

  it('have demographics and insurance; what is not known is not there', async () => {
    const patient = await get(ada);
    expect(patient).toMatchObject({
      mrn: 'SYN-0007',
      age_years: 76,
      status: 'active',
      practitioner: 'Cora Lind',
      practitioner_id: lind.id,
    });
    expect(patient.coverages.map(({ rank, payer, period_start }) => [rank, payer, period_start])).toEqual([
      [1, 'Example Health Plan', '2026-01-01'],
      [2, 'Second Plan', undefined],
    ]);
    expect(patient).not.toHaveProperty('email');
    expect(Object.values(patient)).not.toContain(null);
  });

  it('have no age where the birth date is partial (trap 23), and say that they died or were merged', async () => {
    expect(await get(bill)).toMatchObject({ status: 'deceased', deceased_on: '2026-02', birth_date: '1980', coverages: [] });
    expect(await get(bill)).not.toHaveProperty('age_years');
    expect(await get(duplicate)).toMatchObject({ status: 'merged', replaced_by: ada.id });
  });

  it('that were merged more than once name the chart that is left', async () => {
    expect(await get(older)).toMatchObject({ status: 'merged', replaced_by: ada.id });
    expect(await get(ada)).not.toHaveProperty('replaced_by');
  });

  it('say who confirmed how to reach them, and when', async () => {
    expect(await get(emma)).toMatchObject({ contact_confirmed_at: '2026-10-01T09:00:00-04:00', contact_confirmed_by: 'staff' });
    expect(await get(ada)).not.toHaveProperty('contact_confirmed_by');
  });

  it('are not found in another clinic, in the words of one that does not exist', async () => {
    const fault = { type: 'not_found', message: 'No such patient in this clinic.' };
    await expect(get(foreign)).rejects.toMatchObject(fault);
    await expect(get({ id: '00000000-0000-4000-8000-00000000dead' })).rejects.toMatchObject(fault);
    expect(await record.ask(({ patients }) => patients.search({ query: 'SYN-0007', limit: 10 }), { tenant_id: ELSEWHERE })).toMatchObject({
      resolution: 'certain',
      patients: [{ patient_id: foreign.id }],
    });
  });

  it('are found by MRN, and told with what sets them apart', async () => {
    expect(await search('SYN-0007')).toEqual({
      resolution: 'certain',
      more: false,
      too_many: false,
      patients: [
        {
          patient_id: ada.id,
          family_name: 'Okafor',
          given_name: 'Ada',
          birth_date: '1950-02-01',
          sex: 'female',
          mrn: 'SYN-0007',
          phone_last4: '0134',
          city: 'Austin',
          match: 'certain',
          matched_on: ['mrn'],
        },
      ],
    });
  });

  it.each([
    'ada okafor',
    'Okafor, Ada',
    'Ada Okafro',
    'Okafur',
    'okaf',
    'addie okafor',
    '2/1/1950',
    '512-555-0134',
    'phone ending 0134',
    'Adda Okafer',
  ])('are found by %j', async (query) => {
    expect(await idsOf(query)).toEqual([ada.id, duplicate.id]);
  });

  it.each(['bill obrien', "Will O'Brien", 'munoz william', 'William Obrien Munoz', 'OBrein', 'William 1980'])(
    'with a compound name are found by %j',
    async (query) => {
      expect(await idsOf(query)).toContain(bill.id);
    },
  );

  it('with the same phone, birth date and last name are two candidates (trap 22)', async () => {
    expect(await search('Reyes 2015-03-02 512-555-0160')).toMatchObject({ resolution: 'ambiguous', patients: [{}, {}] });
    expect(await search('Emma Reyes 2015-03-02 512-555-0160')).toMatchObject({
      resolution: 'certain',
      patients: [
        { given_name: 'Emma', match: 'certain' },
        { given_name: 'Olivia', match: 'possible' },
      ],
    });
  });

  it('with a merged chart are certain all the same, and the merged chart is marked', async () => {
    expect(await search('Ada Okafor 1950-02-01 512-555-0134')).toMatchObject({
      resolution: 'certain',
      patients: [
        { patient_id: ada.id, match: 'certain' },
        { patient_id: duplicate.id, status: 'merged' },
      ],
    });
  });

  it('that fit alike beyond what can be listed are called too many', async () => {
    expect(await search('Smith')).toMatchObject({ resolution: 'ambiguous', more: true, too_many: true, patients: { length: 10 } });
    expect(await search('GAB Smith', { limit: 1 })).toMatchObject({ too_many: false, patients: [{ given_name: 'GAB' }] });
    expect(await search('a ')).toMatchObject({ resolution: 'ambiguous' });
  });

  it('come in pages of one ranking', async () => {
    const whole = await search('Smith', { limit: 30 });
    const first = await search('Smith', { limit: 12 });
    const next = await search('Smith', { limit: 18, after: first.patients.at(-1)?.patient_id });
    expect([...first.patients, ...next.patients]).toEqual(whole.patients);
    await expect(search('Smith', { after: ada.id })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('are nobody for words that fit nobody', async () => {
    expect(await search('Zephyr Quist')).toEqual({ resolution: 'none', patients: [], more: false, too_many: false });
    expect(await search('?! ;--')).toMatchObject({ resolution: 'none' });
  });

  it('are asked of a record that says how it stands', async () => {
    expect(await record.ask(({ connections }) => connections.status())).toEqual([
      {
        source: 'native',
        title: 'Clinic record',
        state: 'connected',
        since: '2024-11-20T09:00:00-05:00',
        domains: expect.arrayContaining(['patients', 'labs', 'notes', 'appointments', 'medications']),
      },
    ]);
  });
});
