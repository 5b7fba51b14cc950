// What a draft of vital signs is made of: readings that a body can show, each in its kind's own unit, and a word where one is unlike the patient's last.
import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { ageInYears, latestDay } from './days.ts';
import { clear } from './mark.ts';
import { canonicalOf, isPossible, MEASURES, VitalKind } from './vital-kinds.ts';
import type { StandingReading } from './vitals.ts';

/** One reading as it came: a blood pressure has systolic and diastolic, everything else a value. */
export const Measurement = z.object({
  kind: VitalKind,
  value: z.number().optional(),
  systolic: z.number().optional(),
  diastolic: z.number().optional(),
  unit: clear(z.string().max(16)).optional(),
});
export type Measurement = z.infer<typeof Measurement>;

/** One reading as it will be charted, in its kind's own unit; `given`: what it was converted from. */
export const DraftReading = z.object({
  kind: VitalKind,
  value: z.number().optional(),
  systolic: z.number().optional(),
  diastolic: z.number().optional(),
  unit: z.string().max(16),
  given: z.string().max(40).optional(),
});
export type DraftReading = z.infer<typeof DraftReading>;

/** A diastolic pressure that a body can show (connectors.md §2.6). */
const DIASTOLIC = { low: 10, high: 200 };

/** Each reading in its kind's own unit. Throws Fault invalid_input for a kind named twice, a number or unit that is missing, a unit that cannot be converted, and
 *  what no body shows; it names the range, never the number. */
export function readingsOf(measurements: readonly Measurement[]): DraftReading[] {
  const kinds = measurements.map(({ kind }) => kind);
  const twice = kinds.find((kind, at) => kinds.indexOf(kind) !== at);
  if (twice) throw refused(twice, 'is there twice. One reading a kind; draft another time of measuring apart');
  return measurements.map(readingOf);
}

function readingOf({ kind, value, systolic, diastolic, unit }: Measurement): DraftReading {
  const own = MEASURES[kind];
  const convert = (number: number) => {
    const canonical = canonicalOf(kind, number, unit);
    if (canonical === undefined) throw refused(kind, `say its unit, one of ${Object.keys(own.units).join(', ')}`);
    return Math.round(canonical * 100) / 100;
  };
  const given = (said: string, is_same: boolean) => (is_same || unit === undefined ? {} : { given: `${said} ${unit}` });
  if (kind === 'blood_pressure') {
    if (systolic === undefined || diastolic === undefined || value !== undefined)
      throw refused(kind, 'takes systolic and diastolic, no value');
    const [upper, lower] = [convert(systolic), convert(diastolic)];
    if (!isPossible(kind, upper) || lower < DIASTOLIC.low || lower > DIASTOLIC.high || lower >= upper)
      throw refused(
        kind,
        `systolic ${own.low} to ${own.high}, diastolic ${DIASTOLIC.low} to ${DIASTOLIC.high} mm[Hg] and below systolic is what a body can show. Check the numbers and the unit`,
      );
    return { kind, systolic: upper, diastolic: lower, unit: own.unit, ...given(`${systolic}/${diastolic}`, upper === systolic) };
  }
  if (value === undefined || systolic !== undefined || diastolic !== undefined)
    throw refused(kind, 'takes a value, no systolic or diastolic');
  const canonical = convert(value);
  if (!isPossible(kind, canonical))
    throw refused(kind, `${own.low} to ${own.high} ${own.unit} is what a body can show. Check the number and the unit`);
  return { kind, value: canonical, unit: own.unit, ...given(String(value), canonical === value) };
}

function refused(kind: VitalKind, why: string): Fault {
  return new Fault('invalid_input', `measurements: ${kind}: ${why}.`);
}

/** Throws Fault invalid_input for a time that has not come, or is before the patient's birth. */
export function checkTaken(taken_at: string, { now, birth_date }: { now: Date; birth_date: string | null }): void {
  const at = Date.parse(taken_at);
  if (Number.isNaN(at)) throw new Fault('invalid_input', 'taken_at: not a time of the calendar. Give RFC 3339 with the offset.');
  if (at > now.getTime()) throw new Fault('invalid_input', 'taken_at: is in the future. Give the time at which it was measured.');
  if (birth_date !== null && taken_at.slice(0, birth_date.length) < birth_date)
    throw new Fault('invalid_input', "taken_at: is before this patient's birth. Check the time, and the patient.");
}

/** How far from the last reading is worth a word: a share of it, or so many of its unit. Clinic's rule of thumb, no norm: it warns, and refuses nothing. */
const FAR: Partial<Record<VitalKind, { share?: number; by?: number; by_diastolic?: number }>> = {
  blood_pressure: { by: 60, by_diastolic: 40 },
  heart_rate: { by: 60 },
  respiratory_rate: { by: 14 },
  temperature: { by: 3 },
  height: { by: 6 },
  weight: { share: 0.15 },
  bmi: { share: 0.15 },
  spo2: { by: 10 },
  waist: { share: 0.2 },
  head_circumference: { by: 4 },
};
/** What grows says little of a child after so many days; of anybody, nothing says much after so many. */
const GROWS: readonly VitalKind[] = ['height', 'weight', 'bmi', 'waist', 'head_circumference'];
const GROWING_DAYS = 60;
const LASTING_DAYS = 730;
const ADULT_YEARS = 18;

/** One sentence for each reading that is far from the patient's nearest one in time, for the signer. */
export function warningsOf(
  readings: readonly DraftReading[],
  { taken_at, known, birth_date }: { taken_at: string; known: readonly StandingReading[]; birth_date: string | null },
): string[] {
  const age = birth_date === null ? undefined : ageInYears(latestDay(birth_date), taken_at.slice(0, 10));
  const days = (other: StandingReading) => Math.abs(Date.parse(other.taken_at) - Date.parse(taken_at)) / 86_400_000;
  return readings.flatMap((it) => {
    const within = GROWS.includes(it.kind) && (age === undefined || age < ADULT_YEARS) ? GROWING_DAYS : LASTING_DAYS;
    const last = known
      .filter((other) => other.kind === it.kind && days(other) <= within)
      .reduce<StandingReading | undefined>((near, other) => (near === undefined || days(other) < days(near) ? other : near), undefined);
    if (last === undefined || !isFar(it, last)) return [];
    return [
      `${it.kind.replaceAll('_', ' ')} ${toldOf(it)} is far from this patient's ${toldOf(last)} of ${last.taken_at.slice(0, 10)}: right patient, right unit?`,
    ];
  });
}

function isFar(it: DraftReading, last: StandingReading): boolean {
  const far = FAR[it.kind];
  const value = it.systolic ?? it.value;
  if (far === undefined || value === undefined) return false;
  const apart = Math.abs(value - last.value);
  return (
    apart > (far.by ?? Number.POSITIVE_INFINITY) ||
    apart > (far.share ?? Number.POSITIVE_INFINITY) * last.value ||
    (it.diastolic !== undefined &&
      last.diastolic !== undefined &&
      Math.abs(it.diastolic - last.diastolic) > (far.by_diastolic ?? Number.POSITIVE_INFINITY))
  );
}

const shown = (number: number | undefined) => String(Math.round((number ?? 0) * 10) / 10);
function toldOf(it: {
  kind: VitalKind;
  value?: number | undefined;
  systolic?: number | undefined;
  diastolic?: number | undefined;
}): string {
  const number = it.diastolic === undefined ? shown(it.value) : `${shown(it.systolic ?? it.value)}/${shown(it.diastolic)}`;
  return `${number} ${MEASURES[it.kind].unit}`;
}
