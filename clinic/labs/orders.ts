// What can be ordered: the name the laboratory prints for it, its LOINC where it has one, and the analytes that come back. The clinic's own bundles have a
// local name only, so that a result is found by what it is and not by what was ordered.
import type { AnalyteKey } from './analytes.ts';

export interface Order {
  loinc?: string;
  names: readonly [string, string];
  analytes: readonly AnalyteKey[];
}

const BASIC = ['glucose', 'bun', 'creat', 'egfr', 'bun_creat', 'na', 'k', 'cl', 'co2', 'ca', 'gap'] as const;
const HEPATIC = ['tp', 'alb', 'glob', 'ag_ratio', 'bili', 'alp', 'ast', 'alt'] as const;
const COUNT = ['wbc', 'rbc', 'hgb', 'hct', 'mcv', 'mch', 'mchc', 'rdw', 'plt', 'mpv'] as const;
const DIFFERENTIAL = ['neut_pct', 'lymph_pct', 'mono_pct', 'eos_pct', 'baso_pct', 'neut', 'lymph', 'mono', 'eos', 'baso'] as const;
const one = (analyte: AnalyteKey, upper: string, mixed = upper): Order => ({ names: [upper, mixed], analytes: [analyte] });

export const ORDERS = {
  cmp: { loinc: '24323-8', names: ['COMP. METABOLIC PANEL (14)', 'Comprehensive Metabolic Panel'], analytes: [...BASIC, ...HEPATIC] },
  bmp: { loinc: '51990-0', names: ['BASIC METABOLIC PANEL (8)', 'Basic Metabolic Panel'], analytes: BASIC },
  hepatic: {
    loinc: '24325-3',
    names: ['HEPATIC FUNCTION PANEL (7)', 'Hepatic Function Panel'],
    analytes: ['tp', 'alb', 'bili', 'alp', 'ast', 'alt'],
  },
  cbc: { loinc: '58410-2', names: ['CBC, PLATELET, NO DIFFERENTIAL', 'CBC'], analytes: COUNT },
  cbcd: { loinc: '57021-8', names: ['CBC WITH DIFFERENTIAL/PLATELET', 'CBC with Auto Diff'], analytes: [...COUNT, ...DIFFERENTIAL] },
  lipid: { loinc: '24331-1', names: ['LIPID PANEL', 'Lipid Panel with Ratios'], analytes: ['tc', 'tg', 'hdl', 'ldl', 'non_hdl', 'tc_hdl'] },
  a1c: one('a1c', 'HEMOGLOBIN A1C', 'Hemoglobin A1c'),
  tsh: one('tsh', 'TSH', 'TSH'),
  thy: { names: ['THYROID CASCADE', 'TSH + Free T4'], analytes: ['tsh', 'ft4'] },
  thy3: { names: ['THYROID PANEL, EXTENDED', 'TSH + Free T4 + Free T3'], analytes: ['tsh', 'ft4', 'ft3'] },
  tpo: one('tpo', 'TPO ANTIBODIES', 'TPO Antibodies'),
  trtmon: { names: ['TRT MONITORING', 'Androgen Monitoring'], analytes: ['tt', 'ft', 'e2', 'hgb', 'hct', 'psa'] },
  hypogon: { names: ['HYPOGONADISM WORKUP', 'Hypogonadism Workup'], analytes: ['tt', 'ft', 'shbg', 'lh', 'fsh', 'prl', 'e2'] },
  tt: one('tt', 'TESTOSTERONE, SERUM', 'Testosterone, Total'),
  ft: one('ft', 'TESTOSTERONE, FREE', 'Testosterone, Free'),
  shbg: one('shbg', 'SHBG', 'SHBG'),
  e2: one('e2', 'ESTRADIOL', 'Estradiol'),
  fsh: one('fsh', 'FSH', 'FSH'),
  lhfsh: { names: ['FSH AND LH', 'FSH and LH'], analytes: ['lh', 'fsh'] },
  hct: { names: ['HGB + HCT', 'Hemoglobin and Hematocrit'], analytes: ['hgb', 'hct'] },
  psa: one('psa', 'PSA, SERUM (SERIAL MONITOR)', 'PSA, Total'),
  hrtmon: { names: ['HORMONE PANEL, FEMALE', 'Female Hormone Panel'], analytes: ['e2', 'fsh', 'tt'] },
  dheas: one('dheas', 'DHEA-SULFATE', 'DHEA Sulfate'),
  vitd: one('vitd', 'VITAMIN D, 25-HYDROXY', 'Vitamin D 25-OH'),
  b12: { names: ['VITAMIN B12 AND FOLATE', 'B12 and Folate'], analytes: ['b12', 'folate'] },
  ferritin: one('ferritin', 'FERRITIN', 'Ferritin'),
  hscrp: one('hscrp', 'CRP, CARDIAC', 'hs-CRP'),
  insulin: one('insulin', 'INSULIN, FASTING', 'Insulin'),
  lpa: one('lpa', 'LIPOPROTEIN (A)', 'Lp(a)'),
  apob: one('apob', 'APOLIPOPROTEIN B', 'ApoB'),
  uric: one('uric', 'URIC ACID', 'Uric Acid'),
  lipase: one('lipase', 'LIPASE', 'Lipase'),
  bnp: one('bnp', 'NT-PROBNP', 'NT-proBNP'),
  pth: one('pth', 'PTH, INTACT', 'PTH, Intact'),
  uacr: { names: ['ALBUMIN/CREATININE RATIO, URINE', 'Microalbumin, Random Urine with Creatinine'], analytes: ['ualb', 'ucreat', 'uacr'] },
  ua: {
    loinc: '24356-8',
    names: ['URINALYSIS, ROUTINE', 'Urinalysis, Complete'],
    analytes: ['ua_color', 'ua_clarity', 'ua_sg', 'ua_ph', 'ua_protein', 'ua_glucose', 'ua_ketones', 'ua_blood', 'ua_le', 'ua_nitrite'],
  },
  ana: one('ana', 'ANTINUCLEAR ANTIBODIES, IFA', 'ANA Screen by IFA'),
  hpylori: one('hpylori', 'H. PYLORI AG, STOOL', 'H. pylori Antigen'),
  rt3: one('rt3', 'REVERSE T3'),
  omega: one('omega', 'OMEGA-3 INDEX'),
  igfz: one('igfz', 'IGF-1 Z SCORE'),
  hctpoc: one('hctpoc', 'IN-OFFICE HCT'),
} as const satisfies Record<string, Order>;

export type OrderKey = keyof typeof ORDERS;

export function orderOf(key: OrderKey): Order {
  return ORDERS[key];
}
