// Text messages by Spruce. Source: developer.sprucehealth.com, postMessageFromEndpoint; Idempotency (read 2026-11-22).
import { post, refusedBy } from './http.ts';
import type { Delivered, Outgoing, Transport } from './transport.ts';

/** `url` is https://api.sprucehealth.com/v1 in life; `endpoint_id` the clinic's number, as Spruce lists its internal endpoints. */
export function spruce({
  url,
  token,
  endpoint_id,
  timeout_ms,
}: {
  url: string;
  token: string;
  endpoint_id: string;
  timeout_ms?: number;
}): Transport {
  const address = new URL(`${url.replace(/\/$/, '')}/internalendpoints/${encodeURIComponent(endpoint_id)}/conversations`);
  const attempt = async ({ message_id, recipient, body }: Outgoing): Promise<Delivered> => {
    const answer = await post({
      timeout_ms,
      url: address,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 's-idempotency-key': message_id },
      body: JSON.stringify({ destination: { smsOrEmailEndpoint: recipient }, message: { body: [{ type: 'text', value: body }] } }),
    });
    if ('delivered' in answer) return answer.delivered;
    if (answer.status < 200 || answer.status > 299) return refusedBy(answer.status);
    const request_id = requestIdIn(answer.body);
    return { outcome: 'sent', ...(request_id !== undefined && { provider_id: request_id }) };
  };
  return {
    async send(message) {
      const first = await attempt(message);
      if (first.outcome !== 'unknown') return first;
      // The key makes a second request good: Spruce takes it only where the first was not taken, and refuses a key it has seen (422). That refusal proves nothing of
      // whether the first went on to the patient, so it stays unknown.
      const second = await attempt(message);
      return second.outcome === 'sent' ? second : first;
    },
  };
}

function requestIdIn(body: string): string | undefined {
  try {
    const { requestId } = JSON.parse(body) as { requestId?: unknown };
    return typeof requestId === 'string' ? requestId.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}
