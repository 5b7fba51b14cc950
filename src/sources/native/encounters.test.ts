import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aNote, aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { aCondition, anEncounter } from '../../../test/builders/clinical.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

describe('the encounters of a clinic', () => {
  const [ada, ben] = [aPatient(), aPatient({ given_name: 'Ben', family_name: 'Ruiz', birth_date: '1980' })];
  const [lind, roe] = [aPractitioner({}), aPractitioner({ given_name: 'Jane', family_name: 'Roe' })];
  const visit = (patient: typeof ada, start_at: string, own = {}) => anEncounter(patient, { practitioner_id: lind.id, start_at, ...own });
  const night = visit(ada, '2026-03-08T23:30:00-04:00');
  const video = visit(ada, '2026-10-05T09:00:00-04:00', { class: 'virtual', practitioner_id: roe.id, end_at: '2026-10-05T09:20:00-04:00' });
  const elsewhere = visit(ada, '2026-10-20T03:00:00-04:00', { class: 'emergency', visit_type: null });
  const today = visit(ben, '2026-11-20T08:30:00-05:00');
  const now = visit(ada, '2026-11-20T09:40:00-05:00', { status: 'in_progress' });
  const forgotten = visit(ben, '2026-06-02T10:00:00-04:00', { status: 'in_progress' });
  const mistaken = visit(ada, '2026-11-20T09:00:00-05:00', { status: 'entered_in_error' });
  const note = (encounter: typeof ada, status: string, own = {}) =>
    aNote(ada, {
      author_id: lind.id,
      encounter_id: encounter.id,
      status,
      signed_at: status === 'unsigned' ? null : '2026-11-18T17:00:00-05:00',
      ...own,
    });
  const diagnosis = (own: object) =>
    aCondition(ada, { category: 'encounter_diagnosis', encounter_id: video.id, icd10: 'S93.401A', name: 'Sprain of right ankle', ...own });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada, ben],
      practitioners: [lind, roe],
      encounters: [night, video, elsewhere, today, now, forgotten, mistaken],
      chart_notes: [
        note(night, 'signed'),
        note(night, 'unsigned'),
        note(video, 'amended', { amended_at: '2026-11-19T09:00:00-05:00' }),
        note(now, 'unsigned'),
        note(elsewhere, 'voided'),
        note(elsewhere, 'entered_in_error'),
      ],
      conditions: [
        diagnosis({}),
        diagnosis({ icd10: 'M25.571', name: 'Pain in right ankle', verification_status: 'provisional' }),
        diagnosis({ icd10: 'S82.61XA', name: 'Fracture', verification_status: 'refuted' }),
        aCondition(ada, { encounter_id: video.id }),
      ],
    });
  });
  afterAll(() => record.close());
  const list = (query = {}) => record.ask(({ encounters }) => encounters.list({ limit: 20, ...query }));
  const idsOf = async (query = {}) => (await list(query)).encounters.map(({ encounter_id }) => encounter_id);

  it('of a patient come newest first, whenever they were; entered in error is left out', async () => {
    expect(await idsOf({ patient_id: ada.id })).toEqual([now, elsewhere, video, night].map(({ id }) => id));
    expect(await idsOf({ patient_id: ada.id, from: '2026-10-05', to: '2026-10-19' })).toEqual([video.id]);
  });

  it('of the clinic’s days, a day ending at the clinic’s own midnight (trap 24)', async () => {
    expect(await idsOf({ from: '2026-11-20', to: '2026-11-20' })).toEqual([now.id, today.id]);
    expect(await idsOf({ from: '2026-03-08', to: '2026-03-08' })).toEqual([night.id]);
    expect(await idsOf({ from: '2026-03-09', to: '2026-03-09' })).toEqual([]);
  });

  it('of who is in a room now: the open ones, also one forgotten open', async () => {
    expect(await idsOf({ status: 'in_progress' })).toEqual([now.id, forgotten.id]);
    expect(await idsOf({ status: 'in_progress', from: '2026-11-20', to: '2026-11-20' })).toEqual([now.id]);
    expect(await idsOf({ patient_id: ben.id, status: 'finished' })).toEqual([today.id]);
  });

  it('of one clinician', async () => {
    expect(await idsOf({ patient_id: ada.id, practitioner_id: roe.id })).toEqual([video.id]);
    await expect(list({ patient_id: ada.id, practitioner_id: ada.id })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('carry their own diagnoses, without the refuted and without the problem list', async () => {
    const [, , found, first] = (await list({ patient_id: ada.id })).encounters;
    expect(found).toMatchObject({
      class: 'virtual',
      visit_type: 'Follow-up',
      practitioner: 'Jane Roe',
      end_at: '2026-10-05T09:20:00-04:00',
      diagnoses: [
        { icd10: 'M25.571', name: 'Pain in right ankle', verification_status: 'provisional' },
        { icd10: 'S93.401A', name: 'Sprain of right ankle' },
      ],
    });
    expect(first).not.toHaveProperty('diagnoses');
  });

  it('say what the chart has of them: a signed note stands, whatever is unsigned beside it; a voided one is none', async () => {
    const { encounters } = await list({ patient_id: ada.id });
    expect(encounters.map(({ note: is, unsigned_notes }) => [is, unsigned_notes])).toEqual([
      ['unsigned', undefined],
      ['none', undefined],
      ['amended', undefined],
      ['signed', 1],
    ]);
    expect(encounters[1]).not.toHaveProperty('visit_type');
    expect(encounters[1]).not.toHaveProperty('end_at');
  });

  it('come in pages', async () => {
    const first = await list({ patient_id: ada.id, limit: 2 });
    expect([first.more, await idsOf({ patient_id: ada.id, after: elsewhere.id })]).toEqual([true, [video.id, night.id]]);
    await expect(list({ patient_id: ada.id, after: today.id })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(list({ patient_id: lind.id })).rejects.toMatchObject({ type: 'not_found' });
  });
});
