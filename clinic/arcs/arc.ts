// The course of one chart over two years, as intentions: what is wrong, who is to be seen when, what is drawn, what is taken. All times are days before
// as_of (negative: still to come); visits.ts and the others turn them into what happened.

import type { OrderKey } from '../labs/orders.ts';
import type { Primary } from '../labs/population.ts';
import type { DrugKey } from '../medications/drugs.ts';

export type VisitKind = 'new' | 'follow' | 'annual' | 'acute' | 'labs' | 'injection' | 'nurse' | 'phlebotomy' | 'phone';
export type Topic = 'trt' | 'glp1' | 'hrt' | 'thyroid' | 'diabetes' | 'kidney' | 'general';
export type LabKey = 'A' | 'B' | 'C';

export interface PlannedVisit {
  ago: number;
  kind: VisitKind;
  /** Happens, whatever the dice say. */
  sure?: true;
  /** What comes of it, whatever the dice say. */
  outcome?: 'booked' | 'no_show' | 'rescheduled' | 'entered_in_error';
  /** Still open on as_of, if that is a working day: the patient sits in the room. */
  roomed?: true;
  /** Its reason holds orders to the machine (visit-words.ts). */
  commands?: true;
  /** What becomes of the note: signed days late, amended, and so on. */
  note?: 'late' | 'amended' | 'voided' | 'entered_in_error' | 'unsigned' | 'comprehensive';
}

/** What goes wrong with a draw on purpose (connectors.md §3.2). */
export type Defect =
  | 'haemolysed'
  | 'qns'
  | 'qns_final'
  | 'corrected'
  | 'wrong_patient'
  | 'no_order'
  | 'late'
  | 'unflagged'
  | 'preliminary'
  | 'beyond'
  | 'conflict'
  | 'delta'
  | 'no_range'
  | 'lipaemic'
  | 'amended';

export interface Draw {
  ago: number;
  /** Names the streams of this draw. */
  label: string;
  orders: readonly OrderKey[];
  /** clinic: by the nurse, with an appointment; station: at the laboratory's own; hospital: elsewhere, at any hour. */
  at?: 'clinic' | 'station' | 'hospital';
  lab?: LabKey;
  /** What comes out, before rounding, where the story needs it. */
  pins?: Partial<Record<Primary, number>>;
  defects?: readonly Defect[];
}

export interface Course {
  icd10: string;
  /** When each product was begun; a step replaces the one before it. */
  steps: readonly (readonly [ago: number, drug: DrugKey])[];
  /** Ended for a reason, or on its own. */
  ends?: { ago: number; reason: string } | { ago: number; completed: true };
  /** Status of the last order where it is not 'active'. */
  last?: 'on_hold' | 'unknown' | 'draft' | 'cancelled' | 'entered_in_error';
  /** The last order was never renewed. */
  lapsed?: true;
  /** The order before a step stays 'active' with replaced_by set, as some systems leave it; otherwise it is stopped. */
  leaves_active?: true;
  /** Nobody marked the order before a step as replaced: both are active. */
  doubled?: true;
}

export interface Arc {
  topic: Topic;
  /** ICD-10-CM, most important first. */
  conditions: readonly string[];
  /** When the chart was opened. */
  since: number;
  visits: readonly PlannedVisit[];
  draws: readonly Draw[];
  courses: readonly Course[];
  /** Told by the patient, bought without prescription. */
  reported?: readonly (readonly [ago: number, drug: DrugKey, until?: number])[];
  /** Set points that the conditions move. */
  set?: Partial<Record<Primary, number>>;
  /** How much less than others this body wavers: nothing abnormal, by nature. */
  calm?: number;
  /** Disease: factors on the set point at days before as_of, straight lines between. */
  drift?: Partial<Record<Primary, readonly (readonly [ago: number, factor: number])[]>>;
  /** The laboratory, and since when where it changed. */
  lab?: LabKey | readonly (readonly [ago: number, lab: LabKey])[];
}

/** A visit of `kind` every `step` days, from `from` days ago to `to` days ago. */
export function every(from: number, to: number, step: number, kind: VisitKind): PlannedVisit[] {
  return Array.from({ length: Math.floor((from - to) / step) + 1 }, (_, i) => ({ ago: from - i * step, kind }));
}
