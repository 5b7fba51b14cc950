import * as z from 'zod';
import { system } from './mark.ts';

export const StatementStatus = z.enum(['sent', 'paid', 'partially_paid', 'voided', 'in_collections']);
export type StatementStatus = z.infer<typeof StatementStatus>;

/** A bill that went to a patient: what was asked for on the day it was sent. */
export const Statement = z.object({
  statement_id: system('id'),
  statement_number: system('code'),
  status: StatementStatus,
  channel: z.enum(['paper', 'email', 'portal']),
  balance_cents: z.number().int(),
  sent_on: system('partial_date'),
  due_on: system('partial_date'),
  days_overdue: z.number().int().optional().describe('only where it is still to be paid and past due'),
});
export type Statement = z.infer<typeof Statement>;

/** The same in a list of several patients. */
export const PatientStatement = Statement.extend({
  patient_id: system('id'),
  patient: system('person_name'),
  claim_pending: z.boolean().optional().describe('a claim of this patient is pending: do not ask again before it is decided'),
});
export type PatientStatement = z.infer<typeof PatientStatement>;

/** What a source may support for statements. */
export interface Statements {
  /** Statements by the day they were sent, newest first, from after the record `after`. `overdue`: to be paid (sent, partially_paid) and past due today; false: the others.
   *  Throws Fault not_found (patient), invalid_input (stale cursor). Source: connectors.md §2.18. */
  list(query: {
    patient_id?: string | undefined;
    status?: StatementStatus | undefined;
    overdue?: boolean | undefined;
    from?: string | undefined;
    to?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ statements: PatientStatement[]; more: boolean }>;
}
