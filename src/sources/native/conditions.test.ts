import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { aCondition, anEncounter } from '../../../test/builders/clinical.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { isNoDisease, repeatedCategories } from '../../domains/conditions.ts';

describe('an ICD-10-CM code', () => {
  it('of chapter 21 is no disease; without a code nobody can tell', () => {
    expect(['Z79.4', 'z00.00', 'I10', 'E11.9', null].map(isNoDisease)).toEqual([true, true, false, false, false]);
  });

  it('may stand for one problem twice, by three characters and the side', () => {
    const row = (icd10: string | null, name = 'x') => ({ icd10, name });
    expect(repeatedCategories([row('E11.9'), row('E11.65'), row('I10')])).toEqual(['E11']);
    expect(repeatedCategories([row('M17.11', 'Osteoarthritis, right knee'), row('M17.12', 'Osteoarthritis, left knee')])).toEqual([]);
    expect(repeatedCategories([row('M17.11', 'Osteoarthritis, right knee'), row('M17.31', 'Arthrosis of right knee')])).toEqual(['M17']);
    expect(repeatedCategories([row(null), row(null), row('e11.9'), row('E11.9')])).toEqual(['E11']);
  });
});

describe('the problem list of a patient', () => {
  const [ada, eve] = [aPatient(), aPatient()];
  const lind = aPractitioner({});
  const visit = anEncounter(ada, { practitioner_id: lind.id });
  const of = (own: object) => aCondition(ada, own as Record<string, unknown>);
  const pressure = of({ onset_on: '2015', recorder_id: lind.id });
  const diabetes = of({ icd10: 'E11.9', name: 'Type 2 diabetes mellitus', onset_on: '2019-04' });
  const twice = of({ icd10: 'E11.65', name: 'Type 2 diabetes mellitus with hyperglycemia' });
  const uncoded = of({
    icd10: null,
    snomed: '267036007',
    name: 'Shortness of breath',
    verification_status: 'provisional',
    onset_on: '2010',
  });
  const insulin = of({ icd10: 'Z79.4', name: 'Long term (current) use of insulin', onset_on: '2020' });
  const cancer = of({ icd10: 'C50.912', name: 'Malignant neoplasm of left female breast', clinical_status: 'remission' });
  const unknown = of({ icd10: 'J45.909', name: 'Asthma', clinical_status: 'unknown' });
  const gout = of({ icd10: 'M10.9', name: 'Gout', clinical_status: 'resolved', onset_on: '2012', abated_on: '2014-05' });
  const dormant = of({ icd10: 'K21.9', name: 'Gastro-esophageal reflux', clinical_status: 'inactive' });
  const abated = of({ icd10: 'B02.9', name: 'Zoster', onset_on: '2001', abated_on: '2026' });
  const over = of({ icd10: 'L03.90', name: 'Cellulitis', onset_on: '2000', abated_on: '2025' });
  const sprain = of({ category: 'encounter_diagnosis', encounter_id: visit.id, icd10: 'S93.401A', name: 'Sprain of ankle' });
  const refuted = of({ icd10: 'F32.9', name: 'Depression', verification_status: 'refuted' });
  const mistaken = of({ icd10: 'N18.3', name: 'CKD 3', verification_status: 'entered_in_error' });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada, eve],
      practitioners: [lind],
      encounters: [visit],
      conditions: [insulin, gout, pressure, unknown, cancer, twice, diabetes, uncoded, dormant, abated, over, sprain, refuted, mistaken],
    });
  });
  afterAll(() => record.close());
  const list = (query = {}) =>
    record.ask(({ conditions }) => conditions.list({ patient_id: ada.id as string, include_resolved: false, limit: 40, ...query }));
  const idsOf = async (query = {}) => (await list(query)).problems.map(({ condition_id }) => condition_id);

  it('has the active first, newest onset first, then what is in remission or unknown, then Z-codes', async () => {
    expect(await idsOf()).toEqual([diabetes, pressure, uncoded, abated, over, twice, cancer, unknown, insulin].map(({ id }) => id));
  });

  it('never holds the diagnosis of a visit, nor what was refuted or entered in error; it counts what it leaves out', async () => {
    expect(await idsOf({ include_resolved: true })).not.toEqual(expect.arrayContaining([sprain.id]));
    expect((await list()).excluded).toEqual([
      { reason: 'resolved', count: 1 },
      { reason: 'inactive', count: 1 },
      { reason: 'refuted', count: 1 },
      { reason: 'entered in error', count: 1 },
    ]);
    expect((await list({ include_resolved: true })).excluded.map(({ reason }) => reason)).toEqual(['refuted', 'entered in error']);
  });

  it('adds the inactive and resolved on request, last, with the day they abated', async () => {
    const { problems } = await list({ include_resolved: true });
    expect(problems.slice(-2)).toEqual([
      expect.objectContaining({ condition_id: dormant.id, clinical_status: 'inactive' }),
      expect.objectContaining({ condition_id: gout.id, clinical_status: 'resolved', onset_on: '2012', abated_on: '2014-05' }),
    ]);
  });

  it('marks Z-codes as no disease, and gives code and name as they are', async () => {
    const { problems, repeated } = await list();
    expect(problems.filter(({ not_a_disease }) => not_a_disease).map(({ icd10 }) => icd10)).toEqual(['Z79.4']);
    expect(problems[1]).toEqual({
      condition_id: pressure.id,
      icd10: 'I10',
      name: 'Essential hypertension',
      clinical_status: 'active',
      onset_on: '2015',
      recorder: 'Cora Lind',
    });
    expect(problems.find(({ condition_id }) => condition_id === uncoded.id)).toMatchObject({
      snomed: '267036007',
      verification_status: 'provisional',
    });
    expect(repeated).toEqual(['E11']);
  });

  it('says where one is called active and abated at once: a partial date may still be ahead (trap 23)', async () => {
    const { problems } = await list();
    expect(problems.filter(({ contradiction }) => contradiction).map(({ condition_id }) => condition_id)).toEqual([over.id]);
  });

  it('comes in pages, and empty where nothing is on it', async () => {
    const first = await list({ limit: 4 });
    const rest = await list({ after: first.problems[3]?.condition_id });
    expect([first.more, rest.more]).toEqual([true, false]);
    expect([...first.problems, ...rest.problems].map(({ condition_id }) => condition_id)).toEqual(await idsOf());
    expect(await list({ patient_id: eve.id })).toEqual({ problems: [], more: false, repeated: [], excluded: [] });
    await expect(list({ after: gout.id })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(list({ patient_id: lind.id })).rejects.toMatchObject({ type: 'not_found' });
  });
});
