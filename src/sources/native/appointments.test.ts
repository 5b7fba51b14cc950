import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAppointment, aPatient, aPractitioner } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

describe('the appointments of a clinic in New York', () => {
  const [ada, ben] = [aPatient(), aPatient({ given_name: 'Ben', family_name: 'Ruiz' })];
  const [lind, moss] = [aPractitioner({}), aPractitioner({ given_name: 'Dee', family_name: 'Moss' })];
  const at = (start_at: string, own = {}) => anAppointment(ada, { start_at, practitioner_id: lind.id, ...own });
  const midnight = at('2026-11-20T00:00:00-05:00', { status: 'completed' });
  const done = at('2026-11-20T09:00:00-05:00', { status: 'completed', practitioner_id: moss.id });
  const forgotten = at('2026-11-20T09:15:00-05:00', { status: 'confirmed' });
  const running = at('2026-11-20T09:45:00-05:00', { reason: 'dizzy in the mornings' });
  const evening = at('2026-11-20T23:45:00-05:00', { patient_id: ben.id, modality: 'telehealth' }); // 21 November in UTC
  const error = at('2026-11-20T10:00:00-05:00', { status: 'entered_in_error' });
  const next = at('2026-11-21T00:00:00-05:00');
  const moved = at('2026-11-02T09:00:00-05:00', { status: 'rescheduled', rescheduled_to: next.id });
  // 1 November 2026 has 25 hours: midnight is -04:00, the last minute -05:00.
  const longFirst = at('2026-11-01T00:00:00-04:00', { status: 'no_show' });
  const longLast = at('2026-11-01T23:50:00-05:00', {
    status: 'cancelled',
    cancelled_by: 'patient',
    cancelled_at: '2026-10-31T12:00:00-04:00',
  });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      now: '2026-11-20T15:00:00Z', // 10:00 in New York
      patients: [ada, ben],
      practitioners: [lind, moss],
      appointments: [moved, next, evening, running, forgotten, done, midnight, error, longFirst, longLast],
    });
  });
  afterAll(() => record.close());
  const list = (query = {}) =>
    record.ask(({ appointments }) => appointments.list({ from: '2026-11-20', to: '2026-11-20', limit: 40, ...query }));
  const idsOf = async (query = {}) => (await list(query)).appointments.map(({ appointment_id }) => appointment_id);

  it('are those of the clinic’s own day, by start (trap 24)', async () => {
    expect(await idsOf()).toEqual([midnight, done, forgotten, running, evening].map(({ id }) => id));
    expect(await idsOf({ from: '2026-11-01', to: '2026-11-01' })).toEqual([longFirst.id, longLast.id]);
    expect(await idsOf({ from: '2026-11-01', to: '2026-11-02' })).toEqual([longFirst.id, longLast.id, moved.id]);
  });

  it('are unresolved where they are over and still booked: that is no no-show (trap 14)', async () => {
    const { appointments } = await list();
    expect(appointments.map(({ status }) => status)).toEqual(['completed', 'completed', 'unresolved', 'booked', 'booked']);
  });

  it('name the patient and the clinician, in the clinic’s time', async () => {
    const { appointments } = await list({ patient_id: ben.id });
    expect(appointments).toEqual([
      {
        appointment_id: evening.id,
        start_at: '2026-11-20T23:45:00-05:00',
        minutes: 30,
        status: 'booked',
        visit_type: 'Follow-up',
        modality: 'telehealth',
        patient_id: ben.id,
        patient: 'Ben Ruiz',
        birth_date: '1950-02-01',
        practitioner_id: lind.id,
        practitioner: 'Cora Lind',
      },
    ]);
    expect((await list({ from: '2026-11-02', to: '2026-11-02' })).appointments[0]).toMatchObject({
      status: 'rescheduled',
      rescheduled_to: next.id,
    });
  });

  it('can be of one clinician; an unknown one is an error, not an empty day', async () => {
    expect(await idsOf({ practitioner_id: moss.id })).toEqual([done.id]);
    await expect(list({ practitioner_id: ada.id })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(list({ patient_id: moss.id })).rejects.toMatchObject({ type: 'not_found' });
  });

  it('come in pages', async () => {
    const first = await list({ limit: 2 });
    expect([first.more, first.appointments.length]).toEqual([true, 2]);
    expect(await idsOf({ after: first.appointments[1]?.appointment_id })).toEqual([forgotten.id, running.id, evening.id]);
    await expect(list({ after: next.id })).rejects.toMatchObject({ type: 'invalid_input' });
  });
});
