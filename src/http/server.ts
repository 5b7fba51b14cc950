// The one HTTP server: who may speak to it (Host, Origin), what every answer carries, and where the doors are.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Clock } from '../base/clock.ts';
import { type Log, shapeOf } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { Gate } from '../governance/gate.ts';
import type { Logins } from '../governance/logins.ts';
import type { Operation } from '../operations/operation.ts';
import { adminDoor } from './admin.ts';
import { knockOf } from './knock.ts';
import { loginsDoor } from './logins.ts';
import { mcpDoor } from './mcp.ts';
import type { Extend } from './mcp-server.ts';
import { restDoor } from './rest.ts';
import { spaDoor } from './spa.ts';

export interface ServerOptions {
  gate: Gate;
  /** Where people sign in; without it nobody can. */
  logins?: Logins;
  catalogue: readonly Operation[];
  log: Log;
  random: Random;
  clock: Clock;
  version: string;
  /** Host names, without port, beside loopback and the public URL's. */
  allowed_hosts?: readonly string[];
  /** Origins of web pages (https://name), beside loopback, the public URL's, and those of Claude and ChatGPT. */
  allowed_origins?: readonly string[];
  public_url?: string | undefined;
  extend?: Extend;
}

/** What `npm run build` makes of admin/. */
const ADMIN = path.join(import.meta.dirname, '../../admin/dist');
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const CLIENTS = ['https://claude.ai', 'https://claude.com', 'https://chatgpt.com'];
const CORS = {
  'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, accept, mcp-protocol-version, mcp-method, mcp-name',
  'access-control-max-age': '600',
};

/** The app. It answers what `listen` hands it, or a test's `app.request`. */
export function openServer(options: ServerOptions): Hono {
  const { gate, logins, catalogue, log, random, clock, version, public_url, extend } = options;
  const home = public_url === undefined ? undefined : new URL(public_url);
  const hosts = new Set([...LOOPBACK, ...(options.allowed_hosts ?? []), ...(home ? [home.hostname] : [])]);
  const origins = new Set([...CLIENTS, ...(options.allowed_origins ?? []), ...(home ? [home.origin] : [])]);
  /** What a person's cookie opens is for pages of this very origin; no other is so much as told what it may ask. */
  const isPeoples = (c: Context) => /^\/admin(\/|$)/.test(c.req.path);
  const isOwn = (host: string, origin: string) => origin === home?.origin || (host !== home?.host && origin === `http://${host}`);
  const isAllowed = (origin: string) => origins.has(origin) || /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);

  /** DNS rebinding and foreign pages: both are told by what the browser says of itself. A program sends no Origin. */
  const turnedAway = (c: Context, origin: string | undefined): Response | undefined => {
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    if (!hosts.has(host.replace(/:\d+$/, '').toLowerCase()) && c.req.path !== '/healthz')
      return c.text('This Host is not served here.', 403);
    if (origin === undefined) return undefined;
    if (isPeoples(c)) return isOwn(host, origin) ? undefined : c.text('This Origin is not allowed here.', 403);
    if (!isAllowed(origin)) return c.text('This Origin is not allowed here.', 403);
    return c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') ? c.body(null, 204, CORS) : undefined;
  };

  const app = new Hono();
  app.use('*', async (c, next) => {
    const began = clock.elapsed();
    const request_id = random.uuid();
    c.set('request_id', request_id);
    const origin = c.req.header('origin');
    const away = turnedAway(c, origin);
    if (away) c.res = away;
    else await next();

    const { headers, status } = c.res;
    headers.set('x-request-id', request_id);
    // The rest of the body is not read, so no other request can follow on this connection.
    if (status === 413) headers.set('connection', 'close');
    headers.set('x-content-type-options', 'nosniff');
    headers.set('referrer-policy', 'no-referrer');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
    if (origin !== undefined && isAllowed(origin) && !isPeoples(c)) {
      headers.set('access-control-allow-origin', origin);
      headers.set('access-control-expose-headers', 'WWW-Authenticate, x-request-id');
      headers.append('vary', 'Origin');
    }
    log.debug({ request_id, method: c.req.method, status, ms: Math.round(clock.elapsed() - began) }, 'answered');
  });

  const base = public_url?.replace(/\/$/, '') ?? '';
  const welcome = `Attending ${version}\n\nMCP   ${base}/mcp\nREST  ${base}/api/v1\nDesk  ${base}/admin\nDocs  ${base}/api/v1/docs and ${base}/api/v1/openapi.json\n`;
  app.get('/', (c) => c.text(welcome));
  app.get('/healthz', (c) => c.json({ status: 'ok' }));

  const mcp = mcpDoor({ gate, version, log, extend });
  app.all('/mcp', mcp);
  app.all('/api/mcp/v1', mcp);
  app.route('/api/v1', restDoor({ gate, catalogue, log, knockOf: (c) => knockOf(c, 'rest'), version, ...(public_url && { public_url }) }));
  app.route('/admin/v1', adminDoor({ gate, catalogue, log, version, ...(public_url && { public_url }) }));
  if (logins) app.route('/admin', loginsDoor({ logins, log, secure: home?.protocol === 'https:' }));
  const spa = spaDoor({ folder: ADMIN, random });
  app.get('/admin', spa);
  app.get('/admin/*', spa);

  app.notFound((c) => c.text('Nothing here.', 404));
  app.onError((error, c) => {
    log.error({ request_id: c.get('request_id'), ...shapeOf(error) }, 'no answer');
    return c.text('Internal error', 500);
  });
  return app;
}

/** A socket that dribbles its request is closed; checked every five seconds. A load balancer keeps its connections for a minute, so ours last longer. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000, keepAliveTimeout: 65_000 };
/** Longer than a call may take. */
const GRACE_MS = 25_000;

/** How this machine's own browser reaches what listens on `host`. */
export function addressOf(host: string, port: number): string {
  const name = { '0.0.0.0': 'localhost', '::': 'localhost', '::1': '[::1]' }[host] ?? host;
  return `http://${name}:${port}`;
}

/** Serves the app. `close` takes no more requests, lets those in flight end, and rejects never. */
export async function listen(app: Hono, { host, port }: { host: string; port: number }): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(LIMITS, getRequestListener(app.fetch));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: addressOf(host, address.port),
    close: () =>
      new Promise((resolve) => {
        const idle = setInterval(() => server.closeIdleConnections(), 100);
        const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
        server.close(() => {
          clearInterval(idle);
          clearTimeout(late);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
