import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Random } from '../base/random.ts';

// A bearer: mscp_demo_<id 12>_<secret 43><checksum 6>, base62 (security.md §7). The prefix lets scanners find a leaked one, the checksum keeps typos from
// the database, the secret holds 256 random bits. Only its sha256 is kept.
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const TOKEN = /^mscp_(live|demo)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/;

function base62(value: bigint, length: number): string {
  let digits = '';
  for (let rest = value; digits.length < length; rest /= 62n) digits = ALPHABET.charAt(Number(rest % 62n)) + digits;
  return digits;
}

const checksum = (head: string) => base62(BigInt(crc32(head)), 6);

/** A new bearer of a sandbox clinic. The caller shows it once and keeps `hash`. */
export function mintToken(random: Random): { token: string; hash: Buffer } {
  return mint(random, 'mscp_demo');
}

/** The other secrets of the house, in a bearer's form and never taken for one: a login's cookie, a device's, a proven password, an invitation. */
const PREFIXES = { login: 'mscl', device: 'mscd', challenge: 'mscc', invitation: 'msci' } as const;
export type SecretKind = keyof typeof PREFIXES;

export function mintSecret(random: Random, kind: SecretKind): { token: string; hash: Buffer } {
  return mint(random, PREFIXES[kind]);
}

/** Whether a text has the form of a secret of this kind and its checksum is right. */
export function isSecret(token: string, kind: SecretKind): boolean {
  return (
    /^msc[a-z]_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/.test(token) &&
    token.startsWith(PREFIXES[kind]) &&
    checksum(token.slice(0, -6)) === token.slice(-6)
  );
}

function mint(random: Random, prefix: string): { token: string; hash: Buffer } {
  const id = base62(BigInt(`0x${random.bytes(9).toString('hex')}`), 12);
  const secret = base62(BigInt(`0x${random.bytes(32).toString('hex')}`), 43);
  const head = `${prefix}_${id}_${secret}`;
  const token = head + checksum(head);
  return { token, hash: hashOf(token) };
}

/** Whether a text has a bearer's form and its checksum is right. Says nothing of whether it was ever minted. */
export function isWellFormed(token: string): boolean {
  return TOKEN.test(token) && checksum(token.slice(0, -6)) === token.slice(-6);
}

export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
