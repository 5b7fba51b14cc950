import * as z from 'zod';
import { DefinitionId, Excluded, Rate } from './definitions.ts';
import { system } from './mark.ts';

const cents = () => z.number().int();
const day = () => system('partial_date');

/** What is owed, by age in days. A credit is never set against it. */
export const Aged = z.object({
  total_cents: cents(),
  days_0_30_cents: cents(),
  days_31_60_cents: cents(),
  days_61_90_cents: cents(),
  days_91_120_cents: cents(),
  days_over_120_cents: cents(),
});
export type Aged = z.infer<typeof Aged>;

/** The accounts receivable at the end of a day: insurance + patient − credits = net. */
export const Receivable = z.object({ on: day(), insurance: Aged, patient: Aged, credits_cents: cents(), net_cents: cents() });
export type Receivable = z.infer<typeof Receivable>;

/** connectors.md §2.10: separate ledgers, never one "revenue". */
export const BillingSummary = z.object({
  from: day(),
  to: day(),
  provider_id: system('id').optional(),
  charges: z.object({
    by_post_date_cents: cents(),
    by_service_date_cents: cents(),
    count: cents(),
    taxes_cents: cents().describe('beside the charges'),
    by_kind: z.array(z.object({ kind: z.enum(['service', 'product', 'package', 'membership']), cents: cents() })),
  }),
  payments: z.object({
    insurance_cents: cents(),
    patient_cents: cents(),
    gift_card_cents: cents(),
    new_money_cents: cents(),
    package_cents: cents().describe('used up of packages paid for earlier: no new money'),
  }),
  adjustments: z.object({
    contractual_cents: cents(),
    sequestration_cents: cents(),
    discount_cents: cents(),
    write_off_cents: cents(),
    bad_debt_cents: cents(),
    total_cents: cents(),
  }),
  refunds: z.object({ refunds_cents: cents(), chargebacks_cents: cents(), count: cents() }),
  net_collections_cents: cents().describe('new money − refunds − chargebacks'),
  net_collection_rate: Rate.extend({ definition: DefinitionId }),
  recognized_revenue: z.object({
    services_cents: cents(),
    products_cents: cents(),
    packages_redeemed_cents: cents(),
    memberships_cents: cents(),
    total_cents: cents(),
    definition: DefinitionId,
  }),
  deferred_liability: z.object({
    on: day(),
    packages_cents: cents(),
    memberships_cents: cents(),
    total_cents: cents(),
    definition: DefinitionId,
  }),
  receivable: z.object({ opening: Receivable, closing: Receivable, definition: DefinitionId }),
  days_in_ar: z.object({
    receivable_cents: cents(),
    net_charges_90_days_cents: cents(),
    days: z.number().optional(),
    definition: DefinitionId,
  }),
  /** opening + charges + taxes − voided − payments − adjustments + refunds = closing; payments with those from packages;
   *  charges and taxes with those voided since, which stand under voided. */
  identity: z.object({
    opening_cents: cents(),
    charges_cents: cents(),
    taxes_cents: cents(),
    voided_cents: cents(),
    payments_cents: cents(),
    adjustments_cents: cents(),
    refunds_cents: cents(),
    closing_cents: cents(),
    difference_cents: cents(),
  }),
  /** Card payouts that arrived in the range: gross − fees − refunds − disputes. Of the whole clinic only. */
  payouts: z
    .object({
      count: cents(),
      paid_out_cents: cents(),
      gross_cents: cents(),
      fees_cents: cents(),
      refunds_cents: cents(),
      disputes_cents: cents(),
      difference_cents: cents(),
      not_matching: cents(),
    })
    .optional(),
  excluded: Excluded,
});
export type BillingSummary = z.infer<typeof BillingSummary>;

/** What a source may support for the clinic's books. */
export interface Billing {
  /** The books of the clinic days [from, to], integer cents; of one clinician where named, and only what the caller's finance scope shows.
   *  By post date: what was posted in the range and not voided by its end. By service date, and recognized revenue: as known today. Taxes stand apart.
   *  Receivable: insurance ages from the day of service, the patient's part from the day it became the patient's.
   *  Throws Fault invalid_input (unknown clinician). Source: connectors.md §2.10; HFMA MAP Key AR-1 (days in AR). */
  summary(query: { from: string; to: string; practitioner_id?: string | undefined }): Promise<BillingSummary>;
}
