// CMS125 (reporting year 2026), like it: women, 42 to 74 at the end; a mammogram from October 1 two years before the period to its end (27 months).
import { DIAGNOSES, PROCEDURES } from '../../../domains/value-sets.ts';
import { judgedBy } from './judged.ts';
import { FRAIL_AND_ILL, HOSPICE, hadBy, isAged, isOf, maybeAged, PALLIATIVE, performed, performedBy, type Whom } from './population.ts';

const gone = (side: 'right' | 'left', whom: Whom) =>
  `${hadBy(DIAGNOSES[`mastectomy_${side}`], whom)} union all ${performedBy(PROCEDURES[`mastectomy_${side}`], whom)}`;

export const breastScreening = judgedBy({
  measure: 'breast_screening',
  name: 'bcs',
  facts: (whom) => `
    select d.patient_id as facts_of, d.on_first >= w.opens and d.on_last <= period.last as certain
    from period, (select ((extract(year from day0)::int - 2) || '-10-01') collate "C" as opens from period) w, (${performed(PROCEDURES.mammography, whom)}) d
    where d.on_last >= w.opens and d.on_first <= period.last`,
  needsFacts: false,
  leftOut: (whom) => [
    HOSPICE,
    [
      'bilateral_mastectomy',
      `${hadBy(DIAGNOSES.mastectomy_both, whom)} union all ${performedBy(PROCEDURES.mastectomy_both, whom)}
       union all ((${gone('right', whom)}) intersect (${gone('left', whom)}))`,
    ],
    PALLIATIVE,
    FRAIL_AND_ILL,
  ],
  read: (who, whom) =>
    whom === 'few'
      ? `select d.patient_id as read_of, max(d.performed_on::text collate "C") filter (where d.on_first <= period.last) as latest
         from period, (${performed(PROCEDURES.mammography, whom)}) d where ${isOf('d.patient_id', who)} group by d.patient_id`
      : undefined,
  eligible: `${isAged('last', 42, 74)} and p.sex = 'female'`,
  possible: `${maybeAged('last', 42, 74)} and p.sex in ('female', 'unknown')`,
  met: 'p.certain',
  unclear: [
    ['birth_date', `not ${isAged('last', 42, 74)}`],
    ['sex', "p.sex = 'unknown'"],
    ['procedure_date', 'p.possible and not p.certain'],
  ],
  shown: [{ what: "case when p.read_of is not null then 'mammogram' end", on: 'p.latest' }],
});
