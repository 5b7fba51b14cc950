import * as z from 'zod';
import type { Excluded } from './definitions.ts';
import { Narrative, system } from './mark.ts';

/** connectors.md §2.7. active_unverified: called active, but the supply ended more than 90 days ago. unknown is never shown as active. */
export const MedicationStatus = z.enum(['active', 'active_unverified', 'on_hold', 'completed', 'stopped', 'cancelled', 'draft', 'unknown']);
export type MedicationStatus = z.infer<typeof MedicationStatus>;

/** One medication of the list, ordered or reported. FHIR MedicationRequest. */
export const Medication = z.object({
  medication_id: system('id'),
  rxnorm: system('code').optional().describe('absent for compounded and local items'),
  local_code: system('code').optional(),
  name: system('term'),
  ingredient: system('term').optional(),
  /** Directions as prescribed, and why it ended; of a reported one, what the patient said. */
  sig: Narrative.optional(),
  status: MedicationStatus,
  reported: z.boolean().describe('true: told by the patient, not prescribed here'),
  /** DEA schedule: the order's own, or that of an ingredient which has one. Absent: not known to be controlled. */
  controlled: z.enum(['CII', 'CIII', 'CIV', 'CV']).optional(),
  start_on: system('partial_date').optional(),
  end_on: system('partial_date').optional(),
  days_supply: z.number().int().optional(),
  refills_left: z.number().int().optional(),
  prescriber: system('person_name').optional(),
  reason_icd10: system('code').optional(),
  stop_reason: Narrative.optional(),
  authored_on: system('partial_date').optional(),
});
export type Medication = z.infer<typeof Medication>;

/** DEA schedules (21 CFR 1308) of ingredients that have one schedule in every form. Others depend on the product, and only the order can say. */
const SCHEDULES: Readonly<Record<NonNullable<Medication['controlled']>, string>> = {
  CII: 'amphetamine dextroamphetamine lisdexamfetamine methylphenidate dexmethylphenidate oxycodone hydrocodone hydromorphone morphine fentanyl methadone oxymorphone tapentadol',
  CIII: 'testosterone methyltestosterone oxandrolone nandrolone fluoxymesterone ketamine buprenorphine',
  CIV: 'alprazolam clonazepam diazepam lorazepam temazepam zolpidem eszopiclone zaleplon tramadol phentermine modafinil armodafinil carisoprodol phenobarbital',
  CV: 'pregabalin lacosamide brivaracetam',
};
const SCHEDULE_OF = new Map(
  (Object.entries(SCHEDULES) as [NonNullable<Medication['controlled']>, string][]).flatMap(([schedule, names]) =>
    names.split(' ').map((name) => [name, schedule] as const),
  ),
);

/** The schedule of an ingredient by its first word ("testosterone cypionate"); undefined where it has none or nobody can tell. */
export function scheduleOf(ingredient: string | null): Medication['controlled'] {
  return ingredient === null
    ? undefined
    : SCHEDULE_OF.get(
        ingredient
          .trim()
          .toLowerCase()
          .split(/[\s,/]/)[0] ?? '',
      );
}

/** What a source may support for medications. */
export interface Medications {
  /** The medication list of one patient, active first, then by start, newest first, from after the record `after`. `active_only` keeps active, active_unverified,
   *  on_hold and unknown (listed as such, never hidden). Superseded orders and entered-in-error are left out; the superseded are counted. `duplicates` names
   *  ingredients (of what has none: the item) that two active rows of one form share. Nothing here says that a drug is taken. Throws Fault not_found (patient), invalid_input (stale cursor). */
  list(query: {
    patient_id: string;
    active_only: boolean;
    limit: number;
    after?: string | undefined;
  }): Promise<{ medications: Medication[]; more: boolean; duplicates: string[]; excluded: Excluded }>;
  /** As LabOrders.orderable. */
  orderable(query: { patient_id: string; encounter_id?: string | undefined }): Promise<void>;
  /** Writes one active order, which begins on the day that it is authored; the same `medication_id` again is the same order. Only in the transaction of a signature. */
  create(order: {
    medication_id: string;
    patient_id: string;
    prescriber_id: string;
    name: string;
    ingredient: string;
    sig: string;
    quantity: number;
    quantity_unit?: string | undefined;
    refills: number;
    days_supply?: number | undefined;
    authored_on: string;
    reason_icd10: string;
  }): Promise<void>;
}
