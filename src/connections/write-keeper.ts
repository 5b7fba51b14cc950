// Works the writes of one vendor account: the one interpreter of the write machine, in life and in the simulator. What the machine decides is stored first, under the fence of the
// account's lease; only then is anything sent.
import type { Random } from '../base/random.ts';
import type { Trouble } from './taxonomy.ts';
import {
  type Attempt,
  dueAt,
  type Finding,
  type Outcome,
  type WriteEvent,
  type WriteRules,
  type WriteState,
  writeMachine,
} from './write.ts';

/** One write as it is stored. `body` and `look` are what the recipe made of the signed draft: opaque here. */
export interface StoredWrite<Job> {
  readonly id: string;
  /** How often it was stored. */
  readonly version: number;
  readonly state: WriteState;
  readonly job: Job;
}

/** What is known of the lease and of the time. The database's clock is the authority; this process adds what its own steady clock says has passed since. */
export interface Hold {
  readonly fence: number;
  /** The database's time, not later than it is. */
  atLeast(): number;
  /** The database's time, not earlier than it is. */
  atMost(): number;
  /** How long this process may still send under the lease, in ms; negative: no more. */
  left_ms(): number;
  /** This process's steady clock, ms. */
  elapsed(): number;
}

/** Where writes are kept. Each call is one transaction. */
export interface WriteBooks<Job> {
  /** Those of the account that wait, are in doubt, or were being sent, by when they are due. */
  open(fence: number): Promise<readonly StoredWrite<Job>[]>;
  /** Stores a state if the fence is still that of the lease, and the version that of the row; it says which of them is not, and has then stored nothing. A rejection: it may be
   *  stored or not, now or in a moment. */
  store(
    fence: number,
    write: { readonly id: string; readonly version: number; readonly state: WriteState },
  ): Promise<'stored' | 'lost' | 'changed'>;
}

/** An attempt that is written down, and how long it may take, in ms from now on. */
export interface Begun {
  readonly attempt: Attempt;
  readonly for_ms: number;
}

/** The account at the vendor, on a session that lives. */
export interface VendorDoor<Job> {
  /** The session on which something can be sent now; undefined: there is none, and who keeps the session knows. */
  session(): Promise<{ epoch: number } | undefined>;
  /** Why nothing of this may be begun now; undefined: it may. Asked on that session, before an attempt is written down. Never throws. */
  heldBy?(job: Job): Promise<Trouble | undefined>;
  /** Sends it once, when it is its turn at the vendor's pace: only then it calls `begin`, which writes the attempt down, and answers null where nothing may leave (`not_begun`). Nothing
   *  leaves after `for_ms`, and nothing once the lease is lost: asked right before the first byte. `held`: its turn would have come too late; `begin` was not called. Throws what `begin`
   *  throws, and nothing else: what is not known is `unknown`. */
  send(
    job: Job,
    begin: () => Promise<Begun | null>,
    held: { fence: number },
  ): Promise<Outcome | { as: 'held'; trouble: Trouble } | { as: 'not_begun' }>;
  /** Looks for what an attempt may have left. Never throws. */
  look(job: Job, attempt: Attempt | undefined): Promise<Finding>;
}

export interface WritePorts<Job> {
  books: WriteBooks<Job>;
  door: VendorDoor<Job>;
  /** undefined: no recipe here knows how it is written; it is left to a process that does. */
  rulesOf(job: Job): (WriteRules & { readonly request_ms: number }) | undefined;
  sha256Of(job: Job): string;
  random: Pick<Random, 'bytes'>;
  /** Attempts that this process wrote down and provably did not send, as `keyOf` names them: it was not told whether they were written down. */
  unsent: Set<string>;
  /** Asked before each write; where it says no, the pass ends. */
  mayGoOn?: () => boolean;
  /** The simulator plants its bugs here. */
  machineOf?: (rules: WriteRules) => ReturnType<typeof writeMachine>;
}

/** Nothing is begun that may not last so long. */
const LEAST_MS = 2_000;
/** What is read before a write is read again where the write waited longer for its turn: somebody may have changed it meanwhile. */
const READ_BEFORE_MS = 5_000;

/** Does everything that is due under this hold, one after the other. Answers when something is due next (the database's time), or undefined, what cannot be begun now left aside; `known`:
 *  of how many writes a recipe is known here; `lost`: the lease is another's. */
export async function workWrites<Job>(
  ports: WritePorts<Job>,
  hold: Hold,
): Promise<{ next_at: number | undefined; known: number; lost: boolean }> {
  const { books, rulesOf, mayGoOn = () => true } = ports;
  const open = (await books.open(hold.fence)).filter(({ job }) => rulesOf(job) !== undefined);
  const broken: unknown[] = [];
  let next_at: number | undefined;
  for (const stored of open) {
    if (!mayGoOn()) break;
    // What breaks over one of them keeps no other from being written; it is thrown when all had their turn.
    const { write, end } = await worked(ports, hold, stored).catch((error: unknown) => {
      broken.push(error);
      return { write: stored, end: 'not_now' as const };
    });
    if (end === 'lost') return { next_at, known: open.length, lost: true };
    // Without a session none of the others can be begun either.
    if (end === 'no_session') break;
    const due = end === 'not_now' ? undefined : dueAt(write.state);
    if (due !== undefined) next_at = Math.min(next_at ?? due, due);
  }
  if (broken.length > 0) throw broken[0];
  return { next_at, known: open.length, lost: false };
}

/** Everything that is due of one write. */
async function worked<Job>(
  ports: WritePorts<Job>,
  hold: Hold,
  stored: StoredWrite<Job>,
): Promise<{ write: StoredWrite<Job>; end: Stop | 'waits' }> {
  let write = stored;
  for (let due = dueAt(write.state); due !== undefined && due <= hold.atLeast(); due = dueAt(write.state)) {
    const after: StoredWrite<Job> | Stop = await advance(ports, hold, write);
    // `changed`: the next turn reads it again.
    if (typeof after === 'string') return { write, end: after };
    write = after;
  }
  return { write, end: 'waits' };
}

type Stop = 'lost' | 'changed' | 'not_now' | 'no_session';

/** One step of one write. */
async function advance<Job>(ports: WritePorts<Job>, hold: Hold, write: StoredWrite<Job>): Promise<StoredWrite<Job> | Stop> {
  const { books, door, unsent, random, machineOf = writeMachine } = ports;
  const { id, state, job } = write;
  const rules = ports.rulesOf(job);
  if (!rules) return 'not_now';
  const machine = machineOf(rules);
  const roll = () => random.bytes(4).readUInt32BE() / 2 ** 32;
  /** Stores what an event makes of it. */
  const step = async (from: StoredWrite<Job>, event: WriteEvent): Promise<StoredWrite<Job> | Stop> => {
    const next = machine(from.state, event, hold.atLeast()).state;
    if (next === from.state) return 'not_now';
    const stored = await books.store(hold.fence, { id, version: from.version, state: next });
    return stored === 'stored' ? { ...from, version: from.version + 1, state: next } : stored;
  };

  if (state.is === 'sending') {
    const { n } = state.attempt;
    // This process sends one at a time and waits for it: whoever sent this one is gone, unless we ourselves never let it leave.
    return step(
      write,
      unsent.has(keyOf(id, state.attempt)) ? { type: 'answered', n, outcome: NOT_SENT, roll: roll() } : { type: 'interrupted' },
    );
  }
  const session = await door.session();
  if (!session) return 'no_session';
  if (state.is === 'in_doubt') {
    const began_at = hold.atLeast();
    const finding = await door.look(job, state.attempt);
    return step(write, { type: 'looked', n: state.attempt.n, began_at, finding });
  }

  const trouble = await door.heldBy?.(job);
  if (trouble !== undefined) return step(write, { type: 'held', trouble, roll: roll() });
  let before: readonly string[] | undefined;
  let read_at: number | undefined;
  if (rules.kind === 'update' || !rules.marked) {
    const finding = await door.look(job, undefined);
    read_at = hold.elapsed();
    if (finding === 'nothing') return step(write, { type: 'held', trouble: 'VENDOR_DOWN', roll: roll() });
    if (rules.kind === 'update') {
      const looked = await step(write, { type: 'looked', n: 0, began_at: hold.atLeast(), finding });
      if (looked !== 'not_now') return looked;
    } else if (finding !== 'other') before = finding.there;
  }

  const n = state.is === 'planned' ? state.attempts + 1 : 0;
  const key = keyOf(id, { n, fence: hold.fence });
  /** What became of the write when it was its turn. */
  const turn: { taken: StoredWrite<Job> | Stop } = { taken: 'not_now' };
  const begin = async (): Promise<Begun | null> => {
    const began = hold.elapsed();
    const for_ms = Math.min(rules.request_ms, hold.left_ms());
    if (for_ms < LEAST_MS || (read_at !== undefined && began - read_at > READ_BEFORE_MS)) return null;
    // From here on no byte may leave later than that; the steady clock that limits it runs from before this moment.
    const attempt = {
      ...{ fence: hold.fence, epoch: session.epoch, sent_by: hold.atMost() + for_ms, body_sha256: ports.sha256Of(job) },
      ...(before && { before }),
    };
    unsent.add(key);
    turn.taken = await step(write, { type: 'taken', attempt });
    if (typeof turn.taken === 'string' || turn.taken.state.is !== 'sending') return null;
    unsent.delete(key);
    return { attempt: turn.taken.state.attempt, for_ms: for_ms - (hold.elapsed() - began) };
  };
  const outcome = await door.send(job, begin, { fence: hold.fence });
  if (outcome.as === 'held') return step(write, { type: 'held', trouble: outcome.trouble, roll: roll() });
  if (outcome.as === 'not_begun' || typeof turn.taken === 'string') return turn.taken;
  return step(turn.taken, { type: 'answered', n, outcome, roll: roll() });
}

/** The fence is part of it: another owner's first attempt is not ours. */
const keyOf = (id: string, { n, fence }: Pick<Attempt, 'n' | 'fence'>) => `${id}/${fence}/${n}`;

/** Proven: no byte left us. */
const NOT_SENT: Outcome = { as: 'not_applied', trouble: 'NETWORK' };
