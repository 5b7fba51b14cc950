// Eight markers as the books of trends know them, written down a second time (connectors.md §2.2, §2.4): codes, natural variation, units.

/** g/L as a power of ten; of the molar units, mol/L. */
const GRAMS: Readonly<Record<string, number>> = {
  'g/dL': 1,
  'g/L': 0,
  'mg/dL': -2,
  'mg/L': -3,
  'ug/mL': -3,
  'ug/dL': -5,
  'ug/L': -6,
  'ng/mL': -6,
  'ng/dL': -8,
  'ng/L': -9,
  'pg/mL': -9,
};
const MOLES: Readonly<Record<string, number>> = { 'mmol/L': -3, 'umol/L': -6, 'nmol/L': -9, 'pmol/L': -12 };

/** Units that a report may be printed in by mistake. */
const PRINTED = ['g/dL', 'g/L', 'mg/dL', 'ug/dL', 'ng/dL', 'ng/mL', 'pg/mL', 'mmol/L', 'umol/L', 'nmol/L', 'pmol/L'];

export interface Marker {
  codes: readonly string[];
  /** Within a person and of the analyser, in per cent. */
  cv: readonly [number, number];
  /** Followed as it is instead of by its logarithm. */
  isLinear?: true;
  /** A value of a unit in the unit that the marker is told in; undefined where it cannot become that one. */
  read(value: number, unit: string): { value: number; unit: string } | undefined;
  /** By what factors a wrong unit is off. */
  steps: readonly number[];
  /** What only compares with itself. */
  apart?: 'code' | 'method';
}

/** 41.2 % of 0.412 is 41.2 and nothing beside it: the same quantity is one number, whatever unit it came in. */
const clean = (value: number) => Number(value.toPrecision(12));

/** Of a substance with a molar mass, in g/mol. */
function weighed(unit: string, molar_mass: number): Pick<Marker, 'read' | 'steps'> {
  const logOf = (from: string) => GRAMS[from] ?? (MOLES[from] === undefined ? undefined : MOLES[from] + Math.log10(molar_mass));
  const apart = (from: string) => (logOf(from) as number) - (logOf(unit) as number);
  const gaps = PRINTED.flatMap((one) => PRINTED.map((other) => apart(one) - apart(other)));
  return {
    read: (value, from) =>
      logOf(from) === undefined ? undefined : { value: from === unit ? value : clean(value * 10 ** apart(from)), unit },
    steps: gaps.map((gap) => 10 ** gap).filter((factor) => factor > 1.2 && factor < 20_000),
  };
}

/** By what each unit is worth in the first, where there is no molar mass. */
function counted(worths: Readonly<Record<string, number>>): Marker['read'] {
  const [unit] = Object.keys(worths) as [string];
  return (value, from) => (worths[from] === undefined ? undefined : { value: clean(value * worths[from]), unit });
}

const salt = weighed('mmol/L', 39.098);

export const MARKERS = {
  a1c: {
    codes: ['4548-4', '17856-6', '59261-8', '4549-2', '17855-8'],
    cv: [1.2, 2],
    // NGSP from IFCC, the master equation.
    read: (value, unit) => {
      if (unit === '%') return { value, unit };
      return unit === 'mmol/mol' ? { value: clean(value * 0.09148 + 2.152), unit: '%' } : undefined;
    },
    steps: [],
  },
  egfr: {
    codes: ['98979-8', '62238-1', '33914-3', '48642-3', '48643-1', '88293-6', '88294-4'],
    cv: [5.4, 3],
    // Per 1.73 m² or not: that is no conversion, but two series.
    read: (value, unit) => ({ value, unit }),
    steps: [],
    apart: 'code',
  },
  creatinine: { codes: ['2160-0'], cv: [4.5, 2.5], ...weighed('mg/dL', 113.12) },
  tsh: {
    codes: ['3016-3', '11580-8'],
    cv: [17.9, 4],
    read: counted({ 'm[IU]/L': 1, 'u[IU]/mL': 1, 'm[IU]/mL': 1e3, '[IU]/L': 1e3, '[IU]/mL': 1e6 }),
    steps: [],
  },
  ldl: { codes: ['13457-7', '18262-6', '2089-1'], cv: [8.3, 3], ...weighed('mg/dL', 386.65), apart: 'code' },
  'testosterone total': { codes: ['2986-8'], cv: [16, 5], ...weighed('ng/dL', 288.42), apart: 'method' },
  // One charge: an equivalent is a mole.
  potassium: { codes: ['2823-3'], cv: [4.1, 1.5], ...salt, read: (value, unit) => salt.read(value, unit === 'meq/L' ? 'mmol/L' : unit) },
  hematocrit: { codes: ['4544-3'], cv: [2.8, 1.5], isLinear: true, read: counted({ '%': 1, 'L/L': 100 }), steps: [100] },
} as const satisfies Record<string, Marker>;
export type MarkerName = keyof typeof MARKERS;
