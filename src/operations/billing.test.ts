import { describe, expect, it } from 'vitest';
import type { Billing, BillingSummary } from '../domains/billing.ts';
import { getBillingSummary } from './billing.ts';
import type { Caller } from './operation.ts';

const id = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const other = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c39';
const owner: Caller = { tenant_id: id, user_id: id, finance: 'all', permissions: new Set() };
const physician: Caller = { ...owner, finance: 'own', practitioner_id: id };

async function ask(input: object, caller: Caller = owner) {
  const asked: unknown[] = [];
  const summary: Billing['summary'] = async (query) => {
    asked.push(query);
    return {} as BillingSummary;
  };
  if (getBillingSummary.effect !== 'read') throw new Error('it reads');
  const answer = await getBillingSummary.run(
    { billing: { summary }, caller, now: new Date(0), today: '2026-11-20' },
    getBillingSummary.input.parse(input),
  );
  return { answer, asked: asked[0] };
}

describe('get_billing_summary', () => {
  it('is of this month to today unless days are named', async () => {
    expect((await ask({})).asked).toEqual({ from: '2026-11-01', to: '2026-11-20', practitioner_id: undefined });
    const date_range = { from: '2026-01-01', to: '2026-03-31' };
    expect((await ask({ date_range, provider_id: other })).asked).toEqual({ ...date_range, practitioner_id: other });
  });

  it('says whose money it tells of', async () => {
    expect((await ask({})).answer).toMatchObject({ scope: 'all', definition: 'billing_summary@1' });
    expect((await ask({}, physician)).answer).toMatchObject({ scope: 'own' });
    expect((await ask({ provider_id: id.toUpperCase() }, physician)).answer).toMatchObject({ scope: 'own' });
  });

  it('refuses rather than answer zeros that only mean hidden', async () => {
    await expect(ask({ provider_id: other }, physician)).rejects.toMatchObject({ type: 'invalid_input' });
    const { practitioner_id: _, ...nobody } = physician;
    await expect(ask({}, nobody)).rejects.toMatchObject({ type: 'not_found' });
  });

  it('refuses days the wrong way round, and more than five years', () => {
    const parse = (from: string, to: string) => getBillingSummary.input.safeParse({ date_range: { from, to } }).success;
    expect([parse('2026-02-01', '2026-01-01'), parse('2020-01-01', '2026-01-01'), parse('2021-01-01', '2025-12-31')]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
