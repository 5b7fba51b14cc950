import * as z from 'zod';
import { system } from './mark.ts';

/** waiting → sending → sent | failed | unknown, or waiting → cancelled. failed: it provably did not leave. unknown: it may have; it is not sent again by itself. */
export const DELIVERY_STATES = ['waiting', 'sending', 'sent', 'failed', 'unknown', 'cancelled'] as const;
/** What has ended without being sent for certain. */
export const NOT_GONE = ['failed', 'unknown', 'cancelled'] as const satisfies readonly (typeof DELIVERY_STATES)[number][];

/** Why a signed message waits, or did not go. */
export const DELIVERY_REASONS = [
  // waits
  'quiet_hours',
  'daily_cap',
  'weekly_cap',
  'not_reached',
  // never goes
  'opted_out',
  'no_consent',
  'patient_died',
  'address_changed',
  'no_common_hour',
  'too_late',
  'not_allowed_outside',
  // failed, or unknown
  'refused',
  'no_answer',
  'server_error',
  'process_ended',
] as const;
export type DeliveryReason = (typeof DELIVERY_REASONS)[number];

/** What became of one outgoing message (FHIR Communication.status, in the clinic's words). */
export const Delivery = z.object({
  message_id: system('id'),
  draft_id: system('id'),
  channel: z.enum(['sms', 'email']),
  patient_id: system('id'),
  patient: system('person_name').optional(),
  /** The last four digits of the number; an e-mail address stays in the chart. */
  to_last4: system('digits').optional(),
  status: z.enum(DELIVERY_STATES),
  reason: z.enum(DELIVERY_REASONS).optional(),
  signed_at: system('instant'),
  /** It waits until then, for the quiet hours by the clock of `time_zone`, where the patient is. */
  not_before: system('instant').optional(),
  time_zone: system('time_zone').optional(),
  attempts: z.number().int(),
  /** When it was sent, failed, was given up or cancelled. */
  settled_at: system('instant').optional(),
});
export type Delivery = z.infer<typeof Delivery>;

/** What became of the messages that were signed. */
export interface Deliveries {
  /** Those of one draft; none for a draft that sends nothing out of the house. */
  ofDraft(query: { draft_id: string }): Promise<Delivery[]>;
  /** Those that failed, are unknown or were cancelled, and those that wait a day and more though they are due (nobody sends), newest first. Throws Fault invalid_input (stale cursor). */
  notGone(query: { limit: number; after?: string | undefined }): Promise<{ deliveries: Delivery[]; more: boolean }>;
}
