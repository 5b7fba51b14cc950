import * as z from 'zod';
import { ACTIVITY_KINDS, CareItem, CarePlan } from '../domains/care-plans.ts';
import { DefinitionId, Excluded } from '../domains/definitions.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { operation, pageOf, paging } from './operation.ts';

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
    kind: z.enum(ACTIVITY_KINDS).optional(),
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
