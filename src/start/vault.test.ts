// `attending vault …` on a folder of its own, as an operator types it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { aName } from '../../test/builders/vault.ts';
import { aSweptFolder } from '../../test/sweep.ts';
import { systemClock } from '../base/clock.ts';
import { openLog } from '../base/log.ts';
import { systemRandom as random } from '../base/random.ts';
import { secretOf } from '../base/secret.ts';
import { openFolderVault } from '../connections/vault.ts';
import { openAdmin, openPool, type Pool } from '../db/pool.ts';
import { createSandboxTenant } from '../governance/users.ts';
import { bringUp, type Database } from './database.ts';
import { vaultCommand } from './vault.ts';

const { folder, sweep } = aSweptFolder();
const where = { data_folder: path.join(folder, 'data'), postgres_bin: inject('cluster').bin_folder };
const file = path.join(where.data_folder, 'vault-keys');
const tenant_id = random.uuid();
let database: Database;
let pool: Pool;
beforeAll(async () => {
  database = await bringUp(where, { random, log: () => {} });
  const admin = await openAdmin(database.admin);
  await createSandboxTenant(admin, random, { tenant_id, name: 'Juniper Street Clinic', time_zone: 'America/New_York' }, []);
  await admin.end();
  pool = openPool(database.keeper ?? {}, { max: 2, failed: () => {} });
});
afterAll(async () => {
  await pool.end();
  await sweep();
});

const run = async (...args: string[]) => {
  const lines: string[] = [];
  await vaultCommand({ where, args, clock: systemClock, random, log: openLog('silent'), print: (line) => lines.push(line) });
  return lines.join('\n');
};
const open = () => openFolderVault({ data_folder: where.data_folder, pool, random });

it('an operator changes the keys, loses the key file, shreds a clinic’s vault and lets it begin anew', async () => {
  const name = aName(tenant_id);
  const { vault } = await open();
  await vault.put(secretOf('correct horse'), { ...name, replaces: 0 });
  const before = readFileSync(file, 'utf8');

  expect(await run('rotate')).toBe(`Wrapped anew: keys of clinics 1, secrets 1. Back up ${file} now, in the place of its older backup.`);
  expect(readFileSync(file, 'utf8').startsWith(before)).toBe(true);
  expect((await vault.open(name)).secret.reveal().toString()).toBe('correct horse');

  // With the backup from before the rotation, or with none, nothing starts; with the right one it does.
  const after = readFileSync(file, 'utf8');
  writeFileSync(file, before);
  await expect(open()).rejects.toThrow(/lacks the key file:[0-9a-f]{16}\. Put the right one back/);
  rmSync(file);
  for (const refused of [open(), run('rotate')]) await expect(refused).rejects.toThrow(`${file} is lost`);
  writeFileSync(file, after, { mode: 0o600 });
  expect((await (await open()).vault.open(name)).version).toBe(1);

  // Lost for good: the clinic's vault is given up, without any key, and a new file is made.
  rmSync(file);
  for (const what of ['shred', 'forget'])
    await expect(run(what, tenant_id)).rejects.toThrow('This cannot be undone. Say so: add --for-good.');
  expect(await run('shred', tenant_id, '--for-good')).toBe(
    'Shredded. Secrets of this clinic that can never be read again: 1. Nothing new is kept for it.',
  );
  await expect((await open()).vault.open(name)).rejects.toMatchObject({ reason: 'shredded' });
  expect(await run('forget', tenant_id, '--for-good')).toBe('Forgotten. Secrets of this clinic that are gone: 1. It may enter them anew.');
  const anew = await open();
  expect(await anew.vault.put(secretOf('new'), { ...name, replaces: 0 })).toBe(1);
});

it.each([
  [[], /^Say what: attending vault rotate/],
  [['burn'], /^Say what/],
  [['toString'], /^Say what/],
  [['shred', '--for-good'], /^No clinic has this id/],
  [['shred', 'x', '--for-good'], /^No clinic has this id/],
  [['forget', '00000000-0000-4000-8000-000000000000', '--for-good'], /^No clinic has this id/],
])('%j is answered with what to say', async (args, told) => {
  await expect(run(...args)).rejects.toThrow(told);
});
