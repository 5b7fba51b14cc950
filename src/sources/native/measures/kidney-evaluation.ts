// CMS951 (reporting year 2026), like it: diabetes that began before the period and reaches into it, 18 to 85 at its START (trap 10); in the period an eGFR, and
// a urine albumin/creatinine ratio or urine albumin and urine creatinine at most four days apart.
import { DIAGNOSES, LAB_TESTS } from '../../../domains/value-sets.ts';
import { judgedBy } from './judged.ts';
import { codes, HOSPICE, hadIn, isAged, maybeAged, PALLIATIVE, resultsOf, type Whom } from './population.ts';

const KINDS = {
  egfr: LAB_TESTS.egfr,
  uacr: LAB_TESTS.urine_albumin_creatinine,
  albumin: LAB_TESTS.urine_albumin,
  creatinine: LAB_TESTS.urine_creatinine,
};
const KIND = `case ${Object.entries(KINDS)
  .map(([kind, tests]) => `when r.loinc = any(${codes(tests)}) then '${kind}'`)
  .join(' ')} end`;

/** Of the latest of a kind; one with a number before one without. */
const latest = (what: string, kind: keyof typeof KINDS) =>
  `(array_agg(${what} order by r.value is null, r.collected_at desc, r.id) filter (where r.kind = '${kind}'))[1]`;

const lastOf = (kind: keyof typeof KINDS) =>
  `${latest('r.value', kind)} as ${kind}, ${latest('coalesce(r.unit, r.unit_raw)', kind)} as ${kind}_unit, ${latest('r.day', kind)} as ${kind}_day`;
/** The same columns, null where those are: all that is asked of the whole clinic. */
const anyOf = (kind: keyof typeof KINDS) =>
  `max(r.value) filter (where r.kind = '${kind}') as ${kind}, max(r.day) filter (where r.kind = '${kind}') as ${kind}_day`;

/** creatinine_day: of the latest urine creatinine at most four days from the row. */
const tested = (who: string, whom: Whom) => `
  select r.patient_id as read_of,
    ${(['egfr', 'uacr'] as const).map((kind) => (whom === 'few' ? lastOf(kind) : anyOf(kind))).join(', ')},
    max(greatest(r.day, r.creatinine_day)) filter (where r.kind = 'albumin' and r.value is not null and r.creatinine_day is not null) as parts_day
  from (
    select k.*, max(k.day) filter (where k.kind = 'creatinine' and k.value is not null)
      over (partition by k.patient_id order by k.day range between interval '4 days' preceding and interval '4 days' following) as creatinine_day
    from (select r.*, ${KIND} as kind from (${resultsOf(Object.values(KINDS).flat(), who, whom)}) r) k) r
  group by r.patient_id`;

export const kidneyEvaluation = judgedBy({
  measure: 'kidney_evaluation',
  name: 'ked',
  facts: () => `
    select d.patient_id as facts_of, d.begins_last < period.first and d.ends_first >= period.first as certain
    from diabetes d, period
    where d.begins_first < period.first and d.ends_last >= period.first`,
  needsFacts: true,
  leftOut: (whom) => [
    HOSPICE,
    [
      'chronic_kidney_disease_5_or_end_stage',
      `${hadIn(DIAGNOSES.kidney_failure, whom)} union all ${hadIn(DIAGNOSES.end_stage_renal_disease, whom)}`,
    ],
    PALLIATIVE,
  ],
  read: tested,
  eligible: `${isAged('first', 18, 85)} and p.certain`,
  possible: maybeAged('first', 18, 85),
  met: 'p.egfr is not null and (p.uacr is not null or p.parts_day is not null)',
  unclear: [
    ['birth_date', `not ${isAged('first', 18, 85)}`],
    ['diagnosis_dates', 'not p.certain'],
    [
      'result_without_value',
      `p.egfr_day is not null and (p.uacr_day is not null or p.parts_day is not null)
       and not (p.egfr is not null and (p.uacr is not null or p.parts_day is not null))`,
    ],
  ],
  shown: [
    { what: "case when p.egfr_day is not null then 'eGFR' end", value: 'p.egfr', unit: 'p.egfr_unit', on: 'p.egfr_day' },
    {
      what: "case when p.uacr_day is not null then 'urine albumin/creatinine' when p.parts_day is not null then 'urine albumin and creatinine' end",
      value: 'p.uacr',
      unit: 'case when p.uacr is not null then p.uacr_unit end',
      on: 'coalesce(p.uacr_day, p.parts_day)',
    },
  ],
});
