// Whose results of one marker lie far enough apart for any finding (lab_trend_outlier@1): the part of the question that reads the whole clinic.
import type { Tx } from '../../db/tx.ts';
import { rcvOf, type Variation } from '../../domains/biological-variation.ts';
import { isUnitless } from '../../domains/lab-series.ts';
import { codesOf } from '../../domains/markers.ts';
import { TREND_DAYS, TREND_N } from '../../domains/trend.ts';
import { FINAL, LEFT_OUT, STANDS, WHY_LEFT_OUT } from './lab-surveys-rows.ts';

export interface Figures {
  with_result?: number;
  /** By the number of results, at most 12. */
  tested?: Record<string, number>;
  excluded?: Record<string, number>;
}

export interface Spread {
  patient_id: string | null;
  /** time␟value␟unit␟LOINC␟method of each result, separated by ␞, in any order. */
  readings: string | null;
  figures: Figures | null;
}

/** $1 the codes, $2 whether a unit may be absent, $3 whether the scale is logarithmic. */
const PLAIN = `r.comparator is null and r.value is not null and (r.unit is not null or $2) and (r.value > 0 or not $3)`;

/** First what was counted; then each patient whose results lie as far apart as the reference change value ($4: a ratio, or a part), or are in several units: without
 *  that no finding is possible, whatever is merged or split. */
export async function spreadOf(
  tx: Tx,
  { group, variation, practitioner_id }: { group: string; variation: Variation; practitioner_id: string | undefined },
): Promise<Spread[]> {
  const isLog = variation.scale === 'log';
  // A hair less, so that rounding in the database drops nobody.
  const apart = (isLog ? Math.exp(rcvOf(variation)) : rcvOf(variation)) * (1 - 1e-9);
  return tx.rows<Spread>(
    `with spread as materialized (
       select r.patient_id, count(*) filter (where ${PLAIN})::int as n, count(*) filter (where r.comparator is not null)::int as beyond,
         count(*) filter (where r.comparator is null and r.value is not null and r.unit is null and not $2)::int as unread,
         min(r.value) filter (where ${PLAIN}) as least, max(r.value) filter (where ${PLAIN}) as most,
         min(r.unit) filter (where ${PLAIN}) as unit, max(r.unit) filter (where ${PLAIN}) as other_unit,
         min(r.collected_at) filter (where ${PLAIN}) as first_at, max(r.collected_at) filter (where ${PLAIN}) as last_at
       from lab_results r
       where r.loinc = any($1) and ${FINAL} and ${STANDS} and ($5::uuid is null or r.patient_id in (select p.id from patients p where p.practitioner_id = $5))
       group by 1),
     people as materialized (
       select s.*, not ${LEFT_OUT('s')} as listed, s.n >= ${TREND_N} and s.last_at - s.first_at >= interval '${TREND_DAYS} days' as tested
       from spread s),
     gone as (select ${WHY_LEFT_OUT('s')} as reason from people s where not s.listed)
     select null::uuid as patient_id, null as readings, jsonb_build_object(
       'with_result', count(*) filter (where listed and n > 0),
       'tested', (select jsonb_object_agg(n, people) from (select least(n, 12) as n, count(*) as people from people where listed and tested group by 1) t),
       'excluded', coalesce((select jsonb_object_agg(reason, n) from (select reason, count(*) as n from gone group by 1) g), '{}')
         || jsonb_build_object('results_beyond_the_scale', coalesce(sum(beyond) filter (where listed), 0),
           'results_in_an_unknown_unit', coalesce(sum(unread) filter (where listed), 0))) as figures
     from people
     union all
     select r.patient_id,
       string_agg(concat((date_part('epoch', r.collected_at) * 1000)::bigint, chr(31), r.value, chr(31), r.unit, chr(31), r.loinc, chr(31), r.method), chr(30)),
       null
     from lab_results r
     where r.loinc = any($1) and ${FINAL} and ${STANDS} and ${PLAIN} and r.patient_id = any(array(
       select s.patient_id from people s
       where s.listed and s.n >= 2
         and (s.unit <> s.other_unit or case when $3 then s.most >= s.least * $4::float8::numeric else s.most - s.least >= s.least * $4::float8::numeric end)))
     group by 1`,
    [codesOf(group), isUnitless(group), isLog, apart, practitioner_id ?? null],
  );
}
