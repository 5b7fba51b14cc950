import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAppointment, aPatient, aPractitioner, type Row } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import type { AttendanceQuery } from '../../domains/attendance.ts';

const cora = aPractitioner({});
const dana = aPractitioner({ given_name: 'Dana', family_name: 'Reyes' });
const [ada, ben, gone, dead, old] = [
  aPatient(),
  aPatient({ given_name: 'Ben', family_name: 'Ruiz' }),
  aPatient({ active: false }),
  aPatient({ deceased_on: '2026-10' }),
  aPatient(),
];
const merged = aPatient({ replaced_by: ada.id });
const visit = (start_at: string, status: string, own: Row = {}, patient = ada) =>
  anAppointment(patient, { practitioner_id: cora.id, start_at, status, ...own });
const cancelled = (start_at: string, by: string | null, at: string | null, own: Row = {}) =>
  visit(start_at, 'cancelled', { cancelled_by: by, cancelled_at: at, ...own });

// The week of 9 November; now is 20 November 2026, 10:00 in New York.
const missed = visit('2026-11-10T09:00:00-05:00', 'no_show', { booked_at: '2026-10-01T10:00:00-04:00' }, ben);
const final = visit('2026-11-12T11:00:00-05:00', 'no_show');
const second = visit('2026-11-11T11:00:00-05:00', 'rescheduled', { rescheduled_to: final.id });
const first = visit('2026-11-09T11:00:00-05:00', 'rescheduled', { rescheduled_to: second.id });
const rows = [
  visit('2026-11-09T09:00:00-05:00', 'completed'),
  visit('2026-11-09T09:30:00-05:00', 'completed', { practitioner_id: dana.id }),
  visit('2026-11-09T10:00:00-05:00', 'completed', { visit_type: 'New patient' }),
  missed,
  first,
  second,
  final,
  // Moved, and the record system called it cancelled.
  visit('2026-11-13T08:00:00-05:00', 'cancelled', {
    cancelled_by: 'patient',
    cancelled_at: '2026-11-12T20:00:00-05:00',
    rescheduled_to: final.id,
  }),
  cancelled('2026-11-12T09:00:00-05:00', 'practice', '2026-11-12T08:00:00-05:00'),
  cancelled('2026-11-12T10:00:00-05:00', 'patient', '2026-11-11T10:00:00-05:00'), // 24 h before: not late
  cancelled('2026-11-12T13:00:00-05:00', 'patient', '2026-11-11T13:00:01-05:00'), // a second less: late
  cancelled('2026-11-13T10:00:00-05:00', null, null),
  // Took the place of the second cancellation, in part of its time.
  visit('2026-11-12T10:15:00-05:00', 'completed', { booked_at: '2026-11-11T12:00:00-05:00' }, ben),
  // Beside the first in time, booked before it was cancelled: no refill.
  visit('2026-11-12T09:00:00-05:00', 'completed', { booked_at: '2026-11-01T12:00:00-05:00' }, ben),
  visit('2026-11-13T09:00:00-05:00', 'booked'),
  visit('2026-11-13T14:00:00-05:00', 'arrived'),
  visit('2026-11-13T15:00:00-05:00', 'entered_in_error'),
  visit('2026-11-13T16:00:00-05:00', 'no_show', {}, gone),
  visit('2026-11-13T16:00:00-05:00', 'no_show', {}, dead),
  visit('2026-11-13T16:30:00-05:00', 'no_show', {}, merged),
];
// Ben comes again; of Ada's only what is ahead counts.
const ahead = [visit('2026-11-25T09:00:00-05:00', 'confirmed', {}, ben), visit('2026-11-24T09:00:00-05:00', 'cancelled', {}, ben)];

describe('who missed, and the rates', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      practitioners: [cora, dana],
      patients: [ada, ben, gone, dead, old, merged],
      appointments: [...rows, ...ahead],
    });
  });
  afterAll(() => record.close());
  const ask = (query: Partial<AttendanceQuery> = {}) =>
    record.ask(({ appointments }) =>
      appointments.attendance({ from: '2026-11-09', to: '2026-11-15', list: 'no_show', limit: 40, ...query }),
    );

  it('divide no-shows by completed and no-shows, and beside it by all that were booked; a chain of reschedules is its end (trap 14)', async () => {
    const { overview } = await ask();
    expect(overview?.outcomes).toEqual({
      completed: 5,
      no_show: 5,
      cancelled_by_patient: 2,
      cancelled_by_practice: 1,
      cancelled_by_system: 0,
      cancelled_by_unknown: 1,
      rescheduled: 3,
      unresolved: 1,
      under_way: 1,
    });
    expect(overview?.figures).toMatchObject({
      no_show: { definition: 'no_show_rate@1', numerator: 5, denominator: 10, rate: 0.5, low: 0.2366, high: 0.7634 },
      no_show_of_booked: { numerator: 5, denominator: 16, rate: 0.3125 },
      no_show_or_late_cancel: { numerator: 6, denominator: 11 },
      cancellation: { numerator: 4, denominator: 16 },
      late_cancellation: { numerator: 1, denominator: 16 },
      fill_back: { numerator: 1, denominator: 3 },
    });
    expect(overview?.excluded).toEqual([
      { reason: 'rescheduled', count: 3 },
      { reason: 'cancelled', count: 4 },
      { reason: 'unresolved', count: 1 },
      { reason: 'under way', count: 1 },
      { reason: 'cancelled at an unknown time', count: 1 },
    ]);
  });

  it('count a fill-back only of the same clinician, booked after the cancellation, over the time that came free', async () => {
    const { overview } = await ask({ from: '2026-11-12', to: '2026-11-12' });
    expect(overview?.figures.fill_back).toMatchObject({ numerator: 1, denominator: 3 });
  });

  it('know only what began', async () => {
    expect((await ask({ from: '2026-11-21', to: '2026-11-30' })).overview?.figures.no_show).toEqual({
      definition: 'no_show_rate@1',
      numerator: 0,
      denominator: 0,
    });
    const early = await record.ask(
      ({ appointments }) => appointments.attendance({ from: '2026-11-09', to: '2026-11-15', list: 'no_show', limit: 40 }),
      { now: '2026-11-09T15:00:00Z' },
    );
    // What began at this very moment is in.
    expect(early.overview?.outcomes).toMatchObject({ completed: 3, no_show: 0, rescheduled: 0 });
  });

  it('are by group, without rate and rank under 20 (small numbers)', async () => {
    const by = async (key: AttendanceQuery['by']) => (await ask({ by: key })).overview?.groups;
    expect(await by('provider')).toEqual([
      { group: 'Cora Lind', practitioner_id: cora.id, no_show: 5, denominator: 9, too_few: true },
      { group: 'Dana Reyes', practitioner_id: dana.id, no_show: 0, denominator: 1, too_few: true },
    ]);
    expect(await by('visit_type')).toMatchObject([{ group: 'Follow-up', denominator: 9 }, { group: 'New patient' }]);
    expect(await by('weekday')).toMatchObject([
      { group: 'Friday', no_show: 3, denominator: 3 },
      { group: 'Monday', no_show: 0, denominator: 3 },
      { group: 'Thursday', no_show: 1, denominator: 3 },
      { group: 'Tuesday', no_show: 1, denominator: 1 },
      { group: 'Wednesday', no_show: 0, denominator: 0 },
    ]);
    expect((await by('lead_time'))?.find(({ group }) => group === 'over 28 days')).toMatchObject({ no_show: 1, denominator: 1 });
    expect((await by('lead_time'))?.find(({ group }) => group === '1 to 7 days')).toMatchObject({ no_show: 0, denominator: 1 });
  });

  it('name who missed, with the next visit; not whom nobody can write to', async () => {
    const { appointments, not_listed } = await ask();
    expect(appointments).toEqual([
      {
        appointment_id: missed.id,
        patient_id: ben.id,
        patient: 'Ben Ruiz',
        start_at: '2026-11-10T09:00:00-05:00',
        status: 'no_show',
        visit_type: 'Follow-up',
        practitioner: 'Cora Lind',
        next_at: '2026-11-12T09:00:00-05:00',
      },
      expect.objectContaining({ appointment_id: final.id, patient_id: ada.id, next_at: '2026-11-13T14:00:00-05:00' }),
    ]);
    expect(not_listed).toEqual([
      { reason: 'merged charts', count: 1 },
      { reason: 'deceased patients', count: 1 },
      { reason: 'inactive patients', count: 1 },
    ]);
    const of = async (list: AttendanceQuery['list']) => (await ask({ list })).appointments.map(({ start_at }) => start_at);
    expect(await of('late_cancelled')).toEqual(['2026-11-12T13:00:00-05:00']);
    expect(await of('unresolved')).toEqual(['2026-11-13T09:00:00-05:00']);
    expect(await of('cancelled')).toHaveLength(4);
    expect((await ask({ list: 'late_cancelled' })).appointments[0]).toMatchObject({ status: 'cancelled', cancelled_by: 'patient' });
  });

  it('come in pages; the figures with the first', async () => {
    const one = await ask({ list: 'cancelled', limit: 2 });
    const two = await ask({ list: 'cancelled', limit: 2, after: one.appointments.at(-1)?.appointment_id });
    expect([one.more, two.more, two.overview]).toEqual([true, false, undefined]);
    const ids = [...one.appointments, ...two.appointments].map(({ appointment_id }) => appointment_id);
    expect(ids).toEqual((await ask({ list: 'cancelled' })).appointments.map(({ appointment_id }) => appointment_id));
    await expect(ask({ list: 'cancelled', after: missed.id as string })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(ask({ practitioner_id: ada.id as string })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('take the clinic’s own days, and 24 hours as hours, also where the clock changes (trap 24)', async () => {
    await record.load({
      appointments: [
        // Sunday 8 March has 23 hours: 10:00 less 24 h is 09:00 the day before.
        cancelled('2026-03-08T10:00:00-04:00', 'patient', '2026-03-07T09:30:00-05:00'),
        cancelled('2026-03-08T10:00:00-04:00', 'patient', '2026-03-07T08:59:00-05:00'),
        visit('2026-03-08T23:30:00-04:00', 'no_show'),
        visit('2026-03-09T00:00:00-04:00', 'completed'),
      ],
    });
    const { overview } = await ask({ from: '2026-03-08', to: '2026-03-08' });
    expect(overview?.outcomes).toMatchObject({ cancelled_by_patient: 2, no_show: 1, completed: 0 });
    expect(overview?.figures.late_cancellation.numerator).toBe(1);
  });
});
