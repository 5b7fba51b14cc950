// The laboratory rows of one patient at scale: draws over two years, each result a set point that drifts, with the analyte's own variation.
import type { Person } from './population.ts';

export interface LabRow {
  day: number;
  minute: number;
  loinc: string;
  name: string;
  value: string;
  unit: string;
  low: string;
  high: string;
}

interface Analyte {
  loinc: string;
  name: string;
  unit: string;
  digits: number;
  low: number;
  high: number;
  /** Mean and deviation between healthy people; and what one person varies by, laboratory included. */
  mean: number;
  between: number;
  within: number;
  bounds: readonly [number, number];
}

const analyte = (
  loinc: string,
  name: string,
  unit: string,
  digits: number,
  range: readonly [number, number],
  spread: readonly [mean: number, between: number, within: number],
  bounds: readonly [number, number],
): Analyte => ({
  loinc,
  name,
  unit,
  digits,
  low: range[0],
  high: range[1],
  mean: spread[0],
  between: spread[1],
  within: spread[2],
  bounds,
});

// Order and place of an analyte name its streams: new ones go to the end.
const A = {
  glucose: analyte('2345-7', 'GLUCOSE', 'mg/dL', 0, [70, 99], [94, 0.09, 0.056], [35, 620]),
  creatinine: analyte('2160-0', 'CREATININE', 'mg/dL', 2, [0.6, 1.3], [0.92, 0.17, 0.051], [0.3, 14]),
  egfr: analyte('98979-8', 'EGFR CKD-EPI 2021', 'mL/min/{1.73_m2}', 0, [60, 200], [88, 0.16, 0.05], [5, 140]),
  sodium: analyte('2951-2', 'SODIUM', 'mmol/L', 0, [136, 145], [140, 0.011, 0.008], [118, 160]),
  potassium: analyte('2823-3', 'POTASSIUM', 'mmol/L', 1, [3.5, 5.1], [4.3, 0.05, 0.048], [2.4, 7.2]),
  alt: analyte('1742-6', 'ALT', 'U/L', 0, [0, 44], [24, 0.4, 0.12], [4, 900]),
  cholesterol: analyte('2093-3', 'CHOLESTEROL TOTAL', 'mg/dL', 0, [0, 199], [190, 0.17, 0.06], [80, 480]),
  hdl: analyte('2085-9', 'HDL CHOLESTEROL', 'mg/dL', 0, [40, 100], [53, 0.22, 0.073], [15, 120]),
  triglycerides: analyte('2571-8', 'TRIGLYCERIDES', 'mg/dL', 0, [0, 149], [125, 0.4, 0.2], [30, 1200]),
  ldl: analyte('13457-7', 'LDL CHOLESTEROL CALC', 'mg/dL', 0, [0, 99], [112, 0.24, 0.08], [20, 330]),
  hematocrit: analyte('4544-3', 'HEMATOCRIT', '%', 1, [36, 50], [42.5, 0.06, 0.028], [18, 62]),
  hemoglobin: analyte('718-7', 'HEMOGLOBIN', 'g/dL', 1, [12, 17.5], [14.2, 0.06, 0.028], [6, 21]),
  wbc: analyte('6690-2', 'WBC', '10*3/uL', 1, [3.8, 10.8], [6.6, 0.2, 0.11], [1.2, 40]),
  platelets: analyte('777-3', 'PLATELETS', '10*3/uL', 0, [150, 400], [250, 0.18, 0.07], [20, 900]),
  a1c: analyte('4548-4', 'HEMOGLOBIN A1C', '%', 1, [4, 5.6], [5.4, 0.05, 0.023], [3.8, 15]),
  tsh: analyte('3016-3', 'TSH', 'm[IU]/L', 2, [0.45, 4.5], [1.9, 0.45, 0.18], [0.01, 90]),
  testosterone: analyte('2986-8', 'TESTOSTERONE TOTAL', 'ng/dL', 0, [264, 916], [430, 0.28, 0.16], [20, 1900]),
  psa: analyte('2857-1', 'PSA', 'ng/mL', 2, [0, 4], [0.9, 0.6, 0.12], [0.02, 60]),
} as const satisfies Record<string, Analyte>;
type Key = keyof typeof A;
const KEYS = Object.keys(A) as Key[];

const METABOLIC: readonly Key[] = ['glucose', 'creatinine', 'egfr', 'sodium', 'potassium', 'alt'];
const LIPID: readonly Key[] = ['cholesterol', 'hdl', 'triglycerides', 'ldl'];
const BLOOD: readonly Key[] = ['hematocrit', 'hemoglobin', 'wbc', 'platelets'];

const S = { use: 101, day: 102, panels: 103, set: 104, noise: 105, drift: 106, minute: 107 };

/** Conditions that move set points. */
export interface Conditions {
  diabetes: boolean;
  lipids: boolean;
  kidney: boolean;
  thyroid: boolean;
  hypogonadism: boolean;
}

/** How many rows: 31 % none, half 8 to 25, 15 % 40 to 90, the rest 100 and more. */
function rowsWanted({ chance }: Person): number {
  const u = chance.uniform(S.use);
  if (u < 0.31) return 0;
  if (u < 0.82) return chance.int(S.use, 8, 25, 1);
  if (u < 0.965) return chance.int(S.use, 38, 76, 1);
  return chance.int(S.use, 100, 150, 1);
}

/** Whether the patient has any result. */
export const hasLabs = (person: Person): boolean => rowsWanted(person) > 0;

export function labsOf(person: Person, conditions: Conditions, last_day: number): LabRow[] {
  const wanted = rowsWanted(person);
  const rows: LabRow[] = [];
  const draws = Math.max(1, Math.round(wanted / 12));
  for (let n = 0; rows.length < wanted; n++) {
    // Those beyond the even spacing fall anywhere in the two years.
    const u = person.chance.uniform(S.day, n);
    const day = workday(last_day - Math.floor((n < draws ? (draws - 1 - n + u) / draws : u) * 728) - 1);
    const minute = 430 + person.chance.int(S.minute, 0, 170, n);
    const values = drawn(person, conditions, n, day - last_day);
    for (const key of panelsOf(person, conditions, n)) {
      const { loinc, name, unit, digits, low, high } = A[key];
      rows.push({ day, minute, loinc, name, value: values[key].toFixed(digits), unit, low: String(low), high: String(high) });
      if (rows.length === wanted) break;
    }
    if (n > 40) break;
  }
  return rows;
}

function panelsOf(person: Person, conditions: Conditions, n: number): readonly Key[] {
  const u = (i: number) => person.chance.uniform(S.panels, n * 8 + i);
  return [
    ...METABOLIC,
    ...(u(0) < (conditions.lipids ? 0.8 : 0.4) ? LIPID : []),
    ...(u(1) < 0.5 ? BLOOD : []),
    ...(u(2) < (conditions.diabetes ? 0.95 : 0.2) ? (['a1c'] as const) : []),
    ...(u(3) < (conditions.thyroid ? 0.9 : 0.15) ? (['tsh'] as const) : []),
    ...(conditions.hypogonadism ? (['testosterone', 'psa'] as const) : []),
  ];
}

/** What every analyte is in this patient on this day. */
function drawn(person: Person, conditions: Conditions, n: number, ago: number): Record<Key, number> {
  const { chance, sex, age } = person;
  const value = {} as Record<Key, number>;
  for (const [i, key] of KEYS.entries()) {
    const { mean, between, within, bounds } = A[key];
    const set = mean * Math.exp(between * chance.normal(S.set, i)) * shiftOf(key, conditions, { sex, age });
    const drift = 1 + (chance.uniform(S.drift, i) < 0.04 ? (chance.uniform(S.drift, 100 + i) - 0.4) * 0.5 * (1 + ago / 728) : 0);
    value[key] = Math.min(bounds[1], Math.max(bounds[0], set * drift * Math.exp(within * chance.normal(S.noise, n * 32 + i))));
  }
  // What is counted from the same tube: haemoglobin is a third of haematocrit, LDL is Friedewald's, eGFR comes of creatinine (CKD-EPI 2021).
  value.hemoglobin = value.hematocrit / 3 + 0.12 * chance.normal(S.noise, n * 32 + 30);
  if (value.triglycerides < 400) value.ldl = Math.max(20, value.cholesterol - value.hdl - value.triglycerides / 5);
  const [kappa, alpha] = sex === 'female' ? [0.7, -0.241] : [0.9, -0.302];
  const ratio = value.creatinine / kappa;
  value.egfr =
    142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** Math.max(18, age) * (sex === 'female' ? 1.012 : 1);
  return value;
}

function shiftOf(key: Key, is: Conditions, { sex, age }: { sex: Person['sex']; age: number }): number {
  if (key === 'glucose' && is.diabetes) return 1.45;
  if (key === 'a1c' && is.diabetes) return 1.33;
  if (key === 'creatinine') return (sex === 'male' ? 1.12 : 0.88) * (is.kidney ? 1.6 : 1);
  if (key === 'cholesterol' && is.lipids) return 1.1;
  if (key === 'hematocrit') return (sex === 'male' ? 1.06 : 0.95) * (is.hypogonadism ? 1.06 : 1);
  if (key === 'tsh' && is.thyroid) return 1.3;
  if (key === 'testosterone') return sex === 'male' ? (is.hypogonadism ? 1.2 : 1) : 0.07;
  if (key === 'psa') return sex === 'male' ? Math.max(0.4, age / 55) : 0.05;
  return 1;
}

/** 1970-01-01 was a Thursday: Saturdays and Sundays move to the Friday before. */
function workday(day: number): number {
  const weekday = (day + 4) % 7;
  return weekday === 6 ? day - 1 : weekday === 0 ? day - 2 : day;
}
