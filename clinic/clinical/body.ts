// Height, weight and blood pressure of one person on one day: a set point of their own, and what age, disease and drugs make of it.
import { ageOn, type Day } from '../days.ts';
import { type Exposure, felt } from '../labs/physiology.ts';
import type { Taken } from '../medications/courses.ts';
import type { DrugKey } from '../medications/drugs.ts';
import { assumedBirthDate } from '../people/person.ts';
import type { Setting } from '../setting.ts';

export interface Physique {
  height_cm: number;
  /** Without clothes, before the noise of the scale. */
  weightOn(day: Day): number;
  /** Where the pressure of that day settles, before the noise of the cuff. */
  pressureOn(day: Day): { systolic: number; diastolic: number };
}

/** Median BMI two years ago by diagnosis; the first that the chart has. */
const BMI: readonly (readonly [icd10: string, median: number])[] = [
  ['E66.813', 42.6],
  ['E66.812', 37.4],
  ['E66.811', 32.4],
  ['E11.65', 35.5],
  ['E11.9', 30.8],
  ['E11.22', 28.6],
  ['R73.03', 29.4],
  ['E28.2', 31.5],
];

/** What a dose takes off the systolic pressure once it is felt [M: plausible, bounded]. */
const LOWERS: Partial<Record<DrugKey, number>> = {
  lisinopril_10: 9,
  lisinopril_20: 12,
  losartan_50: 10,
  amlodipine_5: 9,
  hctz_25: 8,
  furosemide_40: 3,
  metoprolol_25: 4,
  tcyp_200: -4,
  phentermine: -4,
  venlafaxine_375: -2,
};

/** The most that an incretin takes off: one body stops losing where others go on. */
const LOSS = { usual: 0.155, 'glp1.plateau': 0.1 } as const;

export function physiqueOf(setting: Setting, exposures: readonly Exposure[], taken: readonly Taken[]): Physique {
  const { arc, person, as_of, dice } = setting;
  const isMale = person.sex === 'male';
  const calm = arc.calm ?? 1;
  const own = dice('body');
  const height_cm = own.normal(isMale ? 177.4 : 163.2, isMale ? 6.4 : 6);
  const [, median] = BMI.find(([icd10]) => arc.conditions.includes(icd10)) ?? ['', isMale ? 27.1 : 25.4];
  const bmi = Math.max(19.2, median + own.normal(0, median > 30 ? 1 : 2.1 * calm));
  const start = bmi * (height_cm / 100) ** 2;
  const yearly = own.normal(0.004, 0.013 * calm);
  const resting = own.normal(0, 5.5 * calm);
  const most = person.arc === 'glp1.plateau' ? LOSS['glp1.plateau'] : LOSS.usual;
  const weightOn = (day: Day): number => {
    const years = (day - (as_of - 730)) / 365.25;
    const lost = Math.min(most, 0.155 * felt({ exposures }, 'incretin', day, 95)) + 0.022 * felt({ exposures }, 'sglt2', day, 60);
    return start * (1 + yearly * years) * (1 - lost) + fluidOn(setting, day);
  };
  const pressureOn = (day: Day) => {
    const age = ageOn(day, assumedBirthDate(person));
    const lowered = taken.reduce((sum, { drug, from, until }) => sum + faded(LOWERS[drug] ?? 0, { day, from, until }), 0);
    const over = weightOn(day) / (height_cm / 100) ** 2 - 27;
    const disease = arc.conditions.includes('I10') ? 21 : 0;
    const systolic = 113 + (isMale ? 3 : 0) + 0.24 * (age - 40) + 0.45 * Math.max(-6, over) + resting + disease - lowered;
    // The old have stiff arteries: the lower number falls while the upper one rises.
    return { systolic, diastolic: 0.5 * systolic + 13.5 - 0.16 * Math.max(0, age - 55) };
  };
  return { height_cm, weightOn, pressureOn };
}

/** Water of a failing heart, until it was driven out in the hospital. */
function fluidOn({ person, as_of }: Setting, day: Day): number {
  if (person.arc !== 'gen.deceased') return 0;
  const ago = as_of - day;
  return ago > 250 || ago < 202 ? 0 : (4.1 * (250 - ago)) / 48;
}

/** An effect that comes within weeks, and goes the same way. */
function faded(effect: number, { day, from, until }: { day: Day; from: Day; until: Day }): number {
  const ramp = (since: number) => (since <= 0 ? 0 : 1 - Math.exp(-since / 12));
  return effect * (ramp(day - from) - ramp(day - until));
}
