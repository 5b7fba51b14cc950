// What was asked of others for one patient: referrals, requests to payers, units that payers granted and how they are used up.
import { dateOf } from '../days.ts';
import { coverageOf, type To } from './patient.ts';
import { KIND } from './population.ts';
import { line } from './tables.ts';

const S = { referral: 250, prior: 251, grant: 252, use: 253 };

export function grantLines(to: To): void {
  const { chance, person } = to;
  const u = chance.uniform(S.referral);
  for (let n = 0; n < (u < 0.015 ? 2 : u < 0.08 ? 1 : 0); n++) referralLine(to, n);
  if (!coverageOf(person)) return;
  if (chance.uniform(S.prior) < 0.042) priorLine(to);
  // Home health: four in five of them are old.
  if (chance.uniform(S.grant) < (person.age >= 65 ? 0.085 : 0.005)) grantsOf(to);
}

const SPECIALTIES = [
  ['Cardiology', 'I10'],
  ['Gastroenterology', 'K21.9'],
  ['Orthopedics', 'M17.9'],
  ['Dermatology', 'L57.0'],
  ['Ophthalmology', 'E11.9'],
  ['Nephrology', 'N18.31'],
  ['Endocrinology', 'E03.9'],
  ['Urology', 'E29.1'],
  ['Physical therapy', 'M54.50'],
] as const;

function referralLine({ chance, person, tenant_id, practitioner_id, last_day, opened, id, lines }: To, n: number): void {
  const u = (i: number) => chance.uniform(S.referral, 10 + n * 10 + i);
  const [specialty, icd10] = SPECIALTIES[Math.floor(u(0) * SPECIALTIES.length)] as (typeof SPECIALTIES)[number];
  const created = Math.max(opened, last_day - Math.floor(u(1) * 725));
  const age = last_day - created;
  const isIncoming = u(2) < 0.15;
  const sent = u(3) < 0.96 ? created + Math.floor(u(4) * 4) : undefined;
  // One in seven is never heard of again.
  const scheduled = sent !== undefined && u(5) < 0.86 ? sent + 6 + Math.floor(u(6) * 50) : undefined;
  const reported = scheduled !== undefined && u(7) < 0.82 ? scheduled + 2 + Math.floor(u(8) * 20) : undefined;
  const known = (day: number | undefined) => (day !== undefined && day <= last_day ? dateOf(day) : undefined);
  const isBooked = scheduled !== undefined && sent !== undefined && sent + 5 <= last_day;
  const status = known(reported) ? 'completed' : u(9) < 0.03 ? 'revoked' : age > 400 && u(9) < 0.4 ? 'completed' : 'active';
  const priority = u(9) > 0.94 ? 'urgent' : 'routine';
  lines.referrals.push(
    line(
      ...[tenant_id, id(KIND.referral, n), person.id, isIncoming ? 'incoming' : 'outgoing', status, priority, specialty, icd10],
      ...[practitioner_id, `${specialty} Associates`, dateOf(created), known(sent), isBooked ? dateOf(scheduled) : undefined],
      ...[known(reported), dateOf(created + 180), u(2) > 0.6 ? 3 : undefined],
    ),
  );
}

const ASKED_FOR = [
  ['70553', 'cpt', 'MRI brain without and with contrast', 'R51.9'],
  ['73721', 'cpt', 'MRI of a joint of the leg', 'M25.561'],
  ['J3490', 'hcpcs', 'Drug, unclassified', 'E66.9'],
  ['97110', 'cpt', 'Therapeutic exercises', 'M54.50'],
  ['E0601', 'hcpcs', 'Continuous airway pressure device', 'G47.33'],
] as const;

function priorLine({ chance, person, tenant_id, practitioner_id, last_day, opened, id, lines }: To): void {
  const u = (i: number) => chance.uniform(S.prior, 1 + i);
  const [code, system, name, icd10] = ASKED_FOR[Math.floor(u(0) * ASKED_FOR.length)] as (typeof ASKED_FOR)[number];
  const asked = last_day - Math.floor(u(1) * 720);
  if (asked < opened) return;
  const decided = asked + 1 + Math.floor(u(2) * 16);
  const isDecided = decided <= last_day && u(3) < 0.985;
  const kind = u(4) < 0.78 ? 'approved' : u(4) < 0.83 ? 'partially_approved' : u(4) < 0.96 ? 'denied' : 'cancelled';
  const status = isDecided ? kind : u(5) < 0.12 ? 'draft' : u(5) < 0.4 ? 'pended' : 'submitted';
  const isGranted = status === 'approved' || status === 'partially_approved';
  const units = code === '97110' ? 24 : 1;
  lines.prior_authorizations.push(
    line(
      ...[tenant_id, id(KIND.prior_authorization), person.id, id(KIND.coverage), practitioner_id, code, system, name, icd10, status, units],
      ...[isGranted ? Math.ceil(units / (status === 'approved' ? 1 : 2)) : undefined],
      ...[status === 'draft' ? undefined : `${dateOf(asked)}T16:45:00Z`, isDecided ? `${dateOf(decided)}T18:05:00Z` : undefined],
      ...[isGranted ? `PA${chance.int(S.prior, 1_000_000, 9_999_999, 20)}` : undefined],
      ...[isGranted ? dateOf(decided) : undefined, isGranted ? dateOf(decided + 90) : undefined, status === 'denied' ? 'A3' : undefined],
    ),
  );
}

const SERVICES = [
  ['G0299', 'Home health nursing', '15_min', 4],
  ['S9122', 'Home health aide', 'hour', 3],
  ['T1019', 'Personal care services', '15_min', 12],
  ['G0151', 'Physical therapy at home', 'visit', 1],
] as const;

/** One grant after the other, without a day between: the last holds today, or has just run out. */
function grantsOf(to: To): void {
  const { chance, last_day } = to;
  const grants = chance.int(S.grant, 1, 3, 1);
  const days = [60, 90, 180][chance.int(S.grant, 0, 2, 2)] as number;
  const end = last_day + chance.int(S.grant, -25, days - 5, 3);
  for (let n = 0; n < grants; n++) {
    const start = end - (grants - n) * days + 1;
    if (start > to.opened) grantLine(to, { n, start, days });
  }
}

function grantLine(to: To, { n, start, days }: { n: number; start: number; days: number }): void {
  const { chance, person, tenant_id, id, lines } = to;
  const [code, name, unit, each] = SERVICES[chance.int(S.grant, 0, SERVICES.length - 1, 4)] as (typeof SERVICES)[number];
  const a_week = chance.int(S.grant, 1, 4, 5);
  const planned = Math.ceil((days / 7) * a_week * each);
  // Some were granted less than is being given.
  const total = Math.max(each, Math.round(planned * (0.75 + 0.5 * chance.uniform(S.grant, 10 + n))));
  const authorization = id(KIND.authorization, n);
  const status = chance.uniform(S.grant, 20 + n) < 0.02 ? 'cancelled' : 'active';
  lines.authorizations.push(
    line(
      ...[tenant_id, authorization, person.id, id(KIND.coverage), undefined, coverageOf(person)?.payer, code, name, unit, total],
      ...[a_week * each, dateOf(start), dateOf(start + days - 1), status],
    ),
  );
  if (status === 'active') linesOfUse(to, { n, authorization, start, days, each, gap: 7 / a_week });
}

interface Used {
  n: number;
  authorization: string;
  start: number;
  days: number;
  each: number;
  /** Days from one visit to the next. */
  gap: number;
}

/** What lies behind is verified, the last days are only delivered, the next four weeks are on the schedule. */
function linesOfUse({ chance, person, tenant_id, last_day, id, lines }: To, { n, authorization, start, days, each, gap }: Used): void {
  for (let k = 0; k * gap < days; k++) {
    const day = start + Math.floor(k * gap);
    if (day > last_day + 28) return;
    const u = chance.uniform(S.use, n * 120 + k);
    const past = u < 0.05 ? 'cancelled' : u < 0.06 ? 'scheduled' : day > last_day - 6 ? 'delivered' : 'verified';
    const status = day > last_day ? 'scheduled' : past;
    const isBilled = status === 'verified' && day < last_day - 14;
    lines.authorization_uses.push(
      line(
        ...[tenant_id, id(KIND.authorization_use, n * 120 + k), person.id, authorization, dateOf(day), each, status, isBilled],
        isBilled && day < last_day - 45 && u < 0.93,
      ),
    );
  }
}
