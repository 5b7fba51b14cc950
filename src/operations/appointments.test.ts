import { describe, expect, it } from 'vitest';
import type { Appointments } from '../domains/appointments.ts';
import { getAppointments } from './appointments.ts';

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
