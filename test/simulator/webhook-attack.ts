// Somebody between us and a receiver: he has heard messages, changes a bit of one, or sends one again. The receiver does what docs/webhooks.md says, and no more.
import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { bodyOf, headersOf } from '../../src/connections/webhook-message.ts';
import { type Chance, chanceOf } from './world.ts';

interface Message {
  headers: Record<string, string>;
  body: Buffer;
}

/** The Node lines of docs/webhooks.md: verified over the raw bytes, then known by its id. Answers whether it was handled. */
function aReceiver(secret: string) {
  const webhook = new Webhook(secret);
  const seen = new Set<string>();
  return ({ headers, body }: Message): boolean => {
    try {
      webhook.verify(body.toString('utf8'), headers);
    } catch {
      return false;
    }
    const id = headers['webhook-id'] ?? '';
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  };
}

/** So many attempts, half of them one bit flipped, half the same again: in its time, as if of now, or hours late. `genuine` counts messages that were handled as they are. `sign`: another way to
 *  sign, for a proof that this can fail. */
export function attackWebhooks({ attempts, seed, sign = headersOf }: { attempts: number; seed: number; sign?: typeof headersOf }): {
  attempts: number;
  genuine: number;
  accepted: number;
} {
  const chance = chanceOf(seed);
  const [secret, other] = [0, 1].map(() => `whsec_${randomBytes(32).toString('base64')}`) as [string, string];
  let [genuine, accepted] = [0, 0];
  for (let n = 0; n < attempts; n += 1) {
    const handle = aReceiver(secret);
    const told = {
      event_id: randomUUID(),
      type: 'appointment.changed',
      object_id: randomUUID(),
      seq: chance.between(1, 99),
      occurred_at: Date.now(),
    };
    const text = bodyOf(told);
    // In a rotation each message has two signatures; the receiver has one of the secrets.
    const secrets = chance.happens(0.3) ? [other, secret] : [secret];
    const age_s = chance.happens(0.2) ? chance.between(301, 300_000) : 0;
    const message: Message = { headers: sign(told, text, { secrets, now: new Date(Date.now() - age_s * 1000) }), body: Buffer.from(text) };
    if (n % 2 === 0) {
      accepted += Number(handle(flipped(message, chance, { signature: secrets.length - 1 })));
      continue;
    }
    const is_handled = handle(message);
    if (age_s === 0) genuine += Number(is_handled);
    else accepted += Number(is_handled);
    accepted += Number(handle(message));
    // As if of now, at a receiver that has forgotten the id.
    const renewed = { ...message.headers, 'webhook-timestamp': String(Math.floor(Date.now() / 1000) + chance.between(1, 200)) };
    accepted += Number(aReceiver(secret)({ ...message, headers: renewed }));
  }
  return { attempts, genuine, accepted };
}

/** One bit of what the signature covers, or of the signature that counts. */
function flipped({ headers, body }: Message, chance: Chance, { signature }: { signature: number }): Message {
  const flip = (bytes: Buffer): Buffer => {
    const changed = Buffer.from(bytes);
    const at = chance.between(0, changed.length - 1);
    changed[at] = (changed[at] as number) ^ (1 << chance.between(0, 7));
    return changed;
  };
  const where = chance.one(['body', 'webhook-id', 'webhook-timestamp', 'webhook-signature'] as const);
  if (where === 'body') return { headers, body: flip(body) };
  if (where !== 'webhook-signature')
    return { headers: { ...headers, [where]: flip(Buffer.from(headers[where] ?? '')).toString('latin1') }, body };
  const signatures = (headers['webhook-signature'] ?? '').split(' ');
  signatures[signature] = flip(Buffer.from(signatures[signature] ?? '')).toString('latin1');
  return { headers: { ...headers, 'webhook-signature': signatures.join(' ') }, body };
}
