// Problems and what is taken for them: the request, what went to the pharmacy, what was asked for again; and allergies.
import { dateOf } from '../days.ts';
import type { To } from './patient.ts';
import { KIND } from './population.ts';
import { type Problem, problemsOf } from './problems.ts';
import { line } from './tables.ts';

const S = { conditions: 201, prescription: 221, refill: 222, allergy: 223 };
const DAYS_SUPPLY = 90;
const PHARMACIES = ['Corner Pharmacy', 'Market Street Drug', 'Northside Pharmacy', 'Valley Mail Pharmacy'];

export function medicineLines(to: To): void {
  for (const problem of problemsOf(to)) {
    conditionLine(to, problem);
    if (problem.drug !== undefined && to.chance.uniform(S.conditions, 20 + problem.n) >= 0.12) medicationLines(to, problem);
  }
  allergyLines(to);
}

function conditionLine({ person, tenant_id, last_day, id, lines }: To, { n, icd10, name, since }: Problem): void {
  const recorded = dateOf(Math.max(since, last_day - 729));
  lines.conditions.push(line(tenant_id, id(KIND.condition, n), person.id, 'problem', icd10, name, 'active', dateOf(since), recorded));
}

function medicationLines(to: To, { n, icd10, drug = '', ingredient, since }: Problem): void {
  const { chance, person, tenant_id, practitioner_id, last_day, id, lines } = to;
  const start = Math.max(since, last_day - 729 + chance.int(S.conditions, 0, 500, 30 + n));
  const status = chance.uniform(S.conditions, 40 + n) < 0.1 ? 'stopped' : 'active';
  const form = drug.endsWith('tablet') ? 'tablet' : 'injection';
  const medication = id(KIND.medication, n);
  lines.medication_requests.push(
    line(
      tenant_id,
      medication,
      person.id,
      drug,
      ingredient,
      form,
      status,
      dateOf(start),
      DAYS_SUPPLY,
      practitioner_id,
      icd10,
      dateOf(start),
    ),
  );
  sentLine(to, { n, medication, form, day: start, renewal: 0 });
  for (let renewal = 1; renewal < 8; renewal++) {
    const day = start + renewal * DAYS_SUPPLY + chance.int(S.prescription, -6, 8, n * 40 + renewal * 4);
    if (day > last_day || status === 'stopped') break;
    // Every third renewal is asked for; the others come with the visit or by themselves.
    const isAsked = chance.uniform(S.refill, n * 40 + renewal * 4) < 0.33;
    if (isAsked && refillLine(to, { n, medication, day, renewal }) !== 'approved') continue;
    if (chance.uniform(S.prescription, n * 40 + renewal * 4 + 1) < 0.6) sentLine(to, { n, medication, form, day, renewal });
  }
}

interface Renewal {
  n: number;
  medication: string;
  day: number;
  renewal: number;
}

function sentLine(to: To, { n, medication, form, day, renewal }: Renewal & { form: string }): void {
  const { chance, person, tenant_id, practitioner_id, last_day, id, lines } = to;
  const at = n * 40 + renewal * 4 + 2;
  const u = chance.uniform(S.prescription, at);
  const status = u < 0.02 ? 'error' : day > last_day - 2 ? 'accepted' : u < 0.06 ? 'partially_filled' : 'filled';
  const filled = status === 'filled' || status === 'partially_filled' ? dateOf(Math.min(last_day, day + 1)) : undefined;
  lines.prescriptions.push(
    line(
      ...[tenant_id, id(KIND.prescription, n * 8 + renewal), person.id, medication, practitioner_id, renewal === 0 ? 'new' : 'renewal'],
      ...[status, PHARMACIES[chance.int(S.prescription, 0, 3, n)], form === 'tablet' ? 90 : 10, form === 'tablet' ? 'tablet' : 'mL', 1],
      ...[DAYS_SUPPLY, `${dateOf(day)}T19:10:00Z`, filled, status === 'error' ? 'Pharmacy could not be reached' : undefined],
    ),
  );
}

/** Decided within two days, but for the newest. */
function refillLine(
  { chance, person, tenant_id, practitioner_id, last_day, id, lines }: To,
  { n, medication, day, renewal }: Renewal,
): string {
  const at = n * 40 + renewal * 4 + 1;
  const u = chance.uniform(S.refill, at);
  const decided = day + chance.int(S.refill, 0, 2, at + 1);
  const status = decided > last_day || (day > last_day - 10 && u > 0.7) ? 'pending' : u < 0.93 ? 'approved' : 'denied';
  const isPatient = chance.uniform(S.refill, at + 2) < 0.6;
  lines.refill_requests.push(
    line(
      ...[tenant_id, id(KIND.refill, n * 8 + renewal), person.id, medication, isPatient ? 'patient' : 'pharmacy', status],
      ...[isPatient ? 'I have about a week left.' : undefined, `${dateOf(day)}T14:25:00Z`],
      ...(status === 'pending' ? [undefined, undefined] : [`${dateOf(decided)}T20:40:00Z`, practitioner_id]),
    ),
  );
  return status;
}

const ALLERGENS = [
  ['Penicillin', 'allergy', 'medication', 'high', 'Hives', 'moderate'],
  ['Sulfamethoxazole', 'allergy', 'medication', 'high', 'Rash', 'moderate'],
  ['Codeine', 'intolerance', 'medication', 'low', 'Nausea', 'mild'],
  ['Ibuprofen', 'intolerance', 'medication', 'low', 'Stomach pain', 'mild'],
  ['Lisinopril', 'intolerance', 'medication', 'low', 'Cough', 'mild'],
  ['Latex', 'allergy', 'environment', 'high', 'Contact dermatitis', 'moderate'],
  ['Peanut', 'allergy', 'food', 'high', 'Anaphylaxis', 'severe'],
  ['Shellfish', 'allergy', 'food', 'high', 'Swelling of the lips', 'severe'],
  ['Pollen', 'allergy', 'environment', 'low', 'Sneezing', 'mild'],
] as const;

/** A quarter has one or two. */
function allergyLines({ chance, person, tenant_id, practitioner_id, last_day, opened, id, lines }: To): void {
  const u = chance.uniform(S.allergy);
  const recorded = dateOf(Math.max(opened, last_day - chance.int(S.allergy, 5, 725, 1)));
  const add = (n: number, cells: readonly string[], reactions: string) =>
    lines.allergies.push(line(tenant_id, id(KIND.allergy, n), person.id, ...cells, reactions, recorded, practitioner_id));
  if (u >= 0.25) return;
  const first = chance.int(S.allergy, 0, ALLERGENS.length - 1, 2);
  for (let n = 0; n < (u < 0.06 ? 2 : 1); n++) {
    const [substance, type, category, criticality, manifestation, severity] = ALLERGENS[
      (first + n * 4) % ALLERGENS.length
    ] as (typeof ALLERGENS)[number];
    const clinical = chance.uniform(S.allergy, 10 + n) < 0.06 ? 'resolved' : 'active';
    const verified = chance.uniform(S.allergy, 20 + n) < 0.15 ? 'unconfirmed' : 'confirmed';
    add(n, [substance, type, category, criticality, clinical, verified], `[{"manifestation":"${manifestation}","severity":"${severity}"}]`);
  }
}
