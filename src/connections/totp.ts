// The codes of the vendor's second factor that a seed makes (RFC 6238: SHA-1, six digits, 30 s), and which one to use when.
import { Secret, TOTP } from 'otpauth';

const STEP_MS = 30_000;
/** A code that has less left is not begun: it would be an old one when it arrives. */
const LEAST_LEFT_MS = 4_000;

/** `seed`: raw bytes. Whoever calls this is the process that may hold it. */
export function totpCode(seed: Uint8Array, step: number): string {
  const secret = new Secret({ buffer: new Uint8Array(seed).buffer });
  return new TOTP({ algorithm: 'SHA1', digits: 6, period: STEP_MS / 1000, secret }).generate({ timestamp: step * STEP_MS });
}

/** The step whose code may be used, and from when on by the vendor's clock: the present one, where enough of it is left and neither it nor a later one was used. */
export function nextStep(last_used_step: number, vendor_now: number): { step: number; from: number } {
  const present = Math.floor(vendor_now / STEP_MS);
  const isTooLate = (present + 1) * STEP_MS - vendor_now < LEAST_LEFT_MS;
  const step = Math.max(isTooLate ? present + 1 : present, last_used_step + 1);
  return { step, from: step === present ? vendor_now : step * STEP_MS };
}
