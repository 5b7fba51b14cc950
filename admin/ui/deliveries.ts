/** What became of a message that left the house, or did not, as a sentence. */
import type { Delivery } from '../api/types.ts';
import { instant } from './times.ts';

const WAITS: Record<string, string> = {
  quiet_hours: 'Texts go by day, where the patient may be.',
  daily_cap: 'One text a day goes to a number.',
  weekly_cap: 'Three texts a week go to a number.',
  not_reached: 'The carrier could not be reached; it is tried again.',
  refused: 'The carrier asked to come again later.',
};
const ENDED: Record<string, string> = {
  opted_out: 'texts to this number were ended after it was signed',
  no_consent: 'nobody has recorded that texts may go to this number',
  patient_died: 'the chart says that the patient has died',
  address_changed: 'the chart has another number or address now',
  no_common_hour: 'the patient may be in places that have no hour of the day in common',
  too_late: 'it could not have gone within three days of the signature',
  not_allowed_outside: 'no signed addendum covers a carrier outside, so nothing outside is dialled',
  refused: 'the carrier refused it',
  not_reached: 'the carrier could not be reached',
};
const UNSURE: Record<string, string> = {
  no_answer: 'the carrier did not answer',
  server_error: 'the carrier failed while it had it',
  process_ended: 'the sending process ended while it sent it',
};

/** `time_zone`: the clinic's. */
export function deliverySentence(delivery: Delivery, time_zone: string): string {
  const { channel, status, reason = '', not_before, settled_at, to_last4 } = delivery;
  const what = channel === 'sms' ? `The text${to_last4 ? ` to the number ending in ${to_last4}` : ''}` : 'The e-mail that a message waits';
  const when = settled_at ? ` ${instant(settled_at, time_zone)}` : '';
  switch (status) {
    case 'waiting':
      return not_before
        ? `${what} waits until ${instant(not_before, delivery.time_zone ?? time_zone)}${delivery.time_zone ? ` (${placeOf(delivery.time_zone)})` : ''}. ${WAITS[reason] ?? ''}`.trim()
        : `${what} waits to be sent.`;
    case 'sending':
      return `${what} is being sent.`;
    case 'sent':
      return `${what} was sent${when}.`;
    case 'failed':
      return `${what} did not go: ${ENDED[reason] ?? 'it failed'}.`;
    case 'cancelled':
      return `${what} was not sent: ${ENDED[reason] ?? 'it was cancelled'}.`;
    case 'unknown':
      return `${what} may have gone or not: ${UNSURE[reason] ?? 'nobody knows'}. It is not sent again by itself; ask the patient, or have it drafted anew.`;
    default:
      return status satisfies never;
  }
}

/** `Los Angeles time` of America/Los_Angeles. */
const placeOf = (time_zone: string) => `${(time_zone.split('/').at(-1) ?? time_zone).replaceAll('_', ' ')} time`;
