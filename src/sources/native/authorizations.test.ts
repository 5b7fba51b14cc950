import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAuthorization, aUse } from '../../../test/builders/care.ts';
import { aPatient, type Row } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import type { Authorizations } from '../../domains/authorizations.ts';
import { plusDays } from '../../domains/days.ts';

const TODAY = '2026-11-20';
const day = (days: number) => plusDays(TODAY, days);
const [ada, ben, gone] = [aPatient(), aPatient({ given_name: 'Ben' }), aPatient({ active: false })];
/** 1 October to 31 December: 50 of 92 days are past. */
const grant = (own: Row = {}, patient = ada) => anAuthorization(patient, own);
const weekly = (of: Row, from: number, count: number, own: Row = {}) =>
  Array.from({ length: count }, (_, n) => aUse(of, { service_on: day(from + 7 * n), ...own }));

const calm = grant();
const full = grant({ total_units: 10 });
const over = grant({ total_units: 10 });
const fast = grant({ total_units: 12 });
const soon = grant({ total_units: 12 });
const tight = grant({ total_units: 14 });
const apart = grant({ total_units: 24 });
const expired = grant({ period_start: '2026-01-01', period_end: '2026-03-31' });
const later = grant({ period_start: '2027-01-01', period_end: '2027-03-31' });
const ends_today = grant({ period_end: TODAY }, ben);
const cancelled = grant({ status: 'cancelled' });
const error = grant({ status: 'entered_in_error' });
const of_gone = grant({}, gone);

describe('authorizations', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada, ben, gone],
      authorizations: [calm, full, over, fast, soon, tight, apart, expired, later, ends_today, cancelled, error, of_gone],
      authorization_uses: [
        ...weekly(calm, -49, 7),
        ...weekly(calm, 7, 3, { status: 'scheduled' }),
        ...weekly(full, -40, 5, { units: 2 }),
        ...weekly(over, -28, 4),
        ...weekly(over, 1, 5, { status: 'scheduled', units: 2 }),
        ...weekly(fast, -45, 3, { units: 3 }),
        ...weekly(soon, -28, 4, { units: 2 }),
        ...weekly(tight, -28, 4),
        ...weekly(tight, 2, 2, { status: 'scheduled', units: 3 }),
        // Each column once.
        aUse(apart, { units: 2, billed: true, paid: true }),
        aUse(apart, { units: 3, billed: true }),
        aUse(apart, { units: 1, status: 'delivered' }),
        aUse(apart, { units: 4, status: 'scheduled', service_on: TODAY }),
        aUse(apart, { units: 5, status: 'scheduled', service_on: day(-1) }),
        aUse(apart, { units: 9, status: 'cancelled' }),
        aUse(apart, { units: 6, service_on: '2026-09-30' }),
        aUse(apart, { units: 7, status: 'scheduled', service_on: '2027-01-01' }),
      ],
    });
  });
  afterAll(() => record.close());
  const ask = (query: Partial<Parameters<Authorizations['list']>[0]> = {}, now?: string) =>
    record.ask(({ authorizations }) => authorizations.list({ low_only: false, limit: 50, ...query }), now === undefined ? {} : { now });
  const of = async (row: Row) =>
    (await ask({ patient_id: row.patient_id as string })).authorizations.find(({ authorization_id }) => authorization_id === row.id);

  it('keep used, pending, scheduled, billed and paid apart; what is left and what is free are two numbers (trap 20)', async () => {
    expect(await of(apart)).toEqual({
      authorization_id: apart.id,
      patient_id: ada.id,
      patient: 'Ada Okafor',
      payer: 'Example Health Plan',
      service_code: '97110',
      service_name: 'Therapeutic exercise',
      unit_type: 'visit',
      state: 'current',
      period_start: '2026-10-01',
      period_end: '2026-12-31',
      total_units: 24,
      used_units: 5,
      pending_units: 1,
      scheduled_units: 4,
      remaining_units: 18,
      available_units: 14,
      billed_units: 5,
      paid_units: 2,
      unresolved_units: 5,
      outside_period_units: 13,
    });
  });

  it('run low for a reason, or do not', async () => {
    expect(await of(calm)).not.toHaveProperty('low');
    expect(await of(full)).toMatchObject({ remaining_units: 0, low: ['used_up', 'used_faster_than_time'] });
    // 6 left, 10 booked: 4 too many; by the schedule of 8 in 28 days they last 21 days.
    expect(await of(over)).toMatchObject({
      available_units: -4,
      used_up_on: '2026-12-11',
      low: ['overscheduled', 'runs_out_before_end', 'available_below_next_14_days'],
    });
    // 9 of 12 used (75 %) when 54.3 % of the time is past; nothing in the last 28 days but 3 on the 30th before: no projection.
    expect(await of(fast)).toMatchObject({ used_units: 9, low: ['used_faster_than_time'] });
    // Nothing booked: 8 units in the last 28 days, 4 left: 14 days.
    expect(await of(soon)).toMatchObject({ used_up_on: '2026-12-04', low: ['runs_out_before_end'] });
    // 10 left, 6 booked in the next 14 days: 4 free.
    expect(await of(tight)).toMatchObject({ available_units: 4, low: ['available_below_next_14_days'] });
  });

  it('are current, upcoming, expired or cancelled by the clinic’s own day; only the current run low (trap 24)', async () => {
    expect(await of(expired)).toMatchObject({ state: 'expired' });
    expect(await of(later)).toMatchObject({ state: 'upcoming' });
    expect(await of(cancelled)).toMatchObject({ state: 'cancelled' });
    expect(await of(error)).toBeUndefined();
    const state = async (now: string) => (await ask({ patient_id: ben.id as string }, now)).authorizations[0]?.state;
    // 23:59 of the last day in New York is the next day in UTC.
    expect([await state('2026-11-21T04:59:00Z'), await state('2026-11-21T05:00:00Z')]).toEqual(['current', 'expired']);
  });

  it('of the whole clinic leave out and count those of patients who are not with us', async () => {
    const { authorizations, excluded } = await ask({ state: 'current' });
    expect(authorizations.map(({ authorization_id }) => authorization_id).sort()).toEqual(
      [calm, full, over, fast, soon, tight, apart, ends_today].map(({ id }) => id as string).sort(),
    );
    expect(authorizations[0]?.authorization_id).toBe(ends_today.id);
    expect(excluded).toEqual([{ reason: 'of inactive or deceased patients or merged charts', count: 1 }]);
    expect((await ask({ low_only: true })).authorizations).toHaveLength(5);
    expect((await ask({ ends_within_days: 5 })).authorizations.map(({ authorization_id }) => authorization_id)).toEqual([ends_today.id]);
  });

  it('come in pages: what has not ended first', async () => {
    const pages: string[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await ask({ limit: 3, after });
      pages.push(...page.authorizations.map(({ authorization_id }) => authorization_id));
      after = page.authorizations.at(-1)?.authorization_id;
      more = page.more;
    }
    expect(pages).toEqual((await ask()).authorizations.map(({ authorization_id }) => authorization_id));
    expect(pages.at(-1)).toBe(expired.id);
    await expect(ask({ after: error.id as string })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('balance: the ledger of any uses is the ledger counted by hand', async () => {
    const use = fc.record({
      service_on: fc.integer({ min: -90, max: 60 }).map(day),
      units: fc.integer({ min: 1, max: 6 }),
      status: fc.constantFrom('scheduled', 'delivered', 'verified', 'cancelled'),
      billed: fc.boolean(),
      paid: fc.boolean(),
    });
    const eve = aPatient({ given_name: 'Eve' });
    const made = fc
      .sample(fc.record({ total_units: fc.integer({ min: 1, max: 60 }), uses: fc.array(use, { maxLength: 20 }) }), {
        seed: 5,
        numRuns: 200,
      })
      .map(({ total_units, uses }) => ({ row: grant({ total_units }, eve), uses }));
    await record.load({
      patients: [eve],
      authorizations: made.map(({ row }) => row),
      authorization_uses: made.flatMap(({ row, uses }) => uses.map((own) => aUse(row, own))),
    });
    const { authorizations } = await ask({ patient_id: eve.id as string, limit: 500 });
    const told = new Map(authorizations.map((row) => [row.authorization_id, row]));
    for (const { row, uses } of made) {
      const inside = uses.filter(({ service_on }) => service_on >= '2026-10-01' && service_on <= '2026-12-31');
      const sum = (is: (of: (typeof uses)[number]) => boolean) => inside.filter(is).reduce((total, { units }) => total + units, 0);
      const used = sum(({ status }) => status === 'verified');
      const pending = sum(({ status }) => status === 'delivered');
      const scheduled = sum(({ status, service_on }) => status === 'scheduled' && service_on >= TODAY);
      const remaining = (row.total_units as number) - used - pending;
      expect(told.get(row.id as string)).toMatchObject({
        used_units: used,
        pending_units: pending,
        scheduled_units: scheduled,
        remaining_units: remaining,
        available_units: remaining - scheduled,
        billed_units: sum(({ status, billed }) => status !== 'cancelled' && billed),
        paid_units: sum(({ status, paid }) => status !== 'cancelled' && paid),
      });
      const low = told.get(row.id as string)?.low ?? [];
      expect(low.includes('used_up')).toBe(remaining <= 0);
      expect(low.includes('overscheduled')).toBe(remaining < scheduled);
      expect(low.includes('used_faster_than_time')).toBe((100 * used) / (row.total_units as number) - (100 * 50) / 92 > 15);
    }
  });
});
