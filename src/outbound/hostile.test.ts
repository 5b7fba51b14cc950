// Servers that are no carrier, on a real socket: whatever one says, or however it falls silent, the process lives, and what is not known is not claimed.
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { awsSms } from './aws-sms.ts';
import { smtp } from './smtp.ts';
import { spruce } from './spruce.ts';
import type { Transport } from './transport.ts';

const TIMEOUT_MS = 200;
type Behaviour = (socket: net.Socket) => void;
let server: net.Server | undefined;
afterEach(() => void server?.close());

async function portOf(behave: Behaviour): Promise<number> {
  server = net.createServer((socket) => {
    socket.on('error', () => {});
    behave(socket);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}

const UNKNOWN = { outcome: 'unknown', code: 'no_answer' };
const message = { message_id: '00000000-0000-4000-8000-000000000001', sender: 'Clinic', subject: 'New message', body: 'Please call us.' };
const says =
  (text: string): Behaviour =>
  (socket) =>
    void socket.write(text);
/** Says it again and again, until nobody listens. */
const goesOn =
  (first: string, more: string): Behaviour =>
  (socket) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(more), 5);
    socket.on('close', () => clearInterval(timer));
  };

const HTTP: Record<string, Behaviour> = {
  'no HTTP': says('\u0000\u0001 no HTTP\r\n\r\n'),
  'an upgrade': says('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nhello'),
  'a broken chunk': says('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZZ\r\nx'),
  'half an answer': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}');
    setTimeout(() => socket.destroy(), 20);
  },
  'a reset': (socket) => void socket.once('data', () => socket.resetAndDestroy()),
  'a head without end': goesOn('HTTP/1.1 200 OK\r\nx: ', 'y'),
  'a body without end': goesOn('HTTP/1.1 200 OK\r\n\r\n', 'y'.repeat(60_000)),
  'continue, for ever': goesOn('', 'HTTP/1.1 100 Continue\r\n\r\n'),
};
const texting: Record<string, (port: number) => Transport> = {
  spruce: (port) => spruce({ url: `http://127.0.0.1:${port}/v1`, token: 't', endpoint_id: 'e', timeout_ms: TIMEOUT_MS }),
  aws: (port) =>
    awsSms({
      ...{
        url: `http://127.0.0.1:${port}`,
        region: 'us-east-1',
        origination: '+18045550100',
        now: () => new Date(),
        timeout_ms: TIMEOUT_MS,
      },
      keys: { access_key_id: 'a', secret_access_key: 'b' },
    }),
};

describe.each(Object.keys(texting))('%s', (carrier) => {
  it.each(Object.entries(HTTP))('where there is %s: unknown, within its time', async (_, behave) => {
    const send = texting[carrier]?.(await portOf(behave)).send;
    const began = performance.now();
    expect(await send?.({ ...message, recipient: '+18045550101' })).toEqual(UNKNOWN);
    // Spruce asks twice.
    expect(performance.now() - began).toBeLessThan(2 * TIMEOUT_MS + 1_500);
  });
});

/** A mail server that answers as one should, but where it is said otherwise. */
const mailServer =
  (otherwise: Record<string, Behaviour>): Behaviour =>
  (socket) => {
    const usual: Record<string, string> = { EHLO: '250-x\r\n250 AUTH PLAIN\r\n', DATA: '354 go on\r\n' };
    let in_data = false;
    socket.write('220 x\r\n');
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        if (in_data && line !== '.') continue;
        const word = line === '.' ? line : line.slice(0, 4).toUpperCase();
        in_data = word === 'DATA';
        const behave = otherwise[word] ?? says(usual[word] ?? '250 ok\r\n');
        behave(socket);
      }
    });
  };
const STARTTLS = says('250-x\r\n250 STARTTLS\r\n');
const NOT_REACHED = { outcome: 'refused', code: 'not_reached', retry: true };
const SMTP: Record<string, [behave: Behaviour, known: object]> = {
  'no SMTP': [says('\u0000 no SMTP\r\n'), NOT_REACHED],
  'a line without end': [goesOn('220 x', 'x'.repeat(1000)), NOT_REACHED],
  'a refusal, twice': [says('554 go away\r\n554 really\r\n'), { outcome: 'refused', code: 'refused', retry: false }],
  'no TLS after STARTTLS': [mailServer({ EHLO: STARTTLS, STAR: says('220 go\r\nthis is no TLS') }), NOT_REACHED],
  'silence after STARTTLS': [mailServer({ EHLO: STARTTLS, STAR: says('220 go\r\n') }), NOT_REACHED],
  'a reset after the message': [mailServer({ '.': (socket) => void socket.resetAndDestroy() }), UNKNOWN],
  'an answer to the message that is none': [mailServer({ '.': says('354 go on\r\n') }), UNKNOWN],
  'yes, and then no': [mailServer({ '.': says('250 ok\r\n550 no\r\n421 bye\r\n') }), { outcome: 'sent' }],
};

describe('smtp', () => {
  const to = async (behave: Behaviour, recipient: string) =>
    smtp({ host: '127.0.0.1', port: await portOf(behave), tls: false, from: 'noreply@clinic.example' }, TIMEOUT_MS).send({
      ...message,
      recipient,
    });
  it.each(Object.entries(SMTP))('where there is %s: what is known, and no more', async (_, [behave, known]) => {
    expect(await to(behave, 'p@example.com')).toMatchObject(known);
    // What still comes on the socket comes to nobody.
    await new Promise((resolve) => setTimeout(resolve, 2 * TIMEOUT_MS));
  });
  it('an address that holds a command reaches nobody', async () => {
    const heard: string[] = [];
    const listening: Behaviour = (socket) => {
      socket.on('data', (chunk) => heard.push(chunk.toString()));
      mailServer({})(socket);
    };
    for (const recipient of ['p@example.com\r\nRCPT TO:<q@example.com>', '"p" <p@example.com>', 'p@example.com>\r\nDATA'])
      expect(await to(listening, recipient)).not.toMatchObject({ outcome: 'sent' });
    expect(heard.join('')).not.toMatch(/RCPT|DATA/);
  });
});
