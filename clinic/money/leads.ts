// People who asked: those who became patients, those who did not, those who asked twice, and what is no person at all.
import { type Day, dayOf, instantOf } from '../days.ts';
import { type Dice, diceOf, idOf } from '../random.ts';
import type { Options } from '../rows.ts';
import type { LeadRow } from '../rows-money.ts';
import { SITES } from '../sites.ts';
import type { Story } from '../story.ts';
import { KEPT } from './charges.ts';
import { STRANGERS } from './strangers.ts';

const CAMPAIGNS: Record<string, readonly (string | null)[]> = {
  'Google Ads': ['trt-near-me', 'weight-loss-spring', 'hormone-clinic', null],
  Facebook: ['before-after-2026', 'new-year', null],
  Instagram: ['reel-energy', null],
  referral: [null],
  website: [null],
  'phone call': [null],
  event: ['health-fair', 'gym-open-day'],
};
const SOURCES = Object.keys(CAMPAIGNS);

interface House {
  options: Options;
  tenant_id: string;
  as_of: Day;
}

export function leadsOf(options: Options, stories: readonly Story[]): LeadRow[] {
  const tenant_id = (stories[0] as Story).setting.tenant_id;
  const house: House = { options, tenant_id, as_of: dayOf(options.as_of) };
  const patients = stories.flatMap((story) => patientLeads(house, story));
  const strangers = STRANGERS.flatMap((_, n) => strangerLeads(house, n));
  return [...patients, ...existing(house, stories), ...strangers].sort(
    (a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || (a.id < b.id ? -1 : 1),
  );
}

function leadOf({ options, tenant_id }: House, name: string, dice: Dice, own: Partial<LeadRow> & { created_at: string }): LeadRow {
  const source = dice.pick(SOURCES);
  return {
    tenant_id,
    id: idOf({ seed: options.seed, tenant: options.clinic, patient: '' }, 'lead', name),
    kind: 'person',
    given_name: null,
    family_name: null,
    phone: null,
    email: null,
    source,
    campaign: dice.pick(CAMPAIGNS[source] ?? [null]),
    contacted_at: null,
    consult_booked_at: null,
    consult_appointment_id: null,
    consult_attended_at: null,
    patient_id: null,
    ...own,
  };
}

/** Who came to the clinic in these two years had asked some days before the chart was opened; some asked twice. */
function patientLeads(house: House, { setting, patient, visits }: Story): LeadRow[] {
  const { person, site, as_of, arc } = setting;
  if (arc.since > KEPT - 30 || person.marks.includes('merged') || person.marks.includes('duplicate')) return [];
  const dice = setting.dice('money.lead');
  const opened = dayOf(patient.created_at.slice(0, 10));
  const day = opened - dice.int(2, 12);
  const minute = dice.int(395, 1_405);
  const first = visits.find(({ appointment, kind, encounter }) => appointment && kind === 'new' && encounter?.status === 'finished');
  const booked = first?.appointment;
  const contacted =
    minute < 1_000 ? instantOf(site.zone, day, minute + dice.int(4, 60)) : instantOf(site.zone, day + 1, dice.int(495, 640));
  const isTwin = person.household !== undefined;
  const who = { given_name: person.given, family_name: person.family, email: patient.email, phone: isTwin ? null : patient.phone };
  const lead = leadOf(house, person.key, dice, {
    ...who,
    created_at: instantOf(site.zone, day, minute, dice.int(0, 59)),
    contacted_at: contacted,
    consult_booked_at: booked?.booked_at ?? null,
    consult_appointment_id: booked?.id ?? null,
    consult_attended_at: first?.encounter?.start_at ?? null,
    patient_id: patient.id,
  });
  // The same person again, through another form: by telephone, or by mail and name.
  if (day + 9 >= as_of || !['trt.titrating', 'glp1.plateau', 'hrt.patch', 'thyroid.biotin', 'glp1.forty'].includes(person.arc))
    return [lead];
  const isByMail = person.arc === 'hrt.patch' || person.arc === 'glp1.forty';
  const again = leadOf(house, `${person.key}.again`, dice, {
    ...who,
    phone: isByMail ? null : patient.phone,
    email: isByMail ? patient.email : null,
    ...(isByMail ? {} : { given_name: person.given, family_name: null }),
    created_at: instantOf(site.zone, day + (person.arc === 'glp1.plateau' ? 171 : 1), dice.int(640, 1_420), dice.int(0, 59)),
  });
  return [lead, again];
}

/** Patients of old who filled out the form as if they were new. */
function existing(house: House, stories: readonly Story[]): LeadRow[] {
  const old = stories.filter(({ setting: { person } }) => ['trt.unit_switch', 'hrt.oral', 'gen.checkup'].includes(person.arc));
  return old.map(({ setting, patient }, n) => {
    const dice = setting.dice('money.lead.existing');
    const created_at = instantOf(setting.site.zone, house.as_of - 330 + n * 97 - dice.int(0, 20), dice.int(420, 1_380), dice.int(0, 59));
    const own = { given_name: patient.given_name, family_name: patient.family_name, phone: patient.phone, email: patient.email };
    return leadOf(house, `${setting.person.key}.existing`, dice, { ...own, created_at, patient_id: patient.id });
  });
}

/** How far a stranger came; `spam` and `test` are nobody. */
type Stage = 'spam' | 'test' | 'asked' | 'contacted' | 'booked' | 'attended';

const AREAS = { juniper: ['757', '540', '434', '703'], cedar: ['414', '920', '262', '715'] } as const;

function stageOf(n: number): Stage {
  const stages: [number, Stage][] = [
    [4, 'spam'],
    [6, 'test'],
    [12, 'asked'],
    [21, 'contacted'],
    [26, 'booked'],
  ];
  return stages.find(([until]) => n < until)?.[1] ?? 'attended';
}

function strangerLeads(house: House, n: number): LeadRow[] {
  const { options, as_of } = house;
  const { zone, mail } = SITES[options.clinic];
  const dice = diceOf({ seed: options.seed, tenant: options.clinic, patient: '' })(`money.lead.${n}`);
  const stage = stageOf(n);
  const [given, family] = (STRANGERS[(n * 7 + options.seed) % STRANGERS.length] ?? 'Pat Moss').split(' ') as [string, string];
  // Every fifth asked less than ninety days ago.
  const day = as_of - (n % 5 === 3 ? dice.int(4, 86) : dice.int(93, KEPT - 40));
  const minute = dice.int(372, 1_438);
  const phone = `+1${AREAS[options.clinic][n % 4]}55501${String((n * 13 + options.seed) % 100).padStart(2, '0')}`;
  const email = `${given}.${family}${n}@${mail[n % mail.length]}`.toLowerCase();
  const created_at = instantOf(zone, day, minute, dice.int(0, 59));
  if (stage === 'spam')
    return [leadOf(house, `${n}`, dice, { kind: 'spam', created_at, given_name: given, email: `offer${n}@promo.example.net` })];
  if (stage === 'test')
    return [
      leadOf(house, `${n}`, dice, {
        kind: 'test',
        created_at,
        given_name: 'Form',
        family_name: 'Check',
        email: `web@${mail[0]}`,
        contacted_at: null,
      }),
    ];
  const steps = stepsOf(house, { day, stage, dice });
  const who = {
    given_name: given,
    family_name: family,
    phone: n % 6 === 1 ? null : phone,
    email: n % 4 === 2 && n % 6 !== 1 ? null : email,
  };
  const lead = leadOf(house, `${n}`, dice, { ...who, created_at, ...steps });
  if (n % 17 !== 8 || day + 6 >= as_of) return [lead];
  return [lead, leadOf(house, `${n}.again`, dice, { ...who, created_at: instantOf(zone, day + 5, dice.int(480, 1_300), dice.int(0, 59)) })];
}

/** The instants of the steps that were taken, each before as_of. */
function stepsOf({ as_of, options }: House, { day, stage, dice }: { day: Day; stage: Stage; dice: Dice }): Partial<LeadRow> {
  const { zone } = SITES[options.clinic];
  const contacted = day + dice.int(1, 4);
  const booked = contacted + dice.int(0, 6);
  // One in eight attends when the cohort has long been closed.
  const attended = booked + (dice.chance(0.12) ? dice.int(92, 130) : dice.int(3, 24));
  const at = (on: Day, from: number, to: number, isReached: boolean) =>
    isReached && on < as_of ? instantOf(zone, on, dice.int(from, to), dice.int(0, 59)) : null;
  const rank = ['asked', 'contacted', 'booked', 'attended'].indexOf(stage);
  return {
    contacted_at: at(contacted, 485, 700, rank >= 1),
    consult_booked_at: at(booked, 705, 1_060, rank >= 2),
    consult_attended_at: at(attended, 485, 1_020, rank >= 3),
  };
}
