// Who is meant, and how surely: Fellegi–Sunter weights (log2 m/u) of connectors.md §2.1. A search ranks; only `certain` is an identity.
import type { PatientSummary } from '../../domains/patients.ts';
import { type NameFit, nameFits } from './name-fit.ts';
import { suffixOf } from './name-forms.ts';
import { bareMrn, mrnToken, nationalNumber, type PatientQuery } from './patient-query.ts';
import type { Searched } from './patient-tokens.ts';

/** What a candidate is judged by. */
export interface Candidate extends Searched {
  patient_id: string;
  name_suffix: string | null;
  sex: string;
  postal_code: string | null;
  replaced_by: string | null;
}

export type MatchedOn = PatientSummary['matched_on'][number];

export interface Match<C extends Candidate> {
  candidate: C;
  score: number;
  grade: PatientSummary['match'];
  matched_on: MatchedOn[];
}

/** By so much a certain match leads the next. */
const MARGIN = 6;
/** Below so much of the best, a candidate is noise; one who bears the very name that was asked for never is. */
const NOISE = 8;
const PROBABLE = 9;

/** The candidates that fit, best first, and whether one of them is the one meant. `bearers` says how many patients of the clinic bear a name. */
export function rank<C extends Candidate>(
  query: PatientQuery,
  candidates: readonly C[],
  bearers: (name: string) => number,
): { resolution: 'certain' | 'ambiguous' | 'none'; matches: Match<C>[] } {
  const fits = nameFits(query, bearers);
  const judged = candidates
    .map((candidate) => ({ candidate, ...judge(query, candidate, fits(candidate)) }))
    .filter(({ score }) => score > 0);
  judged.sort(
    (a, b) =>
      b.score - a.score ||
      Number(a.candidate.replaced_by !== null) - Number(b.candidate.replaced_by !== null) ||
      (a.candidate.patient_id < b.candidate.patient_id ? -1 : 1),
  );
  const [best] = judged;
  if (!best) return { resolution: 'none', matches: [] };
  // A chart that was merged into the best is the same person.
  const next = judged.find(({ candidate }) => candidate !== best.candidate && candidate.replaced_by !== best.candidate.patient_id);
  const leads = best.score - (next?.score ?? 0) >= MARGIN;
  const certain = best.identifies && leads && best.candidate.replaced_by === null;
  const matches = judged
    .filter(({ score, same_name }) => same_name || score >= best.score - NOISE)
    .map(({ candidate, score, matched_on, contradicted }) => {
      const fallback = score >= PROBABLE && !contradicted ? 'probable' : 'possible';
      return {
        candidate,
        score,
        matched_on,
        grade: certain && candidate === best.candidate ? ('certain' as const) : (fallback as 'probable' | 'possible'),
      };
    });
  return { resolution: certain ? 'certain' : 'ambiguous', matches };
}

/** Who may be the very person that `query` tells of, likeliest first: whoever scores as a probable match, whatever speaks against it, and whoever bears the full name
 *  with nothing against it, or with the same phone or e-mail. A ranking leaves out what is far behind its best; here nobody is left out. Source: connectors.md §2.1; mission.md D13. */
export function likelySame<C extends Candidate>(query: PatientQuery, candidates: readonly C[], bearers: (name: string) => number): C[] {
  const fits = nameFits(query, bearers);
  return candidates
    .map((candidate) => ({ candidate, ...judge(query, candidate, fits(candidate)) }))
    .filter(
      ({ score, same_name, contradicted, matched_on }) =>
        score >= PROBABLE || (same_name && (!contradicted || matched_on.some((on) => on === 'phone' || on === 'email'))),
    )
    .sort((a, b) => b.score - a.score || (a.candidate.patient_id < b.candidate.patient_id ? -1 : 1))
    .map(({ candidate }) => candidate);
}

interface Judgement {
  score: number;
  matched_on: MatchedOn[];
  /** Something that was said is not so: another first name, another birth date. Twins differ in nothing else. */
  contradicted: boolean;
  /** MRN, or full name and full birth date and one thing more. */
  identifies: boolean;
  same_name: boolean;
}

function judge(query: PatientQuery, candidate: Candidate, name: NameFit): Judgement {
  const birth = birthFit(query, candidate.birth_date ?? null);
  const mrn = mrnFit(query, candidate.mrn);
  const phone = phoneFit(query, candidate);
  const email = candidate.email != null && query.emails.includes(candidate.email.toLowerCase());
  const zip = query.postal_code !== undefined && candidate.postal_code?.slice(0, 5) === query.postal_code;
  const other_suffix = isOtherSuffix(query, candidate);
  const other_sex = query.sex !== undefined && (candidate.sex === 'female' || candidate.sex === 'male') && candidate.sex !== query.sex;

  const score =
    name.score + birth.score + mrn.score + phone + (email ? 4 : 0) + (zip ? 1.5 : 0) - (other_suffix ? 3 : 0) - (other_sex ? 2 : 0);
  const contradicted = name.contradicted || birth.contradicted || other_suffix || other_sex;
  const more = phone >= PHONE_WHOLE || email || zip;
  return {
    score,
    matched_on: [
      ...(mrn.score > 0 ? (['mrn'] as const) : []),
      ...(birth.exact ? (['birth_date'] as const) : []),
      ...(phone > 0 ? (['phone'] as const) : []),
      ...(email ? (['email'] as const) : []),
      ...name.matched_on,
    ],
    contradicted,
    identifies: !contradicted && (mrn.sure || (name.exact && birth.exact && more)),
    same_name: name.exact,
  };
}

/** A partial date is a range: it can agree, never equal. Digits that may be something else speak only for a match. */
function birthFit(query: PatientQuery, born: string | null): { score: number; exact: boolean; contradicted: boolean } {
  const said = query.dates.filter(({ tentative }) => !tentative);
  const dates = said.length > 0 ? said : query.dates;
  if (born === null || dates.length === 0) return { score: 0, exact: false, contradicted: false };
  const score = Math.max(...dates.map(({ date, or }) => (or === born ? 3 : dateWeight(date, born))));
  if (said.length === 0) return { score: Math.max(0, score), exact: score === EQUAL, contradicted: false };
  return { score, exact: score === EQUAL, contradicted: score < 0 };
}

const EQUAL = 8;

/** Weights of a birth date: equal, agreeing as far as known, day and month exchanged, one slip of the keyboard, year alone, other. */
export function dateWeight(asked: string, born: string): number {
  if (asked.length < 10 || born.length < 10) return asked.startsWith(born) || born.startsWith(asked) ? 2 : -5;
  if (asked === born) return EQUAL;
  const [year, month, day] = asked.split('-');
  if (born === `${year}-${day}-${month}`) return 3;
  if (isOneSlip(asked, born)) return 3;
  return born.startsWith(`${year}-`) ? -1 : -5;
}

/** One digit is another one, or two neighbours are exchanged. */
function isOneSlip(asked: string, born: string): boolean {
  const off = [...asked].flatMap((digit, at) => (digit === born[at] ? [] : [at]));
  const [one = 0, other = 0] = off;
  return off.length === 1 || (off.length === 2 && other === one + 1 && asked[one] === born[other] && asked[other] === born[one]);
}

function mrnFit(query: PatientQuery, mrn: string): { score: number; sure: boolean } {
  for (const { text, sure } of query.mrns) {
    if (text === mrnToken(mrn)) return { score: 14, sure };
  }
  for (const { text, sure } of query.mrns) {
    if (bareMrn(text) === bareMrn(mrn)) return { score: sure ? 14 : 6, sure };
  }
  return { score: 0, sure: false };
}

/** The whole number. A household shares it (connectors.md §2.1), so it is worth little. */
const PHONE_WHOLE = 3;

function phoneFit(query: PatientQuery, { phone, phone_alternate }: Candidate): number {
  if (query.phones.length === 0 && query.phone7 === undefined && query.phone4 === undefined) return 0;
  const numbers = [phone, phone_alternate].filter((number) => number != null).map(nationalNumber);
  if (query.phones.some((asked) => numbers.includes(asked))) return PHONE_WHOLE;
  if (numbers.some((number) => query.phone7 !== undefined && number.endsWith(query.phone7))) return 2.5;
  return numbers.some((number) => query.phone4 !== undefined && number.endsWith(query.phone4)) ? 1.5 : 0;
}

/** Father and son: a Jr where the chart says Sr. */
function isOtherSuffix(query: PatientQuery, candidate: Candidate): boolean {
  const charted = suffixOf(candidate.name_suffix ?? candidate.family_name);
  return query.suffix !== undefined && charted !== undefined && charted !== query.suffix;
}
