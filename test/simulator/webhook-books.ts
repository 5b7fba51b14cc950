// The books of webhooks in memory, each act at once: what app.take_webhook, app.webhook, app.keep_webhook and app.stuck_webhooks of 0030_webhooks.sql do. They see who sends out of turn.
import { type Delivery, type DeliveryEvent, type Endpoint, SCHEDULE_MS, settle } from '../../src/connections/webhook.ts';
import type { Held, WebhookBook } from '../../src/connections/webhook-teller.ts';
import type { Notice } from '../../src/outbound/notify.ts';
import { BUSY_MS, HOUR, LOST_AFTER_MS, SECOND, type WebhookBug } from './webhook-bugs.ts';
import { secretOf } from './webhook-program.ts';
import { BEGINNING, type World } from './world.ts';

const MOST_OF_ONE = 4;
/** How often a process dies right after it wrote something down. */
const DIES = 0.005;

/** A process that tells. */
export interface Life {
  ended: boolean;
  end(): void;
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

export function booksOf(world: World, bug: WebhookBug | undefined, violated: (what: string) => void) {
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
        return is ? [{ tenant_id: 'clinic', id: row.id, claim: row.state.claim }] : [];
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
    /** The books as a process asks them: whoever was killed is answered nothing any more, and some are killed as soon as what they asked is written. */
    seenBy(life: Life): WebhookBook {
      const never = new Promise<never>(() => {});
      const unlessEnded = async <T>(work: () => Promise<T>): Promise<T> => {
        if (life.ended) return never;
        const done = await work();
        if (world.chance.happens(DIES)) life.end();
        return life.ended ? never : done;
      };
      return {
        take: (now, asked) => unlessEnded(() => book.take(now, asked)),
        settle: (which, event, now) => unlessEnded(() => book.settle(which, event, now)),
        stuck: (asked) => unlessEnded(() => book.stuck(asked)),
      };
    },
    /** When there is something to do next: the real process looks every second, and nothing happens in between. */
    nextLook(): number {
      const open = rows.filter((row) => isOpen(row) && !rows.some((other) => other !== row && blocks(row)(other)));
      if (open.length === 0) return world.now() < BEGINNING + BUSY_MS ? 10 * SECOND : HOUR;
      const times = open.map(({ endpoint_id, state, claimed_at }) =>
        state.status === 'sending' ? lostAt(claimed_at) : Math.max(state.due_at ?? 0, endpointOf(endpoint_id).row.paused_until ?? 0),
      );
      // Where nobody looks after what is stuck, it is stuck for good.
      const least = bug === 'nobody_looks_after' && world.now() > BEGINNING + 2 * BUSY_MS ? HOUR : SECOND;
      return Math.max(least, Math.min(Math.min(...times) - world.now(), HOUR));
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
