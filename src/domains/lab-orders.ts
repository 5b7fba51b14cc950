import * as z from 'zod';
import type { Excluded } from './definitions.ts';
import { system } from './mark.ts';

/** Where an order stands (lab_order_state@1). open: waits for the blood; overdue: waits beyond due_on; collected: waits for the lab; results_in: results came
 *  and nobody closed it. The rest is what the record says. */
export const LabOrderState = z.enum(['open', 'overdue', 'collected', 'results_in', 'draft', 'on_hold', 'completed', 'revoked', 'unknown']);
export type LabOrderState = z.infer<typeof LabOrderState>;

/** What may be asked for: `open` is every order that is active, also overdue, collected and results_in. */
export const LabOrderFilter = z.enum(['open', 'overdue', 'on_hold', 'completed', 'revoked', 'draft', 'all']);
export type LabOrderFilter = z.infer<typeof LabOrderFilter>;

/** One laboratory order. FHIR ServiceRequest. */
export const LabOrder = z.object({
  lab_order_id: system('id'),
  patient_id: system('id'),
  patient: system('person_name'),
  name: system('term'),
  loinc: system('code').optional(),
  state: LabOrderState,
  status_reason: z.enum(['declined', 'not_collected', 'duplicate', 'replaced', 'other']).optional(),
  /** Absent when routine. */
  priority: z.enum(['urgent', 'asap', 'stat']).optional(),
  ordered_at: system('instant'),
  due_on: system('partial_date').optional().describe('absent: the order names no day, so it is never overdue'),
  overdue_days: z.number().int().optional(),
  collected_at: system('instant').optional(),
  ended_at: system('instant').optional(),
  results: z.number().int().describe('final results that came'),
  preliminary_results: z.number().int().optional(),
  failed_results: z.number().int().optional().describe('cancelled by the lab; these satisfy nothing'),
  practitioner_id: system('id').optional(),
  practitioner: system('person_name').optional(),
  reason_icd10: system('code').optional(),
  performing_lab: system('term').optional(),
  encounter_id: system('id').optional(),
});
export type LabOrder = z.infer<typeof LabOrder>;

/** What a source may support for lab orders. */
export interface LabOrders {
  /** Orders of one patient or of the clinic, from after the record `after`. The clinic's open, overdue and on_hold ones come as a worklist, by due day, longest due
   *  first, those without a day last, with `count` of them all; the others newest ordered first. `since` is a day of the clinic of ordering, inclusive.
   *  Entered-in-error is left out. The clinic's list leaves out patients merged, deceased or inactive: `excluded` counts their orders in a worklist.
   *  Throws Fault not_found (patient), invalid_input (stale cursor, unknown practitioner). Source: FHIR ServiceRequest; connectors.md §2.5. */
  list(query: {
    patient_id?: string | undefined;
    practitioner_id?: string | undefined;
    status: LabOrderFilter;
    since?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ lab_orders: LabOrder[]; more: boolean; count?: number; excluded?: Excluded }>;
  /** Whether something can be ordered for this patient, at this visit where one is named. Throws Fault not_found (patient, visit), conflict (a merged chart, a
   *  patient who died, a visit entered in error). */
  orderable(query: { patient_id: string; encounter_id?: string | undefined }): Promise<void>;
  /** Writes one active order; the same `lab_order_id` again is the same order. Only in the transaction of a signature. */
  create(order: {
    lab_order_id: string;
    patient_id: string;
    encounter_id?: string | undefined;
    practitioner_id: string;
    name: string;
    loinc?: string | undefined;
    priority: 'routine' | 'urgent' | 'asap' | 'stat';
    ordered_at: string;
    due_on?: string | undefined;
    reason_icd10: string;
  }): Promise<void>;
}
