// A clinic whose owner (Ada) and physician (Ben) can sign in, on a database of its own.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { systemRandom as random } from '../../src/base/random.ts';
import { openPool, type Pool } from '../../src/db/pool.ts';
import { openTenantTx } from '../../src/db/tenant.ts';
import type { Tx } from '../../src/db/tx.ts';
import { hashOf } from '../../src/governance/credentials.ts';
import { type Logins, openLogins, type Visit } from '../../src/governance/logins.ts';
import { giveLogins } from '../../src/governance/logins-given.ts';
import type { Role } from '../../src/governance/roles.ts';
import { createSandboxTenant } from '../../src/governance/users.ts';
import { aDatabase, type TestDatabase } from '../pg.ts';
import { codeOf, forgetCodes, type Staff } from './staff.ts';

/** log2 N of scrypt: a millisecond. */
const CHEAP = 8;

export interface Person extends Staff {
  user_id: string;
  tenant_id: string;
}

export interface ClinicWithLogins {
  tenant_id: string;
  ada: Person;
  ben: Person;
  admin: pg.Client;
  pool: Pool;
  logins: Logins;
  database: TestDatabase;
  /** One more clinic with one person in it. */
  another(name: string, email: string, role: Role): Promise<Person>;
  /** A challenge that a code answers. */
  challenge(who: Staff, at?: Visit): Promise<string>;
  /** Signs in with password and code; the codes of before are forgotten, the budgets are not. */
  signIn(who: Staff, at?: Visit): Promise<{ token: string; device: string }>;
  /** What this login does in one call that may write. */
  asLogin<T>(token: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Lets time go by for whoever has to wait. */
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
}

export function aVisit(own: Partial<Visit> = {}): Visit {
  return { ip: '203.0.113.7', user_agent: 'a browser', request_id: randomUUID(), device: undefined, ...own };
}

/** A refusal as one can compare it; 'let in' for none. */
export function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'let in',
    ({ type, message, facts }: { type: string; message: string; facts: object }) => ({ type, message, facts }),
  );
}

/** The same words whatever is wrong. */
export const REFUSED = {
  type: 'unauthenticated',
  message: 'That did not fit: the e-mail, the password, the code or the link. Begin again.',
  facts: {},
};

export async function aClinicWithLogins(): Promise<ClinicWithLogins> {
  const database = await aDatabase();
  const admin = new pg.Client(database.admin);
  await admin.connect();
  const pool = openPool(database.api, { max: 8, failed: () => {} });
  const logins = openLogins({ pool, random, cost: CHEAP });
  const give = async (tenant_id: string, user_id: string, email: string): Promise<Person> => {
    const [given] = await giveLogins(admin, random, [{ tenant_id, user_id, email, clinic: 'Clinic' }], CHEAP);
    return { email, user_id, tenant_id, password: '', totp_secret: '', ...given };
  };
  const tenant_id = randomUUID();
  const [ada_id, ben_id] = [randomUUID(), randomUUID()];
  await createSandboxTenant(admin, random, { tenant_id, name: 'Clinic', time_zone: 'America/New_York' }, [
    { user_id: ada_id, email: 'ada@clinic.example', display_name: 'Ada Okafor', role: 'owner' },
    { user_id: ben_id, email: 'ben@clinic.example', display_name: 'Ben Ruiz', role: 'physician' },
  ]);
  const challenge = async ({ email, password }: Staff, at = aVisit()) => {
    const answer = await logins.signIn({ email, password }, at);
    if (!('challenge' in answer)) throw new Error('more than one clinic');
    return answer.challenge;
  };
  return {
    ...{ tenant_id, admin, pool, logins, database, challenge },
    ada: await give(tenant_id, ada_id, 'ada@clinic.example'),
    ben: await give(tenant_id, ben_id, 'ben@clinic.example'),
    async another(name, email, role) {
      const [other, user_id] = [randomUUID(), randomUUID()];
      await createSandboxTenant(admin, random, { tenant_id: other, name, time_zone: 'America/New_York' }, [
        { user_id, email, display_name: 'Cora Lind', role },
      ]);
      return give(other, user_id, email);
    },
    async signIn(who, at = aVisit()) {
      await forgetCodes(admin);
      return logins.answer({ challenge: await challenge(who, at), code: codeOf(who.totp_secret) }, at);
    },
    async asLogin(token, work) {
      const tx = openTenantTx(pool, hashOf(token), { writes: true });
      try {
        const done = await work(tx);
        await tx.end();
        return done;
      } catch (error) {
        await tx.abandon();
        throw error;
      }
    },
    async pass(seconds) {
      const back = `${seconds} * interval '1 second'`;
      await admin.query(`update guard.budgets set not_before = not_before - ${back}, last_at = last_at - ${back}`);
    },
    async close() {
      await pool.end();
      await admin.end();
      await database.drop();
    },
  };
}
