// Patients by chance for the measures, dealt so that the edges come up often: ages and days at the very boundary, ties on the last day, partial dates, mixed
// units, results that are corrected, visits and readings that do not count. A patient is a story without a format; rows.ts and bundle.ts write it down.
import { type Dice, diceOf } from '../../clinic/random.ts';
import { type Code, NEAR_MISSES, VALUE_SETS, type ValueSetName } from './value-sets.ts';

export interface Told {
  birth: string | undefined;
  sex: 'female' | 'male' | 'other' | 'unknown';
  visits: { at: string; class: 'ambulatory' | 'virtual' | 'home' | 'emergency' | 'inpatient'; status: 'finished' | 'in_progress' }[];
  conditions: {
    code: Code;
    onset?: string;
    abated?: string;
    recorded?: string;
    clinical: 'active' | 'recurrence' | 'resolved' | 'inactive' | 'remission' | 'unknown';
    verification: 'confirmed' | 'provisional' | 'refuted' | 'entered_in_error';
  }[];
  procedures: { code: Code; on?: string; status: 'completed' | 'stopped' | 'in_progress' | 'not_done' | 'entered_in_error' }[];
  labs: {
    code: Code;
    at: string;
    value?: number;
    text?: string;
    unit?: string;
    comparator?: '<' | '<=' | '>' | '>=';
    status: 'final' | 'amended' | 'preliminary' | 'cancelled' | 'entered_in_error';
    /** What was first reported, and this one corrected. */
    first?: number;
  }[];
  /** `stay`: read in a hospital or an emergency department. */
  pressures: {
    systolic: number;
    diastolic: number;
    at: string;
    home: boolean;
    stay?: 'emergency' | 'inpatient';
    status: 'final' | 'preliminary' | 'entered_in_error';
  }[];
  medicines: { code: Code; from?: string; to?: string; authored?: string; status: 'active' | 'completed' | 'stopped' }[];
}

const YEAR = 2026;
const DAYS = [
  `${YEAR}-01-01`,
  `${YEAR}-12-31`,
  `${YEAR - 1}-12-31`,
  `${YEAR}-06-30`,
  `${YEAR}-07-01`,
  `${YEAR - 1}-01-01`,
  `${YEAR - 2}-12-31`,
  `${YEAR + 1}-01-01`,
  `${YEAR - 2}-10-01`,
  `${YEAR - 2}-09-30`,
  `${YEAR - 2}-01-01`,
  `${YEAR - 3}-12-31`,
  `${YEAR - 4}-01-01`,
  `${YEAR - 5}-12-31`,
  `${YEAR - 9}-01-01`,
  `${YEAR - 10}-12-31`,
];
const TIMES = ['00:00:00', '23:59:59', '08:15:00', '14:40:30'];

const two = (n: number) => String(n).padStart(2, '0');
const anyDay = (d: Dice, from: number, to: number) => `${d.int(from, to)}-${two(d.int(1, 12))}-${two(d.int(1, 28))}`;
const day = (d: Dice) => (d.chance(0.4) ? d.pick(DAYS) : anyDay(d, d.chance(0.6) ? YEAR : YEAR - 11, YEAR));
const inYear = (d: Dice) => (d.chance(0.15) ? d.pick(DAYS) : anyDay(d, YEAR, YEAR));
/** To the day, the month or the year. */
const coarse = (d: Dice, text: string) =>
  text.slice(
    0,
    d.weighted([
      [10, 7],
      [7, 2],
      [4, 2],
    ]),
  );

/** An instant of the clinic in New York, where the days of the change of clocks are left out. */
function instant(d: Dice, on: string): string {
  const [, month = 1, dom = 1] = on.split('-').map(Number);
  const summer = (month > 3 && month < 11) || (month === 3 && dom > 14) || (month === 11 && dom === 1);
  const changing = (month === 3 && dom >= 8 && dom <= 14) || (month === 11 && dom <= 7);
  const safe = changing ? `${on.slice(0, 5)}05-20` : on;
  return `${safe}T${d.pick(TIMES)}${changing || summer ? '-04:00' : '-05:00'}`;
}

function birth(d: Dice): string | undefined {
  if (d.chance(0.03)) return undefined;
  const age = d.chance(0.5) ? d.pick([17, 18, 19, 41, 42, 43, 45, 46, 47, 65, 66, 67, 74, 75, 76, 80, 81, 82, 85, 86]) : d.int(16, 90);
  const edge = d.chance(0.3) ? d.pick(['01-01', '01-02', '12-31', '12-30']) : `${two(d.int(1, 12))}-${two(d.int(1, 28))}`;
  return d.chance(0.9) ? `${YEAR - age}-${edge}` : coarse(d, `${YEAR - age}-${edge}`);
}

function condition(d: Dice, code: Code): Told['conditions'][number] {
  const clinical = d.weighted([
    ['active', 12],
    ['recurrence', 1],
    ['resolved', 3],
    ['inactive', 1],
    ['remission', 1],
    ['unknown', 1],
  ] as const);
  const onset = d.chance(0.8) ? day(d) : undefined;
  const ends = onset === undefined ? day(d) : d.pick([onset, ...DAYS, `${YEAR}-03-03`].filter((on) => on >= onset));
  const told_onset = onset && coarse(d, onset);
  const abated = d.chance(clinical === 'active' ? 0.05 : 0.6) ? coarse(d, ends) : undefined;
  return {
    code,
    clinical,
    verification: d.weighted([
      ['confirmed', 16],
      ['provisional', 1],
      ['refuted', 1],
      ['entered_in_error', 1],
    ] as const),
    ...(told_onset !== undefined && { onset: told_onset }),
    ...(abated !== undefined && { abated }),
    ...(d.chance(0.4) && { recorded: day(d) }),
  };
}

function procedure(d: Dice, code: Code): Told['procedures'][number] {
  const status = d.weighted([
    ['completed', 16],
    ['stopped', 1],
    ['in_progress', 1],
    ['not_done', 1],
    ['entered_in_error', 1],
  ] as const);
  return { code, status, ...(d.chance(0.95) && { on: coarse(d, day(d)) }) };
}

function lab(d: Dice, code: Code, at: string): Told['labs'][number] {
  const status = d.weighted([
    ['final', 12],
    ['amended', 1],
    ['preliminary', 1],
    ['cancelled', 1],
    ['entered_in_error', 1],
  ] as const);
  const base = { code, at, status };
  if (VALUE_SETS['glycemic-status'].some((each) => each.code === code.code)) {
    const unit =
      code.code === '59261-8'
        ? d.weighted([
            ['mmol/mol', 8],
            [undefined, 1],
          ] as const)
        : d.weighted([
            ['%', 12],
            ['mmol/mol', 1],
            [undefined, 2],
          ] as const);
    const value = unit === 'mmol/mol' ? d.pick([53, 64, 73, 74, 75, 76, 90]) : d.pick([6.5, 7.2, 8.9, 9, 9.1, 9.5, 11, 14]);
    if (d.chance(0.08)) return { ...base, text: 'see report' };
    return {
      ...base,
      value,
      ...(unit !== undefined && { unit }),
      ...(d.chance(0.12) && { comparator: d.pick(['<', '<=', '>', '>='] as const) }),
      ...(d.chance(0.06) && { first: 12.5 }),
    };
  }
  const asked = d.weighted([
    ['number', 8],
    ['words', 3],
    ['nothing', 1],
  ] as const);
  if (asked === 'number') return { ...base, value: d.int(10, 90), unit: 'mg/g', ...(d.chance(0.1) && { comparator: '>' as const }) };
  return asked === 'words' ? { ...base, text: 'negative' } : base;
}

/** How often each thing is told of a patient, by measure: what it looks at often, the rest seldom. */
export interface Weights {
  conditions: readonly (readonly [ValueSetName, number])[];
  procedures: readonly (readonly [ValueSetName, number])[];
  labs: readonly (readonly [ValueSetName, number])[];
  pressures: number;
  women: number;
}

export function tell(weights: Weights, seed: number, patient: number): Told {
  const d = diceOf({ seed, tenant: 'oracle', patient: String(patient) })('oracle');
  const some = (list: Weights['conditions']) =>
    list.flatMap(([set, often]) => Array.from({ length: often > 1 ? d.int(0, often) : Number(d.chance(often)) }, () => set));
  const old = d.chance(0.25);
  const told: Told = {
    birth: old ? `${YEAR - d.int(65, 83)}` : birth(d),
    sex: d.chance(weights.women) ? 'female' : d.pick(['male', 'male', 'other', 'unknown']),
    visits: Array.from(
      {
        length: d.weighted([
          [0, 1],
          [1, 10],
          [2, 4],
        ]),
      },
      () => ({
        at: instant(d, inYear(d)),
        class: d.weighted([
          ['ambulatory', 10],
          ['virtual', 2],
          ['home', 2],
          ['emergency', 1],
          ['inpatient', 1],
        ] as const),
        status: d.chance(0.95) ? ('finished' as const) : ('in_progress' as const),
      }),
    ),
    conditions: some(weights.conditions).map((set) => condition(d, d.pick(VALUE_SETS[set]))),
    procedures: some(weights.procedures).map((set) => procedure(d, d.pick(VALUE_SETS[set]))),
    labs: [],
    pressures: [],
    medicines: d.chance(old ? 0.5 : 0.05) ? [medicine(d)] : [],
  };
  if (d.chance(0.3)) told.conditions.push(condition(d, d.pick(NEAR_MISSES.conditions)));
  if (d.chance(0.3)) told.procedures.push(procedure(d, d.pick(NEAR_MISSES.procedures)));
  if (old)
    told.conditions.push(
      ...(['frailty-diagnosis', 'advanced-illness'] as const)
        .filter(() => d.chance(0.6))
        .map((set) => condition(d, d.pick(VALUE_SETS[set]))),
    );
  const draw = instant(d, inYear(d));
  for (const set of some(weights.labs)) {
    const at = d.weighted([
      [draw, 4],
      [`${draw.slice(0, 11)}${d.pick(TIMES)}${draw.slice(19)}`, 3],
      [near(d, draw), 3],
      [instant(d, day(d)), 3],
    ]);
    told.labs.push(lab(d, d.pick(VALUE_SETS[set]), at));
  }
  if (d.chance(0.2)) told.labs.push(lab(d, d.pick(NEAR_MISSES.labs), draw));
  for (let left = weights.pressures > 0 ? d.int(0, weights.pressures) : 0; left > 0; left--)
    told.pressures.push(pressure(d, told.pressures.at(-1)?.at));
  return told;
}

/** Up to six days later in the same month; not where the clocks change, so that the offset stays. */
function near(d: Dice, at: string): string {
  if (['03', '11'].includes(at.slice(5, 7))) return at;
  const dom = Math.min(28, Number(at.slice(8, 10)) + d.int(1, 6));
  return `${at.slice(0, 8)}${two(Math.max(dom, Number(at.slice(8, 10))))}${at.slice(10)}`;
}

function pressure(d: Dice, before: string | undefined): Told['pressures'][number] {
  const stay = d.weighted([
    [undefined, 8],
    ['emergency', 1],
    ['inpatient', 1],
  ] as const);
  const same = before !== undefined && d.chance(0.4);
  return {
    systolic: d.pick([118, 132, 138, 139, 140, 141, 155, 182]),
    diastolic: d.pick([70, 84, 88, 89, 90, 91, 102]),
    at: same ? `${before.slice(0, 11)}${d.pick(TIMES)}${before.slice(19)}` : instant(d, inYear(d)),
    home: stay === undefined && d.chance(0.3),
    status: d.weighted([
      ['final', 10],
      ['preliminary', 1],
      ['entered_in_error', 1],
    ] as const),
    ...(stay !== undefined && { stay }),
  };
}

function medicine(d: Dice): Told['medicines'][number] {
  const status = d.weighted([
    ['active', 4],
    ['completed', 2],
    ['stopped', 1],
  ] as const);
  const from = d.chance(0.8) ? day(d) : undefined;
  const to = d.chance(0.4)
    ? d.pick(
        [`${YEAR - 1}-01-01`, `${YEAR - 2}-12-31`, `${YEAR}-05-05`].filter((on) => from === undefined || on >= from).concat(from ?? []),
      )
    : undefined;
  return {
    code: d.pick(VALUE_SETS['dementia-medication']),
    status,
    ...(from !== undefined && { from: coarse(d, from) }),
    ...(to !== undefined && { to }),
    ...(d.chance(0.7) && { authored: day(d) }),
  };
}
