// The way out of a browser is nobody else's: what another process of this machine, or another context, says to it goes nowhere.
import { request } from 'node:http';
import net from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifies } from '../../test/promises.ts';
import { systemRandom } from '../base/random.ts';
import { type BrowserProxy, openBrowserProxy } from './browser-proxy.ts';
import type { Asked, Came } from './exchange.ts';

let proxy: BrowserProxy;
let carried: Asked[];
let guest: ReturnType<BrowserProxy['admit']>;
const came: Came = { sent: true, cut: null, status: 200, headers: { 'x-of': 'the vendor' }, body: Buffer.from('hello') };
const other: Asked[] = [];

beforeEach(async () => {
  proxy = await openBrowserProxy(systemRandom);
  carried = [];
  guest = proxy.admit(async (asked) => {
    carried.push(asked);
    return came;
  });
});
afterEach(() => proxy.close());

const basic = ({ username, password }: { username: string; password: string }) => Buffer.from(`${username}:${password}`).toString('base64');
/** Says `bytes` as they are, and answers all that comes until the line is closed. `end`: half-closes it after them. */
function say(bytes: string, end = true): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = net.connect(proxy.port, '127.0.0.1', () => (end ? socket.end(bytes) : socket.write(bytes)));
    socket.on('data', (piece) => {
      heard += piece.toString('latin1');
    });
    socket.on('error', () => {}).on('close', () => resolve(heard));
  });
}
const head = (line: string, ...more: string[]) => `${[line, `Host: vendor.example.com`, ...more].join('\r\n')}\r\n\r\n`;
const mine = () => `Proxy-Authorization: Basic ${basic(guest)}`;
const GET = 'GET http://vendor.example.com/a HTTP/1.1';

it('hands on what comes with its credential, and the whole of the answer', async () => {
  const answer = await say(head(GET, mine(), 'Proxy-Connection: keep-alive', 'Accept: text/html', 'Connection: close'), false);
  expect(answer).toMatch(/^HTTP\/1\.1 200 .*x-of: the vendor.*hello$/s);
  expect(carried).toEqual([{ method: 'GET', url: new URL('http://vendor.example.com/a'), headers: { accept: 'text/html' } }]);
});

it('is on loopback alone', () => {
  expect(proxy.port).toBeGreaterThan(0);
  return new Promise<void>((resolve, reject) => {
    const elsewhere = net.connect({ port: proxy.port, host: '127.0.0.2' });
    elsewhere.on('connect', () => reject(new Error('it listens elsewhere too'))).on('error', () => resolve());
  });
});

verifies('browser:proxy-is-nobody-elses', async () => {
  const second = proxy.admit(async (asked) => {
    other.push(asked);
    return came;
  });
  const ended = proxy.admit(async () => came);
  ended.end();
  const wrong = [
    { username: guest.username, password: '' },
    { username: guest.username, password: second.password },
    { username: guest.username, password: `${guest.password}x` },
    { username: guest.username, password: guest.password.slice(1) },
    { username: '', password: guest.password },
    { username: '__proto__', password: guest.password },
    { username: second.username.toUpperCase(), password: second.password },
    ended,
  ];
  const said = [
    ...wrong.map((each) => `Proxy-Authorization: Basic ${basic(each)}`),
    ...[
      'X: 1',
      `Authorization: Basic ${basic(guest)}`,
      `Proxy-Authorization: Bearer ${guest.password}`,
      'Proxy-Authorization: Basic ?',
      `Proxy-Authorization: ${guest.password}`,
    ],
  ];
  for (const authorization of said)
    for (const line of [
      GET,
      'POST http://vendor.example.com/a HTTP/1.1',
      'CONNECT vendor.example.com:443 HTTP/1.1',
      'CONNECT 127.0.0.1:22 HTTP/1.1',
    ])
      expect([authorization, await say(head(line, authorization, 'Connection: close'))]).toEqual([
        authorization,
        expect.stringMatching(/^HTTP\/1\.1 407 /),
      ]);
  expect([carried, other]).toEqual([[], []]);
  expect(await say(head(GET, `Proxy-Authorization: Basic ${basic(second)}`, 'Connection: close'), false)).toMatch(/^HTTP\/1\.1 200 /);
  expect([carried.length, other.length]).toEqual([0, 1]);
});

it('hands on nothing of a request that does not come whole, or that says two things', async () => {
  const post = 'POST http://vendor.example.com/a HTTP/1.1';
  const body = 'note=seen+today';
  const whole = head(post, mine(), `Content-Length: ${body.length}`, 'Connection: close') + body;
  // Cut at every byte: never is half a request taken for one.
  for (let at = 1; at < whole.length; at += 7) await say(whole.slice(0, at));
  expect(carried).toEqual([]);
  const bad = [
    head(GET, mine()).replace('vendor.example.com\r\n', 'other.example.com\r\n'),
    head('GET /a HTTP/1.1', mine()),
    head('GET vendor.example.com/a HTTP/1.1', mine()),
    head('PROPFIND http://vendor.example.com/a HTTP/1.1', mine()),
    head(GET, mine(), 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: a', 'Sec-WebSocket-Version: 13'),
    `${head(post, mine(), 'Content-Length: 3', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    `${head(post, mine(), 'Transfer-Encoding: chunked')}5\r\nhello\r\n`,
    `${head('CONNECT vendor.example.com:80 HTTP/1.1', mine())}${head('GET http://other.example.com/ HTTP/1.1')}`,
    `${head('CONNECT vendor.example.com:80 HTTP/1.1', mine())}${head('GET / HTTP/1.1').replace('vendor', 'other')}`,
    `${head('CONNECT vendor.example.com:443 HTTP/1.1', mine())}\x16\x03\x01 this is no greeting of TLS`,
  ];
  for (const each of bad) await say(each);
  expect(carried).toEqual([]);
  expect(await say(whole, false)).toMatch(/^HTTP\/1\.1 200 /);
  expect(carried).toEqual([{ method: 'POST', url: new URL('http://vendor.example.com/a'), headers: {}, body: Buffer.from(body) }]);
});

it('carries one request on a line, and never what is said behind it', async () => {
  const tunnel = request({
    port: proxy.port,
    host: '127.0.0.1',
    method: 'CONNECT',
    path: 'vendor.example.com:80',
    headers: { 'proxy-authorization': `Basic ${basic(guest)}` },
  });
  const heard = await new Promise<string>((resolve) => {
    tunnel.on('connect', (_, socket) => {
      let text = '';
      socket.on('data', (piece: Buffer) => {
        text += piece.toString('latin1');
      });
      socket.on('close', () => resolve(text));
      socket.write(head('GET /a HTTP/1.1') + head('GET /b HTTP/1.1'));
    });
    tunnel.end();
  });
  await turn();
  expect(heard).not.toContain('hello');
  await say(head(GET, mine()) + head(GET.replace('/a', '/b'), mine()), false);
  expect(carried.map(({ url }) => url.href)).toEqual(['http://vendor.example.com/a', 'http://vendor.example.com/a']);
});
