import { describe, expect, it } from 'vitest';
import { generateClinic } from './clinic.ts';
import { MONEY_RULES } from './lint-money.ts';
import type { Clinic } from './rows.ts';

const clinics = [
  ['juniper', 2026, '2026-11-20'],
  ['cedar', 2026, '2026-11-20'],
  ['juniper', 7, '2027-03-17'],
  ['cedar', 11, '2026-07-05'],
] as const;

describe.each(clinics)('the money of %s (seed %i, as of %s) does not look made up', (clinic, seed, as_of) => {
  const whole = generateClinic({ clinic, seed, as_of });
  it.each(Object.entries(MONEY_RULES))('%s', (_, rule) => {
    expect(rule(whole)).toEqual([]);
  });
});

describe('each rule goes red when it is broken', () => {
  const whole = generateClinic({ clinic: 'juniper', seed: 2026, as_of: '2026-11-20' });
  const all = <T extends keyof Clinic>(table: T, change: (row: (Clinic[T] & readonly unknown[])[number]) => object): Clinic => ({
    ...whole,
    [table]: (whole[table] as readonly unknown[]).map((row) => ({ ...(row as object), ...change(row as never) })),
  });
  const first = <T extends keyof Clinic>(table: T, change: object): Clinic => ({
    ...whole,
    [table]: (whole[table] as readonly object[]).map((row, i) => (i === 0 ? { ...row, ...change } : row)),
  });
  const serviceDay = new Map(whole.charges.map(({ id, service_on }) => [id, service_on]));
  const BROKEN: Record<keyof typeof MONEY_RULES, Clinic> = {
    'not everything is paid at once, and not everything is paid': all('payments', ({ charge_id, posted_on }) => ({
      posted_on: serviceDay.get(charge_id ?? '') ?? posted_on,
    })),
    'money is given back, taken back, refused and written off': { ...whole, refunds: [] },
    'there is more than one payer, and none has everything': all('claims', () => ({ payer: 'One Plan' })),
    'some claims are denied, wait, or were never sent': all('claims', () => ({ status: 'paid' })),
    'an 835 adds up: line, claim and file': first('remittance_adjustments', { amount_cents: 1 }),
    'a claim is for a day on which its coverage held': first('claims', { service_from: '1999-01-01' }),
    'nobody pays before there is something to pay': all('payments', () => ({ posted_on: '2020-01-01' })),
    'nothing of the money lies in the future': first('statements', { sent_on: '2027-01-01' }),
    'prices are not round, and not all the same': all('charges', () => ({ amount_cents: 10_000 })),
    'not every cost is known': all('charges', () => ({ goods_cost_cents: 0, lab_cost_cents: 0 })),
    'a card payment costs its fee, and payouts hold what they say': first('payouts', { amount_cents: 1 }),
    'a membership is a story: it begins after the first visit and the lead, some end, one pauses': all('membership_events', () => ({
      occurred_at: '2020-01-01T00:00:00-05:00',
    })),
    'monthly revenue is the sum of its members, and its months join': { ...whole, membership_events: [] },
    'leads come at all hours, by several ways, and most go nowhere': all('leads', () => ({ source: 'website' })),
  };
  it.each(Object.keys(MONEY_RULES) as (keyof typeof MONEY_RULES)[])('%s', (rule) => {
    expect(MONEY_RULES[rule](BROKEN[rule]).length).toBeGreaterThan(0);
  });
});
