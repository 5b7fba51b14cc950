// What is planned with whom, by arc: thyroid, chronic disease, everything else.
import type { PlannedPlan } from './plan.ts';
import { A1C, a1c, egfr, eyes, feet, pressure, uacr } from './plan-pieces.ts';

export const OTHER_PLANS: Readonly<Record<string, readonly PlannedPlan[]>> = {
  'thyroid.biotin': [
    {
      title: 'Hyperthyroidism',
      since: 288,
      status: 'entered_in_error',
      goals: [{ text: 'TSH in range', loinc: '3016-3' }],
      activities: [{ kind: 'referral', text: 'Endocrinology', first: 14 }],
    },
  ],
  'thyroid.over': [
    {
      title: 'Osteoporosis and thyroid',
      since: 350,
      status: 'active',
      updated: 34,
      goals: [{ text: 'TSH 1.0-3.0', loinc: '3016-3', low: 1, high: 3, unit: 'u[IU]/mL', due: -45, achievement: 'worsening' }],
      activities: [
        { kind: 'lab', text: 'TSH 6 weeks after any change', loinc: '3016-3', every: 42, first: 42, done: 'labs', owner: 'clinician' },
        { kind: 'screening', text: 'DXA every 2 years', every: 730, first: 330, status: 'scheduled' },
        {
          kind: 'education',
          text: 'One bottle at a time, pill box with daughter',
          first: 300,
          done: [104, 33],
          status: 'completed',
          owner: 'nurse',
        },
      ],
    },
  ],
  'dm.improving': [
    {
      title: 'Type 2 diabetes',
      since: 665,
      status: 'active',
      updated: 30,
      goals: [{ text: 'A1c below 7', loinc: A1C, high: 7, unit: '%', due: -120, achievement: 'improving' }, pressure],
      activities: [
        a1c(90),
        uacr,
        eyes(590, 214),
        feet,
        { kind: 'education', text: 'Diabetes self-management class, 4 sessions', first: 60, done: [580], status: 'completed' },
        { kind: 'medication_review', text: 'Hypoglycemia and refills', every: 180, first: 90, done: 'visits', owner: 'clinician' },
      ],
    },
  ],
  'dm.controlled': [
    {
      title: 'Diabetes',
      since: 640,
      status: 'active',
      goals: [{ text: 'A1c 7-7.5, no lows', loinc: A1C, low: 7, high: 7.5, unit: '%', achievement: 'sustaining' }],
      activities: [a1c(180), uacr, eyes(420), feet],
    },
    {
      title: 'Hypertension',
      since: 640,
      status: 'active',
      goals: [pressure],
      activities: [
        { kind: 'vital', text: 'BP check with home cuff', every: 120, first: 60, done: 'nurse', owner: 'nurse' },
        { kind: 'education', text: 'DASH handout', first: 30, status: 'cancelled' },
      ],
    },
  ],
  'dm.none': [
    {
      title: 'Diabetes',
      since: 695,
      status: 'active',
      goals: [{ text: 'A1c below 8', loinc: A1C, high: 8, unit: '%', due: 200, achievement: 'not_achieved' }],
      activities: [a1c(90), uacr, eyes(), feet],
    },
  ],
  'dm.ifcc': [
    {
      title: 'Diabetes',
      since: 435,
      status: 'active',
      goals: [{ text: 'A1c below 7', loinc: A1C, high: 7, unit: '%', due: 20, achievement: 'achieved' }],
      activities: [a1c(90), uacr, eyes(130), feet],
    },
  ],
  'gen.prediabetes': [
    {
      title: 'Prediabetes and blood pressure',
      since: 640,
      status: 'active',
      goals: [pressure],
      activities: [
        a1c(180),
        { kind: 'vital', text: 'BP check', every: 120, first: 30, done: 'nurse', owner: 'nurse' },
        { kind: 'education', text: 'Diabetes prevention program, Somali group', first: 60, status: 'on_hold' },
      ],
    },
  ],
  'ckd.equation': [
    {
      title: 'CKD 3a',
      since: 660,
      status: 'active',
      goals: [{ text: 'eGFR stable', loinc: '98979-8', low: 45, unit: 'mL/min/{1.73_m2}', achievement: 'sustaining' }, pressure],
      activities: [
        egfr('2160-0'),
        uacr,
        { kind: 'education', text: 'No NSAIDs, also not from neighbors', first: 30, done: [640], status: 'completed', owner: 'clinician' },
      ],
    },
  ],
  'ckd.decline': [
    {
      title: 'CKD 3b, diabetic',
      since: 660,
      status: 'active',
      updated: 17,
      goals: [{ text: 'Slow the fall of eGFR', loinc: '98979-8', low: 30, unit: 'mL/min/{1.73_m2}', due: -30, achievement: 'worsening' }],
      activities: [
        egfr('2160-0'),
        uacr,
        { kind: 'referral', text: 'Nephrology', first: 620, status: 'in_progress', owner: 'clinician' },
        { kind: 'other', text: 'Advance directive on file', first: 365, status: 'not_started' },
        { kind: 'visit', text: 'Visit every 3 months', every: 90, first: 75, done: 'visits', owner: 'clinician' },
      ],
    },
    {
      title: 'Diabetes',
      since: 690,
      status: 'completed',
      ends: 110,
      updated: 110,
      goals: [{ text: 'A1c below 8', loinc: A1C, high: 8, unit: '%', achievement: 'achieved', status: 'completed' }],
      activities: [a1c(180)],
    },
  ],
  'gen.deceased': [
    {
      title: 'Heart failure',
      since: 690,
      status: 'active',
      goals: [{ text: 'No admission in 90 days', achievement: 'not_achieved' }],
      activities: [{ kind: 'vital', text: 'Daily weight, call for +3 lb', every: 30, first: 30, done: 'nurse', owner: 'nurse' }],
    },
  ],
  'well.member': [
    {
      title: 'Preventive',
      since: 120,
      status: 'draft',
      goals: [{ text: 'Colon screening arranged', status: 'proposed' }],
      activities: [{ kind: 'screening', text: 'FIT kit', first: 90, status: 'not_started' }],
    },
  ],
};
