// A "looks fake" rule is proved twice: no generated clinic breaks it, and one that is broken on purpose does.
import { describe, expect, it } from 'vitest';
import { generateClinic } from '../../clinic/clinic.ts';
import type { Clinic } from '../../clinic/rows.ts';

type Rule = (whole: Clinic) => readonly string[];
type Table = { [T in keyof Clinic]: Clinic[T] extends readonly unknown[] ? T : never }[keyof Clinic];
type Row<T extends Table> = Clinic[T] extends readonly (infer R)[] ? R : never;

/** Ways to spoil a clinic: every row of a table, or its first. */
export interface Spoil {
  whole: Clinic;
  all<T extends Table>(table: T, change: (row: Row<T>, i: number) => object): Clinic;
  first<T extends Table>(table: T, change: object): Clinic;
}

const CLINICS = [
  ['juniper', 2026, '2026-11-20'],
  ['cedar', 2026, '2026-11-20'],
  ['juniper', 7, '2027-03-17'],
  ['cedar', 11, '2026-07-05'],
  ['juniper', 3, '2026-11-24'],
] as const;

/** `broken` has a clinic for each rule that breaks it. */
export function looksReal<R extends Record<string, Rule>>(
  what: string,
  rules: R,
  broken: (spoil: Spoil) => Record<keyof R & string, Clinic>,
): void {
  describe.each(CLINICS)(`${what} of %s (seed %i, as of %s) does not look made up`, (clinic, seed, as_of) => {
    const whole = generateClinic({ clinic, seed, as_of });
    it.each(Object.entries(rules))('%s', (_, rule) => {
      expect(rule(whole)).toEqual([]);
    });
  });

  describe('each rule goes red when it is broken', () => {
    const whole = generateClinic({ clinic: 'juniper', seed: 2026, as_of: '2026-11-20' });
    const all: Spoil['all'] = (table, change) => ({
      ...whole,
      [table]: (whole[table] as never[]).map((row, i) => ({ ...(row as object), ...change(row, i) })),
    });
    const first: Spoil['first'] = (table, change) => all(table, (_, i) => (i === 0 ? change : {}));
    it.each(Object.entries(broken({ whole, all, first })))('%s', (rule, spoilt) => {
      expect(rules[rule]?.(spoilt).length).toBeGreaterThan(0);
    });
  });
}
