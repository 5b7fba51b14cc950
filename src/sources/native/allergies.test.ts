import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { anAllergy } from '../../../test/builders/clinical.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

describe('the allergies of a patient', () => {
  const [ada, ben, eve, broken] = [aPatient(), aPatient(), aPatient(), aPatient()];
  const lind = aPractitioner({});
  const penicillin = anAllergy(ada, {
    code: '7980',
    code_system: 'rxnorm',
    criticality: 'high',
    reactions: [{ manifestation: 'Hives', snomed: '126485001', severity: 'moderate' }, { manifestation: 'Wheezing' }],
    onset_on: '1980',
    recorder_id: lind.id,
  });
  const pollen = anAllergy(ada, { substance: 'Birch pollen', category: 'environment', verification_status: 'unconfirmed' });
  const eggs = anAllergy(ada, { substance: 'Egg', category: 'food', clinical_status: 'resolved' });
  const refuted = anAllergy(ada, { substance: 'Codeine', verification_status: 'refuted' });
  const mistaken = anAllergy(ada, { substance: 'Latex', verification_status: 'entered_in_error' });
  const none = anAllergy(ben, { substance: 'No known allergies', code: '716186003', code_system: 'snomed', category: null, type: null });
  const malformed = anAllergy(broken, { reactions: [{ secret: 'x' }] });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada, ben, eve, broken],
      practitioners: [lind],
      allergies: [eggs, pollen, penicillin, refuted, mistaken, none, malformed],
    });
  });
  afterAll(() => record.close());
  const list = (query = {}) => record.ask(({ allergies }) => allergies.list({ patient_id: ada.id as string, limit: 40, ...query }));

  it('come active first and by criticality; the resolved follow under their own status', async () => {
    const { allergies, record: whole } = await list();
    expect(allergies.map(({ allergy_id, clinical_status }) => [allergy_id, clinical_status])).toEqual([
      [penicillin.id, 'active'],
      [pollen.id, 'active'],
      [eggs.id, 'resolved'],
    ]);
    expect(whole).toEqual({
      status: 'recorded',
      drug_allergies: 'recorded',
      active_count: 2,
      excluded: [
        { reason: 'refuted', count: 1 },
        { reason: 'entered in error', count: 1 },
      ],
    });
  });

  it('are coded, with reactions; a partial date stays one (trap 23); what is not known is absent', async () => {
    const { allergies } = await list();
    expect(allergies[0]).toEqual({
      allergy_id: penicillin.id,
      substance: 'Penicillin',
      code: '7980',
      code_system: 'rxnorm',
      type: 'allergy',
      category: 'medication',
      criticality: 'high',
      clinical_status: 'active',
      reactions: [{ manifestation: 'Hives', snomed: '126485001', severity: 'moderate' }, { manifestation: 'Wheezing' }],
      onset_on: '1980',
      recorder: 'Cora Lind',
    });
    expect(allergies[1]).toMatchObject({ verification_status: 'unconfirmed' });
    expect(allergies[1]).not.toHaveProperty('reactions');
  });

  it('“no known allergies” is a statement, not an allergy; an empty record is no statement', async () => {
    expect(await list({ patient_id: ben.id })).toMatchObject({ allergies: [], record: { status: 'no_known_allergies', active_count: 0 } });
    expect(await list({ patient_id: eve.id })).toMatchObject({ allergies: [], record: { status: 'not_asked', drug_allergies: 'unknown' } });
  });

  it('come in pages', async () => {
    const first = await list({ limit: 2 });
    const rest = await list({ after: first.allergies[1]?.allergy_id });
    expect([first.more, rest.more, rest.allergies[0]?.allergy_id]).toEqual([true, false, eggs.id]);
    await expect(list({ after: refuted.id })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(list({ patient_id: lind.id })).rejects.toMatchObject({ type: 'not_found' });
  });

  it('whose reactions do not parse are a bug, and their words stay in', async () => {
    await expect(list({ patient_id: broken.id })).rejects.toThrow(/^allergies\.reactions of [0-9a-f-]{36} is malformed$/);
  });
});
