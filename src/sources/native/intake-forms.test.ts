import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAppointment, aPatient, aPractitioner, type Row } from '../../../test/builders/chart.ts';
import { aForm } from '../../../test/builders/practice.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import type { IntakeForms } from '../../domains/intake-forms.ts';

const cora = aPractitioner({});
const ada = aPatient({ contact_confirmed_at: '2026-11-02T09:00:00-05:00', contact_confirmed_by: 'patient' });
const ben = aPatient({ given_name: 'Ben' });
const cy = aPatient({ given_name: 'Cy' });
const gone = aPatient({ active: false });
const visit = (patient: Row, start_at: string, own: Row = {}) => anAppointment(patient, { practitioner_id: cora.id, start_at, ...own });
const of_ada = visit(ada, '2026-11-23T09:00:00-05:00');
const of_ben = visit(ben, '2026-11-23T10:00:00-05:00', { status: 'confirmed' });
const of_cy = visit(cy, '2026-11-26T23:30:00-05:00');
const past = visit(ada, '2026-05-04T09:00:00-04:00', { status: 'completed' });
const done = { status: 'completed', completed_at: '2026-11-12T10:00:00-05:00' };

describe('intake', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      practitioners: [cora],
      patients: [ada, ben, cy, gone],
      appointments: [
        of_ada,
        of_ben,
        of_cy,
        past,
        visit(gone, '2026-11-24T09:00:00-05:00'),
        visit(cy, '2026-11-24T10:00:00-05:00', { status: 'cancelled' }),
        visit(cy, '2026-11-27T00:00:00-05:00'),
      ],
      intake_forms: [
        aForm(ada, { appointment_id: of_ada.id, kind: 'consent', ...done }),
        // Sent again after it was completed: it is complete.
        aForm(ada, { appointment_id: of_ada.id, kind: 'consent', sent_at: '2026-11-18T10:00:00-05:00' }),
        aForm(ada, { appointment_id: of_ada.id, kind: 'annual_update', status: 'cancelled' }),
        // For no visit, in the 90 days before.
        aForm(ada, { kind: 'phq9', ...done }),
        aForm(ada, { appointment_id: past.id, kind: 'medical_history', sent_at: '2026-04-20T10:00:00-04:00' }),
        aForm(ben, { appointment_id: of_ben.id, kind: 'new_patient', status: 'started', expires_at: '2026-11-30T00:00:00-05:00' }),
        aForm(ben, { appointment_id: of_ben.id, kind: 'consent', expires_at: '2026-11-19T00:00:00-05:00' }),
      ],
    });
  });
  afterAll(() => record.close());
  const ask = (query: Partial<Parameters<IntakeForms['status']>[0]> = {}) =>
    record.ask(({ intake_forms }) =>
      intake_forms.status({ from: '2026-11-20', to: '2026-11-26', missing_only: false, limit: 20, ...query }),
    );

  it('is complete, incomplete or not sent; what ran out is expired and missing; nothing sent is not complete', async () => {
    const { intakes, excluded } = await ask();
    expect(intakes.map(({ appointment_id, state, missing }) => [appointment_id, state, missing])).toEqual([
      [of_ada.id, 'complete', []],
      [of_ben.id, 'incomplete', ['consent', 'new_patient']],
      [of_cy.id, 'none_sent', []],
    ]);
    expect(intakes[0]).toMatchObject({ contact_confirmed_at: '2026-11-02T09:00:00-05:00', contact_confirmed_by: 'patient' });
    expect(intakes[1]?.forms.map(({ kind, status }) => [kind, status])).toEqual([
      ['consent', 'expired'],
      ['new_patient', 'started'],
    ]);
    expect(intakes[1]).not.toHaveProperty('contact_confirmed_at');
    expect(excluded).toEqual([{ reason: 'visits of inactive or deceased patients or merged charts', count: 1 }]);
  });

  it('of those with something to do only, when asked', async () => {
    expect((await ask({ missing_only: true })).intakes.map(({ appointment_id }) => appointment_id)).toEqual([of_ben.id, of_cy.id]);
  });

  it('of one patient tells the other forms and the contact details too', async () => {
    const told = await ask({ patient_id: ada.id as string });
    expect(told.contact).toEqual({ contact_confirmed_at: '2026-11-02T09:00:00-05:00', contact_confirmed_by: 'patient' });
    expect(told.other_forms?.map(({ kind, status }) => [kind, status])).toEqual([
      ['phq9', 'completed'],
      ['medical_history', 'sent'],
    ]);
    expect((await ask({ patient_id: gone.id as string })).intakes).toHaveLength(1);
    await expect(ask({ patient_id: cora.id as string })).rejects.toMatchObject({ type: 'not_found' });
  });

  it('comes in pages', async () => {
    const one = await ask({ limit: 2 });
    const two = await ask({ limit: 2, after: one.intakes.at(-1)?.appointment_id });
    expect([one.more, two.intakes.map(({ appointment_id }) => appointment_id), two.more]).toEqual([true, [of_cy.id], false]);
    await expect(ask({ after: past.id as string })).rejects.toMatchObject({ type: 'invalid_input' });
  });
});
