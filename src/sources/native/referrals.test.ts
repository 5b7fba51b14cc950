import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aReferral } from '../../../test/builders/care.ts';
import { aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import type { Referrals } from '../../domains/referrals.ts';

const cora = aPractitioner({});
const [ada, gone] = [aPatient(), aPatient({ active: false })];
const of = (created_on: string, own = {}) => aReferral(ada, { created_on, ...own });
const unsent = of('2026-11-10');
const sent = of('2026-11-01', {
  sent_on: '2026-11-05',
  practitioner_id: cora.id,
  other_party: 'Example Cardiology',
  other_npi: '1234567893',
  reason_icd10: 'I10',
});
const booked = of('2026-10-20', { sent_on: '2026-10-21', scheduled_on: '2026-11-20' });
const seen = of('2026-10-01', { sent_on: '2026-10-02', scheduled_on: '2026-10-21', expires_on: '2026-11-19' });
const closed = of('2026-09-01', { sent_on: '2026-09-02', scheduled_on: '2026-09-21', status: 'completed' });
const done = of('2026-08-01', { sent_on: '2026-08-02', scheduled_on: '2026-08-21', report_received_on: '2026-08-30', status: 'completed' });
const incoming = of('2026-07-01', { direction: 'incoming' });
const came = of('2026-06-01', { direction: 'incoming', scheduled_on: '2026-06-10' });
const revoked = of('2026-05-01', { status: 'revoked' });

// Today is 20 November 2026.
describe('referrals', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      practitioners: [cora],
      patients: [ada, gone],
      referrals: [
        unsent,
        sent,
        booked,
        seen,
        closed,
        done,
        incoming,
        came,
        revoked,
        of('2026-11-19', { status: 'entered_in_error' }),
        aReferral(gone),
      ],
    });
  });
  afterAll(() => record.close());
  const ask = (query: Partial<Parameters<Referrals['list']>[0]> = {}) =>
    record.ask(({ referrals }) => referrals.list({ limit: 20, ...query }));
  const ids = async (query = {}) => (await ask(query)).referrals.map(({ referral_id }) => referral_id);

  it('await the next step that has not happened; a report is awaited also where somebody closed the referral', async () => {
    const { referrals } = await ask({ patient_id: ada.id as string });
    expect(referrals.map(({ referral_id, awaiting, waiting_days }) => [referral_id, awaiting, waiting_days])).toEqual([
      [unsent.id, 'sending', 10],
      [sent.id, 'appointment', 15],
      [booked.id, 'visit', undefined],
      [seen.id, 'report', 30],
      [closed.id, 'report', 60],
      [done.id, undefined, undefined],
      [incoming.id, 'appointment', 142],
      [came.id, undefined, undefined],
      [revoked.id, undefined, undefined],
    ]);
    expect(referrals[1]).toMatchObject({
      practitioner: 'Cora Lind',
      other_party: 'Example Cardiology',
      other_npi: '1234567893',
      reason_icd10: 'I10',
    });
    expect(referrals.map(({ expired }) => expired)).toEqual([undefined, undefined, undefined, true, ...Array(5)]);
  });

  it('are selected by what they await, direction, status, clinician and day', async () => {
    expect(await ids({ awaiting: 'report' })).toEqual([seen.id, closed.id]);
    expect(await ids({ awaiting: 'appointment', direction: 'outgoing' })).toEqual([sent.id]);
    expect(await ids({ status: 'completed' })).toEqual([closed.id, done.id]);
    expect(await ids({ practitioner_id: cora.id })).toEqual([sent.id]);
    expect(await ids({ since: '2026-11-01' })).toEqual([unsent.id, sent.id]);
  });

  it('of the whole clinic leave out and count those of patients who are not with us; of one patient they do not', async () => {
    expect((await ask()).excluded).toEqual([{ reason: 'of inactive or deceased patients or merged charts', count: 1 }]);
    expect(await ids()).toHaveLength(9);
    expect(await ids({ patient_id: gone.id })).toHaveLength(1);
  });

  it('come in pages', async () => {
    const one = await ask({ limit: 4 });
    const two = await ask({ limit: 9, after: one.referrals.at(-1)?.referral_id });
    expect([...one.referrals, ...two.referrals]).toEqual((await ask()).referrals);
    await expect(ask({ direction: 'incoming', after: sent.id as string })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(ask({ patient_id: cora.id })).rejects.toMatchObject({ type: 'not_found' });
  });
});
