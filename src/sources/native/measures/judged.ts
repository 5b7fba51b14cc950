// One row for each patient whom a measure concerns, the same columns in every measure.
import { type GapState, MEASURES, type MeasureName } from '../../../domains/measures.ts';

/** What the data cannot decide, in the words of judged.unclear. */
export type Unclear = 'birth_date' | 'sex' | 'diagnosis_dates' | 'procedure_date' | 'result_without_value' | 'result_without_unit';

/** The latest that counts: SQL expressions. `on` is text. */
interface Shown {
  what: string;
  value?: string;
  unit?: string;
  on: string;
}

/** A measure as SQL expressions over `p`: the columns of people, those of its facts, has_facts; and over what `from` joins to it. */
export interface Judged {
  measure: MeasureName;
  /** The name of its CTE of those left out. */
  out: string;
  /** Its CTE of what is known of a patient, one row each: the diagnosis, or the screening. */
  facts: string;
  /** Whom nothing is known of there, the measure does not concern. */
  needsFacts: boolean;
  from: string;
  /** Member of the initial population for certain; and perhaps: SQL conditions, never null. */
  eligible: string;
  possible: string;
  /** In the numerator. */
  met: string;
  /** [what is unclear, under which SQL condition], the first that holds. */
  unclear: readonly (readonly [Unclear, string])[];
  shown: readonly [Shown, Shown?];
}

/** As judged rows come from the database. */
export interface JudgedRow {
  measure: MeasureName;
  patient_id: string;
  practitioner_id: string | null;
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

/** The sets meet by full joins, which are hashed or merged whatever the planner believes of their sizes. */
export function judgedSql({ measure, out, facts, needsFacts, from, eligible, possible, met, unclear, shown: [a, b] }: Judged): string {
  const doubts = unclear.map(([word, when]) => `when ${when} then '${word}'`).join(' ');
  return `select '${measure}' as measure, p.tenant_id, p.patient_id, p.practitioner_id, ${eligible} as eligible, p.excluded,
    coalesce(${met}, false) as met, case ${doubts} end as unclear, ${columns('a', a)}, ${columns('b', b)}
  from (
    select q.*, f.*, f.facts_of is not null as has_facts, o.reason as excluded
    from people q full join ${facts} f on f.facts_of = q.patient_id
      full join ${out} o on o.patient_id = q.patient_id
    offset 0) p ${from}
  where p.tenant_id is not null ${needsFacts ? 'and p.has_facts' : ''} and ${possible}`;
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

/** A measure: its CTEs (after those of population.ts) and its rows. */
export interface MeasureSql {
  ctes(whom: 'all' | 'one'): string;
  rows: string;
}
