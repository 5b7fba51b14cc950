import { describe, expect, it } from 'vitest';
import { hiddenIn, pieces } from './pieces.ts';

describe('a text is shown as it is', () => {
  it('names every character that nobody would see, and loses none', () => {
    const text = 'take\u200b 10\u202e mg\u00ad\ufeff';
    const cut = pieces(text);
    expect(cut.map((piece) => piece.text).join('')).toBe(text);
    expect(cut.flatMap(({ hidden }) => hidden ?? [])).toEqual([
      'zero-width space',
      'right-to-left override',
      'soft hyphen',
      'zero-width no-break space',
    ]);
  });

  it('names what has no common name by its code point: tags, variation selectors, controls, a blank that is drawn', () => {
    expect(pieces('\u{e0041}\ufe01\u0007\u2800').map(({ hidden }) => hidden)).toEqual(['U+E0041', 'U+FE01', 'U+0007', 'U+2800']);
  });

  it('leaves lines, tabs and an emoji with its joiners alone, but not a joiner between letters', () => {
    expect(hiddenIn('one\r\n\ttwo 👩‍⚕️ ❤️')).toBe(0);
    expect(hiddenIn('do\u200dse')).toBe(1);
  });

  it('tells where a mark stands, also where two stand on one word and a hidden character within it', () => {
    const cut = pieces('Lisinopril 4\u200b0 mg daily', ['4\u200b0 mg', '0 mg daily', undefined, 'not there']);
    expect(cut.map(({ text, marks }) => [text, marks])).toEqual([
      ['Lisinopril ', []],
      ['4', [0]],
      ['\u200b', [0]],
      ['0 mg', [0, 1]],
      [' daily', [1]],
    ]);
  });

  it('marks a piece wherever it stands, and an empty text has none', () => {
    expect(pieces('5 mg, then 5 mg', ['5 mg']).filter(({ marks }) => marks.length > 0)).toHaveLength(2);
    expect(pieces('')).toEqual([]);
  });
});
