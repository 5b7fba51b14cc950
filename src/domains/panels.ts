// Panel → analyte groups (connectors.md §2.2), and what people call them.
import { ANALYTES, isLoinc } from './loinc.ts';

const BMP = ['glucose', 'bun', 'creatinine', 'sodium', 'potassium', 'chloride', 'co2', 'calcium', 'anion gap', 'bun/creatinine'];
const LIVER = ['protein', 'albumin', 'bilirubin', 'direct bilirubin', 'alp', 'alt', 'ast'];
const CBC = ['wbc', 'rbc', 'hemoglobin', 'hematocrit', 'mcv', 'mch', 'mchc', 'rdw', 'platelets', 'mpv'];
const DIFF = ['neutrophils', 'lymphocytes', 'monocytes', 'eosinophils', 'basophils'];
const TRT = ['testosterone total', 'free testosterone', 'bioavailable testosterone', 'shbg', 'estradiol', 'lh', 'fsh', 'prolactin'];

interface Panel {
  /** The order's own LOINC codes. */
  codes: readonly string[];
  /** What it is called besides its name, in lower case. */
  also: readonly string[];
  groups: readonly string[];
}

export const PANELS: Readonly<Record<string, Panel>> = {
  BMP: { codes: ['24321-2', '51990-0'], also: ['basic metabolic', 'basic metabolic panel', 'chem 7'], groups: BMP },
  CMP: {
    codes: ['24323-8', '24322-0'],
    also: ['comprehensive metabolic', 'comprehensive metabolic panel', 'chem 14'],
    groups: [...BMP, 'protein', 'albumin', 'globulin', 'albumin/globulin', 'bilirubin', 'alp', 'alt', 'ast'],
  },
  eGFR: { codes: [], also: ['gfr'], groups: ['egfr'] },
  CBC: {
    codes: ['58410-2', '57021-8', '69742-5'],
    also: ['complete blood count', 'blood count', 'cbc with differential', 'cbc with diff'],
    groups: [...CBC, ...DIFF, ...DIFF.map((cell) => `${cell} %`)],
  },
  lipid: {
    codes: ['24331-1', '57698-3'],
    also: ['lipids', 'lipid panel'],
    groups: ['cholesterol', 'triglycerides', 'hdl', 'ldl', 'non-hdl', 'cholesterol/hdl', 'apob', 'lp(a)'],
  },
  A1c: { codes: [], also: ['hba1c', 'hemoglobin a1c', 'hgb a1c'], groups: ['a1c'] },
  thyroid: { codes: [], also: ['thyroid panel', 'tfts'], groups: ['tsh', 'free t4', 'free t3', 't4', 't3'] },
  TRT: {
    codes: [],
    also: ['testosterone', 'testosterone panel', 'trt panel', 'hormone panel'],
    groups: [...TRT, 'psa', 'dhea-s', 'hematocrit', 'hemoglobin'],
  },
  kidney: { codes: [], also: ['ked', 'renal', 'kidney panel'], groups: ['egfr', 'uacr', 'urine albumin', 'urine creatinine'] },
  hepatic: { codes: ['24325-3'], also: ['liver', 'lft', 'lfts', 'hepatic panel', 'hepatic function panel', 'liver panel'], groups: LIVER },
  UA: {
    codes: ['24356-8'],
    also: ['urinalysis'],
    groups: ['color', 'appearance', 'specific gravity', 'ph', 'protein', 'glucose', 'ketones', 'blood', 'leukocytes', 'nitrite'].map(
      (what) => `urine ${what}`,
    ),
  },
  iron: { codes: [], also: ['iron panel', 'iron studies'], groups: ['iron', 'tibc', 'ferritin'] },
};

const codesByName = new Map<string, readonly string[]>();
for (const [code, { group }] of ANALYTES) codesByName.set(group, [...(codesByName.get(group) ?? []), code]);
for (const [code, { name, group }] of ANALYTES) {
  const codes = codesByName.get(group) ?? [];
  codesByName.set(code, codes);
  if (!codesByName.has(name.toLowerCase())) codesByName.set(name.toLowerCase(), codes);
}
// Panels last: `iron` is the panel, not the analyte alone.
for (const [name, { codes, also, groups }] of Object.entries(PANELS)) {
  const analytes = groups.flatMap((group) => codesByName.get(group) ?? []);
  for (const word of [name.toLowerCase(), ...also, ...codes]) codesByName.set(word, analytes);
}

/** The analyte codes that a panel's name, an analyte's name, or a LOINC of either selects; undefined for a word that is none. */
export function analytesOf(panel: string): readonly string[] | undefined {
  const word = panel.trim().toLowerCase();
  return codesByName.get(word) ?? (isLoinc(word) ? [word] : undefined);
}
