// What the clinic's people ask of each other, by arc, as they write it: thyroid, chronic disease, everything else.
import type { TaskRow } from '../rows-practice.ts';

export interface PlannedTask {
  ago: number;
  kind: TaskRow['kind'];
  title: string;
  /** Telling of it tells of the patient's health. */
  clinical?: true;
  owner: 'clinician' | 'nurse' | 'front_desk' | 'scheduler' | 'biller' | 'quality';
  /** Nobody in person: whoever of that role takes it. */
  unclaimed?: true;
  priority?: TaskRow['priority'];
  /** Days from its making to when it is due, and to when it was done with. */
  due?: number;
  done?: number;
  status?: TaskRow['status'];
  /** The draw whose newest abnormal result it is about. */
  draw?: string;
}

export const OTHER_TASKS: Readonly<Record<string, readonly PlannedTask[]>> = {
  'thyroid.over': [
    {
      ago: 40,
      kind: 'lab_follow_up',
      title: 'TSH 0.004 - two bottles again? call daughter',
      clinical: true,
      owner: 'nurse',
      priority: 'urgent',
      due: 1,
      done: 2,
      draw: 'e',
    },
    {
      ago: 33,
      kind: 'lab_follow_up',
      title: 'TSH, FT4 6 weeks after stopping the 88',
      clinical: true,
      owner: 'nurse',
      due: 42,
      status: 'requested',
    },
  ],
  'thyroid.hashimoto': [{ ago: 47, kind: 'paperwork', title: 'Travel letter + 90 day fill', owner: 'front_desk', due: 3, done: 1 }],
  'thyroid.twin': [
    {
      ago: 1,
      kind: 'other',
      title: 'Texts go to the wrong twin, separate phone on file',
      owner: 'front_desk',
      unclaimed: true,
      due: 5,
      status: 'requested',
    },
  ],
  'dm.improving': [
    {
      ago: 7,
      kind: 'paperwork',
      title: 'CDL diabetes form p. 1-4, signature on p. 3',
      clinical: true,
      owner: 'clinician',
      due: 12,
      status: 'requested',
    },
  ],
  'dm.none': [
    { ago: 100, kind: 'outreach', title: 'No A1c > 12 mo, letter #2', clinical: true, owner: 'quality', due: 21, done: 4 },
    { ago: 3, kind: 'scheduling', title: 'Annual not before 11, call daughter', owner: 'scheduler', due: 2, status: 'requested' },
  ],
  'dm.ifcc': [
    { ago: 3, kind: 'billing', title: 'Copay posted twice? receipt coming by portal', owner: 'biller', due: 4, status: 'requested' },
  ],
  'ckd.equation': [
    {
      ago: 145,
      kind: 'lab_follow_up',
      title: 'Critical K 6.8 hemolyzed, redraw in AM',
      clinical: true,
      owner: 'nurse',
      priority: 'stat',
      due: 1,
      done: 1,
      draw: 'k68',
    },
  ],
  'ckd.decline': [
    {
      ago: 24,
      kind: 'lab_follow_up',
      title: 'Nephrology appt before year end - eGFR falling',
      clinical: true,
      owner: 'clinician',
      priority: 'urgent',
      due: 10,
      status: 'in_progress',
      draw: 'f',
    },
    {
      ago: 1,
      kind: 'callback',
      title: 'HH nurse: +5 lb, needs diuretic orders today',
      clinical: true,
      owner: 'clinician',
      priority: 'asap',
      due: 0,
      status: 'requested',
    },
  ],
  'gen.checkup': [
    { ago: 88, kind: 'prior_authorization', title: 'MRI L-spine, PT notes x6 wks', clinical: true, owner: 'nurse', due: 5, done: 2 },
  ],
  'gen.duplicate': [
    {
      ago: 42,
      kind: 'other',
      title: 'Two charts, DOB off by a digit - verify before merge',
      owner: 'front_desk',
      due: 14,
      status: 'requested',
    },
  ],
  'gen.deceased': [
    { ago: 170, kind: 'other', title: 'Condolence card, stop reminders', owner: 'front_desk', due: 5, done: 2 },
    { ago: 180, kind: 'callback', title: 'Weight check call', clinical: true, owner: 'nurse', due: 3, done: 6, status: 'cancelled' },
  ],
  'well.member': [{ ago: 65, kind: 'billing', title: 'Itemized receipt with tax ID', owner: 'biller', due: 5, done: 12 }],
  'gen.prediabetes': [{ ago: 32, kind: 'scheduling', title: 'Interpreter (Somali) for whole visit', owner: 'scheduler', due: 10, done: 1 }],
};

/** Of no patient. */
export const HOUSE_TASKS: readonly PlannedTask[] = [
  { ago: 12, kind: 'other', title: 'Order 25G x 1" needles, down to 2 boxes', owner: 'nurse', due: 7, status: 'in_progress' },
  { ago: 6, kind: 'other', title: 'Vaccine fridge log: 2 missing days', owner: 'nurse', priority: 'asap', due: 1, done: 1 },
  { ago: 3, kind: 'scheduling', title: 'Cover front desk Thursday pm', owner: 'front_desk', due: 6, status: 'requested' },
];
