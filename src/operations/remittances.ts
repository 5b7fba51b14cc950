import * as z from 'zod';
import { Payer } from '../domains/claims.ts';
import { dateRange } from '../domains/days.ts';
import { clear, recordId } from '../domains/mark.ts';
import { PaymentPosting } from '../domains/payment-postings.ts';
import { Remittance } from '../domains/remittances.ts';
import { draft, operation, pageOf, paging, repeatable } from './operation.ts';

const RemittanceId = clear(recordId('call get_remittances without it and use a remittance_id of the answer'));

export const getRemittances = operation({
  name: 'get_remittances',
  title: 'Get remittances',
  description:
    'What payers sent: ERA / 835 remittances, payments of insurers to the clinic, newest first, with balance check, posted or not, unmatched claims, reversals, provider adjustments (PLB). With remittance_id: its claims and adjustment codes. For claims of a patient: get_claims.',
  toolset: 'billing',
  rest: 'GET /remittances',
  doors: ['mcp', 'rest'],
  permission: 'remittances:read',
  effect: 'read',
  needs: ['remittances.list'],
  page: { list: 'remittances', id: 'remittance_id' },
  input: z.object({
    date_range: dateRange(1_827).optional().describe('days paid, inclusive'),
    payer: Payer.optional(),
    remittance_id: RemittanceId.optional(),
    needs_work: z.boolean().optional().describe('true: not posted in full, unmatched or out of balance'),
    claims_from: z.number().int().min(1).max(100_000).default(1).describe('with remittance_id: which claim first'),
    ...paging(20),
  }),
  output: z.object({ remittances: z.array(Remittance) }),
  async run({ remittances }, { date_range, payer, remittance_id, needs_work, claims_from, ...page }) {
    return remittances.list({ ...date_range, payer, remittance_id, needs_work, claims_from, ...pageOf(page) });
  },
});

export const draftPaymentPosting = draft({
  name: 'draft_payment_posting',
  title: 'Draft the posting of a remittance',
  description:
    'Drafts the posting of a whole remittance (ERA / 835) to the ledger: payments, contractual adjustments and what moves to the patient, worked out from the record alone. What cannot be posted (denied, unmatched, out of balance, overpaid …) is listed for a person. Call get_remittances with needs_work first. Nothing is posted before a biller signs.',
  toolset: 'billing',
  rest: 'POST /remittances/{remittance_id}/posting-drafts',
  doors: ['mcp', 'rest'],
  permission: 'remittances:draft',
  kind: 'payment_posting_draft',
  sign: 'sign_payment_postings',
  needs: ['remittances.postable'],
  commits: ['remittances.post'],
  input: z.object({ remittance_id: RemittanceId, ...repeatable }),
  payload: PaymentPosting,
  async run({ remittances }, { remittance_id }) {
    return remittances.postable({ remittance_id });
  },
  async commit({ remittances, draft_id }, shown) {
    await remittances.post({ draft_id, shown });
    return { record_id: shown.remittance_id };
  },
});
