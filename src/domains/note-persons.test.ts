import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aChart } from '../../test/builders/note-chart.ts';
import { othersNamed, personFigures } from './note-persons.ts';

const named = (text: string, others: readonly string[], own: readonly string[] = ['Ada Okafor']) =>
  othersNamed({ section: 'plan', text, own, others }).map(({ start, end }) => text.slice(start, end));

describe("another patient's full name", () => {
  it.each<[string, string[], string[]]>([
    ['Discussed with Ben Ruiz.', ['Ben Ruiz'], ['Ben Ruiz']],
    ['RUIZ, BEN seen today', ['Ben Ruiz'], ['RUIZ, BEN']],
    ['ben a. ruiz', ['Ben Ruiz'], ['ben a. ruiz']],
    ['Ben\nRuiz', ['Ben Ruiz'], ['Ben\nRuiz']],
    ['José Muñoz called', ['Jose Munoz'], ['José Muñoz']],
    ['Jose Munoz called', ['José Muñoz'], ['Jose Munoz']],
    ['Anna Lind-Meyer and Anna Lind Meyer', ['Anna Lind-Meyer'], ['Anna Lind-Meyer', 'Anna Lind Meyer']],
    ['Sean O’Neil', ["Sean O'Neil"], ['Sean O’Neil']],
    ['😀 Ben Ruiz 😀 Cora Lind', ['Cora Lind', 'Ben Ruiz'], ['Ben Ruiz', 'Cora Lind']],
    ['Ruiz is a common name; Ben too.', ['Ben Ruiz'], []],
    ['Ruben Ruiz and Ben Ruizo', ['Ben Ruiz'], []],
    ['Ben, Ruiz', ['Ben Ruiz'], []],
    ['Ada Okafor is well', ['Ada Okafor'], []],
    ['Cher', ['Cher', ''], []],
  ])('%j of %j', (text, others, found) => {
    expect(named(text, others)).toEqual(found);
  });

  it('inside the own name is the own name', () => {
    expect(named('Ben Ruiz Lind is here', ['Ben Ruiz'], ['Ben Ruiz Lind'])).toEqual([]);
  });

  it('is found wherever it stands, at its own place', () => {
    const filler = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '😀', '.', '\n', 'ﬁ', 'İ'), maxLength: 20 });
    fc.assert(
      fc.property(filler, filler, (before, after) => {
        const text = `${before} Ben Ruiz ${after}`;
        expect(othersNamed({ section: 'plan', text, own: [], others: ['Ben Ruiz'] })).toMatchObject([
          { start: before.length + 1, end: before.length + 9 },
        ]);
      }),
      { seed: 4 },
    );
  });
});

describe('the age and birth date of a note', () => {
  const read = (text: string, birth_date = '1980-02-01') =>
    personFigures({ section: 'subjective', text, chart: aChart({ birth_date }) }).map(({ verdict }) => verdict);

  it.each<[string, string[]]>([
    ['46 yo M', ['cited']],
    ['46-year-old gentleman', ['cited']],
    ['A 45 year old woman', ['contradicts']],
    ['Patient is 46.', []],
    ['Age: 46', ['cited']],
    ['46M with cough', ['cited']],
    ['DOB 2/1/80', ['cited']],
    ['DOB: 2/1/1981', ['contradicts']],
    ['born 1980-02-01', ['cited']],
    ['Her 12 yo daughter', []],
    ['Brother, 51 yo, has CAD', []],
    ['diagnosed at age 35', []],
    ['since the age of 30', []],
    ['a 20 year old scar', []],
    ['20-year-old car', []],
    ['smoked for 20 years', []],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('may be of the visit a month ago, and of a partial birth date', () => {
    expect(read('45 yo here', '1980-11-10')).toEqual(['cited']);
    expect([read('45 yo here', '1980'), read('46 yo here', '1980'), read('44 yo here', '1980')]).toEqual([
      ['cited'],
      ['cited'],
      ['contradicts'],
    ]);
  });

  it('is not looked at where the chart has no birth date', () => {
    expect(personFigures({ section: 'subjective', text: '46 yo', chart: { ...aChart(), birth_date: undefined } })).toEqual([]);
  });
});
