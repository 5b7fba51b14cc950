import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { ActivityKind } from '../domains/care-plan-codes.ts';
import { ActivityChange, CarePlanUpdate, Done, GoalChange, NewActivity, NewGoal, updateOf, wishOf } from '../domains/care-plan-updates.ts';
import { CareItem, CarePlan } from '../domains/care-plans.ts';
import { DefinitionId, Excluded } from '../domains/definitions.ts';
import { clear, recordId } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { draft, operation, pageOf, paging, repeatable } from './operation.ts';

export const getCarePlans = operation({
  name: 'get_care_plans',
  title: 'Get care plans',
  description:
    'Care plans of one patient: goals with target and last value, activities with when they were last done and are next due. Call search_patients first. For what is due across all patients use find_care_plan_items_due.',
  toolset: 'quality',
  rest: 'GET /patients/{patient_id}/care-plans',
  doors: ['mcp', 'rest'],
  permission: 'care_plans:read',
  effect: 'read',
  needs: ['care_plans.list'],
  page: { list: 'care_plans', id: 'care_plan_id' },
  input: z.object({ patient_id: PatientId, active_only: z.boolean().default(false), ...paging(5) }),
  output: z.object({ care_plans: z.array(CarePlan) }),
  async run({ care_plans }, { patient_id, active_only, ...page }) {
    return care_plans.list({ patient_id, active_only, ...pageOf(page) });
  },
});

export const findCarePlanItemsDue = operation({
  name: 'find_care_plan_items_due',
  title: 'Find care-plan items due',
  description:
    'Care-plan activities due or overdue across all patients, longest overdue first: labs, visits, vitals, education, reviews that a plan asks for. within_days looks ahead; 0 is due by today. For quality-measure gaps use find_care_gaps; for one patient get_care_plans.',
  toolset: 'quality',
  rest: 'GET /care-plan-items-due',
  doors: ['mcp', 'rest'],
  permission: 'care_plans:read',
  effect: 'read',
  needs: ['care_plans.due'],
  page: { list: 'items', id: 'activity_id' },
  input: z.object({
    within_days: z.number().int().min(0).max(366).default(0),
    provider_id: PractitionerId.optional(),
    kind: ActivityKind.optional(),
    ...paging(20),
  }),
  output: z.object({
    definition: DefinitionId,
    total: z.number().int().optional().describe('items due'),
    overdue: z.number().int().optional(),
    patients: z.number().int().optional(),
    items: z.array(CareItem),
    excluded: Excluded.optional(),
  }),
  async run({ care_plans }, { within_days, provider_id, kind, ...page }) {
    const { summary, ...found } = await care_plans.due({ within_days, practitioner_id: provider_id, kind, ...pageOf(page) });
    return { definition: 'care_plan_due@1', ...summary, ...found };
  },
});

const CarePlanId = clear(recordId('call get_care_plans for this patient and use a care_plan_id of the answer'));
/** Changes of one kind in one draft: what a person can read before she signs. */
const few = <T extends z.ZodType>(each: T) => z.array(each).max(10).default([]);

export const draftCarePlanUpdate = draft({
  name: 'draft_care_plan_update',
  title: 'Draft a care-plan update',
  description:
    'Drafts changes of a care plan for a licensed clinician to sign: add_goals (measurable: loinc, unit, target), a goal’s status or achievement, add_activities, an activity’s status or recurrence, and done: that an activity was completed, with its day. Ids come from get_care_plans. Refused at the signature if somebody changed it meanwhile.',
  toolset: 'quality',
  rest: 'POST /patients/{patient_id}/care-plan-update-drafts',
  doors: ['mcp', 'rest'],
  permission: 'care_plans:draft',
  kind: 'care_plan_update_draft',
  sign: 'sign_care_plans',
  needs: ['care_plans.updatable'],
  commits: ['care_plans.updatable', 'care_plans.update'],
  input: z.object({
    patient_id: PatientId,
    care_plan_id: CarePlanId,
    add_goals: few(NewGoal),
    goals: few(GoalChange),
    add_activities: few(NewActivity),
    activities: few(ActivityChange),
    done: few(Done),
    ...repeatable,
  }),
  payload: CarePlanUpdate,
  async run({ care_plans, today }, { patient_id, care_plan_id, request_key: _, ...wish }) {
    return updateOf({ patient_id, care_plan_id, today }, wish, await care_plans.updatable({ patient_id, care_plan_id }));
  },
  async commit({ care_plans, now, today, draft_id }, shown) {
    const { patient_id, care_plan_id } = shown;
    const state = await care_plans.updatable({ patient_id, care_plan_id, exclusive: true });
    if (state.plan_state !== shown.plan_state)
      throw new Fault(
        'conflict',
        'This care plan changed since the draft was made. Reject it and have it drafted anew from how the plan stands.',
      );
    const update = updateOf({ patient_id, care_plan_id, today }, wishOf(shown), state);
    if (JSON.stringify(update) !== JSON.stringify(shown))
      throw new Fault('conflict', 'What this draft says of the plan is not what the record says.');
    await care_plans.update({ ...update, draft_id, updated_at: now.toISOString() });
    return { record_id: care_plan_id };
  },
});
