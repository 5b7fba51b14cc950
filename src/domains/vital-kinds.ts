// What is measured of a body: its LOINC, the unit it is told in, how a charted unit becomes that one, and what a body can show.
// LOINC: vital-signs panel 85353-1 and its members. Gates: connectors.md §2.6. A gate flags; it never deletes.
import * as z from 'zod';

export const VitalKind = z.enum([
  'blood_pressure',
  'heart_rate',
  'respiratory_rate',
  'temperature',
  'height',
  'weight',
  'bmi',
  'spo2',
  'waist',
  'head_circumference',
  'bmi_percentile',
  'pain',
]);
export type VitalKind = z.infer<typeof VitalKind>;

/** Why a reading is taken for a slip. unit: another unit's number; swapped: systolic and diastolic changed places; range: no body shows it. */
export const Implausible = z.enum(['unit', 'swapped', 'range']);
export type Implausible = z.infer<typeof Implausible>;

interface Measure {
  readonly loinc: readonly string[];
  readonly unit: string;
  /** UCUM or a spelling in use, lower case → the canonical value. What is not here cannot be converted. */
  readonly units: Readonly<Record<string, (value: number) => number>>;
  /** No other unit is in use: a missing one is this one. */
  readonly only_unit: boolean;
  readonly low: number;
  readonly high: number;
  /** What the canonical value would be, had the number been another unit's. */
  readonly mistaken: readonly ((value: number) => number)[];
}

const same = (value: number) => value;
const times = (factor: number) => (value: number) => value * factor;
const spelled = (names: string, as: (value: number) => number) => Object.fromEntries(names.split(' ').map((name) => [name, as]));

export const KG_PER_LB = 0.45359237;
export const CM_PER_IN = 2.54;
const celsius = (fahrenheit: number) => ((fahrenheit - 32) * 5) / 9;
const fahrenheit = (degrees: number) => (degrees * 9) / 5 + 32;

const lengths = {
  ...spelled('cm', same),
  ...spelled('[in_i] [in_us] in in. inch inches', times(CM_PER_IN)),
  ...spelled('m', times(100)),
  ...spelled('[ft_i] ft', times(30.48)),
};
const rates = spelled('/min {beats}/min {breaths}/min bpm beats/min breaths/min', same);
const percents = spelled('% percent', same);

export const MEASURES: Readonly<Record<VitalKind, Measure>> = {
  // Of a blood pressure: the systolic one. Its gate with the diastolic one is in vital-figures.ts.
  blood_pressure: measure('85354-9', 'mm[Hg]', { ...spelled('mm[hg] mmhg', same), ...spelled('kpa', times(7.50062)) }, [50, 280], {
    mistaken: [times(7.50062)],
  }),
  heart_rate: measure('8867-4', '/min', rates, [20, 300]),
  respiratory_rate: measure('9279-1', '/min', rates, [3, 90]),
  temperature: measure(
    '8310-5',
    'Cel',
    { ...spelled('cel c °c degc', same), ...spelled('[degf] f °f degf', celsius) },
    [30, 43],
    // °F charted as °C, and °C charted as °F.
    { mistaken: [celsius, fahrenheit] },
  ),
  height: measure('8302-2', 'cm', lengths, [30, 250], { mistaken: [times(CM_PER_IN), times(1 / CM_PER_IN), times(100)] }),
  weight: measure(
    '29463-7',
    'kg',
    {
      ...spelled('kg', same),
      ...spelled('[lb_av] lb lbs lb. pounds', times(KG_PER_LB)),
      ...spelled('g', times(0.001)),
      ...spelled('[oz_av] oz', times(KG_PER_LB / 16)),
    },
    [0.3, 450],
    { mistaken: [times(KG_PER_LB), times(1 / KG_PER_LB), times(0.001)] },
  ),
  bmi: measure('39156-5', 'kg/m2', spelled('kg/m2 kg/m^2', same), [7, 150]),
  // 2708-6 is oxygen saturation in arterial blood, which oximeters are often charted under.
  spo2: measure('59408-5 2708-6', '%', { ...percents, '1': times(100) }, [50, 100], { mistaken: [times(100)] }),
  waist: measure('8280-0', 'cm', lengths, [30, 250], { mistaken: [times(CM_PER_IN), times(1 / CM_PER_IN)] }),
  head_circumference: measure('9843-4', 'cm', lengths, [20, 70], { mistaken: [times(CM_PER_IN), times(1 / CM_PER_IN)] }),
  bmi_percentile: measure('59576-9', '%', percents, [0, 100]),
  pain: measure('72514-3', '{score}', spelled('{score} {scalescore} 1 /10', same), [0, 10]),
};

const KIND_OF = new Map(VitalKind.options.flatMap((kind) => MEASURES[kind].loinc.map((loinc) => [loinc, kind] as const)));

/** The kind a LOINC says; undefined where it is none of these. */
export function kindOf(loinc: string): VitalKind | undefined {
  return KIND_OF.get(loinc);
}

/** The value in the kind's own unit; undefined where the unit is not known: it is then shown, and never reckoned with. */
export function canonicalOf(kind: VitalKind, value: number, unit: string | undefined): number | undefined {
  const { units, only_unit } = MEASURES[kind];
  if (unit === undefined) return only_unit ? value : undefined;
  const spelling = unit.replaceAll(/\s+/g, '').toLowerCase();
  return Object.hasOwn(units, spelling) ? units[spelling]?.(value) : undefined;
}

/** To one place, as figures are told. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Whether a body can show it. */
export function isPossible(kind: VitalKind, value: number): boolean {
  const { low, high } = MEASURES[kind];
  return value >= low && value <= high;
}

function measure(
  loinc: string,
  unit: string,
  units: Measure['units'],
  [low, high]: [number, number],
  { mistaken = [] }: Partial<Pick<Measure, 'mistaken'>> = {},
): Measure {
  const meanings = new Set(Object.values(units));
  return { loinc: loinc.split(' '), unit, units, only_unit: meanings.size === 1 || unit === 'mm[Hg]' || unit === '%', low, high, mistaken };
}
