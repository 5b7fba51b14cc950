// "Draft a follow-up message for everyone who missed their appointment last week" (M25): one call, one batch that a person reads, and each patient written to once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let nurse: Login;
let patients: { id: string; first_name: string }[];
beforeAll(async () => {
  attending = await startAttending();
  tenant_id = attending.tenants[0]?.tenant_id as string;
  nurse = await aLogin(attending, { tenant_id, role: 'nurse' });
  const { rows } = await attending.admin.query(
    `select id, coalesce(preferred_name, given_name) as first_name from data.patients
     where tenant_id = $1 and replaced_by is null and deceased_on is null and active order by id`,
    [tenant_id],
  );
  patients = rows;
});
afterAll(() => attending.close());

interface Answer {
  batch_id: string;
  drafts: { patient_id: string; draft_id: string; status: string; repeated?: boolean }[];
  refused?: { reason: string; patient_ids: string[] }[];
  review_url: string;
  note: string;
}
interface Shown {
  draft_id: string;
  version: number;
  payload_hash: string;
  payload: { body: string };
  patient_id: string;
  status: string;
  batch_id: string;
}

const call = async (args: unknown, token = attending.tokens.nurse) => {
  const { result, body } = await callTool(attending.url, token, 'draft_message_batch', args);
  return { isError: result?.isError === true, value: (result?.structuredContent ?? {}) as unknown as Answer, body };
};
let round = 0;
const aText = () => {
  round += 1;
  return `Hello {first_name}, we missed you. Please book another time in the portal. (${round})`;
};
const outbound = async (of = patients.map(({ id }) => id)) =>
  (
    await attending.admin.query(
      "select id, patient_id, body from data.messages where tenant_id = $1 and direction = 'outbound' and patient_id = any ($2) order by id",
      [tenant_id, of],
    )
  ).rows;
const open = async (together_id: string, login = nurse) => {
  const { json, status } = await login.ask('GET', `/drafts/together/${together_id}`);
  return { status, drafts: json.drafts as unknown as Shown[] };
};
const bound = ({ draft_id, version, payload_hash }: Shown) => ({ draft_id, version, payload_hash });
const sign = (together_id: string, drafts: Shown[], login = nurse) =>
  login.ask('POST', `/drafts/together/${together_id}/sign`, { drafts: drafts.map(bound) });
const some = (from: number, to: number) => patients.slice(from, to).map(({ id }) => id);

describe('everyone who missed their appointment', () => {
  verifies('drafts:batch-read-together', async () => {
    const missed = await callTool(attending.url, attending.tokens.nurse, 'get_no_shows_and_cancellations', {
      date_range: { from: '2026-11-01', to: '2026-11-20' },
      limit: 50,
    });
    const rows = missed.result?.structuredContent?.appointments as { patient_id: string }[];
    const patient_ids = [...new Set(rows.map(({ patient_id }) => patient_id))];
    expect(patient_ids.length).toBeGreaterThan(1);
    const before = await outbound(patient_ids);

    const { value, isError } = await call({ patient_ids: [...patient_ids, ...patient_ids], body: aText() });
    expect(isError).toBe(false);
    expect(value.drafts.map(({ patient_id }) => patient_id)).toEqual(patient_ids);
    expect(value).toMatchObject({
      review_url: `/admin/ai-drafts/together/${value.batch_id}`,
      note: expect.stringContaining('Nothing has changed'),
    });
    expect(await outbound(patient_ids)).toEqual(before);

    const { drafts } = await open(value.batch_id);
    expect(drafts.map(({ patient_id }) => patient_id)).toEqual(patient_ids);
    for (const { patient_id, payload } of drafts)
      expect(payload.body).toContain(`Hello ${patients.find(({ id }) => id === patient_id)?.first_name}, we missed you.`);

    const signed = await sign(value.batch_id, drafts);
    expect(signed).toMatchObject({ status: 200, json: { signed: drafts.map(({ draft_id }) => ({ draft_id, record_id: draft_id })) } });
    const after = await outbound(patient_ids);
    expect(after).toHaveLength(before.length + patient_ids.length);
    expect(
      after
        .filter(({ id }) => drafts.some(({ draft_id }) => draft_id === id))
        .map(({ patient_id }) => patient_id)
        .sort(),
    ).toEqual([...patient_ids].sort());
    expect((await sign(value.batch_id, drafts)).status).toBe(409);
    expect(await outbound(patient_ids)).toEqual(after);
  });

  verifies('drafts:batch-all-or-none', async () => {
    const { value } = await call({ patient_ids: some(0, 4), body: aText() });
    const { drafts } = await open(value.batch_id);
    const died = drafts[2] as Shown;
    const before = await outbound();
    await attending.admin.query("update data.patients set deceased_on = '2026-11-19' where tenant_id = $1 and id = $2", [
      tenant_id,
      died.patient_id,
    ]);
    const refused = await sign(value.batch_id, drafts);
    expect(refused).toMatchObject({ status: 409, json: { draft_id: died.draft_id } });
    expect(await outbound()).toEqual(before);
    expect((await open(value.batch_id)).drafts.map(({ status }) => status)).toEqual(Array(4).fill('pending'));

    const others = drafts.filter(({ draft_id }) => draft_id !== died.draft_id);
    expect((await sign(value.batch_id, others)).status).toBe(200);
    expect((await outbound()).length).toBe(before.length + 3);
    await attending.admin.query('update data.patients set deceased_on = null where tenant_id = $1 and id = $2', [
      tenant_id,
      died.patient_id,
    ]);
  });

  it('who cannot be written to is named with the reason, and the others have their draft', async () => {
    const { rows } = await attending.admin.query('select id from data.patients where tenant_id <> $1 limit 1', [tenant_id]);
    const nobody = '00000000-0000-4000-8000-00000000dead';
    const { value } = await call({ patient_ids: [rows[0].id, ...some(0, 2), nobody], body: aText() });
    expect(value.drafts).toHaveLength(2);
    expect(value.refused).toEqual([{ reason: 'No such patient in this clinic.', patient_ids: [rows[0].id, nobody] }]);
    const none = await call({ patient_ids: [nobody], body: 'Hello.' });
    expect([none.isError, none.body]).toEqual([true, expect.stringContaining('No draft was made')]);
    const long = await call({
      patient_ids: Array.from({ length: 41 }, (_, i) => nobody.replace(/dead$/, String(1000 + i))),
      body: 'Hello.',
    });
    expect([long.isError, long.body]).toEqual([true, expect.stringContaining('patient_ids')]);
  });

  it('puts a name in as it is written, and names whose message it makes too long', async () => {
    const [odd, long, plain] = patients.slice(20, 23).map(({ id }) => id);
    const names = [
      [odd, "Ke$'ha $& $`"],
      [long, 'Bartholomew-Maximilian'],
      [plain, 'Ada'],
    ];
    for (const [id, name] of names) await attending.admin.query('update data.patients set preferred_name = $2 where id = $1', [id, name]);
    const made = await call({ patient_ids: [odd], body: 'Hello {first_name}, please call us.' });
    const [shown] = (await open(made.value.batch_id)).drafts;
    expect(shown?.payload.body).toBe("Hello Ke$'ha $& $`, please call us.");
    const { value } = await call({ patient_ids: [plain, long], body: `{first_name}${'x'.repeat(3985)}` });
    expect(value.drafts.map(({ patient_id }) => patient_id)).toEqual([plain]);
    expect(value.refused).toEqual([{ reason: expect.stringMatching(/^body: /), patient_ids: [long] }]);
  });

  it('fits a model: forty drafts, and forty with every second refused, in 6 KB', async () => {
    const nobody = (i: number) => `00000000-0000-4000-8000-00000000${1000 + i}`;
    const living = patients.slice(0, 30).map(({ id }) => id);
    const { value } = await call({ patient_ids: [...living, ...Array.from({ length: 10 }, (_, i) => nobody(i))], body: aText() });
    expect(Buffer.byteLength(JSON.stringify(value))).toBeLessThan(6144);
    const each = Buffer.byteLength(JSON.stringify(value.drafts)) / living.length;
    expect(each * 40 + 600).toBeLessThan(6144);
  });
});

describe('a batch', () => {
  it('called again is the same drafts; with a key, whatever became of them', async () => {
    const args = { patient_ids: some(0, 3), body: aText() };
    const first = await call(args);
    const again = await call(args);
    expect(again.value).toMatchObject({ batch_id: first.value.batch_id });
    expect(again.value.drafts).toEqual(first.value.drafts.map((draft) => ({ ...draft, repeated: true })));
    const more = await call({ ...args, patient_ids: some(0, 4) });
    expect(more.value.batch_id).not.toBe(first.value.batch_id);
    expect(more.value.drafts.map(({ repeated }) => repeated)).toEqual([true, true, true, undefined]);

    const keyed = { patient_ids: some(0, 2), body: aText(), request_key: 'batch-of-today' };
    const one = await call(keyed);
    await sign(one.value.batch_id, (await open(one.value.batch_id)).drafts);
    const two = await call(keyed);
    expect(two.value.drafts.map(({ status, repeated }) => [status, repeated])).toEqual(Array(2).fill(['committed', true]));
    const other = await call({ ...keyed, body: 'Another text.' });
    expect([other.isError, other.body]).toEqual([true, expect.stringContaining('another content')]);
  });

  it('is signed once, whoever else signs it at the same moment', async () => {
    const { value } = await call({ patient_ids: some(0, 6), body: aText() });
    const { drafts } = await open(value.batch_id);
    const before = (await outbound()).length;
    const others = await Promise.all(Array.from({ length: 5 }, () => aLogin(attending, { tenant_id, role: 'nurse' })));
    const answers = await Promise.all([
      ...others.map((login, i) => sign(value.batch_id, i % 2 ? [...drafts].reverse() : drafts, login)),
      nurse.ask('POST', `/drafts/${drafts[3]?.draft_id}/sign`, { version: 1, payload_hash: drafts[3]?.payload_hash }),
    ]);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    await sign(
      value.batch_id,
      (await open(value.batch_id)).drafts.filter(({ status }) => status === 'pending'),
    );
    expect((await outbound()).length).toBe(before + 6);
    expect((await open(value.batch_id)).drafts.map(({ status }) => status)).toEqual(Array(6).fill('committed'));
  });

  it('is signed as it was read: a draft of another batch, twice the same, or an older version signs nothing', async () => {
    const [one, two] = [await call({ patient_ids: some(0, 2), body: aText() }), await call({ patient_ids: some(0, 2), body: aText() })];
    const [first, second] = [(await open(one.value.batch_id)).drafts, (await open(two.value.batch_id)).drafts];
    const before = await outbound();
    expect((await sign(one.value.batch_id, [...first, ...second])).status).toBe(404);
    expect((await sign(one.value.batch_id, [first[0] as Shown, first[0] as Shown])).status).toBe(400);
    const payload = { ...(first[1] as Shown).payload, body: 'Mended.' };
    expect((await nurse.ask('POST', `/drafts/${first[1]?.draft_id}/revise`, { version: 1, payload })).status).toBe(200);
    expect((await sign(one.value.batch_id, first)).status).toBe(409);
    expect(await outbound()).toEqual(before);
  });

  it('of another clinic, or of nobody, is not there; a role that signs none of it reads none', async () => {
    const { value } = await call({ patient_ids: some(0, 2), body: aText() });
    const theirs = await aLogin(attending, { tenant_id: attending.tenants[1]?.tenant_id as string, role: 'owner' });
    const biller = await aLogin(attending, { tenant_id, role: 'biller' });
    for (const login of [theirs, biller]) expect((await open(value.batch_id, login)).status).toBe(404);
    const { drafts } = await open(value.batch_id);
    expect((await sign(value.batch_id, drafts, theirs)).status).toBe(404);
  });

  verifies('drafts:batch-held-after-outside-text', async () => {
    await callTool(attending.url, attending.tokens.nurse, 'get_inbox', {});
    const pending = async () =>
      (
        await attending.admin.query("select count(*)::int as n from data.pending_actions where tenant_id = $1 and status = 'pending'", [
          tenant_id,
        ])
      ).rows[0].n;
    const before = await pending();
    const { isError, body } = await call({ patient_ids: some(0, 3), body: aText() });
    expect([isError, body]).toEqual([true, expect.stringContaining('these 3 drafts are held: /admin/ai-drafts/holds .')]);
    expect(await pending()).toBe(before);
    const { json } = await nurse.ask('GET', '/holds');
    const holds = json.holds as unknown as { hold_id: string }[];
    expect(holds).toHaveLength(3);
    const { json: hold } = await nurse.ask('GET', `/holds/${holds[0]?.hold_id}`);
    const released = await nurse.ask('POST', `/holds/${holds[0]?.hold_id}/release`, { binding_hash: hold.binding_hash, confirm: true });
    expect(released).toMatchObject({ status: 200 });
    const { json: draft } = await nurse.ask('GET', `/drafts/${released.json.draft_id}`);
    expect(draft).toMatchObject({ status: 'pending', released: true, batch_id: expect.any(String) });
    expect((await open(draft.batch_id as unknown as string)).drafts).toHaveLength(1);
    await nurse.ask('POST', '/conversation/new', {});
  });
});
