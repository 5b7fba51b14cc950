// A whole Attending for a test: its own database with the two synthetic clinics, real sockets, a clock that stands on a known day.
import { Writable } from 'node:stream';
import pg from 'pg';
import { pino } from 'pino';
import { type App, openApp, VERSION } from '../src/app.ts';
import { type Clock, systemClock } from '../src/base/clock.ts';
import { systemRandom } from '../src/base/random.ts';
import type { Vault } from '../src/connections/vault.ts';
import type { Role } from '../src/governance/roles.ts';
import { listen, openServer } from '../src/http/server.ts';
import type { Carriers } from '../src/jobs/send-messages.ts';
import { catalogue } from '../src/operations/index.ts';
import type { Connector } from '../src/sources/connector.ts';
import { type SandboxTenant, seedSandbox } from '../src/start/sandbox.ts';
import { aVault, type MemoryVault } from './builders/sealer.ts';
import { aVaultOf } from './builders/vault.ts';
import { aDatabase, type TestDatabase } from './pg.ts';

export const TODAY = '2026-11-20';
/** Passwords of a test cost a millisecond each. */
export const CHEAP = 8;
/** 10:00 in New York on TODAY, and time goes on from there for durations only. */
export const testClock: Clock = { ...systemClock, now: () => new Date('2026-11-20T15:00:00Z') };

export interface Attending {
  url: string;
  /** Juniper Street Clinic, then Cedar Hollow Family Health. */
  tenants: SandboxTenant[];
  /** The tokens of the first clinic, by role. */
  tokens: Record<Role, string>;
  token(role: Role, clinic?: 0 | 1): string;
  app: App;
  database: TestDatabase;
  /** The superuser's view, for looking at what was written. */
  admin: pg.Client;
  /** Where it seals the secrets of its webhooks. */
  vault: MemoryVault;
  /** Where it keeps the secrets of vendor accounts, where it works any. */
  account_vault: Vault | undefined;
  /** Every log line so far. */
  logged(): string;
  close(): Promise<void>;
}

type Extend = Parameters<typeof openServer>[0]['extend'];

/** Starts it. Close it in afterAll. */
export async function startAttending({
  call_timeout_ms = 20_000,
  extend,
  as_of = TODAY,
  carriers,
  connectors,
  clock: at = testClock,
  dealings,
}: {
  call_timeout_ms?: number;
  extend?: Extend;
  /** The day up to which the clinics have a record, and the clock: another pair only where a person looks at it. */
  as_of?: string;
  /** Who takes its messages; without them it sends none. */
  carriers?: Carriers;
  /** Record systems besides the clinic's own. */
  connectors?: Readonly<Record<string, Connector>>;
  clock?: Clock;
  /** How vendors are dealt with; without them it works no vendor account. */
  dealings?: NonNullable<Parameters<typeof openApp>[0]['keeping']>['dealings'];
} = {}): Promise<Attending> {
  const database = await aDatabase();
  const admin = new pg.Client(database.admin);
  await admin.connect();
  const tenants = await seedSandbox(admin, { random: systemRandom, as_of, log: () => {}, password_cost: CHEAP });
  let lines = '';
  const log = pino(
    { level: 'debug' },
    new Writable({
      write(chunk, _encoding, done) {
        lines += chunk;
        done();
      },
    }),
  );
  const sending = carriers && { database: database.sender, carriers };
  const vault = aVault();
  const webhooks = { database: database.keeper, ...vault };
  const vaulted = dealings && (await aVaultOf(database));
  const keeping = vaulted && { database: database.keeper, vault: vaulted.vault, dealings, lease_ms: 12_000 };
  const app = openApp({
    database: database.api,
    sending,
    webhooks,
    keeping,
    connectors,
    call_timeout_ms,
    password_cost: CHEAP,
    clock: at,
    log,
  });
  const { gate, logins, clock, random } = app;
  const server = openServer({ gate, logins, catalogue, log, random, clock, version: VERSION, ...(extend && { extend }) });
  const { url, close } = await listen(server, { host: '127.0.0.1', port: 0 });
  const token = (role: Role, clinic: 0 | 1 = 0) => tenants[clinic]?.credentials.find((credential) => credential.role === role)?.token ?? '';
  const tokens = Object.fromEntries(tenants[0]?.credentials.map((credential) => [credential.role, credential.token]) ?? []) as Record<
    Role,
    string
  >;
  return {
    url,
    tenants,
    tokens,
    token,
    app,
    database,
    admin,
    vault,
    account_vault: vaulted?.vault,
    logged: () => lines,
    async close() {
      await close();
      await app.close();
      await vaulted?.close();
      await admin.end();
      await database.drop();
    },
  };
}
