import { describe, expect, it } from 'vitest';
import {
  type Condition,
  conditionsOf,
  goesWith,
  KINDS,
  type Kind,
  sentenceOf,
  type Terms,
  termsOf,
  unlimitedOf,
} from './approval-terms.ts';

const terms: Terms = {
  kinds: ['appointment_draft'],
  modalities: ['in_person', 'telehealth'],
  roles: ['front_desk'],
  visit_types: [],
  practitioner_ids: [],
  horizon_days: 60,
  daily_limit: 40,
  expires_on: '2026-12-31',
};

describe('a rule of forms or postings', () => {
  const rest = { roles: ['front_desk'], daily_limit: 3, expires_on: '2026-12-31' };
  it('says its own conditions, and no others are sent', () => {
    expect(sentenceOf({ ...rest, kinds: ['intake_form_draft'], form_kinds: ['phq9', 'consent'] })).toBe(
      'Intake forms by the front desk’s AI, only PHQ-9 or consent, 3 a day, until Dec 31, 2026',
    );
    expect(unlimitedOf({ ...rest, kinds: ['intake_form_draft'] })).toEqual(['the kind of form']);
    expect(sentenceOf({ ...rest, roles: ['biller'], kinds: ['payment_posting_draft'], amount_limit_cents: 125_050 })).toBe(
      'Payment postings without an exception by a biller’s AI, of at most $1,250.50 each, 3 a day, until Dec 31, 2026',
    );
    expect(conditionsOf(['contact_update_draft'])).toEqual([]);
    expect(termsOf({ ...terms, kinds: ['contact_update_draft'], form_kinds: ['ams'], amount_limit_cents: 1 })).toEqual({
      kinds: ['contact_update_draft'],
      roles: ['front_desk'],
      daily_limit: 40,
      expires_on: '2026-12-31',
    });
    expect(goesWith('contact_update_draft', ['appointment_draft'])).toBe(false);
  });
});

describe('what a standing approval covers', () => {
  it('is one plain sentence', () => {
    expect(sentenceOf(terms)).toBe(
      'In-person and telehealth bookings by the front desk’s AI, at most 60 days ahead, 40 a day, until Dec 31, 2026',
    );
    expect(unlimitedOf(terms)).toEqual(['the type of visit', 'the clinician']);
  });

  it('names every kind, every role, and what it is held to', () => {
    const names = new Map([['p1', 'Cora Lind']]);
    const rule: Terms = {
      ...terms,
      kinds: ['appointment_draft', 'reschedule_draft', 'cancellation_draft'],
      modalities: ['telehealth'],
      roles: ['front_desk', 'scheduler', 'integration'],
      visit_types: ['Follow-up', 'Lab draw'],
      practitioner_ids: ['p1', 'gone'],
      horizon_days: 0,
      daily_limit: 1000,
    };
    expect(sentenceOf(rule, names)).toBe(
      'Telehealth bookings, new times for visits, and cancellations by the front desk’s or a scheduler’s AI, or by a program, ' +
        'only of the type Follow-up or Lab draw, only with Cora Lind or a clinician who is not on the list any more, on the same day, 1,000 a day, until Dec 31, 2026',
    );
    expect(unlimitedOf(rule)).toEqual([]);
    expect(sentenceOf({ ...terms, roles: ['integration'], horizon_days: 1 })).toContain('bookings by a program, at most 1 day ahead');
  });

  it('is told of a kind and a role that this page does not know', () => {
    const { kinds: _, roles: __, ...rest } = terms;
    expect(sentenceOf({ ...rest, kinds: ['statement_draft'], roles: ['quality'] })).toBe(
      'Drafts of the kind “Statement draft” by the role “Quality”’s AI, 40 a day, until Dec 31, 2026',
    );
    expect(sentenceOf({ kinds: [], roles: [] })).toBe('Nothing yet');
  });

  it('has the conditions of its kinds, and sends no others', () => {
    expect(conditionsOf(terms.kinds)).toEqual(['modalities', 'visit_types', 'practitioner_ids', 'horizon_days'] satisfies Condition[]);
    expect(termsOf(terms)).toEqual(terms);
    expect(termsOf({ ...terms, kinds: [] })).toEqual({ kinds: [], roles: ['front_desk'], daily_limit: 40, expires_on: '2026-12-31' });
    const all = Object.keys(KINDS) as Kind[];
    for (const kind of all)
      expect(
        goesWith(
          kind,
          all.filter((other) => KINDS[other].conditions === KINDS[kind].conditions),
        ),
      ).toBe(true);
  });
});
