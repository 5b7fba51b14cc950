// What can be approved ahead, kind by kind, and that nothing else can: over the functions of the database.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attending, startAttending } from '../../test/app.ts';
import { callTool } from '../../test/mcp.ts';
import { verifies } from '../../test/promises.ts';
import { systemRandom } from '../base/random.ts';
import { openPool, type Pool } from '../db/pool.ts';
import { openTenantTx, type TenantTx } from '../db/tenant.ts';
import { APPROVABLE, type Terms } from '../domains/approvals.ts';
import { hashOf, mintSecret } from '../governance/credentials.ts';
import type { Role } from '../governance/roles.ts';
import { catalogue } from '../operations/index.ts';
import { signAhead, standingApprovals } from './standing-approvals.ts';

let attending: Attending;
let pool: Pool;
let tenant_id: string;
let today: string;
beforeAll(async () => {
  attending = await startAttending();
  pool = openPool(attending.database.api, { max: 4, failed: () => {} });
  tenant_id = attending.tenants[0]?.tenant_id as string;
  today = (
    await rows<{ day: string }>("select to_char((now() + interval '1 day') at time zone 'America/New_York', 'YYYY-MM-DD') as day")
  )[0]?.day as string;
  const [visit] = await rows<{ id: string }>("select id from data.appointments where tenant_id = $1 and modality = 'in_person' limit 1", [
    tenant_id,
  ]);
  FITS.appointment_id = visit?.id as string;
  // The kind of another slice of the house; where it is there already, its own rows stand.
  await rows(
    "insert into guard.signing (kind, right_name, role, needs_licence) select 'payment_posting_draft', 'sign_postings', r, false from unnest(array['owner', 'biller']) r on conflict do nothing",
  );
});
afterAll(async () => {
  await pool.end();
  await attending.close();
});

const rows = async <R extends object>(sql: string, values: unknown[] = []): Promise<R[]> =>
  (await attending.admin.query(sql, values)).rows as R[];

async function within<T>(hash: Buffer, act: (tx: TenantTx) => Promise<T>, end: 'end' | 'abandon'): Promise<T> {
  const tx = openTenantTx(pool, hash, { writes: true });
  try {
    const answer = await act(tx);
    await tx[end]();
    return answer;
  } catch (error) {
    await tx.abandon();
    throw error;
  }
}

async function asPerson<T>(role: Role, act: (approvals: ReturnType<typeof standingApprovals>, tx: TenantTx) => Promise<T>): Promise<T> {
  const { token } = mintSecret(systemRandom, 'login');
  await rows(
    `insert into guard.grants (id, hash, kind, tenant_id, user_id, name, mfa_at, seen_at, expires_at)
     select gen_random_uuid(), $2, 'login', tenant_id, id, 'test', clock_timestamp(), clock_timestamp(), clock_timestamp() + interval '1 hour'
     from data.users where tenant_id = $1 and role = $3 order by id limit 1`,
    [tenant_id, hashOf(token), role],
  );
  return within(hashOf(token), (tx) => act(standingApprovals({ tx, random: systemRandom, today }), tx), 'end');
}
const approve = async (terms: Omit<Terms, 'daily_limit' | 'expires_on' | 'roles'> & Partial<Terms>, role: Role = 'owner') =>
  (await asPerson(role, (all) => all.create({ roles: ['owner', 'front_desk', 'biller'], daily_limit: 1000, expires_on: today, ...terms })))
    .approval_id;
const revoke = (approval_id: string, role: Role = 'owner') => asPerson(role, (all) => all.revoke({ approval_id }));

/** The rule that would sign such a draft of this person's AI, had it just been proposed; it is taken back. */
async function signs(kind: string, payload: object, role: Role = 'owner'): Promise<string | undefined> {
  return within(
    hashOf(attending.tokens[role]),
    async (tx) => {
      const [draft] = await tx.rows<{ id: string }>("select id from app.propose('draft', $1, $2, $3, null, null, null)", [
        kind,
        JSON.stringify({ nonce: randomUUID() }),
        JSON.stringify(payload),
      ]);
      return (await signAhead(tx, draft?.id as string))?.approval_id;
    },
    'abandon',
  );
}

const CONFIRMED = { changes: [], confirmed: { by: 'patient', at: '2026-11-20T15:00:00Z', details: [] } };
const POSTING = { amount_cents: 5000, exceptions: [] };
/** Fits the conditions of every kind. */
const FITS = {
  ...{ modality: 'in_person', visit_type: 'Follow-up', practitioner_id: randomUUID(), start_at: '2026-11-23T09:00:00-05:00' },
  ...{ kind: 'consent', ...CONFIRMED, ...POSTING },
  // A visit of the clinic that is held in person, for who moves it.
  appointment_id: '',
};

describe('a payment posting', () => {
  verifies('desk:posting-ahead-to-a-limit', async () => {
    const approval_id = await approve({ kinds: ['payment_posting_draft'], amount_limit_cents: 10_000 });
    const covered = async (payload: object) => (await signs('payment_posting_draft', payload, 'biller')) === approval_id;
    for (const amount_cents of [0, 1, 5000, 9_999, 10_000])
      expect([amount_cents, await covered({ ...POSTING, amount_cents })]).toEqual([amount_cents, true]);
    for (const amount_cents of [10_001, -1, -5000, 0.5, 9_999.99, 1e300, '5000', null, [5000], { cents: 1 }, true, undefined])
      expect([amount_cents, await covered({ ...POSTING, amount_cents })]).toEqual([amount_cents, false]);
    for (const exceptions of [['unmatched'], [null], {}, '', 'none', null, 0, undefined])
      expect([exceptions, await covered({ ...POSTING, exceptions })]).toEqual([exceptions, false]);
    await revoke(approval_id);
    expect(await covered(POSTING)).toBe(false);
  });

  it('is covered by no rule without a limit, nor by one for something else', async () => {
    await expect(approve({ kinds: ['payment_posting_draft'] })).rejects.toMatchObject({
      type: 'invalid_input',
      message: 'amount_limit_cents: a rule for payment_posting_draft must say it.',
    });
    const other = await approve({ kinds: ['intake_form_draft', 'contact_update_draft'], form_kinds: [] });
    expect(await signs('payment_posting_draft', FITS)).toBeUndefined();
    await revoke(other);
  });

  it('is approved ahead by who may sign it, and ended by who may sign any kind of the rule', async () => {
    await expect(approve({ kinds: ['payment_posting_draft'], amount_limit_cents: 1 }, 'front_desk')).rejects.toMatchObject({
      type: 'not_permitted',
    });
    const both = await approve({ kinds: ['contact_update_draft', 'payment_posting_draft'], amount_limit_cents: 100_000 });
    await expect(revoke(both, 'scheduler')).rejects.toMatchObject({ type: 'not_permitted' });
    await revoke(both, 'biller');
  });
});

describe('a contact update and an intake form', () => {
  it('of changes none is covered, only a confirmation as things stand', async () => {
    const approval_id = await approve({ kinds: ['contact_update_draft'] }, 'front_desk');
    expect(await signs('contact_update_draft', CONFIRMED, 'front_desk')).toBe(approval_id);
    const change = { field: 'phone', before: '+18045550101', after: '+18045550102' };
    for (const payload of [
      { ...CONFIRMED, changes: [change] },
      { changes: [change] },
      { changes: [] },
      { confirmed: CONFIRMED.confirmed },
      { ...CONFIRMED, changes: null },
      { ...CONFIRMED, changes: {} },
      { ...CONFIRMED, confirmed: { by: 'nobody' } },
      { ...CONFIRMED, confirmed: null },
    ])
      expect([payload, await signs('contact_update_draft', payload, 'front_desk')]).toEqual([payload, undefined]);
    await revoke(approval_id, 'front_desk');
  });

  it('of forms those that the rule names; none named is any', async () => {
    const some = await approve({ kinds: ['intake_form_draft'], form_kinds: ['consent', 'phq9'] });
    expect([await signs('intake_form_draft', { kind: 'consent' }), await signs('intake_form_draft', { kind: 'financial' })]).toEqual([
      some,
      undefined,
    ]);
    await revoke(some);
    const any = await approve({ kinds: ['intake_form_draft'], form_kinds: [] });
    expect([await signs('intake_form_draft', { kind: 'financial' }), await signs('intake_form_draft', {})]).toEqual([any, undefined]);
    await revoke(any);
  });
});

describe('a rule', () => {
  it('whose conditions do not fit its kinds is refused in words, and by the table whatever the words', async () => {
    const booking = { modalities: ['in_person' as const], visit_types: [], practitioner_ids: [], horizon_days: 30 };
    const unfit: [Parameters<typeof approve>[0], RegExp][] = [
      [{ kinds: ['appointment_draft'] }, /^modalities: a rule for appointment_draft must say it/],
      [{ kinds: ['appointment_draft'], ...booking, horizon_days: undefined }, /^horizon_days: a rule for/],
      [{ kinds: ['intake_form_draft'] }, /^form_kinds: a rule for intake_form_draft must say it/],
      [{ kinds: ['intake_form_draft'], form_kinds: [], ...booking }, /^modalities: is a condition of appointment_draft, reschedule_draft/],
      [{ kinds: ['contact_update_draft'], horizon_days: 3 }, /^horizon_days: is a condition of/],
      [{ kinds: ['contact_update_draft'], form_kinds: ['consent'] }, /^form_kinds: is a condition of intake_form_draft/],
      [{ kinds: ['contact_update_draft'], amount_limit_cents: 5 }, /^amount_limit_cents: is a condition of payment_posting_draft/],
      [{ kinds: ['appointment_draft', 'intake_form_draft'], ...booking }, /^form_kinds: a rule for/],
    ];
    for (const [terms, message] of unfit) {
      await expect(approve(terms), JSON.stringify(terms)).rejects.toMatchObject({
        type: 'invalid_input',
        message: expect.stringMatching(message),
      });
      const { kinds, modalities, visit_types, practitioner_ids, horizon_days, form_kinds, amount_limit_cents } = terms;
      const past = asPerson('owner', (_, tx) =>
        tx.rows('select app.create_approval(gen_random_uuid(), $1, $2, 1, $3, $4, $5, $6, $7, $8, $9)', [
          ...[kinds, ['owner'], today],
          ...[modalities, visit_types, practitioner_ids, horizon_days, form_kinds, amount_limit_cents].map(
            (condition) => condition ?? null,
          ),
        ]),
      );
      await expect(past, JSON.stringify(terms)).rejects.toMatchObject({ code: '23514' });
    }
    const whole = await approve({ kinds: [...APPROVABLE], ...booking, form_kinds: ['consent'], amount_limit_cents: 10_000 });
    const { approvals } = await asPerson('owner', (all) => all.list());
    expect(approvals.find(({ approval_id }) => approval_id === whole)).toMatchObject({
      ...booking,
      form_kinds: ['consent'],
      amount_limit_cents: 10_000,
      state: 'live',
    });
    await revoke(whole);
  });

  verifies('desk:nothing-else-ahead', async () => {
    const kinds = (await rows<{ kind: string }>('select distinct kind from guard.signing order by 1')).map(({ kind }) => kind);
    const others = kinds.filter((kind) => !(APPROVABLE as readonly string[]).includes(kind));
    expect(others).toEqual(
      expect.arrayContaining([
        'chart_note_draft',
        'message_draft',
        'order_draft',
        'patient_draft',
        'referral_draft',
        'task_update_draft',
        'vitals_draft',
      ]),
    );
    expect(catalogue.flatMap((each) => (each.effect === 'draft' ? [each.kind] : [])).filter((kind) => !kinds.includes(kind))).toEqual([]);
    const rule = (of: readonly string[]) =>
      rows(
        `insert into data.standing_approvals (tenant_id, id, author_id, grant_id, kinds, roles, daily_limit, expires_on, modalities, visit_types, practitioner_ids, horizon_days, form_kinds, amount_limit_cents)
         select $1, gen_random_uuid(), u.id, gen_random_uuid(), $2, '{owner}', 1000, $3, '{in_person}', '{}', '{}', 365, '{}', 10000 from data.users u where u.tenant_id = $1 and u.role = 'owner' returning id`,
        [tenant_id, of, today],
      );
    for (const kind of others) {
      await expect(rule([kind]), kind).rejects.toMatchObject({ code: '23514' });
      await expect(
        asPerson('owner', (_, tx) =>
          tx.rows('select app.create_approval(gen_random_uuid(), $1, $2, 1, $3, null, null, null, null, null, null)', [
            [kind],
            ['owner'],
            today,
          ]),
        ),
        kind,
      ).rejects.toMatchObject({
        code: expect.stringMatching(/^(23514|AT001)$/),
      });
    }
    // And were there such a rule, by an author who may sign all of it: what it does not speak of in words it does not sign.
    await rows(
      `do $$ declare c text; begin
         for c in select conname from pg_constraint where conrelid = 'data.standing_approvals'::regclass and contype = 'c' loop execute format('alter table data.standing_approvals drop constraint %I', c); end loop;
       end $$`,
    );
    await rows("update guard.signing set needs_licence = false where role = 'owner'");
    await rows(
      "insert into guard.signing (kind, right_name, role, needs_licence) select k, 'any', 'owner', false from unnest($1::text[]) k on conflict do nothing",
      [[...kinds, 'care_plan_draft', 'authorization_draft', 'kind_to_come']],
    );
    const [made] = (await rule([...kinds, 'care_plan_draft', 'authorization_draft', 'kind_to_come'])) as { id: string }[];
    for (const kind of [...kinds, 'care_plan_draft', 'authorization_draft', 'kind_to_come']) {
      const may = (APPROVABLE as readonly string[]).includes(kind);
      expect([kind, await signs(kind, FITS)]).toEqual([kind, may ? made?.id : undefined]);
    }
    // Nor anything in a conversation that outside text came into: it is held, whatever the rule.
    await callTool(attending.url, attending.tokens.owner, 'get_inbox', { filter: 'messages' }, '/mcp?toolsets=practice');
    for (const kind of kinds) expect([kind, await signs(kind, FITS)]).toEqual([kind, undefined]);
  });
});
