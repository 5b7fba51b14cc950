// The money tools beside the billing summary: their defaults, and what they hand to the record.
import { describe, expect, it } from 'vitest';
import { getPatientBalance } from './balances.ts';
import { findDenials, getClaims } from './claims.ts';
import { getLeadFunnel } from './leads.ts';
import { getMembershipMetrics } from './memberships.ts';
import type { Operation } from './operation.ts';
import { getPatientProfit } from './profits.ts';
import { getRemittances } from './remittances.ts';
import { getStatements } from './statements.ts';

const id = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const caller = { tenant_id: id, user_id: id, finance: 'all', permissions: new Set<never>() } as const;

/** What the operation asks of the record for an input, on 20 November 2026. */
async function asked(operation: Operation, input: object): Promise<unknown> {
  const heard: unknown[] = [];
  const [domain = '', method = ''] = operation.needs[0]?.split('.') ?? [];
  const record = { [domain]: { [method]: async (query: unknown) => void heard.push(query) } };
  if (operation.effect !== 'read') throw new Error('it reads');
  const context = { ...record, caller, now: new Date(0), today: '2026-11-20' } as unknown as Parameters<typeof operation.run>[0];
  await operation.run(context, operation.input.parse(input));
  return heard[0];
}

describe('the money tools', () => {
  it('get_lead_funnel: those who asked in the last 180 days, 90 days to convert', async () => {
    expect(await asked(getLeadFunnel, {})).toEqual({ from: '2026-05-25', to: '2026-11-20', within_days: 90 });
    expect(getLeadFunnel.input.safeParse({ within_days: 0 }).success).toBe(false);
  });

  it('get_membership_metrics: this month, or one that has begun', async () => {
    expect(await asked(getMembershipMetrics, {})).toEqual({ month: '2026-11' });
    expect(await asked(getMembershipMetrics, { month: '2026-09' })).toEqual({ month: '2026-09' });
    await expect(asked(getMembershipMetrics, { month: '2026-12' })).rejects.toMatchObject({ type: 'invalid_input' });
    expect(getMembershipMetrics.input.safeParse({ month: '2026-13' }).success).toBe(false);
  });

  it('get_claims: lines only in full', async () => {
    expect(await asked(getClaims, {})).toMatchObject({ lines: false, limit: 20 });
    expect(await asked(getClaims, { fields: 'full', date_range: { from: '2026-01-01', to: '2026-01-31' } })).toMatchObject({
      lines: true,
      from: '2026-01-01',
      to: '2026-01-31',
    });
  });

  it('find_denials: decided in the last 90 days', async () => {
    expect(await asked(findDenials, { class: 'coding', provider_id: id })).toMatchObject({
      from: '2026-08-23',
      to: '2026-11-20',
      class: 'coding',
      practitioner_id: id,
    });
    expect(findDenials.input.safeParse({ class: 'bad luck' }).success).toBe(false);
  });

  it('get_remittances, get_statements, get_patient_balance and get_patient_profit hand on what was asked', async () => {
    expect(await asked(getRemittances, { remittance_id: id })).toMatchObject({ remittance_id: id, claims_from: 1 });
    expect(await asked(getStatements, { overdue: true })).toMatchObject({ overdue: true, limit: 20 });
    expect(await asked(getPatientBalance, { patient_id: id })).toMatchObject({ patient_id: id, limit: 20 });
    expect(await asked(getPatientProfit, { patient_id: id })).toEqual({ patient_id: id });
    expect(getRemittances.input.safeParse({ remittance_id: 'the last one' }).success).toBe(false);
  });
});
