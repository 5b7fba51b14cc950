// One request over a connection of its own, and exactly what is known of it: that no byte of it left, or what came back. A connection is never used twice, so that none is found dead
// with a request written into it, and nothing here ever asks again.
import type net from 'node:net';
import { Client } from 'undici';
import type { Clock } from '../base/clock.ts';
import { type Dial, OutsideError, type Where } from './dial.ts';
import { gated } from './gate.ts';

export interface Asked {
  method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
}

/** `good_until_ms`: a reading of the clock's `elapsed` until which the right to write certainly lasts (a lease). Null: it is gone. A rejection: it cannot be known, which is the same.
 *  `mayLeave`: asked besides, once, in the very turn in which the first byte is about to go. */
export type MayWrite = () => Promise<{ good_until_ms: number; mayLeave?: () => boolean } | null>;

export interface Limits {
  /** To find the name, connect and greet. */
  connect_ms: number;
  /** From the request to the head of the answer. */
  head_ms: number;
  /** Between two pieces of the body. */
  idle_ms: number;
  /** For all of it. */
  total_ms: number;
  /** Of the body, as it comes over the line. */
  most_bytes: number;
}

/** Source: connectors.md §1.3, machine D (30 s for a request); security.md §7 (1 MiB, 5 s to connect). */
export const LIMITS: Limits = { connect_ms: 5_000, head_ms: 30_000, idle_ms: 10_000, total_ms: 30_000, most_bytes: 1_048_576 };
/** An answer is waited for until this long before the lease ends, so that what came back can be stored under it. */
export const MARGIN_MS = 5_000;
const MOST_HEAD_BYTES = 16_384;
/** What frames the request, and whom it is for, is said here alone. */
export const FRAMING = /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/i;

export type Headers = Readonly<Record<string, string | string[] | undefined>>;
/** Proof that no byte of the request left. `not_allowed`: the policy of dialling forbids the place. `malformed`: it is no request. `not_reached`: no connection. `fence_lost`: the
 *  right to write was gone, or could not be shown. `no_time`: what was left of it was too short, or it was too late to leave. */
export interface NotSent {
  sent: false;
  why: 'not_allowed' | 'malformed' | 'not_reached' | 'fence_lost' | 'no_time';
}
/** Bytes left. `cut` is null where the whole answer came; otherwise why it is not whole, with what came of it: `no_answer` (closed, reset, or no HTTP), `too_slow`, `too_big`,
 *  `no_end` (only the end of the connection ended it, so that nobody knows whether it is all). */
export type Came =
  | { sent: true; cut: null; status: number; headers: Headers; body: Buffer }
  | { sent: true; cut: 'no_answer' | 'too_slow' | 'too_big' | 'no_end'; status: number | null; headers: Headers; body: Buffer };
export type Exchanged = NotSent | Came;

/** Connects, asks `mayWrite`, looks at the clock once more as the first byte is about to go, and reads the answer. Never throws; ends within `total_ms` and before the lease does. */
export async function exchange(
  asked: Asked,
  { dial, clock, mayWrite, limits = LIMITS }: { dial: Dial; clock: Clock; mayWrite: MayWrite; limits?: Limits },
): Promise<Exchanged> {
  const began = clock.elapsed();
  const where = whereOf(asked.url);
  if (!where) return { sent: false, why: 'not_allowed' };
  if (Object.keys(asked.headers ?? {}).some((name) => FRAMING.test(name))) return { sent: false, why: 'malformed' };
  const line = await dial(where, Math.min(limits.connect_ms, limits.total_ms)).then(
    (socket) => ({ socket }),
    (error: unknown): NotSent => ({ sent: false, why: error instanceof OutsideError ? 'not_allowed' : 'not_reached' }),
  );
  if ('why' in line) return line;
  const { socket } = line;
  try {
    const held = await shown(mayWrite, { clock, within_ms: began + limits.total_ms - clock.elapsed() });
    if (held === null) return { sent: false, why: 'fence_lost' };
    const deadline = Math.min(began + limits.total_ms, held.good_until_ms - MARGIN_MS);
    return await converse(asked, { socket, clock, deadline, limits, mayLeave: held.mayLeave });
  } finally {
    socket.destroy();
  }
}

/** What cannot be shown in time, or at all, is not there. */
export async function shown(mayWrite: MayWrite, { clock, within_ms }: { clock: Clock; within_ms: number }): ReturnType<MayWrite> {
  try {
    return await clock.within(within_ms, mayWrite(), () => new Error('no answer in time'));
  } catch {
    return null;
  }
}

/** What is dialled for a URL. Null where it says who asks (user:password@), or is of another protocol. */
function whereOf({ protocol, hostname, port, username, password }: URL): Where | null {
  if (username !== '' || password !== '' || hostname === '') return null;
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  const tls = protocol === 'https:';
  return { host: hostname, port: Number(port) || (tls ? 443 : 80), tls };
}

interface Conversing {
  socket: net.Socket;
  clock: Clock;
  /** A reading of the clock: no first byte leaves after it, and no answer is waited for. */
  deadline: number;
  limits: Limits;
  mayLeave?: (() => boolean) | undefined;
}

/** Never throws. */
async function converse(asked: Asked, { socket, clock, deadline, limits, mayLeave = () => true }: Conversing): Promise<Exchanged> {
  let isLate = false;
  const gate = gated(socket, () => {
    isLate = !(clock.elapsed() < deadline && mayLeave());
    return !isLate;
  });
  const stop = new AbortController();
  const late = () => stop.abort();
  const total = setTimeout(late, Math.max(0, deadline - clock.elapsed()) || 0);
  let step = setTimeout(late, limits.head_ms);
  const goesOn = () => {
    clearTimeout(step);
    step = setTimeout(late, limits.idle_ms);
  };
  const client = clientOver(socket, asked.url);
  const so_far: SoFar = { status: null, headers: {}, pieces: [] };
  let outcome: Came['cut'] | 'malformed';
  try {
    outcome = await read(client, asked, { signal: stop.signal, so_far, goesOn, most_bytes: limits.most_bytes });
  } catch (error) {
    if (stop.signal.aborted) outcome = 'too_slow';
    else outcome = (error as { code?: string }).code === 'UND_ERR_INVALID_ARG' ? 'malformed' : 'no_answer';
  }
  // From here on nothing of the request can leave any more, so that what is said of it below stays true.
  gate.shut();
  clearTimeout(total);
  clearTimeout(step);
  void client.destroy();
  if (!gate.passed()) {
    if (outcome === 'malformed') return { sent: false, why: 'malformed' };
    return { sent: false, why: !isLate && clock.elapsed() < deadline ? 'not_reached' : 'no_time' };
  }
  const { status, headers, pieces } = so_far;
  const body = Buffer.concat(pieces);
  if (outcome === null && status !== null) return { sent: true, cut: null, status, headers, body };
  return { sent: true, cut: outcome === null || outcome === 'malformed' ? 'no_answer' : outcome, status, headers, body };
}

/** A client of this one connection. It knows no second: should it ask for one, it fails. */
function clientOver(socket: net.Socket, { origin }: URL): Client {
  let used = false;
  return new Client(origin, {
    connect: (_options, done) => {
      if (used) return done(new Error('a request goes once'), null);
      used = true;
      // Not in this turn: a Client that is still about to wait for its connection would never hear of it.
      queueMicrotask(() => done(null, socket));
    },
    // 0: the connection is closed after its one request.
    ...{ pipelining: 0, allowH2: false, maxHeaderSize: MOST_HEAD_BYTES },
    // The time is kept in `converse`, to the millisecond.
    ...{ headersTimeout: 0, bodyTimeout: 0 },
  });
}

interface SoFar {
  status: number | null;
  headers: Headers;
  pieces: Buffer[];
}

/** Fills `so_far` as the answer comes, and tells whether all of it came. */
async function read(
  client: Client,
  { method, url, headers, body }: Asked,
  { signal, so_far, goesOn, most_bytes }: { signal: AbortSignal; so_far: SoFar; goesOn: () => void; most_bytes: number },
): Promise<Came['cut']> {
  const answer = await client.request({
    ...{ method, path: url.pathname + url.search, signal },
    headers: { 'accept-encoding': 'identity', ...headers },
    body: typeof body === 'string' ? Buffer.from(body) : (body ?? null),
  });
  so_far.status = answer.statusCode;
  so_far.headers = answer.headers;
  let bytes = 0;
  goesOn();
  for await (const piece of answer.body as AsyncIterable<Buffer>) {
    goesOn();
    bytes += piece.length;
    if (bytes > most_bytes) return 'too_big';
    so_far.pieces.push(piece);
  }
  const { 'content-length': length, 'transfer-encoding': coding } = answer.headers;
  const hasEnd =
    length !== undefined || /\bchunked\s*$/i.test(String(coding)) || method === 'HEAD' || [204, 304].includes(answer.statusCode);
  return hasEnd ? null : 'no_end';
}
