// When a laboratory check is due (labs_due@1, connectors.md §2.5): rules as data, each with its source. A clinic's own protocol may ask for more.

/** Who is covered: patients on one of these ingredients, or with an active problem whose ICD-10 code is from `from` up to, and not, `below`. */
type Trigger = { drugs: readonly string[] } | { from: string; below: string };

interface LabDueRule {
  rule: string;
  source: string;
  trigger: Trigger;
  sex?: 'female' | 'male';
  /** Completed years, both ends included; a patient of unknown age is not covered. */
  ages?: readonly [number, number];
  /** Each line is one check, done by a final result of any of its analyte groups. */
  checks: readonly (readonly string[])[];
  /** After a start or a change of dose: due from the first of these days, late after the second; a result earlier than `earliest` days does not count for it. */
  first?: { days: readonly [number, number]; earliest: number };
  /** Days from one result to the next. */
  every: number;
  /** Days instead, where the last result of the check was above `above` (in the analyte's unit). */
  sooner?: { above: number; every: number };
}

const TESTOSTERONE = ['testosterone', 'testosterone cypionate', 'testosterone enanthate', 'testosterone undecanoate'];
const THYROID = ['levothyroxine', 'liothyronine', 'thyroid', 'thyroid (usp)'];
const STATINS = ['atorvastatin', 'rosuvastatin', 'simvastatin', 'pravastatin', 'lovastatin', 'pitavastatin', 'fluvastatin'];
const POTASSIUM_DRUGS = [
  ...['lisinopril', 'enalapril', 'benazepril', 'ramipril', 'quinapril', 'captopril', 'fosinopril'],
  ...['losartan', 'valsartan', 'olmesartan', 'irbesartan', 'candesartan', 'telmisartan', 'azilsartan', 'sacubitril'],
  ...[
    'hydrochlorothiazide',
    'chlorthalidone',
    'indapamide',
    'furosemide',
    'torsemide',
    'bumetanide',
    'spironolactone',
    'eplerenone',
    'triamterene',
  ],
];
const GLP1 = ['semaglutide', 'tirzepatide', 'liraglutide', 'dulaglutide', 'exenatide'];
const DIABETES = { from: 'E08', below: 'E14' };
const YEAR = 365;

/** Menopausal hormone therapy has no rule: no routine laboratory monitoring is recommended (The Menopause Society, position statement 2022). */
export const LAB_DUE_RULES: readonly LabDueRule[] = [
  {
    rule: 'testosterone_hematocrit',
    source: 'Endocrine Society 2018, AUA 2018: hematocrit at baseline, at 3 to 6 months, then every 12 months',
    trigger: { drugs: TESTOSTERONE },
    sex: 'male',
    checks: [['hematocrit', 'hemoglobin']],
    first: { days: [90, 180], earliest: 60 },
    every: YEAR,
  },
  {
    rule: 'testosterone_level',
    source: 'AUA 2018: 2 to 4 weeks after the start, then every 6 to 12 months',
    trigger: { drugs: TESTOSTERONE },
    sex: 'male',
    checks: [['testosterone total']],
    first: { days: [14, 28], earliest: 14 },
    every: YEAR,
  },
  {
    rule: 'testosterone_psa',
    source: 'Endocrine Society 2018: men of 40 to 69, at 3 to 12 months, then by the screening in use (yearly here)',
    trigger: { drugs: TESTOSTERONE },
    sex: 'male',
    ages: [40, 69],
    checks: [['psa']],
    first: { days: [90, YEAR], earliest: 60 },
    every: YEAR,
  },
  {
    rule: 'testosterone_level_women',
    source: 'Global Consensus Position Statement 2019: 3 to 6 weeks after the start, then every 6 months',
    trigger: { drugs: TESTOSTERONE },
    sex: 'female',
    checks: [['testosterone total']],
    first: { days: [21, 42], earliest: 14 },
    every: 182,
  },
  {
    rule: 'levothyroxine_tsh',
    source: 'ATA 2014: TSH 6 to 8 weeks after a start or a change of dose, then every 12 months',
    trigger: { drugs: THYROID },
    checks: [['tsh']],
    first: { days: [42, 56], earliest: 35 },
    every: YEAR,
  },
  {
    rule: 'statin_lipids',
    source: 'ACC/AHA 2018: 4 to 12 weeks after a start or a change of dose, then every 3 to 12 months',
    trigger: { drugs: STATINS },
    checks: [['ldl', 'cholesterol', 'non-hdl']],
    first: { days: [28, 84], earliest: 28 },
    every: YEAR,
  },
  {
    rule: 'potassium_creatinine',
    source: 'ACC/AHA 2017: electrolytes and creatinine within 2 to 4 weeks of an ACE inhibitor, ARB or diuretic, then at least yearly',
    trigger: { drugs: POTASSIUM_DRUGS },
    checks: [['potassium'], ['creatinine', 'egfr']],
    first: { days: [14, 28], earliest: 7 },
    every: YEAR,
  },
  {
    rule: 'diabetes_a1c',
    source: 'ADA Standards of Care 2026, 6: every 6 months at goal, every 3 months when not (here: above 8 %)',
    trigger: DIABETES,
    checks: [['a1c']],
    every: 182,
    sooner: { above: 8, every: 91 },
  },
  {
    rule: 'diabetes_kidney',
    source: 'ADA Standards of Care 2026, 11: eGFR and urine albumin-creatinine ratio every year',
    trigger: DIABETES,
    checks: [['egfr'], ['uacr']],
    every: YEAR,
  },
  {
    rule: 'ckd_kidney',
    source: 'KDIGO 2024: eGFR and urine albumin-creatinine ratio at least every year',
    trigger: { from: 'N18', below: 'N19' },
    checks: [['egfr'], ['uacr']],
    every: YEAR,
  },
  {
    rule: 'metformin_kidney',
    source: 'FDA 2016: eGFR at least every year',
    trigger: { drugs: ['metformin'] },
    checks: [['egfr', 'creatinine']],
    every: YEAR,
  },
  {
    rule: 'metformin_b12',
    source: 'ADA Standards of Care 2026, 9: vitamin B12 from time to time on metformin (every 2 years here)',
    trigger: { drugs: ['metformin'] },
    checks: [['b12']],
    first: { days: [730, 1095], earliest: 0 },
    every: 730,
  },
  {
    rule: 'glp1_kidney',
    source: 'Labels of GLP-1 receptor agonists: kidney function where fluid is lost; at 3 to 6 months, then yearly here',
    trigger: { drugs: GLP1 },
    checks: [['creatinine', 'egfr']],
    first: { days: [90, 180], earliest: 28 },
    every: YEAR,
  },
];
