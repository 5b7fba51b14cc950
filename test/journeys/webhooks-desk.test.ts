// Webhooks at the desk: who manages them, what is shown of them, and that what a person does is what the machine says.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Delivery, delivery, type Endpoint, endpoint } from '../../src/connections/webhook.ts';
import { aLogin } from '../builders/login.ts';
import { aTellingClinic, type Telling } from '../builders/webhooks.ts';

let clinic: Telling;
beforeAll(async () => {
  clinic = await aTellingClinic();
});
afterAll(() => clinic.close());

describe('the desk', () => {
  it('sends an event that says nothing, to try an endpoint', async () => {
    const { owner, anEndpoint, told } = clinic;
    const at = await anEndpoint(['draft.signed']);
    const { json } = await owner.ask('POST', `/webhooks/${at.endpoint_id}/test`, {});
    await told(at);
    const [came] = await at.receiver.came();
    expect(JSON.parse(came?.body ?? '')).toMatchObject({ type: 'webhook.test', data: { endpoint_id: at.endpoint_id, seq: 1 } });
    expect(await at.list()).toMatchObject([{ delivery_id: json.delivery_id, status: 'delivered', answer: 204, type: 'webhook.test' }]);
    await at.off();
  });

  it('is the owner’s with a fresh second factor; compliance reads; nobody else, and no other clinic, finds an endpoint', async () => {
    const { attending, tenant_id, elsewhere, physician, asked, anEndpoint } = clinic;
    const at = await anEndpoint(['draft.signed']);
    const old = await aLogin(attending, { tenant_id, role: 'owner', mfa_minutes_ago: 60 * 24 });
    const compliance = await aLogin(attending, { tenant_id, role: 'compliance' });
    const stranger = await aLogin(attending, { tenant_id: elsewhere, role: 'owner' });
    const acts = ['', '/rotate', '/disable', '/enable', '/test', '/remove', '/replay'].map((act) => `/webhooks/${at.endpoint_id}${act}`);
    for (const act of [...acts, '/webhooks']) {
      const named = { name: 'x', events: ['draft.signed'] };
      const body = act === '/webhooks' ? { ...named, url: 'https://hooks.example.com/' } : act === acts[0] ? named : {};
      expect([act, (await old.ask('POST', act, body)).json]).toEqual([
        act,
        expect.objectContaining({ type: expect.stringContaining('mfa_needed') }),
      ]);
      for (const login of [compliance, physician]) expect([act, (await login.ask('POST', act, body)).status]).toEqual([act, 404]);
      if (act !== '/webhooks') expect([act, (await stranger.ask('POST', act, body)).status]).toEqual([act, 404]);
    }
    expect((await compliance.ask('GET', '/webhooks')).status).toBe(200);
    expect((await physician.ask('GET', '/webhooks')).status).toBe(404);
    expect(JSON.stringify((await stranger.ask('GET', '/webhooks')).json)).not.toContain(at.endpoint_id);
    expect((await stranger.ask('GET', `/webhook-deliveries?endpoint_id=${at.endpoint_id}`)).json).toMatchObject({ deliveries: [] });
    // Each act is in the audit log, without the address.
    const rows = await asked<{ tool_name: string; all: string }>(
      "select tool_name, i::text as all from data.mcp_audit_intent i where tool_name like '%webhook%' and tenant_id = $1",
      [tenant_id],
    );
    expect(new Set(rows.map(({ tool_name }) => tool_name)).has('create_webhook_endpoint')).toBe(true);
    expect(rows.some(({ all }) => all.includes(at.receiver.url))).toBe(false);
    await at.off();
  });

  it('lists deliveries a page at a time, and has room for twenty endpoints', async () => {
    const { tenant_id, owner, asked, anEndpoint, told, anAppointment, touch } = clinic;
    const at = await anEndpoint(['appointment.changed']);
    const appointment = await anAppointment();
    for (let n = 0; n < 5; n += 1) await touch(appointment);
    await told(at);
    const seqs: unknown[] = [];
    let cursor = '';
    do {
      const { json } = await owner.ask('GET', `/webhook-deliveries?endpoint_id=${at.endpoint_id}&limit=2${cursor && `&cursor=${cursor}`}`);
      const page = json as unknown as { deliveries: { seq: number }[]; cursor?: string };
      seqs.push(...page.deliveries.map(({ seq }) => seq));
      cursor = page.cursor ?? '';
    } while (cursor !== '');
    expect(seqs).toHaveLength(5);
    expect([...seqs].sort((a, b) => Number(b) - Number(a))).toEqual(seqs);
    expect((await owner.ask('GET', '/webhook-deliveries?cursor=AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(400);
    const add = async () =>
      (await owner.ask('POST', '/webhooks', { name: 'x', url: 'https://hooks.example.com/', events: ['operation.updated'] })).status;
    while ((await add()) === 200);
    expect(
      await asked("select count(*)::int as n from data.webhook_endpoints where tenant_id = $1 and status = 'enabled'", [tenant_id]),
    ).toEqual([{ n: 20 }]);
    // One that is disabled makes room, and does not come back where there is none.
    await at.off();
    expect([await add(), await add()]).toEqual([200, 409]);
    expect((await owner.ask('POST', `/webhooks/${at.endpoint_id}/enable`, {})).status).toBe(409);
  });
});

it('what people do in the database is what the machine says of it', async () => {
  const { tenant_id, owner, asked } = clinic;
  const [{ id: endpoint_id } = { id: '' }] = await asked<{ id: string }>(
    "select id from data.webhook_endpoints where tenant_id = $1 and status = 'enabled' limit 1",
    [tenant_id],
  );
  const endpointNow = async () =>
    (
      await asked<{ endpoint: Endpoint }>(
        "select jsonb_build_object('status', status, 'failures', failures, 'failing_since', guard.ms(failing_since), 'paused_until', guard.ms(paused_until), 'disabled_reason', disabled_reason) as endpoint from data.webhook_endpoints where id = $1",
        [endpoint_id],
      )
    )[0]?.endpoint as Endpoint;
  await asked('update data.webhook_endpoints set failures = 3, failing_since = now(), paused_until = now() where id = $1', [endpoint_id]);
  for (const act of ['disable', 'disable', 'enable', 'enable'] as const) {
    const before = await endpointNow();
    await owner.ask('POST', `/webhooks/${endpoint_id}/${act}`, {});
    expect(await endpointNow()).toEqual(endpoint(before, { type: act }, Date.now()).state);
  }
  const event = randomUUID();
  const [made] = await asked<{ id: string }>(
    `with e as (insert into data.webhook_events (tenant_id, id, type, object_id, seq) values ($1, $2, 'operation.updated', $2, 1) returning *)
     insert into data.webhook_deliveries (tenant_id, event_id, endpoint_id, object_id, seq, status, attempts, reason, answer) select tenant_id, id, $3, object_id, seq, 'delivered', 8, 'refused', 500 from e returning id`,
    [tenant_id, event, endpoint_id],
  );
  const deliveryNow = async () =>
    (
      await asked<{ d: Delivery }>(
        "select jsonb_build_object('status', status, 'attempts', attempts, 'due_at', guard.ms(due_at), 'claim', claim, 'reason', reason, 'answer', answer) as d from data.webhook_deliveries where id = $1",
        [made?.id],
      )
    )[0]?.d as Delivery;
  for (const status of ['delivered', 'dead'] as const) {
    await asked('update data.webhook_deliveries set status = $2 where id = $1', [made?.id, status]);
    // Nobody takes it meanwhile.
    await asked("update data.webhook_endpoints set paused_until = now() + interval '1 day' where id = $1", [endpoint_id]);
    const before = await deliveryNow();
    await owner.ask('POST', `/webhook-deliveries/${made?.id}/replay`, {});
    expect(await deliveryNow()).toEqual(delivery(before, { type: 'replay' }, Date.now()).state);
  }
});

it('an event by a name that is not on the list is told to nobody, and an endpoint cannot ask for one', async () => {
  const { attending, tenant_id, owner } = clinic;
  await expect(attending.admin.query("select guard.tell($1, 'patient.changed', $2)", [tenant_id, randomUUID()])).rejects.toThrow(
    'there is no event patient.changed',
  );
  await expect(attending.admin.query("update data.webhook_endpoints set events = array['patient.changed']")).rejects.toThrow(
    'check constraint',
  );
  expect((await owner.ask('POST', '/webhooks', { name: 'x', url: 'https://hooks.example.com/', events: ['patient.changed'] })).status).toBe(
    400,
  );
});
