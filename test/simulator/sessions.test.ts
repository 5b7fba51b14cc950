// The sessions of eight nodes, a tenth of T4 to T7 of connectors.md §1.5; `npm run simulate` runs them in full.
import { describe, expect, it } from 'vitest';
import { verifies } from '../promises.ts';
import { DESIGNS } from './session-bugs.ts';
import type { SessionFigures } from './session-scenes.ts';
import { simulateSessions, traceOfSessions } from './sessions.ts';
import { simulateTotp, TOTP_BUGS, traceOfTotp } from './totp.ts';

const SEED = 20_261_120;
const LONG_MS = 120_000;
let run: Promise<SessionFigures> | undefined;
/** One run, of which several promises are read. */
const figures = () => (run ??= simulateSessions({ schedules: 1_000, seed: SEED }));

verifies(
  'wires:one-login',
  async () => {
    const { callers, failed_callers, storms, quiet_storms, quiet_storms_with_one, most_in_flight, dead_without_cause, first_failing_seed } =
      await figures();
    expect(first_failing_seed).toBeNull();
    expect([storms, quiet_storms].every((count) => count > 500)).toBe(true);
    expect(callers).toBeGreaterThan(1_000 * storms);
    expect({ failed_callers, most_in_flight, dead_without_cause, quiet_storms_with_one }).toEqual({
      ...{ failed_callers: 0, most_in_flight: 1, dead_without_cause: 0, quiet_storms_with_one: quiet_storms },
    });
  },
  LONG_MS,
);

verifies(
  'wires:never-locked-by-us',
  async () => {
    const { lock_outs, logins, crashes_and_other_faults } = await figures();
    expect(lock_outs).toBe(0);
    expect([logins, crashes_and_other_faults].every((count) => count > 1_000)).toBe(true);
  },
  LONG_MS,
);

verifies(
  'wires:wrong-password-once',
  async () => {
    const { wrong_passwords, wrong_passwords_sent, wrong_passwords_sent_again } = await figures();
    expect(wrong_passwords_sent_again).toBe(0);
    expect(wrong_passwords_sent).toBeGreaterThan(0.9 * wrong_passwords); // where every process that was asked died, it was never sent
  },
  LONG_MS,
);

verifies(
  'wires:token-spent-once',
  async () => {
    const { refreshes, first_failing_seed } = await figures();
    expect(refreshes).toBeGreaterThan(300);
    expect(first_failing_seed).toBeNull(); // a token spent twice is one of the violations
  },
  LONG_MS,
);

verifies(
  'wires:recovers',
  async () => {
    const { recovery_p95_totp_ms, recovery_p95_mail_ms } = await figures();
    expect(recovery_p95_totp_ms).toBeLessThanOrEqual(5_000);
    expect(recovery_p95_mail_ms).toBeLessThanOrEqual(60_000);
  },
  LONG_MS,
);

verifies(
  'wires:totp-step-once',
  () => {
    const { challenges, accepted, reused_steps } = simulateTotp({ challenges: 10_000, seed: SEED });
    expect(accepted / challenges).toBeGreaterThanOrEqual(0.9999);
    expect(reused_steps).toBe(0);
  },
  LONG_MS,
);

verifies(
  'wires:simulator-of-sessions-can-fail',
  async () => {
    const caught: string[] = [];
    for (const bug of Object.keys(DESIGNS)) {
      const { first_failing_seed } = await simulateSessions({ schedules: 2_000, seed: SEED, bug, callers: 40 });
      if (first_failing_seed !== null) caught.push(bug);
    }
    expect(caught).toEqual(Object.keys(DESIGNS));
    for (const bug of Object.keys(TOTP_BUGS)) expect(simulateTotp({ challenges: 2_000, seed: SEED, bug }).violations).toBeGreaterThan(0);
  },
  LONG_MS,
);

describe('a seed', () => {
  it('is the same world, line for line', async () => {
    for (const seed of [SEED, SEED + 1, SEED + 2]) {
      const trace = await traceOfSessions(seed);
      expect(trace.length).toBeGreaterThan(10);
      expect((await traceOfSessions(seed)).join('\n')).toBe(trace.join('\n'));
    }
    expect(traceOfTotp(SEED).join('\n')).toBe(traceOfTotp(SEED).join('\n'));
  });

  it('that fails says in its trace what was broken', async () => {
    const { first_failing_seed } = await simulateSessions({ schedules: 50, seed: SEED, bug: 'mutex_per_process' });
    expect((await traceOfSessions(first_failing_seed ?? 0, 'mutex_per_process')).join('\n')).toMatch(/BROKEN: /);
  });

  it('takes no bug that nobody planted', async () => {
    await expect(simulateSessions({ schedules: 1, seed: SEED, bug: 'none_such' })).rejects.toThrow('no bug is called none_such');
  });
});
