// Envelope encryption (security.md §7, Vault): a secret is sealed by a key of its own (DEK), that by the clinic's key (KEK), that by a KMS. Pure over its ports: chance, and the KMS.
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { canonicalJson, type Json } from './canonical-json.ts';
import type { Random } from './random.ts';
import { type Secret, secretOf } from './secret.ts';

/** Where the keys live that wrap the clinics' keys. Never asked for a key itself. */
export interface Kms {
  /** Which key wraps now, and every key that it can still unwrap with. */
  keys(): { current: string; all: readonly string[] };
  /** Wraps by the current key, and says by which. `context` has to be said again to unwrap. */
  wrap(key: Buffer, context: Context): Promise<{ key_id: string; wrapped: Buffer }>;
  /** Throws SealBroken where what was wrapped, its key or its context is another; an Error of one plain line where it does not have that key. */
  unwrap(wrapped: Buffer, by: { key_id: string; context: Context }): Promise<Buffer>;
}

export type Context = Readonly<Record<string, string | number>>;

/** Which secret it is: authenticated with it, so that what is sealed opens as nothing else. */
export interface Label {
  tenant_id: string;
  secret_id: string;
  /** What it is: `password`, `totp_seed`, `cookies`. */
  kind: string;
  /** What it is used for. */
  purpose: string;
  /** 1, and one more for each new value. */
  version: number;
}

export interface Sealed {
  nonce: Buffer;
  /** With the tag of 16 bytes at its end. */
  ciphertext: Buffer;
  /** The secret's own key under the clinic's: nonce, ciphertext and tag in one. */
  wrapped_dek: Buffer;
}

/** A clinic's key, opened. Node prints a KeyObject without its bytes. */
export interface Kek {
  version: number;
  key: KeyObject;
}

/** What is kept was not sealed as what it is asked for: bytes, key, clinic, secret, kind, purpose or version differ. Which of them cannot be told. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';

  constructor() {
    super('What was sealed does not open as what it was asked for: it was changed, moved, or sealed by another key.');
  }
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals by a key that is made for this value and seals nothing else. */
export function seal(secret: Secret, label: Label, { kek, random }: { kek: Kek; random: Random }): Sealed {
  const dek = random.bytes(KEY_BYTES);
  const nonce = random.bytes(NONCE_BYTES);
  const plaintext = secret.reveal();
  try {
    const ciphertext = encrypt(createSecretKey(dek), nonce, plaintext, aadOf(label));
    return { nonce, ciphertext, wrapped_dek: box(kek.key, dek, wrapAadOf(label, kek), random) };
  } finally {
    dek.fill(0);
    plaintext.fill(0);
  }
}

/** Throws SealBroken. */
export function unseal({ nonce, ciphertext, wrapped_dek }: Sealed, label: Label, kek: Kek): Secret {
  const dek = unbox(kek.key, wrapped_dek, wrapAadOf(label, kek));
  try {
    const plaintext = decrypt(keyOf(dek), nonce, ciphertext, aadOf(label));
    try {
      return secretOf(plaintext);
    } finally {
      plaintext.fill(0);
    }
  } finally {
    dek.fill(0);
  }
}

/** The secret's own key under another key of the clinic; the secret itself is not touched. Throws SealBroken. */
export function rewrap(wrapped_dek: Buffer, label: Label, { from, to, random }: { from: Kek; to: Kek; random: Random }): Buffer {
  const dek = unbox(from.key, wrapped_dek, wrapAadOf(label, from));
  try {
    return box(to.key, dek, wrapAadOf(label, to), random);
  } finally {
    dek.fill(0);
  }
}

/** `nonce ‖ ciphertext ‖ tag`. For keys under keys. */
export function box(key: KeyObject, plaintext: Buffer, context: Context, random: Random): Buffer {
  const nonce = random.bytes(NONCE_BYTES);
  return Buffer.concat([nonce, encrypt(key, nonce, plaintext, context)]);
}

/** Throws SealBroken. */
export function unbox(key: KeyObject, boxed: Buffer, context: Context): Buffer {
  return decrypt(key, boxed.subarray(0, NONCE_BYTES), boxed.subarray(NONCE_BYTES), context);
}

/** 32 bytes as a key. Throws SealBroken for any other number of them. */
export function keyOf(bytes: Buffer): KeyObject {
  if (bytes.length !== KEY_BYTES) throw new SealBroken();
  return createSecretKey(bytes);
}

function encrypt(key: KeyObject, nonce: Buffer, plaintext: Buffer, context: Context): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bytesOf(context));
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: KeyObject, nonce: Buffer, ciphertext: Buffer, context: Context): Buffer {
  // A short tag would be easier to forge, and a nonce of another length is another cipher.
  if (nonce.length !== NONCE_BYTES || ciphertext.length < TAG_BYTES) throw new SealBroken();
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(bytesOf(context));
  decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
  const unproven = decipher.update(ciphertext.subarray(0, -TAG_BYTES));
  try {
    return Buffer.concat([unproven, decipher.final()]);
  } catch {
    throw new SealBroken();
  } finally {
    unproven.fill(0);
  }
}

const bytesOf = (context: Context) => Buffer.from(canonicalJson(context as Json), 'utf8');

const aadOf = ({ tenant_id, secret_id, kind, version, purpose }: Label): Context => ({
  tenant: tenant_id,
  secret_id,
  kind,
  version,
  purpose,
});

const wrapAadOf = (label: Label, { version }: Kek): Context => ({ ...aadOf(label), kek_version: version });
