// How the name words of a query fit one patient: the best way to lay them on given and family name (connectors.md §2.1 for the weights).
import { memo } from '../../base/memo.ts';
import type { PatientSummary } from '../../domains/patients.ts';
import { isOneEdit, jaroWinkler, soundsOf } from './likeness.ts';
import { nameForms } from './name-forms.ts';
import { fullNamesOf } from './nicknames.ts';
import type { PatientQuery, Word } from './patient-query.ts';
import type { Searched } from './patient-tokens.ts';

export interface NameFit {
  score: number;
  matched_on: PatientSummary['matched_on'];
  /** Given and family name are spelled as charted and stand in their order. */
  exact: boolean;
  /** A first or last name was said that the chart does not know. */
  contradicted: boolean;
}

/** How alike a word and a name are, best kind first. */
type Likeness = 'exact' | 'part' | 'nickname' | 'spelling' | 'sounds_like' | 'begins' | 'initial' | 'none';

const GIVEN: Readonly<Record<Likeness, number>> = {
  exact: 5,
  part: 4,
  nickname: 4,
  spelling: 2.5,
  begins: 2,
  sounds_like: 1.5,
  initial: 1,
  none: -3,
};
const FAMILY: Readonly<Record<Likeness, number>> = {
  exact: 6,
  part: 4,
  nickname: -3,
  spelling: 3,
  begins: 2.5,
  sounds_like: 1.5,
  initial: 1,
  none: -3,
};
/** First and last name in each other's place. */
const SWAPPED = 3;
/** A word that is nowhere in the name. */
const STRAY = 1;

interface Fit {
  likeness: Likeness;
  score: number;
  matched_on: PatientSummary['matched_on'][number] | undefined;
}

/** The patient's names in their forms, and the fits found so far. */
interface Charted {
  given: string[][];
  family: string[];
  previous: string[];
  middle: string[];
  bearers: (name: string) => number;
  likenessOf: typeof likenessOf;
}

/** How the name words of `query` fit patients. Candidates bear few names among them: each is read, and compared to a word, once. */
export function nameFits(query: PatientQuery, bearers: (name: string) => number): (patient: Searched) => NameFit {
  const formsOf = memo(nameForms);
  const known = new Map<string, Likeness>();
  const shared: typeof likenessOf = (word, names, nicknames) => {
    const key = `${nicknames}|${word.join(' ')}|${names.join(' ')}`;
    const likeness = known.get(key) ?? likenessOf(word, names, nicknames);
    known.set(key, likeness);
    return likeness;
  };
  const forms = (name: string | null | undefined) => (name ? formsOf(name) : []);
  return (patient) =>
    nameFit(query, {
      given: [patient.given_name, patient.preferred_name, patient.middle_name].map(forms),
      family: forms(patient.family_name),
      previous: forms(patient.previous_family_name),
      middle: forms(patient.middle_name),
      bearers,
      likenessOf: shared,
    });
}

function nameFit(query: PatientQuery, charted: Charted): NameFit {
  const unsaid: NameFit = { score: 0, matched_on: [], exact: false, contradicted: false };
  if (query.readings.length === 0) return unsaid;
  const fits = new Map<string, { given: Fit; family: Fit }>();
  const fitOf = (word: Word) => {
    const key = word.join(' ');
    const found = fits.get(key) ?? { given: givenFit(word, charted), family: familyFit(word, charted) };
    fits.set(key, found);
    return found;
  };
  return query.readings.flatMap(({ words, family_first }) => layings(words, family_first, charted, fitOf)).reduce(better);
}

const better = (a: NameFit, b: NameFit) => (b.score > a.score ? b : a);

/** Every way to call one word the first and another the last name. */
function layings(
  words: readonly Word[],
  family_first: number,
  charted: Charted,
  fitOf: (word: Word) => { given: Fit; family: Fit },
): NameFit[] {
  const fits = words.map(fitOf);
  const [only] = fits;
  if (words.length === 1 && only) return [alone(only.given), alone(only.family)];
  return fits.flatMap(({ given }, g) =>
    fits.flatMap(({ family }, f) => {
      if (g === f) return [];
      const rest = words.filter((_, at) => at !== g && at !== f);
      const in_order = family_first > 0 ? f < family_first && g >= family_first : g < f;
      const swap = !in_order && family.score > 0 && given.score > 0 ? SWAPPED : 0;
      return [
        {
          score: given.score + family.score - swap + rest.reduce((sum, word) => sum + restWeight(word, charted), 0),
          matched_on: [family.matched_on, given.matched_on].filter((on) => on !== undefined),
          exact: given.likeness === 'exact' && family.likeness === 'exact' && in_order,
          contradicted: given.likeness === 'none' || family.likeness === 'none',
        },
      ];
    }),
  );
}

/** One word says nothing of the other name. */
function alone(fit: Fit): NameFit {
  return {
    score: fit.score,
    matched_on: fit.matched_on === undefined ? [] : [fit.matched_on],
    exact: false,
    contradicted: fit.likeness === 'none',
  };
}

function givenFit(word: Word, { given, bearers, likenessOf }: Charted): Fit {
  const [first = [], preferred = [], middle = []] = given;
  const likeness = [first, preferred].map((names) => likenessOf(word, names, true)).reduce((a, b) => (GIVEN[b] > GIVEN[a] ? b : a));
  if (likeness === 'none' && likenessOf(word, middle, true) === 'exact') return { likeness: 'part', score: 3, matched_on: 'given_name' };
  return fitting(likeness, GIVEN[likeness] - commonness(likeness, word, bearers), 'given_name');
}

function familyFit(word: Word, { family, previous, bearers, likenessOf }: Charted): Fit {
  const likeness = likenessOf(word, family, false);
  const before = likenessOf(word, previous, false);
  // A name once borne counts a little less than the one borne now.
  if (FAMILY[before] - 1 > FAMILY[likeness])
    return { likeness: before === 'exact' ? 'part' : before, score: FAMILY[before] - 1, matched_on: 'previous_name' };
  return fitting(likeness, FAMILY[likeness] - commonness(likeness, word, bearers), 'family_name');
}

function fitting(likeness: Likeness, score: number, field: 'given_name' | 'family_name'): Fit {
  if (likeness === 'none') return { likeness, score, matched_on: undefined };
  const said = likeness === 'nickname' || likeness === 'spelling' || likeness === 'sounds_like' ? likeness : field;
  return { likeness, score, matched_on: said };
}

/** Term-frequency adjustment: up to 2 for a name that 256 and more of the clinic's patients bear. */
function commonness(likeness: Likeness, [whole = '']: Word, bearers: (name: string) => number): number {
  return likeness === 'exact' ? Math.min(2, Math.log2(Math.max(1, bearers(whole))) / 4) : 0;
}

/** A word beside first and last name: the middle name, its initial, a second half of a name, or a stranger. */
function restWeight(word: Word, { middle, given, family, previous, likenessOf }: Charted): number {
  const likeness = likenessOf(word, middle, false);
  if (likeness === 'exact' || likeness === 'part') return 1;
  if (likeness === 'initial') return 0.5;
  const known = new Set([...given.flat(), ...family, ...previous]);
  return word.some((form) => known.has(form)) ? 0 : -STRAY;
}

function likenessOf(word: Word, names: readonly string[], nicknames: boolean): Likeness {
  const [asked = ''] = word;
  const [charted = ''] = names;
  if (asked === '' || charted === '') return 'none';
  if (asked === charted) return 'exact';
  if (word.some((form) => names.includes(form))) return 'part';
  if (asked.length === 1) return charted.startsWith(asked) ? 'initial' : 'none';
  if (nicknames && isNickname(asked, names)) return 'nickname';
  if (names.some((name) => isSpelling(asked, name))) return 'spelling';
  if (names.some((name) => asked.length >= 2 && name.startsWith(asked))) return 'begins';
  if (charted.length === 1 && asked.startsWith(charted)) return 'initial';
  const sounds = soundsOf(asked);
  return names.some((name) => soundsOf(name).some((sound) => sounds.includes(sound))) ? 'sounds_like' : 'none';
}

function isNickname(asked: string, names: readonly string[]): boolean {
  const full = fullNamesOf(asked);
  return names.some((name) => fullNamesOf(name).some((other) => full.includes(other)));
}

/** Jaro–Winkler ≥ .92, or one edit in a name of at least four letters. */
function isSpelling(a: string, b: string): boolean {
  return jaroWinkler(a, b) >= 0.92 || (Math.max(a.length, b.length) >= 4 && isOneEdit(a, b));
}
