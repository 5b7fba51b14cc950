import { describe, expect, it } from 'vitest';
import type { Webhook, WebhookDelivery } from '../api/types.ts';
import { failureNext, failureSentence, standingOf, WEBHOOK_EVENTS, webhookEventWord, webhookSentence } from './webhooks.ts';

const ZONE = 'America/New_York';
const AT = '2026-11-20T15:00:00-05:00';
const aWebhook = (own: Partial<Webhook> = {}): Webhook => ({
  ...{ endpoint_id: 'e', name: 'Practice portal', host: 'hooks.example.com', events: ['draft.signed'], state: 'enabled' },
  ...{ created_at: AT, waiting: 0, dead: 0 },
  ...own,
});
const aMessage = (own: Partial<WebhookDelivery> = {}): WebhookDelivery => ({
  ...{ delivery_id: 'd', event_id: 'v', endpoint_id: 'e', type: 'draft.signed', object_id: 'o', seq: 1, status: 'waiting' },
  ...{ attempts: 0, occurred_at: AT },
  ...own,
});
const REASONS = [
  ...(['refused', 'gone', 'timed_out', 'not_reached', 'no_answer', 'not_allowed_outside', 'process_ended'] as const),
  'endpoint_disabled' as const,
];

describe('a program that is told, in words', () => {
  it('was never tried, works, fails until it is given up, or is disabled and says why', () => {
    const said = (own: Partial<Webhook>) => {
      const { word, says, next = '' } = standingOf(aWebhook(own), ZONE);
      return [word, says, next].join(' | ');
    };
    expect(said({})).toContain('Not tried yet | Nothing was sent to it yet. Send a test');
    expect(said({ last_delivered_at: AT })).toBe('Works | It took the last message Nov 20, 2026, 3:00 PM. | ');
    const failing = {
      failing_since: AT,
      last_failure: { reason: 'refused', answer: 500 },
      given_up_at: '2026-11-25T15:00:00-05:00',
    } as const;
    expect(said({ ...failing, last_delivered_at: AT })).toBe(
      'Takes nothing | It has taken nothing since Nov 20, 2026, 3:00 PM. It answered 500: it broke. | Tell whoever runs it. Attending tries again by itself; if nothing arrives before Wed, Nov 25, 2026, 3:00 PM, it is disabled.',
    );
    // Of failures before attempts were kept nothing is known.
    expect(said({ failing_since: AT })).toContain('3:00 PM. It was not taken. | ');
    const disabled = { state: 'disabled', disabled_at: AT } as const;
    expect(said({ ...disabled, disabled_reason: 'by_person' })).toContain(
      'Disabled Nov 20, 2026, 3:00 PM by a person of the clinic. | Enable it',
    );
    expect(said({ ...disabled, disabled_reason: 'gone' })).toContain('since it answered 410');
    expect(said({ ...disabled, ...failing, disabled_reason: 'five_days_of_failures' })).toContain(
      'since it took nothing for five days. It answered 500: it broke. | Tell whoever runs it. Enable it once it is ready',
    );
  });

  it('is told why an attempt was not taken and what to do about it, whatever the answer was', () => {
    for (const reason of REASONS)
      for (const answer of [undefined, 301, 400, 401, 403, 404, 405, 410, 422, 429, 500, 599])
        for (const sentence of [failureSentence({ reason, answer }), failureNext({ reason, ...(answer !== undefined && { answer }) })])
          expect(sentence, `${reason} ${answer}`).toMatch(/^[A-Z](?!.*(undefined|null|NaN)).*\.$/);
    expect(failureSentence({ reason: 'refused', answer: 302 })).toBe(
      'It answered 302: it points to another address, which is not followed.',
    );
    expect(failureNext({ reason: 'refused', answer: 401 })).toContain('newest secret');
    expect(failureNext({ reason: 'refused', answer: 404 })).toContain('check the address');
    expect(failureNext({ reason: 'not_allowed_outside' })).toContain('signed addendum');
  });

  it('knows each event by words of its own', () => {
    const words = [...Object.keys(WEBHOOK_EVENTS), 'webhook.test'].map((type) => webhookEventWord(type as WebhookDelivery['type']));
    expect(new Set(words).size).toBe(8);
  });
});

describe('a message to a program, in words', () => {
  const said = (own: Partial<WebhookDelivery>) => webhookSentence(aMessage(own), ZONE);
  it('waits, and says after how many attempts and until when', () => {
    expect(said({})).toBe('It waits to be sent.');
    // Sent again by a person: what was before counts no more.
    expect(said({ reason: 'refused', answer: 500 })).toBe('It waits to be sent.');
    expect(said({ attempts: 3, reason: 'timed_out', due_at: AT })).toBe(
      'It did not answer within 15 seconds. After 3 attempts it is tried again Nov 20, 2026, 3:00 PM.',
    );
  });
  it('was taken, or was given up and says why', () => {
    expect(said({ status: 'sending', attempts: 1 })).toBe('It is being sent.');
    expect(said({ status: 'delivered', attempts: 1, answer: 204, settled_at: AT })).toBe('Taken Nov 20, 2026, 3:00 PM, answered 204.');
    expect(said({ status: 'delivered', attempts: 3, answer: 200, settled_at: AT })).toContain('at attempt 3, answered 200.');
    expect(said({ status: 'dead', attempts: 8, reason: 'refused', answer: 404 })).toBe(
      'Given up after 8 attempts. It answered 404: nothing takes messages at this address.',
    );
    expect(said({ status: 'dead', attempts: 2, reason: 'endpoint_disabled', answer: 500 })).toBe(
      'It was not sent: the program was disabled while it waited.',
    );
  });
});
