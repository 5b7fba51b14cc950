import { describe, expect, it } from 'vitest';
import type { Appointments } from '../domains/appointments.ts';
import { findOpenSlots, getAppointments, getNoShowsAndCancellations } from './appointments.ts';
import type { Operation } from './operation.ts';

const id = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const caller = { tenant_id: id, user_id: id, finance: 'none', permissions: new Set<never>() } as const;

async function asked(input: object) {
  const queries: Parameters<Appointments['list']>[0][] = [];
  const list: Appointments['list'] = async (query) => {
    queries.push(query);
    return { appointments: [], more: false };
  };
  if (getAppointments.effect !== 'read') throw new Error('get_appointments reads');
  await getAppointments.run({ appointments: { list }, caller, now: new Date(0), today: '2026-11-20' }, getAppointments.input.parse(input));
  return queries[0];
}

describe('get_appointments', () => {
  it('without a range asks for today', async () => {
    expect(await asked({})).toMatchObject({ from: '2026-11-20', to: '2026-11-20', practitioner_id: undefined, patient_id: undefined });
  });

  it('asks by its published names', async () => {
    expect(await asked({ date_range: { from: '2026-11-01', to: '2026-11-30' }, provider_id: id, patient_id: id, limit: 7 })).toEqual({
      from: '2026-11-01',
      to: '2026-11-30',
      practitioner_id: id,
      patient_id: id,
      limit: 7,
      after: undefined,
    });
  });

  it.each([
    [{ from: '2026-09-01', to: '2026-12-01' }, true], // 92 days, both ends counted
    [{ from: '2026-09-01', to: '2026-12-02' }, false],
    [{ from: '2026-11-02', to: '2026-11-01' }, false],
    [{ from: '2026-11-31', to: '2026-12-01' }, false],
    [{ from: '2026-11-01' }, false],
  ])('takes the range %j: %s', (date_range, success) => {
    expect(getAppointments.input.safeParse({ date_range }).success).toBe(success);
  });
});

/** What an operation asks of the port `method` for `input`, on 20 November 2026. */
async function askedOf(operation: Operation, method: 'attendance' | 'slots', answer: object, input: object) {
  const queries: object[] = [];
  const port = {
    [method]: async (query: object) => {
      queries.push(query);
      return answer;
    },
  };
  if (operation.effect !== 'read') throw new Error('it reads');
  const told = await operation.run(
    { appointments: port, caller, now: new Date(0), today: '2026-11-20' } as never,
    operation.input.parse(input) as never,
  );
  return { query: queries[0], told };
}

describe('get_no_shows_and_cancellations', () => {
  const nothing = { appointments: [], not_listed: [], more: false };

  it('without a range asks for the last 30 days and for who did not come', async () => {
    const { query } = await askedOf(getNoShowsAndCancellations, 'attendance', nothing, {});
    expect(query).toMatchObject({ from: '2026-10-21', to: '2026-11-20', list: 'no_show', by: undefined });
  });

  it('tells the rates beside the list, and who is not in it only where there is somebody', async () => {
    const overview = { figures: {}, outcomes: {}, excluded: [] };
    const not_listed = [{ reason: 'inactive patients', count: 1 }];
    expect((await askedOf(getNoShowsAndCancellations, 'attendance', { ...nothing, overview }, {})).told).toEqual({
      ...overview,
      appointments: [],
      more: false,
    });
    expect((await askedOf(getNoShowsAndCancellations, 'attendance', { ...nothing, not_listed }, {})).told).toMatchObject({ not_listed });
  });

  it('takes a year at most', () => {
    const takes = (date_range: object) => getNoShowsAndCancellations.input.safeParse({ date_range }).success;
    expect([takes({ from: '2025-11-20', to: '2026-11-20' }), takes({ from: '2025-11-19', to: '2026-11-20' })]).toEqual([true, false]);
  });
});

describe('find_open_slots', () => {
  it('without a range asks for seven days and 30 minutes', async () => {
    const { query, told } = await askedOf(findOpenSlots, 'slots', { slots: [], more: false, excluded: [] }, {});
    expect(query).toMatchObject({ from: '2026-11-20', to: '2026-11-26', minutes: 30, modality: undefined, part_of_day: undefined });
    expect(told).toEqual({ slots: [], more: false });
  });

  it.each([
    [{ from: '2026-11-20', to: '2026-12-20' }, true], // 31 days
    [{ from: '2026-11-20', to: '2026-12-21' }, false],
  ])('takes the range %j: %s', (date_range, success) => {
    expect(findOpenSlots.input.safeParse({ date_range }).success).toBe(success);
  });
});
