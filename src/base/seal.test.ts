// What is sealed opens as what it was sealed as, and as nothing else: every mix of two sealed secrets, every bit, every length.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRandom as random } from './random.ts';
import { type Kek, keyOf, type Label, rewrap, SealBroken, type Sealed, seal, unseal } from './seal.ts';
import { secretOf } from './secret.ts';

const aKek = (version = 1): Kek => ({ version, key: keyOf(random.bytes(32)) });
const aLabel = (more: Partial<Label> = {}): Label => ({
  ...{ tenant_id: random.uuid(), secret_id: random.uuid(), kind: 'password', purpose: 'sign_in', version: 1 },
  ...more,
});
const refused = (sealed: Sealed, label: Label, kek: Kek) => {
  try {
    unseal(sealed, label, kek);
    return false;
  } catch (error) {
    return error instanceof SealBroken;
  }
};
const bytes = fc.uint8Array({ maxLength: 300 });
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const label = fc.record<Label>({ tenant_id: fc.uuid(), secret_id: fc.uuid(), kind: text, purpose: text, version: fc.nat() });

describe('what was sealed', () => {
  it('opens as what it was sealed as, whatever the bytes and the names', () => {
    fc.assert(
      fc.property(bytes, label, (value, named) => {
        const kek = aKek();
        const sealed = seal(secretOf(value), named, { kek, random });
        expect([...unseal(sealed, named, kek).reveal()]).toEqual([...value]);
        expect(sealed.nonce).toHaveLength(12);
        expect(sealed.ciphertext).toHaveLength(value.length + 16);
      }),
    );
  });

  it('opens under no other label', () => {
    fc.assert(
      fc.property(label, label, (mine, other) => {
        const kek = aKek();
        const sealed = seal(secretOf('x'), mine, { kek, random });
        for (const field of Object.keys(mine) as (keyof Label)[])
          if (mine[field] !== other[field]) expect(refused(sealed, { ...mine, [field]: other[field] }, kek), field).toBe(true);
      }),
    );
  });

  it('opens in no mix with another secret: of 512 mixes of two, the two themselves', () => {
    for (let pair = 0; pair < 20; pair += 1) {
      // The second's secret is as long as the first's, and its key's version the same or not.
      const sides = [0, 1].map((side) => {
        const kek = aKek(pair % 2 === 0 ? 1 : side + 1);
        const named = aLabel({ kind: `kind${side}`, purpose: `purpose${side}`, version: side + 1 });
        return { kek, ...named, ...seal(secretOf(random.bytes(24)), named, { kek, random }) };
      });
      const fields = Object.keys(sides[0] ?? {}) as (keyof Sealed | keyof Label | 'kek')[];
      expect(fields).toHaveLength(9);
      for (let mix = 0; mix < 512; mix += 1) {
        const mixed = Object.fromEntries(fields.map((field, at) => [field, sides[(mix >> at) & 1]?.[field]]));
        const { kek, nonce, ciphertext, wrapped_dek, ...named } = mixed as unknown as Sealed & Label & { kek: Kek };
        expect(refused({ nonce, ciphertext, wrapped_dek }, named, kek), String(mix)).toBe(mix !== 0 && mix !== 511);
      }
    }
  });

  it.each([0, 1, 16, 100])('opens with no bit turned, of nonce, ciphertext, tag or wrapped key: a secret of %i bytes', (length) => {
    const [kek, named] = [aKek(), aLabel()];
    const sealed = seal(secretOf(random.bytes(length)), named, { kek, random });
    for (const field of ['nonce', 'ciphertext', 'wrapped_dek'] as const)
      for (let bit = 0; bit < sealed[field].length * 8; bit += 1) {
        const turned = Buffer.from(sealed[field]);
        turned.writeUInt8(turned.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(refused({ ...sealed, [field]: turned }, named, kek), `${field} bit ${bit}`).toBe(true);
      }
  });

  it('opens at no other length: cut short at either end, a shorter tag too, or longer', () => {
    const [kek, named] = [aKek(), aLabel()];
    const sealed = seal(secretOf('correct horse'), named, { kek, random });
    for (const field of ['nonce', 'ciphertext', 'wrapped_dek'] as const) {
      for (let cut = 1; cut <= sealed[field].length; cut += 1) {
        expect(refused({ ...sealed, [field]: sealed[field].subarray(cut) }, named, kek), `${field} from ${cut}`).toBe(true);
        expect(refused({ ...sealed, [field]: sealed[field].subarray(0, -cut) }, named, kek), `${field} without ${cut}`).toBe(true);
      }
      expect(refused({ ...sealed, [field]: Buffer.concat([sealed[field], Buffer.alloc(1)]) }, named, kek)).toBe(true);
    }
  });

  it('does not say what it was: not its value, not the key, not the cipher’s own words', () => {
    const [kek, named] = [aKek(), aLabel()];
    const sealed = seal(secretOf('correct horse'), named, { kek, random });
    try {
      unseal(sealed, { ...named, kind: 'seed' }, kek);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SealBroken);
      expect((error as Error).cause).toBeUndefined();
      expect((error as Error).message).not.toMatch(/horse|password|seed|authenticate/);
    }
  });
});

describe('a seal', () => {
  it('is by a key and a nonce of its own, however often the same value is sealed', () => {
    const [kek, named] = [aKek(), aLabel()];
    const all = Array.from({ length: 1000 }, () => seal(secretOf('same'), named, { kek, random }));
    for (const field of ['nonce', 'ciphertext', 'wrapped_dek'] as const)
      expect(new Set(all.map((sealed) => sealed[field].toString('hex'))).size).toBe(1000);
    // A nonce that comes twice under the clinic's key would give that key away.
    expect(new Set(all.map(({ wrapped_dek }) => wrapped_dek.toString('hex', 0, 12))).size).toBe(1000);
  });
  it('takes all its chance from the port: a value sealed twice by the same chance is the same bytes', () => {
    const counted = () => {
      let next = 0;
      return { ...random, bytes: (count: number) => Buffer.alloc(count, ++next) };
    };
    const [kek, named] = [aKek(), aLabel()];
    expect(seal(secretOf('x'), named, { kek, random: counted() })).toEqual(seal(secretOf('x'), named, { kek, random: counted() }));
  });
});

describe('rewrapping', () => {
  it('changes the wrapping alone: it opens under the new key, and not under the old one', () => {
    fc.assert(
      fc.property(bytes, label, (value, named) => {
        const [from, to] = [aKek(1), aKek(2)];
        const sealed = seal(secretOf(value), named, { kek: from, random });
        const anew = { ...sealed, wrapped_dek: rewrap(sealed.wrapped_dek, named, { from, to, random }) };
        expect([...unseal(anew, named, to).reveal()]).toEqual([...value]);
        expect(refused(anew, named, from)).toBe(true);
        expect(refused(sealed, named, to)).toBe(true);
      }),
    );
  });
  it('refuses what was not wrapped for this secret, and the right key under a wrong version', () => {
    const [from, to, named] = [aKek(1), aKek(2), aLabel()];
    const { wrapped_dek } = seal(secretOf('x'), named, { kek: from, random });
    expect(() => rewrap(wrapped_dek, { ...named, version: 2 }, { from, to, random })).toThrow(SealBroken);
    expect(() => rewrap(wrapped_dek, named, { from: { ...from, version: 3 }, to, random })).toThrow(SealBroken);
    expect(() => rewrap(wrapped_dek, named, { from: to, to, random })).toThrow(SealBroken);
  });
});

it.each([0, 16, 31, 33])('a key of %i bytes is none', (length) => {
  expect(() => keyOf(Buffer.alloc(length))).toThrow(SealBroken);
});
