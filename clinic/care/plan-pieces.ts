// Goals and activities that several plans share. Targets are those a US practice would write down (ADA, ACC/AHA, KDIGO, Endocrine Society), as an example.
import type { PlannedActivity, PlannedGoal } from './plan.ts';

export const A1C = '4548-4';
export const a1c = (every: number): PlannedActivity => ({
  kind: 'lab',
  text: `A1c every ${every === 90 ? '3' : '6'} months`,
  loinc: A1C,
  every,
  first: 30,
  done: 'labs',
  owner: 'clinician',
});
export const uacr: PlannedActivity = {
  kind: 'lab',
  text: 'Urine albumin/creatinine yearly',
  loinc: '9318-7',
  every: 365,
  first: 60,
  done: 'labs',
  owner: 'clinician',
};
export const eyes = (...done: number[]): PlannedActivity => ({
  kind: 'referral',
  text: 'Dilated eye exam yearly',
  every: 365,
  first: 90,
  done,
});
export const feet: PlannedActivity = {
  kind: 'screening',
  text: 'Monofilament foot exam yearly',
  every: 365,
  first: 30,
  done: 'annuals',
  owner: 'clinician',
};
export const weigh = (every: number): PlannedActivity => ({
  kind: 'vital',
  text: 'Weight at the clinic scale',
  every,
  first: every,
  done: 'nurse',
  owner: 'nurse',
});
export const hct = (every: number): PlannedActivity => ({
  kind: 'lab',
  text: `Hematocrit every ${every === 182 ? '6' : '3'} months on testosterone`,
  loinc: '4544-3',
  every,
  first: 90,
  done: 'labs',
  owner: 'clinician',
});
export const total: PlannedActivity = {
  kind: 'lab',
  text: 'Total testosterone every 6 months',
  loinc: '2986-8',
  every: 182,
  first: 45,
  done: 'labs',
  owner: 'clinician',
};
export const psa: PlannedActivity = {
  kind: 'lab',
  text: 'PSA yearly',
  loinc: '2857-1',
  every: 365,
  first: 180,
  done: 'labs',
  owner: 'clinician',
};
export const egfr = (loinc: string): PlannedActivity => ({
  kind: 'lab',
  text: 'Creatinine and eGFR every 4 months',
  loinc,
  every: 120,
  first: 30,
  done: 'labs',
  owner: 'clinician',
});
export const pressure: PlannedGoal = {
  text: 'BP below 130/80 on most readings',
  loinc: '8480-6',
  high: 130,
  unit: 'mm[Hg]',
  due: -60,
  achievement: 'in_progress',
};
