import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { plusDays } from '../../src/domains/days.ts';
import { aVendorsDesk, type VendorsDesk } from '../builders/carried.ts';
import { aLogin } from '../builders/login.ts';
import { aTellingClinic, type Telling } from '../builders/webhooks.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let at: VendorsDesk;
let telling: Telling;
beforeAll(async () => {
  at = await aVendorsDesk();
  telling = await aTellingClinic(at.attending);
});
afterAll(async () => {
  await at.keeper.close();
  await telling.close();
});

/** What a receiver was told: each event's type and number, by the object that it is of, in the order in which they came. What came twice, as it may on a slow machine, counts once. */
async function toldOf({ receiver }: Awaited<ReturnType<Telling['anEndpoint']>>): Promise<Record<string, [string, number][]>> {
  const told: Record<string, [string, number][]> = {};
  const came = new Map((await receiver.came()).map(({ headers, body }) => [headers['webhook-id'], body]));
  for (const body of came.values()) {
    const { type, data } = JSON.parse(body) as { type: string; data: Record<string, string> & { seq: number } };
    const { seq, ...object } = data;
    const [id = ''] = Object.values(object);
    told[id] = [...(told[id] ?? []), [type, seq]];
  }
  return told;
}

verifies('ends:told-in-order', async () => {
  const { keeper, owner, resolve } = at;
  const endpoint = await telling.anEndpoint([
    'draft.signed',
    'draft.committed',
    'draft.rejected',
    'operation.updated',
    'connection.changed',
  ]);
  const there = await at.signed();
  await keeper.turn({ send: { as: 'applied', vendor_id: 'V-1' } });
  const refused = await at.signed();
  await keeper.turn({ send: { as: 'not_applied', trouble: 'CONFLICT' } });
  // In doubt and looked for in vain twice: no step of it is told.
  const doubted = await at.signed();
  for (let looks = 0; looks < 3; looks += 1) await keeper.turn({ send: { as: 'unknown' }, look: 'nothing' });
  await keeper.turn({ look: { there: ['V-2'] } });
  const again = await at.parked();
  await resolve(owner, again, { decision: 'send_again' });
  await keeper.turn({ send: { as: 'applied', vendor_id: 'V-3' } });
  const given_up = await at.parked();
  await resolve(owner, given_up, { decision: 'give_up' });
  await telling.told(endpoint);

  const [signed, committed] = [['draft.signed', 1] as const, ['draft.committed', 2] as const];
  const updated = (...seqs: number[]) => seqs.map((seq) => ['operation.updated', seq]);
  expect(await toldOf(endpoint)).toEqual({
    ...{ [there.draft_id]: [signed, committed], [there.operation_id]: updated(1) },
    ...{ [refused.draft_id]: [signed], [refused.operation_id]: updated(1) },
    ...{ [doubted.draft_id]: [signed, committed], [doubted.operation_id]: updated(1) },
    // Parked, sent again, there.
    ...{ [again.draft_id]: [signed, committed], [again.operation_id]: updated(1, 2, 3) },
    ...{ [given_up.draft_id]: [signed], [given_up.operation_id]: updated(1, 2) },
  });
  const bodies = (await endpoint.receiver.came()).map(({ body }) => body).join();
  for (const word of ['V-1', 'eclinicalworks', at.patient_id, 'Return in']) expect(bodies).not.toContain(word);
  await endpoint.off();
});

verifies('ends:approved-ahead-waits', async () => {
  const { attending, tenant_id, desk, keeper, rowOf, writesOf } = at;
  const scheduler = await aLogin(attending, { tenant_id, role: 'scheduler' });
  const today = new Date().toISOString().slice(0, 10);
  const rule = await scheduler.ask('POST', '/approvals', {
    ...{ kinds: ['appointment_draft'], modalities: ['in_person'], roles: ['scheduler'], visit_types: [], practitioner_ids: [] },
    ...{ horizon_days: 90, daily_limit: 100, expires_on: plusDays(today, 20) },
  });
  expect(rule.status).toBe(200);
  const ask = async (tool: string, args: object) =>
    (await callTool(attending.url, attending.tokens.scheduler, tool, args)).result?.structuredContent as Record<string, string>;
  const asked = { date_range: { from: plusDays(today, 10), to: plusDays(today, 20) }, minutes: 30, modality: 'in_person', limit: 200 };
  const slots = (await ask('find_open_slots', asked)).slots as unknown as { start_at: string; practitioner_id: string }[];
  const book = (n: number) => {
    const { start_at, practitioner_id } = slots.at(n) ?? { start_at: '', practitioner_id: '' };
    const visit = { patient_id: at.patient_id, provider_id: practitioner_id, visit_type: 'Follow-up', modality: 'in_person' };
    return ask('draft_appointment', { ...visit, start_at });
  };
  const first = await book(0);
  expect(first).toMatchObject({ status: 'signed', note: expect.stringContaining('Attending is writing it') });
  const { draft_id = '' } = first;
  expect(await book(0)).toMatchObject({ draft_id, status: 'signed', repeated: true });
  expect(await rowOf(draft_id)).toMatchObject({ status: 'signed', record_id: null });
  expect(await writesOf(draft_id)).toHaveLength(1);

  // Ten at once: one draft, one signature of the rule, one write.
  const ten = await Promise.all(Array.from({ length: 10 }, () => book(-1)));
  expect(new Set(ten.map((made) => [made.draft_id, made.status].join())).size).toBe(1);
  const uses = await desk.asked('select id from data.approval_uses where tenant_id = $1 order by created_at', [tenant_id]);
  expect(uses).toEqual([{ id: draft_id }, { id: ten[0]?.draft_id }]);

  await keeper.turn({ send: { as: 'unknown' } });
  await keeper.turn({ look: 'other' });
  // While a person looks it is the same draft still.
  expect(await book(0)).toMatchObject({ draft_id, status: 'parked', repeated: true });
  for (const { id } of uses as { id: string }[]) {
    const [write] = await desk.asked<{ id: string; version: number }>('select id, version from data.vendor_writes where draft_id = $1', [
      id,
    ]);
    const decision = { version: write?.version, decision: 'there', vendor_id: 'V-9' };
    expect((await scheduler.ask('POST', `/vendor-writes/${write?.id}/resolve`, decision)).status).toBe(200);
    expect(await rowOf(id)).toMatchObject({ status: 'committed', vendor_id: 'V-9' });
  }
});

verifies('ends:first-decision-counts', async () => {
  const { attending, keeper, owner, physician, resolve, rowOf, writeOf, desk } = at;
  const [person, process] = [new pg.Client(attending.database.api), new pg.Client(attending.database.keeper)];
  await Promise.all([person.connect(), process.connect()]);
  const [login] = await desk.asked<{ hash: string }>("select encode(hash, 'hex') as hash from guard.grants where id = $1", [
    owner.login_id,
  ]);
  const blocked = async () => {
    const waits = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while ((await desk.asked(waits)).length === 0) await new Promise((resume) => setImmediate(resume));
  };
  const STORE = 'select app.store_vendor_write($1, $2, $3, $4, $5, $6) as answer';
  const stored = (id: string, version: number, state: object) =>
    process
      .query(STORE, [at.tenant_id, `account:${at.connection_id}`, keeper.fence, id, version, state])
      .then(({ rows }) => rows[0]?.answer);

  // Two people at once.
  const two = await at.parked();
  const answers = await Promise.all([
    resolve(owner, two, { decision: 'there', vendor_id: 'V-1' }),
    resolve(physician, two, { decision: 'give_up' }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(await rowOf(two.draft_id)).toMatchObject(
    answers[0]?.status === 200 ? { status: 'committed', vendor_id: 'V-1' } : { status: 'failed' },
  );

  // A person decides, to send it again even, when a process stores what it had read before: it is not taken, neither before her decision is committed nor after.
  const late = await at.parked();
  await person.query(`begin; select app.enter('\\x${login?.hash}')`);
  await person.query('select app.resolve_vendor_write($1, $2, $3)', [
    late.operation_id,
    late.version,
    { is: 'planned', attempts: 1, resends: 0, due_at: 0 },
  ]);
  const confirmed = { is: 'confirmed', vendor_id: 'V-LATE' };
  expect(await stored(late.operation_id, late.version, confirmed)).toBe('changed');
  await person.query('commit');
  expect(await stored(late.operation_id, late.version, confirmed)).toBe('changed');
  expect(await rowOf(late.draft_id)).toMatchObject({ status: 'signed', vendor_id: null });
  await keeper.turn({ send: { as: 'applied', vendor_id: 'V-1' } });

  // The other way round: it is parked in a transaction that is not over, and who decides by the page of before waits, and is told.
  const early = await at.signed();
  await keeper.turn({ send: { as: 'unknown' } });
  const { version = 0, state } = (await writeOf(early.operation_id)) ?? {};
  await process.query('begin');
  expect(await stored(early.operation_id, version, { ...state, is: 'confirmed', vendor_id: 'V-2' })).toBe('stored');
  const deciding = resolve(owner, { ...early, version }, { decision: 'give_up' });
  await blocked();
  await process.query('commit');
  expect((await deciding).status).toBe(409);
  expect(await rowOf(early.draft_id)).toMatchObject({ status: 'committed', vendor_id: 'V-2' });

  // A decision that is undone moves neither.
  const undone = await at.parked();
  await person.query(`begin; select app.enter('\\x${login?.hash}')`);
  await person.query('select app.resolve_vendor_write($1, $2, $3)', [undone.operation_id, undone.version, { is: 'cancelled' }]);
  await person.query('rollback');
  expect([await rowOf(undone.draft_id), await writeOf(undone.operation_id)]).toMatchObject([{ status: 'parked' }, { status: 'parked' }]);
  await Promise.all([person.end(), process.end()]);
});
