// A clinic that tells four programs: one that takes what comes, one that has failed since this morning, one that is disabled, one that was never tried. As the sender would have left them.
import { randomUUID } from 'node:crypto';
import type { Attending } from '../app.ts';
import { aLogin } from './login.ts';

const HOUR_MS = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

export async function aFewPrograms({ admin, url, tenants }: Pick<Attending, 'admin' | 'url' | 'tenants'>): Promise<void> {
  const tenant_id = tenants[0]?.tenant_id as string;
  const owner = await aLogin({ admin, url }, { tenant_id, role: 'owner' });
  const add = async (name: string, host: string, events: string[]) => {
    const made = await owner.ask('POST', '/webhooks', { name, url: `https://${host}/attending`, events });
    return (made.json as Record<string, string>).endpoint_id as string;
  };
  const set = (id: string, columns: string, values: unknown[] = []) =>
    admin.query(`update data.webhook_endpoints set ${columns} where id = $1`, [id, ...values]);
  const portal = await add('Patient portal', 'portal.juniper.example.com', ['appointment.changed', 'draft.committed']);
  const billing = await add('Billing house', 'hooks.billing.example.com:8443', ['draft.signed', 'draft.committed', 'appointment.changed']);
  const pager = await add('Pager of the front desk', 'pager.example.com', ['appointment.changed']);
  await add('Roster', 'roster.example.com', ['practitioner.changed']);

  /** A message, and how its attempts ended. */
  const message = async (
    endpoint_id: string,
    type: string,
    hours: number,
    row: { status: string; ended: (number | 'timed_out')[]; due_in_ms?: number },
  ) => {
    const [event_id, id] = [randomUUID(), randomUUID()];
    await admin.query(
      'insert into data.webhook_events (tenant_id, id, type, object_id, seq, occurred_at) values ($1, $2, $3, gen_random_uuid(), 1, $4)',
      [tenant_id, event_id, type, ago(hours)],
    );
    const last = row.ended.at(-1);
    const [answer, reason] = [typeof last === 'number' ? last : null, last === 'timed_out' ? last : last && last < 300 ? null : 'refused'];
    await admin.query(
      `insert into data.webhook_deliveries (tenant_id, id, event_id, endpoint_id, object_id, seq, status, attempts, due_at, reason, answer, settled_at, created_at)
       select e.tenant_id, $2, e.id, $3, e.object_id, 1, $4, $5, $6, $7, $8, $9, e.occurred_at from data.webhook_events e where e.id = $1`,
      [
        ...[
          event_id,
          id,
          endpoint_id,
          row.status,
          row.ended.length,
          row.due_in_ms === undefined ? null : new Date(Date.now() + row.due_in_ms),
        ],
        ...[row.ended.length === 0 ? null : reason, answer, row.status === 'waiting' ? null : ago(hours - 0.1)],
      ],
    );
    for (const [n, ended] of row.ended.entries())
      await admin.query(
        'insert into data.webhook_attempts (tenant_id, delivery_id, n, endpoint_id, ended_at, answer, reason) values ($1, $2, $3, $4, $5, $6, $7)',
        [
          ...[tenant_id, id, n + 1, endpoint_id, ago(hours - n * 0.05)],
          ...(ended === 'timed_out' ? [null, ended] : [ended, ended < 300 ? null : 'refused']),
        ],
      );
  };
  for (const hours of [2, 5, 9]) await message(portal, 'appointment.changed', hours, { status: 'delivered', ended: [204] });
  await set(portal, 'last_delivered_at = $2', [ago(2)]);
  const eight = Array.from({ length: 8 }, (_, n) => (n % 3 === 1 ? 'timed_out' : 500));
  await message(billing, 'appointment.changed', 30, { status: 'dead', ended: [...eight.slice(0, 7), 500] as (number | 'timed_out')[] });
  await message(billing, 'draft.committed', 29, { status: 'dead', ended: eight.with(7, 'timed_out') as (number | 'timed_out')[] });
  await message(billing, 'draft.signed', 1, { status: 'waiting', ended: [500, 500, 500], due_in_ms: 0.4 * HOUR_MS });
  await set(billing, 'failures = 19, failing_since = $2, last_delivered_at = $3, paused_until = $4', [ago(31), ago(40), ago(-0.05)]);
  await message(pager, 'appointment.changed', 60, { status: 'dead', ended: Array.from({ length: 8 }, () => 401) });
  await set(pager, "status = 'disabled', disabled_reason = 'five_days_of_failures', disabled_at = $2, failing_since = $3", [
    ago(50),
    ago(170),
  ]);
}
