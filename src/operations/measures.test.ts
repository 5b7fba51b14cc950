import { describe, expect, it } from 'vitest';
import type { Fault } from '../base/fault.ts';
import { type CareGap, MEASURE_NAMES, MEASURES, type Measures, type QualityMeasure } from '../domains/measures.ts';
import { findCareGaps, getQualityMeasures } from './measures.ts';

const id = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const around = {
  caller: { tenant_id: id, user_id: id, finance: 'none', permissions: new Set<never>() },
  now: new Date(0),
  today: '2026-11-20',
} as const;

const told = (measure: (typeof MEASURE_NAMES)[number]): QualityMeasure => ({
  measure,
  title: MEASURES[measure].title,
  kind: 'ecqm-like',
  definition: MEASURES[measure].definition,
  source: MEASURES[measure].source,
  direction: MEASURES[measure].direction,
  initial_population: 123_456,
  denominator: 123_456,
  exclusions: 12_345,
  excluded: ['hospice', 'palliative care', 'frailty and advanced illness', 'kidney failure dialysis or transplant', 'pregnancy'].map(
    (reason) => ({
      reason,
      count: 2_469,
    }),
  ),
  numerator: 98_765,
  rate: 0.8889,
  open: 12_346,
  closed: 98_765,
  unknown: 4_321,
});

async function measuresOf(input: object) {
  const asked: Parameters<Measures['summary']>[0][] = [];
  const summary: Measures['summary'] = async (query) => {
    asked.push(query);
    return { measures: query.measures.map(told), left_out: [{ reason: 'deceased', count: 3 }] };
  };
  if (getQualityMeasures.effect !== 'read') throw new Error('get_quality_measures reads');
  const answer = await getQualityMeasures.run({ measures: { summary }, ...around }, getQualityMeasures.input.parse(input));
  return { asked: asked[0], answer };
}

async function gapsOf(input: object) {
  const asked: Parameters<Measures['gaps']>[0][] = [];
  const gaps: Measures['gaps'] = async (query) => {
    asked.push(query);
    return { care_gaps: [] as CareGap[], more: false };
  };
  if (findCareGaps.effect !== 'read') throw new Error('find_care_gaps reads');
  const answer = await findCareGaps.run({ measures: { gaps }, ...around }, findCareGaps.input.parse(input));
  return { asked: asked[0], answer };
}

describe('get_quality_measures', () => {
  it('asks for all five and the whole current year', async () => {
    expect((await measuresOf({})).asked).toEqual({
      measures: MEASURE_NAMES,
      period: { from: '2026-01-01', to: '2026-12-31' },
      practitioner_id: undefined,
    });
  });

  it('ends the current year today where asked, and a past year never', async () => {
    expect((await measuresOf({ as_of: 'today' })).asked?.period).toEqual({ from: '2026-01-01', to: '2026-11-20' });
    expect((await measuresOf({ as_of: 'today', period_year: 2025 })).asked?.period).toEqual({ from: '2025-01-01', to: '2025-12-31' });
  });

  it('has no figures of a year to come', async () => {
    await expect(measuresOf({ period_year: 2027 })).rejects.toMatchObject({ type: 'invalid_input' } satisfies Partial<Fault>);
  });

  it('holds its shape, and all five measures stay below 6 KB', async () => {
    const { answer } = await measuresOf({});
    expect(getQualityMeasures.output.safeParse(answer).error).toBeUndefined();
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(6_144);
  });

  it('is never called HEDIS but to say that it is not', async () => {
    const words = JSON.stringify([(await measuresOf({})).answer, getQualityMeasures.description, findCareGaps.description]);
    expect(words.match(/HEDIS/g)?.length).toBe(words.match(/not a HEDIS rate|never HEDIS/g)?.length);
  });
});

describe('find_care_gaps', () => {
  it('lists open gaps of all measures by default, and every state where asked', async () => {
    expect((await gapsOf({})).asked).toMatchObject({ states: ['open'], measures: MEASURE_NAMES, limit: 20 });
    expect((await gapsOf({ state: 'all', measure: 'controlled_bp' })).asked).toMatchObject({
      states: ['open', 'closed', 'excluded', 'unknown', 'not_eligible'],
      measures: ['controlled_bp'],
    });
  });

  it('does not list everybody whom a measure does not concern', async () => {
    await expect(gapsOf({ state: 'not_eligible' })).rejects.toThrow('of one patient only');
    expect((await gapsOf({ state: 'not_eligible', patient_id: id })).asked).toMatchObject({ patient_id: id });
  });
});
