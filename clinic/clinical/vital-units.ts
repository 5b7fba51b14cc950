// How a measurement is charted: LOINC, the unit of each clinic's instruments, and as many decimals as they show.
import type { Setting } from '../setting.ts';

/** connectors.md §2.6. */
export const VITAL_LOINC = {
  bp: '85354-9',
  heart_rate: '8867-4',
  respiration: '9279-1',
  temperature: '8310-5',
  height: '8302-2',
  weight: '29463-7',
  bmi: '39156-5',
  oxygen: '59408-5',
} as const;
export type VitalKind = keyof typeof VITAL_LOINC;

export const KG_PER_LB = 0.45359237;
export const CM_PER_IN = 2.54;

/** One clinic has American instruments, the other metric ones. */
const isMetric = ({ options }: Setting) => options.clinic === 'cedar';
const to = (x: number, step: number) => Number((Math.round(x / step) * step).toFixed(2));

export interface Charted {
  value: number;
  unit: string;
}

export function weightCharted(setting: Setting, kg: number, isRounded: boolean): Charted {
  if (isMetric(setting)) return { value: to(kg, isRounded ? 0.5 : 0.1), unit: 'kg' };
  return { value: to(kg / KG_PER_LB, isRounded ? 1 : 0.2), unit: '[lb_av]' };
}

export function heightCharted(setting: Setting, cm: number): Charted {
  if (isMetric(setting)) return { value: to(cm, 0.5), unit: 'cm' };
  return { value: to(cm / CM_PER_IN, 0.25), unit: '[in_i]' };
}

export function temperatureCharted(setting: Setting, celsius: number): Charted {
  if (isMetric(setting)) return { value: to(celsius, 0.1), unit: 'Cel' };
  return { value: to(celsius * 1.8 + 32, 0.1), unit: '[degF]' };
}

/** What the record computes from the weight and the height that stand in it. */
export function bmiCharted(setting: Setting, weight: Charted, height: Charted): Charted {
  const kg = weight.unit === 'kg' ? weight.value : weight.value * KG_PER_LB;
  const cm = height.unit === 'cm' ? height.value : height.value * CM_PER_IN;
  return { value: to(kg / (cm / 100) ** 2, isMetric(setting) ? 0.01 : 0.1), unit: 'kg/m2' };
}
