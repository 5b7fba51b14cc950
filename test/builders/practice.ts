// Rows of the clinic's day for tests: hours, blocks, messages, tasks, refills, forms.
import { randomUUID } from 'node:crypto';
import { type Row, TENANT } from './chart.ts';

const of =
  (defaults: Row) =>
  (patient: Row, own: Row = {}): Row => ({ tenant_id: patient.tenant_id, id: randomUUID(), patient_id: patient.id, ...defaults, ...own });

/** Hours of a clinician row, of every day from 2020 on unless said otherwise. */
export const hours = (clinician: Row, weekday: number, start_minute: number, end_minute: number, own: Row = {}): Row => ({
  tenant_id: clinician.tenant_id,
  id: randomUUID(),
  practitioner_id: clinician.id,
  weekday,
  start_minute,
  end_minute,
  from_on: '2020-01-01',
  ...own,
});

/** Without a clinician: of the whole clinic. */
export const aBlock = (start_at: string, end_at: string, own: Row = {}): Row => ({
  tenant_id: TENANT,
  id: randomUUID(),
  start_at,
  end_at,
  reason: 'leave',
  ...own,
});

export const aMessage = (patient: Row, own: Row = {}): Row =>
  of({
    thread_id: randomUUID(),
    direction: 'inbound',
    channel: 'portal',
    category: 'clinical',
    body: [{ text: 'I feel dizzy.', origin: 'external', kind: 'patient_reported' }],
    sent_at: '2026-11-19T10:00:00-05:00',
  })(patient, own);

export const aTask = of({
  kind: 'callback',
  clinical: true,
  title: 'Call about potassium',
  status: 'requested',
  created_at: '2026-11-18T10:00:00-05:00',
});

export const aRefill = of({ source: 'patient', status: 'pending', requested_at: '2026-11-17T10:00:00-05:00' });

export const aReview = of({ reviewed_at: '2026-11-19T12:00:00-05:00', action: 'no_action' });

export const aForm = of({ kind: 'consent', channel: 'portal', status: 'sent', sent_at: '2026-11-10T10:00:00-05:00' });
