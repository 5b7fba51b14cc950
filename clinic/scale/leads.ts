// People who asked: those whose chart was opened then, patients who asked again, and those of whom nothing more was heard.
import { dateOf, dayOf } from '../days.ts';
import { type Chance, chanceOf, idOf } from './chance.ts';
import { FEMALE, familyName, MALE, pick } from './names.ts';
import { bookedOn, firstVisitOf, type To } from './patient.ts';
import { KIND, type Population, tenantId } from './population.ts';
import { type Lines, line } from './tables.ts';
import { startOf } from './visits.ts';

const S = { lead: 320, stranger: 321 };

const SOURCES = [
  ['Google Ads', 'trt-near-me'],
  ['Google Ads', 'weight-loss-spring'],
  ['Facebook', 'before-after'],
  ['Facebook', 'new-year'],
  ['Instagram', 'reel-energy'],
  ['referral', undefined],
  ['website', undefined],
  ['phone call', undefined],
  ['event', 'health-fair'],
] as const;
const sourceOf = (u: number) => SOURCES[Math.floor(u * SOURCES.length)] as (typeof SOURCES)[number];

/** Of the patients of a clinic, so many strangers in two years. */
const STRANGERS = 0.1;

/** More than half of the new patients had asked before; now and then an old one asks. */
export function patientLeadLines(to: To): void {
  const { chance, person, tenant_id, last_day, id, lines } = to;
  const u = (i: number) => chance.uniform(S.lead, i);
  const first = firstVisitOf(to);
  const isNew = first !== undefined && u(0) < 0.6;
  if (!isNew && u(0) < 0.995) return;
  const booked = isNew ? bookedOn(to, first) : undefined;
  const day = booked === undefined ? last_day - Math.floor(u(1) * 700) : booked - 1 - Math.floor(u(1) * 9);
  const email = person.email ?? `${person.given}.${person.family}.lead@example.com`.toLowerCase().replaceAll(' ', '');
  lines.leads.push(
    line(
      ...[tenant_id, id(KIND.lead), 'person', person.given, person.family, undefined, email, ...sourceOf(u(2)), `${dateOf(day)}T16:30:00Z`],
      ...[isNew ? `${dateOf(day + (u(3) < 0.6 ? 0 : 1))}T17:50:00Z` : undefined],
      ...[booked === undefined ? undefined : `${dateOf(booked)}T15:00:00Z`, isNew ? id(KIND.appointment, first.n) : undefined],
      ...[isNew && first.status === 'completed' ? startOf(to, first) : undefined, person.id],
    ),
  );
}

/** The clinic's others: of no patient, each hundred of them under an area code of their own; one in sixteen asks twice. */
export function strangerLines(population: Population, tenant: number, lines: Lines): void {
  const { seed, as_of, clinics } = population;
  const chance = chanceOf(seed, tenant, -21);
  const last = dayOf(as_of) - 1;
  for (let n = 0; n < STRANGERS * (clinics[tenant] as number); n++) {
    const day = last - Math.floor(chance.uniform(S.stranger, n * 16) * 730);
    const ask = (again: number, on: number) =>
      lines.leads.push(
        line(tenantId(population, tenant), idOf(seed, tenant, -1, KIND.lead, n * 2 + again), ...strangerOf(chance, n, on, last)),
      );
    ask(0, day);
    if (chance.uniform(S.stranger, n * 16 + 1) < 0.06 && day + 20 <= last) ask(1, day + 20);
  }
}

/** Two in three are reached, a third of these books, and half of them comes. */
function strangerOf(chance: Chance, n: number, day: number, last: number): (string | undefined)[] {
  const u = (i: number) => chance.uniform(S.stranger, n * 16 + i);
  const kind = u(2) < 0.05 ? 'spam' : u(2) < 0.055 ? 'test' : 'person';
  const given = pick(u(3) < 0.5 ? FEMALE : MALE, u(4));
  const family = familyName(u(5), u(6));
  const hasPhone = u(7) < 0.75;
  const phone = hasPhone ? `+1${201 + (Math.floor(n / 100) % 780)}55501${String(n % 100).padStart(2, '0')}` : undefined;
  const email = !hasPhone || u(8) < 0.6 ? `${given}.${family}.${n}@example.com`.toLowerCase().replaceAll(' ', '') : undefined;
  const contacted = kind === 'person' && u(9) < 0.66 ? day + Math.floor(u(10) * 4) : undefined;
  const booked = contacted !== undefined && u(11) < 0.34 ? contacted + Math.floor(u(12) * 3) : undefined;
  const came = booked !== undefined && u(13) < 0.5 ? booked + 3 + Math.floor(u(14) * 20) : undefined;
  const at = (on: number | undefined, time: string) => (on !== undefined && on <= last ? `${dateOf(on)}T${time}:00Z` : undefined);
  const [source, campaign] = sourceOf(u(15));
  return [
    ...[kind, given, family, phone, email, source, campaign, `${dateOf(day)}T15:${10 + (n % 50)}:00Z`, at(contacted, '20:05')],
    ...[at(booked, '20:30'), undefined, at(came, '18:00'), undefined],
  ];
}
