// A judged row as the answer tells it: why it stands as it does, and what would close it.
import type { CareGap, GapEvidence, GapState, MeasurementPeriod, MeasureName } from '../../../domains/measures.ts';
import { MEASURES } from '../../../domains/measures.ts';
import type { JudgedRow, Unclear } from './judged.ts';

export interface GapRow extends Omit<JudgedRow, 'eligible' | 'met' | 'state'> {
  care_gap_id: string;
  patient: string;
  practitioner_id: string | null;
  birth_date: string | null;
  state: GapState;
}

const UNCLEAR: Readonly<Record<Unclear, string>> = {
  birth_date: 'the birth date is missing or partial: the age cannot be told',
  sex: 'the sex is not recorded',
  diagnosis_dates: 'a diagnosis without the days on which it began or ended',
  procedure_date: 'done, but its date is missing or too coarse to tell whether it counts',
  result_without_value: 'a result is there without a number',
  result_without_unit: 'a result is there in a unit that cannot be compared',
};

/** Nothing of what would close it is in the period. */
const NOTHING: Readonly<Record<MeasureName, string>> = {
  controlled_bp: 'no blood pressure in the period that counts',
  glycemic_status: 'no A1c and no glucose management indicator in the period',
  kidney_evaluation: 'neither eGFR nor urine albumin/creatinine in the period',
  breast_screening: 'no mammogram in the record',
  colorectal_screening: 'no colorectal screening in the record',
};
/** Something is there, and it is not enough. */
const SHORT: Readonly<Record<MeasureName, string>> = {
  controlled_bp: 'the last day with a reading is at or above 140/90',
  glycemic_status: 'the latest is above 9 per cent',
  kidney_evaluation: 'one of the two tests is missing in the period',
  breast_screening: 'the latest mammogram is too long ago',
  colorectal_screening: 'the latest screening is too long ago',
};
const CLOSED: Readonly<Record<MeasureName, string>> = {
  controlled_bp: 'the last day with a reading is below 140/90',
  glycemic_status: 'the latest is 9 per cent or less',
  kidney_evaluation: 'both tests are done in the period',
  breast_screening: 'a mammogram counts for the period',
  colorectal_screening: 'a screening counts for the period',
};

export function gapOf(row: GapRow, { to }: MeasurementPeriod): CareGap {
  const { care_gap_id, measure, patient_id, patient, birth_date, practitioner_id, state } = row;
  const waits = state === 'open' || state === 'unknown';
  return {
    care_gap_id,
    measure,
    patient_id,
    patient,
    ...(birth_date !== null && { birth_date }),
    ...(practitioner_id !== null && { practitioner_id }),
    state,
    ...(waits && { action: state === 'open' ? 'needs_action' : 'record_only' }),
    why: whyOf(row),
    evidence: evidenceOf(row),
    ...(waits && { closes: `${MEASURES[measure].closes} by ${to}` }),
  };
}

function whyOf({ measure, state, excluded, unclear, a_what, b_what }: GapRow): string {
  switch (state) {
    case 'not_eligible':
      return 'age, sex, diagnosis or want of a visit: not in the population';
    case 'excluded':
      return `left out: ${(excluded ?? '').replaceAll('_', ' ')}`;
    case 'unknown':
      return unclear === null ? 'the record cannot tell' : UNCLEAR[unclear];
    case 'closed':
      return CLOSED[measure];
    case 'open':
      return a_what === null && b_what === null ? NOTHING[measure] : SHORT[measure];
    default:
      return state satisfies never;
  }
}

function evidenceOf(row: GapRow): GapEvidence[] {
  const slots = [
    { what: row.a_what, value: row.a_value, unit: row.a_unit, on: row.a_on },
    { what: row.b_what, value: row.b_value, unit: row.b_unit, on: row.b_on },
  ];
  return slots.flatMap(({ what, value, unit, on }) =>
    what === null
      ? []
      : [{ what, ...(value !== null && { value: Number(value) }), ...(unit !== null && { unit }), ...(on !== null && { on }) }],
  );
}
