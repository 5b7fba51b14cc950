// A clinic that tells two programs what happens in it, by two processes that die, over a network that loses: the real teller and the real machine, on books kept in memory.
import { Webhook } from 'standardwebhooks';
import type { Random } from '../../src/base/random.ts';
import { type Delivery, type DeliveryEvent, type Endpoint, SCHEDULE_MS, settle } from '../../src/connections/webhook.ts';
import { type Held, openTeller, type Telling, type WebhookBook } from '../../src/connections/webhook-teller.ts';
import type { Notice, Noticed } from '../../src/outbound/notify.ts';
import { BEGINNING, type Chance, type World, worldOf } from './world.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
/** Events happen in the first hours; then everything has time to end: seven days of waiting for an endpoint that is down, and the longest schedule. */
const BUSY_MS = 3 * HOUR;
/** A person looks at the dead letter once, then. */
const REPLAY_MS = 36 * HOUR;
const HORIZON_MS = 14 * 24 * HOUR;
const ANSWER_MS = 15 * SECOND;
const LOST_AFTER_MS = 60 * SECOND;
const MOST_OF_ONE = 4;
const FAILS = 0.3;
const WINDOW_MS = 5 * 60 * SECOND;

/** What is wrong on purpose. Each is a piece put in the place of the real one. */
export const WEBHOOK_BUGS = [
  'event_after_commit', // the event is written after the change, in a transaction of its own
  'ack_on_timeout', // no answer counts as taken
  'no_seq', // the books do not look for an earlier event of the object
  'unsigned_timestamp', // the signature covers id and body
  'retry_forever', // the last attempt is followed by one more
  'new_id_each_attempt', // a receiver cannot know a repetition
  'one_secret', // during a rotation only the new secret signs
  'no_breath', // an endpoint that fails is asked as often as one that does not
  'nobody_looks_after', // what a dead process began stays begun
  'sends_before_claim', // the attempt is written down after it was made
] as const;
export type WebhookBug = (typeof WEBHOOK_BUGS)[number];

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

function known(bug: string | undefined): WebhookBug | undefined {
  if (bug === undefined) return undefined;
  const found = WEBHOOK_BUGS.find((name) => name === bug);
  if (!found) throw new Error(`there is no bug ${bug}: ${WEBHOOK_BUGS.join(', ')}`);
  return found;
}

const SECRETS = Array.from({ length: 4 }, (_, n) => `whsec_${Buffer.alloc(32, n + 1).toString('base64')}`);
const secretOf = (id: string) => SECRETS[Number(id)] as string;

/** What a program does with what comes: written by docs/webhooks.md. */
interface Receiver {
  secret: string;
  /** From when the clinic's new secret is in use there. */
  changes_at: number;
  next_secret: string;
  mood(): 'well' | 'flaky' | 'down' | 'gone';
  handled: Map<string, number>;
  highest: Map<string, number>;
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
  const receivers = new Map(books.endpoints.map(({ id }, n) => [id, aReceiver(world, n)]));

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
    (life: { ended: boolean }) =>
    async (notice: Notice): Promise<Noticed> => {
      const endpoint_id = notice.url.hostname;
      const receiver = receivers.get(endpoint_id) as Receiver;
      counted.sends += 1;
      books.begins(endpoint_id, notice, (under_way.get(endpoint_id) ?? 0) + 1);
      under_way.set(endpoint_id, (under_way.get(endpoint_id) ?? 0) + 1);
      if (chance.happens(0.02)) captured.push({ endpoint_id, notice });
      const mood = receiver.mood();
      const fails = mood === 'down' || mood === 'gone' || (mood === 'flaky' && chance.happens(FAILS));
      const came = async (): Promise<Noticed> => {
        if (mood === 'gone') return { outcome: 'answered', answer: 410 };
        if (!fails) {
          await world.sleep(chance.between(5, 2_000));
          return { outcome: 'answered', answer: receive(world, receiver, notice, violated, bug) };
        }
        const fault = chance.one(['refused', 'broken', 'silent', 'lost_reply', 'slow', 'moved'] as const);
        if (fault === 'refused') return { outcome: 'unanswered', reason: 'not_reached' };
        await world.sleep(chance.between(5, 2_000));
        if (fault === 'broken') return { outcome: 'answered', answer: chance.one([500, 502, 503, 404, 429]) };
        if (fault === 'moved') return { outcome: 'answered', answer: 302 };
        if (fault === 'lost_reply') {
          receive(world, receiver, notice, violated, bug);
          return { outcome: 'unanswered', reason: 'no_answer' };
        }
        // It is taken, but too late.
        if (fault === 'slow')
          world.after(ANSWER_MS + chance.between(0, 40 * SECOND), () => void receive(world, receiver, notice, violated, bug));
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
    const life = { ended: false };
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
    const death = chance.between(10 * SECOND, 4 * HOUR);
    world.after(death, () => {
      if (isOver()) return;
      life.ended = true;
      world.tell(() => `${name} was killed`);
      world.after(chance.between(0, 5 * SECOND), () => process(name));
    });
  };
  process('one');
  process('two');

  await world.run(BEGINNING + HORIZON_MS);

  // Somebody who listened sends what he heard again, with the time of now: days later, when no receiver remembers its id.
  for (const { endpoint_id, notice } of captured) {
    const receiver = receivers.get(endpoint_id) as Receiver;
    const late = { ...notice, headers: { ...notice.headers, 'webhook-timestamp': String(Math.floor(world.now() / SECOND)) } };
    for (const replayed of [notice, late])
      if (isGenuine(world, receiver, replayed, bug)) violated(`${endpoint_id} takes what somebody else sent again after days`);
  }
  const rows = books.rows();
  for (const { endpoint_id, object_id, change } of expected) {
    const row = rows.find((each) => each.endpoint_id === endpoint_id && each.object_id === object_id && each.change === change);
    if (!row) violated(`${endpoint_id}: a change of ${object_id} was never told`);
    else if (row.state.status !== 'delivered' && row.state.status !== 'dead')
      violated(`${endpoint_id}: ${row.id} is still ${row.state.status}`);
    else if (row.state.status === 'delivered' && !receivers.get(endpoint_id)?.handled.has(row.event_id))
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

/** The time that a signature covers; with the bug, none. */
const signedAt = (headers: Record<string, string>, bug: WebhookBug | undefined) =>
  new Date(bug === 'unsigned_timestamp' ? 0 : Number(headers['webhook-timestamp']) * SECOND);

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

function aReceiver(world: World, n: number): Receiver {
  const { chance } = world;
  const secret = secretOf(String(n * 2));
  const fate = chance.next();
  const falls_at = BEGINNING + chance.between(0, BUSY_MS);
  const rises_at = falls_at + chance.one([10 * SECOND, HOUR, 30 * HOUR, 4 * 24 * HOUR, HORIZON_MS]);
  return {
    secret,
    next_secret: secretOf(String(n * 2 + 1)),
    // After the clinic's rotation (at 2 h the latest), and before its day is over.
    changes_at: BEGINNING + chance.between(2 * HOUR, 20 * HOUR),
    mood() {
      if (fate < 0.25 && world.now() >= falls_at && world.now() < rises_at) return 'down';
      if (fate > 0.95 && world.now() >= falls_at) return 'gone';
      return 'flaky';
    },
    handled: new Map(),
    highest: new Map(),
  };
}

/** The signature of one of the secrets, over what came, made at most five minutes ago. */
function isGenuine(world: World, receiver: Receiver, { headers, body }: Notice, bug: WebhookBug | undefined): boolean {
  const { 'webhook-id': id = '', 'webhook-timestamp': time = '', 'webhook-signature': signatures = '' } = headers;
  if (Math.abs(world.now() - Number(time) * SECOND) > WINDOW_MS) return false;
  const secret = world.now() < receiver.changes_at ? receiver.secret : receiver.next_secret;
  return signatures.split(' ').includes(new Webhook(secret).sign(id, signedAt(headers, bug), body));
}

/** Answers the status. */
function receive(world: World, receiver: Receiver, notice: Notice, violated: (what: string) => void, bug: WebhookBug | undefined): number {
  if (!isGenuine(world, receiver, notice, bug)) {
    // Only what was under way for minutes may be too old.
    if (world.now() - Number(notice.headers['webhook-timestamp']) * SECOND < WINDOW_MS - SECOND)
      violated('a receiver refuses what we signed');
    return 401;
  }
  const id = notice.headers['webhook-id'] ?? '';
  if (receiver.handled.has(id)) return 200;
  const { data } = JSON.parse(notice.body) as { data: { draft_id: string; seq: number } };
  const what = `${data.draft_id} ${data.seq}`;
  if (receiver.highest.has(what)) violated(`a receiver handles ${what} twice`);
  receiver.highest.set(what, data.seq);
  receiver.handled.set(id, world.now());
  return 204;
}

interface Row {
  id: string;
  event_id: string;
  endpoint_id: string;
  object_id: string;
  seq: number;
  change: number;
  occurred_at: number;
  state: Delivery;
  claimed_at: number;
  claimed_turn: number;
  /** Since the last replay. */
  sends: number;
}

/** The books of 0030_webhooks.sql in memory, each act at once: what app.take_webhook, app.webhook, app.keep_webhook and app.stuck_webhooks do. */
function booksOf(world: World, bug: WebhookBug | undefined, violated: (what: string) => void) {
  const fresh: Endpoint = { status: 'enabled', failures: 0, failing_since: null, paused_until: null, disabled_reason: null };
  const endpoints = ['alpha', 'beta'].map((id, n) => ({ id, row: fresh, taken_at: 0, secret_ids: [String(n * 2)] }));
  const rows: Row[] = [];
  const seqs = new Map<string, number>();
  const endpointOf = (id: string) => endpoints.find((each) => each.id === id) as (typeof endpoints)[number];
  /** When an endpoint last failed, as the books know it, without asking its machine; `turn`: of all that was written. */
  const failed = new Map<string, { at: number; turn: number }>();
  let turn = 0;
  /** When the sender of what was claimed then counts as ended; long ago: nobody looks. */
  const lostAt = (claimed_at: number) =>
    claimed_at + LOST_AFTER_MS < world.now() - HOUR ? Number.POSITIVE_INFINITY : claimed_at + LOST_AFTER_MS + 1;
  const isDue = ({ state }: Row) => state.status === 'waiting' && (state.due_at === null || state.due_at <= world.now());
  const isOpen = ({ state }: Row) => state.status === 'waiting' || state.status === 'sending';
  const blocks = (row: Row) => (other: Row) =>
    other.endpoint_id === row.endpoint_id &&
    other.object_id === row.object_id &&
    isOpen(other) &&
    (other.seq < row.seq || other.state.status === 'sending');

  const decide = (row: Row, event: DeliveryEvent) => {
    const at = endpointOf(row.endpoint_id);
    let from: Delivery = row.state;
    let heard = event;
    if (bug === 'retry_forever' && from.attempts >= SCHEDULE_MS.length) from = { ...from, attempts: SCHEDULE_MS.length - 1 };
    if (bug === 'ack_on_timeout' && heard.type === 'unanswered' && heard.reason === 'timed_out')
      heard = { type: 'answered', claim: heard.claim, answer: 200, roll: 0 };
    const both = settle({ delivery: from, endpoint: at.row }, heard, world.now());
    if (both.delivery === from) return { delivery: from, sends: false };
    if (event.type === 'answered' && event.answer < 300) failed.delete(row.endpoint_id);
    else if (event.type === 'answered' || event.type === 'unanswered') failed.set(row.endpoint_id, { at: world.now(), turn: ++turn });
    row.state = both.delivery;
    at.row = bug === 'no_breath' ? { ...both.endpoint, paused_until: null, failures: 0 } : both.endpoint;
    world.tell(
      () =>
        `${row.id} ${event.type} → ${both.delivery.status} ${both.delivery.attempts}${both.delivery.reason ? ` ${both.delivery.reason}` : ''}; ${row.endpoint_id} ${at.row.status}`,
    );
    return { delivery: both.delivery, sends: both.sends };
  };
  const held = (row: Row): Held => ({
    ...{
      tenant_id: 'clinic',
      id: row.id,
      event_id: row.event_id,
      endpoint_id: row.endpoint_id,
      type: 'draft.signed',
      object_id: row.object_id,
    },
    ...{
      seq: row.seq,
      occurred_at: row.occurred_at,
      url: `https://${row.endpoint_id}/`,
      secret_ids: endpointOf(row.endpoint_id).secret_ids,
    },
    ...{ delivery: row.state, endpoint: endpointOf(row.endpoint_id).row },
  });
  const book: WebhookBook = {
    async take(_now, { claim, most }) {
      const candidates = endpoints
        .filter(({ row }) => row.status === 'enabled' && (row.paused_until === null || row.paused_until <= world.now()))
        .sort((a, b) => a.taken_at - b.taken_at);
      for (const at of candidates) {
        const its = rows.filter(({ endpoint_id }) => endpoint_id === at.id);
        if (its.filter(({ state }) => state.status === 'sending').length >= (at.row.failures === 0 ? most : 1)) continue;
        const row = its.find((each) => isDue(each) && (bug === 'no_seq' || !its.some(blocks(each))));
        if (!row) continue;
        at.taken_at = world.now();
        row.claimed_at = world.now();
        row.claimed_turn = ++turn;
        if (bug === 'sends_before_claim') return { ...held(row), delivery: { ...row.state, status: 'sending', claim } };
        if (!decide(row, { type: 'take', claim }).sends) throw new Error('a delivery was taken that may not be sent');
        return held(row);
      }
      return undefined;
    },
    async settle({ id }, event) {
      const row = rows.find((each) => each.id === id) as Row;
      if (bug === 'sends_before_claim' && 'claim' in event) decide(row, { type: 'take', claim: event.claim });
      return decide(row, event).delivery;
    },
    async stuck({ older_than_ms }) {
      if (bug === 'nobody_looks_after') return [];
      return rows.flatMap((row) => {
        const { status } = row.state;
        const is =
          status === 'sending'
            ? row.claimed_at < world.now() - older_than_ms
            : status === 'waiting' && endpointOf(row.endpoint_id).row.status === 'disabled';
        return is ? [{ tenant_id: 'clinic', id: row.id, status: status as 'sending' | 'waiting' }] : [];
      });
    },
  };
  return {
    endpoints,
    rows: () => rows,
    isAtRest: () => !rows.some(isOpen),
    secretsOf: (id: string) => endpointOf(id).secret_ids.map(secretOf),
    tell(object_id: string, change: number) {
      const seq = (seqs.get(object_id) ?? 0) + 1;
      seqs.set(object_id, seq);
      for (const { id, row } of endpoints)
        if (row.status === 'enabled')
          rows.push({
            ...{
              id: `${id}:${object_id}:${seq}`,
              event_id: `${object_id}:${seq}`,
              endpoint_id: id,
              object_id,
              seq,
              change,
              occurred_at: world.now(),
              claimed_at: 0,
              claimed_turn: 0,
              sends: 0,
            },
            state: { status: 'waiting', attempts: 0, due_at: null, claim: null, reason: null, answer: null },
          });
      world.tell(() => `${object_id} changed: ${seq}`);
    },
    replay() {
      for (const row of rows)
        if (row.state.status === 'dead' && endpointOf(row.endpoint_id).row.status === 'enabled' && world.chance.happens(0.5)) {
          row.sends = 0;
          decide(row, { type: 'replay' });
        }
    },
    rotate(id: string) {
      const at = endpointOf(id);
      const [before = ''] = at.secret_ids;
      at.secret_ids = [String(Number(before) + 1), before];
      world.after(24 * HOUR, () => {
        at.secret_ids = at.secret_ids.slice(0, 1);
      });
    },
    /** The books as a process asks them: whoever was killed is answered nothing any more. */
    seenBy(life: { ended: boolean }): WebhookBook {
      const unlessEnded = <T>(work: () => Promise<T>): Promise<T> =>
        life.ended ? new Promise(() => {}) : work().then((done) => (life.ended ? new Promise<T>(() => {}) : done));
      return {
        take: (now, asked) => unlessEnded(() => book.take(now, asked)),
        settle: (which, event, now) => unlessEnded(() => book.settle(which, event, now)),
        stuck: (asked) => unlessEnded(() => book.stuck(asked)),
      };
    },
    /** When there is something to do next: the real process looks every second, and nothing happens in between. */
    nextLook(): number {
      const asked = (row: Row) =>
        bug !== 'nobody_looks_after' || row.state.status === 'sending' || endpointOf(row.endpoint_id).row.status === 'enabled';
      const open = rows.filter((row) => isOpen(row) && asked(row) && !rows.some((other) => other !== row && blocks(row)(other)));
      if (open.length === 0) return world.now() < BEGINNING + BUSY_MS ? 10 * SECOND : HOUR;
      const times = open.map(({ endpoint_id, state, claimed_at }) =>
        state.status === 'sending' ? lostAt(claimed_at) : Math.max(state.due_at ?? 0, endpointOf(endpoint_id).row.paused_until ?? 0),
      );
      return Math.max(SECOND, Math.min(Math.min(...times) - world.now(), HOUR));
    },
    /** Somebody sends: is he allowed to? */
    begins(endpoint_id: string, { body }: Notice, at_once: number) {
      const { data } = JSON.parse(body) as { data: { draft_id: string; seq: number } };
      const its = rows.filter((row) => row.endpoint_id === endpoint_id);
      const row = its.find(({ object_id, seq }) => object_id === data.draft_id && seq === data.seq) as Row;
      const earlier = its.find((other) => other.object_id === row.object_id && other.seq < row.seq && isOpen(other));
      if (earlier) violated(`${row.id} is sent while ${earlier.id} is ${earlier.state.status}`);
      if (row.state.status !== 'sending') violated(`${row.id} is sent, and nothing says so`);
      row.sends += 1;
      if (row.sends > SCHEDULE_MS.length) violated(`${row.id} is sent ${row.sends} times`);
      // One whose sender was killed may still be under way.
      if (at_once > 2 * MOST_OF_ONE) violated(`${endpoint_id} has ${at_once} requests at once`);
      // What was claimed while it did well may still be on its way.
      const last = failed.get(endpoint_id);
      const rest = last && last.turn < row.claimed_turn ? row.claimed_at - last.at : 4 * SECOND;
      if (rest < 4 * SECOND) violated(`${endpoint_id} is asked again ${rest} ms after it failed`);
    },
  };
}
