// One row for each patient whom a measure concerns, the same columns in every measure.
import { type GapState, MEASURES, type MeasureName } from '../../../domains/measures.ts';
import { leftOutSql, type Reason, shownOf, type Whom } from './population.ts';

/** What the data cannot decide, in the words of judged.unclear. */
export type Unclear = 'birth_date' | 'sex' | 'diagnosis_dates' | 'procedure_date' | 'result_without_value' | 'result_without_unit';

/** The latest that counts: SQL expressions. `on` is text. */
interface Shown {
  what: string;
  value?: string;
  unit?: string;
  on: string;
}

/** A measure as SQL over `p`, one row a patient: the columns of people, whether a fact is `certain` or another `possible`, and what is read of them. */
export interface Judged {
  measure: MeasureName;
  /** What its CTEs begin with. */
  name: string;
  /** What may count, as rows of facts_of and `certain`: the diagnosis, or the screening. */
  facts: (whom: Whom) => string;
  /** Whom nothing is known of there, the measure does not concern. */
  needsFacts: boolean;
  /** Who is left out and why, the first reason first. */
  leftOut: (whom: Whom) => readonly Reason[];
  /** What is read of those in the CTE `who`, one row each by read_of. Of all, what is only shown may be left out. */
  read?: (who: string, whom: Whom) => string | undefined;
  /** Member of the initial population for certain; and perhaps, by age and sex alone: SQL conditions, never null. */
  eligible: string;
  possible: string;
  /** In the numerator. */
  met: string;
  /** [what is unclear, under which SQL condition], the first that holds. */
  unclear: readonly (readonly [Unclear, string])[];
  /** Of a few; of all, nothing is shown. */
  shown: readonly [Shown, Shown?];
}

/** As judged rows come from the database. */
export interface JudgedRow {
  measure: MeasureName;
  patient_id: string;
  eligible: boolean;
  excluded: string | null;
  met: boolean;
  unclear: Unclear | null;
  state: Exclude<GapState, 'not_eligible'>;
  a_what: string | null;
  a_value: string | null;
  a_unit: string | null;
  a_on: string | null;
  b_what: string | null;
  b_value: string | null;
  b_unit: string | null;
  b_on: string | null;
}

/** A measure: its CTEs (after those of population.ts) and its rows. */
export interface MeasureSql {
  ctes(whom: Whom): string;
  rows(whom: Whom): string;
}

/** The sets meet by full joins, which are hashed or merged whatever the planner believes of their sizes; each as narrow as it can be before it is joined. */
export function judgedBy({
  measure,
  name,
  facts,
  needsFacts,
  leftOut,
  read,
  eligible,
  possible,
  met,
  unclear,
  shown: [a, b],
}: Judged): MeasureSql {
  const who = `${name}_who`;
  const doubts = unclear.map(([word, when]) => `when ${when} then '${word}'`).join(' ');
  const has = (which: string) => `(p.patient_id in (select f.facts_of from ${name}_facts f where ${which})) is true`;
  const readOf = (whom: Whom) => read?.(who, whom);
  return {
    ctes: (whom) => `${name}_facts as materialized (${facts(whom)}), ${leftOutSql(`${name}_out`, leftOut(whom))},
    ${who} as ${readOf(whom) === undefined ? 'not materialized' : 'materialized'} (select w.* from (
      select q.*, o.reason as excluded
      from (
        select * from (select p.*, ${has('f.certain')} as certain, ${has('not f.certain')} as possible from people p where ${possible} offset 0) p
        ${needsFacts ? 'where p.certain or p.possible' : ''} offset 0) q
      full join ${name}_out o on o.patient_id = q.patient_id
      offset 0) w
      where w.patient_id is not null)
    ${readOf(whom) === undefined ? '' : `, ${name}_read as (${readOf(whom)})`}`,
    rows: (whom) => `select '${measure}' as measure, p.patient_id, ${eligible} as eligible, p.excluded,
      coalesce(${met}, false) as met, case ${doubts} end as unclear ${shownOf(whom, `${columns('a', a)}, ${columns('b', b)}`)}
    from ${readOf(whom) === undefined ? who : `(select * from ${who} w full join ${name}_read r on r.read_of = w.patient_id offset 0)`} p`,
  };
}

function columns(slot: 'a' | 'b', shown: Shown | undefined): string {
  const { what = 'null', value = 'null', unit = 'null', on = 'null' } = shown ?? {};
  return `(${what})::text as ${slot}_what, (${value})::numeric as ${slot}_value, (${unit})::text as ${slot}_unit, (${on})::text as ${slot}_on`;
}

const INVERSE = Object.entries(MEASURES).flatMap(([measure, { direction }]) => (direction === 'lower_is_better' ? [`'${measure}'`] : []));

/** Of a judged row `j`. Where the numerator is the bad end, who is not in it is closed. */
export const STATE = `case when j.excluded is not null then 'excluded' when not j.eligible then 'unknown'
  when j.measure in (${INVERSE.join(', ')}) then case when not j.met then 'closed' when j.unclear is not null then 'unknown' else 'open' end
  when j.met then 'closed' when j.unclear is not null then 'unknown' else 'open' end`;
