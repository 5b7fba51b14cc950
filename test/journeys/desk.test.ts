// From the draft that a model makes to the row in the chart, through the doors that a model and a person use.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let patient_id: string;
let physician: Login;
beforeAll(async () => {
  attending = await startAttending();
  tenant_id = attending.tenants[0]?.tenant_id as string;
  physician = await aLogin(attending, { tenant_id, role: 'physician' });
  const { rows } = await attending.admin.query(
    'select id from data.patients where tenant_id = $1 and replaced_by is null and deceased_on is null order by id limit 1',
    [tenant_id],
  );
  patient_id = rows[0].id;
  await attending.admin.query(
    `insert into data.licences (tenant_id, id, user_id, kind, number, state, issued_on, expires_on)
     select tenant_id, gen_random_uuid(), id, 'MD', 'SYN-1', 'NY', '2020-01-01', '2030-01-01' from data.users where tenant_id = $1 and role = 'physician'
       and not exists (select from data.licences)`,
    [tenant_id],
  );
});
afterAll(() => attending.close());

const SOAP = { subjective: 'Feels well.', objective: 'Exam not documented.', assessment: 'Stable.', plan: 'Return in six months.' };
let round = 0;
/** A draft by the physician's AI, another one each time. */
async function aDraft(more: Record<string, unknown> = {}) {
  round += 1;
  const { result, body } = await callTool(attending.url, attending.tokens.physician, 'draft_chart_note', {
    patient_id,
    soap: { ...SOAP, plan: `Return in six months. ${round}` },
    ...more,
  });
  return { isError: result?.isError === true, value: (result?.structuredContent ?? {}) as Record<string, string>, body };
}
const notes = async () =>
  (
    await attending.admin.query('select id, author_id, body from data.chart_notes where tenant_id = $1 and patient_id = $2', [
      tenant_id,
      patient_id,
    ])
  ).rows;
const audited = async (tool: string) =>
  (
    await attending.admin.query(
      'select l.status, x.outcome, l.user_id from data.mcp_audit_log l join data.mcp_audit_ext x on x.audit_id = l.id where l.tenant_id = $1 and l.tool_name = $2 order by l.created_at desc limit 1',
      [tenant_id, tool],
    )
  ).rows[0];

describe('a note that an AI drafts (M24, M27)', () => {
  verifies('desk:nothing-before-a-signature', async () => {
    const before = await notes();
    const { value } = await aDraft();
    expect(value).toMatchObject({ kind: 'chart_note_draft', status: 'pending', note: expect.stringContaining('Nothing has changed') });
    expect(await notes()).toEqual(before);

    const { json: queue } = await physician.ask('GET', '/drafts');
    expect(queue.drafts).toContainEqual(expect.objectContaining({ draft_id: value.draft_id, patient_id }));
    const { json: draft } = await physician.ask('GET', `/drafts/${value.draft_id}`);
    expect(draft).toMatchObject({ version: 1, may_sign: true, payload: { soap: { subjective: 'Feels well.' } } });

    const signed = await physician.ask('POST', `/drafts/${value.draft_id}/sign`, { version: 1, payload_hash: draft.payload_hash });
    expect(signed).toMatchObject({ status: 200, json: { status: 'committed', record_id: value.draft_id } });
    const after = await notes();
    expect(after).toHaveLength(before.length + 1);
    expect(after.find(({ id }) => id === value.draft_id)?.body.subjective).toEqual([{ text: 'Feels well.', origin: 'clinic' }]);

    const { result } = await callTool(attending.url, attending.tokens.physician, 'get_draft', { draft_id: value.draft_id });
    expect(result?.structuredContent).toMatchObject({ status: 'committed', record_id: value.draft_id });
    const read = await callTool(attending.url, attending.tokens.physician, 'get_chart_notes', { patient_id, limit: 1 });
    expect(read.body).toContain(value.draft_id);
    expect(await audited('sign_draft')).toMatchObject({ status: 'ok', outcome: 'ok', user_id: physician.user_id });
  });

  verifies('desk:signed-is-what-was-shown', async () => {
    const { value } = await aDraft();
    const { json: first } = await physician.ask('GET', `/drafts/${value.draft_id}`);
    const payload = { ...(first.payload as unknown as object), title: 'Follow-up' };
    const revised = await physician.ask('POST', `/drafts/${value.draft_id}/revise`, { version: 1, payload });
    expect(revised).toMatchObject({
      status: 200,
      json: { version: 2, payload: { title: 'Follow-up' }, proposed_payload: { title: 'Progress note' } },
    });

    const moved = { ...payload, patient_id: '00000000-0000-4000-8000-00000000dead' };
    expect((await physician.ask('POST', `/drafts/${value.draft_id}/revise`, { version: 2, payload: moved })).status).toBe(400);

    const stale = await physician.ask('POST', `/drafts/${value.draft_id}/sign`, { version: 1, payload_hash: first.payload_hash });
    expect(stale).toMatchObject({ status: 409, json: { type: expect.stringContaining('stale_draft') } });
    const crossed = await physician.ask('POST', `/drafts/${value.draft_id}/sign`, { version: 2, payload_hash: first.payload_hash });
    expect(crossed.status).toBe(409);
    expect(await audited('sign_draft')).toMatchObject({ status: 'error', outcome: 'stale_draft' });
    const good = await physician.ask('POST', `/drafts/${value.draft_id}/sign`, { version: 2, payload_hash: revised.json.payload_hash });
    expect(good.status).toBe(200);
  });

  it('is signed once, whoever else signs at the same moment', async () => {
    const { value } = await aDraft();
    const { json: draft } = await physician.ask('GET', `/drafts/${value.draft_id}`);
    const others = await Promise.all(Array.from({ length: 8 }, () => aLogin(attending, { tenant_id, role: 'physician' })));
    const before = (await notes()).length;
    const answers = await Promise.all(
      others.map((login) => login.ask('POST', `/drafts/${value.draft_id}/sign`, { version: 1, payload_hash: draft.payload_hash })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)]);
    expect(await notes()).toHaveLength(before + 1);
  });

  it('is rejected with a reason, and told so to the model', async () => {
    const { value } = await aDraft();
    const rejected = await physician.ask('POST', `/drafts/${value.draft_id}/reject`, { version: 1, reason: 'Not what she said.' });
    expect(rejected.status).toBe(200);
    const { result } = await callTool(attending.url, attending.tokens.physician, 'get_draft', { draft_id: value.draft_id });
    expect(result?.structuredContent).toMatchObject({ status: 'rejected' });
    const signed = await physician.ask('POST', `/drafts/${value.draft_id}/sign`, { version: 1, payload_hash: 'a'.repeat(64) });
    expect(signed.status).toBe(409);
  });
});

describe('what the signer must look at', () => {
  verifies('desk:errors-are-marked', async () => {
    const { rows } = await attending.admin.query(
      `select v.patient_id, v.value, v.unit, o.given_name || ' ' || o.family_name as other
       from data.vital_signs v join data.patients p on p.tenant_id = v.tenant_id and p.id = v.patient_id and p.replaced_by is null and p.deceased_on is null
       cross join lateral (select x.* from data.patients x where x.tenant_id = p.tenant_id and x.family_name <> p.family_name and x.given_name <> p.given_name limit 1) o
       where v.tenant_id = $1 and v.loinc = '29463-7' and v.taken_at > '2026-06-01' order by v.taken_at desc, v.id limit 1`,
      [tenant_id],
    );
    const { patient_id: of, value, unit, other } = rows[0];
    const said = (weight: number) => `Weight today ${weight} ${unit === 'kg' ? 'kg' : 'lb'}.`;
    const wrong = await aDraft({ patient_id: of, soap: { objective: said(Number(value) + 55) } });
    expect([wrong.isError, wrong.body]).toEqual([true, expect.stringContaining('does not agree with the chart')]);

    const mended = await aDraft({ patient_id: of, soap: { objective: 'Ferritin 4711 ng/mL.' } });
    const { json: draft } = await physician.ask('GET', `/drafts/${mended.value.draft_id}`);
    expect(draft.marks).toContainEqual(
      expect.objectContaining({ path: 'soap.objective', level: 'warn', quote: expect.stringContaining('4711') }),
    );

    const payload = { ...(draft.payload as unknown as { soap: object }), soap: { plan: `Call ${other} about the results.` } };
    const { json: revised } = await physician.ask('POST', `/drafts/${mended.value.draft_id}/revise`, { version: 1, payload });
    expect(revised.marks).toContainEqual(expect.objectContaining({ path: 'soap.plan', level: 'error', quote: other }));
  });
});

describe('who signs', () => {
  verifies('desk:no-ai-signs', async () => {
    const { value } = await aDraft();
    const { result, error } = await callTool(attending.url, attending.tokens.physician, 'sign_draft', {
      draft_id: value.draft_id,
      version: 1,
      payload_hash: 'a'.repeat(64),
    });
    expect(error ?? result?.isError).toBeTruthy();
    const rest = await fetch(`${attending.url}/admin/v1/drafts/${value.draft_id}/sign`, {
      method: 'POST',
      headers: { cookie: `attending_login=${attending.tokens.physician}`, 'x-attending': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ version: 1, payload_hash: 'a'.repeat(64) }),
    });
    expect(rest.status).toBe(401);
  });

  it('nobody whose second factor is old, or whose role has not the right', async () => {
    const { value } = await aDraft();
    const { json: draft } = await physician.ask('GET', `/drafts/${value.draft_id}`);
    const late = await aLogin(attending, { tenant_id, role: 'physician', mfa_minutes_ago: 9 * 60 });
    const sign = (login: Login) => login.ask('POST', `/drafts/${value.draft_id}/sign`, { version: 1, payload_hash: draft.payload_hash });
    expect(await sign(late)).toMatchObject({ status: 403, json: { type: expect.stringContaining('mfa_needed') } });
    for (const role of ['nurse', 'front_desk', 'biller', 'scheduler'])
      expect([role, (await sign(await aLogin(attending, { tenant_id, role }))).status]).toEqual([role, 403]);
    for (const role of ['nurse', 'front_desk', 'biller', 'scheduler', 'compliance'])
      expect([role, (await (await aLogin(attending, { tenant_id, role })).ask('GET', `/drafts/${value.draft_id}`)).status]).toEqual([
        role,
        404,
      ]);
    const elsewhere = await aLogin(attending, { tenant_id: attending.tenants[1]?.tenant_id as string, role: 'physician' });
    expect((await sign(elsewhere)).status).toBe(404);
    expect((await sign(physician)).status).toBe(200);
  });

  verifies('desk:chart-written-by-signature-only', async () => {
    const { admin } = attending;
    await admin.query('begin');
    await admin.query('set local role app_api');
    const written = admin.query(
      `insert into data.chart_notes (tenant_id, id, patient_id, author_id, title, status, signed_at, body, created_at)
       values ($1, gen_random_uuid(), $2, gen_random_uuid(), 'x', 'signed', now(), '{}', now())`,
      [tenant_id, patient_id],
    );
    await expect(written).rejects.toThrow('row-level security');
    await admin.query('rollback');
  });
});

describe('a repetition (D18)', () => {
  it('with the same content is the same draft while it waits, and a new one afterwards', async () => {
    const soap = { assessment: 'The same words.' };
    const [one, two] = [await aDraft({ soap }), await aDraft({ soap })];
    expect(two.value).toMatchObject({ draft_id: one.value.draft_id, repeated: true });
    await physician.ask('POST', `/drafts/${one.value.draft_id}/reject`, { version: 1, reason: 'No.' + ' ' + 'Not so.' });
    expect((await aDraft({ soap })).value.draft_id).not.toBe(one.value.draft_id);
  });

  it('with the same request_key is the same draft always, and another content under it is refused', async () => {
    const one = await aDraft({ request_key: 'visit-2026-11-20', soap: SOAP });
    await physician.ask('POST', `/drafts/${one.value.draft_id}/reject`, { version: 1, reason: 'Not now.' });
    const two = await aDraft({ request_key: 'visit-2026-11-20', soap: SOAP });
    expect(two.value).toMatchObject({ draft_id: one.value.draft_id, status: 'rejected', repeated: true });
    expect((await aDraft({ request_key: 'visit-2026-11-20' })).isError).toBe(true);
  });

  it('a hundred at once are one', async () => {
    const soap = { assessment: 'Sent a hundred times.' };
    const drafts = await Promise.all(Array.from({ length: 100 }, () => aDraft({ soap })));
    expect(new Set(drafts.map(({ value }) => value.draft_id)).size).toBe(1);
  });
});
