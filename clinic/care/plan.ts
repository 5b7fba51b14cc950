// A care plan as it is laid down by arc.
import type { CarePlanActivityRow, CarePlanGoalRow, CarePlanRow } from '../rows-practice.ts';

export interface PlannedGoal {
  text: string;
  loinc?: string;
  low?: number;
  high?: number;
  unit?: string;
  /** Days before as_of (negative: ahead) on which it is to be reached. */
  due?: number;
  status?: CarePlanGoalRow['status'];
  achievement?: CarePlanGoalRow['achievement'];
}

export interface PlannedActivity {
  kind: CarePlanActivityRow['kind'];
  text: string;
  /** Any of these results does it; the first is the row's. */
  loinc?: string;
  /** Days; absent: once. */
  every?: number;
  /** Days after the plan's start on which it is first due. */
  first: number;
  /** What was ticked off: the draws with that result (about half of them; the result itself counts anyway), the visits, the weigh-ins, or these days. */
  done?: 'labs' | 'visits' | 'annuals' | 'nurse' | readonly number[];
  status?: CarePlanActivityRow['status'];
  owner?: 'clinician' | 'nurse';
}

export interface PlannedPlan {
  title: string;
  since: number;
  status: CarePlanRow['status'];
  ends?: number;
  /** Days ago of the last change; the start where absent. */
  updated?: number;
  goals: readonly PlannedGoal[];
  activities: readonly PlannedActivity[];
}
