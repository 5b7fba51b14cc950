import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datesIn, sentencesIn } from './note-dates.ts';

const TODAY = '2026-11-21';
const read = (text: string) => datesIn(text, TODAY).map(({ from, to }) => (from === to ? from : `${from}…${to}`));

describe('a date of a note', () => {
  it.each<[string, string[]]>([
    ['2026-11-03', ['2026-11-03']],
    ['11/03/2026, 11/3/26 and 11-3-2026', ['2026-11-03', '2026-11-03', '2026-11-03']],
    ['on 11/3', ['2026-11-03']],
    ['Labs 12/30: ok', ['2025-12-30']],
    ['Nov 3, 2026; 3 November 2026; March 5', ['2026-11-03', '2026-11-03', '2026-03-05']],
    ['in May', ['2026-05-01…2026-05-31']],
    ['in December', ['2025-12-01…2025-12-31']],
    ['March 2024', ['2024-03-01…2024-03-31']],
    ['in 2019', ['2019-01-01…2019-12-31']],
    ['yesterday', ['2026-11-20']],
    ['5/5 strength, 2/6 murmur, 148/92, 13/45, 2026-02-30', []],
    ['2019 mg', []],
    ['may help, march on', []],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('that is told from today is a stretch around it', () => {
    const [{ from, to } = { from: '', to: '' }] = datesIn('three months ago', TODAY);
    expect(from < '2026-08-21' && to > '2026-08-21' && to < TODAY).toBe(true);
  });
});

describe('a sentence', () => {
  it('ends where one does, and not after an abbreviation or in a number', () => {
    const text = 'BP 148/92. A1c 8.1%; Wt. 210 lb\nSeen by Dr. Lind. vs. 3.5';
    expect(sentencesIn(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'BP 148/92',
      'A1c 8.1%',
      'Wt. 210 lb',
      'Seen by Dr. Lind',
      'vs. 3.5',
    ]);
  });

  it('lies in its text, in order, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('A', 'b', '.', ' ', '\n', ';', '3', 'é', '😀') }), (text) => {
        let last = 0;
        for (const { start, end } of sentencesIn(text)) {
          expect(start >= last && end > start && end <= text.length).toBe(true);
          last = end;
        }
      }),
      { seed: 5 },
    );
  });
});
