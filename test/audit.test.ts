// The books of the audit only grow: whoever asks, and by whatever way (security.md §4).
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from './promises.ts';
import { aStage, type Stage } from './tenancy/stage.ts';

const BOOKS = ['data.mcp_audit_intent', 'data.mcp_audit_log', 'data.mcp_audit_ext', 'data.taint_events', 'guard.edge_log'];
const CHANGES: Record<string, (book: string) => string> = {
  update: (book) => `update ${book} set ${ownColumn(book)} = ${ownColumn(book)}`,
  delete: (book) => `delete from ${book}`,
  truncate: (book) => `truncate ${book}`,
  'truncate cascade': (book) => `truncate ${book} cascade`,
  merge: (book) => `merge into ${book} b using (values (1)) v on true when matched then delete`,
  upsert: (book) =>
    `insert into ${book} select * from ${book} on conflict (${keyOf(book)}) do update set ${ownColumn(book)} = excluded.${ownColumn(book)}`,
  'update of one column in place': (book) =>
    `update ${book} set ${ownColumn(book)} = ${ownColumn(book)} where ctid = (select ctid from ${book} limit 1)`,
};
const ownColumn = (book: string) =>
  ({ 'data.mcp_audit_ext': 'outcome', 'guard.edge_log': 'reason', 'data.taint_events': 'source' })[book] ?? 'created_at';
const keyOf = (book: string) =>
  ({ 'data.mcp_audit_log': 'id', 'guard.edge_log': 'id', 'data.mcp_audit_ext': 'tenant_id, audit_id' })[book] ?? 'tenant_id, id';

/** Who tries, with the setting up of the attempt. app_owner is let see the rows: it would otherwise change nothing for want of any. */
const WHO: Record<string, { as: 'api' | 'admin'; first: (stage: Stage) => string }> = {
  'app_api, in its clinic': { as: 'api', first: ({ a }) => `select app.enter(${a.live.sql})` },
  'the superuser': { as: 'admin', first: () => 'select' },
  'the superuser, as a replica': { as: 'admin', first: () => 'set local session_replication_role = replica' },
  'the superuser, migrating': { as: 'admin', first: () => "set local app.migrating = 'on'" },
  'app_owner, in a clinic': {
    as: 'admin',
    first: ({ a }) =>
      `grant usage on schema guard to app_owner; grant execute on function app.tenant() to app_owner; select app.enter(${a.live.sql}); set local role app_owner`,
  },
  'app_guard, for every clinic': {
    as: 'admin',
    first: () => `grant all on ${BOOKS.join(', ')} to app_guard; set local role app_guard`,
  },
};

let stage: Stage;
let clients: Record<'api' | 'admin', pg.Client>;
beforeAll(async () => {
  stage = await aStage();
  clients = { api: await stage.connect(), admin: await stage.connect(stage.database.admin) };
  await stage.admin.query("select app.note_at_edge('unknown', '\\x00', 'mcp', '::1', 1)");
});
afterAll(() => stage.close());

const rows = async () => {
  const { rows } = await stage.admin.query<{ sum: string }>(
    `select concat_ws(',', ${BOOKS.map((book) => `(select md5(string_agg(b::text, '' order by b::text)) from ${book} b)`).join(', ')}) as sum`,
  );
  return rows[0]?.sum;
};

async function attempt(client: pg.Client, first: string, sql: string): Promise<unknown> {
  await client.query('begin');
  try {
    await client.query(first);
    await client.query(sql);
    await client.query('commit');
    return 'done';
  } catch (error) {
    return error instanceof pg.DatabaseError ? error.code : error;
  } finally {
    await client.query('rollback');
  }
}

verifies('audit:append-only', async () => {
  const before = await rows();
  const passed: string[] = [];
  for (const [who, { as, first }] of Object.entries(WHO))
    for (const book of BOOKS)
      for (const [change, sql] of Object.entries(CHANGES)) {
        const code = await attempt(clients[as], first(stage), sql(book));
        // 0A000: PostgreSQL itself refuses to truncate what a foreign key points at.
        if (code !== '42501' && !(code === '0A000' && change === 'truncate')) passed.push(`${who}: ${change} ${book}: ${code}`);
      }
  expect(passed).toEqual([]);
  expect(await rows()).toBe(before);
});

describe('the superuser who is not migrating', () => {
  it.each([
    'alter table data.mcp_audit_log disable trigger append_only',
    'alter table data.mcp_audit_log disable trigger all',
    'alter table data.mcp_audit_log disable trigger user',
    'alter table data.mcp_audit_log enable trigger append_only',
    'alter table data.mcp_audit_log enable replica trigger append_only',
    'drop trigger append_only on data.mcp_audit_log',
    'alter trigger append_only on data.mcp_audit_log rename to x',
    'create trigger a before update on data.mcp_audit_log for each row execute function suppress_redundant_updates_trigger()',
    'create rule r as on insert to data.mcp_audit_log do instead nothing',
    'drop table data.mcp_audit_ext',
    'drop table guard.edge_log',
    'drop schema data cascade',
    'drop schema guard cascade',
    'drop owned by app_owner cascade',
    'alter table data.mcp_audit_log rename to elsewhere',
    'alter table data.mcp_audit_log set schema public',
    'alter table data.mcp_audit_log rename column status to was',
    "alter table data.mcp_audit_log alter column status type text using 'ok'",
    'alter table data.mcp_audit_log drop column status',
    'alter table data.mcp_audit_log owner to current_user',
    'alter table data.mcp_audit_log no force row level security',
    'alter table data.mcp_audit_log set unlogged',
    'drop policy tenant on data.mcp_audit_log',
    'alter policy tenant on data.mcp_audit_log using (true)',
    'create policy p on data.mcp_audit_log using (true)',
    'drop function guard.refuse_change() cascade',
    'drop function guard.refuse_audit_ddl() cascade',
    'create or replace function guard.refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
    "alter function guard.refuse_change() set search_path = 'public'",
    'set local session_replication_role = replica; alter table data.mcp_audit_log disable trigger all',
    'set local session_replication_role = replica; drop table data.mcp_audit_ext',
    'alter table data.mcp_audit_log rename to elsewhere; alter table data.elsewhere disable trigger all; update data.elsewhere set status = status',
  ])('is refused: %s', async (sql) => {
    const before = await rows();
    await clients.admin.query('begin');
    const error: unknown = await clients.admin.query(sql).then(
      () => 'done',
      (error: unknown) => error,
    );
    await clients.admin.query('rollback');
    expect(error).toMatchObject({ code: '42501' });
    expect(await rows()).toBe(before);
  });
  it('alters other tables as before', async () => {
    await clients.admin.query('begin; alter table data.patients add column x int; drop table data.leads; rollback');
  });
});
