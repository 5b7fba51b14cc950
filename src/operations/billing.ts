import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { BillingSummary } from '../domains/billing.ts';
import { dateRange } from '../domains/days.ts';
import { DefinitionId } from '../domains/definitions.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { type Caller, operation } from './operation.ts';

const MOST_DAYS = 1_827;

export const getBillingSummary = operation({
  name: 'get_billing_summary',
  title: 'Get billing summary',
  description:
    'Revenue and money of the clinic or one clinician for a date range (default: this month): charges, payments, adjustments, write-offs, refunds, chargebacks, net collections, collection rate, recognized revenue, deferred packages, accounts receivable (AR) by age. scope "own": only your own rows.',
  toolset: 'finance',
  rest: 'GET /billing/summary',
  doors: ['mcp', 'rest'],
  permission: 'billing:read',
  effect: 'read',
  needs: ['billing.summary'],
  input: z.object({
    date_range: dateRange(MOST_DAYS).optional().describe('clinic days, inclusive; default this month to today'),
    provider_id: PractitionerId.optional(),
  }),
  output: BillingSummary.extend({ definition: DefinitionId, scope: z.enum(['own', 'all']) }),
  async run({ billing, caller, today }, { date_range, provider_id }) {
    const { from, to } = date_range ?? { from: `${today.slice(0, 8)}01`, to: today };
    const scope = scopeOf(caller, provider_id);
    const summary = await billing.summary({ from, to, practitioner_id: provider_id?.toLowerCase() });
    return { definition: 'billing_summary@1', scope, ...summary };
  },
});

/** Whose money the answer tells of. The database shows no more than that; zeros that only mean "hidden" are refused instead. */
function scopeOf({ finance, practitioner_id }: Caller, provider_id: string | undefined): 'own' | 'all' {
  if (finance === 'all') return 'all';
  if (practitioner_id === undefined)
    throw new Fault('not_found', 'This credential belongs to no clinician of the clinic, so it has no figures of its own.');
  if (provider_id !== undefined && provider_id.toLowerCase() !== practitioner_id)
    throw new Fault('invalid_input', 'provider_id: this credential sees the figures of its own clinician only. Leave provider_id out.');
  return 'own';
}
