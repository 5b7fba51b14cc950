import type { Story } from '../story.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';
import { isSeen, MEASURE_RULES, type Measure, type Period, type State } from './measure-rules.ts';

const MEASURES = Object.keys(MEASURE_RULES) as Measure[];
/** Where the numerator is the bad end. */
const INVERSE: readonly Measure[] = ['glycemic_status'];

const yearOf = (year: number): Period => ({ from: `${year}-01-01`, to: `${year}-12-31` });

export function measures({ options, story, all }: Told): Question[] {
  const year = Number(options.as_of.slice(0, 4));
  const now = yearOf(year);
  const stateOf = (measure: Measure, each: Story, period: Period): State =>
    isSeen(each, period) ? MEASURE_RULES[measure](each, period) : 'not_eligible';
  const count = (measure: Measure, period: Period, clinician?: number) => {
    const own = all.filter(({ setting }) => clinician === undefined || setting.person.clinician === clinician);
    const of = (state: State) => own.filter((each) => stateOf(measure, each, period) === state).length;
    const [open, closed, excluded, unknown] = [of('open'), of('closed'), of('excluded'), of('unknown')];
    return {
      'measures.0.measure': measure,
      'measures.0.initial_population': open + closed + excluded + unknown,
      'measures.0.denominator': open + closed + excluded + unknown,
      'measures.0.exclusions': excluded,
      'measures.0.numerator': INVERSE.includes(measure) ? open : closed,
      'measures.0.open': open,
      'measures.0.closed': closed,
      'measures.0.unknown': unknown,
    };
  };
  const rate = (measure: Measure, trap: string, said?: string): Question => ({
    tool: 'get_quality_measures',
    ...(said && { ask: said }),
    trap,
    arguments: { measure },
    expect: { same: { 'period.from': now.from, 'period.to': now.to, ...count(measure, now), 'measures.1': undefined } },
  });
  const inOrder = (chosen: readonly Story[]) =>
    [...chosen].sort(({ patient: a }, { patient: b }) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : a.id < b.id ? -1 : 1));
  const gaps = (measure: Measure, state: State, trap: string, said?: string): Question => {
    const chosen = inOrder(all.filter((each) => stateOf(measure, each, now) === state));
    const action = ({ open: 'needs_action', unknown: 'record_only' } as Partial<Record<State, string>>)[state];
    return {
      tool: 'find_care_gaps',
      ...(said && { ask: said }),
      trap,
      arguments: { measure, state, limit: 100 },
      expect: {
        rows: {
          list: 'care_gaps',
          id: 'patient_id',
          ids: chosen.map(({ patient }) => patient.id),
          fields: Object.fromEntries(chosen.map(({ patient }) => [patient.id, { measure, state, action }])),
        },
      },
    };
  };
  const patient = (place: string, trap: string, said?: string): Question => {
    const one = story(`${options.clinic}-${place}`);
    const sorted = [...MEASURES].sort();
    return {
      tool: 'find_care_gaps',
      ...(said && { ask: said }),
      trap,
      arguments: { patient_id: one.patient.id, state: 'all', limit: 20 },
      expect: {
        rows: {
          list: 'care_gaps',
          id: 'measure',
          ids: sorted,
          fields: Object.fromEntries(sorted.map((measure) => [measure, { patient_id: one.patient.id, state: stateOf(measure, one, now) }])),
        },
      },
    };
  };
  const last = yearOf(year - 1);
  return [
    rate(
      'controlled_bp',
      'the lowest of the last day, home too, an emergency department never; no reading is not controlled',
      'What share of our hypertensive patients is controlled?',
    ),
    rate('glycemic_status', 'inverse: no test is poor control; mmol/mol is not per cent', 'How many of our diabetics are above 9?'),
    rate('kidney_evaluation', 'age at the start; both tests'),
    rate('breast_screening', 'twenty-seven months; both breasts removed'),
    rate('colorectal_screening', 'nine calendar years, not ten years', 'How are we doing on colon cancer screening?'),
    {
      tool: 'get_quality_measures',
      trap: 'the year before',
      arguments: { measure: 'glycemic_status', period_year: year - 1 },
      expect: { same: { 'period.to': last.to, ...count('glycemic_status', last) } },
    },
    {
      tool: 'get_quality_measures',
      trap: "one clinician's patients",
      arguments: { measure: 'controlled_bp', provider_id: (all[0] as Story).setting.practitioner_id(0) },
      expect: { same: count('controlled_bp', now, 0) },
    },
    gaps(
      'controlled_bp',
      'open',
      'controlled on paper of the emergency department alone is not looked at',
      'Whose blood pressure is not controlled?',
    ),
    gaps('controlled_bp', 'closed', 'the lowest systolic and the lowest diastolic may be of two readings'),
    gaps('glycemic_status', 'open', 'who was not tested this year is on the list', 'Which diabetics need an A1c or are above 9?'),
    gaps('kidney_evaluation', 'open', 'an eGFR alone does not close it'),
    gaps('breast_screening', 'open', 'a mammogram three days before the window opens does not count', 'Who needs a mammogram?'),
    gaps('breast_screening', 'excluded', 'both breasts removed: no gap'),
    gaps(
      'colorectal_screening',
      'open',
      'a colonoscopy eleven calendar years ago does not count, one of nine does',
      'Who is due for colon cancer screening?',
    ),
    gaps('colorectal_screening', 'excluded', 'no colon: no gap'),
    gaps('colorectal_screening', 'unknown', 'a colonoscopy that nobody dated: the record is to be completed'),
    gaps('breast_screening', 'unknown', 'of a year only: perhaps in the window'),
    gaps('controlled_bp', 'excluded', 'in palliative care: not counted'),
    patient('27', 'one patient, every measure', 'What is he missing?'),
    patient('33', 'one who has died has no gaps'),
  ];
}

const nameOf = ({ family_name, given_name }: { family_name: string; given_name: string }) => `${family_name}\u0000${given_name}`;
