// Who may sign what, in every state that a draft can be in: the full product, against a table written from mission.md ("Roles") and not from the code.
import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let api: pg.Client;
let clinics: readonly string[];
beforeAll(async () => {
  attending = await startAttending();
  clinics = attending.tenants.map(({ tenant_id }) => tenant_id);
  api = new pg.Client(attending.database.api);
  await api.connect();
});
afterAll(async () => {
  await api.end();
  await attending.close();
});

/** yes; licence: with a live licence record. Roles that are not named sign nothing of the kind. Of the sandbox, physicians and nurses have a licence and the owner has none. */
type May = 'yes' | 'licence';
const booking: Record<string, May> = { owner: 'yes', physician: 'yes', nurse: 'yes', front_desk: 'yes', scheduler: 'yes' };
const door: Record<string, May> = { owner: 'yes', front_desk: 'yes' };
const SIGNS: Record<string, Record<string, May>> = {
  chart_note_draft: { owner: 'licence', physician: 'licence' },
  message_draft: { owner: 'yes', physician: 'licence', nurse: 'yes' },
  vitals_draft: { owner: 'licence', physician: 'licence', nurse: 'yes' },
  order_draft: { owner: 'licence', physician: 'licence' },
  referral_draft: { owner: 'licence', physician: 'licence' },
  prior_authorization_draft: { owner: 'licence', physician: 'licence' },
  care_plan_update_draft: { owner: 'licence', physician: 'licence', nurse: 'licence' },
  payment_posting_draft: { owner: 'yes', biller: 'yes' },
  task_update_draft: { owner: 'yes', physician: 'licence', nurse: 'yes' },
  appointment_draft: booking,
  reschedule_draft: booking,
  cancellation_draft: booking,
  patient_draft: door,
  contact_update_draft: door,
  intake_form_draft: door,
};
const ROLES = ['owner', 'physician', 'nurse', 'front_desk', 'scheduler', 'biller', 'quality', 'compliance'];
const STATES = ['pending', 'committed', 'rejected', 'time is over', 'stale hash', 'stale version', 'old second factor'] as const;
type State = (typeof STATES)[number];

/** What must happen, in the order in which it is told: what is not there, what is decided, who may, what was shown. */
function expected(role: string, kind: string, { own, state }: { own: boolean; state: State }): string {
  if (!own) return 'not_found';
  if (['committed', 'rejected', 'stale version'].includes(state)) return 'stale_draft';
  if (state === 'time is over') return 'expired';
  const may = SIGNS[kind]?.[role];
  if (may === undefined) return 'not_permitted';
  if (may === 'licence' && role === 'owner') return 'licence_needed';
  if (state === 'old second factor') return 'mfa_needed';
  return state === 'stale hash' ? 'stale_draft' : 'signed';
}

async function loginOf(role: string, mfa_minutes_ago: number): Promise<Buffer> {
  const hash = createHash('sha256').update(randomUUID()).digest();
  await attending.admin.query(
    `insert into guard.grants (id, hash, kind, tenant_id, user_id, name, mfa_at, seen_at, expires_at)
     select gen_random_uuid(), $1, 'login', tenant_id, id, 'test', clock_timestamp() - $4 * interval '1 minute', clock_timestamp(), clock_timestamp() + interval '1 hour'
     from data.users where tenant_id = $2 and role = $3 order by id limit 1`,
    [hash, clinics[0], role, mfa_minutes_ago],
  );
  return hash;
}

async function aDraft(tenant_id: string, kind: string, state: State): Promise<{ id: string; hash: Buffer }> {
  const { rows } = await attending.admin.query(
    `with made as (select gen_random_uuid() as id)
     insert into data.pending_actions (tenant_id, id, operation, kind, payload, payload_hash, proposed_payload, content_hash, status, proposed_by, credential_id, expires_at)
     select $1, made.id, 'draft', $2, '{}', guard.hash_of(made.id, 1, $2, '{}'), '{}', sha256(uuid_send(made.id)), $3, gen_random_uuid(), gen_random_uuid(),
       clock_timestamp() + case when $4 then interval '-1 second' else interval '1 day' end
     from made returning id, payload_hash as hash`,
    [tenant_id, kind, state === 'committed' || state === 'rejected' ? state : 'pending', state === 'time is over'],
  );
  return rows[0];
}

/** Signs, and takes it back: `signed`, or the word of the refusal. */
async function outcome(login: Buffer, { id, hash }: { id: string; hash: Buffer }, state: State): Promise<string> {
  await api.query('begin');
  try {
    await api.query('select app.enter($1)', [login]);
    await api.query('select app.sign_draft($1, $2, $3)', [
      id,
      state === 'stale version' ? 2 : 1,
      state === 'stale hash' ? Buffer.alloc(32) : hash,
    ]);
    return 'signed';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await api.query('rollback');
  }
}

verifies(
  'desk:table-of-signers',
  async () => {
    const { rows } = await attending.admin.query('select distinct kind from guard.signing order by 1');
    expect(rows.map(({ kind }) => kind)).toEqual(Object.keys(SIGNS).sort());
    let asked = 0;
    for (const state of STATES)
      for (const kind of Object.keys(SIGNS))
        for (const [own, tenant_id] of [
          [true, clinics[0]],
          [false, clinics[1]],
        ] as const) {
          const draft = await aDraft(tenant_id as string, kind, state);
          for (const role of ROLES) {
            const login = await loginOf(role, state === 'old second factor' ? 9 * 60 : 1);
            const told = [role, kind, state, own];
            expect([...told, await outcome(login, draft, state)]).toEqual([...told, expected(role, kind, { own, state })]);
            asked += 1;
          }
        }
    expect(asked).toBe(ROLES.length * Object.keys(SIGNS).length * STATES.length * 2);
  },
  60_000,
);
