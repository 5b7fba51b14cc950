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

const Failure = z.object({ reason: z.enum(WEBHOOK_REASONS), answer: z.number().int().optional().describe('HTTP status') });

/** A place that is told of events. Never its secret. */
export const WebhookEndpoint = z.object({
  endpoint_id: system('id'),
  name: clinic(),
  /** With the port, where it is another than 443. The path and the query of its address may be a secret of the receiver's. */
  host: shown(z.string()),
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  state: z.enum(['enabled', 'disabled']),
  disabled_reason: z.enum(DISABLED_REASONS).optional(),
  /** What happened after it is not told to this endpoint. */
  disabled_at: system('instant').optional(),
  /** Since then every attempt failed. */
  failing_since: system('instant').optional(),
  /** What came of the newest attempt, while it fails. */
  last_failure: Failure.optional(),
  /** If nothing but failures comes until then it is disabled. */
  given_up_at: system('instant').optional(),
  /** It is left alone until then. */
  paused_until: system('instant').optional(),
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

/** What came of one attempt; without a reason it was taken. */
export const WebhookAttempt = Failure.partial().extend({ ended_at: system('instant') });
export type WebhookAttempt = z.infer<typeof WebhookAttempt>;

/** With every attempt that is over, the earliest first, those before a replay too. */
export const OpenedDelivery = WebhookDelivery.extend({ ended: z.array(WebhookAttempt) });
export type OpenedDelivery = z.infer<typeof OpenedDelivery>;

/** The clinic's book of webhooks; for a login. Throws Fault not_permitted, mfa_needed, not_found. */
export interface Webhooks {
  endpoints(): Promise<WebhookEndpoint[]>;
  /** The secret is shown once. Throws Fault invalid_input for an URL that is not to be dialled, too_many. */
  create(wanted: { name: string; url: string; events: readonly WebhookEvent[] }): Promise<{ endpoint_id: string; secret: string }>;
  /** A new secret, shown once. Throws Fault conflict while two are in use. */
  rotate(which: { endpoint_id: string }): Promise<{ secret: string; two_secrets_until: string }>;
  /** What waits goes on waiting. */
  update(wanted: { endpoint_id: string; name: string; events: readonly WebhookEvent[] }): Promise<void>;
  disable(which: { endpoint_id: string }): Promise<void>;
  enable(which: { endpoint_id: string }): Promise<void>;
  /** Nobody is shown it, or what was sent to it, again. Throws Fault conflict where it is enabled. */
  remove(which: { endpoint_id: string }): Promise<void>;
  /** Newest first. Throws Fault invalid_input (stale cursor). */
  deliveries(query: {
    endpoint_id?: string | undefined;
    status?: (typeof WEBHOOK_STATES)[number] | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ deliveries: WebhookDelivery[]; more: boolean }>;
  delivery(which: { delivery_id: string }): Promise<OpenedDelivery>;
  /** Sends what is in the dead letter once more, from the first attempt. Throws Fault conflict for anything else. */
  replay(which: { delivery_id: string }): Promise<void>;
  /** The whole dead letter of an endpoint. Throws Fault conflict where it is disabled. */
  replayAll(which: { endpoint_id: string }): Promise<{ replayed: number }>;
  /** Sends an event that says nothing. Throws Fault conflict where the endpoint is disabled. */
  test(which: { endpoint_id: string }): Promise<{ delivery_id: string }>;
}
