// What both doors read of an HTTP request: who knocks, and the body, once.
import type { Context } from 'hono';
import { Fault } from '../base/fault.ts';
import type { Knock } from '../governance/authenticate.ts';
import type { Door } from '../operations/operation.ts';

declare module 'hono' {
  interface ContextVariableMap {
    /** Set by server.ts on every request, before any door. */
    request_id: string;
  }
}

/** Holds a person's login. */
export const LOGIN_COOKIE = 'attending_login';
/** A page of another site cannot set a header of ours; its forms and images stop here. */
export const OURS = 'x-attending';

export const MOST_BYTES = 1024 * 1024;
const DEEPEST = 64;
/** What a client says of itself is kept for support; it is cut, and holds nothing that a terminal or a log would obey. */
const LONGEST_WORD = 200;

/** A request as the gate sees it. The address is the socket's: a forwarded one is whatever the sender wrote. */
export function knockOf(c: Context, door: Door): Knock {
  const incoming = c.env?.incoming as { socket?: { remoteAddress?: string } } | undefined;
  const user_agent = c.req.header('user-agent');
  return {
    authorization: c.req.header('authorization'),
    door,
    ip: incoming?.socket?.remoteAddress ?? '',
    request_id: c.get('request_id'),
    client: user_agent ? { user_agent: printable(user_agent) } : {},
  };
}

/** Throws Fault not_permitted for a change that no page of ours sent. */
export function onlyOurs(c: Context): void {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && c.req.header(OURS) !== '1')
    throw new Fault('not_permitted', `A change is sent with the header ${OURS}: 1.`);
}

export function printable(text: string): string {
  return text
    .slice(0, 4 * LONGEST_WORD)
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '')
    .slice(0, LONGEST_WORD)
    .toWellFormed();
}

/** The body as JSON, or the Fault to answer: too_large over 1 MiB, malformed for anything that is not one UTF-8 JSON document of sane depth. Reads it once. */
export async function readBody(c: Context): Promise<{ parsed: unknown } | Fault> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await bytesOf(c);
  } catch {
    return new Fault('malformed', 'The body ended before it was complete.');
  }
  if (!bytes) return new Fault('too_large', 'The body is larger than 1 MiB.');
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return new Fault('malformed', 'The body is not UTF-8.');
  }
  if (isTooDeep(text)) return new Fault('malformed', `The body is nested deeper than ${DEEPEST} levels.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return new Fault('malformed', 'The body is not JSON.');
  }
  // In UTF-8 only an escape can spell what is no text.
  return text.includes('\\u') && !isText(parsed) ? new Fault('malformed', 'A text holds a NUL or half of a character.') : { parsed };
}

/** Whether every string can be stored: no NUL, no lone surrogate; and nothing is nested deeper than a body may be. */
export function isText(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (value === null || typeof value !== 'object') return true;
  return depth < 2 * DEEPEST && Object.entries(value).every(([key, item]) => isText(key) && isText(item, depth + 1));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** undefined: too large. A body whose length is declared is read in one piece, which is three times faster than by stream; Node ends it at that length. */
async function bytesOf(c: Context): Promise<Uint8Array | undefined> {
  const declared = Number(c.req.header('content-length') ?? Number.NaN);
  if (declared > MOST_BYTES) return undefined;
  if (declared >= 0) {
    const whole = new Uint8Array(await c.req.raw.arrayBuffer());
    return whole.length > MOST_BYTES ? undefined : whole;
  }
  const reader = c.req.raw.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST_BYTES) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counted before anything is parsed: what comes after walks the value by recursion. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** The index of the closing quote, or of the end. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
