// Messages that leave the house, under hostile SQL: of the serving role, which serves every clinic, and of the sending role, which sends for every clinic.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../promises.ts';
import { aStage, type Stage } from './stage.ts';

let stage: Stage;
let api: pg.Client;
let sender: pg.Client;
beforeAll(async () => {
  stage = await aStage();
  [api, sender] = [await stage.connect(), await stage.connect(stage.database.sender)];
});
afterAll(() => stage.close());

const OUTBOX = ['outgoing_messages', 'deliveries', 'delivery_events', 'message_consents'];
const SENDING = (tenant_id: string, id: string) => [
  'select * from app.take_message(now())',
  `select app.claim_message('${tenant_id}', '${id}', gen_random_uuid(), now())`,
  `select app.put_off_message('${tenant_id}', '${id}', now(), 'UTC', 'quiet_hours')`,
  `select app.cancel_message('${tenant_id}', '${id}', 'opted_out', now())`,
  `select app.settle_message('${tenant_id}', '${id}', gen_random_uuid(), 'sent', null, null, null, now())`,
  "select app.lose_messages('1 second', now())",
];
const told = async (client: pg.Client, sql: string) => {
  const answer = await client.query(sql).then(
    (results) => JSON.stringify([results].flat().map(({ rows }) => rows)),
    (error: pg.DatabaseError) => `${error.code} ${error.message}`,
  );
  await client.query('rollback');
  return answer;
};

verifies('outbox:sender-role-alone', async () => {
  const { a, b } = stage;
  const id = String(b.rows.outgoing_messages?.id);
  // As app_api, without a clinic: nothing.
  for (const table of OUTBOX) {
    expect(await told(api, `begin; select * from data.${table}`), table).toBe('[[],[]]');
    expect(await told(api, `begin; select set_config('app.seal', '${b.tenant_id}::', true); select * from data.${table}`)).toMatch(
      /^(42501|22P02)/,
    );
  }
  // As app_api, whoever entered: nothing of the other clinic's, and no function of the sender's.
  for (const who of ['', `select app.enter(${a.live.sql});`, `select app.enter(${a.login.sql});`]) {
    for (const table of OUTBOX)
      expect(await told(api, `begin; ${who} select * from data.${table} where tenant_id = '${b.tenant_id}'`)).not.toContain(b.canary);
    for (const sql of SENDING(b.tenant_id, id))
      expect(await told(api, `begin; ${who} ${sql}`), sql).toMatch(/^42501 permission denied for function/);
  }
  // As app_sender: the functions and no more; no table, no other function, no other role.
  for (const { name } of stage.tables)
    expect(await told(sender, `begin; select * from data.${name}`), name).toMatch(/^42501 permission denied/);
  for (const table of ['grants', 'seal_key', 'tenant_keys'])
    expect(await told(sender, `begin; select * from guard.${table}`)).toMatch(/^42501/);
  for (const sql of [
    `select app.enter(${a.live.sql})`,
    `select * from app.identify(${a.live.sql})`,
    'select app.tenant()',
    "select app.consent_of('+12155550117', 'informational')",
    'set role app_api',
    'set role app_guard',
    'create table public.x ()',
    'create temporary table x ()',
  ])
    expect(await told(sender, `begin; ${sql}`), sql).toMatch(/^42501/);
});

it('a signature sends the text that was signed, to its number, for its patient, once', async () => {
  const { a } = stage;
  const { draft_id, sign } = a.drafts.find(({ kind }) => kind === 'message_draft') ?? {};
  const said = { channel: 'sms', to: '+12155550117', sender: 'Clinic', body: 'Clinic: please call us.' };
  await stage.admin.query('update data.pending_actions set payload = $2 where id = $1', [draft_id, said]);
  const text = { id: draft_id, draft_id, patient_id: a.rows.patients?.id, ...said };
  const send = (change: { [K in keyof typeof text]?: unknown } = {}) => {
    const { id, draft_id: of, patient_id, to, sender: by, body } = { ...text, ...change };
    return `insert into data.outgoing_messages (tenant_id, id, draft_id, patient_id, channel, category, recipient, sender, body, encoding, segments)
      values ('${a.tenant_id}', '${id}', '${of}', '${patient_id}', 'sms', 'clinical', '${to}', '${by}', '${body}', 'GSM-7', 1)`;
  };
  const signing = `begin; select app.enter(${a.login.sql}); ${sign};`;
  expect(await told(api, `${signing} ${send()}`)).toMatch(/\[\]\]$/);
  expect(await told(api, `${signing} ${send()}; ${send()}`)).toMatch(/^23505/);
  const another = a.drafts.find(({ kind }) => kind !== 'message_draft')?.draft_id as string;
  for (const change of [
    ...[{ to: '+12155550118' }, { body: 'Your result is there.' }, { sender: 'Another clinic' }],
    ...[{ id: another }, { draft_id: another }, { id: another, draft_id: another }, { patient_id: stage.b.rows.patients?.id }],
    { id: a.rows.pending_actions?.id, draft_id: String(a.rows.pending_actions?.id) },
  ])
    expect(await told(api, `${signing} ${send(change)}`), JSON.stringify(change)).toMatch(/^42501/);
});

describe('an AI’s credential', () => {
  it('reads no message of its own clinic that leaves the house, nor what became of it', async () => {
    for (const table of ['outgoing_messages', 'deliveries', 'delivery_events'])
      expect(await told(api, `begin; select app.enter(${stage.a.live.sql}); select * from data.${table}`)).toMatch(/\[\]\]$/);
  });
  it('records nothing that a patient said', async () => {
    const patient = stage.a.rows.patients?.id;
    const record = `select app.record_consent(gen_random_uuid(), '${patient}', '+12155550117', 'informational', 'given', 'form', null)`;
    expect(await told(api, `begin; select app.enter(${stage.a.live.sql}); ${record}`)).toBe('AT001 not_permitted');
    expect(await told(api, `begin; ${record}`)).toBe('AT001 not_permitted');
    const theirs = `select app.record_consent(gen_random_uuid(), '${stage.b.rows.patients?.id}', '+12155550117', 'informational', 'given', 'form', null)`;
    expect(await told(api, `begin; select app.enter(${stage.a.login.sql}); ${theirs}`)).toBe('AT001 not_found');
  });
});

describe('what was signed, and what was said', () => {
  it.each(['outgoing_messages', 'delivery_events', 'message_consents'])('%s is changed by nobody, the owner neither', async (table) => {
    for (const change of [`update data.${table} set tenant_id = tenant_id`, `delete from data.${table}`, `truncate data.${table} cascade`])
      expect(await told(stage.admin, `begin; ${change}`)).toMatch(/^42501 .* is append-only/);
  });
  it('nobody consents in a patient’s place', async () => {
    const { tenant_id } = stage.a;
    const insert = `insert into data.message_consents (tenant_id, id, number, decision, source, said_at) values ('${tenant_id}', gen_random_uuid(), '+12155550117', 'given', 'staff', now())`;
    expect(await told(stage.admin, `begin; ${insert}`)).toMatch(/^23514/);
  });
});
