// Whose results of one marker lie far enough apart for any finding (lab_trend_outlier@1): the part of the question that reads the whole clinic.
import type { Tx } from '../../db/tx.ts';
import { rcvOf, type Variation } from '../../domains/biological-variation.ts';
import { codesOf } from '../../domains/markers.ts';
import { TREND_DAYS, TREND_N } from '../../domains/trend.ts';
import { unitsOf } from '../../domains/unit-conversion.ts';
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

/** $1 the codes, $2 the units that the analyte can be read in (null: any), $3 whether the scale is logarithmic, $5 the clinician. */
const READABLE = '((r.unit = any($2) or ($2::text[] is null and r.unit is not null)) is true)';
export const PLAIN = `(r.comparator is null and r.value is not null and ${READABLE} and (r.value > 0 or not $3))`;
const COUNTS = `${FINAL} and ${STANDS} and ($5::uuid is null or r.patient_id in (select p.id from patients p where p.practitioner_id = $5))`;

/** Where a marker has results of several codes, a patient can have a row of each. */
const MERGED = `
  select b.patient_id, sum(b.n)::int as n, min(b.least) as least, max(b.most) as most, bool_or(b.is_mixed) or count(*) > 1 as is_mixed,
    max(b.last_at) - min(b.first_at) as days
  from by_code b group by 1`;

/** First what was counted; then each patient whose results lie as far apart as the reference change value ($4: a ratio, or a part), or are not all in the usual
 *  unit of one code: without that no finding is possible, whatever is merged or split. Each code is read once, in the order of its index, patient by patient. */
export async function spreadOf(
  tx: Tx,
  { group, variation, practitioner_id }: { group: string; variation: Variation; practitioner_id: string | undefined },
): Promise<Spread[]> {
  const isLog = variation.scale === 'log';
  // A hair less, so that rounding in the database drops nobody.
  const apart = (isLog ? Math.exp(rcvOf(variation)) : rcvOf(variation)) * (1 - 1e-9);
  const codes = await usedOf(tx, codesOf(group));
  return tx.rows<Spread>(
    `with by_code as (
       select l.*
       from unnest($1::text[]) as code
       cross join lateral (select r.unit from lab_results r where r.loinc = code and r.value is not null limit 1) usual
       cross join lateral (
         select r.patient_id, count(*)::int as n, min(r.value) as least, max(r.value) as most, bool_or(r.unit is distinct from usual.unit) as is_mixed,
           min(r.collected_at) as first_at, max(r.collected_at) as last_at
         from lab_results r
         where r.loinc = code and ${PLAIN} and ${COUNTS}
         group by r.patient_id offset 0) l),
     people as materialized (
       select s.*, not ${LEFT_OUT('s')} as listed, s.n >= ${TREND_N} and s.days >= interval '${TREND_DAYS} days' - interval '12 hours' as tested
       from (${codes.length > 1 ? MERGED : 'select b.*, b.last_at - b.first_at as days from by_code b'}) s),
     others as materialized (
       select r.patient_id, count(*) filter (where r.comparator is not null) as beyond,
         count(*) filter (where r.comparator is null and r.value is not null and not ${READABLE}) as unread
       from lab_results r where r.loinc = any($1) and not ${PLAIN} and ${COUNTS}
       group by 1),
     gone as (
       select ${WHY_LEFT_OUT('s')} as reason
       from (
         select s.patient_id from people s where not s.listed
         union
         select o.patient_id from others o where ${LEFT_OUT('o')}) s),
     seen as (
       select coalesce(sum(beyond), 0) as beyond, coalesce(sum(unread), 0) as unread from others o where not ${LEFT_OUT('o')})
     select null::uuid as patient_id, null as readings, jsonb_build_object(
       'with_result', (select count(*) from people where listed),
       'tested', (select jsonb_object_agg(n, people) from (select least(n, 12) as n, count(*) as people from people where listed and tested group by 1) t),
       'excluded', coalesce((select jsonb_object_agg(reason, n) from (select reason, count(*) as n from gone group by 1) g), '{}')
         || jsonb_build_object('results_beyond_the_scale', seen.beyond, 'results_in_an_unknown_unit', seen.unread)) as figures
     from seen
     union all
     select l.patient_id, string_agg(l.readings, chr(30)), null
     from unnest($1::text[]) as code
     cross join lateral (
       select r.patient_id, string_agg(
         concat((date_part('epoch', r.collected_at) * 1000)::bigint, chr(31), r.value, chr(31), r.unit, chr(31), code, chr(31), r.method), chr(30)) as readings
       from lab_results r
       where r.loinc = code and ${FINAL} and ${STANDS} and ${PLAIN} and r.patient_id = any(array(
         select s.patient_id from people s
         where s.listed and s.n >= 2
           and (s.is_mixed or case when $3 then s.most >= s.least * $4::float8::numeric else s.most - s.least >= s.least * $4::float8::numeric end)))
       group by r.patient_id offset 0) l
     group by 1`,
    [codes, unitsOf(group) ?? null, isLog, apart, practitioner_id ?? null],
  );
}

/** The codes that the clinic has results of. */
async function usedOf(tx: Tx, codes: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ code: string }>(
    'select code from unnest($1::text[]) as code where exists (select from lab_results r where r.loinc = code)',
    [codes],
  );
  return rows.map(({ code }) => code);
}
