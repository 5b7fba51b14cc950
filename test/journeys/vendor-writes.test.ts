// Two Attending processes on one PostgreSQL share one vendor account on a real socket; the line breaks, the session ends, and one of them is killed in the middle of a write. The vendor counts.
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { PRACTICE } from '../../emulators/web-vendor.ts';
import { systemRandom } from '../../src/base/random.ts';
import { secretOf } from '../../src/base/secret.ts';
import { accountSecrets } from '../../src/connections/account-secrets.ts';
import { openKeyFile } from '../../src/connections/key-file.ts';
import { openVault } from '../../src/connections/vault.ts';
import { isOver, plannedWrite, type WriteState } from '../../src/connections/write.ts';
import { openPool } from '../../src/db/pool.ts';
import { createSandboxTenant } from '../../src/governance/users.ts';
import { type ProcessSettings, startWebVendor, type WebVendor } from '../builders/web-vendor.ts';
import { aDatabase, type TestDatabase } from '../pg.ts';
import { verifies } from '../promises.ts';

const WRITES = 24;
const LEASE_MS = 12_000;
const [tenant_id, connection_id] = [randomUUID(), randomUUID()];

let database: TestDatabase;
let admin: pg.Client;
let vendor: WebVendor;
let folder: string;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  [database, vendor] = [await aDatabase(), await startWebVendor()];
  folder = mkdtempSync(path.join(tmpdir(), 'attending-keys-'));
  admin = new pg.Client(database.admin);
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
  await accountSecrets(vault, { tenant_id, connection_id }).put('password', secretOf(PRACTICE.password));
  await pool.end();
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  vendor.close();
  await admin.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

interface Started {
  child: ChildProcess;
  /** Its name in the lease. */
  me: string;
}

async function start(): Promise<Started> {
  const settings: ProcessSettings = {
    ...{ api: database.api, keeper: database.keeper },
    ...{ key_file: path.join(folder, 'keys'), lease_ms: LEASE_MS },
  };
  const script = path.join(import.meta.dirname, '../builders/account-process.ts');
  const child = fork(script, [JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.add(child);
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('it did not start')));
    child.on('message', (told: { me?: string }) => {
      if (told.me !== undefined) resolve({ child, me: told.me });
    });
  });
}

async function plan(n: number, surface = 'visits.create'): Promise<void> {
  await admin.query(
    `insert into data.vendor_writes (tenant_id, id, connection_id, surface, request, request_key, state)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tenant_id, randomUUID(), connection_id, surface, { patient: `patient-${n}` }, `key-${n}`, plannedWrite(0)],
  );
}
const writes = async () =>
  (
    await admin.query<{ state: WriteState; patient: string }>(
      "select state, request ->> 'patient' as patient from data.vendor_writes where surface = 'visits.create'",
    )
  ).rows;
const owner = async () => (await admin.query<{ owner: string }>('select owner from data.leases where expires_at > now()')).rows[0]?.owner;
const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
};

verifies(
  'wires:write-once-through-kill',
  async () => {
    await vendor.behave(['take', 'drop_after', 'drop_before', 'late', 'broken_after', 'login', 'take', 'hang_after', 'drop_after', 'take']);
    // One that nobody here knows how to write stands in nobody's way.
    await plan(-1, 'visits.retired');
    for (let n = 0; n < WRITES; n += 1) await plan(n);
    const two = await Promise.all([start(), start()]);

    // The vendor has it and has said nothing: the process that waits for the answer is killed, and never hears it.
    await until(async () => (await vendor.seen()).hanging === 1);
    const held = await owner();
    const killed = two.find(({ me }) => me === held);
    expect(killed, 'one of the two has the lease').toBeDefined();
    killed?.child.kill('SIGKILL');
    const third = await start();

    await until(async () => (await writes()).every(({ state }) => isOver(state) || state.is === 'parked'));
    const { visits, logins, most_logins_at_once, wrong_passwords } = await vendor.seen();
    for (const { patient, state } of await writes()) {
      const there = visits.filter((visit) => visit.patient === patient);
      expect([patient, there.length, state], patient).toEqual([patient, 1, { is: 'confirmed', vendor_id: there[0]?.id }]);
    }
    expect(visits).toHaveLength(WRITES);
    expect({ logins, most_logins_at_once, wrong_passwords }).toEqual({ logins: 2, most_logins_at_once: 1, wrong_passwords: 0 });
    expect([two.map(({ me }) => me).filter((me) => me !== killed?.me), third.me].flat()).toContain(await owner());

    // Each attempt was written down, under the fence of its owner, before it left; the two owners had different ones.
    const { rows } = await admin.query<{ fence: number; n: number }>(
      "select fence::int, count(*)::int as n from data.vendor_write_events where state ->> 'is' = 'sending' group by 1 order by 1",
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.reduce((sum, { n }) => sum + n, 0)).toBeGreaterThan(WRITES);
  },
  180_000,
);

verifies(
  'wires:wall-ends-in-a-person',
  async () => {
    await vendor.behave(['wall']);
    const before = (await vendor.seen()).requests;
    await plan(WRITES);
    const stage = async () =>
      (await admin.query<{ at: string }>("select state -> 'session' -> 'stage' ->> 'at' as at from data.vendor_sessions")).rows[0]?.at;
    await until(async () => (await stage()) === 'blocked');
    const { requests, visits } = await vendor.seen();
    expect(requests).toBe(before + 1);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(await vendor.seen()).toMatchObject({ requests, visits: { length: visits.length } });
    expect((await writes()).find(({ patient }) => patient === `patient-${WRITES}`)?.state).toMatchObject({
      is: 'planned',
      waits_for: 'AUTOMATION_BLOCKED',
    });
  },
  60_000,
);
