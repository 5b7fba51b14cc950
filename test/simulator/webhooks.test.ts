// Webhooks in a simulated world (connectors.md T13), a tenth of its size; the whole of it by `npm run simulate`.
import { describe, expect, it } from 'vitest';
import { headersOf } from '../../src/connections/webhook-message.ts';
import { verifies } from '../promises.ts';
import { attackWebhooks } from './webhook-attack.ts';
import { WEBHOOK_BUGS } from './webhook-bugs.ts';
import { simulateWebhooks, traceOfWebhooks } from './webhooks.ts';

verifies(
  'webhooks:delivered-or-dead-letter',
  async () => {
    const simulated = await simulateWebhooks({ schedules: 1_000, seed: 1 });
    expect(simulated).toMatchObject({ violations: 0, first_failing_seed: null });
    // It was no fair weather.
    expect(simulated.failed_sends / simulated.sends).toBeGreaterThan(0.3);
    expect(simulated.delivered).toBeGreaterThan(10_000);
    expect(simulated.dead).toBeGreaterThan(500);
  },
  120_000,
);

describe('the simulator sees what is wrong with', () => {
  it.each(WEBHOOK_BUGS)('%s, within 2,000 schedules', async (bug) => {
    let caught: number | null = null;
    for (let seed = 1; caught === null && seed <= 2_000; seed += 5)
      caught = (await simulateWebhooks({ schedules: 5, seed, bug })).first_failing_seed;
    expect(caught).not.toBeNull();
    expect((await traceOfWebhooks(caught as number, bug)).join('\n')).toContain('VIOLATION');
  });
  it('a bug by a name that nobody gave: it is told', async () => {
    await expect(simulateWebhooks({ schedules: 1, seed: 1, bug: 'no_such_bug' })).rejects.toThrow('there is no bug no_such_bug');
  });
});

it('a seed is one world: its trace is the same, byte for byte', async () => {
  const [first, second, other] = [await traceOfWebhooks(8), await traceOfWebhooks(8), await traceOfWebhooks(9)];
  expect(first.length).toBeGreaterThan(50);
  expect(first.join('\n')).toBe(second.join('\n'));
  expect(first.join('\n')).not.toBe(other.join('\n'));
});

verifies('webhooks:signed', () => {
  expect(attackWebhooks({ attempts: 10_000, seed: 1 })).toMatchObject({ accepted: 0 });
  expect(attackWebhooks({ attempts: 1_000, seed: 2 }).genuine).toBeGreaterThan(300);
  // It can fail: a signature that does not cover the time, or one message for all.
  const sloppy: typeof headersOf = (told, body, { secrets, now }) => {
    const renewed = { ...headersOf(told, body, { secrets, now }) };
    renewed['webhook-timestamp'] = String(Math.floor(Date.now() / 1000));
    renewed['webhook-signature'] = headersOf(told, body, { secrets, now: new Date() })['webhook-signature'] ?? '';
    return renewed;
  };
  expect(attackWebhooks({ attempts: 1_000, seed: 1, sign: sloppy }).accepted).toBeGreaterThan(50);
});
