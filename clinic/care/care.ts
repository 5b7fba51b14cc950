// What is planned with one patient, and what was asked of others and of payers.
import type { LabFact } from '../labs/fact.ts';
import type { CoverageRow } from '../rows.ts';
import type { PracticeChart, PriorAuthorizationRow, ReferralRow } from '../rows-practice.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import { type AuthorizationFact, authorizationsOf } from './authorizations.ts';
import { type PlanFact, plansOf } from './plans.ts';
import { priorAuthorizationsOf } from './prior-authorizations.ts';
import { referralsOf } from './referrals.ts';

export interface Care {
  plans: PlanFact[];
  referrals: ReferralRow[];
  priors: PriorAuthorizationRow[];
  authorizations: AuthorizationFact[];
}

interface Past {
  visits: readonly VisitFact[];
  labs: readonly LabFact[];
  coverages: readonly CoverageRow[];
}

export function careOf(setting: Setting, { visits, labs, coverages }: Past): Care {
  const priors = priorAuthorizationsOf(setting, coverages);
  return {
    plans: plansOf(setting, { visits, labs }),
    referrals: referralsOf(setting),
    priors,
    authorizations: authorizationsOf(setting, { coverages, priors }),
  };
}

type CareRows = Omit<PracticeChart, 'messages' | 'message_consents' | 'tasks' | 'refill_requests' | 'intake_forms'>;

export function careRows({ plans, referrals, priors, authorizations }: Care): CareRows {
  const activities = plans.flatMap((plan) => plan.activities);
  return {
    care_plans: plans.map(({ row }) => row),
    care_plan_goals: plans.flatMap(({ goals }) => goals),
    care_plan_activities: activities.map(({ row }) => row),
    care_plan_completions: activities.flatMap(({ done }) => done),
    referrals,
    prior_authorizations: priors,
    authorizations: authorizations.map(({ row }) => row),
    authorization_uses: authorizations.flatMap(({ uses }) => uses),
  };
}
