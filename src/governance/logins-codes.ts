// The second factor: time-based codes (RFC 6238: SHA-1, six digits, 30 s) and the recovery codes for the day the phone is gone.
import { createHash } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Random } from '../base/random.ts';

const PERIOD_S = 30;
const RECOVERY_CODES = 10;
/** 80 random bits: sixteen letters of base32. */
const RECOVERY_BYTES = 10;

export interface Enrolment {
  seed: Buffer;
  /** For an authenticator app: as text, and as otpauth:// for a QR code. */
  secret: string;
  uri: string;
}

export function newFactor(random: Random, { email, clinic }: { email: string; clinic: string }): Enrolment {
  const seed = random.bytes(20);
  const totp = totpOf(seed, { issuer: 'Attending', label: `${email} (${clinic.replaceAll(':', ' ')})` });
  return { seed, secret: totp.secret.base32, uri: totp.toString() };
}

/** The time step that a code is of: the present one, the one before or the one after. */
export function stepOf(seed: Uint8Array, code: string, now_s: number): number | undefined {
  const delta = /^\d{6}$/.test(code) ? totpOf(seed).validate({ token: code, timestamp: now_s * 1000, window: 1 }) : null;
  return delta === null ? undefined : Math.floor(now_s / PERIOD_S) + delta;
}

function totpOf(seed: Uint8Array, named: { issuer?: string; label?: string } = {}): TOTP {
  const secret = new Secret({ buffer: new Uint8Array(seed).buffer });
  return new TOTP({ ...named, algorithm: 'SHA1', digits: 6, period: PERIOD_S, secret });
}

/** Codes to show once, and the hashes to keep. */
export function newRecoveryCodes(random: Random): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, () => {
    const text = new Secret({ buffer: new Uint8Array(random.bytes(RECOVERY_BYTES)).buffer }).base32;
    return text.replaceAll(/(.{4})(?=.)/g, '$1-');
  });
  return { codes, hashes: codes.map(hashOfRecovery) };
}

/** However it was typed: base32 has no 0, 1 and 8. */
export function hashOfRecovery(code: string): Buffer {
  const typed = code
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .replaceAll('0', 'O')
    .replaceAll('1', 'I')
    .replaceAll('8', 'B');
  return createHash('sha256').update(typed).digest();
}
