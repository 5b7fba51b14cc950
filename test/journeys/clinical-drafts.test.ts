// Vital signs, the ends of tasks, and referrals: from what a model proposes to the row that a person's signature writes. Orders: clinical-orders.test.ts.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { drafting } from '../builders/drafting.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let elsewhere: string;
let physician: Login;
let nurse: Login;
let desk: ReturnType<typeof drafting>;
beforeAll(async () => {
  attending = await startAttending();
  desk = drafting(attending);
  [tenant_id, elsewhere] = attending.tenants.map((tenant) => tenant.tenant_id) as [string, string];
  physician = await aLogin(attending, { tenant_id, role: 'physician' });
  nurse = await aLogin(attending, { tenant_id, role: 'nurse' });
});
afterAll(() => attending.close());

const AT = '2026-11-20T09:30:00-05:00';

describe('draft_vitals', () => {
  const rowsOf = (patient_id: string) =>
    desk.asked<{ id: string }>(
      'select id, loinc, value::float, systolic::float, diastolic::float, unit, setting, taken_by, status from data.vital_signs where patient_id = $1 and taken_at = $2',
      [patient_id, AT],
    );

  it('charts what was measured at one time, in each kind’s own unit, once a nurse has signed it', async () => {
    const patient_id = await desk.aPatientId(tenant_id);
    const { draft_id } = await desk.draft('draft_vitals', {
      patient_id,
      taken_at: AT,
      measurements: [
        { kind: 'blood_pressure', systolic: 128, diastolic: 78, unit: 'mmHg' },
        { kind: 'temperature', value: 98.6, unit: '°F' },
        { kind: 'heart_rate', value: 72 },
      ],
    });
    expect(await rowsOf(patient_id)).toEqual([]);
    const { payload } = await desk.shownTo(nurse, draft_id);
    expect(payload.measurements).toEqual([
      { kind: 'blood_pressure', systolic: 128, diastolic: 78, unit: 'mm[Hg]' },
      { kind: 'temperature', value: 37, unit: 'Cel', given: '98.6 °F' },
      { kind: 'heart_rate', value: 72, unit: '/min' },
    ]);
    expect(await desk.sign(nurse, draft_id)).toMatchObject({ status: 200, json: { status: 'committed', record_id: draft_id } });
    const rows = await rowsOf(patient_id);
    const [signer] = await desk.asked<{ practitioner_id: string }>('select practitioner_id from data.users where id = $1', [nurse.user_id]);
    const charted = { setting: 'office', taken_by: signer?.practitioner_id, status: 'final' };
    expect(rows).toHaveLength(3);
    expect(rows).toContainEqual({ id: draft_id, loinc: '85354-9', value: null, systolic: 128, diastolic: 78, unit: 'mm[Hg]', ...charted });
    expect(rows).toContainEqual(expect.objectContaining({ loinc: '8310-5', value: 37, unit: 'Cel' }));
    const read = await callTool(attending.url, attending.tokens.physician, 'get_vitals', { patient_id, limit: 3 });
    expect(read.body).toContain(draft_id);
  });

  it('needs the licence of a physician, and the right of a role', async () => {
    const { draft_id } = await desk.draft('draft_vitals', {
      patient_id: await desk.aPatientId(tenant_id),
      taken_at: AT,
      measurements: [{ kind: 'pain', value: 3, unit: '/10' }],
    });
    const owner = await aLogin(attending, { tenant_id, role: 'owner' });
    expect(await desk.shownTo(owner, draft_id)).toMatchObject({ may_sign: false, why_not: 'licence_needed' });
    expect((await desk.sign(await aLogin(attending, { tenant_id, role: 'front_desk' }), draft_id)).status).toBe(404);
    expect((await desk.sign(physician, draft_id)).status).toBe(200);
  });

  verifies('drafts:impossible-vitals-refused', async () => {
    const patient_id = await desk.aPatientId(tenant_id);
    const measured = (...measurements: object[]) => ({ patient_id, taken_at: AT, measurements });
    await desk.refused('draft_vitals', measured({ kind: 'weight', value: 980, unit: 'kg' }), /weight: 0\.3 to 450 kg/);
    await desk.refused('draft_vitals', measured({ kind: 'temperature', value: 98.6, unit: 'Cel' }), /temperature: 30 to 43 Cel/);
    await desk.refused('draft_vitals', measured({ kind: 'blood_pressure', systolic: 78, diastolic: 128, unit: 'mmHg' }), /below systolic/);
    await desk.refused('draft_vitals', measured({ kind: 'blood_pressure', value: 128, unit: 'mmHg' }), /takes systolic and diastolic/);
    await desk.refused('draft_vitals', measured({ kind: 'weight', value: 80 }), /say its unit, one of kg/);
    await desk.refused('draft_vitals', measured({ kind: 'weight', value: 12, unit: 'stone' }), /say its unit/);
    await desk.refused('draft_vitals', measured({ kind: 'pain', value: 3 }, { kind: 'pain', value: 4 }), /is there twice/);
    const tomorrow = { ...measured({ kind: 'pain', value: 3, unit: '/10' }), taken_at: '2026-11-21T09:30:00-05:00' };
    await desk.refused('draft_vitals', tomorrow, /in the future/);
    await desk.refused('draft_vitals', { ...tomorrow, taken_at: '1890-11-21T09:30:00-05:00' }, /before this patient's birth/);

    // What a signer makes of it is held to the same.
    const { draft_id } = await desk.draft('draft_vitals', measured({ kind: 'weight', value: 81, unit: 'kg' }));
    await desk.revise(physician, draft_id, { measurements: [{ kind: 'weight', value: 981, unit: 'kg' }] });
    expect((await desk.sign(physician, draft_id)).status).toBe(400);
    expect(await desk.asked('select from data.vital_signs where id = $1', [draft_id])).toEqual([]);
  });

  it('keeps what is far from the last value, and warns the signer', async () => {
    const patient_id = await desk.one(
      `insert into data.patients (tenant_id, id, mrn, family_name, given_name, birth_date, sex, created_at)
       values ($1, gen_random_uuid(), 'SYN-9001', 'Okafor', 'Ada', '1950-02-01', 'female', now()) returning id`,
      [tenant_id],
    );
    await attending.admin.query(
      "insert into data.vital_signs (tenant_id, id, patient_id, loinc, value, unit, taken_at) values ($1, gen_random_uuid(), $2, '29463-7', 180, '[lb_av]', '2026-10-02T09:00:00-04:00')",
      [tenant_id, patient_id],
    );
    const weighed = async (value: number, unit: string) => {
      const { draft_id } = await desk.draft('draft_vitals', { patient_id, taken_at: AT, measurements: [{ kind: 'weight', value, unit }] });
      return (await desk.shownTo(nurse, draft_id)).payload.warnings;
    };
    expect(await weighed(184, 'lb')).toEqual([]);
    expect(await weighed(184, 'kg')).toEqual([
      "weight 184 kg is far from this patient's 81.6 kg of 2026-10-02: right patient, right unit?",
    ]);
  });

  it('refuses another clinic’s patient and another patient’s visit in the words for what is not there', async () => {
    const patient_id = await desk.aPatientId(tenant_id);
    const measured = { taken_at: AT, measurements: [{ kind: 'pain', value: 3, unit: '/10' }] };
    const unknown = await desk.refused('draft_vitals', { ...measured, patient_id: randomUUID() }, /No such patient/);
    expect(await desk.refused('draft_vitals', { ...measured, patient_id: await desk.aPatientId(elsewhere) }, /No such patient/)).toBe(
      unknown,
    );
    const [visit] = await desk.asked<{ id: string }>('select id from data.encounters where tenant_id = $1 and patient_id <> $2 limit 1', [
      tenant_id,
      patient_id,
    ]);
    const [foreign] = await desk.asked<{ id: string }>('select id from data.encounters where tenant_id = $1 limit 1', [elsewhere]);
    const none = await desk.refused('draft_vitals', { ...measured, patient_id, encounter_id: randomUUID() }, /no such visit/);
    for (const other of [visit, foreign])
      expect(await desk.refused('draft_vitals', { ...measured, patient_id, encounter_id: other?.id }, /no such visit/)).toBe(none);
    const [merged] = await desk.asked<{ id: string }>(
      'select id from data.patients where tenant_id = $1 and replaced_by is not null limit 1',
      [tenant_id],
    );
    await desk.refused('draft_vitals', { ...measured, patient_id: merged?.id }, /merged into another/);
    const [dead] = await desk.asked<{ id: string }>(
      'select id from data.patients where tenant_id = $1 and deceased_on is not null limit 1',
      [tenant_id],
    );
    await desk.refused('draft_vitals', { ...measured, patient_id: dead?.id }, /has died/);
  });
});

describe('draft_task_update', () => {
  const open = "t.status in ('requested', 'in_progress', 'on_hold')";
  const aTask = (where = open, of = tenant_id) =>
    desk.one(`select t.id from data.tasks t where t.tenant_id = $1 and ${where} order by t.id limit 1`, [of]);
  const aCallback = () =>
    desk.one(
      `select r.id from data.lab_results r where r.tenant_id = $1 and r.flag in ('H', 'L') and r.status = 'final'
         and not exists (select from data.lab_reviews v where v.lab_result_id = r.id) and not exists (select from data.lab_results c where c.corrects = r.id)
       order by r.collected_at desc limit 1`,
      [tenant_id],
    );
  const taskRow = async (id: string) =>
    (await desk.asked('select status, outcome, ended_by, ended_at is not null as ended from data.tasks where id = $1', [id]))[0];

  it('ends a task when a nurse has signed it, with what was done, by whom and when', async () => {
    // Tasks are the clinic's own words: whoever reads them alone can draft on.
    const { result } = await callTool(attending.url, attending.tokens.nurse, 'get_inbox', { filter: 'tasks', limit: 1 });
    const [task] = (result?.structuredContent?.items ?? []) as { item_id: string }[];
    const item_id = task?.item_id as string;
    const { draft_id } = await desk.draft('draft_task_update', { item_id, note: 'Called; repeat booked.' }, 'nurse');
    const { payload } = await desk.shownTo(nurse, draft_id);
    expect(payload).toMatchObject({ item_kind: 'task', note: 'Called; repeat booked.', about: expect.stringContaining('asked 20') });
    expect(await taskRow(item_id)).toMatchObject({ outcome: null, ended: false });
    expect(await desk.sign(nurse, draft_id)).toMatchObject({ status: 200, json: { record_id: item_id } });
    expect(await taskRow(item_id)).toEqual({
      status: 'completed',
      outcome: 'Called; repeat booked.',
      ended_by: nurse.user_id,
      ended: true,
    });
    await desk.refused('draft_task_update', { item_id, note: 'Once more.' }, /done or has changed since/);
  });

  it('refuses at the signature what was ended meanwhile, and two at once end it once', async () => {
    const item_id = await aTask();
    const drafts = await Promise.all(['One.', 'Two.'].map((note) => desk.draft('draft_task_update', { item_id, note })));
    const signed = await Promise.all(drafts.map(({ draft_id }) => desk.sign(physician, draft_id)));
    expect(signed.map(({ status }) => status).sort()).toEqual([200, 409]);
    const left = drafts[signed.findIndex(({ status }) => status === 409)]?.draft_id as string;
    expect(await desk.asked('select status from data.pending_actions where id = $1', [left])).toEqual([{ status: 'pending' }]);
  });

  it('acknowledges a lab callback, with what was done, as a review by the signer', async () => {
    const item_id = await aCallback();
    await desk.refused('draft_task_update', { item_id, note: 'Looked at.' }, /needs one of no_action, patient_called/);
    const { draft_id } = await desk.draft('draft_task_update', { item_id, note: 'Told to repeat in a week.', action: 'patient_called' });
    expect(await desk.asked('select from data.lab_reviews where lab_result_id = $1', [item_id])).toEqual([]);
    expect((await desk.sign(physician, draft_id)).status).toBe(200);
    const reviewer = await desk.one('select practitioner_id as id from data.users where id = $1', [physician.user_id]);
    expect(await desk.asked('select id, reviewed_by, action, note from data.lab_reviews where lab_result_id = $1', [item_id])).toEqual([
      { id: draft_id, reviewed_by: reviewer, action: 'patient_called', note: 'Told to repeat in a week.' },
    ]);
    await desk.refused('draft_task_update', { item_id, note: 'Again.', action: 'no_action' }, /done or has changed since/);
  });

  it('says how a message is done, and of another clinic’s task what it says of none', async () => {
    const message = await desk.one("select id from data.messages where tenant_id = $1 and direction = 'inbound' limit 1", [tenant_id]);
    await desk.refused('draft_task_update', { item_id: message, note: 'Done.' }, /draft_patient_message/);
    const unknown = await desk.refused('draft_task_update', { item_id: randomUUID(), note: 'Done.' }, /no such item/);
    expect(await desk.refused('draft_task_update', { item_id: await aTask(open, elsewhere), note: 'Done.' }, /no such item/)).toBe(unknown);
  });
});

describe('draft_referral', () => {
  const NPI = '1234567893'; // the example of the NPI standard
  const to = { name: 'Example Heart Group', specialty: 'Cardiology', npi: NPI };
  const why = { reason_icd10: 'R07.9', reason: 'Chest pain on exertion for two weeks.' };

  it('writes an open referral by the signer, and shows it as one that waits to be sent', async () => {
    const patient_id = await desk.aPatientId(tenant_id, 'not exists (select from data.referrals r where r.patient_id = p.id)');
    const { draft_id } = await desk.draft('draft_referral', { patient_id, to, ...why, urgency: 'urgent' });
    expect(await desk.asked('select from data.referrals where id = $1', [draft_id])).toEqual([]);
    expect((await desk.shownTo(physician, draft_id)).payload.warnings).toEqual([]);
    expect((await desk.sign(nurse, draft_id)).status).toBe(404);
    expect((await desk.sign(physician, draft_id)).status).toBe(200);
    const practitioner_id = await desk.one('select practitioner_id as id from data.users where id = $1', [physician.user_id]);
    const [row] = await desk.asked(
      'select patient_id, direction, status, priority, specialty, reason_icd10, reason, practitioner_id, other_party, other_npi, created_on::text, sent_on from data.referrals where id = $1',
      [draft_id],
    );
    expect(row).toEqual({
      ...{ patient_id, direction: 'outgoing', status: 'active', priority: 'urgent', specialty: 'Cardiology', ...why, practitioner_id },
      ...{ other_party: to.name, other_npi: NPI, created_on: '2026-11-20', sent_on: null },
    });
    const again = await desk.draft('draft_referral', { patient_id, to, reason_icd10: 'I20.9', reason: 'Angina, stable.' });
    expect((await desk.shownTo(physician, again.draft_id)).payload.warnings).toEqual([
      'A referral to the same specialty is open: of 2026-11-20, to Example Heart Group.',
    ]);
  });

  it('refuses an NPI that is nobody’s, a reason that is no code, and a patient of another clinic as one that is not there', async () => {
    const patient_id = await desk.aPatientId(tenant_id);
    await desk.refused('draft_referral', { patient_id, to: { ...to, npi: '1234567890' }, ...why }, /check digit does not hold/);
    await desk.refused('draft_referral', { patient_id, to, ...why, reason_icd10: 'chest pain' }, /an ICD-10-CM code/);
    const unknown = await desk.refused('draft_referral', { patient_id: randomUUID(), to, ...why }, /No such patient/);
    expect(await desk.refused('draft_referral', { patient_id: await desk.aPatientId(elsewhere), to, ...why }, /No such patient/)).toBe(
      unknown,
    );
  });
});
