// Another text of the same kind in the place of one: as long, with letters where there were letters and digits where there were digits, a date for a date. Drawn from a keyed hash
// of the text itself, so that one value has one pseudonym wherever it stands, and nobody without the key can go back.
import { createHmac } from 'node:crypto';

/** Draws what stands in the place of a value of a kind. `place`: for values so short that one pseudonym for each would be a cipher; the same value has another one elsewhere. */
export type Draw = (kind: string, value: string, place?: string) => Stream;

export interface Stream {
  /** A whole number below `limit`, at most 65,536. */
  below(limit: number): number;
}

/** `key`: 32 bytes that are kept as secret as what was scrubbed, or thrown away. */
export function drawsBy(key: Uint8Array): Draw {
  return (kind, value, place = '') => {
    let block = Buffer.alloc(0);
    let blocks = 0;
    let at = 0;
    return {
      below(limit) {
        if (at + 2 > block.length) {
          block = createHmac('sha256', key).update(`${kind}\0${blocks}\0${place.length}\0${place}\0${value}`).digest();
          blocks += 1;
          at = 0;
        }
        at += 2;
        return block.readUInt16BE(at - 2) % limit;
      },
    };
  };
}

const SHORT = 4;

/** Letters for letters and digits for digits; everything else stays. A leading zero stays one, and no other digit becomes one. */
export function likeWord(value: string, { draw, place }: { draw: Draw; place: string }): string {
  const stream = draw('word', value.toLowerCase(), value.length < SHORT ? place : '');
  for (;;) {
    let first = true;
    const other = value.replaceAll(/[\p{L}\p{M}]|\p{N}/gu, (character) => {
      const isFirst = first;
      first = false;
      if (!/\p{N}/u.test(character)) {
        const letter = String.fromCharCode(97 + stream.below(26));
        return /\p{Lu}/u.test(character) ? letter.toUpperCase() : letter;
      }
      if (isFirst) return character === '0' && value.length > 1 ? '0' : String(1 + stream.below(9));
      return String(stream.below(10));
    });
    if (other !== value || first) return other;
  }
}

/** The digits of a number that people write in many ways: `(212) 555-0100` and `2125550100` get the same ones. */
export function likeNumber(value: string, { draw, place }: { draw: Draw; place: string }): string {
  const digits = value.replaceAll(/\D/g, '');
  const other = likeWord(digits, { draw, place });
  let at = 0;
  return value.replaceAll(/\d/g, () => other[at++] as string);
}

const pad = (n: number, digits = 2) => String(n).padStart(digits, '0');

/** A day between 1930 and 2029, written in the same way. `parts`: year, month, day, as far as they are told. */
export function likeDay(
  { year, month, day }: { year: string; month: string; day: string },
  draw: Draw,
): { year: string; month: string; day: string } {
  const stream = draw('day', `${year}-${pad(Number(month))}-${pad(Number(day))}`);
  for (;;) {
    const other = { year: 1930 + stream.below(100), month: 1 + stream.below(12), day: 1 + stream.below(28) };
    if (other.year === Number(year) || (other.month === Number(month) && other.day === Number(day))) continue;
    return {
      year: year.length === 2 ? pad(other.year % 100) : String(other.year),
      month: pad(other.month, month.length),
      day: pad(other.day, day.length),
    };
  }
}

export function likeClock(value: string, { draw, place }: { draw: Draw; place: string }): string {
  const stream = draw('clock', value, place);
  let turn = 0;
  return value.replaceAll(/\d+/g, (digits) => {
    const limit = [24, 60, 60, 10 ** Math.min(digits.length, 4)][Math.min(turn, 3)] as number;
    turn += 1;
    return pad(stream.below(limit), digits.length);
  });
}

export function likeUuid(value: string, draw: Draw): string {
  const stream = draw('uuid', value.toLowerCase());
  const hex = value.replaceAll(/[0-9a-f]/gi, (character) => {
    const digit = '0123456789abcdef'[stream.below(16)] as string;
    return /[A-F]/.test(character) ? digit.toUpperCase() : digit;
  });
  return `${hex.slice(0, 14)}4${hex.slice(15, 19)}8${hex.slice(20)}`;
}

export function likeHex(value: string, draw: Draw): string {
  const stream = draw('hex', value.toLowerCase());
  return value.replaceAll(/\d|[a-f]/gi, (character) => {
    if (/\d/.test(character)) return String(stream.below(10));
    const letter = 'abcdef'[stream.below(6)] as string;
    return /[A-F]/.test(character) ? letter.toUpperCase() : letter;
  });
}

/** Of the alphabet of base64, as long, with the same padding. */
export function likeBase64(value: string, draw: Draw): string {
  const stream = draw('base64', value);
  return value.replaceAll(/[A-Za-z]|\d/g, (character) => {
    if (/\d/.test(character)) return String(stream.below(10));
    return String.fromCharCode((/[A-Z]/.test(character) ? 65 : 97) + stream.below(26));
  });
}
