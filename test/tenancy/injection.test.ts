// A query that hostile text is written into, run as the house runs its own: what it can read, and what it can leave behind on the pooled connection.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { openPool, type Pool, query } from '../../src/db/pool.ts';
import { openTenantTx, type TenantTx } from '../../src/db/tenant.ts';
import { openBooks } from '../../src/governance/audit.ts';
import { aStage, type Bearer, type Stage } from './stage.ts';

let stage: Stage;
let pool: Pool;
beforeAll(async () => {
  stage = await aStage();
});
beforeEach(() => {
  pool = openPool(stage.database.api, { max: 1, failed: () => {} });
  return () => pool.end();
});
afterAll(() => stage.close());

const END = { status: 'ok', outcome: 'ok', response_bytes: 1, latency_ms: 1, subjects: [], refs: [], delivered: [] } as const;

/** A call of one clinic over the one connection of the pool, from its intent to its final row. */
async function call<T>(bearer: Bearer, work: (tx: TenantTx) => Promise<T>, id: string = randomUUID()): Promise<T> {
  const books = openBooks(pool);
  const identity = await books.begin(bearer.hash, {
    id,
    request_id: id,
    tool_name: 'search_patients',
    args_redacted: {},
    door: 'mcp',
    client: {},
  });
  if (!identity) throw new Error('no such credential');
  const tx = openTenantTx(pool, bearer.hash);
  try {
    const answer = await work(tx);
    await tx.end();
    await books.finish(bearer.hash, id, END);
    return answer;
  } catch (error) {
    await tx.abandon(true);
    throw error;
  }
}
const session = async () => (await query<{ pid: number }>(pool, 'select pg_backend_pid() as pid'))[0]?.pid;

describe('hostile text in a query of one clinic', () => {
  const hostile = (b: Stage['b']) => [
    "' or true --",
    `' or tenant_id = '${b.tenant_id}' --`,
    `' union all select to_jsonb(p)::text from data.patients p where tenant_id = '${b.tenant_id}' --`,
    `' union all select set_config('app.seal', '${b.tenant_id}', true) union all select to_jsonb(p)::text from data.patients p --`,
    `' union all select set_config('app.seal', replace(current_setting('app.seal'), app.tenant()::text, '${b.tenant_id}'), true) union all select family_name from data.patients --`,
    `' union all select set_config('app.seal', '', true) union all select app.enter('\\x00')::text union all select family_name from data.patients --`,
    `' union all select set_config('role', 'app_owner', true) union all select family_name from data.patients --`,
    `' union all select set_config('session_authorization', 'app_owner', true) union all select family_name from data.patients --`,
    `' union all select set_config('row_security', 'off', true) union all select family_name from data.patients --`,
    `' union all select query_to_xml('select * from data.patients', true, false, '')::text --`,
    `' union all select database_to_xml(true, false, '')::text --`,
    "' union all select key::text from guard.tenant_keys --",
    "' union all select hash::text from guard.grants --",
    "' union all select most_common_vals::text from pg_stats where schemaname = 'data' --",
    "' union all select audit_key::text from app.identify((select hash from guard.grants limit 1)) --",
    `'; select * from data.patients --`,
    `'; commit; select * from data.patients --`,
  ];
  it('gives no word of another clinic', async () => {
    for (const text of hostile(stage.b)) {
      const told = await call(stage.a.live, (tx) => tx.rows(`select family_name from patients where family_name = '${text}`)).catch(
        (error: Error) => String(error.message),
      );
      const shown = JSON.stringify(told);
      expect(
        [stage.b.canary, stage.b.live.hash.toString('hex')].filter((word) => shown.includes(word)),
        text,
      ).toEqual([]);
    }
  });
  it('as a whole statement, also one that ends the transaction, gives none', async () => {
    const statements = [
      'commit',
      'rollback',
      'commit and chain',
      'rollback and chain',
      'reset all',
      'discard all',
      'abort',
      'begin',
      'savepoint s',
      'set app.seal = default',
      'set role none',
    ];
    for (const first of statements) {
      const told = await call(stage.a.live, async (tx) => {
        await tx.rows(first);
        return tx.rows('select to_jsonb(p) from data.patients p');
      }).catch((error: Error) => String(error.message));
      expect(JSON.stringify(told).includes(stage.b.canary), first).toBe(false);
      expect(await call(stage.b.live, (tx) => tx.rows('select family_name from patients')), first).toEqual([
        { family_name: stage.b.canary },
      ]);
    }
  });
});

describe('what a call leaves on its connection is gone for the next', () => {
  const reads = (tx: TenantTx) => tx.rows<{ family_name: string }>('select family_name from patients');

  it('a cursor WITH HOLD', async () => {
    await call(stage.b.live, (tx) => tx.rows('declare loot cursor with hold for select * from patients')).catch(() => {});
    await expect(call(stage.a.live, (tx) => tx.rows('fetch all from loot'))).rejects.toThrow();
    await expect(call(stage.a.live, (tx) => tx.rows("select * from cursor_to_xml('loot', 10, true, false, '')"))).rejects.toThrow();
  });
  it('settings, of the session too', async () => {
    const pid = await session();
    const settings = [
      'TimeZone',
      'statement_timeout',
      'search_path',
      'app.seal',
      'app.note',
      'default_transaction_read_only',
      'default_transaction_isolation',
      'lock_timeout',
      'DateStyle',
      'work_mem',
    ];
    const shown = () =>
      query(pool, `select ${settings.map((name, i) => `coalesce(current_setting('${name}', true), '') as s${i}`).join(', ')}`);
    const before = await shown();
    await call(stage.a.live, async (tx) => {
      for (const [name, value] of [
        ['TimeZone', 'Asia/Tokyo'],
        ['statement_timeout', '0'],
        ['search_path', 'guard'],
        ['app.note', 'words'],
        ['default_transaction_read_only', 'on'],
        ['default_transaction_isolation', 'serializable'],
        ['lock_timeout', '1'],
        ['DateStyle', 'German'],
        ['work_mem', '64kB'],
      ])
        await tx.rows('select set_config($1, $2, false)', [name, value]);
    });
    expect(await session()).toBe(pid);
    expect(await shown()).toEqual(before);
    expect((await call(stage.b.live, reads)).length).toBe(1);
  });
  it('a lock', async () => {
    await call(stage.a.live, (tx) => tx.rows('select pg_advisory_lock(1)').catch(() => []));
    expect(
      await query(
        pool,
        "select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
      ),
    ).toEqual([]);
  });
  it('a channel it listens on', async () => {
    await call(stage.a.live, (tx) => tx.rows('listen words')).catch(() => {});
    expect(await query(pool, 'select * from pg_listening_channels()')).toEqual([]);
  });
  /** Puts hostile statements in the place of ours on this connection, as the driver named them. */
  const replaced = async (ours: RegExp, types: string, hostile: string) => {
    await call(stage.a.live, reads); // each of ours is prepared by now
    const prepared = await query<{ name: string; statement: string }>(pool, 'select name, statement from pg_prepared_statements');
    const [name, ...more] = prepared.filter(({ statement }) => ours.test(statement)).map(({ name }) => name);
    expect([name, more]).toEqual([expect.any(String), []]);
    await call(stage.a.live, async (tx) => {
      await tx.rows(`deallocate "${name}"`);
      await tx.rows(`prepare "${name}" ${types} as ${hostile}`);
    }).catch(() => {});
  };

  it('a statement it prepared under the name of one of ours', async () => {
    const secret = "pg_advisory_lock(('x' || substr(md5(family_name), 1, 16))::bit(64)::bigint)";
    await replaced(/^select family_name from patients$/, '', `select family_name || ' of A' as family_name, ${secret} from data.patients`);
    expect(await call(stage.b.live, reads)).toEqual([{ family_name: stage.b.canary }]);
    expect(
      await query(
        pool,
        "select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
      ),
    ).toEqual([]);
  });
  it('one under the name of the statement that begins a call: it would hear the next one knock', async () => {
    const words = `jsonb_build_object('heard', $1::text)`;
    await replaced(
      /app\.begin/,
      '(jsonb)',
      `select 0 as n, b.* from app.begin(${stage.a.live.sql}, gen_random_uuid(), gen_random_uuid(), 'x', ${words}, 'mcp', '{}') b`,
    );
    const id = randomUUID();
    await call(stage.b.live, reads, id).catch(() => {});
    const { rows } = await stage.admin.query("select from data.mcp_audit_intent where args_redacted ? 'heard'");
    expect(rows).toEqual([]);
    expect(await rowsOf(id)).toEqual([{ tenant_id: stage.b.tenant_id, ended: true }]);
  });
  it('one under the name of the statement that ends it: there would be answers without a row', async () => {
    await replaced(/app\.finish/, '(jsonb)', 'select 1');
    const id = randomUUID();
    await call(stage.b.live, reads, id);
    expect(await rowsOf(id)).toEqual([{ tenant_id: stage.b.tenant_id, ended: true }]);
  });
  const rowsOf = async (id: string) => {
    const { rows } = await stage.admin.query(
      'select i.tenant_id, l.id is not null as ended from data.mcp_audit_intent i left join data.mcp_audit_log l on l.tenant_id = i.tenant_id and l.id = i.id where i.id = $1',
      [id],
    );
    return rows;
  };
});

describe('what a call leaves in the server is gone with the next migration', () => {
  it('a default setting of the serving role', async () => {
    await call(stage.a.live, (tx) =>
      tx.rows(`alter role app_api in database ${stage.database.name} set default_transaction_read_only = on`).catch(() => []),
    );
    await migrate({ admin: stage.database.admin, api_password: String(stage.database.api.password) });
    const { rows } = await stage.admin.query<{ setting: string }>(
      "select unnest(setconfig) as setting from pg_db_role_setting where setrole = to_regrole('app_api') and setdatabase = (select oid from pg_database where datname = current_database()) order by 1",
    );
    expect(rows.map(({ setting }) => setting.split('=')[0])).toEqual([
      'idle_in_transaction_session_timeout',
      'jit',
      'plan_cache_mode',
      'search_path',
      'statement_timeout',
    ]);
  });
});
