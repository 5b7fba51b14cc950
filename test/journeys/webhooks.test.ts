// A clinic's program is told what happens in it: over a real socket, to a receiver of its own process.
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { aTellingClinic, EVERY, type Telling } from '../builders/webhooks.ts';
import { verifies } from '../promises.ts';

let clinic: Telling;
beforeAll(async () => {
  clinic = await aTellingClinic();
});
afterAll(() => clinic.close());

verifies('webhooks:no-phi', async () => {
  const { attending, desk, tenant_id, physician, asked, anEndpoint, told, anAppointment, touch, vitals } = clinic;
  const at = await anEndpoint(EVERY, '?token=of-the-receiver');
  const [signed, rejected] = [await vitals(), await vitals()];
  expect((await desk.sign(physician, signed.draft_id)).status).toBe(200);
  await physician.ask('POST', `/drafts/${rejected.draft_id}/reject`, { version: 1, reason: 'Not hers.' });
  const appointment_id = await anAppointment();
  await touch(appointment_id);
  const practitioner_id = await desk.one('select id from data.practitioners where tenant_id = $1 order by id limit 1', [tenant_id]);
  await asked('update data.practitioners set given_name = given_name where id = $1', [practitioner_id]);
  await at.receiver.behave({ plan: ['break'] });
  await told(at);
  const came = await at.receiver.came();
  expect(came.every(({ genuine }) => genuine)).toBe(true);
  const handled = came.filter((each, n) => came.findLastIndex(({ headers }) => headers['webhook-id'] === each.headers['webhook-id']) === n);
  const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  const bodies = handled.map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> });
  expect(bodies.sort((a, b) => (JSON.stringify([a.type, a.data]) < JSON.stringify([b.type, b.data]) ? -1 : 1))).toEqual([
    { type: 'appointment.changed', timestamp: expect.stringMatching(stamp), data: { appointment_id, seq: 1 } },
    { type: 'draft.committed', timestamp: expect.stringMatching(stamp), data: { draft_id: signed.draft_id, seq: 2 } },
    { type: 'draft.rejected', timestamp: expect.stringMatching(stamp), data: { draft_id: rejected.draft_id, seq: 1 } },
    { type: 'draft.signed', timestamp: expect.stringMatching(stamp), data: { draft_id: signed.draft_id, seq: 1 } },
    { type: 'practitioner.changed', timestamp: expect.stringMatching(stamp), data: { practitioner_id, seq: 1 } },
  ]);
  expect(Object.keys(came[0]?.headers ?? {}).sort()).toEqual(
    ['host', 'content-type', 'user-agent', 'webhook-id', 'webhook-timestamp', 'webhook-signature', 'content-length', 'connection'].sort(),
  );
  // No table of ours could hold more of it, and no log line tells where it went, or of whom.
  const [patient] = await asked<{ family_name: string }>('select family_name from data.patients where id = $1', [signed.patient_id]);
  expect(came.map(({ body }) => body).join()).not.toContain(patient?.family_name);
  for (const word of ['of-the-receiver', at.secret, '/hooks', signed.patient_id, patient?.family_name ?? '-'])
    expect(attending.logged().includes(word), word).toBe(false);
  expect(attending.logged()).toContain('a webhook was not taken');
  await at.off();
});

verifies('webhooks:with-the-change', async () => {
  const { attending, tenant_id, elsewhere, asked, anEndpoint, told, anAppointment, touch } = clinic;
  const at = await anEndpoint(['appointment.changed']);
  const id = await anAppointment();
  const events = async () => (await asked('select from data.webhook_deliveries where endpoint_id = $1', [at.endpoint_id])).length;
  const other = new pg.Client(attending.database.admin);
  await other.connect();
  await other.query('begin');
  await other.query('update data.appointments set minutes = minutes where id = $1', [id]);
  await other.query('rollback');
  expect(await events()).toBe(0);
  await other.query('begin');
  await other.query('update data.appointments set minutes = minutes where id = $1', [id]);
  // Not yet: nobody can be told what may still be undone.
  expect([await events(), await attending.app.tell()]).toEqual([0, 0]);
  await other.query('commit');
  await other.end();
  // One transaction wrote the change, the event and what is to be delivered.
  const [row] = await asked<{ one: boolean }>(
    `select a.xmin = e.xmin and e.xmin = d.xmin as one from data.appointments a join data.webhook_events e on e.object_id = a.id
     join data.webhook_deliveries d on d.event_id = e.id and d.endpoint_id = $2 where a.id = $1 order by e.seq desc limit 1`,
    [id, at.endpoint_id],
  );
  expect([await events(), row?.one]).toEqual([1, true]);
  // Of another clinic, and of what it did not ask for, it is told nothing.
  await touch(await anAppointment(elsewhere));
  await asked('update data.practitioners set given_name = given_name where tenant_id = $1', [tenant_id]);
  expect(await events()).toBe(1);
  await told(at);
  await at.off();
});

verifies('webhooks:secret-shown-once', async () => {
  const { attending, owner, asked, anEndpoint, told, anAppointment, touch } = clinic;
  const at = await anEndpoint(['appointment.changed']);
  const appointment = await anAppointment();
  const rotated = await owner.ask('POST', `/webhooks/${at.endpoint_id}/rotate`, {});
  const { secret, two_secrets_until } = rotated.json as unknown as { secret: string; two_secrets_until: string };
  expect([secret !== at.secret, secret.startsWith('whsec_'), Buffer.from(secret.slice(6), 'base64').length]).toEqual([true, true, 32]);
  expect(Math.round((Date.parse(two_secrets_until) - Date.now()) / 3_600_000)).toBe(24);
  expect(await owner.ask('POST', `/webhooks/${at.endpoint_id}/rotate`, {})).toMatchObject({ status: 409 });
  // A receiver with either of them takes what comes: the one before knows the old, this one gets the new too.
  await touch(appointment);
  await told(at);
  const signatures = (await at.receiver.came()).map(({ headers, genuine }) => [
    String(headers['webhook-signature']).split(' ').length,
    genuine,
  ]);
  expect(signatures).toEqual([[2, true]]);
  // After a day only the new one counts.
  await asked("update data.webhook_endpoints set previous_until = clock_timestamp() - interval '1 second' where id = $1", [at.endpoint_id]);
  await touch(appointment);
  await expect.poll(async () => (await at.receiver.came()).at(-1)).toMatchObject({ genuine: false });
  await at.receiver.trusts(secret);
  await told(at);
  expect((await at.receiver.came()).at(-1)).toMatchObject({ genuine: true });
  // Neither stands anywhere but in the vault.
  const { rows } = await attending.admin.query<{ name: string }>(
    "select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('data', 'guard') and c.relkind = 'r'",
  );
  for (const each of [at.secret, secret]) {
    expect(attending.vault.secrets()).toContain(each);
    expect(attending.logged()).not.toContain(each.slice(6));
    expect(JSON.stringify([await at.stands(), await at.list()])).not.toContain(each.slice(6));
    for (const { name } of rows)
      expect((await asked(`select from ${name} t where strpos(t::text, $1) > 0`, [each.slice(6)])).length, name).toBe(0);
  }
  await at.off();
});

verifies('webhooks:nothing-leaves-loopback', async () => {
  const { owner, asked, anEndpoint, told, anAppointment, touch } = clinic;
  for (const url of [
    'http://hooks.example.com/',
    'https://10.0.0.1/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://ada:pw@hooks.example.com/',
    'https://hooks.example.com/#x',
    'https://printer.local/',
  ])
    expect(await owner.ask('POST', '/webhooks', { name: 'x', url, events: ['draft.signed'] }), url).toMatchObject({
      status: 400,
      json: { type: expect.stringContaining('invalid_input') },
    });
  // A public one is kept, and not dialled.
  const made = await owner.ask('POST', '/webhooks', { name: 'x', url: 'https://hooks.example.com/', events: ['appointment.changed'] });
  const { endpoint_id } = made.json as unknown as { endpoint_id: string };
  await touch(await anAppointment());
  await expect
    .poll(() => asked('select status, reason, attempts from data.webhook_deliveries where endpoint_id = $1', [endpoint_id]))
    .toEqual([{ status: 'dead', reason: 'not_allowed_outside', attempts: 1 }]);
  await owner.ask('POST', `/webhooks/${endpoint_id}/disable`, {});
  // A way elsewhere is not gone, and is no success.
  const at = await anEndpoint(['appointment.changed']);
  await at.receiver.behave({ plan: ['move'] });
  await touch(await anAppointment());
  await told(at);
  expect((await at.receiver.came()).map(({ path }) => path)).toEqual(['/hooks', '/hooks']);
  await at.off();
});

verifies(
  'webhooks:given-up-in-words',
  async () => {
    const { owner, asked, anEndpoint, told, anAppointment, touch, attending } = clinic;
    const at = await anEndpoint(['appointment.changed']);
    const appointment = await anAppointment();
    // Eight attempts, then the dead letter; the next event of the object waits until then.
    await at.receiver.behave({ plan: Array.from({ length: 8 }, () => 'break' as const) });
    await touch(appointment);
    await touch(appointment);
    await told(at);
    const ids = (await at.receiver.came()).map(({ headers }) => headers['webhook-id']);
    expect([ids.length, new Set(ids.slice(0, 8)).size, ids[8] !== ids[0]]).toEqual([9, 1, true]);
    const [dead] = await at.list('&status=dead');
    expect(dead).toMatchObject({
      event_id: ids[0],
      status: 'dead',
      reason: 'refused',
      answer: 500,
      attempts: 8,
      type: 'appointment.changed',
    });
    expect(await at.stands()).toMatchObject({ state: 'enabled', dead: 1, waiting: 0 });
    // A person sends it again, under the id it had.
    expect(await owner.ask('POST', `/webhook-deliveries/${dead?.delivery_id}/replay`, {})).toMatchObject({ status: 200 });
    expect(await owner.ask('POST', `/webhook-deliveries/${dead?.delivery_id}/replay`, {})).toMatchObject({ status: 409 });
    await told(at);
    expect((await at.receiver.came()).at(-1)).toMatchObject({ headers: { 'webhook-id': ids[0] } });
    expect(await at.list('&status=dead')).toEqual([]);

    // Five days of nothing but failures.
    await at.receiver.behave({ manner: 'refuse' });
    await touch(appointment);
    await attending.app.tell();
    expect(await at.stands()).toMatchObject({ state: 'enabled', failing_since: expect.any(String) });
    await asked("update data.webhook_endpoints set failing_since = failing_since - interval '5 days' where id = $1", [at.endpoint_id]);
    await at.hurry();
    await told(at);
    expect(await at.stands()).toMatchObject({
      state: 'disabled',
      disabled_reason: 'five_days_of_failures',
      disabled_at: expect.any(String),
      dead: 1,
      waiting: 0,
    });
    // It is told nothing more, and a dead delivery waits until it is enabled.
    await touch(appointment);
    expect(await at.list('&status=waiting')).toEqual([]);
    const [held] = await at.list('&status=dead');
    expect(await owner.ask('POST', `/webhook-deliveries/${held?.delivery_id}/replay`, {})).toMatchObject({ status: 409 });
    expect(await owner.ask('POST', `/webhooks/${at.endpoint_id}/test`, {})).toMatchObject({ status: 409 });
    await owner.ask('POST', `/webhooks/${at.endpoint_id}/enable`, {});
    await at.receiver.behave({ manner: 'take' });
    await owner.ask('POST', `/webhook-deliveries/${held?.delivery_id}/replay`, {});
    await told(at);
    expect(await at.stands()).toMatchObject({ state: 'enabled', dead: 0, waiting: 0, last_delivered_at: expect.any(String) });

    // 410.
    await at.receiver.behave({ manner: 'gone' });
    await touch(appointment);
    await touch(appointment);
    await told(at);
    expect(await at.stands()).toMatchObject({ state: 'disabled', disabled_reason: 'gone', dead: 2 });
    expect((await at.list('&status=dead')).map(({ reason }) => reason).sort()).toEqual(['endpoint_disabled', 'gone']);
  },
  60_000,
);
