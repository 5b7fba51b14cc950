// Processes on one PostgreSQL call one vendor as fast as they may. The vendor counts, by the minutes of a clock that is not ours.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { systemRandom } from '../../src/base/random.ts';
import { createSandboxTenant } from '../../src/governance/users.ts';
import { killed } from '../builders/double.ts';
import { type Caller, type MeteredVendor, startCaller, startMeteredVendor } from '../builders/metered.ts';
import { aDatabase, type TestDatabase } from '../pg.ts';
import { verifies } from '../promises.ts';

/** The first minute of the vendor's is as good as over: what is called in it and in the next is called within this test. */
const BEGINS_S = 42;
const tenant_id = randomUUID();
const callers: Caller[] = [];

let database: TestDatabase;
let vendor: MeteredVendor;

beforeAll(async () => {
  [database, vendor] = [await aDatabase(), await startMeteredVendor(BEGINS_S)];
  const admin = new pg.Client(database.admin);
  await admin.connect();
  await createSandboxTenant(admin, systemRandom, { tenant_id, name: 'Clinic', time_zone: 'America/New_York' }, [
    { user_id: randomUUID(), email: 'ada@clinic.example', display_name: 'Ada Okafor', role: 'owner' },
  ]);
  await admin.end();
});
afterAll(async () => {
  for (const { child } of callers) child.kill('SIGKILL');
  vendor.close();
  await database.drop();
});

const start = (account: string) => {
  const caller = startCaller({ database: database.keeper, port: vendor.port, tenant_id, account });
  callers.push(caller);
  return caller;
};
const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
};
const counts = async () =>
  (await vendor.seen()).minutes.map(({ counted: { '/page': pages = 0, '/chart': charts = 0 } }) => ({
    pages,
    charts,
    all: pages + charts,
  }));

let alive: Caller[] = [];

verifies(
  'wires:paced-over-all-processes',
  async () => {
    const [first, second, third] = [start('a'), start('b'), start('c')];
    // The vendor's next minute has begun, and pages are under way.
    await until(async () => ((await counts())[1]?.pages ?? 0) >= 20 && (await vendor.seen()).under_way > 0);
    await killed(third.child);
    const fourth = start('c');
    alive = [first, second, fourth];
    await until(async () => (await fourth.called()).answered >= 5 && (await counts()).some(({ all }) => all >= 200));

    const { minutes } = await vendor.seen();
    expect(minutes.map(({ refused }) => refused)).toEqual(minutes.map(() => 0));
    // 225 of the 250, and of the rest the first call of each process, which does not know the vendor's clock.
    for (const { all } of await counts()) expect(all).toBeLessThanOrEqual(225 + callers.length);
    for (const { called } of alive) expect((await called()).answered).toBeGreaterThan(0);
  },
  150_000,
);

verifies('wires:people-before-batches', async () => {
  await until(async () => (await Promise.all(alive.map(({ called }) => called()))).every(({ charts }) => charts.answered > 0));
  for (const { called } of alive) {
    const { charts, most_overtaken } = await called();
    expect(charts.refused).toBe(0);
    expect(most_overtaken).toBeLessThanOrEqual(1);
  }
});
