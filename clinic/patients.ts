// The person as registered: demographics, contact, insurance.

import { DIED_AGO } from './arcs/arcs.ts';
import { workdayFrom } from './calendar.ts';
import { dateOf, dayOf, instantOf } from './days.ts';
import type { Person } from './people/person.ts';
import { type Dice, idOf } from './random.ts';
import type { CoverageRow, PatientRow } from './rows.ts';
import { patientIdOf, type Setting, settingOf } from './setting.ts';

/** A chart is opened when the first visit is booked. */
export const OPENED_BEFORE = 27;

export function patientOf(setting: Setting): PatientRow {
  const { options, site, person, arc, as_of, dice } = setting;
  const home = person.household ? settingOf(options, person.household) : setting;
  const place = addressOf(home);
  const isMerged = person.marks.includes('merged');
  const opened = workdayFrom(as_of - arc.since - OPENED_BEFORE, -1);
  const desk = dice('desk');
  const confirmed =
    desk.chance(0.72) && !isMerged ? instantOf(site.zone, workdayFrom(as_of - desk.int(9, 330), -1), desk.int(490, 1050)) : null;
  return {
    tenant_id: setting.tenant_id,
    id: setting.patient_id,
    mrn: `${site.mrn_prefix}${String(site.mrn_base + ((setting.place * 7919 + options.seed * 31) % 88_000)).padStart(6, '0')}`,
    family_name: person.family,
    given_name: person.given,
    middle_name: person.middle ?? null,
    name_suffix: person.suffix ?? null,
    preferred_name: person.preferred ?? null,
    previous_family_name: person.previous ?? null,
    birth_date: person.born,
    sex: person.sex,
    phone: numberOf(setting),
    phone_alternate: !person.no_phone && desk.chance(0.25) ? phoneOf(setting, 1) : null,
    email: person.no_email || isMerged ? null : emailOf(setting),
    address_line: isMerged ? null : place.line,
    city: isMerged ? null : place.city,
    state: isMerged ? null : site.state,
    postal_code: isMerged ? null : place.postal_code,
    language: person.language ?? (desk.chance(0.8) ? 'en' : null),
    practitioner_id: isMerged ? null : setting.practitioner_id(person.clinician),
    contact_confirmed_at: confirmed,
    contact_confirmed_by:
      confirmed === null
        ? null
        : dice('contact').weighted([
            ['patient', 4],
            ['staff', 6],
          ] as const),
    active: !person.marks.includes('inactive'),
    deceased_on: person.marks.includes('deceased') ? dateOf(as_of - DIED_AGO) : null,
    replaced_by: isMerged && person.same_as ? patientIdOf(options, person.same_as) : null,
    created_at: instantOf(site.zone, opened, desk.int(489, 1040), desk.int(0, 59)),
  };
}

/** The number of the household. */
export function numberOf(setting: Setting): string | null {
  const { options, person } = setting;
  return person.no_phone ? null : phoneOf(person.household ? settingOf(options, person.household) : setting, 0);
}

/** +1 ddd 555 01nn: numbers that reach nobody. A second number is taken from the upper half. */
function phoneOf({ site, place, options }: Setting, which: 0 | 1): string {
  const nn = ((place * 17 + options.seed * 5) % 50) + which * 50;
  return `+1${site.area_code}55501${String(nn).padStart(2, '0')}`;
}

function addressOf({ site, dice }: Setting): { line: string; city: string; postal_code: string } {
  const home = dice('address');
  const town = home.weighted(site.towns.map((each) => [each, each.postal_codes.length] as const));
  const unit = home.chance(0.2) ? `, Apt ${home.int(1, 24)}${home.chance(0.5) ? home.pick(['A', 'B', 'C']) : ''}` : '';
  return { line: `${home.int(104, 9860)} ${home.pick(site.streets)}${unit}`, city: town.city, postal_code: home.pick(town.postal_codes) };
}

const plain = (name: string) =>
  name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();

function emailOf({ site, person, dice }: Setting): string {
  const mail = dice('email');
  const [given, family] = [plain(person.preferred ?? person.given), plain(person.family)];
  const year = person.born.slice(2, 4);
  const box = mail.weighted([
    [`${given}.${family}`, 5],
    [`${given[0]}${family}${year}`, 3],
    [`${given}${family}`, 2],
    [`${family}.${given}`, 1],
    [`${given}_${family}${mail.int(1, 99)}`, 1],
  ] as const);
  return `${box}@${mail.pick(site.mail)}`;
}

/** Insurance, newest first within a rank; whoever pays cash may have a row that says so, or none. */
export function coveragesOf(setting: Setting): CoverageRow[] {
  const { site, person, dice, options } = setting;
  const card = dice('coverage');
  const year = Number(options.as_of.slice(0, 4));
  const payer = card.pick(site.payers.commercial);
  const other = site.payers.commercial.filter((each) => each !== payer)[0] as readonly [string, string];
  const letters = 'ABCDEFGHJKLMNPRSTUVWXYZ';
  const member = (d: Dice) => `${d.pick([...letters])}${d.pick([...letters])}${d.pick([...letters])}${d.int(10_000_000, 99_999_999)}`;
  const mbi = (d: Dice) =>
    `${d.int(1, 9)}${d.pick([...letters])}${d.int(0, 9)}${d.int(0, 9)}-${d.pick([...letters])}${d.int(10, 99)}-${d.pick([...letters])}${d.pick([...letters])}${d.int(10, 99)}`;
  const row = (n: number, rest: Partial<CoverageRow> & Pick<CoverageRow, 'kind' | 'payer'>): CoverageRow => ({
    tenant_id: setting.tenant_id,
    id: idOf(setting.origin, 'coverage', n),
    patient_id: setting.patient_id,
    rank: 1,
    status: 'active',
    plan: null,
    member_id: null,
    group_number: null,
    relationship: 'self',
    period_start: null,
    period_end: null,
    ...rest,
  });
  const commercial = (n: number, rest: Partial<CoverageRow> = {}) =>
    row(n, {
      kind: 'commercial',
      payer: payer[0],
      plan: payer[1],
      member_id: member(card),
      group_number: String(card.int(10_000, 899_999)),
      period_start: `${year - 1}-01-01`,
      ...rest,
    });
  const KINDS: Record<Person['payer'], () => CoverageRow[]> = {
    unknown: () => [],
    cash: () => [row(0, { kind: 'self_pay', payer: 'Self pay' })],
    commercial: () => [commercial(0)],
    spouse: () => [commercial(0, { relationship: 'spouse' })],
    changed: () => [
      commercial(0, { period_start: `${year}-01-01` }),
      commercial(1, {
        payer: other[0],
        plan: other[1],
        status: 'cancelled',
        period_start: `${year - 3}-07-01`,
        period_end: `${year - 1}-12-31`,
      }),
    ],
    medicare: () => [
      row(0, { kind: 'medicare', payer: 'Medicare Part B', member_id: mbi(card), period_start: sixtyFive(person) }),
      ...(card.chance(0.7)
        ? [
            row(1, {
              rank: 2,
              kind: 'commercial',
              payer: site.payers.supplement,
              plan: 'Plan G',
              member_id: member(card),
              period_start: sixtyFive(person),
            }),
          ]
        : []),
    ],
    medicaid: () => [
      row(0, {
        kind: 'medicaid',
        payer: site.payers.medicaid,
        member_id: String(card.int(100_000_000_000, 999_999_999_999)),
        period_start: dateOf(dayOf(`${year - 2}-01-01`) + card.int(0, 200)),
        status: card.chance(0.5) ? 'active' : 'unknown',
      }),
    ],
  };
  return KINDS[person.payer]();
}

/** The first of the month in which one turns 65. */
function sixtyFive({ born }: Person): string {
  return `${Number(born.slice(0, 4)) + 65}-${born.slice(5, 7) || '01'}-01`;
}
