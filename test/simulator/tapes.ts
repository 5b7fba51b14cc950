// Tapes on which an invented patient stands in every place: none of it may be left on any of them, in any spelling. Each tape is a seed.
import { createHash } from 'node:crypto';
import { KINDS, type Kind } from '../../src/connections/scrub-text.ts';
import { scrubbed, TAPE_RULES, type TapeRules, tapeText } from '../../src/connections/tape.ts';
import { type Survivor, survivorsIn } from './survivors.ts';
import { anExchange, aPatientOf, plantedOf } from './tape-plants.ts';
import { chanceOf } from './world.ts';

/** The kind is found and left as it is. */
const leaves = (name: string): TapeRules => ({
  ...TAPE_RULES,
  kinds: KINDS.map((kind): Kind => (kind.name === name ? { ...kind, rewrite: (found) => found } : kind)),
});

/** Mistakes that somebody could make in scrubbing, by name: each has to leave something that is found. */
export const TAPE_BUGS: Readonly<Record<string, TapeRules>> = {
  skips_base64: leaves('base64'),
  skips_percent: leaves('percent'),
  skips_numbers: leaves('number'),
  skips_dates: leaves('instant'),
  skips_us_dates: leaves('us_date'),
  skips_emails: leaves('email'),
  skips_addresses: leaves('url'),
  skips_hex: leaves('hex'),
  skips_tokens: leaves('token'),
  keeps_headers: { ...TAPE_RULES, header: (_, value) => value },
  keeps_keys: { ...TAPE_RULES, keepsName: () => true },
  keeps_what_it_cannot_read: { ...TAPE_RULES, dropped: (_, bytes) => Buffer.from(bytes).toString('latin1') },
  keeps_capitalized_words: {
    ...TAPE_RULES,
    kinds: [{ name: 'capitalized', pattern: /\p{Lu}\p{Ll}+/u, rewrite: (found) => found }, ...KINDS],
  },
};

export interface TapesRun {
  tapes: number;
  planted: number;
  survivors: number;
  violations: number;
  first_failing_seed: number | null;
}

export async function simulateTapes({ tapes, seed, bug }: { tapes: number; seed: number; bug?: string }): Promise<TapesRun> {
  const run: TapesRun = { tapes, planted: 0, survivors: 0, violations: 0, first_failing_seed: null };
  const rules = rulesOf(bug);
  for (let n = 0; n < tapes; n += 1) {
    const { planted, survivors } = aTape(seed + n, rules);
    run.planted += planted;
    run.survivors += survivors.length;
    if (survivors.length === 0) continue;
    run.violations += 1;
    run.first_failing_seed ??= seed + n;
  }
  return run;
}

/** What a tape holds, and what was found on it. */
export function traceOfTapes(seed: number, bug?: string): string[] {
  const { text, survivors } = aTape(seed, rulesOf(bug));
  return [text.trimEnd(), ...survivors.map(({ what, how }) => `survived: ${what}, ${how}`)];
}

function rulesOf(bug: string | undefined): TapeRules {
  if (bug === undefined) return TAPE_RULES;
  const rules = TAPE_BUGS[bug];
  if (!rules) throw new Error(`No such bug: ${bug}. There are ${Object.keys(TAPE_BUGS).join(', ')}.`);
  return rules;
}

function aTape(seed: number, rules: TapeRules): { text: string; planted: number; survivors: Survivor[] } {
  const chance = chanceOf(seed);
  const patient = aPatientOf(chance);
  const key = createHash('sha256').update(`key ${seed}`).digest();
  const text = tapeText(scrubbed(anExchange({ chance, patient }), { key, vocabulary: VOCABULARY, rules }));
  const planted = plantedOf(patient);
  return { text, planted: planted.length, survivors: survivorsIn(text, planted) };
}

const VOCABULARY = {
  names: new Set(['resourceType', 'telecom', 'birthDate', 'mrn', 'visit']),
  phrases: new Set(['Chart', 'mail']),
  values: new Map([['$.resourceType', new Set(['Patient', 'Bundle'])]]),
};
