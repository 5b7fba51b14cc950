import * as z from 'zod';
import { DefinitionId } from './definitions.ts';
import { system } from './mark.ts';
import { Statement } from './statements.ts';

const cents = () => z.number().int();

/** A charge on which something is open, and for whom. A negative part is a credit, shown as one. */
export const OpenCharge = z.object({
  charge_id: system('id'),
  service_on: system('partial_date'),
  code: system('code').optional(),
  description: system('term'),
  charged_cents: cents().describe('with tax'),
  patient_cents: cents(),
  insurance_cents: cents(),
  credit_cents: cents().optional(),
  patient_since: system('partial_date').optional().describe('the day the patient’s part became the patient’s'),
  claim_pending: z.boolean().optional(),
});
export type OpenCharge = z.infer<typeof OpenCharge>;

/** What one patient owes today. Parts are never netted with credits. */
export const PatientBalance = z.object({
  patient_cents: cents().describe('owed by the patient'),
  insurance_cents: cents().describe('expected of insurers'),
  credit_cents: cents().describe('paid too much, or not applied yet; in no other figure'),
  unapplied_cents: cents().describe('of the credit, what is applied to no charge'),
  billable_cents: cents().describe('of the patient’s part, what no pending claim can still change'),
  oldest_on: system('partial_date').optional().describe('since when the oldest part is the patient’s'),
  oldest_days: z.number().int().optional(),
  pending_claims: z.number().int(),
  statement_may_go: z.boolean().describe('false while a claim is pending, or where nothing is owed'),
  last_statement: Statement.optional(),
  definition: DefinitionId,
});
export type PatientBalance = z.infer<typeof PatientBalance>;

/** What a source may support for balances. */
export interface Balances {
  /** What a patient owes at the end of `today`, and the charges with something open by day of service, oldest first, from after the charge `after`.
   *  Throws Fault not_found (patient), invalid_input (stale cursor). Source: connectors.md §2.18: no statement while a claim is pending (No Surprises Act). */
  get(query: {
    patient_id: string;
    limit: number;
    after?: string | undefined;
  }): Promise<PatientBalance & { charges: OpenCharge[]; more: boolean }>;
}
