// Unusual trends told a second time from the rows alone (connectors.md §2.4): whom the question leaves out, which results count, what series they make. Nothing here
// is read from src/domains.
import type { LabResultRow, PatientRow } from '../rows.ts';
import { MARKERS, type Marker, type MarkerName } from './books-trends-markers.ts';
import { daysBetween, type Judged, judge, middleOf, type Point } from './books-trends-series.ts';

/** The columns that trends are told from. */
type Columns =
  | 'id'
  | 'patient_id'
  | 'loinc'
  | 'value'
  | 'comparator'
  | 'value_text'
  | 'unit'
  | 'status'
  | 'collected_at'
  | 'method'
  | 'corrects';
export type LabRow = Pick<LabResultRow, Columns>;

interface LabBooks {
  patients: readonly PatientRow[];
  lab_results: readonly LabRow[];
}

export const FINDINGS = ['trend', 'change', 'stray_value', 'unit_error'] as const;
export type Finding = (typeof FINDINGS)[number];

/** A result that counts, in the marker's unit. */
interface Reading extends Point {
  row: LabRow;
  unit_told: string;
}

export interface Found extends Judged {
  patient_id: string;
  /** The last result; several where they were collected in one moment. */
  last_ids: readonly string[];
  last_on: string;
  n: number;
  span_days: number;
  first: number;
  last: number;
  unit: string;
  other_methods: number;
  q?: number;
}

export interface TrendsTold {
  summary: Record<'with_result' | 'tested' | 'trends' | 'changes' | 'stray_values' | 'unit_errors', number>;
  excluded: Record<string, number>;
  lists: Record<Finding, Found[]>;
}

interface Asked {
  marker: MarkerName;
  direction: 'up' | 'down' | 'either';
  practitioner_id?: string | undefined;
}

export function trendsOf({ patients, lab_results }: LabBooks, { marker: name, direction, practitioner_id }: Asked): TrendsTold {
  const marker: Marker = MARKERS[name];
  const replaced = new Set(lab_results.filter(({ status }) => status !== 'entered_in_error').map(({ corrects }) => corrects));
  const stands = ({ id, loinc, status, value_text }: LabRow) =>
    marker.codes.includes(loinc ?? '') && ['final', 'amended', 'corrected'].includes(status) && value_text !== 'QNS' && !replaced.has(id);
  const rowsOf = Map.groupBy(lab_results.filter(stands), ({ patient_id }) => patient_id);
  const asked = patients.filter(({ id, ...each }) => rowsOf.has(id) && (!practitioner_id || each.practitioner_id === practitioner_id));
  const listed = asked.filter((patient) => whyNot(patient) === undefined);
  const rows = listed.flatMap(({ id }) => rowsOf.get(id) ?? []);
  const readings = Map.groupBy(rows.flatMap(readWith(marker)), ({ row }) => row.patient_id);
  const found = [...readings.values()].flatMap((own) => seriesOf(marker, own));
  const goes = (each: Found) => direction === 'either' || each.direction === direction;
  const tested = [...readings.values()].filter((own) => own.length >= 4 && spanOf(own) >= 90).length;
  const lists = {
    trend: ranked(
      found.filter((each) => each.verdict === 'trend' && goes(each)),
      tested,
    ),
    change: found.filter((each) => each.verdict === 'change' && goes(each)),
    stray_value: found.filter(({ stray }) => stray.length > 0),
    unit_error: found.filter(({ verdict }) => verdict === 'unit_error'),
  };
  const numbers = rows.filter(({ value, comparator }) => value !== null && comparator === null);
  const gone = (why: string) => asked.filter((patient) => whyNot(patient) === why).length;
  return {
    summary: {
      with_result: readings.size,
      tested,
      trends: lists.trend.length,
      changes: lists.change.length,
      stray_values: lists.stray_value.length,
      unit_errors: lists.unit_error.length,
    },
    excluded: {
      'patients merged': gone('merged'),
      'patients deceased': gone('deceased'),
      'patients inactive': gone('inactive'),
      'results beyond the scale': rows.filter(({ comparator }) => comparator !== null).length,
      'results in an unknown unit': numbers.filter(({ value, unit }) => unit === null || !marker.read(value as number, unit)).length,
    },
    lists,
  };
}

function whyNot({ replaced_by, deceased_on, active }: PatientRow): string | undefined {
  if (replaced_by !== null) return 'merged';
  if (deceased_on !== null) return 'deceased';
  return active ? undefined : 'inactive';
}

/** A number on the scale in a unit that can be read; a logarithm has none of nought. */
const readWith =
  (marker: Marker) =>
  (row: LabRow): Reading[] => {
    if (row.value === null || row.comparator !== null || row.unit === null || (row.value <= 0 && !marker.isLinear)) return [];
    const read = marker.read(row.value, row.unit);
    return read ? [{ row, at: Date.parse(row.collected_at), value: read.value, unit: row.unit, unit_told: read.unit }] : [];
  };

const inTime = (readings: readonly Reading[]) => [...readings].sort((a, b) => a.at - b.at || (a.row.value ?? 0) - (b.row.value ?? 0));

function spanOf(readings: readonly Reading[]): number {
  const times = readings.map(({ at }) => at);
  return daysBetween(Math.min(...times), Math.max(...times));
}

/** What a laboratory calls a mass spectrometer, and what it calls antibodies. */
function wayOf(method: string | null): string {
  if (method === null) return 'not stated';
  if (/\bMS\b|mass spec|LC.?MS/i.test(method)) return 'mass spectrometry';
  return /immuno|eclia|clia|cmia|icma|\b(eia|ria)\b|elisa/i.test(method) ? 'antibodies' : 'other';
}

function seriesOf(marker: Marker, readings: readonly Reading[]): Found[] {
  const alike = ({ row, unit_told }: Reading) => {
    if (marker.apart === 'code') return `${unit_told} ${row.loinc}`;
    return marker.apart === 'method' ? `${unit_told} ${wayOf(row.method)}` : unit_told;
  };
  const strata = [...Map.groupBy(inTime(readings), alike).values()];
  return strata.map((own): Found => {
    const points = weeksOf(own);
    const [first, last, latest] = [points[0], points.at(-1), own.at(-1)] as [Point, Point, Reading];
    return {
      patient_id: latest.row.patient_id,
      last_ids: own.filter(({ at }) => at === latest.at).map(({ row }) => row.id),
      last_on: latest.row.collected_at.slice(0, 10),
      n: points.length,
      span_days: daysBetween(first.at, last.at),
      first: first.value,
      last: last.value,
      unit: latest.unit_told,
      other_methods: strata.length - 1,
      ...judge(marker, points),
    };
  });
}

/** One point for all results of the seven days that begin with the first of them: the middle of their values and of their times, in the last one's unit. */
function weeksOf(readings: readonly Reading[]): Point[] {
  const [first] = readings;
  if (!first) return [];
  const week = readings.filter(({ at }) => at < first.at + 7 * 86_400_000);
  const point = {
    at: middleOf(week.map(({ at }) => at)),
    value: middleOf(week.map(({ value }) => value)),
    unit: (week.at(-1) as Reading).unit,
  };
  return [point, ...weeksOf(readings.slice(week.length))];
}

/** With the share of false ones that the list would hold up to each (Benjamini and Hochberg): the least over it and all after it. */
function ranked(found: readonly Found[], tested: number): Found[] {
  const sorted = [...found].sort((a, b) => (a.p ?? 1) - (b.p ?? 1));
  const shares = sorted.map(({ p }, at) => ((p ?? 1) * tested) / (at + 1));
  return sorted.map((each, at) => ({ ...each, q: Math.min(1, ...shares.slice(at)) }));
}
