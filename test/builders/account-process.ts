// A whole Attending that works a vendor account, run as a child by tests that kill it: its server, app_keeper's books, the vault's key file, real sockets to the double of the vendor.
import { openApp, VERSION } from '../../src/app.ts';
import { systemClock } from '../../src/base/clock.ts';
import { openLog } from '../../src/base/log.ts';
import { systemRandom } from '../../src/base/random.ts';
import { CONTRACT_LIMITS } from '../../src/connections/contract.ts';
import type { HttpDoor } from '../../src/connections/http-door.ts';
import { openKeyFile } from '../../src/connections/key-file.ts';
import { openVault } from '../../src/connections/vault.ts';
import { kmsKeysInUse } from '../../src/connections/vault-keys.ts';
import { openPool } from '../../src/db/pool.ts';
import { listen, openServer } from '../../src/http/server.ts';
import { catalogue } from '../../src/operations/index.ts';
import { heldDealings, type ProcessSettings, practiceDealings } from './web-vendor.ts';

const { api, keeper, key_file, lease_ms, look_every_ms, asks_too_early } = JSON.parse(process.argv[2] ?? '') as ProcessSettings;
const [random, log] = [systemRandom, openLog('warn')];
const pool = openPool(keeper, { max: 4, failed: () => {} });
const vault = openVault({ pool, kms: openKeyFile({ file: key_file, random, in_use: await kmsKeysInUse(pool) }), random });
const keeping = {
  ...{ database: keeper, vault, lease_ms, dealings: { practice: look_every_ms === undefined ? practiceDealings : heldDealings } },
  ...(look_every_ms !== undefined && { contract_limits: { ...CONTRACT_LIMITS, look_every_ms } }),
  ...(asks_too_early && { doorOf: (door: HttpDoor) => ({ ...door, heldBy: async () => undefined }) }),
};
const app = openApp({ database: api, keeping, call_timeout_ms: 20_000, clock: systemClock, random, log });
const server = openServer({ ...app, catalogue, version: VERSION });
const { url } = await listen(server, { host: '127.0.0.1', port: 0 });
// Which process has the lease is told by its name in it.
process.send?.({ me: app.keeper_id, url });
process.once('disconnect', () => process.exit());
