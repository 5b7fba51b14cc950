// Which results of a period are abnormal (abnormal_labs@1): the part of the question that reads the whole clinic.
import { FINAL, LEFT_OUT, STANDS, WHY_LEFT_OUT } from './lab-surveys-rows.ts';

/** In words of the predicate of the index lab_results_not_normal. POS and DET are listed with their flag; whether they are bad news depends on the test. */
const ABNORMAL = "r.flag in ('L', 'LL', 'H', 'HH', 'A', 'AA', 'POS', 'DET')";
const NOT_NORMAL = "r.flag in ('L', 'LL', 'H', 'HH', 'A', 'AA', 'POS', 'DET', 'unknown')";
/** $1 codes, $2 since, $3 the analyte group of each code, $4 now, $5 the clinician. Both ends of the period are said, so that the database takes it for a short one. */
const PERIOD = 'r.collected_at >= $2::date::timestamptz and r.collected_at <= $4::timestamptz';
const ASKED_FOR = '($1::text[] is null or r.loinc = any($1))';
const ANALYTE = 'coalesce($3::jsonb ->> r.loinc, r.loinc)';
const HIS = '($5::uuid is null or r.patient_id in (select p.id from patients p where p.practitioner_id = $5))';
const COUNTS = `${FINAL} and ${PERIOD} and ${ASKED_FOR} and r.loinc is not null`;

/** How far beyond its limit, in widths of its range; -1 where that cannot be told. */
const SEVERITY = `coalesce(round(case when r.flag like 'H%' then (r.value - r.ref_high) / nullif(r.ref_high - coalesce(r.ref_low, 0), 0)
      when r.flag like 'L%' then (r.ref_low - r.value) / nullif(coalesce(r.ref_high - r.ref_low, r.ref_low), 0) end, 2), -1)`;

/** $6 whether a later result takes the row away, $7 only those without a review. CTE `hits`: one row a patient and analyte, of two results of one blood draw the
 *  worse. What is not normal is few and has an index with all that it takes to order it; what is normal is only asked when it last was, and only of these few. */
export const HITS = `bad as materialized (
    select r.id, r.patient_id, r.loinc, ${ANALYTE} as analyte, r.flag, r.collected_at, (r.flag in ('LL', 'HH', 'AA'))::int as critical,
      ${SEVERITY} as severity
    from lab_results r
    where ${NOT_NORMAL} and ${COUNTS} and ${STANDS} and not ${LEFT_OUT('r')} and ${HIS}),
  worst as materialized (
    select distinct on (b.patient_id, b.analyte) b.*
    from (select b.*, $7 and exists (select from lab_reviews v where v.lab_result_id = b.id) as reviewed from bad b where b.flag <> 'unknown') b
    order by b.patient_id, b.analyte, b.collected_at desc, b.reviewed, b.critical desc, b.severity desc, b.id),
  dim as materialized (
    select b.patient_id, b.analyte, max(b.collected_at) as at from bad b where b.flag = 'unknown' group by 1, 2),
  good as materialized (
    select r.patient_id, ${ANALYTE} as analyte, max(r.collected_at) as at
    from lab_results r
    where not (${NOT_NORMAL}) and ${COUNTS} and ${STANDS} and ((r.patient_id, ${ANALYTE}) in (select b.patient_id, b.analyte from bad b)) is true
    group by 1, 2),
  after_it as (
    select o.patient_id, o.analyte, max(o.good_at) as good_at, max(o.dim_at) as dim_at
    from (
      select g.patient_id, g.analyte, g.at as good_at, null::timestamptz as dim_at from good g
      union all
      select d.patient_id, d.analyte, null, d.at from dim d) o
    group by 1, 2),
  judged as materialized (
    select w.*, a.dim_at, a.good_at, greatest(a.good_at, a.dim_at) > w.collected_at is true as is_past
    from worst w full join after_it a on a.patient_id = w.patient_id and a.analyte = w.analyte),
  hits as materialized (
    select j.*, j.good_at > greatest(j.collected_at, j.dim_at) is true as later_normal
    from judged j where j.id is not null and not j.reviewed and not ($6 and j.is_past))`;

/** How many pairs of patient and analyte were last unknown. */
export const UNKNOWN = `(select count(*)::int from judged j
    where j.dim_at is not null and (j.good_at is null or j.good_at <= j.dim_at) and (j.id is null or j.collected_at < j.dim_at))`;

/** Of whom there is a result in the period: those who count, and those who do not; and what is abnormal and in no row. */
export const PEOPLE = `people as materialized (
    select r.patient_id from lab_results r where ${COUNTS} and ${HIS} group by 1),
  gone as (select ${WHY_LEFT_OUT('q')} as reason from people q where ${LEFT_OUT('q')}),
  counted as (
    select (select count(*) from people) - count(*) as with_result, count(*) filter (where reason = 'patients_merged') as patients_merged,
      count(*) filter (where reason = 'patients_deceased') as patients_deceased, count(*) filter (where reason = 'patients_inactive') as patients_inactive
    from gone),
  waiting as (
    select count(*) as preliminary from lab_results r
    where r.status = 'preliminary' and ${ABNORMAL} and ${PERIOD} and ${ASKED_FOR} and r.loinc is not null and ${STANDS} and not ${LEFT_OUT('r')} and ${HIS}),
  unnamed as (
    select count(*) as unmapped from lab_results r
    where ${NOT_NORMAL} and ${ABNORMAL} and ${PERIOD} and r.loinc is null and ${FINAL} and ${STANDS} and not ${LEFT_OUT('r')} and ${HIS})`;
