// The flag that the table keeps is the flag that the answer says.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLabResult, aPatient, type Row } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { computedFlag, flagOfCode } from '../../domains/lab-flags.ts';
import type { LabResult } from '../../domains/labs.ts';

const numeral = fc.integer({ min: 0, max: 6 }).map((n) => n / 2);
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null });
const printed = fc.oneof(
  fc.tuple(fc.constantFrom('<', '<=', '>', '>=', '≤', '≥', '> OR = ', '< or =', '> '), numeral).map(([sign, limit]) => `${sign}${limit}`),
  fc.tuple(numeral, fc.constantFrom('-', ' - ', '–'), numeral).map((parts) => parts.join('')),
  fc.constantFrom('Negative', 'see note', '5', '>5-10', '-3', '', '1-2-3', '<.5'),
);
const result = fc.record({
  value: maybe(numeral),
  comparator: maybe(fc.constantFrom('<', '<=', '>', '>=')),
  ref_low: maybe(numeral),
  ref_high: maybe(numeral),
  ref_text: maybe(printed),
  lab_flag: maybe(fc.constantFrom('N', 'H', 'LX', 'HU', 'W', 'RR', 'NR', 'E', 'NS', 'AA', '>', 'h')),
});

/** No lab's range ends before it begins, or below zero. */
const isRange = ({ ref_low, ref_high, ref_text }: { ref_low: number | null; ref_high: number | null; ref_text: string | null }) => {
  const numbers = (ref_text ?? '').match(/[\d.]+/g)?.map(Number) ?? [];
  const [first, last] = [numbers[0] ?? 0, numbers.at(-1) ?? 0];
  const [low, high] = [ref_low ?? (/^[\d>≥]/.test(ref_text ?? '') ? first : 0), ref_high ?? (/^[\d<≤]/.test(ref_text ?? '') ? last : 9)];
  return low <= high && high > 0;
};

describe('the flag of a row', () => {
  const patient = aPatient();
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({ patients: [patient] });
  });
  afterAll(() => record.close());

  it('is what the domain says, whatever the lab sent (trap 2, trap 3)', async () => {
    const given = fc
      .sample(result, { seed: 3, numRuns: 6000 })
      .filter(isRange)
      .map((own) => aLabResult(patient, own as Row));
    await record.load({ lab_results: given });
    const { rows } = await record.admin.query('select id, flag from data.lab_results');
    const kept = new Map(rows.map(({ id, flag }: { id: string; flag: string }) => [id, flag]));
    const wrong = given.filter((row) => {
      const known = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
      const told =
        flagOfCode((row as Row as { lab_flag: string | null }).lab_flag) ?? computedFlag(known as unknown as LabResult) ?? 'unknown';
      return kept.get((row as Row as { id: string }).id) !== told;
    });
    expect(kept.size).toBeGreaterThan(3000);
    expect(wrong).toEqual([]);
  });
});
