// Two processes and one account: who hands it back, and when. On real PostgreSQL.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { aDatabase, type TestDatabase } from '../../test/pg.ts';
import { verifies } from '../../test/promises.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { openPool, type Pool } from '../db/pool.ts';
import { createSandboxTenant } from '../governance/users.ts';
import type { Answer } from './account.ts';
import { openAccountBooks } from './account-books.ts';
import { openSessionKeeper } from './session-keeper.ts';

let database: TestDatabase;
let pool: Pool;
const tenant_id = randomUUID();
beforeAll(async () => {
  database = await aDatabase();
  const admin = new pg.Client(database.admin);
  await admin.connect();
  await createSandboxTenant(admin, systemRandom, { tenant_id, name: 'Clinic', time_zone: 'America/New_York' }, []);
  await admin.end();
  pool = openPool(database.keeper, { max: 4, failed: () => {} });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const HOME: Answer = {
  ...{ page: 'home', user_id: 'attending', practice_code: 'JUNIPER', jar: '1' },
  ...{ ttl_ms: 3_600_000, idle_limit_ms: 3_600_000, can_refresh: false },
};

verifies(
  'wires:handed-back-after-its-answer',
  async () => {
    const key = `account:${randomUUID()}`;
    const logins: string[] = [];
    const answer = Promise.withResolvers<Answer>();
    const begun = Promise.withResolvers<void>();
    const keeper = (me: string) =>
      openSessionKeeper({
        ...{ me, key, books: openAccountBooks(pool, { tenant_id }), clock: systemClock, chance: () => 0.5, tell: () => {} },
        rule: {
          session: { user_id: 'attending', practice_code: 'JUNIPER', lock_after: 5, lock_window_ms: 3_600_000 },
          factor: { channel: 'person', senders: [], pattern: /(\d{6})/ },
        },
        vendor: {
          send() {
            logins.push(me);
            begun.resolve();
            return answer.promise;
          },
        },
        totp: async () => null,
        peers: { ask: async () => 'not_mine' as const },
      });
    const [one, other] = [keeper('one'), keeper('other')];
    const told = one.need({ within_ms: 20_000 });
    await begun.promise;

    // It is asked to hand the account back while its sign-in is out: nobody else may begin one beside it.
    const handed_back = one.close();
    expect(await other.claim()).toBe(false);
    answer.resolve(HOME);
    await handed_back;
    expect(await other.claim()).toBe(true);
    expect(await other.need({ within_ms: 20_000 })).toMatchObject({ is: 'live', epoch: 1, owner: 'other' });
    expect(logins).toEqual(['one']);
    await told;
    await other.close();
  },
  60_000,
);
