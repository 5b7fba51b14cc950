import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, difference } from './difference.ts';

const without = (changes: Change[], what: Change['what']) =>
  changes
    .filter((change) => change.what !== what)
    .map(({ text }) => text)
    .join('');

describe('the difference between what the AI wrote and what a person made of it', () => {
  it('is told word by word, what went before what came', () => {
    expect(difference('Increase lisinopril to 40 mg daily.', 'Increase lisinopril to 20 mg once daily.')).toEqual([
      { what: 'same', text: 'Increase lisinopril to ' },
      { what: 'removed', text: '40' },
      { what: 'added', text: '20' },
      { what: 'same', text: ' mg' },
      { what: 'added', text: ' once' },
      { what: 'same', text: ' daily.' },
    ]);
  });

  it('without what was added is the first text, without what was removed the second, whatever they say', () => {
    const text = fc.array(fc.constantFrom('take', 'one', '10', 'mg', ' ', '\n', '.')).map((words) => words.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = difference(before, after);
        expect([without(changes, 'added'), without(changes, 'removed')]).toEqual([before, after]);
      }),
    );
  });

  it('of two long texts with nothing in common is one change, at once', () => {
    const [before, after] = ['a', 'b'].map((word) => Array.from({ length: 3_000 }, (_, n) => `${word}${n}`).join(' '));
    expect(difference(before ?? '', after ?? '').map(({ what }) => what)).toEqual(['removed', 'added']);
  });
});
