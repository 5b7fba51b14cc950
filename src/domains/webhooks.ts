import * as z from 'zod';
import { clinic, shown, system } from './mark.ts';

/** What a clinic's other programs can be told of: the whole list. The object that an event names is the word before the dot. */
export const WEBHOOK_EVENTS = [
  'draft.signed',
  'draft.committed',
  'draft.rejected',
  'operation.updated',
  'appointment.changed',
  'practitioner.changed',
  'connection.changed',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];
/** What a person sends to try an endpoint; nobody subscribes to it. */
export const TEST_EVENT = 'webhook.test';

/** waiting → sending → delivered | waiting | dead; dead → waiting, by a person. */
export const WEBHOOK_STATES = ['waiting', 'sending', 'delivered', 'dead'] as const;

/** What came of the last attempt, where it was not taken. */
export const WEBHOOK_REASONS = [
  'refused', // answered, and not with 2xx
  'gone', // 410: it wants no more
  'timed_out',
  'not_reached',
  'no_answer',
  'not_allowed_outside',
  'process_ended',
  'endpoint_disabled',
] as const;
export type WebhookReason = (typeof WEBHOOK_REASONS)[number];

export const DISABLED_REASONS = ['gone', 'five_days_of_failures', 'by_person'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

/** A place that is told of events. Never its secret. */
export const WebhookEndpoint = z.object({
  endpoint_id: system('id'),
  name: clinic(),
  url: shown(z.string()),
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  state: z.enum(['enabled', 'disabled']),
  disabled_reason: z.enum(DISABLED_REASONS).optional(),
  /** What happened after it is not told to this endpoint. */
  disabled_at: system('instant').optional(),
  /** Since then every attempt failed; after five days of that it is disabled. */
  failing_since: system('instant').optional(),
  last_delivered_at: system('instant').optional(),
  /** Until then messages are signed with the secret of before too. */
  two_secrets_until: system('instant').optional(),
  created_at: system('instant'),
  waiting: z.number().int(),
  dead: z.number().int().describe('deliveries in the dead letter'),
});
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>;

/** One event on its way to one endpoint. */
export const WebhookDelivery = z.object({
  delivery_id: system('id'),
  /** The `webhook-id`, the same in every attempt. */
  event_id: system('id'),
  endpoint_id: system('id'),
  type: z.enum([...WEBHOOK_EVENTS, TEST_EVENT]),
  object_id: system('id'),
  seq: z.number().int().describe('counts the events of this object'),
  status: z.enum(WEBHOOK_STATES),
  reason: z.enum(WEBHOOK_REASONS).optional(),
  answer: z.number().int().optional().describe('HTTP status of the last answer'),
  attempts: z.number().int(),
  /** Not tried again before then. */
  due_at: system('instant').optional(),
  occurred_at: system('instant'),
  settled_at: system('instant').optional(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** The clinic's book of webhooks; for a login. Throws Fault not_permitted, mfa_needed, not_found. */
export interface Webhooks {
  endpoints(): Promise<WebhookEndpoint[]>;
  /** The secret is shown once. Throws Fault invalid_input for an URL that is not to be dialled, too_many. */
  create(wanted: { name: string; url: string; events: readonly WebhookEvent[] }): Promise<{ endpoint_id: string; secret: string }>;
  /** A new secret, shown once. Throws Fault conflict while two are in use. */
  rotate(which: { endpoint_id: string }): Promise<{ secret: string; two_secrets_until: string }>;
  disable(which: { endpoint_id: string }): Promise<void>;
  enable(which: { endpoint_id: string }): Promise<void>;
  /** Newest first. Throws Fault invalid_input (stale cursor). */
  deliveries(query: {
    endpoint_id?: string | undefined;
    status?: (typeof WEBHOOK_STATES)[number] | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ deliveries: WebhookDelivery[]; more: boolean }>;
  /** Sends what is in the dead letter once more, from the first attempt. Throws Fault conflict for anything else. */
  replay(which: { delivery_id: string }): Promise<void>;
  /** Sends an event that says nothing. Throws Fault conflict where the endpoint is disabled. */
  test(which: { endpoint_id: string }): Promise<{ delivery_id: string }>;
}
