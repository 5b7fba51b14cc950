// The results of eight markers in a synthetic clinic, without the rest of its charts; and as many patients more whose results do what charts of a clinic do too seldom.

import { dayOf, instantOf } from '../../clinic/days.ts';
import type { LabRow } from '../../clinic/labs/books-trends.ts';
import { MARKERS, type MarkerName } from '../../clinic/labs/books-trends-markers.ts';
import { labsOf } from '../../clinic/labs/draws.ts';
import { medicationsOf } from '../../clinic/medications/courses.ts';
import { patientOf } from '../../clinic/patients.ts';
import { type Dice, diceOf, idOf } from '../../clinic/random.ts';
import { ROSTERS } from '../../clinic/roster.ts';
import type { Options, PatientRow } from '../../clinic/rows.ts';
import { type Setting, settingOf, tenantIdOf } from '../../clinic/setting.ts';
import { SITES } from '../../clinic/sites.ts';
import { visitsOf } from '../../clinic/visits.ts';

export interface LabsClinic {
  options: Options;
  tenant_id: string;
  practitioners: { tenant_id: string; id: string; family_name: string; given_name: string }[];
  patients: PatientRow[];
  lab_results: Result[];
}

/** The rest of a row may be left out. */
type Result = LabRow & { tenant_id: string; name_raw: string; unit_raw: string | null };

const NAMES = Object.keys(MARKERS) as MarkerName[];
const CODES = new Set<string>(Object.values(MARKERS).flatMap(({ codes }) => codes));

export function labsClinic(options: Options): LabsClinic {
  const tenant_id = tenantIdOf(options);
  // Every other chart has its results here, the rest have them under other seeds: all of them take twice the time.
  const charts = ROSTERS[options.clinic].map(({ key }, place) => {
    const setting = settingOf(options, key);
    return { patient: patientOf(setting), labs: (place + Math.floor(options.seed / 2)) % 2 === 0 ? ownResults(setting) : [] };
  });
  const others = charts.map(({ patient }, n) => another(options, patient, n));
  const practitioners = [...new Set(charts.flatMap(({ patient }) => patient.practitioner_id ?? []))];
  return {
    options,
    tenant_id,
    practitioners: practitioners.map((id) => ({ tenant_id, id, family_name: 'Lind', given_name: 'Cora' })),
    patients: [...charts, ...others].map(({ patient }) => patient),
    lab_results: [...charts, ...others].flatMap(({ labs }) => labs),
  };
}

function ownResults(setting: Setting): Result[] {
  const visits = visitsOf(setting);
  const labs = labsOf(setting, visits, medicationsOf(setting, visits).exposures);
  // Without ranges and panels: to judge and index them takes the database most of its time.
  const bare = { order_id: null, ref_low: null, ref_high: null, ref_text: null, panel_loinc: null, resulted_at: null, comment: null };
  return labs.flatMap(({ row }) => (CODES.has(row.loinc ?? '') ? { ...row, ...bare } : []));
}

/** A stranger registered as `patient` is (listed, left, deceased or merged), with results of some markers. */
function another(options: Options, patient: PatientRow, n: number): { patient: PatientRow; labs: Result[] } {
  const origin = { seed: options.seed, tenant: options.clinic, patient: `stranger.${n}` };
  const id = idOf(origin, 'patient', 0);
  const dice = diceOf(origin);
  const stranger = { ...patient, id, mrn: `${patient.mrn}-${n}`, family_name: 'Lind', given_name: 'Cora' };
  const labs = dice('markers')
    .shuffled(NAMES)
    .slice(0, 4)
    .flatMap((name) => resultsOf(name, { options, dice, id: (of) => idOf(origin, 'lab', of), patient: stranger }));
  return { patient: stranger, labs };
}

interface Where {
  options: Options;
  dice: (stream: string) => Dice;
  id: (of: string) => string;
  patient: PatientRow;
}

interface Print {
  level: number;
  digits: number;
  /** Same value, another label. */
  labels: readonly [unit: string, ...others: string[]];
  /** Another unit, what a value is in it, and its decimals. */
  other: readonly [unit: string, in_it: (value: number) => number, digits: number];
  /** By which laboratories measure it. */
  methods?: readonly (string | null)[];
}

const PRINTS: Record<MarkerName, Print> = {
  a1c: { level: 6.4, digits: 1, labels: ['%'], other: ['mmol/mol', (value) => (value - 2.152) / 0.09148, 0] },
  egfr: { level: 80, digits: 0, labels: ['mL/min/{1.73_m2}'], other: ['mL/min', (value) => value * 1.05, 0] },
  creatinine: { level: 0.95, digits: 2, labels: ['mg/dL'], other: ['umol/L', (value) => value * 88.4, 0] },
  tsh: { level: 2.1, digits: 2, labels: ['u[IU]/mL', 'm[IU]/L'], other: ['m[IU]/mL', (value) => value / 1000, 5] },
  ldl: { level: 120, digits: 0, labels: ['mg/dL'], other: ['mmol/L', (value) => value * 0.02586, 2] },
  'testosterone total': {
    level: 560,
    digits: 0,
    labels: ['ng/dL'],
    other: ['nmol/L', (value) => value * 0.03467, 1],
    methods: ['ECLIA immunoassay', 'LC/MS-MS', null, 'Calculated'],
  },
  potassium: { level: 4.3, digits: 1, labels: ['mmol/L', 'meq/L'], other: ['mg/dL', (value) => value * 3.9098, 1] },
  hematocrit: { level: 44, digits: 1, labels: ['%'], other: ['L/L', (value) => value / 100, 3] },
};

const round = (value: number, digits: number) => Number(value.toFixed(Math.max(0, digits)));

/** When, in minutes since 1970 on the wall: a few weeks or months apart, or all within hours of ninety days. */
function timesOf(dice: Dice, today: number): number[] {
  const n = dice.weighted([
    [1, 1],
    [dice.int(2, 3), 5],
    [dice.int(4, 7), 9],
    [dice.int(8, 14), 6],
  ] as const);
  const minutes = () => dice.int(400, 1020);
  if (n >= 4 && dice.chance(0.12)) {
    const [last, step] = [today - dice.int(2, 400), Math.floor(90 / (n - 1))];
    return Array.from({ length: n }, (_, at) => (last - (at === n - 1 ? 90 : at * step)) * 1440 + minutes()).reverse();
  }
  const [low, high] = dice.pick([
    [8, 16],
    [20, 45],
    [60, 120],
    [60, 120],
  ] as const);
  const gaps = Array.from({ length: n }, () => dice.int(low, high));
  return gaps.map((_, at) => (today - gaps.slice(0, at + 1).reduce((sum, gap) => sum + gap, 0)) * 1440 + minutes()).reverse();
}

/** How high each of `n` results is above the usual, in natural variations (the logarithm of the ratio divided by σ). */
function shapeOf(dice: Dice, n: number): number[] {
  const noise = dice.pick([0.05, 0.4, 1]);
  const [far, at] = [dice.pick([-1, 1]) * (1.5 + 6 * dice.uniform()), dice.int(0, n - 1)];
  const shape = dice.pick(['steady', 'drift', 'drift', 'walk', 'step', 'outlier', 'outlier'] as const);
  let walked = 0;
  return Array.from({ length: n }, (_, i) => {
    walked += dice.normal(0, 1.2);
    const height = { steady: 0, drift: (far * i) / n, walk: walked, step: i < n / 2 ? 0 : far, outlier: i === at ? 2 * far : 0 }[shape];
    return height + dice.normal(0, noise);
  });
}

function resultsOf(name: MarkerName, where: Where): Result[] {
  const dice = where.dice(`stranger.${name}`);
  const times = timesOf(dice, dayOf(where.options.as_of));
  const { level, digits, labels, other } = PRINTS[name];
  const [other_unit, in_it, other_digits] = other;
  const [within, analytical] = MARKERS[name].cv;
  const sigma = Math.hypot(within, analytical) / 100;
  const start = level * Math.exp(dice.normal(0, 0.15));
  /** Ties come of rounding. */
  const coarse = dice.chance(0.3) ? digits - 1 : digits;
  const [changes_at, silent_at] = [dice.chance(0.2), dice.chance(0.12)].map((is) => (is ? dice.int(0, times.length) : times.length));
  const moves_at = dice.chance(0.2) ? dice.int(0, times.length) : times.length;
  const renamed = dice.chance(0.5);
  const shape = shapeOf(dice, times.length);
  return times.flatMap((time, at) => {
    const printed = (): Pick<Result, 'value' | 'unit'> => {
      const exact = start * Math.exp(sigma * ((shape[at] as number) + dice.normal(0, 0.01)));
      const value = round(exact, coarse);
      const unit = dice.pick(labels);
      // Another unit as the report says; one that it does not say; one that it says and that is not so.
      if (at >= (changes_at as number)) return { value: round(in_it(value), other_digits), unit: other_unit };
      // With more decimals, so that no ratio is a conversion and exactly ten per cent: there the definition leaves open which side it is on.
      if (at >= (silent_at as number))
        return renamed ? { value: round(exact, digits + 2), unit: other_unit } : { value: round(in_it(exact), other_digits + 2), unit };
      return { value, unit };
    };
    const again = dice.chance(0.15) ? [0, ...(dice.chance(0.3) ? [0] : []), dice.int(1, 6 * 1440 + 1439)] : [0];
    return again.flatMap((later, n) =>
      spoiled(dice, aResult(name, where, { of: `${name}.${at}.${n}`, time: time + later, hasMoved: at >= moves_at, ...printed() }), where),
    );
  });
}

interface Sent extends Pick<Result, 'value' | 'unit'> {
  of: string;
  time: number;
  /** To another equation, or another way to measure. */
  hasMoved: boolean;
}

function aResult(name: MarkerName, { options, dice, id, patient }: Where, { of, time, hasMoved, ...sent }: Sent): Result {
  const { codes } = MARKERS[name];
  const { methods } = PRINTS[name];
  const habit = dice(`stranger.${name}.lab`).int(0, 3);
  return {
    tenant_id: patient.tenant_id,
    id: id(of),
    patient_id: patient.id,
    loinc: codes[(habit + Number(hasMoved)) % Math.min(2, codes.length)] as string,
    name_raw: name,
    ...sent,
    comparator: null,
    value_text: null,
    unit_raw: null,
    status: 'final',
    collected_at: instantOf(SITES[options.clinic].zone, Math.floor(time / 1440), time % 1440),
    method: methods?.[(habit + Number(hasMoved)) % methods.length] ?? null,
    corrects: null,
  };
}

/** What may be wrong with one result: usually nothing. */
function spoiled(dice: Dice, row: Result, { id }: Pick<Where, 'id'>): Result[] {
  const correction = (status: Result['status']): Result[] => [
    { ...row, value: round((row.value as number) * 1.7, 3) },
    { ...row, id: id(`${row.id}.right`), status, corrects: row.id },
  ];
  const kind = dice.weighted([
    ['nothing', 76],
    ['censored', 5],
    ['unread', 3],
    ['foreign', 2],
    ['unfinished', 4],
    ['text', 2],
    ['nought', 1],
    ['corrected', 4],
    ['correction withdrawn', 2],
    ['not of this marker', 1],
  ] as const);
  switch (kind) {
    case 'nothing':
      return [row];
    case 'censored':
      return [{ ...row, comparator: dice.pick(['<', '>', '>='] as const) }];
    case 'unread':
      return [{ ...row, unit: null, unit_raw: 'see report' }];
    case 'foreign':
      return [{ ...row, unit: row.name_raw === 'egfr' ? null : 'U/L' }];
    case 'unfinished':
      return [{ ...row, status: dice.pick(['preliminary', 'cancelled', 'entered_in_error'] as const) }];
    case 'text':
      return [{ ...row, value: null, unit: null, value_text: 'see note' }];
    case 'nought':
      return [row.name_raw === 'hematocrit' ? row : { ...row, value: 0 }];
    case 'corrected':
      return correction('corrected');
    case 'correction withdrawn':
      return correction('entered_in_error');
    case 'not of this marker':
      // The glucose management indicator is no A1c (connectors.md §2.2).
      return [{ ...row, loinc: '97506-0' }];
    default:
      return kind satisfies never;
  }
}
