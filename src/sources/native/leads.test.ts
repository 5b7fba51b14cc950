import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, type Row, TENANT } from '../../../test/builders/chart.ts';
import { aCharge, aLead, aPayment, aRefund } from '../../../test/builders/money.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { plusDays } from '../../domains/days.ts';
import type { LeadFunnel } from '../../domains/leads.ts';

let record: TestRecord;
beforeAll(async () => {
  record = await aRecord();
});
afterAll(() => record.close());

const SPRING = { from: '2026-05-01', to: '2026-05-31', within_days: 90 };

interface Person extends Row {
  /** A chart made then, with a payment of 100.00 `days` later, of which `back_cents` are given back. */
  pays?: { days: number; back_cents?: number; charted?: string; source?: string };
}

/** The funnel of a clinic with these leads, on 20 November 2026. */
async function funnelOf(people: readonly Person[], query: Partial<typeof SPRING> = {}): Promise<LeadFunnel> {
  const tenant_id = randomUUID();
  const rows = { patients: [] as Row[], charges: [] as Row[], payments: [] as Row[], refunds: [] as Row[], leads: [] as Row[] };
  for (const { pays, ...own } of people) {
    const lead = aLead({ ...own, tenant_id });
    rows.leads.push(lead);
    if (!pays) continue;
    const asked = (lead.created_at as string).slice(0, 10);
    const patient = aPatient({ tenant_id, created_at: pays.charted ?? `${asked}T23:00:00-04:00` });
    lead.patient_id = patient.id;
    const charge = aCharge(patient);
    const payment = aPayment(charge, { posted_on: plusDays(asked, pays.days) });
    rows.patients.push(patient);
    rows.charges.push(charge);
    rows.payments.push(payment);
    if (pays.back_cents) rows.refunds.push(aRefund(payment, { amount_cents: pays.back_cents }));
  }
  await record.load({ tenant_id, ...rows });
  return record.ask(({ leads }) => leads.funnel({ ...SPRING, ...query }), { tenant_id });
}

const stage = (funnel: LeadFunnel, name: string) => funnel.stages.find((each) => each.stage === name);

describe('a person', () => {
  it('is one by phone, however often they asked; the first time tells day and source', async () => {
    const phone = '+15405550101';
    const funnel = await funnelOf([
      { phone, source: 'search', created_at: '2026-05-02T10:00:00-04:00' },
      { phone, source: 'referral', created_at: '2026-05-20T10:00:00-04:00', consult_booked_at: '2026-05-21T10:00:00-04:00' },
    ]);
    expect(funnel).toMatchObject({ leads: 1, by_source: [{ source: 'search', leads: 1 }], excluded: [{ reason: 'duplicates', count: 1 }] });
    expect(stage(funnel, 'consult_booked')?.of_cohort).toMatchObject({ numerator: 1, denominator: 1 });
  });

  it('is one by e-mail and name, whatever the case; by e-mail or name alone they are two', async () => {
    const ada = { given_name: 'Ada', family_name: 'Okafor', email: 'ada@example.org' };
    expect((await funnelOf([ada, { ...ada, email: 'ADA@example.org', family_name: 'OKAFOR' }])).leads).toBe(1);
    expect((await funnelOf([ada, { ...ada, given_name: 'Ben' }, { ...ada, email: 'other@example.org' }])).leads).toBe(3);
  });

  it('is one through a chain: phone of the first, e-mail and name of the second', async () => {
    const named = { given_name: 'Ada', family_name: 'Okafor', email: 'ada@example.org' };
    expect(
      (await funnelOf([{ phone: '+15405550101' }, { phone: '+15405550101', ...named }, { phone: '+15405550102', ...named }])).leads,
    ).toBe(1);
  });

  it('without a phone in E.164 and without e-mail and name is nobody else’s', async () => {
    expect((await funnelOf([{ phone: '540-555-0101' }, { phone: '540-555-0101' }, {}, {}])).leads).toBe(4);
  });

  it('who asked before the range is not of its cohort', async () => {
    const phone = '+15405550101';
    const funnel = await funnelOf([{ phone, created_at: '2026-03-02T10:00:00-05:00' }, { phone }]);
    expect(funnel).toMatchObject({ leads: 0, excluded: [{ reason: 'duplicates', count: 1 }] });
  });

  it('spam, tests and patients of before are left out, and counted', async () => {
    const funnel = await funnelOf([
      { kind: 'spam' },
      { kind: 'spam' },
      { kind: 'test' },
      { pays: { days: 3, charted: '2025-05-01T10:00:00-04:00' } },
      {},
    ]);
    expect(funnel).toMatchObject({ leads: 1, stages: [{}, {}, {}, { of_cohort: { numerator: 0, denominator: 1 } }] });
    expect(funnel.excluded).toEqual([
      { reason: 'spam', count: 2 },
      { reason: 'test', count: 1 },
      { reason: 'existing patients', count: 1 },
    ]);
  });
});

describe('the stages', () => {
  it('booked is not attended; each is its own', async () => {
    const funnel = await funnelOf([
      { contacted_at: '2026-05-11T10:00:00-04:00', consult_booked_at: '2026-05-12T10:00:00-04:00' },
      { consult_booked_at: '2026-05-14T10:00:00-04:00', consult_attended_at: '2026-05-20T10:00:00-04:00' },
    ]);
    expect(funnel.stages.map(({ stage: name, of_cohort }) => [name, of_cohort.numerator])).toEqual([
      ['contacted', 1],
      ['consult_booked', 2],
      ['consult_attended', 1],
      ['paying', 0],
    ]);
  });

  it('count within the days allowed, the last of them too', async () => {
    const funnel = await funnelOf([{ pays: { days: 90 } }, { pays: { days: 91 } }]);
    expect(stage(funnel, 'paying')?.of_cohort).toMatchObject({ numerator: 1, denominator: 2, rate: 0.5 });
    expect(stage(await funnelOf([{ pays: { days: 91 } }], { within_days: 91 }), 'paying')?.of_cohort.numerator).toBe(1);
  });

  it('paying is money that stayed: not what was given back in full', async () => {
    const funnel = await funnelOf([{ pays: { days: 5, back_cents: 10_000 } }, { pays: { days: 5, back_cents: 9_999 } }]);
    expect(stage(funnel, 'paying')?.of_cohort.numerator).toBe(1);
  });

  it('give the median of days from the stage before', async () => {
    const funnel = await funnelOf([
      { contacted_at: '2026-05-11T10:00:00-04:00', consult_booked_at: '2026-05-13T10:00:00-04:00' },
      { contacted_at: '2026-05-14T10:00:00-04:00', consult_booked_at: '2026-05-19T10:00:00-04:00' },
    ]);
    expect([stage(funnel, 'contacted')?.median_days, stage(funnel, 'consult_booked')?.median_days]).toEqual([2.5, 3.5]);
    expect(stage(funnel, 'consult_attended')).not.toHaveProperty('median_days');
  });
});

describe('a cohort that is young, and the table of the period (trap 18)', () => {
  it('says how many persons have not had their days yet, and gives the rate of those who had', async () => {
    const funnel = await funnelOf(
      [
        { created_at: '2026-08-20T10:00:00-04:00', pays: { days: 10 } },
        { created_at: '2026-08-22T10:00:00-04:00' },
        { created_at: '2026-08-23T10:00:00-04:00' },
      ],
      { from: '2026-08-01', to: '2026-08-31' },
    );
    expect(funnel).toMatchObject({ leads: 3, immature: true, immature_leads: 1 });
    expect(stage(funnel, 'paying')).toMatchObject({
      of_cohort: { numerator: 1, denominator: 3 },
      of_mature: { numerator: 1, denominator: 2, rate: 0.5 },
    });
    expect((await funnelOf([{}])).immature).toBe(false);
  });

  it('what happened in the range is another table, whoever asked when', async () => {
    const early = { created_at: '2026-04-20T10:00:00-04:00', consult_attended_at: '2026-05-05T10:00:00-04:00' };
    const funnel = await funnelOf([early, early, {}]);
    expect(funnel.period).toMatchObject({ leads: 1, consult_attended: 2 });
    expect(stage(funnel, 'consult_attended')?.of_cohort).toMatchObject({ numerator: 0, denominator: 1 });
  });

  it('days are the clinic’s own: asked at 23:30 on the last of May is May', async () => {
    expect((await funnelOf([{ created_at: '2026-05-31T23:30:00-04:00' }])).leads).toBe(1);
    expect((await funnelOf([{ created_at: '2026-06-01T00:10:00-04:00' }])).leads).toBe(0);
  });

  it('a cohort of nobody has no rate', async () => {
    expect((await funnelOf([])).stages[0]).toEqual({
      stage: 'contacted',
      of_cohort: { numerator: 0, denominator: 0 },
      of_mature: { numerator: 0, denominator: 0 },
    });
  });
});

describe('on any leads', () => {
  const optional = fc.option(fc.nat(120), { nil: null });
  const Lead = fc.record({
    day: fc.nat(90),
    minute: fc.nat(700),
    phone: fc.constantFrom(null, '+15405550101', '+15405550102', '+15405550103'),
    email: fc.constantFrom(null, 'a@example.org', 'b@example.org'),
    given_name: fc.constantFrom('Ada', 'Ben'),
    kind: fc.constantFrom('person', 'person', 'person', 'spam'),
    contacted: optional,
    attended: optional,
  });
  const dayOf = (days: number) => plusDays('2026-04-01', days);

  it('persons and rates are as recomputed by joining all that share a key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(Lead, { maxLength: 14 }), async (given) => {
        const rows = given.map(({ day, minute, contacted, attended, ...own }) => ({
          ...own,
          family_name: 'Okafor',
          asked: dayOf(day),
          created_at: `${dayOf(day)}T${String(8 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00-04:00`,
          contacted_on: contacted === null ? null : dayOf(day + contacted),
          attended_on: attended === null ? null : dayOf(day + attended),
        }));
        const persons: (typeof rows)[] = [];
        for (const row of rows.filter(({ kind }) => kind === 'person')) {
          const same = (other: typeof row) =>
            (row.phone !== null && row.phone === other.phone) ||
            (row.email !== null && row.email === other.email && row.given_name === other.given_name);
          const joined = persons.filter((person) => person.some(same));
          for (const person of joined) persons.splice(persons.indexOf(person), 1);
          persons.push([row, ...joined.flat()]);
        }
        const first = (person: typeof rows) => person.map(({ asked }) => asked).sort()[0] as string;
        const cohort = persons.filter((person) => first(person) >= SPRING.from && first(person) <= SPRING.to);
        const reached = (column: 'contacted_on' | 'attended_on') =>
          cohort.filter((person) => {
            const on = person.flatMap((row) => row[column] ?? []).sort()[0];
            return on !== undefined && on >= first(person) && on <= plusDays(first(person), SPRING.within_days);
          }).length;
        const funnel = await funnelOf(
          rows.map(({ asked, contacted_on, attended_on, ...row }) => ({
            ...row,
            contacted_at: contacted_on && `${contacted_on}T12:00:00-04:00`,
            consult_attended_at: attended_on && `${attended_on}T12:00:00-04:00`,
          })),
        );
        expect(funnel.leads).toBe(cohort.length);
        expect([stage(funnel, 'contacted'), stage(funnel, 'consult_attended')].map((each) => each?.of_cohort.numerator)).toEqual([
          reached('contacted_on'),
          reached('attended_on'),
        ]);
        expect(funnel.by_source.reduce((sum, { leads }) => sum + leads, 0)).toBe(cohort.length);
      }),
      { numRuns: 100, seed: 5 },
    );
  });
});

it('another clinic’s leads are not counted', async () => {
  await record.load({ leads: [aLead()] });
  expect((await funnelOf([])).leads).toBe(0);
  expect((await record.ask(({ leads }) => leads.funnel(SPRING), { tenant_id: TENANT })).leads).toBe(1);
});
