// One notice over a real socket: what is known of it afterwards.
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { notify } from './notify.ts';

const opened: net.Server[] = [];
const listening = (server: net.Server) =>
  new Promise<URL>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      opened.push(server);
      resolve(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?x=1`));
    }),
  );
const raw = (answer: (socket: net.Socket) => void) =>
  listening(net.createServer((socket) => void socket.on('error', () => {}).once('data', () => answer(socket))));
afterAll(() => {
  for (const server of opened) server.close();
});

const send = (url: URL, timeout_ms = 2_000) => notify({ url, headers: { 'webhook-id': 'evt' }, body: '{"a":1}' }, timeout_ms);

describe('a notice', () => {
  it('arrives with its headers and its bytes, and answers the status', async () => {
    let came: unknown;
    const url = await listening(
      http.createServer(async (request, response) => {
        let body = '';
        for await (const piece of request) body += piece;
        came = { method: request.method, url: request.url, id: request.headers['webhook-id'], host: request.headers.host, body };
        response.writeHead(202).end();
      }),
    );
    expect(await send(url)).toEqual({ outcome: 'answered', answer: 202 });
    expect(came).toEqual({ method: 'POST', url: '/hooks?x=1', id: 'evt', host: url.host, body: '{"a":1}' });
  });

  it('follows no redirect', async () => {
    let asked = 0;
    const elsewhere = await listening(http.createServer((_, response) => response.writeHead(200).end(String(++asked))));
    const url = await listening(http.createServer((_, response) => response.writeHead(307, { location: elsewhere.href }).end()));
    expect(await send(url)).toEqual({ outcome: 'answered', answer: 307 });
    expect(asked).toBe(0);
  });

  it('reads no endless answer: the status stands, and the line is closed', async () => {
    let closed: (() => void) | undefined;
    const ended = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const url = await listening(
      http.createServer((_, response) => {
        response.writeHead(200);
        const more = (): void => {
          while (response.write('x'.repeat(65_536)));
        };
        response.on('drain', more).on('close', () => closed?.());
        more();
      }),
    );
    expect(await send(url)).toEqual({ outcome: 'answered', answer: 200 });
    await ended;
  });

  it.each<readonly [string, (socket: net.Socket) => void, 'timed_out' | 'no_answer']>([
    ['says nothing', () => {}, 'timed_out'],
    [
      'drips its header',
      (socket: net.Socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        setInterval(() => socket.write('x: y\r\n'), 20).unref();
      },
      'timed_out',
    ],
    ['closes the line', (socket: net.Socket) => void socket.end(), 'no_answer'],
    ['resets it', (socket: net.Socket) => void socket.resetAndDestroy(), 'no_answer'],
    ['says what is no HTTP', (socket: net.Socket) => void socket.end('220 mail.example.com ESMTP\r\n'), 'no_answer'],
    [
      'wants to speak something else',
      (socket: net.Socket) => void socket.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      'no_answer',
    ],
  ])('to a receiver that %s is not answered', async (_, answer, reason) => {
    const noticed = await send(await raw(answer), 500);
    expect(noticed).toEqual({ outcome: 'unanswered', reason });
  });

  it('to nobody was not sent', async () => {
    const url = await raw(() => {});
    opened.pop()?.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await send(url)).toEqual({ outcome: 'unanswered', reason: 'not_reached' });
  });

  it.each([
    'https://93.184.216.34/',
    'https://hooks.example.com/',
    'http://169.254.169.254/latest/',
    'http://0.0.0.0/',
    'http://[::ffff:a9fe:a9fe]/',
  ])('to %s is not sent', async (url) => {
    expect(await send(new URL(url))).toEqual({ outcome: 'unanswered', reason: 'not_allowed_outside' });
  });
});
