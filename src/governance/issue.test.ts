// Minting, listing and revoking, on the database: what is kept of a secret, and when a credential stops.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDatabase, type TestDatabase } from '../../test/pg.ts';
import { verifies } from '../../test/promises.ts';
import { systemRandom as random } from '../base/random.ts';
import { openPool, type Pool } from '../db/pool.ts';
import { openTenantTx } from '../db/tenant.ts';
import { identify, openBooks } from './audit.ts';
import { principalOf } from './authenticate.ts';
import { hashOf } from './credentials.ts';
import { listCredentials, mintCredential, revokeCredential } from './issue.ts';
import { ROLES, type Role } from './roles.ts';
import { createSandboxTenant } from './users.ts';

let database: TestDatabase;
let admin: pg.Client;
let pool: Pool;
const tenant_id = randomUUID();
const users = Object.fromEntries((Object.keys(ROLES) as Role[]).map((role) => [role, randomUUID()])) as Record<Role, string>;

beforeAll(async () => {
  database = await aDatabase();
  admin = new pg.Client(database.admin);
  await admin.connect();
  const people = Object.entries(users).map(([role, user_id]) => ({
    user_id,
    email: `${role}@clinic.example`,
    display_name: role,
    role: role as Role,
  }));
  await createSandboxTenant(admin, random, { tenant_id, name: 'Clinic', time_zone: 'America/New_York' }, people);
  pool = openPool(database.api, { max: 8, failed: () => {} });
});
afterAll(async () => {
  await pool.end();
  await admin.end();
  await database.drop();
});

const mint = (role: Role, more: object = {}) => mintCredential(admin, random, { tenant_id, user_id: users[role], name: 'laptop', ...more });
const begin = (token: string, id: string = randomUUID()) =>
  openBooks(pool).begin(hashOf(token), { id, request_id: id, tool_name: 'get_labs', args_redacted: {}, door: 'mcp', client: {} });
const enter = async (token: string) => {
  const tx = openTenantTx(pool, hashOf(token));
  return tx.rows('select 1 as in').finally(() => tx.abandon());
};
const REFUSED = { code: '42501', message: 'the credential is not live' };
const END = { status: 'ok', outcome: 'ok', response_bytes: 0, latency_ms: 0, subjects: [], refs: [], delivered: [] } as const;

/** Every value of every table of ours, as text. */
async function everything(): Promise<string> {
  const { rows } = await admin.query<{ name: string }>(
    "select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace in ('data'::regnamespace, 'guard'::regnamespace, 'public'::regnamespace)",
  );
  const texts: string[] = [];
  for (const { name } of rows) {
    const table = await admin.query<{ all: string | null }>(`select string_agg(t::text, chr(10)) as all from ${name} t`);
    texts.push(table.rows[0]?.all ?? '');
  }
  return texts.join('\n');
}

verifies('credential:shown-once', async () => {
  const { token, credential_id } = await mint('owner');
  await begin(token);
  await enter(token);
  const kept = `${await everything()}\n${JSON.stringify(await listCredentials(admin))}`;
  const [, , id, secret = ''] = token.split('_');
  expect(kept).toContain(credential_id);
  expect(kept).toContain(hashOf(token).toString('hex'));
  const spellings = [token, secret, secret.slice(0, 43), secret.slice(-20), `_${id}_`];
  const encoded = [token, secret.slice(0, 43)].flatMap((text) => [Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64')]);
  expect([...spellings, ...encoded].filter((word) => kept.includes(word))).toEqual([]);
});

describe('minting', () => {
  it('leaves one row of audit, as an act of the command line', async () => {
    const { credential_id } = await mint('nurse');
    const { rows } = await admin.query(
      `select i.door, i.tool_name, l.status, l.user_id, e.outcome from data.mcp_audit_intent i join data.mcp_audit_log l on l.id = i.id and l.tenant_id = i.tenant_id join data.mcp_audit_ext e on e.audit_id = i.id
       where i.credential_id = $1`,
      [credential_id],
    );
    expect(rows).toEqual([{ door: 'command', tool_name: 'mint_credential', status: 'ok', user_id: users.nurse, outcome: 'ok' }]);
  });
  it('makes no credential without its row of audit', async () => {
    const failing = {
      query: (...asked: Parameters<pg.Client['query']>) =>
        String(asked[0]).includes('mcp_audit_log') ? Promise.reject(new Error('the disk is full')) : admin.query(...asked),
      end: async () => {},
    };
    const before = (await listCredentials(admin)).length;
    await expect(mintCredential(failing as never, random, { tenant_id, user_id: users.nurse, name: 'lost' })).rejects.toThrow(
      'the disk is full',
    );
    expect((await listCredentials(admin)).length).toBe(before);
  });
  it('is refused for a user of another clinic, or of none', async () => {
    const [other, stranger] = [randomUUID(), randomUUID()];
    await createSandboxTenant(admin, random, { tenant_id: other, name: 'Other', time_zone: 'America/New_York' }, [
      { user_id: stranger, email: 'x@other.example', display_name: 'x', role: 'owner' },
    ]);
    for (const user_id of [stranger, randomUUID()])
      await expect(mintCredential(admin, random, { tenant_id, user_id, name: 'x' })).rejects.toThrow();
  });
  it('is refused for a person whom the clinic does not let use an AI; a program is none', async () => {
    const user_id = randomUUID();
    await admin.query(
      "insert into data.users (tenant_id, id, email, display_name, role) values ($1, $2, 'new@clinic.example', 'New', 'nurse')",
      [tenant_id, user_id],
    );
    await expect(mintCredential(admin, random, { tenant_id, user_id, name: 'x' })).rejects.toThrow('may use an AI');
    await admin.query("update data.users set role = 'integration' where id = $1", [user_id]);
    await mintCredential(admin, random, { tenant_id, user_id, name: 'x' });
  });
  it.each(Object.keys(ROLES).filter((role) => role !== 'integration') as Role[])(
    'as %s gives what the role may, whatever is asked for besides',
    async (role) => {
      const { token } = await mint(role, { permissions: ['patients:read', 'labs:read', 'notes:read'] });
      const identity = await identify(pool, hashOf(token));
      expect([...(identity ? principalOf(identity).permissions : [])].sort()).toEqual(
        [...ROLES[role].permissions, ...ROLES[role].drafts].sort(),
      );
    },
  );
  it.each([
    [undefined, []],
    [[], []],
    [['labs:read'], ['labs:read']],
    [['labs:read', 'labs:read', 'everything:write', '', 'patients:read '], ['labs:read']],
  ])('for an integration with %j gives %j', async (permissions, granted) => {
    const { token } = await mint('integration', { permissions });
    const identity = await identify(pool, hashOf(token));
    expect([...(identity ? principalOf(identity).permissions : ['nobody'])]).toEqual(granted);
  });
});

describe('a revoked credential', () => {
  it('is nobody at once, at every way in', async () => {
    const { token, credential_id } = await mint('physician');
    expect(await identify(pool, hashOf(token))).toMatchObject({ grant_id: credential_id });
    expect(await revokeCredential(admin, random, credential_id)).toBe(true);
    expect(await identify(pool, hashOf(token))).toBeUndefined();
    expect(await begin(token)).toBeUndefined();
    await expect(enter(token)).rejects.toMatchObject(REFUSED);
    expect((await listCredentials(admin)).find((one) => one.credential_id === credential_id)?.state).toBe('revoked');
  });
  it('between begin and enter reads nothing, and its call still gets its row', async () => {
    const { token, credential_id } = await mint('physician');
    const id = randomUUID();
    await begin(token, id);
    await revokeCredential(admin, random, credential_id);
    const tx = openTenantTx(pool, hashOf(token));
    await expect(tx.rows('select * from patients')).rejects.toMatchObject(REFUSED);
    await tx.abandon(true);
    await openBooks(pool).finish(hashOf(token), id, { ...END, status: 'error', outcome: 'unauthenticated' });
    expect((await admin.query('select status from data.mcp_audit_log where id = $1', [id])).rows).toEqual([{ status: 'error' }]);
  });
  it('starts no call after the answer to its revocation, however many race it', async () => {
    const { token, credential_id } = await mint('physician');
    let revoked_at = Number.POSITIVE_INFINITY;
    const started: { at: number; in: boolean }[] = [];
    const race = Array.from({ length: 8 }, async () => {
      for (let turn = 0; turn < 40; turn += 1) {
        const at = performance.now();
        started.push({ at, in: (await begin(token)) !== undefined });
        const read = performance.now();
        started.push({
          at: read,
          in: await enter(token).then(
            () => true,
            () => false,
          ),
        });
      }
    });
    // Not before one has come in, however slow the machine is.
    await expect.poll(() => started.some((each) => each.in), { timeout: 10_000, interval: 5 }).toBe(true);
    await revokeCredential(admin, random, credential_id);
    revoked_at = performance.now();
    await Promise.all(race);
    expect(started.filter((each) => each.in).length).toBeGreaterThan(0);
    expect(started.filter((each) => each.at > revoked_at).length).toBeGreaterThan(0);
    expect(started.filter((each) => each.in && each.at > revoked_at)).toEqual([]);
  });
  it('is revoked once: a second time, or one that never was, answers false and writes nothing', async () => {
    const { credential_id } = await mint('biller');
    expect([
      await revokeCredential(admin, random, credential_id),
      await revokeCredential(admin, random, credential_id),
      await revokeCredential(admin, random, randomUUID()),
    ]).toEqual([true, false, false]);
    expect(
      (await admin.query("select from data.mcp_audit_log where credential_id = $1 and tool_name = 'revoke_credential'", [credential_id]))
        .rowCount,
    ).toBe(1);
  });
  it('does not end its user, nor the other credentials', async () => {
    const [first, second] = [await mint('quality'), await mint('quality')];
    await revokeCredential(admin, random, first.credential_id);
    expect(await begin(second.token)).toBeDefined();
  });
});

describe('a credential that expires', () => {
  it('is nobody from that instant on', async () => {
    const { token, credential_id } = await mint('scheduler');
    await admin.query("update guard.grants set expires_at = clock_timestamp() + interval '1 hour' where id = $1", [credential_id]);
    expect(await begin(token)).toBeDefined();
    await admin.query('update guard.grants set expires_at = clock_timestamp() where id = $1', [credential_id]);
    expect(await begin(token)).toBeUndefined();
    expect(await identify(pool, hashOf(token))).toBeUndefined();
    await expect(enter(token)).rejects.toMatchObject(REFUSED);
    expect((await listCredentials(admin)).find((one) => one.credential_id === credential_id)?.state).toBe('expired');
  });
});

describe('the list', () => {
  it('tells when a credential last called, and not when it was made', async () => {
    const { token, credential_id } = await mint('front_desk');
    const listed = async () => (await listCredentials(admin)).find((one) => one.credential_id === credential_id);
    expect(await listed()).toMatchObject({ state: 'live', name: 'laptop', last_call_at: null });
    const id = randomUUID();
    await begin(token, id);
    await openBooks(pool).finish(hashOf(token), id, END);
    expect((await listed())?.last_call_at).toBeInstanceOf(Date);
  });
});
