// A clinic whose programs are told, with an owner and a physician at the desk: `startAttending` with real time, since a receiver looks at the time of what comes.
import { systemClock } from '../../src/base/clock.ts';
import { type Attending, startAttending } from '../app.ts';
import { drafting } from './drafting.ts';
import { aLogin } from './login.ts';
import { aReceiver, type Receiver } from './receiver.ts';

export const EVERY = [
  ...['draft.signed', 'draft.committed', 'draft.rejected', 'operation.updated', 'appointment.changed', 'practitioner.changed'],
  'connection.changed',
];
export type Telling = Awaited<ReturnType<typeof aTellingClinic>>;

export async function aTellingClinic(started?: Attending) {
  const attending = started ?? (await startAttending({ clock: systemClock }));
  const desk = drafting(attending, 'physician');
  const [tenant_id, elsewhere] = attending.tenants.map((tenant) => tenant.tenant_id) as [string, string];
  const [owner, physician] = [
    await aLogin(attending, { tenant_id, role: 'owner' }),
    await aLogin(attending, { tenant_id, role: 'physician' }),
  ];
  const receivers: Receiver[] = [];
  let weight = 60;
  const asked = <R extends object>(sql: string, values: unknown[] = []) => desk.asked<R>(sql, values);

  /** Lets the time go by that it would wait. */
  const hurry = (endpoint_id: string) =>
    asked(
      // The endpoint first, as whoever sends takes them.
      `with e as (update data.webhook_endpoints set paused_until = null where id = $1 returning id)
       update data.webhook_deliveries d set due_at = null from e where d.endpoint_id = e.id`,
      [endpoint_id],
    );
  /** A receiver that is told of these events, and trusts the secret that was shown. */
  const anEndpoint = async (events: readonly string[] = EVERY, query = '') => {
    const receiver = await aReceiver();
    receivers.push(receiver);
    const made = await owner.ask('POST', '/webhooks', { name: 'Practice portal', url: receiver.url + query, events });
    if (made.status !== 200) throw new Error(JSON.stringify(made.json));
    const { endpoint_id, secret } = made.json as unknown as { endpoint_id: string; secret: string };
    await receiver.trusts(secret);
    return {
      receiver,
      endpoint_id,
      secret,
      stands: async () =>
        ((await owner.ask('GET', '/webhooks')).json as unknown as { endpoints: Record<string, unknown>[] }).endpoints.find(
          (each) => each.endpoint_id === endpoint_id,
        ),
      list: async (more = '') =>
        (
          (await owner.ask('GET', `/webhook-deliveries?endpoint_id=${endpoint_id}${more}`)).json as unknown as {
            deliveries: Record<string, unknown>[];
          }
        ).deliveries,
      hurry: () => hurry(endpoint_id),
      off: () => owner.ask('POST', `/webhooks/${endpoint_id}/disable`, {}),
    };
  };

  /** Until nothing of the endpoint waits any more. */
  const told = async ({ endpoint_id }: { endpoint_id: string }): Promise<void> => {
    for (;;) {
      await attending.app.tell();
      const [row] = await asked<{ n: number }>(
        "select count(*)::int as n from data.webhook_deliveries where endpoint_id = $1 and status in ('waiting', 'sending')",
        [endpoint_id],
      );
      if (row?.n === 0) return;
      await hurry(endpoint_id);
    }
  };

  const anAppointment = (clinic = tenant_id) =>
    desk.one('select id from data.appointments where tenant_id = $1 order by id limit 1', [clinic]);
  const touch = (id: string) => asked('update data.appointments set minutes = minutes where id = $1', [id]);
  const vitals = async () => {
    const patient_id = await desk.aPatientId(tenant_id);
    weight += 1;
    const { draft_id, text } = await desk.draft('draft_vitals', {
      ...{ patient_id, taken_at: new Date(Date.now() - 3_600_000).toISOString() },
      measurements: [{ kind: 'weight', value: weight, unit: 'kg' }],
    });
    if (!draft_id) throw new Error(text);
    return { patient_id, draft_id };
  };

  return {
    ...{ attending, desk, tenant_id, elsewhere, owner, physician, asked, anEndpoint, told, anAppointment, touch, vitals },
    async close() {
      for (const receiver of receivers) receiver.close();
      await attending.close();
    },
  };
}
