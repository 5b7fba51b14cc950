// What people call a single analyte, and the codes it comes under.
import { ANALYTES } from './loinc.ts';
import { analytesOf } from './panels.ts';

/** Short names, and names that are a panel's in get_labs and an analyte's where one analyte is meant. */
const ALSO: Readonly<Record<string, string>> = {
  testosterone: 'testosterone total',
  'total testosterone': 'testosterone total',
  hgb: 'hemoglobin',
  hb: 'hemoglobin',
  hct: 'hematocrit',
  plt: 'platelets',
  k: 'potassium',
  na: 'sodium',
  creat: 'creatinine',
  cr: 'creatinine',
  tg: 'triglycerides',
  'ldl-c': 'ldl',
  'hdl-c': 'hdl',
  'total cholesterol': 'cholesterol',
  e2: 'estradiol',
  ft4: 'free t4',
  ft3: 'free t3',
  'vitamin b12': 'b12',
  d3: 'vitamin d',
  'kidney function': 'egfr',
  gfr: 'egfr',
  'blood sugar': 'glucose',
  sugar: 'glucose',
};

const codesByGroup = new Map<string, string[]>();
for (const [code, { group }] of ANALYTES) codesByGroup.set(group, [...(codesByGroup.get(group) ?? []), code]);

/** The analyte group that a name or a LOINC means; undefined for a word that is none, and for one that means several. */
export function groupOf(marker: string): string | undefined {
  const word = marker.trim().toLowerCase();
  const group = Object.hasOwn(ALSO, word) ? ALSO[word] : word;
  if (group !== undefined && codesByGroup.has(group)) return group;
  const groups = new Set((analytesOf(word) ?? []).map((code) => ANALYTES.get(code)?.group));
  return groups.size === 1 ? [...groups][0] : undefined;
}

/** All codes of an analyte group. */
export function codesOf(group: string): readonly string[] {
  return codesByGroup.get(group) ?? [];
}
