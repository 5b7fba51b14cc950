// One patient's rows at scale, as lines of COPY text (PostgreSQL): columns by tab, what is not known as \N.
import { idOf } from './chance.ts';
import { type Conditions, labsOf } from './labs.ts';
import { dateOf, dayOf, KIND, type Person, type Population, personOf, practitionerId, tenantId } from './population.ts';

/** The tables that are filled, in the order of their foreign keys, with the columns of a line. */
export const COLUMNS = {
  patients:
    'tenant_id id mrn family_name given_name middle_name birth_date sex phone email city state postal_code practitioner_id active deceased_on created_at',
  coverages: 'tenant_id id patient_id rank status kind payer plan member_id relationship period_start',
  appointments: 'tenant_id id patient_id practitioner_id start_at minutes status visit_type modality cancelled_by cancelled_at booked_at',
  encounters: 'tenant_id id patient_id practitioner_id appointment_id class status start_at end_at visit_type',
  lab_results:
    'tenant_id id patient_id loinc name_raw value unit ref_low ref_high status collected_at resulted_at performing_lab order_id lab_flag',
  medication_requests: 'tenant_id id patient_id name ingredient form status start_on days_supply prescriber_id reason_icd10 authored_on',
  conditions: 'tenant_id id patient_id category icd10 name clinical_status onset_on recorded_on',
  vital_signs: 'tenant_id id patient_id encounter_id loinc value systolic diastolic unit taken_at',
  lab_orders: 'tenant_id id patient_id practitioner_id loinc name status ordered_at due_on',
  charges:
    'tenant_id id patient_id practitioner_id encounter_id kind code description amount_cents responsible service_on posted_on goods_cost_cents',
  payments: 'tenant_id id patient_id practitioner_id charge_id source method status amount_cents fee_cents posted_on',
  chart_notes: 'tenant_id id patient_id encounter_id author_id title status signed_at body created_at',
  lab_reviews: 'tenant_id id patient_id lab_result_id reviewed_by reviewed_at action',
  messages: 'tenant_id id patient_id thread_id direction channel category practitioner_id body sent_at',
} as const;
export type ScaleTable = keyof typeof COLUMNS;
export const SCALE_TABLES = Object.keys(COLUMNS) as ScaleTable[];
export type Lines = Record<ScaleTable, string[]>;

const NONE = '\\N';
const S = {
  conditions: 201,
  visits: 202,
  visit: 203,
  pressure: 204,
  weight: 205,
  coverage: 206,
  order: 207,
  money: 208,
  message: 209,
  note: 212,
  review: 213,
  town: 210,
  opened: 211,
};
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
const WORDS = [
  'Could I move my visit to next week? Mornings are best.',
  'The pharmacy says they never got the refill. Can you send it again?',
  'I saw my results in the portal and have a question about one of them.',
  'Thanks for the call yesterday, I am feeling better.',
  'What is the balance on my account? I thought it was paid.',
];

/** Appends the rows of one patient to `lines`. Returns how many laboratory rows there are. */
export function chartOf(population: Population, tenant: number, patient: number, lines: Lines): number {
  const person = personOf(population, tenant, patient);
  const last_day = dayOf(population.as_of) - 1;
  const to = {
    population,
    tenant,
    patient,
    person,
    last_day,
    tenant_id: tenantId(population, tenant),
    practitioner_id: practitionerId(population, tenant, person.clinician),
    id: (kind: number, n = 0) => idOf(population.seed, tenant, patient, kind, n),
    lines,
  };
  const conditions = conditionsOf(person);
  patientLine(to);
  coverageLine(to);
  conditionLines(to, conditions);
  visitLines(to, conditions);
  return labLines(to, conditions);
}

interface To {
  population: Population;
  tenant: number;
  patient: number;
  person: Person;
  last_day: number;
  tenant_id: string;
  practitioner_id: string;
  id(kind: number, n?: number): string;
  lines: Lines;
}

type Sick = Conditions & { pressure: boolean };

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

function patientLine({ person, tenant_id, practitioner_id, last_day, lines }: To): void {
  const { chance, id, mrn, family, given, middle, born, sex, phone, email, active, deceased } = person;
  const town = chance.int(S.town, 0, TOWNS.length - 1);
  lines.patients.push(
    `${tenant_id}\t${id}\t${mrn}\t${family}\t${given}\t${middle ?? NONE}\t${dateOf(born)}\t${sex}\t${phone}\t${email ?? NONE}\t${TOWNS[town]}\tVA\t${23_000 + town}\t${practitioner_id}\t${active}\t${deceased ? dateOf(last_day - 30) : NONE}\t${dateOf(last_day - 730 + chance.int(S.opened, 0, 20))}T14:00:00Z`,
  );
}

function coverageLine({ person: { chance, age }, tenant_id, id, lines, person }: To): void {
  const u = chance.uniform(S.coverage);
  if (u > 0.78) return;
  const [kind, payer] =
    age >= 65 ? ['medicare', 'Medicare Part B'] : u < 0.14 ? ['medicaid', 'State Medicaid'] : ['commercial', 'Example Mutual'];
  lines.coverages.push(
    `${tenant_id}\t${id(KIND.coverage)}\t${person.id}\t1\tactive\t${kind}\t${payer}\tPlan A\tM${chance.int(S.coverage, 10_000_000, 99_999_999, 1)}\tself\t2025-01-01`,
  );
}

const PROBLEMS = [
  ['diabetes', 'E11.9', 'Type 2 diabetes mellitus', 'metformin 500 mg oral tablet', 'metformin'],
  ['pressure', 'I10', 'Essential hypertension', 'lisinopril 10 mg oral tablet', 'lisinopril'],
  ['lipids', 'E78.5', 'Hyperlipidemia', 'atorvastatin 20 mg oral tablet', 'atorvastatin'],
  ['kidney', 'N18.31', 'Chronic kidney disease stage 3a', undefined, undefined],
  ['thyroid', 'E03.9', 'Hypothyroidism', 'levothyroxine 75 mcg oral tablet', 'levothyroxine'],
  ['hypogonadism', 'E29.1', 'Testicular hypofunction', 'testosterone cypionate 200 mg/mL injection', 'testosterone cypionate'],
] as const;

function conditionLines({ person: { chance }, person, tenant_id, practitioner_id, last_day, id, lines }: To, is: Sick): void {
  for (const [n, [condition, icd10, name, drug, ingredient]] of PROBLEMS.entries()) {
    if (!is[condition]) continue;
    const since = last_day - chance.int(S.conditions, 200, 3_000, 10 + n);
    lines.conditions.push(
      `${tenant_id}\t${id(KIND.condition, n)}\t${person.id}\tproblem\t${icd10}\t${name}\tactive\t${dateOf(since)}\t${dateOf(Math.max(since, last_day - 729))}`,
    );
    if (drug === undefined || chance.uniform(S.conditions, 20 + n) < 0.12) continue;
    const from = dateOf(Math.max(since, last_day - 729 + chance.int(S.conditions, 0, 500, 30 + n)));
    const status = chance.uniform(S.conditions, 40 + n) < 0.1 ? 'stopped' : 'active';
    lines.medication_requests.push(
      `${tenant_id}\t${id(KIND.medication, n)}\t${person.id}\t${drug}\t${ingredient}\t${drug.endsWith('tablet') ? 'tablet' : 'injection'}\t${status}\t${from}\t90\t${practitioner_id}\t${icd10}\t${from}`,
    );
  }
}

function visitLines(to: To, is: Sick): void {
  const { person, tenant_id, practitioner_id, last_day, id, lines } = to;
  const { chance } = person;
  const visits = Math.round(1.5 + 3 * chance.uniform(S.visits) * (is.diabetes || is.hypogonadism ? 2 : 1));
  const pressure = is.pressure ? 131 + 9 * chance.normal(S.pressure) : 119 + 8 * chance.normal(S.pressure);
  const weight = Math.max(12, Math.min(210, (person.sex === 'male' ? 88 : 76) + 15 * chance.normal(S.weight)));
  for (let n = 0; n < visits; n++) {
    const u = chance.uniform(S.visit, n * 8);
    // Half a visit a patient is still to come.
    const raw = n === 0 && u < 0.5 ? last_day + 2 + Math.floor(u * 90) : last_day - Math.floor(chance.uniform(S.visit, n * 8 + 1) * 727);
    const day = [6, 0].includes((raw + 4) % 7) ? raw - 2 : raw;
    const at = `${dateOf(day)}T${String(13 + chance.int(S.visit, 0, 7, n * 8 + 2))}:${String(5 * chance.int(S.visit, 0, 11, n * 8 + 3)).padStart(2, '0')}:00Z`;
    const fate = chance.uniform(S.visit, n * 8 + 4);
    const status = day > last_day ? 'booked' : fate < 0.08 ? 'no_show' : fate < 0.19 ? 'cancelled' : 'completed';
    const appointment = id(KIND.appointment, n);
    const cancelled = status === 'cancelled' ? `patient\t${dateOf(day - 1)}T15:00:00Z` : `${NONE}\t${NONE}`;
    lines.appointments.push(
      `${tenant_id}\t${appointment}\t${person.id}\t${practitioner_id}\t${at}\t30\t${status}\tFollow-up\tin_person\t${cancelled}\t${dateOf(day - 20)}T15:00:00Z`,
    );
    if (status !== 'completed') continue;
    const encounter = id(KIND.encounter, n);
    lines.encounters.push(
      `${tenant_id}\t${encounter}\t${person.id}\t${practitioner_id}\t${appointment}\tambulatory\tfinished\t${at}\t${at.slice(0, 17)}59Z\tFollow-up`,
    );
    const systolic = Math.round(Math.max(84, pressure + 7 * chance.normal(S.pressure, 1 + n)));
    lines.vital_signs.push(
      `${tenant_id}\t${id(KIND.vital, 2 * n)}\t${person.id}\t${encounter}\t85354-9\t${NONE}\t${systolic}\t${Math.round(systolic * 0.62)}\tmm[Hg]\t${at}`,
      `${tenant_id}\t${id(KIND.vital, 2 * n + 1)}\t${person.id}\t${encounter}\t29463-7\t${(weight + chance.normal(S.weight, 1 + n)).toFixed(1)}\t${NONE}\t${NONE}\tkg\t${at}`,
    );
    noteLine(to, { n, day, encounter });
    moneyLines(to, { n, day, encounter });
  }
  if (chance.uniform(S.message) < 0.25)
    lines.messages.push(
      `${tenant_id}\t${id(KIND.message)}\t${person.id}\t${id(KIND.message, 1)}\tinbound\tportal\t${chance.uniform(S.message, 3) < 0.5 ? 'clinical' : 'administrative'}\t${practitioner_id}\t[{"text":"${WORDS[chance.int(S.message, 0, WORDS.length - 1, 1)]}","origin":"external","kind":"patient_reported"}]\t${dateOf(last_day - chance.int(S.message, 0, 700, 2))}T18:30:00Z`,
    );
}

/** All but one visit in fifty are documented; of those of the last week some wait for a signature. */
function noteLine(
  { person, tenant_id, practitioner_id, last_day, id, lines }: To,
  { n, day, encounter }: { n: number; day: number; encounter: string },
): void {
  const u = person.chance.uniform(S.note, n);
  if (u < 0.02) return;
  const signed = last_day - day > 7 || u < 0.7 ? `signed\t${dateOf(day)}T21:30:00Z` : `unsigned\t${NONE}`;
  lines.chart_notes.push(
    `${tenant_id}\t${id(KIND.note, n)}\t${person.id}\t${encounter}\t${practitioner_id}\tFollow-up visit\t${signed}\t{"assessment":[{"text":"Seen and examined; plan as discussed.","origin":"clinic"}]}\t${dateOf(day)}T21:00:00Z`,
  );
}

const FEES = [11_237, 14_512, 18_933, 9_841, 25_075];

function moneyLines({ person, tenant_id, practitioner_id, id, lines }: To, visit: { n: number; day: number; encounter: string }): void {
  const { chance } = person;
  const { n, day, encounter } = visit;
  const amount = FEES[chance.int(S.money, 0, FEES.length - 1, n)] as number;
  const charge = id(KIND.charge, n);
  lines.charges.push(
    `${tenant_id}\t${charge}\t${person.id}\t${practitioner_id}\t${encounter}\tservice\t99214\tOffice visit\t${amount}\tpatient\t${dateOf(day)}\t${dateOf(day)}\t${chance.uniform(S.money, 100 + n) < 0.7 ? Math.round(amount * 0.2) : NONE}`,
  );
  const u = chance.uniform(S.money, 200 + n);
  if (u > 0.88) return;
  const paid = u > 0.8 ? Math.round(amount / 3) : amount;
  lines.payments.push(
    `${tenant_id}\t${id(KIND.payment, n)}\t${person.id}\t${practitioner_id}\t${charge}\tpatient\tcard\tsettled\t${paid}\t${Math.round(paid * 0.029) + 30}\t${dateOf(day + (u < 0.6 ? 0 : 1 + chance.int(S.money, 0, 40, 300 + n)))}`,
  );
}

function labLines({ person, tenant_id, practitioner_id, last_day, id, lines }: To, is: Sick): number {
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
  if (person.chance.uniform(S.order) < 0.06)
    lines.lab_orders.push(
      `${tenant_id}\t${id(KIND.order)}\t${person.id}\t${practitioner_id}\t24323-8\tComprehensive metabolic panel\tactive\t${dateOf(last_day - person.chance.int(S.order, 1, 60, 1))}T15:00:00Z\t${dateOf(last_day + person.chance.int(S.order, -20, 40, 2))}`,
    );
  return labs.length;
}
