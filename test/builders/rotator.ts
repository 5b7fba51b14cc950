// A process that gives a clinic a new key, run as a child by a test that kills it.
import { systemRandom } from '../../src/base/random.ts';
import { openFolderVault } from '../../src/connections/vault.ts';
import { type Connection, openPool } from '../../src/db/pool.ts';

const { keeper, data_folder, tenant_id } = JSON.parse(process.argv[2] ?? '') as {
  keeper: Connection;
  data_folder: string;
  tenant_id: string;
};
const { vault } = await openFolderVault({ data_folder, pool: openPool(keeper, { max: 2, failed: () => {} }), random: systemRandom });
await vault.rotate(tenant_id);
process.exit();
