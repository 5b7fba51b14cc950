// Each carrier against its double over a real socket: what is known of a message afterwards, and that nothing but this machine is ever dialled.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Manner } from '../../emulators/carrier.ts';
import { type Carriers, reaching, startCarriers } from '../../test/builders/carriers.ts';
import { verifies } from '../../test/promises.ts';
import { awsSms } from './aws-sms.ts';
import { dial, isLoopback, OutsideError } from './dial.ts';
import { fileTransport } from './file.ts';
import { signed } from './sigv4.ts';
import { smtp } from './smtp.ts';
import { spruce } from './spruce.ts';
import type { Delivered, Transport } from './transport.ts';

let carriers: Carriers;
let by: ReturnType<typeof reaching>;
beforeAll(async () => {
  carriers = await startCarriers();
  by = reaching(carriers.ports, 500);
});
afterAll(() => carriers.close());

let numbers = 0;
const aText = () => {
  numbers += 1;
  return {
    message_id: `00000000-0000-4000-8000-${String(numbers).padStart(12, '0')}`,
    sender: 'Juniper Street Clinic',
    recipient: `+1804555${String(numbers).padStart(4, '0')}`,
    body: `Juniper Street Clinic: please call us. €${numbers}`,
  };
};
const anEmail = () => ({ ...aText(), recipient: `p${numbers}@example.com`, subject: 'You have a new message' });
const sentIn = async (carrier: 'spruce' | 'aws' | 'smtp', manner: Manner) => {
  const message = carrier === 'smtp' ? anEmail() : aText();
  await carriers.behave(message.recipient, manner);
  const delivered: Delivered = await by[carrier].send(message);
  return { message, delivered, taken: await carriers.taken(message.recipient) };
};

const REFUSED = { outcome: 'refused', code: 'refused', retry: false };
const LATER = { ...REFUSED, retry: true };
const BROKE = { outcome: 'unknown', code: 'server_error' };
const SILENT = { outcome: 'unknown', code: 'no_answer' };
/** What is known, and how often the patient got it. */
const KNOWN: Record<'spruce' | 'aws' | 'smtp', Record<Manner, [object, number]>> = {
  spruce: {
    take: [{ outcome: 'sent', provider_id: expect.stringMatching(/^req_/) }, 1],
    refuse: [REFUSED, 0],
    throttle: [LATER, 0],
    break: [BROKE, 0],
    // The key lets it ask once more.
    break_once: [{ outcome: 'sent' }, 1],
    break_after: [BROKE, 1],
    drop_after: [SILENT, 1],
    hang_after: [SILENT, 1],
  },
  aws: {
    take: [{ outcome: 'sent', provider_id: expect.stringMatching(/^aws-/) }, 1],
    refuse: [REFUSED, 0],
    throttle: [LATER, 0],
    break: [BROKE, 0],
    break_once: [BROKE, 0],
    break_after: [BROKE, 1],
    drop_after: [SILENT, 1],
    hang_after: [SILENT, 1],
  },
  smtp: {
    take: [{ outcome: 'sent' }, 1],
    refuse: [REFUSED, 0],
    throttle: [LATER, 0],
    break: [LATER, 0],
    break_once: [LATER, 0],
    // A mail server that answers 4yz to the message itself has not taken it (RFC 5321, 4.2.5), whatever this double kept.
    break_after: [LATER, 1],
    drop_after: [SILENT, 1],
    hang_after: [SILENT, 1],
  },
};

describe.each(['spruce', 'aws', 'smtp'] as const)('%s', (carrier) => {
  it.each(Object.entries(KNOWN[carrier]) as [Manner, [object, number]][])('%s', async (manner, [known, times]) => {
    const { delivered, taken } = await sentIn(carrier, manner);
    expect(delivered).toMatchObject(known);
    expect(taken).toHaveLength(times);
  });
  it('hands over the very words', async () => {
    const { message, taken } = await sentIn(carrier, 'take');
    expect(taken[0]).toMatchObject({ key: message.message_id });
    expect(carrier === 'smtp' ? decoded(taken[0]?.text ?? '') : taken[0]?.text).toContain(message.body);
  });
  it('that nobody listens at is proof that nothing left', async () => {
    const closed = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as net.AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const away = reaching({ smtp: port, spruce: port, aws: port }, 500)[carrier];
    expect(await away.send(anEmail())).toEqual({ outcome: 'refused', code: 'not_reached', retry: true });
  });
});

function decoded(mail: string): string {
  const [head = '', ...rest] = mail.split('\n\n');
  const body = rest.join('\n\n');
  if (/transfer-encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  const soft = body.replaceAll(/=\n/g, '');
  return Buffer.from(
    soft.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
}

describe('the sandbox’s folder', () => {
  it('gets one file a message, for its owner alone, and the same message once', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'attending-outbox-'));
    try {
      const [carrier, message] = [fileTransport(path.join(folder, 'outbox')), aText()];
      expect(await carrier.send(message)).toMatchObject({ outcome: 'sent' });
      expect(await carrier.send(message)).toMatchObject({ outcome: 'sent' });
      const [file = '', ...more] = await readdir(path.join(folder, 'outbox'));
      expect(more).toEqual([]);
      const at = path.join(folder, 'outbox', file);
      expect(JSON.parse(await readFile(at, 'utf8'))).toEqual(message);
      expect((await stat(at)).mode & 0o777).toBe(0o600);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a signature of AWS', () => {
  it('is the one of AWS’s own test vectors (get-vanilla, post-header-value-case)', () => {
    const keys = { access_key_id: 'AKIDEXAMPLE', secret_access_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
    const scope = { region: 'us-east-1', service: 'service', keys, at: new Date('2015-08-30T12:36:00Z') };
    const vanilla = signed({ method: 'GET', url: new URL('https://example.amazonaws.com/'), headers: {}, body: '' }, scope);
    expect(vanilla.authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    );
    const cased = signed(
      { method: 'POST', url: new URL('https://example.amazonaws.com/'), headers: { 'My-Header1': 'VALUE1' }, body: '' },
      scope,
    );
    expect(cased.authorization).toContain('Signature=cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d');
  });
  it('is refused by the double with another secret', async () => {
    const { aws } = carriers.ports;
    const thief = awsSms({
      ...{ url: `http://127.0.0.1:${aws}`, region: 'us-east-1', origination: '+18045550100', now: () => new Date() },
      keys: { access_key_id: 'AKIDDOUBLE', secret_access_key: 'another' },
    });
    const message = aText();
    expect(await thief.send(message)).toEqual(REFUSED);
    expect(await carriers.taken(message.recipient)).toEqual([]);
  });
});

describe('the outside', () => {
  const OUTSIDE = [
    '203.0.113.7', '10.0.0.1', '169.254.169.254', '0.0.0.0', '128.0.0.1', '8.8.8.8', '2001:db8::1', '[2001:db8::1]', '::ffff:203.0.113.7',
    'api.sprucehealth.com', 'localhost.example.com', '127.0.0.1.nip.io', 'LOCALHOST.', 'metadata.google.internal', '',
  ]; // biome-ignore format: a list
  verifies('outbox:nothing-leaves-loopback', async () => {
    const connect = vi.spyOn(net.Socket.prototype, 'connect');
    try {
      for (const host of OUTSIDE) await expect(dial({ host, port: 443, tls: false }, 500), host).rejects.toThrow(OutsideError);
      const outside: Transport[] = [
        spruce({ url: 'https://api.sprucehealth.com/v1', token: 't', endpoint_id: 'e' }),
        spruce({ url: 'http://203.0.113.7/v1', token: 't', endpoint_id: 'e' }),
        awsSms({
          ...{ url: 'https://sms-voice.us-east-1.amazonaws.com', region: 'us-east-1', origination: '+18045550100', now: () => new Date() },
          keys: { access_key_id: 'a', secret_access_key: 'b' },
        }),
        smtp({ host: 'smtp.example.com', port: 25, tls: false, from: 'noreply@clinic.example' }),
        smtp({ host: '198.51.100.9', port: 465, tls: true, from: 'noreply@clinic.example' }),
      ];
      for (const carrier of outside)
        expect(await carrier.send(anEmail())).toEqual({ outcome: 'refused', code: 'not_allowed_outside', retry: false });
      // Not one socket was ever asked to connect; to this machine one is.
      expect(connect).not.toHaveBeenCalled();
      (await dial({ host: 'localhost', port: carriers.ports.smtp, tls: false }, 500)).destroy();
      expect(connect).toHaveBeenCalledTimes(1);
    } finally {
      connect.mockRestore();
    }
  });
  it('says why', async () => {
    await expect(dial({ host: 'api.sprucehealth.com', port: 443, tls: true }, 500)).rejects.toThrow(/addendum/);
  });
  it('is everything that is not this machine', () => {
    expect(['127.0.0.1', '127.8.9.1', '::1'].every(isLoopback)).toBe(true);
    expect(['128.0.0.1', '::2', '::ffff:8.8.8.8', 'localhost', ''].some(isLoopback)).toBe(false);
  });
});
