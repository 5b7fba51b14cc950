// What a tool says of generated clinics, held against a second hand that tells it from their rows. RECOUNT=1000 takes a thousand clinics; RECOUNT_SHOW=1 prints
// every difference instead of stopping at the first.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Options } from '../clinic/rows.ts';
import { SITES } from '../clinic/sites.ts';
import { aRecord, type TestRecord } from './builders/record.ts';

export const CLINICS = Number(process.env.RECOUNT ?? 100);
export const AS_OF = '2026-11-20';
/** Clinics in one database. */
const BATCH = 10;

export interface Difference {
  what: string;
  said: unknown;
  told: unknown;
}

interface Hands<W> {
  make(options: Options): W;
  load(record: TestRecord, wholes: readonly W[]): Promise<void>;
  /** What is told of one clinic, both ways. */
  recount(record: TestRecord, whole: W): Promise<Difference[]>;
}

/** Every clinic of CLINICS, by odd and even seeds one site and the other, ten to a load and two asked at a time. Answers how many were counted so far. */
export function countedTwice<W extends { options: Options }>(what: string, { make, load, recount }: Hands<W>): () => number {
  let counted = 0;
  describe.each(['juniper', 'cedar'] as const)(`${what} of %s counted twice`, (clinic) => {
    const seeds = Array.from({ length: CLINICS }, (_, n) => n + 1).filter((seed) => (seed % 2 === 1) === (clinic === 'juniper'));
    const batches = Array.from({ length: Math.ceil(seeds.length / BATCH) }, (_, n) => seeds.slice(n * BATCH, (n + 1) * BATCH));
    let record: TestRecord;
    beforeAll(async () => {
      record = await aRecord({ time_zone: SITES[clinic].zone });
    }, 60_000);
    afterAll(() => record?.close());

    it.each(batches.map((batch) => [batch[0], batch.at(-1), batch] as const))(
      'seeds %i to %i',
      async (_first, _last, batch) => {
        const wholes = batch.map((seed) => make({ clinic, seed, as_of: AS_OF }));
        await load(record, wholes);
        const waiting = [...wholes];
        const one = async () => {
          for (let whole = waiting.shift(); whole; whole = waiting.shift()) hold(whole.options.seed, await recount(record, whole));
        };
        await Promise.all([one(), one()]);
        counted += batch.length;
      },
      600_000,
    );
  });
  return () => counted;
}

function hold(seed: number, found: readonly Difference[]): void {
  for (const { what, said, told } of found)
    if (process.env.RECOUNT_SHOW) show(seed, { what, said, told });
    else expect(said, `seed ${seed}: ${what}`).toEqual(told);
}

function show(seed: number, { what, said, told }: Difference): void {
  const flat = (value: unknown, path: string): [string, unknown][] =>
    value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, each]) => flat(each, `${path}.${key}`))
      : [[path, value]];
  const [a, b] = [new Map(flat(said, '')), new Map(flat(told, ''))];
  for (const key of new Set([...a.keys(), ...b.keys()]))
    if (a.get(key) !== b.get(key)) console.log('DIFF', seed, what, key, 'tool', a.get(key), 'books', b.get(key));
}
