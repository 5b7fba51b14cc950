import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAppointment, aPatient, aPractitioner, type Row } from '../../../test/builders/chart.ts';
import { aBlock, hours } from '../../../test/builders/practice.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import type { SlotQuery } from '../../domains/open-slots.ts';

const cora = aPractitioner({ id: '00000000-0000-4000-8000-0000000000c1' });
const dana = aPractitioner({ id: '00000000-0000-4000-8000-0000000000d1', given_name: 'Dana', family_name: 'Reyes' });
const unknown = aPractitioner({ given_name: 'Una' });
const left = aPractitioner({ active: false });
const ada = aPatient();
const at = (start_at: string, own: Row = {}) => anAppointment(ada, { practitioner_id: cora.id, start_at, ...own });
const NINE = 540;

// Now is Friday 20 November 2026, 10:07 in New York.
describe('open slots', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      now: '2026-11-20T15:07:00Z',
      practitioners: [cora, dana, unknown, left],
      patients: [ada],
      practitioner_hours: [
        // Cora: Mondays, Fridays and Sundays 9 to 12 and 13 to 15.
        ...[1, 5, 7].flatMap((day) => [hours(cora, day, NINE, 720), hours(cora, day, 780, 900)]),
        // Two rows that overlap are one time; the Monday from 13:00 is by video only.
        hours(dana, 1, NINE, 660, { modality: 'in_person' }),
        hours(dana, 1, 600, 660, { modality: 'in_person' }),
        hours(dana, 1, 780, 840, { modality: 'telehealth' }),
        hours(dana, 2, NINE, 720, { to_on: '2026-11-01' }),
        hours(dana, 3, NINE, 600, { from_on: '2026-11-25' }),
        hours(left, 1, NINE, 720),
      ],
      schedule_blocks: [
        aBlock('2026-11-23T09:00:00-05:00', '2026-11-23T10:00:00-05:00', { practitioner_id: cora.id }),
        aBlock('2026-11-23T14:30:00-05:00', '2026-11-24T00:00:00-05:00', { reason: 'meeting' }),
      ],
      appointments: [
        at('2026-11-20T10:15:00-05:00', { minutes: 20, status: 'confirmed' }),
        at('2026-11-20T13:00:00-05:00', { status: 'cancelled' }),
        at('2026-11-20T13:30:00-05:00', { status: 'rescheduled' }),
        at('2026-11-20T14:00:00-05:00', { status: 'entered_in_error' }),
        at('2026-11-23T10:00:00-05:00', { minutes: 45 }),
      ],
    });
  });
  afterAll(() => record.close());
  const ask = (query: Partial<SlotQuery> = {}, now?: string) =>
    record.ask(
      ({ appointments }) => appointments.slots({ from: '2026-11-20', to: '2026-11-23', minutes: 30, limit: 100, ...query }),
      now === undefined ? {} : { now },
    );
  const times = async (query: Partial<SlotQuery> = {}, now?: string) =>
    (await ask(query, now)).slots.map(({ start_at }) => start_at.slice(5, 16));

  it('are hours less blocks and what is booked, from the next quarter of an hour on, back to back', async () => {
    expect(await times({ practitioner_id: cora.id as string })).toEqual([
      ...['11-20T10:35', '11-20T11:05', '11-20T13:00', '11-20T13:30', '11-20T14:00', '11-20T14:30'],
      ...['11-22T09:00', '11-22T09:30', '11-22T10:00', '11-22T10:30', '11-22T11:00', '11-22T11:30'],
      ...['11-22T13:00', '11-22T13:30', '11-22T14:00', '11-22T14:30'],
      ...['11-23T10:45', '11-23T11:15', '11-23T13:00', '11-23T13:30', '11-23T14:00'],
    ]);
  });

  it('have the modality of their hours', async () => {
    const of = async (query: Partial<SlotQuery>) =>
      (await ask({ practitioner_id: dana.id as string, minutes: 60, ...query })).slots.map(({ start_at, modalities }) => [
        start_at.slice(11, 16),
        ...modalities,
      ]);
    expect(await of({})).toEqual([
      ['09:00', 'in_person'],
      ['10:00', 'in_person'],
      ['13:00', 'telehealth'],
    ]);
    expect(await of({ modality: 'telehealth' })).toEqual([['13:00', 'telehealth']]);
    expect((await ask({ practitioner_id: cora.id as string, limit: 1 })).slots[0]).toMatchObject({
      practitioner: 'Cora Lind',
      start_at: '2026-11-20T10:35:00-05:00',
      end_at: '2026-11-20T11:05:00-05:00',
      modalities: ['in_person', 'telehealth'],
    });
  });

  it('keep to the hours of their time, and to the part of the day', async () => {
    expect(await times({ practitioner_id: dana.id as string, from: '2026-11-24', to: '2026-11-25' })).toEqual([
      '11-25T09:00',
      '11-25T09:30',
    ]);
    expect(await times({ from: '2026-11-20', to: '2026-11-20', part_of_day: 'morning' })).toEqual(['11-20T10:35', '11-20T11:05']);
    expect(await times({ from: '2026-11-20', to: '2026-11-20', part_of_day: 'afternoon' })).toHaveLength(4);
    expect(await times({ part_of_day: 'evening' })).toEqual([]);
  });

  it('say how many clinicians have no hours on file: not known is not free', async () => {
    expect((await ask()).excluded).toEqual([{ reason: 'clinicians without hours on file', count: 1 }]);
    expect((await ask({ practitioner_id: unknown.id as string })).slots).toEqual([]);
  });

  it('begin at nine by the clock of the wall, also on the days of 23 and 25 hours (trap 24)', async () => {
    const on = async (day: string) => {
      const { slots } = await ask({ from: day, to: day, practitioner_id: cora.id as string }, '2026-03-01T12:00:00Z');
      return [slots[0]?.start_at, slots.length];
    };
    expect(await on('2026-03-08')).toEqual(['2026-03-08T09:00:00-04:00', 10]);
    expect(await on('2026-11-01')).toEqual(['2026-11-01T09:00:00-05:00', 10]);
    expect(await on('2026-03-01')).toEqual(['2026-03-01T09:00:00-05:00', 10]);
  });

  it('come in pages by time, then clinician; a slot that was booked meanwhile does not break them', async () => {
    const pages: unknown[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await ask({ limit: 3, after });
      pages.push(...page.slots);
      after = page.slots.at(-1)?.slot_id;
      more = page.more;
    }
    expect(pages).toEqual((await ask()).slots);
    const [one] = (await ask({ practitioner_id: cora.id as string, from: '2026-11-22', to: '2026-11-22', limit: 1 })).slots;
    await record.load({ appointments: [at('2026-11-22T09:00:00-05:00')] });
    expect((await ask({ from: '2026-11-22', to: '2026-11-22', limit: 1, after: one?.slot_id })).slots[0]?.start_at).toContain('09:30');
    await expect(ask({ after: ada.id as string })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(ask({ from: '2026-11-01', to: '2026-11-19' })).rejects.toMatchObject({ type: 'invalid_input' });
  });
});
