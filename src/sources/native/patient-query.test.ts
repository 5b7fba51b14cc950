import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDates } from './birth-dates.ts';
import { bareMrn, nationalNumber, parseQuery } from './patient-query.ts';

const TODAY = '2026-11-21';
const wordsIn = (text: string) => parseQuery(text, TODAY).readings[0]?.words.map(([whole]) => whole);

describe('a birth date', () => {
  it.each([
    ['1980-02-13', [{ date: '1980-02-13' }]],
    ['2/13/1980', [{ date: '1980-02-13' }]],
    ['13/2/1980', [{ date: '1980-02-13' }]],
    ['2/3/1980', [{ date: '1980-02-03', or: '1980-03-02' }]],
    ['02-03-80', [{ date: '1980-02-03', or: '1980-03-02' }]],
    ['2/2/1980', [{ date: '1980-02-02' }]],
    ['dob: 2.13.1980', [{ date: '1980-02-13' }]],
    ['Feb 3, 1980', [{ date: '1980-02-03' }]],
    ['born 3rd February 1980', [{ date: '1980-02-03' }]],
    ['1980-02', [{ date: '1980-02' }]],
    ['1980', [{ date: '1980', tentative: true }]],
    ['02131980', [{ date: '1980-02-13', tentative: true }]],
    ['19800213', [{ date: '1980-02-13', tentative: true }]],
    ['Marie 1980', [{ date: '1980', tentative: true }]],
    ['2/30/1980', []],
    ['512-555-0134', []],
  ])('in %j is read as %j', (text, dates) => {
    expect(readDates(text, TODAY).dates).toEqual(dates);
  });

  it('with a two-digit year is never in the future', () => {
    expect(readDates('11/20/26', TODAY).dates).toEqual([{ date: '2026-11-20' }]);
    expect(readDates('11/22/26', TODAY).dates).toEqual([{ date: '1926-11-22' }]);
    expect(readDates('1/15/27', TODAY).dates).toEqual([{ date: '1927-01-15' }]);
  });

  it('leaves the name', () => {
    expect(readDates('Ada Okafor dob 2/1/1950', TODAY).rest.trim()).toBe('Ada Okafor');
  });
});

describe('a query', () => {
  it('is taken apart into typed pieces', () => {
    const query = parseQuery('Okafor, Ada 1950-02-01 (512) 555-0134 ada.okafor@example.org MRN SYN-0007', TODAY);
    expect(query).toMatchObject({
      mrns: [{ text: 'SYN0007', sure: true }],
      dates: [{ date: '1950-02-01' }],
      emails: ['ada.okafor@example.org'],
      phones: ['5125550134'],
    });
    expect(query.readings[0]).toEqual({ words: [['OKAFOR'], ['ADA']], family_first: 1 });
  });

  it.each([
    ['Ada Okafor', ['ADA', 'OKAFOR']],
    ['Dr. Ada Okafor', ['ADA', 'OKAFOR']],
    ['John King Jr', ['JOHN', 'KING']],
    ["Sinéad O'Brien", ['SINEAD', 'OBRIEN']],
    ['maria de la cruz', ['MARIA', 'DE', 'LA', 'CRUZ']],
  ])('%j has the name words %j', (text, words) => {
    expect(wordsIn(text)).toEqual(words);
  });

  it('reads particles with what they belong to, and neighbours as one name', () => {
    const wholes = parseQuery('maria de la cruz', TODAY).readings.map(({ words }) => words.map(([whole]) => whole).join(' '));
    expect(wholes).toContain('MARIA DELACRUZ');
    expect(parseQuery('mary ann smith', TODAY).readings.map(({ words }) => words.map(([whole]) => whole).join(' '))).toEqual([
      'MARY ANN SMITH',
      'MARYANN SMITH',
      'MARY ANNSMITH',
    ]);
  });

  it('takes the last digits of a phone only where it is called one', () => {
    expect(parseQuery('okafor phone ending in 0134', TODAY)).toMatchObject({ phone4: '0134', mrns: [] });
    expect(parseQuery('okafor, last 4 of 0134', TODAY)).toEqual(expect.not.objectContaining({ phone4: '4' }));
    expect(parseQuery('okafor last 4: 0134', TODAY)).toMatchObject({ phone4: '0134' });
    expect(parseQuery('okafor cell 555-0134', TODAY)).toMatchObject({ phone7: '5550134' });
    expect(parseQuery('okafor 0134', TODAY)).toEqual(expect.not.objectContaining({ phone4: expect.anything() }));
    expect(parseQuery('okafor phone 512-555-0134 02/01/1950', TODAY)).toMatchObject({
      phones: ['5125550134'],
      dates: [{ date: '1950-02-01' }],
    });
  });

  it('takes a bare number as MRN, and five digits as ZIP too', () => {
    expect(parseQuery('78701', TODAY)).toMatchObject({ mrns: [{ text: '78701', sure: true }], postal_code: '78701' });
    expect(parseQuery('12', TODAY).mrns).toEqual([{ text: '12', sure: false }]);
    expect(parseQuery('mrn 12', TODAY).mrns).toEqual([{ text: '12', sure: true }]);
    expect(parseQuery('02131980', TODAY)).toMatchObject({ mrns: [{ text: '02131980' }], dates: [{ date: '1980-02-13', tentative: true }] });
  });

  it('writes every US spelling of a phone as ten digits', () => {
    expect(['+15125550134', '(512) 555-0134', '512.555.0134', '1 512 555 0134'].map(nationalNumber)).toEqual(Array(4).fill('5125550134'));
    expect(bareMrn('SYN-0007')).toBe('7');
  });

  it('never throws, and never runs long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (text) => {
        const query = parseQuery(text, TODAY);
        return query.readings.length <= 8 && query.readings.every(({ words }) => words.length <= 6);
      }),
    );
  });
});
