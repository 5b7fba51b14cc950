// One HTTP request, and what is known of it: that it never left, that it was answered, or neither.
import http from 'node:http';
import { dial, OutsideError } from './dial.ts';
import type { Delivered } from './transport.ts';

const TIMEOUT_MS = 20_000;
/** Answers are small; what is longer is not read. */
const MOST_BYTES = 64 * 1024;

export interface Posted {
  url: URL;
  headers: Record<string, string>;
  body: string;
  /** For the connection, and again for the answer. */
  timeout_ms?: number | undefined;
}

export type Answered = { status: number; body: string } | { outcome: 'refused' | 'unknown'; delivered: Delivered };

/** Posts `body` and answers status and body, or why there is none: nobody was reached (nothing left), or nobody answered what was written (it may have). */
export async function post({ url, headers, body, timeout_ms = TIMEOUT_MS }: Posted): Promise<Answered> {
  const secure = url.protocol === 'https:';
  const port = Number(url.port) || (secure ? 443 : 80);
  const socket = await dial({ host: url.hostname, port, tls: secure }, timeout_ms).catch((error: unknown) => notReached(error));
  if ('outcome' in socket) return { outcome: 'refused', delivered: socket };
  try {
    return await new Promise<Answered>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer in time')), timeout_ms);
      const request = http.request({
        method: 'POST',
        host: url.hostname,
        path: url.pathname + url.search,
        headers: { host: url.host, ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
        createConnection: () => socket,
      });
      request.once('error', reject);
      // Also without an error, and without an answer that is one: an upgrade (101).
      request.once('close', () => {
        clearTimeout(timer);
        reject(new Error('closed without an answer'));
      });
      request.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MOST_BYTES) request.destroy(new Error('the answer is too long'));
        });
        response.once('error', reject).once('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      request.end(body);
    });
  } catch {
    return { outcome: 'unknown', delivered: { outcome: 'unknown', code: 'no_answer' } };
  } finally {
    socket.destroy();
  }
}

/** What a failure to connect says of the message: it did not leave. */
export function notReached(error: unknown): Extract<Delivered, { outcome: 'refused' }> {
  return error instanceof OutsideError
    ? { outcome: 'refused', code: 'not_allowed_outside', retry: false }
    : { outcome: 'refused', code: 'not_reached', retry: true };
}

/** What a status says of the message where the carrier did not take it: a refusal of the request (4xx, or a way elsewhere) is certain, 429 may be tried again; a fault
 *  of the server (5xx) is not: it may have sent it before it failed. */
export function refusedBy(status: number): Delivered {
  if (status >= 500 || status < 300) return { outcome: 'unknown', code: 'server_error' };
  return { outcome: 'refused', code: 'refused', retry: status === 429 };
}
