// `attending vault …`: what an operator does with the keys of the vault (docs/vault.md).
import { parseArgs } from 'node:util';
import { openFolderVault } from '../connections/vault.ts';
import { openAdmin, openPool } from '../db/pool.ts';
import { tenantExists } from '../governance/users.ts';
import { type Asked, leave } from './commands.ts';
import { bringUp, type Database } from './database.ts';

const HOW =
  'Say what: attending vault rotate, attending vault shred <clinic id> --for-good, or attending vault forget <clinic id> --for-good.';

export async function vaultCommand(asked: Asked): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...asked.args],
    options: { 'for-good': { type: 'boolean' } },
    allowPositionals: true,
  });
  const [what, tenant_id] = positionals;
  const act = what !== undefined && Object.hasOwn(ACTS, what) ? ACTS[what] : undefined;
  if (!act) throw new Error(HOW);
  if (what !== 'rotate' && !values['for-good']) throw new Error('This cannot be undone. Say so: add --for-good.');
  const database = await bringUp(asked.where, { random: asked.random, log: () => {} });
  try {
    await act(asked, database, tenant_id);
  } finally {
    await leave(asked.where, database);
  }
}

const ACTS: Record<string, (asked: Asked, database: Database, tenant_id: string | undefined) => Promise<void>> = {
  /** Beside a running Attending too: nothing waits for it. */
  async rotate({ where: { data_folder }, random, print }, { keeper }) {
    if (!keeper) throw new Error('ATTENDING_KEEPER_URL is not set: set it beside DATABASE_URL, the same database as role app_keeper.');
    const pool = openPool(keeper, { max: 2, failed: () => {} });
    try {
      const { vault, key_file } = await openFolderVault({ data_folder, pool, random });
      key_file.rotate();
      const keks = await vault.rewrapKeks();
      const secrets = { rewrapped: 0, broken: keks.broken };
      for (const tenant_id of await vault.tenants()) {
        const { rewrapped, broken } = await vault.rotate(tenant_id);
        secrets.rewrapped += rewrapped;
        secrets.broken += broken;
      }
      print(
        `Wrapped anew: keys of clinics ${keks.rewrapped}, secrets ${secrets.rewrapped}. Back up ${key_file.file} now, in the place of its older backup.`,
      );
      if (secrets.broken > 0)
        print(`Changed or moved in the database, so that they do not open: ${secrets.broken}. They are as they were.`);
    } finally {
      await pool.end();
    }
  },
  async shred(asked, database, tenant_id) {
    const lost = await ofClinic('select app.shred_vault($1) as count', database, tenant_id);
    asked.print(`Shredded. Secrets of this clinic that can never be read again: ${lost}. Nothing new is kept for it.`);
  },
  async forget(asked, database, tenant_id) {
    const gone = await ofClinic('select app.forget_vault($1) as count', database, tenant_id);
    asked.print(`Forgotten. Secrets of this clinic that are gone: ${gone}. It may enter them anew.`);
  },
};

async function ofClinic(sql: string, database: Database, tenant_id = ''): Promise<number> {
  const admin = await openAdmin(database.admin);
  try {
    if (!/^[0-9a-f-]{36}$/.test(tenant_id) || !(await tenantExists(admin, tenant_id)))
      throw new Error('No clinic has this id. attending users lists them.');
    const { rows } = await admin.query<{ count: number }>(sql, [tenant_id]);
    return rows[0]?.count ?? 0;
  } finally {
    await admin.end();
  }
}
