import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { Excluded } from '../domains/definitions.ts';
import { system } from '../domains/mark.ts';
import { CareGap, GapState, MEASURE_NAMES, type MeasurementPeriod, MeasureName, QualityMeasure } from '../domains/measures.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { operation, pageOf, paging } from './operation.ts';

/** What the figures rest on where the record says less than the published logic asks. */
const ASSUMPTIONS = [
  'any finished visit of the office, by video or at home is a qualifying visit',
  'the clinician is the one whom the patient is assigned to',
  'life in a nursing home is not in the record and leaves nobody out',
  'the value sets are small and our own: not a HEDIS rate, not a CMS submission',
];

const chosen = {
  measure: MeasureName.optional().describe('one measure; left out: all five'),
  period_year: z.number().int().min(2000).max(2199).optional().describe('calendar year; default the current one'),
  as_of: z.enum(['year_end', 'today']).default('year_end').describe('ages and windows as on December 31, or as if the period ended today'),
  provider_id: PractitionerId.optional(),
};
const period = z.object({ from: system('partial_date'), to: system('partial_date') });

export const getQualityMeasures = operation({
  name: 'get_quality_measures',
  title: 'Get quality measures',
  description:
    'Clinic or clinician rates for controlled blood pressure, A1c above 9, kidney evaluation, breast and colorectal cancer screening: denominator, exclusions, numerator, rate, open gaps. Computed like CMS eCQMs, never HEDIS. Which patients: find_care_gaps.',
  toolset: 'quality',
  rest: 'GET /quality-measures',
  doors: ['mcp', 'rest'],
  permission: 'measures:read',
  effect: 'read',
  needs: ['measures.summary'],
  input: z.object(chosen),
  output: z.object({ period, measures: z.array(QualityMeasure), left_out: Excluded, assumptions: z.array(system('term')) }),
  async run({ measures, today }, { measure, period_year, as_of, provider_id }) {
    const asked = periodOf(period_year, as_of, today);
    const found = await measures.summary({ measures: namesOf(measure), period: asked, practitioner_id: provider_id });
    return { period: asked, ...found, assumptions: ASSUMPTIONS };
  },
});

export const findCareGaps = operation({
  name: 'find_care_gaps',
  title: 'Find care gaps',
  description:
    'Care gaps: whose blood pressure is not controlled, who is missing an A1c (or above 9), kidney test, mammogram or colon screening; across patients or of one: why, latest value and date, what closes it. record_only: only the record lacks. Rates: get_quality_measures.',
  toolset: 'quality',
  rest: 'GET /care-gaps',
  doors: ['mcp', 'rest'],
  permission: 'measures:read',
  effect: 'read',
  needs: ['measures.gaps'],
  page: { list: 'care_gaps', id: 'care_gap_id', hideId: () => true },
  input: z.object({
    ...chosen,
    patient_id: PatientId.optional(),
    state: z
      .enum([...GapState.options, 'all'])
      .default('open')
      .describe('unknown: the record cannot decide'),
    ...paging(20),
  }),
  output: z.object({ period, care_gaps: z.array(CareGap) }),
  async run({ measures, today }, { measure, period_year, as_of, provider_id, patient_id, state, ...page }) {
    if (state === 'not_eligible' && patient_id === undefined)
      throw new Fault(
        'invalid_input',
        'state: not_eligible can be asked of one patient only. Give a patient_id, or ask for another state.',
      );
    const asked = periodOf(period_year, as_of, today);
    const found = await measures.gaps({
      measures: namesOf(measure),
      period: asked,
      practitioner_id: provider_id,
      patient_id,
      states: state === 'all' ? GapState.options : [state],
      ...pageOf(page),
    });
    return { period: asked, ...found };
  },
});

const namesOf = (measure: MeasureName | undefined) => (measure === undefined ? MEASURE_NAMES : [measure]);

/** The measurement period is a calendar year. Of the current one, `today` ends it today: who has not reached the age yet does not count. */
function periodOf(year: number | undefined, as_of: 'year_end' | 'today', today: string): MeasurementPeriod {
  const current = Number(today.slice(0, 4));
  if (year !== undefined && year > current) throw new Fault('invalid_input', `period_year: at most ${current}, the current year.`);
  const of = year ?? current;
  return { from: `${of}-01-01`, to: as_of === 'today' && of === current ? today : `${of}-12-31` };
}
