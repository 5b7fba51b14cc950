import { describe, expect, it } from 'vitest';
import type { Coverages } from '../domains/coverages.ts';
import { getCoverage } from './coverages.ts';

const id = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const caller = { tenant_id: id, user_id: id, finance: 'none', permissions: new Set<never>() } as const;

async function ask(input: object) {
  const queries: Parameters<Coverages['list']>[0][] = [];
  const list: Coverages['list'] = async (query) => {
    queries.push(query);
    return { coverages: [], more: false };
  };
  if (getCoverage.effect !== 'read') throw new Error('get_coverage reads');
  const answer = await getCoverage.run(
    { coverages: { list }, caller, now: new Date(0), today: '2026-11-20' },
    getCoverage.input.parse(input),
  );
  return { answer, query: queries[0] };
}

describe('get_coverage', () => {
  it('asks for today, or for the day named, and says which', async () => {
    expect(await ask({ patient_id: id })).toMatchObject({
      query: { on: '2026-11-20' },
      answer: { on: '2026-11-20', definition: 'coverage_in_force@1' },
    });
    expect(await ask({ patient_id: id, on: '2026-01-05' })).toMatchObject({ query: { on: '2026-01-05' }, answer: { on: '2026-01-05' } });
  });
});
