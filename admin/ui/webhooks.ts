/** What programs of the clinic are told of, and what came of it, in words. */
import type { Webhook, WebhookDelivery } from '../api/types.ts';
import { instant, minuteOf } from './times.ts';

type EventType = Webhook['events'][number];
type Failure = { reason?: WebhookDelivery['reason']; answer?: number | undefined };

/** In the order in which a person chooses. */
export const WEBHOOK_EVENTS: Record<EventType, string> = {
  'draft.signed': 'A draft was signed',
  'draft.committed': 'What was signed is in the record',
  'draft.rejected': 'A draft was rejected',
  'appointment.changed': 'A visit was booked, moved, cancelled or corrected',
  'practitioner.changed': 'A clinician’s record changed',
  'operation.updated': 'A write to a vendor went on or ended',
  'connection.changed': 'How a vendor account stands changed',
};
export const webhookEventWord = (type: WebhookDelivery['type']) => (type === 'webhook.test' ? 'A test' : WEBHOOK_EVENTS[type]);

const REASONS: Record<Exclude<WebhookDelivery['reason'], undefined | 'refused'>, string> = {
  gone: 'It answered 410: it wants nothing more.',
  timed_out: 'It did not answer within 15 seconds.',
  not_reached: 'It could not be reached.',
  no_answer: 'It closed the line without an answer.',
  not_allowed_outside: 'It was not sent: no signed addendum covers a program outside, so nothing outside this machine is dialled.',
  process_ended: 'Attending stopped while it sent this, and it may have arrived.',
  endpoint_disabled: 'It was not sent: the program was disabled while it waited.',
};

/** Why an attempt was not taken, as a sentence. */
export function failureSentence({ reason, answer }: Failure): string {
  if (reason === undefined) return 'It was not taken.';
  return reason === 'refused' ? `It answered ${answer ?? 'no'}: ${refusalOf(answer ?? 0)}.` : REASONS[reason];
}

function refusalOf(answer: number): string {
  if (answer === 401 || answer === 403) return 'it did not believe the signature, or wants a sign-in';
  if (answer === 404 || answer === 405) return 'nothing takes messages at this address';
  if (answer === 429) return 'it is asked too often';
  if (answer >= 500) return 'it broke';
  return answer >= 300 && answer < 400 ? 'it points to another address, which is not followed' : 'it refused the message';
}

/** What a person can do about it. */
export function failureNext({ reason, answer = 0 }: Failure): string {
  if (reason === 'not_allowed_outside') return 'Nothing can arrive there before your clinic has a signed addendum. Disable it until then.';
  if (reason === 'refused' && [401, 403].includes(answer))
    return 'Have whoever runs it check that it has the newest secret. If that is lost, change the secret.';
  if (reason === 'refused' && (answer < 400 || answer === 404 || answer === 405))
    return 'Have whoever runs it check the address. Where that is another one, add it as a new program and disable this one.';
  return 'Tell whoever runs it.';
}

const DISABLED: Record<NonNullable<Webhook['disabled_reason']>, string> = {
  by_person: 'by a person of the clinic',
  gone: 'since it answered 410, which says that it wants nothing more',
  five_days_of_failures: 'since it took nothing for five days',
};

interface Standing {
  word: string;
  color: string;
  says: string;
  next?: string;
}

/** Whether an endpoint takes what it is told. `time_zone`: the clinic's. */
export function standingOf(webhook: Webhook, time_zone: string): Standing {
  const { state, disabled_at, disabled_reason = 'by_person', failing_since, last_failure, given_up_at, last_delivered_at } = webhook;
  if (state === 'disabled') {
    const gaveUp = disabled_reason === 'five_days_of_failures' && last_failure;
    return {
      word: 'Disabled',
      color: 'gray',
      says: `Disabled ${disabled_at ? `${instant(disabled_at, time_zone)} ` : ''}${DISABLED[disabled_reason]}.${gaveUp ? ` ${failureSentence(gaveUp)}` : ''}`,
      next: `${gaveUp ? `${failureNext(gaveUp)} ` : ''}Enable it once it is ready: it is told of what happens from then on. What it missed it reads from the list of changes.`,
    };
  }
  if (failing_since)
    return {
      word: 'Takes nothing',
      color: 'red',
      says: `It has taken nothing since ${instant(failing_since, time_zone)}. ${failureSentence(last_failure ?? {})}`,
      next: `${failureNext(last_failure ?? {})} Attending tries again by itself${given_up_at ? `; if nothing arrives before ${minuteOf(given_up_at, time_zone)}, it is disabled` : ''}.`,
    };
  if (last_delivered_at)
    return { word: 'Works', color: 'green', says: `It took the last message ${instant(last_delivered_at, time_zone)}.` };
  return { word: 'Not tried yet', color: 'gray', says: 'Nothing was sent to it yet. Send a test to see whether it takes it.' };
}

const times = (attempts: number) => (attempts === 1 ? 'one attempt' : `${attempts} attempts`);

/** How far one message has come. `time_zone`: the clinic's. */
export function webhookSentence(delivery: WebhookDelivery, time_zone: string): string {
  const { status, reason, attempts, due_at, settled_at, answer } = delivery;
  switch (status) {
    case 'waiting':
      if (attempts === 0) return 'It waits to be sent.';
      return `${failureSentence(delivery)} After ${times(attempts)} it is tried again${due_at ? ` ${instant(due_at, time_zone)}` : ' at once'}.`;
    case 'sending':
      return 'It is being sent.';
    case 'delivered':
      return `Taken${settled_at ? ` ${instant(settled_at, time_zone)}` : ''}${attempts > 1 ? ` at attempt ${attempts}` : ''}${answer === undefined ? '' : `, answered ${answer}`}.`;
    case 'dead':
      return reason === 'endpoint_disabled' || reason === 'not_allowed_outside'
        ? failureSentence(delivery)
        : `Given up after ${times(attempts)}. ${failureSentence(delivery)}`;
    default:
      return status satisfies never;
  }
}
