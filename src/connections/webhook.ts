// Machine J: one event on its way to one endpoint, and what an endpoint's answers do to the endpoint. Source: connectors.md §1.3 J; standardwebhooks.com (schedule of Svix).
import type { DisabledReason, WebhookReason } from '../domains/webhooks.ts';
import { type Step, unmoved } from './machine.ts';

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

/** How long after the attempt before each attempt is made. After the last one it is dead. */
export const SCHEDULE_MS: readonly number[] = [0, 5 * S, 5 * MIN, 30 * MIN, 2 * H, 5 * H, 10 * H, 10 * H];
/** Each wait is longer by up to this share of it, as the roll says: what failed together does not come back together. */
const JITTER = 0.2;
/** Nothing but failures for so long disables an endpoint. */
export const GIVE_UP_AFTER_MS = 5 * 24 * H;
/** One that fails is left alone for so long, twice as long after each further failure in a row, then asked for one thing at a time. */
const BREATH_MS = 5 * S;
const LONGEST_BREATH_MS = 5 * MIN;

export interface Delivery {
  readonly status: 'waiting' | 'sending' | 'delivered' | 'dead';
  /** Attempts begun, since the last replay. */
  readonly attempts: number;
  /** Waiting: not before then; null: at once. */
  readonly due_at: number | null;
  /** Sending: whose attempt it is. An answer to another is not heard. */
  readonly claim: string | null;
  readonly reason: WebhookReason | null;
  /** HTTP status of the last answer. */
  readonly answer: number | null;
}

/** `roll`: of chance, in [0, 1). */
export type DeliveryEvent =
  | { type: 'take'; claim: string }
  | { type: 'answered'; claim: string; answer: number; roll: number }
  | { type: 'unanswered'; claim: string; reason: 'timed_out' | 'not_reached' | 'no_answer' | 'not_allowed_outside'; roll: number }
  /** Whoever sent it has ended: it may have arrived. */
  | { type: 'lost'; claim: string; roll: number }
  | { type: 'endpoint_disabled' }
  | { type: 'replay' };

/** `send`: only after the state is stored. `endpoint`: what the endpoint's machine is told, in the same transaction. */
export type DeliveryEffect = { type: 'send'; claim: string } | { type: 'endpoint'; event: EndpointEvent };

export function delivery(state: Delivery, event: DeliveryEvent, now: number): Step<Delivery, DeliveryEffect> {
  const { status, attempts, due_at, claim } = state;
  switch (event.type) {
    case 'take':
      if (status !== 'waiting' || (due_at !== null && due_at > now)) return unmoved(state);
      // Counted before it is sent: an attempt that kills its process is one too.
      return {
        state: { ...state, status: 'sending', attempts: attempts + 1, due_at: null, claim: event.claim },
        effects: [{ type: 'send', claim: event.claim }],
      };
    case 'answered': {
      if (status !== 'sending' || claim !== event.claim) return unmoved(state);
      const { answer } = event;
      const answered = { ...state, answer };
      const reason = reasonOf(event);
      if (reason === null) return { state: { ...answered, status: 'delivered', claim: null, reason }, effects: [told('succeeded')] };
      if (reason === 'gone') return { state: dead(answered, reason), effects: [told('gone')] };
      return { state: again(answered, reason, event.roll, now), effects: [told('failed')] };
    }
    case 'unanswered': {
      if (status !== 'sending' || claim !== event.claim) return unmoved(state);
      // It may not be dialled: asking again is no way to be allowed to.
      const isFinal = event.reason === 'not_allowed_outside';
      return {
        state: isFinal ? dead(state, event.reason) : again({ ...state, answer: null }, event.reason, event.roll, now),
        effects: [told('failed')],
      };
    }
    case 'lost':
      // Our own end says nothing of the endpoint.
      return status === 'sending' && claim === event.claim
        ? { state: again(state, 'process_ended', event.roll, now), effects: [] }
        : unmoved(state);
    case 'endpoint_disabled':
      return status === 'waiting' ? { state: dead(state, 'endpoint_disabled'), effects: [] } : unmoved(state);
    case 'replay':
      return status === 'dead' ? { state: { ...state, status: 'waiting', attempts: 0, due_at: null }, effects: [] } : unmoved(state);
    default:
      return event satisfies never;
  }
}

/** The end of an attempt. */
type Ending = Extract<DeliveryEvent, { type: 'answered' | 'unanswered' | 'lost' }>;
/** Why an attempt that ended so was not taken; null: it was. */
export function reasonOf(event: Ending): WebhookReason | null {
  if (event.type === 'lost') return 'process_ended';
  if (event.type === 'unanswered') return event.reason;
  if (event.answer >= 200 && event.answer < 300) return null;
  return event.answer === 410 ? 'gone' : 'refused';
}

const told = (type: 'succeeded' | 'failed' | 'gone'): DeliveryEffect => ({ type: 'endpoint', event: { type } });

function dead(state: Delivery, reason: WebhookReason): Delivery {
  return { ...state, status: 'dead', due_at: null, claim: null, reason };
}

/** It waits for its next attempt; after the last there is none. */
function again(state: Delivery, reason: WebhookReason, roll: number, now: number): Delivery {
  const wait_ms = SCHEDULE_MS[state.attempts];
  if (wait_ms === undefined) return dead(state, reason);
  return { ...state, status: 'waiting', due_at: now + Math.round(wait_ms * (1 + JITTER * roll)), claim: null, reason };
}

export interface Endpoint {
  readonly status: 'enabled' | 'disabled';
  /** In a row, since the last success. */
  readonly failures: number;
  /** When the first of them was. */
  readonly failing_since: number | null;
  /** It is left alone until then. */
  readonly paused_until: number | null;
  readonly disabled_reason: DisabledReason | null;
}

export type EndpointEvent = { type: 'succeeded' | 'failed' | 'gone' | 'disable' | 'enable' };

export function endpoint(state: Endpoint, event: EndpointEvent, now: number): Step<Endpoint, never> {
  const isEnabled = state.status === 'enabled';
  if ((event.type === 'enable') === isEnabled) return unmoved(state);
  switch (event.type) {
    case 'succeeded':
      return { state: { ...state, failures: 0, failing_since: null, paused_until: null }, effects: [] };
    case 'failed': {
      const failures = state.failures + 1;
      const failing_since = state.failing_since ?? now;
      const failing = { ...state, failures, failing_since };
      if (now - failing_since >= GIVE_UP_AFTER_MS) return disabled(failing, 'five_days_of_failures');
      const breath_ms = Math.min(BREATH_MS * 2 ** Math.min(failures - 1, 10), LONGEST_BREATH_MS);
      return { state: { ...failing, paused_until: now + breath_ms }, effects: [] };
    }
    case 'gone':
      return disabled(state, 'gone');
    case 'disable':
      return disabled(state, 'by_person');
    case 'enable':
      return { state: { status: 'enabled', failures: 0, failing_since: null, paused_until: null, disabled_reason: null }, effects: [] };
    default:
      return event.type satisfies never;
  }
}

function disabled(state: Endpoint, reason: DisabledReason): Step<Endpoint, never> {
  return { state: { ...state, status: 'disabled', paused_until: null, disabled_reason: reason }, effects: [] };
}

/** What one event does to a delivery and, through it, to its endpoint: both are stored in one transaction. What would wait for an endpoint that is disabled is dead. */
export function settle(
  both: { delivery: Delivery; endpoint: Endpoint },
  event: DeliveryEvent,
  now: number,
): { delivery: Delivery; endpoint: Endpoint; sends: boolean } {
  // Somebody enabled it meanwhile.
  if (event.type === 'endpoint_disabled' && both.endpoint.status === 'enabled') return { ...both, sends: false };
  const step = delivery(both.delivery, event, now);
  let stands = both.endpoint;
  for (const effect of step.effects) if (effect.type === 'endpoint') stands = endpoint(stands, effect.event, now).state;
  const left = stands.status === 'disabled' ? delivery(step.state, { type: 'endpoint_disabled' }, now).state : step.state;
  return { delivery: left, endpoint: stands, sends: step.effects.some(({ type }) => type === 'send') };
}
