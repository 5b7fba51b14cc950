import { staleCursor } from '../../base/ids.ts';
import type { Tx } from '../../db/tx.ts';
import { type Excluded, excludedOf, rateOf } from '../../domains/definitions.ts';
import { MEASURES, type MeasureName, type Measures, type QualityMeasure } from '../../domains/measures.ts';
import type { Surroundings } from '../connector.ts';
import { breastScreening } from './measures/breast-screening.ts';
import { colorectalScreening } from './measures/colorectal-screening.ts';
import { controlledBp } from './measures/controlled-bp.ts';
import { type GapRow, gapOf } from './measures/gap.ts';
import { glycemicStatus } from './measures/glycemic-status.ts';
import { type JudgedRow, type MeasureSql, STATE } from './measures/judged.ts';
import { kidneyEvaluation } from './measures/kidney-evaluation.ts';
import { codes, head, type Whom } from './measures/population.ts';
import { patientStands, practitionerStands } from './standing.ts';

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
    told as materialized (select j.*, ${STATE} as state from (${chosen.map(({ rows }) => rows).join(' union all ')}) j)`;
}

interface Count extends Pick<JudgedRow, 'measure' | 'eligible' | 'excluded' | 'met' | 'state'> {
  patients: number;
}

/** One statement for all measures: who is counted together. */
async function countsOf(tx: Tx, { measures, period, practitioner_id }: Query): Promise<Count[]> {
  return tx.rows<Count>(
    `${toldSql(measures, 'all')}
     select t.measure, t.eligible, t.excluded, t.met, t.state, count(*)::int as patients from told t group by 1, 2, 3, 4, 5`,
    [period.from, period.to, null, practitioner_id ?? null],
  );
}

function measureOf(measure: MeasureName, counts: readonly Count[]): QualityMeasure {
  const { title, definition, source, direction } = MEASURES[measure];
  const own = counts.filter((count) => count.measure === measure);
  const of = (which: (count: Count) => boolean) => own.filter(which).reduce((sum, { patients }) => sum + patients, 0);
  const population = of(({ eligible }) => eligible);
  const reasons = [...new Set(own.flatMap(({ excluded }) => excluded ?? []))].sort();
  const numerator = of(({ eligible, excluded, met }) => eligible && excluded === null && met);
  const exclusions = of(({ eligible, excluded }) => eligible && excluded !== null);
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
      Object.fromEntries(reasons.map((reason) => [reason, of(({ eligible, excluded }) => eligible && excluded === reason)])),
    ),
    ...rateOf(numerator, population - exclusions),
    denominator: population,
    open: of(({ state }) => state === 'open'),
    closed: of(({ state }) => state === 'closed'),
    unknown: of(({ state }) => state === 'unknown'),
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
       and exists (select from encounters e where e.tenant_id = p.tenant_id and e.patient_id = p.id and e.status = 'finished'
         and e.class in ('ambulatory', 'virtual', 'home') and e.start_at >= $1::date::timestamptz and e.start_at < ($2::date + 1)::timestamptz)`,
    [period.from, period.to, practitioner_id ?? null],
  );
  return excludedOf(row ?? {});
}

/** Rows of the list, by the patient's name. Of one patient each measure asked is a row, also one that does not concern them. */
async function gapsOf(tx: Tx, query: GapQuery): Promise<GapRow[]> {
  const whom = query.patient_id === undefined ? 'all' : 'one';
  const of =
    whom === 'all'
      ? 'told t join patients p on p.tenant_id = t.tenant_id and p.id = t.patient_id'
      : `patients p cross join unnest(${codes(query.measures)}) m(measure) left join told t on t.patient_id = p.id and t.measure = m.measure where p.id = $3`;
  return tx.rows<GapRow>(
    `${toldSql(query.measures, whom)},
     named as (select t.*, ${whom === 'all' ? 't.measure' : 'm.measure'} as of_measure, coalesce(t.state, 'not_eligible') as of_state, p.id, p.family_name, p.given_name, p.birth_date,
       p.practitioner_id as assigned from ${of})
     select md5(n.id::text || n.of_measure)::uuid as care_gap_id, n.of_measure as measure, n.id as patient_id, n.given_name || ' ' || n.family_name as patient,
       n.birth_date, n.assigned as practitioner_id, n.of_state as state, n.excluded, n.unclear,
       n.a_what, n.a_value, n.a_unit, n.a_on, n.b_what, n.b_value, n.b_unit, n.b_on
     from named n
     where n.of_state = any($5::text[])
       and ($6::uuid is null or (n.family_name, n.given_name, n.id, n.of_measure) >
         (select a.family_name, a.given_name, a.id, a.of_measure from named a where md5(a.id::text || a.of_measure)::uuid = $6))
     order by n.family_name, n.given_name, n.id, n.of_measure
     limit $7`,
    [
      query.period.from,
      query.period.to,
      query.patient_id ?? null,
      query.practitioner_id ?? null,
      query.states,
      query.after ?? null,
      query.limit + 1,
    ],
  );
}
