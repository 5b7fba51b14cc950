// What a receiver gets (standardwebhooks.com): the body is ids and a number, the signature covers id, time and body.
import { Webhook } from 'standardwebhooks';
import type { Random } from '../base/random.ts';

/** Bytes of a secret: 24 to 64 by the standard. */
const SECRET_BYTES = 32;
const PREFIX = 'whsec_';

/** One event for one endpoint. `occurred_at` in ms since 1970. */
export interface Told {
  event_id: string;
  type: string;
  object_id: string;
  seq: number;
  occurred_at: number;
}

/** A new secret as the standard spells it. The caller shows it once, and keeps it in the vault. */
export function mintWebhookSecret(random: Random): string {
  return PREFIX + random.bytes(SECRET_BYTES).toString('base64');
}

/** Ids and no more: a receiver asks for the record by its own credential. */
export function bodyOf({ type, object_id, seq, occurred_at }: Told): string {
  const object = type === 'webhook.test' ? 'endpoint' : type.slice(0, type.indexOf('.'));
  return JSON.stringify({ type, timestamp: new Date(occurred_at).toISOString(), data: { [`${object}_id`]: object_id, seq } });
}

/** The headers of one attempt. `webhook-id` is the event's in every attempt; the time is the attempt's own, or a receiver would refuse a late one. One signature for each secret. */
export function headersOf(
  { event_id }: Pick<Told, 'event_id'>,
  body: string,
  { secrets, now }: { secrets: readonly string[]; now: Date },
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Attending-Webhooks/1',
    'webhook-id': event_id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(event_id, now, body)).join(' '),
  };
}
