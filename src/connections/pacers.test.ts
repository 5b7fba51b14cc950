// The budgets of a vendor in a real PostgreSQL, and the pacers of several processes that share them: here each is a pool and a listener of its own.
import { createHash, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BUDGET, callAt, METERED, type MeteredVendor, startMeteredVendor } from '../../test/builders/metered.ts';
import { aDatabase, type TestDatabase } from '../../test/pg.ts';
import { verifies } from '../../test/promises.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { type Admin, openAdmin, openPool, type Pool } from '../db/pool.ts';
import { createSandboxTenant } from '../governance/users.ts';
import { type Allowance, openBudgetBooks } from './budget-books.ts';
import type { BudgetEvent, Lane } from './lanes.ts';
import { MINUTE_MS, type MinuteBudget } from './minute-budget.ts';
import type { Pacer, Start, Went } from './pace-keeper.ts';
import { openPacers, type Pacers } from './pacers.ts';

const CLINICS = [randomUUID(), randomUUID()] as const;
const [tenant_id] = CLINICS;
const ALLOWS = METERED.allows;
const FLOWS: Allowance = { ...ALLOWS, counts: 'flow', burst: 20 };

let database: TestDatabase;
let admin: Admin;
const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  database = await aDatabase();
  admin = await openAdmin(database.admin);
  for (const clinic of CLINICS)
    await createSandboxTenant(admin as pg.Client, systemRandom, { tenant_id: clinic, name: 'Clinic', time_zone: 'America/New_York' }, [
      { user_id: randomUUID(), email: `ada@${clinic}.example`, display_name: 'Ada Okafor', role: 'owner' },
    ]);
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

function aPool(): Pool {
  const pool = openPool(database.keeper, { max: 2, failed: () => {} });
  closing.push(() => pool.end());
  return pool;
}

interface Process extends Pacers {
  failures: unknown[];
  /** Kept when it next draws a number: it has heard something. */
  hears(): Promise<void>;
}

function aProcess({ clock = systemClock, listens = database.keeper }: { clock?: Clock; listens?: pg.ClientConfig } = {}): Process {
  const failures: unknown[] = [];
  let heard = Promise.withResolvers<void>();
  const pacers = openPacers({
    ...{ pool: aPool(), database: listens, clock, failed: (error) => void failures.push(error) },
    random: {
      bytes(count) {
        heard.resolve();
        return systemRandom.bytes(count);
      },
    },
  });
  closing.push(pacers.close);
  return {
    ...pacers,
    failures,
    hears() {
      heard = Promise.withResolvers();
      return heard.promise;
    },
  };
}

async function aVendor(): Promise<MeteredVendor> {
  const vendor = await startMeteredVendor(5);
  closing.push(async () => vendor.close());
  return vendor;
}

const minute = () => Math.floor(Date.now() / MINUTE_MS);
const take = (lane: Lane, window = minute()): BudgetEvent => ({
  ...{ type: 'take', take_id: '1', lane, windows: [window], wanted: 6, at: window * MINUTE_MS, isProbe: false },
});
const stored = async (name: string, clinic: string = tenant_id) =>
  (await admin.query('select state from data.vendor_budgets where tenant_id = $1 and name = $2', [clinic, name])).rows[0]?.state as
    | MinuteBudget
    | undefined;
const booksOf = (name: string, { clinic = tenant_id, allows = ALLOWS }: { clinic?: string; allows?: Allowance } = {}) =>
  openBudgetBooks({ pool: aPool(), clock: systemClock }, { tenant_id: clinic, name }, allows);
const listeners = () =>
  admin.query(
    "select pid from pg_stat_activity where application_name = 'attending listener' and datname = current_database() order by backend_start",
  );
const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('the books of a budget', () => {
  it('give no call twice, however many take at once, also of a budget that nobody has taken of', async () => {
    const window = minute();
    const all = Array.from({ length: 4 }, () => booksOf('at:once'));
    const effects = (await Promise.all(all.flatMap((books) => Array.from({ length: 8 }, () => books.ask(take('batch', window)))))).flat();
    const given = effects.reduce((sum, effect) => sum + (effect.type === 'granted' ? effect.count : 0), 0);
    // What the other lanes may still want is kept: 225 less 90 and 45.
    expect(given).toBe(90);
    expect((await stored('at:once'))?.pages).toMatchObject([{ minute: window, given: { batch: 90 } }]);
  });

  it('are each clinic’s own', async () => {
    await booksOf('own:1').ask({ type: 'too_many', window: minute() });
    expect(await booksOf('own:1').frozen()).toHaveLength(1);
    expect(await booksOf('own:1', { clinic: CLINICS[1] }).frozen()).toEqual([]);
    await expect(booksOf('own:1', { clinic: randomUUID() }).ask(take('batch'))).rejects.toThrow('vendor_budgets_tenant_id_fkey');
  });

  it('tell with each take what is frozen, whatever the take is of', async () => {
    const [books, window] = [booksOf('told:1'), minute()];
    await books.ask({ type: 'too_many', window });
    const [first, ...others] = await booksOf('told:1').ask(take('interactive', window + 1));
    expect(first).toEqual({ type: 'frozen', window });
    expect(others).toMatchObject([{ type: 'granted', count: 6 }]);
  });

  it('are not read as those of a vendor that counts otherwise', async () => {
    await booksOf('kind:1').ask(take('batch'));
    await expect(booksOf('kind:1', { allows: FLOWS }).ask(take('batch'))).rejects.toThrow('kept as minute, not as flow');
  });

  it('keep a budget that flows, and what is frozen of it', async () => {
    const books = booksOf('flow:1', { allows: FLOWS });
    expect(await books.frozen()).toEqual([]);
    expect(await books.ask(take('interactive'))).toMatchObject([{ type: 'granted', count: 6 }]);
    await books.ask({ type: 'too_many', window: 0 });
    expect(await books.ask(take('write'))).toMatchObject([
      { type: 'frozen', window: 0 },
      { type: 'granted', count: 0 },
    ]);
  });

  it('say so where they cannot be asked, and a call waits until they can', async () => {
    const budget = { tenant_id, name: 'held:1' };
    await booksOf(budget.name).ask(take('write'));
    const process = aProcess();
    const holder = await openAdmin(database.admin);
    await holder.query('begin');
    await holder.query("select from data.vendor_budgets where name = 'held:1' for update");
    await expect(booksOf(budget.name).ask(take('batch'))).rejects.toThrow('no answer in time');
    const passing = process.of(budget, METERED).pass({ account: 'a', lane: 'batch', deadline_ms: null }, async () => gone('went'));
    await until(async () => process.failures.length > 0);
    await holder.query('commit');
    await holder.end();
    expect(await passing).toEqual({ is: 'passed', value: 'went' });
  });
});

const gone = <T>(value: T): Went<T> => ({ value, said: 'nothing', date_ms: null });
const wish = { account: 'a', lane: 'interactive', deadline_ms: 5_000 } as const;

describe('a call', () => {
  const shifted = { wall_ms: 0, steady_ms: 0 };
  const clock: Clock = {
    ...systemClock,
    now: () => new Date(Date.now() + shifted.wall_ms),
    elapsed: () => performance.now() + shifted.steady_ms,
  };
  const aPacer = (name: string) => aProcess({ clock }).of({ tenant_id, name }, METERED);
  afterEach(() => Object.assign(shifted, { wall_ms: 0, steady_ms: 0 }));

  it('leaves once', async () => {
    const passed = await aPacer('once:1').pass(wish, async ({ mayLeave }) => gone([mayLeave(), mayLeave()]));
    expect(passed).toEqual({ is: 'passed', value: [true, false] });
  });

  it.each(['wall_ms', 'steady_ms'] as const)('does not leave when the process has slept meanwhile, by %s', async (which) => {
    const passed = await aPacer(`slept:${which}`).pass({ ...wish, deadline_ms: null }, async ({ mayLeave }) => {
      shifted[which] += 3 * MINUTE_MS;
      return gone(mayLeave());
    });
    expect(passed).toEqual({ is: 'passed', value: false });
  });

  it('does not leave after its deadline, nor once it has ended', async () => {
    const pacer = aPacer('late:1');
    const late = await pacer.pass(wish, async ({ mayLeave }) => {
      shifted.wall_ms += 5_000;
      return gone(mayLeave());
    });
    expect(late).toEqual({ is: 'passed', value: false });
    let kept: Start | undefined;
    await pacer.pass(wish, async (start) => {
      kept = start;
      return gone(null);
    });
    expect(kept?.mayLeave()).toBe(false);
  });

  it('that breaks is told to whoever made it, and the next of the account goes', async () => {
    const pacer = aPacer('breaks:1');
    const [broken, next] = await Promise.allSettled([
      pacer.pass(wish, async () => Promise.reject(new Error('it broke'))),
      pacer.pass(wish, async () => gone('went')),
    ]);
    expect(broken).toMatchObject({ status: 'rejected', reason: { message: 'it broke' } });
    expect(next).toMatchObject({ value: { is: 'passed', value: 'went' } });
  });

  it('waits for the one before of its account, and is handed back where the account is another’s or the process ends', async () => {
    const [pacer, started, first] = [aPacer('closing:1'), Promise.withResolvers<void>(), Promise.withResolvers<Went<string>>()];
    const under_way = pacer.pass(wish, () => {
      started.resolve();
      return first.promise;
    });
    await started.promise;
    const never = () => Promise.reject(new Error('it went beside the other'));
    const waits = pacer.pass(wish, never);
    pacer.leave(wish.account);
    expect(await waits).toEqual({ is: 'handed_back' });
    const waits_too = pacer.pass(wish, never);
    const closed = pacer.close();
    expect(await waits_too).toEqual({ is: 'handed_back' });
    expect(await pacer.pass(wish, never)).toEqual({ is: 'handed_back' });
    first.resolve(gone('went'));
    expect(await under_way).toEqual({ is: 'passed', value: 'went' });
    await closed;
  });
});

describe('a refusal of the vendor’s', () => {
  const budget = { tenant_id, name: BUDGET };
  afterEach(() => admin.query('delete from data.vendor_budgets where name = $1', [BUDGET]));
  /** It knows the vendor's clock then, and has calls left of a block. */
  async function warm(pacer: Pacer, vendor: MeteredVendor): Promise<void> {
    for (let n = 0; n < 2; n += 1) await callAt(pacer, vendor.port, { account: 'a', lane: 'batch', deadline_ms: null });
  }
  const total = async (vendor: MeteredVendor) => (await vendor.seen()).minutes.map(({ counted, refused }) => ({ ...counted, refused }));

  verifies('wires:refused-once-told-to-all', async () => {
    const vendor = await aVendor();
    const [one, other] = [aProcess(), aProcess()];
    await until(async () => (await listeners()).rows.length === 2);
    const pacers = [one.of(budget, METERED), other.of(budget, METERED)] as const;
    for (const pacer of pacers) await warm(pacer, vendor);
    await vendor.use(250);
    const told = other.hears();
    expect(await callAt(pacers[0], vendor.port, wish)).toEqual({ is: 'passed', value: 429 });
    await told;
    for (const pacer of pacers)
      for (const lane of ['interactive', 'write', 'batch'] as const)
        expect(await callAt(pacer, vendor.port, { ...wish, lane })).toMatchObject({ is: 'refused', trouble: 'RATE_LIMITED' });
    expect(await total(vendor)).toEqual([{ '/page': 4, '/chart': 1, refused: 1 }]);
  });

  verifies('wires:refused-once-told-to-all', async () => {
    const vendor = await aVendor();
    const one = aProcess();
    await until(async () => (await listeners()).rows.length === 1);
    const other = aProcess();
    await until(async () => (await listeners()).rows.length === 2);
    const pacers = [one.of(budget, METERED), other.of(budget, METERED)] as const;
    for (const pacer of pacers) await warm(pacer, vendor);
    const allow = (allowed: boolean) =>
      admin.query('update pg_database set datallowconn = $1 where datname = current_database()', [allowed]);
    await allow(false);
    await admin.query('select pg_terminate_backend($1)', [(await listeners()).rows[1]?.pid]);
    await until(async () => other.failures.length > 0);
    await vendor.use(250);
    expect(await callAt(pacers[0], vendor.port, wish)).toEqual({ is: 'passed', value: 429 });
    const told = other.hears();
    await allow(true);
    await told;
    expect(await callAt(pacers[1], vendor.port, { ...wish, lane: 'batch' })).toMatchObject({ is: 'refused' });
    expect(await total(vendor)).toEqual([{ '/page': 4, '/chart': 1, refused: 1 }]);
  });

  it('stops no other clinic, and what somebody else tells on the channel stops nobody', async () => {
    const process = aProcess();
    await until(async () => (await listeners()).rows.length === 1);
    const [ours, theirs] = CLINICS.map((clinic) => process.of({ tenant_id: clinic, name: BUDGET }, METERED)) as [Pacer, Pacer];
    const pass = (pacer: Pacer) => pacer.pass({ ...wish, deadline_ms: null }, async () => gone('went'));
    const digest = createHash('sha256').update(`${tenant_id} ${BUDGET}`).digest('hex');
    await admin.query("select pg_notify('vendor_budgets', $1), pg_notify('vendor_budgets', 'anything')", [digest]);
    expect([await pass(ours), await pass(theirs)]).toMatchObject([{ is: 'passed' }, { is: 'passed' }]);
    const told = process.hears();
    await booksOf(BUDGET).ask({ type: 'too_many', window: minute() });
    await told;
    expect(await pass(theirs)).toMatchObject({ is: 'passed' });
    expect(await ours.pass(wish, async () => gone('went'))).toMatchObject({ is: 'refused', trouble: 'RATE_LIMITED' });
    expect(process.failures).toEqual([]);
  });

  it('is told by a process that ends, before it has ended', async () => {
    const pacer = aProcess().of(budget, METERED);
    const [started, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<Went<number>>()];
    const calling = pacer.pass(wish, () => {
      started.resolve();
      return answered.promise;
    });
    await started.promise;
    const closed = pacer.close();
    answered.resolve({ value: 429, said: 'too_many', date_ms: Date.now() });
    await closed;
    expect(await calling).toEqual({ is: 'passed', value: 429 });
    expect((await stored(BUDGET))?.pages.filter(({ frozen }) => frozen)).toHaveLength(1);
  });
});
