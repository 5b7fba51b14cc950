// The books of webhooks: as the sending process asks them (app_keeper, functions alone), and as a person does at the desk.
import { Fault } from '../base/fault.ts';
import { type Nullable, present } from '../base/present.ts';
import type { Random } from '../base/random.ts';
import { type Pool, query } from '../db/pool.ts';
import { type Refusals, refusing } from '../db/refusals.ts';
import { inTransaction } from '../db/sender.ts';
import type { Tx } from '../db/tx.ts';
import type { WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookReason, Webhooks } from '../domains/webhooks.ts';
import { type Delivery, type DeliveryEvent, GIVE_UP_AFTER_MS, reasonOf, settle } from './webhook.ts';
import { mintWebhookSecret } from './webhook-message.ts';
import type { Held, Sealer, WebhookBook, Which } from './webhook-teller.ts';
import { webhookUrl } from './webhook-url.ts';

/** `pool`: of app_keeper. */
export function openWebhookBook(pool: Pool): WebhookBook {
  return {
    take: (now, { claim, most }) =>
      inTransaction(pool, async (tx) => {
        const [row] = await tx.rows<{ held: Held | null }>('select app.take_webhook($1, $2) as held', [now, most]);
        if (!row?.held) return undefined;
        const { delivery, sends } = await step(tx, row.held, { type: 'take', claim }, now);
        if (!sends) throw new Error('a delivery was taken that may not be sent');
        return { ...row.held, delivery };
      }),
    settle: (which, event, now) =>
      inTransaction(pool, async (tx) => {
        const [row] = await tx.rows<{ held: Held | null }>('select app.webhook($1, $2, $3) as held', [which.tenant_id, which.id, now]);
        if (!row?.held) throw new Error('a delivery is gone');
        return (await step(tx, row.held, event, now)).delivery;
      }),
    stuck: ({ older_than_ms, most }) =>
      query<Which & { claim: string | null }>(pool, 'select * from app.stuck_webhooks($1::interval, $2)', [
        `${older_than_ms} milliseconds`,
        most,
      ]),
  };
}

/** Lets the machine decide on what is held, and stores it. An event without a meaning stores nothing. */
async function step(tx: Tx, held: Held, event: DeliveryEvent, now: Date): Promise<{ delivery: Delivery; sends: boolean }> {
  const { delivery, endpoint, sends } = settle(held, event, now.getTime());
  if (delivery !== held.delivery) {
    await tx.rows('select app.keep_webhook($1, $2, $3, $4, $5)', [held.tenant_id, held.id, delivery, endpoint, now]);
    if (event.type === 'answered' || event.type === 'unanswered' || event.type === 'lost') {
      const answer = event.type === 'answered' ? event.answer : null;
      await tx.rows('select app.keep_webhook_attempt($1, $2, $3, $4, $5)', [held.tenant_id, held.id, answer, reasonOf(event), now]);
    }
  }
  return { delivery, sends };
}

const REFUSALS = {
  not_permitted: ['not_permitted', 'Your role does not do this.'],
  mfa_needed: ['mfa_needed', 'Your second factor was entered too long ago.'],
  not_found: ['not_found', 'There is no such endpoint or delivery here.'],
  too_many: ['conflict', 'A clinic tells at most 20 endpoints at once. Disable one first.'],
  two_secrets: ['conflict', 'The secret was changed less than a day ago, and the one before still counts.'],
  disabled: ['conflict', 'The endpoint is disabled. Enable it first.'],
  enabled: ['conflict', 'The endpoint is enabled. Disable it first.'],
  not_dead: ['conflict', 'This delivery is not in the dead letter.'],
  stale_cursor: ['invalid_input', 'cursor: not a cursor of this list. Leave it out to begin again.'],
} as const satisfies Refusals;

type EndpointRow = Nullable<Omit<WebhookEndpoint, 'host' | 'last_failure' | 'given_up_at'>> & {
  url: string;
  last_reason: WebhookReason | null;
  last_answer: number | null;
};
/** Of its address the host alone: the rest may be a secret of the receiver's. */
function endpointOf({ url, last_reason, last_answer, ...row }: EndpointRow): WebhookEndpoint {
  const { failing_since, state } = row;
  const gives_up = failing_since !== null && state === 'enabled';
  return {
    ...(present(row) as Omit<WebhookEndpoint, 'host'>),
    host: new URL(url).host,
    ...(last_reason && { last_failure: { reason: last_reason, ...(last_answer !== null && { answer: last_answer }) } }),
    ...(gives_up && { given_up_at: new Date(Date.parse(failing_since) + GIVE_UP_AFTER_MS).toISOString() }),
  };
}

/** In the transaction of a person's login; the database says who may. */
export function openWebhooks({ tx, random, sealer }: { tx: Tx; random: Random; sealer: Sealer }): Webhooks {
  const asked = <R extends object>(sql: string, values: readonly unknown[] = []) => refusing(tx, REFUSALS).rows<R>(sql, values);
  const one = async <R extends object>(sql: string, values: readonly unknown[]): Promise<R> => {
    const [row] = await asked<R>(sql, values);
    if (!row) throw new Error('the database answered no row');
    return row;
  };
  return {
    endpoints: async () => (await asked<EndpointRow>('select * from app.webhook_endpoints()')).map(endpointOf),
    async create({ name, url, events }) {
      const { href } = webhookUrl(url);
      const [endpoint_id, secret] = [random.uuid(), mintWebhookSecret(random)];
      const secret_id = await sealer.put(secret);
      await asked('select app.create_webhook_endpoint($1, $2, $3, $4, $5)', [endpoint_id, name, href, [...new Set(events)], secret_id]);
      return { endpoint_id, secret };
    },
    async rotate({ endpoint_id }) {
      const secret = mintWebhookSecret(random);
      const secret_id = await sealer.put(secret);
      const { until } = await one<{ until: string }>('select app.rotate_webhook_secret($1, $2) as until', [endpoint_id, secret_id]);
      return { secret, two_secrets_until: until };
    },
    async update({ endpoint_id, name, events }) {
      await asked('select app.update_webhook_endpoint($1, $2, $3)', [endpoint_id, name, [...new Set(events)]]);
    },
    async disable({ endpoint_id }) {
      await asked('select app.disable_webhook_endpoint($1)', [endpoint_id]);
    },
    async enable({ endpoint_id }) {
      await asked('select app.enable_webhook_endpoint($1)', [endpoint_id]);
    },
    async remove({ endpoint_id }) {
      await asked('select app.remove_webhook_endpoint($1)', [endpoint_id]);
    },
    async deliveries({ endpoint_id, status, limit, after }) {
      const rows = await asked('select * from app.webhook_deliveries($1, $2, $3, $4)', [
        ...[endpoint_id ?? null, status ?? null, after ?? null, limit + 1],
      ]);
      return { deliveries: rows.slice(0, limit).map((row) => present(row) as WebhookDelivery), more: rows.length > limit };
    },
    async delivery({ delivery_id }) {
      const [row] = await asked('select * from app.webhook_delivery($1)', [delivery_id]);
      if (!row) throw new Fault(...REFUSALS.not_found);
      const attempts = await asked('select * from app.webhook_attempts($1)', [delivery_id]);
      return { ...(present(row) as WebhookDelivery), ended: attempts.map((each) => present(each) as WebhookAttempt) };
    },
    async replay({ delivery_id }) {
      await asked('select app.replay_webhook($1)', [delivery_id]);
    },
    replayAll: ({ endpoint_id }) => one<{ replayed: number }>('select app.replay_webhooks($1) as replayed', [endpoint_id]),
    test: ({ endpoint_id }) => one<{ delivery_id: string }>('select app.test_webhook($1) as delivery_id', [endpoint_id]),
  };
}
