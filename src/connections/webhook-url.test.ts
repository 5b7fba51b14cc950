import { describe, expect, it } from 'vitest';
import { webhookUrl } from './webhook-url.ts';

const refusalOf = (text: string): string => {
  try {
    return `taken as ${webhookUrl(text).href}`;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('where a webhook may be sent', () => {
  it.each([
    'https://hooks.example.com/attending?token=1',
    'https://hooks.example.com:8443/',
    'https://xn--bcher-kva.example/x',
    'http://127.0.0.1:8080/hooks',
    'http://localhost:8080/hooks',
    'https://[::1]:8443/',
    'http://127.8.9.10/',
  ])('%s is taken', (text) => {
    expect(refusalOf(text)).toMatch(/^taken as /);
  });

  it.each<readonly [string, RegExp]>([
    ['hooks.example.com', /not a URL/],
    ['ftp://hooks.example.com/', /must begin with https/],
    ['file:///etc/passwd', /must begin with https/],
    ['http://hooks.example.com/', /without TLS/],
    ['https://ada:secret@hooks.example.com/', /no user name or password/],
    ['https://ada@127.0.0.1/', /no user name or password/],
    ['https://hooks.example.com/#x', /no fragment/],
    ['https://hooks.example.com/#', /no fragment/],
    ['https://hooks.example.com:22/', /port 443 or 8443/],
    ['https://hooks.example.com:80/', /port 443 or 8443/],
    // Addresses, however they are spelt: URL makes four decimals of each, or no host.
    ...[
      '10.0.0.1',
      '192.168.1.1',
      '172.16.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '0',
      '8.8.8.8',
      '2130706432.1',
      '0xa9fea9fe',
      '0251.0376.0251.0376',
      '167772161',
    ].map((host) => [`https://${host}/`, /public host name|not a URL/] as const),
    ...[
      '[::]',
      '[::ffff:a9fe:a9fe]',
      '[::ffff:127.0.0.1]',
      '[fc00::1]',
      '[fe80::1]',
      '[64:ff9b::a9fe:a9fe]',
      '[2002:a9fe:a9fe::]',
      '[2001:db8::1]',
    ].map((host) => [`https://${host}/`, /public host name|not a URL/] as const),
    ...[
      'intranet',
      'printer.local',
      'db.internal',
      'x.localhost',
      '1.0.0.127.in-addr.arpa',
      'nas.lan',
      'localhost.',
      'hooks.example.com.',
    ].map((host) => [`https://${host}/`, /public host name/] as const),
  ])('%s is refused, and says why', (text, why) => {
    expect(refusalOf(text)).toMatch(why);
    expect(refusalOf(text)).not.toContain('secret');
  });
});
