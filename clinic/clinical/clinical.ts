// What is measured, known and ordered of one patient: the facts, and the rows of them.

import type { LabFact } from '../labs/fact.ts';
import type { Exposure } from '../labs/physiology.ts';
import type { Taken } from '../medications/courses.ts';
import type { MedicationFact } from '../medications/orders.ts';
import type { ClinicalRows } from '../rows-clinical.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import { type AllergyFact, allergiesOf } from './allergies.ts';
import { type LabOrderFact, labOrdersOf } from './lab-orders.ts';
import { type LabReviewFact, labReviewsOf } from './lab-reviews.ts';
import { type PrescriptionFact, prescriptionsOf } from './prescriptions.ts';
import { type ConditionFact, conditionsOf } from './problems.ts';
import { type ProcedureFact, proceduresOf } from './procedures.ts';
import type { VitalFact } from './vital-fact.ts';
import { vitalsOf } from './vitals.ts';

export interface Clinical {
  vitals: VitalFact[];
  conditions: ConditionFact[];
  allergies: AllergyFact[];
  procedures: ProcedureFact[];
  lab_orders: LabOrderFact[];
  lab_reviews: LabReviewFact[];
  prescriptions: PrescriptionFact[];
}

export interface Happened {
  visits: readonly VisitFact[];
  medications: readonly MedicationFact[];
  taken: readonly Taken[];
  exposures: readonly Exposure[];
  labs: readonly LabFact[];
}

export function clinicalOf(setting: Setting, { visits, medications, taken, exposures, labs }: Happened): Clinical {
  return {
    vitals: vitalsOf(setting, { visits, exposures, taken }),
    conditions: conditionsOf(setting, visits),
    allergies: allergiesOf(setting),
    procedures: proceduresOf(setting, visits),
    lab_orders: labOrdersOf(setting, { visits, labs }),
    lab_reviews: labReviewsOf(setting, labs),
    prescriptions: prescriptionsOf(setting, medications),
  };
}

const rows = <T>(facts: readonly { row: T }[]): T[] => facts.map(({ row }) => row);

export function clinicalRows(clinical: Clinical): ClinicalRows {
  return {
    vital_signs: rows(clinical.vitals),
    conditions: rows(clinical.conditions),
    allergies: rows(clinical.allergies),
    procedures: rows(clinical.procedures),
    lab_orders: rows(clinical.lab_orders),
    lab_reviews: rows(clinical.lab_reviews),
    prescriptions: rows(clinical.prescriptions),
  };
}
