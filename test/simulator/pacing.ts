// T8: a day of fifty accounts at practices that count calls by the minute. Batch always has more to do, people and AIs come in bursts, sessions are renewed, nodes die, and now
// and then a vendor is slow or somebody else's software uses up a minute. Source: connectors.md §1.5.
import type { Lane } from '../../src/connections/lanes.ts';
import { MINUTE_MS } from '../../src/connections/minute-budget.ts';
import { type Account, type Call, fleetOf, type Kind, NODES, type Node, type Parts, type Practice, SOUND } from './pacing-world.ts';
import { BEGINNING, type World, worldOf } from './world.ts';

/** Accounts at a practice, over and over: from a network's billing office to a doctor alone. */
const SIZES = [10, 8, 6, 5, 5, 4, 3, 3, 2, 2, 1, 1];
const HOUR_MS = 3_600_000;
/** We allow ourselves 225 of the 250 calls of a minute. */
const OURS = 225;
/** A rate that was halved to a tenth is whole again after so long. */
const RECOVERY_MS = 20 * MINUTE_MS;
const DEADLINE_MS = 10_000;
/** So long after the death of a node its accounts are another's. */
const LEASE_MS = 60_000;

const LANE_OF: Record<Kind, Lane> = { read: 'interactive', token: 'interactive', write: 'write', batch: 'batch' };

/** Designs that look sound and are not. Each must be caught. */
export const PACING_BUGS: Record<string, Partial<Parts> | 'tokens_uncounted'> = {
  /** Every node believes that the practice's minute is its own. */
  per_node_buckets: { bookOf: (practice, node) => `${practice} of ${node}` },
  /** The vendor's minute is the one that we take it for, to the millisecond, and a call is counted in the minute in which it is sent. */
  no_boundary_guard: {
    pace: { transit_ms: 0 },
    before: (state) => {
      const middle = (state.clock.least_ms + state.clock.most_ms) / 2;
      return state.clock.most_ms - state.clock.least_ms > 15_000
        ? state
        : { ...state, clock: { ...state.clock, least_ms: middle, most_ms: middle } };
    },
  },
  /** A node takes its own clock for the vendor's. */
  own_clock: { pace: { most_skew_ms: 0 } },
  /** Signing in goes past the pacer. */
  tokens_uncounted: 'tokens_uncounted',
  /** Whoever came first goes first. */
  single_lane: { budget: { ...SOUND.budget, reserves: { interactive: 0, write: 0, batch: 0 } }, laneOf: () => 'interactive' },
  /** A refusal for there having been too many is an answer like any other. */
  retry_at_once_after_429: {
    hears: (event) => (event.type === 'ended' && event.said === 'too_many' ? { ...event, said: 'answered' } : event),
  },
  /** A batch that has the session keeps it to its last page. */
  batch_never_yields: {
    before: (state, event) =>
      event.type === 'ended' && state.under_way.some((call) => call.call_id === event.call_id && call.lane === 'batch')
        ? { ...state, passed: Object.fromEntries(state.waiting.map(({ account }) => [account, { write: 0, batch: 1000 }])) }
        : state,
  },
  /** What is kept for a lane is kept to the end of the minute, wanted or not. */
  reserves_never_let_go: { asks: (event) => (event.type === 'take' ? { ...event, at: (event.windows[0] ?? 0) * MINUTE_MS } : event) },
  /** What a node had taken is given back when it dies: it had made the calls. */
  given_back_at_death: {
    afterCrash: (budget) => ({
      ...budget,
      pages: budget.pages.map((page) => ({ ...page, given: { ...page.given, batch: Math.max(0, page.given.batch - 24) } })),
    }),
  },
  /** A start that was decided before a pause is carried out after it. */
  sent_after_a_pause: { sends: () => true },
  /** It waits as long as it must, whatever it was told of a deadline. */
  deadline_unheeded: { hears: (event) => (event.type === 'asked' ? { ...event, deadline_at: null } : event) },
};

export interface PacingResult {
  hours: number;
  accounts: number;
  practices: number;
  calls: number;
  /** Refused by the vendor where nobody but us used the minute. */
  vendor_429: number;
  /** Minutes in which the vendor counted more than we allow ourselves, but for calls that were longer on their way than anybody can know
   *  and the first call of a node that does not know the vendor's clock. */
  over_budget_minutes: number;
  /** Counted by the vendor in a minute in which they were not charged to the budget; but for those calls. */
  uncharged_calls: number;
  /** Sent by a node in a minute of which the vendor had told it that it is over. */
  sent_after_429: number;
  /** Refused in minutes that somebody else used up: there the vendor has to say it once. */
  vendor_429_disturbed: number;
  interactive_calls: number;
  interactive_wait_p95_ms: number;
  /** Of the account where it is worst. */
  interactive_wait_p95_worst_ms: number;
  write_wait_p95_ms: number;
  /** Refused by us, because they would have come too late. */
  interactive_refused: number;
  started_late: number;
  over_concurrency: number;
  /** Of what interactive calls and writes left of the budget. */
  batch_share: number;
  node_crashes: number;
  violations: number;
  first_failing_seed: number | null;
}

export async function simulatePacing({
  hours,
  accounts,
  seed,
  bug,
}: {
  hours: number;
  accounts: number;
  seed: number;
  bug?: string;
}): Promise<PacingResult> {
  return run(worldOf(seed), { hours, accounts, seed, bug });
}

/** The lines of one run of a few simulated minutes. */
export async function traceOfPacing(seed: number, bug?: string): Promise<readonly string[]> {
  const world = worldOf(seed, { traced: true });
  run(world, { hours: 0.1, accounts: 10, seed, bug });
  return world.trace;
}

function run(
  world: World,
  { hours, accounts: many, seed, bug }: { hours: number; accounts: number; seed: number; bug: string | undefined },
): PacingResult {
  const { chance } = world;
  const planted = bug === undefined ? {} : PACING_BUGS[bug];
  if (planted === undefined) throw new Error(`no bug is called ${bug}; there are ${Object.keys(PACING_BUGS).join(', ')}`);
  const parts = { ...SOUND, ...(typeof planted === 'string' ? {} : planted) };
  const until = BEGINNING + hours * HOUR_MS;

  const accounts = accountsOf(many, () => chance.between(0, NODES - 1));
  const practices: Practice[] = Array.from({ length: Math.max(...accounts.map(({ practice }) => practice)) + 1 }, () => ({
    ...{
      counted: { read: 0, write: 0, batch: 0, token: 0 },
      foreign: 0,
      of_the_margin: 0,
      isBlocked: false,
      disturbed_until: 0,
      slow_until: 0,
    },
  }));
  const waits = { read: [] as number[], write: [] as number[] };
  const reads_of = accounts.map((): number[] => []);
  const seen = {
    calls: 0,
    vendor_429: 0,
    vendor_429_disturbed: 0,
    over_budget_minutes: 0,
    uncharged_calls: 0,
    sent_after_429: 0,
    refused: 0,
    late: 0,
    over_concurrency: 0,
    crashes: 0,
  };
  const batch = { had: 0, left: 0 };
  const isUsual = (practice: Practice) => world.now() >= practice.disturbed_until;

  const fleet = fleetOf(world, {
    ...{ accounts, practices, parts },
    watch: {
      started(call, practice, sent_after_429) {
        if (sent_after_429) seen.sent_after_429 += 1;
        if (call.deadline_at !== null && world.now() > call.deadline_at) seen.late += 1;
        if ((fleet.under_way[call.account] ?? 0) >= (accounts[call.account]?.concurrency ?? 1)) seen.over_concurrency += 1;
        if (!isUsual(practice)) return;
        const waited_ms = world.now() - call.asked_at;
        if (call.kind === 'write') waits.write.push(waited_ms);
        if (call.kind === 'read') for (const list of [waits.read, reads_of[call.account]]) list?.push(waited_ms);
      },
      counted(practice, { isRefused, isCharged }) {
        seen.calls += 1;
        if (!isCharged) seen.uncharged_calls += 1;
        if (isRefused) seen[isUsual(practice) ? 'vendor_429' : 'vendor_429_disturbed'] += 1;
      },
    },
  });

  /** Asks, and asks again where it did not come to anything through no fault of its own. */
  function call(account: number, kind: Kind, done: () => void = () => {}): void {
    const deadline_at = kind === 'read' ? world.now() + DEADLINE_MS : null;
    const settled: Call['settled'] = (how) => {
      if (how === 'answered') return done();
      if (how === 'refused' && kind === 'read') {
        if (isUsual(practices[accounts[account]?.practice ?? 0] as Practice)) seen.refused += 1;
        return done();
      }
      world.after(how === 'too_many' && bug === 'retry_at_once_after_429' ? 0 : chance.between(0, 1000), () => call(account, kind, done));
    };
    const asked = { kind, account, asked_at: world.now(), deadline_at, settled };
    if (kind === 'token' && planted === 'tokens_uncounted') fleet.sendUnpaced(asked);
    else fleet.ask(asked, LANE_OF[kind]);
  }

  const often = (mean_ms: () => number, what: () => void) => {
    const next = () =>
      world.after(Math.ceil(-Math.log(1 - chance.next()) * mean_ms()), () => {
        what();
        next();
      });
    next();
  };
  const isBusiness = () => {
    const hour = (9 + (world.now() - BEGINNING) / HOUR_MS) % 24;
    return hour >= 8 && hour < 18;
  };
  for (const [account, { concurrency }] of accounts.entries()) {
    const pages = () => call(account, 'batch', pages);
    for (let n = 0; n <= concurrency; n += 1) world.after(chance.between(0, 2000), pages);
    const chain = (left: number): void => {
      if (left > 0) call(account, 'read', () => world.after(chance.between(100, 3000), () => chain(left - 1)));
    };
    often(
      () => (isBusiness() ? 120_000 : 1_200_000),
      () => {
        for (let n = chance.between(1, 2); n > 0; n -= 1) chain(chance.between(3, 12));
      },
    );
    often(
      () => (isBusiness() ? 180_000 : 3_600_000),
      () => call(account, 'write', () => world.after(2000, () => call(account, 'write'))),
    );
    often(
      () => 5 * MINUTE_MS,
      () => call(account, 'token', () => call(account, 'token')),
    );
  }
  const alive = () => fleet.nodes.filter(({ isAlive }) => isAlive);
  const die = (node: Node) => {
    if (!node.isAlive || alive().length < 3) return;
    seen.crashes += 1;
    fleet.crash(node);
    const { life } = node;
    world.after(chance.between(20_000, 120_000), () => fleet.rise(node));
    world.after(LEASE_MS, () => {
      if (node.isAlive || node.life !== life) return;
      for (const account of accounts) if (account.node === node.number) account.node = chance.one(alive()).number;
    });
  };
  for (const node of fleet.nodes) {
    often(
      () => 3 * HOUR_MS,
      () => die(node),
    );
  }
  for (const account of accounts.keys()) {
    often(
      () => 6 * HOUR_MS,
      () => fleet.leave(account, () => chance.one(alive()).number),
    );
  }
  for (const practice of practices) {
    often(
      () => 8 * HOUR_MS,
      () => {
        practice.slow_until = world.now() + 5 * MINUTE_MS;
        practice.disturbed_until = practice.slow_until + RECOVERY_MS;
      },
    );
  }
  const turnPage = () => {
    for (const practice of practices) {
      const { read, write, batch: pages, token } = practice.counted;
      const all = read + write + token + pages;
      if (all - practice.of_the_margin > OURS) seen.over_budget_minutes += 1;
      if (isUsual(practice) && world.now() - BEGINNING > 2 * MINUTE_MS) {
        batch.had += pages;
        batch.left += OURS - (read + write + token);
      }
      Object.assign(practice, { counted: { read: 0, write: 0, batch: 0, token: 0 }, of_the_margin: 0, isBlocked: false, foreign: 0 });
      if (!chance.happens(1 / (4 * 60))) continue;
      practice.foreign = chance.between(60, 200);
      practice.disturbed_until = Math.max(practice.disturbed_until, world.now() + RECOVERY_MS);
    }
    world.after(MINUTE_MS, turnPage);
  };
  world.after(MINUTE_MS, turnPage);
  world.runPlain(until);

  const batch_share = round(batch.had / Math.max(1, batch.left));
  const p95 = centile(waits.read);
  const { refused, late, crashes, ...counted } = seen;
  const violations =
    counted.vendor_429 +
    counted.over_budget_minutes +
    counted.uncharged_calls +
    counted.sent_after_429 +
    late +
    counted.over_concurrency +
    Number(p95 > 1000) +
    Number(batch_share < 0.85);
  return {
    ...{ hours, accounts: many, practices: practices.length, ...counted, interactive_calls: waits.read.length },
    ...{
      interactive_wait_p95_ms: p95,
      interactive_wait_p95_worst_ms: Math.max(0, ...reads_of.map(centile)),
      write_wait_p95_ms: centile(waits.write),
    },
    ...{ interactive_refused: refused, started_late: late, batch_share, node_crashes: crashes, violations },
    first_failing_seed: violations > 0 ? seed : null,
  };
}

function accountsOf(many: number, node: () => number): Account[] {
  const practice_of = Array.from({ length: many }, () => SIZES).flatMap((sizes, round) =>
    sizes.flatMap((size, n) => Array.from({ length: size }, () => ({ practice: round * SIZES.length + n, size }))),
  );
  // A practice with few accounts has a connection that knows no session (backend services), and may have more calls under way.
  return practice_of
    .slice(0, many)
    .map(({ practice, size }) => ({ practice, node: node(), concurrency: size > 2 ? 1 : 4 - size, isLeaving: false }));
}

function centile(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0);
}

const round = (share: number) => Math.round(share * 10_000) / 10_000;
