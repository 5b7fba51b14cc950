// CMS165 (reporting year 2026), like it: hypertension in the first six months, 18 to 85 at the end; the lowest systolic below 140 and the lowest diastolic
// below 90 of the last day with a reading. Readings of a hospital stay or an emergency department do not count, readings at home do.
import { DIAGNOSES, PROCEDURES } from '../../../domains/value-sets.ts';
import { judgedSql, type MeasureSql } from './judged.ts';
import { diagnosed, FRAIL_AND_ILL, HOSPICE, hadIn, isAged, leftOut, maybeAged, PALLIATIVE, performedBy } from './population.ts';

/** The last day with a reading that counts, and its lowest numbers: they may be of two readings (trap 8). */
const LAST_DAY = `left join lateral (
    select v.taken_at::date as day, min(v.systolic) as systolic, min(v.diastolic) as diastolic
    from period, vital_signs v left join encounters e on e.tenant_id = v.tenant_id and e.id = v.encounter_id
    where v.tenant_id = p.tenant_id and v.loinc = '85354-9' and v.patient_id = p.patient_id and v.status in ('final', 'amended', 'corrected')
      and v.taken_at >= period.opens and v.taken_at < period.closes
      and v.setting in ('office', 'home') and (e.id is null or e.class not in ('emergency', 'inpatient'))
    group by 1 order by 1 desc limit 1) bp on true`;

export const controlledBp: MeasureSql = {
  ctes: (whom) => `cbp_diagnosed as (
    select d.patient_id as facts_of, bool_or(d.begins_last <= period.half and d.ends_first >= period.first) as certain
    from (${diagnosed(DIAGNOSES.hypertension, whom)}) d, period
    where d.begins_first <= period.half and d.ends_last >= period.first group by d.patient_id),
  ${leftOut('cbp_out', [
    HOSPICE,
    ['pregnancy', hadIn(DIAGNOSES.pregnancy, whom)],
    [
      'kidney_failure_dialysis_or_transplant',
      [
        hadIn(DIAGNOSES.end_stage_renal_disease, whom),
        hadIn(DIAGNOSES.kidney_failure, whom),
        hadIn(DIAGNOSES.kidney_transplant, whom),
        performedBy(PROCEDURES.dialysis, whom),
        performedBy(PROCEDURES.kidney_transplant, whom),
      ].join(' union all '),
    ],
    PALLIATIVE,
    FRAIL_AND_ILL,
    ['frailty_at_81_or_more', 'select f.patient_id from frail f where f.age >= 81'],
  ])}`,
  rows: judgedSql({
    measure: 'controlled_bp',
    out: 'cbp_out',
    facts: 'cbp_diagnosed',
    needsFacts: true,
    from: LAST_DAY,
    eligible: `${isAged('last', 18, 85)} and p.certain`,
    possible: maybeAged('last', 18, 85),
    met: 'bp.systolic < 140 and bp.diastolic < 90',
    unclear: [
      ['birth_date', `not ${isAged('last', 18, 85)}`],
      ['diagnosis_dates', 'not p.certain'],
    ],
    shown: [
      { what: "case when bp.day is not null then 'lowest systolic' end", value: 'bp.systolic', unit: "'mm[Hg]'", on: 'bp.day' },
      { what: "case when bp.day is not null then 'lowest diastolic' end", value: 'bp.diastolic', unit: "'mm[Hg]'", on: 'bp.day' },
    ],
  }),
};
