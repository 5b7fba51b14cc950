// Whom a note speaks of: the patient's own age and birth date, and nobody else's name.
import { ageInYears, isDay, latestDay, plusDays } from './days.ts';
import type { Section } from './note-chart.ts';
import { datesIn, type Span, sentencesIn } from './note-dates.ts';
import type { NoteFigure, SectionText } from './note-figures.ts';

const FAMILY =
  /\b(?:mother|father|mom|dad|brother|sister|son|daughter|wife|husband|spouse|partner|uncle|aunt|cousin|grand\w+|parents?|siblings?|child|children|kids?|twin|baby|infant|niece|nephew|friend)(?:'s|’s)?\b/i;
const BIRTH = /\b(?:d\.?o\.?b\.?|date\s+of\s+birth|birth\s?date|born(?:\s+on)?)[\s:]*$/i;
const AGE =
  /(?<![\d.-])(\d{1,3})\s?(?:-\s?|\s)?(?:(?:years?|yrs?)[\s-]?old|y\.?\/?o\.?(?![\p{L}])|yrs?\s+of\s+age|years\s+of\s+age)|(?<=(?:^|[\n.;,(]\s*|\b(?:patient|pt|he|she|they)\s+(?:is\s+)?)(?:age|aged)[\s:]+)(\d{1,3})(?![\d/.%-])|(?<![\d./-])(\d{2,3})(?:M|F)(?![\p{L}\p{N}])/gimu;
/** A visit may be written up so long after it. */
const WRITTEN_WITHIN_DAYS = 31;

/** The patient's birth date and age where the text gives them: cited, or contradicting the chart. Ages of others, and at another time ("at age 35"), are let be. */
export function personFigures({ section, text, chart }: SectionText): NoteFigure[] {
  const { birth_date, today } = chart;
  if (birth_date === undefined) return [];
  const cites = { record: 'patient' } as const;
  const figures = sentencesIn(text).flatMap((sentence): NoteFigure[] => {
    const told = text.slice(sentence.start, sentence.end);
    const births = datesIn(told, today).flatMap((date): NoteFigure[] => {
      const before = told.slice(0, date.start);
      if (!date.exact || !BIRTH.test(before) || FAMILY.test(before)) return [];
      const at = { section, start: sentence.start + date.start, end: sentence.start + date.end, measure: 'birth date' };
      const day = date.from > today ? `${Number(date.from.slice(0, 4)) - 100}${date.from.slice(4)}` : date.from;
      if (day.startsWith(birth_date)) return [{ ...at, verdict: 'cited', cites }];
      return [{ ...at, verdict: 'contradicts', cites, level: 'error', text: `The note's birth date is not the chart's: ${birth_date}.` }];
    });
    const ages = [...told.matchAll(AGE)].flatMap((match): NoteFigure[] => {
      const [before, after] = [told.slice(0, match.index), told.slice(match.index + match[0].length)];
      if (!isOfPatient(before, after, match[0])) return [];
      const age = Number(match[1] ?? match[2] ?? match[3]);
      const at = { section, start: sentence.start + match.index, end: sentence.start + match.index + match[0].length, measure: 'age' };
      const [oldest, youngest] = [
        ageInYears(earliest(birth_date), today),
        ageInYears(latestDay(birth_date), plusDays(today, -WRITTEN_WITHIN_DAYS)),
      ];
      if (oldest === undefined || youngest === undefined || (age >= youngest && age <= oldest)) return [{ ...at, verdict: 'cited', cites }];
      return [
        {
          ...at,
          verdict: 'contradicts',
          cites,
          level: 'error',
          text: `The note's age is not the chart's: ${oldest} years by the birth date ${birth_date}.`,
        },
      ];
    });
    return [...births, ...ages];
  });
  return figures.sort((a, b) => a.start - b.start);
}

function earliest(partial: string): string {
  const day = `${partial}-01-01`.slice(0, 10);
  return isDay(day) ? day : partial;
}

function isOfPatient(before: string, after: string, said: string): boolean {
  if (FAMILY.test(before.slice(-40)) || FAMILY.test(after.slice(0, 24))) return false;
  if (
    /\b(?:at|since|by|from|until|before|after|over|under|to|than|around|when|for|past|previous)\s+(?:the\s+)?(?:age\s+(?:of\s+)?|an?\s+)?$/i.test(
      before,
    )
  )
    return false;
  // "2 year old injury": of a person only where a person follows, or the sentence ends.
  const follows =
    /^[\s,-]*(?:$|[.,;:)]|(?:[\p{L}-]+\s+){0,4}(?:male|female|man|woman|gentleman|lady|patient|pt|m|f|boy|girl|person|veteran|here|who|with|presents?|presenting|seen|is|was|returns?|returning|reports?|comes?|s\/p|h\/o|doing|in\s+for)\b)/iu;
  return !/old|o\.?$/i.test(said) || follows.test(after);
}

/** A place of the text that a signer must see. UTF-16 offsets of the section. */
export interface NoteMark extends Span {
  section: Section;
  level: 'error' | 'warn';
  text: string;
}

/** Where the full name of another patient stands in the text, UTF-16 offsets: given and family name in either order, an initial between them, any case, accents or none.
 *  `own`: every full name of the patient (also preferred and previous ones); who is called the same is not told apart, and is let be. `others`: full names, given name first. */
export function othersIn({
  text,
  own,
  others,
}: {
  text: string;
  own: readonly string[];
  others: readonly string[];
}): Pick<Span, 'start' | 'end'>[] {
  const folded = fold(text);
  const placesOf = (names: readonly string[]) =>
    names.flatMap((name) => {
      const pattern = patternOf(name);
      return pattern === undefined
        ? []
        : [...folded.letters.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
    });
  const mine = placesOf(own);
  const found = placesOf([...new Set(others)]).filter((it) => !mine.some(({ start, end }) => start <= it.start && it.end <= end));
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  return found
    .filter((it, at) => !found.slice(0, at).some(({ end }) => end > it.start))
    .map(({ start, end }) => ({ start: folded.at[start] as number, end: folded.at[end] as number }));
}

/** The same in a section of a note, as marks; they do not repeat the name. */
export function othersNamed({ section, ...named }: Parameters<typeof othersIn>[0] & { section: Section }): NoteMark[] {
  return othersIn(named).map((place) => ({
    section,
    ...place,
    level: 'error',
    text: 'The full name of another patient, whose data this assistant was given, stands here. A note names its own patient only.',
  }));
}

/** `text` without case and accents, and where each of its letters stands in `text`. */
function fold(text: string): { letters: string; at: number[] } {
  const at: number[] = [];
  let [letters, index] = ['', 0];
  for (const letter of text) {
    const plain = foldLetter(letter);
    for (let unit = 0; unit < plain.length; unit += 1) at.push(index);
    letters += plain;
    index += letter.length;
  }
  return { letters, at: [...at, text.length] };
}

const foldLetter = (letter: string) =>
  letter
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[‘’ʼ`´]/g, "'")
    .replaceAll(/[‐‑–]/g, '-')
    .toLowerCase();

function patternOf(name: string): RegExp | undefined {
  const words = [...name]
    .map(foldLetter)
    .join('')
    .split(/\s+/)
    .filter((word) => /\p{L}/u.test(word));
  const [given, family] = [words.slice(0, 1), words.slice(1)];
  if (given.length === 0 || family.length === 0) return undefined;
  const spelled = (parts: readonly string[]) =>
    parts
      .map((part) =>
        part
          .split(/['-]/)
          .map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`))
          .join("['-]?\\s?"),
      )
      .join('\\s+');
  const initial = '(?:\\p{L}\\.?\\s+)?';
  const forward = `${spelled(given)}\\s+${initial}${spelled(family)}`;
  const back = `${spelled(family)}\\s*,\\s*${spelled(given)}`;
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${forward}|${back})(?![\\p{L}\\p{N}])`, 'gu');
}

/** Two words beside each other that may be a person's name, as `given family` in lower case. */
export function fullNamesIn(text: string): string[] {
  const words = text.match(/[\p{L}][\p{L}\p{M}'’.-]*/gu) ?? [];
  const pairs = words.flatMap((word, at) =>
    words[at + 1] === undefined
      ? []
      : [
          [word, words[at + 1] as string],
          [words[at + 1] as string, word],
        ],
  );
  const isName = (word: string) => /^\p{Lu}/u.test(word);
  return [
    ...new Set(pairs.filter(([one, two]) => isName(one as string) && isName(two as string)).map((pair) => pair.join(' ').toLowerCase())),
  ].slice(0, 500);
}
