// Care plans of one patient: goals, what is to be done how often, and when somebody noted that it was.
import { dateOf } from '../days.ts';
import type { Sick, To } from './patient.ts';
import { KIND } from './population.ts';
import { line } from './tables.ts';

const S = { plan: 240, activity: 241, done: 242 };

interface Piece {
  kind: 'lab' | 'visit' | 'vital' | 'education' | 'referral' | 'medication_review' | 'screening';
  what: string;
  loinc?: string;
  /** Absent: once. */
  every?: number;
}

interface Plan {
  title: string;
  /** How many of those with the condition have one. */
  share: number;
  goals: readonly (readonly [what: string, loinc: string, low: number | undefined, high: number | undefined, unit: string])[];
  pieces: readonly Piece[];
}

const PRESSURE: Piece = { kind: 'vital', what: 'Blood pressure in the office', loinc: '8480-6', every: 120 };
const REVIEW: Piece = { kind: 'medication_review', what: 'Go through all medicines', every: 180 };

const PLANS: readonly (readonly [keyof Sick, Plan])[] = [
  [
    'diabetes',
    {
      title: 'Type 2 diabetes',
      share: 0.62,
      goals: [['Hemoglobin A1c below 7 %', '4548-4', undefined, 7, '%']],
      pieces: [
        { kind: 'lab', what: 'Hemoglobin A1c', loinc: '4548-4', every: 90 },
        { kind: 'screening', what: 'Dilated eye examination', every: 365 },
        { kind: 'lab', what: 'Urine albumin/creatinine', loinc: '9318-7', every: 365 },
        { kind: 'visit', what: 'Foot examination', every: 365 },
        PRESSURE,
        { kind: 'education', what: 'Diabetes self-management class' },
      ],
    },
  ],
  [
    'kidney',
    {
      title: 'Chronic kidney disease',
      share: 0.6,
      goals: [['eGFR stays above 45', '98979-8', 45, undefined, 'mL/min/{1.73_m2}']],
      pieces: [
        { kind: 'lab', what: 'eGFR', loinc: '98979-8', every: 180 },
        { kind: 'lab', what: 'Potassium', loinc: '2823-3', every: 180 },
        PRESSURE,
        REVIEW,
        { kind: 'referral', what: 'Nephrology visit', every: 365 },
      ],
    },
  ],
  [
    'hypogonadism',
    {
      title: 'Testosterone therapy',
      share: 0.7,
      goals: [['Hematocrit below 52 %', '4544-3', undefined, 52, '%']],
      pieces: [
        { kind: 'lab', what: 'Hematocrit', loinc: '4544-3', every: 180 },
        { kind: 'lab', what: 'Testosterone total', loinc: '2986-8', every: 180 },
        { kind: 'lab', what: 'PSA', loinc: '2857-1', every: 365 },
        { kind: 'visit', what: 'Symptom review', every: 180 },
      ],
    },
  ],
  [
    'pressure',
    {
      title: 'Hypertension',
      share: 0.15,
      goals: [['Systolic below 130', '8480-6', undefined, 130, 'mm[Hg]']],
      pieces: [PRESSURE, REVIEW, { kind: 'education', what: 'Salt and weight counselling' }],
    },
  ],
];

/** One plan, of the first condition that has one. */
export function carePlanLines(to: To): void {
  const found = PLANS.findIndex(([condition, { share }], n) => to.is[condition] && to.chance.uniform(S.plan, n) < share);
  const plan = PLANS[found]?.[1];
  if (plan) planLines(to, plan);
}

function planLines(to: To, { title, goals, pieces }: Plan): void {
  const { chance, person, tenant_id, practitioner_id, last_day, id, lines } = to;
  const start = last_day - chance.int(S.plan, 10, 715, 10);
  const u = chance.uniform(S.plan, 11);
  const status = u < 0.86 ? 'active' : u < 0.91 ? 'on_hold' : u < 0.96 ? 'completed' : u < 0.98 ? 'revoked' : 'draft';
  const end = status === 'completed' ? start + Math.floor(0.8 * (last_day - start)) : u < 0.2 ? start + 730 : undefined;
  const touched = Math.min(last_day, start + chance.int(S.plan, 0, 400, 12));
  const plan = id(KIND.care_plan);
  lines.care_plans.push(
    line(
      ...[tenant_id, plan, person.id, title, status, dateOf(start), end === undefined ? undefined : dateOf(end), practitioner_id],
      `${dateOf(touched)}T18:20:00Z`,
    ),
  );
  for (const [n, [what, loinc, low, high, unit]] of goals.entries())
    lines.care_plan_goals.push(
      line(
        ...[tenant_id, id(KIND.care_goal, n), person.id, plan, what, loinc, low, high, unit, dateOf(start + 365), 'active'],
        ['in_progress', 'improving', 'no_change', 'achieved', 'not_achieved'][chance.int(S.plan, 0, 4, 13 + n)],
      ),
    );
  const wanted = Math.min(pieces.length, 3 + chance.int(S.plan, 0, 3, 20));
  for (const [n, piece] of pieces.slice(0, wanted).entries()) activityLines(to, { n, piece, plan, start });
}

/** Who keeps to it does each about when it is due; one in five things was left long ago. */
function activityLines(to: To, { n, piece, plan, start }: { n: number; piece: Piece; plan: string; start: number }): void {
  const { chance, person, tenant_id, practitioner_id, last_day, id, lines } = to;
  const { kind, what, loinc, every } = piece;
  const first = start + chance.int(S.activity, 7, 60, n * 4);
  const u = chance.uniform(S.activity, n * 4 + 1);
  const isOnceDone = every === undefined && first < last_day - 20 && u < 0.7;
  const status = isOnceDone
    ? 'completed'
    : u > 0.97
      ? 'on_hold'
      : u > 0.95
        ? 'cancelled'
        : first > last_day
          ? 'not_started'
          : 'in_progress';
  const activity = id(KIND.care_activity, n);
  const owner = chance.uniform(S.activity, n * 4 + 2) < 0.4 ? practitioner_id : undefined;
  lines.care_plan_activities.push(line(tenant_id, activity, person.id, plan, kind, what, loinc, status, dateOf(first), every, owner));
  // A result says for itself that it was done.
  if (kind === 'lab' || (every === undefined && !isOnceDone)) return;
  const left = u < 0.2 ? 1 : Number.POSITIVE_INFINITY;
  for (let k = 0, day = first; k < left; k++) {
    day += chance.int(S.done, -5, 25, n * 32 + k);
    if (day > last_day) return;
    lines.care_plan_completions.push(line(tenant_id, id(KIND.care_completion, n * 32 + k), person.id, activity, dateOf(day)));
    if (every === undefined) return;
    day += every;
  }
}
