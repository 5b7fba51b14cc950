// CMS951 (reporting year 2026), like it: diabetes that began before the period and reaches into it, 18 to 85 at its START (trap 10); in the period an eGFR, and
// a urine albumin/creatinine ratio or urine albumin and urine creatinine at most four days apart.
import { DIAGNOSES, LAB_TESTS } from '../../../domains/value-sets.ts';
import { judgedSql, type MeasureSql } from './judged.ts';
import { codes, diagnosed, HOSPICE, hadIn, isAged, leftOut, maybeAged, PALLIATIVE, STANDS } from './population.ts';

/** Results of patient p in the period, with a number or without. */
const resulted = (tests: readonly string[]) => `period, lab_results r
    where r.tenant_id = p.tenant_id and r.loinc = any(${codes(tests)}) and r.patient_id = p.patient_id and ${STANDS}
      and r.collected_at >= period.opens and r.collected_at < period.closes`;
const latest = (tests: readonly string[], alias: string) => `left join lateral (
    select r.value, coalesce(r.unit, r.unit_raw) as unit, r.collected_at::date as day from ${resulted(tests)}
    order by r.value is null, r.collected_at desc limit 1) ${alias} on true`;
const days = (tests: readonly string[]) => `select r.collected_at::date as day, r.value from ${resulted(tests)} and r.value is not null`;

const KIDNEY = `${latest(LAB_TESTS.egfr, 'egfr')} ${latest(LAB_TESTS.urine_albumin_creatinine, 'uacr')}
  left join lateral (
    select max(greatest(a.day, c.day)) as day from (${days(LAB_TESTS.urine_albumin)}) a join (${days(LAB_TESTS.urine_creatinine)}) c on abs(a.day - c.day) <= 4
  ) parts on true`;

export const kidneyEvaluation: MeasureSql = {
  ctes: (whom) => `ked_diagnosed as (
    select d.patient_id as facts_of, bool_or(d.begins_last < period.first and d.ends_first >= period.first) as certain
    from (${diagnosed(DIAGNOSES.diabetes, whom)}) d, period
    where d.begins_first < period.first and d.ends_last >= period.first group by d.patient_id),
  ${leftOut('ked_out', [
    HOSPICE,
    [
      'chronic_kidney_disease_5_or_end_stage',
      `${hadIn(DIAGNOSES.kidney_failure, whom)} union all ${hadIn(DIAGNOSES.end_stage_renal_disease, whom)}`,
    ],
    PALLIATIVE,
  ])}`,
  rows: judgedSql({
    measure: 'kidney_evaluation',
    out: 'ked_out',
    facts: 'ked_diagnosed',
    needsFacts: true,
    from: KIDNEY,
    eligible: `${isAged('first', 18, 85)} and p.certain`,
    possible: maybeAged('first', 18, 85),
    met: 'egfr.value is not null and (uacr.value is not null or parts.day is not null)',
    unclear: [
      ['birth_date', `not ${isAged('first', 18, 85)}`],
      ['diagnosis_dates', 'not p.certain'],
      [
        'result_without_value',
        `egfr.day is not null and (uacr.day is not null or parts.day is not null)
         and not (egfr.value is not null and (uacr.value is not null or parts.day is not null))`,
      ],
    ],
    shown: [
      { what: "case when egfr.day is not null then 'eGFR' end", value: 'egfr.value', unit: 'egfr.unit', on: 'egfr.day' },
      {
        what: "case when uacr.day is not null then 'urine albumin/creatinine' when parts.day is not null then 'urine albumin and creatinine' end",
        value: 'uacr.value',
        unit: 'case when uacr.value is not null then uacr.unit end',
        on: 'coalesce(uacr.day, parts.day)',
      },
    ],
  }),
};
