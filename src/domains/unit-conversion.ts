// One analyte in one unit (connectors.md §2.2). Only what physics or a standard fixes is converted; what it does not is kept apart.
import { memo } from '../base/memo.ts';

/** What one unit is worth in the base unit of its kind. */
const WORTH = {
  /** g/L */
  mass: {
    'g/dL': 10,
    'g/L': 1,
    'mg/dL': 1e-2,
    'mg/L': 1e-3,
    'ug/mL': 1e-3,
    'ug/dL': 1e-5,
    'ug/L': 1e-6,
    'ng/mL': 1e-6,
    'ng/dL': 1e-8,
    'ng/L': 1e-9,
    'pg/mL': 1e-9,
  },
  /** mol/L; an equivalent is a mole of charge. */
  moles: { 'mmol/L': 1e-3, 'umol/L': 1e-6, 'nmol/L': 1e-9, 'pmol/L': 1e-12 },
  /** a microlitre */
  count: { '/uL': 1, '10*3/uL': 1e3, '10*9/L': 1e3, '10*6/uL': 1e6, '10*12/L': 1e6 },
  /** U/L */
  activity: { 'U/L': 1, 'ukat/L': 60 },
  /** [IU]/L */
  arbitrary: { '[IU]/L': 1, 'm[IU]/mL': 1, 'm[IU]/L': 1e-3, 'u[IU]/mL': 1e-3, '[IU]/mL': 1e3 },
  /** % */
  fraction: { '%': 1, 'L/L': 100 },
} as const satisfies Record<string, Record<string, number>>;
type Kind = keyof typeof WORTH;

interface Measure {
  /** The unit that figures are told in. */
  unit: string;
  kind: Kind;
  /** g/mol. Left out where molecules differ in mass, as lipoprotein(a) and SHBG do: their mass and molar results are two analytes. */
  molar_mass?: number;
  /** Equivalents a mole. */
  charge?: number;
}

const mass = (unit: string, molar_mass?: number): Measure => ({ unit, kind: 'mass', ...(molar_mass !== undefined && { molar_mass }) });
const salt = (charge: number, molar_mass: number): Measure => ({ unit: 'mmol/L', kind: 'moles', charge, molar_mass });
const of = (kind: Kind, unit: string): Measure => ({ unit, kind });

/** By analyte group. Urea is counted as its nitrogen, phosphate as phosphorus, as US labs print them. */
const MEASURES: Readonly<Record<string, Measure>> = {
  glucose: mass('mg/dL', 180.156),
  bun: mass('mg/dL', 28.014),
  creatinine: mass('mg/dL', 113.12),
  'urine creatinine': mass('mg/dL', 113.12),
  sodium: salt(1, 22.99),
  potassium: salt(1, 39.098),
  chloride: salt(1, 35.453),
  co2: { unit: 'mmol/L', kind: 'moles', charge: 1 },
  'anion gap': { unit: 'mmol/L', kind: 'moles', charge: 1 },
  calcium: { ...mass('mg/dL', 40.078), charge: 2 },
  magnesium: { ...mass('mg/dL', 24.305), charge: 2 },
  phosphate: mass('mg/dL', 30.974),
  'uric acid': mass('mg/dL', 168.11),
  bilirubin: mass('mg/dL', 584.66),
  'direct bilirubin': mass('mg/dL', 584.66),
  cholesterol: mass('mg/dL', 386.65),
  hdl: mass('mg/dL', 386.65),
  ldl: mass('mg/dL', 386.65),
  'non-hdl': mass('mg/dL', 386.65),
  triglycerides: mass('mg/dL', 885.4),
  iron: mass('ug/dL', 55.845),
  tibc: mass('ug/dL', 55.845),
  'testosterone total': mass('ng/dL', 288.42),
  'free testosterone': mass('pg/mL', 288.42),
  'bioavailable testosterone': mass('ng/dL', 288.42),
  estradiol: mass('pg/mL', 272.38),
  progesterone: mass('ng/mL', 314.46),
  cortisol: mass('ug/dL', 362.46),
  'dhea-s': mass('ug/dL', 368.49),
  'free t4': mass('ng/dL', 776.87),
  t4: mass('ug/dL', 776.87),
  'free t3': mass('pg/mL', 650.97),
  t3: mass('ng/dL', 650.97),
  'vitamin d': mass('ng/mL', 400.64),
  b12: mass('pg/mL', 1355.37),
  folate: mass('ng/mL', 441.4),
  ...sameIn(mass('g/dL'), 'protein', 'albumin', 'globulin', 'hemoglobin', 'mchc'),
  ...sameIn(mass('mg/dL'), 'apob', 'urine albumin'),
  ...sameIn(mass('mg/L'), 'crp', 'hs-crp'),
  ...sameIn(mass('ng/mL'), 'psa', 'ferritin', 'igf-1', 'prolactin'),
  ...sameIn(mass('pg/mL'), 'nt-probnp', 'pth'),
  ...sameIn(of('activity', 'U/L'), 'alp', 'alt', 'ast', 'ggt', 'lipase'),
  ...sameIn(of('count', '10*3/uL'), 'wbc', 'platelets', 'neutrophils', 'lymphocytes', 'monocytes', 'eosinophils', 'basophils'),
  rbc: of('count', '10*6/uL'),
  ...sameIn(of('arbitrary', 'm[IU]/L'), 'tsh'),
  ...sameIn(of('arbitrary', 'm[IU]/mL'), 'lh', 'fsh'),
  insulin: of('arbitrary', 'u[IU]/mL'),
  hematocrit: of('fraction', '%'),
};

function sameIn(measure: Measure, ...groups: string[]): Record<string, Measure> {
  return Object.fromEntries(groups.map((group) => [group, measure]));
}

/** Conversions that are no plain factor, or whose kind has one analyte only: group → from → how. */
const OWN: Readonly<Record<string, { unit: string; from: Readonly<Record<string, (value: number) => number>> }>> = {
  // NGSP per cent from IFCC mmol/mol, the master equation (ngsp.org).
  a1c: { unit: '%', from: { '%': (value) => value, 'mmol/mol': (value) => 0.09148 * value + 2.152 } },
  uacr: { unit: 'mg/g', from: { 'mg/g': (value) => value, 'ug/mg': (value) => value, 'mg/mmol': (value) => (value * 1000) / 113.12 } },
};

interface Quantity {
  value: number;
  unit: string;
}

/** `value` in the unit that this analyte is told in; undefined where the unit is not known or cannot become that one. An analyte that no unit is laid down
 *  for stays in the unit it came in. */
export function canonical(group: string, value: number, unit: string): Quantity | undefined {
  const own = OWN[group];
  if (own) {
    const convert = own.from[unit];
    return convert && { value: convert(value), unit: own.unit };
  }
  const measure = MEASURES[group];
  if (!measure) return { value, unit };
  const [from, to] = [worthOf(measure, unit), worthOf(measure, measure.unit)];
  if (from === undefined || to === undefined) return undefined;
  if (unit === measure.unit) return { value, unit };
  // Equal results stay equal in another unit: 7.85 is not 7.849999999999999.
  return { value: Number(((value * from) / to).toPrecision(12)), unit: measure.unit };
}

/** The units that results of this analyte can be read in, its own first; undefined where it stays in the one it came in. */
export function unitsOf(group: string): readonly string[] | undefined {
  const own = OWN[group];
  if (own) return Object.keys(own.from);
  const measure = MEASURES[group];
  if (!measure) return undefined;
  const known = [...Object.values(WORTH).flatMap((units) => Object.keys(units)), 'meq/L'];
  return [...new Set([measure.unit, ...known.filter((unit) => worthOf(measure, unit) !== undefined)])];
}

/** What a result in the wrong unit is off by: each factor, above 1, between two units that labs report this analyte in. */
export const unitFactors = memo((group): readonly number[] => {
  const measure = MEASURES[group];
  if (group === 'a1c' || !measure) return [];
  const units = REPORTED.filter((unit) => worthOf(measure, unit) !== undefined);
  const worths = units.map((unit) => worthOf(measure, unit) as number);
  const factors = worths.flatMap((one) => worths.map((other) => one / other)).filter((factor) => factor > 1.2 && factor < 20_000);
  return [...new Set(factors.map((factor) => Number(factor.toPrecision(6))))].sort((a, b) => a - b);
});

const REPORTED = ['g/dL', 'g/L', 'mg/dL', 'ug/dL', 'ng/dL', 'ng/mL', 'pg/mL', 'mmol/L', 'umol/L', 'nmol/L', 'pmol/L', '%', 'L/L'];

/** In the base unit of the analyte's kind; a mole and an equivalent by its own mass and charge. */
function worthOf({ kind, molar_mass, charge }: Measure, unit: string): number | undefined {
  const direct = lookUp(WORTH[kind], unit);
  if (direct !== undefined) return direct;
  const moles = unit === 'meq/L' && charge !== undefined ? 1e-3 / charge : lookUp(WORTH.moles, unit);
  if (kind === 'mass') return moles === undefined || molar_mass === undefined ? undefined : moles * molar_mass;
  if (kind !== 'moles') return undefined;
  const grams = lookUp(WORTH.mass, unit);
  return moles ?? (grams === undefined || molar_mass === undefined ? undefined : grams / molar_mass);
}

function lookUp(worths: Readonly<Record<string, number>>, unit: string): number | undefined {
  return Object.hasOwn(worths, unit) ? worths[unit] : undefined;
}
