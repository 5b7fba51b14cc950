// Every intent gets its one final row: under finishes at once, under the sweep, and under both.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../promises.ts';
import { aStage, type Bearer, type Stage } from '../tenancy/stage.ts';

let stage: Stage;
let api: pg.Client;
let clients: pg.Client[];
beforeAll(async () => {
  stage = await aStage();
  clients = await Promise.all(Array.from({ length: 50 }, () => stage.connect()));
  [api] = clients as [pg.Client];
});
afterAll(() => stage.close());
beforeEach(async () => void (await api.query('rollback')));

const begin = async (client: pg.Client, bearer: Bearer, id: string = randomUUID()) => {
  await client.query("select app.begin($1, $2, $2, 'get_labs', '{}', 'mcp', '{}')", [bearer.hash, id]);
  return id;
};
const finish = (client: pg.Client, bearer: Bearer, id: string, refs: object[] | null = null, delivered: object[] | null = null) =>
  client.query("select app.finish($1, $2, 'ok', 'ok', 1, 1, '{}', $3, $4)", [
    bearer.hash,
    id,
    refs && JSON.stringify(refs),
    delivered && JSON.stringify(delivered),
  ]);
const sweep = async (client: pg.Client, age = '1 minute') =>
  (await client.query<{ closed: number }>('select app.sweep($1) as closed', [age])).rows[0]?.closed ?? 0;
/** An intent as a crash left it, so long ago. */
const orphan = async (bearer: Bearer, ago: string, client: Pick<pg.Client, 'query'> = stage.admin, tenant_id = stage.a.tenant_id) => {
  const id = randomUUID();
  await client.query(
    `insert into data.mcp_audit_intent (tenant_id, id, user_id, credential_id, tool_name, args_redacted, request_id, door, created_at)
     values ($1, $2, $3, $4, 'get_labs', '{"q": "h2:0"}', $2, 'mcp', clock_timestamp() - ${ago})`,
    [tenant_id, id, bearer.user_id, bearer.credential_id],
  );
  return id;
};
const ended = async (id: string) =>
  (
    await stage.admin.query<{ status: string; outcome: string }>(
      'select l.status, e.outcome from data.mcp_audit_log l left join data.mcp_audit_ext e on e.tenant_id = l.tenant_id and e.audit_id = l.id where l.id = $1',
      [id],
    )
  ).rows;

describe('finishes of one intent', () => {
  it('50 at once: one writes, 49 are refused', async () => {
    const id = await begin(api, stage.a.live);
    const done = await Promise.allSettled(clients.map((client) => finish(client, stage.a.live, id)));
    expect(done.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(done.flatMap((each) => (each.status === 'rejected' ? [(each.reason as pg.DatabaseError).code] : []))).toEqual(
      Array(49).fill('23505'),
    );
    expect(await ended(id)).toEqual([{ status: 'ok', outcome: 'ok' }]);
  });
  it('of 50 intents at once that deliver the same references, in any order, all are written', async () => {
    const refs = Array.from({ length: 20 }, (_, i) => ({
      ref: `u_${randomUUID()}_${i}`,
      permission: 'notes:read',
      kind: 'patient_reported',
      said_on: null,
      text: 'words',
      expires_at: '2999-01-01',
    }));
    for (let round = 0; round < 5; round += 1) {
      const ids = await Promise.all(clients.map((client) => begin(client, stage.a.live)));
      const order = (i: number) => (i % 2 === 0 ? refs : refs.toReversed());
      const done = await Promise.allSettled(
        clients.map((client, i) => finish(client, stage.a.live, ids[i] ?? '', order(i), [{ path: '/notes/0', characters: 1 }])),
      );
      expect(done.flatMap((each) => (each.status === 'rejected' ? [(each.reason as pg.DatabaseError).message] : []))).toEqual([]);
    }
  });
  it('with one reference twice in an answer is written', async () => {
    const ref = {
      ref: `u_${randomUUID()}`,
      permission: 'notes:read',
      kind: 'patient_reported',
      said_on: null,
      text: 'words',
      expires_at: '2999-01-01',
    };
    const id = await begin(api, stage.a.live);
    await finish(api, stage.a.live, id, [ref, ref]);
    expect(await ended(id)).toEqual([{ status: 'ok', outcome: 'ok' }]);
  });
  it('writes nothing at all when any of it fails', async () => {
    const id = await begin(api, stage.a.live);
    await expect(
      finish(api, stage.a.live, id, [{ ref: 'u_1', permission: null, kind: 'x', text: 'y', expires_at: '2999-01-01' }]),
    ).rejects.toMatchObject({ code: '23502' });
    expect(await ended(id)).toEqual([]);
  });
});

verifies('audit:orphans-closed', async () => {
  const old = await orphan(stage.a.live, "interval '10 minutes'");
  const theirs = await orphan(stage.b.live, "interval '2 days'", stage.admin, stage.b.tenant_id);
  const running = await begin(api, stage.a.live);
  const closed = await Promise.all(clients.slice(0, 10).map((client) => sweep(client)));
  expect(closed.reduce((sum, each) => sum + each, 0)).toBe(2);
  expect(await sweep(api)).toBe(0);
  expect([await ended(old), await ended(theirs), await ended(running)]).toEqual([
    [{ status: 'error', outcome: 'orphaned' }],
    [{ status: 'error', outcome: 'orphaned' }],
    [],
  ]);
  await finish(api, stage.a.live, running);
});

describe('the sweep', () => {
  it('and a finish that comes late: one row, whoever is first', async () => {
    const [finisher, sweeper] = clients as [pg.Client, pg.Client];
    const before = await orphan(stage.a.live, "interval '10 minutes'");
    await finisher.query('begin');
    await finish(finisher, stage.a.live, before);
    const sweeping = sweep(sweeper);
    await waitsForALock();
    await finisher.query('commit');
    expect(await sweeping).toBe(0);
    expect(await ended(before)).toEqual([{ status: 'ok', outcome: 'ok' }]);

    const after = await orphan(stage.a.live, "interval '10 minutes'");
    await sweeper.query('begin');
    expect(await sweep(sweeper)).toBe(1);
    const finishing = finish(finisher, stage.a.live, after).catch((error: pg.DatabaseError) => error.code);
    await waitsForALock();
    await sweeper.query('commit');
    expect(await finishing).toBe('23505');
    expect(await ended(after)).toEqual([{ status: 'error', outcome: 'orphaned' }]);
  });
  it('and 50 finishes in a race, ten times: each intent has one row', async () => {
    for (let round = 0; round < 10; round += 1) {
      const ids: string[] = [];
      for (const _ of clients) ids.push(await orphan(stage.a.live, "interval '10 minutes'"));
      await Promise.all([...clients.slice(1).map((client, i) => finish(client, stage.a.live, ids[i] ?? '').catch(() => {})), sweep(api)]);
      await sweep(api);
      for (const id of ids) expect(await ended(id)).toHaveLength(1);
    }
  });
  it('closes an intent that is older than what it has swept: its clock was behind, or its commit late', async () => {
    await sweep(api);
    const late = await stage.connect(stage.database.admin);
    await late.query('begin');
    const id = await orphan(stage.a.live, "interval '30 minutes'", late);
    await sweep(api);
    expect(await ended(id)).toEqual([]);
    await late.query('commit');
    await sweep(api);
    expect(await ended(id)).toEqual([{ status: 'error', outcome: 'orphaned' }]);
  });
  it('closes, by the next day, also what was committed hours after it was begun', async () => {
    await sweep(api);
    // As if a day had gone by since: swept 24 hours ago, and behind that sweep somebody committed what he had begun three hours before it.
    await stage.admin.query("update guard.sweeps set swept_to = clock_timestamp() - interval '24 hours' where tenant_id = $1", [
      stage.a.tenant_id,
    ]);
    const id = await orphan(stage.a.live, "interval '27 hours'");
    for (let turn = 0; turn < 3; turn += 1) await sweep(api);
    expect(await ended(id)).toEqual([{ status: 'error', outcome: 'orphaned' }]);
  });
  it('closes what was begun before the clock was set back', async () => {
    await stage.admin.query(
      "insert into guard.sweeps values ($1, now() + interval '1 day') on conflict (tenant_id) do update set swept_to = excluded.swept_to",
      [stage.a.tenant_id],
    );
    const id = await orphan(stage.a.live, "interval '2 hours'");
    for (let turn = 0; turn < 3; turn += 1) await sweep(api);
    expect(await ended(id)).toEqual([{ status: 'error', outcome: 'orphaned' }]);
  });
  it('is not held up by a lock that the serving role can take', async () => {
    const [, holder] = clients as [pg.Client, pg.Client];
    const id = await orphan(stage.a.live, "interval '10 minutes'");
    await holder.query('begin');
    await holder.query("select pg_advisory_xact_lock(hashtextextended('sweep:' || $1, 0))", [stage.a.tenant_id]).catch(() => {});
    await sweep(api);
    await holder.query('rollback');
    expect(await ended(id)).toEqual([{ status: 'error', outcome: 'orphaned' }]);
  });
  it("closes the intent of one clinic although another clinic's row has its id", async () => {
    const id = randomUUID();
    for (const { tenant_id, live } of [stage.a, stage.b])
      await stage.admin
        .query(
          `insert into data.mcp_audit_intent (tenant_id, id, user_id, credential_id, tool_name, args_redacted, request_id, door, created_at)
           values ($1, $2, $3, $4, 'x', '{}', $2, 'mcp', clock_timestamp() - interval '10 minutes')`,
          [tenant_id, id, live.user_id, live.credential_id],
        )
        .catch(() => {}); // refused is as good
    await sweep(api);
    const { rows } = await stage.admin.query(
      'select from data.mcp_audit_intent i where i.id = $1 and not exists (select from data.mcp_audit_log l where l.tenant_id = i.tenant_id and l.id = i.id)',
      [id],
    );
    expect(rows).toEqual([]);
  });
  it('forgets references whose time has passed, and no others', async () => {
    const kept = await begin(api, stage.a.live);
    const [old, young] = [`u_${randomUUID()}`, `u_${randomUUID()}`];
    const ref = { permission: 'notes:read', kind: 'patient_reported', said_on: null, text: 'words' };
    await finish(api, stage.a.live, kept, [
      { ...ref, ref: old, expires_at: '2000-01-01' },
      { ...ref, ref: young, expires_at: '2999-01-01' },
    ]);
    await sweep(api);
    const { rows } = await stage.admin.query<{ ref: string }>('select ref from data.text_refs where ref = any ($1)', [[old, young]]);
    expect(rows).toEqual([{ ref: young }]);
  });
});

async function waitsForALock(): Promise<void> {
  await expect
    .poll(
      async () =>
        (await stage.admin.query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")).rowCount,
    )
    .toBe(1);
}
