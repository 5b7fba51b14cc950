// What a laboratory reports: LOINC, the name each laboratory prints, the unit (UCUM) and how each laboratory spells it, decimals.
// LOINCs: connectors.md §2.2 and loinc.org; a test checks every check digit.

export interface Analyte {
  /** Of laboratory A and B; the hospital uses B's unless it says otherwise. null: the laboratory sends its own code only. */
  loinc: readonly [string | null, string | null];
  names: readonly [string, string];
  unit: string | null;
  /** As laboratory A and B print it, where that is not UCUM. */
  raw?: readonly [string, string];
  digits: number;
  local?: readonly [string, string];
  specimen?: string;
  /** Sent out: takes days. */
  slow?: true;
}

const a = (
  loinc: string | readonly [string, string],
  upper: string,
  mixed: string,
  unit: string | null,
  digits: number,
  more: Partial<Analyte> = {},
): Analyte => ({
  loinc: typeof loinc === 'string' ? [loinc, loinc] : loinc,
  names: [upper, mixed],
  unit,
  digits,
  ...more,
});
const thousand = ['x10E3/uL', 'K/uL'] as const;
const own = (code: string, name: string, unit: string | null, digits: number, more: Partial<Analyte> = {}): Analyte => ({
  loinc: [null, null],
  names: [name, name],
  unit,
  digits,
  local: [code, code],
  ...more,
});
const urine = { specimen: 'Urine' } as const;

export const ANALYTES = {
  glucose: a('2345-7', 'GLUCOSE', 'Glucose', 'mg/dL', 0),
  bun: a('3094-0', 'BUN', 'Urea Nitrogen (BUN)', 'mg/dL', 0),
  creat: a('2160-0', 'CREATININE', 'Creatinine', 'mg/dL', 2),
  bun_creat: a('3097-3', 'BUN/CREATININE RATIO', 'BUN/Creatinine Ratio', '{ratio}', 0, { raw: ['NA', '(calc)'] }),
  egfr: a(['62238-1', '98979-8'], 'EGFR', 'eGFR', 'mL/min/{1.73_m2}', 0, { raw: ['mL/min/1.73', 'mL/min/1.73m2'] }),
  na: a('2951-2', 'SODIUM', 'Sodium', 'mmol/L', 0, { raw: ['mmol/L', 'mEq/L'] }),
  k: a('2823-3', 'POTASSIUM', 'Potassium', 'mmol/L', 1, { raw: ['mmol/L', 'mEq/L'] }),
  cl: a('2075-0', 'CHLORIDE', 'Chloride', 'mmol/L', 0, { raw: ['mmol/L', 'mEq/L'] }),
  co2: a('2028-9', 'CARBON DIOXIDE, TOTAL', 'Carbon Dioxide', 'mmol/L', 0, { raw: ['mmol/L', 'mEq/L'] }),
  gap: a('33037-3', 'ANION GAP', 'Anion Gap', 'mmol/L', 0, { raw: ['mmol/L', 'mEq/L'] }),
  ca: a('17861-6', 'CALCIUM', 'Calcium', 'mg/dL', 1),
  tp: a('2885-2', 'PROTEIN, TOTAL', 'Total Protein', 'g/dL', 1),
  alb: a('1751-7', 'ALBUMIN', 'Albumin', 'g/dL', 1),
  glob: a('10834-0', 'GLOBULIN, TOTAL', 'Globulin', 'g/dL', 1),
  ag_ratio: a('1759-0', 'A/G RATIO', 'Albumin/Globulin Ratio', '{ratio}', 1, { raw: ['NA', '(calc)'] }),
  bili: a('1975-2', 'BILIRUBIN, TOTAL', 'Bilirubin, Total', 'mg/dL', 1),
  alp: a('6768-6', 'ALKALINE PHOSPHATASE', 'Alkaline Phosphatase', 'U/L', 0, { raw: ['IU/L', 'U/L'] }),
  alt: a('1742-6', 'ALT (SGPT)', 'ALT', 'U/L', 0, { raw: ['IU/L', 'U/L'] }),
  ast: a('1920-8', 'AST (SGOT)', 'AST', 'U/L', 0, { raw: ['IU/L', 'U/L'] }),
  wbc: a('6690-2', 'WBC', 'White Blood Cell Count', '10*3/uL', 1, { raw: thousand }),
  rbc: a('789-8', 'RBC', 'Red Blood Cell Count', '10*6/uL', 2, { raw: ['x10E6/uL', 'M/uL'] }),
  hgb: a('718-7', 'HEMOGLOBIN', 'Hemoglobin', 'g/dL', 1),
  hct: a('4544-3', 'HEMATOCRIT', 'Hematocrit', '%', 1),
  mcv: a('787-2', 'MCV', 'MCV', 'fL', 0),
  mch: a('785-6', 'MCH', 'MCH', 'pg', 1),
  mchc: a('786-4', 'MCHC', 'MCHC', 'g/dL', 1),
  rdw: a('788-0', 'RDW', 'RDW', '%', 1),
  plt: a('777-3', 'PLATELETS', 'Platelet Count', '10*3/uL', 0, { raw: thousand }),
  mpv: a('32623-1', 'MPV', 'MPV', 'fL', 1),
  neut_pct: a('770-8', 'NEUTROPHILS', 'Neutrophils Percent', '%', 0),
  lymph_pct: a('736-9', 'LYMPHS', 'Lymphocytes Percent', '%', 0),
  mono_pct: a('5905-5', 'MONOCYTES', 'Monocytes Percent', '%', 0),
  eos_pct: a('713-8', 'EOS', 'Eosinophils Percent', '%', 0),
  baso_pct: a('706-2', 'BASOS', 'Basophils Percent', '%', 0),
  neut: a('751-8', 'NEUTROPHILS (ABSOLUTE)', 'Neutrophils, Absolute', '10*3/uL', 1, { raw: thousand }),
  lymph: a('731-0', 'LYMPHS (ABSOLUTE)', 'Lymphocytes, Absolute', '10*3/uL', 1, { raw: thousand }),
  mono: a('742-7', 'MONOCYTES(ABSOLUTE)', 'Monocytes, Absolute', '10*3/uL', 1, { raw: thousand }),
  eos: a('711-2', 'EOS (ABSOLUTE)', 'Eosinophils, Absolute', '10*3/uL', 1, { raw: thousand }),
  baso: a('704-7', 'BASO (ABSOLUTE)', 'Basophils, Absolute', '10*3/uL', 1, { raw: thousand }),
  tc: a('2093-3', 'CHOLESTEROL, TOTAL', 'Cholesterol, Total', 'mg/dL', 0),
  tg: a('2571-8', 'TRIGLYCERIDES', 'Triglycerides', 'mg/dL', 0),
  hdl: a('2085-9', 'HDL CHOLESTEROL', 'HDL Cholesterol', 'mg/dL', 0),
  ldl: a('13457-7', 'LDL CHOL CALC (FRIEDEWALD)', 'LDL Cholesterol, Calculated', 'mg/dL', 0, { raw: ['mg/dL', 'mg/dL(calc)'] }),
  non_hdl: a('43396-1', 'NON-HDL CHOLESTEROL', 'Non-HDL Cholesterol', 'mg/dL', 0, { raw: ['mg/dL', 'mg/dL(calc)'] }),
  tc_hdl: a('9830-1', 'T. CHOL/HDL RATIO', 'Chol/HDL Ratio', '{ratio}', 1, { raw: ['ratio', '(calc)'] }),
  ldl_direct: a('18262-6', 'LDL CHOLESTEROL, DIRECT', 'Direct LDL', 'mg/dL', 0),
  apob: a('1884-6', 'APOLIPOPROTEIN B', 'Apolipoprotein B', 'mg/dL', 0, { slow: true }),
  lpa: a('10835-7', 'LIPOPROTEIN (A)', 'Lipoprotein(a)', 'mg/dL', 0, { slow: true }),
  a1c: a(['4548-4', '17856-6'], 'HEMOGLOBIN A1C', 'Hemoglobin A1c', '%', 1, { raw: ['%', '%ofHgb'], specimen: 'Whole blood' }),
  a1c_ifcc: a('59261-8', 'HEMOGLOBIN A1C (IFCC)', 'HbA1c (IFCC)', 'mmol/mol', 0, { specimen: 'Whole blood' }),
  tsh: a(['3016-3', '11580-8'], 'TSH', 'TSH, 3rd Generation', 'u[IU]/mL', 3, { raw: ['uIU/mL', 'mIU/L'] }),
  ft4: a('3024-7', 'T4,FREE(DIRECT)', 'T4, Free', 'ng/dL', 2),
  ft3: a('3051-0', 'TRIIODOTHYRONINE (T3), FREE', 'T3, Free', 'pg/mL', 1),
  tpo: a('8099-4', 'THYROID PEROXIDASE (TPO) AB', 'Thyroid Peroxidase Antibodies', '[IU]/mL', 0, { raw: ['IU/mL', 'IU/mL'], slow: true }),
  tt: a('2986-8', 'TESTOSTERONE', 'Testosterone, Total', 'ng/dL', 0, { slow: true }),
  ft: a('2991-8', 'FREE TESTOSTERONE', 'Testosterone, Free, Calculated', 'pg/mL', 1, { slow: true }),
  shbg: a('13967-5', 'SEX HORM BINDING GLOB, SERUM', 'Sex Hormone Binding Globulin', 'nmol/L', 1, { slow: true }),
  e2: a(['35384-7', '2243-4'], 'ESTRADIOL, SENSITIVE', 'Estradiol', 'pg/mL', 1, { slow: true }),
  lh: a('10501-5', 'LH', 'Luteinizing Hormone', 'm[IU]/mL', 1, { raw: ['mIU/mL', 'mIU/mL'] }),
  fsh: a('15067-2', 'FSH', 'Follicle Stimulating Hormone', 'm[IU]/mL', 1, { raw: ['mIU/mL', 'mIU/mL'] }),
  prl: a('2842-3', 'PROLACTIN', 'Prolactin', 'ng/mL', 1),
  psa: a('2857-1', 'PROSTATE SPECIFIC AG, SERUM', 'PSA, Total', 'ng/mL', 1),
  dheas: a('2191-5', 'DHEA-SULFATE', 'DHEA Sulfate', 'ug/dL', 1, { slow: true }),
  cortisol: a('2143-6', 'CORTISOL', 'Cortisol', 'ug/dL', 1),
  ferritin: a('2276-4', 'FERRITIN', 'Ferritin', 'ng/mL', 0),
  b12: a('2132-9', 'VITAMIN B12', 'Vitamin B12', 'pg/mL', 0),
  folate: a('2284-8', 'FOLATE (FOLIC ACID), SERUM', 'Folate', 'ng/mL', 1),
  vitd: a(['1989-3', '62292-8'], 'VITAMIN D, 25-HYDROXY', 'Vitamin D, 25-OH, Total', 'ng/mL', 1, { slow: true }),
  hscrp: a('30522-7', 'C-REACTIVE PROTEIN, CARDIAC', 'hs-CRP', 'mg/L', 2),
  insulin: a('20448-7', 'INSULIN', 'Insulin, Fasting', 'u[IU]/mL', 1, { raw: ['uIU/mL', 'uIU/mL'], slow: true }),
  uric: a('3084-1', 'URIC ACID', 'Uric Acid', 'mg/dL', 1),
  lipase: a('3040-3', 'LIPASE', 'Lipase', 'U/L', 0, { raw: ['U/L', 'U/L'] }),
  bnp: a('33762-6', 'NT-PROBNP', 'NT-proBNP', 'pg/mL', 0),
  pth: a('2731-8', 'PTH, INTACT', 'Parathyroid Hormone, Intact', 'pg/mL', 0, { slow: true }),
  ualb: a('14957-5', 'ALBUMIN, URINE', 'Microalbumin, Urine', 'mg/L', 1, urine),
  ucreat: a('2161-8', 'CREATININE, URINE', 'Creatinine, Urine', 'mg/dL', 1, urine),
  uacr: a('9318-7', 'ALB/CREAT RATIO', 'Microalbumin/Creatinine Ratio', 'mg/g', 0, { raw: ['mg/g{creat}', 'mcg/mg'], ...urine }),
  ua_color: a('5778-6', 'URINE-COLOR', 'Color', null, 0, urine),
  ua_clarity: a('5767-9', 'APPEARANCE', 'Appearance', null, 0, urine),
  ua_sg: a('5811-5', 'SPECIFIC GRAVITY', 'Specific Gravity', '{ratio}', 3, { raw: ['NA', '(ratio)'], ...urine }),
  ua_ph: a('5803-2', 'PH', 'pH', '[pH]', 1, { raw: ['pH', 'pH'], ...urine }),
  ua_protein: a('20454-5', 'PROTEIN', 'Protein', null, 0, urine),
  ua_glucose: a('25428-4', 'GLUCOSE', 'Glucose', null, 0, urine),
  ua_ketones: a('2514-8', 'KETONES', 'Ketones', null, 0, urine),
  ua_blood: a('5794-3', 'OCCULT BLOOD', 'Blood', null, 0, urine),
  ua_le: a('5799-2', 'WBC ESTERASE', 'Leukocyte Esterase', null, 0, urine),
  ua_nitrite: a('5802-4', 'NITRITE, URINE', 'Nitrite', null, 0, urine),
  ana: a('5048-4', 'ANA BY IFA', 'ANA Titer', '{titer}', 0, { slow: true, raw: ['titer', 'titer'] }),
  hpylori: a('17780-8', 'H. PYLORI STOOL AG', 'H. pylori Antigen, Stool', null, 0, { specimen: 'Stool', slow: true }),
  rt3: own('NRL-3307', 'REVERSE T3, SERUM', 'ng/dL', 1, { slow: true }),
  omega: own('NRL-7042', 'OMEGA-3 INDEX', '%', 1, { slow: true }),
  igfz: own('NRL-3316', 'IGF-1 Z SCORE', '{Zscore}', 1, { raw: ['SD', 'SD'], slow: true }),
  hctpoc: own('POC-HCT', 'HCT SPUN (IN OFFICE)', '%', 0, { specimen: 'Capillary blood' }),
} as const satisfies Record<string, Analyte>;

export type AnalyteKey = keyof typeof ANALYTES;

export function analyteOf(key: AnalyteKey): Analyte {
  return ANALYTES[key];
}
