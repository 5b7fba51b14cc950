import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { aDoor, call, LEGACY, META, modern, rpc } from '../../test/conformance/door.ts';
import { CATALOGUE, fakeGate, PORTS, TOKEN } from '../../test/conformance/gate.ts';
import { listen, openServer } from './server.ts';

const LIST = rpc('tools/list', { _meta: META });

describe('who may speak to the server', () => {
  const { send } = aDoor();
  it.each([
    ['evil.example.com', undefined, 403],
    ['localhost.evil.example.com', undefined, 403],
    ['127.0.0.1.nip.io:8787', undefined, 403],
    ['LOCALHOST:1234', undefined, 200],
    ['127.0.0.1:8787', undefined, 200],
    ['[::1]:8787', undefined, 200],
    ['localhost', 'http://evil.example.com', 403],
    ['localhost', 'http://localhost.evil.example.com', 403],
    ['localhost', 'null', 403],
    ['localhost', 'http://claude.ai', 403],
    ['localhost', 'https://claude.ai', 200],
    ['localhost', 'https://chatgpt.com', 200],
    ['localhost', 'http://localhost:6274', 200],
  ])('Host %s with Origin %s', async (host, origin, status) => {
    const answer = await send(LIST, { ...modern('tools/list'), host, ...(origin && { origin }) });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin && status === 200 ? origin : null);
  });

  it('its public name and the names it was given too', async () => {
    const app = openServer({
      ...PORTS,
      gate: fakeGate(),
      catalogue: CATALOGUE,
      public_url: 'https://attending.example.org',
      allowed_hosts: ['10.0.0.7'],
      allowed_origins: ['https://desk.example.org'],
    });
    const ask = async (host: string, origin: string) => (await app.request('/', { headers: { host, origin } })).status;
    expect(await ask('attending.example.org', 'https://attending.example.org')).toBe(200);
    expect(await ask('10.0.0.7:8787', 'https://desk.example.org')).toBe(200);
    expect(await ask('10.0.0.8:8787', 'https://desk.example.org')).toBe(403);
  });
});

describe('a browser client', () => {
  const preflight = (origin: string) => ({
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type,mcp-method',
  });
  it('is told which headers it may send and read', async () => {
    const { send } = aDoor();
    const { status, headers } = await send('', preflight('http://localhost:6274'), 'OPTIONS');
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, 'http://localhost:6274']);
    const allowed = headers.get('access-control-allow-headers')?.split(', ');
    expect(allowed).toEqual(expect.arrayContaining(['authorization', 'content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name']));
    const refused = await send(LIST, { ...modern('tools/list'), origin: 'http://localhost:6274', authorization: 'Bearer dead' });
    expect([refused.status, refused.headers.get('access-control-expose-headers')]).toEqual([401, 'WWW-Authenticate, x-request-id']);
  });

  it('of another origin is told nothing', async () => {
    const { status, headers } = await aDoor().send('', preflight('https://evil.example.com'), 'OPTIONS');
    expect([status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-headers')]).toEqual([403, null, null]);
  });
});

describe('every answer', () => {
  it('has a request id, is not stored, not sniffed and refers nowhere', async () => {
    const { app, gate, send } = aDoor();
    const { headers } = await send(call('connection_status'));
    expect(gate.rows[0]?.knock.request_id).toBe(headers.get('x-request-id'));
    for (const path of ['/', '/mcp', '/nothing', '/healthz']) {
      const { headers: sent } = await app.request(path);
      const [id, ...rest] = ['x-request-id', 'cache-control', 'x-content-type-options', 'referrer-policy'].map((name) => sent.get(name));
      expect([id?.length, ...rest]).toEqual([36, 'no-store', 'nosniff', 'no-referrer']);
    }
  });

  it('at / says where the doors are, and /healthz says nothing', async () => {
    const { app } = aDoor();
    expect(await (await app.request('/')).text()).toMatch(/\/mcp[\s\S]*\/api\/v1[\s\S]*docs/);
    expect(await (await app.request('/healthz')).json()).toEqual({ status: 'ok' });
  });
});

describe('over sockets', () => {
  it('knows the address, cuts what a client says of itself, and trusts no forwarded header', async () => {
    const { app, gate } = aDoor();
    const { url, close } = await listen(app, { host: '127.0.0.1', port: 0 });
    const said = { 'user-agent': `a\tb${'x'.repeat(3000)}`, 'x-forwarded-for': '203.0.113.9' };
    await fetch(`${url}/api/mcp/v1`, { method: 'POST', headers: { ...LEGACY, ...said }, body: JSON.stringify(call('connection_status')) });
    await close();
    const { ip, client, authorization } = gate.rows[0]?.knock ?? {};
    expect([ip, client?.user_agent, authorization]).toEqual(['127.0.0.1', `ab${'x'.repeat(198)}`, `Bearer ${TOKEN}`]);
  });

  it('ends a body without length at 1 MiB', async () => {
    const { app, rows } = aDoor();
    const { url, close } = await listen(app, { host: '127.0.0.1', port: 0 });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(`${url}/mcp`, { method: 'POST', headers: LEGACY }, (answer) => {
        resolve(answer.statusCode);
        asked.destroy();
      });
      asked.on('error', reject);
      const write = (left: number): unknown => (left === 0 ? asked.end() : asked.write('x'.repeat(65_536), () => write(left - 1)));
      write(32);
    });
    await close();
    expect([status, rows()]).toEqual([413, ['unreadable too_large']]);
  });

  it('writes a row for a body that breaks off, and lives on', async () => {
    const { app, rows } = aDoor();
    const { url, close } = await listen(app, { host: '127.0.0.1', port: 0 });
    const { port } = new URL(url);
    const head = Object.entries({ host: 'localhost', ...LEGACY, 'content-length': '100' }).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(`POST /mcp HTTP/1.1\r\n${head.join('')}\r\n{"half":`, () => socket.destroy()),
    );
    await expect.poll(rows).toEqual(['unreadable malformed']);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await close();
  });
});
