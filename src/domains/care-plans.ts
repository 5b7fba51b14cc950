import * as z from 'zod';
import { Achievement, ActivityKind, ActivityStatus, GoalStatus } from './care-plan-codes.ts';
import type { CarePlanState, CarePlanUpdate } from './care-plan-updates.ts';
import type { Excluded } from './definitions.ts';
import { clinic, system } from './mark.ts';

const Due = {
  due_on: system('partial_date').optional().describe('absent: done, ended or on hold'),
  overdue_days: z.number().int().optional().describe('days past due_on'),
  last_done_on: system('partial_date').optional(),
  every_days: z.number().int().optional().describe('absent: once'),
  done_by: z.enum(['recorded', 'result']).optional().describe('result: a final lab or vital of its LOINC'),
};

/** What is to be done. FHIR CarePlan.activity. */
export const CareActivity = z.object({
  activity_id: system('id'),
  kind: ActivityKind,
  description: clinic(),
  loinc: system('code').optional(),
  status: ActivityStatus,
  ...Due,
  owner: system('person_name').optional(),
});
export type CareActivity = z.infer<typeof CareActivity>;

/** FHIR Goal; measurable where a LOINC and a target stand. */
export const CareGoal = z.object({
  goal_id: system('id'),
  description: clinic(),
  loinc: system('code').optional(),
  target_low: z.number().optional(),
  target_high: z.number().optional(),
  unit: system('unit').optional(),
  due_on: system('partial_date').optional(),
  status: GoalStatus,
  achievement: Achievement.optional(),
  latest_value: z.number().optional().describe('the last final lab or vital of its LOINC'),
  latest_unit: system('unit').optional(),
  latest_on: system('partial_date').optional(),
});
export type CareGoal = z.infer<typeof CareGoal>;

/** FHIR CarePlan. */
export const CarePlan = z.object({
  care_plan_id: system('id'),
  title: clinic(),
  status: z.enum(['draft', 'active', 'on_hold', 'revoked', 'completed']),
  start_on: system('partial_date').optional(),
  end_on: system('partial_date').optional(),
  ended: z.literal(true).optional().describe('its last day is past'),
  author: system('person_name').optional(),
  updated_at: system('instant'),
  goals: z.array(CareGoal),
  activities: z.array(CareActivity),
});
export type CarePlan = z.infer<typeof CarePlan>;

/** One activity of one patient that is due. */
export const CareItem = z.object({
  activity_id: system('id'),
  care_plan_id: system('id'),
  patient_id: system('id'),
  patient: system('person_name'),
  plan: clinic(),
  kind: ActivityKind,
  description: clinic(),
  status: z.enum(['not_started', 'scheduled', 'in_progress']),
  ...Due,
  due_on: system('partial_date'),
  owner: system('person_name').optional(),
});
export type CareItem = z.infer<typeof CareItem>;

/** What a source may support for care plans. */
export interface CarePlans {
  /** Plans of one patient, the active first, then the last updated, from after the record `after`; entered-in-error is left out.
   *  Due: `first_due_on`, afterwards the last time done and `every_days`, never before the first. Done is a completion, or a final result of the activity's
   *  LOINC; once is done by a result only from the plan's start on. Throws Fault not_found (patient), invalid_input (stale cursor). */
  list(query: {
    patient_id: string;
    active_only: boolean;
    limit: number;
    after?: string | undefined;
  }): Promise<{ care_plans: CarePlan[]; more: boolean }>;
  /** Activities of active plans due by `today` + `within_days`, longest due first, from after the record `after`. On hold, ended and of patients who
   *  are inactive, deceased or merged is left out and counted. `total` and `overdue` come with the first page.
   *  Throws Fault invalid_input (stale cursor, unknown practitioner). */
  due(query: {
    within_days: number;
    practitioner_id?: string | undefined;
    kind?: z.infer<typeof ActivityKind> | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ items: CareItem[]; more: boolean; summary?: { total: number; overdue: number; patients: number; excluded: Excluded } }>;
  /** A plan as it stands, of which an update is drafted. `exclusive`: in the transaction of a signature, and nobody signs another of this plan meanwhile.
   *  Throws Fault not_found (patient, plan), conflict (a merged chart, a patient who died, a plan that has ended). */
  updatable(query: { patient_id: string; care_plan_id: string; exclusive?: boolean }): Promise<CarePlanState>;
  /** Writes an update of a plan that was found as it was shown. The same draft writes once. */
  update(update: CarePlanUpdate & { draft_id: string; updated_at: string }): Promise<void>;
}
