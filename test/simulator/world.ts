// A world in which a seed decides everything: what time it is, who is heard when, what is lost, who crashes. The same seed is the same world, event for event.

/** A stream of numbers in [0, 1) that a seed alone decides (sfc32, seeded by splitmix32). */
export interface Chance {
  next(): number;
  /** True so often. */
  happens(probability: number): boolean;
  /** An integer from `least` to `most`, both included. */
  between(least: number, most: number): number;
  one<T>(of: readonly T[]): T;
}

export function chanceOf(seed: number): Chance {
  let mixed = seed >>> 0;
  const mix = () => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let t = mixed ^ (mixed >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [mix(), mix(), mix(), 1];
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let n = 0; n < 12; n += 1) next();
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return { next, happens: (probability) => next() < probability, between, one: (of) => of[between(0, of.length - 1)] as never };
}

interface Planned {
  at: number;
  order: number;
  run: () => void;
}

/** Simulated time begins here: 2026-11-20T14:00:00Z. */
export const BEGINNING = Date.UTC(2026, 10, 20, 14);

export interface World {
  readonly chance: Chance;
  /** Milliseconds since 1970, simulated. */
  now(): number;
  /** Runs it after so many simulated milliseconds; what is planned for one moment runs in the order in which it was planned. */
  after(ms: number, run: () => void): void;
  /** A promise that is kept then. */
  sleep(ms: number): Promise<void>;
  /** A line of the trace: when, and what. Written only where somebody wants to read it. */
  tell(line: () => string): void;
  readonly trace: readonly string[];
  /** Runs until nothing is planned any more, or until that moment. After each event everything that awaits it goes on before the next one: promises are part of this world. */
  run(until: number): Promise<void>;
  /** The same for a world in which nobody awaits anything: many times faster. */
  runPlain(until: number): void;
}

/** `traced`: keep the lines. A world that is not traced takes the same turns. */
export function worldOf(seed: number, { traced = false }: { traced?: boolean } = {}): World {
  const chance = chanceOf(seed);
  const heap: Planned[] = [];
  const trace: string[] = [];
  let now = BEGINNING;
  let order = 0;

  const after = (ms: number, run: () => void) => {
    order += 1;
    push(heap, { at: now + Math.max(0, ms), order, run });
  };
  /** The next event before `until`, with the clock set to it. */
  const next = (until: number): Planned | undefined => {
    const first = heap[0];
    if (!first || first.at > until) return undefined;
    pop(heap);
    now = first.at;
    return first;
  };
  return {
    chance,
    trace,
    now: () => now,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    tell(line) {
      if (traced) trace.push(`${((now - BEGINNING) / 1000).toFixed(3).padStart(10)} s  ${line()}`);
    },
    async run(until) {
      for (let event = next(until); event; event = next(until)) {
        event.run();
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      now = Math.max(now, until);
    },
    runPlain(until) {
      for (let event = next(until); event; event = next(until)) event.run();
      now = Math.max(now, until);
    },
  };
}

const before = (a: Planned, b: Planned) => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Planned[], item: Planned): void {
  let at = heap.length;
  heap.push(item);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Planned;
    if (!before(item, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = item;
}

function pop(heap: Planned[]): void {
  const last = heap.pop() as Planned;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    const right = heap[below + 1];
    if (right && before(right, heap[below] as Planned)) below += 1;
    const child = heap[below] as Planned;
    if (!before(child, last)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
}
