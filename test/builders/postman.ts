// A process that sends, run as a child by tests that kill it: app_sender's sessions, the double of a carrier, a clock that stands.
import { pino } from 'pino';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { type Connection, openPool } from '../../src/db/pool.ts';
import { openPostman } from '../../src/jobs/send-messages.ts';
import { type Ports, reaching } from './carriers.ts';

const { database, ports, now } = JSON.parse(process.argv[2] ?? '') as { database: Connection; ports: Ports; now: string };
const carrier = reaching(ports).aws;
const postman = openPostman(
  {
    pool: openPool(database, { max: 2, failed: () => {} }),
    carriers: { sms: carrier, email: carrier },
    ...{ clock: { ...systemClock, now: () => new Date(now) }, random: systemRandom, log: pino({ level: 'silent' }) },
  },
  { lost_after_ms: 0 },
);
process.once('disconnect', () => process.exit());
for (;;) {
  await postman.sendDue().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 20));
}
