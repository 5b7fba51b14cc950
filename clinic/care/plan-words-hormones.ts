// What is planned with whom about hormones and weight, by arc.
import type { PlannedPlan } from './plan.ts';
import { a1c, hct, psa, total, weigh } from './plan-pieces.ts';

const trt = (since: number, more: Partial<PlannedPlan> = {}): PlannedPlan => ({
  title: 'TRT monitoring',
  since,
  status: 'active',
  goals: [
    { text: 'Total testosterone mid-range at trough', loinc: '2986-8', low: 450, high: 700, unit: 'ng/dL', achievement: 'sustaining' },
    { text: 'Hematocrit below 54', loinc: '4544-3', high: 54, unit: '%', achievement: 'sustaining' },
  ],
  activities: [
    hct(182),
    total,
    psa,
    {
      kind: 'medication_review',
      text: 'Review dose, injection technique, side effects',
      every: 182,
      first: 182,
      done: 'visits',
      owner: 'clinician',
    },
  ],
  ...more,
});

const weight = (since: number, target: number, more: Partial<PlannedPlan> = {}): PlannedPlan => ({
  title: 'Weight management',
  since,
  status: 'active',
  goals: [{ text: `Lose ${target} % of starting weight and keep it off`, loinc: '29463-7', due: -90, achievement: 'in_progress' }],
  activities: [
    weigh(60),
    {
      kind: 'education',
      text: 'Protein 80-100 g a day, strength twice a week',
      first: 14,
      done: [since - 20],
      status: 'completed',
      owner: 'nurse',
    },
    { kind: 'medication_review', text: 'Tolerance, dose, refills', every: 90, first: 60, done: 'visits', owner: 'clinician' },
    a1c(180),
  ],
  ...more,
});

const hrt = (since: number, more: Partial<PlannedPlan> = {}): PlannedPlan => ({
  title: 'Menopausal hormone therapy',
  since,
  status: 'active',
  goals: [{ text: 'Fewer than 2 hot flashes a day, sleeping through', achievement: 'improving' }],
  activities: [
    { kind: 'screening', text: 'Mammogram yearly', every: 365, first: 120, done: [since - 110, since - 480] },
    { kind: 'visit', text: 'Review benefit and risk every 6 months', every: 182, first: 90, done: 'visits', owner: 'clinician' },
    { kind: 'lab', text: 'Estradiol after each change of dose', loinc: '35384-7', first: 60, status: 'not_started', owner: 'clinician' },
  ],
  ...more,
});

export const HORMONE_PLANS: Readonly<Record<string, readonly PlannedPlan[]>> = {
  'trt.stable': [trt(720)],
  'trt.titrating': [
    trt(205, {
      activities: [
        hct(90),
        total,
        { kind: 'visit', text: 'Visit 6-8 weeks after each change of dose', every: 56, first: 49, done: 'visits', owner: 'clinician' },
      ],
    }),
  ],
  'trt.hct': [
    trt(700, {
      status: 'on_hold',
      updated: 21,
      goals: [
        {
          text: 'Hematocrit below 52 before testosterone is resumed',
          loinc: '4544-3',
          high: 52,
          unit: '%',
          due: -14,
          achievement: 'worsening',
        },
      ],
    }),
  ],
  'trt.psa': [trt(690, { goals: [{ text: 'PSA velocity below 0.75 a year', loinc: '2857-1', achievement: 'not_achieved' }], updated: 33 })],
  'trt.overdue': [trt(700)],
  'trt.stopped': [trt(670, { status: 'revoked', ends: 452, updated: 452 })],
  'glp1.plateau': [weight(525, 15, { updated: 24 })],
  'glp1.gi': [weight(298, 10, { status: 'on_hold', updated: 246 })],
  'glp1.refund': [weight(236, 10, { status: 'revoked', ends: 150, updated: 150 })],
  'glp1.steady': [weight(645, 15)],
  'hrt.patch': [hrt(500)],
  'hrt.oral': [hrt(700)],
  'hrt.stopped': [hrt(690, { status: 'completed', ends: 279, updated: 279 })],
};
