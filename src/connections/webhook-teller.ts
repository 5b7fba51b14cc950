// Tells what waits: claims a delivery, and only then sends it. It goes at least once: whoever gets it twice knows it by its id.
import type { Clock } from '../base/clock.ts';
import { type Log, shapeOf } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { Notice, Noticed } from '../outbound/notify.ts';
import type { Delivery, DeliveryEvent, Endpoint } from './webhook.ts';
import { bodyOf, headersOf, type Told } from './webhook-message.ts';

/** A receiver that has not answered by then has not taken it. */
const ANSWER_MS = 15_000;
/** A process that has one longer than this has ended. */
const LOST_AFTER_MS = 60_000;
/** Of one endpoint, and of this process. */
const MOST_OF_ONE = 4;
const MOST_AT_ONCE = 16;
/** One turn looks after so many that are stuck; the next begins soon. */
const MOST_STUCK = 500;

/** A delivery that may be sent, with all that is sent. */
export interface Held extends Told {
  tenant_id: string;
  id: string;
  endpoint_id: string;
  url: string;
  /** Where the vault has the secrets that count, the newest first. */
  secret_ids: readonly string[];
  delivery: Delivery;
  endpoint: Endpoint;
}

export type Which = Pick<Held, 'tenant_id' | 'id'>;

/** The books, each act in one transaction: the machine decides, and what it decided is stored. */
export interface WebhookBook {
  /** Claims the next delivery that may be sent at `now`. */
  take(now: Date, asked: { claim: string; most: number }): Promise<Held | undefined>;
  /** Stores what came of it. */
  settle(which: Which, event: DeliveryEvent, now: Date): Promise<Delivery>;
  /** Which deliveries somebody has to look after: those that a process claimed that has ended; without a claim, those that wait for an endpoint that is disabled. */
  stuck(asked: { older_than_ms: number; most: number }): Promise<(Which & { claim: string | null })[]>;
}

/** The vault, as far as a webhook asks it. */
export interface Sealer {
  /** Answers its id. */
  put(value: string): Promise<string>;
  /** Throws for an id that is not of this clinic. */
  open(id: string): Promise<string>;
}

export interface Telling {
  book: WebhookBook;
  sealerOf(tenant_id: string): Pick<Sealer, 'open'>;
  notify(notice: Notice, timeout_ms: number): Promise<Noticed>;
  clock: Pick<Clock, 'now'>;
  random: Random;
  log: Log;
}

export interface Teller {
  /** Sends everything that is due, several at once, after it has looked after what is stuck. Answers how many were delivered. May be called while it runs. */
  tellDue(): Promise<number>;
  /** Ends what is under way, and takes nothing more. */
  close(): Promise<void>;
}

/** `lost_after_ms`: for tests. */
export function openTeller(telling: Telling, { lost_after_ms = LOST_AFTER_MS }: { lost_after_ms?: number } = {}): Teller {
  const { book, clock, random } = telling;
  let closing = false;
  let busy = 0;
  const under_way = new Set<Promise<number>>();
  /** Claims one after the other, and sends what it claimed side by side: whatever ends may let the next event of its object go. */
  const turn = async (): Promise<number> => {
    await lookAfter(telling, lost_after_ms);
    let delivered = 0;
    const sends = new Set<Promise<void>>();
    const failures: unknown[] = [];
    do {
      while (!closing && failures.length === 0 && busy < MOST_AT_ONCE) {
        const claim = random.uuid();
        const held = await book.take(clock.now(), { claim, most: MOST_OF_ONE });
        if (!held) break;
        busy += 1;
        const sending = send(telling, held, claim)
          .then((status) => {
            if (status === 'delivered') delivered += 1;
          })
          .catch((error: unknown) => void failures.push(error))
          .finally(() => {
            busy -= 1;
            sends.delete(sending);
          });
        sends.add(sending);
      }
      if (sends.size > 0) await Promise.race(sends);
    } while (sends.size > 0);
    if (failures.length > 0) throw failures[0];
    return delivered;
  };
  return {
    tellDue() {
      const telling = turn().finally(() => under_way.delete(telling));
      under_way.add(telling);
      return telling;
    },
    async close() {
      closing = true;
      await Promise.allSettled(under_way); // whoever began it was told what went wrong
    },
  };
}

async function lookAfter({ book, clock, random, log }: Telling, lost_after_ms: number): Promise<void> {
  for (const { claim, ...which } of await book.stuck({ older_than_ms: lost_after_ms, most: MOST_STUCK })) {
    if (claim !== null) log.warn({ delivery_id: which.id }, 'a webhook that may have arrived or not: a process ended while it sent it');
    await book.settle(which, claim !== null ? { type: 'lost', claim, roll: rollOf(random) } : { type: 'endpoint_disabled' }, clock.now());
  }
}

/** Sends what is claimed, stores what came of it, and answers how it stands then. */
async function send({ book, sealerOf, notify, clock, random, log }: Telling, held: Held, claim: string): Promise<Delivery['status']> {
  const { tenant_id, id, endpoint_id, url, secret_ids } = held;
  const roll = rollOf(random);
  const came = await (async (): Promise<DeliveryEvent> => {
    const sealer = sealerOf(tenant_id);
    const secrets = await Promise.all(secret_ids.map((secret_id) => sealer.open(secret_id)));
    const body = bodyOf(held);
    const noticed = await notify({ url: new URL(url), headers: headersOf(held, body, { secrets, now: clock.now() }), body }, ANSWER_MS);
    return noticed.outcome === 'answered'
      ? { type: 'answered', claim, answer: noticed.answer, roll }
      : { type: 'unanswered', claim, reason: noticed.reason, roll };
  })().catch((error: unknown): DeliveryEvent => {
    // Ours, not the endpoint's: its secret cannot be opened.
    log.error({ delivery_id: id, endpoint_id, ...shapeOf(error) }, 'a webhook could not be made');
    return { type: 'lost', claim, roll };
  });
  const { status, reason, answer } = await book.settle({ tenant_id, id }, came, clock.now());
  if (status !== 'delivered') log.warn({ delivery_id: id, endpoint_id, status, reason, answer }, 'a webhook was not taken');
  return status;
}

/** In [0, 1). */
function rollOf(random: Random): number {
  return random.bytes(4).readUInt32BE() / 2 ** 32;
}
