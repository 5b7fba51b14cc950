import { describe, expect, it } from 'vitest';
import { generateClinic } from '../clinic.ts';
import { dayOf } from '../days.ts';
import { ROSTERS } from '../roster.ts';
import { patientIdOf } from '../setting.ts';
import { funnelOf } from './books-funnel.ts';
import { membersAt } from './books-members.ts';
import { openAt } from './ledger-of.ts';

const AS_OF = '2026-11-20';
const NOW = Date.parse('2026-11-20T15:00:00Z');

describe.each(['juniper', 'cedar'] as const)('the money of %s', (clinic) => {
  const whole = generateClinic({ clinic, seed: 2026, as_of: AS_OF });
  const patientOn = (arc: string) => patientIdOf(whole.options, ROSTERS[clinic].find((person) => person.arc === arc)?.key ?? '');

  it('has about a thousand lines of service, and what is posted to them', () => {
    expect(whole.charges.length).toBeGreaterThan(900);
    expect(whole.charges.length).toBeLessThan(1_150);
    expect(whole.claims.length).toBeGreaterThan(200);
    expect(new Set(whole.charges.map(({ kind }) => kind))).toEqual(new Set(['service', 'product', 'package', 'membership']));
  });

  it('a payment taken back is posted as its negative, and the corrected claim names the first', () => {
    const back = whole.remittance_claims.filter(({ status_code }) => status_code === '22');
    expect(back.length).toBeGreaterThan(0);
    for (const row of back) {
      const first = whole.remittance_claims.find(({ claim_id, status_code }) => claim_id === row.claim_id && status_code !== '22');
      expect([row.charged_cents, row.paid_cents]).toEqual([0 - (first?.charged_cents ?? 0), 0 - (first?.paid_cents ?? 0)]);
      const again = whole.claims.find(({ replaces }) => replaces === row.claim_id);
      expect(again?.frequency).toBe('7');
      expect(whole.claims.find(({ id }) => id === row.claim_id)?.status).toBe('voided');
    }
    expect(whole.payments.some(({ amount_cents }) => amount_cents < 0)).toBe(true);
  });

  it('every way that a claim can go wrong is there once', () => {
    const reasons = new Set(whole.remittance_adjustments.map(({ group_code, reason_code }) => `${group_code}-${reason_code}`));
    for (const code of ['CO-16', 'CO-29', 'CO-97', 'PR-27', 'PR-204', 'CO-197', 'OA-23', 'CO-253']) expect(reasons).toContain(code);
    expect(whole.remittance_claims.filter(({ claim_id }) => claim_id === null)).toHaveLength(1);
    expect(whole.remittance_provider_adjustments.map(({ reason_code }) => reason_code)).toEqual(expect.arrayContaining(['WO', 'L6']));
    const silent = whole.claims.filter(
      ({ status, submitted_on }) => status === 'accepted' && dayOf(AS_OF) - dayOf(submitted_on ?? AS_OF) > 60,
    );
    expect(silent.length).toBeGreaterThan(0);
    expect(whole.claims.some(({ form }) => form === 'institutional')).toBe(true);
  });

  it('some remittances have come and nobody has posted them', () => {
    const posted = new Set(whole.payments.map(({ remittance_claim_id }) => remittance_claim_id));
    const waiting = whole.remittance_claims.filter(
      ({ id, paid_cents, claim_id }) => claim_id !== null && paid_cents > 0 && !posted.has(id),
    );
    expect(waiting.length).toBeGreaterThan(0);
  });

  it('a statement asks only for what is the patient’s', () => {
    for (const { patient_id, sent_on, balance_cents } of whole.statements) {
      const owed = openAt(whole, sent_on, { patient_id }).reduce((sum, { patient }) => sum + Math.max(0, patient), 0);
      expect(balance_cents).toBe(owed);
    }
  });

  it('the one who wanted the money back has a refund, a chargeback, and a package that is closed', () => {
    const refunds = whole.refunds.filter(({ patient_id }) => patient_id === patientOn('glp1.refund'));
    expect(refunds.map(({ kind }) => kind).sort()).toEqual(['chargeback', 'refund']);
  });

  it('has members as planned', () => {
    const members = membersAt(whole, NOW);
    const last = new Map(whole.membership_events.map((event) => [event.membership_id, event]));
    const ended = [...last.values()].filter(({ status }) => status === 'cancelled' || status === 'unpaid');
    expect(members).toMatchObject({
      active: clinic === 'juniper' ? 20 : 19,
      past_due: 1,
      paused: 1,
      trialing: 1,
      scheduled_churn: { members: 2 },
    });
    expect(ended).toHaveLength(clinic === 'juniper' ? 5 : 4);
    expect(ended.filter(({ ended_by }) => ended_by === 'payment_failure')).toHaveLength(2);
  });

  it('has a funnel: some sixty leads, half of them seen, a third paying', () => {
    const all = funnelOf(whole, { from: '2024-11-01', to: AS_OF, within_days: 90, today: AS_OF, now: NOW });
    expect(all.leads).toBeGreaterThan(45);
    const reached = Object.fromEntries(all.stages.map(({ stage, of_mature }) => [stage, of_mature.numerator]));
    expect(reached.consult_attended).toBeGreaterThan(18);
    expect(reached.paying).toBeGreaterThan(11);
    expect(Object.values(all.excluded).every((count) => count > 0)).toBe(true);
    expect(all.immature_leads).toBeGreaterThan(4);
  });
});
