// What the chart holds of a patient, laid out to be compared with what a note says of it: each value with its record and its day.
import { plusDays } from './days.ts';
import { ANALYTES } from './loinc.ts';
import { groupOf } from './markers.ts';
import { canonical, unitsOf } from './unit-conversion.ts';
import { ucumOf } from './units.ts';
import { canonicalOf, MEASURES, rounded, type VitalKind } from './vital-kinds.ts';

/** A section of a SOAP note. LOINC 61150-9, 61149-1, 51848-0, 18776-5. */
export type Section = 'subjective' | 'objective' | 'assessment' | 'plan';

/** The chart as `Vitals.list`, `Labs.list`, `Medications.list` and `Conditions.list` tell it, newest first or not. Times are RFC 3339 with the clinic's offset. */
export interface NoteChart {
  /** The day of the clinic, YYYY-MM-DD. */
  readonly today: string;
  /** YYYY-MM-DD, or a part of it. */
  readonly birth_date?: string | undefined;
  readonly vitals: readonly {
    readonly vital_sign_id: string;
    readonly kind: VitalKind | 'other';
    readonly taken_at: string;
    readonly value?: number | undefined;
    readonly systolic?: number | undefined;
    readonly diastolic?: number | undefined;
    readonly unit?: string | undefined;
  }[];
  readonly labs: readonly {
    readonly lab_result_id?: string | undefined;
    readonly loinc?: string | undefined;
    readonly name: string;
    readonly value?: number | undefined;
    readonly comparator?: '<' | '<=' | '>' | '>=' | undefined;
    readonly unit?: string | undefined;
    readonly collected_at: string;
    readonly status?: string | undefined;
  }[];
  /** The active ones. */
  readonly medications: readonly {
    readonly medication_id: string;
    readonly name: string;
    readonly ingredient?: string | undefined;
    /** The directions, in one string. */
    readonly sig?: string | undefined;
  }[];
  readonly problems: readonly { readonly condition_id: string; readonly name: string; readonly icd10?: string | undefined }[];
}

/** What a figure of the text is a figure of. */
export type Measure =
  | { readonly type: 'vital'; readonly kind: VitalKind; readonly part?: 'systolic' | 'diastolic' }
  | { readonly type: 'lab'; readonly group: string };

/** The record that bears a figure out. */
export interface Citation {
  record: 'vital_sign' | 'lab_result' | 'medication' | 'condition' | 'patient';
  id?: string;
  /** The clinic's day. */
  on?: string;
}

/** A number as the text has it. `half`: half of its last digit, since what rounds to it is it. Of a pressure `value` is the systolic one. */
export interface Quoted {
  value: number;
  half: number;
  diastolic?: number;
  /** As the text spells it. */
  unit?: string;
  comparator?: '<' | '<=' | '>' | '>=';
}

/** One value of the chart. */
export interface Charted {
  cites: Citation;
  day: string;
  /** The value with its unit, as charted. */
  said: string;
  /** Nobody charted it: it follows from others. */
  computed?: true;
  /** Whether the text says this value, or, with a comparator, something true of it. `slack` is a part of the value (0.05) where the text says "about". */
  equals(quoted: Quoted, slack?: number): boolean;
}

/** All values that the chart has of a measure, newest first. */
export function chartedOf(measure: Measure, chart: NoteChart): Charted[] {
  const found = measure.type === 'vital' ? vitalsOf(measure, chart) : labsOf(measure.group, chart);
  return found.sort((a, b) => (a.day < b.day ? 1 : -1));
}

/** The analyte group of a result: by its LOINC, else by its name; a name that is none's stands for itself. */
export function groupOfLab({ loinc, name }: { loinc?: string | undefined; name: string }): string {
  return (loinc === undefined ? undefined : ANALYTES.get(loinc)?.group) ?? groupOf(name) ?? name.toLowerCase();
}

function vitalsOf({ kind, part }: Extract<Measure, { type: 'vital' }>, chart: NoteChart): Charted[] {
  const charted = chart.vitals.flatMap((row): Charted[] => {
    const { vital_sign_id, taken_at, unit, diastolic } = row;
    const value = kind === 'blood_pressure' ? row.systolic : row.value;
    if (row.kind !== kind || value === undefined) return [];
    const day = taken_at.slice(0, 10);
    const said = `${kind === 'blood_pressure' ? `${value}/${diastolic ?? '?'}` : value} ${unit ?? MEASURES[kind].unit}`;
    const own = part === 'diastolic' ? diastolic : value;
    const equals = (quoted: Quoted, slack = 0) =>
      own !== undefined &&
      holdsVital(kind, own, unit, quoted, slack) &&
      (quoted.diastolic === undefined || (diastolic !== undefined && Math.abs(diastolic - quoted.diastolic) <= 0.5 + slack * diastolic));
    return [{ cites: { record: 'vital_sign', id: vital_sign_id, on: day }, day, said, equals }];
  });
  return kind === 'bmi' ? [...charted, ...computedBmis(chart)] : charted;
}

/** A BMI of each weight, by the latest height of its day or before. */
function computedBmis({ vitals }: NoteChart): Charted[] {
  const of = (wanted: VitalKind) =>
    vitals.flatMap(({ kind, value, unit, taken_at, vital_sign_id }) => {
      const canonical_value = kind === wanted && value !== undefined ? canonicalOf(wanted, value, unit) : undefined;
      return canonical_value === undefined ? [] : [{ value: canonical_value, day: taken_at.slice(0, 10), id: vital_sign_id }];
    });
  const heights = of('height').sort((a, b) => (a.day < b.day ? 1 : -1));
  return of('weight').flatMap(({ value, day, id }): Charted[] => {
    const height = heights.find((it) => it.day <= day);
    if (height === undefined) return [];
    const bmi = value / (height.value / 100) ** 2;
    const equals = (quoted: Quoted, slack = 0) => holdsVital('bmi', bmi, undefined, { ...quoted, half: Math.max(quoted.half, 0.1) }, slack);
    return [{ cites: { record: 'vital_sign', id, on: day }, day, said: `${rounded(bmi)} kg/m2 (computed)`, computed: true, equals }];
  });
}

/** Units that a number without one is taken for. */
const USUAL: Partial<Record<VitalKind, readonly string[]>> = { weight: ['kg', 'lb'], temperature: ['Cel', '[degF]'], height: ['cm', 'in'] };

function holdsVital(kind: VitalKind, own: number, own_unit: string | undefined, quoted: Quoted, slack: number): boolean {
  const usual = own_unit === undefined ? [MEASURES[kind].unit] : [own_unit, ...(USUAL[kind] ?? [MEASURES[kind].unit])];
  const value = canonicalOf(kind, own, own_unit ?? MEASURES[kind].unit);
  return (quoted.unit === undefined ? usual : [quoted.unit]).some((unit) => {
    const read = (number: number) => canonicalOf(kind, number, unit);
    return value === undefined ? own_unit === unit && holds(own, quoted, slack, (number) => number) : holds(value, quoted, slack, read);
  });
}

function labsOf(group: string, { labs }: NoteChart): Charted[] {
  return labs.flatMap((row): Charted[] => {
    const { value, unit, comparator, loinc, collected_at, lab_result_id } = row;
    if (value === undefined || row.status === 'cancelled' || groupOfLab(row) !== group) return [];
    const day = collected_at.slice(0, 10);
    const own = unit === undefined ? undefined : canonical(group, value, unit);
    const equals = (quoted: Quoted, slack = 0) => {
      // What lies beyond the scale is no number: only the same sign says it.
      if (comparator !== undefined && comparator[0] !== quoted.comparator?.[0]) return false;
      const as_charted = quoted.unit === undefined && holds(value, quoted, slack, (number) => number);
      if (as_charted || own === undefined) return as_charted || (quoted.unit === unit && holds(value, quoted, slack, (number) => number));
      const units =
        quoted.unit === undefined ? [unitsOf(group)?.[0] ?? own.unit, ...spelledOut(quoted.value)] : unitsRead(group, quoted.unit, loinc);
      return units.some((it) => holds(own.value, quoted, slack, (number) => canonical(group, number, it)?.value));
    };
    const cites: Citation = { record: 'lab_result', on: day, ...(lab_result_id !== undefined && { id: lab_result_id }) };
    return [{ cites, day, said: `${comparator ?? ''}${value}${unit === undefined ? '' : ` ${unit}`}`, equals }];
  });
}

/** 250,000 platelets: the count itself. */
const spelledOut = (value: number) => (value >= 1000 ? ['/uL'] : []);

/** What a unit of the text may mean for an analyte, in UCUM; none where it is none of its units. */
export function unitsRead(group: string, unit: string, loinc?: string): readonly string[] {
  if (/^k$/i.test(unit)) return canonical(group, 1, '10*3/uL') === undefined ? [] : ['10*3/uL'];
  const codes = loinc === undefined ? [...ANALYTES].filter(([, analyte]) => analyte.group === group).map(([code]) => code) : [loinc];
  const own = [...codes.map((code) => ucumOf(unit, code)), ucumOf(unit, undefined)];
  return [...new Set(own.flatMap((ucum) => (ucum !== undefined && canonical(group, 1, ucum) !== undefined ? [ucum] : [])))];
}

/** Whether `own` rounds to the number of the text, both in the measure's own unit; with a comparator: whether it lies beyond it. */
function holds(own: number, { value, half, comparator }: Quoted, slack: number, read: (number: number) => number | undefined): boolean {
  const [low, middle, high] = [read(value - half), read(value), read(value + half)];
  if (low === undefined || middle === undefined || high === undefined) return false;
  const hair = 1e-9 * Math.max(1, Math.abs(own)) + slack * Math.abs(own);
  switch (comparator) {
    case '<':
    case '<=':
      return own <= middle + hair;
    case '>':
    case '>=':
      return own >= middle - hair;
    case undefined:
      return own >= low - hair && own <= high + hair;
    default:
      return comparator satisfies never;
  }
}

/** The first day of the look-back. */
export const lookBackFrom = (chart: NoteChart, look_back_days: number) => plusDays(chart.today, -look_back_days);

const SPELLED: Partial<Record<VitalKind, string>> = { bmi: 'BMI', spo2: 'SpO2', bmi_percentile: 'BMI percentile' };

/** How a mark names the measure. */
export function nameOf(measure: Measure): string {
  if (measure.type === 'vital')
    return SPELLED[measure.kind] ?? (measure.part === undefined ? measure.kind : `${measure.part}_pressure`).replaceAll('_', ' ');
  const name = [...ANALYTES.values()].find(({ group }) => group === measure.group)?.name;
  return name?.replace(/ \(.*\)$/, '') ?? measure.group;
}
