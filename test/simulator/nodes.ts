// Nodes of a simulated world: processes that crash, are paused, and reach others over a network that takes its time. Each has a monotonic clock of its own, which runs a little wrong.
import type { Clock } from '../../src/base/clock.ts';
import type { World } from './world.ts';

export interface Faults {
  /** Of each call that leaves a node: the process dies before or after it. */
  crash: number;
  /** Of each answer that reaches a node: it is taken in only after a pause, which may be longer than a lease. */
  pause: number;
  /** Of each commit: its acknowledgement is lost, or it is. */
  commit: number;
  /** Of each request to the vendor: it or its answer is lost. */
  lost: number;
  /** Of each sign-in: a splash stands where the home page should, and there is no session. */
  splash: number;
}

export const NO_FAULTS: Faults = { crash: 0, pause: 0, commit: 0, lost: 0, splash: 0 };

export interface SimNode {
  readonly index: number;
  /** Counts the lives: what began in an earlier one is never heard of again. */
  life: number;
  paused_until: number;
  readonly rate: number;
  readonly begun: number;
}

/** What one life of a node sees of the world. */
export interface Process {
  readonly me: string;
  readonly clock: Pick<Clock, 'elapsed' | 'within'>;
  isAlive(): boolean;
  /** Runs `there` after `ms`, wherever it is; its answer, or the error it throws, comes back after `back_ms`. `never`: no answer comes. */
  call<T>(ms: number, there: () => T, back_ms: number): Promise<T>;
  /** Runs it in this process after `ms` (0: in this very event): later where it is paused, never where it has died. */
  here(ms: number, run: () => void): void;
  /** This process ends now, and comes again. */
  crash(): void;
  /** Kept when it does. */
  readonly died: Promise<'died'>;
}

export function nodeOf(world: World, index: number): SimNode {
  return { index, life: 0, paused_until: 0, rate: 1 + (world.chance.next() - 0.5) / 1_000, begun: world.chance.between(0, 1e9) };
}

/** `faults` is asked at each call: they come and go. `restarted`: called when the next life begins. `struck`: at each fault. */
export function processOf(world: World, node: SimNode, faults: () => Faults, restarted: () => void, struck: () => void): Process {
  const life = node.life;
  const death = Promise.withResolvers<'died'>();
  const { chance } = world;
  const isAlive = () => node.life === life;
  const crash = () => {
    if (!isAlive()) return;
    node.life += 1;
    node.paused_until = 0;
    struck();
    death.resolve('died');
    world.tell(() => `node ${node.index} dies`);
    world.after(chance.between(1_000, 30_000), restarted);
  };
  const here = (ms: number, run: () => void) => {
    if (ms === 0 && isAlive() && world.now() >= node.paused_until) return run();
    world.after(ms, () => {
      if (!isAlive()) return;
      if (world.now() < node.paused_until) here(node.paused_until - world.now(), run);
      else run();
    });
  };
  const elapsed = () => node.begun + (world.now() - FIRST) * node.rate;
  return {
    me: `n${node.index}.${life}`,
    isAlive,
    here,
    crash,
    died: death.promise,
    clock: {
      elapsed,
      within: (ms, work, late) =>
        new Promise((resolve, reject) => {
          work.then(resolve, reject);
          if (ms < 1e12) here(ms / node.rate, () => reject(late()));
        }),
    },
    call: (ms, there, back_ms) =>
      new Promise((resolve, reject) => {
        if (!isAlive()) return;
        const dies = chance.happens(faults().crash);
        if (dies && chance.happens(0.5)) return crash();
        world.after(ms, () => {
          let back: () => void;
          try {
            const answer = there();
            back = () => resolve(answer);
          } catch (error) {
            back = () => reject(error);
          }
          if (dies) return crash();
          if (isAlive() && chance.happens(faults().pause)) {
            node.paused_until = Math.max(
              node.paused_until,
              world.now() + (chance.happens(0.5) ? chance.between(2_000, 30_000) : chance.between(30_000, 150_000)),
            );
            struck();
            world.tell(() => `node ${node.index} is paused for ${node.paused_until - world.now()} ms`);
          }
          here(back_ms, back);
        });
      }),
  };
}

/** Any fixed moment before the world begins. */
const FIRST = Date.UTC(2026, 10, 20);
