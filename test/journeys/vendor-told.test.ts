// What is told of the writes to a vendor: to people as a list, to an AI of its own, to nobody of another clinic; and how a connection is. On the real server, with rows as the keeper
// leaves them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthOf } from '../../src/connections/connection-health.ts';
import { TROUBLES } from '../../src/connections/taxonomy.ts';
import { GRAMMARS } from '../../src/domains/mark.ts';
import { OPERATION_NOTES } from '../../src/domains/vendor-writes.ts';
import { aLogin } from '../builders/login.ts';
import { ABSENT, aVendorDesk, began, JAR, type VendorDesk } from '../builders/vendor-desk.ts';
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

let { attending, tenant_id, connection_id, owner, elsewhere, parked, resolve, get, rowOf } = {} as VendorDesk;
beforeAll(async () => {
  ({ attending, tenant_id, connection_id, owner, elsewhere, parked, resolve, get, rowOf } = await aVendorDesk());
});
afterAll(() => attending.close());

const withoutItsId = (answer: { json: Record<string, unknown> }) => ({ ...answer, json: { ...answer.json, request_id: '', instance: '' } });

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
      (await elsewhere.ask('GET', path)).json as unknown as {
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
    expect((await elsewhere.ask('GET', `/vendor-writes?cursor=${'A'.repeat(22)}`)).status).toBe(400);
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
      expect(JSON.stringify(await elsewhere.ask('GET', `/vendor-writes?state=${state}`))).not.toContain(write_id);
    expect(JSON.stringify(await elsewhere.ask('GET', '/connections'))).not.toContain(connection_id);
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

  // Each state by itself, however it came to be: the draft does not follow.
  const put = async (next: object) => {
    await attending.admin.query("set session_replication_role = 'replica'");
    await attending.admin.query('update data.vendor_writes set state = $2 where id = $1', [write_id, next]);
    await attending.admin.query("set session_replication_role = 'origin'");
  };
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
  const { json } = await owner.ask('GET', '/connections');
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
  expect(stages.map((stage) => healthOf({ ...known, stage }, null).health)).toEqual([
    ...['at_rest', 'signing_in', 'signing_in', 'works', 'waiting', 'waiting', 'waiting', 'needs_a_person', 'needs_a_person'],
  ]);
  expect(healthOf({ ...known, stage: 'expired', isLeftAlone: true }, null)).toMatchObject({
    health: 'waiting',
    says: expect.stringContaining('Somebody else signed in'),
  });
  expect(healthOf({ ...known, stage: 'mfa_pending', challenge: 'waiting', channel: 'person' }, null).says).toBe(TROUBLES.MFA_REQUIRED.says);
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
    expect([why, healthOf({ ...known, stage: 'dead', why }, null)]).toEqual([
      why,
      { health: 'needs_a_person', says: expect.any(String), next: expect.not.stringMatching(/^Nothing to do\.$|^Wait/) },
    ]);
  const compliance = await aLogin(attending, { tenant_id, role: 'compliance' });
  expect((await compliance.ask('GET', '/connections')).status).toBe(200);
});
