import * as z from 'zod';
import { DefinitionId, Rate } from './definitions.ts';
import { DENIAL_CLASSES } from './denial-codes.ts';
import { phi, system } from './mark.ts';

const cents = () => z.number().int();
const day = () => system('partial_date');

export const ClaimStatus = z.enum(['draft', 'submitted', 'rejected', 'accepted', 'pended', 'paid', 'partially_paid', 'denied', 'voided']);
export type ClaimStatus = z.infer<typeof ClaimStatus>;

/** An input that names a payer as the clinic does. */
export const Payer = phi('payer', z.string().min(1).max(80)).describe('the payer’s name as answers give it');

/** X12 835 CAS: why less was paid than was charged. */
export const Adjustment = z.object({
  group: z.enum(['CO', 'PR', 'OA', 'PI', 'CR']),
  reason: system('code').describe('CARC'),
  cents: cents(),
});
export type Adjustment = z.infer<typeof Adjustment>;

const OUTCOMES: Readonly<Record<string, 'denied' | 'forwarded' | 'reversed' | 'not_ours' | 'predetermination'>> = {
  '4': 'denied',
  '19': 'forwarded',
  '20': 'forwarded',
  '21': 'forwarded',
  '22': 'reversed',
  '23': 'not_ours',
  '25': 'predetermination',
};
/** CLP02 in words. 1, 2, 3: processed as primary, secondary, tertiary. */
export const outcomeOf = (status_code: string) => OUTCOMES[status_code] ?? 'processed';

/** What a payer answered in an 835: its last word on a claim. */
export const Adjudication = z.object({
  on: day(),
  outcome: z.enum(['processed', 'denied', 'forwarded', 'reversed', 'not_ours', 'predetermination']),
  paid_cents: cents(),
  patient_responsibility_cents: cents(),
  remittance_id: system('id').optional(),
  adjustments: z.array(Adjustment).optional().describe('of the claim as a whole'),
  remark_codes: z.array(system('code')).optional(),
});
export type Adjudication = z.infer<typeof Adjudication>;

/** X12 837 service line with the last answer to it. */
export const ClaimLine = z.object({
  line_number: z.number().int(),
  code: system('code'),
  modifiers: z.array(system('code')).optional(),
  icd10: z.array(system('code')).optional(),
  units: z.number().int(),
  service_on: day(),
  charged_cents: cents(),
  allowed_cents: cents().optional(),
  paid_cents: cents().optional(),
  adjustments: z.array(Adjustment).optional(),
  remark_codes: z.array(system('code')).optional(),
});
export type ClaimLine = z.infer<typeof ClaimLine>;

/** X12 837P / 837I. */
export const Claim = z.object({
  claim_id: system('id'),
  claim_number: system('code'),
  patient_id: system('id'),
  patient: system('person_name'),
  payer: system('term'),
  status: ClaimStatus,
  service_from: day(),
  service_to: day().optional().describe('absent where it is the same day'),
  submitted_on: day().optional(),
  age_days: z.number().int().optional().describe('since it was submitted, of a claim that no payer has decided'),
  charged_cents: cents(),
  paid_cents: cents().describe('by all adjudications, reversals taken off'),
  form: z.enum(['professional', 'institutional']).optional(),
  frequency: z.enum(['replacement', 'void']).optional().describe('absent for an original'),
  replaces: system('id').optional(),
  payer_control_number: system('code').optional(),
  practitioner_id: system('id').optional(),
  adjudication: Adjudication.optional(),
  lines: z.array(ClaimLine).optional(),
});
export type Claim = z.infer<typeof Claim>;

export const DenialClassName = z.enum(DENIAL_CLASSES);
export const DenialState = z.enum(['open', 'resubmitted', 'paid_later', 'voided']);
export type DenialState = z.infer<typeof DenialState>;

/** One adjudication in which a payer denied a claim or a part of it. */
export const Denial = z.object({
  denial_id: system('id'),
  claim_id: system('id').optional(),
  claim_number: system('code'),
  patient_id: system('id').optional(),
  patient: system('person_name').optional(),
  payer: system('term'),
  practitioner_id: system('id').optional(),
  service_from: day().optional(),
  denied_on: day(),
  charged_cents: cents(),
  paid_cents: cents(),
  denied_cents: cents(),
  partial: z.boolean().optional(),
  class: DenialClassName,
  codes: z.array(system('code')).describe('group and CARC: CO-197'),
  remark_codes: z.array(system('code')).optional(),
  state: DenialState,
  action: system('term'),
});
export type Denial = z.infer<typeof Denial>;

export const DenialSummary = z.object({
  denials: z.number().int(),
  denied_cents: cents(),
  open: z.number().int(),
  by_class: z.array(z.object({ class: DenialClassName, denials: z.number().int(), denied_cents: cents() })),
  /** Claims denied, in whole or part, at their first adjudication ÷ claims first adjudicated in the range; resubmissions do not count. */
  first_pass_denial_rate: Rate,
  /** Dollars denied ÷ dollars charged of the same claims, in cents. */
  first_pass_denied_dollars: Rate,
  definition: DefinitionId,
});
export type DenialSummary = z.infer<typeof DenialSummary>;

/** What a source may support for claims. */
export interface Claims {
  /** Claims by first day of service, newest first, from after the record `after`; `older_than_days`: no payer has decided, and submitted (never submitted: served) longer ago.
   *  `lines`: with form, ids, service lines and adjustments. Throws Fault not_found (patient), invalid_input (stale cursor). Source: X12 837, 835; connectors.md §2.18. */
  list(query: {
    patient_id?: string | undefined;
    status?: ClaimStatus | undefined;
    from?: string | undefined;
    to?: string | undefined;
    payer?: string | undefined;
    claim_number?: string | undefined;
    older_than_days?: number | undefined;
    lines: boolean;
    limit: number;
    after?: string | undefined;
  }): Promise<{ claims: Claim[]; more: boolean }>;
  /** Denials by day of adjudication in the clinic days [from, to], newest first, and figures of the whole selection. Nothing paid and a denial CARC in any group,
   *  on the claim or a line, or a denied part; never what denial-codes.ts calls no denial, never a reversal (22) or a predetermination (25).
   *  The first-pass rates know payer and clinician, not class and state. Throws Fault invalid_input (stale cursor, unknown clinician). Source: connectors.md §2.18. */
  denials(query: {
    from: string;
    to: string;
    payer?: string | undefined;
    class?: (typeof DENIAL_CLASSES)[number] | undefined;
    state?: DenialState | undefined;
    practitioner_id?: string | undefined;
    patient_id?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ summary: DenialSummary; denials: Denial[]; more: boolean }>;
}
