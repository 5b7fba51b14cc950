// What one browser context may send: pages are read, and of what writes only the one request that was announced leaves, once. It knows of each request whether it left.
import type { Clock } from '../base/clock.ts';
import type { Carry } from './browser-proxy.ts';
import type { Dial } from './dial.ts';
import { type Asked, type Exchanged, exchange, LIMITS, type Limits, type MayWrite } from './exchange.ts';

/** A request that writes, by its method, origin and path; what stands behind a `?` makes no difference. */
export interface Rule {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
}

/** What was to be announced is let through as a reading, however often it is asked for: it could not be withdrawn. */
export class NotAWriteError extends Error {
  constructor() {
    super('Only a request that writes can be announced: not a GET, and nothing that is listed among the readings.');
  }
}

/** Why a page got no answer. `not_announced`: a request that writes, of which nobody spoke. The others as in exchange.ts. */
export type Unanswered =
  | 'not_announced'
  | 'not_allowed'
  | 'malformed'
  | 'not_reached'
  | 'fence_lost'
  | 'no_time'
  | 'no_answer'
  | 'too_slow'
  | 'too_big'
  | 'no_end';

/** Of a request that was refused no more than this is kept: a path may name a patient. */
export interface Refused {
  method: Asked['method'];
  origin: string;
  why: Unanswered;
}

export interface Answer {
  status: number | null;
  why: Unanswered | null;
}

export interface Announced {
  /** What came of it, once it was asked for. */
  taken: Promise<Exchanged>;
  /** From here on it is not let through any more. Answers what came of it where it was asked for before; null proves that nothing of it left. */
  withdraw(): Promise<Exchanged | null>;
}

export interface Traffic {
  carry: Carry;
  /** Lets the next request of this rule through, and no second one: `mayWrite` is asked when its connection stands. Throws NotAWriteError for what is let through as a reading. */
  announce(rule: Rule, how: { mayWrite: MayWrite; limits: Limits }): Announced;
  /** What was refused since this was last asked, the first fifty. */
  refused(): Refused[];
  /** How the last page that was asked for was answered, or why it was not. */
  page(): Readonly<Answer>;
  /** The next page that is asked for is another one. */
  turnPage(): void;
  /** Nothing leaves any more, nor of what is being dialled for. */
  shut(): void;
}

/** Reads are longer than what an account asks for by itself: scripts, pictures, lists. */
const READING: Limits = { ...LIMITS, most_bytes: 16 * 1_048_576 };
const MOST_REFUSED = 50;
const READ_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
/** What Chromium asks of its maker about the forms it sees. No list of hosts opens this. */
const OF_CHROMIUM = ['content-autofill.googleapis.com'];

/** `maySpeak`: the fence of the account, asked for everything but what was announced. `reads`: requests that write by their method alone, as a search by POST. */
export function openTraffic({
  dial,
  clock,
  maySpeak,
  reads = [],
}: {
  dial: Dial;
  clock: Clock;
  maySpeak: MayWrite;
  reads?: readonly Rule[];
}): Traffic {
  let open = true;
  let refused: Refused[] = [];
  let page: Answer = { status: null, why: null };
  let waiting: { rule: Rule; take(asked: Asked): Promise<Exchanged> } | null = null;
  const isRead = (asked: Pick<Asked, 'method' | 'url'>) => READ_METHODS.includes(asked.method) || reads.some((rule) => isOf(rule, asked));
  /** Asked again as the first byte is about to go: it may have been shut while the line was dialled. */
  const whileOpen =
    (mayWrite: MayWrite): MayWrite =>
    async () => {
      const held = open ? await mayWrite() : null;
      return open && held ? { ...held, mayLeave: () => open && (held.mayLeave?.() ?? true) } : null;
    };

  async function answered(asked: Asked): Promise<Exchanged | { why: 'not_announced' }> {
    if (!open) return { sent: false, why: 'fence_lost' };
    if (waiting && isOf(waiting.rule, asked)) {
      const { take } = waiting;
      waiting = null;
      return await take(asked);
    }
    if (!isRead(asked)) return { why: 'not_announced' };
    return await exchange(asked, { dial, clock, mayWrite: whileOpen(maySpeak), limits: READING });
  }

  return {
    async carry(asked) {
      if (OF_CHROMIUM.includes(asked.url.hostname)) return null;
      const { accept = '', 'sec-fetch-dest': to } = asked.headers ?? {};
      // What a request is for is not said to a place that anybody could listen to.
      const isPage = to === undefined ? accept.startsWith('text/html') : to === 'document';
      const came = await answered(asked);
      const why = 'why' in came ? came.why : came.cut;
      if (isPage) page = { status: 'why' in came ? null : came.status, why };
      if (why !== null && refused.length < MOST_REFUSED) refused.push({ method: asked.method, origin: asked.url.origin, why });
      return 'why' in came ? null : came;
    },
    announce(rule, { mayWrite, limits }) {
      if (isRead(rule)) throw new NotAWriteError();
      let taken: Promise<Exchanged> | null = null;
      const outcome = new Promise<Exchanged>((resolve) => {
        waiting = {
          rule,
          take(asked) {
            taken = exchange(asked, { dial, clock, mayWrite: whileOpen(mayWrite), limits });
            resolve(taken);
            return taken;
          },
        };
      });
      const mine = waiting;
      return {
        taken: outcome,
        async withdraw() {
          if (waiting === mine) waiting = null;
          return taken;
        },
      };
    },
    refused() {
      const told = refused;
      refused = [];
      return told;
    },
    page: () => page,
    turnPage() {
      page = { status: null, why: null };
    },
    shut() {
      open = false;
      waiting = null;
    },
  };
}

function isOf({ method, url }: Rule, asked: Pick<Asked, 'method' | 'url'>): boolean {
  return method === asked.method && url.origin === asked.url.origin && url.pathname === asked.url.pathname;
}
