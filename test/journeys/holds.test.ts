// What an AI proposes after it was given text from outside the clinic waits for a person, whichever way it comes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/base/random.ts';
import { mintCredential } from '../../src/governance/issue.ts';
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
  const { rows } = await attending.admin.query('select patient_id from data.messages where tenant_id = $1 limit 1', [tenant_id]);
  patient_id = rows[0].patient_id;
});
afterAll(() => attending.close());

let round = 0;
async function propose(token = attending.tokens.physician, plan?: string) {
  round += 1;
  const { result, body } = await callTool(attending.url, token, 'draft_chart_note', {
    patient_id,
    soap: { plan: plan ?? `Return in six months. ${round}` },
  });
  return { isError: result?.isError === true, body, value: result?.structuredContent as Record<string, string> | undefined };
}
const openInbox = () => callTool(attending.url, attending.tokens.physician, 'get_inbox', {});
const rowsOf = async (table: 'pending_actions' | 'held_proposals') =>
  (
    await attending.admin.query(
      `select id, status, payload, sources.n from data.${table} x
     cross join lateral (select ${table === 'held_proposals' ? 'jsonb_array_length(x.sources)' : '0'} as n) sources where tenant_id = $1`,
      [tenant_id],
    )
  ).rows;
const held = async () => (await physician.ask('GET', '/holds')).json.holds as unknown as { hold_id: string }[];
const newConversation = () => physician.ask('POST', '/conversation/new', {});

describe('a conversation that outside text came into (M40–M42)', () => {
  verifies('desk:outside-text-holds-a-draft', async () => {
    expect((await propose()).isError).toBe(false);
    await openInbox();
    const before = (await rowsOf('pending_actions')).length;
    const { isError, body } = await propose();
    expect(isError).toBe(true);
    expect(body).toContain('/admin/ai-drafts/holds/');

    const user_id = physician.user_id;
    const second = await mintCredential(attending.admin, systemRandom, { tenant_id, user_id, name: 'another client' });
    expect((await propose(second.token)).isError).toBe(true);
    expect(await rowsOf('pending_actions')).toHaveLength(before);
    const { rows } = await attending.admin.query(
      "select l.status, x.outcome from data.mcp_audit_log l join data.mcp_audit_ext x on x.audit_id = l.id where l.tenant_id = $1 and l.tool_name = 'draft_chart_note' order by l.created_at desc limit 2",
      [tenant_id],
    );
    expect(rows).toEqual([
      { status: 'blocked_injection', outcome: 'blocked_injection' },
      { status: 'blocked_injection', outcome: 'blocked_injection' },
    ]);
  });

  it('tells the model in fixed words: nothing of the outside text, nothing of the payload', async () => {
    const { body } = await propose(undefined, 'A plan that nobody else writes.');
    const { rows } = await attending.admin.query('select text from data.text_refs where tenant_id = $1', [tenant_id]);
    expect(rows.length).toBeGreaterThan(0);
    for (const { text } of rows) expect(body).not.toContain(JSON.stringify(text).slice(1, 40));
    expect(body).not.toContain('nobody else writes');
  });

  it('the same again is the same hold', async () => {
    const n = (await rowsOf('held_proposals')).length;
    await propose(undefined, 'Twice.');
    await propose(undefined, 'Twice.');
    expect(await rowsOf('held_proposals')).toHaveLength(n + 1);
  });

  it('nobody else is held by it', async () => {
    const { isError } = await propose(attending.tokens.owner);
    expect(isError).toBe(false);
  });

  verifies('desk:release-is-bound', async () => {
    await propose(undefined, 'To be released.');
    const hold_id = (await held()).at(-1)?.hold_id as string;
    const { json: hold } = await physician.ask('GET', `/holds/${hold_id}`);
    expect(hold.payload).toMatchObject({ soap: { plan: 'To be released.' } });
    expect((hold.sources as unknown as { text: string }[]).length).toBeGreaterThan(0);
    expect((hold.sources as unknown as { text: string }[])[0]?.text.length).toBeGreaterThan(3);

    const wrong = await physician.ask('POST', `/holds/${hold_id}/release`, { binding_hash: 'a'.repeat(64), confirm: true });
    expect(wrong.status).toBe(409);
    expect((await physician.ask('POST', `/holds/${hold_id}/release`, { binding_hash: hold.binding_hash })).status).toBe(400);
    const nurse = await aLogin(attending, { tenant_id, role: 'nurse' });
    expect((await nurse.ask('POST', `/holds/${hold_id}/release`, { binding_hash: hold.binding_hash, confirm: true })).status).toBe(403);
    const [one, two] = await Promise.all(
      [1, 2].map(() => physician.ask('POST', `/holds/${hold_id}/release`, { binding_hash: hold.binding_hash, confirm: true })),
    );
    expect([one?.status, two?.status].sort()).toEqual([200, 409]);
    const draft_id = (one?.status === 200 ? one : two)?.json.draft_id;
    const { json: draft } = await physician.ask('GET', `/drafts/${draft_id}`);
    expect(draft).toMatchObject({ status: 'pending', released: true });
    expect((await physician.ask('POST', `/drafts/${draft_id}/sign`, { version: 1, payload_hash: draft.payload_hash })).status).toBe(200);
  });

  it('ends when the person says, with a fresh second factor, that a new conversation has begun; and begins again with the next text', async () => {
    const late = await aLogin(attending, { tenant_id, role: 'physician', mfa_minutes_ago: 9 * 60 });
    expect((await late.ask('POST', '/conversation/new', {})).status).toBe(403);
    expect((await newConversation()).status).toBe(200);
    expect((await propose()).isError).toBe(false);
    await openInbox();
    expect((await propose()).isError).toBe(true);
    await newConversation();
  });

  it('is not entered by a note whose outside words stand as references, and a draft may place one unread', async () => {
    const { rows } = await attending.admin.query(
      `select n.patient_id from data.chart_notes n where n.tenant_id = $1 and n.status in ('signed', 'amended') and n.body::text like '%"external"%' limit 1`,
      [tenant_id],
    );
    const read = await callTool(attending.url, attending.tokens.physician, 'get_chart_notes', {
      patient_id: rows[0].patient_id,
      limit: 20,
      max_bytes: 65_536,
    });
    const ref = /⟦ref (u_[0-9a-f]{32})/.exec(read.body)?.[1] as string;
    const { result } = await callTool(attending.url, attending.tokens.physician, 'draft_chart_note', {
      patient_id: rows[0].patient_id,
      soap: { subjective: `She says: {{${ref}}}`, plan: 'Reassured.' },
    });
    const draft_id = result?.structuredContent?.draft_id;
    const { json: draft } = await physician.ask('GET', `/drafts/${draft_id}`);
    const quoted = (draft.payload as unknown as { quotes: { text: string }[] }).quotes;
    expect(quoted[0]?.text.length).toBeGreaterThan(3);
    await physician.ask('POST', `/drafts/${draft_id}/sign`, { version: 1, payload_hash: draft.payload_hash });
    const { rows: made } = await attending.admin.query('select body from data.chart_notes where id = $1', [draft_id]);
    expect(made[0].body.subjective).toEqual([
      { text: 'She says:', origin: 'clinic' },
      expect.objectContaining({ text: quoted[0]?.text, origin: 'external' }),
    ]);
  });
});

describe('what nobody decides on', () => {
  it('ends by itself: a draft after thirty days, a hold after three', async () => {
    const { value } = await propose();
    await openInbox();
    await propose();
    await newConversation();
    const { admin } = attending;
    await admin.query("update data.pending_actions set expires_at = clock_timestamp() - interval '1 ms' where id = $1", [value?.draft_id]);
    await admin.query(
      "update data.held_proposals set expires_at = clock_timestamp() - interval '1 ms' where tenant_id = $1 and status = 'held'",
      [tenant_id],
    );
    const { json: draft } = await physician.ask('GET', `/drafts/${value?.draft_id}`);
    const late = await physician.ask('POST', `/drafts/${value?.draft_id}/sign`, { version: 1, payload_hash: draft.payload_hash });
    expect(late.status).toBe(409);
    await attending.app.sweep();
    const { rows } = await admin.query('select status from data.pending_actions where id = $1', [value?.draft_id]);
    expect(rows).toEqual([{ status: 'expired' }]);
    expect(await held()).toEqual([]);
  });
});
