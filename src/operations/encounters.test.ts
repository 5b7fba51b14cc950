import { describe, expect, it } from 'vitest';
import type { Encounters } from '../domains/encounters.ts';
import { getEncounters } from './encounters.ts';

const id = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const caller = { tenant_id: id, user_id: id, finance: 'none', permissions: new Set<never>() } as const;

async function asked(input: object) {
  const queries: Parameters<Encounters['list']>[0][] = [];
  const list: Encounters['list'] = async (query) => {
    queries.push(query);
    return { encounters: [], more: false };
  };
  if (getEncounters.effect !== 'read') throw new Error('get_encounters reads');
  await getEncounters.run({ encounters: { list }, caller, now: new Date(0), today: '2026-11-20' }, getEncounters.input.parse(input));
  return queries[0];
}

describe('get_encounters', () => {
  it('without anything asks for today; of a patient for all; of who is in a room for the open ones of any day', async () => {
    expect(await asked({})).toMatchObject({ from: '2026-11-20', to: '2026-11-20' });
    expect(await asked({ provider_id: id })).toMatchObject({ from: '2026-11-20', practitioner_id: id });
    expect(await asked({ patient_id: id })).not.toHaveProperty('from');
    expect(await asked({ status: 'in_progress' })).not.toHaveProperty('from');
    expect(await asked({ status: 'finished' })).toMatchObject({ from: '2026-11-20' });
  });

  it('asks for the days named, up to a year', async () => {
    expect(await asked({ patient_id: id, date_range: { from: '2026-01-01', to: '2026-12-31' } })).toMatchObject({
      from: '2026-01-01',
      to: '2026-12-31',
    });
    expect(getEncounters.input.safeParse({ date_range: { from: '2025-01-01', to: '2026-12-31' } }).success).toBe(false);
  });
});
