// What people do with the endpoints of their clinic, and what they read of the messages: over a real socket, to receivers of their own processes.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aLogin, type Login } from '../builders/login.ts';
import { aTellingClinic, type Telling } from '../builders/webhooks.ts';
import { verifies } from '../promises.ts';

let clinic: Telling;
let stranger: Login;
let compliance: Login;
beforeAll(async () => {
  clinic = await aTellingClinic();
  stranger = await aLogin(clinic.attending, { tenant_id: clinic.elsewhere, role: 'owner' });
  compliance = await aLogin(clinic.attending, { tenant_id: clinic.tenant_id, role: 'compliance' });
});
afterAll(() => clinic.close());

/** What is due is looked for every second. */
const PATIENT = { timeout: 20_000 };

type At = Awaited<ReturnType<Telling['anEndpoint']>>;
const opened = async (delivery_id: unknown, who = clinic.owner) =>
  (await who.ask('GET', `/webhook-deliveries/${delivery_id}`)).json as unknown as { status: string; ended: Record<string, unknown>[] };
const act = (at: At, what: string, body: object = {}) => clinic.owner.ask('POST', `/webhooks/${at.endpoint_id}${what}`, body);
/** One event of an appointment, given up. */
async function givenUp(at: At, appointment: string): Promise<void> {
  await at.receiver.behave({ plan: Array.from({ length: 8 }, () => 'break' as const) });
  await clinic.touch(appointment);
  await clinic.told(at);
}

verifies(
  'webhooks:each-attempt-on-record',
  async () => {
    const { asked, anEndpoint, told, anAppointment, touch, owner } = clinic;
    const at = await anEndpoint(['appointment.changed']);
    await at.receiver.behave({ plan: ['break', 'lose', 'move', 'refuse'] });
    await touch(await anAppointment());
    await told(at);
    const [row] = await at.list();
    const stamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    const first = [
      { ended_at: stamp, reason: 'refused', answer: 500 },
      { ended_at: stamp, reason: 'no_answer' },
      { ended_at: stamp, reason: 'refused', answer: 302 },
      { ended_at: stamp, reason: 'refused', answer: 401 },
      { ended_at: stamp, answer: 204 },
    ];
    expect(await opened(row?.delivery_id)).toMatchObject({ delivery_id: row?.delivery_id, status: 'delivered', attempts: 5 });
    expect((await opened(row?.delivery_id)).ended).toEqual(first);
    expect(await opened(row?.delivery_id, compliance)).toMatchObject({ status: 'delivered' });

    // After a replay they count on; a process that ended is among them, and says nothing of the endpoint.
    await asked("update data.webhook_deliveries set status = 'dead', reason = 'refused' where id = $1", [row?.delivery_id]);
    await at.receiver.behave({ manner: 'break' });
    expect((await owner.ask('POST', `/webhook-deliveries/${row?.delivery_id}/replay`, {})).status).toBe(200);
    await expect.poll(async () => (await opened(row?.delivery_id)).ended.length, PATIENT).toBe(6);
    await asked(
      `update data.webhook_deliveries set status = 'sending', claim = gen_random_uuid(), claim_seen_at = clock_timestamp() - interval '2 minutes' where id = $1`,
      [row?.delivery_id],
    );
    await expect.poll(async () => (await opened(row?.delivery_id)).ended.length, PATIENT).toBe(7);
    expect((await opened(row?.delivery_id)).ended).toEqual([...first, first[0], { ended_at: stamp, reason: 'process_ended' }]);
    const stands = await at.stands();
    expect(stands).toMatchObject({ last_failure: { reason: 'refused', answer: 500 }, failing_since: stamp, given_up_at: stamp });
    expect(Date.parse(String(stands?.given_up_at)) - Date.parse(String(stands?.failing_since))).toBe(5 * 86_400_000);
    await at.receiver.behave({ manner: 'take' });
    await told(at);
    const well = await at.stands();
    for (const field of ['last_failure', 'failing_since', 'given_up_at', 'paused_until']) expect(well).not.toHaveProperty(field);

    // Nobody of another clinic, nor a role without the right, reads them; nobody changes them.
    for (const who of [stranger, clinic.physician])
      expect((await who.ask('GET', `/webhook-deliveries/${row?.delivery_id}`)).status).toBe(404);
    for (const of of ['', `?endpoint_id=${at.endpoint_id}`])
      expect((await stranger.ask('GET', `/webhook-deliveries${of}`)).json).toMatchObject({ deliveries: [] });
    await expect(asked('delete from data.webhook_attempts')).rejects.toThrow();
    await expect(asked("update data.webhook_attempts set reason = 'refused'")).rejects.toThrow();
    await at.off();
  },
  60_000,
);

verifies('webhooks:address-not-shown', async () => {
  const { owner, anEndpoint, told, anAppointment, touch } = clinic;
  const at = await anEndpoint(['appointment.changed'], '?token=of-the-receiver');
  await touch(await anAppointment());
  await told(at);
  const [row] = await at.list();
  const answers = JSON.stringify([(await owner.ask('GET', '/webhooks')).json, await at.list(), await opened(row?.delivery_id)]);
  expect(await at.stands()).toMatchObject({ host: new URL(at.receiver.url).host });
  for (const word of ['of-the-receiver', '/hooks', at.secret]) expect(answers).not.toContain(word);
  await at.off();
});

it('an endpoint that is changed is told of what it asks for from then on, and what waits goes on waiting', async () => {
  const { asked, anEndpoint, told, anAppointment, touch, tenant_id } = clinic;
  const at = await anEndpoint(['appointment.changed']);
  await at.receiver.behave({ manner: 'break' });
  await touch(await anAppointment());
  expect((await act(at, '', { name: 'Portal of the practice', events: ['practitioner.changed', 'practitioner.changed'] })).status).toBe(
    200,
  );
  expect(await at.stands()).toMatchObject({ name: 'Portal of the practice', events: ['practitioner.changed'], waiting: 1 });
  await at.receiver.behave({ manner: 'take' });
  await touch(await anAppointment());
  await asked(
    'update data.practitioners set given_name = given_name where id = (select id from data.practitioners where tenant_id = $1 limit 1)',
    [tenant_id],
  );
  await told(at);
  expect((await at.list()).map(({ type }) => type)).toEqual(['practitioner.changed', 'appointment.changed']);
  for (const body of [
    { name: ' ', events: ['draft.signed'] },
    { name: 'x', events: [] },
    { name: 'x', events: ['webhook.test'] },
  ])
    expect((await act(at, '', body)).status).toBe(400);
  await at.off();
});

verifies('webhooks:removed-for-good', async () => {
  const { attending, owner, anEndpoint, anAppointment, touch, asked } = clinic;
  const at = await anEndpoint(['appointment.changed']);
  expect((await act(at, '/remove')).status).toBe(409);
  // Something is on its way at this moment.
  await at.receiver.behave({ manner: 'hang' });
  await touch(await anAppointment());
  await expect.poll(async () => (await at.receiver.came()).length, PATIENT).toBe(1);
  const [row] = await at.list();
  await at.off();
  expect((await Promise.all([act(at, '/remove'), act(at, '/remove')])).map(({ status }) => status).sort()).toEqual([200, 404]);
  at.receiver.close();
  await expect
    .poll(() => asked('select status, reason from data.webhook_deliveries where id = $1', [row?.delivery_id]), PATIENT)
    .toEqual([{ status: 'dead', reason: 'endpoint_disabled' }]);
  expect(await at.stands()).toBeUndefined();
  expect(await at.list()).toEqual([]);
  expect((await owner.ask('GET', `/webhook-deliveries/${row?.delivery_id}`)).status).toBe(404);
  expect((await owner.ask('POST', `/webhook-deliveries/${row?.delivery_id}/replay`, {})).status).toBe(404);
  for (const what of ['/enable', '/disable', '/test', '/rotate', '/replay', '/remove'])
    expect([what, (await act(at, what)).status]).toEqual([what, 404]);
  expect((await act(at, '', { name: 'x', events: ['draft.signed'] })).status).toBe(404);
  await touch(await anAppointment());
  expect((await asked('select from data.webhook_deliveries where endpoint_id = $1', [at.endpoint_id])).length).toBe(1);
  expect(attending.logged()).not.toContain('webhooks could not be told');
});

verifies(
  'webhooks:dead-letter-again',
  async () => {
    const { owner, anEndpoint, told, anAppointment } = clinic;
    const at = await anEndpoint(['appointment.changed']);
    const other = await anEndpoint(['appointment.changed']);
    await other.receiver.behave({ manner: 'gone' });
    const appointment = await anAppointment();
    for (let n = 0; n < 3; n += 1) await givenUp(at, appointment);
    expect(await at.stands()).toMatchObject({ dead: 3, waiting: 0 });
    expect((await stranger.ask('POST', `/webhooks/${at.endpoint_id}/replay`, {})).status).toBe(404);
    const ids = (await at.list()).map(({ event_id }) => event_id).reverse();
    const before = (await at.receiver.came()).length;
    // Two persons at once: each message is sent again by one of them.
    const two = await Promise.all([act(at, '/replay'), act(at, '/replay')]);
    expect(two.reduce((sum, { json }) => sum + Number(json.replayed), 0)).toBe(3);
    await told(at);
    expect((await at.receiver.came()).slice(before).map(({ headers }) => headers['webhook-id'])).toEqual(ids);
    expect(await at.stands()).toMatchObject({ dead: 0, waiting: 0 });
    expect((await act(at, '/replay')).json).toMatchObject({ replayed: 0 });
    // Of another endpoint nothing is touched, and none of one that is disabled.
    expect(await other.stands()).toMatchObject({ state: 'disabled', dead: expect.any(Number) });
    expect((await owner.ask('POST', `/webhooks/${other.endpoint_id}/replay`, {})).status).toBe(409);
    await at.off();
  },
  60_000,
);
