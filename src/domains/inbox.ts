// What waits for somebody in the clinic (connectors.md §2.9).
import * as z from 'zod';
import type { Excluded } from './definitions.ts';
import { LabFlag } from './labs.ts';
import { clinic, external, Narrative, system } from './mark.ts';

export const INBOX_KINDS = ['message', 'result', 'task', 'refill', 'unsigned_note'] as const;
export const InboxKind = z.enum(INBOX_KINDS);
export type InboxKind = z.infer<typeof InboxKind>;

/** One item. FHIR Communication, Observation without review, Task, MedicationRequest renewal, or an unsigned note. */
export const InboxItem = z.object({
  item_id: system('id'),
  kind: InboxKind,
  patient_id: system('id').optional(),
  patient: system('person_name').optional(),
  patient_status: z.enum(['inactive', 'deceased', 'merged']).optional(),
  practitioner: system('person_name').optional().describe('whose it is'),
  needs_action: z.boolean(),
  priority: z.enum(['critical', 'urgent', 'routine']),
  since: system('instant').describe('arrived, resulted, asked or written'),
  age_hours: z.number().int(),
  unread: z.boolean().optional().describe('by you'),
  category: z.enum(['clinical', 'administrative', 'billing', 'scheduling']).optional(),
  channel: z.enum(['portal', 'sms', 'email', 'phone']).optional(),
  /** Of a message or a task's kind, a lab's analyte, a drug, a note's title. */
  about: system('term').optional(),
  title: clinic().optional().describe('of a task'),
  subject: external().optional(),
  text: Narrative.optional(),
  characters: z.number().int().optional().describe('of the whole text, where it is cut; ask for item_id'),
  value: z.number().optional(),
  comparator: z.enum(['<', '<=', '>', '>=']).optional(),
  value_text: system('term').optional(),
  unit: system('unit').optional(),
  flag: LabFlag.optional(),
  preliminary: z.literal(true).optional(),
  due_on: system('partial_date').optional(),
  task_status: z.enum(['requested', 'in_progress', 'on_hold']).optional(),
  asked_by: z.enum(['patient', 'pharmacy']).optional(),
});
export type InboxItem = z.infer<typeof InboxItem>;

/** How many wait, by kind; a kind that was not looked at is absent. */
export const InboxCounts = z.object({
  message: z.number().int().optional().describe('unanswered'),
  unread: z.number().int().optional().describe('messages you have not read'),
  result: z.number().int().optional().describe('abnormal, not reviewed'),
  critical: z.number().int().optional().describe('of the results'),
  task: z.number().int().optional(),
  refill: z.number().int().optional(),
  unsigned_note: z.number().int().optional(),
});
export type InboxCounts = z.infer<typeof InboxCounts>;

/** How a lab callback was dealt with, as lab_reviews keeps it. */
export const ReviewAction = z.enum(['no_action', 'patient_called', 'message_sent', 'repeat_ordered', 'treatment_changed', 'referred']);
export type ReviewAction = z.infer<typeof ReviewAction>;

/** An item that waits and can be done: a task, or a result that is not known to be normal and that nobody reviewed. `told`: what it is, for who signs. */
export interface OpenItem {
  kind: 'task' | 'result';
  patient_id?: string;
  told: string;
}

/** What a source may support for the inbox. */
export interface Inbox {
  /** Open items of `kinds`: critical, urgent, what needs action, what is only unread; in each, newest first, from after the record `after`. A message is open
   *  until the clinic answered it and this user read it (`unread_only`: until read); a result while it is abnormal and nobody reviewed it. Without `clinical`
   *  only messages and tasks that tell nothing of a patient's health. `counts` and `excluded` come with the first page.
   *  Throws Fault invalid_input (stale cursor, unknown practitioner), not_found (`item_id`). */
  list(query: {
    kinds: readonly InboxKind[];
    unread_only: boolean;
    clinical: boolean;
    practitioner_id?: string | undefined;
    patient_id?: string | undefined;
    item_id?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ items: InboxItem[]; more: boolean; counts?: InboxCounts; excluded?: Excluded }>;
  /** One task or result that waits. Without `clinical` no task that tells of a patient's health, without `results` no result: they are not there.
   *  Throws Fault not_found, conflict (it was done since), invalid_input (a message, a refill, a note). */
  waiting(query: { item_id: string; clinical: boolean; results: boolean }): Promise<OpenItem>;
  /** Ends a task: who, when and what was done. Only in the transaction of a signature. Throws Fault conflict where it was ended since. */
  complete(done: { item_id: string; outcome: string; ended_at: string; ended_by: string }): Promise<void>;
  /** Writes that a result was looked at; the same `review_id` again is the same review. Only in the transaction of a signature. Throws Fault conflict where it was since. */
  acknowledge(review: {
    review_id: string;
    item_id: string;
    patient_id: string;
    reviewed_by: string;
    reviewed_at: string;
    action: ReviewAction;
    note: string;
  }): Promise<void>;
}
