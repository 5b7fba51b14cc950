// A vendor account that stopped is brought back by the people of the clinic, from what the page says and takes: on the real server, which works the account at a double of the vendor.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRACTICE } from '../../emulators/web-vendor.ts';
import { systemClock } from '../../src/base/clock.ts';
import { type Attending, startAttending } from '../app.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { aPracticeAccount, type PracticeAccount } from '../builders/practice-account.ts';
import { practiceDealings } from '../builders/web-vendor.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let [owner, biller, front_desk, physician, elsewhere] = [] as unknown as Login[] as [Login, Login, Login, Login, Login];
const accounts: PracticeAccount[] = [];

beforeAll(async () => {
  attending = await startAttending({ dealings: { practice: practiceDealings }, clock: systemClock });
  const [here, there] = attending.tenants.map(({ tenant_id }) => tenant_id) as [string, string];
  const login = (role: string, tenant_id = here) => aLogin(attending, { tenant_id, role });
  [owner, biller, front_desk] = [await login('owner'), await login('biller'), await login('front_desk')];
  [physician, elsewhere] = [await login('physician'), await login('owner', there)];
});
afterAll(async () => {
  for (const { vendor } of accounts) vendor.close();
  await attending.close();
});

async function anAccount(more: Parameters<typeof aPracticeAccount>[1] = {}): Promise<PracticeAccount> {
  const account = await aPracticeAccount(attending, more);
  accounts.push(account);
  return account;
}
const needsPerson = ({ health }: { health: string }) => health === 'needs_a_person';
const works = ({ health }: { health: string }) => health === 'works';
const ended = ({ last_act }: { last_act?: { outcome: string } | undefined }) =>
  last_act !== undefined && last_act.outcome !== 'waits' && last_act.outcome !== 'begun';
/** Whatever works accounts here has had its turns since: another account was signed in to, written to, and is done. */
async function turnsGoneBy(): Promise<void> {
  const other = await anAccount();
  for (const patient of ['Other', 'Another']) {
    await other.sign(patient);
    await other.until(owner, ({ health, waiting, in_doubt }) => health === 'works' && waiting + in_doubt === 0);
  }
}
/** Everything that anybody could read: the tables, the log, and these answers. */
async function everywhere(...answers: unknown[]): Promise<string> {
  const { rows } = await attending.admin.query<{ of: string }>(
    "select c.oid::regclass::text as of from pg_class c where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('data', 'guard', 'public', 'app')",
  );
  const tables = await Promise.all(rows.map(({ of }) => attending.admin.query(`select t::text as row from ${of} t`)));
  return [...tables.flatMap((table) => table.rows.map(({ row }) => row)), attending.logged(), JSON.stringify(answers)].join('\n');
}

describe('a password that the vendor refuses', () => {
  verifies(
    'wires:restored-from-the-page',
    async () => {
      const account = await anAccount({ password: 'the-password-of-last-year' });
      await account.sign('Amara');
      const refused = await account.until(biller, needsPerson);
      expect(refused).toMatchObject({ acts: ['enter_password', 'pause'], waiting: 1 });
      expect(refused.says).toContain('refused the user name or the password');
      expect(refused.next).toContain('enter the same password here');

      expect((await account.act(biller, { act: 'enter_password', entered: PRACTICE.password })).status).toBe(200);
      const restored = await account.until(biller, works);
      expect(restored.last_act).toMatchObject({ act: 'enter_password', outcome: expect.stringMatching(/begun|done/) });
      await account.until(biller, ({ waiting, in_doubt }) => waiting + in_doubt === 0);
      expect(await account.written()).toEqual({ Amara: 'confirmed' });
      expect(await account.vendor.seen()).toMatchObject({ logins: 2, wrong_passwords: 1, visits: [{ patient: 'Amara' }] });
    },
    60_000,
  );

  verifies(
    'wires:entered-is-seen-by-nobody',
    async () => {
      const [wrong, right] = [`wrong-${randomUUID()}`, `right-${randomUUID()}`];
      const account = await anAccount({ password: 'the-password-of-last-year' });
      await account.vendor.door({ password: right });
      await account.sign('Bao');
      await account.until(owner, needsPerson);
      // Not what it is, not theirs, or too long: refused, and kept nowhere either.
      const refused = [
        await account.act(owner, { act: 'resume', entered: wrong }),
        await account.act(owner, { act: 'try_once', entered: wrong }),
        await account.act(elsewhere, { act: 'enter_password', entered: wrong }),
        await account.act(physician, { act: 'enter_password', entered: wrong }),
        await account.act(owner, { act: 'enter_password', entered: wrong.padEnd(501, 'x') }),
      ];
      expect(refused.map(({ status }) => status)).toEqual([400, 400, 404, 404, 400]);
      const entered = await account.act(owner, { act: 'enter_password', entered: right });
      await account.until(owner, works);
      const said = await everywhere(refused, entered, await account.seen(owner));
      expect(said).toContain(account.connection_id);
      for (const each of [wrong, right]) {
        expect(said).not.toContain(each);
        expect(said).not.toContain(Buffer.from(each).toString('hex'));
        expect(said).not.toContain(Buffer.from(each).toString('base64'));
      }
    },
    60_000,
  );
});

describe('whoever enters a password', () => {
  it('beside somebody else has the vendor get none that was not taken', async () => {
    const account = await anAccount({ password: 'the-password-of-last-year' });
    await account.sign('Jun');
    await account.until(owner, needsPerson);
    const [right, wrong] = await Promise.all([
      account.act(owner, { act: 'enter_password', entered: PRACTICE.password }),
      account.act(biller, { act: 'enter_password', entered: 'not-that-one' }),
    ]);
    expect([right.status, wrong.status]).toContain(200);
    await account.until(owner, ({ last_act }) => last_act !== undefined && last_act.outcome !== 'waits' && last_act.outcome !== 'begun');
    await turnsGoneBy();
    // The one that was refused here was never sent there.
    const { wrong_passwords } = await account.vendor.seen();
    expect(wrong_passwords).toBe(1 + Number(wrong.status === 200));
  }, 90_000);

  it('does not have the one sent again that was refused, by entering it once more or by pausing and resuming', async () => {
    const account = await anAccount({ password: 'the-password-of-last-year' });
    await account.sign('Kofi');
    await account.until(owner, needsPerson);
    await account.act(owner, { act: 'enter_password', entered: 'the-password-of-last-year' });
    await account.until(owner, ended);
    expect((await account.seen(owner)).last_act).toMatchObject({ outcome: 'not_now' });
    expect((await account.act(owner, { act: 'try_once' })).status).toBe(409);
    await account.act(owner, { act: 'pause' });
    await account.act(owner, { act: 'resume' });
    await turnsGoneBy();
    expect(await account.vendor.seen()).toMatchObject({ logins: 1, wrong_passwords: 1 });
    expect(await account.seen(owner)).toMatchObject({ health: 'needs_a_person', acts: ['enter_password', 'pause'] });
  }, 90_000);

  it('can do so where none was ever kept', async () => {
    const account = await anAccount({ password: null });
    expect((await account.seen(owner)).acts).toEqual(['enter_password', 'pause']);
    await account.sign('Lena');
    expect(await account.until(owner, needsPerson)).toMatchObject({ acts: ['enter_password', 'pause'] });
    expect((await account.vendor.seen()).requests).toBe(0);
    await account.act(biller, { act: 'enter_password', entered: PRACTICE.password });
    await account.until(owner, works);
    await account.until(owner, ({ waiting, in_doubt }) => waiting + in_doubt === 0);
    expect(await account.written()).toEqual({ Lena: 'confirmed' });
  }, 60_000);
});

it('a vendor that cannot be reached is said to be, and no sign-in counts that never left', async () => {
  const account = await anAccount();
  account.vendor.close();
  await account.sign('Mina');
  const unreached = await account.until(owner, ({ says }) => says.includes('could not be reached'));
  expect(unreached).toMatchObject({ health: 'waiting', waiting: 1, acts: ['pause'] });
}, 90_000);

describe('a code that only a person has', () => {
  it('is asked for, tried, and where it is wrong asked for again', async () => {
    const account = await anAccount();
    await account.vendor.door({ code: '482913' });
    await account.sign('Chidi');
    const asks = await account.until(front_desk, needsPerson);
    expect(asks).toMatchObject({ acts: ['enter_code', 'pause'] });
    expect(asks.next).toContain('Enter the code here');
    await account.act(front_desk, { act: 'enter_code', entered: '000000' });
    await account.until(front_desk, ended);
    expect((await account.vendor.seen()).wrong_codes).toBe(1);
    const again = await account.until(front_desk, needsPerson);
    expect(again.acts).toEqual(['enter_code', 'pause']);
    await account.act(front_desk, { act: 'enter_code', entered: '482913' });
    await account.until(front_desk, works);
    await account.until(front_desk, ({ waiting, in_doubt }) => waiting + in_doubt === 0);
    expect(await account.written()).toEqual({ Chidi: 'confirmed' });
    expect(await account.vendor.seen()).toMatchObject({ logins: 1, wrong_codes: 1 });
  }, 60_000);

  it('that nobody asked for is not taken', async () => {
    const account = await anAccount();
    expect((await account.act(owner, { act: 'enter_code', entered: '123456' })).status).toBe(409);
    expect((await account.seen(owner)).last_act).toBeUndefined();
    expect((await account.vendor.seen()).requests).toBe(0);
  }, 30_000);
});

describe('a sign-in whose answer was lost', () => {
  verifies(
    'wires:pressed-twice-signs-in-once',
    async () => {
      const account = await anAccount();
      await account.vendor.door({ unsure: true });
      await account.sign('Dalia');
      expect(await account.until(owner, needsPerson)).toMatchObject({ acts: ['try_once', 'enter_password', 'pause'] });
      await account.vendor.door({ unsure: false });
      const pressed = await Promise.all(Array.from({ length: 12 }, (_, n) => account.act(n % 2 ? owner : biller, { act: 'try_once' })));
      expect(pressed.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
      expect(pressed.some(({ status }) => status === 200)).toBe(true);
      await account.until(owner, works);
      await account.until(owner, ({ waiting, in_doubt }) => waiting + in_doubt === 0);
      expect(await account.vendor.seen()).toMatchObject({ logins: 2, most_logins_at_once: 1, wrong_passwords: 0 });
    },
    60_000,
  );
});

it('an account that the vendor has locked is not tried before it may be, whoever presses', async () => {
  const account = await anAccount();
  await account.vendor.door({ locked: true });
  await account.sign('Elif');
  const locked = await account.until(owner, needsPerson);
  expect(locked).toMatchObject({ acts: ['try_once', 'pause'], try_at: expect.any(String) });
  await account.act(owner, { act: 'try_once' });
  expect((await account.until(owner, ended)).last_act).toMatchObject({ act: 'try_once', outcome: 'not_now' });
  expect((await account.vendor.seen()).logins).toBe(1);
}, 60_000);

it('an account with which somebody else has signed in is theirs for ten minutes, and the page says so', async () => {
  const account = await anAccount();
  await account.vendor.behave(['kicked']);
  await account.sign('Ines');
  const theirs = await account.until(owner, ({ try_at }) => try_at !== undefined);
  expect(theirs).toMatchObject({ health: 'waiting', waiting: 1, acts: ['pause'] });
  expect(theirs.says).toContain('Somebody else signed in with the account');
  await turnsGoneBy();
  expect(await account.vendor.seen()).toMatchObject({ logins: 1, visits: [] });
}, 90_000);

verifies(
  'wires:paused-is-left-alone',
  async () => {
    const account = await anAccount();
    expect((await account.act(owner, { act: 'pause' })).status).toBe(200);
    expect(await account.seen(owner)).toMatchObject({ health: 'paused', acts: ['resume'], last_act: { act: 'pause', outcome: 'done' } });
    expect((await account.act(biller, { act: 'try_once' })).status).toBe(409);
    await account.sign('Farid');
    await turnsGoneBy();
    expect((await account.vendor.seen()).requests).toBe(0);
    expect((await account.act(biller, { act: 'resume' })).status).toBe(200);
    await account.until(owner, works);
    await account.until(owner, ({ waiting, in_doubt }) => waiting + in_doubt === 0);
    // Paused while it is signed in: what is signed from then on waits.
    await account.act(owner, { act: 'pause' });
    const { requests } = await account.vendor.seen();
    await account.sign('Gita');
    await turnsGoneBy();
    expect(await account.written()).toEqual({ Farid: 'confirmed', Gita: 'planned' });
    expect((await account.vendor.seen()).requests).toBe(requests);
  },
  120_000,
);

verifies(
  'wires:connection-told',
  async () => {
    const { admin, tenants } = attending;
    const tenant_id = tenants[0]?.tenant_id;
    const endpoint_id = randomUUID();
    await admin.query(
      `insert into data.webhook_endpoints (tenant_id, id, name, url, events, secret_id, created_by)
     select $1, $2, 'Dashboard', 'https://example.com/', array['connection.changed'], gen_random_uuid(), id from data.users where tenant_id = $1 limit 1`,
      [tenant_id, endpoint_id],
    );
    const account = await anAccount();
    await account.sign('Hana');
    await account.until(owner, works);
    expect((await account.seen(physician)).acts).toEqual([]);
    const late = await aLogin(attending, { tenant_id: tenant_id as string, role: 'owner', mfa_minutes_ago: 9 * 60 });
    expect((await account.act(late, { act: 'pause' })).json.type).toContain('mfa_needed');
    expect((await account.act(elsewhere, { act: 'pause' })).status).toBe(404);
    await account.act(front_desk, { act: 'pause' });
    const { rows } = await admin.query<{ seq: number }>(
      'select e.seq::int from data.webhook_deliveries d join data.webhook_events e on e.id = d.event_id where d.endpoint_id = $1 and d.object_id = $2 order by 1',
      [endpoint_id, account.connection_id],
    );
    expect(rows).toEqual([{ seq: 1 }, { seq: 2 }]);
  },
  60_000,
);
