// One draw as the rows that the laboratory sends.
import type { LabKey } from '../arcs/arc.ts';
import { instantOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { LabResultRow } from '../rows.ts';
import { type AnalyteKey, analyteOf } from './analytes.ts';
import { COMMENTS, EQUATION_CHANGED, UNITS_CHANGED } from './comments.ts';
import { reportOf } from './derive.ts';
import type { Drawn, LabFact } from './fact.ts';
import { flagOf, writtenFlag } from './flags.ts';
import { type Order, orderOf } from './orders.ts';
import { rangeOf } from './ranges.ts';
import { codedOf } from './urine.ts';

/** When laboratory A changed its eGFR equation, and B its testosterone units, in days before as_of; and when B's interface lost its flags. */
export const CHANGED = { equation_A: 400, units_B: 240, flags_B: [345, 290] } as const;

/** Smallest amount each laboratory can see. */
const FLOOR: Partial<Record<AnalyteKey, readonly [number, number]>> = {
  tsh: [0.005, 0.01],
  lh: [0.3, 0.2],
  fsh: [0.3, 0.7],
  e2: [5, 15],
  psa: [0.1, 0.1],
  tpo: [9, 1],
  hscrp: [0.15, 0.2],
  lpa: [8.4, 10],
  ualb: [3, 2],
  tt: [3, 10],
};

/** Spellings that are another UCUM unit, not only another spelling. */
const OTHER_UNITS: Readonly<Record<string, string>> = { 'mEq/L': 'meq/L', 'mIU/L': 'm[IU]/L', 'mcg/mg': 'ug/mg' };

interface Reading {
  value: number;
  comparator: '<' | '>' | null;
}

/** A number as the laboratory prints it; undefined for what is not a number. */
function readingOf(analyte: AnalyteKey, { lab }: Drawn, numbers: Partial<Record<AnalyteKey, number>>): Reading | undefined {
  const value = numbers[analyte];
  if (value === undefined) return undefined;
  if (analyte === 'uacr' && (numbers.ualb ?? 0) < 3)
    return { value: Math.max(2, Math.round((3 / (numbers.ucreat ?? 100)) * 100)), comparator: '<' };
  const floor = FLOOR[analyte]?.[lab === 'B' ? 1 : 0];
  if (floor !== undefined && value < floor) return { value: floor, comparator: '<' };
  if (analyte === 'egfr' && lab === 'B' && value > 60) return { value: 60, comparator: '>' };
  if (analyte === 'egfr' && lab === 'C' && value > 90) return { value: 90, comparator: '>' };
  return { value, comparator: null };
}

/** Every result of a draw, as it would be if nothing went wrong. */
export function factsOf(drawn: Drawn): LabFact[] {
  const { setting, draw, lab, day } = drawn;
  const ago = setting.as_of - day;
  const equation = lab === 'A' && ago > CHANGED.equation_A ? 2009 : 2021;
  const strip = setting.dice(`draw.${draw.label}.strip`);
  const numbers = {
    ...reportOf(drawn.levels, { sex: setting.person.sex, age: drawn.age, equation, lab }),
    ua_sg: (1006 + strip.int(0, 20)) / 1000,
    ua_ph: strip.int(10, 14) / 2,
  };
  const seen = new Set<AnalyteKey>();
  return draw.orders.flatMap((key) => {
    const order = orderOf(key);
    const analytes = order.analytes
      .map((analyte): AnalyteKey => (analyte === 'a1c' && lab === 'C' ? 'a1c_ifcc' : analyte))
      .filter((analyte) => !seen.has(analyte) && !(analyte === 'psa' && setting.person.sex === 'female'));
    for (const analyte of analytes) seen.add(analyte);
    return analytes.map((analyte) => factOf(drawn, { key, order, analyte, equation, reading: readingOf(analyte, drawn, numbers) }));
  });
}

interface Resulted {
  key: string;
  order: Order;
  analyte: AnalyteKey;
  equation: 2009 | 2021;
  reading: Reading | undefined;
}

function factOf(drawn: Drawn, { key, order, analyte, equation, reading }: Resulted): LabFact {
  const { setting, draw, lab, day, minute } = drawn;
  const { site, person, origin } = setting;
  const it = analyteOf(analyte);
  const side = lab === 'A' ? 0 : 1;
  const ago = setting.as_of - day;
  const isMolar = analyte === 'tt' && lab === 'B' && person.sex === 'male' && ago <= CHANGED.units_B;
  const raw = isMolar ? 'nmol/L' : (it.raw?.[side] ?? it.unit);
  const unit = isMolar ? 'nmol/L' : (OTHER_UNITS[raw ?? ''] ?? it.unit);
  const molar = (x: number) => Number((x * 0.03467).toFixed(1));
  const coded = reading ? undefined : codedOf(analyte, drawn);
  const range = rangeOf(lab, analyte, person.sex, unit);
  const dice = setting.dice(`draw.${draw.label}.sent.${analyte}`);
  const judged = {
    value: reading ? (isMolar ? molar(reading.value) : reading.value) : null,
    comparator: reading?.comparator ?? null,
    ref_low: range.low ?? null,
    ref_high: range.high ?? null,
  };
  const wait = setting.dice(`draw.${draw.label}.wait${it.slow ? '.slow' : ''}`);
  const days = it.slow ? wait.int(2, 5) : 1;
  const resulted = lab === 'C' && draw.at === 'hospital' ? [day, minute + wait.int(65, 210)] : [day + days, wait.int(110, 700)];
  const loinc = analyte === 'egfr' ? (equation === 2009 ? '62238-1' : '98979-8') : it.loinc[side];
  const row: LabResultRow = {
    tenant_id: setting.tenant_id,
    id: idOf(origin, 'lab', `${draw.label}.${analyte}`),
    patient_id: setting.patient_id,
    order_id: idOf(origin, 'order', `${draw.label}.${key}`),
    loinc,
    local_code: it.local?.[side] ?? null,
    name_raw: it.names[side],
    ...judged,
    value_text: coded?.text ?? null,
    unit: reading ? unit : null,
    unit_raw: reading && raw !== unit ? raw : null,
    ref_text: range.text ?? null,
    lab_flag: null,
    status: 'final',
    collected_at: instantOf(site.zone, day, minute),
    resulted_at: instantOf(site.zone, resulted[0] as number, resulted[1] as number),
    panel_loinc: order.loinc ?? null,
    panel_raw: order.names[side],
    specimen: it.specimen ?? (['cbc', 'cbcd', 'hct'].includes(key) ? 'Whole blood' : 'Serum'),
    performing_lab: it.local?.[0] === 'POC-HCT' ? site.name : site.labs[lab],
    method: methodOf(analyte, lab, equation),
    comment: null,
    corrects: null,
  };
  // A writes a flag for every number, B only for abnormal ones, the hospital none; each forgets now and then.
  const written = coded
    ? coded.isAbnormal
      ? 'A'
      : 'N'
    : lab === 'B' && analyte === 'ldl'
      ? ldlFlag(row.value)
      : writtenFlag(analyte, row);
  const isSilent =
    lab === 'C' || dice.chance(0.012) || (lab === 'B' && (written === 'N' || (ago <= CHANGED.flags_B[0] && ago >= CHANGED.flags_B[1])));
  row.lab_flag = isSilent ? null : written;
  const comments = COMMENTS[analyte];
  if (comments && dice.chance(lab === 'A' ? 0.32 : 0.12)) row.comment = dice.pick(comments);
  if (isMolar) row.comment = UNITS_CHANGED;
  if (analyte === 'egfr' && lab === 'A' && ago <= CHANGED.equation_A && ago > CHANGED.equation_A - 90) row.comment = EQUATION_CHANGED;
  return { row, analyte, draw: draw.label, day, flag: flagOf(row), shown: true };
}

/** B prints its goal for LDL as words, which only B can compare with. */
function ldlFlag(value: number | null): 'N' | 'H' {
  return value !== null && value >= 100 ? 'H' : 'N';
}

function methodOf(analyte: AnalyteKey, lab: LabKey, equation: 2009 | 2021): string | null {
  if (analyte === 'egfr') return `CKD-EPI ${equation}`;
  if (analyte === 'tt' || analyte === 'e2') return lab === 'A' ? 'LC/MS-MS' : 'Immunoassay';
  if (analyte === 'tsh' || analyte === 'ft4' || analyte === 'ft3') return lab === 'B' ? 'Chemiluminescence, streptavidin-biotin' : 'ECLIA';
  if (analyte === 'a1c') return lab === 'A' ? 'Immunoturbidimetry' : 'HPLC';
  return null;
}
