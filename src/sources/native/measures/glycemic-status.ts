// CMS122 (reporting year 2026), like it: diabetes in the period, 18 to 75 at the end. Inverse: in the numerator is who has no A1c and no GMI, none with a value
// on the last day, or a lowest value of that day above 9 per cent (trap 9). IFCC's mmol/mol is converted by the NGSP master equation, never compared raw (trap 4).
import { LAB_TESTS } from '../../../domains/value-sets.ts';
import { judgedBy } from './judged.ts';
import { FRAIL_AND_ILL, HOSPICE, isAged, maybeAged, PALLIATIVE, resultsOf, shownOf, type Whom } from './population.ts';

/** NGSP % = 0.09148 × IFCC mmol/mol + 2.152 (ngsp.org, IFCC standardization). */
const PERCENT = "case r.unit when '%' then r.value when 'mmol/mol' then r.value * 0.09148 + 2.152 end";
/** A value beyond the method's scale counts where it decides: above something of 9 or more, below something of 9 or less. */
const DECIDES = `case when r.comparator is null then true when r.comparator = '>' then pct.value >= 9 when r.comparator = '>=' then pct.value > 9 else pct.value <= 9 end`;

const lastDay = (who: string, whom: Whom) => `
  select distinct on (d.read_of) d.* from (
    select r.patient_id as read_of, r.day, min(case when ${DECIDES} then pct.value + case when r.comparator = '>' then 0.0001 else 0 end end) as lowest,
      bool_or(r.value is not null) as has_value
      ${shownOf(
        whom,
        `(array_agg(r.value order by pct.value, r.id) filter (where ${DECIDES}))[1] as value,
         (array_agg(r.unit order by pct.value, r.id) filter (where ${DECIDES}))[1] as unit,
         (array_agg(case when r.loinc = '97506-0' then 'glucose management indicator' else 'hemoglobin A1c' end order by pct.value, r.id))[1] as what`,
      )}
    from (${resultsOf(LAB_TESTS.glycemic_status, who, whom)}) r cross join lateral (select ${PERCENT} as value) pct
    group by 1, 2) d
  order by d.read_of, d.day desc`;

export const glycemicStatus = judgedBy({
  measure: 'glycemic_status',
  name: 'gsd',
  facts: () => `
    select d.patient_id as facts_of, d.begins_last <= period.last and d.ends_first >= period.first as certain
    from diabetes d, period
    where d.begins_first <= period.last and d.ends_last >= period.first`,
  needsFacts: true,
  leftOut: () => [HOSPICE, PALLIATIVE, FRAIL_AND_ILL],
  read: lastDay,
  eligible: `${isAged('last', 18, 75)} and p.certain`,
  possible: maybeAged('last', 18, 75),
  met: 'p.lowest is null or p.lowest > 9',
  unclear: [
    ['birth_date', `not ${isAged('last', 18, 75)}`],
    ['diagnosis_dates', 'not p.certain'],
    ['result_without_unit', 'p.day is not null and p.lowest is null and p.has_value'],
    ['result_without_value', 'p.day is not null and p.lowest is null'],
  ],
  shown: [{ what: 'p.what', value: 'p.value', unit: 'p.unit', on: 'p.day' }],
});
