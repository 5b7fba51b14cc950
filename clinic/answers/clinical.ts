// The questions about what was measured, known and ordered.
import type { Told } from './answer.ts';
import { encounters, practitioners, unsignedNotes } from './encounters.ts';
import type { Question } from './expectation.ts';
import { abnormalLabs, labsDue, labTrends } from './lab-sweeps.ts';
import { measures } from './measures.ts';
import { labOrders, prescriptions } from './orders.ts';
import { allergies, problemList } from './problems.ts';
import { vitals } from './vitals.ts';

export function clinical(told: Told): Question[] {
  return [
    ...encounters(told),
    ...problemList(told),
    ...allergies(told),
    ...vitals(told),
    ...labOrders(told),
    ...prescriptions(told),
    ...unsignedNotes(told),
    ...practitioners(told),
    ...measures(told),
    ...abnormalLabs(told),
    ...labTrends(told),
    ...labsDue(told),
  ];
}
