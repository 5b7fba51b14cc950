import { describe, expect, it } from 'vitest';
import type { Delivery } from '../api/types.ts';
import { deliverySentence } from './deliveries.ts';

const aText = (own: Partial<Delivery> = {}): Delivery => ({
  ...{ message_id: 'm', draft_id: 'd', channel: 'sms', patient_id: 'p', to_last4: '0117', status: 'waiting' },
  ...{ signed_at: '2026-11-20T21:00:00-05:00', attempts: 0 },
  ...own,
});
const said = (own: Partial<Delivery>) => deliverySentence(aText(own), 'America/New_York');

describe('what became of a message', () => {
  it('tells the morning by the clock of the patient', () => {
    expect(said({ not_before: '2026-11-21T11:00:00-05:00', time_zone: 'America/Los_Angeles', reason: 'quiet_hours' })).toBe(
      'The text to the number ending in 0117 waits until Nov 21, 2026, 8:00 AM (Los Angeles time). Texts go by day, where the patient may be.',
    );
    expect(said({})).toBe('The text to the number ending in 0117 waits to be sent.');
  });
  it('tells when it went, by the clock of the clinic', () => {
    expect(said({ status: 'sent', settled_at: '2026-11-20T16:00:00-05:00' })).toContain('was sent Nov 20, 2026, 4:00 PM.');
    expect(deliverySentence(aText({ channel: 'email', status: 'sent' }), 'America/New_York')).toBe(
      'The e-mail that a message waits was sent.',
    );
  });
  it('never says of an unknown one that it went or did not', () => {
    expect(said({ status: 'unknown', reason: 'process_ended' })).toMatch(/may have gone or not.*not sent again by itself/);
    expect(said({ status: 'cancelled', reason: 'opted_out' })).toMatch(/was not sent: texts to this number were ended/);
    expect(said({ status: 'failed', reason: 'not_allowed_outside' })).toMatch(/did not go: no signed addendum/);
  });
});
