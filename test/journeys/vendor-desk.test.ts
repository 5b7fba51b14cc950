// What people see of the writes to a vendor and decide on, and what an AI is told of them: on the real server, with rows as the keeper leaves them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/base/random.ts';
import { healthOf } from '../../src/connections/connections.ts';
import { TROUBLES } from '../../src/connections/taxonomy.ts';
import type { Attempt } from '../../src/connections/write.ts';
import { openWriteBooks, type VendorRequest } from '../../src/connections/write-books.ts';
import { workWrites } from '../../src/connections/write-keeper.ts';
import { openPool, query } from '../../src/db/pool.ts';
import { GRAMMARS } from '../../src/domains/mark.ts';
import { OPERATION_NOTES } from '../../src/domains/vendor-writes.ts';
import { type Attending, startAttending } from '../app.ts';
import { aLogin, type Login } from '../builders/login.ts';
import {
  aCarriedDraft,
  aVendorAccount,
  aVendorWrite,
  HELD,
  IN_DOUBT,
  MARKED,
  NEVER_FOUND,
  NOT_TOLD_APART,
  statesOf,
  UNMARKED,
} from '../builders/vendor-writes.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

const HOUR_MS = 3_600_000;
const JAR = 'a-jar-that-nobody-reads';
const ABSENT = '00000000-0000-4000-8000-00000000dead';

let attending: Attending;
let tenant_id: string;
let connection_id: string;
let [owner, front_desk, physician, elsewhere]: Login[] = [];
beforeAll(async () => {
  attending = await startAttending();
  tenant_id = attending.tenants[0]?.tenant_id as string;
  const live = {
    at: 'live',
    since: Date.now() - HOUR_MS,
    used_at: 0,
    jar: JAR,
    ttl_ms: HOUR_MS,
    idle_limit_ms: HOUR_MS,
    can_refresh: false,
  } as const;
  connection_id = await aVendorAccount(attending, { stage: live });
  owner = await aLogin(attending, { tenant_id, role: 'owner' });
  front_desk = await aLogin(attending, { tenant_id, role: 'front_desk' });
  physician = await aLogin(attending, { tenant_id, role: 'physician' });
  elsewhere = await aLogin(attending, { tenant_id: attending.tenants[1]?.tenant_id as string, role: 'owner' });
});
afterAll(() => attending.close());

const began = () => Date.now() - 2 * HOUR_MS;
const parked = (more: { draft_id?: string; connection_id?: string } = {}) =>
  aVendorWrite(attending, { connection_id, ...more, states: statesOf(NEVER_FOUND, { began: began() }) });
const resolve = (login: Login | undefined, write_id: string, body: object) =>
  (login as Login).ask('POST', `/vendor-writes/${write_id}/resolve`, body);
const get = (login: Login | undefined, write_id: string) => (login as Login).ask('GET', `/vendor-writes/${write_id}`);
const rowOf = async (write_id: string) =>
  (await attending.admin.query('select version, status, state from data.vendor_writes where id = $1', [write_id])).rows[0];
const eventsOf = async (write_id: string) =>
  (
    await attending.admin.query(
      'select version, fence, user_id, state from data.vendor_write_events where write_id = $1 order by version',
      [write_id],
    )
  ).rows;
const withoutItsId = (answer: { json: Record<string, unknown> }) => ({ ...answer, json: { ...answer.json, request_id: '', instance: '' } });

describe('a write that is parked', () => {
  verifies('wires:parked-is-a-persons', async () => {
    const { draft_id, patient } = await aCarriedDraft(attending);
    const { write_id, version } = await parked({ draft_id });
    const { json: opened } = await get(owner, write_id);
    expect(opened).toMatchObject({
      write_id,
      version,
      status: 'parked',
      kind: 'appointment_draft',
      draft_id,
      patient,
      attempts: 2,
      signed_by: 'Keisha Bolden',
    });
    expect(opened.says).toBe('It was sent twice, no clear answer came, and it was never found there. It is not sent again by itself.');
    expect((opened.choices as unknown as { decision: string }[]).map(({ decision }) => decision)).toEqual([
      'there',
      'send_again',
      'give_up',
    ]);
    expect((opened.steps as unknown as { says: string }[]).map(({ says }) => says)).toEqual([
      'Attempt 1: from now on it may have left.',
      'No clear answer came: it may be there or not.',
      'Looked for it: not found.',
      'Looked for it: not found.',
      'Looked for it once more, long after it could have come: not found. It is sent again.',
      'Attempt 2: from now on it may have left.',
      'No clear answer came: it may be there or not.',
      'Looked for it: not found.',
      'Looked for it: not found.',
      'It waits for a person. It was sent twice, no clear answer came, and it was never found there. It is not sent again by itself.',
    ]);

    // Not without the id that it has there, not with one where there is none, and not on what somebody has not seen.
    expect((await resolve(owner, write_id, { version, decision: 'there' })).status).toBe(400);
    expect((await resolve(owner, write_id, { version, decision: 'give_up', vendor_id: 'V-1' })).status).toBe(400);
    expect((await resolve(owner, write_id, { version: version - 1, decision: 'give_up' })).status).toBe(409);
    const late = await aLogin(attending, { tenant_id, role: 'owner', mfa_minutes_ago: 9 * 60 });
    expect((await resolve(late, write_id, { version, decision: 'give_up' })).json.type).toContain('mfa_needed');
    expect(await rowOf(write_id)).toMatchObject({ version, status: 'parked' });

    // Two at once: one wins, the other is told.
    const answers = await Promise.all([
      resolve(owner, write_id, { version, decision: 'there', vendor_id: 'V-1001' }),
      resolve(front_desk, write_id, { version, decision: 'there', vendor_id: 'V-1001' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.json.detail).toContain('Your decision was not taken');
    expect(await rowOf(write_id)).toEqual({ version: version + 1, status: 'confirmed', state: { is: 'confirmed', vendor_id: 'V-1001' } });
    const events = await eventsOf(write_id);
    const winner = answers[0]?.status === 200 ? owner : front_desk;
    expect(events).toHaveLength(version + 1);
    expect(events.at(-1)).toMatchObject({ version: version + 1, fence: null, user_id: winner?.user_id });
    expect((await get(owner, write_id)).json).toMatchObject({ status: 'confirmed', vendor_id: 'V-1001', choices: [] });
    expect((await resolve(owner, write_id, { version: version + 1, decision: 'send_again' })).status).toBe(409);

    // The calls are in the audit, the vendor's number as a hash.
    const { rows } = await attending.admin.query(
      `select i.args_redacted, l.status, i.user_id from data.mcp_audit_intent i join data.mcp_audit_log l on l.id = i.id
       where i.tool_name = 'resolve_vendor_write' and i.args_redacted ->> 'write_id' = $1 and l.status = 'ok'`,
      [write_id],
    );
    expect(rows).toEqual([
      expect.objectContaining({ user_id: winner?.user_id, args_redacted: expect.objectContaining({ decision: 'there', version }) }),
    ]);
    expect(JSON.stringify(rows)).not.toContain('V-1001');
  });

  it('is given up by a person, and nothing more is sent', async () => {
    const { write_id, version } = await parked({ draft_id: (await aCarriedDraft(attending, 'visit', 1)).draft_id });
    expect((await resolve(front_desk, write_id, { version, decision: 'give_up' })).json).toMatchObject({
      status: 'cancelled',
      version: version + 1,
    });
    expect((await rowOf(write_id)).state).toEqual({ is: 'cancelled' });
  });

  it('is seen by who may not decide on it: a chart note is decided on by whoever signs chart notes, and by the owner', async () => {
    const { draft_id } = await aCarriedDraft(attending, 'note');
    const { write_id, version } = await parked({ draft_id });
    expect((await get(front_desk, write_id)).json).toMatchObject({ kind: 'chart_note_draft', why_not: 'not_permitted' });
    const refused = await resolve(front_desk, write_id, { version, decision: 'send_again' });
    expect([refused.status, refused.json.detail]).toEqual([403, 'The owner decides on this, or who signs drafts of this kind.']);
    const quality = await aLogin(attending, { tenant_id, role: 'quality' });
    expect((await get(quality, write_id)).status).toBe(200);
    expect((await resolve(quality, write_id, { version, decision: 'send_again' })).status).toBe(404);
    const compliance = await aLogin(attending, { tenant_id, role: 'compliance' });
    expect((await get(compliance, write_id)).status).toBe(404);
    expect(await rowOf(write_id)).toMatchObject({ version, status: 'parked' });
    expect((await get(physician, write_id)).json.why_not).toBeUndefined();
    expect((await resolve(physician, write_id, { version, decision: 'send_again' })).status).toBe(200);
    // Without a draft nobody has signed for it but the house: the owner decides.
    const bare = await parked();
    expect((await resolve(physician, bare.write_id, { version: bare.version, decision: 'give_up' })).status).toBe(403);
    expect((await resolve(owner, bare.write_id, { version: bare.version, decision: 'give_up' })).status).toBe(200);
  });

  it('leaves its state by a decision of the database’s own list, whatever a statement of the serving role asks for, and in its own clinic', async () => {
    const { draft_id } = await aCarriedDraft(attending, 'visit', 4);
    const { write_id, version } = await parked({ draft_id });
    const { state } = await rowOf(write_id);
    const hashes = await attending.admin.query<{ id: string; hash: string }>("select id, encode(hash, 'hex') as hash from guard.grants");
    const hashOf = (id: string | undefined) => hashes.rows.find((grant) => grant.id === id)?.hash;
    const { rows: credentials } = await attending.admin.query<{ id: string }>(
      "select g.id from guard.grants g where g.kind = 'credential' and g.user_id = $1 order by g.created_at limit 1",
      [front_desk?.user_id],
    );
    const pool = openPool(attending.database.api, { max: 1, failed: () => {} });
    const client = await pool.connect();
    /** What a statement answers under a grant; all of it is taken back. */
    const told = async (grant: string | undefined, sql: string, values: unknown[] = []) => {
      await client.query('begin');
      await client.query(`select app.enter('\\x${hashOf(grant)}')`);
      const answer = await client.query(sql, values).then(
        ({ rows }) => rows.length,
        (error: Error) => error.message,
      );
      await client.query('rollback');
      return answer;
    };
    const RESOLVE = 'select app.resolve_vendor_write($1, $2, $3)';
    const again = { is: 'planned', attempts: 2, resends: 0, due_at: 0 };
    for (const next of [
      ...[{ is: 'sending' }, { is: 'rejected', trouble: 'CONFLICT' }, { is: 'parked' }, {}, state],
      ...[{ is: 'confirmed' }, { is: 'confirmed', vendor_id: '' }, { ...again, attempts: 0 }],
    ])
      expect([next, await told(owner?.login_id, RESOLVE, [write_id, version, JSON.stringify(next)])]).toEqual([next, 'no_decision']);
    expect(await told(owner?.login_id, RESOLVE, [write_id, version, JSON.stringify(again)])).toBe(1);

    const [credential, other] = [credentials[0]?.id, elsewhere?.login_id];
    expect(await told(other, RESOLVE, [write_id, version, JSON.stringify(again)])).toBe('not_found');
    expect(await told(credential, RESOLVE, [write_id, version, JSON.stringify(again)])).toBe('not_permitted');
    for (const [sql, values, ours, theirs, ai] of [
      ['select * from app.vendor_write($1)', [write_id], 1, 0, 1],
      ['select * from app.vendor_write_events($1)', [write_id], version, 0, 'not_permitted'],
      ["select from app.vendor_writes('{parked}', $1, 5) w where w.write_id = $1", [write_id], 0, 'stale_cursor', 'not_permitted'],
      ['select 1 where app.vendor_write_of($1) is not null', [draft_id], 1, 0, 1],
      [`select from app.vendor_accounts() a where a.connection_id = '${connection_id}'`, [], 1, 0, 'not_permitted'],
    ] as const)
      expect([
        sql,
        await told(owner?.login_id, sql, [...values]),
        await told(other, sql, [...values]),
        await told(credential, sql, [...values]),
      ]).toEqual([...[sql, ours, theirs, ai]]);
    for (const table of ['vendor_writes', 'vendor_write_events', 'vendor_sessions', 'leases'])
      expect(await told(owner?.login_id, `select * from data.${table}`)).toContain('permission denied');
    client.release();
    await pool.end();
  });

  verifies('wires:sent-again-by-decision', async () => {
    const account = { tenant_id, connection_id: await aVendorAccount(attending) };
    const { write_id, version } = await parked({ connection_id: account.connection_id });
    const sent: Attempt[] = [];
    const pool = openPool(attending.database.keeper, { max: 1, failed: () => {} });
    const [lease] = await query<{ fence: number; now_ms: number }>(pool, 'select * from app.take_lease($1, $2, $3, 60000)', [
      ...[tenant_id, `account:${account.connection_id}`, 'this test'],
    ]);
    const work = () =>
      workWrites<VendorRequest>(
        {
          books: openWriteBooks(pool, account),
          door: {
            session: async () => ({ epoch: 1 }),
            async send(_job, attempt) {
              sent.push(attempt);
              return { as: 'applied', vendor_id: 'V-3001' };
            },
            look: async () => ({ there: [] }),
          },
          rulesOf: () => MARKED,
          sha256Of: () => '1'.repeat(64),
          random: systemRandom,
          unsent: new Set(),
        },
        {
          fence: lease?.fence ?? 0,
          ...{
            atLeast: () => Date.now() + 1_000,
            atMost: () => Date.now() + 1_000,
            left_ms: () => 50_000,
            elapsed: () => performance.now(),
          },
        },
      );
    await work();
    expect(sent, 'nothing of a parked write leaves').toEqual([]);
    expect((await resolve(owner, write_id, { version, decision: 'send_again' })).json).toMatchObject({ status: 'planned', attempts: 2 });
    await work();
    await work();
    await pool.end();
    expect(sent.map(({ n }) => n)).toEqual([3]);
    expect(await rowOf(write_id)).toMatchObject({ status: 'confirmed', state: { vendor_id: 'V-3001' } });
    const { json } = await get(owner, write_id);
    expect((json.steps as unknown as { says: string; by?: string }[]).slice(-3)).toEqual([
      expect.objectContaining({ says: 'Decided: it is not there, and is sent again.', by: expect.any(String) }),
      expect.objectContaining({ says: 'Attempt 3: from now on it may have left.', until: expect.any(String) }),
      expect.objectContaining({ says: 'It is there, as V-3001.' }),
    ]);
  });
});

describe('the list of writes', () => {
  it('tells those that are parked, in doubt and waiting apart, the oldest first, page by page', async () => {
    const own = await aVendorAccount(attending, { clinic: 1 });
    const add = (n: number, words: Parameters<typeof statesOf>[0], rules = MARKED) =>
      aVendorWrite(attending, { connection_id: own, clinic: 1, states: statesOf(words, { began: began() + n * 1000, rules }) });
    const made = [
      await add(1, NEVER_FOUND),
      await add(2, NOT_TOLD_APART, UNMARKED),
      await add(3, IN_DOUBT),
      await add(4, HELD),
      await add(5, NEVER_FOUND),
    ];
    const listed = async (path: string) =>
      (await (elsewhere as Login).ask('GET', path)).json as unknown as {
        writes: { write_id: string; says: string }[];
        counts: object;
        cursor?: string;
      };
    const first = await listed('/vendor-writes?limit=2');
    expect(first.counts).toEqual({ parked: 3, in_doubt: 1, waiting: 1 });
    expect(first.writes.map(({ write_id }) => write_id)).toEqual([made[0]?.write_id, made[1]?.write_id]);
    expect(first.writes[1]?.says).toContain('2 new records there fit it');
    expect((await listed(`/vendor-writes?limit=2&cursor=${first.cursor}`)).writes.map(({ write_id }) => write_id)).toEqual([
      made[4]?.write_id,
    ]);
    expect((await listed('/vendor-writes?state=in_doubt')).writes).toMatchObject([{ write_id: made[2]?.write_id, status: 'in_doubt' }]);
    expect((await listed('/vendor-writes?state=waiting')).writes).toMatchObject([
      { write_id: made[3]?.write_id, says: 'It waits to be sent. The vendor has locked the account.' },
    ]);
    expect((await (elsewhere as Login).ask('GET', `/vendor-writes?cursor=${'A'.repeat(22)}`)).status).toBe(400);
  });

  verifies('wires:another-clinics-write', async () => {
    const { draft_id } = await aCarriedDraft(attending, 'visit', 2);
    const { write_id, version } = await parked({ draft_id });
    expect(withoutItsId(await get(elsewhere, write_id))).toEqual(withoutItsId(await get(elsewhere, ABSENT)));
    expect((await get(elsewhere, write_id)).status).toBe(404);
    const decision = { version, decision: 'send_again' };
    expect(withoutItsId(await resolve(elsewhere, write_id, decision))).toEqual(withoutItsId(await resolve(elsewhere, ABSENT, decision)));
    expect((await resolve(elsewhere, write_id, decision)).status).toBe(404);
    const asked = async (operation_id: string) =>
      (await callTool(attending.url, attending.token('front_desk', 1), 'get_operation', { operation_id })).result;
    expect((await asked(write_id))?.content).toEqual((await asked(ABSENT))?.content);
    expect((await asked(write_id))?.isError).toBe(true);
    for (const state of ['parked', 'in_doubt', 'waiting'])
      expect(JSON.stringify(await (elsewhere as Login).ask('GET', `/vendor-writes?state=${state}`))).not.toContain(write_id);
    expect(JSON.stringify(await (elsewhere as Login).ask('GET', '/connections'))).not.toContain(connection_id);
    expect(await rowOf(write_id)).toMatchObject({ version, status: 'parked' });
  });
});

verifies('wires:model-does-not-repeat', async () => {
  const { draft_id } = await aCarriedDraft(attending, 'visit', 3);
  const asked = async (name: string, args: object, token = attending.tokens.front_desk) =>
    (await callTool(attending.url, token, name, args)).result;
  const { write_id, version } = await parked({ draft_id });
  expect((await asked('get_draft', { draft_id }))?.structuredContent).toMatchObject({ operation_id: write_id });
  const state = async () => (await asked('get_operation', { operation_id: write_id }))?.structuredContent;
  const head = { operation_id: write_id, draft_id };
  expect(await state()).toMatchObject({
    ...head,
    status: 'needs_a_person',
    note: expect.stringContaining('Do not draft it again'),
    poll_after_s: 900,
  });
  // Of her own person's drafts alone, and nothing of the draft's content.
  for (const other of [attending.tokens.owner, attending.tokens.physician])
    expect((await asked('get_operation', { operation_id: write_id }, other))?.content).toEqual(
      (await asked('get_operation', { operation_id: ABSENT }, other))?.content,
    );

  const put = (next: object) => attending.admin.query('update data.vendor_writes set state = $2 where id = $1', [write_id, next]);
  const { state: before } = await rowOf(write_id);
  for (const [next, told] of [
    [
      { is: 'planned', due_at: 0, attempts: 0, resends: 0 },
      { status: 'pending', poll_after_s: 15 },
    ],
    [
      { is: 'planned', due_at: 0, attempts: 0, resends: 0, waits_for: 'AUTH_LOCKED' },
      { status: 'pending', reason: TROUBLES.AUTH_LOCKED.says },
    ],
    [
      { is: 'sending', attempt: before.attempt, attempts: 1, resends: 0 },
      { status: 'pending', poll_after_s: 15 },
    ],
    [
      { ...before, is: 'in_doubt', since: 0, looks: 1, negatives: 1, due_at: 0 },
      { status: 'pending', poll_after_s: 60 },
    ],
    [
      { is: 'rejected', trouble: 'CONFLICT' },
      { status: 'rejected', reason: TROUBLES.CONFLICT.says },
    ],
    [{ is: 'cancelled' }, { status: 'cancelled' }],
    [
      { is: 'confirmed', vendor_id: 'V-9' },
      { status: 'confirmed', vendor_id: 'V-9' },
    ],
  ] as const) {
    await put(next);
    const answer = await state();
    expect(answer).toMatchObject({ ...head, ...told, note: OPERATION_NOTES[told.status] });
    expect(answer?.poll_after_s === undefined).toBe(told.status !== 'pending');
  }
  for (const note of Object.values(OPERATION_NOTES)) expect(note).toMatch(/(Do not draft it again|draft it again only if the user asks)/);
  // A model is given our words, not a reference in their place.
  for (const { says } of Object.values(TROUBLES)) expect(says).toMatch(GRAMMARS.advice);
  await put(before);
  expect((await resolve(owner, write_id, { version, decision: 'give_up' })).status).toBe(200);
});

verifies('wires:health-without-secrets', async () => {
  const locked = await aVendorAccount(attending, { stage: { at: 'locked_out', until: 0 } });
  const { json } = await (owner as Login).ask('GET', '/connections');
  const rows = json.connections as unknown as {
    connection_id: string;
    vendor: string;
    health: string;
    says: string;
    next: string;
    parked: number;
  }[];
  expect(rows[0]).toMatchObject({
    vendor: 'native',
    health: 'kept_here',
    parked: 0,
    says: 'This clinic’s record is kept here, in Attending.',
  });
  const alone = (
    await (await aLogin(attending, { tenant_id: attending.tenants[1]?.tenant_id as string, role: 'biller' })).ask('GET', '/connections')
  ).json;
  expect(JSON.stringify(alone)).toContain('kept here');
  expect(rows.find((row) => row.connection_id === connection_id)).toMatchObject({ health: 'works', says: 'The connection works.' });
  expect(rows.find((row) => row.connection_id === locked)).toMatchObject({
    health: 'needs_a_person',
    says: TROUBLES.AUTH_LOCKED.says,
    next: TROUBLES.AUTH_LOCKED.next,
  });
  expect(JSON.stringify(json)).not.toContain(JAR);
  // Every stage that a session can be at has its words, and a dead one never says that nothing is to be done.
  const known = { why: null, challenge: null, channel: null };
  const stages = [
    'cold',
    'authenticating',
    'mfa_pending',
    'live',
    'refreshing',
    'refresh_in_doubt',
    'expired',
    'locked_out',
    'blocked',
  ] as const;
  expect(stages.map((stage) => healthOf({ ...known, stage }).health)).toEqual([
    ...['at_rest', 'signing_in', 'signing_in', 'works', 'waiting', 'waiting', 'waiting', 'needs_a_person', 'needs_a_person'],
  ]);
  expect(healthOf({ ...known, stage: 'mfa_pending', challenge: 'waiting', channel: 'person' }).says).toBe(TROUBLES.MFA_REQUIRED.says);
  for (const why of [
    'AUTH_INVALID',
    'PASSWORD_CHANGE',
    'ACTION_REQUIRED',
    'FORBIDDEN_ROLE',
    'MFA_REQUIRED',
    'NETWORK',
    'IN_DOUBT',
    'nobody knows',
  ])
    expect([why, healthOf({ ...known, stage: 'dead', why })]).toEqual([
      why,
      { health: 'needs_a_person', says: expect.any(String), next: expect.not.stringMatching(/^Nothing to do\.$|^Wait/) },
    ]);
  const compliance = await aLogin(attending, { tenant_id, role: 'compliance' });
  expect((await compliance.ask('GET', '/connections')).status).toBe(200);
});
