// How many clinics of which size, and who is in them (connectors.md §3.4).
import { dayOf } from '../days.ts';
import { type Chance, chanceOf, idOf } from './chance.ts';
import { FEMALE, familyName, MALE, pick } from './names.ts';

export interface Population {
  seed: number;
  /** The last day of the two years of history. */
  as_of: string;
  /** Patients of each clinic, the largest first. */
  clinics: readonly number[];
}

/** Sizes by Zipf's law, so that the first clinic has a quarter of all patients. They sum to `patients`. */
export function population({
  seed,
  as_of,
  patients,
  tenants,
}: {
  seed: number;
  as_of: string;
  patients: number;
  tenants: number;
}): Population {
  const exponent = 1.055; // Σ 1/k^1.055 over 40 is 4.0
  const weights = Array.from({ length: tenants }, (_, k) => 1 / (k + 1) ** exponent);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const clinics = weights.map((weight) => Math.floor((patients * weight) / whole));
  clinics[0] = (clinics[0] as number) + patients - clinics.reduce((sum, n) => sum + n, 0);
  return { seed, as_of, clinics };
}

export const KIND = {
  tenant: 1,
  practitioner: 2,
  connection: 3,
  patient: 4,
  coverage: 5,
  appointment: 6,
  encounter: 7,
  lab: 8,
  medication: 9,
  condition: 10,
  vital: 11,
  order: 12,
  charge: 13,
  payment: 14,
  note: 15,
  message: 16,
  user: 17,
  review: 18,
  allergy: 19,
  procedure: 20,
  care_plan: 21,
  care_goal: 22,
  care_activity: 23,
  care_completion: 24,
  referral: 25,
  prior_authorization: 26,
  authorization: 27,
  authorization_use: 28,
  intake_form: 29,
  task: 30,
  prescription: 31,
  refill: 32,
  claim: 33,
  claim_line: 34,
  remittance: 35,
  remittance_claim: 36,
  remittance_line: 37,
  remittance_adjustment: 38,
  adjustment: 39,
  refund: 40,
  transfer: 41,
  statement: 42,
  membership: 43,
  membership_event: 44,
  lead: 45,
  change: 46,
  block: 47,
  payout: 48,
} as const;
/** Of these, one clinic: enough for its patients at 2,000 a clinician. */
export const cliniciansOf = (patients: number) => Math.max(2, Math.ceil(patients / 2_000));

export const tenantId = ({ seed }: Population, tenant: number) => idOf(seed, tenant, -1, KIND.tenant);
/** Who asks at the bench, and reads what patients write. */
export const ownerId = ({ seed }: Population, tenant: number) => idOf(seed, tenant, -1, KIND.user);
export const practitionerId = ({ seed }: Population, tenant: number, n: number) => idOf(seed, tenant, -1, KIND.practitioner, n);
export const patientId = ({ seed }: Population, tenant: number, patient: number) => idOf(seed, tenant, patient, KIND.patient);

export interface Person {
  chance: Chance;
  id: string;
  given: string;
  family: string;
  middle: string | undefined;
  sex: 'female' | 'male';
  /** Days since 1970-01-01. */
  born: number;
  age: number;
  phone: string;
  email: string | undefined;
  mrn: string;
  clinician: number;
  /** The chart that this one repeats, with something typed wrong. */
  duplicate_of: number | undefined;
  active: boolean;
  deceased: boolean;
}

/** Streams of a person. */
const S = {
  sex: 1,
  family: 2,
  given: 3,
  born: 4,
  phone: 5,
  middle: 6,
  email: 7,
  clinician: 8,
  duplicate: 9,
  typo: 10,
  status: 11,
  household: 12,
  age: 13,
  rare: 14,
};
const DUPLICATES = 0.015;
const AREAS = [201, 205, 208, 214, 303, 312, 404, 415, 503, 512, 602, 608, 617, 702, 713, 804, 816, 901, 919, 971];

export function personOf(population: Population, tenant: number, patient: number): Person {
  const { seed, as_of } = population;
  const chance = chanceOf(seed, tenant, patient);
  const duplicate_of =
    patient > 0 && chance.uniform(S.duplicate) < DUPLICATES ? Math.floor(chance.uniform(S.duplicate, 1) * patient) : undefined;
  // The one that is repeated may itself repeat another: then this is a chart of its own.
  const original = duplicate_of === undefined ? undefined : personOf(population, tenant, duplicate_of);
  const who = original && original.duplicate_of === undefined ? original : undefined;
  const sex = who?.sex ?? (chance.uniform(S.sex) < 0.54 ? 'female' : 'male');
  // Two of three charts share a household, and with it a surname and a number.
  const house = chance.uniform(S.household) < 0.65 ? chanceOf(seed, tenant, -2 - (patient >> 1)) : chance;
  const family = who?.family ?? familyName(house.uniform(S.family), house.uniform(S.rare));
  const given = who?.given ?? pick(sex === 'female' ? FEMALE : MALE, chance.uniform(S.given));
  // Adults of all ages, most between 30 and 70, some children.
  const age_days = Math.floor(
    365.25 *
      (chance.uniform(S.age) < 0.08
        ? 1 + 17 * chance.uniform(S.age, 1)
        : Math.min(97, Math.max(18, 50 + 17.5 * chance.normal(S.born))) + chance.uniform(S.age, 2)),
  );
  const born = who?.born ?? dayOf(as_of) - age_days;
  const wrong = who ? chance.int(S.typo, 0, 3) : -1;
  const area = AREAS[house.int(S.phone, 0, AREAS.length - 1)];
  return {
    chance,
    id: patientId(population, tenant, patient),
    given: wrong === 0 ? typed(given, chance) : given,
    family: wrong === 1 ? typed(family, chance) : family,
    middle: chance.uniform(S.middle) < 0.3 ? pick(sex === 'female' ? FEMALE : MALE, chance.uniform(S.middle, 1)) : undefined,
    sex,
    born: wrong === 2 ? born + (chance.uniform(S.typo, 3) < 0.5 ? 1 : 10) : born,
    age: Math.floor((dayOf(as_of) - born) / 365.25),
    phone: `+1${area}55501${String(house.int(S.phone, 0, 99, 1)).padStart(2, '0')}`,
    email:
      chance.uniform(S.email) < 0.7
        ? `${given}.${family}${chance.int(S.email, 1, 999, 1)}@example.com`.toLowerCase().replaceAll(' ', '')
        : undefined,
    mrn: `S${String(tenant).padStart(2, '0')}-${String(patient).padStart(7, '0')}`,
    clinician: chance.int(S.clinician, 0, cliniciansOf(population.clinics[tenant] as number) - 1),
    duplicate_of: who ? duplicate_of : undefined,
    active: chance.uniform(S.status) > 0.03,
    deceased: chance.uniform(S.status, 1) < 0.012,
  };
}

/** With one letter wrong, two swapped, or one left out. */
export function typed(name: string, chance: Chance): string {
  if (name.length < 4) return name;
  const at = chance.int(S.typo, 1, name.length - 2, 5);
  const kind = chance.int(S.typo, 0, 2, 6);
  if (kind === 0) return `${name.slice(0, at)}${name.slice(at + 1)}`;
  if (kind === 1) return `${name.slice(0, at)}${name[at + 1]}${name[at]}${name.slice(at + 2)}`;
  return `${name.slice(0, at)}${'aeiorstln'[chance.int(S.typo, 0, 8, 7)]}${name.slice(at + 1)}`;
}
