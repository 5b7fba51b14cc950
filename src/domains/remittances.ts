import * as z from 'zod';
import { Adjustment } from './claims.ts';
import { system } from './mark.ts';
import type { PaymentPosting } from './payment-postings.ts';

const cents = () => z.number().int();
const count = () => z.number().int();

/** X12 835 CLP with its CAS: one claim in a payer's file. */
export const RemittedClaim = z.object({
  claim_number: system('code'),
  claim_id: system('id').optional().describe('absent: matches no claim of the clinic'),
  patient_id: system('id').optional(),
  outcome: z.enum(['processed', 'denied', 'forwarded', 'reversed', 'not_ours', 'predetermination']),
  charged_cents: cents(),
  paid_cents: cents(),
  patient_responsibility_cents: cents(),
  adjustments: z.array(Adjustment).describe('of the claim and its lines, by code'),
  remark_codes: z.array(system('code')).optional(),
  balanced: z.boolean(),
});
export type RemittedClaim = z.infer<typeof RemittedClaim>;

/** X12 835 PLB: of the provider, never of a patient. */
export const ProviderAdjustment = z.object({ reason: system('code'), reference: system('code').optional(), cents: cents() });
export type ProviderAdjustment = z.infer<typeof ProviderAdjustment>;

/** X12 835: one payment of a payer with what it is for. */
export const Remittance = z.object({
  remittance_id: system('id'),
  payer: system('term'),
  trace_number: system('code'),
  method: z.enum(['ach', 'check', 'non_payment']),
  paid_on: system('partial_date'),
  received_on: system('partial_date'),
  amount_cents: cents().describe('BPR02'),
  claims_paid_cents: cents().describe('Σ CLP04'),
  provider_adjustments_cents: cents().describe('Σ PLB; positive lowers the payment'),
  claims: count(),
  denied_claims: count(),
  reversals: count(),
  unmatched_claims: count(),
  posted: z.enum(['posted', 'partly', 'not_posted']),
  posted_cents: cents(),
  balanced: z.boolean().describe('Σ CLP04 − Σ PLB = BPR02, and every claim and line adds up'),
  difference_cents: cents().optional().describe('BPR02 − (Σ CLP04 − Σ PLB), where it is not 0'),
  claims_out_of_balance: count().optional(),
  lines_out_of_balance: count().optional(),
  /** With remittance_id. */
  provider_adjustments: z.array(ProviderAdjustment).optional(),
  claim_list: z.array(RemittedClaim).optional(),
  claims_left: count().optional().describe('claims after these: ask with claims_from'),
});
export type Remittance = z.infer<typeof Remittance>;

/** What a source may support for remittances. */
export interface Remittances {
  /** Remittances by the day the payer paid, newest first, from after the record `after`. With `remittance_id` that one, with its claims from the `claims_from`th on, by claim number.
   *  Balance: SVC02 − Σ CAS = SVC03 of a line, CLP03 − Σ CAS = CLP04 of a claim, Σ CLP04 − Σ PLB = BPR02 of the file. Posted: the settled payments of its claims are what it paid.
   *  Throws Fault not_found (remittance), invalid_input (stale cursor). Source: X12 835; connectors.md §2.18. */
  list(query: {
    from?: string | undefined;
    to?: string | undefined;
    payer?: string | undefined;
    remittance_id?: string | undefined;
    needs_work?: boolean | undefined;
    claims_from: number;
    limit: number;
    after?: string | undefined;
  }): Promise<{ remittances: Remittance[]; more: boolean }>;
  /** What would be posted of a remittance now, from the record alone: the laws are posting-rules.ts. Throws Fault not_found (remittance), conflict where nothing of it can be posted. */
  postable(query: { remittance_id: string }): Promise<PaymentPosting>;
  /** Posts it on the clinic's day, as it was shown: one posting at a time in a clinic, all of it or nothing. The same draft posts once.
   *  Throws Fault conflict where the record says now what was not shown. */
  post(posting: { draft_id: string; shown: PaymentPosting }): Promise<void>;
}
