// What patients say of text messages: who records it, what is refused, and that it stops what was signed already.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Login } from '../builders/login.ts';
import { startTexting, type Texting } from '../builders/texting.ts';

let attending: Texting['attending'];
let carriers: Texting['carriers'];
let desk: Texting['desk'];
let people: Texting['people'];
let aChart: Texting['aChart'];
let record: Texting['record'];
let text: Texting['text'];
let please: Texting['please'];
let drafted: Texting['drafted'];
let deliveriesOf: Texting['deliveriesOf'];
let house: Texting;
beforeAll(async () => {
  house = await startTexting();
  ({ attending, carriers, desk, people, aChart, record, text, please, drafted, deliveriesOf } = house);
});
afterAll(() => house.close());

describe('what a patient says of texts', () => {
  it('is recorded by who sends messages and by the front desk, and read by them', async () => {
    const { patient_id, phone } = await aChart({}, 'never_asked');
    const list = async (login: Login) => (await login.ask('GET', `/patients/${patient_id}/message-consents`)).json;
    expect(await list(people.front_desk)).toMatchObject({ numbers: [{ number: phone, state: 'never_asked', ledger: [] }] });
    expect((await record(people.front_desk, patient_id, { decision: 'given', source: 'portal' })).json).toMatchObject({
      number: phone,
      state: 'given',
    });
    expect((await record(people.nurse, patient_id, { decision: 'revoked', source: 'staff' })).json).toMatchObject({ state: 'revoked' });
    expect(await list(people.owner)).toMatchObject({
      numbers: [
        {
          state: 'revoked',
          ledger: [
            { decision: 'revoked', source: 'staff' },
            { decision: 'given', source: 'portal' },
          ],
        },
      ],
    });
    for (const path of [`/patients/${patient_id}/message-consents`, '/deliveries'])
      expect((await people.biller.ask('GET', path)).status).toBe(404);
    expect((await record(people.biller, patient_id, { decision: 'revoked', source: 'phone' })).status).toBe(404);
  });
  it('is refused where it cannot be so', async () => {
    const { patient_id } = await aChart({}, 'never_asked');
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    for (const [said, status] of [
      [{ decision: 'given', source: 'staff' }, 400],
      [{ decision: 'given', source: 'form', said_at: tomorrow }, 400],
      [{ decision: 'given', source: 'form', said_at: '2026-02-30T10:00:00Z' }, 400],
      [{ decision: 'given', source: 'form', number: '+18045550100' }, 400],
      [{ decision: 'given', source: 'form', purpose: 'marketing' }, 400],
      [{ decision: 'given', source: 'form', consent_id: 'x' }, 400],
    ] as const)
      expect([said, (await record(people.nurse, patient_id, said)).status]).toEqual([said, status]);
    expect((await record(people.nurse, randomUUID(), { decision: 'given', source: 'form' })).status).toBe(404);
    const theirs = await desk.one('select id from data.patients where tenant_id = $1 and phone is not null limit 1', [
      attending.tenants[1]?.tenant_id,
    ]);
    expect((await record(people.nurse, theirs, { decision: 'given', source: 'form' })).status).toBe(404);
    const { patient_id: without } = await aChart({ phone: null }, 'never_asked');
    expect((await record(people.nurse, without, { decision: 'given', source: 'form' })).status).toBe(409);
  });
  it('sent twice is one entry, and another thing under its id is refused', async () => {
    const { patient_id } = await aChart({}, 'never_asked');
    const said = { consent_id: randomUUID(), decision: 'given', source: 'form' };
    for (let turn = 0; turn < 2; turn += 1)
      expect((await record(people.nurse, patient_id, said)).json).toMatchObject({ ledger: [{ consent_id: said.consent_id }] });
    expect((await record(people.nurse, patient_id, { ...said, decision: 'revoked' })).status).toBe(409);
  });
  it('stands in the audit log without the number', async () => {
    const rows = await desk.asked<{ args: string; n: number }>(
      "select args_redacted::text as args from data.mcp_audit_log where tool_name = 'record_message_consent' and status = 'ok'",
    );
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.map(({ args }) => args).join('')).not.toMatch(/\+?1804555/);
  });
  it('between the signature and the sending stops the text, and people see it', async () => {
    const { patient_id, phone } = await aChart();
    const draft_id = await drafted(text(patient_id, please()));
    expect((await desk.sign(people.nurse, draft_id)).status).toBe(200);
    await record(people.front_desk, patient_id, { decision: 'revoked', source: 'inbound_text' });
    expect(await attending.app.send()).toBe(0);
    expect(await carriers.taken(phone)).toEqual([]);
    const cancelled = { message_id: draft_id, status: 'cancelled', reason: 'opted_out', patient: 'Ada Zellweger' };
    expect(await deliveriesOf(draft_id)).toMatchObject([cancelled]);
    const { json } = await people.front_desk.ask('GET', '/deliveries');
    expect(json.deliveries).toEqual(expect.arrayContaining([expect.objectContaining(cancelled)]));
    expect((await desk.asked('select from data.messages where id = $1', [draft_id])).length).toBe(0);
  });
});
