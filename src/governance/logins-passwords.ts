// Passwords of staff: what is accepted (NIST SP 800-63B §3.1.1), and the key that scrypt makes of one.
import { scrypt } from 'node:crypto';
import { Fault } from '../base/fault.ts';

/** N = 2^17, r 8, p 1: what OWASP asks of scrypt. A third of a second and 128 MiB for each guess. */
export const PASSWORD_COST = 17;
const SHORTEST = 12;
/** In characters; so that nobody makes us hash a book. */
export const LONGEST_PASSWORD = 256;
/** Each takes a thread and 128 MiB: two at once, and who finds sixteen waiting comes again. */
const AT_ONCE = 2;
const WAITING = 16;

/** What is wrong with a new password; undefined: nothing. No rules of composition, no expiry. */
export function weakness(password: string, { email, clinic }: { email: string; clinic: string }): string | undefined {
  const normal = normalized(password);
  if ([...normal].length < SHORTEST) return `password: at least ${SHORTEST} characters; a few words in a row are good`;
  if ([...normal].length > LONGEST_PASSWORD) return `password: at most ${LONGEST_PASSWORD} characters`;
  const plain = plainOf(normal);
  const given_away = [email, email.split('@')[0] ?? '', clinic].map(plainOf).filter((word) => word.length >= 4);
  if (given_away.some((word) => plain.includes(word)))
    return 'password: it holds the e-mail or the name of the clinic; choose one that does not';
  return undefined;
}

const plainOf = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
/** The same password from any keyboard. */
const normalized = (password: string) => password.normalize('NFKC');

export interface Passwords {
  /** 32 bytes: scrypt with N = 2^cost, r 8, p 1. Throws Fault too_many_attempts where too many wait for theirs. */
  derive(password: string, salt: Buffer, cost: number): Promise<Buffer>;
}

export function openPasswords(): Passwords {
  const waiting: (() => void)[] = [];
  let running = 0;
  const turn = async () => {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
  };
  const next = () => {
    const resume = waiting.shift();
    if (resume) resume();
    else running -= 1;
  };
  return {
    async derive(password, salt, cost) {
      if (waiting.length >= WAITING) throw new Fault('too_many_attempts', 'Too many people sign in at this moment.', { retry_after_s: 5 });
      await turn();
      try {
        return await keyOf(password, salt, cost);
      } finally {
        next();
      }
    },
  };
}

function keyOf(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  const options = { N: 2 ** cost, r: 8, p: 1, maxmem: 2 ** cost * 8 * 128 + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(normalized(password), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
