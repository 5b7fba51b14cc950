import { describe, expect, it } from 'vitest';
import { csv } from './csv.ts';

describe('what is saved as CSV', () => {
  it('quotes commas, quotation marks and lines', () => {
    expect(csv(['a', 'b'], [['x,y', 'say "no"\nplease']])).toBe('a,b\r\n"x,y","say ""no""\nplease"');
  });

  it('runs in no spreadsheet', () => {
    expect(csv(['tool'], [['=HYPERLINK("https://x.example")'], ['+1'], ['-1'], ['@x'], [-5], [null], [{ a: 1 }]]).split('\r\n')).toEqual([
      'tool',
      '"\'=HYPERLINK(""https://x.example"")"',
      "'+1",
      "'-1",
      "'@x",
      '-5',
      '',
      '"{""a"":1}"',
    ]);
  });
});
