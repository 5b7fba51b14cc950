// From readings to figures: which reading stands, what it is in its kind's own unit, and what several say together (connectors.md §2.6).
import { ageInYears, latestDay } from './days.ts';
import { excludedOf } from './definitions.ts';
import { CM_PER_IN, canonicalOf, type Implausible, isPossible, KG_PER_LB, MEASURES, rounded, type VitalKind } from './vital-kinds.ts';
import type { Point, VitalAggregate, VitalFigure, VitalSetting } from './vitals.ts';

/** A reading as charted. Of a blood pressure `value` is the systolic one. `taken_at` is RFC 3339 with the clinic's own offset. */
export interface Reading {
  readonly vital_sign_id: string;
  readonly kind: VitalKind;
  readonly taken_at: string;
  readonly value: number;
  readonly diastolic?: number;
  readonly unit?: string;
  readonly setting: VitalSetting;
  readonly preliminary: boolean;
}
/** `canonical` is absent where the unit is not known. */
export interface Judged extends Reading {
  readonly canonical?: number;
  readonly canonical_diastolic?: number;
  readonly implausible?: Implausible;
}

const instant = (at: string) => Date.parse(at);
const dayOf = (at: string) => at.slice(0, 10);
const byTime = (a: Reading, b: Reading) => instant(a.taken_at) - instant(b.taken_at) || (a.vital_sign_id < b.vital_sign_id ? -1 : 1);

/** Each reading with its canonical value and, where it looks like a slip, the suspected cause. A weight or height that is off by exactly the factor of a
 *  unit from the middle of at least two others within a year is one, also where the gate lets it pass. */
export function judged(readings: readonly Reading[]): Judged[] {
  const gated = readings.map(gate);
  return gated.map((it) => {
    const cause = it.implausible ?? offByUnit(it, gated);
    return cause === undefined ? it : { ...it, implausible: cause };
  });
}

function gate(reading: Reading): Judged {
  const { kind, value, unit } = reading;
  const canonical = canonicalOf(kind, value, unit);
  if (canonical === undefined) return reading;
  const diastolic = reading.diastolic === undefined ? undefined : canonicalOf(kind, reading.diastolic, unit);
  const cause = diastolic === undefined ? slip(kind, canonical) : pressureSlip(canonical, diastolic);
  return {
    ...reading,
    canonical,
    ...(diastolic !== undefined && { canonical_diastolic: diastolic }),
    ...(cause !== undefined && { implausible: cause }),
  };
}

function slip(kind: VitalKind, value: number): Implausible | undefined {
  if (isPossible(kind, value)) return undefined;
  return MEASURES[kind].mistaken.some((other) => isPossible(kind, other(value))) ? 'unit' : 'range';
}

function pressureSlip(systolic: number, diastolic: number): Implausible | undefined {
  const possible = (sys: number, dia: number) => isPossible('blood_pressure', sys) && dia >= 10 && dia <= 200 && sys > dia;
  if (possible(systolic, diastolic)) return undefined;
  if (possible(diastolic, systolic)) return 'swapped';
  return MEASURES.blood_pressure.mistaken.some((other) => possible(other(systolic), other(diastolic))) ? 'unit' : 'range';
}

const FACTORS: Partial<Record<VitalKind, number>> = { weight: KG_PER_LB, height: CM_PER_IN };
/** How near a factor counts as that factor: bodies change by less than this within a year. */
const NEAR = 0.08;
const YEAR_MS = 365 * 86_400_000;

function offByUnit(it: Judged, all: readonly Judged[]): Implausible | undefined {
  const factor = FACTORS[it.kind];
  const { canonical } = it;
  if (factor === undefined || canonical === undefined) return undefined;
  const others = all
    .filter(
      (other) =>
        other !== it &&
        other.kind === it.kind &&
        other.implausible === undefined &&
        Math.abs(instant(other.taken_at) - instant(it.taken_at)) <= YEAR_MS,
    )
    .flatMap((other) => (other.canonical === undefined ? [] : [other.canonical]))
    .sort((a, b) => a - b);
  if (others.length < 2) return undefined;
  const middle = others[Math.floor((others.length - 1) / 2)] as number;
  const near = (value: number) => Math.abs(value / middle - 1) <= NEAR;
  return near(canonical * factor) || near(canonical / factor) ? 'unit' : undefined;
}

/** Whether a reading may stand in a figure. */
export function stands(it: Judged): boolean {
  return it.canonical !== undefined && it.implausible === undefined && !it.preliminary;
}

/** A child's height is of use for so long. */
const CHILD_HEIGHT_DAYS = 90;
const ADULT_YEARS = 18;

/** kg/m², unrounded (bmi@1): this weight, and the latest plausible height of its day or before; of a child, or of one whose age is not known, of the 90 days
 *  before. Undefined where either is missing, implausible or in an unknown unit. A partial birth date is a range, and its latest day counts. */
export function bmiOf(weight: Judged, all: readonly Judged[], birth_date: string | null): number | undefined {
  if (weight.canonical === undefined || weight.implausible !== undefined) return undefined;
  const day = dayOf(weight.taken_at);
  const height = all
    .filter((it) => it.kind === 'height' && it.canonical !== undefined && it.implausible === undefined && dayOf(it.taken_at) <= day)
    .sort(byTime)
    .at(-1);
  if (height?.canonical === undefined) return undefined;
  const age = birth_date === null ? undefined : ageInYears(latestDay(birth_date), day);
  const days = (instant(day) - instant(dayOf(height.taken_at))) / 86_400_000;
  if ((age === undefined || age < ADULT_YEARS) && days > CHILD_HEIGHT_DAYS) return undefined;
  return weight.canonical / (height.canonical / 100) ** 2;
}

/** A charted BMI and the one that its day's weight gives, unrounded. */
export function recomputed(bmi: Judged, all: readonly Judged[], birth_date: string | null): number | undefined {
  const weight = all
    .filter((it) => it.kind === 'weight' && dayOf(it.taken_at) === dayOf(bmi.taken_at) && it.implausible === undefined)
    .sort((a, b) => Math.abs(instant(a.taken_at) - instant(bmi.taken_at)) - Math.abs(instant(b.taken_at) - instant(bmi.taken_at)))[0];
  return weight && bmiOf(weight, all, birth_date);
}

export const BMI_CONFLICT = 0.5;

/** The BMI of each time that one was charted or can be computed, oldest first. The computed one stands where there is one; the charted one is kept beside it. */
export function bmiSeries(
  all: readonly Judged[],
  birth_date: string | null,
): (Judged & { charted?: number; bmi_computed?: number; conflict: boolean; from: 'bmi' | 'weight' })[] {
  const charted = all.filter(({ kind }) => kind === 'bmi');
  const days = new Set(charted.map(({ taken_at }) => dayOf(taken_at)));
  const own = charted.map((it) => {
    const computed = recomputed(it, all, birth_date);
    const conflict = computed !== undefined && it.canonical !== undefined && Math.abs(computed - it.canonical) > BMI_CONFLICT;
    // A charted BMI that its own weight and height do not bear out is no slip of the body's: the computed one speaks.
    const { implausible, ...kept } = it;
    const judgedNow = computed === undefined ? it : { ...kept, canonical: computed };
    return { ...judgedNow, charted: it.value, ...(computed !== undefined && { bmi_computed: computed }), conflict, from: 'bmi' as const };
  });
  const others = all
    .filter(({ kind, taken_at }) => kind === 'weight' && !days.has(dayOf(taken_at)))
    .flatMap((weight) => {
      const computed = bmiOf(weight, all, birth_date);
      if (computed === undefined) return [];
      return [{ ...weight, kind: 'bmi' as const, canonical: computed, bmi_computed: computed, conflict: false, from: 'weight' as const }];
    });
  return [...own, ...others].sort(byTime);
}

/** What the readings of one kind say together. */
export function figureOf(kind: VitalKind, aggregate: VitalAggregate, readings: readonly Judged[]): VitalFigure {
  const standing = readings.filter(stands).sort(byTime);
  const excluded = excludedOf({
    implausible: readings.filter((it) => it.implausible !== undefined).length,
    unknown_unit: readings.filter((it) => it.canonical === undefined && it.implausible === undefined).length,
    preliminary: readings.filter((it) => it.preliminary && it.implausible === undefined && it.canonical !== undefined).length,
  });
  return {
    kind,
    unit: MEASURES[kind].unit,
    count: standing.length,
    ...said(kind, aggregate, standing),
    ...(excluded.length > 0 && { excluded }),
    definition: `vital_${aggregate}@1`,
  };
}

function said(kind: VitalKind, aggregate: VitalAggregate, standing: readonly Judged[]): Partial<VitalFigure> {
  const [first, last] = [standing[0], standing.at(-1)];
  if (first === undefined || last === undefined) return {};
  switch (aggregate) {
    case 'count':
      return {};
    case 'latest':
      return { latest: pointOf(kind, last), ...lastTwo(kind, standing, last) };
    case 'average':
      return { average: mean(kind, standing) };
    case 'change':
      return standing.length < 2
        ? { last: pointOf(kind, last) }
        : { first: pointOf(kind, first), last: pointOf(kind, last), ...between(kind, first, last) };
    default:
      return aggregate satisfies never;
  }
}

function lastTwo(kind: VitalKind, standing: readonly Judged[], last: Judged): Partial<VitalFigure> {
  const day = standing.filter(({ taken_at }) => dayOf(taken_at) === dayOf(last.taken_at));
  return kind === 'blood_pressure' && day.length > 1 ? { last_two_mean: mean(kind, day.slice(-2)) } : {};
}

function between(kind: VitalKind, first: Judged, last: Judged): Partial<VitalFigure> {
  const [from, to] = [first.canonical ?? 0, last.canonical ?? 0];
  const days = Math.round((instant(dayOf(last.taken_at)) - instant(dayOf(first.taken_at))) / 86_400_000);
  const diastolic =
    first.canonical_diastolic === undefined || last.canonical_diastolic === undefined
      ? undefined
      : last.canonical_diastolic - first.canonical_diastolic;
  const percent = kind === 'blood_pressure' || from === 0 ? undefined : Math.round(((to - from) / from) * 1000) / 10;
  return { change: numbers(kind, to - from, diastolic), days, ...(percent !== undefined && { change_percent: percent }) };
}

function mean(kind: VitalKind, readings: readonly Judged[]): Point {
  const of = (values: readonly (number | undefined)[]) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length;
  const diastolic = kind === 'blood_pressure' ? of(readings.map((it) => it.canonical_diastolic)) : undefined;
  return numbers(kind, of(readings.map((it) => it.canonical)), diastolic);
}

function pointOf(kind: VitalKind, it: Judged): Point {
  return { ...numbers(kind, it.canonical ?? 0, it.canonical_diastolic), taken_at: it.taken_at, setting: it.setting };
}

function numbers(kind: VitalKind, value: number, diastolic: number | undefined): Point {
  if (kind !== 'blood_pressure') return { value: rounded(value) };
  return { systolic: rounded(value), ...(diastolic !== undefined && { diastolic: rounded(diastolic) }) };
}
