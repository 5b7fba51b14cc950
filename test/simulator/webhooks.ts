// A clinic that tells two programs what happens in it, by two processes that die, over a network that loses: the real teller and the real machine, on books kept in memory.
import { Webhook } from 'standardwebhooks';
import type { Random } from '../../src/base/random.ts';
import { openTeller, type Telling, type WebhookBook } from '../../src/connections/webhook-teller.ts';
import type { Notice, Noticed } from '../../src/outbound/notify.ts';
import { booksOf, type Life } from './webhook-books.ts';
import { BUSY_MS, HORIZON_MS, HOUR, known, LOST_AFTER_MS, SECOND, type WebhookBug } from './webhook-bugs.ts';
import { aProgram, isGenuine, type Program, receive, secretOf, signedAt } from './webhook-program.ts';
import { BEGINNING, type Chance, type World, worldOf } from './world.ts';

/** A person looks at the dead letter once, then. */
const REPLAY_MS = 36 * HOUR;
const ANSWER_MS = 15 * SECOND;
const FAILS = 0.3;

export interface WebhooksSimulated {
  schedules: number;
  events: number;
  sends: number;
  failed_sends: number;
  delivered: number;
  dead: number;
  violations: number;
  first_failing_seed: number | null;
}

/** Runs that many worlds. `first_failing_seed` replays by traceOfWebhooks. */
export async function simulateWebhooks({
  schedules,
  seed,
  bug,
}: {
  schedules: number;
  seed: number;
  bug?: string;
}): Promise<WebhooksSimulated> {
  const sum: WebhooksSimulated = {
    schedules,
    events: 0,
    sends: 0,
    failed_sends: 0,
    delivered: 0,
    dead: 0,
    violations: 0,
    first_failing_seed: null,
  };
  for (let n = 0; n < schedules; n += 1) {
    const one = await simulated(worldOf(seed + n), known(bug));
    for (const counter of ['events', 'sends', 'failed_sends', 'delivered', 'dead'] as const) sum[counter] += one[counter];
    sum.violations += one.violations.length;
    if (one.violations.length > 0) sum.first_failing_seed ??= seed + n;
  }
  return sum;
}

/** The lines of one world, the violations last. */
export async function traceOfWebhooks(seed: number, bug?: string): Promise<readonly string[]> {
  const world = worldOf(seed, { traced: true });
  const { violations } = await simulated(world, known(bug));
  return [...world.trace, ...violations.map((violation) => `VIOLATION ${violation}`)];
}

async function simulated(world: World, bug: WebhookBug | undefined) {
  const { chance } = world;
  const violations: string[] = [];
  const violated = (what: string) => {
    violations.push(what);
    world.tell(() => `violated: ${what}`);
  };
  const counted = { events: 0, sends: 0, failed_sends: 0 };
  const books = booksOf(world, bug, violated);
  const captured: { endpoint_id: string; notice: Notice }[] = [];
  const programs = new Map(books.endpoints.map(({ id }, n) => [id, aProgram(world, n)]));

  // The clinic: changes of a few objects. A change and its event are one transaction, or the process dies between the two.
  const objects = Array.from({ length: 4 }, (_, n) => `object-${n}`);
  const expected: { endpoint_id: string; object_id: string; change: number }[] = [];
  for (let n = 0; n < 12; n += 1)
    world.after(chance.between(0, BUSY_MS), () => {
      const object_id = chance.one(objects);
      if (chance.happens(0.1)) return world.tell(() => `${object_id}: a change that is undone, and nothing is told`);
      counted.events += 1;
      for (const { id, row } of books.endpoints) if (row.status === 'enabled') expected.push({ endpoint_id: id, object_id, change: n });
      if (bug === 'event_after_commit' && chance.happens(0.05))
        return world.tell(() => `${object_id}: changed, and died before it was told`);
      books.tell(object_id, n);
    });
  for (const { id } of books.endpoints) world.after(chance.between(HOUR, 2 * HOUR), () => books.rotate(id));

  // The network: one request, and what becomes of it.
  const under_way = new Map<string, number>();
  const notifyFrom =
    (life: Life) =>
    async (notice: Notice): Promise<Noticed> => {
      const endpoint_id = notice.url.hostname;
      const program = programs.get(endpoint_id) as Program;
      counted.sends += 1;
      books.begins(endpoint_id, notice, (under_way.get(endpoint_id) ?? 0) + 1);
      under_way.set(endpoint_id, (under_way.get(endpoint_id) ?? 0) + 1);
      if (chance.happens(0.02)) captured.push({ endpoint_id, notice });
      const mood = program.mood();
      const fails = mood === 'down' || mood === 'gone' || (mood === 'flaky' && chance.happens(FAILS));
      const came = async (): Promise<Noticed> => {
        if (mood === 'gone') return { outcome: 'answered', answer: 410 };
        if (!fails) {
          await world.sleep(chance.between(5, 2_000));
          return { outcome: 'answered', answer: receive(world, program, notice, violated, bug) };
        }
        const fault = chance.one(['refused', 'broken', 'silent', 'lost_reply', 'slow', 'moved'] as const);
        if (fault === 'refused') return { outcome: 'unanswered', reason: 'not_reached' };
        await world.sleep(chance.between(5, 2_000));
        if (fault === 'broken') return { outcome: 'answered', answer: chance.one([500, 502, 503, 404, 429]) };
        if (fault === 'moved') return { outcome: 'answered', answer: 302 };
        if (fault === 'lost_reply') {
          receive(world, program, notice, violated, bug);
          return { outcome: 'unanswered', reason: 'no_answer' };
        }
        // It is taken, but too late.
        if (fault === 'slow')
          world.after(ANSWER_MS + chance.between(0, 40 * SECOND), () => void receive(world, program, notice, violated, bug));
        await world.sleep(ANSWER_MS);
        return { outcome: 'unanswered', reason: 'timed_out' };
      };
      const noticed = await came();
      under_way.set(endpoint_id, (under_way.get(endpoint_id) ?? 1) - 1);
      if (noticed.outcome === 'unanswered' || noticed.answer >= 300) counted.failed_sends += 1;
      world.tell(
        () => `${endpoint_id} ${notice.headers['webhook-id']}: ${noticed.outcome === 'answered' ? noticed.answer : noticed.reason}`,
      );
      // A process that has ended hears nothing; one that stood still hears it late.
      if (life.ended) return new Promise(() => {});
      if (chance.happens(0.01)) await world.sleep(chance.between(LOST_AFTER_MS, 3 * LOST_AFTER_MS));
      return noticed;
    };

  world.after(REPLAY_MS, () => books.replay());
  const isOver = () => world.now() > BEGINNING + REPLAY_MS && (books.isAtRest() || world.now() > BEGINNING + HORIZON_MS);
  // Two processes, each with a turn every second while there is something; each dies now and then, in the middle.
  const process = (name: string) => {
    const life: Life = {
      ended: false,
      end() {
        if (life.ended || isOver()) return;
        life.ended = true;
        world.tell(() => `${name} was killed`);
        world.after(chance.between(0, 5 * SECOND), () => process(name));
      },
    };
    const book = books.seenBy(life);
    const teller = openTeller(tellingOf(world, { book, notify: notifyFrom(life), bug, secretsOf: (id) => books.secretsOf(id) }), {
      lost_after_ms: LOST_AFTER_MS,
    });
    const turn = () => {
      if (life.ended || isOver()) return;
      void teller.tellDue();
      world.after(books.nextLook(), turn);
    };
    world.after(chance.between(0, SECOND), turn);
    world.after(chance.between(10 * SECOND, 4 * HOUR), life.end);
  };
  process('one');
  process('two');

  await world.run(BEGINNING + HORIZON_MS);

  // Somebody who listened sends what he heard again, with the time of now: days later, when no receiver remembers its id.
  for (const { endpoint_id, notice } of captured) {
    const program = programs.get(endpoint_id) as Program;
    const late = { ...notice, headers: { ...notice.headers, 'webhook-timestamp': String(Math.floor(world.now() / SECOND)) } };
    for (const replayed of [notice, late])
      if (isGenuine(world, program, replayed, bug)) violated(`${endpoint_id} takes what somebody else sent again after days`);
  }
  const rows = books.rows();
  for (const { endpoint_id, object_id, change } of expected) {
    const row = rows.find((each) => each.endpoint_id === endpoint_id && each.object_id === object_id && each.change === change);
    if (!row) violated(`${endpoint_id}: a change of ${object_id} was never told`);
    else if (row.state.status !== 'delivered' && row.state.status !== 'dead')
      violated(`${endpoint_id}: ${row.id} is still ${row.state.status}`);
    else if (row.state.status === 'delivered' && !programs.get(endpoint_id)?.handled.has(row.event_id))
      violated(`${endpoint_id}: ${row.id} is called delivered, and did not come`);
  }
  return {
    ...counted,
    delivered: rows.filter(({ state }) => state.status === 'delivered').length,
    dead: rows.filter(({ state }) => state.status === 'dead').length,
    violations,
  };
}

function tellingOf(
  world: World,
  {
    book,
    notify,
    bug,
    secretsOf,
  }: { book: WebhookBook; notify: Telling['notify']; bug: WebhookBug | undefined; secretsOf(endpoint_id: string): readonly string[] },
): Telling {
  const silent = () => {};
  let attempts = 0;
  /** The altered pieces stand between the teller and the network. */
  const altered = async (notice: Notice, timeout_ms: number) => {
    attempts += 1;
    const headers = { ...notice.headers };
    if (bug === 'new_id_each_attempt') headers['webhook-id'] = `${headers['webhook-id']}/${attempts}`;
    if (bug === 'one_secret') headers['webhook-signature'] = headers['webhook-signature']?.split(' ')[0] ?? '';
    if (bug === 'new_id_each_attempt' || bug === 'unsigned_timestamp')
      headers['webhook-signature'] = secretsOf(notice.url.hostname)
        .map((secret) => new Webhook(secret).sign(headers['webhook-id'] ?? '', signedAt(headers, bug), notice.body))
        .join(' ');
    return notify({ ...notice, headers }, timeout_ms);
  };
  return {
    book,
    notify: altered,
    sealerOf: () => ({ open: async (id) => secretOf(id) }),
    clock: { now: () => new Date(world.now()) },
    random: randomOf(world.chance),
    log: { warn: silent, error: silent, info: silent, debug: silent } as unknown as Telling['log'],
  };
}

function randomOf(chance: Chance): Random {
  let uuids = 0;
  return {
    bytes(count) {
      return Buffer.from(Array.from({ length: count }, () => chance.between(0, 255)));
    },
    uuid() {
      uuids += 1;
      return `claim-${uuids}-${chance.between(0, 1_000_000_000)}`;
    },
  };
}
