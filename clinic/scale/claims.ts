// The claims of one patient at scale and what payers answered, as plain data: their rows are told in claim-lines.ts, a clinic's remittances sum them.
import { workdayFrom } from '../calendar.ts';
import { dayOf } from '../days.ts';
import { type Denial, denialOf, TIMELY } from './denials.ts';
import { type Chart, COVERED_SINCE, coverageOf, type Visit } from './patient.ts';
import { PAYERS, type Remit, remitOf } from './payers.ts';
import { FEES } from './self-pay.ts';

/** What is asked for: a line of the claim, a charge of the account. */
export interface Service {
  code: string;
  what: string;
  cents: number;
  lab_cents: number;
}

export interface Reason {
  group: 'CO' | 'PR';
  reason: string;
  cents: number;
}

/** charged − Σ reasons = paid. */
export interface AnsweredLine {
  allowed?: number;
  paid: number;
  reasons: readonly Reason[];
}

export interface Answer {
  remit: Remit;
  lines: readonly AnsweredLine[];
  denial?: Denial;
}

/** The claim as it was sent, `k` 0, or sent again, 1. */
export interface Sent {
  k: 0 | 1;
  status: 'draft' | 'submitted' | 'rejected' | 'accepted' | 'pended' | 'paid' | 'partially_paid' | 'denied';
  submitted: number;
  answer?: Answer;
}

export interface Claim {
  visit: Visit;
  kind: keyof typeof PAYERS;
  services: readonly Service[];
  sent: readonly Sent[];
}

const S = { insured: 270, services: 271, fate: 272, shares: 273, again: 274 };
const DENIED = 0.09;
const FROM = dayOf(COVERED_SINCE);

const TESTS: readonly Service[] = [
  { code: '83036', what: 'Hemoglobin A1c', cents: 3_640, lab_cents: 705 },
  { code: '80053', what: 'Comprehensive metabolic panel', cents: 4_415, lab_cents: 820 },
  { code: '85025', what: 'CBC with differential', cents: 3_795, lab_cents: 560 },
  { code: '36415', what: 'Venipuncture', cents: 1_875, lab_cents: 0 },
];

/** Whether a completed visit goes to the payer: two in five of the insured, since they are. */
export function isInsured({ chance, person }: Chart, { n, day, status }: Visit): boolean {
  return status === 'completed' && day >= FROM && chance.uniform(S.insured, n) < 0.4 && coverageOf(person) !== undefined;
}

export function claimsOf(chart: Chart): Claim[] {
  return chart.visits.filter((visit) => isInsured(chart, visit)).map((visit) => claimOf(chart, visit));
}

function claimOf(chart: Chart, visit: Visit): Claim {
  const kind = coverageOf(chart.person)?.kind ?? 'commercial';
  const claim = { visit, kind, services: servicesOf(chart, visit) };
  const first = firstSent(chart, claim);
  const again = secondSent(chart, claim, first);
  return { ...claim, sent: again ? [first, again] : [first] };
}

function servicesOf({ chance }: Chart, { n }: Visit): Service[] {
  const cents = FEES[chance.int(S.services, 0, FEES.length - 1, n * 4)] as number;
  const tests = chance.uniform(S.services, n * 4 + 1);
  const from = chance.int(S.services, 0, TESTS.length - 1, n * 4 + 2);
  const more = Array.from({ length: tests < 0.5 ? 0 : tests < 0.8 ? 1 : 2 }, (_, i) => TESTS[(from + i) % TESTS.length] as Service);
  return [{ code: '99214', what: 'Office visit', cents, lab_cents: 0 }, ...more];
}

type Unsent = Omit<Claim, 'sent'>;

function firstSent(chart: Chart, claim: Unsent): Sent {
  const { chance, last_day } = chart;
  const { n, day } = claim.visit;
  const u = chance.uniform(S.fate, n * 8);
  const found = u < DENIED ? denialOf(chance, S.fate, n * 8 + 1) : undefined;
  // Who sends it too late has lost it.
  const isLate = found?.reason === TIMELY && day + 220 < last_day;
  const denial = found?.reason === TIMELY && !isLate ? undefined : found;
  const submitted = workdayFrom(day + (isLate ? chance.int(S.fate, 190, 213, n * 8 + 2) : chance.int(S.fate, 1, 6, n * 8 + 2)));
  if (submitted > last_day) return { k: 0, status: 'draft', submitted };
  // What is not answered is asked about, and in the end it is.
  if (u > 0.99 && last_day - day < 400) return { k: 0, status: 'rejected', submitted };
  const isSilent = u > 0.96 && last_day - day < 240;
  const answer = isSilent ? undefined : answerOf(chart, claim, { submitted, denial, k: 0 });
  if (!answer) return { k: 0, status: u > 0.975 && isSilent ? 'pended' : waiting(submitted, last_day), submitted };
  return { k: 0, status: statusOf(answer), submitted, answer };
}

/** What was denied, corrected; four in five of these are paid. */
function secondSent(chart: Chart, claim: Unsent, { answer }: Sent): Sent | undefined {
  const { chance, last_day } = chart;
  const { n } = claim.visit;
  const denial = answer?.denial;
  if (!answer || !denial || chance.uniform(S.again, n * 4) >= denial.again) return undefined;
  const submitted = workdayFrom(answer.remit.received + chance.int(S.again, 9, 33, n * 4 + 1));
  if (submitted > last_day) return undefined;
  const isPaid = chance.uniform(S.again, n * 4 + 2) < 0.82;
  const second = answerOf(chart, claim, { submitted, denial: isPaid ? undefined : denial, k: 1 });
  if (!second) return { k: 1, status: waiting(submitted, last_day), submitted };
  return { k: 1, status: statusOf(second), submitted, answer: second };
}

const waiting = (submitted: number, last_day: number) => (submitted >= last_day - 1 ? 'submitted' : 'accepted');

function statusOf({ lines }: Answer): 'paid' | 'partially_paid' | 'denied' {
  const denied = lines.filter(({ allowed }) => allowed === undefined).length;
  if (denied === 0) return 'paid';
  return denied === lines.length ? 'denied' : 'partially_paid';
}

interface Asked {
  submitted: number;
  denial: Denial | undefined;
  k: 0 | 1;
}

/** Undefined while it has not come. */
function answerOf(chart: Chart, claim: Unsent, { submitted, denial, k }: Asked): Answer | undefined {
  const { population, tenant, chance, last_day } = chart;
  const payer = PAYERS[claim.kind];
  const ready = submitted + chance.int(S.fate, payer.lag[0], payer.lag[1], claim.visit.n * 8 + 4 + k);
  const remit = remitOf(population, tenant, payer, ready);
  if (remit.received > last_day) return undefined;
  return { remit, lines: linesOf(chart, claim, denial), ...(denial && { denial }) };
}

function linesOf(chart: Chart, claim: Unsent, denial: Denial | undefined): AnsweredLine[] {
  const { services } = claim;
  const isPartial = denial?.of === 'last_line' && services.length > 1;
  return services.map((service, l) => {
    if (denial && (!isPartial || l === services.length - 1))
      return { paid: 0, reasons: [{ group: denial.group, reason: denial.reason, cents: service.cents }] };
    return allowedLine(chart, claim, service);
  });
}

/** The contract takes its part, then the patient pays a deductible, a co-payment or a share; Medicare keeps 2 % of what it pays. */
function allowedLine({ chance }: Chart, { visit, kind }: Unsent, { code, cents }: Service): AnsweredLine {
  const payer = PAYERS[kind];
  const isVisit = code.startsWith('99');
  const allowed = Math.round((cents * (isVisit ? payer.visit : payer.lab)) / 1000);
  const u = chance.uniform(S.shares, visit.n);
  const left = patientPart(kind, allowed, { u, isVisit });
  const kept = kind === 'medicare' ? Math.round((allowed - (left?.cents ?? 0)) * 0.02) : 0;
  const reasons: Reason[] = [{ group: 'CO', reason: '45', cents: cents - allowed }];
  if (left && left.cents > 0) reasons.push(left);
  if (kept > 0) reasons.push({ group: 'CO', reason: '253', cents: kept });
  return { allowed, paid: allowed - (left?.cents ?? 0) - kept, reasons };
}

function patientPart(kind: Claim['kind'], allowed: number, { u, isVisit }: { u: number; isVisit: boolean }): Reason | undefined {
  if (kind === 'medicaid' || (kind === 'medicare' && !isVisit)) return undefined;
  if (u < (kind === 'medicare' ? 0.12 : 0.22)) return { group: 'PR', reason: '1', cents: allowed };
  if (kind === 'commercial' && isVisit && u < 0.7)
    return { group: 'PR', reason: '3', cents: Math.min(allowed, 2_000 + 500 * Math.floor(u * 10)) };
  return { group: 'PR', reason: '2', cents: Math.round(allowed * 0.2) };
}
