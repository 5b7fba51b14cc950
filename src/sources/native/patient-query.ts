// What a person typed to find a patient, as typed pieces (connectors.md §2.1).
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { type AskedDate, readDates } from './birth-dates.ts';
import { fold, nameForms, PARTICLES, SUFFIXES, suffixOf } from './name-forms.ts';

/** A name word of the query in its forms, the whole first. */
export type Word = readonly string[];

export interface PatientQuery {
  mrns: { text: string; sure: boolean }[];
  dates: AskedDate[];
  emails: string[];
  /** National numbers; the last 7 or 4 digits only where the query says that it is a phone. */
  phones: string[];
  phone7?: string;
  phone4?: string;
  postal_code?: string;
  suffix?: string;
  sex?: 'female' | 'male';
  /** The ways to cut the name words; in each, `family_first` counts the words before a comma. */
  readings: { words: Word[]; family_first: number }[];
}

const EMAIL = /[A-Z0-9._%+-]+@[A-Z0-9.-]+\.[A-Z]{2,}/gi;
const MRN_LABEL = /\b(?:mrn|chart|record|medical record)\s*(?:number|no|nr)?\.?\s*[#:=]?\s*([A-Z]{0,4}-?\d[A-Z0-9-]*)/gi;
const LAST_DIGITS = /(?:ending|ends)(?:\s+(?:in|with))?|last\s*(?:4|7|four|seven)(?:\s+digits)?/.source;
const PHONE_LABEL = new RegExp(
  `\\b(?:(?:phone|telephone|tel|cell|mobile|ph)\\b(?:\\s*(?:number|no)\\b)?(?:\\s*(?:${LAST_DIGITS}))?|${LAST_DIGITS})\\s*[.#:=]*\\s*(\\+?[\\d() .-]{3,20}\\d)`,
  'gi',
);
const PHONE = /(?<![\w@.-])(\+\d[\d() .-]{7,18}\d|\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4})(?![\w-])/g;
const LOCAL_PHONE = /(?<![\w-])(\d{3}[-.]\d{4})(?![\w-])/g;
const TITLES = new Set(['MR', 'MRS', 'MS', 'MISS', 'DR', 'MX']);
const MOST_WORDS = 6;

/** `today` (YYYY-MM-DD) keeps two-digit years out of the future. */
export function parseQuery(text: string, today: string): PatientQuery {
  const query: PatientQuery = { mrns: [], dates: [], emails: [], phones: [], readings: [] };
  const take = (pattern: RegExp, use: (found: string) => boolean) => (rest: string) =>
    rest.replace(pattern, (whole: string, found: unknown) => (use(typeof found === 'string' ? found : whole) ? ' ' : whole));

  let rest = text.normalize('NFKC').replace(/\p{C}/gu, ' ').slice(0, 200);
  rest = take(EMAIL, (email) => query.emails.push(email.toLowerCase()) > 0)(rest);
  rest = take(MRN_LABEL, (mrn) => query.mrns.push({ text: mrnToken(mrn), sure: true }) > 0)(rest);
  const dated = readDates(rest, today);
  query.dates = dated.dates;
  rest = take(PHONE_LABEL, (phone) => askPhone(query, phone))(dated.rest);
  // Ten digits in a row may be an MRN too: they stay in the text.
  rest = take(PHONE, (phone) => digitsOf(phone).length >= 10 && askPhone(query, phone) && /\D/.test(phone))(rest);
  rest = take(LOCAL_PHONE, (phone) => askPhone(query, phone))(rest);
  rest = take(/(?<![\p{L}\d])[#]?([A-Z]{0,4}-?\d[A-Z0-9-]*)/giu, (number) => askNumber(query, number))(rest);
  askNames(query, rest);
  return query;
}

/** An MRN without its punctuation. */
export function mrnToken(mrn: string): string {
  return mrn.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

/** An MRN without prefix and padding; undefined where nothing is left. */
export function bareMrn(mrn: string): string | undefined {
  const digits = mrnToken(mrn).replace(/^[A-Z]*0*/, '');
  return digits.length > 0 ? digits : undefined;
}

/** The national number of a phone: 10 digits in the US. */
export function nationalNumber(phone: string): string {
  return parsePhoneNumberFromString(phone, 'US')?.nationalNumber ?? digitsOf(phone).replace(/^1(?=\d{10}$)/, '');
}

const digitsOf = (text: string) => text.replace(/\D/g, '');

function askPhone(query: PatientQuery, phone: string): boolean {
  const digits = digitsOf(phone);
  if (digits.length >= 10) return query.phones.push(nationalNumber(phone)) > 0;
  if (digits.length >= 7) query.phone7 = digits.slice(-7);
  else if (digits.length >= 4) query.phone4 = digits.slice(-4);
  return digits.length >= 4;
}

/** A number without a label may be an MRN or a ZIP; a short one alone identifies nobody. */
function askNumber(query: PatientQuery, number: string): boolean {
  const mrn = mrnToken(number);
  query.mrns.push({ text: mrn, sure: /[A-Z]/.test(mrn) || mrn.length >= 5 });
  if (/^\d{5}$/.test(number)) query.postal_code = number;
  return true;
}

function askNames(query: PatientQuery, text: string): void {
  const suffix = suffixOf(text);
  if (suffix !== undefined) query.suffix = suffix;
  const [before = '', ...after] = text.split(',').map((part) => plainWords(part));
  const words = [...before, ...after.flat()].slice(0, MOST_WORDS);
  const sex = words.length > 2 ? words.find((word) => /^(fe)?male$/i.test(word)) : undefined;
  if (sex !== undefined) query.sex = /^f/i.test(sex) ? 'female' : 'male';
  const names = words.filter((word) => word !== sex);
  if (names.length === 0) return;
  const comma = after.some((part) => part.length > 0) ? Math.min(before.length, names.length) : 0;
  query.readings = cuts(names, comma);
}

function plainWords(text: string): string[] {
  const words = text.split(/\s+/).filter((word) => /\p{L}/u.test(word) && !SUFFIXES.has(fold(word)));
  return words.filter((word) => words.length < 2 || !TITLES.has(fold(word)));
}

/** Each word by itself; particles bound to what follows; and each two neighbours as one whole (Mary Ann, Garcia Lopez). */
function cuts(words: readonly string[], comma: number): PatientQuery['readings'] {
  const cut = (groups: readonly (readonly string[])[]) => {
    let seen = 0;
    const family_first = groups.filter((group) => {
      seen += group.length;
      return seen <= comma;
    }).length;
    return { words: groups.map(formsOfGroup).filter((forms) => forms.length > 0), family_first };
  };
  const single = words.map((word) => [word]);
  const pairs = words.slice(1).map((_, at) => [...single.slice(0, at), words.slice(at, at + 2), ...single.slice(at + 2)]);
  const readings = [single, ...(words.some(isParticle) ? [bound(words)] : []), ...pairs].map(cut);
  return readings.filter((reading) => reading.words.length > 0);
}

/** Two names taken as one match as one only: half of them would be another cut. */
function formsOfGroup(group: readonly string[]): string[] {
  const forms = nameForms(group.join(' '));
  return group.length > 1 && !group.some(isParticle) ? forms.slice(0, 1) : forms;
}

const isParticle = (word: string) => PARTICLES.has(fold(word).replace(/\W/g, ''));

function bound(words: readonly string[]): string[][] {
  const groups: string[][] = [];
  let open = false;
  for (const word of words) {
    if (open) groups.at(-1)?.push(word);
    else groups.push([word]);
    open = isParticle(word);
  }
  return groups;
}
