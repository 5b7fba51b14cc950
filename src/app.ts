// The composition root: the only file that knows every room.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Clock, systemClock } from './base/clock.ts';
import { type Log, openLog, shapeOf } from './base/log.ts';
import { type Random, systemRandom } from './base/random.ts';
import { localDay } from './base/zone.ts';
import { accountSecrets } from './connections/account-secrets.ts';
import { openConnections } from './connections/connections.ts';
import { openDriftAlerts } from './connections/drift-alerts.ts';
import { type KeeperParts, openKeeper } from './connections/keeper.ts';
import type { Vault } from './connections/vault.ts';
import { openVendorWrites } from './connections/vendor-writes.ts';
import { openWebhookBook, openWebhooks } from './connections/webhook-book.ts';
import { openTeller, type Sealer } from './connections/webhook-teller.ts';
import { type Connection, openPool } from './db/pool.ts';
import { merge } from './domains/index.ts';
import { openBooks, sweepOrphans } from './governance/audit.ts';
import { openDoorkeeper } from './governance/authenticate.ts';
import { openAudit, openCredentials } from './governance/books.ts';
import type { PortsFor } from './governance/execute.ts';
import { type Gate, openGate } from './governance/gate.ts';
import { type Logins, openLogins } from './governance/logins.ts';
import { openPeople } from './governance/people.ts';
import { openReferences } from './governance/references.ts';
import { type Carriers, openPostman } from './jobs/send-messages.ts';
import { catalogue } from './operations/index.ts';
import { notify } from './outbound/notify.ts';
import { expireDrafts, openDesk } from './review/desk.ts';
import { registering } from './review/rows.ts';
import { standingApprovals } from './review/standing-approvals.ts';
import type { Connector } from './sources/connector.ts';
import { CONNECTORS, openSource } from './sources/index.ts';
import { native } from './sources/native/connector.ts';

export const VERSION: string = JSON.parse(readFileSync(path.join(import.meta.dirname, '../package.json'), 'utf8')).version;

/** What an app is made with. Time, chance and the log are ports: a test brings its own. */
export interface Made {
  database: Connection;
  call_timeout_ms: number;
  connections?: number;
  /** Without it this process sends no messages: what is signed waits for one that does. */
  sending?: { database: Connection; carriers: Carriers } | undefined;
  /** Without it there are no webhooks. `database` is of app_keeper; `sealerOf`: where a clinic's webhook secrets are kept. */
  webhooks?: { database: Connection; sealerOf(tenant_id: string): Sealer } | undefined;
  /** Without it this process works no vendor account. `database` is of app_keeper; `dealings`: how each vendor is dealt with, as its
   *  connector says where nothing else is said. */
  keeping?:
    | ({ database: Connection; vault: Vault } & Partial<Pick<KeeperParts, 'dealings' | 'lease_ms' | 'contract_limits' | 'doorOf'>>)
    | undefined;
  /** The record systems besides the clinic's own, by vendor; a test brings its own. */
  connectors?: Readonly<Record<string, Connector>> | undefined;
  /** Where people work; without it a path, `/admin`. */
  admin_url?: string | undefined;
  /** What a password costs, as log2 N of scrypt; a test's cost less. */
  password_cost?: number | undefined;
  clock?: Clock;
  random?: Random;
  log?: Log;
}

export interface App {
  gate: Gate;
  logins: Logins;
  clock: Clock;
  random: Random;
  log: Log;
  /** Ends the intents that a crash left open, and the drafts whose time is over. Runs by itself every `call_timeout_ms`. */
  sweep(): Promise<number>;
  /** Sends the messages that are due, and answers how many went. Runs by itself every few seconds, where this process sends. */
  send(): Promise<number>;
  /** Tells the webhooks that are due, and answers how many were taken. Runs by itself every second, where this process tells. */
  tell(): Promise<number>;
  /** Begins the vendor accounts on which there is something to do, and answers how many are at work. Runs by itself every second, where this process keeps accounts. */
  keep(): Promise<number>;
  /** This process's name in the leases of accounts, where it keeps any. */
  keeper_id: string | undefined;
  close(): Promise<void>;
}

const SEND_EVERY_MS = 5_000;
const TELL_EVERY_MS = 1_000;
const KEEP_EVERY_MS = 1_000;

/** A principal's ports: its record system's own, then the house's books. */
const portsWith =
  (
    random: Random,
    { admin_url, webhooks, keeping, connectors }: Pick<Made, 'webhooks' | 'keeping' | 'connectors'> & { admin_url: string },
  ): PortsFor =>
  (principal, tx, now) => {
    const [connection] = principal.connections;
    const today = localDay(now, principal.time_zone);
    const records = connection
      ? openSource(connection, { tx, now, today, time_zone: principal.time_zone, registering: registering(tx) }, connectors)
      : {};
    const books = {
      references: openReferences(tx, principal, now),
      drafts: openDesk({ tx, source: records, catalogue, caller: principal, now, today }),
      credentials: openCredentials(tx, random),
      audit: openAudit(tx),
      people: openPeople({ tx, random, admin_url }),
      approvals: standingApprovals({ tx, random, today }),
      ...(webhooks && { webhooks: openWebhooks({ tx, random, sealer: webhooks.sealerOf(principal.tenant_id) }) }),
      vendor_writes: openVendorWrites(tx),
    };
    const { tenant_id } = principal;
    const secretsOf = keeping && ((connection_id: string) => accountSecrets(keeping.vault, random, { tenant_id, connection_id }));
    const wires = { connections: { ...openConnections({ tx, kept_here: native.vendor, secretsOf }), ...openDriftAlerts(tx) } };
    return {
      source: merge(merge(records, books), wires),
      vendorOf: (domain) => (domain in books ? 'attending' : (connection?.vendor ?? 'attending')),
    };
  };

/** Opens the house on its database. The doors (http/) are opened over `gate`. */
export function openApp({
  database,
  call_timeout_ms,
  connections = 24,
  sending,
  webhooks,
  keeping,
  connectors,
  admin_url = '/admin',
  password_cost,
  clock = systemClock,
  random = systemRandom,
  log = openLog('info'),
}: Made): App {
  const known = { ...CONNECTORS, ...connectors };
  const dealings = Object.fromEntries(Object.values(known).flatMap((each) => (each.dealings ? [[each.vendor, each.dealings]] : [])));
  const failed = (error: unknown) => log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'database connection lost');
  const pool = openPool(database, { max: connections, failed });
  const doorkeeper = openDoorkeeper({ pool, clock, log });
  const gate = openGate({
    pool,
    doorkeeper,
    books: openBooks(pool),
    portsFor: portsWith(random, { admin_url, webhooks, keeping, connectors: known }),
    catalogue,
    clock,
    random,
    log,
    call_timeout_ms,
    admin_url,
  });
  const sweep = async () => {
    await expireDrafts(pool);
    return sweepOrphans(pool, 2 * call_timeout_ms);
  };
  const post = sending && openPool(sending.database, { max: 2, failed });
  const postman = sending && post && openPostman({ pool: post, carriers: sending.carriers, clock, random, log });
  const send = async () => (await postman?.sendDue()) ?? 0;
  const unsent = (error: unknown) => log.error(shapeOf(error), 'messages could not be sent');
  const stopSending = postman ? clock.every(SEND_EVERY_MS, async () => void (await send()), unsent) : () => {};
  const telling = webhooks && openPool(webhooks.database, { max: 4, failed });
  const teller =
    webhooks && telling && openTeller({ book: openWebhookBook(telling), sealerOf: webhooks.sealerOf, notify, clock, random, log });
  const tell = async () => (await teller?.tellDue()) ?? 0;
  const untold = (error: unknown) => log.error(shapeOf(error), 'webhooks could not be told');
  // A turn is not waited for: one slow receiver keeps no other waiting.
  const stopTelling = teller ? clock.every(TELL_EVERY_MS, async () => void tell().catch(untold), untold) : () => {};
  const accounts = keeping && openPool(keeping.database, { max: 8, failed });
  const keeper = keeping && accounts && openKeeper({ dealings, ...keeping, pool: accounts, clock, random, log });
  const keep = async () => (await keeper?.work()) ?? 0;
  const unkept = (error: unknown) => log.error(shapeOf(error), 'vendor accounts could not be looked after');
  const stopKeeping = keeper ? clock.every(KEEP_EVERY_MS, async () => void (await keep()), unkept) : () => {};
  const stop = clock.every(
    call_timeout_ms,
    async () => {
      const closed = await sweep();
      if (closed > 0) log.warn({ closed }, 'calls without an end were closed in the audit log');
    },
    failed,
  );
  return {
    gate,
    logins: openLogins({ pool, random, ...(password_cost !== undefined && { cost: password_cost }) }),
    clock,
    random,
    log,
    sweep,
    send,
    tell,
    keep,
    keeper_id: keeper?.me,
    async close() {
      stop();
      stopSending();
      stopTelling();
      stopKeeping();
      await postman?.close();
      await teller?.close();
      await keeper?.close();
      await post?.end();
      await telling?.end();
      await accounts?.end();
      await pool.end();
    },
  };
}
