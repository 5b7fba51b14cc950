// T4, T5 and T7 of connectors.md §1.5: eight nodes, one vendor that locks, rotates, evicts and is slow, nodes that crash and are paused; the keepers are the real ones.
import { clinicOf, type SimClinic, SOUND } from './clinic-sessions.ts';
import { DESIGNS } from './session-bugs.ts';
import { HOUR, MINUTE, recoveries, type Scene, type SessionFigures, storms, type Tally, wrongPassword } from './session-scenes.ts';
import type { VendorPlan } from './vendor-accounts.ts';
import { type World, worldOf } from './world.ts';

const CALLERS = 1_000;

/** `callers`: at each expiry of a storm. `bug`: a fault of design by name (session-bugs.ts). Stops at the first failing seed where one is planted. */
export async function simulateSessions({
  schedules,
  seed,
  bug,
  callers = CALLERS,
}: {
  schedules: number;
  seed: number;
  bug?: string;
  callers?: number;
}): Promise<SessionFigures> {
  const tally = nothing();
  for (let n = 0; n < schedules; n += 1) {
    const before = tally.violations;
    await schedule(seed + n, tally, { callers, bug });
    tally.schedules += 1;
    if (tally.violations > before) tally.first_failing_seed ??= seed + n;
    if (bug !== undefined && tally.first_failing_seed !== null) break;
  }
  const { recovered, ...figures } = tally;
  return { ...figures, recovery_p95_totp_ms: p95(recovered.totp), recovery_p95_mail_ms: p95(recovered.mail_code) };
}

/** What happened in one schedule, line by line. */
export async function traceOfSessions(seed: number, bug?: string, callers = CALLERS): Promise<readonly string[]> {
  return schedule(seed, nothing(), { callers, bug }, true);
}

function nothing(): Tally {
  return {
    ...{
      schedules: 0,
      callers: 0,
      failed_callers: 0,
      put_off_to_another_day: 0,
      storms: 0,
      quiet_storms: 0,
      quiet_storms_with_one: 0,
      most_in_flight: 0,
      logins: 0,
    },
    ...{ refreshes: 0, dead_without_cause: 0, lock_outs: 0, wrong_passwords: 0, wrong_passwords_sent: 0, wrong_passwords_sent_again: 0 },
    ...{ crashes_and_other_faults: 0, violations: 0, first_failing_seed: null, recovered: { totp: [], mail_code: [] } },
  };
}

function p95(times: number[]): number | null {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? null;
}

/** A schedule is three worlds, one after the other. */
const SCENES: readonly Scene[] = [storms, wrongPassword, recoveries];

async function schedule(
  seed: number,
  tally: Tally,
  { callers, bug }: { callers: number; bug: string | undefined },
  traced = false,
): Promise<string[]> {
  const lines: string[] = [];
  for (const [at, scene] of SCENES.entries()) {
    const world = worldOf(seed * SCENES.length + at, { traced });
    await play(scene, world, tally, callers, bug);
    lines.push(...world.trace);
  }
  return lines;
}

async function play(scene: Scene, world: World, tally: Tally, callers: number, bug: string | undefined): Promise<void> {
  const { chance } = world;
  const plan: VendorPlan = {
    channel: scene === recoveries ? chance.one(['totp', 'mail_code']) : chance.one(['none', 'totp', 'mail_code']),
    can_refresh: scene === storms && chance.happens(0.5),
    lock_after: chance.one([3, 5, 6, 10]),
    lock_window_ms: chance.one([15, 30]) * MINUTE,
    ttl_ms: scene === recoveries ? 24 * HOUR : chance.one([15, 30, 60]) * MINUTE,
  };
  const design = bug === undefined ? SOUND : DESIGNS[bug]?.();
  if (design === undefined) throw new Error(`no bug is called ${bug}; there are ${Object.keys(DESIGNS).join(', ')}`);
  const clinic = clinicOf(world, { plan, accounts: scene === storms ? 2 : 1, design });
  world.tell(() => `${scene.name}: ${JSON.stringify(plan)}`);
  await scene(clinic, tally, callers);
  check(clinic, tally);
}

/** What holds of every schedule, whatever happened in it. */
function check(clinic: SimClinic, tally: Tally): void {
  for (const { vendor, key } of clinic.accounts) {
    const { logins, refreshes, lock_outs, reused_tokens, reused_steps, foreign_codes } = vendor.seen;
    tally.logins += logins.length;
    tally.refreshes += refreshes;
    tally.lock_outs += lock_outs;
    if (lock_outs > 0) clinic.break(`${key} was locked by us`);
    if (reused_tokens > 0) clinic.break(`${key}: a token was spent twice`);
    if (reused_steps > 0) clinic.break(`${key}: a step of the second factor was used twice`);
    if (foreign_codes > 0) clinic.break(`${key}: the code of another account was used`);
    if (mostWithin(logins, 15 * MINUTE) > 2) clinic.break(`${key}: more than two logins in a quarter of an hour`);
    if (mostWithin(logins, 24 * HOUR) > 6) clinic.break(`${key}: more than six logins a day`);
  }
  tally.most_in_flight = Math.max(tally.most_in_flight, clinic.most_in_flight);
  tally.crashes_and_other_faults += clinic.struck;
  tally.violations += clinic.violations.length;
}

function mostWithin(instants: readonly number[], ms: number): number {
  return instants.reduce((most, at) => Math.max(most, instants.filter((other) => other >= at && other < at + ms).length), 0);
}
