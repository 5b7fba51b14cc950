// CMS122 (reporting year 2026), like it: diabetes in the period, 18 to 75 at the end. Inverse: in the numerator is who has no A1c and no GMI, none with a value
// on the last day, or a lowest value of that day above 9 per cent (trap 9). IFCC's mmol/mol is converted by the NGSP master equation, never compared raw (trap 4).
import { DIAGNOSES, LAB_TESTS } from '../../../domains/value-sets.ts';
import { judgedSql, type MeasureSql } from './judged.ts';
import { codes, diagnosed, FRAIL_AND_ILL, HOSPICE, isAged, leftOut, maybeAged, PALLIATIVE, STANDS } from './population.ts';

/** NGSP % = 0.09148 × IFCC mmol/mol + 2.152 (ngsp.org, IFCC standardization). */
const PERCENT = "case r.unit when '%' then r.value when 'mmol/mol' then r.value * 0.09148 + 2.152 end";
/** A value beyond the method's scale counts where it decides: above something of 9 or more, below something of 9 or less. */
const DECIDES = `case when r.comparator is null then true when r.comparator = '>' then pct.value >= 9 when r.comparator = '>=' then pct.value > 9 else pct.value <= 9 end`;

const LAST_DAY = `left join lateral (
    select r.collected_at::date as day, min(case when ${DECIDES} then pct.value + case when r.comparator = '>' then 0.0001 else 0 end end) as lowest,
      bool_or(r.value is not null) as has_value,
      (array_agg(r.value order by pct.value) filter (where ${DECIDES}))[1] as value, (array_agg(r.unit order by pct.value) filter (where ${DECIDES}))[1] as unit,
      (array_agg(case when r.loinc = '97506-0' then 'glucose management indicator' else 'hemoglobin A1c' end order by pct.value))[1] as what
    from period, lab_results r cross join lateral (select ${PERCENT} as value) pct
    where r.tenant_id = p.tenant_id and r.loinc = any(${codes(LAB_TESTS.glycemic_status)}) and r.patient_id = p.patient_id and ${STANDS}
      and r.collected_at >= period.opens and r.collected_at < period.closes
    group by 1 order by 1 desc limit 1) g on true`;

export const glycemicStatus: MeasureSql = {
  ctes: (whom) => `gsd_diagnosed as (
    select d.patient_id as facts_of, bool_or(d.begins_last <= period.last and d.ends_first >= period.first) as certain
    from (${diagnosed(DIAGNOSES.diabetes, whom)}) d, period
    where d.begins_first <= period.last and d.ends_last >= period.first group by d.patient_id),
  ${leftOut('gsd_out', [HOSPICE, PALLIATIVE, FRAIL_AND_ILL])}`,
  rows: judgedSql({
    measure: 'glycemic_status',
    out: 'gsd_out',
    facts: 'gsd_diagnosed',
    needsFacts: true,
    from: LAST_DAY,
    eligible: `${isAged('last', 18, 75)} and p.certain`,
    possible: maybeAged('last', 18, 75),
    met: 'g.lowest is null or g.lowest > 9',
    unclear: [
      ['birth_date', `not ${isAged('last', 18, 75)}`],
      ['diagnosis_dates', 'not p.certain'],
      ['result_without_unit', 'g.day is not null and g.lowest is null and g.has_value'],
      ['result_without_value', 'g.day is not null and g.lowest is null'],
    ],
    shown: [{ what: 'g.what', value: 'g.value', unit: 'g.unit', on: 'g.day' }],
  }),
};
