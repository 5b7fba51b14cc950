// What the clinic asks for each thing it does or sells, and what each payer allows of it. CPT and HCPCS codes where there is one, the clinic's own where there is none.
import type { ChargeRow } from '../rows-money.ts';

interface Fee {
  description: string;
  kind: Exclude<ChargeRow['kind'], 'membership'>;
  cents: number;
  /** What goods cost at the usual lot, and what an outside laboratory takes. */
  goods_cents?: number;
  lab_cents?: number;
  taxed?: true;
  /** No payer covers it. */
  cash?: true;
}

const visit = (description: string, cents: number): Fee => ({ description, kind: 'service', cents });
const lab = (description: string, cents: number, lab_cents: number): Fee => ({ description, kind: 'service', cents, lab_cents });

export const FEES = {
  '99203': visit('Office visit, new patient, low complexity', 21_450),
  '99204': visit('Office visit, new patient, moderate complexity', 31_875),
  '99205': visit('Office visit, new patient, high complexity', 41_990),
  '99211': visit('Nurse visit', 4_385),
  '99213': visit('Office visit, established, low complexity', 17_240),
  '99214': visit('Office visit, established, moderate complexity', 24_615),
  '99215': visit('Office visit, established, high complexity', 34_480),
  '99395': visit('Preventive visit, established, 18-39', 22_985),
  '99396': visit('Preventive visit, established, 40-64', 24_870),
  '99397': visit('Preventive visit, established, 65 and over', 26_725),
  G0439: visit('Annual wellness visit, Medicare', 24_130),
  '99195': visit('Therapeutic phlebotomy', 15_765),
  '96372': visit('Injection, subcutaneous or intramuscular', 4_140),
  '36415': visit('Venipuncture', 1_875),
  '80048': lab('Basic metabolic panel', 3_260, 645),
  '80053': lab('Comprehensive metabolic panel', 4_415, 820),
  '80061': lab('Lipid panel', 4_980, 910),
  '83036': lab('Hemoglobin A1c', 3_640, 705),
  '84443': lab('TSH', 5_835, 1_120),
  '84439': lab('Free T4', 4_470, 865),
  '84403': lab('Testosterone, total', 8_925, 1_790),
  '85025': lab('CBC with differential', 3_795, 560),
  '85027': lab('CBC', 3_105, 475),
  '82306': lab('Vitamin D, 25-hydroxy', 9_460, 1_985),
  '84153': lab('PSA, total', 6_315, 1_240),
  '82728': lab('Ferritin', 4_845, 930),
  'LAB-PNL': { ...lab('Laboratory panel, other', 6_735, 1_465) },
  'INJ-T': { description: 'Testosterone injection, given', kind: 'service', cents: 3_900, goods_cents: 412, cash: true },
  'INJ-W': { description: 'Weight programme injection, given', kind: 'service', cents: 8_650, goods_cents: 3_105, cash: true },
  'PEL-F': { description: 'Hormone pellet insertion', kind: 'service', cents: 44_500, goods_cents: 9_830, cash: true },
  'WGT-V': { description: 'Weight programme month', kind: 'service', cents: 29_900, goods_cents: 11_260, cash: true },
  'PKG-INJ10': { description: 'Package of ten testosterone injections', kind: 'package', cents: 34_900, cash: true },
  'PKG-WGT6': { description: 'Package of six weight programme months', kind: 'package', cents: 161_460, cash: true },
  'PKG-PEL3': { description: 'Package of three pellet insertions', kind: 'package', cents: 121_500, cash: true },
  'TCYP-KIT': { description: 'Testosterone cypionate 10 mL, dispensed', kind: 'product', cents: 18_725, goods_cents: 5_240, cash: true },
  'SEMA-CMP': { description: 'Compounded semaglutide vial, dispensed', kind: 'product', cents: 29_745, goods_cents: 11_480, cash: true },
  'TIRZ-CMP': { description: 'Compounded tirzepatide vial, dispensed', kind: 'product', cents: 41_290, goods_cents: 17_905, cash: true },
  'PEP-SERM': { description: 'Sermorelin vial, dispensed', kind: 'product', cents: 26_350, goods_cents: 9_115, cash: true },
  'SUP-D3': { description: 'Vitamin D3 with K2, 90 capsules', kind: 'product', cents: 3_495, goods_cents: 1_320, taxed: true, cash: true },
  'SUP-OM3': { description: 'Omega-3, 120 softgels', kind: 'product', cents: 4_850, goods_cents: 2_045, taxed: true, cash: true },
  'SUP-PRO': { description: 'Whey protein, 2 lb', kind: 'product', cents: 5_775, goods_cents: 2_860, taxed: true, cash: true },
  NOSHOW: { description: 'Missed appointment fee', kind: 'service', cents: 4_500, cash: true },
} as const satisfies Record<string, Fee>;
export type Code = keyof typeof FEES;

export const feeOf = (code: Code): Fee => FEES[code];

/** Sales tax of the clinic's place, in thousandths. */
export const TAX = { juniper: 60, cedar: 55 } as const;

/** What a payer's contract allows, in thousandths of the fee; a visit and a laboratory test are not paid alike. */
const CONTRACTS: Record<string, { visit: number; lab: number }> = {
  'Blue Ridge Health Plan': { visit: 617, lab: 294 },
  'Tidewater Mutual': { visit: 583, lab: 318 },
  'Old Dominion Employers Trust': { visit: 654, lab: 361 },
  'Piedmont Care': { visit: 559, lab: 277 },
  'Four Lakes Health Cooperative': { visit: 628, lab: 303 },
  'Driftless Mutual': { visit: 571, lab: 289 },
  'Great Plains Employers Trust': { visit: 646, lab: 352 },
  'Isthmus Care': { visit: 602, lab: 331 },
  'Medicare Part B': { visit: 487, lab: 236 },
};
const MEDICAID = { visit: 391, lab: 208 };

/** What `payer` allows of `cents`. */
export function allowedOf(payer: string, code: string, cents: number): number {
  const contract = CONTRACTS[payer] ?? MEDICAID;
  const isLab = code in FEES && feeOf(code as Code).lab_cents !== undefined;
  return Math.round((cents * (isLab ? contract.lab : contract.visit)) / 1000);
}
