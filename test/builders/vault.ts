// A vault for a test: a database with two clinics, a key file, the sessions of app_keeper.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { systemRandom } from '../../src/base/random.ts';
import { type Name, openFolderVault, type Vault } from '../../src/connections/vault.ts';
import { openPool, type Pool } from '../../src/db/pool.ts';
import { createSandboxTenant } from '../../src/governance/users.ts';
import { aDatabase, type TestDatabase } from '../pg.ts';
import { aSweptFolder } from '../sweep.ts';

export async function aVault() {
  const database = await aDatabase();
  const { folder: data_folder, sweep } = aSweptFolder();
  const admin = new pg.Client(database.admin);
  await admin.connect();
  const aClinic = async () => {
    const tenant_id = randomUUID();
    await createSandboxTenant(admin, systemRandom, { tenant_id, name: 'Juniper Street Clinic', time_zone: 'America/New_York' }, []);
    return tenant_id;
  };
  const tenants: [string, string] = [await aClinic(), await aClinic()];
  const pools: Pool[] = [];
  /** As another process of the same clinic machine opens it. */
  const another = async () => {
    const pool = openPool(database.keeper, { max: 4, failed: () => {} });
    pools.push(pool);
    return { pool, ...(await openFolderVault({ data_folder, pool, random: systemRandom })) };
  };
  return {
    ...(await another()),
    ...{ database, data_folder, file: path.join(data_folder, 'vault-keys'), admin, tenants, aClinic, another },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
      await admin.end();
      await database.drop();
      await sweep();
    },
  };
}

export function aName(tenant_id: string, more: { kind?: string; purpose?: string } = {}): Name {
  return { tenant_id, secret_id: randomUUID(), kind: 'password', purpose: 'sign_in', ...more };
}

/** Runs `work` for each, so many at a time. */
export async function eachOf<T>(all: readonly T[], at_once: number, work: (one: T, index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const hand = async () => {
    while (next < all.length) {
      const index = next++;
      await work(all[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: at_once }, hand));
}

/** The vault of a database that is there already, under a key file of its own. */
export async function aVaultOf(database: TestDatabase): Promise<{ vault: Vault; close(): Promise<void> }> {
  const { folder: data_folder, sweep } = aSweptFolder();
  const pool = openPool(database.keeper, { max: 4, failed: () => {} });
  const { vault } = await openFolderVault({ data_folder, pool, random: systemRandom });
  return {
    vault,
    async close() {
      await pool.end();
      await sweep();
    },
  };
}
