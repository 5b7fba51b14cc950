// T6 of connectors.md §1.5: challenges of a second factor by a seed, at nodes whose books and whose vendor disagree on the time, with lost answers, crashes and sessions that end at once.
import { type Factor, type FactorEffect, factorMachine, NO_FACTOR } from '../../src/connections/mfa.ts';
import { totpCode } from '../../src/connections/totp.ts';
import { SEED, STEP_MS } from './vendor-accounts.ts';
import { type World, worldOf } from './world.ts';

export interface TotpFigures {
  challenges: number;
  /** At once, and in the end: a code that was refused is followed by one more. */
  accepted_first: number;
  accepted: number;
  reused_steps: number;
  /** How long a code was waited for, 95 of 100, simulated. */
  wait_p95_ms: number;
  violations: number;
  first_failing_seed: number | null;
}

type FactorMachine = ReturnType<typeof factorMachine>;

/** Planted faults of design. */
export const TOTP_BUGS: Record<string, (step: FactorMachine) => FactorMachine> = {
  totp_step_not_stored: (step) => (factor, event, now) => step({ ...factor, last_used_step: 0 }, event, now),
  totp_own_clock: (step) => (factor, event, now) => step(factor, 'date_ms' in event ? { ...event, date_ms: null } : event, now),
};

const CHALLENGES_A_SEED = 100;

/** Each seed is one account with a hundred challenges. */
export function simulateTotp({ challenges, seed, bug }: { challenges: number; seed: number; bug?: string }): TotpFigures {
  const waits: number[] = [];
  const figures = {
    challenges: 0,
    accepted_first: 0,
    accepted: 0,
    reused_steps: 0,
    violations: 0,
    first_failing_seed: null as number | null,
  };
  for (let at = seed; figures.challenges < challenges; at += 1) {
    const before = figures.violations;
    signIns(worldOf(at), Math.min(CHALLENGES_A_SEED, challenges - figures.challenges), bug, figures, waits);
    if (figures.violations > before) figures.first_failing_seed ??= at;
    if (bug !== undefined && figures.first_failing_seed !== null) break;
  }
  const wait_p95_ms = waits.toSorted((a, b) => a - b)[Math.ceil(waits.length * 0.95) - 1] ?? 0;
  return { ...figures, wait_p95_ms };
}

export function traceOfTotp(seed: number, bug?: string): readonly string[] {
  const world = worldOf(seed, { traced: true });
  signIns(world, CHALLENGES_A_SEED, bug, { challenges: 0, accepted_first: 0, accepted: 0, reused_steps: 0, violations: 0 }, []);
  return world.trace;
}

type Counts = Omit<TotpFigures, 'wait_p95_ms' | 'first_failing_seed'>;

function signIns(world: World, count: number, bug: string | undefined, counts: Counts, waits: number[]): void {
  const { chance } = world;
  const real = factorMachine({ channel: 'totp', senders: [], pattern: /(\d{6})/ });
  const planted = bug === undefined ? (step: FactorMachine) => step : TOTP_BUGS[bug];
  if (planted === undefined) throw new Error(`no bug is called ${bug}; there are ${Object.keys(TOTP_BUGS).join(', ')}`);
  const step = planted(real);
  // What the nodes take for the time, and what the vendor does.
  const ours_ms = Array.from({ length: 8 }, () => chance.between(-90_000, 90_000));
  const vendor_ms = chance.between(-90_000, 90_000);
  const vendorNow = () => world.now() + vendor_ms;
  const pass = (ms: number) => {
    world.after(ms, () => {});
    world.runPlain(world.now() + ms);
  };
  let last_accepted = 0;
  const verify = (code: string): boolean => {
    const present = Math.floor(vendorNow() / STEP_MS);
    const found = [present, present - 1, present + 1].find((each) => totpCode(SEED, each) === code);
    if (found !== undefined && found <= last_accepted) {
      counts.reused_steps += 1;
      counts.violations += 1;
      world.tell(() => 'BROKEN: a step was used twice');
    }
    if (found === undefined || found <= last_accepted) return false;
    last_accepted = found;
    return true;
  };

  let stored: Factor = NO_FACTOR;
  for (let n = 0; n < count; n += 1) {
    const node = chance.between(0, 7);
    const now = () => world.now() + (ours_ms[node] ?? 0);
    const begun = world.now();
    let date_ms = Math.floor(vendorNow() / 1_000) * 1_000;
    pass(chance.between(10, 800));
    let stepped = step(stored, { on: 'asked', channel: 'totp', date_ms }, now());
    let refusals = 0;
    let isAccepted = false;
    for (;;) {
      stored = stepped.state;
      const [submit] = stepped.effects.filter((effect): effect is FactorEffect & { do: 'submit' } => effect.do === 'submit');
      if (submit && 'step' in submit.by) {
        const { step: used } = submit.by;
        // One of a hundred dies after it was written down and before the code leaves; of one of fifty the answer is lost. Another sign-in follows.
        const dies = chance.happens(0.01);
        pass(chance.happens(0.03) ? chance.between(1_000, 20_000) : chance.between(10, 900));
        const isRight = !dies && verify(totpCode(SEED, used));
        world.tell(() => `node ${node} ${dies ? 'dies with' : 'sends'} the code of step ${used}: ${isRight}`);
        if (dies || (isRight && chance.happens(0.02))) {
          stored = step(stored, { on: 'left' }, now()).state;
          isAccepted = true; // not the code's fault: it is told of as the next challenge
          break;
        }
        pass(chance.between(10, 800));
        date_ms = Math.floor(vendorNow() / 1_000) * 1_000;
        isAccepted = isRight;
        refusals += isRight ? 0 : 1;
        stepped = step(stored, isRight ? { on: 'accepted' } : { on: 'refused', date_ms }, now());
        continue;
      }
      if (stored.challenge.at !== 'waiting') break;
      pass(Math.max(0, stored.challenge.look_at - now()));
      stepped = step(stored, { on: 'tick' }, now());
    }
    counts.challenges += 1;
    counts.accepted += isAccepted ? 1 : 0;
    counts.accepted_first += isAccepted && refusals === 0 ? 1 : 0;
    if (!isAccepted) {
      counts.violations += 1;
      world.tell(() => `BROKEN: not accepted: ${stored.challenge.at}`);
      stored = step(stored, { on: 'person_acts' }, now()).state;
    }
    waits.push(world.now() - begun);
    // Often the next one comes at once.
    pass(chance.happens(0.3) ? chance.between(0, 10_000) : chance.between(0, 180_000));
  }
}
