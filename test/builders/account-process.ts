// A process that works a vendor account, run as a child by tests that kill it: app_keeper's sessions, the vault's key file, real sockets to the double of the vendor.
import { createHash } from 'node:crypto';
import { PRACTICE } from '../../emulators/web-vendor.ts';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { secretOf } from '../../src/base/secret.ts';
import type { AccountRule } from '../../src/connections/account.ts';
import { openAccountBooks } from '../../src/connections/account-books.ts';
import { workAccount } from '../../src/connections/account-worker.ts';
import { CONTRACT_LIMITS } from '../../src/connections/contract.ts';
import { openContractBooks } from '../../src/connections/contract-books.ts';
import { openContractKeeper } from '../../src/connections/contract-keeper.ts';
import { httpDoor } from '../../src/connections/http-door.ts';
import { openKeyFile } from '../../src/connections/key-file.ts';
import { openEvidence } from '../../src/connections/raw-books.ts';
import { openRecipes } from '../../src/connections/recipe-books.ts';
import { openSessionKeeper } from '../../src/connections/session-keeper.ts';
import type { VendorDoor } from '../../src/connections/session-ports.ts';
import { writeRules } from '../../src/connections/surface.ts';
import { openVault } from '../../src/connections/vault.ts';
import { kmsKeysInUse } from '../../src/connections/vault-keys.ts';
import { leaseKey, leaseLeft, openWriteBooks } from '../../src/connections/write-books.ts';
import { openPool } from '../../src/db/pool.ts';
import { openAccount } from '../../src/outbound/account.ts';
import { LIMITS } from '../../src/outbound/exchange.ts';
import { PASSWORD_ID, type ProcessSettings, practiceRecipes } from './web-vendor.ts';

const settings = JSON.parse(process.argv[2] ?? '') as ProcessSettings;
const { port, tenant_id, connection_id, lease_ms, look_every_ms } = settings;
const [clock, random, me] = [systemClock, systemRandom, systemRandom.uuid()];
const pool = openPool(settings.database, { max: 4, failed: () => {} });
const kms = openKeyFile({ file: settings.key_file, random, in_use: await kmsKeysInUse(pool) });
const vault = openVault({ pool, kms, random });
const jar = { tenant_id, secret_id: connection_id, kind: 'session', purpose: 'vendor' };

/** Signs in to the double: the password comes out of the vault, the cookies go into it. */
const signingIn: VendorDoor = {
  async send(order, { time_ms, mayLeave, fence }) {
    if (order.do !== 'login') return { page: 'unanswered' };
    const account = openAccount({ clock, user_agent: 'Attending' });
    const password = await vault.open({ tenant_id, secret_id: PASSWORD_ID, kind: 'password', purpose: 'vendor' });
    const mayWrite = async () => {
      const began = clock.elapsed();
      const left_ms = mayLeave() ? await leaseLeft(pool, { tenant_id, connection_id }, fence) : null;
      return left_ms === null || !mayLeave() ? null : { good_until_ms: began + left_ms };
    };
    const told = await account.ask(
      {
        ...{ method: 'POST', url: new URL(`http://127.0.0.1:${port}/login`), headers: { 'content-type': 'application/json' } },
        body: JSON.stringify({ user: PRACTICE.user, password: password.secret.reveal().toString() }),
      },
      { mayWrite, limits: { ...LIMITS, total_ms: time_ms } },
    );
    if (!told.sent) return { page: 'unsent' };
    if (told.cut !== null || told.status !== 200) return { page: 'unanswered' };
    const { user, practice, error } = JSON.parse(told.body.toString()) as { user?: string; practice?: string; error?: string };
    if (error !== undefined) return { page: 'wrong_password' };
    const replaces = await vault.open(jar).then(
      ({ version }) => version,
      () => 0,
    );
    const version = await vault.put(secretOf(account.cookies()), { ...jar, replaces });
    return {
      ...{ page: 'home', user_id: user ?? null, practice_code: practice ?? null },
      ...{ jar: String(version), ttl_ms: 3_600_000, idle_limit_ms: 3_600_000, can_refresh: false },
    };
  },
};
const rule: AccountRule = {
  session: { user_id: PRACTICE.user, practice_code: PRACTICE.practice_code, lock_after: 5, lock_window_ms: 3_600_000 },
  factor: { channel: 'totp', senders: [], pattern: /(\d{6})/ },
};
const sessions = openSessionKeeper({
  ...{ me, key: leaseKey({ connection_id }), books: openAccountBooks(pool, { tenant_id }), vendor: signingIn, clock, rule },
  chance: () => random.bytes(4).readUInt32BE() / 2 ** 32,
  tell: () => {},
  totp: () => Promise.reject(new Error('no seed')),
  // The other process is not asked: what it has to write stands in the books.
  peers: { ask: async () => 'not_mine' as const },
  lease_ms,
});
// Which process has the lease is told by its name in it.
process.send?.({ me });
const recipes = practiceRecipes(port);
const account = { tenant_id, connection_id };
const failed = (error: unknown) => process.stderr.write(`${String(error)}\n`);
const contracts =
  look_every_ms === undefined
    ? undefined
    : openContractKeeper({
        books: openContractBooks(pool, account),
        recipes: openRecipes(pool, account),
        evidence: openEvidence({ pool, vault, random, tenant_id, clock }),
        ...{ failed, limits: { ...CONTRACT_LIMITS, look_every_ms } },
      });
const door = httpDoor({
  ...{ recipes, sessions, me, clock, user_agent: 'Attending', marker_key: Buffer.alloc(32, 7) },
  leaseLeft: (fence) => leaseLeft(pool, account, fence),
  cookiesOf: (version) =>
    vault.open(jar).then(
      (kept) => (String(kept.version) === version ? kept.secret.reveal().toString() : undefined),
      () => undefined,
    ),
  ...(contracts && { contracts }),
});
await workAccount(
  {
    door: settings.asks_too_early ? { ...door, heldBy: async () => undefined } : door,
    watch: door.watch,
    hold: () => sessions.hold(),
    books: openWriteBooks(pool, account),
    rulesOf: ({ surface }) => {
      const recipe = recipes[surface];
      return recipe && writeRules(recipe.surface, { lease_ms });
    },
    sha256Of: ({ request }) => createHash('sha256').update(JSON.stringify(request)).digest('hex'),
    ...{ random, clock },
  },
  { mayGoOn: () => process.connected, failed },
);
process.exit();
