// The only way out of a browser: a proxy on loopback that ends the browser's TLS here and hands each request on as a whole. So what leaves is dialled, fenced and judged as any other request of
// ours is (exchange.ts), and of https as much is known as of http. The vendor's certificate is looked at where it is dialled.
import { timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import type net from 'node:net';
import tls from 'node:tls';
import type { Random } from '../base/random.ts';
import { type Asked, type Came, FRAMING } from './exchange.ts';
import { selfSigned } from './self-signed.ts';

/** Takes a request to where it goes. Null: there is no whole answer, and the browser is told by a closed connection alone, never by words that it could take for the vendor's. Never rejects. */
export type Carry = (asked: Asked) => Promise<Came | null>;

export interface BrowserProxy {
  port: number;
  /** The one key that the browser has to take for every host's. */
  spki_sha256: string;
  /** A way for one context, by a credential that only it is told. */
  admit(carry: Carry): { username: string; password: string; end(): void };
  close(): void;
}

/** Of the body of a request. What is longer never leaves. */
const MOST_BYTES = 16 * 1_048_576;
const MOST_HEAD_BYTES = 65_536;
/** For a request to come whole from the browser, which is on this machine. */
const REQUEST_MS = 30_000;
const METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

interface Guest {
  password: Buffer;
  carry: Carry;
}

/** Listens at 127.0.0.1. Whoever has no credential is asked for one, and gets nothing else. */
export async function openBrowserProxy(random: Random): Promise<BrowserProxy> {
  const guests = new Map<string, Guest>();
  const { key, cert, spki_sha256 } = selfSigned();
  const context = tls.createSecureContext({ key, cert, minVersion: 'TLSv1.2' });
  const used = new WeakSet<net.Socket>();
  const tunnels = new WeakMap<net.Socket, { guest: Guest; origin: string }>();
  const sockets = new Set<net.Socket>();
  const limits = { maxHeaderSize: MOST_HEAD_BYTES, requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS };

  const guestOf = ({ headers }: http.IncomingMessage): Guest | null => {
    const said = /^basic ([a-z0-9+/=]+)$/i.exec(headers['proxy-authorization'] ?? '')?.[1] ?? '';
    const [, username = '', password = ''] = /^([^:]*):(.*)$/.exec(Buffer.from(said, 'base64').toString('latin1')) ?? [];
    const guest = guests.get(username);
    const told = Buffer.from(password, 'latin1');
    return guest && told.length === guest.password.length && timingSafeEqual(told, guest.password) ? guest : null;
  };

  /** A line carries one request. What more is said on it goes nowhere, and ends it. */
  const isSecond = ({ socket }: http.IncomingMessage): boolean => {
    const is = used.has(socket);
    used.add(socket);
    if (is) socket.destroy();
    return is;
  };
  const inside = http.createServer(limits, (request, response) => {
    if (isSecond(request)) return undefined;
    const tunnel = tunnels.get(request.socket);
    const path = request.url ?? '';
    if (!tunnel || !path.startsWith('/')) return request.socket.destroy();
    return void converse(tunnel.guest, `${tunnel.origin}${path}`, request, response);
  });
  const outside = http.createServer(limits, (request, response) => {
    if (isSecond(request)) return undefined;
    const guest = guestOf(request);
    if (guest === null) return void response.writeHead(407, ASK).end();
    return void converse(guest, request.url ?? '', request, response);
  });
  outside.on('connect', (request, socket: net.Socket, early) => {
    // A tunnel that nobody speaks in is closed.
    const close = () => void socket.destroy();
    socket
      .on('error', () => {})
      .once('end', close)
      .setTimeout(REQUEST_MS, close);
    const guest = guestOf(request);
    if (guest === null)
      return socket.end(
        `HTTP/1.1 407 X\r\nProxy-Authenticate: ${ASK['proxy-authenticate']}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
    socket.write('HTTP/1.1 200 X\r\n\r\n');
    if (early.length > 0) socket.unshift(early);
    return socket.once('data', (first: Buffer) => {
      socket.off('end', close).setTimeout(0).pause();
      socket.unshift(first);
      // A browser asks for a tunnel for ws: as well, and then says what it has to say in the open.
      const secure = first[0] === 0x16;
      const talk = secure ? new tls.TLSSocket(socket, { isServer: true, secureContext: context, ALPNProtocols: ['http/1.1'] }) : socket;
      talk.on('error', () => socket.destroy());
      tunnels.set(talk, { guest, origin: `${secure ? 'https' : 'http'}://${request.url}` });
      inside.emit('connection', talk);
      if (!secure) talk.resume();
    });
  });
  for (const server of [inside, outside]) {
    // A WebSocket is a way to write that cannot be held at a gate: there is none.
    server.on('upgrade', (_request, socket) => socket.destroy());
    server.on('clientError', (_error, socket) => socket.destroy());
  }
  outside.on('connection', (socket) => void sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket))));
  await new Promise<void>((resolve, reject) => outside.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    port: (outside.address() as net.AddressInfo).port,
    spki_sha256,
    admit(carry) {
      const username = random.uuid();
      const password = random.bytes(32).toString('base64url');
      guests.set(username, { password: Buffer.from(password, 'latin1'), carry });
      return { username, password, end: () => void guests.delete(username) };
    },
    close() {
      guests.clear();
      outside.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const ASK = { 'proxy-authenticate': 'Basic realm="Attending"', connection: 'close', 'content-length': '0' };

/** Hands on one request and the whole of its answer. */
async function converse(guest: Guest, url: string, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  try {
    const asked = await askedIn(url, request);
    const came = asked && (await guest.carry(asked));
    if (!came || came.cut !== null || request.socket.destroyed) return void request.socket.destroy();
    response.writeHead(came.status, headersFor(came));
    // Of HEAD the server says the length of what it does not send.
    response.end(came.body);
  } catch {
    request.socket.destroy();
  }
}

/** A request of which all has come. Null where it is none that is handed on. */
async function askedIn(url: string, request: http.IncomingMessage): Promise<Asked | null> {
  const { method = '', headers } = request;
  if (!METHODS.includes(method) || !URL.canParse(url)) return null;
  const to = new URL(url);
  // Whom a request is for is said twice, and means the same.
  if (headers.host !== undefined && headers.host.toLowerCase() !== to.host) return null;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) return null;
    pieces.push(piece);
  }
  // What breaks off in the middle ends the loop with an error, or with this.
  if (!request.complete) return null;
  const kept = Object.entries(headers).filter(([name, value]) => typeof value === 'string' && !FRAMING.test(name)) as [string, string][];
  const hasBody = bytes > 0 || !['GET', 'HEAD', 'OPTIONS'].includes(method);
  return { method: method as Asked['method'], url: to, headers: Object.fromEntries(kept), ...(hasBody && { body: Buffer.concat(pieces) }) };
}

/** Which of a vendor's headers reach the browser: not what framed the answer on the other line, nor a way past us (QUIC). */
function headersFor({ headers, body, status }: Came): Record<string, string | string[]> {
  const latin = (value: string) => Buffer.from(value, 'utf8').toString('latin1');
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || FRAMING.test(name) || name === 'alt-svc'
      ? []
      : [[name, Array.isArray(value) ? value.map(latin) : latin(value)] as const],
  );
  const length = status === 204 || status === 304 ? {} : { 'content-length': String(body.length) };
  return { ...Object.fromEntries(kept), ...length, connection: 'close' };
}
