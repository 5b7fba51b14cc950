import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOneEdit, jaroWinkler, transpositionsOf } from './likeness.ts';
import { fold, nameForms, suffixOf } from './name-forms.ts';
import { fullNamesOf } from './nicknames.ts';

describe('a name', () => {
  it.each([
    ["O'Brien", ['OBRIEN', 'BRIEN']],
    ['O’Brien', ['OBRIEN', 'BRIEN']],
    ['Muñoz-Núñez', ['MUNOZNUNEZ', 'MUNOZ', 'NUNEZ']],
    ['de la Cruz', ['DELACRUZ', 'CRUZ']],
    ['Mc Donald', ['MCDONALD', 'DONALD']],
    ['McDonald', ['MCDONALD']],
    ['van der Berg', ['VANDERBERG', 'BERG']],
    ['Le', ['LE']],
    ['Le Van', ['LEVAN', 'LE', 'VAN']],
    ['Mary Ann', ['MARYANN', 'MARY', 'ANN']],
    ['Łukasz Øster', ['LUKASZOSTER', 'LUKASZ', 'OSTER']],
    ['King Jr.', ['KING']],
    ['Иванова', ['ИВАНОВА']],
    ['', []],
  ])('%s has the forms %j', (name, forms) => {
    expect(nameForms(name)).toEqual(forms);
  });

  it('has letters only, in capitals, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) =>
        nameForms(text).every((form) => /^\p{L}+$/u.test(form) && fold(form) === form),
      ),
    );
  });

  it('may end in a suffix', () => {
    expect([suffixOf('John King, Jr.'), suffixOf('King III'), suffixOf('Junior King')]).toEqual(['JR', 'III', undefined]);
  });
});

describe('a nickname', () => {
  it('stands for one or more full names', () => {
    expect(fullNamesOf('BILL')).toContain('WILLIAM');
    expect(fullNamesOf('PEGGY')).toEqual(['MARGARET']);
    expect(fullNamesOf('ALEX')).toEqual(expect.arrayContaining(['ALEXANDER', 'ALEXANDRA']));
    expect(fullNamesOf('ZEPHYR')).toEqual(['ZEPHYR']);
  });

  it('joins no two full names that are not one: Alexander is no Alexandra', () => {
    expect(fullNamesOf('ALEXANDER')).not.toContain('ALEXANDRA');
  });
});

describe('likeness', () => {
  it.each([
    ['MARTHA', 'MARHTA', 0.961],
    ['DWAYNE', 'DUANE', 0.84],
    ['DIXON', 'DICKSONX', 0.813],
    ['MICHAEL', 'MICHELLE', 0.921],
    ['WILLIAM', 'BILL', 0.726],
  ])('of %s and %s is %d (Jaro–Winkler)', (a, b, expected) => {
    expect(jaroWinkler(a, b)).toBeCloseTo(expected, 3);
    expect(jaroWinkler(b, a)).toBeCloseTo(expected, 3);
  });

  it('is one edit for a letter more, less, other, or two exchanged', () => {
    expect([isOneEdit('SMITH', 'SMITHS'), isOneEdit('SMITH', 'SMTH'), isOneEdit('SMITH', 'SMYTH'), isOneEdit('SMITH', 'SMIHT')]).toEqual(
      Array(4).fill(true),
    );
    expect([isOneEdit('SMITH', 'SMITH'), isOneEdit('SMITH', 'SMYTHE'), isOneEdit('DOE', 'EOD')]).toEqual([false, false, false]);
  });

  it('sees every exchange of neighbours as one edit, both ways', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ABCDE'), minLength: 2, maxLength: 8 });
    fc.assert(fc.property(word, (name) => transpositionsOf(name).every((other) => isOneEdit(name, other) && isOneEdit(other, name))));
  });
});
