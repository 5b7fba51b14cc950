import { describe, expect, it } from 'vitest';
import { noKnownOf, statusOf } from './allergies.ts';

type Known = Parameters<typeof statusOf>[0][number];
const row = (own: Partial<Known>): Known => ({
  substance: 'Penicillin',
  code: null,
  code_system: null,
  category: 'medication',
  clinical_status: 'active',
  ...own,
});
const coded = (code: string, own: Partial<Known> = {}) =>
  row({ substance: 'No known', code, code_system: 'snomed', category: null, ...own });
const NKA = coded('716186003');
const NKDA = coded('409137002');
const peanut = row({ substance: 'Peanut', category: 'food' });
const penicillin = row({});
const latex = row({ substance: 'Latex', category: null });

describe('none known, none of drugs known, and nobody asked are three things (trap 12)', () => {
  it.each<[string, Known[], string, string]>([
    ['nothing on record', [], 'not_asked', 'unknown'],
    ['no known allergies', [NKA], 'no_known_allergies', 'none_known'],
    ['no known drug allergies', [NKDA], 'no_known_drug_allergies', 'none_known'],
    ['both said', [NKDA, NKA], 'no_known_allergies', 'none_known'],
    ['a drug allergy', [penicillin], 'recorded', 'recorded'],
    ['a food allergy: of drugs nothing is known', [peanut], 'recorded', 'unknown'],
    ['a food allergy, and none of drugs', [peanut, NKDA], 'recorded', 'none_known'],
    ['a substance that may be a drug, and none of drugs', [latex, NKDA], 'recorded', 'unknown'],
    ['a resolved one only', [row({ clinical_status: 'resolved' })], 'only_inactive', 'unknown'],
    ['an inactive one, and none known since', [row({ clinical_status: 'inactive' }), NKA], 'no_known_allergies', 'none_known'],
    ['none known once, no longer', [coded('716186003', { clinical_status: 'inactive' })], 'not_asked', 'unknown'],
    ['none of food known: of the rest nothing', [coded('429625007')], 'not_asked', 'unknown'],
    ['in words only', [row({ substance: 'NKDA', category: null })], 'no_known_drug_allergies', 'none_known'],
    ['a row that says none beside one that lists one', [NKA, penicillin], 'recorded', 'recorded'],
  ])('%s', (_, rows, status, drug_allergies) => {
    expect(statusOf(rows)).toMatchObject({ status, drug_allergies });
  });

  it('says where the record contradicts itself', () => {
    expect(statusOf([NKA, peanut])).toMatchObject({ contradiction: true, no_known: ['any'], active_count: 1 });
    expect(statusOf([NKDA, penicillin])).toMatchObject({ contradiction: true, drug_allergies: 'recorded' });
    expect(statusOf([NKDA, peanut])).not.toHaveProperty('contradiction');
  });

  it('knows a statement by its SNOMED code or its whole words, and a substance by anything else', () => {
    expect([NKA, NKDA, coded('716184000')].map(noKnownOf)).toEqual(['any', 'drug', 'latex']);
    expect(noKnownOf({ substance: 'no known medication allergies', code: null, code_system: null })).toBe('drug');
    expect(noKnownOf({ substance: 'Penicillin', code: '716186003', code_system: 'rxnorm' })).toBeUndefined();
    expect(noKnownOf({ substance: 'NKDA except sulfa', code: null, code_system: null })).toBeUndefined();
  });
});
