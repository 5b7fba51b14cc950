// What makes plans and permissions look made up: everything done in time, every referral answered, every request granted.
import { dayOf } from './days.ts';
import type { Clinic } from './rows.ts';

type Rule = (clinic: Clinic) => string[];

const offence = (isOne: boolean, text: string) => (isOne ? [text] : []);
const missing = <T extends string>(wanted: readonly T[], there: readonly T[], what: string) =>
  wanted.filter((each) => !there.includes(each)).map((each) => `no ${what} is ${each}`);

export const CARE_RULES = {
  'plans begin in the record, and what is done is done after that': ({
    care_plans,
    care_plan_activities,
    care_plan_completions,
    options,
    patients,
  }) => {
    const plans = new Map(care_plans.map((each) => [each.id, each]));
    const activities = new Map(care_plan_activities.map((each) => [each.id, each]));
    const opened = new Map(patients.map(({ id, created_at }) => [id, created_at.slice(0, 10)]));
    return [
      ...care_plans
        .filter(({ patient_id, start_on }) => start_on !== null && start_on < (opened.get(patient_id) ?? ''))
        .map(({ title }) => `${title} before the chart`),
      ...care_plans
        .filter(({ start_on, end_on }) => end_on !== null && end_on < (start_on ?? ''))
        .map(({ title }) => `${title} ends before it begins`),
      ...care_plan_completions
        .filter(({ activity_id, done_on }) => {
          const plan = plans.get(activities.get(activity_id)?.care_plan_id ?? '');
          return done_on >= options.as_of || done_on < (plan?.start_on ?? '') || done_on > (plan?.end_on ?? '9');
        })
        .map(({ done_on }) => `done on ${done_on}, not in the plan's time`),
      ...missing(
        ['draft', 'active', 'on_hold', 'revoked', 'completed', 'entered_in_error'],
        care_plans.map(({ status }) => status),
        'plan',
      ),
    ];
  },
  'some of it is overdue, some is not': ({ care_plan_activities, care_plan_completions, options }) => {
    const today = dayOf(options.as_of);
    const recurring = care_plan_activities.filter(({ every_days }) => every_days !== null);
    const due = recurring.filter(({ id, every_days, first_due_on }) => {
      const last = care_plan_completions.filter(({ activity_id }) => activity_id === id).map(({ done_on }) => dayOf(done_on));
      return (last.length > 0 ? Math.max(...last) + (every_days ?? 0) : dayOf(first_due_on)) <= today;
    });
    const share = due.length / Math.max(1, recurring.length);
    return offence(share < 0.15 || share > 0.75, `${share.toFixed(2)} of the activities are due`);
  },
  'a referral is made, sent, seen and answered in that order, and not all are answered': ({ referrals, options }) => [
    ...referrals
      .filter(({ created_on, sent_on, scheduled_on, report_received_on }) => {
        const steps = [created_on, sent_on, scheduled_on, report_received_on].filter((each) => each !== null);
        return steps.some((each, i) => i > 0 && each < (steps[i - 1] as string));
      })
      .map(({ specialty }) => `${specialty}: out of order`),
    ...referrals
      .filter(({ created_on, sent_on, report_received_on }) =>
        [created_on, sent_on, report_received_on].some((on) => on !== null && on >= options.as_of),
      )
      .map(({ specialty }) => `${specialty}: not yet`),
    ...offence(
      !referrals.some(({ status, report_received_on }) => status === 'completed' && report_received_on === null),
      'every closed referral has its report',
    ),
    ...offence(
      !referrals.some(
        ({ report_received_on, scheduled_on, sent_on }) => sent_on !== null && scheduled_on === null && report_received_on === null,
      ),
      'every referral has a date',
    ),
    ...offence(
      !referrals.some(({ status, expires_on }) => status === 'active' && expires_on !== null && expires_on < options.as_of),
      'none has expired',
    ),
    ...missing(
      ['draft', 'active', 'on_hold', 'revoked', 'completed', 'entered_in_error'],
      referrals.map(({ status }) => status),
      'referral',
    ),
    ...missing(
      ['outgoing', 'incoming'],
      referrals.map(({ direction }) => direction),
      'referral',
    ),
  ],
  'payers also refuse, ask again and let wait': ({ prior_authorizations, coverages }) => {
    const plans = new Map(coverages.map((each) => [each.id, each]));
    return [
      ...missing(
        ['draft', 'submitted', 'pended', 'approved', 'partially_approved', 'denied', 'cancelled'],
        prior_authorizations.map(({ status }) => status),
        'request',
      ),
      ...prior_authorizations
        .filter(({ coverage_id }) => plans.get(coverage_id ?? '')?.kind === 'self_pay')
        .map(({ service_name }) => `${service_name} asked of the patient's purse`),
      ...prior_authorizations
        .filter(({ status, decision_code }) => (status === 'denied') !== (decision_code !== null))
        .map(({ service_name }) => `${service_name} denied without a code`),
      ...prior_authorizations
        .filter(({ requested_at, decided_at }) => decided_at !== null && Date.parse(decided_at) <= Date.parse(requested_at ?? ''))
        .map(({ service_name }) => `${service_name} decided before it was asked`),
    ];
  },
  'units are given in their period, and some grants run out': ({ authorizations, authorization_uses, options }) => {
    const grants = new Map(authorizations.map((each) => [each.id, each]));
    const left = authorizations
      .filter(({ status }) => status === 'active')
      .map(({ id, total_units }) => {
        const units = (...statuses: string[]) =>
          authorization_uses
            .filter((use) => use.authorization_id === id && statuses.includes(use.status))
            .reduce((sum, use) => sum + use.units, 0);
        return {
          share: (total_units - units('verified', 'delivered')) / total_units,
          available: total_units - units('verified', 'delivered', 'scheduled'),
        };
      });
    return [
      ...authorization_uses
        .filter(({ authorization_id, service_on }) => {
          const grant = grants.get(authorization_id);
          return grant === undefined || service_on < grant.period_start || service_on > grant.period_end;
        })
        .map(({ service_on }) => `given on ${service_on}, outside the period`),
      ...authorization_uses
        .filter(({ status, service_on }) => (status === 'delivered' || status === 'verified') && service_on >= options.as_of)
        .map(({ service_on }) => `given on ${service_on}, not yet`),
      ...authorization_uses
        .filter(({ status, billed, paid }) => (billed && status !== 'verified') || (paid && !billed))
        .map(({ service_on }) => `billed before it was verified: ${service_on}`),
      ...offence(!left.some(({ available }) => available < 0), 'nobody is booked beyond what was granted'),
      ...offence(!left.some(({ share }) => share < 0.25), 'no grant is nearly used up'),
      ...offence(!authorizations.some(({ period_end }) => period_end < options.as_of), 'no grant has ended'),
      ...missing(
        ['active', 'cancelled', 'entered_in_error'],
        authorizations.map(({ status }) => status),
        'grant',
      ),
    ];
  },
} as const satisfies Record<string, Rule>;
