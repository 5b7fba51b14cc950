// Two processes tell sixty events of six objects, and are killed again and again: the receiver counts. What they leave begun is looked after 5 s later.
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { systemRandom } from '../../src/base/random.ts';
import { mintWebhookSecret } from '../../src/connections/webhook-message.ts';
import { createSandboxTenant } from '../../src/governance/users.ts';
import { killed } from '../builders/double.ts';
import { aReceiver, type Receiver } from '../builders/receiver.ts';
import { aDatabase, type TestDatabase } from '../pg.ts';
import { verifies } from '../promises.ts';

const OBJECTS = 6;
const EACH = 10;
const KILLS = 8;

let database: TestDatabase;
let admin: pg.Client;
let receiver: Receiver;
const children = new Set<ChildProcess>();
const [tenant_id, user_id, endpoint_id, secret_id] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const secret = mintWebhookSecret(systemRandom);
beforeAll(async () => {
  [database, receiver] = [await aDatabase(), await aReceiver(secret)];
  admin = new pg.Client(database.admin);
  await admin.connect();
  await createSandboxTenant(admin, systemRandom, { tenant_id, name: 'Clinic', time_zone: 'America/New_York' }, [
    { user_id, email: 'ada@clinic.example', display_name: 'Ada Okafor', role: 'owner' },
  ]);
  await admin.query(
    "insert into data.webhook_endpoints (tenant_id, id, name, url, events, secret_id, created_by) values ($1, $2, 'x', $3, array['operation.updated'], $4, $5)",
    [tenant_id, endpoint_id, receiver.url, secret_id, user_id],
  );
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  receiver.close();
  await admin.end();
  await database.drop();
});

function start(): ChildProcess {
  const args = JSON.stringify({ database: database.keeper, secrets: { [secret_id]: secret } });
  const child = fork(path.join(import.meta.dirname, '../builders/teller.ts'), [args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.add(child);
  return child;
}
const counts = async () =>
  Object.fromEntries(
    (
      await admin.query<{ status: string; n: number }>('select status, count(*)::int as n from data.webhook_deliveries group by 1')
    ).rows.map(({ status, n }) => [status, n]),
  ) as Partial<Record<string, number>>;
/** Nothing waits for its time: only what was begun is waited for. */
const hurry = () =>
  admin.query(
    'with e as (update data.webhook_endpoints set paused_until = null) update data.webhook_deliveries set due_at = null where due_at is not null',
  );
const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) {
    await hurry();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

verifies(
  'webhooks:through-crashes',
  async () => {
    const objects = Array.from({ length: OBJECTS }, () => randomUUID());
    for (let n = 0; n < EACH; n += 1)
      for (const object of objects) await admin.query("select guard.tell($1, 'operation.updated', $2)", [tenant_id, object]);
    // The receiver takes its turn: it breaks, hangs up, says nothing after it has taken what came.
    await receiver.behave({
      plan: Array.from({ length: 40 }, (_, n) => (n % 5 === 1 ? 'break' : n % 5 === 3 ? 'lose' : n % 13 === 12 ? 'hang' : 'take')),
    });
    let two = [start(), start()];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { delivered = 0 } = await counts();
      // In the middle of it: something is on its way at this moment.
      await until(async () => {
        const now = await counts();
        return (now.sending ?? 0) > 0 && (now.delivered ?? 0) >= Math.min(delivered + 3, OBJECTS * EACH - 6);
      });
      await Promise.all(two.map(killed));
      two = [start(), start()];
      if (((await counts()).waiting ?? 0) < 10) break;
    }
    await until(async () => {
      const { waiting = 0, sending = 0 } = await counts();
      return waiting + sending === 0;
    });
    await Promise.all(two.map(killed));

    expect(await counts()).toEqual({ delivered: OBJECTS * EACH });
    const came = await receiver.came();
    expect(came.every(({ genuine }) => genuine)).toBe(true);
    // What it broke on was not handled, and what it had was told by its id.
    const { rows } = await admin.query<{ id: string; attempts: number }>('select event_id as id, attempts from data.webhook_deliveries');
    expect(came.length).toBeLessThanOrEqual(rows.reduce((sum, { attempts }) => sum + attempts, 0));
    expect(new Set(came.map(({ headers }) => headers['webhook-id'])).size).toBe(rows.length);
    // Each attempt that was begun stands on record, and of each event one was taken.
    const ended = await admin.query(
      `select d.id from data.webhook_deliveries d left join data.webhook_attempts a on a.delivery_id = d.id
       group by d.id, d.attempts having count(a.n) = d.attempts and max(a.n) = d.attempts and count(a.n) filter (where a.reason is null) = 1`,
    );
    expect(ended.rows.length).toBe(rows.length);
    // The kills and the faults met something.
    expect(came.filter(({ repeated }) => repeated).length).toBeGreaterThan(2);
    expect(rows.filter(({ attempts }) => attempts > 1).length).toBeGreaterThan(8);
    // Whatever came first of each event came in the order of its object.
    for (const object of objects) {
      const seqs = came
        .map(({ body }) => (JSON.parse(body) as { data: { operation_id: string; seq: number } }).data)
        .filter(({ operation_id }) => operation_id === object);
      const first = [...new Set(seqs.map(({ seq }) => seq))];
      expect(first).toEqual(Array.from({ length: EACH }, (_, n) => n + 1));
    }
  },
  240_000,
);
