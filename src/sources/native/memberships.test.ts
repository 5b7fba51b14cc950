import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, type Row } from '../../../test/builders/chart.ts';
import { aMembership } from '../../../test/builders/money.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

let record: TestRecord;
beforeAll(async () => {
  record = await aRecord();
});
afterAll(() => record.close());

type Events = readonly (readonly [string, Row])[];

/** The metrics of a clinic with these memberships, one a patient; on 20 November 2026, New York. */
async function metricsOf(memberships: readonly Events[], month = '2026-11') {
  const tenant_id = randomUUID();
  const patients = memberships.map(() => aPatient({ tenant_id }));
  const made = memberships.map((events, at) => aMembership(patients[at] as Row, events));
  await record.load({
    tenant_id,
    patients,
    memberships: made.map(({ membership }) => membership),
    membership_events: made.flatMap(({ events }) => events),
  });
  return record.ask((native) => native.memberships.metrics({ month }), { tenant_id });
}

const at = (day: string, hour = '10:00:00') => `${day}T${hour}-05:00`;
const OLD = at('2026-01-15');

describe('who counts in MRR (trap 17)', () => {
  it('active and past due do; paused, trialing, cancelled and unpaid do not', async () => {
    const states = ['active', 'past_due', 'paused', 'trialing', 'cancelled', 'unpaid'];
    const metrics = await metricsOf(states.map((status) => [[OLD, { status }]]));
    expect(metrics).toMatchObject({
      active: 1,
      past_due: 1,
      paused: 1,
      trialing: 1,
      paying_members: 2,
      mrr_cents: 30_000,
      arr_cents: 360_000,
    });
    expect(metrics.arpa_cents).toBe(15_000);
  });

  it('a quarter is three months and a year twelve, each member rounded to the cent', async () => {
    const metrics = await metricsOf([
      [[OLD, { interval: 'quarter', price_cents: 10_000 }]],
      [[OLD, { interval: 'quarter', price_cents: 10_000 }]],
      [[OLD, { interval: 'year', price_cents: 10_000 }]],
    ]);
    expect(metrics.mrr_cents).toBe(3_333 + 3_333 + 833);
  });

  it('a permanent discount lowers it, never below nothing; a finite coupon does not', async () => {
    const metrics = await metricsOf([
      [[OLD, { discount: 'permanent', discount_cents: 2_000 }]],
      [[OLD, { discount: 'finite', discount_cents: 2_000 }]],
      [[OLD, { discount: 'permanent', discount_cents: 20_000 }]],
    ]);
    expect(metrics).toMatchObject({ mrr_cents: 28_000, active: 3, paying_members: 2 });
  });

  it('who has cancelled for the end of the period counts until then, and is told', async () => {
    const metrics = await metricsOf([
      [
        [OLD, {}],
        [at('2026-11-02'), { cancel_at: at('2026-11-30') }],
      ],
      [
        [OLD, {}],
        [at('2026-10-02'), { cancel_at: at('2026-11-10'), ended_by: 'member' }],
      ],
    ]);
    expect(metrics).toMatchObject({ active: 1, mrr_cents: 15_000, scheduled_churn: { members: 1, mrr_cents: 15_000 } });
    expect(metrics.current).toMatchObject({ churned_members: 1, churned_voluntary: 1, churn_cents: 15_000 });
  });

  it('without a member who pays there is no ARPA', async () => {
    expect(await metricsOf([[[OLD, { status: 'trialing' }]]])).not.toHaveProperty('arpa_cents');
  });
});

describe('the bridge of a month', () => {
  it('names each difference, and adds up to the cent', async () => {
    const { current } = await metricsOf([
      [[OLD, {}]],
      [[at('2026-11-03'), {}]],
      [
        [OLD, {}],
        [at('2026-11-04'), { price_cents: 18_000 }],
      ],
      [
        [OLD, {}],
        [at('2026-11-04'), { price_cents: 14_000 }],
      ],
      [
        [OLD, {}],
        [at('2026-06-01'), { status: 'cancelled', ended_by: 'member' }],
        [at('2026-11-05'), { status: 'active' }],
      ],
      [
        [OLD, {}],
        [at('2026-11-06'), { status: 'cancelled', ended_by: 'payment_failure' }],
      ],
      [
        [OLD, {}],
        [at('2026-11-06'), { status: 'unpaid' }],
      ],
      [
        [OLD, {}],
        [at('2026-11-07'), { status: 'cancelled', ended_by: 'clinic' }],
      ],
      [
        [OLD, {}],
        [at('2026-11-08'), { status: 'paused' }],
      ],
      [
        [at('2026-11-01'), { status: 'trialing' }],
        [at('2026-11-15'), { status: 'active' }],
      ],
    ]);
    expect(current).toMatchObject({
      month: '2026-11',
      start_mrr_cents: 7 * 15_000,
      new_cents: 30_000,
      expansion_cents: 3_000,
      reactivation_cents: 15_000,
      contraction_cents: 1_000 + 15_000,
      churn_cents: 45_000,
      end_mrr_cents: 92_000,
      new_members: 2,
      reactivated_members: 1,
      paused_members: 1,
      churned_members: 3,
      churned_voluntary: 0,
      churned_involuntary: 2,
      churned_by_clinic: 1,
    });
    expect(current.logo_churn).toEqual({ numerator: 3, denominator: 7, rate: 0.4286 });
    expect(current.gross_revenue_retention).toEqual({ numerator: 44_000, denominator: 105_000, rate: 0.419 });
    expect(current.net_revenue_retention).toMatchObject({ numerator: 47_000, denominator: 105_000 });
  });

  it('back from a pause is a reactivation, not new', async () => {
    const { current } = await metricsOf([
      [
        [OLD, {}],
        [at('2026-09-01'), { status: 'paused' }],
        [at('2026-11-05'), { status: 'active' }],
      ],
    ]);
    expect(current).toMatchObject({ reactivation_cents: 15_000, new_cents: 0 });
  });

  it('a month begins at the clinic’s midnight', async () => {
    const eve = '2026-11-01T03:59:00Z'; // 31 October, 23:59 in New York
    const { current, previous } = await metricsOf([[[eve, {}]]]);
    expect([previous.new_cents, current.new_cents, current.start_mrr_cents]).toEqual([15_000, 0, 15_000]);
  });

  it('an earlier month is told as it ended', async () => {
    const metrics = await metricsOf(
      [
        [
          [OLD, {}],
          [at('2026-11-02'), { status: 'cancelled', ended_by: 'member' }],
        ],
      ],
      '2026-10',
    );
    expect(metrics).toMatchObject({
      active: 1,
      mrr_cents: 15_000,
      current: { month: '2026-10', churn_cents: 0 },
      previous: { month: '2026-09' },
    });
    expect(metrics.at).toBe('2026-11-01T00:00:00-04:00');
  });

  it('one person with two memberships is one member, and no churn while one of them goes on', async () => {
    const tenant_id = randomUUID();
    const ada = aPatient({ tenant_id });
    const [ended, other] = [
      aMembership(ada, [
        [OLD, {}],
        [at('2026-11-02'), { status: 'cancelled', ended_by: 'member' }],
      ]),
      aMembership(ada, [[OLD, { plan: 'Weight', price_cents: 20_000 }]]),
    ];
    await record.load({
      tenant_id,
      patients: [ada],
      memberships: [ended.membership, other.membership],
      membership_events: [...ended.events, ...other.events],
    });
    const metrics = await record.ask((native) => native.memberships.metrics({ month: '2026-11' }), { tenant_id });
    expect(metrics).toMatchObject({ active: 1, mrr_cents: 20_000, by_plan: [{ plan: 'Weight', members: 1, mrr_cents: 20_000 }] });
    expect(metrics.current).toMatchObject({ churn_cents: 0, contraction_cents: 15_000, churned_members: 0 });
  });

  it('without members at the start there is no churn rate', async () => {
    expect((await metricsOf([[[at('2026-11-03'), {}]]])).current.logo_churn).toEqual({ numerator: 0, denominator: 0 });
  });
});

describe('on any history of members', () => {
  const Event = fc.record({
    day: fc.integer({ min: 1, max: 110 }),
    status: fc.constantFrom('trialing', 'active', 'active', 'past_due', 'paused', 'cancelled', 'unpaid'),
    interval: fc.constantFrom('month', 'quarter', 'year'),
    price_cents: fc.constantFrom(0, 9_900, 14_901, 99_000),
    discount: fc.constantFrom('none', 'permanent', 'finite'),
    discount_cents: fc.constantFrom(0, 1_000, 2_501),
    cancel: fc.option(fc.integer({ min: 0, max: 60 }), { nil: null, freq: 5 }),
  });
  const instant = (day: number) => new Date(Date.UTC(2026, 7, 10) + day * 86_400_000).toISOString();
  const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

  it('the bridge leads from the MRR of the start to that of the end, as recomputed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(Event, { minLength: 1, maxLength: 5, selector: ({ day }) => day }), { minLength: 1, maxLength: 8 }),
        async (people) => {
          const histories = people.map((events) =>
            [...events]
              .sort((a, b) => a.day - b.day)
              .map(
                ({ day, cancel, ...state }) =>
                  [instant(day), { ...state, cancel_at: cancel === null ? null : instant(day + cancel) }] as const,
              ),
          );
          const mrrAt = (when: string) =>
            histories.reduce((sum, events) => {
              const [, last] = events.filter(([since]) => since < when).at(-1) ?? [];
              if (!last || !['active', 'past_due'].includes(last.status) || (last.cancel_at !== null && last.cancel_at <= when)) return sum;
              const price = last.price_cents - (last.discount === 'permanent' ? Math.min(last.discount_cents, last.price_cents) : 0);
              return sum + Math.round(price / MONTHS[last.interval]);
            }, 0);
          const metrics = await metricsOf(histories, '2026-10');
          for (const bridge of [metrics.current, metrics.previous]) {
            const { start_mrr_cents, new_cents, expansion_cents, reactivation_cents, contraction_cents, churn_cents, end_mrr_cents } =
              bridge;
            expect(start_mrr_cents + new_cents + expansion_cents + reactivation_cents - contraction_cents - churn_cents).toBe(
              end_mrr_cents,
            );
            expect(bridge.churned_voluntary + bridge.churned_involuntary + bridge.churned_by_clinic).toBe(bridge.churned_members);
            expect(bridge.gross_revenue_retention.numerator).toBeLessThanOrEqual(start_mrr_cents);
          }
          expect([metrics.previous.start_mrr_cents, metrics.current.start_mrr_cents, metrics.mrr_cents]).toEqual(
            ['2026-09-01T04:00:00.000Z', '2026-10-01T04:00:00.000Z', '2026-11-01T04:00:00.000Z'].map(mrrAt),
          );
          expect(metrics.previous.end_mrr_cents).toBe(metrics.current.start_mrr_cents);
        },
      ),
      { numRuns: 100, seed: 11 },
    );
  });
});
