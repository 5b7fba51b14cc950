// The functions that a call passes, called with what belongs to another clinic, to a colleague, to nobody.
import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aStage, type Bearer, type Stage } from './stage.ts';

let stage: Stage;
let api: pg.Client;
beforeAll(async () => {
  stage = await aStage();
  api = await stage.connect();
});
afterAll(() => stage.close());
beforeEach(async () => void (await api.query('rollback; reset all')));

const begin = (bearer: Pick<Bearer, 'hash'>, id: string = randomUUID()) =>
  api
    .query('select * from app.begin($1, $2, $3, $4, $5, $6, $7)', [bearer.hash, id, randomUUID(), 'search_patients', '{}', 'mcp', '{}'])
    .then(({ rows }) => ({ id, rows }));
const finish = (bearer: Pick<Bearer, 'hash'>, id: string, refs: object[] | null = null) =>
  api.query('select app.finish($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    bearer.hash,
    id,
    'ok',
    'ok',
    1,
    1,
    [],
    refs && JSON.stringify(refs),
    null,
  ]);
const refusal = (work: Promise<unknown>) =>
  work.then(
    (value) => ({ value }),
    (error: pg.DatabaseError) => ({ code: error.code, message: error.message, detail: error.detail }),
  );
const nobody = () => ({ hash: randomBytes(32) });
const logged = async (id: string) =>
  (await stage.admin.query<{ tenant_id: string; status: string }>('select tenant_id, status from data.mcp_audit_log where id = $1', [id]))
    .rows;

describe('app.identify and app.begin', () => {
  it('answer alike to a secret that is unknown, revoked, expired, of the wrong length or null: nothing', async () => {
    const { b } = stage;
    for (const hash of [nobody().hash, b.revoked.hash, b.expired.hash, Buffer.alloc(0), b.live.hash.subarray(1), null]) {
      expect((await api.query('select * from app.identify($1)', [hash])).rows).toEqual([]);
      const id = randomUUID();
      expect((await begin({ hash: hash as Buffer }, id)).rows).toEqual([]);
      expect((await stage.admin.query('select from data.mcp_audit_intent where id = $1', [id])).rowCount).toBe(0);
    }
  });
  it('answer nothing to the credential of a user who left', async () => {
    await stage.admin.query('update data.users set active = false where id = $1', [stage.a.colleague.user_id]);
    expect((await begin(stage.a.colleague)).rows).toEqual([]);
    await expect(api.query('begin; select app.enter($1)'.replace('$1', stage.a.colleague.sql))).rejects.toMatchObject({ code: '42501' });
    await api.query('rollback');
    await stage.admin.query('update data.users set active = true where id = $1', [stage.a.colleague.user_id]);
  });
  it('take the clinic from the secret and from nothing else, also inside the sealed transaction of another', async () => {
    await api.query(`begin; select app.enter(${stage.b.live.sql})`);
    const { rows } = await begin(stage.a.live);
    expect(rows).toEqual([expect.objectContaining({ tenant_id: stage.a.tenant_id, user_id: stage.a.live.user_id })]);
    await api.query('rollback');
  });
  it('a taken id is refused, also by 20 at once, and leaves one intent', async () => {
    const id = randomUUID();
    const clients = await Promise.all(Array.from({ length: 20 }, () => stage.connect()));
    const began = await Promise.allSettled(
      clients.map((client) =>
        client.query('select * from app.begin($1, $2, $3, $4, $5, $6, $7)', [stage.a.live.hash, id, id, 'x', '{}', 'mcp', '{}']),
      ),
    );
    expect(began.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect((await stage.admin.query('select from data.mcp_audit_intent where id = $1', [id])).rowCount).toBe(1);
  });
});

describe('app.finish', () => {
  it("tells another clinic's intent, a colleague's and one that is not apart by nothing", async () => {
    const [theirs, colleagues] = [await begin(stage.b.live), await begin(stage.a.colleague)];
    const none = await refusal(finish(stage.a.live, randomUUID()));
    expect(none).toEqual({ code: '42501', message: 'no such intent of this credential', detail: undefined });
    expect(await refusal(finish(stage.a.live, theirs.id))).toEqual(none);
    expect(await refusal(finish(stage.a.live, colleagues.id))).toEqual(none);
    expect(await refusal(finish(nobody(), theirs.id))).toEqual(none);
    expect([await logged(theirs.id), await logged(colleagues.id)]).toEqual([[], []]);
  });
  it('writes one row, and no second', async () => {
    const { id } = await begin(stage.a.live);
    await finish(stage.a.live, id);
    expect(await refusal(finish(stage.a.live, id))).toMatchObject({ code: '23505' });
    expect(await logged(id)).toEqual([{ tenant_id: stage.a.tenant_id, status: 'ok' }]);
  });
  it('ends what a credential began before it was revoked, and the credential begins nothing any more', async () => {
    const { id } = await begin(stage.a.colleague);
    await stage.admin.query('update guard.grants set revoked_at = clock_timestamp() where id = $1', [stage.a.colleague.credential_id]);
    expect((await begin(stage.a.colleague)).rows).toEqual([]);
    expect(await refusal(api.query(`select app.enter(${stage.a.colleague.sql})`))).toMatchObject({
      code: '42501',
      message: 'the credential is not live',
    });
    await finish(stage.a.colleague, id);
    expect(await logged(id)).toEqual([{ tenant_id: stage.a.tenant_id, status: 'ok' }]);
    await stage.admin.query('update guard.grants set revoked_at = null where id = $1', [stage.a.colleague.credential_id]);
  });
  it('is not kept from its row by another clinic that uses its id', async () => {
    const { id } = await begin(stage.b.live);
    // It may be refused, or be a row of its own; it must not take the other's place.
    const stolen = await refusal(begin(stage.a.live, id));
    if ('value' in stolen) await refusal(finish(stage.a.live, id));
    expect(await refusal(finish(stage.b.live, id))).toHaveProperty('value');
    expect((await logged(id)).filter(({ tenant_id }) => tenant_id === stage.b.tenant_id)).toEqual([
      { tenant_id: stage.b.tenant_id, status: 'ok' },
    ]);
  });
  it("does not tell whether another clinic's call has ended", async () => {
    const [ended, running] = [await begin(stage.b.live), await begin(stage.b.live)];
    await finish(stage.b.live, ended.id);
    const tryAt = async (id: string) => [
      await refusal(begin(stage.a.live, id).then(() => 'begun')),
      await refusal(finish(stage.a.live, id).then(() => 'done')),
    ];
    expect(await tryAt(ended.id)).toEqual(await tryAt(running.id));
  });
});

describe('references', () => {
  const aRef = (ref: string, expires_at: string) => ({
    ref,
    permission: 'notes:read',
    kind: 'patient_reported',
    said_on: null,
    text: 'own words',
    expires_at,
  });
  const readAs = async (bearer: Bearer, ref: string) => {
    await api.query(`begin; select app.enter(${bearer.sql})`);
    const { rows } = await api.query('select text, expires_at from text_refs where ref = $1', [ref]);
    await api.query('rollback');
    return rows;
  };
  it("are their reader's own: a colleague in the same clinic reads none, another clinic none", async () => {
    const ref = `u_${randomUUID()}`;
    await finish(stage.a.live, (await begin(stage.a.live)).id, [aRef(ref, '2999-01-01T00:00:00Z')]);
    expect((await readAs(stage.a.live, ref)).length).toBe(1);
    expect([await readAs(stage.a.colleague, ref), await readAs(stage.b.live, ref)]).toEqual([[], []]);
  });
  it("are not ended or prolonged by a colleague's answer", async () => {
    const ref = `u_${randomUUID()}`;
    await finish(stage.a.live, (await begin(stage.a.live)).id, [aRef(ref, '2999-01-01T00:00:00Z')]);
    await refusal(finish(stage.a.colleague, (await begin(stage.a.colleague)).id, [aRef(ref, '2000-01-01')]));
    expect(await readAs(stage.a.live, ref)).toEqual([{ text: 'own words', expires_at: new Date('2999-01-01T00:00:00Z') }]);
  });
  it('stay with their reader whatever the serving role says of its own rights', async () => {
    const ref = `u_${randomUUID()}`;
    await finish(stage.a.live, (await begin(stage.a.live)).id, [aRef(ref, '2999-01-01T00:00:00Z')]);
    await api.query('begin');
    await api.query('savepoint s');
    await api.query('drop owned by app_api').catch(() => api.query('rollback to s'));
    await refusal(api.query(`select app.enter(${stage.a.colleague.sql})`));
    const seen = await refusal(api.query('select text from data.text_refs where ref = $1', [ref]).then(({ rows }) => rows));
    expect(seen).not.toEqual({ value: [{ text: 'own words' }] });
    await api.query('rollback');
  });
});

describe('app.sweep', () => {
  it('ends no call that is under way, whatever age it is asked for', async () => {
    const { id } = await begin(stage.b.live);
    for (const age of ['0', '-1000 years', '1 microsecond', '1000 years']) await refusal(api.query('select app.sweep($1)', [age]));
    expect(await logged(id)).toEqual([]);
  });
});
