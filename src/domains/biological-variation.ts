// How much a steady person's result moves by itself: within-subject (CVi) and analytical (CVa) variation, in per cent. Data with a version: what a clinic is
// told of a change rests on these numbers.

/** Changes whenever a number below does. */
export const VARIATION_VERSION = '2026-11';

/** CVi, CVa, and whether the analyte is followed on its own scale (`linear`) instead of that of its logarithm.
 *  CVi of testosterone, SHBG, cortisol, estradiol, FSH and LH: Guldhaug et al., Clin Chem 2022 (men). The others: of the order of the EFLM database of
 *  biological variation (biologicalvariation.eu); CVa: what routine analysers reach. In disease CVi differs (Ricós et al., Ann Clin Biochem 2007). */
const VARIATION: Readonly<Record<string, readonly [cvi: number, cva: number, scale?: 'linear']>> = {
  a1c: [1.2, 2],
  glucose: [5, 2],
  bun: [13.9, 2.5],
  creatinine: [4.5, 2.5],
  egfr: [5.4, 3],
  sodium: [0.5, 0.7, 'linear'],
  potassium: [4.1, 1.5],
  chloride: [1.1, 1],
  co2: [4, 2.5],
  calcium: [1.8, 1.2],
  magnesium: [2.9, 2],
  phosphate: [7.8, 2],
  'uric acid': [8.3, 2],
  protein: [2.6, 1.2],
  albumin: [2.6, 1.5],
  bilirubin: [20, 4],
  alp: [5.3, 3],
  alt: [10.1, 4],
  ast: [9.6, 3.5],
  ggt: [9.1, 3],
  cholesterol: [5.3, 2],
  ldl: [8.3, 3],
  hdl: [5.7, 2.5],
  'non-hdl': [7.5, 3],
  triglycerides: [19.7, 3.5],
  apob: [7.3, 3],
  wbc: [11.1, 2],
  rbc: [2.6, 1],
  hemoglobin: [2.7, 1.2],
  hematocrit: [2.8, 1.5, 'linear'],
  mcv: [0.8, 0.8],
  platelets: [5.6, 2.5],
  tsh: [17.9, 4],
  'free t4': [4.9, 4],
  'free t3': [5, 4],
  'testosterone total': [16, 5],
  'free testosterone': [16, 8],
  shbg: [7.4, 4],
  estradiol: [14, 8],
  lh: [26, 5],
  fsh: [8, 4],
  prolactin: [23, 4],
  psa: [6.8, 4],
  'dhea-s': [10, 6],
  cortisol: [18, 5],
  'igf-1': [9.4, 5],
  insulin: [25, 6],
  ferritin: [12.8, 5],
  iron: [26.5, 3],
  b12: [9, 5],
  'vitamin d': [6.8, 7],
  'hs-crp': [34, 5],
  crp: [34, 5],
  uacr: [30, 8],
  'nt-probnp': [10, 5],
  pth: [15, 6],
  lipase: [9, 4],
};

export interface Variation {
  scale: 'log' | 'linear';
  /** The standard deviation of one result of a steady person: of ln(value), or on a linear scale as a part of the value. */
  sigma: number;
}

/** 95 % of the changes between two results of a steady person stay within ± Z·√2·σ. */
const Z = 1.96;

/** Of the analytes that the table holds. */
export function variationOf(group: string): Variation | undefined {
  const known = Object.hasOwn(VARIATION, group) ? VARIATION[group] : undefined;
  if (!known) return undefined;
  const [cvi, cva] = [known[0] / 100, known[1] / 100];
  return known[2] === 'linear'
    ? { scale: 'linear', sigma: Math.hypot(cvi, cva) }
    : { scale: 'log', sigma: Math.sqrt(Math.log1p(cvi * cvi) + Math.log1p(cva * cva)) };
}

/** The reference change value on the analyte's scale: of ln(value), or as a part of the value. */
export const rcvOf = ({ sigma }: Variation) => Z * Math.SQRT2 * sigma;

/** The reference change value in per cent: how far a result may rise and fall by itself. On a logarithmic scale the two differ. */
export function rcvPercent(variation: Variation): { up: number; down: number } {
  const rcv = rcvOf(variation);
  return variation.scale === 'linear' ? { up: 100 * rcv, down: 100 * rcv } : { up: 100 * Math.expm1(rcv), down: -100 * Math.expm1(-rcv) };
}

/** The markers that can be followed. */
export const FOLLOWED = Object.keys(VARIATION);
