// What the books take down, and what they do not choke on.
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool, type Pool } from '../../src/db/pool.ts';
import { noteAtEdge, openBooks } from '../../src/governance/audit.ts';
import { verifies } from '../promises.ts';
import { aStage, type Bearer, type Stage } from '../tenancy/stage.ts';

let stage: Stage;
let pool: Pool;
beforeAll(async () => {
  stage = await aStage();
  pool = openPool(stage.database.api, { max: 4, failed: () => {} });
});
afterAll(async () => {
  await pool.end();
  await stage.close();
});

const edge = async () => {
  const { rows } = await stage.admin.query<Record<string, unknown>>(
    'select reason, fingerprint, credential_id, door, ip, count from guard.edge_log order by at desc, id limit 1',
  );
  return rows[0];
};

verifies('audit:unknown-credential-to-edge-log', async () => {
  const { a } = stage;
  const stranger = randomBytes(32);
  const cases = [
    { hash: stranger, reason: 'unknown', credential_id: null },
    { hash: a.revoked.hash, reason: 'revoked', credential_id: a.revoked.credential_id },
    { hash: a.expired.hash, reason: 'expired', credential_id: a.expired.credential_id },
    { hash: a.live.hash, reason: 'unknown', credential_id: a.live.credential_id }, // of a user who is not active
  ];
  const audited = async () => (await stage.admin.query('select from data.mcp_audit_intent')).rowCount;
  const before = await audited();
  for (const { hash, reason, credential_id } of cases) {
    await noteAtEdge(pool, { reason: 'unknown', hash, door: 'rest', ip: '::1' });
    expect(await edge()).toEqual({
      reason,
      fingerprint: hash.toString('hex').slice(0, 16),
      credential_id,
      door: 'rest',
      ip: '::1',
      count: 1,
    });
  }
  for (const reason of ['missing', 'malformed'] as const) {
    await noteAtEdge(pool, { reason, door: 'mcp', ip: '127.0.0.1' });
    expect(await edge()).toMatchObject({ reason, fingerprint: null, credential_id: null });
  }
  await noteAtEdge(pool, { reason: 'suppressed', door: 'mcp', ip: '', count: 4711 });
  expect(await edge()).toMatchObject({ reason: 'suppressed', count: 4711 });
  expect(await audited()).toBe(before);
  const { rows } = await stage.admin.query<{ all: string }>('select string_agg(e::text, chr(10)) as all from guard.edge_log e');
  for (const bearer of [a.live, a.revoked, a.expired]) {
    expect(rows[0]?.all).not.toContain(bearer.token);
    expect(rows[0]?.all).not.toContain(bearer.hash.toString('hex'));
  }
});

describe('the edge log', () => {
  it('tells the caller nothing back, and takes no reason of its own invention', async () => {
    const client = await stage.connect();
    const note = (reason: string, hash: Buffer | null) =>
      client.query('select app.note_at_edge($1, $2, $3, $4, $5) as told', [reason, hash, 'mcp', '', 1]);
    expect((await note('unknown', stage.a.revoked.hash)).rows).toEqual((await note('unknown', randomBytes(32))).rows);
    await expect(note('let in', null)).rejects.toMatchObject({ code: '23514' });
  });
  it('is not filled by one knock: what a request says of itself is cut', async () => {
    const client = await stage.connect();
    await client
      .query('select app.note_at_edge($1, $2, $3, $4, $5)', ['malformed', null, 'x'.repeat(100_000), 'y'.repeat(100_000), 1])
      .catch(() => {});
    const { rows } = await stage.admin.query<{ most: number }>('select max(length(e::text)) as most from guard.edge_log e');
    expect(rows[0]?.most).toBeLessThan(1000);
  });
});

describe('an intent', () => {
  const intent = (args_redacted: Record<string, unknown>, client: Record<string, string> = {}) =>
    openBooks(pool).begin(stage.a.live.hash, {
      id: randomUUID(),
      request_id: randomUUID(),
      tool_name: 'x',
      args_redacted,
      door: 'mcp',
      client,
    });
  it('takes arguments of a megabyte', async () => {
    expect(await intent({ q: 'x'.repeat(1_000_000) })).toBeDefined();
  });
  it('takes deep ones', async () => {
    const deep = Array.from({ length: 64 }).reduce<Record<string, unknown>>((inner) => ({ inner }), {});
    expect(await intent(deep)).toBeDefined();
  });
  it.each([
    ['NUL', '\u0000'],
    ['half of a character', '\ud800'],
  ])('refuses a text with %s as a whole, and writes nothing: who reads the request has to (src/http/knock.ts isText)', async (_, text) => {
    const count = async () => (await stage.admin.query('select from data.mcp_audit_intent')).rowCount;
    const before = await count();
    await expect(intent({ q: text })).rejects.toMatchObject({ code: expect.stringMatching(/^22P0[25]$/) });
    await expect(intent({}, { user_agent: text })).rejects.toMatchObject({ code: expect.stringMatching(/^22P0[25]$/) });
    expect(await count()).toBe(before);
  });
  it('that the database refuses takes none of those that came with it along', async () => {
    const books = openBooks(pool);
    const ask = (bearer: Bearer, args_redacted: Record<string, unknown>) =>
      books.begin(bearer.hash, { id: randomUUID(), request_id: randomUUID(), tool_name: 'x', args_redacted, door: 'mcp', client: {} });
    const { a, b } = stage;
    const asked = [ask(a.live, {}), ask(b.live, { q: '\u0000' }), ask(b.live, {}), ask(a.revoked, {}), ask(a.colleague, {})];
    const done = await Promise.allSettled(asked);
    expect(done.map((each) => (each.status === 'fulfilled' ? each.value?.tenant_id : 'refused'))).toEqual([
      a.tenant_id,
      'refused',
      b.tenant_id,
      undefined,
      a.tenant_id,
    ]);
    expect(done.flatMap((each) => (each.status === 'fulfilled' && each.value ? [each.value.user_id] : []))).toEqual([
      a.live.user_id,
      b.live.user_id,
      a.colleague.user_id,
    ]);
  });
});

describe('a final row', () => {
  const END = { status: 'ok', outcome: 'ok', response_bytes: 0, latency_ms: 0, subjects: [], refs: [], delivered: [] } as const;
  it('that the database refuses takes none of those that came with it along', async () => {
    const { begin, finish } = openBooks(pool);
    const { a, b } = stage;
    const begun = async (bearer: Bearer) => {
      const id = randomUUID();
      await begin(bearer.hash, { id, request_id: id, tool_name: 'x', args_redacted: {}, door: 'mcp', client: {} });
      return id;
    };
    const [mine, theirs, twice] = [await begun(a.live), await begun(b.live), await begun(a.live)];
    const ended = [
      finish(a.live.hash, mine, END),
      finish(a.live.hash, theirs, END),
      finish(a.live.hash, twice, END),
      finish(a.live.hash, twice, END),
      finish(b.live.hash, theirs, END),
    ];
    expect((await Promise.allSettled(ended)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    const { rows } = await stage.admin.query('select tenant_id from data.mcp_audit_log where id = any ($1) order by tenant_id = $2', [
      [mine, theirs, twice],
      a.tenant_id,
    ]);
    expect(rows).toEqual([b, a, a].map(({ tenant_id }) => ({ tenant_id })));
  });
});
