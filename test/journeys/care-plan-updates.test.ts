// Changes of care plans: from what an AI proposes to the rows that a licensed signature writes, and what the care-plan tools say of them.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/governance/roles.ts';
import { loadRows } from '../../src/sources/native/load.ts';
import { type Attending, startAttending, TODAY } from '../app.ts';
import { aCarePlan, aGoal, anActivity } from '../builders/care.ts';
import { aPatient, type Row } from '../builders/chart.ts';
import { drafting } from '../builders/drafting.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool, EVERY_TOOLSET } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let elsewhere: string;
let physician: Login;
let nurse: Login;
let desk: ReturnType<typeof drafting>;
beforeAll(async () => {
  attending = await startAttending();
  desk = drafting(attending);
  [tenant_id, elsewhere] = attending.tenants.map((tenant) => tenant.tenant_id) as [string, string];
  physician = await aLogin(attending, { tenant_id, role: 'physician' });
  nurse = await aLogin(attending, { tenant_id, role: 'nurse' });
});
afterAll(() => attending.close());

let patients = 0;
const newPatient = (own: Row = {}): Row => {
  patients += 1;
  return aPatient({ tenant_id, mrn: `SYN-93${patients}`, birth_date: '1961-03-04', ...own });
};
const asked = async (tool: string, args: object, role: Role = 'physician') =>
  (await callTool(attending.url, attending.tokens[role], tool, args, EVERY_TOOLSET)).result?.structuredContent as Record<string, Row[]>;
const licence = (user_id: string, set: string) => attending.admin.query(`update data.licences set ${set} where user_id = $1`, [user_id]);

describe('draft_care_plan_update', () => {
  async function aPlan(own: Row = {}) {
    const patient = newPatient();
    const plan = aCarePlan(patient, own);
    const goal = aGoal(patient, { care_plan_id: plan.id });
    const [lab, visit] = [
      anActivity(patient, { care_plan_id: plan.id, every_days: 90 }),
      anActivity(patient, { care_plan_id: plan.id, kind: 'visit', description: 'Visit with the dietitian' }),
    ];
    await loadRows(attending.admin, {
      patients: [patient],
      care_plans: [plan],
      care_plan_goals: [goal],
      care_plan_activities: [lab, visit],
    });
    return {
      patient_id: patient.id as string,
      care_plan_id: plan.id as string,
      goal_id: goal.id as string,
      lab: lab.id as string,
      visit: visit.id as string,
    };
  }
  const ids = ({ patient_id, care_plan_id }: { patient_id: string; care_plan_id: string }) => ({ patient_id, care_plan_id });
  const planOf = async (patient_id: string) =>
    (await asked('get_care_plans', { patient_id })).care_plans?.[0] as Row & Record<'goals' | 'activities', Row[]>;
  const A1C = { description: 'A1c below 7 by spring', loinc: '4548-4', target_high: 7, unit: '%', due_on: '2027-03-01' };

  it('writes all that it says once a nurse with a licence has signed it, and the care-plan tools show it at once', async () => {
    const it_ = await aPlan();
    const due = async () => ((await asked('find_care_plan_items_due', { limit: 1000 })).items ?? []).map(({ activity_id }) => activity_id);
    expect(await due()).toEqual(expect.arrayContaining([it_.lab, it_.visit]));
    const { draft_id } = await desk.draft(
      'draft_care_plan_update',
      {
        ...ids(it_),
        add_goals: [A1C],
        goals: [{ goal_id: it_.goal_id, status: 'completed', achievement: 'achieved' }],
        add_activities: [{ kind: 'education', description: 'Class on carbohydrates', first_due_on: '2026-12-01' }],
        activities: [{ activity_id: it_.lab, status: 'scheduled', every_days: 180 }],
        done: [{ activity_id: it_.visit, done_on: '2026-11-16' }],
      },
      'quality',
    );
    const { payload } = await desk.shownTo(nurse, draft_id);
    expect(payload).toMatchObject({
      plan: 'Diabetes',
      goals: [{ description: 'A1c below 7', before: { status: 'active' }, after: { status: 'completed', achievement: 'achieved' } }],
      activities: [{ before: { status: 'in_progress', every_days: 90 }, after: { status: 'scheduled', every_days: 180 } }],
      done: [{ description: 'Visit with the dietitian', done_on: '2026-11-16' }],
    });
    expect((await planOf(it_.patient_id)).goals).toHaveLength(1);
    expect(await desk.sign(nurse, draft_id)).toMatchObject({ status: 200, json: { record_id: it_.care_plan_id } });
    const plan = await planOf(it_.patient_id);
    expect(plan.updated_at).toBe('2026-11-20T10:00:00-05:00');
    expect(plan.goals).toContainEqual(
      expect.objectContaining({
        description: A1C.description,
        loinc: '4548-4',
        target_high: 7,
        unit: '%',
        due_on: '2027-03-01',
        status: 'active',
      }),
    );
    expect(plan.goals).toContainEqual(expect.objectContaining({ goal_id: it_.goal_id, status: 'completed', achievement: 'achieved' }));
    expect(plan.activities).toContainEqual(expect.objectContaining({ activity_id: it_.lab, status: 'scheduled', every_days: 180 }));
    expect(plan.activities).toContainEqual(
      expect.objectContaining({ activity_id: it_.visit, last_done_on: '2026-11-16', done_by: 'recorded' }),
    );
    expect(plan.activities).toContainEqual(expect.objectContaining({ kind: 'education', status: 'not_started', due_on: '2026-12-01' }));
    expect(await due()).toContain(it_.lab);
    expect(await due()).not.toContain(it_.visit);
  });

  it('is signed by a licence, whatever the role', async () => {
    const it_ = await aPlan();
    const { draft_id } = await desk.draft('draft_care_plan_update', { ...ids(it_), done: [{ activity_id: it_.visit, done_on: TODAY }] });
    expect((await desk.sign(await aLogin(attending, { tenant_id, role: 'quality' }), draft_id)).status).toBe(404);
    await licence(nurse.user_id, "expires_on = '2026-11-01'");
    expect((await desk.sign(nurse, draft_id)).status).toBe(403);
    await licence(nurse.user_id, "expires_on = '2999-01-01'");
    expect((await desk.sign(nurse, draft_id)).status).toBe(200);
  });

  verifies('plans:to-the-plan-that-was-shown', async () => {
    const it_ = await aPlan();
    const done = (done_on: string) => desk.draft('draft_care_plan_update', { ...ids(it_), done: [{ activity_id: it_.visit, done_on }] });
    const many = await Promise.all(Array.from({ length: 12 }, (_, n) => done(`2026-10-${n + 10}`)));
    expect(
      await desk.signAtOnce(
        physician,
        many.map(({ draft_id }) => draft_id),
      ),
    ).toEqual([200, ...Array(11).fill(409)]);
    expect(await desk.asked('select from data.care_plan_completions where activity_id = $1', [it_.visit])).toHaveLength(1);
    const { draft_id } = await done('2026-11-18');
    for (const change of [
      [
        "update data.care_plan_goals set description = 'A1c below 8' where id = $1",
        "update data.care_plan_goals set description = 'A1c below 7' where id = $1",
        it_.goal_id,
      ],
      [
        "update data.care_plans set status = 'on_hold' where id = $1",
        "update data.care_plans set status = 'active' where id = $1",
        it_.care_plan_id,
      ],
      [
        'update data.care_plan_activities set every_days = 30 where id = $1',
        'update data.care_plan_activities set every_days = 90 where id = $1',
        it_.lab,
      ],
    ] as const) {
      await attending.admin.query(change[0], [change[2]]);
      expect((await desk.sign(physician, draft_id)).status).toBe(409);
      await attending.admin.query(change[1], [change[2]]);
    }
    expect((await desk.sign(physician, draft_id)).status).toBe(200);
  });

  it('refuses a goal that cannot be measured, a day to come, what stands so already, and nothing at all', async () => {
    const it_ = await aPlan();
    const of = (wish: object) => ({ ...ids(it_), ...wish });
    await desk.refused('draft_care_plan_update', of({}), /Nothing is to change/);
    const { unit: _, ...unitless } = A1C;
    await desk.refused('draft_care_plan_update', of({ add_goals: [unitless] }), /a measurable goal has loinc, unit and target/);
    await desk.refused('draft_care_plan_update', of({ add_goals: [{ ...A1C, target_low: 8 }] }), /target_low is above/);
    await desk.refused('draft_care_plan_update', of({ add_goals: [{ ...A1C, loinc: '4548-5' }] }), /no LOINC/);
    await desk.refused(
      'draft_care_plan_update',
      of({ add_goals: [{ description: 'Systolic below 130', loinc: '8480-6', target_high: 130, unit: 'mg' }] }),
      /unit is none that this LOINC/,
    );
    await desk.refused(
      'draft_care_plan_update',
      of({ add_activities: [{ kind: 'visit', description: 'Podiatry', loinc: '4548-4', first_due_on: TODAY }] }),
      /a LOINC is for a lab/,
    );
    await desk.refused('draft_care_plan_update', of({ goals: [{ goal_id: it_.goal_id, status: 'active' }] }), /stands so already/);
    await desk.refused('draft_care_plan_update', of({ activities: [{ activity_id: it_.lab, every_days: 90 }] }), /stands so already/);
    await desk.refused('draft_care_plan_update', of({ done: [{ activity_id: it_.visit, done_on: '2026-11-21' }] }), /in the future/);
    await desk.refused(
      'draft_care_plan_update',
      of({ done: [{ activity_id: it_.visit, done_on: '1950-01-01' }] }),
      /before this patient's birth/,
    );
    const once = { activity_id: it_.visit, done_on: '2026-11-16' };
    await desk.refused('draft_care_plan_update', of({ done: [once, once] }), /there twice/);
    const { draft_id } = await desk.draft('draft_care_plan_update', of({ done: [once] }));
    await desk.sign(physician, draft_id);
    await desk.refused('draft_care_plan_update', of({ done: [once] }), /recorded already/);
    const ended = await aPlan({ status: 'completed' });
    await desk.refused(
      'draft_care_plan_update',
      { ...ids(ended), done: [{ activity_id: ended.visit, done_on: TODAY }] },
      /this plan is completed/,
    );
  });

  it('takes no goal or activity of another plan, no plan of another patient, and none of another clinic', async () => {
    const [it_, other] = [await aPlan(), await aPlan()];
    await desk.refused(
      'draft_care_plan_update',
      { ...ids(it_), goals: [{ goal_id: other.goal_id, status: 'completed' }] },
      /no such goal in this plan/,
    );
    await desk.refused(
      'draft_care_plan_update',
      { ...ids(it_), done: [{ activity_id: other.visit, done_on: TODAY }] },
      /no such activity in this plan/,
    );
    const wish = { done: [{ activity_id: it_.visit, done_on: TODAY }] };
    const none = await desk.refused(
      'draft_care_plan_update',
      { ...wish, patient_id: it_.patient_id, care_plan_id: randomUUID() },
      /no such care plan of this patient/,
    );
    const [theirs] = await desk.asked<{ id: string }>('select id from data.care_plans where tenant_id = $1 limit 1', [elsewhere]);
    for (const care_plan_id of [other.care_plan_id, theirs?.id])
      expect(await desk.refused('draft_care_plan_update', { ...wish, patient_id: it_.patient_id, care_plan_id }, /no such care plan/)).toBe(
        none,
      );
  });

  it('holds what a signer makes of it to the same rules, and to what the record says', async () => {
    const it_ = await aPlan();
    const drafted = async () =>
      (await desk.draft('draft_care_plan_update', { ...ids(it_), add_goals: [A1C], goals: [{ goal_id: it_.goal_id, status: 'on_hold' }] }))
        .draft_id;
    const draft_id = await drafted();
    await desk.revise(physician, draft_id, { add_goals: [{ ...A1C, target_low: 9 }] });
    expect((await desk.sign(physician, draft_id)).status).toBe(400);
    await desk.revise(physician, draft_id, {
      add_goals: [A1C],
      goals: [{ goal_id: it_.goal_id, description: 'Something else', before: { status: 'active' }, after: { status: 'on_hold' } }],
    });
    expect((await desk.sign(physician, draft_id)).status).toBe(409);
    await desk.revise(physician, draft_id, {
      add_goals: [{ ...A1C, description: 'A1c below 7 by summer' }],
      goals: [{ goal_id: it_.goal_id, description: 'A1c below 7', before: { status: 'active' }, after: { status: 'on_hold' } }],
    });
    expect((await desk.sign(physician, draft_id)).status).toBe(200);
    expect((await planOf(it_.patient_id)).goals).toContainEqual(expect.objectContaining({ description: 'A1c below 7 by summer' }));
  });

  it('is held after the inbox was read', async () => {
    const it_ = await aPlan();
    await desk.isHeldAfterTheInbox(physician, 'draft_care_plan_update', {
      ...ids(it_),
      done: [{ activity_id: it_.visit, done_on: TODAY }],
    });
  });
});
