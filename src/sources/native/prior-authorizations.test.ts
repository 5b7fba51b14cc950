import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPriorAuthorization } from '../../../test/builders/care.ts';
import { aCoverage, aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import type { PriorAuthorizations } from '../../domains/prior-authorizations.ts';

const cora = aPractitioner({});
const [ada, gone] = [aPatient(), aPatient({ deceased_on: '2026-01-01' })];
const plan = aCoverage(ada);
const of = (own = {}) => aPriorAuthorization(ada, own);
const draft = of({ status: 'draft', requested_at: null });
const fresh = of({ requested_at: '2026-11-19T23:30:00-05:00' });
const pended = of({ status: 'pended', coverage_id: plan.id, practitioner_id: cora.id, requested_at: '2026-10-31T23:30:00-04:00' });
const approved = of({
  status: 'approved',
  requested_at: '2026-09-01T10:00:00-04:00',
  decided_at: '2026-09-05T10:00:00-04:00',
  valid_from: '2026-09-05',
  valid_to: '2026-11-20',
  certification_number: 'A123456',
  units_requested: 12,
  units_approved: 8,
  service_code: '72148',
  code_system: 'cpt',
});
const expired = of({
  status: 'partially_approved',
  requested_at: '2026-08-01T10:00:00-04:00',
  valid_from: '2026-08-01',
  valid_to: '2026-11-19',
});
const denied = of({ status: 'denied', requested_at: '2026-07-01T10:00:00-04:00', decision_code: 'A3' });

// Today is 20 November 2026.
describe('prior authorizations', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      practitioners: [cora],
      patients: [ada, gone],
      coverages: [plan],
      prior_authorizations: [draft, fresh, pended, approved, expired, denied, aPriorAuthorization(gone)],
    });
  });
  afterAll(() => record.close());
  const ask = (query: Partial<Parameters<PriorAuthorizations['list']>[0]> = {}) =>
    record.ask(({ prior_authorizations }) => prior_authorizations.list({ limit: 20, ...query }));
  const ids = async (query = {}) => (await ask(query)).prior_authorizations.map(({ prior_authorization_id }) => prior_authorization_id);

  it('wait in days of the clinic while there is no decision; an approval holds for its period (trap 24)', async () => {
    const { prior_authorizations } = await ask({ patient_id: ada.id as string });
    expect(
      prior_authorizations.map(({ prior_authorization_id, pending_days, validity }) => [prior_authorization_id, pending_days, validity]),
    ).toEqual([
      [draft.id, undefined, undefined],
      [fresh.id, 1, undefined],
      [pended.id, 20, undefined],
      [approved.id, undefined, 'current'],
      [expired.id, undefined, 'expired'],
      [denied.id, undefined, undefined],
    ]);
    expect(prior_authorizations[2]).toMatchObject({
      payer: 'Example Health Plan',
      practitioner: 'Cora Lind',
      service_name: 'MRI lumbar spine',
    });
    expect(prior_authorizations[3]).toMatchObject({ certification_number: 'A123456', units_requested: 12, units_approved: 8 });
  });

  it('are selected by status, days of waiting and clinician', async () => {
    expect(await ids({ statuses: ['submitted', 'pended'] })).toEqual([fresh.id, pended.id]);
    expect(await ids({ pending_days: 14 })).toEqual([pended.id]);
    expect(await ids({ statuses: ['denied'] })).toEqual([denied.id]);
    expect(await ids({ practitioner_id: cora.id })).toEqual([pended.id]);
  });

  it('of the whole clinic leave out and count those of patients who are not with us; they come in pages', async () => {
    const all = await ask();
    expect([all.prior_authorizations.length, all.excluded]).toEqual([
      6,
      [{ reason: 'of inactive or deceased patients or merged charts', count: 1 }],
    ]);
    const one = await ask({ limit: 1 });
    const two = await ask({ limit: 9, after: one.prior_authorizations[0]?.prior_authorization_id });
    expect([...one.prior_authorizations, ...two.prior_authorizations]).toEqual(all.prior_authorizations);
    await expect(ask({ statuses: ['denied'], after: draft.id as string })).rejects.toMatchObject({ type: 'invalid_input' });
  });
});
