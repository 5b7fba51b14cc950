// CMS165 (reporting year 2026), like it: hypertension in the first six months, 18 to 85 at the end; the lowest systolic below 140 and the lowest diastolic
// below 90 of the last day with a reading. Readings of a hospital stay or an emergency department do not count, readings at home do.
import { DIAGNOSES, PROCEDURES } from '../../../domains/value-sets.ts';
import { judgedBy } from './judged.ts';
import {
  birthday,
  diagnosed,
  FRAIL_AND_ILL,
  HOSPICE,
  hadIn,
  isAged,
  isOf,
  maybeAged,
  ofWhom,
  PALLIATIVE,
  performedBy,
  type Whom,
} from './population.ts';

/** The last day with a reading that counts, and its lowest numbers: they may be of two readings (trap 8). */
const lastDay = (who: string, whom: Whom) => `
  select distinct on (d.read_of) d.* from (
    select v.patient_id as read_of, v.taken_at::date as day, min(v.systolic) as systolic, min(v.diastolic) as diastolic
    from (
      select v.tenant_id, v.patient_id, v.encounter_id, v.taken_at, v.systolic, v.diastolic from period, vital_signs v
      where v.loinc = '85354-9' and v.status in ('final', 'amended', 'corrected') and v.setting in ('office', 'home')
        and v.taken_at >= period.opens and v.taken_at < period.closes ${ofWhom(whom, 'v')} and ${isOf('v.patient_id', who)} offset 0) v
    where not exists (select from encounters e where e.tenant_id = v.tenant_id and e.id = v.encounter_id and e.class in ('emergency', 'inpatient'))
    group by 1, 2) d
  order by d.read_of, d.day desc`;

export const controlledBp = judgedBy({
  measure: 'controlled_bp',
  name: 'cbp',
  facts: (whom) => `
    select d.patient_id as facts_of, d.begins_last <= period.half and d.ends_first >= period.first as certain
    from (${diagnosed(DIAGNOSES.hypertension, whom)}) d, period
    where d.begins_first <= period.half and d.ends_last >= period.first`,
  needsFacts: true,
  leftOut: (whom) => [
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
    ['frailty_at_81_or_more', `select f.patient_id from frail f where f.born_last <= ${birthday('last', 81)}`],
  ],
  read: lastDay,
  eligible: `${isAged('last', 18, 85)} and p.certain`,
  possible: maybeAged('last', 18, 85),
  met: 'p.systolic < 140 and p.diastolic < 90',
  unclear: [
    ['birth_date', `not ${isAged('last', 18, 85)}`],
    ['diagnosis_dates', 'not p.certain'],
  ],
  shown: [
    { what: "case when p.day is not null then 'lowest systolic' end", value: 'p.systolic', unit: "'mm[Hg]'", on: 'p.day' },
    { what: "case when p.day is not null then 'lowest diastolic' end", value: 'p.diastolic', unit: "'mm[Hg]'", on: 'p.day' },
  ],
});
