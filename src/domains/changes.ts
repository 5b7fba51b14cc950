import * as z from 'zod';
import { system } from './mark.ts';

/** The kinds of records whose changes are told; each is shown by a tool. */
export const RecordKind = z.enum([
  'patient',
  'practitioner',
  'coverage',
  'appointment',
  'encounter',
  'chart_note',
  'lab_result',
  'medication_request',
  'vital_sign',
  'condition',
  'allergy',
  'lab_order',
  'prescription',
  'message',
  'task',
  'refill_request',
  'intake_form',
  'care_plan',
  'referral',
  'prior_authorization',
  'authorization',
  'charge',
  'claim',
  'payment',
  'statement',
]);
export type RecordKind = z.infer<typeof RecordKind>;

/** One change of one record. `deleted` is a tombstone: the record is gone, or was entered in error, and is not to be kept anywhere. */
export const RecordChange = z.object({
  change_id: system('id'),
  kind: RecordKind,
  record_id: system('id'),
  patient_id: system('id').optional(),
  change: z.enum(['created', 'updated', 'deleted']),
  changed_at: system('instant'),
});
export type RecordChange = z.infer<typeof RecordChange>;

export interface Changes {
  /** Changes of records of `kinds`, oldest first, each after every one that was told before: who goes on from the last `change_id` misses none. `since` is an
   *  instant (RFC 3339) or a clinic day, inclusive. Throws Fault not_found (patient), invalid_input (stale cursor). Source: mission.md D11. */
  list(query: {
    kinds: readonly RecordKind[];
    since?: string | undefined;
    patient_id?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ changes: RecordChange[]; more: boolean }>;
}
