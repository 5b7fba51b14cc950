// What the serving role writes: nothing, but in the transaction of a signature, in the tables of SIGNED, rows of the clinic that signed (ADR 14).
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SIGNED, SIGNED_COLUMNS } from '../catalog/reviewed.ts';
import type { Draft } from './desk.ts';
import { opened, ownWrite, signed } from './signing.ts';
import { aStage, type Clinic, type Stage, type Table } from './stage.ts';
import { row } from './statements.ts';

let stage: Stage;
let api: pg.Client;
let aside: pg.Client;
let opens: Map<string, Draft[]>;
beforeAll(async () => {
  stage = await aStage();
  [api, aside] = [await stage.connect(), await stage.connect()];
  opens = await opened(api, stage.a);
});
afterAll(() => stage.close());
beforeEach(async () => void (await Promise.all([api, aside].map((client) => client.query('rollback')))));

const RIGHTS = Object.entries(SIGNED).flatMap(([table, rights]) => rights.map((right) => [table, right] as const));
const text = (value: unknown) => pg.escapeLiteral(String(value));

/** How often rows were touched, or the refusal. */
async function touched(client: pg.Client, sql: string): Promise<string> {
  return client.query(sql).then(
    (result) => `${result.rowCount ?? 0} rows`,
    (error: pg.DatabaseError) => `${error.code} ${error.message}`,
  );
}

/** The same in a transaction that goes on; what was done in it stays. */
async function within(client: pg.Client, sql: string): Promise<string> {
  await client.query('savepoint s');
  const outcome = await touched(client, sql);
  await client.query(/rows$/.test(outcome) ? 'release s' : 'rollback to s');
  return outcome;
}

async function recordOf(tenant_id: string): Promise<string> {
  const sums = stage.tables.map(
    ({ name }) => `(select md5(string_agg(t::text, '' order by t::text)) from data.${name} t where tenant_id = ${text(tenant_id)})`,
  );
  const { rows } = await stage.admin.query<{ sum: string }>(`select concat_ws(',', ${sums.join(', ')}) as sum`);
  return rows[0]?.sum ?? '';
}

/** Every way to write one table, with rows of a clinic; `others`: a row that is put into that clinic. */
function writes(table: Table, { tenant_id, rows }: Clinic, others: Record<string, unknown> = {}): Record<string, string> {
  const { name, primary, key } = table;
  const columns = table.columns.filter((column) => !table.computed.includes(column));
  const theirs = rows[name] ?? {};
  const fresh = () => (key.includes('id') ? { id: randomUUID() } : {});
  const add = (values: Record<string, unknown>) =>
    `insert into data.${name} (${columns.join(', ')}) select ${columns.join(', ')} from (${row(name, values)}) v`;
  const one = { ...theirs, ...fresh() };
  const same = columns.map((column) => `${column} = excluded.${column}`).join(', ');
  const clinic = `t.tenant_id = ${text(tenant_id)}`;
  const there = `${key.map((column) => `t.${column} = ${text(theirs[column])}`).join(' and ')} and ${clinic}`;
  return {
    insert: add(one),
    'insert at another time': add({ ...one, ...('start_at' in one && { start_at: '2031-06-06T09:00:00Z' }) }),
    'insert returning': `${add(one)} returning *`,
    'insert of what is there': `${add(theirs)} on conflict do nothing`,
    'insert of a row of others': add({ ...theirs, ...others, ...fresh(), tenant_id }),
    upsert: `${add(theirs)} on conflict (${primary.join(', ')}) do update set ${same}`,
    'with insert': `with w as (${add(one)} returning *) select * from w`,
    update: `update data.${name} t set tenant_id = tenant_id where ${there}`,
    'update of the clinic': `update data.${name} t set tenant_id = tenant_id where ${clinic} returning *`,
    'with update': `with w as (update data.${name} t set tenant_id = tenant_id where ${clinic} returning *) select * from w`,
    'update into the clinic': `update data.${name} t set tenant_id = ${text(tenant_id)}`,
    delete: `delete from data.${name} t where ${there}`,
    'delete of the clinic': `delete from data.${name} t where ${clinic} returning *`,
    truncate: `truncate data.${name} cascade`,
    'merge that changes': `merge into data.${name} t using (values (1)) v on ${there} when matched then update set tenant_id = t.tenant_id`,
    'merge that deletes': `merge into data.${name} t using (values (1)) v on ${there} when matched then delete`,
    'merge that adds': `merge into data.${name} t using (${row(name, one)}) v on false
      when not matched then insert (${columns.join(', ')}) values (${columns.map((column) => `v.${column}`).join(', ')})`,
  };
}
const REFUSED = /^42501 (permission denied for table|(new|target) row violates row-level security policy)/;

describe('without a signature', () => {
  /** How a transaction begins that has none. */
  const BEGUN: Record<string, (a: Clinic) => string> = {
    'without a clinic': () => 'begin',
    'of a credential': ({ live }) => `begin; select app.enter(${live.sql})`,
    'of a login': ({ login }) => `begin; select app.enter(${login.sql})`,
    'of a login that signed and took it back': ({ login, drafts: [draft] }) =>
      `begin; select app.enter(${login.sql}); savepoint t; ${draft?.sign}; rollback to t`,
    'after the transaction that signed': ({ login, drafts: [draft] }) =>
      `begin; select app.enter(${login.sql}); ${draft?.sign}; rollback and chain; select app.enter(${login.sql})`,
  };
  it.each(Object.keys(BEGUN))(
    'a transaction %s writes no row of any table: the right is not there, or row security refuses',
    async (how) => {
      const { a } = stage;
      const before = await recordOf(a.tenant_id);
      const passed: string[] = [];
      await api.query(BEGUN[how]?.(a) ?? '');
      for (const table of stage.tables) {
        const rights: readonly string[] = SIGNED[table.name] ?? [];
        for (const [what, sql] of Object.entries(writes(table, a))) {
          const outcome = await within(api, sql);
          const refused =
            outcome === `42501 permission denied for table ${table.name}` ||
            (rights.length > 0 && REFUSED.test(outcome)) ||
            (rights.includes('UPDATE') && /update|changes/.test(what) && outcome === '0 rows');
          if (!refused) passed.push(`${table.name}: ${what}: ${outcome}`);
        }
      }
      await api.query('commit');
      expect(passed).toEqual([]);
      expect(await recordOf(a.tenant_id)).toBe(before);
    },
  );
  it.each(RIGHTS)('%s: %s with a signature of one’s own making, or of another transaction, is refused', async (table, right) => {
    const [draft] = opens.get(`${table} ${right}`) ?? [];
    if (!draft) throw new Error(`no signature opens ${table} for ${right}`);
    const write = ownWrite(stage.a, table, right, draft);
    const ofNow = async (client: pg.Client) => {
      await client.query(signed(stage.a, draft));
      return String((await client.query("select current_setting('app.signature') as it")).rows[0]?.it);
    };
    const earlier = await ofNow(api);
    await api.query('rollback');
    const elsewhere = await ofNow(aside);
    for (const forged of [
      'x',
      '::',
      draft.draft_id,
      `${draft.draft_id}:`,
      earlier.replace(/[0-9a-f]{64}$/, '0'.repeat(64)),
      earlier,
      elsewhere,
    ]) {
      await api.query(`begin; select app.enter(${stage.a.login.sql}); select set_config('app.signature', ${text(forged)}, true)`);
      expect([forged, await touched(api, write)]).toEqual([forged, expect.stringMatching(/^42501 |^0 rows/)]);
      await api.query('rollback');
    }
    await aside.query('rollback');
  });
});

/** By which kinds. */
const CHANGED_BY: Record<string, readonly string[]> = {
  patients: ['contact_update_draft'],
  messages: ['message_draft'],
  appointments: ['appointment_draft', 'cancellation_draft', 'reschedule_draft'],
  tasks: ['task_update_draft'],
};

describe('where a signature changes some columns', () => {
  const changes = Object.entries(SIGNED_COLUMNS).flatMap(([table, columns]) => columns.map((column) => [table, column] as const));
  const same = (table: string, column: string, where = 'true') => `update data.${table} set ${column} = ${column} where ${where}`;
  it.each(changes)(
    '%s.%s: without one nothing changes; a draft of some kind opens its own patient, and nobody of another clinic',
    async (table, column) => {
      const { a, b } = stage;
      for (const { sql } of [a.live, a.login]) {
        await api.query(`begin; select app.enter(${sql})`);
        expect(await touched(api, same(table, column))).toBe('0 rows');
        await api.query('rollback');
      }
      const opened: string[] = [];
      for (const draft of a.drafts) {
        await stage.admin.query("update data.pending_actions set status = 'pending' where id = $1", [draft.draft_id]);
        await api.query(signed(a, draft));
        const own = await touched(api, same(table, column));
        expect(own).toMatch(/^[01] rows$/);
        expect(await touched(api, same(table, column, `tenant_id = ${text(b.tenant_id)}`))).toBe('0 rows');
        await api.query('rollback');
        if (own === '1 rows') opened.push(draft.kind);
      }
      expect(opened).toEqual(CHANGED_BY[table]);
    },
  );
});

describe('with a signature', () => {
  it.each(RIGHTS)('%s: %s of one’s own clinic is opened by a draft of some kind, and not of every kind', (table, right) => {
    const { length } = opens.get(`${table} ${right}`) ?? [];
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(stage.a.drafts.length);
  });
  it('the kinds are all those that there are', async () => {
    const { rows } = await stage.admin.query<{ kind: string }>('select distinct kind from guard.signing order by 1');
    expect(stage.a.drafts.map(({ kind }) => kind)).toEqual(rows.map(({ kind }) => kind));
  });
  it('of any kind, no row of another clinic is read, written or changed in any table', async () => {
    const { a, b } = stage;
    const before = await recordOf(b.tenant_id);
    const wrong: string[] = [];
    for (const draft of a.drafts) {
      await api.query(signed(a, draft));
      for (const table of stage.tables) {
        const theirs = `select from data.${table.name} where tenant_id = ${text(b.tenant_id)}`;
        const statements = { ...writes(table, b, a.rows[table.name]), select: theirs, 'select for update': `${theirs} for update` };
        for (const [what, sql] of Object.entries(statements)) {
          const outcome = await within(api, sql);
          if (outcome !== '0 rows' && !REFUSED.test(outcome)) wrong.push(`${draft.kind}: ${table.name}: ${what}: ${outcome}`);
        }
      }
      await api.query('select app.settle_draft($1, $1)', [draft.draft_id]);
      await api.query('commit'); // whatever it did, it did
    }
    expect(wrong).toEqual([]);
    expect(await recordOf(b.tenant_id)).toBe(before);
  });
  it.each(RIGHTS)(
    '%s: %s of a clinic entered afterwards, with its own secret, is not opened by the signature of the first',
    async (table, right) => {
      const [draft] = opens.get(`${table} ${right}`) ?? [];
      const theirs = stage.b.drafts.find(({ kind }) => kind === draft?.kind);
      if (!draft || !theirs) throw new Error(`no signature opens ${table} for ${right}`);
      for (const { sql } of [stage.b.live, stage.b.login]) {
        // The drafts of A were signed for good above: this one is made to wait again.
        await stage.admin.query("update data.pending_actions set status = 'pending' where id = $1", [draft.draft_id]);
        await api.query(`${signed(stage.a, draft)}; select set_config('app.seal', '', true); select app.enter(${sql})`);
        const outcome = await touched(api, ownWrite(stage.b, table, right, theirs));
        await api.query('rollback');
        expect(outcome).toMatch(/^42501 |^0 rows/);
      }
    },
  );
});
