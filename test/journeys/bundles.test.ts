// A new patient with her first visit and form, drafted in one go before she is in the record: read together, signed together, all of it or nothing (mission.md D16).
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCalendar, type Calendar } from '../builders/bookings.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let calendar: Calendar;
let front_desk: Login;
let tenant_id: string;
beforeAll(async () => {
  calendar = await aCalendar();
  ({ tenant_id } = calendar);
  front_desk = await aLogin(calendar.attending, { tenant_id, role: 'front_desk' });
});
afterAll(() => calendar?.attending.close());

const call = async (name: string, args: unknown, token = calendar.attending.tokens.front_desk) => {
  const { result, body } = await callTool(calendar.attending.url, token, name, args);
  return { isError: result?.isError === true, value: (result?.structuredContent ?? {}) as Record<string, string>, body };
};
let round = 0;
const aPerson = (more: Record<string, unknown> = {}) => {
  round += 1;
  const letters = String.fromCharCode(97 + (round % 26)).repeat(3);
  return {
    family_name: `Vanbrugh${letters}`,
    given_name: 'Octavia',
    birth_date: `19${60 + round}-03-0${1 + (round % 9)}`,
    sex: 'female',
    ...more,
  };
};

interface Bundle {
  patient_id: string;
  visit: string;
  form: string;
}
/** A registration, a visit and a form for who it registers. */
async function aBundle(person = aPerson()): Promise<Bundle> {
  const { value, body } = await call('draft_patient', person);
  const patient_id = value.draft_id as string;
  if (!patient_id) throw new Error(body);
  const slot = await calendar.aSlot();
  const visit = await call('draft_appointment', {
    patient_id,
    provider_id: slot.practitioner_id,
    visit_type: 'Follow-up',
    start_at: slot.start_at,
    modality: slot.modalities[0],
  });
  const form = await call('draft_intake_form', { patient_id, kind: 'new_patient', channel: 'portal' });
  if (visit.isError || form.isError) throw new Error(`${visit.body} ${form.body}`);
  return { patient_id, visit: visit.value.draft_id as string, form: form.value.draft_id as string };
}
interface Shown {
  draft_id: string;
  version: number;
  payload_hash: string;
  payload: Record<string, string>;
  status: string;
  patient?: string;
}
const open = async (id: string, login = front_desk) => (await login.ask('GET', `/drafts/together/${id}`)).json.drafts as unknown as Shown[];
const bound = ({ draft_id, version, payload_hash }: Shown) => ({ draft_id, version, payload_hash });
const sign = (id: string, drafts: Shown[], login = front_desk) =>
  login.ask('POST', `/drafts/together/${id}/sign`, { drafts: drafts.map(bound) });
const inRecord = async ({ patient_id, visit, form }: Bundle) => {
  const [row] = await calendar.rows<Record<string, number>>(
    `select (select count(*)::int from data.patients where tenant_id = $1 and id = $2) as patients,
       (select count(*)::int from data.appointments where tenant_id = $1 and id = $3 and patient_id = $2) as visits,
       (select count(*)::int from data.intake_forms where tenant_id = $1 and id = $4 and patient_id = $2) as forms`,
    patient_id,
    visit,
    form,
  );
  return row;
};
const NOTHING = { patients: 0, visits: 0, forms: 0 };
const ALL = { patients: 1, visits: 1, forms: 1 };

describe('a new patient with her first visit', () => {
  verifies('drafts:bundle-all-or-none', async () => {
    const person = aPerson();
    const bundle = await aBundle(person);
    const drafts = await open(bundle.patient_id);
    expect(drafts.map(({ draft_id }) => draft_id)).toEqual([bundle.patient_id, bundle.visit, bundle.form]);
    expect(drafts.map(({ patient }) => patient)).toEqual(Array(3).fill(`Octavia ${person.family_name}`));
    expect(drafts[1]?.payload).toMatchObject({ patient: `Octavia ${person.family_name}`, birth_date: person.birth_date });

    // One by one, in part, in any order: nothing.
    for (const draft of drafts) {
      const alone = await front_desk.ask('POST', `/drafts/${draft.draft_id}/sign`, { version: 1, payload_hash: draft.payload_hash });
      expect([alone.status, JSON.stringify(alone.json)]).toEqual([409, expect.stringContaining('signed together')]);
    }
    for (const part of [drafts.slice(0, 2), drafts.slice(1), [drafts[2], drafts[0]] as Shown[]])
      expect((await sign(bundle.patient_id, part)).status).toBe(409);
    expect(await inRecord(bundle)).toEqual(NOTHING);

    const signed = await sign(bundle.patient_id, [...drafts].reverse());
    expect(signed.json).toMatchObject({ signed: drafts.map(({ draft_id }) => ({ draft_id, record_id: draft_id })) });
    expect(await inRecord(bundle)).toEqual(ALL);
    const found = await call('search_patients', { query: `Octavia ${person.family_name} ${person.birth_date}` });
    expect(found.body).toContain(bundle.patient_id);
    // Who is in the record now is a patient like any other.
    const slot = await calendar.aSlot();
    const next = await call('draft_appointment', {
      patient_id: bundle.patient_id,
      provider_id: slot.practitioner_id,
      visit_type: 'Follow-up',
      start_at: slot.start_at,
      modality: slot.modalities[0],
    });
    expect((await calendar.sign(next.value.draft_id, front_desk)).status).toBe(200);
  });

  it('where one of them cannot be any more, none is', async () => {
    const bundle = await aBundle();
    const drafts = await open(bundle.patient_id);
    const { start_at, practitioner_id } = (drafts[1] as Shown).payload;
    const other = await calendar.book({ start_at, practitioner_id } as never);
    expect((await calendar.sign(other.value.draft_id)).status).toBe(200);
    const refused = await sign(bundle.patient_id, drafts);
    expect(refused).toMatchObject({ status: 409, json: { draft_id: bundle.visit } });
    expect(await inRecord(bundle)).toEqual(NOTHING);
    expect((await open(bundle.patient_id)).map(({ status }) => status)).toEqual(Array(3).fill('pending'));
    // Without the visit the rest can stand.
    await front_desk.ask('POST', `/drafts/${bundle.visit}/reject`, { version: 1, reason: 'The time is taken.' });
    const rest = (await open(bundle.patient_id)).filter(({ status }) => status === 'pending');
    expect((await sign(bundle.patient_id, rest)).status).toBe(200);
    expect(await inRecord(bundle)).toEqual({ patients: 1, visits: 0, forms: 1 });
  });

  it('a name that is mended is mended in what waits for her, and the pages before cannot sign', async () => {
    const bundle = await aBundle();
    const before = await open(bundle.patient_id);
    const { payload } = before[0] as Shown;
    const revised = await front_desk.ask('POST', `/drafts/${bundle.patient_id}/revise`, {
      version: 1,
      payload: { ...payload, family_name: 'Mendenhall', birth_date: '1971-01-02' },
    });
    expect(revised.status).toBe(200);
    expect((await sign(bundle.patient_id, before)).status).toBe(409);
    const after = await open(bundle.patient_id);
    expect(after.map(({ version }) => version)).toEqual([2, 2, 2]);
    expect(after[1]?.payload).toMatchObject({ patient: 'Octavia Mendenhall', birth_date: '1971-01-02' });
    expect((await sign(bundle.patient_id, after)).status).toBe(200);
    expect(await inRecord(bundle)).toEqual(ALL);
  });

  it('with the registration rejected or over, what waited for her is too', async () => {
    const bundle = await aBundle();
    const rejected = await front_desk.ask('POST', `/drafts/${bundle.patient_id}/reject`, { version: 1, reason: 'Nobody came.' });
    expect(rejected.status).toBe(200);
    expect((await open(bundle.patient_id)).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    const late = await call('draft_intake_form', { patient_id: bundle.patient_id, kind: 'consent', channel: 'paper' });
    expect([late.isError, late.body]).toEqual([true, expect.stringContaining('No such patient')]);

    const over = await aBundle();
    await calendar.rows(
      "update data.pending_actions set expires_at = clock_timestamp() - interval '1 second' where tenant_id = $1 and id = $2",
      over.patient_id,
    );
    expect((await sign(over.patient_id, await open(over.patient_id))).status).toBe(409);
    await calendar.attending.app.sweep();
    expect((await open(over.patient_id)).map(({ status }) => status)).toEqual(Array(3).fill('expired'));
  });

  it('two who sign it at once register her once', async () => {
    const bundle = await aBundle();
    const drafts = await open(bundle.patient_id);
    const logins = await Promise.all(Array.from({ length: 6 }, () => aLogin(calendar.attending, { tenant_id, role: 'front_desk' })));
    const answers = await Promise.all(logins.map((login, i) => sign(bundle.patient_id, i % 2 ? [...drafts].reverse() : drafts, login)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(5).fill(409)]);
    expect(await inRecord(bundle)).toEqual(ALL);
  });

  it.each(['reject', 'revise'])('who would %s the registration while another signs all of it is told who was first', async (how) => {
    const { admin } = calendar.attending;
    const bundle = await aBundle();
    const drafts = await open(bundle.patient_id);
    const { payload } = drafts[0] as Shown;
    const asked = { reject: { reason: 'Nobody came.' }, revise: { payload: { ...payload, given_name: 'Olga' } } }[how];
    const waiting = (n: number) =>
      expect
        .poll(
          async () =>
            (await admin.query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")).rowCount,
          { timeout: 10_000 },
        )
        .toBe(n);
    // Both have come as far as they can, and wait for the same row.
    await admin.query('begin');
    await admin.query('select from data.pending_actions where id = $1 for update', [bundle.patient_id]);
    const first = front_desk.ask('POST', `/drafts/${bundle.patient_id}/${how}`, { version: 1, ...asked });
    await waiting(1);
    const second = sign(bundle.patient_id, drafts);
    await waiting(2);
    await admin.query('commit');
    expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([200, 409]);
    expect(await inRecord(bundle)).toEqual(NOTHING);
  });

  it('is nobody for another AI, another clinic, or a role that signs only a part', async () => {
    const { value } = await call('draft_patient', aPerson());
    const slot = await calendar.aSlot();
    const args = {
      patient_id: value.draft_id,
      provider_id: slot.practitioner_id,
      visit_type: 'Follow-up',
      start_at: slot.start_at,
      modality: slot.modalities[0],
    };
    for (const token of [calendar.attending.tokens.scheduler, calendar.attending.token('front_desk', 1)]) {
      const refused = await call('draft_appointment', args, token);
      expect([refused.isError, refused.body]).toEqual([true, expect.stringMatching(/No such patient|no such clinician|provider_id/i)]);
    }
    const bundle = await aBundle();
    // A scheduler signs visits, and not registrations: she sees the visit, and cannot sign it.
    const seen = await open(bundle.patient_id, calendar.scheduler);
    expect(seen.map(({ draft_id }) => draft_id)).toEqual([bundle.visit]);
    expect((await sign(bundle.patient_id, seen, calendar.scheduler)).status).toBe(409);
    expect(await inRecord(bundle)).toEqual(NOTHING);
  });

  it('no standing approval signs a part of it', async () => {
    const owner = await aLogin(calendar.attending, { tenant_id, role: 'owner' });
    const [row] = await calendar.rows<{ day: string }>(
      "select to_char(now() + interval '30 days', 'YYYY-MM-DD') as day where $1::uuid is not null",
    );
    const rule = {
      kinds: ['appointment_draft'],
      modalities: ['in_person', 'telehealth'],
      roles: ['front_desk'],
      visit_types: [],
      practitioner_ids: [],
      horizon_days: 365,
      daily_limit: 100,
      expires_on: row?.day,
    };
    const made = await owner.ask('POST', '/approvals', rule);
    expect(made.status).toBe(200);
    const bundle = await aBundle();
    expect((await open(bundle.patient_id)).map(({ status }) => status)).toEqual(Array(3).fill('pending'));
    expect(await inRecord(bundle)).toEqual(NOTHING);
    await owner.ask('POST', `/approvals/${made.json.approval_id}/revoke`, {});
  });
});

describe('in the database', () => {
  it('a part of a bundle is not signed by whoever writes the setting or signs by hand', async () => {
    const bundle = await aBundle();
    const [visit] = (await open(bundle.patient_id)).filter(({ draft_id }) => draft_id === bundle.visit) as [Shown];
    const { rows } = await calendar.attending.admin.query('select hash from guard.grants where id = $1', [front_desk.login_id]);
    const api = new pg.Client(calendar.attending.database.api);
    await api.connect();
    const signing = async (...before: string[]) => {
      await api.query('begin');
      await api.query('select app.enter($1)', [rows[0].hash]);
      try {
        for (const sql of before) await api.query(sql);
        await api.query("select * from app.sign_draft($1, 1, decode($2, 'hex'))", [visit.draft_id, visit.payload_hash]);
        return 'signed';
      } catch (error) {
        return `${(error as pg.DatabaseError).code} ${(error as Error).message}`;
      } finally {
        await api.query('rollback');
      }
    };
    expect(await signing()).toBe('AT001 bundle');
    expect(await signing(`select app.take_together('{${visit.draft_id}}')`)).toBe('AT001 bundle');
    expect(await signing(`select set_config('app.together', '${bundle.patient_id}:0000', true)`)).toContain('42501');
    // Taken whole, and still not before the patient is there.
    expect(await signing(`select app.take_together('{${bundle.patient_id},${bundle.visit},${bundle.form}}')`)).toBe('AT001 bundle');
    await api.end();
  });
});
