import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText, segmentsOf } from './gsm7.ts';

/** 3GPP TS 23.038 §6.2.1, by code: rows of 16, the escape left out. */
const TABLE = [
  '@£$¥èéùìòÇ\nØø\rÅå',
  'Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ',
  ' !"#¤%&\'()*+,-./',
  '0123456789:;<=>?',
  '¡ABCDEFGHIJKLMNO',
  'PQRSTUVWXYZÄÖÑÜ§',
  '¿abcdefghijklmno',
  'pqrstuvwxyzäöñüà',
].join('');
const EXTENDED = '^{}\\[~]|€\f';

describe('the parts of a text message', () => {
  it('know the 127 letters of the alphabet, and ten that take two', () => {
    expect([...TABLE]).toHaveLength(127);
    for (const letter of TABLE) expect(segmentsOf(letter)).toEqual({ encoding: 'GSM-7', units: 1, segments: 1 });
    for (const letter of EXTENDED) expect(segmentsOf(letter)).toEqual({ encoding: 'GSM-7', units: 2, segments: 1 });
    for (const letter of ['ç', 'á', 'í', 'ó', 'ú', '’', '–', '…', '`', '\t', '\u00a0', 'Є', '中']) {
      expect(segmentsOf(letter)).toEqual({ encoding: 'UCS-2', units: 1, segments: 1 });
    }
    expect(segmentsOf('😀')).toEqual({ encoding: 'UCS-2', units: 2, segments: 1 });
  });

  it.each<[string, number, string, number]>([
    ['', 0, 'GSM-7', 0],
    ['a', 160, 'GSM-7', 1],
    ['a', 161, 'GSM-7', 2],
    ['a', 306, 'GSM-7', 2],
    ['a', 307, 'GSM-7', 3],
    ['a', 459, 'GSM-7', 3],
    ['a', 460, 'GSM-7', 4],
    ['€', 80, 'GSM-7', 1],
    ['€', 81, 'GSM-7', 2],
    // An escape and its letter stay together: 76 pairs in 153, one septet lost.
    ['€', 152, 'GSM-7', 2],
    ['€', 153, 'GSM-7', 3],
    ['é', 160, 'GSM-7', 1],
    ['á', 70, 'UCS-2', 1],
    ['á', 71, 'UCS-2', 2],
    ['á', 134, 'UCS-2', 2],
    ['á', 135, 'UCS-2', 3],
    ['😀', 35, 'UCS-2', 1],
    ['😀', 36, 'UCS-2', 2],
    // 33 pairs in 67, one unit lost.
    ['😀', 66, 'UCS-2', 2],
    ['😀', 67, 'UCS-2', 3],
  ])('%j, %i times: %s, %i', (letter, times, encoding, segments) => {
    expect(segmentsOf(letter.repeat(times))).toMatchObject({ encoding, segments });
  });

  it('one curly quote halves the room', () => {
    expect(segmentsOf(`Don't${'a'.repeat(155)}`).segments).toBe(1);
    expect(segmentsOf(`Don’t${'a'.repeat(155)}`).segments).toBe(3);
    expect(segmentsOf(plainText(`Don’t${'a'.repeat(155)}`)).segments).toBe(1);
  });

  it('hold the whole text and no more, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 700 }), (text) => {
        const { encoding, units, segments } = segmentsOf(text);
        const [alone, joined] = encoding === 'GSM-7' ? [160, 153] : [70, 67];
        if (units <= alone) expect(segments).toBe(units === 0 ? 0 : 1);
        else expect(segments >= units / joined && segments <= Math.ceil(units / (joined - 1))).toBe(true);
        if (encoding === 'UCS-2') expect(units).toBe(text.length);
      }),
      { seed: 6 },
    );
  });
});

describe('plain letters', () => {
  it.each([
    ['‘Don’t’ say “so” — or–so… now', "'Don't' say \"so\" - or-so... now"],
    ['10 am\u00a0–\u202f11 am', '10 am - 11 am'],
    ['a\u200bb\u00adc\ufeff', 'abc'],
    ['Jose\u0301', 'José'],
    ['María Muñoz ç ł', 'María Muñoz ç ł'],
    ['👨\u200d👩\u200d👧', '👨\u200d👩\u200d👧'],
    ['one\r\ntwo\ttabs', 'one\ntwo tabs'],
  ])('%j is sent as %j', (text, sent) => {
    expect(plainText(text)).toBe(sent);
  });

  it('stay as they are: twice is once', () => {
    const letter = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 1 }),
      fc.constantFrom('e', '\u0301', '\u200b', '’', '…', '\u1ffd', '\u1fef', '\u2000'),
    );
    fc.assert(
      fc.property(fc.array(letter), (letters) => {
        const once = plainText(letters.join(''));
        expect(plainText(once)).toBe(once);
      }),
      { seed: 6, numRuns: 500 },
    );
    expect(plainText(TABLE.replace('\r', ''))).toBe(TABLE.replace('\r', ''));
  });
});
