// What must not be written down by accident: a password, the seed of a second factor, the cookies of a session.
import { inspect } from 'node:util';

/** A secret in memory. However it is printed (template, JSON, console, a log line, an error's cause) it says `[secret]`; the bytes come out by `reveal` and no other way. */
export interface Secret {
  /** A copy of the bytes. Use it where it is needed and let go of it: never into a message, a log line or another object. */
  reveal(): Buffer;
  toString(): string;
  toJSON(): string;
}

const SHOWN = '[secret]';

/** Text is taken as UTF-8. The bytes are copied; what was handed in is left as it was. */
export function secretOf(value: string | Uint8Array): Secret {
  const bytes = ownCopy(typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
  const shown = () => SHOWN;
  return Object.freeze({
    reveal: () => ownCopy(bytes),
    toString: shown,
    toJSON: shown,
    [Symbol.toPrimitive]: shown,
    [inspect.custom]: shown,
  });
}

/** Not out of Node's pool, whose memory is handed on to whoever asks for a small buffer next. */
function ownCopy(bytes: Uint8Array): Buffer {
  const copy = Buffer.alloc(bytes.length);
  copy.set(bytes);
  return copy;
}
