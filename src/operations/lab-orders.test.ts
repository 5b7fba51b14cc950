import { describe, expect, it } from 'vitest';
import type { LabOrders } from '../domains/lab-orders.ts';
import { getLabOrders } from './lab-orders.ts';

const id = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const caller = { tenant_id: id, user_id: id, finance: 'none', permissions: new Set<never>() } as const;

async function ask(input: object, count?: number) {
  const queries: Parameters<LabOrders['list']>[0][] = [];
  const list: LabOrders['list'] = async (query) => {
    queries.push(query);
    return { lab_orders: [], more: false, ...(count !== undefined && { count, excluded: [{ reason: 'merged', count: 2 }] }) };
  };
  if (getLabOrders.effect !== 'read') throw new Error('get_lab_orders reads');
  const answer = await getLabOrders.run(
    { lab_orders: { list }, caller, now: new Date(0), today: '2026-11-20' },
    getLabOrders.input.parse(input),
  );
  return { answer, query: queries[0] };
}

describe('get_lab_orders', () => {
  it('of a patient asks for all, of the clinic for the open ones', async () => {
    expect((await ask({ patient_id: id })).query).toMatchObject({ patient_id: id, status: 'all' });
    expect((await ask({})).query).toMatchObject({ status: 'open' });
    expect((await ask({ status: 'overdue', provider_id: id })).query).toMatchObject({ status: 'overdue', practitioner_id: id });
  });

  it('of the clinic’s closed ones gives the last 31 days, unless a day is named, and says since when', async () => {
    expect(await ask({ status: 'completed' })).toMatchObject({ query: { since: '2026-10-20' }, answer: { since: '2026-10-20' } });
    expect(await ask({ status: 'completed', since: '2026-01-01' })).toMatchObject({ query: { since: '2026-01-01' } });
    expect((await ask({ status: 'completed', patient_id: id })).query?.since).toBeUndefined();
  });

  it('names its formula, and who was left out', async () => {
    expect((await ask({})).answer).toEqual({ lab_orders: [], more: false, definition: 'lab_order_state@1' });
    expect((await ask({}, 7)).answer).toMatchObject({ count: 7, excluded: [{ reason: 'merged', count: 2 }] });
  });
});
