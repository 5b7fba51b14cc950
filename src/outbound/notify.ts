// One POST to a program that a clinic named: what it answered, or why it did not. Nothing of what it says is kept but the status.
import http from 'node:http';
import { dial, OutsideError } from './dial.ts';

/** More than this of an answer is not read. */
const MOST_BYTES = 1024;

export interface Notice {
  url: URL;
  headers: Record<string, string>;
  body: string;
}

/** `not_reached`: nothing was sent. `timed_out`, `no_answer`: it may have arrived. */
export type Noticed =
  | { outcome: 'answered'; answer: number }
  | { outcome: 'unanswered'; reason: 'timed_out' | 'not_reached' | 'no_answer' | 'not_allowed_outside' };

/** Sends it once and never throws. Ends within `timeout_ms`, the connection included. A redirect is an answer: nobody follows it. */
export async function notify({ url, headers, body }: Notice, timeout_ms: number): Promise<Noticed> {
  const secure = url.protocol === 'https:';
  const where = { host: url.hostname, port: Number(url.port) || (secure ? 443 : 80), tls: secure };
  let isLate = false;
  let end = () => {};
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, timeout_ms);
  try {
    const dialled = await dial(where, timeout_ms).catch((error: unknown) => error as Error);
    if (dialled instanceof OutsideError) return { outcome: 'unanswered', reason: 'not_allowed_outside' };
    if (dialled instanceof Error) return { outcome: 'unanswered', reason: isLate ? 'timed_out' : 'not_reached' };
    const socket = dialled;
    end = () => void socket.destroy();
    if (isLate) end();
    const answer = await new Promise<number | undefined>((resolve) => {
      const request = http.request({
        method: 'POST',
        host: url.hostname,
        path: url.pathname + url.search,
        headers: { host: url.host, ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
        createConnection: () => socket,
      });
      request.once('error', () => resolve(undefined));
      // Also without an error and without an answer that is one: an upgrade (101).
      request.once('close', () => resolve(undefined));
      request.once('response', (response) => {
        resolve(response.statusCode);
        let bytes = 0;
        response
          .on('error', () => {})
          .on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > MOST_BYTES) request.destroy();
          });
      });
      request.end(body);
    });
    if (answer !== undefined) return { outcome: 'answered', answer };
    return { outcome: 'unanswered', reason: isLate ? 'timed_out' : 'no_answer' };
  } finally {
    clearTimeout(timer);
    end();
  }
}
