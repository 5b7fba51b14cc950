// A certificate for one end of a conversation inside this machine: its key never leaves the process, and nobody trusts it but whoever is told its fingerprint. Source: RFC 5280.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

export interface SelfSigned {
  key: string;
  cert: string;
  /** SHA-256 of its public key in base64, as Chromium wants it said. */
  spki_sha256: string;
}

/** A new key, and a certificate of it that names nobody. */
export function selfSigned(): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const ecdsaWithSha256 = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
  const name = sequence(der(0x31, sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('Attending')))));
  // It lives as long as the process, and is trusted by its key alone: the dates say nothing.
  const dates = sequence(der(0x18, Buffer.from('20200101000000Z')), der(0x18, Buffer.from('20990101000000Z')));
  const version3 = der(0xa0, der(0x02, Buffer.from([2])));
  const body = sequence(version3, der(0x02, Buffer.from([1])), ecdsaWithSha256, name, dates, name, spki);
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]));
  const lines =
    sequence(body, ecdsaWithSha256, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    spki_sha256: createHash('sha256').update(spki).digest('base64'),
  };
}

const sequence = (...parts: Buffer[]) => der(0x30, Buffer.concat(parts));

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
