import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aNote, aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { anEncounter } from '../../../test/builders/clinical.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { noteOf } from './notes.ts';

const row = {
  note_id: '00000000-0000-4000-8000-0000000000aa',
  encounter_id: null,
  title: 'Visit',
  author: 'Cora Lind',
  author_credentials: null,
  signed_at: '2026-11-18T17:00:00-05:00',
  amended_at: null,
};

describe('a note', () => {
  it('has the sections that hold words', () => {
    const note = noteOf({
      ...row,
      body: {
        subjective: [{ text: 'Dizzy.', origin: 'external', kind: 'patient_reported', on: '2026-11-17' }],
        plan: [{ text: ' ', origin: 'clinic' }],
        objective: [],
      },
    });
    expect(note).toEqual({
      note_id: row.note_id,
      title: 'Visit',
      author: 'Cora Lind',
      signed_at: row.signed_at,
      subjective: [{ text: 'Dizzy.', origin: 'external', kind: 'patient_reported', on: '2026-11-17' }],
    });
  });

  it('that does not parse is a bug, and its words stay in', () => {
    for (const body of [null, { subjective: 'Dizzy.' }, { subjective: [{ text: 'Dizzy.' }] }, { secret: [] }]) {
      expect(() => noteOf({ ...row, body })).toThrow(/^chart_notes\.body of [0-9a-f-]{36} is malformed$/);
    }
  });
});

describe('the notes of a patient', () => {
  const [ada, eve] = [aPatient(), aPatient()];
  const lind = aPractitioner({});
  const at = (signed_at: string | null, own = {}) => aNote(ada, { signed_at, author_id: lind.id, ...own });
  const visit = anEncounter(ada, { practitioner_id: lind.id });
  const first = at('2026-03-08T23:30:00-04:00');
  const amended = at('2026-06-01T12:00:00-04:00', { status: 'amended', amended_at: '2026-11-19T12:00:00-05:00', encounter_id: visit.id });
  const twins = [at('2026-11-18T17:00:00-05:00'), at('2026-11-18T17:00:00-05:00')].sort((a, b) =>
    (a.id as string) < (b.id as string) ? -1 : 1,
  );
  const hidden = [
    at(null, { status: 'unsigned' }),
    at('2026-11-19T09:00:00-05:00', { status: 'voided' }),
    at('2026-11-19T09:00:00-05:00', { status: 'entered_in_error' }),
  ];
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada, eve],
      practitioners: [lind],
      encounters: [visit],
      chart_notes: [first, amended, ...twins, ...hidden],
    });
  });
  afterAll(() => record.close());
  const list = (query = {}) => record.ask(({ notes }) => notes.list({ patient_id: ada.id as string, limit: 10, ...query }));
  const idsOf = async (query = {}) => (await list(query)).notes.map(({ note_id }) => note_id);

  it('are the signed ones, newest first by signing; unsigned, voided and mistaken ones are left out', async () => {
    expect(await idsOf()).toEqual([...twins, amended, first].map(({ id }) => id));
    expect((await list()).notes[2]).toMatchObject({
      author: 'Cora Lind',
      author_credentials: 'MD',
      amended_at: '2026-11-19T12:00:00-05:00',
    });
  });

  it('since a day of the clinic, inclusive (trap 24)', async () => {
    expect(await idsOf({ since: '2026-03-08' })).toContain(first.id);
    expect(await idsOf({ since: '2026-03-09' })).not.toContain(first.id);
  });

  it('until a day of the clinic, inclusive, and of one visit', async () => {
    expect(await idsOf({ until: '2026-03-08' })).toEqual([first.id]);
    expect(await idsOf({ until: '2026-03-07' })).toEqual([]);
    expect(await idsOf({ since: '2026-03-09', until: '2026-11-17' })).toEqual([amended.id]);
    expect(await idsOf({ encounter_id: visit.id })).toEqual([amended.id]);
  });

  it('of a visit of another patient are an error, not an empty list', async () => {
    const fault = { type: 'not_found', message: expect.stringContaining('get_encounters') };
    await expect(list({ patient_id: eve.id, encounter_id: visit.id })).rejects.toMatchObject(fault);
    await expect(list({ encounter_id: crypto.randomUUID() })).rejects.toMatchObject(fault);
  });

  it('come in pages, also where two were signed at once', async () => {
    expect(await list({ limit: 1 })).toMatchObject({ notes: [{ note_id: twins[0]?.id }], more: true });
    expect(await idsOf({ after: twins[0]?.id })).toEqual([twins[1]?.id, amended.id, first.id]);
    await expect(list({ after: hidden[0]?.id })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(list({ patient_id: lind.id })).rejects.toMatchObject({ type: 'not_found' });
  });
});
