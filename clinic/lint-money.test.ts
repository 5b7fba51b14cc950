import { looksReal } from '../test/builders/lint.ts';
import { MONEY_RULES } from './lint-money.ts';

looksReal('the money', MONEY_RULES, ({ whole, all, first }) => {
  const serviceDay = new Map(whole.charges.map(({ id, service_on }) => [id, service_on]));
  return {
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
});
