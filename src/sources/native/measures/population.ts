// What the measures share: who was seen in the period, how old they are, and who is left out of most of them. Every piece is SQL over the parameters
// $1 first day, $2 last day, $3 some patients or null, $4 one clinician or null.
import { DEMENTIA_MEDICINES, DIAGNOSES, type DiagnosisSet, PROCEDURES } from '../../../domains/value-sets.ts';
import { LISTED } from '../standing.ts';

/** The whole clinic is read by code and day, a few patients by their own rows: two texts, so that each has its index. What was found is shown of a few; of all,
 *  only how they stand is asked. */
export type Whom = 'all' | 'few';

/** A partial date is a range (trap 23): its first and its last day, as text that sorts. */
export const firstDay = (column: string) =>
  `(case octet_length(${column}) when 10 then ${column} else ${column} || substr('-01-01', length(${column}) - 3) end) collate "C"`;
export const lastDay = (column: string) =>
  `(case octet_length(${column}) when 10 then ${column} when 4 then ${column} || '-12-31' else (((${column} || '-01')::date + interval '1 month')::date - 1)::text end) collate "C"`;

/** A list of codes as a constant of the text. */
export const codes = (list: readonly string[]) => `'{${list.join(',')}}'::text[]`;

/** Columns that are only shown. */
export const shownOf = (whom: Whom, columns: string) => (whom === 'few' ? `, ${columns}` : '');

/** Only the patients who are asked for. */
export const ofWhom = (whom: Whom, alias: string) => (whom === 'few' ? `and ${alias}.patient_id = any($3::uuid[])` : '');

/** Days of the period and those that lie off its ends, as text; `day0` and `day1` as dates. */
const PERIOD = `period as materialized (
  select d.day0, d.day1, d.day0::timestamptz as opens, (d.day1 + 1)::timestamptz as closes,
    d.day0::text collate "C" as first, d.day1::text collate "C" as last,
    ((d.day0 + interval '6 months')::date - 1)::text collate "C" as half, (d.day0 - interval '1 year')::date::text collate "C" as year_before
  from (select $1::date as day0, $2::date as day1) d)`;

/** Finished visits in the period: of the office, by video or telephone, at home. Of all, its ends are scalars: the planner takes it for few and hashes it. */
const SEEN = (whom: Whom) => {
  const [opens, closes] =
    whom === 'all' ? ['(select opens from period)', '(select closes from period)'] : ['period.opens', 'period.closes'];
  return `seen as not materialized (
  select e.patient_id from encounters e, period
  where e.status = 'finished' and e.class in ('ambulatory', 'virtual', 'home') and e.start_at >= ${opens} and e.start_at < ${closes} ${ofWhom(whom, 'e')})`;
};

/** Patients with such a visit, neither deceased nor inactive nor merged into another
 *  chart, with the first and the last day that a partial birth date allows. */
const PEOPLE = (whom: Whom) => `people as materialized (
  select p.patient_id, p.sex, ${firstDay('p.birth_date')} as born_first, ${lastDay('p.birth_date')} as born_last
  from (
    select p.id as patient_id, p.sex, p.birth_date from patients p
    where ${LISTED} and ($4::uuid is null or p.practitioner_id = $4)
      ${whom === 'few' ? 'and p.id = any($3::uuid[])' : 'and $3::uuid[] is null'} offset 0) p
  where ${isOf('p.patient_id', 'seen')})`;

/** Diagnoses of a set, one row each, as days: begins_first … begins_last, ends_first … ends_last. What has no beginning was always there; what is not
 *  active and has no end, ended on an unknown day. A refuted diagnosis is none. Source: QI-Core prevalenceInterval. */
export function diagnosed(set: DiagnosisSet, whom: Whom): string {
  const found = `c.patient_id, ${firstDay('began.on')} as begins_first, ${lastDay('began.on')} as begins_last,
      case when c.abated_on is not null then ${firstDay('c.abated_on')}
        when c.clinical_status in ('active', 'recurrence', 'relapse') then '9999' else ${firstDay('began.on')} end as ends_first,
      case when c.abated_on is not null then ${lastDay('c.abated_on')} else '9999' end as ends_last`;
  const began = "cross join lateral (select coalesce(c.onset_on, c.recorded_on, '0000')::text as on) began";
  const stands = `c.verification_status not in ('refuted', 'entered_in_error') ${ofWhom(whom, 'c')}`;
  const ranges = set.icd10.map((code) => `('${code}', '${code}~')`).join(', ');
  return `select ${found} from (values ${ranges}) f(low, high) join conditions c on c.icd10 >= f.low and c.icd10 < f.high ${began} where ${stands}
    union all select ${found} from conditions c ${began} where c.snomed = any(${codes(set.snomed)}) and ${stands}`;
}

/** Those who have a diagnosis of the set for certain on some day of [from, to]. `from`, `to`: columns of period. */
export function hadIn(set: DiagnosisSet, whom: Whom, [from, to]: readonly [string, string] = ['first', 'last']): string {
  return `select d.patient_id from (${diagnosed(set, whom)}) d, period where d.begins_last <= period.${to} and d.ends_first >= period.${from}`;
}

/** Completed procedures of a set, as days: on_first … on_last; without a date, any day. */
export function performed(set: readonly string[], whom: Whom): string {
  return `select r.patient_id, r.outside, r.performed_on, coalesce(${firstDay('r.performed_on')}, '0000') as on_first,
      coalesce(${lastDay('r.performed_on')}, '9999') as on_last
    from procedures r where r.code = any(${codes(set)}) and r.status = 'completed' ${ofWhom(whom, 'r')} offset 0`;
}

/** Those who had a procedure of the set, for certain, in the period. */
export const performedIn = (set: readonly string[], whom: Whom) =>
  `select d.patient_id from (${performed(set, whom)}) d, period where d.on_first >= period.first and d.on_last <= period.last`;
/** … or at any time up to its end. */
export const performedBy = (set: readonly string[], whom: Whom) =>
  `select d.patient_id from (${performed(set, whom)}) d, period where d.on_last <= period.last`;
/** Those whose diagnosis of the set began, for certain, by the end of the period. */
export const hadBy = (set: DiagnosisSet, whom: Whom) =>
  `select d.patient_id from (${diagnosed(set, whom)}) d, period where d.begins_last <= period.last`;

/** Rows of those patients who are in the other set too: by a full join, which is hashed or merged whatever the planner believes of the sizes. */
const ofThose = (rows: string, those: string) => `(
    select m.* from (select a.*, b.patient_id as of_those from (${rows}) a full join ${those} b on b.patient_id = a.patient_id offset 0) m
    where m.patient_id is not null and m.of_those is not null)`;

/** Whether `column` is in the CTE: hashed, where the CTE groups by patient (the planner takes it for small), and asked while the rows are read. */
export const isOf = (column: string, cte: string, key = 'patient_id') => `(${column} in (select o.${key} from ${cte} o)) is true`;

/** Results of the tests, final and corrected by no other, of those in the CTE `who`, in the period. Of all they are read by code, from the index alone,
 *  which does not know unit_raw. */
export const resultsOf = (tests: readonly string[], who: string, whom: Whom) => `
  select r.*, r.collected_at::date as day from (
    select i.* from (
      select r.tenant_id, r.id, r.patient_id, r.loinc, r.value, r.comparator, r.unit, ${whom === 'few' ? 'r.unit_raw' : 'null::text as unit_raw'}, r.collected_at
      from lab_results r where r.loinc = any(${codes(tests)}) and r.status in ('final', 'amended', 'corrected') ${ofWhom(whom, 'r')} offset 0) i
    where i.collected_at >= (select opens from period) and i.collected_at < (select closes from period) and ${isOf('i.patient_id', who)} offset 0) r
  where ${UNCORRECTED}`;

/** A laboratory result `r` that no other corrects. */
export const UNCORRECTED =
  "not exists (select from lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error')";

/** Sets of patients meet by grouping and intersecting, never by a join that a planner without figures would run as a loop over both.
 *  Who is in hospice or palliative care, and who of 66 and more is frail and gravely ill. Advanced illness begins, or a dementia medicine is taken, in the
 *  year before the period or in it. Whether somebody lives in a nursing home is not in the record. Source: CMS Hospice, PalliativeCare and AIFrailLTCF. */
const SHARED = (whom: Whom) => `diabetes as materialized (${diagnosed(DIAGNOSES.diabetes, whom)}),
hospice as materialized (${performedIn(PROCEDURES.hospice, whom)}),
palliative as materialized (${hadIn(DIAGNOSES.palliative_care, whom)} union all ${performedIn(PROCEDURES.palliative_care, whom)}),
frail as materialized ${ofThose(
  `select p.patient_id, p.born_last from people p where p.born_last <= ${birthday('last', 66)}`,
  `(select distinct r.patient_id from (${hadIn(DIAGNOSES.frailty, whom)} union all ${performedIn(PROCEDURES.frailty, whom)}) r)`,
)},
frail_and_ill as materialized (
  (select d.patient_id from (${diagnosed(DIAGNOSES.advanced_illness, whom)}) d, period
    where d.begins_first >= period.year_before and d.begins_last <= period.last
   intersect select f.patient_id from frail f)
  union all
  select m.patient_id from frail f, period, medication_requests m
  cross join lateral (select coalesce(m.start_on, m.authored_on, '0000')::text as on) began
  where m.patient_id = f.patient_id and m.status in ('active', 'completed')
    and (m.rxnorm = any(${codes(DEMENTIA_MEDICINES.rxnorm)}) or lower(m.ingredient) = any(${codes(DEMENTIA_MEDICINES.ingredient)}))
    and ${lastDay('began.on')} <= period.last
    and case when m.end_on is not null then ${firstDay('m.end_on')} when m.status = 'active' then '9999' else ${firstDay('began.on')} end >= period.year_before)`;

/** The common head of every statement: its CTEs period, seen, people, diabetes, hospice, palliative, frail, frail_and_ill. */
export const head = (whom: Whom) => `with ${PERIOD}, ${SEEN(whom)}, ${PEOPLE(whom)}, ${SHARED(whom)}`;

/** A reason in words, and the query of the patients whom it holds for. */
export type Reason = readonly [reason: string, patients: string];
/** A CTE of those who are left out of the denominator, each with the first reason that holds, in the order given. */
export function leftOutSql(name: string, reasons: readonly Reason[]): string {
  const words = reasons.map(([reason]) => reason);
  const rows = reasons.map(([, patients], at) => `select o.patient_id, ${at + 1} as rank from (${patients}) o`);
  return `${name} as (select o.patient_id, (${codes(words)})[min(o.rank)] as reason from (${rows.join(' union all ')}) o group by o.patient_id)`;
}
export const HOSPICE = ['hospice', 'select patient_id from hospice'] as const;
export const PALLIATIVE = ['palliative_care', 'select patient_id from palliative'] as const;
export const FRAIL_AND_ILL = ['frailty_and_advanced_illness', 'select patient_id from frail_and_ill'] as const;

/** Who was born on this day or before is of `years` or more at the `first` or the `last` day of the period. Text that sorts, found once for the statement. */
export const birthday = (at: 'first' | 'last', years: number) =>
  `(select ((left(period.${at}, 4)::int - ${years})::text || substr(period.${at}, 5)) collate "C" from period)`;

/** Whether the age is in [low, high] at the `first` or the `last` day of the period: for certain, and perhaps. */
export const isAged = (at: 'first' | 'last', low: number, high: number) =>
  `coalesce(p.born_last <= ${birthday(at, low)} and p.born_first > ${birthday(at, high + 1)}, false)`;
export const maybeAged = (at: 'first' | 'last', low: number, high: number) =>
  `coalesce(p.born_first <= ${birthday(at, low)} and p.born_last > ${birthday(at, high + 1)}, true)`;
