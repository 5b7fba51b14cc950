import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLabResult, aMedication, aNote, aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { aMessage, aRefill, aReview, aTask } from '../../../test/builders/practice.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { INBOX_KINDS, type Inbox } from '../../domains/inbox.ts';

const cora = aPractitioner({});
const dana = aPractitioner({ given_name: 'Dana', family_name: 'Reyes' });
const ada = aPatient({ practitioner_id: cora.id });
const ben = aPatient({ given_name: 'Ben', family_name: 'Ruiz', practitioner_id: dana.id, active: false });
const at = (hour: string, own = {}) => ({ sent_at: `2026-11-19T${hour}:00-05:00`, ...own });

const open = aMessage(ada, at('10:00', { subject: 'Dizzy' }));
const reply = aMessage(ada, at('12:00', { direction: 'outbound', body: [{ text: 'Come in.', origin: 'clinic' }] }));
const answered = aMessage(ada, at('11:00', { answered_by: reply.id }));
const bill = aMessage(ben, at('09:00', { category: 'billing', practitioner_id: dana.id }));
const result = (own: object) =>
  aLabResult(ada, { loinc: '2823-3', name_raw: 'POTASSIUM', unit: 'mmol/L', ref_low: 3.5, ref_high: 5.1, ...own });
const critical = result({ value: 6.8, lab_flag: 'HH', resulted_at: '2026-11-20T04:30:00-05:00' });
const high = result({ value: 5.4, resulted_at: '2026-11-16T08:00:00-05:00' }); // no flag from the lab: its range says so
const early = result({ value: 2.9, lab_flag: 'L', status: 'preliminary', resulted_at: '2026-11-15T08:00:00-05:00' });
const seen = result({ value: 5.6, lab_flag: 'H' });
const normal = result({ value: 4.2 });
const unclear = result({ value: null, value_text: 'see note', ref_low: null, ref_high: null });
const wrong = result({ value: 9.9, lab_flag: 'HH' });
const right = result({ value: 4.1, status: 'corrected', corrects: wrong.id });
const stat = aTask(ada, { priority: 'stat', owner_id: cora.id, created_at: '2026-11-01T10:00:00-05:00' });
const urgent = aTask(ben, { priority: 'urgent', kind: 'scheduling', clinical: false, title: 'Move the visit' });
const held = aTask(ada, { status: 'on_hold', due_on: '2026-12-01' });
const paper = aTask(ada, {
  patient_id: null,
  kind: 'paperwork',
  clinical: false,
  title: 'Order forms',
  created_at: '2026-11-18T09:00:00-05:00',
});
const drug = aMedication(ada, { prescriber_id: cora.id });
const refill = aRefill(ada, { medication_request_id: drug.id, comment: 'running out' });
const note = aNote(ada, { status: 'unsigned', signed_at: null, author_id: cora.id, created_at: '2026-11-14T16:00:00-05:00' });

// Now is 20 November 2026, 10:00 in New York.
describe('the inbox', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      practitioners: [cora, dana],
      patients: [ada, ben],
      messages: [open, reply, answered, bill],
      lab_results: [critical, high, early, seen, normal, unclear, wrong, right],
      lab_reviews: [aReview(ada, { lab_result_id: seen.id, reviewed_by: cora.id })],
      tasks: [stat, urgent, held, paper, aTask(ada, { status: 'completed' }), aTask(ada, { status: 'entered_in_error' })],
      medication_requests: [drug],
      refill_requests: [refill, aRefill(ada, { medication_request_id: drug.id, status: 'approved' })],
      chart_notes: [note, aNote(ada, { author_id: cora.id })],
    });
  });
  afterAll(() => record.close());
  const ask = (query: Partial<Parameters<Inbox['list']>[0]> = {}) =>
    record.ask(({ inbox }) => inbox.list({ kinds: INBOX_KINDS, unread_only: false, clinical: true, limit: 40, ...query }));
  const ids = async (query = {}) => (await ask(query)).items.map(({ item_id }) => item_id);

  it('has critical first, then urgent, then what needs action, then what is only unread or on hold; in each the newest first', async () => {
    expect(await ids()).toEqual([critical, stat, urgent, open, bill, paper, refill, high, early, note, answered, held].map(({ id }) => id));
  });

  it('counts what waits by kind, and the results that nothing calls normal or abnormal (trap 2)', async () => {
    const { counts, excluded } = await ask();
    expect(counts).toEqual({ message: 2, unread: 3, result: 3, critical: 1, task: 4, refill: 1, unsigned_note: 1 });
    expect(excluded).toEqual([{ reason: 'unreviewed results not known to be normal or abnormal', count: 1 }]);
  });

  it('holds a result until it was reviewed, with its age from when it was resulted (trap 1); the wrong one of a correction never', async () => {
    const { items } = await ask({ kinds: ['result'] });
    expect(items[0]).toEqual({
      item_id: critical.id,
      kind: 'result',
      patient_id: ada.id,
      patient: 'Ada Okafor',
      practitioner: 'Cora Lind',
      needs_action: true,
      priority: 'critical',
      since: '2026-11-20T04:30:00-05:00',
      age_hours: 5,
      about: 'Potassium',
      value: 6.8,
      unit: 'mmol/L',
      flag: 'HH',
    });
    expect(items[1]).toMatchObject({ item_id: high.id, flag: 'H', priority: 'routine' });
    expect(items[2]).toMatchObject({ item_id: early.id, preliminary: true });
  });

  it('holds a message until the clinic answered it and this user read it; unread is each user’s own', async () => {
    const { items } = await ask({ kinds: ['message'] });
    expect(items.map(({ item_id, needs_action, unread }) => [item_id, needs_action, unread])).toEqual([
      [open.id, true, true],
      [bill.id, true, true],
      [answered.id, false, true],
    ]);
    const { rows } = await record.admin.query('select id from data.users limit 1');
    const read = (message: { id?: unknown }, user_id: string) => ({
      tenant_id: ada.tenant_id,
      message_id: message.id,
      user_id,
      read_at: '2026-11-20T09:00:00-05:00',
    });
    await record.load({
      message_reads: [read(open, rows[0].id), read(answered, rows[0].id), read(bill, '00000000-0000-4000-8000-00000000ffff')],
    });
    expect((await ask({ kinds: ['message'] })).items.map(({ item_id, unread }) => [item_id, unread])).toEqual([
      [open.id, false],
      [bill.id, true],
    ]);
    expect(await ids({ kinds: ['message'], unread_only: true })).toEqual([bill.id]);
    expect((await ask()).counts).toMatchObject({ message: 2, unread: 1 });
  });

  it('tells a patient’s words as outside text, and a task’s title as the clinic’s', async () => {
    const { items } = await ask();
    const of = (row: { id?: unknown }) => items.find(({ item_id }) => item_id === row.id);
    expect(of(open)).toMatchObject({
      subject: 'Dizzy',
      category: 'clinical',
      text: [{ text: 'I feel dizzy.', origin: 'external', kind: 'patient_reported' }],
    });
    expect(of(refill)).toMatchObject({
      about: 'lisinopril 10 mg oral tablet',
      asked_by: 'patient',
      text: [{ text: 'running out', origin: 'external' }],
    });
    expect(of(stat)).toMatchObject({ title: 'Call about potassium', about: 'callback', task_status: 'requested', priority: 'critical' });
    expect(of(urgent)).toMatchObject({ patient_status: 'inactive', priority: 'urgent', practitioner: 'Dana Reyes' });
    expect(of(paper)).not.toHaveProperty('patient_id');
    expect(of(note)).toMatchObject({ about: 'Follow-up visit', practitioner: 'Cora Lind' });
  });

  it('without clinical rights has no clinical message or task, no result, refill or note, and does not count them', async () => {
    const desk = { clinical: false };
    expect(await ids(desk)).toEqual([urgent, bill, paper].map(({ id }) => id));
    expect((await ask({ ...desk, kinds: ['message', 'task'] })).counts).toEqual({ message: 1, unread: 1, task: 2 });
    await expect(ask({ ...desk, item_id: critical.id as string })).rejects.toMatchObject({ type: 'not_found' });
  });

  it('is one clinician’s: theirs by name, else by the patient', async () => {
    expect(await ids({ practitioner_id: dana.id })).toEqual([urgent.id, bill.id]);
    expect(await ids({ practitioner_id: cora.id, kinds: ['result', 'refill', 'unsigned_note'] })).toHaveLength(5);
    expect(await ids({ patient_id: ben.id })).toEqual([urgent.id, bill.id]);
    await expect(ask({ practitioner_id: ada.id as string })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('comes in pages across its kinds, and one item at a time', async () => {
    const pages: string[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await ask({ limit: 2, after });
      expect('counts' in page).toBe(after === undefined);
      pages.push(...page.items.map(({ item_id }) => item_id));
      after = page.items.at(-1)?.item_id;
      more = page.more;
    }
    expect(pages).toEqual(await ids());
    expect(await ids({ item_id: refill.id })).toEqual([refill.id]);
    await expect(ask({ after: normal.id as string })).rejects.toMatchObject({ type: 'invalid_input' });
  });
});
