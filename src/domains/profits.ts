import * as z from 'zod';
import { DefinitionId, Rate } from './definitions.ts';
import { system } from './mark.ts';

const cents = () => z.number().int();

/** connectors.md §2.11: what one patient brought and cost, in fact. Nothing is predicted. */
export const PatientProfit = z.object({
  total_spend_cents: cents().describe('the patient’s own money: payments − refunds − chargebacks'),
  insurance_paid_cents: cents(),
  lifetime_net_collections_cents: cents().describe('LTV so far: total_spend + insurance_paid'),
  refunded_cents: cents(),
  net_revenue_cents: cents().describe('earned to today: services, products, packages used, memberships by day'),
  direct_costs: z.object({
    goods_cents: cents(),
    lab_cents: cents(),
    processing_fees_cents: cents(),
    clinician_minutes: z.number().int().describe('not costed: no rate is configured'),
  }),
  /** Earned on charges whose costs are known ÷ earned on all. */
  cost_completeness: Rate,
  /** Of the charges whose costs are known; absent where none are. */
  margin_cents: cents().optional(),
  margin_rate: Rate.optional().describe('margin ÷ earned on charges of known cost'),
  credit_cents: cents(),
  first_payment_on: system('partial_date').optional(),
  last_payment_on: system('partial_date').optional(),
  membership_months: z.number().int(),
  definition: DefinitionId,
});
export type PatientProfit = z.infer<typeof PatientProfit>;

/** What a source may support for profits. */
export interface Profits {
  /** One patient's money over all time, to today. Cost of a charge is known where goods and laboratory both are (0 is known); processing fees belong to the whole
   *  and lower the margin by the share of the charges of known cost. A membership month is a calendar month with a day of active or past_due.
   *  Throws Fault not_found. Source: connectors.md §2.11. */
  get(query: { patient_id: string }): Promise<PatientProfit>;
}
