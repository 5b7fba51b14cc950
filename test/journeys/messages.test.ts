// A message to one patient, from the call to her portal: what it answers is answered once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let nurse: Login;
beforeAll(async () => {
  attending = await startAttending();
  tenant_id = attending.tenants[0]?.tenant_id as string;
  nurse = await aLogin(attending, { tenant_id, role: 'nurse' });
});
afterAll(() => attending.close());

const call = async (name: string, args: unknown, token = attending.tokens.nurse) => {
  const { result, body } = await callTool(attending.url, token, name, args);
  return { isError: result?.isError === true, value: (result?.structuredContent ?? {}) as Record<string, never>, body };
};
async function sign(draft_id: string) {
  const { json: draft } = await nurse.ask('GET', `/drafts/${draft_id}`);
  return nurse.ask('POST', `/drafts/${draft_id}/sign`, { version: draft.version, payload_hash: draft.payload_hash });
}

describe('an answer', () => {
  it('closes the message that it answers, once, whoever answers first', async () => {
    const { rows } = await attending.admin.query(
      `select m.id, m.patient_id from data.messages m join data.patients p on p.tenant_id = m.tenant_id and p.id = m.patient_id
       where m.tenant_id = $1 and m.direction = 'inbound' and m.answered_by is null and p.deceased_on is null and p.replaced_by is null order by m.id limit 1`,
      [tenant_id],
    );
    const { id: reply_to, patient_id } = rows[0];
    const one = await call('draft_patient_message', { patient_id, reply_to, body: 'The nurse calls you this afternoon.' });
    const two = await call('draft_patient_message', { patient_id, reply_to, body: 'Please come in tomorrow morning.' });
    const answers = await Promise.all([sign(one.value.draft_id as unknown as string), sign(two.value.draft_id as unknown as string)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { rows: closed } = await attending.admin.query('select answered_by from data.messages where id = $1', [reply_to]);
    expect([one.value.draft_id, two.value.draft_id]).toContain(closed[0].answered_by);
    const waiting = await nurse.ask('GET', '/drafts');
    expect((waiting.json.drafts as unknown as { draft_id: string }[]).map(({ draft_id }) => draft_id)).toContain(
      closed[0].answered_by === one.value.draft_id ? two.value.draft_id : one.value.draft_id,
    );
    expect((await call('draft_patient_message', { patient_id, reply_to, body: 'Too late.' })).isError).toBe(true);
  });

  it('to another patient’s message, or to nobody’s, is refused in the same words', async () => {
    const { rows } = await attending.admin.query(
      "select m.id, o.id as other from data.messages m join data.patients o on o.tenant_id = m.tenant_id and o.id <> m.patient_id and o.replaced_by is null and o.deceased_on is null where m.tenant_id = $1 and m.direction = 'inbound' limit 1",
      [tenant_id],
    );
    const theirs = await call('draft_patient_message', { patient_id: rows[0].other, reply_to: rows[0].id, body: 'Hello.' });
    const nobodys = await call('draft_patient_message', {
      patient_id: rows[0].other,
      reply_to: '00000000-0000-4000-8000-00000000dead',
      body: 'Hello.',
    });
    expect(theirs.isError).toBe(true);
    expect(JSON.parse(theirs.body).result.content).toEqual(JSON.parse(nobodys.body).result.content);
  });
});

describe('a message that names another patient', () => {
  verifies('drafts:message-names-another', async () => {
    const { rows } = await attending.admin.query(
      `select p.id, p.given_name || ' ' || p.family_name as name from data.patients p
       where p.tenant_id = $1 and p.replaced_by is null and p.deceased_on is null and p.given_name !~ ' ' and p.family_name !~ ' ' order by p.id limit 2`,
      [tenant_id],
    );
    const [one, other] = rows as [{ id: string; name: string }, { id: string; name: string }];
    const marksOf = async (body: string) => {
      const { value } = await call('draft_patient_message', { patient_id: one.id, body });
      const { json } = await nurse.ask('GET', `/drafts/${value.draft_id}`);
      return json.marks as unknown as { path: string; level: string; quote?: string }[];
    };
    expect(await marksOf(`Dear ${one.name}, please bring your card. Juniper Street Clinic`)).toEqual([]);
    expect(await marksOf(`Please bring the card of ${other.name} too.`)).toEqual([
      expect.objectContaining({ path: 'body', level: 'error', quote: other.name }),
    ]);
  });
});
