// Rows of care plans, referrals and authorizations for tests.
import { randomUUID } from 'node:crypto';
import type { Row } from './chart.ts';

const of =
  (defaults: Row) =>
  (patient: Row, own: Row = {}): Row => ({ tenant_id: patient.tenant_id, id: randomUUID(), patient_id: patient.id, ...defaults, ...own });

export const aCarePlan = of({ title: 'Diabetes', status: 'active', start_on: '2026-01-01', updated_at: '2026-01-01T09:00:00-05:00' });
export const aGoal = of({ description: 'A1c below 7', status: 'active' });
export const anActivity = of({ kind: 'lab', description: 'A1c every 90 days', status: 'in_progress', first_due_on: '2026-02-01' });
export const aCompletion = of({});
export const aReferral = of({ direction: 'outgoing', status: 'active', specialty: 'Cardiology', created_on: '2026-10-01' });
export const aPriorAuthorization = of({ service_name: 'MRI lumbar spine', status: 'submitted', requested_at: '2026-11-10T10:00:00-05:00' });
export const anAuthorization = of({
  payer: 'Example Health Plan',
  service_code: '97110',
  service_name: 'Therapeutic exercise',
  unit_type: 'visit',
  total_units: 24,
  period_start: '2026-10-01',
  period_end: '2026-12-31',
  status: 'active',
});
export const aUse = (authorization: Row, own: Row = {}): Row => ({
  tenant_id: authorization.tenant_id,
  id: randomUUID(),
  patient_id: authorization.patient_id,
  authorization_id: authorization.id,
  service_on: '2026-11-02',
  units: 1,
  status: 'verified',
  ...own,
});
