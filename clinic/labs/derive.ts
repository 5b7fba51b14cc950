// The numbers of a report: rounded as printed, and the computed ones computed from the printed ones of the same draw, as laboratories do.
import { type AnalyteKey, analyteOf } from './analytes.ts';
import type { Levels } from './population.ts';

export interface Subject {
  sex: 'female' | 'male';
  age: number;
  /** Which CKD-EPI equation the laboratory uses. */
  equation: 2009 | 2021;
  /** A calculates free testosterone; B measures it directly, on another scale. */
  lab: 'A' | 'B' | 'C';
}

const round = (x: number, digits: number) => Number((Math.round(x * 10 ** digits) / 10 ** digits).toFixed(digits));

/** CKD-EPI creatinine equations of 2009 (without race) and 2021, mL/min/1.73 m². */
export function eGfr(creatinine: number, { sex, age, equation }: Omit<Subject, 'lab'>): number {
  const isFemale = sex === 'female';
  const ratio = creatinine / (isFemale ? 0.7 : 0.9);
  if (equation === 2021) {
    return 142 * Math.min(ratio, 1) ** (isFemale ? -0.241 : -0.302) * Math.max(ratio, 1) ** -1.2 * 0.9938 ** age * (isFemale ? 1.012 : 1);
  }
  return 141 * Math.min(ratio, 1) ** (isFemale ? -0.329 : -0.411) * Math.max(ratio, 1) ** -1.209 * 0.993 ** age * (isFemale ? 1.018 : 1);
}

/** Free testosterone, pg/mL, from total (ng/dL) and SHBG (nmol/L): Vermeulen 1999 with albumin 4.3 g/dL. */
function freeTestosterone(total: number, shbg: number): number {
  const [t, s, affinity, bound] = [total * 0.0347e-9, shbg * 1e-9, 1e9, 1 + 3.6e4 * 6.2e-4];
  const b = bound + affinity * (s - t);
  return ((-b + Math.sqrt(b * b + 4 * bound * affinity * t)) / (2 * bound * affinity)) * 288.4e9;
}

/** Everything that can be computed from the levels of one draw. */
export function reportOf(levels: Levels, subject: Subject): Partial<Record<AnalyteKey, number>> {
  const printed = (key: AnalyteKey, x: number) => round(x, analyteOf(key).digits);
  const of = Object.fromEntries(
    (Object.keys(levels) as (keyof Levels)[])
      .filter((key) => key !== 'mchc' && key !== 'ucreat')
      .map((key) => [key, printed(key as AnalyteKey, levels[key])]),
  ) as Record<Exclude<keyof Levels, 'mchc'>, number>;
  const { sex, age, equation } = subject;
  const tc = Math.round(levels.ldl + of.hdl + of.tg / 5);
  const hct = printed('hct', (levels.hgb / levels.mchc) * 100);
  const rbc = printed('rbc', (hct * 10) / levels.mcv);
  const cl = of.na - of.co2 - of.gap;
  const glob = round(of.tp - of.alb, 1);
  const parts = levels.neut_pct + levels.lymph_pct + levels.mono_pct + levels.eos_pct;
  const share = (part: number) => Math.round((part / parts) * 99.4);
  const [neut_pct, lymph_pct, mono_pct, eos_pct] = [levels.neut_pct, levels.lymph_pct, levels.mono_pct, levels.eos_pct].map(share) as [
    number,
    number,
    number,
    number,
  ];
  const baso_pct = Math.max(0, 100 - neut_pct - lymph_pct - mono_pct - eos_pct);
  const absolute = (percent: number) => round((of.wbc * percent) / 100, 1);
  const ucreat = round(levels.ucreat, 1);
  const ualb = round((levels.uacr * ucreat) / 100, 1);
  return {
    ...of,
    cl,
    glob,
    ag_ratio: round(of.alb / glob, 1),
    bun_creat: Math.round(of.bun / of.creat),
    egfr: Math.round(eGfr(of.creat, { sex, age, equation })),
    hct,
    rbc,
    mcv: Math.round((hct * 10) / rbc),
    mch: round((of.hgb * 10) / rbc, 1),
    mchc: round((of.hgb / hct) * 100, 1),
    neut_pct,
    lymph_pct,
    mono_pct,
    eos_pct,
    baso_pct,
    neut: absolute(neut_pct),
    lymph: absolute(lymph_pct),
    mono: absolute(mono_pct),
    eos: absolute(eos_pct),
    baso: absolute(baso_pct),
    tc,
    ldl: Math.round(tc - of.hdl - of.tg / 5),
    ldl_direct: Math.round(levels.ldl * 1.03),
    non_hdl: tc - of.hdl,
    tc_hdl: round(tc / of.hdl, 1),
    apob: Math.round(0.68 * levels.ldl + 14),
    a1c_ifcc: Math.round((levels.a1c - 2.152) / 0.09148),
    ft: round(freeTestosterone(levels.tt, levels.shbg) * (subject.lab === 'B' ? 1 : 0.13), 1),
    ucreat,
    ualb,
    uacr: Math.round((ualb / ucreat) * 100),
    hctpoc: Math.round(hct - 0.5),
  };
}
