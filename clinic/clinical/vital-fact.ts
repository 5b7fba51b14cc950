// A measurement as its maker knows it, and the way to write one down.
import type { Day } from '../days.ts';
import type { VitalSignRow } from '../rows-clinical.ts';
import type { Charted, VitalKind } from './vital-units.ts';

/** A measurement with what its maker knows of it. */
export interface VitalFact {
  row: VitalSignRow;
  kind: VitalKind;
  day: Day;
  /** What is wrong with it on purpose. */
  defect?: 'lb_as_kg' | 'swapped' | 'bmi_conflict' | 'wrong_scale' | 'entered_in_error' | 'corrected';
}

export type Measured = Pick<VitalSignRow, 'value' | 'systolic' | 'diastolic' | 'unit'>;
export type Add = (kind: VitalKind, name: string, at: At, measured: Measured) => void;
export interface At {
  day: Day;
  minute: number;
  encounter_id: string | null;
  setting: VitalSignRow['setting'];
  taken_by: string | null;
  position: VitalSignRow['body_position'];
}

export const number = ({ value, unit }: Charted): Measured => ({ value, systolic: null, diastolic: null, unit });
export const pressure = (systolic: number, diastolic: number): Measured => ({ value: null, systolic, diastolic, unit: 'mm[Hg]' });
