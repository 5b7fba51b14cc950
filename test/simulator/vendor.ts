// The vendor of the simulator: keeps what it is sent, knows no idempotency key, and does everything that vendors do to those who write to them. Source: connectors.md §1.5.
import type { Finding, Outcome } from '../../src/connections/write.ts';
import type { World } from './world.ts';

/** What a simulated write is: which one, and what a person would recognise it by. */
export interface Job {
  readonly write: number;
  readonly natural_key: string;
}

interface Kept {
  readonly id: string;
  /** undefined: a person at the vendor made it. */
  readonly write: number | undefined;
  readonly marker: string | undefined;
  readonly natural_key: string;
  /** From then on its lists show it. */
  readonly visible_at: number;
}

/** How long after a request left something may still come of it, and how long a list may not show it. */
export const LATE_APPLY_MS = 120_000;
export const STALENESS_MS = 60_000;

/** What becomes of one request, with its share of all. About a quarter go wrong. */
const FATES = [
  ['applied', 0.765],
  ['lost', 0.025],
  ['reply_lost', 0.05],
  ['late', 0.03],
  ['broke_before', 0.015],
  ['broke_after', 0.03],
  ['cut_before', 0.005],
  ['cut_after', 0.015],
  ['login_page', 0.025],
  ['refused', 0.02],
  ['too_many', 0.02],
] as const;
type Fate = (typeof FATES)[number][0] | 'invalid';

/** What came back, before anybody judges it. */
export type Heard =
  | {
      readonly heard: 'page';
      readonly status: number;
      readonly page: 'done' | 'login' | 'broken' | 'cut' | 'slow_down' | 'invalid';
      readonly vendor_id?: string;
    }
  | { readonly heard: 'nothing' }
  | { readonly heard: 'not_sent' };

export interface Vendor {
  readonly kept: readonly Kept[];
  readonly sends: number;
  readonly faults: number;
  /** A request that has left: the answer, whenever it comes. */
  receive(job: Job, marker: string, epoch: number): Promise<Heard>;
  /** The list as it shows itself now; on a session that has ended, a friendly empty page. */
  list(epoch: number): Promise<{ live: boolean; shown: readonly Kept[] } | undefined>;
  /** Signs in: the epoch of the new session. */
  signIn(): Promise<number>;
  readonly invalid: ReadonlySet<number>;
  /** A colleague types the same visit in by hand. */
  typeIn(natural_key: string): void;
}

export function vendorOf(world: World, { invalid }: { invalid: ReadonlySet<number> }): Vendor {
  const { chance } = world;
  const kept: Kept[] = [];
  /** Some vendors end a session when the same account signs in again. */
  const is_single = chance.happens(0.5);
  /** When each session ends, by its epoch. */
  const ends_at: number[] = [];
  let sends = 0;
  let faults = 0;

  const keep = (write: number | undefined, natural_key: string, marker?: string): string => {
    const id = `v${kept.length + 1}`;
    kept.push({ id, write, marker, natural_key, visible_at: world.now() + (chance.happens(0.7) ? 0 : chance.between(1, STALENESS_MS)) });
    world.tell(() => `vendor keeps ${id} of ${write === undefined ? 'a person' : `write ${write}`}`);
    return id;
  };
  const fateOf = (): Fate => {
    let share = chance.next();
    for (const [fate, part] of FATES) {
      share -= part;
      if (share < 0) return fate;
    }
    return 'applied';
  };
  const transit = () => world.sleep(chance.happens(0.03) ? chance.between(2_000, 20_000) : chance.between(30, 700));
  const isLive = (epoch: number) => (!is_single || epoch === ends_at.length) && world.now() < (ends_at[epoch - 1] ?? 0);

  return {
    kept,
    invalid,
    get sends() {
      return sends;
    },
    get faults() {
      return faults;
    },
    async receive(job, marker, asked) {
      sends += 1;
      const fate = fateOf();
      if (fate !== 'applied') faults += 1;
      world.tell(() => `write ${job.write} leaves (${fate})`);
      if (fate === 'refused') return { heard: 'not_sent' };
      if (fate === 'lost') return { heard: 'nothing' };
      if (fate === 'late') {
        world.after(chance.between(5_000, LATE_APPLY_MS), () => void keep(job.write, job.natural_key, marker));
        return { heard: 'nothing' };
      }
      await transit();
      if (fate === 'login_page' || !isLive(asked)) return { heard: 'page', status: 200, page: 'login' };
      if (fate === 'too_many') return { heard: 'page', status: 429, page: 'slow_down' };
      if (fate === 'broke_before') return { heard: 'page', status: 503, page: 'broken' };
      if (fate === 'cut_before') return { heard: 'page', status: 200, page: 'cut' };
      if (invalid.has(job.write)) return { heard: 'page', status: 200, page: 'invalid' };
      const vendor_id = keep(job.write, job.natural_key, marker);
      if (fate === 'reply_lost') return { heard: 'nothing' };
      await transit();
      if (fate === 'broke_after') return { heard: 'page', status: 500, page: 'broken' };
      if (fate === 'cut_after') return { heard: 'page', status: 200, page: 'cut' };
      return { heard: 'page', status: 200, page: 'done', vendor_id };
    },
    async list(asked) {
      await transit();
      if (chance.happens(0.08)) return undefined;
      const live = isLive(asked);
      const shown = live ? kept.filter(({ visible_at }) => visible_at <= world.now()) : [];
      await transit();
      return { live, shown };
    },
    async signIn() {
      await world.sleep(chance.between(300, 2_500));
      return ends_at.push(world.now() + chance.between(60_000, 600_000));
    },
    typeIn: (natural_key) => void keep(undefined, natural_key),
  };
}

/** What an answer proves (the judgement that classify.ts makes of bytes). */
export function judged(heard: Heard): Outcome {
  if (heard.heard === 'not_sent') return { as: 'not_applied', trouble: 'NETWORK' };
  if (heard.heard === 'nothing') return { as: 'unknown' };
  switch (heard.page) {
    case 'done':
      return { as: 'applied', vendor_id: heard.vendor_id as string };
    case 'login':
      return { as: 'not_applied', trouble: 'AUTH_EXPIRED' };
    case 'slow_down':
      return { as: 'not_applied', trouble: 'RATE_LIMITED' };
    case 'invalid':
      return { as: 'not_applied', trouble: 'VALIDATION' };
    default:
      return { as: 'unknown' };
  }
}

/** What a look shows: records with our mark, on a list that proves to be the live account's. */
export function foundIn(list: { live: boolean; shown: readonly Kept[] } | undefined, marker: string): Finding {
  if (!list?.live) return 'nothing';
  return { there: list.shown.filter((each) => each.marker === marker).map(({ id }) => id) };
}
