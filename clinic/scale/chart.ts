// One patient's chart at scale: who it is, what is covered, what is wrong, what was measured; and the order in which everything else is told.
import { dateOf } from '../days.ts';
import { billingLines } from './account.ts';
import { carePlanLines } from './care-plans.ts';
import { changeLines } from './changes.ts';
import { deskLines } from './desk.ts';
import { grantLines } from './grants.ts';
import { labsOf } from './labs.ts';
import { patientLeadLines } from './leads.ts';
import { medicineLines } from './medicines.ts';
import { COVERED_SINCE, chartAt, coverageOf, type To, toLines } from './patient.ts';
import { KIND, type Population } from './population.ts';
import { screeningLines } from './screening.ts';
import { type Lines, line, NONE, SCALE_TABLES } from './tables.ts';
import { visitLines } from './visits.ts';

const S = { conditions: 201, coverage: 206, order: 207, town: 210, review: 213, urine: 215 };
const TOWNS = [
  'Ashford',
  'Briarwood',
  'Clearwater',
  'Dunmore',
  'Eastgate',
  'Fairhaven',
  'Glenrock',
  'Hillsdale',
  'Ironton',
  'Juniper Falls',
];

/** Appends the rows of one patient to `lines`. */
export function chartOf(population: Population, tenant: number, patient: number, lines: Lines): void {
  const to = toLines(chartAt(population, tenant, patient), lines);
  const from = SCALE_TABLES.map((table) => lines[table].length);
  patientLine(to);
  coverageLine(to);
  medicineLines(to);
  screeningLines(to);
  visitLines(to);
  labLines(to);
  carePlanLines(to);
  grantLines(to);
  billingLines(to);
  deskLines(to);
  patientLeadLines(to);
  changeLines(to, from);
}

function patientLine({ person, tenant_id, practitioner_id, last_day, opened, lines }: To): void {
  const { chance, id, mrn, family, given, middle, born, sex, phone, email, active, deceased } = person;
  const town = chance.int(S.town, 0, TOWNS.length - 1);
  lines.patients.push(
    `${tenant_id}\t${id}\t${mrn}\t${family}\t${given}\t${middle ?? NONE}\t${dateOf(born)}\t${sex}\t${phone}\t${email ?? NONE}\t${TOWNS[town]}\tVA\t${23_000 + town}\t${practitioner_id}\t${active}\t${deceased ? dateOf(last_day - 30) : NONE}\t${dateOf(opened)}T14:00:00Z`,
  );
}

function coverageLine({ person, chance, tenant_id, id, lines }: To): void {
  const coverage = coverageOf(person);
  if (!coverage) return;
  const member = `M${chance.int(S.coverage, 10_000_000, 99_999_999, 1)}`;
  lines.coverages.push(
    line(tenant_id, id(KIND.coverage), person.id, 1, 'active', coverage.kind, coverage.payer, 'Plan A', member, 'self', COVERED_SINCE),
  );
}

function labLines(to: To): void {
  const { person, is, tenant_id, practitioner_id, last_day, id, lines } = to;
  const labs = labsOf(person, is, last_day);
  for (const [n, { day, minute, loinc, name, value, unit, low, high }] of labs.entries()) {
    const date = dateOf(day);
    const flag = Number(value) < Number(low) ? 'L' : Number(value) > Number(high) ? 'H' : NONE;
    // 07:10 to 10:00 in the eastern zone.
    const at = `${date}T${String(Math.floor((minute + 300) / 60)).padStart(2, '0')}:${String((minute + 300) % 60).padStart(2, '0')}:00Z`;
    lines.lab_results.push(
      `${tenant_id}\t${id(KIND.lab, n)}\t${person.id}\t${loinc}\t${name}\t${value}\t${unit}\t${low}\t${high}\tfinal\t${at}\t${date}T22:15:00Z\tExample Reference Laboratory\t${NONE}\t${flag}`,
    );
    // What is out of range is looked at, but for the newest; of the rest, most.
    const late = last_day - day < 8 ? 0.5 : flag === NONE ? 0.15 : 0.01;
    if (person.chance.uniform(S.review, n) >= late)
      lines.lab_reviews.push(
        `${tenant_id}\t${id(KIND.review, n)}\t${person.id}\t${id(KIND.lab, n)}\t${practitioner_id}\t${dateOf(day + 1)}T20:00:00Z\t${flag === NONE ? 'no_action' : 'message_sent'}`,
      );
  }
  if (is.diabetes && person.chance.uniform(S.urine) < 0.65) urineLine(to, labs.length);
  if (person.chance.uniform(S.order) < 0.06)
    lines.lab_orders.push(
      `${tenant_id}\t${id(KIND.order)}\t${person.id}\t${practitioner_id}\t24323-8\tComprehensive metabolic panel\tactive\t${dateOf(last_day - person.chance.int(S.order, 1, 60, 1))}T15:00:00Z\t${dateOf(last_day + person.chance.int(S.order, -20, 40, 2))}`,
    );
}

/** Albumin in the urine of who has diabetes, in most of them once in these two years. */
function urineLine({ chance, person, tenant_id, last_day, id, lines }: To, n: number): void {
  const date = dateOf(last_day - chance.int(S.urine, 2, 700, 1));
  const value = Math.round(14 * Math.exp(0.9 * chance.normal(S.urine, 2)));
  lines.lab_results.push(
    line(
      ...[tenant_id, id(KIND.lab, n), person.id, '9318-7', 'ALBUMIN/CREATININE URINE', value, 'mg/g', 0, 29, 'final', `${date}T14:10:00Z`],
      ...[`${date}T22:15:00Z`, 'Example Reference Laboratory', undefined, value > 29 ? 'H' : undefined],
    ),
  );
}
