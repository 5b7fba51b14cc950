// What people see of the writes to a vendor and decide on, and what an AI is told of them: on the real server, with rows as the keeper leaves them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/base/random.ts';
import type { Attempt } from '../../src/connections/write.ts';
import { openWriteBooks, type VendorRequest } from '../../src/connections/write-books.ts';
import { workWrites } from '../../src/connections/write-keeper.ts';
import { openPool, query } from '../../src/db/pool.ts';
import { aLogin } from '../builders/login.ts';
import { aVendorDesk, type VendorDesk } from '../builders/vendor-desk.ts';
import { aCarriedDraft, aVendorAccount, MARKED } from '../builders/vendor-writes.ts';
import { verifies } from '../promises.ts';

let { attending, tenant_id, connection_id, owner, front_desk, physician, elsewhere, parked, resolve, get, rowOf, eventsOf } =
  {} as VendorDesk;
beforeAll(async () => {
  ({ attending, tenant_id, connection_id, owner, front_desk, physician, elsewhere, parked, resolve, get, rowOf, eventsOf } =
    await aVendorDesk());
});
afterAll(() => attending.close());

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
            async send(_job, begin) {
              const begun = await begin();
              if (!begun) return { as: 'not_begun' };
              sent.push(begun.attempt);
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
