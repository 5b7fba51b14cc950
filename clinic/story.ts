// One chart from first cause to last: person, visits, drugs, blood, notes. What is not in the rows (what really happened) is in the facts.

import { type Care, careOf } from './care/care.ts';
import { type Clinical, clinicalOf } from './clinical/clinical.ts';
import { labsOf } from './labs/draws.ts';
import type { LabFact } from './labs/fact.ts';
import { medicationsOf } from './medications/courses.ts';
import type { MedicationFact } from './medications/orders.ts';
import { type NoteFact, notesOf } from './notes/notes.ts';
import { coveragesOf, patientOf } from './patients.ts';
import { type Practice, practiceOf } from './practice/practice.ts';
import type { CoverageRow, Options, PatientRow } from './rows.ts';
import { type Setting, settingOf } from './setting.ts';
import type { VisitFact } from './visit.ts';
import { visitsOf } from './visits.ts';

export interface Story {
  setting: Setting;
  patient: PatientRow;
  coverages: CoverageRow[];
  visits: VisitFact[];
  medications: MedicationFact[];
  labs: LabFact[];
  notes: NoteFact[];
  clinical: Clinical;
  practice: Practice;
  care: Care;
}

/** The chart of one patient, alone. */
export function tellStory(options: Options, key: string): Story {
  const setting = settingOf(options, key);
  const visits = visitsOf(setting);
  const { facts: medications, taken, exposures, changes } = medicationsOf(setting, visits);
  const labs = labsOf(setting, visits, exposures);
  const notes = notesOf(setting, { visits, labs, taken, changes });
  const clinical = clinicalOf(setting, { visits, medications, taken, exposures, labs });
  const coverages = coveragesOf(setting);
  const practice = practiceOf(setting, { visits, medications, labs });
  const care = careOf(setting, { visits, labs, coverages });
  return { setting, patient: patientOf(setting), coverages, visits, medications, labs, notes, clinical, practice, care };
}
