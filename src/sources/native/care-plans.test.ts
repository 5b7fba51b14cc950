import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCarePlan, aCompletion, aGoal, anActivity } from '../../../test/builders/care.ts';
import { aLabResult, aPatient, aPractitioner, type Row } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import type { CarePlans } from '../../domains/care-plans.ts';
import { plusDays } from '../../domains/days.ts';

const cora = aPractitioner({});
const dana = aPractitioner({ given_name: 'Dana', family_name: 'Reyes' });
const [ada, ben, gone] = [aPatient(), aPatient({ given_name: 'Ben', family_name: 'Ruiz' }), aPatient({ deceased_on: '2026-09' })];
const plan = aCarePlan(ada, { author_id: cora.id });
const activity = (own: Row = {}, of = plan, patient = ada) => anActivity(patient, { care_plan_id: of.id, ...own });
const A1C = '4548-4';
const vital = (own: Row) => ({
  tenant_id: ada.tenant_id,
  id: crypto.randomUUID(),
  patient_id: ada.id,
  loinc: '29463-7',
  value: 80,
  unit: 'kg',
  ...own,
});

// Today is 20 November 2026.
const never = activity({ first_due_on: '2026-11-01', every_days: 90, description: 'Foot exam', kind: 'screening', loinc: null });
const recorded = activity({ first_due_on: '2026-02-01', every_days: 30, kind: 'education', owner_id: dana.id });
const by_result = activity({ first_due_on: '2026-02-01', every_days: 90, loinc: A1C });
const once = activity({ first_due_on: '2026-11-20', kind: 'visit', status: 'scheduled' });
const once_done = activity({ first_due_on: '2026-05-01', kind: 'visit' });
const once_by_result = activity({ first_due_on: '2026-03-01', loinc: '13457-7' });
const weighed = activity({ first_due_on: '2026-02-01', every_days: 30, kind: 'vital', loinc: '29463-7' });
const pressure = activity({ first_due_on: '2026-02-01', every_days: 30, kind: 'vital', loinc: '8480-6' });
const early = activity({ first_due_on: '2026-11-10', every_days: 30, loinc: '2345-7' });
const ahead = activity({ first_due_on: '2026-11-27' });
const held = activity({ status: 'on_hold' });
const cancelled = activity({ status: 'cancelled' });
const [on_hold, ended, over, draft, of_ben, of_gone] = [
  aCarePlan(ada, { status: 'on_hold', updated_at: '2026-03-01T09:00:00-05:00' }),
  aCarePlan(ada, { status: 'completed', updated_at: '2026-02-01T09:00:00-05:00' }),
  aCarePlan(ada, { end_on: '2026-11-19' }),
  aCarePlan(ada, { status: 'draft' }),
  aCarePlan(ben, { title: 'Weight', end_on: '2026-11-20' }),
  aCarePlan(gone),
];
const of_others = [
  ...[on_hold, ended, over, draft].map((other) => activity({}, other)),
  activity({}, aCarePlan(ada, { id: of_ben.id }), ben),
  activity({}, of_gone, gone),
];

describe('what a care plan asks for', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      practitioners: [cora, dana],
      patients: [ada, ben, gone],
      lab_results: [
        aLabResult(ada, { loinc: A1C, collected_at: '2026-08-22T08:00:00-04:00', resulted_at: '2026-11-15T08:00:00-05:00' }),
        aLabResult(ada, { loinc: A1C, collected_at: '2026-11-10T08:00:00-05:00', status: 'preliminary' }),
        aLabResult(ada, { loinc: A1C, collected_at: '2026-11-11T08:00:00-05:00', status: 'entered_in_error' }),
        aLabResult(ada, { loinc: A1C, collected_at: '2026-11-12T08:00:00-05:00', status: 'cancelled' }),
        // Before the plan began: what is to be done once is not done by it.
        aLabResult(ada, { loinc: '13457-7', collected_at: '2025-12-31T08:00:00-05:00' }),
        // Drawn long before the first day: the first day stands.
        aLabResult(ada, { loinc: '2345-7', collected_at: '2026-06-01T08:00:00-04:00' }),
      ],
      vital_signs: [
        vital({ taken_at: '2026-11-01T23:30:00-05:00' }),
        vital({ loinc: '85354-9', value: null, systolic: 128, diastolic: 76, unit: 'mm[Hg]', taken_at: '2026-11-18T09:00:00-05:00' }),
      ],
      care_plans: [plan, on_hold, ended, over, draft, of_ben, of_gone, aCarePlan(ada, { status: 'entered_in_error' })],
      care_plan_goals: [
        aGoal(ada, { care_plan_id: plan.id, loinc: A1C, target_high: 7, unit: '%' }),
        aGoal(ada, { care_plan_id: plan.id, description: 'Below 130', loinc: '8480-6', target_high: 130, due_on: '2026-12-01' }),
        aGoal(ada, { care_plan_id: plan.id, status: 'entered_in_error' }),
      ],
      care_plan_activities: [
        ...[never, recorded, by_result, once, once_done, once_by_result, weighed, pressure, early, ahead, held, cancelled],
        ...of_others,
        activity({ status: 'entered_in_error' }),
      ],
      care_plan_completions: [
        aCompletion(ada, { activity_id: recorded.id, done_on: '2026-10-01' }),
        aCompletion(ada, { activity_id: recorded.id, done_on: '2026-10-05' }),
        aCompletion(ada, { activity_id: once_done.id, done_on: '2026-05-03' }),
      ],
    });
  });
  afterAll(() => record.close());
  const due = (query: Partial<Parameters<CarePlans['due']>[0]> = {}) =>
    record.ask(({ care_plans }) => care_plans.due({ within_days: 0, limit: 50, ...query }));
  const dues = async (query = {}) => Object.fromEntries((await due(query)).items.map(({ activity_id, due_on }) => [activity_id, due_on]));

  it('is due on its first day, then so many days after it was last done, by a record or by a final result (trap 1: when it was collected)', async () => {
    expect(await dues()).toEqual({
      [never.id as string]: '2026-11-01',
      [recorded.id as string]: '2026-11-04',
      [by_result.id as string]: '2026-11-20', // 22 August + 90 days
      [once.id as string]: '2026-11-20',
      [once_by_result.id as string]: '2026-03-01',
      [early.id as string]: '2026-11-10',
      [of_others[4]?.id as string]: '2026-02-01',
    });
  });

  it('says how long it is overdue, since when, and by what it was done', async () => {
    const { items } = await due({ practitioner_id: dana.id });
    expect(items).toEqual([
      {
        activity_id: recorded.id,
        care_plan_id: plan.id,
        patient_id: ada.id,
        patient: 'Ada Okafor',
        plan: 'Diabetes',
        kind: 'education',
        description: 'A1c every 90 days',
        status: 'in_progress',
        due_on: '2026-11-04',
        overdue_days: 16,
        last_done_on: '2026-10-05',
        every_days: 30,
        done_by: 'recorded',
        owner: 'Dana Reyes',
      },
    ]);
    const { items: all } = await due({ practitioner_id: cora.id });
    expect(all.find(({ activity_id }) => activity_id === by_result.id)).toMatchObject({ done_by: 'result', last_done_on: '2026-08-22' });
    expect(all.find(({ activity_id }) => activity_id === by_result.id)).not.toHaveProperty('overdue_days');
  });

  it('looks ahead', async () => {
    expect(await dues({ within_days: 7 })).toHaveProperty([ahead.id as string], '2026-11-27');
    expect(await dues({ within_days: 11 })).toMatchObject({ [weighed.id as string]: '2026-12-01' });
    expect(await dues({ within_days: 27 })).not.toHaveProperty([pressure.id as string]);
    expect(await dues({ within_days: 28 })).toMatchObject({ [pressure.id as string]: '2026-12-18' });
  });

  it('counts who and what is due, and what was not looked at', async () => {
    expect((await due()).summary).toEqual({
      total: 7,
      overdue: 5,
      patients: 2,
      excluded: [
        { reason: 'plan on hold', count: 1 },
        { reason: 'plan ended', count: 2 },
        { reason: 'plan in draft', count: 1 },
        { reason: 'activity on hold', count: 1 },
        { reason: 'deceased patients', count: 1 },
      ],
    });
  });

  it('comes in pages, the longest due first', async () => {
    const pages: string[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await due({ limit: 2, after });
      pages.push(...page.items.map(({ activity_id }) => activity_id));
      after = page.items.at(-1)?.activity_id;
      more = page.more;
    }
    const { items } = await due();
    expect(pages).toEqual(items.map(({ activity_id }) => activity_id));
    expect(items.map(({ due_on }) => due_on)).toEqual(items.map(({ due_on }) => due_on).sort());
    await expect(due({ after: ahead.id as string })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('stands in the plans of the patient, the active first, with goals and the last value of each', async () => {
    const list = (query = {}) =>
      record.ask(({ care_plans }) => care_plans.list({ patient_id: ada.id as string, active_only: false, limit: 9, ...query }));
    const { care_plans } = await list();
    expect(care_plans.map(({ status }) => status)).toEqual(['active', 'active', 'on_hold', 'completed', 'draft']);
    const own = care_plans.find(({ care_plan_id }) => care_plan_id === plan.id);
    expect(own).toMatchObject({ title: 'Diabetes', author: 'Cora Lind', start_on: '2026-01-01' });
    expect(own?.goals).toEqual([
      {
        goal_id: expect.any(String),
        description: 'Below 130',
        loinc: '8480-6',
        due_on: '2026-12-01',
        status: 'active',
        target_high: 130,
        latest_value: 128,
        latest_unit: 'mm[Hg]',
        latest_on: '2026-11-18',
      },
      expect.objectContaining({ loinc: A1C, target_high: 7, latest_value: 96, latest_on: '2026-08-22' }),
    ]);
    const told = Object.fromEntries((own?.activities ?? []).map(({ activity_id, due_on }) => [activity_id, due_on]));
    expect(told).toMatchObject({ [weighed.id as string]: '2026-12-01', [ahead.id as string]: '2026-11-27' });
    for (const done of [once_done, held, cancelled]) expect(told[done.id as string]).toBeUndefined();
    expect(care_plans.find(({ care_plan_id }) => care_plan_id === over.id)).toMatchObject({ ended: true });
    expect((await list({ active_only: true })).care_plans.map(({ care_plan_id }) => care_plan_id)).toEqual([plan.id]);
    const one = await list({ limit: 2 });
    const two = await list({ limit: 9, after: one.care_plans.at(-1)?.care_plan_id });
    expect([...one.care_plans, ...two.care_plans]).toEqual(care_plans);
    await expect(list({ patient_id: cora.id })).rejects.toMatchObject({ type: 'not_found' });
  });

  it('is due as the law says, whatever was done when', async () => {
    const day = fc.integer({ min: -400, max: 0 }).map((days) => plusDays('2026-11-20', days));
    const cases = fc.sample(
      fc.record({
        first: day,
        every: fc.option(fc.integer({ min: 1, max: 200 }), { nil: null }),
        done: fc.array(day, { maxLength: 3 }),
        results: fc.array(day, { maxLength: 3 }),
      }),
      { seed: 7, numRuns: 300 },
    );
    const eve = aPatient({ given_name: 'Eve' });
    const own = aCarePlan(eve, { start_on: '2026-01-01' });
    const made = cases.map((given, n) => ({
      ...given,
      row: activity({ first_due_on: given.first, every_days: given.every, loinc: `T-${n}` }, own, eve),
    }));
    await record.load({
      patients: [eve],
      care_plans: [own],
      care_plan_activities: made.map(({ row }) => row),
      care_plan_completions: made.flatMap(({ row, done }) => done.map((done_on) => aCompletion(eve, { activity_id: row.id, done_on }))),
      lab_results: made.flatMap(({ row, results }) =>
        results.map((on) => aLabResult(eve, { loinc: row.loinc, collected_at: `${on}T12:00:00-05:00` })),
      ),
    });
    const lawful = made.map(({ row, first, every, done, results }) => {
      const last = [...done, ...results.filter((on) => every !== null || on >= '2026-01-01')].sort().at(-1);
      const next = every === null || last === undefined ? first : plusDays(last, every);
      return [row.id, every === null && last !== undefined ? undefined : next > first ? next : first];
    });
    const { items } = await due({ limit: 400 });
    const found = new Map(items.map(({ activity_id, due_on }) => [activity_id, due_on]));
    expect(
      lawful.filter(([id, on]) => (typeof on === 'string' && on <= '2026-11-20' ? on : undefined) !== found.get(id as string)),
    ).toEqual([]);
    const plans = await record.ask(({ care_plans }) => care_plans.list({ patient_id: eve.id as string, active_only: true, limit: 1 }));
    const told = new Map(plans.care_plans[0]?.activities.map(({ activity_id, due_on }) => [activity_id, due_on]));
    expect(lawful.filter(([id, on]) => on !== told.get(id as string))).toEqual([]);
  });
});
