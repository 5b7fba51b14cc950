// A clinic's native record in a database of its own, read as a call reads it: in the sealed context of a credential.
import { randomUUID } from 'node:crypto';
import { systemRandom } from '../../src/base/random.ts';
import { localDay } from '../../src/base/zone.ts';
import { type Admin, openAdmin, openPool } from '../../src/db/pool.ts';
import { openTenantTx } from '../../src/db/tenant.ts';
import type { Tx } from '../../src/db/tx.ts';
import type { Domains } from '../../src/domains/index.ts';
import { hashOf, mintSecret } from '../../src/governance/credentials.ts';
import { mintCredential } from '../../src/governance/issue.ts';
import type { Role } from '../../src/governance/roles.ts';
import { createSandboxTenant } from '../../src/governance/users.ts';
import type { Permission } from '../../src/operations/operation.ts';
import { openSource } from '../../src/sources/index.ts';
import { type ChartRows, loadRows } from '../../src/sources/native/load.ts';
import { aDatabase } from '../pg.ts';
import { aConnection, TENANT } from './chart.ts';

export type Native = Omit<Domains, 'references'>;

/** Who asks, where it is not the clinic's owner. */
export interface Asker {
  role: Role;
  practitioner_id?: string;
  /** Of role integration. */
  permissions?: readonly Permission[];
}

export interface TestRecord {
  /** As the superuser. */
  admin: Admin;
  /** Another clinic, or this one, with these rows more. */
  load(rows: ChartRows & { tenant_id?: string }): Promise<void>;
  /** Asks the record of `tenant_id` (default: the first) as one call does, on the clock's `now`. */
  ask<T>(question: (native: Native, tx: Tx) => Promise<T>, call?: { tenant_id?: string; now?: string; as?: Asker }): Promise<T>;
  /** Does it as the commit of a signature of this kind: a draft is made, the clinic's owner signs it, and what is done stays or, where it throws, does not. */
  signed<T>(
    kind: string,
    commit: (native: Native, draft_id: string) => Promise<T>,
    call?: { tenant_id?: string; now?: string },
  ): Promise<T>;
  close(): Promise<void>;
}

export async function aRecord({
  time_zone = 'America/New_York',
  now = '2026-11-20T15:00:00Z',
  ...rows
}: ChartRows & { time_zone?: string; now?: string } = {}): Promise<TestRecord> {
  const database = await aDatabase();
  const admin = await openAdmin(database.admin);
  const pool = openPool(database.api, { max: 2, failed: () => {} });
  const clinics = new Map<string, { hash: Buffer; connection_id: string }>();

  const clinic = async (tenant_id: string) => {
    const found = clinics.get(tenant_id);
    if (found) return found;
    const user_id = randomUUID();
    const connection = aConnection({ tenant_id });
    await createSandboxTenant(admin, systemRandom, { tenant_id, name: 'Test Clinic', time_zone }, [
      { user_id, email: 'ada@example.org', display_name: 'Ada Okafor', role: 'owner' },
    ]);
    await loadRows(admin, { connections: [connection] });
    const { token } = await mintCredential(admin, systemRandom, { tenant_id, user_id, name: 'test' });
    const made = { hash: hashOf(token), connection_id: connection.id as string };
    clinics.set(tenant_id, made);
    return made;
  };

  const askers = new Map<string, Buffer>();
  const hashAs = async (tenant_id: string, { role, practitioner_id, permissions }: Asker) => {
    const who = JSON.stringify([tenant_id, role, practitioner_id, permissions]);
    const user_id = randomUUID();
    if (!askers.has(who)) {
      await admin.query(
        'insert into data.users (tenant_id, id, email, display_name, role, practitioner_id, use_ai) values ($1, $2, $3, $4, $5, $6, true)',
        [...[tenant_id, user_id, `${user_id}@example.org`, 'Ben Ruiz', role, practitioner_id ?? null]],
      );
      askers.set(who, hashOf((await mintCredential(admin, systemRandom, { tenant_id, user_id, name: 'test', permissions })).token));
    }
    return askers.get(who) as Buffer;
  };

  const record: TestRecord = {
    admin,
    async load({ tenant_id = TENANT, ...more }) {
      await clinic(tenant_id);
      await loadRows(admin, more);
    },
    async ask(question, call = {}) {
      const { hash, connection_id } = await clinic(call.tenant_id ?? TENANT);
      const tx = openTenantTx(pool, call.as ? await hashAs(call.tenant_id ?? TENANT, call.as) : hash);
      const at = new Date(call.now ?? now);
      try {
        const source = openSource(
          { id: connection_id, vendor: 'native', settings: {}, modules: [] },
          { tx, now: at, today: localDay(at, time_zone), time_zone },
        );
        return await question(source as Native, tx);
      } finally {
        await tx.abandon();
      }
    },
    async signed(kind, commit, call = {}) {
      const tenant_id = call.tenant_id ?? TENANT;
      const { connection_id } = await clinic(tenant_id);
      const { draft_id, hash, payload_hash } = await aSignable(admin, { tenant_id, kind });
      const tx = openTenantTx(pool, hash, { writes: true });
      const at = new Date(call.now ?? now);
      try {
        await tx.rows('select app.sign_draft($1, 1, $2)', [draft_id, payload_hash]);
        const source = openSource(
          { id: connection_id, vendor: 'native', settings: {}, modules: [] },
          { tx, now: at, today: localDay(at, time_zone), time_zone },
        );
        const done = await commit(source as Native, draft_id);
        await tx.rows('select app.settle_draft($1, $1)', [draft_id]);
        await tx.end();
        return done;
      } finally {
        await tx.abandon();
      }
    },
    async close() {
      await pool.end();
      await admin.end();
      await database.drop();
    },
  };
  await record.load(rows);
  return record;
}

/** A draft of a kind that waits, and the login of the clinic's owner, who has no licence. */
async function aSignable(admin: Admin, { tenant_id, kind }: { tenant_id: string; kind: string }) {
  const [draft_id, login_id] = [randomUUID(), randomUUID()];
  const { hash } = mintSecret(systemRandom, 'login');
  await admin.query(
    `insert into guard.grants (id, hash, kind, tenant_id, user_id, name, mfa_at, seen_at, expires_at)
     select $1, $2, 'login', tenant_id, id, 'test', clock_timestamp(), clock_timestamp(), clock_timestamp() + interval '1 hour' from data.users where tenant_id = $3 and role = 'owner'`,
    [login_id, hash, tenant_id],
  );
  const { rows } = await admin.query<{ payload_hash: Buffer }>(
    `insert into data.pending_actions (tenant_id, id, operation, kind, payload, payload_hash, proposed_payload, content_hash, proposed_by, credential_id, expires_at)
     values ($1, $2, 'draft', $3, '{}', guard.hash_of($2, 1, $3, '{}'), '{}', sha256(uuid_send($2)), gen_random_uuid(), gen_random_uuid(), clock_timestamp() + interval '1 day')
     returning payload_hash`,
    [tenant_id, draft_id, kind],
  );
  return { draft_id, hash, payload_hash: rows[0]?.payload_hash };
}
