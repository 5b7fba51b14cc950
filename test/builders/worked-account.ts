// A clinic with an account at the double of a vendor (emulators/web-vendor.ts), writes that wait for it, and processes that work them (account-process.ts), which a test may kill.
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { PRACTICE } from '../../emulators/web-vendor.ts';
import { systemRandom } from '../../src/base/random.ts';
import { secretOf } from '../../src/base/secret.ts';
import { accountSecrets } from '../../src/connections/account-secrets.ts';
import { openKeyFile } from '../../src/connections/key-file.ts';
import { openVault } from '../../src/connections/vault.ts';
import { plannedWrite, type WriteState } from '../../src/connections/write.ts';
import { openPool } from '../../src/db/pool.ts';
import { createSandboxTenant } from '../../src/governance/users.ts';
import { aDatabase } from '../pg.ts';
import { type ProcessSettings, startWebVendor, type WebVendor } from './web-vendor.ts';

const LEASE_MS = 12_000;

interface Started {
  child: ChildProcess;
  /** Its name in the lease. */
  me: string;
}

export interface WorkedAccount {
  tenant_id: string;
  /** As the superuser. */
  admin: pg.Client;
  vendor: WebVendor;
  /** A process that works the account. */
  start(): Promise<Started>;
  /** A write that waits to be sent. */
  plan(n: number, surface?: string): Promise<void>;
  /** Those that the double has a recipe for. */
  writes(): Promise<{ state: WriteState; patient: string }[]>;
  close(): Promise<void>;
}

/** `begins_s`: the second of its minute in which the vendor begins. */
export async function aWorkedAccount(options: { begins_s?: number } = {}): Promise<WorkedAccount> {
  const [tenant_id, connection_id] = [randomUUID(), randomUUID()];
  const [database, vendor] = [await aDatabase(), await startWebVendor(options)];
  const folder = mkdtempSync(path.join(tmpdir(), 'attending-keys-'));
  const children = new Set<ChildProcess>();
  const admin = new pg.Client(database.admin);
  await admin.connect();
  await createSandboxTenant(admin, systemRandom, { tenant_id, name: 'Clinic', time_zone: 'America/New_York' }, [
    { user_id: randomUUID(), email: 'ada@clinic.example', display_name: 'Ada Okafor', role: 'owner' },
  ]);
  await admin.query("insert into data.connections (tenant_id, id, vendor, settings) values ($1, $2, 'practice', $3)", [
    ...[tenant_id, connection_id, { port: vendor.port }],
  ]);
  const pool = openPool(database.keeper, { max: 1, failed: () => {} });
  const kms = openKeyFile({ file: path.join(folder, 'keys'), random: systemRandom, in_use: [] });
  const vault = openVault({ pool, kms, random: systemRandom });
  await accountSecrets(vault, systemRandom, { tenant_id, connection_id }).put('password', secretOf(PRACTICE.password));
  await pool.end();

  return {
    ...{ tenant_id, admin, vendor },
    start() {
      const settings: ProcessSettings = {
        ...{ api: database.api, keeper: database.keeper },
        ...{ key_file: path.join(folder, 'keys'), lease_ms: LEASE_MS },
      };
      const script = path.join(import.meta.dirname, 'account-process.ts');
      const child = fork(script, [JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      children.add(child);
      return new Promise((resolve, reject) => {
        child.once('exit', () => reject(new Error('it did not start')));
        child.on('message', (told: { me?: string }) => {
          if (told.me !== undefined) resolve({ child, me: told.me });
        });
      });
    },
    async plan(n, surface = 'visits.create') {
      await admin.query(
        `insert into data.vendor_writes (tenant_id, id, connection_id, surface, request, request_key, state)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [tenant_id, randomUUID(), connection_id, surface, { patient: `patient-${n}` }, `key-${n}`, plannedWrite(0)],
      );
    },
    writes: async () =>
      (
        await admin.query<{ state: WriteState; patient: string }>(
          "select state, request ->> 'patient' as patient from data.vendor_writes where surface = 'visits.create' order by created_at",
        )
      ).rows,
    async close() {
      for (const child of children) child.kill('SIGKILL');
      vendor.close();
      await admin.end();
      await database.drop();
      rmSync(folder, { recursive: true });
    },
  };
}

export const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
};
