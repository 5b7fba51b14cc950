// What is known on the day of a visit, as words and numbers that phrases may use. Numbers in a note come from here, and from nowhere else.
import { CONDITIONS } from '../conditions.ts';
import { ageOn, type Day, dateOf } from '../days.ts';
import type { LabFact } from '../labs/fact.ts';
import type { Change, Taken } from '../medications/courses.ts';
import type { Drug } from '../medications/drug.ts';
import { drugOf } from '../medications/drugs.ts';
import { assumedBirthDate } from '../people/person.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';

export interface Known {
  words: Readonly<Record<string, string>>;
  numbers: Readonly<Record<string, number>>;
  /** Newest known result of each analyte, and whether it came since the last visit. */
  labs: ReadonlyMap<string, { fact: LabFact; before?: LabFact; isNew: boolean }>;
  changes: readonly Change[];
}

export interface Past {
  visits: readonly VisitFact[];
  labs: readonly LabFact[];
  taken: readonly Taken[];
  changes: readonly Change[];
}

const SEASONS = ['winter', 'winter', 'spring', 'spring', 'spring', 'summer', 'summer', 'summer', 'fall', 'fall', 'fall', 'winter'] as const;

/** '3 weeks', '4 months': as one says it. */
export function spanOf(days: number): string {
  if (days < 12) return `${days} day${days === 1 ? '' : 's'}`;
  if (days < 75) return `${Math.round(days / 7)} weeks`;
  return days < 700 ? `${Math.round(days / 30.4)} months` : `${Math.round(days / 365)} years`;
}

/** A result as it stands in running text: '54.6%', '<0.005 uIU/mL'. */
export function amountOf({ row }: LabFact): string {
  const unit = row.unit_raw ?? row.unit ?? '';
  const number = `${row.comparator ?? ''}${row.value ?? row.value_text}`;
  if (unit === '' || unit === 'NA' || unit === '(calc)') return number;
  return unit === '%' || unit === '%ofHgb' ? `${number}%` : `${number} ${unit}`;
}

export function knownOn(setting: Setting, visit: VisitFact, { visits, labs, taken, changes }: Past): Known {
  const { day } = visit;
  const date = dateOf(day);
  const isByClinician = ({ kind, encounter }: VisitFact) =>
    encounter?.status === 'finished' && (kind === 'follow' || kind === 'annual' || kind === 'acute' || kind === 'new');
  const earlier = visits.filter((each) => isByClinician(each) && (each.day < day || (each.day === day && each.minute < visit.minute)));
  const last = earlier[earlier.length - 1];
  const newest = labsKnown(labs, date, last?.day);
  const words: Record<string, string> = {};
  const numbers: Record<string, number> = {};
  for (const [analyte, { fact, before }] of newest) {
    words[analyte] = amountOf(fact);
    if (fact.row.value !== null) numbers[analyte] = fact.row.value;
    if (before && before.row.unit === fact.row.unit) words[`${analyte}_was`] = amountOf(before);
  }
  // What was begun today is news, not what the patient has been on.
  const on = taken.filter(({ from, until }) => from < day && until >= day);
  const main = on.filter(({ course }) => course === 0).at(-1);
  if (main) {
    words.drug = drugOf(main.drug).short;
    const weeks = Math.round((day - main.from) / 7);
    if (weeks > 0 && weeks < 78) Object.assign(numbers, { weeks });
    if (weeks > 0 && weeks < 78) words.weeks = String(weeks);
  }
  const ingredients = new Set<string>(on.map(({ drug }) => drugOf(drug).ingredient));
  const does = new Set(on.map(({ drug }) => (drugOf(drug) as Drug).does?.[0]));
  const facts: Record<string, boolean> = {
    first: visit.kind === 'new' || (!last && setting.as_of - day > setting.arc.since - 20),
    remote: visit.appointment?.modality === 'telehealth' || visit.kind === 'phone',
    on_t: ingredients.has('testosterone'),
    on_glp: does.has('incretin'),
    on_e2: ingredients.has('estradiol'),
    on_levo: ingredients.has('levothyroxine'),
    on_met: ingredients.has('metformin'),
    statin: does.has('statin'),
    biotin: ingredients.has('biotin'),
    changed: changes.some((change) => change.day === day),
    female: setting.person.sex === 'female',
    over: (numbers.tsh ?? 1) < 0.3,
  };
  numbers.age = ageOn(day, assumedBirthDate(setting.person));
  for (const [name, holds] of Object.entries(facts)) numbers[name] = Number(holds);
  words.interval = spanOf(
    last ? day - last.day : Math.max(30, Math.min(64 + setting.place * 3, setting.arc.since - (setting.as_of - day))),
  );
  words.season = SEASONS[Number(date.slice(5, 7)) - 1] as string;
  words.problem = CONDITIONS[setting.arc.conditions[0] ?? ''] ?? 'General health';
  return { words, numbers, labs: newest, changes: changes.filter((change) => change.day === day) };
}

function labsKnown(labs: readonly LabFact[], date: string, since: Day | undefined): Known['labs'] {
  const known = new Map<string, { fact: LabFact; before?: LabFact; isNew: boolean }>();
  for (const fact of labs) {
    const { resulted_at, value, status } = fact.row;
    if (!fact.shown || value === null || status === 'preliminary' || (resulted_at ?? '9').slice(0, 10) > date) continue;
    const before = known.get(fact.analyte)?.fact;
    known.set(fact.analyte, { fact, ...(before && { before }), isNew: since === undefined || (resulted_at ?? '') >= dateOf(since) });
  }
  return known;
}
