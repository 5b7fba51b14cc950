// A signed write that the pace holds back: nothing of it left, and it goes as soon as it may. On a real socket; what a process asks of the budget stands in PostgreSQL.
import { afterAll, beforeAll, expect } from 'vitest';
import { FULL_RATE } from '../../src/connections/lanes.ts';
import { MINUTE_MS, type MinuteBudget } from '../../src/connections/minute-budget.ts';
import { killed } from '../builders/double.ts';
import { PRACTICE_BUDGET } from '../builders/web-vendor.ts';
import { aWorkedAccount, until, type WorkedAccount } from '../builders/worked-account.ts';
import { verifies } from '../promises.ts';

let { tenant_id, admin, vendor, start, plan, writes, close } = {} as WorkedAccount;
beforeAll(async () => {
  // When the second test refuses, which is no sooner than two leases later, the vendor's minute is young.
  ({ tenant_id, admin, vendor, start, plan, writes, close } = await aWorkedAccount({ begins_s: 40 }));
});
afterAll(() => close());

const budget = async () => (await admin.query<{ state: MinuteBudget }>('select state from data.vendor_budgets')).rows[0]?.state;
const attempts = async () =>
  (await admin.query<{ n: number }>("select count(*)::int as n from data.vendor_write_events where state ->> 'is' = 'sending'")).rows[0]?.n;
const stateOf = async (n: number) => (await writes()).find(({ patient }) => patient === `patient-${n}`)?.state;
const isHeld = async (n: number) => {
  const state = await stateOf(n);
  return state?.is === 'planned' && state.waits_for === 'RATE_LIMITED';
};

verifies(
  'wires:not-its-turn-not-sent',
  async () => {
    // Of these minutes writes have had their part and all that was nobody's; what people may still want is kept.
    const given = { interactive: 0, write: 4_760, batch: 540 };
    const now = Math.floor(Date.now() / MINUTE_MS);
    const pages = [-3, -2, -1, 0, 1, 2, 3, 4].map((n) => ({ minute: now + n, given, probes: 0, frozen: false }));
    await admin.query("insert into data.vendor_budgets (tenant_id, name, kind, revision, state) values ($1, $2, 'minute', 1, $3)", [
      ...[tenant_id, PRACTICE_BUDGET, { rate: FULL_RATE, pages }],
    ]);
    await plan(0);
    const { child } = await start();
    await until(() => isHeld(0));
    expect(await stateOf(0)).toMatchObject({ is: 'planned', attempts: 0 });
    expect(await attempts()).toBe(0);
    // The account is signed in to: for that there was room.
    expect(await vendor.seen()).toMatchObject({ logins: 1, requests: 1, visits: [] });

    await killed(child);
    await admin.query('update data.vendor_budgets set revision = revision + 1, state = $1', [{ rate: FULL_RATE, pages: [] }]);
    const { child: second } = await start();
    await until(async () => (await stateOf(0))?.is === 'confirmed');
    expect((await vendor.seen()).visits).toHaveLength(1);
    expect(await attempts()).toBe(1);
    await killed(second);
  },
  90_000,
);

verifies(
  'wires:refused-once-told-to-all',
  async () => {
    await vendor.behave(['too_many']);
    const before = (await vendor.seen()).requests;
    await plan(1);
    await plan(2);
    await start();
    await until(async () => (await isHeld(1)) && (await isHeld(2)));
    // The first was sent and refused; the second was not begun.
    expect(await stateOf(1)).toMatchObject({ attempts: 1 });
    expect(await stateOf(2)).toMatchObject({ attempts: 0 });
    expect((await budget())?.pages.filter(({ frozen }) => frozen)).toHaveLength(1);
    const { requests, visits } = await vendor.seen();
    expect({ requests, visits: visits.length }).toEqual({ requests: before + 1, visits: 1 });
  },
  90_000,
);
