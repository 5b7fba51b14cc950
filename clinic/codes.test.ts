import { describe, expect, it } from 'vitest';
import { generateClinic } from './clinic.ts';
import { CONDITIONS } from './conditions.ts';
import { ANALYTES } from './labs/analytes.ts';
import { ORDERS } from './labs/orders.ts';

const whole = generateClinic({ clinic: 'juniper', seed: 2026, as_of: '2026-11-20' });
const cedar = generateClinic({ clinic: 'cedar', seed: 2026, as_of: '2026-11-20' });

/** The sum of Luhn's digits; right when it ends in 0. */
function luhn(digits: string): number {
  return [...digits].reverse().reduce((sum, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 1 ? 2 : 1);
    return sum + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
}

describe('codes are codes', () => {
  it('every NPI passes Luhn with the prefix 80840, and is a number that nobody has', () => {
    const npis = [...whole.practitioners, ...cedar.practitioners].flatMap(({ npi }) => npi ?? []);
    expect(npis).toHaveLength(8);
    for (const npi of npis) expect([npi, luhn(`80840${npi}`) % 10]).toEqual([npi, 0]);
    for (const npi of npis) expect(npi).toMatch(/^1999999/);
  });

  it('every LOINC has the right check digit (mod 10)', () => {
    const sent = [...whole.lab_results, ...cedar.lab_results].flatMap(({ loinc, panel_loinc }) => [loinc, panel_loinc]);
    const listed = [
      ...Object.values(ANALYTES).flatMap(({ loinc }) => loinc),
      ...Object.values(ORDERS).map((order) => ('loinc' in order ? order.loinc : null)),
    ];
    const codes = new Set([...sent, ...listed].filter((code) => code !== null));
    expect(codes.size).toBeGreaterThan(80);
    for (const code of codes) {
      const [number, check] = code.split('-') as [string, string];
      expect([code, (10 - (luhn(`${number}0`) % 10)) % 10]).toEqual([code, Number(check)]);
    }
  });

  it('every indication is a diagnosis that the clinic knows', () => {
    const reasons = new Set([...whole.medication_requests, ...cedar.medication_requests].flatMap(({ reason_icd10 }) => reason_icd10 ?? []));
    for (const reason of reasons) expect(CONDITIONS).toHaveProperty([reason]);
  });
});
