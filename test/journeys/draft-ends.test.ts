// What a signed draft becomes where it is carried out at a vendor: on the real server and PostgreSQL, with a source that plans its writes.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plannedWrite } from '../../src/connections/write.ts';
import type { Tx } from '../../src/db/tx.ts';
import { DRAFT_NOTES, GIVEN_UP_NOTE } from '../../src/domains/drafts.ts';
import { aVendorsDesk, type VendorsDesk } from '../builders/carried.ts';
import { aLogin } from '../builders/login.ts';
import { aKeeper, VENDOR } from '../builders/vendor-clinic.ts';
import { verifies } from '../promises.ts';

let at: VendorsDesk;
beforeAll(async () => {
  at = await aVendorsDesk();
});
afterAll(() => at.close());

verifies('ends:planned-with-its-signature', async () => {
  const { attending, desk, physician, within, connection_id, rowOf, writesOf, eventsOf } = at;
  // Killed before the write is planned, or after: neither is there, and it waits as it did.
  const draft_id = await at.note();
  const killed = async (tx: Tx) => {
    const [row] = await tx.rows<{ pid: number }>('select pg_backend_pid() as pid');
    await attending.admin.query('select pg_terminate_backend($1, 5000)', [row?.pid]);
  };
  for (const moment of ['before', 'after'] as const) {
    within[moment] = killed;
    expect((await desk.sign(physician, draft_id)).status).toBeGreaterThanOrEqual(500);
    delete within[moment];
    expect([moment, await rowOf(draft_id), await writesOf(draft_id)]).toEqual([moment, expect.objectContaining({ status: 'pending' }), []]);
    expect(await eventsOf(draft_id)).toEqual([['proposed', 'physician']]);
  }

  // Ten clicks at once are one signature and one write.
  expect(await desk.signAtOnce(physician, Array(10).fill(draft_id))).toEqual([200, ...Array(9).fill(409)]);
  const [write] = await desk.asked<{ state: { due_at: number } }>(
    `select w.connection_id, w.surface, w.request, w.request_key, w.payload_hash = p.payload_hash as is_bound, w.version, w.state
     from data.vendor_writes w join data.pending_actions p on p.id = w.draft_id where w.draft_id = $1`,
    [draft_id],
  );
  expect(write).toEqual({
    ...{ connection_id, surface: 'notes.create', request_key: draft_id, is_bound: true, version: 0 },
    request: expect.objectContaining({ note_id: draft_id, body: { plan: [expect.anything()] } }),
    state: plannedWrite(write?.state.due_at ?? 0),
  });
  expect(await writesOf(draft_id)).toHaveLength(1);
  expect(await desk.asked('select from data.chart_notes where id = $1', [draft_id])).toEqual([]);

  // Whoever signed, and whoever drafted, is told that it is not there yet.
  const { operation_id } = await at.signed();
  const again = await at.note();
  const { json } = await desk.sign(physician, again);
  expect(json).toMatchObject({ draft_id: again, status: 'signed', vendor: VENDOR, note: DRAFT_NOTES.signed });
  expect([json.operation_id, json.record_id]).toEqual([(await writesOf(again))[0]?.id, undefined]);
  expect(await at.asked('get_draft', { draft_id })).toMatchObject({ status: 'signed', note: DRAFT_NOTES.signed });
  expect(await at.asked('get_operation', { operation_id })).toMatchObject({ status: 'pending' });
  expect(DRAFT_NOTES.signed).toContain('Attending is writing it');
  await at.keeper.turn({ send: { as: 'applied', vendor_id: 'V-1' } });
});

describe('the law of it, whatever a statement of the serving role asks for:', () => {
  let client: pg.Client;
  const hashes = new Map<string, string>();
  beforeAll(async () => {
    client = new pg.Client(at.attending.database.api);
    await client.connect();
    for (const { id, hash } of await at.desk.asked<{ id: string; hash: string }>(
      "select id, encode(hash, 'hex') as hash from guard.grants",
    ))
      hashes.set(id, hash);
  });
  afterAll(() => client.end());
  /** Runs these statements as the physician, in one transaction that is committed. Answers the refusal, or the last value. */
  const runs = async (statements: readonly string[], login = at.physician.login_id) => {
    try {
      await client.query(`begin; select app.enter('\\x${hashes.get(login)}')`);
      let last: unknown;
      for (const sql of statements) last = Object.values((await client.query(sql)).rows[0] ?? {})[0];
      await client.query('commit');
      return last;
    } catch (error) {
      await client.query('rollback');
      return (error as Error).message;
    }
  };
  const plan = (connection_id: string) => `select app.plan_vendor_write('${connection_id}', 'notes.create', '{}')`;
  const signing = async () => {
    const draft_id = await at.note();
    const { version, payload_hash } = await at.desk.shownTo(at.physician, draft_id);
    return { draft_id, sign: `select app.sign_draft('${draft_id}', ${version}, '\\x${payload_hash}')` };
  };

  it('nothing is planned without a signature of this very transaction, and not twice', async () => {
    expect(await runs([plan(at.connection_id)])).toContain('no draft was signed in this transaction');
    const { draft_id, sign } = await signing();
    expect(await runs([sign, plan(at.connection_id), plan(at.connection_id)])).toContain('duplicate key');
    // A signature that settled its draft in the record plans nothing more.
    expect(await runs([sign, `select app.settle_draft('${draft_id}', '${draft_id}')`, plan(at.connection_id)])).toContain(
      'no draft was signed',
    );
    // What is read of a signature in one transaction is worth nothing in another.
    const signature = await runs([sign, plan(at.connection_id), "select current_setting('app.signature')"]);
    const replay = `select set_config('app.signature', '${signature}', true)`;
    expect(await runs([replay, plan(at.connection_id)])).toBe('this signature is not of this transaction');
    expect(await runs([replay, `select app.settle_draft('${draft_id}', '${draft_id}')`])).toBe('this signature is not of this transaction');
    expect(await at.rowOf(draft_id)).toMatchObject({ status: 'signed', record_id: null });
    await at.keeper.turn({ send: { as: 'applied', vendor_id: 'V-1' } });
  });

  it('a signature that ends neither in the record nor in a write is none', async () => {
    const { draft_id, sign } = await signing();
    expect(await runs([sign])).toBe('this draft was signed, and nothing carries it out');
    expect(await at.rowOf(draft_id)).toMatchObject({ status: 'pending' });
  });

  it('it goes to a vendor account of its own clinic, and to no other', async () => {
    const { draft_id, sign } = await signing();
    const [theirs] = await at.desk.asked<{ id: string }>('select id from data.connections where tenant_id <> $1', [at.tenant_id]);
    const kept_here = await at.desk.one(
      "insert into data.connections (tenant_id, id, vendor) values ($1, gen_random_uuid(), 'native') returning id",
      [at.tenant_id],
    );
    for (const id of [theirs?.id as string, kept_here, '00000000-0000-4000-8000-00000000dead'])
      expect(await runs([sign, plan(id)])).toBe('this is no vendor account of the clinic');
    await at.desk.asked('delete from data.connections where id = $1', [kept_here]);
    // By the doors too: a source that names another clinic's account has signed nothing.
    at.within.connection_id = theirs?.id as string;
    expect((await at.desk.sign(at.physician, draft_id)).status).toBe(500);
    delete at.within.connection_id;
    expect([await at.rowOf(draft_id), await at.writesOf(draft_id)]).toEqual([expect.objectContaining({ status: 'pending' }), []]);
    expect(await runs([sign], at.elsewhere.login_id)).toBe('not_found');
  });

  it('nobody settles what another signed, nor plans a write for it, and a credential signs, settles and plans nothing', async () => {
    const signed = await at.signed();
    const settle = (draft_id: string) => `select app.settle_draft('${draft_id}', '${draft_id}')`;
    const [credential] = await at.desk.asked<{ id: string }>(
      "select id from guard.grants where user_id = $1 and kind = 'credential' and revoked_at is null limit 1",
      [at.physician.user_id],
    );
    expect(credential).toBeDefined();
    for (const login of [at.owner.login_id, at.elsewhere.login_id, at.physician.login_id, credential?.id as string]) {
      expect([login, await runs([settle(signed.draft_id)], login)]).toEqual([login, 'not_permitted']);
      expect([login, await runs([plan(at.connection_id)], login)]).toEqual([
        login,
        'no draft was signed in this transaction that a write could carry out',
      ]);
    }
    // Whoever signs one draft settles no other by it.
    const { draft_id, sign } = await signing();
    expect(await runs([sign, settle(signed.draft_id)])).toBe('not_permitted');
    expect(await runs([sign, plan(at.connection_id)], credential?.id)).toBe('not_permitted');
    expect(await at.rowOf(draft_id)).toMatchObject({ status: 'pending' });
    expect(await at.rowOf(signed.draft_id)).toMatchObject({ status: 'signed', record_id: null });
    await at.keeper.turn({ send: { as: 'applied', vendor_id: 'V-1' } });
  });
});

verifies('ends:follows-its-write', async () => {
  const { desk, physician, owner, elsewhere, keeper, rowOf, eventsOf, asked, resolve, attending } = at;
  const hasEnded = async (draft_id: string) => {
    const { version, payload, payload_hash } = await desk.shownTo(physician, draft_id);
    for (const [act, body] of [
      ['sign', { version, payload_hash }],
      ['revise', { version, payload }],
      ['reject', { version, reason: 'Not any more.' }],
    ] as const)
      expect([act, (await physician.ask('POST', `/drafts/${draft_id}/${act}`, body)).status]).toEqual([act, 409]);
    const before = await rowOf(draft_id);
    await desk.asked("update data.pending_actions set expires_at = now() - interval '1 day' where id = $1", [draft_id]);
    await attending.app.sweep();
    expect(await rowOf(draft_id)).toEqual(before);
  };

  const there = await at.signed();
  await hasEnded(there.draft_id);
  await keeper.turn({ send: { as: 'applied', vendor_id: 'V-1001' } });
  expect(await rowOf(there.draft_id)).toMatchObject({ status: 'committed', vendor_id: 'V-1001', record_id: null });
  expect(await eventsOf(there.draft_id)).toEqual([
    ['proposed', 'physician'],
    ['signed', 'physician'],
    ['committed', 'physician'],
  ]);
  expect(await asked('get_draft', { draft_id: there.draft_id })).toMatchObject({
    ...{ status: 'committed', operation_id: there.operation_id, note: DRAFT_NOTES.committed },
  });
  expect((await physician.ask('GET', `/drafts/${there.draft_id}`)).json).toMatchObject({
    ...{ status: 'committed', vendor_id: 'V-1001' },
    carried: { operation_id: there.operation_id, vendor: VENDOR, status: 'confirmed', says: 'It is there.' },
  });

  const refused = await at.signed();
  await keeper.turn({ send: { as: 'not_applied', trouble: 'VALIDATION' } });
  expect(await rowOf(refused.draft_id)).toMatchObject({ status: 'failed', vendor_id: null, record_id: null });
  expect((await eventsOf(refused.draft_id)).at(-1)).toEqual(['failed', 'physician']);
  expect(await asked('get_draft', { draft_id: refused.draft_id })).toMatchObject({ status: 'failed', note: DRAFT_NOTES.failed });
  expect((await physician.ask('GET', `/drafts/${refused.draft_id}`)).json.carried).toMatchObject({
    says: 'The vendor refused what was sent. Nothing was changed there.',
  });
  await hasEnded(refused.draft_id);

  const found = await at.parked();
  expect(await rowOf(found.draft_id)).toMatchObject({ status: 'parked', vendor_id: null });
  expect(await asked('get_draft', { draft_id: found.draft_id })).toMatchObject({ status: 'parked', note: DRAFT_NOTES.parked });
  await hasEnded(found.draft_id);
  // Not by another clinic's owner, and not by whoever has another clinic's account.
  expect((await resolve(elsewhere, found, { decision: 'give_up' })).status).toBe(404);
  const [theirs] = await desk.asked<{ connection_id: string; tenant_id: string }>(
    'select id as connection_id, tenant_id from data.connections where tenant_id <> $1 limit 1',
    [at.tenant_id],
  );
  if (!theirs) throw new Error('there is a second clinic');
  const neighbour = await aKeeper({ attending, ...theirs });
  const cancelled = { id: found.operation_id, version: found.version, state: { is: 'cancelled' } } as const;
  expect(await neighbour.books.store(neighbour.fence, cancelled)).toBe('changed');
  // Nor by one who has both fences at once, nor while it still is to be sent.
  const open = await at.signed();
  const theirs_too = { id: open.operation_id, version: 0, state: plannedWrite(1) };
  expect(await neighbour.books.store(neighbour.fence, theirs_too)).toBe('changed');
  expect(await neighbour.books.store(keeper.fence, theirs_too)).toBe(neighbour.fence === keeper.fence ? 'changed' : 'lost');
  expect(await at.writeOf(open.operation_id)).toMatchObject({ version: 0 });
  await keeper.turn({ send: { as: 'applied', vendor_id: 'V-1' } });
  await neighbour.close();
  // What is parked is a person's, whoever has its own account.
  expect(await keeper.books.store(keeper.fence, cancelled)).toBe('changed');
  expect(await rowOf(found.draft_id)).toMatchObject({ status: 'parked' });
  expect((await resolve(owner, found, { decision: 'there', vendor_id: 'V-1002' })).status).toBe(200);
  expect(await rowOf(found.draft_id)).toMatchObject({ status: 'committed', vendor_id: 'V-1002', decided_by: physician.user_id });
  expect((await eventsOf(found.draft_id)).slice(-2)).toEqual([
    ['parked', 'physician'],
    ['committed', 'owner'],
  ]);

  const again = await at.parked();
  expect((await resolve(owner, again, { decision: 'send_again' })).status).toBe(200);
  expect(await rowOf(again.draft_id)).toMatchObject({ status: 'signed', decided_by: physician.user_id });
  await hasEnded(again.draft_id);
  await keeper.turn({ send: { as: 'applied', vendor_id: 'V-1003' } });
  expect(await rowOf(again.draft_id)).toMatchObject({ status: 'committed', vendor_id: 'V-1003' });
  expect((await eventsOf(again.draft_id)).slice(1)).toEqual([
    ...[
      ['signed', 'physician'],
      ['parked', 'physician'],
      ['sent_again', 'owner'],
      ['committed', 'physician'],
    ],
  ]);

  const given_up = await at.parked();
  expect((await resolve(physician, given_up, { decision: 'give_up' })).status).toBe(200);
  expect(await rowOf(given_up.draft_id)).toMatchObject({ status: 'failed', vendor_id: null });
  expect((await eventsOf(given_up.draft_id)).at(-1)).toEqual(['given_up', 'physician']);
  // Nobody knows that nothing has changed: the note says so.
  expect(await asked('get_draft', { draft_id: given_up.draft_id })).toMatchObject({ status: 'failed', note: GIVEN_UP_NOTE });

  // What is over stays so, whatever is stored late.
  for (const { operation_id, draft_id } of [there, refused, found, again, given_up]) {
    const [row, write] = [await rowOf(draft_id), await at.writeOf(operation_id)];
    expect(await keeper.books.store(keeper.fence, { id: operation_id, version: write?.version ?? 0, state: plannedWrite(0) })).toBe(
      'changed',
    );
    expect([await rowOf(draft_id), await at.writeOf(operation_id)]).toEqual([row, write]);
  }
});

it('the same drafted again while it is being written is that draft, also once the AI was given text from outside', async () => {
  const note = { patient_id: at.patient_id, soap: { plan: 'Return in a year.' } };
  const { draft_id } = await at.desk.draft('draft_chart_note', note);
  expect((await at.desk.sign(at.physician, draft_id)).json.status).toBe('signed');
  await at.asked('get_inbox', {});
  expect(await at.desk.draft('draft_chart_note', note)).toMatchObject({ isError: false, draft_id });
  expect((await at.desk.draft('draft_chart_note', { ...note, soap: { plan: 'Return in two years.' } })).text).toContain('/holds/');
  expect((await at.physician.ask('POST', '/conversation/new', {})).status).toBe(200);
  await at.keeper.turn({ send: { as: 'applied', vendor_id: 'V-1' } });
  // Once it is there it is another one.
  expect((await at.desk.draft('draft_chart_note', note)).draft_id).not.toBe(draft_id);
});

it('a registration for whom something waits is signed alone, or not: what is hers cannot be written before she is there', async () => {
  const front_desk = await aLogin(at.attending, { tenant_id: at.tenant_id, role: 'front_desk' });
  const person = { family_name: 'Vanbrugh', given_name: 'Octavia', birth_date: '1961-03-01', sex: 'female' };
  const { draft_id } = await at.desk.draft('draft_patient', person, 'front_desk');
  const form = await at.desk.draft('draft_intake_form', { patient_id: draft_id, kind: 'new_patient', channel: 'portal' }, 'front_desk');
  expect(form.text).toContain('pending');
  const together = async () =>
    (await front_desk.ask('GET', `/drafts/together/${draft_id}`)).json.drafts as unknown as {
      draft_id: string;
      version: number;
      payload_hash: string;
    }[];
  const drafts = (await together()).map(({ draft_id: id, version, payload_hash }) => ({ draft_id: id, version, payload_hash }));
  const refused = await front_desk.ask('POST', `/drafts/together/${draft_id}/sign`, { drafts });
  expect([refused.status, refused.json.detail]).toEqual([409, expect.stringContaining('sign the registration alone')]);
  expect(await front_desk.ask('POST', `/drafts/${form.draft_id}/reject`, { version: 1, reason: 'Once she is there.' })).toMatchObject({
    status: 200,
  });
  const alone = await front_desk.ask('POST', `/drafts/together/${draft_id}/sign`, {
    drafts: drafts.filter((each) => each.draft_id === draft_id),
  });
  expect(alone.json).toMatchObject({ signed: [{ draft_id, status: 'signed', operation_id: expect.any(String) }] });
  // While she is being registered nothing is drafted for her; and she is not drafted twice.
  expect(
    (await at.desk.draft('draft_intake_form', { patient_id: draft_id, kind: 'new_patient', channel: 'portal' }, 'front_desk')).isError,
  ).toBe(true);
  expect((await at.desk.draft('draft_patient', person, 'front_desk')).draft_id).toBe(draft_id);
  // Nor is a bundle asked for where a person has it sent again.
  await at.keeper.turn({ send: { as: 'unknown' } });
  await at.keeper.turn({ look: 'other' });
  const [write] = await at.desk.asked<{ operation_id: string; version: number }>(
    'select id as operation_id, version from data.vendor_writes where draft_id = $1',
    [draft_id],
  );
  expect((await at.resolve(front_desk, write ?? { operation_id: '', version: 0 }, { decision: 'send_again' })).status).toBe(200);
  await at.keeper.turn({ send: { as: 'applied', vendor_id: 'P-77' } });
  expect(await at.rowOf(draft_id)).toMatchObject({ status: 'committed', vendor_id: 'P-77' });
});
