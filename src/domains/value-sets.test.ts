import { describe, expect, it } from 'vitest';
import { DIAGNOSES, LAB_TESTS, PROCEDURES } from './value-sets.ts';

const labs = Object.values<readonly string[]>(LAB_TESTS).flat();
const procedures = Object.values<readonly string[]>(PROCEDURES).flat();
const concepts = [...procedures.filter((code) => /^\d{6,}$/.test(code)), ...Object.values(DIAGNOSES).flatMap(({ snomed }) => snomed)];

describe('the value sets of the measures', () => {
  it('have LOINC codes with their check digit (mod 10)', () => {
    expect([...labs, ...procedures.filter((code) => /^\d+-\d$/.test(code))].filter((code) => !isLoinc(code))).toEqual([]);
    expect([isLoinc('4548-4'), isLoinc('4548-5')]).toEqual([true, false]);
  });

  it('have SNOMED CT concepts with their check digit (Verhoeff)', () => {
    expect(concepts.filter((code) => !isConcept(code))).toEqual([]);
    expect([isConcept('59621000'), isConcept('59621001')]).toEqual([true, false]);
  });

  it('name ICD-10-CM as it is written, and no code in two kinds of the same thing', () => {
    const categories = Object.values(DIAGNOSES).flatMap(({ icd10 }) => icd10);
    expect(categories.filter((code) => !/^[A-Z](\d[\dA-Z](\.[\dA-Z]{1,4})?)?$/.test(code))).toEqual([]);
    expect(labs.filter((code, at) => labs.indexOf(code) !== at)).toEqual([]);
  });
});

function isLoinc(code: string): boolean {
  const [number = '', check] = code.split('-');
  const sum = [...number].reverse().reduce((total, digit, at) => {
    const weighed = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return (10 - (sum % 10)) % 10 === Number(check);
}

/** Verhoeff's check over the dihedral group of the pentagon. */
function isConcept(code: string): boolean {
  const product = (a: number, b: number) => {
    if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5;
    return b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 5) % 5;
  };
  const step = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const moved = (digit: number, times: number): number => (times === 0 ? digit : moved(step[digit] ?? 0, times - 1));
  return [...code].reverse().reduce((check, digit, at) => product(check, moved(Number(digit), at % 8)), 0) === 0;
}
