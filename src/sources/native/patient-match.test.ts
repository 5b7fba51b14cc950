import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCandidate } from '../../../test/builders/chart.ts';
import { type Candidate, dateWeight, rank } from './patient-match.ts';
import { parseQuery } from './patient-query.ts';

const TODAY = '2026-11-21';
const search = (text: string, candidates: Candidate[], bearers: (name: string) => number = () => 1) => {
  const { resolution, matches } = rank(parseQuery(text, TODAY), candidates, bearers);
  return { resolution, matches, ids: matches.map(({ candidate }) => candidate.patient_id), top: matches[0] };
};
const scoreOf = (text: string, candidate: Candidate) => search(text, [candidate]).top?.score ?? 0;

const ada = aCandidate({
  given_name: 'Ada',
  family_name: 'Okafor',
  birth_date: '1950-02-01',
  phone: '+15125550134',
  mrn: 'SYN-0007',
  postal_code: '78701',
});
const ben = aCandidate({ given_name: 'Benjamin', family_name: 'Ruiz', birth_date: '1980-03-04' });

describe('a match is certain', () => {
  it.each([
    'SYN-0007',
    'mrn 7',
    'Okafor MRN SYN0007',
    'Ada Okafor 1950-02-01 512-555-0134',
    'Okafor, Ada 2/1/1950 78701',
    'ADA OKAFOR 2/1/50 phone 555-0134',
  ])('for %j', (text) => {
    const { resolution, top } = search(text, [ada, ben]);
    expect([resolution, top?.grade]).toEqual(text.includes('phone 555') ? ['ambiguous', 'probable'] : ['certain', 'certain']);
  });

  it.each([
    'Ada Okafor',
    'Ada Okafor 1950-02-01',
    'Okafor 1950-02-01 512-555-0134',
    '512-555-0134',
    'Okafor Ada 1950-02-01 512-555-0134',
    '0007',
    'Ada Okafor 1950 512-555-0134',
  ])('not for %j', (text) => {
    const { resolution, ids } = search(text, [ada, ben]);
    expect([resolution, ids]).toEqual(['ambiguous', [ada.patient_id]]);
  });

  it('not where the MRN is of another person than the name', () => {
    expect(search('Benjamin Ruiz MRN SYN-0007', [ada, ben]).resolution).toBe('ambiguous');
  });

  it('not where the chart knows a year of birth only (trap 23)', () => {
    expect(search('Ada Okafor 1950-01-01 512-555-0134', [{ ...ada, birth_date: '1950' }]).resolution).toBe('ambiguous');
    expect(dateWeight('1950-01-01', '1950')).toBe(2);
  });

  it('not where two charts fit alike (D13)', () => {
    const twin_chart = aCandidate({ ...ada, patient_id: '00000000-0000-4000-8000-0000000000ff', mrn: 'SYN-0999' });
    const { resolution, ids } = search('Ada Okafor 1950-02-01 512-555-0134', [ada, twin_chart]);
    expect([resolution, ids.length]).toEqual(['ambiguous', 2]);
  });

  it('where the other chart was merged into this one; never for the merged chart', () => {
    const merged = aCandidate({ ...ada, patient_id: 'ffffffff-0000-4000-8000-0000000000ff', mrn: 'SYN-0999', replaced_by: ada.patient_id });
    const { resolution, ids } = search('Ada Okafor 1950-02-01 512-555-0134', [merged, ada]);
    expect([resolution, ids]).toEqual(['certain', [ada.patient_id, merged.patient_id]]);
    expect(search('SYN-0999', [merged]).resolution).toBe('ambiguous');
  });
});

describe('twins (trap 22)', () => {
  const emma = aCandidate({ given_name: 'Emma', family_name: 'Reyes', birth_date: '2015-03-02', phone: '+15125550160' });
  const olivia = aCandidate({ ...emma, patient_id: 'ffffffff-0000-4000-8000-0000000000ee', given_name: 'Olivia', mrn: 'SYN-2' });

  it('are told apart by the first name', () => {
    const { resolution, top } = search('Emma Reyes 2015-03-02 512-555-0160', [olivia, emma]);
    expect([resolution, top?.candidate.given_name]).toEqual(['certain', 'Emma']);
  });

  it('are never certain by last name, birth date and phone', () => {
    expect(search('Reyes 2015-03-02 512-555-0160', [emma, olivia])).toMatchObject({
      resolution: 'ambiguous',
      ids: [expect.anything(), expect.anything()],
    });
  });

  it('block each other: a first name that the chart does not have is no certain match, though all else fits', () => {
    const { resolution, top } = search('Sophia Reyes 2015-03-02 512-555-0160', [emma]);
    expect([resolution, top?.grade]).toEqual(['ambiguous', 'possible']);
  });

  it('with first names that look alike stay two', () => {
    const michelle = aCandidate({ ...emma, patient_id: '0fffffff-0000-4000-8000-0000000000ee', given_name: 'Michelle' });
    const michael = aCandidate({ ...emma, given_name: 'Michael' });
    expect(search('Michael Reyes 2015-03-02 512-555-0160', [michael, michelle])).toMatchObject({
      resolution: 'ambiguous',
      top: { candidate: michael },
    });
  });
});

describe('phone and e-mail', () => {
  it('alone identify nobody: a household shares them (trap 22)', () => {
    const household = ['Ada', 'Ben', 'Cora'].map((given_name) =>
      aCandidate({ given_name, phone: '+15125550134', email: 'us@example.org' }),
    );
    const { resolution, matches } = search('512-555-0134 us@example.org', household);
    expect([resolution, matches.map(({ grade }) => grade)]).toEqual(['ambiguous', ['possible', 'possible', 'possible']]);
    expect(scoreOf('512-555-0134', ada)).toBe(3);
  });
});

describe('a name', () => {
  const william = aCandidate({ given_name: 'William', family_name: 'Hernandez', previous_family_name: 'Gutierrez', middle_name: 'James' });

  it.each([
    ['William Hernandez', 11, ['family_name', 'given_name']],
    ['Hernandez, William', 11, ['family_name', 'given_name']],
    ['Hernandez William', 8, ['family_name', 'given_name']],
    ['Bill Hernandez', 10, ['family_name', 'nickname']],
    ['William Hernandes', 8, ['spelling', 'given_name']],
    ['William Hernadnez', 8, ['spelling', 'given_name']],
    ['William Gutierrez', 10, ['previous_name', 'given_name']],
    ['William James Hernandez', 12, ['family_name', 'given_name']],
    ['W Hernandez', 7, ['family_name', 'given_name']],
    ['James Hernandez', 9, ['family_name', 'given_name']],
    ['Hernandez', 6, ['family_name']],
    ['Carl Hernandez', 3, ['family_name']],
  ])('%j weighs %d on %j', (text, score, matched_on) => {
    expect(search(text, [william]).top).toMatchObject({ score, matched_on });
  });

  it('that many bear weighs less', () => {
    expect(search('Ada Okafor', [ada], () => 300).top?.score).toBe(7);
  });

  it('with the suffix of the father is not the son', () => {
    const [father, son] = ['Sr', 'Jr'].map((name_suffix, at) =>
      aCandidate({ given_name: 'John', family_name: 'King', name_suffix, birth_date: at ? '1990-01-02' : '1960-05-06' }),
    );
    expect(search('John King Jr', [father, son] as Candidate[]).top?.candidate).toBe(son);
  });

  it('puts the order as typed first: James Thomas is no Thomas James', () => {
    const [a, b] = [aCandidate({ given_name: 'Thomas', family_name: 'James' }), aCandidate({ given_name: 'James', family_name: 'Thomas' })];
    expect(search('James Thomas', [a, b]).top?.candidate).toBe(b);
    expect(search('James, Thomas', [a, b]).top?.candidate).toBe(a);
  });

  it.each([
    ['maria de la cruz', { given_name: 'Maria', family_name: 'de la Cruz' }],
    ['maria garcia lopez', { given_name: 'Maria', family_name: 'Garcia Lopez' }],
    ['mary ann smith', { given_name: 'Mary Ann', family_name: 'Smith' }],
    ["o'brien sinead", { given_name: 'Sinéad', family_name: 'O’Brien' }],
    ['van nguyen', { given_name: 'Van', family_name: 'Nguyen' }],
  ])('%j fits in both parts', (text, patient) => {
    expect(search(text, [aCandidate(patient)]).top?.score).toBeGreaterThanOrEqual(8);
  });

  it('keeps same-name patients apart by birth date, and both as candidates without it', () => {
    const [a, b] = [
      aCandidate({ given_name: 'John', family_name: 'Smith', birth_date: '1961-04-05' }),
      aCandidate({ given_name: 'John', family_name: 'Smith', birth_date: '1978-09-10' }),
    ];
    expect(search('John Smith', [a, b])).toMatchObject({ resolution: 'ambiguous', ids: { length: 2 } });
    expect(search('John Smith 9/10/1978', [a, b])).toMatchObject({ resolution: 'ambiguous', top: { candidate: b, grade: 'probable' } });
  });
});

describe('a birth date', () => {
  it.each([
    ['1980-03-04', 8],
    ['1980-04-03', 3],
    ['1980-03-05', 3],
    ['1980-11-25', -1],
    ['1971-11-25', -5],
    ['1980', 2],
    ['1981', -5],
  ])('%s against 1980-03-04 weighs %d', (asked, weight) => {
    expect(dateWeight(asked, '1980-03-04')).toBe(weight);
  });

  it('in another order of day and month counts as a slip, not as equal', () => {
    expect([scoreOf('Ruiz 3/4/1980', ben), scoreOf('Ruiz 4/3/1980', ben)]).toEqual([14, 9]);
  });

  it('that may be another number never counts against', () => {
    expect(scoreOf('Okafor 121280', ada)).toBe(6);
    expect(scoreOf('Okafor 02011950', ada)).toBe(14);
  });
});

describe('a ranking', () => {
  it('does not depend on the order of the candidates', () => {
    const people = ['Ada', 'Adam', 'Ida', 'Ada'].flatMap((given_name) =>
      ['Okafor', 'Okafer', 'Ruiz'].map((family_name) => aCandidate({ given_name, family_name })),
    );
    const expected = search('Ada Okafor 1950-02-01', people).ids;
    fc.assert(
      fc.property(fc.shuffledSubarray(people, { minLength: people.length }), (shuffled) => {
        expect(search('Ada Okafor 1950-02-01', shuffled).ids).toEqual(expected);
      }),
    );
  });

  it('answers none for nobody, and leaves noise out', () => {
    expect(search('Zephyr Quist', [ada, ben])).toMatchObject({ resolution: 'none', ids: [] });
    expect(
      search('Ada Okafor 1950-02-01', [ada, aCandidate({ given_name: 'Ada', family_name: 'Ruiz', birth_date: '1990-01-01' })]).ids,
    ).toEqual([ada.patient_id]);
  });
});
