// How a quantity varies between people and within one (CVi, biology) and from run to run (CVa, the instrument), in percent. Plausible sizes for a
// demonstration, not a source: biologicalvariation.eu is.

/** Quantities that are drawn; everything else a panel reports is computed from them. */
export interface Variation {
  /** Median, and standard deviation between people, of men and of women; with `log` the deviation is of the logarithm. */
  male: readonly [number, number];
  female: readonly [number, number];
  log?: true;
  cvi: number;
  cva: number;
  /** What a living person can have, and an instrument can read. */
  bounds: readonly [number, number];
}

const v = (
  male: readonly [number, number],
  female: readonly [number, number],
  cvi: number,
  cva: number,
  bounds: readonly [number, number],
): Variation => ({ male, female, cvi, cva, bounds });
const log = (
  male: readonly [number, number],
  female: readonly [number, number],
  cvi: number,
  cva: number,
  bounds: readonly [number, number],
): Variation => ({ ...v(male, female, cvi, cva, bounds), log: true });

export const POPULATION = {
  glucose: v([92, 5], [89, 5], 4.5, 2, [48, 480]),
  bun: v([15, 3], [13.2, 2.8], 11, 2.5, [4, 95]),
  creat: v([0.98, 0.1], [0.76, 0.08], 4.5, 2.2, [0.38, 6.5]),
  na: v([139.9, 1], [139.5, 1], 0.5, 0.6, [122, 152]),
  k: v([4.3, 0.18], [4.2, 0.18], 3.6, 1.4, [2.7, 7.2]),
  co2: v([25.4, 1], [24.5, 1], 3.4, 2, [14, 35]),
  gap: v([10.9, 1], [10.8, 1], 6, 2, [4, 20]),
  ca: v([9.5, 0.16], [9.45, 0.17], 1.5, 1, [7.7, 11.4]),
  tp: v([7.1, 0.25], [7.05, 0.25], 2.3, 1.1, [5.5, 8.7]),
  alb: v([4.5, 0.16], [4.35, 0.16], 2.2, 1.3, [2.7, 5.3]),
  bili: log([0.62, 0.26], [0.5, 0.26], 15, 4, [0.1, 3.5]),
  alp: v([68, 12], [66, 13], 5, 3, [26, 220]),
  alt: log([25, 0.26], [18, 0.26], 9.5, 4, [6, 280]),
  ast: log([22, 0.18], [19, 0.18], 8.5, 4, [8, 280]),
  wbc: log([6.2, 0.14], [6.4, 0.15], 9, 2, [2.4, 18]),
  hgb: v([14.9, 0.55], [13.2, 0.5], 2.2, 0.9, [7.2, 19.4]),
  mcv: v([90, 2.6], [89.6, 2.8], 0.7, 0.6, [68, 108]),
  mchc: v([33.35, 0.28], [33.2, 0.28], 0.5, 0.35, [31.6, 35.2]),
  rdw: v([12.9, 0.45], [13.1, 0.5], 1.6, 1, [11.2, 21]),
  plt: v([236, 34], [260, 38], 6, 3, [70, 580]),
  mpv: v([10.1, 0.6], [10.1, 0.6], 2.3, 1.8, [7.6, 13]),
  neut_pct: v([57, 4], [58, 4], 5, 1.5, [36, 82]),
  lymph_pct: v([31, 3.4], [31, 3.4], 6, 1.5, [10, 52]),
  mono_pct: v([8, 1], [7.4, 1], 9, 3, [3, 14]),
  eos_pct: log([2.6, 0.35], [2.2, 0.35], 18, 6, [0.2, 9]),
  ldl: v([118, 20], [114, 20], 6.5, 2.5, [34, 255]),
  hdl: v([47, 6], [58, 8], 5, 2.4, [22, 108]),
  tg: log([118, 0.28], [98, 0.28], 16, 3, [38, 880]),
  lpa: log([22, 0.7], [24, 0.7], 7, 4, [8.4, 180]),
  a1c: v([5.35, 0.16], [5.33, 0.16], 1.2, 1.4, [4.5, 13.8]),
  tsh: log([1.8, 0.3], [1.9, 0.32], 14, 3.5, [0.002, 90]),
  ft4: v([1.17, 0.09], [1.15, 0.09], 4.6, 3, [0.3, 6]),
  ft3: v([3.2, 0.2], [3.05, 0.2], 4.6, 3.5, [1.2, 15]),
  tpo: log([6, 0.3], [6, 0.3], 11, 6, [3, 900]),
  tt: log([505, 0.17], [26, 0.22], 11, 4.5, [4, 1900]),
  shbg: log([33, 0.24], [64, 0.26], 7, 4, [9, 180]),
  e2: log([25, 0.18], [82, 0.3], 13, 5.5, [3, 480]),
  lh: log([4.7, 0.22], [6.2, 0.3], 20, 4, [0.05, 80]),
  fsh: log([5, 0.28], [6.6, 0.3], 9, 4, [0.05, 140]),
  prl: log([8.4, 0.22], [11.5, 0.25], 14, 4, [2, 60]),
  psa: log([0.9, 0.35], [0.01, 0.1], 11, 4, [0.02, 40]),
  dheas: log([245, 0.28], [150, 0.3], 7, 4, [15, 620]),
  cortisol: log([12, 0.18], [12, 0.18], 15, 5, [2, 32]),
  ferritin: log([118, 0.34], [58, 0.4], 13, 4, [4, 900]),
  b12: log([470, 0.22], [480, 0.24], 8, 5, [130, 1480]),
  folate: log([13, 0.2], [13.5, 0.2], 11, 5, [3.2, 24]),
  vitd: v([31, 5], [31, 6], 6.5, 5, [7, 92]),
  hscrp: log([0.9, 0.5], [1.1, 0.55], 35, 4, [0.12, 14]),
  insulin: log([7.6, 0.3], [7.2, 0.3], 18, 5, [1.6, 60]),
  uric: v([6, 0.7], [4.7, 0.6], 8, 2.5, [2.4, 12]),
  lipase: log([30, 0.25], [29, 0.25], 15, 4, [9, 300]),
  bnp: log([55, 0.5], [70, 0.5], 18, 5, [8, 9000]),
  pth: log([38, 0.22], [38, 0.22], 18, 5, [9, 320]),
  uacr: log([7, 0.35], [8, 0.35], 26, 7, [2, 1200]),
  ucreat: log([120, 0.35], [95, 0.35], 24, 4, [22, 320]),
  rt3: log([16, 0.2], [16, 0.2], 10, 6, [8, 38]),
  omega: log([5.2, 0.2], [5.4, 0.2], 6, 4, [2.4, 12]),
  igfz: v([0.2, 0.7], [0.1, 0.7], 0, 0, [-2.4, 2.6]),
} as const satisfies Record<string, Variation>;

export type Primary = keyof typeof POPULATION;
export type Levels = Record<Primary, number>;

export function variationOf(primary: Primary): Variation {
  return POPULATION[primary];
}
