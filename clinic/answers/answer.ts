// Questions with answers known before any tool exists: from the story, not from the rows' SQL and not from the tools.
import type { LabFlag } from '../../src/domains/labs.ts';
import type { Medication } from '../../src/domains/medications.ts';
import type { PatientSummary } from '../../src/domains/patients.ts';
import type { Options } from '../rows.ts';
import type { Story } from '../story.ts';
import type { Shown } from '../visit.ts';
import type { Question } from './expectation.ts';

interface Asked<T extends string, A, E> {
  tool: T;
  /** The question as a person of the staff would ask it. */
  ask?: string;
  /** What makes this question worth asking. */
  trap: string;
  arguments: A;
  expect: E;
}

/** Of the first six tools each has a form of its own, of all others an Expectation. */
export type Answer = FirstAnswer | Question;

/** Every key that is present must hold; what is not named is free. */
export type FirstAnswer =
  | Asked<
      'search_patients',
      { query: string; limit?: number },
      {
        resolution?: 'certain' | 'ambiguous' | 'none';
        /** Ranked first. */
        first?: string;
        includes?: string[];
        excludes?: string[];
        never_certain?: string[];
        statuses?: Record<string, PatientSummary['status'] | 'none'>;
      }
    >
  | Asked<
      'get_patient',
      { patient_id: string },
      { fields: Record<string, unknown>; absent: string[]; coverages: { rank: number; kind: string; status: string }[] }
    >
  | Asked<
      'get_labs',
      { patient_id: string; panel?: string; since?: string; limit: number; fields: 'full' },
      {
        /** All rows, in order. */
        ids?: string[];
        count?: number;
        unmapped?: number;
        /** By row: what it must say. value null: there must be none. */
        rows?: Record<
          string,
          {
            flag?: LabFlag;
            value?: number | null;
            comparator?: string;
            value_text?: string;
            status?: string;
            unit?: string;
            conflict?: boolean;
          }
        >;
        absent?: string[];
      }
    >
  | Asked<
      'get_chart_notes',
      { patient_id: string; since?: string; limit: number },
      {
        /** All notes, in order. */
        ids: string[];
        absent?: string[];
        amended?: string[];
        /** Words that must not stand in the answer as they are (they are outside text), and where they come from. */
        outside?: { note_id: string; section: string; kind: string; on?: string; text: string }[];
      }
    >
  | Asked<
      'get_appointments',
      { date_range: { from: string; to: string }; provider_id?: string; patient_id?: string; limit: number },
      { ids: string[]; statuses?: Record<string, Shown>; absent?: string[]; moved?: Record<string, string> }
    >
  | Asked<
      'get_medications',
      { patient_id: string; active_only: boolean; limit: number },
      {
        statuses: Record<string, Medication['status']>;
        absent: string[];
        duplicates?: string[];
        without_rxnorm?: string[];
        controlled?: Record<string, string>;
      }
    >;

const FIRST: readonly string[] = [
  'search_patients',
  'get_patient',
  'get_labs',
  'get_chart_notes',
  'get_appointments',
  'get_medications',
] satisfies FirstAnswer['tool'][];

export function isFirst(answer: Answer): answer is FirstAnswer {
  return FIRST.includes(answer.tool);
}

/** The stories of a clinic, each told once, by the key of its person. */
export interface Told {
  options: Options;
  story(key: string): Story;
  all: readonly Story[];
}
