// The mark that a write of ours leaves at the vendor, so that it can be found again when the answer was lost.
import { createHmac } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, so that a person can read it aloud. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 10;

/** Ten characters (50 bits) of HMAC-SHA-256(key, operation id): the same for each attempt of one operation, and telling of nothing. It goes into a free field of the vendor's record
 *  (a comment, an external id). Two of a million operations share one with a probability of about 1 in 2,000. */
export function markerOf(key: Buffer, operation_id: string): string {
  const digest = createHmac('sha256', key).update(operation_id).digest();
  let bits = digest.readBigUInt64BE(0);
  let marker = '';
  for (let n = 0; n < LENGTH; n += 1) {
    marker += CROCKFORD[Number(bits & 31n)];
    bits >>= 5n;
  }
  return marker;
}
