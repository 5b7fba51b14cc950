import { staleCursor } from '../../base/ids.ts';
import type { Tx } from '../../db/tx.ts';
import { type Excluded, excludedOf, rateOf } from '../../domains/definitions.ts';
import { MEASURE_NAMES, MEASURES, type MeasureName, type Measures, type QualityMeasure } from '../../domains/measures.ts';
import type { Surroundings } from '../connector.ts';
import { breastScreening } from './measures/breast-screening.ts';
import { colorectalScreening } from './measures/colorectal-screening.ts';
import { controlledBp } from './measures/controlled-bp.ts';
import { type GapRow, gapOf } from './measures/gap.ts';
import { glycemicStatus } from './measures/glycemic-status.ts';
import { type MeasureSql, STATE } from './measures/judged.ts';
import { kidneyEvaluation } from './measures/kidney-evaluation.ts';
import { codes, head, type Whom } from './measures/population.ts';
import { LISTED, patientStands, practitionerStands } from './standing.ts';

const SQL: Readonly<Record<MeasureName, MeasureSql>> = {
  controlled_bp: controlledBp,
  glycemic_status: glycemicStatus,
  kidney_evaluation: kidneyEvaluation,
  breast_screening: breastScreening,
  colorectal_screening: colorectalScreening,
};

type Query = Parameters<Measures['summary']>[0];
type GapQuery = Parameters<Measures['gaps']>[0];

export function measures({ tx }: Surroundings): Measures {
  return {
    async summary(query) {
      const [, counts, left] = await Promise.all([
        practitionerStands(tx, query.practitioner_id),
        countsOf(tx, query),
        leftOutOf(tx, query),
      ]);
      return { measures: query.measures.map((measure) => measureOf(measure, counts)), left_out: left };
    },
    async gaps(query) {
      const [, , rows] = await Promise.all([
        query.patient_id === undefined ? undefined : patientStands(tx, query.patient_id),
        practitionerStands(tx, query.practitioner_id),
        gapsOf(tx, query),
      ]);
      if (query.after !== undefined && rows.length === 0) throw staleCursor();
      return { care_gaps: rows.slice(0, query.limit).map((row) => gapOf(row, query.period)), more: rows.length > query.limit };
    },
  };
}

/** Every patient whom the measures concern, judged and with the state of the gap: what the summary counts and the gaps list. */
export function toldSql(measures: readonly MeasureName[], whom: Whom): string {
  const chosen = measures.map((measure) => SQL[measure]);
  return `${head(whom)}, ${chosen.map(({ ctes }) => ctes(whom)).join(', ')},
    told as (select j.*, ${STATE} as state from (${chosen.map(({ rows }) => rows(whom)).join(' union all ')} offset 0) j offset 0)`;
}

interface Count {
  measure: MeasureName;
  /** Why they are left out, or null. */
  excluded: string | null;
  population: number;
  met: number;
  open: number;
  closed: number;
  unknown: number;
}

/** One statement for all measures: a row for each reason to be left out, and one for those who are not. */
async function countsOf(tx: Tx, { measures, period, practitioner_id }: Query): Promise<Count[]> {
  return tx.rows<Count>(
    `${toldSql(measures, 'all')}
     select t.measure, t.excluded, count(*) filter (where t.eligible)::int as population, count(*) filter (where t.eligible and t.met)::int as met,
       ${['open', 'closed', 'unknown'].map((state) => `count(*) filter (where t.state = '${state}')::int as ${state}`).join(', ')}
     from told t group by t.measure, t.excluded`,
    [period.from, period.to, null, practitioner_id ?? null],
  );
}

function measureOf(measure: MeasureName, counts: readonly Count[]): QualityMeasure {
  const { title, definition, source, direction } = MEASURES[measure];
  const own = counts.filter((count) => count.measure === measure);
  const stays = own.find(({ excluded }) => excluded === null);
  const reasons = own.flatMap(({ excluded, population }) => (excluded === null ? [] : [{ excluded, population }]));
  const exclusions = reasons.reduce((sum, { population }) => sum + population, 0);
  const population = exclusions + (stays?.population ?? 0);
  return {
    measure,
    title,
    kind: 'ecqm-like',
    definition,
    source,
    direction,
    initial_population: population,
    exclusions,
    excluded: excludedOf(
      Object.fromEntries(reasons.map(({ excluded, population }) => [excluded, population] as const).sort(([a], [b]) => (a < b ? -1 : 1))),
    ),
    ...rateOf(stays?.met ?? 0, population - exclusions),
    denominator: population,
    open: stays?.open ?? 0,
    closed: stays?.closed ?? 0,
    unknown: stays?.unknown ?? 0,
  };
}

/** Whom the measures never count though they were seen: cross-patient answers leave them out. */
async function leftOutOf(tx: Tx, { period, practitioner_id }: Query): Promise<Excluded> {
  const [row] = await tx.rows<Record<string, number>>(
    `select count(*) filter (where p.replaced_by is not null)::int as merged_into_another_chart,
       count(*) filter (where p.replaced_by is null and p.deceased_on is not null)::int as deceased,
       count(*) filter (where p.replaced_by is null and p.deceased_on is null)::int as inactive
     from patients p
     where (p.replaced_by is not null or p.deceased_on is not null or not p.active) and ($3::uuid is null or p.practitioner_id = $3)
       and p.id in (select e.patient_id from encounters e where e.status = 'finished' and e.class in ('ambulatory', 'virtual', 'home')
         and e.start_at >= $1::date::timestamptz and e.start_at < ($2::date + 1)::timestamptz
         and (e.patient_id in (select p.id from patients p where not (${LISTED}) group by p.id)) is true)`,
    [period.from, period.to, practitioner_id ?? null],
  );
  return excludedOf(row ?? {});
}

/** So many patients in the order of the list are judged first: most pages are full with them. */
const FIRST = 1000;

/** Rows of the list, by the patient's name: limit + 1 of them where there are. Of one patient each measure asked is a row, also one that does not concern them. */
async function gapsOf(tx: Tx, query: GapQuery): Promise<GapRow[]> {
  const after = query.after === undefined ? undefined : await anchorOf(tx, query.after);
  if (query.patient_id !== undefined) return rowsOf(tx, query, [query.patient_id], after);
  const nearest = await rowsOf(tx, query, await nearestOf(tx, query, after), after);
  return nearest.length > query.limit ? nearest : rowsOf(tx, query, await waitingOf(tx, query, after), after);
}

interface Anchor {
  id: string;
  measure: MeasureName;
}

/** The id of a row is its patient's id with the number of the measure in the place of the version: 14 digits on, after two hyphens. */
const careGapIdSql = (patient: string, measure: string) =>
  `overlay(${patient}::text placing array_position(${codes(MEASURE_NAMES)}, ${measure})::text from 15 for 1)::uuid`;

/** The row that an id is of. Throws Fault invalid_input where there is no such patient. */
async function anchorOf(tx: Tx, id: string): Promise<Anchor> {
  const measure = MEASURE_NAMES[Number.parseInt(id[14] ?? '', 16) - 1];
  const versions = [...'0123456789abcdef'].map((version) => `${id.slice(0, 14)}${version}${id.slice(15)}`);
  const [patient] = await tx.rows<{ id: string }>('select p.id from patients p where p.id = any($1::uuid[])', [versions]);
  if (measure === undefined || patient === undefined) throw staleCursor();
  return { id: patient.id, measure };
}

/** The first patients in the order of the list, whether or not a measure concerns them. */
async function nearestOf(tx: Tx, query: GapQuery, after: Anchor | undefined): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `select p.id from patients p
     where ${LISTED} and ($1::uuid is null or p.practitioner_id = $1)
       and ($2::uuid is null or (p.family_name, p.given_name, p.id) >= (select a.family_name, a.given_name, a.id from patients a where a.id = $2))
     order by p.family_name, p.given_name, p.id limit ${FIRST}`,
    [query.practitioner_id ?? null, after?.id ?? null],
  );
  return rows.map(({ id }) => id);
}

/** $1 … $8 of a list of gaps: the period, some patients or null for all, the clinician, the states, the row to go on after, and one row more than the page. */
const valuesOf = ({ period, practitioner_id, states, limit }: GapQuery, patients: readonly string[] | null, after: Anchor | undefined) => [
  period.from,
  period.to,
  patients,
  practitioner_id ?? null,
  states,
  after?.id ?? null,
  after?.measure ?? null,
  limit + 1,
];

/** The patients of the page, where they lie far apart: all are judged. */
async function waitingOf(tx: Tx, query: GapQuery, after: Anchor | undefined): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `${toldSql(query.measures, 'all')}
     select p.id from (select t.patient_id, t.measure from told t where t.state = any($5::text[])) t join patients p on p.id = t.patient_id
     where ${AFTER} order by p.family_name, p.given_name, p.id, t.measure limit $8`,
    valuesOf(query, null, after),
  );
  return [...new Set(rows.map(({ id }) => id))];
}

const AFTER = `($6::uuid is null or (p.family_name, p.given_name, p.id, t.measure) >
  (select a.family_name, a.given_name, a.id, $7::text from patients a where a.id = $6))`;

/** Rows of these patients. */
async function rowsOf(tx: Tx, query: GapQuery, patients: readonly string[], after: Anchor | undefined): Promise<GapRow[]> {
  return tx.rows<GapRow>(
    `${toldSql(query.measures, 'few')},
     each as (select u.patient_id, m.measure, coalesce(t.state, 'not_eligible') as state, t.excluded, t.unclear,
         t.a_what, t.a_value, t.a_unit, t.a_on, t.b_what, t.b_value, t.b_unit, t.b_on
       from unnest($3::uuid[]) u(patient_id) cross join unnest(${codes(query.measures)}) m(measure)
         left join told t on t.patient_id = u.patient_id and t.measure = m.measure)
     select ${careGapIdSql('p.id', 't.measure')} as care_gap_id, p.given_name || ' ' || p.family_name as patient, p.birth_date, p.practitioner_id, t.*
     from each t join patients p on p.id = t.patient_id
     where t.state = any($5::text[]) and ${query.patient_id === undefined ? "t.state <> 'not_eligible'" : 'true'} and ${AFTER}
     order by p.family_name, p.given_name, p.id, t.measure
     limit $8`,
    valuesOf(query, patients, after),
  );
}
