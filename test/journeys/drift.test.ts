// A vendor changes its page while two processes of ours work one account on one PostgreSQL, over real sockets. The vendor counts what reaches it.
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PRACTICE } from '../../emulators/web-vendor.ts';
import { systemRandom } from '../../src/base/random.ts';
import { secretOf } from '../../src/base/secret.ts';
import { accountSecrets } from '../../src/connections/account-secrets.ts';
import type { ContractState } from '../../src/connections/contract.ts';
import { openContractBooks } from '../../src/connections/contract-books.ts';
import { openContractKeeper } from '../../src/connections/contract-keeper.ts';
import { openKeyFile } from '../../src/connections/key-file.ts';
import { openRawBooks } from '../../src/connections/raw-books.ts';
import { openVault, type Vault } from '../../src/connections/vault.ts';
import { isOver, plannedWrite, type WriteState } from '../../src/connections/write.ts';
import { openPool, type Pool } from '../../src/db/pool.ts';
import { createSandboxTenant } from '../../src/governance/users.ts';
import { ANSWER, CHANGED, page } from '../builders/contracts.ts';
import { killed } from '../builders/double.ts';
import { type ProcessSettings, startWebVendor, type WebVendor } from '../builders/web-vendor.ts';
import { aDatabase, type TestDatabase } from '../pg.ts';
import { verifies } from '../promises.ts';

const [tenant_id, connection_id] = [randomUUID(), randomUUID()];
let database: TestDatabase;
let admin: pg.Client;
let pool: Pool;
let vault: Vault;
let vendor: WebVendor;
let folder: string;
const children = new Map<string, ChildProcess>();

beforeAll(async () => {
  [database, vendor] = [await aDatabase(), await startWebVendor()];
  folder = mkdtempSync(path.join(tmpdir(), 'attending-keys-'));
  admin = new pg.Client(database.admin);
  await admin.connect();
  await createSandboxTenant(admin, systemRandom, { tenant_id, name: 'Clinic', time_zone: 'America/New_York' }, []);
  await admin.query("insert into data.connections (tenant_id, id, vendor, settings) values ($1, $2, 'practice', $3)", [
    ...[tenant_id, connection_id, { port: vendor.port }],
  ]);
  pool = openPool(database.keeper, { max: 1, failed: () => {} });
  const kms = openKeyFile({ file: path.join(folder, 'keys'), random: systemRandom, in_use: [] });
  vault = openVault({ pool, kms, random: systemRandom });
  await accountSecrets(vault, systemRandom, { tenant_id, connection_id }).put('password', secretOf(PRACTICE.password));
  await Promise.all([start(), start()]);
});
afterAll(async () => {
  for (const child of children.values()) child.kill('SIGKILL');
  vendor.close();
  await pool.end();
  await admin.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

async function start(more: Partial<ProcessSettings> = {}): Promise<void> {
  const settings: ProcessSettings = {
    ...{ api: database.api, keeper: database.keeper },
    ...{ key_file: path.join(folder, 'keys'), lease_ms: 12_000, look_every_ms: 40, ...more },
  };
  const script = path.join(import.meta.dirname, '../builders/account-process.ts');
  const child = fork(script, [JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const me = await new Promise<string>((resolve) => child.on('message', (told: { me?: string }) => told.me && resolve(told.me)));
  children.set(me, child);
}

let planned = 0;
async function plan(): Promise<string> {
  planned += 1;
  const patient = `patient-${planned}`;
  await admin.query(
    `insert into data.vendor_writes (tenant_id, id, connection_id, surface, request, request_key, state)
     values ($1, $2, $3, 'visits.create', $4, $5, $6)`,
    [tenant_id, randomUUID(), connection_id, { patient }, patient, plannedWrite(0)],
  );
  return patient;
}
const writes = async () =>
  (
    await admin.query<{ id: string; state: WriteState; patient: string }>(
      "select id, state, request ->> 'patient' as patient from data.vendor_writes order by created_at",
    )
  ).rows;
const contract = async () =>
  (await admin.query<{ state: ContractState }>('select state from data.contract_states')).rows[0]?.state ?? undefined;
const events = async () =>
  (await admin.query<{ severity: string; differences: object[] }>('select severity, differences from data.drift_events order by at')).rows;
/** Who has written down that a write is held, by the fence of the lease. */
const heldUnder = async () =>
  (
    await admin.query<{ fence: number }>(
      "select distinct fence::int from data.vendor_write_events where state ->> 'waits_for' = 'CONTRACT_DRIFT' order by 1",
    )
  ).rows.map(({ fence }) => fence);
/** How often each held write was stored. */
const versions = async () =>
  (await admin.query<{ version: number }>("select version from data.vendor_writes where status = 'planned' order by created_at")).rows.map(
    ({ version }) => version,
  );
const owner = async () => (await admin.query<{ owner: string }>('select owner from data.leases where expires_at > now()')).rows[0]?.owner;
const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
};
const allAreOver = async () => (await writes()).every(({ state }) => isOver(state));
const isBack = (times: number) => async () => (await events()).filter(({ severity }) => severity === 'back').length === times;

verifies(
  'wires:drift-stops-both-processes',
  async () => {
    await plan();
    await until(allAreOver);
    expect((await vendor.seen()).bookings).toBe(1);

    // The form asks for more than it did: whoever has the account sends nothing, and neither does the process that takes it over.
    await vendor.show('other');
    const held = [await plan(), await plan()];
    await until(async () => (await contract())?.standing === 'quarantined' && (await heldUnder()).length === 1);
    const first = (await owner()) as string;
    const gone = children.get(first) as ChildProcess;
    children.delete(first);
    await killed(gone);
    // It tries each again under its own lease; that one waits on for the same reason is no event.
    await until(async () => [...children.keys()].includes((await owner()) ?? ''));
    const before = await versions();
    await until(async () => (await versions()).every((version, n) => version > (before[n] ?? 0)));
    expect([...children.keys()]).toContain(await owner());
    expect((await vendor.seen()).bookings).toBe(1);
    expect((await writes()).filter(({ patient }) => held.includes(patient)).map(({ state }) => state)).toEqual(
      held.map(() => expect.objectContaining({ is: 'planned', attempts: 0, waits_for: 'CONTRACT_DRIFT' })),
    );
    expect(await events()).toEqual([
      {
        severity: 'break',
        differences: [expect.objectContaining({ kind: 'form', where: 'booking', is: 'reason (text, required)' })],
      },
    ]);
    // What it showed is kept for the clinic, sealed, and a tape of it for whoever makes the next contract.
    const raw = openRawBooks({ pool, vault, random: systemRandom, tenant_id });
    const [blob] = await raw.list({ vendor: 'practice', surface: 'visits_create' }, 10);
    expect((await raw.read(blob?.raw_sha256 ?? ''))?.toString()).toContain('name="reason"');
    expect((await admin.query('select tape from data.tapes')).rows).toHaveLength(1);

    const { forms, bookings } = await vendor.seen();
    await vendor.show('usual');
    await until(isBack(1));
    await until(allAreOver);
    const seen = await vendor.seen();
    expect(seen.forms - forms).toBeGreaterThanOrEqual(20);
    expect(seen.bookings - bookings).toBe(2);
    expect(seen.visits.map(({ patient }) => patient).sort()).toEqual((await writes()).map(({ patient }) => patient).sort());
    expect(['canary', 'active']).toContain((await contract())?.standing);
  },
  240_000,
);

verifies(
  'wires:drift-never-denies-a-write',
  async () => {
    const before = await vendor.seen();
    await vendor.behave(['other_answer']);
    const patient = await plan();
    await until(async () => (await contract())?.standing === 'quarantined' || isOver((await writes()).at(-1)?.state as WriteState));
    await plan();
    await until(allAreOver);
    const { rows } = await admin.query<{ is: string }>(
      "select e.state ->> 'is' as is from data.vendor_write_events e join data.vendor_writes w on w.id = e.write_id where w.request ->> 'patient' = $1 order by e.version",
      [patient],
    );
    expect(rows.map(({ is }) => is)).toEqual(['sending', 'in_doubt', 'confirmed']);
    const { visits, bookings } = await vendor.seen();
    expect(visits.filter((visit) => visit.patient === patient)).toHaveLength(1);
    expect(bookings - before.bookings).toBe(2);
    // The next one left only after the surface was back.
    const order = await admin.query<{ what: string }>(
      `select what from (select e.at, e.severity as what from data.drift_events e where e.severity in ('break', 'back')
         union all select e.at, 'sent' from data.vendor_write_events e where e.state ->> 'is' = 'sending' and e.write_id = $1) x order by at`,
      [(await writes()).at(-1)?.id],
    );
    expect(order.rows.map(({ what }) => what)).toEqual(['break', 'back', 'break', 'back', 'sent']);
  },
  240_000,
);

it('a write that was begun is held before its first byte where another process finds the page changed at that moment', async () => {
  // Nobody dies in a sign-in: what became of it would be in doubt.
  await plan();
  await until(allAreOver);
  await Promise.all([...children.values()].map(killed));
  children.clear();
  const keeper = openContractKeeper({
    books: openContractBooks(pool, { tenant_id }),
    failed: (error) => {
      throw error;
    },
  });
  await keeper.page({ vendor: 'practice', surface: 'visits_create', version: 1, effect: 'write' }, ANSWER, page(CHANGED));
  const { bookings } = await vendor.seen();
  await plan();
  await start({ look_every_ms: 600_000, asks_too_early: true });
  const last = async () => (await writes()).at(-1)?.state;
  await until(async () => {
    const state = await last();
    return state !== undefined && (isOver(state) || (state.is === 'planned' && state.attempts > 0));
  });
  expect(await last()).toMatchObject({ is: 'planned', attempts: 1, waits_for: 'CONTRACT_DRIFT' });
  expect((await vendor.seen()).bookings).toBe(bookings);
}, 180_000);
