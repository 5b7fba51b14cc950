// A process that tells webhooks, run as a child by tests that kill it: app_keeper's sessions, real time, a vault that knows the secrets it is given.
import { pino } from 'pino';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openWebhookBook } from '../../src/connections/webhook-book.ts';
import { openTeller } from '../../src/connections/webhook-teller.ts';
import { type Connection, openPool } from '../../src/db/pool.ts';
import { notify } from '../../src/outbound/notify.ts';

const { database, secrets } = JSON.parse(process.argv[2] ?? '') as { database: Connection; secrets: Record<string, string> };
const teller = openTeller(
  {
    book: openWebhookBook(openPool(database, { max: 4, failed: () => {} })),
    sealerOf: () => ({ open: async (id) => secrets[id] as string }),
    ...{ notify, clock: systemClock, random: systemRandom, log: pino({ level: 'silent' }) },
  },
  // The database waits 5 s at least.
  { lost_after_ms: 0 },
);
process.once('disconnect', () => process.exit());
for (;;) {
  await teller.tellDue().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 20));
}
