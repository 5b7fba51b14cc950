import * as z from 'zod';
import { Claim, ClaimStatus, Denial, DenialClassName, DenialState, DenialSummary, Payer } from '../domains/claims.ts';
import { dateRange, plusDays } from '../domains/days.ts';
import { phi } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { operation, pageOf, paging } from './operation.ts';

const MOST_DAYS = 1_827;
const DEFAULT_DAYS = 90;

export const getClaims = operation({
  name: 'get_claims',
  title: 'Get claims',
  description:
    'Insurance claims, newest service first, with status (submitted, rejected by the clearinghouse, paid …) and the payer’s last answer: of one patient or the clinic, or outstanding longer than older_than_days. fields "full" adds lines and codes. For denials: find_denials; for payer payments: get_remittances.',
  toolset: 'billing',
  rest: 'GET /claims',
  doors: ['mcp', 'rest'],
  permission: 'claims:read',
  effect: 'read',
  needs: ['claims.list'],
  page: { list: 'claims', id: 'claim_id' },
  input: z.object({
    patient_id: PatientId.optional(),
    status: ClaimStatus.optional(),
    date_range: dateRange(MOST_DAYS).optional().describe('days of service, inclusive'),
    payer: Payer.optional(),
    claim_number: phi('claim_number', z.string().min(1).max(40)).optional(),
    older_than_days: z.number().int().min(0).max(3_650).optional().describe('not decided yet, submitted longer ago'),
    fields: z.enum(['compact', 'full']).default('compact'),
    ...paging(20),
  }),
  output: z.object({ claims: z.array(Claim) }),
  async run({ claims }, { patient_id, status, date_range, payer, claim_number, older_than_days, fields, ...page }) {
    const lines = fields === 'full';
    return claims.list({ patient_id, status, ...date_range, payer, claim_number, older_than_days, lines, ...pageOf(page) });
  },
});

export const findDenials = operation({
  name: 'find_denials',
  title: 'Find denials',
  description:
    'What payers deny: denied claims and lines by day of adjudication (default the last 90 days), with reason class, codes, amount, suggested action, and whether still open, resubmitted or paid later; first-pass denial rate by count and dollars. Deductible, copay and contractual write-offs are no denials.',
  toolset: 'billing',
  rest: 'GET /denials',
  doors: ['mcp', 'rest'],
  permission: 'claims:read',
  effect: 'read',
  needs: ['claims.denials'],
  page: { list: 'denials', id: 'denial_id' },
  input: z.object({
    date_range: dateRange(MOST_DAYS).optional().describe('days of adjudication, inclusive'),
    payer: Payer.optional(),
    class: DenialClassName.optional(),
    state: DenialState.optional(),
    provider_id: PractitionerId.optional(),
    patient_id: PatientId.optional(),
    ...paging(20),
  }),
  output: z.object({ summary: DenialSummary, denials: z.array(Denial) }),
  async run({ claims, today }, { date_range, provider_id, ...query }) {
    const { from, to } = date_range ?? { from: plusDays(today, 1 - DEFAULT_DAYS), to: today };
    const { limit, cursor, ...narrowed } = query;
    return claims.denials({ from, to, practitioner_id: provider_id, ...narrowed, ...pageOf({ limit, cursor }) });
  },
});
