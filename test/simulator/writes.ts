// T1–T3 of connectors.md §1.5: twenty writes of one vendor account, three processes that crash and sleep, a database that loses its acknowledgements, and a vendor that does what
// vendors do. At the end each write is counted at the vendor.
import { dueAt, isOver, plannedWrite, type WriteRules, writeMachine } from '../../src/connections/write.ts';
import { type StoredWrite, type WritePorts, workWrites } from '../../src/connections/write-keeper.ts';
import { databaseOf, type Lease } from './database.ts';
import { PLANTED, type PlantedWriteBug, SOUND } from './planted-writes.ts';
import { type Job, LATE_APPLY_MS, STALENESS_MS, type Vendor, vendorOf } from './vendor.ts';
import { BEGINNING, type World, worldOf } from './world.ts';

const WRITES = 20;
const NODES = 3;
const LEASE_MS = 60_000;
/** No byte leaves in the last five seconds of a lease. */
const MARGIN_MS = 5_000;
const REQUEST_MS = 30_000;
/** How often a process that waits for an answer is put to sleep, and how often it dies. */
const SLEEPS = 0.003;
/** The worst moment for it: between what was written down and what is sent. */
const SLEEPS_THEN = 0.014;
const DIES = 0.003;
/** A schedule that is not over by then has lost something. */
const LONGEST_MS = 6 * 60 * 60_000;

const RULES: WriteRules & { request_ms: number } = {
  kind: 'create',
  marked: true,
  quiet_ms: LATE_APPLY_MS + STALENESS_MS + LEASE_MS,
  negatives_needed: 3,
  most_resends: 2,
  most_attempts: 12,
  look_for_ms: 4 * 60 * 60_000,
  request_ms: REQUEST_MS,
};

export interface WritesCounted {
  schedules: number;
  writes: number;
  duplicate: number;
  lost: number;
  phantom: number;
  parked: number;
  first_failing_seed: number | null;
}
export interface WritesSeen extends WritesCounted {
  /** Requests that reached the wire, and those of them that went wrong. */
  sends: number;
  faults: number;
  /** Writes that were in doubt once, and those that were told within ten minutes without a person. */
  in_doubt: number;
  told_in_10_min: number;
}

/** Runs so many schedules from a seed on; schedule n has the seed `seed + n`. `until_failing`: no more than it takes to fail once. */
export async function simulateWrites({
  schedules,
  seed,
  bug,
  until_failing = false,
}: {
  schedules: number;
  seed: number;
  bug?: string;
  until_failing?: boolean;
}): Promise<WritesSeen> {
  const total: WritesSeen = {
    ...{ schedules, writes: 0, duplicate: 0, lost: 0, phantom: 0, parked: 0, first_failing_seed: null },
    ...{ sends: 0, faults: 0, in_doubt: 0, told_in_10_min: 0 },
  };
  for (let n = 0; n < schedules && !(until_failing && total.first_failing_seed !== null); n += 1) {
    const seen = await oneSchedule(worldOf(seed + n), bugOf(bug));
    for (const key of ['writes', 'duplicate', 'lost', 'phantom', 'parked', 'sends', 'faults', 'in_doubt', 'told_in_10_min'] as const)
      total[key] += seen[key];
    if (seen.duplicate + seen.lost + seen.phantom > 0) total.first_failing_seed ??= seed + n;
  }
  return total;
}

/** What happened in one schedule, line by line. */
export async function traceOfWrites(seed: number, bug?: string): Promise<readonly string[]> {
  const world = worldOf(seed, { traced: true });
  const seen = await oneSchedule(world, bugOf(bug));
  world.tell(() => JSON.stringify(seen));
  return world.trace;
}

function bugOf(name: string | undefined): PlantedWriteBug {
  if (name === undefined) return SOUND;
  const bug = PLANTED[name];
  if (!bug) throw new Error(`no bug is called ${name}; there are ${Object.keys(PLANTED).join(', ')}`);
  return bug;
}

async function oneSchedule(world: World, bug: PlantedWriteBug) {
  const { chance } = world;
  const invalid = new Set(Array.from({ length: WRITES }, (_, n) => n).filter(() => chance.happens(0.02)));
  const vendor = vendorOf(world, { invalid });
  const database = databaseOf<Job>(world, { lease_ms: LEASE_MS, bug: bug.database });
  const doubts = new Map<string, { since: number; told?: number }>();
  database.watch((id, state) => {
    world.tell(() => `write ${id} is ${state.is}${'attempt' in state ? ` (${state.attempt.n})` : ''}`);
    if (state.is === 'in_doubt' && !doubts.has(id)) doubts.set(id, { since: world.now() });
    const doubt = doubts.get(id);
    if (doubt && doubt.told === undefined && isOver(state)) doubt.told = world.now() - doubt.since;
  });
  for (let write = 0; write < WRITES; write += 1) {
    const natural_key = `visit-${write}`;
    world.after(chance.between(0, 300_000), () => database.add(String(write), plannedWrite(world.now()), { write, natural_key }));
    if (chance.happens(0.15)) world.after(chance.between(0, 600_000), () => vendor.typeIn(natural_key));
  }
  const life = {
    over: () => database.writes.size === WRITES && [...database.writes.values()].every(({ state }) => dueAt(state) === undefined),
  };
  for (let node = 0; node < NODES; node += 1) runNode(world, { name: `node ${node}`, database, vendor, bug, life });
  await world.run(BEGINNING + LONGEST_MS);
  return counted(vendor, [...database.writes.values()], [...doubts.values()]);
}

function counted(vendor: Vendor, writes: readonly StoredWrite<Job>[], doubts: readonly { told?: number }[]) {
  const seen = { writes: writes.length, duplicate: 0, lost: 0, phantom: 0, parked: 0 };
  for (const { state, job } of writes) {
    const there = vendor.kept.filter(({ write }) => write === job.write).length;
    if (there > 1) seen.duplicate += there - 1;
    if (state.is === 'confirmed' ? there === 0 : !isOver(state) && state.is !== 'parked') seen.lost += 1;
    if ((state.is === 'rejected' || state.is === 'cancelled') && there > 0) seen.phantom += 1;
    if (state.is === 'parked') seen.parked += 1;
  }
  const told_in_10_min = doubts.filter(({ told }) => told !== undefined && told <= 600_000).length;
  return { ...seen, sends: vendor.sends, faults: vendor.faults, in_doubt: doubts.length, told_in_10_min };
}

interface Node {
  name: string;
  database: ReturnType<typeof databaseOf<Job>>;
  vendor: Vendor;
  bug: PlantedWriteBug;
  life: { over(): boolean };
}

/** A process: takes the lease of the account when it can, works the writes, sleeps, is paused by its machine, dies and is started again. What is awaited when it dies is never heard of. */
function runNode(world: World, { name, database, vendor, bug, life }: Node): void {
  const { chance } = world;
  let birth = 0;
  /** Its clock on the wall is off; the steady one is not. */
  const skew_ms = chance.one([-90_000, 90_000, chance.between(-90_000, 90_000)]);
  const never = new Promise<never>(() => {});

  /** What a living, waking process hears. Wherever it waits for an answer it may be put to sleep by its machine, or die: then it never hears it. */
  const heard = async <T>(born: number, asked: Promise<T>, sleeps = SLEEPS): Promise<T> => {
    const answer = await asked;
    if (born === birth && !life.over()) {
      if (chance.happens(sleeps)) {
        const ms = chance.happens(0.45) ? chance.between(200_000, 900_000) : chance.between(1_000, 200_000);
        world.tell(() => `${name} is put to sleep for ${ms} ms`);
        await world.sleep(ms);
      } else if (chance.happens(DIES)) die();
    }
    return born === birth ? answer : never;
  };

  const die = () => {
    world.tell(() => `${name} dies`);
    birth += 1;
    world.after(chance.between(500, 60_000), () => {
      world.tell(() => `${name} begins again`);
      void live(birth);
    });
  };

  const live = async (born: number) => {
    // Another process each time that it begins.
    const owner = `${name}.${born}`;
    let session: { epoch: number } | undefined;
    const unsent = new Set<string>();
    for (;;) {
      const asked_at = world.now();
      const lease = await heard(born, database.lease(owner)).catch(() => undefined);
      if (lease) {
        const hold = holdOf(lease, asked_at);
        const ports: WritePorts<Job> = {
          books: {
            open: (fence) => heard(born, database.open(fence)),
            store: (fence, write) => heard(born, database.store(fence, write), SLEEPS_THEN),
          },
          door: {
            async session() {
              session ??= { epoch: await heard(born, vendor.signIn()) };
              return session;
            },
            async send(job, begin, { fence }) {
              const begun = await begin();
              if (!begun) return { as: 'not_begun' };
              const { attempt, for_ms } = begun;
              const marker = bug.marker(job, attempt);
              // The egress: the fence is asked for, and the moment is looked at once more, in the very turn in which the first byte leaves.
              const leaves_by = world.now() + for_ms;
              const holds = !bug.asks_fence || (await heard(born, database.holds(fence), SLEEPS_THEN).catch(() => false));
              if (!holds || (bug.asks_fence && world.now() >= leaves_by)) return { as: 'not_applied', trouble: 'NETWORK' };
              const answer = await heard(
                born,
                Promise.race([vendor.receive(job, marker, attempt.epoch), world.sleep(for_ms).then(() => ({ heard: 'nothing' }) as const)]),
              );
              const outcome = bug.judged(answer);
              if (outcome.as === 'not_applied' && outcome.trouble === 'AUTH_EXPIRED') session = undefined;
              return outcome;
            },
            async look(job, attempt) {
              const epoch = session?.epoch ?? 0;
              const list = await heard(born, vendor.list(epoch));
              if (list && !list.live && !bug.trusts_any_page) session = undefined;
              return bug.foundIn(list, bug.marker(job, attempt), job);
            },
          },
          unsent,
          rulesOf: () => ({ ...RULES, ...bug.rules }),
          sha256Of: ({ write }) => String(write),
          random: { bytes: (count) => Buffer.from(Array.from({ length: count }, () => chance.between(0, 255))) },
          machineOf: (rules) => bug.machine(writeMachine(rules)),
        };
        const worked = await workWrites(ports, hold).catch(() => undefined);
        if (life.over()) return;
        if (chance.happens(0.02)) await heard(born, database.release(owner, lease.fence)).catch(() => {});
        const wait_ms = worked?.next_at === undefined ? 15_000 : worked.next_at - hold.atLeast();
        await heard(born, world.sleep(Math.min(15_000, Math.max(500, wait_ms))));
      } else {
        if (life.over()) return;
        await heard(born, world.sleep(chance.between(5_000, 20_000)));
      }
    }
  };

  /** Time is told by the database; what has passed since, by the steady clock (here: the world's own). */
  function holdOf({ fence, now, left_ms }: Lease, asked_at: number) {
    const answered_at = world.now();
    const own_clock = bug.own_clock ? skew_ms : undefined;
    return {
      fence,
      atLeast: () => (own_clock === undefined ? now + (world.now() - answered_at) : world.now() + own_clock),
      atMost: () => (own_clock === undefined ? now + (world.now() - asked_at) : world.now() + own_clock),
      left_ms: () => left_ms - MARGIN_MS - (world.now() - asked_at),
      elapsed: () => world.now(),
    };
  }

  world.after(chance.between(0, 5_000), () => void live(birth));
}
