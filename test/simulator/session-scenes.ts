// What happens to the accounts of a simulated clinic: a thousand callers at once, a wrong password, sessions that the vendor ends.
import { NEW_ACCOUNT } from '../../src/connections/account.ts';
import type { SimClinic } from './clinic-sessions.ts';
import { type Faults, NO_FAULTS } from './nodes.ts';
import type { World } from './world.ts';

const NODES = 8;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export interface SessionFigures {
  schedules: number;
  /** Callers that met an expired session, a thousand at once, and those of them that got no session from a sound vendor. */
  callers: number;
  failed_callers: number;
  /** Callers of an account whose logins of the day were all lost to crashes and lost answers: they are told when the next may be. */
  put_off_to_another_day: number;
  /** Expiries under a thousand callers; those during which no fault struck, and those of these that took exactly one sign-in or refresh. */
  storms: number;
  quiet_storms: number;
  quiet_storms_with_one: number;
  most_in_flight: number;
  logins: number;
  refreshes: number;
  dead_without_cause: number;
  lock_outs: number;
  /** Wrong passwords people entered or left behind, and how often the vendor saw one of them after its refusal was known. */
  wrong_passwords: number;
  wrong_passwords_sent: number;
  wrong_passwords_sent_again: number;
  crashes_and_other_faults: number;
  /** From the end of a session at the vendor to the first answer on the next, 95 of 100, simulated. */
  recovery_p95_totp_ms: number | null;
  recovery_p95_mail_ms: number | null;
  violations: number;
  first_failing_seed: number | null;
}

export interface Tally extends Omit<SessionFigures, 'recovery_p95_totp_ms' | 'recovery_p95_mail_ms'> {
  recovered: { totp: number[]; mail_code: number[] };
}

export type Scene = (clinic: SimClinic, tally: Tally, callers: number) => Promise<void>;

const FAULTY: Faults = { crash: 0.01, pause: 0.01, commit: 0.01, lost: 0.03, splash: 0.02 };

/** A thousand callers on eight nodes meet a session that has ended, twice; the second time a while later. */
export async function storms(clinic: SimClinic, tally: Tally, callers: number): Promise<void> {
  const { world } = clinic;
  const { chance } = world;
  for (const { key } of clinic.accounts) {
    const session = { ...NEW_ACCOUNT.session, is_proven: true };
    clinic.books.put(key, { revision: 1, account: { ...NEW_ACCOUNT, session }, effects: [] });
  }
  for (const turn of [1, 2]) {
    clinic.faults = chance.happens(0.5) ? FAULTY : NO_FAULTS;
    const isSettled = turn === 1 || (clinic.account(0).session.stage.at === 'live' && !isSpent(clinic, 0));
    const before = { struck: clinic.struck, ...sentTo(clinic) };
    if (chance.happens(0.9)) for (const { vendor } of clinic.accounts) vendor.kill();
    else for (const { vendor } of clinic.accounts) vendor.evict();
    const epochs = clinic.accounts.map((_, at) => clinic.account(at).session.epoch);
    let open = 0;
    const ask = async (account: number, node: number) => {
      const { is } = await clinic.serve({ node, account, stale_epoch: epochs[account] ?? 0, patience_ms: 4 * HOUR });
      open -= 1;
      if (is === 'served') return;
      if (isSpent(clinic, account)) {
        tally.put_off_to_another_day += 1;
        return;
      }
      tally.failed_callers += 1;
      clinic.break(`a caller was told ${is}`);
    };
    /** So many at one node at one moment. */
    const come = (account: number, count: number, after_ms: number) => {
      open += count;
      tally.callers += count;
      const node = chance.between(0, NODES - 1);
      world.after(after_ms, () => {
        for (let n = 0; n < count; n += 1) void ask(account, node);
      });
    };
    for (let left = callers; left > 0; left -= 10) come(0, Math.min(10, left), chance.between(0, 400));
    for (let n = 0; n < 10; n += 1) come(1, 1, chance.between(0, 400));
    // Those who hear of it late speak of a session that is long replaced.
    for (let n = 0; n < 10; n += 1) come(0, 1, chance.between(10_000, 90_000));
    tally.storms += 1;
    await until(world, 5 * HOUR, () => open === 0);
    const after = sentTo(clinic);
    const isQuiet = isSettled && clinic.faults === NO_FAULTS && clinic.struck === before.struck;
    if (isQuiet) {
      tally.quiet_storms += 1;
      const took = after.logins + after.refreshes - before.logins - before.refreshes;
      if (took === 1) tally.quiet_storms_with_one += 1;
      else clinic.break(`an expiry took ${took} sign-ins where nothing went wrong`);
    }
    clinic.faults = NO_FAULTS;
    await pass(world, chance.between(20, 40) * MINUTE);
  }
  for (const [at, { vendor }] of clinic.accounts.entries()) {
    const { stage } = clinic.account(at).session;
    const isDead = stage.at === 'dead' || stage.at === 'blocked' || stage.at === 'locked_out';
    if (isDead || !vendor.isSound()) {
      tally.dead_without_cause += 1;
      clinic.break(`a connection is dead without cause: ${JSON.stringify(stage)}`);
    }
  }
}

/** Crashes and lost answers have cost the six logins of the day. */
function isSpent(clinic: SimClinic, account: number): boolean {
  const since = clinic.books.now() - 24 * HOUR;
  return clinic.account(account).session.budget.logins.filter(({ at }) => at > since).length >= 6;
}

function sentTo({ accounts }: SimClinic): { logins: number; refreshes: number } {
  const seen = accounts[0]?.vendor.seen;
  return { logins: seen?.logins.length ?? 0, refreshes: seen?.refreshes ?? 0 };
}

/** Lets so much time go by. What was begun just now is heard of first: `run` looks at what is planned before it lets promises go on. */
function pass(world: World, ms: number): Promise<void> {
  world.after(0, () => {});
  return world.run(world.now() + ms);
}

async function until(world: World, most_ms: number, isDone: () => boolean): Promise<void> {
  const end = world.now() + most_ms;
  while (!isDone() && world.now() < end) await pass(world, 10_000);
}

/** A person enters a wrong password, or changes it at the vendor: it is sent once, through crashes and restarts, until a person enters the right one. */
export async function wrongPassword(clinic: SimClinic, tally: Tally): Promise<void> {
  const { world } = clinic;
  const { chance } = world;
  const [account] = clinic.accounts;
  if (!account) return;
  const isProven = chance.happens(0.5);
  const session = { ...NEW_ACCOUNT.session, is_proven: isProven };
  clinic.books.put(account.key, { revision: 1, account: { ...NEW_ACCOUNT, session }, effects: [] });
  account.password = 'wrong';
  const { vendor } = account;
  for (let n = chance.between(0, Math.ceil(clinic.plan.lock_after / 2) - 1); n > 0; n -= 1) vendor.mistype();
  tally.wrong_passwords += 1;
  clinic.faults = chance.happens(0.5) ? { crash: 0.05, pause: 0.01, commit: 0.02, lost: 0.1, splash: 0.02 } : NO_FAULTS;
  let known_at_count: number | null = null;
  const isKnown = () => clinic.account(0).session.stage.at === 'dead';
  const callers = Array.from({ length: 12 }, (_, n) => n);
  for (const n of callers) {
    world.after(n * 4 * MINUTE + chance.between(0, 1_000), () => {
      for (let node = 0; node < NODES; node += 1) void clinic.serve({ node, account: 0, stale_epoch: 0, patience_ms: MINUTE });
    });
    if (chance.happens(0.3)) world.after(n * 4 * MINUTE + chance.between(0, 60_000), () => clinic.restart(chance.between(0, NODES - 1)));
  }
  for (let n = 0; n < 60; n += 1) {
    await pass(world, MINUTE);
    if (isKnown()) known_at_count ??= vendor.seen.wrong_passwords;
  }
  const sent = vendor.seen.wrong_passwords;
  const again = known_at_count === null ? 0 : sent - known_at_count;
  tally.wrong_passwords_sent += sent;
  tally.wrong_passwords_sent_again += again;
  if (again > 0) clinic.break('a password was sent again after it was refused');
  if (!isProven && sent > 1) clinic.break(`a password that never worked was sent ${sent} times`);
  if (clinic.struck === 0 && sent !== 1) clinic.break(`a wrong password was sent ${sent} times where nothing went wrong`);
  if (sent > Math.floor(clinic.plan.lock_after / 2) * Math.ceil(HOUR / clinic.plan.lock_window_ms))
    clinic.break('more than our half of wrong answers');
  // A person enters the right one.
  clinic.faults = NO_FAULTS;
  account.password = 'right';
  await pass(world, 35 * MINUTE);
  const served: string[] = [];
  const enter = async () => {
    for (let tries = 0; tries < 20; tries += 1) {
      await clinic.keeper(chance.between(0, NODES - 1), 0).act({ on: 'password_entered' });
      served.push((await clinic.serve({ node: 1, account: 0, stale_epoch: 0, patience_ms: 3 * HOUR })).is);
      if (served.at(-1) === 'served') return;
      await world.sleep(16 * MINUTE);
    }
  };
  void enter();
  await until(world, 12 * HOUR, () => served.at(-1) === 'served');
  if (served.at(-1) === 'served') return;
  if (isSpent(clinic, 0)) tally.put_off_to_another_day += 1;
  else clinic.break(`the right password did not bring the account back: ${JSON.stringify(clinic.account(0).session)}`);
}

/** The vendor ends the session, four times in a schedule in which no process dies: how long until the next one answers. */
export async function recoveries(clinic: SimClinic, tally: Tally): Promise<void> {
  const { world } = clinic;
  const { chance } = world;
  const [account] = clinic.accounts;
  if (!account) return;
  const session = { ...NEW_ACCOUNT.session, is_proven: true };
  clinic.books.put(account.key, { revision: 1, account: { ...NEW_ACCOUNT, session }, effects: [] });
  for (let turn = 0; turn < 5; turn += 1) {
    const killed_at = world.now();
    account.vendor.kill();
    const { epoch } = clinic.account(0).session;
    const times: number[] = [];
    for (let node = 0; node < NODES; node += 1)
      void clinic.serve({ node, account: 0, stale_epoch: epoch, patience_ms: 3 * HOUR }).then(() => times.push(world.now() - killed_at));
    await until(world, 3 * HOUR, () => times.length === NODES);
    if (turn > 0 && clinic.plan.channel !== 'none') tally.recovered[clinic.plan.channel as 'totp' | 'mail_code'].push(times[0] ?? 3 * HOUR);
    // Sometimes it ends again at once: the second code is another than the first.
    if (turn === 0 && chance.happens(0.3)) {
      await pass(world, chance.between(0, 9_000));
      account.vendor.kill();
    }
    // People use it until it ends again.
    for (let n = 0; n < 3; n += 1) {
      await pass(world, chance.between(4, 5) * MINUTE);
      void clinic.serve({ node: chance.between(0, NODES - 1), account: 0, stale_epoch: 0, patience_ms: MINUTE });
    }
    await pass(world, chance.between(7, 9) * MINUTE);
  }
}
