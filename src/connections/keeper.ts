// Keeps the vendor accounts of all clinics: each on which there is something to do is worked by one process, which has its lease. The one place where the wires are put together.
import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { type Log, shapeOf } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { Connection, Pool } from '../db/pool.ts';
import type { Dial } from '../outbound/dial.ts';
import { openAccountBooks } from './account-books.ts';
import { accountSecrets, markerKeyOf } from './account-secrets.ts';
import { type AccountWithWork, accountsWithWork, openAccountTurns } from './account-turns.ts';
import { workAccount } from './account-worker.ts';
import type { ContractLimits } from './contract.ts';
import { openContractBooks } from './contract-books.ts';
import { openContractKeeper } from './contract-keeper.ts';
import type { AccountDealings, Dealings } from './dealings.ts';
import { type HttpDoor, httpDoor } from './http-door.ts';
import { LEASE_MS } from './lease.ts';
import { openPacers, type Pacers } from './pacers.ts';
import { openEvidence } from './raw-books.ts';
import { openRecipes } from './recipe-books.ts';
import { openSessionKeeper } from './session-keeper.ts';
import { cookiesOf, signInDoor } from './sign-in-door.ts';
import { writeRules } from './surface.ts';
import { totpCode } from './totp.ts';
import type { Vault } from './vault.ts';
import { VaultRefusal } from './vault-keys.ts';
import { leaseKey, leaseLeft, openWriteBooks } from './write-books.ts';

export interface KeeperParts {
  /** Of app_keeper, and where it connects: news of the budgets needs a connection of its own. */
  pool: Pool;
  database: Connection;
  vault: Vault;
  /** By vendor. An account of any other is left to a process that knows it. */
  dealings: Readonly<Record<string, Dealings>>;
  clock: Clock;
  random: Random;
  log: Log;
  dial?: Dial | undefined;
  lease_ms?: number | undefined;
  contract_limits?: ContractLimits | undefined;
  /** A test puts a fault in the way of the writes here. */
  doorOf?: ((door: HttpDoor) => HttpDoor) | undefined;
}

export interface Keeper {
  /** Its name in the leases. */
  readonly me: string;
  /** Begins the accounts on which there is something to do, and answers how many are at work. */
  work(): Promise<number>;
  /** Ends what is under way, and hands the accounts back. */
  close(): Promise<void>;
}

/** Settings that name no account, a vault without its key: a minute later somebody may have seen to it. */
const PUT_OFF_MS = 60_000;
const CLOSE_MS = 45_000;

export function openKeeper(parts: KeeperParts): Keeper {
  const { pool, dealings, clock, random, log } = parts;
  const me = random.uuid();
  const pacers = openPacers({
    ...{ pool, clock, random, database: parts.database },
    failed: (error) => log.error(shapeOf(error), 'a budget of a vendor could not be asked'),
  });
  const running = new Map<string, Promise<void>>();
  /** Accounts that could not even be begun, and until when (`elapsed`) they are left alone. */
  const put_off = new Map<string, number>();
  let isClosing = false;

  async function run(account: AccountWithWork, of_vendor: Dealings): Promise<void> {
    const { connection_id } = account;
    const failed = (error: unknown) => log.error({ ...shapeOf(error), connection_id }, 'a vendor account could not be worked');
    try {
      const { worker, sessions } = await assemble(parts, { me, account, pacers, known: of_vendor.of(account.settings) });
      const ended = await workAccount(worker, { mayGoOn: () => !isClosing, failed });
      await sessions.close();
      if (ended === 'nothing_known') {
        log.warn({ connection_id }, 'writes wait that no recipe of this process knows');
        put_off.set(connection_id, clock.elapsed() + PUT_OFF_MS);
      }
    } catch (error) {
      put_off.set(connection_id, clock.elapsed() + PUT_OFF_MS);
      failed(error);
    }
  }

  return {
    me,
    async work() {
      if (isClosing || Object.keys(dealings).length === 0) return running.size;
      for (const account of await accountsWithWork(pool, me)) {
        const { connection_id, vendor } = account;
        const of_vendor = Object.hasOwn(dealings, vendor) ? dealings[vendor] : undefined;
        const isPutOff = (put_off.get(connection_id) ?? Number.NEGATIVE_INFINITY) > clock.elapsed();
        if (!of_vendor || running.has(connection_id) || isPutOff || isClosing) continue;
        const run_of_it = run(account, of_vendor).finally(() => running.delete(connection_id));
        running.set(connection_id, run_of_it);
      }
      return running.size;
    },
    async close() {
      isClosing = true;
      // What hangs (a database that is gone without a word) is left: its leases end by themselves.
      await clock.within(CLOSE_MS, Promise.all(running.values()), () => new Error('accounts are still at work')).catch(() => undefined);
      await pacers.close();
    },
  };
}

/** What works one account in this process. */
async function assemble(
  { pool, vault, clock, random, log, dial, lease_ms = LEASE_MS, contract_limits, doorOf = (door) => door }: KeeperParts,
  { me, account, pacers, known }: { me: string; account: AccountWithWork; pacers: Pacers; known: AccountDealings },
) {
  const { rule, recipes, budgets, signs_in_under, mailbox, signIn } = known;
  const { tenant_id, connection_id } = account;
  const secrets = accountSecrets(vault, random, account);
  const left = (fence: number) => leaseLeft(pool, account, fence);
  const paced = Object.fromEntries(
    Object.entries(budgets).map(([name, { key, ...pace }]) => [name, pacers.of({ tenant_id, name: key }, pace)]),
  );
  const pacer = paced[signs_in_under];
  if (!pacer) throw new Error(`No limit is called ${signs_in_under}, under which the account signs in.`);
  const failed = (error: unknown) => log.error({ ...shapeOf(error), connection_id }, 'a vendor account could not be signed in to');
  const post = { account: connection_id, clock, user_agent: USER_AGENT, leaseLeft: left };
  const sessions = openSessionKeeper({
    ...{ me, key: leaseKey(account), rule, clock, lease_ms, books: openAccountBooks(pool, account) },
    vendor: signInDoor({ ...post, pacer, signIn, secrets, failed, ...(dial && { dial }) }),
    chance: () => random.bytes(4).readUInt32BE() / 2 ** 32,
    tell: (what) => log.info({ connection_id, what }, 'a vendor account needs somebody'),
    totp: (step) => secrets.open('totp').then(({ secret }) => totpCode(secret.reveal(), step), noneKept),
    // What another process has is left to it.
    peers: { ask: async () => 'not_mine' as const },
    ...(mailbox && { mailbox }),
  });
  const marker_key = await markerKeyOf(vault, random, tenant_id);
  const contracts = openContractKeeper({
    books: openContractBooks(pool, account),
    recipes: openRecipes(pool, account),
    evidence: openEvidence({ pool, vault, random, tenant_id, clock }),
    failed: (error) => log.error({ ...shapeOf(error), connection_id }, 'a contract could not be looked after'),
    ...(contract_limits && { limits: contract_limits }),
  });
  const door = httpDoor({
    ...post,
    ...{ pacers: paced, recipes, sessions, me, marker_key, contracts, cookiesOf: (jar) => cookiesOf(secrets, jar), ...(dial && { dial }) },
  });
  const worker = {
    ...{ sessions, secrets, clock, turns: openAccountTurns(pool, account), watch: door.watch },
    writes: {
      door: doorOf(door),
      books: openWriteBooks(pool, account),
      rulesOf: ({ surface }: { surface: string }) => {
        const recipe = Object.hasOwn(recipes, surface) ? recipes[surface] : undefined;
        return recipe && writeRules(recipe.surface, { lease_ms });
      },
      sha256Of: ({ request }: { request: object }) => createHash('sha256').update(JSON.stringify(request)).digest('hex'),
      random,
    },
  };
  return { worker, sessions };
}

/** What was never entered, or cannot be opened any more, is not there; what cannot be read at the moment is another matter. */
function noneKept(error: unknown): null {
  if (error instanceof VaultRefusal) return null;
  throw error;
}

/** Said to every vendor: who we are, and that we are no browser. */
const USER_AGENT = 'Attending';
