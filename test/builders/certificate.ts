// Certificates for a test, made on the spot: an authority that nobody else trusts, and servers that it vouches for. Source: RFC 5280, 5480.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface Certified {
  cert: string;
  key: string;
}

export interface Authority {
  /** What a client has to trust. */
  ca: string;
  /** A server of that name. */
  certify(name: string): Certified;
}

export function anAuthority(): Authority {
  const issuer = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const basic = extension('551d13', sequence(der(0x01, Buffer.from([0xff]))), true);
  const ca = signed({ subject: 'Nobody’s authority', key: issuer.publicKey, extensions: [basic], by: issuer.privateKey });
  return {
    ca,
    certify(name) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const names = extension('551d11', sequence(der(0x82, Buffer.from(name, 'latin1'))));
      const cert = signed({ subject: name, key: publicKey, extensions: [names], by: issuer.privateKey });
      return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
    },
  };
}

function signed({ subject, key, extensions, by }: { subject: string; key: KeyObject; extensions: Buffer[]; by: KeyObject }): string {
  const algorithm = sequence(oid('2a8648ce3d040302'));
  const body = sequence(
    der(0xa0, integer(2)),
    integer(1, serial >> 8, serial++ & 0xff),
    algorithm,
    nameOf('Nobody’s authority'),
    sequence(der(0x18, Buffer.from('20200101000000Z')), der(0x18, Buffer.from('20990101000000Z'))),
    nameOf(subject),
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, by)])));
  return `-----BEGIN CERTIFICATE-----\n${whole
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n')}\n-----END CERTIFICATE-----\n`;
}

let serial = 1;

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const integer = (...bytes: number[]) => der(0x02, Buffer.from(bytes));
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const nameOf = (common: string) => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(common)))));
const extension = (id: string, value: Buffer, isCritical = false) =>
  sequence(oid(id), ...(isCritical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));
