// What is wrong with a patient, since when, and with what it is treated.
import type { Chart, Sick } from './patient.ts';

export interface Problem {
  /** Its place in PROBLEMS. */
  n: number;
  icd10: string;
  name: string;
  drug?: string;
  ingredient?: string;
  since: number;
}

const S = { conditions: 201 };

const PROBLEMS: readonly (readonly [keyof Sick, string, string, string?, string?])[] = [
  ['diabetes', 'E11.9', 'Type 2 diabetes mellitus', 'metformin 500 mg oral tablet', 'metformin'],
  ['pressure', 'I10', 'Essential hypertension', 'lisinopril 10 mg oral tablet', 'lisinopril'],
  ['lipids', 'E78.5', 'Hyperlipidemia', 'atorvastatin 20 mg oral tablet', 'atorvastatin'],
  ['kidney', 'N18.31', 'Chronic kidney disease stage 3a'],
  ['thyroid', 'E03.9', 'Hypothyroidism', 'levothyroxine 75 mcg oral tablet', 'levothyroxine'],
  ['hypogonadism', 'E29.1', 'Testicular hypofunction', 'testosterone cypionate 200 mg/mL injection', 'testosterone cypionate'],
];

export function problemsOf({ chance, is, last_day }: Chart): Problem[] {
  return PROBLEMS.flatMap(([condition, icd10, name, drug, ingredient], n) => {
    if (!is[condition]) return [];
    const since = last_day - chance.int(S.conditions, 200, 3_000, 10 + n);
    return [{ n, icd10, name, since, ...(drug !== undefined && { drug, ingredient }) }];
  });
}
