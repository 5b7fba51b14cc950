// The memberships that the clinics sell, and how each member's went: when it began, what changed, how it ended. Days before as_of.
import type { MembershipEventRow } from '../rows-money.ts';

export interface Step {
  ago: number;
  status: MembershipEventRow['status'];
  plan: string;
  interval: MembershipEventRow['interval'];
  cents: number;
  discount?: readonly ['permanent' | 'finite', number];
  /** Told to end with the period that is paid for. */
  ends_with_period?: true;
  ended_by?: 'member' | 'clinic' | 'payment_failure';
}
interface Script {
  only?: 'juniper' | 'cedar';
  steps: readonly Step[];
}

type Offer = Pick<Step, 'plan' | 'interval' | 'cents'>;
const TRT: Offer = { plan: 'TRT Complete', interval: 'month', cents: 16_900 };
const TRT_PLUS: Offer = { plan: 'TRT Plus', interval: 'month', cents: 21_900 };
const TRT_QUARTER: Offer = { plan: 'TRT Complete', interval: 'quarter', cents: 47_900 };
const TRT_YEAR: Offer = { plan: 'TRT Complete', interval: 'year', cents: 182_500 };
const WEIGHT: Offer = { plan: 'Weight Care', interval: 'month', cents: 19_900 };
const WEIGHT_PLUS: Offer = { plan: 'Weight Care Plus', interval: 'month', cents: 28_900 };
const WEIGHT_QUARTER: Offer = { plan: 'Weight Care', interval: 'quarter', cents: 56_500 };
const WEIGHT_YEAR: Offer = { plan: 'Weight Care', interval: 'year', cents: 214_900 };
const HORMONE: Offer = { plan: 'Hormone Balance', interval: 'month', cents: 14_900 };
const HORMONE_YEAR: Offer = { plan: 'Hormone Balance', interval: 'year', cents: 159_000 };
const WELLNESS: Offer = { plan: 'Wellness', interval: 'month', cents: 9_900 };
const WELLNESS_YEAR: Offer = { plan: 'Wellness', interval: 'year', cents: 104_500 };
const DIRECT: Offer = { plan: 'Primary Care Direct', interval: 'month', cents: 7_900 };

const on = (ago: number, offer: Offer, more: Partial<Step> = {}): Step => ({ ago, status: 'active', ...offer, ...more });
const off = (ago: number, offer: Offer, ended_by: 'member' | 'payment_failure', status: 'cancelled' | 'unpaid' = 'cancelled'): Step =>
  on(ago, offer, { status, ended_by });

/** By the course of the chart, so that both clinics have one of each. The clinics began to sell memberships some fourteen months before as_of. */
export const SCRIPTS: Record<string, Script> = {
  'trt.stable': { steps: [on(428, { ...TRT, cents: 14_900 }), on(248, TRT)] },
  'trt.unit_switch': { steps: [on(401, TRT_YEAR)] },
  'trt.steady': { steps: [on(379, TRT, { discount: ['permanent', 2_535] })] },
  'trt.titrating': { steps: [on(198, TRT, { discount: ['finite', 5_000] }), on(104, TRT)] },
  'trt.titrating_late': { steps: [on(281, TRT, { status: 'trialing' }), on(267, TRT)] },
  'trt.hct': { steps: [on(419, TRT_QUARTER)] },
  'trt.psa': { steps: [on(409, TRT_PLUS), on(131, TRT)] },
  'trt.stopped': { steps: [on(431, TRT), off(372, TRT, 'member')] },
  'trt.overdue': { steps: [on(388, TRT), on(34, TRT, { status: 'past_due' })] },
  'glp1.plateau': { steps: [on(424, WEIGHT), on(214, WEIGHT_PLUS)] },
  'glp1.gi': { steps: [on(297, WEIGHT), on(57, WEIGHT, { status: 'paused' })] },
  'glp1.refund': { steps: [on(229, WEIGHT), on(131, WEIGHT, { status: 'past_due' }), off(84, WEIGHT, 'payment_failure')] },
  'glp1.steady': { steps: [on(413, WEIGHT_QUARTER)] },
  'glp1.compounded': { steps: [on(377, WEIGHT), off(241, WEIGHT, 'member'), on(163, WEIGHT)] },
  'glp1.forty': { steps: [on(388, WEIGHT_YEAR)] },
  'hrt.patch': { steps: [on(371, HORMONE), on(12, HORMONE, { ends_with_period: true })] },
  'hrt.oral': { steps: [on(394, HORMONE_YEAR)] },
  'hrt.pellets': { steps: [on(359, HORMONE), on(152, { ...HORMONE, cents: 16_400 })] },
  'hrt.stopped': { steps: [on(403, HORMONE), off(134, HORMONE, 'member')] },
  'thyroid.biotin': { steps: [on(221, WELLNESS)] },
  'thyroid.hashimoto': {
    steps: [on(341, WELLNESS), on(108, WELLNESS, { status: 'past_due' }), off(66, WELLNESS, 'payment_failure', 'unpaid')],
  },
  'thyroid.twin': { steps: [on(9, WELLNESS, { status: 'trialing' })] },
  'well.twin': { steps: [on(189, WELLNESS), on(18, WELLNESS, { ends_with_period: true })] },
  'well.member': { steps: [on(399, WELLNESS_YEAR)] },
  'dm.improving': { steps: [on(74, DIRECT, { discount: ['finite', 2_000] })] },
  'dm.controlled': { only: 'juniper', steps: [on(302, DIRECT), off(61, DIRECT, 'member')] },
  'dm.ifcc': { only: 'juniper', steps: [on(208, DIRECT)] },
  'gen.checkup': { steps: [on(263, DIRECT, { discount: ['permanent', 900] })] },
};
