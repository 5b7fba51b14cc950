import { looksReal } from '../test/builders/lint.ts';
import { CARE_RULES } from './lint-care.ts';
import { PRACTICE_RULES } from './lint-practice.ts';

const RULES = { ...PRACTICE_RULES, ...CARE_RULES };
looksReal('the day', RULES, ({ whole, all }) => ({
  'nobody is booked outside the hours of the clinician, or over what is blocked': all('practitioner_hours', () => ({ weekday: 1 })),
  'every holiday is closed, somebody is away, and the next weeks can be booked': { ...whole, schedule_blocks: [] },
  'some messages are answered late, a few never, and none before it came': all('messages', () => ({ answered_by: null })),
  'no message is the copy of another': all('messages', () => ({ body: [{ text: 'Thank you!', origin: 'external' }] })),
  'patients write at night and on Sundays, the clinic while it is open': all('messages', ({ sent_at }) => ({
    sent_at: `${sent_at.slice(0, 11)}10:00:00-05:00`,
  })),
  'nothing is written before the chart was opened, after the death, or tomorrow': all('messages', () => ({
    sent_at: '2026-11-20T08:00:00-05:00',
  })),
  'nobody has read everything, and nobody reads what has not come': { ...whole, message_reads: [] },
  'a form is filled in after it was sent, and not all are': all('intake_forms', ({ sent_at }) => ({ completed_at: sent_at })),
  'tasks are of all kinds, and some are overdue': all('tasks', () => ({ kind: 'other' })),
  'plans begin in the record, and what is done is done after that': all('care_plans', () => ({ start_on: '2026-11-01' })),
  'some of it is overdue, some is not': { ...whole, care_plan_completions: [] },
  'a referral is made, sent, seen and answered in that order, and not all are answered': all('referrals', ({ created_on }) => ({
    report_received_on: created_on,
  })),
  'payers also refuse, ask again and let wait': all('prior_authorizations', () => ({ status: 'approved' })),
  'units are given in their period, and some grants run out': all('authorizations', () => ({ total_units: 9000 })),
}));
