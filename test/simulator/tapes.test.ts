import { describe, expect, it } from 'vitest';
import { verifies } from '../promises.ts';
import { survivorsIn } from './survivors.ts';
import { aPatientOf, BODIES, plantedOf, WRAPPINGS } from './tape-plants.ts';
import { simulateTapes, TAPE_BUGS, traceOfTapes } from './tapes.ts';
import { chanceOf } from './world.ts';

describe('a patient who stands in every place of an exchange', () => {
  verifies(
    'wires:tapes-hold-no-phi',
    async () => {
      const run = await simulateTapes({ tapes: 1000, seed: 1 });
      expect(run).toMatchObject({ tapes: 1000, survivors: 0, violations: 0, first_failing_seed: null });
      expect(run.planted).toBeGreaterThan(10_000);
    },
    120_000,
  );

  it('makes the same tape from the same seed, and another one from another', () => {
    expect(traceOfTapes(5)).toEqual(traceOfTapes(5));
    expect(traceOfTapes(5)).not.toEqual(traceOfTapes(6));
  });
});

describe('a mistake in scrubbing leaves something that is found', () => {
  it.each(Object.keys(TAPE_BUGS))('%s', async (bug) => {
    let run = await simulateTapes({ tapes: 0, seed: 1, bug });
    for (let seed = 1; run.violations === 0 && seed < 200; seed += 10) run = await simulateTapes({ tapes: 10, seed, bug });
    expect(run.violations).toBeGreaterThan(0);
    expect(traceOfTapes(run.first_failing_seed as number, bug).at(-1)).toMatch(/^survived/);
  });
});

describe('the search finds what was not scrubbed', () => {
  const patient = aPatientOf(chanceOf(12));
  const planted = plantedOf(patient);

  it.each(Object.entries(WRAPPINGS))('wrapped: %s', (_, wrap) => {
    for (const text of [patient.family, patient.email, patient.record_number]) {
      const alone = JSON.stringify({ value: wrap(text, { ...patient, given: 'x', birth_date: 'x', family: 'x', record_number: 'x' }) });
      expect(survivorsIn(alone, planted)).not.toEqual([]);
    }
  });

  it.each(Object.entries(BODIES))('in a body: %s', (_, body) => {
    const { body: bytes, type } = body({ chance: chanceOf(3), patient });
    expect(survivorsIn(JSON.stringify([type, bytes.toString('latin1'), bytes.toString('utf8')]), planted)).not.toEqual([]);
  });

  it('finds nothing where there is nothing', () => {
    expect(survivorsIn(JSON.stringify({ value: 'Nobody is here, at 12:30 on 2026-11-20', id: 123456789 }), planted)).toEqual([]);
  });
});
