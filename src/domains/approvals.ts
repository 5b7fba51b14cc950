// Rules that a person signs ahead, by which a booking is signed in her name as it is proposed (mission.md D2).
import * as z from 'zod';
import { Day } from './days.ts';
import { clear, recordId, system } from './mark.ts';
import { Modality } from './open-slots.ts';

/** All that can be approved ahead. */
export const APPROVABLE = ['appointment_draft', 'reschedule_draft', 'cancellation_draft'] as const;
export const isApprovable = (kind: string): boolean => (APPROVABLE as readonly string[]).includes(kind);
/** Whose AI can propose them. */
export const PROPOSERS = ['owner', 'physician', 'nurse', 'front_desk', 'scheduler', 'integration'] as const;

export const ApprovalId = clear(recordId('list_approvals gives it'));
/** What a rule says. `visit_types` and `practitioner_ids`: empty is any. */
export const Terms = z.object({
  kinds: z.array(z.enum(APPROVABLE)).min(1),
  modalities: z.array(Modality).min(1),
  roles: z.array(z.enum(PROPOSERS)).min(1).describe('whose AI may propose it'),
  visit_types: z.array(clear(z.string().trim().min(1).max(80))).max(50),
  practitioner_ids: z.array(clear(recordId('call list_practitioners and use the practitioner_id it returns'))).max(50),
  horizon_days: z.number().int().min(0).max(365).describe('the visit is at most so many clinic days ahead'),
  daily_limit: z.number().int().min(1).max(1000).describe('drafts a clinic day'),
  expires_on: Day.describe('the last clinic day on which it signs; at most a year'),
});
export type Terms = z.infer<typeof Terms>;

export const Approval = z.object({
  approval_id: system('id'),
  author: system('person_name').optional(),
  kinds: z.array(system('code')),
  modalities: z.array(Modality),
  roles: z.array(system('code')),
  visit_types: z.array(system('term')),
  practitioner_ids: z.array(system('id')),
  horizon_days: z.number().int(),
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

/** The rules of a clinic. Refusals are Faults: not_found, not_permitted, licence_needed, mfa_needed, invalid_input (the expiry). */
export interface Approvals {
  /** Newest first. */
  list(): Promise<{ approvals: Approval[] }>;
  /** The caller signs it, with a fresh second factor and the right to sign every kind of it. */
  create(rule: Terms): Promise<{ approval_id: string }>;
  revoke(query: { approval_id: string }): Promise<void>;
  /** What it signed, newest first, at most 500. */
  uses(query: { approval_id: string }): Promise<{ uses: ApprovalUse[] }>;
}
