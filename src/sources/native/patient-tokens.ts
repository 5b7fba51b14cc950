// The search tokens of a patient, and those of a query: found by equality and range alone, so that row security keeps the index (connectors.md §0.5, §2.1).
import { deletesOf, soundsOf, transpositionsOf } from './likeness.ts';
import { nameForms } from './name-forms.ts';
import { fullNamesOf } from './nicknames.ts';
import { bareMrn, mrnToken, nationalNumber, type PatientQuery } from './patient-query.ts';

/** What of a patient is searched. Absent and null are the same. */
export interface Searched {
  mrn: string;
  family_name: string;
  given_name: string;
  middle_name?: string | null;
  preferred_name?: string | null;
  previous_family_name?: string | null;
  birth_date?: string | null;
  phone?: string | null;
  phone_alternate?: string | null;
  email?: string | null;
}

export interface Token {
  kind: 'name' | 'nick' | 'sound' | 'typo' | 'dob' | 'mrn' | 'mrn_bare' | 'phone10' | 'phone7' | 'phone4' | 'email';
  token: string;
}

/** A typo is looked for in names of at least so many letters. */
const LETTERS = 4;
/** A name that so many patients bear is no slip of the keyboard. */
const MANY = 100;

/** Every token of a patient, each once: names in their forms, the full names that given names stand for, sounds, names with a letter left out, numbers. */
export function tokensOf(patient: Searched): Token[] {
  const given = [patient.given_name, patient.preferred_name].flatMap(formsOf);
  const names = [...given, ...[patient.family_name, patient.previous_family_name, patient.middle_name].flatMap(formsOf)];
  const phones = [patient.phone, patient.phone_alternate].filter((phone) => phone != null).map(nationalNumber);
  const bare = bareMrn(patient.mrn);
  const tokens: Token[] = [
    ...names.map((token) => ({ kind: 'name', token }) as const),
    ...given.flatMap(fullNamesOf).map((token) => ({ kind: 'nick', token }) as const),
    ...names.flatMap(soundsOf).map((token) => ({ kind: 'sound', token }) as const),
    ...names
      .filter((name) => name.length >= LETTERS)
      .flatMap(deletesOf)
      .map((token) => ({ kind: 'typo', token }) as const),
    ...phones.flatMap((phone) => [
      { kind: 'phone10' as const, token: phone },
      { kind: 'phone7' as const, token: phone.slice(-7) },
      { kind: 'phone4' as const, token: phone.slice(-4) },
    ]),
    { kind: 'mrn', token: mrnToken(patient.mrn) },
    ...(bare === undefined ? [] : [{ kind: 'mrn_bare' as const, token: bare }]),
    ...(patient.birth_date ? [{ kind: 'dob' as const, token: patient.birth_date }] : []),
    ...(patient.email ? [{ kind: 'email' as const, token: patient.email.toLowerCase() }] : []),
  ];
  const seen = new Map(tokens.map((token) => [`${token.kind} ${token.token}`, token]));
  return [...seen.values()].filter(({ token }) => token.length > 0);
}

/** One look-up: the tokens of `kind` from `low` up to, not including, `high`. */
export interface Lookup {
  /** Which piece of the query it speaks for: one patient counts once for each. */
  piece: number;
  kind: Token['kind'];
  low: string;
  high: string;
  /** About its weight in §2.1, for the choice of candidates; patient-match.ts scores them. */
  worth: number;
  /** Too common a hit to stand alone beside other pieces. */
  loose: boolean;
}

/** The worth of a name that stands there as it was typed. */
export const EXACT_NAME = 5;

/** Look-ups of a query. `bearers` says how many patients bear a name exactly. */
export function lookupsOf(query: PatientQuery, bearers: (name: string) => number): Lookup[] {
  const lookups: Lookup[] = [];
  const ask = (piece: number, kind: Token['kind'], worth: number, tokens: readonly string[], loose = false) =>
    lookups.push(...tokens.map((token) => ({ piece, kind, low: token, high: `${token}\u0001`, worth, loose })));

  ask(
    -1,
    'mrn',
    14,
    query.mrns.map(({ text }) => text),
  );
  ask(
    -1,
    'mrn_bare',
    12,
    query.mrns.flatMap(({ text }) => bareMrn(text) ?? []),
  );
  ask(
    -2,
    'dob',
    8,
    query.dates.map(({ date }) => date).filter((date) => date.length === 10),
  );
  ask(
    -2,
    'dob',
    3,
    query.dates.flatMap((asked) => asked.or ?? []),
  );
  ask(-3, 'email', 4, query.emails);
  ask(-4, 'phone10', 3, query.phones);
  ask(-4, 'phone7', 3, query.phone7 === undefined ? [] : [query.phone7]);
  ask(-4, 'phone4', 2, query.phone4 === undefined ? [] : [query.phone4]);

  for (const [piece, forms] of wordsOf(query).entries()) {
    ask(piece, 'name', EXACT_NAME, forms);
    ask(piece, 'nick', 4, forms.flatMap(fullNamesOf));
    ask(piece, 'sound', 2, forms.flatMap(soundsOf), true);
    lookups.push(...forms.map((form) => ({ piece, kind: 'name' as const, low: form, high: `${form}\u{10FFFF}`, worth: 3, loose: true })));
    const rare = forms.filter((form) => form.length >= LETTERS - 1 && bearers(form) < MANY);
    const long = rare.filter((form) => form.length >= LETTERS);
    ask(
      piece,
      'name',
      3,
      long.flatMap((form) => [...deletesOf(form), ...transpositionsOf(form)]),
      true,
    );
    ask(piece, 'typo', 3, [...rare, ...long.flatMap(deletesOf)], true);
  }
  return lookups;
}

/** The name words of a query, each in its forms: its single words, and the neighbours that may be one name, as one. */
export function wordsOf(query: PatientQuery): string[][] {
  const [single, ...others] = query.readings.map(({ words }) => words);
  const words = (single ?? []).map((forms) => [...forms]);
  const joined = new Set(others.flatMap((reading) => reading.flatMap(([whole]) => whole ?? [])));
  return [...words, ...[...joined].filter((whole) => !words.some((forms) => forms.includes(whole))).map((whole) => [whole])];
}

const formsOf = (name: string | null | undefined) => (name ? nameForms(name) : []);
