// A bearer's grammar and checksum: what the doors refuse without asking the database.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRandom } from '../base/random.ts';
import { hashOf, isWellFormed, mintToken, TOKEN } from './credentials.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** A token of any 41 random bytes: its id and its secret. */
const token = fc.uint8Array({ minLength: 41, maxLength: 41 }).map((bytes) => {
  const chance = Array.from(bytes);
  return mintToken({ ...systemRandom, bytes: (count) => Buffer.from(chance.splice(0, count)) }).token;
});

describe('a minted bearer', () => {
  it('is mscp_demo_<12>_<49> in base62, 72 characters, whatever the chance', () => {
    fc.assert(
      fc.property(token, (minted) => {
        expect(minted).toMatch(/^mscp_demo_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
        expect(minted).toMatch(TOKEN);
        expect(minted).toHaveLength(72);
        expect(isWellFormed(minted)).toBe(true);
      }),
    );
  });
  it.each([0, 255])('holds also where every random byte is %i', (byte) => {
    const { token } = mintToken({ ...systemRandom, bytes: (count) => Buffer.alloc(count, byte) });
    expect(isWellFormed(token)).toBe(true);
  });
  it('differs from every other: 10,000 of them, in the id, the secret and the hash', () => {
    const minted = Array.from({ length: 10_000 }, () => mintToken(systemRandom));
    const parts = minted.map(({ token }) => token.split('_'));
    for (const seen of [
      minted.map(({ hash }) => hash.toString('hex')),
      parts.map((each) => each[2]),
      parts.map((each) => each[3]?.slice(0, 43)),
    ])
      expect(new Set(seen).size).toBe(10_000);
  });
  it('no two secrets of 256 bits are written alike', () => {
    const secretOf = (secret: Uint8Array) =>
      mintToken({ ...systemRandom, bytes: (count) => (count === 32 ? Buffer.from(secret) : Buffer.alloc(count)) }).token;
    const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(fc.property(secret, secret, (a, b) => (secretOf(a) === secretOf(b)) === Buffer.from(a).equals(Buffer.from(b))));
    expect(secretOf(new Uint8Array(32).fill(255))).not.toBe(secretOf(new Uint8Array(32)));
  });
  it('its hash is the sha256 of all of it', () => {
    const { token, hash } = mintToken(systemRandom);
    expect(hash).toEqual(hashOf(token));
    expect(hash).toHaveLength(32);
  });
});

describe('the checksum', () => {
  it('catches every change of one character into any other', () => {
    fc.assert(
      fc.property(token, fc.nat(71), fc.constantFrom(...BASE62, '_', '-', ' ', 'ü', '\0'), (minted, at, other) => {
        const changed = minted.slice(0, at) + other + minted.slice(at + 1);
        return isWellFormed(changed) === (changed === minted);
      }),
      { numRuns: 5000 },
    );
  });
  it('of one bearer, all 62 × 72 changes', () => {
    const { token: minted } = mintToken(systemRandom);
    const passed = Array.from(minted)
      .flatMap((_, at) => [...BASE62].map((other) => minted.slice(0, at) + other + minted.slice(at + 1)))
      .filter((changed) => changed !== minted && isWellFormed(changed));
    expect(passed).toEqual([]);
  });
  it('catches every swap of two neighbours, and a piece left out or doubled', () => {
    fc.assert(
      fc.property(token, fc.nat(70), (minted, at) => {
        const swapped = minted.slice(0, at) + minted.charAt(at + 1) + minted.charAt(at) + minted.slice(at + 2);
        const [shorter, longer] = [minted.slice(0, at) + minted.slice(at + 1), minted.slice(0, at) + minted.charAt(at) + minted.slice(at)];
        return isWellFormed(swapped) === (swapped === minted) && !isWellFormed(shorter) && !isWellFormed(longer);
      }),
      { numRuns: 2000 },
    );
  });
  it('lets no random text through', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .string({ unit: fc.constantFrom(...BASE62), minLength: 49, maxLength: 49 })
            .map((tail) => `mscp_demo_${tail.slice(0, 12)}_${tail}`),
        ),
        (text) => !isWellFormed(text),
      ),
      { numRuns: 2000 },
    );
  });
  it.each(['\n', ' ', '\r\n', '\0', 'x'])('lets nothing stand behind or before: %j', (more) => {
    const { token: minted } = mintToken(systemRandom);
    expect([minted + more, more + minted].filter(isWellFormed)).toEqual([]);
  });
  it('takes a megabyte of anything without delay', () => {
    const began = performance.now();
    for (const text of ['mscp_demo_'.repeat(100_000), `mscp_demo_${'a'.repeat(1_000_000)}`, randomBytes(500_000).toString('hex')])
      expect(isWellFormed(text)).toBe(false);
    expect(performance.now() - began).toBeLessThan(200);
  });
});
