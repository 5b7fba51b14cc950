import { describe, expect, it } from 'vitest';
import { aCandidate } from '../../../test/builders/chart.ts';
import type { NewPatient } from '../../domains/registrations.ts';
import { queryOf, slipsOf } from './patient-alike.ts';
import { likelySame } from './patient-match.ts';

const ada: NewPatient = { family_name: 'Okafor', given_name: 'Ada', birth_date: '1950-02-01', sex: 'female', phone: '+15125550134' };
const isLikely = (person: Partial<NewPatient>, chart: Parameters<typeof aCandidate>[0], bearers = 1) =>
  likelySame(
    queryOf({ ...ada, ...person }),
    [aCandidate({ given_name: 'Ada', family_name: 'Okafor', birth_date: '1950-02-01', sex: 'female', ...chart })],
    () => bearers,
  ).length === 1;

describe('who may be the person that is to be registered', () => {
  it.each([
    ['all is the same', {}, {}],
    ['only the name is known of the chart', {}, { birth_date: null }],
    ['only a year is known of the chart', {}, { birth_date: '1950' }],
    ['the name is borne by many', {}, {}, 300],
    ['first and last name stand in each other’s place', { given_name: 'Okafor', family_name: 'Ada' }, {}],
    ['the chart has the former name', { family_name: 'Lind', previous_family_name: 'Okafor' }, {}],
    ['the chart knows the former name', { family_name: 'Lind' }, { family_name: 'Okafor', previous_family_name: 'Lind' }],
    ['she is called by another name', { given_name: 'Adaeze', preferred_name: 'Ada' }, {}],
    ['the chart has a second name more', {}, { middle_name: 'Grace' }],
    ['the draft has a second name more', { middle_name: 'Grace' }, {}],
    ['day and month are exchanged', { birth_date: '1950-01-02' }, {}],
    ['another birth date, the same e-mail', { birth_date: '1971-11-25', email: 'ada@example.org' }, { email: 'ADA@example.org' }],
    ['a twin', { given_name: 'Ngozi' }, { phone: '+15125550134' }],
  ] as [string, Partial<NewPatient>, Parameters<typeof aCandidate>[0], number?][])('%s: likely', (_, person, chart, bearers) => {
    expect(isLikely(person, chart, bearers)).toBe(true);
  });

  it.each([
    ['another person of the household', { given_name: 'Ngozi', birth_date: '1971-11-25' }, { phone: '+15125550134' }],
    ['somebody of the same name and another birth date', { birth_date: '1971-11-25' }, {}],
    ['the son', { birth_date: '1980-05-06', name_suffix: 'Jr' }, { name_suffix: 'Sr' }],
    ['somebody born on the same day', { given_name: 'Iris', family_name: 'Quist' }, {}],
  ] as [string, Partial<NewPatient>, Parameters<typeof aCandidate>[0]][])('%s: not', (_, person, chart) => {
    expect(isLikely(person, chart)).toBe(false);
  });
});

it('a slip in a day is another day of the calendar, one digit or two neighbours away', () => {
  const slips = slipsOf('1984-02-29');
  expect(slips).toEqual(expect.arrayContaining(['1948-02-29', '1984-02-28', '1984-03-29', '1884-02-29', '1988-02-29']));
  expect(slips).not.toContain('1984-02-29');
  expect(slips).not.toContain('1984-02-92');
  expect(slips).not.toContain('1983-02-29');
  expect(new Set(slips).size).toBe(slips.length);
});
