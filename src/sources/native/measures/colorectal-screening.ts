// CMS130 (reporting year 2026), like it: 46 to 75 at the end; a colonoscopy in the period or the nine calendar years before it, a sigmoidoscopy or CT
// colonography in it or the four before, a stool DNA test in it or the two before, or a stool blood test in it (trap 11: calendar years, not 10.0 years).
import { DIAGNOSES, LAB_TESTS, PROCEDURES } from '../../../domains/value-sets.ts';
import { judgedBy } from './judged.ts';
import {
  codes,
  FRAIL_AND_ILL,
  HOSPICE,
  hadBy,
  isAged,
  isOf,
  maybeAged,
  ofWhom,
  PALLIATIVE,
  performed,
  performedBy,
  UNCORRECTED,
  type Whom,
} from './population.ts';

const done = (what: string, years: number, set: readonly string[], whom: Whom) =>
  `select d.patient_id, '${what}' as what, ${years} as years, d.performed_on::text as done_on, d.on_first, d.on_last from (${performed(set, whom)}) d`;
/** A test with a result, in words or in numbers. */
const resulted = (what: string, years: number, set: readonly string[], whom: Whom) =>
  `select r.patient_id, '${what}', ${years}, r.collected_at::date::text, r.collected_at::date::text, r.collected_at::date::text from lab_results r
   where r.loinc = any(${codes(set)}) and (r.value is not null or r.value_text is not null) and r.status in ('final', 'amended', 'corrected')
     and ${UNCORRECTED} ${ofWhom(whom, 'r')}`;

/** Everything that was done by the end, `d`, with the day from which it counts, w.opens. */
const everything = (whom: Whom) => `(${[
  done('colonoscopy', 9, PROCEDURES.colonoscopy, whom),
  done('flexible sigmoidoscopy', 4, PROCEDURES.flexible_sigmoidoscopy, whom),
  done('CT colonography', 4, PROCEDURES.ct_colonography, whom),
  done('stool DNA test', 2, PROCEDURES.stool_dna, whom),
  done('stool blood test', 0, PROCEDURES.stool_blood, whom),
  resulted('stool DNA test', 2, LAB_TESTS.stool_dna, whom),
  resulted('stool blood test', 0, LAB_TESTS.stool_blood, whom),
].join(' union all ')}) d
  join (select y.years, make_date(extract(year from day0)::int - y.years, 1, 1)::text collate "C" as opens, period.last
    from period, (values (9), (4), (2), (0)) y(years)) w on w.years = d.years and d.on_first <= w.last`;

export const colorectalScreening = judgedBy({
  measure: 'colorectal_screening',
  name: 'col',
  facts: (whom) => `
    select d.patient_id as facts_of, d.on_first >= w.opens and d.on_last <= w.last as certain from ${everything(whom)} where d.on_last >= w.opens`,
  needsFacts: false,
  leftOut: (whom) => [
    HOSPICE,
    ['colorectal_cancer', hadBy(DIAGNOSES.colorectal_cancer, whom)],
    ['total_colectomy', performedBy(PROCEDURES.total_colectomy, whom)],
    PALLIATIVE,
    FRAIL_AND_ILL,
  ],
  read: (who, whom) =>
    whom === 'few'
      ? `select d.patient_id as read_of, (array_agg(d.what order by d.on_last >= w.opens desc, d.on_last desc))[1] as what,
           (array_agg(d.done_on order by d.on_last >= w.opens desc, d.on_last desc))[1] as done_on
         from ${everything(whom)} where ${isOf('d.patient_id', who)} group by d.patient_id`
      : undefined,
  eligible: isAged('last', 46, 75),
  possible: maybeAged('last', 46, 75),
  met: 'p.certain',
  unclear: [
    ['birth_date', `not ${isAged('last', 46, 75)}`],
    ['procedure_date', 'p.possible and not p.certain'],
  ],
  shown: [{ what: 'p.what', on: 'p.done_on' }],
});
