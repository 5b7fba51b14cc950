// Two Attending processes on one PostgreSQL share one vendor account on a real socket; the line breaks, the session ends, and one of them is killed in the middle of a write. The vendor counts.
import { afterAll, beforeAll, expect } from 'vitest';
import { isOver } from '../../src/connections/write.ts';
import { aWorkedAccount, until, type WorkedAccount } from '../builders/worked-account.ts';
import { verifies } from '../promises.ts';

const WRITES = 24;
let { admin, vendor, start, plan, writes, close } = {} as WorkedAccount;
beforeAll(async () => {
  ({ admin, vendor, start, plan, writes, close } = await aWorkedAccount());
});
afterAll(() => close());

const owner = async () => (await admin.query<{ owner: string }>('select owner from data.leases where expires_at > now()')).rows[0]?.owner;

verifies(
  'wires:write-once-through-kill',
  async () => {
    await vendor.behave(['take', 'drop_after', 'drop_before', 'late', 'broken_after', 'login', 'take', 'hang_after', 'drop_after', 'take']);
    // One that nobody here knows how to write stands in nobody's way.
    await plan(-1, 'visits.retired');
    for (let n = 0; n < WRITES; n += 1) await plan(n);
    const two = await Promise.all([start(), start()]);

    // The vendor has it and has said nothing: the process that waits for the answer is killed, and never hears it.
    await until(async () => (await vendor.seen()).hanging === 1);
    const held = await owner();
    const killed = two.find(({ me }) => me === held);
    expect(killed, 'one of the two has the lease').toBeDefined();
    killed?.child.kill('SIGKILL');
    const third = await start();

    await until(async () => (await writes()).every(({ state }) => isOver(state) || state.is === 'parked'));
    const { visits, logins, most_logins_at_once, wrong_passwords } = await vendor.seen();
    for (const { patient, state } of await writes()) {
      const there = visits.filter((visit) => visit.patient === patient);
      expect([patient, there.length, state], patient).toEqual([patient, 1, { is: 'confirmed', vendor_id: there[0]?.id }]);
    }
    expect(visits).toHaveLength(WRITES);
    expect({ logins, most_logins_at_once, wrong_passwords }).toEqual({ logins: 2, most_logins_at_once: 1, wrong_passwords: 0 });
    expect([two.map(({ me }) => me).filter((me) => me !== killed?.me), third.me].flat()).toContain(await owner());

    // Each attempt was written down, under the fence of its owner, before it left; the two owners had different ones.
    const { rows } = await admin.query<{ fence: number; n: number }>(
      "select fence::int, count(*)::int as n from data.vendor_write_events where state ->> 'is' = 'sending' group by 1 order by 1",
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.reduce((sum, { n }) => sum + n, 0)).toBeGreaterThan(WRITES);
  },
  180_000,
);

verifies(
  'wires:wall-ends-in-a-person',
  async () => {
    await vendor.behave(['wall']);
    const before = (await vendor.seen()).requests;
    await plan(WRITES);
    const stage = async () =>
      (await admin.query<{ at: string }>("select state -> 'session' -> 'stage' ->> 'at' as at from data.vendor_sessions")).rows[0]?.at;
    await until(async () => (await stage()) === 'blocked');
    const { requests, visits } = await vendor.seen();
    expect(requests).toBe(before + 1);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(await vendor.seen()).toMatchObject({ requests, visits: { length: visits.length } });
    expect((await writes()).find(({ patient }) => patient === `patient-${WRITES}`)?.state).toMatchObject({
      is: 'planned',
      waits_for: 'AUTOMATION_BLOCKED',
    });
  },
  60_000,
);
