// Patients whose marker moved by more than chance moves it (lab_trend_outlier@1, connectors.md §2.4). The database finds whose results lie far enough apart
// for any finding at all; the arithmetic is domains/trend.ts.
import { Fault } from '../../base/fault.ts';
import { staleCursor } from '../../base/ids.ts';
import { localDay } from '../../base/zone.ts';
import type { Tx } from '../../db/tx.ts';
import { FOLLOWED, VARIATION_VERSION, type Variation, variationOf } from '../../domains/biological-variation.ts';
import { excludedOf } from '../../domains/definitions.ts';
import { methodOf, type Reading, type Series, seriesOf } from '../../domains/lab-series.ts';
import type { LabSurveys, TrendFinding, TrendOutlier } from '../../domains/lab-surveys.ts';
import { codesOf, groupOf } from '../../domains/markers.ts';
import { type Assessment, assess, falseDiscoveryRates, falseTrendRate } from '../../domains/trend.ts';
import { unitsOf } from '../../domains/unit-conversion.ts';
import type { Surroundings } from '../connector.ts';
import { type Change, changesOf } from './lab-surveys-confounders.ts';
import { FINAL, STANDS } from './lab-surveys-rows.ts';
import { type Figures, PLAIN, spreadOf } from './lab-surveys-spread.ts';
import { practitionerStands } from './standing.ts';

export function labTrends({ tx, time_zone }: Surroundings): LabSurveys['trends'] {
  return async ({ marker, direction, finding, practitioner_id, limit, after }) => {
    const group = groupOf(marker);
    const variation = group === undefined ? undefined : variationOf(group);
    if (group === undefined || variation === undefined) throw unknownMarker();
    const [, placed, [counts, ...candidates]] = await Promise.all([
      practitionerStands(tx, practitioner_id),
      after === undefined ? undefined : placeOf(tx, group, after),
      spreadOf(tx, { group, variation, practitioner_id }),
    ]);
    const figures = (counts?.figures ?? {}) as unknown as Figures;
    const tested = Object.values(figures.tested ?? {}).reduce((sum, count) => sum + count, 0);
    const assessed = candidates.flatMap(({ patient_id, readings }) =>
      assessedOf(group, patient_id as string, readings as string, variation),
    );
    const goes = ({ assessment }: Assessed) => direction === 'either' || assessment.direction === direction;
    const lists: Record<TrendFinding, Assessed[]> = {
      trend: assessed.filter((each) => each.assessment.verdict === 'trend' && goes(each)),
      change: assessed.filter((each) => each.assessment.verdict === 'change' && goes(each)),
      stray_value: assessed.filter(({ assessment }) => assessment.stray.length > 0),
      unit_error: assessed.filter(({ assessment }) => assessment.verdict === 'unit_error'),
    };
    const list = lists[finding].sort(inOrder);
    const from = placed === undefined ? 0 : list.findIndex((each) => keyOf(each) === placed) + 1;
    if (placed !== undefined && from === 0) throw staleCursor();
    const page = list.slice(from, from + limit);
    const qs =
      finding === 'trend'
        ? falseDiscoveryRates(
            list.map(({ assessment }) => assessment.p ?? 1),
            tested,
          )
        : [];
    const rows = await detailsOf(tx, { group, variation }, page);
    const by_chance = Object.entries(figures.tested ?? {}).reduce((sum, [n, count]) => sum + count * falseTrendRate(Number(n)), 0);
    const unit = assessed[0]?.series.unit;
    return {
      outliers: page.map((each, at) => outlierOf(each, { ...rows, time_zone }, qs[from + at])),
      more: list.length > from + limit,
      summary: {
        marker: group,
        ...(unit !== undefined && { unit }),
        variation: VARIATION_VERSION,
        with_result: figures.with_result ?? 0,
        tested,
        trends: lists.trend.length,
        changes: lists.change.length,
        stray_values: lists.stray_value.length,
        unit_errors: lists.unit_error.length,
        expected_false_flags: Math.round(10 * by_chance * (direction === 'either' ? 1 : 0.5)) / 10,
      },
      excluded: excludedOf(Object.fromEntries(LEFT_OUT.map((reason) => [reason, figures.excluded?.[reason] ?? 0]))),
    };
  };
}

function unknownMarker(): Fault {
  return new Fault(
    'invalid_input',
    `marker: not one analyte whose natural variation is known. Use one of ${FOLLOWED.join(', ')}; other results are in get_labs.`,
  );
}

const LEFT_OUT = ['patients_merged', 'patients_deceased', 'patients_inactive', 'results_beyond_the_scale', 'results_in_an_unknown_unit'];

interface Assessed {
  patient_id: string;
  series: Series;
  assessment: Assessment;
  others: number;
}

function assessedOf(group: string, patient_id: string, text: string, variation: Variation): Assessed[] {
  const readings = text.split('\x1e').map((one): Reading => {
    const [at, value, unit, loinc, method] = one.split('\x1f') as [string, string, string, string, string];
    return { at: Number(at), value: Number(value), unit: unit || null, loinc, method: method || null };
  });
  readings.sort((a, b) => a.at - b.at || a.value - b.value);
  const { series } = seriesOf(group, readings);
  return series.map((each) => ({ patient_id, series: each, assessment: assess(group, each, variation), others: series.length - 1 }));
}

/** The least likely by chance first; then what moved furthest beyond its limit. */
function inOrder(a: Assessed, b: Assessed): number {
  const beyond = ({ assessment: { total_change_pct = 0, rcv_pct = 1 } }: Assessed) => Math.abs(total_change_pct) / rcv_pct;
  return (a.assessment.p ?? 1) - (b.assessment.p ?? 1) || beyond(b) - beyond(a) || (keyOf(a) < keyOf(b) ? -1 : 1);
}

/** A series by its last result. */
const keyOf = ({ patient_id, series }: Assessed) => key(patient_id, series.points.at(-1)?.last_at ?? 0, series.method);
const key = (patient_id: string, at: number, method: string | undefined) => `${patient_id}|${at}|${method ?? ''}`;

interface Placed {
  lab_result_id: string;
  patient_id: string;
  at: number;
  loinc: string;
  method: string | null;
}

/** The key of the series whose last result is `lab_result_id`. */
async function placeOf(tx: Tx, group: string, lab_result_id: string): Promise<string> {
  const [row] = await tx.rows<Placed>(
    `select r.patient_id, (date_part('epoch', r.collected_at) * 1000)::bigint as at, r.loinc, r.method
     from lab_results r where r.id = $1 and r.loinc = any($2)`,
    [lab_result_id, codesOf(group)],
  );
  if (!row) throw staleCursor();
  return key(row.patient_id, row.at, methodOf(group, row.loinc, row.method));
}

interface Details {
  ids: Map<string, string>;
  people: Map<string, { patient: string; birth_date: string | null }>;
  changes: Map<string, Change[]>;
}

/** What only the rows of one page need: names, the ids of last results, and what else happened. */
async function detailsOf(
  tx: Tx,
  { group, variation }: { group: string; variation: Variation },
  page: readonly Assessed[],
): Promise<Details> {
  const patient_ids = [...new Set(page.map(({ patient_id }) => patient_id))];
  if (patient_ids.length === 0) return { ids: new Map(), people: new Map(), changes: new Map() };
  const [results, people, changes] = await Promise.all([
    tx.rows<Placed>(
      `select r.id as lab_result_id, r.patient_id, (date_part('epoch', r.collected_at) * 1000)::bigint as at, r.loinc, r.method
       from lab_results r
       where r.loinc = any($1) and r.patient_id = any($4) and ${FINAL} and ${STANDS} and ${PLAIN}
       order by r.id`,
      [codesOf(group), unitsOf(group) ?? null, variation.scale === 'log', patient_ids],
    ),
    tx.rows<{ patient_id: string; patient: string; birth_date: string | null }>(
      `select p.id as patient_id, p.given_name || ' ' || p.family_name as patient, p.birth_date from patients p where p.id = any($1)`,
      [patient_ids],
    ),
    changesOf(tx, patient_ids),
  ]);
  return {
    ids: new Map(
      results.map(({ lab_result_id, patient_id, at, loinc, method }) => [
        key(patient_id, at, methodOf(group, loinc, method)),
        lab_result_id,
      ]),
    ),
    people: new Map(people.map(({ patient_id, ...who }) => [patient_id, who])),
    changes,
  };
}

const MOST_CONFOUNDERS = 5;

function outlierOf(
  each: Assessed,
  { ids, people, changes, time_zone }: Details & { time_zone: string },
  q: number | undefined,
): TrendOutlier {
  const { patient_id, series, assessment, others } = each;
  const { patient = '', birth_date } = people.get(patient_id) ?? {};
  const [first, last] = [series.points[0], series.points.at(-1)] as [Series['points'][number], Series['points'][number]];
  const dayOf = (at: number) => localDay(new Date(at), time_zone);
  const [first_on, last_on] = [dayOf(first.at), dayOf(last.last_at)];
  const { direction, n, span_days, slope_per_year, total_change_pct, rcv_pct, p, stray } = assessment;
  const confounders = (changes.get(patient_id) ?? [])
    .filter(({ from, until }) => from <= last_on && until >= first_on)
    .slice(0, MOST_CONFOUNDERS);
  const number = (name: string, value: number | undefined, digits: number) =>
    value === undefined ? {} : { [name]: Number(value.toPrecision(digits)) };
  return {
    lab_result_id: ids.get(keyOf(each)) ?? '',
    patient_id,
    patient,
    ...(birth_date && { birth_date }),
    ...(direction && { direction }),
    ...(series.method !== undefined && { method: series.method }),
    ...(others > 0 && { other_methods: others }),
    n,
    span_days,
    first: Number(first.value.toPrecision(5)),
    last: Number(last.value.toPrecision(5)),
    unit: series.unit,
    first_on,
    last_on,
    ...number('slope_per_year', slope_per_year, 3),
    ...number('total_change_pct', total_change_pct, 3),
    ...number('rcv_pct', rcv_pct, 3),
    ...number('p', p, 2),
    ...number('q', q, 2),
    ...(stray.length > 0 && { stray: stray.map(({ value, at }) => ({ value: Number(value.toPrecision(5)), on: dayOf(at) })) }),
    ...(confounders.length > 0 && {
      confounders: confounders.map(({ what, medication, on }) => ({ what, ...(medication && { medication }), on })),
    }),
  };
}
