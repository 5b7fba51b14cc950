// What everything else of one patient hangs on, as plain data: conditions, coverage, visits. What counts a clinic's money needs no more than this.
import { dayOf } from '../days.ts';
import type { Chance } from './chance.ts';
import { idOf } from './chance.ts';
import { type Conditions, hasLabs } from './labs.ts';
import { type Person, type Population, personOf, practitionerId, tenantId } from './population.ts';
import type { Lines } from './tables.ts';

/** One patient, by whom all rows are told. */
export interface Chart {
  population: Population;
  tenant: number;
  patient: number;
  person: Person;
  chance: Chance;
  is: Sick;
  /** The day before as_of. */
  last_day: number;
  visits: readonly Visit[];
}

/** A chart with what its lines need. */
export interface To extends Chart {
  tenant_id: string;
  practitioner_id: string;
  /** The day on which the chart was opened. */
  opened: number;
  id(kind: number, n?: number): string;
  lines: Lines;
}

export type Sick = Conditions & { pressure: boolean };

export interface Visit {
  n: number;
  day: number;
  status: 'booked' | 'no_show' | 'cancelled' | 'completed';
}

export interface Coverage {
  kind: 'medicare' | 'medicaid' | 'commercial';
  payer: string;
}

const S = { conditions: 201, visits: 202, visit: 203, coverage: 206, opened: 211 };
const DAYS_KEPT = 730;

export function chartAt(population: Population, tenant: number, patient: number): Chart {
  const person = personOf(population, tenant, patient);
  const last_day = dayOf(population.as_of) - 1;
  const is = conditionsOf(person);
  return { population, tenant, patient, person, chance: person.chance, is, last_day, visits: visitsOf(person, is, last_day) };
}

export function toLines(chart: Chart, lines: Lines): To {
  const { population, tenant, patient, person } = chart;
  return {
    ...chart,
    tenant_id: tenantId(population, tenant),
    practitioner_id: practitionerId(population, tenant, person.clinician),
    opened: openedOn(chart),
    id: (kind, n = 0) => idOf(population.seed, tenant, patient, kind, n),
    lines,
  };
}

function conditionsOf({ chance, age, sex }: Person): Sick {
  const u = (i: number) => chance.uniform(S.conditions, i);
  const old = Math.min(1.6, Math.max(0, (age - 18) / 32));
  const diabetes = u(0) < 0.1 * old;
  return {
    diabetes,
    pressure: u(1) < 0.28 * old,
    lipids: u(2) < 0.27 * old,
    kidney: u(3) < (diabetes ? 0.2 : 0.03) * old,
    thyroid: u(4) < (sex === 'female' ? 0.1 : 0.03) * old,
    hypogonadism: sex === 'male' && age >= 30 && u(5) < 0.08,
  };
}

/** Half a visit a patient is still to come. */
function visitsOf({ chance }: Person, is: Sick, last_day: number): Visit[] {
  const visits = Math.round(1.5 + 3 * chance.uniform(S.visits) * (is.diabetes || is.hypogonadism ? 2 : 1));
  return Array.from({ length: visits }, (_, n) => {
    const u = chance.uniform(S.visit, n * 8);
    const raw = n === 0 && u < 0.5 ? last_day + 2 + Math.floor(u * 90) : last_day - Math.floor(chance.uniform(S.visit, n * 8 + 1) * 727);
    const day = [6, 0].includes((raw + 4) % 7) ? raw - 2 : raw;
    const fate = chance.uniform(S.visit, n * 8 + 4);
    const status = day > last_day ? 'booked' : fate < 0.08 ? 'no_show' : fate < 0.19 ? 'cancelled' : 'completed';
    return { n, day, status };
  });
}

const two = (n: number) => String(n).padStart(2, '0');

/** The hour and minute of a visit, UTC. */
export const timeOf = ({ chance }: Chart, { n }: Visit): string =>
  `${13 + chance.int(S.visit, 0, 7, n * 8 + 2)}:${two(5 * chance.int(S.visit, 0, 11, n * 8 + 3))}`;

/** The day on which a visit was booked: some weeks before it, and never to come. */
export const bookedOn = ({ last_day }: Pick<Chart, 'last_day'>, { day }: Pick<Visit, 'day'>): number =>
  Math.min(day - 20, last_day - (day % 11));

/** What pays first; four in five have one. */
export function coverageOf({ chance, age }: Person): Coverage | undefined {
  const u = chance.uniform(S.coverage);
  if (u > 0.78) return undefined;
  if (age >= 65) return { kind: 'medicare', payer: 'Medicare Part B' };
  return u < 0.14 ? { kind: 'medicaid', payer: 'State Medicaid' } : { kind: 'commercial', payer: 'Example Mutual' };
}

/** Since when every coverage holds. */
export const COVERED_SINCE = '2025-01-01';

/** The visit that opened the chart, of those who are healthy and first came within these two years; everybody else was here before. */
export function firstVisitOf({ person, is, visits, last_day }: Chart): Visit | undefined {
  if (person.duplicate_of !== undefined || Object.values(is).includes(true) || hasLabs(person)) return undefined;
  const first = visits.reduce((a, b) => (b.day < a.day ? b : a));
  return first.day > last_day - DAYS_KEPT + 40 ? first : undefined;
}

function openedOn(chart: Chart): number {
  const first = firstVisitOf(chart);
  return first ? bookedOn(chart, first) : chart.last_day - DAYS_KEPT + chart.chance.int(S.opened, 0, 20);
}
