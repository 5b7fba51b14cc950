import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aNote, aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { anEncounter } from '../../../test/builders/clinical.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

describe('what still waits for a signature', () => {
  const ada = aPatient();
  const deceased = aPatient({ given_name: 'Ben', deceased_on: '2026-11' });
  const [lind, roe] = [aPractitioner({}), aPractitioner({ given_name: 'Jane', family_name: 'Roe' })];
  const visit = (start_at: string, own = {}) => anEncounter(ada, { practitioner_id: lind.id, start_at, ...own });
  const note = (own: object) => aNote(ada, { author_id: lind.id, status: 'unsigned', signed_at: null, ...own });
  const began = visit('2026-11-10T09:00:00-05:00');
  const signed = visit('2026-11-11T09:00:00-05:00');
  const addendum = visit('2026-11-12T09:00:00-05:00');
  const bare = visit('2026-11-13T23:30:00-05:00', { practitioner_id: roe.id });
  const voided = visit('2026-11-14T09:00:00-05:00', { patient_id: deceased.id });
  const elsewhere = visit('2026-11-15T09:00:00-05:00', { class: 'inpatient' });
  const open = visit('2026-11-20T09:30:00-05:00', { status: 'in_progress' });
  const old = visit('2024-01-05T09:00:00-05:00');
  const mistaken = visit('2026-11-16T09:00:00-05:00', { status: 'entered_in_error' });
  const drafts = {
    began: note({
      encounter_id: began.id,
      created_at: '2026-11-19T09:00:00-05:00',
      body: { plan: [{ text: 'not to be told', origin: 'clinic' }] },
    }),
    addendum: note({ encounter_id: addendum.id, author_id: roe.id, title: 'Addendum' }),
    phone: note({ title: 'Phone call', created_at: '2026-11-18T16:00:00-05:00' }),
  };
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada, deceased],
      practitioners: [lind, roe],
      encounters: [began, signed, addendum, bare, voided, elsewhere, open, old, mistaken],
      chart_notes: [
        ...Object.values(drafts),
        aNote(ada, { author_id: lind.id, encounter_id: signed.id }),
        aNote(ada, { author_id: lind.id, encounter_id: addendum.id, status: 'amended' }),
        aNote(deceased, { author_id: lind.id, encounter_id: voided.id, status: 'voided', signed_at: null }),
      ],
    });
  });
  afterAll(() => record.close());
  const find = (query = {}) => record.ask(({ notes }) => notes.unsigned({ since: '2025-11-20', limit: 20, ...query }));
  const itemsOf = async (query = {}) => (await find(query)).unsigned.map(({ unsigned_id, age_days }) => [unsigned_id, age_days]);

  it('is every unsigned note, and every finished visit without a note, oldest visit first (unsigned_notes@1)', async () => {
    expect(await itemsOf()).toEqual([
      [drafts.began.id, 10],
      [drafts.addendum.id, 8],
      [bare.id, 7],
      [voided.id, 6],
      [drafts.phone.id, 2],
    ]);
  });

  it('is told without its words: who owes it, of whom, since when', async () => {
    const { unsigned } = await find();
    expect(unsigned[0]).toEqual({
      unsigned_id: drafts.began.id,
      kind: 'unsigned_note',
      encounter_id: began.id,
      patient_id: ada.id,
      patient: 'Ada Okafor',
      practitioner_id: lind.id,
      author: 'Cora Lind',
      title: 'Follow-up visit',
      visit_at: '2026-11-10T09:00:00-05:00',
      age_days: 10,
    });
    expect(unsigned[2]).toMatchObject({ kind: 'missing_note', encounter_id: bare.id, author: 'Jane Roe', title: 'Follow-up' });
    expect(unsigned[4]).not.toHaveProperty('encounter_id');
    expect(JSON.stringify(unsigned)).not.toContain('not to be told');
  });

  it('is owed whoever the patient is now, and not for a visit elsewhere, going on, or entered in error', async () => {
    const ids = (await find()).unsigned.map(({ encounter_id }) => encounter_id);
    expect(ids).toContain(voided.id);
    for (const other of [elsewhere, open, mistaken, signed]) expect(ids).not.toContain(other.id);
  });

  it('is counted, in all and by author', async () => {
    const { unsigned_notes, missing_notes, by_author } = await find({ limit: 1 });
    expect([unsigned_notes, missing_notes]).toEqual([3, 2]);
    expect(by_author).toEqual([
      { practitioner_id: lind.id, author: 'Cora Lind', unsigned_notes: 2, missing_notes: 1, oldest_days: 10 },
      { practitioner_id: roe.id, author: 'Jane Roe', unsigned_notes: 1, missing_notes: 1, oldest_days: 8 },
    ]);
  });

  it('of one author, older than so many days of the clinic, or of longer ago', async () => {
    expect(await itemsOf({ practitioner_id: roe.id })).toEqual([
      [drafts.addendum.id, 8],
      [bare.id, 7],
    ]);
    expect(await find({ older_than_days: 7 })).toMatchObject({ unsigned_notes: 2, missing_notes: 0 });
    expect(await find({ older_than_days: 6 })).toMatchObject({ unsigned_notes: 2, missing_notes: 1 });
    expect((await itemsOf({ since: '2024-01-05' }))[0]?.[0]).toBe(old.id);
    expect(await find({ since: '2026-11-20' })).toMatchObject({ unsigned_notes: 3, missing_notes: 0 });
    await expect(find({ practitioner_id: ada.id })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(find({ since: '2026-11-21' })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('comes in pages', async () => {
    expect((await find({ limit: 2 })).more).toBe(true);
    expect((await itemsOf({ after: drafts.addendum.id })).map(([id]) => id)).toEqual([bare.id, voided.id, drafts.phone.id]);
    await expect(find({ after: signed.id })).rejects.toMatchObject({ type: 'invalid_input' });
  });
});
