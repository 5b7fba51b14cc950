// What is asked of a large clinic, and how long each answer takes through the whole path: MCP over HTTP, one caller.
import type pg from 'pg';
import { dateOf } from '../clinic/days.ts';
import { chanceOf } from '../clinic/scale/chance.ts';
import { type Person, type Population, personOf, typed } from '../clinic/scale/population.ts';

export interface Asked {
  tool: string;
  args: Record<string, unknown>;
  /** Whom a search has to find among the first ten. */
  wanted?: string;
}

export interface Timed {
  what: string;
  n: number;
  p50_ms: number;
  p95_ms: number;
  max_ms: number;
  bytes: number;
  /** Of the searches, the part that found whom they looked for among the first ten. */
  recall?: number;
}

/** Persons of a clinic who are to be found: alive, with a chart of their own. */
export function someOf(population: Population, tenant: number, n: number): Person[] {
  const size = population.clinics[tenant] as number;
  const chance = chanceOf(population.seed, tenant, -7);
  const found: Person[] = [];
  for (let i = 0; found.length < n && i < 50 * n; i++) {
    const person = personOf(population, tenant, chance.int(301, 0, size - 1, i));
    if (person.active && !person.deceased && person.duplicate_of === undefined) found.push(person);
  }
  return found;
}

/** What people are called, written down here and not read from the product's own table. */
const NICKNAMES: Readonly<Record<string, string>> = Object.fromEntries(
  'William Bill,Robert Bob,Richard Dick,James Jim,John Jack,Michael Mike,Joseph Joe,Thomas Tom,Charles Chuck,Christopher Chris,Daniel Dan,Anthony Tony,Steven Steve,Edward Ed,Kenneth Ken,Patricia Pat,Elizabeth Liz,Jennifer Jenny,Margaret Peggy,Barbara Barb,Susan Sue,Deborah Debbie,Katherine Kate,Rebecca Becky,Theresa Terry,Nicholas Nick,Benjamin Ben,Samuel Sam,Matthew Matt,Andrew Andy,Gregory Greg,Timothy Tim,Joshua Josh,Jeffrey Jeff,Ronald Ron,Donald Don,Kimberly Kim,Pamela Pam,Cynthia Cindy,Christina Tina'
    .split(',')
    .map((pair) => pair.split(' ')),
);

/** The ways in which a name comes wrong, each with the birth date, as a desk asks for it. */
export const WAYS = {
  'as it is': ({ given, family, born }: Person) => `${given} ${family} ${dateOf(born)}`,
  'one edit in the surname': (person: Person) => `${person.given} ${typed(person.family, person.chance)} ${dateOf(person.born)}`,
  transposition: ({ given, family, born }: Person) => {
    const at = Math.max(1, Math.floor(family.length / 2) - 1);
    return `${given} ${family.slice(0, at)}${family[at + 1] ?? ''}${family[at]}${family.slice(at + 2)} ${dateOf(born)}`;
  },
  nickname: ({ given, family, born }: Person) => `${NICKNAMES[given] ?? given} ${family} ${dateOf(born)}`,
  'swapped order': ({ given, family, born }: Person) => `${family} ${given} ${dateOf(born)}`,
  'one edit, no birth date, a rare name': ({ given, family, chance }: Person) => `${given} ${typed(family, chance)}`,
} as const;

export function searches(people: readonly Person[], way: keyof typeof WAYS): Asked[] {
  return people
    .filter(({ family, given }) => (way === 'nickname' ? given in NICKNAMES : family.length >= 4))
    .map((person) => ({ tool: 'search_patients', args: { query: WAYS[way](person), limit: 10 }, wanted: person.id }));
}

/** Asks them one after the other. Throws on an answer that is an error. */
export async function timed(
  what: string,
  asked: readonly Asked[],
  ask: (tool: string, args: Record<string, unknown>) => Promise<{ value: Record<string, unknown>; bytes: number }>,
): Promise<Timed> {
  const times: number[] = [];
  let [bytes, found, looked] = [0, 0, 0];
  for (const { tool, args, wanted } of asked) {
    const begun = performance.now();
    const answer = await ask(tool, args);
    times.push(performance.now() - begun);
    bytes = Math.max(bytes, answer.bytes);
    if (wanted === undefined) continue;
    looked += 1;
    if ((answer.value.patients as { patient_id: string }[]).some(({ patient_id }) => patient_id === wanted)) found += 1;
  }
  times.sort((a, b) => a - b);
  const quantile = (q: number) => times[Math.min(times.length - 1, Math.ceil(q * times.length) - 1)] ?? Number.NaN;
  return {
    what,
    n: times.length,
    p50_ms: quantile(0.5),
    p95_ms: quantile(0.95),
    max_ms: times.at(-1) ?? Number.NaN,
    bytes,
    ...(looked > 0 && { recall: found / looked }),
  };
}

/** The baseline of search: the same people by the plain SQL that a table without tokens allows, as the superuser and without any of the law. */
export async function plainSearch(admin: pg.Client, tenant_id: string, people: readonly Person[], way: keyof typeof WAYS): Promise<Timed> {
  const sql = `select p.id as patient_id from data.patients p where p.tenant_id = $1
    and (lower(p.family_name) = lower($2) or lower(p.family_name) = lower($3)) and ($4::text is null or p.birth_date = $4) limit 10`;
  const asked = searches(people, way);
  return timed(`plain SQL: ${way}`, asked, async (_tool, { query }) => {
    const words = String(query).split(' ');
    const born = /^\d{4}-/.test(words.at(-1) ?? '') ? words.pop() : undefined;
    const { rows } = await admin.query(sql, [tenant_id, words.at(-1), words[0], born ?? null]);
    return { value: { patients: rows }, bytes: 0 };
  });
}
