// Every figure of a note against the chart (connectors.md §2.15): borne out by a record, contradicted by it, or known to nobody.
// Read for what clinicians write; what cannot be read with confidence is let be, since a false alarm is unlearned to be heeded.
import { plusDays } from './days.ts';
import {
  type Charted,
  type Citation,
  chartedOf,
  lookBackFrom,
  type Measure,
  type NoteChart,
  nameOf,
  type Quoted,
  type Section,
} from './note-chart.ts';
import { datesIn, type Period, type Span, sentencesIn } from './note-dates.ts';
import { type Found, figuresAfter, readFigure } from './note-numbers.ts';
import { BETWEEN, type Named, namedIn, type Standing, standingOf } from './note-words.ts';

/** cited: a record says the same. contradicts: the chart has the measure, and no value of it within the look-back is this one; such a draft is refused.
 *  not_in_chart: no record bears it out, the signer is shown it. changed_dose: the plan gives an active drug another dose. */
export type Verdict = 'cited' | 'contradicts' | 'not_in_chart' | 'changed_dose';

/** What stands in the text, UTF-16 offsets of its section, and what the chart says to it. A mark is one that has a level. */
export interface NoteFigure extends Span {
  section: Section;
  /** What it is a figure of: "A1c", "blood pressure", the drug. */
  measure: string;
  /** The same for a program, of a vital sign or a laboratory value. */
  of?: Measure;
  verdict: Verdict;
  cites?: Citation;
  level?: 'error' | 'warn';
  /** For the caller or the signer. Holds values of this patient's own chart. */
  text?: string;
}

export interface SectionText {
  section: Section;
  text: string;
  chart: NoteChart;
  /** Days back from today in which the present is looked for. */
  look_back_days?: number;
}

export const LOOK_BACK_DAYS = 365;
/** A laboratory's day of collection and a note's day of reporting may lie so far apart. */
const NEAR_DAYS = 3;
/** What "about" allows. */
const ABOUT = 0.05;

interface Stated {
  measure: Measure;
  found: Found;
  standing: Standing;
  about: boolean;
  /** The text names the measure, and does not only show a number that looks like it. */
  named: boolean;
}

/** Vitals and laboratory values in one section of a note. Equal is what rounds to the digits that the text gives, in any unit the measure is told in.
 *  Goals, ranges, conditions, other people's and changes are no figures. Figures in the text's order. Source: connectors.md §2.15. */
export function measuredFigures({ section, text, chart, look_back_days = LOOK_BACK_DAYS }: SectionText): NoteFigure[] {
  const dates = datesIn(text, chart.today);
  const names = namedIn(text, chart);
  return sentencesIn(text).flatMap((sentence) => {
    const own = names.filter(({ start, end }) => start >= sentence.start && end <= sentence.end);
    const stated = statedIn(text, sentence, own, dates);
    const all = [...stated, ...unnamedIn(text, sentence, [...own, ...stated.map(({ found }) => found)], dates)];
    all.sort((a, b) => a.found.start - b.found.start);
    return all.flatMap((it) => judge(it, { section, chart, from: lookBackFrom(chart, look_back_days) }));
  });
}

function statedIn(text: string, sentence: Span, names: readonly Named[], dates: readonly Period[]): Stated[] {
  const opening = text.slice(sentence.start, names[0]?.start ?? sentence.end);
  const stated: Stated[] = [];
  const taken = new Set<Period>();
  let [from, carried] = [sentence.start, undefined as Standing | undefined];
  for (const [at, name] of names.entries()) {
    const until = names[at + 1]?.start ?? sentence.end;
    const all = figuresAfter(text, { measure: name.measure, from: name.end, until, dates });
    const before = text.slice(from, name.start);
    const heading = headingOf(text, { sentence, before: name.start, dates: dates.filter((date) => !taken.has(date)) });
    let first: Standing | undefined;
    for (const [nth, found] of all.entries()) {
      const next = all[nth + 1];
      // With the next figure, since "8.1 (goal <7)" is no goal of 8.1; but "8.1 (previously 9.2)" was not before.
      const after = text.slice(found.end, next?.end ?? until);
      const own = next === undefined ? after : (/^[^,(;→]*(?=[,(;→])/.exec(text.slice(found.end, next.start))?.[0] ?? '');
      const context = standingOf({ before: nth === 0 ? before : '', opening, words: found.words, after, own });
      const date = found.date ?? dateAfter(text, found.end, until, dates);
      if (date) taken.add(date);
      const isFirst = all[nth + 1]?.words.at(-1) === '→' || found.words.at(-1) === '←';
      const inherited = nth > 0 && found.words.length === 0 ? first : carried;
      const standing = context.standing === 'plain' ? ((isFirst ? 'past' : inherited) ?? 'plain') : context.standing;
      first ??= standing;
      const told = date ?? (standing === 'now' || standing === 'past' ? undefined : heading);
      stated.push({ measure: name.measure, found: { ...found, ...(told && { date: told }) }, standing, about: context.about, named: true });
    }
    // Who tells one figure of a sentence tells the next.
    if (first !== undefined) carried = first === 'elsewhere' ? first : carried;
    from = Math.max(name.end, all.at(-1)?.end ?? 0);
  }
  return stated;
}

/** The date that a list of figures stands under: "Labs 11/3: A1c 8.1, LDL 132". A date since which something else is so is none. */
function headingOf(
  text: string,
  { sentence, before, dates }: { sentence: Span; before: number; dates: readonly Period[] },
): Period | undefined {
  return dates.findLast(
    ({ start, end }) =>
      start >= sentence.start &&
      end <= before &&
      !/\b(?:since|dx|diagnos\w+|until|through|born|dob|started|began|begun|quit|stopped|in\s+remission|surgery|s\/p)\b[^,;:]*$/i.test(
        text.slice(sentence.start, start),
      ),
  );
}

/** A date a few words behind the figure. */
function dateAfter(text: string, from: number, until: number, dates: readonly Period[]): Period | undefined {
  const next = dates.find(({ start, end }) => start >= from && end <= until);
  const between = next && text.slice(from, next.start);
  if (between === undefined || between.length > 30 || !/^[\s(]*(?:\p{L}+\s+){0,4}\(?$/u.test(between)) return undefined;
  return /\b(?:re-?check|repeat|follow|return|since|start|starting|will|until|by|due|began)\b/i.test(between) ? undefined : next;
}

const BARE_PAIR = /(?<![\d./-])\d{2,3}\s?\/\s?\d{2,3}(?![\d/]|\.\d)/g;
const BARE_UNIT = /(?<![\d./'-])\d{2,3}(?:\.\d{1,2})?(?=\s?(?:lbs?\b|kg\b|(?:°|º)\s?[FC]\b|F\b))/g;

/** Numbers that look like a pressure, a weight or a temperature without saying so. */
function unnamedIn(text: string, sentence: Span, taken: readonly Span[], dates: readonly Period[]): Stated[] {
  const isFree = (start: number, end: number) => ![...taken, ...dates].some((other) => other.start < end && start < other.end);
  const told = text.slice(sentence.start, sentence.end);
  return [...told.matchAll(BARE_PAIR), ...told.matchAll(BARE_UNIT)].flatMap((match): Stated[] => {
    const start = sentence.start + match.index;
    const rest = text.slice(start, sentence.end);
    const kinds = match[0].includes('/') ? (['blood_pressure'] as const) : (['weight', 'temperature'] as const);
    return kinds.flatMap((kind): Stated[] => {
      const measure: Measure = { type: 'vital', kind };
      const figure = readFigure(rest, measure);
      if (figure === undefined || !isFree(start, start + figure.length) || (kind !== 'blood_pressure' && figure.quoted.unit === undefined))
        return [];
      if (kind === 'blood_pressure' && !looksLikePressure(figure.quoted, told.slice(0, match.index))) return [];
      const before = told.slice(0, match.index);
      const { standing, about } = standingOf({
        before,
        opening: before,
        words: [],
        after: rest.slice(figure.length),
        own: rest.slice(figure.length),
      });
      const date = dateAfter(text, start + figure.length, sentence.end, dates);
      const found: Found = { start, end: start + figure.length, quoted: figure.quoted, words: [], ...(date && { date }) };
      return [{ measure, found, standing, about, named: kind === 'blood_pressure' && figure.quoted.unit !== undefined }];
    });
  });
}

/** And not like a pair of strengths ("Advair 250/50"). */
function looksLikePressure({ value, diastolic = 0 }: Quoted, before: string): boolean {
  if (/[<>≤≥]=?\s*$/.test(before)) return false;
  const word = /([\p{L}-]+)[\s:]*$/u.exec(before)?.[1]?.toLowerCase();
  return (
    value >= 70 &&
    value <= 260 &&
    diastolic >= 40 &&
    diastolic <= 140 &&
    value - diastolic >= 15 &&
    (word === undefined || BETWEEN.has(word) || word === 'vitals' || word === 'vs')
  );
}

function judge(stated: Stated, at: { section: Section; chart: NoteChart; from: string }): NoteFigure[] {
  const { measure, found, standing, about, named } = stated;
  const isThreshold = found.quoted.comparator !== undefined && at.section === 'plan';
  if (standing === 'skip' || isThreshold || (found.date !== undefined && found.date.from > at.chart.today)) return [];
  const charted = chartedOf(measure, at.chart);
  const own = { section: at.section, start: found.start, end: found.end, measure: nameOf(measure), of: measure };
  const equal = (it: Charted) => it.equals(found.quoted, about ? ABOUT : 0);
  const ruling = found.date
    ? onDay(charted, equal, found.date, own.measure)
    : today(charted, equal, { ...stated, ...at, name: own.measure });
  if (named) return [{ ...own, ...ruling }];
  if (ruling.verdict === 'cited') return [{ ...own, ...ruling }];
  // A number that nobody named contradicts nothing; a pressure is worth a look all the same.
  const text = `This reads as a ${own.measure}, and no record of the chart bears it out.`;
  return measure.type === 'vital' && measure.kind === 'blood_pressure' ? [{ ...own, verdict: 'not_in_chart', level: 'warn', text }] : [];
}

type Ruling = Pick<NoteFigure, 'verdict' | 'cites' | 'level' | 'text'>;
const cited = ({ cites }: Charted): Ruling => ({ verdict: 'cited', cites });
const unknown = (text: string): Ruling => ({ verdict: 'not_in_chart', level: 'warn', text });
const valueAndDay = ({ said, day }: Charted) => `${said} of ${day}`;

/** A figure with a date of its own. */
function onDay(charted: readonly Charted[], equal: (it: Charted) => boolean, date: Period, name: string): Ruling {
  const [from, to] = date.exact ? [plusDays(date.from, -NEAR_DAYS), plusDays(date.to, NEAR_DAYS)] : [date.from, date.to];
  const near = charted.filter(({ day }) => day >= from && day <= to);
  const hit = near.find(equal);
  if (hit) return cited(hit);
  // A reading has its own day; a result may have been told days after it was collected.
  const other = near.find(({ computed, cites, day }) => !computed && (cites.record === 'lab_result' || day === date.from));
  if (other && date.exact)
    return {
      verdict: 'contradicts',
      cites: other.cites,
      level: 'error',
      text: `The note's ${name} is not the chart's of that day: the chart says ${valueAndDay(other)}.`,
    };
  const elsewhere = charted.find(equal);
  if (elsewhere) return unknown(`The chart has this ${name} of ${elsewhere.day}, not of the time that the note gives.`);
  return unknown(charted.length === 0 ? `The chart has no ${name}.` : `The chart has no such ${name} of that time.`);
}

/** A figure of the present, of the last time, of some time before or of somewhere else. */
function today(
  charted: readonly Charted[],
  equal: (it: Charted) => boolean,
  told: Stated & { section: Section; chart: NoteChart; from: string; name: string },
): Ruling {
  const { standing, about, named, section, chart, from, name } = told;
  const newest = charted.find(({ computed }) => !computed) ?? charted[0];
  if (newest === undefined) return unknown(`The chart has no ${name}.`);
  const hit = charted.find(equal);
  const isPresent = standing === 'plain' || standing === 'now' || standing === 'newest';
  if (hit) return { ...cited(hit), ...(isPresent && section !== 'plan' && staleness(hit, { newest, standing, today: chart.today, name })) };
  const isOld = newest.day < from;
  if (!isPresent || about || isOld || told.found.quoted.comparator !== undefined) {
    return unknown(`No record of the chart bears out this ${name}; its newest is ${valueAndDay(newest)}.`);
  }
  // In a plan a number that nobody dates may be what is meant to be.
  const level = named && (section !== 'plan' || standing !== 'plain') ? 'error' : 'warn';
  return {
    verdict: 'contradicts',
    cites: newest.cites,
    level,
    text: `The note's ${name} is not in the chart, whose newest is ${valueAndDay(newest)}.`,
  };
}

function staleness(
  hit: Charted,
  { newest, standing, today, name }: { newest: Charted; standing: Standing; today: string; name: string },
): Partial<Ruling> {
  if (hit.day < newest.day) return { level: 'warn', text: `This ${name} is of ${hit.day}; the chart's newest is ${valueAndDay(newest)}.` };
  return standing === 'now' && hit.cites.record === 'vital_sign' && hit.day !== today
    ? { level: 'warn', text: `This ${name} is of ${hit.day}, not of today.` }
    : {};
}
