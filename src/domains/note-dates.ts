// Where a note says when, and where its sentences end.
import { isDay, plusDays } from './days.ts';

export interface Span {
  start: number;
  end: number;
}

/** A day, or a stretch of days, that the text names. `exact`: one day. */
export interface Period extends Span {
  from: string;
  to: string;
  exact: boolean;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const COUNTS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  few: 3,
  several: 4,
  couple: 2,
};
const UNIT_DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30.4, y: 365 };

type Reading = { from: string; to: string; exact: boolean } | undefined;

/** What each way to write a date means on the day `today`; undefined where it is none. US order: month, day. A day without a year is the last such day. */
const WAYS: readonly (readonly [RegExp, (match: RegExpMatchArray, today: string, text: string) => Reading])[] = [
  [/(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?![\d-])/g, ([, year, month, day]) => dayOf(year, month, day)],
  [
    /(?<![\d/])(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d\d)(?![\d/-])/g,
    ([, month, day, year = '']) => dayOf(year.length === 2 ? century(year) : year, month, day),
  ],
  [
    /(?<![\d/.])(\d{1,2})\/(\d{1,2})(?![\d/]|\.\d)/g,
    (match, today, text) => {
      const before = text.slice(Math.max(0, match.index as number) - 14, match.index);
      const isTold = /(?:\b(?:on|from|of|since|labs?|dated?|drawn|collected|taken|visit|seen)|\()\s*$/i.test(before);
      return isTold || text[(match.index as number) + match[0].length] === ':' ? lastDay(match[1], match[2], today) : undefined;
    },
  ],
  [
    new RegExp(`\\b${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?(?!\\d|\\.\\d)(?:,?\\s+((?:19|20)\\d\\d))?`, 'gi'),
    ([, month, day, year], today) => (year === undefined ? lastDay(monthOf(month), day, today) : dayOf(year, monthOf(month), day)),
  ],
  [new RegExp(`\\b(\\d{1,2})\\s+${MONTH}\\s+((?:19|20)\\d\\d)`, 'gi'), ([, day, month, year]) => dayOf(year, monthOf(month), day)],
  [new RegExp(`\\b${MONTH}\\s+(?:of\\s+)?((?:19|20)\\d\\d)`, 'gi'), ([, month, year]) => stretch(`${year}-${monthOf(month)}`)],
  [
    new RegExp(`(?:\\b(?:in|since|from|last|of|early|late|mid)\\s+|\\()${MONTH}(?![\\p{L}]|\\s+\\d)`, 'giu'),
    ([, month], today) => {
      const year = Number(today.slice(0, 4));
      const own = `${year}-${monthOf(month)}`;
      return stretch(own <= today.slice(0, 7) ? own : `${year - 1}-${monthOf(month)}`);
    },
  ],
  [
    /(?<=\b(?:in|since|from|of|during|circa|early|late|mid|by|until|year|back|around)\s+|\(|')((?:19|20)\d\d)(?![\d-]|\.\d|\s?(?:mg|mcg|kcal|cal|steps|units))/gi,
    ([, year]) => stretch(year ?? ''),
  ],
  [/\byesterday\b/gi, (_, today) => ({ from: plusDays(today, -1), to: plusDays(today, -1), exact: true })],
  [
    /\blast\s+(week|month|year|spring|summer|fall|autumn|winter)\b/gi,
    ([, unit = ''], today) => {
      const days = { week: 14, month: 62 }[unit.toLowerCase()] ?? 730;
      return { from: plusDays(today, -days), to: plusDays(today, -1), exact: false };
    },
  ],
  [
    /\b(?:(\d{1,2})|an?|one|two|three|four|five|six|(?:a\s+)?(?:few|couple(?:\s+of)?)|several)\s+(d|w|m|y)(?:ays?|ks?|eeks?|o|os|onths?|rs?|ears?)?\s+(?:ago|prior|earlier|back)\b/gi,
    (match, today) => {
      const count =
        match[1] === undefined ? (COUNTS[match[0].toLowerCase().match(/few|couple|several|\w+/)?.[0] ?? ''] ?? 3) : Number(match[1]);
      const days = count * (UNIT_DAYS[(match[2] ?? 'm').toLowerCase()] ?? 30);
      return { from: plusDays(today, -Math.ceil(days * 1.5 + 3)), to: plusDays(today, -Math.floor(days / 2)), exact: false };
    },
  ],
];

/** The dates that `text` names, in order, never overlapping: the longer reading stands. UTF-16 offsets. */
export function datesIn(text: string, today: string): Period[] {
  const found = WAYS.flatMap(([way, read]) =>
    [...text.matchAll(way)].flatMap((match): Period[] => {
      const reading = read(match, today, text);
      return reading === undefined ? [] : [{ ...reading, start: match.index, end: match.index + match[0].length }];
    }),
  ).sort((a, b) => a.start - b.start || b.end - a.end);
  return found.filter((it, at) => !found.slice(0, at).some((other) => other.end > it.start));
}

const monthOf = (name = '') => String(MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1).padStart(2, '0');
/** Of a chart's two digits: 60 is 1960, 59 is 2059 and no birth date. */
const century = (year: string) => `${Number(year) >= 60 ? '19' : '20'}${year}`;

function dayOf(year = '', month = '', day = ''): Reading {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(text) ? { from: text, to: text, exact: true } : undefined;
}

function lastDay(month: string | undefined, day: string | undefined, today: string): Reading {
  const year = Number(today.slice(0, 4));
  const own = dayOf(String(year), month, day);
  return own !== undefined && own.from <= today ? own : dayOf(String(year - 1), month, day);
}

function stretch(partial: string): Reading {
  return partial.length === 4
    ? { from: `${partial}-01-01`, to: `${partial}-12-31`, exact: false }
    : { from: `${partial}-01`, to: `${partial}-31`, exact: false };
}

/** Points that end no sentence: never, or not before a small letter or a digit. */
const TITLE = /\b(?:dr|mr|mrs|ms|vs|e\.g|i\.e)$/i;
const ABBREVIATED = /(?:\b(?:approx|wt|ht|temp|resp|st|no|lbs?|in|oz|avg|prev|pt|hx|dx|rx|cr)|\b\p{Lu})$/iu;

/** The sentences of a note: lines, and in them what ends with a point, a question mark or a semicolon. UTF-16 offsets. */
export function sentencesIn(text: string): Span[] {
  const sentences: Span[] = [];
  let start = 0;
  for (const match of text.matchAll(/\n+|;\s*|[.!?](?=\s)\s*/g)) {
    const before = text.slice(Math.max(0, match.index - 8), match.index);
    const goesOn = /^(?:\p{Ll}|\d)/u.test(text.slice(match.index + match[0].length));
    if (match[0].startsWith('.') && (TITLE.test(before) || (ABBREVIATED.test(before) && goesOn))) continue;
    sentences.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  return [...sentences, { start, end: text.length }].filter((it) => it.end > it.start);
}
