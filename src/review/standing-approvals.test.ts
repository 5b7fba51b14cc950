// What a rule signs, and what it never does: over the functions of the database, a call's transaction each.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TODAY } from '../../test/app.ts';
import { aCalendar, type Calendar, type Slot } from '../../test/builders/bookings.ts';
import { callTool } from '../../test/mcp.ts';
import { verifies } from '../../test/promises.ts';
import { systemRandom } from '../base/random.ts';
import { openPool, type Pool } from '../db/pool.ts';
import { openTenantTx, type TenantTx } from '../db/tenant.ts';
import type { Terms } from '../domains/approvals.ts';
import type { Bookings } from '../domains/bookings.ts';
import { hashOf, mintSecret } from '../governance/credentials.ts';
import type { Role } from '../governance/roles.ts';
import { openSource } from '../sources/index.ts';
import { signAhead, standingApprovals } from './standing-approvals.ts';

let calendar: Calendar;
let pool: Pool;
let expires_on: string;
beforeAll(async () => {
  calendar = await aCalendar();
  pool = openPool(calendar.attending.database.api, { max: 12, failed: () => {} });
  const [row] = await calendar.rows<{ day: string }>(
    "select to_char(now() + interval '30 days', 'YYYY-MM-DD') as day where $1::uuid is not null",
  );
  expires_on = row?.day as string;
});
afterAll(async () => {
  await pool.end();
  await calendar.attending.close();
});

async function within<T>(hash: Buffer, act: (tx: TenantTx) => Promise<T>): Promise<T> {
  const tx = openTenantTx(pool, hash, { writes: true });
  try {
    const answer = await act(tx);
    await tx.end();
    return answer;
  } catch (error) {
    await tx.abandon();
    throw error;
  }
}

/** Acts as the person of a role who has signed in. */
async function asPerson<T>(
  role: Role,
  act: (approvals: ReturnType<typeof standingApprovals>) => Promise<T>,
  mfa_minutes_ago = 1,
): Promise<T> {
  const { token } = mintSecret(systemRandom, 'login');
  await calendar.rows(
    `insert into guard.grants (id, hash, kind, tenant_id, user_id, name, mfa_at, seen_at, expires_at)
     select gen_random_uuid(), $2, 'login', tenant_id, id, 'test', clock_timestamp() - $4 * interval '1 minute', clock_timestamp(), clock_timestamp() + interval '1 hour'
     from data.users where tenant_id = $1 and role = $3 order by id limit 1`,
    hashOf(token),
    role,
    mfa_minutes_ago,
  );
  return within(hashOf(token), (tx) => act(standingApprovals({ tx, random: systemRandom, today: TODAY })));
}

const RULE: Omit<Terms, 'expires_on'> = {
  kinds: ['appointment_draft'],
  modalities: ['in_person'],
  roles: ['scheduler'],
  visit_types: ['follow-up'],
  practitioner_ids: [],
  horizon_days: 365,
  daily_limit: 40,
};
const approve = async (more: Partial<Terms> = {}, role: Role = 'front_desk') =>
  (await asPerson(role, (approvals) => approvals.create({ ...RULE, expires_on, ...more }))).approval_id;
const revoke = (approval_id: string, role: Role = 'front_desk') => asPerson(role, (approvals) => approvals.revoke({ approval_id }));

let round = 0;
/** What the desk does with a proposal: files it, lets a rule sign it, and commits what was signed. */
async function propose({ start_at, practitioner_id }: Slot, more: { role?: Role; modality?: 'in_person' | 'telehealth' } = {}) {
  round += 1;
  const n = round;
  return within(hashOf(calendar.attending.tokens[more.role ?? 'scheduler']), async (tx) => {
    const around = { tx, now: new Date(`${TODAY}T15:00:00Z`), today: TODAY, time_zone: 'America/New_York' };
    const { appointments } = openSource({ id: randomUUID(), vendor: 'native', settings: {}, modules: [] }, around) as {
      appointments: Bookings;
    };
    const patient_id = calendar.patient(n);
    const booking = await appointments.bookable({
      patient_id,
      practitioner_id,
      visit_type: 'Follow-up',
      start_at,
      modality: more.modality ?? 'in_person',
      minutes: 30,
    });
    const [draft] = await tx.rows<{ id: string; state: string }>('select id, state from app.propose($1, $2, $3, $4, $5, null, null)', [
      'draft_appointment',
      'appointment_draft',
      JSON.stringify({ n }),
      JSON.stringify(booking),
      patient_id,
    ]);
    const draft_id = draft?.id as string;
    const signed = await signAhead(tx, draft_id);
    if (signed) {
      // A commit takes its time: whoever counts meanwhile must wait.
      await tx.rows('select pg_sleep(0.02)');
      await appointments.book({ ...booking, appointment_id: draft_id });
      await tx.rows('select app.settle_draft($1, $1)', [draft_id]);
    }
    return { draft_id, state: draft?.state, approval_id: signed?.approval_id };
  });
}

describe('a rule that was signed ahead', () => {
  verifies('desk:approved-ahead', async () => {
    const before = await propose(await calendar.aSlot());
    const approval_id = await approve();
    const made = await propose(await calendar.aSlot());
    expect([before.approval_id, made.approval_id]).toEqual([undefined, approval_id]);
    expect(await calendar.visit(made.draft_id)).toMatchObject({ status: 'booked' });
    const [author] = await calendar.rows<{ author_id: string }>(
      'select author_id from data.standing_approvals where tenant_id = $1 and id = $2',
      approval_id,
    );
    expect(
      await calendar.rows(
        "select user_id, approval_id from data.review_events where tenant_id = $1 and subject_id = $2 and what = 'signed'",
        made.draft_id,
      ),
    ).toEqual([{ user_id: author?.author_id, approval_id }]);
    expect(await calendar.draftOf(made.draft_id)).toMatchObject({ status: 'committed', record_id: made.draft_id });
    const { uses } = await asPerson('owner', (approvals) => approvals.uses({ approval_id }));
    expect(uses).toMatchObject([{ draft_id: made.draft_id }]);
    const { approvals } = await asPerson('scheduler', (all) => all.list());
    expect(approvals).toMatchObject([{ approval_id, state: 'live', uses: 1, visit_types: ['follow-up'] }]);

    // One that waits already is not reached by it, also where it fits.
    const late = await within(hashOf(calendar.attending.tokens.scheduler), (tx) => signAhead(tx, before.draft_id));
    expect(late).toBeUndefined();
    await revoke(approval_id);
    expect((await propose(await calendar.aSlot())).approval_id).toBeUndefined();
  });

  it('signs nothing that it does not say', async () => {
    const [row] = await calendar.rows<{ ahead: number }>("select '2026-12-25'::date - current_date as ahead where $1::uuid is not null");
    const other = randomUUID();
    for (const more of [
      { modalities: ['telehealth'] },
      { roles: ['physician'] },
      { visit_types: ['Annual physical'] },
      { practitioner_ids: [other] },
      { kinds: ['cancellation_draft', 'reschedule_draft'] },
      ...((row?.ahead ?? 0) > 25 ? [{ horizon_days: 1 }] : []),
    ] as Partial<Terms>[]) {
      const approval_id = await approve(more);
      expect([more, (await propose(await calendar.aSlot())).approval_id]).toEqual([more, undefined]);
      await revoke(approval_id);
    }
  });

  it('never signs in a conversation that outside text came into', async () => {
    const approval_id = await approve({ roles: ['physician'] });
    expect((await propose(await calendar.aSlot(), { role: 'physician' })).approval_id).toBe(approval_id);
    await callTool(calendar.attending.url, calendar.attending.tokens.physician, 'get_inbox', {});
    expect(await propose(await calendar.aSlot(), { role: 'physician' })).toMatchObject({ state: 'held', approval_id: undefined });
    await revoke(approval_id);
  });

  it('ends with the right of its author', async () => {
    const approval_id = await approve();
    await calendar.rows("update data.users set active = false where tenant_id = $1 and role = 'front_desk'");
    expect((await propose(await calendar.aSlot())).approval_id).toBeUndefined();
    await calendar.rows("update data.users set active = true where tenant_id = $1 and role = 'front_desk'");
    expect((await propose(await calendar.aSlot())).approval_id).toBe(approval_id);
    await revoke(approval_id, 'owner');
  });

  verifies(
    'desk:approval-limit',
    async () => {
      const approval_id = await approve({ daily_limit: 3 });
      const slots: Slot[] = [];
      while (slots.length < 100) slots.push(await calendar.aSlot());
      const made = await Promise.all(slots.map((slot) => propose(slot)));
      expect(made.filter((each) => each.approval_id === approval_id)).toHaveLength(3);
      expect(await calendar.rows('select from data.approval_uses where tenant_id = $1 and approval_id = $2', approval_id)).toHaveLength(3);
      expect(
        await calendar.rows(
          "select from data.pending_actions where tenant_id = $1 and id = any ($2) and status = 'pending'",
          made.map(({ draft_id }) => draft_id),
        ),
      ).toHaveLength(97);
      await revoke(approval_id);
    },
    60_000,
  );
});

describe('who signs a rule', () => {
  it('only who may sign all it would sign, with a fresh second factor, for a year at most', async () => {
    await expect(approve({}, 'biller')).rejects.toMatchObject({ type: 'not_permitted' });
    await expect(asPerson('front_desk', (all) => all.create({ ...RULE, expires_on }), 9 * 60)).rejects.toMatchObject({
      type: 'mfa_needed',
    });
    await expect(approve({ expires_on: '2020-01-01' })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(approve({ expires_on: '2199-01-01' })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(
      approve({ kinds: ['appointment_draft', 'chart_note_draft'] as unknown as Terms['kinds'] }, 'physician'),
    ).rejects.toMatchObject({
      code: '23514',
    });
    const ai = within(hashOf(calendar.attending.tokens.owner), (tx) =>
      standingApprovals({ tx, random: systemRandom, today: TODAY }).create({ ...RULE, expires_on }),
    );
    await expect(ai).rejects.toMatchObject({ type: 'not_permitted' });
    const approval_id = await approve();
    await expect(revoke(approval_id, 'biller')).rejects.toMatchObject({ type: 'not_permitted' });
    await expect(revoke(randomUUID())).rejects.toMatchObject({ type: 'not_found' });
    await revoke(approval_id, 'scheduler');
  });
});
