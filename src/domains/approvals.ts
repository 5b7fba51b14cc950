// Rules that a person signs ahead, by which what they cover is signed in her name as it is proposed (mission.md D2).
import * as z from 'zod';
import { Day } from './days.ts';
import { IntakeKind } from './intake-forms.ts';
import { clear, recordId, system } from './mark.ts';
import { Modality } from './open-slots.ts';

const BOOKINGS = ['appointment_draft', 'reschedule_draft', 'cancellation_draft'] as const;
/** All that can be approved ahead: visits booked, moved and called off; forms sent; contact details confirmed as they stand; payments posted up to an amount. */
export const APPROVABLE = [...BOOKINGS, 'intake_form_draft', 'contact_update_draft', 'payment_posting_draft'] as const;
export const isApprovable = (kind: string): boolean => (APPROVABLE as readonly string[]).includes(kind);
/** Whose AI can propose them. */
export const PROPOSERS = ['owner', 'physician', 'nurse', 'front_desk', 'scheduler', 'biller', 'integration'] as const;

export const ApprovalId = clear(recordId('list_approvals gives it'));

/** What a rule may ask of a draft, by the kinds that it is of. */
const Conditions = z
  .object({
    modalities: z.array(Modality).min(1).describe('of bookings'),
    visit_types: z
      .array(clear(z.string().trim().min(1).max(80)))
      .max(50)
      .describe('of bookings; empty: any'),
    practitioner_ids: z
      .array(clear(recordId('call list_practitioners and use the practitioner_id it returns')))
      .max(50)
      .describe('of bookings; empty: any'),
    horizon_days: z.number().int().min(0).max(365).describe('of bookings: the visit is at most so many clinic days ahead'),
    form_kinds: z.array(IntakeKind).max(IntakeKind.options.length).describe('of intake forms; empty: any'),
    amount_limit_cents: z
      .number()
      .int()
      .min(1)
      .max(1_000_000_000)
      .describe('of payment postings: the payer paid at most so much, with no exception'),
  })
  .partial();
/** A rule of these kinds holds all of these conditions, a rule of others none. A contact confirmation has none: it changes nothing. */
const CONDITIONS: readonly { kinds: readonly string[]; fields: readonly (keyof z.infer<typeof Conditions>)[] }[] = [
  { kinds: BOOKINGS, fields: ['modalities', 'visit_types', 'practitioner_ids', 'horizon_days'] },
  { kinds: ['intake_form_draft'], fields: ['form_kinds'] },
  { kinds: ['payment_posting_draft'], fields: ['amount_limit_cents'] },
];

/** What a rule says. */
export const Terms = z.object({
  kinds: z.array(z.enum(APPROVABLE)).min(1),
  roles: z.array(z.enum(PROPOSERS)).min(1).describe('whose AI may propose it'),
  ...Conditions.shape,
  daily_limit: z.number().int().min(1).max(1000).describe('drafts a clinic day'),
  expires_on: Day.describe('the last clinic day on which it signs; at most a year'),
});
export type Terms = z.infer<typeof Terms>;

/** Why these conditions do not fit these kinds, in words; undefined where they do. */
export function unfit(terms: Terms): string | undefined {
  for (const { kinds, fields } of CONDITIONS) {
    const covers = terms.kinds.filter((kind) => kinds.includes(kind));
    const missing = fields.find((field) => terms[field] === undefined);
    if (covers.length > 0 && missing) return `${missing}: a rule for ${covers.join(', ')} must say it.`;
    const stray = fields.find((field) => terms[field] !== undefined);
    if (covers.length === 0 && stray) return `${stray}: is a condition of ${kinds.join(', ')}, of which this rule has none. Leave it out.`;
  }
  return undefined;
}

export const Approval = z.object({
  approval_id: system('id'),
  author: system('person_name').optional(),
  kinds: z.array(system('code')),
  roles: z.array(system('code')),
  modalities: z.array(Modality).optional(),
  visit_types: z.array(system('term')).optional(),
  practitioner_ids: z.array(system('id')).optional(),
  horizon_days: z.number().int().optional(),
  form_kinds: z.array(IntakeKind).optional(),
  amount_limit_cents: z.number().int().optional(),
  daily_limit: z.number().int(),
  expires_on: system('partial_date'),
  created_at: system('instant'),
  state: z.enum(['live', 'revoked', 'expired']),
  revoked_at: system('instant').optional(),
  revoked_by: system('person_name').optional(),
  uses_today: z.number().int(),
  uses: z.number().int(),
});
export type Approval = z.infer<typeof Approval>;

/** One draft that a rule signed. */
export const ApprovalUse = z.object({ draft_id: system('id'), used_on: system('partial_date'), created_at: system('instant') });
export type ApprovalUse = z.infer<typeof ApprovalUse>;

/** The rules of a clinic. Refusals are Faults: not_found, not_permitted, licence_needed, mfa_needed, invalid_input (the expiry, conditions that do not fit the kinds). */
export interface Approvals {
  /** Newest first. */
  list(): Promise<{ approvals: Approval[] }>;
  /** The caller signs it, with a fresh second factor and the right to sign every kind of it. */
  create(rule: Terms): Promise<{ approval_id: string }>;
  revoke(query: { approval_id: string }): Promise<void>;
  /** What it signed, newest first, at most 500. */
  uses(query: { approval_id: string }): Promise<{ uses: ApprovalUse[] }>;
}
