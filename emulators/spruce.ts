// A double of Spruce: POST /v1/internalendpoints/{id}/conversations. Source: developer.sprucehealth.com (read 2026-11-22); what a fault looks like is ours.
import http from 'node:http';
import type { Carrier } from './carrier.ts';

export const SPRUCE_TOKEN = 'spruce-double';

export function spruceDouble({ taken, mannerTo }: Carrier): http.Server {
  const keys = new Set<string>();
  return http.createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    let raw = '';
    for await (const chunk of request) raw += chunk;
    if (request.headers.authorization !== `Bearer ${SPRUCE_TOKEN}`) return answer(403, { message: 'forbidden' });
    if (request.method !== 'POST' || !/^\/v1\/internalendpoints\/[^/]+\/conversations$/.test(request.url ?? '')) return answer(404, {});
    const { destination, message } = JSON.parse(raw) as {
      destination?: { smsOrEmailEndpoint?: string };
      message?: { body?: { type: string; value: string }[] };
    };
    const recipient = destination?.smsOrEmailEndpoint;
    const [piece] = message?.body ?? [];
    if (recipient === undefined || piece?.type !== 'text') return answer(400, { message: 'bad request' });
    const key = request.headers['s-idempotency-key'];
    const manner = mannerTo(recipient);
    if (manner === 'refuse') return answer(400, { message: `cannot send to ${recipient}` });
    if (manner === 'throttle') return answer(429, { message: 'too many requests' });
    if (manner === 'break') return answer(500, { message: 'internal' });
    if (typeof key === 'string') {
      if (keys.has(key)) return answer(422, { message: 'duplicate_request' });
      keys.add(key);
    }
    taken.push({ by: 'spruce', recipient, text: piece.value, ...(typeof key === 'string' && { key }) });
    if (manner === 'break_after') return answer(500, { message: 'internal' });
    if (manner === 'drop_after') return request.socket.destroy();
    if (manner === 'hang_after') return undefined;
    return answer(200, { requestId: `req_${taken.length}` });
  });
}
