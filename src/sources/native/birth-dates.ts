// Birth dates as people type them: ISO, M/D/YYYY, 2/3/80, 02031980, Feb 3 1980; US order first, the other reading kept.
import { isDay } from '../../domains/days.ts';

/** One date of a query. */
export interface AskedDate {
  /** YYYY-MM-DD, YYYY-MM or YYYY. */
  date: string;
  /** Day and month the other way round, where that is a day too. */
  or?: string;
  /** Digits that may as well be something else: they speak for a match, never against one. */
  tentative?: true;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
// Whole month names only: Marie is no month.
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const LABEL = /(?:\b(?:d\.?o\.?b\.?|born(?:\s+(?:on|in))?|birth\s*(?:date|day)?|date\s+of\s+birth)\s*[:=]?\s*)?/.source;

type Reader = (parts: readonly string[], today: string) => AskedDate | undefined;

/** Pattern (after its label, between word ends) → reading. The order is the order of trust. */
const PATTERNS: readonly (readonly [string, Reader])[] = [
  ['(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})', ([y = '', m = '', d = '']) => whole(y, m, d)],
  ['(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4}|\\d{2})', ([a = '', b = '', y = ''], today) => either(y, a, b, today)],
  [`${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})`, ([m = '', d = '', y = '']) => whole(y, monthOf(m), d)],
  [`(\\d{1,2})(?:st|nd|rd|th)?\\s+${MONTH},?\\s+(\\d{4})`, ([d = '', m = '', y = '']) => whole(y, monthOf(m), d)],
  ['((?:19|20)\\d\\d)-(\\d{2})', ([y = '', m = '']) => month(y, m)],
];
/** Digits alone: also read as an MRN, so they stay in the text. */
const COMPACT: readonly (readonly [RegExp, Reader])[] = [
  [/(?<![\d/.+-])((?:19|20)\d\d)(\d\d)(\d\d)(?![\d/-])/g, ([y = '', m = '', d = '']) => whole(y, m, d)],
  [/(?<![\d/.+-])(\d\d)(\d\d)((?:19|20)\d\d)(?![\d/-])/g, ([a = '', b = '', y = ''], today) => either(y, a, b, today)],
  [/(?<![\d/.+-])(\d\d)(\d\d)(\d\d)(?![\d/-])/g, ([a = '', b = '', y = ''], today) => either(y, a, b, today)],
  [/(?<![\d/.+-])((?:19|20)\d\d)(?![\d/-])/g, ([y = '']) => ({ date: y })],
];

/** The dates in `text`, and what is left of it. A two-digit year is the latest that does not put the day after `today`. */
export function readDates(text: string, today: string): { dates: AskedDate[]; rest: string } {
  const dates: AskedDate[] = [];
  let rest = text;
  for (const [pattern, read] of PATTERNS) {
    rest = rest.replace(new RegExp(`${LABEL}(?<![\\w/.+-])${pattern}(?![\\w/-])`, 'gi'), (match, ...found: unknown[]) => {
      const date = read(found.slice(0, 3).map(String), today);
      if (date) dates.push(date);
      return date ? ' ' : match;
    });
  }
  for (const [pattern, read] of COMPACT) {
    for (const [, ...parts] of rest.matchAll(pattern)) {
      const date = read(parts, today);
      if (date && date.date <= today) dates.push({ ...date, tentative: true });
    }
  }
  return { dates, rest };
}

const pad = (number: string) => number.padStart(2, '0');
const monthOf = (word: string) => String(MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1);

function whole(year: string, month: string, day: string): AskedDate | undefined {
  const date = `${year}-${pad(month)}-${pad(day)}`;
  return isDay(date) ? { date } : undefined;
}

function month(year: string, month: string): AskedDate | undefined {
  const date = `${year}-${pad(month)}`;
  return isDay(`${date}-01`) ? { date } : undefined;
}

/** Month first as in the US; day first where only that is a day. */
function either(year: string, a: string, b: string, today: string): AskedDate | undefined {
  const read = (month: string, day: string) =>
    year.length === 4 ? whole(year, month, day) : (recent(month, day, `20${year}`, today) ?? whole(`19${year}`, month, day));
  const [first, second] = [read(a, b), read(b, a)];
  if (!first || !second || first.date === second.date) return first ?? second;
  return { date: first.date, or: second.date };
}

function recent(month: string, day: string, year: string, today: string): AskedDate | undefined {
  const read = whole(year, month, day);
  return read && read.date <= today ? read : undefined;
}
