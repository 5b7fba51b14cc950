// Which analytes an order will bring: by its LOINC, else by what people call it.
import { ANALYTES } from './loinc.ts';
import { analytesOf } from './panels.ts';

/** Words in the name of an order that has no code, or one of the clinic's own: what is in such a bundle. */
const WORDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/lipid|cholesterol/i, ['lipid']],
  [/\bcmp\b|comp[a-z.]*\s+metabolic/i, ['CMP']],
  [/\bbmp\b|basic metabolic|chem ?7/i, ['BMP']],
  [/\bcbc\b|blood count/i, ['CBC']],
  [/a1c|glycohemoglobin/i, ['A1c']],
  [/\btsh\b|thyroid/i, ['TSH']],
  [/thyroid (panel|cascade)|free t4|\bft4\b/i, ['free t4']],
  [/trt|androgen monitor/i, ['testosterone total', 'hematocrit', 'hemoglobin', 'PSA', 'estradiol']],
  [/testosterone|hypogonad|hormone panel/i, ['testosterone total']],
  [/estradiol|hormone panel/i, ['estradiol']],
  [/\bpsa\b/i, ['PSA']],
  [/\bhct\b|hematocrit|\bhgb\b|hemoglobin(?! a1c)/i, ['hematocrit', 'hemoglobin']],
  [/microalbumin|albumin.{0,3}creat|uacr/i, ['uacr']],
  [/hepatic|liver|\blft/i, ['hepatic']],
  [/renal|kidney|egfr/i, ['eGFR', 'BMP']],
  [/vitamin d|25-?(oh|hydroxy)/i, ['vitamin d']],
  [/b12/i, ['b12', 'folate']],
  [/iron|ferritin/i, ['iron panel']],
];

/** The analyte groups that an order covers; none where nothing tells. A creatinine brings an eGFR. */
export function groupsOfOrder({ loinc, name }: { loinc: string | null; name: string }): string[] {
  const told = (loinc === null ? undefined : analytesOf(loinc)) ?? analytesOf(name);
  const codes =
    told ?? WORDS.filter(([word]) => word.test(name)).flatMap(([, panels]) => panels.flatMap((panel) => analytesOf(panel) ?? []));
  const groups = new Set(codes.map((code) => ANALYTES.get(code)?.group ?? code));
  if (groups.has('creatinine')) groups.add('egfr');
  return [...groups];
}
